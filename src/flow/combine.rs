//! Fused passes over the stages: linear combinations and norms, vectorised for doubles by run-time dispatch.
//!
//! A step of the pair reads its seven stages many times; each combination here reads every stage once and writes
//! once. Norms are roots of sums of squares in doubles where those are in the safe range, and scaled ones else: near
//! a saddle of high order the stages may be of any smallness.

use super::tableau::STAGES;
use crate::arithmetic::{Nearest, upward};
use std::ops::Range;

/// The arguments of [`combine`], as the dispatch wants them.
struct Combine<'a, P> {
    /// Receives the combination.
    out: &'a mut [P],
    /// What it begins with, if not zero.
    base: Option<&'a [P]>,
    /// At most seven vectors of one length.
    stages: &'a [Vec<P>],
    /// One for each stage; those beyond the stages are not read.
    weights: &'a [P; STAGES],
}

/// `out = base + sum_j weights[j] stages[j]`, without `base` from zero; stages of weight zero are skipped.
pub fn combine<P: Nearest>(out: &mut [P], base: Option<&[P]>, stages: &[Vec<P>], weights: &[P; STAGES]) {
    pulp::Arch::new().dispatch(Combine { out, base, stages, weights });
}

impl<P: Nearest> pulp::WithSimd for Combine<'_, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { out, base, stages, weights } = self;
        match stages {
            [a] => sum(out, base, [a], weights),
            [a, b] => sum(out, base, [a, b], weights),
            [a, b, c] => sum(out, base, [a, b, c], weights),
            [a, b, c, d] => sum(out, base, [a, b, c, d], weights),
            [a, b, c, d, e] => sum(out, base, [a, b, c, d, e], weights),
            // The second stage has no weight in the result of a step nor in what follows from it.
            [a, b, c, d, e, f] if weights[1].to_f64() == 0.0 => {
                let w = [&weights[0], &weights[2], &weights[3], &weights[4], &weights[5]];
                let _ = b;
                weighted(out, base, [a, c, d, e, f], w);
            }
            [a, b, c, d, e, f] => sum(out, base, [a, b, c, d, e, f], weights),
            [a, b, c, d, e, f, g] => sum(out, base, [a, b, c, d, e, f, g], weights),
            _ => {}
        }
    }
}

/// The first N weights go with the N stages.
#[inline(always)]
fn sum<P: Nearest, const N: usize>(out: &mut [P], base: Option<&[P]>, stages: [&Vec<P>; N], w: &[P; STAGES]) {
    weighted(out, base, stages, std::array::from_fn(|j| &w[j]));
}

/// The pass itself: N is known to the compiler, so that the inner loop unrolls.
#[inline(always)]
fn weighted<P: Nearest, const N: usize>(out: &mut [P], base: Option<&[P]>, stages: [&Vec<P>; N], w: [&P; N]) {
    let n = out.len();
    // Slices of one length and weights by value: the loop below has no checks and no loads but the stages'.
    let stages: [&[P]; N] = std::array::from_fn(|j| &stages[j][..n]);
    let w: [P; N] = std::array::from_fn(|j| w[j].clone());
    match base {
        Some(base) => {
            let base = &base[..n];
            for i in 0..n {
                let mut v = base[i].clone();
                for (stage, w) in stages.iter().zip(&w) {
                    v.add_product(&stage[i], w);
                }
                out[i] = v;
            }
        }
        None => {
            for i in 0..n {
                let mut v = out[i].zero_like();
                for (stage, w) in stages.iter().zip(&w) {
                    v.add_product(&stage[i], w);
                }
                out[i] = v;
            }
        }
    }
}

/// Norms over one block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Norms {
    /// Of the error estimate.
    pub error: f64,
    /// Of the proposed state.
    pub new: f64,
    /// Of its difference to the state.
    pub change: f64,
}

/// The arguments of [`measure`].
struct Measure<'a, P> {
    /// The error estimate.
    error: &'a [P],
    /// The state.
    old: &'a [P],
    /// The proposed state.
    new: &'a [P],
    /// Where the layers lie.
    blocks: &'a [Range<usize>],
    /// Receives the norms, one entry for each block.
    out: &'a mut [Norms],
}

/// Lanes of the sums of squares.
const LANES: usize = 4;

