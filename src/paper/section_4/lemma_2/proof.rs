//! The audit of B.2 and B.3: Lemmas 1 and 2. Steps of Lemma 1 and the first two statements in `proof_first.rs`, of
//! the third in `proof_third.rs`.
//!
//! The domain: any two networks that satisfy Lemma 1 (see `section_4/scenes.rs`); of the flow nothing else is used. All
//! steps hold with epsilon-bar of the first display in place of epsilon, and with slack: D alone suffices for the
//! second statement (`lemma-2-balance`), and `norm_2(W_k(0))^2` is not needed in the third (`lemma-2-alignment`).
//!
//! **The steps, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 1037 | both sides of Lemma 1 have the same derivative (B.2) | identity in X, y and the weights |
//! | 1045, 1047 | epsilon-bar <= epsilon; W_L has rank one | instances; identity |
//! | 1049, 1065 | Lemma 1 with the gap on one side, and its trace | identities |
//! | 1053, 1055, 1058 | the triangle inequality, norms of Gram matrices, (19) | instances |
//! | 1071 to 1086 | the tail by that of the next layer, summed: the first statement | instances, 1082 refuted as printed |
//! | 1090 to 1112 | (19) and its reverse, summed: the second statement | instances |
//! | 1116, 1132 | `u_k^T W_{k+1}^T W_{k+1} u_k` by Lemma 1, and split along v_{k+1} | identities |
//! | 1121 to 1146 | its bounds from below and from above, put together | instances |
//! | 1152, 1158 | divided by sigma_{k+1}^2: the third statement | instances with sigma_{k+1} > 0 |
//!
//! **Why that suffices.** An identity between rational functions of what is drawn holds for all pairs of its family
//! and shape, but for the probability of Schwartz and Zippel. The inequalities are those of the triangle, of
//! quadratic forms and of Gram matrices, and sums of them: textbook inequalities for all matrices. What an instance
//! can show, and what the planted errors test, is that the display uses them with the right layer, sign and factor.
//! For all networks at once the Lemma is a theorem of `formal/` (`lemma_2_rank_one`, `lemma_2_balance`,
//! `lemma_2_alignment_corrected`).

use crate::harness::steps::{Other, Proof, Reason, Step, other};
use crate::paper::section_4::lemma_2::{proof_first, proof_third};

/// The display of B.3 that asserts nothing.
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
