//! The audit of B.1, the proof of Theorem 2, up to (18); the two choices of the directions M_k are in
//! [`proof_bounds`](crate::paper::section_3::theorem_2::proof_bounds).
//!
//! Symbols and shapes: see `minimiser` and `scene`. g = grad R^1(w~_prod) is a column of length d; xi > 0 small. W is a
//! minimiser with w_prod = w*, which every minimiser satisfies unless w = 0 (step `sections/minimum-of-both`).
//!
//! **The head is lost** (step `theorem-2/product`). `Delta-bar_k = -b_k g^T W_1^T .. W_{k-1}^T` with
//! `b_k = W_{k+1}^T .. W_L^T w` and `b_L = w`. Multiplied out from the left, each `W_1^T .. W_{k-1}^T b_{k-1}` is
//! w_prod, and what remains on the left is b_L: `Delta-bar_L .. Delta-bar_1 = (-1)^L w (g^T w_prod)^(L-1) g^T`. From
//! line 867 on every bound lacks norm(w)^(2/L) (squared) and holds for norm(w) >= 1 only; w = 1 (Theorem 1, Section 4)
//! is not touched.
//!
//! **w* != 0.** (18) and what follows divide by norm(w*)^(2/L). Nobody asks for w* != 0. For w* = 0 both bounds of
//! Theorem 2 say S >= 0 for L >= 2 (minimisers have a positive semi-definite Hessian), and for L = 1 the second says
//! S >= 2 lambda, true with the factor norm(w)^2 as S = 2 norm(w)^2 Lambda. With w* != 0 no layer is zero, and neither
//! u_k nor v_k of line 942 is: nothing else is divided by that could vanish.
//!
//! **The steps of this file, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 772, 793 | the variational form; (14), S from below by one direction | instances |
//! | 813, 819 | (15), and the telescoped product | identities at a rational xi |
//! | 829 to 836 | (16), the gradient to first order, tildes dropped | identities of dual numbers |
//! | 845, 850 | (17), first and second line | identities of coefficients |
//! | 855, 860 | (17), the means and the norm of a product | instances |
//! | 867 to 877 | the product of the Delta-bar_k, its norm | identities, refuted as printed (head, sign) |
//! | 882, 887 | Cauchy and Schwarz; powers collected | instances, refuted as printed for g^T w* < 0; identity |
//! | 894, 900 | (18); the change along w* | instances, refuted as printed; identity |
//!
//! **Why that suffices.** W, w, X and the directions are arbitrary numbers on the side of the identities, with w* the
//! product of the layers, so that they hold for all minimisers of these shapes. Of statements with O(xi^2) or O(xi^3)
//! the coefficients below that order are compared, which is what the notation means for polynomials in xi. The
//! inequalities are classical: of the means, of norms of products, of Cauchy and Schwarz. The bounds themselves, with
//! the head, are theorems of `formal/` (`theorem_2_norms_corrected`, `theorem_2_depth_corrected`).

use crate::arithmetic::Rational;
use crate::formula::{
    Edit, Expr, Table, abs, at, at2, descent, dot, norm, product, sqrt, square, sum, transpose, var, vars,
};
use crate::harness::evidence::{Fault, Grade};
use crate::harness::steps::{
    DIMENSIONS, Draw, Drawn, InScene, Matrix, Other, Plant, Proof, Reason, Sizes, Step, column, other, step,
};
use crate::paper::kit::every;
use crate::paper::section_3::theorem_2::proof_bounds::{first, second, third};
use crate::paper::section_3::theorem_2::scene::{
    AT_XI, RAW, SPECTRAL, TWICE, after, along, any, at_xi, before, change, data, exponent, first_order, image, lost,
    off, over_layers, percent, second_order, some_target, squares,
};
use num_traits::Zero;

/// `f(x) = x^T H x / 2`, H = Q diag(s) Q^T with a rational rotation: the quotient of line 772 depends on the direction
/// v = x~ - x only. Eigenvectors and a direction of any kind; q is an eigenvector that is stretched most.
fn quadratic(draw: &mut Draw<'_>) -> Drawn {
    let p = draw.size(0);
    let values = draw.vector(p);
    let rotation = draw.rotation(p);
    let direction = draw.vector(p);
    let h = &rotation * Matrix::from_diagonal(&values) * rotation.transpose();
    let largest = |list: Vec<Rational>| list.into_iter().max().unwrap_or_else(Rational::zero);
    let most = (0..p).max_by_key(|i| values[*i].abs()).unwrap_or(0);
    let eigenvector = |i: usize| column(&rotation.column(i).into_owned());
    Ok(Table::default()
        .scalar("p", Rational::from(p as i64))
        .scalar("S", largest(values.iter().cloned().collect()))
        .scalar("max_i |s_i|", largest(values.iter().map(Rational::abs).collect()))
        .matrix("H", &[], h)
        .matrix("q", &[], eigenvector(most))
        .family("v", (0..p).map(eigenvector).chain([column(&direction)])))
}

