//! Data with a known spectrum: `X = Q diag(s) P^T` with rational rotations, so that the eigenvalues of Sigma, and every
//! comparison with them, are rational.
//!
//! The obvious way, to draw X and to enclose the eigenvalues of `Sigma = X^T X/n`, leaves cases of equality open: a
//! spectrum with one value, a residual that is exactly orthogonal to the range. Here `Sigma = P diag(s_i^2/n) P^T` by
//! construction.
//!
//! | symbol | here | shape |
//! | --- | --- | --- |
//! | X | `x` | n x d, n >= d |
//! | Sigma = X^T X / n | not stored | d x d |
//! | its eigenvectors | columns of `basis` | d x d, orthogonal |
//! | lambda, Lambda | `low`, `high` | `min_i s_i^2/n`, `max_i s_i^2/n` |

use super::sample::{Draw, Matrix, Vector, of_singular_values};
use crate::arithmetic::{Rational, Ring};
use num_traits::Zero;

/// X with a known spectrum, and a vector that is orthogonal to its range.
pub struct Design {
    /// n x d.
    ///
    /// `Q diag(s) P^T`.
    pub x: Matrix,
    /// Eigenvectors of Sigma, d x d.
    pub basis: Matrix,
    /// lambda.
    pub low: Rational,
    /// Lambda.
    pub high: Rational,
    /// Orthogonal to the range of X, n.
    ///
    /// The residual `y - X w*` of the data that are made here.
    rest: Vector,
}

impl Design {
    /// From n >= d >= 1.
    ///
    /// s has d positive values; the rest is a combination of the last n - d columns of Q, which are orthogonal to the
    /// range of X.
    pub fn draw(draw: &mut Draw<'_>, n: usize, d: usize) -> Self {
        let (left, basis) = (draw.rotation(n), draw.rotation(d));
        let values: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
        let rest = left.columns(d, n - d) * draw.vector(n - d);
        Self { rest, ..Self::of(&left, basis, &values) }
    }
    /// `diag(a) P^T`, a >= 1, d x d, above rows of zeros: n x d.
    ///
    /// `lambda >= 1/n`. The vector orthogonal to the range is zero here; the caller can set the last n - d entries of
    /// y instead.
    pub fn above_zeros(draw: &mut Draw<'_>, n: usize, d: usize) -> Self {
        let roots: Vec<Rational> = (0..d).map(|_| 1 + draw.nonnegative()).collect();
        let basis = draw.rotation(d);
        let entry = |i, j| if i < d { &roots[i] * &basis[(j, i)] } else { Rational::zero() };
        Self::new(Matrix::from_fn(n, d, entry), basis, &roots)
    }
    /// `left diag(values) basis^T`, with nothing orthogonal to its range.
    ///
    /// `left` is n x n, `basis` d x d, both orthogonal; the d values may have either sign or be zero, and then lambda
    /// is 0.
    pub fn of(left: &Matrix, basis: Matrix, values: &[Rational]) -> Self {
        Self::new(of_singular_values(left, values, &basis), basis, values)
    }
    /// lambda and Lambda from the values; 0 where there is none.
    fn new(x: Matrix, basis: Matrix, values: &[Rational]) -> Self {
        let n = x.nrows();
        let count = Rational::from(n as i64);
        let squares = || values.iter().map(|v| v.powi(2) / &count);
        let low = squares().min().unwrap_or_else(Rational::zero);
        let high = squares().max().unwrap_or_else(Rational::zero);
        Self { x, basis, low, high, rest: Vector::zeros(n) }
    }
    /// y whose regressor is the given one.
    ///
    /// `y = X w* + r`, r orthogonal to the range of X: the normal equations `X^T (y - X w) = 0` have the solution w*.
    pub fn target(&self, optimum: &Vector) -> Vector {
        &self.x * optimum + &self.rest
    }
}
