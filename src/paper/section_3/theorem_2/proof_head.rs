//! B.1: the steps that lost the head.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Table, abs, at, at2, descent, norm, transpose, var, vars};
use crate::harness::evidence::{Fault, Grade};
use crate::harness::steps::how::{Plant, Sizes};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::scene::Drawn;
use crate::harness::steps::step::Step;
use crate::paper::section_3::minimiser::{Scene, WIDTHS};
use crate::paper::section_3::theorem_2::scene::{
    MINIMISER, after, along, any, at_xi, before, change, exponent, first_order, image, lost, over_layers, percent,
    some_target,
};

/// Depth and dimension.
const VECTORS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2], &[4, 2], &[3, 1]];

/// Any g and w* != 0.
fn vectors(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d) = (draw.size(0) as i64, draw.size(1));
    Ok(Table::default().scalar("L", Rational::from(depth)).vector("g", &draw.vector(d)).vector("w*", &draw.vector(d)))
}

/// The step that the printed bounds inherit their missing factor from.
pub(crate) const LOST: &str = "theorem-2/product";

/// The product of the Delta-bar_k, to line 900.
pub(crate) fn head_lost() -> Vec<Step> {
    let [k, l, g, w, target] = vars(["k", "L", "g", "w", "w*"]);
    let row = || transpose(&g);
    // g^T (w_prod g^T)^(L-1)
    let chained = || row() * (var("w_prod") * row()).power(&l - 1);
    let inner = |g: &Expr| transpose(g) * &target;
    let bars = descent("k", &l, 1, at("Delta-bar", &k));
    let leading = norm(descent("k", &l, 1, at2("Delta-bar", &k, 1)));
    let (slope, power) = (at("g", 1), |e: Expr| e.power(&l - 1));
    let (signed, modulus) = (|| power(inner(&slope)), || power(abs(inner(&slope))));
    let last = |e: Expr| e.power(&l) / norm(&target);
    let squared = || &l * inner(&slope).pow(2);
    let terms = || over_layers(image() * before("W", &k) * transpose(at("M", &k)) * after("W", &k));
    vec![
        Step::new("theorem-2/product", "after (17), first equality", &[867])
            .titled("The product of the Delta-bar_k")
            .given(MINIMISER)
            .uses(&["theorem-2/delta-bar"])
            .on(WIDTHS, at_xi(Scene::raw, any))
            .misstates(
                bars.equals(-chained()),
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
            .rightly(bars.equals(Expr::from(-1).power(&l) * &w * chained()))
            .edited(Plant::OffByOne, Edit::Swap(&l - 1, l.clone()))
            .edited(Plant::FlippedSign, Edit::Swap(Expr::from(-1).power(&l), (-1).into()))
            .done(),
        Step::new("theorem-2/power", "after (17), second equality", &[871])
            .titled("A row times an inner product")
            .given(MINIMISER)
            .on(WIDTHS, at_xi(Scene::raw, any))
            .misstates(
                (-chained()).equals(power(inner(&g)) * row()),
                Fault::Misprint,
                "The sign is dropped: L = 1 has -g^T = g^T. Only the norm is used, which does not see it.",
            )
            .rightly((-chained()).equals(-(power(inner(&g)) * row())))
            .edited(Plant::WrongPower, Edit::Swap(power(inner(&g)), inner(&g).power(&l)))
            .done(),
        Step::new("theorem-2/norm", "after (17), third equality", &[877])
            .titled("The norm of the product of the Delta-bar_k")
            .given("W a minimiser with w_prod = w*; the M_k are to be chosen later: any; leading coefficients")
            .uses(&[LOST])
            .graded(Grade::Identity)
            .on(WIDTHS, first_order(Scene::raw, any))
            .misstates(
                leading.equals(signed() * norm(&slope)),
                Fault::Inherited,
                "Two things. The factor norm(w) is missing (see `theorem-2/product`): L = 1, d = 1, w = 1/2, M_1 = 1, \
                 W_1 = 2 has 1/2 norm(g) on the left. And for even L and g^T w* < 0 the right-hand side is \
                 negative: L = 2, w = 1, M_k = -W_k; the absolute value is missing. For the directions that B.1 \
                 chooses g^T w* is positive for small xi > 0, and (18) holds for all, as it has the square. So \
                 the sign has no consequence, the factor has (see there).",
            )
            .rightly(leading.equals(norm(&w) * modulus() * norm(&slope)))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&w)))
            .edited(Plant::DroppedHypothesis, Edit::Swap(modulus(), signed()))
            .done(),
        Step::new("theorem-2/cauchy-schwarz", "after (17), the inequality", &[882])
            .titled("Cauchy and Schwarz")
            .given("any g and w* != 0: any M_k")
            .on(VECTORS, vectors)
            .when(some_target())
            .misstates(
                (power(inner(&g)) * norm(&g)).at_least(power(inner(&g)) * inner(&g) / norm(&target)),
                Fault::Hypothesis,
                "For even L and g^T w* < 0 a negative number multiplies norm(g) >= g^T w*/norm(w*) and turns it \
                 round: L = 2, d = 1, g = -1, w* = 1 has -1 >= 1. Not said: g^T w* >= 0, true of both choices of \
                 the M_k for small xi > 0. With |g^T w*| it holds for all, which is enough for (18).",
            )
            .rightly((power(abs(inner(&g))) * norm(&g)).at_least(last(abs(inner(&g)))))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&target)))
            // The printed form: for both signs.
            .edited(Plant::DroppedHypothesis, Edit::SwapAll(abs(inner(&g)), inner(&g)))
            .done(),
        Step::new("theorem-2/last-power", "after (17), last line", &[887])
            .titled("Powers collected")
            .given("any g and w* != 0")
            .graded(Grade::Identity)
            .on(VECTORS, vectors)
            .when(some_target())
            .states((power(inner(&g)) * inner(&g) / norm(&target)).equals(last(inner(&g))))
            .edited(Plant::OffByOne, Edit::Swap(inner(&g).power(&l), power(inner(&g))))
            .done(),
        Step::new("theorem-2/eq-18", "(18)", &[894])
            .titled("The change of the gradient from the change along w*")
            .given("W a minimiser with w_prod = w* != 0; any M_k; Delta_{k,1}, g_1: coefficients of xi")
            .uses(&[
                "theorem-2/eq-17-perturbation",
                "theorem-2/eq-17-norms",
                "theorem-2/eq-17-means",
                "theorem-2/eq-17",
                "theorem-2/norm",
                "theorem-2/cauchy-schwarz",
            ])
            .on(WIDTHS, first_order(Scene::spectral, any))
            .when(some_target())
            .misstates(
                change().at_least(squared() / norm(&target).power(exponent())),
                Fault::Inherited,
                "The factor norm(w)^(2/L) is missing, inherited from line 867: L = 1, d = 1, X = 1, w = 1/2, W_1 = 2, \
                 M_1 = 1 has xi^2/4 on the left and xi^2 on the right. It holds for norm(w) >= 1. Not said: w* != 0. \
                 Both bounds of Theorem 2 rest on it and survive with the factor.",
            )
            .rightly(change().at_least(lost() * squared() / norm(&target).power(exponent())))
            .edited(Plant::MissingNorm, Edit::Drop(lost()))
            .edited(Plant::WrongPower, Edit::Swap(lost(), norm(&w).pow(2)))
            .stronger(Plant::WrongConstant, percent())
            .done(),
        Step::new("theorem-2/along-target", "after (18)", &[900])
            .titled("The change along w*, to first order")
            .given(MINIMISER)
            .uses(&["theorem-2/eq-16"])
            .on(WIDTHS, first_order(Scene::raw, any))
            .states(along(0).equals(0).and(along(1).equals(terms())))
            .edited(Plant::DroppedFactor, Edit::Swap(2 / var("n"), 1 / var("n")))
            .done(),
    ]
}
