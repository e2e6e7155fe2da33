//! B.1: the steps that lost the head.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, column, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::paper::section_3::minimiser::{Matrix, Root, Scene, epsilon, parts, sum};
use crate::paper::section_3::theorem_2::scene::MINIMISER;
use crate::paper::section_3::theorem_2::scene::bars;
use crate::paper::section_3::theorem_2::scene::enclosed;
use crate::paper::section_3::theorem_2::scene::exact;
use crate::paper::section_3::theorem_2::scene::leading;
use crate::paper::section_3::theorem_2::scene::product_of_bars;
use crate::paper::section_3::theorem_2::scene::{head, sum_of_terms};
use crate::problem::{dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Line 871: `-g^T (w_prod g^T)^(L-1)` against `(g^T w*)^(L-1) g^T`.
pub(crate) fn power_of_inner(draw: &mut Draw<'_>, how: How) -> Exact {
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

/// Line 877, leading coefficients: `norm(Delta-bar_L .. Delta-bar_1) = (g^T w*)^(L-1) norm(g)`. With p the signed
/// factor and `a >= 0`, a = p norm(g) says the same as `a^2 = p |p| norm(g)^2`; the product has rank one at most, so
/// its norm is that of Frobenius.
pub(crate) fn norm_of_product(draw: &mut Draw<'_>, how: How) -> Exact {
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
pub(crate) const VECTORS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2], &[4, 2], &[3, 1]];

/// Line 882: `(g^T w*)^(L-1) norm(g) >= (g^T w*)^(L-1) (g^T w*)/norm(w*)` for any vectors g and w* != 0.
pub(crate) fn cauchy_schwarz(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
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
pub(crate) fn last_power(draw: &mut Draw<'_>, how: How) -> Exact {
    let (depth, d) = (draw.size(0) as u32, draw.size(1));
    let (g, w) = (draw.vector(d), draw.vector(d));
    let inner = dot(&g, &w);
    let power = if how.plants(Plant::OffByOne) { depth - 1 } else { depth };
    Exact::Sides(vec![(scalar(inner.powi(depth - 1) * &inner), scalar(inner.powi(power)))])
}

/// (18), coefficients of xi^2: `sum_k norm_F(D_k)^2 >= L (g^T w*)^2 / norm(w*)^(2/L)`.
pub(crate) fn eq_18(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
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
pub(crate) fn along_target(draw: &mut Draw<'_>, how: How) -> Exact {
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
pub(crate) const DIMENSIONS: Sizes = &[&[1], &[2], &[3]];

/// The step that the printed bounds inherit their missing factor from.
pub(crate) const LOST: &str = "theorem-2/product";

/// The product of the Delta-bar_k, to line 900.
pub(crate) fn head_lost() -> Vec<Step> {
    vec![
        Step::new("theorem-2/product", "after (17), first equality", &[867])
            .titled("The product of the Delta-bar_k")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .by(exact(product_of_bars))
            .fails(
                "Delta-bar_L .. Delta-bar_1 = -g^T (w_prod g^T)^(L-1), g = grad R^1(w~_prod)",
                Fault::Constant,
                "The head is lost: the left factor of Delta-bar_L is w, so the product is (-1)^L w (g^T w_prod)^(L-1) \
                 g^T, with d_L rows where one is printed; and (-1)^L is printed as -1. Smallest \
                 counterexample for the factor: L = 1, d = 1, w = 1/2, where Delta-bar_1 = -g/2; for the sign: L = 2, \
                 w = 1. It cannot be an artefact of the extraction: the next \
                 five displays and (18) go on without the factor, and Theorem 2 is stated without it. The sign has no \
                 consequence. The factor norm(w)^(2/L) is missing from (18) on, in both bounds of \
                 Theorem 2 (claims `theorem-2-norms`, `theorem-2-depth`), in `rescaling`, and in the lower bound of \
                 Corollary 4 (`corollary-4-lower`). With it all of them hold; Theorem 1 and Section 4 have w = 1 \
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
                Fault::Inherited,
                "Two things. The factor norm(w) is missing (see `theorem-2/product`): L = 1, d = 1, w = 1/2, M_1 = 1, \
                 W_1 = 2 has 1/2 norm(g) on the left. And for even L and g^T w* < 0 the right-hand side is \
                 negative: L = 2, w = 1, M_k = -W_k; the absolute value is missing. For the directions that B.1 \
                 chooses g^T w* is positive for small xi > 0, and (18) holds for all, as it has the square. So \
                 the sign has no consequence, the factor has (see there).",
            )
            .corrected("norm(Delta-bar_L .. Delta-bar_1) = norm(w) |g^T w*|^(L-1) norm(g)")
            .planted(Plant::MissingNorm, "the same without norm(w)")
            .planted(
                Plant::DroppedHypothesis,
                "the same with norm(w), without the absolute value, for directions of \
                                                both signs of g^T w*",
            ),
        Step::new("theorem-2/cauchy-schwarz", "after (17), the inequality", &[882])
            .titled("Cauchy and Schwarz")
            .given("any g and w* != 0: any M_k")
            .by(Body::Instances { sizes: VECTORS, sides: cauchy_schwarz })
            .fails(
                "(g^T w*)^(L-1) norm(g) >= (g^T w*)^(L-1) (g^T w*)/norm(w*)",
                Fault::Hypothesis,
                "For even L and g^T w* < 0 a negative number multiplies norm(g) >= g^T w*/norm(w*) and turns it \
                 round: L = 2, d = 1, g = -1, w* = 1 has -1 >= 1. Not said: g^T w* >= 0, true of both choices of \
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
            .uses(&[
                "theorem-2/eq-17-perturbation",
                "theorem-2/eq-17-norms",
                "theorem-2/eq-17-means",
                "theorem-2/eq-17",
                "theorem-2/norm",
                "theorem-2/cauchy-schwarz",
            ])
            .by(enclosed(eq_18))
            .fails(
                "sum_k norm_F(Delta_k)^2 >= L (grad R^1(w~_prod)^T w*)^2 / norm(w*)^(2/L) + O(xi^3)",
                Fault::Inherited,
                "The factor norm(w)^(2/L) is missing, inherited from line 867: L = 1, d = 1, X = 1, w = 1/2, W_1 = 2, \
                 M_1 = 1 has xi^2/4 on the left and xi^2 on the right. It holds for norm(w) >= 1. Not said: w* != 0. \
                 Both bounds of Theorem 2 rest on it and survive with the factor.",
            )
            .corrected(
                "sum_k norm_F(Delta_k)^2 >= L norm(w)^(2/L) (grad R^1(w~_prod)^T w*)^2 / norm(w*)^(2/L) + \
                        O(xi^3)",
            )
            .planted(Plant::MissingNorm, "the same without norm(w)^(2/L)")
            .planted(Plant::WrongPower, "the same with norm(w)^2")
            .stronger(Plant::WrongConstant, "the corrected form with 101/100 L", Rational::new(101, 100)),
        Step::new("theorem-2/along-target", "after (18)", &[900])
            .titled("The change along w*, to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-16"])
            .by(exact(along_target))
            .holds(
                "w*^T grad R^1(w~_prod) = xi sum_k w*^T (2/n) X^T X W_1^T .. W_{k-1}^T M_k^T W_{k+1}^T .. W_L^T w \
                    + O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "the same with 1/n for 2/n"),
    ]
}
