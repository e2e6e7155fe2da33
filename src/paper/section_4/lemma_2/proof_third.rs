//! Steps of the third statement of Lemma 2 (B.3): neighbouring layers stay aligned.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | u_k, v_{k+1} | `Layer::u`, `Layer::v`: any choice where the first singular value is repeated | d_k |
//! | u_k^T W_{k+1}^T W_{k+1} u_k | [`fed`] | scalar |
//! | <v_{k+1}, u_k>^2 | [`cosine`] squared | scalar |
//!
//! Sizes are `[kind, d_0, .., d_L]` (`lemma_2_scenes.rs`). All quadratic forms are exact rationals.

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::paper::section_4::lemma_2::proof_first::{EXACT, PAIRS, sides_of};
use crate::paper::section_4::scenes::{Constants, Matrix, Scene, Value, at_least, on_scene, quadratic, spectral_norm};
use crate::problem::dot;
use num_traits::{One, Zero};

/// `u_k^T W_{k+1}^T W_{k+1} u_k`.
fn fed(s: &Scene, k: usize) -> Rational {
    quadratic(&s.at(k + 1).inner(), &s.at(k).u())
}

/// `<v_{k+1}, u_k>`.
fn cosine(s: &Scene, k: usize) -> Rational {
    dot(&s.at(k + 1).v(), &s.at(k).u())
}

/// `u_k^T W_k W_k^T u_k`, `u_k^T W_k(0) W_k(0)^T u_k`, `u_k^T W_{k+1}(0)^T W_{k+1}(0) u_k`.
fn three_forms(s: &Scene, k: usize) -> [Rational; 3] {
    let u = s.at(k).u();
    let (low, high) = (s.at_start(k), s.at_start(k + 1));
    [
        quadratic(&s.at(k).outer(), &u),
        quadratic(&(low * low.transpose()), &u),
        quadratic(&(high.transpose() * high), &u),
    ]
}

fn quadratic_form(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let of = |k: usize| {
            let [now, low, high] = three_forms(s, k);
            let right = match how {
                How::Planted(Plant::FlippedSign) => now + low - high,
                How::Planted(Plant::DroppedTerm) => now - low,
                _ => now - low + high,
            };
            (scalar(fed(s, k)), scalar(right))
        };
        (1..s.depth()).map(of).collect()
    })
}

/// Neighbouring layers, without constants of the initialisation.
fn each(draw: &mut Draw<'_>, pair: impl Fn(&Scene, usize) -> Pair) -> Margins {
    on_scene(draw, |s| (1..s.depth()).map(|k| pair(s, k)).collect())
}

fn drop_start(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    each(draw, |s, k| {
        let [now, low, high] = three_forms(s, k);
        let lesser = if how.plants(Plant::FlippedSign) { &now + &low } else { &now - &low };
        let pair = Pair::exact(&(now - low + high), &lesser, bits);
        if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }
    })
}

fn lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    each(draw, |s, k| {
        let [now, low, _] = three_forms(s, k);
        let first = if how.plants(Plant::LostSquare) { s.at(k).sigma().clone() } else { s.at(k).square() };
        let first = Value::of(first, bits);
        let start = s.square_at_start(k, bits);
        let lesser = if how.plants(Plant::DroppedTerm) { first } else { first.minus(start) };
        at_least(Value::of(now - low, bits), lesser)
    })
}

/// `sigma^2 v v^T` of layer k + 1.
fn first_part(s: &Scene, k: usize, square: &Rational) -> Matrix {
    let v = s.at(k).v();
    (&v * v.transpose()).map(|e| e * square)
}

fn split(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let of = |k: usize| {
            let next = s.at(k + 1);
            let u = s.at(k).u();
            let square = next.square();
            let added = if how.plants(Plant::LostSquare) { next.sigma().clone() } else { square.clone() };
            let rest = next.inner() - first_part(s, k + 1, &square);
            let aligned = u.transpose() * first_part(s, k + 1, &added) * &u;
            (scalar(fed(s, k)), scalar(quadratic(&rest, &u) + &aligned[(0, 0)]))
        };
        (1..s.depth()).map(of).collect()
    })
}

