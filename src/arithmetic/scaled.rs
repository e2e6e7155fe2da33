//! A rational times the exponential of a rational.

use super::{Big, Field, Rational, Real};

/// `factor exp(exponent)`, exact: only its enclosures know of the logarithm.
#[derive(Clone, Debug)]
pub struct Scaled {
    /// In front of the exponential.
    pub factor: Rational,
    /// Of e.
    pub exponent: Rational,
}

impl Scaled {
    /// A rational multiple.
    pub fn times(&self, q: &Rational) -> Self {
        Self { factor: &self.factor * q, ..self.clone() }
    }
    /// The quotient; the divisor is not 0.
    pub fn over(&self, o: &Self) -> Self {
        Self { factor: &self.factor / &o.factor, exponent: &self.exponent - &o.exponent }
    }
    /// With so many bits.
    pub fn enclose(&self, bits: u32) -> Big {
        let of = |q| Big::from_rational(q, bits);
        of(&self.factor) * of(&self.exponent).exp()
    }
}
