//! Aligned starts: flows whose path and limit are known in closed form, of any depth, for the search of the worst one.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | W_k(0) = a_k f_k f_{k-1}^T, f_0 = w*/norm(w*) | [`Aligned::blocks`]: layers with the same a_k^2 | L numbers |
//! | lambda, Lambda | the ends of [`Aligned::spectrum`] | scalars |
//!
//! The f_k are unit vectors, f_L = 1, `Sigma f_0 = mu f_0`. Then all layers keep these directions (the gradient of W_k
//! is a multiple of f_k f_{k-1}^T), `sigma_k(t)^2 = a_k^2 + c(t)` with one c for all layers (Lemma 1), and
//! `p = norm(w_prod)` obeys `c' = 4 mu p (norm(w*) - p)`, `p^2 = prod_k (a_k^2 + c)`: for a product p(0) < norm(w*) and
//! at most one a_k = 0 the number c grows to the root of `p = norm(w*)`. `D_k = |a_{k+1}^2 - a_k^2|`, so epsilon is
//! rational where the a_k^2 are. `norm(b_k) norm(A_k)` is the product of the other sigma_j, hence
//! - `R - R_min = mu (norm(w*) - p)^2`, `sum_k norm_F(grad_k)^2 = 4 mu p^2 (sum_k 1/sigma_k^2) (R - R_min)`, a rate
//!   that grows with c;
//! - at the limit `S = 2 norm(w*)^2 max(mu sum_k 1/sigma_k^2, mu_2/sigma_1^2)`, mu_2 the largest other eigenvalue; here
//!   mu = Lambda, so that the first is the larger.
//!
//! Multiplying Sigma by a number changes the speed of the flow alone: every c between 0 and the root is c(1) for some
//! multiple, and both sides of Theorem 3 have that factor. So `reached`, c(1), is free.

use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::harness::claim::{Context, Evaluation, Statement, tagged};
use crate::harness::pairs::judge_all;
use crate::paper::section_4::hypotheses::Hypotheses;
use crate::paper::section_4::moment::{Inequality, Seen, Worded};
use crate::paper::section_4::setting::{Assumption, Gap, Initial, Setting, exact};
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Aligned {
    /// Numbers of layers, from the first on, and their a_k^2.
    pub blocks: Vec<(u32, Rational)>,
    /// norm(w*).
    pub w_star: Rational,
    /// lambda and Lambda, which is mu.
    pub spectrum: [Rational; 2],
    /// c(1).
    pub reached: Rational,
}

