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
//! added. Everything downstream uses X and y only through [`Moments`], which are exact rationals at any n as long as
//! the bits of each column fit into 140 (or `n d^2` is at most [`EXACT_WORK`]), and otherwise enclosed to 2^-138 of the
//! columns' sizes.
//!
//! **Intercept** ([`LoadOptions::intercept`]) takes X and y to mean 0: `min over b of norm(y - X w - b)^2 / n` is the
//! risk of w for the centred data.
//!
//! **Standardisation** ([`LoadOptions::standardise`]) takes each column of X to mean 0 and variance 1 (with n, not
//! n - 1) and y to mean 0, which is the regression with an intercept; y is scaled with [`LoadOptions::standardise_y`]
//! only. The square roots make the data irrational: moments and w* are then kept as exact centred rationals and scaled
//! in the arithmetic, and at the precision, that is asked for.
//!
//! # The way of the data
//!
//! 1. *Reading* (`load`, `data`): files, arrays or slices become entries with checked shapes, doubles or decimals,
//!    both exact.
//! 2. *Moments* (`ladder`, `gram`, `moments`): Sigma, `X^T y / n` and `norm(y)^2 / n` are formed in integers, in a
//!    time that is linear in n. X and y are then dropped.
//! 3. *Treatment*: centring and standardisation act on the moments, not on the data, so they are exact as well, or
//!    deferred to the precision that is asked for.
//! 4. *What follows* (`spectrum`, `lifting`, `refine`): w*, R_min, lambda and Lambda, once for all.
//!
//! A [`Problem`] is then read-only; what is derived later (w* of a large system, moments in doubles) is kept in cells
//! that are filled once.
//!
//! # What is guaranteed
//!
//! - Full rank of X (Assumption (A1)) is proved for every problem that exists: by an exact solution, or by a positive
//!   lower bound of the spectrum. Data without it are refused: with a dependent column and those it depends on where
//!   these are known exactly, else with the columns most involved.
//! - w* is the unique solution of `Sigma w* = X^T y / n`, exact or enclosed;
//!   `R_min = norm(y)^2 / n - (X^T y / n)^T w*` is not negative.
//! - The moments contain the exact ones of the numbers that were given: a decimal `0.1` is one tenth, a double the
//!   number that it is.
//!
//! # Why only moments
//!
//! `R(w) = power - 2 cross^T w + w^T Sigma w` is a function of them, and so are its derivatives, also in the weights
//! of a network: a problem of a million rows costs no more afterwards than one of d rows. What is lost are the single
//! residuals.

mod data;
pub mod draw;
pub mod fixtures;
pub mod generate;
mod gram;
mod ladder;
mod lifting;
mod load;
mod moments;
mod refine;
mod spectrum;

pub use data::LoadOptions;
pub use moments::{Moments, dot, exact_moments, norm_squared};

use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::error::{Error, Result};
use crate::linalg::inertia;
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use std::sync::OnceLock;

/// `n d^2` up to which moments are formed in integers of any length, where columns need more than 140 bits.
pub const EXACT_WORK: usize = 20_000_000;

/// Columns up to which w* is found exactly at once: the rationals of larger systems are long, and seldom asked for.
///
/// Above it w* is enclosed by refinement, and solved for when [`Problem::w_star_exact`] asks.
pub const LIFTED: usize = 64;

/// Bits of [`Problem::wide_moments`]: for the few vectors that need more than doubles.
pub(crate) const WIDE: u32 = 160;

