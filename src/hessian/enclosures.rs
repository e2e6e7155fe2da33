//! What is enclosed of a network besides its sharpness.

use crate::arithmetic::Interval;

/// Rigorous enclosures of what `inspect` prints about a network.
///
/// Made by [`network_enclosures`](super::network_enclosures). An end may be infinite where doubles overflow.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NetworkEnclosures {
    /// R^L.
    pub risk: Interval,
    /// R^L - R_min, accurate near zero.
    pub excess_risk: Interval,
    /// Frobenius norm of the whole gradient.
    pub gradient_norm: Interval,
    /// norm(w_prod - w*).
    pub distance: Interval,
    /// norm_F(W_1), ..., norm_F(W_L).
    pub layer_norms: Vec<Interval>,
    /// `grad R^1(w_prod)^T w_prod`, which is the inner product of each layer with its gradient.
    pub radial_slope: Interval,
}
