//! Appendix A: Lemmas 4 to 9.

pub mod lemma_4;
pub mod lemma_5;
pub mod lemma_6;
pub mod lemma_7;
pub mod lemma_8;
pub mod lemma_9;
