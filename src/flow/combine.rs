//! Fused passes over the stages: linear combinations and norms, vectorised for doubles by run-time dispatch.

use super::tableau::STAGES;
use crate::arithmetic::Nearest;
use std::ops::Range;

struct Combine<'a, P> {
    out: &'a mut [P],
    base: Option<&'a [P]>,
    stages: &'a [Vec<P>],
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

#[inline(always)]
fn sum<P: Nearest, const N: usize>(out: &mut [P], base: Option<&[P]>, stages: [&Vec<P>; N], w: &[P; STAGES]) {
    weighted(out, base, stages, std::array::from_fn(|j| &w[j]));
}

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

struct Errors<'a, P> {
    stages: &'a [Vec<P>; STAGES],
    weights: &'a [P; STAGES],
    new: &'a [P],
    block: Range<usize>,
}

/// Lanes of the sums of squares.
const LANES: usize = 8;

impl<P: Nearest> pulp::WithSimd for Errors<'_, P> {
    type Output = (f64, f64);
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> (f64, f64) {
        let new = &self.new[self.block.clone()];
        let n = new.len();
        let stages: [&[P]; STAGES] = std::array::from_fn(|j| &self.stages[j][self.block.clone()][..n]);
        let w: [P; STAGES] = std::array::from_fn(|j| self.weights[j].clone());
        let error = |i: usize| {
            let mut v = new[i].zero_like();
            for (stage, w) in stages.iter().zip(&w) {
                v.add_product(&stage[i], w);
            }
            v.to_f64()
        };
        let (mut errors, mut squares) = ([0.0_f64; LANES], [0.0_f64; LANES]);
        let whole = n - n % LANES;
        for start in (0..whole).step_by(LANES) {
            for l in 0..LANES {
                let (e, v) = (error(start + l), new[start + l].to_f64());
                errors[l] += e * e;
                squares[l] += v * v;
            }
        }
        for i in whole..n {
            let (e, v) = (error(i), new[i].to_f64());
            errors[0] += e * e;
            squares[0] += v * v;
        }
        (errors.iter().sum(), squares.iter().sum())
    }
}

/// Norms of the error estimate and of the proposed state over one block.
pub fn error_norms<P: Nearest>(
    stages: &[Vec<P>; STAGES],
    weights: &[P; STAGES],
    new: &[P],
    block: Range<usize>,
) -> (f64, f64) {
    let (errors, squares) = pulp::Arch::new().dispatch(Errors { stages, weights, new, block: block.clone() });
    let safe = |s: f64| s == 0.0 || (s > SMALLEST && s < LARGEST);
    if safe(errors) && safe(squares) && (errors != 0.0 || squares != 0.0) {
        return (errors.sqrt(), squares.sqrt());
    }
    // Squares may have left the range of doubles: once more, scaled.
    let estimate: Vec<f64> = block
        .clone()
        .map(|i| {
            let mut v = new[i].zero_like();
            for (stage, w) in stages.iter().zip(weights) {
                v.add_product(&stage[i], w);
            }
            v.to_f64()
        })
        .collect();
    (norm(&estimate), norm(&new[block]))
}

/// Below this a sum of squares has lost digits to underflow.
const SMALLEST: f64 = 1e-280;
/// Above this it may have overflowed.
const LARGEST: f64 = 1e280;

/// Euclidean norm; scaled where squares would leave the range of doubles. NaN for a NaN, infinite for an infinity.
pub fn norm<P: Nearest>(v: &[P]) -> f64 {
    let plain = v.iter().fold(0.0, |s, x| s + x.to_f64() * x.to_f64());
    if plain > SMALLEST && plain < LARGEST {
        return plain.sqrt();
    }
    let largest = v.iter().map(|x| x.to_f64().abs()).fold(0.0, |m, x| if x <= m { m } else { x });
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * v.iter().fold(0.0, |s, x| s + (x.to_f64() / largest).powi(2)).sqrt()
}
