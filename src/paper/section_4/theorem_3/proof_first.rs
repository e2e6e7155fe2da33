//! The audit of B.4: Theorem 3. The case of a large spectral norm in `theorem_3_large.rs` and `theorem_3_chain.rs`, the
//! other and the conclusion in `theorem_3_small.rs`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | grad_1 R^L | [`first_gradient`]: by dual numbers from the definition of the risk | d_1 x d_0 |
//! | W_L .. W_2 | [`upper`]: for L = 1 the 1 x 1 identity | 1 x d_1 |
//!
//! **The chain holds**, for every L >= 1 (for L = 1 the products are empty, mu_1 = min(1, m/C)^2 with m of line 1346),
//! with slips that the next line repairs:
//! - Lines 1187 and 1193 say "k in {1, .., L-1}" of `sigma_k^2 > epsilon`, which the next display uses for sigma_{k+1},
//!   so up to L. Lemma 2 gives it up to L.
//! - Line 1258: `sum 1/sigma_{k+1}` with summation index k' is `sum 1/sigma_{k'+1}`. As printed it does not follow from
//!   the recursion; the next link is right.
//! - Line 1339: `|R - R_0| > R_0 - R(W(1))` is an equality at t = 1; `>=` is meant, and suffices.
//! - Line 1252 multiplies a lower bound of alpha_{k+1} by a factor at least 1, which needs
//!   `alpha_k >= sqrt(2 epsilon)/sigma_{k+1}`: not said, and true under (21) (`theorem-3/nonnegative-bracket`).
//!   Likewise alpha_k is defined only where x_k != 0 (`theorem-3/alpha-defined`).
//!
//! **Slack.** `k` in line 1275 can be `k - 1`; 4 Lambda in lines 1322-1346 can be 2 Lambda, without the minimum, since
//! `R_0 - R(w) = 2 w^T Sigma w* - w^T Sigma w`.

use crate::arithmetic::{Dual, Field, Rational};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::network::Network;
use crate::paper::section_4::scenes::{Matrix, Vector};
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::One;

/// A network with d_L = 1 and head 1, and data.
pub(crate) fn network_and_data(draw: &mut Draw<'_>) -> Option<(Network<Rational>, Matrix, Vector)> {
    let widths = draw.sizes();
    let network = draw.network(widths, false);
    let (x, y) = draw.data(widths[0] + 1, widths[0]);
    Some((network?, x, y))
}

/// `norm(y - X W_1^T .. W_L^T)^2 / n`, from the definition.
pub(crate) fn risk<T: Field>(layers: &[DMatrix<T>], x: &DMatrix<T>, y: &DVector<T>) -> T {
    let outputs = layers.iter().fold(x.transpose(), |h, w| w * h);
    let residual = y - outputs.transpose().column(0);
    norm_squared(residual.iter()) / T::from_i64(y.len() as i64)
}

/// The derivative of the risk at W in the direction D.
pub(crate) fn directional(network: &Network<Rational>, direction: &[Matrix], x: &Matrix, y: &Vector) -> Rational {
    let layers: Vec<_> = network.layers().iter().zip(direction).map(|(w, d)| w.zip_map(d, Dual::new)).collect();
    risk(&layers, &x.map(Dual::constant), &y.map(Dual::constant)).derivative
}

/// grad_1 R^L, entry by entry.
fn first_gradient(network: &Network<Rational>, x: &Matrix, y: &Vector) -> Matrix {
    let zeros: Vec<Matrix> = network.layers().iter().map(|w| Matrix::zeros(w.nrows(), w.ncols())).collect();
    Matrix::from_fn(zeros[0].nrows(), zeros[0].ncols(), |i, j| {
        let mut direction = zeros.clone();
        direction[0][(i, j)] = Rational::one();
        directional(network, &direction, x, y)
    })
}

/// W_L .. W_{from}, or where it does not chain.
fn upper(network: &Network<Rational>, from: usize) -> Result<Matrix, String> {
    let factors: Vec<&Matrix> = network.layers()[from - 1..].iter().rev().collect();
    if factors.is_empty() { Ok(Matrix::identity(1, 1)) } else { chain(&factors) }
}

/// The display after "Recall that, by (5)".
fn gradient(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some((network, x, y)) = network_and_data(draw) else { return Exact::OutOfScope("d_L = 1 is needed") };
    let from = if how.plants(Plant::OffByOne) { 1 } else { 2 };
    let product = match upper(&network, from) {
        Ok(product) => product,
        Err(what) => return Exact::DoesNotChain(what),
    };
    let mut slope = Moments::new(&x, &y).risk_gradient(&network.product()).transpose();
    if how.plants(Plant::FlippedSign) {
        slope.neg_mut();
    }
    let slope = Matrix::from_row_slice(1, slope.len(), slope.as_slice());
    match chain(&[&product.transpose(), &slope]) {
        Ok(right) => Exact::Sides(vec![(first_gradient(&network, &x, &y), right)]),
        Err(what) => Exact::DoesNotChain(what),
    }
}

