//! What steps draw, exact: networks with square layers and their data, matrices with known singular values, paths.
//!
//! | symbol | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L and w | `Scene::network` | d x d and d |
//! | X, y | `Scene::x`, `Scene::y` | n x d and n, n = d + 1 |
//! | lambda, Lambda, R_min, w* | fields of [`Scene`] | scalars and d |
//!
//! Sizes are `[L, d]`, with a third entry for the layers of [`UP`] and [`DOWN`]. **Layers** are else `(1 - v) I + M`,
//! so that the numbers zero give identity layers and (v, M) = (1, 0) a zero layer. **Data**: `X = (D Q^T; 0)` with D
//! diagonal and positive and Q an exact rotation, `y = (D Q^T w*; r)`: every covariance matrix of full rank up to
//! rounding, with rational eigenvalues `D_i^2/n`, so that lambda and Lambda are exact, w* is the least-squares solution
//! by construction (the residual is orthogonal to the range of X) and `R_min = r^2/n`. Rotating the rows of X and y
//! changes none of the symbols.
//!
//! # Why these parametrisations
//!
//! An identity is tested at random integers: every number of the sample is a variable, and what a scene makes of them
//! has to be a rational function of the numbers with a small degree. So orthogonal matrices come from Cayley's
//! transform and unit vectors from the stereographic projection, which are rational, and not from a factorisation.
//! The inverse problem, to draw data and to compute lambda, Lambda and w* of them, would leave the rationals at the
//! first eigenvalue.
//!
//! | drawn by | shape | rational because |
//! | --- | --- | --- |
//! | [`Scene`] | L layers d x d, data of d + 1 rows | the eigenvalues of Sigma are `D_i^2/n` by construction |
//! | [`Known`] | one matrix d x d, a unit vector near a singular vector | `Q diag(values) P^T` with rotations Q, P |
//! | [`direction`] | d x d with Frobenius norm 1 | a point of the sphere in R^(d d) |
//! | [`Paths`] | L paths of matrices | piecewise linear in t with rational nodes |
//!
//! Every scene reads all its numbers before it refuses a sample, so that the number of numbers depends on the sizes
//! alone.

use crate::arithmetic::{Rational, Ring};
use crate::formula::Table;
use crate::harness::steps::design::Design;
use crate::harness::steps::sample::{Draw, of_singular_values};
pub(crate) use crate::harness::steps::sample::{Matrix, Vector};
use crate::linalg::sphere::stereographic;
use crate::network::Network;
use crate::problem::{Moments, norm_squared};
use num_traits::{One, Zero};

/// A network with its data: layers W_1, .., W_L in R^{d x d}, head w in R^d, X in R^{n x d} and y in R^n with n = d +
/// 1.
pub struct Scene {
    /// The layers and the head.
    pub network: Network<Rational>,
    /// X, n x d, of full column rank d.
    pub x: Matrix,
    /// y, n.
    pub y: Vector,
    /// The moments of X and y: what the risk and its gradient are computed from.
    pub data: Moments<Rational>,
    /// The smallest eigenvalue of `Sigma = X^T X/n`, positive.
    pub lambda: Rational,
    /// Lambda, the largest.
    pub lambda_max: Rational,
    /// The least-squares solution, d.
    pub w_star: Vector,
    /// The least risk, `r^2/n` with the last entry r of y: the risk has no factor 1/2.
    pub r_min: Rational,
}

/// Which regressor the data have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Any.
    Any,
    /// The product of the network: a minimiser.
    Product,
    /// The product of the network, moved by at most a 64th of what is drawn: an initial risk that is small.
    Near,
}

/// A third size: layers near a I, I/a, a I, .. with a >= 4, whose middle one has products of norm a on both sides.
pub const UP: usize = 1;
/// A third size: layers near I/a, a I, I/a, .., whose products have small singular values.
pub const DOWN: usize = 2;

/// L layers `a^(+-1) (I + M/64)`, a >= 4 of one draw, M of the numbers drawn; the first has the factor a if `up`, and
/// the signs of the exponent alternate.
fn alternating(draw: &mut Draw<'_>, up: bool) -> Vec<Matrix> {
    let (depth, d) = (draw.size(0), draw.size(1));
    let size = 4 + draw.nonnegative();
    let one = |k: usize, near: Matrix| {
        let scale = if k.is_multiple_of(2) == up { size.clone() } else { 1 / &size };
        (Matrix::identity(d, d) + near.map(|v| v / 64)).map(|v| v * &scale)
    };
    (0..depth).map(|k| one(k, draw.matrix(d, d))).collect()
}

/// `(1 - v) I + M`.
///
/// v is drawn before M, and M row by row.
pub fn layer(draw: &mut Draw<'_>, d: usize) -> Matrix {
    let diagonal = 1 - draw.number();
    draw.matrix(d, d) + Matrix::from_diagonal_element(d, d, diagonal)
}

