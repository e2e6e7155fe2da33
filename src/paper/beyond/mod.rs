//! Beyond the paper: the exact minimum of the sharpness.

pub mod minimum_sharpness;
