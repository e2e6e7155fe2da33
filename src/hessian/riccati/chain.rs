//! What the recursion, the quotients and the proposals read of a network at a point: a_k, b_k and how large their
//! errors can be.
//!
//! All of it comes from one sweep over the weights ([`Sweep`]) and one forward sweep of g in pairs of doubles, O(p).
//! Errors are bounds of Euclidean distances to the vectors of the exact weights; a pair counts with its low part
//! wherever only the high part is used.

use super::End;
use crate::hessian::sweep::Sweep;
use crate::linalg::ball::{BallMatrix, euclidean_norm, minus_identity, spread};
use crate::linalg::pairs::{self, Pairs};
use crate::linalg::upward::{self, gamma};
use crate::network::Network;
use nalgebra::DMatrix;

/// A network at a point, layer by layer. Index k - 1 is layer k.
///
/// Made by [`Chain::new`] alone in this crate. `layers`, `sizes`, `a`, `b` and their errors have L entries, `norms`
/// has L + 1.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    /// W_1, ..., W_L.
    pub layers: &'a [DMatrix<f64>],
    /// `spread(W_k)`, or that of `W_k - I` where the layer is close to the identity, and which of the two.
    pub sizes: Vec<Size>,
    /// a_k = W_{k-1} ... W_1 g, d_{k-1} x 1, k = 1..L.
    pub a: Vec<Pairs>,
    /// Bounds of their errors.
    pub a_errors: Vec<f64>,
    /// b_k = W_{k+1}^T ... W_L^T w, d_k x 1, k = 1..L.
    pub b: Vec<Pairs>,
    /// Bounds of their errors.
    pub b_errors: Vec<f64>,
    /// Upper bounds of norm(N_1), ..., norm(N_L), and 0: `N_{k+1} = B_k B_k^T` where B_k maps a direction D to beta_k.
    pub norms: Vec<f64>,
    /// Sigma, d x d.
    pub sigma: BallMatrix<'static>,
}

/// Bounds of a layer's norm.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// `spread(W)`.
    pub whole: f64,
    /// `spread(W - I)`, where W is close to the identity.
    pub rest: Option<f64>,
}

impl<'a> Chain<'a> {
    /// From a sweep over the weights and the gradient g of the risk of the linear model at w_prod.
    ///
    /// The error of a_k: step i of the sweep errs by f_i, which `W_{k-1} ... W_{i+1}` takes to a_k; its norm is at most
    /// `sqrt(norm(N_{i+1})) / norm(b_k)`, because `N_{i+1} >= norm(b_k)^2 Q^T Q` for that product Q. So the errors do
    /// not grow with the norms of the layers.
    ///
    /// The distance by norms, `norm(W_k) error + step`, is kept where it is the smaller one. g is a ball: its radius
    /// is the error of a_1, and goes through `norm(N_1)` like the others. The vectors b_k and their errors are those
    /// of the sweep.
    pub fn new(net: &'a Network<f64>, sweep: &Sweep, gradient: &BallMatrix, sigma: BallMatrix<'static>) -> Self {
        let layers = net.layers();
        let sizes: Vec<Size> = layers.iter().map(Size::of).collect();
        let mut norms = sweep.norms.clone();
        norms.push(0.0);
        let (b, b_errors) = (sweep.backward[1..].to_vec(), sweep.backward_errors[1..].to_vec());
        let mut a = vec![Pairs::exact(gradient.mid().clone())];
        let mut a_errors = vec![gradient.radius()];
        let mut sum = upward::mul(upward::sqrt(norms[0]), gradient.radius());
        for k in 1..layers.len() {
            let (next, error) = pairs::times(&layers[k - 1], &a[k - 1]);
            sum = upward::add(sum, upward::mul(upward::sqrt(norms[k]), error));
            let by_norm = upward::add(upward::mul(sizes[k - 1].whole, a_errors[k - 1]), error);
            a_errors.push(by_norm.min(upward::div(sum, least_norm(&b[k].high, b_errors[k]))));
            a.push(next);
        }
        Self { layers, sizes, a, a_errors, b, b_errors, norms, sigma }
    }

    /// Dimensions in which H certainly vanishes: of those of D_k, all but the ones in which `D_k^T b_k` or `D_k a_k`
    /// can differ from zero.
    ///
    /// For D with `D_k^T b_k = 0` and `D_k a_k = 0` for all k, every beta_k and every lambda_k vanishes, hence so
    /// does `(H D)_k = b_k lambda_{k-1}^T + beta_k a_k^T`. For layer k that is `(d_k - 1)(d_{k-1} - 1)` dimensions,
    /// with d_k in place of d_k - 1 where b_k is zero without an error, and the same for a_k. H may vanish on more.
    pub fn nullity(&self) -> usize {
        let zero = |x: &Pairs, error: f64| error == 0.0 && x.high.iter().chain(x.low.iter()).all(|v| *v == 0.0);
        let of_layer = |k: usize| {
            let (rows, columns) = self.layers[k].shape();
            let by_b = if zero(&self.b[k], self.b_errors[k]) { rows } else { rows - 1 };
            let by_a = if zero(&self.a[k], self.a_errors[k]) { columns } else { columns - 1 };
            by_b * by_a
        };
        (0..self.depth()).map(of_layer).sum()
    }

    /// At least the operator norm of H: `2 Lambda norm(N_1) + 2 (sum_k norm(a_k)^2 norm(N_{k+1}))^(1/2)`, since a unit
    /// direction has `norm(beta_k)^2 <= norm(N_{k+1})` and `sum_k norm(D_k a_k) norm(beta_k)` is at most that root.
    /// Infinite after an overflow.
    pub fn norm(&self) -> f64 {
        let squares = (0..self.depth()).fold(0.0, |s, k| {
            let a =
                upward::add(self.a[k].norm(), upward::add(self.a_errors[k], euclidean_norm(self.a[k].low.as_slice())));
            upward::add(s, upward::mul(upward::mul(a, a), self.norms[k + 1]))
        });
        let energy = upward::mul(upward::mul(2.0, self.sigma.norm()), self.norms[0]);
        let out = upward::add(energy, upward::mul(2.0, upward::sqrt(squares)));
        if out.is_nan() { f64::INFINITY } else { out }
    }

    /// Trainable entries.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(DMatrix::len).sum()
    }

    /// L.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// Sign with which a_k and Sigma enter: -H is the Hessian with both negated.
    pub fn sign(end: End) -> f64 {
        match end {
            End::Largest => 1.0,
            End::Smallest => -1.0,
        }
    }
}

impl Size {
    /// Of one layer, O(d_k d_{k-1}); `rest` where `W - I` is exact and of `spread` below 1/2.
    pub(super) fn of(layer: &DMatrix<f64>) -> Self {
        Self { whole: spread(layer), rest: minus_identity(layer).map(|rest| spread(&rest)) }
    }
}

/// At most the norm of a vector within `error` of v.
///
/// Zero where the error may be all of it: a quotient by it is then infinite.
pub fn least_norm(v: &DMatrix<f64>, error: f64) -> f64 {
    let norm = v.norm();
    // An underflow of the squares only makes it smaller; what rounding adds is taken off.
    (norm * (1.0 - 4.0 * gamma(v.len() + 4)) - error).next_down().max(0.0)
}
