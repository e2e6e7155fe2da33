//! The audit of Sections 1 to 5: the displays and what Section 2 says in its text. The text of Sections 1, 3 and 4 is
//! in `sections_text`, that of Section 5 (and of Section 1 on residual networks) in `sections_residual`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L, w | `layers`, `head` | d_k x d_{k-1}, d_L |
//! | X, y | `x`, `y` | n x d, n |
//! | w*, R_min = R^1(w*) | `w_star`, the risk there | d, scalar |
//! | lambda, Lambda | `lambda`, `largest`: exact, `Sigma = Q diag(a^2) Q^T / d` | scalars |
//! | S_min | `2 L lambda t^(2L-2)`, t = norm(w*)^(1/L) | scalar |
//!
//! [`Free`] is any network on any data with known eigenvalues: no minimiser in general. Minimisers are those of
//! `minimiser`.
//!
//! **Findings of Section 2.** (i) "R_min is the minimum of R^1 (and R^L)": not for w = 0, which the text does not
//! exclude. Then every network has the risk R_0, all are minimisers, none has w_prod = w* (unless w* = 0), S(W) = 0,
//! and both bounds of Theorem 2 fail; with their factors norm(w)^(1/L), norm(w)^(2/L) they say 0 >= 0. For w != 0 some
//! network has any product: `W_L = w e^T, W_k = e e^T, W_1 = e w*^T/norm(w)^2`. (ii) "there exists an infinity of
//! global minimizers": not for L = 1 and d_L = 1, where W_1 = w*^T/w is the only one; for L = 1 and d_L >= 2 any V with
//! V^T w = 0 may be added, for L >= 2 one layer may be multiplied by c and its neighbour by 1/c.

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, column, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::paper::section_3::minimiser::{Matrix, Scene, Vector, WIDTHS, gradient, product, risk, squares, sum};
use crate::problem::{dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Widths of networks without a head: d_L = 1, w = 1.
pub(crate) const HEADLESS: Sizes = &[&[1, 1], &[2, 1], &[1, 1, 1], &[2, 1, 1], &[2, 2, 1], &[1, 2, 1], &[2, 1, 2, 1]];

/// Any network on data with known eigenvalues and any w*.
pub(crate) struct Free {
    pub layers: Vec<Matrix>,
    pub head: Vector,
    pub x: Matrix,
    pub y: Vector,
    pub w_star: Vector,
    pub lambda: Rational,
    pub largest: Rational,
}

impl Free {
    /// Layers and head (1 if `headed` is false) are numbers; `X = (A; A)`, `A = diag(a) Q^T`, a >= 1;
    /// `y = (A w* + r; A w* - r)`.
    pub fn draw(draw: &mut Draw<'_>, headed: bool) -> Self {
        let widths = draw.sizes();
        let layers: Vec<Matrix> = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
        let head =
            if headed { draw.vector(widths[widths.len() - 1]) } else { DVector::from_element(1, Rational::one()) };
        Self::with(draw, widths[0], layers, head)
    }
    /// The data, in dimension d, behind given layers.
    pub fn with(draw: &mut Draw<'_>, d: usize, layers: Vec<Matrix>, head: Vector) -> Self {
        let roots: Vec<Rational> = (0..d).map(|_| 1 + draw.nonnegative()).collect();
        let q = draw.rotation(d);
        let (w_star, r) = (draw.vector(d), draw.vector(d));
        let a = DMatrix::from_fn(d, d, |i, j| &roots[i] * &q[(j, i)]);
        let fitted = &a * &w_star;
        let sign = |i: usize| if i < d { r[i].clone() } else { -&r[i - d] };
        let over = |a: Option<&Rational>| a.map_or_else(Rational::zero, |a| a.powi(2) / Rational::from(d as i64));
        Self {
            layers,
            head,
            x: DMatrix::from_fn(2 * d, d, |i, j| a[(i % d, j)].clone()),
            y: DVector::from_fn(2 * d, |i, _| &fitted[i % d] + sign(i)),
            lambda: over(roots.iter().min()),
            largest: over(roots.iter().max()),
            w_star,
        }
    }
    pub fn risk_of(&self, layers: &[Matrix]) -> Rational {
        risk(&self.x, &self.y, layers, &self.head)
    }
    /// R^1 at a vector.
    pub fn linear_risk(&self, v: &Vector) -> Rational {
        norm_squared((&self.y - &self.x * v).iter()) / Rational::from(self.y.len() as i64)
    }
    /// R_min.
    pub fn least(&self) -> Rational {
        self.linear_risk(&self.w_star)
    }
    pub fn product(&self) -> Vector {
        product(&self.layers, &self.head)
    }
}

/// Depths.
const DEPTHS: Sizes = &[&[1], &[2], &[3], &[5]];

fn truth(b: bool) -> Rational {
    Rational::from(i64::from(b))
}

/// Line 54, with eta a multiple of 2/S_min.
fn critical(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let depth = draw.size(0);
    let (lambda, root, multiple) = (draw.positive(), draw.nonnegative(), draw.positive());
    let s_min = Rational::from(2 * depth as i64) * lambda * root.powi(2 * depth as u32 - 2);
    if s_min.is_zero() {
        return Margins::OutOfScope("S_min = 0: 2/S_min is not defined");
    }
    let threshold = 2 / &s_min;
    let multiple = if how.plants(Plant::DroppedHypothesis) { -multiple } else { multiple };
    let eta = &threshold * multiple;
    let bound = 2 / &eta;
    let left = s_min > bound || (how.plants(Plant::StrictInequality) && s_min == bound);
    let right = if how.plants(Plant::FlippedSign) { eta < threshold } else { eta > threshold };
    Pair::exact(&truth(left == right), &Rational::one(), bits).into()
}

/// Layers, head, X (d + 1 rows) and y, all numbers.
struct Regression {
    layers: Vec<Matrix>,
    head: Vector,
    x: Matrix,
    y: Vector,
}

impl Regression {
    fn draw(draw: &mut Draw<'_>, headed: bool) -> Self {
        let widths = draw.sizes();
        let layers: Vec<Matrix> = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
        let head =
            if headed { draw.vector(widths[widths.len() - 1]) } else { DVector::from_element(1, Rational::one()) };
        let d = draw.size(0);
        let (x, y) = draw.data(d + 1, d);
        Self { layers, head, x, y }
    }
    /// (6), first form, at w_prod.
    fn risk_gradient(&self) -> Vector {
        let residual = &self.y - &self.x * product(&self.layers, &self.head);
        let minus = Rational::from(-2) / Rational::from(self.y.len() as i64);
        (self.x.transpose() * residual).map(|v| v * &minus)
    }
    /// `W_L .. W_2`, a row; 1 where it is empty.
    fn later(&self) -> Matrix {
        self.layers[1..].iter().fold(Matrix::identity(self.layers[0].nrows(), self.layers[0].nrows()), |p, w| w * p)
    }
}

/// Line 108: from the outputs of the network (3), row by row; from the printed chain; from w_prod.
fn risk_forms(draw: &mut Draw<'_>, how: How) -> Exact {
    let r = Regression::draw(draw, true);
    let n = Rational::from(r.y.len() as i64);
    let over = |v: Rational| scalar(v / &n);
    let outputs = (0..r.x.nrows()).map(|i| {
        let h = r.layers.iter().fold(r.x.row(i).transpose(), |h, w| w * h);
        (&r.y[i] - dot(&r.head, &h)).powi(2)
    });
    let outputs = over(sum(&outputs.collect::<Vec<_>>()));
    let chained = r.layers.iter().fold(r.x.clone(), |p, w| p * w.transpose()) * &r.head;
    let chained = norm_squared((&r.y - chained).iter());
    let chained = if how.plants(Plant::DroppedFactor) { scalar(chained) } else { over(chained) };
    let w_prod = product(&r.layers, &r.head);
    let fitted = &r.x * w_prod;
    let residual = if how.plants(Plant::FlippedSign) { &r.y + fitted } else { &r.y - fitted };
    let product = over(norm_squared(residual.iter()));
    Exact::Sides(vec![(outputs, chained.clone()), (chained, product)])
}

/// Line 147: all entries stacked.
fn parameter_norm(draw: &mut Draw<'_>, how: How) -> Exact {
    let r = Regression::draw(draw, true);
    let stacked: Vec<Rational> = r.layers.iter().flat_map(|w| w.iter().cloned()).collect();
    let widths = draw.sizes();
    let p: usize = widths.windows(2).map(|w| w[1] * w[0]).sum();
    let from = usize::from(how.plants(Plant::DroppedTerm));
    let norms = sum(&squares(&r.layers[from..]));
    let count = |n: usize| scalar(Rational::from(n as i64));
    Exact::Sides(vec![(count(stacked.len()), count(p)), (scalar(norm_squared(stacked.iter())), scalar(norms))])
}

/// Line 235: the gradient from the definition of the risk; shapes d_1 x 1 and 1 x d_0.
fn first_gradient(draw: &mut Draw<'_>, how: How) -> Exact {
    let r = Regression::draw(draw, false);
    let later = if how.plants(Plant::OffByOne) { r.later() * &r.layers[0] } else { r.later() };
    let sign = if how.plants(Plant::FlippedSign) { Rational::from(-1) } else { Rational::one() };
    match chain(&[&later.transpose(), &column(&r.risk_gradient()).transpose()]) {
        Ok(right) => Exact::Sides(vec![(gradient(&r.x, &r.y, &r.layers, &r.head, 1), right.map(|v| v * &sign))]),
        Err(what) => Exact::DoesNotChain(what),
    }
}

/// Line 241.
fn first_norm(draw: &mut Draw<'_>, how: How) -> Exact {
    let r = Regression::draw(draw, false);
    let left = norm_squared(gradient(&r.x, &r.y, &r.layers, &r.head, 1).iter());
    let power = if how.plants(Plant::WrongPower) { 2 } else { 1 };
    let right = norm_squared(r.later().iter()).powi(power) * norm_squared(r.risk_gradient().iter());
    Exact::Sides(vec![(scalar(left), scalar(right))])
}

/// Line 246.
fn first_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let f = Free::draw(draw, false);
    let later = f.layers[1..].iter().fold(Matrix::identity(f.layers[0].nrows(), f.layers[0].nrows()), |p, w| w * p);
    let later = if how.plants(Plant::MissingNorm) { Rational::one() } else { norm_squared(later.iter()) };
    let excess = f.risk_of(&f.layers) - f.least();
    let greater = norm_squared(gradient(&f.x, &f.y, &f.layers, &f.head, 1).iter());
    Pair::exact(&greater, &(4 * f.lambda * later * excess), bits).into()
}

