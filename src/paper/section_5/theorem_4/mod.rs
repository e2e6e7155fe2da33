//! Theorem 4: convergence from a Gaussian residual start; its proof in B.8.

pub mod claim;
pub mod constants;
pub mod in_scope;
pub(crate) mod proof;
pub(crate) mod proof_flow;
pub(crate) mod proof_gradient;
