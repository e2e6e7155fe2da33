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
//!
//! # The way of a number
//!
//! A statement is generic over one of the traits. The harness evaluates it on [`Interval`] first, and where the sign
//! of a margin stays open on [`Big`] at 128, 256 and 512 bits; identities, and statements that offer it, are
//! evaluated on [`Rational`]. Exact input enters by [`Field::from_rational`], whose enclosures contain it, so that
//! the exact value of the formula lies in every enclosure that comes out.
//!
//! Whatever only proposes (an eigenvector, a factor, a shift, a step of an integrator) is computed in
//! [`Enclosure::Point`], which carries no error bound; it becomes an enclosure again by [`Enclosure::from_point`],
//! exactly, and a certificate on enclosures decides.
//!
//! [`TaylorModel`] is a ring too, but not an [`Enclosure`]: it stands for a set of functions on `[-1, 1]`.
//!
//! # What is trusted
//!
//! - f64 follows IEEE 754 with rounding to nearest, ties to even, and with subnormal numbers: [`check_environment`]
//!   tries it.
//! - MPFR rounds each elementary function in the direction asked for, and GMP's integers are exact.
//!
//! No code here changes the rounding mode of the processor: a step outward follows the rounding to nearest instead.
//!
//! # What is not here
//!
//! No trigonometric functions and no complex numbers: the paper needs none. An interval carries no decoration
//! (IEEE 1788) that tells whether a function was defined everywhere on its argument: where it was not, the result is
//! the whole line, or the argument is first cut to the domain, as the documentation of the function says.

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
    ///
    /// Beyond that, an enclosure of f64 ends encloses it and `f64` rounds it; rationals and MPFR enclosures hold
    /// every `i64` exactly.
    fn from_i64(v: i64) -> Self;

    /// `self^n` by repeated squaring; `x^0 = 1`, also for `x = 0`.
    ///
    /// At most `2 log2(n) + 1` products. An enclosure overrides it, because the product of a set with itself takes
    /// two independent elements: `[-1, 1] * [-1, 1]` is `[-1, 1]`, while the squares of the elements are in `[0, 1]`.
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
///
/// [`Rational`], and [`Dual`] over it, panic on division by zero; enclosures and doubles do not.
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
    ///
    /// Of an enclosure: the absolute values of its elements, so that a set with zero inside begins at zero.
    fn abs(&self) -> Self;
    /// Exponential.
    ///
    /// An enclosure takes the ends, as the function increases.
    fn exp(&self) -> Self;
    /// `exp(x) - 1`, accurate near zero.
    ///
    /// `exp(x) - 1` from the parts would lose all digits of a small x; enclosures would stay valid and become wide.
    fn exp_m1(&self) -> Self;
    /// Natural logarithm. An enclosure is first intersected with `(0, inf)`; one that touches zero has the lower end
    /// `-inf`.
    ///
    /// A set without a positive element gives the whole line.
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
///
/// Three facts hold of every implementation, and every certificate relies on them:
///
/// - *Inclusion.* For exact arguments in the argument sets the exact result lies in the result set.
/// - *No NaN.* Neither end is NaN; the lower end is below `+inf`, the upper above `-inf`. A set is never empty.
/// - *Signs are proofs.* [`Enclosure::is_positive`] and its kin compare exact ends with zero; `false` says that
///   nothing was proved, not that the opposite holds.
pub trait Enclosure: Real {
    /// Numbers of the same precision rounded to nearest, for what only proposes.
    type Point: Nearest;

