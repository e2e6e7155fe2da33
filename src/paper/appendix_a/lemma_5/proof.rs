//! The proof of Lemma 5 (Appendix A): `L exp(-sqrt(L) x) <= 4 exp(-x)` for L large enough and x >= 1.
//!
//! | paper | here | range |
//! | --- | --- | --- |
//! | L, real | `s^2`, or `1/l` | L >= 1, then L >= 12, "large enough" |
//! | x | `x`, or `1/u` | x >= 1 |
//! | sqrt(L) | `s` | s >= 1 |
//!
//! All displays hold. **The two "large enough" have thresholds**: `L/2 + 1 - 2 sqrt(L) >= 0` from `L = 6 + 4 sqrt(2) =
//! 11.66` on (and for L <= 6 - 4 sqrt(2) = 0.34), the last line from L = 2 on. So this proof gives the lemma with
//! C = 11.66, so 12 for integers; the lemma itself holds with C = 1 (claim `lemma-5`). The inequality that precedes the
//! last two lines is true for 1 <= L < 12 too, but not by this chain: its last link multiplies a negative number by
//! `x^2 >= x`.
//!
//! Reduced forms over unbounded ranges: in `exp(v) >= 1 + v + v^2/2`, `v = (sqrt(L) - 1) x >= 0`, subtract 1 + v,
//! divide by v^2, and take reciprocals: `(1/2)/F(v) <= 1` with `F(v) = (e^v - 1 - v)/v^2 = sum v^k/(k+2)!`, which
//! increases from 1/2; `v = t/(1-t)`. The others are polynomial in `l = 1/L` and `u = 1/x` after division by `L x^2` or
//! L, once terms that stand on both sides are cancelled.
//!
//! **The steps, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 481 | the claim as a lower bound of an exponential | instances |
//! | 487, 493, 497, 499, 504 | the second order, a quarter of L, large enough, x^2 >= x, large enough | subdivision |
//! | 491, 503 | the square multiplied out, terms collected | identities |
//!
//! **Why that suffices.** The inequalities are proved for all real L and x of their ranges. Line 481 is an
//! equivalence: `4 exp(-x) - L exp(-sqrt(L) x) = 4 exp(-sqrt(L) x) (exp((sqrt(L) - 1) x) - L/4)`, so that the product
//! of the two differences is a positive number times a square, which the instances test.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Range, Reduction, Table, exp, exp_rest, fraction, sqrt, vars};
use crate::harness::steps::{
    Draw, Drawn, Other, Plant, Proof, Reason, SCALARS, Setting, Step, other, over, step, steps,
};

/// L from here on, as l = 1/L; other variables, where they occur, cancel.
fn large(depth: i64, also: &[Range]) -> Reduction {
    let [large, l] = vars(["L", "l"]);
    Reduction::on([&[Range::from("L", depth)], also].concat())
        .coordinate(Range::within("l", 0, Rational::new(1, depth)), 1 / &large)
        .inverse(&large, 1 / l)
}

/// L and x from these on, as l = 1/L and u = 1/x.
fn inverses(depth: i64, x: Rational) -> Reduction {
    let [at, u] = vars(["x", "u"]);
    large(depth, &[Range::from("x", x.clone())]).coordinate(Range::within("u", 0, 1 / x), 1 / &at).inverse(&at, 1 / u)
}

/// s = sqrt(L) and x; L = s^2.
fn roots(draw: &mut Draw<'_>) -> Drawn {
    let (s, x) = (draw.number(), draw.number());
    Ok(Table::default().scalar("L", s.powi(2)).scalar("sqrt(L)", s).scalar("x", x))
}

/// The identities in s: polynomials, so that any numbers will do.
const ROOTS: Setting = Setting::new("any s = sqrt(L) and x", SCALARS, roots);

/// The display of the statement.
const OTHERS: &[Other] = &[other(475, Reason::Claims(&["lemma-5"]))];

