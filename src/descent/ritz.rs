//! The largest eigenvalue of the Hessian by Lanczos' method on Hessian-vector products, for the runs of one vector side
//! by side.
//!
//! **Compressed directions.** `H D` is `db_k a_k^T + b_k da_k^T` in layer k, whatever D is: eigenvectors of nonzero
//! eigenvalues are of the form `D_k = u_k a_k^T / norm(a_k) + b_k v_k^T / norm(b_k)`. With u_k orthogonal to b_k this
//! is an isometry from the pairs (u_k, v_k), so the iteration runs on `d_k + d_{k-1}` numbers per layer, not
//! `d_k d_{k-1}`, and a product costs two sweeps:
//!
//! | quantity | recursion |
//! | --- | --- |
//! | db_k, k = L..0 | `db_L = 0`, `db_{k-1} = W_k^T db_k + norm(b_k) v_k` |
//! | da_k, k = 1..L | `da_1 = 2 Sigma db_0`, `da_{k+1} = W_k da_k + norm(a_k) u_k + (v_k . a_k) b_k / norm(b_k)` |
//! | u_k of H D | `norm(a_k) (db_k - h b_k / norm(b_k))`, `h = db_k . b_k / norm(b_k)`; 0 for k = L |
//! | v_k of H D | `norm(b_k) da_k + h a_k` |
//!
//! A zero b_k or a_k drops its half, which H does not see either.
//!
//! **Accuracy.** From a fixed start, in all coordinates, so that an estimate depends on the iterate alone. The value is
//! the largest Ritz value, signed, at the first check (after 6, 10, 14, ... products) at which the residual of its Ritz
//! vector is at most [`TOLERANCE`] times it; it lies below the largest eigenvalue, up to rounding, by at most that
//! residual squared over the gap to the rest of the spectrum, if the start has any part along the top eigenvector that
//! is not negligible. After [`MOST`] products the last Ritz value is taken, a lower bound still.
//!
//! **Derivation of the table.** By (5) the gradient's layer k is `b_k a_k^T`, so `H D` is its derivative along D,
//! `db_k a_k^T + b_k da_k^T`. With `D_k = u_k a_k^T/norm(a_k) + b_k v_k^T/norm(b_k)` and `u_k . b_k = 0`:
//!
//! ```text
//! D_k^T b_k = norm(b_k) v_k,      D_k a_k = norm(a_k) u_k + (v_k . a_k) b_k/norm(b_k),
//! ```
//!
//! which are what a change of W_k adds to the sweeps. To bring `db_k a_k^T + b_k da_k^T` back into this form the part
//! of db_k along b_k goes over to the second half: that is h. For k = L db_L is zero, as the head is fixed, so u_L
//! is.
//!
//! What it is not: an enclosure. Lanczos' method without reorthogonalisation may repeat a Ritz value, but the largest
//! one stays within rounding of the spectrum; what certifies a sharpness is
//! [`hessian::sharpness`](crate::hessian::sharpness).

// As in the kernels.
#![allow(clippy::needless_range_loop)]

use super::kernel::{times_into, transposed_into};
use super::lanes::{Aligned, Group, LANES, Shape};
use pulp::{Simd, WithSimd};
use rand::{RngExt, SeedableRng};

/// Residual of the Ritz vector, relative to the Ritz value, that is small enough.
pub const TOLERANCE: f64 = 1e-6;
/// Most products for one estimate.
pub const MOST: usize = 90;
/// Products before the first check: Krylov spaces at a minimiser of d = 5 are exhausted by then.
const FIRST: usize = 6;
/// Products between checks, each of which costs about two.
const BETWEEN: usize = 4;
/// A next vector this small, relative to the largest product so far, is rounding: the Krylov space is exhausted.
const EXHAUSTED: f64 = 1e-13;
/// Laguerre's iteration is cubic; 40 is out of reach but for a NaN.
const ITERATIONS: usize = 40;

/// One number for each run of a vector.
type Lane = [f64; LANES];

