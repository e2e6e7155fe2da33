//! The Hessian on the space on which it does not vanish, as one small matrix, with a bound of what that leaves out.
//!
//! A direction enters the second variation through `x_k = D_k a_k` and `y_k = D_k^T b_k` only
//! ([`riccati`](super::riccati)): `D^T H D = 2 beta_0^T Sigma beta_0 + 2 sum_k x_k^T beta_k` with
//! `beta_{k-1} = W_k^T beta_k + y_k`. Let u_k, v_k be unit vectors near the directions of b_k and a_k, s_k, t_k
//! doubles, and H' the form with `x_k = t_k D_k v_k`, `y_k = s_k D_k^T u_k`. It vanishes, exactly, unless
//! `D_k = u_k alpha_k^T + C_k gamma_k v_k^T` with `[u_k, C_k]` orthogonal, and these coordinates are orthonormal: in
//! them H' is a symmetric matrix S of size `sum_k (d_{k-1} + d_k - 1)`, and the spectrum of H' is that of S and, where
//! that is smaller than p, zero. Block (j, k), j <= k, of S is
//!
//! `Y_j^T (2 A_j Sigma A_k^T) Y_k + [j < k] X_j^T P^T Y_k`, `Y_k = s_k [I, 0]`, `X_k = t_k [u_k v_k^T, C_k]`,
//! `P = W_{k-1} ... W_{j+1}`.
//!
//! **What is left out.** With `eta_k >= norm(b_k - s_k u_k)`, `zeta_k >= norm(a_k - t_k v_k)` and N_{k+1} the Gram
//! matrix of D -> beta_k, beta_k changes by at most `delta_k = (sum_{j>k} (q_kj eta_j)^2)^(1/2)` for a unit D,
//! `q_kj >= norm(W_{j-1} ... W_{k+1})`, and so
//!
//! `norm(H - H') <= 2 Lambda (2 norm(N_1)^(1/2) delta_0 + delta_0^2) + 2 (sum zeta_k^2 norm(N_{k+1}))^(1/2) + 2 (sum
//! norm(a_k)^2 delta_k^2)^(1/2) + 2 (sum zeta_k^2 delta_k^2)^(1/2)`.
//!
//! For delta_k: `beta_k = sum_{j>k} W_{k+1}^T ... W_{j-1}^T y_j`, y_j is off by at most `eta_j norm(D_j)`, and Cauchy
//! and Schwarz over j. `q_kj` is the product of the layers' norms or, where that is smaller,
//! `norm(N_{k+1})^(1/2) / norm(b_j)`, because `N_{k+1} >= norm(b_j)^2 Q^T Q` for the product Q. The last three terms
//! are the pairings `x_k^T beta_k` with x_k off, with beta_k off, and with both.
//!
//! The vectors that are stored are orthonormal up to rounding only; the exact ones meant are the polar factor of
//! `[u_k, C_k]` and `v_k / norm(v_k)`, and the distance to them is part of every radius.

use super::riccati::Chain;
use super::spectrum::chain;
use crate::arithmetic::{Big, Enclosure};
use crate::error::Result;
use crate::linalg::ball::{BallMatrix, big, euclidean_norm, spread};
use crate::linalg::pairs::Pairs;
use crate::linalg::{Linear, dense, upward};
use crate::network::Network;
use crate::problem::Problem;
use nalgebra::DMatrix;

/// S, and how far H is from what it stands for.
///
/// The tube around a flow reads the spectrum of H from it: [`Compressed::largest_of_negated`], [`Compressed::norm`],
/// and the form itself along a direction.
#[derive(Clone, Debug)]
pub struct Compressed {
    /// S as a ball.
    pub form: BallMatrix<'static>,
    /// `norm(H - H')` at most.
    pub error: f64,
    /// Whether the coordinates are all of the space, so that zero need not be an eigenvalue.
    pub whole: bool,
    /// One for each layer.
    frames: Vec<Frame>,
}

/// Coordinates of one layer.
#[derive(Clone, Debug)]
struct Frame {
    /// `[u, C]`, d_k x d_k.
    basis: DMatrix<f64>,
    /// v, d_{k-1} x 1.
    v: DMatrix<f64>,
    /// About norm(b_k); zero where b_k counts as zero.
    s: f64,
    /// About norm(a_k).
    t: f64,
    /// Bounds of the distances of `[u, C]` and of v to the exact ones.
    basis_error: f64,
    /// The second of these.
    v_error: f64,
    /// norm(b_k - s u), norm(a_k - t v).
    eta: f64,
    /// At least the second.
    zeta: f64,
}

