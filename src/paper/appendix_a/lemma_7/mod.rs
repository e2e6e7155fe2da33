//! Lemma 7: the Polyak-Lojasiewicz inequality gives exponential decay.

pub mod claim;
pub(crate) mod proof;
