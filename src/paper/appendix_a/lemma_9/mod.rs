//! Lemma 9: products of perturbed layers.

pub mod claim;
pub(crate) mod proof;
pub mod worst;
