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
//! | `f64` | an approximation that decides nothing | `Computed` |
//!
//! The trait ladder is [`Ring`] (polynomial identities), [`Field`] (solving), [`Real`] (norms, powers) and
//! [`Enclosure`] (a rigorous [`Real`]: it can answer "certainly positive?").
//! Enclosures implement `PartialEq` because `nalgebra` asks for it: it compares representations, not numbers.
//! They do not implement `PartialOrd`: an order between sets has to say what it means
//! ([`Enclosure::is_positive`], [`Enclosure::is_negative`]).

mod big;
mod dual;
mod float;
mod interval;
mod rational;

pub use big::Big;
pub use dual::Dual;
pub use interval::Interval;
pub use rational::Rational;

use nalgebra::{ClosedAddAssign, ClosedDivAssign, ClosedMulAssign, ClosedSubAssign, Scalar};
use num_traits::{One, Zero};
use std::ops::Neg;

/// Commutative ring with exact small integers: enough for every polynomial of the paper.
pub trait Ring:
    Scalar + Zero + One + ClosedAddAssign + ClosedSubAssign + ClosedMulAssign + Neg<Output = Self> + Send + Sync
{
    /// The integer `v`, exactly, when `|v| <= 2^53`.
    fn from_i64(v: i64) -> Self;

    /// `self^n` by repeated squaring; `x^0 = 1`, also for `x = 0`.
    fn powi(&self, mut n: u32) -> Self {
        let (mut base, mut out) = (self.clone(), Self::one());
        while n > 0 {
            if n & 1 == 1 {
                out *= base.clone();
            }
            n >>= 1;
            if n > 0 {
                base = base.clone() * base;
            }
        }
        out
    }
}

/// A ring with division. Dividing by an enclosure that contains zero gives the whole line.
pub trait Field: Ring + ClosedDivAssign {
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
    /// Natural logarithm; an enclosure that touches zero has the lower end `-inf`.
    fn ln(&self) -> Self;

    /// `self^(num/den)` for `self >= 0`; `x^0 = 1` (the paper's `norm(w*)^(2-2/L)` at L = 1), `0^q = 0` for `q > 0`.
    fn pow_ratio(&self, num: i64, den: u32) -> Self {
        if num == 0 {
            return Self::one();
        }
        if num > 0 && self.is_zero() {
            return Self::zero();
        }
        if num > 0 && i64::from(den) != 0 && num % i64::from(den) == 0 {
            return self.powi((num / i64::from(den)) as u32);
        }
        let exponent = Self::from_i64(num) / Self::from_i64(i64::from(den));
        (self.ln() * exponent).exp()
    }
}

/// A rigorous real: the set it stands for contains the exact value, whatever was rounded on the way.
pub trait Enclosure: Real {
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
        (-self.clone()).is_positive()
    }
    /// The exact rational lies in the set.
    fn contains(&self, q: &Rational) -> bool;
    /// An f64 interval carried on at `bits` of precision.
    fn from_interval(i: &Interval, bits: u32) -> Self;
    /// A representable point inside, near the middle, as a degenerate enclosure.
    fn midpoint(&self) -> Self;
    /// The smallest set of this type that contains both.
    fn hull(&self, other: &Self) -> Self;
    /// The enclosure `[max(self), max(other)]` of the larger of two numbers.
    fn max(&self, other: &Self) -> Self;
    /// The enclosure of the smaller of two numbers.
    fn min(&self, other: &Self) -> Self {
        -((-self.clone()).max(&-other.clone()))
    }
    /// Rounded outward to f64 ends.
    fn to_interval(&self) -> Interval {
        Interval::new(self.lo(), self.hi())
    }
    /// Both ends are finite.
    fn is_bounded(&self) -> bool {
        self.lo().is_finite() && self.hi().is_finite()
    }
}

/// `den^-th` root and power of an exact rational, as an enclosure: `q^(num/den)`.
pub fn rational_power<E: Enclosure>(q: &Rational, num: i64, den: u32, bits: u32) -> E {
    if q.is_zero() && num > 0 {
        return E::zero();
    }
    E::from_rational(q, bits).pow_ratio(num, den)
}
