//! A scalar inequality in two variables with a constant, over its whole domain by subdivision, and at points.
//!
//! The proof over the domain is a function of the statement's own, since the substitution that brings the domain to a
//! box differs from one lemma to another; what is evaluated at a point is the formula that is printed. Both are given
//! the same constant: c divided by the strength, so that a larger strength is a stronger statement.

use crate::arithmetic::Rational;
use crate::formula::{Says, Table};
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::subdivision::{self, Proof};
use crate::harness::symbols::decide_formula;
use num_traits::One;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole domain, or one point of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Scalars {
    /// Everything the statement covers.
    Domain,
    /// The variables by the names of `Scalar::FIRST` and x.
    Point(BTreeMap<String, Rational>),
}

/// An inequality in two variables, the second x, that a smaller constant makes stronger.
pub(crate) trait Scalar: Send + Sync + 'static {
    /// The first variable, in a stored point and in the formula.
    ///
    /// Two names of one variable: the key in a stored point, and the symbol of the formula.
    const FIRST: [&'static str; 2];
    /// The points are instances too; else they only show where the statement fails on its domain.
    const TRIED: bool;
    /// The constant as stated.
    fn constant(&self) -> &Rational;
    /// The domain in words.
    fn domain(&self) -> String;
    /// The formula with a constant.
    fn says(&self, constant: &Rational) -> Says;
    /// The proof over the whole domain with a constant.
    fn prove(&self, constant: &Rational) -> Proof;
    /// Why a point is none of the domain, or why there is no proof.
    fn refusal(&self, at: Option<[&Rational; 2]>) -> Option<&'static str>;
    /// Points of the domain, the simplest first.
    fn points(&self) -> Vec<(Rational, Rational)>;
}

/// The statement over its domain.
///
/// Its instances are the domain as a whole, and the points where they are tried; a failure over the domain shrinks to
/// the first point that fails.
pub(crate) struct Over<S>(pub S);

impl<S: Scalar> Over<S> {
    /// The points of the statement as instances.
    fn points(&self) -> impl Iterator<Item = Scalars> {
        let named = |(first, x)| [(S::FIRST[0].into(), first), ("x".into(), x)].into();
        self.0.points().into_iter().map(move |p| Scalars::Point(named(p)))
    }
}

impl<S: Scalar> Statement for Over<S> {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        std::iter::once(Scalars::Domain).chain(self.points().filter(|_| S::TRIED)).collect()
    }
    fn describe(&self, i: &Scalars) -> String {
        match i {
            Scalars::Domain => self.0.domain(),
            Scalars::Point(at) => {
                let name = |key: &str| if key == S::FIRST[0] { S::FIRST[1] } else { "x" };
                at.iter().map(|(key, q)| format!("{} = {q}", name(key))).collect::<Vec<_>>().join(", ")
            }
        }
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        let constant = |strength: &Rational| self.0.constant() / strength;
        let at = match i {
            Scalars::Domain => None,
            Scalars::Point(at) => {
                let Some(both) = at.get(S::FIRST[0]).zip(at.get("x")) else {
                    return Evaluation::out_of_scope("a point has both variables");
                };
                Some(<[_; 2]>::from(both))
            }
        };
        match (self.0.refusal(at), at) {
            (Some(why), _) => Evaluation::out_of_scope(why),
            (None, None) => subdivision::evaluate(strength, |s| self.0.prove(&constant(s))),
            (None, Some([first, x])) => {
                let scene = Table::default().scalar(S::FIRST[1], first.clone()).scalar("x", x.clone());
                decide_formula(&self.0.says(&constant(strength)), &scene, &Rational::one())
            }
        }
    }
    fn simpler(&self, i: &Scalars) -> Vec<Scalars> {
        self.points().filter(|_| matches!(i, Scalars::Domain)).collect()
    }
}
