//! Data from a seed: the paper's own (Appendix C), and problems with prescribed second moments.
//!
//! Everything but [`Problem::small_integers`] and [`Problem::appendix_c`] is given by its moments: they are what the
//! risk depends on, and any positive definite sigma, w* and R_min >= 0 are the moments of some data.
//!
//! Two kinds: *draws*, in which X and y are random (Appendix C, small integers), and *constructions*, which have the
//! eigenvalues, the w* and the R_min that are asked for, exactly. Each draw has its own stream under the seed, so
//! that a problem does not change when another kind draws more.
//!
//! A construction has no X: `samples` is then d, or d + 1 with a residual, the least number of observations that have
//! such moments.

use super::draw::{normal_matrix, small_matrix, stream, unit_vector};
use super::{Moments, Problem, dot};
use crate::arithmetic::{Enclosure, Rational, Ring};
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use rand_distr::{Distribution, StandardNormal};

/// Streams of this file under a seed.
///
/// X, `w_true` and the noise of Appendix C, in this order.
const APPENDIX_C: u64 = 0x64_0001;
/// X and y of integers.
const INTEGERS: u64 = 0x64_0002;
/// The skew-symmetric matrix behind an orthogonal one.
const ORTHOGONAL: u64 = 0x64_0003;
/// w* of ill-conditioned problems.
const OPTIMUM: u64 = 0x64_0004;

/// Draws after which singular integer data are reported and not tried again.
const DRAWS: usize = 64;

impl Problem {
    /// The data of Appendix C: X isotropic Gaussian, `y_0 = X w_true + noise`, `y = y_0 / norm(w_0*)`, so that
    /// `norm(w*) = 1` up to rounding.
    ///
    /// The entries are doubles, each an exact rational, so that all moments are exact. Draws: X row by row, then
    /// w_true, then the noise.
    ///
    /// `w_0*` is the regressor of X and `y_0`, computed and rounded: the division by its norm makes `norm(w*)` 1 up to
    /// the rounding of y.
    ///
    /// # Errors
    /// n < d (Assumption (A1)).
    pub fn appendix_c(n: usize, d: usize, seed: u64) -> Result<Self> {
        let (x, y) = appendix_c_data(n, d, seed)?;
        Self::from_f64(&format!("appendix-c n={n} d={d} seed={seed}"), &x, &y)
    }

    /// X and y with integer entries in `-bound..=bound`; a singular draw is drawn again.
    ///
    /// # Errors
    /// n < d, or a bound that leaves only singular matrices.
    pub fn small_integers(n: usize, d: usize, bound: i64, seed: u64) -> Result<Self> {
        let mut rng = stream(seed, INTEGERS);
        let name = format!("integers n={n} d={d} bound={bound} seed={seed}");
        if n < d || d == 0 || bound < 1 {
            return Err(Error::usage(format!("{name}: needs n >= d >= 1 and a bound of at least 1")));
        }
        let mut refusal = None;
        for _ in 0..DRAWS {
            let x = small_matrix(&mut rng, n, d, bound, 1);
            let y = DVector::from_column_slice(small_matrix(&mut rng, n, 1, bound, 1).as_slice());
            match Self::new(&name, &x, &y) {
                Ok(problem) => return Ok(problem),
                Err(e) => refusal = Some(e),
            }
        }
        Err(refusal.unwrap_or_else(|| Error::internal("no draw was made")))
    }

    /// Data with `Sigma = level I` exactly, optimum `w_star` and smallest risk `r_min`.
    ///
    /// lambda = Lambda = level: the flow of a linear regressor is then the same in all directions.
    ///
    /// # Errors
    /// `level <= 0`, `r_min < 0`.
    pub fn white(level: &Rational, w_star: &DVector<Rational>, r_min: &Rational) -> Result<Self> {
        let d = w_star.len();
        let sigma = DMatrix::from_diagonal_element(d, d, level.clone());
        Self::with_covariance(&format!("white d={d} level={level}"), sigma, w_star, r_min)
    }

    /// Data with the given eigenvalues of Sigma, in rational eigenvectors drawn from the seed (a Cayley transform).
    ///
    /// `Sigma = Q diag(eigenvalues) Q^T` with a rational orthogonal Q, so it is rational and has these eigenvalues
    /// exactly.
    ///
    /// # Errors
    /// An eigenvalue that is not positive, `r_min < 0`, lengths that differ.
    pub fn with_spectrum(
        eigenvalues: &[Rational],
        w_star: &DVector<Rational>,
        r_min: &Rational,
        seed: u64,
    ) -> Result<Self> {
        if eigenvalues.iter().any(|v| v.sign() <= 0) {
            return Err(Error::usage("a covariance needs positive eigenvalues"));
        }
        let q = orthogonal(eigenvalues.len(), seed)?;
        let diagonal = DMatrix::from_diagonal(&DVector::from_column_slice(eigenvalues));
        let sigma = &q * diagonal * q.transpose();
        let name = format!("spectrum d={} seed={seed}", eigenvalues.len());
        Self::with_covariance(&name, sigma, w_star, r_min)
    }

