//! Steps of B.2 and of the first two statements of Lemma 2 (B.3), as formulas of a pair of networks
//! ([`table`](crate::paper::section_4::scenes::table)).
//!
//! Sizes of B.3 are `[kind, d_0, .., d_L]`. Norms of layers now are their known singular values sigma_k; Delta_k is the
//! gap of Lemma 1 at t = 0, `W_{k+1}(0)^T W_{k+1}(0) - W_k(0) W_k(0)^T`.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Says, Table, abs, at, norm, square, sum, transpose, var};
use crate::harness::evidence::Fault;
use crate::harness::steps::layers::{CHAIN, GROWN, PSEUDO, STILL};
use crate::harness::steps::{Draw, Drawn, InScene, Plant, Setting, Sizes, Step, step};
use crate::paper::section_4::scenes::{LARGEST, LARGEST_NORM, deep, delta, pair, sigma, start, w};
use crate::problem::Moments;

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

/// B.2: a network with `W'_k = dW_k/dt = -grad_k R^L`.
fn moving(draw: &mut Draw<'_>) -> Drawn {
    let (network, x, y) = draw.network_and_data()?;
    let gradient = network.gradient(&Moments::new(&x, &y));
    let depth = network.depth();
    let table = Table::default().scalar("L", Rational::from(depth as i64));
    let along = (1..=depth).map(|k| -gradient.layer(k));
    Ok(table.family("W'", along).family("W", network.layers().iter().cloned()))
}

/// A last layer of so many rows.
fn last_layer(draw: &mut Draw<'_>, rows: usize) -> Drawn {
    Ok(Table::default().matrix("W_L", &[], draw.matrix(rows, draw.size(0))))
}

/// `norm_F(W_k)^2 - sigma_k^2`.
fn tail(k: &Expr) -> Expr {
    square(w(k)) - sigma(k).pow(2)
}
/// `norm(Delta_k')` summed over k' from `from` to `to`.
fn gaps(from: impl Into<Expr>, to: impl Into<Expr>) -> Expr {
    sum("k'", from, to, norm(delta(var("k'"))))
}
/// `norm_F(W_k(0))^2 - norm_F(W_j(0))^2`.
fn change(k: &Expr, j: &Expr) -> Expr {
    square(start(k)) - square(start(j))
}
/// For k = 1, .., L - 1.
pub(crate) fn neighbours(says: Says) -> Says {
    says.each("k", 1, var("L") - 1)
}
/// For 1 <= k < j <= L.
fn ordered(says: Says) -> Says {
    neighbours(says.each("j", var("k") + 1, var("L")))
}

/// The hypothesis of all steps of B.3, in words: nothing else is used of the flow.
const LEMMA_1: &str = "W and W(0) satisfy Lemma 1 (as the flow does at every t), d_L = 1";
/// On every pair, L = 1 included.
const PAIR: Setting = Setting::new(LEMMA_1, PAIRS, pair);
/// On pairs of at least two layers, where there is a gap.
const DEEP: Setting = Setting::new(LEMMA_1, PAIRS, deep);

