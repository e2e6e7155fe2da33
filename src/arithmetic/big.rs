//! Enclosures at any MPFR precision, both ends rounded outward by MPFR itself.
//!
//! The precision of a result is the larger of its arguments' precisions, so constants (made exactly, at 64
//! bits) never lower it. Whatever would be NaN becomes the whole line.

use super::operators::operators;
use super::{Enclosure, Field, Interval, Rational, Real, Ring};
use num_traits::{One, Zero};
use rug::Float;
use rug::float::{Round, Special};
use rug::ops::{AddAssignRound, AssignRound, MulAssignRound, NegAssign, Pow, SubAssignRound};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};
use std::cmp::Ordering;
use std::ops::{AddAssign, DivAssign, MulAssign, Neg, SubAssign};

/// Precision of exact small constants; larger operands raise it.
const CONSTANT_BITS: u32 = 64;

/// Least precision that a caller can ask for: MPFR takes 1, but nothing here is meant to work with less than this.
pub(crate) const LEAST_BITS: u32 = 8;

/// Powers up to this go through an exact integer power and a root; beyond, through the logarithm.
const ROOT_ROUTE: u64 = 1 << 16;

/// A closed interval with MPFR ends, `lo <= hi`, neither NaN, `lo < inf`, `hi > -inf`.
///
/// ```
/// use flatcert::arithmetic::{Big, Enclosure, Field, Rational, Real};
/// let two = Big::from_rational(&Rational::from(2), 256);
/// let square = two.sqrt() * two.sqrt();
/// assert!(square.contains(&Rational::from(2)));
/// assert!(square.relative_width() < 1e-75);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Big {
    /// Lower end.
    lo: Float,
    /// Upper end.
    hi: Float,
}

/// `v` (a number, or an operation of `rug` that was not carried out yet) with a single rounding in the direction
/// asked for, at no less than [`LEAST_BITS`].
fn round_to<T>(bits: u32, v: T, round: Round) -> Float
where
    Float: AssignRound<T, Round = Round, Ordering = Ordering>,
{
    Float::with_val_round(bits.max(LEAST_BITS), v, round).0
}

/// A lower bound of v.
fn round_down<T>(bits: u32, v: T) -> Float
where
    Float: AssignRound<T, Round = Round, Ordering = Ordering>,
{
    round_to(bits, v, Round::Down)
}

/// An upper bound of v.
fn round_up<T>(bits: u32, v: T) -> Float
where
    Float: AssignRound<T, Round = Round, Ordering = Ordering>,
{
    round_to(bits, v, Round::Up)
}

/// Raises the precision, which is exact; never lowers it.
fn raise(x: &mut Float, bits: u32) {
    if x.prec() < bits {
        x.set_prec_round(bits, Round::Nearest);
    }
}

/// The pairs of ends whose products bound `a b`: those of the lower bound, then those of the upper. There are two of a
/// kind only where both sets have zero inside.
type EndPairs<'a> = ([(&'a Float, &'a Float); 2], [(&'a Float, &'a Float); 2]);

/// Nine cases by the signs of the sets, as for intervals of doubles. Pairs of references: nothing is multiplied yet.
fn product_ends<'a>(a: &'a Big, b: &'a Big) -> EndPairs<'a> {
    let one = |lower: (&'a Float, &'a Float), upper: (&'a Float, &'a Float)| ([lower; 2], [upper; 2]);
    if a.lo >= 0 {
        if b.lo >= 0 {
            one((&a.lo, &b.lo), (&a.hi, &b.hi))
        } else if b.hi <= 0 {
            one((&a.hi, &b.lo), (&a.lo, &b.hi))
        } else {
            one((&a.hi, &b.lo), (&a.hi, &b.hi))
        }
    } else if a.hi <= 0 {
        if b.lo >= 0 {
            one((&a.lo, &b.hi), (&a.hi, &b.lo))
        } else if b.hi <= 0 {
            one((&a.hi, &b.hi), (&a.lo, &b.lo))
        } else {
            one((&a.lo, &b.hi), (&a.lo, &b.lo))
        }
    } else if b.lo >= 0 {
        one((&a.lo, &b.hi), (&a.hi, &b.hi))
    } else if b.hi <= 0 {
        one((&a.hi, &b.lo), (&a.lo, &b.lo))
    } else {
        ([(&a.lo, &b.hi), (&a.hi, &b.lo)], [(&a.lo, &b.lo), (&a.hi, &b.hi)])
    }
}