/// Below this the square of a norm is no longer accurate: such a vector counts as zero, its norm as error.
const SMALLEST: f64 = 1e-140;

/// Norm and direction in doubles, and a bound of the distance of the exact vector to their product.
///
/// For a vector that counts as zero: norm 0, the first unit vector, and the whole norm as distance.
fn direction(x: &Pairs, error: f64) -> (f64, Vec<f64>, f64) {
    let high = x.high.as_slice();
    let known = upward::add(error, euclidean_norm(x.low.as_slice()));
    let norm = high.iter().map(|v| v * v).sum::<f64>().sqrt();
    if !(norm >= SMALLEST && norm.is_finite()) {
        let first = (0..high.len()).map(|i| f64::from(u8::from(i == 0))).collect();
        return (0.0, first, upward::add(known, euclidean_norm(high)));
    }
    // Each entry is rounded once by the division, and once by the product with the norm.
    let rounding = upward::mul(4.0 * upward::UNIT, euclidean_norm(high));
    let lost = upward::mul(high.len() as f64, upward::TINY);
    (norm, high.iter().map(|v| v / norm).collect(), upward::add(known, upward::add(rounding, lost)))
}

/// An orthogonal matrix whose first column is the unit vector u, up to rounding: Householder's reflection.
///
/// `w = u - sign e_1` has no cancellation for `sign = - sign(u_1)`, and `I - 2 w w^T / norm(w)^2` takes e_1 to
/// `sign u`.
pub(super) fn completed(u: &[f64]) -> DMatrix<f64> {
    let n = u.len();
    let sign = if u[0] > 0.0 { -1.0 } else { 1.0 };
    let mut w = u.to_vec();
    w[0] -= sign;
    let square = w.iter().map(|v| v * v).sum::<f64>();
    let own = |i: usize, j: usize| f64::from(u8::from(i == j));
    DMatrix::from_fn(n, n, |i, j| sign * (own(i, j) - 2.0 * w[i] * w[j] / square))
}

/// At least `norm(Q^T Q - I)`, and so the distance of Q to its polar factor.
///
/// For `norm(Q^T Q - I) <= s` the singular values of Q lie in `[1 - s, 1 + s]`, and the distance to the polar factor
/// is the largest `|sigma - 1|`.
fn skew(q: &DMatrix<f64>) -> f64 {
    let exact = BallMatrix::exact(q);
    exact.transposed_product(&exact).sum(&BallMatrix::identity(q.ncols()).negated()).norm()
}

/// `Y = s [I, 0]` and `X = t [u v^T, C]` from `[u, C]`, v, s and t.
///
/// `basis` is d_k x d_k with first column u_k, `v` has d_{k-1} entries; Y is d_{k-1} x (d_{k-1} + d_k - 1), X is d_k
/// x (d_{k-1} + d_k - 1).
pub(super) fn maps(basis: &DMatrix<f64>, v: &[f64], s: f64, t: f64) -> (DMatrix<f64>, DMatrix<f64>) {
    let (rows, columns) = (basis.nrows(), v.len());
    let width = columns + rows - 1;
    let y = DMatrix::from_fn(columns, width, |i, j| if i == j { s } else { 0.0 });
    let x = DMatrix::from_fn(rows, width, |i, j| {
        t * if j < columns { basis[(i, 0)] * v[j] } else { basis[(i, j - columns + 1)] }
    });
    (y, x)
}

impl Frame {
    /// The frame of a layer from a_k and b_k with their errors.
    fn new(a: &Pairs, a_error: f64, b: &Pairs, b_error: f64) -> Self {
        let ((s, u, eta), (t, v, zeta)) = (direction(b, b_error), direction(a, a_error));
        let basis = completed(&u);
        let v = DMatrix::from_column_slice(v.len(), 1, &v);
        let (basis_error, v_error) = (skew(&basis), skew(&v));
        // The first column is u up to rounding: measured, the subtraction rounded.
        let off: Vec<f64> = basis.column(0).iter().zip(&u).map(|(a, b)| a - b).collect();
        let off = upward::add(upward::mul(euclidean_norm(&off), 1.0 + 4.0 * upward::UNIT), basis_error);
        let eta = upward::add(eta, upward::mul(s, off));
        let zeta = upward::add(zeta, upward::mul(t, v_error));
        Self { basis, v, s, t, basis_error, v_error, eta, zeta }
    }

