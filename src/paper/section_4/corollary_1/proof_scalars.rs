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
use crate::formula::{Edit, Expr, Range, Reduction, Says, exp_rest, fraction, ln, ln_over, sqrt, var, vars};
use crate::harness::steps::formula::Printed;
use crate::harness::steps::how::Plant;
use crate::harness::steps::step::{Missing, Step};

/// What the statements are made of: L, epsilon, norm(w*).
fn printed() -> [Expr; 3] {
    vars(["L", "eps", "norm(w*)"])
}
/// The coordinates r, z, a.
fn coordinates() -> [Expr; 3] {
    vars(["r", "z", "a"])
}
/// `2^z`.
fn double() -> Expr {
    Expr::from(2).power(var("z"))
}
/// `2^-z`.
fn half() -> Expr {
    Expr::from(2).power(-var("z"))
}
/// `(norm(w*)/2)^(1/L)`.
fn root() -> Expr {
    let [depth, _, best] = printed();
    (best / 2).power(1 / depth)
}
/// `(norm(w*)/2)^(2/L)`.
fn squared_root() -> Expr {
    let [depth, _, best] = printed();
    (best / 2).power(2 / depth)
}
/// `(2 norm(w*))^(1/L)`.
fn upper_root() -> Expr {
    let [depth, _, best] = printed();
    (2 * best).power(1 / depth)
}
/// `epsilon (2/norm(w*))^(1/L)`.
fn below() -> Expr {
    let [depth, eps, best] = printed();
    eps * (2 / best).power(1 / depth)
}
/// `L epsilon (2/norm(w*))^(1/L)` in the box.
fn u() -> Expr {
    let [r, z, a] = coordinates();
    r.pow(2) * z * a * double()
}
/// `L epsilon/(2 norm(w*))^(1/L)` in the box.
fn v() -> Expr {
    let [r, z, a] = coordinates();
    r.pow(2) * z * a * half()
}

/// The domain with `L sqrt(epsilon) <= end`: 1/32 in (A3).
fn depth_and_scale(end: Rational) -> Reduction {
    let ([depth, eps, _], [r, z, _]) = (printed(), coordinates());
    let bound = 1 / &end;
    Reduction::on([Range::from("L", 1), Range::positive("eps"), Range::from("norm(w*)", 1)])
        .given((Expr::from(bound) * &depth * sqrt(&eps)).at_most(1))
        .coordinate(Range::within("r", 0, end), &depth * sqrt(&eps))
        .coordinate(Range::within("z", 0, 1), 1 / &depth)
        .inverse(&eps, (&r * &z).pow(2))
        .inverse(&depth, 1 / z)
}
fn a3(end: Rational) -> Reduction {
    let ([depth, _, best], [_, z, a]) = (printed(), coordinates());
    depth_and_scale(end)
        .coordinate(Range::within("a", 0, 1), best.power(-(1 / depth)))
        .inverse(&best, a.power(-(1 / z)))
}
fn whole() -> Reduction {
    a3(Rational::new(1, 32))
}
/// Of L and norm(w*) alone: `norm(w*)^(1/L) >= 1/most`.
fn norm_at_least(most: i64) -> Reduction {
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
/// One link over the whole of (A3), and where its third inequality is dropped.
fn small(step: Step<Missing>, says: Says, factor: Expr, reduced: Says) -> Step {
    let on = |end| a3(end).cleared_by(factor.clone(), reduced.clone());
    step.says(says, on(Rational::new(1, 32))).elsewhere(Plant::DroppedHypothesis, on(Rational::from(4))).done()
}
/// One link over the whole of (A3).
fn link(step: Step<Missing>, says: Says, factor: Expr, reduced: Says) -> Step<Printed> {
    step.says(says, whole().cleared_by(factor, reduced))
}

/// (26).
pub fn eq_26(step: Step<Missing>) -> Step {
    let ([depth, _, best], [_, z, a]) = (printed(), coordinates());
    let on = |most| {
        norm_at_least(most)
            .cleared_by((2 / &best).power(1 / &depth), (1 - &a).at_least(0))
            .exponents_cleared_by(1 / ln(2), (1 - &z).at_least(0))
    };
    step.says(root().at_least(fraction(1, 2).power(1 / &depth)).at_least(fraction(1, 2)), on(1))
        .edited(Plant::WrongConstant, Edit::SwapNth(1, fraction(1, 2), 1.into()))
        .elsewhere(Plant::DroppedHypothesis, on(2))
        .done()
}

/// (27).
pub fn eq_27(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [r, z, a]) = (printed(), coordinates());
    let over = best.power(-(1 / &depth));
    let domain = whole()
        .cleared_by(1, (8 * &r * (1 - &r * &z)).at_least(0))
        .cleared_by(1, (fraction(1, 4) - 8 * &r).at_least(0))
        .cleared_by(&over, (half() - a / 4).at_least(0))
        .cleared_by(over, (double() - half()).at_least(0));
    let roots = (8 * &depth * &eps).at_most(8 * &depth * sqrt(&eps));
    step.says(roots.at_most(fraction(1, 4)).at_most(root()).at_most(upper_root()), domain)
        .edited(Plant::WrongConstant, Edit::SwapNth(1, 8.into(), 16.into()))
        .edited(Plant::FlippedSign, Edit::Turn(0))
        .done()
}

