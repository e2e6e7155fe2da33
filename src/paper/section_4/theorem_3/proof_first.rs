//! The audit of B.4: Theorem 3. The case of a large spectral norm in `proof_large.rs` and `proof_chain.rs`, the
//! other and the conclusion in `proof_small.rs`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | grad_1 R^L | [`first_gradient`]: by dual numbers from the definition of the risk | d_1 x d_0 |
//! | W_L .. W_2 | [`layers_from`]: for L = 1 the number 1 | 1 x d_1 |
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
use crate::formula::{Edit, Expr, Table, max, square, transpose, var};
use crate::harness::evidence::Fault;
use crate::harness::steps::how::{Plant, Sizes};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::scene::Drawn;
use crate::harness::steps::step::Step;
use crate::network::Network;
use crate::paper::section_4::scenes::{Matrix, Vector};
use crate::paper::section_4::theorem_3::scenes::layers_from;
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

/// A network and data, grad_1 R^L and grad R^1(w_prod).
fn gradients(draw: &mut Draw<'_>) -> Drawn {
    let (network, x, y) = network_and_data(draw).ok_or("d_L = 1 is needed")?;
    let slope = Moments::new(&x, &y).risk_gradient(&network.product());
    let table = Table::default().scalar("L", Rational::from(network.depth() as i64));
    let table = table.matrix("grad_1 R^L", &[], first_gradient(&network, &x, &y)).vector("grad R^1(w_prod)", &slope);
    Ok(table.family("W", network.layers().iter().cloned()))
}

/// Widths for the identities about any network.
pub(crate) const WIDTHS: Sizes = &[&[1, 1], &[3, 1], &[1, 1, 1], &[2, 3, 1], &[2, 1, 3, 1], &[2, 2, 2, 2, 1]];

pub(crate) fn first_steps() -> Vec<Step> {
    let [first, slope, depth, k] = ["grad_1 R^L", "grad R^1(w_prod)", "L", "k"].map(var);
    let covered = |last: &Expr| max(&k + 1, last).equals(last).each("k", 1, &depth - 1);
    vec![
        Step::new("theorem-3/first-gradient", "Theorem 3, proof, first display", &[1166])
            .titled("The gradient of the first layer")
            .given("any data and network, d_L = 1; for L = 1 the product W_L .. W_2 is the number 1")
            .uses(&["gradient"])
            .on(WIDTHS, gradients)
            .states(first.equals(transpose(layers_from(2)) * transpose(&slope)))
            .edited(Plant::OffByOne, Edit::Swap(layers_from(2), layers_from(1)))
            .edited(Plant::FlippedSign, Edit::Swap(transpose(&slope), -transpose(&slope)))
            .done(),
        Step::new("theorem-3/eq-20", "Theorem 3, proof, (20)", &[1173])
            .titled("Its norm is a product of two norms")
            .given("any data and network, d_L = 1; the norm of a row is its length")
            .uses(&["theorem-3/first-gradient"])
            .on(WIDTHS, gradients)
            .states(square(first).equals(square(layers_from(2)) * square(slope)))
            .edited(Plant::DroppedFactor, Edit::Drop(square(layers_from(2))))
            .edited(Plant::OffByOne, Edit::Swap(layers_from(2), layers_from(1)))
            .done(),
        Step::new("theorem-3/large-norm-range", "Theorem 3, proof, large spectral norm, range of k", &[])
            .quoted(1193, r"Then, again by Lemma [2,](#page-6-1) for  $k \in \{1, \ldots, L-1\}$")
            .titled("Which layers are known to be large")
            .given("L >= 2; sigma_k^2 > epsilon is known up to L - 1 (printed) or to L, and needed of sigma_{k+1}")
            .uses(&["theorem-3/large-norms"])
            .on(&[&[2], &[3], &[7]], |draw| Ok(Table::default().scalar("L", Rational::from(draw.size(0) as i64))))
            .misstates(
                covered(&(&depth - 1)),
                Fault::Gap,
                "An index set is one short: the display is true for the k in {1, .., L-1} it names, but the next \
                 display needs it for sigma_2, .., sigma_L (and lines 1258 to 1270 for sigma_L). Smallest case: L = 2, \
                 where {1} is stated and sigma_2 needed. Lemma 2 gives it for all k in {1, .., L}; nothing else \
                 changes.",
            )
            .rightly(covered(&depth))
            .edited(Plant::OffByOne, Edit::Swap(&k + 1, &k + 2))
            .done(),
    ]
}
