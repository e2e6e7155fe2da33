//! The audit of B.8, first part: from the gradient to (37); what follows is in `theorem_4_flow` and `theorem_5`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, w, X, y, Pi | [`Scene`]: exact, square layers | |
//! | s, C~_3, and the right-hand sides of (35) | [`Bounds`], C~_3 the smallest that (35) allows; [`Monomial`] over all parameters | scalars |
//! | theta_k(t) of the definition of t* | [`Paths`]: continuous, piecewise linear, `phi_k(t) U_k` with norm_F(U_k) = 1 | d x d |
//! | the radius `exp(-2 s^2 - 4 u)/64` of t* | `Paths::radius`: any positive number | scalar |
//!
//! **What the text leaves to the reader.** (33) at k = 1 and k = L has empty products, which (35) does not cover: they
//! are the identity, and `exp(-2 s^2/d - C~_3)/4 <= 1 <= 4 exp(s^2/2 + C~_3)`. "By definition of t*" the theta_k are
//! inside the ball for t < t*; at t* itself because they are continuous. The flow exists as long as the theta_k are
//! bounded. Lemma 7 is used with the squared norm (as printed it lacks the square) and on `[0, t*]` only.
//!
//! **s = 0.** (2) allows s >= 0, but C_4 of (36) divides by s^2: a hypothesis s > 0 is missing. For s = 0 nothing is
//! random, the event has probability one, and any C_4 will do.

use crate::arithmetic::{Rational, Real, Ring};
use crate::harness::evidence::Fault;
use crate::harness::evidence::Role;
use crate::harness::steps::equality::{Exact, chain, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::linalg::{largest_singular_value, smallest_singular_value};
use crate::network::Network;
use crate::paper::section_5::scene::{
    Bounds, DOWN, Inside, Matrix, Scene, Target, UP, also, norm_below, planted, printed, q, sigma_below,
};
use crate::paper::section_5::theorem_4::constants::{Monomial, at_most, equal, product_sigma_min, rate};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Depth and width.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 1], &[3, 2], &[4, 1], &[3, 3]];

/// The gradient in W_k by the definition of the risk, which is quadratic in each entry:
/// `(R(W + E_ij) - R(W - E_ij))/2`.
pub(crate) fn by_definition(network: &Network<Rational>, x: &Matrix, y: &DVector<Rational>, k: usize) -> Matrix {
    let risk = |i: usize, j: usize, by: i64| {
        let mut layers = network.layers().to_vec();
        layers[k - 1][(i, j)] += q(by);
        norm_squared((y - x * network.with_layers(layers).product()).iter()) / q(x.nrows() as i64)
    };
    let (rows, columns) = network.layers()[k - 1].shape();
    DMatrix::from_fn(rows, columns, |i, j| (risk(i, j, 1) - risk(i, j, -1)) / q(2))
}

/// `norm_F(grad_k)^2 = norm(W_{k+1}^T .. W_L^T w)^2 norm(grad R^1(w_prod)^T W_1^T .. W_{k-1}^T)^2`.
fn gradient_norm(draw: &mut Draw<'_>, how: How) -> Exact {
    let (depth, d) = (draw.size(0), draw.size(1));
    let network = draw.network(&vec![d; depth + 1], true);
    let (x, y) = draw.data(d + 1, d);
    let Some(network) = network else { return Exact::OutOfScope("no network") };
    let factor = if how.plants(Plant::DroppedFactor) { Rational::one() } else { q(2) };
    // (6): -(2/n) X^T (y - X w_prod).
    let outer = (x.transpose() * (&y - &x * network.product())).map(|v| -v * &factor / q(d as i64 + 1));
    let transposed: Vec<Matrix> = network.layers().iter().map(Matrix::transpose).collect();
    let head = DMatrix::from_column_slice(d, 1, network.head().as_slice());
    let outer = DMatrix::from_column_slice(d, 1, outer.as_slice()).transpose();
    let mut sides = Vec::new();
    for k in 1..=depth {
        let left: Vec<&Matrix> = transposed[k..].iter().chain([&head]).collect();
        let last = if how.plants(Plant::OffByOne) { k } else { k - 1 };
        let right: Vec<&Matrix> = [&outer].into_iter().chain(&transposed[..last]).collect();
        match (chain(&left), chain(&right)) {
            (Ok(b), Ok(a)) => {
                let gradient = norm_squared(by_definition(&network, &x, &y, k).iter());
                sides.push((scalar(gradient), scalar(norm_squared(b.iter()) * norm_squared(a.iter()))));
            }
            (Err(what), _) | (_, Err(what)) => return Exact::DoesNotChain(what),
        }
    }
    Exact::Sides(sides)
}

