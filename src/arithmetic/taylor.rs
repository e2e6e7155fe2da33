//! Taylor models: polynomials in tau with a bound on what they leave out, for tau in [-1, 1].
//!
//! The set of all functions `sum_k c_k tau^k + e(tau)` with `|e(tau)| <= remainder` on [-1, 1], the c_k being doubles.
//! A polynomial formula evaluated in Taylor models gives an enclosure of the formula along a polynomial curve, for all
//! tau at once, in which what cancels between two functions of tau cancels.
//!
//! **Rounding** goes to the remainder: of a sum at most `u sum_k |c_k|` with the rounded c_k, of a product at most
//! `gamma_n norm(a) norm(b)`, with n the number of terms of a coefficient and `norm` the sum of the moduli of all
//! coefficients, and `TINY` for each of the products, any of which may underflow.

use super::operators::operators;
use super::{Enclosure, Interval, Ring, upward};
use num_traits::{One, Zero};
use std::ops::{Add, Mul, Neg, Sub};

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct TaylorModel {
    /// None where the remainder is infinite.
    coefficients: Vec<f64>,
    /// Products are cut off above this power of tau.
    degree: usize,
    remainder: f64,
}

impl TaylorModel {
    fn checked(mut coefficients: Vec<f64>, degree: usize, remainder: f64) -> Self {
        if !remainder.is_finite() {
            coefficients.clear();
        }
        Self { coefficients, degree, remainder }
    }
    /// The polynomial with these exact coefficients; products with it are cut off above `tau^degree`.
    pub fn polynomial(coefficients: impl IntoIterator<Item = f64>, degree: usize) -> Self {
        let coefficients: Vec<f64> = coefficients.into_iter().collect();
        let remainder = if coefficients.iter().all(|c| c.is_finite()) { 0.0 } else { f64::INFINITY };
        Self::checked(coefficients, degree, remainder)
    }
    /// The polynomial with coefficients in these intervals; products with it are cut off above `tau^degree`.
    pub fn new(coefficients: &[Interval], degree: usize) -> Self {
        let mut remainder = 0.0;
        let mut mid = |c: &Interval| {
            let mid = c.mid();
            if c.lo() < c.hi() {
                remainder = upward::add(remainder, upward::add(c.hi(), -mid).max(upward::add(mid, -c.lo())));
            }
            mid
        };
        let mids = coefficients.iter().map(&mut mid).collect();
        Self::checked(mids, degree, remainder)
    }
    /// A constant.
    pub fn constant(value: Interval) -> Self {
        Self::new(&[value], usize::MAX)
    }
    /// The coefficient of `tau^k`.
    pub fn coefficient(&self, k: usize) -> f64 {
        self.coefficients.get(k).copied().unwrap_or(0.0)
    }
    /// Number of coefficients kept.
    pub fn len(&self) -> usize {
        self.coefficients.len()
    }
    /// No coefficient: zero, up to the remainder.
    pub fn is_empty(&self) -> bool {
        self.coefficients.is_empty()
    }
    /// Bound of what the coefficients leave out.
    pub fn remainder(&self) -> f64 {
        self.remainder
    }
    /// The same, with an error of at most `radius` more at every tau.
    #[must_use]
    pub fn widened(self, radius: f64) -> Self {
        Self::checked(self.coefficients, self.degree, upward::add(self.remainder, radius))
    }
    /// Encloses the values on [-1, 1].
    pub fn range(&self) -> Interval {
        let mut sum = Interval::symmetric(self.remainder);
        for (k, c) in self.coefficients.iter().enumerate() {
            sum += match (k, k % 2) {
                (0, _) => Interval::point(*c),
                // tau^k lies in [0, 1] or in [-1, 1].
                (_, 0) => Interval::new(c.min(0.0), c.max(0.0)),
                _ => Interval::symmetric(c.abs()),
            };
        }
        sum
    }
    /// Exactly one.
    fn is_unit(&self) -> bool {
        self.remainder == 0.0 && self.coefficients == [1.0]
    }
    fn combine(mut self, o: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let common = self.len().min(o.len());
        for (a, b) in self.coefficients.iter_mut().zip(&o.coefficients) {
            *a = f(*a, *b);
        }
        self.coefficients.extend(o.coefficients[common..].iter().map(|b| f(0.0, *b)));
        let rounding = upward::mul(upward::UNIT, norm(&self.coefficients[..common]));
        let remainder = upward::add(upward::add(self.remainder, o.remainder), rounding);
        Self::checked(self.coefficients, self.degree.min(o.degree), remainder)
    }
    fn product(&self, o: &Self) -> Self {
        let degree = self.degree.min(o.degree);
        let (a, b) = (&self.coefficients, &o.coefficients);
        let full = if a.is_empty() || b.is_empty() { 0 } else { a.len() + b.len() - 1 };
        let length = full.min(degree.saturating_add(1));
        let mut coefficients = vec![0.0; length];
        for (i, x) in a.iter().enumerate().take(length) {
            for (c, y) in coefficients[i..].iter_mut().zip(b) {
                *c += x * y;
            }
        }
        let (size, o_size) = (norm(a), norm(b));
        let mut remainder = 0.0;
        if size > 0.0 && o_size > 0.0 {
            let n = a.len().min(b.len());
            let rounding = upward::gamma(n + 2);
            let lost = upward::mul((a.len() * b.len()) as f64, upward::TINY);
            remainder = upward::add(upward::mul(rounding, upward::mul(size, o_size)), lost);
        }
        if full > length {
            // What is cut off: sum of |a_i| |b_j| over i + j > degree, by the sums of the tails of b.
            let mut tails = vec![0.0; b.len() + 1];
            for j in (0..b.len()).rev() {
                tails[j] = tails[j + 1] + b[j].abs();
            }
            let mut cut = 0.0;
            for (i, x) in a.iter().enumerate() {
                let from = (degree + 1).saturating_sub(i);
                if from < b.len() {
                    cut += x.abs() * tails[from];
                }
            }
            // No term passes through more than a.len() + b.len() roundings.
            remainder = upward::add(remainder, upward::of_sum(cut, a.len() + b.len()));
        }
        if self.remainder > 0.0 {
            remainder = upward::add(remainder, upward::mul(self.remainder, upward::add(o_size, o.remainder)));
        }
        if o.remainder > 0.0 {
            remainder = upward::add(remainder, upward::mul(o.remainder, size));
        }
        Self::checked(coefficients, degree, remainder)
    }
}

