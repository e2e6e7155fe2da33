//! The statements of Section 4 along certified tubes: proved of the true flow, at every time, for these instances.
//!
//! A tube ([`crate::flow::tube`]) is built and then verified from its certificate alone; the margins are those of
//! [`super::section_4`] and [`super::corollaries`], evaluated over the segments of the tube instead of the points of a trajectory.
//!
//! **Theorem 3 for every t >= 1.** Near the saddle `norm(b_1(t))` may be far below the tube's radius. There `norm(b_1) >= norm(w_prod)/sigma_1`, and
//! `norm(w_prod(t)) >= (R_0 - R(W(t)))/(2 Lambda norm(w*)) >= (R_0 - R(W(1)))/(2 Lambda norm(w*)) >= 2 m`, m of B.4, since the risk does not increase; so `norm(b_1) >= m/C`, C > a, as
//! long as `sigma_1 <= 2 a`, `a = sqrt(2 epsilon) L`. Elsewhere the tube's own `norm(b_1)` is compared with `sqrt(mu_1)` at an upper end of m, in which it increases.

use super::corollaries::{range_now, upper_best, upper_printed, upper_sharpened};
use super::evidence::{Grade, Role, Verdict};
use super::frame::{Context, Evaluation, Form, Statement};
use super::instances::{NetworkInstance, PerRun, eigenvalue};
use super::lemma_2;
use super::section_4::{Hypotheses, Pair, Pairs, Setting, When, a2, a3, any, deep, judge};
use super::theorem_3::{product_floor, proof_constant};
use super::trajectories::{Trajectory, exponent_inside, times_power_of_two};
use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::error::Result;
use crate::flow::tube::{self, Options, Segment};
use crate::network::initialise;
use crate::problem::draw::unit_vector;
use crate::problem::{Problem, draw::stream};
use nalgebra::DVector;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// What a verified certificate proves about one flow.
#[derive(Debug)]
pub struct Proved {
    /// The constants, with an upper end of R_0 - R(W(1)).
    pub setting: Setting,
    /// From t = 0 to the limit.
    pub segments: Vec<Segment>,
    /// Distance of the limit from the last weights, and its sharpness.
    pub limit: tube::Limit,
}

/// A start, and its certified tube once somebody asks.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Data and exact initial weights.
    pub start: Trajectory,
    proved: Arc<OnceLock<std::result::Result<Arc<Proved>, String>>>,
}

impl Serialize for Flow {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        self.start.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Flow {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        Trajectory::deserialize(d).map(Self::new)
    }
}

impl Flow {
    /// Not yet certified.
    pub fn new(start: Trajectory) -> Self {
        Self { start, proved: Arc::default() }
    }
    /// Builds the tube at the first call, and verifies it from its certificate.
    ///
    /// # Errors
    /// In words, why no tube could be closed.
    pub fn proved(&self) -> std::result::Result<Arc<Proved>, String> {
        self.proved.get_or_init(|| self.prove_apart().map(Arc::new)).clone()
    }

    /// On threads of its own: a thread of the pool that waits inside for the pool's other work could be given a form that waits for
    /// this very tube.
    fn prove_apart(&self) -> std::result::Result<Proved, String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(rayon::current_num_threads()).build();
        let pool = pool.map_err(|e| e.to_string())?;
        let prove = || pool.install(|| self.prove().map_err(|e| e.to_string()));
        std::thread::scope(|s| s.spawn(prove).join()).unwrap_or_else(|_| Err("the builder of the tube panicked".into()))
    }

    fn prove(&self) -> Result<Proved> {
        let start = &self.start.start;
        let certificate = tube::build(&start.problem, &start.network, &Options::default())?;
        let verified = tube::verify(&certificate)?;
        let segments = tube::segments(&certificate, &verified)?;
        Ok(Proved::new((*self.start.setting()).clone(), segments, verified.limit))
    }
}

