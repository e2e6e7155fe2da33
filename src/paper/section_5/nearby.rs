//! Where the flow of Theorems 4 and 5 ends, enclosed, for starts whose initial risk is as small as the theorems ask: a
//! power of ten that no trajectory in doubles resolves.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | W_k(0) = I + s/sqrt(L d) N_k, N_k drawn doubles | `layers` | d x d |
//! | E = F(W) - w*, F(W) = W_1^T .. W_L^T w; for d targets `W_L .. W_1 - P*` | `Start::target`: E(0) is exact | d, or d x d |
//! | J, the Jacobian of F at W(0); G = J J^T | `Linear::gram` | p x p, p = d or d^2 |
//! | max_k norm_F(theta_k) at the limit | [`Limit::theta`] | enclosure |
//! | S at the limit | [`Limit::sharpness`] | enclosure |
//!
//! The instance is exact: N_k, w and the direction of E(0) are doubles, the length of E(0) is `m 10^-k`, and w* is what
//! makes E(0) so. Sigma is diagonal with smallest entry lambda = 1/kappa and largest Lambda = 1.
//!
//! **The limit, to first order and with a bound of the rest.** Let `sigma = sqrt(lambda_min(G))`, `f = R - R_min`, and
//! K such that `norm(J(W) - J(W(0))) <= K rho` in the ball of radius rho around W(0). If
//! `rho = 2 sqrt(f(0)/lambda)/sigma` and `K rho <= sigma/2`, then:
//!
//! 1. In the ball `norm(grad R)^2 = 4 norm(J^T Sigma E)^2 >= 4 (sigma/2)^2 lambda f`, so
//!    `d sqrt(f)/dt <= -(sigma/2) sqrt(lambda) norm(grad R)`: the path is shorter than
//!    `sqrt(f(0)/lambda)/(sigma/2) = rho`, the ball is never left, f falls exponentially, and the flow converges to a
//!    minimiser W(0) + D with norm(D) <= rho.
//! 2. `D = -int 2 J^T Sigma E = J(0)^T v + r`, `norm(r) <= K rho int 2 norm(Sigma E) <= 2 K rho^2/sigma`, since
//!    `norm(grad R) >= sigma norm(Sigma E)`.
//! 3. F(W(0) + D) = w* says `J(0) D + q = -E(0)`, `norm(q) <= K rho^2/2`. With `J(0)^+ = J(0)^T G^-1`, D is
//!    `-J(0)^+ E(0) - J(0)^+ q + (I - J(0)^+ J(0)) r`: `norm(D + J(0)^+ E(0)) <= 5/2 K rho^2/sigma`.
//!
//! So the limit is the minimiser nearest to the start, to first order, whatever Sigma is, and theta_k = L D_k is
//! enclosed with a relative error of the order of E(0). S at the limit is `2 norm(Sigma^(1/2) J)^2` with J within K rho
//! of J(0). **K:** `D^2 F` has the norm `norm(w) L a` at most, where every product of consecutive layers in the ball,
//! also one that leaves two layers out, is bounded by a. Here `a = min(exp(sum_k norm_F(W_k(0) - I)), P^3 Q^2) exp(3
//! sqrt(L) rho P Q)`, where P and Q bound the norms of Pi_{k:1} and of their inverses at the start: the products
//! before, between and after the two layers are at most P, P Q and P Q there, and in the ball by `exp(sqrt(L) rho P Q)`
//! more each (as in Lemma 9).

use super::explicit::Constants;
use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::harness::claim::tagged;
use crate::linalg::{approximate_eigen, largest_eigenvalue, smallest_eigenvalue, solve_enclosed};
use crate::problem::draw::{normal_matrix, stream};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// Which way E(0) points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    /// Drawn.
    Drawn,
    /// An approximate eigenvector of G of its least eigenvalue: the limit is farthest.
    Hardest,
}

/// A start and its target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Start {
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
    pub exponent: u32,
    /// Of the draws.
    pub seed: u64,
    /// d targets and no head.
    pub multivariate: bool,
    #[serde(skip)]
    limit: Arc<OnceLock<Result<Limit, String>>>,
}

