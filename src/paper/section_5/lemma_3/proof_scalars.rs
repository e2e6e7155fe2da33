//! Scalar inequalities of B.9 as formulas: the probability of failure, simplified, and the width of the ball.
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
//! Constants are explicit where the text writes C: `u >= 192 max(s^2, s^(-2/3))`, `u <= 7/10 L^(1/4)`, `d >= 4`, `L >=
//! 384`.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Range, Reduction, Says, exp, fraction, ln, sqrt, var, vars};
use crate::harness::steps::how::Plant;
use crate::harness::steps::sample::Draw;
use crate::harness::steps::scene::{Drawn, over};
use crate::harness::steps::step::{Missing, Step};

/// s, u, d, L.
fn printed() -> [Expr; 4] {
    vars(["s", "u", "d", "L"])
}
/// s, u > 0; d and L from these on, but for what a step does not speak of.
fn on(width: i64, depth: Option<Rational>) -> Reduction {
    let mut ranges = vec![Range::positive("s"), Range::positive("u"), Range::from("d", width)];
    ranges.extend(depth.map(|l| Range::from("L", l)));
    Reduction::on(ranges)
}
/// `d u^2/(32 s^2)` and such.
fn rate(above: Expr, below: i64) -> Expr {
    let s = var("s");
    above / (below * s.pow(2))
}
fn unit(name: &'static str, to: impl Into<Rational>) -> Range {
    Range::within(name, 0, to)
}

/// `u >= c s`, as v up to 192/c; s in terms of v and u.
fn over_s(domain: Reduction, c: i64) -> Reduction {
    let [s, u, ..] = printed();
    let hypothesis = u.at_least(if c == 1 { s.clone() } else { c * &s });
    domain.given(hypothesis).coordinate(unit("v", Rational::new(192, c)), 192 * &s / &u).inverse(&s, var("v") * u / 192)
}
/// `u >= 192 s^2`; u in terms of w and s.
fn over_square(domain: Reduction) -> Reduction {
    let [s, u, ..] = printed();
    domain
        .given(u.at_least(192 * s.pow(2)))
        .coordinate(unit("w", 1), 192 * s.pow(2) / &u)
        .inverse(&u, 192 * s.pow(2) / var("w"))
}
/// `d >= 4/most`.
fn by_width(domain: Reduction, most: i64) -> Reduction {
    let d = var("d");
    domain.coordinate(unit("e", most), 4 / &d).inverse(&d, 4 / var("e"))
}
/// `L >= most^-4`.
fn by_root_of_depth(domain: Reduction, most: i64) -> Reduction {
    let depth = var("L");
    domain.coordinate(unit("t", most), depth.power(fraction(-1, 4))).inverse(&depth, var("t").pow(-4))
}
/// `u <= c L^(1/4)`, as y up to c/(7/10).
fn within_reach(domain: Reduction, c: Rational) -> Reduction {
    let [_, u, _, depth] = printed();
    let root = depth.power(fraction(1, 4));
    domain
        .given(u.at_most(Expr::from(&c) * &root))
        .coordinate(unit("y", c * Rational::new(10, 7)), u / (fraction(7, 10) * root))
}
fn reach() -> Rational {
    Rational::new(7, 10)
}
/// `u >= 192`.
fn large(domain: Reduction) -> Reduction {
    let u = var("u");
    domain.given(u.at_least(192)).coordinate(unit("z", 1), 192 / &u)
}
/// L, where u and y are known.
fn depth_of(u: &Expr) -> Expr {
    (10 * u / (7 * var("y"))).pow(4)
}
/// (47) with z for u, w for s and y for L.
fn full(domain: Reduction, c: Rational) -> Reduction {
    let [s, u, _, depth] = printed();
    let [w, z] = vars(["w", "z"]);
    let large = large(within_reach(domain, c).given(u.at_least(192 * s.pow(2))));
    let at = 192 / &z;
    large
        .coordinate(unit("w", 1), 192 * s.pow(2) / &u)
        .inverse(&u, &at)
        .inverse(&s, sqrt(w / z))
        .inverse(&depth, depth_of(&at))
}