impl Proved {
    fn new(mut setting: Setting, segments: Vec<Segment>, limit: tube::Limit) -> Self {
        // The risk decreases: its drop at t = 1 is at most that of any segment that begins after t = 1.
        if let Some(s) = segments.iter().find(|s| s.time.lo() >= 1.0).or(segments.last()) {
            setting.risk_drop = Interval::point(s.risk_drop.hi());
        }
        Self { setting, segments, limit }
    }
}

/// What is said of a proved flow.
pub enum Said {
    /// A statement over segments.
    Along(When, Pairs),
    /// Theorem 3, printed.
    PolyakLojasiewicz,
    /// Corollary 2: the limit exists, and is a minimiser.
    Converges,
    /// Corollary 3, lower side.
    SharpnessLower,
    /// Corollary 3, upper sides.
    Sharpness(fn(Interval, &Setting) -> Vec<Pair>),
}

/// A statement about the true flow, from certified tubes.
pub struct Certified {
    hypotheses: Hypotheses,
    said: Said,
}

/// Name of the arithmetic in the evidence.
const TUBE: &str = "Taylor models over a certified tube";

impl Statement for Certified {
    type Instance = Flow;

    fn instances(&self, context: &Context) -> Vec<Flow> {
        flows(context).to_vec()
    }
    fn describe(&self, i: &Flow) -> String {
        i.start.describe()
    }
    fn tags(&self, i: &Flow) -> Vec<String> {
        let mut out = i.start.tags();
        let (depth, d) = (i.start.start.depth(), i.start.start.problem.dimension());
        out.extend((depth <= 4).then(|| format!("L = {depth}")));
        out.extend((depth == 10 && d == 5).then(|| "d = 5, L = 10".to_string()));
        out.sort();
        out.dedup();
        out
    }
    fn evaluate(&self, i: &Flow, strength: &Rational) -> Evaluation {
        if let Some(refusal) = (self.hypotheses)(&i.start.setting()).refusal() {
            return refusal;
        }
        if let (Said::SharpnessLower, Some(equality)) = (&self.said, equality(&i.start.start)) {
            return Evaluation::out_of_scope(equality);
        }
        let proved = match i.proved() {
            Ok(proved) => proved,
            Err(e) => return Evaluation::undecided(e),
        };
        judge(self.pairs(&proved), strength, TUBE)
    }
}

/// The next power of ten above: radii vary a little with the processor's kernels, and a report should not.
pub(super) fn decade_above(v: f64) -> Interval {
    (-300..=300)
        .map(|e| format!("1e{e}").parse().unwrap_or(f64::INFINITY))
        .find(|p| *p >= v)
        .map_or(Interval::ENTIRE, Interval::point)
}

/// Where `Sigma w* = lambda w*` and `Lambda <= L lambda` (white data, say) the balanced limit has S = S_min, and S(W^SI) - S_min is of second order
/// in D: less than any tube's width.
///
/// With u = w*/norm(w*) and `q = norm(w*)^(2-2/L)` the balanced minimiser has `M = sum_k norm(b_k)^2 A_k^T A_k = q (I + (L-1) u u^T)`, and S is twice the
/// largest eigenvalue of `Sigma^(1/2) M Sigma^(1/2) = q (Sigma + (L-1) Sigma^(1/2) u u^T Sigma^(1/2))`. Along `v = Sigma^(1/2) u`, `r = u^T Sigma u`, its quotient is
/// `q (u^T Sigma^2 u/r + (L-1) r) >= q L r >= q L lambda`, the second with equality for `Sigma u = lambda u` only. Then the eigenvalues are `q L lambda` and
/// those of `q Sigma` on the complement of u, so that `S = 2 q max(L lambda, Lambda)`, and `S_min = 2 q L lambda`.
fn equality(start: &NetworkInstance) -> Option<String> {
    let sigma = &start.problem.exact_moments()?.sigma;
    let bottom = eigenvalue(sigma, start.problem.w_star_exact()?, false).is_some();
    let (top, depth) = (start.problem.lambda_max(), Interval::from_i64(start.depth() as i64));
    let steep = (top - depth * start.problem.lambda()).is_positive();
    let why = "Sigma w* = lambda w* and Lambda <= L lambda: a case of equality up to less than the width of the tube";
    (bottom && !steep).then(|| why.into())
}

