//! The constants of Theorem 3: mu of its proof, and sharper ones.
//!
//! Each is an enclosure of its formula at an enclosure of the constants of the start; the drop of the risk R_0 -
//! R(W(1)) must have been filled in ([`Setting::risk_drop`]), else neither floor is bounded.

use crate::arithmetic::{Enclosure, Interval, Real, Ring};
use crate::paper::section_4::setting::Setting;
use num_traits::Zero;

/// m of the table: a lower bound of norm(w_prod(t)) for t >= 1.
///
/// B.4, before (25): for norm(w_prod) <= norm(w*) the risk is 4 Lambda norm(w*)-Lipschitz in w_prod, and by (A2) it
/// is at most R^L(W(1)) < R_0 for t >= 1.
pub fn product_floor(s: &Setting) -> Interval {
    let lipschitz = 4 * s.lambda_max * s.w_star_norm;
    Enclosure::min(&(s.risk_drop / lipschitz), &s.w_star_norm)
}

/// mu of B.4 at the best C that is allowed.
///
/// With `a = sqrt(2 epsilon) L` any C > a makes `mu = 4 lambda min((C - a)^(L-1), m/C)^2` a valid constant, so that
/// the search for C needs no rigour: it runs in doubles, the C found is moved above the upper end of a, and the
/// minimum is enclosed there. A poor C loses size, not truth. L = 1: 4 lambda. Zero where m is certainly not
/// positive; from zero on where m may be, so that an inequality with that mu stays open; everything where m is not
/// bounded.
pub fn proof_constant(s: &Setting) -> Interval {
    let four_lambda = 4 * s.lambda;
    if s.depth == 1 {
        return four_lambda;
    }
    let power = s.depth as u32 - 1;
    let a = (2 * s.initial.epsilon()).sqrt() * Interval::from_i64(s.depth as i64);
    let m = product_floor(s);
    if !m.is_bounded() {
        return Interval::ENTIRE;
    }
    let m = Enclosure::max(&m, &Interval::zero());
    if m.is_zero() {
        return m;
    }
    // Bisection in logarithms of what C exceeds a by: C (C - a)^(L-1) increases from 0.
    let (a_up, target) = (a.hi(), m.mid().ln());
    let value = |x: f64| (a_up + x.exp()).ln() + f64::from(power) * x;
    let (mut lo, mut hi) = (-700.0_f64, 700.0_f64);
    for _ in 0..80 {
        let middle = 0.5 * (lo + hi);
        if value(middle) < target {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    let c = Interval::point((a_up + lo.exp()).next_up());
    let root = Enclosure::min(&(c - a).powi(power), &(m / c));
    four_lambda * root.powi(2)
}

/// A lower bound of norm(w_prod) for t >= 1, the larger of `(R_0 - R(W(1)))/(2 Lambda norm(w*))` and 0.
///
/// `R_0 - R(w) = 2 w^T Sigma w* - w^T Sigma w <= 2 Lambda norm(w) norm(w*)`, and the risk does not increase after t =
/// 1. Twice as large as the first number in m, and without its minimum.
pub fn drop_floor(s: &Setting) -> Interval {
    Enclosure::max(&(s.risk_drop / (2 * s.lambda_max * s.w_star_norm)), &Interval::zero())
}
