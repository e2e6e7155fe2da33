//! B.1: the second bound, with beta_k = norm_2(A_k).

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, scalar};
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::paper::section_3::minimiser::{Matrix, Root, Scene, multiply, squares, sum};
use crate::paper::section_3::theorem_2::proof_bounds::DEPTHS;
use crate::paper::section_3::theorem_2::proof_bounds::INHERITED;
use crate::paper::section_3::theorem_2::proof_bounds::first_root;
use crate::paper::section_3::theorem_2::proof_bounds::form;
use crate::paper::section_3::theorem_2::proof_bounds::percent;
use crate::paper::section_3::theorem_2::scene::enclosed;
use crate::paper::section_3::theorem_2::scene::exact;
use crate::paper::section_3::theorem_2::scene::head;
use crate::problem::norm_squared;
use num_traits::{One, Zero};

/// `A_L .. A_1`.
pub(crate) fn product_of_a(scene: &Scene) -> Result<Matrix, String> {
    let a = scene.all_a();
    chain(&a.iter().rev().collect::<Vec<_>>())
}

/// Line 993: `sum_k norm_2(A_k)^2 >= L norm(A_L .. A_1)^(2/L)`.
pub(crate) fn means_of_a(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let Ok(whole) = product_of_a(&scene) else { return Margins::OutOfScope("the product does not chain") };
    let norms = squares(&scene.all_a());
    // A product of matrices of rank one has rank one at most.
    let depth = if how.plants(Plant::WrongPower) { 2 * scene.depth() } else { scene.depth() };
    let under = if how.plants(Plant::LostSquare) { multiply(&norms).powi(2) } else { norm_squared(whole.iter()) };
    Root::new(scene.length(), under, depth).at_most(&sum(&norms), bits).into()
}

/// `w*^T (2/n) X^T X (w* w*^T (2/n) X^T X)^times`.
pub(crate) fn repeated(scene: &Scene, times: usize) -> Matrix {
    let (row, doubled) = (scene.row(), scene.doubled());
    let next = row.transpose() * &row * &doubled;
    (0..times).fold(row * doubled, |p, _| p * &next)
}

/// Line 999.
pub(crate) fn a_multiplied(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let left = match product_of_a(&scene) {
        Ok(left) => left,
        Err(what) => return Exact::DoesNotChain(what),
    };
    let times = if how.plants(Plant::OffByOne) { scene.depth() } else { scene.depth() - 1 };
    let right = repeated(&scene, times);
    Exact::Sides(vec![(left, if how.printed() { right } else { &scene.head * right })])
}

/// Line 1003.
pub(crate) fn a_collected(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let power = scene.depth() - usize::from(!how.plants(Plant::OffByOne));
    let inner = form(&scene).powi(power as u32);
    Exact::Sides(vec![(repeated(&scene, scene.depth() - 1), repeated(&scene, 0).map(|v| v * &inner))])
}

/// Line 1009, squared: both sides are not negative.
pub(crate) fn norm_of_a(draw: &mut Draw<'_>, how: How) -> Exact {
    let scene = Scene::raw(draw);
    let left = match product_of_a(&scene) {
        Ok(whole) => norm_squared(whole.iter()),
        Err(what) => return Exact::DoesNotChain(what),
    };
    let kept = !how.printed() && !how.plants(Plant::MissingNorm);
    let power = if how.plants(Plant::WrongPower) { 2 } else { 1 };
    let right = form(&scene).powi(2 * (scene.depth() as u32 - 1)) * norm_squared(scene.image().iter());
    Exact::Sides(vec![(scalar(left), scalar(right * scene.head_factor(kept).powi(power)))])
}

/// Line 1014, squared.
pub(crate) fn eigenvalues_of_a(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let depth = scene.depth() as u32;
    let greater = form(&scene).powi(2 * (depth - 1)) * norm_squared(scene.image().iter());
    let power = if how.plants(Plant::WrongPower) { 1 } else { 2 };
    let twice = 2 * &scene.lambda;
    let lesser = (&twice * scene.target()).powi(power * (depth - 1)) * twice.powi(2) * scene.target();
    Pair::exact(&greater, &lesser, bits).into()
}

