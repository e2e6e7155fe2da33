//! The audit of B.10, second part: from the bound on grad R^1(w~_prod) to (54).
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, w, X, y | [`Scene`] at a minimiser: w* is the product of the network | |
//! | W~_k | `W_k + xi D_k`, any D_k | d x d |
//! | (53), its companions | [`Bounds`] with the smallest C~_3 that they allow, [`Inside`], [`Monomial`]s | scalars |
//!
//! A bound `a + O(xi^2) <= b + O(xi^2)` between norms of order xi is the inequality of the coefficients of xi,
//! `.. + O(xi^3)` between their squares that of the coefficients of xi^2. At a minimiser the gradients at W vanish, so
//! that the coefficients of 1 do. (53) and the bounds on norms are closed conditions: they hold at the limit of the
//! flow because they hold along it.
//!
//! **The remainder.** The suprema in (52) are over all perturbations of norms up to xi, much smaller ones included:
//! from `sum norm_F(Delta_k)^2 <= c delta^2 + O(xi^3)`, `delta^2 = sum norm_F(W_k - W~_k)^2`, the quotient is
//! `c + O(xi^3)/delta^2`, which is not `c + O(xi)` (take delta = xi^2). The remainders are in fact of the order of
//! delta^3, since the gradient is a polynomial and its constant term vanishes, and with that the next display follows.
//! B.7 has the same.
//!
//! In the third bound on norm_F(Delta_k) the sum runs over k, which is also the layer: a clash of names, no error.