/// Before (28).
pub fn quarter(step: Step<Missing>) -> Step {
    let [_, z, a] = coordinates();
    let reduced = 2 * ln(2) * (1 - z) - 2 * ln(a);
    step.says(squared_root().at_least(fraction(1, 4)), norm_at_least(1).exponents_cleared_by(1, reduced.at_least(0)))
        .edited(Plant::WrongConstant, Edit::Swap(fraction(1, 4), fraction(1, 2)))
        .done()
}

/// (28).
pub fn eq_28(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [r, z, a]) = (printed(), coordinates());
    let reduced = half().pow(2).at_least(8 * r.pow(2) * z * a.pow(2));
    small(step, (8 * &depth * eps).at_most(squared_root()), best.power(-(2 / depth)), reduced)
}

/// (29) where norm(w_prod) > (3/4) norm(w*): over the last root, less 1, times L.
pub fn eq_29(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [_, z, _]) = (printed(), coordinates());
    let log = || ln(fraction(3, 2));
    let reduced = (log() * exp_rest(1, z * log())).at_least(u());
    let says = (3 * &best / 4).power(1 / &depth).at_least(root() + eps);
    link(step, says, &depth * (2 / best).power(1 / &depth), reduced)
        .edited(Plant::DroppedFactor, Edit::Drop(2.into()))
        .done()
}

/// `(1 + x)^L <= 1 + 2 L x` at `x = epsilon (2/norm(w*))^(1/L)`, less 1, over L x (equal at x = 0): `h E(u h) <= 2`.
pub fn bernoulli_plus(step: Step<Missing>) -> Step {
    let ([depth, ..], [_, z, _]) = (printed(), coordinates());
    let h = ln_over(u() * z);
    // One difference, no ratio: to bracket the best constant (a little above 1) takes boxes without number.
    let reduced = (2 - &h * exp_rest(1, u() * &h)).at_least(0);
    let says = (1 + below()).power(&depth).at_most(1 + 2 * &depth * below());
    link(step, says, 1 / (&depth * below()), reduced).edited(Plant::WrongConstant, Edit::Swap(2 * &depth, depth)).done()
}

fn small_against_the_root(step: Step<Missing>, constant: i64) -> Step {
    let ([depth, eps, best], [r, z, a]) = (printed(), coordinates());
    let times = |e: Expr| if constant == 1 { e } else { constant * e };
    let says = (times(depth.clone()) * eps).at_most(root());
    small(step, says, best.power(-(1 / depth)), half().at_least(times(r.pow(2)) * z * a))
}
/// `L epsilon <= (norm(w*)/2)^(1/L)`.
pub fn small_once(step: Step<Missing>) -> Step {
    small_against_the_root(step, 1)
}
/// `4 L epsilon <= (norm(w*)/2)^(1/L)`.
pub fn small_four(step: Step<Missing>) -> Step {
    small_against_the_root(step, 4)
}

