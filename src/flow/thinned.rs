//! A trajectory of doubles, thinned to few enough points to keep, t = 1 among them, with the path travelled.
//!
//! The integrator's steps may be a hundred thousand; what is enclosed at a point costs as much as many of them. So
//! points are kept at every step at first, and whenever their number reaches `2 KEPT` (1024) at a step every second is
//! dropped and the stride doubled: `2 KEPT` or so are left at most, spread evenly over the steps, besides the ends of
//! both phases. Statements of Section 4 are evaluated at such points (`Followed::sampled`). The weights at a
//! point are doubles and taken as exact, so what is enclosed of them is rigorous, while that the flow from the start
//! passes there is not.

use super::invariants::{balance, drift};
use super::observables::Observables;
use super::{FlowOptions, Layout, Progress, Stop, Time, integrate};
use crate::arithmetic::upward::larger;
use crate::arithmetic::{Big, Enclosure, Interval};
use crate::error::Result;
use crate::network::Network;
use crate::problem::Problem;
use std::ops::ControlFlow;

/// Share of the excess risk of zero weights at which a trajectory has come close to its limit.
const TARGET: f64 = 1e-20;

/// Points kept; beyond twice as many every second one is dropped.
const KEPT: usize = 512;

/// A point of a numerical trajectory.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// t.
    pub time: f64,
    /// t with what a double leaves out.
    pub clock: Time,
    /// The weights.
    pub network: Network<f64>,
    /// Length of the path from the start: the sum of the chords of all steps.
    pub path: f64,
}

/// A point with what is enclosed there.
#[derive(Clone, Debug)]
pub struct Sample {
    /// t.
    pub time: f64,
    /// The weights.
    pub network: Network<f64>,
    /// What is said of it.
    pub seen: Observables,
    /// Length of the path from the start, a sum of chords (so not more than the exact one of the same points).
    pub path: f64,
}

/// Points from t = 0 to the end.
///
/// The first point is the start; times increase.
pub(crate) struct Followed {
    /// In the order of time.
    pub points: Vec<Point>,
    /// Index of the point with t = 1, if the trajectory gets there.
    pub at_one: Option<usize>,
    /// Why the last phase ended.
    pub stopped: Stop,
    /// Whether the excess risk fell to [`TARGET`] of its scale.
    pub converged: bool,
}

impl Followed {
    /// Of so many points, spread evenly over the steps of the integrator, which are short where much happens.
    ///
    /// Indices in ascending order, the first point among them, and for two or more the last; fewer where there are
    /// fewer points.
    pub fn spread(&self, count: usize) -> Vec<usize> {
        let Some(last) = self.points.len().checked_sub(1) else { return Vec::new() };
        let mut out: Vec<usize> = (0..count).map(|i| i * last / (count - 1).max(1)).collect();
        out.dedup();
        out
    }
    /// So many points with what is enclosed there, spread as by [`Followed::spread`], and t = 1.
    pub fn sampled(&self, problem: &Problem, count: usize) -> Vec<Sample> {
        let mut chosen = self.spread(count);
        chosen.extend(self.at_one);
        chosen.sort_unstable();
        chosen.dedup();
        let sample = |at: usize| {
            let Point { time, network, path, .. } = self.points[at].clone();
            Sample { time, seen: Observables::at(problem, &network), network, path }
        };
        chosen.into_iter().map(sample).collect()
    }
    /// R_0 - R^L(W(1)), without cancellation, if the trajectory gets to t = 1.
    pub fn risk_drop_at_one(&self, problem: &Problem) -> Option<Interval> {
        let product = self.points[self.at_one?].network.map(|v| Big::from_f64(*v, 128)).product();
        Some(problem.moments::<Big>(128).risk_drop(&product).to_interval())
    }
    /// Largest change of `W_{k+1}^T W_{k+1} - W_k W_k^T` along the points, which the flow conserves (Lemma 1), relative
    /// to the largest squared norm of a layer.
    ///
    /// In Frobenius norms. NaN without a point, or where all layers are zero throughout.
    pub fn relative_drift(&self) -> f64 {
        let Some(first) = self.points.first() else { return f64::NAN };
        let start = balance(&first.network);
        let (mut worst, mut size) = (0.0_f64, 0.0_f64);
        for p in &self.points {
            size = p.network.layers().iter().fold(size, |s, w| larger(s, w.norm_squared()));
            worst = larger(worst, drift(&start, &balance(&p.network)));
        }
        worst / size
    }
}

