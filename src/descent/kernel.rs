//! The sweeps, the update fused into the forward sweep, and the loop over steps.
//!
//! One step reads each layer twice and writes it once: `b_{k-1} = W_k^T b_k` for k = L..1, then for k = 1..L
//! `a_{k+1} = W_k a_k` with the old W_k and `W_k <- W_k + b_k a_k^T`, where `a_1 = -2 eta Sigma e` carries the learning
//! rate through the sweep, which is linear in it. About `6 p` operations ([`flops`]).
//!
//! **The same bits everywhere.** Every product that is added to something is added by a fused operation, on every
//! machine (in software where it has none), and every sum of products starts from the rounded first product and takes
//! its terms in the order of their index. So a run's numbers depend neither on the vectors of the machine, nor on the
//! kernel (one with the width built in, or the one for all shapes), nor on which other runs share the group.
//!
//! **Why the learning rate goes with a_1.** a_k is linear in a_1, so `-2 eta` is multiplied in once, on d numbers;
//! the update of a layer is then a fused multiply-add of each entry, `W_k + b_k a_k^T`, with no further product. The
//! rounding differs from that of `W_k - eta (b_k a_k^T)` in the last bit, and is part of what is reproduced.
//!
//! **Two kernels.** With equal widths up to [`LARGEST_FIXED`] the width is built in and the running vectors of a
//! sweep stay in registers (`fixed`); any other shape goes through `free`, which keeps them in memory. Both are
//! instances of the same products, in the same order.

// An index names the same entry in several arrays of fixed size; closures would not inherit the vector instructions of
// their caller.
#![allow(clippy::needless_range_loop)]

use super::lanes::{Group, LANES, Shape};
use pulp::{Simd, WithSimd};

/// Largest width that kernels have built in.
pub(super) const LARGEST_FIXED: usize = 8;
/// Largest width for which two vectors at once are built in: with wider layers the sums of one keep the adders busy.
pub(super) const LARGEST_PAIRED: usize = 5;

/// Runs an operation with the vector instructions of this machine (AVX2 and FMA), or, `portable`, without any.
///
/// Where the machine has none of these the portable way is taken: slower, to the same bits.
#[inline]
pub(super) fn dispatch<Op: WithSimd>(portable: bool, op: Op) -> Op::Output {
    #[cfg(target_arch = "x86_64")]
    if !portable && let Some(v3) = pulp::x86::V3::try_new() {
        return Simd::vectorize(v3, op);
    }
    Simd::vectorize(pulp::Scalar256b, op)
}

/// Floating-point operations of one step of one run, a fused one counted as two: `2 p - sum_{k<L} d_k` backward,
/// `2 (p - d_L d_{L-1}) - sum_{0<k<L} d_k` forward, `2 p` for the update, `2 d^2 + 3 d - 1` for the residual.
///
/// # Panics
/// Fewer than two widths.
pub fn flops(widths: &[usize]) -> u64 {
    let (shape, d) = (Shape::new(widths), widths[0]);
    let (p, depth) = (shape.parameters(), shape.depth());
    let (backward, forward) = (2 * p - shape.vectors[depth], 2 * shape.layers[depth - 1] - (shape.vectors[depth] - d));
    (backward + forward + 2 * p + 2 * d * d + 3 * d - 1) as u64
}

/// `W^T b` with the width built in; W is b.len() x D.
///
/// Row by row: D sums side by side, each over the rows in their order. `b` must not be empty.
#[inline(always)]
fn transposed<S: Simd, const D: usize>(s: S, w: &[S::f64s], b: &[S::f64s]) -> [S::f64s; D] {
    let mut sum = [s.splat_f64s(0.0); D];
    let w = &w[..b.len() * D];
    for j in 0..D {
        sum[j] = s.mul_f64s(w[j], b[0]);
    }
    for i in 1..b.len() {
        for j in 0..D {
            sum[j] = s.mul_add_f64s(w[i * D + j], b[i], sum[j]);
        }
    }
    sum
}

