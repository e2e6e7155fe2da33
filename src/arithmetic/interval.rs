//! Enclosures with f64 ends, rounded outward.
//!
//! `[lo, hi]` with `lo <= hi`, neither NaN; an infinite end means "no bound known". Every operation returns a set
//! that contains the exact result for every choice of exact arguments in its argument sets. Basic operations are
//! IEEE 754 round-to-nearest followed by one step outward (`next_down`, `next_up`), which is valid for any
//! correctly rounded operation, subnormal results and overflow included; a sum whose rounding error is exactly zero (Knuth's
//! two-sum) is not widened. Elementary functions go through MPFR with directed rounding. No CPU flag is needed.
//!
//! Whatever would be NaN becomes the whole line: a NaN can never pass a check.

use super::{Big, Enclosure, Field, Rational, Real, Ring};
use num_traits::{One, Zero};
use rug::float::Round;
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A closed interval with f64 ends.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval, Rational};
/// let third = Interval::point(1.0) / Interval::point(3.0);
/// assert!(third.contains(&Rational::new(1, 3)));
/// assert!(third.hi() - third.lo() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    lo: f64,
    hi: f64,
}

impl Interval {
    /// The whole real line: what is known when nothing is known.
    pub const ENTIRE: Self = Self { lo: f64::NEG_INFINITY, hi: f64::INFINITY };

    /// `[lo, hi]`; the whole line if an end is NaN or the ends are out of order.
    pub fn new(lo: f64, hi: f64) -> Self {
        if lo <= hi { Self { lo, hi } } else { Self::ENTIRE }
    }

    /// The exact number `x`; the whole line if it is not finite.
    pub fn point(x: f64) -> Self {
        if x.is_finite() { Self { lo: x, hi: x } } else { Self::ENTIRE }
    }

    /// `[-r, r]`, the whole line if `r` is NaN or negative.
    pub fn symmetric(r: f64) -> Self {
        Self::new(-r, r)
    }

    /// Rounded midpoint, as a plain number.
    pub fn mid(&self) -> f64 {
        if self.lo == self.hi {
            return self.lo;
        }
        let m = 0.5 * self.lo + 0.5 * self.hi;
        if m.is_finite() { m.clamp(self.lo, self.hi) } else { 0.0 }
    }

    /// Upper bound of `hi - lo`.
    pub fn width(&self) -> f64 {
        if self.lo == self.hi { 0.0 } else { up(self.hi - self.lo) }
    }

    /// Largest absolute value.
    pub fn magnitude(&self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    /// The part that both share; `None` where they are disjoint, which for two enclosures of one number is a proof of a bug.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (lo, hi) = (self.lo.max(other.lo), self.hi.min(other.hi));
        (lo <= hi).then_some(Self { lo, hi })
    }

    fn hull_of(candidates: [f64; 4]) -> Self {
        let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
        for c in candidates {
            if c.is_nan() {
                return Self::ENTIRE;
            }
            lo = lo.min(c);
            hi = hi.max(c);
        }
        Self { lo: down(lo), hi: up(hi) }
    }
}

/// One step down: a lower bound of the exact result behind the correctly rounded `x`.
#[inline]
pub(crate) fn down(x: f64) -> f64 {
    x.next_down()
}

/// One step up: an upper bound of the exact result behind the correctly rounded `x`.
#[inline]
pub(crate) fn up(x: f64) -> f64 {
    x.next_up()
}

/// Rounding error of `s = a + b` (Knuth); NaN after an overflow, which then counts as inexact.
#[inline]
fn sum_error(a: f64, b: f64, s: f64) -> f64 {
    let bb = s - a;
    (a - (s - bb)) + (b - bb)
}

impl Zero for Interval {
    fn zero() -> Self {
        Self { lo: 0.0, hi: 0.0 }
    }
    fn is_zero(&self) -> bool {
        self.lo == 0.0 && self.hi == 0.0
    }
}

impl One for Interval {
    fn one() -> Self {
        Self { lo: 1.0, hi: 1.0 }
    }
}

impl Neg for Interval {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self { lo: -self.hi, hi: -self.lo }
    }
}

impl Add for Interval {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        let (l, h) = (self.lo + o.lo, self.hi + o.hi);
        let lo = if sum_error(self.lo, o.lo, l) >= 0.0 { l } else { down(l) };
        let hi = if sum_error(self.hi, o.hi, h) <= 0.0 { h } else { up(h) };
        Self::new(lo, hi)
    }
}

impl Sub for Interval {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        self + (-o)
    }
}

