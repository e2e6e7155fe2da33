//! The audit of B.1, second part: the two choices of the directions M_k. Symbols: `minimiser`; the lost head: `proof`.
//!
//! | paper | shape |
//! | --- | --- |
//! | M_k = beta_k W_k | d_k x d_{k-1} |
//! | u_k = W_{k-1} .. W_1 (2/n) X^T X w* | d_{k-1} |
//! | v_k = W_{k+1}^T .. W_L^T w | d_k |
//! | A_k = v_k r_k, r_k = u_k^T | d_k x d_{k-1} |
//!
//! **The second direction is transposed** (step `theorem-2/directions`): all steps after line 942 take v_k u_k^T in
//! place of u_k v_k^T, which for `beta_k = norm_2(A_k) = norm(u_k) norm(v_k)` is `M_k = A_k`. (Section 3 names the
//! factors the other way round: u_k of length d_k, v_k of length d_{k-1}.)
//!
//! **The first choice is not the best.** `(sum beta_k)^2 / sum beta_k^2 t_k^2` with t_k = norm_F(W_k) is largest at
//! beta_k = 1/t_k^2, where it is sum 1/t_k^2; B.1 takes 1/t_k, which gives the smaller `(sum 1/t_k)^2/L`:
//! `theorem-2-norms/sharpened` has the larger.
//!
//! **The steps of this file, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 906, 911, 928, 938 | the first direction, its size, the choice of beta_k | identities |
//! | 916, 922, 934 | lambda comes in; the first bound with free beta_k | instances, refuted as printed |
//! | 942 to 969, 981 | the second direction, spelled out, its size | identities; 942 and 948 refuted as printed |
//! | 975, 987 | the change of the gradient; S from the A_k | instances, refuted as printed |
//! | 993, 1014 | the means; lambda comes in L times | instances |
//! | 999 to 1009, 1019 | the product of the A_k and its norm; powers | identities; 999 and 1009 refuted as printed |
//! | 1025, 1031 | the sum of the A_k; the second bound | instances, refuted as printed |
//!
//! Why that suffices: see the head of `proof`. Lines 916, 942 and 948 are refuted for slips of their own (an index, a
//! transpose, a factor xi), the others for the lost head; each has its corrected form beside it, and what follows is
//! stated with the factor.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Table, at, descent, norm, product, square, sum, transpose, var, vars};
use crate::harness::evidence::{Fault, Grade};
use crate::harness::steps::{Draw, Drawn, InScene, Plant, Setting, Sizes, Step, scalar, step};
use crate::paper::kit::every;
use crate::paper::section_3::minimiser::{Scene, WIDTHS};
use crate::paper::section_3::theorem_2::scene::{
    RAW, SPECTRAL, after, along, any, at_xi, before, change, exponent, first_order, form, image, lost, over_layers,
    percent, scaled, sharpness_squared, some_target, squares,
};

/// Depths.
const DEPTHS: Sizes = &[&[1], &[2], &[3], &[4]];

/// With beta_k >= 0, as where line 916 is used.
fn nonnegative(draw: &mut Draw<'_>) -> Scene {
    let mut scene = Scene::spectral(draw);
    scene.beta.iter_mut().for_each(|b| *b = b.abs());
    scene
}

/// t_k > 0 and beta_k, a power of 1/t_k.
fn chosen(draw: &mut Draw<'_>, power: u32) -> Drawn {
    let depth = draw.size(0);
    let norms: Vec<Rational> = (0..depth).map(|_| draw.positive()).collect();
    let beta: Vec<Rational> = norms.iter().map(|t| 1 / t.powi(power)).collect();
    let table = Table::default().scalar("L", Rational::from(depth as i64));
    Ok(table.family("t", norms.into_iter().map(scalar)).family("beta", beta.into_iter().map(scalar)))
}

/// `4 L lambda^2 norm(w*)^(4-2/L)`.
fn bound() -> Expr {
    4 * var("L") * var("lambda").pow(2) * norm(var("w*")).power(4 - exponent())
}
/// `sum_k norm_2(A_k)^2`.
fn squares_of_a() -> Expr {
    over_layers(norm(at("A", var("k"))).pow(2))
}
/// `(norm(w)/norm(w*))^(2/L)`.
fn quotient() -> Expr {
    (norm(var("w")) / norm(var("w*"))).power(exponent())
}

