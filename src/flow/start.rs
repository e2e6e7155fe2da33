//! Exact starts near the identity, at any distance from their target: a power of ten that no trajectory in doubles
//! resolves. Where the flow from them ends is enclosed by [`super::nearby`].
//!
//! W_k(0) = I + s/sqrt(L d) N_k. N_k, w and the direction of E(0) are doubles, the length of E(0) is `m 10^-k`, and w*
//! is what makes E(0) so. Sigma is diagonal with smallest entry lambda = 1/kappa and largest Lambda = 1.
//!
//! A [`Start`] is what a report writes down: a few numbers, from which the layers are drawn again. In doubles a risk
//! of 1e-36 of its scale is lost in the rounding of w_prod; here `E(0)` is given and w* follows from it, so that
//! nothing cancels.

use super::nearby::{Limit, Linearised};
use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::problem::draw::{normal_matrix, stream};
use nalgebra::DMatrix;
use num_traits::One;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// Which way E(0) points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Drawn.
    Drawn,
    /// An approximate eigenvector of G of its least eigenvalue: the limit is farthest.
    Hardest,
}

/// A start and its target.
///
/// What the first call of `limit` found is kept and shared by clones; a clone whose fields are changed finds its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// L.
    pub depth: usize,
    /// d.
    pub width: usize,
    /// s.
    pub s: Rational,
    /// norm(w), up to rounding.
    pub head: Rational,
    /// Lambda/lambda; Lambda = 1.
    pub condition: i64,
    /// Of E(0).
    pub direction: Direction,
    /// norm(E(0)) is this, up to the rounding of the direction, times `10^-exponent`.
    pub mantissa: i64,
    /// See `mantissa`.
    pub exponent: u32,
    /// Of the draws.
    pub seed: u64,
    /// d targets and no head.
    pub multivariate: bool,
    /// What the first call of `limit` found, and for which fields, as they are written; itself not written.
    #[serde(skip)]
    limit: Arc<OnceLock<(String, Found)>>,
}

/// A limit, or in words what could not be enclosed.
type Found = Result<Limit<Interval>, String>;

/// Streams of this file under a seed.
const DRAWS: u64 = 0x4e_0000;

