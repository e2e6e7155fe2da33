//! Corollary 3: the sharpness at the limit.
//!
//! | paper | code |
//! | --- | --- |
//! | S(W^SI) | [`limit_sharpness`] |
//!
//! **Corollary 3 sharpened.** At a minimiser `S <= 2 Lambda norm_2(M)`, `M = sum_k norm(b_k)^2 A_k^T A_k`, each term at
//! most the product of the other sigma_j^2. So with `sigma_j^2 <= norm(w*)^(2/L) + 2 D`:
//! `S/S_min <= kappa (1 + 2 D/norm(w*)^(2/L))^(L-1)`, for every initialisation with (A2). Under (A3)
//! `2 D <= epsilon <= 1/(1024 L^2)`, and `(1 + 1/(1024 L^2))^(L-1) <= 1.00025` for all L: 4 becomes 1.00025. It cannot
//! go below 1: w* along the top eigenvector, epsilon -> 0.
//!
//! **Half of that, and not 1.** `norm(Delta_k) <= max_k norm(W_k)^2` gives epsilon >= (3/(L-1) + 2) D, so under (A3)
//! `(1 + 2 D)^(L-1) <= exp(2 (L-1)^2/((2 L + 1) 1024 L^2))`, largest at L = 3: 1.000125. For aligned starts
//! ([`crate::paper::section_4::aligned`]) with w* along the top eigenvector `S/S_min` is kappa times the mean of
//! `norm(w*)^(2/L)/sigma_k^2`, at least 1 because the product of the sigma_k is norm(w*), and more where they differ:
//! kappa is reached for every kappa, and exceeded, by less than the second order of D.

use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::harness::claim::{Claim, Comparison, Context, Evaluation, Form, Statement, decide};
use crate::harness::evidence::{Grade, Role};
use crate::hessian::sharpness_at_minimiser;
use crate::network::minimiser;
use crate::paper::kit::instances::{NetworkInstance, enclose};
use crate::paper::section_4::aligned::Search;
use crate::paper::section_4::along::{NUMERICAL, arrived, evaluate_run};
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::corollary_3::statement::{
    aligned_best, aligned_kappa, limit_sharpness, lower_too_large, upper_best, upper_printed, upper_sharpened,
    upper_too_small,
};
use crate::paper::section_4::depths::{DEPTHS, Depths, Scalar};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::statement::{Hypotheses, Pair, a2, a3, deep, judge};
use crate::paper::section_4::trajectories;
use crate::paper::section_4::trajectories::Trajectory;
use num_traits::{One, Zero};

/// A statement about the sharpness of the limit.
pub(crate) struct AtLimit {
    pub(crate) hypotheses: Hypotheses,
    pub(crate) pairs: fn(Interval, &Setting) -> Vec<Pair>,
}

impl Statement for AtLimit {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, true)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        if i.start.depth() == 1 {
            return Evaluation::out_of_scope("L = 1: S = 2 Lambda and S_min = 2 lambda identically");
        }
        evaluate_run(i, self.hypotheses, |run| {
            arrived(run)?;
            let sharpness = limit_sharpness(&i.start.problem, run).ok_or("the sharpness could not be enclosed")?;
            Ok(judge((self.pairs)(sharpness, &run.setting), strength, NUMERICAL))
        })
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
}

/// S >= S_min at the exact minimiser next to the end of a trajectory (W_1 solved for in rationals).
pub(crate) struct AtMinimiser;

pub(crate) struct Sides<'a> {
    pub(crate) instance: &'a NetworkInstance,
}

impl Comparison for Sides<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let i = self.instance;
        let sharpness = sharpness_at_minimiser(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits));
        let lambda = match i.white() {
            Some(level) => enclose::<E>(&level, bits),
            None => E::from_interval(&i.problem.lambda(), bits),
        };
        let w_star = enclose::<E>(&i.w_star_norm_squared(), bits);
        (sharpness, crate::hessian::depth_bound(&lambda, &w_star, None, i.depth()))
    }
    fn exactly(&self, strength: &Rational) -> Option<bool> {
        // L = 1: S = 2 Lambda, S_min = 2 lambda, equal where the data are white.
        (self.instance.depth() == 1 && self.instance.white().is_some()).then(|| *strength <= Rational::one())
    }
}