/// Product of two ends; zero times an infinite end is zero, as the numbers in the set are finite.
fn end_product(bits: u32, (x, y): (&Float, &Float), round: Round) -> Float {
    if x.is_zero() || y.is_zero() { Float::new(bits) } else { round_to(bits, x * y, round) }
}

/// `x^(num/den)` for `0 <= x <= inf` and `num, den > 0`, rounded as asked.
///
/// Powers, roots, logarithm and exponential increase, so rounding each step one way bounds the result that way. Up to
/// [`ROOT_ROUTE`] it is the root of an integer power; beyond, `exp(ln(x) num/den)` in enclosures, of which one end is
/// taken.
fn positive_power(x: &Float, num: u64, den: u32, bits: u32, round: Round) -> Float {
    if x.is_zero() || !x.is_finite() {
        return round_to(bits, x, round);
    }
    // Guard bits, so that rounding the integer power does not show in the root.
    let work = bits + 16;
    match u32::try_from(num) {
        Ok(n) if num.max(u64::from(den)) <= ROOT_ROUTE => {
            let power = round_to(work, Pow::pow(x, n), round);
            round_to(bits, power.root_ref(den), round)
        }
        _ => {
            let base = Big { lo: x.clone(), hi: x.clone() }.with_bits(work.max(x.prec()));
            let num = Big::exact(Float::with_val(CONSTANT_BITS, num));
            let exponent = base.ln() * num / Big::from_i64(i64::from(den));
            let Big { lo, hi } = exponent.exp();
            round_to(bits, if round == Round::Down { lo } else { hi }, round)
        }
    }
}

impl Big {
    /// The whole line where an end is NaN, the ends are out of order, or one is infinite on the wrong side.
    fn from_ends(lo: Float, hi: Float) -> Self {
        let infinite = |x: &Float, negative: bool| x.is_infinite() && x.is_sign_negative() == negative;
        match lo.partial_cmp(&hi) {
            Some(Ordering::Less | Ordering::Equal) if !infinite(&lo, false) && !infinite(&hi, true) => Self { lo, hi },
            _ => Self::entire(),
        }
    }

    /// `x` itself, known to be finite.
    fn exact(x: Float) -> Self {
        Self { lo: x.clone(), hi: x }
    }

    /// The whole line.
    pub fn entire() -> Self {
        Self {
            lo: Float::with_val(CONSTANT_BITS, Special::NegInfinity),
            hi: Float::with_val(CONSTANT_BITS, Special::Infinity),
        }
    }

    /// Nothing is known.
    pub fn is_entire(&self) -> bool {
        self.lo.is_infinite() && self.hi.is_infinite()
    }

    /// The set rounded outward to `bits`: with fewer bits than now it grows, with more it is the same set, computed
    /// with more precisely from now on.
    pub fn with_bits(&self, bits: u32) -> Self {
        Self { lo: round_down(bits, &self.lo), hi: round_up(bits, &self.hi) }
    }

    /// The double `x`, rounded outward to `bits`; the whole line if it is not finite.
    pub fn from_f64(x: f64, bits: u32) -> Self {
        if !x.is_finite() {
            return Self::entire();
        }
        Self { lo: round_down(bits, x), hi: round_up(bits, x) }
    }

    /// Both ends are finite MPFR numbers (they may still overflow f64).
    pub fn is_finite(&self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }

