//! The paper's experiments (Appendix C): data, starts, sweeps over rates and scales, single runs, and what is beyond
//! them.
//!
//! | file | what |
//! | --- | --- |
//! | [`regression`] | data in doubles, the bounds made of them |
//! | [`starts`] | the two initialisations, a seed for every run |
//! | [`plan`] | settings, refusals, memory |
//! | [`sweep`] | Figures 1a, 1b, 2 and 3a, 3b, 4: all rates at all scales, with a [`checkpoint`] |
//! | [`summary`] | means, bands, shares, over the runs of a cell |
//! | [`edge`] | one run seen step by step; where it meets 2/eta |
//! | [`shown`] | Figures 1c, 1d, 3c, 3d: a draw that does what the caption says, and the share of those that do |
//! | [`trials`] | runs at drawn rates and scales on many draws of the data |
//! | [`figures`] | all of them as numbers to draw |
//! | [`beyond`] | critical rates against depth and width; the gradient flow as the limit of gradient descent |
//!
//! **Distance.** The text says `norm(w_prod - w*)^2`, the authors' program divides it by d. Here it is not divided;
//! files have both.
//!
//! **Divergence.** A run has diverged at the first iterate that [`descent`](crate::descent) gives up. The authors call
//! it so when their last sharpness is not a number, which is the same runs: the products of layers overflow within a
//! few steps more.
//!
//! Grade: computed in doubles, not certified. One seed gives the same numbers on any number of threads.
//!
//! **The way of the data.** [`Settings`] say what is asked for, [`Settings::validate`] and [`plan::fits`] refuse what
//! makes no sense or does not fit; [`sweep::Experiment`] runs a sweep block by block and hands what has ended to a
//! [`checkpoint`]; [`summary::cells`] turns results into means with bands; [`figures`] draws them as numbers. The
//! seed of each run is a function of the seed and of what the run is, not of what else is run, so that a figure made
//! alone is the figure made with all.

pub mod beyond;
pub mod checkpoint;
pub mod edge;
pub mod figures;
pub mod plan;
pub mod regression;
pub mod shown;
pub mod starts;
pub mod summary;
pub mod sweep;
pub mod trials;

pub use plan::{Panel, Planned, Rate, Settings, Sweep};
pub use regression::Regression;
pub use starts::{Family, start_seed};
