//! The stiff phase: the loop around [`super::rosenbrock`], with the limits of [`super::drive`].
//!
//! A phase ends by the same limits as the explicit one and by the same names of [`Stop`], but never as stiff. There
//! is no continuous extension here and no look at the pace, since accuracy alone limits the steps.

use super::control::Controller;
use super::dormand_prince::{System, Tolerances, Trial, norm};
use super::drive::{Ended, Limits, Statistics, Stop, Time, at_rounding, exhausted, locate};
use super::rosenbrock;
use crate::error::Result;
use crate::hessian::LowRank;
use std::ops::ControlFlow;
use std::time::Instant;

/// What the phase starts from and works with.
pub struct Phase<'a, S> {
    /// The field; its level is watched.
    pub system: &'a mut S,
    /// The state, moved to the end of the phase.
    pub state: &'a mut Vec<f64>,
    /// As for the explicit method.
    pub tolerances: Tolerances,
    /// Shared with the explicit phase.
    pub limits: &'a Limits,
    /// When the whole integration began.
    pub clock: Instant,
    /// The level there.
    pub first: f64,
}

/// An accepted step of the phase: time and state at its end, its length, the level there.
pub struct Accepted<'a> {
    /// At the end of the step.
    pub time: Time,
    /// Its length.
    pub step: f64,
    /// The parameters at its end.
    pub state: &'a [f64],
    /// [`System::level`] at its end.
    pub level: f64,
    /// So far, both methods together, this step included.
    pub statistics: Statistics,
}