    /// Upper bound of the width over the magnitude (infinite for an unbounded set, 0 for a point).
    pub fn relative_width(&self) -> f64 {
        if self.lo == self.hi {
            return 0.0;
        }
        if !self.is_finite() {
            return f64::INFINITY;
        }
        let width = round_up(53, &self.hi - &self.lo);
        let size = round_down(53, self.lo.abs_ref()).max(&round_down(53, self.hi.abs_ref()));
        round_up(53, &width / &size).to_f64_round(Round::Up)
    }

    /// The image under a function that increases: the lower end rounded down, the upper rounded up.
    fn monotone(&self, f: impl Fn(&Float, Round) -> Float) -> Self {
        Self::from_ends(f(&self.lo, Round::Down), f(&self.hi, Round::Up))
    }

    /// Lower end.
    pub fn lower(&self) -> &Float {
        &self.lo
    }
    /// Upper end.
    pub fn upper(&self) -> &Float {
        &self.hi
    }

    /// The exact value of the lower end, `None` if infinite.
    pub fn lower_rational(&self) -> Option<Rational> {
        self.lo.to_rational().map(Rational::from)
    }
    /// The exact value of the upper end, `None` if infinite.
    pub fn upper_rational(&self) -> Option<Rational> {
        self.hi.to_rational().map(Rational::from)
    }
    /// The positive rational of least denominator in the enclosure, if it is much shorter than the enclosure is
    /// precise: one of about as many bits there always is, a short one is no accident. It is a guess, to be verified.
    ///
    /// About `2^(s - p)` rationals of s bits lie in an interval of relative width `2^-p`; so below `s = 2p/3`, the
    /// limit here, one lies there by accident about once in `2^(p/3)`.
    pub fn guess(&self) -> Option<Rational> {
        let (low, high) = (self.lower_rational()?, self.upper_rational()?);
        let q = (low.sign() > 0).then(|| Rational::simplest(&low, &high))?;
        (3 * q.bits() < 2 * self.bits()).then_some(q)
    }

    /// Both ends at no less than `bits`, and at the larger of their precisions; the set is the same.
    fn raise(&mut self, bits: u32) {
        let bits = bits.max(self.bits());
        raise(&mut self.lo, bits);
        raise(&mut self.hi, bits);
    }

    /// `self += a b` or `self -= a b`: each end rounded once, or twice where the product needs two candidates for an
    /// end or an operand is not bounded.
    fn accumulate(&mut self, a: &Self, b: &Self, subtract: bool) {
        if self.is_entire() || a.is_entire() || b.is_entire() {
            *self = Self::entire();
            return;
        }
        self.raise(a.bits().max(b.bits()));
        let (lower, upper) = product_ends(a, b);
        // Two candidates, or an infinite end that could meet a zero: let the product decide first.
        if lower[0] != lower[1] || !a.is_finite() || !b.is_finite() {
            let product = a * b;
            return if subtract { *self -= product } else { *self += product };
        }
        let ((p, q), (r, s)) = (lower[0], upper[0]);
        if subtract {
            self.lo.sub_assign_round(r * s, Round::Down);
            self.hi.sub_assign_round(p * q, Round::Up);
        } else {
            self.lo.add_assign_round(p * q, Round::Down);
            self.hi.add_assign_round(r * s, Round::Up);
        }
    }
}

