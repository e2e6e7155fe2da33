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

use crate::arithmetic::{Enclosure, Rational};
use crate::formula::fraction;
use crate::harness::claim::{Claim, Comparison, Context, Evaluation, Form, Statement, decide};
use crate::harness::evidence::{Grade, Role};
use crate::harness::pairs::judge;
use crate::hessian::sharpness_at_minimiser;
use crate::network::minimiser;
use crate::paper::kit::instances::{NetworkInstance, enclose};
use crate::paper::section_4::aligned::Search;
use crate::paper::section_4::along::{NUMERICAL, arrived, evaluate_run};
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::corollary_3::statement::{aligned, any_scale, best, limit_sharpness, lower, upper};
use crate::paper::section_4::depths::{DEPTHS, Depths, Scalar};
use crate::paper::section_4::hypotheses::{Hypotheses, a2, a3, deep};
use crate::paper::section_4::moment::{Inequality, Seen, Worded, told};
use crate::paper::section_4::trajectories;
use crate::paper::section_4::trajectories::Trajectory;
use num_traits::{One, Zero};

/// A statement about the sharpness of the limit.
pub(crate) struct AtLimit {
    pub(crate) hypotheses: Hypotheses,
    pub(crate) said: Inequality,
}

impl Worded for AtLimit {
    fn words(&self) -> String {
        self.said.text()
    }
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
            Ok(judge(self.said.pairs(&run.setting, Seen::Number("S", sharpness))?, strength, NUMERICAL))
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
fn within_a3(depth: i64) -> Rational {
    Rational::new(1, 1024 * depth * depth)
}

fn at_aligned(said: Inequality) -> Search {
    Search { hypotheses: a3, epsilon: Some(within_a3), see: aligned, said }
}

/// `corollary-3`.
pub fn third() -> Claim {
    let limit = |hypotheses, said| AtLimit { hypotheses, said };
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
            told(Form::printed, "printed-upper", limit(a3, upper(4)))
                .graded(Grade::Computed)
                .with_constant(Rational::from(4), false)
                .requires(&DEPTHS)
                .besides(),
            corollary_3_upper(),
            told(Form::sharpened, "best-constant", limit(a3, upper(best()))).under("(A3)").graded(Grade::Computed),
            Form::sharpened(
                "best-constant-depths",
                "(1 + 1/(1024 L^2))^(L-1) <= 1.00025 for every L >= 1",
                Depths(Scalar::Constant),
            )
            .graded(Grade::Domain),
            told(Form::sharpened, "any-scale", limit(a2, upper(any_scale())))
                .under("(A1), (A2) alone")
                .graded(Grade::Computed)
                .requires(&[("outside (A3)", 4), ("L >= 8", 6)]),
            corollary_3_best(),
            corollary_3_any(),
            told(Form::sharpened, "aligned", at_aligned(upper(1 + fraction(1, 8000))))
                .under("(A3)")
                .requires(&[("L >= 100", 10), ("kappa = 1", 20)]),
            told(Form::control, "kappa", at_aligned(upper(1))).under("(A3)"),
            told(Form::control, "below-kappa", limit(a3, upper(fraction(99, 100)))),
            told(Form::control, "above-s-min", limit(a3, lower(fraction(101, 100)))),
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
    let mut out = form("tube-lower", a3, Said::SharpnessLower).under("Sigma w* != lambda w* or Lambda > L lambda");
    out.required.retain(|(class, _)| *class != "L = 1");
    out
}

/// Corollary 3, upper side as printed.
pub fn corollary_3_upper() -> Form {
    form("tube-upper", a3, Said::Sharpness(upper(4)))
}

/// Corollary 3 with the best constant.
pub fn corollary_3_best() -> Form {
    let mut out = form("tube-best", a3, Said::Sharpness(upper(best()))).under("(A3)");
    out.role = Role::Sharpened;
    out
}

/// Corollary 3 without (A3).
pub fn corollary_3_any() -> Form {
    let mut out = form("tube-any-scale", |s| a2(s).and(deep(s)), Said::Sharpness(upper(any_scale())));
    out.role = Role::Sharpened;
    out.required.retain(|(class, _)| *class != "L = 1");
    out.under("(A1), (A2) alone")
}
