//! Solution of linear systems: exact over the rationals, verified over enclosures.

use super::proposal::Square;
use crate::arithmetic::{Enclosure, Rational};
use nalgebra::DMatrix;
use num_traits::Zero;

/// The unique X with `A X = B`, exactly; `Err(column)` names the first column of A that depends on those before it.
///
/// A is n x n, B is n x k; other shapes are the caller's mistake, and are not tested. Gauss and Jordan, on the pivot
/// with the fewest bits in its column. Cost: about `n^3 / 2 + k n^2` products of rationals, whose length grows with
/// the step.
///
/// ```
/// use flatcert::arithmetic::Rational;
/// use flatcert::linalg::solve;
/// use flatcert::nalgebra::DMatrix;
/// let matrix = |v: &[i64]| DMatrix::from_row_slice(2, v.len() / 2, v).map(Rational::from);
/// assert_eq!(solve(&matrix(&[2, 1, 1, 3]), &matrix(&[4, 7])), Ok(matrix(&[1, 2])));
/// assert_eq!(solve(&matrix(&[1, 2, 2, 4]), &matrix(&[4, 7])), Err(1));
/// ```
pub fn solve(a: &DMatrix<Rational>, b: &DMatrix<Rational>) -> Result<DMatrix<Rational>, usize> {
    let n = a.nrows();
    let (mut a, mut b) = (a.clone(), b.clone());
    for p in 0..n {
        let row = (p..n).filter(|&i| !a[(i, p)].is_zero()).min_by_key(|&i| a[(i, p)].bits()).ok_or(p)?;
        a.swap_rows(p, row);
        b.swap_rows(p, row);
        let pivot = a[(p, p)].clone();
        for i in 0..n {
            if i == p || a[(i, p)].is_zero() {
                continue;
            }
            let factor = a[(i, p)].clone() / pivot.clone();
            for j in p..n {
                let v = a[(p, j)].clone() * factor.clone();
                a[(i, j)] -= v;
            }
            for j in 0..b.ncols() {
                let v = b[(p, j)].clone() * factor.clone();
                b[(i, j)] -= v;
            }
        }
    }
    Ok(DMatrix::from_fn(n, b.ncols(), |i, j| b[(i, j)].clone() / a[(i, i)].clone()))
}

/// Enclosure of the X with `A X = B`, for every A and B in the sets; every such A is then proved invertible.
///
/// With C an approximate inverse, `G = I - C A` and a candidate x, the exact error obeys `e = C (b - A x) + G e`. If
/// the largest absolute row sum g of G is below 1, then `max |e| <= max |C (b - A x)| / (1 - g)`, and once more through
/// the equation, `|e_i| <= |C (b - A x)|_i + g_i max |e|` (Krawczyk 1969, Rump 1983). `None` where A is not square, B
/// does not fit, an entry is unbounded, or g is not certainly below 1: A is singular, or the precision is too low for
/// its condition. Cost: about 3 n^3 operations.
///
/// That g < 1 proves every such A invertible: `C A = I - G` is, by the Neumann series, and A is square.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::linalg::solve_enclosed;
/// use flatcert::nalgebra::DMatrix;
/// let a = DMatrix::from_row_slice(2, 2, &[2.0, 1.0, 1.0, 3.0]).map(Interval::point);
/// let b = DMatrix::from_row_slice(2, 1, &[4.0, 7.0]).map(Interval::point);
/// let x = solve_enclosed(&a, &b).expect("invertible");
/// assert!((0..2).all(|i| x[i].lo() <= [1.0, 2.0][i] && [1.0, 2.0][i] <= x[i].hi()));
/// assert!(solve_enclosed(&DMatrix::from_element(2, 2, Interval::point(1.0)), &b).is_none());
/// ```
pub fn solve_enclosed<E: Enclosure>(a: &DMatrix<E>, b: &DMatrix<E>) -> Option<DMatrix<E>> {
    let n = a.nrows();
    if n == 0 || n != a.ncols() || b.nrows() != n || !a.iter().chain(b.iter()).all(E::is_bounded) {
        return None;
    }
    let inverse = Square::from_fn(n, |i, j| a[(i, j)].point()).inverse()?;
    let c = DMatrix::from_fn(n, n, |i, j| E::from_point(inverse.at(i, j)));
    let product = multiply(&c, a);
    let contraction: Vec<E> = (0..n)
        .map(|i| {
            (0..n).fold(E::zero(), |s, j| {
                let identity = E::from_i64(i64::from(i == j));
                s + (identity - product[(i, j)].clone()).abs()
            })
        })
        .collect();
    let largest = contraction.iter().cloned().reduce(|m, v| m.max(&v))?;
    let left = E::one() - largest;
    if !left.is_positive() {
        return None;
    }
    // The approximate solution, improved once: with b wide this is its middle.
    let middle = |m: DMatrix<E>| m.map(|v| v.midpoint());
    let mut x = middle(multiply(&c, &middle(b.clone())));
    let correction = multiply(&c, &middle(residual(a, &x, b)));
    x = middle(x + correction);
    let error = multiply(&c, &residual(a, &x, b));
    let mut out = x;
    for j in 0..b.ncols() {
        let size = error.column(j).iter().map(E::abs).reduce(|m, v| m.max(&v))? / left.clone();
        for i in 0..n {
            let rest = contraction[i].clone() * size.clone();
            out[(i, j)] += error[(i, j)].clone() + (-rest.clone()).hull(&rest);
        }
    }
    Some(out)
}

/// `B - A X`.
///
/// Each entry one sum, begun with that of B, so that what cancels does so before it is rounded, in MPFR once for each
/// term.
fn residual<E: Enclosure>(a: &DMatrix<E>, x: &DMatrix<E>, b: &DMatrix<E>) -> DMatrix<E> {
    DMatrix::from_fn(b.nrows(), b.ncols(), |i, j| {
        let mut r = b[(i, j)].clone();
        for k in 0..a.ncols() {
            r.sub_product(&a[(i, k)], &x[(k, j)]);
        }
        r
    })
}

/// `A B` by enclosed inner products: half the cost of the general product of `nalgebra`, which multiplies by scaling
/// factors too.
pub(super) fn multiply<E: Enclosure>(a: &DMatrix<E>, b: &DMatrix<E>) -> DMatrix<E> {
    DMatrix::from_fn(a.nrows(), b.ncols(), |i, j| E::dot(a.row(i).iter().zip(b.column(j).iter())))
}
