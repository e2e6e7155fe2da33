//! The loop: trial, control, level, limits. It always ends, and says why.
//!
//! Each turn of the loop asks the limits, tries a step (one that is rejected is tried again, shorter), compares the
//! level, shows the step to the visitor while the state still stands at its beginning (so that the continuous
//! extension can be asked for), moves the state, and lets the controller choose the next length. Every 64 accepted
//! steps `Pace` looks whether the level still falls. Which limit ended the integration is a [`Stop`]; none of them is
//! an error.
//!
//! What is not done: no step is taken back after the visitor has seen it, and no time is certified. A state between
//! two steps is known to the order of the extension alone.

use super::control::{Controller, starting_step};
use super::dormand_prince::{Stepper, System, Tolerances, Trial};
use crate::arithmetic::Nearest;
use serde::Serialize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A time as an unevaluated sum of two doubles: after an escape of 1e20 units, the steps of the last phase are below
/// one rounding of `high`.
///
/// Invariant of [`Time::plus`]: `high` is the double nearest to the sum, so that `high` alone is the time to double
/// precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Time {
    /// Nearest double.
    pub high: f64,
    /// What `high` leaves out.
    pub low: f64,
}

impl Time {
    /// This time plus `h`.
    ///
    /// `high + h` is split into its rounding and what is lost, exactly (Knuth's two-sum); `low` joins the loss, and
    /// the pair is normalised once more. Thousands of steps below a rounding of `high` are thus added up, not
    /// dropped.
    pub fn plus(self, h: f64) -> Self {
        let sum = self.high + h;
        let part = sum - self.high;
        let lost = (self.high - (sum - part)) + (h - part) + self.low;
        let high = sum + lost;
        Self { high, low: lost - (high - sum) }
    }
    /// `self - earlier`, to double precision.
    pub fn since(self, earlier: Self) -> f64 {
        (self.high - earlier.high) + (self.low - earlier.low)
    }
}

/// Why an integration ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Stop {
    /// The level was reached between these two times; the state is that at the later one.
    Level {
        /// Still above the level.
        after: Time,
        /// At or below it.
        by: Time,
    },
    /// The field is exactly zero: a critical point.
    VanishedGradient,
    /// The time asked for.
    EndTime,
    /// The budget of steps is spent.
    Steps,
    /// The budget of evaluations is spent.
    Evaluations,
    /// The wall-clock budget is spent.
    WallClock,
    /// Somebody set the flag.
    Interrupted,
    /// The observer asked for it.
    Observer,
    /// No step, however short, is acceptable.
    StepUnderflow,
    /// Stability, not accuracy, limits the steps, and the level would take more of them than the budget allows: the
    /// flow crawls.
    Stiff {
        /// Steps that the level would still take at the pace of the last ones; infinite where the level no longer
        /// falls.
        forecast: f64,
    },
    /// Rounding dominates: the level has not fallen for many steps, near the smallest value that doubles can show.
    Rounding,
}

impl Stop {
    /// One word, for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Level { .. } => "gap",
            Self::VanishedGradient => "vanished-gradient",
            Self::EndTime => "t-end",
            Self::Steps => "max-steps",
            Self::Evaluations => "max-evaluations",
            Self::WallClock => "time-budget",
            Self::Interrupted => "interrupted",
            Self::Observer => "observer",
            Self::StepUnderflow => "step-underflow",
            Self::Stiff { .. } => "stiff",
            Self::Rounding => "rounding",
        }
    }
    /// Whether the integration ended for no reason of the caller's, and short of what was asked for: the flow crawls,
    /// or leaves the range of doubles.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Stiff { .. } | Self::StepUnderflow)
    }
    /// One sentence, for readers: why, and what to do where something can be done.
    pub fn sentence(&self) -> String {
        match self {
            Self::Level { .. } => "R - R_min fell to the gap asked for".into(),
            Self::VanishedGradient => "the gradient is exactly zero: a critical point, which the flow never \
                                       leaves"
                .into(),
            Self::EndTime => "the end time was reached".into(),
            Self::Steps => "the budget of steps is spent; --max-steps raises it".into(),
            Self::Evaluations => "the budget of evaluations is spent".into(),
            Self::WallClock => "the time budget is spent; --time-budget raises it, --weights goes on from what --save \
                                wrote"
                .into(),
            Self::Interrupted => "interrupted; --weights goes on from what --save wrote".into(),
            Self::Observer => "ended by the caller".into(),
            Self::StepUnderflow => "no step, however short, meets the tolerance: the flow leaves the range of \
                                    doubles, or rtol is too small"
                .into(),
            Self::Stiff { forecast } => {
                let steps = if forecast.is_finite() {
                    format!(
                        "at least \
                    {forecast:.1e}"
                    )
                } else {
                    "an unknown number of".into()
                };
                format!(
                    "the fastest direction limits the steps while R - R_min falls along the slowest, {steps} more \
                     steps at this pace; \
                     ask for a larger --gap, standardise the data (--standardise), or allow it with --max-steps"
                )
            }
            Self::Rounding => "R - R_min no longer falls: it is at the rounding of doubles; ask for a larger \
                               --gap"
                .into(),
        }
    }
}