impl Start {
    /// Without a length yet.
    ///
    /// The shape is (L, d). The direction is drawn, there is a head, and `norm(E(0))` is 1 until `within` says
    /// otherwise.
    pub fn new(shape: (usize, usize), s: Rational, head: Rational, condition: i64, seed: u64) -> Self {
        let ((depth, width), (mantissa, exponent), limit) = (shape, (1, 0), Arc::default());
        let (direction, multivariate) = (Direction::Drawn, false);
        Self { depth, width, s, head, condition, direction, mantissa, exponent, seed, multivariate, limit }
    }
    /// In the direction in which the limit is farthest.
    #[must_use]
    pub fn hardest(mut self) -> Self {
        self.direction = Direction::Hardest;
        self
    }
    /// With d targets and no head.
    #[must_use]
    pub fn without_head(mut self) -> Self {
        (self.multivariate, self.head) = (true, Rational::one());
        self
    }
    /// With the initial risk at most `bound lambda^2 norm(w)^2/Lambda`, up to three per mille, whatever the direction
    /// is: `root` is sqrt(bound).
    ///
    /// With Lambda = 1 and lambda = 1/kappa the risk is `E^T Sigma E <= norm(E)^2`, so
    /// `norm(E(0)) = root norm(w)/kappa` is enough; it is written with three digits or four and rounded down by a per
    /// mille more.
    #[must_use]
    pub fn within(mut self, root: f64) -> Self {
        let length = root * self.head.to_f64() / self.condition as f64;
        self.exponent = (3.0 - length.log10()).ceil().max(0.0) as u32;
        self.mantissa = (length * 10f64.powi(self.exponent as i32) * 0.999).floor().max(1.0) as i64;
        self
    }
    /// The limit, enclosed at the first call; or, in words, what could not be enclosed.
    ///
    /// In doubles first; where that fails, in MPFR at 192 bits.
    ///
    /// # Errors
    /// Those of [`Linearised::limit`] at 192 bits; for the hardest direction, that G has no eigenvectors in doubles.
    pub fn limit(&self) -> Found {
        let enclosed = || self.enclose::<Interval>(53).or_else(|_| self.enclose::<Big>(192));
        let key = serde_json::to_string(self).map_err(|e| e.to_string())?;
        let (of, kept) = self.limit.get_or_init(|| (key.clone(), enclosed()));
        if *of == key { kept.clone() } else { enclosed() }
    }
    /// The draws come from one stream in a fixed order: N_1, .., N_L, the head, the direction (drawn even where
    /// another one is taken). They are doubles and exact; the head and the direction are then scaled in doubles,
    /// which is why their norms hold up to rounding, while s/sqrt(L d), lambda and the length of E(0) are enclosed.
    ///
    /// # Errors
    /// As [`Start::limit`], at these bits.
    fn enclose<E: Enclosure>(&self, bits: u32) -> Found {
        let (d, rng) = (self.width, &mut stream(self.seed, DRAWS));
        let exact = |m: &DMatrix<f64>| m.map(|v| E::from_interval(&Interval::point(v), bits));
        let noise: Vec<DMatrix<f64>> = (0..self.depth).map(|_| normal_matrix(rng, d, d)).collect();
        let unit = |m: DMatrix<f64>| &m / m.norm();
        let head = unit(normal_matrix(rng, d, 1)) * self.head.to_f64();
        let drawn = unit(normal_matrix(rng, d, if self.multivariate { d } else { 1 }));
        let scale = E::from_rational(&self.s, bits) / E::from_i64((self.depth * d) as i64).sqrt();
        let moved: Vec<DMatrix<E>> = noise.iter().map(|n| exact(n).map(|v| v * &scale)).collect();
        let lambda = E::from_rational(&Rational::new(1, self.condition), bits);
        let spectrum = (0..d).map(|i| if i == 0 { lambda.clone() } else { E::one() }).collect();
        let linear = Linearised::at(&moved, (!self.multivariate).then(|| exact(&head)), spectrum);
        let direction = match self.direction {
            Direction::Drawn => drawn,
            Direction::Hardest => linear.hardest().ok_or("G has no eigenvectors")?,
        };
        let length = E::from_i64(self.mantissa) / E::from_i64(10).powi(self.exponent);
        Ok(linear.limit(&exact(&direction).map(|v| v * &length), bits)?.to_intervals())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::gradient_flow::{FlowOptions, integrate};
    use crate::network::Network;
    use crate::problem::Problem;
    use std::ops::ControlFlow;

    /// The start is the one that its fields say: its limit is where a trajectory in doubles ends, from a risk that
    /// doubles resolve.
    #[test]
    fn the_limit_of_a_start_is_that_of_its_trajectory() {
        for (depth, d, condition, head) in [(6, 4, 5, 2), (4, 4, 1, 1), (6, 3, 5, 1), (10, 2, 1, 1)] {
            let start = Start::new((depth, d), Rational::new(1, 4), Rational::from(head), condition, 7).within(1e-5);
            let theta = start.limit().unwrap().theta;
            // A change is seen, also in a clone.
            let smaller = Start { exponent: start.exponent + 1, ..start.clone() };
            assert!(smaller.limit().unwrap().theta.hi() < 0.2 * theta.lo());
            let rng = &mut stream(7, DRAWS);
            let scale = 0.25 / ((depth * d) as f64).sqrt();
            let draw = |_| DMatrix::identity(d, d) + normal_matrix(rng, d, d) * scale;
            let layers: Vec<DMatrix<f64>> = (0..depth).map(draw).collect();
            let length = start.mantissa as f64 / 10f64.powi(start.exponent as i32);
            let [head, direction] = [head as f64, length].map(|length| {
                let drawn = normal_matrix(rng, d, 1).column(0).into_owned();
                &drawn * (length / drawn.norm())
            });
            let network = Network::new(layers.clone(), head).unwrap();
            let target = (network.product() - direction).map(|v| Rational::from_f64(v).unwrap());
            let eigenvalue = |i, j| Rational::new(i64::from(i == j), if i == 0 { condition } else { 1 });
            let sigma = DMatrix::from_fn(d, d, eigenvalue);
            let problem = Problem::with_covariance("diagonal", sigma, &target, &Rational::from(0)).unwrap();
            let options = FlowOptions { rtol: 1e-10, atol: 1e-14, gap: Some(1e-22), ..FlowOptions::default() };
            let end = integrate(&problem, &network, &options, &mut |_| ControlFlow::Continue(())).unwrap();
            let moved = end.final_network.layers().iter().zip(&layers).map(|(w, v)| (w - v).norm());
            let found = moved.fold(0.0, f64::max) * depth as f64;
            assert!(theta.width() < 0.02 * theta.hi(), "{theta:?}");
            assert!(theta.lo() <= found * (1.0 + 1e-6) && found <= theta.hi() * (1.0 + 1e-6), "{found} {theta:?}");
        }
    }
}
