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
//! ([`crate::flow::aligned`]) with w* along the top eigenvector `S/S_min` is kappa times the mean of
//! `norm(w*)^(2/L)/sigma_k^2`, at least 1 because the product of the sigma_k is norm(w*), and more where they differ:
//! kappa is reached for every kappa, and exceeded, by less than the second order of D.
//!
//! **What each form is for.** The lower side is Theorem 2 at a minimiser: `printed-lower` at an exact one next to the
//! limit, `tube-lower` at the limit itself where equality is excluded. The upper side is tried with 4
//! (`printed-upper`, `tube-upper`), with 1.00025, and with the constant that any scale allows; `best-constant-depths`
//! is the scalar inequality behind 1.00025, proved for every depth, and `aligned` has half of its excess over 1, on
//! aligned starts. The controls say that kappa alone, a hundredth less, and a hundredth above S_min are all too
//! strong.

use crate::arithmetic::{Enclosure, Rational};
use crate::flow::aligned::Aligned;
use crate::formula::fraction;
use crate::harness::Assumption;
use crate::harness::claim::{Claim, Comparison, Form, decide};
use crate::harness::evidence::{Grade, Role};
use crate::harness::pairs::judge;
use crate::hessian::{depth_bound, sharpness_at_minimiser};
use crate::instances::{NetworkInstance, enclose};
use crate::network::minimiser;
use crate::paper::section_4::aligned::search;
use crate::paper::section_4::along::{NUMERICAL, Told, arrived, of_runs};
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::corollary_3::statement::{any_scale, best, limit_sharpness, lower, upper};
use crate::paper::section_4::depths::{self, DEPTHS};
use crate::paper::section_4::hypotheses::{Hypotheses, a2, a3, deep};
use crate::paper::section_4::moment::{Inequality, Seen, told};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::trajectories::Trajectory;
use num_traits::{One, Zero};

/// An inequality about the sharpness of the limit.
fn at_limit(hypotheses: Hypotheses, said: Inequality) -> Told<Trajectory> {
    of_runs(said.text(), hypotheses, move |i, run, strength| {
        arrived(run)?;
        let sharpness = limit_sharpness(&i.start.problem, run).ok_or("the sharpness could not be enclosed")?;
        Ok(judge(said.pairs(&run.setting, Seen::Number("S", sharpness))?, strength, NUMERICAL))
    })
}

/// With L >= 2.
fn deeper(s: &Setting, assumption: Assumption) -> Assumption {
    Assumption::unless_outside(s.depth == 1, "L = 1: S = 2 Lambda and S_min = 2 lambda identically").and(assumption)
}

/// S >= S_min at the exact minimiser next to the end of a trajectory (W_1 solved for in rationals).
struct AtMinimiser<'a>(&'a NetworkInstance);

impl Comparison for AtMinimiser<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let i = self.0;
        let sharpness = sharpness_at_minimiser(&i.network_in::<E>(bits), &i.problem.moments::<E>(bits));
        let lambda = match i.white() {
            Some(level) => enclose::<E>(&level, bits),
            None => E::from_interval(&i.problem.lambda(), bits),
        };
        let w_star = enclose::<E>(&i.w_star_norm_squared(), bits);
        (sharpness, depth_bound(&lambda, &w_star, None, i.depth()))
    }
    fn exactly(&self, strength: &Rational) -> Option<bool> {
        // L = 1: S = 2 Lambda, S_min = 2 lambda, equal where the data are white.
        (self.0.depth() == 1 && self.0.white().is_some()).then(|| *strength <= Rational::one())
    }
}

