//! The audit of B.10, first part: from (52) to Delta_k, identities to first order; what follows is in
//! `corollary_4_bounds` and `corollary_4_constants`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, w, X, y | [`Scene`] at a minimiser: w* is the product of the network | |
//! | W~_k | `W_k + xi D_k`, any D_k | d x d |
//! | `.. + O(xi^2)` | the coefficients of 1 and xi, exact: dual numbers ([`Dual`](crate::arithmetic::Dual)) | |
//!
//! **(52)** is (7) at a minimiser. It is checked exactly where the top eigenvector is rational: layers
//! `Q_k diag(.) Q_{k-1}^T`, head along Q_L e_1, covariance `Q_0 diag(.) Q_0^T`. There
//! `H J^T q_i = 2 sigma_i m_i J^T q_i`, `m_i = sum_k norm(b_k)^2 a_{k,i}^2`, and S is the largest of these.
//!
//! **Names.** "the flow converges to W = W~^RI": W~ is the perturbation of (52), so that it should be W = W^RI.
//! Probably an accent misread. Display (52) has W~_k - W_k in this order in the gradient of R^1, and W - W~ in Delta_k:
//! the minus sign of Delta_k is right.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, column, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::network::Network;
use crate::paper::section_5::scene::{Matrix, Vector, first_order, moved, q};
use crate::problem::{Moments, dot, norm_squared};
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// Depth and width.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 1], &[3, 2]];

/// D_1, .., D_L.
pub(crate) fn directions(draw: &mut Draw<'_>) -> Vec<Matrix> {
    let (depth, d) = (draw.size(0), draw.size(1));
    (0..depth).map(|_| draw.matrix(d, d)).collect()
}

fn total<'a>(matrices: impl IntoIterator<Item = &'a Matrix>) -> Rational {
    matrices.into_iter().fold(Rational::zero(), |s, m| s + norm_squared(m.iter()))
}

/// (52) where S is rational.
fn eq_52(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (depth, d) = (draw.size(0), draw.size(1));
    let bases: Vec<Matrix> = (0..=depth).map(|_| draw.rotation(d)).collect();
    let values: Vec<Vector> = (0..depth).map(|_| draw.vector(d).map(|v| v + q(1))).collect();
    let (head, residual) = (draw.number() + q(1), draw.number());
    let spectrum: Vec<Rational> = (0..d).map(|_| draw.nonnegative() + q(1)).collect();
    let directions = directions(draw);
    let layer = |k: usize| &bases[k] * DMatrix::from_diagonal(&values[k - 1]) * bases[k - 1].transpose();
    let layers = (1..=depth).map(layer).collect();
    let Ok(network) = Network::new(layers, bases[depth].column(0).map(|v| v * &head)) else {
        return Margins::OutOfScope("no network");
    };
    let sigma = &bases[0] * DMatrix::from_diagonal(&Vector::from_vec(spectrum.clone())) * bases[0].transpose();
    let w_star = network.product();
    let cross = &sigma * &w_star;
    let data = Moments { power: dot(&cross, &w_star) + residual.powi(2), sigma, cross };
    let left: Vec<Vector> = network.backward().split_off(1);
    // norm(b_k) and the i-th singular value of W_{k-1} .. W_1, for all k.
    let m = |i: usize| {
        let mut before = Rational::one();
        let mut sum = Rational::zero();
        for k in 1..=depth {
            sum += norm_squared(left[k - 1].iter()) * before.powi(2);
            before *= &values[k - 1][i];
        }
        sum
    };
    let Some((s, top)) = (0..d).map(|i| (q(2) * &spectrum[i] * m(i), i)).max() else {
        return Margins::OutOfScope("d = 0");
    };
    let right = network.forward(&bases[0].column(top).into_owned());
    let best: Vec<Matrix> = left.iter().zip(&right).map(|(b, a)| b * a.transpose()).collect();
    let Some((changed, at_best)) = first_order(&network, &data, &directions).zip(first_order(&network, &data, &best))
    else {
        return Margins::OutOfScope("no network");
    };
    let square = s.powi(if how.plants(Plant::LostSquare) { 1 } else { 2 });
    let (above, attained) = (&square * total(&directions), square * total(&best));
    Margins::All(vec![
        Pair::exact(&above, &total(&changed.1), bits),
        Pair::exact(&total(&at_best.1), &attained, bits),
        Pair::exact(&attained, &total(&at_best.1), bits),
    ])
}

/// X, a network whose product is w*, and directions; y has the residual r in its last row, where X is zero.
struct Exactly {
    network: Network<Rational>,
    moved: Network<Dual<Rational>>,
    directions: Vec<Matrix>,
    x: Matrix,
    y: Vector,
}

