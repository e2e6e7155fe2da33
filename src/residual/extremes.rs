//! Enclosures of the extreme values themselves, for a whole curve of thresholds at once.
//!
//! The verdicts about one trial are monotone in their thresholds, and each is proved; so a bisection by proofs would do. Cheaper:
//! one sweep in double precision certifies, at every prefix, that sigma_min(P_k) is at least the least value met so far (and norm(P_k) at
//! most the greatest), each widened by a relative `SLACK`. Only where that fails is an eigenvector asked for: its stretch proves that the
//! new record is attained, to within the error bound, and the record moves.

use super::kernel::{Advance, Factor, Lanes};
use super::trial::Setup;
use super::verdict::{Course, Wide, bounds, stretch};
use crate::arithmetic::upward::{add, div};
use crate::error::{Error, Result};
use crate::linalg::approximate_eigen;
use nalgebra::DMatrix;

/// Relative distance between a record and what is certified.
const SLACK: f64 = 2e-10;

/// Bounds of one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Enclosed {
    /// At most the number.
    pub lo: f64,
    /// At least the number.
    pub hi: f64,
}

/// The extreme values of one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// max_k norm(P_k).
    pub norm: Enclosed,
    /// min_k sigma_min(P_k).
    pub sigma_min: Enclosed,
}

/// Rigorous enclosures of both extreme values, of relative width about 4e-10 unless P_k is close to singular. An error where the products
/// are too ill conditioned for double precision.
pub fn extremes(setup: &Setup, trial: u64) -> Result<Extremes> {
    if setup.s() == 0.0 {
        let one = Enclosed { lo: 1.0, hi: 1.0 };
        return Ok(Extremes { norm: one, sigma_min: one });
    }
    let (d, arch, wide) = (setup.d(), pulp::Arch::new(), Wide::<f64>::new(setup.d()));
    let mut lanes = Lanes::<f64, 1>::new(d);
    let mut course = Course::new(setup, trial, f64::INFINITY);
    let mut norm = Enclosed { lo: 0.0, hi: 0.0 };
    let mut sigma_min = Enclosed { lo: f64::INFINITY, hi: f64::INFINITY };
    for k in 1..=setup.depth() {
        let lost = || {
            Error::usage(format!(
                "Lemma 3, trial {trial}: P_{k} is too ill conditioned to be enclosed in double precision"
            ))
        };
        for e in &mut lanes.e {
            *e = [setup.scale() * course.draws.next_normal()];
        }
        let sums = arch.dispatch(Advance(&mut lanes));
        let b = bounds(d, &sums, 0, &course).ok_or_else(lost)?;
        let floor = |lanes: &mut Lanes<f64, 1>, level: f64| {
            let shift = wide.lower_shift(level, &b);
            shift.is_finite() && arch.dispatch(Factor(lanes, false, [-shift]))[0]
        };
        let ceiling = |lanes: &mut Lanes<f64, 1>, limit: f64| {
            add(b.norm, b.error) <= limit || arch.dispatch(Factor(lanes, true, [wide.upper_shift(limit, &b)]))[0]
        };
        let (low, high) = (floor(&mut lanes, sigma_min.lo), ceiling(&mut lanes, norm.hi));
        if !(low && high) {
            let product = DMatrix::from_fn(d, d, |i, j| lanes.p[j * d + i][0]);
            let (_, vectors) = approximate_eigen(&(product.transpose() * &product)).ok_or_else(lost)?;
            if !low {
                let (image, length) = stretch(&product, vectors.column(0).as_slice(), &b);
                let value = div(image.1, length.0);
                sigma_min.hi = sigma_min.hi.min(value);
                sigma_min.lo =
                    widen(|slack| value * (1.0 - slack), |t| floor(&mut lanes, t)).ok_or_else(lost)?.min(sigma_min.lo);
            }
            if !high {
                let (image, length) = stretch(&product, vectors.column(d - 1).as_slice(), &b);
                let value = (image.0 / length.1).next_down();
                norm.lo = norm.lo.max(value);
                norm.hi =
                    widen(|slack| value * (1.0 + slack), |t| ceiling(&mut lanes, t)).ok_or_else(lost)?.max(norm.hi);
            }
        }
        course.level = sigma_min.lo;
        course.follow(&b);
    }
    Ok(Extremes { norm, sigma_min })
}

/// The first threshold, with growing slack, that is certified.
fn widen(threshold: impl Fn(f64) -> f64, mut certified: impl FnMut(f64) -> bool) -> Option<f64> {
    let mut slack = SLACK;
    while slack < 1.0 {
        let t = threshold(slack);
        if certified(t) {
            return Some(t);
        }
        slack *= 8.0;
    }
    None
}
