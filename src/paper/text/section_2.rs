//! The audit of Sections 1 to 5: the displays and what Section 2 says in its text. The text of Sections 1, 3 and 4 is
//! in `words`, that of Section 5 (and of Section 1 on residual networks) in `residual`.
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
//! exclude. (ii) "there exists an infinity of global minimizers": not for L = 1 and d_L = 1.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Table, at, descent, norm, square, sum, transpose, var, vars};
use crate::harness::steps::{
    Body, DIMENSIONS, Design, Draw, Drawn, How, Margins, Matrix, Pair, Plant, Sizes, Step, Vector, column, scalar,
    steps,
};
use crate::harness::{Fault, Grade};
use crate::instances::no_head;
use crate::paper::section_3::minimiser::{Scene, WIDTHS, data_of, gradient, linear_risk, product, risk, risk_gradient};
use crate::paper::section_3::theorem_2::scene::{before, percent, symbols};
use crate::problem::norm_squared;
use nalgebra::DVector;
use num_traits::{One, Zero};

/// Widths of networks without a head: d_L = 1, w = 1.
pub(crate) const HEADLESS: Sizes = &[&[1, 1], &[2, 1], &[1, 1, 1], &[2, 1, 1], &[2, 2, 1], &[1, 2, 1], &[2, 1, 2, 1]];

/// Layers and head (1 if `headed` is false), all numbers.
fn drawn(draw: &mut Draw<'_>, headed: bool) -> (Vec<Matrix>, Vector) {
    let widths = draw.sizes();
    let layers = widths.windows(2).map(|w| draw.matrix(w[1], w[0])).collect();
    (layers, if headed { draw.vector(widths[widths.len() - 1]) } else { no_head() })
}

/// `(1, 0, .., 0)`.
pub(crate) fn axis(n: usize) -> Vector {
    DVector::from_fn(n, |i, _| truth(i == 0))
}

/// Rank-one layers of the shapes of others, `left right^T` with axes between them, `first` on the right of W_1 and
/// `last` on the left of W_L: their product is `w^T last` times `first`.
pub(crate) fn chain(shapes: &[Matrix], first: &Vector, last: &Vector) -> Vec<Matrix> {
    let layer = |(k, w): (usize, &Matrix)| {
        let left = if k + 1 == shapes.len() { last.clone() } else { axis(w.nrows()) };
        let right = if k == 0 { first.clone() } else { axis(w.ncols()) };
        left * right.transpose()
    };
    shapes.iter().enumerate().map(layer).collect()
}

/// Any network on data with known eigenvalues and any w*.
pub(crate) struct Free {
    /// W_1, .., W_L.
    pub layers: Vec<Matrix>,
    /// w, length d_L; (1) without a head.
    pub head: Vector,
    /// X, two equal halves.
    pub x: Matrix,
    /// y.
    pub y: Vector,
    /// The regressor of the data, as drawn.
    pub w_star: Vector,
    /// Smallest eigenvalue of Sigma.
    pub lambda: Rational,
    /// Largest eigenvalue of Sigma.
    pub largest: Rational,
}

impl Free {
    /// Layers and head are numbers; data of `A = diag(a) Q^T`, a >= 1, w* and r.
    pub fn draw(draw: &mut Draw<'_>, headed: bool) -> Self {
        let (layers, head) = drawn(draw, headed);
        Self::with(draw, draw.size(0), layers, head)
    }
    /// The data, in dimension d, behind given layers.
    pub fn with(draw: &mut Draw<'_>, d: usize, layers: Vec<Matrix>, head: Vector) -> Self {
        let Design { x: a, low, high, .. } = Design::above_zeros(draw, d, d);
        let (w_star, r) = (draw.vector(d), draw.vector(d));
        let (x, y) = data_of(&a, &w_star, &r);
        Self { layers, head, x, y, w_star, lambda: low, largest: high }
    }
    /// R^L at other layers, with this head.
    pub fn risk_of(&self, layers: &[Matrix]) -> Rational {
        risk(&self.x, &self.y, layers, &self.head)
    }
    /// R^1 at a vector.
    pub fn linear_risk(&self, v: &Vector) -> Rational {
        linear_risk(&self.x, &self.y, v)
    }
    /// R_min.
    pub fn least(&self) -> Rational {
        self.linear_risk(&self.w_star)
    }
    /// w_prod.
    pub fn product(&self) -> Vector {
        product(&self.layers, &self.head)
    }
}

