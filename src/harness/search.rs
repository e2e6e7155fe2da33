//! From an instance to others: towards less slack, and towards a counterexample that is shorter to write down.
//!
//! Both searches are deterministic: they use no random numbers, and among equals the first counts. What they find is
//! evaluated like any instance, so a search can fail to find, but not find what is not there.

use super::claim::{Evaluation, Prepared};
use super::evidence::{Counterexample, Verdict};
use crate::arithmetic::{Enclosure, Interval, Rational};
use rayon::prelude::*;

/// A step that gains less than this share is not worth the longer rationals it brings.
///
/// Climbing stops at the first round in which no neighbour is better by this share.
const WORTH: f64 = 1e-6;

/// Steps after which a counterexample is small enough.
const SHRINK_ROUNDS: usize = 400;

/// Hill climbing from an instance, evaluated as `start`, towards the least slack: where it ended, if it moved.
///
/// The slack is the upper end of the ratio `greater/lesser`. In each round all neighbours of the present instance are
/// evaluated, and the one with the least slack among those that hold or fail takes its place, if it is better by
/// [`WORTH`]. `None` where no neighbour of the first instance is better, or it has none. A climb may end in a
/// counterexample: its ratio is below the strength.
pub(super) fn climb(
    list: &dyn Prepared,
    at: usize,
    start: &Evaluation,
    strength: &Rational,
    rounds: usize,
) -> Option<(Counterexample, Evaluation)> {
    let slack = |e: &Evaluation| e.ratio.filter(Interval::is_bounded).map_or(f64::INFINITY, |r| r.hi());
    let mut near = list.neighbours(at);
    let mut least = slack(start);
    let mut best = None;
    for _ in 0..rounds {
        let tried: Vec<Evaluation> = (0..near.len()).into_par_iter().map(|n| near.evaluate(n, strength)).collect();
        let decided =
            tried.into_iter().enumerate().filter(|(_, e)| matches!(e.verdict, Verdict::Holds | Verdict::Fails));
        let next = decided.min_by(|a, b| slack(&a.1).total_cmp(&slack(&b.1)));
        let Some((n, e)) = next.filter(|(_, e)| slack(e) < least * (1.0 - WORTH)) else { break };
        least = slack(&e);
        let further = near.neighbours(n);
        best = Some((std::mem::replace(&mut near, further), n, e));
    }
    best.map(|(list, n, e)| (told(list.as_ref(), n, &e, "climbed"), e))
}

/// Greedy descent from a counterexample to a smaller one.
///
/// In each round the first of the simpler neighbours that still fails takes the place of the counterexample; the list
/// is in the order of simplicity, and is evaluated no further. It ends where no simpler neighbour fails.
pub(super) fn shrink(list: &dyn Prepared, at: usize, start: &Evaluation, strength: &Rational) -> Counterexample {
    let mut best = None;
    for _ in 0..SHRINK_ROUNDS {
        let (list, at) = best.as_ref().map_or((list, at), |(l, n, _): &(Box<dyn Prepared>, _, _)| (l.as_ref(), *n));
        let smaller = list.simpler(at);
        let mut evaluated = (0..smaller.len()).map(|n| (n, smaller.evaluate(n, strength)));
        let Some((n, e)) = evaluated.find(|(_, e)| e.verdict == Verdict::Fails) else { break };
        best = Some((smaller, n, e));
    }
    match best {
        Some((list, n, e)) => told(list.as_ref(), n, &e, "found"),
        None => told(list, at, start, "found"),
    }
}

/// An instance of a list, to keep.
///
/// Description and exact values, without the name of the form, which the caller adds.
pub(super) fn told(list: &dyn Prepared, at: usize, e: &Evaluation, origin: &str) -> Counterexample {
    Counterexample {
        form: String::new(),
        description: list.describe(at),
        values: list.values(at),
        margin: e.margin,
        origin: origin.into(),
    }
}
