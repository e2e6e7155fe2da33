//! The domains of the scalar inequalities of B.9: hypotheses, and coordinates of a box.
//!
//! The text writes C for all constants. Here they are explicit, and each step is proved on the whole domain with the
//! same ones: `u >= 192 max(s^2, s^(-2/3))`, `u <= 7/10 L^(1/4)`, `d >= 4`; `L >= 384` is stated too, and follows.
//!
//! | coordinate | quantity | range under (47), (48) |
//! | --- | --- | --- |
//! | w | 192 s^2/u | `[0, 1]` |
//! | v | 192 s/u | `[0, 1]` |
//! | x | 192 s^(-2/3)/u | `[0, 1]` |
//! | z | 192/u | `[0, 1]` |
//! | y | `u/(7/10 L^(1/4))` | `[0, 1]` |
//! | t | `L^(-1/4)` | `[0, 1]` |
//! | l | 384/L | `[0, 1]` |
//! | e | 4/d | `[0, 1]` |
//!
//! Every factor of d cancels. (`a <= b` between exponentials is `b - a >= 0` between exponents.)
//!
//! Each function adds hypotheses, coordinates and inverses to a `Reduction`, which checks that the coordinates and
//! the inverses undo each other and that the hypotheses imply the ranges: a wrong coordinate leaves the step
//! undecided, it cannot make a false inequality pass.

use crate::arithmetic::Rational;
use crate::formula::{Expr, Range, Reduction, Says, Table, exp, fraction, ln, sqrt, var, vars};
use crate::harness::steps::{Draw, Drawn, over};
use num_traits::Zero;

/// s, u > 0; d and L from these on, but for what a step does not speak of.
pub(crate) fn on(width: i64, depth: Option<Rational>) -> Reduction {
    let mut ranges = vec![Range::positive("s"), Range::positive("u"), Range::from("d", width)];
    ranges.extend(depth.map(|l| Range::from("L", l)));
    Reduction::on(ranges)
}
/// The same for any L >= 1.
pub(crate) fn on_depths(width: i64) -> Reduction {
    on(width, Some(1.into()))
}
/// `d u^2/(32 s^2)` and such.
pub(crate) fn rate(above: impl Into<Expr>, below: i64) -> Expr {
    above.into() / (below * var("s").pow(2))
}
/// A coordinate from 0 to this number.
pub(crate) fn unit(name: &'static str, to: impl Into<Rational>) -> Range {
    Range::within(name, 0, to)
}

/// `u >= c s`, as v up to 192/c; s in terms of v and u.
pub(crate) fn over_s(domain: Reduction, c: i64) -> Reduction {
    let [s, u] = vars(["s", "u"]);
    let hypothesis = u.at_least(if c == 1 { s.clone() } else { c * &s });
    domain.given(hypothesis).coordinate(unit("v", Rational::new(192, c)), 192 * &s / &u).inverse(&s, var("v") * u / 192)
}
/// `u >= 192 s^2`; u in terms of w and s.
pub(crate) fn over_square(domain: Reduction) -> Reduction {
    let [s, u] = vars(["s", "u"]);
    let at = 192 * s.pow(2);
    domain.given(u.at_least(&at)).coordinate(unit("w", 1), &at / &u).inverse(&u, at / var("w"))
}
/// `d >= 4/most`.
pub(crate) fn by_width(domain: Reduction, most: i64) -> Reduction {
    let d = var("d");
    domain.coordinate(unit("e", most), 4 / &d).inverse(&d, 4 / var("e"))
}
/// `L >= most^-4`.
pub(crate) fn by_root_of_depth(domain: Reduction, most: i64) -> Reduction {
    let depth = var("L");
    domain.coordinate(unit("t", most), depth.power(fraction(-1, 4))).inverse(&depth, var("t").pow(-4))
}
/// `u <= c L^(1/4)`, as y up to c/(7/10).
pub(crate) fn within_reach(domain: Reduction, c: Rational) -> Reduction {
    let u = var("u");
    let root = var("L").power(fraction(1, 4));
    domain
        .given(u.at_most(Expr::from(&c) * &root))
        .coordinate(unit("y", c * Rational::new(10, 7)), u / (fraction(7, 10) * root))
}
/// 7/10.
pub(crate) fn reach() -> Rational {
    Rational::new(7, 10)
}
/// `u >= 192`.
pub(crate) fn large(domain: Reduction) -> Reduction {
    let u = var("u");
    domain.given(u.at_least(192)).coordinate(unit("z", 1), 192 / &u)
}
/// L, where u and y are known.
pub(crate) fn depth_of(u: &Expr) -> Expr {
    (10 * u / (7 * var("y"))).pow(4)
}
/// (47) with z for u, w for s and y for L.
pub(crate) fn full(domain: Reduction, c: Rational) -> Reduction {
    let [s, u, depth, w, z] = vars(["s", "u", "L", "w", "z"]);
    let at = 192 / &z;
    large(within_reach(domain, c).given(u.at_least(192 * s.pow(2))))
        .coordinate(unit("w", 1), 192 * s.pow(2) / &u)
        .inverse(&u, &at)
        .inverse(&s, sqrt(w / z))
        .inverse(&depth, depth_of(&at))
}

