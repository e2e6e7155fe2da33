//! Data too large for exact moments: enclosed moments, and w* and R_min proved from an approximate solution.

use super::load::Data;
use super::moments::{UNIT, enclosed_moments};
use super::{Moments, Problem, Second, constant, dot, label, norm_squared, spectrum};
use crate::arithmetic::{Enclosure, Interval, Rational, Real, Ring};
use crate::error::{Error, Result};
use crate::input::Values;
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;

/// From X and y, taken as doubles within one rounding of the given numbers.
pub(super) fn from_data(data: Data, standardise: bool) -> Result<Problem> {
    let (n, d) = (data.rows, data.columns);
    let names = data.names.as_deref();
    let ((x, error_x), (y, error_y)) = (doubles(&data.x, n, standardise), doubles(&data.y, n, standardise));
    let error = error_x.max(error_y);
    let x = DMatrix::from_vec(n, d, x);
    let y = DVector::from_vec(y);
    let mut moments = enclosed_moments(&x, &y, error);
    if standardise {
        let mean = |v: &[f64]| mean(v, error);
        let means = DVector::from_fn(d, |j, _| mean(&x.as_slice()[j * n..(j + 1) * n]));
        moments = moments.centred(&means, &mean(y.as_slice()));
        let roots: Vec<Interval> = (0..d).map(|j| moments.sigma[(j, j)].sqrt()).collect();
        if let Some(j) = roots.iter().position(|r| !r.is_positive()) {
            return Err(constant(&data.place, &label(j, names)));
        }
        moments = standardised(moments, &roots);
    }
    finish(&data.place, n, moments, data.names)
}

/// The nearest doubles of columns of length n, each shifted by a double near its mean if asked for, and a bound on their relative error.
///
/// The shift leaves the moments about the means alone and keeps their cancellation small. The difference is rounded once.
fn doubles(values: &Values, n: usize, shifted: bool) -> (Vec<f64>, f64) {
    let mean = |column: &mut dyn Iterator<Item = f64>| if shifted { column.sum::<f64>() / n as f64 } else { 0.0 };
    match values {
        Values::Float(v) => {
            let shift = |column: &[f64]| {
                let m = mean(&mut column.iter().copied());
                column.iter().map(|x| x - m).collect::<Vec<f64>>()
            };
            (v.chunks_exact(n).flat_map(shift).collect(), if shifted { UNIT } else { 0.0 })
        }
        Values::Decimal(_) => {
            let nearest = values.nearest();
            let shift = |j: usize| {
                let m = mean(&mut nearest[j * n..(j + 1) * n].iter().copied());
                let m = Rational::from_f64(m).unwrap_or_else(Rational::zero);
                (j * n..(j + 1) * n).map(move |i| values.rational(i) - m.clone())
            };
            let exact: Vec<Rational> = (0..nearest.len() / n).flat_map(shift).collect();
            let v: Vec<f64> = exact.iter().map(Rational::to_f64).collect();
            // Below the smallest normal number rounding is not relative: nothing is claimed then.
            let lost = v.iter().zip(&exact).any(|(v, q)| v.abs() < f64::MIN_POSITIVE && q.sign() != 0);
            (v, if lost { f64::INFINITY } else { UNIT })
        }
    }
}

/// The mean of numbers within the relative distance `error` of `v`.
fn mean(v: &[f64], error: f64) -> Interval {
    let sum = v.iter().fold(Interval::zero(), |s, &x| s + Interval::point(x));
    let size = v.iter().fold(Interval::zero(), |s, &x| s + Interval::point(x.abs()));
    let radius = size * Interval::point(error);
    (sum + Interval::symmetric(radius.hi())) / Interval::from_i64(v.len() as i64)
}

fn standardised(m: Moments<Interval>, roots: &[Interval]) -> Moments<Interval> {
    let d = roots.len();
    let one = Interval::point(1.0);
    Moments {
        sigma: DMatrix::from_fn(d, d, |i, j| if i == j { one } else { m.sigma[(i, j)] / (roots[i] * roots[j]) }),
        cross: DVector::from_fn(d, |i, _| m.cross[i] / roots[i]),
        power: m.power,
    }
}

/// w* and R_min from enclosed moments.
///
/// For any v, with the residual `r = cross - sigma v`: `w* - v = sigma^-1 r`, so that `norm(w* - v) <= norm(r) / lambda`, and
/// `R(v) - R_min = r^T sigma^-1 r`, which lies between 0 and `norm(r)^2 / lambda`. v is an f64 solution, refined once.
fn finish(place: &str, samples: usize, moments: Moments<Interval>, columns: Option<Vec<String>>) -> Result<Problem> {
    let (lambda, lambda_max) = spectrum::extremes(&moments.sigma);
    let unproved = || unproved(place, &moments, lambda, columns.as_deref());
    if !lambda.is_positive() {
        return Err(unproved());
    }
    let mid = moments.map(Interval::mid);
    let factor = mid.sigma.clone().cholesky().ok_or_else(unproved)?;
    let mut v = factor.solve(&mid.cross);
    let residual = |v: &DVector<f64>| &moments.cross - &moments.sigma * v.map(Interval::point);
    v += factor.solve(&residual(&v).map(|r| r.mid()));
    let rest = residual(&v);
    let square = norm_squared(rest.iter());
    let radius = (square.sqrt() / lambda).hi();
    let v = v.map(Interval::point);
    let w_star = v.map(|x| x + Interval::symmetric(radius));
    let gap = (square / lambda).hi();
    // R(v) = power - v^T (cross + r), as r = cross - sigma v.
    let at_v = moments.power - dot(&v, &(&moments.cross + &rest));
    let below = at_v - Interval::new(0.0, gap);
    let r_min = below.intersection(&Interval::new(0.0, f64::INFINITY)).unwrap_or(below);
    let second = Second::Enclosed { moments };
    Ok(Problem {
        name: place.to_string(),
        samples,
        columns,
        second,
        w_star,
        lambda,
        lambda_max,
        r_min,
        enclosed: std::sync::OnceLock::new(),
    })
}

/// The refusal where full rank could not be proved: the columns with the largest part in the direction of smallest variance.
fn unproved(place: &str, moments: &Moments<Interval>, lambda: Interval, names: Option<&[String]>) -> Error {
    let mid = moments.sigma.map(|v| v.mid());
    let mut columns: Vec<usize> = (0..moments.dimension()).collect();
    if let Some((_, vectors)) = crate::linalg::approximate_eigen(&mid) {
        // In units of each column's own size, or a badly scaled column would always be named.
        let part = |j: usize| (vectors[(j, 0)] * mid[(j, j)].abs().sqrt()).abs();
        columns.sort_by(|&a, &b| part(b).total_cmp(&part(a)));
    }
    // Two columns are the least that can depend on each other.
    let named: Vec<String> = columns.iter().take(2).map(|&j| label(j, names)).collect();
    let what = format!(
        "X could not be proved to have full rank (Assumption (A1)): lambda is in [{:e}, {:e}]; columns most involved: {}",
        lambda.lo(),
        lambda.hi(),
        named.join(", ")
    );
    Error::input(place, what)
}
