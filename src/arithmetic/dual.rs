//! Dual numbers `a + b e` with `e^2 = 0`: exact directional derivatives of polynomials, over any ring.
//!
//! An oracle that shares nothing with the formulas (5) and (6) of the paper: the risk is evaluated from its definition
//! with `W_k + e D_k` in place of `W_k`, and the coefficient of `e` is the derivative. `Dual<Dual<T>>` gives second
//! derivatives.

use super::operators::operators;
use super::{Field, Rational, Ring};
use num_traits::{One, Zero};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// `value + derivative e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dual<T> {
    /// The value.
    pub value: T,
    /// The coefficient of `e`.
    pub derivative: T,
}

impl<T: Ring> Dual<T> {
    /// `value + derivative e`.
    pub fn new(value: T, derivative: T) -> Self {
        Self { value, derivative }
    }
    /// A constant.
    pub fn constant(value: T) -> Self {
        Self { value, derivative: T::zero() }
    }
}

impl<T: Ring> Zero for Dual<T> {
    fn zero() -> Self {
        Self::constant(T::zero())
    }
    fn is_zero(&self) -> bool {
        self.value.is_zero() && self.derivative.is_zero()
    }
}
impl<T: Ring> One for Dual<T> {
    fn one() -> Self {
        Self::constant(T::one())
    }
}
impl<T: Ring> Neg for Dual<T> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.value, -self.derivative)
    }
}
impl<T: Ring> Add for Dual<T> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.value + o.value, self.derivative + o.derivative)
    }
}
impl<T: Ring> Sub for Dual<T> {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.value - o.value, self.derivative - o.derivative)
    }
}
impl<T: Ring> Mul for Dual<T> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let derivative = self.derivative * &o.value + &self.value * o.derivative;
        Self::new(self.value * o.value, derivative)
    }
}
impl<T: Field> Div for Dual<T> {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let value = self.value / &o.value;
        let derivative = (self.derivative - &value * o.derivative) / o.value;
        Self::new(value, derivative)
    }
}

operators!(ring [<T: Ring>] Dual<T>);
operators!(division [<T: Field>] Dual<T>);

impl<T: Ring> Ring for Dual<T> {
    fn from_i64(v: i64) -> Self {
        Self::constant(T::from_i64(v))
    }

    /// By the rule for powers, so that even powers stay sharp over enclosures.
    fn powi(&self, n: u32) -> Self {
        if n == 0 {
            return Self::one();
        }
        let slope = T::from_i64(i64::from(n)) * self.value.powi(n - 1);
        Self::new(self.value.powi(n), slope * &self.derivative)
    }
}
impl<T: Field> Field for Dual<T> {
    fn from_rational(q: &Rational, bits: u32) -> Self {
        Self::constant(T::from_rational(q, bits))
    }
}