use crate::arithmetic::{Big, Enclosure, Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::evidence::Role;
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::hessian::sharpness_at_minimiser;
use crate::linalg::{largest_singular_value, smallest_singular_value};
use crate::paper::section_5::corollary_4::proof_outer::{SIZES, directions};
use crate::paper::section_5::scene::{Bounds, Inside, Matrix, Scene, Target, UP, also, norm_above, norm_below, q};
use crate::paper::section_5::theorem_4::constants::{Monomial, at_most, equal, product_norm, sharpness};
use crate::problem::norm_squared;
use num_traits::Zero;

/// First-order changes at a minimiser, and the norms that bound them.
struct Changes {
    scene: Scene,
    bounds: Option<Bounds>,
    /// Of grad R^1(w_prod), squared norm.
    outer: Rational,
    /// Of -grad_k.
    delta: Vec<Matrix>,
    /// Upper bounds of norm_2(D_k).
    steps: Vec<Rational>,
}

impl Changes {
    fn draw(draw: &mut Draw<'_>) -> Result<Self, &'static str> {
        let scene = Scene::draw(draw, Target::Product);
        let mut directions = directions(draw);
        if draw.size(2) == UP {
            // Mostly the layers with large products on both sides.
            directions.iter_mut().step_by(2).for_each(|m| *m /= q(1024));
        }
        let s2 = q(4) * draw.nonnegative();
        let scene = scene.ok_or("no network")?;
        let (outer, delta) = scene.first_order(&directions).ok_or("no network")?;
        let steps = directions.iter().map(norm_above).collect::<Option<Vec<_>>>().ok_or("unbounded")?;
        let bounds = Bounds::around(&scene, s2);
        Ok(Self { bounds, outer: norm_squared(outer.iter()), delta, steps, scene })
    }
    fn sum(&self) -> Rational {
        self.steps.iter().fold(Rational::zero(), |s, v| s + v)
    }
}

/// With what was drawn, or out of scope.
fn with(draw: &mut Draw<'_>, f: impl Fn(&Changes) -> Result<Vec<Pair>, &'static str>) -> Margins {
    match Changes::draw(draw).and_then(|c| f(&c)) {
        Ok(pairs) => Margins::All(pairs),
        Err(why) => Margins::OutOfScope(why),
    }
}

/// `norm(grad R^1(w~_prod)) <= 2 Lambda sum_k norm(W_{k-1} .. W_1) norm(W~_k - W_k) norm(W_L .. W_{k+1}) norm(w)`,
/// squared.
fn outer_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    with(draw, |c| {
        let mut sum = Rational::zero();
        for (k, step) in (1..).zip(&c.steps) {
            let norms = norm_above(&c.scene.before(k)).zip(norm_above(&c.scene.after(k))).ok_or("unbounded")?;
            sum += norms.0 * step * norms.1;
        }
        let head = if how.plants(Plant::DroppedFactor) { q(1) } else { c.scene.head() };
        let eigenvalue = if how.plants(Plant::MissingNorm) { &c.scene.lambda } else { &c.scene.lambda_max };
        Ok(vec![Pair::exact(&(q(4) * eigenvalue.powi(2) * sum.powi(2) * head), &c.outer, bits)])
    })
}

/// `norm(W_{k-1} .. W_1)`, `norm(W_L .. W_{k+1}) <= 4 exp(s^2/2 + C~_3)`, for k = 1 .. L, empty products included.
fn norms_of_products(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let inside = match Inside::draw(draw) {
        Ok(inside) => inside,
        Err(why) => return Margins::OutOfScope(why),
    };
    let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
    let high = inside.bounds.value(2, Rational::new(sign, 2), 0, sign, bits);
    let depth = inside.layers.len();
    let pair = |m: Matrix| Pair::new(high.clone(), largest_singular_value(&big(&m, bits)));
    Margins::All((1..=depth).flat_map(|k| [inside.product(k - 1, 0), inside.product(depth, k)]).map(pair).collect())
}

/// (53).
fn eq_53(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let inside = match Inside::draw(draw) {
        Ok(inside) => inside,
        Err(why) => return Margins::OutOfScope(why),
    };
    let sign = if how.plants(Plant::FlippedSign) { 1 } else { -1 };
    let low = inside.bounds.value(-2, Rational::zero(), 2 * sign, sign, bits);
    let pair = |k| Pair::new(smallest_singular_value(&big(&inside.product(k, 0), bits)), low.clone());
    Margins::All((1..=inside.layers.len()).map(pair).collect())
}

/// `norm(grad R^1(w~_prod)) <= 32 exp(s^2 + 2 C~_3) Lambda norm(w) sum_k norm(W~_k - W_k)`, squared, with the line
/// before it.
fn outer_with_constants(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    with(draw, |c| {
        let bounds = c.bounds.as_ref().ok_or("singular")?;
        let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
        let units = of(&(c.scene.lambda_max.powi(2) * c.scene.head() * c.sum().powi(2)), bits);
        let single = 2 * bounds.norm(bits).powi(2);
        let two = if how.plants(Plant::WrongConstant) { 4 } else { 5 };
        let whole = bounds.value(two, q(sign), 0, 2 * sign, bits);
        // Nothing moves, or w = 0: a positive multiple of the units against zero.
        let exact = c.scene.lambda_max.powi(2) * c.scene.head() * c.sum().powi(2);
        let zero = c.outer.is_zero().then(|| Tie::Order(exact, c.outer.clone()));
        let pair = |factor: Big| Pair::new(factor.powi(2) * units.clone(), of(&c.outer, bits)).or_exactly(zero.clone());
        Ok(vec![pair(single), pair(whole)])
    })
}

/// `norm_F(Delta_k) <= norm(W_L .. W_{k+1}) norm(w) norm(grad R^1(w~_prod)) norm(W_{k-1} .. W_1)`, squared.
fn delta_product(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    with(draw, |c| {
        let head = if how.plants(Plant::DroppedFactor) { q(1) } else { c.scene.head() };
        let mut pairs = Vec::new();
        for (k, delta) in (1..).zip(&c.delta) {
            let norms = norm_above(&c.scene.before(k)).zip(norm_above(&c.scene.after(k))).ok_or("unbounded")?;
            let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
            let bound = norms.0.powi(2) * norms.1.powi(power) * &head * &c.outer;
            pairs.push(Pair::exact(&bound, &norm_squared(delta.iter()), bits));
        }
        Ok(pairs)
    })
}

/// `norm_F(Delta_k)^2 <= (factor Lambda norm(w)^2 sum_j norm(W_j - W~_j))^2`.
fn delta_within(draw: &mut Draw<'_>, bits: u32, square: impl Fn(&Bounds) -> Big) -> Margins {
    with(draw, |c| {
        let bounds = c.bounds.as_ref().ok_or("singular")?;
        let units = c.scene.lambda_max.powi(2) * c.scene.head().powi(2) * c.sum().powi(2);
        let bound = square(bounds) * of(&units, bits);
        let pair = |delta: &Matrix| {
            let size = norm_squared(delta.iter());
            // A positive multiple of the units against zero.
            let zero = size.is_zero().then(|| Tie::Order(units.clone(), size.clone()));
            Pair::new(bound.clone(), of(&size, bits)).or_exactly(zero)
        };
        Ok(c.delta.iter().map(pair).collect())
    })
}

/// With `2^9 exp(2 s^2 + 4 C~_3)`.
fn delta_constant(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
    let two = if how.plants(Plant::WrongConstant) { 8 } else { 9 };
    delta_within(draw, bits, |b| b.value(two, q(2 * sign), 0, 4 * sign, bits).powi(2))
}

/// With `2^18 exp(4 s^2 + 8 C~_3)`.
fn delta_squared(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
    let two = if how.plants(Plant::LostSquare) { 9 } else { 18 };
    delta_within(draw, bits, |b| b.value(two, q(4 * sign), 0, 8 * sign, bits))
}

/// `(sum_k norm(W_k - W~_k))^2 <= L sum_k norm(W_k - W~_k)^2`, for any norms.
fn cauchy_schwarz(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let depth = draw.size(0);
    let norms: Vec<Rational> = (0..depth).map(|_| draw.nonnegative()).collect();
    let factor = if how.plants(Plant::DroppedFactor) { q(1) } else { q(depth as i64) };
    let sum = norms.iter().fold(Rational::zero(), |s, v| s + v);
    let squares = norms.iter().fold(Rational::zero(), |s, v| s + v.powi(2));
    Pair::exact(&(factor * squares), &sum.powi(2), bits).into()
}

/// `norm_2(D_k)^2 <= norm_F(D_k)^2`.
fn frobenius(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(1);
    let m = draw.matrix(d, d);
    let Some(norm) = norm_below(&m) else { return Margins::OutOfScope("unbounded") };
    let pair = Pair::exact(&norm_squared(m.iter()), &norm.powi(2), bits);
    if how.plants(Plant::StrictInequality) { pair.strictly().into() } else { pair.into() }
}

/// From `N <= c delta^2 + K r` to `N/delta^2 <= c + K xi`, delta <= xi: r = xi^3 as printed, delta^2 xi corrected.
fn remainder(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (c, k, xi, share) = (draw.nonnegative(), draw.positive(), draw.positive(), q(1) - draw.share());
    let delta = &xi * share;
    if delta.is_zero() {
        return Margins::OutOfScope("nothing moves");
    }
    let rest = if how.printed() { xi.powi(3) } else { delta.powi(2) * &xi };
    let most = (&c * delta.powi(2) + &k * rest) / delta.powi(2);
    let claimed = if how.plants(Plant::DroppedTerm) { c } else { c + k * xi };
    Pair::exact(&claimed, &most, bits).into()
}

/// `S(W)^power <= (2^9 exp(2 s^2 + 4 C~_3) L Lambda norm(w)^2)^power`, the constant given.
fn sharpness_within(
    draw: &mut Draw<'_>,
    how: How,
    bits: u32,
    power: u32,
    constant: impl Fn(&Bounds, i64) -> Big,
) -> Margins {
    let scene = Scene::draw(draw, Target::Product);
    let s2 = q(4) * draw.nonnegative();
    let Some(scene) = scene else { return Margins::OutOfScope("no network") };
    let Some(bounds) = Bounds::around(&scene, s2) else { return Margins::OutOfScope("singular") };
    let s = sharpness_of(&scene, bits);
    let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
    // A quarter of the constant: the bound is not attained, but by a third for three layers.
    let two = if how.plants(Plant::WrongConstant) { -2 * power.cast_signed() } else { 0 };
    let units = (q(scene.depth() as i64) * &scene.lambda_max * scene.head()).powi(power);
    // w = 0: both sides are zero.
    let zero = Tie::where_zero(scene.head());
    Pair::new((constant(&bounds, sign) * of(&units, bits)).scale(two), s.powi(power)).or_exactly(zero).into()
}

/// S at a minimiser.
pub(crate) fn sharpness_of(scene: &Scene, bits: u32) -> Big {
    sharpness_at_minimiser(&scene.network.map(|v| of(v, bits)), &scene.data.map(|v| of(v, bits)))
}

/// The display before (54).
fn sharpness_squared(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    sharpness_within(draw, how, bits, 2, |b, sign| b.value(18, q(4 * sign), 0, 8 * sign, bits))
}

/// (54).
fn eq_54(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    sharpness_within(draw, how, bits, 1, |b, sign| b.value(9, q(2 * sign), 0, 4 * sign, bits))
}

/// Layers that are the identity outside a block, of the width that Lemma 3 asks for.
const WIDE: Sizes = &[&[2, 1, 4], &[2, 2, 4], &[3, 2, 9]];

/// Where the bounds on products enter: with layers for which these are tight.
const BOUNDED: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[3, 1, UP], &[3, 2, UP]];

