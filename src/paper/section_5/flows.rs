//! Gradient flow from residual initialisation: the starts and the numerical trajectories that Theorem 4 is checked on.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | W_k(0) = I + s / sqrt(L d) N_k | `Setting::network`, doubles, taken as exact | d x d |
//! | norm(w) | [`Flow::head`] | scalar |
//! | norms and sigma_min of Pi_{k:1}(0), Pi_{L:k}(0), empty products included | [`Setting::extremes`]: M >= 1, m <= 1 | enclosures |
//! | R(W(0)) - R_min | `Setting::excess` | enclosure |
//! | theta_k(t) = L (W_k(t) - W_k(0)) | `Sample::theta`: the largest Frobenius norm over k | scalar |
//!
//! Sigma is diagonal: the law of the N_k does not change under rotations, so this loses nothing. The target w* is the
//! product at the start plus a drawn direction of a given length (near), a drawn vector (far), or `-w` (opposite; d =
//! 1, because in more dimensions rounding leaves the line of w, along which the exact flow stays).
//!
//! With [`Flow::multivariate`] the same for Theorem 5: d targets and no head, `norm(w) = 1` in all formulas. The
//! optimum P* is the product at the start plus a drawn matrix of a given Frobenius norm (near), a drawn positive
//! definite matrix at the distance 2 from the identity (far), or `diag(-1, 1, .., 1)` (opposite: det of the product
//! keeps its sign along the flow from the identity on white data, since it stays diagonal).

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::error::{Error, Result};
use crate::flow::gradient_flow::FlowOptions;
use crate::flow::multivariate::Targets;
use crate::flow::record::{End, Record, record};
use crate::formula::Table;
use crate::harness::claim::{Context, tagged};
use crate::network::Network;
use crate::network::initialise::{residual, unit_head};
use crate::network::products::extremes;
use crate::problem::draw::{normal_matrix, stream};
use crate::problem::{Problem, dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// What there is, or in words why there is none.
type Told<T> = std::result::Result<T, String>;

/// Where w* lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Target {
    /// Initial excess risk: this share of what `deterministic` allows.
    Near(Rational),
    /// Initial excess risk: this share of what the constants printed in (36) allow.
    Printed(Rational),
    /// Initial excess risk: this share of `lambda^2 norm(w)^2/Lambda`.
    Share(Rational),
    /// A drawn direction, twice the norm of the head.
    Far,
    /// `w* = -w`.
    Opposite,
}

/// A start and its data; everything else follows from these values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flow {
    /// L.
    pub depth: usize,
    /// d.
    pub dimension: usize,
    /// s.
    pub s: Rational,
    /// norm(w), up to rounding.
    pub head: Rational,
    /// Lambda / lambda, with Lambda = 1.
    pub condition: i64,
    /// w*.
    pub target: Target,
    /// Of the draws.
    pub seed: u64,
    /// d targets, no head.
    #[serde(default)]
    pub multivariate: bool,
    #[serde(skip)]
    setting: Arc<OnceLock<Told<Arc<Setting>>>>,
    #[serde(skip)]
    run: Arc<OnceLock<Told<Arc<Record>>>>,
    #[serde(skip)]
    end: Arc<OnceLock<Told<End>>>,
}

/// The exact start, and enclosures of what the hypotheses are about.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The data.
    pub problem: Arc<Problem>,
    /// W(0).
    pub network: Network<f64>,
    extremes: OnceLock<(Interval, Interval)>,
    /// norm(w).
    pub head: Interval,
    /// R(W(0)) - R_min.
    pub excess: Interval,
    /// Sigma and P*, if there are d targets.
    pub targets: Option<Targets>,
}

/// The share of the ball of Lemma 9 that is used: `r = SHARE m / M`. `x (1 - x)^4 exp(-2 x)` is largest at
/// `(7 - sqrt(41))/4 = 0.149`.
pub const SHARE: (i64, i64) = (3, 20);

/// The constants of `deterministic` (see `theorem_4`), from M and m.
pub struct Constants {
    /// r.
    pub radius: Interval,
    /// M'.
    pub largest: Interval,
    /// m'.
    pub smallest: Interval,
}

