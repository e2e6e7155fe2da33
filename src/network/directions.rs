//! Networks moved along directions: to first order by dual numbers, and entry by entry.
//!
//! Steps of proofs that say `to first order` are checked on these: the dual numbers of [`moved`] carry the derivative
//! along (D_1, ..., D_L) exactly, whatever is computed from the network. A direction is a list of L matrices of the
//! layers' shapes.

use super::Network;
use crate::arithmetic::{Dual, Rational};
use crate::problem::Moments;
use nalgebra::{DMatrix, DVector};

/// An exact matrix.
type Matrix = DMatrix<Rational>;

/// First-order changes in the directions D_k: of `grad R^1(w_prod)`, and of `-grad_k R^L` for each k.
///
/// The first comes from the dual numbers, the second from [`Network::hessian_vector`]: `-(H D)_k` is the derivative
/// of the right-hand side of the gradient flow. `None` where [`moved`] gives none.
pub(crate) fn first_order(
    network: &Network<Rational>,
    data: &Moments<Rational>,
    directions: &[Matrix],
) -> Option<(DVector<Rational>, Vec<Matrix>)> {
    let product = moved(network, directions)?.product();
    let outer = data.map(|v| Dual::constant(v.clone())).risk_gradient(&product).map(|v| v.derivative);
    Some((outer, network.hessian_vector(data, directions).into_iter().map(|m| -m).collect()))
}

/// `W_k + e D_k` in dual numbers.
///
/// `e^2 = 0`. The head does not move. `None` where what is moved is no network.
pub(crate) fn moved(network: &Network<Rational>, directions: &[Matrix]) -> Option<Network<Dual<Rational>>> {
    let dual = |(w, d): (&Matrix, &Matrix)| w.zip_map(d, Dual::new);
    let layers = network.layers().iter().zip(directions).map(dual).collect();
    Network::new(layers, network.head().map(Dual::constant)).ok()
}

/// The gradient in one layer by the definition of the risk, which is quadratic in each entry:
/// `(R(W + E_ij) - R(W - E_ij))/2`.
///
/// The central difference of a quadratic polynomial is its derivative, so nothing is lost. `risk` is asked twice for
/// each entry.
pub(crate) fn by_definition(layer: &Matrix, risk: impl Fn(&Matrix) -> Rational) -> Matrix {
    let moved = |i: usize, j: usize, by: i64| {
        let mut w = layer.clone();
        w[(i, j)] += Rational::from(by);
        risk(&w)
    };
    Matrix::from_fn(layer.nrows(), layer.ncols(), |i, j| (moved(i, j, 1) - moved(i, j, -1)) / 2)
}
