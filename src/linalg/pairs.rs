//! Matrices of unevaluated sums of two doubles: about 106 bits, with a rigorous error, for the few products that need
//! it.
//!
//! Where they are needed: in the backward sweep over the layers (`hessian::sweep`), for the products of layers with
//! the head, because the gradient at a minimiser is a difference of nearly equal numbers, and for the Gram matrices
//! of those steps whose error in doubles is too large for the width that is asked for; and in `hessian::riccati`, for
//! the vectors a_k and for the quotients of proposed eigenvectors. A term costs some twenty operations on doubles, in
//! loops without branches.
//!
//! The algorithms need rounding to nearest and no contraction of `a b + c` into one operation; Rust contracts
//! nothing. Underflow is accounted for by `TINY`; an overflow (also in the splitting, from about `2^997` on) shows as
//! a number that is not finite, and the error is then infinite.

use super::ball::{euclidean_norm, spread};
use super::upward::{self, TINY, UNIT};
use crate::arithmetic::Big;
use nalgebra::DMatrix;

/// `high + low`, entry by entry, with `|low| <= u |high|`.
///
/// The sum `high + low` is the number meant. The results of this module's products and sums end in `two_sum`, which
/// makes `high` that sum rounded to a double.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// The leading parts: the matrix rounded to doubles.
    pub high: DMatrix<f64>,
    /// What they leave.
    pub low: DMatrix<f64>,
}

impl Pairs {
    /// The exact doubles.
    ///
    /// The low parts are zero.
    pub fn exact(high: DMatrix<f64>) -> Self {
        let low = DMatrix::zeros(high.nrows(), high.ncols());
        Self { high, low }
    }
    /// `high + low`, enclosed: exact where the sum has at most `bits` >= 53 bits from its first to its last, else
    /// rounded outward (a low part may lie far below `u |high|`).
    pub fn to_big(&self, bits: u32) -> DMatrix<Big> {
        self.high.zip_map(&self.low, |h, l| Big::from_f64(h, bits) + Big::from_f64(l, bits))
    }
    /// An upper bound of the Frobenius norm.
    ///
    /// By `|high + low| <= (1 + u) |high|`.
    pub fn norm(&self) -> f64 {
        upward::mul(euclidean_norm(self.high.as_slice()), 1.0 + 4.0 * UNIT)
    }
    /// No overflow has happened on the way.
    fn is_finite(&self) -> bool {
        self.high.iter().chain(self.low.iter()).all(|v| v.is_finite())
    }
}

/// `W^T B`, and an upper bound of the Frobenius norm of the error (infinite after an overflow).
///
/// Statement (Ogita, Rump and Oishi's Dot2, the low parts kept), per entry, n terms: products and sums leave their
/// exact errors (Dekker, Knuth), each at most u times a partial result, so their moduli and those of `W low` add up to
/// at most `(n + 10) u (1 + gamma_n) |W|^T |high|` (eight lanes, then their sum); adding these numbers in doubles, none
/// through more than n + 25 roundings, errs by at most `gamma_{n+25}` times that. Together below
/// `4 (n + 8)^2 u^2 |W|^T |high|`, and what underflow loses, 16 TINY per term.
///
/// W is m x r, B is m x k, the result r x k. Cost: m r k steps of `accumulate`.
pub fn transposed_times(w: &DMatrix<f64>, b: &Pairs) -> (Pairs, f64) {
    let (rows, columns) = (w.ncols(), b.high.ncols());
    let mut out = Pairs { high: DMatrix::zeros(rows, columns), low: DMatrix::zeros(rows, columns) };
    for j in 0..columns {
        column(w, b, j, 0, &mut out);
    }
    let error = error_bound(w, b);
    let error = if out.is_finite() { error } else { f64::INFINITY };
    (out, error)
}

