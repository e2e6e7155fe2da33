//! One run, seen step by step; and where a run meets 2/eta, for how long, and how far it oscillates around it.
//!
//! A sharpness is compared with 2/eta at the recorded steps only, and as it is estimated
//! ([`descent`](crate::descent)): where it is as near to 2/eta as the estimate is good, a step may be told either
//! way.

use super::{Family, Regression, start_seed};
use crate::descent::{End, Grid, Options, Outcome, Record, Run, Sharpness, Watch, descend};
use crate::error::Result;
use crate::network::Network;
use std::num::NonZeroU64;

/// A run with all its iterates' numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// eta.
    pub rate: f64,
    /// Scale of its start.
    pub scale: f64,
    /// Step at which it was given up.
    pub diverged: Option<u64>,
    /// Every so many steps.
    pub records: Vec<Record>,
    /// The last weights.
    pub network: Option<Network<f64>>,
}

/// How a run stands to 2/eta. Steps are those of the records: of every step, if every step was recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Located {
    /// The first step at which the sharpness is above 2/eta; 0 if it starts there.
    pub entered: Option<u64>,
    /// The last such step.
    pub left: Option<u64>,
    /// Records above 2/eta.
    pub above: usize,
    /// Times that it passes 2/eta between two records.
    pub crossings: usize,
    /// Half of the range of `S eta/2` over the last quarter of the records.
    pub amplitude: f64,
    /// Mean of `S eta/2` there.
    pub mean: f64,
    /// R - R_min at the last record over that where 2/eta was first passed (at the start, if never).
    pub fall: f64,
}

/// Crossings of 2/eta that make an oscillation.
const CROSSINGS: usize = 10;

impl Located {
    /// "The network enters edge of stability": above 2/eta at some record, which it passes ten times at least, and
    /// R - R_min ends at less than half of what it was when it first did.
    pub fn enters(&self) -> bool {
        self.entered.is_some() && self.crossings >= CROSSINGS && self.fall < 0.5
    }
}

/// The seed of the start of draw `draw` of the single runs.
pub fn single_seed(seed: u64, family: Family, scale: f64, draw: u64) -> u64 {
    start_seed(seed, &format!("figures/{}/single/scale={scale}", family.name()), draw)
}

/// Runs from one start at several rates, that of draw 0 of the single runs under `seed`; none if `watch` stopped them.
///
/// # Errors
/// Those of the grid.
pub fn trajectories(
    regression: &Regression,
    family: Family,
    depth: usize,
    scale: f64,
    rates: &[f64],
    length: (u64, NonZeroU64),
    (seed, watch): (u64, &dyn Watch),
) -> Result<Vec<Trajectory>> {
    from_start(regression, family, depth, scale, rates, length, (single_seed(seed, family, scale, 0), watch))
}

/// The same from the start that is drawn under `start`.
///
/// A record is made every `every` steps. All runs have the same weights at the start and go side by side. Final weights
/// are kept, and the sharpness is estimated in every record. Empty if `watch` stopped the runs.
///
/// # Errors
/// Those of the grid.
pub fn from_start(
    regression: &Regression,
    family: Family,
    depth: usize,
    scale: f64,
    rates: &[f64],
    (steps, every): (u64, NonZeroU64),
    (start, watch): (u64, &dyn Watch),
) -> Result<Vec<Trajectory>> {
    let d = regression.dimension();
    let (widths, data) = (family.widths(d, depth), [regression.data().clone()]);
    let runs: Vec<Run> = rates.iter().map(|rate| Run { data: 0, rate: *rate, steps }).collect();
    let begin = |_: usize| family.start(d, depth, scale, start);
    let options = Options { every: Some(every), sharpness: Sharpness::Always, ..Options::default() };
    let outcomes = descend(&Grid::new(&widths, &data, &runs, &begin)?, &options, watch)?;
    let of = |(rate, outcome): (&f64, Outcome)| Trajectory {
        rate: *rate,
        scale,
        diverged: match outcome.end {
            End::Diverged { step } => Some(step),
            End::Finished => None,
        },
        records: outcome.records,
        network: outcome.network,
    };
    let outcomes = outcomes.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default();
    Ok(rates.iter().zip(outcomes).map(of).collect())
}

/// Where the records of a run at this rate meet 2/eta; `None` without records.
///
/// A sharpness that is NaN counts as not above. `fall` is NaN or infinite where R - R_min was zero when 2/eta was
/// first passed. Of up to four records the last quarter is the last one.
pub fn locate(records: &[Record], rate: f64) -> Option<Located> {
    let (first, last) = (records.first()?, records.last()?);
    let level = 2.0 / rate;
    let above = |r: &&Record| r.sharpness > level;
    let entered = records.iter().find(above);
    let tail = &records[records.len() - records.len().div_ceil(4)..];
    let scaled = tail.iter().map(|r| r.sharpness / level);
    let (lo, hi) = scaled.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    Some(Located {
        entered: entered.map(|r| r.step),
        left: records.iter().rfind(above).map(|r| r.step),
        above: records.iter().filter(above).count(),
        crossings: records.windows(2).filter(|w| above(&&w[0]) != above(&&w[1])).count(),
        amplitude: 0.5 * (hi - lo),
        mean: scaled.sum::<f64>() / tail.len() as f64,
        fall: last.excess_risk / entered.unwrap_or(first).excess_risk,
    })
}