/// Depths.
const DEPTHS: Sizes = &[&[1], &[2], &[3], &[5]];

/// 1 or 0.
fn truth(b: bool) -> Rational {
    Rational::from(i64::from(b))
}

/// Line 54, with eta a multiple of 2/S_min.
///
/// An equivalence as the equality of two truth values, in rationals: it is refuted by one eta that separates them.
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

/// A network and its data; `grad_1 R^L` from the definition of the risk.
fn network(layers: &[Matrix], head: &Vector, x: &Matrix, y: &Vector) -> Table<Rational> {
    Table::default()
        .scalar("L", Rational::from(layers.len() as i64))
        .scalar("n", Rational::from(y.len() as i64))
        .family("W", layers.iter().cloned())
        .vector("w", head)
        .vector("w_prod", &product(layers, head))
        .matrix("X", &[], x.clone())
        .vector("y", y)
        .matrix("grad_1 R^L", &[], gradient(x, y, layers, head, 1))
}
/// Any network and data, of d + 1 rows; theta are the entries of all layers stacked.
fn regression(draw: &mut Draw<'_>, headed: bool) -> Drawn {
    let (layers, head) = drawn(draw, headed);
    let d = draw.size(0);
    let (x, y) = draw.data(d + 1, d);
    let stacked: Vec<Rational> = layers.iter().flat_map(|w| w.iter().cloned()).collect();
    let widths = draw.sizes().iter().zip(0..);
    let table = network(&layers, &head, &x, &y)
        .scalar("number of entries", Rational::from(stacked.len() as i64))
        .vector("theta", &DVector::from_vec(stacked))
        .vector("grad R^1(w_prod)", &risk_gradient(&x, &y, &product(&layers, &head)))
        .family("x", x.row_iter().map(|row| column(&row.transpose())))
        .family("y", y.iter().cloned().map(scalar));
    let width = |n: &usize| scalar(Rational::from(*n as i64));
    Ok(widths.fold(table, |table, (n, k)| table.matrix("d", &[k], width(n))))
}
/// On data with a known lambda; R_min = R^1(w*).
fn excess(draw: &mut Draw<'_>) -> Drawn {
    let f = Free::draw(draw, false);
    let table = network(&f.layers, &f.head, &f.x, &f.y).scalar("lambda", f.lambda.clone());
    Ok(table.scalar("R_min", f.least()))
}

/// The risk R^1 at a vector.
fn risk_at(v: Expr) -> Expr {
    square(var("y") - var("X") * v) / var("n")
}
/// `X W_1^T .. W_L^T w` at the layers of this name.
fn chained(layers: &'static str) -> Expr {
    before(layers, var("L") + 1) * var("w")
}
/// `W_L .. W_first`.
fn later(first: i64) -> Expr {
    descent("j", var("L"), first, at("W", var("j")))
}

/// w* and another vector; if `singular`, one that differs by an element of the kernel of X.
fn vectors(draw: &mut Draw<'_>, singular: bool) -> Drawn {
    let d = draw.size(0);
    let mut f = Free::with(draw, d, Vec::new(), no_head());
    let mut other = draw.vector(d);
    if singular {
        // The last column of X is set to zero, y is left to what w* fits.
        let last = f.x.column(d - 1) * f.w_star[d - 1].clone();
        f.y -= last;
        f.x.column_mut(d - 1).fill(Rational::zero());
        other = DVector::from_fn(d, |i, _| truth(i + 1 == d));
    }
    if other.iter().all(Zero::is_zero) {
        return Err("v = w*");
    }
    let n = Rational::from(f.y.len() as i64);
    let table = Table::default().scalar("n", n).vector("v", &(&f.w_star + other)).vector("w*", &f.w_star);
    Ok(table.matrix("X", &[], f.x).vector("y", &f.y))
}

