//! flatcert: a mathematics paper as executable claims.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod arithmetic;
pub mod certify;
pub mod claims;
pub mod curve;
pub mod descent;
pub mod error;
pub mod experiments;
pub mod flow;
pub mod follow;
pub mod formula;
pub mod hessian;
pub mod input;
pub mod inspect;
pub mod linalg;
pub mod loss;
pub mod network;
pub mod nightly;
pub mod problem;
pub mod report;
pub mod residual;
pub mod statistics;

pub use error::{Error, Result};