/// Up to "This gives the first statement of the Lemma": norms by (19), squares of Frobenius norms by the trace, their
/// difference summed from k to L - 1.
fn first_statement() -> Vec<Step<InScene>> {
    let (depth, k) = (var("L"), var("k"));
    let (next, bar) = (&k + 1, var("epsilon-bar"));
    let (inner, outer) = (transpose(w(&next)) * w(&next), w(&k) * transpose(w(&k)));
    let gap = norm(delta(&k));
    let tail_step = (tail(&next) + change(&k, &next) + &gap).at_least(tail(&k));
    let tail_sum = (tail(&depth) + change(&k, &depth) + gaps(&k, &depth - 1)).at_least(tail(&k));
    let remainder = neighbours((change(&k, &depth) + gaps(&k, &depth - 1)).at_most(&bar));
    vec![
        step(PAIR, "lemma-2/epsilon-bar", "Lemma 2, proof, after the first display", &[])
            .quoted(1045, "Note that")
            .about("epsilon-bar is the smaller", "any W(0)")
            .states(bar.at_most(var("epsilon")))
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .stronger(Plant::WrongConstant, Rational::from(3)),
        Step::new("lemma-2/last-layer", "Lemma 2, proof, first statement", &[])
            .quoted(1047, "is a (row) vector")
            .titled("The last layer has rank one")
            .given("d_L = 1; so the eigenvalues of W_L^T W_L are norm_F(W_L)^2 and zeros: norm_2(W_L) = norm_F(W_L)")
            .on(&[&[1], &[2], &[4]], |draw| last_layer(draw, 1))
            .states({
                let (last, gram) = (var("W_L"), transpose(var("W_L")) * var("W_L"));
                gram.pow(2).equals(square(last) * gram)
            })
            .elsewhere(Plant::DroppedHypothesis, "for d_L = 2", |draw| last_layer(draw, 2)),
        Step::new("lemma-2/lemma-1-norm", "Lemma 2, proof, first display of the first statement, equality", &[1049])
            .titled("Lemma 1 under the norm")
            .given(LEMMA_1)
            .uses(&["lemma-1"])
            .on(EXACT, pair)
            .states(neighbours(inner.equals(&outer + delta(&k))))
            .edited(Plant::FlippedSign, Edit::FlipSign(delta(&k)))
            .edited(Plant::OffByOne, Edit::Swap(delta(&k), delta(1))),
        step(DEEP, "lemma-2/triangle", "Lemma 2, proof, first display of the first statement, inequality", &[1053])
            .titled("The triangle inequality")
            .states(neighbours(norm(&outer + delta(&k)).at_most(norm(&outer) + &gap)))
            .edited(Plant::DroppedTerm, Edit::Drop(gap.clone()))
            .edited(Plant::WrongConstant, Edit::Swap(gap.clone(), &gap / 2)),
        step(PAIR, "lemma-2/gram-norms", "Lemma 2, proof, before (19)", &[])
            .quoted(1055, "Thus, using")
            .about("Norms of Gram matrices", "any matrix")
            .states({
                let gram = norm(transpose(w(&k)) * w(&k));
                gram.equals(norm(&outer)).equals(sigma(&k).pow(2)).each("k", 1, &depth)
            })
            .edited(Plant::LostSquare, Edit::Swap(sigma(&k).pow(2), sigma(&k))),
        step(DEEP, "lemma-2/eq-19", "Lemma 2, proof, (19)", &[1058])
            .titled("Squared norms of neighbours, upwards")
            .uses(&["lemma-2/lemma-1-norm", "lemma-2/triangle", "lemma-2/gram-norms"])
            .states(neighbours((sigma(&next).pow(2) - &gap).at_most(sigma(&k).pow(2))))
            .edited(Plant::DroppedTerm, Edit::Drop(gap.clone()))
            .edited(Plant::FlippedSign, Edit::FlipSign(gap.clone()))
            .edited(Plant::WrongConstant, Edit::Swap(gap.clone(), &gap / 2)),
        step(PAIR.on(EXACT), "lemma-2/trace", "Lemma 2, proof, after (19)", &[1065])
            .titled("The trace of Lemma 1")
            .uses(&["lemma-1"])
            .states(neighbours((square(w(&next)) - square(start(&next))).equals(square(w(&k)) - square(start(&k)))))
            .edited(Plant::FlippedSign, Edit::FlipSign(square(start(&k))))
            .edited(Plant::DroppedTerm, Edit::Drop(square(start(&k)))),
        step(DEEP, "lemma-2/tail-step", "Lemma 2, proof, first statement, one layer", &[1071, 1076])
            .titled("The tail of one layer by that of the next")
            .uses(&["lemma-2/eq-19", "lemma-2/trace"])
            .states(neighbours(tail_step))
            .edited(Plant::DroppedTerm, Edit::Drop(gap.clone()))
            .edited(Plant::FlippedSign, Edit::Swap(change(&k, &next), change(&next, &k)))
            .edited(Plant::WrongConstant, Edit::Swap(gap.clone(), &gap / 2)),
        step(PAIR.on(EXACT), "lemma-2/tail-sum", "Lemma 2, proof, first statement, telescoped", &[1082])
            .titled("The tail by the initialisation")
            .uses(&["lemma-2/tail-step"])
            .misstates(
                // The factors of which norms are taken, as printed, against those of Lemma 1.
                neighbours((start(&next) * start(&next)).equals(transpose(start(&next)) * start(&next))),
                Fault::Extraction,
                "A transpose is missing in W_{k'+1}(0) W_{k'+1}(0) (W_{k'+1} is d_{k'+1} x d_{k'}): for L = 2, d_1 = \
                 2, d_2 = 1, the smallest case, it does not chain, and so for every list of hidden widths but 1, .., \
                 1, because the widths must fall to d_L = 1. The display before and the display after have \
                 W_{k'+1}(0)^T W_{k'+1}(0). Perhaps lost in the extraction; nothing depends on it.",
            )
            .on(PAIRS, deep)
            .rightly(neighbours(tail_sum))
            .edited(Plant::OffByOne, Edit::Swap(gaps(&k, &depth - 1), gaps(&next, &depth - 1)))
            .edited(Plant::FlippedSign, Edit::Swap(change(&k, &depth), change(&depth, &k))),
        step(DEEP, "lemma-2/first-remainder", "Lemma 2, proof, end of the first statement", &[])
            .quoted(1086, "the remainder of the terms is less than")
            .about("What is left is at most epsilon-bar", "any W(0)")
            .uses(&["lemma-2/last-layer"])
            .states(remainder)
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .edited(Plant::MissingNorm, Edit::Swap(bar.clone(), var(LARGEST_NORM) + gaps(1, &depth - 1))),
        step(PAIR, "lemma-2/first-statement", "Lemma 2, proof, end of the first statement", &[])
            .quoted(1086, "This gives the first statement of the Lemma")
            .titled("Layers stay nearly rank one")
            .uses(&["lemma-2/tail-sum", "lemma-2/first-remainder", "lemma-2/last-layer", "lemma-2/epsilon-bar"])
            .states(tail(&k).at_most(&bar).each("k", 1, &depth))
            .edited(Plant::DroppedTerm, Edit::Swap(bar.clone(), &bar - var(LARGEST)))
            .stronger(Plant::WrongConstant, Rational::from(4)),
    ]
}

