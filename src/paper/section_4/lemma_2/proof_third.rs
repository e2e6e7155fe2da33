//! Steps of the third statement of Lemma 2 (B.3): neighbouring layers stay aligned. Formulas of a pair of networks
//! ([`table`](crate::paper::section_4::scenes::table)).
//!
//! Sizes are `[kind, d_0, .., d_L]`. u_k, v_k, sigma_k are exact: any choice where the first singular value is
//! repeated.

use crate::formula::{Edit, Expr, at, dot, norm, square, transpose, var};
use crate::harness::evidence::Fault;
use crate::harness::steps::{InScene, Plant, Setting, Step, step};
use crate::paper::section_4::lemma_2::proof_first::{EXACT, PAIRS, neighbours};
use crate::paper::section_4::scenes::{deep, sigma, start, w};

/// The hypothesis of the steps without a division.
const LEMMA_1: &str = "W and W(0) satisfy Lemma 1, d_L = 1; any choice of singular vectors";
/// On pairs of at least two layers.
const DEEP: Setting = Setting::new(LEMMA_1, PAIRS, deep);
/// That of the last two steps; the corrected forms add `sigma_k > 0` for k = 2, .., L as a hypothesis of the formula.
const POSITIVE: &str =
    "W and W(0) satisfy Lemma 1, d_L = 1; any choice of singular vectors; in the corrected form sigma_{k+1}(t) > 0";
