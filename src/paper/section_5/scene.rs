//! What the steps of B.8 and B.10 speak of: a network with square layers, its data ([`Scene`]), and constants that meet
//! (35), exact.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_L .. W_{k+1}, W_{k-1} .. W_1 | [`layers`], the identity where empty | d x d |
//! | s^2, C~_3 | [`Bounds`] | scalars |
//!
//! **Singular values** are rounded to the safe side at 96 bits (exact for d = 1), so that inequalities between squares
//! are decided in rationals, ties included. **C~_3** is the smallest number (rounded up) with which (35) and its
//! companion hold for all Pi_{k:1} and Pi_{L:k}: the bounds of the proof are tried where they are tight, by layers of
//! [`UP`](crate::harness::steps::objects::UP) for (35), of [`DOWN`](crate::harness::steps::objects::DOWN) for its
//! companion.
//!
//! Three ways lead to the constants: [`bounded`] takes layers as they come and fits C~_3 to them (steps that use (35)
//! as a hypothesis), [`inside`] moves layers within the ball of t* (steps that prove (35)), and formulas over all
//! parameters need no layers. A C~_3 drawn apart from the layers would leave (35) loose, or put the sample out of
//! scope.

use crate::arithmetic::{Enclosure, Rational, Real};
use crate::formula::{Expr, Table, ascent, at, descent, transpose, var};
use crate::harness::steps::objects::{Matrix, Scene, Target, layer, weights};
use crate::harness::steps::sample::of;
use crate::harness::steps::{Draw, Drawn, Sizes};
use crate::linalg::norm_above;
use crate::network::products::{bounds, partial_products};
use crate::paper::section_5::theorem_4::constants::monomial;
use num_traits::Zero;

/// Depth and width.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 1], &[3, 2]];

/// Bits at which singular values are rounded to rationals.
const BITS: u32 = 96;

/// An integer as a rational.
pub(crate) fn q(v: i64) -> Rational {
    Rational::from(v)
}

/// A network and data of any target.
pub(crate) fn any(draw: &mut Draw<'_>) -> Drawn {
    Ok(Scene::draw(draw, Target::Any)?.table())
}
/// The same with constants that meet (35).
///
/// s^2 is four times a number >= 0 that is drawn after the scene. `Err`: no network is formed, or a product is
/// singular, so that no C~_3 has the companion of (35); the sample is then out of scope.
pub(crate) fn bounded(draw: &mut Draw<'_>, target: Target) -> Result<(Scene, Table<Rational>), &'static str> {
    let scene = Scene::draw(draw, target)?;
    let table = Bounds::around(scene.network.layers(), q(4) * draw.nonnegative())?.table(scene.table());
    Ok((scene, table))
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

/// s^2, d and C~_3: what the constants of B.8 are made of.
pub(crate) struct Bounds {
    /// s^2, which the formulas use in place of s.
    pub s2: Rational,
    /// The width in the bounds on sigma_min; it may exceed that of the matrices, see [`inside`].
    pub d: Rational,
    /// C~_3 >= 0, rounded up: the bounds hold with it although it is no exact optimum.
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
    ///
    /// `norm <= c exp(s^2/2 + C)` is `C >= ln(norm/c) - s^2/2`, and `sigma >= exp(-2 s^2/d - C)/c` is `C >= -ln(c
    /// sigma) - 2 s^2/d`: the result is the larger of the two, or 0. Norms enter by upper ends, singular values by
    /// lower ends, the logarithms by upper ends, so that each rounding enlarges C~_3. `None` where [`bounds`] cannot
    /// tell a product from a singular one at 96 bits.
    fn smallest(layers: &[Matrix], d: Rational, s2: Rational, c: Rational) -> Option<Self> {
        let (low, high) = bounds(partial_products(layers), BITS)?;
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
///
/// The event of the proof of Lemma 3 has 2 and 1/2 where (35) has 4 and 1/4; C~_3 is fitted to the former, so that
/// (35) is what the step has to prove. theta_k is a drawn matrix times `radius/(its norm, rounded up)`, radius a
/// drawn share of `exp(-2 s^2 - 4 C~_3)/64`, rounded down: `norm(theta_k)` is in the ball for certain. A direction
/// that is zero leaves its layer where it is.
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
    let move_one = |(w, e): (&Matrix, &Matrix)| match norm_above(e, BITS) {
        Some(size) if !size.is_zero() => w + e.map(|v| v * &radius / (&size * q(depth as i64))),
        _ => w.clone(),
    };
    let moved: Vec<Matrix> = layers.iter().zip(&directions).map(move_one).collect();
    Ok(bounds.table(weights(&moved)))
}
