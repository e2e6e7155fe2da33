//! Networks with square layers and their data, exact, as steps draw them.
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
use crate::harness::steps::sample::Draw;
use crate::network::Network;
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

pub(crate) type Matrix = DMatrix<Rational>;
pub(crate) type Vector = DVector<Rational>;

/// X, n x d with n = d + 1, of covariance matrix `X^T X/n` with the eigenvalues lambda and Lambda.
pub struct Design {
    pub x: Matrix,
    pub lambda: Rational,
    pub lambda_max: Rational,
}

impl Design {
    /// `X = (D Q^T; 0)`.
    pub fn draw(draw: &mut Draw<'_>, d: usize) -> Self {
        let roots: Vec<Rational> = (0..d).map(|_| 1 + draw.nonnegative()).collect();
        let rotation = draw.rotation(d);
        let mut x = rotation.transpose().insert_row(d, Rational::zero());
        roots.iter().zip(0..).for_each(|(root, i)| x.row_mut(i).iter_mut().for_each(|v| *v *= root));
        let eigenvalue =
            |root: Option<&Rational>| root.map_or_else(Rational::one, |r| r.powi(2) / Rational::from(d as i64 + 1));
        Self { x, lambda: eigenvalue(roots.iter().min()), lambda_max: eigenvalue(roots.iter().max()) }
    }
}

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
        let Design { x, lambda, lambda_max } = Design::draw(draw, d);
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
    pub fn depth(&self) -> usize {
        self.network.depth()
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
            .family("grad", (1..=self.depth()).map(|k| gradient.layer(k)))
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
