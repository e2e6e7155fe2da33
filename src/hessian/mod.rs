//! The Hessian of the risk R^L of a deep linear network, its sharpness (the largest eigenvalue, which equation (7)
//! characterises at minimisers), and enclosures.
//!
//! | symbol | meaning | shape |
//! | --- | --- | --- |
//! | b_k | `W_{k+1}^T ... W_L^T w`, so that b_0 = w_prod | d_k |
//! | A_k | `W_{k-1} ... W_1`, A_1 = I | d_{k-1} x d |
//! | J | Jacobian of the product map: `J dW = sum_k A_k^T dW_k^T b_k` | d x p |
//! | M = J J^T | `sum_k norm(b_k)^2 A_k^T A_k`, [`product_gram`] | d x d |
//! | g | grad R^1(w_prod), zero at a minimiser | d |
//! | E | curvature of the product map seen by g, zero diagonal blocks, [`residual_norm_squared`] | p x p |
//!
//! `E` is the second derivative of the product map paired with g: `D^T E D = 2 sum_{j<k} (D_j A_j g)^T (W_{k-1} ...
//! W_{j+1})^T D_k^T b_k`. A layer enters the product once, hence no diagonal blocks.
//!
//! `H = 2 J^T Sigma J + E` holds everywhere, exactly. At a minimiser E = 0, so the nonzero eigenvalues of H are those
//! of `2 R^T M R` with Sigma = R R^T: a d x d problem whatever p is.
//!
//! | you have | you call |
//! | --- | --- |
//! | a network of doubles | [`sharpness()`], [`spectrum()`], [`above`], [`network_enclosures`] |
//! | rationals or enclosures | [`product_gram`], [`residual_norm_squared`], [`sharpness_at_minimiser`], [`assemble`] |
//! | a minimiser and the bounds of Theorem 2 | [`depth_bound`], [`norms_bound`] |
//! | data, and a question about all minimisers | [`flattest`] |
//!
//! What these functions do not do: they do not ask whether the network is a minimiser ([`sharpness_at_minimiser`]
//! assumes it), and they grade nothing.
//!
//! **Order of parameters, said once.** Layers in order W_1, ..., W_L; inside a layer column by column
//! (entry (r, c) of W_k is number `c d_k + r` of its block), which is also nalgebra's storage order.

mod bounds;
mod compressed;
mod enclosures;
mod escalate;
pub mod flattest;
mod forms;
mod low_rank;
#[doc(hidden)]
pub mod riccati;
mod sharpness;
mod spectrum;
mod sweep;
mod units;

pub use bounds::{depth_bound, inverse_norms, norms_bound};
#[doc(hidden)]
pub use compressed::Compressed;
pub use enclosures::NetworkEnclosures;
pub use escalate::{HESSIAN_LIMIT, VECTOR_LIMIT, implements_exactly};
pub use forms::{assemble, product_gram, residual_norm, residual_norm_squared, sharpness_at_minimiser};
#[doc(hidden)]
pub use low_rank::{LowRank, Shifted};
pub use sharpness::{Choice, Method, Options, Sharpness, assemble_ball, network_enclosures, sharpness};
#[doc(hidden)]
pub use spectrum::chain;
pub use spectrum::{Above, Spectrum, above, spectrum};
#[doc(hidden)]
pub use sweep::{Sweep, sweep};
