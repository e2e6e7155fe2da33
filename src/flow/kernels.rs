//! The two sweeps, written once for every ring; for doubles again with the width built in and the widest vectors that
//! the machine has.
//!
//! Matrices are column-major slices, vectors plain slices; which slice is which layer is the [`Layout`]'s business.
//! Sums run in a fixed order for a given kernel, but [`uniform`] and [`evaluate`] add in different orders, so that
//! their results agree to rounding only. Nothing here is rigorous in doubles; over an exact ring [`evaluate`] is
//! exact.

use super::layout::Layout;
use crate::arithmetic::Ring;
use crate::flow::workspace::Workspace;

/// What an evaluation reads besides the parameters.
pub struct Parts<'a, T> {
    /// Shapes and offsets.
    pub layout: &'a Layout,
    /// Sigma, column-major.
    pub sigma: &'a [T],
    /// w*.
    pub w_star: &'a [T],
}

/// `out = W^T b`: W is b.len() x out.len(), column-major.
#[inline(always)]
fn transposed<T: Ring>(w: &[T], b: &[T], out: &mut [T]) {
    for (o, column) in out.iter_mut().zip(w.chunks_exact(b.len())) {
        *o = dot(column, b);
    }
}

/// Lanes of the long sums, so that a vector unit can hold them.
///
/// So many partial sums run side by side; they are added in the end, from the first lane on.
const LANES: usize = 16;

/// `sum_i a_i b_i` for slices of one length.
#[inline(always)]
fn dot<T: Ring>(a: &[T], b: &[T]) -> T {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let rest = a_rest.iter().zip(b_rest).fold(T::zero(), |s, (x, y)| s + x.clone() * y.clone());
    if a_chunks.is_empty() {
        return rest;
    }
    let mut lanes: [T; LANES] = std::array::from_fn(|_| T::zero());
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for ((s, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *s += x.clone() * y.clone();
        }
    }
    lanes.into_iter().fold(rest, |s, v| s + v)
}

/// `out = W a`: W is out.len() x a.len(), column-major.
#[inline(always)]
fn times<T: Ring>(w: &[T], a: &[T], out: &mut [T]) {
    out.fill(T::zero());
    for (x, column) in a.iter().zip(w.chunks_exact(out.len())) {
        for (s, v) in out.iter_mut().zip(column) {
            *s += v.clone() * x.clone();
        }
    }
}

/// `out = -b a^T`, column-major.
#[inline(always)]
fn negative_outer<T: Ring>(b: &[T], a: &[T], out: &mut [T]) {
    for (x, column) in a.iter().zip(out.chunks_exact_mut(b.len())) {
        let x = -x.clone();
        for (o, y) in column.iter_mut().zip(b) {
            *o = y.clone() * x.clone();
        }
    }
}

/// e, R - R_min and a_1 = 2 Sigma e from w_prod.
///
/// `excess = e^T (Sigma e)` is formed before a is doubled: the risk has no factor 1/2, so that its gradient has a
/// factor of two.
#[inline(always)]
fn residual<T: Ring>(parts: &Parts<'_, T>, product: &[T], offset: &mut [T], a: &mut [T], excess: &mut T) {
    for ((e, b), s) in offset.iter_mut().zip(product).zip(parts.w_star) {
        *e = b.clone() - s.clone();
    }
    times(parts.sigma, offset, a);
    *excess = offset.iter().zip(a.iter()).fold(T::zero(), |s, (x, g)| s + x.clone() * g.clone());
    for g in a {
        *g += g.clone();
    }
}

