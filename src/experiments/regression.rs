//! The data of an experiment in doubles: what gradient descent needs, and the numbers that the paper's bounds are made
//! of.
//!
//! | paper | here |
//! | --- | --- |
//! | lambda, Lambda | [`Regression::lambda`], [`Regression::lambda_max`] |
//! | S_min = 2 L lambda norm(w*)^(2-2/L) | [`Regression::least_sharpness`] |
//! | the same with the Rayleigh quotient q of Sigma at w* in place of lambda | [`Regression::quotient_sharpness`] |
//! | S*, the least sharpness of any minimiser | [`Regression::flattest`] |
//! | 4 Lambda/lambda S_min (Corollary 3) | [`Regression::upper_sharpness`] |
//!
//! Nothing here is rigorous: relative errors of 1e-12 or so for well-conditioned data.

use crate::descent::Data;
use crate::error::{Error, Result};
use crate::hessian::flattest::flattest;
use crate::problem::Problem;
use crate::problem::generate::appendix_c_draw;
use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};

/// Regression data, scaled so that `norm(w*) = 1` as in Appendix C.
///
/// Everything is formed once, when it is made: O(n d^2 + d^3) for a draw.
#[derive(Clone, Debug)]
pub struct Regression {
    /// As [`descent`](crate::descent) wants it.
    data: Data,
    /// Of norm 1 up to rounding.
    w_star: DVector<f64>,
    /// Not scaled: scaling y leaves it.
    sigma: DMatrix<f64>,
    /// Not negative.
    lambda: f64,
    /// Largest eigenvalue.
    lambda_max: f64,
    /// `w*^T Sigma w*`, the Rayleigh quotient at a vector of norm 1.
    quotient: f64,
}

impl Regression {
    /// The data of [`Problem::appendix_c`] with the same arguments, up to rounding, a hundred times faster: for
    /// experiments over many draws.
    ///
    /// Plain loops and nalgebra's, none of which look at the machine: the same bits everywhere.
    ///
    /// # Errors
    /// n < d, or a draw that is singular in doubles.
    pub fn draw(n: usize, d: usize, seed: u64) -> Result<Self> {
        let (x, y) = appendix_c_draw(n, d, seed)?;
        let mean = |f: &dyn Fn(usize) -> f64| (0..n).fold(0.0, |s, i| s + f(i)) / n as f64;
        let sigma = DMatrix::from_fn(d, d, |i, j| {
            let (i, j) = (i.min(j), i.max(j));
            mean(&|k| x[(k, i)] * x[(k, j)])
        });
        let cross = DVector::from_fn(d, |i, _| mean(&|k| x[(k, i)] * y[k]));
        let singular = || Error::input(format!("appendix-c n={n} d={d} seed={seed}"), "X is rank-deficient");
        let w = Cholesky::new(sigma.clone()).ok_or_else(singular)?.solve(&cross);
        let residual = mean(&|k| (y[k] - (0..d).fold(0.0, |s, j| s + x[(k, j)] * w[j])).powi(2));
        Self::scaled(sigma, w, residual)
    }

    /// Any data, y divided by norm(w*).
    ///
    /// # Errors
    /// w* = 0: there is nothing to learn, and no scale; moments that overflow.
    pub fn of(problem: &Problem) -> Result<Self> {
        let given = Data::of(problem)?;
        let d = given.dimension();
        let w_star = DVector::from_column_slice(given.w_star());
        if w_star.norm() == 0.0 {
            return Err(Error::input(problem.name(), "w* = 0: y cannot be scaled to norm(w*) = 1"));
        }
        Self::scaled(DMatrix::from_row_slice(d, d, given.sigma()), w_star, given.least_risk())
    }

    /// With w* = w/norm(w). Dividing y by c divides w* by c and every risk by c^2.
    ///
    /// # Errors
    /// A number that is not finite, as where w = 0.
    fn scaled(sigma: DMatrix<f64>, w: DVector<f64>, least_risk: f64) -> Result<Self> {
        let norm = w.norm();
        let w_star = w / norm;
        let data = Data::new(&sigma, &w_star, least_risk / (norm * norm))?;
        let eigenvalues = SymmetricEigen::new(sigma.clone()).eigenvalues;
        let quotient = w_star.dot(&(&sigma * &w_star));
        // Singular Sigma: rounding must not make the smallest eigenvalue negative.
        let (lambda, lambda_max) = (eigenvalues.min().max(0.0), eigenvalues.max());
        Ok(Self { data, w_star, sigma, lambda, lambda_max, quotient })
    }

    /// What gradient descent runs on.
    pub fn data(&self) -> &Data {
        &self.data
    }
    /// Sigma, d x d.
    pub fn sigma(&self) -> &DMatrix<f64> {
        &self.sigma
    }
    /// w*, of norm 1.
    pub fn w_star(&self) -> &DVector<f64> {
        &self.w_star
    }
    /// d.
    pub fn dimension(&self) -> usize {
        self.w_star.len()
    }
    /// Smallest eigenvalue of Sigma.
    pub fn lambda(&self) -> f64 {
        self.lambda
    }
    /// Largest eigenvalue of Sigma.
    pub fn lambda_max(&self) -> f64 {
        self.lambda_max
    }
    /// S_min of Theorem 1 (norm(w*) = 1, unit head).
    pub fn least_sharpness(&self, depth: usize) -> f64 {
        2.0 * depth as f64 * self.lambda
    }
    /// S_min with `q = w*^T Sigma w* / norm(w*)^2` in place of lambda: `theorem-2-depth`, sharpened.
    pub fn quotient_sharpness(&self, depth: usize) -> f64 {
        2.0 * depth as f64 * self.quotient
    }
    /// S*, the least sharpness of any minimiser (`minimum-sharpness`); `None` where Sigma is singular in doubles.
    pub fn flattest(&self, depth: usize) -> Option<f64> {
        flattest(&self.sigma, &self.w_star, 1.0, depth)
    }
    /// The upper bound of Corollary 3.
    ///
    /// It is 8 L Lambda: NaN where lambda is zero.
    pub fn upper_sharpness(&self, depth: usize) -> f64 {
        4.0 * self.lambda_max / self.lambda * self.least_sharpness(depth)
    }
}