/// What happened on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Statistics {
    /// Accepted steps of the explicit method.
    pub steps: u64,
    /// Accepted steps of the implicit method.
    pub implicit_steps: u64,
    /// Trials whose error was too large.
    pub rejected_error: u64,
    /// Trials with a stage that was not finite.
    pub rejected_non_finite: u64,
    /// Evaluations of the field.
    pub evaluations: u64,
    /// Factorisations of a matrix with the Hessian.
    pub factorisations: u64,
}

/// When to end.
#[derive(Clone, Debug)]
pub struct Limits {
    /// End where [`System::level`] falls to this.
    pub level: Option<f64>,
    /// End at this time.
    pub t_end: Option<f64>,
    /// Accepted steps.
    pub max_steps: u64,
    /// Evaluations of the field.
    pub max_evaluations: u64,
    /// Wall-clock budget.
    pub wall_clock: Option<Duration>,
    /// End when somebody sets this.
    pub interrupt: Option<Arc<AtomicBool>>,
    /// Steps, at most, that a stability-limited phase may be forecast to take.
    pub patience: f64,
}

/// An acceptable step, before the state moves.
pub struct Visit<'a, P: Nearest> {
    /// With the step tried and not yet accepted.
    pub(super) stepper: &'a mut Stepper<P>,
    /// At the start of the step.
    pub time: Time,
    /// Its length.
    pub step: f64,
    /// [`System::level`] at its end.
    pub level: f64,
    /// So far, this step included.
    pub statistics: Statistics,
}

impl<P: Nearest> Visit<'_, P> {
    /// The state at the start of the step.
    pub fn start(&self) -> &[P] {
        self.stepper.state()
    }
    /// The state at its end.
    pub fn end(&self) -> &[P] {
        self.stepper.proposed()
    }
    /// The field at its end.
    pub fn end_rate(&self) -> &[P] {
        self.stepper.proposed_rate()
    }
    /// The continuous extension at `time + theta step`.
    ///
    /// theta lies in `[0, 1]`; `out` has the length of the state. The first call after a step forms the extension's
    /// coefficients, the later ones only evaluate them.
    pub fn interpolate(&mut self, theta: f64, out: &mut [P]) {
        self.stepper.interpolate(theta, out);
    }
}

/// Where and why an integration ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Why.
    pub stop: Stop,
    /// When.
    pub time: Time,
    /// Length of the step that would have come next.
    pub next_step: f64,
    /// What happened.
    pub statistics: Statistics,
}

/// Steps between two looks at the pace.
const STRIDE: u64 = 64;
/// Mean of `h` times the largest eigenvalue, over the steps between two looks, above which stability limits them.
///
/// The region of the Dormand-Prince pair ends at 3.3. Steps that stability limits go round in a cycle: they grow past
/// that, the fast direction grows with them, a trial is rejected, and so on; single steps say little, their mean is
/// near 2. Where accuracy limits them, the mean is below 0.5 at the default tolerances: the pair has order 5, and
/// `(h rho)^5` is of the order of the tolerance.
const STABILITY_LIMIT: f64 = 1.0;
/// Looks at the pace that must agree before the integration is given up as stiff: shorter plateaus end by themselves.
const STIFF_LOOKS: u32 = 8;
/// Looks without a fall of the level before rounding is blamed.
const STALLED_LOOKS: u32 = 8;

