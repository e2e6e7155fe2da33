//! Corollary 1: the range in which every spectral norm ends; its proof in B.5.

pub mod claim;
pub(crate) mod proof;
pub(crate) mod proof_exact;
pub(crate) mod proof_products;
pub(crate) mod proof_scalars;
pub(crate) mod proof_second;
pub mod statement;
