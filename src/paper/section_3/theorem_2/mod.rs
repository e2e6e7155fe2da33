//! Theorems 1 and 2: lower bounds on the sharpness of minimisers; their proof in B.1.

pub mod claim;
pub mod proof;
pub mod proof_bounds;
pub mod proof_head;
pub mod proof_second;
pub mod scene;
