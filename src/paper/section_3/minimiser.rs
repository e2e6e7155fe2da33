//! A minimiser of the risk with its data and a direction, exact: what Sections 2 and 3 and the proof of Theorem 2 (B.1)
//! speak of.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L, w | `layers`, `head` | d_k x d_{k-1}, d_L |
//! | X, y | `x`, `y`: `(A; A)` and `(A w* + r; A w* - r)` | 2m x d, 2m |
//! | w* = w_prod | `w_star` | d |
//! | M_k, beta_k | `directions`, `beta` | d_k x d_{k-1}, scalars |
//! | W_1^T .. W_{k-1}^T | [`Scene::before`] | d x d_{k-1} |
//! | W_{k+1}^T .. W_L^T w, called v_k in B.1 | [`Scene::after`] | d_k |
//!
//! Sizes are the widths d_0, .., d_L. **Any network is a minimiser of some data**: w* is set to its product, and the
//! residuals r and -r of equal rows are orthogonal to the columns of X, so that `X^T y = X^T X w*` and R_min =
//! norm(r)^2/m need not be zero. Two kinds of data: [`Scene::raw`] has the entries of A as numbers (sides are
//! polynomials of what is drawn: identities), [`Scene::spectral`] has `A = diag(a) Q^T` with a rational rotation Q, so
//! that `Sigma = Q diag(a^2) Q^T / d` and lambda is known exactly; its layers are drawn about rectangular identities
//! and its head about (1, 0, ..), so that few products vanish.
//!
//! **The limit xi -> 0.** Statements up to O(xi^2) are compared as dual numbers, xi = e; those up to O(xi^3) over dual
//! numbers twice, xi = e_1 + e_2, where `e_1^2 = e_2^2 = 0` leave the terms 1, xi, xi^2/2 = e_1 e_2. Inequalities up to
//! O(xi^3) compare the coefficients of xi^2, which the first-order parts give.

use crate::arithmetic::{Dual, Field, Rational};
use crate::harness::steps::{Design, Draw, Matrix, Sizes, Vector, column};
pub(crate) use crate::network::definition::{data_of, gradient, lift, linear_risk, product, risk, risk_gradient};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Widths d_0, .., d_L: depth 1 and all widths 1 first; bottlenecks, wider than d, heads of one and more entries.
pub(crate) const WIDTHS: Sizes =
    &[&[1, 1], &[1, 2], &[2, 1], &[1, 1, 1], &[2, 1, 2], &[2, 2, 1], &[1, 1, 1, 1], &[2, 2, 2, 1], &[1, 2, 1, 1, 2]];

/// What the statements speak of, exact.
pub(crate) struct Scene {
    /// W_1, .., W_L.
    pub layers: Vec<Matrix>,
    /// w, length d_L.
    pub head: Vector,
    /// X, two equal halves of m rows.
    pub x: Matrix,
    /// y, length 2m.
    pub y: Vector,
    /// The product of the layers; the regressor of the data, unless [`Scene::off`] has moved them.
    pub w_star: Vector,
    /// M_k, of the shapes of the layers, as drawn.
    pub directions: Vec<Matrix>,
    /// beta_k, as drawn.
    pub beta: Vec<Rational>,
    /// Smallest eigenvalue of Sigma, for spectral data; else zero.
    pub lambda: Rational,
}

/// Ones on the diagonal of a rectangle.
fn ones(rows: usize, columns: usize) -> Matrix {
    DMatrix::from_fn(rows, columns, |i, j| if i == j { Rational::one() } else { Rational::zero() })
}

