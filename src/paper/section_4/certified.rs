//! The statements of Section 4 along certified tubes: proved of the true flow, at every time, for these instances.
//!
//! A tube ([`crate::flow::tube`]) is built and then verified from its certificate alone; the inequalities are those of
//! the trajectories ([`crate::paper::section_4::moment`]), evaluated over the segments of the tube instead of their
//! points.
//!
//! **Theorem 3 for every t >= 1.** Near the saddle `norm(b_1(t))` may be far below the tube's radius. There
//! `norm(b_1) >= norm(w_prod)/sigma_1`, and
//! `norm(w_prod(t)) >= (R_0 - R(W(t)))/(2 Lambda norm(w*)) >= (R_0 - R(W(1)))/(2 Lambda norm(w*)) >= 2 m`, m of B.4,
//! since the risk does not increase; so `norm(b_1) >= m/C`, C > a, as long as `sigma_1 <= 2 a`,
//! `a = sqrt(2 epsilon) L`. Elsewhere the tube's own `norm(b_1)` is compared with `sqrt(mu_1)` at an upper end of m, in
//! which it increases.
//!
//! **What is trusted.** A tube is built by floating-point means and then verified from its certificate with directed
//! rounding ([`crate::flow::tube`]); only the verified segments are read here. An enclosure over a segment holds for
//! the true flow at every time of that segment, so a statement that holds on all segments holds at every t: the last
//! of them is the ball that contains the rest of the orbit, and the limit.
//!
//! **What it does not say.** It is about the flows of [`flows`], one for each instance: no statement for all
//! initialisations follows, which is what the proofs in `formal/` are for.

use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::error::Result;
use crate::flow::invariants::{Initial, exponent_inside};
use crate::flow::tube::{self, Segment};
use crate::harness::claim::{Context, Evaluation, Form, tagged};
use crate::harness::pairs::{Pair, judge_all};
use crate::harness::{Stated, Subject};
use crate::instances::NetworkInstance;
use crate::linalg::extreme_eigenvalue_of;
use crate::network::initialise::{fully_connected, widths};
use crate::paper::section_4::aligned::NEAR_ONE;
use crate::paper::section_4::along::When;
use crate::paper::section_4::corollary_3::statement::lower;
use crate::paper::section_4::hypotheses::Hypotheses;
use crate::paper::section_4::moment::{Inequality, Seen};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::theorem_3::constants::proof_constant;
use crate::paper::section_4::trajectories::Trajectory;
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
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flow {
    /// Data and exact initial weights.
    pub start: Trajectory,
    /// Once asked for: what the tube proves, or in words why none could be closed. Shared by clones, not serialised.
    #[serde(skip)]
    proved: Arc<OnceLock<std::result::Result<Arc<Proved>, String>>>,
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
    ///
    /// Every form that speaks of this flow, and every clone of it, reads the same result.
    pub fn proved(&self) -> std::result::Result<Arc<Proved>, String> {
        let prove = || {
            let start = &self.start.start;
            let (segments, limit) = tube::prove(&start.problem, &start.network).map_err(|e| e.to_string())?;
            Ok(Arc::new(Proved::new((*self.start.setting()).clone(), segments, limit)))
        };
        self.proved.get_or_init(prove).clone()
    }
}

