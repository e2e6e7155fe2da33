//! Inequalities between constants `2^a exp(sum_i c_i t_i)`, over all parameters at once.
//!
//! The exponents a, c_i are rational and the *terms* t_i are functions of parameters (`s^2`, `s^2/d`), so products,
//! quotients and roots are exact. The parameters fill a [`Cone`]: the terms are sums of nonnegative multiples of the
//! weights of a few extreme directions. `p <= q` for all parameters is then decided exactly: in the exponents of q/p,
//! a must be nonnegative, and so must be `sum_i c_i w_i` for the weights w of every direction. If one of these is
//! negative, that direction, far out, or the origin for a, is a counterexample.
//!
//! # Why corners decide
//!
//! For fixed parameters `ln(q/p) = a ln 2 + sum_i c_i t_i`. The terms are `t_i = sum_j m_j w_ij` with m_j >= 0 for
//! directions j with integer weights w_j, so `ln(q/p) = a ln 2 + sum_j m_j (sum_i c_i w_ij)`: a linear function on a
//! cone. It is nonnegative on all of it exactly if it is at the origin (`a >= 0`) and does not decrease along any
//! direction. That the terms fill such a cone is what a [`Cone`] asserts, and is said where one is written down; it
//! is not checked here.
//!
//! The obvious way, a subdivision in the parameters, does not end, since they are unbounded.

use crate::arithmetic::Rational;
use crate::formula::{Expr, Node, Op, Relation, Says};
use crate::harness::claim::{Context, Evaluation, Statement};
use nalgebra::DVector;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// Parameters, the terms that constants are made of, and the cone that the terms fill.
pub struct Cone {
    /// Their domain in words.
    pub parameters: &'static str,
    /// Where all terms are zero, in words.
    pub origin: &'static str,
    /// The terms.
    pub terms: fn() -> Vec<Expr>,
    /// The extreme directions, in words, and the weights of the terms.
    pub directions: &'static [(&'static str, &'static [i64])],
}

/// a, and the c_i.
type Exponents = DVector<Rational>;

impl Cone {
    /// One exponent, the others zero.
    ///
    /// The exponents are a, then c_i in the order of the terms; `at` counts them from 0.
    fn only(&self, at: usize, q: &Rational) -> Exponents {
        let n = (self.terms)().len() + 1;
        Exponents::from_fn(n, |i, _| if i == at { q.clone() } else { Rational::zero() })
    }
    /// The exponents of a product of powers of 2 and exponentials, roots taken; `None` for another formula.
    ///
    /// Numbers must be powers of 2 between `2^-64` and `2^64`. Products add exponents, quotients subtract them,
    /// integer powers multiply them, square roots halve them.
    fn exponents(&self, e: &Expr) -> Option<Exponents> {
        match e.node() {
            Node::Number(q) => {
                let two = (-64..=64).find(|n: &i32| *q == Rational::power_of_two(*n))?;
                Some(self.only(0, &i64::from(two).into()))
            }
            Node::Op(op, v) => match (op, &v[..]) {
                (Op::Mul, [a, b]) => Some(self.exponents(a)? + self.exponents(b)?),
                (Op::Div, [a, b]) => Some(self.exponents(a)? - self.exponents(b)?),
                (Op::Power(n), [a]) => Some(self.exponents(a)? * Rational::from(i64::from(*n))),
                (Op::Sqrt, [a]) => Some(self.exponents(a)? * Rational::new(1, 2)),
                (Op::Exp, [a]) => self.linear(a),
                _ => None,
            },
            _ => None,
        }
    }
    /// A linear form in the terms.
    ///
    /// A number multiplies from the left. `None` for a constant that is added, and for a parameter that is no term. A
    /// quotient by a parameter is read as another term only where its dividend is a multiple of one term.
    fn linear(&self, e: &Expr) -> Option<Exponents> {
        let terms = (self.terms)();
        let term = |e: &Expr| terms.iter().position(|t| t == e).map(|at| at + 1);
        if let Some(at) = term(e) {
            return Some(self.only(at, &Rational::one()));
        }
        let Node::Op(op, v) = e.node() else { return None };
        match (op, &v[..]) {
            (Op::Add, [a, b]) => Some(self.linear(a)? + self.linear(b)?),
            (Op::Sub, [a, b]) => Some(self.linear(a)? - self.linear(b)?),
            (Op::Neg, [a]) => Some(-self.linear(a)?),
            (Op::Mul, [a, b]) => Some(self.linear(b)? * a.number()?.clone()),
            (Op::Div, [a, b]) => match b.number() {
                Some(q) => Some(self.linear(a)? * (1 / q)),
                // A multiple of one term, divided by a parameter: a multiple of another.
                None => {
                    let whole = self.linear(a)?;
                    let at = (1..=terms.len()).find(|at| whole == self.only(*at, &whole[*at]))?;
                    Some(self.only(term(&(&terms[at - 1] / b))?, &whole[at]))
                }
            },
            _ => None,
        }
    }
    /// Does it hold for all parameters?
    ///
    /// Yes is a proof for all parameters, in rational arithmetic on exponents. An equality holds if the exponents are
    /// equal; for terms that are, with the constant 1, linearly independent functions it holds only then.
    ///
    /// # Errors
    /// In words, where it does not, or what it is instead of an inequality between such constants.
    pub fn decide(&self, says: &Says) -> Result<(), String> {
        let [(a, relation, b)] = says.links()[..] else { return Err("more than one link".into()) };
        let (greater, lesser) = relation.order(a, b);
        let (Some(greater), Some(lesser)) = (self.exponents(greater), self.exponents(lesser)) else {
            return Err("a side is no such constant".into());
        };
        if relation == Relation::Equals {
            return if greater == lesser { Ok(()) } else { Err("different exponents".into()) };
        }
        let left = greater - lesser;
        if left[0].sign() < 0 {
            return Err(format!("{} (powers of 2 alone)", self.origin));
        }
        if relation.is_strict() && left[0].is_zero() {
            return Err(format!("{} (equality)", self.origin));
        }
        let along = |weights: &[i64]| left.iter().skip(1).zip(weights).fold(Rational::zero(), |s, (c, w)| s + c * *w);
        let falls = self.directions.iter().find(|(_, weights)| along(weights).sign() < 0);
        falls.map_or(Ok(()), |(name, _)| Err((*name).into()))
    }
}

