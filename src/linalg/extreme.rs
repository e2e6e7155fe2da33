//! Certified extreme eigenvalues of a small symmetric matrix of enclosures.
//!
//! - Lower end of the largest eigenvalue: the Rayleigh quotient `x^T A x / x^T x`, enclosed, at an approximate eigenvector x
//!   (any x is valid; a good one is sharp).
//! - Upper end: `c I - A` proved positive definite by an enclosed Cholesky factorisation, for c just above; the distance is
//!   widened by powers of two until the proof runs through, so clusters and multiple eigenvalues cost only width.
//!
//! Hypothesis: the exact matrix is symmetric; only the lower triangle is read. Failure (a non-finite entry, no c proved)
//! returns the whole line, never a wrong bound.

use super::{Definiteness, approximate_eigen, positive_definite};
use crate::arithmetic::{Enclosure, Interval};
use nalgebra::{DMatrix, DVector};

/// First relative distance tried above the Rayleigh quotient; each next one is 16 times larger.
const FIRST_GAP: f64 = 1.0 / (1u64 << 51) as f64;

/// Enclosure of the largest (signed) eigenvalue.
pub fn largest_eigenvalue<E: Enclosure>(a: &DMatrix<E>) -> E {
    let n = a.nrows();
    let entire = E::from_interval(&Interval::ENTIRE, 53);
    if n == 0 || n != a.ncols() {
        return entire;
    }
    let symmetric = DMatrix::from_fn(n, n, |i, j| a[(i.max(j), i.min(j))].clone());
    if n == 1 {
        return symmetric[(0, 0)].clone();
    }
    // Scale by a power of two: the proposal is made in f64, whatever the size of the entries.
    let mid = symmetric.map(|v| v.to_interval().mid());
    let Some((_, vectors)) = approximate_eigen(&mid) else { return entire };
    let x: DVector<E> = vectors.column(n - 1).map(|v| E::from_interval(&Interval::point(v), 53));
    let lower = rayleigh_quotient(&symmetric, &x);
    let size = symmetric.iter().map(|v| v.to_interval().magnitude()).fold(0.0, f64::max);
    if !lower.is_bounded() || !size.is_finite() {
        return entire;
    }
    let scale = if lower.hi().abs() > 1e-8 * size { lower.hi().abs() } else { size };
    let mut gap = FIRST_GAP * scale.max(f64::MIN_POSITIVE);
    // 16^14 = 2^56 times the first gap: beyond, the matrix is not known well enough to say anything.
    for _ in 0..14 {
        let c = E::from_interval(&Interval::point(lower.hi()), 53) + E::from_interval(&Interval::point(gap), 53);
        let shifted = DMatrix::from_fn(n, n, |i, j| {
            let minus = -symmetric[(i, j)].clone();
            if i == j { minus + c.clone() } else { minus }
        });
        if positive_definite(&shifted) == Definiteness::Positive {
            return lower.hull(&c);
        }
        gap *= 16.0;
    }
    lower.hull(&entire).max(&lower)
}

/// Enclosure of the smallest (signed) eigenvalue: `-largest(-A)`.
pub fn smallest_eigenvalue<E: Enclosure>(a: &DMatrix<E>) -> E {
    -largest_eigenvalue(&a.map(|v| -v))
}

/// Enclosure of the operator norm of any matrix, by the largest eigenvalue of the smaller of `A^T A`, `A A^T`.
pub fn largest_singular_value<E: Enclosure>(a: &DMatrix<E>) -> E {
    let gram = if a.nrows() >= a.ncols() { a.transpose() * a } else { a * a.transpose() };
    largest_eigenvalue(&gram).sqrt()
}

fn rayleigh_quotient<E: Enclosure>(a: &DMatrix<E>, x: &DVector<E>) -> E {
    let ax = a * x;
    let dot =
        |u: &DVector<E>, v: &DVector<E>| u.iter().zip(v.iter()).fold(E::zero(), |s, (p, q)| s + p.clone() * q.clone());
    dot(x, &ax) / dot(x, x)
}
