//! `flatcert flow`: a network carried along its gradient flow, and what Section 4 says about it, with schema
//! `flatcert.flow/2` (version 1 had doubles in `data.w_star`, now enclosures).
//!
//! | field | meaning |
//! | --- | --- |
//! | `steps`, `rejected`, `evaluations`, `time` | of the integration; `time` in the paper's unit |
//! | `stopped`, `reason` | why it ended: one word, one sentence |
//! | `excess_risk` | R - R_min at the start and at the end, f64 |
//! | `invariants` | epsilon, epsilon-bar, D of the start (enclosures); how far Lemma 1 was missed (f64) |
//! | `hypotheses` | (A1), (A2), (A3) at this start, decided by enclosures |
//! | `claims` | the statements of Section 4, grade `Computed`, or out of scope and why: Lemma 2 at the last weights, Corollaries 1 and 3 for a ball around them that provably contains the rest of their flow and its limit |
//! | `final` | the `inspect` object of the last weights |
//!
//! **The way of the data.** [`follow`] encloses epsilon, epsilon-bar and D of the start and decides the assumptions,
//! lets [`integrate`] run in doubles, inspects the last weights, and compares what Section 4 says with enclosures
//! there. The trajectory itself is not certified: that is the tube's affair ([`certify`](crate::certify)). What is
//! said here is true of the last weights as doubles, and, through a ball that provably holds the rest of *their*
//! flow, of the limit of the flow from them, not from the start.

use crate::arithmetic::{Big, Enclosure, Interval, Real, Ring};
use crate::certify::Certification;
use crate::error::Result;
use crate::flow::observables::Observables;
use crate::flow::tube::limit_from;
use crate::flow::{FlowOptions, Progress, Stop, Trajectory, integrate, invariants};
use crate::harness::evidence::{Grade, Verdict};
use crate::inspect::{Data, Inspection, Standing, inspect, margin};
use crate::network::Network;
use crate::problem::{Problem, norm_squared};
use num_traits::One;
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::ControlFlow;

/// Everything `flow` prints.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Account {
    /// `flatcert.flow/2`.
    pub schema: &'static str,
    /// The data.
    pub data: Data,
    /// Accepted steps.
    pub steps: u64,
    /// Those of the implicit method, which takes over where the flow is stiff.
    pub implicit_steps: u64,
    /// Trials that were not accepted.
    pub rejected: Rejected,
    /// Evaluations of the gradient.
    pub evaluations: u64,
    /// Time at the end.
    pub time: f64,
    /// One word.
    pub stopped: &'static str,
    /// One sentence.
    pub reason: String,
    /// R - R_min.
    pub excess_risk: Ends,
    /// `norm(grad)^2 / (R - R_min)` at the end, the rate at which R - R_min falls there; null at zero.
    pub rate: Option<f64>,
    /// What the flow conserves.
    pub invariants: Invariants,
    /// The assumptions of Section 4 at this start.
    pub hypotheses: Vec<Hypothesis>,
    /// The statements of Section 4 at the end.
    pub claims: Vec<Standing>,
    /// What a certified tube proves, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<Certification>,
    /// The last weights.
    #[serde(rename = "final")]
    pub last: Inspection,
    /// Why something is null or not claimed.
    pub remarks: Vec<String>,
}

/// Rejections by cause.
#[derive(Clone, Copy, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Rejected {
    /// The error was too large.
    pub error: u64,
    /// A stage was not finite.
    pub non_finite: u64,
}

/// A number at both ends.
#[derive(Clone, Copy, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Ends {
    /// At the start.
    pub start: f64,
    /// At the end.
    pub end: f64,
}

/// Of the start, and how far the integration kept them.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Invariants {
    /// `max_k norm_F` of the change of the matrices of Lemma 1.
    pub lemma_1_drift: f64,
    /// Null where the network is too large for its enclosure.
    pub epsilon: Option<Interval>,
    /// epsilon-bar of Appendix B.3.
    pub epsilon_bar: Option<Interval>,
    /// D, the sum of the norms of the matrices of Lemma 1.
    pub imbalance: Option<Interval>,
}

/// One assumption.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Hypothesis {
    /// `A1`, `A2`, `A3`.
    pub id: &'static str,
    /// Whether it holds.
    pub outcome: Verdict,
    /// What fails or could not be decided.
    pub reason: Option<String>,
}

/// Bits for the assumptions and for epsilon.
const BITS: u32 = 256;

/// Parameters up to which they are enclosed.
const ENCLOSED_PARAMETERS: usize = 20_000;

