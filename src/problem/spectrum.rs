//! lambda, Lambda and w* from second moments.

use super::Moments;
use super::lifting::{self, Solution};
use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::linalg::{cholesky, largest_eigenvalue, smallest_eigenvalue, triangular_solve};
use nalgebra::{DMatrix, DVector};

/// Relative width at which an enclosed eigenvalue is as good as its f64 ends can say.
const SHARP: f64 = 1e-14;

/// w* exactly, or the first column of sigma that depends on those before it, with the coefficients of the combination.
pub(super) fn optimum(moments: &Moments<Rational>) -> Result<DVector<Rational>, (usize, Vec<Rational>)> {
    match lifting::solve(&moments.sigma, moments.cross.as_slice()) {
        Some(Solution::Unique(w)) => return Ok(DVector::from_vec(w)),
        Some(Solution::Dependent(column, coefficients)) => return Err((column, coefficients)),
        None => {}
    }
    let right = DMatrix::from_column_slice(moments.dimension(), 1, moments.cross.as_slice());
    let eliminated = crate::linalg::solve(&moments.sigma, &right);
    eliminated.map(|w| DVector::from_column_slice(w.as_slice())).map_err(|column| (column, Vec::new()))
}

/// Smallest and largest eigenvalue of a positive definite matrix known at any precision, which is raised until both are sharp.
pub(super) fn spectrum(sigma: impl Fn(u32) -> DMatrix<Big>) -> (Interval, Interval) {
    let mut best = (Interval::new(0.0, f64::INFINITY), Interval::new(0.0, f64::INFINITY));
    for bits in [128, 256, 512, 1024] {
        let s = sigma(bits);
        best = extremes(&s);
        if best.0.lo() > 0.0 && best.0.width() <= SHARP * best.0.lo() {
            break;
        }
    }
    best
}

/// Enclosures of both extreme eigenvalues.
///
/// The smallest is enclosed twice: directly, and as the reciprocal of the largest eigenvalue of the enclosed inverse. The first is
/// cheap; its Rayleigh quotient is as good as an f64 eigenvector, which for condition numbers near 10^16 says nothing about
/// lambda. The second stays relatively sharp.
pub(super) fn extremes<E: Enclosure>(sigma: &DMatrix<E>) -> (Interval, Interval) {
    let direct = smallest_eigenvalue(sigma).to_interval();
    let largest = largest_eigenvalue(sigma).to_interval();
    if direct.lo() > 0.0 && direct.width() <= SHARP * direct.lo() {
        return (direct, largest);
    }
    let Some(inverse) = inverse(sigma) else { return (direct, largest) };
    let reciprocal = (E::one() / largest_eigenvalue(&inverse)).to_interval();
    (direct.intersection(&reciprocal).unwrap_or(Interval::ENTIRE), largest)
}

/// The enclosed inverse, by Cholesky; `None` unless positive definiteness is proved.
fn inverse<E: Enclosure>(sigma: &DMatrix<E>) -> Option<DMatrix<E>> {
    let d = sigma.nrows();
    let factor = cholesky(sigma)?;
    let mut out = DMatrix::zeros(d, d);
    for j in 0..d {
        let mut unit = DVector::zeros(d);
        unit[j] = E::one();
        let column = triangular_solve(&factor, &triangular_solve(&factor, &unit, false), true);
        out.set_column(j, &column);
    }
    Some(out)
}