impl Certified {
    fn pairs(&self, proved: &Proved) -> Vec<Pair> {
        let s = &proved.setting;
        let last = proved.segments.len().saturating_sub(1);
        match &self.said {
            Said::Along(when, pairs) => {
                let speaks = |at: usize, g: &Segment| match when {
                    When::Always => true,
                    When::FromOne => g.time.hi() >= 1.0,
                    When::End => at == last,
                };
                let segments = proved.segments.iter().enumerate().filter(|(at, g)| speaks(*at, g));
                segments.flat_map(|(_, g)| pairs(&g.observables, s)).collect()
            }
            Said::PolyakLojasiewicz => {
                let a = (2 * s.initial.epsilon()).sqrt() * Interval::from_i64(s.depth as i64);
                // mu = 4 lambda mu_1; only its upper end is known, as that of the drop of the risk.
                let m = product_floor(s);
                let mu_1 = if m.is_positive() && m.is_bounded() {
                    Interval::new(0.0, (proof_constant(s) / (4 * s.lambda)).hi())
                } else if m.hi() <= 0.0 {
                    Interval::zero()
                } else {
                    Interval::ENTIRE
                };
                let of = |g: &Segment| {
                    if s.depth == 1 {
                        // b_1 is the head: mu_1 = 1, on both sides of an equality.
                        return Pair::new(g.first_factor.powi(2), Interval::one());
                    }
                    let sigma = g.observables.sigma_squared[0].sqrt();
                    let near_saddle = Pair::new(2 * Interval::point(a.lo()), sigma);
                    if (near_saddle.greater - near_saddle.lesser).is_nonnegative() {
                        return near_saddle;
                    }
                    Pair::new(g.first_factor.powi(2), mu_1)
                };
                proved.segments.iter().filter(|g| g.time.hi() >= 1.0).map(of).collect()
            }
            // The Polyak-Lojasiewicz inequality with a positive constant in the ball that holds the rest of the orbit; how large the ball is
            // says how well the tube was made, and nothing about the statement.
            Said::Converges => vec![Pair::new(Interval::point(proved.limit.mu), Interval::zero())],
            Said::SharpnessLower => vec![Pair::new(proved.limit.sharpness, s.s_min())],
            Said::Sharpness(pairs) => pairs(proved.limit.sharpness, s),
        }
    }
}

fn form(name: &'static str, statement: &str, hypotheses: Hypotheses, said: Said) -> Form {
    let statement = format!("{statement}, proved of the true flow");
    Form::holds(name, Role::Printed, Grade::Instance, statement, Certified { hypotheses, said }).requires(&[
        ("L = 1", 1),
        ("L = 2", 1),
        ("L = 3", 1),
        ("L = 4", 1),
        ("d = 5, L = 10", 1),
        ("inside (A3)", 6),
    ])
}

