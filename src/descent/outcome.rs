//! What comes out of a run, and who watches while it goes.

use crate::network::Network;

/// A point of a trajectory; all numbers are of the same iterate.
///
/// It is made at the start, at the end, and between them as [`Options::every`](super::Options::every) says, but not
/// at an iterate at which the run is given up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Updates made before it.
    pub step: u64,
    /// `norm(w_prod - w*)^2`. The authors plot this divided by d.
    pub distance_squared: f64,
    /// R^L - R_min, from the residual, so that it is accurate near zero.
    pub excess_risk: f64,
    /// The estimated largest (signed) eigenvalue of the Hessian, NaN where [`Sharpness`](super::Sharpness) did not ask
    /// for it.
    pub sharpness: f64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// After all its steps.
    Finished,
    /// At the iterate after `step` updates, by the criterion of [`Options::bound`](super::Options::bound); 0: at its
    /// start.
    Diverged {
        /// Updates made before it.
        step: u64,
    },
}

/// A run that has ended.
///
/// It depends on the run and the options alone: see [`descend`](super::descend()).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Why.
    pub end: End,
    /// In order of steps; of a run that diverged, only those before.
    pub records: Vec<Record>,
    /// The final weights, if they were to be kept; of a run that diverged, those of the iterate at which it did.
    pub network: Option<Network<f64>>,
}

impl Outcome {
    /// The record at the start; `None` if the start itself was out of bounds.
    pub fn first(&self) -> Option<&Record> {
        self.records.first()
    }
    /// The record at the end; `None` for a run that diverged.
    pub fn last(&self) -> Option<&Record> {
        self.records.last().filter(|_| self.end == End::Finished)
    }
    /// Whether the run was given up.
    pub fn diverged(&self) -> bool {
        matches!(self.end, End::Diverged { .. })
    }
}

/// Who is told of progress and may stop the work; called from the working threads, every millisecond or so.
pub trait Watch: Sync {
    /// That many run-steps more are done (of [`Grid::run_steps`](super::Grid::run_steps)); those that a diverged run is
    /// spared count as done.
    fn advanced(&self, _run_steps: u64) {}
    /// Run `run` has ended.
    fn ended(&self, _run: usize, _outcome: &Outcome) {}
    /// True: stop. Runs under way are dropped, those that have ended are kept.
    fn stop(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl Watch for () {}
