//! Lemma 3: the norms and smallest singular values of products of residual layers; its proof in B.9.

pub mod constants;
pub mod figures;
pub mod nets;
pub mod proof;
pub mod proof_conclusion;
pub mod proof_failure;
pub mod proof_net;
pub mod proof_norm;
pub mod proof_scalars;
pub mod proof_sigma_min;
pub mod proof_union;
pub mod proof_walk;
pub mod tails;
pub mod trials;
pub mod zhang_2022;