/// sigma_min of Pi_{L:k+1} and Pi_{k-1:1}, for k = 1 .. L.
fn sigmas(scene: &Scene, wrong_norm: bool) -> Option<Vec<(Rational, Rational)>> {
    let of = |m: &Matrix| if wrong_norm { norm_below(m) } else { sigma_below(m) };
    (1..=scene.depth()).map(|k| Some((of(&scene.after(k))?, sigma_below(&scene.before(k))?))).collect()
}

/// `norm_F(grad_k)^2 >= sigma_min(W_{k+1}^T .. W_L^T)^2 norm(w)^2 sigma_min(W_1^T .. W_{k-1}^T)^2 norm(grad
/// R^1(w_prod))^2`.
fn gradient_lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let Some(sigmas) = sigmas(&scene, how.plants(Plant::MissingNorm)) else {
        return Margins::OutOfScope("the singular values are unbounded");
    };
    let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
    let common = scene.head() * scene.outer();
    let pairs = scene.gradients().into_iter().zip(sigmas).map(|(gradient, (after, before))| {
        Pair::exact(&gradient, &(after.powi(2) * before.powi(power) * &common), bits)
    });
    Margins::All(pairs.collect())
}

/// `norm(grad R^1(w_prod))^2 >= 4 lambda (R^L(W) - R_min)`.
fn outer_lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let eigenvalue = if how.plants(Plant::MissingNorm) { &scene.lambda_max } else { &scene.lambda };
    Pair::exact(&scene.outer(), &(q(4) * eigenvalue * scene.excess()), bits).into()
}

/// (33).
fn eq_33(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let head = if how.plants(Plant::DroppedFactor) { Rational::one() } else { scene.head() };
    let common = q(4) * &scene.lambda * head * scene.excess();
    let mut pairs = Vec::new();
    for (k, gradient) in (1..).zip(scene.gradients()) {
        let first = if how.plants(Plant::OffByOne) { k - 1 } else { k };
        let (Some(after), Some(before)) = (sigma_below(&scene.after(first)), sigma_below(&scene.before(k))) else {
            return Margins::OutOfScope("the singular values are unbounded");
        };
        pairs.push(Pair::exact(&gradient, &(&common * after.powi(2) * before.powi(2)), bits));
    }
    Margins::All(pairs)
}

/// Continuous paths from 0, linear between the times 0, 1, 2, ..: `theta_k(t) = phi_k(t) U_k`, norm_F(U_k) = 1.
struct Paths {
    radius: Rational,
    /// phi_k at the times 0, 1, ..
    nodes: Vec<Vec<Rational>>,
    directions: Vec<Matrix>,
    jump: Rational,
}

