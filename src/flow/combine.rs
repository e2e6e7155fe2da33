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

/// Norms over one block.
#[derive(Clone, Copy, Debug)]
pub struct Norms {
    /// Of the error estimate.
    pub error: f64,
    /// Of the proposed state.
    pub new: f64,
    /// Of its difference to the state.
    pub change: f64,
}

struct Squares<'a, P> {
    stages: &'a [Vec<P>; STAGES],
    weights: &'a [P; STAGES],
    old: &'a [P],
    new: &'a [P],
    block: Range<usize>,
}

/// Lanes of the sums of squares.
const LANES: usize = 8;

impl<P: Nearest> pulp::WithSimd for Squares<'_, P> {
    type Output = [f64; 3];
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> [f64; 3] {
        let n = self.new.len();
        let (old, new) = (&self.old[..n], &self.new[..n]);
        // The second stage has no weight in the error estimate of this family of pairs unless a test gives it one.
        let stages: [&[P]; STAGES] = std::array::from_fn(|j| &self.stages[j][self.block.clone()][..n]);
        let w: [P; STAGES] = std::array::from_fn(|j| self.weights[j].clone());
        let terms = |i: usize| {
            let mut e = new[i].zero_like();
            for (stage, w) in stages.iter().zip(&w) {
                e.add_product(&stage[i], w);
            }
            let mut d = new[i].clone();
            d.sub(&old[i]);
            [e.to_f64(), new[i].to_f64(), d.to_f64()]
        };
        let mut sums = [[0.0_f64; LANES]; 3];
        let whole = n - n % LANES;
        for start in (0..whole).step_by(LANES) {
            for l in 0..LANES {
                let t = terms(start + l);
                for (s, t) in sums.iter_mut().zip(t) {
                    s[l] += t * t;
                }
            }
        }
        for i in whole..n {
            for (s, t) in sums.iter_mut().zip(terms(i)) {
                s[0] += t * t;
            }
        }
        sums.map(|s| s.iter().sum())
    }
}

impl Norms {
    /// Over one block; `old` and `new` are the block's parts of the two states.
    pub fn of<P: Nearest>(
        stages: &[Vec<P>; STAGES],
        weights: &[P; STAGES],
        old: &[P],
        new: &[P],
        block: Range<usize>,
    ) -> Self {
        let sums = pulp::Arch::new().dispatch(Squares { stages, weights, old, new, block: block.clone() });
        let [error, square, change] = sums;
        if square > SMALLEST && square < LARGEST && error < LARGEST && change < LARGEST {
            return Self { error: error.sqrt(), new: square.sqrt(), change: change.sqrt() };
        }
        // Squares may have left the range of doubles: once more, scaled.
        let estimate: Vec<f64> = block
            .clone()
            .zip(new)
            .map(|(i, v)| {
                let mut e = v.zero_like();
                for (stage, w) in stages.iter().zip(weights) {
                    e.add_product(&stage[i], w);
                }
                e.to_f64()
            })
            .collect();
        let change: Vec<f64> = new
            .iter()
            .zip(old)
            .map(|(v, o)| {
                let mut d = v.clone();
                d.sub(o);
                d.to_f64()
            })
            .collect();
        Self { error: norm(&estimate), new: norm(new), change: norm(&change) }
    }
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

/// Euclidean norm of the difference.
pub fn distance<P: Nearest>(a: &[P], b: &[P]) -> f64 {
    let squares = a.iter().zip(b).fold(0.0, |s, (x, y)| {
        let mut d = x.clone();
        d.sub(y);
        let d = d.to_f64();
        s + d * d
    });
    squares.sqrt()
}