/// At least the sum of the moduli, and so the absolute value on [-1, 1]; zero only if that is zero.
fn norm(coefficients: &[f64]) -> f64 {
    let (chunks, rest) = coefficients.as_chunks::<4>();
    let mut lanes = [0.0; 4];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(s, c)| *s += c.abs());
    }
    let sum = lanes.iter().chain(rest).fold(0.0, |s, c| s + c.abs());
    if sum == 0.0 { 0.0 } else { upward::of_sum(sum, coefficients.len()) }
}

impl Zero for TaylorModel {
    fn zero() -> Self {
        Self { coefficients: Vec::new(), degree: usize::MAX, remainder: 0.0 }
    }
    fn is_zero(&self) -> bool {
        self.remainder == 0.0 && self.coefficients.iter().all(|c| *c == 0.0)
    }
}
impl One for TaylorModel {
    fn one() -> Self {
        Self::constant(Interval::one())
    }
}
impl Neg for TaylorModel {
    type Output = Self;
    fn neg(mut self) -> Self {
        self.coefficients.iter_mut().for_each(|c| *c = -*c);
        self
    }
}
impl Add for TaylorModel {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        self.combine(&o, |a, b| a + b)
    }
}
impl Sub for TaylorModel {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        self.combine(&o, |a, b| a - b)
    }
}
impl Mul for TaylorModel {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        // The matrix products of `nalgebra` multiply by one as often as by an entry.
        if o.is_unit() {
            self
        } else if self.is_unit() {
            o
        } else {
            self.product(&o)
        }
    }
}

operators!(ring [] TaylorModel);

impl Ring for TaylorModel {
    fn from_i64(v: i64) -> Self {
        Self::constant(Interval::from_i64(v))
    }
}