/// (20): the norm of a row is its length.
fn eq_20(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some((network, x, y)) = network_and_data(draw) else { return Exact::OutOfScope("d_L = 1 is needed") };
    let from = if how.plants(Plant::OffByOne) { 1 } else { 2 };
    let product = match upper(&network, from) {
        Ok(product) => norm_squared(product.iter()),
        Err(what) => return Exact::DoesNotChain(what),
    };
    let slope = norm_squared(Moments::new(&x, &y).risk_gradient(&network.product()).iter());
    let right = if how.plants(Plant::DroppedFactor) { slope } else { product * slope };
    Exact::Sides(vec![(scalar(norm_squared(first_gradient(&network, &x, &y).iter())), scalar(right))])
}

/// The index set {1, .., L-1}, as printed, or {1, .., L} against the indices k + 1, k = 1, .., L-1, at which the next
/// display needs it.
fn range(draw: &mut Draw<'_>, how: How) -> Exact {
    let depth = draw.size(0);
    let known = if how.printed() { depth - 1 } else { depth };
    let shift = if how.plants(Plant::OffByOne) { 2 } else { 1 };
    let covered = |k: usize| Rational::from(i64::from(k + shift <= known));
    Exact::Sides((1..depth).map(|k| (scalar(covered(k)), scalar(Rational::one()))).collect())
}

/// Widths for the identities about any network.
pub(crate) const WIDTHS: Sizes = &[&[1, 1], &[3, 1], &[1, 1, 1], &[2, 3, 1], &[2, 1, 3, 1], &[2, 2, 2, 2, 1]];

pub(crate) fn first_steps() -> Vec<Step> {
    let exactly = |sides| Body::Identity { sizes: WIDTHS, sides };
    vec![
        Step::new("theorem-3/first-gradient", "Theorem 3, proof, first display", &[1166])
            .titled("The gradient of the first layer")
            .given("any data and network, d_L = 1; for L = 1 the product W_L .. W_2 is the number 1")
            .uses(&["gradient"])
            .by(exactly(gradient))
            .holds("grad_1 R^L = (W_L .. W_2)^T grad R^1(w_prod)^T, d_1 x 1 times 1 x d_0")
            .planted(Plant::OffByOne, "the same with W_L .. W_1")
            .planted(Plant::FlippedSign, "the same with the other sign"),
        Step::new("theorem-3/eq-20", "Theorem 3, proof, (20)", &[1173])
            .titled("Its norm is a product of two norms")
            .given("any data and network, d_L = 1")
            .uses(&["theorem-3/first-gradient"])
            .by(exactly(eq_20))
            .holds("norm_F(grad_1 R^L)^2 = norm_2(W_L .. W_2)^2 norm_2(grad R^1(w_prod))^2")
            .planted(Plant::DroppedFactor, "norm_F(grad_1 R^L)^2 = norm_2(grad R^1(w_prod))^2")
            .planted(Plant::OffByOne, "the same with W_L .. W_1"),
        Step::new("theorem-3/large-norm-range", "Theorem 3, proof, large spectral norm, range of k", &[])
            .quoted(1193, r"Then, again by Lemma [2,](#page-6-1) for  $k \in \{1, \ldots, L-1\}$")
            .titled("Which layers are known to be large")
            .given("L >= 2")
            .uses(&["theorem-3/large-norms"])
            .by(Body::Identity { sizes: &[&[2], &[3], &[7]], sides: range })
            .fails(
                "\"Then\": sigma_k^2 > epsilon for k in {1, .., L-1} covers the sigma_{k+1}, k in {1, .., L-1}, of \
                 the next display",
                Fault::Gap,
                "An index set is one short: the display is true for the k in {1, .., L-1} it names, but the next \
                 display needs it for sigma_2, .., sigma_L (and lines 1258 to 1270 for sigma_L). Smallest case: L = 2, \
                 where {1} is stated and sigma_2 needed. Lemma 2 gives it for all k in {1, .., L}; nothing else \
                 changes.",
            )
            .corrected("sigma_k^2 > epsilon for k in {1, .., L} does")
            .planted(Plant::OffByOne, "{1, .., L} covers sigma_{k+2}, k in {1, .., L-1}"),
    ]
}
