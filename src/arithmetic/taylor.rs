//! Taylor models: polynomials in tau with interval coefficients and a bound on what they leave out, for tau in [-1, 1].
//!
//! The set of all functions `sum_k c_k tau^k + e(tau)` with `c_k` in the intervals and `|e(tau)| <= remainder` on [-1,
//! 1]. A polynomial formula evaluated in Taylor models gives an enclosure of the formula along a polynomial curve, for
//! all tau at once, in which what cancels between two functions of tau cancels.

use super::operators::operators;
use super::{Enclosure, Interval, Ring, upward};
use num_traits::{One, Zero};
use std::ops::{Add, Mul, Neg, Sub};

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct TaylorModel {
    coefficients: Vec<Interval>,
    /// Products are cut off above this power of tau.
    degree: usize,
    remainder: f64,
}

impl TaylorModel {
    /// The polynomial with these exact coefficients; products with it are cut off above `tau^degree`.
    pub fn polynomial(coefficients: impl IntoIterator<Item = f64>, degree: usize) -> Self {
        Self { coefficients: coefficients.into_iter().map(Interval::point).collect(), degree, remainder: 0.0 }
    }
    /// The polynomial with coefficients in these intervals; products with it are cut off above `tau^degree`.
    pub fn new(coefficients: Vec<Interval>, degree: usize) -> Self {
        Self { coefficients, degree, remainder: 0.0 }
    }
    /// A constant.
    pub fn constant(value: Interval) -> Self {
        Self { coefficients: vec![value], degree: usize::MAX, remainder: 0.0 }
    }
    /// The coefficient of `tau^k`.
    pub fn coefficient(&self, k: usize) -> Interval {
        self.coefficients.get(k).copied().unwrap_or_else(Interval::zero)
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
    pub fn widened(mut self, radius: f64) -> Self {
        self.remainder = upward::add(self.remainder, radius);
        self
    }
    /// Encloses the values on [-1, 1].
    pub fn range(&self) -> Interval {
        let mut sum = Interval::symmetric(self.remainder);
        for (k, c) in self.coefficients.iter().enumerate() {
            sum += match (k, k % 2) {
                (0, _) => *c,
                // tau^k lies in [0, 1] or in [-1, 1].
                (_, 0) => Interval::new(c.lo().min(0.0), c.hi().max(0.0)),
                _ => Interval::symmetric(c.magnitude()),
            };
        }
        sum
    }
    /// Sum of the magnitudes of the coefficients: at least the absolute value on [-1, 1], the remainder apart.
    fn norm(&self) -> f64 {
        self.coefficients.iter().fold(0.0, |s, c| upward::add(s, c.magnitude()))
    }
    fn combine(mut self, o: &Self, f: impl Fn(&mut Interval, Interval)) -> Self {
        if self.coefficients.len() < o.coefficients.len() {
            self.coefficients.resize(o.coefficients.len(), Interval::zero());
        }
        for (a, b) in self.coefficients.iter_mut().zip(&o.coefficients) {
            f(a, *b);
        }
        self.degree = self.degree.min(o.degree);
        self.remainder = upward::add(self.remainder, o.remainder);
        self
    }
    fn product(&self, o: &Self) -> Self {
        let degree = self.degree.min(o.degree);
        let (a, b) = (&self.coefficients, &o.coefficients);
        let full = if a.is_empty() || b.is_empty() { 0 } else { a.len() + b.len() - 1 };
        let length = full.min(degree.saturating_add(1));
        let mut coefficients = vec![Interval::zero(); length];
        // Zero times a number that is not known is not known.
        let known = !b.iter().any(Interval::is_entire);
        for (i, x) in a.iter().enumerate().take(length) {
            if known && x.is_zero() {
                continue;
            }
            for (c, y) in coefficients[i..].iter_mut().zip(b) {
                c.add_product(x, y);
            }
        }
        let mut remainder = 0.0;
        if full > length {
            // What is cut off: sum of |a_i| |b_j| over i + j > degree, by the sums of the tails of b.
            let mut tails = vec![0.0; b.len() + 1];
            for j in (0..b.len()).rev() {
                tails[j] = upward::add(tails[j + 1], b[j].magnitude());
            }
            for (i, x) in a.iter().enumerate() {
                let from = (degree + 1).saturating_sub(i);
                if from < b.len() {
                    remainder = upward::add(remainder, upward::mul(x.magnitude(), tails[from]));
                }
            }
        }
        if self.remainder > 0.0 {
            remainder = upward::add(remainder, upward::mul(self.remainder, upward::add(o.norm(), o.remainder)));
        }
        if o.remainder > 0.0 {
            remainder = upward::add(remainder, upward::mul(o.remainder, self.norm()));
        }
        Self { coefficients, degree, remainder }
    }
}

impl Zero for TaylorModel {
    fn zero() -> Self {
        Self { coefficients: Vec::new(), degree: usize::MAX, remainder: 0.0 }
    }
    fn is_zero(&self) -> bool {
        self.remainder == 0.0 && self.coefficients.iter().all(Interval::is_zero)
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
        self.combine(&o, |a, b| *a += b)
    }
}
impl Sub for TaylorModel {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        self.combine(&o, |a, b| *a -= b)
    }
}
impl Mul for TaylorModel {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        self.product(&o)
    }
}

operators!(ring [] TaylorModel);

impl Ring for TaylorModel {
    fn from_i64(v: i64) -> Self {
        Self::constant(Interval::from_i64(v))
    }
}