/// Dimensions.
const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];

/// Line 116: `R^1(v) > R^1(w*)` for v != w*. The planted error takes a vector of the kernel of a singular X^T X.
fn unique(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let mut f = Free::with(draw, d, Vec::new(), DVector::from_element(1, Rational::one()));
    let mut other = draw.vector(d);
    if how.plants(Plant::DroppedHypothesis) {
        // The last column of X is set to zero, y is left to what w* fits.
        let last = f.x.column(d - 1) * f.w_star[d - 1].clone();
        f.y -= last;
        f.x.column_mut(d - 1).fill(Rational::zero());
        other = DVector::from_fn(d, |i, _| truth(i + 1 == d));
    }
    if other.iter().all(Zero::is_zero) {
        return Margins::OutOfScope("v = w*");
    }
    let (there, here) = (f.linear_risk(&(&f.w_star + other)), f.least());
    let (there, here) = if how.plants(Plant::FlippedSign) { (here, there) } else { (there, here) };
    Pair::exact(&there, &here, bits).strictly().into()
}

/// Line 116: when the gradient of R^1 vanishes. Data of which w* is the minimiser; v any vector.
fn normal_equations(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let (a, w_star, r, v) = (draw.matrix(d, d), draw.vector(d), draw.vector(d), draw.vector(d));
    let x = DMatrix::from_fn(2 * d, d, |i, j| a[(i % d, j)].clone());
    let fitted = &a * &w_star;
    let sign = |i: usize| if i < d { r[i].clone() } else { -&r[i - d] };
    let y = DVector::from_fn(2 * d, |i, _| &fitted[i % d] + sign(i));
    // R^1(v) is the risk of one layer v^T with head 1.
    let slope = |v: &Vector| gradient(&x, &y, &[column(v).transpose()], &DVector::from_element(1, Rational::one()), 1);
    let (at, cross) = (slope(&w_star), column(&(x.transpose() * &y)).transpose());
    let zero = at.map(|_| Rational::zero());
    if how.printed() {
        return Exact::Sides(vec![(at, zero.clone()), (cross, zero)]);
    }
    let square = column(&(x.transpose() * &x * &w_star)).transpose();
    let square = if how.plants(Plant::FlippedSign) { -square } else { square };
    let n = Rational::from(y.len() as i64);
    let minus = if how.plants(Plant::DroppedFactor) { -Rational::one() / n } else { Rational::from(-2) / n };
    let residual = column(&(x.transpose() * (&y - &x * &v))).transpose().map(|e| e * &minus);
    Exact::Sides(vec![(at, zero), (cross, square), (slope(&v), residual)])
}

