//! Certified sharpness of deep linear networks, and a paper about it as executable claims.
//!
//! The network is `x -> w^T W_L .. W_1 x`, its risk `R(W) = norm(y - X w_prod)^2 / n` with `w_prod = W_1^T .. W_L^T w`,
//! its *sharpness* the largest eigenvalue of the Hessian of R. What this crate says of a number is an enclosure: the
//! truth lies between its ends, whatever the rounding of the processor.
//!
//! ```
//! use flatcert::arithmetic::Enclosure;
//! use flatcert::hessian::{Options, sharpness};
//! use flatcert::nalgebra::{DMatrix, DVector};
//! use flatcert::network::Network;
//! use flatcert::problem::Problem;
//!
//! let x = DMatrix::from_row_slice(4, 2, &[1.0, 0.0, 0.0, 1.0, 1.0, 1.0, -1.0, 2.0]);
//! let y = DVector::from_column_slice(&[1.0, 2.0, 3.0, 3.0]);
//! let problem = Problem::from_f64("four points", &x, &y)?;
//! let first = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.0, 1.0]);
//! let layers = vec![first, DMatrix::from_row_slice(1, 2, &[1.0, -1.0])];
//! let network = Network::new(layers, DVector::from_element(1, 1.0))?;
//! let found = sharpness(&problem, &network, &Options::default())?;
//! assert!(found.value.width() <= 1e-9 * found.value.hi());
//! # Ok::<(), flatcert::Error>(())
//! ```
//!
//! # The way in
//!
//! | you want | look at |
//! | --- | --- |
//! | X and y, as files or arrays | [`problem::Problem`]: `load`, `from_f64`, `new` (rationals) |
//! | layers and head, as files or arrays | [`network::Network`]: `load`, `new` |
//! | the sharpness, both ends of the spectrum, leading eigenvalues, how many lie above a threshold | [`hessian`] |
//! | everything about one network at once, with the paper's bounds | [`inspect::inspect`] |
//! | the gradient flow from a network | [`flow::integrate`], [`follow::follow`] |
//! | a proof of where the true flow goes, as a file | [`flow::tube`], [`certify::certification`] |
//! | gradient descent on many networks at once | [`descent::descend`] |
//! | enclosures, rationals, MPFR | [`arithmetic`] |
//! | to check another paper | [`harness`], and `examples/another_paper.rs` |
//!
//! # From the paper to the modules
//!
//! | paper | module |
//! | --- | --- |
//! | Section 1, Figures 1 to 4; Appendix C | [`descent`], [`paper::section_1`] |
//! | Section 2: X, y, Sigma, w*, R_min; (5), (6) | [`problem`], [`network`], [`paper::section_2`] |
//! | Section 3: Theorems 1 and 2 | [`hessian`], [`paper::section_3`] |
//! | Section 4: Lemmas 1 and 2, Theorem 3, Corollaries 1 to 3 | [`flow`], [`paper::section_4`] |
//! | Section 5: Theorems 4 and 5, Corollary 4, Lemma 3 | [`residual`], [`paper::section_5`] |
//! | Appendix A: Lemmas 4 to 9 | [`paper::appendix_a`] |
//!
//! Modules that these pages do not show are shared by the program, the tests and the wheel, and carry no promise.
//!
//! Errors are values ([`Error`]): bad input says in one line which file, array or row, and what was expected. Library
//! functions do not panic.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod arithmetic;
pub mod certify;
pub mod descent;
pub mod error;
pub mod flow;
pub mod follow;
pub mod formula;
pub mod harness;
pub mod hessian;
pub mod input;
pub mod inspect;
pub mod linalg;
pub mod loss;
pub mod network;
pub mod paper;
pub mod problem;
pub mod residual;
pub mod statistics;

#[doc(hidden)]
pub mod book;
#[doc(hidden)]
pub mod curve;
#[doc(hidden)]
pub mod experiments;
#[doc(hidden)]
pub mod figure;
#[doc(hidden)]
pub mod instances;
#[doc(hidden)]
pub mod morning;
#[doc(hidden)]
pub mod nightly;
#[doc(hidden)]
pub mod report;

pub use error::{Error, Result};
pub use nalgebra;