/// Up to (17).
fn perturbed() -> Vec<Step<InScene>> {
    let [k, h, s_max, moduli, g] = vars(["k", "H", "S", "max_i |s_i|", "g"]);
    let stretched = |by: &Expr| {
        let most = norm(&h * var("q")).equals(by * norm(var("q")));
        norm(&h * at("v", var("i"))).at_most(by * norm(at("v", var("i")))).each("i", 1, var("p") + 1).and(most)
    };
    let here = || at("grad R^L(W)", &k);
    let telescope = |behind| before("W~", &k) * transpose(at("W~", &k) - at("W", &k)) * after(behind, &k);
    let terms = || over_layers(before("W", &k) * transpose(at("M", &k)) * after("W", &k));
    let [g0, g1] = [0, 1].map(|m| at("g", m));
    let bar = || after("W", &k) * transpose(at("g", var("m"))) * before("W", &k);
    vec![
        Step::new("theorem-2/variational", "Theorem 2, proof, first display", &[772])
            .titled("The largest eigenvalue as the local Lipschitz constant of the gradient")
            .given(
                "f twice continuously differentiable; here quadratic, f(x) = x^T H x / 2, where the quotient does not \
                 depend on norm(x - x~); v_i = x~ - x any directions, eigenvectors among them, s_i the eigenvalues of \
                 H, S the largest, q an eigenvector stretched most",
            )
            .on(DIMENSIONS, quadratic)
            .misstates(
                stretched(&s_max),
                Fault::Hypothesis,
                "The right-hand side is the operator norm of H, the largest modulus of an eigenvalue: sup norm(H \
                 v)/norm(v). For f(x) = -x^2/2 it is 1 and S = -1. They agree if S >= -(smallest eigenvalue), in \
                 particular where H is positive semi-definite. B.1, B.7 and B.10 use it at minimisers only, where it \
                 is: nothing is affected. See claim `variational` for the risk itself.",
            )
            .rightly(stretched(&moduli))
            .edited(Plant::WrongConstant, Edit::SwapAll(moduli.clone(), &moduli / sqrt(Expr::from(2))))
            .remarks(&[
                "That S = lim sup norm(grad f(x) - grad f(x~))/norm(x - x~) is stated as: S is an upper bound \
                        of the quotient, and attained.",
            ]),
        step(SPECTRAL, "theorem-2/eq-14", "(14)", &[793])
            .titled("The sharpness from below by one direction")
            .given("W a minimiser; M_k not all zero; coefficients of xi^2, the limit")
            .uses(&["variational", "theorem-2/delta-bar"])
            .when(squares(at("M", &k)).above(0))
            .states(var("S(W)").pow(2).at_least(change() / squares(at("M", &k))))
            .stronger(Plant::WrongConstant, percent())
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .remarks(&[
                "Not said: the M_k must not all be zero. norm_F(M_k) may exceed 1, so that W~(xi) is not in the set \
                 of (13) for this xi but for a smaller one: the limit is the same.",
                "The text says that the M_k depend on the W_k only; those of the second bound depend on X, w* and w \
                 too. What is needed is that they do not depend on xi.",
            ]),
        step(AT_XI, "theorem-2/eq-15", "(15), with line 811", &[813])
            .titled("The change of the gradient at a minimiser")
            .given("W a minimiser; any M_k and xi; g = grad R^1(w~_prod), grad R^L(W)_k is grad_k R^L(W)")
            .uses(&["gradient"])
            .states(every(square(here()).equals(0)).and(every(
                (here() - at("grad R^L(W~)", &k)).equals(-(after("W~", &k) * transpose(&g) * before("W~", &k))),
            )))
            .elsewhere(Plant::DroppedHypothesis, "at a network that is no minimiser", at_xi(off, any))
            .edited(Plant::FlippedSign, Edit::FlipSign(after("W~", &k) * transpose(&g) * before("W~", &k))),
        step(AT_XI, "theorem-2/telescoping", "before (16)", &[819, 824])
            .titled("The gradient at the perturbed product, exactly")
            .uses(&["sections/minimum-of-both"])
            .states(g.equals(data() * (var("w~_prod") - var("w_prod"))).equals(data() * over_layers(telescope("W"))))
            .edited(Plant::OffByOne, Edit::Swap(after("W", &k), after("W~", &k))),
        step(RAW, "theorem-2/eq-16", "(16)", &[829])
            .titled("The gradient at the perturbed product, to first order")
            .uses(&["theorem-2/telescoping"])
            .states(square(&g0).equals(0).and(g1.equals(data() * terms())))
            .edited(Plant::FlippedSign, Edit::Swap(terms(), -terms()))
            .edited(Plant::DroppedFactor, Edit::Swap(g1.clone(), g0.clone())),
        step(RAW, "theorem-2/first-order", "after (16)", &[])
            .quoted(833, "= \\mathcal{O}(\\xi)$")
            .titled("The gradient vanishes to first order")
            .uses(&["theorem-2/eq-16"])
            .states(square(&g0).equals(0))
            .elsewhere(Plant::DroppedHypothesis, "at a network that is no minimiser", first_order(off, any))
            .edited(Plant::OffByOne, Edit::Swap(g0.clone(), g1.clone()))
            .remarks(&["The text writes R for R^1 here."]),
        step(TWICE, "theorem-2/delta-bar", "after (16), second display", &[836])
            .titled("Tildes dropped to first order")
            .uses(&["theorem-2/eq-15", "theorem-2/first-order"])
            .states(every(at2("Delta", &k, var("m")).equals(-bar()).each("m", 0, 1)))
            // Up to the coefficient of xi^2: the first 1 is where k begins.
            .edited(Plant::OffByOne, Edit::SwapNth(1, 1.into(), 2.into()))
            .edited(Plant::FlippedSign, Edit::FlipSign(bar())),
    ]
}

