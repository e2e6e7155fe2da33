//! Regression data: X (n x d), y (n), and what the paper derives from them in Section 2.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X, y | arguments of [`Problem::new`], [`Problem::load`] | n x d, n |
//! | Sigma = X^T X / n | [`Moments::sigma`] | d x d |
//! | X^T y / n | [`Moments::cross`] | d |
//! | lambda, Lambda | [`Problem::lambda`], [`Problem::lambda_max`] | enclosures |
//! | w* | [`Problem::w_star`], [`Problem::w_star_exact`] | d |
//! | R_min | [`Problem::r_min`] | enclosure |
//!
//! **Conventions, said once.** The risk is `R(w) = norm(y - X w)^2 / n`: there is no factor 1/2, and no intercept is
//! added. Everything downstream uses X and y only through [`Moments`], which are exact rationals whenever forming them exactly is
//! affordable (`n d^2` up to [`EXACT_WORK`]) and enclosures otherwise.
//!
//! **Standardisation** ([`LoadOptions::standardise`]) takes each column of X to mean 0 and variance 1 (with n, not n - 1) and y to mean 0, which is the
//! regression with an intercept; y is not scaled. The square roots make the data irrational: moments and w* are then kept as exact
//! centred rationals and scaled in the arithmetic, and at the precision, that is asked for.

pub mod draw;
mod enclosed;
pub mod fixtures;
pub mod generate;
mod lifting;
mod load;
mod moments;
mod spectrum;

pub use load::LoadOptions;
pub use moments::{Moments, dot, enclosed_moments, exact_moments, norm_squared};

use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::error::{Error, Result};
use crate::linalg::inertia;
use nalgebra::{DMatrix, DVector};
use std::sync::OnceLock;

/// `n d^2` up to which moments are formed in exact rationals.
pub const EXACT_WORK: usize = 20_000_000;

/// Regression data with everything Section 2 derives from them. Cheap to share: only moments and spectra are kept, not X.
#[derive(Clone, Debug)]
pub struct Problem {
    name: String,
    samples: usize,
    columns: Option<Vec<String>>,
    second: Second,
    w_star: DVector<Interval>,
    lambda: Interval,
    lambda_max: Interval,
    r_min: Interval,
    enclosed: OnceLock<Moments<Interval>>,
}

/// What is known of the second moments.
#[derive(Clone, Debug)]
enum Second {
    Exact {
        moments: Moments<Rational>,
        w_star: DVector<Rational>,
    },
    /// The data are the centred ones, column j divided by `sqrt(variances[j])`.
    Standardised {
        centred: Moments<Rational>,
        w_star: DVector<Rational>,
        variances: Vec<Rational>,
    },
    Enclosed {
        moments: Moments<Interval>,
    },
}

impl Problem {
    /// From exact X (n x d) and y (n).
    ///
    /// # Errors
    /// y of the wrong length; no data; X rank-deficient (Assumption (A1)): the message names the columns.
    pub fn new(name: &str, x: &DMatrix<Rational>, y: &DVector<Rational>) -> Result<Self> {
        if x.nrows() != y.len() {
            let what = format!("y has {} entries, X has {} rows", y.len(), x.nrows());
            return Err(Error::input(name, what));
        }
        if x.nrows() == 0 || x.ncols() == 0 {
            return Err(Error::input(name, "X is empty"));
        }
        Self::from_exact(name, x.nrows(), exact_moments(x, y), None)
    }

