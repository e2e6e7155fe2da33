//! Taylor models: polynomials in tau with a bound on what they leave out, for tau in [-1, 1].
//!
//! The set of all functions `sum_k c_k tau^k + e(tau)` with `|e(tau)| <= remainder` on [-1, 1], the c_k being doubles.
//! A polynomial formula evaluated in Taylor models gives an enclosure of the formula along a polynomial curve, for all
//! tau at once, in which what cancels between two functions of tau cancels.
//!
//! **Rounding** goes to the remainder: of a sum at most `u sum_k |c_k|` with the rounded c_k, of a product at most
//! `gamma_n norm(a) norm(b)`, with n the number of terms of a coefficient and `norm` the sum of the moduli of all
//! coefficients, and `TINY` for each of the products, any of which may underflow.
//!
//! # Use
//!
//! The tube around a flow (`flow::tube`) carries a numerical trajectory as a polynomial in scaled time on each piece;
//! the right hand side of the flow, a polynomial in the weights, evaluated in Taylor models, bounds the defect of
//! that trajectory for all times of the piece at once. The generic code of the network is used as it stands, since a
//! Taylor model is a [`Ring`].
//!
//! # Why the coefficients are doubles
//!
//! All coefficients exact, all errors in one number: products of polynomials are then plain loops over doubles, and
//! the error takes a few operations for a whole product. Intervals as coefficients would need a rounding outward in
//! the innermost loop. The remainder is not localised: it holds for all tau alike.
//!
//! # Failure
//!
//! An overflow, a NaN or an unbounded coefficient makes the remainder infinite; coefficients are then dropped, the
//! range is the whole line, and every later operation keeps it so, a product with zero included.

use super::operators::operators;
use super::{Enclosure, Interval, Ring, upward};
use num_traits::{One, Zero};
use std::ops::{Add, Mul, Neg, Sub};

/// See the module.
///
/// Invariants: the coefficients are finite doubles (`checked` drops them where they might not be); the remainder is
/// nonnegative and not NaN, as the functions of `upward` that form it turn NaN into infinity. Two models are equal as
/// representations.
#[derive(Clone, Debug, PartialEq)]
pub struct TaylorModel {
    /// None where the remainder is infinite.
    coefficients: Vec<f64>,
    /// Products are cut off above this power of tau.
    degree: usize,
    /// Bound of `|e(tau)|` on `[-1, 1]`, possibly infinite.
    remainder: f64,
}

impl TaylorModel {
    /// Drops the coefficients where the remainder is infinite: they would mean nothing, and might be NaN.
    fn checked(mut coefficients: Vec<f64>, degree: usize, remainder: f64) -> Self {
        if !remainder.is_finite() {
            coefficients.clear();
        }
        Self { coefficients, degree, remainder }
    }
    /// The polynomial with these exact coefficients; products with it are cut off above `tau^degree`.
    ///
    /// `c_0, c_1, ..` in this order. Coefficients above `degree` are kept as they are; the cut happens in products.
    /// The remainder is zero, infinite where a coefficient is not finite.
    pub fn polynomial(coefficients: impl IntoIterator<Item = f64>, degree: usize) -> Self {
        let coefficients: Vec<f64> = coefficients.into_iter().collect();
        let remainder = if coefficients.iter().all(|c| c.is_finite()) { 0.0 } else { f64::INFINITY };
        Self::checked(coefficients, degree, remainder)
    }
    /// The polynomial with coefficients in these intervals; products with it are cut off above `tau^degree`.
    ///
    /// The midpoint m of each becomes the coefficient, and the larger of `hi - m` and `m - lo`, rounded up, goes to
    /// the remainder: `|tau^k| <= 1`.
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
    ///
    /// It has no degree of its own: a product with it is cut where the other factor says.
    pub fn constant(value: Interval) -> Self {
        Self::new(&[value], usize::MAX)
    }
    /// The coefficient of `tau^k`.
    ///
    /// Zero beyond those that are kept, also where the remainder is infinite and none is.
    pub fn coefficient(&self, k: usize) -> f64 {
        self.coefficients.get(k).copied().unwrap_or(0.0)
    }
    /// Number of coefficients kept.
    ///
    /// One more than the degree of the polynomial, if its last coefficient is not zero.
    pub fn len(&self) -> usize {
        self.coefficients.len()
    }
    /// No coefficient: zero, up to the remainder.
    pub fn is_empty(&self) -> bool {
        self.coefficients.is_empty()
    }
    /// Bound of what the coefficients leave out.
    ///
    /// Infinite where nothing is known.
    pub fn remainder(&self) -> f64 {
        self.remainder
    }
    /// The same, with an error of at most `radius` more at every tau.
    ///
    /// For an error that is known from elsewhere, such as the distance between two curves; `radius >= 0`, and a NaN
    /// counts as infinite.
    #[must_use]
    pub fn widened(self, radius: f64) -> Self {
        Self::checked(self.coefficients, self.degree, upward::add(self.remainder, radius))
    }
    /// Encloses the values on [-1, 1].
    ///
    /// Each term apart: `c_0`, then `c_k [0, 1]` for even k and `c_k [-1, 1]` for odd k, then the remainder. What
    /// cancels between terms of different powers does not cancel here. Cost: one interval addition for each
    /// coefficient.
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
    ///
    /// Its degree is not asked for: multiplying by it is the identity whatever it is.
    fn is_unit(&self) -> bool {
        self.remainder == 0.0 && self.coefficients == [1.0]
    }
    /// Sum or difference, by `f`. Only the coefficients that both have are rounded, each by at most u times the
    /// modulus of the result; the rest is copied, exactly. Remainders add up, of a difference too.
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
    /// `(p + e)(q + f) = p q + e (q + f) + p f`, with `|p| <= norm(p)` on `[-1, 1]`. Four things go to the remainder:
    ///
    /// - the rounding of a coefficient `sum_{i+j=k} a_i b_j`, which has at most `n = min(len a, len b)` terms, each
    ///   of which passes through n roundings: together at most `gamma_n norm(a) norm(b)`, and the code takes
    ///   `gamma_{n+2}`; and what underflow takes away, at most `TINY` for each of the `len a * len b` products;
    /// - the coefficients above the degree, by their moduli, as `|tau^k| <= 1`;
    /// - `|e| (norm(q) + |f|)`;
    /// - `|f| norm(p)`.
    ///
    /// Cost: `len a * len b` multiplications at most.
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
///
/// Four partial sums let the processor add in parallel; the bound of `of_sum` holds in any order. Infinite or NaN
/// coefficients make it infinite.
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
