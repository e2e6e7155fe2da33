//! What the steps of B.8 and B.10 speak of: a network with square layers, its data, and constants that meet (35),
//! exact.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L and w | `Scene::network` | d x d and d |
//! | X, y | `Scene::x`, `Scene::y` | n x d and n, n = d + 1 |
//! | lambda, Lambda, R_min, w* | fields of [`Scene`] | scalars and d |
//! | W_L .. W_{k+1}, W_{k-1} .. W_1 | [`layers`], the identity where empty | d x d |
//! | s^2, C~_3 | [`Bounds`] | scalars |
//!
//! Sizes are `[L, d]`, with a third entry for the layers of [`UP`] and [`DOWN`]. **Layers** are else `(1 - v) I + M`,
//! so that the numbers zero give identity layers and (v, M) = (1, 0) a zero layer. **Data**: `X = (D Q^T; 0)` with D
//! diagonal and positive and Q an exact rotation, `y = (D Q^T w*; r)`: every covariance matrix of full rank up to
//! rounding, with rational eigenvalues `D_i^2/n`, so that lambda and Lambda are exact, w* is the least-squares solution
//! by construction (the residual is orthogonal to the range of X) and `R_min = r^2/n`. Rotating the rows of X and y
//! changes no quantity of the paper. **Singular values** are rounded to the safe side at 96 bits (exact for d = 1), so
//! that inequalities between squares are decided in rationals, ties included. **C~_3** is the smallest number (rounded
//! up) with which (35) and its companion hold for all Pi_{k:1} and Pi_{L:k}: the bounds of the proof are tried where
//! they are tight.

use crate::arithmetic::{Dual, Enclosure, Rational, Real, Ring};
use crate::formula::{Expr, Table, ascent, at, descent, transpose, var};
use crate::harness::steps::sample::{big, of};
use crate::harness::steps::{Draw, Drawn, Sizes};
use crate::linalg::{largest_singular_value, smallest_singular_value};
use crate::network::Network;
use crate::network::products::partial_products;
use crate::paper::section_5::theorem_4::constants::monomial;
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

pub(crate) type Matrix = DMatrix<Rational>;
pub(crate) type Vector = DVector<Rational>;

/// Depth and width.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 1], &[3, 2]];

/// Bits at which singular values are rounded to rationals.
const BITS: u32 = 96;

/// Upper bound of the operator norm: exact for 1 x 1, else within 2^-90 of it.
fn norm_above(m: &Matrix) -> Option<Rational> {
    if m.len() == 1 { Some(m[0].abs()) } else { largest_singular_value(&big(m, BITS)).upper_rational() }
}

/// Lower bound of the smallest singular value.
fn sigma_below(m: &Matrix) -> Option<Rational> {
    if m.len() == 1 { Some(m[0].abs()) } else { smallest_singular_value(&big(m, BITS)).lower_rational() }
}

/// An integer as a rational.
pub(crate) fn q(v: i64) -> Rational {
    Rational::from(v)
}

/// W_j .. W_{i+1}, the identity where empty.
pub(crate) fn product(layers: &[Matrix], d: usize, j: usize, i: usize) -> Matrix {
    layers[i..j].iter().fold(Matrix::identity(d, d), |p, w| w * p)
}

/// The gradient in one layer by the definition of the risk, which is quadratic in each entry:
/// `(R(W + E_ij) - R(W - E_ij))/2`.
pub(crate) fn by_definition(layer: &Matrix, risk: impl Fn(&Matrix) -> Rational) -> Matrix {
    let moved = |i: usize, j: usize, by: i64| {
        let mut w = layer.clone();
        w[(i, j)] += q(by);
        risk(&w)
    };
    Matrix::from_fn(layer.nrows(), layer.ncols(), |i, j| (moved(i, j, 1) - moved(i, j, -1)) / q(2))
}

/// X, n x d with n = d + 1, of covariance matrix `X^T X/n` with the eigenvalues lambda and Lambda.
pub(crate) struct Design {
    pub x: Matrix,
    pub lambda: Rational,
    pub lambda_max: Rational,
}