impl Statement for AtMinimiser {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, true)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        evaluate_run(i, a3, |run| {
            arrived(run)?;
            let last = run.samples.last().ok_or("an empty trajectory")?;
            let network = last.network.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
            let solved = minimiser::solve_layer(&i.start.problem, network, 1).map_err(|e| e.to_string())?;
            let instance = NetworkInstance::new(i.start.problem.clone(), solved, "minimiser next to the limit");
            if !instance.is_minimiser {
                return Err("the solved network does not implement w*".into());
            }
            Ok(decide(&Sides { instance: &instance }, strength))
        })
    }
}

/// The largest epsilon of (A3).
fn within_a3(depth: i64) -> Option<Rational> {
    Some(Rational::new(1, 1024 * depth * depth))
}

/// `corollary-3`.
pub fn third() -> Claim {
    let limit = |hypotheses, pairs| AtLimit { hypotheses, pairs };
    Claim {
        id: "corollary-3",
        title: "The sharpness of the limit",
        place: "Corollary 3, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2)",
        uses: &["corollary-1", "corollary-2", "theorem-1"],
        forms: vec![
            Form::printed("printed-lower", "S(W^SI) >= S_min, at the exact minimiser next to the limit", AtMinimiser)
                .graded(Grade::Computed)
                .requires(&DEPTHS)
                .besides(),
            corollary_3_lower(),
            Form::printed("printed-upper", "S(W^SI) <= 4 (Lambda/lambda) S_min", limit(a3, upper_printed))
                .graded(Grade::Computed)
                .with_constant(Rational::from(4), false)
                .requires(&DEPTHS)
                .besides(),
            corollary_3_upper(),
            Form::sharpened(
                "best-constant",
                "S(W^SI) <= 1.00025 (Lambda/lambda) S_min under (A3)",
                limit(a3, upper_best),
            )
            .graded(Grade::Computed),
            Form::sharpened(
                "best-constant-depths",
                "(1 + 1/(1024 L^2))^(L-1) <= 1.00025 for every L >= 1",
                Depths(Scalar::Constant),
            )
            .graded(Grade::Domain),
            Form::sharpened(
                "any-scale",
                "S(W^SI) <= (Lambda/lambda) (1 + 2 D/norm(w*)^(2/L))^(L-1) S_min, without (A3)",
                limit(a2, upper_sharpened),
            )
            .graded(Grade::Computed)
            .requires(&[("outside (A3)", 4), ("L >= 8", 6)]),
            corollary_3_best(),
            corollary_3_any(),
            Form::sharpened(
                "aligned",
                "S(W^SI) <= 1.000125 (Lambda/lambda) S_min under (A3), at aligned starts, where S is largest",
                Search { hypotheses: a3, epsilon: within_a3, pairs: aligned_best },
            )
            .requires(&[("L >= 100", 10), ("kappa = 1", 20)]),
            Form::control(
                "kappa",
                "S(W^SI) <= (Lambda/lambda) S_min under (A3)",
                Search { hypotheses: a3, epsilon: within_a3, pairs: aligned_kappa },
            ),
            Form::control("below-kappa", "S(W^SI) <= 0.99 (Lambda/lambda) S_min", limit(a3, upper_too_small)),
            Form::control("above-s-min", "S(W^SI) >= 1.01 S_min", limit(a3, lower_too_large)),
        ],
        finding: None,
        remarks: &[
            "The best constant in place of 4 is between 1 + 2e-10 (aligned start, w* along the top eigenvector) and \
             1.000125: S/S_min comes as near to kappa as that for every kappa.",
        ],
    }
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