impl Paths {
    fn draw(draw: &mut Draw<'_>) -> Self {
        const SEGMENTS: usize = 3;
        let (depth, d) = (draw.size(0), draw.size(1));
        let radius = draw.positive();
        let mut out = Self { radius, nodes: Vec::new(), directions: Vec::new(), jump: draw.positive() };
        for _ in 0..depth {
            out.nodes.push([Rational::zero()].into_iter().chain((0..SEGMENTS).map(|_| draw.number())).collect());
            out.directions.push(DMatrix::from_column_slice(d, d, draw.unit_vector(d * d).as_slice()));
        }
        out
    }
    /// t*: the infimum of the times at which some norm_F(theta_k) is above the radius.
    fn exit(&self) -> Option<Rational> {
        let first = |nodes: &Vec<Rational>| {
            let at = nodes.iter().position(|v| v.abs() > self.radius)?;
            let (from, to) = (nodes[at - 1].clone(), nodes[at].clone());
            let edge = if to.sign() > 0 { self.radius.clone() } else { -&self.radius };
            Some(q(at as i64 - 1) + (edge - &from) / (to - from))
        };
        self.nodes.iter().filter_map(first).min()
    }
    /// phi_k(t).
    fn at(&self, k: usize, t: &Rational) -> Rational {
        let nodes = &self.nodes[k];
        let last = nodes.len() - 1;
        let from = (0..last).rev().find(|i| q(*i as i64) <= *t).unwrap_or(0);
        let slope = &nodes[from + 1] - &nodes[from];
        &nodes[from] + slope * (t - q(from as i64))
    }
}

/// For t <= t*: `norm_2(theta_k) <= norm_F(theta_k) <= radius`.
fn within(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let paths = Paths::draw(draw);
    let end = q(paths.nodes.first().map_or(1, Vec::len) as i64 - 1);
    let (exit, square) = (paths.exit(), paths.radius.powi(2));
    let until = exit.clone().unwrap_or(end);
    let mut pairs = Vec::new();
    for share in [0, 1, 2, 3, 4] {
        let t = &until * Rational::new(share, 4);
        for (k, direction) in paths.directions.iter().enumerate() {
            let mut phi = paths.at(k, &t).powi(2);
            if how.plants(Plant::DroppedHypothesis) && exit.as_ref() == Some(&t) {
                // Not continuous: a jump out of the ball at t*.
                phi = (&paths.radius + &paths.jump).powi(2);
            }
            let Some(operator) = norm_below(direction) else { return Margins::OutOfScope("unbounded") };
            pairs.push(Pair::exact(&phi, &(&phi * operator.powi(2)), bits));
            let inside = Pair::exact(&square, &phi, bits);
            pairs.push(if how.plants(Plant::StrictInequality) { inside.strictly() } else { inside });
        }
    }
    Margins::All(pairs)
}

/// If t* is finite, `norm_F(theta_k(t*)) >= radius` for some k.
pub(crate) fn at_exit(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let paths = Paths::draw(draw);
    let Some(t) = paths.exit() else { return Margins::OutOfScope("t* is infinite") };
    let largest = (0..paths.nodes.len()).map(|k| paths.at(k, &t).powi(2)).max().unwrap_or_else(Rational::zero);
    let pair = Pair::exact(&largest, &paths.radius.powi(2), bits);
    if how.plants(Plant::StrictInequality) { pair.strictly().into() } else { pair.into() }
}

/// (34) makes `u = C~_3` admissible: `C~_3 <= C~_4 L^(1/4)`, as fourth powers.
fn admissible(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (c1, c3, c4) = (draw.positive(), draw.positive(), draw.positive());
    let more = draw.share();
    let power = if how.plants(Plant::WrongPower) { 2 } else { 4 };
    let depth = c1.max((&c3 / &c4).powi(power)) * (1 + more);
    Pair::exact(&(c4.powi(4) * depth), &c3.powi(4), bits).into()
}

/// (35) and its companion.
fn eq_35(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let inside = match Inside::draw(draw) {
        Ok(inside) => inside,
        Err(why) => return Margins::OutOfScope(why),
    };
    let two = if how.plants(Plant::WrongConstant) { 1 } else { 2 };
    let high = inside.bounds.value(two, Rational::new(1, 2), 0, 1, bits);
    let low = inside.bounds.sigma_min(bits);
    let mut pairs = Vec::new();
    for k in 1..=inside.layers.len() {
        let p = big(&inside.product(k, 0), bits);
        pairs.push(Pair::new(high.clone(), largest_singular_value(&p)));
        pairs.push(Pair::new(smallest_singular_value(&p), low.clone()));
    }
    Margins::All(pairs)
}

