//! The gradient flow `dW/dt = -grad R^L(W)` (equation (4)) of a network of doubles, from its weights to a stop that
//! says why.
//!
//! Nothing here is rigorous: grade `Computed`. Time has the paper's unit, in which the risk has no factor 1/2.
//!
//! **The way through.** [`integrate`] checks options and weights, rounds Sigma and w* to doubles (`Descent`), runs
//! the explicit pair through [`super::drive`], and where that ends as stiff and the network is small enough goes on
//! with the implicit method of `stiff` from the same state, to the same limits. Each accepted step of either becomes
//! a [`Progress`], and a [`Knot`] if knots are kept. At the end the risk and the gradient are evaluated anew from the
//! final weights.
//!
//! **Why `w*` and not y.** The field is formed from `w_prod - w*`, not from residuals of the n observations: one
//! evaluation does not depend on n, and near a minimiser nothing cancels but that difference. What it costs is that
//! w*, rounded to doubles, is the optimum of data that differ from these in the last digits.
//!
//! What is not done: the time of a step is not certified, and neither are the weights: [`super::tube`] proves where
//! the true flow goes.

use super::dormand_prince::{Stepper, System, Tolerances};
use super::drive::{Ended, Limits, Statistics, Stop, Time, Visit, drive};
use super::field::Field;
use super::invariants::{balance, drift};
use super::layout::Layout;
use super::stiff::{Accepted, Phase, implicit};
use super::tableau::Tableau;
use crate::arithmetic::{Big, Enclosure, upward};
use crate::error::{Error, Result};
use crate::flow::workspace::Workspace;
use crate::hessian::LowRank;
use crate::network::Network;
use crate::problem::Problem;
use nalgebra::{DMatrix, DVector};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How to integrate, and when to end.
///
/// [`FlowOptions::validate`] says which values are allowed; [`integrate`] asks it first. All limits hold together,
/// the first that is reached ends the integration.
#[derive(Clone, Debug)]
pub struct FlowOptions {
    /// Local error allowed in each layer, relative to that layer's Frobenius norm.
    pub rtol: f64,
    /// Local error allowed in each layer, relative to the Frobenius norm of the largest layer: what a layer near zero
    /// is measured by.
    pub atol: f64,
    /// End where R - R_min falls to this; `None` or zero: never.
    pub gap: Option<f64>,
    /// End at this time.
    pub t_end: Option<f64>,
    /// End after this many accepted steps.
    pub max_steps: u64,
    /// End after this many evaluations of the gradient.
    pub max_evaluations: u64,
    /// End after this much wall-clock time.
    pub wall_clock: Option<Duration>,
    /// End when somebody sets this flag.
    pub interrupt: Option<Arc<AtomicBool>>,
    /// Keep the start and the end of every accepted step as knots of the trajectory.
    pub keep: bool,
    /// With `keep`: knots within each step too, from the continuous extension.
    pub dense_per_step: usize,
    /// Steps that a phase limited by stability may be forecast to take before it is called stiff.
    pub patience: f64,
    /// Up to this many parameters the implicit method takes over where the flow is stiff; 0: never.
    pub implicit_parameters: usize,
    /// The pair of Runge-Kutta methods.
    pub tableau: Tableau,
}

impl Default for FlowOptions {
    fn default() -> Self {
        Self {
            rtol: 1e-8,
            atol: 1e-10,
            gap: Some(1e-20),
            t_end: None,
            max_steps: 1_000_000,
            max_evaluations: u64::MAX,
            wall_clock: None,
            interrupt: None,
            keep: false,
            dense_per_step: 0,
            patience: 20_000.0,
            implicit_parameters: super::rosenbrock::MOST_PARAMETERS,
            tableau: Tableau::dormand_prince(),
        }
    }
}

/// Tolerances below this ask for more than doubles have.
pub const LEAST_TOLERANCE: f64 = 1e-15;
/// Tolerances above this no longer follow the flow.
pub const LARGEST_TOLERANCE: f64 = 1e-1;

