//! What the runs of a cell, one rate at one scale, come to.
//!
//! Two kinds of intervals stand here, and they say different things. A band is a bootstrap of the mean, for what
//! stands at the end over the runs that did not diverge: it is that of the paper's figures, approximate, and at the end
//! conditional on not diverging. [`Cell::divergence`] is the exact interval of Clopper and Pearson for a probability.

use super::Sweep;
use super::plan::Rate;
use super::sweep::Ended;
use crate::error::{Error, Result};
use crate::statistics::binomial;
use crate::statistics::bootstrap::mean_interval;
use crate::statistics::streams::trial_rng;

/// Confidence of the bands, as in the paper.
pub const LEVEL: f64 = 0.95;

/// Resamples of a band, as seaborn takes them.
const RESAMPLES: usize = 1000;

/// Mean, lower end and upper end of its band.
pub type Band = [f64; 3];

/// The runs of one rate at one scale.
///
/// Its runs differ in their starts alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The rate.
    pub rate: Rate,
    /// The scale.
    pub scale: f64,
    /// Those that diverged.
    pub diverged: u64,
    /// Exact interval of the probability of divergence.
    pub divergence: [f64; 2],
    /// `norm(w_prod - w*)^2` at the end, over the runs that did not diverge; `None` if all did.
    pub distance: Option<Band>,
    /// Sharpness at the start, over all runs.
    pub start: Option<Band>,
    /// Sharpness at the end, over the runs that did not diverge.
    pub end: Option<Band>,
}

impl Cell {
    /// Share of the runs that diverged.
    pub fn share(&self) -> f64 {
        self.diverged as f64 / self.rate.repetitions as f64
    }
}

/// The cells of a sweep, rate by rate, scale by scale. The resamples are drawn under `seed`.
///
/// # Errors
/// As many results as the sweep has runs are needed: a bug.
pub fn cells(sweep: &Sweep, ended: &[Ended], seed: u64) -> Result<Vec<Cell>> {
    if ended.len() as u128 != sweep.count() {
        return Err(Error::internal(format!("{} results of {} runs", ended.len(), sweep.count())));
    }
    let mut out = Vec::new();
    let mut rest = ended;
    for rate in &sweep.rates {
        for scale in &sweep.scales {
            let (runs, later) = rest.split_at(rate.repetitions as usize);
            rest = later;
            out.push(cell(sweep, *rate, *scale, runs, seed)?);
        }
    }
    Ok(out)
}

/// Each band has a stream of its own, named by family, rate and scale: the same runs give the same band whatever else
/// the sweep has.
///
/// # Errors
/// Those of the binomial interval.
fn cell(sweep: &Sweep, rate: Rate, scale: f64, runs: &[Ended], seed: u64) -> Result<Cell> {
    let key = format!("figures/bootstrap/{}/eta={}/scale={scale}", sweep.family.name(), rate.eta);
    let band =
        |number: u64, values: Vec<f64>| mean_interval(&values, LEVEL, RESAMPLES, &mut trial_rng(seed, &key, number));
    let finished = || runs.iter().filter(|r| r.diverged.is_none());
    let diverged = runs.len() as u64 - finished().count() as u64;
    Ok(Cell {
        rate,
        scale,
        diverged,
        divergence: binomial::interval(runs.len() as u64, diverged, 1.0 - LEVEL)?,
        distance: band(0, finished().map(|r| r.distance_squared).collect()),
        start: band(1, runs.iter().map(|r| r.start).collect()),
        end: band(2, finished().map(|r| r.end).collect()),
    })
}

/// Mean sharpness of the starts at each scale, over the runs of all rates, with its band: `(scale, band)`.
///
/// `ended` in the order of [`Sweep::runs`]. A scale without a band is left out.
pub fn starts(sweep: &Sweep, ended: &[Ended], seed: u64) -> Vec<(f64, Band)> {
    let of = |scale: f64| {
        let runs = sweep.runs().zip(ended).filter(|(p, _)| p.scale == scale);
        let values: Vec<f64> = runs.map(|(_, e)| e.start).collect();
        let key = format!("figures/bootstrap/{}/start/scale={scale}", sweep.family.name());
        mean_interval(&values, LEVEL, RESAMPLES, &mut trial_rng(seed, &key, 0)).map(|band| (scale, band))
    };
    sweep.scales.iter().filter_map(|s| of(*s)).collect()
}
