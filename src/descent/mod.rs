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