/// `Pi_{L:k}^T = V_{L-k+1} .. V_1` with `V_j = W_{L+1-j}^T`: transposed layers in the opposite order have the same law.
fn symmetry(draw: &mut Draw<'_>, how: How) -> Exact {
    let (depth, d) = (draw.size(0), draw.size(1));
    let scale = draw.number();
    let parts: Vec<(Matrix, Matrix)> = (0..depth).map(|_| (draw.matrix(d, d), draw.matrix(d, d))).collect();
    let one = |n: &Matrix, theta: &Matrix| {
        Matrix::identity(d, d) + n.map(|v| v * &scale) + theta.map(|v| v / q(depth as i64))
    };
    let layers: Vec<Matrix> = parts.iter().map(|(n, t)| one(n, t)).collect();
    let plain = how.plants(Plant::DroppedHypothesis);
    let turned = |(n, t): &(Matrix, Matrix)| if plain { one(n, t) } else { one(&n.transpose(), &t.transpose()) };
    let reversed: Vec<Matrix> = parts.iter().rev().map(turned).collect();
    let product = |w: &[Matrix]| w.iter().fold(Matrix::identity(d, d), |p, w| w * p);
    let shift = usize::from(how.plants(Plant::OffByOne));
    let sides =
        (1..=depth).map(|k| (product(&layers[k - 1..]).transpose(), product(&reversed[..depth + 1 - k - shift])));
    Exact::Sides(sides.collect())
}

/// `P(A and B) >= 1 - 16 x` from `P(A), P(B) >= 1 - 8 x`: four atoms.
fn union_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let atoms: Vec<Rational> = (0..4).map(|_| draw.nonnegative()).collect();
    let total = atoms.iter().fold(Rational::zero(), |s, v| s + v);
    if total.is_zero() {
        return Margins::OutOfScope("no atoms");
    }
    // Both, only A, only B, none.
    let p = |i: usize| &atoms[i] / &total;
    let x = (p(1) + p(3)).max(p(2) + p(3)) / q(8);
    let factor = if how.plants(Plant::WrongConstant) { 8 } else { 16 };
    Pair::exact(&p(0), &(1 - q(factor) * x), bits).into()
}

/// C_4 of (36): a positive number with `32 s^2 C_4 = C~_3^2`.
fn c_4(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let s2 = if how.printed() { draw.nonnegative() } else { draw.positive() };
    let c3 = draw.positive();
    let factor = if how.plants(Plant::DroppedFactor) { 1 } else { 32 };
    let below = q(factor) * &s2;
    // For s = 0 no number does it: zero stands for all.
    let c4 = if below.is_zero() { Rational::zero() } else { c3.powi(2) / below };
    let (left, right) = (q(32) * s2 * &c4, c3.powi(2));
    Margins::All(vec![
        Pair::exact(&left, &right, bits),
        Pair::exact(&right, &left, bits),
        Pair::exact(&c4, &Rational::zero(), bits).strictly(),
    ])
}

/// `sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 >= 2^-8 exp(-8 s^2/d - 4 C~_3)`, for k = 1 .. L.
fn products(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw, Target::Any);
    let s2 = q(4) * draw.nonnegative();
    let Some(scene) = scene else { return Margins::OutOfScope("no network") };
    let Some(bounds) = Bounds::around(&scene, s2) else { return Margins::OutOfScope("singular") };
    let sign = if how.plants(Plant::FlippedSign) { 1 } else { -1 };
    let two = if how.plants(Plant::WrongConstant) { -7 } else { -8 };
    let bound = bounds.value(two, Rational::zero(), 8 * sign, 4 * sign, bits);
    let square = |m: &Matrix| smallest_singular_value(&big(m, bits)).powi(2);
    let pair = |k| Pair::new(square(&scene.after(k)) * square(&scene.before(k)), bound.clone());
    Margins::All((1..=scene.depth()).map(pair).collect())
}