impl Design {
    /// `X = (D Q^T; 0)`.
    pub fn draw(draw: &mut Draw<'_>, d: usize) -> Self {
        let roots: Vec<Rational> = (0..d).map(|_| 1 + draw.nonnegative()).collect();
        let rotation = draw.rotation(d);
        let mut x = rotation.transpose().insert_row(d, Rational::zero());
        roots.iter().zip(0..).for_each(|(root, i)| x.row_mut(i).iter_mut().for_each(|v| *v *= root));
        let eigenvalue = |root: Option<&Rational>| root.map_or_else(Rational::one, |r| r.powi(2) / q(d as i64 + 1));
        Self { x, lambda: eigenvalue(roots.iter().min()), lambda_max: eigenvalue(roots.iter().max()) }
    }
}

/// A network with its data.
pub(crate) struct Scene {
    pub network: Network<Rational>,
    pub x: Matrix,
    pub y: Vector,
    pub data: Moments<Rational>,
    pub lambda: Rational,
    pub lambda_max: Rational,
    pub w_star: Vector,
    pub r_min: Rational,
}

/// Which regressor the data have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Any.
    Any,
    /// The product of the network: a minimiser.
    Product,
    /// The product of the network, moved by at most a 64th of what is drawn: an initial risk that is small.
    Near,
}

/// A third size: layers near a I, I/a, a I, .. with a >= 4, whose middle one has products of norm a on both sides: (35)
/// is tight.
pub(crate) const UP: usize = 1;
/// A third size: layers near I/a, a I, I/a, ..: the companion of (35) is tight.
pub(crate) const DOWN: usize = 2;

fn alternating(draw: &mut Draw<'_>, up: bool) -> Vec<Matrix> {
    let (depth, d) = (draw.size(0), draw.size(1));
    let size = q(4) + draw.nonnegative();
    let one = |k: usize, near: Matrix| {
        let scale = if k.is_multiple_of(2) == up { size.clone() } else { q(1) / &size };
        (Matrix::identity(d, d) + near.map(|v| v / q(64))).map(|v| v * &scale)
    };
    (0..depth).map(|k| one(k, draw.matrix(d, d))).collect()
}

/// `(1 - v) I + M`.
pub(crate) fn layer(draw: &mut Draw<'_>, d: usize) -> Matrix {
    let diagonal = 1 - draw.number();
    draw.matrix(d, d) + Matrix::from_diagonal_element(d, d, diagonal)
}

