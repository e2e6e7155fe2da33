//! Steps of B.2 and of the first two statements of Lemma 2 (B.3).
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | G_k = grad_k R^L, dW_k/dt = -G_k | `Network::gradient` | d_k x d_{k-1} |
//! | W_k, W_k(0), epsilon-bar, .. | `lemma_2_scenes.rs` | |
//!
//! Sizes of B.3 are `[kind, d_0, .., d_L]`. Norms now are exact by the known singular values; norms of sums of matrices
//! and all norms at t = 0 are taken from the matrices.

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::paper::section_4::scenes::{
    CHAIN, Constants, GROWN, Matrix, PSEUDO, STILL, Scene, Value, at_least, on_scene, spectral_norm,
};
use crate::problem::{Moments, norm_squared};
use num_traits::Zero;

/// Pairs for the inequalities: scalars, narrow, square, wide; several depths.
pub(crate) const PAIRS: Sizes = &[
    &[STILL, 1, 1],
    &[STILL, 1, 1, 1],
    &[STILL, 2, 2, 1],
    &[STILL, 2, 1, 2, 1],
    &[STILL, 3, 3, 1],
    &[STILL, 2, 2, 2, 1],
    &[CHAIN, 1, 1, 1, 1],
    &[CHAIN, 2, 2, 2, 1],
    &[PSEUDO, 1, 1, 1],
    &[PSEUDO, 2, 2, 1],
    &[GROWN, 2, 2, 1],
];

/// Pairs for the identities: few, at large integers.
pub(crate) const EXACT: Sizes = &[
    &[STILL, 1, 1, 1],
    &[STILL, 1, 2, 1],
    &[STILL, 2, 3, 2, 1],
    &[CHAIN, 1, 1, 1, 1],
    &[CHAIN, 2, 2, 2, 1],
    &[CHAIN, 3, 2, 2, 3, 1],
    &[PSEUDO, 1, 1, 1],
    &[PSEUDO, 2, 3, 1],
    &[PSEUDO, 3, 2, 1],
];

/// The sides that an identity makes of a pair.
pub(crate) fn sides_of(draw: &mut Draw<'_>, sides: impl FnOnce(&Scene) -> Vec<(Matrix, Matrix)>) -> Exact {
    match Scene::draw(draw) {
        Ok(scene) => Exact::Sides(sides(&scene)),
        Err(why) => Exact::OutOfScope(why),
    }
}

/// B.2: both sides of Lemma 1 have the same derivative along the flow.
fn derivative(draw: &mut Draw<'_>, how: How) -> Exact {
    let widths = draw.sizes();
    let network = draw.network(widths, false);
    let (x, y) = draw.data(widths[0] + 1, widths[0]);
    let Some(network) = network else { return Exact::OutOfScope("d_L = 1 is needed") };
    let gradient = network.gradient(&Moments::new(&x, &y));
    // d/dt (A^T A) for dA/dt = V, and d/dt (A A^T).
    let inner = |a: &Matrix, v: &Matrix| v.transpose() * a + a.transpose() * v;
    let outer = |a: &Matrix, v: &Matrix| v * a.transpose() + a * v.transpose();
    let sign = Rational::from(if how.plants(Plant::FlippedSign) { 1 } else { -1 });
    let sides = (1..network.depth()).map(|k| {
        let (low, high) = (&network.layers()[k - 1], &network.layers()[k]);
        let left = inner(high, &-gradient.layer(k + 1));
        let right = if how.plants(Plant::DroppedTerm) {
            -gradient.layer(k) * low.transpose()
        } else {
            outer(low, &gradient.layer(k).map(|v| v * &sign))
        };
        (left, right)
    });
    Exact::Sides(sides.collect())
}

/// epsilon-bar <= epsilon.
fn epsilon_bar(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_scene(draw, |s| {
        let c = s.constants(bits);
        let pair = at_least(c.epsilon(), c.bar());
        vec![if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }]
    })
}