/// What is enclosed of the limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// `sqrt((R(W(0)) - R_min) Lambda)/(lambda norm(w))`: sqrt(C_3) bounds it.
    pub smallness: Interval,
    /// max_k norm_F(theta_k).
    pub theta: Interval,
    /// S(W^RI).
    pub sharpness: Interval,
    /// norm(w*).
    pub w_star: Interval,
    /// norm(w); 1 for d targets.
    pub head: Interval,
    /// lambda; Lambda = 1.
    pub lambda: Interval,
}

/// The network at the start: draws as doubles.
struct Drawn {
    noise: Vec<DMatrix<f64>>,
    head: DVector<f64>,
    /// One column; d for d targets.
    direction: DMatrix<f64>,
}

/// The first order at the start, in one arithmetic.
struct Linear<E: Enclosure> {
    /// G.
    gram: DMatrix<E>,
    /// W_{k-1} .. W_1.
    before: Vec<DMatrix<E>>,
    /// W_{k+1}^T .. W_L^T w as a column; W_{k+1}^T .. W_L^T for d targets.
    after: Vec<DMatrix<E>>,
    /// At least the norms of every product of consecutive layers but two, and of every product of consecutive layers
    /// times the inverse of a shorter one.
    growth: E,
    conditioning: E,
    /// F(W(0)) as a column; for d targets its transpose.
    product: DMatrix<E>,
}

fn frobenius<E: Enclosure>(m: &DMatrix<E>) -> E {
    norm_squared(m.iter()).sqrt()
}

/// Below this, the bound of the products by the norms of their layers is good enough: P Q >= 1 may be left out, as
/// `sqrt(L) rho` bounds what the ball adds.
const SMALL_GROWTH: f64 = 1e6;

/// a of the module's documentation at the start, and P Q, where the products are enclosed well enough.
fn conditioning<E: Enclosure>(products: &[DMatrix<E>], growth: E) -> (E, E) {
    let identity = DMatrix::<E>::identity(products[0].nrows(), products[0].nrows());
    let largest = |norms: Option<Vec<E>>| norms.and_then(|n| n.into_iter().reduce(|a, b| a.max(&b)));
    let norm = largest(Some(products.iter().map(frobenius).collect()));
    let inverse = largest(products.iter().map(|p| solve_enclosed(p, &identity).map(|i| frobenius(&i))).collect());
    match (norm, inverse) {
        (Some(p), Some(q)) => ((p.powi(3) * q.powi(2)).min(&growth), p * q),
        _ => (growth, E::one()),
    }
}

/// Streams of this file under a seed.
const DRAWS: u64 = 0x4e_0000;