/// Line 1019, in lambda and t = norm(w*).
pub(crate) fn powers_collected(draw: &mut Draw<'_>, how: How) -> Exact {
    let depth = draw.size(0) as u32;
    let (lambda, t) = (draw.number(), draw.number());
    let twice = 2 * &lambda;
    let last = if how.plants(Plant::OffByOne) { 2 * depth } else { 2 * depth - 1 };
    let left = (&twice * t.powi(2)).powi(depth - 1) * twice * &t;
    let right = Rational::from(2).powi(depth) * lambda.powi(depth) * t.powi(last);
    Exact::Sides(vec![(scalar(left), scalar(right))])
}

/// Line 1025: `sum_k norm_2(A_k)^2 >= 4 L lambda^2 norm(w*)^(4-2/L)`.
pub(crate) fn sum_of_a(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    if scene.target().is_zero() {
        return Margins::OutOfScope("w* = 0");
    }
    first_root(&scene, how, Rational::one()).at_most(&sum(&squares(&scene.all_a())), bits).into()
}

/// Line 1031: `S(W)^2 >= 4 L^2 lambda^2 norm(w*)^(4-4/L)`.
pub(crate) fn conclusion(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::spectral(draw);
    let target = scene.target();
    if target.is_zero() {
        return Margins::OutOfScope("w* = 0");
    }
    let factor = (2 * scene.length() * &scene.lambda * &target).powi(2);
    let under = (head(&scene, how) / target).powi(2);
    match Root::new(factor, under, scene.depth()).at_most_sharpness(&scene, false, bits) {
        Some(pair) => pair.into(),
        None => Margins::OutOfScope("the layers do not chain"),
    }
}

