//! Exact rationals: `rug::Rational` behind the traits of this module.

use super::operators::operators;
use super::{Field, Ring};
use num_traits::{One, Zero};
use rug::float::Round;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{AddAssign, DivAssign, MulAssign, Neg, SubAssign};
use std::str::FromStr;

/// An exact rational number in lowest terms. Division by zero panics, as for integers: test [`Zero::is_zero`] first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rational(pub(crate) rug::Rational);

impl Rational {
    /// `num / den`; `den` must not be zero.
    pub fn new(num: i64, den: i64) -> Self {
        Self(rug::Rational::from((num, den)))
    }

    /// The exact value of a finite double, `None` for NaN and infinities.
    pub fn from_f64(x: f64) -> Option<Self> {
        rug::Rational::from_f64(x).map(Self)
    }

    /// Nearest double, subnormal ones included (through MPFR: `rug`'s own conversion truncates).
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
    pub fn sign(&self) -> i32 {
        match self.0.cmp0() {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }

    /// Absolute value.
    pub fn abs(&self) -> Self {
        Self(self.0.clone().abs())
    }

    /// Number of bits of numerator and denominator together: what makes exact arithmetic slow.
    pub fn bits(&self) -> u32 {
        self.0.numer().significant_bits() + self.0.denom().significant_bits()
    }

    /// The exact square root if it is rational.
    pub fn exact_sqrt(&self) -> Option<Self> {
        if self.sign() < 0 {
            return None;
        }
        let (n, d) = (self.0.numer(), self.0.denom());
        (n.is_perfect_square() && d.is_perfect_square())
            .then(|| Self(rug::Rational::from((n.clone().sqrt(), d.clone().sqrt()))))
    }

    /// `2^k` times the number.
    pub fn times_power_of_two(&self, k: i32) -> Self {
        let q = self.0.clone();
        Self(if k >= 0 { q << k.unsigned_abs() } else { q >> k.unsigned_abs() })
    }

    /// Borrow the library type.
    pub fn as_rug(&self) -> &rug::Rational {
        &self.0
    }
}

impl From<rug::Rational> for Rational {
    fn from(q: rug::Rational) -> Self {
        Self(q)
    }
}

impl From<i64> for Rational {
    fn from(v: i64) -> Self {
        Self(rug::Rational::from(v))
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

impl FromStr for Rational {
    type Err = String;

    /// Reads `3`, `-3/4`, and decimals such as `0.1` or `-1.5e-3`, all exactly.
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
            return Ok(Self(rug::Rational::from((n, d))));
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
        Ok(Self(if negative { -q } else { q }))
    }
}

trait PowU32 {
    fn pow_u32(self, n: u32) -> Self;
}
impl PowU32 for rug::Integer {
    fn pow_u32(self, n: u32) -> Self {
        rug::ops::Pow::pow(self, n)
    }
}

impl Zero for Rational {
    fn zero() -> Self {
        Self(rug::Rational::new())
    }
    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }
}

impl One for Rational {
    fn one() -> Self {
        Self(rug::Rational::from(1))
    }
}

impl Neg for Rational {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign<&Rational> for Rational {
    fn add_assign(&mut self, o: &Self) {
        self.0 += &o.0;
    }
}
impl SubAssign<&Rational> for Rational {
    fn sub_assign(&mut self, o: &Self) {
        self.0 -= &o.0;
    }
}
impl MulAssign<&Rational> for Rational {
    fn mul_assign(&mut self, o: &Self) {
        self.0 *= &o.0;
    }
}
impl DivAssign<&Rational> for Rational {
    fn div_assign(&mut self, o: &Self) {
        self.0 /= &o.0;
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

impl serde::Serialize for Rational {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.to_string())
    }
}

impl<'de> serde::Deserialize<'de> for Rational {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = String::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}