impl Scene {
    /// Numbers are entries.
    pub fn raw(draw: &mut Draw<'_>) -> Self {
        let widths = draw.sizes();
        let d = draw.size(0);
        let layers: Vec<Matrix> = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
        let head = draw.vector(widths[widths.len() - 1]);
        let a = draw.matrix(d, d);
        Self::with_data(draw, layers, head, &a, Rational::zero())
    }
    /// With known eigenvalues of Sigma, all positive.
    pub fn spectral(draw: &mut Draw<'_>) -> Self {
        let widths = draw.sizes();
        let d = draw.size(0);
        let layers: Vec<Matrix> = widths.windows(2).map(|w| ones(w[1], w[0]) + draw.matrix(w[1], w[0])).collect();
        let out = widths[widths.len() - 1];
        let head = DVector::from_column_slice((ones(out, 1) + draw.matrix(out, 1)).as_slice());
        let design = Design::above_zeros(draw, d, d);
        Self::with_data(draw, layers, head, &design.x, design.low)
    }
    /// With the residual r, the directions and the beta_k drawn after layers, head and A, in this order for all
    /// samples of a shape.
    fn with_data(draw: &mut Draw<'_>, layers: Vec<Matrix>, head: Vector, a: &Matrix, lambda: Rational) -> Self {
        let r = draw.vector(a.nrows());
        let directions = layers.iter().map(|w| draw.matrix(w.nrows(), w.ncols())).collect();
        let beta = layers.iter().map(|_| draw.number()).collect();
        let w_star = product(&layers, &head);
        let (x, y) = data_of(a, &w_star, &r);
        Self { layers, head, x, y, w_star, directions, beta, lambda }
    }
    /// The same network on data of which it is no minimiser: for errors that drop the hypothesis.
    pub fn off(mut self) -> Self {
        self.y[0] += Rational::one();
        self
    }
    /// L.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }
    /// L as a number.
    pub fn length(&self) -> Rational {
        Rational::from(self.depth() as i64)
    }
    /// `W_1^T .. W_{k-1}^T`.
    pub fn before(&self, k: usize) -> Matrix {
        let d = self.w_star.len();
        self.layers[..k - 1].iter().fold(Matrix::identity(d, d), |p, w| p * w.transpose())
    }
    /// `W_{k+1}^T .. W_L^T w`, a column.
    pub fn after(&self, k: usize) -> Matrix {
        column(&product(&self.layers[k..], &self.head))
    }
    /// `A_k = W_{k+1}^T .. W_L^T w w*^T (2/n) X^T X W_1^T .. W_{k-1}^T`, d_k x d_{k-1}, for every k.
    pub fn all_a(&self) -> Vec<Matrix> {
        let (n, row) = (Rational::from(self.y.len() as i64), column(&self.w_star).transpose());
        let doubled = (self.x.transpose() * &self.x).map(|v| 2 * v / &n);
        (1..=self.depth()).map(|k| self.after(k) * &row * &doubled * self.before(k)).collect()
    }
    /// norm(w*)^2.
    pub fn target(&self) -> Rational {
        norm_squared(self.w_star.iter())
    }
    /// W_k + xi M_k over any exact ring.
    pub fn moved<T: Field>(&self, xi: &T, directions: &[Matrix]) -> Vec<DMatrix<T>> {
        let step = |w: Rational, m: Rational| lift::<T>(&w) + xi * lift::<T>(&m);
        self.layers.iter().zip(directions).map(|(w, m)| w.zip_map(m, step)).collect()
    }
    /// grad_k of the risk at other layers, from the definition of the risk.
    pub fn gradient_at<T: Field>(&self, layers: &[DMatrix<T>], k: usize) -> DMatrix<T> {
        let (x, y) = (self.x.map(|v| lift(&v)), self.y.map(|v| lift(&v)));
        gradient(&x, &y, layers, &self.head.map(|v| lift(&v)), k)
    }
    /// (6), first form, at the product of other layers: `-(2/n) X^T (y - X w_prod)`.
    pub fn risk_gradient_at<T: Field>(&self, layers: &[DMatrix<T>]) -> DVector<T> {
        let product = product(layers, &self.head.map(|v| lift(&v)));
        risk_gradient(&self.x.map(|v| lift(&v)), &self.y.map(|v| lift(&v)), &product)
    }
}

/// Squared Frobenius norms.
pub(crate) fn squares(list: &[Matrix]) -> Vec<Rational> {
    list.iter().map(|m| norm_squared(m.iter())).collect()
}

/// xi with xi^2 = 0.
pub(crate) fn epsilon() -> Dual<Rational> {
    Dual::new(Rational::zero(), Rational::one())
}