/// Line 116: another minimiser, one of a family with a free parameter; none where there is provably none.
fn another(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let (depth, out) = (scene.depth(), scene.head.len());
    if depth == 1 && out == 1 && !how.printed() {
        return Margins::OutOfScope("L = 1 and d_L = 1");
    }
    let mut moved = scene.layers.clone();
    if depth >= 2 {
        let empty = moved[0].iter().chain(moved[1].iter()).all(Zero::is_zero);
        let inverse = if how.plants(Plant::DroppedFactor) { Rational::one() } else { Rational::new(1, 2) };
        if empty {
            moved[0].fill(Rational::one());
        } else {
            moved[0] = moved[0].map(|v| v * 2);
            moved[1] = moved[1].map(|v| v * &inverse);
        }
    } else if out >= 2 {
        // V = z (1, .., 1) with z orthogonal to the head.
        let (a, b) = (scene.head[0].clone(), scene.head[1].clone());
        let z = if a.is_zero() && b.is_zero() { [Rational::one(), Rational::zero()] } else { [b, -a] };
        for j in 0..moved[0].ncols() {
            moved[0][(0, j)] += &z[0];
            moved[0][(1, j)] += &z[1];
        }
    } else if scene.head[0].is_zero() {
        moved[0].fill(Rational::one());
    }
    let found = moved != scene.layers && product(&moved, &scene.head) == scene.w_star;
    Pair::exact(&truth(found), &Rational::one(), bits).into()
}