impl Proved {
    /// With the drop of the risk at t = 1 bounded from above; the segments are in the order of time, and where none
    /// begins after t = 1 it is that of the last one, which leads to the limit.
    pub(crate) fn new(mut setting: Setting, segments: Vec<Segment>, limit: tube::Limit) -> Self {
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
    Along(When, Inequality),
    /// Theorem 3, printed.
    PolyakLojasiewicz,
    /// Corollary 2: the limit exists, and is a minimiser.
    Converges,
    /// Corollary 3, lower side.
    SharpnessLower,
    /// Corollary 3, upper sides.
    Sharpness(Inequality),
}

impl Said {
    /// What the report prints.
    fn words(&self) -> String {
        match self {
            Self::Along(When::Always, said) => format!("{}, t >= 0", said.text()),
            Self::Along(_, said) => format!("{}, t >= T", said.text()),
            Self::PolyakLojasiewicz => "sum_k norm_F(grad_k)^2 >= mu (R - R_min), t >= 1, mu of B.4".into(),
            Self::Converges => "W(t) converges to a minimiser".into(),
            Self::SharpnessLower => lower(1).text(),
            Self::Sharpness(said) => said.text(),
        }
    }
    /// At a proved flow.
    ///
    /// # Errors
    /// Names a symbol that has no value.
    ///
    /// - `Along`: the pairs of the inequality on every segment that has a moment of the times asked for.
    /// - `PolyakLojasiewicz`: on segments that are certainly near the saddle (`sigma_1 <= 2 a`) the inequality
    ///   follows from the argument at the head of the file, and the pair states only that they are near; on the
    ///   others `norm(b_1)^2 >= mu_1`, with mu_1 between zero and an upper end. If some segment is not near the
    ///   saddle, the pairs of the near ones are left out, as their margin says nothing about the inequality.
    /// - `Converges`: the constant mu of the inequality of Theorem 3 from the end of the tube on, against zero; that
    ///   the limit exists is part of what the verification of the tube says.
    /// - `SharpnessLower`, `Sharpness`: at the enclosure of S(W^SI).
    pub(crate) fn pairs(&self, proved: &Proved) -> std::result::Result<Vec<Pair>, String> {
        let s = &proved.setting;
        let sharpness = Seen::Number("S", proved.limit.sharpness);
        Ok(match self {
            Self::Along(when, said) => {
                let segments = when.of(&proved.segments, |g| g.time.hi());
                let pairs = segments.map(|g| said.pairs(s, Seen::Flow(&g.observables)));
                pairs.collect::<std::result::Result<Vec<_>, _>>()?.into_iter().flatten().collect()
            }
            Self::PolyakLojasiewicz => {
                let a = (2 * s.initial.epsilon()).sqrt() * Interval::from_i64(s.depth as i64);
                // mu = 4 lambda mu_1; only its upper end is known, as that of the drop of the risk.
                let mu_1 = Interval::new(0.0, (proof_constant(s) / (4 * s.lambda)).hi());
                let of = |g: &Segment| {
                    if s.depth == 1 {
                        // b_1 is the head: mu_1 = 1, on both sides of an equality.
                        return (false, Pair::new(g.first_factor.powi(2), Interval::one()));
                    }
                    let sigma = g.observables.sigma_squared[0].sqrt();
                    let near_saddle = Pair::new(2 * Interval::point(a.lo()), sigma);
                    if near_saddle.holds() == Some(true) {
                        return (true, near_saddle);
                    }
                    (false, Pair::new(g.first_factor.powi(2), mu_1))
                };
                let (saddle, beyond): (Vec<_>, Vec<_>) =
                    When::FromOne.of(&proved.segments, |g| g.time.hi()).map(of).partition(|p| p.0);
                // The first case says how large sigma_1 is, which is no measure of the inequality.
                let speak = if beyond.is_empty() { saddle } else { beyond };
                speak.into_iter().map(|p| p.1).collect()
            }
            // The Polyak-Lojasiewicz inequality with a positive constant in the ball that holds the rest of the orbit;
            // how large the ball is says how well the tube was made, and nothing about the statement.
            Self::Converges => vec![Pair::new(Interval::point(proved.limit.mu), Interval::zero())],
            Self::SharpnessLower => lower(1).pairs(s, sharpness)?,
            Self::Sharpness(said) => said.pairs(s, sharpness)?,
        })
    }
}

/// Name of the arithmetic in the evidence.
pub(crate) const TUBE: &str = "Taylor models over a certified tube";

impl Subject for Flow {
    fn describe(&self) -> String {
        self.start.describe()
    }
    fn tags(&self) -> Vec<String> {
        let mut out = self.start.tags();
        let (depth, d) = (self.start.start.depth(), self.start.start.problem.dimension());
        let product = depth as f64 * self.start.setting().initial.epsilon().hi();
        out.extend(tagged([
            (depth <= 4, &*format!("L = {depth}")),
            (depth == 10 && d == 5, "d = 5, L = 10"),
            ((0.95..=1.0).contains(&product), NEAR_ONE),
        ]));
        out.sort();
        out.dedup();
        out
    }
}

/// Where `Sigma w* = lambda w*` and `Lambda <= L lambda` (white data, say) the balanced limit has S = S_min, and
/// S(W^SI) - S_min is of second order in D: less than any tube's width.
///
/// With u = w*/norm(w*) and `q = norm(w*)^(2-2/L)` the balanced minimiser has
/// `M = sum_k norm(b_k)^2 A_k^T A_k = q (I + (L-1) u u^T)`, and S is twice the largest eigenvalue of
/// `Sigma^(1/2) M Sigma^(1/2) = q (Sigma + (L-1) Sigma^(1/2) u u^T Sigma^(1/2))`. Along `v = Sigma^(1/2) u`,
/// `r = u^T Sigma u`, its quotient is `q (u^T Sigma^2 u/r + (L-1) r) >= q L r >= q L lambda`, the second with equality
/// for `Sigma u = lambda u` only. Then the eigenvalues are `q L lambda` and those of `q Sigma` on the complement of u,
/// so that `S = 2 q max(L lambda, Lambda)`, and `S_min = 2 q L lambda`.
pub(crate) fn equality(start: &NetworkInstance) -> Option<String> {
    let sigma = &start.problem.exact_moments()?.sigma;
    let bottom = extreme_eigenvalue_of(sigma, start.problem.w_star_exact()?, false).is_some();
    let (top, depth) = (start.problem.lambda_max(), Interval::from_i64(start.depth() as i64));
    let steep = (top - depth * start.problem.lambda()).is_positive();
    let why = "Sigma w* = lambda w* and Lambda <= L lambda: a case of equality up to less than the width of the tube";
    (bottom && !steep).then(|| why.into())
}

/// A form about the true flow, from certified tubes.
///
/// Undecided where no tube could be closed. `SharpnessLower` is out of scope where [`equality`] says that no tube of
/// positive width can decide it.
pub(crate) fn form(name: &'static str, hypotheses: Hypotheses, said: Said) -> Form {
    let statement = said.words() + ", proved of the true flow";
    let evaluate = move |i: &Flow, strength: &Rational| {
        if let Some(refusal) = hypotheses(&i.start.setting()).refusal() {
            return refusal;
        }
        if let (Said::SharpnessLower, Some(equality)) = (&said, equality(&i.start.start)) {
            return Evaluation::out_of_scope(equality);
        }
        judge_all([i.proved().and_then(|proved| said.pairs(&proved))], strength, TUBE)
    };
    Form::printed(name, statement, Stated::new(|context| flows(context).to_vec(), evaluate)).requires(&REQUIRED)
}

/// Coverage that is asked for, L = 1 first.
pub(crate) const REQUIRED: [(&str, usize); 6] =
    [("L = 1", 1), ("L = 2", 1), ("L = 3", 1), ("L = 4", 1), ("d = 5, L = 10", 1), ("inside (A3)", 6)];

/// Stream of the data of this file.
const DATA: u64 = 0x35_0001;

/// The flows of a run: what one form proves the others read.
pub fn flows(context: &Context) -> Arc<Vec<Flow>> {
    context.once("certified flows", || starts(context))
}

/// Nine flows inside (A3), five that are outside of it or have `L epsilon = 0.97`, and more in longer runs. The
/// comment at the list says what its entries are; the fourth number is the power of two by which the start is larger
/// than the largest inside (A3).
///
/// # Errors
/// Data or layers that could not be made.
fn starts(context: &Context) -> Result<Vec<Flow>> {
    let rng = &mut stream(context.seed, DATA);
    let one = Rational::one();
    // (d, L, zero layer), at the largest power of two inside (A3); the same and powers of two by which the start is
    // larger than (A3) allows, or none: L epsilon near 1.
    let inside = [(1, 1, 1), (4, 1, 1), (1, 2, 2), (4, 2, 1), (3, 3, 2), (4, 3, 3), (2, 4, 1), (4, 4, 3), (5, 10, 10)];
    let others = [(3, 3, 1, Some(3)), (4, 4, 0, Some(5)), (2, 6, 4, Some(2)), (3, 3, 2, None), (2, 5, 0, None)];
    let inside = inside.into_iter().map(|(d, depth, zero)| (d, depth, zero, Some(0)));
    let mut list: Vec<_> = inside.chain(others).collect();
    for i in 0..context.size(0, 24, 120) {
        let depth = 1 + i % 6;
        list.push((1 + (i * 7) % 5, depth, 1 + (i * 3) % depth, Some([0, 0, 2, -3][i % 4])));
    }
    list.extend(context.size(0, 1, 4).gt(&0).then_some((5, 10, 4, Some(0))));
    let mut out = Vec::new();
    for (i, (d, depth, zero, larger)) in list.into_iter().enumerate() {
        // norm(w*) = 1 or 3/2, kappa from 1 to 4.
        let spectrum: Vec<Rational> = (1..=d).map(|j| Rational::new(j as i64, 2)).collect();
        let size = if i % 2 == 0 { one.clone() } else { Rational::new(3, 2) };
        let w_star: DVector<Rational> = unit_vector(rng, d).map(|v| v * &size);
        let problem = Problem::with_spectrum(&spectrum, &w_star, &one, context.seed.wrapping_add(i as u64))?;
        let drawn = fully_connected(&widths(d, d, depth), zero, context.seed.wrapping_add(1000 + i as u64))?;
        let kind = if zero == 0 { "no zero layer".to_string() } else { format!("W_{zero}(0) = 0") };
        let factor = if let Some(larger) = larger {
            Rational::power_of_two(exponent_inside(&drawn) + larger)
        } else {
            // L epsilon = 0.97, up to the rounding of the root.
            let epsilon = Initial::of(&drawn).epsilon().mid();
            Rational::from_f64((0.97 / (depth as f64 * epsilon)).sqrt()).unwrap_or_else(Rational::one)
        };
        let network = drawn.scaled(&factor);
        // A drawn start may be a critical point (a zero among scalars), which the flow never leaves.
        if problem.exact_moments().is_some_and(|m| network.gradient(m).norm_squared().is_zero()) {
            continue;
        }
        let instance = NetworkInstance::new(Arc::new(problem), network, kind);
        out.push(Flow::new(Trajectory::new(instance, true)));
    }
    Ok(out)
}
