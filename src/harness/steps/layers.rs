//! Layers whose singular value decompositions are known exactly, and pairs of networks between which the gradient flow
//! could lead: of the same shapes, with the same `W_{k+1}^T W_{k+1} - W_k W_k^T` for every k.
//!
//! | symbol | here | shape |
//! | --- | --- | --- |
//! | W_k = sum_i s_i u_i v_i^T | [`Layer`]: `left diag(values) right^T` | d_k x d_{k-1} |
//! | u_k, v_k, sigma_k | [`Layer::u`], [`Layer::v`], [`Layer::sigma`] | d_k, d_{k-1}, scalar |
//! | W_k(0) | [`SameGaps::start`] | d_k x d_{k-1} |
//!
//! Sizes of pairs are `[kind, d_0, .., d_L]` with d_L = 1. The kinds:
//! - [`STILL`]: W = W(0) up to a rotation on the right of W_1, any shapes; singular vectors unrelated (t = 0, or a flow
//!   at rest).
//! - [`CHAIN`]: `W_k = Q_k diag(s_k) Q_{k-1}^T`. The squares of the first coordinates move by one number c for all
//!   layers: `s = |c/r + r|/2` now, `(c/r - r)/2` at t = 0, whose squares differ by c. The other coordinates do not
//!   reach the scalar output, so they cannot move.
//! - [`PSEUDO`]: L = 2, where the gap is `-Z J Z^T`, `Z = (W_1, W_2^T)`, J = diag(1, .., 1, -1): `Z(0) = Z B` with B
//!   the Cayley transform `(I - A)^-1 (I + A)` of `A J = -J A^T`.
//! - [`GROWN`]: a chain that begins near zero and ends far from it, relative to where it is.
//! - [`BOOST`]: L = 2, `W_1 = rho cosh u v^T + ..`, W_2 along a vector near u, brought back to near zero by the inverse
//!   of the boost in the plane of v and the output: neighbouring singular vectors that are not aligned.
//!
//! # Why pairs, and why exact
//!
//! The lemmas on the flow compare the layers W_k with those at its start, W_k(0). The flow itself has no exact
//! solution; what is kept of it here is that the gaps `W_{k+1}^T W_{k+1} - W_k W_k^T` do not change. Every pair has
//! equal gaps exactly, in rationals, whether or not a flow leads from one network to the other, and a counterexample
//! can be checked by hand.
//!
//! Singular value decompositions are known because layers are built from them: rational rotations by Cayley's
//! transform, rational singular values. A singular value is then a rational number, where that of a matrix drawn by
//! entries is not.

use super::equality::{column, scalar};
use super::sample::{Draw, of_singular_values};
pub(crate) use super::sample::{Matrix, Vector};
use crate::arithmetic::{Rational, Ring};
use crate::formula::Table;
use crate::linalg::solve;
use crate::network::Network;
use crate::problem::{Moments, dot, norm_squared};
use num_traits::{One, Zero};

/// Kinds of pairs: the first size.
///
/// Equal layers, up to a rotation of the input.
pub(crate) const STILL: usize = 0;
/// Aligned layers, first singular values moved.
pub(crate) const CHAIN: usize = 1;
/// Two layers, moved by a pseudo-orthogonal matrix.
pub(crate) const PSEUDO: usize = 2;
/// Aligned layers that began near zero.
pub(crate) const GROWN: usize = 3;
/// Two layers that are not aligned and began near zero.
pub(crate) const BOOST: usize = 4;

/// A layer with its singular value decomposition, exact.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// W, `left diag(values) right^T`.
    pub matrix: Matrix,
    /// Left singular vectors, one for each column, d_k x d_k.
    left: Matrix,
    /// Right singular vectors, d_{k-1} x d_{k-1}; a sign of the layer may be in here.
    right: Matrix,
    /// Singular values, `min(d_k, d_{k-1})` of them, in no order.
    values: Vec<Rational>,
    /// The place of the largest.
    top: usize,
}

