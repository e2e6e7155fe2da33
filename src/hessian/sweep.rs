//! One backward sweep over the weights: w_prod and M with rigorous errors that do not grow with the norms of the layers.
//!
//! Radii multiplied by `norm(W_k)` at every layer explode with depth (a residual layer has norm `1 + O(1/sqrt(L))`, so `e^sqrt(L)` after L of
//! them). Instead every step is recentred, its own rounding error is bounded, and the errors are added up in the order of symmetric
//! matrices (A <= B means B - A positive semidefinite):
//!
//! 1. The computed N_k satisfy `N_k = omega_k I + W_k^T N_{k+1} W_k + D_k`, `norm(D_k) <= l_k`, for weights omega_k > 0, so that
//!    `N_1 = M~ + sum_k A_k^T D_k A_k` with `M~ = sum_k omega_k A_k^T A_k`. Since `-(l_k / omega_k) omega_k I <= D_k <= (l_k / omega_k) omega_k I`,
//!    the total error lies between `-e M~` and `e M~` with `e = max_k l_k / omega_k`: a maximum, not a product.
//! 2. The computed `b_i = W_{i+1}^T b_{i+1} + d_i`, `norm(d_i) <= rho_i`, so `error(b_k) = sum_{i >= k} P_i^T d_i` with `P_i = W_i ... W_{k+1}`. By Cauchy
//!    and Schwarz with weights omega_{i+1}, `norm(error(b_k))^2 <= lambda_max(N_{k+1}) sum_i rho_i^2 / omega_{i+1}`.
//! 3. Hence `| norm(b_k)^2 - omega_k | <= s_k`, and M is within `max_k s_k / omega_k` of M~, in the same order.
//!
//! Layers whose omega_k is too small to carry their error (a zero layer) go to an absolute error r I instead, with the usual growth
//! `r norm(W_k)^2`. The b_k are carried in pairs of doubles, because the gradient at a minimiser is a difference of nearly equal numbers.

use super::forms::gram_step;
use crate::arithmetic::{Big, Enclosure, Interval};
use crate::linalg::ball::{BallMatrix, euclidean_norm, spread};
use crate::linalg::upward::{self, TINY, UNIT, gamma};
use crate::network::Network;
use nalgebra::{DMatrix, DVector};

/// A layer whose error exceeds this share of its weight counts in the absolute error: any value below 1 is valid.
const SHARE: f64 = 0.125;

/// What the sweep knows. `lower N - absolute I <= M <= upper N + absolute I`, with N = `gram` exactly as stored.
pub(super) struct Sweep {
    /// The computed w_prod, as the unevaluated sum of two doubles.
    product: Pairs,
    /// Bound of `norm(w_prod - product)`.
    pub product_error: f64,
    /// N.
    pub gram: DMatrix<f64>,
    /// `[lower, upper]`.
    pub relative: Interval,
    /// r.
    pub absolute: f64,
    /// Upper bound of `max_{1 <= j < L} tr(N_{j+1}) / norm(b_j)^2`, so that `norm_F(E)^2 <= 2 ratio g^T M g`.
    pub ratio: f64,
    /// Upper bounds of tr(N_1), ..., tr(N_L).
    pub traces: Vec<f64>,
}

/// A vector of unevaluated sums `high + low`, `|low| <= u |high|`.
struct Pairs {
    high: Vec<f64>,
    low: Vec<f64>,
}

/// Errors accumulated so far, in the notation of the module.
struct Errors {
    /// e, from the steps for N.
    steps: f64,
    /// max s_k / omega_k.
    weights: f64,
    /// Absolute counterparts.
    absolute_steps: f64,
    absolute_weights: f64,
}

impl Errors {
    /// `norm <= share of weight`: into the maximum; otherwise into the absolute error.
    fn book(relative: &mut f64, absolute: &mut f64, error: f64, weight: f64) {
        if error == 0.0 {
            return;
        }
        let quotient = upward::div(error, weight);
        if quotient <= SHARE {
            *relative = relative.max(quotient);
        } else {
            *absolute = upward::add(*absolute, error);
        }
    }
    fn pass(&mut self, layer_norm: f64) {
        let square = upward::mul(layer_norm, layer_norm);
        self.absolute_steps = upward::mul(self.absolute_steps, square);
        self.absolute_weights = upward::mul(self.absolute_weights, square);
    }
    /// Bound of lambda_max of `sum omega_j Q^T Q` behind a computed N of this norm.
    fn exact_norm(&self, computed: f64) -> f64 {
        upward::div(upward::add(computed, self.absolute_steps), (1.0 - self.steps).next_down())
    }
    /// `[(1 - weights) / (1 + steps), (1 + weights) / (1 - steps)]`.
    fn factor(&self) -> Interval {
        let (one, w, s) = (Interval::point(1.0), Interval::point(self.weights), Interval::point(self.steps));
        let (low, high) = ((one - w) / (one + s), (one + w) / (one - s));
        Interval::new(low.lo().max(0.0), high.hi())
    }
    fn absolute(&self) -> f64 {
        upward::add(self.absolute_weights, upward::mul(self.factor().hi(), self.absolute_steps))
    }
}