impl Aligned {
    fn depth(&self) -> u32 {
        self.blocks.iter().fold(0, |s, b| s.saturating_add(b.0))
    }
    /// epsilon: three times the largest a_k^2 and twice the sum of the steps between neighbours.
    fn epsilon(&self) -> Rational {
        let step = |b: &[(u32, Rational)]| (&b[1].1 - &b[0].1).abs();
        let largest = self.blocks.iter().fold(Rational::zero(), |m, b| m.max(b.1.clone()));
        3 * largest + 2 * self.blocks.windows(2).map(step).fold(Rational::zero(), |s, d| s + d)
    }
    /// All a_k^2 times a number, so that epsilon is a little below the one asked for; of 24 bits.
    fn with_epsilon(mut self, asked: &Rational) -> Self {
        let factor = asked / self.epsilon() * Rational::new(999, 1000);
        for b in &mut self.blocks {
            b.1 = short(&(&b.1 * &factor));
        }
        self
    }
    /// The constants of the start; the drop of the risk is that at c(1).
    fn setting(&self) -> Setting {
        let squares: Vec<Interval> =
            self.blocks.iter().flat_map(|(n, a)| std::iter::repeat_n(exact(a), *n as usize)).collect();
        let zero = Interval::zero;
        let gap = |s: &[Interval]| {
            let (step, z) = (s[1] - s[0], zero());
            let (top, bottom) = (Enclosure::max(&step, &z), Enclosure::min(&step, &z));
            Gap { rest: top - step, span: top - bottom, single: false, alike: false, norm: step.abs() }
        };
        let gaps = squares.windows(2).map(gap).collect();
        let [lambda, top] = self.spectrum.each_ref().map(exact);
        let (w, p) = (exact(&self.w_star), self.product(&exact(&self.reached)));
        let mut out = Setting {
            depth: squares.len(),
            lambda,
            lambda_max: top,
            w_star_norm: w,
            initial: Initial { layer_norms_squared: squares.clone(), sigma_squared: squares, gaps },
            risk_drop: top * p * (2 * w - p),
            a2: self.assumption_2(),
            a3: Assumption::Holds,
        };
        out.a3 = out.assumption_3();
        out
    }
    /// (A2), and what the module asks for.
    fn assumption_2(&self) -> Assumption {
        let zeros: u32 = self.blocks.iter().filter(|b| b.1.is_zero()).fold(0, |s, b| s.saturating_add(b.0));
        let below = exact(&self.w_star) - self.product(&exact(&self.reached));
        let sane = self.blocks.iter().all(|b| b.0 > 0 && b.1.sign() >= 0) && self.reached.sign() > 0;
        Assumption::unless_outside(!(2..=100_000).contains(&self.depth()) || !sane, "no aligned start")
            .and(Assumption::unless_outside(self.spectrum[0] > self.spectrum[1], "lambda > Lambda"))
            .and(Assumption::unless_outside(zeros > 1, "two zero layers: the gradient vanishes"))
            .and(Assumption::of_margin(&below, "p(1) <= norm(w*)"))
    }
    /// p where c is this.
    pub fn product(&self, c: &Interval) -> Interval {
        self.blocks.iter().fold(Interval::one(), |p, (n, a)| p * (exact(a) + *c).powi(*n)).sqrt()
    }
    /// sum_k 1/sigma_k^2 where c is this.
    pub fn reciprocals(&self, c: &Interval) -> Interval {
        self.blocks.iter().fold(Interval::zero(), |s, (n, a)| s + Interval::from_i64((*n).into()) / (exact(a) + *c))
    }
    /// sigma_k^2 where c is this, one for each block.
    pub fn squares(&self, c: &Interval) -> Vec<Interval> {
        self.blocks.iter().map(|b| exact(&b.1) + *c).collect()
    }
    /// c at the limit: by bisection, then widened until the signs at both ends are certain; p increases with c.
    pub fn limit(&self) -> Interval {
        let w = exact(&self.w_star);
        let below = |c: f64| (w - self.product(&Interval::point(c))).is_positive();
        let (mut low, mut high) = (0.0_f64, w.powi(2).hi().max(1.0));
        for _ in 0..120 {
            let middle = 0.5 * (low + high);
            if below(middle) { low = middle } else { high = middle }
        }
        (0..40)
            .map(|k| 1.0 + f64::EPSILON * f64::from(k).exp2())
            .map(|share| Interval::new(low / share, high * share))
            .find(|c| below(c.lo()) && (self.product(&Interval::point(c.hi())) - w).is_positive())
            .unwrap_or(Interval::ENTIRE)
    }
    fn describe(&self) -> String {
        let short = |q: &Rational| if q.bits() <= 16 { q.to_string() } else { format!("{:.4e}", q.to_f64()) };
        let layers: Vec<String> = self.blocks.iter().map(|(n, a)| format!("{n} x {}", short(a))).collect();
        let [lambda, top] = self.spectrum.each_ref().map(short);
        format!(
            "aligned, L = {}: a_k^2 = {}; norm(w*) = {}, spectrum {lambda} to {top}, c(1) = {}",
            self.depth(),
            layers.join(", "),
            short(&self.w_star),
            short(&self.reached)
        )
    }
    /// Other sizes and numbers of layers, another norm(w*), another moment.
    fn neighbours(&self) -> Vec<Self> {
        let factors = [(1, 2), (7, 8), (8, 7), (2, 1)].map(|(p, q)| Rational::new(p, q));
        let mut out = Vec::new();
        let mut push = |change: &dyn Fn(&mut Self)| {
            let mut other = self.clone();
            change(&mut other);
            out.push(other);
        };
        for at in 0..self.blocks.len() {
            factors.iter().for_each(|f| push(&|o| o.blocks[at].1 = short(&(&o.blocks[at].1 * f))));
            push(&|o| o.blocks[at].0 += 1);
            push(&|o| o.blocks[at].0 = (o.blocks[at].0 - 1).max(1));
        }
        for f in &factors {
            push(&|o| o.w_star = short(&(&o.w_star * f)).max(Rational::one()));
            push(&|o| o.reached = short(&(&o.reached * f)));
        }
        out
    }
}

