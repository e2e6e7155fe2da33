//! Lemma 5 (Appendix A): `L exp(-sqrt(L) x) <= 4 exp(-x)` for `L >= C` and `x >= 1`.
//!
//! | paper | code | range |
//! | --- | --- | --- |
//! | L, real | `depth` | L >= C |
//! | x | `x` | x >= 1 |
//! | the constant 4 | `constant` | smaller is stronger |
//! | C | `smallest` | the paper: some absolute constant; here C = 1 |
//!
//! **Reduction.** With `s = sqrt(L) >= 1` the claim is `2 ln s - ln 4 <= (s - 1) x`, and the right-hand side does not
//! decrease in x: the worst case is x = 1. With `u = 1/s` in `(0, 1]`, multiplied by u:
//! `1 - u + u ln 4 + 2 u ln u >= 0`, continuous on `[0, 1]` with `u ln u -> 0`, which covers L -> infinity. `u ln u`
//! decreases on `[0, 1/e]` and increases on `[1/e, 1]` (minimum -1/e).
//!
//! **Smallest C, best constant.** C = 1 is the smallest valid constant: for L < 1 the exponent `(sqrt(L) - 1) x` tends
//! to minus infinity with x. For L >= 1, 4 may be replaced by `4/e = 1.4715..`, attained at L = 4, x = 1.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real};
use crate::formula::{Expr, Reading, Says, Value, exp, sqrt, var};
use crate::harness::subdivision;
use crate::harness::subdivision::Proof;
use crate::harness::{Claim, Context, Evaluation, Form, Grade, Statement, Symbols, decide_formula, stated};
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// The whole domain, or one point of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Scalars {
    /// Every L >= C and x >= 1.
    Domain,
    /// One pair.
    Point {
        /// L.
        depth: Rational,
        /// x.
        x: Rational,
    },
}

struct Exponentials {
    /// C.
    smallest: Rational,
    /// 4 as printed.
    constant: Rational,
}

/// Enclosure of `u ln u` on a subset of `[0, 1]`.
pub(crate) fn u_ln_u(u: &Big) -> Big {
    let at = |q: Option<Rational>| {
        q.map_or_else(Big::entire, |q| {
            if q.is_zero() {
                return Big::zero();
            }
            let b = Big::from_rational(&q, u.bits());
            &b * b.ln()
        })
    };
    let ends = at(u.lower_rational()).hull(&at(u.upper_rational()));
    let turning = (-Big::one()).with_bits(u.bits()).exp();
    // Monotone on either side of 1/e; where the set may contain it, the minimum -1/e joins.
    let inside = !(u - &turning).is_positive() && !(&turning - u).is_positive();
    if inside { ends.hull(&-turning) } else { ends }
}

impl Exponentials {
    fn proof(&self, strength: &Rational) -> Proof {
        let ln_constant = Big::from_rational(&(&self.constant / strength), 128).ln();
        // For C < 1 the box u <= 1/sqrt(C) does not stand for all x >= 1: the reduction needs s >= 1.
        let domain = [(Rational::zero(), Rational::one())];
        subdivision::prove(&domain, |v| {
            let u = &v[0];
            1 - u + u * &ln_constant + Big::from_rational(&Rational::from(2), 96) * u_ln_u(u)
        })
    }
}

/// `L exp(-sqrt(L) x) <= c exp(-x)`.
fn says(constant: &Rational) -> Says {
    let [depth, x] = ["L", "x"].map(var);
    (&depth * exp(-(sqrt(&depth) * &x))).at_most(Expr::from(constant) * exp(-x))
}

/// A point: L and x.
struct At<'a>(&'a Rational, &'a Rational);

impl Symbols for At<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        Some(Value::Scalar(E::from_rational(if name == "L" { self.0 } else { self.1 }, bits)))
    }
}

impl Statement for Exponentials {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        // Points too: they are what a control with C < 1 fails on.
        let mut out = vec![Scalars::Domain];
        for (n, d) in [(1, 1), (4, 1), (9, 4), (100, 1), (10_000, 1), (1, 2), (1, 4)] {
            for x in [1, 2, 10, 100] {
                out.push(Scalars::Point { depth: Rational::new(n, d), x: Rational::from(x) });
            }
        }
        out
    }
    fn describe(&self, i: &Scalars) -> String {
        match i {
            Scalars::Domain => format!("every real L >= {} and x >= 1", self.smallest),
            Scalars::Point { depth, x } => format!("L = {depth}, x = {x}"),
        }
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        match i {
            Scalars::Domain if self.smallest < Rational::one() => {
                Evaluation::out_of_scope("the reduction to x = 1 needs C >= 1; the points decide")
            }
            Scalars::Domain => subdivision::evaluate(strength, |s| self.proof(s)),
            Scalars::Point { depth, x } => {
                if *depth < self.smallest || *x < Rational::one() {
                    return Evaluation::out_of_scope("outside L >= C, x >= 1");
                }
                decide_formula(&says(&(&self.constant / strength)), &At(depth, x), &Rational::one())
            }
        }
    }
    fn simpler(&self, i: &Scalars) -> Vec<Scalars> {
        if !matches!(i, Scalars::Domain) {
            return Vec::new();
        }
        [1, 2, 4, 9, 100].map(|l| Scalars::Point { depth: Rational::from(l), x: Rational::one() }).to_vec()
    }
}

/// `lemma-5`.
pub fn claim() -> Claim {
    let told = |make, name, smallest: Rational, constant: Rational| {
        let words = format!("for every L >= {smallest}");
        stated(make, name, says(&constant), |_| Exponentials { smallest, constant }).also(&words)
    };
    let (one, four, best) = (Rational::one, || Rational::from(4), |n| Rational::new(n, 10_000));
    Claim {
        id: "lemma-5",
        title: "A product of depth and a fast exponential",
        place: "Lemma 5",
        hypotheses: "real L >= C, x >= 1; the statement asks for some C: C = 1",
        uses: &[],
        forms: vec![
            told(Form::printed, "printed", one(), four()).graded(Grade::Domain).with_constant(four(), false),
            told(Form::sharpened, "sharpened", one(), best(14_716)).graded(Grade::Domain),
            told(Form::control, "below-4-over-e", one(), best(14_715)),
            told(Form::control, "smaller-c", Rational::new(1, 4), four()),
        ],
        finding: None,
        remarks: &[
            "The best constant is 4/e = 1.471517... The lemma asks for L large enough; it holds from C = 1 on, and C = \
             1 is the smallest valid constant.",
        ],
    }
}