/// `sum_k norm_F(grad_k)^2 >= mu (R - R_min)`, with the printed mu.
fn polyak(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw, Target::Any);
    let s2 = q(4) * draw.nonnegative();
    let Some(scene) = scene else { return Margins::OutOfScope("no network") };
    let Some(bounds) = Bounds::around(&scene, s2) else { return Margins::OutOfScope("singular") };
    let sign = if how.plants(Plant::FlippedSign) { 1 } else { -1 };
    let units = &scene.lambda * scene.head() * q(scene.depth() as i64) * scene.excess();
    let mu = bounds.value(-6, Rational::zero(), 8 * sign, 4 * sign, bits);
    let total = scene.gradients().into_iter().fold(Rational::zero(), |s, v| s + v);
    // At a minimiser the bound is zero, and the gradient compares with zero.
    Pair::new(of(&total, bits), mu * of(&units, bits))
        .or_exactly(units.is_zero().then(|| Tie::Order(total, units)))
        .into()
}

/// (37): a risk that falls at a rate `rho(t) >= mu` (piecewise constant, else any) up to t*, and the flow of two scalar
/// layers from the identity in closed form.
fn eq_37(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let mu = draw.positive();
    let pieces: Vec<(Rational, Rational)> = (0..3).map(|_| (draw.nonnegative(), draw.nonnegative())).collect();
    // The data sigma and head w of the scalar flow, the ratio r = w*/w in [1/4, 5/4], and its time.
    let (sigma, head, ratio) = (draw.positive(), draw.positive(), draw.share() + Rational::new(1, 4));
    let time = draw.nonnegative();
    let mut pairs = Vec::new();
    let (mut t, mut fallen) = (Rational::zero(), Rational::zero());
    for (length, more) in pieces {
        // After t* the rate may be anything from 0 on.
        let rate = if how.plants(Plant::DroppedHypothesis) { more } else { &mu + more };
        t += &length;
        fallen += length * rate;
        let claimed = if how.plants(Plant::WrongConstant) { q(2) } else { q(1) };
        // exp(-fallen) <= exp(-mu t).
        pairs.push(Pair::exact(&fallen, &(claimed * &mu * &t), bits));
    }
    // z = x^2: z' = -4 sigma w^2 z (z - r), z(0) = 1.
    let exponent = q(-4) * &sigma * head.powi(2) * &ratio * &time;
    let b = |v: &Rational| of(v, bits);
    let (r, one) = (b(&ratio), b(&Rational::one()));
    let z = &r / (&one + (&r - &one) * b(&exponent).exp());
    // mu of the text for L = 2, s = 0, C~_3 = 0: 2^-6 sigma w^2 2.
    let fall = -b(&(q(2) * sigma * head.powi(2) / q(64) * time.clone()));
    // One value: at a start at the minimum (zero), and at t = 0 (the start).
    let equal = Tie::where_zero((ratio - Rational::one()) * time);
    pairs.push(Pair::new((one - r.clone()).powi(2) * fall.exp(), (z - r).powi(2)).or_exactly(equal));
    Margins::All(pairs)
}

/// Where (35) and its companion enter: with layers for which these are tight.
const BOUNDED: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[3, 1, DOWN], &[3, 2, DOWN], &[3, 1, UP]];

fn on(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: SIZES, sides }
}

