//! Enclosures of the leading eigenvalues from proposed eigenvectors: Rayleigh and Ritz from below, Lehmann from above.
//!
//! X is spanned by directions D^1, ..., D^m, each `D_k = u_k alpha_k^T + gamma_k v_k^T` with exactly the stored
//! doubles. With `C = (<D^i, H D^j>)`, `S = (<D^i, D^j>)` and the Ritz values theta_1 >= .. >= theta_m of X, eigenvalue
//! i of H (from the largest) is at least theta_i. If H has at most m eigenvalues above T and theta_m > T, then it is at
//! most `theta_i + rho / (theta_m - T)`, where rho bounds the squared norm of what H takes out of X.
//!
//! *Proof.* K = H - T has exactly m positive eigenvalues kappa_1 >= .. (perturb T where K is singular), so that `1 /
//! kappa_i` is the (m - i + 1)-th largest eigenvalue of K^-1. On the space K X its quotient at `K X v` is `v^T A v /
//! v^T B v` with `A = X^T K X` positive definite and `B = (K X)^T K X = A^2 + R`, X orthonormal, `0 <= R <= rho I`. By
//! Courant and Fischer `kappa_i` is at most the i-th largest eigenvalue of `A^-1/2 B A^-1/2 = A + A^-1/2 R A^-1/2`,
//! hence at most that of A plus `rho / (theta_m - T)`. (Lehmann 1949; for m = 1 it is Temple's bound.)
//!
//! C is computed from one backward sweep in pairs of doubles, `beta_{k-1} = W_k^T beta_k + D_k^T b_k`: `<D, H D'> = 2
//! beta_0^T Sigma beta'_0 + sum_k (D_k a_k)^T beta'_k + (D'_k a_k)^T beta_k`. rho needs the forward sweep `lambda_0 = 2
//! Sigma beta_0`, `lambda_k = W_k lambda_{k-1} + D_k a_k` too, `(H D)_k = b_k lambda_{k-1}^T + beta_k a_k^T`, but no
//! accuracy.
//!
//! The Ritz values come from C and S, which are enclosed entry by entry: with `norm(C - diag(theta)) <= off` and
//! `norm(S - I) <= skew < 1/4` the eigenvalues of the pencil are those of diag(theta), moved by at most off (Weyl)
//! and divided by a number in `[1 - skew, 1 + skew]` (Ostrowski). For rho: a unit vector of X is `sum_i c_i D^i` with
//! `norm(c)^2 <= 1 / (1 - skew)`, and what H takes out of X is that of `sum_i c_i (H D^i - theta_i D^i)`, so that
//! `rho = sum_i norm(H D^i - theta_i D^i)^2 / (1 - skew)` will do.
//!
//! Nothing is assumed of the vectors. Poor ones, or ones that belong to other eigenvalues, make wide enclosures; the
//! count that gives T is what keeps a missed eigenvalue from being passed over.

use super::End;
use super::chain::{Chain, least_norm};
use super::reduced::{Frame, Reduced, axpy, dot, times};
use crate::arithmetic::{Enclosure, Interval};
use crate::linalg::Linear;
use crate::linalg::ball::{BallMatrix, euclidean_norm, spread};
use crate::linalg::pairs::{self, Pairs};
use crate::linalg::upward::{self, TINY, gamma};
use nalgebra::DMatrix;