/// The second bound, from the product of the A_k on.
pub(crate) fn third() -> Vec<Step> {
    vec![
        Step::new("theorem-2/means-of-a", "second bound, seventh display", &[993])
            .titled("Arithmetic and geometric means, and the norm of a product")
            .given("W a minimiser with w_prod = w*")
            .by(enclosed(means_of_a))
            .holds("sum_k norm_2(A_k)^2 >= L norm(A_L .. A_1)^(2/L)")
            .planted(Plant::WrongPower, "the same with the exponent 1/L")
            .planted(Plant::LostSquare, "the same with L (prod_k norm(A_k)^2)^(2/L)"),
        Step::new("theorem-2/product-of-a", "second bound, eighth display, first line", &[999])
            .titled("The product of the A_k")
            .given("W a minimiser with w_prod = w*")
            .by(exact(a_multiplied))
            .fails(
                "A_L .. A_1 = w*^T (2/n) X^T X w* w*^T (2/n) X^T X .. w* w*^T (2/n) X^T X",
                Fault::Constant,
                "The head is lost once more: A_L begins with w, so the product is w times the row that is printed, \
                 with d_L rows. L = 1, d = 1, w = 1/2. The factor norm(w)^(2/L) is missing from line 1025, and \
                 in the end norm(w)^(4/L) from line 1031: once from here, once from (18). With it the second bound \
                 holds; the rest as in `theorem-2/product`.",
            )
            .corrected("A_L .. A_1 = w w*^T (2/n) X^T X (w* w*^T (2/n) X^T X)^(L-1)")
            .planted(Plant::OffByOne, "the same with the power L"),
        Step::new("theorem-2/powers-of-a", "second bound, eighth display, second line", &[1003])
            .titled("Inner products collected")
            .given("any w* and X")
            .by(exact(a_collected))
            .holds("w*^T (2/n) X^T X (w* w*^T (2/n) X^T X)^(L-1) = (w*^T (2/n) X^T X w*)^(L-1) w*^T (2/n) X^T X")
            .planted(Plant::OffByOne, "the same with the power L on the right"),
        Step::new("theorem-2/norm-of-a", "second bound, ninth display, first line", &[1009])
            .titled("The norm of the product of the A_k")
            .given("W a minimiser with w_prod = w*; squared")
            .uses(&["theorem-2/product-of-a", "theorem-2/powers-of-a"])
            .by(exact(norm_of_a))
            .fails(
                "norm(A_L .. A_1) = (w*^T (2/n) X^T X w*)^(L-1) norm(w*^T (2/n) X^T X)",
                Fault::Inherited,
                "The factor norm(w) is missing, as in line 999: L = 1, d = 1, w = 1/2. Here no absolute value is \
                 needed: X^T X is positive semi-definite.",
            )
            .corrected("norm(A_L .. A_1) = norm(w) (w*^T (2/n) X^T X w*)^(L-1) norm(w*^T (2/n) X^T X)")
            .planted(Plant::MissingNorm, "the same without norm(w)")
            .planted(Plant::WrongPower, "the same with norm(w)^2"),
        Step::new("theorem-2/eigenvalues-of-a", "second bound, ninth display, second line", &[1014])
            .titled("The smallest eigenvalue comes in, L times")
            .given("any w*, Sigma with smallest eigenvalue lambda; squared")
            .by(enclosed(eigenvalues_of_a))
            .holds(
                "(w*^T (2/n) X^T X w*)^(L-1) norm(w*^T (2/n) X^T X) >= (2 lambda norm(w*)^2)^(L-1) 2 lambda \
                    norm(w*)",
            )
            .planted(Plant::WrongPower, "the same with (2 lambda norm(w*)^2)^((L-1)/2)")
            .stronger(Plant::WrongConstant, "its square with one percent more", percent()),
        Step::new("theorem-2/powers-collected", "second bound, ninth display, third line", &[1019])
            .titled("Powers collected")
            .given("any lambda and norm(w*)")
            .by(Body::Identity { sizes: DEPTHS, sides: powers_collected })
            .holds("(2 lambda norm(w*)^2)^(L-1) 2 lambda norm(w*) = 2^L lambda^L norm(w*)^(2L-1)")
            .planted(Plant::OffByOne, "the same with norm(w*)^(2L)"),
        Step::new("theorem-2/sum-of-a", "second bound, tenth display", &[1025])
            .titled("The A_k from below")
            .given("W a minimiser with w_prod = w* != 0")
            .uses(&[
                "theorem-2/means-of-a",
                "theorem-2/norm-of-a",
                "theorem-2/eigenvalues-of-a",
                "theorem-2/powers-collected",
            ])
            .by(enclosed(sum_of_a))
            .fails("sum_k norm_2(A_k)^2 >= 4 L lambda^2 norm(w*)^(4-2/L)", Fault::Inherited, INHERITED)
            .corrected("sum_k norm_2(A_k)^2 >= 4 L lambda^2 norm(w)^(2/L) norm(w*)^(4-2/L)")
            .planted(Plant::WrongPower, "the same with norm(w)^2")
            .stronger(Plant::WrongConstant, "the corrected form with 4.04", percent()),
        Step::new("theorem-2/conclusion", "second bound, last display", &[1031])
            .titled("The second bound")
            .given("W a minimiser with w_prod = w* != 0")
            .uses(&["theorem-2/second-sum", "theorem-2/sum-of-a"])
            .by(enclosed(conclusion))
            .fails("S(W)^2 >= 4 L^2 lambda^2 norm(w*)^(4-4/L)", Fault::Inherited, INHERITED)
            .corrected("S(W)^2 >= 4 L^2 lambda^2 norm(w)^(4/L) norm(w*)^(4-4/L)")
            .planted(Plant::WrongPower, "the same with norm(w)^4")
            .stronger(Plant::WrongConstant, "the corrected form with 4.04", percent())
            .remarks(&["For w* = 0, which the proof excludes silently, see the head of `theorem_2`."]),
    ]
}