/// From (5) to (33).
pub(crate) fn gradient_steps() -> Vec<Step> {
    vec![
        Step::new("theorem-4/gradient-norm", "B.8, the first display: equality", &[1774])
            .titled("The gradient as a matrix of rank one")
            .given("any square layers, head, data; the gradient by the definition of the risk")
            .uses(&["gradient"])
            .by(Body::Identity { sizes: SIZES, sides: gradient_norm })
            .holds("norm_F(grad_k)^2 = norm(W_{k+1}^T .. W_L^T w)^2 norm(grad R^1(w_prod)^T W_1^T .. W_{k-1}^T)^2")
            .planted(Plant::OffByOne, "the same with W_1^T .. W_k^T")
            .planted(Plant::DroppedFactor, "the same with grad R^1 without its factor 2"),
        Step::new("theorem-4/gradient-lower", "B.8, the first display: inequality", &[])
            .quoted(1775, "\\geq \\sigma_{\\min}^2 (W_{k+1}^\\top \\dots W_L^\\top)")
            .titled("The factors of the gradient from below")
            .given("square layers: for factors that are not square sigma_min would have to be that of the transpose")
            .uses(&["theorem-4/gradient-norm"])
            .by(on(gradient_lower))
            .holds(
                "norm_F(grad_k)^2 >= sigma_min(W_{k+1}^T .. W_L^T)^2 norm(w)^2 sigma_min(W_1^T .. W_{k-1}^T)^2 \
                    norm(grad R^1(w_prod))^2",
            )
            .planted(Plant::MissingNorm, "the same with the operator norm of W_{k+1}^T .. W_L^T")
            .planted(Plant::LostSquare, "the same with sigma_min(W_1^T .. W_{k-1}^T) not squared"),
        Step::new("theorem-4/outer-gradient-lower", "B.8, Lemma 8", &[1780])
            .titled("Lemma 8 at w_prod")
            .given("(A1)")
            .uses(&["lemma-8"])
            .by(on(outer_lower))
            .holds("norm(grad R^1(w_prod))^2 >= 4 lambda (R^L(W) - R_min)")
            .planted(Plant::MissingNorm, "the same with Lambda")
            .stronger(Plant::WrongConstant, "the same with 8", q(2)),
        Step::new("theorem-4/eq-33", "B.8, (33)", &[1793])
            .titled("The gradient from below")
            .given("(A1), square layers; empty products are the identity")
            .uses(&["theorem-4/gradient-lower", "theorem-4/outer-gradient-lower", "theorem-4-gradient"])
            .by(on(eq_33))
            .holds("norm_F(grad_k)^2 >= 4 lambda norm(w)^2 sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 (R - R_min)")
            .planted(Plant::OffByOne, "the same with Pi_{L:k}")
            .planted(Plant::DroppedFactor, "the same without norm(w)^2"),
    ]
}

