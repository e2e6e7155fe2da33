//! Dual numbers `a + b e` with `e^2 = 0`: exact directional derivatives of polynomials, over any ring.
//!
//! An oracle that shares nothing with the formulas (5) and (6) of the paper: the risk is evaluated from its definition
//! with `W_k + e D_k` in place of `W_k`, and the coefficient of `e` is the derivative. `Dual<Dual<T>>` gives second
//! derivatives.
//!
//! For polynomials P over a commutative ring, `P(a + b e) = P(a) + (P'(a) b) e` is an identity of the ring
//! `T[e]/(e^2)`, so nothing is approximated: over [`Rational`] the derivative is exact, over an enclosure it is
//! enclosed. There are no square roots and no exponentials here, and the paper's risk, a polynomial in the weights,
//! needs none.

use super::operators::operators;
use super::{Field, Rational, Ring};
use num_traits::{One, Zero};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// `value + derivative e`.
///
/// Two dual numbers are equal where both parts are. Dividing needs `value` of the divisor to be invertible in T; a
/// divisor with value zero behaves as T's division by zero does (a panic for [`Rational`], the whole line for an
/// enclosure).
#[derive(Clone, Debug, PartialEq)]
pub struct Dual<T> {
    /// The value.
    pub value: T,
    /// The coefficient of `e`.
    pub derivative: T,
}

impl<T: Ring> Dual<T> {
    /// `value + derivative e`.
    ///
    /// With `derivative = 1` it is the variable itself, with the entry of a direction `D_k` it moves along `D_k`.
    pub fn new(value: T, derivative: T) -> Self {
        Self { value, derivative }
    }
    /// A constant.
    ///
    /// Its derivative is zero in every direction.
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
/// Leibniz' rule: `(a + b e)(c + d e) = a c + (b c + a d) e`.
impl<T: Ring> Mul for Dual<T> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let derivative = self.derivative * &o.value + &self.value * o.derivative;
        Self::new(self.value * o.value, derivative)
    }
}
/// From `q (c + d e) = a + b e`: the value `v = a / c`, and the derivative `(b - v d) / c`.
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
    ///
    /// `(a + b e)^n = a^n + n a^(n-1) b e`; `n = 0` gives one, also at zero.
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
