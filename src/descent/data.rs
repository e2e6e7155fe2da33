//! Data of a regression, laid out for the kernels.

use crate::error::{Error, Result};
use crate::problem::Problem;
use nalgebra::{DMatrix, DVector};

/// The data that a run descends on: `R(w) = least_risk + (w - w*)^T Sigma (w - w*)`, without a factor 1/2.
///
/// Written about w*, so that the gradient `2 Sigma (w - w*)` and the excess risk keep their relative accuracy near a
/// minimiser. Sigma may be singular: then w* is the least-squares solution that distances are to be measured from.
///
/// Invariants, which [`Data::new`] checks and the kernels rely on: Sigma is symmetric (rows and columns are not told
/// apart), all numbers are finite, `least_risk >= 0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// d x d, row by row.
    pub(crate) sigma: Vec<f64>,
    /// Length d.
    pub(crate) w_star: Vec<f64>,
    /// R_min.
    pub(crate) least_risk: f64,
}

impl Data {
    /// From Sigma = X^T X / n (d x d), w* (length d) and R_min.
    ///
    /// # Errors
    /// No dimension, shapes that do not match, a Sigma that is not symmetric, a number that is not finite, a negative
    /// R_min.
    pub fn new(sigma: &DMatrix<f64>, w_star: &DVector<f64>, least_risk: f64) -> Result<Self> {
        let d = w_star.len();
        if d == 0 || sigma.shape() != (d, d) || *sigma != sigma.transpose() {
            return Err(Error::input("data", "Sigma must be symmetric, d x d, d >= 1 the length of w*"));
        }
        if sigma.iter().chain(w_star.iter()).any(|v| !v.is_finite()) || !(least_risk >= 0.0 && least_risk.is_finite()) {
            return Err(Error::input("data", "Sigma, w* and R_min must be finite, R_min not negative"));
        }
        Ok(Self { sigma: sigma.as_slice().to_vec(), w_star: w_star.as_slice().to_vec(), least_risk })
    }
    /// The doubles at the middle of the enclosures of the problem's moments.
    ///
    /// They lie in the enclosures, so that the descent is that on data nearby. A middle of R_min below zero counts as
    /// zero.
    ///
    /// # Errors
    /// Moments that overflow.
    pub fn of(problem: &Problem) -> Result<Self> {
        let sigma = problem.enclosed_moments().sigma.map(|v| v.mid());
        let w_star = problem.w_star::<crate::arithmetic::Interval>(53).map(|v| v.mid());
        Self::new(&sigma, &w_star, problem.r_min().mid().max(0.0))
    }
    /// Input dimension d.
    pub fn dimension(&self) -> usize {
        self.w_star.len()
    }
    /// Sigma, row by row.
    pub fn sigma(&self) -> &[f64] {
        &self.sigma
    }
    /// w*.
    pub fn w_star(&self) -> &[f64] {
        &self.w_star
    }
    /// R_min, by which risk and excess risk differ.
    pub fn least_risk(&self) -> f64 {
        self.least_risk
    }
}