impl Exactly {
    fn draw(draw: &mut Draw<'_>, at_minimiser: bool) -> Option<Self> {
        let (depth, d) = (draw.size(0), draw.size(1));
        let network = draw.network(&vec![d; depth + 1], true);
        let directions = directions(draw);
        let (mut x, other) = draw.data(d + 1, d);
        let residual = draw.number();
        let network = network?;
        x.row_mut(d).fill(Rational::zero());
        let mut y = if at_minimiser { &x * network.product() } else { other };
        y[d] = residual;
        let moved = moved(&network, &directions)?;
        Some(Self { network, moved, directions, x, y })
    }
    fn data(&self) -> Moments<Rational> {
        Moments::new(&self.x, &self.y)
    }
    fn transposed(&self) -> Vec<Matrix> {
        self.network.layers().iter().map(Matrix::transpose).collect()
    }
}

/// `Delta_k = -W_{k+1}^T .. W_L^T w grad R^1(w~_prod)^T W_1^T .. W_{k-1}^T + O(xi^2)`.
fn difference(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(e) = Exactly::draw(draw, !how.plants(Plant::DroppedHypothesis)) else {
        return Exact::OutOfScope("no network");
    };
    let (data, transposed, head) = (e.data(), e.transposed(), column(e.network.head()));
    let dual = data.map(|v| Dual::constant(v.clone()));
    let outer = dual.risk_gradient(&e.moved.product());
    let (here, there) = (e.network.gradient(&data), e.moved.gradient(&dual));
    let sign = if how.plants(Plant::FlippedSign) { q(1) } else { q(-1) };
    let mut sides = Vec::new();
    for k in 1..=transposed.len() {
        let last = if how.plants(Plant::OffByOne) { k } else { k - 1 };
        let printed = |outer: &Vector| {
            let row = column(outer).transpose();
            let factors: Vec<&Matrix> =
                transposed[k..].iter().chain([&head, &row]).chain(&transposed[..last]).collect();
            chain(&factors).map(|m| m.map(|v| v * &sign))
        };
        let (value, slope) = (outer.map(|v| v.value), outer.map(|v| v.derivative));
        match (printed(&value), printed(&slope)) {
            (Ok(value), Ok(slope)) => {
                let there = there.layer(k);
                sides.push((here.layer(k) - there.map(|v| v.value), value));
                sides.push((-there.map(|v| v.derivative), slope));
            }
            (Err(what), _) | (_, Err(what)) => return Exact::DoesNotChain(what),
        }
    }
    Exact::Sides(sides)
}

/// `grad R^1(w~_prod) = (2/n) X^T X (sum_k W_1^T .. W_{k-1}^T (W~_k^T - W_k^T) W_{k+1}^T .. W_L^T w) + O(xi^2)`.
fn outer_gradient(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(e) = Exactly::draw(draw, true) else { return Exact::OutOfScope("no network") };
    let (d, n) = (e.x.ncols(), q(e.x.nrows() as i64));
    // (6) in dual numbers: -(2/n) X^T (y - X w~_prod).
    let (x, y) = (e.x.map(Dual::constant), e.y.map(Dual::constant));
    let residual = y - &x * e.moved.product();
    let outer = (e.x.transpose().map(Dual::constant) * residual).map(|v| v * Dual::constant(q(-2) / &n));
    let (transposed, head) = (e.transposed(), column(e.network.head()));
    let mut sum: Option<Matrix> = None;
    for (k, direction) in (1..).zip(&e.directions) {
        let last = if how.plants(Plant::OffByOne) { k } else { k - 1 };
        let step = direction.transpose();
        let ends: &[&Matrix] = if how.plants(Plant::DroppedFactor) { &[] } else { &[&head] };
        let factors: Vec<&Matrix> =
            transposed[..last].iter().chain([&step]).chain(&transposed[k..]).chain(ends.iter().copied()).collect();
        match chain(&factors) {
            Ok(term) => sum = Some(sum.map_or_else(|| term.clone(), |s| s + &term)),
            Err(what) => return Exact::DoesNotChain(what),
        }
    }
    let gram = e.x.transpose() * &e.x;
    let factor = if how.plants(Plant::FlippedSign) { q(-2) } else { q(2) } / n;
    let printed = (gram * sum.unwrap_or_else(|| Matrix::zeros(d, 1))).map(|v| v * &factor);
    Exact::Sides(vec![
        (column(&outer.map(|v| v.value)), Matrix::zeros(d, 1)),
        (column(&outer.map(|v| v.derivative)), printed),
    ])
}

/// The flow's limit, the minimiser, is called W (not W~): all gradients vanish there.
fn limit_name(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(e) = Exactly::draw(draw, !how.plants(Plant::DroppedHypothesis)) else {
        return Exact::OutOfScope("no network");
    };
    let d = e.x.ncols();
    let tilde = e.network.layers().iter().zip(&e.directions).map(|(w, d)| w + d).collect();
    let network = if how.printed() { e.network.with_layers(tilde) } else { e.network.clone() };
    let gradient = network.gradient(&e.data());
    Exact::Sides((1..=network.depth()).map(|k| (gradient.layer(k), Matrix::zeros(d, d))).collect())
}

