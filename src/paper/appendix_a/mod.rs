//! Appendix A: Lemmas 4 to 9.
//!
//! Each folder has the lemma as a claim over its whole stated domain, and the steps of its proof. Lemmas 4 and 5 are
//! inequalities of numbers and are proved over everything by subdivision; Lemma 6 is about laws, of which moments are
//! exact and draws are counted; Lemmas 7 to 9 are tried on instances (flows in closed form, exact networks,
//! perturbations that are inside the ball with certainty), but for the identity of Lemma 8. Lemma 4 is used in B.5,
//! Lemmas 5, 6 and 9 in B.9, Lemma 7 in B.5, B.6 and B.8, Lemma 8 there and in B.4 and B.10.

pub mod lemma_4;
pub mod lemma_5;
pub mod lemma_6;
pub mod lemma_7;
pub mod lemma_8;
pub mod lemma_9;