/// `a <- W a` and `W <- W + b a^T`, both with the old W and a; W is D x D.
///
/// One pass over W: each entry is read, used in its row's sum, and written back changed.
#[inline(always)]
fn update<S: Simd, const D: usize>(s: S, w: &mut [S::f64s], b: &[S::f64s; D], a: &mut [S::f64s; D]) {
    let w = &mut w[..D * D];
    let mut sum = *a;
    for i in 0..D {
        let x = w[i * D];
        sum[i] = s.mul_f64s(x, a[0]);
        w[i * D] = s.mul_add_f64s(b[i], a[0], x);
        for j in 1..D {
            let x = w[i * D + j];
            sum[i] = s.mul_add_f64s(x, a[j], sum[i]);
            w[i * D + j] = s.mul_add_f64s(b[i], a[j], x);
        }
    }
    *a = sum;
}

/// `W <- W + b a^T`.
///
/// For the last layer, whose image nobody needs.
#[inline(always)]
fn add_outer<S: Simd>(s: S, w: &mut [S::f64s], b: &[S::f64s], a: &[S::f64s]) {
    for (row, x) in w.chunks_exact_mut(a.len()).zip(b) {
        for (w, y) in row.iter_mut().zip(a) {
            *w = s.mul_add_f64s(*x, *y, *w);
        }
    }
}

/// T columns of `W^T b` from column `at` on.
///
/// T sums in registers while the rows go by; the order within each is that of [`transposed`].
#[inline(always)]
fn columns<S: Simd, const T: usize>(s: S, w: &[S::f64s], b: &[S::f64s], at: usize, out: &mut [S::f64s]) {
    let mut sum = [s.splat_f64s(0.0); T];
    let mut rows = w.chunks_exact(out.len()).zip(b);
    if let Some((row, x)) = rows.next() {
        let row = &row[at..at + T];
        for t in 0..T {
            sum[t] = s.mul_f64s(row[t], *x);
        }
    }
    for (row, x) in rows {
        let row = &row[at..at + T];
        for t in 0..T {
            sum[t] = s.mul_add_f64s(row[t], *x, sum[t]);
        }
    }
    out[at..at + T].copy_from_slice(&sum);
}

/// `out = W^T b`; the width out.len() is D, or any if D = 0.
#[inline(always)]
pub(super) fn transposed_into<S: Simd, const D: usize>(s: S, w: &[S::f64s], b: &[S::f64s], out: &mut [S::f64s]) {
    if D > 0 {
        out[..D].copy_from_slice(&transposed::<S, D>(s, w, b));
        return;
    }
    let mut at = 0;
    while at + 8 <= out.len() {
        columns::<S, 8>(s, w, b, at, out);
        at += 8;
    }
    if at + 4 <= out.len() {
        columns::<S, 4>(s, w, b, at, out);
        at += 4;
    }
    while at < out.len() {
        columns::<S, 1>(s, w, b, at, out);
        at += 1;
    }
}

/// `out = W a`; the width a.len() is D, or any if D = 0.
#[inline(always)]
pub(super) fn times_into<S: Simd, const D: usize>(s: S, w: &[S::f64s], a: &[S::f64s], out: &mut [S::f64s]) {
    let a = if D > 0 { &a[..D] } else { a };
    for (row, out) in w.chunks_exact(a.len()).zip(out) {
        let mut sum = s.mul_f64s(row[0], a[0]);
        for j in 1..a.len() {
            sum = s.mul_add_f64s(row[j], a[j], sum);
        }
        *out = sum;
    }
}

