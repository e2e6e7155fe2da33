//! Upper bounds of nonnegative quantities in f64: every result is at least the exact one, NaN becomes infinity.
//!
//! A correctly rounded result is at most half a step off, so `next_up` is an upper bound, subnormal numbers included.

/// Unit roundoff of f64, `2^-53`.
pub(crate) const UNIT: f64 = f64::EPSILON / 2.0;
/// Smallest positive number: a product that underflows is off by less.
pub(crate) const TINY: f64 = f64::from_bits(1);

/// The bound itself: one step up, infinity for NaN.
#[inline]
pub(crate) fn bound(x: f64) -> f64 {
    if x.is_nan() { f64::INFINITY } else { x.next_up() }
}
/// At least `a + b`, whatever the signs.
#[inline]
pub(crate) fn add(a: f64, b: f64) -> f64 {
    if b == 0.0 && !a.is_nan() { a } else { bound(a + b) }
}
/// At least `a b`; `0 x infinity` is infinity, since a bound that is not known bounds nothing.
#[inline]
pub(crate) fn mul(a: f64, b: f64) -> f64 {
    if (a == 0.0 && b.is_finite()) || (b == 0.0 && a.is_finite()) { 0.0 } else { bound(a * b) }
}
/// At least `a / b`; infinity unless b > 0.
#[inline]
pub(crate) fn div(a: f64, b: f64) -> f64 {
    if b > 0.0 { bound(a / b) } else { f64::INFINITY }
}
/// At least `sqrt(a)`.
#[inline]
pub(crate) fn sqrt(a: f64) -> f64 {
    if a == 0.0 { 0.0 } else { bound(a.sqrt()) }
}

/// `gamma_n = n u / (1 - n u)` (Higham, Accuracy and Stability, section 3.1): a sum of products in which no term passes
/// through more than n roundings is off by at most `gamma_n` times the sum of absolute values, in whatever order, with
/// or without fused multiply-add, underflow apart.
pub(crate) fn gamma(n: usize) -> f64 {
    let nu = bound(n as f64 * UNIT);
    // The difference is taken as its negative, so that it too is rounded to the safe side.
    div(nu, -add(nu, -1.0))
}

/// At least the exact sum of `n` nonnegative terms, each itself a rounded product, whose computed sum is `sum`:
/// `exact <= sum / (1 - (n+1) u)`, and at most `TINY` lost by underflow per term.
pub(crate) fn of_sum(sum: f64, n: usize) -> f64 {
    let growth = add(1.0, mul(2.0, gamma(n + 1)));
    add(mul(sum, growth), mul(n as f64, TINY))
}