impl Constants {
    /// From M and m.
    pub fn of(largest: Interval, smallest: Interval) -> Self {
        let share = Interval::from_rational(&Rational::new(SHARE.0, SHARE.1), 53);
        Self { radius: share * smallest / largest, largest: largest * share.exp(), smallest: smallest * (1 - share) }
    }
}

impl Setting {
    /// M and m, where L d^3 is small enough to enclose them.
    pub fn extremes(&self) -> (Interval, Interval) {
        *self.extremes.get_or_init(|| {
            let small = self.network.depth() * self.network.head().len().pow(3) <= ENCLOSED_WORK;
            let network = || self.network.map(|v| Interval::point(*v));
            if small { extremes(network().layers()) } else { (Interval::ENTIRE, Interval::ENTIRE) }
        })
    }
    /// Are M and m enclosed, and m away from zero?
    pub fn is_enclosed(&self) -> bool {
        let (largest, smallest) = self.extremes();
        smallest.is_positive() && largest.is_bounded()
    }
    /// r, M' and m'.
    pub fn inside(&self) -> Constants {
        let (largest, smallest) = self.extremes();
        Constants::of(largest, smallest)
    }
    /// `sqrt(Lambda) M'^2 sqrt(R(0) - R_min) / (lambda norm(w) m'^4)`: what `deterministic` bounds the theta_k by.
    pub fn theta_bound(&self) -> Interval {
        let c = self.inside();
        (self.problem.lambda_max() * self.excess).sqrt() * c.largest.powi(2)
            / (self.problem.lambda() * self.head * c.smallest.powi(4))
    }
    /// The excess risk at the start is far enough above the rounding of doubles for a trajectory to mean something: it
    /// has to fall by [`FALL`] above 1e-28, per entry of E where there are d targets.
    pub fn is_resolved(&self) -> bool {
        const LEAST_EXCESS: f64 = 1e-16;
        let entries = self.targets.as_ref().map_or(1.0, |t| 4.0 * t.optimum.len() as f64);
        let size = self.head.powi(2) * Interval::point(LEAST_EXCESS * entries);
        !(self.excess - size).is_negative()
    }
    /// Has the risk fallen along this trajectory as far as it was asked to, up to rounding?
    pub fn has_converged(&self, run: &Record) -> bool {
        run.samples.last().is_some_and(|last| last.excess <= 2.0 * FALL * self.excess.hi())
    }
    /// The smallest u >= 0, rounded up, with `M <= 2 exp(s^2/2 + u)` and `m >= exp(-2 s^2/d - u)/2`: the event of
    /// Lemma 3 at theta = 0.
    pub fn event(&self, s: &Rational) -> Interval {
        let square = Interval::from_rational(&(s * s), 53);
        let (two, d) = (Interval::from_i64(2), Interval::from_i64(self.network.head().len() as i64));
        let (largest, smallest) = self.extremes();
        let above = (largest / two).ln() - square / two;
        let below = -(two * smallest).ln() - two * square / d;
        Interval::point(Enclosure::max(&Enclosure::max(&above, &below), &Interval::from_i64(0)).hi())
    }
    /// The symbols L, lambda, Lambda and norm(w).
    pub fn table(&self) -> Table<Interval> {
        Table::default()
            .scalar("L", Interval::from_i64(self.network.depth() as i64))
            .scalar("lambda", self.problem.lambda())
            .scalar("Lambda", self.problem.lambda_max())
            .scalar("norm(w)", self.head)
    }
}

/// `ln(C_3)`, C_3 as printed in (36) with C_2 = d: `2^-36 exp(-4 s^2 - 16 s^2/d - 20 u)`.
pub fn ln_c_3(s: &Rational, d: usize, u: Interval) -> Interval {
    let square = Interval::from_rational(&(s * s), 53);
    -(36 * Interval::from_i64(2).ln()) - 4 * square - 16 * square / Interval::from_i64(d as i64) - 20 * u
}

/// `ln(C_5)`, (36): `exp(-2 s^2 - 4 u) / 64`.
pub fn ln_c_5(s: &Rational, u: Interval) -> Interval {
    let square = Interval::from_rational(&(s * s), 53);
    -(6 * Interval::from_i64(2).ln()) - 2 * square - 4 * u
}

/// Streams of this file under a seed.
const DIRECTION: u64 = 0x35_0001;

