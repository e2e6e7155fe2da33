//! What to run: data, runs, options; refusals; the memory that a grid needs.

use crate::error::{Error, Result};
use crate::network::Network;
use crate::problem::Problem;
use nalgebra::{DMatrix, DVector};
use std::num::NonZeroU64;

/// The data that a run descends on: `R(w) = least_risk + (w - w*)^T Sigma (w - w*)`, without a factor 1/2.
///
/// Written about w*, so that the gradient `2 Sigma (w - w*)` and the excess risk keep their relative accuracy near a minimiser.
/// Sigma may be singular: then w* is the least-squares solution that distances are to be measured from.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    sigma: Vec<f64>,
    w_star: Vec<f64>,
    least_risk: f64,
}

impl Data {
    /// From Sigma = X^T X / n (d x d), w* (length d) and R_min.
    ///
    /// # Errors
    /// No dimension, shapes that do not match, a Sigma that is not symmetric, a number that is not finite, a negative R_min.
    pub fn new(sigma: &DMatrix<f64>, w_star: &DVector<f64>, least_risk: f64) -> Result<Self> {
        let d = w_star.len();
        if d == 0 || sigma.shape() != (d, d) || *sigma != sigma.transpose() {
            return Err(Error::input("data", "Sigma must be symmetric, d x d, d >= 1 the length of w*"));
        }
        if sigma.iter().chain(w_star.iter()).any(|v| !v.is_finite()) || !(least_risk >= 0.0 && least_risk.is_finite()) {
            return Err(Error::input("data", "Sigma, w* and R_min must be finite, R_min not negative"));
        }
        Ok(Self { sigma: sigma.as_slice().to_vec(), w_star: w_star.as_slice().to_vec(), least_risk })
    }
    /// The doubles at the middle of the enclosures of the problem's moments.
    ///
    /// # Errors
    /// Moments that overflow.
    pub fn of(problem: &Problem) -> Result<Self> {
        let sigma = problem.enclosed_moments().sigma.map(|v| v.mid());
        let w_star = problem.w_star::<crate::arithmetic::Interval>(53).map(|v| v.mid());
        Self::new(&sigma, &w_star, problem.r_min().mid().max(0.0))
    }
    /// Input dimension d.
    pub fn dimension(&self) -> usize {
        self.w_star.len()
    }
    /// Sigma, row by row.
    pub fn sigma(&self) -> &[f64] {
        &self.sigma
    }
    /// w*.
    pub fn w_star(&self) -> &[f64] {
        &self.w_star
    }
    /// R_min, by which risk and excess risk differ.
    pub fn least_risk(&self) -> f64 {
        self.least_risk
    }
}

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
pub type Start<'a> = dyn Fn(usize) -> Result<Network<f64>> + Sync + 'a;

/// Independent runs on networks of one shape.
#[derive(Clone, Copy)]
pub struct Grid<'a> {
    pub(super) widths: &'a [usize],
    pub(super) data: &'a [Data],
    pub(super) runs: &'a [Run],
    pub(super) start: &'a Start<'a>,
}

/// When the sharpness is estimated.
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
    /// A run has diverged at the first iterate whose `norm(w_prod - w*)^2` is not at most `bound max(1, norm(w*)^2)`; an infinite bound
    /// leaves "not finite". The default is [`BOUND`].
    pub bound: f64,
    /// Use no vector instructions: the same bits, slower.
    pub portable: bool,
}

/// Beyond a distance of 1e30 nothing of w* is left in the residual `w_prod - w*` of doubles, and, for L >= 2, each step multiplies the exponent.
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
    /// Fewer than two widths or a zero among them; a run whose data do not exist or have another dimension than d_0, whose rate is not a
    /// positive finite number, or that has no steps.
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
    /// Bytes that the outcomes and the working memory of `threads` threads take, rounded up: what to hold against the machine's memory before
    /// [`descend`](super::descend). Saturates.
    pub fn bytes(&self, options: &Options, threads: usize) -> u64 {
        let kept = if options.keep { self.network_bytes() } else { 0 };
        // The last term: the order of the runs.
        let outcome = (super::drive::OUTCOME_BYTES + size_of::<usize>()) as u64 + kept;
        let record = size_of::<super::Record>() as u64;
        // A start is made before it goes into a lane.
        let thread = super::drive::working_bytes(self) + self.network_bytes();
        self.runs
            .iter()
            .map(|r| outcome.saturating_add(record.saturating_mul(records(r.steps, options.every))))
            .fold(thread.saturating_mul(threads as u64), u64::saturating_add)
    }
    fn network_bytes(&self) -> u64 {
        let head = self.widths[self.widths.len() - 1];
        // A matrix is a header and an allocation of its own, rounded up.
        let headers = (self.widths.len() + 1) * (size_of::<DMatrix<f64>>() + 16);
        ((self.parameters() + head) * 8 + headers) as u64
    }
}

/// Records of a run that does not diverge.
pub(super) fn records(steps: u64, every: Option<NonZeroU64>) -> u64 {
    every.map_or(2, |e| steps.div_ceil(e.get()).saturating_add(1))
}
