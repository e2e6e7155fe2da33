//! The audit of B.1, the proof of Theorem 2: what its two halves share, up to (18). The halves are in `theorem_2_bounds`.
//!
//! Symbols and shapes: see `minimiser`. Delta_k and Delta-bar_k are d_k x d_{k-1}, g = grad R^1(w~_prod) is a column of length d; xi > 0 small. W is a minimiser with
//! w_prod = w*, which every minimiser satisfies unless w = 0 (step `sections/minimum-of-both`).
//!
//! **The head is lost.** `Delta-bar_k = -b_k g^T W_1^T .. W_{k-1}^T` with `b_k = W_{k+1}^T .. W_L^T w` and `b_L = w`. Multiplied out from the left, each
//! `W_1^T .. W_{k-1}^T b_{k-1}` is w_prod, and what remains on the left is b_L: `Delta-bar_L .. Delta-bar_1 = (-1)^L w (g^T w_prod)^(L-1) g^T`, a matrix of d_L rows. Line 867 prints
//! one row, without w. Norms: `norm(w) |g^T w*|^(L-1) norm(g)`. From line 867 on every bound lacks norm(w)^(2/L) (squared) and holds for norm(w) >= 1 only; w = 1
//! (Theorem 1, Section 4) is not touched.
//!
//! **Signs.** Line 867 has -1 for (-1)^L, line 871 drops the sign: no consequence, norms are taken. Lines 877 and 882 take the norm of `(g^T w*)^(L-1)` without its absolute value:
//! where L is even and g^T w* < 0 (M_k = -W_k) the one equates a norm with a negative number, the other turns the inequality round. (18) has the square and is
//! right for every direction; where B.1 uses it, g^T w* > 0.
//!
//! **w* != 0.** (18) and what follows divide by norm(w*)^(2/L). Nobody asks for w* != 0. For w* = 0 both bounds of Theorem 2 say S >= 0 for L >= 2 (minimisers have a
//! positive semi-definite Hessian), and for L = 1 the second says S >= 2 lambda, true with the factor norm(w)^2 as S = 2 norm(w)^2 Lambda. With w* != 0 no layer is zero, and neither
//! u_k nor v_k of line 942 is: nothing else is divided by that could vanish.

