//! Scenes of the proof of Theorem 3 (B.4): the case of a large spectral norm, and networks with data.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | u_k, v_k, with <v_{k+1}, u_k> >= 0 | [`Large::u`], [`Large::v`] | d_k, d_{k-1} |
//! | x_1 = v_2, x_{k+1} = W_{k+1} x_k | [`Large::x`]`[k - 1]` | d_k |
//! | epsilon, sqrt(2 epsilon), sqrt(sigma_1^2 - epsilon) | [`Large::epsilon`], [`Large::root`], [`Large::low`] | scalars |
//! | X, y = X w* + residual orthogonal to the range of X, lambda, Lambda | [`Data`]: `X = diag(x) Q^T` over a row of zeros | (d + 1) x d, d + 1, scalars |
//! | R^L(W(1)), for which R^L(W(t)) <= R^L(W(1)) < R_0 | [`Fit::at_one`] | scalar |
//!
//! **The case (21)** is tried on two kinds of layers. Pairs that satisfy Lemma 1
//! ([`GROWN`](crate::paper::section_4::scenes::GROWN), [`BOOST`](crate::paper::section_4::scenes::BOOST)), with their
//! epsilon: the true domain, where the conclusions of Lemma 2 have much slack. And [`ALIGNED`]: any layers, with the
//! least epsilon for which the three statements of Lemma 2 hold of them, times a number in `[1, 9/8]`. From line 1199
//! on B.4 uses nothing but these statements and (21), so that is the domain of the steps, and there they are tight.

use crate::arithmetic::{Rational, Ring};
use crate::harness::steps::how::Sizes;
use crate::harness::steps::sample::Draw;
use crate::network::Network;
use crate::paper::section_4::scenes::{
    BOOST, CHAIN, GROWN, Layer, Matrix, PSEUDO, STILL, Scene, Value, Vector, bounded, small_rotation,
};
use crate::problem::{Moments, dot, norm_squared};
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

/// Bits at which C is chosen: the same C at every precision of the check.
const CHOICE_BITS: u32 = 96;

/// Layers in the case (21).
#[derive(Clone, Debug)]
pub(crate) struct Large {
    layers: Vec<Layer>,
    pub u: Vec<Vector>,
    pub v: Vec<Vector>,
    pub x: Vec<Vector>,
    pub epsilon: Value,
    /// sqrt(2 epsilon).
    pub root: Value,
    /// sqrt(sigma_1^2 - epsilon); zero where the case (21) is not asked for and epsilon is larger.
    pub low: Value,
    /// C, with `sigma_1 > C > sqrt(2 epsilon) L`.
    pub c: Rational,
    pub bits: u32,
}

/// Layers that are nearly aligned, and the least epsilon of Lemma 2.
fn aligned(draw: &mut Draw<'_>, widths: &[usize]) -> (Vec<Layer>, Rational) {
    let depth = widths.len() as i64 - 1;
    let frames: Vec<Matrix> = widths.iter().map(|n| draw.rotation(*n)).collect();
    let (size, more) = (draw.positive(), draw.share());
    let mut layers = Vec::new();
    for k in 1..widths.len() {
        // Within these shares of the size the case (21) holds, up to a small excess.
        let towards = &frames[k - 1] * small_rotation(draw, widths[k - 1], &Rational::new(1, 8 * depth));
        let longer = 1 + bounded(draw) * Rational::new(1, 16 * depth * depth);
        let mut values = vec![&size * longer];
        for _ in 1..widths[k].min(widths[k - 1]) {
            values.push(draw.share() * &size * Rational::new(1, 4 * depth));
        }
        layers.push(Layer::new(&frames[k], &towards, values));
    }
    let mut least = Rational::zero();
    for (k, w) in layers.iter().enumerate() {
        least = least.max(w.frobenius() - w.square());
        for other in &layers[..k] {
            least = least.max((w.square() - other.square()).abs());
        }
        if k > 0 {
            let cosine = dot(&w.v(), &layers[k - 1].u());
            least = least.max(w.square() * (1 - cosine.powi(2)));
        }
    }
    (layers, least * (1 + more * Rational::new(1, 8)))
}

