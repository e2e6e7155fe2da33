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
        let coefficients = in_doubles(a, b, length).unwrap_or_else(|| in_enclosures(a, b, length));
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

/// The first `length` coefficients of a product.
fn in_enclosures(a: &[Interval], b: &[Interval], length: usize) -> Vec<Interval> {
    let mut out = vec![Interval::zero(); length];
    // Zero times a number that is not known is not known.
    let known = !b.iter().any(Interval::is_entire);
    for (i, x) in a.iter().enumerate().take(length) {
        if known && x.is_zero() {
            continue;
        }
        for (c, y) in out[i..].iter_mut().zip(b) {
            c.add_product(x, y);
        }
    }
    out
}

/// The same by sums of products of midpoints, their rounding bounded a priori, at many times the speed: `None` where a
/// number is not finite, or where a factor is a constant, which the slower way multiplies exactly if it can.
fn in_doubles(a: &[Interval], b: &[Interval], length: usize) -> Option<Vec<Interval>> {
    if a.len() < 2 || b.len() < 2 {
        return None;
    }
    let ((a, a_radii), (b, b_radii)) = (balls(a), balls(b));
    let points = a_radii.iter().chain(&b_radii).all(|r| *r == 0.0);
    let (mut mid, mut size, mut off) = (vec![0.0; length], vec![0.0; length], vec![0.0; length]);
    for (i, (x, r)) in a.iter().zip(&a_radii).enumerate().take(length) {
        for ((m, s), y) in mid[i..].iter_mut().zip(&mut size[i..]).zip(&b) {
            let term = x * y;
            *m += term;
            *s += term.abs();
        }
        if !points {
            for ((o, y), q) in off[i..].iter_mut().zip(&b).zip(&b_radii) {
                *o += x.abs() * q + r * (y.abs() + q);
            }
        }
    }
    // Each coefficient is a sum of n products at most, and none of them has underflowed if the least has not.
    let n = a.len().min(b.len());
    let least = |v: &[f64]| v.iter().filter(|v| **v != 0.0).fold(1.0, |m: f64, v| m.min(v.abs()));
    let lost = if least(&a) * least(&b) > f64::MIN_POSITIVE { 0.0 } else { upward::mul(n as f64, upward::TINY) };
    let rounding = upward::gamma(n + 2);
    // The sums of moduli are rounded themselves.
    let summed = upward::add(1.0, upward::mul(4.0, upward::gamma(2 * n + 8)));
    let (share, tiny) = (upward::mul(rounding, summed), upward::mul((2 * n + 8) as f64, upward::TINY));
    let coefficient = |((m, s), o): ((f64, f64), f64)| {
        let own = upward::add(upward::mul(share, s), lost);
        let error = if points { own } else { upward::add(own, upward::add(upward::mul(summed, o), tiny)) };
        (m.is_finite() && error.is_finite()).then(|| Interval::point(m) + Interval::symmetric(error))
    };
    mid.into_iter().zip(size).zip(off).map(coefficient).collect()
}

/// Midpoints and radii.
fn balls(c: &[Interval]) -> (Vec<f64>, Vec<f64>) {
    let ball = |c: &Interval| {
        if c.lo() == c.hi() {
            return (c.lo(), 0.0);
        }
        let mid = c.mid();
        (mid, upward::add(c.hi(), -mid).max(upward::add(mid, -c.lo())))
    };
    c.iter().map(ball).unzip()
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