use super::equality::{Exact, chain, column, scalar};
use super::inequality::{Margins, Pair};
use super::minimiser::{
    First, Matrix, Root, Scene, WIDTHS, epsilon, epsilon_twice, lift, multiply, parts, parts_twice, product, squares,
    sum,
};
use super::sample::{Draw, of};
use super::step::{Body, Fault, How, Other, Plant, Proof, Reason, Sizes, Step, other};
use super::theorem_2_bounds;
use super::tie::Tie;
use crate::arithmetic::{Dual, Field, Rational, Ring};
use crate::problem::{dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Both sides of line 772 for `f(x) = x^T H x / 2`, whose quotient depends on the direction of x~ - x only. H = Q diag(s) Q^T with a rational rotation.
fn variational(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let p = draw.size(0);
    let values = draw.vector(p);
    let q = draw.rotation(p);
    let direction = draw.vector(p);
    let h = &q * Matrix::from_diagonal(&values) * q.transpose();
    let largest = |list: Vec<Rational>| list.into_iter().max().unwrap_or_else(Rational::zero);
    let sharpness = largest(values.iter().cloned().collect());
    let claimed = if how.printed() { sharpness } else { largest(values.iter().map(Rational::abs).collect()) };
    let factor = if how.plants(Plant::WrongConstant) { Rational::new(1, 2) } else { Rational::one() };
    // x |x| in place of x: increasing, and rational where x is the root of a rational.
    let claimed = &claimed * claimed.abs() * factor;
    let eigenvectors = (0..p).map(|i| q.column(i).into_owned());
    let quotients: Vec<Rational> = eigenvectors
        .chain([direction])
        .filter(|v| v.iter().any(|e| !e.is_zero()))
        .map(|v| norm_squared((&h * &v).iter()) / norm_squared(v.iter()))
        .collect();
    let mut pairs: Vec<Pair> = quotients.iter().map(|v| Pair::exact(&claimed, v, bits)).collect();
    // The supremum is attained at one of the eigenvectors.
    pairs.push(Pair::exact(&largest(quotients), &claimed, bits));
    Margins::All(pairs)
}

/// (14): `S(W)^2 >= sum_k norm_F(Delta_k)^2 / (xi^2 sum_k norm_F(M_k)^2)` in the limit, for any directions that are not all zero.
fn eq_14(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let size = sum(&squares(&scene.directions));
    if size.is_zero() {
        return Margins::OutOfScope("all M_k are zero: the quotient is 0/0");
    }
    let change = sum(&scene.first(&scene.directions).squares());
    let strictly = how.plants(Plant::StrictInequality);
    match Root::rational(change / size).at_most_sharpness(&scene, strictly, bits) {
        Some(pair) => pair.into(),
        None => Margins::OutOfScope("the layers do not chain"),
    }
}

/// (15) at a rational xi: gradients from the definition of the risk.
fn eq_15(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let moved = scene.moved(&xi, &scene.directions);
    let gradient = column(&scene.risk_gradient_at(&moved)).transpose();
    let mut sides = Vec::new();
    for k in 1..=scene.depth() {
        let here: Matrix = scene.gradient_at(&scene.layers, k);
        let left = column(&product(&moved[k..], &scene.head));
        let right = moved[..k - 1].iter().fold(gradient.clone(), |p, w| p * w.transpose());
        let sign = if how.plants(Plant::FlippedSign) { Rational::one() } else { Rational::from(-1) };
        sides.push((&here - scene.gradient_at(&moved, k), (left * right).map(|v| v * &sign)));
        // "For minimizers of the empirical risk, grad_k R^L(W) = 0", line 811.
        sides.push((here.clone(), here.map(|_| Rational::zero())));
    }
    Exact::Sides(sides)
}

/// Lines 819 and 824 at a rational xi.
fn telescoping(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let moved = scene.moved(&xi, &scene.directions);
    let gradient = column(&scene.risk_gradient_at(&moved));
    let change = column(&(product(&moved, &scene.head) - product(&scene.layers, &scene.head)));
    let d = scene.w_star.len();
    let mut terms = Matrix::zeros(d, 1);
    for k in 1..=scene.depth() {
        // Tildes before the difference; the planted error has them after it too.
        let behind = if how.plants(Plant::OffByOne) { &moved[k..] } else { &scene.layers[k..] };
        let before = moved[..k - 1].iter().fold(Matrix::identity(d, d), |p, w| p * w.transpose());
        terms += before * (&moved[k - 1] - &scene.layers[k - 1]).transpose() * column(&product(behind, &scene.head));
    }
    Exact::Sides(vec![(gradient.clone(), scene.doubled() * change), (gradient, scene.doubled() * terms)])
}

/// `sum_k W_1^T .. W_{k-1}^T M_k^T W_{k+1}^T .. W_L^T w`.
pub(super) fn sum_of_terms(scene: &Scene, directions: &[Matrix]) -> Matrix {
    let zero = Matrix::zeros(scene.w_star.len(), 1);
    let term = |(k, m): (usize, &Matrix)| scene.before(k + 1) * m.transpose() * scene.after(k + 1);
    directions.iter().enumerate().map(term).fold(zero, |s, t| s + t)
}

/// (16), coefficients of 1 and xi.
fn eq_16(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), &scene.directions));
    let [value, slope] = parts(&DMatrix::from_column_slice(gradient.len(), 1, gradient.as_slice()));
    let terms = scene.doubled() * sum_of_terms(&scene, &scene.directions);
    let terms = if how.plants(Plant::FlippedSign) { -terms } else { terms };
    if how.plants(Plant::DroppedFactor) {
        // xi left out: the sum is then the coefficient of 1.
        return Exact::Sides(vec![(value, terms)]);
    }
    Exact::Sides(vec![(value.clone(), value.map(|_| Rational::zero())), (slope, terms)])
}

/// "we see that grad R(w~_prod) = O(xi)".
fn first_order(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), &scene.directions));
    let [value, slope] = parts(&DMatrix::from_column_slice(gradient.len(), 1, gradient.as_slice()));
    let zero = value.map(|_| Rational::zero());
    if how.plants(Plant::OffByOne) {
        return Exact::Sides(vec![(slope, zero)]);
    }
    Exact::Sides(vec![(value, zero)])
}

