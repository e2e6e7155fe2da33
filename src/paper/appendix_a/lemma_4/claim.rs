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
//! `E(u) = (e^u - 1)/u`, which increases from 0 to infinity with `E(0) = 1` (the mean of `e^(us)` over s in `[0, 1]`).
//! In the second, `h = ln(1 + x)/x` takes every value in (0, 1), z is in `(0, 1]`, and the claim is
//! `c - h E(z h) >= 0`. The box includes the limits, so it covers alpha -> 0, alpha -> infinity, x -> 0 and x ->
//! infinity.
//!
//! **Best constants.** `2 ln 2 = 1.38629..` in the first (attained as alpha -> 0 at x = 1/2) and `e - 1 = 1.71828..` in
//! the second (attained as x -> 0 with alpha x = 1).

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real};
use crate::formula::{Expr, Reading, Says, Value, var};
use crate::harness::subdivision;
use crate::harness::subdivision::Proof;
use crate::harness::{Claim, Context, Evaluation, Form, Grade, Statement, Symbols, decide_formula, stated};
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// The whole domain, or one point of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Scalars {
    /// Everything the statement covers.
    Domain,
    /// One pair.
    Point {
        /// Exponent.
        alpha: Rational,
        /// Argument.
        x: Rational,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Minus,
    Plus,
}

struct Bernoulli {
    side: Side,
    /// Upper end of x (minus) or of alpha x (plus): 1/2 and 1 as printed.
    end: Rational,
    /// 2 as printed.
    constant: Rational,
}

impl Side {
    /// `(1 - x)^alpha >= 1 - c alpha x`, or `(1 + x)^alpha <= 1 + c alpha x`.
    fn says(self, constant: &Rational) -> Says {
        let [alpha, x] = ["alpha", "x"].map(var);
        let linear = Expr::from(constant) * &alpha * &x;
        match self {
            Self::Minus => (1 - x).power(alpha).at_least(1 - linear),
            Self::Plus => (1 + x).power(alpha).at_most(1 + linear),
        }
    }
    /// 1/2 for x, or 1 for alpha x.
    fn end(self) -> Rational {
        if self == Self::Minus { Rational::new(1, 2) } else { Rational::one() }
    }
}

/// `E(u) = (e^u - 1)/u`, increasing, `E(0) = 1`.
pub(crate) fn mean_exponential(u: &Big) -> Big {
    let at = |end: Option<Rational>| {
        end.map_or_else(Big::entire, |q| {
            if q.is_zero() {
                Big::one()
            } else {
                let b = Big::from_rational(&q, u.bits());
                b.exp_m1() / b
            }
        })
    };
    at(u.lower_rational()).hull(&at(u.upper_rational()))
}

impl Bernoulli {
    fn proof(&self, strength: &Rational) -> Proof {
        let c = &self.constant / strength;
        let constant = Big::from_rational(&c, 128);
        let zero = Rational::zero();
        match self.side {
            Side::Minus => {
                // g at the right end of x, rounded down; g is -1 at the left end.
                let end = Big::from_rational(&self.end, 128);
                let lowest = (-&end).ln_1p() / end;
                let lowest = lowest.lower_rational().unwrap_or_else(|| Rational::from(-1_000_000));
                let domain = [(lowest, Rational::from(-1)), (zero, 1 / c)];
                subdivision::prove(&domain, |v| &constant + &v[0] * mean_exponential(&(&v[1] * &v[0])))
            }
            Side::Plus => {
                let domain = [(zero.clone(), Rational::one()), (zero, self.end.clone())];
                subdivision::prove(&domain, |v| &constant - &v[0] * mean_exponential(&(&v[1] * &v[0])))
            }
        }
    }
}

/// A point: alpha and x.
struct At<'a>(&'a Rational, &'a Rational);

impl Symbols for At<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        Some(Value::Scalar(E::from_rational(if name == "alpha" { self.0 } else { self.1 }, bits)))
    }
}

