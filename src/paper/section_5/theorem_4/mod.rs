//! Theorem 4: convergence from a Gaussian residual start; its proof in B.8.
//!
//! `claim` has the statement on numerical flows, with the deterministic form of B.8 and its proof; `constants` the
//! chain (33) to (36) over all parameters; `in_scope` the theorems with constants fixed by s, at starts so near their
//! targets that the limit is enclosed without a trajectory. The `proof` files follow B.8: gradient to (37), (38) to
//! `t* = infinity`, then `theorem_5`. With constants fixed by s alone the initial risk lies below what a trajectory
//! in doubles resolves (1e-18 `lambda^2 norm(w)^2/Lambda` at s = 1/10): so `claim` takes M and m of the very start,
//! and `in_scope` a linearised flow with a bound of the rest.

pub mod claim;
pub mod constants;
pub mod in_scope;
pub(crate) mod proof;
pub(crate) mod proof_flow;
pub(crate) mod proof_gradient;
