//! From data to a [`Problem`]: moments exact wherever that is possible, w*, lambda and R_min by the cheapest proof that
//! is good enough.
//!
//! | step | moments | w*, R_min | lambda, Lambda |
//! | --- | --- | --- | --- |
//! | usual | exact ([`Gram`]: any n, linear in n) | exact up to [`LIFTED`] columns, else enclosed ([`refine`](super::refine)) | doubles, then MPFR |
//! | digits beyond 140 bits in a column | exact in long integers while `n d^2 <=` [`EXACT_WORK`], else enclosed to 2^-138 | as above, or enclosed | as above |
//!
//! Where the data are to be centred, a column of ones is appended: its products with the others are the means, so that
//! centring needs no second pass, and `X^T X / n - m m^T` is as exact as the moments are.
//!
//! Standardised data whose moments are exact are divided later, at the precision that is asked for
//! ([`Problem::moments`]); enclosed ones are divided here, at 320 bits.

use super::gram::{Column, Gram};
use super::moments::exact_moments;
use super::{EXACT_WORK, Means, Moments, Problem, constant, constant_target, label, refine};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::error::Result;
use crate::input::Values;
use crate::problem::data::{Data, Entries, LoadOptions};
use nalgebra::{DMatrix, DVector};

/// What is done to the columns first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Nothing.
    Raw,
    /// X and y to mean 0.
    Centred,
    /// X and y to mean 0, X to variance 1, and with `target` y too.
    ///
    /// y is divided by its standard deviation where `target` is set.
    Standardised { target: bool },
}

impl Treatment {
    /// Standardising includes centring, so it prevails.
    pub(super) fn of(options: &LoadOptions) -> Self {
        match (options.standardise, options.intercept) {
            (true, _) => Self::Standardised { target: options.standardise_y },
            (false, true) => Self::Centred,
            (false, false) => Self::Raw,
        }
    }
}

/// The problem of X and y, treated as asked for.
///
/// # Errors
/// Those of the problem's derivation (full rank); a constant column or target that was to have variance 1.
pub(super) fn from_data(data: Data<'_>, treatment: Treatment) -> Result<Problem> {
    let (n, d) = (data.rows, data.columns);
    let mut columns = of_entries(&data.x, n, d);
    columns.extend(of_entries(&data.y, n, 1));
    if treatment != Treatment::Raw {
        columns.push(Column::of_ones(n));
    }
    let gram = Gram::new(&columns, n);
    drop(columns);
    if gram.is_exact() {
        let means = |i: usize| gram.mean(i, d + 1).clone();
        let of_all = (treatment != Treatment::Raw).then(|| (DVector::from_fn(d, |j, _| means(j)), means(d)));
        return exactly(&data.place, n, gram.exact(d), of_all, treatment, data.names);
    }
    if n.saturating_mul(d).saturating_mul(d) <= EXACT_WORK {
        return in_integers(data, treatment);
    }
    let mut moments = gram.enclosures(d, refine::BITS);
    if treatment == Treatment::Raw {
        return Problem::from_enclosed(&data.place, n, moments, data.names);
    }
    let mean = |i: usize| gram.enclosed(i, d + 1, refine::BITS);
    let (of_x, of_y) = (DVector::from_fn(d, |j, _| mean(j)), mean(d));
    let means = Means::new(&moments, &of_x, &of_y, Big::to_interval);
    moments = moments.centred(&of_x, &of_y);
    if let Treatment::Standardised { target } = treatment {
        let roots: Vec<Big> = (0..d).map(|j| moments.sigma[(j, j)].sqrt()).collect();
        if let Some(j) = roots.iter().position(|r| !r.is_positive()) {
            return Err(constant(&data.place, &label(j, data.names.as_deref())));
        }
        if target && !moments.power.is_positive() {
            return Err(constant_target(&data.place));
        }
        moments = standardised(moments, &roots, target);
    }
    Ok(Problem::from_enclosed(&data.place, n, moments, data.names)?.with_means(means))
}

/// From exact moments, and the exact means where there is something to be done with them.
fn exactly(
    place: &str,
    n: usize,
    moments: Moments<Rational>,
    means: Option<(DVector<Rational>, Rational)>,
    treatment: Treatment,
    names: Option<Vec<String>>,
) -> Result<Problem> {
    let Some((of_x, of_y)) = means else { return Problem::from_exact(place, n, moments, names) };
    let means = Means::new(&moments, &of_x, &of_y, |q| Interval::from_rational(q, 53));
    let centred = moments.centred(&of_x, &of_y);
    let problem = match treatment {
        Treatment::Standardised { target } => Problem::from_standardised(place, n, centred, target, names)?,
        Treatment::Centred | Treatment::Raw => Problem::from_exact(place, n, centred, names)?,
    };
    Ok(problem.with_means(means))
}

/// The d columns, without copying doubles.
fn of_entries<'a>(entries: &'a Entries<'_>, n: usize, d: usize) -> Vec<Column<'a>> {
    let of_columns = |v: &'a [f64]| v.chunks_exact(n).map(Column::of_doubles).collect();
    match entries {
        Entries::Rows(v) => Column::of_rows(v, d),
        Entries::Columns(v) => of_columns(v),
        Entries::Read(Values::Float(v)) => of_columns(v),
        Entries::Read(values) => (0..d).map(|j| Column::of_decimals(values, j * n..(j + 1) * n)).collect(),
    }
}

/// Exact at any length of the numbers, at the cost of long integers.
fn in_integers(data: Data<'_>, treatment: Treatment) -> Result<Problem> {
    let (n, d) = (data.rows, data.columns);
    let x = DMatrix::from_vec(n, d, data.x.to_rationals(n, d));
    let y = DVector::from_vec(data.y.to_rationals(n, 1));
    let moments: Moments<Rational> = exact_moments(&x, &y);
    let ones = DMatrix::from_element(n, 1, Rational::from(1));
    let mean = |v: &DVector<Rational>| exact_moments(&ones, v).cross[0].clone();
    let means = || (DVector::from_fn(d, |j, _| mean(&x.column(j).into_owned())), mean(&y));
    let means = (treatment != Treatment::Raw).then(means);
    exactly(&data.place, n, moments, means, treatment, data.names)
}

/// `roots` are the standard deviations, certainly positive. The diagonal, and with `target` the power, is exactly 1.
fn standardised(m: Moments<Big>, roots: &[Big], target: bool) -> Moments<Big> {
    let d = roots.len();
    let correlation = |i: usize, j: usize| {
        if i == j { Big::from_i64(1) } else { m.sigma[(i, j)].clone() / (roots[i].clone() * roots[j].clone()) }
    };
    let (unit, power) = if target { (m.power.sqrt(), Big::from_i64(1)) } else { (Big::from_i64(1), m.power.clone()) };
    Moments {
        sigma: DMatrix::from_fn(d, d, correlation),
        cross: DVector::from_fn(d, |i, _| m.cross[i].clone() / (roots[i].clone() * unit.clone())),
        power,
    }
}