/// `W B`, and an upper bound of the Frobenius norm of the error, as for [`transposed_times`]: the sums run over the
/// columns of W, one after the other.
///
/// W is r x m, B is m x k, the result r x k. A column of W is read as it lies in memory, so that no transpose is
/// formed.
pub fn times(w: &DMatrix<f64>, b: &Pairs) -> (Pairs, f64) {
    let (rows, inner) = w.shape();
    let mut out = Pairs { high: DMatrix::zeros(rows, b.high.ncols()), low: DMatrix::zeros(rows, b.high.ncols()) };
    for j in 0..b.high.ncols() {
        let (mut sums, mut rests) = (vec![0.0; rows], vec![0.0; rows]);
        for c in 0..inner {
            let (high, low) = (b.high[(c, j)], b.low[(c, j)]);
            let (top, bottom) = halves(high);
            for ((s, r), w) in sums.iter_mut().zip(&mut rests).zip(&w.as_slice()[c * rows..(c + 1) * rows]) {
                accumulate(s, r, *w, high, low, top, bottom);
            }
        }
        for i in 0..rows {
            let (high, low) = two_sum(sums[i], rests[i]);
            out.high[(i, j)] = high;
            out.low[(i, j)] = low;
        }
    }
    let error = error_bound_of(w, b, inner);
    let error = if out.is_finite() { error } else { f64::INFINITY };
    (out, error)
}

/// `A + B`, and an upper bound of the Frobenius norm of the error: the low parts, at most u times a high part, are
/// added in doubles.
pub fn sum(a: &Pairs, b: &Pairs) -> (Pairs, f64) {
    let mut out = a.clone();
    for (((high, low), h), l) in out.high.iter_mut().zip(out.low.iter_mut()).zip(b.high.iter()).zip(b.low.iter()) {
        let (sum, rest) = two_sum(*high, *h);
        (*high, *low) = two_sum(sum, rest + (*low + *l));
    }
    // Two sums of numbers that are together at most 3 u (|a| + |b|).
    let error = upward::mul(8.0 * UNIT * UNIT, upward::add(a.norm(), b.norm()));
    let error = upward::add(error, if error > 0.0 { TINY * out.high.len() as f64 } else { 0.0 });
    let error = if out.is_finite() { error } else { f64::INFINITY };
    (out, error)
}

/// For the sums of `W^T B`, which have as many terms as W has rows.
fn error_bound(w: &DMatrix<f64>, b: &Pairs) -> f64 {
    error_bound_of(w, b, w.nrows())
}

/// `inner` terms to each sum.
///
/// The bound of [`transposed_times`] in norm: `norm_F(|W|^T |high|) <= s(W) norm_F(high)`. Zero where a factor is
/// zero, since then nothing is rounded.
fn error_bound_of(w: &DMatrix<f64>, b: &Pairs, inner: usize) -> f64 {
    let (s, t) = (spread(w), b.norm());
    if s == 0.0 || t == 0.0 {
        return 0.0;
    }
    let terms = (inner + 8) as f64;
    let factor = upward::mul(upward::mul(4.0 * UNIT * UNIT, upward::mul(terms, terms)), upward::mul(s, t));
    let lost = upward::mul(16.0 * TINY * w.len() as f64, b.high.ncols() as f64);
    upward::add(factor, lost)
}

/// `W^T N W` for a symmetric N, symmetric, and an upper bound of the Frobenius norm of the error.
///
/// `X = W^T N` first, then the lower triangle of `W^T X^T`; mirroring it at most doubles the squared error.
///
/// W is m x r, N is m x m, the result r x r. The error of X passes through W, in norm:
/// `norm_F(W^T E) <= s(W) norm_F(E)`; the second product adds its own.
pub fn congruence(w: &DMatrix<f64>, n: &Pairs) -> (Pairs, f64) {
    let (x, first) = transposed_times(w, n);
    let x = Pairs { high: x.high.transpose(), low: x.low.transpose() };
    let size = w.ncols();
    let mut out = Pairs { high: DMatrix::zeros(size, size), low: DMatrix::zeros(size, size) };
    for j in 0..size {
        column(w, &x, j, j, &mut out);
    }
    for part in [&mut out.high, &mut out.low] {
        part.fill_upper_triangle_with_lower_triangle();
    }
    let error = upward::add(upward::mul(spread(w), first), error_bound(w, &x));
    // sqrt(2) < 1.5
    let error = upward::mul(1.5, error);
    let error = if out.is_finite() { error } else { f64::INFINITY };
    (out, error)
}