/// `W_{k+1}^T W_{k+1} - sigma_{k+1}^2 v_{k+1} v_{k+1}^T`.
fn rest(s: &Scene, k: usize) -> Matrix {
    s.at(k + 1).inner() - first_part(s, k + 1, &s.at(k + 1).square())
}

fn upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    each(draw, |s, k| {
        let square = cosine(s, k).powi(2);
        let aligned = match how {
            How::Planted(Plant::DroppedTerm) => Rational::zero(),
            How::Planted(Plant::DroppedFactor) => square,
            _ => square * s.at(k + 1).square(),
        };
        at_least(spectral_norm(&rest(s, k), bits).plus(Value::of(aligned, bits)), Value::of(fed(s, k), bits))
    })
}

/// The norm is the square of the second singular value, which is at most the sum of the squares of all but the first.
fn second_value(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_scene(draw, |s| {
        let of = |k: usize| {
            let others = s.at(k + 1).others();
            let rank = usize::from(how.plants(Plant::OffByOne));
            let second = others.get(rank).cloned().unwrap_or_else(Rational::zero).powi(2);
            let norm = spectral_norm(&rest(s, k), bits);
            let tail = s.at(k + 1).frobenius() - s.at(k + 1).square();
            let bound = Pair::exact(&tail, &second, bits);
            let second = Value::of(second, bits);
            let strict = how.plants(Plant::StrictInequality);
            [
                at_least(second.clone(), norm.clone()),
                at_least(norm, second),
                if strict { bound.strictly() } else { bound },
            ]
        };
        (1..s.depth()).flat_map(of).collect()
    })
}

fn by_tail(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_scene(draw, |s| {
        let c = s.constants(bits);
        let of = |k: usize| {
            let next = s.at(k + 1);
            let aligned = cosine(s, k).powi(2) * next.square();
            let tail = if how.plants(Plant::DroppedTerm) { Rational::zero() } else { next.frobenius() - next.square() };
            let middle = tail + &aligned;
            let quarter = if how.plants(Plant::WrongConstant) { Rational::new(1, 4) } else { Rational::one() };
            let last = c.bar().by(quarter).plus(Value::of(aligned, bits));
            [Pair::exact(&middle, &fed(s, k), bits), at_least(last, Value::of(middle, bits))]
        };
        (1..s.depth()).flat_map(of).collect()
    })
}

fn combined(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_scene(draw, |s| {
        let c = s.constants(bits);
        let of = |k: usize| {
            let next = s.at(k + 1);
            let factor = match how {
                How::Planted(Plant::LostSquare) => next.sigma().clone(),
                How::Planted(Plant::DroppedFactor) => Rational::one(),
                _ => next.square(),
            };
            let greater = c.bar().plus(Value::of(cosine(s, k).powi(2) * factor, bits));
            at_least(greater, Value::of(s.at(k).square(), bits).minus(s.square_at_start(k, bits)))
        };
        (1..s.depth()).map(of).collect()
    })
}

/// A chain `<v_{k+1}, u_k>^2 >= .. >= ..` with divisions by sigma_{k+1}^2, whose printed form does not ask that it be
/// positive. With the second link comes what it is where no enclosure decides it, if that is known.
fn with_quotients(
    draw: &mut Draw<'_>,
    how: How,
    bits: u32,
    bounds: impl Fn(&Scene, &Constants, usize) -> (Value, Value, Option<Tie>),
) -> Margins {
    let scene = match Scene::draw(draw) {
        Ok(scene) => scene,
        Err(why) => return Margins::OutOfScope(why),
    };
    let deep = 1..scene.depth();
    if deep.is_empty() {
        return Margins::OutOfScope("L = 1: no pair of layers");
    }
    if deep.clone().any(|k| scene.at(k + 1).sigma().is_zero()) {
        return if how.printed() {
            Margins::Undefined("sigma_{k+1} = 0: division by zero")
        } else {
            Margins::OutOfScope("sigma_{k+1} = 0")
        };
    }
    let c = scene.constants(bits);
    let of = |k: usize| {
        let (middle, last, tie) = bounds(&scene, &c, k);
        let first = at_least(Value::of(cosine(&scene, k).powi(2), bits), middle.clone());
        [first, at_least(middle, last).or_exactly(tie)]
    };
    Margins::All(deep.flat_map(of).collect())
}