/// Four rows of [`update_into`].
///
/// Four sums side by side, each in the order of its row.
#[inline(always)]
fn update_rows<S: Simd>(s: S, w: &mut [S::f64s], b: &[S::f64s], a: &[S::f64s], out: &mut [S::f64s]) {
    let (n, b) = (a.len(), &b[..4]);
    let (w0, rest) = w.split_at_mut(n);
    let (w1, rest) = rest.split_at_mut(n);
    let (w2, w3) = rest.split_at_mut(n);
    let w3 = &mut w3[..n];
    let mut sum = [s.splat_f64s(0.0); 4];
    for j in 0..n {
        let (x, y) = ([w0[j], w1[j], w2[j], w3[j]], a[j]);
        for t in 0..4 {
            sum[t] = if j == 0 { s.mul_f64s(x[t], y) } else { s.mul_add_f64s(x[t], y, sum[t]) };
        }
        w0[j] = s.mul_add_f64s(b[0], y, x[0]);
        w1[j] = s.mul_add_f64s(b[1], y, x[1]);
        w2[j] = s.mul_add_f64s(b[2], y, x[2]);
        w3[j] = s.mul_add_f64s(b[3], y, x[3]);
    }
    out[..4].copy_from_slice(&sum);
}

/// `out = W a` and `W <- W + b a^T`, both with the old W, for any shape.
#[inline(always)]
fn update_into<S: Simd>(s: S, w: &mut [S::f64s], b: &[S::f64s], a: &[S::f64s], out: &mut [S::f64s]) {
    let n = a.len();
    let mut i = 0;
    while i + 4 <= b.len() {
        update_rows(s, &mut w[i * n..(i + 4) * n], &b[i..], a, &mut out[i..]);
        i += 4;
    }
    while i < b.len() {
        let row = &mut w[i * n..(i + 1) * n];
        times_into::<S, 0>(s, row, a, &mut out[i..=i]);
        add_outer(s, row, &b[i..=i], a);
        i += 1;
    }
}

/// `e = w_prod - w*` in place of w_prod; returns its squared norm.
///
/// d is at least one.
#[inline(always)]
pub(super) fn offset<S: Simd>(s: S, product: &mut [S::f64s], w_star: &[S::f64s]) -> S::f64s {
    let w_star = &w_star[..product.len()];
    product[0] = s.sub_f64s(product[0], w_star[0]);
    let mut sum = s.mul_f64s(product[0], product[0]);
    for j in 1..product.len() {
        product[j] = s.sub_f64s(product[j], w_star[j]);
        sum = s.mul_add_f64s(product[j], product[j], sum);
    }
    sum
}

/// Whether a lane is beyond its bound; NaNs are.
#[inline(always)]
fn beyond<S: Simd>(s: S, distance_squared: S::f64s, bound: S::f64s) -> bool {
    s.first_true_m64s(s.not_m64s(s.less_than_or_equal_f64s(distance_squared, bound))) < LANES
}

/// Up to `steps` steps of a group; stops before the first step at which a lane is beyond its bound, with the weights as
/// they were. Returns the number of steps made.
///
/// `D` is the built-in width or 0, `G` the number of vectors of the group. The bound is looked at in every step,
/// since the distance is at hand there: the sweep back has just formed w_prod. That sweep and Sigma e are all that a
/// step not made has cost.
pub(super) struct Steps<'a, const D: usize, const G: usize>(pub &'a mut Group, pub u64);

impl<const D: usize, const G: usize> WithSimd for Steps<'_, D, G> {
    type Output = u64;
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) -> u64 {
        if D > 0 { fixed::<S, D, G>(s, self.0, self.1) } else { free::<S, G>(s, self.0, self.1) }
    }
}