/// `A = W_L^T W_L` has `A^2 = norm_F(W_L)^2 A`: its eigenvalues are norm_F(W_L)^2 and zeros, so norm_2(W_L)^2 =
/// norm_F(W_L)^2.
fn last_layer(draw: &mut Draw<'_>, how: How) -> Exact {
    let rows = if how.plants(Plant::DroppedHypothesis) { 2 } else { 1 };
    let w = draw.matrix(rows, draw.size(0));
    let a = w.transpose() * &w;
    let square = norm_squared(w.iter());
    Exact::Sides(vec![(&a * &a, a.map(|v| v * &square))])
}

/// The matrices whose norms are taken in the first display of B.3.
fn lemma_1_norms(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let of = |k: usize| {
            let gap = if how.plants(Plant::OffByOne) { s.gap_at_start(1) } else { s.gap_at_start(k) };
            let (base, sign) = (s.at(k).outer(), if how.plants(Plant::FlippedSign) { -1 } else { 1 });
            (s.at(k + 1).inner(), base + gap.map(|v| v * Rational::from(sign)))
        };
        let same = |k: &usize| s.gap_at_start(1).shape() == s.gap_at_start(*k).shape();
        let all: Vec<usize> = (1..s.depth()).filter(|k| !how.plants(Plant::OffByOne) || same(k)).collect();
        all.into_iter().map(of).collect()
    })
}

/// A statement about neighbouring layers: scene, constants, k.
fn neighbours(draw: &mut Draw<'_>, bits: u32, pair: impl Fn(&Scene, &Constants, usize) -> Pair) -> Margins {
    on_scene(draw, |s| {
        let c = s.constants(bits);
        (1..s.depth()).map(|k| pair(s, &c, k)).collect()
    })
}

/// D_k, half of it or nothing where that is planted.
fn gap_norm(c: &Constants, k: usize, how: How, bits: u32) -> Value {
    match how {
        How::Planted(Plant::DroppedTerm) => Value::of(Rational::zero(), bits),
        How::Planted(Plant::WrongConstant) => c.gaps[k - 1].clone().by(Rational::new(1, 2)),
        _ => c.gaps[k - 1].clone(),
    }
}

fn triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let outer = s.at(k).outer();
        let sum = spectral_norm(&(&outer + s.gap_at_start(k)), bits);
        at_least(spectral_norm(&outer, bits).plus(gap_norm(c, k, how, bits)), sum)
    })
}

/// `norm_2(A^T A) = norm_2(A A^T) = norm_2(A)^2`, A with known singular values.
fn gram_norms(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_scene(draw, |s| {
        let of = |k: usize| {
            let layer = s.at(k);
            let lost = how.plants(Plant::LostSquare);
            let square = if lost { layer.sigma().clone() } else { layer.square() };
            let square = Value::of(square, bits);
            [layer.inner(), layer.outer()].into_iter().flat_map(move |gram| {
                let norm = spectral_norm(&gram, bits);
                [at_least(norm.clone(), square.clone()), at_least(square.clone(), norm)]
            })
        };
        (1..=s.depth()).flat_map(of).collect()
    })
}

/// (19).
fn eq_19(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let d = gap_norm(c, k, how, bits);
        let next = Value::of(s.at(k + 1).square(), bits);
        let left = if how.plants(Plant::FlippedSign) { next.plus(d) } else { next.minus(d) };
        at_least(Value::of(s.at(k).square(), bits), left)
    })
}

/// The traces of Lemma 1.
fn trace(draw: &mut Draw<'_>, how: How) -> Exact {
    sides_of(draw, |s| {
        let of = |k: usize| {
            let now = |k: usize| s.at(k).frobenius();
            let start = |k: usize| s.frobenius_at_start(k);
            let left = now(k + 1) - start(k + 1);
            let right = match how {
                How::Planted(Plant::FlippedSign) => now(k) + start(k),
                How::Planted(Plant::DroppedTerm) => now(k),
                _ => now(k) - start(k),
            };
            (scalar(left), scalar(right))
        };
        (1..s.depth()).map(of).collect()
    })
}