/// Regression data with everything Section 2 derives from them. Cheap to share: only moments and spectra are kept, not
/// X.
///
/// Invariants, made by `derive` and kept by `in_units` and `solved_exactly`: either `refined` is there or `lifted` is
/// filled with a vector; `2^level lambda` and `2^level lambda_max` are the ends of the spectrum of `second`;
/// `enclosed` and `wide`, where they are filled, are the moments of `second`.
#[derive(Clone, Debug)]
pub struct Problem {
    /// For reports and messages.
    name: String,
    /// n; for a problem that was made from moments, what its maker says.
    samples: usize,
    /// Names of the d columns of X.
    columns: Option<Vec<String>>,
    /// All that is known of the data.
    second: Second,
    /// w* of the exact moments ([`Second::Exact`], or the centred ones), once somebody asks.
    lifted: OnceLock<Option<DVector<Rational>>>,
    /// w*, where it was refined and not lifted.
    refined: Option<DVector<Big>>,
    /// lambda and Lambda are `2^level` times these; 0 unless doubles could not hold their squares.
    level: i32,
    /// Of Sigma over `2^level`: smallest eigenvalue.
    lambda: Interval,
    /// Of Sigma over `2^level`: largest eigenvalue.
    lambda_max: Interval,
    /// Exact where w* is (then rounded outward), else enclosed; the enclosure is cut at zero.
    r_min: Big,
    /// Moments in doubles, once somebody asks.
    enclosed: OnceLock<Moments<Interval>>,
    /// Moments at [`WIDE`] bits, once somebody asks.
    wide: OnceLock<Moments<Big>>,
    /// Where the data were centred here.
    means: Option<Means>,
}

/// Means of the data that were read, where they were centred.
#[derive(Clone, Debug, PartialEq)]
pub struct Means {
    /// Of the columns of X.
    pub x: DVector<Interval>,
    /// Of y.
    pub y: Interval,
    /// The largest share that a column's mean has in its root mean square: zero for columns that were centred before.
    pub share: f64,
}

impl Means {
    /// From the moments *before* centring, whose diagonal holds the mean squares of the columns.
    fn new<T: Ring>(moments: &Moments<T>, x: &DVector<T>, y: &T, enclosed: impl Fn(&T) -> Interval) -> Self {
        let x = x.map(|v| enclosed(&v));
        let share = |j: usize| {
            let root = enclosed(&moments.sigma[(j, j)]).sqrt();
            if x[j].is_zero() { 0.0 } else { (x[j].abs() / root).hi() }
        };
        let share = (0..x.len()).map(share).fold(0.0, f64::max);
        Self { x, y: enclosed(y), share }
    }
}

/// What is known of the second moments.
///
/// Three forms, since square roots of variances are not rational, and since very long numbers are enclosed.
#[derive(Clone, Debug)]
enum Second {
    /// Raw or centred data, or standardised ones whose variances happen to be squares.
    Exact(Moments<Rational>),
    /// The data are the centred ones, column j divided by `sqrt(variances[j])`.
    Standardised {
        /// Moments about the means.
        centred: Moments<Rational>,
        /// Diagonal of `centred.sigma`; positive.
        variances: Vec<Rational>,
        /// y is divided by the root of this: its variance, or 1.
        target: Rational,
    },
    /// At 320 bits, of data with more than 140 bits in a column, or in other units.
    Enclosed(Moments<Big>),
}

impl Second {
    /// The exact moments behind it.
    ///
    /// For standardised data these are the centred ones, not divided yet: their w* has to be scaled.
    fn rational(&self) -> Option<&Moments<Rational>> {
        match self {
            Self::Exact(moments) | Self::Standardised { centred: moments, .. } => Some(moments),
            Self::Enclosed(_) => None,
        }
    }

    /// R(w*) = power - cross^T w*, by the normal equations of the exact moments behind it.
    fn least_risk(&self, moments: &Moments<Rational>, w: &DVector<Rational>) -> Rational {
        let least = &moments.power - dot(&moments.cross, w);
        match self {
            Self::Standardised { target, .. } => least / target.clone(),
            _ => least,
        }
    }

    /// d.
    fn dimension(&self) -> usize {
        match self {
            Self::Exact(m) | Self::Standardised { centred: m, .. } => m.dimension(),
            Self::Enclosed(m) => m.dimension(),
        }
    }

