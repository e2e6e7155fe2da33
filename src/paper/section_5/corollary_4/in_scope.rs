//! Corollary 4 inside its hypotheses: the sharpness at the limit of the flow, enclosed, with the constants of Theorem 4
//! fixed by s and `C(s) = 2^12 exp(3 s^2 + 6 u)`.

use crate::arithmetic::{Interval, Rational, Real, Ring};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::{Grade, Role};
use crate::hessian::depth_bound;
use crate::paper::section_4::statement::{Pair, judge};
use crate::paper::section_5::explicit::Constants;
use crate::paper::section_5::nearby::Start;
use crate::paper::section_5::theorem_4::in_scope::{Bound, COVERAGE, LIMIT, Moved};

/// The two sides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// S >= S_min.
    LowerPrinted,
    /// S >= norm(w)^(2/L) S_min.
    Lower,
    /// C norm(w*)^(2/L) Lambda/lambda S_min >= S.
    Upper,
    /// The same with this C.
    UpperWith(i64),
}

struct Sharpness(Which);

impl Statement for Sharpness {
    type Instance = Start;

    fn instances(&self, context: &Context) -> Vec<Start> {
        Moved { bound: Bound::C5, multivariate: false }.instances(context)
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
        let square = limit.w_star.powi(2);
        let least = depth_bound(&limit.lambda, &square, None, i.depth);
        let upper = |c: Interval| c * square.pow_ratio(1, i.depth as u32) / limit.lambda * least;
        let pair = match self.0 {
            Which::LowerPrinted => Pair::new(limit.sharpness, least),
            Which::Lower => {
                let head = limit.head.powi(2);
                Pair::new(limit.sharpness, depth_bound(&limit.lambda, &square, Some(&head), i.depth))
            }
            Which::Upper => Pair::new(upper(Constants::of(&i.s).c), limit.sharpness),
            Which::UpperWith(c) => Pair::new(upper(Interval::from_i64(c)), limit.sharpness),
        };
        judge([pair], strength, LIMIT)
    }
}

/// `corollary-4-in-scope`.
pub fn claim() -> Claim {
    let holds = |name, role, statement: &str, which| {
        Form::holds(name, role, Grade::Instance, statement, Sharpness(which)).requires(&COVERAGE)
    };
    Claim {
        id: "corollary-4-in-scope",
        title: "Corollary 4 inside its hypotheses, constants fixed by s",
        place: "Corollary 4",
        hypotheses: "those of theorem-4-in-scope; C = 2^12 exp(3 s^2 + 6 u), u = 22 s^2 + 6 s; s = 1/10 and 1/4",
        uses: &["theorem-4-in-scope", "corollary-4-lower", "corollary-4-upper"],
        forms: vec![
            Form::misprinted("printed-lower", "S(W^RI) >= S_min", Sharpness(Which::LowerPrinted)),
            holds("lower", Role::Corrected, "S(W^RI) >= norm(w)^(2/L) S_min", Which::Lower),
            holds("upper", Role::Corrected, "S(W^RI) <= C norm(w*)^(2/L) (Lambda/lambda) S_min", Which::Upper),
            holds(
                "upper-observed",
                Role::Conjecture,
                "S(W^RI) <= 8 norm(w*)^(2/L) (Lambda/lambda) S_min, for the draws of this run",
                Which::UpperWith(8),
            )
            .besides(),
            Form::control("twice", "S(W^RI) >= 2 norm(w)^(2/L) S_min", Sharpness(Which::Lower)).at(Rational::from(2)),
            Form::control("one", "S(W^RI) <= norm(w*)^(2/L) (Lambda/lambda) S_min", Sharpness(Which::UpperWith(1))),
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
