//! w* and R_min by iterative refinement: for moments that are not exact, or too large for an exact solution.
//!
//! With `S = D Sigma D`, D the powers of two that bring the diagonal near 1 (so that units of the columns do not
//! matter), and any v, let `r = D cross - S v`. Then `D^-1 w* - v = S^-1 r`, so that
//! `norm(D^-1 w* - v) <= norm(r) / mu` for every lower bound mu > 0 of the smallest eigenvalue of S, and
//! `R(D v) - R_min = r^T S^-1 r` lies between 0 and `norm(r)^2 / mu`. An approximate factor of S proposes the
//! corrections of v; r is enclosed in MPFR. A factor in doubles serves up to condition numbers near 10^13, one in MPFR
//! beyond.
//!
//! **What is certified.** The bounds above hold for any v: the corrections decide their width only. That r is
//! enclosed at 320 bits makes the radius small once v is good, as `norm(r)` is then far below `norm(cross)`; mu
//! enters as a plain factor, so a crude lower bound costs a few bits of the answer.
//!
//! **Derivation of the second bound.** With `e = D^-1 w* - v` and `S e = r`: `R(D v) - R_min = e^T S e = r^T S^-1 r`,
//! as R is quadratic with the Hessian `2 Sigma` and w* its minimiser; the eigenvalues of `S^-1` lie between 0 and
//! `1 / mu`.
//!
//! Cost: O(d^3) for mu and the factor, then O(d^2) for each round.

use super::{Moments, dot, norm_squared};
use crate::arithmetic::{Big, Enclosure, Real};
use crate::linalg::ball::BallMatrix;
use crate::linalg::{Factor, dense, smallest_eigenvalue};
use nalgebra::{Cholesky, DMatrix, DVector};
use num_traits::Zero;
use rug::Float;

/// Precision of the moments and of the residual.
pub(super) const BITS: u32 = 320;
/// Relative width at which v is good enough: every digit that anybody asks for, with room for entries far below the
/// largest.
const ENOUGH: i32 = 240;
/// Rounds of refinement; a factor in doubles gains three digits or more in each.
const ROUNDS: usize = 100;

/// What refinement found.
pub(super) struct Refined {
    /// w*, entry by entry.
    pub w_star: DVector<Big>,
    /// R_min.
    pub r_min: Big,
}

/// The powers of two that bring the diagonal of sigma near 1.
///
/// Of each diagonal entry half the exponent, negated: `2^(2 k) sigma_jj` lies between 1/2 and 2. Zero for a zero
/// entry.
fn scales(sigma: &DMatrix<Big>) -> Vec<i32> {
    sigma.diagonal().iter().map(|v| v.exponent().map_or(0, |e| -e.div_euclid(2))).collect()
}

/// D Sigma D.
///
/// Exact: only exponents change.
fn scaled(sigma: &DMatrix<Big>, scales: &[i32]) -> DMatrix<Big> {
    sigma.map_with_location(|i, j, v| v.scale(scales[i] + scales[j]))
}

/// From moments at [`BITS`]; `None` where no positive lower bound of the spectrum was found.
///
/// Without `lambda`, a lower bound of the smallest eigenvalue of Sigma, only doubles propose and prove: fast, and
/// enough for condition numbers up to about 10^12.
///
/// A positive mu proves that Sigma is positive definite, so X has full rank. With `lambda` the order of bounds is:
/// doubles; `lambda` times the least square of D; the enclosed smallest eigenvalue of S. `None` also where no factor
/// is found.
pub(super) fn refine(moments: &Moments<Big>, lambda: Option<&Big>) -> Option<Refined> {
    let scales = scales(&moments.sigma);
    let s = scaled(&moments.sigma, &scales);
    let right = DVector::from_fn(scales.len(), |i, _| moments.cross[i].scale(scales[i]));
    let ball = BallMatrix::from_enclosures(&s);
    let mu = Big::from_f64(-dense::largest(&ball.negated()).hi(), BITS);
    if mu.is_positive() {
        let factor = Cholesky::new(ball.mid().clone())?;
        let solve = |r: &DVector<Big>| {
            let k = r.iter().filter_map(Big::exponent).max().unwrap_or(0);
            let z = factor.solve(&r.map(|v| v.scale(-k).point().to_f64()));
            z.map(|v| Big::from_f64(v, BITS).scale(k))
        };
        return Some(iterate(moments, &s, &right, &scales, &mu, solve));
    }
    // No eigenvalue of D Sigma D is below that of Sigma times the least square of D.
    let mu = lambda?.scale(2 * scales.iter().min()?);
    let mu = if mu.is_positive() { mu } else { smallest_eigenvalue(&s) };
    let mu = mu.lower_end();
    if !mu.is_positive() {
        return None;
    }
    let factor = Factor::new(&s)?;
    let solve = |r: &DVector<Big>| {
        let mut x: Vec<Float> = r.iter().map(|v| Float::with_val(BITS, v.point())).collect();
        factor.solve(&mut x);
        DVector::from_iterator(x.len(), x.iter().map(Big::from_point))
    };
    Some(iterate(moments, &s, &right, &scales, &mu, solve))
}

