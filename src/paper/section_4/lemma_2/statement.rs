//! The statements of Lemma 2 at a moment of the flow.

use crate::arithmetic::{Enclosure, Interval, Ring};
use crate::flow::observables::Observables;
use crate::paper::section_4::setting::{Assumption, Setting};
use crate::paper::section_4::statement::{Pair, deep};
use num_traits::Zero;

/// `factor * epsilon >= tail_k` etc. have the same left side for every layer.
pub(crate) fn each(greater: Interval, lesser: &[Interval]) -> Vec<Pair> {
    lesser.iter().map(|l| Pair::new(greater, *l)).collect()
}

/// First statement, as printed.
pub fn rank_one_printed(o: &Observables, s: &Setting) -> Vec<Pair> {
    each(s.initial.epsilon(), &o.tail)
}

/// First statement with epsilon-bar.
pub fn rank_one_bar(o: &Observables, s: &Setting) -> Vec<Pair> {
    each(s.initial.epsilon_bar(), &o.tail)
}

/// First statement with the spectrum of the gaps.
pub fn rank_one_sharpened(o: &Observables, s: &Setting) -> Vec<Pair> {
    let of = |(k, t): (usize, &Interval)| {
        let bound = s.initial.tail_bound(k + 1);
        // Both zero to rounding: a layer that keeps rank one, an equality. A tail that is certainly positive is always
        // compared.
        let rounding = bound.lo() <= 0.0 && t.lo() <= 0.0 && !(bound.is_zero() && t.is_zero());
        (!rounding).then(|| Pair::new(bound, *t))
    };
    o.tail.iter().enumerate().filter_map(of).collect()
}

/// Control: 2 D without the norms.
pub(crate) fn rank_one_without_norms(o: &Observables, s: &Setting) -> Vec<Pair> {
    each(2 * s.initial.imbalance(), &o.tail)
}

/// Second statement, as printed.
pub fn balance_printed(o: &Observables, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(s.initial.epsilon(), o.spread)]
}

/// Second statement with epsilon-bar.
pub fn balance_bar(o: &Observables, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(s.initial.epsilon_bar(), o.spread)]
}

/// Second statement with D.
pub fn balance_sharpened(o: &Observables, s: &Setting) -> Vec<Pair> {
    vec![Pair::new(s.initial.imbalance(), o.spread)]
}

/// Third statement, as printed (times sigma_{k+1}^2).
pub fn alignment_printed(o: &Observables, s: &Setting) -> Vec<Pair> {
    each(s.initial.epsilon(), &o.misalignment)
}

/// Third statement with what B.3 proves: 2 epsilon-bar + norm_2(W_k(0))^2.
pub fn alignment_proof(o: &Observables, s: &Setting) -> Vec<Pair> {
    let twice = 2 * s.initial.epsilon_bar();
    let of = |(k, m): (usize, &Interval)| Pair::new(twice + s.initial.sigma_squared[k], *m);
    o.misalignment.iter().enumerate().map(of).collect()
}

/// Third statement with epsilon-bar + D_k.
pub fn alignment_bar(o: &Observables, s: &Setting) -> Vec<Pair> {
    let of = |(k, m): (usize, &Interval)| Pair::new(s.initial.epsilon_bar() + s.initial.gaps[k].norm, *m);
    o.misalignment.iter().enumerate().map(of).collect()
}

/// Third statement with the spectrum of the gaps.
pub fn alignment_sharpened(o: &Observables, s: &Setting) -> Vec<Pair> {
    let bound = |k: usize| s.initial.gaps[k].span + s.initial.tail_bound(k + 2);
    o.misalignment.iter().enumerate().map(|(k, m)| Pair::new(bound(k), *m)).collect()
}

