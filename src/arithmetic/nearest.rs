//! Plain numbers rounded to nearest: what proposes (an eigenvector, a factor, a shift) before an enclosure decides.
//!
//! Every [`super::Enclosure`] has such a companion at its own precision: f64 for [`super::Interval`], an MPFR number
//! for [`super::Big`]. Nothing computed here is ever trusted, so no operation promises more than rounding to nearest.
//!
//! A refinement in place, not an operator trait: inner loops (a Cholesky factorisation, a stage of an integrator) run
//! over preallocated numbers. Precision belongs to the number that is updated: `self += o` rounds to the bits of
//! `self`. What has no bits of its own to inherit is made by [`Nearest::from_f64`], or by [`Nearest::zero_like`] of a
//! number at hand.

use rug::Float;
use rug::float::Special;
use std::fmt::Debug;

/// A number with rounding to nearest, updated in place (an MPFR number owns memory, so temporaries cost more than
/// arithmetic).
pub trait Nearest: Clone + Debug + PartialOrd + Send + Sync {
    /// The double `x` at `bits` of precision.
    ///
    /// An f64 ignores `bits`; an MPFR number has at least 8, and rounds x where it has fewer than 53.
    fn from_f64(x: f64, bits: u32) -> Self;
    /// Nearest double, possibly infinite or zero.
    fn to_f64(&self) -> f64;
    /// `self += o`.
    fn add(&mut self, o: &Self);
    /// `self -= o`.
    fn sub(&mut self, o: &Self);
    /// `self *= o`.
    fn mul(&mut self, o: &Self);
    /// `self /= o`.
    ///
    /// By zero: infinite or NaN, which [`Nearest::is_usable`] finds.
    fn div(&mut self, o: &Self);
    /// `self += a b`.
    ///
    /// One rounding or two, as the type does it: callers must not count on either.
    fn add_product(&mut self, a: &Self, b: &Self);
    /// `self -= a b`.
    fn sub_product(&mut self, a: &Self, b: &Self);
    /// `self = sqrt(self)`, NaN below zero.
    fn root(&mut self);
    /// `self = |self|`.
    fn positive(&mut self);
    /// `self *= 2^k`.
    ///
    /// Exact unless the result leaves the range of the type.
    fn scale(&mut self, k: i32);
    /// Neither NaN nor infinite.
    ///
    /// Asked of pivots and of results before they are used: a proposal that fails it is dropped.
    fn is_usable(&self) -> bool;
    /// The same precision, value zero.
    fn zero_like(&self) -> Self;
}

impl Nearest for f64 {
    #[inline]
    fn from_f64(x: f64, _bits: u32) -> Self {
        x
    }
    #[inline]
    fn to_f64(&self) -> f64 {
        *self
    }
    #[inline]
    fn add(&mut self, o: &Self) {
        *self += o;
    }
    #[inline]
    fn sub(&mut self, o: &Self) {
        *self -= o;
    }
    #[inline]
    fn mul(&mut self, o: &Self) {
        *self *= o;
    }
    #[inline]
    fn div(&mut self, o: &Self) {
        *self /= o;
    }
    #[inline]
    fn add_product(&mut self, a: &Self, b: &Self) {
        *self += a * b;
    }
    #[inline]
    fn sub_product(&mut self, a: &Self, b: &Self) {
        *self -= a * b;
    }
    fn root(&mut self) {
        *self = self.sqrt();
    }
    fn positive(&mut self) {
        *self = self.abs();
    }
    fn scale(&mut self, k: i32) {
        // Two factors: 2^k alone may leave the range where the product does not.
        let half = k / 2;
        *self *= 2f64.powi(half);
        *self *= 2f64.powi(k - half);
    }
    #[inline]
    fn is_usable(&self) -> bool {
        self.is_finite()
    }
    #[inline]
    fn zero_like(&self) -> Self {
        0.0
    }
}

impl Nearest for Float {
    fn from_f64(x: f64, bits: u32) -> Self {
        Float::with_val(bits.max(super::big::LEAST_BITS), x)
    }
    fn to_f64(&self) -> f64 {
        Float::to_f64(self)
    }
    fn add(&mut self, o: &Self) {
        *self += o;
    }
    fn sub(&mut self, o: &Self) {
        *self -= o;
    }
    fn mul(&mut self, o: &Self) {
        *self *= o;
    }
    fn div(&mut self, o: &Self) {
        *self /= o;
    }
    fn add_product(&mut self, a: &Self, b: &Self) {
        *self += a * b;
    }
    fn sub_product(&mut self, a: &Self, b: &Self) {
        *self -= a * b;
    }
    fn root(&mut self) {
        self.sqrt_mut();
    }
    fn positive(&mut self) {
        self.abs_mut();
    }
    fn scale(&mut self, k: i32) {
        *self <<= k;
    }
    fn is_usable(&self) -> bool {
        self.is_finite()
    }
    fn zero_like(&self) -> Self {
        Float::with_val(self.prec(), Special::Zero)
    }
}
