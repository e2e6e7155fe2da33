//! What doubles leave wide, again in MPFR: slow, indifferent to conditions and scales, so for networks small enough.
//!
//! Both functions take what is known and return the intersection with what they add, so that a precision that proves
//! less takes nothing away. The precision doubles until the goal is met or `PRECISIONS` end; then the enclosures are
//! as wide as they are. The exponents of MPFR reach far beyond those of doubles: the square of 1e300 does not leave
//! its range. The dense Hessian of p parameters costs O(p^3) operations of that precision, hence [`HESSIAN_LIMIT`];
//! risk, gradient and distance need vectors alone, O(p).

use super::assemble;
use crate::arithmetic::{Big, Enclosure, Interval, Rational, Real};
use crate::error::Result;
use crate::hessian::enclosures::NetworkEnclosures;
use crate::linalg::{largest_eigenvalue, smallest_eigenvalue};
use crate::network::Network;
use crate::problem::{Problem, dot, norm_squared};
use nalgebra::DMatrix;
use num_traits::Zero;

/// Parameters up to which the Hessian is assembled and its ends are enclosed in MPFR.
pub const HESSIAN_LIMIT: usize = 64;
/// Parameters up to which risk, gradient and distance are evaluated in MPFR.
pub const VECTOR_LIMIT: usize = 200_000;
/// Parameters up to which an exact product of the weights is formed to find out whether they implement w* exactly.
const EXACT_PARAMETERS: usize = 2_000;
/// Depth up to which it is: the entries of the product grow by 53 bits a layer.
const EXACT_DEPTH: usize = 32;
/// Precisions tried, in bits.
pub const PRECISIONS: [u32; 4] = [256, 512, 1024, 2048];

/// The weights exactly, as MPFR numbers of so many bits.
fn in_mpfr(net: &Network<f64>, bits: u32) -> Network<Big> {
    net.map(|v| Big::from_f64(*v, bits))
}

/// Both ends of the spectrum of the Hessian, intersected with what is known, until `good` or the precisions end. The
/// bits that were used.
///
/// `known` is (smallest, largest). 0 bits where `good` held at once.
///
/// # Errors
/// Enclosures that contradict each other: a bug.
pub(super) fn spectrum(
    problem: &Problem,
    net: &Network<f64>,
    known: &mut (Interval, Interval),
    good: impl Fn(&(Interval, Interval)) -> bool,
) -> Result<u32> {
    let mut used = 0;
    for bits in PRECISIONS {
        if good(known) {
            break;
        }
        let hessian = assemble(&in_mpfr(net, bits), &problem.moments::<Big>(bits));
        let ends = (smallest_eigenvalue(&hessian).to_interval(), largest_eigenvalue(&hessian).to_interval());
        *known = (known.0.meet(&ends.0)?, known.1.meet(&ends.1)?);
        used = bits;
    }
    Ok(used)
}

/// Risk, gradient and distance, intersected with what is known, until all are narrower than `relative` or the
/// precisions end.
///
/// `excess = (w_prod - w*)^T Sigma (w_prod - w*)`, cut at zero, and `R^L = R_min + excess`; the gradient's norm from
/// its rank-one factors. `layer_norms` are left as they are.
///
/// # Errors
/// Enclosures that contradict each other: a bug.
pub(super) fn enclosures(
    problem: &Problem,
    net: &Network<f64>,
    mut known: NetworkEnclosures,
    relative: f64,
) -> Result<NetworkEnclosures> {
    for bits in PRECISIONS {
        let values = [&known.risk, &known.excess_risk, &known.gradient_norm, &known.distance];
        if values.iter().all(|v| v.width() <= relative * v.mignitude()) {
            break;
        }
        let big = in_mpfr(net, bits);
        let moments = problem.moments::<Big>(bits);
        let b = big.backward();
        let offset = &b[0] - problem.w_star::<Big>(bits);
        let excess = dot(&offset, &(&moments.sigma * &offset)).max(&Big::zero());
        // norm(grad R^L)^2 = sum_k norm(b_k)^2 norm(A_k g)^2, by vectors alone.
        let mut a = moments.risk_gradient(&b[0]);
        let mut square = Big::zero();
        for (layer, b) in big.layers().iter().zip(&b[1..]) {
            square += norm_squared(a.iter()) * norm_squared(b.iter());
            a = layer * a;
        }
        let slope = dot(&moments.risk_gradient(&b[0]), &b[0]);
        known.radial_slope = known.radial_slope.meet(&slope.to_interval())?;
        let risk = (problem.r_min_at(bits) + excess.clone()).to_interval();
        known.risk = known.risk.meet(&risk)?;
        known.excess_risk = known.excess_risk.meet(&excess.to_interval())?;
        known.gradient_norm = known.gradient_norm.meet(&square.sqrt().to_interval())?;
        known.distance = known.distance.meet(&norm_squared(offset.iter()).sqrt().to_interval())?;
    }
    Ok(known)
}

/// Whether w_prod = w*, exactly: Sigma w_prod = X^T y / n in rationals. `None` where that is not affordable, or the
/// moments are not exact.
///
/// A double is a rational, so this decides and does not estimate; the bits of the product grow with depth and width,
/// which the two limits hold in check.
pub fn implements_exactly(problem: &Problem, net: &Network<f64>) -> Option<bool> {
    let moments = problem.exact_moments()?;
    if net.parameters() > EXACT_PARAMETERS || net.depth() > EXACT_DEPTH {
        return None;
    }
    let product = net.map(|v| Rational::from_f64(*v).unwrap_or_else(Rational::zero)).product();
    let column = DMatrix::from_column_slice(product.len(), 1, product.as_slice());
    Some((&moments.sigma * column).as_slice() == moments.cross.as_slice())
}
