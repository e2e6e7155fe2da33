//! Theorem 5: the multivariate case; its proof in B.8.

pub mod in_scope;
pub(crate) mod proof;