/// `((norm(w*)/2)^(1/L) + epsilon)^L <= 3 norm(w*)/4`: the logarithms, `u h(x) <= ln(3/2)`.
pub fn three_quarters(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [_, z, _]) = (printed(), coordinates());
    let says = (root() + eps).power(depth).at_most(3 * best / 4);
    let reduced = ln(fraction(3, 2)).at_least(u() * ln_over(u() * z));
    let on = |end| a3(end).exponents_cleared_by(1, reduced.clone());
    step.says(says, on(Rational::new(1, 32))).elsewhere(Plant::DroppedHypothesis, on(Rational::from(4))).done()
}

/// `2 epsilon (norm(w*)/2)^(1/L) >= epsilon`: the logarithms.
pub fn by_26(step: Step<Missing>) -> Step {
    let ([_, eps, _], [_, z, a]) = (printed(), coordinates());
    let mut domain = norm_at_least(1).exponents_cleared_by(1, (ln(2) * (1 - z) - ln(a)).at_least(0));
    domain.ranges.push(Range::positive("eps"));
    step.says((2 * &eps * root()).at_least(&eps), domain).edited(Plant::DroppedFactor, Edit::Swap(2 * &eps, eps)).done()
}

/// `(1 - x)^((L-1)/2) >= 1 - (L-1) x` at `x = epsilon/(norm(w*)/2)^(2/L)`: with `y = (L-1) x` and `g = ln(1 - x)/x`,
/// less 1, over `y/(1 - z)` (equal where y = 0): `(1 - z) ((g/2) E(y g/2) + 1) >= 0`.
pub fn bernoulli_minus(step: Step<Missing>) -> Step {
    let ([depth, eps, _], [r, z, a]) = (printed(), coordinates());
    let x = eps / squared_root();
    let y = r.pow(2) * &z * (&a * double()).pow(2);
    let at = &y * &z;
    let y = y * (1 - &z);
    let g = -ln_over(-at) / 2;
    let reduced = ((1 - z) * (&g * exp_rest(1, y * &g) + 1)).at_least(0);
    let left = (1 - &x).power((&depth - 1) / 2);
    link(step, left.at_least(1 - (&depth - 1) * &x), 1 / (&depth * &x), reduced)
        .edited(Plant::WrongConstant, Edit::Swap((&depth - 1) * &x, (&depth - 1) / 2 * &x))
        .done()
}

/// `epsilon <= (norm(w*)/2)^(2/L) / 2`.
pub fn half_of_square(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [r, z, a]) = (printed(), coordinates());
    let reduced = (half().pow(2) / 2).at_least((r * z).pow(2) * a.pow(2));
    small(step, eps.at_most(squared_root() / 2), best.power(-(2 / depth)), reduced)
}

/// Both fractions are at most 1/8, and the bracket is at least 1 - 1/8 - 1/8 = 3/4.
pub fn bracket(step: Step<Missing>) -> Step {
    let ([depth, eps, _], [r, z, a]) = (printed(), coordinates());
    let eighth = || fraction(1, 8);
    let (square, first) = ((&depth - 1) * &eps / squared_root(), depth * sqrt(eps) / root());
    let at = r.pow(2) * &z * (1 - z) * (&a * double()).pow(2);
    let root = r * a * double();
    let on = |end| {
        a3(end)
            .cleared_by(1, (eighth() - &at).at_least(0))
            .cleared_by(1, (eighth() - &root).at_least(0))
            .cleared_by(1, (fraction(1, 4) - &at - &root).at_least(0))
            .cleared_by(1, Expr::from(0).at_least(0))
    };
    let whole = (1 - &square - &first).at_least(1 - eighth() - eighth()).at_least(fraction(3, 4));
    step.says(square.at_most(eighth()).and(first.at_most(eighth())).and(whole), on(Rational::new(1, 32)))
        .elsewhere(Plant::DroppedHypothesis, on(Rational::from(4)))
        .done()
}