    /// In any enclosure arithmetic, at `bits` of precision.
    ///
    /// Of standardised data: `sigma_ij / (s_i s_j)`, `cross_i / (s_i t)`, `power / t^2`, with `s_i` the standard
    /// deviations and t that of y, or 1; the diagonal is exactly 1. Roots and quotients are taken with [`GUARD`] bits
    /// more, then rounded outward.
    fn moments<E: Enclosure>(&self, bits: u32) -> Moments<E> {
        match self {
            Self::Exact(moments) => moments.map(|q| E::from_rational(q, bits)),
            Self::Enclosed(moments) => moments.map(|b| E::from_big(b, bits)),
            Self::Standardised { centred, variances, target } => {
                let d = centred.dimension();
                let unit = Big::from_rational(target, bits + GUARD).sqrt();
                let roots = roots(variances, bits);
                let big = |q: &Rational| Big::from_rational(q, bits + GUARD);
                let sigma = |i: usize, j: usize| {
                    let v = big(&centred.sigma[(i, j)]) / (roots[i].clone() * roots[j].clone());
                    if i == j { E::one() } else { E::from_big(&v, bits) }
                };
                Moments {
                    sigma: moments::symmetric(d, sigma),
                    cross: DVector::from_fn(d, |i, _| {
                        E::from_big(&(big(&centred.cross[i]) / (roots[i].clone() * unit.clone())), bits)
                    }),
                    power: E::from_rational(&(centred.power.clone() / target.clone()), bits),
                }
            }
        }
    }
}

/// Bits beyond those asked for, so that a few roundings do not show.
const GUARD: u32 = 32;

/// Standard deviations, enclosed with [`GUARD`] bits more than asked for.
fn roots(variances: &[Rational], bits: u32) -> Vec<Big> {
    variances.iter().map(|v| Big::from_rational(v, bits + GUARD).sqrt()).collect()
}

impl Problem {
    /// From exact X (n x d) and y (n).
    ///
    /// The moments are exact rationals whatever the length of the numbers. Of n < d rows some column depends on the
    /// others, and the refusal names it.
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
    /// No moment depends on `samples`: reports and files name it, and a loss that is a sum over the observations uses
    /// it.
    ///
    /// # Errors
    /// Sigma singular (Assumption (A1)), naming the first dependent column and those it depends on. Moments that no
    /// data have: Sigma not symmetric or not positive definite, the least risk negative.
    pub fn from_moments(name: &str, samples: usize, moments: Moments<Rational>) -> Result<Self> {
        let sigma = moments.sigma.clone();
        if !sigma.is_square() || sigma.nrows() != moments.cross.len() || sigma != sigma.transpose() {
            return Err(Error::input(name, "Sigma must be symmetric, d x d, d the length of the cross moments"));
        }
        let of_no_data = || Error::input(name, "Sigma is not positive definite: these are the moments of no data");
        // A dependence is found as one of a semidefinite Sigma.
        let indefinite = |e| if inertia(&sigma).negative > 0 { of_no_data() } else { e };
        let out = Self::from_exact(name, samples, moments, None).map_err(indefinite)?;
        if !out.lambda.is_positive() && inertia(&sigma).positive < sigma.nrows() {
            return Err(of_no_data());
        }
        if out.r_min.is_negative() {
            return Err(Error::input(name, "the least risk is negative: these are the moments of no data"));
        }
        Ok(out)
    }

    /// From exact moments with a symmetric Sigma; `derive` shows full rank.
    fn from_exact(
        name: &str,
        samples: usize,
        moments: Moments<Rational>,
        columns: Option<Vec<String>>,
    ) -> Result<Self> {
        Self::derive(name, samples, columns, Second::Exact(moments))
    }

    /// The same for moments that are enclosed.
    fn from_enclosed(name: &str, samples: usize, moments: Moments<Big>, columns: Option<Vec<String>>) -> Result<Self> {
        Self::derive(name, samples, columns, Second::Enclosed(moments))
    }

