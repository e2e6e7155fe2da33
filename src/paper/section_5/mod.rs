//! Section 5: residual networks. Theorems 4 and 5, Corollary 4, Lemma 3, and what they share.

pub mod corollary_4;
pub(crate) mod explicit;
pub(crate) mod flows;
pub mod gradient;
pub mod lemma_3;
pub(crate) mod limits;
pub(crate) mod scene;
pub mod theorem_4;
pub(crate) mod theorem_5;
