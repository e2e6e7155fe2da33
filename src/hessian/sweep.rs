//! One backward sweep over the weights: w_prod and M with rigorous errors that do not grow with the norms of the
//! layers.
//!
//! Radii multiplied by `norm(W_k)` at every layer explode with depth (a residual layer has norm `1 + O(1/sqrt(L))`, so
//! `e^sqrt(L)` after L of them). Instead every step is recentred, its own rounding error is bounded, and the errors are
//! added up in the order of symmetric matrices (A <= B means B - A positive semidefinite):
//!
//! 1. The computed N_k satisfy `N_k = omega_k I + W_k^T N_{k+1} W_k + D_k`, `norm(D_k) <= l_k`, for weights omega_k >
//!    0, so that `N_1 = M~ + sum_k A_k^T D_k A_k` with `M~ = sum_k omega_k A_k^T A_k`. Since
//!    `-(l_k / omega_k) omega_k I <= D_k <= (l_k / omega_k) omega_k I`, the total error lies between `-e M~` and `e M~`
//!    with `e = max_k l_k / omega_k`: a maximum, not a product.
//! 2. The computed `b_i = W_{i+1}^T b_{i+1} + d_i`, `norm(d_i) <= rho_i`, so `error(b_k) = sum_{i >= k} P_i^T d_i` with
//!    `P_i = W_i ... W_{k+1}`. By Cauchy and Schwarz with weights omega_{i+1}, `norm(error(b_k))^2 <=
//!    lambda_max(N_{k+1}) sum_i rho_i^2 / omega_{i+1}`.
//! 3. Hence `| norm(b_k)^2 - omega_k | <= s_k`, and M is within `max_k s_k / omega_k` of M~, in the same order.
//!
//! Layers whose omega_k is too small to carry their error (a zero layer) go to an absolute error r I instead, with the
//! usual growth `r norm(W_k)^2`. The b_k are carried in pairs of doubles, because the gradient at a minimiser is a
//! difference of nearly equal numbers.
//!
//! **Who relies on it.** The rank-d form needs M between multiples of N, the gradient and the enclosures need w_prod,
//! the recursion needs the b_k and the norms of all N_k: errors of every b_k, traces and norms of every N_k are
//! therefore kept, each a bound for the exact weights.

use super::forms::gram_step;
use crate::arithmetic::{Big, Enclosure, Interval, Ring};
use crate::linalg::ball::{BallMatrix, spread};
use crate::linalg::pairs::{self, Pairs};
use crate::linalg::upward::{self, TINY, gamma};
use crate::network::Network;
use nalgebra::{DMatrix, DVector};

/// A layer whose error exceeds this share of its weight counts in the absolute error: any value below 1 is valid.
const SHARE: f64 = 0.125;

/// What a sweep knows of w_prod and of M = J J^T: `lower N - absolute I <= M <= upper N + absolute I`, with N = `gram`
/// exactly as stored.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The computed w_prod, as the unevaluated sum of two doubles.
    pub product: Pairs,
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
    /// Upper bounds of the operator norms of N_1, ..., N_L, with the exact weights `norm(b_k)^2`.
    pub norms: Vec<f64>,
    /// b_0 = w_prod, b_1, ..., b_L, computed.
    pub backward: Vec<Pairs>,
    /// Bounds of their errors.
    pub backward_errors: Vec<f64>,
}

/// Errors accumulated so far, in the notation of the module.
struct Errors {
    /// e, from the steps for N.
    steps: f64,
    /// max s_k / omega_k.
    weights: f64,
    /// Absolute counterparts.
    ///
    /// What the steps for N err by where the weight cannot carry it.
    absolute_steps: f64,
    /// The same of the weights.
    absolute_weights: f64,
}