/// Working memory for one vector of runs.
pub(super) struct Space {
    /// `b_k / norm(b_k)`, placed as b_0, ..., b_L of one vector.
    unit: Aligned,
    /// db_0, ..., db_L.
    db: Aligned,
    /// da_1, ..., da_L.
    da: Aligned,
    /// norm(b_1), ..., norm(b_L).
    size_b: Aligned,
    /// norm(a_1), ..., norm(a_L).
    size_a: Aligned,
    /// Three Lanczos vectors: v_1, u_1, v_2, u_2, ...
    vectors: [Aligned; 3],
    /// The start of every iteration, the same for all lanes and all networks of these widths.
    start: Vec<f64>,
    /// alpha_1, alpha_2, ..: the diagonal of Lanczos' tridiagonal matrix.
    diagonal: Vec<Lane>,
    /// beta_1, beta_2, ..: the diagonal next to it; zero from where the Krylov space is exhausted.
    next: Vec<Lane>,
    /// Scratch of [`ritz`].
    pivots: Vec<Lane>,
    /// The estimates of the last call.
    pub values: Vec<Lane>,
}

/// Entries of a compressed direction.
///
/// `sum_k (d_{k-1} + d_k)`.
fn coordinates(widths: &[usize]) -> usize {
    widths.windows(2).map(|w| w[0] + w[1]).sum()
}

impl Space {
    /// The start is uniform in `[-1, 1)`, from a seed that is its length.
    pub fn new(shape: &Shape, vectors: usize) -> Self {
        let zeros = |entries: usize| Aligned::zeros(entries * LANES);
        let (n, depth) = (coordinates(&shape.widths), shape.depth());
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(n as u64);
        Self {
            unit: zeros(shape.vectors[depth + 1]),
            db: zeros(shape.vectors[depth + 1]),
            da: zeros(shape.vectors[depth]),
            size_b: zeros(depth),
            size_a: zeros(depth),
            vectors: [zeros(n), zeros(n), zeros(n)],
            start: (0..n).map(|_| random.random_range(-1.0..1.0)).collect(),
            diagonal: vec![[0.0; LANES]; MOST],
            next: vec![[0.0; LANES]; MOST],
            pivots: vec![[0.0; LANES]; MOST],
            values: vec![[f64::NAN; LANES]; vectors],
        }
    }
    /// Bytes of a space.
    pub fn bytes(widths: &[usize]) -> u64 {
        let sweeps: usize = widths.iter().sum();
        ((3 * coordinates(widths) + 3 * sweeps + 2 * widths.len() + 3 * MOST) * LANES * 8 + coordinates(widths) * 8)
            as u64
    }
}

/// Sum of products in four chains, so that latencies overlap.
#[inline(always)]
fn dot<S: Simd>(s: S, a: &[S::f64s], b: &[S::f64s]) -> S::f64s {
    let mut sum = [s.splat_f64s(0.0); 4];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    for (a, b) in a.iter().zip(b) {
        for t in 0..4 {
            sum[t] = s.mul_add_f64s(a[t], b[t], sum[t]);
        }
    }
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum[0] = s.mul_add_f64s(*a, *b, sum[0]);
    }
    s.add_f64s(s.add_f64s(sum[0], sum[1]), s.add_f64s(sum[2], sum[3]))
}

/// `r <- r + alpha q + beta p`; the squared norm of the new r.
///
/// The three-term recurrence and the norm of its result in one pass.
#[inline(always)]
fn advance<S: Simd>(s: S, r: &mut [S::f64s], alpha: S::f64s, q: &[S::f64s], beta: S::f64s, p: &[S::f64s]) -> S::f64s {
    let mut sum = [s.splat_f64s(0.0); 4];
    for ((r, q), p) in r.chunks_mut(4).zip(q.chunks(4)).zip(p.chunks(4)) {
        for (((r, q), p), sum) in r.iter_mut().zip(q).zip(p).zip(&mut sum) {
            *r = s.mul_add_f64s(beta, *p, s.mul_add_f64s(alpha, *q, *r));
            *sum = s.mul_add_f64s(*r, *r, *sum);
        }
    }
    s.add_f64s(s.add_f64s(sum[0], sum[1]), s.add_f64s(sum[2], sum[3]))
}

/// The numbers of a vector, one by one; [`vector`] is the way back.
#[inline(always)]
fn lanes<S: Simd>(x: S::f64s) -> Lane {
    let mut out = [0.0; LANES];
    S::as_mut_simd_f64s(&mut out).0[0] = x;
    out
}

/// Four numbers as a vector.
#[inline(always)]
fn vector<S: Simd>(x: &Lane) -> S::f64s {
    S::as_simd_f64s(x).0[0]
}

/// `1 / x`, 0 where x is zero (or not a number).
#[inline(always)]
fn reciprocal(x: &Lane) -> Lane {
    let mut out = [0.0; LANES];
    for w in 0..LANES {
        out[w] = if x[w] > 0.0 { 1.0 / x[w] } else { 0.0 };
    }
    out
}

