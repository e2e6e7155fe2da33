//! From a start to points of its numerical trajectory: few enough to keep, t = 1 among them, with the path travelled.

use crate::flow::{FlowOptions, Progress, Stop, Time, integrate};
use crate::network::Network;
use crate::problem::Problem;
use std::ops::ControlFlow;

/// Share of the initial excess risk at which a trajectory has come close to its limit.
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

/// Points from t = 0 to the end.
pub(crate) struct Followed {
    pub points: Vec<Point>,
    /// Index of the point with t = 1, if the trajectory gets there.
    pub at_one: Option<usize>,
    pub stopped: Stop,
    pub converged: bool,
}

/// The state and the path so far, thinned.
struct Thinned {
    points: Vec<Point>,
    stride: usize,
    steps: usize,
    path: f64,
    last: Vec<f64>,
    offset: f64,
}

impl Thinned {
    fn see(&mut self, p: &Progress<'_>) -> crate::Result<()> {
        let square: f64 = p.state.iter().zip(&self.last).map(|(a, b)| (a - b) * (a - b)).sum();
        self.path += square.sqrt();
        self.last.copy_from_slice(p.state);
        self.steps += 1;
        if self.steps.is_multiple_of(self.stride) {
            let clock = p.time.plus(self.offset);
            self.points.push(Point { time: self.offset + p.time.high, clock, network: p.network()?, path: self.path });
            if self.points.len() >= 2 * KEPT {
                let mut at = 0;
                self.points.retain(|_| {
                    at += 1;
                    at % 2 == 1
                });
                self.stride *= 2;
            }
        }
        Ok(())
    }
}

/// Integrates to t = 1, then to the target or the budget of steps.
pub(crate) fn follow(
    problem: &Problem,
    start: &Network<f64>,
    tolerance: f64,
    steps: usize,
) -> Result<Followed, String> {
    let flat = crate::flow::Layout::flatten(start);
    let mut seen = Thinned {
        points: vec![Point { time: 0.0, clock: Time::default(), network: start.clone(), path: 0.0 }],
        stride: 1,
        steps: 0,
        path: 0.0,
        last: flat,
        offset: 0.0,
    };
    let w_star = problem.w_star::<crate::arithmetic::Interval>(53).map(|v| v.mid());
    let sigma = problem.enclosed_moments().sigma.map(|v| v.mid());
    let scale = w_star.dot(&(&sigma * &w_star));
    let options = |t_end: Option<f64>| FlowOptions {
        rtol: tolerance,
        atol: 0.01 * tolerance,
        gap: Some(TARGET * scale),
        t_end,
        max_steps: steps as u64,
        patience: steps as f64,
        ..FlowOptions::default()
    };
    let mut run = |from: &Network<f64>, t_end: Option<f64>, offset: f64| {
        seen.offset = offset;
        let mut failed = None;
        let out = integrate(problem, from, &options(t_end), &mut |p| match seen.see(p) {
            Ok(()) => ControlFlow::Continue(()),
            Err(e) => {
                failed = Some(e.to_string());
                ControlFlow::Break(())
            }
        });
        match (out, failed) {
            (Err(e), _) => Err(e.to_string()),
            (_, Some(e)) => Err(e),
            (Ok(out), None) => {
                let (time, path) = (offset + out.time.high, seen.path);
                if seen.points.last().is_none_or(|p| p.path < path) {
                    let clock = out.time.plus(offset);
                    seen.points.push(Point { time, clock, network: out.final_network.clone(), path });
                }
                Ok((out.final_network, out.stopped, path))
            }
        }
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
        let clock = Time { high: 1.0, low: 0.0 };
        points.insert(first, Point { time: 1.0, clock, network: middle, path });
    }
    let at_one = (first < points.len()).then_some(first);
    Ok(Followed { points, at_one, converged: matches!(stopped, Stop::Level { .. }), stopped })
}
