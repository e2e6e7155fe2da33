//! Trajectories of Section 4: exact initialisations over the whole domain, integrated once and shared by all claims.
//!
//! Data: white, prescribed spectra, the paper's Appendix C, kappa to 1e3, the real data sets. Networks: L from 1 to 16,
//! widths from 1 to 2 d, every position of the zero layer, scales inside (A3), just outside and far outside, and
//! initialisations without a zero layer. Weights are dyadic rationals, so that the integrated start is the exact one.
//! Real data of huge condition are integrated over their first part only (`whole` is false): statements about all t
//! speak about them, statements about the limit do not.
//!
//! **Shared work.** The list is made once in a run ([`Context::once`]), and the constants and the integrated run of
//! an entry are kept behind cells that its clones share: the claims of Lemma 2, Theorem 3 and the corollaries read
//! one integration. The cells are not serialised: an instance that is stored and replayed is data, weights and
//! `whole`, and is integrated anew.

use crate::arithmetic::{Enclosure, Rational};
use crate::error::Result;
use crate::flow::invariants::{Initial, exponent_inside, exponent_of};
use crate::flow::thinned::{Followed, Sample, follow};
use crate::harness::Subject;
use crate::harness::claim::{Context, shorter, tagged};
use crate::instances::{self, NetworkInstance, ill_conditioned, no_head};
use crate::network::Network;
use crate::network::initialise::{self, fully_connected};
use crate::paper::section_4::setting::Setting;
use crate::problem::draw::{stream, unit_vector};
use crate::problem::{Problem, fixtures};
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// Points of a trajectory at which observables are enclosed.
const SAMPLES: usize = 32;

/// Stream of the data of this file.
const DATA: u64 = 0x34_0001;

/// An integrated trajectory.
///
/// `converged` is numerical: the excess risk fell to 1e-20 of that of zero weights. Statements about the limit ask it
/// first.
#[derive(Clone, Debug)]
pub struct Run {
    /// The constants, with R_0 - R(W(1)).
    pub setting: Setting,
    /// From t = 0 to the end, t = 1 among them where it is reached.
    pub samples: Vec<Sample>,
    /// Why it ended.
    pub stopped: String,
    /// The excess risk fell to the target.
    pub converged: bool,
}

/// A start and, once somebody asks, its trajectory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trajectory {
    /// Data and exact initial weights.
    pub start: NetworkInstance,
    /// Integrated to convergence, or only its first part.
    pub whole: bool,
    /// Once asked for: the constants of the start, without R_0 - R(W(1)).
    #[serde(skip)]
    setting: Arc<OnceLock<Arc<Setting>>>,
    /// Once asked for: the run, or in words what stopped it.
    #[serde(skip)]
    run: Arc<OnceLock<std::result::Result<Arc<Run>, String>>>,
}

impl Trajectory {
    /// Not yet integrated.
    pub fn new(start: NetworkInstance, whole: bool) -> Self {
        Self { start, whole, setting: Arc::default(), run: Arc::default() }
    }
    /// The constants of the start.
    pub fn setting(&self) -> Arc<Setting> {
        self.setting.get_or_init(|| Arc::new(Setting::of(&self.start))).clone()
    }
    /// The trajectory, integrated at the first call.
    ///
    /// # Errors
    /// In words, what stopped the integrator before it had a trajectory.
    pub fn run(&self) -> std::result::Result<Arc<Run>, String> {
        self.run.get_or_init(|| self.integrate().map(Arc::new).map_err(|e| e.to_string())).clone()
    }
    /// The points of the numerical trajectory, at a relative tolerance of 1e-9.
    ///
    /// To t = 1 and from there on, each with a budget of steps: 100 000 where the trajectory is `whole`, 3 000 where
    /// only its first part is wanted.
    ///
    /// # Errors
    /// Those of the integrator.
    pub(crate) fn follow(&self) -> Result<Followed> {
        let steps = if self.whole { 100_000 } else { 3_000 };
        follow(&self.start.problem, &self.start.network.map(Rational::to_f64), 1e-9, steps)
    }
    /// The points followed, observables enclosed at [`SAMPLES`] of them and at t = 1, and R_0 - R(W(1)) computed from
    /// w_prod(1) without the cancellation of two nearly equal risks.
    fn integrate(&self) -> Result<Run> {
        let problem = &self.start.problem;
        let followed = self.follow()?;
        let mut setting = (*self.setting()).clone();
        setting.risk_drop = followed.risk_drop_at_one(problem).unwrap_or(setting.risk_drop);
        let samples = followed.sampled(problem, SAMPLES);
        let stopped = format!("{:?}", followed.stopped);
        Ok(Run { setting, samples, stopped, converged: followed.converged })
    }
}

