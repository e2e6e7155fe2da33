//! Certified extreme singular values of any matrix of enclosures.
//!
//! - Largest (operator norm): square root of the largest eigenvalue of the smaller Gram matrix.
//! - Smallest, of the `min(m, n)` singular values: for m >= n and any left inverse candidate C with
//!   `norm(I - C A) <= g < 1`, `norm(x) <= norm(C A x) + g norm(x)` gives `smallest >= (1 - g) / norm(C)`; and
//!   `norm(A x) / norm(x)` is an upper bound for any x. With C close to the pseudo-inverse the relative width is about
//!   the unit roundoff times the condition number, where the Gram matrix alone would square the condition number. Its
//!   smallest eigenvalue is the fallback, which ends at zero for a singular matrix.
//!
//! Singular values do not change under transposition, so a wide matrix is transposed first. Both ends hold for every
//! matrix of the set: the inequalities are evaluated on enclosed entries. Here `norm` of a matrix is the operator
//! norm, and any upper bound of it may stand in.

use super::extreme::{SAFE_EXPONENT, top_vector};
use super::proposal::{Square, pseudo_inverse};
use super::solve::multiply;
use super::{largest_eigenvalue, smallest_eigenvalue};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Nearest, Rational};
use nalgebra::DMatrix;

/// Enclosure of the operator norm of any matrix; the whole line if an entry is unbounded.
///
/// Also the whole line for an empty matrix; zero for a zero one. A relative error of the eigenvalue is halved by the
/// root. Cost: a Gram matrix and an eigenvalue of size `min(m, n)`.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::linalg::{largest_singular_value, smallest_singular_value};
/// use flatcert::nalgebra::DMatrix;
/// let a = DMatrix::from_row_slice(2, 2, &[3.0, 0.0, 0.0, -4.0]).map(Interval::point);
/// let [norm, least] = [largest_singular_value(&a), smallest_singular_value(&a)];
/// assert!(norm.lo() <= 4.0 && 4.0 <= norm.hi() && norm.width() < 1e-12);
/// assert!(least.lo() <= 3.0 && 3.0 <= least.hi());
/// ```
pub fn largest_singular_value<E: Enclosure>(a: &DMatrix<E>) -> E {
    scaled(a, |a| largest_eigenvalue(&gram(a)).sqrt())
}

/// Upper bound of the operator norm: exact for 1 x 1, else by an enclosure with so many bits.
///
/// `None` for an empty matrix.
pub(crate) fn norm_above(m: &DMatrix<Rational>, bits: u32) -> Option<Rational> {
    if m.len() == 1 {
        Some(m[0].abs())
    } else {
        largest_singular_value(&m.map(|q| Big::from_rational(&q, bits))).upper_rational()
    }
}

/// Lower bound of the smallest singular value, likewise.
///
/// Zero where no distance from rank deficiency was proved; `None` for an empty matrix.
pub(crate) fn sigma_below(m: &DMatrix<Rational>, bits: u32) -> Option<Rational> {
    if m.len() == 1 {
        Some(m[0].abs())
    } else {
        smallest_singular_value(&m.map(|q| Big::from_rational(&q, bits))).lower_rational()
    }
}

/// Enclosure of the smallest of the `min(m, n)` singular values; an end at zero means that no distance from rank
/// deficiency was proved. The whole line if an entry is unbounded or there is none.
///
/// Without a left inverse (a pivot is not usable) the fallback alone is returned. The lower end is the larger of the
/// two lower bounds, the upper the smaller of the two upper ones. Cost: O(m n^2) operations of the arithmetic, n <=
/// m.
pub fn smallest_singular_value<E: Enclosure>(a: &DMatrix<E>) -> E {
    scaled(a, |a| {
        let fallback = smallest_eigenvalue(&gram(a)).sqrt();
        let Some(inverse) = left_inverse(a) else { return fallback };
        let upper = quotient(a, &inverse).map_or_else(|| fallback.clone(), |q| q.min(&fallback));
        let defect = DMatrix::identity(a.ncols(), a.ncols()) - multiply(&inverse, a);
        let left = E::one() - operator_bound(&defect);
        let lower = if left.is_positive() { left / largest_singular_value(&inverse) } else { E::zero() };
        E::between(&lower.max(&fallback), &upper)
    })
}

/// Applies f to the matrix or its transpose, whichever has no more columns than rows, scaled by a power of two to where
/// squares neither overflow nor vanish.
fn scaled<E: Enclosure>(a: &DMatrix<E>, f: impl Fn(&DMatrix<E>) -> E) -> E {
    if a.is_empty() || !a.iter().all(E::is_bounded) {
        return E::from_interval(&Interval::ENTIRE, 53);
    }
    let tall = if a.nrows() >= a.ncols() { a.clone() } else { a.transpose() };
    match tall.iter().filter_map(E::exponent).max() {
        None => E::zero(),
        Some(k) if k.abs() <= SAFE_EXPONENT => f(&tall),
        Some(k) => f(&tall.map(|v| v.scale(-k))).scale(k),
    }
}

