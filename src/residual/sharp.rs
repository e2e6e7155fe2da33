//! Sharper bounds over the ball of theta, for single prefixes.
//!
//! With `S_j = W_k .. W_{j+1} = P_k P_j^-1` (theta = 0), telescoping gives, exactly,
//! - `P_k(theta) = P_k + sum_j S_j (theta_j/L) P_{j-1}(theta)`,
//! - `P_k(theta)^-1 = P_k^-1 - sum_j P_j(theta)^-1 (theta_j/L) P_{j-1} P_k^-1`.
//!
//! Where P_j(theta) is replaced by P_j, Cauchy's inequality bounds the sums at unit vectors u, v for any t > 0:
//! `|u^T sum_j S_j (theta_j/L) P_{j-1} v| <= (r/L) sum_j |S_j^T u| |P_{j-1} v| <= (r/2L) (t u^T A u + v^T B v / t)`
//! with `A = sum_j S_j S_j^T = P_k C P_k^T`, `C = sum_{j<=k} P_j^-1 P_j^-T`, `B = sum_{j<k} P_j^T P_j`. So, with
//! `lambda_max` the largest eigenvalue of a symmetric 2d x 2d matrix,
//! - `norm(P_k(theta)) <= lambda_max [[(r t/L) P_k C P_k^T, P_k], [P_k^T, (r/(t L)) B]] + (r/L) norm(P_k) sum_j
//!   eps_{j-1} / sigma_min(P_j)`,
//! - `norm(P_k(theta)^-1) <= lambda_max [[(r t/L) C, P_k^-1], [P_k^-T, (r/(t L)) P_k^-T B P_k^-1]] + (r/L) sum_j eta_j
//!   norm(P_{j-1}) / sigma_min(P_k)`,
//!
//! where by the cruder bounds `norm(P_j(theta) - P_j) <= eps_j := norm(P_j) (g_j - 1)` and `norm(P_j(theta)^-1 -
//! P_j^-1) <= eta_j := (1/h_j - 1)/sigma_min(P_j)`, g_j and h_j the products of 1 +- x_i/L up to j. C and B are sums
//! along the prefixes; all of it is evaluated in balls of matrices.
//!
//! *The telescope:* `P_k(theta) - P_k = sum_j (S_j P_j(theta) - S_{j-1} P_{j-1}(theta))` and `S_{j-1} = S_j W_j`, so
//! that term j is `S_j (P_j(theta) - W_j P_{j-1}(theta)) = S_j (theta_j/L) P_{j-1}(theta)`. *The matrix:* for unit
//! vectors u, v the sum `u^T P v + (r/2L) (t u^T A u + v^T B v / t)` is its quadratic form at `(u, v)/sqrt(2)`, which
//! is a unit vector.
//!
//! Cost: O(L d^3) in balls of matrices, and an enclosed eigenvalue of a 2d x 2d matrix for each prefix and side asked
//! for.

use super::bounds::{Growth, Wide};
use super::kernel::{Advance, Lanes};
use crate::arithmetic::Enclosure;
use crate::arithmetic::upward::{add, div, mul};
use crate::linalg::dense::largest;
use crate::linalg::{BallMatrix, Linear, approximate_eigen};
use crate::residual::ball::Ball;
use nalgebra::DMatrix;

/// A matrix of doubles with a radius in the operator norm.
type Matrix = BallMatrix<'static>;

/// What is known at one prefix.
struct Prefix {
    /// P_k at theta = 0.
    product: Matrix,
    /// `P_k^-1`.
    inverse: Matrix,
    /// C of the module's documentation.
    inverses: Matrix,
    /// B.
    products: Matrix,
    /// r/L, rounded up.
    size: f64,
}