    /// Data with eigenvalues from 1 down to `1 / condition`, evenly spaced in the logarithm (those between rounded to
    /// rationals with short denominators), a rational unit vector as w*, and `R_min = 1/4`.
    ///
    /// The first is 1 and, for d >= 2, the last exactly `1 / condition`.
    ///
    /// # Errors
    /// `d = 0` or `condition < 1`.
    pub fn ill_conditioned(d: usize, condition: &Rational, seed: u64) -> Result<Self> {
        if d == 0 || *condition < Rational::from(1) {
            return Err(Error::usage("ill-conditioned data need d >= 1 and a condition number of at least 1"));
        }
        let one = Rational::from(1);
        let logarithm = condition.to_f64().log2();
        let eigenvalues: Vec<Rational> = (0..d)
            .map(|k| match k {
                0 => one.clone(),
                _ if k + 1 == d => one.clone() / condition.clone(),
                _ => {
                    let exponent = logarithm * k as f64 / (d - 1) as f64;
                    let (whole, rest) = (exponent.floor(), exponent - exponent.floor());
                    // Four bits of the mantissa: the spacing need not be exact, the fractions should be short.
                    let mantissa = Rational::new((rest.exp2() * 16.0).round() as i64, 16);
                    one.clone() / (mantissa * Rational::from(2).powi(whole as u32))
                }
            })
            .collect();
        let w_star = unit_vector(&mut stream(seed, OPTIMUM), d);
        Self::with_spectrum(&eigenvalues, &w_star, &Rational::new(1, 4), seed)
            .map(|p| p.renamed(format!("ill-conditioned d={d} condition={condition} seed={seed}")))
    }

    /// The same covariance, y multiplied by a factor.
    ///
    /// w* is multiplied by the factor, R_min by its square.
    ///
    /// # Errors
    /// Moments that are not exact.
    pub fn with_target_times(&self, factor: &Rational) -> Result<Self> {
        let m = self.exact_moments().ok_or_else(|| Error::usage("the moments are not exact"))?;
        let (cross, power) = (m.cross.map(|v| v * factor), &m.power * factor * factor);
        Self::from_moments(self.name(), self.samples(), Moments { sigma: m.sigma.clone(), cross, power })
    }

    /// Data with the given covariance (positive definite), optimum and smallest risk.
    ///
    /// From `cross = Sigma w*` and `power = w*^T Sigma w* + R_min`, of which w* and R_min come out again.
    ///
    /// # Errors
    /// Shapes that do not match; a sigma that is not positive definite, or whose enclosed smallest eigenvalue does not
    /// show that it is; `r_min < 0`.
    pub fn with_covariance(
        name: &str,
        sigma: DMatrix<Rational>,
        w_star: &DVector<Rational>,
        r_min: &Rational,
    ) -> Result<Self> {
        let d = w_star.len();
        if d == 0 || sigma.shape() != (d, d) || sigma != sigma.transpose() || r_min.sign() < 0 {
            let what = "needs a symmetric d x d covariance, d entries of w*, and R_min >= 0";
            return Err(Error::usage(format!("{name}: {what}")));
        }
        let cross = &sigma * w_star;
        let power = dot(w_star, &cross) + r_min.clone();
        // d observations span the covariance, one more the residual.
        let problem = Self::from_moments(name, d + usize::from(!r_min.is_zero()), Moments { sigma, cross, power })?;
        if problem.lambda().lo() <= 0.0 {
            return Err(Error::usage(format!("{name}: the covariance is not positive definite")));
        }
        Ok(problem)
    }
}

/// X and y of [`Problem::appendix_c`], for whoever needs the data and not only their moments.
///
/// # Errors
/// n < d.
pub fn appendix_c_data(n: usize, d: usize, seed: u64) -> Result<(DMatrix<f64>, DVector<f64>)> {
    let (x, y) = appendix_c_draw(n, d, seed)?;
    let first = Problem::from_f64("appendix-c", &x, &y)?;
    let size = first.w_star::<crate::arithmetic::Interval>(53).iter().map(|w| w.mid() * w.mid()).sum::<f64>().sqrt();
    Ok((x, y.map(|v| v / size)))
}

/// X and y_0 of Appendix C, before y_0 is divided by the norm of its regressor.
///
/// # Errors
/// n < d.
pub fn appendix_c_draw(n: usize, d: usize, seed: u64) -> Result<(DMatrix<f64>, DVector<f64>)> {
    if n < d || d == 0 {
        return Err(Error::usage(format!("Appendix C data need n >= d >= 1, got n = {n}, d = {d}")));
    }
    let mut rng = stream(seed, APPENDIX_C);
    let x = normal_matrix(&mut rng, n, d);
    let mut normal = |_| StandardNormal.sample(&mut rng);
    let truth: Vec<f64> = (0..d).map(&mut normal).collect();
    // Plain loops: the order of the operations, and so every bit of y, is fixed.
    let y: Vec<f64> =
        (0..n).map(|i| truth.iter().enumerate().fold(normal(0), |s: f64, (j, t)| s + x[(i, j)] * t)).collect();
    Ok((x, DVector::from_vec(y)))
}

/// A rational orthogonal matrix, the Cayley transform `(I - A)(I + A)^-1` of a drawn skew-symmetric A.
///
/// d x d, with determinant 1. `(I - A)(I + A)^-1` is orthogonal because `(I + A)^T = I - A` and the two commute.
///
/// # Errors
/// None: `I + A` is invertible for every skew-symmetric A.
pub fn orthogonal(d: usize, seed: u64) -> Result<DMatrix<Rational>> {
    let drawn = small_matrix(&mut stream(seed, ORTHOGONAL), d, d, 2, 2);
    let skew = &drawn - drawn.transpose();
    let identity = DMatrix::<Rational>::identity(d, d);
    // (I - A) and (I + A)^-1 commute.
    crate::linalg::solve(&(&identity + &skew), &(&identity - &skew))
        .map_err(|column| Error::internal(format!("I + A is singular at column {column} for a skew-symmetric A")))
}
