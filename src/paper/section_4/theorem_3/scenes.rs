//! Scenes of the proof of Theorem 3 (B.4): the case of a large spectral norm, and networks with data.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | u_k, v_k, with <v_{k+1}, u_k> >= 0; x_1 = v_2, x_{k+1} = W_{k+1} x_k; alpha_k; epsilon; C | symbols of [`large`] | d_k, d_{k-1}, d_k, scalars |
//! | X, y = X w* + residual orthogonal to the range of X, lambda, Lambda | [`Data`]: `X = diag(x) Q^T` over a row of zeros | (d + 1) x d, d + 1, scalars |
//! | W(t), W(0), R^L(W(1)), for which R^L(W(t)) <= R^L(W(1)) < R_0, C | symbols of [`fit`] | |
//!
//! **The case (21)** is tried on two kinds of layers. Pairs that satisfy Lemma 1 ([`GROWN`], [`BOOST`]), with their
//! epsilon: the true domain, where the conclusions of Lemma 2 have much slack. And [`ALIGNED`]: any layers, with the
//! least epsilon for which the three statements of Lemma 2 hold of them, times a number in `[1, 9/8]` (within the
//! shares of [`nearly_aligned`] the case (21) holds, up to a small excess). From line 1199 on B.4 uses nothing but
//! these statements and (21), so that is the domain of the steps, and there they are tight.

use crate::arithmetic::Rational;
use crate::formula::{Expr, Table, Value, at, descent, dot, evaluate, norm, sqrt, var};
use crate::harness::steps::Design;
use crate::harness::steps::layers::{
    BOOST, CHAIN, GROWN, Matrix, PSEUDO, STILL, SameGaps, Vector, nearly_aligned, orient, with_gradient,
};
use crate::harness::steps::{Draw, Drawn, Sizes, column};
use crate::network::Network;
use crate::paper::section_3::minimiser::gradient;
use crate::paper::section_4::scenes::{table, w};
use crate::problem::Moments;
use num_traits::{One, Zero};

/// Layers of which only the statements of Lemma 2 are known.
pub(crate) const ALIGNED: usize = 5;

/// Sizes for the steps that use the statements of Lemma 2 and (21).
pub(crate) const LARGE: Sizes = &[
    &[ALIGNED, 1, 1, 1],
    &[ALIGNED, 2, 2, 1],
    &[ALIGNED, 2, 2, 2, 1],
    &[ALIGNED, 1, 1, 1, 1, 1, 1],
    &[ALIGNED, 2, 2, 2, 2, 1],
    &[BOOST, 2, 2, 1],
];

/// Sizes for the steps that Lemma 1 and (21) imply; a pair at rest is never in the case (21).
pub(crate) const TRUE: Sizes = &[
    &[GROWN, 2, 1],
    &[GROWN, 1, 1, 1],
    &[GROWN, 2, 2, 2, 1],
    &[GROWN, 1, 1, 1, 1, 1],
    &[BOOST, 1, 1, 1],
    &[BOOST, 2, 2, 1],
    &[BOOST, 3, 2, 1],
    &[STILL, 1, 1, 1],
];

/// Sizes for the steps about any network with data.
pub(crate) const FITS: Sizes = &[
    &[STILL, 1, 1],
    &[STILL, 2, 1],
    &[STILL, 1, 1, 1],
    &[STILL, 2, 2, 1],
    &[STILL, 2, 2, 1, 1],
    &[CHAIN, 2, 2, 2, 1],
    &[PSEUDO, 2, 2, 1],
    &[GROWN, 2, 2, 1],
    &[BOOST, 2, 2, 1],
];

/// Widths for the identities about any network.
pub(crate) const WIDTHS: Sizes = &[&[1, 1], &[3, 1], &[1, 1, 1], &[2, 3, 1], &[2, 1, 3, 1], &[2, 2, 2, 2, 1]];

/// Bits at which C is chosen: the same C at every precision of the check.
const CHOICE_BITS: u32 = 96;

/// An upper bound of sqrt(2 epsilon) L, within 2^-90 of it.
fn threshold(table: &Table<Rational>) -> Result<Rational, &'static str> {
    match evaluate(&(root() * var("L")), &table.with_bits(CHOICE_BITS), CHOICE_BITS) {
        Ok(Value::Scalar(bound)) => bound.upper_rational(),
        _ => None,
    }
    .ok_or("epsilon is not finite")
}

