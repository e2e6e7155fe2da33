//! Lemma 3: the norms and smallest singular values of products of residual layers; its proof in B.9.

pub mod best;
pub mod constants;
pub mod figures;
pub mod in_scope;
pub mod nets;
pub mod order;
pub(crate) mod proof;
pub(crate) mod proof_conclusion;
pub(crate) mod proof_depth;
pub(crate) mod proof_failure;
pub(crate) mod proof_net;
pub(crate) mod proof_norm;
pub(crate) mod proof_scalars;
pub(crate) mod proof_sigma_min;
pub(crate) mod proof_union;
pub(crate) mod proof_walk;
pub mod tails;
pub mod trials;