impl Statement for Bernoulli {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        vec![Scalars::Domain]
    }
    fn describe(&self, i: &Scalars) -> String {
        match i {
            Scalars::Domain if self.side == Side::Minus => format!("alpha > 0, x in [0, {}]", self.end),
            Scalars::Domain => format!("alpha > 0, x > 0, alpha x <= {}", self.end),
            Scalars::Point { alpha, x } => format!("alpha = {alpha}, x = {x}"),
        }
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        match i {
            Scalars::Domain => subdivision::evaluate(strength, |s| self.proof(s)),
            Scalars::Point { alpha, x } => {
                let inside = match self.side {
                    Side::Minus => x.sign() >= 0 && *x <= self.end,
                    Side::Plus => x.sign() > 0 && alpha * x <= self.end,
                };
                if alpha.sign() <= 0 || !inside {
                    return Evaluation::out_of_scope("outside the stated domain");
                }
                let says = self.side.says(&(&self.constant / strength));
                decide_formula(&says, &At(alpha, x), &Rational::one())
            }
        }
    }
    fn simpler(&self, i: &Scalars) -> Vec<Scalars> {
        if !matches!(i, Scalars::Domain) {
            return Vec::new();
        }
        // Small numbers first; then toward the corners where the best constants are attained.
        let alphas = [
            (1, 1),
            (2, 1),
            (1, 2),
            (10, 1),
            (1, 10),
            (100, 1),
            (1, 100),
            (10_000, 1),
            (1, 10_000),
            (100_000, 1),
            (1, 1_000_000),
        ];
        alphas
            .iter()
            .map(|&(n, d)| Rational::new(n, d))
            .flat_map(|alpha| {
                let ends = [Rational::new(1, 4), Rational::new(1, 2), self.end.clone(), &self.end / &alpha];
                ends.map(|x| Scalars::Point { alpha: alpha.clone(), x })
            })
            .collect()
    }
}

/// With this constant, x or alpha x up to `end`; `make` is one of the constructors of [`Form`].
fn told(
    make: fn(&'static str, String, Bernoulli) -> Form,
    name: &'static str,
    side: Side,
    end: Rational,
    constant: Rational,
) -> Form {
    let says = side.says(&constant);
    stated(make, name, says, |_| Bernoulli { side, end, constant })
}

/// What both inequalities share: as printed, with the best constant rounded up, rounded down, on a wider domain.
fn forms(side: Side, [above, below]: [i64; 2], wider: (Rational, &str)) -> Vec<Form> {
    let (two, best) = (|| Rational::from(2), |n| Rational::new(n, 10_000));
    vec![
        told(Form::printed, "printed", side, side.end(), two()).graded(Grade::Domain).with_constant(two(), false),
        told(Form::sharpened, "sharpened", side, side.end(), best(above)).graded(Grade::Domain),
        told(
            Form::control,
            if side == Side::Minus { "below-2-ln-2" } else { "below-e-1" },
            side,
            side.end(),
            best(below),
        ),
        told(Form::control, "wider-domain", side, wider.0, two()).under(wider.1),
    ]
}

/// `lemma-4-minus`.
pub fn minus() -> Claim {
    Claim {
        id: "lemma-4-minus",
        title: "Bernoulli-type lower bound",
        place: "Lemma 4, first inequality",
        hypotheses: "alpha > 0, x in [0, 1/2]",
        uses: &[],
        forms: forms(Side::Minus, [13_863, 13_862], (Rational::new(9, 10), "x up to 9/10")),
        finding: None,
        remarks: &[
            "The best constant is 2 ln 2 = 1.386294... The domain is covered with its ends by a substitution; see \
             the documentation of paper::appendix_a::lemma_4.",
        ],
    }
}

/// `lemma-4-plus`.
pub fn plus() -> Claim {
    Claim {
        id: "lemma-4-plus",
        title: "Bernoulli-type upper bound",
        place: "Lemma 4, second inequality",
        hypotheses: "alpha > 0, x > 0, alpha x <= 1",
        uses: &[],
        forms: forms(Side::Plus, [17_183, 17_182], (Rational::from(2), "alpha x up to 2")),
        finding: None,
        remarks: &["The best constant is e - 1 = 1.718281..."],
    }
}