/// The audit of the proof of Lemma 5.
pub fn proof() -> Proof {
    let [depth, x, s, l, u, t, h] = vars(["L", "x", "sqrt(L)", "l", "u", "t", "h"]);
    let (half, quarter, start) = (fraction(1, 2), &depth / 4, 1 + (&s - 1) * &x);
    let slope = || sqrt(&depth) - 1;
    // v by `t = v/(1 + v)`, and `h = 1/sqrt(L)`.
    let (v, at) = (slope() * &x, &t * (1 - &t).pow(-1));
    let second_order = Reduction::on([Range::from("L", 1), Range::from("x", 1)])
        .coordinate(Range::within("t", 0, 1), &v / (1 + &v))
        .coordinate(Range::within("h", 0, 1), 1 / sqrt(&depth))
        .inverse(&depth, h.pow(-2))
        .inverse(&x, &at * &h / (1 - &h))
        .cleared_by(v.pow(-2), exp_rest(2, at).at_least(fraction(1, 2)));
    // The coefficient of x^2/2, and over L.
    let coefficient = || &depth / 2 + 1 - 2 * sqrt(&depth);
    let reduced = || &half + &l - 2 * sqrt(&l);
    let split =
        |from| inverses(1, from).cleared_by(4 / (&depth * x.pow(2)), (4 * &l * u.pow(2) + 2).at_least(u.pow(2) + 1));
    let threshold = |from| large(from, &[]).cleared_by(1 / &depth, reduced().at_least(0));
    let linear = |from| {
        let right = (&half * reduced() * (1 - &u)).at_least(0);
        inverses(from, 1.into()).cleared_by(1 / (&depth * x.pow(2)), right)
    };
    let last =
        |from| large(from, &[Range::positive("x")]).cleared_by(4 / (&depth * &x), Expr::from(1).at_least(2 * &l));
    let steps = steps![
        Step::new("lemma-5/equivalence", "Lemma 5, proof", &[481])
            .about("The claim as a lower bound of an exponential", "L > 0, any real x")
            .on(SCALARS, over([Range::positive("L"), Range::any("x")]))
            .states(((4 * exp(-&x) - &depth * exp(-sqrt(&depth) * &x)) * (exp(slope() * &x) - &depth / 4)).at_least(0))
            .edited(Plant::FlippedSign, Edit::Swap(slope(), sqrt(&depth) + 1))
            .edited(Plant::DroppedFactor, Edit::Swap(&depth / 4, depth.clone()))
            .remarks(&["Both are true or both are false: the product of the two differences is not negative."]),
        Step::new("lemma-5/second-order", "Lemma 5, proof", &[487])
            .about("exp(v) >= 1 + v + v^2/2", "L >= 1, x >= 1, so v = (sqrt(L) - 1) x >= 0; v = t/(1-t)")
            .says(exp(&v).at_least(1 + &v + &half * v.pow(2)), second_order)
            .edited(Plant::WrongConstant, Edit::Drop(half.clone())),
        step(ROOTS, "lemma-5/square-expanded", "Lemma 5, proof", &[491])
            .titled("The square multiplied out")
            .states(
                (&start + &half * (&s - 1).pow(2) * x.pow(2)).equals(&start + &half * (&depth + 1 - 2 * &s) * x.pow(2)),
            )
            .edited(Plant::FlippedSign, Edit::FlipSign(2 * &s))
            .edited(Plant::DroppedFactor, Edit::Swap(2 * &s, s.clone())),
        Step::new("lemma-5/quarter-split", "Lemma 5, proof", &[493])
            .about("A quarter of L taken out of L x^2/2", "L >= 1, x >= 1: l = 1/L, u = 1/x")
            .says(
                (1 + &half * (&depth + 1 - 2 * sqrt(&depth)) * x.pow(2))
                    .at_least(&quarter + &half * coefficient() * x.pow(2)),
                split(1.into()),
            )
            .edited(Plant::WrongConstant, Edit::Swap(quarter.clone(), &depth / 2))
            .elsewhere(Plant::DroppedHypothesis, split(Rational::new(1, 2))),
        Step::new("lemma-5/large-depth", "Lemma 5, proof", &[])
            .quoted(497, "For L large enough")
            .titled("The first meaning of large enough")
            .given("L >= 12; the exact threshold is 6 + 4 sqrt(2) = 11.66; l = 1/L")
            .says(coefficient().at_least(0), threshold(12))
            .elsewhere(Plant::OffByOne, threshold(11)),
        Step::new("lemma-5/linear-in-x", "Lemma 5, proof", &[499])
            .about("x^2 >= x in the last term", "L >= 12, x >= 1: l = 1/L, u = 1/x")
            .uses(&["lemma-5/second-order", "lemma-5/square-expanded", "lemma-5/quarter-split", "lemma-5/large-depth"])
            .says((&half * coefficient() * x.pow(2)).at_least(&half * coefficient() * &x), linear(12))
            .elsewhere(Plant::OffByOne, linear(11))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .literally(
                exp(slope() * &x).at_least(slope() * &x + &quarter + &half * coefficient() * &x),
                SCALARS,
                over([Range::from("L", 12), Range::from("x", 1)]),
            ),
        step(ROOTS, "lemma-5/collected", "Lemma 5, proof", &[503])
            .titled("The terms in x collected")
            .states(
                ((&s - 1) * &x + &quarter + &half * (&depth / 2 + 1 - 2 * &s) * &x)
                    .equals(&quarter + (&quarter - &half) * &x),
            )
            .edited(Plant::DroppedTerm, Edit::Swap(&quarter - &half, quarter.clone())),
        Step::new("lemma-5/last", "Lemma 5, proof", &[504])
            .quoted(506, "where the last inequality holds for L large enough")
            .about("The second meaning of large enough", "L >= 2, x > 0: l = 1/L")
            .says((&quarter + (&quarter - &half) * &x).at_least(&quarter), last(2))
            .elsewhere(Plant::DroppedHypothesis, last(1)),
    ];
    Proof { id: "lemma-5", title: "Lemma 5", section: "Appendix A", proves: &["lemma-5"], steps, others: OTHERS }
}
