//! The audit of B.10, third part: from (54) to the constant C of Corollary 4.
//!
//! | paper | here |
//! | --- | --- |
//! | W(0), w*, R(0) - R_min | [`Scene`] with any w*, or one near the product |
//! | C_3 of the hypothesis | the smallest that the initial risk allows, `(R(0) - R_min) Lambda/(lambda^2 norm(w)^2)`: the steps use the hypothesis, not (36) |
//! | `sqrt(C_3)`, C' over all parameters | formulas over all parameters |
//!
//! By (53) at the limit, `C = 2^12 exp(2 s^2 + 4 s^2/C~_2 + 6 C~_3)` will do, whatever C_3 is; with C_3 corrected,
//! sqrt(C_3) only gets smaller and C' larger: the printed C stands too.
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | Lemma 8 at the start, three lines | `excess`, `excess-lower` | identity; instances |
//! | its roots | `roots` | instances |
//! | norm(w*), four lines | `triangle`, `with-risk`, `with-sigma-min`, `with-hypothesis` | instances |
//! | C~_2 <= d, sqrt(C_3), C' | `least-width`, `root-of-c-3`, `c-prime` | cone; domain for lambda/Lambda |
//! | norm(w*) >= C' norm(w); S by norm(w*) | `from-below`, `by-target` | instances |
//! | the quotient; C | `quotient`, `conclusion` | identity; cone |
//! | "C depends on s only" | `c-depends-on-d`: it does on d | instances |
//!
//! **Why this suffices.** The chain has one inequality between constants, `sqrt(C_3) < exp(-2 s^2/d - C~_3)/4`,
//! decided over all parameters; all else is the triangle inequality, `norm(A v) >= sigma_min(A) norm(v)` and
//! substitution. With the least C_3 that an initial risk allows the hypothesis is an equality, so that the samples
//! meet the bound and do not merely lie below it.

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::formula::{
    Edit, Expr, Range, Reduction, Table, ascent, at, norm, sigma_min, sqrt, square, transpose, var, vars,
};
use crate::harness::evidence::{Fault, Role};
use crate::harness::steps::objects::{Scene, Target, Vector, layer};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::{Body, Drawn, How, Margins, Pair, Plant, Step, Tie, over, steps};
use crate::paper::section_5::corollary_4::proof_bounds::with_sharpness;
use crate::paper::section_5::scene::{Bounds, SIZES, constant, initial, layers, q};
use crate::paper::section_5::theorem_4::constants::{
    also, monomial, planted, printed, printed_risk_constant, product_sigma_min, risk_constant,
};
use crate::problem::norm_squared;
use num_traits::Zero;

/// Square layers, X, y and w*; the last row of X is zero, so that y - X w* can be anything there and the normal
/// equations hold; or it is not.
fn normal_equations(draw: &mut Draw<'_>, hold: bool) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let network = draw.network(&vec![d; depth + 1], true);
    let (mut x, w_star) = (draw.matrix(d + 2, d), draw.vector(d));
    let residual = draw.number();
    if hold {
        x.row_mut(d + 1).fill(Rational::zero());
    }
    let mut y = &x * &w_star;
    y[d + 1] += residual;
    let n = q(d as i64 + 2);
    let risk = |w: &Vector| norm_squared((&y - &x * w).iter()) / &n;
    let start = network.ok_or("no network")?.product();
    let table = Table::default().scalar("R(0)", risk(&start)).scalar("R_min", risk(&w_star)).scalar("n", n.clone());
    Ok(table.matrix("X", &[], x).vector("w*", &w_star).vector("w_prod(0)", &start))
}

/// The symbols of the start.
fn started(scene: &Scene) -> Table<Rational> {
    let table = scene.table().vector("w_prod(0)", &scene.network.product());
    table.scalar("R(0)", scene.excess() + &scene.r_min)
}
/// A start with any w*: W(0), its data, `R(0)` and `w_prod(0)`.
fn start(draw: &mut Draw<'_>) -> Drawn {
    Ok(started(&Scene::draw(draw, Target::Any)?))
}

