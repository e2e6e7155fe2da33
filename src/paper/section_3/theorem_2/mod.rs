//! Theorems 1 and 2: lower bounds on the sharpness of minimisers; their proof in B.1.

pub mod claim;
pub(crate) mod proof;
pub(crate) mod proof_bounds;
pub(crate) mod scene;
