//! Enclosures with f64 ends, rounded outward.
//!
//! `[lo, hi]` with `lo <= hi`, neither NaN, `lo < inf`, `hi > -inf`; an infinite end means "no bound known". Every
//! operation returns a set that contains the exact result for every choice of exact arguments in its argument sets.
//! Basic operations are IEEE 754 round-to-nearest followed by one step outward (`next_down`, `next_up`), which is valid
//! for any correctly rounded operation, subnormal results and overflow included. A result that is provably exact (a sum
//! by Knuth's two-sum; a product, quotient or root by its count of significant bits) is not widened, and no product or
//! quotient crosses zero. Elementary functions go through MPFR with directed rounding. No CPU flag is needed.
//!
//! Whatever would be NaN becomes the whole line: a NaN can never pass a check.
//!
//! # How each operation encloses
//!
//! | operation | how | lost at each end |
//! | --- | --- | --- |
//! | `+`, `-` | the sign of the exact rounding error (two-sum) says which way to go | at most one rounding |
//! | `*`, `/`, `sqrt` | a step outward unless the result is certainly exact | at most two roundings |
//! | `powi`, n <= 8 | products of the ends, as `x^n` is monotone on the base | at most 7 products |
//! | other powers, `exp`, `ln` | MPFR with directed rounding, then outward to doubles | mostly the last rounding |
//! | `-`, `abs`, `hull`, `max` | exact on the ends | nothing |
//!
//! **Infinite ends** are bounds, not numbers: every element of a set is finite. So zero times an infinite end is
//! zero, and a quotient by an infinite end is zero from the side of its sign. An overflow gives the largest double on
//! the inner side and infinity on the outer, which is true again.
//!
//! **Zeros.** Upper ends of sums, products and quotients are formed as `0.0 - x`, which is `-x` except that it never
//! gives a negative zero.
//!
//! Why not directed rounding: it means to change the control word of the processor around every operation, while the
//! compiler assumes that nobody does; and interval crates that need CPU flags at compile time die on older
//! processors. The price here is a wider result where a product is inexact, by at most one unit in the last place at
//! each end.

use super::operators::operators;
use super::{Big, Enclosure, Field, Rational, Real, Ring};
use num_traits::{One, Zero};
use std::ops::{Add, Div, Mul, Neg, Sub};

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
    /// Not NaN, at most `hi`, below `+inf`.
    lo: f64,
    /// Not NaN, above `-inf`.
    hi: f64,
}

impl Interval {
    /// The whole real line: what is known when nothing is known.
    ///
    /// Products with it are the whole line again, also by zero; quotients too.
    pub const ENTIRE: Self = Self { lo: f64::NEG_INFINITY, hi: f64::INFINITY };

    /// `[lo, hi]`; the whole line if an end is NaN, the ends are out of order, or no real number lies between them.
    ///
    /// For ends that come from elsewhere. The whole line as an answer to bad ends is safe: it decides nothing.
    pub fn new(lo: f64, hi: f64) -> Self {
        if lo <= hi && lo < f64::INFINITY && hi > f64::NEG_INFINITY { Self { lo, hi } } else { Self::ENTIRE }
    }

    /// `[lo, hi]`, two bounds of one number that were proved apart: that they cross is a bug, which
    /// [`no_contradiction`](super::no_contradiction) reports.
    pub(crate) fn proved(lo: f64, hi: f64) -> Self {
        if lo > hi {
            super::contradiction::record(&lo, &hi);
        }
        Self::new(lo, hi)
    }

    /// The exact number `x`; the whole line if it is not finite.
    pub fn point(x: f64) -> Self {
        if x.is_finite() { Self { lo: x, hi: x } } else { Self::ENTIRE }
    }

    /// `[-r, r]`, the whole line if `r` is NaN or negative.
    ///
    /// The set of an error of which a bound r is known; an infinite bound gives the whole line.
    pub fn symmetric(r: f64) -> Self {
        Self::new(-r, r)
    }

    /// Rounded midpoint, as a plain number; where unbounded, the number in the set closest to zero.
    ///
    /// Always an element of the set. The halves are added, not the sum halved, so that two large ends do not
    /// overflow.
    pub fn mid(&self) -> f64 {
        if self.lo == self.hi {
            return self.lo;
        }
        let m = 0.5 * self.lo + 0.5 * self.hi;
        (if m.is_finite() { m } else { 0.0 }).clamp(self.lo, self.hi)
    }

    /// Upper bound of `hi - lo`.
    ///
    /// Infinite where the set is not bounded.
    pub fn width(&self) -> f64 {
        if self.lo == self.hi { 0.0 } else { up(self.hi - self.lo) }
    }

    /// Largest absolute value.
    ///
    /// Exact: the larger modulus of the two ends. Infinite where the set is not bounded.
    pub fn magnitude(&self) -> f64 {
        self.lo.abs().max(self.hi.abs())
    }