/// The constants, and the smallest C_3 of the hypothesis, with lambda to that power: it is then an equality.
fn hypothesis(scene: &Scene, s2: Rational, power: u32) -> Drawn {
    let head = scene.head();
    if head.is_zero() {
        return Err("w = 0");
    }
    let c3 = scene.excess() * &scene.lambda_max / (scene.lambda.powi(power) * head);
    Ok(Bounds::around(scene.network.layers(), s2)?.table(started(scene)).scalar("C_3", c3))
}
/// A start with the constants of its products and the least C_3 that its initial risk allows.
fn with_c_3(draw: &mut Draw<'_>, power: u32) -> Drawn {
    let scene = Scene::draw(draw, Target::Any)?;
    hypothesis(&scene, q(4) * draw.nonnegative(), power)
}

/// Near the product, with C' > 0; layers are eighths, so that (53) is tight.
fn near(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let layers = (0..depth).map(|_| layer(draw, d).map(|v| v / q(8))).collect();
    let scene = Scene::with_layers(draw, layers, Target::Near)?;
    hypothesis(&scene, draw.nonnegative(), 2)
}

/// L, and positive numbers.
fn positive(draw: &mut Draw<'_>) -> Drawn {
    let depth = draw.size(0);
    let numbers = over(["r", "C'", "E", "lambda", "Lambda"].map(Range::positive))(draw)?;
    let power = |n: usize| var("r").pow(i32::try_from(n).unwrap_or(0));
    let [low, l] = vars(["lambda", "L"]);
    Ok(numbers
        .scalar("L", q(depth as i64))
        .define("norm(w*)", &[], power(depth))
        .define("norm(w*)^(2/L)", &[], power(2))
        .define("norm(w*)^(1/L)", &[], power(1))
        .define("S_min", &[], 2 * l * low * power(2 * depth - 2)))
}

/// A minimiser, its sharpness, and C' > 0 up to `exp(-2 s^2/d - C~_3)/4`.
fn by_target(draw: &mut Draw<'_>) -> Drawn {
    let scene = Scene::draw(draw, Target::Product)?;
    let (s2, share) = (draw.nonnegative(), q(1) - draw.share());
    let bounds = Bounds::around(scene.network.layers(), s2)?;
    if share.is_zero() || scene.head().is_zero() {
        return Err("C' = 0 or w = 0");
    }
    let table = bounds.table(scene.table()).define("C'", &[], constant(-2, (0, 1), -2, -1) * Expr::from(share));
    Ok(with_sharpness((scene, table)))
}

/// C for a width d against C for the least width C~_2, divided by `2^9 exp(2 s^2 + 4 C~_3)`.
fn depends_on_d(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (s2, c2, c3) = (draw.nonnegative(), q(1) + draw.nonnegative(), draw.nonnegative());
    let d = &c2 * (q(1) + draw.nonnegative());
    let exp = |exponent: Rational| of(&exponent, bits).exp();
    let root = exp(q(-2) * &s2 - q(8) * &s2 / &c2 - q(10) * &c3).scale(-18);
    let prime = |d: &Rational| exp(q(-2) * &s2 / d - &c3).scale(-2) - &root;
    let (least, here) = (prime(&c2), prime(&d));
    let c = |prime: &Big| of(&q(1), bits) / prime.powi(2);
    // One expression for s = 0 and for d = C~_2.
    let tie = Tie::where_zero(s2.clone() * (d.clone() - c2.clone()));
    let above = Pair::new(c(&least), c(&here)).or_exactly(tie.clone());
    let below = Pair::new(c(&here), c(&least)).or_exactly(tie);
    let positive = Pair::new(least, Big::zero()).strictly();
    Margins::All(match how {
        How::Printed => vec![above, below],
        How::Planted(Plant::FlippedSign) => vec![below],
        _ => vec![above, positive],
    })
}

/// w_prod(0) - w*.
fn away() -> Expr {
    var("w_prod(0)") - var("w*")
}

/// The steps of these lines, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    [risk_steps(), triangle_steps(), root_steps(), constant_steps()].into_iter().flatten().collect()
}