/// (19) summed from k to j - 1, and the same with the roles of neighbours exchanged.
fn second_statement() -> Vec<Step<InScene>> {
    let (k, j, bar) = (var("k"), var("j"), var("epsilon-bar"));
    let (next, gap) = (&k + 1, norm(delta(&k)));
    let [low, high] = [&k, &j].map(|k| sigma(k).pow(2));
    let until = gaps(&k, &j - 1);
    vec![
        step(DEEP, "lemma-2/balance-up", "Lemma 2, proof, second statement, first display", &[1090])
            .titled("Squared norms of any two layers, upwards")
            .uses(&["lemma-2/eq-19"])
            .states(ordered(high.at_most(&low + &until).at_most(&low + &bar)))
            .edited(Plant::OffByOne, Edit::Swap(until.clone(), gaps(&next, &j - 1)))
            .edited(Plant::FlippedSign, Edit::FlipSign(until)),
        step(DEEP, "lemma-2/reverse-norms", "Lemma 2, proof, second statement, second display", &[1096])
            .titled("The triangle inequality the other way")
            .uses(&["lemma-1"])
            .states(neighbours(norm(w(&k) * transpose(w(&k))).at_most(norm(transpose(w(&next)) * w(&next)) + &gap)))
            .edited(Plant::DroppedTerm, Edit::Drop(gap.clone()))
            .edited(Plant::WrongConstant, Edit::Swap(gap.clone(), &gap / 2)),
        step(DEEP, "lemma-2/reverse-squares", "Lemma 2, proof, second statement, third display", &[1102])
            .titled("Squared norms of neighbours, downwards")
            .uses(&["lemma-2/reverse-norms", "lemma-2/gram-norms"])
            .states(neighbours(low.at_most(sigma(&next).pow(2) + &gap)))
            .edited(Plant::DroppedTerm, Edit::Drop(gap))
            .edited(Plant::LostSquare, Edit::Swap(low.clone(), sigma(&k))),
        step(DEEP, "lemma-2/balance-down", "Lemma 2, proof, second statement, fourth display", &[1108])
            .titled("Squared norms of any two layers, downwards")
            .uses(&["lemma-2/reverse-squares"])
            .states(ordered(low.at_most(&high + &bar)))
            .edited(Plant::DroppedTerm, Edit::Drop(bar.clone()))
            .edited(Plant::WrongConstant, Edit::Swap(bar.clone(), &bar / 4)),
        step(DEEP, "lemma-2/second-statement", "Lemma 2, proof, end of the second statement", &[])
            .quoted(1112, "this gives the second statement of the lemma")
            .titled("Spectral norms stay nearly equal")
            .uses(&["lemma-2/balance-up", "lemma-2/balance-down", "lemma-2/epsilon-bar"])
            .states(ordered(abs(&low - &high).at_most(&bar)))
            .edited(Plant::WrongConstant, Edit::Swap(bar.clone(), bar / 4))
            .edited(Plant::WrongPower, Edit::Swap(low - high, sigma(&k) - sigma(&j))),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step<InScene>> {
    let widths: Sizes = &[&[1, 1, 1], &[2, 2, 1], &[3, 2, 1], &[2, 3, 1, 1], &[2, 1, 3, 2, 1]];
    let [(low, lower), (high, higher)] = [var("k"), var("k") + 1].map(|k| (w(&k), at("W'", k)));
    let right = &lower * transpose(&low) + &low * transpose(&lower);
    let mut out = vec![
        Step::new("lemma-2/lemma-1-derivative", "Lemma 1, proof (B.2)", &[])
            .quoted(1037, "then differentiating on both sides with respect to time")
            .titled("Both sides of Lemma 1 have the same derivative")
            .given("any data, depth and widths, d_L = 1; W' = dW/dt = -grad R^L; at t = 0 both sides are zero")
            .uses(&["gradient"])
            .on(widths, moving)
            .states(neighbours((transpose(&higher) * &high + transpose(&high) * &higher).equals(&right)))
            .edited(Plant::FlippedSign, Edit::Swap(right.clone(), -right))
            .edited(Plant::DroppedTerm, Edit::Drop(&low * transpose(&lower))),
    ];
    out.extend(first_statement());
    out.extend(second_statement());
    out
}