/// Line 116: `R_min = min R^L`, by a network that has the product w*, or, for w = 0, by any: all have the product 0.
fn minimum_of_both(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let f = Free::draw(draw, true);
    let size = norm_squared(f.head.iter());
    if size.is_zero() && !how.printed() {
        return Margins::OutOfScope("w = 0");
    }
    let depth = f.layers.len();
    let unit = |n: usize| DVector::from_fn(n, |i, _| truth(i == 0));
    let mut layers = f.layers.clone();
    if !size.is_zero() {
        for (k, w) in layers.iter_mut().enumerate() {
            let left = if k + 1 == depth { f.head.clone() } else { unit(w.nrows()) };
            let right = if k == 0 { f.w_star.map(|v| v / &size) } else { unit(w.ncols()) };
            *w = left * right.transpose();
        }
    }
    let (least, reached) = (f.least(), f.risk_of(&layers));
    let pair = Pair::exact(&least, &reached, bits);
    let below = Pair::exact(&f.risk_of(&f.layers), &least, bits);
    Margins::All(vec![if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }, below])
}

pub(crate) fn displays() -> Vec<Step> {
    let exact = |sizes, sides| Body::Identity { sizes, sides };
    vec![
        Step::new("sections/critical-learning-rate", "Section 1, after Theorem 1", &[54])
            .titled("The critical learning rate")
            .given("eta > 0; S_min > 0: lambda > 0 and (w* != 0 or L = 1), else 2/S_min is not defined")
            .by(Body::Instances { sizes: DEPTHS, sides: critical })
            .holds("S_min > 2/eta <=> eta > 2/S_min")
            .planted(Plant::DroppedHypothesis, "the same for eta < 0")
            .planted(Plant::StrictInequality, "S_min >= 2/eta <=> eta > 2/S_min")
            .planted(Plant::FlippedSign, "S_min > 2/eta <=> eta < 2/S_min")
            .remarks(&["Theorem 1 does not exclude w* = 0 or a singular X^T X, where S_min = 0 (L >= 2). At eta = \
                        2/S_min, which the next lines quote as failing (0.2), the condition is not met: a matter of \
                        rounding in the text."]),
        Step::new("sections/risk", "Section 2, after (3)", &[108])
            .titled("The risk of the network and of its product")
            .given("any network (3) and data")
            .by(exact(WIDTHS, risk_forms))
            .holds("mean of (y_i - w^T W_L .. W_1 x_i)^2 = norm(y - X W_1^T .. W_L^T w)^2/n = norm(y - X w_prod)^2/n")
            .planted(Plant::DroppedFactor, "the same without 1/n in the middle")
            .planted(Plant::FlippedSign, "the same with y + X w_prod"),
        Step::new("sections/parameter-norm", "Section 3", &[147])
            .titled("The norm of the parameters")
            .given("any network, p = sum d_k d_{k-1}")
            .by(exact(WIDTHS, parameter_norm))
            .holds("norm(W)^2 = sum_k norm_F(W_k)^2, for the p entries stacked")
            .planted(Plant::DroppedTerm, "the same with the sum from k = 2"),
        Step::new("sections/first-gradient", "Section 4, after Theorem 3", &[235])
            .titled("The gradient of the first layer")
            .given("d_L = 1, w = 1; any depth (an empty product is 1) and widths")
            .uses(&["gradient"])
            .by(exact(HEADLESS, first_gradient))
            .holds("grad_1 R^L = (W_L .. W_2)^T grad R^1(w_prod)^T, shapes d_1 x 1 and 1 x d_0")
            .planted(Plant::OffByOne, "the same with (W_L .. W_1)^T")
            .planted(Plant::FlippedSign, "the same with -"),
        Step::new("sections/first-norm", "Section 4, after Theorem 3", &[241])
            .titled("Its norm is a product of two norms")
            .given("d_L = 1, w = 1")
            .uses(&["sections/first-gradient"])
            .by(exact(HEADLESS, first_norm))
            .holds("norm_F(grad_1 R^L)^2 = norm(W_L .. W_2)^2 norm(grad R^1(w_prod))^2")
            .planted(Plant::WrongPower, "the same with norm(W_L .. W_2)^4"),
        Step::new("sections/first-bound", "Section 4, after Theorem 3", &[246])
            .titled("The gradient of the first layer and the excess risk")
            .given("(A1); d_L = 1, w = 1; any network")
            .uses(&["sections/first-norm", "lemma-8"])
            .by(Body::Instances { sizes: HEADLESS, sides: first_bound })
            .holds("norm_F(grad_1 R^L)^2 >= 4 lambda norm(W_L .. W_2)^2 (R^L - R_min)")
            .stronger(Plant::WrongConstant, "the same with 4.04", Rational::new(101, 100))
            .planted(Plant::MissingNorm, "the same without norm(W_L .. W_2)^2"),
    ]
}