/// Products of at most this size (L d^3) are enclosed; larger ones take longer than their trajectories.
const ENCLOSED_WORK: usize = 60_000;

/// Bits of the excess risk at the start.
const BITS: u32 = 128;

fn exact(v: f64) -> Big {
    Big::from_f64(v, BITS)
}

impl Flow {
    /// A start that is not integrated yet.
    pub fn new(shape: (usize, usize), s: Rational, head: Rational, condition: i64, target: Target, seed: u64) -> Self {
        let ((depth, dimension), multivariate) = (shape, false);
        let (setting, run, end) = (Arc::default(), Arc::default(), Arc::default());
        Self { depth, dimension, s, head, condition, target, seed, multivariate, setting, run, end }
    }
    /// With d targets and no head.
    #[must_use]
    pub fn without_head(mut self) -> Self {
        (self.multivariate, self.head) = (true, Rational::one());
        self
    }
    pub fn describe(&self) -> String {
        format!(
            "d = {}, L = {}, s = {}, norm(w) = {}, kappa = {}, {:?}, seed {}",
            self.dimension, self.depth, self.s, self.head, self.condition, self.target, self.seed
        )
    }
    pub fn tags(&self) -> Vec<String> {
        let one = Rational::one();
        tagged([
            (self.s.sign() == 0, "identity layers"),
            (self.s.sign() > 0, "Gaussian layers"),
            (self.head < one, "small head"),
            (self.head > one, "large head"),
            (self.condition > 1, "kappa > 1"),
            (self.depth >= 10, "L >= 10"),
            (self.dimension >= 20, "d >= 20"),
        ])
    }
    /// The start; or, in words, why there is none.
    pub(crate) fn setting(&self) -> Told<Arc<Setting>> {
        self.setting.get_or_init(|| self.make().map(Arc::new).map_err(|e| e.to_string())).clone()
    }
    fn make(&self) -> Result<Setting> {
        let d = self.dimension;
        let head = unit_head(d, self.seed) * self.head.to_f64();
        let network = residual(self.depth, head, self.s.to_f64(), self.seed)?;
        let norm = norm_squared(network.head().map(exact).iter()).sqrt().to_interval();
        let lambda = 1.0 / self.condition as f64;
        let allowed = |ln_share: f64| ln_share.exp() * lambda * lambda * self.head.to_f64().powi(2);
        let start = Setting {
            problem: Arc::new(diagonal(d, self.condition, network.head())?),
            network,
            extremes: OnceLock::new(),
            head: if self.multivariate { Interval::one() } else { norm },
            excess: Interval::point(0.0),
            targets: None,
        };
        // How far from the product at the start, or nothing for targets that lie elsewhere.
        let near = match &self.target {
            Target::Near(share) => {
                let Constants { radius, largest, smallest } = start.inside();
                Some(share.to_f64() * allowed(2.0 * (radius * smallest.powi(4) / largest.powi(2)).mid().ln()))
            }
            Target::Printed(share) => Some(share.to_f64() * allowed(ln_c_3(&self.s, d, start.event(&self.s)).mid())),
            Target::Share(share) => Some(share.to_f64() * allowed(0.0)),
            Target::Far | Target::Opposite => None,
        };
        if self.multivariate { self.with_targets(start, near) } else { self.with_target(start, near) }
    }
    fn direction(&self, columns: usize) -> DMatrix<f64> {
        let drawn = normal_matrix(&mut stream(self.seed, DIRECTION), self.dimension, columns);
        &drawn / drawn.norm()
    }
    fn with_target(&self, start: Setting, near: Option<f64>) -> Result<Setting> {
        let direction = self.direction(1).column(0).into_owned();
        let target = match (near, &self.target) {
            (Some(excess), _) => start.network.product() + direction * excess.sqrt(),
            (None, Target::Opposite) => -start.network.head(),
            _ => direction * (2.0 * self.head.to_f64()),
        };
        let problem = diagonal(self.dimension, self.condition, &target)?;
        // Far from the optimum doubles tell the excess; near it what cancels takes more digits.
        let quick = excess(&problem, start.network.map(|v| Interval::point(*v)).product(), 53);
        let close = quick.width() > 1e-12 * quick.lo().abs();
        let excess = if close {
            let carried = |b: DVector<Big>, w: &DMatrix<f64>| {
                DVector::from_fn(w.ncols(), |j, _| Big::dot(w.column(j).map(exact).iter().zip(b.iter())))
            };
            let head = start.network.head().map(exact);
            excess(&problem, start.network.layers().iter().rev().fold(head, carried), BITS).to_interval()
        } else {
            quick
        };
        Ok(Setting { problem: Arc::new(problem), excess: Enclosure::max(&excess, &Interval::point(0.0)), ..start })
    }
    fn with_targets(&self, start: Setting, near: Option<f64>) -> Result<Setting> {
        let d = self.dimension;
        let (identity, layers) = (|| DMatrix::<f64>::identity(d, d), start.network.layers());
        let optimum = match (near, &self.target) {
            (Some(excess), _) => layers.iter().fold(identity(), |p, w| w * p) + self.direction(d) * excess.sqrt(),
            (None, Target::Opposite) => {
                DMatrix::from_fn(d, d, |i, j| if i == j { 1.0 } else { 0.0 } * if i == 0 { -1.0 } else { 1.0 })
            }
            _ => {
                let gram = self.direction(d) * self.direction(d).transpose();
                identity() + &gram * (2.0 / gram.norm())
            }
        };
        let sigma = start.problem.moments::<Big>(BITS).sigma;
        let error = layers.iter().fold(identity().map(exact), |p, w| w.map(exact) * p) - optimum.map(exact);
        let scaled = &error * &sigma;
        let excess = error.iter().zip(scaled.iter()).map(|(a, b)| a * b).fold(exact(0.0), |s, v| s + v).to_interval();
        let targets = Targets { sigma: sigma.map(|v| v.midpoint().lo()), optimum };
        Ok(Setting { excess: Enclosure::max(&excess, &Interval::point(0.0)), targets: Some(targets), ..start })
    }
    /// The trajectory, integrated at the first call; or, in words, what stopped the integrator before it had one.
    pub(crate) fn run(&self) -> Told<Arc<Record>> {
        self.run.get_or_init(|| self.integrate(TOLERANCE).map(Arc::new)).clone()
    }
    /// A trajectory at this relative tolerance of a step.
    pub(crate) fn integrate(&self, rtol: f64) -> Told<Record> {
        let setting = self.setting()?;
        let gap = Some(FALL * setting.excess.lo());
        let options = FlowOptions { rtol, atol: 1e-3 * rtol, gap, max_steps: MOST_STEPS, ..FlowOptions::default() };
        record(&setting.problem, setting.targets.as_ref(), &setting.network, &options).map_err(|e| e.to_string())
    }
    /// The limit of a flow with a head.
    pub(crate) fn end(&self) -> Told<End> {
        let find = || {
            let (setting, run) = (self.setting()?, self.run()?);
            if !run.samples.is_empty() && !setting.has_converged(&run) {
                return Err(format!("the flow did not converge: {}", run.stopped));
            }
            run.limit(&setting.problem).ok_or_else(|| "no step was taken".into())
        };
        self.end.get_or_init(find).clone()
    }
}