    /// The part that both share; `None` where they are disjoint, which for two enclosures of one number is a proof of a
    /// bug.
    ///
    /// Exact. Sets that share one end only have a point in common.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (lo, hi) = (self.lo.max(other.lo), self.hi.min(other.hi));
        (lo <= hi).then_some(Self { lo, hi })
    }

    /// The intersection of two enclosures of one number.
    ///
    /// # Errors
    /// Disjoint sets contradict each other: that is a bug in flatcert, and is reported as one.
    pub fn meet(&self, other: &Self) -> crate::Result<Self> {
        self.intersection(other).ok_or_else(|| {
            let (a, b, c, d) = (self.lo, self.hi, other.lo, other.hi);
            crate::Error::internal(format!("disjoint enclosures of one number: [{a:e}, {b:e}] and [{c:e}, {d:e}]"))
        })
    }

    /// [`Interval::meet`] in the middle of a formula: a contradiction is recorded, and
    /// [`no_contradiction`](super::no_contradiction) reports it.
    ///
    /// Used where two formulas enclose one number and no error can be returned; the intersection is at least as
    /// narrow as either.
    pub(crate) fn agreed(&self, other: &Self) -> Self {
        self.intersection(other).unwrap_or_else(|| {
            super::contradiction::record(self, other);
            Self::ENTIRE
        })
    }

    /// Smallest absolute value.
    ///
    /// Exact: zero where zero lies inside. A relative width that is measured against it is infinite where the sign is
    /// open.
    pub fn mignitude(&self) -> f64 {
        self.lo.max(-self.hi).max(0.0)
    }

    /// Nothing is known.
    ///
    /// A half-line is not: one bound is known.
    pub fn is_entire(&self) -> bool {
        self.lo == f64::NEG_INFINITY && self.hi == f64::INFINITY
    }
}

/// One step down: a lower bound of the exact result behind the correctly rounded `x`.
///
/// Rounding to nearest never passes a neighbour: if the exact result were below `next_down(x)`, that double would be
/// nearer. After an overflow to `+inf` it is the largest double, which the exact result exceeds.
#[inline]
pub(crate) fn down(x: f64) -> f64 {
    x.next_down()
}

/// One step up: an upper bound of the exact result behind the correctly rounded `x`.
///
/// After an overflow to `-inf` it is the lowest finite double.
#[inline]
pub(crate) fn up(x: f64) -> f64 {
    x.next_up()
}

/// Rounding error of `s = a + b` (Knuth's two-sum). After an overflow, also one inside, it is not finite, which then
/// counts as inexact.
///
/// For finite doubles whose sum does not overflow, `a + b = s + e` exactly, in rounding to nearest, without an
/// assumption on which of the two is larger (Knuth, The Art of Computer Programming 2, section 4.2.2, Theorem B).
/// Underflow does no harm: a sum of doubles is never inexact in the subnormal range.
#[inline]
fn sum_error(a: f64, b: f64, s: f64) -> f64 {
    let bb = s - a;
    (a - (s - bb)) + (b - bb)
}

/// Lower bound of the sum of two ends that are not `+inf`: s itself where the exact error is `>= 0`, since then
/// `a + b >= s`, else the double below s. So it is the exact sum rounded down.
///
/// An infinite end makes the error NaN, and the step down leaves `-inf` where it is.
#[inline]
fn add_down(a: f64, b: f64) -> f64 {
    let s = a + b;
    let e = sum_error(a, b, s);
    if (0.0..f64::INFINITY).contains(&e) { s } else { down(s) }
}

/// Upper bound of the sum of two ends that are not `-inf`: minus the lower bound of the negated sum.
#[inline]
fn add_up(a: f64, b: f64) -> f64 {
    0.0 - add_down(-a, -b)
}

/// Is the rounded product `p` of `a` and `b` certainly exact? A product of numbers of i and j significant bits has at
/// most i + j, and as many as the other factor if one is a power of two. Sufficient, not necessary.
///
/// With z trailing zeros a significand has `53 - z` significant bits. So `i + j >= 53` zeros leave at most 53 bits in
/// the product, and a factor with 52 zeros is a power of two. Both need a result in the normal range, where 53 bits
/// fit.
#[inline]
fn product_is_exact(a: f64, b: f64, p: f64) -> bool {
    // The marker at the hidden bit makes 52 the count of a power of two; a subnormal number only has fewer bits.
    let zeros = |x: f64| (x.to_bits() | 1 << 52).trailing_zeros();
    let (i, j) = (zeros(a), zeros(b));
    // 52 is reached by few products, so one comparison settles most. The least normal number is excluded: a product
    // below it may have been rounded up to it.
    i + j >= 52 && (i + j >= 53 || i == 52 || j == 52) && p.abs() > f64::MIN_POSITIVE && p.is_finite()
}