pub(crate) fn section_2() -> Vec<Step> {
    vec![
        Step::new("sections/unique-minimiser", "Section 2, after (A1)", &[])
            .quoted(116, "there exists a unique minimizer")
            .titled("The regression problem has one solution")
            .given("(A1)")
            .by(Body::Instances { sizes: DIMENSIONS, sides: unique })
            .holds("R^1(v) > R^1(w*) for v != w*")
            .planted(Plant::DroppedHypothesis, "the same for a singular X^T X")
            .planted(Plant::FlippedSign, "R^1(v) < R^1(w*)")
            .remarks(&["The text minimises R^1(w) over w_prod: the names of the variable differ."]),
        Step::new("sections/normal-equations", "Section 2, after (A1)", &[])
            .quoted(116, r"This minimizer satisfies the identity  $\nabla R^1(w^*) = 0 \Leftrightarrow X^{\top}y = 0$")
            .titled("The identity that w* satisfies")
            .given("any X, y with a minimiser w*; v any vector")
            .by(Body::Identity { sizes: DIMENSIONS, sides: normal_equations })
            .fails(
                "grad R^1(w*) = 0 <=> X^T y = 0 (the text goes on: X^T X w*)",
                Fault::Extraction,
                "Read literally it is false as soon as w* != 0: d = 1, X = 1, y = 1. The formula ends in a 0 that \
                 does not belong there, and its right side follows as markup, `X<sup>T</sup>Xw<sup>*</sup>`: torn \
                 apart when the text was extracted, almost certainly. X^T y = X^T X w* is \
                 meant, which (6) uses. Nothing depends on it.",
            )
            .corrected(
                "grad R^1(w*) = 0 and X^T y = X^T X w*; grad R^1(v) = -(2/n)(X^T y - X^T X v) for every v, so \
                        that each says the other",
            )
            .planted(Plant::FlippedSign, "X^T y = -X^T X w*")
            .planted(Plant::DroppedFactor, "grad R^1(v) = -(1/n)(X^T y - X^T X v)"),
        Step::new("sections/infinitely-many", "Section 2, after (A1)", &[])
            .quoted(116, "there exists an infinity of global minimizers")
            .titled("Minimisers are not unique")
            .given("(A1), W a minimiser with w_prod = w*")
            .by(Body::Instances { sizes: WIDTHS, sides: another })
            .fails(
                "for every depth and width there is another minimiser (of a family with a free parameter)",
                Fault::Reading,
                "The sentence gives overparametrisation as the reason; where there is none, L = 1 and d_L = 1, a case \
                 that (3) and Theorem 1 allow, W_1 = w*^T/w is the only one: d = 1, w = 1. For L = 1 and d_L >= 2 a V \
                 with V^T w = 0 may be added, for L >= 2 two layers may be rescaled: more parameters than d is all it \
                 takes. \
                 Nothing depends on it.",
            )
            .corrected("the same for L >= 2 or d_L >= 2")
            .planted(Plant::DroppedFactor, "(2 W_1, W_2, ..) is another minimiser"),
        Step::new("sections/minimum-of-both", "Section 2, after (A1)", &[])
            .quoted(116, r"We let  $R_{\min} = R^1(w^*)$  be the minimum of  $R^1$  (and  $R^L$ )")
            .titled("R_min is the minimum of R^1 and of R^L")
            .given("any head w: \"some fixed (potentially random) vector\"")
            .by(Body::Instances { sizes: WIDTHS, sides: minimum_of_both })
            .fails(
                "min R^L = R^1(w*)",
                Fault::Hypothesis,
                "For w = 0 every network has the product 0 and the risk R_0 > R_min (unless w* = 0): d = 1, L = 1, X \
                 = y = 1, w = 0. Then all networks are minimisers of R^L, S(W) = 0, and w_prod = w*, which B.1 \
                 says of minimisers (line 817) and uses from (16) on, is false; both bounds of Theorem 2 fail as \
                 printed and read 0 >= 0 with the factors norm(w)^(1/L), norm(w)^(2/L). For w != 0 a rank-one network \
                 has any product. \
                 So w != 0 has to be assumed in Sections 2, 3 and 5 (Theorem 4 has norm(w)^2 on the right of its \
                 hypothesis and holds trivially); w = 1 in Section 4 is not touched.",
            )
            .corrected(
                "the same for w != 0, reached by W_L = w e^T, W_k = e e^T, W_1 = e w*^T/norm(w)^2; and R^L >= \
                        R_min everywhere",
            )
            .planted(Plant::StrictInequality, "some network has a risk below R_min"),
    ]
}
