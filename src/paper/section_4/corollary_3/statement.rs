//! Corollary 3: the sharpness at the limit against its bounds.

use crate::arithmetic::{Big, Enclosure, Interval, Real, Ring};
use crate::formula::{Expr, fraction, var};
use crate::hessian::sharpness_at_minimiser;
use crate::paper::section_4::moment::Inequality;
use crate::paper::section_4::trajectories::Run;

/// Enclosure of S(W^SI), if the last point is taken as a point of the true flow: the limit is within the remaining path
/// l of it, and `|S(W) - S(V)| <= 2 Lambda L ((s + l)^(2L-2) - s^(2L-2))` for the form `2 lambda_max(R^T M R)`, s the
/// largest spectral norm.
///
/// Why: `M = sum_k norm(b_k)^2 A_k^T A_k` has L terms, each a product of 2L - 2 layers, of norm s at most here. If
/// every layer moves by at most l, such a product moves by at most `(s + l)^(2L-2) - s^(2L-2)`, and the largest
/// eigenvalue of `2 R^T M R` by `2 Lambda` times the sum. `None` for a run without a point, or where the remaining
/// path is not bounded.
pub fn limit_sharpness(problem: &crate::problem::Problem, run: &Run) -> Option<Interval> {
    let last = run.samples.last()?;
    let network = last.network.map(|v| Big::from_f64(*v, 128));
    let here = sharpness_at_minimiser(&network, &problem.moments::<Big>(128)).to_interval();
    let path = Interval::point(run.setting.remaining_path(&last.seen.excess_risk));
    let sigma = last.seen.largest_sigma_squared().sqrt();
    let power = 2 * run.setting.depth as u32 - 2;
    let depth = Interval::from_i64(2 * run.setting.depth as i64);
    let change = depth * run.setting.lambda_max * ((sigma + path).powi(power) - sigma.powi(power));
    let out = here + Interval::symmetric(change.hi());
    out.is_bounded().then_some(out)
}

/// `S <= factor (Lambda/lambda) S_min`; as printed at 4.
pub(crate) fn upper(factor: impl Into<Expr>) -> Inequality {
    let [top, bottom, s_min] = ["Lambda", "lambda", "S_min"].map(var);
    var("S").at_most(factor.into() * (top / bottom) * s_min).into()
}

/// What stands for 4 in terms of D: `(1 + 2 D/norm(w*)^(2/L))^(L-1)`.
pub(crate) fn any_scale() -> Expr {
    let [depth, d, w] = ["L", "D", "norm(w*)"].map(var);
    (1 + 2 * d / w.power(2 / &depth)).power(depth - 1)
}

/// 1.00025.
pub(crate) fn best() -> Expr {
    1 + fraction(1, 4000)
}

/// `S >= factor S_min`; as printed at 1.
pub(crate) fn lower(factor: impl Into<Expr>) -> Inequality {
    var("S").at_least(factor.into() * var("S_min")).into()
}