/// All parameters at once.
///
/// The one instance of [`OverCone`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllParameters {
    /// In words.
    about: String,
}

/// One link between constants, over all parameters.
///
/// A statement whose verdict is that of [`Cone::decide`]; there is nothing to sample. Its words name the direction
/// along which a false statement fails.
pub struct OverCone {
    /// What is decided.
    pub says: Says,
    /// The parameters.
    pub cone: &'static Cone,
}

impl Statement for OverCone {
    type Instance = AllParameters;

    fn instances(&self, _context: &Context) -> Vec<AllParameters> {
        vec![AllParameters { about: format!("every {}", self.cone.parameters) }]
    }
    fn describe(&self, i: &AllParameters) -> String {
        self.cone.decide(&self.says).map_or_else(|why| why, |()| i.about.clone())
    }
    fn evaluate(&self, _i: &AllParameters, strength: &Rational) -> Evaluation {
        if !strength.is_one() {
            return Evaluation::out_of_scope("the chain is decided at its own strength only");
        }
        Evaluation::exact(self.cone.decide(&self.says).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{exp, sqrt, vars};

    static QUADRANT: Cone = Cone {
        parameters: "x >= 0, n >= 1",
        origin: "x = 0",
        terms: || {
            let [x, n] = vars(["x", "n"]);
            vec![x.clone(), x / n]
        },
        directions: &[("n large", &[1, 0]), ("n = 1", &[1, 1])],
    };

    #[test]
    fn corners_decide_and_are_named() {
        let [x, n] = vars(["x", "n"]);
        let says = |e: Expr| QUADRANT.decide(&e.at_least(1));
        assert_eq!(says(2 * exp(&x - &x / &n)), Ok(()));
        assert_eq!(says(exp(&x - 2 * &x / &n)).unwrap_err(), "n = 1");
        assert_eq!(says(exp(&x / &n - &x)).unwrap_err(), "n large");
        assert_eq!(says(sqrt(Expr::from(4)) / 4).unwrap_err(), "x = 0 (powers of 2 alone)");
        assert_eq!(says(&x + 1).unwrap_err(), "a side is no such constant");
        assert_eq!(QUADRANT.decide(&exp(x.clone()).above(1)).unwrap_err(), "x = 0 (equality)");
        assert_eq!(QUADRANT.decide(&exp(2 * &x).equals(exp(x.clone()).pow(2))), Ok(()));
    }
}