pub(crate) fn term_1(step: Step<Missing>) -> Step {
    let [s, u, d, _] = printed();
    let rate = |below| rate(&d * u.pow(2), below);
    let domain = |c| {
        let reduced = Expr::from(1).at_least(32 * ln(5) * (var("v") / 192).pow(2));
        over_s(on(1, None), c).exponents_cleared_by(32 * s.pow(2) / (&d * u.pow(2)), reduced)
    };
    let left = Expr::from(5).power(&d) * exp(-rate(16));
    step.says(left.at_most(exp(-rate(32))), domain(192)).elsewhere(Plant::WrongConstant, domain(7)).done()
}

pub(crate) fn term_2(step: Step<Missing>) -> Step {
    let [s, u, ..] = printed();
    let domain = |c: i64| {
        Reduction::on([Range::positive("s"), Range::positive("u")])
            .given(u.at_least(s.pow(2)))
            .coordinate(unit("w", 1), s.pow(2) / &u)
            .inverse(&u, s.pow(2) / var("w"))
            .cleared_by(1 / (&u * s.pow(2)), Expr::from(8).at_least(4 * var("w") + c))
    };
    let right = || 8 * &u * s.pow(2);
    step.says((4 * s.pow(4) + &u * s.pow(2)).at_most(right()), domain(1))
        .rightly((4 * s.pow(4) + 4 * &u * s.pow(2)).at_most(right()), domain(4))
        .edited(Plant::WrongConstant, Edit::Swap(8.into(), 4.into()))
        .done()
}

pub(crate) fn term_2_absorbed(step: Step<Missing>) -> Step {
    let [s, u, d, depth] = printed();
    let rate = |below| rate(&depth * &d * &u, below);
    let reduced = Expr::from(1).at_least(16 * ln(5) * var("l") * var("w") / (384 * 192));
    let domain = over_square(on(1, Some(384.into())))
        .coordinate(unit("l", 1), 384 / &depth)
        .inverse(&depth, 384 / var("l"))
        .exponents_cleared_by(16 * s.pow(2) / (&depth * &d * &u), reduced);
    step.says(exp(&d * ln(5) - rate(8)).at_most(exp(-rate(16))), domain)
        .edited(Plant::WrongConstant, Edit::Swap(16.into(), 8.into()))
        .done()
}

pub(crate) fn term_2_final(step: Step<Missing>) -> Step {
    let [s, u, d, depth] = printed();
    let [y, t] = vars(["y", "t"]);
    let domain = |most: i64| {
        let reduced = Expr::from(2).at_least(fraction(7, 10) * &y * t.pow(3));
        by_root_of_depth(within_reach(on(1, Some(1 / Rational::from(most * most * most * most))), reach()), most)
            .inverse(&u, fraction(7, 10) * &y / &t)
            .exponents_cleared_by(32 * s.pow(2) / (&depth * &d * &u), reduced)
    };
    let says = exp(-rate(&depth * &d * &u, 16)).at_most(exp(-rate(&d * u.pow(2), 32)));
    step.says(says, domain(1)).elsewhere(Plant::DroppedHypothesis, domain(4)).done()
}

/// `M_{s,u} = 2 exp(s^2/2 + u)`.
pub(crate) fn high() -> Expr {
    let [s, u, ..] = printed();
    2 * exp(s.pow(2) / 2 + u)
}
/// `m_{s,u} = exp(-2 s^2/d - u)/2`.
pub(crate) fn low() -> Expr {
    let [s, u, d, _] = printed();
    exp(-(2 * s.pow(2) / d) - u) / 2
}

/// Any s and u, the width d, and M, m by their formulas.
pub(crate) fn thresholds(draw: &mut Draw<'_>, d: usize) -> Drawn {
    let numbers = over([Range::any("s"), Range::any("u")])(draw)?;
    Ok(numbers.scalar("d", Rational::from(d as i64)).define("M", &[], high()).define("m", &[], low()))
}
/// L, d, s, u > 0.
pub(crate) fn positive(draw: &mut Draw<'_>) -> Drawn {
    over(["L", "d", "s", "u"].map(Range::positive))(draw)
}

