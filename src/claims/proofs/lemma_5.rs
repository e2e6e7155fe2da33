//! The proof of Lemma 5 (Appendix A): `L exp(-sqrt(L) x) <= 4 exp(-x)` for L large enough and x >= 1.
//!
//! | paper | here | range |
//! | --- | --- | --- |
//! | L, real | `s^2`, or `1/l` | L >= 1, then L >= 12, "large enough" |
//! | x | `x`, or `1/u` | x >= 1 |
//! | sqrt(L) | `s` | s >= 1 |
//!
//! All displays hold. **The two "large enough" have thresholds**: `L/2 + 1 - 2 sqrt(L) >= 0` from `L = 6 + 4 sqrt(2) = 11.66` on (and for
//! L <= 6 - 4 sqrt(2) = 0.34), the last line from L = 2 on. So this proof gives the lemma with C = 6 + 4 sqrt(2), 12 for integers; the lemma itself holds
//! with C = 1 (claim `lemma-5`). The inequality that precedes the last two lines is true for 1 <= L < 12 too, but not by this chain: its last link multiplies a
//! negative number by `x^2 >= x`.
//!
//! Reduced forms over unbounded ranges: in `exp(v) >= 1 + v + v^2/2`, `v = (sqrt(L) - 1) x >= 0`, subtract 1 + v, divide by v^2, and take reciprocals:
//! `(1/2)/F(v) <= 1` with `F(v) = (e^v - 1 - v)/v^2 = sum v^k/(k+2)!`, which increases from 1/2; `v = t/(1-t)`. The others are polynomial in `l = 1/L` and `u = 1/x`
//! after division by `L x^2` or L, once terms that stand on both sides are cancelled.

use super::domain::monotone;
use super::equality::{Exact, scalar};
use super::inequality::{Margins, Pair, literal};
use super::sample::{Draw, of};
use super::step::{Body, How, Other, Plant, Proof, Reason, Sizes, Step, other};
use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use num_traits::{One, Zero};

/// All parameters are drawn.
const SCALARS: Sizes = &[&[1]];

fn q(n: i64, d: i64) -> Rational {
    Rational::new(n, d)
}

fn number(v: &Rational, like: &Big) -> Big {
    of(v, like.bits())
}

/// `L exp(-sqrt(L) x) <= 4 exp(-x)` and `exp((sqrt(L) - 1) x) >= L/4` are both true or both false: the product of the two differences is not negative.
fn equivalence(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (depth, x) = (draw.positive(), draw.number());
    let (l, at) = (of(&depth, bits), of(&x, bits));
    let root = l.sqrt();
    let left = of(&q(4, 1), bits) * (-&at).exp() - l * (-(&root * &at)).exp();
    let one = if how.plants(Plant::FlippedSign) { -Big::one() } else { Big::one() };
    let quarter = if how.plants(Plant::DroppedFactor) { depth } else { depth / q(4, 1) };
    let right = ((root - one) * at).exp() - of(&quarter, bits);
    Pair::new(left * right, Big::zero()).into()
}

/// `1/F(v)` at `v = t/(1-t)`: decreases from 2 to 0.
fn inverse_remainder(t: &Big) -> Big {
    monotone(t, |t, bits| {
        if t.is_zero() {
            return of(&q(2, 1), bits);
        }
        if t.is_one() {
            return Big::zero();
        }
        let v = t / (1 - t);
        // e^v - 1 - v loses about -2 log2(v) bits.
        let at = of(&v, bits + 64);
        at.powi(2) / (at.exp_m1() - at)
    })
}

fn series(v: &[Big], how: How) -> (Big, Big) {
    let half = if how.plants(Plant::WrongConstant) { q(1, 1) } else { q(1, 2) };
    (Big::one(), number(&half, &v[0]) * inverse_remainder(&v[0]))
}

/// Lower ends of ranges: 0, where a reduced form takes a limit. A counterexample of a planted error has to be one of the formula as it stands.
fn from(how: How) -> Rational {
    if matches!(how, How::Planted(_)) { q(1, 16) } else { q(0, 1) }
}

fn series_range(how: How) -> Vec<(Rational, Rational)> {
    vec![(from(how), q(1, 1))]
}

/// The chain in exact numbers: s = sqrt(L), x.
fn expanded(draw: &mut Draw<'_>, how: How) -> Exact {
    let (s, x) = (draw.number(), draw.number());
    let (one, half, depth) = (Rational::one(), q(1, 2), s.powi(2));
    let start = &one + (&s - &one) * &x;
    let root = match how {
        How::Planted(Plant::FlippedSign) => q(-2, 1) * &s,
        How::Planted(Plant::DroppedFactor) => s.clone(),
        _ => q(2, 1) * &s,
    };
    let left = &start + &half * (s - &one).powi(2) * x.powi(2);
    let right = start + half * (depth + one - root) * x.powi(2);
    Exact::Sides(vec![(scalar(left), scalar(right))])
}