impl<P: Nearest> pulp::WithSimd for Measure<'_, P> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for (block, out) in self.blocks.iter().zip(self.out) {
            let (error, old, new) = (&self.error[block.clone()], &self.old[block.clone()], &self.new[block.clone()]);
            let mut norms = Norms { error: squares(error), new: squares(new), change: squared_distance(old, new) };
            let safe = |v: f64| v > SMALLEST && v < LARGEST;
            if safe(norms.new) && safe(norms.error) && safe(norms.change) {
                norms = Norms { error: norms.error.sqrt(), new: norms.new.sqrt(), change: norms.change.sqrt() };
            } else {
                norms = Norms { error: norm(error), new: norm(new), change: distance(old, new) };
            }
            *out = norms;
        }
    }
}

/// Norms of each block: of the error, of `new`, of `new - old`.
pub fn measure<P: Nearest>(error: &[P], old: &[P], new: &[P], blocks: &[Range<usize>], out: &mut [Norms]) {
    pulp::Arch::new().dispatch(Measure { error, old, new, blocks, out });
}

/// Sum of squares of the nearest doubles, unscaled.
#[inline(always)]
fn squares<P: Nearest>(v: &[P]) -> f64 {
    let (chunks, rest) = v.as_chunks::<LANES>();
    let mut sums = [0.0_f64; LANES];
    for chunk in chunks {
        for (s, x) in sums.iter_mut().zip(chunk) {
            *s += x.to_f64() * x.to_f64();
        }
    }
    rest.iter().fold(sums.iter().sum(), |s, x| s + x.to_f64() * x.to_f64())
}

/// Sum of squares of the differences, each formed in P before it is rounded to a double.
#[inline(always)]
fn squared_distance<P: Nearest>(a: &[P], b: &[P]) -> f64 {
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let difference = |x: &P, y: &P| {
        let mut d = x.clone();
        d.sub(y);
        d.to_f64()
    };
    let mut sums = [0.0_f64; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for ((s, x), y) in sums.iter_mut().zip(a).zip(b) {
            let d = difference(x, y);
            *s += d * d;
        }
    }
    a_rest.iter().zip(b_rest).fold(sums.iter().sum(), |s, (x, y)| s + difference(x, y).powi(2))
}

/// Below this a sum of squares has lost digits to underflow.
const SMALLEST: f64 = 1e-280;
/// Above this it may have overflowed.
const LARGEST: f64 = 1e280;

/// The argument of [`norm`].
struct SumOfSquares<'a, P>(&'a [P]);

impl<P: Nearest> pulp::WithSimd for SumOfSquares<'_, P> {
    type Output = f64;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> f64 {
        squares(self.0)
    }
}

/// Euclidean norm; scaled where squares would leave the range of doubles. NaN for a NaN, infinite for an infinity.
pub fn norm<P: Nearest>(v: &[P]) -> f64 {
    let plain = pulp::Arch::new().dispatch(SumOfSquares(v));
    if plain > SMALLEST && plain < LARGEST {
        return plain.sqrt();
    }
    let largest = v.iter().map(|x| x.to_f64().abs()).fold(0.0, upward::larger);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * v.iter().fold(0.0, |s, x| s + (x.to_f64() / largest).powi(2)).sqrt()
}

/// Euclidean norm of the difference.
pub fn distance<P: Nearest>(a: &[P], b: &[P]) -> f64 {
    let plain = squared_distance(a, b);
    if plain > SMALLEST && plain < LARGEST {
        return plain.sqrt();
    }
    let difference = |(x, y): (&P, &P)| {
        let mut d = x.clone();
        d.sub(y);
        d
    };
    norm(&a.iter().zip(b).map(difference).collect::<Vec<P>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::invariants::drift;
    use nalgebra::DMatrix;

    #[test]
    fn a_nan_stays_wherever_it_is() {
        for at in 0..3 {
            let mut v = [1.0, 2.0, 0.0];
            v[at] = f64::NAN;
            assert!(norm(&v).is_nan() && distance(&v, &[0.0; 3]).is_nan(), "{v:?}");
            let of = |v: [f64; 3]| v.map(|x| DMatrix::from_element(1, 1, x)).to_vec();
            assert!(drift(&of(v), &of([0.0; 3])).is_nan(), "{v:?}");
        }
        assert_eq!(norm(&[f64::INFINITY, 0.0]), f64::INFINITY);
        assert!((norm(&[3e200, -4e200]) / 5e200 - 1.0).abs() < 1e-15);
    }
}
