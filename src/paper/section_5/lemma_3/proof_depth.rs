//! The audit of B.9, lines 2392 to 2455: the fourth and the fifth term of the probability of failure.
//!
//! Constants and coordinates are those of [`super::proof_scalars`].
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | fourth term | `term-4`, `term-4-denominator`, `term-4-absorbed`, `term-4-final` | domain |
//! | its simplification | `term-4-simplified` | identity |
//! | (50); (51) | `eq-50`, `eq-51` | domain |
//! | the three parts of (51), as equivalences | `depth-part`, `linear-part`, `constant-part` | identity |
//! | that each holds | `depth-part-holds`, `linear-part-holds`, `constant-part-holds` | domain |
//! | by Lemma 5 | `term-5`, `large-exponent` | domain |
//!
//! **Why this suffices.** As in [`super::proof_failure`]: one set of constants, the whole domain. An equivalence is
//! proved as an identity between the two differences up to a positive factor. The fourth term is proved twice, with
//! the printed exponent (which needs s^(-2/3)) and with the corrected one (which does not); the fifth carries no lost
//! factor.

use super::proof_failure::{ONE, cost, n};
use super::proof_scalars::{
    by_cost, by_root_of_depth, by_width, depth_of, from_to, full, large, net_cost, on, on_depths, over_s, over_square,
    positive, rate, reach, spared, unit, within_reach,
};
use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::functions::u_ln_u;
use crate::formula::{Edit, Expr, Range, Reduction, exp, fraction, sqrt, var, vars};
use crate::harness::steps::{Body, Draw, Drawn, How, Plant, Step, over, steps};
use num_traits::Zero;

/// Lemma 5 with `q = 1/sqrt L` and `xi = 32 s^2/(d u^2)`: `(sqrt L - 1)/xi - 2 ln sqrt L + ln 4 >= 0`, times q xi.
///
/// `q xi` is positive inside the box, and what remains is `1 - q + xi (q ln 4 + 2 q ln q)`: bounded on the closed
/// box, `q ln q` being 0 at q = 0.
fn by_lemma_5(v: &[Big], how: How) -> (Big, Big) {
    let (q, xi) = (&v[0], &v[1]);
    let four = if how.plants(Plant::WrongConstant) { Big::zero() } else { n(4).ln() };
    (1 - q + xi * (q * four + n(2) * u_ln_u(q)), Big::zero())
}

