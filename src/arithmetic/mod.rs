//! The scalars: one set of traits, five arithmetics.
//!
//! A formula of the paper is written once, generic over these traits, and evaluated in
//!
//! | type | what an evaluation means | grade it can support |
//! | --- | --- | --- |
//! | [`Rational`] | exact | `Identity`, `Instance` |
//! | [`Interval`] | f64 ends rounded outward: contains the exact value | `Instance`, `Domain` |
//! | [`Big`] | the same at any MPFR precision | `Instance`, `Domain` |
//! | [`Dual`] | exact value and directional derivative over any ring | `Identity` |
//! | `f64`, [`Nearest`] | an approximation that decides nothing | `Computed` |
//!
//! The trait ladder is [`Ring`] (polynomial identities), [`Field`] (solving), [`Real`] (norms, powers) and
//! [`Enclosure`] (a rigorous [`Real`]: it can answer "certainly positive?").
//! Enclosures implement `PartialEq` because `nalgebra` asks for it: it compares representations, not numbers.
//! They do not implement `PartialOrd`: an order between sets has to say what it means
//! ([`Enclosure::is_positive`], [`Enclosure::is_negative`]).

mod big;
mod contradiction;
pub mod decimal;
mod dual;
mod environment;
mod float;
mod interval;
mod nearest;
mod operators;
mod rational;
mod taylor;
pub(crate) mod upward;

pub use big::Big;
pub use contradiction::no_contradiction;
pub(crate) use decimal::as_written;
pub use dual::Dual;
pub use environment::check_environment;
pub use interval::Interval;
pub use nearest::Nearest;
pub use rational::{Rational, short};
pub use taylor::TaylorModel;

use nalgebra::{ClosedAddAssign, ClosedDivAssign, ClosedMulAssign, ClosedSubAssign, Scalar};
use num_traits::{One, Zero};
use operators::{Named, Operators};
use std::ops::{AddAssign, Div, MulAssign, Neg, SubAssign};

/// Commutative ring with exact small integers: enough for every polynomial of the paper.
///
/// Operators take values and references (in a function over any ring too): `&x * &y + z`.
pub trait Ring:
    Scalar
    + Zero
    + One
    + ClosedAddAssign
    + ClosedSubAssign
    + ClosedMulAssign
    + Neg<Output = Self>
    + Send
    + Sync
    + for<'a> AddAssign<&'a Self>
    + for<'a> SubAssign<&'a Self>
    + for<'a> MulAssign<&'a Self>
    + for<'a> Operators<&'a Self, Self>
    + for<'a> Named<&'a Self, Is: Operators<Self, Self> + Operators<&'a Self, Self> + Neg<Output = Self>>
{
    /// The integer `v`, exactly, when `|v| <= 2^53`.
    fn from_i64(v: i64) -> Self;

    /// `self^n` by repeated squaring; `x^0 = 1`, also for `x = 0`.
    fn powi(&self, mut n: u32) -> Self {
        let (mut base, mut out) = (self.clone(), Self::one());
        while n > 0 {
            if n & 1 == 1 {
                out *= &base;
            }
            n >>= 1;
            if n > 0 {
                base = &base * &base;
            }
        }
        out
    }
}

/// A ring with division. Dividing by an enclosure with zero inside gives the whole line; by one that touches zero, a
/// half-line where the numerator has one sign: the caller knows that the exact divisor is not zero.
pub trait Field:
    Ring
    + ClosedDivAssign
    + for<'a> Div<&'a Self, Output = Self>
    + for<'a> Named<&'a Self, Is: Div<Self, Output = Self> + Div<&'a Self, Output = Self>>
{
    /// The rational `q`: exact, nearest, or enclosed with `bits` of precision, as the type can.
    fn from_rational(q: &Rational, bits: u32) -> Self;
}

/// A field with the elementary functions that the paper's statements use.
pub trait Real: Field {
    /// Square root. An enclosure is first intersected with `[0, inf)`: the caller knows that the exact
    /// argument is not negative.
    fn sqrt(&self) -> Self;
    /// Absolute value.
    fn abs(&self) -> Self;
    /// Exponential.
    fn exp(&self) -> Self;
    /// `exp(x) - 1`, accurate near zero.
    fn exp_m1(&self) -> Self;
    /// Natural logarithm. An enclosure is first intersected with `(0, inf)`; one that touches zero has the lower end
    /// `-inf`.
    fn ln(&self) -> Self;
    /// `ln(1 + x)`, accurate near zero. An enclosure is first intersected with `(-1, inf)`.
    fn ln_1p(&self) -> Self;