/// Data of which w* is the minimiser; v any vector; gradients of R^1 from its definition.
fn fitted(draw: &mut Draw<'_>) -> Drawn {
    let d = draw.size(0);
    let (a, w_star, r, v) = (draw.matrix(d, d), draw.vector(d), draw.vector(d), draw.vector(d));
    let (x, y) = data_of(&a, &w_star, &r);
    // R^1(v) is the risk of one layer v^T with head 1.
    let slope = |v: &Vector| gradient(&x, &y, &[column(v).transpose()], &no_head(), 1).transpose();
    let table = Table::default().scalar("n", Rational::from(y.len() as i64));
    Ok(table
        .matrix("grad R^1(w*)", &[], slope(&w_star))
        .matrix("grad R^1(v)", &[], slope(&v))
        .vector("w*", &w_star)
        .vector("v", &v)
        .matrix("X", &[], x)
        .vector("y", &y))
}

/// Line 116: another minimiser, one of a family with a free parameter; none where there is provably none.
fn another(draw: &mut Draw<'_>, all: bool, rescaled: bool) -> Drawn {
    let scene = Scene::spectral(draw);
    let (depth, out) = (scene.depth(), scene.head.len());
    if depth == 1 && out == 1 && !all {
        return Err("L = 1 and d_L = 1");
    }
    let mut moved = scene.layers.clone();
    if depth >= 2 {
        let empty = moved[0].iter().chain(moved[1].iter()).all(Zero::is_zero);
        if empty {
            moved[0].fill(Rational::one());
        } else {
            moved[0] = moved[0].map(|v| v * 2);
            moved[1] = moved[1].map(|v| if rescaled { v / 2 } else { v });
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
    Ok(symbols(&scene).family("V", moved))
}

/// Line 116: `R_min = min R^L`, by a network V that has the product w*, or, for w = 0, by any: all have the product 0.
fn reached(draw: &mut Draw<'_>) -> Drawn {
    let f = Free::draw(draw, true);
    let size = norm_squared(f.head.iter());
    let reach = || chain(&f.layers, &f.w_star.map(|v| v / &size), &f.head);
    let layers = if size.is_zero() { f.layers.clone() } else { reach() };
    Ok(network(&f.layers, &f.head, &f.x, &f.y).family("V", layers).scalar("R_min", f.least()))
}

/// Displays of Sections 1 to 4 that belong to no proof: lines 54, 108, 147 and 235 to 246. Identities in all entries,
/// but for the equivalence of line 54 and the inequality of line 246, which are tried on instances.
pub(crate) fn displays() -> Vec<Step> {
    let [i, k, l, n, w, x, y] = vars(["i", "k", "L", "n", "w", "X", "y"]);
    let output = transpose(&w) * later(1) * at("x", &i);
    let by_chain = square(&y - &x * chained("W"));
    let (fit, first, outer) = (&x * var("w_prod"), var("grad_1 R^L"), var("grad R^1(w_prod)"));
    let [all, without] = [1, 2].map(|from| sum("k", from, &l, square(at("W", &k))));
    let behind = norm(later(2)).pow(2);
    steps![
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
            .about("The risk of the network and of its product", "any network (3) and data")
            .on(WIDTHS, |draw| regression(draw, true))
            .states(
                (sum("i", 1, &n, (at("y", &i) - output).pow(2)) / &n)
                    .equals(&by_chain / &n)
                    .equals(risk_at(var("w_prod"))),
            )
            .edited(Plant::DroppedFactor, Edit::Swap(&by_chain / &n, by_chain.clone()))
            .edited(Plant::FlippedSign, Edit::FlipSign(fit)),
        Step::new("sections/parameter-norm", "Section 3", &[147])
            .about("The norm of the parameters", "any network; theta its entries, stacked")
            .on(WIDTHS, |draw| regression(draw, true))
            .states(square(var("theta")).equals(all.clone()).and(var("number of entries").equals(sum(
                "k",
                1,
                &l,
                at("d", &k) * at("d", &k - 1),
            ))))
            .edited(Plant::DroppedTerm, Edit::Swap(all, without)),
        Step::new("sections/first-gradient", "Section 4, after Theorem 3", &[235])
            .about("The gradient of the first layer", "d_L = 1, w = 1; any depth (an empty product is 1) and widths")
            .uses(&["gradient"])
            .on(HEADLESS, |draw| regression(draw, false))
            .states(first.equals(transpose(later(2)) * transpose(&outer)))
            .edited(Plant::OffByOne, Edit::Swap(later(2), later(1)))
            .edited(Plant::FlippedSign, Edit::Swap(transpose(&outer), -transpose(&outer))),
        Step::new("sections/first-norm", "Section 4, after Theorem 3", &[241])
            .about("Its norm is a product of two norms", "d_L = 1, w = 1")
            .uses(&["sections/first-gradient"])
            .graded(Grade::Identity)
            .on(HEADLESS, |draw| regression(draw, false))
            .states(square(&first).equals(&behind * norm(&outer).pow(2)))
            .edited(Plant::WrongPower, Edit::Swap(behind.clone(), norm(later(2)).pow(4))),
        Step::new("sections/first-bound", "Section 4, after Theorem 3", &[246])
            .about("The gradient of the first layer and the excess risk", "(A1); d_L = 1, w = 1; any network")
            .uses(&["sections/first-norm", "lemma-8"])
            .on(HEADLESS, excess)
            .states(square(&first).at_least(4 * var("lambda") * &behind * (risk_at(chained("W")) - var("R_min"))))
            .stronger(Plant::WrongConstant, percent())
            .edited(Plant::MissingNorm, Edit::Drop(behind.clone())),
    ]
}

/// Four sentences of line 116, on w*, its equation, other minimisers and R_min.
pub(crate) fn section_2() -> Vec<Step> {
    let [n, v, target, x, y, least] = vars(["n", "v", "w*", "X", "y", "R_min"]);
    let cross = || transpose(&x) * &y;
    let normal = || transpose(&x) * &x * &target;
    let at_minimiser = || square(var("grad R^1(w*)")).equals(0);
    let moved = sum("k", 1, var("L"), square(at("V", var("k")) - at("W", var("k"))));
    let is_another = || moved.above(0).and((before("V", var("L") + 1) * var("w")).equals(&target));
    let printed_cross = square(cross()).equals(0);
    steps![
        Step::new("sections/unique-minimiser", "Section 2, after (A1)", &[])
            .quoted(116, "there exists a unique minimizer")
            .about("The regression problem has one solution", "(A1), v != w*")
            .on(DIMENSIONS, |draw| vectors(draw, false))
            .states(risk_at(v.clone()).above(risk_at(target.clone())))
            .elsewhere(Plant::DroppedHypothesis, "for a singular X^T X", |draw| vectors(draw, true))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .remarks(&["The text minimises R^1(w) over w_prod: the names of the variable differ."]),
        Step::new("sections/normal-equations", "Section 2, after (A1)", &[])
            .quoted(116, r"This minimizer satisfies the identity  $\nabla R^1(w^*) = 0 \Leftrightarrow X^{\top}y = 0$")
            .about("The identity that w* satisfies", "any X, y with a minimiser w*; v any vector")
            .on(DIMENSIONS, fitted)
            .misstates(
                at_minimiser().and(printed_cross),
                Fault::Extraction,
                "Read literally it is false as soon as w* != 0: d = 1, X = 1, y = 1. The formula ends in a 0 that does \
                 not belong there, and its right side follows as markup, `X<sup>T</sup>Xw<sup>*</sup>`: torn apart \
                 when the text was extracted, almost certainly. X^T y = X^T X w* is meant, which (6) uses. Nothing \
                 depends on it.",
            )
            .rightly(
                at_minimiser()
                    .and(cross().equals(normal()))
                    .and(var("grad R^1(v)").equals(-(2 / &n * (cross() - transpose(&x) * &x * &v)))),
            )
            .edited(Plant::FlippedSign, Edit::Swap(normal(), -normal()))
            .edited(Plant::DroppedFactor, Edit::Swap(2 / &n, 1 / &n))
            .remarks(&["Printed: grad R^1(w*) = 0 <=> X^T y = 0, and the text goes on X^T X w*. The formula of grad \
                        R^1(v) for every v says that the two equations are equivalent."]),
        Step::new("sections/infinitely-many", "Section 2, after (A1)", &[])
            .quoted(116, "there exists an infinity of global minimizers")
            .about("Minimisers are not unique", "(A1), W a minimiser with w_prod = w*")
            .graded(Grade::Instance)
            .on(WIDTHS, |draw| another(draw, true, true))
            .misstates(
                is_another(),
                Fault::Reading,
                "The sentence gives overparametrisation as the reason; where there is none, L = 1 and d_L = 1, a case \
                 that (3) and Theorem 1 allow, W_1 = w*^T/w is the only one: d = 1, w = 1. For L = 1 and d_L >= 2 a V \
                 with V^T w = 0 may be added, for L >= 2 two layers may be rescaled: more parameters than d is all it \
                 takes. Nothing depends on it.",
            )
            .on(WIDTHS, |draw| another(draw, false, true))
            .rightly(is_another())
            .elsewhere(Plant::DroppedFactor, "for V = (2 W_1, W_2, ..)", |draw| another(draw, false, false))
            .remarks(&[
                "V is another minimiser, of a family with a free parameter: V = (2 W_1, W_2/2, ..), or W_1 + z (1, .., \
                 1) with z orthogonal to the head; none where there is provably none. Printed for every depth and \
                 width, corrected for L >= 2 or d_L >= 2.",
            ]),
        Step::new("sections/minimum-of-both", "Section 2, after (A1)", &[])
            .quoted(116, r"We let  $R_{\min} = R^1(w^*)$  be the minimum of  $R^1$  (and  $R^L$ )")
            .about("R_min is the minimum of R^1 and of R^L", "any head w: \"some fixed (potentially random) vector\"")
            .on(WIDTHS, reached)
            .misstates(
                least.at_least(risk_at(chained("V"))).and(risk_at(chained("W")).at_least(&least)),
                Fault::Hypothesis,
                "For w = 0 every network has the product 0 and the risk R_0 > R_min (unless w* = 0): d = 1, L = 1, X = \
                 y = 1, w = 0. Then all networks are minimisers of R^L, S(W) = 0, and w_prod = w*, which B.1 says of \
                 minimisers (line 817) and uses from (16) on, is false; both bounds of Theorem 2 fail as printed and \
                 read 0 >= 0 with the factors norm(w)^(1/L), norm(w)^(2/L). For w != 0 a rank-one network has any \
                 product. So w != 0 has to be assumed in Sections 2, 3 and 5 (Theorem 4 has norm(w)^2 on the right of \
                 its hypothesis and holds trivially); w = 1 in Section 4 is not touched.",
            )
            .when(square(var("w")).above(0))
            .rightly(least.at_least(risk_at(chained("V"))).and(risk_at(chained("W")).at_least(&least)))
            // Some network has a risk below R_min.
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .remarks(&[
                "R_min = R^1(w*); V_L = w e^T, V_k = e e^T, V_1 = e w*^T/norm(w)^2 where w is not zero; W any \
                        network. Printed for any head, corrected for w != 0."
            ]),
    ]
}