/// `1 + (1/2) L x^2 >= L/4 + (1/2)(L/2) x^2`, times `4 l u^2`.
fn quarter(v: &[Big], how: How) -> (Big, Big) {
    let (l, u) = (&v[0], &v[1]);
    let split = if how.plants(Plant::WrongConstant) { 2 } else { 1 };
    (4 * l * u.powi(2) + 2, Big::from_i64(split) * u.powi(2) + 1)
}

fn quarter_range(how: How) -> Vec<(Rational, Rational)> {
    let end = if how.plants(Plant::DroppedHypothesis) { q(2, 1) } else { q(1, 1) };
    vec![(from(how), q(1, 1)), (from(how), end)]
}

/// `1/2 + l - 2 sqrt(l)`, which is `(L/2 + 1 - 2 sqrt(L))/L`: decreases in l up to 1.
fn coefficient(l: &Big) -> Big {
    monotone(l, |l, bits| of(&(q(1, 2) + l), bits) - of(&q(2, 1), bits) * of(l, bits).sqrt())
}

/// L from 12 on; the planted error takes 11.
fn large(how: How) -> Vec<(Rational, Rational)> {
    vec![(from(how), if how.plants(Plant::OffByOne) { q(1, 11) } else { q(1, 12) })]
}

/// L and u = 1/x.
fn large_and_ratio(how: How) -> Vec<(Rational, Rational)> {
    vec![large(how).swap_remove(0), (from(how), q(1, 1))]
}

/// `(1/2)(L/2 + 1 - 2 sqrt(L)) (x^2 - x) >= 0`, divided by `L x^2`.
fn powers_of_x(v: &[Big], how: How) -> (Big, Big) {
    let half = number(&q(1, 2), &v[0]);
    let difference = 1 - &v[1];
    let difference = if how.plants(Plant::FlippedSign) { -difference } else { difference };
    (half * coefficient(&v[0]) * difference, Big::zero())
}

/// The whole printed inequality, at points with L >= 12.
fn powers_literal(draw: &mut Draw<'_>, _how: How, bits: u32) -> Margins {
    let (depth, x) = (q(12, 1) + draw.nonnegative(), 1 + draw.nonnegative());
    let (l, at) = (of(&depth, bits), of(&x, bits));
    let slope = (l.sqrt() - 1) * &at;
    let bracket = of(&(&depth / q(2, 1) + 1), bits) - of(&q(2, 1), bits) * l.sqrt();
    let right = &slope + of(&(depth / q(4, 1)), bits) + of(&q(1, 2), bits) * bracket * at;
    Pair::new(slope.exp(), right).into()
}

fn collected(draw: &mut Draw<'_>, how: How) -> Exact {
    let (s, x) = (draw.number(), draw.number());
    let (one, depth) = (Rational::one(), s.powi(2));
    let quarter = &depth / q(4, 1);
    let bracket = depth / q(2, 1) + &one - q(2, 1) * &s;
    let left = (s - one) * &x + &quarter + q(1, 2) * bracket * &x;
    let half = if how.plants(Plant::DroppedTerm) { q(0, 1) } else { q(1, 2) };
    Exact::Sides(vec![(scalar(left), scalar(&quarter + (&quarter - half) * x))])
}

/// `(L/4 - 1/2) x >= 0`, divided by `L x/4`.
fn last(v: &[Big], _how: How) -> (Big, Big) {
    (Big::one(), 2 * &v[0])
}

fn last_range(how: How) -> Vec<(Rational, Rational)> {
    vec![(from(how), if how.plants(Plant::DroppedHypothesis) { q(1, 1) } else { q(1, 2) })]
}

const OTHERS: &[Other] = &[other(475, Reason::Claims(&["lemma-5"]))];