impl Layer {
    /// `left diag(values) right^T`; the values are not negative.
    ///
    /// Of several largest values the first counts. A value below zero would make `sigma` and `u` wrong: the start of
    /// a [`SameGaps`] of kind [`CHAIN`], whose first value may be negative, keeps the matrix only.
    pub fn new(left: &Matrix, right: &Matrix, values: Vec<Rational>) -> Self {
        let top = (0..values.len()).reduce(|a, b| if values[b] > values[a] { b } else { a }).unwrap_or(0);
        let matrix = of_singular_values(left, &values, right);
        Self { matrix, left: left.clone(), right: right.clone(), values, top }
    }
    /// Rotations and values drawn.
    ///
    /// Singular values are absolute values of the numbers drawn.
    fn draw(draw: &mut Draw<'_>, rows: usize, columns: usize) -> Self {
        let (left, right) = (draw.rotation(rows), draw.rotation(columns));
        let values = (0..rows.min(columns)).map(|_| draw.nonnegative()).collect();
        Self::new(&left, &right, values)
    }
    /// First left singular vector.
    pub fn u(&self) -> Vector {
        self.left.column(self.top).into_owned()
    }
    /// First right singular vector.
    pub fn v(&self) -> Vector {
        self.right.column(self.top).into_owned()
    }
    /// The largest singular value.
    pub fn sigma(&self) -> &Rational {
        &self.values[self.top]
    }
    /// sigma^2.
    pub fn square(&self) -> Rational {
        self.sigma().powi(2)
    }
    /// The singular values after the first, in descending order.
    pub fn others(&self) -> Vec<Rational> {
        let mut rest = self.values.clone();
        rest.remove(self.top);
        rest.sort_by(|a, b| b.cmp(a));
        rest
    }
    /// norm_F(W)^2, from the entries.
    pub fn frobenius(&self) -> Rational {
        norm_squared(self.matrix.iter())
    }
}

/// `left diag(values) right^T` with the values in descending order.
///
/// `u`, `v` and `sigma` are then those of the first place.
pub(crate) fn descending(left: &Matrix, right: &Matrix, mut values: Vec<Rational>) -> Layer {
    values.sort_by(|a, b| b.cmp(a));
    Layer::new(left, right, values)
}

/// The first two columns of m, which has two at least, turned by the angle with half tangent t:
/// `cos = (1 - t^2)/(1 + t^2)`, `sin = 2 t/(1 + t^2)`, both rational.
pub(crate) fn turned(m: &Matrix, t: &Rational) -> Matrix {
    let below = 1 + t.powi(2);
    let (c, s) = ((1 - t.powi(2)) / &below, 2 * t / below);
    let mut out = m.clone();
    for i in 0..m.nrows() {
        let (a, b) = (m[(i, 0)].clone(), m[(i, 1)].clone());
        out[(i, 0)] = &a * &c + &b * &s;
        out[(i, 1)] = b * &c - a * &s;
    }
    out
}

/// Any layers of the widths that the sizes are, with a sign each.
pub(crate) fn any(draw: &mut Draw<'_>) -> Vec<Layer> {
    let widths = draw.sizes();
    let drawn = |w: &[usize]| {
        let (left, right) = (draw.rotation(w[1]), draw.rotation(w[0]));
        let sign = Rational::from(if draw.number().sign() < 0 { -1 } else { 1 });
        let values = (0..w[0].min(w[1])).map(|_| draw.nonnegative()).collect();
        descending(&left, &right.map(|x| x * &sign), values)
    };
    widths.windows(2).map(drawn).collect()
}