impl FlowOptions {
    /// `patience`, `wall_clock`, `dense_per_step` and `implicit_parameters` may have any value.
    ///
    /// # Errors
    /// A tolerance outside [[`LEAST_TOLERANCE`], [`LARGEST_TOLERANCE`]] (atol: from 0), a gap or an end time that is
    /// negative or not a number, a budget of zero. The message names the option as the command line does, or the field
    /// where that has none.
    pub fn validate(&self) -> Result<()> {
        let refuse =
            |name: &str, value: f64, what: &str| Err(Error::usage(format!("--{name} {value}: expected {what}")));
        let range = format!("a number from {LEAST_TOLERANCE:e} to {LARGEST_TOLERANCE:e}");
        if !(LEAST_TOLERANCE..=LARGEST_TOLERANCE).contains(&self.rtol) {
            return refuse("rtol", self.rtol, &range);
        }
        if !(0.0..=LARGEST_TOLERANCE).contains(&self.atol) {
            return refuse("atol", self.atol, &format!("a number from 0 to {LARGEST_TOLERANCE:e}"));
        }
        if let Some(g) = self.gap.filter(|g| !(*g >= 0.0 && g.is_finite())) {
            return refuse("gap", g, "a number that is not negative");
        }
        if let Some(t) = self.t_end.filter(|t| !(*t >= 0.0 && t.is_finite())) {
            return refuse("t-end", t, "a time that is not negative");
        }
        if self.max_steps == 0 {
            return Err(Error::usage("--max-steps 0: expected at least one step"));
        }
        if self.max_evaluations == 0 {
            return Err(Error::usage("max_evaluations 0: expected at least one evaluation"));
        }
        Ok(())
    }
}

/// Seen after every accepted step.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Time at the end of the step.
    pub time: Time,
    /// Its length.
    pub step: f64,
    /// R^L - R_min there.
    pub excess_risk: f64,
    /// Norm of the whole gradient there.
    pub gradient_norm: f64,
    /// The parameters there.
    pub state: &'a [f64],
    /// Where the layers lie in `state`.
    pub layout: &'a Layout,
    /// The fixed head.
    pub head: &'a DVector<f64>,
    /// So far.
    pub statistics: Statistics,
}

impl Progress<'_> {
    /// The network at the end of the step.
    ///
    /// # Errors
    /// Never, for a progress that [`integrate`] made.
    pub fn network(&self) -> Result<Network<f64>> {
        self.layout.network(self.state, self.head)
    }
}

/// A point of the trajectory.
///
/// The numbers are evaluated at these weights, also between two steps.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Knot {
    /// When.
    pub time: Time,
    /// The weights.
    pub network: Network<f64>,
    /// R^L - R_min.
    pub excess_risk: f64,
    /// Norm of the whole gradient.
    pub gradient_norm: f64,
    /// Between two steps' ends, by the continuous extension of order 4.
    pub interpolated: bool,
}

/// What an integration leaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Trajectory {
    /// With [`FlowOptions::keep`] the start, what lies between, the end; else empty.
    pub knots: Vec<Knot>,
    /// The weights at the end.
    pub final_network: Network<f64>,
    /// The time at the end.
    pub time: Time,
    /// R^L - R_min at the start.
    pub initial_excess_risk: f64,
    /// R^L - R_min at the end.
    pub excess_risk: f64,
    /// Norm of the gradient at the end.
    pub gradient_norm: f64,
    /// `max_k norm_F` of the change of `W_{k+1}^T W_{k+1} - W_k W_k^T` from the start to the end (Lemma 1: zero), or to
    /// any knot if larger.
    pub balance_drift: f64,
    /// The pace at the end: length of the step that would have come next.
    pub next_step: f64,
    /// Why it ended.
    pub stopped: Stop,
    /// What happened on the way.
    pub statistics: Statistics,
}