/// Delta_k (from the definition of the risk) and Delta-bar_k, over dual numbers.
fn deltas<T: Field>(scene: &Scene, xi: &T, k: usize) -> (DMatrix<T>, DMatrix<T>) {
    let moved = scene.moved(xi, &scene.directions);
    let lifted = |m: &Matrix| m.map(|v| lift::<T>(&v));
    let here: DMatrix<T> = scene.gradient_at(&lifted_all(scene), k);
    let gradient = scene.risk_gradient_at(&moved);
    let bar = -(lifted(&scene.after(k)) * gradient.transpose() * lifted(&scene.before(k)));
    (here - scene.gradient_at(&moved, k), bar)
}

fn lifted_all<T: Field>(scene: &Scene) -> Vec<DMatrix<T>> {
    scene.layers.iter().map(|w| w.map(|v| lift::<T>(&v))).collect()
}

/// Line 836, coefficients of 1 and xi; the planted error goes on to xi^2.
fn delta_bar(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let mut sides = Vec::new();
    for k in 1..=scene.depth() {
        if how.plants(Plant::OffByOne) {
            let (delta, bar) = deltas(&scene, &epsilon_twice(), k);
            sides.extend(parts_twice(&delta).into_iter().zip(parts_twice(&bar)));
        } else {
            let (delta, bar) = deltas(&scene, &epsilon(), k);
            let bar = if how.plants(Plant::FlippedSign) { -bar } else { bar };
            sides.extend(parts(&delta).into_iter().zip(parts(&bar)));
        }
    }
    Exact::Sides(sides)
}

/// (17), first line: `sum_k norm_F(Delta_k)^2` and `sum_k norm_F(Delta-bar_k)^2`, coefficients of 1, xi and xi^2.
fn perturbation(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let zero = Dual::<Dual<Rational>>::zero();
    let (mut left, mut right) = (zero.clone(), zero);
    for k in 1..=scene.depth() {
        let (delta, bar) = deltas(&scene, &epsilon_twice(), k);
        left += norm_squared(delta.iter());
        right += norm_squared(bar.iter());
    }
    let of = |v| parts_twice(&DMatrix::from_element(1, 1, v));
    Exact::Sides(of(left).into_iter().zip(of(right)).collect())
}

/// (17), second line: the norms are equal, as the leading coefficients D_k have rank one. With `G = D D^T`, `G^2 = tr(G) G` says that the largest eigenvalue
/// of G, which is norm_2(D)^2, is its trace, norm_F(D)^2. D_k is that of Delta_k, from the definition of the risk.
fn rank_one(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let scene = if how.plants(Plant::DroppedHypothesis) { scene.off() } else { scene };
    let moved = scene.moved(&epsilon(), &scene.directions);
    let sides = (1..=scene.depth()).map(|k| {
        let [_, slope] = parts(&scene.gradient_at(&moved, k));
        let gram = &slope * slope.transpose();
        let trace = norm_squared(slope.iter());
        (&gram * &gram, gram.map(|v| v * &trace))
    });
    Exact::Sides(sides.collect())
}

fn leading(draw: &mut Draw<'_>) -> (Scene, First) {
    let scene = Scene::spectral(draw);
    let first = scene.first(&scene.directions);
    (scene, first)
}

/// (17), third line: arithmetic and geometric means of the squared norms, which are rational (rank one, step `theorem-2/eq-17-norms`).
fn means(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, first) = leading(draw);
    let squares = first.squares();
    let depth = if how.plants(Plant::WrongPower) { 2 * scene.depth() } else { scene.depth() };
    Root::new(scene.length(), multiply(&squares), depth).at_most(&sum(&squares), bits).into()
}

/// (17), fourth line: `prod_k norm(Delta-bar_k) >= norm(Delta-bar_L .. Delta-bar_1)`, both to the power 2/L and times L.
fn submultiplicative(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, first) = leading(draw);
    let reversed: Vec<&Matrix> = first.delta.iter().rev().collect();
    let Ok(whole) = chain(&reversed) else { return Margins::OutOfScope("the product does not chain") };
    // A product of matrices of rank one has rank one at most.
    let (above, below) = (multiply(&first.squares()), norm_squared(whole.iter()));
    let (above, below) = if how.plants(Plant::FlippedSign) { (below, above) } else { (above, below) };
    let root = |u: &Rational| Root::new(scene.length(), u.clone(), scene.depth()).enclosed(bits);
    Pair::new(root(&above), root(&below)).or_exactly(Tie::Order(above, below)).into()
}

