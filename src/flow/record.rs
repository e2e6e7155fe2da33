//! A trajectory of doubles, kept at every step: how the risk falls, how long the gradient is, how far the layers moved;
//! and what its end tells of the sharpness at the limit.
//!
//! Grade `Computed` throughout: times, risks and norms are those of the integrator, and even the sharpness at the
//! limit is an enclosure only of what is estimated of the path that is left. Where a proof is wanted,
//! [`super::nearby`] and [`super::tube`] give it.

use super::gradient_flow::{FlowOptions, Progress, integrate};
use super::layout::Layout;
use super::multivariate::{self, Point, Targets};
use crate::arithmetic::{Big, Enclosure, Interval, Ring};
use crate::error::Result;
use crate::hessian::sharpness_at_minimiser;
use crate::network::Network;
use crate::network::products::computed_extremes;
use crate::problem::Problem;
use std::ops::{ControlFlow, Range};

/// A step of a trajectory.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// t.
    pub time: f64,
    /// R - R_min.
    pub excess: f64,
    /// Sum over k of norm_F(grad_k)^2.
    pub gradient_squared: f64,
    /// max_k norm_F(theta_k), theta_k = L (W_k(t) - W_k(0)).
    pub theta: f64,
}

/// A trajectory.
#[derive(Clone, Debug)]
pub struct Record {
    /// Every accepted step.
    pub samples: Vec<Sample>,
    /// The weights at the end.
    pub end: Network<f64>,
    /// Why it ended.
    pub stopped: String,
}

/// At the limit, from the end of a trajectory.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// S.
    pub sharpness: Interval,
    /// M and m at the end of the trajectory.
    pub extremes: (Interval, Interval),
}

/// The flow on these data, or to d targets.
///
/// With `targets` the flow has d targets, the head plays no part, and `problem` is not read. The start itself is no
/// sample: `samples` is empty where no step was taken.
///
/// # Errors
/// Those of the integrators.
pub fn record(
    problem: &Problem,
    targets: Option<&Targets>,
    start: &Network<f64>,
    options: &FlowOptions,
) -> Result<Record> {
    let (from, layout, depth) = (Layout::flatten(start), Layout::of(start), start.depth() as f64);
    let mut samples = Vec::new();
    let mut see = |p: &Point<'_>| {
        let block = |r: &Range<usize>| r.clone().map(|i| (p.state[i] - from[i]).powi(2)).sum::<f64>().sqrt();
        let theta = layout.blocks().iter().map(block).fold(0.0, f64::max) * depth;
        let (time, gradient_squared) = (p.time, p.gradient_norm.powi(2));
        samples.push(Sample { time, excess: p.excess_risk, gradient_squared, theta });
        ControlFlow::Continue(())
    };
    let (stopped, end) = match targets {
        Some(data) => {
            let (ended, end) = multivariate::integrate(data, start, options, &mut see)?;
            (ended.stop, end)
        }
        None => {
            let mut along = |p: &Progress<'_>| {
                let (excess_risk, gradient_norm) = (p.excess_risk, p.gradient_norm);
                see(&Point { time: p.time.high, excess_risk, gradient_norm, state: p.state })
            };
            let trajectory = integrate(problem, start, options, &mut along)?;
            (trajectory.stopped, trajectory.final_network)
        }
    };
    Ok(Record { samples, end, stopped: format!("{stopped:?}") })
}

impl Record {
    /// The limit, of a trajectory that has all but reached it; `None` without a step.
    ///
    /// S there: the remaining path of the flow is at most `2 sqrt((R - R_min)/mu)` with mu the ratio of `norm(grad)^2`
    /// to `R - R_min` at the last step, and moving the layers by p changes the products by at most the share
    /// `(1 + p M/m)^L - 1`, hence S, which is quadratic in them, by an estimated twice that and its square.
    ///
    /// The end of a trajectory with a head: the sharpness is that of the univariate risk.
    pub fn limit(&self, problem: &Problem) -> Option<End> {
        let last = self.samples.last()?;
        let network = self.end.map(|v| Big::from_f64(*v, 128));
        let here = sharpness_at_minimiser(&network, &problem.moments::<Big>(128)).to_interval();
        let path = 2.0 * last.excess / last.gradient_squared.sqrt();
        let (high, low) = computed_extremes(self.end.layers());
        let share = (1 + Interval::point(path) * high / low).powi(self.end.depth() as u32) - 1;
        let change = share * (2 + share);
        Some(End { sharpness: here * (1 + Interval::symmetric(change.hi())), extremes: (high, low) })
    }
}
