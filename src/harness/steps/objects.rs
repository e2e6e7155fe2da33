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

use crate::arithmetic::{Rational, Ring};
use crate::formula::Table;
use crate::harness::steps::design::Design;
use crate::harness::steps::sample::{Draw, of_singular_values};
pub(crate) use crate::harness::steps::sample::{Matrix, Vector};
use crate::linalg::sphere::stereographic;
use crate::network::Network;
use crate::problem::{Moments, norm_squared};
use num_traits::{One, Zero};

/// A network with its data.
pub struct Scene {
    pub network: Network<Rational>,
    pub x: Matrix,
    pub y: Vector,
    pub data: Moments<Rational>,
    pub lambda: Rational,
    pub lambda_max: Rational,
    pub w_star: Vector,
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
pub fn layer(draw: &mut Draw<'_>, d: usize) -> Matrix {
    let diagonal = 1 - draw.number();
    draw.matrix(d, d) + Matrix::from_diagonal_element(d, d, diagonal)
}

impl Scene {
    /// From sizes `[L, d]` or `[L, d, kind]`.
    pub fn draw(draw: &mut Draw<'_>, target: Target) -> Result<Self, &'static str> {
        let (depth, d) = (draw.size(0), draw.size(1));
        let layers = match draw.size(2) {
            0 => (0..depth).map(|_| layer(draw, d)).collect(),
            kind => alternating(draw, kind == UP),
        };
        Self::with_layers(draw, layers, target)
    }
    /// With layers of the caller's.
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
    pub fn excess(&self) -> Rational {
        norm_squared((&self.y - &self.x * self.network.product()).iter()) / Rational::from(self.x.nrows() as i64)
            - &self.r_min
    }
    /// The symbols of the formulas: L, d, w, W_k, X, w*, w_prod, lambda, Lambda, R, R_min, grad_k, grad R^1(w_prod).
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
    rotation: Matrix,
    /// First coordinate of h_0 along x, then across, before the rotation.
    tilt: Vector,
}

impl Known {
    /// `tilt` has a distance of at most epsilon from e_1: `2 |t|/sqrt(1 + |t|^2)` with `|t| <= epsilon/2`.
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
pub(crate) struct Paths {
    /// Any positive number.
    pub radius: Rational,
    /// phi_k at the times 0, 1, 2, 3.
    nodes: Vec<Vec<Rational>>,
    pub directions: Vec<Matrix>,
    /// For paths that are not continuous.
    pub jump: Rational,
}

impl Paths {
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
    pub fn at(&self, k: usize, t: &Rational) -> Rational {
        let nodes = &self.nodes[k];
        let from = (0..nodes.len() - 1).rev().find(|i| Rational::from(*i as i64) <= *t).unwrap_or(0);
        &nodes[from] + (&nodes[from + 1] - &nodes[from]) * (t - Rational::from(from as i64))
    }
}