/// The field as a system for the integrator; each layer is a block of the error norm.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Descent {
    /// Sigma, w* and the shape of the networks.
    field: Field<f64>,
    /// The sweeps of the last point at which `rate` was called: `level` and `gradient_norm` read it.
    workspace: Workspace<f64>,
}

impl Descent {
    /// For this problem and networks of the shape and head of `network`.
    ///
    /// Sigma and w* are formed at 128 bits and rounded once. Before the first evaluation the workspace holds zeros
    /// besides the head, and [`System::level`] is zero.
    ///
    /// # Errors
    /// The first layer does not take d inputs.
    pub fn new(problem: &Problem, network: &Network<f64>) -> Result<Self> {
        let nearest = |v: &Big| v.midpoint().lo();
        let sigma: DMatrix<f64> = problem.moments::<Big>(BITS).sigma.map(|v| nearest(&v));
        let w_star = problem.w_star::<Big>(BITS).map(|v| nearest(&v));
        let field = Field::new(&sigma, &w_star, network)?;
        let workspace = field.workspace();
        Ok(Self { field, workspace })
    }
    /// The field.
    pub fn field(&self) -> &Field<f64> {
        &self.field
    }
    /// The sweeps of the last evaluation.
    pub fn workspace(&self) -> &Workspace<f64> {
        &self.workspace
    }
    /// At the last point that was evaluated, from the vectors of the sweeps: no pass over the parameters.
    fn gradient_norm(&self) -> f64 {
        self.workspace.gradient_norm_squared(self.field.layout()).sqrt()
    }
}

/// Bits at which w* and Sigma are formed before they are rounded to doubles.
const BITS: u32 = 128;

impl System<f64> for Descent {
    fn blocks(&self) -> &[Range<usize>] {
        self.field.layout().blocks()
    }
    fn rate(&mut self, y: &[f64], out: &mut [f64]) {
        self.field.evaluate_fast(y, out, &mut self.workspace);
    }
    fn level(&self) -> f64 {
        *self.workspace.excess_risk()
    }
}

