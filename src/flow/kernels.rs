//! The two sweeps, written once for every ring; for doubles again with the width built in and the widest vectors that the machine has.

use super::field::{Field, Workspace};
use super::layout::Layout;
use crate::arithmetic::Ring;

/// What an evaluation reads besides the parameters.
pub struct Parts<'a, T> {
    /// Shapes and offsets.
    pub layout: &'a Layout,
    /// Sigma, column-major.
    pub sigma: &'a [T],
    /// w*.
    pub w_star: &'a [T],
}

/// `out = W^T b`: W is b.len() x out.len(), column-major. Layers of width D exactly take unrolled loops.
#[inline(always)]
fn transposed<T: Ring, const D: usize>(w: &[T], b: &[T], out: &mut [T]) {
    if let (Ok(b), Ok(out)) = (<&[T; D]>::try_from(b), <&mut [T; D]>::try_from(&mut *out)) {
        for (o, column) in out.iter_mut().zip(w.as_chunks::<D>().0) {
            *o = column.iter().zip(b).fold(T::zero(), |s, (x, y)| s + x.clone() * y.clone());
        }
        return;
    }
    for (o, column) in out.iter_mut().zip(w.chunks_exact(b.len())) {
        *o = long_dot(column, b);
    }
}

/// Lanes of the long sums, so that a vector unit can hold them.
const LANES: usize = 16;

#[inline(always)]
fn long_dot<T: Ring>(a: &[T], b: &[T]) -> T {
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
fn times<T: Ring, const D: usize>(w: &[T], a: &[T], out: &mut [T]) {
    if let (Ok(a), Ok(out)) = (<&[T; D]>::try_from(a), <&mut [T; D]>::try_from(&mut *out)) {
        let mut sum: [T; D] = std::array::from_fn(|_| T::zero());
        for (x, column) in a.iter().zip(w.as_chunks::<D>().0) {
            for (s, v) in sum.iter_mut().zip(column) {
                *s += v.clone() * x.clone();
            }
        }
        out.clone_from_slice(&sum);
        return;
    }
    out.fill(T::zero());
    for (x, column) in a.iter().zip(w.chunks_exact(out.len())) {
        for (s, v) in out.iter_mut().zip(column) {
            *s += v.clone() * x.clone();
        }
    }
}

/// `out = -b a^T`, column-major.
#[inline(always)]
fn negative_outer<T: Ring, const D: usize>(b: &[T], a: &[T], out: &mut [T]) {
    if let (Ok(b), Ok(a)) = (<&[T; D]>::try_from(b), <&[T; D]>::try_from(a)) {
        for (x, column) in a.iter().zip(out.as_chunks_mut::<D>().0) {
            let x = -x.clone();
            for (o, y) in column.iter_mut().zip(b) {
                *o = y.clone() * x.clone();
            }
        }
        return;
    }
    for (x, column) in a.iter().zip(out.chunks_exact_mut(b.len())) {
        let x = -x.clone();
        for (o, y) in column.iter_mut().zip(b) {
            *o = y.clone() * x.clone();
        }
    }
}

/// Both sweeps and the outer products. The head is already in the workspace.
#[inline(always)]
pub fn evaluate<T: Ring, const D: usize>(parts: &Parts<'_, T>, y: &[T], out: &mut [T], space: &mut Workspace<T>) {
    let (backward, forward, offset, excess) = space.split();
    let widths = parts.layout.widths();
    let blocks = parts.layout.blocks();
    let mut end = backward.len() - widths[widths.len() - 1];
    for (w, block) in widths.windows(2).zip(blocks).rev() {
        let (earlier, later) = backward.split_at_mut(end);
        end -= w[0];
        transposed::<T, D>(&y[block.clone()], &later[..w[1]], &mut earlier[end..]);
    }
    for ((e, b), s) in offset.iter_mut().zip(backward.iter()).zip(parts.w_star) {
        *e = b.clone() - s.clone();
    }
    let risk_gradient = &mut forward[..widths[0]];
    times::<T, D>(parts.sigma, offset, risk_gradient);
    *excess = offset.iter().zip(risk_gradient.iter()).fold(T::zero(), |s, (x, g)| s + x.clone() * g.clone());
    for g in risk_gradient {
        *g += g.clone();
    }
    let (mut a, mut b) = (0, widths[0]);
    for (k, (w, block)) in widths.windows(2).zip(blocks).enumerate() {
        let (input, output) = forward[a..].split_at_mut(w[0]);
        negative_outer::<T, D>(&backward[b..b + w[1]], input, &mut out[block.clone()]);
        if k + 1 < blocks.len() {
            times::<T, D>(&y[block.clone()], input, &mut output[..w[1]]);
        }
        a += w[0];
        b += w[1];
    }
}

struct Fast<'a> {
    field: &'a Field<f64>,
    y: &'a [f64],
    out: &'a mut [f64],
    space: &'a mut Workspace<f64>,
}

impl pulp::WithSimd for Fast<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let (p, y, out, space) = (self.field.parts(), self.y, self.out, self.space);
        match self.field.uniform {
            2 => evaluate::<f64, 2>(&p, y, out, space),
            3 => evaluate::<f64, 3>(&p, y, out, space),
            4 => evaluate::<f64, 4>(&p, y, out, space),
            5 => evaluate::<f64, 5>(&p, y, out, space),
            6 => evaluate::<f64, 6>(&p, y, out, space),
            7 => evaluate::<f64, 7>(&p, y, out, space),
            8 => evaluate::<f64, 8>(&p, y, out, space),
            9 => evaluate::<f64, 9>(&p, y, out, space),
            10 => evaluate::<f64, 10>(&p, y, out, space),
            _ => evaluate::<f64, 1>(&p, y, out, space),
        }
    }
}

impl Field<f64> {
    /// [`Field::evaluate`] with the vectors that this machine has; equal up to the order of the sums.
    pub fn evaluate_fast(&self, parameters: &[f64], out: &mut [f64], space: &mut Workspace<f64>) {
        pulp::Arch::new().dispatch(Fast { field: self, y: parameters, out, space });
    }
}