/// From the definition of t* to (37).
pub(crate) fn event_steps() -> Vec<Step> {
    vec![
        Step::new("theorem-4/within-t-star", "B.8, after the definition of t*", &[])
            .quoted(1803, "By definition of  $t^*$ , for  $t \\leq t^*$")
            .titled("The theta_k up to t*")
            .given("continuous theta_k(t) from theta_k(0) = 0 (continuity is used at t = t* and not said)")
            .by(on(within))
            .holds("norm_2(theta_k) <= norm_F(theta_k) <= exp(-2 s^2 - 4 u)/64 for t <= t*")
            .planted(Plant::StrictInequality, "the same with < at the end")
            .planted(Plant::DroppedHypothesis, "the same for paths that jump at t*"),
        Step::new("theorem-4/eq-34", "B.8, (34)", &[1806])
            .titled("u = C~_3 is admissible in Lemma 3")
            .given("C~_1, C~_3, C~_4 > 0")
            .uses(&["lemma-3-constants"])
            .by(Body::Instances { sizes: &[&[1]], sides: admissible })
            .holds("L >= max(C~_1, (C~_3/C~_4)^4) implies C~_3 <= C~_4 L^(1/4)")
            .planted(Plant::WrongPower, "the same with (C~_3/C~_4)^2"),
        Step::new("theorem-4/eq-35", "B.8, (35) and the display after it", &[1819, 1825])
            .titled("Products of layers inside the ball of t*")
            .given("d >= 4 (inside C~_2 of Lemma 3); on the event of the proof of Lemma 3, for theta in the ball")
            .uses(&[
                "lemma-9",
                "lemma-3/summary-norm",
                "lemma-3/summary-sigma-min",
                "lemma-3/by-lemma-9",
                "theorem-4/within-t-star",
                "theorem-4/eq-34",
            ])
            .by(Body::Instances { sizes: &[&[1, 1, 4], &[2, 2, 4], &[3, 2, 9]], sides: eq_35 })
            .holds(
                "norm(Pi_{k:1}) <= 4 exp(s^2/2 + C~_3) and sigma_min(Pi_{k:1}) >= exp(-2 s^2/d - C~_3)/4 for k = 1 \
                    .. L",
            )
            .planted(Plant::WrongConstant, "the first with 2 in place of 4")
            .remarks(&[
                "Both sets of bounds are closed, so they pass to the limit of the flow.",
                "The event has the constants 2 and 1/2 at theta = 0, and the products move by a share of at most \
                 e^(1/16) - 1 inside the ball (theorem-4, `deterministic`): 4 and 1/4 are generous, which decides \
                 whether (40) is true.",
            ]),
        Step::new("theorem-4/symmetry", "B.8, after (35)", &[])
            .quoted(1829, "By symmetry, the same statement holds for")
            .titled("From Pi_{k:1} to Pi_{L:k}")
            .given(
                "V_j = W_{L+1-j}^T: the transposes of independent Gaussian matrices in any order have the same \
                    law, and a transpose has the same singular values and Frobenius norm",
            )
            .by(Body::Identity { sizes: SIZES, sides: symmetry })
            .holds("Pi_{L:k}^T = V_{L-k+1} .. V_1 for k = 1 .. L")
            .planted(Plant::OffByOne, "Pi_{L:k}^T = V_{L-k} .. V_1")
            .planted(Plant::DroppedHypothesis, "the same without transposing the layers"),
        Step::new("theorem-4/union-bound", "B.8, the union bound", &[1832])
            .titled("Both statements at once")
            .given("each fails with probability at most 8 x, x = exp(-d C~_3^2/(32 s^2))")
            .uses(&["lemma-3-constants", "theorem-4/symmetry"])
            .by(Body::Instances { sizes: &[&[1]], sides: union_bound })
            .holds("both hold with probability at least 1 - 16 x")
            .planted(Plant::WrongConstant, "the same with 1 - 8 x"),
        Step::new("theorem-4/c-4", "B.8, (36), second display", &[1842])
            .titled("C_4 of (36) (and C_5, the radius of t* at u = C~_3)")
            .given("s >= 0, as (2) has it")
            .uses(&["theorem-4/union-bound"])
            .by(Body::Instances { sizes: &[&[1]], sides: c_4 })
            .fails(
                "there is a C_4 > 0 with 32 s^2 C_4 = C~_3^2",
                Fault::Hypothesis,
                "Missing hypothesis: s > 0. (2) allows s = 0, where C_4 = C~_3^2/(32 s^2) is not a number. \
                 Counterexample: s = 0, C~_3 = 1. The exponents of the two bounds on probabilities before (36) divide \
                 by s^2 too. Harmless: for s = 0 the layers are the identity, the event is certain, and any C_4 will \
                 do; Theorems 4 and 5 and Corollary 4 stand.",
            )
            .corrected("the same for s > 0")
            .planted(Plant::DroppedFactor, "C_4 = C~_3^2/s^2"),
        Step::new("theorem-4/products-of-sigma-min", "B.8, after (36)", &[1849])
            .titled("Four factors exp(-2 s^2/d - C~_3)/4")
            .given("(35) for all Pi_{k:1} and Pi_{L:k}; empty products are the identity")
            .uses(&["theorem-4/eq-35", "theorem-4/symmetry"])
            .by(Body::Instances { sizes: BOUNDED, sides: products })
            .holds("sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 >= 2^-8 exp(-8 s^2/d - 4 C~_3)")
            .form(also(
                "all-parameters",
                Role::Printed,
                "(exp(-2 s^2/d - C~_3)/4)^4 = 2^-8 exp(-8 s^2/d - 4 C~_3)",
                equal(product_sigma_min().power(q(4)), Monomial::new(-8, q(0), -8, 0, -4)),
            ))
            .form(also(
                "empty-products",
                Role::Printed,
                "exp(-2 s^2/d - C~_3)/4 <= 1",
                at_most(product_sigma_min(), Monomial::power_of_two(0), false),
            ))
            .planted(Plant::WrongConstant, "the same with 2^-7")
            .planted(Plant::FlippedSign, "the same with exp(8 s^2/d + 4 C~_3)"),
        Step::new("theorem-4/gradient-with-constants", "B.8, (33) with constants", &[1855])
            .by(Body::Apart)
            .titled("4 times 2^-8")
            .given("(33) and theorem-4/products-of-sigma-min; in units of lambda norm(w)^2 (R - R_min)")
            .uses(&["theorem-4/eq-33", "theorem-4/products-of-sigma-min"])
            .form(printed(
                "4 2^-8 exp(-8 s^2/d - 4 C~_3) = 2^-6 exp(-8 s^2/d - 4 C~_3)",
                equal(
                    Monomial::power_of_two(2).times(&Monomial::new(-8, q(0), -8, 0, -4)),
                    Monomial::new(-6, q(0), -8, 0, -4),
                ),
            ))
            .form(planted(
                Plant::WrongPower,
                "4 2^-8 exp(-8 s^2/d - 4 C~_3) >= 2^-6 exp(-8 s^2/d - 2 C~_3)",
                at_most(
                    Monomial::new(-6, q(0), -8, 0, -2),
                    Monomial::power_of_two(2).times(&Monomial::new(-8, q(0), -8, 0, -4)),
                    false,
                ),
            )),
        Step::new("theorem-4/mu", "B.8, the PL condition and mu", &[1861, 1868])
            .titled("The Polyak-Lojasiewicz condition up to t*")
            .given("(A1), (35) for all Pi_{k:1} and Pi_{L:k}; sum over the L layers")
            .uses(&["theorem-4/gradient-with-constants"])
            .by(Body::Instances { sizes: BOUNDED, sides: polyak })
            .holds("sum_k norm_F(grad_k)^2 >= mu (R - R_min), mu = 2^-6 exp(-8 s^2/d - 4 C~_3) lambda norm(w)^2 L")
            .form(also(
                "all-parameters",
                Role::Printed,
                "mu = 4 (exp(-2 s^2/d - C~_3)/4)^4 lambda norm(w)^2 L is the printed one",
                equal(rate(), Monomial::new(-6, q(0), -8, 0, -4)),
            ))
            .planted(Plant::FlippedSign, "the same with exp(8 s^2/d + 4 C~_3)")
            .form(planted(Plant::WrongConstant, "mu with 2^-5", equal(rate(), Monomial::new(-5, q(0), -8, 0, -4)))),
        Step::new("theorem-4/eq-37", "B.8, (37)", &[1875])
            .titled("Exponential decay up to t*")
            .given("the PL condition on [0, t*]: Lemma 7 with the square that it lacks as printed, and up to t* only")
            .uses(&["lemma-7", "theorem-4/mu"])
            .by(Body::Instances { sizes: &[&[1]], sides: eq_37 })
            .holds("R(t) - R_min <= (R(0) - R_min) exp(-mu t) for t <= t*")
            .planted(Plant::DroppedHypothesis, "the same beyond t*")
            .planted(Plant::WrongConstant, "the same with exp(-2 mu t)"),
    ]
}
