//! H in reduced coordinates, in doubles: it proposes.
//!
//! With unit vectors `u_k = b_k / norm(b_k)` and `v_k = a_k / norm(a_k)`, every D_k is `u_k alpha_k^T + gamma_k v_k^T`
//! (gamma_k orthogonal to u_k) plus a part with `D_k a_k = 0` and `D_k^T b_k = 0`, on which H vanishes. The first two
//! parts are orthogonal, and `norm_F(D_k)^2 = norm(alpha_k)^2 + norm(gamma_k)^2`: so in the coordinates (alpha_k,
//! gamma_k) H is a symmetric matrix of size `sum_k (d_{k-1} + d_k)` with the nonzero eigenvalues of H.

use super::End;
use super::chain::Chain;
use nalgebra::DMatrix;

/// The coordinates of a layer: `D_k = u alpha^T + gamma v^T`.
///
/// a_k and b_k are the high parts of the chain's pairs; their errors play no part here.
pub(super) struct Frame {
    /// u_k, or zero where b_k = 0.
    pub u: Vec<f64>,
    /// v_k, or zero where a_k = 0.
    pub v: Vec<f64>,
    /// a_k, d_{k-1} entries.
    a: Vec<f64>,
    /// norm(a_k), rounded.
    a_norm: f64,
    /// norm(b_k), rounded.
    b_norm: f64,
    /// Where alpha_k and gamma_k start.
    pub alpha: usize,
    /// It follows alpha_k directly: `gamma = alpha + d_{k-1}`, and has d_k entries.
    pub gamma: usize,
}

/// H as an operator on the reduced coordinates.
pub(super) struct Reduced<'a> {
    /// W_1, ..., W_L.
    layers: &'a [DMatrix<f64>],
    /// One for each layer.
    pub frames: Vec<Frame>,
    /// Sigma, the midpoint of its ball.
    sigma: &'a DMatrix<f64>,
    /// Entries of a vector: `sum_k (d_{k-1} + d_k)`.
    pub size: usize,
    /// Dimension of the space that [`Reduced::project`] leaves.
    pub dimension: usize,
}

/// Norm and direction; both zero for the zero vector.
fn unit(v: &[f64]) -> (f64, Vec<f64>) {
    let norm = dot(v, v).sqrt();
    if norm > 0.0 { (norm, v.iter().map(|x| x / norm).collect()) } else { (0.0, vec![0.0; v.len()]) }
}

impl<'a> Reduced<'a> {
    /// The frames of a chain, in O(sum d_k). A layer adds d_{k-1} dimensions where b_k is not zero, and where a_k is
    /// not zero d_k - 1, or d_k with b_k = 0.
    pub fn new(chain: &'a Chain) -> Self {
        let (mut size, mut dimension) = (0, 0);
        let frames = (0..chain.depth())
            .map(|k| {
                let (a, b) = (chain.a[k].high.as_slice(), chain.b[k].high.as_slice());
                let ((a_norm, v), (b_norm, u)) = (unit(a), unit(b));
                let (alpha, gamma) = (size, size + a.len());
                size += a.len() + b.len();
                dimension += if b_norm > 0.0 { a.len() } else { 0 };
                dimension += if a_norm > 0.0 { b.len() - usize::from(b_norm > 0.0) } else { 0 };
                Frame { u, v, a: a.to_vec(), a_norm, b_norm, alpha, gamma }
            })
            .collect();
        Self { layers: chain.layers, frames, sigma: chain.sigma.mid(), size, dimension }
    }

    /// Operations of [`Reduced::apply`].
    pub fn cost(&self) -> usize {
        4 * self.layers.iter().map(DMatrix::len).sum::<usize>()
    }

    /// Orthogonal projection on the coordinates that D has: gamma_k loses its part along u_k, and alpha_k, gamma_k
    /// vanish with b_k, a_k.
    pub fn project(&self, x: &mut [f64]) {
        for f in &self.frames {
            if f.b_norm == 0.0 {
                x[f.alpha..f.gamma].fill(0.0);
            }
            if f.a_norm == 0.0 {
                x[f.gamma..f.gamma + f.u.len()].fill(0.0);
            }
            let gamma = &mut x[f.gamma..f.gamma + f.u.len()];
            let part = dot(gamma, &f.u);
            axpy(-part, &f.u, gamma);
        }
    }