/// Layers that are nearly aligned and of nearly the same norm; and between once and 9/8 times the largest of all
/// `norm_F(W_k)^2 - sigma_k^2`, `|sigma_k^2 - sigma_j^2|` and `sigma_{k+1}^2 (1 - <v_{k+1}, u_k>^2)`.
///
/// The second result is the epsilon of lemmas that assume these three bounds: at least the largest of them, so that
/// the hypotheses hold, and not much more, so that they are nearly strained. Rotations, relative lengths and smaller
/// singular values differ from the aligned case by at most parts of 1/L or 1/L^2.
pub(crate) fn nearly_aligned(draw: &mut Draw<'_>, widths: &[usize]) -> (Vec<Layer>, Rational) {
    let depth = widths.len() as i64 - 1;
    let frames: Vec<Matrix> = widths.iter().map(|n| draw.rotation(*n)).collect();
    let (size, more) = (draw.positive(), draw.share());
    let mut layers = Vec::new();
    for k in 1..widths.len() {
        let towards = &frames[k - 1] * draw.small_rotation(widths[k - 1], &Rational::new(1, 8 * depth));
        let longer = 1 + draw.bounded() * Rational::new(1, 16 * depth * depth);
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

/// The fully-connected network, head 1, of `W_k = U_k diag(sigma_k, smaller values) (U_{k-1} G_k)^T` for the given
/// sigma: aligned where the rotations G_k are the identity.
///
/// `None` where the last width is not 1, which the model asks for.
pub(crate) fn network(draw: &mut Draw<'_>, widths: &[usize], tops: &[Rational]) -> Option<Network<Rational>> {
    let bases: Vec<Matrix> = widths.iter().map(|n| draw.rotation(*n)).collect();
    let layer = |(top, k): (&Rational, usize)| {
        let right = &bases[k - 1] * draw.rotation(widths[k - 1]);
        let smaller = (1..widths[k].min(widths[k - 1])).map(|_| top * draw.share());
        Layer::new(&bases[k], &right, [top.clone()].into_iter().chain(smaller).collect()).matrix
    };
    fully_connected(tops.iter().zip(1..).map(layer).collect())
}

/// `None` where `Network::new` refuses the layers: they must chain, and the last must have one row.
fn fully_connected(layers: Vec<Matrix>) -> Option<Network<Rational>> {
    Network::new(layers, Vector::from_element(1, Rational::one())).ok()
}

/// Signs under which <v_{k+1}, u_k> >= 0: u_k and v_k change together.
///
/// Signs of singular vectors are free: the products `u_k v_k^T` do not change.
pub(crate) fn orient(u: &mut [Vector], v: &mut [Vector]) {
    for k in 1..u.len() {
        if dot(&v[k], &u[k - 1]).sign() < 0 {
            u[k].neg_mut();
            v[k].neg_mut();
        }
    }
}

/// L, and of each layer W, sigma, u and v.
pub(crate) fn table(layers: &[Layer]) -> Table<Rational> {
    Table::default()
        .scalar("L", Rational::from(layers.len() as i64))
        .family("W", layers.iter().map(|l| l.matrix.clone()))
        .family("sigma", layers.iter().map(|l| scalar(l.sigma().clone())))
        .family("u", layers.iter().map(|l| column(&l.u())))
        .family("v", layers.iter().map(|l| column(&l.v())))
}

/// With L, w_prod, R^L(W), grad R^1(w_prod) and grad_k R^L, k = 1, .., L.
pub(crate) fn with_gradient(
    table: Table<Rational>,
    network: &Network<Rational>,
    data: &Moments<Rational>,
) -> Table<Rational> {
    let (product, gradient) = (network.product(), network.gradient(data));
    table
        .scalar("L", Rational::from(network.depth() as i64))
        .vector("w_prod", &product)
        .scalar("R^L(W)", data.risk(&product))
        .vector("grad R^1(w_prod)", &data.risk_gradient(&product))
        .family("grad", (1..=network.depth()).map(|k| gradient.layer(k)))
}

/// Layers, and those of the other network.
///
/// `layers[k-1]` is W_k with its decomposition, `start[k-1]` is W_k(0), of the same shape; the gaps of both are
/// equal.
#[derive(Clone, Debug)]
pub(crate) struct SameGaps {
    /// W_1, .., W_L.
    pub layers: Vec<Layer>,
    /// W_1(0), .., W_L(0).
    pub start: Vec<Matrix>,
}

impl SameGaps {
    /// From `[kind, d_0, .., d_L]`.
    ///
    /// The rotation on the right of W_1(0) leaves all gaps as they are, since they contain W_1 only as `W_1 W_1^T`.
    ///
    /// # Errors
    /// No layer; a kind that does not fit the widths; a singular `I - A`.
    pub fn draw(draw: &mut Draw<'_>) -> Result<Self, &'static str> {
        let sizes = draw.sizes();
        let widths = sizes.get(1..).filter(|w| w.len() > 1).ok_or("no layers")?;
        let turn = draw.rotation(widths[0]);
        let mut scene = match sizes[0] {
            CHAIN => Self::chain(draw, widths, false),
            GROWN => Self::chain(draw, widths, true),
            PSEUDO => Self::pseudo(draw, widths)?,
            BOOST => Self::boost(draw, widths),
            _ => Self::still(draw, widths),
        };
        scene.start[0] = &scene.start[0] * turn;
        Ok(scene)
    }
    /// Twice the same layers.
    pub fn at_rest(layers: Vec<Layer>) -> Self {
        let start = layers.iter().map(|w| w.matrix.clone()).collect();
        Self { layers, start }
    }
    /// Rotations and singular values of every layer are drawn apart.
    fn still(draw: &mut Draw<'_>, widths: &[usize]) -> Self {
        Self::at_rest(widths.windows(2).map(|w| Layer::draw(draw, w[1], w[0])).collect())
    }
    /// With `s = (c/r + r)/2` and `s(0) = (c/r - r)/2`: `s^2 - s(0)^2 = c`, the same number for every layer, while r
    /// is drawn for each. In the gap of layers k and k+1 the first coordinate of frame k has `s_{k+1}^2 - s_k^2`, so
    /// it does not change; the other coordinates are equal. A rational parametrisation is needed because both s and
    /// s(0) must be rational.
    fn chain(draw: &mut Draw<'_>, widths: &[usize], grown: bool) -> Self {
        let half = Rational::new(1, 2);
        let frames: Vec<Matrix> = widths.iter().map(|n| draw.rotation(*n)).collect();
        let size = draw.positive();
        // A chain that has grown begins within 1/(16 L) of zero, relative to where it is.
        let small = Rational::new(1, 16 * (widths.len() as i64 - 1));
        let moved = draw.number();
        let moved = if grown { size.powi(2) } else { moved };
        let (mut layers, mut start) = (Vec::new(), Vec::new());
        for k in 1..widths.len() {
            let r = if grown { &size * (1 + draw.bounded() * &small) } else { draw.positive() };
            let quotient = &moved / &r;
            let mut values = vec![((&quotient + &r) * &half).abs()];
            for _ in 1..widths[k].min(widths[k - 1]) {
                let other = draw.share();
                values.push(other * &size * if grown { small.clone() } else { Rational::one() });
            }
            let mut before = values.clone();
            before[0] = (quotient - r) * &half;
            start.push(Layer::new(&frames[k], &frames[k - 1], before).matrix);
            layers.push(Layer::new(&frames[k], &frames[k - 1], values));
        }
        Self { layers, start }
    }
    /// For `A J = -J A^T` and `B = (I - A)^-1 (I + A)`:
    ///
    /// ```text
    /// (I + A) J = J (I - A^T),  so  B J B^T = (I - A)^-1 J (I - A^T)(I + A^T)(I - A^T)^-1 = (I - A)^-1 J (I + A^T),
    /// J (I + A^T) = (I - A) J,  so  B J B^T = J.
    /// ```
    ///
    /// Hence `Z B J B^T Z^T = Z J Z^T`, and the gap is kept. A has `(d_0 + 1) d_0/2` free entries: skew-symmetric in
    /// the first d_0 coordinates, symmetric between them and the last.
    ///
    /// # Errors
    /// More or fewer than two layers; 1 an eigenvalue of A.
    fn pseudo(draw: &mut Draw<'_>, widths: &[usize]) -> Result<Self, &'static str> {
        let mut scene = Self::still(draw, widths);
        let n = widths[0] + 1;
        let mut algebra = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..i {
                let v = draw.number();
                algebra[(j, i)] = if i == n - 1 { v.clone() } else { -&v };
                algebra[(i, j)] = v;
            }
        }
        if scene.layers.len() != 2 {
            return Err("L = 2 only");
        }
        let identity = Matrix::identity(n, n);
        let boost = solve(&(&identity - &algebra), &(&identity + &algebra)).map_err(|_| "I - A is singular")?;
        let mut both = scene.start[0].clone().insert_column(n - 1, Rational::zero());
        both.set_column(n - 1, &scene.start[1].transpose().column(0));
        let both = both * boost;
        scene.start[0] = both.columns(0, n - 1).into_owned();
        scene.start[1] = both.columns(n - 1, 1).transpose();
        Ok(scene)
    }
    /// The boost in the plane of v and the output maps the columns `Z v = W_1 v` and `y = W_2^T` of Z to
    /// `cosh Z v - sinh y` and `cosh y - sinh Z v`, with `cosh^2 - sinh^2 = 1` from `cosh = (1/q + q)/2`,
    /// `sinh = (1/q - q)/2`; so it keeps `Z J Z^T`. Here `Z v = rho cosh u` and y is near `rho sinh u`, so the images
    /// are near `rho u` and near 0, while `W_1 v` and y have about `1/(2 q) >= 8` times the length rho: the layers
    /// have grown from a start that is near zero in comparison.
    fn boost(draw: &mut Draw<'_>, widths: &[usize]) -> Self {
        let (inputs, hidden) = (widths[0], widths[1]);
        let (left, right) = (draw.rotation(hidden), draw.rotation(inputs));
        let (rho, tilt) = (draw.positive(), draw.share());
        // exp of minus the rapidity; below 1/16, so that (21) holds.
        let q = 1 / (16 + draw.nonnegative());
        let half = Rational::new(1, 2);
        let cosh = (1 / &q + &q) * &half;
        let sinh = (1 / &q - &q) * &half;
        let mut values = vec![&rho * &cosh];
        for _ in 1..inputs.min(hidden) {
            values.push(draw.share() * &rho * Rational::new(1, 4));
        }
        let first = Layer::new(&left, &right, values);
        // e^(-2 rapidity): what is turned by more, or longer by more, is not brought back to near zero.
        let small = q.powi(2);
        let towards = &left * draw.small_rotation(hidden, &small);
        let length = rho * &sinh * (1 + tilt * small);
        let second = Layer::new(&Matrix::identity(1, 1), &towards, vec![length]);
        let (v, y) = (right.column(0).into_owned(), second.matrix.transpose().column(0).into_owned());
        let image = &first.matrix * &v;
        let times = |x: &Vector, q: &Rational| x.map(|e| e * q);
        let brought = times(&image, &(&cosh - 1)) - times(&y, &sinh);
        let last = times(&y, &cosh) - times(&image, &sinh);
        let start = vec![&first.matrix + brought * v.transpose(), Matrix::from_row_slice(1, hidden, last.as_slice())];
        Self { layers: vec![first, second], start }
    }

    /// L.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }
    /// The layers as a network with head 1.
    pub fn network(&self) -> Option<Network<Rational>> {
        fully_connected(self.layers.iter().map(|l| l.matrix.clone()).collect())
    }
    /// x_1, where there is one, and `x_{k+1} = W_{k+1} x_k`.
    pub fn path(&self, first: Option<Vector>) -> Vec<Vector> {
        let mut x = Vec::from_iter(first);
        for w in self.layers.iter().skip(1) {
            let fed = x.last().map(|x| &w.matrix * x);
            x.extend(fed);
        }
        x
    }
    /// W_k, 1-based.
    ///
    /// # Panics
    /// For k = 0 and k > L.
    pub fn at(&self, k: usize) -> &Layer {
        &self.layers[k - 1]
    }
}