impl Zero for Big {
    fn zero() -> Self {
        Self::from_i64(0)
    }
    fn is_zero(&self) -> bool {
        self.lo.is_zero() && self.hi.is_zero()
    }
}
impl One for Big {
    fn one() -> Self {
        Self::from_i64(1)
    }
}
impl Neg for Big {
    type Output = Self;
    fn neg(self) -> Self {
        let (mut lo, mut hi) = (self.hi, self.lo);
        lo.neg_assign();
        hi.neg_assign();
        Self { lo, hi }
    }
}
impl AddAssign<&Big> for Big {
    fn add_assign(&mut self, o: &Self) {
        self.raise(o.bits());
        self.lo.add_assign_round(&o.lo, Round::Down);
        self.hi.add_assign_round(&o.hi, Round::Up);
    }
}
impl SubAssign<&Big> for Big {
    fn sub_assign(&mut self, o: &Self) {
        self.raise(o.bits());
        self.lo.sub_assign_round(&o.hi, Round::Down);
        self.hi.sub_assign_round(&o.lo, Round::Up);
    }
}
impl MulAssign<&Big> for Big {
    fn mul_assign(&mut self, o: &Self) {
        if self.is_entire() || o.is_entire() {
            *self = Self::entire();
            return;
        }
        let bits = self.bits().max(o.bits());
        // The common case without allocation: finite, a factor of one sign. A negative one exchanges the ends.
        if (o.lo >= 0 || o.hi <= 0) && self.is_finite() && o.is_finite() {
            self.raise(bits);
            if o.lo < 0 {
                std::mem::swap(&mut self.lo, &mut self.hi);
            }
            self.lo.mul_assign_round(if self.lo >= 0 { &o.lo } else { &o.hi }, Round::Down);
            self.hi.mul_assign_round(if self.hi >= 0 { &o.hi } else { &o.lo }, Round::Up);
            for end in [&mut self.lo, &mut self.hi] {
                // No zero has a sign.
                if end.is_zero() {
                    end.abs_mut();
                }
            }
            return;
        }
        let (lower, upper) = product_ends(self, o);
        let mut lo = end_product(bits, lower[0], Round::Down);
        let mut hi = end_product(bits, upper[0], Round::Up);
        if lower[0] != lower[1] {
            lo = lo.min(&end_product(bits, lower[1], Round::Down));
            hi = hi.max(&end_product(bits, upper[1], Round::Up));
        }
        *self = Self { lo, hi };
    }
}
impl DivAssign<&Big> for Big {
    fn div_assign(&mut self, o: &Self) {
        let bits = self.bits().max(o.bits());
        // Where the divisor is not positive, both change sign.
        let opposite = (o.lo < 0 || o.hi <= 0).then(|| -o);
        let b = opposite.as_ref().unwrap_or(o);
        if opposite.is_some() {
            *self = -&*self;
        }
        if b.lo < 0 || b.hi <= 0 || self.is_entire() {
            *self = Self::entire();
            return;
        }
        if b.lo == 0 {
            // The exact divisor is positive, and as small as it likes.
            let infinite = |sign| Float::with_val(CONSTANT_BITS, sign);
            *self = if self.lo >= 0 {
                Self { lo: round_down(bits, &self.lo / &b.hi), hi: infinite(Special::Infinity) }
            } else if self.hi <= 0 {
                Self { lo: infinite(Special::NegInfinity), hi: round_up(bits, &self.hi / &b.hi) }
            } else {
                Self::entire()
            };
            return;
        }
        let lo = round_down(bits, &self.lo / if self.lo >= 0 { &b.hi } else { &b.lo });
        let hi = round_up(bits, &self.hi / if self.hi >= 0 { &b.lo } else { &b.hi });
        *self = Self { lo, hi };
    }
}

operators!(owned Big);

impl Ring for Big {
    fn from_i64(v: i64) -> Self {
        Self::exact(Float::with_val(CONSTANT_BITS, v))
    }

