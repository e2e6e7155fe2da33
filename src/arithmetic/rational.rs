//! Exact rationals: `rug::Rational` behind the traits of this module.
//!
//! **Why degrees.** An identity between rational functions is tested at a random point: `p/q - r/s` has the numerator
//! `p s - r q`, of some degree D; if it is not the zero polynomial, then it vanishes at a point whose coordinates are
//! drawn from N integers with probability at most D/N (Schwartz 1980, Zippel 1979). The evaluation goes through
//! generic code, so D is not read off a formula: each number carries degrees along, by the rules
//!
//! ```text
//! (a, b) + (c, d) -> (max(a + d, c + b), b + d)
//! (a, b) * (c, d) -> (a + c, b + d)
//! (a, b) / (c, d) -> (a + d, b + c)
//! ```
//!
//! of fractions before anything cancels. They are upper bounds, and grow with the length of a sum of fractions; at
//! `u32::MAX` they saturate, which counts as "unknown". `harness::claim` takes the degree of an identity from them.
//!
//! **Sizes.** A sum or product has about as many bits as its operands together, so long chains of operations on
//! unrelated fractions become slow, not wrong. Nothing is rounded anywhere, except in [`Rational::to_f64`] and
//! [`short`].

use super::operators::operators;
use super::{Field, Ring};
use num_traits::{One, Zero};
use rug::float::Round;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{AddAssign, DivAssign, MulAssign, Neg, SubAssign};
use std::str::FromStr;

/// An exact rational number in lowest terms. Division by zero panics, as for integers: test [`Zero::is_zero`] first.
///
/// It also carries bounds on the degrees, in the numbers made by [`Rational::as_variable`], of the numerator and the
/// denominator of the expression that it is the value of: the test of Schwartz and Zippel needs them. They are the
/// expression's, not the value's: two numbers are equal, and ordered, as their values are. What is read off the value
/// (a parse, a floor) is a constant.
#[derive(Clone)]
pub struct Rational(pub(crate) rug::Rational, Degrees);

/// Bounds on the degrees of numerator and denominator, before anything cancels; at the largest number: unknown.
type Degrees = (u32, u32);

/// The degrees of a number that is no variable.
const CONSTANT: Degrees = (0, 0);

/// `n/m + p/q = (n q + p m) / (m q)`; the degree of a sum is at most the larger.
fn degrees_of_sum((a, b): Degrees, (c, d): Degrees) -> Degrees {
    (a.saturating_add(d).max(c.saturating_add(b)), b.saturating_add(d))
}

/// `(n/m)(p/q) = (n p) / (m q)`; for a quotient the caller exchanges c and d.
fn degrees_of_product((a, b): Degrees, (c, d): Degrees) -> Degrees {
    (a.saturating_add(c), b.saturating_add(d))
}

/// By value: two numbers with different degrees may be equal.
impl PartialEq for Rational {
    fn eq(&self, o: &Self) -> bool {
        self.0 == o.0
    }
}
impl Eq for Rational {}
impl PartialOrd for Rational {
    fn partial_cmp(&self, o: &Self) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}
impl Ord for Rational {
    fn cmp(&self, o: &Self) -> Ordering {
        self.0.cmp(&o.0)
    }
}
impl Hash for Rational {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Rational {
    /// `num / den`; `den` must not be zero.
    ///
    /// It is brought to lowest terms.
    ///
    /// # Panics
    /// If `den` is zero.
    pub fn new(num: i64, den: i64) -> Self {
        Self::from(rug::Rational::from((num, den)))
    }

    /// The exact value of a finite double, `None` for NaN and infinities.
    ///
    /// A double is an integer times a power of two, so its denominator is a power of two.
    pub fn from_f64(x: f64) -> Option<Self> {
        rug::Rational::from_f64(x).map(Self::from)
    }

    /// Nearest double, subnormal ones included (through MPFR: `rug`'s own conversion truncates).
    ///
    /// Infinite beyond the range of f64. 53 bits first and then again where the result is subnormal would round
    /// twice; `subnormalize` takes the direction of the first rounding into account, which makes it one rounding.
    pub fn to_f64(&self) -> f64 {
        let (mut x, rounded) = rug::Float::with_val_round(53, &self.0, Round::Nearest);
        x.subnormalize_ieee_round(rounded, Round::Nearest);
        x.to_f64()
    }

