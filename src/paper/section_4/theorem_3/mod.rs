//! Theorem 3: the Polyak-Lojasiewicz inequality along the flow; its proof in B.4.

pub mod claim;
pub mod constants;
pub mod proof;
pub mod proof_chain;
pub mod proof_first;
pub mod proof_large;
pub mod proof_small;
pub mod scenes;