/// Enclosures of the m leading eigenvalues of H (or of -H), from the largest on, where at most m of them exceed
/// `bound`; with `bound` unknown the upper ends are infinite. `None` where nothing is proved: not finite, or vectors
/// that are not nearly orthonormal.
///
/// `vectors` are m vectors of reduced coordinates. The enclosures descend. `bound` is T, and counts only where the
/// least Ritz value lies above it.
///
/// Cost: two sweeps for each vector, O(p), and m^2 pairings of O(sum d_k).
pub(super) fn leading(
    chain: &Chain,
    reduced: &Reduced,
    vectors: &[&[f64]],
    end: End,
    bound: Option<f64>,
) -> Option<Vec<Interval>> {
    let sweeps: Vec<Sweeps> = vectors.iter().map(|x| Sweeps::new(chain, reduced, x)).collect();
    let m = sweeps.len();
    let sign = Interval::point(Chain::sign(end));
    let mut form = DMatrix::from_element(m, m, Interval::point(0.0));
    let mut gram = form.clone();
    for i in 0..m {
        for j in 0..=i {
            form[(i, j)] = sign * sweeps[i].form(chain, reduced, &sweeps[j]);
            gram[(i, j)] = sweeps[i].inner(reduced, &sweeps[j]);
            form[(j, i)] = form[(i, j)];
            gram[(j, i)] = gram[(i, j)];
        }
    }
    // S = I + (something of norm at most `skew`), and C = diag(theta) + (something of norm at most `off`).
    let theta: Vec<f64> = (0..m).map(|i| form[(i, i)].mid()).collect();
    let distance = |a: &DMatrix<Interval>, diagonal: &dyn Fn(usize) -> f64| {
        let square = (0..m * m).fold(0.0, |s, at| {
            let (i, j) = (at / m, at % m);
            let own = if i == j { diagonal(i) } else { 0.0 };
            let v = (a[(i, j)] - Interval::point(own)).magnitude();
            upward::add(s, upward::mul(v, v))
        });
        upward::sqrt(square)
    };
    let skew = distance(&gram, &|_| 1.0);
    let off = distance(&form, &|i| theta[i]);
    if !(skew < 0.25 && off.is_finite()) {
        return None;
    }
    let mut sorted = theta.clone();
    sorted.sort_by(|a, b| b.total_cmp(a));
    // By Ostrowski's theorem the eigenvalues of (C, S) are those of C times numbers in [1 / (1 + skew), 1 / (1 -
    // skew)].
    let factor = Interval::point(1.0) / (Interval::point(1.0) + Interval::symmetric(skew));
    let ritz: Vec<Interval> =
        sorted.iter().map(|t| (Interval::point(*t) + Interval::symmetric(off)) * factor).collect();
    let infinite = |r: &Interval| Interval::new(r.lo(), f64::INFINITY);
    let gap = bound.map(|t| (Interval::point(ritz[m - 1].lo()) - Interval::point(t)).lo());
    let Some(gap) = gap.filter(|g| *g > 0.0) else { return Some(ritz.iter().map(infinite).collect()) };
    let squares = sweeps.iter().zip(&theta).fold(0.0, |s, (x, theta)| {
        let r = x.residual(chain, reduced, *theta, end);
        upward::add(s, upward::mul(r, r))
    });
    let rho = upward::mul(squares, factor.hi());
    let excess = upward::div(rho, gap);
    Some(ritz.iter().map(|r| Interval::new(r.lo(), upward::add(r.hi(), excess))).collect())
}

/// The two sweeps of one direction.
struct Sweeps<'a> {
    /// The reduced coordinates: alpha_k and gamma_k of each layer.
    x: &'a [f64],
    /// beta_0, ..., beta_L and bounds of their errors.
    betas: Vec<Pairs>,
    /// Entry k is at least the distance of that of `betas` to the exact beta_k.
    beta_errors: Vec<f64>,
    /// 2 Sigma beta_0.
    first: BallMatrix<'static>,
    /// beta_0 as a ball.
    start: BallMatrix<'static>,
}

/// Two vectors of one length side by side.
fn columns(parts: [&[f64]; 2]) -> DMatrix<f64> {
    DMatrix::from_iterator(parts[0].len(), 2, parts[0].iter().chain(parts[1]).copied())
}

/// A pair and its error, as a ball around the high part.
fn as_ball(x: &Pairs, error: f64) -> BallMatrix<'static> {
    BallMatrix::new(x.high.clone(), upward::add(error, euclidean_norm(x.low.as_slice())))
}