/// Both sweeps and the outer products. The head is already in the workspace.
///
/// Backward: `b_(k-1) = W_k^T b_k` from `b_L = w` down to `b_0 = w_prod`. Then a_1 from w_prod. Forward, layer by
/// layer, `out_k = -b_k a_k^T`, which is (5), and `a_(k+1) = W_k a_k`. Each layer is read at most twice and its
/// gradient written once.
#[inline(always)]
pub fn evaluate<T: Ring>(parts: &Parts<'_, T>, y: &[T], out: &mut [T], space: &mut Workspace<T>) {
    let (backward, forward, offset, excess) = space.split();
    let widths = parts.layout.widths();
    let blocks = parts.layout.blocks();
    let mut end = backward.len() - widths[widths.len() - 1];
    for (w, block) in widths.windows(2).zip(blocks).rev() {
        let (earlier, later) = backward.split_at_mut(end);
        end -= w[0];
        transposed(&y[block.clone()], &later[..w[1]], &mut earlier[end..]);
    }
    residual(parts, &backward[..widths[0]], offset, &mut forward[..widths[0]], excess);
    let (mut a, mut b) = (0, widths[0]);
    for (k, (w, block)) in widths.windows(2).zip(blocks).enumerate() {
        let (input, output) = forward[a..].split_at_mut(w[0]);
        negative_outer(&backward[b..b + w[1]], input, &mut out[block.clone()]);
        if k + 1 < blocks.len() {
            times(&y[block.clone()], input, &mut output[..w[1]]);
        }
        a += w[0];
        b += w[1];
    }
}

/// [`evaluate`] for widths d_0 = ... = d_{L-1} = D: the vectors of both sweeps stay in registers, which the latency of
/// a chain of L small products asks for.
///
/// Hypothesis: the layout has these widths, and `1 <= L`; d_L may be anything. The first L - 1 layers are read as
/// arrays of D columns of D entries, the last one as D columns of d_L.
#[inline(always)]
pub(crate) fn uniform<const D: usize>(parts: &Parts<'_, f64>, y: &[f64], out: &mut [f64], space: &mut Workspace<f64>) {
    let (backward, forward, offset, excess) = space.split();
    let depth = parts.layout.depth();
    let last = (depth - 1) * D;
    let rows = backward.len() - depth * D;
    let (earlier, head) = backward.split_at_mut(depth * D);
    let (square, top) = y.split_at(last * D);
    let (backward, _) = earlier.as_chunks_mut::<D>();
    let (forward, _) = forward.as_chunks_mut::<D>();
    let (columns, _) = square.as_chunks::<D>();
    let mut b = [0.0; D];
    for (o, column) in b.iter_mut().zip(top.chunks_exact(rows)) {
        *o = dot(column, head);
    }
    backward[depth - 1] = b;
    for (layer, to) in columns.chunks_exact(D).zip(backward.iter_mut()).rev() {
        b = std::array::from_fn(|j| short_dot(&layer[j], &b));
        *to = b;
    }
    let mut a = [0.0; D];
    residual(parts, &b, offset, &mut a, excess);
    forward[0] = a;
    let (square_out, top_out) = out.split_at_mut(last * D);
    let (columns_out, _) = square_out.as_chunks_mut::<D>();
    let layers = columns.chunks_exact(D).zip(columns_out.chunks_exact_mut(D));
    for ((layer, to), (b, next)) in layers.zip(backward[1..].iter().zip(&mut forward[1..])) {
        let mut sum = [0.0; D];
        for j in 0..D {
            let x = -a[j];
            to[j] = b.map(|v| v * x);
            for i in 0..D {
                sum[i] += layer[j][i] * a[j];
            }
        }
        a = sum;
        *next = a;
    }
    negative_outer(head, &a, top_out);
}

/// In two chains, whose latencies overlap.
///
/// The dot product of two arrays: entries of even and of odd index, added in the end.
#[inline(always)]
fn short_dot<const D: usize>(a: &[f64; D], b: &[f64; D]) -> f64 {
    let (mut even, mut odd) = (0.0, 0.0);
    for i in 0..D {
        if i % 2 == 0 {
            even += a[i] * b[i];
        } else {
            odd += a[i] * b[i];
        }
    }
    even + odd
}