    /// Working precision in bits (53 for f64 ends).
    fn bits(&self) -> u32;
    /// A number inside, near the middle; zero or the finite end where unbounded.
    ///
    /// Every certificate that is built on it is valid for any number that could stand here: only widths depend on its
    /// quality.
    fn point(&self) -> Self::Point;
    /// Exactly the number `p`; the whole line if it is not finite.
    fn from_point(p: &Self::Point) -> Self;
    /// The set of all numbers from the lower end of `lower` to the upper end of `upper`: an enclosure of a number of
    /// which two bounds were proved apart. Bounds that cross are a bug: the whole line, and [`no_contradiction`]
    /// reports it.
    ///
    /// Only the lower end of the first and the upper end of the second are read: each of the two may be wide on its
    /// other side.
    fn between(lower: &Self, upper: &Self) -> Self;
    /// The lower end alone, as a degenerate enclosure; the whole line if infinite.
    fn lower_end(&self) -> Self;
    /// The upper end alone, as a degenerate enclosure; the whole line if infinite.
    fn upper_end(&self) -> Self;
    /// Least k with `|x| < 2^k` for every x in the set; `None` for the single point zero and for unbounded sets.
    ///
    /// It serves to scale a matrix by a power of two into a range where squares neither overflow nor vanish.
    fn exponent(&self) -> Option<i32>;
    /// `2^k` times the set: exact, except where f64 ends leave their range (then rounded outward).
    fn scale(&self, k: i32) -> Self;
    /// `self += a b`, with a single rounding where the type can.
    ///
    /// [`Big`] rounds each end once, unless both a and b have zero inside or one of them is not bounded; the default
    /// rounds the product and the sum.
    fn add_product(&mut self, a: &Self, b: &Self) {
        *self += a * b;
    }
    /// `self -= a b`, with a single rounding where the type can.
    fn sub_product(&mut self, a: &Self, b: &Self) {
        *self -= a * b;
    }
    /// Sum of the products of pairs.
    ///
    /// Zero without pairs; summed in the order given, by [`Enclosure::add_product`].
    fn dot<'a>(pairs: impl IntoIterator<Item = (&'a Self, &'a Self)>) -> Self {
        let mut sum = Self::zero();
        for (a, b) in pairs {
            sum.add_product(a, b);
        }
        sum
    }

    /// Largest f64 that is certainly not above the exact value.
    ///
    /// Where the lower end of a [`Big`] lies beyond the range of f64: the largest finite double above zero, `-inf`
    /// below.
    fn lo(&self) -> f64;
    /// Smallest f64 that is certainly not below the exact value.
    fn hi(&self) -> f64;
    /// Every value in the set is `> 0`.
    ///
    /// Exact, also where an end of a [`Big`] is so small that [`Enclosure::lo`] is zero.
    fn is_positive(&self) -> bool;
    /// Every value in the set is `>= 0`.
    fn is_nonnegative(&self) -> bool;
    /// Every value in the set is `< 0`.
    ///
    /// By negation, which is exact.
    fn is_negative(&self) -> bool {
        (-self).is_positive()
    }
    /// The exact rational lies in the set.
    ///
    /// Decided without rounding, both ends included.
    fn contains(&self, q: &Rational) -> bool;
    /// An f64 interval carried on at `bits` of precision.
    fn from_interval(i: &Interval, bits: u32) -> Self;
    /// A set of any precision, rounded outward to `bits`.
    ///
    /// An [`Interval`] has 53 bits whatever is asked.
    fn from_big(b: &Big, bits: u32) -> Self;
    /// A representable point inside, near the middle, as a degenerate enclosure.
    ///
    /// The number of [`Enclosure::point`], exactly: zero or the finite end where the set is unbounded.
    fn midpoint(&self) -> Self;
    /// The smallest set of this type that contains both.
    ///
    /// The gap between disjoint sets is part of it. It joins cases of which one applies; for two bounds of one number
    /// there is [`Enclosure::between`].
    fn hull(&self, other: &Self) -> Self;
    /// The enclosure `[max(self), max(other)]` of the larger of two numbers.
    ///
    /// It is the set of the maxima of their elements, so no wider than the wider of the two.
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
///
/// Zero to a positive power is exactly zero. For any other q it is [`Real::pow_ratio`] of the enclosed q, with its
/// conventions: a negative q, and `0^(num/den)` with a negative exponent, give the whole line.
pub fn rational_power<E: Enclosure>(q: &Rational, num: i64, den: u32, bits: u32) -> E {
    if q.is_zero() && num > 0 {
        return E::zero();
    }
    E::from_rational(q, bits).pow_ratio(num, den)
}
