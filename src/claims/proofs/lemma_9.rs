//! The proof of Lemma 9 (Appendix A): products of matrices under perturbation of each factor.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L | `Scene::layers` | d x d |
//! | M >= 1, m in (0, 1) | `Scene::high`, `Scene::low`: the tightest that the prefix products allow | scalars |
//! | theta_k | `Scene::theta`, of norm at most m^2/(4 M^2): scaled by a factor in `[0, 1]` of that | d x d |
//! | h_0 | `Scene::start` | d |
//!
//! Sizes are `[L, d]`. The hypothesis on the prefix products holds by the choice of M and m; a sample with a singular prefix product is out of scope.

use super::equality::Exact;
use super::inequality::{Margins, Pair};
use super::sample::{Draw, big, of};
use super::step::{Body, How, Other, Plant, Proof, Reason, Sizes, Step, other};
use crate::arithmetic::Rational;
use crate::linalg::{largest_singular_value, smallest_singular_value};
use nalgebra::{DMatrix, DVector};
use num_traits::One;

/// Depth and width.
const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[4, 3]];

type Matrix = DMatrix<Rational>;

/// What the statements of the proof speak of, exact.
struct Scene {
    layers: Vec<Matrix>,
    /// Directions of the theta_k; scaled to the ball by [`Scene::moved`].
    theta: Vec<Matrix>,
    start: DVector<Rational>,
}

impl Scene {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let (depth, d) = (draw.size(0), draw.size(1));
        let layers = (0..depth).map(|_| Matrix::identity(d, d) + draw.matrix(d, d)).collect();
        let theta = (0..depth).map(|_| draw.matrix(d, d)).collect();
        Self { layers, theta, start: draw.vector(d) }
    }
    fn depth(&self) -> usize {
        self.layers.len()
    }
    /// W_k .. W_{j+1}: the identity for j = k.
    fn product(&self, k: usize, j: usize) -> Matrix {
        let d = self.start.len();
        self.layers[j..k].iter().fold(Matrix::identity(d, d), |p, w| w * p)
    }
    /// W_k + theta_k / L.
    fn moved(&self, k: usize) -> Matrix {
        let depth = Rational::from(self.depth() as i64);
        &self.layers[k - 1] + self.theta[k - 1].map(|v| v / depth.clone())
    }
    /// h_0, .., h_L and h~_0, .., h~_L.
    fn paths(&self) -> (Vec<DVector<Rational>>, Vec<DVector<Rational>>) {
        let (mut h, mut tilde) = (vec![self.start.clone()], vec![self.start.clone()]);
        for k in 1..=self.depth() {
            h.push(&self.layers[k - 1] * &h[k - 1]);
            tilde.push(self.moved(k) * &tilde[k - 1]);
        }
        (h, tilde)
    }
    /// M and m, exact, a little wider than the extremes at 96 bits, so that the hypothesis holds and no equality is left to enclosures; `None` where a
    /// prefix product is singular.
    fn extremes(&self) -> Option<(Rational, Rational)> {
        const BITS: u32 = 96;
        let (mut high, mut low) = (Rational::one(), Rational::new(999, 1000));
        for k in 1..=self.depth() {
            let p = big(&self.product(k, 0), BITS);
            high = high.max(largest_singular_value(&p).upper_rational()?);
            low = low.min(smallest_singular_value(&p).lower_rational()?);
        }
        (low.sign() > 0).then_some((high, low))
    }
}

/// (9): `norm(W_k..W_{j+1}) <= norm(W_k..W_1) / sigma_min(W_j..W_1) <= M/m`.
fn eq_9(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let Some((high, low)) = scene.extremes() else { return Margins::OutOfScope("a prefix product is singular") };
    let norm_of = |m: &Matrix| largest_singular_value(&big(m, bits));
    let mut pairs = Vec::new();
    for k in 1..=scene.depth() {
        for j in 1..=k {
            let below = smallest_singular_value(&big(&scene.product(j, 0), bits));
            let (whole, left) = (norm_of(&scene.product(k, 0)), norm_of(&scene.product(k, j)));
            // Equality for scalars, and for j = k where the product is a multiple of an isometry: exact for d = 1, else not met by these samples.
            let scalars = (scene.start.len() == 1).then_some(true);
            pairs.push(Pair::new(whole.clone(), left * below.clone()).or_exactly(scalars));
            let ratio = if how.plants(Plant::DroppedFactor) { high.clone() } else { high.clone() / low.clone() };
            pairs.push(Pair::new(of(&ratio, bits) * below, whole));
        }
    }
    Margins::All(pairs)
}

/// The recursion before (10): `h~_k - h_k = theta_k/L h~_{k-1} + W_k (h~_{k-1} - h_{k-1})`.
fn recursion(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::draw(draw);
    let (h, tilde) = scene.paths();
    let depth = Rational::from(scene.depth() as i64);
    let factor = if how.plants(Plant::DroppedFactor) { Rational::one() } else { depth };
    let sides = (1..=scene.depth()).map(|k| {
        let fed = if how.plants(Plant::OffByOne) { &h[k - 1] } else { &tilde[k - 1] };
        let right =
            scene.theta[k - 1].map(|v| v / factor.clone()) * fed + &scene.layers[k - 1] * (&tilde[k - 1] - &h[k - 1]);
        (
            DMatrix::from_column_slice(right.len(), 1, (&tilde[k] - &h[k]).as_slice()),
            DMatrix::from_column_slice(right.len(), 1, right.as_slice()),
        )
    });
    Exact::Sides(sides.collect())
}

const OTHERS: &[Other] = &[other(645, Reason::Claims(&["lemma-9"])), other(682, Reason::Definition("h_k"))];

/// The audit of the proof of Lemma 9.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-9",
        title: "Lemma 9",
        section: "Appendix A",
        proves: &["lemma-9"],
        steps: vec![
            Step::new("lemma-9/eq-9", "Lemma 9, proof, (9)", &[673])
                .titled("Norms of inner products of layers")
                .given("every prefix product has norm at most M and smallest singular value at least m > 0")
                .by(Body::Instances { sizes: SIZES, sides: eq_9 })
                .holds("norm(W_k..W_{j+1}) <= norm(W_k..W_1) / sigma_min(W_j..W_1) <= M/m, 1 <= j <= k <= L")
                .planted(Plant::DroppedFactor, "norm(W_k..W_1) / sigma_min(W_j..W_1) <= M"),
            Step::new("lemma-9/recursion", "Lemma 9, proof, before (10)", &[706])
                .titled("One layer of the perturbed path")
                .given("any layers, theta, h_0")
                .by(Body::Identity { sizes: SIZES, degree: |s| 2 * s[0] + 1, sides: recursion })
                .holds("h~_k - h_k = theta_k/L h~_{k-1} + W_k (h~_{k-1} - h_{k-1})")
                .planted(Plant::DroppedFactor, "h~_k - h_k = theta_k h~_{k-1} + W_k (h~_{k-1} - h_{k-1})")
                .planted(Plant::OffByOne, "h~_k - h_k = theta_k/L h_{k-1} + W_k (h~_{k-1} - h_{k-1})"),
        ],
        others: OTHERS,
    }
}
