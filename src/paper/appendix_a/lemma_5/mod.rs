//! Lemma 5: a product of depth and a fast exponential.

pub mod claim;
pub(crate) mod proof;
