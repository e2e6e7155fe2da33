//! Enclosures at any MPFR precision, both ends rounded outward by MPFR itself.
//!
//! The precision of a result is the larger of its arguments' precisions, so constants (made exactly, at 64
//! bits) never lower it. Whatever would be NaN becomes the whole line.

use super::{Enclosure, Field, Interval, Rational, Real, Ring, interval::ends_to_f64};
use num_traits::{One, Zero};
use rug::Float;
use rug::float::{Round, Special};
use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// Precision of exact small constants; larger operands raise it.
const CONSTANT_BITS: u32 = 64;

/// A closed interval with MPFR ends.
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
    lo: Float,
    hi: Float,
}

fn round_down<T>(bits: u32, v: T) -> Float
where
    Float: rug::ops::AssignRound<T, Round = Round, Ordering = Ordering>,
{
    Float::with_val_round(bits, v, Round::Down).0
}

fn round_up<T>(bits: u32, v: T) -> Float
where
    Float: rug::ops::AssignRound<T, Round = Round, Ordering = Ordering>,
{
    Float::with_val_round(bits, v, Round::Up).0
}

impl Big {
    fn from_ends(lo: Float, hi: Float) -> Self {
        match lo.partial_cmp(&hi) {
            Some(Ordering::Less | Ordering::Equal) => Self { lo, hi },
            _ => Self::entire(),
        }
    }

    /// The whole line.
    pub fn entire() -> Self {
        Self {
            lo: Float::with_val(CONSTANT_BITS, Special::NegInfinity),
            hi: Float::with_val(CONSTANT_BITS, Special::Infinity),
        }
    }

    /// Working precision in bits.
    pub fn bits(&self) -> u32 {
        self.lo.prec().max(self.hi.prec())
    }

    /// The same set, carried from now on with at least `bits` of precision.
    pub fn with_bits(&self, bits: u32) -> Self {
        Self { lo: round_down(bits, &self.lo), hi: round_up(bits, &self.hi) }
    }

    /// The exact double `x` carried at `bits`; the whole line if it is not finite.
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
        let width = round_up(53, &self.hi - &self.lo);
        let size = Float::with_val(53, self.lo.abs_ref()).max(&Float::with_val(53, self.hi.abs_ref()));
        round_up(53, &width / &size).to_f64_round(Round::Up)
    }

    fn monotone(&self, f: impl Fn(&Float, Round) -> Float) -> Self {
        Self::from_ends(f(&self.lo, Round::Down), f(&self.hi, Round::Up))
    }

    /// `exp(x) - 1`, accurate near zero.
    pub fn exp_m1(&self) -> Self {
        self.monotone(|x, r| Float::with_val_round(self.bits(), x.exp_m1_ref(), r).0)
    }

    /// `ln(1 + x)`, accurate near zero; the part of the set below -1 is dropped.
    pub fn ln_1p(&self) -> Self {
        let bits = self.bits();
        let lo = if self.lo <= -1 {
            Float::with_val(bits, Special::NegInfinity)
        } else {
            round_down(bits, self.lo.ln_1p_ref())
        };
        Self::from_ends(lo, round_up(bits, self.hi.ln_1p_ref()))
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
        self.lo.to_rational().map(Rational)
    }
    /// The exact value of the upper end, `None` if infinite.
    pub fn upper_rational(&self) -> Option<Rational> {
        self.hi.to_rational().map(Rational)
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
        Self { lo: -self.hi, hi: -self.lo }
    }
}
impl Add for Big {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        let bits = self.bits().max(o.bits());
        Self::from_ends(round_down(bits, &self.lo + &o.lo), round_up(bits, &self.hi + &o.hi))
    }
}
impl Sub for Big {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        let bits = self.bits().max(o.bits());
        Self::from_ends(round_down(bits, &self.lo - &o.hi), round_up(bits, &self.hi - &o.lo))
    }
}

