//! Corollary 2: the flow converges to a minimiser.
//!
//! | paper | code |
//! | --- | --- |
//! | the path that remains after t | `Setting::remaining_path`: `2 sqrt((R - R_min)/mu)` |
//!
//! **The path that remains** (Corollary 2 made explicit, without (A3)): under an inequality
//! `norm(grad)^2 >= mu (R - R_min)` that holds from t on,
//! `d/dt sqrt(R - R_min) = -norm(grad)^2/(2 sqrt(R - R_min)) <= -(sqrt(mu)/2) norm(grad)`, so the path left is at most
//! `2 sqrt((R - R_min)/mu)`. The case-free inequality of `theorem-3` has such a mu as soon as
//! `R - R_min < lambda norm(w*)^2`: from then on `norm(w_prod) >= norm(w*) - sqrt((R - R_min)/lambda)`. So the weights
//! converge under (A1) and (A2) alone: Theorem 3 brings the risk there, no smallness is needed.

use crate::arithmetic::{Enclosure, Interval, Rational, Real};
use crate::formula::{Expr, var};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::Grade;
use crate::harness::pairs::{Pair, judge};
use crate::paper::section_4::along::{NUMERICAL, When, at_end, evaluate_run, moments};
use crate::paper::section_4::certified::{Said, form};
use crate::paper::section_4::depths::DEPTHS;
use crate::paper::section_4::hypotheses::{Hypotheses, a2, a2_deep, a3};
use crate::paper::section_4::moment::{Inequality, told};
use crate::paper::section_4::theorem_3::constants::proof_constant;
use crate::paper::section_4::trajectories;
use crate::paper::section_4::trajectories::Trajectory;

/// The limit is within 2^-10 of the last point, relative to the size of a layer.
fn located() -> Inequality {
    var("rest").at_most(Expr::from(2).pow(-10) * var("norm(w*)").power(1 / var("L"))).into()
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    CaseFree,
    Printed,
}

/// The bound of the remaining path against the path that the numerical trajectory still travels.
pub(crate) struct Path {
    pub(crate) bound: Bound,
    pub(crate) hypotheses: Hypotheses,
}

impl Statement for Path {
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
        evaluate_run(i, self.hypotheses, |run| {
            let end = run.samples.last().map_or(0.0, |s| s.path);
            let printed = proof_constant(&run.setting);
            let samples = moments(run, When::Always)?.filter(|s| self.bound == Bound::CaseFree || s.time >= 1.0);
            let pairs = samples.filter_map(|s| {
                let bound = match self.bound {
                    Bound::CaseFree => run.setting.remaining_path(&s.seen.excess_risk),
                    Bound::Printed => (2 * (s.seen.excess_risk / printed).sqrt()).lo(),
                };
                let rest = end - s.path;
                // Below this share of the whole, the rest is rounding of the sums.
                (bound.is_finite() && rest > 1e-9 * end)
                    .then(|| Pair::new(Interval::point(bound), Interval::point(rest)))
            });
            Ok(judge(pairs, strength, NUMERICAL))
        })
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
}

/// `corollary-2`.
pub fn second() -> Claim {
    Claim {
        id: "corollary-2",
        title: "The weights converge",
        place: "Corollary 2, Section 4",
        hypotheses: "(A1)-(A3); sharpened: (A1), (A2)",
        uses: &["theorem-3", "lemma-8", "corollary-1"],
        forms: vec![
            told(Form::printed, "printed", at_end(a3, located()))
                .also("so that W(t) converges to a minimiser")
                .graded(Grade::Computed)
                .requires(&DEPTHS)
                .besides(),
            corollary_2(),
            Form::sharpened(
                "path-printed-mu",
                "the path after t >= 1 is at most 2 sqrt((R - R_min)/mu), mu of B.4",
                Path { bound: Bound::Printed, hypotheses: a2_deep },
            )
            .graded(Grade::Computed),
            Form::sharpened(
                "path",
                "the path after t is at most 2 sqrt((R - R_min)/mu(t)), mu(t) without cases, as soon as R - R_min < \
                 lambda norm(w*)^2; without (A3)",
                Path { bound: Bound::CaseFree, hypotheses: a2_deep },
            )
            .graded(Grade::Computed)
            .with_constant(Rational::from(2), false)
            .requires(&[("outside (A3)", 4), ("L >= 8", 6), ("kappa >= 90", 4)]),
            told(Form::sharpened, "without-a3", at_end(a2, located()))
                .also("so that W(t) converges to a minimiser")
                .under("(A1), (A2) alone")
                .graded(Grade::Computed)
                .requires(&[("outside (A3)", 4)]),
            Form::control(
                "shorter-path",
                "the path after t is at most (1/2) sqrt((R - R_min)/mu(t))",
                Path { bound: Bound::CaseFree, hypotheses: a2_deep },
            )
            .at(Rational::from(4)),
        ],
        finding: None,
        remarks: &["(A3) is not needed: the case-free inequality of theorem-3 bounds the path that remains for every \
                    initialisation with (A2)."],
    }
}

/// Corollary 2.
pub fn corollary_2() -> Form {
    form("tube", a3, Said::Converges)
}