/// The Delta-bar_k at a rational xi.
fn bars(scene: &Scene, xi: &Rational) -> (Matrix, Vec<Matrix>) {
    let gradient = column(&scene.risk_gradient_at(&scene.moved(xi, &scene.directions)));
    let bar = |k| -(scene.after(k) * gradient.transpose() * scene.before(k));
    (gradient.clone(), (1..=scene.depth()).map(bar).collect())
}

/// Line 867: `Delta-bar_L .. Delta-bar_1` against `-g^T (w_prod g^T)^(L-1)`.
fn product_of_bars(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let (gradient, bars) = bars(&scene, &xi);
    let reversed: Vec<&Matrix> = bars.iter().rev().collect();
    let left = match chain(&reversed) {
        Ok(left) => left,
        Err(what) => return Exact::DoesNotChain(what),
    };
    let (row, target) = (gradient.transpose(), column(&scene.w_star));
    let repeated = if how.plants(Plant::OffByOne) { scene.depth() } else { scene.depth() - 1 };
    let chained = (0..repeated).fold(row.clone(), |p, _| p * &target * &row);
    let odd = how.printed() || how.plants(Plant::FlippedSign) || scene.depth() % 2 == 1;
    let signed = if odd { -chained } else { chained };
    let head = column(&scene.head);
    Exact::Sides(vec![(left, if how.printed() { signed } else { head * signed })])
}

/// Line 871: `-g^T (w_prod g^T)^(L-1)` against `(g^T w*)^(L-1) g^T`.
fn power_of_inner(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let xi = draw.number();
    let (gradient, _) = bars(&scene, &xi);
    let (row, target) = (gradient.transpose(), column(&scene.w_star));
    let left = -(1..scene.depth()).fold(row.clone(), |p, _| p * &target * &row);
    let power = scene.depth() - usize::from(!how.plants(Plant::WrongPower));
    let inner = dot(&DVector::from_column_slice(gradient.as_slice()), &scene.w_star).powi(power as u32);
    let inner = if how.printed() { inner } else { -inner };
    Exact::Sides(vec![(left, row.map(|v| v * &inner))])
}

/// Line 877, leading coefficients: `norm(Delta-bar_L .. Delta-bar_1) = (g^T w*)^(L-1) norm(g)`. With p the signed factor and `a >= 0`, a = p norm(g) says the same as
/// `a^2 = p |p| norm(g)^2`; the product has rank one at most, so its norm is that of Frobenius.
fn norm_of_product(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let first = scene.first(&scene.directions);
    let reversed: Vec<&Matrix> = first.delta.iter().rev().collect();
    let left = match chain(&reversed) {
        Ok(whole) => norm_squared(whole.iter()),
        Err(what) => return Exact::DoesNotChain(what),
    };
    let inner = first.along(&scene.w_star).powi(scene.depth() as u32 - 1);
    let signed = how.printed() || how.plants(Plant::DroppedHypothesis);
    let inner = if signed { &inner * inner.abs() } else { inner.powi(2) };
    let head = scene.head_factor(!how.printed() && !how.plants(Plant::MissingNorm));
    Exact::Sides(vec![(scalar(left), scalar(head * inner * norm_squared(first.gradient.iter())))])
}

/// Depth and dimension.
const VECTORS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2], &[4, 2], &[3, 1]];

/// Line 882: `(g^T w*)^(L-1) norm(g) >= (g^T w*)^(L-1) (g^T w*)/norm(w*)` for any vectors g and w* != 0.
fn cauchy_schwarz(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (depth, d) = (draw.size(0) as u32, draw.size(1));
    let (g, w) = (draw.vector(d), draw.vector(d));
    if w.iter().all(Zero::is_zero) {
        return Margins::OutOfScope("w* = 0: the right-hand side divides by norm(w*)");
    }
    let signed = how.printed() || how.plants(Plant::DroppedHypothesis);
    let inner = if signed { dot(&g, &w) } else { dot(&g, &w).abs() };
    let power = inner.powi(depth - 1);
    let (gg, ww) = (norm_squared(g.iter()), norm_squared(w.iter()));
    let root = |q: &Rational| Root::new(Rational::one(), q.clone(), 2).enclosed(bits);
    let divisor = if how.plants(Plant::MissingNorm) { Rational::one() } else { ww };
    // power sqrt(g^T g) - power inner sqrt(w^T w)/(w^T w).
    let rest = -(power.clone() * inner.clone()) / divisor.clone();
    let tie = Tie::Roots(vec![(power.clone(), gg.clone()), (rest, divisor.clone())]);
    let right = of(&(power.clone() * inner), bits) / root(&divisor);
    Pair::new(of(&power, bits) * root(&gg), right).or_exactly(tie).into()
}