impl Errors {
    /// `error <= share of weight`: into the maximum; otherwise into the absolute error.
    fn book(relative: &mut f64, absolute: &mut f64, error: f64, weight: f64, share: f64) {
        if error == 0.0 {
            return;
        }
        let quotient = upward::div(error, weight);
        if quotient <= share {
            *relative = relative.max(quotient);
        } else {
            *absolute = upward::add(*absolute, error);
        }
    }
    /// One layer further back: an absolute error `r I` becomes `r W^T W`, at most `r norm(W)^2 I`; relative errors
    /// stay.
    fn pass(&mut self, layer_norm: f64) {
        let square = upward::mul(layer_norm, layer_norm);
        self.absolute_steps = upward::mul(self.absolute_steps, square);
        self.absolute_weights = upward::mul(self.absolute_weights, square);
    }
    /// Bound of lambda_max of `sum omega_j Q^T Q` behind a computed N of this norm.
    ///
    /// The computed N is between `(1 - e)` and `(1 + e)` times that sum, up to the absolute error. The weights are
    /// the computed omega_j here, as 2. in the docs of the module asks for.
    fn exact_norm(&self, computed: f64) -> f64 {
        upward::div(upward::add(computed, self.absolute_steps), (1.0 - self.steps).next_down())
    }
    /// By 1. `M~` is between `N / (1 + e)` and `N / (1 - e)`, by 3. M is between `(1 - w) M~` and `(1 + w) M~`; the
    /// lower end is cut at zero.
    ///
    /// `[(1 - weights) / (1 + steps), (1 + weights) / (1 - steps)]`.
    fn factor(&self) -> Interval {
        let (one, w, s) = (Interval::point(1.0), Interval::point(self.weights), Interval::point(self.steps));
        let (low, high) = ((one - w) / (one + s), (one + w) / (one - s));
        Interval::new(low.lo().max(0.0), high.hi())
    }
    /// That of the weights, and that of the steps times the upper factor, since `M~ <= (N + r I) / (1 - e)`.
    fn absolute(&self) -> f64 {
        upward::add(self.absolute_weights, upward::mul(self.factor().hi(), self.absolute_steps))
    }
}

/// N_k as stored, and the bound l_k of its own step's error.
struct Step {
    /// N_k, symmetric, d_{k-1} x d_{k-1}.
    gram: Pairs,
    /// l_k.
    error: f64,
}

/// The step in doubles, then, if its error exceeds `target omega`, in pairs of doubles.
///
/// `later` is N_{k+1}, absent for the last layer; `layer_norm` at least norm(W_k). The ball of doubles leaves the low
/// parts of N_{k+1} out and counts them: `norm(W_k)^2 norm(low)`.
fn step(layer: &DMatrix<f64>, later: Option<&Pairs>, omega: f64, layer_norm: f64, target: f64) -> Step {
    let weight = DMatrix::from_element(1, 1, omega);
    let weight = BallMatrix::exact(&weight);
    let Some(later) = later else {
        let ball = gram_step(&weight, layer.ncols(), None);
        return Step { error: ball.radius(), gram: Pairs::exact(ball.into_mid()) };
    };
    let ball = gram_step(&weight, layer.ncols(), Some((&BallMatrix::exact(layer), &BallMatrix::exact(&later.high))));
    let ball = ball.symmetrised();
    // The low parts of N_{k+1} were left out.
    let dropped = upward::mul(upward::mul(layer_norm, layer_norm), spread(&later.low));
    let error = upward::add(ball.radius(), dropped);
    if target.is_infinite() || error <= target * omega {
        return Step { gram: Pairs::exact(ball.into_mid()), error };
    }
    let (mut gram, accurate) = pairs::congruence(layer, later);
    let diagonal = pairs::add_to_diagonal(&mut gram, omega);
    let accurate = upward::add(accurate, diagonal);
    // Not smaller only after an overflow.
    if accurate < error { Step { gram, error: accurate } } else { Step { gram: Pairs::exact(ball.into_mid()), error } }
}