/// Lemma 2, first statement, at every t.
pub fn rank_one() -> Form {
    let said = Said::Along(When::Always, lemma_2::rank_one_printed);
    form("tube", "norm_F(W_k(t))^2 - norm_2(W_k(t))^2 <= epsilon for every t", any, said)
}
/// Lemma 2, second statement, at every t.
pub fn balance() -> Form {
    let said = Said::Along(When::Always, lemma_2::balance_printed);
    form("tube", "|sigma_k^2(t) - sigma_j^2(t)| <= epsilon for every t", any, said)
}
/// Lemma 2, third statement, at every t.
pub fn alignment() -> Form {
    let said = Said::Along(When::Always, lemma_2::alignment_printed);
    let statement = "sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) <= epsilon for every t";
    let mut out = form("tube", statement, deep, said);
    out.role = Role::Corrected;
    out.required.retain(|(class, _)| *class != "L = 1");
    out
}
/// Theorem 3 with the mu of its proof, at every t >= 1.
pub fn theorem_3() -> Form {
    form("tube", "sum_k norm_F(grad_k)^2 >= mu (R - R_min) for every t >= 1, mu of B.4", a2, Said::PolyakLojasiewicz)
}
/// Corollary 1 from the end of the tube on.
pub fn corollary_1() -> Form {
    let said = Said::Along(When::End, range_now);
    form("tube", "(norm(w*)/2)^(1/L) <= sigma_k(t) <= (2 norm(w*))^(1/L) for every t >= T", a3, said)
}
/// Corollary 2.
pub fn corollary_2() -> Form {
    form("tube", "W(t) converges to a minimiser", a3, Said::Converges)
}
/// Corollary 3, lower side.
pub fn corollary_3_lower() -> Form {
    let said = Said::SharpnessLower;
    let statement = "S(W^SI) >= S_min, Sigma w* != lambda w* or Lambda > L lambda";
    let mut out = form("tube-lower", statement, a3, said);
    out.required.retain(|(class, _)| *class != "L = 1");
    out
}
/// Corollary 3, upper side as printed.
pub fn corollary_3_upper() -> Form {
    form("tube-upper", "S(W^SI) <= 4 (Lambda/lambda) S_min", a3, Said::Sharpness(upper_printed))
}
/// Corollary 3 with the best constant.
pub fn corollary_3_best() -> Form {
    let mut out = form("tube-best", "S(W^SI) <= 1.00025 (Lambda/lambda) S_min", a3, Said::Sharpness(upper_best));
    out.role = Role::Sharpened;
    out
}
/// Corollary 3 without (A3).
pub fn corollary_3_any() -> Form {
    let statement = "S(W^SI) <= (Lambda/lambda) (1 + 2 D/norm(w*)^(2/L))^(L-1) S_min, without (A3)";
    let hypotheses: Hypotheses = |s| a2(s).and(deep(s));
    let mut out = form("tube-any-scale", statement, hypotheses, Said::Sharpness(upper_sharpened));
    out.role = Role::Sharpened;
    out.required.retain(|(class, _)| *class != "L = 1");
    out
}

/// Stream of the data of this file.
const DATA: u64 = 0x35_0001;

/// The flows of a run: what one form proves the others read.
pub fn flows(context: &Context) -> Arc<Vec<Flow>> {
    static LIST: PerRun<Flow> = PerRun::new();
    LIST.get(context, || starts(context))
}

fn starts(context: &Context) -> Result<Vec<Flow>> {
    let rng = &mut stream(context.seed, DATA);
    let one = Rational::one();
    let half = Rational::new(1, 2);
    // (d, L, zero layer, powers of two by which the start is larger than (A3) allows).
    let mut list = vec![
        (1, 1, 1, 0),
        (4, 1, 1, 0),
        (1, 2, 2, 0),
        (4, 2, 1, 0),
        (3, 3, 2, 0),
        (4, 3, 3, 0),
        (2, 4, 1, 0),
        (4, 4, 3, 0),
        (5, 10, 10, 0),
        (3, 3, 1, 3),
        (4, 4, 0, 5),
        (2, 6, 4, 2),
    ];
    for i in 0..context.size(0, 24, 200) {
        let depth = 1 + i % 6;
        list.push((1 + (i * 7) % 5, depth, 1 + (i * 3) % depth, [0, 0, 2, -3][i % 4]));
    }
    list.extend(context.size(0, 1, 4).gt(&0).then_some((5, 10, 4, 0)));
    let mut out = Vec::new();
    for (i, (d, depth, zero, larger)) in list.into_iter().enumerate() {
        // norm(w*) = 1 or 3/2, kappa from 1 to 4.
        let spectrum: Vec<Rational> = (0..d).map(|j| &half + Rational::new(j as i64, 2)).collect();
        let size = if i % 2 == 0 { one.clone() } else { Rational::new(3, 2) };
        let w_star: DVector<Rational> = unit_vector(rng, d).map(|v| v * &size);
        let problem = Problem::with_spectrum(&spectrum, &w_star, &one, context.seed.wrapping_add(i as u64))?;
        let mut widths = vec![d; depth + 1];
        widths[depth] = 1;
        let seed = context.seed.wrapping_add(1000 + i as u64);
        let head = DVector::from_element(1, one.clone());
        let (drawn, kind) = match zero {
            0 => (initialise::gaussian_exact(&widths, head, &one, seed)?, "no zero layer".to_string()),
            k => (initialise::small_scale_exact(&widths, head, &one, k, seed)?, format!("W_{k}(0) = 0")),
        };
        let network = times_power_of_two(&drawn, exponent_inside(&drawn) + larger);
        // A drawn start may be a critical point (a zero among scalars), which the flow never leaves.
        if problem.exact_moments().is_some_and(|m| network.gradient(m).norm_squared().is_zero()) {
            continue;
        }
        let instance = NetworkInstance::new(Arc::new(problem), network, kind);
        out.push(Flow::new(Trajectory::new(instance, true)));
    }
    Ok(out)
}

