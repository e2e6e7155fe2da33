//! Corollary 4 inside its hypotheses: the sharpness at the limit of the flow, enclosed, with the constants of Theorem 4
//! fixed by s and `C(s) = 2^12 exp(3 s^2 + 6 u)`.

use crate::arithmetic::{Interval, Rational, Ring};
use crate::formula::{Expr, Says, Table, var};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::{Grade, Role};
use crate::harness::pairs::{judge_all, pairs};
use crate::harness::symbols::stated;
use crate::hessian::depth_bound;
use crate::paper::section_5::corollary_4::claim::{at_least, at_most, of_head};
use crate::paper::section_5::explicit::Constants;
use crate::paper::section_5::nearby::Start;
use crate::paper::section_5::theorem_4::in_scope::{COVERAGE, LIMIT, in_scope};
use num_traits::One;

struct Sharpness(Says);

impl Statement for Sharpness {
    type Instance = Start;

    fn instances(&self, context: &Context) -> Vec<Start> {
        in_scope(context, false)
    }
    fn describe(&self, i: &Start) -> String {
        i.describe()
    }
    fn tags(&self, i: &Start) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Start, strength: &Rational) -> Evaluation {
        let limit = match i.limit() {
            Ok(limit) => limit,
            Err(e) => return Evaluation::undecided(e),
        };
        if let Some(lacking) = i.lacking(&limit, &Constants::of(&i.s)) {
            return Evaluation::out_of_scope(lacking);
        }
        let scene = Table::default()
            .scalar("L", Interval::from_i64(i.depth as i64))
            .scalar("lambda", limit.lambda)
            // Of the data of this folder.
            .scalar("Lambda", Interval::one())
            .scalar("norm(w)", limit.head)
            .scalar("norm(w*)", limit.w_star)
            .scalar("S_min", depth_bound(&limit.lambda, &limit.w_star.powi(2), None, i.depth))
            .scalar("S(W^RI)", limit.sharpness)
            .scalar("C", Constants::of(&i.s).c);
        judge_all([pairs(&self.0, &scene)], strength, LIMIT)
    }
}

/// `S <= constant norm(w*)^(2/L) (Lambda/lambda) S_min`.
fn upper(constant: impl Into<Expr>) -> Says {
    at_most(constant.into() * var("norm(w*)").power(2 / var("L")))
}

/// `corollary-4-in-scope`.
pub fn claim() -> Claim {
    Claim {
        id: "corollary-4-in-scope",
        title: "Corollary 4 inside its hypotheses, constants fixed by s",
        place: "Corollary 4",
        hypotheses: "those of theorem-4-in-scope; C = 2^12 exp(3 s^2 + 6 u), u = 22 s^2 + 6 s; s = 1/10 and 1/4",
        uses: &["theorem-4-in-scope", "corollary-4-lower", "corollary-4-upper"],
        forms: vec![
            stated(Form::misprinted, "printed-lower", at_least(1.into()), Sharpness),
            stated(Form::corrected, "lower", at_least(of_head()), Sharpness).requires(&COVERAGE),
            stated(Form::corrected, "upper", upper(var("C")), Sharpness).requires(&COVERAGE),
            stated(
                |name, words, body| Form::holds(name, Role::Conjecture, Grade::Instance, words, body),
                "upper-observed",
                upper(8),
                Sharpness,
            )
            .also("for the draws of this run")
            .requires(&COVERAGE)
            .besides(),
            stated(Form::control, "twice", at_least(2 * of_head()), Sharpness),
            stated(Form::control, "one", upper(1), Sharpness),
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
