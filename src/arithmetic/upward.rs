//! Upper bounds of nonnegative quantities in f64: every result is at least the exact one, NaN becomes infinity.
//!
//! A correctly rounded result is at most half a step off, so `next_up` is an upper bound, subnormal numbers included.
//!
//! A certificate in doubles (`linalg::ball`, `linalg::dense`, the Taylor models, the tube around a flow) needs upper
//! bounds only: of norms, of radii, of rounding errors. These functions take one double where an interval would take
//! two, and none but [`larger`] can return NaN, which a comparison would silently take for `false`.
//!
//! Infinity means "not bounded". It propagates through sums, products and roots; a certificate that asks for a bound
//! below something then fails.

/// Unit roundoff of f64, `2^-53`.
///
/// `|fl(x) - x| <= UNIT |x|` for every real x whose rounding is normal, and also `<= UNIT |fl(x)|`.
pub(crate) const UNIT: f64 = f64::EPSILON / 2.0;
/// Smallest positive number: a product that underflows is off by less.
///
/// A correctly rounded result in the subnormal range is off by at most `TINY / 2`; sums are then exact, products and
/// quotients are not.
pub(crate) const TINY: f64 = f64::from_bits(1);

/// The bound itself: one step up, infinity for NaN.
///
/// For a correctly rounded x the exact result is below the next double: rounding to nearest moves by at most half the
/// distance to it. Infinity stays infinity, minus infinity (an overflow downward) becomes the lowest finite double.
#[inline]
pub(crate) fn bound(x: f64) -> f64 {
    if x.is_nan() { f64::INFINITY } else { x.next_up() }
}
/// The larger one, NaN if one of them is: `f64::max` would drop it.
#[inline]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a >= b || a.is_nan() { a } else { b }
}
/// At least `a + b`, whatever the signs.
///
/// Adding zero is exact and takes no step, so that a sum of bounds does not grow by terms that are absent. The case
/// is tried for b only.
#[inline]
pub(crate) fn add(a: f64, b: f64) -> f64 {
    if b == 0.0 && !a.is_nan() { a } else { bound(a + b) }
}
/// At least `a b`; `0 x infinity` is infinity, since a bound that is not known bounds nothing.
///
/// A product of two nonzero factors that underflows to zero is at least `TINY` here, by the step upward.
#[inline]
pub(crate) fn mul(a: f64, b: f64) -> f64 {
    if (a == 0.0 && b.is_finite()) || (b == 0.0 && a.is_finite()) { 0.0 } else { bound(a * b) }
}
/// At least `a / b`; infinity unless b > 0.
///
/// Hypothesis: b is the exact divisor or, with a >= 0, a lower bound of it.
#[inline]
pub(crate) fn div(a: f64, b: f64) -> f64 {
    if b > 0.0 { bound(a / b) } else { f64::INFINITY }
}
/// At least `sqrt(a)`.
///
/// Infinity for a negative a, whose root is NaN.
#[inline]
pub(crate) fn sqrt(a: f64) -> f64 {
    if a == 0.0 { 0.0 } else { bound(a.sqrt()) }
}

/// `gamma_n = n u / (1 - n u)` (Higham, Accuracy and Stability, section 3.1): a sum of products in which no term passes
/// through more than n roundings is off by at most `gamma_n` times the sum of absolute values, in whatever order, with
/// or without fused multiply-add, underflow apart.
///
/// The result is an upper bound of it: the numerator is rounded up, the denominator down. Infinite where `n u` is not
/// below 1.
pub(crate) fn gamma(n: usize) -> f64 {
    let nu = bound(n as f64 * UNIT);
    // The difference is taken as its negative, so that it too is rounded to the safe side.
    div(nu, -add(nu, -1.0))
}

/// At least the exact sum of `n` nonnegative terms, each itself a rounded product, whose computed sum is `sum`:
/// `exact <= sum / (1 - (n+1) u)`, and at most `TINY` lost by underflow per term.
///
/// Derivation: a term passes through one product and at most n - 1 additions, each of which takes away at most the
/// factor `1 - u`; all terms being nonnegative, `sum >= (1 - u)^n exact >= (1 - n u) exact`. With
/// `1 / (1 - m u) = 1 + gamma_m` and m = n + 1 this gives `exact <= sum (1 + gamma_{n+1})`; the code has
/// `1 + 2 gamma_{n+1}`. Underflow takes at most `TINY / 2` from each product, and nothing from a sum.
///
/// Callers may pass for n any number that is at least the number of terms and the number of roundings of a term. A
/// sum that overflowed, or with a NaN in it, gives infinity.
pub(crate) fn of_sum(sum: f64, n: usize) -> f64 {
    let growth = add(1.0, mul(2.0, gamma(n + 1)));
    add(mul(sum, growth), mul(n as f64, TINY))
}
