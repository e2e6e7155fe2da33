//! The statements of Lemma 2 at a moment of the flow: formulas in the symbols of [`crate::paper::section_4::moment`],
//! and four by code, where a case of equality is told layer by layer from the enclosures.

use crate::arithmetic::{Enclosure, Interval, Ring};
use crate::flow::observables::Observables;
use crate::formula::{Expr, at, var};
use crate::harness::Assumption;
use crate::harness::pairs::Pair;
use crate::paper::section_4::hypotheses::deep;
use crate::paper::section_4::moment::Inequality;
use crate::paper::section_4::setting::Setting;
use num_traits::Zero;

/// First statement: `norm_F(W_k)^2 - sigma_k^2 <= bound`, for every layer; as printed at epsilon.
pub(crate) fn rank_one(bound: impl Into<Expr>) -> Inequality {
    at("tail", var("k")).at_most(bound).each("k", 1, var("L")).into()
}

/// Second statement: `max_k sigma_k^2 - min_j sigma_j^2 <= bound`.
pub(crate) fn balance(bound: impl Into<Expr>) -> Inequality {
    var("spread").at_most(bound).into()
}

/// Third statement, times sigma_{k+1}^2: `sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2) <= bound`, for every pair of neighbours.
pub(crate) fn alignment(bound: impl Into<Expr>) -> Inequality {
    at("misalignment", var("k")).at_most(bound).each("k", 1, var("L") - 1).into()
}

/// `norm(w_prod)^(2/L) - sigma_k^2 <= below`, for every layer.
pub(crate) fn sigma_product_lower(below: impl Into<Expr>) -> Inequality {
    at("under", var("k")).at_most(below).each("k", 1, var("L")).into()
}

/// `-D <= sigma_k^2 - norm(w_prod)^(2/L) <= 2 D`, the catalogue's form.
pub(crate) fn sigma_product() -> Inequality {
    let [d, depth, k] = ["D", "L", "k"].map(var);
    let above = at("over", &k).at_most(2 * &d).each("k", 1, &depth);
    above.and(at("under", k).at_most(d).each("k", 1, depth)).into()
}

/// First statement with the spectrum of the gaps.
pub(crate) fn rank_one_sharpened() -> Inequality {
    let words = "norm_F(W_k)^2 - sigma_k^2 <= T_k, T_k the sum over i >= k of (largest eigenvalue - trace)(Delta_i)";
    Inequality::Code(words, |o, s| {
        let of = |(k, t): (usize, &Interval)| {
            let bound = s.initial.tail_bound(k + 1);
            // Both zero to rounding: a layer that keeps rank one, an equality. A tail that is certainly positive is
            // always compared.
            let rounding = bound.lo() <= 0.0 && t.lo() <= 0.0 && !(bound.is_zero() && t.is_zero());
            (!rounding).then(|| Pair::new(bound, *t))
        };
        o.tail.iter().enumerate().filter_map(of).collect()
    })
}

/// Third statement to second order: `sigma_{k+1}^2 (D_k/(sigma_k^2 - T))^2` where `2 D_k <= sigma_k^2 - T`, T the
/// sharpened bound of tail_{k+1}.
pub(crate) fn alignment_quadratic() -> Inequality {
    let words =
        "1 - <v_{k+1}, u_k>^2 <= (D_k/(sigma_k^2 - T))^2 where 2 D_k < sigma_k^2 - T, T the bound of tail_{k+1}";
    Inequality::Code(words, |o, s| {
        let of = |(k, m): (usize, &Interval)| {
            let distance = o.sigma_squared[k] - s.initial.tail_bound(k + 2);
            let gap = &s.initial.gaps[k];
            let pair = Pair::new(o.sigma_squared[k + 1] * (gap.norm / distance).powi(2), *m);
            // Layers of rank one and of the same norm: an equality where T = 0.
            let equality = gap.alike && pair.holds().is_none();
            ((distance - 2 * gap.norm).is_positive() && !equality).then_some(pair)
        };
        o.misalignment.iter().enumerate().filter_map(of).collect()
    })
}

/// The upper side at a bound of layer k; nothing where L = 2 and w_prod = 0, as D is then the larger sigma_k^2.
fn above(o: &Observables, s: &Setting, bound: impl Fn(usize) -> Interval) -> Vec<Pair> {
    if s.depth == 2 && o.product_norm.hi() == 0.0 {
        return Vec::new();
    }
    o.balance.iter().zip(1..).map(|(b, k)| Pair::new(bound(k), *b)).collect()
}

