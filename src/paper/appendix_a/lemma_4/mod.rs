//! Lemma 4: two inequalities between powers.

pub mod claim;
pub(crate) mod proof;
