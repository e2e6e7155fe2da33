//! Bare f64: fast, approximate, decides nothing.
//!
//! The same generic formula that an enclosure decides can be evaluated here, for plots, starts and proposals. NaN and
//! infinities follow IEEE 754: a root or logarithm of a negative number is NaN, and no operation panics.
//!
//! f64 implements [`super::Real`] but not [`super::Enclosure`]; so a function that is generic over enclosures does
//! not accept it.

use super::{Field, Rational, Real, Ring};

/// Integers beyond `2^53` are rounded to nearest.
impl Ring for f64 {
    fn from_i64(v: i64) -> Self {
        v as f64
    }
}

/// The nearest double; the precision asked for is ignored.
impl Field for f64 {
    fn from_rational(q: &Rational, _bits: u32) -> Self {
        q.to_f64()
    }
}

/// Roots are correctly rounded by IEEE 754; the other functions are those of the system's mathematical library, whose
/// last digit may differ from one system to another.
impl Real for f64 {
    fn sqrt(&self) -> Self {
        f64::sqrt(*self)
    }
    fn abs(&self) -> Self {
        f64::abs(*self)
    }
    fn exp(&self) -> Self {
        f64::exp(*self)
    }
    fn exp_m1(&self) -> Self {
        f64::exp_m1(*self)
    }
    fn ln(&self) -> Self {
        f64::ln(*self)
    }
    fn ln_1p(&self) -> Self {
        f64::ln_1p(*self)
    }
    /// The exponent is rounded to a double first; NaN for `den = 0`.
    fn pow_ratio(&self, num: i64, den: u32) -> Self {
        if den == 0 {
            return f64::NAN;
        }
        self.powf(num as f64 / f64::from(den))
    }
}
