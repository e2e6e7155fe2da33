//! The lower bounds of Theorem 2 on the sharpness of a minimiser, from its norms and those of the problem.

use crate::arithmetic::Enclosure;

/// Second bound of Theorem 2: `2 L lambda norm(w*)^(2-2/L) norm(w)^(2/L)`; as printed (and S_min) without a head.
///
/// Arguments are the squared norms, which are rational for rational data. `norm(w*)^0 = 1` at L = 1.
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
pub fn inverse_norms<E: Enclosure>(norms_squared: &[E]) -> E {
    norms_squared.iter().fold(E::zero(), |s, n| s + E::one() / n.sqrt())
}
