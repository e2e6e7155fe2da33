//! Lemma 5: a bound on u ln u.

pub mod claim;
pub(crate) mod proof;