/// What a product reads, of one vector of runs.
struct Point<'a, F> {
    /// Widths and offsets.
    shape: &'a Shape,
    /// Which vector of how many.
    g: usize,
    /// So many vectors.
    of: usize,
    /// W_1, .., W_L of the group.
    weights: &'a [F],
    /// a_1, .., a_L of the group.
    forward: &'a [F],
    /// Sigma of this vector of runs.
    sigma: &'a [F],
    /// `b_k/norm(b_k)`, as in [`Space`].
    unit: &'a [F],
    /// The norms of the b_k.
    size_b: &'a [F],
    /// The norms of the a_k.
    size_a: &'a [F],
}

impl<F> Point<'_, F> {
    /// W_{k+1}.
    #[inline(always)]
    fn layer(&self, k: usize) -> &[F] {
        let (before, after) = (self.shape.layers[k], self.shape.layers[k + 1]);
        &self.weights[before * self.of + self.g * (after - before)..][..after - before]
    }
    /// a_{k+1}.
    #[inline(always)]
    fn a(&self, k: usize) -> &[F] {
        &self.forward[self.shape.vectors[k] * self.of + self.g * self.shape.widths[k]..][..self.shape.widths[k]]
    }
    /// `b_k / norm(b_k)`.
    #[inline(always)]
    fn b(&self, k: usize) -> &[F] {
        &self.unit[self.shape.vectors[k]..self.shape.vectors[k + 1]]
    }
}

/// `db_{k-1} = W_k^T db_k + norm(b_k) v_k`, for k < L.
#[inline(always)]
fn back<S: Simd, const D: usize>(
    s: S,
    w: &[S::f64s],
    size: S::f64s,
    db: &[S::f64s],
    v: &[S::f64s],
    to: &mut [S::f64s],
) {
    transposed_into::<S, D>(s, w, db, to);
    for (to, v) in to.iter_mut().zip(v) {
        *to = s.mul_add_f64s(size, *v, *to);
    }
}

/// Row k < L of the table: the result's v_k and u_k, and da_{k+1}.
///
/// `db` is db_k and `da` is da_k; `next` receives da_{k+1}. The result's u_k is orthogonal to b_k by construction,
/// but for rounding.
#[inline(always)]
fn ahead<S: Simd, const D: usize>(
    s: S,
    point: &Factors<'_, S::f64s>,
    x: Halves<&[S::f64s]>,
    out: Halves<&mut [S::f64s]>,
    db: &[S::f64s],
    da: &[S::f64s],
    next: &mut [S::f64s],
) {
    let Factors { w, a, b, size_a, size_b } = *point;
    let h = dot(s, b, db);
    for ((to, da), a) in out.v.iter_mut().zip(da).zip(a) {
        *to = s.mul_add_f64s(size_b, *da, s.mul_f64s(h, *a));
    }
    // u_k is orthogonal to b_k up to rounding, which division by a small norm has magnified: left out on both sides, H
    // stays symmetric.
    let (lost, minus_h) = (s.neg_f64s(dot(s, b, x.u)), s.neg_f64s(h));
    let along = s.mul_add_f64s(size_a, lost, dot(s, x.v, a));
    times_into::<S, D>(s, w, da, next);
    for ((((to, next), u), b), db) in out.u.iter_mut().zip(next).zip(x.u).zip(b).zip(db) {
        *to = s.mul_f64s(size_a, s.mul_add_f64s(minus_h, *b, *db));
        *next = s.mul_add_f64s(size_a, *u, s.mul_add_f64s(along, *b, *next));
    }
}

/// W_k, a_k, `b_k / norm(b_k)` and the norms.
#[derive(Clone, Copy)]
struct Factors<'a, F> {
    /// W_k, d_k x d_{k-1}, row by row.
    w: &'a [F],
    /// a_k.
    a: &'a [F],
    /// `b_k / norm(b_k)`; zero where b_k is.
    b: &'a [F],
    /// norm(a_k).
    size_a: F,
    /// norm(b_k).
    size_b: F,
}

/// v_k and u_k.
struct Halves<T> {
    /// v_k, of length d_{k-1}.
    v: T,
    /// u_k, of length d_k.
    u: T,
}

