//! Beyond the paper: the exact minimum of the sharpness, and several outputs.

pub mod minimum_sharpness;
pub mod multivariate_sharpness;