/// Improves the bounds of the wanted prefixes: for prefix k, `wanted(k)` says whether that of sigma_min, and whether
/// that of the norm. Bounds that doubles cannot improve stay.
pub(super) fn sharpen(ball: &mut Ball, layers: &[DMatrix<f64>], wanted: impl Fn(&Ball, usize) -> (bool, bool)) {
    // The last prefix that matters.
    let Some(last) = (0..layers.len()).rev().find(|&k| wanted(ball, k) != (false, false)) else { return };
    let Some(d) = layers.first().map(DMatrix::nrows) else { return };
    let (mut lanes, mut growth, arch) = (Lanes::<f64, 1>::new(d), Growth::new(d), pulp::Arch::new());
    let wide = Wide::new(d);
    let mut at = Prefix {
        product: Matrix::identity(d),
        inverse: Matrix::identity(d),
        inverses: Matrix::new(DMatrix::zeros(d, d), 0.0),
        products: Matrix::new(DMatrix::zeros(d, d), 0.0),
        // The ball's is rounded down, by two steps at most.
        size: ball.size.next_up().next_up(),
    };
    // The sums of the second order.
    let (mut first, mut second) = (0.0, 0.0);
    let (mut apart, mut before) = (0.0, 1.0);
    for (k, layer) in layers.iter().enumerate().take(last + 1) {
        for (to, from) in lanes.e.iter_mut().zip(layer.transpose().iter()) {
            *to = [*from];
        }
        let sums = arch.dispatch(Advance(&mut lanes));
        let (low, high) = ball.profile.prefixes[k];
        let Some(b) = growth.bounds(&wide, &wide, &sums, 0) else { return };
        growth.follow(&b, low);
        let product = Matrix::new(DMatrix::from_iterator(d, d, lanes.p.iter().map(|x| x[0])), b.error());
        let Some(inverse) = inverted(&product) else { return };
        at.products = at.products.sum(&at.product.transposed_product(&at.product));
        at.inverses = at.inverses.sum(&inverse.product(&inverse.transposed()));
        (at.product, at.inverse) = (product, inverse);
        let (grown, shrunk) = ball.factors[k];
        first = add(first, div(apart, low));
        let eta = div((div(1.0, shrunk) - 1.0).next_up().max(0.0), low);
        second = add(second, mul(eta, before));
        let (sigma_min, norm) = wanted(ball, k);
        if norm && let Some(found) = at.norm() {
            let bound = add(found, mul(mul(at.size, high), first));
            ball.prefixes[k].1 = ball.prefixes[k].1.min(bound);
        }
        if sigma_min && let Some(found) = at.inverse_norm() {
            let bound = add(found, div(mul(at.size, second), low));
            ball.prefixes[k].0 = ball.prefixes[k].0.max((1.0 / bound).next_down());
        }
        (apart, before) = (mul(high, (grown - 1.0).next_up().max(0.0)), high);
    }
}

/// The ball that holds the inverse of every matrix of this one.
///
/// With X an approximate inverse in doubles and `R = I - A X`, `norm(R) < 1`: `A^-1 - X = X R (I - R)^-1`, at most
/// `norm(X) norm(R) / (1 - norm(R))`. `None` where doubles find no such X.
fn inverted(a: &Matrix) -> Option<Matrix> {
    let x = a.mid().clone().try_inverse()?;
    let x = Matrix::new(x, 0.0);
    let rest = Matrix::identity(a.rows()).sum(&a.product(&x).negated());
    // A^-1 = X (I - R)^-1, R = I - A X.
    let share = div(rest.norm(), (1.0 - rest.norm()).next_down());
    let radius = mul(x.norm(), share);
    (radius.is_finite() && rest.norm() < 1.0).then(|| Matrix::new(x.into_mid(), radius))
}

impl Prefix {
    /// The first of the eigenvalues.
    ///
    /// An upper bound of it: `[[(r t/L) P_k C P_k^T, P_k], [P_k^T, (r/(t L)) B]]`.
    fn norm(&self) -> Option<f64> {
        self.bound(&self.product.transposed().congruence(&self.inverses), &self.product, &self.products)
    }

    /// The second.
    ///
    /// An upper bound of it: `[[(r t/L) C, P_k^-1], [P_k^-T, (r/(t L)) P_k^-T B P_k^-1]]`.
    fn inverse_norm(&self) -> Option<f64> {
        self.bound(&self.inverses, &self.inverse, &self.inverse.congruence(&self.products))
    }

    /// An upper bound of `lambda_max [[(r t/L) A, P], [P^T, (r/(t L)) B]]` at the t that suits the top singular vectors
    /// of P.
    ///
    /// `a` and `b` are A and B, `p` is P, all d x d; t balances `t u^T A u` against `v^T B v / t` at the vectors, and
    /// any other t > 0 would be as true. `None` where the bound is not finite.
    fn bound(&self, a: &Matrix, p: &Matrix, b: &Matrix) -> Option<f64> {
        let d = p.rows();
        let (_, vectors) = approximate_eigen(&p.mid().tr_mul(p.mid()))?;
        let v = vectors.column(d - 1);
        let u = (p.mid() * v).normalize();
        let t = ((v.transpose() * b.mid() * v)[(0, 0)] / (u.transpose() * a.mid() * &u)[(0, 0)]).sqrt();
        // A larger factor of a matrix without negative eigenvalues only raises the bound.
        let (left, right) = (mul(self.size, t), div(self.size, t));
        let times = |m: &Matrix, x: f64| m.product(&Matrix::new(DMatrix::identity(d, d) * x, 0.0));
        let whole = Matrix::symmetric_blocks(&[d, d], |i, j| match (i, j) {
            (0, 0) => times(a, left),
            (0, _) => p.clone(),
            _ => times(b, right),
        });
        let found = largest(&whole).hi();
        found.is_finite().then_some(found)
    }
}