    /// From exact second moments of `samples` observations.
    ///
    /// # Errors
    /// Sigma singular (Assumption (A1)), naming the first dependent column and those it depends on. Moments that no data have: Sigma not
    /// symmetric or not positive definite, the least risk negative.
    pub fn from_moments(name: &str, samples: usize, moments: Moments<Rational>) -> Result<Self> {
        let sigma = moments.sigma.clone();
        if !sigma.is_square() || sigma.nrows() != moments.cross.len() || sigma != sigma.transpose() {
            return Err(Error::input(name, "Sigma must be symmetric, d x d, d the length of the cross moments"));
        }
        let out = Self::from_exact(name, samples, moments, None)?;
        if inertia(&sigma).positive < sigma.nrows() {
            return Err(Error::input(name, "Sigma is not positive definite: these are the moments of no data"));
        }
        let Second::Exact { moments, w_star } = &out.second else { return Ok(out) };
        if (moments.power.clone() - dot(&moments.cross, w_star)).sign() < 0 {
            return Err(Error::input(name, "the least risk is negative: these are the moments of no data"));
        }
        Ok(out)
    }

    fn from_exact(
        name: &str,
        samples: usize,
        moments: Moments<Rational>,
        columns: Option<Vec<String>>,
    ) -> Result<Self> {
        let w_star = spectrum::optimum(&moments).map_err(|p| dependent(name, p, columns.as_deref()))?;
        // R(w*) = power - cross^T w*, by the normal equations.
        let r_min = enclose(&(moments.power.clone() - dot(&moments.cross, &w_star)));
        Ok(Self::finish(name, samples, columns, Second::Exact { moments, w_star }, r_min))
    }

    fn from_standardised(
        name: &str,
        samples: usize,
        centred: Moments<Rational>,
        columns: Option<Vec<String>>,
    ) -> Result<Self> {
        let d = centred.dimension();
        let variances: Vec<Rational> = (0..d).map(|j| centred.sigma[(j, j)].clone()).collect();
        if let Some(j) = variances.iter().position(|v| v.sign() == 0) {
            return Err(constant(name, &label(j, columns.as_deref())));
        }
        let w_star = spectrum::optimum(&centred).map_err(|p| dependent(name, p, columns.as_deref()))?;
        let r_min = enclose(&(centred.power.clone() - dot(&centred.cross, &w_star)));
        let roots: Option<Vec<Rational>> = variances.iter().map(Rational::exact_sqrt).collect();
        let second = match roots {
            Some(s) => Second::Exact {
                moments: Moments {
                    sigma: DMatrix::from_fn(d, d, |i, j| centred.sigma[(i, j)].clone() / (s[i].clone() * s[j].clone())),
                    cross: DVector::from_fn(d, |i, _| centred.cross[i].clone() / s[i].clone()),
                    power: centred.power,
                },
                w_star: DVector::from_fn(d, |i, _| w_star[i].clone() * s[i].clone()),
            },
            None => Second::Standardised { centred, w_star, variances },
        };
        Ok(Self::finish(name, samples, columns, second, r_min))
    }

    /// Fills in the enclosures that follow from exact second moments.
    fn finish(name: &str, samples: usize, columns: Option<Vec<String>>, second: Second, r_min: Interval) -> Self {
        let unknown = Interval::ENTIRE;
        let (lambda, lambda_max) = (unknown, unknown);
        let w_star = DVector::zeros(0);
        let mut out = Self {
            name: name.to_string(),
            samples,
            columns,
            second,
            w_star,
            lambda,
            lambda_max,
            r_min,
            enclosed: OnceLock::new(),
        };
        (out.lambda, out.lambda_max) = spectrum::spectrum(|bits| out.moments(bits).sigma);
        out.w_star = out.w_star::<Interval>(53);
        out
    }

