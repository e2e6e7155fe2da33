//! B.1: the second bound, with beta_k = norm_2(A_k).

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Table, at, descent, norm, product, var, vars};
use crate::harness::evidence::{Fault, Grade};
use crate::harness::steps::how::Plant;
use crate::harness::steps::sample::Draw;
use crate::harness::steps::scene::Drawn;
use crate::harness::steps::step::Step;
use crate::paper::section_3::minimiser::{Scene, WIDTHS};
use crate::paper::section_3::theorem_2::proof_bounds::{DEPTHS, INHERITED, bound, squares_of_a};
use crate::paper::section_3::theorem_2::scene::{
    any, exponent, first_order, form, image, lost, percent, sharpness_squared, some_target,
};

/// L, lambda and norm(w*) as numbers.
fn scalars(draw: &mut Draw<'_>) -> Drawn {
    let table = Table::default().scalar("L", Rational::from(draw.size(0) as i64));
    Ok(table.scalar("lambda", draw.number()).scalar("norm(w*)", draw.number()))
}

/// The second bound, from the product of the A_k on.
pub(crate) fn third() -> Vec<Step> {
    let [k, l, lambda, w, target] = vars(["k", "L", "lambda", "w", "w*"]);
    let whole = || descent("k", &l, 1, at("A", &k));
    // w*^T (2/n) X^T X (w* w*^T (2/n) X^T X)^(L-1)
    let chained = || image() * (&target * image()).power(&l - 1);
    let power = |e: Expr| e.power(&l - 1);
    let (row, t) = (norm(image()), var("norm(w*)"));
    let least = |t: &Expr| power(2 * &lambda * t.pow(2)) * (2 * &lambda * t);
    let last = || t.power(2 * &l - 1);
    let end = || 4 * l.pow(2) * lambda.pow(2) * norm(&target).power(4 - 4 / &l);
    let twice = norm(&w).power(4 / &l);
    vec![
        Step::new("theorem-2/means-of-a", "second bound, seventh display", &[993])
            .titled("Arithmetic and geometric means, and the norm of a product")
            .given("W a minimiser with w_prod = w*")
            .on(WIDTHS, first_order(Scene::spectral, any))
            .states(squares_of_a().at_least(&l * norm(whole()).power(exponent())))
            .edited(Plant::WrongPower, Edit::Swap(exponent(), 1 / &l))
            .edited(Plant::LostSquare, Edit::Swap(norm(whole()), product("k", 1, &l, norm(at("A", &k)).pow(2))))
            .done(),
        Step::new("theorem-2/product-of-a", "second bound, eighth display, first line", &[999])
            .titled("The product of the A_k")
            .given("W a minimiser with w_prod = w*")
            .on(WIDTHS, first_order(Scene::raw, any))
            .misstates(
                whole().equals(chained()),
                Fault::Constant,
                "The head is lost once more: A_L begins with w, so the product is w times the row that is printed, \
                 with d_L rows. L = 1, d = 1, w = 1/2. The factor norm(w)^(2/L) is missing from line 1025, and \
                 in the end norm(w)^(4/L) from line 1031: once from here, once from (18). With it the second bound \
                 holds; the rest as in `theorem-2/product`.",
            )
            .rightly(whole().equals(&w * chained()))
            .edited(Plant::OffByOne, Edit::Swap(&l - 1, l.clone()))
            .done(),
        Step::new("theorem-2/powers-of-a", "second bound, eighth display, second line", &[1003])
            .titled("Inner products collected")
            .given("any w* and X")
            .on(WIDTHS, first_order(Scene::raw, any))
            .states(chained().equals(power(form()) * image()))
            .edited(Plant::OffByOne, Edit::Swap(power(form()), form().power(&l)))
            .done(),
        Step::new("theorem-2/norm-of-a", "second bound, ninth display, first line", &[1009])
            .titled("The norm of the product of the A_k")
            .given("W a minimiser with w_prod = w*")
            .uses(&["theorem-2/product-of-a", "theorem-2/powers-of-a"])
            .graded(Grade::Identity)
            .on(WIDTHS, first_order(Scene::raw, any))
            .misstates(
                norm(whole()).equals(power(form()) * &row),
                Fault::Inherited,
                "The factor norm(w) is missing, as in line 999: L = 1, d = 1, w = 1/2. Here no absolute value is \
                 needed: X^T X is positive semi-definite.",
            )
            .rightly(norm(whole()).equals(norm(&w) * power(form()) * &row))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&w)))
            .edited(Plant::WrongPower, Edit::Swap(norm(&w), norm(&w).pow(2)))
            .done(),
        Step::new("theorem-2/eigenvalues-of-a", "second bound, ninth display, second line", &[1014])
            .titled("The smallest eigenvalue comes in, L times")
            .given("any w*, Sigma with smallest eigenvalue lambda")
            .on(WIDTHS, first_order(Scene::spectral, any))
            .states((power(form()) * &row).at_least(least(&norm(&target))))
            .edited(Plant::WrongPower, Edit::SwapNth(1, &l - 1, (&l - 1) / 2))
            .stronger(Plant::WrongConstant, percent())
            .done(),
        Step::new("theorem-2/powers-collected", "second bound, ninth display, third line", &[1019])
            .titled("Powers collected")
            .given("any lambda and norm(w*)")
            .on(DEPTHS, scalars)
            .states(least(&t).equals(Expr::from(2).power(&l) * lambda.power(&l) * last()))
            .edited(Plant::OffByOne, Edit::Swap(last(), t.power(2 * &l)))
            .done(),
        Step::new("theorem-2/sum-of-a", "second bound, tenth display", &[1025])
            .titled("The A_k from below")
            .given("W a minimiser with w_prod = w* != 0")
            .uses(&[
                "theorem-2/means-of-a",
                "theorem-2/norm-of-a",
                "theorem-2/eigenvalues-of-a",
                "theorem-2/powers-collected",
            ])
            .on(WIDTHS, first_order(Scene::spectral, any))
            .when(some_target())
            .misstates(squares_of_a().at_least(bound()), Fault::Inherited, INHERITED)
            .rightly(squares_of_a().at_least(lost() * bound()))
            .edited(Plant::WrongPower, Edit::Swap(lost(), norm(&w).pow(2)))
            .stronger(Plant::WrongConstant, percent())
            .done(),
        Step::new("theorem-2/conclusion", "second bound, last display", &[1031])
            .titled("The second bound")
            .given("W a minimiser with w_prod = w* != 0")
            .uses(&["theorem-2/second-sum", "theorem-2/sum-of-a"])
            .on(WIDTHS, first_order(Scene::spectral, any))
            .when(some_target())
            .misstates(sharpness_squared().at_least(end()), Fault::Inherited, INHERITED)
            .rightly(sharpness_squared().at_least(&twice * end()))
            .edited(Plant::WrongPower, Edit::Swap(twice, norm(&w).pow(4)))
            .stronger(Plant::WrongConstant, percent())
            .remarks(&["For w* = 0, which the proof excludes silently, see the head of `theorem_2`."])
            .done(),
    ]
}