/// What one certificate proves: the flow, and Section 4's statements about it, (A2) first.
#[derive(Debug)]
pub struct Standings {
    /// The flow.
    pub proved: Proved,
    /// True time at the end of the tube.
    pub time: Interval,
    /// T of Corollary 1: a time from which every sigma_k provably stays in the range; `None` if it is not known to be in it for good.
    pub settled_from: Option<f64>,
    /// Claim ids and verdicts.
    pub claims: Vec<(&'static str, Evaluation)>,
}

/// Verifies a certificate and evaluates the statements.
///
/// # Errors
/// A claim of the certificate that does not follow (which piece, what follows instead); the watch wants an end.
pub fn standings(certificate: &tube::Certificate, watch: &dyn tube::Watch) -> Result<Standings> {
    let verified = tube::verify_watched(certificate, watch)?;
    let segments = tube::segments_watched(certificate, &verified, watch)?;
    let instance = NetworkInstance::new(Arc::new(certificate.problem.clone()), certificate.start.clone(), "certified");
    let time = verified.times.last().copied().unwrap_or_else(Interval::zero);
    let proved = Proved::new(Setting::of(&instance), segments, verified.limit);
    let s = &proved.setting;
    let inside = |p: &Pair| (p.greater - p.lesser).is_nonnegative();
    let outside = proved.segments.iter().rposition(|g| !range_now(&g.observables, s).iter().all(inside));
    // The last segment that is not proved inside has certainly ended by its upper end.
    let settled_from = match outside {
        None => Some(1.0),
        Some(at) => (at + 1 < proved.segments.len()).then(|| proved.segments[at].time.hi().max(1.0)),
    };
    let always = |pairs| Said::Along(When::Always, pairs);
    let list: [(&str, Hypotheses, Said); 10] = [
        ("lemma-2-rank-one", any, always(lemma_2::rank_one_printed)),
        ("lemma-2-balance", any, always(lemma_2::balance_printed)),
        ("lemma-2-alignment", deep, always(lemma_2::alignment_printed)),
        ("theorem-3", a2, Said::PolyakLojasiewicz),
        ("corollary-1", a3, Said::Along(When::End, range_now)),
        ("corollary-2", a3, Said::Converges),
        ("corollary-3/lower", a3, Said::SharpnessLower),
        ("corollary-3/upper", a3, Said::Sharpness(upper_printed)),
        ("corollary-3/best-constant", a3, Said::Sharpness(upper_best)),
        ("corollary-3/any-scale", a2, Said::Sharpness(upper_sharpened)),
    ];
    let mut claims = vec![("assumption-2", a2(s).evaluation())];
    for (id, hypotheses, said) in list {
        let close = matches!(said, Said::SharpnessLower).then(|| equality(&instance)).flatten();
        let mut e = match hypotheses(s).refusal() {
            Some(refusal) => refusal,
            None => judge(Certified { hypotheses, said }.pairs(&proved), &Rational::one(), TUBE),
        };
        if e.verdict == Verdict::Undecided && close.is_some() {
            e.reason = close;
        }
        claims.push((id, e));
    }
    Ok(Standings { settled_from, proved, time, claims })
}
