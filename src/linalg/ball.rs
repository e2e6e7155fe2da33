//! Matrices of doubles with one rigorous radius: enclosures at the speed of `faer`.
//!
//! A [`BallMatrix`] is the set of matrices whose distance from `mid` in the operator norm is at most `radius`.
//! Midpoints are computed by `faer`'s product; its rounding error is bounded a priori.
//!
//! Statement: for `C = fl(A B)` with inner dimension n, `|C - A B| <= gamma_n |A| |B| + n TINY` entry by entry,
//! whatever the order of summation, with or without fused multiply-add, because no term passes through more than n
//! roundings (Higham, section 3.1). The trusted property of `faer` is only that every entry is such a sum (no
//! Strassen-like recombination, no flushing of subnormal numbers). Hence in norm `gamma_n s(A) s(B)` with
//! `s(A) >= norm_2(|A|)`, [`spread`]. An overflow shows as a non-finite entry and makes the radius infinite: nothing is
//! known, and every certificate that needs the ball fails.
//!
//! # Why one radius
//!
//! An interval for each entry would double the memory and, in products, cost a rounding outward for each term, with
//! no kernel of a library behind it. In the operator norm the radii of factors combine in a few operations: with
//! `A = A0 + E`, `B = B0 + F`, `norm(E) <= r`, `norm(F) <= q`,
//!
//! ```text
//! norm(A B - fl(A0 B0)) <= gamma_n s(A0) s(B0) + s(A0) q + r (s(B0) + q) + underflow.
//! ```
//!
//! What is lost is the resolution of small entries: each entry is known up to the whole radius. Where that is too
//! little, the matrices of `pairs` and the enclosures of `extreme` take over.
//!
//! An infinite radius is the answer to everything that went wrong; no function here fails or panics on account of
//! values. Shapes that do not fit panic in `nalgebra` or `faer`, as with their own products.

use super::linear::{Linear, offsets};
use super::upward::{self, TINY, UNIT, gamma};
use crate::arithmetic::{Big, Enclosure, Interval};
use faer::{Accum, MatMut, MatRef, Par};
use nalgebra::DMatrix;
use std::borrow::Cow;

/// All matrices within `radius` of `mid` in the operator norm. The midpoint may be borrowed: weights are never copied.
#[derive(Clone, Debug)]
pub struct BallMatrix<'a> {
    /// Finite where the radius is.
    mid: Cow<'a, DMatrix<f64>>,
    /// Nonnegative, possibly infinite, never NaN.
    radius: f64,
}

/// An upper bound of `norm_2(|A|)`, so of `norm_2(A)`: the smaller of `norm_F(A)` and `sqrt(norm_1(A) norm_inf(A))`.
/// Infinite for a matrix with a non-finite entry.
///
/// `norm_2(|A|)^2 <= norm_1(A) norm_inf(A)`, and `norm_2(|A|) <= norm_F(A)`: all three right hand sides only see
/// moduli. Zero only for a zero matrix. Cost: one pass over the entries.
pub fn spread(a: &DMatrix<f64>) -> f64 {
    let (rows, columns) = a.shape();
    let mut row_sums = vec![0.0; rows];
    let (mut squares, mut largest_column) = (0.0, 0.0_f64);
    for column in a.as_slice().chunks_exact(rows.max(1)) {
        let (mut lanes, mut sums) = ([0.0; 8], [0.0; 8]);
        let (chunks, mut out) = (column.chunks_exact(8), row_sums.chunks_exact_mut(8));
        let rest = chunks.remainder();
        for (v, r) in chunks.zip(&mut out) {
            for i in 0..8 {
                let m = v[i].abs();
                lanes[i] += m * m;
                sums[i] += m;
                r[i] += m;
            }
        }
        for (v, r) in rest.iter().zip(out.into_remainder()) {
            let m = v.abs();
            lanes[0] += m * m;
            sums[0] += m;
            *r += m;
        }
        squares += lanes.iter().sum::<f64>();
        let sum = sums.iter().sum::<f64>();
        largest_column = upward::larger(largest_column, sum);
    }
    if largest_column == 0.0 {
        return 0.0;
    }
    let largest_row = row_sums.iter().fold(0.0, |m: f64, &v| m.max(v));
    let frobenius = upward::sqrt(upward::of_sum(squares, rows * columns));
    let (one, infinity) = (upward::of_sum(largest_column, rows), upward::of_sum(largest_row, columns));
    let mixed = upward::sqrt(upward::mul(one, infinity));
    // The squares carry every NaN and infinity of the entries.
    if squares.is_finite() { frobenius.min(mixed) } else { finite_or_infinite(a, mixed) }
}

/// Squares overflow from 1e154 on; the sums of absolute values then still bound, unless an entry is not finite.
///
/// `bound` for a finite matrix, else infinity.
fn finite_or_infinite(a: &DMatrix<f64>, bound: f64) -> f64 {
    if a.iter().all(|v| v.is_finite()) { bound } else { f64::INFINITY }
}