impl Start {
    /// Without a length yet.
    pub fn new(shape: (usize, usize), s: Rational, head: Rational, condition: i64, seed: u64) -> Self {
        let (depth, width) = shape;
        Self {
            depth,
            width,
            s,
            head,
            condition,
            direction: Direction::Drawn,
            mantissa: 1,
            exponent: 0,
            seed,
            multivariate: false,
            limit: Arc::default(),
        }
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
    #[must_use]
    pub fn within(mut self, root: f64) -> Self {
        let length = root * self.head.to_f64() / self.condition as f64;
        self.exponent = (3.0 - length.log10()).ceil().max(0.0) as u32;
        self.mantissa = (length * 10f64.powi(self.exponent as i32) * 0.999).floor().max(1.0) as i64;
        self
    }
    /// One line.
    pub fn describe(&self) -> String {
        let kind = if self.multivariate { "d targets".into() } else { format!("norm(w) = {}", self.head) };
        format!(
            "d = {}, L = {}, s = {}, {kind}, kappa = {}, norm(E(0)) = {}e-{} {}, seed {}",
            self.width,
            self.depth,
            self.s,
            self.condition,
            self.mantissa,
            self.exponent,
            if self.direction == Direction::Drawn { "drawn" } else { "where the limit is farthest" },
            self.seed
        )
    }
    /// Coverage classes.
    pub fn tags(&self) -> Vec<String> {
        let one = Rational::one();
        tagged([
            (self.direction == Direction::Hardest, "hardest direction".to_string()),
            (self.head < one, "small head".into()),
            (self.head > one, "large head".into()),
            (self.condition > 1, "kappa > 1".into()),
            (true, format!("s = {}", self.s)),
        ])
    }
    /// What the hypotheses of the theorems lack, with these constants of s.
    pub fn lacking(&self, limit: &Limit, constants: &Constants) -> Option<&'static str> {
        if self.width < super::explicit::LEAST_WIDTH {
            return Some("d < C_2");
        }
        if !constants.is_deep(self.depth) {
            return Some("L < C_1");
        }
        let left = constants.root_c_3 - limit.smallness;
        (!left.is_nonnegative()).then_some("the initial risk is above C_3 lambda^2 norm(w)^2/Lambda")
    }
    /// The limit, enclosed at the first call.
    ///
    /// # Errors
    /// In words, what could not be enclosed.
    pub fn limit(&self) -> Result<Limit, String> {
        self.limit.get_or_init(|| self.enclose::<Interval>(53).or_else(|_| self.enclose::<Big>(192))).clone()
    }
    fn draw(&self) -> Drawn {
        let d = self.width;
        let rng = &mut stream(self.seed, DRAWS);
        let noise = (0..self.depth).map(|_| normal_matrix(rng, d, d)).collect();
        let unit = |m: DMatrix<f64>| &m / m.norm();
        let head = unit(normal_matrix(rng, d, 1)).column(0) * self.head.to_f64();
        let direction = unit(normal_matrix(rng, d, if self.multivariate { d } else { 1 }));
        Drawn { noise, head, direction }
    }
    fn linear<E: Enclosure>(&self, drawn: &Drawn, bits: u32) -> Linear<E> {
        let d = self.width;
        let exact = |m: &DMatrix<f64>| m.map(|v| E::from_interval(&Interval::point(v), bits));
        let size = E::from_i64((self.depth * d) as i64).sqrt();
        let scale = E::from_rational(&self.s, bits) / size;
        let moved: Vec<DMatrix<E>> = drawn.noise.iter().map(|n| exact(n).map(|v| v * &scale)).collect();
        let growth = moved.iter().fold(E::zero(), |sum, m| sum + frobenius(m)).exp();
        let identity = DMatrix::<E>::identity(d, d);
        let mut before = vec![identity.clone()];
        for m in &moved {
            let last = &before[before.len() - 1];
            before.push(last + m * last);
        }
        let end =
            if self.multivariate { identity } else { exact(&DMatrix::from_column_slice(d, 1, drawn.head.as_slice())) };
        let mut after = vec![end];
        for m in moved.iter().skip(1).rev() {
            let last = &after[after.len() - 1];
            after.push(last + m.tr_mul(last));
        }
        after.reverse();
        let growth = if growth.hi() < SMALL_GROWTH { (growth, E::one()) } else { conditioning(&before, growth) };
        // before[L] is the whole product.
        let whole = before.pop().unwrap_or_else(|| DMatrix::identity(d, d));
        let product = if self.multivariate { whole.transpose() } else { whole.tr_mul(&after[self.depth - 1]) };
        let p = if self.multivariate { d * d } else { d };
        let mut gram = DMatrix::<E>::zeros(p, p);
        for (a, b) in before.iter().zip(&after) {
            let (inner, outer) = (a.tr_mul(a), b.tr_mul(b));
            // For d targets E is W^T - P*^T, d x d, by columns: E -> A^T A E B B^T.
            gram += if self.multivariate { outer.kronecker(&inner) } else { inner * outer[(0, 0)].clone() };
        }
        Linear { gram, before, after, growth: growth.0, conditioning: growth.1, product }
    }
    /// Sigma's diagonal.
    fn spectrum<E: Enclosure>(&self, bits: u32) -> Vec<E> {
        let lambda = E::from_rational(&Rational::new(1, self.condition), bits);
        (0..self.width).map(|i| if i == 0 { lambda.clone() } else { E::one() }).collect()
    }
    fn enclose<E: Enclosure>(&self, bits: u32) -> Result<Limit, String> {
        let drawn = self.draw();
        let linear = self.linear::<E>(&drawn, bits);
        let direction = match self.direction {
            Direction::Drawn => drawn.direction.clone(),
            Direction::Hardest => {
                let middle = linear.gram.map(|v| v.midpoint().lo());
                let (_, vectors) = approximate_eigen(&middle).ok_or("G has no eigenvectors")?;
                DMatrix::from_column_slice(self.width, drawn.direction.ncols(), vectors.column(0).as_slice())
            }
        };
        let ten = E::from_i64(10).powi(self.exponent);
        let length = E::from_i64(self.mantissa) / ten;
        let error = direction.map(|v| E::from_interval(&Interval::point(v), bits) * &length);
        let spectrum = self.spectrum::<E>(bits);
        let lambda = E::from_rational(&Rational::new(1, self.condition), bits);
        let weighted = |m: &DMatrix<E>| {
            m.row_iter().zip(&spectrum).fold(E::zero(), |sum, (row, v)| sum + norm_squared(row.iter()) * v)
        };
        let head = if self.multivariate { E::one() } else { frobenius(&linear.after[self.depth - 1]) };
        let excess = weighted(&error).sqrt();
        let depth = E::from_i64(self.depth as i64);
        // 1.
        let sigma = smallest_eigenvalue(&linear.gram).sqrt();
        if !sigma.is_positive() {
            return Err("G is not enclosed away from singular matrices".into());
        }
        let rho = E::from_i64(2) * &excess / lambda.sqrt() / &sigma;
        let grown = (E::from_i64(3) * depth.sqrt() * &rho * &linear.conditioning).exp();
        let lipschitz = &head * &depth * &linear.growth * grown;
        let change = &lipschitz * &rho;
        if !(&sigma - E::from_i64(2) * &change).is_nonnegative() {
            return Err("the initial risk is too large for the ball around the start".into());
        }
        // 2. and 3.
        let p = error.len();
        let column = DMatrix::from_iterator(p, 1, error.iter().cloned());
        let solved = solve_enclosed(&linear.gram, &column).ok_or("G is not enclosed as invertible")?;
        let z = DMatrix::from_iterator(self.width, error.ncols(), solved.iter().cloned());
        let rest = E::from_rational(&Rational::new(5, 2), bits) * &change * &rho / &sigma;
        let off = (-&rest).hull(&rest);
        let moved = |(a, b): (&DMatrix<E>, &DMatrix<E>)| {
            let moved = a * &z;
            let size =
                if self.multivariate { frobenius(&(moved * b.transpose())) } else { frobenius(&moved) * frobenius(b) };
            &depth * (size + &off)
        };
        let theta = linear.before.iter().zip(&linear.after).map(moved).reduce(|a, b| a.max(&b)).ok_or("no layer")?;
        Ok(Limit {
            smallness: (&excess / &lambda / &head).to_interval(),
            theta: theta.to_interval(),
            sharpness: self.sharpness(&linear, &spectrum, &change).to_interval(),
            w_star: frobenius(&(&linear.product - &error)).to_interval(),
            head: head.to_interval(),
            lambda: lambda.to_interval(),
        })
    }
    /// `2 norm(Sigma^(1/2) J)^2` with J within `change` of J(0), Lambda = 1.
    fn sharpness<E: Enclosure>(&self, linear: &Linear<E>, spectrum: &[E], change: &E) -> E {
        let p = linear.gram.nrows();
        let root = |i: usize| spectrum[i % self.width].sqrt();
        let scaled = DMatrix::from_fn(p, p, |i, j| root(i) * &linear.gram[(i, j)] * root(j));
        let off = (-change).hull(change);
        let norm = largest_eigenvalue(&scaled).sqrt() + off;
        E::from_i64(2) * norm.powi(2)
    }
}