/// The upper side with `D + min(A_k, B_k)`, at most 3/2 D.
pub(crate) fn sigma_product_upper() -> Inequality {
    let words =
        "sigma_k^2 - norm(w_prod)^(2/L) <= D + min(A_k, B_k) <= 3/2 D, A_k the sum of D_i before and B_k from k on";
    Inequality::Code(words, |o, s| above(o, s, |k| s.initial.excess_bound(k)))
}

/// The upper side with D for every k.
pub(crate) fn sigma_product_conjecture() -> Inequality {
    let words = "sigma_k^2 - norm(w_prod)^(2/L) <= D for every k";
    Inequality::Code(words, |o, s| above(o, s, |_| s.initial.imbalance()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::Rational;
    use crate::formula::{at2, sum};
    use crate::instances::NetworkInstance;
    use crate::linalg::from_rows;
    use crate::network::Network;
    use crate::paper::section_4::moment::Seen;
    use crate::problem::Problem;
    use nalgebra::DVector;
    use std::sync::Arc;

    /// Layers in quarters and sixteenths, and what the second order says of them.
    fn second_order(last: [i64; 2]) -> (Observables, Setting) {
        let q = |v: i64| Rational::new(v, 16);
        let rows = |m: &[[i64; 2]]| from_rows(&m.iter().map(|r| r.map(q).to_vec()).collect::<Vec<_>>()).unwrap();
        let layers = vec![rows(&[[1, -1], [-6, 6]]), rows(&[[16, 20], [-12, -15]]), rows(&[last])];
        let network = Network::new(layers, DVector::from_element(1, q(16))).unwrap();
        let problem = Problem::white(&q(16), &DVector::from_vec(vec![q(16), q(8)]), &q(0)).unwrap();
        let seen = Observables::at(&problem, &network.map(Rational::to_f64));
        (seen, Setting::constants(&NetworkInstance::new(Arc::new(problem), network, "rank-one layers")))
    }

    #[test]
    fn formulas_are_said_in_the_constants_of_the_start() {
        let (seen, setting) = second_order([50, -40]);
        let [span, tail, between] = [at("s", var("k")), at("T", var("k") + 1), at2("D_", var("j"), var("k"))];
        let told = |said: Inequality| said.pairs(&setting, Seen::Flow(&seen)).unwrap();
        let said = alignment(span + tail);
        assert!(said.text().contains("<= s_k + T_{k + 1}, 1 <= k <= L - 1; T_k the sum"), "{}", said.text());
        let aligned = told(said);
        assert_eq!(aligned.len(), 2);
        assert_eq!(aligned[1].greater, setting.initial.gaps[1].span + setting.initial.tail_bound(3));
        assert_eq!(aligned[1].lesser, seen.misalignment[1]);
        let mean = told(sigma_product_lower(sum("j", 1, var("L"), between) / var("L")));
        let first = setting.initial.between(1, 2) + setting.initial.between(1, 3);
        assert_eq!((mean[0].greater, mean[0].lesser), (first / Interval::from_i64(3), -seen.balance[0]));
        assert_eq!(told(balance(var("D")))[0].greater, setting.initial.imbalance());
        let said = rank_one(var("epsilon"));
        assert_eq!(said.text(), "norm_F(W_k)^2 - sigma_k^2 <= epsilon, 1 <= k <= L");
        assert_eq!(told(said)[2].greater, setting.initial.epsilon());
        let misspelt = rank_one(var("epsilom")).pairs(&setting, Seen::Flow(&seen));
        assert_eq!(misspelt.unwrap_err(), "epsilom has no value");
        assert!(alignment(at("D", var("k") + 2)).pairs(&setting, Seen::Flow(&seen)).is_err(), "there is no D_4");
    }

    #[test]
    fn neighbours_of_rank_one_and_of_one_norm_are_a_case_of_equality() {
        // norm(W_2)^2 = norm(W_3)^2 = 1025/256.
        let (seen, mut setting) = second_order([25, -20]);
        assert_eq!(setting.initial.gaps.iter().map(|g| g.alike).collect::<Vec<_>>(), [false, true]);
        let second = |o: &Observables, s: &Setting| alignment_quadratic().pairs(s, Seen::Flow(o)).unwrap();
        let told = second(&seen, &setting);
        assert!(told.iter().all(|p| p.holds() == Some(true)), "{told:?}");
        setting.initial.gaps[1].alike = false;
        let all = second(&seen, &setting);
        assert_eq!((all.len(), all.last().unwrap().holds()), (told.len() + 1, None), "no enclosure decides it");
        // Another norm, the same angle: it is decided, and told.
        let (seen, setting) = second_order([50, -40]);
        assert!(!setting.initial.gaps[1].alike);
        assert!(second(&seen, &setting).iter().all(|p| p.holds() == Some(true)));
    }
}
