//! Section 1: the statements about the experiments, which Figures 1 to 4 show.

pub mod above_threshold;
pub mod critical_rate;
pub mod divergence;
pub mod edge;
pub mod edge_plateau;
pub mod no_edge;
pub mod residual_scale;
pub mod sharpening;
pub mod small_scale_plateau;