/// The initial risk as a quadratic form, from below.
fn risk_steps() -> Vec<Step> {
    let (low, squared) = (var("lambda"), transpose(away()) * transpose(var("X")) * var("X") * away());
    steps![
        Step::new("corollary-4/excess", "B.10, Lemma 8 at the start", &[2590, 2595])
            .about("The initial risk as a quadratic form", "X^T (y - X w*) = 0")
            .uses(&["lemma-8"])
            .on(SIZES, |draw| normal_equations(draw, true))
            .states(initial().equals(square(var("X") * away()) / var("n")).equals(squared / var("n")))
            .edited(Plant::FlippedSign, Edit::SwapAll(away(), var("w_prod(0)") + var("w*")))
            .elsewhere(Plant::DroppedHypothesis, "for a w* that does not solve the normal equations", |draw| {
                normal_equations(draw, false)
            }),
        Step::new("corollary-4/excess-lower", "B.10, Lemma 8 at the start, third line", &[2600])
            .about("The initial risk from below", "(A1)")
            .uses(&["corollary-4/excess"])
            .on(SIZES, start)
            .states(initial().at_least(&low * square(away())))
            .edited(Plant::MissingNorm, Edit::Swap(low.clone(), var("Lambda"))),
        Step::new("corollary-4/roots", "B.10, after Lemma 8", &[2606])
            .about("Roots of both sides", "(A1)")
            .uses(&["corollary-4/excess-lower"])
            .on(SIZES, start)
            .states(sqrt(initial()).at_least(sqrt(&low) * norm(away())))
            .edited(Plant::LostSquare, Edit::Swap(sqrt(&low), low.clone())),
    ]
}

/// The chain for norm(w*).
fn triangle_steps() -> Vec<Step> {
    let (star, prod) = (var("w*"), var("w_prod(0)"));
    let by_factors = || ascent("i", 1, var("L"), transpose(at("W", var("i")))) * var("w");
    let whole = || layers(var("L"), 1);
    let least = |sign: i64| constant(-2, (0, 1), -2 * sign, -sign);
    let allowed = sqrt(var("C_3")) * sqrt(var("lambda") / var("Lambda")) * norm(var("w"));
    steps![
        Step::new("corollary-4/triangle", "B.10, bound on norm(w*), first line", &[2612])
            .about("The triangle inequality", "any vectors")
            .on(SIZES, start)
            .states(norm(&star).at_least(norm(&prod) - norm(away())))
            .edited(Plant::FlippedSign, Edit::FlipSign(norm(away()))),
        Step::new("corollary-4/with-risk", "B.10, bound on norm(w*), second line", &[2617])
            .about("The distance by the risk", "(A1)")
            .uses(&["corollary-4/roots"])
            .on(SIZES, start)
            .states((norm(&prod) - norm(away())).at_least(norm(by_factors()) - sqrt(initial() / var("lambda"))))
            .edited(Plant::DroppedFactor, Edit::Drop(var("lambda"))),
        Step::new("corollary-4/with-sigma-min", "B.10, bound on norm(w*), third line", &[2622])
            .about("The product from below", "square layers")
            .on(SIZES, start)
            .states(norm(by_factors()).at_least(sigma_min(whole()) * norm(var("w"))))
            .edited(Plant::MissingNorm, Edit::Swap(sigma_min(whole()), norm(whole())))
            .edited(Plant::LostSquare, Edit::Swap(sigma_min(whole()), sqrt(sigma_min(whole())))),
        Step::new("corollary-4/with-hypothesis", "B.10, bound on norm(w*), fourth line", &[2627])
            .titled("(53) at t = 0 and the initial risk")
            .given("(53) for k = L, t = 0; R(0) - R_min <= C_3 lambda^2 norm(w)^2/Lambda")
            .uses(&["corollary-4/eq-53", "corollary-4/with-sigma-min"])
            .on(SIZES, |draw| with_c_3(draw, 2))
            .states(sigma_min(whole()).at_least(least(1)).and(sqrt(initial() / var("lambda")).at_most(allowed)))
            .edited(Plant::FlippedSign, Edit::Swap(least(1), least(-1)))
            .elsewhere(Plant::WrongPower, "from R(0) - R_min <= C_3 lambda norm(w)^2/Lambda", |draw| with_c_3(draw, 1)),
    ]
}