/// Runs the sweep, from the last layer to the first. Steps whose relative error exceeds `target` are redone in pairs of
/// doubles; none with an infinite target.
///
/// Cost: a congruence `W^T N W` per layer, O(sum d_k^3), in doubles or, where redone, in pairs of doubles. After an
/// overflow `relative` is the whole line, `product_error` and `absolute` are infinite.
pub fn sweep(net: &Network<f64>, target: f64) -> Sweep {
    let layers = net.layers();
    let mut b = Pairs::exact(DMatrix::from_column_slice(net.head().len(), 1, net.head().as_slice()));
    let mut gram: Option<Pairs> = None;
    let mut errors = Errors { steps: 0.0, weights: 0.0, absolute_steps: 0.0, absolute_weights: 0.0 };
    // Error of the current b_k, and sum rho_i^2 / omega_{i+1}.
    let (mut b_error, mut sum) = (0.0_f64, 0.0_f64);
    let (mut ratio, mut traces, mut norms) = (0.0_f64, vec![0.0; layers.len()], vec![0.0; layers.len()]);
    let (mut backward, mut backward_errors) = (vec![b.clone()], vec![b_error]);
    for k in (1..=layers.len()).rev() {
        let layer = &layers[k - 1];
        let layer_norm = spread(layer);
        if k < layers.len() {
            errors.pass(layer_norm);
        }
        let omega: f64 = b.high.iter().map(|v| v * v).sum();
        let own = weight_error(&b, b_error);
        Errors::book(&mut errors.weights, &mut errors.absolute_weights, own, omega, SHARE);
        let Step { gram: next_gram, error } = step(layer, gram.as_ref(), omega, layer_norm, target);
        // Nothing multiplies the error of the last step, so there the absolute error is the better place for what is
        // not small.
        let share = if k == 1 { target.min(SHARE) } else { SHARE };
        Errors::book(&mut errors.steps, &mut errors.absolute_steps, error, omega, share);
        let trace = upward::mul(trace_bound(&next_gram.high), 1.0 + f64::EPSILON);
        traces[k - 1] = upward::add(
            upward::mul(errors.factor().hi(), trace),
            upward::mul(next_gram.high.nrows() as f64, errors.absolute()),
        );
        let computed = upward::mul(spread(&next_gram.high), 1.0 + f64::EPSILON);
        norms[k - 1] = upward::add(upward::mul(errors.factor().hi(), computed), errors.absolute());
        let norm = errors.exact_norm(computed);
        gram = Some(next_gram);

        let (next, rho) = pairs::transposed_times(layer, &b);
        // By the layer's norm, or by 2. in the docs of the module, for all the errors or for all but the newest.
        let by_norm = upward::add(upward::mul(layer_norm, b_error), rho);
        let older = upward::add(upward::sqrt(upward::mul(norm, sum)), rho);
        if rho > 0.0 {
            sum = upward::add(sum, upward::div(upward::mul(rho, rho), omega));
        }
        b_error = by_norm.min(older).min(upward::sqrt(upward::mul(norm, sum)));
        b = next;
        backward.push(b.clone());
        backward_errors.push(b_error);
        if k > 1 {
            let least = (Interval::point(euclidean_norm_lower(b.high.as_slice())) - Interval::point(b_error)).lo();
            let square = Interval::point(least.max(0.0)).powi(2).lo();
            ratio = ratio.max(upward::div(traces[k - 1], square));
        }
    }
    let gram = gram.unwrap_or_else(|| Pairs::exact(DMatrix::zeros(0, 0)));
    // The low parts of N_1 are dropped: N_1 is used as a matrix of doubles.
    let absolute = upward::add(errors.absolute(), upward::mul(errors.factor().hi(), spread(&gram.low)));
    backward.reverse();
    backward_errors.reverse();
    let known = b.high.iter().chain(gram.high.iter()).all(|v| v.is_finite());
    Sweep {
        product: b,
        product_error: if known { b_error } else { f64::INFINITY },
        relative: if known { errors.factor() } else { Interval::ENTIRE },
        absolute: if known { absolute } else { f64::INFINITY },
        gram: gram.high,
        ratio,
        traces,
        norms,
        backward,
        backward_errors,
    }
}

/// Bound of `| norm(b_k)^2 - fl(norm(high)^2) |`: the rounding of the square, the low parts, the error of b_k.
fn weight_error(b: &Pairs, b_error: f64) -> f64 {
    let (size, n) = (b.norm(), b.high.len());
    if size == 0.0 && b_error == 0.0 {
        return 0.0;
    }
    let rounding = upward::add(upward::mul(gamma(n + 8), upward::mul(size, size)), 4.0 * n as f64 * TINY);
    let cross = upward::mul(upward::mul(2.0, size), b_error);
    upward::add(rounding, upward::add(cross, upward::mul(b_error, b_error)))
}

/// At least the trace of m; negative diagonal entries count as zero, a NaN as infinite.
fn trace_bound(m: &DMatrix<f64>) -> f64 {
    (0..m.nrows()).fold(0.0, |s, i| upward::add(s, upward::larger(0.0, m[(i, i)])))
}

/// At most the Euclidean norm.
fn euclidean_norm_lower(v: &[f64]) -> f64 {
    let sum: f64 = v.iter().map(|x| x * x).sum();
    // After an overflow nothing is known from below.
    if !sum.is_finite() {
        return 0.0;
    }
    let least = sum * (1.0 - 2.0 * gamma(v.len() + 4)) - 4.0 * v.len() as f64 * TINY;
    least.max(0.0).sqrt().next_down().max(0.0)
}

impl Sweep {
    /// The computed w_prod, enclosed at `bits` of precision; see [`Pairs::to_big`].
    pub(super) fn product(&self, bits: u32) -> DVector<Big> {
        DVector::from_column_slice(self.product.to_big(bits).as_slice())
    }
}