/// Positive d, s and u, and L by its root.
fn by_root(draw: &mut Draw<'_>) -> Drawn {
    let root = draw.number();
    Ok(over(["d", "s", "u"].map(Range::positive))(draw)?.scalar("L", root.powi(2)).scalar("sqrt(L)", root))
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [s, u, d, l, s2, root] = vars(["s", "u", "d", "L", "s^2", "sqrt(L)"]);
    let [v, w, x, y, z, t, e] = vars(["v", "w", "x", "y", "z", "t", "e"]);
    let (one, at) = (|| Expr::from(1), || &z / 192);
    let reach4 = || fraction(2401, 10_000) * y.pow(4);
    let depth_width_u = || &l * &d * &u;
    let (cost_of_net, price) = (|| 3 * &d + 3 * &d * &u, || &d * (3 + 3 * &u));
    let spared = || spared(&var("tau"), &var("r"));
    let above = || &l * d.pow(2) * u.pow(2);
    let spent = || above() / (16 * (4 * &s2 + &d * &u));
    let term_4 = |width| by_cost(width).cleared_by(1 / (&d * (1 + &u)), spared());
    let bracket = || 4 * s.pow(2) + &d * &u;
    let denominator = |more: &Expr| {
        let reduced = (1 / (&w * &e / 192 + 1)).at_least(fraction(1, 2));
        by_width(over_square(on_depths(4)), 1).cleared_by(16 * &d * &u * more / above(), reduced)
    };
    let absorbed = |least: i64| {
        large(on(1, Some(least.into())))
            .coordinate(unit("l", Rational::new(384, least)), 384 / &l)
            .inverse(&u, 192 / &z)
            .inverse(&l, 384 / var("l"))
            .cleared_by(64 / depth_width_u(), one().at_least(var("l") / 2 * (at() + 1)))
    };
    let absorbed_rightly = full(on_depths(1), reach())
        .cleared_by(64 * s.pow(2) / depth_width_u(), one().at_least(&w * reach4() * (at().pow(4) + at().pow(3))));
    let goal = || exp(-rate(&d * u.pow(2), 32));
    let term_4_final = |c: Rational| {
        let inverse = s.power(fraction(-2, 3));
        within_reach(on_depths(1).given(u.at_least(Expr::from(&c) * &inverse)), reach())
            .coordinate(unit("x", Rational::from(192) / c), 192 * inverse / &u)
            .inverse(&s, (192 / (&x * &u)).power(fraction(3, 2)))
            .inverse(&l, depth_of(&u))
            .exponents_cleared_by(64 / depth_width_u(), one().at_least(2 * reach4() * (&x / 192).pow(3)))
    };
    let term_4_rightly = large(within_reach(on_depths(1), reach()))
        .inverse(&u, 192 / &z)
        .inverse(&l, depth_of(&(192 / &z)))
        .exponents_cleared_by(64 * s.pow(2) / depth_width_u(), one().at_least(2 * reach4() * at().pow(3)));
    let step = || &l * &d / (32 * &s2);
    let eq_50 = |width| by_cost(width).exponents_cleared_by(1 / (&d * (1 + &u)), spared());
    let eq_51 = |c| {
        let lesser = fraction(49, 100) * y.pow(2) + &w / 2 * reach4() * (at().pow(3) + at().pow(2));
        full(on_depths(1), c).cleared_by(32 * s.pow(2) / (&l * &d), one().at_least(lesser))
    };
    let root_rate = |below| rate(&root * &d * u.pow(2), below);
    let depth_part = |c| {
        within_reach(Reduction::on([Range::positive("u"), Range::positive("L")]), c)
            .inverse(&u, fraction(7, 10) * &y * l.power(fraction(1, 4)))
            .cleared_by(1 / sqrt(&l), one().at_least(2 * fraction(49, 100) * y.pow(2)))
    };
    let linear_part = |most: i64| {
        by_root_of_depth(over_square(on(1, Some(1 / Rational::from(most.pow(4))))), most)
            .cleared_by(1 / (sqrt(&l) * &u), one().at_least(&w * t.pow(2)))
    };
    let constant_part = |c| {
        let reduced = one().at_least(v.pow(2) * t.pow(2) / 192);
        by_root_of_depth(over_s(on_depths(1), c), 1).cleared_by(1 / (sqrt(&l) * u.pow(2)), reduced)
    };
    let large_exponent = |c| {
        let reduced = one().at_least(8 * &e * (&v / 192).pow(2));
        over_s(by_width(on(4, None), 1), c).cleared_by(32 * s.pow(2) / (&d * u.pow(2)), reduced)
    };
    steps![
        cost("lemma-3/term-4", "B.9, fourth term", &[2394], "The fourth term: the size of the net")
            .says((&d * net_cost(&s2) - spent()).at_most(price() - spent()), term_4(4))
            .edited(Plant::WrongConstant, Edit::Swap(3 * &u, 2 * &u))
            .elsewhere(Plant::DroppedHypothesis, term_4(1)),
        Step::new("lemma-3/term-4-denominator", "B.9, fourth term", &[2399])
            .quoted(2403, "since  $du \\geq u \\geq Cs^2$  by")
            .about("The fourth term: the denominator", "d u >= u >= 192 s^2, d >= 4")
            .says((above() / (16 * bracket())).at_least(above() / (32 * &d * &u)), denominator(&1.into()))
            .rightly(
                (above() / (16 * s.pow(2) * bracket())).at_least(above() / (32 * s.pow(2) * &d * &u)),
                denominator(&s.pow(2)),
            )
            .edited(Plant::WrongConstant, Edit::Swap(32.into(), 16.into())),
        Step::new("lemma-3/term-4-simplified", "B.9, fourth term", &[])
            .quoted(2406, "\\leq \\exp\\left(3d+3du-\\frac{Ldu}{32}\\right)")
            .about("The fourth term, simplified", "s, u > 0")
            .on(ONE, positive)
            .states((&l * d.pow(2) * u.pow(2) / (32 * &d * &u)).equals(depth_width_u() / 32))
            .edited(Plant::WrongPower, Edit::Swap(depth_width_u(), &l * d.pow(2) * &u)),
        Step::new("lemma-3/term-4-absorbed", "B.9, fourth term", &[2405])
            .quoted(2409, "$Lu \\geq C$  since  $L \\geq C$  and  $u \\geq C$")
            .titled("The fourth term: the size of the net is absorbed")
            .given("L >= 384, u >= 192; corrected: u >= 192 s^2, u <= 7/10 L^(1/4)")
            .uses(&["lemma-3/term-4", "lemma-3/term-4-denominator", "lemma-3/term-4-simplified"])
            .says((cost_of_net() - depth_width_u() / 32).at_most(-(depth_width_u() / 64)), absorbed(384))
            .elsewhere(Plant::DroppedHypothesis, absorbed(96))
            .rightly((cost_of_net() - rate(depth_width_u(), 32)).at_most(-rate(depth_width_u(), 64)), absorbed_rightly),
        Step::new("lemma-3/term-4-final", "B.9, fourth term", &[2411])
            .quoted(
                2415,
                "since  $L \\geqslant Cu/s^2$ , using first that  $L \\geqslant Cu^4$  then that  $u \\geqslant \
                 Cs^{-2/3}$",
            )
            .about("The fourth term", "u >= 192 s^(-2/3), u <= 7/10 L^(1/4); corrected: u >= 192, u <= 7/10 L^(1/4)")
            .uses(&["lemma-3/term-4-absorbed"])
            .says(exp(-(depth_width_u() / 64)).at_most(goal()), term_4_final(192.into()))
            .elsewhere(Plant::DroppedHypothesis, term_4_final(Rational::new(3, 16)))
            .rightly(exp(-rate(depth_width_u(), 64)).at_most(goal()), term_4_rightly),
        cost("lemma-3/eq-50", "B.9, (50)", &[2418], "The fifth term: the size of the net")
            .says((&l * exp(&d * net_cost(&s2)) * exp(-step())).at_most(&l * exp(price() - step())), eq_50(4))
            .edited(Plant::WrongConstant, Edit::Swap(3 * &u, 2 * &u))
            .elsewhere(Plant::DroppedHypothesis, eq_50(1)),
        Step::new("lemma-3/eq-51", "B.9, (51)", &[2425])
            .about("The fifth term by the square root of the depth", "(50), u >= 192 s^2, u >= 192, u <= 7/10 L^(1/4)")
            .uses(&["lemma-3/eq-50", "lemma-3/depth-part", "lemma-3/linear-part", "lemma-3/constant-part"])
            .says((cost_of_net() - rate(&l * &d, 32)).at_most(-rate(sqrt(&l) * &d * u.pow(2), 32)), eq_51(reach()),)
            .elsewhere(Plant::WrongConstant, eq_51(Rational::new(11, 10))),
        Step::new("lemma-3/depth-part", "B.9, after (51)", &[2431])
            .about("The first of the three parts", "L, s, d > 0; C = 1/16 on the left, 2 on the right")
            .on(ONE, by_root)
            .states(
                (&l * &d / (32 * s.pow(2)) - root_rate(16))
                    .equals(&root * &d / (32 * s.pow(2)) * (&root - 2 * u.pow(2))),
            )
            .edited(Plant::WrongConstant, Edit::Swap(2 * u.pow(2), 4 * u.pow(2))),
        Step::new("lemma-3/linear-part", "B.9, after (51)", &[2437])
            .about("The second of the three parts", "u, s, d > 0; C = 1/64 on the left, 192 on the right")
            .on(ONE, by_root)
            .states((root_rate(64) - 3 * &d * &u).equals(&d * &u / (64 * s.pow(2)) * (&root * &u - 192 * s.pow(2))))
            .edited(Plant::WrongPower, Edit::Swap(&root * &u, &root * u.pow(2))),
        Step::new("lemma-3/constant-part", "B.9, after (51)", &[2443])
            .about("The third of the three parts", "s, d > 0; C = 1/64 on the left, 192 on the right")
            .on(ONE, by_root)
            .states((root_rate(64) - 3 * &d).equals(&d / (64 * s.pow(2)) * (&root * u.pow(2) - 192 * s.pow(2))))
            .edited(Plant::WrongPower, Edit::Swap(&root * u.pow(2), &root * &u)),
        Step::new("lemma-3/depth-part-holds", "B.9, after (51)", &[])
            .quoted(2435, "which holds by  $(47)$")
            .about("The first part holds", "u <= 7/10 L^(1/4)")
            .says(sqrt(&l).at_least(2 * u.pow(2)), depth_part(reach()))
            .elsewhere(Plant::WrongConstant, depth_part(Rational::new(3, 4))),
        Step::new("lemma-3/linear-part-holds", "B.9, after (51)", &[])
            .quoted(2441, "which is implied by  $L \\geq C$  and  $u \\geq Cs^2$  by")
            .about("The second part holds", "L >= 1, u >= 192 s^2")
            .says((sqrt(&l) * &u).at_least(192 * s.pow(2)), linear_part(1))
            .elsewhere(Plant::DroppedHypothesis, linear_part(2)),
        Step::new("lemma-3/constant-part-holds", "B.9, after (51)", &[])
            .quoted(2447, "which is implied by  $L \\geq C$  and  $u \\geq C_s$")
            .about("The third part holds", "L >= 1, u >= 192 s")
            .uses(&["lemma-3/eq-48"])
            .says((sqrt(&l) * u.pow(2)).at_least(192 * s.pow(2)), constant_part(192))
            .elsewhere(Plant::DroppedHypothesis, constant_part(1))
            .remarks(&["Printed u >= C_s, a letter lowered by the extraction: C s is meant, as in (48)."]),
        Step::new("lemma-3/term-5", "B.9, fifth term", &[2449])
            .about("The fifth term", "L >= 1, d u^2/(32 s^2) >= 1")
            .uses(&["lemma-5", "lemma-3/eq-51", "lemma-3/large-exponent"])
            .by(Body::Domain {
                variables: &["1/sqrt L", "32 s^2/(d u^2)"],
                domain: |how| [from_to(0, 1), from_to(0, if how.plants(Plant::DroppedHypothesis) { 8 } else { 1 })]
                    .concat(),
                sides: by_lemma_5,
            })
            .holds("L exp(-sqrt(L) d u^2/(32 s^2)) <= 4 exp(-d u^2/(32 s^2))")
            .planted(Plant::WrongConstant, "L exp(-sqrt(L) d u^2/(32 s^2)) <= exp(-d u^2/(32 s^2))")
            .planted(Plant::DroppedHypothesis, "the same with 4, for d u^2/(32 s^2) >= 1/8"),
        Step::new("lemma-3/large-exponent", "B.9, fifth term", &[])
            .quoted(
                2453,
                "$\\frac{du^2}{32s^2} \\geqslant 1$ , which is implied by  $d \\geqslant C$  and  $u \\geqslant Cs$",
            )
            .about("The exponent is at least 1", "d >= 4, u >= 192 s")
            .uses(&["lemma-3/eq-48"])
            .says(rate(&d * u.pow(2), 32).at_least(1), large_exponent(192))
            .elsewhere(Plant::DroppedHypothesis, large_exponent(1)),
    ]
}