/// C' > 0, over all parameters.
fn root_steps() -> Vec<Step> {
    let half = |c: i64| monomial(0, 0, -c, 0, 0);
    let (root, closed) = (sqrt(printed_risk_constant()), monomial(-18, -2, 0, -8, -10));
    // sqrt(C_3) sqrt(lambda/Lambda) <= sqrt(C_3), in r = lambda/Lambda.
    let [c3, low, high, r] = vars(["C_3", "lambda", "Lambda", "r"]);
    let domain = Reduction::on(["C_3", "lambda", "Lambda"].map(Range::positive))
        .given(low.at_most(&high))
        .coordinate(Range::within("r", 0, 1), &low / &high)
        .inverse(&low, &r * &high)
        .cleared_by(1 / sqrt(&c3), Expr::from(1).at_least(sqrt(&r)));
    steps![
        Step::new("corollary-4/least-width", "B.10, after C_3", &[])
            .by(Body::Apart)
            .quoted(2637, "\\tilde{C}_2 \\leqslant d$  by [\\(34\\)]")
            .about("C~_2 <= d", "(34): d >= C~_2 >= 1, s >= 0")
            .uses(&["theorem-4/eq-34"])
            .form(printed(&monomial(0, 0, 0, -8, 0).at_most(half(8))))
            .form(planted(Plant::FlippedSign, &half(8).at_most(monomial(0, 0, 0, -8, 0))))
            .remarks(&["Not needed for the next display: -2 s^2 <= -2 s^2/d for d >= 1 gives it."]),
        Step::new("corollary-4/root-of-c-3", "B.10, sqrt(C_3)", &[2639])
            .titled("sqrt(C_3) below exp(-2 s^2/d - C~_3)/4")
            .given("s >= 0, d >= C~_2 >= 1, C~_3 >= 0, 0 < lambda <= Lambda; C_3 as in (36)")
            .uses(&["theorem-4/eq-36", "corollary-4/least-width"])
            .says((sqrt(&c3) * sqrt(&low / &high)).at_most(sqrt(&c3)), domain)
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .form(also("equality", Role::Printed, &root.equals(closed.clone())))
            .form(also("strict", Role::Printed, &closed.below(product_sigma_min())))
            .form(also("with-corrected-c-3", Role::Sharpened, &sqrt(risk_constant()).below(product_sigma_min())))
            .form(planted(Plant::LostSquare, &monomial(-36, -2, 0, -8, -10).equals(root.clone()))),
        Step::new("corollary-4/c-prime", "B.10, C'", &[2645])
            .by(Body::Apart)
            .about("C' is positive", "s >= 0, d >= C~_2 >= 1, C~_3 >= 0; C_3 as in (36)")
            .uses(&["corollary-4/root-of-c-3", "corollary-4-constants"])
            .form(printed(&root.below(product_sigma_min())))
            .form(also("margin", Role::Sharpened, &(Expr::from(2).pow(16) * root).at_most(product_sigma_min())))
            .form(planted(Plant::WrongConstant, &sqrt(monomial(-4, -4, 0, -16, -20)).below(product_sigma_min()))),
    ]
}

