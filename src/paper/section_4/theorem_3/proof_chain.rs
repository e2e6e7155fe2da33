//! B.4, large spectral norm, from alpha_k to (24): the recursion along the path, and the chain of bounds of norm_2(W_L
//! .. W_2). Symbols are those of [`large`].
//!
//! Every inequality of the chain is evaluated with its products and powers; each compares products of factors that are
//! not negative under (21). Forms named `every-depth` prove by subdivision what is compared, factor by factor, for all
//! L (`z`, `l` as in `proof_large.rs`).

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Range, Table, ascent, at, dot, norm, sqrt, square, sum, var, vars};
use crate::harness::claim::Form;
use crate::harness::evidence::{Fault, Role};
use crate::harness::steps::scene::{apart, over};
use crate::harness::steps::{Draw, Drawn, Plant, Setting, Sizes, Step, scalar, step, steps};
use crate::paper::section_4::lemma_2::proof_first::{EXACT, neighbours};
use crate::paper::section_4::scenes::{pair, sigma, w};
use crate::paper::section_4::theorem_3::proof_large::{case, chart, epsilon, every_depth, k, low_square, next};
use crate::paper::section_4::theorem_3::scenes::{ALIGNED, LARGE, TRUE, large, layers_from, root};
use num_traits::Zero;

/// With a pair at rest, for what fails without (21).
const WITH_REST: Sizes =
    &[&[ALIGNED, 1, 1, 1], &[ALIGNED, 2, 2, 2, 1], &[ALIGNED, 2, 2, 2, 2, 1], &[0, 1, 1, 1], &[0, 1, 1, 1, 1]];

/// Numbers sigma_1, .., sigma_L with `|sigma_k^2 - sigma_1^2| <= epsilon/2`, `sigma_1 > sqrt(2 epsilon) L`, and
/// alpha_2, .., alpha_L that satisfy the recursion.
fn numbers(draw: &mut Draw<'_>) -> Drawn {
    let depth = draw.size(0);
    let (r, more, start) = (draw.nonnegative(), draw.positive(), draw.share());
    let first = &r * Rational::from(depth as i64) + more;
    let half = r.powi(2) * Rational::new(1, 4);
    // A change by this much changes the square by at most epsilon/2: d (2 sigma + d) <= d (2 sigma + epsilon/(4
    // sigma)).
    let twice = 2 * &first;
    let reach = &half / (&twice + &half / &twice);
    let mut sigma = vec![first.clone()];
    let mut alpha = vec![start];
    for k in 2..=depth {
        // None for half of the draws: the recursion is then an equality.
        let (offset, slack) = (draw.bounded(), (draw.share() - Rational::new(1, 2)).max(Rational::zero()));
        sigma.push(&first + offset * &reach);
        if k > 2 {
            let before = alpha[k - 3].clone();
            alpha.push(before - &r / &sigma[k - 1] + slack * &r);
        }
    }
    let table = Table::default().scalar("L", Rational::from(depth as i64)).scalar("epsilon", r.powi(2) / 2);
    let table = table.family("sigma", sigma.into_iter().map(scalar));
    Ok(alpha.into_iter().zip(2..).fold(table, |t, (a, k)| t.matrix("alpha", &[k], scalar(a))))
}

/// The hypotheses of most steps of this file.
const CASE: Setting = Setting::new(
    "(21): sigma_1 > C > sqrt(2 epsilon) L; layers for which the three statements of Lemma 2 hold, L >= 2",
    LARGE,
    case,
);

/// `sqrt(sigma_1^2 - epsilon)`.
fn low() -> Expr {
    sqrt(sigma(1).pow(2) - epsilon())
}
/// `sigma_{k+1} alpha_k - sqrt(2 epsilon)`.
fn bracket() -> Expr {
    sigma(next()) * at("alpha", k()) - root()
}
/// A product over k = 2, .., last.
fn to(last: Expr, factor: Expr) -> Expr {
    ascent("k", 2, last, factor)
}

/// The smallest bracket, `sqrt(sigma_1^2 - epsilon) >= sqrt(2 epsilon) (L-1)`, in squares.
fn last_bracket() -> Form {
    let [z, l] = chart();
    let reduced = (1 - z.pow(2)) + z.pow(2) * &l * (4 - 3 * &l) / 2;
    let times = (var("L") - 1).pow(2);
    every_depth(&low_square().at_least(2 * epsilon() * times), [(2, reduced.at_least(0))])
}