/// Carries on from where the explicit method gave up, to the same limits.
///
/// `from` is where the explicit phase ended: its time, its next step and its statistics go on. `hessian` gives H at a
/// state, once for each accepted step; a rejected trial factorises the same H with another shift. On return
/// `phase.state` is the state at the end. A step that would change the state by no more than four roundings, and is
/// still not accepted, ends the phase: as rounding where the level is at that of doubles, else as an underflow of the
/// step.
///
/// # Errors
/// Those of `hessian` and of `accepted`.
pub fn implicit<S: System<f64>>(
    phase: Phase<'_, S>,
    from: Ended,
    hessian: impl Fn(&[f64]) -> Result<LowRank>,
    mut accepted: impl FnMut(Accepted<'_>) -> Result<ControlFlow<()>>,
) -> Result<Ended> {
    let Phase { system: descent, state, tolerances, limits, clock, first } = phase;
    let mut controller = Controller::new(rosenbrock::ORDER);
    let Ended { time, mut statistics, next_step: h, .. } = from;
    let (mut time, mut h) = (time, h);
    let mut rate = vec![0.0; state.len()];
    descent.rate(state, &mut rate);
    statistics.evaluations += 1;
    let mut level = descent.level();
    let mut curvature = hessian(state)?;
    loop {
        let ended = |stop, h, statistics| Ok(Ended { stop, time, next_step: h, statistics });
        if let Some(stop) = exhausted(limits, &statistics, statistics.evaluations, clock) {
            return ended(stop, h, statistics);
        }
        let left = limits.t_end.map_or(f64::INFINITY, |t| Time { high: t, low: 0.0 }.since(time));
        if left <= 0.0 {
            return ended(Stop::EndTime, h, statistics);
        }
        let length = h.min(left);
        let attempt = |h: f64, descent: &mut S, statistics: &mut Statistics| {
            statistics.evaluations += 7;
            statistics.factorisations += 1;
            let matrix = curvature.shifted(rosenbrock::shift(h));
            rosenbrock::attempt(state, h, |x| matrix.solve(x), tolerances, descent)
        };
        let (mut next, trial) = attempt(length, descent, &mut statistics);
        let error = match trial {
            Trial::Error(e) if e <= 1.0 => e,
            _ => {
                match trial {
                    Trial::NonFinite => statistics.rejected_non_finite += 1,
                    Trial::Error(_) => statistics.rejected_error += 1,
                }
                h = controller.rejected(length, trial);
                let scale = norm(state);
                if h * norm(&rate) <= 4.0 * f64::EPSILON * scale {
                    return ended(
                        if at_rounding(level, first) { Stop::Rounding } else { Stop::StepUnderflow },
                        h,
                        statistics,
                    );
                }
                continue;
            }
        };
        let (mut taken, mut reached) = (length, None);
        if let Some(target) = limits.level.filter(|l| descent.level() <= *l) {
            let (after, by) = locate(target, length, [level, descent.level()], |h| {
                let (end, trial) = attempt(h, descent, &mut statistics);
                next = end;
                if matches!(trial, Trial::NonFinite) { f64::NAN } else { descent.level() }
            });
            taken = by;
            reached = Some(Stop::Level { after: time.plus(after), by: time.plus(by) });
        }
        *state = next;
        descent.rate(state, &mut rate);
        statistics.evaluations += 1;
        level = descent.level();
        statistics.implicit_steps += 1;
        time =
            if taken == left { Time { high: limits.t_end.unwrap_or(time.high), low: 0.0 } } else { time.plus(taken) };
        let flow = accepted(Accepted { time, step: taken, state, level, statistics })?;
        h = controller.accepted(length, error).max(if length == left { h } else { 0.0 });
        if let Some(stop) = reached {
            return Ok(Ended { stop, time, next_step: h, statistics });
        }
        if flow.is_break() {
            return Ok(Ended { stop: Stop::Observer, time, next_step: h, statistics });
        }
        if rate.iter().all(|v| *v == 0.0) {
            return Ok(Ended { stop: Stop::VanishedGradient, time, next_step: h, statistics });
        }
        curvature = hessian(state)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::gradient_flow::Descent;
    use crate::network::Network;
    use crate::problem::Problem;
    use nalgebra::{DMatrix, DVector};
    use std::cell::Cell;
    use std::ops::Range;

    /// Counts what is evaluated.
    struct Counted(Descent, u64);

    impl System<f64> for Counted {
        fn blocks(&self) -> &[Range<usize>] {
            self.0.blocks()
        }
        fn rate(&mut self, y: &[f64], out: &mut [f64]) {
            self.1 += 1;
            self.0.rate(y, out);
        }
        fn level(&self) -> f64 {
            self.0.level()
        }
    }

    #[test]
    fn statistics_count_the_search_for_the_level_too() {
        let one = DVector::from_element(1, 1.0);
        let problem = Problem::from_f64("one point", &DMatrix::from_element(1, 1, 1.0), &one).unwrap();
        let net = |w: f64| Network::new(vec![DMatrix::from_element(1, 1, w)], one.clone());
        let mut system = Counted(Descent::new(&problem, &net(0.0).unwrap()).unwrap(), 0);
        let moments = problem.enclosed_moments().map(|v| v.mid());
        let limits = Limits {
            level: Some(1e-3),
            t_end: None,
            max_steps: 1000,
            max_evaluations: u64::MAX,
            wall_clock: None,
            interrupt: None,
            patience: 0.0,
        };
        let phase = Phase {
            system: &mut system,
            state: &mut vec![0.0],
            tolerances: Tolerances { rtol: 1e-6, atol: 1e-8 },
            limits: &limits,
            clock: Instant::now(),
            first: 1.0,
        };
        let (time, statistics) = (Time::default(), Statistics::default());
        let from = Ended { stop: Stop::Observer, time, next_step: 0.01, statistics };
        let hessian = |w: &[f64]| Ok(LowRank::new(&net(w[0])?, &moments));
        let last = Cell::new(Statistics::default());
        let ended = implicit(phase, from, hessian, |a| {
            last.set(a.statistics);
            Ok(ControlFlow::Continue(()))
        });
        let Ended { stop, statistics, .. } = ended.unwrap();
        assert!(matches!(stop, Stop::Level { .. }), "{stop:?}");
        assert_eq!((statistics.evaluations, last.get()), (system.1, statistics));
        assert_eq!(statistics.evaluations, 1 + 7 * statistics.factorisations + statistics.implicit_steps);
        assert!(statistics.factorisations > statistics.implicit_steps + statistics.rejected_error);
    }
}