impl Mul for Interval {
    type Output = Self;
    #[inline]
    fn mul(self, o: Self) -> Self {
        if (self.is_zero() && o.is_bounded()) || (o.is_zero() && self.is_bounded()) {
            return Self::zero();
        }
        Self::hull_of([self.lo * o.lo, self.lo * o.hi, self.hi * o.lo, self.hi * o.hi])
    }
}

impl Div for Interval {
    type Output = Self;
    #[inline]
    fn div(self, o: Self) -> Self {
        if o.lo <= 0.0 && o.hi >= 0.0 {
            return Self::ENTIRE;
        }
        if self.is_zero() && o.is_bounded() {
            return Self::zero();
        }
        Self::hull_of([self.lo / o.lo, self.lo / o.hi, self.hi / o.lo, self.hi / o.hi])
    }
}

super::rational::assign_ops!(Interval);

impl Ring for Interval {
    fn from_i64(v: i64) -> Self {
        let x = v as f64;
        if v.unsigned_abs() <= 1 << 53 { Self::point(x) } else { Self { lo: down(x), hi: up(x) } }
    }

    /// Even powers are not negative: an interval around zero is not multiplied by itself as if independent.
    fn powi(&self, n: u32) -> Self {
        if n == 0 {
            return Self::one();
        }
        let base = if n % 2 == 0 { self.abs() } else { *self };
        let end = |x: f64| (1..n).fold(Self::point(x), |p, _| p * Self::point(x));
        if n <= 8 && base.is_bounded() {
            // x^n is monotone on the base, so the ends decide.
            return end(base.lo).hull(&end(base.hi));
        }
        Big::from_interval(&base, 64).powi(n).to_interval()
    }
}

impl Field for Interval {
    fn from_rational(q: &Rational, _bits: u32) -> Self {
        Big::from_rational(q, 53).to_interval()
    }
}

impl Real for Interval {
    fn sqrt(&self) -> Self {
        if self.hi < 0.0 {
            return Self::ENTIRE;
        }
        let lo = if self.lo <= 0.0 { 0.0 } else { down(self.lo.sqrt()) };
        Self::new(lo, if self.hi == 0.0 { 0.0 } else { up(self.hi.sqrt()) })
    }
    fn abs(&self) -> Self {
        if self.lo >= 0.0 {
            *self
        } else if self.hi <= 0.0 {
            -*self
        } else {
            Self { lo: 0.0, hi: (-self.lo).max(self.hi) }
        }
    }
    fn exp(&self) -> Self {
        Big::from_interval(self, 53).exp().to_interval()
    }
    fn ln(&self) -> Self {
        Big::from_interval(self, 53).ln().to_interval()
    }
}

impl Enclosure for Interval {
    fn lo(&self) -> f64 {
        self.lo
    }
    fn hi(&self) -> f64 {
        self.hi
    }
    fn is_positive(&self) -> bool {
        self.lo > 0.0
    }
    fn is_nonnegative(&self) -> bool {
        self.lo >= 0.0
    }
    fn contains(&self, q: &Rational) -> bool {
        q.compare_f64(self.lo).is_ge() && q.compare_f64(self.hi).is_le()
    }
    fn from_interval(i: &Interval, _bits: u32) -> Self {
        *i
    }
    fn midpoint(&self) -> Self {
        Self::point(self.mid())
    }
    fn hull(&self, other: &Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
    fn max(&self, other: &Self) -> Self {
        Self { lo: self.lo.max(other.lo), hi: self.hi.max(other.hi) }
    }
    fn to_interval(&self) -> Interval {
        *self
    }
}

/// `{"lo": .., "hi": ..}` with the shortest decimals that read back to the same ends; an infinite end is `null`.
impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let end = |x: f64| x.is_finite().then_some(x);
        let mut object = s.serialize_struct("Interval", 2)?;
        object.serialize_field("lo", &end(self.lo))?;
        object.serialize_field("hi", &end(self.hi))?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Ends {
            lo: Option<f64>,
            hi: Option<f64>,
        }
        let e = Ends::deserialize(d)?;
        Ok(Self::new(e.lo.unwrap_or(f64::NEG_INFINITY), e.hi.unwrap_or(f64::INFINITY)))
    }
}

/// Directed conversion used by [`Big`].
pub(crate) fn ends_to_f64(lo: &rug::Float, hi: &rug::Float) -> (f64, f64) {
    (lo.to_f64_round(Round::Down), hi.to_f64_round(Round::Up))
}