/// Runs the sweep; each layer is read once and none is copied.
pub(super) fn sweep(net: &Network<f64>) -> Sweep {
    let layers = net.layers();
    let mut b = Pairs { high: net.head().as_slice().to_vec(), low: vec![0.0; net.head().len()] };
    let mut gram: Option<DMatrix<f64>> = None;
    let mut errors = Errors { steps: 0.0, weights: 0.0, absolute_steps: 0.0, absolute_weights: 0.0 };
    // Error of the current b_k by both bounds, and sum rho_i^2 / omega_{i+1}.
    let (mut b_error, mut recursive, mut sum) = (0.0_f64, 0.0_f64, 0.0_f64);
    let (mut ratio, mut traces) = (0.0_f64, vec![0.0; layers.len()]);
    for k in (1..=layers.len()).rev() {
        let layer = &layers[k - 1];
        let size = upward::mul(euclidean_norm(&b.high), 1.0 + 2.0 * UNIT);
        let omega: f64 = b.high.iter().map(|v| v * v).sum();
        let layer_norm = spread(layer);
        if k < layers.len() {
            errors.pass(layer_norm);
        }
        // fl(norm(high)^2), then the low parts, then the error of b_k.
        let n = b.high.len();
        let own = upward::add(
            upward::mul(gamma(n + 8), upward::mul(size, size)),
            upward::add(upward::mul(upward::mul(2.0, size), b_error), upward::mul(b_error, b_error)),
        );
        let own = upward::add(own, if size == 0.0 { 0.0 } else { upward::mul(4.0 * n as f64, TINY) });
        Errors::book(&mut errors.weights, &mut errors.absolute_weights, own, omega);
        let weight = DMatrix::from_element(1, 1, omega);
        let weight = BallMatrix::exact(&weight);
        let ball = match &gram {
            None => gram_step(&weight, layer.ncols(), None),
            Some(later) => {
                gram_step(&weight, layer.ncols(), Some((&BallMatrix::exact(layer), &BallMatrix::exact(later))))
            }
        };
        let ball = if k == layers.len() { ball } else { ball.symmetrised() };
        Errors::book(&mut errors.steps, &mut errors.absolute_steps, ball.radius(), omega);
        let mid = ball.into_mid();
        let trace = trace_bound(&mid);
        traces[k - 1] =
            upward::add(upward::mul(errors.factor().hi(), trace), upward::mul(mid.nrows() as f64, errors.absolute()));
        let norm = errors.exact_norm(spread(&mid));
        gram = Some(mid);

        let (next, rho) = transposed_times(layer, &b, layer_norm, size);
        recursive = upward::add(upward::mul(layer_norm, recursive), rho);
        if rho > 0.0 {
            sum = upward::add(sum, upward::div(upward::mul(rho, rho), omega));
        }
        b_error = recursive.min(upward::sqrt(upward::mul(norm, sum)));
        b = next;
        if k > 1 {
            let least = (Interval::point(euclidean_norm_lower(&b.high)) - Interval::point(b_error)).lo();
            let least = (Interval::point(least) * Interval::point(least)).lo();
            ratio = ratio.max(upward::div(traces[k - 1], if b_error.is_finite() { least } else { 0.0 }));
        }
    }
    let gram = gram.unwrap_or_else(|| DMatrix::zeros(0, 0));
    let known = b.high.iter().chain(gram.iter()).all(|v| v.is_finite());
    Sweep {
        product: b,
        product_error: if known { b_error } else { f64::INFINITY },
        relative: if known { errors.factor() } else { Interval::ENTIRE },
        absolute: if known { errors.absolute() } else { f64::INFINITY },
        gram,
        ratio,
        traces,
    }
}

fn trace_bound(m: &DMatrix<f64>) -> f64 {
    (0..m.nrows()).fold(0.0, |s, i| upward::add(s, m[(i, i)].max(0.0)))
}

