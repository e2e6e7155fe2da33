//! Scalar inequalities in z = 1/L behind Corollaries 1 and 3, over all real L >= 1; the depths that trajectories must
//! cover.
//!
//! Each is a function of z on `[0, 1]` that is proved to be not negative by subdivision; z = 0 is the limit of
//! infinite depth, included because the functions are continuous there, after the division by z where one is named.
//! They are used in the forms `l-epsilon-lower` and `l-epsilon-upper` of Corollary 1 and `best-constant-depths` of
//! Corollary 3. A strength above 1 strengthens the claimed constant: the bracket of the best one is evidence of how
//! much is left.

use crate::arithmetic::{Big, Field, Rational, Real};
use crate::formula::functions::exp_rest;
use crate::harness::Statement;
use crate::harness::subdivision::everywhere;

/// What z in `[0, 1]` stands for, in the evidence; z = 0 is a limit.
const EVERY: &str = "every real L >= 1";

/// At the precision of the subdivision.
fn at(q: &Rational) -> Big {
    Big::from_rational(q, 96)
}
/// ln 4.
fn log4() -> Big {
    at(&Rational::from(4)).ln()
}

/// `1 - 4^-z >= z/2`, divided by z: `ln 4 E(-z ln 4) >= 1/2`, `E(u) = (e^u - 1)/u`.
///
/// With u = -z ln 4: `1 - 4^-z = -(e^u - 1) = z ln 4 E(u)`. E increases and u falls with z, so the least value is at
/// z = 1: `1 - 1/4 = 3/4`, above 1/2.
pub(crate) fn lower() -> impl Statement {
    everywhere(EVERY, |z, strength| log4() * exp_rest(1, &-(z * log4())) - at(&(strength / 2)))
}
/// `4^z - 1 >= z`, divided by z.
///
/// `4^z - 1 = z ln 4 E(z ln 4)`, least in the limit z = 0, where it is ln 4 = 1.386.., above 1.
pub(crate) fn upper() -> impl Statement {
    everywhere(EVERY, |z, strength| log4() * exp_rest(1, &(z * log4())) - at(strength))
}
/// `(1 + z^2/1024)^(1/z - 1) <= c`: `(1/z - 1) ln(1 + z^2/1024) <= (1 - z) z/1024`, and exp of that is at most c.
///
/// c is 1.00025 at strength 1. `ln(1 + x) <= x` gives the bound `(1/z - 1) z^2/1024 = (1 - z) z/1024`, largest at z =
/// 1/2: 1/4096, below ln 1.00025.
pub(crate) fn constant() -> impl Statement {
    everywhere(EVERY, |z, strength| {
        let bound = at(&(Rational::new(25, 100_000) / strength)).ln_1p();
        bound - (1 - z) * z / at(&Rational::from(1024))
    })
}

/// Coverage classes, with how many instances in scope must belong to each, of the corollaries' forms at the limit.
pub(crate) const DEPTHS: [(&str, usize); 7] = [
    ("L >= 8", 4),
    ("L >= 16", 1),
    ("first layer zero", 2),
    ("last layer zero", 1),
    ("a middle layer zero", 3),
    ("kappa >= 90", 2),
    ("white data", 2),
];