/// Relative tolerance of a step of the trajectories that statements about single flows are checked on.
const TOLERANCE: f64 = 1e-9;

/// The risk has converged when it has fallen to this share of its start.
pub const FALL: f64 = 1e-12;

/// Steps of a trajectory; the ones that converge take at most a few hundred.
const MOST_STEPS: u64 = 4_000;

/// White or geometrically spread diagonal data, Lambda = 1, with this optimum, rounded.
fn diagonal(d: usize, condition: i64, w_star: &DVector<f64>) -> Result<Problem> {
    let exact = |v: &f64| Rational::from_f64(*v).ok_or_else(|| Error::internal("a target that is not finite"));
    let w_star = DVector::from_vec(w_star.iter().map(exact).collect::<Result<Vec<_>>>()?);
    let least = Rational::new(1, condition);
    let value = |i: usize| {
        let share = Rational::new(i as i64, (d - 1).max(1) as i64);
        1 - &share + share * &least
    };
    let sigma = DMatrix::from_diagonal(&DVector::from_fn(d, |i, _| value(i)));
    Problem::with_covariance(&format!("diagonal d={d} kappa={condition}"), sigma, &w_star, &Rational::new(1, 4))
}

/// R - R_min at this product.
fn excess<E: Enclosure>(problem: &Problem, product: DVector<E>, bits: u32) -> E {
    let offset = product - problem.w_star::<E>(bits);
    dot(&offset, &(&problem.moments::<E>(bits).sigma * &offset))
}