/// An upper bound of the Euclidean norm of the entries.
///
/// Infinite where a square overflows or an entry is not finite; zero only of zeros.
pub fn euclidean_norm(entries: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let chunks = entries.chunks_exact(8);
    lanes[0] += chunks.remainder().iter().map(|v| v * v).sum::<f64>();
    for chunk in chunks {
        for i in 0..8 {
            lanes[i] += chunk[i] * chunk[i];
        }
    }
    if entries.iter().all(|v| *v == 0.0) {
        return 0.0;
    }
    upward::sqrt(upward::of_sum(lanes.iter().sum(), entries.len()))
}

/// The same memory as `faer` sees it: both libraries store columns.
pub(crate) fn view(a: &DMatrix<f64>) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(a.as_slice(), a.nrows(), a.ncols())
}

/// The same, to be written to.
pub(crate) fn view_mut(a: &mut DMatrix<f64>) -> MatMut<'_, f64> {
    let (r, c) = a.shape();
    MatMut::from_column_major_slice_mut(a.as_mut_slice(), r, c)
}

/// What underflow can add in norm to a product of these sizes: at most TINY per multiplication.
fn underflow(rows: usize, inner: usize, columns: usize) -> f64 {
    upward::mul(upward::mul(rows as f64, columns as f64), upward::mul(inner as f64, TINY))
}

/// Bound of a bilinear operation's error: `factor s t` and `lost` by rounding (nothing where a factor is zero), and
/// what the radii carry.
///
/// The pairs are spread and radius of each operand. From `A B - A0 B0 = A0 F + E (B0 + F)`.
fn bilinear(factor: f64, lost: f64, (s, r): (f64, f64), (t, q): (f64, f64)) -> f64 {
    let rounding = if s == 0.0 || t == 0.0 { 0.0 } else { upward::add(upward::mul(factor, upward::mul(s, t)), lost) };
    upward::add(rounding, upward::add(upward::mul(s, q), upward::mul(r, upward::add(t, q))))
}

impl<'a> BallMatrix<'a> {
    /// The exact matrix, borrowed. A non-finite entry makes the radius infinite.
    pub fn exact(mid: &'a DMatrix<f64>) -> Self {
        let radius = if mid.iter().all(|v| v.is_finite()) { 0.0 } else { f64::INFINITY };
        Self { mid: Cow::Borrowed(mid), radius }
    }
    /// Midpoint and radius; infinite where the radius is NaN or negative, or an entry is not finite.
    pub fn new(mid: DMatrix<f64>, radius: f64) -> Self {
        let known = radius >= 0.0 && mid.iter().all(|v| v.is_finite());
        Self { mid: Cow::Owned(mid), radius: if known { radius } else { f64::INFINITY } }
    }
    /// A ball that holds a matrix of enclosures: around the midpoints (rounded to doubles), with the Frobenius norm
    /// of the entries' largest deviations as its radius. Infinite where an entry is unbounded or leaves the range of
    /// f64.
    pub fn from_enclosures<E: Enclosure>(a: &DMatrix<E>) -> Self {
        let mut squares = 0.0;
        let mid = a.map(|v| {
            let i = v.to_interval();
            let m = i.mid();
            let r = (Interval::point(m) - i).magnitude();
            squares = upward::add(squares, upward::mul(r, r));
            m
        });
        Self::new(mid, upward::sqrt(squares))
    }
    /// The centre.
    pub fn mid(&self) -> &DMatrix<f64> {
        &self.mid
    }
    /// Bound of the distance to the exact matrix in the operator norm (so also of each entry's error).
    pub fn radius(&self) -> f64 {
        self.radius
    }
    /// An upper bound of the operator norm.
    ///
    /// Of every matrix in the ball.
    pub fn norm(&self) -> f64 {
        upward::add(spread(&self.mid), self.radius)
    }
    /// The centre, owned.
    pub fn into_mid(self) -> DMatrix<f64> {
        self.mid.into_owned()
    }
    /// Entry (i, j) as an interval.
    ///
    /// Valid because `|e_i^T E e_j| <= norm_2(E)`; the whole line where the radius is infinite.
    pub fn entry(&self, i: usize, j: usize) -> Interval {
        Interval::point(self.mid[(i, j)]) + Interval::symmetric(self.radius)
    }
    /// -A, exact.
    pub fn negated(&self) -> BallMatrix<'static> {
        BallMatrix { mid: Cow::Owned(-self.mid.as_ref()), radius: self.radius }
    }
    /// The ball around `(A + A^T) / 2`: holds every symmetric matrix of this one.
    pub fn symmetrised(&self) -> BallMatrix<'static> {
        let mid = DMatrix::from_fn(self.mid.nrows(), self.mid.ncols(), |i, j| {
            // Halving first: the sum of two large entries must not overflow.
            0.5 * self.mid[(i, j)] + 0.5 * self.mid[(j, i)]
        });
        // The projection on symmetric matrices does not increase the distance; each entry is rounded at most three
        // times.
        let rounding = upward::mul(upward::mul(4.0, UNIT), spread(&self.mid));
        let lost = if rounding == 0.0 { 0.0 } else { underflow(self.mid.nrows(), 1, self.mid.ncols()) };
        BallMatrix::new(mid, upward::add(upward::add(self.radius, rounding), lost))
    }

    /// `A B`, or `A^T B` with `transposed`; the error is that of the module's display. On one thread.
    fn multiply(&self, other: &Self, transposed: bool) -> Self {
        let (a, b) = (view(&self.mid), view(&other.mid));
        let a = if transposed { a.transpose() } else { a };
        let (rows, inner, columns) = (a.nrows(), a.ncols(), b.ncols());
        let mut mid = DMatrix::zeros(rows, columns);
        faer::linalg::matmul::matmul(view_mut(&mut mid), Accum::Replace, a, b, 1.0, Par::Seq);
        let (s, t) = (spread(&self.mid), spread(&other.mid));
        let lost = underflow(rows, inner, columns);
        Self::new(mid, bilinear(gamma(inner), lost, (s, self.radius), (t, other.radius)))
    }

    /// `A - I` where the subtraction is exact and leaves something small: products with a layer near the identity then
    /// round only what differs from it.
    fn minus_identity(&self) -> Option<BallMatrix<'static>> {
        minus_identity(&self.mid).map(|rest| BallMatrix::new(rest, self.radius))
    }
}

