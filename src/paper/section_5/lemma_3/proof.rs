//! The proof in B.9, display by display.
//!
//! Lines 1977 to 2500 of the text, in eight parts. A display is a step of one of them, or stands in `OTHERS` with the
//! reason why it is none. Both stated bounds rest on all of them but the asides.

use super::{
    proof_conclusion, proof_depth, proof_failure, proof_net, proof_norm, proof_sigma_min, proof_union, proof_walk,
};
use crate::harness::steps::{Other, Proof, Reason, other};

/// Displays of B.9 that define, assume or repeat.
pub(crate) const OTHERS: &[Other] = &[
    other(1977, Reason::Definition("M_{s,u} and m_{s,u}; that M > 1 > m, which is used, is lemma-3/thresholds")),
    other(1985, Reason::Definition("h_k; the second form is that of Pi_{k:1} at theta = 0")),
    other(2010, Reason::Definition("Y_{k,1} and Y_{k,2}")),
    other(2023, Reason::Definition("S_{k,1} and S_{k,2}")),
    other(
        2302,
        Reason::Assumption(
            "(47), the conditions on L, d and u. C stands for large constants and, in u <= C L^(1/4), for a small one \
             (it varies, as announced). Made explicit here: u >= 192 max(s^2, s^(-2/3)), u <= 7/10 L^(1/4), d >= 4; L \
             >= 384 follows",
        ),
    ),
    other(2463, Reason::Assumption("conditions of the summary: those of Lemma 3")),
    other(2470, Reason::Repeats("lemma-3/failure")),
    other(2496, Reason::Definition("the product of which the compared paper speaks")),
];

/// The audit.
pub fn proof() -> Proof {
    let parts = [
        proof_walk::steps(),
        proof_norm::steps(),
        proof_net::steps(),
        proof_sigma_min::steps(),
        proof_union::steps(),
        proof_failure::steps(),
        proof_depth::steps(),
        proof_conclusion::steps(),
    ];
    Proof {
        id: "lemma-3",
        title: "Lemma 3",
        section: "B.9",
        proves: &["lemma-3-norm", "lemma-3-sigma-min"],
        steps: parts.into_iter().flatten().collect(),
        others: OTHERS,
    }
}
