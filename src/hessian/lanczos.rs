//! Lanczos on Hessian-vector products, for Hessians too large to assemble: it proposes a vector, whose quotient is then enclosed.

use crate::arithmetic::{Enclosure, Interval};
use crate::linalg::ball::BallMatrix;
use crate::linalg::{Linear, approximate_eigen};
use crate::network::Network;
use crate::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use rand::{RngExt, SeedableRng};

/// An approximate top eigenvector, one matrix per layer.
pub(super) struct Proposal {
    pub vector: Vec<DMatrix<f64>>,
    pub steps: usize,
}

/// Numbers the basis may hold: 2^27 doubles are 1 GiB.
const BASIS: usize = 1 << 27;

/// A space of a few vectors at least can be held: less proposes nothing better than the rank-d form.
pub(super) fn fits(p: usize) -> bool {
    p <= BASIS / 8
}

/// `steps` of Lanczos with full reorthogonalisation from a fixed pseudo-random start, fewer where the basis would not fit.
pub(super) fn largest(net: &Network<f64>, data: &Moments<f64>, steps: usize) -> Proposal {
    let p = net.parameters();
    let steps = steps.min(p).min(BASIS / p).max(2);
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(p as u64);
    let start = DVector::from_fn(p, |_, _| random.random_range(-1.0..1.0));
    let mut basis = vec![&start / start.norm()];
    let (mut alpha, mut beta): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for m in 1..=steps {
        let mut y = flatten(&net.hessian_vector(data, &layers_of(net, &basis[m - 1])));
        alpha.push(basis[m - 1].dot(&y));
        // Twice is enough (Kahan, Parlett).
        for q in basis.iter().chain(&basis) {
            let h = q.dot(&y);
            y.axpy(-h, q, 1.0);
        }
        let residual = y.norm();
        let size = alpha.iter().fold(0.0, |s: f64, v| s.max(v.abs()));
        // Below roundoff of the products the space is invariant; a NaN also ends it.
        if m == steps || residual.is_nan() || residual <= 1e-15 * size {
            break;
        }
        beta.push(residual);
        basis.push(y / residual);
    }
    let m = alpha.len();
    let t = DMatrix::from_fn(m, m, |i, j| match i.abs_diff(j) {
        0 => alpha[i],
        1 => beta[i.min(j)],
        _ => 0.0,
    });
    let mut x = start;
    if let Some((_, vectors)) = approximate_eigen(&t) {
        x.fill(0.0);
        for (q, s) in basis.iter().zip(vectors.column(m - 1).iter()) {
            x.axpy(*s, q, 1.0);
        }
    }
    Proposal { vector: layers_of(net, &x), steps: m }
}

fn flatten(layers: &[DMatrix<f64>]) -> DVector<f64> {
    DVector::from_iterator(layers.iter().map(DMatrix::len).sum(), layers.iter().flat_map(|w| w.iter().copied()))
}

fn layers_of(net: &Network<f64>, x: &DVector<f64>) -> Vec<DMatrix<f64>> {
    let mut at = 0;
    net.layers()
        .iter()
        .map(|w| {
            at += w.len();
            DMatrix::from_column_slice(w.nrows(), w.ncols(), &x.as_slice()[at - w.len()..at])
        })
        .collect()
}

/// Enclosure of `x^T H x / x^T x`, in balls, by one backward sweep of second order.
///
/// With `W_k + t X_k` in place of W_k, `w_prod = b + t b' + t^2 b'' + ..`, where `b_{k-1} = W_k^T b_k`, `b'_{k-1} = W_k^T b'_k + X_k^T b_k`,
/// `b''_{k-1} = W_k^T b''_k + X_k^T b'_k`; and `x^T H x = 2 b'^T Sigma b' + 2 g^T b''`, the second derivative of the risk at t = 0.
pub(super) fn quotient(problem: &Problem, net: &Network<f64>, x: &[DMatrix<f64>]) -> Interval {
    let data = problem.enclosed_moments();
    let sigma = BallMatrix::from_enclosures(&data.sigma);
    let minus_cross = BallMatrix::from_enclosures(&DMatrix::from_fn(data.cross.len(), 1, |i, _| -data.cross[i]));
    let head = DMatrix::from_column_slice(net.head().len(), 1, net.head().as_slice());
    let zero = DMatrix::zeros(head.nrows(), 1);
    let (mut b, mut first, mut second) = (BallMatrix::exact(&head), BallMatrix::exact(&zero), BallMatrix::exact(&zero));
    let mut square = Interval::point(0.0);
    for (w, x) in net.layers().iter().zip(x).rev() {
        let (w, direction) = (BallMatrix::exact(w), BallMatrix::exact(x));
        second = w.transposed_product(&second).sum(&direction.transposed_product(&first));
        first = w.transposed_product(&first).sum(&direction.transposed_product(&b));
        b = w.transposed_product(&b);
        let column = DMatrix::from_column_slice(x.len(), 1, x.as_slice());
        let column = BallMatrix::exact(&column);
        square += column.transposed_product(&column).entry(0, 0);
    }
    let gradient = sigma.product(&b).sum(&minus_cross).doubled();
    let form = first.congruence(&sigma).doubled().sum(&gradient.transposed_product(&second).doubled());
    let square = Interval::new(square.lo().max(0.0), square.hi());
    form.entry(0, 0) / square
}
