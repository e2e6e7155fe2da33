//! Section 1: the statements about the experiments, which Figures 1 to 4 show.
//!
//! Most of these sentences tell what was seen on one draw of the data. Each file puts it to many draws
//! (`instances::runs`): a function gives the setups, closures say of a trial whether the event failed, or `None`
//! where the trial does not meet the condition, and an exact binomial interval decides "in all but a share p0 of the
//! draws". A share that is only reported (`observed`) refutes nothing. What can be proved besides (that almost no
//! start converges above 2/S*, that small weights are flat for L >= 3) stands at the head of the file.

pub mod above_threshold;
pub mod critical_rate;
pub mod divergence;
pub mod edge;
pub mod edge_plateau;
pub mod no_edge;
pub mod residual_scale;
pub mod sharpening;
pub mod small_scale_plateau;