/// Lines 1243 to 1263: alpha_k is defined, loses at most sqrt(2 epsilon)/sigma_{k+1} a layer, and norm(x_k) grows by
/// the bracket `sigma_{k+1} alpha_k - sqrt(2 epsilon)`.
fn recursion_steps() -> Vec<Step> {
    let (ratio, length) = (norm(at("x", k())) / norm(at("x", next())), norm(at("x", next())));
    let fall = root() / sigma(next());
    let after = dot(at("x", next()), at("u", next()));
    let [a, b, s, angle, r] = vars(["a", "b", "sigma", "alpha", "r"]);
    let factored = (&a / &b * (&s * &angle - &r)).equals(&a * &s / &b * (angle - r / s));
    let ranges = ["a", "alpha", "r"].map(Range::any).into_iter().chain(["b", "sigma"].map(Range::positive));
    let terms = |last: Expr, index: Expr| root() * sum("k'", 2, last, 1 / sigma(index));
    let count = k() - 2;
    let says = |first: &Expr, last: Expr| {
        let second = at("alpha", 2) - root() * sum("k'", 2, k() - 1, 1 / low());
        let third = at("alpha", 2) - root() * &count / low();
        at("alpha", k()).at_least(at("alpha", 2) - first).at_least(second).equals(third).each("k", 2, last)
    };
    let each = var("k'") + 1;
    let (printed, meant) = (terms(k() - 1, next()), terms(k() - 1, each.clone()));
    let of_layers =
        at("alpha", k()).at_least(at("alpha", 2) - root() * &count / sigma(next())).each("k", 2, var("L") - 1);
    steps![
        step(CASE.on(WITH_REST), "theorem-3/alpha-defined", "Theorem 3, proof, definition of alpha_k", &[])
            .quoted(1243, "Denote")
            .titled("The path does not meet zero")
            .uses(&["theorem-3/large-norms", "theorem-3/growth"])
            .states(square(at("x", k())).above(0).each("k", 2, var("L")))
            .elsewhere(Plant::DroppedHypothesis, "without (21)", |draw| large(draw, false, 2))
            .remarks(&["Not said, so that alpha_k is defined: by induction with the growth of norm(x_k)."]),
        step(CASE, "theorem-3/alpha-step", "Theorem 3, proof, after (23)", &[1245])
            .titled("(23) for the cosines")
            .uses(&["theorem-3/eq-23", "theorem-3/alpha-defined"])
            .states(neighbours(at("alpha", next()).at_least(&ratio * bracket())))
            .form(apart(("theorem-3/alpha-step", &[&[]]), ("factored", Role::Printed), factored, over(ranges)))
            .edited(Plant::DroppedFactor, Edit::Drop(ratio))
            .edited(Plant::FlippedSign, Edit::FlipSign(root())),
        step(CASE, "theorem-3/path-growth", "Theorem 3, proof, large spectral norm, text", &[])
            .quoted(1249, "Further note that")
            .titled("The path grows at most by sigma")
            .states(neighbours(length.at_most(sigma(next()) * norm(at("x", k())))))
            .edited(Plant::DroppedFactor, Edit::Drop(sigma(next())))
            .edited(Plant::StrictInequality, Edit::Strict(0)),
        step(CASE.on(WITH_REST), "theorem-3/nonnegative-bracket", "Theorem 3, proof, large spectral norm, silent", &[])
            .quoted(1249, "thus")
            .titled("The bracket is not negative")
            .uses(&["theorem-3/large-norms", "theorem-3/alpha-step"])
            .states(neighbours((sigma(next()) * at("alpha", k())).at_least(root())))
            .elsewhere(Plant::DroppedHypothesis, "without (21)", |draw| large(draw, false, 2))
            .remarks(&[
                "Not said; it is what lets the factor norm(x_k) sigma_{k+1}/norm(x_{k+1}) >= 1 be dropped. Form \
                 every-depth: s >= sqrt(2 epsilon) (L-1) in squares, s = sqrt(sigma_1^2 - epsilon).",
            ])
            .form(last_bracket()),
        step(CASE, "theorem-3/alpha-recursion", "Theorem 3, proof, large spectral norm, recursion of alpha", &[1251])
            .titled("The cosine falls slowly")
            .uses(&["theorem-3/alpha-step", "theorem-3/path-growth", "theorem-3/nonnegative-bracket"])
            .states(neighbours(at("alpha", next()).at_least(at("alpha", k()) - &fall)))
            .edited(Plant::DroppedTerm, Edit::Drop(fall.clone()))
            .edited(Plant::FlippedSign, Edit::FlipSign(fall)),
        Step::new("theorem-3/alpha-sum", "Theorem 3, proof, large spectral norm, after \"By recurrence\"", &[1257])
            .titled("The cosine by the recursion")
            .given(
                "any numbers with |sigma_k^2 - sigma_1^2| <= epsilon, sigma_1 > sqrt(2 epsilon) L and alpha_{k+1} >= \
                 alpha_k - sqrt(2 epsilon)/sigma_{k+1}, k = 2, .., L-1",
            )
            .uses(&["theorem-3/alpha-recursion", "theorem-3/large-norm-range", "lemma-2/second-statement"])
            // sigma_{L+1} does not exist.
            .on(&[&[3], &[4], &[5], &[6], &[12]], numbers)
            .misstates(
                says(&printed, var("L") - 1),
                Fault::Gap,
                "An index, and a step that does not follow: the terms of the sum over k' are 1/sigma_{k'+1}. As \
                 printed they do not depend on k', and the first inequality does not follow from the recursion: \
                 numbers that satisfy all that the recursion says violate it for L = 4, k = 3, alpha_3 = alpha_2 - \
                 sqrt(2 epsilon)/sigma_3 and sigma_4 > sigma_3. For the layers of B.4 and k < L, the k that are used, \
                 it is true all the same (form `layers`), because the cosine falls to second order only, which the \
                 text does not say. The next link bounds every sigma^2 by sigma_1^2 - epsilon and is right for both; \
                 what is used below is its right side.",
            )
            .on(&[&[2], &[3], &[4], &[6], &[12]], numbers)
            .rightly(says(&meant, var("L")))
            .edited(Plant::DroppedTerm, Edit::Swap(meant.clone(), terms(k() - 2, each)))
            .edited(Plant::FlippedSign, Edit::FlipSign(meant))
            .form(apart(("theorem-3/alpha-sum", LARGE), ("layers", Role::Sharpened), of_layers, |draw| {
                large(draw, true, 3)
            })),
        step(CASE, "theorem-3/growth", "Theorem 3, proof, large spectral norm, growth of the path", &[1263])
            .titled("The path grows")
            .uses(&["theorem-3/eq-23"])
            .states(neighbours(length.at_least(after).at_least(norm(at("x", k())) * bracket())))
            .edited(Plant::DroppedTerm, Edit::Drop(root()))
            .edited(Plant::FlippedSign, Edit::FlipSign(root())),
    ]
}

