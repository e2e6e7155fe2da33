//! One run, seen step by step: Figures 1c, 1d, 3c, 3d; and where a run meets 2/eta, for how long, and how far it oscillates around it.

use super::{Family, Regression, start_seed};
use crate::descent::{End, Grid, Options, Outcome, Record, Run, Sharpness, descend};
use crate::error::Result;
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

/// Runs from one start, drawn under `seed` for this family and scale, at several rates.
///
/// # Errors
/// Those of the grid.
pub fn trajectories(
    regression: &Regression,
    family: Family,
    depth: usize,
    scale: f64,
    rates: &[f64],
    (steps, every): (u64, NonZeroU64),
    seed: u64,
) -> Result<Vec<Trajectory>> {
    let d = regression.dimension();
    let start = start_seed(seed, &format!("figures/{}/single/scale={scale}", family.name()), 0);
    let (widths, data) = (family.widths(d, depth), [regression.data().clone()]);
    let runs: Vec<Run> = rates.iter().map(|rate| Run { data: 0, rate: *rate, steps }).collect();
    let begin = |_: usize| family.start(d, depth, scale, start);
    let options = Options { every: Some(every), sharpness: Sharpness::Always, keep: false, ..Options::default() };
    let outcomes = descend(&Grid::new(&widths, &data, &runs, &begin)?, &options, &())?;
    let of = |(rate, outcome): (&f64, Outcome)| Trajectory {
        rate: *rate,
        scale,
        diverged: match outcome.end {
            End::Diverged { step } => Some(step),
            End::Finished => None,
        },
        records: outcome.records,
    };
    Ok(rates.iter().zip(outcomes.into_iter().flatten()).map(of).collect())
}

/// Where the records of a run at this rate meet 2/eta; `None` without records.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oscillation_is_located() {
        let record = |step: u64, s: f64| Record {
            step,
            distance_squared: 0.0,
            excess_risk: 8.0 / (step + 1) as f64,
            sharpness: s,
        };
        // 2/eta = 10: entered at 3, then above at every other step.
        let values = [1.0, 4.0, 9.0, 11.0, 9.5, 10.5, 9.0, 12.0];
        let records: Vec<Record> = values.iter().enumerate().map(|(i, s)| record(i as u64, *s)).collect();
        let at = locate(&records, 0.2).unwrap();
        assert_eq!((at.entered, at.left, at.above, at.crossings), (Some(3), Some(7), 3, 5));
        assert!((at.amplitude - 0.15).abs() < 1e-15 && (at.mean - 1.05).abs() < 1e-15);
        assert!((at.fall - 0.5).abs() < 1e-15);
        let never = locate(&records[..3], 0.2).unwrap();
        assert_eq!((never.entered, never.left, never.above, never.crossings), (None, None, 0, 0));
        assert_eq!(locate(&[], 0.2), None);
    }

    #[test]
    fn runs_share_their_start() {
        let regression = Regression::draw(30, 4, 1).unwrap();
        let every = NonZeroU64::MIN;
        let runs = trajectories(&regression, Family::Gaussian, 5, 0.4, &[0.01, 0.05], (30, every), 3).unwrap();
        assert_eq!((runs[0].records[0], runs[0].records.len()), (runs[1].records[0], 31));
        assert_ne!(runs[0].records[30], runs[1].records[30]);
    }
}
