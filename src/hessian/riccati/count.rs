//! The number of eigenvalues of H above a threshold, from the inertia of the pivots.
//!
//! P_0 = 2 Sigma is a ball: its radius r counts as `r norm(beta_0)^2 <= r norm(N_1) norm(D)^2`. The rest of the error
//! is the sum over the stages in the docs of the folder. Nothing but the current P is kept.

use super::End;
use super::chain::Chain;
use super::stage::{Stage, Step};
use crate::linalg::ball::euclidean_norm;
use crate::linalg::{Linear, upward};

/// What one pass of the recursion at a threshold T proves: `#{eigenvalues > T + error} <= above <= #{eigenvalues > T -
/// error}`, counted with multiplicity.
///
/// A `Count` with an infinite error states nothing; whoever uses one looks at that first, or uses the two ends below.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// Negative pivots: the number of eigenvalues above T of a matrix within `error` of H in norm.
    pub above: usize,
    /// Bound of that distance; infinite where nothing is known.
    pub error: f64,
    /// T.
    pub threshold: f64,
}

impl Count {
    /// At most [`Count::above`] eigenvalues exceed this: `T + error`, rounded upward.
    ///
    /// Infinite where the error is.
    pub fn ceiling(&self) -> f64 {
        upward::add(self.threshold, self.error)
    }

    /// At least [`Count::above`] eigenvalues exceed this: `T - error`, rounded downward.
    ///
    /// Minus infinity where the error is infinite.
    pub fn floor(&self) -> f64 {
        -upward::add(-self.threshold, self.error)
    }
}

/// Counts the eigenvalues of H (or of -H, at the other end) above T. Nothing is known at T = 0 or where a number
/// overflows.
///
/// Cost: O(sum d^3), per layer some five products of d x d matrices, twice as many where a pivot is indefinite; memory
/// O(d^2).
///
/// At [`End::Smallest`] a_k and Sigma enter with the other sign, so that `above` counts the eigenvalues of H below
/// `-T`. Where T is close to an eigenvalue of a part of the chain, a pivot is nearly singular, `K^T M^-1 K` is large
/// and so are the bounds; a threshold beside it is better.
pub fn count(chain: &Chain, threshold: f64, end: End) -> Count {
    let unknown = Count { above: 0, error: f64::INFINITY, threshold };
    if !(threshold.is_finite() && threshold != 0.0) {
        return unknown;
    }
    let sign = Chain::sign(end);
    let sigma = chain.sigma.doubled();
    let mut value = sigma.mid() * sign;
    let (mut above, mut pivots, mut crosses) = (0, 0.0_f64, 0.0);
    let mut values = upward::mul(sigma.radius(), chain.norms[0]);
    for k in 0..chain.depth() {
        let (a, b) = (&chain.a[k], &chain.b[k]);
        let signed: Vec<f64> = a.high.iter().map(|v| sign * v).collect();
        let low = |error: f64, low: &[f64]| upward::add(error, euclidean_norm(low));
        let stage = Stage {
            layer: &chain.layers[k],
            size: chain.sizes[k],
            a: &signed,
            a_error: low(chain.a_errors[k], a.low.as_slice()),
            b: b.high.as_slice(),
            b_error: low(chain.b_errors[k], b.low.as_slice()),
        };
        let Step { negative, pivot, cross, value: own } =
            stage.eliminate(&mut value, threshold, k + 1 == chain.depth());
        above += negative;
        // A NaN is an infinity here: `upward` sees to it.
        pivots = pivots.max(pivot);
        let weight = chain.norms[k + 1];
        crosses = upward::add(crosses, upward::mul(upward::mul(cross, cross), weight));
        values = upward::add(values, upward::mul(own, weight));
        if !(pivots.is_finite() && crosses.is_finite() && values.is_finite()) {
            return unknown;
        }
    }
    let error = upward::add(upward::add(pivots, upward::mul(2.0, upward::sqrt(crosses))), values);
    Count { above, error, threshold }
}
