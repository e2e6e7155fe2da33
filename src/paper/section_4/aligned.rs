//! The search of the worst aligned start ([`crate::flow::aligned`]): flows in closed form, of any depth.
//!
//! Each layer has rank one at most, along directions that its neighbours share, so that the flow is one number c(t)
//! and every quantity of Section 4 is a formula in it; depths of 1000 cost little. A start at which a bound is nearly
//! attained says how much its constant can be improved at most: the controls that must be refuted (`four-times` of
//! Theorem 3, `seven` of Corollary 1, `kappa` of Corollary 3) are refuted by such starts.

use crate::arithmetic::Rational;
use crate::flow::aligned::Aligned;
use crate::flow::invariants::exact;
use crate::harness::claim::{Context, tagged};
use crate::harness::pairs::judge_all;
use crate::harness::{Assumption, Stated, Subject};
use crate::paper::section_4::along::Told;
use crate::paper::section_4::hypotheses::Hypotheses;
use crate::paper::section_4::moment::{Inequality, Seen};
use crate::paper::section_4::setting::Setting;
use num_traits::Zero;

/// The constants of the start; the drop of the risk is that at c(1).
///
/// `R_0 - R(W(1)) = mu p (2 norm(w*) - p)` for p = p(1), since `R - R_min = mu (norm(w*) - p)^2` with mu = Lambda.
fn setting(i: &Aligned) -> Setting {
    let [lambda, lambda_max] = i.spectrum.each_ref().map(exact);
    let (w_star_norm, p) = (exact(&i.w_star), i.product(&exact(&i.reached)));
    let risk_drop = lambda_max * p * (2 * w_star_norm - p);
    Setting { risk_drop, a2: assumption_2(i), ..Setting::new([lambda, lambda_max], w_star_norm, i.initial()) }
}

/// (A2), and what an aligned start is.
///
/// Two zero layers have a gradient of zero. With `p(1) <= norm(w*)` the moment c(1) is one that the flow reaches, and
/// `p(0) < p(1)` gives `R(W(0)) <= R_0` there.
fn assumption_2(i: &Aligned) -> Assumption {
    let zeros: u32 = i.blocks.iter().filter(|b| b.1.is_zero()).fold(0, |s, b| s.saturating_add(b.0));
    let below = exact(&i.w_star) - i.product(&exact(&i.reached));
    let sane = i.blocks.iter().all(|b| b.0 > 0 && b.1.sign() >= 0) && i.reached.sign() > 0;
    Assumption::unless_outside(!(2..=100_000).contains(&i.depth()) || !sane, "no aligned start")
        .and(Assumption::unless_outside(i.spectrum[0] > i.spectrum[1], "lambda > Lambda"))
        .and(Assumption::unless_outside(zeros > 1, "two zero layers: the gradient vanishes"))
        .and(Assumption::of_margin(&below, "p(1) <= norm(w*)"))
}

impl Subject for Aligned {
    fn describe(&self) -> String {
        self.in_words()
    }
    fn tags(&self) -> Vec<String> {
        let product = (Rational::from(i64::from(self.depth())) * self.epsilon()).to_f64();
        tagged([
            (self.depth() >= 100, "L >= 100"),
            ((0.95..=1.0).contains(&product), NEAR_ONE),
            (self.spectrum[0] == self.spectrum[1], "kappa = 1"),
            (self.blocks.iter().any(|b| b.1.is_zero()), "a zero layer"),
        ])
    }
}

/// The inequality for everything that is seen of an aligned start. A start and its neighbours are brought to the
/// hypotheses by the epsilon to which one of this depth is scaled; `None`: as it is.
///
/// The climb towards the least slack is the engine's: this gives the family to start from, the neighbours of a start,
/// and the verdict at one.
pub(crate) fn search(
    hypotheses: Hypotheses,
    epsilon: Option<fn(i64) -> Rational>,
    see: fn(&Aligned) -> Vec<Seen<'static>>,
    said: Inequality,
) -> Told<Aligned> {
    let words = said.text() + ", worst aligned start searched";
    let instances = move |context: &Context| {
        let asked = |depth: u32| epsilon.map_or_else(|| Rational::power_of_two(-60), |of| of(depth.into()));
        Aligned::family(&[2, 3, 4, 6, 10, 30, 100, 1000][..context.size(7, 8, 8)], asked)
    };
    let evaluate = move |i: &Aligned, strength: &Rational| {
        // Before the layers are written out one by one.
        if let Some(refusal) = assumption_2(i).refusal() {
            return refusal;
        }
        let setting = setting(i);
        if let Some(refusal) = hypotheses(&setting).refusal() {
            return refusal;
        }
        let lists = see(i).into_iter().map(|seen| said.pairs(&setting, seen));
        judge_all(lists, strength, "f64 intervals, the flow in closed form")
    };
    let near = move |i: &Aligned| match epsilon {
        None => i.near(),
        Some(of) => i.near().into_iter().map(|n| (of(n.depth().into()), n)).map(|(e, n)| n.with_epsilon(&e)).collect(),
    };
    (words, Stated::new(instances, evaluate).neighbours(near))
}

/// Coverage class: 0.95 <= L epsilon <= 1.
pub(crate) const NEAR_ONE: &str = "0.95 <= L epsilon <= 1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{Enclosure, Interval};
    use crate::paper::section_4::theorem_3::constants::{drop_floor, proof_constant};

    #[test]
    fn what_is_no_aligned_start_is_refused() {
        let q = |n, d| Rational::new(n, d);
        let blocks = [q(1, 16), q(1, 64), q(1, 4)].map(|a| (1, a)).to_vec();
        let start = Aligned { blocks, w_star: q(3, 2), spectrum: [q(2, 1), q(2, 1)], reached: q(1, 100) };
        let refused = |change: &dyn Fn(&mut Aligned)| {
            let mut other = start.clone();
            change(&mut other);
            !assumption_2(&other).holds()
        };
        assert!(!refused(&|_| ()) && refused(&|o| o.reached = q(100, 1)) && refused(&|o| o.reached = q(0, 1)));
        assert!(refused(&|o| o.blocks[0].0 = u32::MAX) && refused(&|o| o.spectrum[0] = q(3, 1)));
        assert!(refused(&|o| o.blocks[..2].iter_mut().for_each(|b| b.1 = q(0, 1))));
        // S_min = 2 L lambda norm(w*)^(2 - 2/L).
        assert!((setting(&start).s_min().mid() - 12.0 * 1.5_f64.powf(4.0 / 3.0)).abs() < 1e-9);
        // Where the risk may not have dropped, the constants contain zero and what they are if it has.
        for constant in [proof_constant, drop_floor] {
            let of = |lo, hi| constant(&Setting { risk_drop: Interval::new(lo, hi), ..setting(&start) });
            let (known, open) = (of(0.01, 0.01), of(-0.01, 0.01));
            assert!(known.is_positive() && open.lo() == 0.0 && open.hi() >= 0.2 * known.hi(), "{open:?} {known:?}");
            assert!(of(-0.02, -0.01).is_zero() && of(f64::NEG_INFINITY, f64::INFINITY).hi() == f64::INFINITY);
        }
    }
}