impl Subject for Trajectory {
    fn describe(&self) -> String {
        self.start.describe()
    }
    /// Of the start, of its zero layer and of its scale.
    fn tags(&self) -> Vec<String> {
        let (i, zeros) = (&self.start, self.start.zero_layers());
        let mut out: Vec<String> = i.tags().into_iter().filter(|t| !t.contains("norm(w)")).collect();
        if let [zero] = zeros[..] {
            out.extend(i.tags_of_zero(zero));
        }
        let kappa = i.problem.lambda_max().hi() / i.problem.lambda().lo();
        let (a2, a3) = (self.setting().a2.holds(), self.setting().a3.holds());
        out.extend(tagged([
            (kappa >= 90.0, "kappa >= 90"),
            (i.kind.contains("real") || i.problem.name().contains("diabetes"), "real data"),
            (zeros.is_empty(), "no zero layer"),
            (a2 && a3, "inside (A3)"),
            (a2 && !a3, "outside (A3)"),
        ]));
        out.sort();
        out.dedup();
        out
    }
    /// Smaller starts than a given one: scalars, then two inputs; X = I, y = w*.
    fn simpler(&self) -> Vec<Self> {
        let mut out = Vec::new();
        let q = Rational::new;
        let problems = [instances::scalar_problem(), instances::diagonal_problem("diag(1,4)", [1, 4], [1, 1]).ok()];
        for (problem, d) in problems.into_iter().zip(1..).filter_map(|(p, d)| Some((p?, d))) {
            for (depth, zero) in [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)] {
                for size in [q(1, 1), q(1, 4), q(1, 128)] {
                    let widths = initialise::widths(d, d, depth);
                    let layers = widths.windows(2).enumerate().map(|(k, w)| {
                        let entry = |a: usize, b: usize| {
                            let on = k + 1 != zero && (a == b || a + b == 1 && k % 2 == 0);
                            if on { &size * Rational::from(1 + b as i64) } else { q(0, 1) }
                        };
                        DMatrix::from_fn(w[1], w[0], entry)
                    });
                    let network = Network::new(layers.collect(), no_head());
                    let start = |n| NetworkInstance::new(problem.clone(), n, format!("W_{zero}(0) = 0"));
                    out.extend(network.ok().map(|n| Self::new(start(n), true)));
                }
            }
        }
        shorter(self, out)
    }
}

/// The trajectories of a run, `whole` ones only if the limit matters. The integration is shared by all clones.
pub fn of(context: &Context, whole: bool) -> Vec<Trajectory> {
    let list = context.once("trajectories", || starts(context));
    list.iter().filter(|t| t.whole || !whole).cloned().collect()
}

/// Data in whole, and whether a trajectory on them is followed to its end.
fn problems(context: &Context) -> Result<Vec<(Arc<Problem>, bool)>> {
    let rng = &mut stream(context.seed, DATA);
    let one = Rational::one();
    let two = |d: usize, rng: &mut _| unit_vector(rng, d).map(|v| v * 2);
    let spectrum = |v: &[i64]| v.iter().map(|x| Rational::new(*x, 2)).collect::<Vec<_>>();
    let ill = |condition: i64, w: DVector<Rational>| {
        ill_conditioned(&format!("kappa={condition} d={}", w.len()), condition, &w, context.seed)
    };
    let whole = vec![
        Problem::white(&one, &no_head(), &one)?,
        Problem::white(&Rational::new(4, 9), &two(2, rng), &one)?,
        Problem::white(&one, &unit_vector(rng, 5), &one)?,
        Problem::with_spectrum(&spectrum(&[1, 3]), &two(2, rng), &one, context.seed)?,
        Problem::with_spectrum(&spectrum(&[1, 2, 4]), &unit_vector(rng, 3), &one, context.seed)?,
        appendix_c(context, 5)?,
        appendix_c(context, 10)?,
        ill(100, unit_vector(rng, 3))?,
        ill(1000, two(4, rng))?,
        fixtures::diabetes_rounded()?,
    ];
    let mut out: Vec<(Arc<Problem>, bool)> = whole.into_iter().map(|p| (Arc::new(p), true)).collect();
    out.extend(fixtures::all()?.into_iter().map(|p| (Arc::new(p), false)));
    Ok(out)
}

