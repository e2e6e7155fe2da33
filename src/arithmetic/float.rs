//! Bare f64: fast, approximate, decides nothing.

use super::{Field, Rational, Real, Ring};

impl Ring for f64 {
    fn from_i64(v: i64) -> Self {
        v as f64
    }
}

impl Field for f64 {
    fn from_rational(q: &Rational, _bits: u32) -> Self {
        q.to_f64()
    }
}

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
    fn pow_ratio(&self, num: i64, den: u32) -> Self {
        if den == 0 {
            return f64::NAN;
        }
        self.powf(num as f64 / f64::from(den))
    }
}