/// norm_F(W_k)^2 - norm_2(W_k)^2.
fn tail(s: &Scene, k: usize) -> Rational {
    s.at(k).frobenius() - s.at(k).square()
}

fn tail_step(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let (low, high) = (s.frobenius_at_start(k), s.frobenius_at_start(k + 1));
        let change = if how.plants(Plant::FlippedSign) { high - low } else { low - high };
        let right = Value::of(tail(s, k + 1) + change, bits).plus(gap_norm(c, k, how, bits));
        at_least(right, Value::of(tail(s, k), bits))
    })
}

/// Line 1083 as printed: the products of which norms are taken, against those of Lemma 1.
fn lost_transpose(draw: &mut Draw<'_>, _how: How) -> Exact {
    let scene = match Scene::draw(draw) {
        Ok(scene) => scene,
        Err(why) => return Exact::OutOfScope(why),
    };
    let mut sides = Vec::new();
    for k in 2..=scene.depth() {
        let w = scene.at_start(k);
        match (chain(&[w, w]), chain(&[&w.transpose(), w])) {
            (Ok(printed), Ok(meant)) => sides.push((printed, meant)),
            (Err(what), _) | (_, Err(what)) => return Exact::DoesNotChain(format!("W_{k}(0) W_{k}(0): {what}")),
        }
    }
    Exact::Sides(sides)
}

fn tail_sum(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let depth = s.depth();
        let (low, high) = (s.frobenius_at_start(k), s.frobenius_at_start(depth));
        let change = if how.plants(Plant::FlippedSign) { high - low } else { low - high };
        let from = if how.plants(Plant::OffByOne) { k + 1 } else { k };
        let right = Value::of(tail(s, depth) + change, bits).plus(c.sum(from, depth));
        at_least(right, Value::of(tail(s, k), bits))
    })
}

/// `norm_F(W_k(0))^2 - norm_F(W_L(0))^2 + sum <= epsilon-bar <= epsilon`.
fn remainder(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let depth = s.depth();
        let left = s.frobenius_at_start(k) - s.frobenius_at_start(depth);
        // The norms of the gaps from k on stand on both sides and are left out of both, so that equality stays exact
        // (k = 1 and W_L(0) = 0).
        let left = Value::of(left, bits);
        let zero = Value::of(Rational::zero(), bits);
        let largest = (1..=depth).fold(zero, |m, j| {
            let norm = if how.plants(Plant::MissingNorm) {
                s.square_at_start(j, bits)
            } else {
                Value::of(s.frobenius_at_start(j), bits)
            };
            m.max(norm)
        });
        let pair = at_least(largest.plus(c.sum(1, k)), left);
        if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }
    })
}

/// The first statement of Lemma 2, with epsilon-bar.
fn first(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_scene(draw, |s| {
        let c = s.constants(bits);
        let bar = if how.plants(Plant::DroppedTerm) { c.sum(1, s.depth()) } else { c.bar() };
        (1..=s.depth()).map(|k| at_least(bar.clone(), Value::of(tail(s, k), bits))).collect()
    })
}

/// All pairs k < j, with the constants.
fn ordered(draw: &mut Draw<'_>, bits: u32, pairs: impl Fn(&Scene, &Constants, usize, usize) -> Vec<Pair>) -> Margins {
    on_scene(draw, |s| {
        let c = s.constants(bits);
        let all = (1..s.depth()).flat_map(|k| (k + 1..=s.depth()).map(move |j| (k, j)));
        all.flat_map(|(k, j)| pairs(s, &c, k, j)).collect()
    })
}