/// The state and the path so far, thinned.
struct Thinned {
    /// Kept so far.
    points: Vec<Point>,
    /// Every so many steps a point is kept.
    stride: usize,
    /// Seen so far, of both phases.
    steps: usize,
    /// Sum of the chords so far.
    path: f64,
    /// The parameters at the step before.
    last: Vec<f64>,
    /// When the present phase began.
    offset: f64,
}

impl Thinned {
    /// Keeps a point at this time of the present phase.
    fn push(&mut self, time: Time, network: Network<f64>) {
        let (offset, path) = (self.offset, self.path);
        self.points.push(Point { time: offset + time.high, clock: time.plus(offset), network, path });
    }
    /// Adds a chord, keeps a point where the stride says so, and thins.
    ///
    /// # Errors
    /// Never, for a progress that [`integrate`] made.
    fn see(&mut self, p: &Progress<'_>) -> Result<()> {
        let square: f64 = p.state.iter().zip(&self.last).map(|(a, b)| (a - b) * (a - b)).sum();
        self.path += square.sqrt();
        self.last.copy_from_slice(p.state);
        self.steps += 1;
        if self.steps.is_multiple_of(self.stride) {
            self.push(p.time, p.network()?);
            if self.points.len() >= 2 * KEPT {
                let mut kept = false;
                self.points.retain(|_| {
                    kept = !kept;
                    kept
                });
                self.stride *= 2;
            }
        }
        Ok(())
    }
}

/// Integrates to t = 1, then to the target or the budget of steps.
///
/// `tolerance` is the relative one of a step; the absolute one is a hundredth of it. Two phases with `steps` each:
/// the first ends at t = 1 exactly (from where on Theorem 3 speaks) or at the target, the second, if the first got to
/// t = 1, at the target, an excess risk of [`TARGET`] times `w*^T Sigma w*`, the excess risk of zero weights.
/// `patience` is the budget too, so that only a flow that would exceed it is called stiff.
///
/// # Errors
/// Those of [`integrate`].
pub(crate) fn follow(problem: &Problem, start: &Network<f64>, tolerance: f64, steps: usize) -> Result<Followed> {
    let first = Point { time: 0.0, clock: Time::default(), network: start.clone(), path: 0.0 };
    let last = Layout::flatten(start);
    let mut seen = Thinned { points: vec![first], stride: 1, steps: 0, path: 0.0, last, offset: 0.0 };
    let w_star = problem.w_star::<Interval>(53).map(|v| v.mid());
    let sigma = problem.enclosed_moments().sigma.map(|v| v.mid());
    let scale = w_star.dot(&(&sigma * &w_star));
    let mut run = |from: &Network<f64>, t_end: Option<f64>, offset: f64| {
        let options = FlowOptions {
            rtol: tolerance,
            atol: 0.01 * tolerance,
            gap: Some(TARGET * scale),
            t_end,
            max_steps: steps as u64,
            patience: steps as f64,
            ..FlowOptions::default()
        };
        seen.offset = offset;
        let mut failed = Ok(());
        let out = integrate(problem, from, &options, &mut |p| {
            failed = seen.see(p);
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        failed?;
        if seen.points.last().is_none_or(|p| p.path < seen.path) {
            seen.push(out.time, out.final_network.clone());
        }
        Result::Ok((out.final_network, out.stopped, seen.path))
    };
    let (middle, mut stopped, path) = run(start, Some(1.0), 0.0)?;
    let reached = stopped == Stop::EndTime;
    if reached {
        (_, stopped, _) = run(&middle, None, 1.0)?;
    }
    let mut points = seen.points;
    let first = points.partition_point(|p| p.time < 1.0);
    // Thinning may have dropped it.
    if reached && points.get(first).is_none_or(|p| p.time > 1.0) {
        points.insert(first, Point { time: 1.0, clock: Time { high: 1.0, low: 0.0 }, network: middle, path });
    }
    let at_one = (first < points.len()).then_some(first);
    Ok(Followed { points, at_one, converged: matches!(stopped, Stop::Level { .. }), stopped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_spread_from_the_first_to_the_last() {
        let network = Network::new(vec![nalgebra::DMatrix::identity(1, 1)], nalgebra::DVector::from_element(1, 1.0));
        let point = Point { time: 0.0, clock: Time::default(), network: network.unwrap(), path: 0.0 };
        let followed =
            |n| Followed { points: vec![point.clone(); n], at_one: None, stopped: Stop::Steps, converged: false };
        for (points, count, expected) in [
            (5, 0, vec![]),
            (5, 1, vec![0]),
            (5, 2, vec![0, 4]),
            (5, 3, vec![0, 2, 4]),
            (2, 9, vec![0, 1]),
            (0, 1, vec![]),
        ] {
            assert_eq!(followed(points).spread(count), expected, "{count} of {points}");
        }
    }
}
