//! Linear algebra with certificates: what the mathematics of the other rooms stands on.
//!
//! An approximate factorisation proposes, an enclosure or exact arithmetic decides:
//! - [`solve`], [`inertia`], [`inertia_at`], [`count_above`], [`count_above_pencil`], [`rational_eigenvalue`]: exact,
//!   over the rationals;
//! - [`largest_eigenvalue`], [`smallest_eigenvalue`], [`largest_singular_value`], [`smallest_singular_value`],
//!   [`cholesky`], [`positive_definite`], [`solve_enclosed`]: over any [`Enclosure`](crate::arithmetic::Enclosure), at
//!   any precision, for matrices up to about 100 x 100.
//!
//! # Which one to use
//!
//! | question | function | cost, n x n |
//! | --- | --- | --- |
//! | eigenvalues below, at, above a rational c | [`inertia_at`] | O(n^3) in doubles, or n^3/6 on growing integers |
//! | an extreme eigenvalue | [`largest_eigenvalue`], [`smallest_eigenvalue`] | a few n^3/3 at any precision |
//! | both ends of a large matrix of doubles | `dense::extremes` | `2 n^3 / 3` in doubles for each certified end |
//! | is it positive definite | [`positive_definite`] | n^3/6 enclosed |
//! | `A X = B` | [`solve`] exactly, [`solve_enclosed`] at any precision | n^3/2 on growing rationals, 3 n^3 enclosed |
//! | products of layers with one error bound | [`BallMatrix`] | those of `faer` |
//!
//! # Why propose and decide
//!
//! An eigen-solver or a factorisation that is run in intervals widens them at every step, until nothing is left to
//! decide. An approximate one, in doubles or at the precision of the enclosure, is used as it comes, without a word
//! on its accuracy; the certificate then takes a few enclosed products, each entry of which is one sum. A bad
//! proposal costs width or an answer (`None`, the whole line), never truth.
//!
//! Conventions: matrices are dense, `nalgebra`'s, column by column. Eigenvalues are signed, in ascending order where
//! there are several. A symmetric matrix is given by its lower triangle where a function says so. The radius of a
//! ball is in the operator norm `norm_2`.

pub mod ball;
mod definite;
#[doc(hidden)]
pub mod dense;
mod exact;
mod extreme;
mod inertia;
mod linear;
#[doc(hidden)]
pub mod pairs;
mod proposal;
mod singular;
mod solve;
pub mod sphere;
pub(crate) use crate::arithmetic::upward;

pub use ball::BallMatrix;
pub use definite::{Definiteness, cholesky, positive_definite, triangular_solve};
pub(crate) use exact::{from_rows, rank_at_most_one, smaller_gram, to_rows};
pub use extreme::{largest_eigenvalue, smallest_eigenvalue};
pub use inertia::{
    Inertia, count_above, count_above_pencil, extreme_eigenvalue_of, inertia, inertia_at, rational_eigenvalue,
};
pub use linear::Linear;
pub(crate) use proposal::Factor;
pub use singular::{largest_singular_value, smallest_singular_value};
pub(crate) use singular::{norm_above, sigma_below};
pub use solve::{solve, solve_enclosed};

use nalgebra::{DMatrix, SymmetricEigen};

/// Up to this dimension the eigen-solver of `nalgebra` costs about half that of `faer`, which has more to set up.
const SMALL: usize = 16;

/// Approximate eigen-decomposition of a symmetric f64 matrix, ascending, by `faer` or, where small, `nalgebra`; `None`
/// if it did not converge or the matrix is not finite. Proposes, never decides.
///
/// Returns the eigenvalues and, in the same order, the eigenvectors as columns of an n x n matrix.
///
/// The small solver is given up after `100 n` iterations, or where a vector is not finite, and `faer` is asked. That
/// runs on one thread, so that results do not depend on the number of threads.
pub fn approximate_eigen(a: &DMatrix<f64>) -> Option<(Vec<f64>, DMatrix<f64>)> {
    let n = a.nrows();
    if a.iter().any(|v| !v.is_finite()) {
        return None;
    }
    if n <= SMALL
        && let Some(eigen) = SymmetricEigen::try_new(a.clone(), f64::EPSILON, 100 * n)
        && eigen.eigenvectors.iter().all(|v| v.is_finite())
    {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&i, &j| eigen.eigenvalues[i].total_cmp(&eigen.eigenvalues[j]));
        let values = order.iter().map(|&i| eigen.eigenvalues[i]).collect();
        return Some((values, DMatrix::from_fn(n, n, |i, j| eigen.eigenvectors[(i, order[j])])));
    }
    let view = faer::MatRef::from_column_major_slice(a.as_slice(), n, n);
    faer::set_global_parallelism(faer::Par::Seq);
    let eigen = view.self_adjoint_eigen(faer::Side::Lower).ok()?;
    let values = (0..n).map(|i| eigen.S().column_vector()[i]).collect();
    let vectors = DMatrix::from_fn(n, n, |i, j| eigen.U()[(i, j)]);
    Some((values, vectors))
}