/// (49): `ln 9 + s^2/2 + 2 s^2/d + 2u`, at least ln(2M/m + 1).
fn net_cost(s2: &Expr) -> Expr {
    let [_, u, d, _] = printed();
    ln(9) + s2 / 2 + 2 * s2 / d + 2 * u
}
/// `(3 + 3u - net_cost)/(1 + u)` with tau = u/(1 + u), r = s^2/u and e = 4/d.
fn spared(tau: &Expr, ratio: &Expr) -> Says {
    let half = ratio * (1 + var("e")) / 2;
    ((3 - ln(9)) * (1 - tau) + tau * (1 - half)).at_least(0)
}
/// `u >= s^2`, d from 4 or from 1 on, in s^2; L as it is.
fn by_cost(width: i64) -> Reduction {
    let [_, u, d, _] = printed();
    let [s2, tau, ratio, e] = vars(["s^2", "tau", "r", "e"]);
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
fn with_cost(step: Step<Missing>, says: Says, reduce: impl Fn(Reduction, Says) -> Reduction) -> Step {
    let u = var("u");
    let domain = |width| reduce(by_cost(width), spared(&var("tau"), &var("r")));
    step.says(says, domain(4))
        .edited(Plant::WrongConstant, Edit::Swap(3 * &u, 2 * &u))
        .elsewhere(Plant::DroppedHypothesis, domain(1))
        .done()
}
pub(crate) fn eq_49(step: Step<Missing>) -> Step {
    let u = var("u");
    let says = net_cost(&var("s^2")).at_most(3 + 3 * &u);
    with_cost(step, says, |domain, reduced| domain.cleared_by(1 / (1 + &u), reduced))
}
pub(crate) fn term_4(step: Step<Missing>) -> Step {
    let ([_, u, d, depth], s2) = (printed(), var("s^2"));
    let spent = depth * d.pow(2) * u.pow(2) / (16 * (4 * &s2 + &d * &u));
    let says = (&d * net_cost(&s2) - &spent).at_most(&d * (3 + 3 * &u) - spent);
    with_cost(step, says, |domain, reduced| domain.cleared_by(1 / (&d * (1 + &u)), reduced))
}
pub(crate) fn eq_50(step: Step<Missing>) -> Step {
    let ([_, u, d, depth], s2) = (printed(), var("s^2"));
    let rate = || &depth * &d / (32 * &s2);
    let left = &depth * exp(&d * net_cost(&s2)) * exp(-rate());
    let says = left.at_most(&depth * exp(&d * (3 + 3 * &u) - rate()));
    with_cost(step, says, |domain, reduced| domain.exponents_cleared_by(1 / (&d * (1 + &u)), reduced))
}
pub(crate) fn term_3(step: Step<Missing>) -> Step {
    let [s, u, d, _] = printed();
    let [w, z] = vars(["w", "z"]);
    let spent = |below: i64| rate(&d * u.pow(2), below);
    let tau = 192 / (192 + &z);
    let domain = by_width(large(on(4, None).given(u.at_least(192 * s.pow(2)))), 1)
        .coordinate(unit("w", 1), 192 * s.pow(2) / &u)
        .inverse(&u, 192 / &z)
        .inverse(&s, sqrt(&w / &z))
        .cleared_by(1 / (&d * (1 + &u)), spared(&tau, &(&w / 192)))
        .cleared_by(32 * s.pow(2) / (&d * u.pow(2)), Expr::from(1).at_least(&w / 2 * (&z / 192 + 1)));
    let middle = 3 * &d + 3 * &d * &u - spent(16);
    step.says((&d * net_cost(&s.pow(2)) - spent(16)).at_most(middle).at_most(-spent(32)), domain)
        .edited(Plant::WrongConstant, Edit::Swap(-spent(32), -(3 * spent(64))))
        .done()
}

/// With `e = exp(-a)`.
pub(crate) fn net_nine(step: Step<Missing>) -> Step {
    let [a, e] = vars(["a", "e"]);
    let domain = Reduction::on([Range::from("a", 0)])
        .coordinate(unit("e", 1), exp(-&a))
        .inverse(&a, -ln(&e))
        .cleared_by(exp(-&a), Expr::from(9).at_least(8 + e));
    step.says((8 * exp(&a) + 1).at_most(9 * exp(&a)), domain)
        .edited(Plant::WrongConstant, Edit::Swap(9.into(), 8.into()))
        .done()
}

pub(crate) fn u_squared(step: Step<Missing>) -> Step {
    let [s, u, ..] = printed();
    let [v, w] = vars(["v", "w"]);
    let reduced = Expr::from(1).at_least(96 * ((&v / 192).pow(2) + &w / 192));
    let domain = Reduction::on([Range::positive("s"), Range::positive("u")])
        .given(u.at_least(192 * &s))
        .given(u.at_least(192 * s.pow(2)))
        .coordinate(unit("v", 1), 192 * &s / &u)
        .coordinate(unit("w", 1), 192 * s.pow(2) / &u)
        .inverse(&s, &w / &v)
        .inverse(&u, 192 * &w / v.pow(2))
        .cleared_by(u.pow(-2), reduced);
    step.says(u.pow(2).at_least(96 * s.pow(2) * (1 + &u)), domain)
        .edited(Plant::WrongConstant, Edit::Swap(96.into(), 192.into()))
        .done()
}

pub(crate) fn term_4_denominator(step: Step<Missing>) -> Step {
    let [s, u, d, depth] = printed();
    let [w, e] = vars(["w", "e"]);
    let above = || &depth * d.pow(2) * u.pow(2);
    let domain = |more: &Expr| {
        let reduced = (1 / (&w * &e / 192 + 1)).at_least(fraction(1, 2));
        by_width(over_square(on(4, Some(1.into()))), 1).cleared_by(16 * &d * &u * more / above(), reduced)
    };
    let bracket = || 4 * s.pow(2) + &d * &u;
    let right = (above() / (16 * s.pow(2) * bracket())).at_least(above() / (32 * s.pow(2) * &d * &u));
    step.says((above() / (16 * bracket())).at_least(above() / (32 * &d * &u)), domain(&1.into()))
        .rightly(right, domain(&s.pow(2)))
        .edited(Plant::WrongConstant, Edit::Swap(32.into(), 16.into()))
        .done()
}

pub(crate) fn term_4_absorbed(step: Step<Missing>) -> Step {
    let [s, u, d, depth] = printed();
    let [w, z, y, l] = vars(["w", "z", "y", "l"]);
    let cost = || 3 * &d + 3 * &d * &u;
    let rate = || &depth * &d * &u;
    let domain = |least: i64| {
        large(on(1, Some(least.into())))
            .coordinate(unit("l", Rational::new(384, least)), 384 / &depth)
            .inverse(&u, 192 / &z)
            .inverse(&depth, 384 / &l)
            .cleared_by(64 / rate(), Expr::from(1).at_least(&l / 2 * (&z / 192 + 1)))
    };
    let at = &z / 192;
    let reduced = Expr::from(1).at_least(w * fraction(2401, 10_000) * y.pow(4) * (at.pow(4) + at.pow(3)));
    let right = full(on(1, Some(1.into())), reach()).cleared_by(64 * s.pow(2) / rate(), reduced);
    step.says((cost() - rate() / 32).at_most(-(rate() / 64)), domain(384))
        .elsewhere(Plant::DroppedHypothesis, domain(96))
        .rightly(
            (cost() - crate::paper::section_5::lemma_3::proof_scalars::rate(rate(), 32))
                .at_most(-crate::paper::section_5::lemma_3::proof_scalars::rate(rate(), 64)),
            right,
        )
        .done()
}

pub(crate) fn term_4_final(step: Step<Missing>) -> Step {
    let [s, u, d, depth] = printed();
    let [x, y, z] = vars(["x", "y", "z"]);
    let reach4 = || 2 * fraction(2401, 10_000) * y.pow(4);
    let goal = || exp(-rate(&d * u.pow(2), 32));
    let domain = |c: Rational| {
        let inverse = s.power(fraction(-2, 3));
        within_reach(on(1, Some(1.into())).given(u.at_least(Expr::from(&c) * &inverse)), reach())
            .coordinate(unit("x", Rational::from(192) / c), 192 * inverse / &u)
            .inverse(&s, (192 / (&x * &u)).power(fraction(3, 2)))
            .inverse(&depth, depth_of(&u))
            .exponents_cleared_by(64 / (&depth * &d * &u), Expr::from(1).at_least(reach4() * (&x / 192).pow(3)))
    };
    let right = large(within_reach(on(1, Some(1.into())), reach()))
        .inverse(&u, 192 / &z)
        .inverse(&depth, depth_of(&(192 / &z)))
        .exponents_cleared_by(64 * s.pow(2) / (&depth * &d * &u), Expr::from(1).at_least(reach4() * (&z / 192).pow(3)));
    step.says(exp(-(&depth * &d * &u / 64)).at_most(goal()), domain(192.into()))
        .elsewhere(Plant::DroppedHypothesis, domain(Rational::new(3, 16)))
        .rightly(exp(-rate(&depth * &d * &u, 64)).at_most(goal()), right)
        .done()
}

pub(crate) fn eq_51(step: Step<Missing>) -> Step {
    let [s, u, d, depth] = printed();
    let [y, w, z] = vars(["y", "w", "z"]);
    let at = &z / 192;
    let domain = |c| {
        let lesser =
            fraction(49, 100) * y.pow(2) + &w / 2 * (fraction(2401, 10_000) * y.pow(4)) * (at.pow(3) + at.pow(2));
        full(on(1, Some(1.into())), c).cleared_by(32 * s.pow(2) / (&depth * &d), Expr::from(1).at_least(lesser))
    };
    let left = 3 * &d + 3 * &d * &u - rate(&depth * &d, 32);
    step.says(left.at_most(-rate(sqrt(&depth) * &d * u.pow(2), 32)), domain(reach()))
        .elsewhere(Plant::WrongConstant, domain(Rational::new(11, 10)))
        .done()
}

pub(crate) fn depth_part(step: Step<Missing>) -> Step {
    let [_, u, _, depth] = printed();
    let y = var("y");
    let domain = |c| {
        within_reach(Reduction::on([Range::positive("u"), Range::positive("L")]), c)
            .inverse(&u, fraction(7, 10) * &y * depth.power(fraction(1, 4)))
            .cleared_by(1 / sqrt(&depth), Expr::from(1).at_least(2 * fraction(49, 100) * y.pow(2)))
    };
    step.says(sqrt(&depth).at_least(2 * u.pow(2)), domain(reach()))
        .elsewhere(Plant::WrongConstant, domain(Rational::new(3, 4)))
        .done()
}

pub(crate) fn linear_part(step: Step<Missing>) -> Step {
    let [s, u, _, depth] = printed();
    let domain = |most: i64| {
        by_root_of_depth(over_square(on(1, Some(1 / Rational::from(most * most * most * most)))), most)
            .cleared_by(1 / (sqrt(&depth) * &u), Expr::from(1).at_least(var("w") * var("t").pow(2)))
    };
    step.says((sqrt(&depth) * &u).at_least(192 * s.pow(2)), domain(1))
        .elsewhere(Plant::DroppedHypothesis, domain(2))
        .done()
}

pub(crate) fn constant_part(step: Step<Missing>) -> Step {
    let [s, u, _, depth] = printed();
    let domain = |c| {
        let reduced = Expr::from(1).at_least(var("v").pow(2) * var("t").pow(2) / 192);
        by_root_of_depth(over_s(on(1, Some(1.into())), c), 1).cleared_by(1 / (sqrt(&depth) * u.pow(2)), reduced)
    };
    step.says((sqrt(&depth) * u.pow(2)).at_least(192 * s.pow(2)), domain(192))
        .elsewhere(Plant::DroppedHypothesis, domain(1))
        .done()
}

pub(crate) fn large_exponent(step: Step<Missing>) -> Step {
    let [s, u, d, _] = printed();
    let domain = |c| {
        let reduced = Expr::from(1).at_least(8 * var("e") * (var("v") / 192).pow(2));
        over_s(by_width(on(4, None), 1), c).cleared_by(32 * s.pow(2) / (&d * u.pow(2)), reduced)
    };
    step.says(rate(&d * u.pow(2), 32).at_least(1), domain(192)).elsewhere(Plant::DroppedHypothesis, domain(1)).done()
}

/// Over s^2; at s = 0 both sides are equal.
pub(crate) fn ball_width(step: Step<Missing>) -> Step {
    let [s, u, d, _] = printed();
    let domain = |width: i64| {
        let on = Reduction::on([Range::positive("s"), Range::any("u"), Range::from("d", width)]);
        by_width(on, 4 / width).exponents_cleared_by(s.pow(-2), Expr::from(2).at_least(1 + var("e")))
    };
    let left = exp(-s.pow(2) - 4 * s.pow(2) / &d - 4 * &u) / 64;
    step.says(left.at_least(exp(-2 * s.pow(2) - 4 * &u) / 64), domain(4))
        .elsewhere(Plant::DroppedHypothesis, domain(1))
        .done()
}