/// Integrates, then gives account.
///
/// `observe` is called as [`integrate`] calls it and may end the integration. Networks of more than 20,000 parameters
/// are followed too, with epsilon null and all claims left undecided. Cost: the integration, one inspection, and, up to
/// that size, the assumptions at 256 bits and a ball around the last weights that holds their limit.
///
/// ```
/// use flatcert::flow::FlowOptions;
/// use flatcert::follow::follow;
/// use std::ops::ControlFlow;
/// # use flatcert::{network::Network, problem::Problem, nalgebra::{DMatrix, DVector}};
/// // X = I, y = (1, 1), from W_1 = (1/2, 1/2), W_2 = 1 to a minimiser.
/// # let (x, y) = (DMatrix::identity(2, 2), DVector::from_element(2, 1.0));
/// # let problem = Problem::from_f64("two points", &x, &y)?;
/// # let layers = vec![DMatrix::from_element(1, 2, 0.5), DMatrix::from_element(1, 1, 1.0)];
/// # let start = Network::new(layers, DVector::from_element(1, 1.0))?;
/// let mut all = |_: &flatcert::flow::Progress<'_>| ControlFlow::Continue(());
/// let (trajectory, account) = follow(&problem, &start, &FlowOptions::default(), &mut all)?;
/// assert!(trajectory.excess_risk < 1e-9 && account.steps > 0);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// As [`integrate`].
pub fn follow(
    problem: &Problem,
    start: &Network<f64>,
    options: &FlowOptions,
    observe: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<(Trajectory, Account)> {
    let trajectory = integrate(problem, start, options, observe)?;
    let before = Start::new(problem, start);
    let last = inspect(problem, &trajectory.final_network)?;
    let mut remarks = before.remarks();
    if !matches!(trajectory.stopped, Stop::Level { .. }) {
        let (time, gap) = (trajectory.time.high, trajectory.excess_risk);
        remarks.push(format!("known so far: R - R_min = {gap:.3e} at t = {time:.6e}"));
    }
    let claims = claims(problem, &before, start, &trajectory, &last);
    let statistics = trajectory.statistics;
    let square = trajectory.gradient_norm * trajectory.gradient_norm;
    let account = Account {
        schema: "flatcert.flow/2",
        data: last.data.clone(),
        steps: statistics.steps + statistics.implicit_steps,
        implicit_steps: statistics.implicit_steps,
        rejected: Rejected { error: statistics.rejected_error, non_finite: statistics.rejected_non_finite },
        evaluations: statistics.evaluations,
        time: trajectory.time.high,
        stopped: trajectory.stopped.name(),
        reason: trajectory.stopped.sentence(),
        excess_risk: Ends { start: trajectory.initial_excess_risk, end: trajectory.excess_risk },
        rate: (trajectory.excess_risk > 0.0).then(|| square / trajectory.excess_risk),
        invariants: Invariants {
            lemma_1_drift: trajectory.balance_drift,
            epsilon: before.known.as_ref().map(|k| k.epsilon.to_interval()),
            epsilon_bar: before.known.as_ref().map(|k| k.epsilon_bar.to_interval()),
            imbalance: before.known.as_ref().map(|k| k.imbalance.to_interval()),
        },
        hypotheses: before.hypotheses,
        claims,
        certified: None,
        last,
        remarks,
    };
    Ok((trajectory, account))
}

/// What is known before the first step.
struct Start {
    /// (A1), (A2), (A3), in this order.
    hypotheses: Vec<Hypothesis>,
    /// `None` for a network too large for it.
    known: Option<Known>,
}

/// Enclosures at the start, with `BITS` bits; the flow conserves what they are made of (Lemma 1).
struct Known {
    /// epsilon of Section 4.
    epsilon: Big,
    /// epsilon-bar of Appendix B.3.
    epsilon_bar: Big,
    /// D, the sum of the norms of the matrices of Lemma 1.
    imbalance: Big,
}

impl Start {
    /// (A1) is taken to hold: a problem has a positive definite Sigma. (A2) and (A3) speak of networks with one
    /// output and no head. Weights and data are those that [`integrate`] has let pass.
    fn new(problem: &Problem, start: &Network<f64>) -> Self {
        let a1 = Hypothesis { id: "A1", outcome: Verdict::Holds, reason: None };
        if start.parameters() > ENCLOSED_PARAMETERS {
            let why = format!("not decided above {ENCLOSED_PARAMETERS} parameters");
            let unknown = |id| Hypothesis { id, outcome: Verdict::Undecided, reason: Some(why.clone()) };
            return Self { hypotheses: vec![a1, unknown("A2"), unknown("A3")], known: None };
        }
        let net = start.map(|v| Big::from_interval(&Interval::point(*v), BITS));
        let imbalance = invariants::imbalance(&net);
        let known = Known { epsilon: invariants::epsilon(&net), epsilon_bar: invariants::epsilon_bar(&net), imbalance };
        let outside = |id| Hypothesis { id, outcome: Verdict::OutOfScope, reason: Some(HEADED.into()) };
        let hypotheses = if is_plain(start) {
            vec![a1, assumption_2(problem, &net), assumption_3(problem, &known, start.depth())]
        } else {
            vec![a1, outside("A2"), outside("A3")]
        };
        Self { hypotheses, known: Some(known) }
    }

    /// One line for each assumption that fails or is open: what it is, and which statements are then not claimed.
    fn remarks(&self) -> Vec<String> {
        let fails = |h: &&Hypothesis| matches!(h.outcome, Verdict::Fails | Verdict::Undecided);
        let say = |h: &Hypothesis| {
            let word = if h.outcome == Verdict::Fails { "fails" } else { "is not decided" };
            let lost = match h.id {
                "A2" => "Theorem 3 and Corollaries 1 to 3 are not claimed",
                _ => "Corollaries 1 to 3 are not claimed",
            };
            format!("({}) {word}: {}; {lost}", h.id, h.reason.as_deref().unwrap_or(""))
        };
        self.hypotheses.iter().filter(fails).map(say).collect()
    }

    /// Why a statement under these assumptions says nothing here.
    fn missing(&self, needed: &[&str]) -> Option<(Verdict, String)> {
        let h = self.hypotheses.iter().find(|h| needed.contains(&h.id) && h.outcome != Verdict::Holds)?;
        let reason = h.reason.as_deref().unwrap_or("");
        match h.outcome {
            Verdict::Fails => Some((Verdict::OutOfScope, format!("({}) fails: {reason}", h.id))),
            _ => Some((Verdict::Undecided, format!("({}) is not decided: {reason}", h.id))),
        }
    }
}

/// Why the assumptions of Section 4 and its statements say nothing of a network with a head.
const HEADED: &str = "Section 4 has one output and no head (d_L = 1, w = 1)";

/// d_L = 1, w = 1.
fn is_plain(net: &Network<f64>) -> bool {
    net.head().len() == 1 && net.head()[0] == 1.0
}

/// `R(0) <= R_0` and a gradient that is not zero. With `w_prod = 0` exactly, R(0) = R_0.
///
/// R_0 is the risk of zero weights. Undecided where an enclosure with 256 bits holds zero.
fn assumption_2(problem: &Problem, net: &Network<Big>) -> Hypothesis {
    let moments = problem.moments::<Big>(BITS);
    let product = net.product();
    let gradient = net.gradient(&moments).norm_squared();
    let slack = moments.risk_drop(&product);
    let zero = |v: &Big| v.lo() == 0.0 && v.hi() == 0.0;
    let below = product.iter().all(zero) || slack.is_nonnegative();
    let (outcome, reason) = if zero(&gradient) {
        (Verdict::Fails, Some("the gradient vanishes at these weights".to_string()))
    } else if slack.is_negative() {
        (Verdict::Fails, Some(format!("R(0) exceeds R_0, the risk of zero weights, by {:.3e}", -slack.hi())))
    } else if !below {
        (Verdict::Undecided, Some("R(0) is too close to R_0".to_string()))
    } else if !gradient.is_positive() {
        (Verdict::Undecided, Some("the gradient is too close to zero".to_string()))
    } else {
        (Verdict::Holds, None)
    };
    Hypothesis { id: "A2", outcome, reason }
}

/// (A3): `epsilon <= 1`, `norm(w*) >= 1` and `32 L sqrt(epsilon) <= 1`, each by the sign of its margin.
fn assumption_3(problem: &Problem, known: &Known, depth: usize) -> Hypothesis {
    let w_star = norm_squared(problem.w_star::<Big>(BITS).iter());
    let norm = w_star.sqrt();
    let margins = invariants::assumption_3(&known.epsilon, &norm, depth);
    let names = ["epsilon <= 1", "norm(w*) >= 1", "32 L sqrt(epsilon) <= 1"];
    let broken = |v: Verdict| {
        let judged = margins.iter().zip(names).filter(|(m, _)| judge(*m) == v);
        judged.map(|(_, n)| n).collect::<Vec<_>>().join(", ")
    };
    let (fails, open) = (broken(Verdict::Fails), broken(Verdict::Undecided));
    let (outcome, reason) = match (fails.is_empty(), open.is_empty()) {
        (false, _) => (Verdict::Fails, Some(format!("not {fails}"))),
        (_, false) => (Verdict::Undecided, Some(format!("too close to equality: {open}"))),
        _ => (Verdict::Holds, None),
    };
    Hypothesis { id: "A3", outcome, reason }
}

/// Holds for a margin certainly not negative, fails for one certainly negative.
fn judge(margin: &impl Enclosure) -> Verdict {
    match margin {
        m if m.is_nonnegative() => Verdict::Holds,
        m if m.is_negative() => Verdict::Fails,
        _ => Verdict::Undecided,
    }
}

/// The statements of Section 4 at the last weights. Their margins are those of the catalogue:
/// `(greater - lesser) / larger in modulus`.
fn claims(
    problem: &Problem,
    before: &Start,
    start: &Network<f64>,
    trajectory: &Trajectory,
    last: &Inspection,
) -> Vec<Standing> {
    let head = (!is_plain(start)).then(|| (Verdict::OutOfScope, HEADED.to_string()));
    let none = &[][..];
    let all: &[&str] = &["A2", "A3"];
    let Some(known) = &before.known else {
        let ids = ["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment", "corollary-1", "corollary-3"];
        let why = || (Verdict::Undecided, "the network is too large for epsilon or its singular values".to_string());
        return ids.map(|id| made(id, None, Some(why()))).into();
    };
    let seen = Observables::at(problem, &trajectory.final_network);
    let depth = start.depth() as u32;
    let epsilon = known.epsilon.to_interval();
    let w_star = last.data.w_star_norm;
    let two = Interval::from_i64(2);
    let (low, high) = ((w_star / two).pow_ratio(1, depth), (two * w_star).pow_ratio(1, depth));
    // Corollaries 1 and 3 are about all later times and the limit: what remains of the way is added to every weight.
    let limit = limit_from(problem, &trajectory.final_network).ok();
    let rest = Interval::symmetric(limit.as_ref().map_or(f64::INFINITY, |l| l.radius));
    let range = seen.sigma_squared.iter().flat_map(|q| {
        let sigma = q.sqrt() + rest;
        [margin(sigma, low), margin(high, sigma)]
    });
    let least = last.bounds.get("theorem-1").copied().flatten();
    let four_kappa = Interval::from_i64(4) * last.data.lambda_max / last.data.lambda;
    let flat = least.zip(limit.as_ref()).map(|(b, l)| {
        let ratio = l.sharpness / b;
        [margin(ratio, Interval::one()), margin(four_kappa, ratio)]
    });
    let blocked = |needed: &[&str]| head.clone().or_else(|| before.missing(needed));
    let early = limit.is_none().then(|| {
        (
            Verdict::Undecided,
            "a statement about the limit, and the flow is not near it yet: integrate further".to_string(),
        )
    });
    let at_limit = || blocked(all).or_else(|| early.clone());
    let mut out = vec![
        made("lemma-2-rank-one", worst(seen.tail.iter().map(|t| margin(epsilon, *t))), blocked(none)),
        made("lemma-2-balance", worst([margin(epsilon, seen.spread)]), blocked(none)),
        made("lemma-2-alignment", worst(seen.misalignment.iter().map(|m| margin(epsilon, *m))), blocked(none)),
        made("corollary-1", worst(range), at_limit()),
        made("corollary-3", flat.and_then(worst), at_limit()),
    ];
    if let Some(l) = &limit {
        for open in out.iter_mut().skip(3).filter(|s| s.outcome == Verdict::Undecided && s.margin.is_some()) {
            let within = format!("the limit is within {:.1e} of the last weights, and ", l.radius);
            open.reason = open.reason.take().map(|r| within + &r);
        }
    }
    out
}

/// The smallest of the margins; `None` if there is none.
fn worst(margins: impl IntoIterator<Item = Interval>) -> Option<Interval> {
    margins.into_iter().reduce(|a, b| Enclosure::min(&a, &b))
}

/// A standing of grade `Computed`; margins without both ends are left out.
fn made(id: &str, margin: Option<Interval>, blocked: Option<(Verdict, String)>) -> Standing {
    let nothing = (Verdict::OutOfScope, "there is nothing to compare");
    let found = Standing::of(id.into(), Grade::Computed, margin, blocked, nothing);
    Standing { margin: found.margin.filter(Interval::is_bounded), ..found }
}