/// The lower side as printed: W_1 of the last point is solved for in rationals, so that the network implements w*
/// exactly, and the certified sharpness of that minimiser is compared with S_min. It says nothing of the distance to
/// W^SI, which the upper side encloses instead.
fn at_minimiser() -> Told<Trajectory> {
    of_runs("S(W^SI) >= S_min, at the exact minimiser next to the limit", a3, |i, run, strength| {
        arrived(run)?;
        let last = run.samples.last().ok_or("an empty trajectory")?;
        let network = last.network.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero));
        let solved = minimiser::solve_layer(&i.start.problem, network, 1).map_err(|e| e.to_string())?;
        let instance = NetworkInstance::new(i.start.problem.clone(), solved, "minimiser next to the limit");
        if !instance.is_minimiser {
            return Err("the solved network does not implement w*".into());
        }
        Ok(decide(&AtMinimiser(&instance), strength))
    })
}

/// A form of the tubes without flows of one layer, which are out of its scope.
fn without_shallow(mut form: Form) -> Form {
    form.required.retain(|(class, _)| *class != "L = 1");
    form
}

/// `corollary-3`.
pub fn third() -> Claim {
    let (a2_deeper, a3_deeper): (Hypotheses, Hypotheses) = (|s| deeper(s, a2(s)), |s| deeper(s, a3(s)));
    // At the largest epsilon of (A3).
    let largest: fn(i64) -> Rational = |depth| Rational::new(1, 1024 * depth * depth);
    let see = |i: &Aligned| vec![Seen::Number("S", i.limit_sharpness())];
    let at_aligned = |said| search(a3, Some(largest), see, said);
    let sharper =
        |name, hypotheses, said| Form { role: Role::Sharpened, ..form(name, hypotheses, Said::Sharpness(said)) };
    Claim {
        id: "corollary-3",
        title: "The sharpness of the limit",
        place: "Corollary 3, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2)",
        uses: &["corollary-1", "corollary-2", "theorem-1"],
        forms: vec![
            told(Form::printed, "printed-lower", at_minimiser()).graded(Grade::Computed).requires(&DEPTHS).besides(),
            without_shallow(
                form("tube-lower", a3, Said::SharpnessLower).under("Sigma w* != lambda w* or Lambda > L lambda"),
            ),
            told(Form::printed, "printed-upper", at_limit(a3_deeper, upper(4)))
                .graded(Grade::Computed)
                .with_constant(Rational::from(4), false)
                .requires(&DEPTHS)
                .besides(),
            form("tube-upper", a3, Said::Sharpness(upper(4))),
            told(Form::sharpened, "best-constant", at_limit(a3_deeper, upper(best())))
                .under("(A3)")
                .graded(Grade::Computed),
            Form::sharpened(
                "best-constant-depths",
                "(1 + 1/(1024 L^2))^(L-1) <= 1.00025 for every L >= 1",
                depths::constant(),
            )
            .graded(Grade::Domain),
            told(Form::sharpened, "any-scale", at_limit(a2_deeper, upper(any_scale())))
                .under("(A1), (A2) alone")
                .graded(Grade::Computed)
                .requires(&[("outside (A3)", 4), ("L >= 8", 6)]),
            sharper("tube-best", a3, upper(best())).under("(A3)"),
            without_shallow(sharper("tube-any-scale", |s| a2(s).and(deep(s)), upper(any_scale())))
                .under("(A1), (A2) alone"),
            told(Form::sharpened, "aligned", at_aligned(upper(1 + fraction(1, 8000))))
                .under("(A3)")
                .requires(&[("L >= 100", 10), ("kappa = 1", 20)]),
            told(Form::control, "kappa", at_aligned(upper(1))).under("(A3)"),
            told(Form::control, "below-kappa", at_limit(a3_deeper, upper(fraction(99, 100)))),
            told(Form::control, "above-s-min", at_limit(a3_deeper, lower(fraction(101, 100)))),
        ],
        finding: None,
        remarks: &[
            "The best constant in place of 4 is between 1 + 2e-10 (aligned start, w* along the top eigenvector) and \
             1.000125: S/S_min comes as near to kappa as that for every kappa.",
        ],
    }
}