/// Line 887: `(g^T w*)^(L-1) (g^T w*) = (g^T w*)^L`, both over norm(w*).
fn last_power(draw: &mut Draw<'_>, how: How) -> Exact {
    let (depth, d) = (draw.size(0) as u32, draw.size(1));
    let (g, w) = (draw.vector(d), draw.vector(d));
    let inner = dot(&g, &w);
    let power = if how.plants(Plant::OffByOne) { depth - 1 } else { depth };
    Exact::Sides(vec![(scalar(inner.powi(depth - 1) * &inner), scalar(inner.powi(power)))])
}

/// The factor norm(w)^2 under the L-th root, or its planted variants.
pub(super) fn head(scene: &Scene, how: How) -> Rational {
    let kept = scene.head_factor(!how.printed() && !how.plants(Plant::MissingNorm));
    if how.plants(Plant::WrongPower) { kept.powi(scene.depth() as u32) } else { kept }
}

/// (18), coefficients of xi^2: `sum_k norm_F(D_k)^2 >= L (g^T w*)^2 / norm(w*)^(2/L)`.
fn eq_18(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (scene, first) = leading(draw);
    let target = scene.target();
    if target.is_zero() {
        return Margins::OutOfScope("w* = 0: the right-hand side is 0/0");
    }
    let factor = scene.length() * first.along(&scene.w_star).powi(2);
    let root = Root::new(factor, head(&scene, how) / target, scene.depth());
    root.at_most(&sum(&first.squares()), bits).into()
}

/// Line 900, coefficients of 1 and xi.
fn along_target(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let gradient = scene.risk_gradient_at(&scene.moved(&epsilon(), &scene.directions));
    let target = scene.w_star.map(Dual::constant);
    let [value, slope] = parts(&DMatrix::from_element(1, 1, dot(&target, &gradient)));
    let half = if how.plants(Plant::DroppedFactor) { Rational::new(1, 2) } else { Rational::one() };
    let row = (scene.row() * scene.doubled()).map(|v| v * &half);
    let terms = row * sum_of_terms(&scene, &scene.directions);
    Exact::Sides(vec![(value, scalar(Rational::zero())), (slope, terms)])
}

/// Dimension p.
const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];

/// The step that the printed bounds inherit their missing factor from.
const LOST: &str = "theorem-2/product";

fn exact(sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes: WIDTHS, sides }
}

fn enclosed(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: WIDTHS, sides }
}

const MINIMISER: &str = "W a minimiser with w_prod = w*; any depth, widths, head and directions M_k";

