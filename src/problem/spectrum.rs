//! lambda, Lambda and w* from second moments.
//!
//! lambda enters the paper's least sharpness `S_min = 2 L lambda norm(w*)^(2 - 2/L)` and its rates of convergence, and
//! for badly conditioned data it is the number that doubles do not find: `lambda / Lambda` below `10^-19` occurs among
//! the embedded data. So it is enclosed in MPFR, at rising precision, until doubles could not say it more sharply.

use super::Moments;
use super::lifting::{self, Solution};
use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::error::Error;
use crate::linalg::ball::BallMatrix;
use crate::linalg::{cholesky, dense, largest_eigenvalue, smallest_eigenvalue, triangular_solve};
use nalgebra::{DMatrix, DVector};

/// Relative width at which an enclosed eigenvalue is as good as its f64 ends can say.
const SHARP: f64 = 1e-14;

/// w* exactly, or the first column of sigma that depends on those before it, with the coefficients of the combination.
///
/// Lifting first; elimination over the rationals where no prime served. Without coefficients, other than for column 0,
/// sigma is not semidefinite.
pub(super) fn optimum(moments: &Moments<Rational>) -> Result<DVector<Rational>, (usize, Vec<Rational>)> {
    match lifting::solve(&moments.sigma, moments.cross.as_slice()) {
        Some(Solution::Unique(w)) => return Ok(DVector::from_vec(w)),
        Some(Solution::Dependent(column, coefficients)) => return Err((column, coefficients)),
        None => {}
    }
    let right = DMatrix::from_column_slice(moments.dimension(), 1, moments.cross.as_slice());
    let list = |solution: DMatrix<Rational>| solution.as_slice().to_vec();
    crate::linalg::solve(&moments.sigma, &right).map(|w| DVector::from_vec(list(w))).map_err(|j| {
        let part = |from, columns| moments.sigma.view((0, from), (j, columns)).into_owned();
        (j, crate::linalg::solve(&part(0, j), &part(j, 1)).map(list).unwrap_or_default())
    })
}

/// Whether sigma is regular, exactly; else the first column that depends on those before it, and the coefficients.
///
/// `Ok` also where no prime served: whoever relies on full rank proves it otherwise.
pub(super) fn full_rank(moments: &Moments<Rational>) -> Result<(), (usize, Vec<Rational>)> {
    match lifting::dependence(&moments.sigma) {
        Some(found) => Err(found),
        None => Ok(()),
    }
}

/// Smallest and largest eigenvalue of a positive definite matrix known at any precision, which is raised until both are
/// sharp: `2^k` times what is returned beside k, which is 0 unless doubles could not hold their squares.
///
/// `sigma(bits)` is asked for at 128, 256, 512 and 1024 bits, as far as needed; what each precision finds is
/// intersected. The relative width that is aimed at is `1e-14` up to 64 columns, and `1e-9` beyond, where doubles are
/// asked first. After 1024 bits what is known is returned, however wide.
///
/// # Errors
/// Enclosures that contradict each other: a bug.
pub(super) fn spectrum(sigma: impl Fn(u32) -> DMatrix<Big>) -> Result<(i32, (Interval, Interval)), Error> {
    let mut known = (Interval::ENTIRE, Interval::ENTIRE);
    let mut s = sigma(128);
    let k = s.diagonal().iter().filter_map(Big::exponent).max().filter(|k| k.abs() > SAFE).unwrap_or(0);
    let scaled = |s: DMatrix<Big>| if k == 0 { s } else { s.map(|v| v.scale(-k)) };
    s = scaled(s);
    let large = s.nrows() > IN_DOUBLES;
    if large {
        let ends = dense::extremes(&BallMatrix::from_enclosures(&s));
        known = (known.0.meet(&ends.smallest)?, known.1.meet(&ends.largest)?);
    }
    let wanted = if large { ENOUGH } else { SHARP };
    for bits in [128, 256, 512, 1024] {
        if known.0.is_positive() && known.0.width() <= wanted * known.0.lo() {
            break;
        }
        if bits > 128 {
            s = scaled(sigma(bits));
        }
        known.0 = known.0.meet(&smallest(&s)?)?;
        if !(known.1.is_positive() && known.1.width() <= wanted * known.1.lo()) {
            known.1 = known.1.meet(&largest_eigenvalue(&s).to_interval())?;
        }
    }
    // Sigma is positive semidefinite; if it is certainly not, these are the moments of no data, and the caller says so.
    let smallest = known.0.intersection(&Interval::new(0.0, f64::INFINITY)).unwrap_or(known.0);
    Ok((k, (smallest, known.1)))
}

/// Exponents of Sigma up to which its squares, and those of what is made of it, are doubles.
const SAFE: i32 = 200;
/// Beyond this size doubles come first: arithmetic in MPFR takes seconds where they take milliseconds.
const IN_DOUBLES: usize = 64;
/// Relative width at which an eigenvalue from doubles is kept.
const ENOUGH: f64 = 1e-9;

/// Enclosure of the smallest eigenvalue.
///
/// It is enclosed twice: directly, and as the reciprocal of the largest eigenvalue of the enclosed inverse. The first
/// is cheap; its Rayleigh quotient is as good as an f64 eigenvector, which for condition numbers near 10^16 says
/// nothing about lambda. The second stays relatively sharp.
///
/// # Errors
/// Enclosures that contradict each other: a bug.
fn smallest<E: Enclosure>(sigma: &DMatrix<E>) -> Result<Interval, Error> {
    let direct = smallest_eigenvalue(sigma).to_interval();
    if direct.lo() > 0.0 && direct.width() <= SHARP * direct.lo() {
        return Ok(direct);
    }
    let Some(inverse) = inverse(sigma) else { return Ok(direct) };
    direct.meet(&(E::one() / largest_eigenvalue(&inverse)).to_interval())
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