    fn powi(&self, n: u32) -> Self {
        if n == 0 {
            return Self::one();
        }
        let base = if n.is_multiple_of(2) { self.abs() } else { self.clone() };
        let bits = base.bits();
        base.monotone(|x, r| round_to(bits, Pow::pow(x, n), r))
    }
}
impl Field for Big {
    fn from_rational(q: &Rational, bits: u32) -> Self {
        Self { lo: round_down(bits, &q.0), hi: round_up(bits, &q.0) }
    }
}
impl Real for Big {
    fn sqrt(&self) -> Self {
        let bits = self.bits();
        if self.hi < 0 {
            return Self::entire();
        }
        let lo = if self.lo <= 0 { Float::new(bits) } else { round_down(bits, self.lo.sqrt_ref()) };
        Self { lo, hi: round_up(bits, self.hi.sqrt_ref()) }
    }
    fn abs(&self) -> Self {
        if self.lo >= 0 {
            self.clone()
        } else if self.hi <= 0 {
            -self
        } else {
            let mut minus_lo = self.lo.clone();
            minus_lo.neg_assign();
            let hi = if minus_lo > self.hi { minus_lo } else { self.hi.clone() };
            Self { lo: Float::new(self.bits()), hi }
        }
    }
    fn exp(&self) -> Self {
        self.monotone(|x, r| round_to(self.bits(), x.exp_ref(), r))
    }
    fn exp_m1(&self) -> Self {
        self.monotone(|x, r| round_to(self.bits(), x.exp_m1_ref(), r))
    }
    fn ln(&self) -> Self {
        // Where nothing is positive the upper end is NaN or minus infinity, which makes the whole line.
        let bits = self.bits();
        let lo =
            if self.lo <= 0 { Float::with_val(bits, Special::NegInfinity) } else { round_down(bits, self.lo.ln_ref()) };
        Self::from_ends(lo, round_up(bits, self.hi.ln_ref()))
    }
    fn ln_1p(&self) -> Self {
        let bits = self.bits();
        let lo = if self.lo <= -1 {
            Float::with_val(bits, Special::NegInfinity)
        } else {
            round_down(bits, self.lo.ln_1p_ref())
        };
        Self::from_ends(lo, round_up(bits, self.hi.ln_1p_ref()))
    }
    fn pow_ratio(&self, num: i64, den: u32) -> Self {
        if den == 0 || self.hi < 0 {
            return Self::entire();
        }
        if num == 0 {
            return Self::one();
        }
        let (mut n, mut d) = (num.unsigned_abs(), u64::from(den));
        let common = gcd(n, d);
        n /= common;
        d /= common;
        // d divides a u32.
        let d = d as u32;
        let bits = self.bits();
        let zero = Float::new(bits);
        let low = if self.lo > 0 { &self.lo } else { &zero };
        if num > 0 {
            return Self::from_ends(
                positive_power(low, n, d, bits, Round::Down),
                positive_power(&self.hi, n, d, bits, Round::Up),
            );
        }
        let one = Self::one();
        let (least, most) =
            (positive_power(low, n, d, bits + 4, Round::Down), positive_power(&self.hi, n, d, bits + 4, Round::Up));
        if most.is_zero() {
            return Self::entire();
        }
        let hi =
            if least.is_zero() { Float::with_val(bits, Special::Infinity) } else { round_up(bits, &one.hi / &least) };
        Self::from_ends(round_down(bits, &one.lo / &most), hi)
    }
}