fn quotient(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    with_quotients(draw, how, bits, |s, c, k| {
        let value = |q: Rational| Value::of(q, bits);
        let (square, start) = (s.at(k + 1).square(), s.square_at_start(k, bits));
        let middle = value(s.at(k).square()).minus(start.clone()).minus(c.bar());
        let twice = value(square.clone()).minus(c.bar()).minus(start.clone()).minus(c.bar());
        let last = match how {
            How::Planted(Plant::DroppedTerm) => twice.plus(c.bar()),
            How::Planted(Plant::FlippedSign) => twice.plus(start.by(Rational::from(2))),
            _ => twice,
        };
        let inverse = 1 / square;
        (middle.by(inverse.clone()), last.by(inverse), None)
    })
}

fn alignment(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    with_quotients(draw, how, bits, |s, c, k| {
        let one = Value::of(Rational::one(), bits);
        let next = s.at(k + 1);
        let sign = Rational::from(if how.plants(Plant::FlippedSign) { -1 } else { 1 });
        let inverse = sign.clone() / next.square();
        let start = s.square_at_start(k, bits);
        let dropped = how.plants(Plant::DroppedTerm);
        // Both sides of the second link have 1 and 2 D (nothing else, where that is left out): the largest norm_F^2
        // against norm_2(W_k(0))^2, where that is rational.
        let largest = if dropped { start.exact.clone() } else { Some(c.largest.clone()) };
        let signed = |q: Rational| sign.clone() * q;
        let tie = largest.zip(start.exact.clone()).map(|(l, s)| Tie::Order(signed(l), signed(s)));
        let first = if dropped { start } else { c.bar().by(Rational::from(2)).plus(start) };
        let epsilon = if dropped { first.clone() } else { c.epsilon() };
        (one.clone().minus(first.by(inverse.clone())), one.minus(epsilon.by(inverse)), tie)
    })
}

const LEMMA_1: &str = "W and W(0) satisfy Lemma 1, d_L = 1; any choice of singular vectors";
const POSITIVE: &str =
    "W and W(0) satisfy Lemma 1, d_L = 1; any choice of singular vectors; in the corrected form sigma_{k+1}(t) > 0";
const DIVISION: &str = "A hypothesis is missing: sigma_{k+1}(t) > 0. Smallest counterexample: L = 2, W_2 = W_2(0) = \
                        0, which is the paper's own example of (A2) at t = 0: \
     the quotient has no value. The display before, without the division, holds always. B.4 uses the quotient only \
     under (21), where sigma_{k+1}^2 > epsilon >= 0, and B.5 where sigma_{k+1} > 0 by the first inequality of \
     Corollary 1, so Theorem 3 \
     does not depend on it; the third statement of Lemma 2 is to be read as the inequality times sigma_{k+1}^2.";