/// The rounds end where the radius is zero or `2^-240` of the largest entry of v, where a round does not halve it, or
/// after [`ROUNDS`]; the last v that improved is kept. `mu > 0`, and `right` is D cross. Whatever `solve` returns, w*
/// and R_min lie in the result.
fn iterate(
    moments: &Moments<Big>,
    s: &DMatrix<Big>,
    right: &DVector<Big>,
    scales: &[i32],
    mu: &Big,
    solve: impl Fn(&DVector<Big>) -> DVector<Big>,
) -> Refined {
    // By columns, in place: S is symmetric, and a temporary costs more than a product.
    let residual = |v: &DVector<Big>| {
        DVector::from_fn(v.len(), |i, _| {
            let mut r = right[i].clone();
            s.column(i).iter().zip(v.iter()).for_each(|(a, x)| r.sub_product(a, x));
            r
        })
    };
    let norm = |r: &DVector<Big>| norm_squared(r.iter()).sqrt().upper_end();
    let mut v = DVector::from_element(right.len(), Big::zero().with_bits(BITS));
    let mut r = residual(&v);
    let mut radius = norm(&r) / mu.clone();
    for _ in 0..ROUNDS {
        let size = v.iter().filter_map(Big::exponent).max();
        if radius.is_zero() || radius.exponent().zip(size).is_some_and(|(r, s)| r <= s - ENOUGH) {
            break;
        }
        let next = (&v + solve(&r.map(|v| v.midpoint()))).map(|v| v.midpoint());
        let rest = residual(&next);
        let closer = norm(&rest) / mu.clone();
        if !(radius.clone() - closer.scale(1)).is_positive() {
            break;
        }
        (v, r, radius) = (next, rest, closer);
    }
    let around = (-radius.clone()).hull(&radius);
    let w_star = DVector::from_fn(v.len(), |i, _| (v[i].clone() + around.clone()).scale(scales[i]));
    // R(D v) = power - v^T (right + r), as r = right - S v.
    let at_v = moments.power.clone() - dot(&v, &(right + &r));
    let gap = norm_squared(r.iter()) / mu.clone();
    let r_min = at_v - Big::zero().hull(&gap.upper_end());
    Refined { w_star, r_min }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{Field, Rational, Ring};

    /// Whatever the proposed corrections are worth, what is enclosed holds: with none at all, with half of the solution
    /// and with all of it w* = (1, 2) and R_min = 3 are inside, and near the ends where nothing was refined.
    #[test]
    fn poor_corrections_make_wide_enclosures_and_no_wrong_ones() {
        let big = |v: i64| Big::from_i64(v).with_bits(BITS);
        // Sigma = [[2, 1], [1, 1]], Sigma w* = (4, 3), w*^T Sigma w* = 10.
        let sigma = DMatrix::from_row_slice(2, 2, &[big(2), big(1), big(1), big(1)]);
        let (cross, power) = (DVector::from_vec(vec![big(4), big(3)]), big(13));
        let moments = Moments { sigma: sigma.clone(), cross: cross.clone(), power };
        // Below the smaller eigenvalue, (3 - sqrt 5)/2.
        let mu = Big::from_rational(&Rational::new(3, 8), BITS);
        let scales = [0, 0];
        // S^-1 = [[1, -1], [-1, 2]].
        let solution = |r: &DVector<Big>| {
            DVector::from_vec(vec![r[0].clone() - r[1].clone(), r[1].clone().scale(1) - r[0].clone()])
        };
        for (name, share) in [("none", None), ("half", Some(-1)), ("all", Some(0))] {
            let solve = |r: &DVector<Big>| match share {
                Some(k) => solution(r).map(|v| v.scale(k)),
                None => DVector::from_element(2, Big::zero()),
            };
            let found = iterate(&moments, &sigma, &cross, &scales, &mu, solve);
            let inside = |v: &Big, exact: i64| v.contains(&Rational::from(exact));
            assert!(inside(&found.w_star[0], 1) && inside(&found.w_star[1], 2), "{name}: {:?}", found.w_star);
            assert!(inside(&found.r_min, 3), "{name}: {:?}", found.r_min);
        }
    }
}
