//! Theorem 3: the Polyak-Lojasiewicz inequality along the flow; its proof in B.4.

pub mod claim;
pub mod constants;
pub(crate) mod proof;
pub(crate) mod proof_chain;
pub(crate) mod proof_large;
pub(crate) mod proof_small;
pub(crate) mod scenes;