/// The paper's data, slightly larger: w* is scaled there to norm 1 up to rounding, and (A3) asks for at least 1.
fn appendix_c(context: &Context, d: usize) -> Result<Problem> {
    let problem = Problem::appendix_c(50, d, context.seed)?.renamed(format!("appendix-c n=50 d={d}"));
    problem.with_target_times(&(1 + Rational::power_of_two(-20)))
}

/// d_0 = d to d_L = 1, all hidden layers of width d, wider, a bottleneck from the middle on, or tapering.
///
/// The patterns are 0, 1, 2 and 3 in this order. All hidden widths stay at least 1.
fn widths(d: usize, depth: usize, pattern: usize) -> Vec<usize> {
    let mut out = initialise::widths(d, d, depth);
    match pattern {
        1 => out[1..depth].fill(2 * d),
        2 => out[(depth / 2).max(1)..depth].fill(1),
        3 => (1..depth).for_each(|k| out[k] = (d * (depth - k) / depth).max(1)),
        _ => {}
    }
    out
}

/// Multiplied by a power of two: larger by so many powers than (A3) allows (negative: smaller); `None`: norm_F(W_k) of
/// order 1.
///
/// A power of two keeps the weights dyadic, so that the doubles that are integrated are the exact start.
fn sized(network: &Network<Rational>, larger: Option<i32>) -> Network<Rational> {
    let of_order_one = || exponent_of(2.0 / Initial::of(network).largest_norm_squared().hi());
    network.scaled(&Rational::power_of_two(larger.map_or_else(of_order_one, |by| exponent_inside(network) + by)))
}

/// The starts of a run.
///
/// Data, depth, pattern of widths and scale step through their lists with different strides, so that their
/// combinations spread without a product of all lists. The zero layer is the first at every fourth index, the last at
/// the index after it, and any layer else; starts of scale `None` at even indices have none.
fn starts(context: &Context) -> Result<Vec<Trajectory>> {
    let problems = problems(context)?;
    let depths = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16];
    let scales = [Some(0), Some(0), Some(2), Some(-2), None];
    let mut out = Vec::new();
    for i in 0..context.size(44, 300, 3000) {
        let (problem, whole) = &problems[(i * 5 + i / problems.len()) % problems.len()];
        let d = problem.dimension();
        let depth = depths[(i * 3 + i / depths.len()) % depths.len()];
        let pattern = if d == 10 && depth > 8 { 0 } else { (i / 2) % 4 };
        // Real data of huge condition: only small starts stay near the saddle long enough to be integrated at all.
        let scale = if *whole { scales[i % scales.len()] } else { Some(0) };
        let zero = match i % 4 {
            0 => 1,
            1 => depth,
            _ => 1 + (i * 7 + i / 10) % depth,
        };
        let seed = context.seed.wrapping_add(i as u64);
        let widths = widths(d, depth, pattern);
        let generic = scale.is_none() && i % 2 == 0;
        let network = sized(&fully_connected(&widths, if generic { 0 } else { zero }, seed)?, scale);
        let kind = match (generic, whole) {
            (true, _) => "generic start".to_string(),
            (false, true) => format!("W_{zero}(0) = 0"),
            (false, false) => format!("W_{zero}(0) = 0, first part"),
        };
        out.push(Trajectory::new(NetworkInstance::new(problem.clone(), network, kind), *whole));
    }
    Ok(out)
}

/// The paper's own data and widths (n = 50, d = 5, all layers 5 x 5 and the last 1 x 5) under (A3), the first layer
/// zero: the start of the figures.
///
/// # Errors
/// None for depths from 1 on.
pub fn of_the_paper(context: &Context, depth: usize) -> Result<Trajectory> {
    let network = sized(&fully_connected(&initialise::widths(5, 5, depth), 1, context.seed)?, Some(0));
    let start = NetworkInstance::new(Arc::new(appendix_c(context, 5)?), network, "W_1(0) = 0");
    Ok(Trajectory::new(start, true))
}
