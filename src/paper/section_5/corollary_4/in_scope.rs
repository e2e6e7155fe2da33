//! Corollary 4 inside its hypotheses: the sharpness at the limit of the flow, enclosed, with the constants of Theorem 4
//! fixed by s and `C(s) = 2^12 exp(3 s^2 + 6 u)`.

use crate::formula::{Expr, var};
use crate::harness::claim::{Claim, Form};
use crate::paper::section_5::corollary_4::claim::{at_least, at_most, of_head};
use crate::paper::section_5::theorem_4::in_scope::{COVERAGE, Starts, at_limit};

/// `corollary-4-in-scope`.
pub fn claim() -> Claim {
    // `S <= constant norm(w*)^(2/L) (Lambda/lambda) S_min`.
    let upper = |constant: Expr| at_most(constant * var("norm(w*)").power(2 / var("L")));
    let told = |make, name, says| at_limit(make, name, says, Starts::Head);
    Claim {
        id: "corollary-4-in-scope",
        title: "Corollary 4 inside its hypotheses, constants fixed by s",
        place: "Corollary 4",
        hypotheses: "those of theorem-4-in-scope; C = 2^12 exp(3 s^2 + 6 u), u = 22 s^2 + 6 s; s = 1/10 and 1/4",
        uses: &["theorem-4-in-scope", "corollary-4-lower", "corollary-4-upper"],
        forms: vec![
            told(Form::misprinted, "printed-lower", at_least(1.into())),
            told(Form::corrected, "lower", at_least(of_head())).requires(&COVERAGE),
            told(Form::corrected, "upper", upper(var("C"))).requires(&COVERAGE),
            told(Form::conjecture, "upper-observed", upper(8.into()))
                .also("for the draws of this run")
                .requires(&COVERAGE)
                .besides(),
            told(Form::control, "twice", at_least(2 * of_head())),
            told(Form::control, "one", upper(1.into())),
        ],
        finding: Some(
            "False for norm(w) < 1 inside the hypotheses too, at the limits of flows from Gaussian layers with L >= \
             C_1, d >= C_2 and an initial risk below C_3: inherited from Theorem 2, which drops the head. With \
             norm(w)^(2/L) S_min it holds.",
        ),
        remarks: &["C(s) is 2^12 exp(4.95) = 6e5 at s = 1/10 and 2^12 exp(17.4) = 1.5e11 at s = 1/4; 8 is enough for \
                    every draw."],
    }
}