/// `norm_F(Delta_k) = norm(W_{k+1}^T .. W_L^T w) norm(grad R^1(w~_prod)^T W_1^T .. W_{k-1}^T) + O(xi^2)`: coefficients
/// of xi, squared.
fn delta_norm(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(e) = Exactly::draw(draw, true) else { return Exact::OutOfScope("no network") };
    let Some((outer, delta)) = first_order(&e.network, &e.data(), &e.directions) else {
        return Exact::OutOfScope("no network");
    };
    let (transposed, head, row) = (e.transposed(), column(e.network.head()), column(&outer).transpose());
    let mut sides = Vec::new();
    for (k, delta) in (1..).zip(&delta) {
        let last = if how.plants(Plant::OffByOne) { k } else { k - 1 };
        let left: Vec<&Matrix> = transposed[k..].iter().chain([&head]).collect();
        let right: Vec<&Matrix> = [&row].into_iter().chain(&transposed[..last]).collect();
        match (chain(&left), chain(&right)) {
            (Ok(b), Ok(a)) => {
                let b = if how.plants(Plant::DroppedFactor) { q(1) } else { norm_squared(b.iter()) };
                sides.push((scalar(norm_squared(delta.iter())), scalar(b * norm_squared(a.iter()))));
            }
            (Err(what), _) | (_, Err(what)) => return Exact::DoesNotChain(what),
        }
    }
    Exact::Sides(sides)
}

pub(crate) fn steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/eq-52", "B.10, (52)", &[2505])
            .titled("The sharpness as the largest change of the gradient")
            .given(
                "W a minimiser; layers, head and covariance with exact singular vectors, so that S is rational; \
                    suprema over first-order changes",
            )
            .uses(&["variational"])
            .by(Body::Instances { sizes: SIZES, sides: eq_52 })
            .holds(
                "S(W)^2 >= sum_k norm_F(Delta_k)^2 / sum_k norm_F(W_k - W~_k)^2 to first order, with equality in \
                    the direction W~_k - W_k = b_k (W_{k-1} .. W_1 q)^T",
            )
            .planted(Plant::LostSquare, "the same with S(W)"),
        Step::new("corollary-4/difference", "B.10, Delta_k", &[2511, 2515])
            .titled("The difference of the gradients")
            .given("W a minimiser, W~ = W + xi D; coefficients of 1 and xi")
            .uses(&["gradient"])
            .by(Body::Identity { sizes: SIZES, sides: difference })
            .holds("Delta_k = -W_{k+1}^T .. W_L^T w grad R^1(w~_prod)^T W_1^T .. W_{k-1}^T + O(xi^2)")
            .planted(Plant::FlippedSign, "the same without the minus sign")
            .planted(Plant::OffByOne, "the same with W_1^T .. W_k^T")
            .planted(Plant::DroppedHypothesis, "the same away from minimisers"),
        Step::new("corollary-4/outer-gradient", "B.10, grad R^1(w~_prod)", &[2519])
            .titled("The gradient in the product")
            .given("W a minimiser, W~ = W + xi D; coefficients of 1 and xi")
            .uses(&["gradient"])
            .by(Body::Identity { sizes: SIZES, sides: outer_gradient })
            .holds(
                "grad R^1(w~_prod) = (2/n) X^T X (sum_k W_1^T .. W_{k-1}^T (W~_k^T - W_k^T) W_{k+1}^T .. W_L^T w) \
                    + O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "the same without w")
            .planted(Plant::FlippedSign, "the same with W_k^T - W~_k^T")
            .planted(Plant::OffByOne, "the same with W_1^T .. W_k^T"),
        Step::new("corollary-4/limit-name", "B.10, after (53)", &[])
            .quoted(2544, "convergence of the gradient flow to  $W = \\tilde{W}^{\\tilde{R}I}$")
            .serves(&[])
            .titled("The limit of the flow is W")
            .given("W~ = W + D, the perturbation of (52)")
            .uses(&["theorem-4/limit"])
            .by(Body::Identity { sizes: SIZES, sides: limit_name })
            .fails(
                "the minimiser that the flow converges to is W~: grad_k R^L(W~) = 0",
                Fault::Extraction,
                "The text reads \"convergence of the gradient flow to W = W~^R~I\": W, but with the accents of W~, \
                 the name of the perturbed weights since (52). The limit is W = W^RI (first line of B.10); with W~ \
                 the quotient in (52) would be 0/0. Probably accents misread. Nothing depends on it.",
            )
            .corrected("the minimiser is W: grad_k R^L(W) = 0")
            .planted(Plant::DroppedHypothesis, "the same at weights that are no minimiser"),
        Step::new("corollary-4/delta-norm", "B.10, norm of Delta_k, equality", &[2552])
            .titled("A matrix of rank one")
            .given("W a minimiser; coefficients of xi, squared")
            .uses(&["corollary-4/difference"])
            .by(Body::Identity { sizes: SIZES, sides: delta_norm })
            .holds(
                "norm_F(Delta_k) = norm(W_{k+1}^T .. W_L^T w) norm(grad R^1(w~_prod)^T W_1^T .. W_{k-1}^T) + \
                    O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "the same without the first norm")
            .planted(Plant::OffByOne, "the same with W_1^T .. W_k^T"),
    ]
}
