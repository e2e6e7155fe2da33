//! Corollary 1: the limit when the scale tends to zero; its proof in B.5.

pub mod claim;
pub mod proof;
pub mod proof_exact;
pub mod proof_products;
pub mod proof_scalars;
pub mod proof_second;
pub mod statement;