/// `N + omega I`, and a bound of the error, which is of second order.
///
/// In place. The error is a diagonal matrix, so its operator norm is its largest entry; hypothesis: `omega >= 0`.
pub fn add_to_diagonal(n: &mut Pairs, omega: f64) -> f64 {
    let mut largest = 0.0_f64;
    for i in 0..n.high.nrows() {
        let (sum, rest) = two_sum(n.high[(i, i)], omega);
        let (high, low) = two_sum(sum, rest + n.low[(i, i)]);
        let size = high.abs() + omega;
        largest = upward::larger(largest, size);
        n.high[(i, i)] = high;
        n.low[(i, i)] = low;
    }
    // One rounding, of numbers that are at most 2 u (|high| + omega).
    upward::add(upward::mul(8.0 * UNIT * UNIT, upward::bound(largest)), TINY)
}

/// Entries `from..` of column j of `W^T B`.
///
/// Written to `out`. The halves of column j are formed once for all rows.
fn column(w: &DMatrix<f64>, b: &Pairs, j: usize, from: usize, out: &mut Pairs) {
    let n = w.nrows();
    let (high, low) = (&b.high.as_slice()[j * n..(j + 1) * n], &b.low.as_slice()[j * n..(j + 1) * n]);
    let (tops, bottoms): (Vec<f64>, Vec<f64>) = high.iter().map(|&v| halves(v)).unzip();
    for i in from..w.ncols() {
        let (h, l) = dot(&w.as_slice()[i * n..(i + 1) * n], high, low, &tops, &bottoms);
        out.high[(i, j)] = h;
        out.low[(i, j)] = l;
    }
}

/// Knuth: the rounded sum and its exact error.
///
/// Exact for finite doubles whose sum does not overflow, whichever is larger.
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// Veltkamp: two halves of 26 bits each, exactly.
///
/// Products of halves are exact, as they have at most 53 bits.
#[inline(always)]
fn halves(x: f64) -> (f64, f64) {
    // 2^27 + 1
    let c = 134_217_729.0 * x;
    let top = c - (c - x);
    (top, x - top)
}

/// `s + c += w (high + low)`, with the halves of `high`.
///
/// `product + error = w high` exactly (Dekker), `sum + lost = s + product` exactly (Knuth); what is rounded are the
/// additions to c and `w low`.
#[inline(always)]
fn accumulate(s: &mut f64, c: &mut f64, w: f64, high: f64, low: f64, top: f64, bottom: f64) {
    let (wt, wb) = halves(w);
    let product = w * high;
    let error = wb * bottom - (((product - wt * top) - wb * top) - wt * bottom);
    let (sum, lost) = two_sum(*s, product);
    *s = sum;
    *c += (lost + error) + w * low;
}

/// The inner product of w with `high + low`, as a high and a low part. Eight lanes run side by side, then their sums
/// are added by `two_sum` with all low parts; what is left over after whole chunks goes to the first lane.
#[inline(always)]
fn dot(w: &[f64], high: &[f64], low: &[f64], tops: &[f64], bottoms: &[f64]) -> (f64, f64) {
    /// Sums that run side by side.
    const LANES: usize = 8;
    let (mut s, mut c) = ([0.0; LANES], [0.0; LANES]);
    let whole = w.len() / LANES * LANES;
    for at in (0..whole).step_by(LANES) {
        let (w, h, l) = (&w[at..at + LANES], &high[at..at + LANES], &low[at..at + LANES]);
        let (t, b) = (&tops[at..at + LANES], &bottoms[at..at + LANES]);
        for i in 0..LANES {
            accumulate(&mut s[i], &mut c[i], w[i], h[i], l[i], t[i], b[i]);
        }
    }
    for at in whole..w.len() {
        accumulate(&mut s[0], &mut c[0], w[at], high[at], low[at], tops[at], bottoms[at]);
    }
    let (mut sum, mut rest) = (0.0, 0.0);
    for i in 0..LANES {
        let (next, lost) = two_sum(sum, s[i]);
        rest += lost + c[i];
        sum = next;
    }
    two_sum(sum, rest)
}