/// `out = H x`, both compressed.
///
/// Directions are v_1, u_1, v_2, u_2, .. one after the other. `db` and `da` are scratch, and `db_L` is never read: it
/// is zero. Cost: two sweeps, 4 p operations and O(sum of widths).
#[inline(always)]
fn product<S: Simd, const D: usize>(
    s: S,
    point: &Point<'_, S::f64s>,
    x: &[S::f64s],
    out: &mut [S::f64s],
    db: &mut [S::f64s],
    da: &mut [S::f64s],
) {
    let (shape, depth) = (point.shape, point.shape.depth());
    let (widths, at) = (&shape.widths, &shape.vectors);
    // Below the last layer a built-in width is both sizes.
    let sizes = |k: usize| if D > 0 { (D, D) } else { (widths[k], widths[k + 1]) };
    let (cols, rows) = (widths[depth - 1], widths[depth]);
    let mut end = x.len() - (cols + rows);
    for (to, v) in db[at[depth - 1]..at[depth]].iter_mut().zip(&x[end..]) {
        *to = s.mul_f64s(point.size_b[depth - 1], *v);
    }
    for k in (0..depth - 1).rev() {
        let (cols, rows) = sizes(k);
        end -= cols + rows;
        let (lower, upper) = db.split_at_mut(at[k + 1]);
        back::<S, D>(
            s,
            point.layer(k),
            point.size_b[k],
            &upper[..rows],
            &x[end..end + cols],
            &mut lower[at[k]..at[k] + cols],
        );
    }
    let d = if D > 0 { D } else { widths[0] };
    transposed_into::<S, D>(s, point.sigma, &db[..d], &mut da[..d]);
    for y in &mut da[..d] {
        *y = s.add_f64s(*y, *y);
    }
    let mut start = 0;
    for k in 0..depth - 1 {
        let (cols, rows) = sizes(k);
        let (v, u) = x[start..start + cols + rows].split_at(cols);
        let (to_v, to_u) = out[start..start + cols + rows].split_at_mut(cols);
        start += cols + rows;
        let (lower, upper) = da.split_at_mut(at[k + 1]);
        let factors = Factors {
            w: point.layer(k),
            a: &point.a(k)[..cols],
            b: &point.b(k + 1)[..rows],
            size_a: point.size_a[k],
            size_b: point.size_b[k],
        };
        let (x, out) = (Halves { v, u }, Halves { v: to_v, u: to_u });
        ahead::<S, D>(
            s,
            &factors,
            x,
            out,
            &db[at[k + 1]..at[k + 1] + rows],
            &lower[at[k]..at[k] + cols],
            &mut upper[..rows],
        );
    }
    let (to_v, to_u) = out[start..].split_at_mut(cols);
    for (to, da) in to_v.iter_mut().zip(&da[at[depth - 1]..]) {
        *to = s.mul_f64s(point.size_b[depth - 1], *da);
    }
    to_u.fill(s.splat_f64s(0.0));
}

/// Estimates for the lanes that are marked, into [`Space::values`]; the others' values mean nothing. The group has just
/// been measured, with all its layers. D: the width built in, or 0.
pub(super) struct Estimate<'a, const D: usize> {
    /// The iterates, as measured.
    pub group: &'a Group,
    /// Receives the values.
    pub space: &'a mut Space,
    /// For each vector, its lanes.
    pub wanted: &'a [[bool; LANES]],
}

impl<const D: usize> WithSimd for Estimate<'_, D> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        for (g, wanted) in self.wanted.iter().enumerate() {
            if wanted.contains(&true) {
                one::<S, D>(s, self.group, g, self.space, wanted);
            }
        }
    }
}

