//! Corollary 3: the sharpness at the limit against its bounds.

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::hessian::sharpness_at_minimiser;
use crate::paper::section_4::aligned::Aligned;
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::statement::Pair;
use crate::paper::section_4::trajectories::Run;

/// Enclosure of S(W^SI), if the last point is taken as a point of the true flow: the limit is within the remaining path
/// l of it, and `|S(W) - S(V)| <= 2 Lambda L ((s + l)^(2L-2) - s^(2L-2))` for the form `2 lambda_max(R^T M R)`, s the
/// largest spectral norm.
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

/// `S <= 4 kappa S_min`, as printed.
pub fn upper_printed(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(4 * s.kappa() * s.s_min(), sharpness)]
}

/// `S <= 1.00025 kappa S_min`.
pub fn upper_best(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    let constant = Interval::from_rational(&Rational::new(100_025, 100_000), 53);
    vec![Pair::new(constant * s.kappa() * s.s_min(), sharpness)]
}

/// `S <= kappa (1 + 2 D/norm(w*)^(2/L))^(L-1) S_min`.
pub fn upper_sharpened(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    let factor = (1 + 2 * s.initial.imbalance() / s.level()).powi(s.depth as u32 - 1);
    vec![Pair::new(factor * s.kappa() * s.s_min(), sharpness)]
}

/// `S <= 1.000125 kappa S_min` for an aligned start.
pub(crate) fn aligned_best(i: &Aligned, s: &Setting) -> Vec<Pair> {
    let constant = Interval::from_rational(&Rational::new(1_000_125, 1_000_000), 53);
    aligned_kappa(i, s).into_iter().map(|p| Pair::new(constant * p.greater, p.lesser)).collect()
}

/// Control: `S <= kappa S_min`, S in closed form.
pub(crate) fn aligned_kappa(i: &Aligned, s: &Setting) -> Vec<Pair> {
    let sharpness = 2 * s.lambda_max * s.w_star_norm.powi(2) * i.reciprocals(&i.limit());
    vec![Pair::new(s.kappa() * s.s_min(), sharpness)]
}

/// Control: `S <= 0.99 kappa S_min`.
pub(crate) fn upper_too_small(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(Interval::point(0.99) * s.kappa() * s.s_min(), sharpness)]
}

/// Control: `S >= 1.01 S_min`.
pub(crate) fn lower_too_large(sharpness: Interval, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(sharpness, Interval::point(1.01) * s.s_min())]
}