    /// Exact comparison with a double; infinities compare as expected. Callers pass ends of enclosures, which are never
    /// NaN (a NaN would compare as minus infinity).
    pub fn compare_f64(&self, x: f64) -> Ordering {
        match rug::Rational::from_f64(x) {
            Some(r) => self.0.cmp(&r),
            None if x > 0.0 => Ordering::Less,
            None => Ordering::Greater,
        }
    }

    /// Sign as -1, 0, 1.
    ///
    /// Exact, as every comparison of rationals.
    pub fn sign(&self) -> i32 {
        match self.0.cmp0() {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// The rational of least denominator in `[low, high]`, 0 < low <= high.
    ///
    /// If an integer lies in the interval, the least one is taken. Otherwise both ends have the same whole part m,
    /// and the answer is `m + 1/s` with s the simplest number in `[1/(high - m), 1/(low - m)]`: the steps of the two
    /// continued fractions as long as they agree. Each step is one of Euclid's algorithm on the ends, so it ends
    /// after a number of steps that is linear in their bits.
    pub fn simplest(low: &Self, high: &Self) -> Self {
        let whole = Self::from(low.as_rug().clone().floor());
        let next = &whole + 1;
        if whole == *low {
            return whole;
        }
        if next <= *high {
            return next;
        }
        let inverse = |q: &Self| 1 / (q - &whole);
        let rest = Self::simplest(&inverse(high), &inverse(low));
        &whole + 1 / rest
    }

    /// Absolute value.
    ///
    /// The degrees stay: it is plus or minus the same fraction.
    pub fn abs(&self) -> Self {
        Self(self.0.clone().abs(), self.1)
    }

    /// Number of bits of numerator and denominator together: what makes exact arithmetic slow.
    ///
    /// The sign does not count; zero, which is 0/1, has one bit.
    pub fn bits(&self) -> u32 {
        self.0.numer().significant_bits() + self.0.denom().significant_bits()
    }

    /// The exact square root if it is rational.
    ///
    /// `None` for a negative number, and where numerator or denominator is not a perfect square: in lowest terms both
    /// have to be, since the root in lowest terms has their roots as its parts. The degrees stay those of the square,
    /// an upper bound.
    pub fn exact_sqrt(&self) -> Option<Self> {
        if self.sign() < 0 {
            return None;
        }
        let (n, d) = (self.0.numer(), self.0.denom());
        (n.is_perfect_square() && d.is_perfect_square())
            .then(|| Self(rug::Rational::from((n.clone().sqrt(), d.clone().sqrt())), self.1))
    }

    /// The exact root of this order, of a number that is not negative, if it is rational.
    ///
    /// `None` for order zero. The candidate has the truncated roots of numerator and denominator, and is raised to
    /// the power `order` again, which decides.
    pub fn exact_root(&self, order: u32) -> Option<Self> {
        match order {
            0 => None,
            1 => Some(self.clone()),
            _ if self.sign() < 0 => None,
            _ => {
                let (n, d) = (self.0.numer().clone().root(order), self.0.denom().clone().root(order));
                let root = Self(rug::Rational::from((n, d)), self.1);
                (root.powi(order).0 == self.0).then_some(root)
            }
        }
    }

    /// `2^k`.
    ///
    /// Of any sign of k.
    pub fn power_of_two(k: i32) -> Self {
        Self::from(1).times_power_of_two(k)
    }

    /// `2^k` times the number.
    pub fn times_power_of_two(&self, k: i32) -> Self {
        let q = self.0.clone();
        Self(if k >= 0 { q << k.unsigned_abs() } else { q >> k.unsigned_abs() }, self.1)
    }

    /// The number as a variable: numerator of degree 1, denominator of degree 0.
    ///
    /// Called on the entries of a random point, before any operation on them.
    #[must_use]
    pub fn as_variable(mut self) -> Self {
        self.1 = (1, 0);
        self
    }

    /// Bounds on the degrees of numerator and denominator in the numbers made by [`Rational::as_variable`].
    ///
    /// `u32::MAX` means that a bound got too large to be kept.
    pub fn degrees(&self) -> (u64, u64) {
        (self.1.0.into(), self.1.1.into())
    }

    /// Borrow the library type.
    pub fn as_rug(&self) -> &rug::Rational {
        &self.0
    }
}

impl From<rug::Rational> for Rational {
    fn from(q: rug::Rational) -> Self {
        Self(q, CONSTANT)
    }
}

impl From<i64> for Rational {
    fn from(v: i64) -> Self {
        Self::from(rug::Rational::from(v))
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Decimals are read as decimals, not as doubles: `0.1` is one tenth.
impl FromStr for Rational {
    type Err = String;

    /// Reads `3`, `-3/4`, and decimals such as `0.1` or `-1.5e-3`, all exactly.
    ///
    /// White space around the number does not count. `5`, `5.` and `.5` are decimals; a sign may stand in front; a
    /// fraction takes integers only.
    ///
    /// # Errors
    /// A text in words: what is not a number (an empty mantissa, a letter, `inf`, `nan`, two points), a denominator
    /// that is zero, a decimal whose last digit stands more than 5000 places from the point.
    fn from_str(s: &str) -> Result<Self, String> {
        let s = s.trim();
        let bad = || format!("'{s}' is not a number");
        if s.contains('/') {
            let (n, d) = s.split_once('/').ok_or_else(bad)?;
            let n: rug::Integer = n.trim().parse().map_err(|_| bad())?;
            let d: rug::Integer = d.trim().parse().map_err(|_| bad())?;
            if d.is_zero() {
                return Err(format!("'{s}' divides by zero"));
            }
            return Ok(rug::Rational::from((n, d)).into());
        }
        let (mantissa, exponent) = match s.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i32>().map_err(|_| bad())?),
            None => (s, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (int, frac) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{int}{frac}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        // Beyond this the number cannot be a double anyway, and a hostile file could ask for gigabytes of digits.
        let shift = i64::from(exponent) - frac.len() as i64;
        if !(-5000..=5000).contains(&shift) {
            return Err(format!("the exponent of '{s}' is out of range"));
        }
        let value: rug::Integer = all.parse().map_err(|_| bad())?;
        let scale = rug::Integer::from(10).pow_u32(shift.unsigned_abs() as u32);
        let q = if shift >= 0 { rug::Rational::from(value * scale) } else { rug::Rational::from((value, scale)) };
        Ok(if negative { -q } else { q }.into())
    }
}

/// The power of `rug`, as a method of its integers.
trait PowU32 {
    /// `self^n`.
    fn pow_u32(self, n: u32) -> Self;
}
impl PowU32 for rug::Integer {
    fn pow_u32(self, n: u32) -> Self {
        rug::ops::Pow::pow(self, n)
    }
}

impl Zero for Rational {
    fn zero() -> Self {
        Self::from(rug::Rational::new())
    }
    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}

impl One for Rational {
    fn one() -> Self {
        Self::from(rug::Rational::from(1))
    }
}

impl Neg for Rational {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0, self.1)
    }
}

impl AddAssign<&Rational> for Rational {
    fn add_assign(&mut self, o: &Self) {
        self.0 += &o.0;
        self.1 = degrees_of_sum(self.1, o.1);
    }
}
impl SubAssign<&Rational> for Rational {
    fn sub_assign(&mut self, o: &Self) {
        self.0 -= &o.0;
        self.1 = degrees_of_sum(self.1, o.1);
    }
}
impl MulAssign<&Rational> for Rational {
    fn mul_assign(&mut self, o: &Self) {
        self.0 *= &o.0;
        self.1 = degrees_of_product(self.1, o.1);
    }
}
impl DivAssign<&Rational> for Rational {
    fn div_assign(&mut self, o: &Self) {
        self.0 /= &o.0;
        self.1 = degrees_of_product(self.1, (o.1.1, o.1.0));
    }
}

operators!(owned Rational);

impl Ring for Rational {
    fn from_i64(v: i64) -> Self {
        Self::from(v)
    }
}

impl Field for Rational {
    fn from_rational(q: &Rational, _bits: u32) -> Self {
        q.clone()
    }
}

/// As a text, `-3/4` or `5`: JSON's numbers would be read as doubles.
impl serde::Serialize for Rational {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.to_string())
    }
}

/// From a text in any form that [`FromStr`] takes; the degrees do not survive a file.
impl<'de> serde::Deserialize<'de> for Rational {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = String::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

/// A rational in few characters: exact if short, else rounded.
///
/// Nine characters are the limit of what is called short, the sign and the stroke counted. Four significant digits
/// otherwise: for people, never to be read back.
pub fn short(q: &Rational) -> String {
    let exact = q.to_string();
    if exact.len() <= 9 { exact } else { format!("{:.3e}", q.to_f64()) }
}
