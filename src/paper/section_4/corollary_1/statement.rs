//! Corollary 1: the range of the spectral norms.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Real, Ring};
use crate::flow::observables::Observables;
use crate::paper::section_4::aligned::Aligned;
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::statement::Pair;
use crate::paper::section_4::trajectories::Run;

/// `(norm(w*)/2)^(1/L) <= sigma_k <= (2 norm(w*))^(1/L)` now, and for all later t: the path that remains is added to
/// sigma_k.
pub fn range_for_ever(o: &Observables, s: &Setting) -> Vec<Pair> {
    range(o, s, Interval::from_i64(2), s.remaining_path(&o.excess_risk))
}

/// The same at this moment only.
pub fn range_now(o: &Observables, s: &Setting) -> Vec<Pair> {
    range(o, s, Interval::from_i64(2), 0.0)
}

/// Control: a factor 1 + 2^-30 in place of 2.
pub(crate) fn range_narrow(o: &Observables, s: &Setting) -> Vec<Pair> {
    range(o, s, Interval::point(1.0 + 2.0_f64.powi(-30)), 0.0)
}

pub(crate) fn range(o: &Observables, s: &Setting, factor: Interval, path: f64) -> Vec<Pair> {
    let l = s.depth as u32;
    let path = Interval::point(path);
    let (low, high) = ((s.w_star_norm / factor).pow_ratio(1, l), (factor * s.w_star_norm).pow_ratio(1, l));
    let of = |q: &Interval| {
        let sigma = q.sqrt();
        [Pair::new(high, sigma + path), Pair::new(sigma - path, low)]
    };
    o.sigma_squared.iter().flat_map(of).collect()
}

/// `norm(w*)/2 <= sigma_k^L <= 2 norm(w*)` at the limit of an aligned start.
pub(crate) fn powers_printed(i: &Aligned, s: &Setting) -> Vec<Pair> {
    powers(i, s, Interval::from_i64(2), Interval::from_i64(2))
}

/// `e^(-1/4) norm(w*) <= sigma_k^L <= e^(3/8) norm(w*)` there.
pub(crate) fn powers_sharp(i: &Aligned, s: &Setting) -> Vec<Pair> {
    let power = |p| Interval::from_rational(&Rational::new(p, 8), 53).exp();
    powers(i, s, power(2), power(3))
}

fn powers(i: &Aligned, s: &Setting, below: Interval, above: Interval) -> Vec<Pair> {
    let w = s.w_star_norm;
    let of = |q: Interval| {
        let power = q.pow_ratio(s.depth as i64, 2);
        [Pair::new(above * w, power), Pair::new(power, w / below)]
    };
    i.squares(&i.limit()).into_iter().flat_map(of).collect()
}

/// T of Corollary 1: the first sampled time from which every sampled point is in the range; `None` if the last is not.
pub fn settled_from(run: &Run) -> Option<f64> {
    let inside = |p: &Pair| (p.greater - p.lesser).is_nonnegative();
    let outside = run.samples.iter().rposition(|s| !range_now(&s.seen, &run.setting).iter().all(inside));
    let first = outside.map_or(0, |at| at + 1);
    run.samples.get(first).map(|s| s.time.max(1.0))
}