    /// [`maps`] with the distance to those of the exact vectors.
    fn maps(&self) -> (BallMatrix<'static>, BallMatrix<'static>) {
        let (y, x) = maps(&self.basis, self.v.as_slice(), self.s, self.t);
        // Two roundings of entries whose norm is at most 2 t, and the distance to the exact vectors.
        let radius = upward::mul(self.t, upward::add(self.basis_to_exact(), 8.0 * upward::UNIT));
        let lost = upward::mul(x.len() as f64, upward::TINY);
        (BallMatrix::new(y, 0.0), BallMatrix::new(x, upward::add(radius, lost)))
    }

    /// Bound of the distance of `(alpha, gamma) -> u alpha^T + C gamma v^T` to the exact map, and of `[u v^T, C]` to
    /// the exact matrix: each is a distance of C and one of a product of u or C with v, all of norm one.
    fn basis_to_exact(&self) -> f64 {
        let small = self.basis_error < 0.1 && self.v_error < 0.1;
        if small { upward::mul(3.0, upward::add(self.basis_error, self.v_error)) } else { f64::INFINITY }
    }
}

impl Compressed {
    /// Of the Hessian of R^L; the radius of S is at most `relative` times its norm, where 4096 bits suffice for that.
    ///
    /// Cost: O(L^2 d^3) besides the square of the size.
    ///
    /// A ball that stays wider is returned as it is; with an infinite radius, or an infinite [`Compressed::error`],
    /// nothing is known, as after an overflow.
    ///
    /// # Errors
    /// The first layer does not match the data.
    pub fn new(problem: &Problem, net: &Network<f64>, relative: f64) -> Result<Self> {
        Ok(Self::of(problem, &chain(problem, net)?, relative))
    }

    /// The same from what [`chain`] found.
    ///
    /// In balls of doubles first; then with the sweeps and products of layers at 256, 1024 and 4096 bits, which the
    /// radii of deep chains may need, and the narrower one kept.
    pub fn of(problem: &Problem, chain: &Chain, relative: f64) -> Self {
        let frames: Vec<Frame> = (0..chain.depth())
            .map(|k| Frame::new(&chain.a[k], chain.a_errors[k], &chain.b[k], chain.b_errors[k]))
            .collect();
        let size: usize = frames.iter().map(|f| f.basis.nrows() + f.v.nrows() - 1).sum();
        let exact: Vec<BallMatrix> = chain.layers.iter().map(BallMatrix::exact).collect();
        let owned = |m: &BallMatrix| BallMatrix::new(m.mid().clone(), m.radius());
        let maps = || frames.iter().map(Frame::maps);
        let mut form = assemble(&exact, &chain.sigma, maps(), owned);
        for bits in [256, 1024, 4096] {
            if form.radius() <= relative * form.mid().norm() {
                break;
            }
            let layers: Vec<DMatrix<Big>> = chain.layers.iter().map(|w| big(w, bits)).collect();
            let sigma = problem.moments::<Big>(bits).sigma;
            let next = assemble(&layers, &sigma, maps(), BallMatrix::from_enclosures);
            if next.radius() < form.radius() {
                form = next;
            }
        }
        let error = left_out(chain, &frames, problem.lambda_max().hi());
        let parameters: usize = chain.layers.iter().map(DMatrix::len).sum();
        Self { form, error, whole: size == parameters, frames }
    }

    /// At least the largest eigenvalue of -H.
    ///
    /// It is not negative where zero is an eigenvalue of H': where the coordinates leave some of the space out.
    pub fn largest_of_negated(&self) -> f64 {
        let of_form = dense::largest(&self.form.negated()).hi();
        upward::add(if self.whole { of_form } else { of_form.max(0.0) }, self.error)
    }

    /// At least the operator norm of H.
    ///
    /// Infinite where nothing is known.
    pub fn norm(&self) -> f64 {
        upward::add(self.form.norm(), self.error)
    }

