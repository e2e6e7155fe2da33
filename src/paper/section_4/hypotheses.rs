//! Hypotheses of the statements of Section 4.
//!
//! Each is a function of the constants of a start, so that a claim names its hypotheses where it names its
//! inequality. The answer has three values and a fourth for what is of another kind ([`Assumption`]): an instance
//! outside counts as out of scope, one that is not decided as undecided, never as a success. Where the paper's
//! hypothesis is stronger than what a sharpened form needs, both are here: [`a3`] as printed, [`l_epsilon`] in its
//! place.

use crate::arithmetic::{Interval, Rational, Ring};
use crate::flow::invariants::exact;
use crate::harness::Assumption;
use crate::paper::section_4::setting::Setting;
use num_traits::One;

/// Which hypotheses a form needs.
pub type Hypotheses = fn(&Setting) -> Assumption;

/// Hypotheses of Lemmas 1 and 2: none.
pub fn any(_: &Setting) -> Assumption {
    Assumption::Holds
}

/// A pair of layers.
pub fn deep(s: &Setting) -> Assumption {
    Assumption::unless_outside(s.depth == 1, "L = 1: no pair of layers")
}

/// (A1), (A2), L >= 2. For L = 1 the inequality of Theorem 3 is that of Lemma 8, an equality on white data and in the
/// limit on all data, which no enclosure decides: its own claim does.
pub fn a2_deep(s: &Setting) -> Assumption {
    s.a2.clone().and(Assumption::unless_outside(s.depth == 1, "L = 1: an equality in the limit, see lemma-8"))
}

/// (A1), (A2).
pub fn a2(s: &Setting) -> Assumption {
    s.a2.clone()
}

/// (A1), (A2), (A3).
pub fn a3(s: &Setting) -> Assumption {
    s.a2.clone().and(s.a3.clone())
}

/// (A1), (A2), norm(w*) >= 1 and L epsilon <= 1: weaker than (A3).
pub fn l_epsilon(s: &Setting) -> Assumption {
    l_epsilon_below(s, 1, "L epsilon <= 1")
}

/// The same with another number, in words `part`.
///
/// `part` is what a refusal says. Both margins are enclosures: `norm(w*) - 1` and `most - L epsilon`.
pub(crate) fn l_epsilon_below(s: &Setting, most: impl Into<Rational>, part: &str) -> Assumption {
    let product = Interval::from_i64(s.depth as i64) * s.initial.epsilon();
    let size = Assumption::of_margin(&(s.w_star_norm - Interval::one()), "norm(w*) >= 1");
    s.a2.clone().and(size).and(Assumption::of_margin(&(exact(&most.into()) - product), part))
}
