//! Corollary 1: the range of the spectral norms.

use crate::arithmetic::Real;
use crate::flow::aligned::Aligned;
use crate::flow::observables::Observables;
use crate::formula::{Expr, at, var};
use crate::harness::pairs::Pair;
use crate::paper::section_4::moment::{Inequality, Seen};
use crate::paper::section_4::setting::Setting;
use crate::paper::section_4::trajectories::Run;

/// `(norm(w*)/factor)^(1/L) <= sigma_k <= (factor norm(w*))^(1/L)`, with room for the rest of the path on both sides.
fn range(factor: impl Into<Expr>, rest: Option<Expr>) -> Inequality {
    let ([depth, w], factor, sigma) = (["L", "norm(w*)"].map(var), factor.into(), at("sigma", var("k")));
    let root = |e: Expr| e.power(1 / &depth);
    let (low, high) = (root(&w / &factor), root(factor * w));
    let Some(rest) = rest else { return low.at_most(sigma).at_most(high).each("k", 1, depth).into() };
    let below = low.at_most(&sigma - &rest).each("k", 1, &depth);
    below.and((sigma + rest).at_most(high).each("k", 1, depth)).into()
}

/// `(norm(w*)/2)^(1/L) <= sigma_k <= (2 norm(w*))^(1/L)` for all later t: the path that remains is added to sigma_k.
pub(crate) fn range_for_ever() -> Inequality {
    range(2, Some(var("rest")))
}

/// The same at this moment only, with another factor for 2.
pub(crate) fn range_now(factor: impl Into<Expr>) -> Inequality {
    range(factor, None)
}

/// `below norm(w*) <= sigma_k^L <= above norm(w*)` at the limit; as printed with 1/2 and 2.
pub(crate) fn powers(below: Expr, above: Expr) -> Inequality {
    let w = var("norm(w*)");
    (below * &w).at_most(var("sigma_k").power(var("L"))).at_most(above * w).into()
}

/// sigma_k at the limit of an aligned start, once for layers that are alike.
pub(crate) fn limits(i: &Aligned) -> Vec<Seen<'static>> {
    i.limit_squares().into_iter().map(|q| Seen::Number("sigma_k", q.sqrt())).collect()
}

/// The last of these moments that is not proved to be in the range of Corollary 1.
///
/// `None`: all are in the range. A moment at which a side has no value, or a margin contains zero, counts as outside,
/// so that what comes after it is certain.
pub(crate) fn last_outside<'a>(
    setting: &Setting,
    mut moments: impl DoubleEndedIterator<Item = &'a Observables> + ExactSizeIterator,
) -> Option<usize> {
    let said = range_now(2);
    let inside = |p: &Pair| p.holds() == Some(true);
    let now = |seen| said.pairs(setting, Seen::Flow(seen)).is_ok_and(|pairs| pairs.iter().all(inside));
    moments.rposition(|seen| !now(seen))
}

/// T of Corollary 1: the first sampled time from which every sampled point is in the range; `None` if the last is not.
///
/// At least 1, as the Corollary asks. A property of the sampled points: between them nothing is claimed.
pub fn settled_from(run: &Run) -> Option<f64> {
    let first = last_outside(&run.setting, run.samples.iter().map(|s| &s.seen)).map_or(0, |at| at + 1);
    run.samples.get(first).map(|s| s.time.max(1.0))
}