/// Shapes `(L, d)` in scope for each s, and one of each on the other side of a hypothesis.
pub(crate) fn starts(seed: u64, share: usize, multivariate: bool) -> Vec<Start> {
    let scales: [(Rational, &[(usize, usize)]); 2] = [
        (Rational::new(1, 10), &[(4, 4), (5, 6), (8, 5), (20, 4), (50, 4)]),
        (Rational::new(1, 4), &[(45, 4), (60, 4), (45, 6)]),
    ];
    let q = Rational::new;
    let mut out = Vec::new();
    for (s, shapes) in scales {
        let root = Constants::of(&s).root_c_3.lo();
        for at in 0..share {
            let (depth, width) = shapes[if at < share / 2 { 0 } else { at % shapes.len() }];
            let head = [Rational::one(), q(1, 10), q(10, 1), q(1, 1000)][at % 4].clone();
            let width = if multivariate { super::explicit::LEAST_WIDTH } else { width };
            let condition = [1, 1, 5][at % 3];
            let start = Start::new((depth, width), s.clone(), head, condition, seed * 10_000 + out.len() as u64);
            let start = if at % 2 == 0 { start.hardest() } else { start };
            let start = if multivariate { start.without_head() } else { start };
            // Every tenth far below the bound; every other one just below it.
            out.push(start.within(if at % 10 == 9 { root * 1e-9 } else { root }));
        }
        let beyond = |shape| Start::new(shape, s.clone(), Rational::one(), 1, seed);
        let beyond = [beyond((3, 4)).within(root), beyond((50, 3)).within(root), beyond((50, 4)).within(2.0 * root)];
        out.extend(beyond.map(|start| if multivariate { start.without_head() } else { start }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::gradient_flow::{FlowOptions, integrate};
    use std::ops::ControlFlow;

    /// The limit of a trajectory in doubles from a risk that doubles resolve.
    #[test]
    fn the_limit_is_that_of_a_trajectory() {
        let mut seen = 0;
        for (depth, width, condition) in [(4, 4, 1), (6, 3, 5), (10, 2, 1)] {
            let start = Start::new((depth, width), Rational::new(1, 4), Rational::one(), condition, 7).within(1e-5);
            let limit = start.limit().unwrap();
            assert!(limit.theta.width() < 0.02 * limit.theta.hi(), "{:?}", limit.theta);
            let found = end_of_trajectory(&start);
            let theta = limit.theta;
            assert!(theta.lo() <= found * (1.0 + 1e-6) && found <= theta.hi() * (1.0 + 1e-6), "{found} {theta:?}");
            seen += 1;
        }
        assert_eq!(seen, 3);
    }

    /// max_k norm_F(theta_k) where a trajectory ends.
    fn end_of_trajectory(start: &Start) -> f64 {
        let drawn = start.draw();
        let scale = start.s.to_f64() / ((start.depth * start.width) as f64).sqrt();
        let d = start.width;
        let layers: Vec<_> = drawn.noise.iter().map(|n| DMatrix::identity(d, d) + n * scale).collect();
        let network = crate::network::Network::new(layers.clone(), drawn.head.clone()).unwrap();
        let length = start.mantissa as f64 / 10f64.powi(start.exponent as i32);
        let target = network.product() - drawn.direction.column(0) * length;
        let lambda = 1.0 / start.condition as f64;
        let sigma = DMatrix::from_fn(d, d, |i, j| f64::from(u8::from(i == j)) * if i == 0 { lambda } else { 1.0 });
        let exact = |v: &f64| Rational::from_f64(*v).unwrap();
        let problem = crate::problem::Problem::with_covariance(
            "diagonal",
            sigma.map(|v| exact(&v)),
            &target.map(|v| exact(&v)),
            &Rational::from(0),
        );
        let options = FlowOptions { rtol: 1e-10, atol: 1e-14, gap: Some(1e-22), ..FlowOptions::default() };
        let end = integrate(&problem.unwrap(), &network, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        let moved = end.final_network.layers().iter().zip(&layers).map(|(w, v)| (w - v).norm());
        moved.fold(0.0, f64::max) * start.depth as f64
    }
}