fn first_half() -> Vec<Step> {
    vec![
        Step::new("lemma-5/equivalence", "Lemma 5, proof", &[481])
            .titled("The claim as a lower bound of an exponential")
            .given("L > 0, any real x")
            .by(Body::Instances { sizes: SCALARS, sides: equivalence })
            .holds("L exp(-sqrt(L) x) <= 4 exp(-x) if and only if exp((sqrt(L) - 1) x) >= L/4")
            .planted(Plant::FlippedSign, "L exp(-sqrt(L) x) <= 4 exp(-x) if and only if exp((sqrt(L) + 1) x) >= L/4")
            .planted(Plant::DroppedFactor, "L exp(-sqrt(L) x) <= 4 exp(-x) if and only if exp((sqrt(L) - 1) x) >= L"),
        Step::new("lemma-5/second-order", "Lemma 5, proof", &[487])
            .titled("exp(v) >= 1 + v + v^2/2")
            .given("L >= 1, x >= 1, so v = (sqrt(L) - 1) x >= 0; v = t/(1-t)")
            .by(Body::Domain { variables: &["t"], domain: series_range, sides: series })
            .holds("exp((sqrt(L)-1) x) >= 1 + (sqrt(L)-1) x + (1/2) (sqrt(L)-1)^2 x^2")
            .planted(Plant::WrongConstant, "exp((sqrt(L)-1) x) >= 1 + (sqrt(L)-1) x + (sqrt(L)-1)^2 x^2"),
        Step::new("lemma-5/square-expanded", "Lemma 5, proof", &[491])
            .titled("The square multiplied out")
            .given("any s = sqrt(L) and x")
            .by(Body::Identity { sizes: SCALARS, degree: |_| 4, sides: expanded })
            .holds("1 + (sqrt(L)-1) x + (1/2) (sqrt(L)-1)^2 x^2 = 1 + (sqrt(L)-1) x + (1/2) (L + 1 - 2 sqrt(L)) x^2")
            .planted(Plant::FlippedSign, "the same with L + 1 + 2 sqrt(L)")
            .planted(Plant::DroppedFactor, "the same with L + 1 - sqrt(L)"),
        Step::new("lemma-5/quarter-split", "Lemma 5, proof", &[493])
            .titled("A quarter of L taken out of L x^2/2")
            .given("L >= 1, x >= 1: l = 1/L, u = 1/x")
            .by(Body::Domain { variables: &["l", "u"], domain: quarter_range, sides: quarter })
            .holds("1 + (1/2)(L + 1 - 2 sqrt(L)) x^2 >= L/4 + (1/2)(L/2 + 1 - 2 sqrt(L)) x^2")
            .planted(Plant::WrongConstant, "the same with L/2 in place of L/4")
            .planted(Plant::DroppedHypothesis, "the same for x >= 1/2"),
    ]
}

fn second_half() -> Vec<Step> {
    vec![
        Step::new("lemma-5/large-depth", "Lemma 5, proof", &[])
            .quoted(497, "For L large enough")
            .titled("The first meaning of large enough")
            .given("L >= 12; the exact threshold is 6 + 4 sqrt(2) = 11.66; l = 1/L")
            .by(Body::Domain { variables: &["l"], domain: large, sides: |v, _| (coefficient(&v[0]), Big::zero()) })
            .holds("L/2 + 1 - 2 sqrt(L) >= 0")
            .planted(Plant::OffByOne, "the same for L >= 11"),
        Step::new("lemma-5/linear-in-x", "Lemma 5, proof", &[499])
            .titled("x^2 >= x in the last term")
            .given("L >= 12, x >= 1: l = 1/L, u = 1/x")
            .uses(&["lemma-5/second-order", "lemma-5/square-expanded", "lemma-5/quarter-split", "lemma-5/large-depth"])
            .by(Body::Domain { variables: &["l", "u"], domain: large_and_ratio, sides: powers_of_x })
            .holds("(1/2)(L/2 + 1 - 2 sqrt(L)) x^2 >= (1/2)(L/2 + 1 - 2 sqrt(L)) x: with the steps before, the display")
            .form(literal(
                "lemma-5/linear-in-x",
                SCALARS,
                powers_literal,
                "exp((sqrt(L)-1) x) >= (sqrt(L)-1) x + L/4 + (1/2)(L/2 + 1 - 2 sqrt(L)) x as printed, at points",
            ))
            .planted(Plant::OffByOne, "the same for L >= 11")
            .planted(Plant::FlippedSign, "(1/2)(L/2 + 1 - 2 sqrt(L)) x^2 <= (1/2)(L/2 + 1 - 2 sqrt(L)) x"),
        Step::new("lemma-5/collected", "Lemma 5, proof", &[503])
            .titled("The terms in x collected")
            .given("any s = sqrt(L) and x")
            .by(Body::Identity { sizes: SCALARS, degree: |_| 3, sides: collected })
            .holds("(sqrt(L)-1) x + L/4 + (1/2)(L/2 + 1 - 2 sqrt(L)) x = L/4 + (L/4 - 1/2) x")
            .planted(Plant::DroppedTerm, "(sqrt(L)-1) x + L/4 + (1/2)(L/2 + 1 - 2 sqrt(L)) x = L/4 + (L/4) x"),
        Step::new("lemma-5/last", "Lemma 5, proof", &[504])
            .quoted(506, "where the last inequality holds for L large enough")
            .titled("The second meaning of large enough")
            .given("L >= 2, x > 0: l = 1/L")
            .by(Body::Domain { variables: &["l"], domain: last_range, sides: last })
            .holds("L/4 + (L/4 - 1/2) x >= L/4")
            .planted(Plant::DroppedHypothesis, "the same for L >= 1"),
    ]
}

/// The audit of the proof of Lemma 5.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-5",
        title: "Lemma 5",
        section: "Appendix A",
        proves: &["lemma-5"],
        steps: first_half().into_iter().chain(second_half()).collect(),
        others: OTHERS,
    }
}