/// Integrates from the stepper's state, at which `system` was evaluated last, from time zero until something ends it;
/// `visit` sees every accepted step and may be what ends it.
///
/// It always ends where the number of steps or of evaluations is bounded. The level is compared after every acceptable
/// trial: the first step that ends at or below it is shortened by `locate` to where it is reached, and that is the last
/// step, whatever the visitor says. A step that would pass the end time is shortened to it, and ends there exactly. The
/// stepper is left at the end. Cost: six evaluations a trial, one for the first step's length, and six for each of the
/// trials with which the level is located.
pub fn drive<P: Nearest, S: System<P>>(
    stepper: &mut Stepper<P>,
    system: &mut S,
    tolerances: Tolerances,
    limits: &Limits,
    mut visit: impl FnMut(&mut Visit<'_, P>) -> ControlFlow<()>,
) -> Ended {
    let clock = Instant::now();
    let mut time = Time::default();
    let mut statistics = Statistics::default();
    let mut controller = Controller::new(stepper.order());
    let mut pace = Pace::new(system.level());
    let ended = |stop, time, h, mut statistics: Statistics, stepper: &Stepper<P>| {
        statistics.evaluations = stepper.evaluations();
        Ended { stop, time, next_step: h, statistics }
    };
    if limits.level.is_some_and(|l| system.level() <= l) {
        return ended(Stop::Level { after: time, by: time }, time, 0.0, statistics, stepper);
    }
    let Some(mut h) = starting_step(stepper, tolerances, system) else {
        return ended(Stop::VanishedGradient, time, 0.0, statistics, stepper);
    };
    loop {
        if let Some(stop) = exhausted(limits, &statistics, stepper.evaluations(), clock) {
            return ended(stop, time, h, statistics, stepper);
        }
        let left = limits.t_end.map_or(f64::INFINITY, |t| Time { high: t, low: 0.0 }.since(time));
        if left <= 0.0 {
            return ended(Stop::EndTime, time, h, statistics, stepper);
        }
        let last = h >= left;
        let length = h.min(left);
        let trial = stepper.attempt(length, tolerances, system);
        let error = match trial {
            Trial::Error(e) if e <= 1.0 => e,
            _ => {
                match trial {
                    Trial::NonFinite => statistics.rejected_non_finite += 1,
                    Trial::Error(_) => statistics.rejected_error += 1,
                }
                h = controller.rejected(length, trial);
                if stepper.is_negligible(h) {
                    let stop = if pace.at_rounding() { Stop::Rounding } else { Stop::StepUnderflow };
                    return ended(stop, time, h, statistics, stepper);
                }
                continue;
            }
        };
        let (mut taken, mut reached) = (length, None);
        if let Some(level) = limits.level
            && system.level() <= level
        {
            let (after, by) = locate(level, length, [pace.level, system.level()], |h| {
                stepper.attempt(h, tolerances, system);
                system.level()
            });
            taken = by;
            reached = Some(Stop::Level { after: time.plus(after), by: time.plus(by) });
        }
        statistics.steps += 1;
        statistics.evaluations = stepper.evaluations();
        let level = system.level();
        pace.step(stepper);
        let flow = visit(&mut Visit { stepper, time, step: taken, level, statistics });
        stepper.accept();
        let next = controller.accepted(length, error);
        time = if last && reached.is_none() {
            Time { high: limits.t_end.unwrap_or(time.high), low: 0.0 }
        } else {
            time.plus(taken)
        };
        pace.level = level;
        h = if last { h.max(next) } else { next };
        if let Some(stop) = reached {
            return ended(stop, time, h, statistics, stepper);
        }
        if flow.is_break() {
            return ended(Stop::Observer, time, h, statistics, stepper);
        }
        if statistics.steps % STRIDE == 0
            && let Some(stop) = pace.look(limits, left / h)
        {
            return ended(stop, time, h, statistics, stepper);
        }
        if stepper.is_at_rest() {
            return ended(Stop::VanishedGradient, time, h, statistics, stepper);
        }
    }
}

/// The limits that need no look at the state.
///
/// In this order: steps of both methods, evaluations, the flag, the clock. `None`: go on.
pub(super) fn exhausted(limits: &Limits, statistics: &Statistics, evaluations: u64, clock: Instant) -> Option<Stop> {
    if statistics.steps + statistics.implicit_steps >= limits.max_steps {
        return Some(Stop::Steps);
    }
    if evaluations >= limits.max_evaluations {
        return Some(Stop::Evaluations);
    }
    if limits.interrupt.as_ref().is_some_and(|f| f.load(Ordering::Relaxed)) {
        return Some(Stop::Interrupted);
    }
    if limits.wall_clock.is_some_and(|w| clock.elapsed() >= w) {
        return Some(Stop::WallClock);
    }
    None
}

/// The last step crossed the level: finds lengths `(above, below)` between which it is crossed, with steps of the
/// method itself, of which `attempt` gives the level at the end; the last of them has the second length.
///
/// `ends` are the levels at both ends of the step. Regula falsi on the logarithm of the level (Illinois variant), which
/// is nearly linear in time at the end of a descent.
///
/// Hypotheses: `ends[0] > level >= ends[1]`, `level > 0`. The search ends where the bracket is 1e-13 of the step or
/// the level at its upper end meets the target, after 60 trials at most; one more trial puts the stepper at the upper
/// end. Steps of the method, not its extension: the state at the end is one that the method itself reaches.
pub(super) fn locate(level: f64, length: f64, ends: [f64; 2], mut attempt: impl FnMut(f64) -> f64) -> (f64, f64) {
    // The bracket may be this wide relative to the step, or the level this close below its target.
    const WIDTH: f64 = 1e-13;
    const MOST: usize = 60;
    // A step that does not end in numbers has not come down.
    let height = |v: f64| if v <= 0.0 { -1e3 } else { (v / level).ln().min(1e3) };
    let (mut low, mut high) = ((0.0, height(ends[0])), (length, height(ends[1])));
    for _ in 0..MOST {
        if high.0 - low.0 <= WIDTH * length || high.1 > -WIDTH {
            break;
        }
        let share = (low.1 / (low.1 - high.1)).clamp(0.001, 0.999);
        let middle = low.0 + share * (high.0 - low.0);
        let value = height(attempt(middle));
        if value > 0.0 {
            low = (middle, value);
            high.1 *= 0.5;
        } else {
            high = (middle, value);
            low.1 *= 0.5;
        }
    }
    attempt(high.0);
    (low.0, high.0)
}

/// Watches whether the level falls fast enough.
///
/// A look compares the level with that of the look before, 64 steps ago; with `q = ln(seen/level)` the level takes
/// `ln(level/target) / q` such strides more if it goes on falling at this rate. That forecast, or the steps left to
/// the end time if they are fewer, is held against the caller's patience.
struct Pace {
    /// At the end of the last step.
    level: f64,
    /// At the last look.
    seen: f64,
    /// At the start.
    first: f64,
    /// Looks in a row at which the forecast was beyond the patience and stability limited the steps.
    stiff: u32,
    /// Looks in a row without a fall, at the size of rounding.
    stalled: u32,
    /// Sum of `h` times the largest eigenvalue since the last look, if that look found the level slow: otherwise nobody
    /// asks.
    stability: Option<f64>,
}

/// Rounding of w_prod shows below this share of the level at the start: about the square of the unit roundoff times the
/// condition.
pub(super) fn at_rounding(level: f64, first: f64) -> bool {
    const ROUNDING: f64 = 1e-24;
    level < ROUNDING * first.max(1.0)
}

impl Pace {
    /// At the start, where the level is this.
    fn new(level: f64) -> Self {
        Self { level, seen: level, first: level, stiff: 0, stalled: 0, stability: None }
    }
    /// Whether the level is down to what rounding makes of it.
    fn at_rounding(&self) -> bool {
        at_rounding(self.level, self.first)
    }
    /// After every acceptable trial.
    fn step<P: Nearest>(&mut self, stepper: &Stepper<P>) {
        if let Some(sum) = &mut self.stability {
            *sum += stepper.stability();
        }
    }
    /// Every [`STRIDE`] steps. `left` is the number of steps to the end time.
    ///
    /// `None` while there is no reason to end. Stability is summed over a stride only after a look that found the
    /// level slow, so that an integration that gets on well never pays for it.
    fn look(&mut self, limits: &Limits, left: f64) -> Option<Stop> {
        let fall = (self.seen / self.level).ln();
        let stalled = self.level >= self.seen && self.at_rounding();
        self.seen = self.level;
        self.stalled = if stalled { self.stalled + 1 } else { 0 };
        if self.stalled >= STALLED_LOOKS {
            return Some(Stop::Rounding);
        }
        let by_level = match limits.level {
            Some(target) if fall > 0.0 => (self.level / target).ln() / fall * STRIDE as f64,
            _ => f64::INFINITY,
        };
        let forecast = by_level.min(left);
        let slow = forecast > limits.patience;
        let unstable = self.stability.is_some_and(|sum| sum / STRIDE as f64 > STABILITY_LIMIT);
        self.stability = slow.then_some(0.0);
        self.stiff = if slow && unstable { self.stiff + 1 } else { 0 };
        (self.stiff >= STIFF_LOOKS).then_some(Stop::Stiff { forecast })
    }
}