/// `sigma_j^2 <= sigma_k^2 + sum <= sigma_k^2 + epsilon-bar`, j > k.
fn balance_up(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    ordered(draw, bits, |s, c, k, j| {
        let from = if how.plants(Plant::OffByOne) { k + 1 } else { k };
        let sum = match how {
            How::Planted(Plant::FlippedSign) => c.sum(from, j).by(Rational::from(-1)),
            _ => c.sum(from, j),
        };
        let low = Value::of(s.at(k).square(), bits);
        let middle = low.clone().plus(sum);
        vec![at_least(middle.clone(), Value::of(s.at(j).square(), bits)), at_least(low.plus(c.bar()), middle)]
    })
}

fn reverse_norms(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let right = spectral_norm(&s.at(k + 1).inner(), bits).plus(gap_norm(c, k, how, bits));
        at_least(right, spectral_norm(&s.at(k).outer(), bits))
    })
}

fn reverse_squares(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    neighbours(draw, bits, |s, c, k| {
        let lost = how.plants(Plant::LostSquare);
        let left = if lost { s.at(k).sigma().clone() } else { s.at(k).square() };
        at_least(Value::of(s.at(k + 1).square(), bits).plus(gap_norm(c, k, how, bits)), Value::of(left, bits))
    })
}

/// epsilon-bar, a quarter of it or nothing where that is planted.
fn bar(c: &Constants, how: How, bits: u32) -> Value {
    match how {
        How::Planted(Plant::DroppedTerm) => Value::of(Rational::zero(), bits),
        How::Planted(Plant::WrongConstant) => c.bar().by(Rational::new(1, 4)),
        _ => c.bar(),
    }
}

fn balance_down(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    ordered(draw, bits, |s, c, k, j| {
        let right = Value::of(s.at(j).square(), bits).plus(bar(c, how, bits));
        vec![at_least(right, Value::of(s.at(k).square(), bits))]
    })
}

/// The second statement of Lemma 2, with epsilon-bar.
fn second(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    ordered(draw, bits, |s, c, k, j| {
        let power = if how.plants(Plant::WrongPower) { 1 } else { 2 };
        let difference = s.at(k).sigma().powi(power) - s.at(j).sigma().powi(power);
        vec![at_least(bar(c, how, bits), Value::of(difference.abs(), bits))]
    })
}

const LEMMA_1: &str = "W and W(0) satisfy Lemma 1 (as the flow does at every t), d_L = 1";