/// Up to (17).
fn perturbed() -> Vec<Step> {
    vec![
        Step::new("theorem-2/variational", "Theorem 2, proof, first display", &[772])
            .titled("The largest eigenvalue as the local Lipschitz constant of the gradient")
            .given("f twice continuously differentiable; here quadratic, f(x) = x^T H x / 2, where the quotient does not depend on norm(x - x~)")
            .by(Body::Instances { sizes: DIMENSIONS, sides: variational })
            .fails(
                "S = lim sup norm(grad f(x) - grad f(x~)) / norm(x - x~), S the largest eigenvalue of the Hessian",
                Fault::Hypothesis,
                "The right-hand side is the operator norm of H, the largest modulus of an eigenvalue: sup norm(H v)/norm(v). For f(x) = -x^2/2 it is 1 and S = -1. They agree if \
                 S >= -(smallest eigenvalue), in particular where H is positive semi-definite. B.1, B.7 and B.10 use it at minimisers only, where it is: nothing is affected. See claim `variational` \
                 for the risk itself.",
            )
            .corrected("max_i |s_i| = sup norm(H v)/norm(v), s_i the eigenvalues of H")
            .planted(Plant::WrongConstant, "the same with max_i |s_i| / sqrt(2) on the left"),
        Step::new("theorem-2/eq-14", "(14)", &[793])
            .titled("The sharpness from below by one direction")
            .given("W a minimiser; M_k not all zero")
            .uses(&["variational", "theorem-2/delta-bar"])
            .by(enclosed(eq_14))
            .holds("S(W)^2 >= lim sum_k norm_F(Delta_k)^2 / (xi^2 sum_k norm_F(M_k)^2)")
            .stronger(Plant::WrongConstant, "the same with 101/100 times the right-hand side", Rational::new(101, 100))
            .planted(Plant::StrictInequality, "the same with >")
            .remarks(&[
                "Not said: the M_k must not all be zero. norm_F(M_k) may exceed 1, so that W~(xi) is not in the set of (13) for this xi but for a smaller one: the limit is the same.",
                "The text says that the M_k depend on the W_k only; those of the second bound depend on X, w* and w too. What is needed is that they do not depend on xi.",
            ]),
        Step::new("theorem-2/eq-15", "(15), with line 811", &[813])
            .titled("The change of the gradient at a minimiser")
            .given("W a minimiser; any M_k and xi")
            .uses(&["gradient"])
            .by(exact(eq_15))
            .holds("grad_k R^L(W) = 0 and grad_k R^L(W) - grad_k R^L(W~) = -W~_{k+1}^T .. W~_L^T w grad R^1(w~_prod)^T W~_1^T .. W~_{k-1}^T")
            .planted(Plant::DroppedHypothesis, "the same at a network that is no minimiser")
            .planted(Plant::FlippedSign, "the same with + on the right"),
        Step::new("theorem-2/telescoping", "before (16)", &[819, 824])
            .titled("The gradient at the perturbed product, exactly")
            .given(MINIMISER)
            .uses(&["sections/minimum-of-both"])
            .by(exact(telescoping))
            .holds("grad R^1(w~_prod) = (2/n) X^T X (w~_prod - w_prod) = (2/n) X^T X sum_k W~_1^T .. W~_{k-1}^T (W~_k^T - W_k^T) W_{k+1}^T .. W_L^T w")
            .planted(Plant::OffByOne, "the same with W~_{k+1}^T .. W~_L^T behind the difference"),
        Step::new("theorem-2/eq-16", "(16)", &[829])
            .titled("The gradient at the perturbed product, to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/telescoping"])
            .by(exact(eq_16))
            .holds("grad R^1(w~_prod) = (2/n) xi X^T X sum_k W_1^T .. W_{k-1}^T M_k^T W_{k+1}^T .. W_L^T w + O(xi^2)")
            .planted(Plant::FlippedSign, "the same with -xi")
            .planted(Plant::DroppedFactor, "the same without xi"),
        Step::new("theorem-2/first-order", "after (16)", &[])
            .quoted(833, "= \\mathcal{O}(\\xi)$")
            .titled("The gradient vanishes to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-16"])
            .by(exact(first_order))
            .holds("grad R^1(w~_prod) = O(xi)")
            .planted(Plant::DroppedHypothesis, "the same at a network that is no minimiser")
            .planted(Plant::OffByOne, "grad R^1(w~_prod) = O(xi^2)")
            .remarks(&["The text writes R for R^1 here."]),
        Step::new("theorem-2/delta-bar", "after (16), second display", &[836])
            .titled("Tildes dropped to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-15", "theorem-2/first-order"])
            .by(exact(delta_bar))
            .holds("Delta_k = -W_{k+1}^T .. W_L^T w grad R^1(w~_prod)^T W_1^T .. W_{k-1}^T + O(xi^2)")
            .planted(Plant::OffByOne, "the same up to O(xi^3)")
            .planted(Plant::FlippedSign, "the same with +"),
    ]
}

/// (17), line by line.
fn seventeen() -> Vec<Step> {
    vec![
        Step::new("theorem-2/eq-17-perturbation", "(17), first line", &[845])
            .titled("Squared norms to third order")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .by(exact(perturbation))
            .holds("sum_k norm_F(Delta_k)^2 = sum_k norm_F(Delta-bar_k)^2 + O(xi^3)")
            .planted(Plant::DroppedHypothesis, "the same at a network that is no minimiser"),
        Step::new("theorem-2/eq-17-norms", "(17), second line", &[850])
            .titled("Operator norms for Frobenius norms")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .by(exact(rank_one))
            .holds("sum_k norm_F(Delta-bar_k)^2 >= sum_k norm_2(Delta-bar_k)^2 + O(xi^3): an equality, the leading coefficients have rank one")
            .planted(Plant::DroppedHypothesis, "equality at a network that is no minimiser, where the change of grad_k has rank two"),
        Step::new("theorem-2/eq-17-means", "(17), third line", &[855])
            .titled("Arithmetic and geometric means")
            .given(MINIMISER)
            .by(enclosed(means))
            .holds("sum_k norm_2(Delta-bar_k)^2 >= L (prod_k norm_2(Delta-bar_k))^(2/L) + O(xi^3), coefficients of xi^2")
            .planted(Plant::WrongPower, "the same with the exponent 1/L")
            .stronger(Plant::WrongConstant, "the same with 101/100 L", Rational::new(101, 100)),
        Step::new("theorem-2/eq-17", "(17), fourth line", &[860])
            .titled("The norm of a product")
            .given(MINIMISER)
            .by(enclosed(submultiplicative))
            .holds("L (prod_k norm(Delta-bar_k))^(2/L) >= L norm(Delta-bar_L .. Delta-bar_1)^(2/L) + O(xi^3), coefficients of xi^2")
            .planted(Plant::FlippedSign, "the same with <=")
            .remarks(&[
                "The text calls this subadditivity of the operator norm (lines 842 and 967): it is submultiplicativity. Subadditivity, norm(A + B) <= norm(A) + norm(B), says nothing of products.",
            ]),
    ]
}

