//! The audit of B.9, lines 2192 to 2270: the least growth of a fixed vector, from below.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | the event E | [`Walk::on_event`]: N_{k+1} is shortened where Y_{k,2} < -1/2 | d x d |
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | the event for squares | `ratio-squared` | instances |
//! | E; leaving out Y_{j,1} | `event-e`, `drop-squares`: E at once, 0 <= k <= L - 1 | instances along paths |
//! | ln(1 + x) >= x - x^2 | `log-above` | domain |
//! | the quadratic bound | `quadratic`, `every-layer`: h_k for h_L | instances along paths |
//! | P_1 + P_2; P_2 | `off-event`, `step-range`, `step-tail`, `normal-tail` | instances; exact law |
//! | P_1, its threshold, its two parts | `p1`, `log-threshold`, `p1-split` | identity; instances |
//! | min S_{k,2} | `min-s2` | exact law |
//! | S_{k,3}: law, maximum | `square-law`, `s3-law`, `s3-monotone` | identity; instances |
//! | S_{k,3}: tail, exponent | `s3-tail`, `s3-exponent`: a factor s^2 | exact law; identity |
//!
//! **Why this suffices.** On E every factor `1 + Y_{j,2}` is at least 1/2, and `norm(h_k)^2/norm(h_0)^2` is at least
//! their product because Y_{j,1} >= 0: the chain is one of numbers on a path, tried on the boundary of E too, where
//! `1 + Y_{j,2}` is 1/2. Off E the union bound over the layers pays. The laws are identities of trace and norm as in
//! [`super::proof_walk`].

use super::proof_norm::{MAXIMUM, TAILS, WALKS, numbers, tail};
use super::proof_scalars::{positive, thresholds};
use super::proof_walk::{SIZES, each_step, ratio, s as sum_of, whole, y};
use super::tails::gaussian_exponent;
use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::{
    Edit, Expr, Range, Says, Table, at, cases, exp, fraction, ln, max, max_over, min_over, norm, product, square, sum,
    transpose, var, vars,
};
use crate::harness::Fault;
use crate::harness::steps::sample::of;
use crate::harness::steps::{Body, Draw, Drawn, How, Plant, Sizes, Step, scalar, steps, with};
use crate::harness::subdivision::in_pieces;
use crate::paper::kit::every;
use crate::residual::walk::{Law, Parameters, Walk};
use crate::statistics::tails::{chi_square_exponent, normal_log_tail};
use num_traits::{One, Zero};
use std::ops::RangeBounds;

/// Numbers of layers.
const DEPTHS: Sizes = &[&[1], &[2], &[3]];

/// Numbers Y_{0,2}, .., Y_{L,2}; those in the range are at least -1/2.
fn event(draw: &mut Draw<'_>, range: impl RangeBounds<usize>) -> Drawn {
    let depth = draw.size(0);
    let edge = Rational::new(-1, 2);
    let table = Table::default().scalar("L", whole(depth));
    Ok((0..=depth).fold(table, |table, k| {
        let y = draw.number();
        let y = if range.contains(&k) { y.max(edge.clone()) } else { y };
        table.matrix("Y", &[k as i64, 2], scalar(y))
    }))
}

/// Far off E: every s/sqrt(L d) N_k is the identity times at most -3/2.
fn far_off(draw: &mut Draw<'_>) -> Drawn {
    let mut walk = Walk::started(draw);
    walk.c = -(walk.c.abs() + Rational::new(3, 2));
    walk.noise.iter_mut().for_each(|n| n.fill_with_identity());
    walk.with_sums()
}

/// `(ln(1+x) - x + x^2)/x^2`, times 1 for x = v/(1-v) >= 0, where it is `1 - (1-v) g(v)`, and times 1 - t for x = -t,
/// where it is `g(t) - t`.
///
/// Both are 1/2 at x = 0, so that a box around 0 is decided.
fn log_above(v: &[Big], _how: How) -> (Big, Big) {
    let above = |v: Big| 1 - (1 - &v) * chi_square_exponent(&v);
    let below = |t: Big| chi_square_exponent(&t) - t;
    in_pieces(&v[0], &Big::zero(), |v| (below(-v), Big::zero()), |v| (above(v), Big::zero()))
}

