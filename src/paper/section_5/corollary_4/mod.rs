//! Corollary 4: the sharpness at the limit of a residual network; its proof in B.10.

pub mod claim;
pub mod proof;
pub mod proof_bounds;
pub mod proof_constants;
pub mod proof_outer;
