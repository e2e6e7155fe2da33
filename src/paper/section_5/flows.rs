//! Gradient flow from residual initialisation: the starts and the numerical trajectories that Theorem 4 is checked on.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | W(0), its data, M and m, R(W(0)) - R_min | [`Setting`] | see there |
//! | norm(w) | [`Flow::head`] | scalar |
//! | theta_k(t) = L (W_k(t) - W_k(0)) | `Sample::theta`: the largest Frobenius norm over k | scalar |
//!
//! With [`Flow::multivariate`] the same for Theorem 5: d targets and no head, `norm(w) = 1` in all formulas.
//!
//! **The way of the data.** [`flows`] lists the starts of a run once; a [`Flow`] stores values, and makes its
//! [`Setting`] (layers in doubles, taken as exact; the initial risk enclosed), its trajectory and its limit once, at
//! the first call. What cannot be made is told in words, which the statements report as undecided.
//!
//! A trajectory is floating point with an error control and no bound of its error, hence the grade Computed of what
//! is said along it. What the hypotheses compare, M, m, lambda, norm(w) and the initial risk, is enclosed.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Real, Ring};
use crate::error::Result;
use crate::flow::record::{End, Record};
use crate::flow::residual::{Aim, Setting};
use crate::formula::Table;
use crate::harness::claim::Context;
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
    /// W(0) with its data, made at the first call.
    #[serde(skip)]
    setting: Arc<OnceLock<Told<Arc<Setting>>>>,
    /// The trajectory, integrated at the first call.
    #[serde(skip)]
    run: Arc<OnceLock<Told<Arc<Record>>>>,
    /// S and the products at the limit, made at the first call.
    #[serde(skip)]
    end: Arc<OnceLock<Told<End>>>,
}

/// The share of the ball of Lemma 9 that is used: `r = SHARE m / M`. `x (1 - x)^4 exp(-2 x)` is largest at
/// `(7 - sqrt(41))/4 = 0.149`.
///
/// The derivative of its logarithm, `1/x - 4/(1 - x) - 2`, vanishes where `2 x^2 - 7 x + 1 = 0`.
pub const SHARE: (i64, i64) = (3, 20);

/// The constants of `deterministic` (see `theorem_4`), from M and m.
///
/// M >= 1 and 0 < m <= 1 bound the norms and the smallest singular values of all Pi_{k:1}(0) and Pi_{L:k}(0). In the
/// ball `norm(theta_k) <= r` the products keep `norm <= M'` and `sigma_min >= m'`.
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
    /// r, M' and m'.
    pub fn inside(&self) -> Constants {
        let (largest, smallest) = self.extremes();
        Constants::of(largest, smallest)
    }
    /// `sqrt(Lambda) M'^2 sqrt(R(0) - R_min) / (lambda norm(w) m'^4)`: what `deterministic` bounds the theta_k by.
    ///
    /// In the units of theta, to be compared with r. It says something where [`Setting::is_enclosed`]; its callers
    /// ask that first.
    pub fn theta_bound(&self) -> Interval {
        let c = self.inside();
        (self.problem.lambda_max() * self.excess).sqrt() * c.largest.powi(2)
            / (self.problem.lambda() * self.head * c.smallest.powi(4))
    }
    /// The smallest u >= 0, rounded up, with `M <= 2 exp(s^2/2 + u)` and `m >= exp(-2 s^2/d - u)/2`: the event of
    /// Lemma 3 at theta = 0.
    ///
    /// Solved for u: `u >= ln(M/2) - s^2/2` and `u >= -ln(2 m) - 2 s^2/d`. The upper end is returned as a point, so
    /// that both bounds hold with it.
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
///
/// By its logarithm, because C_3 leaves the range of doubles: at s = 1, d = 4 and u = 65.5 it is about 10^-583.
pub fn ln_c_3(s: &Rational, d: usize, u: Interval) -> Interval {
    let square = Interval::from_rational(&(s * s), 53);
    -(36 * Interval::from_i64(2).ln()) - 4 * square - 16 * square / Interval::from_i64(d as i64) - 20 * u
}

/// `ln(C_5)`, (36): `exp(-2 s^2 - 4 u) / 64`.
pub fn ln_c_5(s: &Rational, u: Interval) -> Interval {
    let square = Interval::from_rational(&(s * s), 53);
    -(6 * Interval::from_i64(2).ln()) - 2 * square - 4 * u
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
    /// The start; or, in words, why there is none.
    pub(crate) fn setting(&self) -> Told<Arc<Setting>> {
        self.setting.get_or_init(|| self.make().map(Arc::new).map_err(|e| e.to_string())).clone()
    }
    /// The start, and the target at the distance that its kind asks for: for near targets the excess risk is a share
    /// of the constant, in units of `lambda^2 norm(w)^2/Lambda` with Lambda = 1. The constants enter by midpoints:
    /// whether the start meets a hypothesis is decided afterwards, from the enclosed excess.
    ///
    /// # Errors
    /// Those of [`Setting::start`] and [`Setting::towards`].
    fn make(&self) -> Result<Setting> {
        let &Self { depth, dimension, ref s, condition, seed, multivariate, .. } = self;
        let (head, lambda) = (self.head.to_f64(), 1.0 / condition as f64);
        let start = Setting::start((depth, dimension), s, (head, condition, seed), multivariate)?;
        // The excess risk that is this share of `lambda^2 norm(w)^2/Lambda`, times a constant by its logarithm.
        let share_of = |share: &Rational, ln_constant: f64| {
            Aim::Near(share.to_f64() * (ln_constant.exp() * lambda * lambda * head.powi(2)))
        };
        let aim = match &self.target {
            Target::Near(share) => {
                let Constants { radius, largest, smallest } = start.inside();
                share_of(share, 2.0 * (radius * smallest.powi(4) / largest.powi(2)).mid().ln())
            }
            Target::Printed(share) => share_of(share, ln_c_3(s, dimension, start.event(s)).mid()),
            Target::Share(share) => share_of(share, 0.0),
            Target::Far => Aim::Far,
            Target::Opposite => Aim::Opposite,
        };
        start.towards(aim)
    }
    /// The trajectory, integrated at the first call; or, in words, what stopped the integrator before it had one.
    pub(crate) fn run(&self) -> Told<Arc<Record>> {
        self.run.get_or_init(|| self.setting()?.integrate(TOLERANCE).map(Arc::new)).clone()
    }
    /// The limit of a flow with a head.
    pub(crate) fn end(&self) -> Told<End> {
        self.end.get_or_init(|| self.setting()?.end(&*self.run()?)).clone()
    }
}

/// Relative tolerance of a step of the trajectories that statements about single flows are checked on.
const TOLERANCE: f64 = 1e-9;

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
///
/// The scales are s = 0, 1/4, 1/2, 1, 2 for each shape (without 2 for the far optima of d targets); Lambda/lambda is 1
/// or 4, in turn. The targets of one shape
/// and scale share a seed, hence layers, head and direction. Three starts for d = 1 and three of two layers for d
/// targets are of the last kind.
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
