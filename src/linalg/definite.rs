//! Cholesky factorisation of enclosures: a proof of positive definiteness when it runs through.
//!
//! Theorem (elementary): run `A = R R^T` in an enclosure arithmetic; if every pivot is certainly positive, then for
//! every symmetric matrix in the set A the exact factorisation exists with positive pivots, so the matrix is positive
//! definite, and its factor lies in the enclosure R. A pivot that is certainly not positive proves that none of them is
//! positive definite. Only the lower triangle is read: the set of symmetric matrices it describes. Cost: n^3/6
//! operations of the arithmetic.
//!
//! Why the pivots decide: given positive pivots before it, pivot j is the j-th diagonal entry of a Schur complement,
//! and the matrix is positive definite if and only if all are positive. Inclusion makes each enclosed pivot contain
//! that of every symmetric matrix in the set.

use super::smallest_eigenvalue;
use crate::arithmetic::Enclosure;
use nalgebra::{DMatrix, DVector};

/// Outcome of a definiteness test; `Unknown` asks for more precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definiteness {
    /// Every symmetric matrix in the set is positive definite.
    Positive,
    /// None of them is positive definite.
    NotPositive,
    /// Neither could be shown.
    Unknown,
}

/// The factor is complete where the verdict is `Positive`, else it has the columns before the pivot that stopped it.
/// A must be square.
fn factor<E: Enclosure>(a: &DMatrix<E>) -> (DMatrix<E>, Definiteness) {
    let n = a.nrows();
    let mut r = DMatrix::<E>::zeros(n, n);
    for j in 0..n {
        let mut pivot = a[(j, j)].clone();
        for k in 0..j {
            pivot -= r[(j, k)].powi(2);
        }
        if !pivot.is_positive() {
            // Pivots before this one are proved positive, so its sign decides.
            let no = (-pivot).is_nonnegative();
            return (r, if no { Definiteness::NotPositive } else { Definiteness::Unknown });
        }
        let root = pivot.sqrt();
        for i in j + 1..n {
            let mut s = a[(i, j)].clone();
            for k in 0..j {
                s.sub_product(&r[(i, k)], &r[(j, k)]);
            }
            r[(i, j)] = s / root.clone();
        }
        r[(j, j)] = root;
    }
    (r, Definiteness::Positive)
}

/// Is every symmetric matrix in the set positive definite?
///
/// Where the enclosed factorisation stops at a pivot that contains zero, because intervals grow through the
/// elimination, the enclosed smallest eigenvalue decides, which does not suffer from that.
///
/// `Unknown` too where A is not square; the empty matrix is `Positive`.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::linalg::{Definiteness, positive_definite};
/// use flatcert::nalgebra::DMatrix;
/// let one = Interval::point(1.0);
/// let a = |corner: Interval| DMatrix::from_row_slice(2, 2, &[corner, one, one, corner]);
/// assert_eq!(positive_definite(&a(Interval::new(1.5, 2.0))), Definiteness::Positive);
/// assert_eq!(positive_definite(&a(Interval::new(0.5, 2.0))), Definiteness::Unknown);
/// ```
pub fn positive_definite<E: Enclosure>(a: &DMatrix<E>) -> Definiteness {
    if a.nrows() != a.ncols() {
        return Definiteness::Unknown;
    }
    let (_, verdict) = factor(a);
    if verdict != Definiteness::Unknown {
        return verdict;
    }
    let smallest = smallest_eigenvalue(a);
    if smallest.is_positive() {
        Definiteness::Positive
    } else if (-smallest).is_nonnegative() {
        Definiteness::NotPositive
    } else {
        Definiteness::Unknown
    }
}

/// Enclosure of the lower Cholesky factor R, `A = R R^T`; `None` unless the enclosed factorisation runs through, which
/// proves positive definiteness.
///
/// Above the diagonal R is zero. `None` says nothing about A: it may be positive definite and the precision too low.
/// See also [`positive_definite`], which tries more.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::linalg::cholesky;
/// use flatcert::nalgebra::DMatrix;
/// let a = DMatrix::from_row_slice(2, 2, &[4.0, 2.0, 2.0, 2.0]).map(Interval::point);
/// let r = cholesky(&a).expect("positive definite");
/// assert!(r[(1, 0)].lo() <= 1.0 && 1.0 <= r[(1, 0)].hi());
/// ```
pub fn cholesky<E: Enclosure>(a: &DMatrix<E>) -> Option<DMatrix<E>> {
    if a.nrows() != a.ncols() {
        return None;
    }
    let (r, verdict) = factor(a);
    (verdict == Definiteness::Positive).then_some(r)
}

/// Solves `R x = b` (lower triangular), or `R^T x = b` with `transposed`, in any enclosure arithmetic.
///
/// By substitution, in `n^2 / 2` products; only the lower triangle of R is read. An entry is the whole line where a
/// diagonal entry of R has zero inside. Panics where R has fewer rows or columns than b has entries.
pub fn triangular_solve<E: Enclosure>(r: &DMatrix<E>, b: &DVector<E>, transposed: bool) -> DVector<E> {
    let n = b.len();
    let mut x = b.clone();
    for step in 0..n {
        let i = if transposed { n - 1 - step } else { step };
        let mut s = x[i].clone();
        let done = if transposed { i + 1..n } else { 0..i };
        for k in done {
            let entry = if transposed { &r[(k, i)] } else { &r[(i, k)] };
            s.sub_product(entry, &x[k]);
        }
        x[i] = s / r[(i, i)].clone();
    }
    x
}