impl Scene {
    /// From sizes `[L, d]` or `[L, d, kind]`.
    ///
    /// # Errors
    /// As [`Scene::with_layers`].
    pub fn draw(draw: &mut Draw<'_>, target: Target) -> Result<Self, &'static str> {
        let (depth, d) = (draw.size(0), draw.size(1));
        let layers = match draw.size(2) {
            0 => (0..depth).map(|_| layer(draw, d)).collect(),
            kind => alternating(draw, kind == UP),
        };
        Self::with_layers(draw, layers, target)
    }
    /// With layers of the caller's.
    ///
    /// X has the rows `a_i q_i^T` and one row of zeros, `a_i >= 1`; the last entry of y is the residual, which is
    /// orthogonal to the range of X. So `w*` solves the normal equations whatever is drawn.
    ///
    /// # Errors
    /// Layers and head that are no network.
    pub fn with_layers(draw: &mut Draw<'_>, layers: Vec<Matrix>, target: Target) -> Result<Self, &'static str> {
        let d = draw.size(1);
        let mut head = draw.vector(d);
        let Design { x, low: lambda, high: lambda_max, .. } = Design::above_zeros(draw, d + 1, d);
        let (moved, residual) = (draw.vector(d), draw.number());
        // The numbers zero give the head e_1, not 0.
        head[0] += Rational::one();
        let network = Network::new(layers, head).map_err(|_| "no network")?;
        let w_star = match target {
            Target::Any => moved,
            Target::Product => network.product(),
            Target::Near => network.product() + moved.map(|v| v / 64),
        };
        let mut y = &x * &w_star;
        y[d] = residual.clone();
        let data = Moments::new(&x, &y);
        Ok(Self {
            network,
            x,
            y,
            data,
            lambda,
            lambda_max,
            w_star,
            r_min: residual.powi(2) / Rational::from(d as i64 + 1),
        })
    }
    /// norm(w)^2.
    pub fn head(&self) -> Rational {
        norm_squared(self.network.head().iter())
    }
    /// R^L(W) - R_min, the risk by its definition.
    ///
    /// Computed from X and y, not from the moments and not by the formula `norm(Sigma^(1/2) (w_prod - w*))^2`.
    pub fn excess(&self) -> Rational {
        norm_squared((&self.y - &self.x * self.network.product()).iter()) / Rational::from(self.x.nrows() as i64)
            - &self.r_min
    }
    /// The symbols of the formulas: L, d, w, W_k, X, w*, w_prod, lambda, Lambda, R, R_min, grad_k, grad R^1(w_prod).
    ///
    /// The gradients are those that [`Network`] and [`Moments`] compute.
    pub fn table(&self) -> Table<Rational> {
        let gradient = self.network.gradient(&self.data);
        let product = self.network.product();
        weights(self.network.layers())
            .family("grad", (1..=self.network.depth()).map(|k| gradient.layer(k)))
            .vector("w", self.network.head())
            .vector("w*", &self.w_star)
            .vector("w_prod", &product)
            .vector("grad R^1(w_prod)", &self.data.risk_gradient(&product))
            .matrix("X", &[], self.x.clone())
            .scalar("lambda", self.lambda.clone())
            .scalar("Lambda", self.lambda_max.clone())
            .scalar("R", self.excess() + &self.r_min)
            .scalar("R_min", self.r_min.clone())
    }
}

/// L, d and W_k.
///
/// d is the number of rows of W_1, 0 without a layer.
pub fn weights(layers: &[Matrix]) -> Table<Rational> {
    let width = layers.first().map_or(0, Matrix::nrows);
    Table::default()
        .scalar("L", Rational::from(layers.len() as i64))
        .scalar("d", Rational::from(width as i64))
        .family("W", layers.to_vec())
}

/// A matrix with known singular values, a singular vector, and a unit vector near it.
pub(crate) struct Known {
    /// `Q diag(values) P^T`.
    matrix: Matrix,
    /// Not negative; in no order.
    values: Vec<Rational>,
    /// P, whose columns are the right singular vectors.
    rotation: Matrix,
    /// First coordinate of h_0 along x, then across, before the rotation.
    ///
    /// A unit vector near e_1.
    tilt: Vector,
}

impl Known {
    /// `tilt` has a distance of at most epsilon from e_1: `2 |t|/sqrt(1 + |t|^2)` with `|t| <= epsilon/2`.
    ///
    /// With `|t|` the Euclidean norm: the point `((1 - |t|^2), 2 t)/(1 + |t|^2)` of the sphere has the distance
    /// `sqrt(2 - 2 (1 - |t|^2)/(1 + |t|^2)) = 2 |t|/sqrt(1 + |t|^2) <= 2 |t|` from e_1. t is scaled by its sum of
    /// absolute values, which is at least |t|, to `|t| <= epsilon (1 - share)/2`. The numbers zero give the largest
    /// tilt along the second axis, not none.
    pub fn draw(draw: &mut Draw<'_>, epsilon: &Rational) -> Self {
        let d = draw.size(0);
        let values: Vec<Rational> = (0..d).map(|_| draw.nonnegative()).collect();
        let (left, rotation) = (draw.rotation(d), draw.rotation(d));
        let mut t: Vec<Rational> = (1..d).map(|_| draw.number()).collect();
        let share = draw.share();
        let mut size = t.iter().fold(Rational::zero(), |s, v| s + v.abs());
        if size.is_zero() {
            t = (1..d).map(|i| Rational::from(i64::from(i == 1))).collect();
            size = Rational::one();
        }
        let t: Vec<Rational> = t.iter().map(|v| v * (1 - &share) * epsilon / (&size + &size)).collect();
        let tilt = stereographic(&t);
        let matrix = of_singular_values(&left, &values, &rotation);
        Self { matrix, values, rotation, tilt }
    }
    /// Where the largest value stands, or the smallest.
    fn place(&self, largest: bool) -> usize {
        let values = self.values.iter();
        let by = if largest { values.max() } else { values.min() };
        self.values.iter().position(|v| Some(v) == by).unwrap_or(0)
    }
    /// The largest value, or the smallest.
    pub fn extreme(&self, largest: bool) -> Rational {
        self.values[self.place(largest)].clone()
    }
    /// Times a number >= 0.
    pub fn scale(&mut self, by: &Rational) {
        self.matrix = self.matrix.map(|v| v * by);
        self.values.iter_mut().for_each(|v| *v = &*v * by);
    }
    /// Pi, its norm, sigma, which is the largest singular value or the smallest, x with norm(Pi x) = sigma, and h_0
    /// within epsilon of x.
    ///
    /// The first coordinate of the tilt is moved to the place of the singular vector in question before the rotation,
    /// so h_0 is near x.
    pub fn table(&self, largest: bool) -> Table<Rational> {
        let i = self.place(largest);
        let mut tilt = self.tilt.clone();
        tilt.swap_rows(0, i);
        Table::default()
            .matrix("Pi", &[], self.matrix.clone())
            .vector("x", &self.rotation.column(i).into_owned())
            .vector("h_0", &(&self.rotation * tilt))
            .scalar("norm(Pi)", self.extreme(true))
            .scalar("sigma", self.extreme(largest))
    }
}

/// U, d x d, with norm_F(U) = 1.
pub(crate) fn direction(draw: &mut Draw<'_>) -> Matrix {
    let d = draw.size(1);
    Matrix::from_column_slice(d, d, draw.unit_vector(d * d).as_slice())
}

/// Continuous paths from 0, linear between the times 0, 1, 2, ..: `theta_k(t) = phi_k(t) U_k`, norm_F(U_k) = 1.
///
/// phi_k has the value 0 at time 0 and is linear between its nodes; norm_F(theta_k(t)) is `|phi_k(t)|`.
pub(crate) struct Paths {
    /// Any positive number.
    pub radius: Rational,
    /// phi_k at the times 0, 1, 2, 3.
    nodes: Vec<Vec<Rational>>,
    /// U_k, d x d.
    pub directions: Vec<Matrix>,
    /// For paths that are not continuous.
    pub jump: Rational,
}

impl Paths {
    /// Three nodes for each of the L paths after the first, 0.
    pub fn draw(draw: &mut Draw<'_>) -> Self {
        let (depth, radius, jump) = (draw.size(0), draw.positive(), draw.positive());
        let one = |_| {
            let [a, b, c] = std::array::from_fn(|_| draw.number());
            (vec![Rational::zero(), a, b, c], direction(draw))
        };
        let (nodes, directions) = (0..depth).map(one).unzip();
        Self { radius, nodes, directions, jump }
    }
    /// The infimum of the times at which some norm_F(theta_k) is above the radius.
    ///
    /// `None` where no path leaves by time 3. The first node beyond the radius is preceded by one within it, so the
    /// path crosses the edge between them, once, at a rational time by linear interpolation; the least of these times
    /// over the paths is the infimum.
    pub fn exit(&self) -> Option<Rational> {
        let first = |nodes: &Vec<Rational>| {
            let at = nodes.iter().position(|v| v.abs() > self.radius)?;
            let (from, to) = (nodes[at - 1].clone(), nodes[at].clone());
            let edge = if to.sign() > 0 { self.radius.clone() } else { -&self.radius };
            Some(Rational::from(at as i64 - 1) + (edge - &from) / (to - from))
        };
        self.nodes.iter().filter_map(first).min()
    }
    /// phi_k(t).
    ///
    /// After the last node the last line goes on. k counts from 0.
    pub fn at(&self, k: usize, t: &Rational) -> Rational {
        let nodes = &self.nodes[k];
        let from = (0..nodes.len() - 1).rev().find(|i| Rational::from(*i as i64) <= *t).unwrap_or(0);
        &nodes[from] + (&nodes[from + 1] - &nodes[from]) * (t - Rational::from(from as i64))
    }
}
