//! Exact arguments for the cases that no enclosure decides: the sides of an inequality are equal, and that is proved.
//!
//! An argument is data, not a verdict: the order of the sides is computed from it here, in rationals. None of them
//! assumes the inequality under audit.
//!
//! Each argument stands for a small theorem. `Order`: increasing functions keep the order, so squares of nonnegative
//! sides may be compared, or both sides times one positive number. `Roots` and `Difference`: Besicovitch's theorem on
//! square roots ([`Surd::vanishes`]). `Ordered`: products of powers, compared by a whole power
//! ([`crate::formula::in_powers`]). `Largest` and `AtMost`: the inertia of `A - c B` has as many positive entries as
//! `A v = mu B v` has eigenvalues above c (Sylvester's law, B positive definite).
//!
//! Who writes an argument down answers for it that it is about these two sides; it is asked only where an enclosure
//! contains zero and is narrow, of 640 bits unless the argument was read off the formula; so a wrong one cannot turn
//! a clear failure into a success.

use crate::arithmetic::{Rational, short};
use crate::formula::Surd;
use crate::linalg::Inertia;
use num_traits::Zero;
use std::cmp::Ordering;

/// What is known exactly of two sides.
#[derive(Clone, Debug)]
pub enum Tie {
    /// The sides compare as these two rationals do: their squares or other powers (both sides not negative), multiples
    /// by one positive factor, or the sides themselves where the irrational parts cancel.
    Order(Rational, Rational),
    /// `greater - lesser = sum_i c_i sqrt(r_i)`, as pairs `(c_i, r_i)`, r_i >= 0.
    Roots(Vec<(Rational, Rational)>),
    /// `greater - lesser`, or its opposite, read off the formula.
    Difference(Surd),
    /// The order of the greater side to the lesser, read off the formula.
    Ordered(Ordering),
    /// The sides are one expression wherever these parameters are equal; elsewhere nothing is known.
    Same(Rational, Rational),
    /// The greater side is the largest eigenvalue of `A v = c B v`, A symmetric, B positive definite; this is the
    /// inertia of `A - c B` at c, the lesser side.
    Largest(Inertia),
    /// The same where that eigenvalue is the lesser side, and c the greater.
    AtMost(Inertia),
}

impl Tie {
    /// The parameter at which the sides are one expression is zero here.
    ///
    /// For sides that differ by terms with this factor.
    pub fn where_zero(parameter: Rational) -> Self {
        Self::Same(parameter, Rational::zero())
    }
    /// The order of the greater side to the lesser, where the argument decides it.
    ///
    /// `None` leaves the sides undecided.
    pub(crate) fn order(&self) -> Option<Ordering> {
        match self {
            Self::Order(greater, lesser) => Some(greater.cmp(lesser)),
            Self::Roots(terms) => Surd::of(terms.iter().cloned()).vanishes().then_some(Ordering::Equal),
            Self::Difference(terms) => terms.vanishes().then_some(Ordering::Equal),
            Self::Ordered(order) => Some(*order),
            Self::Same(a, b) => (a == b).then_some(Ordering::Equal),
            Self::Largest(counts) => Some(counts.largest()),
            Self::AtMost(counts) => Some(counts.largest().reverse()),
        }
    }
    /// In a few words, for a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Order(a, b) => format!("{} against {}", short(a), short(b)),
            Self::Roots(terms) => format!("a sum of {} square roots", terms.len()),
            Self::Difference(terms) => format!("a sum of {} square roots", terms.terms()),
            Self::Ordered(order) => format!("products of powers: {order:?}"),
            Self::Same(a, b) => format!("one expression where {} = {}", short(a), short(b)),
            Self::Largest(counts) | Self::AtMost(counts) => {
                format!("inertia ({}, {}, {})", counts.negative, counts.zero, counts.positive)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(terms: &[(i64, i64)]) -> Tie {
        Tie::Roots(terms.iter().map(|&(c, r)| (Rational::from(c), Rational::from(r))).collect())
    }

    #[test]
    fn sums_of_square_roots_vanish_exactly_where_they_do() {
        // sqrt(2) + sqrt(8) = sqrt(18); sqrt(2) + sqrt(3) is not sqrt(10), though close: (5 + 2 sqrt(6) against 10).
        assert_eq!(roots(&[(1, 2), (1, 8), (-1, 18)]).order(), Some(Ordering::Equal));
        assert_eq!(roots(&[(1, 2), (1, 3), (-1, 10)]).order(), None);
        assert_eq!(roots(&[(3, 4), (-6, 1), (5, 0)]).order(), Some(Ordering::Equal));
        assert_eq!(roots(&[(1, 2), (-1, 3)]).order(), None);
        assert_eq!(roots(&[(0, -1)]).order(), None);
        assert_eq!(roots(&[]).order(), Some(Ordering::Equal));
    }

    #[test]
    fn an_argument_that_does_not_apply_says_nothing() {
        let q = Rational::from;
        assert_eq!(Tie::Same(q(1), q(2)).order(), None);
        assert_eq!(Tie::where_zero(q(0)).order(), Some(Ordering::Equal));
        assert_eq!(Tie::Order(q(1), q(2)).order(), Some(Ordering::Less));
        let counts = |negative, zero, positive| Tie::Largest(Inertia { negative, zero, positive });
        assert_eq!(counts(2, 1, 0).order(), Some(Ordering::Equal));
        assert_eq!(counts(2, 1, 1).order(), Some(Ordering::Greater));
        assert_eq!(counts(3, 0, 0).order(), Some(Ordering::Less));
        let below = Tie::AtMost(Inertia { negative: 3, zero: 0, positive: 0 });
        assert_eq!(below.order(), Some(Ordering::Greater));
    }
}
