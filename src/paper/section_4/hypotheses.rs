//! Statements of Section 4: pairs of sides, the hypotheses under which they are made, and how they are judged.

use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::flow::observables::Observables;
use crate::harness::claim::Evaluation;
use crate::paper::section_4::setting::{Assumption, Setting, exact};
use num_traits::{One, Zero};

/// `greater >= lesser`, both enclosed.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The side said to be at least the other.
    pub greater: Interval,
    /// The other.
    pub lesser: Interval,
}

impl Pair {
    /// `greater >= lesser`.
    pub fn new(greater: Interval, lesser: Interval) -> Self {
        Self { greater, lesser }
    }
}

/// A statement at one moment.
pub type Pairs = fn(&Observables, &Setting) -> Vec<Pair>;

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
pub(crate) fn l_epsilon_below(s: &Setting, most: impl Into<Rational>, part: &str) -> Assumption {
    let product = Interval::from_i64(s.depth as i64) * s.initial.epsilon();
    let size = Assumption::of_margin(&(s.w_star_norm - Interval::one()), "norm(w*) >= 1");
    s.a2.clone().and(size).and(Assumption::of_margin(&(exact(&most.into()) - product), part))
}

/// Decides a list of pairs at a strength: the least margin and ratio, and whether each is certain.
pub fn judge(pairs: impl IntoIterator<Item = Pair>, strength: &Rational, arithmetic: &str) -> Evaluation {
    let factor = exact(strength);
    let (mut undecided, mut fails, mut seen) = (false, false, false);
    // Of pairs that are not zero against zero, if there are such.
    let mut margin: Option<Interval> = None;
    let mut ratio: Option<Interval> = None;
    for Pair { greater, lesser } in pairs {
        seen = true;
        let scaled = if strength.is_one() { lesser } else { factor * lesser };
        let difference = greater - scaled;
        if greater.is_zero() && scaled.is_zero() {
            continue;
        }
        let here = if difference.is_zero() {
            Interval::zero()
        } else {
            difference / Enclosure::max(&greater.abs(), &scaled.abs())
        };
        fails |= difference.is_negative();
        undecided |= !difference.is_nonnegative() && !difference.is_negative();
        if margin.is_none_or(|m| here.lo() < m.lo()) {
            margin = Some(here);
        }
        if lesser.is_positive() {
            let r = greater / lesser;
            if r.is_bounded() && ratio.is_none_or(|m| r.lo() < m.lo()) {
                ratio = Some(r);
            }
        }
    }
    let mut out = if fails {
        Evaluation::decided(false, arithmetic)
    } else if undecided || !seen {
        Evaluation::undecided("the margin contains zero at a point of the trajectory")
    } else {
        Evaluation::decided(true, arithmetic)
    };
    if !seen {
        out = Evaluation::undecided("the trajectory has no point at which the statement speaks");
    }
    out.margin = margin.or_else(|| seen.then(Interval::zero));
    out.ratio = ratio.or(out.ratio);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::evidence::Verdict;

    #[test]
    fn zero_against_zero_strains_nothing() {
        let pair = |a, b| Pair::new(Interval::point(a), Interval::point(b));
        let all = [pair(0.0, 0.0), pair(2.0, 1.0), pair(3.0, 1.0)];
        let both = judge(all, &Rational::one(), "f64 intervals");
        assert_eq!((both.verdict, both.margin), (Verdict::Holds, Some(Interval::point(0.5))));
        assert_eq!(both.ratio, Some(Interval::point(2.0)));
        let alone = judge(all.into_iter().take(1), &Rational::one(), "f64 intervals");
        assert_eq!((alone.verdict, alone.margin, alone.ratio), (Verdict::Holds, Some(Interval::zero()), None));
        assert_eq!(judge(all.into_iter().chain([pair(1.0, 2.0)]), &Rational::one(), "").verdict, Verdict::Fails);
        assert_eq!(judge([], &Rational::one(), "").verdict, Verdict::Undecided);
    }
}
