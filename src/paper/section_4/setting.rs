//! What the claims of Section 4 share: the constants of an initialisation, the assumptions, and statements along a
//! trajectory.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | Delta_k = W_{k+1}(0)^T W_{k+1}(0) - W_k(0) W_k(0)^T | [`Gap`] (its extreme eigenvalues, norm, the rest of its spectrum) | d_k x d_k |
//! | epsilon, epsilon-bar (B.3) | [`Initial::epsilon`], [`Initial::epsilon_bar`] | scalar |
//! | D = sum_k norm_2(Delta_k) | [`Initial::imbalance`] | scalar |
//! | (A2), (A3) | [`Setting::a2`], [`Setting::a3`]: an [`Assumption`] | |
//!
//! The inequalities themselves are formulas in these constants and in what is seen at a moment of the flow
//! ([`crate::paper::section_4::moment`]). `OfRuns::along` evaluates them at the points of a numerical trajectory (grade
//! `Computed`: the weights of a point are taken as exact, their distance to the true flow is not enclosed).

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::flow::invariants;
use crate::harness::claim::Evaluation;
use crate::linalg::{inertia, largest_eigenvalue, rank_at_most_one, smallest_eigenvalue};
use crate::network::Network;
use crate::paper::kit::instances::NetworkInstance;
use crate::problem::{Problem, norm_squared};
use num_traits::{One, Zero};

/// Delta_k: what two neighbouring layers conserve (Lemma 1).
#[derive(Clone, Debug)]
pub struct Gap {
    /// Largest eigenvalue minus trace: minus the sum of the other eigenvalues.
    pub rest: Interval,
    /// Largest minus smallest eigenvalue.
    pub span: Interval,
    /// A hidden layer of width 1: a number.
    pub single: bool,
    /// Both layers of rank one (or zero), with the same norm a: the eigenvalues are +-a^2 times the sine between u_k
    /// and v_{k+1}.
    pub alike: bool,
    /// Operator norm D_k.
    pub norm: Interval,
}

/// The constants that depend on the initialisation alone.
#[derive(Clone, Debug)]
pub struct Initial {
    /// norm_F(W_k(0))^2, L entries.
    pub layer_norms_squared: Vec<Interval>,
    /// norm_2(W_k(0))^2, L entries.
    pub sigma_squared: Vec<Interval>,
    /// Delta_1, ..., Delta_{L-1}.
    pub gaps: Vec<Gap>,
}

type Matrix = nalgebra::DMatrix<Rational>;

/// Bits of the eigenvalues of a gap where doubles leave a margin open.
const REFINED: u32 = 256;

pub(crate) fn exact(q: &Rational) -> Interval {
    Interval::from_rational(q, 53)
}

impl Gap {
    /// Of an exact Delta_k, its eigenvalues found in the arithmetic `E` at so many bits.
    fn of<E: Enclosure>(delta: &Matrix, layers: &[Matrix], bits: u32) -> Self {
        let exact_trace = delta.diagonal().iter().fold(Rational::zero(), |s, v| s + v);
        let trace = exact(&exact_trace);
        let counts = inertia(delta);
        // Rank one (or zero): the eigenvalues are known exactly, and cases of equality stay decidable.
        let zero = Interval::zero();
        let flat = delta.nrows() > counts.positive + counts.negative;
        let single = delta.nrows() == 1;
        let (top, bottom, rest) = match (counts.positive, counts.negative) {
            (0, 0) => (zero, zero, zero),
            (1, 0) => (trace, if flat { zero } else { trace }, zero),
            (0, 1) if !flat => (trace, trace, zero),
            (0, 1) => (zero, trace, -trace),
            _ => {
                let delta = delta.map(|q| E::from_rational(&q, bits));
                let top = largest_eigenvalue(&delta);
                let rest = top.clone() - E::from_rational(&exact_trace, bits);
                (top.to_interval(), smallest_eigenvalue(&delta).to_interval(), rest.to_interval())
            }
        };
        let span = if single { zero } else { top - bottom };
        let alike = exact_trace.is_zero() && layers.iter().all(rank_at_most_one);
        Self { rest, span, single, alike, norm: Enclosure::max(&top.abs(), &bottom.abs()) }
    }
}

fn gaps<E: Enclosure>(network: &Network<Rational>, bits: u32) -> Vec<Gap> {
    let pairs = network.layers().windows(2);
    invariants::balance(network).iter().zip(pairs).map(|(delta, pair)| Gap::of::<E>(delta, pair, bits)).collect()
}

