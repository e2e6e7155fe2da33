//! Corollary 4: the sharpness at the limit of a residual network; its proof in B.10.

pub mod claim;
pub(crate) mod proof;
pub(crate) mod proof_bounds;
pub(crate) mod proof_constants;
pub(crate) mod proof_outer;