    /// `self^(num/den)` for `self >= 0`; `x^0 = 1` (the paper's `norm(w*)^(2-2/L)` at L = 1), `0^q = 0` for `q > 0`.
    ///
    /// An enclosure is first intersected with `[0, inf)`. A negative exponent of a set that touches zero has no upper
    /// bound; of the single point zero it is undefined, and so is `den = 0`: the whole line.
    fn pow_ratio(&self, num: i64, den: u32) -> Self;
}

/// A rigorous real: the set it stands for contains the exact value, whatever was rounded on the way.
///
/// Where an operation is undefined for every choice of arguments, or for some choice that it cannot exclude, the result
/// is the whole line, and the whole line absorbs: times zero it is still the whole line, so an undefined value cannot
/// be hidden by a zero factor.
pub trait Enclosure: Real {
    /// Numbers of the same precision rounded to nearest, for what only proposes.
    type Point: Nearest;

    /// Working precision in bits (53 for f64 ends).
    fn bits(&self) -> u32;
    /// A number inside, near the middle; zero or the finite end where unbounded.
    fn point(&self) -> Self::Point;
    /// Exactly the number `p`; the whole line if it is not finite.
    fn from_point(p: &Self::Point) -> Self;
    /// The set of all numbers from the lower end of `lower` to the upper end of `upper`: an enclosure of a number of
    /// which two bounds were proved apart. Bounds that cross are a bug: the whole line, and [`no_contradiction`]
    /// reports it.
    fn between(lower: &Self, upper: &Self) -> Self;
    /// The lower end alone, as a degenerate enclosure; the whole line if infinite.
    fn lower_end(&self) -> Self;
    /// The upper end alone, as a degenerate enclosure; the whole line if infinite.
    fn upper_end(&self) -> Self;
    /// Least k with `|x| < 2^k` for every x in the set; `None` for the single point zero and for unbounded sets.
    fn exponent(&self) -> Option<i32>;
    /// `2^k` times the set: exact, except where f64 ends leave their range (then rounded outward).
    fn scale(&self, k: i32) -> Self;
    /// `self += a b`, with a single rounding where the type can.
    fn add_product(&mut self, a: &Self, b: &Self) {
        *self += a * b;
    }
    /// `self -= a b`, with a single rounding where the type can.
    fn sub_product(&mut self, a: &Self, b: &Self) {
        *self -= a * b;
    }
    /// Sum of the products of pairs.
    fn dot<'a>(pairs: impl IntoIterator<Item = (&'a Self, &'a Self)>) -> Self {
        let mut sum = Self::zero();
        for (a, b) in pairs {
            sum.add_product(a, b);
        }
        sum
    }

    /// Largest f64 that is certainly not above the exact value.
    fn lo(&self) -> f64;
    /// Smallest f64 that is certainly not below the exact value.
    fn hi(&self) -> f64;
    /// Every value in the set is `> 0`.
    fn is_positive(&self) -> bool;
    /// Every value in the set is `>= 0`.
    fn is_nonnegative(&self) -> bool;
    /// Every value in the set is `< 0`.
    fn is_negative(&self) -> bool {
        (-self).is_positive()
    }
    /// The exact rational lies in the set.
    fn contains(&self, q: &Rational) -> bool;
    /// An f64 interval carried on at `bits` of precision.
    fn from_interval(i: &Interval, bits: u32) -> Self;
    /// A set of any precision, rounded outward to `bits`.
    fn from_big(b: &Big, bits: u32) -> Self;
    /// A representable point inside, near the middle, as a degenerate enclosure.
    fn midpoint(&self) -> Self;
    /// The smallest set of this type that contains both.
    fn hull(&self, other: &Self) -> Self;
    /// The enclosure `[max(self), max(other)]` of the larger of two numbers.
    fn max(&self, other: &Self) -> Self;
    /// The enclosure of the smaller of two numbers.
    fn min(&self, other: &Self) -> Self {
        -((-self).max(&-other))
    }
    /// Rounded outward to f64 ends.
    fn to_interval(&self) -> Interval {
        Interval::new(self.lo(), self.hi())
    }
    /// Both ends are finite numbers of the type (those of a [`Big`] may lie beyond the range of f64).
    fn is_bounded(&self) -> bool;
}

/// `den^-th` root and power of an exact rational, as an enclosure: `q^(num/den)`.
pub fn rational_power<E: Enclosure>(q: &Rational, num: i64, den: u32, bits: u32) -> E {
    if q.is_zero() && num > 0 {
        return E::zero();
    }
    E::from_rational(q, bits).pow_ratio(num, den)
}