fn first_statement() -> Vec<Step> {
    let on_pairs = |sides| Body::Instances { sizes: PAIRS, sides };
    let exactly = |sides| Body::Identity { sizes: EXACT, sides };
    vec![
        Step::new("lemma-2/epsilon-bar", "Lemma 2, proof, after the first display", &[])
            .quoted(1045, "Note that")
            .titled("epsilon-bar is the smaller")
            .given("any W(0)")
            .by(on_pairs(epsilon_bar))
            .holds("epsilon-bar <= epsilon")
            .planted(Plant::StrictInequality, "epsilon-bar < epsilon (not for W(0) = 0)")
            .stronger(Plant::WrongConstant, "epsilon-bar <= epsilon/3", Rational::from(3)),
        Step::new("lemma-2/last-layer", "Lemma 2, proof, first statement", &[])
            .quoted(1047, "is a (row) vector")
            .titled("The last layer has rank one")
            .given("d_L = 1")
            .by(Body::Identity { sizes: &[&[1], &[2], &[4]], sides: last_layer })
            .holds("norm_2(W_L)^2 = norm_F(W_L)^2: (W_L^T W_L)^2 = norm_F(W_L)^2 W_L^T W_L")
            .planted(Plant::DroppedHypothesis, "the same for d_L = 2"),
        Step::new("lemma-2/lemma-1-norm", "Lemma 2, proof, first display of the first statement, equality", &[1049])
            .titled("Lemma 1 under the norm")
            .given(LEMMA_1)
            .uses(&["lemma-1"])
            .by(exactly(lemma_1_norms))
            .holds("W_{k+1}^T W_{k+1} = W_k W_k^T + W_{k+1}(0)^T W_{k+1}(0) - W_k(0) W_k(0)^T, so the norms agree")
            .planted(Plant::FlippedSign, "the gap at t = 0 subtracted")
            .planted(Plant::OffByOne, "the gap of the first two layers for every k"),
        Step::new("lemma-2/triangle", "Lemma 2, proof, first display of the first statement, inequality", &[1053])
            .titled("The triangle inequality")
            .given(LEMMA_1)
            .by(on_pairs(triangle))
            .holds("norm_2(W_k W_k^T + Delta_k) <= norm_2(W_k W_k^T) + norm_2(Delta_k), Delta_k the gap at t = 0")
            .planted(Plant::DroppedTerm, "norm_2(W_k W_k^T + Delta_k) <= norm_2(W_k W_k^T)")
            .planted(Plant::WrongConstant, "norm_2(W_k W_k^T + Delta_k) <= norm_2(W_k W_k^T) + norm_2(Delta_k)/2"),
        Step::new("lemma-2/gram-norms", "Lemma 2, proof, before (19)", &[])
            .quoted(1055, "Thus, using")
            .titled("Norms of Gram matrices")
            .given("any matrix")
            .by(on_pairs(gram_norms))
            .holds("norm_2(A^T A) = norm_2(A A^T) = norm_2(A)^2")
            .planted(Plant::LostSquare, "norm_2(A^T A) = norm_2(A)"),
        Step::new("lemma-2/eq-19", "Lemma 2, proof, (19)", &[1058])
            .titled("Squared norms of neighbours, upwards")
            .given(LEMMA_1)
            .uses(&["lemma-2/lemma-1-norm", "lemma-2/triangle", "lemma-2/gram-norms"])
            .by(on_pairs(eq_19))
            .holds("norm_2(W_{k+1})^2 - norm_2(Delta_k) <= norm_2(W_k)^2")
            .planted(Plant::DroppedTerm, "norm_2(W_{k+1})^2 <= norm_2(W_k)^2")
            .planted(Plant::FlippedSign, "norm_2(W_{k+1})^2 + norm_2(Delta_k) <= norm_2(W_k)^2")
            .planted(Plant::WrongConstant, "norm_2(W_{k+1})^2 - norm_2(Delta_k)/2 <= norm_2(W_k)^2"),
        Step::new("lemma-2/trace", "Lemma 2, proof, after (19)", &[1065])
            .titled("The trace of Lemma 1")
            .given(LEMMA_1)
            .uses(&["lemma-1"])
            .by(exactly(trace))
            .holds("norm_F(W_{k+1})^2 - norm_F(W_{k+1}(0))^2 = norm_F(W_k)^2 - norm_F(W_k(0))^2")
            .planted(Plant::FlippedSign, ".. = norm_F(W_k)^2 + norm_F(W_k(0))^2")
            .planted(Plant::DroppedTerm, ".. = norm_F(W_k)^2"),
        Step::new("lemma-2/tail-step", "Lemma 2, proof, first statement, one layer", &[1071, 1076])
            .titled("The tail of one layer by that of the next")
            .given(LEMMA_1)
            .uses(&["lemma-2/eq-19", "lemma-2/trace"])
            .by(on_pairs(tail_step))
            .holds(
                "tail_k <= tail_{k+1} + norm_F(W_k(0))^2 - norm_F(W_{k+1}(0))^2 + norm_2(Delta_k), tail_k = \
                    norm_F(W_k)^2 - norm_2(W_k)^2",
            )
            .planted(Plant::DroppedTerm, "the same without norm_2(Delta_k)")
            .planted(Plant::FlippedSign, "the same with norm_F(W_{k+1}(0))^2 - norm_F(W_k(0))^2")
            .planted(Plant::WrongConstant, "the same with norm_2(Delta_k)/2"),
        Step::new("lemma-2/tail-sum", "Lemma 2, proof, first statement, telescoped", &[1082])
            .titled("The tail by the initialisation")
            .given(LEMMA_1)
            .uses(&["lemma-2/tail-step"])
            .by(exactly(lost_transpose))
            .fails(
                ".. + sum_{k' >= k} norm_2(W_{k'+1}(0) W_{k'+1}(0) - W_{k'}(0) W_{k'}(0)^T)",
                Fault::Extraction,
                "A transpose is missing in W_{k'+1}(0) W_{k'+1}(0) (W_{k'+1} is d_{k'+1} x d_{k'}): for L = 2, d_1 = \
                 2, d_2 = 1, the smallest case, it does not chain, and so for every list of hidden widths but 1, .., \
                 1, because the widths must fall to \
                 d_L = 1. The display before and the display after have W_{k'+1}(0)^T W_{k'+1}(0). Perhaps lost in \
                 the extraction; nothing depends on it.",
            )
            .by(on_pairs(tail_sum))
            .corrected(
                "tail_k <= tail_L + norm_F(W_k(0))^2 - norm_F(W_L(0))^2 + sum_{k' >= k} norm_2(W_{k'+1}(0)^T \
                 W_{k'+1}(0) - W_{k'}(0) W_{k'}(0)^T)",
            )
            .planted(Plant::OffByOne, "the same with the sum from k + 1 on")
            .planted(Plant::FlippedSign, "the same with norm_F(W_L(0))^2 - norm_F(W_k(0))^2"),
        Step::new("lemma-2/first-remainder", "Lemma 2, proof, end of the first statement", &[])
            .quoted(1086, "the remainder of the terms is less than")
            .titled("What is left is at most epsilon-bar")
            .given("any W(0)")
            .uses(&["lemma-2/last-layer"])
            .by(on_pairs(remainder))
            .holds("norm_F(W_k(0))^2 - norm_F(W_L(0))^2 + sum_{k' >= k} norm_2(Delta_k') <= epsilon-bar")
            .planted(Plant::StrictInequality, "the same with < (not for W_L(0) = 0)")
            .planted(Plant::MissingNorm, "the same with the largest norm_2(W_k(0))^2 in epsilon-bar"),
        Step::new("lemma-2/first-statement", "Lemma 2, proof, end of the first statement", &[])
            .quoted(1086, "This gives the first statement of the Lemma")
            .titled("Layers stay nearly rank one")
            .given(LEMMA_1)
            .uses(&["lemma-2/tail-sum", "lemma-2/first-remainder", "lemma-2/last-layer", "lemma-2/epsilon-bar"])
            .by(on_pairs(first))
            .holds("norm_F(W_k)^2 - norm_2(W_k)^2 <= epsilon-bar, k = 1, .., L")
            .planted(Plant::DroppedTerm, "the same with D, without the norms of the layers")
            .stronger(Plant::WrongConstant, "the same with epsilon-bar/4", Rational::from(4)),
    ]
}

