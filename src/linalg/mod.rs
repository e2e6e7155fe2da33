//! Linear algebra with certificates: what the mathematics of the other rooms stands on.
//!
//! An approximate factorisation proposes, an enclosure or exact arithmetic decides:
//! - [`solve`], [`inertia`]: exact, over the rationals;
//! - [`cholesky`], [`positive_definite`], [`largest_eigenvalue`], [`smallest_eigenvalue`]: over any [`Enclosure`], for
//!   matrices up to about 100 x 100, at any precision.

pub mod ball;
mod definite;
pub mod dense;
mod extreme;
mod inertia;
mod linear;
pub mod pairs;
mod solve;
pub(crate) mod upward;

pub use ball::BallMatrix;
pub use definite::{Definiteness, cholesky, positive_definite, triangular_solve};
pub use extreme::{largest_eigenvalue, largest_singular_value, smallest_eigenvalue};
pub use inertia::{Inertia, inertia};
pub use linear::Linear;
pub use solve::solve;

use nalgebra::DMatrix;

/// Approximate eigen-decomposition of a symmetric f64 matrix by `faer`, ascending; `None` if it did not converge or the
/// matrix is not finite. Proposes, never decides.
pub fn approximate_eigen(a: &DMatrix<f64>) -> Option<(Vec<f64>, DMatrix<f64>)> {
    let n = a.nrows();
    if a.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let view = faer::MatRef::from_column_major_slice(a.as_slice(), n, n);
    faer::set_global_parallelism(faer::Par::Seq);
    let eigen = view.self_adjoint_eigen(faer::Side::Lower).ok()?;
    let values = (0..n).map(|i| eigen.S().column_vector()[i]).collect();
    let vectors = DMatrix::from_fn(n, n, |i, j| eigen.U()[(i, j)]);
    Some((values, vectors))
}