/// `P(Y_{k,2} < -1/2)`, exactly.
pub(crate) fn step(draw: &mut Draw<'_>) -> Drawn {
    tail(Law::Step, STEP)(draw)
}
/// The probability of one step off E.
pub(crate) const STEP: &str = "P(Y_{k,2} < -1/2)";

/// `P(N >= u)`, u by its sign.
fn normal_tail(draw: &mut Draw<'_>, sign: i64) -> Drawn {
    let u = sign * draw.nonnegative();
    let table = Table::default().scalar("u", u.clone());
    Ok(table.enclosed("P(N >= u)", move |bits| normal_log_tail(&of(&u, bits)).exp()))
}

/// A path with s > 0, its forms, and u > 0.
fn scaled(draw: &mut Draw<'_>) -> Drawn {
    with(|draw| Walk::started(draw).rough()?.with_forms(), [Range::positive("u")])(draw)
}

/// `L d^2 u^2 / (c (4 s^2 + d u))`, printed with c = 16.
pub(crate) fn three_simplified(p: &Parameters, c: &Rational) -> Rational {
    let below = 4 * &p.s2 + &p.d * &p.u;
    &p.l * p.d.powi(2) * p.u.powi(2) / (c * below)
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [s, u, d, l] = vars(["s", "u", "d", "L"]);
    let (three, below) = (|| &l * d.pow(2) * u.pow(2), || 4 * s.pow(2) + &d * &u);
    let exponent_of_three = || l.pow(2) * d.pow(2) * u.pow(2) / (64 * s.pow(4) * (&l + &l * &d * &u / (4 * s.pow(2))));
    let [k, j, m, s2] = vars(["k", "j", "m", "s^2"]);
    let half = || fraction(-1, 2);
    let each_in_sum = |says: Says| says.each("j", 0, &l - 1);
    let on_e = || each_in_sum(y(&j, 2).at_least(half()));
    let factors = |factor: Expr| product("j", 0, &k - 1, factor);
    let above = |factor: Expr| every(ratio(&k).at_least(factors(factor)));
    let edge = || -(4 * &s2 / &d) - 2 * &u;
    let defined = || each_in_sum((1 + y(&j, 2)).above(0)).and(above(1 + y(&j, 2)));
    let same_event = || every(((ratio(&k) - exp(edge())) * (ln(ratio(&k)) - edge())).at_least(0));
    let lower = || sum_of(&k, 2) - sum_of(&k, 3);
    let indicator = |k: &Expr| cases(y(k, 2).below(half()), 1, 0);
    let off = |first: i64| sum("k", first, &l - 1, indicator(&k));
    let covers = |first: Expr, last: Expr| first.at_most(&j).at_most(last).each("j", 0, &l - 1);
    let form = at("q", &k);
    let squared_law = 4 * &s2 / (&l * &d);
    let in_units = |c: i64| &l * &d / (c * &s2);
    let degrees = |k: Expr| in_units(4) * sum("j", 0, k - 1, square(at("q", &j)));
    steps![
        Step::new("lemma-3/ratio-squared", "B.9, bound on P(B-bar and A)", &[2192])
            .about("The event for squares", "h_0 not 0, m > 0")
            .on(WALKS, with(|draw| Ok(Walk::started(draw).table()), [Range::positive("m")]))
            .states(every(((norm(at("h", &k)) / norm(at("h", 0)) - 2 * &m) * (ratio(&k) - 4 * m.pow(2))).at_least(0),))
            .edited(Plant::LostSquare, Edit::Swap(4 * m.pow(2), 2 * &m))
            .remarks(&["So min norm(h_k)/norm(h_0) <= 2 m if and only if min norm(h_k)^2/norm(h_0)^2 <= 4 m^2."]),
        Step::new("lemma-3/event-e", "B.9, the event E", &[2198])
            .about("The range of the event E", "Y_{0,2}, .., Y_{L,2} arbitrary numbers")
            .on(DEPTHS, |draw| event(draw, 1..))
            .among("on E over 1 <= k <= L")
            .misstates(
                on_e(),
                Fault::Misprint,
                "The range is off by one: Y_{k,2} depends on N_{k+1}, so Y_{L,2} does not exist, and the sums run over \
                 j = 0..L-1. At L = 1, E as printed leaves Y_{0,2} = -1 free, where ln(1 + Y_{0,2}) >= Y - Y^2 is not \
                 available. With the range 0..L-1 all is well, and the display with P_2 sums over it: nothing else \
                 changes.",
            )
            .on(DEPTHS, |draw| {
                let depth = draw.size(0);
                event(draw, ..depth)
            })
            .among("on E over 0 <= k <= L - 1")
            .rightly(on_e())
            .edited(Plant::FlippedSign, Edit::Swap(half(), fraction(1, 2)))
            .remarks(&["Of the Y_{j,2} that enter the sums; E is the intersection of {Y_{k,2} >= -1/2}."]),
        Step::new("lemma-3/drop-squares", "B.9, bound on P(B-bar and A)", &[2206])
            .about("Leaving out the squares", "no h_k is 0; corrected: on E (0 <= k <= L-1)")
            .uses(&["lemma-3/eq-41", "lemma-3/event-e"])
            .on(WALKS, |draw| Walk::started(draw).with_sums())
            .among("on every path")
            .misstates(
                defined(),
                Fault::Hypothesis,
                "The second probability of the display is not defined: Y_{j,2} ~ N(0, 4 s^2/(L d)) is below -1 with \
                 positive probability, and ln(1 + Y_{j,2}) with it; at L = d = 1, s = 1, N_1 = -2 it is ln(-3). It is \
                 right with the convention ln x = -infinity for x <= 0 (such paths then belong to the event), or with \
                 the intersection with E taken at once, where 1 + Y_{j,2} >= 1/2. The first and the last probability \
                 of the display are compared correctly, so nothing else changes.",
            )
            .on(WALKS, with(|draw| Walk::on_event(draw).with_sums(), [Range::positive("u")]))
            .among("on E over 0 <= k <= L - 1")
            .rightly(defined().and(same_event()))
            .edited(Plant::WrongPower, Edit::SwapNth(1, 1 + y(&j, 2), 1 + y(&j, 2) + y(&j, 2).pow(2) / 2))
            .on(WALKS, far_off)
            .falsely(Plant::DroppedHypothesis, above(1 + y(&j, 2)))
            .remarks(&[
                "Printed on every path, corrected on E, with the event by logarithms: the first probability is at most \
                 the third. The planted hypothesis is tried at W_k = -c I.",
            ]),
        Step::new("lemma-3/log-above", "B.9, bound on P(B-bar and A)", &[])
            .quoted(2210, "$\\ln(1+x) \\geq x - x^2$  for  $x \\geq -1/2$")
            .about("ln(1 + x) >= x - x^2", "x >= -1/2")
            .by(Body::Domain {
                variables: &["v: x = v/(1-v), or v if v < 0"],
                domain: |how| {
                    let from = if how.plants(Plant::DroppedHypothesis) { -3 } else { -2 };
                    vec![(Rational::new(from, 4), Rational::one())]
                },
                sides: log_above,
            })
            .holds("ln(1 + x) >= x - x^2 for every x >= -1/2")
            .planted(Plant::DroppedHypothesis, "ln(1 + x) >= x - x^2 for every x >= -3/4"),
        Step::new("lemma-3/quadratic", "B.9, bound on P(B-bar and A)", &[2212])
            .about("The quadratic lower bound, for the last layer", "on E (0 <= k <= L-1)")
            .uses(&["lemma-3/drop-squares", "lemma-3/log-above"])
            .on(WALKS, |draw| Walk::on_event(draw).with_sums())
            .among("on E")
            .states(ln(ratio(&l)).at_least(min_over("k", 1, &l, lower())))
            .edited(Plant::DroppedTerm, Edit::Drop(sum_of(&k, 3)))
            .remarks(&[
                "S_{k,2} - S_{k,3} is the sum of Y_{j,2} - Y_{j,2}^2, j < k; so norm(h_L)^2/norm(h_0)^2 <= 4 m^2 only \
                 if the least of them is at most ln(4 m^2).",
                "True, but the left-hand side should have the least norm(h_k), as in the display before: \
                 lemma-3/every-layer.",
            ]),
        Step::new("lemma-3/every-layer", "B.9, bound on P(B-bar and A)", &[])
            .quoted(
                2219,
                "\\mathbb{P}\\Big(\\min_{1 \\leq k \\leq L} \\frac{\\|h_L\\|_2^2}{\\|h_0\\|_2^2} \\leq \
                 4m_{s,u}^2\\Big)",
            )
            .about("The bound for every layer", "on E (0 <= k <= L-1)")
            .uses(&["lemma-3/quadratic"])
            .on(WALKS, |draw| Walk::on_event(draw).with_sums())
            .among("on E")
            .misstates(
                min_over("k", 1, &l, ratio(&k)).equals(ratio(&l)),
                Fault::Gap,
                "An index: the minimum over k of norm(h_L) is norm(h_L). The printed display is true, but too weak: it \
                 is about the last layer, and norm(h_L) may be larger than norm(h_1) (L = 2, d = 1, s N_2 > 0). What \
                 is needed for sigma_min of every partial product, and what the same argument proves, is h_k: each \
                 ratio is bounded by its own sum. Nothing else changes.",
            )
            .rightly(every(ln(ratio(&k)).at_least(lower())))
            .edited(Plant::FlippedSign, Edit::FlipSign(sum_of(&k, 3)))
            .remarks(&[
                "Printed: a bound of the last ratio serves for the least. Corrected: on E every ratio has its own \
                 bound, the sum of Y_{j,2} - Y_{j,2}^2, j < k.",
            ]),
        Step::new("lemma-3/off-event", "B.9, P_1 and P_2", &[2218])
            .about("The union bound over E-bar", "E over 0 <= k <= L-1")
            .uses(&["lemma-3/every-layer", "lemma-3/event-e"])
            .on(DEPTHS, |draw| event(draw, 0..0))
            .states(each_in_sum(off(0).at_least(indicator(&j))))
            .edited(Plant::OffByOne, Edit::Swap(off(0), off(1)))
            .remarks(&["The expectation of both sides is P(E-bar) <= sum over k of P(Y_{k,2} < -1/2); and the \
                        intersection with E may be left out of P_1."]),
        Step::new("lemma-3/step-range", "B.9, bound on P_2", &[])
            .quoted(2222, "we have, for  $k \\in \\{1, \\ldots L\\}$")
            .about("For which k the bound is needed", "P_2 is a sum over k = 0..L-1")
            .on(DEPTHS, |draw| event(draw, 0..0))
            .misstates(
                covers(1.into(), l.clone()),
                Fault::Misprint,
                "Off by one, as in the event E: the sum runs over 0..L-1. At L = 1 it has k = 0 only, the range k = 1 \
                 only. The law of Y_{k,2} is the same for all k, so the bound holds on the right range: nothing \
                 changes.",
            )
            .rightly(covers(0.into(), &l - 1))
            .edited(Plant::OffByOne, Edit::SwapNth(1, &l - 1, &l - 2))
            .remarks(&["The range of the bound, for each j of the sum."]),
        Step::new("lemma-3/step-tail", "B.9, bound on P_2", &[2224])
            .about("One layer does not halve the norm", "s > 0; L, d >= 1")
            .uses(&["lemma-3/eq-42", "lemma-3/normal-tail", "lemma-3-step"])
            .on(TAILS, step)
            .states(var(STEP).at_most(exp(-(&l * &d / (32 * s.pow(2))))))
            .edited(Plant::WrongConstant, Edit::Swap(32.into(), 31.into()))
            .remarks(&["By the exact law."]),
        Step::new("lemma-3/normal-tail", "B.9, bound on P_2", &[])
            .quoted(2228, "the tail bound  $\\mathbb{P}(N \\geq u) \\leq e^{-u^2/2}$")
            .about("The tail of a normal variable", "u >= 0, as where it is used")
            .on(&[&[1]], |draw| normal_tail(draw, 1))
            .states(var("P(N >= u)").at_most(exp(-(u.pow(2) / 2))))
            .edited(Plant::WrongConstant, Edit::Swap(u.pow(2) / 2, 11 * u.pow(2) / 20))
            .elsewhere(Plant::DroppedHypothesis, "for u < 0", |draw| normal_tail(draw, -1))
            .remarks(&["By the exact law."]),
        Step::new("lemma-3/p1", "B.9, bound on P_1", &[2230])
            .about("P_1 by the sums", "no h_k is 0")
            .on(SIZES, |draw| Walk::started(draw).with_sums())
            .states(every(sum("j", 0, &k - 1, y(&j, 2) - y(&j, 2).pow(2)).equals(lower())))
            .edited(Plant::LostSquare, Edit::Swap(y(&j, 2).pow(2), y(&j, 2))),
        Step::new("lemma-3/log-threshold", "B.9, bound on P_1", &[2236])
            .about("The threshold", "any s, u; d >= 1")
            .on(SIZES, thresholds(Range::any))
            .states((4 * var("m").pow(2)).equals(exp(-4 * s.pow(2) / &d - 2 * &u)))
            .edited(Plant::WrongConstant, Edit::Swap(2 * &u, u.clone())),
        Step::new("lemma-3/p1-split", "B.9, bound on P_1", &[2242])
            .about("The union bound over the two sums", "u > 0")
            .uses(&["lemma-3/p1", "lemma-3/log-threshold"])
            .on(WALKS, with(|draw| Walk::started(draw).with_sums(), [Range::positive("u")]))
            .states(every(
                max(-&u - sum_of(&k, 2), sum_of(&k, 3) - (4 * &s2 / &d + &u)).at_least((edge() - lower()) / 2),
            ))
            .edited(Plant::WrongConstant, Edit::Swap(4 * &s2 / &d + &u, 4 * &s2 / &d + 2 * &u))
            .remarks(&["So S_{k,2} - S_{k,3} <= -4 s^2/d - 2u only if S_{k,2} <= -u or S_{k,3} >= 4 s^2/d + u."]),
        Step::new("lemma-3/min-s2", "B.9, bound on P_1", &[2248])
            .titled("The minimum of S_{k,2}")
            .given("s, u > 0; the increments are i.i.d. and symmetric, so (-S_{k,2})_k has the law of (S_{k,2})_k")
            .uses(&["lemma-3/eq-44", "lemma-3/next-layer-only"])
            .on(TAILS, |draw| {
                let table = Parameters::draw(draw).with_maximum();
                Ok(numbers(draw, table))
            })
            .states(
                (-min_over("k", 1, &l, sum_of(&k, 2)))
                    .equals(max_over("k", 1, &l, -sum_of(&k, 2)))
                    .and(var(MAXIMUM).at_most(exp(-gaussian_exponent(16)))),
            )
            .edited(Plant::WrongConstant, Edit::Swap(16.into(), 7.into()))
            .remarks(&["For any numbers S_{k,2}; the probability by its exact law, up to the factor 2 of Levy's \
                        inequality."]),
        Step::new("lemma-3/square-law", "B.9, bound on P_1", &[2254])
            .about("The law of a squared increment", "no h_k is 0")
            .uses(&["lemma-3/eq-42"])
            .on(SIZES, |draw| Walk::started(draw).with_forms())
            .states(each_step(
                (&form * transpose(&form))
                    .pow(2)
                    .equals(&squared_law * (&form * transpose(&form)))
                    .and(square(&form).equals(&squared_law)),
            ))
            .edited(Plant::DroppedFactor, Edit::SwapAll(&l * &d, l.clone()))
            .edited(Plant::OffByOne, Edit::SwapNth(1, squared_law.clone(), 2 * &squared_law))
            .remarks(&["Y_{k,2}^2 | F_k ~ 4 s^2/(L d) chi^2(1): its matrix is q_k q_k^T, of trace norm(q_k)^2."]),
        Step::new("lemma-3/s3-law", "B.9, bound on P_1", &[2260])
            .about("The law of S_{k,3}", "s > 0; no h_k is 0")
            .uses(&["lemma-3/square-law", "lemma-3/next-layer-only"])
            .on(SIZES, scaled)
            .misstates(
                every(degrees(k.clone()).equals(&l)),
                Fault::Misprint,
                "It follows chi^2(k): at L = 2, S_{1,3} is one square, of mean 4 s^2/(2 d), half of what is stated. \
                 True for k = L, the only case that is used, and the next display has S_{L,3}: nothing changes.",
            )
            .rightly(degrees(l.clone()).equals(&l))
            .edited(Plant::DroppedFactor, Edit::Swap(in_units(4), &l * &d / &s2))
            .remarks(&[
                "The degrees of freedom of L d/(4 s^2) S_{k,3}: printed chi^2(L) for every k, corrected for k = L.",
            ]),
        Step::new("lemma-3/s3-monotone", "B.9, bound on P_1", &[])
            .quoted(2267, "= \\mathbb{P}\\Big(S_{L,3} \\ge \\frac{4s^2}{d} + u\\Big)")
            .about("The largest S_{k,3} is the last, in units of the chi-square law", "s, u > 0; no h_k is 0")
            .on(WALKS, scaled)
            .states(
                max_over("k", 1, &l, sum_of(&k, 3))
                    .equals(sum_of(&l, 3))
                    .and((in_units(4) * (4 * &s2 / &d + &u)).equals(&l + &l * &d * &u / (4 * &s2))),
            )
            .edited(Plant::DroppedFactor, Edit::Swap(&l * &d * &u, &l * &u))
            .edited(Plant::OffByOne, Edit::Swap(sum_of(&l, 3), sum_of(&(&l - 1), 3))),
        Step::new("lemma-3/s3-tail", "B.9, bound on P_1", &[])
            .quoted(2267, "\\le \\exp\\Big(-\\frac{L^2d^2u^2}{64s^4(L + \\frac{Ldu}{4s^2})}\\Big)")
            .about("The tail of S_{L,3}", "s, u > 0")
            .uses(&["lemma-3/eq-43", "lemma-3/s3-law", "lemma-3/s3-monotone"])
            .on(TAILS, tail(Law::SumThree, "P(S_{L,3} >= 4 s^2/d + u)"))
            .states(var("P(S_{L,3} >= 4 s^2/d + u)").at_most(exp(-exponent_of_three())))
            .edited(Plant::WrongConstant, Edit::Swap(64.into(), 16.into()))
            .remarks(&["By the exact law."]),
        Step::new("lemma-3/s3-exponent", "B.9, bound on P_1", &[2266])
            .about("The exponent of S_{L,3}, simplified", "s, u > 0")
            .uses(&["lemma-3-s3"])
            .on(SIZES, positive)
            .misstates(
                exponent_of_three().equals(three() / (16 * below())),
                Fault::Constant,
                "A factor s^2 is lost: 64 s^4 (L + L d u/(4 s^2)) = 16 s^2 L (4 s^2 + d u). At L = d = u = 1, s = 2 \
                 the left-hand side is 1/1088, the right-hand side 1/272. For s > 1 the printed bound on S_{L,3} is \
                 false (lemma-3-s3), and with it that on P_1 (lemma-3/p1-bound); the union bound is true as printed \
                 for another reason (lemma-3/union-bound). With the corrected exponent the conclusion follows in the \
                 same way (lemma-3/term-4), and without u >= C s^(-2/3): Lemma 3 survives with its constants.",
            )
            .rightly(exponent_of_three().equals(three() / (16 * s.pow(2) * below())))
            .edited(Plant::WrongConstant, Edit::Swap(16.into(), 8.into())),
    ]
}
