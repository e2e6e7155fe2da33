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

use crate::arithmetic::{Big, Field, Rational, Real};
use crate::formula::functions::u_ln_u;
use crate::formula::{Expr, Says, exp, sqrt, vars};
use crate::harness::scalars::{Over, Scalar};
use crate::harness::subdivision::{self, Proof};
use crate::harness::{Claim, Form, Grade, stated};
use num_traits::{One, Zero};

/// The inequality from a C on and with a constant.
struct Exponentials {
    /// C.
    smallest: Rational,
    /// 4 as printed.
    constant: Rational,
}

impl Scalar for Exponentials {
    const FIRST: [&'static str; 2] = ["depth", "L"];
    /// The points are what a control with C < 1 fails on.
    const TRIED: bool = true;

    fn constant(&self) -> &Rational {
        &self.constant
    }
    fn domain(&self) -> String {
        format!("every real L >= {} and x >= 1", self.smallest)
    }
    /// `L exp(-sqrt(L) x) <= c exp(-x)`.
    fn says(&self, constant: &Rational) -> Says {
        let [depth, x] = vars(["L", "x"]);
        (&depth * exp(-(sqrt(&depth) * &x))).at_most(Expr::from(constant) * exp(-x))
    }
    fn prove(&self, constant: &Rational) -> Proof {
        let ln_constant = Big::from_rational(constant, 128).ln();
        subdivision::prove(&[(Rational::zero(), Rational::one())], |v| {
            let u = &v[0];
            1 - u + u * &ln_constant + Big::from_rational(&Rational::from(2), 96) * u_ln_u(u)
        })
    }
    fn refusal(&self, at: Option<[&Rational; 2]>) -> Option<&'static str> {
        let one = Rational::one();
        match at {
            // The box u <= 1/sqrt(C) does not stand for all x >= 1: the reduction needs s >= 1.
            None => (self.smallest < one).then_some("the reduction to x = 1 needs C >= 1; the points decide"),
            Some([depth, x]) => (*depth < self.smallest || *x < one).then_some("outside L >= C, x >= 1"),
        }
    }
    fn points(&self) -> Vec<(Rational, Rational)> {
        let depths = [(1, 1), (4, 1), (9, 4), (100, 1), (10_000, 1), (1, 2), (1, 4)].map(|(n, d)| Rational::new(n, d));
        depths.iter().flat_map(|l| [1, 2, 10, 100].map(|x| (l.clone(), x.into()))).collect()
    }
}

/// `lemma-5`.
pub fn claim() -> Claim {
    let told = |make, name, smallest: Rational, constant: Rational| {
        let words = format!("for every L >= {smallest}");
        let body = Exponentials { smallest, constant };
        stated(make, name, body.says(&body.constant), |_| Over(body)).also(&words)
    };
    let (one, four, best) = (Rational::one, || Rational::from(4), |n| Rational::new(n, 10_000));
    Claim {
        id: "lemma-5",
        title: "A product of depth and a fast exponential",
        place: "Lemma 5",
        hypotheses: "real L >= C, x >= 1; the statement asks for some C: C = 1",
        forms: vec![
            told(Form::printed, "printed", one(), four()).graded(Grade::Domain).with_constant(four(), false),
            told(Form::sharpened, "sharpened", one(), best(14_716)).graded(Grade::Domain),
            told(Form::control, "below-4-over-e", one(), best(14_715)),
            told(Form::control, "smaller-c", Rational::new(1, 4), four()),
        ],
        remarks: &[
            "The best constant is 4/e = 1.471517... The lemma asks for L large enough; it holds from C = 1 on, and C = \
             1 is the smallest valid constant.",
        ],
        ..Claim::default()
    }
}