/// At most the Euclidean norm.
fn euclidean_norm_lower(v: &[f64]) -> f64 {
    let sum: f64 = v.iter().map(|x| x * x).sum();
    let least = sum * (1.0 - 2.0 * gamma(v.len() + 4)) - 4.0 * v.len() as f64 * TINY;
    least.max(0.0).sqrt().next_down().max(0.0)
}

impl Sweep {
    /// The computed w_prod, exactly, at `bits` >= 128 of precision.
    pub fn product(&self, bits: u32) -> DVector<Big> {
        let entry = |i: usize| Big::from_f64(self.product.high[i], bits) + Big::from_f64(self.product.low[i], bits);
        DVector::from_fn(self.product.high.len(), |i, _| entry(i))
    }
}

/// `W^T (high + low)` in twice the working precision (Ogita, Rump and Oishi's Dot2, the low parts kept), and a bound of the error.
///
/// Per component, n terms: products and sums leave their exact errors (Dekker, Knuth), each at most u times a partial result, so their
/// moduli and those of `W low` add up to at most `(n + 10) u (1 + gamma_n) |W|^T |high|` (eight lanes, then their sum); adding these numbers
/// in doubles, none through more than n + 25 roundings, errs by at most `gamma_{n+25}` times that. Together below
/// `4 (n + 8)^2 u^2 |W|^T |high|`, and what underflow loses, 16 TINY per term.
fn transposed_times(w: &DMatrix<f64>, b: &Pairs, layer_norm: f64, size: f64) -> (Pairs, f64) {
    let (n, columns) = w.shape();
    let split: Vec<(f64, f64)> = b.high.iter().map(|&v| halves(v)).collect();
    let (tops, bottoms): (Vec<f64>, Vec<f64>) = split.into_iter().unzip();
    let mut out = Pairs { high: Vec::with_capacity(columns), low: Vec::with_capacity(columns) };
    for column in w.as_slice().chunks_exact(n.max(1)) {
        let (high, low) = dot_pair(column, &b.high, &b.low, &tops, &bottoms);
        out.high.push(high);
        out.low.push(low);
    }
    let terms = (n + 8) as f64;
    let factor = upward::mul(upward::mul(4.0 * UNIT * UNIT, upward::mul(terms, terms)), size);
    let lost = if size == 0.0 || layer_norm == 0.0 { 0.0 } else { 16.0 * TINY * (n * columns) as f64 };
    let rho = upward::add(upward::mul(factor, layer_norm), lost);
    let finite = out.high.iter().chain(&out.low).all(|v| v.is_finite());
    (out, if finite { rho } else { f64::INFINITY })
}

/// Veltkamp: two halves of 26 bits each, exactly.
#[inline(always)]
fn halves(x: f64) -> (f64, f64) {
    // 2^27 + 1
    let c = 134_217_729.0 * x;
    let top = c - (c - x);
    (top, x - top)
}

#[inline(always)]
fn dot_pair(w: &[f64], high: &[f64], low: &[f64], tops: &[f64], bottoms: &[f64]) -> (f64, f64) {
    const LANES: usize = 8;
    let (mut s, mut c) = ([0.0; LANES], [0.0; LANES]);
    let step = |s: &mut f64, c: &mut f64, w: f64, h: f64, l: f64, top: f64, bottom: f64| {
        let (wt, wb) = halves(w);
        let product = w * h;
        let error = wb * bottom - (((product - wt * top) - wb * top) - wt * bottom);
        let sum = *s + product;
        let part = sum - *s;
        let lost = (*s - (sum - part)) + (product - part);
        *s = sum;
        *c += (lost + error) + w * l;
    };
    let whole = w.len() / LANES * LANES;
    for at in (0..whole).step_by(LANES) {
        let (w, h, l) = (&w[at..at + LANES], &high[at..at + LANES], &low[at..at + LANES]);
        let (t, b) = (&tops[at..at + LANES], &bottoms[at..at + LANES]);
        for i in 0..LANES {
            step(&mut s[i], &mut c[i], w[i], h[i], l[i], t[i], b[i]);
        }
    }
    for at in whole..w.len() {
        step(&mut s[0], &mut c[0], w[at], high[at], low[at], tops[at], bottoms[at]);
    }
    let (mut sum, mut rest) = (0.0, 0.0);
    for i in 0..LANES {
        let next = sum + s[i];
        let part = next - sum;
        rest += ((sum - (next - part)) + (s[i] - part)) + c[i];
        sum = next;
    }
    let top = sum + rest;
    let part = top - sum;
    (top, (sum - (top - part)) + (rest - part))
}