impl Initial {
    /// Of exact initial weights.
    pub fn of(network: &Network<Rational>) -> Self {
        let layers = network.layers();
        let sigma_squared = |w: &Matrix| {
            let smaller = if w.nrows() <= w.ncols() { w * w.transpose() } else { w.transpose() * w };
            if smaller.len() == 1 { exact(&smaller[(0, 0)]) } else { largest_eigenvalue(&smaller.map(|q| exact(&q))) }
        };
        Self {
            layer_norms_squared: layers.iter().map(|w| exact(&norm_squared(w.iter()))).collect(),
            sigma_squared: layers.iter().map(sigma_squared).collect(),
            gaps: gaps::<Interval>(network, 53),
        }
    }
    /// max_k norm_F(W_k(0))^2.
    pub fn largest_norm_squared(&self) -> Interval {
        let norms = self.layer_norms_squared.iter().copied();
        norms.reduce(|a, b| Enclosure::max(&a, &b)).unwrap_or_else(Interval::zero)
    }
    /// D, the sum of the norms of all gaps.
    pub fn imbalance(&self) -> Interval {
        self.between(1, self.gaps.len() + 1)
    }
    /// epsilon of Section 4: three times the largest squared norm plus 2 D.
    pub fn epsilon(&self) -> Interval {
        invariants::epsilon_of(&self.largest_norm_squared(), &self.imbalance())
    }
    /// epsilon-bar of B.3: the largest squared norm plus D.
    pub fn epsilon_bar(&self) -> Interval {
        invariants::epsilon_bar_of(&self.largest_norm_squared(), &self.imbalance())
    }
    /// D_j + .. + D_{k-1}: what lies between the layers j < k (1-based).
    pub fn between(&self, j: usize, k: usize) -> Interval {
        self.gaps[j - 1..k - 1].iter().fold(Interval::zero(), |s, g| s + g.norm)
    }
    /// `sum_{i >= k} (largest eigenvalue - trace)(Delta_i)`: the sharpened bound of the tail of layer k (1-based).
    pub fn tail_bound(&self, k: usize) -> Interval {
        self.gaps[k - 1..].iter().fold(Interval::zero(), |s, g| s + g.rest)
    }
    /// What replaces the factor 2 in `sigma_k^2 <= norm(w_prod)^(2/L) + 2 D`:
    /// `D + min(D_1 + .. + D_{k-1}, D_k + .. + D_{L-1})`.
    pub fn excess_bound(&self, k: usize) -> Interval {
        let depth = self.layer_norms_squared.len();
        self.imbalance() + Enclosure::min(&self.between(1, k), &self.between(k, depth))
    }
}

/// Everything a statement of Section 4 needs besides the observables.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Depth L.
    pub depth: usize,
    /// Smallest eigenvalue of Sigma.
    pub lambda: Interval,
    /// Largest eigenvalue of Sigma.
    pub lambda_max: Interval,
    /// norm(w*).
    pub w_star_norm: Interval,
    /// Constants of the initialisation.
    pub initial: Initial,
    /// R_0 - R^L(W(1)), once known.
    pub risk_drop: Interval,
    /// (A2), decided exactly.
    pub a2: Assumption,
    /// (A3), by enclosures.
    pub a3: Assumption,
}

impl Setting {
    /// Of exact data and weights, with (A2) decided.
    pub fn of(start: &NetworkInstance) -> Self {
        Self { a2: assumption_2(&start.problem, &start.network), ..Self::constants(start) }
    }
    /// The same without (A2), whose exact gradient is the expensive part.
    pub fn constants(start: &NetworkInstance) -> Self {
        let problem = &start.problem;
        let initial = Initial::of(&start.network);
        let w_star_norm = match problem.w_star_exact() {
            Some(w) => exact(&norm_squared(w.iter())).sqrt(),
            None => norm_squared(problem.w_star::<Interval>(53).iter()).sqrt(),
        };
        let mut out = Self {
            depth: start.depth(),
            lambda: problem.lambda(),
            lambda_max: problem.lambda_max(),
            w_star_norm,
            initial,
            risk_drop: Interval::ENTIRE,
            a2: Assumption::Undecided("(A2) was not asked".into()),
            a3: Assumption::Holds,
        };
        out.a3 = out.assumption_3();
        out
    }

    /// The same with the eigenvalues of the gaps in MPFR. `network` must be the start.
    pub(crate) fn refined(&self, network: &Network<Rational>) -> Self {
        Self { initial: Initial { gaps: gaps::<Big>(network, REFINED), ..self.initial.clone() }, ..self.clone() }
    }

    /// (A3), from the constants.
    pub(crate) fn assumption_3(&self) -> Assumption {
        let epsilon = self.initial.epsilon();
        let margins = invariants::assumption_3(&epsilon, &self.w_star_norm, self.depth);
        let parts = ["epsilon <= 1", "norm(w*) >= 1", "32 L sqrt(epsilon) <= 1"];
        let of = |(m, part)| Assumption::of_margin(m, &format!("(A3): {part}"));
        margins.iter().zip(parts).map(of).fold(Assumption::Holds, Assumption::and)
    }