/// A product or quotient that came out as zero or NaN: its factors decide. Zero times an infinite end is zero, as the
/// numbers in the set are finite; an underflow is bounded by zero on its own side.
///
/// `zero`: the exact result is zero. Otherwise factors of one sign have a positive result, bounded below by 0, and
/// factors of opposite signs one that lies between `-TINY` and 0.
#[cold]
fn vanished_down(a: f64, b: f64, zero: bool) -> f64 {
    if zero || (a > 0.0) == (b > 0.0) { 0.0 } else { down(0.0) }
}

/// Lower bound of the product of two ends.
///
/// Hypothesis: neither is NaN. NaN as a product means zero times infinity.
#[inline]
fn mul_down(a: f64, b: f64) -> f64 {
    let p = a * b;
    if p == 0.0 || p.is_nan() {
        vanished_down(a, b, a == 0.0 || b == 0.0)
    } else if product_is_exact(a, b, p) {
        p
    } else {
        down(p)
    }
}

/// Upper bound of the product of two ends.
#[inline]
fn mul_up(a: f64, b: f64) -> f64 {
    0.0 - mul_down(-a, b)
}

/// Lower bound of the quotient of two ends, `b` not zero, not both infinite.
///
/// The quotient q is exact if the product `q b` is formed exactly and gives a back.
#[inline]
fn div_down(a: f64, b: f64) -> f64 {
    let q = a / b;
    if q == 0.0 {
        vanished_down(a, b, a == 0.0)
    } else if product_is_exact(q, b, a) && q * b == a {
        q
    } else {
        down(q)
    }
}

/// Upper bound of the quotient, under the same hypotheses.
#[inline]
fn div_up(a: f64, b: f64) -> f64 {
    0.0 - div_down(-a, b)
}

/// A root is exact if its square, formed exactly, gives the argument back.
///
/// Sufficient only: a square in the lowest part of the range of f64 is never called exact.
#[inline]
fn root_is_exact(root: f64, x: f64) -> bool {
    root * root == x && product_is_exact(root, root, x)
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
        Self { lo: add_down(self.lo, o.lo), hi: add_up(self.hi, o.hi) }
    }
}

impl Sub for Interval {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        self + (-o)
    }
}

/// Nine cases by the signs of the two sets; only where both have zero inside are two candidates needed for each end.
/// The whole line absorbs, which the cases by themselves would not give for a factor `[0, 0]`.
impl Mul for Interval {
    type Output = Self;
    #[inline]
    fn mul(self, o: Self) -> Self {
        let (a, b) = (self, o);
        if a.is_entire() || b.is_entire() {
            return Self::ENTIRE;
        }
        let (lo, hi) = if a.lo >= 0.0 {
            if b.lo >= 0.0 {
                (mul_down(a.lo, b.lo), mul_up(a.hi, b.hi))
            } else if b.hi <= 0.0 {
                (mul_down(a.hi, b.lo), mul_up(a.lo, b.hi))
            } else {
                (mul_down(a.hi, b.lo), mul_up(a.hi, b.hi))
            }
        } else if a.hi <= 0.0 {
            if b.lo >= 0.0 {
                (mul_down(a.lo, b.hi), mul_up(a.hi, b.lo))
            } else if b.hi <= 0.0 {
                (mul_down(a.hi, b.hi), mul_up(a.lo, b.lo))
            } else {
                (mul_down(a.lo, b.hi), mul_up(a.lo, b.lo))
            }
        } else if b.lo >= 0.0 {
            (mul_down(a.lo, b.hi), mul_up(a.hi, b.hi))
        } else if b.hi <= 0.0 {
            (mul_down(a.hi, b.lo), mul_up(a.lo, b.lo))
        } else {
            let lo = mul_down(a.lo, b.hi).min(mul_down(a.hi, b.lo));
            (lo, mul_up(a.lo, b.lo).max(mul_up(a.hi, b.hi)))
        };
        Self { lo, hi }
    }
}

/// The divisor is brought to `b >= 0` by changing both signs; what then still has a negative element, or is zero,
/// contains zero inside and gives the whole line. For b that touches zero the quotient is a half-line if a has one
/// sign. Otherwise each end of a is divided by the end of b that makes it more extreme.
impl Div for Interval {
    type Output = Self;
    #[inline]
    fn div(self, o: Self) -> Self {
        let (a, b) = if o.lo >= 0.0 && o.hi > 0.0 { (self, o) } else { (-self, -o) };
        if b.lo < 0.0 || b.hi <= 0.0 || a.is_entire() {
            return Self::ENTIRE;
        }
        if b.lo == 0.0 {
            // The exact divisor is positive, and as small as it likes.
            return if a.lo >= 0.0 {
                Self { lo: div_down(a.lo, b.hi), hi: f64::INFINITY }
            } else if a.hi <= 0.0 {
                Self { lo: f64::NEG_INFINITY, hi: div_up(a.hi, b.hi) }
            } else {
                Self::ENTIRE
            };
        }
        let lo = if a.lo >= 0.0 { div_down(a.lo, b.hi) } else { div_down(a.lo, b.lo) };
        let hi = if a.hi >= 0.0 { div_up(a.hi, b.lo) } else { div_up(a.hi, b.hi) };
        Self { lo, hi }
    }
}