/// Norms, unit vectors, and the start: normalised, its u_k made orthogonal to b_k.
///
/// u_L is zero, as in every vector of the Krylov space. A lane without a run computes too; nobody reads its value.
#[inline(always)]
fn prepare<S: Simd>(s: S, group: &Group, g: usize, space: &mut Space) {
    let (shape, of) = (&group.shape, group.vectors);
    let (backward, forward) = (S::as_simd_f64s(group.backward.get()).0, S::as_simd_f64s(group.forward.get()).0);
    let unit = S::as_mut_simd_f64s(space.unit.get_mut()).0;
    let size_b = S::as_mut_simd_f64s(space.size_b.get_mut()).0;
    let size_a = S::as_mut_simd_f64s(space.size_a.get_mut()).0;
    let q = S::as_mut_simd_f64s(space.vectors[0].get_mut()).0;
    for (q, x) in q.iter_mut().zip(&space.start) {
        *q = s.splat_f64s(*x);
    }
    let mut start = 0;
    for k in 0..shape.depth() {
        let (cols, rows) = (shape.widths[k], shape.widths[k + 1]);
        let a = &forward[shape.vectors[k] * of + g * cols..][..cols];
        size_a[k] = s.sqrt_f64s(dot(s, a, a));
        let b = &backward[shape.vectors[k + 1] * of + g * rows..][..rows];
        size_b[k] = s.sqrt_f64s(dot(s, b, b));
        let inverse = vector::<S>(&reciprocal(&lanes::<S>(size_b[k])));
        let u = &mut q[start + cols..start + cols + rows];
        start += cols + rows;
        if k + 1 == shape.depth() {
            u.fill(s.splat_f64s(0.0));
            break;
        }
        let unit = &mut unit[shape.vectors[k + 1]..][..rows];
        for i in 0..rows {
            unit[i] = s.mul_f64s(b[i], inverse);
        }
        let along = s.neg_f64s(dot(s, unit, u));
        for i in 0..rows {
            u[i] = s.mul_add_f64s(along, unit[i], u[i]);
        }
    }
    let norm = lanes::<S>(s.sqrt_f64s(dot(s, q, q)));
    let inverse = vector::<S>(&reciprocal(&norm));
    for q in q {
        *q = s.mul_f64s(*q, inverse);
    }
}

/// Lanczos' method for the four runs of vector `g`. All lanes go on until the last wanted one has met the tolerance;
/// the value of a lane is that at its own first check that met it, so that it does not depend on its neighbours.
#[inline(always)]
fn one<S: Simd, const D: usize>(s: S, group: &Group, g: usize, space: &mut Space, wanted: &[bool; LANES]) {
    prepare(s, group, g, space);
    let (shape, d) = (&group.shape, group.shape.widths[0]);
    let point = Point {
        shape,
        g,
        of: group.vectors,
        weights: S::as_simd_f64s(group.weights.get()).0,
        forward: S::as_simd_f64s(group.forward.get()).0,
        sigma: &S::as_simd_f64s(group.sigma.get()).0[g * d * d..(g + 1) * d * d],
        unit: S::as_simd_f64s(space.unit.get()).0,
        size_b: S::as_simd_f64s(space.size_b.get()).0,
        size_a: S::as_simd_f64s(space.size_a.get()).0,
    };
    let (db, da) = (S::as_mut_simd_f64s(space.db.get_mut()).0, S::as_mut_simd_f64s(space.da.get_mut()).0);
    let [q, before, r] = &mut space.vectors;
    let mut q = S::as_mut_simd_f64s(q.get_mut()).0;
    let mut before = S::as_mut_simd_f64s(before.get_mut()).0;
    let mut r = S::as_mut_simd_f64s(r.get_mut()).0;
    before.fill(s.splat_f64s(0.0));
    let mut minus_beta = s.splat_f64s(0.0);
    let mut open = *wanted;
    let mut size = [0.0; LANES];
    for m in 1..=MOST {
        product::<S, D>(s, &point, q, r, db, da);
        let alpha = dot(s, q, r);
        let minus_alpha = s.neg_f64s(alpha);
        let beta = s.sqrt_f64s(advance(s, r, minus_alpha, q, minus_beta, before));
        let (alpha, mut beta) = (lanes::<S>(alpha), lanes::<S>(beta));
        for w in 0..LANES {
            size[w] = f64::max(size[w], alpha[w].abs() + beta[w]);
            beta[w] = if beta[w] > EXHAUSTED * size[w] { beta[w] } else { 0.0 };
        }
        minus_beta = s.neg_f64s(vector::<S>(&beta));
        let inverse = vector::<S>(&reciprocal(&beta));
        for r in r.iter_mut() {
            *r = s.mul_f64s(*r, inverse);
        }
        (before, q, r) = (q, r, before);
        (space.diagonal[m - 1], space.next[m - 1]) = (alpha, beta);
        let check = m >= FIRST && (m - FIRST).is_multiple_of(BETWEEN);
        if check || m == MOST {
            let (value, residual) = ritz(&space.diagonal[..m], &space.next[..m], &mut space.pivots[..m]);
            for w in 0..LANES {
                if open[w] {
                    space.values[g][w] = value[w];
                    open[w] = residual[w] > TOLERANCE * value[w].abs();
                }
            }
            if !open.contains(&true) {
                break;
            }
        }
    }
}

