//! Scalar inequalities in z = 1/L behind Corollaries 1 and 3, over all real L >= 1; the depths that trajectories must
//! cover.

use crate::arithmetic::{Big, Field, Rational, Real};
use crate::formula::functions::exp_rest;
use crate::harness::Statement;
use crate::harness::subdivision::everywhere;

const EVERY: &str = "every real L >= 1";

fn at(q: &Rational) -> Big {
    Big::from_rational(q, 96)
}
fn log4() -> Big {
    at(&Rational::from(4)).ln()
}

/// `1 - 4^-z >= z/2`, divided by z: `ln 4 E(-z ln 4) >= 1/2`, `E(u) = (e^u - 1)/u`.
pub(crate) fn lower() -> impl Statement {
    everywhere(EVERY, |z, strength| log4() * exp_rest(1, &-(z * log4())) - at(&(strength / 2)))
}
/// `4^z - 1 >= z`, divided by z.
pub(crate) fn upper() -> impl Statement {
    everywhere(EVERY, |z, strength| log4() * exp_rest(1, &(z * log4())) - at(strength))
}
/// `(1 + z^2/1024)^(1/z - 1) <= c`: `(1/z - 1) ln(1 + z^2/1024) <= (1 - z) z/1024`, and exp of that is at most c.
pub(crate) fn constant() -> impl Statement {
    everywhere(EVERY, |z, strength| {
        let bound = at(&(Rational::new(25, 100_000) / strength)).ln_1p();
        bound - (1 - z) * z / at(&Rational::from(1024))
    })
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