/// What holds whatever the directions are.
const ANY: Setting = RAW.given("W a minimiser with w_prod = w*");
/// The first choice of the directions.
const FIRST: Setting =
    Setting::new("W a minimiser with w_prod = w*; M_k = beta_k W_k; any depth, widths and head", WIDTHS, |draw| {
        first_order(Scene::raw, scaled)(draw)
    });
/// The second choice, after beta_k is chosen.
const CHOSEN: Setting =
    Setting::new("the same with beta_k = norm_2(A_k), so that M_k = A_k; w* != 0", WIDTHS, |draw| {
        first_order(Scene::spectral, Scene::all_a)(draw)
    });
/// The second choice with free beta_k.
const SECOND: &str = "W a minimiser with w_prod = w*; M_k = beta_k v_k u_k^T/(norm(u_k) norm(v_k)), the transposed of \
                      line 942 (see theorem-2/directions)";
/// The finding of all displays that carry the lost head on.
const INHERITED: &str = "Inherits the lost head of line 867: L = 1, d = 1, X = 1, w = 1/2, W_1 = 2 fails, norm(w) >= 1 \
                         holds. With the factor it holds; what depends on it: see `theorem-2/product`.";

/// The first bound.
pub(crate) fn first() -> Vec<Step<InScene>> {
    let [k, l, lambda] = vars(["k", "L", "lambda"]);
    let beta = at("beta", &k);
    let total = || over_layers(beta.clone());
    let [least, sizes] = [2 * &lambda * norm(var("w*")).pow(2), over_layers(beta.pow(2) * square(at("W", &k)))];
    let collected = || over_layers(&beta * form());
    let tail = sum("j", &k, &l, at("beta", &k));
    let squared_norms = over_layers(beta.pow(2) * at("t", &k).pow(2));
    vec![
        step(FIRST, "theorem-2/scaled-layers", "first bound, first display", &[906, 911])
            .titled("The change along w* for directions proportional to the layers")
            .uses(&["theorem-2/along-target"])
            .states(
                along(0).equals(0).and(
                    along(1)
                        .equals(over_layers(&beta * image() * before("W", &l + 1) * var("w")))
                        .equals(over_layers(&beta * image() * var("w_prod"))),
                ),
            )
            .edited(Plant::WrongPower, Edit::SwapNth(1, beta.clone(), beta.pow(2))),
        Step::new("theorem-2/smallest-eigenvalue", "first bound, third line", &[916])
            .titled("The smallest eigenvalue comes in")
            .given("as before, beta_k >= 0 (they are 1/norm_F(W_k) where it is used), xi > 0; coefficients of xi")
            .uses(&["theorem-2/scaled-layers"])
            .on(WIDTHS, first_order(nonnegative, any))
            .misstates(
                every(collected().at_least(&least * tail)),
                Fault::Misprint,
                "The index is garbled: the sum over j = k, .., L of beta_k is (L - k + 1) beta_k with a free k. L = \
                 2, beta = (1, 0), k = 1, white data: 1 >= 2. Meant is sum_{k=1}^L beta_k, as line 922 has it. Not \
                 said: sum beta_k >= 0. For free parameters of any sign the inequality is turned round where the sum \
                 is negative (planted error); after squaring, line 922 holds for any sign.",
            )
            .rightly(collected().at_least(&least * total()))
            .elsewhere(Plant::DroppedHypothesis, "for beta_k of any sign", first_order(Scene::spectral, any))
            .stronger(Plant::WrongConstant, percent()),
        Step::new("theorem-2/first-change", "first bound, second display", &[922])
            .titled("The change of the gradient, first direction")
            .given("as before; w* != 0; coefficients of xi^2; beta_k of any sign")
            .uses(&["theorem-2/eq-18", "theorem-2/smallest-eigenvalue"])
            .on(WIDTHS, first_order(Scene::spectral, scaled))
            .when(some_target())
            .misstates(change().at_least(bound() * total().pow(2)), Fault::Inherited, INHERITED)
            .rightly(change().at_least(lost() * bound() * total().pow(2)))
            .edited(Plant::WrongPower, Edit::Swap(lost(), norm(var("w")).pow(2)))
            .stronger(Plant::WrongConstant, percent()),
        step(FIRST, "theorem-2/size-of-scaled", "first bound, third display", &[928])
            .titled("The size of the first direction")
            .states(squares(at("M", &k)).equals(sizes.clone()))
            .edited(Plant::LostSquare, Edit::Swap(beta.pow(2), beta.clone())),
        Step::new("theorem-2/first-bound", "first bound, fourth display", &[934])
            .about("The first bound with free beta_k", "as before; w* != 0; not all beta_k zero")
            .uses(&["theorem-2/eq-14", "theorem-2/first-change", "theorem-2/size-of-scaled"])
            .on(WIDTHS, first_order(Scene::spectral, scaled))
            .when(some_target())
            .when(sizes.above(0))
            .misstates(sharpness_squared().at_least(bound() * total().pow(2) / &sizes), Fault::Inherited, INHERITED)
            .rightly(sharpness_squared().at_least(lost() * bound() * total().pow(2) / &sizes))
            .edited(Plant::WrongPower, Edit::Swap(lost(), norm(var("w")).pow(2)))
            .stronger(Plant::WrongConstant, percent()),
        Step::new("theorem-2/choice-of-beta", "first bound, end", &[])
            .quoted(938, "The first lower bound unfolds by taking")
            .about("beta_k = 1/norm_F(W_k)", "t_k = norm_F(W_k) > 0: true for w* != 0; beta_k = 1/t_k")
            .on(DEPTHS, |draw| chosen(draw, 1))
            .states((&l * total().pow(2) / squared_norms).equals(over_layers(1 / at("t", &k)).pow(2)))
            .elsewhere(Plant::WrongPower, "at beta_k = 1/t_k^2", |draw| chosen(draw, 2))
            .remarks(&[
                "The quotient is largest at beta_k = 1/t_k^2: L sum 1/t_k^2. The choice gives the first bound \
                        of Theorem 2 as stated, not the best that the argument gives.",
            ]),
    ]
}