/// Rounded down to 24 bits.
fn short(q: &Rational) -> Rational {
    if q.is_zero() {
        return Rational::zero();
    }
    let v = q.to_f64();
    let unit = (v.abs().log2().floor() - 23.0).exp2();
    Rational::from_f64((v / unit).floor() * unit).unwrap_or_else(Rational::zero)
}

/// A statement about aligned starts.
pub(crate) struct Search {
    /// Hypotheses of the statement; its start and its neighbours are brought to them by `epsilon`.
    pub(crate) hypotheses: Hypotheses,
    /// The epsilon to which a start of this depth is scaled; `None`: as it is.
    pub(crate) epsilon: Option<fn(i64) -> Rational>,
    /// What is seen of a start.
    pub(crate) see: fn(&Aligned, &Setting) -> Vec<Seen<'static>>,
    /// The inequality, for everything that is seen.
    pub(crate) said: Inequality,
}

impl Worded for Search {
    fn words(&self) -> String {
        self.said.text() + ", worst aligned start searched"
    }
}

impl Statement for Search {
    type Instance = Aligned;

    fn instances(&self, context: &Context) -> Vec<Aligned> {
        let (one, tiny) = (Rational::one, || Rational::power_of_two(-60));
        let mut out = Vec::new();
        for depth in [2, 3, 4, 6, 10, 30, 100, 1000].into_iter().take(context.size(7, 8, 8)) {
            for kappa in [1, 4, 1_000_000] {
                let half = depth / 2;
                // norm(w*), and the power of two near which p(1) is, whatever the depth.
                let profiles = [
                    (1, -1.0, vec![(depth - 1, tiny()), (1, one())]),
                    (1, -4.0, vec![(1, one()), (depth - 1, tiny())]),
                    (2, -20.0, vec![(depth - half, tiny()), (half, one())]),
                    (1, -2.0, vec![(1, Rational::zero()), (depth - 1, one())]),
                ];
                for (w_star, p, blocks) in profiles {
                    let c = Rational::from_f64((2.0 * p / f64::from(depth)).exp2());
                    let (spectrum, reached) = ([one(), kappa.into()], c.map_or_else(one, |c| short(&c)));
                    let start = Aligned { blocks, w_star: w_star.into(), spectrum, reached };
                    out.push(start.with_epsilon(&self.epsilon.map_or_else(tiny, |of| of(depth.into()))));
                }
            }
        }
        out
    }
    fn describe(&self, i: &Aligned) -> String {
        i.describe()
    }
    fn tags(&self, i: &Aligned) -> Vec<String> {
        let product = (Rational::from(i64::from(i.depth())) * i.epsilon()).to_f64();
        tagged([
            (i.depth() >= 100, "L >= 100"),
            ((0.95..=1.0).contains(&product), NEAR_ONE),
            (i.spectrum[0] == i.spectrum[1], "kappa = 1"),
            (i.blocks.iter().any(|b| b.1.is_zero()), "a zero layer"),
        ])
    }
    fn evaluate(&self, i: &Aligned, strength: &Rational) -> Evaluation {
        // Before the layers are written out one by one.
        if let Some(refusal) = i.assumption_2().refusal() {
            return refusal;
        }
        let setting = i.setting();
        if let Some(refusal) = (self.hypotheses)(&setting).refusal() {
            return refusal;
        }
        let lists = (self.see)(i, &setting).into_iter().map(|seen| self.said.pairs(&setting, seen));
        judge_all(lists, strength, "f64 intervals, the flow in closed form")
    }
    fn neighbours(&self, i: &Aligned) -> Vec<Aligned> {
        let Some(epsilon) = self.epsilon else { return i.neighbours() };
        let sized = |n: Aligned| {
            let depth = n.depth().into();
            n.with_epsilon(&epsilon(depth))
        };
        i.neighbours().into_iter().map(sized).collect()
    }
}