operators!(plain Interval);

impl Ring for Interval {
    /// Beyond `2^53` the conversion rounds to nearest, and a step outward on each side encloses.
    fn from_i64(v: i64) -> Self {
        let x = v as f64;
        if v.unsigned_abs() <= 1 << 53 { Self::point(x) } else { Self { lo: down(x), hi: up(x) } }
    }

    /// Even powers are not negative: an interval around zero is not multiplied by itself as if independent.
    ///
    /// Small powers of bounded sets stay in doubles, which is faster; the others take the power of each end in MPFR,
    /// correctly rounded at 64 bits, then outward to doubles. `n = 0` gives one.
    fn powi(&self, n: u32) -> Self {
        if n == 0 {
            return Self::one();
        }
        let base = if n.is_multiple_of(2) { self.abs() } else { *self };
        let end = |x: f64| (1..n).fold(Self::point(x), |p, _| p * Self::point(x));
        if n <= 8 && base.is_bounded() {
            // x^n is monotone on the base, so the ends decide.
            return end(base.lo).hull(&end(base.hi));
        }
        Big::from_interval(&base, 64).powi(n).to_interval()
    }
}

impl Field for Interval {
    /// The two neighbouring doubles of q, or q itself where it is one.
    fn from_rational(q: &Rational, _bits: u32) -> Self {
        Big::from_rational(q, 53).to_interval()
    }
}

/// `exp`, `ln` and their kin cost a conversion to MPFR and back. Ends are evaluated apart, each rounded outward, as
/// the functions are monotone.
impl Real for Interval {
    /// Negative elements are dropped; where nothing is left, the whole line. The lower end is never below zero.
    fn sqrt(&self) -> Self {
        if self.hi < 0.0 {
            return Self::ENTIRE;
        }
        let (low, high) = (self.lo.max(0.0).sqrt(), self.hi.sqrt());
        let lo = if root_is_exact(low, self.lo) { low } else { down(low).max(0.0) };
        let hi = if self.hi == 0.0 || root_is_exact(high, self.hi) { high } else { up(high) };
        Self { lo, hi }
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
    fn exp_m1(&self) -> Self {
        Big::from_interval(self, 53).exp_m1().to_interval()
    }
    fn ln(&self) -> Self {
        Big::from_interval(self, 53).ln().to_interval()
    }
    fn ln_1p(&self) -> Self {
        Big::from_interval(self, 53).ln_1p().to_interval()
    }
    /// At 64 bits, so that the last rounding to doubles decides the width.
    fn pow_ratio(&self, num: i64, den: u32) -> Self {
        Big::from_interval(self, 64).pow_ratio(num, den).to_interval()
    }
}

impl Enclosure for Interval {
    type Point = f64;

    fn bits(&self) -> u32 {
        53
    }
    fn point(&self) -> f64 {
        self.mid()
    }
    fn from_point(p: &f64) -> Self {
        Self::point(*p)
    }
    fn between(lower: &Self, upper: &Self) -> Self {
        Self::proved(lower.lo, upper.hi)
    }
    fn lower_end(&self) -> Self {
        Self::point(self.lo)
    }
    fn upper_end(&self) -> Self {
        Self::point(self.hi)
    }
    fn exponent(&self) -> Option<i32> {
        let m = self.magnitude();
        if m == 0.0 || !m.is_finite() {
            return None;
        }
        // 2^54 lifts a subnormal number into the normal range, exactly.
        let (m, lifted) = if m.is_normal() { (m, 0) } else { (m * 2f64.powi(54), 54) };
        // The biased exponent field of 1 is 1023, and 1 < 2^1.
        Some((m.to_bits() >> 52) as i32 - 1022 - lifted)
    }
    /// Steps of `2^1000` at most: a single factor `2^k` may overflow or vanish where the product is in range.
    fn scale(&self, k: i32) -> Self {
        // Factors within the range of f64, each product rounded outward if it is not exact.
        let (mut out, mut left) = (*self, k);
        while left != 0 {
            let step = left.clamp(-1000, 1000);
            out *= Self::point(2f64.powi(step));
            left -= step;
        }
        out
    }
    fn is_bounded(&self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }
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
    fn from_big(b: &Big, _bits: u32) -> Self {
        b.to_interval()
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
