//! Data with a known spectrum: `X = Q diag(s) P^T` with rational rotations, so that the eigenvalues of Sigma, and every
//! comparison with them, are rational.

use super::sample::{Draw, Matrix, Vector, of_singular_values};
use crate::arithmetic::{Rational, Ring};
use num_traits::Zero;

/// X with a known spectrum, and a vector that is orthogonal to its range.
pub struct Design {
    /// n x d.
    pub x: Matrix,
    /// Eigenvectors of Sigma, d x d.
    pub basis: Matrix,
    /// lambda.
    pub low: Rational,
    /// Lambda.
    pub high: Rational,
    /// Orthogonal to the range of X, n.
    rest: Vector,
}

impl Design {
    /// From n >= d >= 1.
    pub fn draw(draw: &mut Draw<'_>, n: usize, d: usize) -> Self {
        let (left, basis) = (draw.rotation(n), draw.rotation(d));
        let values: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
        let rest = left.columns(d, n - d) * draw.vector(n - d);
        Self { rest, ..Self::of(&left, basis, &values) }
    }
    /// `diag(a) P^T`, a >= 1, d x d, above rows of zeros: n x d.
    pub fn above_zeros(draw: &mut Draw<'_>, n: usize, d: usize) -> Self {
        let roots: Vec<Rational> = (0..d).map(|_| 1 + draw.nonnegative()).collect();
        let basis = draw.rotation(d);
        let entry = |i, j| if i < d { &roots[i] * &basis[(j, i)] } else { Rational::zero() };
        Self::new(Matrix::from_fn(n, d, entry), basis, &roots)
    }
    /// `left diag(values) basis^T`, with nothing orthogonal to its range.
    pub fn of(left: &Matrix, basis: Matrix, values: &[Rational]) -> Self {
        Self::new(of_singular_values(left, values, &basis), basis, values)
    }
    fn new(x: Matrix, basis: Matrix, values: &[Rational]) -> Self {
        let n = x.nrows();
        let count = Rational::from(n as i64);
        let squares = || values.iter().map(|v| v.powi(2) / &count);
        let low = squares().min().unwrap_or_else(Rational::zero);
        let high = squares().max().unwrap_or_else(Rational::zero);
        Self { x, basis, low, high, rest: Vector::zeros(n) }
    }
    /// y whose regressor is the given one.
    pub fn target(&self, optimum: &Vector) -> Vector {
        &self.x * optimum + &self.rest
    }
}