/// Euclid's algorithm; `gcd(a, 0) = a`.
fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Enclosure for Big {
    type Point = Float;

    fn bits(&self) -> u32 {
        self.lo.prec().max(self.hi.prec())
    }
    fn point(&self) -> Float {
        let bits = self.bits();
        if !self.is_finite() {
            // The number in the set closest to zero.
            let side = if self.lo > 0 { &self.lo } else { &self.hi };
            return if self.lo > 0 || self.hi < 0 { round_to(bits, side, Round::Nearest) } else { Float::new(bits) };
        }
        if self.lo == self.hi {
            return self.lo.clone();
        }
        let mut m = Float::with_val(bits + 1, &self.lo + &self.hi);
        m >>= 1;
        if m.is_finite() { Float::with_val(bits, m) } else { self.lo.clone() }
    }
    fn from_point(p: &Float) -> Self {
        if p.is_finite() { Self::exact(p.clone()) } else { Self::entire() }
    }
    fn between(lower: &Self, upper: &Self) -> Self {
        if lower.lo > upper.hi {
            super::contradiction::record(&lower.lo, &upper.hi);
        }
        Self::from_ends(lower.lo.clone(), upper.hi.clone())
    }
    fn lower_end(&self) -> Self {
        Self::from_point(&self.lo)
    }
    fn upper_end(&self) -> Self {
        Self::from_point(&self.hi)
    }
    fn exponent(&self) -> Option<i32> {
        if !self.is_finite() {
            return None;
        }
        self.lo.get_exp().max(self.hi.get_exp())
    }
    fn scale(&self, k: i32) -> Self {
        let bits = self.bits();
        Self { lo: round_down(bits, &self.lo << k), hi: round_up(bits, &self.hi << k) }
    }
    fn add_product(&mut self, a: &Self, b: &Self) {
        self.accumulate(a, b, false);
    }
    fn sub_product(&mut self, a: &Self, b: &Self) {
        self.accumulate(a, b, true);
    }
    fn lo(&self) -> f64 {
        self.lo.to_f64_round(Round::Down)
    }
    fn hi(&self) -> f64 {
        self.hi.to_f64_round(Round::Up)
    }
    fn is_positive(&self) -> bool {
        self.lo > 0
    }
    fn is_nonnegative(&self) -> bool {
        self.lo >= 0
    }
    fn is_negative(&self) -> bool {
        self.hi < 0
    }
    fn is_bounded(&self) -> bool {
        self.is_finite()
    }
    fn contains(&self, q: &Rational) -> bool {
        self.lo <= q.0 && self.hi >= q.0
    }
    fn from_interval(i: &Interval, bits: u32) -> Self {
        Self { lo: round_down(bits, i.lo()), hi: round_up(bits, i.hi()) }
    }
    fn from_big(b: &Big, bits: u32) -> Self {
        b.with_bits(bits)
    }
    fn midpoint(&self) -> Self {
        Self::exact(self.point())
    }
    fn hull(&self, other: &Self) -> Self {
        let lo = if self.lo < other.lo { self.lo.clone() } else { other.lo.clone() };
        let hi = if self.hi > other.hi { self.hi.clone() } else { other.hi.clone() };
        Self { lo, hi }
    }
    fn max(&self, other: &Self) -> Self {
        let lo = if self.lo > other.lo { self.lo.clone() } else { other.lo.clone() };
        let hi = if self.hi > other.hi { self.hi.clone() } else { other.hi.clone() };
        Self { lo, hi }
    }
}

/// `{"bits": .., "lo": "..", "hi": ".."}`: both ends exactly, in base 16.
impl Serialize for Big {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut object = s.serialize_struct("Big", 3)?;
        object.serialize_field("bits", &self.bits())?;
        object.serialize_field("lo", &self.lo.to_string_radix(16, None))?;
        object.serialize_field("hi", &self.hi.to_string_radix(16, None))?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Big {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Ends {
            bits: u32,
            lo: String,
            hi: String,
        }
        let e = Ends::deserialize(d)?;
        // A hostile file must not ask for gigabytes.
        if e.bits > 1 << 20 {
            return Err(de::Error::custom(format!("a precision of {} bits is out of range", e.bits)));
        }
        let lo = Float::parse_radix(&e.lo, 16).map_err(de::Error::custom)?;
        let hi = Float::parse_radix(&e.hi, 16).map_err(de::Error::custom)?;
        let (lo, hi) = (round_down(e.bits, lo), round_up(e.bits, hi));
        if lo.partial_cmp(&hi).is_none_or(Ordering::is_gt) {
            return Err(de::Error::custom(format!("the ends {} and {} of an enclosure are out of order", e.lo, e.hi)));
        }
        Ok(Self::from_ends(lo, hi))
    }
}