fn on(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: SIZES, sides }
}

/// The steps, in order.
pub(crate) fn steps() -> Vec<Step> {
    let mut out = outer_steps();
    out.extend(delta_steps());
    out.extend(sharpness_steps());
    out
}

fn outer_steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/outer-bound", "B.10, after \"the proofs diverge\"", &[2525])
            .titled("The gradient in the product by norms")
            .given("(A1), W a minimiser; coefficients of xi")
            .uses(&["corollary-4/outer-gradient"])
            .by(on(outer_bound))
            .holds(
                "norm(grad R^1(w~_prod)) <= 2 Lambda sum_k norm(W_{k-1} .. W_1) norm(W~_k - W_k) norm(W_L .. \
                    W_{k+1}) norm(w) + O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "the same without norm(w)")
            .planted(Plant::MissingNorm, "the same with lambda in place of Lambda")
            .stronger(Plant::WrongConstant, "the same with sqrt(2) in place of 2", q(2)),
        Step::new("corollary-4/norms-of-products", "B.10, before (53)", &[2533])
            .titled("Products up to and from a layer")
            .given("d >= 4; on the event of the proof of Lemma 3, theta in the ball, which it never leaves")
            .uses(&["theorem-4/eq-35", "theorem-4/symmetry", "theorem-4/contradiction"])
            .by(Body::Instances { sizes: WIDE, sides: norms_of_products })
            .holds(
                "norm(W_{k-1} .. W_1) <= 4 exp(s^2/2 + C~_3) and norm(W_L .. W_{k+1}) <= 4 exp(s^2/2 + C~_3), k = \
                    1 .. L, empty products included",
            )
            .planted(Plant::FlippedSign, "the same with 4 exp(-s^2/2 - C~_3)"),
        Step::new("corollary-4/eq-53", "B.10, (53)", &[2540])
            .titled("Singular values along the flow")
            .given("d >= 4; on the event of the proof of Lemma 3, theta in the ball, which it never leaves")
            .uses(&["theorem-4/eq-35", "theorem-4/contradiction"])
            .by(Body::Instances { sizes: WIDE, sides: eq_53 })
            .holds("sigma_min(W_k .. W_1) >= exp(-2 s^2/d - C~_3)/4, k = 1 .. L")
            .planted(Plant::FlippedSign, "the same with exp(2 s^2/d + C~_3)/4"),
        Step::new("corollary-4/outer-with-constants", "B.10, after (53)", &[2546])
            .titled("2 * 4 * 4 = 32")
            .given("(A1), W a minimiser with the bounds on products; coefficients of xi")
            .uses(&["corollary-4/outer-bound", "corollary-4/norms-of-products"])
            .by(Body::Instances { sizes: BOUNDED, sides: outer_with_constants })
            .holds(
                "norm(grad R^1(w~_prod)) <= 2 Lambda sum_k (4 exp(s^2/2 + C~_3))^2 norm(W~_k - W_k) norm(w) = 32 \
                    exp(s^2 + 2 C~_3) Lambda norm(w) sum_k norm(W~_k - W_k), + O(xi^2)",
            )
            .form(also(
                "all-parameters",
                Role::Printed,
                "2 (4 exp(s^2/2 + C~_3))^2 = 32 exp(s^2 + 2 C~_3)",
                equal(Monomial::power_of_two(1).times(&product_norm().power(q(2))), Monomial::new(5, q(1), 0, 0, 2)),
            ))
            .planted(Plant::WrongConstant, "the second with 16")
            .planted(Plant::FlippedSign, "the second with exp(-s^2 - 2 C~_3)"),
    ]
}