    /// D_1, ..., D_L.
    ///
    /// Entry by entry `u_k alpha_k^T + gamma_k v_k^T`, each d_k x d_{k-1}.
    pub fn direction(&self, x: &[f64]) -> Vec<DMatrix<f64>> {
        let layer = |f: &Frame| {
            let (alpha, gamma) = (&x[f.alpha..f.gamma], &x[f.gamma..f.gamma + f.u.len()]);
            DMatrix::from_fn(f.u.len(), f.v.len(), |i, j| f.u[i] * alpha[j] + gamma[i] * f.v[j])
        };
        self.frames.iter().map(layer).collect()
    }

    /// `H x` (of -H at the other end), in O(parameters): two products with each layer.
    ///
    /// Two sweeps: `beta_{k-1} = W_k^T beta_k + norm(b_k) alpha_k` backward (gamma_k is orthogonal to b_k), then
    /// forward from `lambda_0 = 2 Sigma beta_0` by `lambda_k = W_k lambda_{k-1} + u_k (alpha_k^T a_k) + norm(a_k)
    /// gamma_k`. Of `(H D)_k = b_k lambda_{k-1}^T + beta_k a_k^T` the coordinates are
    /// `norm(b_k) lambda_{k-1} + (u_k^T beta_k) a_k` and `norm(a_k) (beta_k - u_k u_k^T beta_k)`.
    pub fn apply(&self, x: &[f64], end: End) -> Vec<f64> {
        let depth = self.layers.len();
        let mut betas: Vec<Vec<f64>> = vec![Vec::new(); depth + 1];
        betas[depth] = vec![0.0; self.frames[depth - 1].u.len()];
        for k in (0..depth).rev() {
            let f = &self.frames[k];
            let mut next = transposed_times(&self.layers[k], &betas[k + 1]);
            axpy(f.b_norm, &x[f.alpha..f.gamma], &mut next);
            betas[k] = next;
        }
        let sign = Chain::sign(end);
        let mut lambda = times(self.sigma, &betas[0]);
        lambda.iter_mut().for_each(|v| *v *= 2.0);
        let mut y = vec![0.0; self.size];
        for k in 0..depth {
            let f = &self.frames[k];
            let beta = &betas[k + 1];
            let alpha = &x[f.alpha..f.gamma];
            let gamma = &x[f.gamma..f.gamma + f.u.len()];
            let along = dot(&f.u, beta);
            for ((y, l), a) in y[f.alpha..f.gamma].iter_mut().zip(&lambda).zip(&f.a) {
                *y = sign * (f.b_norm * l + along * a);
            }
            for ((y, b), u) in y[f.gamma..f.gamma + f.u.len()].iter_mut().zip(beta).zip(&f.u) {
                *y = sign * f.a_norm * (b - along * u);
            }
            if k + 1 < depth {
                let mut next = times(&self.layers[k], &lambda);
                axpy(dot(alpha, &f.a), &f.u, &mut next);
                axpy(f.a_norm, gamma, &mut next);
                lambda = next;
            }
        }
        y
    }
}

/// Inner product in eight lanes.
///
/// No term passes through more than n / 8 + 16 roundings, which `enclose` relies on.
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (cx, cy) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = cx.remainder().iter().zip(cy.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in cx.zip(cy) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// `y += c x`.
pub(super) fn axpy(c: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += c * x;
    }
}

/// `W^T x`, column by column as the matrix is stored.
fn transposed_times(w: &DMatrix<f64>, x: &[f64]) -> Vec<f64> {
    w.as_slice().chunks_exact(w.nrows()).map(|column| dot(column, x)).collect()
}

/// `W x`: four columns at a time, so that the sums stay in registers longer.
pub(super) fn times(w: &DMatrix<f64>, x: &[f64]) -> Vec<f64> {
    let rows = w.nrows();
    let mut y = vec![0.0; rows];
    let (whole, rest) = (x.chunks_exact(4), x.len() / 4 * 4);
    for (columns, x) in w.as_slice().chunks_exact(4 * rows).zip(whole) {
        let (a, others) = columns.split_at(rows);
        let (b, others) = others.split_at(rows);
        let (c, d) = others.split_at(rows);
        for ((((y, a), b), c), d) in y.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *y += (x[0] * a + x[1] * b) + (x[2] * c + x[3] * d);
        }
    }
    for (column, x) in w.as_slice().chunks_exact(rows).zip(x).skip(rest) {
        axpy(*x, column, &mut y);
    }
    y
}