/// `A - I` where the subtraction is exact and leaves something small.
///
/// `None` where A is not square, a diagonal entry lies outside `[1/2, 2]`, or the spread of the difference is not
/// below 1/2.
pub(crate) fn minus_identity(a: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    // Within [1/2, 2] the subtraction of 1 is exact (Sterbenz).
    if !a.is_square() || (0..a.nrows()).any(|i| !(0.5..=2.0).contains(&a[(i, i)])) {
        return None;
    }
    let mut rest = a.clone();
    for i in 0..rest.nrows() {
        rest[(i, i)] -= 1.0;
    }
    (spread(&rest) < 0.5).then_some(rest)
}

impl Linear for BallMatrix<'_> {
    fn identity(n: usize) -> Self {
        BallMatrix { mid: Cow::Owned(DMatrix::identity(n, n)), radius: 0.0 }
    }
    fn rows(&self) -> usize {
        self.mid.nrows()
    }
    fn columns(&self) -> usize {
        self.mid.ncols()
    }
    /// Each entry is rounded once, by at most u times its computed modulus; sums do not underflow.
    fn sum(&self, other: &Self) -> Self {
        let mid = self.mid.as_ref() + other.mid.as_ref();
        let rounding = upward::mul(UNIT, spread(&mid));
        Self::new(mid, upward::add(rounding, upward::add(self.radius, other.radius)))
    }
    /// Exact, unless it overflows.
    fn doubled(&self) -> Self {
        Self::new(self.mid.as_ref() * 2.0, upward::mul(2.0, self.radius))
    }
    fn product(&self, other: &Self) -> Self {
        self.multiply(other, false)
    }
    fn transposed_product(&self, other: &Self) -> Self {
        self.multiply(other, true)
    }
    fn transposed(&self) -> Self {
        BallMatrix { mid: Cow::Owned(self.mid.transpose()), radius: self.radius }
    }
    fn kronecker(&self, other: &Self) -> Self {
        let mid = self.mid.kronecker(&other.mid);
        let (s, t) = (spread(&self.mid), spread(&other.mid));
        let lost = underflow(mid.nrows(), 1, mid.ncols());
        Self::new(mid, bilinear(UNIT, lost, (s, self.radius), (t, other.radius)))
    }
    /// With `A = I + E`: `A^T N A = R + E^T R`, `R = N + N E`, in which rounding is proportional to the size of E.
    fn congruence(&self, n: &Self) -> Self {
        match self.minus_identity() {
            Some(rest) => {
                let right = n.sum(&n.product(&rest));
                right.sum(&rest.transposed_product(&right))
            }
            None => self.transposed_product(&n.product(self)),
        }
    }
    fn symmetric_blocks(sizes: &[usize], mut block: impl FnMut(usize, usize) -> Self) -> Self {
        let (starts, total) = offsets(sizes);
        let mut mid = DMatrix::zeros(total, total);
        let mut squares = 0.0;
        for j in 0..sizes.len() {
            for k in j..sizes.len() {
                let b = if j == k { block(j, k).symmetrised() } else { block(j, k) };
                mid.view_mut((starts[j], starts[k]), b.mid.shape()).copy_from(&b.mid);
                if j != k {
                    mid.view_mut((starts[k], starts[j]), (b.columns(), b.rows())).tr_copy_from(&b.mid);
                }
                // norm_2 of a block matrix is at most the Frobenius norm of the matrix of norms of its blocks.
                let square = upward::mul(b.radius, b.radius);
                squares = upward::add(squares, if j == k { square } else { upward::mul(2.0, square) });
            }
        }
        Self::new(mid, upward::sqrt(squares))
    }
}

/// An exact double matrix at any precision.
///
/// With fewer than 53 bits the entries are enclosed, not exact.
pub fn big(a: &DMatrix<f64>, bits: u32) -> DMatrix<Big> {
    a.map(|v| Big::from_f64(v, bits))
}
