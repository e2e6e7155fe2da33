//! Corollary 4: the sharpness at the limit of a residual network; its proof in B.10.
//!
//! `claim` tries both bounds on exact minimisers and at the limits of numerical flows; the `proof` files follow B.10:
//! (52) and the two first-order identities, the bounds up to (54), the constants C' and C. The lower bound is not
//! treated in B.10: it is Theorem 2, and the claim `corollary-4-lower` carries what is wrong with it.

pub mod claim;
pub(crate) mod proof;
pub(crate) mod proof_bounds;
pub(crate) mod proof_constants;
pub(crate) mod proof_outer;