    /// Data of variance 1: `target` says whether y is scaled too. A constant column, or a constant y that is to be
    /// scaled, is refused. Where all variances are squares of rationals the result is exact.
    fn from_standardised(
        name: &str,
        samples: usize,
        centred: Moments<Rational>,
        target: bool,
        columns: Option<Vec<String>>,
    ) -> Result<Self> {
        let d = centred.dimension();
        let variances: Vec<Rational> = (0..d).map(|j| centred.sigma[(j, j)].clone()).collect();
        if let Some(j) = variances.iter().position(|v| v.sign() == 0) {
            return Err(constant(name, &label(j, columns.as_deref())));
        }
        let target = if target { centred.power.clone() } else { Rational::from(1) };
        if target.sign() == 0 {
            return Err(constant_target(name));
        }
        let roots: Option<Vec<Rational>> = variances.iter().map(Rational::exact_sqrt).collect();
        let second = match roots.zip(target.exact_sqrt()) {
            Some((s, unit)) => Second::Exact(Moments {
                sigma: DMatrix::from_fn(d, d, |i, j| centred.sigma[(i, j)].clone() / (s[i].clone() * s[j].clone())),
                cross: DVector::from_fn(d, |i, _| centred.cross[i].clone() / (s[i].clone() * unit.clone())),
                power: centred.power / target,
            }),
            None => Second::Standardised { centred, variances, target },
        };
        Self::derive(name, samples, columns, second)
    }

    /// What follows from the second moments: w* exactly or refined, R_min, the ends of the spectrum.
    ///
    /// With rational moments of at most [`LIFTED`] columns w* is solved for exactly, which proves full rank.
    /// Otherwise refinement in doubles is tried, then, after rational moments were tested for a dependence,
    /// refinement from the enclosed smallest eigenvalue.
    ///
    /// # Errors
    /// A column that depends on others; full rank not proved; a floating-point environment that cannot be used;
    /// enclosures of an eigenvalue that contradict each other.
    fn derive(name: &str, samples: usize, columns: Option<Vec<String>>, second: Second) -> Result<Self> {
        crate::arithmetic::check_environment()?;
        let dependence = |p| dependent(name, p, columns.as_deref());
        let lifted = OnceLock::new();
        let mut refined = None;
        let rational = second.rational();
        let spectrum = || spectrum::spectrum(|bits| second.moments(bits).sigma);
        let (r_min, (level, (lambda, lambda_max))) = match rational {
            Some(m) if m.dimension() <= LIFTED => {
                let w = spectrum::optimum(m).map_err(dependence)?;
                let r_min = Big::from_rational(&second.least_risk(m, &w), refine::BITS);
                lifted.get_or_init(|| Some(w));
                (r_min, spectrum()?)
            }
            _ => {
                let moments = second.moments(refine::BITS);
                let quick = refine::refine(&moments, None);
                if let (None, Some(m)) = (&quick, rational) {
                    spectrum::full_rank(m).map_err(dependence)?;
                }
                let ends = spectrum()?;
                let least = Big::from_interval(&ends.1.0, refine::BITS).scale(ends.0);
                let found = quick.or_else(|| refine::refine(&moments, Some(&least)));
                let found = found.ok_or_else(|| unproved(name, &moments, columns.as_deref()))?;
                refined = Some(found.w_star);
                // Negative only for the moments of no data.
                (if found.r_min.is_negative() { found.r_min } else { found.r_min.max(&Big::zero()) }, ends)
            }
        };
        let (name, enclosed, wide) = (name.to_string(), OnceLock::new(), OnceLock::new());
        let means = None;
        Ok(Self {
            name,
            samples,
            columns,
            second,
            lifted,
            refined,
            level,
            lambda,
            lambda_max,
            r_min,
            enclosed,
            wide,
            means,
        })
    }

