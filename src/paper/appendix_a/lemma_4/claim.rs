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
use crate::harness::claim::{Claim, Comparison, Context, Evaluation, Form, Statement, decide};
use crate::harness::evidence::{Grade, Role};
use crate::harness::subdivision;
use crate::harness::subdivision::Proof;
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
        let c = 2 / strength;
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

/// `(1 -+ x)^alpha` against `1 -+ c alpha x` at one point.
struct AtPoint<'a> {
    side: Side,
    alpha: &'a Rational,
    x: &'a Rational,
    constant: Rational,
}

impl Comparison for AtPoint<'_> {
    fn sides<E: Enclosure>(&self, bits: u32) -> (E, E) {
        let of = |q: &Rational| E::from_rational(q, bits);
        let linear = of(&(&self.constant * self.alpha * self.x));
        let one = Rational::one();
        match self.side {
            Side::Minus => {
                let base = of(&(one - self.x));
                ((base.ln() * of(self.alpha)).exp(), E::one() - linear)
            }
            Side::Plus => {
                let base = of(&(one + self.x));
                (E::one() + linear, (base.ln() * of(self.alpha)).exp())
            }
        }
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
                let constant = 2 / strength;
                decide(&AtPoint { side: self.side, alpha, x, constant }, &Rational::one())
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

fn verified(side: Side, statement: &str, name: &'static str, role: Role, constant: Option<Rational>) -> Form {
    let end = if side == Side::Minus { Rational::new(1, 2) } else { Rational::one() };
    let mut form = Form::holds(name, role, Grade::Domain, statement, Bernoulli { side, end });
    match constant {
        Some(c) => form.strength = 2 / c,
        None => form = form.with_constant(Rational::from(2), false),
    }
    form
}

fn control(side: Side, name: &'static str, statement: &str, end: Rational, constant: Rational) -> Form {
    Form::control(name, statement, Bernoulli { side, end }).at(2 / constant)
}

/// `lemma-4-minus`.
pub fn minus() -> Claim {
    let half = Rational::new(1, 2);
    Claim {
        id: "lemma-4-minus",
        title: "Bernoulli-type lower bound",
        place: "Lemma 4, first inequality",
        hypotheses: "alpha > 0, x in [0, 1/2]",
        uses: &[],
        forms: vec![
            verified(Side::Minus, "(1-x)^alpha >= 1 - 2 alpha x", "printed", Role::Printed, None),
            verified(
                Side::Minus,
                "(1-x)^alpha >= 1 - 1.3863 alpha x (best constant: 2 ln 2 = 1.386294..)",
                "sharpened",
                Role::Sharpened,
                Some(Rational::new(13863, 10_000)),
            ),
            control(
                Side::Minus,
                "below-2-ln-2",
                "(1-x)^alpha >= 1 - 1.3862 alpha x",
                half,
                Rational::new(13862, 10_000),
            ),
            control(Side::Minus, "wider-domain", "the same for x up to 9/10", Rational::new(9, 10), Rational::from(2)),
        ],
        finding: None,
        remarks: &["The domain is covered with its ends by a substitution; see the documentation of \
             paper::appendix_a::lemma_4."],
    }
}

/// `lemma-4-plus`.
pub fn plus() -> Claim {
    let one = Rational::one();
    Claim {
        id: "lemma-4-plus",
        title: "Bernoulli-type upper bound",
        place: "Lemma 4, second inequality",
        hypotheses: "alpha > 0, x > 0, alpha x <= 1",
        uses: &[],
        forms: vec![
            verified(Side::Plus, "(1+x)^alpha <= 1 + 2 alpha x", "printed", Role::Printed, None),
            verified(
                Side::Plus,
                "(1+x)^alpha <= 1 + 1.7183 alpha x (best constant: e - 1 = 1.718281..)",
                "sharpened",
                Role::Sharpened,
                Some(Rational::new(17183, 10_000)),
            ),
            control(
                Side::Plus,
                "below-e-1",
                "(1+x)^alpha <= 1 + 1.7182 alpha x",
                one.clone(),
                Rational::new(17182, 10_000),
            ),
            control(Side::Plus, "wider-domain", "the same for alpha x up to 2", Rational::from(2), Rational::from(2)),
        ],
        finding: None,
        remarks: &[],
    }
}