/// Hull of `op` over the four pairs of ends, each rounded both ways.
macro_rules! hull_of_ends {
    ($a:expr, $b:expr, $bits:expr, $op:tt) => {{
        let pairs = [(&$a.lo, &$b.lo), (&$a.lo, &$b.hi), (&$a.hi, &$b.lo), (&$a.hi, &$b.hi)];
        let (mut lo, mut hi) = (
            Float::with_val($bits, Special::Infinity),
            Float::with_val($bits, Special::NegInfinity),
        );
        for (x, y) in pairs {
            let (l, h) = (round_down($bits, x $op y), round_up($bits, x $op y));
            if l.is_nan() || h.is_nan() {
                return Self::entire();
            }
            if l < lo {
                lo = l;
            }
            if h > hi {
                hi = h;
            }
        }
        Self::from_ends(lo, hi)
    }};
}

impl Mul for Big {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let bits = self.bits().max(o.bits());
        if (self.is_zero() && o.is_finite()) || (o.is_zero() && self.is_finite()) {
            return Self { lo: Float::new(bits), hi: Float::new(bits) };
        }
        let (nonneg_a, nonneg_b) = (self.is_nonnegative(), o.is_nonnegative());
        if nonneg_a && nonneg_b && self.hi.is_finite() && o.hi.is_finite() {
            return Self::from_ends(round_down(bits, &self.lo * &o.lo), round_up(bits, &self.hi * &o.hi));
        }
        hull_of_ends!(self, o, bits, *)
    }
}
impl Div for Big {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let bits = self.bits().max(o.bits());
        if o.lo <= 0 && o.hi >= 0 {
            return Self::entire();
        }
        hull_of_ends!(self, o, bits, /)
    }
}

super::rational::assign_ops!(Big);

impl Ring for Big {
    fn from_i64(v: i64) -> Self {
        Self { lo: Float::with_val(CONSTANT_BITS, v), hi: Float::with_val(CONSTANT_BITS, v) }
    }

    fn powi(&self, n: u32) -> Self {
        if n == 0 {
            return Self::one();
        }
        let base = if n % 2 == 0 { self.abs() } else { self.clone() };
        let bits = base.bits();
        base.monotone(|x, r| Float::with_val_round(bits, rug::ops::Pow::pow(x, n), r).0)
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
        Self::from_ends(lo, round_up(bits, self.hi.sqrt_ref()))
    }
    fn abs(&self) -> Self {
        if self.is_nonnegative() {
            self.clone()
        } else if self.hi <= 0 {
            -self.clone()
        } else {
            let minus_lo = Float::with_val(self.lo.prec(), -&self.lo);
            let hi = if minus_lo > self.hi { minus_lo } else { self.hi.clone() };
            Self { lo: Float::new(self.bits()), hi }
        }
    }
    fn exp(&self) -> Self {
        self.monotone(|x, r| Float::with_val_round(self.bits(), x.exp_ref(), r).0)
    }
    fn ln(&self) -> Self {
        let bits = self.bits();
        if self.hi <= 0 {
            return Self::entire();
        }
        let lo =
            if self.lo <= 0 { Float::with_val(bits, Special::NegInfinity) } else { round_down(bits, self.lo.ln_ref()) };
        Self::from_ends(lo, round_up(bits, self.hi.ln_ref()))
    }
}
impl Enclosure for Big {
    fn lo(&self) -> f64 {
        ends_to_f64(&self.lo, &self.hi).0
    }
    fn hi(&self) -> f64 {
        ends_to_f64(&self.lo, &self.hi).1
    }
    fn is_positive(&self) -> bool {
        self.lo > 0
    }
    fn is_nonnegative(&self) -> bool {
        self.lo >= 0
    }
    fn contains(&self, q: &Rational) -> bool {
        self.lo <= q.0 && self.hi >= q.0
    }
    fn from_interval(i: &Interval, bits: u32) -> Self {
        Self { lo: round_down(bits, i.lo()), hi: round_up(bits, i.hi()) }
    }
    fn midpoint(&self) -> Self {
        let bits = self.bits();
        if !self.lo.is_finite() || !self.hi.is_finite() {
            return Self::zero();
        }
        let mut m = Float::with_val(bits + 1, &self.lo + &self.hi);
        m /= 2;
        let m = Float::with_val(bits, m);
        Self { lo: m.clone(), hi: m }
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