/// [`Steps`] for d_0 = ... = d_{L-1} = D: the vectors of the sweeps stay in registers, those of two vectors of runs
/// alternate so that one's chains of dependent operations fill the other's gaps.
#[inline(always)]
fn fixed<S: Simd, const D: usize, const G: usize>(s: S, group: &mut Group, steps: u64) -> u64 {
    let (depth, rows) = (group.shape.depth(), group.shape.widths[group.shape.depth()]);
    let weights = S::as_mut_simd_f64s(group.weights.get_mut()).0;
    let (square, last) = weights.split_at_mut((depth - 1) * D * D * G);
    let (backward, head) = S::as_mut_simd_f64s(group.backward.get_mut()).0.split_at_mut(depth * D * G);
    let (last, head) = (&mut last[..rows * D * G], &head[..rows * G]);
    let backward = &mut backward[D * G..];
    let bound = &S::as_simd_f64s(group.bound.get()).0[..G];
    let factor = &S::as_simd_f64s(group.factor.get()).0[..G];
    let w_star = &S::as_simd_f64s(group.w_star.get()).0[..D * G];
    let sigma = &S::as_simd_f64s(group.sigma.get()).0[..D * D * G];
    for step in 0..steps {
        let mut v = [[s.splat_f64s(0.0); D]; G];
        for g in 0..G {
            v[g] = transposed::<S, D>(s, &last[g * rows * D..][..rows * D], &head[g * rows..][..rows]);
        }
        for (layer, b) in square.chunks_exact(D * D * G).zip(backward.chunks_exact_mut(D * G)).rev() {
            for g in 0..G {
                b[g * D..(g + 1) * D].copy_from_slice(&v[g]);
                v[g] = transposed::<S, D>(s, &layer[g * D * D..(g + 1) * D * D], &v[g]);
            }
        }
        let mut end = false;
        for g in 0..G {
            let distance_squared = offset(s, &mut v[g], &w_star[g * D..(g + 1) * D]);
            end |= beyond(s, distance_squared, bound[g]);
            v[g] = transposed::<S, D>(s, &sigma[g * D * D..(g + 1) * D * D], &v[g]);
            for x in &mut v[g] {
                *x = s.mul_f64s(*x, factor[g]);
            }
        }
        if end {
            return step;
        }
        for (layer, from) in square.chunks_exact_mut(D * D * G).zip(backward.chunks_exact(D * G)) {
            for g in 0..G {
                let mut b = v[g];
                b.copy_from_slice(&from[g * D..(g + 1) * D]);
                update::<S, D>(s, &mut layer[g * D * D..(g + 1) * D * D], &b, &mut v[g]);
            }
        }
        for g in 0..G {
            add_outer(s, &mut last[g * rows * D..][..rows * D], &head[g * rows..][..rows], &v[g]);
        }
    }
    steps
}

/// [`Steps`] for any widths.
///
/// b_k and a_k of all layers lie in the group's arrays; e stands in the place of b_0 after the sweep.
#[inline(always)]
fn free<S: Simd, const G: usize>(s: S, group: &mut Group, steps: u64) -> u64 {
    let Group { shape, weights, backward, forward, sigma, w_star, factor, bound, .. } = group;
    let (depth, d) = (shape.depth(), shape.widths[0]);
    let weights = S::as_mut_simd_f64s(weights.get_mut()).0;
    let backward = S::as_mut_simd_f64s(backward.get_mut()).0;
    let forward = S::as_mut_simd_f64s(forward.get_mut()).0;
    let (sigma, w_star) = (S::as_simd_f64s(sigma.get()).0, S::as_simd_f64s(w_star.get()).0);
    let (factor, bound) = (S::as_simd_f64s(factor.get()).0, S::as_simd_f64s(bound.get()).0);
    for step in 0..steps {
        sweep_back::<S, 0, G>(s, shape, weights, backward);
        let mut end = false;
        for g in 0..G {
            let e = &mut backward[g * d..(g + 1) * d];
            let distance_squared = offset(s, e, &w_star[g * d..(g + 1) * d]);
            end |= beyond(s, distance_squared, bound[g]);
            let a = &mut forward[g * d..(g + 1) * d];
            transposed_into::<S, 0>(s, &sigma[g * d * d..(g + 1) * d * d], e, a);
            for x in a {
                *x = s.mul_f64s(*x, factor[g]);
            }
        }
        if end {
            return step;
        }
        for k in 0..depth {
            let (rows, cols) = (shape.widths[k + 1], shape.widths[k]);
            let layer = &mut weights[shape.layers[k] * G..shape.layers[k + 1] * G];
            let (earlier, later) = forward.split_at_mut(shape.vectors[k + 1] * G);
            for g in 0..G {
                let w = &mut layer[g * rows * cols..(g + 1) * rows * cols];
                let a = &earlier[shape.vectors[k] * G + g * cols..][..cols];
                let b = &backward[shape.vectors[k + 1] * G + g * rows..][..rows];
                if k + 1 < depth {
                    update_into(s, w, b, a, &mut later[g * rows..(g + 1) * rows]);
                } else {
                    add_outer(s, w, b, a);
                }
            }
        }
    }
    steps
}

