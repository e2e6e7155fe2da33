//! Truncated power series over any ring: a formula of the paper evaluated in them gives the Taylor coefficients of that
//! formula along a curve.

use super::Ring;
use super::operators::operators;
use num_traits::{One, Zero};
use std::ops::{Add, Mul, Neg, Sub};

/// `sum_k c_k tau^k + O(tau^order)`. Coefficients past the end of the list are zero; a constant has no order.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T> {
    coefficients: Vec<T>,
    order: usize,
}

impl<T: Ring> Series<T> {
    /// The series known up to, and without, `tau^order`.
    pub fn new(mut coefficients: Vec<T>, order: usize) -> Self {
        coefficients.truncate(order);
        Self { coefficients, order }
    }
    /// A constant, exact to every order.
    pub fn constant(value: T) -> Self {
        Self { coefficients: vec![value], order: usize::MAX }
    }
    /// The coefficient of `tau^k`: zero past the end of the list.
    pub fn coefficient(&self, k: usize) -> T {
        self.coefficients.get(k).cloned().unwrap_or_else(T::zero)
    }
    /// The exponent from which on nothing is known.
    pub fn order(&self) -> usize {
        self.order
    }
    fn combine(mut self, o: Self, f: impl Fn(&mut T, T)) -> Self {
        self.order = self.order.min(o.order);
        let length = self.coefficients.len().max(o.coefficients.len()).min(self.order);
        self.coefficients.resize_with(length, T::zero);
        for (a, b) in self.coefficients.iter_mut().zip(o.coefficients) {
            f(a, b);
        }
        self
    }
}

impl<T: Ring> Zero for Series<T> {
    fn zero() -> Self {
        Self { coefficients: Vec::new(), order: usize::MAX }
    }
    fn is_zero(&self) -> bool {
        self.order == usize::MAX && self.coefficients.iter().all(T::is_zero)
    }
}
impl<T: Ring> One for Series<T> {
    fn one() -> Self {
        Self::constant(T::one())
    }
}
impl<T: Ring> Neg for Series<T> {
    type Output = Self;
    fn neg(self) -> Self {
        Self { coefficients: self.coefficients.into_iter().map(Neg::neg).collect(), order: self.order }
    }
}
impl<T: Ring> Add for Series<T> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        self.combine(o, |a, b| *a += b)
    }
}
impl<T: Ring> Sub for Series<T> {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        self.combine(o, |a, b| *a -= b)
    }
}
impl<T: Ring> Mul for Series<T> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let order = self.order.min(o.order);
        let (a, b) = (&self.coefficients, &o.coefficients);
        let length = if a.is_empty() || b.is_empty() { 0 } else { (a.len() + b.len() - 1).min(order) };
        let mut coefficients = vec![T::zero(); length];
        for (i, x) in a.iter().enumerate().take(length) {
            for (c, y) in coefficients[i..].iter_mut().zip(b) {
                *c += x * y;
            }
        }
        Self { coefficients, order }
    }
}

operators!(ring [<T: Ring>] Series<T>);

impl<T: Ring> Ring for Series<T> {
    fn from_i64(v: i64) -> Self {
        Self::constant(T::from_i64(v))
    }
}