/// The upper side where `3 min^L/4 <= norm(w_prod) < (9/8) norm(w*)`, over the last root, times L.
pub fn upper_least(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [_, z, _]) = (printed(), coordinates());
    let log = || ln(fraction(3, 4));
    let reduced = (-log() * exp_rest(1, z * log())).at_least(v());
    let says = (3 * &best / 2).power(1 / &depth).at_most(upper_root() - eps);
    link(step, says, &depth / upper_root(), reduced).edited(Plant::DroppedFactor, Edit::Swap(2 * &best, best)).done()
}

/// `(1 - x)^L >= 1 - 2 L x` at `x = epsilon/(2 norm(w*))^(1/L)`, less 1, over y = L x (equal at 0): `g E(y g) >= -2`.
pub fn bernoulli_minus_l(step: Step<Missing>) -> Step {
    let ([depth, eps, _], [_, z, _]) = (printed(), coordinates());
    let x = eps / upper_root();
    let g = -ln_over(-(v() * z));
    let reduced = (&g * exp_rest(1, v() * &g)).at_least(-2);
    let says = (1 - &x).power(&depth).at_least(1 - 2 * &depth * &x);
    link(step, says, 1 / (&depth * &x), reduced)
        .edited(Plant::OffByOne, Edit::Swap(2 * &depth, 2 * (&depth - 1)))
        .done()
}

/// `3/2 (1 - 2 L epsilon/(2 norm(w*))^(1/L)) >= 9/8`.
pub fn nine_eighths(step: Step<Missing>) -> Step {
    let [depth, eps, best] = printed();
    let bracket = 1 - 2 * depth * eps / upper_root();
    let says = (fraction(3, 2) * &best * bracket).at_least(9 * &best / 8);
    small(step, says, 1 / best, (fraction(3, 2) * (1 - 2 * v())).at_least(fraction(9, 8)))
}

/// `epsilon/(2 norm(w*))^(1/L) <= 1/2`.
pub fn half_of_root(step: Step<Missing>) -> Step {
    let says = (var("eps") / upper_root()).at_most(fraction(1, 2));
    small(step, says, 1.into(), fraction(1, 2).at_least(v() * var("z")))
}

/// `L epsilon <= (2 norm(w*))^(1/L)/8`, over the root.
pub fn eighth_of_root(step: Step<Missing>) -> Step {
    let [depth, eps, _] = printed();
    small(step, (depth * eps).at_most(upper_root() / 8), 1 / upper_root(), fraction(1, 8).at_least(v()))
}

/// `epsilon^2 - 2 epsilon (2 norm(w*))^(1/L) + epsilon <= 0`, over epsilon (equal at 0), over the root: `2 >= (1 +
/// epsilon)/(2 norm(w*))^(1/L)`.
pub fn second_inequality(step: Step<Missing>) -> Step {
    let ([depth, eps, best], [r, z, a]) = (printed(), coordinates());
    let square = || (2 * &best).power(2 / &depth);
    let left = square() + eps.pow(2) - 2 * &eps * upper_root() + &eps;
    let reduced = Expr::from(2).at_least((1 + (r * z).pow(2)) * a * half());
    small(step, left.at_most(square()), 1 / (&eps * upper_root()), reduced)
}

/// `epsilon <= 1 <= 2 (2 norm(w*))^(1/L) - 1`, the second over the root.
pub fn one_between(step: Step<Missing>) -> Step {
    let ([_, eps, _], [r, z, a]) = (printed(), coordinates());
    let domain = whole()
        .cleared_by(1, (1 - (r * z).pow(2)).at_least(0))
        .cleared_by(1 / upper_root(), (2 - 2 * a * half()).at_least(0));
    step.says(eps.at_most(1).at_most(2 * upper_root() - 1), domain)
        .edited(Plant::DroppedFactor, Edit::Swap(2 * upper_root(), upper_root()))
        .done()
}