/// Lines 1269 to 1278: norm(x_L) as a product of brackets, each bounded by sqrt(sigma_1^2 - epsilon) and its index.
fn product_steps() -> Vec<Step> {
    let [depth, second] = [var("L"), norm(at("x", 2))];
    let before = || &depth - 1;
    let fall = root() * (k() - 2) / low();
    let first = to(before(), bracket());
    let recursion = to(before(), low() * (at("alpha", 2) - &fall) - root());
    let simpler = to(before(), low() * at("alpha", 2) - root() * k());
    let [fed, along] = [w(2) * at("v", 2), dot(w(2) * at("v", 2), at("u", 2))];
    steps![
        step(
            CASE,
            "theorem-3/product-chain",
            "Theorem 3, proof, large spectral norm, recurrence of norm(x_L)",
            &[1269]
        )
        .titled("The end of the path as a product")
        .uses(&["theorem-3/growth", "theorem-3/nonnegative-bracket", "theorem-3/alpha-sum", "theorem-3/large-norms",])
        .states(norm(at("x", &depth)).at_least(&second * &first).at_least(&second * &recursion))
        .edited(Plant::OffByOne, Edit::Swap(first, ascent("k", 1, before(), bracket())))
        .edited(Plant::FlippedSign, Edit::FlipSign(fall)),
        step(
            CASE,
            "theorem-3/product-simpler",
            "Theorem 3, proof, large spectral norm, recurrence, last line",
            &[1274]
        )
        .titled("The factors simplified")
        .uses(&["theorem-3/product-chain", "theorem-3/nonnegative-bracket"])
        .states((&second * recursion).at_least(&second * simpler))
        .edited(Plant::OffByOne, Edit::Swap(root() * k(), root() * (k() - 2)))
        .edited(Plant::FlippedSign, Edit::FlipSign(root() * k()))
        .remarks(&["k - 1 in place of k would be an equality."]),
        Step::new("theorem-3/alpha-two", "Theorem 3, proof, large spectral norm, alpha_2", &[])
            .quoted(1278, "we obtain that")
            .about("The path begins along u_2", "any layers, L >= 2; x_2 = W_2 v_2, so alpha_2 = 1")
            .on(EXACT, pair)
            .states(fed.equals(sigma(2) * at("u", 2)).and(along.pow(2).equals(square(fed))))
            .edited(Plant::OffByOne, Edit::SwapAll(at("v", 2), at("u", 1))),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let depth = var("L");
    let less = &depth - 1;
    let factors = to(less.clone(), low() - root() * k());
    let first = sigma(2) * &factors;
    let (longer, wrong) = (to(depth.clone(), low() - root() * k()), sigma(2).pow(2) * &factors);
    let by = root() * &less;
    let second = (low() - &by).power(&depth - 2);
    let roots = sqrt(sigma(1).pow(2)) - sqrt(epsilon());
    let third = &roots - &by;
    let fourth = sigma(1) - root() * &depth;
    let below = var("C") - root() * &depth;
    let [z, l] = chart();
    let moved = &z * &l;
    // In squares.
    let split = low_square().at_least((var("sigma_1") - sqrt(epsilon())).pow(2));
    let split = every_depth(&split, [(2, (&moved * (sqrt(Expr::from(2)) - &moved)).at_least(0))]);
    // What is raised to a power is not negative.
    let absorbed = (root() * &depth).at_least(sqrt(epsilon()) + &by).and(var("sigma_1").at_least(root() * &depth));
    let rest = (&moved * (1 - 1 / sqrt(Expr::from(2)))).at_least(0);
    let absorbed = every_depth(&absorbed, [(1, rest), (1, (1 - z).at_least(0))]);
    let mut out = recursion_steps();
    out.extend(product_steps());
    out.extend(steps![
        step(CASE, "theorem-3/chain-sigma", "Theorem 3, proof, large spectral norm, last chain, second line", &[1285])
            .titled("norm(x_2) and alpha_2 put in")
            .uses(&["theorem-3/product-norm", "theorem-3/product-simpler", "theorem-3/alpha-two"])
            .states(norm(at("x", &depth)).at_least(&first))
            .edited(Plant::OffByOne, Edit::Swap(factors, longer))
            .edited(Plant::WrongPower, Edit::Swap(first.clone(), wrong)),
        step(CASE, "theorem-3/chain-power", "Theorem 3, proof, large spectral norm, last chain, third line", &[1290])
            .titled("All factors by the smallest")
            .uses(&["theorem-3/large-norms", "theorem-3/nonnegative-bracket"])
            .states(first.at_least(low() * &second))
            .edited(Plant::OffByOne, Edit::Swap(&depth - 2, less.clone()))
            .edited(Plant::FlippedSign, Edit::FlipSign(by.clone()))
            .edited(Plant::DroppedFactor, Edit::Swap(by.clone(), root()))
            .form(last_bracket()),
        step(CASE, "theorem-3/chain-root", "Theorem 3, proof, large spectral norm, last chain, fourth line", &[1295])
            .titled("The square root split")
            .uses(&["theorem-3/chain-power"])
            .states((low() * second).at_least(third.power(&less)))
            .edited(Plant::OffByOne, Edit::Swap(third.power(&less), third.power(&depth)))
            .edited(Plant::FlippedSign, Edit::Swap(third.clone(), roots + by))
            .edited(Plant::LostSquare, Edit::Swap(sqrt(sigma(1).pow(2)), sigma(1).pow(2)))
            .form(split),
        step(CASE, "theorem-3/chain-last", "Theorem 3, proof, large spectral norm, last chain, last line", &[1300])
            .titled("sqrt(epsilon) absorbed")
            .uses(&["theorem-3/chain-root"])
            .states(third.power(&less).at_least(fourth.power(&less)))
            .edited(Plant::OffByOne, Edit::Swap(fourth.power(&less), fourth.power(&depth)))
            .edited(Plant::DroppedFactor, Edit::Swap(root() * &depth, root()))
            .form(absorbed),
        Step::new("theorem-3/eq-24", "Theorem 3, proof, (24)", &[1307])
            .quoted(1314, "which is a positive quantity by definition of C")
            .titled("The product of the upper layers is bounded below where sigma_1 is large")
            .given("(21); W and W(0) satisfy Lemma 1, L >= 1")
            .uses(&["theorem-3/chain-sigma", "theorem-3/chain-last"])
            .on(TRUE, |draw| large(draw, true, 1))
            .states(norm(layers_from(2)).at_least(below.power(&less)).above(0))
            .edited(Plant::OffByOne, Edit::Swap(less, depth.clone()))
            .edited(Plant::WrongConstant, Edit::Swap(var("C"), 4 * sigma(1)))
            .edited(Plant::FlippedSign, Edit::FlipSign(root() * depth))
            .remarks(&["The text says: by definition of C; it is by (21), sigma_1 > C."]),
    ]);
    out
}