    /// The same problem under another name.
    pub fn renamed(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// A short name for reports.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Number of observations n.
    pub fn samples(&self) -> usize {
        self.samples
    }
    /// Input dimension d.
    pub fn dimension(&self) -> usize {
        self.w_star.len()
    }
    /// Names of the columns of X, where the data had them.
    pub fn column_names(&self) -> Option<&[String]> {
        self.columns.as_deref()
    }
    /// Exact moments, if they could be formed and are rational.
    pub fn exact_moments(&self) -> Option<&Moments<Rational>> {
        match &self.second {
            Second::Exact { moments, .. } => Some(moments),
            _ => None,
        }
    }
    /// The optimal regressor as exact rationals, if the moments are.
    pub fn w_star_exact(&self) -> Option<&DVector<Rational>> {
        match &self.second {
            Second::Exact { w_star, .. } => Some(w_star),
            _ => None,
        }
    }
    /// Moments in any enclosure arithmetic, at `bits` of precision (exact and standardised data), or carried from f64 enclosures.
    pub fn moments<E: Enclosure>(&self, bits: u32) -> Moments<E> {
        match &self.second {
            Second::Exact { moments, .. } => moments.map(|q| E::from_rational(q, bits)),
            Second::Standardised { centred, variances, .. } => {
                let d = centred.dimension();
                let root = |q: &Rational| E::from_rational(q, bits).sqrt();
                let sigma = |i: usize, j: usize| {
                    let v = variances[i].clone() * variances[j].clone();
                    if i == j { E::one() } else { E::from_rational(&centred.sigma[(i, j)], bits) / root(&v) }
                };
                Moments {
                    sigma: DMatrix::from_fn(d, d, sigma),
                    cross: DVector::from_fn(d, |i, _| E::from_rational(&centred.cross[i], bits) / root(&variances[i])),
                    power: E::from_rational(&centred.power, bits),
                }
            }
            Second::Enclosed { moments } => moments.map(|i| E::from_interval(i, bits)),
        }
    }
    /// Moments as f64 enclosures, made once and kept.
    pub fn enclosed_moments(&self) -> &Moments<Interval> {
        self.enclosed.get_or_init(|| self.moments(53))
    }
    /// The optimal regressor w* in any enclosure arithmetic.
    pub fn w_star<E: Enclosure>(&self, bits: u32) -> DVector<E> {
        match &self.second {
            Second::Exact { w_star, .. } => w_star.map(|q| E::from_rational(&q, bits)),
            Second::Standardised { w_star, variances, .. } => DVector::from_fn(w_star.len(), |i, _| {
                E::from_rational(&w_star[i], bits) * E::from_rational(&variances[i], bits).sqrt()
            }),
            Second::Enclosed { .. } => self.w_star.map(|i| E::from_interval(&i, bits)),
        }
    }
    /// Smallest eigenvalue of Sigma.
    pub fn lambda(&self) -> Interval {
        self.lambda
    }
    /// Largest eigenvalue of Sigma.
    pub fn lambda_max(&self) -> Interval {
        self.lambda_max
    }
    /// Smallest risk R_min.
    pub fn r_min(&self) -> Interval {
        self.r_min
    }
}

fn enclose(q: &Rational) -> Interval {
    use crate::arithmetic::Field;
    Interval::from_rational(q, 53)
}

/// How a column of X is called in messages.
fn label(j: usize, names: Option<&[String]>) -> String {
    match names.and_then(|n| n.get(j)) {
        Some(name) => format!("'{name}'"),
        None => format!("{j}"),
    }
}

fn constant(name: &str, column: &str) -> Error {
    Error::input(name, format!("column {column} of X is constant: it cannot be standardised to variance 1"))
}

/// The refusal that names a dependent column and those before it on which it depends.
fn dependent(name: &str, (p, coefficients): (usize, Vec<Rational>), names: Option<&[String]>) -> Error {
    let involved = coefficients.iter().enumerate().filter(|(_, c)| c.sign() != 0);
    let on: Vec<String> = involved.map(|(j, _)| label(j, names)).collect();
    let column = label(p, names);
    let how = match on.len() {
        0 => format!("column {column} is zero"),
        1 => format!("column {column} is a multiple of column {}", on[0]),
        _ => format!("column {column} is a combination of columns {}", crate::input::show_names(&on)),
    };
    let counted = if names.is_some() { "" } else { " (counted from 0)" };
    Error::input(name, format!("X is rank-deficient (Assumption (A1)): {how}{counted}"))
}