fn second_statement() -> Vec<Step> {
    let on_pairs = |sides| Body::Instances { sizes: PAIRS, sides };
    vec![
        Step::new("lemma-2/balance-up", "Lemma 2, proof, second statement, first display", &[1090])
            .titled("Squared norms of any two layers, upwards")
            .given(LEMMA_1)
            .uses(&["lemma-2/eq-19"])
            .by(on_pairs(balance_up))
            .holds("sigma_j^2 <= sigma_k^2 + sum_{k <= k' < j} norm_2(Delta_k') <= sigma_k^2 + epsilon-bar, j > k")
            .planted(Plant::OffByOne, "the same with the sum from k + 1 on")
            .planted(Plant::FlippedSign, "sigma_j^2 <= sigma_k^2 - sum"),
        Step::new("lemma-2/reverse-norms", "Lemma 2, proof, second statement, second display", &[1096])
            .titled("The triangle inequality the other way")
            .given(LEMMA_1)
            .uses(&["lemma-1"])
            .by(on_pairs(reverse_norms))
            .holds("norm_2(W_k W_k^T) <= norm_2(W_{k+1}^T W_{k+1}) + norm_2(Delta_k)")
            .planted(Plant::DroppedTerm, "norm_2(W_k W_k^T) <= norm_2(W_{k+1}^T W_{k+1})")
            .planted(Plant::WrongConstant, "the same with norm_2(Delta_k)/2"),
        Step::new("lemma-2/reverse-squares", "Lemma 2, proof, second statement, third display", &[1102])
            .titled("Squared norms of neighbours, downwards")
            .given(LEMMA_1)
            .uses(&["lemma-2/reverse-norms", "lemma-2/gram-norms"])
            .by(on_pairs(reverse_squares))
            .holds("norm_2(W_k)^2 <= norm_2(W_{k+1})^2 + norm_2(Delta_k)")
            .planted(Plant::DroppedTerm, "norm_2(W_k)^2 <= norm_2(W_{k+1})^2")
            .planted(Plant::LostSquare, "norm_2(W_k) <= norm_2(W_{k+1})^2 + norm_2(Delta_k)"),
        Step::new("lemma-2/balance-down", "Lemma 2, proof, second statement, fourth display", &[1108])
            .titled("Squared norms of any two layers, downwards")
            .given(LEMMA_1)
            .uses(&["lemma-2/reverse-squares"])
            .by(on_pairs(balance_down))
            .holds("sigma_k^2 <= sigma_j^2 + epsilon-bar, j > k")
            .planted(Plant::DroppedTerm, "sigma_k^2 <= sigma_j^2")
            .planted(Plant::WrongConstant, "sigma_k^2 <= sigma_j^2 + epsilon-bar/4"),
        Step::new("lemma-2/second-statement", "Lemma 2, proof, end of the second statement", &[])
            .quoted(1112, "this gives the second statement of the lemma")
            .titled("Spectral norms stay nearly equal")
            .given(LEMMA_1)
            .uses(&["lemma-2/balance-up", "lemma-2/balance-down", "lemma-2/epsilon-bar"])
            .by(on_pairs(second))
            .holds("|sigma_k^2 - sigma_j^2| <= epsilon-bar")
            .planted(Plant::WrongConstant, "|sigma_k^2 - sigma_j^2| <= epsilon-bar/4")
            .planted(Plant::WrongPower, "|sigma_k - sigma_j| <= epsilon-bar"),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let widths: Sizes = &[&[1, 1, 1], &[2, 2, 1], &[3, 2, 1], &[2, 3, 1, 1], &[2, 1, 3, 2, 1]];
    let mut out = vec![
        Step::new("lemma-2/lemma-1-derivative", "Lemma 1, proof (B.2)", &[])
            .quoted(1037, "then differentiating on both sides with respect to time")
            .titled("Both sides of Lemma 1 have the same derivative")
            .given("any data, depth and widths, d_L = 1; at t = 0 both sides are zero")
            .uses(&["gradient"])
            .by(Body::Identity { sizes: widths, sides: derivative })
            .holds("d/dt (W_{k+1}^T W_{k+1}) = d/dt (W_k W_k^T) along dW_k/dt = -grad_k R^L")
            .planted(Plant::FlippedSign, "d/dt (W_{k+1}^T W_{k+1}) = -d/dt (W_k W_k^T)")
            .planted(Plant::DroppedTerm, "d/dt (W_{k+1}^T W_{k+1}) = (dW_k/dt) W_k^T"),
    ];
    out.extend(first_statement());
    out.extend(second_statement());
    out
}