/// Signs under which <v_{k+1}, u_k> >= 0: u_k and v_k change together.
pub(crate) fn orient(u: &mut [Vector], v: &mut [Vector]) {
    for k in 1..u.len() {
        if dot(&v[k], &u[k - 1]).sign() < 0 {
            u[k].neg_mut();
            v[k].neg_mut();
        }
    }
}

/// `(layers, epsilon)` of a kind, without (21).
fn layers_of(draw: &mut Draw<'_>, bits: u32) -> Result<(Vec<Layer>, Value), &'static str> {
    let sizes = draw.sizes();
    if sizes[0] == ALIGNED {
        let (layers, epsilon) = aligned(draw, &sizes[1..]);
        return Ok((layers, Value::of(epsilon, bits)));
    }
    let scene = Scene::draw(draw)?;
    let epsilon = scene.constants(bits).epsilon();
    Ok((scene.layers, epsilon))
}

/// sqrt(2 epsilon) L.
pub(crate) fn threshold(epsilon: &Value, depth: usize) -> Value {
    epsilon.clone().by(Rational::from(2)).root().by(Rational::from(depth as i64))
}

impl Large {
    /// From `[kind, d_0, .., d_L]`; out of scope outside the case (21), unless that is not asked for.
    pub fn draw(draw: &mut Draw<'_>, bits: u32, case: bool) -> Result<Self, &'static str> {
        let part = draw.share();
        let (layers, epsilon) = layers_of(draw, bits)?;
        let (depth, sigma) = (layers.len(), layers[0].sigma().clone());
        let value = |q: &Rational| Value::of(q.clone(), bits);
        let upper = threshold(&epsilon, depth);
        let upper = upper.exact.clone().or_else(|| upper.big.with_bits(CHOICE_BITS).upper_rational());
        let upper = upper.ok_or("epsilon is not finite")?;
        if case && upper >= sigma {
            return Err("not the case (21)");
        }
        // Strictly between: (21) has two strict inequalities.
        let part = (part * 62 + Rational::one()) / 64;
        let c = &upper + (&sigma - &upper) * part;
        let (mut u, mut v): (Vec<Vector>, Vec<Vector>) = layers.iter().map(|w| (w.u(), w.v())).unzip();
        orient(&mut u, &mut v);
        let mut x: Vec<Vector> = v.get(1).cloned().into_iter().collect();
        for w in layers.iter().skip(1) {
            let fed = x.last().map(|x| &w.matrix * x);
            x.extend(fed);
        }
        let root = epsilon.clone().by(Rational::from(2)).root();
        let rest = value(&sigma.powi(2)).minus(epsilon.clone());
        let low = if rest.is_positive() { rest.root() } else { value(&Rational::zero()) };
        Ok(Self { layers, u, v, x, epsilon, root, low, c, bits })
    }
    pub fn depth(&self) -> usize {
        self.layers.len()
    }
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }
    /// W_k, 1-based.
    pub fn at(&self, k: usize) -> &Layer {
        &self.layers[k - 1]
    }
    pub fn value(&self, q: Rational) -> Value {
        Value::of(q, self.bits)
    }
    pub fn sigma(&self, k: usize) -> Value {
        self.value(self.at(k).sigma().clone())
    }
    /// norm(x_k).
    pub fn length(&self, k: usize) -> Value {
        self.value(norm_squared(self.x[k - 1].iter())).root()
    }
    /// <x_k, u_k>.
    pub fn along(&self, k: usize) -> Rational {
        dot(&self.x[k - 1], &self.u[k - 1])
    }
    /// alpha_k; x_k is not zero in the case (21).
    pub fn alpha(&self, k: usize) -> Value {
        self.value(self.along(k)).over(self.length(k))
    }
    /// norm_2(W_L .. W_2), a row.
    pub fn product_norm(&self) -> Value {
        self.value(norm_squared(upper_product(&self.layers).iter())).root()
    }
    /// norm(v_{k+1} - u_k)^2.
    pub fn chord(&self, k: usize) -> Rational {
        norm_squared((&self.v[k] - &self.u[k - 1]).iter())
    }
}

/// W_L .. W_2; the 1 x 1 identity for L = 1.
pub(crate) fn upper_product(layers: &[Layer]) -> Matrix {
    let (first, rest) = (&layers[0], &layers[1..]);
    let start = Matrix::identity(first.matrix.nrows(), first.matrix.nrows());
    rest.iter().fold(start, |p, w| &w.matrix * p)
}

/// Data with known spectrum and regressor.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub w_star: Vector,
    /// lambda.
    pub least: Rational,
    /// Lambda.
    pub largest: Rational,
    pub moments: Moments<Rational>,
}

