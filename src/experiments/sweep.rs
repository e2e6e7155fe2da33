//! All rates at all scales: runs a sweep in blocks, so that an interruption loses little.
//!
//! The paper's Gaussian sweep is 1600 runs of 2000 to 40000 steps. The unit that is lost by an interruption is a
//! block; runs of a block go side by side on all threads. Results are placed by the run's number, so that blocks may
//! be cut anywhere: neither the cut nor an interruption changes a number.

use super::plan::{Planned, options};
use super::{Regression, Sweep};
use crate::descent::{End, Grid, Outcome, Run, Watch, descend};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// What is kept of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// The step at which it was given up.
    pub diverged: Option<u64>,
    /// `norm(w_prod - w*)^2` at the end; not a number where it diverged.
    #[serde(with = "null_is_nan")]
    pub distance_squared: f64,
    /// R - R_min at the end.
    #[serde(with = "null_is_nan")]
    pub excess_risk: f64,
    /// Sharpness of the start.
    #[serde(with = "null_is_nan")]
    pub start: f64,
    /// Sharpness of the end.
    #[serde(with = "null_is_nan")]
    pub end: f64,
}

/// JSON has no NaN.
///
/// A number that is not finite is written as null and read as NaN.
mod null_is_nan {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Null for what is not finite.
    pub fn serialize<S: Serializer>(v: &f64, s: S) -> Result<S::Ok, S::Error> {
        v.is_finite().then_some(*v).serialize(s)
    }
    /// NaN for null.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(d)?.unwrap_or(f64::NAN))
    }
}

impl Ended {
    /// Of a run with the sharpness at both ends. A run that diverged has no last record, so that three of the five
    /// numbers are NaN.
    fn of(outcome: &Outcome) -> Self {
        let (first, last) = (outcome.first(), outcome.last());
        // What is not finite is not a number in a checkpoint, and so here.
        let finite = |v: f64| if v.is_finite() { v } else { f64::NAN };
        let of = |f: &dyn Fn(&crate::descent::Record) -> f64| last.map_or(f64::NAN, |r| finite(f(r)));
        Self {
            diverged: match outcome.end {
                End::Diverged { step } => Some(step),
                End::Finished => None,
            },
            distance_squared: of(&|r| r.distance_squared),
            excess_risk: of(&|r| r.excess_risk),
            start: first.map_or(f64::NAN, |r| finite(r.sharpness)),
            end: of(&|r| r.sharpness),
        }
    }
}

/// Run-steps of a block: some seconds of two cores.
const BLOCK: u64 = 1 << 27;

/// The starts of a sweep's runs on given data.
#[derive(Clone, Copy, Debug)]
pub struct Experiment<'a> {
    /// Rates, scales, starts.
    pub sweep: &'a Sweep,
    /// The data.
    pub regression: &'a Regression,
    /// L.
    pub depth: usize,
    /// Of the starts.
    pub seed: u64,
}

impl Experiment<'_> {
    /// Runs what is not `known` yet, in the order of [`Sweep::runs`], on the current rayon pool. `save` is called after
    /// every block but the last, and when `watch` stopped the work; a run that has not ended is `None`.
    ///
    /// `known` may be shorter than the sweep: what is missing is open. The result has an entry for each run.
    ///
    /// # Errors
    /// A start that is refused; what `save` refuses.
    pub fn run(
        &self,
        mut known: Vec<Option<Ended>>,
        watch: &dyn Watch,
        save: &mut dyn FnMut(&[Option<Ended>]) -> Result<()>,
    ) -> Result<Vec<Option<Ended>>> {
        let planned: Vec<Planned> = self.sweep.runs().collect();
        known.resize(planned.len(), None);
        let mut open: Vec<usize> = (0..planned.len()).filter(|i| known[*i].is_none()).collect();
        // The longest first: the last to end are short.
        open.sort_by_key(|i| std::cmp::Reverse(planned[*i].rate.steps));
        let blocks = cut(&open, |i| planned[i].rate.steps);
        for (at, block) in blocks.iter().enumerate() {
            let chosen: Vec<Planned> = block.iter().map(|i| planned[*i]).collect();
            for (i, ended) in block.iter().zip(self.block(&chosen, watch)?) {
                known[*i] = ended;
            }
            let stopped = known.iter().any(Option::is_none) && watch.stop();
            if stopped || at + 1 < blocks.len() {
                save(&known)?;
            }
            if stopped {
                break;
            }
        }
        Ok(known)
    }

    /// These runs, in their order; `None` for those that had not ended when `watch` stopped the work.
    ///
    /// # Errors
    /// Those of the grid and of the starts.
    fn block(&self, planned: &[Planned], watch: &dyn Watch) -> Result<Vec<Option<Ended>>> {
        let (d, family) = (self.regression.dimension(), self.sweep.family);
        let (widths, data) = (family.widths(d, self.depth), [self.regression.data().clone()]);
        let runs: Vec<Run> = planned.iter().map(|p| Run { data: 0, rate: p.rate.eta, steps: p.rate.steps }).collect();
        let start = |i: usize| family.start(d, self.depth, planned[i].scale, planned[i].seed(self.seed));
        let grid = Grid::new(&widths, &data, &runs, &start)?;
        let outcomes = descend(&grid, &options(), watch)?;
        Ok(outcomes.iter().map(|o| o.as_ref().map(Ended::of)).collect())
    }
}

/// Consecutive parts of at least [`BLOCK`] run-steps, but the last.
fn cut(open: &[usize], steps: impl Fn(usize) -> u64) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for i in open {
        if room == 0 {
            out.push(Vec::new());
            room = BLOCK;
        }
        if let Some(block) = out.last_mut() {
            block.push(*i);
        }
        room = room.saturating_sub(steps(*i));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_every_run_once() {
        let open: Vec<usize> = (0..10).collect();
        let blocks = cut(&open, |i| BLOCK / 3 + i as u64);
        assert_eq!(blocks.concat(), open);
        assert_eq!(blocks.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 3, 1]);
    }
}
