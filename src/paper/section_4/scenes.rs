//! Pairs (W(0), W) of networks that satisfy Lemma 1 exactly, for the proofs of Lemma 2 and Theorem 3; the singular
//! vectors of W are known exactly.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_k(t) = sum_i s_i u_i v_i^T | [`Layer`]: `left diag(values) right^T` | d_k x d_{k-1} |
//! | u_k, v_k, sigma_k | [`Layer::u`], [`Layer::v`], [`Layer::sigma`] | d_k, d_{k-1}, scalar |
//! | W_k(0) | [`Scene::start`] | d_k x d_{k-1} |
//! | L, the layers with their singular values and vectors, Delta_k, epsilon-bar, epsilon | symbols of [`Scene::table`] | |
//!
//! Sizes are `[kind, d_0, .., d_L]` with d_L = 1. B.3 uses of the flow nothing but Lemma 1, so its domain is: any two
//! networks of the same shapes with the same gaps. The kinds:
//! - [`STILL`]: W = W(0) up to a rotation on the right of W_1, any shapes; singular vectors unrelated (t = 0, or a flow
//!   at rest).
//! - [`CHAIN`]: `W_k = Q_k diag(s_k) Q_{k-1}^T`. The squares of the first coordinates move by one number c for all
//!   layers: `s = |c/r + r|/2` now, `(c/r - r)/2` at t = 0, whose squares differ by c. The other coordinates do not
//!   reach the scalar output, so they cannot move.
//! - [`PSEUDO`]: L = 2, where the gap is `-Z J Z^T`, `Z = (W_1, W_2^T)`, J = diag(1, .., 1, -1): `Z(0) = Z B` with B
//!   the Cayley transform `(I - A)^-1 (I + A)` of `A J = -J A^T`.
//! - [`GROWN`]: a chain that begins near zero and ends far from it, as in the case (21) of B.4.
//! - [`BOOST`]: L = 2, `W_1 = rho cosh u v^T + ..`, W_2 along a vector near u, brought back to near zero by the inverse
//!   of the boost in the plane of v and the output: (21) with neighbouring singular vectors that are not aligned.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Expr, Table, at, max, norm, sum, transpose, var};
use crate::harness::steps::sample::cayley;
use crate::harness::steps::{Draw, Drawn, column, scalar};
use crate::linalg::solve;
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

pub(crate) type Matrix = DMatrix<Rational>;
pub(crate) type Vector = DVector<Rational>;

/// Kinds of pairs: the first size.
pub(crate) const STILL: usize = 0;
pub(crate) const CHAIN: usize = 1;
pub(crate) const PSEUDO: usize = 2;
pub(crate) const GROWN: usize = 3;
pub(crate) const BOOST: usize = 4;

/// A layer with its singular value decomposition, exact.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub matrix: Matrix,
    left: Matrix,
    right: Matrix,
    values: Vec<Rational>,
    top: usize,
}

impl Layer {
    /// `left diag(values) right^T`; the values are not negative.
    pub fn new(left: &Matrix, right: &Matrix, values: Vec<Rational>) -> Self {
        let entry = |i: usize, j| if i == j { values[i].clone() } else { Rational::zero() };
        let middle = Matrix::from_fn(left.nrows(), right.nrows(), entry);
        let top = (0..values.len()).reduce(|a, b| if values[b] > values[a] { b } else { a }).unwrap_or(0);
        Self { matrix: left * middle * right.transpose(), left: left.clone(), right: right.clone(), values, top }
    }
    /// Rotations and values drawn.
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

/// v/(1 + |v|) of the next number: in (-1, 1).
pub(crate) fn bounded(draw: &mut Draw<'_>) -> Rational {
    let v = draw.number();
    &v / (1 + v.abs())
}

/// An orthogonal matrix within about `2 n scale` of the identity.
pub(crate) fn small_rotation(draw: &mut Draw<'_>, n: usize, scale: &Rational) -> Matrix {
    cayley(n, || bounded(draw) * scale)
}

/// A pair that satisfies Lemma 1.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub layers: Vec<Layer>,
    pub start: Vec<Matrix>,
}