/// The finding of both.
const DIVISION: &str = "A hypothesis is missing: sigma_{k+1}(t) > 0. Smallest counterexample: L = 2, W_2 = W_2(0) = \
                        0, which is the paper's own example of (A2) at t = 0: \
     the quotient has no value. The display before, without the division, holds always. B.4 uses the quotient only \
     under (21), where sigma_{k+1}^2 > epsilon >= 0, and B.5 where sigma_{k+1} > 0 by the first inequality of \
     Corollary 1, so Theorem 3 \
     does not depend on it; the third statement of Lemma 2 is to be read as the inequality times sigma_{k+1}^2.";

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step<InScene>> {
    let [k, bar] = ["k", "epsilon-bar"].map(var);
    let (next, u) = (&k + 1, at("u", &k));
    // u_k^T A B u_k.
    let form = |a: Expr, b: Expr| transpose(&u) * a * b * &u;
    let fed = form(transpose(w(&next)), w(&next));
    let (cosine, square_of_next) = (dot(at("v", &next), &u).pow(2), sigma(&next).pow(2));
    let aligned = &cosine * &square_of_next;
    let v = at("v", &next);
    let rest = transpose(w(&next)) * w(&next) - &square_of_next * (&v * transpose(&v));
    let at_start = norm(start(&k)).pow(2);
    let now = form(w(&k), transpose(w(&k)));
    let [low, high] = [form(start(&k), transpose(start(&k))), form(transpose(start(&next)), start(&next))];
    let less = &now - &low;
    let all = &less + &high;
    let along = |factor: &Expr| transpose(&u) * at("v", &next) * factor * transpose(at("v", &next)) * &u;
    let tail = square(w(&next)) - &square_of_next;
    let positive = || sigma(&k).above(0).each("k", 2, var("L"));
    let last = &square_of_next - &bar - &at_start - &bar;
    let quotient = || {
        let middle = (sigma(&k).pow(2) - &at_start - &bar) / &square_of_next;
        neighbours(cosine.at_least(middle).at_least(&last / &square_of_next))
    };
    let twice = 2 * &bar + &at_start;
    let alignment = || {
        let middle = 1 - &twice / &square_of_next;
        neighbours(cosine.at_least(middle).at_least(1 - var("epsilon") / &square_of_next))
    };
    vec![
        Step::new("lemma-2/quadratic-form", "Lemma 2, proof, third statement, first display, equality", &[1116])
            .titled("Lemma 1 between u_k and itself")
            .given(LEMMA_1)
            .uses(&["lemma-1"])
            .on(EXACT, deep)
            .states(neighbours(fed.equals(&all)))
            .edited(Plant::FlippedSign, Edit::Swap(all.clone(), now + low.clone() - &high))
            .edited(Plant::DroppedTerm, Edit::Drop(high)),
        step(DEEP, "lemma-2/quadratic-drop", "Lemma 2, proof, third statement, first display, second line", &[1121])
            .titled("A square is not negative")
            .states(neighbours(all.at_least(&less)))
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .edited(Plant::FlippedSign, Edit::SwapNth(1, less.clone(), &less + 2 * low)),
        step(DEEP, "lemma-2/quadratic-lower", "Lemma 2, proof, third statement, first display, third line", &[1126])
            .titled("The lower bound")
            .states(neighbours(less.at_least(sigma(&k).pow(2) - &at_start)))
            .edited(Plant::DroppedTerm, Edit::Drop(at_start.clone()))
            .edited(Plant::LostSquare, Edit::Swap(sigma(&k).pow(2), sigma(&k))),
        Step::new("lemma-2/quadratic-split", "Lemma 2, proof, third statement, second display, equality", &[1132])
            .titled("The part along v_{k+1} taken out")
            .given(LEMMA_1)
            .on(EXACT, deep)
            .states(neighbours(fed.equals(transpose(&u) * &rest * &u + along(&square_of_next))))
            .edited(Plant::LostSquare, Edit::Swap(along(&square_of_next), along(&sigma(&next)))),
        step(DEEP, "lemma-2/quadratic-upper", "Lemma 2, proof, third statement, second display, second line", &[1136])
            .titled("The upper bound")
            .states(neighbours(fed.at_most(norm(&rest) + &aligned)))
            .edited(Plant::DroppedTerm, Edit::Drop(aligned.clone()))
            .edited(Plant::DroppedFactor, Edit::Swap(aligned.clone(), cosine.clone())),
        step(DEEP, "lemma-2/second-singular-value", "Lemma 2, proof, third statement, text", &[])
            .quoted(1138, "is equal to the second largest eigenvalue of")
            .titled("The norm of what is left")
            .given(
                "any layer and choice of its first right singular vector; s' is the second singular value, s'' the \
                 third, zero where there is none",
            )
            .states(neighbours(norm(&rest).equals(at("s'", &next).pow(2)).at_most(&tail)))
            .edited(Plant::OffByOne, Edit::Swap(at("s'", &next), at("s''", &next)))
            .edited(Plant::StrictInequality, Edit::Strict(1))
            .remarks(&["The text says: lower than; that is so only where a third singular value is not zero."]),
        step(DEEP, "lemma-2/quadratic-tail", "Lemma 2, proof, third statement, third display", &[1140])
            .titled("The upper bound by epsilon-bar")
            .uses(&[
                "lemma-2/quadratic-split",
                "lemma-2/quadratic-upper",
                "lemma-2/second-singular-value",
                "lemma-2/first-statement",
            ])
            .states(neighbours(fed.at_most(&tail + &aligned).at_most(&bar + &aligned)))
            .edited(Plant::DroppedTerm, Edit::Swap(tail + &aligned, aligned.clone()))
            .edited(Plant::WrongConstant, Edit::Swap(bar.clone(), &bar / 4))
            .remarks(&["The text says: by the first statement of the Lemma, which has epsilon; it is the proof of \
                        that statement that gives epsilon-bar."]),
        step(DEEP, "lemma-2/combined", "Lemma 2, proof, third statement, fourth display", &[1146])
            .titled("Lower and upper bound together")
            .uses(&[
                "lemma-2/quadratic-form", "lemma-2/quadratic-drop", "lemma-2/quadratic-lower", "lemma-2/quadratic-tail",
            ])
            .states(neighbours((&bar + &aligned).at_least(sigma(&k).pow(2) - &at_start)))
            .edited(Plant::LostSquare, Edit::Swap(square_of_next.clone(), sigma(&next)))
            .edited(Plant::DroppedFactor, Edit::Drop(square_of_next.clone())),
        step(DEEP, "lemma-2/alignment-quotient", "Lemma 2, proof, third statement, fifth display", &[1152])
            .titled("Divided by sigma_{k+1}^2")
            .given(POSITIVE)
            .uses(&["lemma-2/combined", "lemma-2/second-statement"])
            .misstates(quotient(), Fault::Hypothesis, DIVISION)
            .when(positive())
            .rightly(quotient())
            .edited(Plant::DroppedTerm, Edit::Swap(last.clone(), &square_of_next - &bar - &at_start))
            .edited(Plant::FlippedSign, Edit::Swap(last.clone(), &square_of_next - &bar + &at_start - &bar))
            .remarks(&["The text says: by the second statement of the Lemma, which has epsilon; it is the proof of \
                        that statement that gives epsilon-bar."]),
        step(DEEP, "lemma-2/alignment", "Lemma 2, proof, third statement, last display", &[1158])
            .titled("Neighbouring layers stay nearly aligned")
            .given(POSITIVE)
            .uses(&["lemma-2/alignment-quotient", "lemma-2/epsilon-bar"])
            .misstates(alignment(), Fault::Hypothesis, DIVISION)
            .when(positive())
            .rightly(alignment())
            .edited(Plant::FlippedSign, Edit::FlipSign(&twice / &square_of_next))
            .edited(Plant::DroppedTerm, Edit::Swap(twice.clone(), at_start.clone())),
    ]
}
