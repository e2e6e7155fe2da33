//! Lemma 7: the Polyak-Lojasiewicz inequality bounds the distance to a minimiser.

pub mod claim;
pub(crate) mod proof;
