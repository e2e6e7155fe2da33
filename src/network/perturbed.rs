//! Products of square layers of which each is perturbed: factors whose products stay bounded, and theta_k in a ball
//! that are locally the worst for `(W_k + theta_k/L) .. (W_1 + theta_1/L)`.
//!
//! From a drawn start, each theta_k of a drawn prefix in turn is moved to the rank-one matrix of norm equal to the
//! radius that, to first order, lowers the smallest singular value (or raises the largest) of the perturbed prefix
//! product most: the exact maximiser of the linearisation. The theta_k after that prefix stay as drawn.
//!
//! They serve Lemma 9, `sigma_min` and norm of `(W_k + theta_k/L) .. (W_1 + theta_1/L)` for
//! `max_k norm(theta_k) <= r`: a search that finds bad theta makes an instance that tests the lemma where it is
//! nearly false. What is found is a proposal in doubles; [`inside`] makes rationals of it that lie in the ball for
//! certain, and the claim evaluates those.
//!
//! **Why rank one.** For singular vectors u, v of the product, `u^T A (theta_k/L) B v = <theta_k, A^T u (B v)^T> / L`
//! with A the factors after and B those before layer k: over the Frobenius ball, which lies in the ball of the
//! operator norm, and over the latter as well, its maximum is at `r a b^T` with the unit vectors a along `A^T u` and
//! b along `B v`.

use super::products::{bounds, prefixes};
use crate::arithmetic::Rational;
use crate::linalg::norm_above;
use crate::problem::draw::{normal_matrix, small_matrix};
use crate::problem::generate::orthogonal;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// An exact d x d matrix.
type Matrix = DMatrix<Rational>;

/// The tightest admissible `(m, M)`, enclosed with so many bits: M at least 1, m below 1 and positive; `None` if the
/// factors admit none.
pub fn tightest(layers: &[Matrix], bits: u32) -> Option<(Rational, Rational)> {
    let (low, high) = bounds(prefixes(layers), bits)?;
    Some((low.min(Rational::new(999, 1000)), high))
}

/// Factors with bounded prefix products, rational.
///
/// Rotations (singular values 1), diagonal matrices that undo each other, residual layers, or shears and their
/// inverses; and the name of the kind. `None` where no rotation was made.
pub fn factors(rng: &mut ChaCha8Rng, depth: usize, d: usize) -> Option<(Vec<Matrix>, &'static str)> {
    let pick = rng.random_range(0..4);
    let layer = |k: usize| match pick {
        0 => orthogonal(d, rng.random()).ok(),
        // Alternately shrinking and growing: prefix products between 1/4 and 4.
        1 => {
            let up = if k.is_multiple_of(2) { Rational::from(4) } else { Rational::new(1, 4) };
            let diagonal = [up.clone(), 1 / up].into_iter().chain(std::iter::repeat_with(Rational::one));
            Some(DMatrix::from_diagonal(&DVector::from_iterator(d, diagonal.take(d))))
        }
        2 => Some(Matrix::identity(d, d) + small_matrix(rng, d, d, 4, 8 * depth as i64)),
        // A shear and its inverse in turn.
        _ => {
            let mut shear = Matrix::identity(d, d);
            if d > 1 {
                shear[(0, 1)] = Rational::from(if k.is_multiple_of(2) { 2 } else { -2 });
            }
            Some(shear)
        }
    };
    let layers: Option<Vec<Matrix>> = (0..depth).map(layer).collect();
    Some((layers?, ["rotations", "diagonal", "residual", "shears"][pick]))
}

/// Rounds to rationals and scales into the ball of the given radius with certainty.
///
/// `radius` >= 0 bounds the operator norm, of which `bits` give an upper bound. The direction of t is kept to 24
/// bits; zero and what is not finite become the zero matrix. `None` where the norm is not bounded or the scale is no
/// double.
pub fn inside(t: &DMatrix<f64>, radius: &Rational, bits: u32) -> Option<Matrix> {
    let norm = t.norm();
    if norm == 0.0 || !norm.is_finite() {
        return Some(Matrix::zeros(t.nrows(), t.ncols()));
    }
    // 24 bits of direction are ample; short rationals keep the exact products cheap.
    let unit = t.map(|v| Rational::new((v / norm * f64::from(1 << 24)).round() as i64, 1 << 24));
    let size = norm_above(&unit, bits)?;
    if size.is_zero() {
        return Some(unit);
    }
    let scale = radius / size;
    // Shortened toward zero, so that the scaled matrix stays inside.
    let scale = Rational::from_f64(scale.to_f64() * (1.0 - f64::EPSILON * 4.0))?;
    Some(unit.map(|v| v * &scale))
}

/// Rounds of the block-coordinate ascent; it settles within three.
const ROUNDS: usize = 4;

/// Locally worst theta: each theta_k in turn maximises the linearisation of the objective over the ball.
///
/// `layers` are W_1, ..., W_L, `radius` = r; the prefix whose extreme singular value is worked on is drawn. With
/// `least` the smallest singular value is lowered, else the largest is raised. L matrices of Frobenius norm about r;
/// where the decomposition fails, those that were found before.
pub fn worst(rng: &mut ChaCha8Rng, layers: &[Matrix], radius: f64, least: bool) -> Vec<DMatrix<f64>> {
    let depth = layers.len();
    let d = layers[0].nrows();
    let w: Vec<DMatrix<f64>> = layers.iter().map(|l| l.map(|q| q.to_f64())).collect();
    let mut theta: Vec<DMatrix<f64>> =
        (0..depth).map(|_| normal_matrix(rng, d, d)).map(|t| &t * (radius / t.norm().max(f64::MIN_POSITIVE))).collect();
    let last = rng.random_range(0..depth);
    for _ in 0..ROUNDS {
        for k in 0..=last {
            let moved = |j: usize| &w[j] + &theta[j] / depth as f64;
            let before = (0..k).fold(DMatrix::identity(d, d), |p: DMatrix<f64>, j| moved(j) * p);
            let after = (k + 1..=last).fold(DMatrix::identity(d, d), |p: DMatrix<f64>, j| moved(j) * p);
            let product = &after * moved(k) * &before;
            let svd = product.svd(true, true);
            let (Some(u), Some(v)) = (svd.u, svd.v_t) else { return theta };
            let at = if least { svd.singular_values.imin() } else { svd.singular_values.imax() };
            let a = after.tr_mul(&u.column(at));
            let b = &before * v.row(at).transpose();
            let size = a.norm() * b.norm();
            if size > 0.0 {
                let sign = if least { -1.0 } else { 1.0 };
                theta[k] = (&a * b.transpose()) * (sign * radius / size);
            }
        }
    }
    theta
}
