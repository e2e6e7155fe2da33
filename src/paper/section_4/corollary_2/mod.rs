//! Corollary 2: the flow converges to a minimiser; its proof in B.6.

pub mod claim;
pub(crate) mod proof;
