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
//!
//! **Derivation.** With `R - R_min = mu (norm(w*) - p)^2`, `p = sigma_1 .. sigma_L` and `dp/dsigma_k = p/sigma_k`,
//! the flow of sigma_k is `sigma_k' = 2 mu (norm(w*) - p) p/sigma_k`, hence `(sigma_k^2)' = 4 mu p (norm(w*) - p)`,
//! the same for every k: that is c'. What is not covered: starts with `p(0) > norm(w*)`, at which c would fall, and
//! two layers of zero, from which the flow does not move.
//!
//! Everything here is enclosed from rational parameters, and no flow is integrated: an instance of depth 10^6 costs
//! hardly more than one of depth 2, as it is kept in blocks of equal layers (all but [`Aligned::initial`], which
//! lists every layer).

use super::invariants::{Gap, Initial, exact};
use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
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
    /// L.
    ///
    /// Saturates at the largest `u32`.
    pub fn depth(&self) -> u32 {
        self.blocks.iter().fold(0, |s, b| s.saturating_add(b.0))
    }
    /// epsilon: three times the largest a_k^2 and twice the sum of the steps between neighbours.
    ///
    /// Exact. All layers of a block have the same norm, so D is the sum over the borders of blocks. Zero for no
    /// block.
    pub fn epsilon(&self) -> Rational {
        let step = |b: &[(u32, Rational)]| (&b[1].1 - &b[0].1).abs();
        let largest = self.blocks.iter().fold(Rational::zero(), |m, b| m.max(b.1.clone()));
        3 * largest + 2 * self.blocks.windows(2).map(step).fold(Rational::zero(), |s, d| s + d)
    }
    /// All a_k^2 times a number, so that epsilon is a little below the one asked for; of 24 bits.
    ///
    /// A per mille below, and the rounding of each a_k^2 to 24 bits is downward; a difference of neighbours may grow
    /// by that rounding, which the per mille covers. `asked` must be positive, and so must one a_k^2.
    #[must_use]
    pub fn with_epsilon(mut self, asked: &Rational) -> Self {
        let factor = asked / self.epsilon() * Rational::new(999, 1000);
        for b in &mut self.blocks {
            b.1 = rounded(&(&b.1 * &factor));
        }
        self
    }
    /// Starts of these depths, scaled to an epsilon that the function gives for the depth: the last layer large, the
    /// first, a half of them, and a first layer of zero; kappa from 1 to 10^6.
    ///
    /// Twelve for each depth, which must be at least two. "Zero" is 2^-60 of the large ones but in the last profile.
    /// c(1) is near `2^(2 e/L)`, so that p(1), the root of a product of L such numbers, is near `2^e` with e from -1
    /// to -20.
    pub fn family(depths: &[u32], epsilon: impl Fn(u32) -> Rational) -> Vec<Self> {
        let (one, tiny) = (Rational::one, || Rational::power_of_two(-60));
        let mut out = Vec::new();
        for (depth, kappa) in depths.iter().flat_map(|depth| [1, 4, 1_000_000].map(|kappa| (*depth, kappa))) {
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
                let (spectrum, reached) = ([one(), kappa.into()], c.map_or_else(one, |c| rounded(&c)));
                out.push(Self { blocks, w_star: w_star.into(), spectrum, reached }.with_epsilon(&epsilon(depth)));
            }
        }
        out
    }
    /// What is known of the start: each a_k^2 is the square of both norms of its layer.
    ///
    /// `Delta_k = (a_{k+1}^2 - a_k^2) f_k f_k^T` has one eigenvalue that need not be zero. Zero counts as an
    /// eigenvalue too, as in a hidden layer wider than 1.
    pub fn initial(&self) -> Initial {
        let squares: Vec<Interval> =
            self.blocks.iter().flat_map(|(n, a)| std::iter::repeat_n(exact(a), *n as usize)).collect();
        let gap = |s: &[Interval]| {
            let (step, z) = (s[1] - s[0], Interval::zero());
            let (top, bottom) = (Enclosure::max(&step, &z), Enclosure::min(&step, &z));
            Gap { rest: top - step, span: top - bottom, single: false, alike: false, norm: step.abs() }
        };
        let gaps = squares.windows(2).map(gap).collect();
        Initial { layer_norms_squared: squares.clone(), sigma_squared: squares, gaps }
    }
    /// p where c is this.
    pub fn product(&self, c: &Interval) -> Interval {
        self.blocks.iter().fold(Interval::one(), |p, (n, a)| p * (exact(a) + *c).powi(*n)).sqrt()
    }
    /// sum_k 1/sigma_k^2 where c is this.
    fn reciprocals(&self, c: &Interval) -> Interval {
        self.blocks.iter().fold(Interval::zero(), |s, (n, a)| s + Interval::from_i64((*n).into()) / (exact(a) + *c))
    }
    /// sigma_k^2 at the limit, one for each block.
    pub fn limit_squares(&self) -> Vec<Interval> {
        let c = self.limit();
        self.blocks.iter().map(|b| exact(&b.1) + c).collect()
    }
    /// `sum_k norm_F(grad_k)^2/(R - R_min)` where c is this.
    ///
    /// Unbounded where a_k^2 + c is not proved positive.
    pub fn rate(&self, c: &Interval) -> Interval {
        4 * exact(&self.spectrum[1]) * self.product(c).powi(2) * self.reciprocals(c)
    }
    /// S at the limit.
    pub fn limit_sharpness(&self) -> Interval {
        2 * exact(&self.spectrum[1]) * exact(&self.w_star).powi(2) * self.reciprocals(&self.limit())
    }
    /// c at the limit: by bisection, then widened until the signs at both ends are certain; p increases with c.
    ///
    /// At c = 0, p is below norm(w*) by hypothesis, and at `c = max(norm(w*)^2, 1)` it is at least
    /// `c^(L/2) >= norm(w*)`. The bisection is in doubles and only proposes; the two signs, evaluated in intervals,
    /// and the monotonicity of p prove that the root is inside. The whole line where 40 widenings, each twice as wide
    /// as the one before, do not make the signs certain.
    fn limit(&self) -> Interval {
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
    /// One line.
    pub fn in_words(&self) -> String {
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
    ///
    /// Six for each block and eight more. norm(w*) stays at least 1, as (A3) asks; epsilon is not restored,
    /// [`Aligned::with_epsilon`] does that.
    pub fn near(&self) -> Vec<Self> {
        let factors = [(1, 2), (7, 8), (8, 7), (2, 1)].map(|(p, q)| Rational::new(p, q));
        let mut out = Vec::new();
        let mut push = |change: &dyn Fn(&mut Self)| {
            let mut other = self.clone();
            change(&mut other);
            out.push(other);
        };
        for at in 0..self.blocks.len() {
            factors.iter().for_each(|f| push(&|o| o.blocks[at].1 = rounded(&(&o.blocks[at].1 * f))));
            push(&|o| o.blocks[at].0 += 1);
            push(&|o| o.blocks[at].0 = (o.blocks[at].0 - 1).max(1));
        }
        for f in &factors {
            push(&|o| o.w_star = rounded(&(&o.w_star * f)).max(Rational::one()));
            push(&|o| o.reached = rounded(&(&o.reached * f)));
        }
        out
    }
}

/// Rounded down to 24 bits.
///
/// The result is a double; zero for what is beyond the range of doubles.
fn rounded(q: &Rational) -> Rational {
    if q.is_zero() {
        return Rational::zero();
    }
    let v = q.to_f64();
    let unit = (v.abs().log2().floor() - 23.0).exp2();
    Rational::from_f64((v / unit).floor() * unit).unwrap_or_else(Rational::zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::observables::Observables;
    use crate::flow::thinned::follow;
    use crate::network::Network;
    use crate::problem::Problem;
    use nalgebra::{DMatrix, DVector};

    #[test]
    fn the_closed_form_is_where_the_flow_goes() {
        // Scalars, L = 3: a = (1/4, 1/8, 1/2); Sigma = 2, norm(w*) = 3/2.
        let q = |n, d| Rational::new(n, d);
        let blocks = [q(1, 4), q(1, 8), q(1, 2)].map(|a| (1, &a * &a)).to_vec();
        let start = Aligned { blocks, w_star: q(3, 2), spectrum: [q(2, 1), q(2, 1)], reached: q(1, 100) };
        let data = Problem::white(&q(2, 1), &DVector::from_element(1, q(3, 2)), &q(1, 1)).unwrap();
        let layers = [q(1, 4), q(1, 8), q(1, 2)].map(|a| DMatrix::from_element(1, 1, a)).to_vec();
        let network = Network::new(layers, DVector::from_element(1, q(1, 1))).unwrap();
        let (here, there) = (start.initial(), Initial::of(&network));
        let same = |a: Interval, b: Interval| assert!((a.mid() / b.mid() - 1.0).abs() < 1e-7, "{a:?} {b:?}");
        same(here.epsilon(), there.epsilon());
        same(here.imbalance(), there.imbalance());
        same(exact(&start.epsilon()), there.epsilon());
        let followed = follow(&data, &network.map(Rational::to_f64), 1e-9, 100_000).unwrap();
        let chosen = followed.spread(32).into_iter().map(|at| &followed.points[at].network);
        let seen: Vec<Observables> = chosen.map(|n| Observables::at(&data, n)).collect();
        start.limit_squares().iter().zip(&seen.last().unwrap().sigma_squared).for_each(|(a, b)| same(*a, *b));
        let mut compared = 0;
        for s in seen.iter().filter(|s| s.excess_risk.lo() > 1e-6) {
            let c = s.sigma_squared[0] - exact(&q(1, 16));
            if c.lo() < 1e-3 {
                continue;
            }
            same(start.product(&c), s.product_norm);
            same(start.rate(&c), s.gradient_norm_squared / s.excess_risk);
            compared += 1;
        }
        assert!(compared >= 5, "{compared}");
    }
}