impl<'a> Sweeps<'a> {
    /// A step that errs by e adds at most `e sqrt(norm(N_i)) / norm(b_k)` to the error of beta_{i-1}: as for
    /// [`Chain::new`].
    ///
    /// The backward sweep of D. Of `D_k^T b_k = alpha_k (u_k^T b_k) + v_k (gamma_k^T b_k)` the two inner products
    /// come first (error e2, with that of b_k), then their multiples (e3); e1 is that of `W_k^T beta_k`, e4 that of
    /// the sum. The smaller of the sum over the steps and the bound by the layer's norm is kept.
    fn new(chain: &Chain, reduced: &Reduced, x: &'a [f64]) -> Self {
        let depth = chain.depth();
        let mut betas = vec![Pairs::exact(DMatrix::zeros(chain.layers[depth - 1].nrows(), 1))];
        let mut beta_errors = vec![0.0];
        let mut sum = 0.0;
        for k in (0..depth).rev() {
            let f = &reduced.frames[k];
            let (beta, error) = (&betas[depth - 1 - k], beta_errors[depth - 1 - k]);
            let (moved, e1) = pairs::transposed_times(&chain.layers[k], beta);
            let measured = columns([&f.u, gamma_of(f, x)]);
            let (amounts, e2) = pairs::transposed_times(&measured, &chain.b[k]);
            let e2 = upward::add(e2, upward::mul(spread(&measured), chain.b_errors[k]));
            let lifted = columns([alpha_of(f, x), &f.v]);
            let (added, e3) = pairs::times(&lifted, &amounts);
            let (next, e4) = pairs::sum(&moved, &added);
            let own = [e1, upward::mul(spread(&lifted), e2), e3, e4].into_iter().fold(0.0, upward::add);
            if own > 0.0 {
                sum = upward::add(sum, upward::div(own, least_norm(&chain.b[k].high, chain.b_errors[k])));
            }
            let by_norm = upward::add(upward::mul(chain.sizes[k].whole, error), own);
            let by_sum = upward::mul(upward::sqrt(chain.norms[k]), sum);
            beta_errors.push(by_norm.min(by_sum));
            betas.push(next);
        }
        betas.reverse();
        beta_errors.reverse();
        let start = as_ball(&betas[0], beta_errors[0]);
        let first = chain.sigma.product(&start).doubled();
        let first = BallMatrix::new(first.mid().clone(), first.radius());
        Self { x, betas, beta_errors, first, start }
    }

    /// `<D, H D'>`.
    ///
    /// An interval; the infinite ones of an overflow make [`leading`] return `None`.
    fn form(&self, chain: &Chain, reduced: &Reduced, other: &Self) -> Interval {
        let mut sum = self.start.transposed_product(&other.first).entry(0, 0);
        for (k, f) in reduced.frames.iter().enumerate() {
            sum += self.pairing(chain, f, k, other) + other.pairing(chain, f, k, self);
        }
        sum
    }

    /// `(D_k a_k)^T beta'_k`.
    fn pairing(&self, chain: &Chain, f: &Frame, k: usize, other: &Self) -> Interval {
        let (a, a_error) = (&chain.a[k], chain.a_errors[k]);
        let (beta, beta_error) = (&other.betas[k + 1], other.beta_errors[k + 1]);
        enclosed_dot(alpha_of(f, self.x), a, a_error) * enclosed_dot(&f.u, beta, beta_error)
            + enclosed_dot(&f.v, a, a_error) * enclosed_dot(gamma_of(f, self.x), beta, beta_error)
    }

    /// `<D, D'>`.
    fn inner(&self, reduced: &Reduced, other: &Self) -> Interval {
        let mut sum = Interval::point(0.0);
        for f in &reduced.frames {
            let (alpha, gamma) = (alpha_of(f, self.x), gamma_of(f, self.x));
            let (alpha2, gamma2) = (alpha_of(f, other.x), gamma_of(f, other.x));
            sum += plain_dot(&f.u, &f.u) * plain_dot(alpha, alpha2)
                + plain_dot(&f.u, gamma2) * plain_dot(alpha, &f.v)
                + plain_dot(gamma, &f.u) * plain_dot(&f.v, alpha2)
                + plain_dot(gamma, gamma2) * plain_dot(&f.v, &f.v);
        }
        sum
    }

