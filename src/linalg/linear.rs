//! The few matrix operations that the formulas of the Hessian need, over any kind of matrix.
//!
//! A formula written over [`Linear`] is exact on rational matrices, rigorous entry by entry on matrices of enclosures,
//! and rigorous in norm, at the speed of `faer`, on [`BallMatrix`](super::BallMatrix).
//!
//! It is not a ring: shapes have to fit, and there is no zero without a shape. Operations take references and return
//! new matrices. Where shapes do not fit they panic, as those of `nalgebra` do.
//!
//! What comes out of a formula has the meaning of its matrices: for `DMatrix<Rational>` equality, for
//! `DMatrix<Interval>` and `DMatrix<Big>` an enclosure of each entry, for balls a distance in the operator norm.

use crate::arithmetic::Ring;
use nalgebra::DMatrix;

/// A matrix, exact or enclosed, with the operations of a polynomial in matrices.
pub trait Linear: Clone {
    /// The identity of size n.
    fn identity(n: usize) -> Self;
    /// Number of rows.
    fn rows(&self) -> usize;
    /// Number of columns.
    fn columns(&self) -> usize;
    /// A + B.
    fn sum(&self, other: &Self) -> Self;
    /// A + A, exact in binary arithmetic.
    ///
    /// `A + A` by default; a ball doubles its radius and rounds nothing.
    fn doubled(&self) -> Self {
        self.sum(self)
    }
    /// A B.
    fn product(&self, other: &Self) -> Self;
    /// A^T B.
    fn transposed_product(&self, other: &Self) -> Self;
    /// A^T.
    fn transposed(&self) -> Self;
    /// The Kronecker product of A and B: block (i, j) is `a_ij B`.
    fn kronecker(&self, other: &Self) -> Self;
    /// `A^T N A` for a symmetric N.
    ///
    /// N is m x m and A is m x r, the result r x r.
    fn congruence(&self, n: &Self) -> Self {
        self.transposed_product(&n.product(self))
    }
    /// The symmetric matrix whose block (j, k), j <= k, is `block(j, k)`; sizes are those of the diagonal blocks.
    ///
    /// `block` is asked for j <= k only, once each, and has to have the shape `sizes[j] x sizes[k]`; the other blocks
    /// are transposes.
    fn symmetric_blocks(sizes: &[usize], block: impl FnMut(usize, usize) -> Self) -> Self;
}

/// Positions of blocks of these sizes, and the total.
///
/// `[2, 3, 1]` gives `[0, 2, 5]` and 6.
pub(super) fn offsets(sizes: &[usize]) -> (Vec<usize>, usize) {
    let mut total = 0;
    let starts = sizes
        .iter()
        .map(|s| {
            total += s;
            total - s
        })
        .collect();
    (starts, total)
}

impl<T: Ring> Linear for DMatrix<T> {
    fn identity(n: usize) -> Self {
        DMatrix::identity(n, n)
    }
    fn rows(&self) -> usize {
        self.nrows()
    }
    fn columns(&self) -> usize {
        self.ncols()
    }
    fn sum(&self, other: &Self) -> Self {
        self + other
    }
    fn product(&self, other: &Self) -> Self {
        self * other
    }
    fn transposed_product(&self, other: &Self) -> Self {
        self.tr_mul(other)
    }
    fn transposed(&self) -> Self {
        self.transpose()
    }
    fn kronecker(&self, other: &Self) -> Self {
        let (r, c) = other.shape();
        DMatrix::from_fn(self.nrows() * r, self.ncols() * c, |i, j| {
            self[(i / r, j / c)].clone() * other[(i % r, j % c)].clone()
        })
    }
    fn symmetric_blocks(sizes: &[usize], mut block: impl FnMut(usize, usize) -> Self) -> Self {
        let (starts, total) = offsets(sizes);
        let mut out = DMatrix::zeros(total, total);
        for j in 0..sizes.len() {
            for k in j..sizes.len() {
                let b = block(j, k);
                let at = (starts[j], starts[k]);
                out.view_mut(at, b.shape()).copy_from(&b);
                if j != k {
                    out.view_mut((at.1, at.0), (b.ncols(), b.nrows())).copy_from(&b.transpose());
                }
            }
        }
        out
    }
}
