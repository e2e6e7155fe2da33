//! What the claims of Section 4 share: the constants of an initialisation, and the assumptions.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | Delta_k, epsilon, epsilon-bar (B.3), D = sum_k norm_2(Delta_k) | [`Setting::initial`]: an [`Initial`] | |
//! | (A2), (A3) | [`Setting::a2`], [`Setting::a3`]: an [`Assumption`] | |
//!
//! The inequalities themselves are formulas in these constants and in what is seen at a moment of the flow
//! ([`crate::paper::section_4::moment`]). `along` evaluates them at the points of a numerical trajectory (grade
//! `Computed`: the weights of a point are taken as exact, their distance to the true flow is not enclosed).
//!
//! **Where the numbers come from.** sigma_k(0), norm_F(W_k(0)) and the norms of the Delta_k are enclosed from
//! rational weights, lambda and Lambda come from the [`Problem`], norm(w*) is the root of a rational where w* is
//! rational. All are intervals that contain the true number, so that an assumption decided by them holds or fails
//! with certainty, or stays undecided. (A2) asks whether a gradient is exactly zero, which no enclosure can decide:
//! it is decided in rationals.

use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::flow::invariants::{self, Initial, exact};
use crate::harness::Assumption;
use crate::hessian::depth_bound;
use crate::instances::NetworkInstance;
use crate::network::Network;
use crate::problem::{Problem, norm_squared};
use num_traits::{One, Zero};

/// Everything a statement of Section 4 needs besides the observables.
///
/// The hypotheses ([`crate::paper::section_4::hypotheses`]) read `a2` and `a3`; the inequalities read the other
/// fields, through the symbols of [`crate::paper::section_4::moment`].
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
    ///
    /// (A2) is undecided where the data are not rational ([`Problem`] without exact moments), and outside of the
    /// setting where the head is not (1). The gradient in rationals costs products of L matrices whose entries have
    /// many digits: this is the expensive part.
    pub fn of(start: &NetworkInstance) -> Self {
        Self { a2: assumption_2(&start.problem, &start.network), ..Self::constants(start) }
    }
    /// The same without (A2), whose exact gradient is the expensive part.
    ///
    /// `a2` then says that it was not asked, and nothing that needs (A2) is decided with it.
    pub fn constants(start: &NetworkInstance) -> Self {
        let problem = &start.problem;
        let w_star_norm = match problem.w_star_exact() {
            Some(w) => exact(&norm_squared(w.iter())).sqrt(),
            None => norm_squared(problem.w_star::<Interval>(53).iter()).sqrt(),
        };
        Self::new([problem.lambda(), problem.lambda_max()], w_star_norm, Initial::of(&start.network))
    }
    /// From lambda, Lambda, norm(w*) and the constants of the initialisation.
    ///
    /// (A3) is the conjunction of the three margins of [`invariants::assumption_3`]: it fails where one of them is
    /// certainly negative, is undecided where none is and one contains zero, and holds where all three are certainly
    /// not negative. `risk_drop` is everything, `a2` not asked: the caller fills them in.
    pub(crate) fn new([lambda, lambda_max]: [Interval; 2], w_star_norm: Interval, initial: Initial) -> Self {
        let depth = initial.sigma_squared.len();
        let margins = invariants::assumption_3(&initial.epsilon(), &w_star_norm, depth);
        let parts = ["epsilon <= 1", "norm(w*) >= 1", "32 L sqrt(epsilon) <= 1"];
        let of = |(m, part)| Assumption::of_margin(m, &format!("(A3): {part}"));
        let a3 = margins.iter().zip(parts).map(of).fold(Assumption::Holds, Assumption::and);
        let a2 = Assumption::Undecided("(A2) was not asked".into());
        Self { depth, lambda, lambda_max, w_star_norm, initial, risk_drop: Interval::ENTIRE, a2, a3 }
    }

    /// kappa = Lambda/lambda.
    pub fn kappa(&self) -> Interval {
        self.lambda_max / self.lambda
    }
    /// S_min = 2 L lambda norm(w*)^(2-2/L).
    ///
    /// Without a head: Section 4 has w = 1. At L = 1 it is 2 lambda whatever w* is.
    pub fn s_min(&self) -> Interval {
        depth_bound(&self.lambda, &self.w_star_norm.powi(2), None, self.depth)
    }
    /// The constant of the case-free inequality of Theorem 3 at a given norm of w_prod: `4 lambda p^2 / (p^(2/L) + D)`.
    ///
    /// At L = 1 it is `4 lambda` (Lemma 8: the product of the other layers is empty). Where p is certainly zero it is
    /// zero, in place of 0/0 for balanced zero layers. It increases with p: `p^2/(p^(2/L) + D) = 1/(p^(2/L - 2) + D
    /// p^-2)`, and no exponent of p in that denominator is positive. The inequality and its proof:
    /// `theorem_3::claim`.
    pub fn pl_constant(&self, product_norm: &Interval) -> Interval {
        match self.depth {
            1 => 4 * self.lambda,
            _ if product_norm.hi() == 0.0 => Interval::zero(),
            l => {
                let level = product_norm.pow_ratio(2, l as u32) + self.initial.imbalance();
                4 * self.lambda * product_norm.powi(2) / level
            }
        }
    }
    /// Bound of the length of the path that remains: `2 sqrt((R - R_min)/mu)`, mu the case-free constant at the
    /// smallest norm that w_prod can still have, `norm(w*) - sqrt((R - R_min)/lambda)`. Infinite where that is not
    /// positive.
    ///
    /// Hypothesis: the moment is one of a flow whose D is that of `initial` (Lemma 1) and whose excess risk there is
    /// at most the one given. By Lemma 8 `R - R_min >= lambda norm(w_prod - w*)^2`, and the excess does not increase,
    /// so that norm(w_prod) stays above the smallest norm named; mu there is then a constant for all later times. The
    /// derivation of the path from mu is at the head of `corollary_2::claim`.
    ///
    /// The result is an upper end, rounded outward; infinity says that no bound is known yet, not that the path is
    /// long.
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

/// (A2): `R^L(W(0)) <= R_0` and a gradient that does not vanish. Exact where the data are.
///
/// Outcomes, in the order in which they are asked: outside of the setting for a head that is not (1); undecided for
/// data that are not rational; failing for `R^L(W(0)) > R_0` or a gradient that is exactly zero; else it holds.
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
