//! Theorem 5 inside its hypotheses: as Theorem 4, with d targets and no head.

use crate::arithmetic::Rational;
use crate::harness::claim::{Claim, Form};
use crate::harness::evidence::{Grade, Role};
use crate::paper::section_5::theorem_4::in_scope::{Bound, COVERAGE, Moved};

/// `theorem-5-in-scope`.
pub fn claim() -> Claim {
    let moved = |bound| Moved { bound, multivariate: true };
    let statement = "L >= C_1, d >= C_2, R(0) - R_min <= C_3 lambda^2/Lambda: the flow converges to a minimiser and";
    Claim {
        id: "theorem-5-in-scope",
        title: "Theorem 5 inside its hypotheses, constants fixed by s",
        place: "Theorem 5, B.8",
        hypotheses: "(A1), d targets, no head; C_1 to C_5 as for theorem-4-in-scope; s = 1/10 and 1/4, d = 4",
        uses: &["theorem-4-in-scope", "theorem-5-flow"],
        forms: vec![
            Form::corrected("limit", format!("{statement} norm_F(theta_k) <= C_5"), moved(Bound::C5))
                .requires(&COVERAGE),
            Form::holds(
                "observed-order",
                Role::Conjecture,
                Grade::Instance,
                format!("{statement} norm_F(theta_k) <= 4 sqrt(C_3), for the draws of this run"),
                moved(Bound::Observed),
            )
            .besides(),
            Form::control("eighth", format!("{statement} norm_F(theta_k) <= sqrt(C_3)/8"), moved(Bound::RootC3)),
            Form::control("far-below", format!("{statement} norm_F(theta_k) <= C_5/10^12"), moved(Bound::C5))
                .at(Rational::from(1_000_000_000_000)),
        ],
        finding: None,
        remarks: &["The trials of theorem-4-in-scope count for d targets too: what a trial proves is about both."],
    }
}