/// The second bound, to the choice of beta_k.
pub(crate) fn second() -> Vec<Step<InScene>> {
    let [k, l, xi] = vars(["k", "L", "xi"]);
    let [u, v, r, beta] = ["u", "v", "r", "beta"].map(|name| at(name, &k));
    let outer = |m: Expr| every((transpose(&u) * transpose(m) * &v).equals(norm(&u).pow(2) * norm(&v).pow(2)));
    let terms = || over_layers(image() * before("W", &k) * transpose(at("M", &k)) * &v);
    let row = |k: Expr| image() * before("W", k);
    let squared_sum = squares_of_a().pow(2);
    let others =
        over_layers(norm(at("A", &k)).pow(2) * square(&u * transpose(&v)) / (norm(&u).pow(2) * norm(&v).pow(2)));
    vec![
        Step::new("theorem-2/directions", "second bound, first display and second line of the second", &[942, 953])
            .titled("The rank-one directions")
            .given(
                "W a minimiser with w_prod = w*; any widths; times norm(u_k) norm(v_k)/beta_k, with M_k = beta_k u_k \
                 v_k^T/(norm(u_k) norm(v_k))",
            )
            .uses(&["theorem-2/along-target"])
            .graded(Grade::Identity)
            .on(WIDTHS, first_order(Scene::raw, any))
            .misstates(
                outer(&u * transpose(&v)),
                Fault::Misprint,
                "The direction is transposed: u_k has length d_{k-1} and v_k length d_k, so u_k v_k^T is d_{k-1} by \
                 d_k, and W_k + xi M_k is defined only where the two widths agree; there u_k^T M_k^T v_k is \
                 beta_k <u_k, v_k>^2/(norm(u_k) norm(v_k)). Smallest case: L = 1, d = 2, d_1 = 1. With v_k u_k^T \
                 everything that follows is right. Section 3 names the factors the other way round, where \
                 the order is right. Nothing depends on it.",
            )
            .rightly(outer(&v * transpose(&u)))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&v).pow(2))),
        Step::new("theorem-2/second-terms", "second bound, first line of the second display", &[948])
            .titled("The change along w* for the rank-one directions")
            .given(SECOND)
            .uses(&["theorem-2/along-target"])
            .on(WIDTHS, first_order(Scene::raw, Scene::all_a))
            .misstates(
                along(0).equals(terms()),
                Fault::Misprint,
                "The factor xi is missing: the left-hand side vanishes with xi, the right-hand side does not. The \
                 next line has it. Smallest case: L = 1, d = 1, all numbers 1.",
            )
            .rightly(along(0).equals(0).and(along(1).equals(terms())))
            .edited(Plant::FlippedSign, Edit::Swap(terms(), -terms())),
        step(ANY, "theorem-2/named-norms", "second bound, third line", &[958])
            .titled("u_k and v_k spelled out")
            .given(SECOND)
            .graded(Grade::Identity)
            .states(every((norm(&u) * norm(&v)).equals(norm(after("W", &k)) * norm(row(k.clone())))))
            .edited(Plant::OffByOne, Edit::Swap(row(k.clone()), row(&k + 1))),
        step(ANY, "theorem-2/outer-norm", "second bound, fourth line", &[963])
            .titled("The norm of the outer product")
            .given("as before; beta_k of any sign; r_k = w*^T (2/n) X^T X W_1^T .. W_{k-1}^T")
            .graded(Grade::Identity)
            .states(every((&beta * norm(&v) * norm(&r)).equals(&beta * norm(&v * &r))))
            .edited(Plant::LostSquare, Edit::Swap(norm(&v), norm(&v).pow(2)))
            .remarks(&[
                "Named subadditivity in the text (line 967); it is submultiplicativity, and for a column times \
                        a row an equality.",
                "An equality of each term, so of the sums, for beta_k of any sign.",
            ]),
        step(CHOSEN, "theorem-2/along-product", "second bound, third display", &[969])
            .titled("The change along w* after the choice of beta_k")
            .uses(&["theorem-2/directions", "theorem-2/second-terms", "theorem-2/named-norms", "theorem-2/outer-norm"])
            .graded(Grade::Identity)
            .on(WIDTHS, first_order(Scene::raw, Scene::all_a))
            .states(along(0).equals(0).and(along(1).equals(squares_of_a())))
            .edited(Plant::DroppedTerm, Edit::Swap(squares_of_a(), sum("k", 2, &l, norm(at("A", &k)).pow(2))))
            .remarks(&["An equality to first order where >= is printed."]),
        step(CHOSEN, "theorem-2/second-change", "second bound, fourth display", &[975])
            .titled("The change of the gradient, second direction")
            .uses(&["theorem-2/eq-18", "theorem-2/along-product"])
            .when(some_target())
            .misstates(
                change().at_least(&l / norm(var("w*")).power(exponent()) * &squared_sum),
                Fault::Inherited,
                INHERITED,
            )
            .rightly(change().at_least(&l * quotient() * &squared_sum))
            .edited(Plant::LostSquare, Edit::Swap(squared_sum.clone(), squares_of_a()))
            .stronger(Plant::WrongConstant, percent()),
        step(CHOSEN, "theorem-2/size-of-second", "second bound, fifth display", &[981])
            .titled("The size of the second direction")
            .graded(Grade::Identity)
            .on(WIDTHS, at_xi(Scene::raw, Scene::all_a))
            .when(every(square(at("A", &k)).above(0)))
            .states(squares(at("W", &k) - at("W~", &k)).equals(xi.pow(2) * others).equals(xi.pow(2) * squares_of_a()))
            .edited(Plant::LostSquare, Edit::SwapAll(xi.pow(2), xi.clone())),
        step(CHOSEN, "theorem-2/second-sum", "second bound, sixth display", &[987])
            .titled("The sharpness from the A_k")
            .uses(&["theorem-2/eq-14", "theorem-2/second-change", "theorem-2/size-of-second"])
            .when(some_target())
            .misstates(
                sharpness_squared().at_least(&l / norm(var("w*")).power(exponent()) * squares_of_a()),
                Fault::Inherited,
                INHERITED,
            )
            .rightly(sharpness_squared().at_least(&l * quotient() * squares_of_a()))
            .edited(Plant::WrongPower, Edit::Swap(norm(var("w")), norm(var("w")).power(&l)))
            .stronger(Plant::WrongConstant, percent()),
    ]
}