/// The flows of a run to targets of these kinds, with a head or for d targets.
pub fn flows(context: &Context, multivariate: bool, target: impl Fn(&Target) -> bool) -> Vec<Flow> {
    let all = context.once("residual flows", || Ok(list(context)));
    all.iter().filter(|f| f.multivariate == multivariate && target(&f.target)).cloned().collect()
}

/// The share of what is allowed that near targets take.
pub const NEAR: (i64, i64) = (9, 10);

/// Shapes (L, d).
const SHAPES: [(usize, usize); 11] =
    [(1, 1), (1, 2), (4, 1), (2, 2), (3, 3), (10, 2), (10, 4), (20, 8), (40, 10), (60, 10), (200, 6)];
/// The same for a quick run.
const FEW_SHAPES: [(usize, usize); 7] = [(1, 1), (1, 2), (4, 1), (3, 3), (10, 4), (20, 8), (40, 10)];
/// For d targets.
const SHAPES_OF_TARGETS: [(usize, usize); 9] =
    [(1, 2), (3, 1), (3, 3), (10, 4), (20, 6), (20, 12), (50, 8), (50, 20), (200, 6)];
/// For far targets.
const FAR_SHAPES: [(usize, usize); 4] = [(10, 4), (20, 10), (50, 20), (200, 50)];

/// Near targets in both senses, for one target and for d, and far ones, over scales and heads in turn; then those that
/// no flow from the identity reaches.
fn list(context: &Context) -> Vec<Flow> {
    let q = Rational::new;
    let near: &[_] = if context.size(0, 1, 1) == 0 { &FEW_SHAPES } else { &SHAPES[..context.size(0, 10, 11)] };
    let of_targets = &SHAPES_OF_TARGETS[..context.size(5, 7, 9)];
    let share = || q(NEAR.0, NEAR.1);
    let (close, printed, one) = (|| Target::Near(share()), || Target::Printed(share()), || Rational::one());
    // Shapes, norms of the head, targets, and the first seed.
    let families = [
        (false, near, [one(), q(1, 10), q(10, 1)], vec![close(), printed()], 0),
        (true, of_targets, [one(), one(), one()], vec![close(), printed(), Target::Far], 700),
        (false, &FAR_SHAPES[..context.size(3, 4, 4)], [one(), q(1, 2), q(2, 1)], vec![Target::Far], 500),
    ];
    let scales = [q(0, 1), q(1, 4), q(1, 2), one(), q(2, 1)];
    let mut out: Vec<Flow> = Vec::new();
    for (multivariate, shapes, heads, targets, first) in families {
        let before = out.len();
        for (at, shape) in shapes.iter().enumerate() {
            for (which, s) in scales.iter().enumerate() {
                let turn = if targets.len() == 1 { which } else { at + which / 2 };
                let (head, condition) = (&heads[(at + which) % 3], [1, 4][turn % 2]);
                let seed = context.seed.wrapping_mul(1000) + first + (out.len() - before) as u64;
                // With s = 2 the far optima of d targets are left out.
                let chosen = targets.iter().filter(|t| !multivariate || **t != Target::Far || which < 4);
                let flow = |t: &Target| Flow::new(*shape, s.clone(), head.clone(), condition, t.clone(), seed);
                out.extend(chosen.map(flow).map(|f| if multivariate { f.without_head() } else { f }));
            }
        }
    }
    let from_identity = |shape, seed| Flow::new(shape, q(0, 1), one(), 1, Target::Opposite, seed);
    out.extend([(2, 1), (3, 1), (10, 1)].map(|shape| from_identity(shape, context.seed)));
    // Two layers: they stay equal in doubles too; with more, rounding tells them apart at the saddle, which the exact
    // flow never leaves.
    out.extend([(2, 2), (2, 3), (2, 10)].map(|shape| from_identity(shape, 0).without_head()));
    out
}
