//! Lemma 6: laws of Gaussian matrices.

pub mod claim;
pub mod laws;
pub(crate) mod proof;