/// b_{L-1}, ..., b_0 = w_prod.
///
/// From the head in the place of b_L down, for each vector of the group.
#[inline(always)]
fn sweep_back<S: Simd, const D: usize, const G: usize>(
    s: S,
    shape: &Shape,
    weights: &[S::f64s],
    backward: &mut [S::f64s],
) {
    for k in (0..shape.depth()).rev() {
        let (rows, cols) = (shape.widths[k + 1], shape.widths[k]);
        let layer = &weights[shape.layers[k] * G..shape.layers[k + 1] * G];
        let (earlier, later) = backward.split_at_mut(shape.vectors[k + 1] * G);
        let out = &mut earlier[shape.vectors[k] * G..];
        for g in 0..G {
            let w = &layer[g * rows * cols..(g + 1) * rows * cols];
            transposed_into::<S, D>(s, w, &later[g * rows..(g + 1) * rows], &mut out[g * cols..(g + 1) * cols]);
        }
    }
}

/// Distance and excess risk of every lane's iterate; with `true`, b and a (without a learning rate) of all layers too.
/// Puts e in place of b_0.
///
/// `excess_risk = e^T (Sigma e)` with e as rounded: no residual of the data and no R_min enters, so that it is not
/// negative beyond the rounding of that sum and keeps its digits near a minimiser. The weights stay. With a built-in
/// D every layer is D wide; the last one may be of another height.
pub(super) struct Measure<'a, const D: usize, const G: usize>(pub &'a mut Group, pub bool);

impl<const D: usize, const G: usize> WithSimd for Measure<'_, D, G> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        let Group { shape, weights, backward, forward, sigma, w_star, distance_squared, excess_risk, .. } = self.0;
        let d = shape.widths[0];
        let weights = S::as_simd_f64s(weights.get()).0;
        let backward = S::as_mut_simd_f64s(backward.get_mut()).0;
        let forward = S::as_mut_simd_f64s(forward.get_mut()).0;
        let (sigma, w_star) = (S::as_simd_f64s(sigma.get()).0, S::as_simd_f64s(w_star.get()).0);
        let distance_squared = S::as_mut_simd_f64s(distance_squared.get_mut()).0;
        let excess_risk = S::as_mut_simd_f64s(excess_risk.get_mut()).0;
        sweep_back::<S, D, G>(s, shape, weights, backward);
        for g in 0..G {
            let e = &mut backward[g * d..(g + 1) * d];
            distance_squared[g] = offset(s, e, &w_star[g * d..(g + 1) * d]);
            let a = &mut forward[g * d..(g + 1) * d];
            transposed_into::<S, D>(s, &sigma[g * d * d..(g + 1) * d * d], e, a);
            let mut sum = s.mul_f64s(e[0], a[0]);
            for j in 1..d {
                sum = s.mul_add_f64s(e[j], a[j], sum);
            }
            excess_risk[g] = sum;
            for x in a {
                *x = s.add_f64s(*x, *x);
            }
        }
        if !self.1 {
            return;
        }
        for k in 0..shape.depth() - 1 {
            let (rows, cols) = (shape.widths[k + 1], shape.widths[k]);
            let layer = &weights[shape.layers[k] * G..shape.layers[k + 1] * G];
            let (earlier, later) = forward.split_at_mut(shape.vectors[k + 1] * G);
            for g in 0..G {
                let a = &earlier[shape.vectors[k] * G + g * cols..][..cols];
                let w = &layer[g * rows * cols..(g + 1) * rows * cols];
                times_into::<S, D>(s, w, a, &mut later[g * rows..(g + 1) * rows]);
            }
        }
    }
}
