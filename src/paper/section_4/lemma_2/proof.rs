//! The audit of B.2 and B.3: Lemmas 1 and 2. Steps of Lemma 1 and the first two statements in `proof_first.rs`, of
//! the third in `proof_third.rs`.
//!
//! The domain: any two networks that satisfy Lemma 1 (see `section_4/scenes.rs`); of the flow nothing else is used. All
//! steps hold with epsilon-bar of the first display in place of epsilon, and with slack: D alone suffices for the
//! second statement (`lemma-2-balance`), and `norm_2(W_k(0))^2` is not needed in the third (`lemma-2-alignment`).

use crate::harness::steps::{Other, Proof, Reason, Step, other};
use crate::paper::section_4::lemma_2::{proof_first, proof_third};

const OTHERS: &[Other] = &[other(1041, Reason::Definition("epsilon-bar"))];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-2",
        title: "Lemmas 1 and 2",
        section: "B.2 and B.3",
        proves: &["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment"],
        steps: proof_first::steps().into_iter().chain(proof_third::steps()).map(Step::from).collect(),
        others: OTHERS,
    }
}
