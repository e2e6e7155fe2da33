//! Scalar inequalities in z = 1/L behind Corollaries 1 and 3, over all real L >= 1; the depths that trajectories must
//! cover.

use crate::arithmetic::{Big, Enclosure, Field, Rational, Real};
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::scalars::Scalars;
use crate::harness::subdivision;
use num_traits::{One, Zero};

/// Scalar inequalities in z = 1/L, over all real L >= 1.
pub(crate) struct Depths(pub(crate) Scalar);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// `1 - 4^-z >= z/2`
    Lower,
    /// `4^z - 1 >= z`
    Upper,
    /// `(1 + z^2/1024)^(1/z - 1) <= c`
    Constant,
}

impl Depths {
    pub(crate) fn proof(&self, strength: &Rational) -> subdivision::Proof {
        let domain = [(Rational::zero(), Rational::one())];
        let at = |q: &Rational| Big::from_rational(q, 96);
        let log4 = at(&Rational::from(4)).ln();
        // (e^u - 1)/u, increasing, 1 at u = 0.
        let mean = |u: &Big| {
            let end = |q: Option<Rational>| match q {
                Some(q) if q.is_zero() => Big::one(),
                Some(q) => at(&q).exp_m1() / at(&q),
                None => Big::entire(),
            };
            end(u.lower_rational()).hull(&end(u.upper_rational()))
        };
        match self.0 {
            // Divided by z: ln 4 E(-z ln 4) >= 1/2, where E is the mean above.
            Scalar::Lower => subdivision::prove(&domain, |v| &log4 * mean(&-(&v[0] * &log4)) - at(&(strength / 2))),
            Scalar::Upper => subdivision::prove(&domain, |v| &log4 * mean(&(&v[0] * &log4)) - at(strength)),
            // (1/z - 1) ln(1 + z^2/1024) <= (1 - z) z/1024, and exp of that is at most c.
            Scalar::Constant => subdivision::prove(&domain, |v| {
                let z = v[0].clone();
                let bound = at(&(Rational::new(25, 100_000) / strength)).ln_1p();
                bound - (1 - &z) * z / at(&Rational::from(1024))
            }),
        }
    }
}

impl Statement for Depths {
    type Instance = Scalars;

    fn instances(&self, _context: &Context) -> Vec<Scalars> {
        vec![Scalars::Domain]
    }
    fn describe(&self, _i: &Scalars) -> String {
        "every real L >= 1".into()
    }
    fn evaluate(&self, i: &Scalars, strength: &Rational) -> Evaluation {
        match i {
            Scalars::Domain => subdivision::evaluate(strength, |s| self.proof(s)),
            Scalars::Point { .. } => Evaluation::out_of_scope("the statement is about the whole domain"),
        }
    }
}

pub(crate) const DEPTHS: [(&str, usize); 7] = [
    ("L >= 8", 4),
    ("L >= 16", 1),
    ("first layer zero", 2),
    ("last layer zero", 1),
    ("a middle layer zero", 3),
    ("kappa >= 90", 2),
    ("white data", 2),
];