/// (17), line by line.
fn seventeen() -> Vec<Step<InScene>> {
    let [k, l, m, i] = vars(["k", "L", "m", "i"]);
    // The coefficient of xi^m of sum_k norm_F(Delta_k)^2.
    let coefficient = |name| over_layers(sum("i", 0, &m, dot(at2(name, &k, &i), at2(name, &k, &m - &i))));
    let size = || norm(at2("Delta-bar", &k, 1));
    let means = || product("k", 1, &l, size());
    let whole = || norm(descent("k", &l, 1, at2("Delta-bar", &k, 1)));
    vec![
        step(TWICE, "theorem-2/eq-17-perturbation", "(17), first line", &[845])
            .titled("Squared norms to third order")
            .uses(&["theorem-2/delta-bar"])
            .states(coefficient("Delta").equals(coefficient("Delta-bar")).each("m", 0, 2))
            .elsewhere(Plant::DroppedHypothesis, "at a network that is no minimiser", second_order(off)),
        step(TWICE, "theorem-2/eq-17-norms", "(17), second line", &[850])
            .titled("Operator norms for Frobenius norms")
            .uses(&["theorem-2/delta-bar"])
            .graded(Grade::Identity)
            .states(change().equals(over_layers(norm(at2("Delta", &k, 1)).pow(2))))
            .elsewhere(Plant::DroppedHypothesis, "at a network that is no minimiser", second_order(off))
            .remarks(&["An equality, as the leading coefficients have rank one; off the minimisers the change of \
                        grad_k has rank two."]),
        step(SPECTRAL, "theorem-2/eq-17-means", "(17), third line", &[855])
            .titled("Arithmetic and geometric means")
            .states(over_layers(size().pow(2)).at_least(&l * means().power(exponent())))
            .edited(Plant::WrongPower, Edit::Swap(exponent(), 1 / &l))
            .stronger(Plant::WrongConstant, percent()),
        step(SPECTRAL, "theorem-2/eq-17", "(17), fourth line", &[860])
            .titled("The norm of a product")
            .states((&l * means().power(exponent())).at_least(&l * whole().power(exponent())))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .remarks(&["The text calls this subadditivity of the operator norm (lines 842 and 967): it is \
                 submultiplicativity. Subadditivity, norm(A + B) <= norm(A) + norm(B), says nothing of products."]),
    ]
}

/// Depth and dimension.
const VECTORS: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2], &[4, 2], &[3, 1]];

/// Any g and w* != 0.
fn vectors(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d) = (draw.size(0) as i64, draw.size(1));
    Ok(Table::default().scalar("L", Rational::from(depth)).vector("g", &draw.vector(d)).vector("w*", &draw.vector(d)))
}