impl Scene {
    /// From sizes `[L, d]` or `[L, d, kind]`.
    pub fn draw(draw: &mut Draw<'_>, target: Target) -> Result<Self, &'static str> {
        let (depth, d) = (draw.size(0), draw.size(1));
        let layers = match draw.size(2) {
            0 => (0..depth).map(|_| layer(draw, d)).collect(),
            kind => alternating(draw, kind == UP),
        };
        Self::with_layers(draw, layers, target)
    }
    /// With layers of the caller's.
    pub fn with_layers(draw: &mut Draw<'_>, layers: Vec<Matrix>, target: Target) -> Result<Self, &'static str> {
        let d = draw.size(1);
        let mut head = draw.vector(d);
        let Design { x, lambda, lambda_max } = Design::draw(draw, d);
        let (moved, residual) = (draw.vector(d), draw.number());
        // The numbers zero give the head e_1, not 0.
        head[0] += Rational::one();
        let network = Network::new(layers, head).map_err(|_| "no network")?;
        let w_star = match target {
            Target::Any => moved,
            Target::Product => network.product(),
            Target::Near => network.product() + moved.map(|v| v / q(64)),
        };
        let mut y = &x * &w_star;
        y[d] = residual.clone();
        let data = Moments::new(&x, &y);
        Ok(Self { network, x, y, data, lambda, lambda_max, w_star, r_min: residual.powi(2) / q(d as i64 + 1) })
    }
    pub fn depth(&self) -> usize {
        self.network.depth()
    }
    /// norm(w)^2.
    pub fn head(&self) -> Rational {
        norm_squared(self.network.head().iter())
    }
    /// R^L(W) - R_min, the risk by its definition.
    pub fn excess(&self) -> Rational {
        norm_squared((&self.y - &self.x * self.network.product()).iter()) / q(self.x.nrows() as i64) - &self.r_min
    }
    /// The symbols of the formulas: L, d, w, W_k, X, w*, w_prod, lambda, Lambda, R, R_min, grad_k, grad R^1(w_prod).
    pub fn table(&self) -> Table<Rational> {
        let gradient = self.network.gradient(&self.data);
        let product = self.network.product();
        weights(self.network.layers())
            .family("grad", (1..=self.depth()).map(|k| gradient.layer(k)))
            .vector("w", self.network.head())
            .vector("w*", &self.w_star)
            .vector("w_prod", &product)
            .vector("grad R^1(w_prod)", &self.data.risk_gradient(&product))
            .matrix("X", &[], self.x.clone())
            .scalar("lambda", self.lambda.clone())
            .scalar("Lambda", self.lambda_max.clone())
            .scalar("R", self.excess() + &self.r_min)
            .scalar("R_min", self.r_min.clone())
    }
}

/// L, d and W_k.
pub(crate) fn weights(layers: &[Matrix]) -> Table<Rational> {
    let width = layers.first().map_or(0, Matrix::nrows);
    Table::default().scalar("L", q(layers.len() as i64)).scalar("d", q(width as i64)).family("W", layers.to_vec())
}

/// A network and data of any target.
pub(crate) fn any(draw: &mut Draw<'_>) -> Drawn {
    Ok(Scene::draw(draw, Target::Any)?.table())
}
/// The same with constants that meet (35).
pub(crate) fn bounded(draw: &mut Draw<'_>, target: Target) -> Result<(Scene, Table<Rational>), &'static str> {
    let scene = Scene::draw(draw, target)?;
    let table = Bounds::around(scene.network.layers(), q(4) * draw.nonnegative())?.table(scene.table());
    Ok((scene, table))
}
/// Probabilities of four atoms.
pub(crate) fn four_atoms(draw: &mut Draw<'_>) -> Result<[Rational; 4], &'static str> {
    let atoms: [Rational; 4] = std::array::from_fn(|_| draw.nonnegative());
    let total = atoms.iter().fold(Rational::zero(), |s, v| s + v);
    if total.is_zero() { Err("no atoms") } else { Ok(atoms.map(|p| p / &total)) }
}

/// `W_from .. W_to`.
pub(crate) fn layers(from: impl Into<Expr>, to: impl Into<Expr>) -> Expr {
    descent("i", from, to, at("W", var("i")))
}
/// `W_from^T .. W_to^T`.
pub(crate) fn turned(from: impl Into<Expr>, to: impl Into<Expr>) -> Expr {
    ascent("i", from, to, transpose(at("W", var("i"))))
}
/// `R - R_min`.
pub(crate) fn excess() -> Expr {
    var("R") - var("R_min")
}
/// `R(0) - R_min`.
pub(crate) fn initial() -> Expr {
    var("R(0)") - var("R_min")
}
/// `2^two exp(a s^2 + b s^2/d + c C~_3)`.
pub(crate) fn constant(two: i32, (num, den): (i64, i64), b: i64, c: i64) -> Expr {
    monomial(two, Rational::new(num, den), b, 0, c)
}

/// First-order changes in the directions D_k: of `grad R^1(w_prod)`, and of `-grad_k R^L` for each k (that is Delta_k).
pub(crate) fn first_order(
    network: &Network<Rational>,
    data: &Moments<Rational>,
    directions: &[Matrix],
) -> Option<(Vector, Vec<Matrix>)> {
    let product = moved(network, directions)?.product();
    let outer = data.map(|v| Dual::constant(v.clone())).risk_gradient(&product).map(|v| v.derivative);
    Some((outer, network.hessian_vector(data, directions).into_iter().map(|m| -m).collect()))
}

/// `W_k + e D_k` in dual numbers.
pub(crate) fn moved(network: &Network<Rational>, directions: &[Matrix]) -> Option<Network<Dual<Rational>>> {
    let dual = |(w, d): (&Matrix, &Matrix)| w.zip_map(d, Dual::new);
    let layers = network.layers().iter().zip(directions).map(dual).collect();
    Network::new(layers, network.head().map(Dual::constant)).ok()
}

/// s^2, d and C~_3: what the constants of B.8 are made of.
pub(crate) struct Bounds {
    pub s2: Rational,
    pub d: Rational,
    pub c3: Rational,
}

impl Bounds {
    /// The smallest C~_3 >= 0 with which (35) and the bound on sigma_min hold for all Pi_{k:1} and Pi_{L:k} of layers
    /// d x d; there is none where one of these is singular.
    pub fn around(layers: &[Matrix], s2: Rational) -> Result<Self, &'static str> {
        let d = layers.first().map_or(0, Matrix::nrows);
        Self::smallest(layers, q(d as i64), s2, q(4)).ok_or("singular")
    }
    /// The smallest C~_3 >= 0 such that all Pi_{k:1}, Pi_{L:k} have norms at most `c exp(s^2/2 + C~_3)` and singular
    /// values at least `exp(-2 s^2/d - C~_3)/c`; d is the width in these bounds.
    fn smallest(layers: &[Matrix], d: Rational, s2: Rational, c: Rational) -> Option<Self> {
        let (mut high, mut low) = (Rational::one(), Rational::one());
        for p in partial_products(layers) {
            high = high.max(norm_above(&p)?);
            low = low.min(sigma_below(&p)?);
        }
        (low.sign() > 0).then_some(())?;
        let big = |q: Rational| of(&q, BITS);
        let from_norm = big(high / &c).ln() - big(&s2 / q(2));
        let from_sigma = -big(c * low).ln() - big(q(2) * &s2 / &d);
        let c3 = from_norm.upper_rational()?.max(from_sigma.upper_rational()?).max(Rational::zero());
        Some(Self { s2, d, c3 })
    }
    /// With s^2, d and C~_3.
    pub fn table(&self, table: Table<Rational>) -> Table<Rational> {
        table.scalar("s^2", self.s2.clone()).scalar("d", self.d.clone()).scalar("C~_3", self.c3.clone())
    }
}

/// Layers `W_k(0) + theta_k/L` on the event of the proof of Lemma 3, theta in the ball of t*: L, W_k, and the
/// constants, C~_3 being the smallest u with which the event, its constants 2 and 1/2 at theta = 0, has taken place.
///
/// From sizes `[L, d]`, or `[L, b, d]` for layers that are the identity outside a block b x b: only the block is kept,
/// whose singular values and 1 are those of the layers.
pub(crate) fn inside(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let layers: Vec<Matrix> = (0..depth).map(|_| layer(draw, d)).collect();
    let directions: Vec<Matrix> = (0..depth).map(|_| draw.matrix(d, d)).collect();
    let (s2, share) = (draw.nonnegative(), 1 - draw.share());
    let whole = q(d.max(draw.size(2)) as i64);
    let bounds = Bounds::smallest(&layers, whole, s2, q(2)).ok_or("a product of layers is singular")?;
    // exp(-2 s^2 - 4 u)/64, rounded down.
    let radius = of(&(q(-2) * &bounds.s2 - q(4) * &bounds.c3), BITS).exp().scale(-6).lower_rational();
    let radius = radius.unwrap_or_else(Rational::zero) * share;
    let move_one = |(w, e): (&Matrix, &Matrix)| match norm_above(e) {
        Some(size) if !size.is_zero() => w + e.map(|v| v * &radius / (&size * q(depth as i64))),
        _ => w.clone(),
    };
    let moved: Vec<Matrix> = layers.iter().zip(&directions).map(move_one).collect();
    Ok(bounds.table(weights(&moved)))
}
