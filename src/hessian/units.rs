//! Units in which the Hessian and its squares are doubles.
//!
//! The Hessian is homogeneous: with X and y in units `2^a` larger it is `2^(-2a)` times what it was, at the same
//! weights; with y in another unit, and the head with it, likewise. Powers of two change no digit.

use crate::network::Network;
use crate::problem::Problem;

/// Binary exponents of `b_0, ..., b_L` up to which nothing overflows: the Hessian has products of two of them, and its
/// norm their squares.
const MODEST: i32 = 100;

/// The same Hessian times `2^-k`, and k: a problem and, where it changes, a network. `None` where it is well in range.
pub(super) fn in_range(problem: &Problem, net: &Network<f64>) -> Option<(Problem, Option<Network<f64>>, i32)> {
    if let Some((problem, k)) = problem.at_unit_scale() {
        return Some((problem, None, k));
    }
    let largest = net.backward().iter().map(nalgebra::DVector::amax).fold(0.0, f64::max);
    if largest == 0.0 || !largest.is_finite() {
        return None;
    }
    let k = largest.log2() as i32;
    let times = |v: f64, k: i32| v * 2f64.powi(k / 2) * 2f64.powi(k - k / 2);
    let is_exact = |h: &f64| times(times(*h, -k), k) == *h;
    if k.abs() <= MODEST || !net.head().iter().all(is_exact) {
        return None;
    }
    let head = net.head().map(|h| times(h, -k));
    let scaled = Network::new(net.layers().to_vec(), head).ok()?;
    Some((problem.with_targets_times(-k), Some(scaled), 2 * k))
}