/// Integrates from `start`; `observe` sees every accepted step and may end the integration.
///
/// ```
/// use flatcert::flow::{FlowOptions, integrate};
/// use std::ops::ControlFlow;
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), from W_1 = (1/2, 1/2), W_2 = 1 to a minimiser.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 0.5), DMatrix::from_element(1, 1, 1.0)];
/// # let start = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let mut steps = 0;
/// let trajectory = integrate(&problem, &start, &FlowOptions::default(), &mut |_| {
///     steps += 1;
///     ControlFlow::Continue(())
/// })?;
/// assert!(steps > 0 && trajectory.excess_risk < 1e-9 * trajectory.initial_excess_risk);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// **Outcomes.** Every end of the integration is a [`Trajectory`], also one that was given up:
/// [`Trajectory::stopped`] says why. The observer's `Break` ends it after the step that was shown. `start` itself is
/// not shown; a start that is already below the gap, or a critical point, ends without a step.
///
/// **Cost.** Six evaluations for a trial of the explicit pair, each three passes over the p parameters (Sigma adds
/// `d^2`); the stepper keeps eleven vectors of length p, and four more where the extension is asked for. Kept knots
/// are networks of p doubles each, and cost one evaluation and the balance of the layers more.
///
/// See also [`super::tube`] for a proof of where the flow goes, and [`crate::follow`] for what is said of the network
/// on the way.
///
/// # Errors
/// Options out of range; weights that are not finite, or at which the risk is not finite in doubles; a first layer that
/// does not take d inputs.
pub fn integrate(
    problem: &Problem,
    start: &Network<f64>,
    options: &FlowOptions,
    observe: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Trajectory> {
    options.validate()?;
    check_finite(start)?;
    let mut descent = Descent::new(problem, start)?;
    let layout = descent.field().layout().clone();
    let mut stepper = Stepper::new(&options.tableau, Layout::flatten(start), 53, &mut descent);
    let initial_excess_risk = descent.level();
    if !initial_excess_risk.is_finite() {
        return Err(Error::input("weights", "the risk or its gradient overflows double precision at these weights"));
    }
    let tolerances = Tolerances { rtol: options.rtol, atol: options.atol };
    let mut record = Record::new(start, &descent, options, initial_excess_risk);
    let mut gradient_norm = descent.gradient_norm();
    let (mut probe, mut scratch) = (descent.clone(), vec![0.0; layout.parameters()]);
    let mut failed = None;
    let mut visit = |v: &mut Visit<'_, f64>| -> ControlFlow<()> {
        if let Err(e) = record.step(v, &mut probe, &mut scratch) {
            failed = Some(e);
            return ControlFlow::Break(());
        }
        gradient_norm = record.gradient_norm;
        let (time, step, state) = (v.time.plus(v.step), v.step, v.end());
        let (excess_risk, statistics) = (v.level, v.statistics);
        let head = start.head();
        observe(&Progress { time, step, excess_risk, gradient_norm, state, layout: &layout, head, statistics })
    };
    let (limits, clock) = (limits(options), Instant::now());
    let mut ended = drive(&mut stepper, &mut descent, tolerances, &limits, &mut visit);
    if let Some(e) = failed {
        return Err(e);
    }
    let mut state = stepper.state().to_vec();
    if matches!(ended.stop, Stop::Stiff { .. }) && state.len() <= options.implicit_parameters {
        let moments = problem.moments::<Big>(BITS).map(|v| v.midpoint().lo());
        let hessian = |y: &[f64]| Ok(LowRank::new(&layout.network(y, start.head())?, &moments));
        let phase = Phase {
            system: &mut descent,
            state: &mut state,
            tolerances,
            limits: &limits,
            clock,
            first: initial_excess_risk,
        };
        ended = implicit(phase, ended, hessian, |a| {
            let Accepted { time, step, state, level, statistics } = a;
            record.implicit(time, state, &mut probe, &mut scratch)?;
            let (gradient_norm, head) = (record.gradient_norm, start.head());
            Ok(observe(&Progress {
                time,
                step,
                excess_risk: level,
                gradient_norm,
                state,
                layout: &layout,
                head,
                statistics,
            }))
        })?;
    }
    let final_network = layout.network(&state, start.head())?;
    finish(problem, start, record, final_network, ended, initial_excess_risk)
}

/// The options about when to end; a gap of zero is none.
pub(super) fn limits(options: &FlowOptions) -> Limits {
    Limits {
        level: options.gap.filter(|g| *g > 0.0),
        t_end: options.t_end,
        max_steps: options.max_steps,
        max_evaluations: options.max_evaluations,
        wall_clock: options.wall_clock,
        interrupt: options.interrupt.clone(),
        patience: options.patience,
    }
}

/// What is left of an integration: risk, gradient and balance are those of the weights at the end, evaluated anew.
///
/// # Errors
/// The final network does not fit the data: never, for a network that was integrated on them.
fn finish(
    problem: &Problem,
    start: &Network<f64>,
    record: Record,
    final_network: Network<f64>,
    ended: Ended,
    initial_excess_risk: f64,
) -> Result<Trajectory> {
    let mut descent = Descent::new(problem, &final_network)?;
    let state = Layout::flatten(&final_network);
    let mut out = vec![0.0; state.len()];
    descent.rate(&state, &mut out);
    let balances = record.balance.unwrap_or_else(|| balance(start));
    Ok(Trajectory {
        knots: record.knots,
        time: ended.time,
        initial_excess_risk,
        excess_risk: descent.level(),
        gradient_norm: descent.gradient_norm(),
        balance_drift: record.drift.max(drift(&balances, &balance(&final_network))),
        next_step: ended.next_step,
        stopped: ended.stop,
        statistics: ended.statistics,
        final_network,
    })
}

