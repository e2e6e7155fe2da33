//! The audit of B.2 and B.3: Lemmas 1 and 2. Steps of Lemma 1 and the first two statements in `proof_first.rs`, of
//! the third in `proof_third.rs`.
//!
//! The domain: any two networks that satisfy Lemma 1 (see `section_4/scenes.rs`); of the flow nothing else is used. All
//! steps hold with epsilon-bar of the first display in place of epsilon, and with slack: D alone suffices for the
//! second statement (`lemma-2-balance`), and `norm_2(W_k(0))^2` is not needed in the third (`lemma-2-alignment`).
//!
//! **Findings.**
//! - Line 1083: `W_{k'+1}(0) W_{k'+1}(0)` lacks a transpose. It does not chain unless all hidden layers have width 1,
//!   since somewhere the width must fall to d_L = 1. Lines 1042, 1077 and 1091 have it. Perhaps lost in the extraction;
//!   nothing depends on it.
//! - Lines 1153 and 1159 divide by `sigma_{k+1}^2(t)`, which is zero for a zero layer, so at t = 0 in the paper's own
//!   example of (A2). Needs `sigma_{k+1}(t) > 0`; line 1147 is the form without a quotient. B.4 uses the quotient only
//!   where `sigma_{k+1}^2 > epsilon`, B.5 only where `sigma_{k+1} > 0`.
//! - Lines 1144 and 1156 quote the first and second statement, which have epsilon, for bounds by epsilon-bar. It is
//!   their proofs that give epsilon-bar (lines 1086, 1091, 1109). With epsilon the last display would read
//!   `1 - (2 epsilon + norm_2(W_k(0))^2)/sigma_{k+1}^2`.

use crate::harness::steps::{InScene, Other, Proof, Reason, Step, other};
use crate::paper::section_4::lemma_2::{proof_first, proof_third};

const OTHERS: &[Other] = &[other(1041, Reason::Definition("epsilon-bar"))];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-2",
        title: "Lemmas 1 and 2",
        section: "B.2 and B.3",
        proves: &["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment"],
        steps: proof_first::steps().into_iter().chain(proof_third::steps()).map(Step::<InScene>::done).collect(),
        others: OTHERS,
    }
}
