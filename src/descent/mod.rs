//! Gradient descent on many deep linear networks at once (Section 3 and Appendix C): `W_k <- W_k - eta grad_k R^L(W)`.
//!
//! | symbol | meaning | length |
//! | --- | --- | --- |
//! | b_k | `W_{k+1}^T ... W_L^T w`, so that b_0 = w_prod; the backward sweep | d_k |
//! | e | w_prod - w* | d_0 |
//! | a_k | `W_{k-1} ... W_1 grad R^1(w_prod)`, `grad R^1 = 2 Sigma e`; the forward sweep | d_{k-1} |
//! | grad_k R^L | `b_k a_k^T`, equation (5) | d_k x d_{k-1} |
//!
//! Conventions: the risk has no factor 1/2; eta multiplies the gradient of that risk. [`descend`] runs a [`Grid`] and
//! gives an [`Outcome`] for each run. Nothing here is rigorous (grade `Computed`): what is to be certified of an
//! iterate is certified from [`Outcome::network`], by [`hessian::sharpness`](crate::hessian::sharpness).
//!
//! **The way of a run.** A [`Grid`] names data, runs and starts. Each thread keeps a group of lanes, takes runs from
//! one queue into free lanes, and lets a kernel make steps on all of its lanes at once until a record is due or a
//! lane leaves its bound; records come from a separate evaluation at the same iterate, the sharpness from Lanczos'
//! method there. A run that ends leaves its lane to the next.
//!
//! | file | what |
//! | --- | --- |
//! | [`data`] | Sigma, w*, R_min in doubles |
//! | `grid` | what to run, and what is refused |
//! | `lanes` | where the numbers of the runs under way lie |
//! | `kernel` | the sweeps and the update, with vector instructions |
//! | `ritz` | the sharpness of the iterates |
//! | `drive` | runs into lanes and out of them, records, ends |
//! | `outcome` | what is left of a run |
//!
//! Why many runs side by side and not one run with all the machine's vectors: at the widths of the paper (d = 5) a
//! product of a layer and a vector is a chain of dependent additions that no vector fills, while four runs side by
//! side have four such chains in one vector.
//!
//! What it does not do: no stochastic gradients, no momentum, no rate that changes during a run.

pub mod data;
mod drive;
mod grid;
mod kernel;
mod lanes;
mod outcome;
mod ritz;

pub use data::Data;
pub use drive::descend;
pub use grid::{BOUND, Grid, Options, Run, Sharpness, Start};
pub use kernel::flops;
pub use outcome::{End, Outcome, Record, Watch};
pub use ritz::{MOST, TOLERANCE};