fn delta_steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/delta-product", "B.10, norm of Delta_k, first inequality", &[2556])
            .titled("Three norms")
            .given("W a minimiser; coefficients of xi")
            .uses(&["corollary-4/delta-norm"])
            .by(on(delta_product))
            .holds(
                "norm_F(Delta_k) <= norm(W_L .. W_{k+1}) norm(w) norm(grad R^1(w~_prod)) norm(W_{k-1} .. W_1) + \
                    O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "the same without norm(w)")
            .planted(Plant::LostSquare, "the same with the root of norm(W_L .. W_{k+1})"),
        Step::new("corollary-4/delta-constant", "B.10, norm of Delta_k, second inequality", &[2557])
            .titled("4 * 32 * 4 = 2^9")
            .given("(A1), W a minimiser with the bounds on products; coefficients of xi")
            .uses(&["corollary-4/delta-product", "corollary-4/outer-with-constants", "corollary-4/norms-of-products"])
            .by(Body::Instances { sizes: BOUNDED, sides: delta_constant })
            .holds("norm_F(Delta_k) <= 2^9 exp(2 s^2 + 4 C~_3) Lambda norm(w)^2 sum_j norm(W_j - W~_j) + O(xi^2)")
            .form(also(
                "all-parameters",
                Role::Printed,
                "(4 exp(s^2/2 + C~_3))^2 32 exp(s^2 + 2 C~_3) = 2^9 exp(2 s^2 + 4 C~_3)",
                equal(
                    product_norm().power(q(2)).times(&Monomial::new(5, q(1), 0, 0, 2)),
                    Monomial::new(9, q(2), 0, 0, 4),
                ),
            ))
            .planted(Plant::WrongConstant, "the same with 2^8")
            .planted(Plant::FlippedSign, "the same with exp(-2 s^2 - 4 C~_3)"),
        Step::new("corollary-4/delta-squared", "B.10, squares, first line", &[2561])
            .titled("(2^9)^2 = 2^18")
            .given("as before; coefficients of xi^2")
            .uses(&["corollary-4/delta-constant"])
            .by(Body::Instances { sizes: BOUNDED, sides: delta_squared })
            .holds(
                "norm_F(Delta_k)^2 <= 2^18 exp(4 s^2 + 8 C~_3) Lambda^2 norm(w)^4 (sum_k norm(W_k - W~_k))^2 + \
                    O(xi^3)",
            )
            .form(also(
                "all-parameters",
                Role::Printed,
                "(2^9 exp(2 s^2 + 4 C~_3))^2 = 2^18 exp(4 s^2 + 8 C~_3)",
                equal(Monomial::new(9, q(2), 0, 0, 4).power(q(2)), Monomial::new(18, q(4), 0, 0, 8)),
            ))
            .planted(Plant::LostSquare, "the same with 2^9")
            .planted(Plant::FlippedSign, "the same with exp(-4 s^2 - 8 C~_3)"),
        Step::new("corollary-4/cauchy-schwarz", "B.10, squares, second line", &[2566])
            .titled("The square of a sum of L terms")
            .given("any norms")
            .by(Body::Instances { sizes: &[&[1], &[2], &[5]], sides: cauchy_schwarz })
            .holds("(sum_k norm(W_k - W~_k))^2 <= L sum_k norm(W_k - W~_k)^2")
            .planted(Plant::DroppedFactor, "the same without L"),
        Step::new("corollary-4/frobenius", "B.10, squares, third line", &[2571])
            .titled("The operator norm and that of Frobenius")
            .given("any matrices")
            .by(on(frobenius))
            .holds("norm_2(W_k - W~_k)^2 <= norm_F(W_k - W~_k)^2")
            .planted(Plant::StrictInequality, "the same with <"),
    ]
}

