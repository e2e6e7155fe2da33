//! Statements `greater >= lesser` between enclosures: lists of pairs of sides, and how they are judged together.
//!
//! A formula gives its pairs in a scene ([`pairs`]); what no formula says gives them by code.
//!
//! Used for statements about many points at once, such as the times of a trajectory: the statement at an instance
//! holds if every pair does, and its margin and ratio are the least. The arithmetic is f64 intervals, and there is no
//! ladder: the enclosures come from a computation that is not repeated at a higher precision.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Real};
use crate::formula::{Relation, Says, Scene, Value, sides};
use crate::harness::claim::Evaluation;
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
    /// `None` where the enclosures overlap.
    ///
    /// The answer is certain: every number of one enclosure against every number of the other.
    pub fn holds(&self) -> Option<bool> {
        let difference = self.greater - self.lesser;
        (difference.is_nonnegative() || difference.is_negative()).then(|| difference.is_nonnegative())
    }
}

/// The pairs that a formula consists of in a scene, one for every link at every value of its indices.
///
/// # Errors
/// Names what has no value; a link that no enclosure proves (an equation, a strict relation).
pub fn pairs(says: &Says, scene: &dyn Scene<Interval>) -> Result<Vec<Pair>, String> {
    let number = |side: Result<Value<Interval>, String>| match side? {
        Value::Scalar(v) => Ok(v),
        other => Err(format!("{other:?} is no number")),
    };
    let of = |(a, relation, b)| match relation {
        Relation::AtLeast => Ok(Pair::new(number(a)?, number(b)?)),
        Relation::AtMost => Ok(Pair::new(number(b)?, number(a)?)),
        _ => Err(format!("{relation:?} between enclosures")),
    };
    sides(says, scene, 53)?.into_iter().map(of).collect()
}

/// Decides a list of pairs at a strength: the least margin and ratio, and whether each is certain.
///
/// The rules: one pair that certainly fails refutes; else one that is not decided leaves all undecided; no pair at
/// all is undecided. A pair of two exact zeros holds at every strength and is left out of margin and ratio, since it
/// strains nothing. The margin is that of the pair with the least lower end,
/// `(greater - strength lesser)/max(|greater|, |strength lesser|)`, the ratio likewise of those with a positive
/// lesser side and a bounded quotient.
pub fn judge(pairs: impl IntoIterator<Item = Pair>, strength: &Rational, arithmetic: &str) -> Evaluation {
    let factor = Interval::from_rational(strength, 53);
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
        let holds = Pair::new(greater, scaled).holds();
        fails |= holds == Some(false);
        undecided |= holds.is_none();
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

/// [`judge`] of lists of which one may lack a value: then nothing is decided.
pub fn judge_all(
    lists: impl IntoIterator<Item = Result<Vec<Pair>, String>>,
    strength: &Rational,
    arithmetic: &str,
) -> Evaluation {
    match lists.into_iter().collect::<Result<Vec<_>, _>>() {
        Ok(lists) => judge(lists.into_iter().flatten(), strength, arithmetic),
        Err(why) => Evaluation::undecided(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Table, var, vars};
    use crate::harness::evidence::Verdict;

    #[test]
    fn a_formula_gives_a_pair_for_every_link_and_index() {
        let scene = Table::default().scalar("L", Interval::point(2.0)).scalar("x", Interval::point(3.0));
        let [depth, k, x] = vars(["L", "k", "x"]);
        let chain = k.at_most(&depth).at_most(&x).each("k", 1, &depth);
        let told: Vec<[f64; 2]> =
            pairs(&chain, &scene).unwrap().iter().map(|p| [p.greater.mid(), p.lesser.mid()]).collect();
        assert_eq!(told, [[2.0, 1.0], [3.0, 2.0], [2.0, 2.0], [3.0, 2.0]]);
        assert_eq!(pairs(&x.at_least(var("y")), &scene).unwrap_err(), "y has no value");
        let lists = |says: &Says| judge_all([pairs(&chain, &scene), pairs(says, &scene)], &Rational::one(), "");
        assert_eq!(lists(&x.at_least(1)).verdict, Verdict::Holds);
        assert_eq!(lists(&x.at_least(4)).verdict, Verdict::Fails);
        assert_eq!(lists(&x.at_least(var("y"))).reason.as_deref(), Some("y has no value"));
        assert!(pairs(&x.equals(&depth), &scene).unwrap_err().contains("Equals"));
    }

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