/// Layers of `[kind, d_0, .., d_L]` with the symbols of [`table`], x, alpha, C and oriented u, v. Out of scope
/// below the least depth, and outside the case (21), unless that is not asked for.
pub(crate) fn large(draw: &mut Draw<'_>, case: bool, least: usize) -> Drawn {
    large_from(draw, case, least, 1)
}
/// The same with `x_1 = times v_2`.
pub(crate) fn large_from(draw: &mut Draw<'_>, case: bool, least: usize, times: i64) -> Drawn {
    let part = draw.share();
    let sizes = draw.sizes();
    let (scene, epsilon) = if sizes[0] == ALIGNED {
        let (layers, epsilon) = nearly_aligned(draw, &sizes[1..]);
        (SameGaps::at_rest(layers), Some(epsilon))
    } else {
        (SameGaps::draw(draw)?, None)
    };
    let table = epsilon.into_iter().fold(table(&scene), |table, epsilon| table.scalar("epsilon", epsilon));
    let (depth, first, upper) = (scene.depth(), scene.at(1).sigma().clone(), threshold(&table)?);
    if case && upper >= first {
        return Err("not the case (21)");
    }
    if depth < least {
        return Err("too few layers");
    }
    // Strictly between: (21) has two strict inequalities.
    let part = (part * 62 + Rational::one()) / 64;
    let c = &upper + (first - &upper) * part;
    let (mut u, mut v): (Vec<Vector>, Vec<Vector>) = scene.layers.iter().map(|w| (w.u(), w.v())).unzip();
    orient(&mut u, &mut v);
    let path = scene.path(v.get(1).map(|v| v * Rational::from(times)));
    let table = table.family("x", path.iter().map(column)).scalar("C", c);
    let alpha = dot(at("x", var("k")), at("u", var("k"))) / norm(at("x", var("k")));
    Ok(table.family("u", u.iter().map(column)).family("v", v.iter().map(column)).define("alpha", &["k"], alpha))
}

/// `W_L .. W_from`; for L = 1 the number 1.
pub(crate) fn layers_from(from: i64) -> Expr {
    descent("j", var("L"), from, w(var("j")))
}
/// sqrt(2 epsilon).
pub(crate) fn root() -> Expr {
    sqrt(2 * var("epsilon"))
}

/// Data with known spectrum and regressor.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    /// w*, length d.
    pub w_star: Vector,
    /// lambda, Lambda.
    extremes: [Rational; 2],
    /// Sigma, X^T y/n and norm(y)^2/n, exact.
    pub moments: Moments<Rational>,
}

impl Data {
    /// Of dimension d, with the regressor that the function makes of a drawn vector.
    pub fn draw(draw: &mut Draw<'_>, d: usize, regressor: impl FnOnce(Vector) -> Vector) -> Self {
        let frame = draw.rotation(d);
        let spread: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
        let (drawn, residual) = (draw.vector(d), draw.number());
        let design = Design::of(&Matrix::identity(d + 1, d + 1), frame, &spread);
        let w_star = regressor(drawn);
        let mut y = design.target(&w_star);
        y[d] = residual;
        let moments = Moments::new(&design.x, &y);
        Self { w_star, extremes: [design.low, design.high], moments }
    }
    /// With w*, lambda, Lambda and R_0.
    pub fn table(&self, table: Table<Rational>) -> Table<Rational> {
        let [low, high] = self.extremes.clone();
        let table = table.vector("w*", &self.w_star).scalar("R_0", self.at_zero());
        table.scalar("lambda", low).scalar("Lambda", high)
    }
    /// R_0, the risk of the zero regressor.
    pub fn at_zero(&self) -> Rational {
        self.moments.risk(&Vector::zeros(self.w_star.len()))
    }
}

/// L, the layers, grad_k R^L by partial derivatives of the risk, and grad R^1(w_prod).
pub(crate) fn with_partials(network: &Network<Rational>, x: &Matrix, y: &Vector) -> Table<Rational> {
    let partial = |k| gradient(x, y, network.layers(), network.head(), k);
    Table::default()
        .scalar("L", Rational::from(network.depth() as i64))
        .family("grad", (1..=network.depth()).map(partial))
        .vector("grad R^1(w_prod)", &Moments::new(x, y).risk_gradient(&network.product()))
        .family("W", network.layers().iter().cloned())
}

/// Networks with data from `[kind, d_0, .., d_L]`, where `R^L(W) < R_0`, with the symbols of [`table`] and of
/// the data; C is above sqrt(2 epsilon) L, or above sigma_1 in the case that is not (21). The regressor is a multiple
/// of w_prod, at least half, plus any vector.
pub(crate) fn fit(draw: &mut Draw<'_>, small: bool) -> Drawn {
    let (part, times, above) = (draw.share(), draw.nonnegative() + Rational::new(1, 2), draw.positive());
    let scene = SameGaps::draw(draw);
    let network = scene.as_ref().ok().and_then(SameGaps::network);
    let product = network.as_ref().map_or_else(|| Vector::zeros(draw.size(1)), Network::product);
    let data = Data::draw(draw, draw.size(1), |drawn| product.map(|v| v * &times) + drawn);
    let (scene, network) = (scene?, network.ok_or("not a network")?);
    let (now, zero) = (data.moments.risk(&product), data.at_zero());
    if now >= zero {
        return Err("the risk is not below R_0");
    }
    // t = 1 for half of the draws.
    let part = (part - Rational::new(1, 2)).max(Rational::zero()) * Rational::new(63, 32);
    let at_one = &now + (&zero - &now) * part;
    let table = table(&scene);
    let least = if small { scene.at(1).sigma().clone() } else { threshold(&table)? };
    Ok(with_gradient(data.table(table), &network, &data.moments)
        .scalar("C", least + above)
        .scalar("R^L(W(1))", at_one)
        .scalar("R^1(w_prod)", now)
        .scalar("R_min", data.moments.risk(&data.w_star)))
}
