//! Corollary 3: the sharpness at the limit; its proof in B.7.

pub mod claim;
pub(crate) mod proof;
pub(crate) mod proof_limit;
pub mod statement;