/// From `norm(w*) >= C' norm(w)` to the constant C.
fn constant_steps() -> Vec<Step> {
    let prime = || constant(-2, (0, 1), -2, -1) - sqrt(var("C_3"));
    let bound = constant(9, (2, 1), 0, 4) * var("C'").pow(-2) * var("L") * var("Lambda") * norm(var("w*")).pow(2);
    let factor = |two: i32| Expr::from(2).pow(two) * var("E") * var("C'").pow(-2);
    let quotient = factor(9) * var("L") * var("Lambda") * var("norm(w*)").pow(2) / var("S_min");
    steps![
        Step::new("corollary-4/from-below", "B.10, after C'", &[])
            .quoted(2649, "we therefore obtain that  $||w^*||_2 \\geqslant C'||w||_2$")
            .about("The optimum from below", "the hypothesis on the initial risk with a C_3 for which C' > 0; w != 0")
            .uses(&[
                "corollary-4/with-hypothesis", "corollary-4/with-risk", "corollary-4/triangle", "corollary-4/c-prime",
            ])
            .on(SIZES, near)
            .when(prime().above(0))
            .states(norm(var("w*")).at_least(prime() * norm(var("w"))))
            .edited(Plant::DroppedTerm, Edit::Drop(sqrt(var("C_3"))))
            .remarks(&[
                "At the limit norm(w*) = norm(W_1^T .. W_L^T w) >= exp(-2 s^2/d - C~_3)/4 norm(w) by (53): C_3 \
                        need not enter.",
            ]),
        Step::new("corollary-4/by-target", "B.10, S by norm(w*)", &[2651])
            .titled("The sharpness by the optimum")
            .given("W a minimiser with the bounds on products, norm(w*) >= C' norm(w), C' > 0")
            .uses(&["corollary-4/eq-54", "corollary-4/from-below"])
            .on(SIZES, by_target)
            .states(var("S(W)").at_most(bound))
            .edited(Plant::WrongPower, Edit::Swap(var("C'").pow(-2), var("C'").pow(2))),
        Step::new("corollary-4/quotient", "B.10, the last display", &[2657])
            .titled("Divided by S_min")
            .given("S_min = 2 L lambda norm(w*)^(2 - 2/L), w* != 0 (so w != 0, not stated); E = exp(2 s^2 + 4 C~_3)")
            .uses(&["corollary-4/by-target"])
            .on(&[&[1], &[2], &[3], &[7]], positive)
            .states(quotient.equals(factor(8) * (var("Lambda") / var("lambda")) * var("norm(w*)^(2/L)")))
            .edited(Plant::WrongConstant, Edit::Swap(Expr::from(2).pow(8), Expr::from(2).pow(9)))
            .edited(Plant::WrongPower, Edit::Swap(var("norm(w*)^(2/L)"), var("norm(w*)^(1/L)")))
            .remarks(&[
                "For w = 0 the hypothesis of Theorem 4 gives w* = 0: S_min = 0 for L >= 2, and the quotient is \
                        not defined.",
            ]),
        Step::new("corollary-4/conclusion", "B.10, the end", &[])
            .by(Body::Apart)
            .quoted(2661, "which concludes the proof by setting")
            .about("2^9 for 2^8", "s >= 0, C~_3 >= 0; in units of C'^-2 (Lambda/lambda) norm(w*)^(2/L)")
            .uses(&["corollary-4/quotient"])
            .form(printed(&monomial(8, 2, 0, 0, 4).at_most(monomial(9, 2, 0, 0, 4))))
            .form(planted(Plant::WrongConstant, &monomial(8, 2, 0, 0, 4).at_most(monomial(7, 2, 0, 0, 4))))
            .remarks(&[
                "2^9 is twice what the display before it gives: a slip without consequence.",
                "The lower bound of Corollary 4 is not treated in B.10: it is Theorem 2, with what is said of it \
                 there (corollary-4-lower).",
            ]),
        Step::new("corollary-4/c-depends-on-d", "B.10, the end", &[])
            .quoted(2661, "C := 2^9 \\exp(2s^2 + 4\\tilde{C}_3)(C')^{-2}")
            .about("C is said to depend on s only", "s >= 0, d >= C~_2 >= 1, C~_3 >= 0; C_3 as in (36)")
            .uses(&["corollary-4/c-prime", "corollary-4/conclusion"])
            .by(Body::Instances { sizes: &[&[1]], sides: depends_on_d })
            .fails(
                "C is the same for all d >= C~_2",
                Fault::Constant,
                "Quantifiers: Corollary 4 asks for one C of s only, but C' contains exp(-2 s^2/d). Smallest \
                 case: s = 1, C~_2 = 1, C~_3 = 0, d = 1 against d = 2. C decreases in d: with C~_2 in place of d it \
                 is a bound for all widths, finite because C' > 0 at d = C~_2, and depends on s only. Corollary 4 \
                 stands with that C.",
            )
            .corrected("C for any d >= C~_2 is at most C with C~_2 in place of d, which is finite")
            .planted(Plant::FlippedSign, "C for any d >= C~_2 is at least that"),
    ]
}
