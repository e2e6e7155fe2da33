//! The scalar inequalities of B.5, each over the whole domain of (A3): `32 L sqrt(epsilon) <= 1`, `norm(w*) >= 1`,
//! every real `L >= 1`.
//!
//! **Coordinates of a box.** Three numbers, independent of each other, which take exactly the values of their ranges
//! (the ends 0 of z and a are the limits L -> infinity and norm(w*) -> infinity, included):
//!
//! | here | stands for | range |
//! | --- | --- | --- |
//! | `r` | `L sqrt(epsilon)` | `[0, 1/32]`: the third inequality of (A3); `[0, 4]` where it is dropped |
//! | `z` | 1/L | `[0, 1]` |
//! | `a` | `norm(w*)^(-1/L)` | `[0, 1]`: `norm(w*) >= 1` |
//!
//! So `L epsilon = r^2 z` and `(norm(w*)/2)^(1/L) = 2^(-z)/a`. Each step gives the printed formula, the positive factor
//! by which it is multiplied, and what it becomes in the coordinates; the three are compared as an identity. A power
//! `(1 + x)^L` is `1 + L x h E(L x h)` with `h = ln(1 + x)/x` and `E(v) = (e^v - 1)/v`, so that no difference of nearly
//! equal numbers is left. `epsilon <= 1` is never needed: it follows from `32 L sqrt(epsilon) <= 1`.

use crate::arithmetic::Rational;
use crate::formula::{Expr, Range, Reduction, Says, fraction, sqrt, var, vars};
use crate::harness::steps::{Missing, Plant, Step};

/// What the statements are made of: L, epsilon, norm(w*).
pub(crate) fn printed() -> [Expr; 3] {
    vars(["L", "eps", "norm(w*)"])
}
/// The coordinates r, z, a.
pub(crate) fn coordinates() -> [Expr; 3] {
    vars(["r", "z", "a"])
}
/// `2^z`.
pub(crate) fn double() -> Expr {
    Expr::from(2).power(var("z"))
}
/// `2^-z`.
pub(crate) fn half() -> Expr {
    Expr::from(2).power(-var("z"))
}
/// `(norm(w*)/2)^(1/L)`.
pub(crate) fn root() -> Expr {
    (var("norm(w*)") / 2).power(1 / var("L"))
}
/// `(norm(w*)/2)^(2/L)`.
pub(crate) fn squared_root() -> Expr {
    (var("norm(w*)") / 2).power(2 / var("L"))
}
/// `(2 norm(w*))^(1/L)`.
pub(crate) fn upper_root() -> Expr {
    (2 * var("norm(w*)")).power(1 / var("L"))
}
/// `L epsilon (2/norm(w*))^(1/L)` in the box.
pub(crate) fn u() -> Expr {
    let [r, z, a] = coordinates();
    r.pow(2) * z * a * double()
}
/// `L epsilon/(2 norm(w*))^(1/L)` in the box.
pub(crate) fn v() -> Expr {
    let [r, z, a] = coordinates();
    r.pow(2) * z * a * half()
}

/// The domain with `L sqrt(epsilon) <= end`: 1/32 in (A3).
fn a3(end: Rational) -> Reduction {
    let ([depth, eps, best], [r, z, a]) = (printed(), coordinates());
    let bound = 1 / &end;
    Reduction::on([Range::from("L", 1), Range::positive("eps"), Range::from("norm(w*)", 1)])
        .given((Expr::from(bound) * &depth * sqrt(&eps)).at_most(1))
        .coordinate(Range::within("r", 0, end), &depth * sqrt(&eps))
        .coordinate(Range::within("z", 0, 1), 1 / &depth)
        .coordinate(Range::within("a", 0, 1), best.power(-(1 / &depth)))
        .inverse(&eps, (&r * &z).pow(2))
        .inverse(&depth, 1 / &z)
        .inverse(&best, a.power(-(1 / z)))
}
/// The whole of (A3).
pub(crate) fn whole() -> Reduction {
    a3(Rational::new(1, 32))
}
/// Of L and norm(w*) alone: `norm(w*)^(1/L) >= 1/most`.
pub(crate) fn norm_at_least(most: i64) -> Reduction {
    let ([depth, _, best], [_, z, a]) = (printed(), coordinates());
    let on = if most == 1 {
        Reduction::on([Range::from("L", 1), Range::from("norm(w*)", 1)])
    } else {
        Reduction::on([Range::from("L", 1), Range::positive("norm(w*)")])
            .given(best.power(1 / &depth).at_least(fraction(1, most)))
    };
    on.coordinate(Range::within("z", 0, 1), 1 / &depth)
        .coordinate(Range::within("a", 0, most), best.power(-(1 / &depth)))
        .inverse(&depth, 1 / &z)
        .inverse(&best, a.power(-(1 / z)))
}
/// Over the whole of (A3), and where its third inequality is dropped; the links reduced by the function.
pub(crate) fn over_a3(says: Says, links: impl Fn(Reduction) -> Reduction) -> impl FnOnce(Step<Missing>) -> Step {
    let dropped = links(a3(4.into()));
    let proved = links(whole());
    move |step| step.says(says, proved).elsewhere(Plant::DroppedHypothesis, dropped).into()
}
/// Hypotheses of the scalar inequalities.
pub(crate) const A3: &str = "(A3): norm(w*) >= 1, 32 L sqrt(epsilon) <= 1; every real L >= 1";

/// The same of one link, under the whole of (A3).
pub(crate) fn small(says: Says, factor: Expr, reduced: Says) -> impl FnOnce(Step<Missing>) -> Step {
    let proved = over_a3(says, move |domain| domain.cleared_by(factor.clone(), reduced.clone()));
    move |step| proved(step.given(A3))
}