    /// kappa = Lambda/lambda.
    pub fn kappa(&self) -> Interval {
        self.lambda_max / self.lambda
    }
    /// S_min = 2 L lambda norm(w*)^(2-2/L).
    pub fn s_min(&self) -> Interval {
        let square = self.w_star_norm.powi(2);
        crate::hessian::depth_bound(&self.lambda, &square, None, self.depth)
    }
    /// The constant of the case-free inequality of Theorem 3 at a given norm of w_prod: `4 lambda p^2 / (p^(2/L) + D)`.
    pub fn pl_constant(&self, product_norm: &Interval) -> Interval {
        let l = self.depth as u32;
        let four = 4 * self.lambda;
        if self.depth == 1 {
            return four;
        }
        let level = product_norm.pow_ratio(2, l) + self.initial.imbalance();
        if product_norm.hi() == 0.0 { Interval::zero() } else { four * product_norm.powi(2) / level }
    }
    /// Bound of the length of the path that remains: `2 sqrt((R - R_min)/mu)`, mu the case-free constant at the
    /// smallest norm that w_prod can still have, `norm(w*) - sqrt((R - R_min)/lambda)`. Infinite where that is not
    /// positive.
    pub fn remaining_path(&self, excess_risk: &Interval) -> f64 {
        let smallest = self.w_star_norm - (*excess_risk / self.lambda).sqrt();
        if smallest.lo() <= 0.0 {
            return f64::INFINITY;
        }
        // The constant grows with the norm: its lower end at the lower end.
        let mu = self.pl_constant(&Interval::point(smallest.lo()));
        (2 * (*excess_risk / mu).sqrt()).hi()
    }
}

/// What is known of an assumption at an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// It holds.
    Holds,
    /// Neither proved nor refuted: what is not known.
    Undecided(String),
    /// It certainly does not hold: what is violated.
    Fails(String),
    /// The instance is not of the kind that the section speaks of, so there is nothing to hold or to fail: why not.
    OutOfSetting(String),
}

impl Assumption {
    /// `margin >= 0`, in words `part`.
    pub fn of_margin(margin: &Interval, part: &str) -> Self {
        if margin.is_nonnegative() {
            Self::Holds
        } else if margin.is_negative() {
            Self::Fails(format!("{part} does not hold"))
        } else {
            Self::Undecided(format!("{part} is not certain"))
        }
    }
    /// Holds unless the instance is outside of the setting, for a reason.
    pub fn unless_outside(outside: bool, why: &str) -> Self {
        if outside { Self::OutOfSetting(why.into()) } else { Self::Holds }
    }
    /// Both: outside of the setting where one is, else failing where one fails, else undecided where one is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let rank = |a: &Self| match a {
            Self::Holds => 0,
            Self::Undecided(_) => 1,
            Self::Fails(_) => 2,
            Self::OutOfSetting(_) => 3,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
    /// It is known to hold.
    pub fn holds(&self) -> bool {
        *self == Self::Holds
    }
    /// What a statement that needs it says where it is not known to hold: nothing, or nothing that was decided. `None`
    /// where it holds.
    pub fn refusal(&self) -> Option<Evaluation> {
        match self {
            Self::Holds => None,
            Self::Undecided(why) => Some(Evaluation::undecided(why)),
            Self::Fails(why) | Self::OutOfSetting(why) => Some(Evaluation::out_of_scope(why)),
        }
    }
    /// The assumption as a statement of its own.
    pub fn evaluation(&self) -> Evaluation {
        match self {
            Self::Holds => Evaluation::exact(true),
            Self::Fails(why) => Evaluation { reason: Some(why.clone()), ..Evaluation::exact(false) },
            Self::Undecided(why) => Evaluation::undecided(why),
            Self::OutOfSetting(why) => Evaluation::out_of_scope(why),
        }
    }
}

/// (A2): `R^L(W(0)) <= R_0` and a gradient that does not vanish. Exact where the data are.
fn assumption_2(problem: &Problem, network: &Network<Rational>) -> Assumption {
    if network.head().len() != 1 || !network.head()[0].is_one() {
        return Assumption::OutOfSetting("Section 4 has d_L = 1 and w = 1".into());
    }
    let Some(data) = problem.exact_moments() else {
        return Assumption::Undecided("the data are not exact: (A2) is not decided".into());
    };
    let product = network.product();
    if data.risk_drop(&product).sign() < 0 {
        return Assumption::Fails("R(W(0)) > R_0: (A2) does not hold".into());
    }
    if network.gradient(data).norm_squared().is_zero() {
        return Assumption::Fails("the gradient vanishes at W(0): (A2) does not hold".into());
    }
    Assumption::Holds
}