    /// Coordinates of the direction nearest to `x` (in the order of parameters) on which the small matrix is defined,
    /// and a bound of its distance.
    pub fn coordinates(&self, x: &[f64]) -> (Vec<f64>, f64) {
        let (mut out, mut at, mut square) = (Vec::with_capacity(self.form.rows()), 0, 0.0);
        for f in &self.frames {
            let (rows, columns) = (f.basis.nrows(), f.v.nrows());
            let d = DMatrix::from_column_slice(rows, columns, &x[at..at + rows * columns]);
            at += rows * columns;
            let rotated = f.basis.tr_mul(&d);
            let alpha = rotated.row(0).transpose();
            let gamma = rotated.rows(1, rows - 1) * &f.v;
            let (u, c) = (f.basis.columns(0, 1), f.basis.columns(1, rows - 1));
            let rest = &d - u * alpha.transpose() - c * &gamma * f.v.transpose();
            let own = upward::add(euclidean_norm(alpha.as_slice()), euclidean_norm(gamma.as_slice()));
            // No entry passes more than rows + 4 roundings; sizes of factors of norm one, in the Frobenius norm.
            let size = upward::add(spread(&d), upward::mul(upward::mul(2.0, (rows as f64).sqrt()), own));
            let rounding = upward::mul(upward::gamma(rows + 8), size);
            let lost = upward::mul((d.len() * (rows + 8)) as f64, upward::TINY);
            let off = [euclidean_norm(rest.as_slice()), rounding, lost, upward::mul(own, f.basis_to_exact())];
            let off = off.into_iter().fold(0.0, upward::add);
            square = upward::add(square, upward::mul(off, off));
            out.extend(alpha.iter().chain(gamma.iter()));
        }
        (out, upward::sqrt(square))
    }
}

/// S from the maps (Y_k, X_k), the sweeps and products of layers in M, its blocks in N.
///
/// The layout is that of `forms::assemble_over`, with Y_k in place of `b_k` and X_j in place of `A_j g`; `round`
/// takes M to N.
pub(super) fn assemble<M: Linear, N: Linear>(
    layers: &[M],
    sigma: &M,
    maps: impl Iterator<Item = (N, N)>,
    round: impl Fn(&M) -> N,
) -> N {
    let depth = layers.len();
    let mut forward = vec![M::identity(layers[0].columns())];
    for (k, w) in layers[..depth - 1].iter().enumerate() {
        forward.push(w.product(&forward[k]));
    }
    let (y, x): (Vec<N>, Vec<N>) = maps.unzip();
    let left: Vec<N> =
        forward.iter().zip(&y).map(|(f, y)| y.transposed_product(&round(&f.product(sigma).doubled()))).collect();
    let right: Vec<N> = forward.iter().zip(&y).map(|(f, y)| round(f).transposed_product(y)).collect();
    let sizes: Vec<usize> = x.iter().map(Linear::columns).collect();
    let mut between = M::identity(1);
    N::symmetric_blocks(&sizes, |j, k| {
        between = if k <= j + 1 { M::identity(layers[j].rows()) } else { layers[k - 1].product(&between) };
        let main = left[j].product(&right[k]);
        if j == k {
            return main;
        }
        main.sum(&x[j].transposed_product(&round(&between).transposed_product(&y[k])))
    })
}

/// The bound of `norm(H - H')` in the docs of this file.
///
/// `large` is at least Lambda.
fn left_out(chain: &Chain, frames: &[Frame], large: f64) -> f64 {
    let depth = frames.len();
    let square = |v: f64| upward::mul(v, v);
    // Of beta_0, ..., beta_L.
    let deltas: Vec<f64> = (0..=depth)
        .map(|k| {
            let (mut sum, mut product) = (0.0, 1.0);
            for (f, size) in frames.iter().zip(&chain.sizes).skip(k) {
                let by_norms = upward::div(upward::sqrt(chain.norms[k]), (f.s - f.eta).next_down());
                let q = if by_norms > 0.0 { by_norms.min(product) } else { product };
                sum = upward::add(sum, square(upward::mul(q, f.eta)));
                product = upward::mul(product, size.whole);
            }
            upward::sqrt(sum)
        })
        .collect();
    let (mut by_a, mut by_b, mut by_both) = (0.0, 0.0, 0.0);
    for (k, f) in frames.iter().enumerate() {
        let (delta, zeta) = (square(deltas[k + 1]), square(f.zeta));
        let a = square(upward::add(f.t * (1.0 + 4.0 * upward::UNIT), f.zeta));
        by_a = upward::add(by_a, upward::mul(zeta, chain.norms[k + 1]));
        by_b = upward::add(by_b, upward::mul(a, delta));
        by_both = upward::add(by_both, upward::mul(zeta, delta));
    }
    let first = upward::mul(upward::mul(2.0, upward::sqrt(chain.norms[0])), deltas[0]);
    let energy = upward::mul(upward::mul(2.0, large), upward::add(first, square(deltas[0])));
    let pairing = [by_a, by_b, by_both].into_iter().map(upward::sqrt).fold(0.0, upward::add);
    let out = upward::add(energy, upward::mul(2.0, pairing));
    if out.is_nan() { f64::INFINITY } else { out }
}