    /// The same problem, with the means that were taken from the data.
    fn with_means(mut self, means: Means) -> Self {
        self.means = Some(means);
        self
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
    ///
    /// The moments are means over the observations, so nothing that is derived from them depends on it.
    pub fn samples(&self) -> usize {
        self.samples
    }
    /// Input dimension d.
    pub fn dimension(&self) -> usize {
        self.second.dimension()
    }
    /// Names of the columns of X, where the data had them.
    pub fn column_names(&self) -> Option<&[String]> {
        self.columns.as_deref()
    }
    /// Means of the data that were read, if they were centred (or standardised) here.
    pub fn means(&self) -> Option<&Means> {
        self.means.as_ref()
    }
    /// Exact moments, if they could be formed and are rational.
    ///
    /// `None` for standardised data whose variances are not squares, and where the moments are only enclosed.
    pub fn exact_moments(&self) -> Option<&Moments<Rational>> {
        match &self.second {
            Second::Exact(moments) => Some(moments),
            _ => None,
        }
    }
    /// The optimal regressor as exact rationals, if the moments are. Beyond [`LIFTED`] columns the first call solves
    /// for it.
    ///
    /// `None` where [`Problem::exact_moments`] is.
    pub fn w_star_exact(&self) -> Option<&DVector<Rational>> {
        let moments = self.exact_moments()?;
        self.lifted.get_or_init(|| spectrum::optimum(moments).ok()).as_ref()
    }
    /// The same problem with w* and R_min in exact rationals, beyond [`LIFTED`] columns too, as far as the moments are
    /// exact.
    pub fn solved_exactly(mut self) -> Self {
        let Some(moments) = self.second.rational() else { return self };
        let solve = || spectrum::optimum(moments).ok();
        if let Some(w) = self.lifted.get_or_init(solve) {
            self.r_min = Big::from_rational(&self.second.least_risk(moments, w), refine::BITS);
            self.refined = None;
        }
        self
    }
    /// Moments in any enclosure arithmetic, at `bits` of precision.
    ///
    /// Each call forms them anew, `O(d^2)` conversions. Enclosed moments do not get narrower than they are known (320
    /// bits).
    pub fn moments<E: Enclosure>(&self, bits: u32) -> Moments<E> {
        self.second.moments(bits)
    }
    /// Moments as f64 enclosures, made once and kept.
    ///
    /// Each entry contains the exact one; of exact moments, an entry that is a double is a single point.
    pub fn enclosed_moments(&self) -> &Moments<Interval> {
        self.enclosed.get_or_init(|| self.moments(53))
    }
    /// Moments to [`WIDE`] bits, made once and kept.
    pub(crate) fn wide_moments(&self) -> &Moments<Big> {
        self.wide.get_or_init(|| self.moments(WIDE))
    }
    /// The optimal regressor w* in any enclosure arithmetic.
    ///
    /// Length d. From exact rationals each entry is as narrow as `bits` allow; where it was refined, not narrower
    /// than that. For standardised data it is the regressor of the standardised columns, `w_i s_i / t`.
    pub fn w_star<E: Enclosure>(&self, bits: u32) -> DVector<E> {
        if let Some(w) = &self.refined {
            return w.map(|v| E::from_big(&v, bits));
        }
        let Some(Some(w)) = self.lifted.get() else { return DVector::zeros(0) };
        match &self.second {
            Second::Standardised { variances, target, .. } => {
                let roots = roots(variances, bits);
                let unit = Big::from_rational(target, bits + GUARD).sqrt();
                let scaled = |i: usize| Big::from_rational(&w[i], bits + GUARD) * roots[i].clone() / unit.clone();
                DVector::from_fn(w.len(), |i, _| E::from_big(&scaled(i), bits))
            }
            _ => w.map(|q| E::from_rational(&q, bits)),
        }
    }
    /// Smallest eigenvalue of Sigma.
    ///
    /// A positive lower end is not promised where the spectrum was not settled at 1024 bits; full rank then rests on
    /// w*.
    pub fn lambda(&self) -> Interval {
        self.lambda.scale(self.level)
    }
    /// Largest eigenvalue of Sigma.
    pub fn lambda_max(&self) -> Interval {
        self.lambda_max.scale(self.level)
    }
    /// Smallest risk R_min.
    pub fn r_min(&self) -> Interval {
        self.r_min.to_interval()
    }
    /// Smallest risk R_min, to `bits` of precision as far as it is known.
    ///
    /// Computed at 320 bits: more are not known.
    pub fn r_min_at(&self, bits: u32) -> Big {
        self.r_min.with_bits(bits)
    }
    /// The problem with every risk times `2^-k`, and k, where doubles cannot hold the squares of Sigma: X and y in
    /// another unit, the same w*.
    ///
    /// `None` where doubles can hold them, which is the usual case.
    pub(crate) fn at_unit_scale(&self) -> Option<(Self, i32)> {
        (self.level != 0).then(|| (self.in_units(-self.level, 0), self.level))
    }
    /// The problem with `2^s Sigma` and `2^y w*` in place of Sigma and w*: X and y in other units.
    ///
    /// Powers of two, so nothing is rounded: Sigma by `2^s`, `X^T y / n` by `2^(s + y)`, `norm(y)^2 / n` and R_min by
    /// `2^(s + 2 y)`, w* by `2^y`. Standardised data become enclosed ones at 320 bits.
    pub(crate) fn in_units(&self, s: i32, y: i32) -> Self {
        fn scaled<T: Ring>(m: &Moments<T>, s: i32, y: i32, times: impl Fn(&T, i32) -> T) -> Moments<T> {
            Moments {
                sigma: m.sigma.map(|v| times(&v, s)),
                cross: m.cross.map(|v| times(&v, s + y)),
                power: times(&m.power, s + 2 * y),
            }
        }
        let mut out = self.clone();
        out.second = match &self.second {
            Second::Exact(m) => Second::Exact(scaled(m, s, y, Rational::times_power_of_two)),
            // Standardised columns have variance 1: they are so no longer.
            other => Second::Enclosed(scaled(&other.moments(refine::BITS), s, y, Big::scale)),
        };
        out.refined = match &self.second {
            Second::Standardised { .. } => Some(self.w_star(refine::BITS)),
            _ => self.refined.clone(),
        };
        out.refined = out.refined.map(|w| w.map(|b| b.scale(y)));
        out.lifted = OnceLock::new();
        if let (Some(w), None) = (self.lifted.get(), &out.refined) {
            out.lifted.get_or_init(|| w.as_ref().map(|w| w.map(|q| q.times_power_of_two(y))));
        }
        out.r_min = self.r_min.scale(s + 2 * y);
        out.level += s;
        (out.enclosed, out.wide) = (OnceLock::new(), OnceLock::new());
        out
    }
    /// Binary exponents of Lambda and of the largest entry of w*; `None` for w* = 0.
    pub(crate) fn exponents(&self) -> (i32, Option<i32>) {
        let large = self.lambda_max.exponent().unwrap_or(0).saturating_add(self.level);
        (large, self.w_star::<Big>(64).iter().filter_map(Big::exponent).max())
    }
}

/// How a column of X is called in messages.
fn label(j: usize, names: Option<&[String]>) -> String {
    match names.and_then(|n| n.get(j)) {
        Some(name) => format!("'{name}'"),
        None => format!("{j}"),
    }
}

/// The refusal of a y without variance.
fn constant_target(name: &str) -> Error {
    Error::input(name, "y is constant: it cannot be standardised to variance 1")
}

/// The refusal of a column without variance.
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

/// The refusal where full rank could not be proved: the columns with the largest part in the direction of smallest
/// variance.
fn unproved(place: &str, moments: &Moments<Big>, names: Option<&[String]>) -> Error {
    let mid = moments.sigma.map(|v| v.to_interval().mid());
    let mut columns: Vec<usize> = (0..moments.dimension()).collect();
    // In units of each column's own size, or a badly scaled column would always be named.
    let size = |j: usize| mid[(j, j)].abs().sqrt().max(f64::MIN_POSITIVE);
    let scaled = DMatrix::from_fn(mid.nrows(), mid.ncols(), |i, j| mid[(i, j)] / size(i) / size(j));
    if let Some((_, vectors)) = crate::linalg::approximate_eigen(&scaled) {
        columns.sort_by(|&a, &b| vectors[(b, 0)].abs().total_cmp(&vectors[(a, 0)].abs()));
    }
    // Two columns are the least that can depend on each other.
    let named: Vec<String> = columns.iter().take(2).map(|&j| label(j, names)).collect();
    let what = format!(
        "X could not be proved to have full rank (Assumption (A1)) in {} bits; columns most involved: {}",
        refine::BITS,
        named.join(", ")
    );
    Error::input(place, what)
}
