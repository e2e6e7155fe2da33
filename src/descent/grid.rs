//! What to run: data, runs, options; refusals; the memory that a grid needs.
//!
//! What makes no sense is refused here, before memory is taken; what a start turns out to be (its widths) is checked
//! when it is made. How much memory a grid takes is counted from the same sizes that it is taken by: see
//! [`Grid::bytes`].

use crate::descent::data::Data;
use crate::error::{Error, Result};
use crate::network::Network;
use nalgebra::DMatrix;
use std::num::NonZeroU64;

/// One run of gradient descent, `W_k <- W_k - rate grad_k R^L(W)`, `steps` times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Which of the grid's data.
    pub data: usize,
    /// Learning rate eta; grad is that of the risk without a factor 1/2.
    pub rate: f64,
    /// Number of updates.
    pub steps: u64,
}

/// Where runs start: called with the run's index, from any thread, once for each run.
///
/// An error ends the whole grid. A start that depends on the index alone makes the outcome of a run independent of
/// the others.
pub type Start<'a> = dyn Fn(usize) -> Result<Network<f64>> + Sync + 'a;

/// Independent runs on networks of one shape.
///
/// Made by [`Grid::new`], which checks every run against its data.
#[derive(Clone, Copy)]
pub struct Grid<'a> {
    /// d_0, .., d_L.
    pub(super) widths: &'a [usize],
    /// What the runs descend on, each of dimension d_0.
    pub(super) data: &'a [Data],
    /// The runs, in the order of the outcomes.
    pub(super) runs: &'a [Run],
    /// Their initial weights and heads.
    pub(super) start: &'a Start<'a>,
}

/// When the sharpness is estimated.
///
/// An estimate takes from 6 to 90 products with the Hessian, of about 4 p operations each; a step takes 6 p.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharpness {
    /// Never: records hold a NaN.
    #[default]
    Never,
    /// At the first and at the last iterate.
    Ends,
    /// In every record.
    Always,
}

/// What is recorded, and where a run is given up.
#[derive(Clone, Debug)]
pub struct Options {
    /// A record at every multiple of this many steps, besides those at the start and at the end.
    pub every: Option<NonZeroU64>,
    /// When the sharpness is estimated.
    pub sharpness: Sharpness,
    /// Keep the final weights.
    pub keep: bool,
    /// A run has diverged at the first iterate whose `norm(w_prod - w*)^2` is not at most `bound max(1, norm(w*)^2)`;
    /// an infinite bound leaves "not finite". The default is [`BOUND`].
    pub bound: f64,
    /// Use no vector instructions: the same bits, slower.
    pub portable: bool,
}

/// Beyond a distance of 1e30 nothing of w* is left in the residual `w_prod - w*` of doubles, and, for L >= 2, each step
/// multiplies the exponent.
pub const BOUND: f64 = 1e60;

impl Default for Options {
    fn default() -> Self {
        Self { every: None, sharpness: Sharpness::Never, keep: true, bound: BOUND, portable: false }
    }
}

impl<'a> Grid<'a> {
    /// Runs on networks of `widths` d_0, ..., d_L; `start(i)` gives the initial weights and the head of run i.
    ///
    /// # Errors
    /// Fewer than two widths or a zero among them; a run whose data do not exist or have another dimension than d_0,
    /// whose rate is not a positive finite number, or that has no steps.
    pub fn new(widths: &'a [usize], data: &'a [Data], runs: &'a [Run], start: &'a Start<'a>) -> Result<Self> {
        if widths.len() < 2 || widths.contains(&0) {
            return Err(Error::usage(format!("widths {widths:?}: at least two, none of them zero, are needed")));
        }
        for (i, run) in runs.iter().enumerate() {
            let Some(data) = data.get(run.data) else {
                return Err(Error::usage(format!("run {i} is on data {} of {}", run.data, data.len())));
            };
            if data.dimension() != widths[0] {
                let what = format!("run {i}: {} input widths, but the data have d = {}", widths[0], data.dimension());
                return Err(Error::usage(what));
            }
            if !(run.rate > 0.0 && run.rate.is_finite()) {
                return Err(Error::usage(format!("the learning rate {} is not a positive finite number", run.rate)));
            }
            if run.steps == 0 {
                return Err(Error::usage("no steps: at least one is needed"));
            }
        }
        Ok(Self { widths, data, runs, start })
    }
    /// Number of parameters p.
    pub fn parameters(&self) -> usize {
        self.widths.windows(2).map(|w| w[0] * w[1]).sum()
    }
    /// The runs.
    pub fn runs(&self) -> &[Run] {
        self.runs
    }
    /// Sum over the runs of their steps: the unit of [`Watch::advanced`](super::Watch::advanced).
    pub fn run_steps(&self) -> u64 {
        self.runs.iter().fold(0, |sum: u64, r| sum.saturating_add(r.steps))
    }
    /// Bytes of one network.
    ///
    /// Weights and head, with what the allocator adds.
    pub(super) fn network_bytes(&self) -> u64 {
        let head = self.widths[self.widths.len() - 1];
        // A matrix is a header and an allocation of its own, rounded up.
        let headers = (self.widths.len() + 1) * (size_of::<DMatrix<f64>>() + 16);
        ((self.parameters() + head) * 8 + headers) as u64
    }
}

/// Records of a run that does not diverge.
///
/// One at the start, one at each multiple of `every` below `steps`, one at the end.
pub(super) fn records(steps: u64, every: Option<NonZeroU64>) -> u64 {
    every.map_or(2, |e| steps.div_ceil(e.get()).saturating_add(1))
}
