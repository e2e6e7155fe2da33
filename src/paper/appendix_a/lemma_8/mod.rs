//! Lemma 8: the risk near its minimum.

pub mod claim;
pub(crate) mod proof;