impl Scene {
    /// From `[kind, d_0, .., d_L]`.
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
    fn still(draw: &mut Draw<'_>, widths: &[usize]) -> Self {
        let layers: Vec<Layer> = widths.windows(2).map(|w| Layer::draw(draw, w[1], w[0])).collect();
        let start = layers.iter().map(|w| w.matrix.clone()).collect();
        Self { layers, start }
    }
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
            let r = if grown { &size * (1 + bounded(draw) * &small) } else { draw.positive() };
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
        let towards = &left * small_rotation(draw, hidden, &small);
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

    pub fn depth(&self) -> usize {
        self.layers.len()
    }
    /// W_k, 1-based.
    pub fn at(&self, k: usize) -> &Layer {
        &self.layers[k - 1]
    }
    /// The symbols of the steps of B.3: L; of each layer W, sigma, s' and s'' (its singular values after the first,
    /// zero where there are none), u, v and W(0); and by their definitions Delta, epsilon-bar and epsilon.
    pub fn table(&self) -> Table<Rational> {
        let numbers = |f: &dyn Fn(&Layer) -> Rational| self.layers.iter().map(|w| scalar(f(w))).collect::<Vec<_>>();
        let other = |w: &Layer, i: usize| w.others().get(i).cloned().unwrap_or_else(Rational::zero);
        let gap = |k: &Expr| transpose(start(k + 1)) * start(k + 1) - start(k) * transpose(start(k));
        let gaps = sum("k", 1, var("L") - 1, norm(delta(var("k"))));
        let largest = self.start.iter().map(|w| norm_squared(w.iter())).fold(Rational::zero(), Ord::max);
        let norms = (1..=self.depth()).map(|k| norm(start(k as i64)).pow(2));
        Table::default()
            .scalar("L", Rational::from(self.depth() as i64))
            .family("W", self.layers.iter().map(|w| w.matrix.clone()))
            .family("W(0)", self.start.iter().cloned())
            .family("sigma", numbers(&|w| w.sigma().clone()))
            .family("s'", numbers(&|w| other(w, 0)))
            .family("s''", numbers(&|w| other(w, 1)))
            .family("u", self.layers.iter().map(|w| column(&w.u())))
            .family("v", self.layers.iter().map(|w| column(&w.v())))
            .define("Delta", &["k"], gap(&var("k")))
            .scalar(LARGEST, largest)
            .define(LARGEST_NORM, &[], norms.reduce(max).unwrap_or_else(|| 0.into()))
            .define("epsilon-bar", &[], var(LARGEST) + &gaps)
            .define("epsilon", &[], 3 * var(LARGEST) + 2 * gaps)
    }
}

/// Symbols of [`Scene::table`].
pub(crate) const LARGEST: &str = "max_j norm_F(W_j(0))^2";
pub(crate) const LARGEST_NORM: &str = "max_j norm(W_j(0))^2";
/// W_k.
pub(crate) fn w(k: impl Into<Expr>) -> Expr {
    at("W", k)
}
/// W_k(0).
pub(crate) fn start(k: impl Into<Expr>) -> Expr {
    at("W(0)", k)
}
/// sigma_k.
pub(crate) fn sigma(k: impl Into<Expr>) -> Expr {
    at("sigma", k)
}
/// Delta_k, the gap at t = 0.
pub(crate) fn delta(k: impl Into<Expr>) -> Expr {
    at("Delta", k)
}
/// A pair.
pub(crate) fn pair(draw: &mut Draw<'_>) -> Drawn {
    Ok(Scene::draw(draw)?.table())
}
/// A pair of at least two layers.
pub(crate) fn deep(draw: &mut Draw<'_>) -> Drawn {
    let scene = Scene::draw(draw)?;
    if scene.depth() > 1 { Ok(scene.table()) } else { Err("L = 1: no pair of layers") }
}