/// The largest eigenvalue of the tridiagonal matrix with this diagonal and next diagonal (its last entry couples to
/// what is outside), and the norm of the residual of its Ritz vector, `next[m - 1]` times the last entry of the
/// eigenvector.
///
/// Laguerre's iteration from above Gershgorin's bound: it decreases to the largest root of the characteristic
/// polynomial. With `delta_1 = x - alpha_1`, `delta_i = x - alpha_i - beta_{i-1}^2 / delta_{i-1}` the polynomial is the
/// product of the pivots, and its logarithmic derivatives follow from those of the pivots. Each lane stops by itself.
///
/// With `s_1 = p'/p = sum_i 1/(x - theta_i)` and `s_2 = sum_i 1/(x - theta_i)^2` over the m roots, the step is
/// `m/(s_1 + sqrt((m-1) (m s_2 - s_1^2)))`: for a polynomial with real roots it never passes the largest from above.
/// The eigenvector, from its last entry 1 backward, is `y_i = (beta_i/delta_i) y_{i+1}`, by the elimination that made
/// the pivots. O(m) operations a step.
#[inline(always)]
fn ritz(diagonal: &[Lane], next: &[Lane], pivots: &mut [Lane]) -> (Lane, Lane) {
    let m = diagonal.len();
    let mut x = [f64::NEG_INFINITY; LANES];
    let mut size = [0.0; LANES];
    for i in 0..m {
        for w in 0..LANES {
            let below = if i > 0 { next[i - 1][w] } else { 0.0 };
            let above = if i + 1 < m { next[i][w] } else { 0.0 };
            let radius = below + above;
            x[w] = f64::max(x[w], diagonal[i][w] + radius);
            size[w] = f64::max(size[w], diagonal[i][w].abs() + radius);
        }
    }
    let n = m as f64;
    let mut open = [true; LANES];
    for _ in 0..ITERATIONS {
        let (first, second) = derivatives(diagonal, next, &x, pivots);
        let mut any = false;
        for w in 0..LANES {
            let inside = (n - 1.0) * (n * second[w] - first[w] * first[w]);
            let step = n / (first[w] + f64::max(inside, 0.0).sqrt());
            // Also ends where the step is not a number: the iterate is a root.
            open[w] = open[w] && step > f64::EPSILON * size[w];
            x[w] = if open[w] { x[w] - step } else { x[w] };
            any |= open[w];
        }
        if !any {
            break;
        }
    }
    let _ = derivatives(diagonal, next, &x, pivots);
    let (mut entry, mut sum) = ([1.0; LANES], [1.0; LANES]);
    for i in (0..m - 1).rev() {
        for w in 0..LANES {
            entry[w] *= next[i][w] / pivots[i][w];
            sum[w] = entry[w].mul_add(entry[w], sum[w]);
        }
    }
    let mut residual = [0.0; LANES];
    for w in 0..LANES {
        // Not a number: a pivot before the last is zero, the eigenvector ends there.
        residual[w] = if sum[w] < f64::INFINITY { next[m - 1][w] / sum[w].sqrt() } else { 0.0 };
    }
    (x, residual)
}

/// The pivots at x, and `p'/p` and `(p'/p)^2 - p''/p` for the characteristic polynomial p.
///
/// Let `c = beta^2/delta`, `g = delta'/delta`, `h = delta''/delta` be those of the pivot before. Then the pivot is
/// `x - alpha - c`, its first derivative `1 + c g`, its second `c (h - 2 g^2)`. As `ln p` is the sum of the
/// `ln delta_i`, the results are the sums of `delta_i'/delta_i` and of `(delta_i'/delta_i)^2 - delta_i''/delta_i`.
#[inline(always)]
fn derivatives(diagonal: &[Lane], next: &[Lane], x: &Lane, pivots: &mut [Lane]) -> (Lane, Lane) {
    let zero = [0.0; LANES];
    let (mut first, mut second) = (zero, zero);
    // beta^2 / delta, delta' / delta, delta'' / delta of the pivot before.
    let (mut c, mut g, mut h) = (zero, zero, zero);
    for i in 0..diagonal.len() {
        for w in 0..LANES {
            let pivot = (x[w] - diagonal[i][w]) - c[w];
            pivots[i][w] = pivot;
            let inverse = 1.0 / pivot;
            let slope = c[w].mul_add(g[w], 1.0) * inverse;
            let bend = c[w] * (h[w] - 2.0 * (g[w] * g[w])) * inverse;
            (g[w], h[w]) = (slope, bend);
            first[w] += slope;
            second[w] += slope.mul_add(slope, -bend);
            c[w] = next[i][w] * next[i][w] * inverse;
        }
    }
    (first, second)
}