fn sharpness_steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/remainder", "B.10, before the bound on S^2", &[])
            .quoted(2575, "Thus, by  $(52)$ ,")
            .titled("The remainder divided by what is moved")
            .given("delta^2 = sum_k norm_F(W_k - W~_k)^2, 0 < delta <= xi; any constants c >= 0, K > 0")
            .uses(&["corollary-4/eq-52", "corollary-4/delta-squared"])
            .by(Body::Instances { sizes: &[&[1]], sides: remainder })
            .fails(
                "N <= c delta^2 + K xi^3 implies N/delta^2 <= c + K xi (the supremum of (52) is c + O(xi))",
                Fault::Gap,
                "The remainder O(xi^3) is divided by delta^2, which the supremum allows to be as small as it likes: \
                 delta = xi^2 gives c + K/xi. (Read with a fixed direction of W~ - W, delta is a multiple of xi, but \
                 then the O depends on the direction over which the supremum is taken.) Smallest case: c = 0, K = xi \
                 = 1, delta = 1/2. What is needed, and true, is that the remainder is of the order of delta^3: the \
                 gradient is a polynomial in W~ - W without constant term at a minimiser. The next displays stand. \
                 B.7 divides in the same way; in B.1 the direction is fixed and the question does not arise.",
            )
            .corrected("N <= c delta^2 + K delta^2 xi implies N/delta^2 <= c + K xi")
            .planted(Plant::DroppedTerm, "the same without K xi at the end"),
        Step::new("corollary-4/sharpness-squared", "B.10, before (54)", &[2577])
            .titled("The sharpness squared")
            .given("(A1), W a minimiser with the bounds on products; the sum over k gives L times L")
            .uses(&[
                "corollary-4/remainder",
                "corollary-4/cauchy-schwarz",
                "corollary-4/frobenius",
                "corollary-4/eq-52",
            ])
            .by(Body::Instances { sizes: BOUNDED, sides: sharpness_squared })
            .holds("S(W)^2 <= 2^18 exp(4 s^2 + 8 C~_3) L^2 Lambda^2 norm(w)^4")
            .planted(Plant::WrongConstant, "the same with 2^14")
            .planted(Plant::FlippedSign, "the same with exp(-4 s^2 - 8 C~_3)"),
        Step::new("corollary-4/eq-54", "B.10, (54)", &[2584])
            .titled("The sharpness")
            .given(
                "(A1), W a minimiser with the bounds on products; S(W) >= 0 because the Hessian is positive \
                    semidefinite there",
            )
            .uses(&["corollary-4/sharpness-squared", "corollary-4-constants"])
            .by(Body::Instances { sizes: BOUNDED, sides: eq_54 })
            .holds("S(W) <= 2^9 exp(2 s^2 + 4 C~_3) L Lambda norm(w)^2")
            .form(also(
                "all-parameters",
                Role::Printed,
                "2 (4 exp(s^2/2 + C~_3))^4 <= 2^9 exp(2 s^2 + 4 C~_3): by the norm of the Jacobian of the product",
                at_most(sharpness(), Monomial::new(9, q(2), 0, 0, 4), false),
            ))
            .planted(Plant::WrongConstant, "the same with 2^7")
            .planted(Plant::FlippedSign, "the same with exp(-2 s^2 - 4 C~_3)"),
    ]
}
