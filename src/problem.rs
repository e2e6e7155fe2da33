//! Regression data: X (n x d), y (n), and what the paper derives from them in Section 2.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X, y | arguments of [`Problem::new`] | n x d, n |
//! | Sigma = X^T X / n | [`Moments::sigma`] | d x d |
//! | X^T y / n | [`Moments::cross`] | d |
//! | lambda, Lambda | [`Problem::lambda`], [`Problem::lambda_max`] | enclosures |
//! | w* | [`Problem::w_star`], [`Problem::w_star_exact`] | d |
//! | R_min | [`Problem::r_min`] | enclosure |
//!
//! **Conventions, said once.** The risk is `R(w) = norm(y - X w)^2 / n`: there is no factor 1/2, and no intercept is
//! added. Everything downstream uses X and y only through [`Moments`], which are exact rationals whenever forming them exactly is
//! affordable (`n d^2` up to [`EXACT_WORK`]) and enclosures otherwise.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Ring};
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};

/// Second moments of the data: all that the risk and its derivatives depend on.
///
/// `R(w) = power - 2 cross^T w + w^T sigma w`.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments<T: Ring> {
    /// Sigma = X^T X / n, d x d, symmetric.
    pub sigma: DMatrix<T>,
    /// X^T y / n, length d.
    pub cross: DVector<T>,
    /// norm(y)^2 / n.
    pub power: T,
}

impl<T: Ring> Moments<T> {
    /// From X (n x d) and y (n) in any field, by the definition.
    pub fn new(x: &DMatrix<T>, y: &DVector<T>) -> Self
    where
        T: Field,
    {
        let n = T::from_i64(x.nrows() as i64);
        let xt = x.transpose();
        Self {
            sigma: (&xt * x).map(|v| v / n.clone()),
            cross: (&xt * y).map(|v| v / n.clone()),
            power: y.iter().fold(T::zero(), |s, v| s + v.clone() * v.clone()) / n,
        }
    }

    /// Input dimension d.
    pub fn dimension(&self) -> usize {
        self.cross.len()
    }

    /// The risk R^1(w) of a linear regressor.
    pub fn risk(&self, w: &DVector<T>) -> T {
        let two = T::from_i64(2);
        let quadratic = dot(w, &(&self.sigma * w));
        self.power.clone() - two * dot(&self.cross, w) + quadratic
    }

    /// Gradient of R^1, equation (6): `-(2/n) X^T (y - X w) = 2 (sigma w - cross)`.
    pub fn risk_gradient(&self, w: &DVector<T>) -> DVector<T> {
        let two = T::from_i64(2);
        (&self.sigma * w - &self.cross).map(|v| two.clone() * v)
    }
}

/// Inner product of two vectors over any ring.
pub fn dot<T: Ring>(a: &DVector<T>, b: &DVector<T>) -> T {
    a.iter().zip(b.iter()).fold(T::zero(), |s, (x, y)| s + x.clone() * y.clone())
}

/// Squared Euclidean norm over any ring.
pub fn norm_squared<'a, T: Ring>(entries: impl IntoIterator<Item = &'a T>) -> T {
    entries.into_iter().fold(T::zero(), |s, x| s + x.clone() * x.clone())
}

/// `n d^2` up to which moments are formed in exact rationals.
pub const EXACT_WORK: usize = 20_000_000;

/// Regression data with everything Section 2 derives from them. Cheap to share: only moments and spectra are kept, not X.
#[derive(Clone, Debug)]
pub struct Problem {
    name: String,
    samples: usize,
    exact: Option<(Moments<Rational>, DVector<Rational>)>,
    enclosed: Moments<Interval>,
    w_star: DVector<Interval>,
    lambda: Interval,
    lambda_max: Interval,
    r_min: Interval,
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
        Self::from_moments(name, x.nrows(), Moments::new(x, y))
    }

    /// From exact second moments of `samples` observations.
    ///
    /// # Errors
    /// Sigma singular (Assumption (A1)), naming the first dependent column.
    pub fn from_moments(name: &str, samples: usize, moments: Moments<Rational>) -> Result<Self> {
        let d = moments.dimension();
        let right = DMatrix::from_column_slice(d, 1, moments.cross.as_slice());
        let w_star = crate::linalg::solve(&moments.sigma, &right).map_err(|column| {
            Error::input(
                name,
                format!("X is rank-deficient (Assumption (A1)): column {column} depends on the columns before it"),
            )
        })?;
        let w_star = DVector::from_column_slice(w_star.as_slice());
        let (lambda, lambda_max) = spectrum(&moments.sigma);
        let enclose = |q: &Rational| Interval::from_rational(q, 53);
        let r_min = enclose(&moments.risk(&w_star));
        Ok(Self {
            name: name.to_string(),
            samples,
            enclosed: Moments {
                sigma: moments.sigma.map(|q| enclose(&q)),
                cross: moments.cross.map(|q| enclose(&q)),
                power: enclose(&moments.power),
            },
            w_star: w_star.map(|q| enclose(&q)),
            exact: Some((moments, w_star)),
            lambda,
            lambda_max,
            r_min,
        })
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
    /// Exact moments, if they could be formed.
    pub fn exact_moments(&self) -> Option<&Moments<Rational>> {
        self.exact.as_ref().map(|e| &e.0)
    }
    /// The optimal regressor as exact rationals, if the moments are exact.
    pub fn w_star_exact(&self) -> Option<&DVector<Rational>> {
        self.exact.as_ref().map(|e| &e.1)
    }
    /// Moments as f64 enclosures, made once.
    pub fn enclosed_moments(&self) -> &Moments<Interval> {
        &self.enclosed
    }
    /// Moments in any enclosure arithmetic, at `bits` of precision (exact data), or carried from f64 enclosures.
    pub fn moments<E: Enclosure>(&self, bits: u32) -> Moments<E> {
        match &self.exact {
            Some((m, _)) => {
                let e = |q: &Rational| E::from_rational(q, bits);
                Moments { sigma: m.sigma.map(|q| e(&q)), cross: m.cross.map(|q| e(&q)), power: e(&m.power) }
            }
            None => {
                let e = |i: Interval| E::from_interval(&i, bits);
                let m = &self.enclosed;
                Moments { sigma: m.sigma.map(e), cross: m.cross.map(e), power: e(m.power) }
            }
        }
    }
    /// The optimal regressor w* in any enclosure arithmetic.
    pub fn w_star<E: Enclosure>(&self, bits: u32) -> DVector<E> {
        match &self.exact {
            Some((_, w)) => w.map(|q| E::from_rational(&q, bits)),
            None => self.w_star.map(|i| E::from_interval(&i, bits)),
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

/// Smallest and largest eigenvalue of an exact positive definite matrix: the precision is raised until both are known to `1e-14`.
fn spectrum(sigma: &DMatrix<Rational>) -> (Interval, Interval) {
    use crate::arithmetic::Big;
    use crate::linalg::{largest_eigenvalue, smallest_eigenvalue};
    let mut best = (Interval::new(0.0, f64::INFINITY), Interval::new(0.0, f64::INFINITY));
    for bits in [128, 256, 512, 1024] {
        let s = sigma.map(|q| Big::from_rational(&q, bits));
        best = (smallest_eigenvalue(&s).to_interval(), largest_eigenvalue(&s).to_interval());
        if best.0.lo() > 0.0 && best.0.width() <= 1e-14 * best.0.lo() {
            break;
        }
    }
    best
}