    /// Upper bound of `norm_F(H D - theta D)`.
    ///
    /// The forward sweep in doubles, its blocks `b_k lambda_{k-1}^T + beta_k a_k^T - theta D_k` squared and summed.
    /// In each block's bound stand the computed norm, the rounding of the entries, underflow, the errors of
    /// lambda_{k-1}, of b_k, of beta_k and of a_k. An error e of step i reaches lambda_{k-1} through
    /// `Q = W_{k-1} ... W_{i+1}`, and `norm(b_k) norm(Q) <= norm(N_{i+1})^(1/2)`: `carried` is the sum of these,
    /// `error` the bound by norms.
    fn residual(&self, chain: &Chain, reduced: &Reduced, theta: f64, end: End) -> f64 {
        let sign = Chain::sign(end);
        let mut lambda = self.first.mid().as_slice().to_vec();
        // Bounds of the error of lambda_{k-1}, and of norm(b_k) times it.
        let mut error = self.first.radius();
        let mut carried = upward::mul(upward::sqrt(chain.norms[0]), error);
        let mut squares = 0.0;
        for (k, f) in reduced.frames.iter().enumerate() {
            let (alpha, gamma_part) = (alpha_of(f, self.x), gamma_of(f, self.x));
            let (a, b, beta) = (chain.a[k].high.as_slice(), chain.b[k].high.as_slice(), &self.betas[k + 1]);
            let beta_high = beta.high.as_slice();
            let mut square = 0.0;
            for j in 0..f.v.len() {
                let (l, a, alpha, v) = (sign * lambda[j], sign * a[j], theta * alpha[j], theta * f.v[j]);
                for i in 0..f.u.len() {
                    let r = (b[i] * l + beta_high[i] * a) - (f.u[i] * alpha + gamma_part[i] * v);
                    square += r * r;
                }
            }
            let norm = |v: &[f64]| euclidean_norm(v);
            let (b_norm, a_norm, l_norm) = (norm(b), norm(a), norm(&lambda));
            let (beta_norm, u, v) = (norm(beta_high), norm(&f.u), norm(&f.v));
            let (alpha_norm, gamma_norm) = (norm(alpha), norm(gamma_part));
            let own = upward::add(upward::mul(u, alpha_norm), upward::mul(gamma_norm, v));
            let terms = [upward::mul(b_norm, l_norm), upward::mul(beta_norm, a_norm), upward::mul(theta.abs(), own)];
            let a_error = upward::add(chain.a_errors[k], norm(chain.a[k].low.as_slice()));
            let b_error = upward::add(chain.b_errors[k], norm(chain.b[k].low.as_slice()));
            let beta_error = upward::add(self.beta_errors[k + 1], norm(beta.low.as_slice()));
            let whole = chain.layers[k].len();
            error = error.min(upward::div(carried, least_norm(&chain.b[k].high, chain.b_errors[k])));
            let block = [
                upward::sqrt(upward::of_sum(square, whole)),
                upward::mul(gamma(8), terms.into_iter().fold(0.0, upward::add)),
                upward::mul(whole as f64, 8.0 * TINY),
                carried.min(upward::mul(b_norm, error)),
                upward::mul(b_error, upward::add(l_norm, error)),
                upward::mul(beta_error, upward::add(a_norm, a_error)),
                upward::mul(beta_norm, a_error),
            ]
            .into_iter()
            .fold(0.0, upward::add);
            squares = upward::add(squares, upward::mul(block, block));
            if k + 1 == chain.depth() {
                break;
            }
            let mut next = times(&chain.layers[k], &lambda);
            axpy(dot(alpha, a), &f.u, &mut next);
            axpy(dot(&f.v, a), gamma_part, &mut next);
            let layer = chain.sizes[k].whole;
            let terms = upward::add(upward::mul(layer, l_norm), upward::mul(own, a_norm));
            let step = [
                upward::mul(gamma(2 * f.v.len() + 12), terms),
                upward::mul(own, a_error),
                upward::mul(whole as f64, 8.0 * TINY),
            ]
            .into_iter()
            .fold(0.0, upward::add);
            error = upward::add(upward::mul(layer, error), step);
            carried = upward::add(carried, upward::mul(upward::sqrt(chain.norms[k + 1]), step));
            lambda = next;
        }
        upward::sqrt(squares)
    }
}

/// alpha_k in the coordinates x.
fn alpha_of<'b>(f: &Frame, x: &'b [f64]) -> &'b [f64] {
    &x[f.alpha..f.alpha + f.v.len()]
}

/// gamma_k in the coordinates x.
fn gamma_of<'b>(f: &Frame, x: &'b [f64]) -> &'b [f64] {
    &x[f.gamma..f.gamma + f.u.len()]
}

/// `x^T y` for exact doubles: in eight lanes no term passes through more than n / 8 + 16 roundings.
fn plain_dot(x: &[f64], y: &[f64]) -> Interval {
    let size = upward::mul(euclidean_norm(x), euclidean_norm(y));
    let rounding = if size == 0.0 { 0.0 } else { upward::mul(gamma(x.len() / 8 + 16), size) + x.len() as f64 * TINY };
    Interval::point(dot(x, y)) + Interval::symmetric(rounding)
}

/// `x^T y` for y within `error` of a pair.
fn enclosed_dot(x: &[f64], y: &Pairs, error: f64) -> Interval {
    let distance = upward::add(error, euclidean_norm(y.low.as_slice()));
    plain_dot(x, y.high.as_slice()) + Interval::symmetric(upward::mul(euclidean_norm(x), distance))
}