/// Upper bound of the operator norm, as an enclosure: its square is at most the largest absolute row sum times the
/// largest column sum.
///
/// For the small matrix `I - C A` only: it costs no eigenvalue, and is off by at most `sqrt(n)`.
fn operator_bound<E: Enclosure>(a: &DMatrix<E>) -> E {
    let largest = |sums: Vec<E>| sums.into_iter().reduce(|m, v| m.max(&v)).unwrap_or_else(E::zero);
    let rows = a.row_iter().map(|r| r.iter().fold(E::zero(), |s, v| s + v.abs())).collect();
    let columns = a.column_iter().map(|c| c.iter().fold(E::zero(), |s, v| s + v.abs())).collect();
    (largest(rows) * largest(columns)).sqrt()
}

/// `A^T A`, symmetric entries formed once.
///
/// n x n for A with n columns.
fn gram<E: Enclosure>(a: &DMatrix<E>) -> DMatrix<E> {
    let n = a.ncols();
    let mut g = DMatrix::zeros(n, n);
    for i in 0..n {
        for j in 0..=i {
            let (p, q) = (a.column(i), a.column(j));
            // A square is not negative, which a product of two intervals does not know.
            let v =
                if i == j { p.iter().fold(E::zero(), |s, v| s + v.powi(2)) } else { E::dot(p.iter().zip(q.iter())) };
            g[(i, j)] = v.clone();
            g[(j, i)] = v;
        }
    }
    g
}

/// Points C, n x m, with C A close to the identity.
///
/// `None` where the columns of A are dependent to working precision.
fn left_inverse<E: Enclosure>(a: &DMatrix<E>) -> Option<DMatrix<E>> {
    let bits = a.iter().map(E::bits).max()?;
    // Every entry at the same precision: sums take that of their first.
    let at_full_precision = |e: &E| {
        let mut v = E::Point::from_f64(0.0, bits);
        v.add(&e.point());
        v
    };
    let columns = a.column_iter().map(|c| c.iter().map(at_full_precision).collect()).collect();
    let rows = pseudo_inverse(columns)?;
    Some(DMatrix::from_fn(a.ncols(), a.nrows(), |i, j| E::from_point(&rows[i][j])))
}

/// The least `norm(A y) / norm(y)` found, from the top eigenvector x of `C C^T` on, which is near the right singular
/// vector of A.
///
/// C has a relative error of about the unit roundoff u times the condition number kappa, and so has x; A multiplies the
/// wrong part of x by up to kappa, and the quotient at x can be off by (kappa^2 u)^2. Therefore y solves `A y = b` for
/// `b = C^T x`, where such an error of b is harmless, by iterative refinement with C, whose residual ends near u
/// norm(A) norm(y), and the quotient at y is off by about kappa u.
fn quotient<E: Enclosure>(a: &DMatrix<E>, inverse: &DMatrix<E>) -> Option<E> {
    let g = gram(&inverse.transpose());
    let bits = a.iter().map(E::bits).max()?;
    let x = top_vector(&Square::from_fn(g.nrows(), |i, j| g[(i, j)].point()), bits)?;
    let x = DMatrix::from_fn(x.len(), 1, |i, _| E::from_point(&x[i]));
    let points = |m: &DMatrix<E>, v: &DMatrix<E>| multiply(m, v).map(|e| e.midpoint());
    let norm = |v: &DMatrix<E>| v.iter().fold(E::zero(), |s, e| s + e.powi(2));
    let quotient = |x: &DMatrix<E>| Some((norm(&multiply(a, x)) / norm(x)).sqrt());
    let mut least = quotient(&x)?;
    let mut last: Option<E> = None;
    let b = points(&inverse.transpose(), &x);
    let mut y = points(inverse, &b);
    for _ in 0..REFINEMENTS {
        let q = quotient(&y)?;
        least = least.min(&q);
        // Against the round before: the first may well be worse than x.
        if last.is_some_and(|l| !(l.upper_end() - q.upper_end()).is_positive()) {
            break;
        }
        last = Some(q);
        let residual = (&b - multiply(a, &y)).map(|e| e.midpoint());
        y += points(inverse, &residual);
        y.apply(|e| *e = e.midpoint());
    }
    Some(least)
}

/// Rounds of refinement; each divides the error of y by what kappa u leaves of 1.
const REFINEMENTS: usize = 8;