fn two_sides() -> Vec<Step> {
    let on_pairs = |sides| Body::Instances { sizes: PAIRS, sides };
    let exactly = |sides| Body::Identity { sizes: EXACT, sides };
    vec![
        Step::new("lemma-2/quadratic-form", "Lemma 2, proof, third statement, first display, equality", &[1116])
            .titled("Lemma 1 between u_k and itself")
            .given(LEMMA_1)
            .uses(&["lemma-1"])
            .by(exactly(quadratic_form))
            .holds(
                "u_k^T W_{k+1}^T W_{k+1} u_k = u_k^T W_k W_k^T u_k - u_k^T W_k(0) W_k(0)^T u_k + u_k^T \
                    W_{k+1}(0)^T W_{k+1}(0) u_k",
            )
            .planted(Plant::FlippedSign, "the last two terms with the other sign")
            .planted(Plant::DroppedTerm, "the same without the last term"),
        Step::new("lemma-2/quadratic-drop", "Lemma 2, proof, third statement, first display, second line", &[1121])
            .titled("A square is not negative")
            .given(LEMMA_1)
            .by(on_pairs(drop_start))
            .holds(
                "u_k^T W_k W_k^T u_k - u_k^T W_k(0) W_k(0)^T u_k + u_k^T W_{k+1}(0)^T W_{k+1}(0) u_k >= u_k^T W_k \
                    W_k^T u_k - u_k^T W_k(0) W_k(0)^T u_k",
            )
            .planted(Plant::StrictInequality, "the same with > (not for W_{k+1}(0) = 0)")
            .planted(Plant::FlippedSign, ".. >= u_k^T W_k W_k^T u_k + u_k^T W_k(0) W_k(0)^T u_k"),
        Step::new("lemma-2/quadratic-lower", "Lemma 2, proof, third statement, first display, third line", &[1126])
            .titled("The lower bound")
            .given(LEMMA_1)
            .by(on_pairs(lower))
            .holds("u_k^T W_k W_k^T u_k - u_k^T W_k(0) W_k(0)^T u_k >= sigma_k^2 - norm_2(W_k(0))^2")
            .planted(Plant::DroppedTerm, ".. >= sigma_k^2")
            .planted(Plant::LostSquare, ".. >= sigma_k - norm_2(W_k(0))^2"),
        Step::new("lemma-2/quadratic-split", "Lemma 2, proof, third statement, second display, equality", &[1132])
            .titled("The part along v_{k+1} taken out")
            .given(LEMMA_1)
            .by(exactly(split))
            .holds(
                "u_k^T W_{k+1}^T W_{k+1} u_k = u_k^T (W_{k+1}^T W_{k+1} - sigma_{k+1}^2 v_{k+1} v_{k+1}^T) u_k + \
                    u_k^T v_{k+1} sigma_{k+1}^2 v_{k+1}^T u_k",
            )
            .planted(Plant::LostSquare, "the last term with sigma_{k+1}"),
        Step::new("lemma-2/quadratic-upper", "Lemma 2, proof, third statement, second display, second line", &[1136])
            .titled("The upper bound")
            .given(LEMMA_1)
            .by(on_pairs(upper))
            .holds(
                "u_k^T W_{k+1}^T W_{k+1} u_k <= norm_2(W_{k+1}^T W_{k+1} - sigma_{k+1}^2 v_{k+1} v_{k+1}^T) + \
                    <v_{k+1}, u_k>^2 sigma_{k+1}^2",
            )
            .planted(Plant::DroppedTerm, "the same without the last term")
            .planted(Plant::DroppedFactor, "the same with <v_{k+1}, u_k>^2 alone"),
        Step::new("lemma-2/second-singular-value", "Lemma 2, proof, third statement, text", &[])
            .quoted(1138, "is equal to the second largest eigenvalue of")
            .titled("The norm of what is left")
            .given(
                "any layer and choice of its first right singular vector; a layer of rank one has second singular \
                    value zero",
            )
            .by(on_pairs(second_value))
            .holds("norm_2(W^T W - sigma^2 v v^T) = s_2^2 <= norm_F(W)^2 - norm_2(W)^2")
            .planted(Plant::OffByOne, "the same with the third singular value")
            .planted(Plant::StrictInequality, "s_2^2 < norm_F(W)^2 - norm_2(W)^2 (the text says: lower than)"),
        Step::new("lemma-2/quadratic-tail", "Lemma 2, proof, third statement, third display", &[1140])
            .titled("The upper bound by epsilon-bar")
            .given(LEMMA_1)
            .uses(&[
                "lemma-2/quadratic-split",
                "lemma-2/quadratic-upper",
                "lemma-2/second-singular-value",
                "lemma-2/first-statement",
            ])
            .by(on_pairs(by_tail))
            .holds(
                "u_k^T W_{k+1}^T W_{k+1} u_k <= norm_F(W_{k+1})^2 - norm_2(W_{k+1})^2 + <v_{k+1}, u_k>^2 \
                    sigma_{k+1}^2 <= epsilon-bar + <v_{k+1}, u_k>^2 sigma_{k+1}^2",
            )
            .planted(Plant::DroppedTerm, "the same without norm_F(W_{k+1})^2 - norm_2(W_{k+1})^2")
            .planted(Plant::WrongConstant, "the same with epsilon-bar/4")
            .remarks(&["The text says: by the first statement of the Lemma, which has epsilon; it is the proof of \
                        that statement that gives epsilon-bar."]),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let on_pairs = |sides| Body::Instances { sizes: PAIRS, sides };
    let mut out = two_sides();
    out.extend([
        Step::new("lemma-2/combined", "Lemma 2, proof, third statement, fourth display", &[1146])
            .titled("Lower and upper bound together")
            .given(LEMMA_1)
            .uses(&[
                "lemma-2/quadratic-form",
                "lemma-2/quadratic-drop",
                "lemma-2/quadratic-lower",
                "lemma-2/quadratic-tail",
            ])
            .by(on_pairs(combined))
            .holds("epsilon-bar + <v_{k+1}, u_k>^2 sigma_{k+1}^2 >= sigma_k^2 - norm_2(W_k(0))^2")
            .planted(Plant::LostSquare, "the same with sigma_{k+1} on the left")
            .planted(Plant::DroppedFactor, "the same without sigma_{k+1}^2"),
        Step::new("lemma-2/alignment-quotient", "Lemma 2, proof, third statement, fifth display", &[1152])
            .titled("Divided by sigma_{k+1}^2")
            .given(POSITIVE)
            .uses(&["lemma-2/combined", "lemma-2/second-statement"])
            .by(on_pairs(quotient))
            .fails(
                "<v_{k+1}, u_k>^2 >= (sigma_k^2 - norm_2(W_k(0))^2 - epsilon-bar)/sigma_{k+1}^2 >= (sigma_{k+1}^2 - \
                 epsilon-bar - norm_2(W_k(0))^2 - epsilon-bar)/sigma_{k+1}^2",
                Fault::Hypothesis,
                DIVISION,
            )
            .corrected("the same where sigma_{k+1} > 0")
            .planted(Plant::DroppedTerm, "the last numerator with one epsilon-bar")
            .planted(Plant::FlippedSign, "the last numerator with + norm_2(W_k(0))^2")
            .remarks(&["The text says: by the second statement of the Lemma, which has epsilon; it is the proof of \
                        that statement that gives epsilon-bar."]),
        Step::new("lemma-2/alignment", "Lemma 2, proof, third statement, last display", &[1158])
            .titled("Neighbouring layers stay nearly aligned")
            .given(POSITIVE)
            .uses(&["lemma-2/alignment-quotient", "lemma-2/epsilon-bar"])
            .by(on_pairs(alignment))
            .fails(
                "<v_{k+1}, u_k>^2 >= 1 - (2 epsilon-bar + norm_2(W_k(0))^2)/sigma_{k+1}^2 >= 1 - epsilon/sigma_{k+1}^2",
                Fault::Hypothesis,
                DIVISION,
            )
            .corrected("the same where sigma_{k+1} > 0")
            .planted(Plant::FlippedSign, "the same with 1 + .. in place of 1 - .., twice")
            .planted(Plant::DroppedTerm, "<v_{k+1}, u_k>^2 >= 1 - norm_2(W_k(0))^2/sigma_{k+1}^2"),
    ]);
    out
}