/// L, lambda and norm(w*) as numbers.
fn scalars(draw: &mut Draw<'_>) -> Drawn {
    let table = Table::default().scalar("L", Rational::from(draw.size(0) as i64));
    Ok(table.scalar("lambda", draw.number()).scalar("norm(w*)", draw.number()))
}

/// The second bound, from the product of the A_k on.
pub(crate) fn third() -> Vec<Step<InScene>> {
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
        step(SPECTRAL, "theorem-2/means-of-a", "second bound, seventh display", &[993])
            .about("Arithmetic and geometric means, and the norm of a product", "W a minimiser with w_prod = w*")
            .states(squares_of_a().at_least(&l * norm(whole()).power(exponent())))
            .edited(Plant::WrongPower, Edit::Swap(exponent(), 1 / &l))
            .edited(Plant::LostSquare, Edit::Swap(norm(whole()), product("k", 1, &l, norm(at("A", &k)).pow(2)))),
        step(ANY, "theorem-2/product-of-a", "second bound, eighth display, first line", &[999])
            .titled("The product of the A_k")
            .misstates(
                whole().equals(chained()),
                Fault::Constant,
                "The head is lost once more: A_L begins with w, so the product is w times the row that is printed, \
                 with d_L rows. L = 1, d = 1, w = 1/2. The factor norm(w)^(2/L) is missing from line 1025, and \
                 in the end norm(w)^(4/L) from line 1031: once from here, once from (18). With it the second bound \
                 holds; the rest as in `theorem-2/product`.",
            )
            .rightly(whole().equals(&w * chained()))
            .edited(Plant::OffByOne, Edit::Swap(&l - 1, l.clone())),
        step(ANY, "theorem-2/powers-of-a", "second bound, eighth display, second line", &[1003])
            .about("Inner products collected", "any w* and X")
            .states(chained().equals(power(form()) * image()))
            .edited(Plant::OffByOne, Edit::Swap(power(form()), form().power(&l))),
        step(ANY, "theorem-2/norm-of-a", "second bound, ninth display, first line", &[1009])
            .titled("The norm of the product of the A_k")
            .uses(&["theorem-2/product-of-a", "theorem-2/powers-of-a"])
            .graded(Grade::Identity)
            .misstates(
                norm(whole()).equals(power(form()) * &row),
                Fault::Inherited,
                "The factor norm(w) is missing, as in line 999: L = 1, d = 1, w = 1/2. Here no absolute value is \
                 needed: X^T X is positive semi-definite.",
            )
            .rightly(norm(whole()).equals(norm(&w) * power(form()) * &row))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&w)))
            .edited(Plant::WrongPower, Edit::Swap(norm(&w), norm(&w).pow(2))),
        step(SPECTRAL, "theorem-2/eigenvalues-of-a", "second bound, ninth display, second line", &[1014])
            .about("The smallest eigenvalue comes in, L times", "any w*, Sigma with smallest eigenvalue lambda")
            .states((power(form()) * &row).at_least(least(&norm(&target))))
            .edited(Plant::WrongPower, Edit::SwapNth(1, &l - 1, (&l - 1) / 2))
            .stronger(Plant::WrongConstant, percent()),
        Step::new("theorem-2/powers-collected", "second bound, ninth display, third line", &[1019])
            .about("Powers collected", "any lambda and norm(w*)")
            .on(DEPTHS, scalars)
            .states(least(&t).equals(Expr::from(2).power(&l) * lambda.power(&l) * last()))
            .edited(Plant::OffByOne, Edit::Swap(last(), t.power(2 * &l))),
        step(SPECTRAL, "theorem-2/sum-of-a", "second bound, tenth display", &[1025])
            .about("The A_k from below", "W a minimiser with w_prod = w* != 0")
            .uses(&[
                "theorem-2/means-of-a", "theorem-2/norm-of-a", "theorem-2/eigenvalues-of-a",
                "theorem-2/powers-collected",
            ])
            .when(some_target())
            .misstates(squares_of_a().at_least(bound()), Fault::Inherited, INHERITED)
            .rightly(squares_of_a().at_least(lost() * bound()))
            .edited(Plant::WrongPower, Edit::Swap(lost(), norm(&w).pow(2)))
            .stronger(Plant::WrongConstant, percent()),
        step(SPECTRAL, "theorem-2/conclusion", "second bound, last display", &[1031])
            .about("The second bound", "W a minimiser with w_prod = w* != 0")
            .uses(&["theorem-2/second-sum", "theorem-2/sum-of-a"])
            .when(some_target())
            .misstates(sharpness_squared().at_least(end()), Fault::Inherited, INHERITED)
            .rightly(sharpness_squared().at_least(&twice * end()))
            .edited(Plant::WrongPower, Edit::Swap(twice, norm(&w).pow(4)))
            .stronger(Plant::WrongConstant, percent())
            .remarks(&["For w* = 0, which the proof excludes silently, see the head of `theorem_2`."]),
    ]
}