impl Data {
    /// Of dimension d, with the regressor that the function makes of a drawn vector.
    pub fn draw(draw: &mut Draw<'_>, d: usize, regressor: impl FnOnce(Vector) -> Vector) -> Self {
        let frame = draw.rotation(d);
        let spread: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
        let (drawn, residual) = (draw.vector(d), draw.number());
        let w_star = regressor(drawn);
        let mut x = Matrix::from_diagonal(&Vector::from_vec(spread.clone())) * frame.transpose();
        x = x.insert_row(d, Rational::zero());
        let mut y = &x * &w_star;
        y[d] = residual;
        let count = Rational::from(d as i64 + 1);
        let square = |v: &Rational| v.powi(2) / &count;
        let largest = spread.iter().map(square).fold(Rational::zero(), Ord::max);
        let least = spread.iter().map(square).fold(largest.clone(), Ord::min);
        Self { w_star, least, largest, moments: Moments::new(&x, &y) }
    }
    /// R_0, the risk of the zero regressor.
    pub fn at_zero(&self) -> Rational {
        self.moments.risk(&Vector::zeros(self.w_star.len()))
    }
}

/// A pair of networks with data, R^L(W(1)) and C.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    pub scene: Scene,
    pub data: Data,
    pub network: Network<Rational>,
    /// w_prod.
    pub product: Vector,
    /// R^L(W(1)): between the risk now and R_0, strictly below R_0; the risk now at t = 1.
    pub at_one: Rational,
    /// What C exceeds its lower bound by.
    pub above: Rational,
}

impl Fit {
    /// From `[kind, d_0, .., d_L]`, where `R^L(W) < R_0`. The regressor is a multiple of w_prod, at least half, plus
    /// any vector.
    pub fn draw(draw: &mut Draw<'_>) -> Result<Self, &'static str> {
        let (part, times, above) = (draw.share(), draw.nonnegative() + Rational::new(1, 2), draw.positive());
        let scene = Scene::draw(draw);
        let layers = |s: &Scene| s.layers.iter().map(|l| l.matrix.clone()).collect();
        let network =
            scene.as_ref().ok().and_then(|s| Network::new(layers(s), Vector::from_element(1, Rational::one())).ok());
        let product = network.as_ref().map_or_else(|| Vector::zeros(draw.size(1)), Network::product);
        let data = Data::draw(draw, draw.size(1), |drawn| product.map(|v| v * &times) + drawn);
        let (scene, network) = (scene?, network.ok_or("not a network")?);
        let (now, zero) = (data.moments.risk(&product), data.at_zero());
        if now >= zero {
            return Err("the risk is not below R_0");
        }
        // t = 1 for half of the draws.
        let part = (part - Rational::new(1, 2)).max(Rational::zero()) * Rational::new(63, 32);
        let at_one = &now + (zero - &now) * part;
        Ok(Self { scene, data, network, product, at_one, above })
    }
    /// `min((R_0 - R^L(W(1)))/(4 Lambda norm(w*)), norm(w*))^2`, with another number in place of 4 where wanted.
    pub fn floor_squared(&self, four: i64) -> Rational {
        self.drop_squared(four).min(norm_squared(self.data.w_star.iter()))
    }
    /// Its first part alone.
    pub fn drop_squared(&self, four: i64) -> Rational {
        let drop = self.data.at_zero() - &self.at_one;
        let below = Rational::from(four) * &self.data.largest;
        drop.powi(2) / (below.powi(2) * norm_squared(self.data.w_star.iter()))
    }
    /// norm_2(W_L .. W_2)^2.
    pub fn upper_squared(&self) -> Rational {
        norm_squared(upper_product(&self.scene.layers).iter())
    }
    /// C of the whole proof: above sqrt(2 epsilon) L.
    pub fn c(&self) -> Rational {
        let bound = threshold(&self.scene.constants(CHOICE_BITS).epsilon(), self.scene.depth());
        let bound = bound.exact.clone().or_else(|| bound.big.upper_rational());
        bound.unwrap_or_else(Rational::zero) + &self.above
    }
}