/// # Errors
/// Names the first entry that is NaN or infinite, counted from 0.
fn check_finite(network: &Network<f64>) -> Result<()> {
    for (k, w) in network.layers().iter().enumerate() {
        if let Some((at, v)) = w.iter().enumerate().find(|(_, v)| !v.is_finite()) {
            let place = format!("W{}[{}, {}]", k + 1, at % w.nrows(), at / w.nrows());
            return Err(Error::input(place, format!("{v}: initial weights must be finite")));
        }
    }
    match network.head().iter().enumerate().find(|(_, v)| !v.is_finite()) {
        Some((i, v)) => Err(Error::input(format!("head[{i}]"), format!("{v}: the head must be finite"))),
        None => Ok(()),
    }
}

/// Knots and drift, gathered on the way.
struct Record {
    /// So far; empty without `keep`.
    knots: Vec<Knot>,
    /// As in the options.
    keep: bool,
    /// Knots between the ends of a step.
    dense: usize,
    /// Of the network that is integrated, as `head` is its head.
    layout: Layout,
    /// The fixed head w.
    head: DVector<f64>,
    /// At the start; without `keep` it is not formed, and the drift is that of the end alone.
    balance: Option<Vec<DMatrix<f64>>>,
    /// The largest so far, over the ends of steps: the extension does not conserve what the flow does.
    drift: f64,
    /// At the end of the last step.
    gradient_norm: f64,
}

impl Record {
    /// `descent` must have been evaluated at the start.
    fn new(start: &Network<f64>, descent: &Descent, options: &FlowOptions, excess_risk: f64) -> Self {
        let gradient_norm = descent.gradient_norm();
        let first =
            Knot { time: Time::default(), network: start.clone(), excess_risk, gradient_norm, interpolated: false };
        Self {
            knots: if options.keep { vec![first] } else { Vec::new() },
            keep: options.keep,
            dense: options.dense_per_step,
            layout: descent.field().layout().clone(),
            head: start.head().clone(),
            balance: options.keep.then(|| balance(start)),
            drift: 0.0,
            gradient_norm,
        }
    }
    /// A step of the explicit method. `probe` evaluates at the knots, so that the integrator's own workspace, from
    /// which the level is read, stays at the end of the step.
    fn step(&mut self, v: &mut Visit<'_, f64>, probe: &mut Descent, scratch: &mut [f64]) -> Result<()> {
        if self.keep {
            let mut between = vec![0.0; scratch.len()];
            for j in 1..=self.dense {
                let theta = j as f64 / (self.dense + 1) as f64;
                v.interpolate(theta, &mut between);
                self.knot(v.time.plus(theta * v.step), &between, true, probe, scratch)?;
            }
            self.knot(v.time.plus(v.step), v.end(), false, probe, scratch)?;
        } else {
            self.gradient_norm = super::dormand_prince::norm(v.end_rate());
        }
        Ok(())
    }
    /// A step of the implicit method, which has no continuous extension: a knot at its end only.
    fn implicit(&mut self, time: Time, state: &[f64], probe: &mut Descent, scratch: &mut [f64]) -> Result<()> {
        if self.keep {
            return self.knot(time, state, false, probe, scratch);
        }
        probe.rate(state, scratch);
        self.gradient_norm = probe.gradient_norm();
        Ok(())
    }
    /// Appends a knot; updates the drift unless it is interpolated, and the gradient norm always.
    fn knot(
        &mut self,
        time: Time,
        state: &[f64],
        interpolated: bool,
        probe: &mut Descent,
        scratch: &mut [f64],
    ) -> Result<()> {
        probe.rate(state, scratch);
        let network = self.layout.network(state, &self.head)?;
        if let Some(b) = self.balance.as_ref().filter(|_| !interpolated) {
            self.drift = upward::larger(self.drift, drift(b, &balance(&network)));
        }
        self.gradient_norm = probe.gradient_norm();
        let (excess_risk, gradient_norm) = (probe.level(), self.gradient_norm);
        self.knots.push(Knot { time, network, excess_risk, gradient_norm, interpolated });
        Ok(())
    }
}
