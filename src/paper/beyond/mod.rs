//! Beyond the paper: the exact minimum of the sharpness, and several outputs.
//!
//! No proof of the paper rests on these. They say how good its bounds are: what the least sharpness of any minimiser
//! is, how near the limit of small initialisation comes to it, and what remains of the bound with several outputs,
//! the setting in which Theorem 5 states convergence only.

pub mod minimum_sharpness;
pub mod multivariate_sharpness;
