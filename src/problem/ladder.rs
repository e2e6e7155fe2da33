//! From data to a [`Problem`]: moments exact wherever that is possible, w*, lambda and R_min by the cheapest proof that is good enough.
//!
//! | step | moments | w*, R_min | lambda, Lambda |
//! | --- | --- | --- | --- |
//! | usual | exact ([`Gram`]: any n, linear in n) | exact up to [`LIFTED`] columns, else enclosed ([`refine`](super::refine)) | doubles, then MPFR |
//! | digits beyond 140 bits in a column | exact in long integers while `n d^2 <=` [`EXACT_WORK`], else enclosed to 2^-138 | as above, or enclosed | as above |

use super::gram::{Column, Gram};
use super::load::Data;
use super::moments::exact_moments;
use super::{EXACT_WORK, Moments, Problem, constant, label, refine};
use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::error::Result;
use crate::input::Values;
use nalgebra::{DMatrix, DVector};

/// The problem of X and y, standardised if asked for.
pub(super) fn from_data(data: Data, standardise: bool) -> Result<Problem> {
    let (n, d) = (data.rows, data.columns);
    let mut columns = of_values(&data.x, n);
    columns.extend(of_values(&data.y, n));
    if standardise {
        columns.push(Column::of_ones(n));
    }
    let gram = Gram::new(&columns, n);
    drop(columns);
    let means = |i: usize| gram.mean(i, d + 1).clone();
    if gram.is_exact() {
        if !standardise {
            return Problem::from_exact(&data.place, n, gram.exact(d), data.names);
        }
        let (of_x, of_y) = (DVector::from_fn(d, |j, _| means(j)), means(d));
        let centred = gram.exact(d).centred(&of_x, &of_y);
        return Problem::from_standardised(&data.place, n, centred, data.names);
    }
    if n.saturating_mul(d).saturating_mul(d) <= EXACT_WORK {
        return in_integers(data, standardise);
    }
    let mut moments = gram.enclosures(d, refine::BITS);
    if standardise {
        let mean = |i: usize| gram.enclosed(i, d + 1, refine::BITS);
        moments = moments.centred(&DVector::from_fn(d, |j, _| mean(j)), &mean(d));
        let roots: Vec<Big> = (0..d).map(|j| moments.sigma[(j, j)].sqrt()).collect();
        if let Some(j) = roots.iter().position(|r| !r.is_positive()) {
            return Err(constant(&data.place, &label(j, data.names.as_deref())));
        }
        moments = standardised(moments, &roots);
    }
    Problem::from_enclosed(&data.place, n, moments, data.names)
}

fn of_values(values: &Values, n: usize) -> Vec<Column<'_>> {
    match values {
        Values::Float(v) => v.chunks_exact(n).map(Column::of_doubles).collect(),
        Values::Decimal(_) => {
            (0..values.len()).step_by(n).map(|from| Column::of_decimals(values, from..from + n)).collect()
        }
    }
}

/// Exact at any length of the numbers, at the cost of long integers.
fn in_integers(data: Data, standardise: bool) -> Result<Problem> {
    let (n, d) = (data.rows, data.columns);
    let x = DMatrix::from_vec(n, d, data.x.to_rationals());
    let y = DVector::from_vec(data.y.to_rationals());
    let moments: Moments<Rational> = exact_moments(&x, &y);
    if !standardise {
        return Problem::from_exact(&data.place, n, moments, data.names);
    }
    let ones = DMatrix::from_element(n, 1, Rational::from(1));
    let mean = |v: &DVector<Rational>| exact_moments(&ones, v).cross[0].clone();
    let means = DVector::from_fn(d, |j, _| mean(&x.column(j).into_owned()));
    let centred = moments.centred(&means, &mean(&y));
    Problem::from_standardised(&data.place, n, centred, data.names)
}

fn standardised(m: Moments<Big>, roots: &[Big]) -> Moments<Big> {
    let d = roots.len();
    let correlation = |i: usize, j: usize| {
        if i == j { Big::from_i64(1) } else { m.sigma[(i, j)].clone() / (roots[i].clone() * roots[j].clone()) }
    };
    Moments {
        sigma: DMatrix::from_fn(d, d, correlation),
        cross: DVector::from_fn(d, |i, _| m.cross[i].clone() / roots[i].clone()),
        power: m.power.clone(),
    }
}