/// The product of the Delta-bar_k, to line 900.
fn head_lost() -> Vec<Step> {
    vec![
        Step::new("theorem-2/product", "after (17), first equality", &[867])
            .titled("The product of the Delta-bar_k")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .by(exact(product_of_bars))
            .fails(
                "Delta-bar_L .. Delta-bar_1 = -g^T (w_prod g^T)^(L-1), g = grad R^1(w~_prod)",
                Fault::Constant,
                "The head is lost: the left factor of Delta-bar_L is w, so the product is (-1)^L w (g^T w_prod)^(L-1) g^T, with d_L rows where one is printed; and (-1)^L is printed as -1. Smallest \
                 counterexample for the factor: L = 1, d = 1, w = 1/2, where Delta-bar_1 = -g/2; for the sign: L = 2, w = 1. It cannot be an artefact of the extraction: the next \
                 five displays and (18) go on without the factor, and Theorem 2 is stated without it. The sign has no consequence. The factor norm(w)^(2/L) is missing from (18) on, in both bounds of \
                 Theorem 2 (claims `theorem-2-norms`, `theorem-2-depth`), in `rescaling`, and in the lower bound of Corollary 4 (`corollary-4-lower`). With it all of them hold; Theorem 1 and Section 4 have w = 1 \
                 and stand as printed.",
            )
            .corrected("Delta-bar_L .. Delta-bar_1 = (-1)^L w g^T (w_prod g^T)^(L-1)")
            .planted(Plant::OffByOne, "the same with (w_prod g^T)^L")
            .planted(Plant::FlippedSign, "the same with -1 for (-1)^L"),
        Step::new("theorem-2/power", "after (17), second equality", &[871])
            .titled("A row times an inner product")
            .given(MINIMISER)
            .by(exact(power_of_inner))
            .fails(
                "-g^T (w_prod g^T)^(L-1) = (g^T w*)^(L-1) g^T",
                Fault::Misprint,
                "The sign is dropped: L = 1 has -g^T = g^T. Only the norm is used, which does not see it.",
            )
            .corrected("-g^T (w_prod g^T)^(L-1) = -(g^T w*)^(L-1) g^T")
            .planted(Plant::WrongPower, "the same with (g^T w*)^L"),
        Step::new("theorem-2/norm", "after (17), third equality", &[877])
            .titled("The norm of the product of the Delta-bar_k")
            .given("W a minimiser with w_prod = w*; the M_k are to be chosen later: any; leading coefficients")
            .uses(&[LOST])
            .by(exact(norm_of_product))
            .fails(
                "norm(Delta-bar_L .. Delta-bar_1) = (g^T w*)^(L-1) norm(g)",
                Fault::Constant,
                "Two things. The factor norm(w) is missing (see `theorem-2/product`): L = 1, d = 1, w = 1/2, M_1 = 1, W_1 = 2 has 1/2 norm(g) on the left. And for even L and g^T w* < 0 the right-hand side is \
                 negative: L = 2, w = 1, M_k = -W_k; the absolute value is missing. For the directions that B.1 chooses g^T w* is positive for small xi > 0, and (18) holds for all, as it has the square. So \
                 the sign has no consequence, the factor has (see there).",
            )
            .corrected("norm(Delta-bar_L .. Delta-bar_1) = norm(w) |g^T w*|^(L-1) norm(g)")
            .planted(Plant::MissingNorm, "the same without norm(w)")
            .planted(Plant::DroppedHypothesis, "the same with norm(w), without the absolute value, for directions of both signs of g^T w*"),
        Step::new("theorem-2/cauchy-schwarz", "after (17), the inequality", &[882])
            .titled("Cauchy and Schwarz")
            .given("any g and w* != 0: any M_k")
            .by(Body::Instances { sizes: VECTORS, sides: cauchy_schwarz })
            .fails(
                "(g^T w*)^(L-1) norm(g) >= (g^T w*)^(L-1) (g^T w*)/norm(w*)",
                Fault::Hypothesis,
                "For even L and g^T w* < 0 a negative number multiplies norm(g) >= g^T w*/norm(w*) and turns it round: L = 2, d = 1, g = -1, w* = 1 has -1 >= 1. Not said: g^T w* >= 0, true of both choices of \
                 the M_k for small xi > 0. With |g^T w*| it holds for all, which is enough for (18).",
            )
            .corrected("|g^T w*|^(L-1) norm(g) >= |g^T w*|^L/norm(w*)")
            .planted(Plant::MissingNorm, "the same without norm(w*)")
            .planted(Plant::DroppedHypothesis, "the printed form for g^T w* of both signs"),
        Step::new("theorem-2/last-power", "after (17), last line", &[887])
            .titled("Powers collected")
            .given("any g and w* != 0")
            .by(Body::Identity { sizes: VECTORS, sides: last_power })
            .holds("(g^T w*)^(L-1) (g^T w*)/norm(w*) = (g^T w*)^L/norm(w*)")
            .planted(Plant::OffByOne, "the same with (g^T w*)^(L-1) on the right"),
        Step::new("theorem-2/eq-18", "(18)", &[894])
            .titled("The change of the gradient from the change along w*")
            .given("W a minimiser with w_prod = w* != 0; any M_k; coefficients of xi^2")
            .uses(&["theorem-2/eq-17-perturbation", "theorem-2/eq-17-norms", "theorem-2/eq-17-means", "theorem-2/eq-17", "theorem-2/norm", "theorem-2/cauchy-schwarz"])
            .by(enclosed(eq_18))
            .fails(
                "sum_k norm_F(Delta_k)^2 >= L (grad R^1(w~_prod)^T w*)^2 / norm(w*)^(2/L) + O(xi^3)",
                Fault::Constant,
                "The factor norm(w)^(2/L) is missing, inherited from line 867: L = 1, d = 1, X = 1, w = 1/2, W_1 = 2, M_1 = 1 has xi^2/4 on the left and xi^2 on the right. It holds for norm(w) >= 1. Not said: w* != 0. \
                 Both bounds of Theorem 2 rest on it and survive with the factor.",
            )
            .corrected("sum_k norm_F(Delta_k)^2 >= L norm(w)^(2/L) (grad R^1(w~_prod)^T w*)^2 / norm(w*)^(2/L) + O(xi^3)")
            .planted(Plant::MissingNorm, "the same without norm(w)^(2/L)")
            .planted(Plant::WrongPower, "the same with norm(w)^2")
            .stronger(Plant::WrongConstant, "the corrected form with 101/100 L", Rational::new(101, 100)),
        Step::new("theorem-2/along-target", "after (18)", &[900])
            .titled("The change along w*, to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-16"])
            .by(exact(along_target))
            .holds("w*^T grad R^1(w~_prod) = xi sum_k w*^T (2/n) X^T X W_1^T .. W_{k-1}^T M_k^T W_{k+1}^T .. W_L^T w + O(xi^2)")
            .planted(Plant::DroppedFactor, "the same with 1/n for 2/n"),
    ]
}

const OTHERS: &[Other] = &[
    other(778, Reason::Claims(&["variational"])),
    other(786, Reason::Definition("W~_k(xi) = W_k + xi M_k, the M_k chosen later")),
    other(800, Reason::Repeats("gradient")),
    other(806, Reason::Repeats("gradient")),
];

/// The audit.
pub fn proof() -> Proof {
    let steps = [perturbed(), seventeen(), head_lost(), theorem_2_bounds::steps()].into_iter().flatten().collect();
    Proof {
        id: "theorem-2",
        title: "Theorem 2",
        section: "B.1",
        proves: &["theorem-1", "theorem-2-norms", "theorem-2-depth"],
        steps,
        others: OTHERS,
    }
}
