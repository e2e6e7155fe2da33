//! How many trials fail a bound: for every theta of a ball, or at theta = 0.
//!
//! Thresholds and radius are enclosures, so a trial passes only if it does at the harder ends of all three, and fails
//! only if it does at the easier ones; between them it is undecided, and counted apart. Both counts are then true of
//! the real thresholds.

use super::theta::decide_ball;
use super::trial::Setup;
use super::types::{Decision, Side, Thresholds, Verdict};
use super::verdict::decide;
use crate::arithmetic::{Enclosure, Interval};
use crate::error::{Error, Result};
use std::ops::Range;

/// Trials between two looks at how common failures are: twice as many after each look that saw none.
const CHUNK: u64 = 64;
/// At most.
const MOST: u64 = 4096;

/// How many trials of a range fail one of the bounds `norm(P_k) <= .0`, `sigma_min(P_k) >= .1`, which are enclosed, for
/// some theta of the ball of this radius (without one: at theta = 0), and how many stay undecided.
///
/// Returns `[failures, undecided]`; the rest of the range passed. Chunks, and the order of the questions, decide the
/// time and not the counts.
///
/// # Errors
/// As [`decide`].
pub fn count(
    setup: &Setup,
    side: Side,
    (norm, least): (Interval, Interval),
    ball: Option<Interval>,
    range: Range<u64>,
) -> Result<[u64; 2]> {
    // The harder end of the thresholds and of the ball for a pass, the easier one for a failure.
    let hard = Thresholds { norm: norm.lo(), sigma_min: least.hi() };
    let easy = Thresholds { norm: norm.hi(), sigma_min: least.lo() };
    let of = |found: Vec<Decision>| -> Vec<Verdict> {
        found.iter().map(|d| if side == Side::Norm { d.norm } else { d.sigma_min }).collect()
    };
    let centre = |trials| Ok::<_, Error>(of(decide(setup, easy, trials)?));
    let whole = |thresholds, radius: fn(&Interval) -> f64, trials| {
        let found = match &ball {
            Some(ball) => decide_ball(setup, thresholds, radius(ball), trials),
            None => decide(setup, thresholds, trials),
        };
        Ok::<_, Error>(of(found?))
    };
    let (mut counts, mut failing, mut first, mut size) = ([0, 0], false, range.start, CHUNK);
    while first < range.end {
        let chunk = first..range.end.min(first + size);
        // theta = 0 lies in the ball: where it fails, nothing else need be asked. Asked first where failures are
        // common, last where they are rare.
        let known = if failing { Some(centre(chunk.clone())?) } else { None };
        let open = |t: u64| known.as_ref().is_none_or(|k| k[(t - first) as usize] != Verdict::Fails);
        let (rest, failed): (Vec<u64>, Vec<u64>) = chunk.partition(|t| open(*t));
        let mut found = [failed.len() as u64, 0];
        for run in rest.chunk_by(|a, b| a + 1 == *b) {
            let passed = whole(hard, |b| b.hi(), run[0]..run[0] + run.len() as u64)?;
            for (t, _) in run.iter().zip(passed).filter(|(_, v)| *v != Verdict::Holds) {
                let fails = centre(*t..*t + 1)?.contains(&Verdict::Fails)
                    || whole(easy, |b| b.lo(), *t..*t + 1)?.contains(&Verdict::Fails);
                found[usize::from(!fails)] += 1;
            }
        }
        failing = found[0] > 0;
        (first, size) = (first + size, if failing { CHUNK } else { MOST.min(2 * size) });
        counts = [counts[0] + found[0], counts[1] + found[1]];
    }
    Ok(counts)
}