/// The product of the Delta-bar_k, to line 900.
fn head_lost() -> Vec<Step<InScene>> {
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
        step(AT_XI, "theorem-2/product", "after (17), first equality", &[867])
            .titled("The product of the Delta-bar_k")
            .uses(&["theorem-2/delta-bar"])
            .misstates(
                bars.equals(-chained()),
                Fault::Constant,
                "The head is lost: the left factor of Delta-bar_L is w, so the product is (-1)^L w (g^T w_prod)^(L-1) \
                 g^T, with d_L rows where one is printed; and (-1)^L is printed as -1. Smallest counterexample for the \
                 factor: L = 1, d = 1, w = 1/2, where Delta-bar_1 = -g/2; for the sign: L = 2, w = 1. It cannot be an \
                 artefact of the extraction: the next five displays and (18) go on without the factor, and Theorem 2 \
                 is stated without it. The sign has no consequence. The factor norm(w)^(2/L) is missing from (18) on, \
                 in both bounds of Theorem 2 (claims `theorem-2-norms`, `theorem-2-depth`), in `rescaling`, and in the \
                 lower bound of Corollary 4 (`corollary-4-lower`). With it all of them hold; Theorem 1 and Section 4 \
                 have w = 1 and stand as printed.",
            )
            .rightly(bars.equals(Expr::from(-1).power(&l) * &w * chained()))
            .edited(Plant::OffByOne, Edit::Swap(&l - 1, l.clone()))
            .edited(Plant::FlippedSign, Edit::Swap(Expr::from(-1).power(&l), (-1).into())),
        step(AT_XI, "theorem-2/power", "after (17), second equality", &[871])
            .titled("A row times an inner product")
            .misstates(
                (-chained()).equals(power(inner(&g)) * row()),
                Fault::Misprint,
                "The sign is dropped: L = 1 has -g^T = g^T. Only the norm is used, which does not see it.",
            )
            .rightly((-chained()).equals(-(power(inner(&g)) * row())))
            .edited(Plant::WrongPower, Edit::Swap(power(inner(&g)), inner(&g).power(&l))),
        step(RAW, "theorem-2/norm", "after (17), third equality", &[877])
            .titled("The norm of the product of the Delta-bar_k")
            .given("W a minimiser with w_prod = w*; the M_k are to be chosen later: any; leading coefficients")
            .uses(&["theorem-2/product"])
            .graded(Grade::Identity)
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
            .edited(Plant::DroppedHypothesis, Edit::Swap(modulus(), signed())),
        Step::new("theorem-2/cauchy-schwarz", "after (17), the inequality", &[882])
            .about("Cauchy and Schwarz", "any g and w* != 0: any M_k")
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
            .edited(Plant::DroppedHypothesis, Edit::SwapAll(abs(inner(&g)), inner(&g))),
        Step::new("theorem-2/last-power", "after (17), last line", &[887])
            .about("Powers collected", "any g and w* != 0")
            .graded(Grade::Identity)
            .on(VECTORS, vectors)
            .when(some_target())
            .states((power(inner(&g)) * inner(&g) / norm(&target)).equals(last(inner(&g))))
            .edited(Plant::OffByOne, Edit::Swap(inner(&g).power(&l), power(inner(&g)))),
        step(SPECTRAL, "theorem-2/eq-18", "(18)", &[894])
            .titled("The change of the gradient from the change along w*")
            .given("W a minimiser with w_prod = w* != 0; any M_k; Delta_{k,1}, g_1: coefficients of xi")
            .uses(&[
                "theorem-2/eq-17-perturbation", "theorem-2/eq-17-norms", "theorem-2/eq-17-means", "theorem-2/eq-17",
                "theorem-2/norm", "theorem-2/cauchy-schwarz",
            ])
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
            .stronger(Plant::WrongConstant, percent()),
        step(RAW, "theorem-2/along-target", "after (18)", &[900])
            .titled("The change along w*, to first order")
            .uses(&["theorem-2/eq-16"])
            .states(along(0).equals(0).and(along(1).equals(terms())))
            .edited(Plant::DroppedFactor, Edit::Swap(2 / var("n"), 1 / var("n"))),
    ]
}

/// Definitions, and displays that repeat (5) and (7).
const OTHERS: &[Other] = &[
    other(778, Reason::Claims(&["variational"])),
    other(786, Reason::Definition("W~_k(xi) = W_k + xi M_k, the M_k chosen later")),
    other(800, Reason::Repeats("gradient")),
    other(806, Reason::Repeats("gradient")),
];

/// The audit.
pub fn proof() -> Proof {
    let steps = [perturbed(), seventeen(), head_lost(), first(), second(), third()];
    Proof {
        id: "theorem-2",
        title: "Theorem 2",
        section: "B.1",
        proves: &["theorem-1", "theorem-2-norms", "theorem-2-depth"],
        steps: steps.into_iter().flatten().map(Step::from).collect(),
        others: OTHERS,
    }
}