/// Third statement to second order: `sigma_{k+1}^2 (D_k/(sigma_k^2 - T))^2` where `2 D_k <= sigma_k^2 - T`, T the
/// sharpened bound of tail_{k+1}.
pub fn alignment_quadratic(o: &Observables, s: &Setting) -> Vec<Pair> {
    let of = |(k, m): (usize, &Interval)| {
        let distance = o.sigma_squared[k] - s.initial.tail_bound(k + 2);
        let twice = 2 * s.initial.gaps[k].norm;
        let sine = s.initial.gaps[k].norm / distance;
        let pair = Pair::new(o.sigma_squared[k + 1] * sine.powi(2), *m);
        // Layers of rank one and of the same norm: an equality where T = 0.
        let difference = pair.greater - pair.lesser;
        let decided = difference.is_nonnegative() || difference.is_negative();
        ((distance - twice).is_positive() && (decided || !s.initial.gaps[k].alike)).then_some(pair)
    };
    o.misalignment.iter().enumerate().filter_map(of).collect()
}

/// Control: D_k alone.
pub(crate) fn alignment_gap_alone(o: &Observables, s: &Setting) -> Vec<Pair> {
    o.misalignment.iter().enumerate().map(|(k, m)| Pair::new(s.initial.gaps[k].norm, *m)).collect()
}

/// `-D <= sigma_k^2 - norm(w_prod)^(2/L) <= 2 D`, the catalogue's form.
pub fn sigma_product(o: &Observables, s: &Setting) -> Vec<Pair> {
    let d = s.initial.imbalance();
    o.balance.iter().flat_map(|b| [Pair::new(2 * d, *b), Pair::new(d, -*b)]).collect()
}

/// L = 2 and w_prod = 0: D is the larger sigma_k^2.
pub(crate) fn equality(o: &Observables, s: &Setting) -> bool {
    s.depth == 2 && o.product_norm.hi() == 0.0
}

/// The upper side with `D + min(A_k, B_k)`, at most 3/2 D.
pub fn sigma_product_upper(o: &Observables, s: &Setting) -> Vec<Pair> {
    if equality(o, s) {
        return Vec::new();
    }
    o.balance.iter().enumerate().map(|(k, b)| Pair::new(s.initial.excess_bound(k + 1), *b)).collect()
}

/// The lower side with the mean of the gaps between, at most (1 - 1/L) D.
pub fn sigma_product_lower(o: &Observables, s: &Setting) -> Vec<Pair> {
    let mean = |k: usize| {
        let all = (1..=s.depth).fold(Interval::zero(), |t, j| t + s.initial.between(j.min(k), j.max(k)));
        all / Interval::from_i64(s.depth as i64)
    };
    o.balance.iter().enumerate().map(|(k, b)| Pair::new(mean(k + 1), -*b)).collect()
}

/// The upper side with D for every k.
pub fn sigma_product_conjecture(o: &Observables, s: &Setting) -> Vec<Pair> {
    if equality(o, s) {
        return Vec::new();
    }
    o.balance.iter().map(|b| Pair::new(s.initial.imbalance(), *b)).collect()
}

/// Control: the lower side with D/2.
pub(crate) fn sigma_product_half(o: &Observables, s: &Setting) -> Vec<Pair> {
    let half = s.initial.imbalance() / 2;
    o.balance.iter().map(|b| Pair::new(half, -*b)).collect()
}

/// Not the equality that no enclosure decides: L = 2 with a zero layer.
pub(crate) fn strict(s: &Setting) -> Assumption {
    let equality = s.depth == 2 && s.initial.layer_norms_squared.iter().any(|n| n.hi() == 0.0);
    Assumption::unless_outside(equality, "L = 2 with a zero layer: an equality, sigma_k^2 = D").and(deep(s))
}

/// Nor sums of numbers, where `|Delta_j + .. + Delta_{k-1}| = D` as soon as all have one sign.
pub(crate) fn matrices(s: &Setting) -> Assumption {
    let numbers = s.initial.gaps.iter().all(|g| g.single);
    let why = "all hidden layers of width 1: a sum of numbers, with equalities";
    strict(s).and(Assumption::unless_outside(numbers, why))
}