/// Coverage class: 0.95 <= L epsilon <= 1.
pub(crate) const NEAR_ONE: &str = "0.95 <= L epsilon <= 1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;
    use crate::paper::kit::instances::NetworkInstance;
    use crate::paper::section_4::trajectories::Trajectory;
    use crate::problem::Problem;
    use nalgebra::{DMatrix, DVector};
    use std::sync::Arc;

    #[test]
    fn the_closed_form_is_where_the_flow_goes() {
        // Scalars, L = 3: a = (1/4, 1/8, 1/2); Sigma = 2, norm(w*) = 3/2.
        let q = |n, d| Rational::new(n, d);
        let blocks = [q(1, 4), q(1, 8), q(1, 2)].map(|a| (1, &a * &a)).to_vec();
        let start = Aligned { blocks, w_star: q(3, 2), spectrum: [q(2, 1), q(2, 1)], reached: q(1, 100) };
        let data = Problem::white(&q(2, 1), &DVector::from_element(1, q(3, 2)), &q(1, 1)).unwrap();
        let layers = [q(1, 4), q(1, 8), q(1, 2)].map(|a| DMatrix::from_element(1, 1, a)).to_vec();
        let network = Network::new(layers, DVector::from_element(1, q(1, 1))).unwrap();
        let flow = Trajectory::new(NetworkInstance::new(Arc::new(data), network, "scalars"), true);
        let (here, there) = (start.setting(), flow.setting());
        let same = |a: Interval, b: Interval| assert!((a.mid() / b.mid() - 1.0).abs() < 1e-7, "{a:?} {b:?}");
        same(here.initial.epsilon(), there.initial.epsilon());
        same(here.initial.imbalance(), there.initial.imbalance());
        same(exact(&start.epsilon()), there.initial.epsilon());
        same(here.s_min(), there.s_min());
        let run = flow.run().unwrap();
        let last = &run.samples.last().unwrap().seen;
        start.squares(&start.limit()).iter().zip(&last.sigma_squared).for_each(|(a, b)| same(*a, *b));
        let mut compared = 0;
        for s in run.samples.iter().filter(|s| s.seen.excess_risk.lo() > 1e-6) {
            let c = s.seen.sigma_squared[0] - exact(&q(1, 16));
            if c.lo() < 1e-3 {
                continue;
            }
            same(start.product(&c), s.seen.product_norm);
            let rate = 4 * here.lambda_max * start.product(&c).powi(2) * start.reciprocals(&c);
            same(rate, s.seen.gradient_norm_squared / s.seen.excess_risk);
            compared += 1;
        }
        assert!(compared >= 5, "{compared}");
        // What is no aligned start is refused.
        let refused = |change: &dyn Fn(&mut Aligned)| {
            let mut other = start.clone();
            change(&mut other);
            !other.assumption_2().holds()
        };
        assert!(!refused(&|_| ()) && refused(&|o| o.reached = q(100, 1)) && refused(&|o| o.reached = q(0, 1)));
        assert!(refused(&|o| o.blocks[0].0 = u32::MAX) && refused(&|o| o.spectrum[0] = q(3, 1)));
        assert!(refused(&|o| o.blocks[..2].iter_mut().for_each(|b| b.1 = q(0, 1))));
    }
}
