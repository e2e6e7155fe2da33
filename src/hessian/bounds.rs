//! The lower bounds of Theorem 2 on the sharpness of a minimiser, from its norms and those of the problem.

use crate::arithmetic::Enclosure;

/// Second bound of Theorem 2: `2 L lambda norm(w*)^(2-2/L) norm(w)^(2/L)`; as printed (and S_min) without a head.
///
/// Arguments: `lambda`, the smallest eigenvalue of Sigma; norm(w*)^2; norm(w)^2, or `None` for a head of norm 1;
/// `depth` = L >= 1. The result encloses the bound for every choice of the numbers in the arguments.
///
/// Arguments are the squared norms, which are rational for rational data. `norm(w*)^0 = 1` at L = 1.
///
/// At every network that implements w* it is at most [`norms_bound`]: `norm(w*) <= norm(w) prod_k norm_F(W_k)`, so
/// that by the arithmetic and geometric means `s = sum_k 1/norm_F(W_k) >= L (norm(w) / norm(w*))^(1/L)`, and
/// `2 lambda norm(w*)^(2-1/L) norm(w)^(1/L)` times that is the second bound.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::hessian::depth_bound;
/// // lambda = 1/2, norm(w*)^2 = 4, L = 2, no head: 2 L lambda norm(w*)^(2-2/L) = 4.
/// let bound = depth_bound(&Interval::point(0.5), &Interval::point(4.0), None, 2);
/// assert!(bound.lo() <= 4.0 && 4.0 <= bound.hi() && bound.width() < 1e-12);
/// ```
pub fn depth_bound<E: Enclosure>(
    lambda: &E,
    w_star_norm_squared: &E,
    head_norm_squared: Option<&E>,
    depth: usize,
) -> E {
    let l = depth as i64;
    let head = head_norm_squared.map_or_else(E::one, |h| h.pow_ratio(1, depth as u32));
    E::from_i64(2 * l) * lambda * w_star_norm_squared.pow_ratio(l - 1, depth as u32) * head
}

/// First bound of Theorem 2: `2 lambda norm(w*)^(2-1/L) norm(w)^(1/L) s` with `s = sum_k 1/norm_F(W_k)`; as printed
/// without a head.
///
/// The argument `inverse_norms` is s, from the function of that name; it is not bounded where a norm may be zero, and
/// a layer of a minimiser is zero only for w* = 0.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::hessian::{inverse_norms, norms_bound};
/// // lambda = 1/2, norm(w*)^2 = 16, L = 2, norm_F(W_1) = 1, norm_F(W_2) = 2, no head: 2 lambda 4^(3/2) (1 + 1/2) = 12.
/// let inverse = inverse_norms(&[Interval::point(1.0), Interval::point(4.0)]);
/// let bound = norms_bound(&Interval::point(0.5), &Interval::point(16.0), None, &inverse, 2);
/// assert!(bound.lo() <= 12.0 && 12.0 <= bound.hi() && bound.width() < 1e-12);
/// ```
pub fn norms_bound<E: Enclosure>(
    lambda: &E,
    w_star_norm_squared: &E,
    head_norm_squared: Option<&E>,
    inverse_norms: &E,
    depth: usize,
) -> E {
    let l = depth as i64;
    let head = head_norm_squared.map_or_else(E::one, |h| h.pow_ratio(1, 2 * depth as u32));
    let w_star = w_star_norm_squared.pow_ratio(2 * l - 1, 2 * depth as u32);
    E::from_i64(2) * lambda * w_star * head * inverse_norms
}

/// `sum_k 1/norm_F(W_k)` from the squared norms.
///
/// The squares are exact for rational weights; the one square root per layer is enclosed.
pub fn inverse_norms<E: Enclosure>(norms_squared: &[E]) -> E {
    norms_squared.iter().fold(E::zero(), |s, n| s + E::one() / n.sqrt())
}
