//! Lemma 4 (Appendix A): two inequalities of Bernoulli's type, over their whole stated domains.
//!
//! | paper | code | range |
//! | --- | --- | --- |
//! | alpha | `alpha` | alpha > 0 |
//! | x | `x` | `[0, 1/2]`, and x > 0 with alpha x <= 1 |
//! | the constant 2 | `2 / strength` | a smaller constant is a stronger statement |
//!
//! **Substitution to a box.** With `z = alpha x` and `g = ln(1 - x)/x`, `(1 - x)^alpha = exp(z g)`, and g decreases
//! from -1 (x -> 0) to `-2 ln 2` (x = 1/2) because `-g = sum x^k/(k+1)`. Where `c z >= 1` the right-hand side is not
//! positive and nothing is to show, so z lies in `[0, 1/c]`. Divided by z, the claim is `c + g E(z g) >= 0` with
//! `E(u) = (e^u - 1)/u`, `exp_rest`, which increases from 0 to infinity with `E(0) = 1` (the mean of `e^(us)` over s
//! in `[0, 1]`). In the second, `h = ln(1 + x)/x` takes every value in (0, 1), z is in `(0, 1]`, and the claim is
//! `c - h E(z h) >= 0`. The box includes the limits, so it covers alpha -> 0, alpha -> infinity, x -> 0 and x ->
//! infinity.
//!
//! **Best constants.** `2 ln 2 = 1.38629..` in the first (attained as alpha -> 0 at x = 1/2) and `e - 1 = 1.71828..` in
//! the second (attained as x -> 0 with alpha x = 1).

use crate::arithmetic::{Big, Field, Rational, Real};
use crate::formula::functions::exp_rest;
use crate::formula::{Expr, Says, vars};
use crate::harness::scalars::{Over, Scalar};
use crate::harness::subdivision::{self, Proof};
use crate::harness::{Claim, Form, Grade, stated};
use num_traits::{One, Zero};

/// Which of the two inequalities.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// `(1 - x)^alpha >= 1 - c alpha x`.
    Minus,
    /// `(1 + x)^alpha <= 1 + c alpha x`.
    Plus,
}

/// One of them with an end of its domain and a constant.
struct Bernoulli {
    /// Which.
    side: Side,
    /// Upper end of x (minus) or of alpha x (plus): 1/2 and 1 as printed.
    end: Rational,
    /// 2 as printed.
    constant: Rational,
}

impl Scalar for Bernoulli {
    const FIRST: [&'static str; 2] = ["alpha"; 2];
    const TRIED: bool = false;

    fn constant(&self) -> &Rational {
        &self.constant
    }
    fn domain(&self) -> String {
        match self.side {
            Side::Minus => format!("alpha > 0, x in [0, {}]", self.end),
            Side::Plus => format!("alpha > 0, x > 0, alpha x <= {}", self.end),
        }
    }
    /// `(1 - x)^alpha >= 1 - c alpha x`, or `(1 + x)^alpha <= 1 + c alpha x`.
    fn says(&self, constant: &Rational) -> Says {
        let [alpha, x] = vars(["alpha", "x"]);
        let linear = Expr::from(constant) * &alpha * &x;
        match self.side {
            Side::Minus => (1 - x).power(alpha).at_least(1 - linear),
            Side::Plus => (1 + x).power(alpha).at_most(1 + linear),
        }
    }
    fn prove(&self, c: &Rational) -> Proof {
        let (zero, constant) = (Rational::zero(), Big::from_rational(c, 128));
        match self.side {
            Side::Minus => {
                // g at the right end of x, rounded down; g is -1 at the left end.
                let end = Big::from_rational(&self.end, 128);
                let lowest = (-&end).ln_1p() / end;
                let lowest = lowest.lower_rational().unwrap_or_else(|| Rational::from(-1_000_000));
                let domain = [(lowest, Rational::from(-1)), (zero, 1 / c)];
                subdivision::prove(&domain, |v| &constant + &v[0] * exp_rest(1, &(&v[1] * &v[0])))
            }
            Side::Plus => {
                let domain = [(zero.clone(), Rational::one()), (zero, self.end.clone())];
                subdivision::prove(&domain, |v| &constant - &v[0] * exp_rest(1, &(&v[1] * &v[0])))
            }
        }
    }
    fn refusal(&self, at: Option<[&Rational; 2]>) -> Option<&'static str> {
        let [alpha, x] = at?;
        let inside = match self.side {
            Side::Minus => x.sign() >= 0 && *x <= self.end,
            Side::Plus => x.sign() > 0 && alpha * x <= self.end,
        };
        (alpha.sign() <= 0 || !inside).then_some("outside the stated domain")
    }
    /// Small numbers first; then toward the corners where the best constants are attained.
    fn points(&self) -> Vec<(Rational, Rational)> {
        let alphas = ["1", "2", "1/2", "10", "1/10", "100", "1/100", "10000", "1/10000", "100000", "1/1000000"];
        let q = Rational::new;
        alphas
            .iter()
            .filter_map(|a| a.parse().ok())
            .flat_map(|a: Rational| [q(1, 4), q(1, 2), self.end.clone(), &self.end / &a].map(|x| (a.clone(), x)))
            .collect()
    }
}

/// What both inequalities share: as printed, with the best constant rounded up, rounded down, on a wider domain.
fn forms(side: Side, [above, below]: [i64; 2], wider: (Rational, &str)) -> Vec<Form> {
    let end = if side == Side::Minus { Rational::new(1, 2) } else { Rational::one() };
    let told = |make, name, end: &Rational, constant: Rational| {
        let body = Bernoulli { side, end: end.clone(), constant };
        stated(make, name, body.says(&body.constant), |_| Over(body))
    };
    let (two, best) = (|| Rational::from(2), |n| Rational::new(n, 10_000));
    let nearly = if side == Side::Minus { "below-2-ln-2" } else { "below-e-1" };
    vec![
        told(Form::printed, "printed", &end, two()).graded(Grade::Domain).with_constant(two(), false),
        told(Form::sharpened, "sharpened", &end, best(above)).graded(Grade::Domain),
        told(Form::control, nearly, &end, best(below)),
        told(Form::control, "wider-domain", &wider.0, two()).under(wider.1),
    ]
}

/// `lemma-4-minus`.
pub fn minus() -> Claim {
    Claim {
        id: "lemma-4-minus",
        title: "Bernoulli-type lower bound",
        place: "Lemma 4, first inequality",
        hypotheses: "alpha > 0, x in [0, 1/2]",
        forms: forms(Side::Minus, [13_863, 13_862], (Rational::new(9, 10), "x up to 9/10")),
        remarks: &[
            "The best constant is 2 ln 2 = 1.386294... The domain is covered with its ends by a substitution; see \
             the documentation of paper::appendix_a::lemma_4.",
        ],
        ..Claim::default()
    }
}

/// `lemma-4-plus`.
pub fn plus() -> Claim {
    Claim {
        id: "lemma-4-plus",
        title: "Bernoulli-type upper bound",
        place: "Lemma 4, second inequality",
        hypotheses: "alpha > 0, x > 0, alpha x <= 1",
        forms: forms(Side::Plus, [17_183, 17_182], (Rational::from(2), "alpha x up to 2")),
        remarks: &["The best constant is e - 1 = 1.718281..."],
        ..Claim::default()
    }
}
