//! Theorem 4: convergence from a Gaussian residual start; its proof in B.8.

pub mod claim;
pub mod constants;
pub mod proof;
pub mod proof_flow;
pub mod proof_gradient;