/// (49): `ln 9 + s^2/2 + 2 s^2/d + 2u`, at least ln(2M/m + 1).
pub(crate) fn net_cost(s2: &Expr) -> Expr {
    let [u, d] = vars(["u", "d"]);
    ln(9) + s2 / 2 + 2 * s2 / d + 2 * u
}
/// `(3 + 3u - net_cost)/(1 + u)` with tau = u/(1 + u), r = s^2/u and e = 4/d.
///
/// `net_cost = ln 9 + u (2 + r (1 + e)/2)` because `2 s^2/d = r u e/2`. For e, r <= 1 the bracket `1 - r (1 + e)/2`
/// is nonnegative, and ln 9 < 3.
pub(crate) fn spared(tau: &Expr, ratio: &Expr) -> Says {
    let half = ratio * (1 + var("e")) / 2;
    ((3 - ln(9)) * (1 - tau) + tau * (1 - half)).at_least(0)
}
/// `u >= s^2`, d from 4 or from 1 on, in s^2; L as it is.
pub(crate) fn by_cost(width: i64) -> Reduction {
    let [u, d, s2, tau, ratio, e] = vars(["u", "d", "s^2", "tau", "r", "e"]);
    let at = &tau * (1 - &tau).pow(-1);
    let ranges = [Range::positive("s^2"), Range::positive("u"), Range::from("d", width), Range::from("L", 1)];
    Reduction::on(ranges)
        .given(u.at_least(&s2))
        .coordinate(unit("tau", 1), &u / (1 + &u))
        .coordinate(unit("r", 1), &s2 / &u)
        .coordinate(unit("e", 4 / width), 4 / &d)
        .inverse(&s2, ratio * &at)
        .inverse(&u, at)
        .inverse(&d, 4 / e)
}

/// `M_{s,u} = 2 exp(s^2/2 + u)`.
pub(crate) fn high() -> Expr {
    let [s, u] = vars(["s", "u"]);
    2 * exp(s.pow(2) / 2 + u)
}
/// `m_{s,u} = exp(-2 s^2/d - u)/2`.
pub(crate) fn low() -> Expr {
    let [s, u, d] = vars(["s", "u", "d"]);
    exp(-(2 * s.pow(2) / d) - u) / 2
}

/// s and u of these ranges, the width d (the last size), and M, m by their formulas.
pub(crate) fn thresholds(range: fn(&'static str) -> Range) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let d = draw.sizes().last().map_or_else(Rational::zero, |d| Rational::from(*d as i64));
        Ok(with_thresholds(over(["s", "u"].map(range))(draw)?.scalar("d", d)))
    }
}
/// M and m by their formulas in s, u and d.
pub(crate) fn with_thresholds(table: Table<Rational>) -> Table<Rational> {
    table.define("M", &[], high()).define("m", &[], low())
}
/// One variable from a to b, for a body over a domain.
pub(crate) fn from_to(a: i64, b: i64) -> Vec<(Rational, Rational)> {
    vec![(a.into(), b.into())]
}
/// L, d, s, u > 0.
pub(crate) fn positive(draw: &mut Draw<'_>) -> Drawn {
    over(["L", "d", "s", "u"].map(Range::positive))(draw)
}
