//! The steps of B.5 from the rank-one approximation on: the second inequality of Corollary 1. What was found is said in
//! [`crate::paper::section_4::corollary_1::proof`].
//!
//! The order is that of the text; what each step evaluates is in [`scalars`], [`exact`] and [`products`]. The sums over
//! k are compared term by term where the text compares them so; the chain from the telescoping sum to
//! `L sqrt(epsilon)/(norm(w*)/2)^(1/L) prod sigma_j` is one step per line.

use crate::arithmetic::Rational;
use crate::formula::{
    Edit, Expr, Range, ascent, at, at2, exp_rest, fraction, ln, ln_over, max, norm, norm_f, sqrt, square, sum,
    transpose, var, vars,
};
use crate::harness::evidence::{Fault, Grade};
use crate::harness::steps::{Plant, Step, step, steps};
use crate::paper::kit::every;
use crate::paper::section_4::corollary_1::proof_exact::{self as exact, HIGH, LOW, PRODUCT, drawn, under};
use crate::paper::section_4::corollary_1::proof_products::{
    self as products, DEEP, LAYERS, NARROW, NEAR, all_sigmas, apart, around, near, others, rank_one as rank_one_from,
    rest, sigmas, term, whole,
};
use crate::paper::section_4::corollary_1::proof_scalars::{
    self as scalars, A3, coordinates, double, half, over_a3, printed, small, squared_root, upper_root, v,
};

/// The distance of the product from the product of the rank-one approximations.
pub fn rank_one() -> Vec<Step> {
    let [k, l, root, least] = vars(["k", "L", "sqrt(eps)", "min sigma_j"]);
    let sigma = at("sigma", &k);
    let tail = || square(at("W", &k)) - sigma.pow(2);
    let sum_of = |first: i64, e: Expr| sum("k", first, &l, e);
    let right = || rest("v", "u");
    let (one, apart_from) = (norm(term(right())), || norm(whole() - rank_one_from(1)));
    steps![
        step(LAYERS, "corollary-1/rank-one-distance", "B.5, rank-one approximation", &[1495])
            .titled("The distance of a layer to its rank-one approximation")
            .given("any layers as a point of a flow; epsilon at its least by Lemma 1; sigma_k = norm_2(W_k)")
            .uses(&["lemma-2-rank-one", "corollary-1/other-squares"])
            .states(every(square(apart()).equals(tail()).at_most(var("eps"))))
            .edited(Plant::LostSquare, Edit::Swap(sigma.pow(2), sigma.clone())),
        step(LAYERS, "corollary-1/other-squares", "B.5, rank-one approximation", &[])
            .quoted(1499, "since both quantities are equal to the sum of the squared singular values of")
            .titled("Both are the sum of the other squared singular values")
            .given("any layers, d_L = 1; s_{k,i} the i-th singular value of W_k, zero beyond the last")
            .graded(Grade::Instance)
            .states(every(square(apart()).equals(tail()).equals(sum("i", 2, var("m"), at2("s", &k, var("i")).pow(2)))))
            .edited(
                Plant::OffByOne,
                Edit::Swap(
                    sum("i", 2, var("m"), at2("s", &k, var("i")).pow(2)),
                    sum("i", 3, var("m"), at2("s", &k, var("i")).pow(2)),
                ),
            ),
        step(LAYERS.on(NARROW), "corollary-1/telescoping", "B.5, adding and subtracting", &[1501, 1506])
            .titled("The telescoping sum")
            .misstates(
                apart_from().at_most(sum_of(1, norm(term(rest("u", "v"))))),
                Fault::Slip,
                "A misprint: u_k v_k^T is d_k by d_{k-1} and cannot be subtracted from W_k^T, which is d_{k-1} by d_k. \
                 With d_L = 1 the sum has a meaning only if all widths are 1; the smallest case is L = 1, d = 2. With \
                 v_k u_k^T in its place the terms add up to the difference exactly, and the triangle inequality gives \
                 the display. The misprint is repeated in the next two lines and gone in the third (line 1522); \
                 nothing depends on it, as the norm is that of the transpose.",
            )
            .rightly(
                (whole() - rank_one_from(1))
                    .equals(sum_of(1, term(right())))
                    .and(apart_from().at_most(sum_of(1, one.clone()))),
            )
            .edited(Plant::OffByOne, Edit::Swap(sum_of(1, one.clone()), sum_of(2, one.clone()))),
        step(LAYERS, "corollary-1/layers-apart", "B.5, norms of the factors", &[1511])
            .titled("The norm of each term of the sum")
            .uses(&["corollary-1/telescoping"])
            .misstates(
                every(one.at_most(around(norm(rest("u", "v"))))),
                Fault::Slip,
                "The misprint of the line before: u_k v_k^T for v_k u_k^T; the norm is not defined unless all widths \
                 are 1. Corrected it holds term by term, since a product of unit vectors v_j u_j^T has norm at most 1. \
                 Nothing depends on it.",
            )
            .rightly(every(one.at_most(around(at2("s", &k, 2)))))
            .edited(Plant::OffByOne, Edit::Swap(around(at2("s", &k, 2)), sigmas(1, &k - 1) * at2("s", &k, 2)))
            .remarks(&[
                "s_{k,2}, the second singular value of W_k, is the norm of W_k^T - sigma_k v_k u_k^T; sigma_j is that \
                 of W_j. The sums are compared term by term.",
            ]),
        step(LAYERS, "corollary-1/frobenius", "B.5, Frobenius norms", &[1516])
            .titled("The Frobenius norm in place of the spectral norm")
            .uses(&["corollary-1/layers-apart"])
            .misstates(
                every(around(at2("s", &k, 2)).at_most(around(norm_f(rest("u", "v"))))),
                Fault::Misprint,
                "The same misprint again: u_k v_k^T for v_k u_k^T. Corrected, the Frobenius norm is that of W_k - \
                 sigma_k u_k v_k^T, which the display before the telescoping sum bounds. Nothing depends on it.",
            )
            .rightly(every(around(at2("s", &k, 2)).at_most(around(norm_f(right())))))
            .edited(Plant::MissingNorm, Edit::Swap(norm_f(right()), at("largest entry", &k))),
        step(NEAR, "corollary-1/root-epsilon", "B.5, epsilon in the sum", &[1521])
            .titled("sqrt(epsilon) in place of the distance")
            .uses(&["corollary-1/frobenius", "corollary-1/rank-one-distance"])
            .states(every(around(norm_f(right())).at_most(&root * others())))
            .edited(Plant::WrongPower, Edit::Swap(root.clone(), root.pow(2))),
        Step::new("corollary-1/sum-of-reciprocals", "B.5, the product taken out", &[1526])
            .about("The product of the sigma_j taken out", "every sigma_k > 0: by the first inequality")
            .on(exact::DEPTHS, products::nonzero_numbers)
            .states((&root * sum_of(1, others())).equals(&root * all_sigmas() * sum_of(1, 1 / &sigma)))
            .edited(Plant::WrongPower, Edit::Swap(1 / &sigma, 1 / sigma.pow(2)))
            .edited(Plant::OffByOne, Edit::Swap(sum_of(1, 1 / &sigma), sum_of(2, 1 / &sigma))),
        Step::new("corollary-1/least-reciprocal", "B.5, the least sigma_k", &[1531])
            .about("The sum of reciprocals against the least sigma_k", "every sigma_k > 0")
            .on(exact::DEPTHS, products::positive)
            .states((&root * all_sigmas() * sum_of(1, 1 / &sigma)).at_most(&root * all_sigmas() * (&l / &least)))
            .edited(Plant::OffByOne, Edit::Swap(&l / &least, (&l - 1) / &least)),
        step(NEAR, "corollary-1/by-first-inequality", "B.5, first inequality in the sum", &[1536])
            .titled("The first inequality in the sum")
            .uses(&["corollary-1/first-inequality"])
            .states((&root * all_sigmas() * (&l / &least)).at_most(&l * &root / var(LOW) * all_sigmas()))
            .edited(Plant::WrongConstant, Edit::Swap(var(LOW), 2 * var(LOW))),
    ]
}

/// The alignment, and the lower bound of the norm of the product.
pub fn below() -> Vec<Step> {
    let [k, root, least] = vars(["k", "sqrt(eps)", "min sigma_j"]);
    let ([l, eps, best], [r, z, a]) = (printed(), coordinates());
    let [low, _, low_square] = exact::below();
    let cosine = |k: &Expr| transpose(at("u", k)) * at("v", k + 1);
    let share = || &eps / low.pow(2);
    let product = || norm(whole());
    let part = || norm(rank_one_from(1));
    let difference = || norm(whole() - rank_one_from(1));
    let aligned = |first: i64| norm(at("v", 1)) * ascent("k", first, &l - 1, cosine(&k));
    let first_bracket = || 1 - (&l - 1) * share();
    let second = || &l * &root / &low;
    let half = (&l - 1) / 2;
    let (x, turned) = (&eps / squared_root(), (&a * double()).pow(2));
    let y = r.pow(2) * &z * &turned;
    let g = -ln_over(-(&y * &z)) / 2;
    let y = y * (1 - &z);
    let eighth = || fraction(1, 8);
    let (angles, ranks) = (r.pow(2) * &z * (1 - &z) * turned, &r * &a * double());
    let fractions = [(&l - 1) * &eps / squared_root(), &l * sqrt(&eps) / scalars::root()];
    let [of_angles, of_ranks] = &fractions;
    let bracket = (1 - of_angles - of_ranks).at_least(1 - eighth() - eighth()).at_least(fraction(3, 4));
    let eighths = of_angles.at_most(eighth()).and(of_ranks.at_most(eighth())).and(bracket);
    steps![
        Step::new("corollary-1/alignment", "B.5, alignment", &[1542])
            .titled("Alignment of neighbouring layers")
            .given(
                "any layers as a point of a flow, epsilon at its least by Lemma 1; sigma_{k+1} >= (norm(w*)/2)^(1/L) > \
                 0",
            )
            .uses(&["lemma-2-alignment", "corollary-1/first-inequality"])
            .on(products::DEEP, products::bounded)
            .when(low.above(0))
            .states(cosine(&k).pow(2).at_least(1 - &eps / at("sigma", &k + 1).pow(2)).at_least(1 - share()).each(
                "k",
                1,
                &l - 1,
            ))
            .edited(Plant::LostSquare, Edit::Swap(low.pow(2), low.clone())),
        step(LAYERS, "corollary-1/rank-one-norm", "B.5, norm of the rank-one product", &[1548])
            .quoted(1546, "Since  $u_L = 1$ , we deduce that")
            .titled("The norm of the product of rank-one layers")
            .misstates(
                part().equals(all_sigmas() * aligned(1)),
                Fault::Hypothesis,
                "A hypothesis is missing, or absolute values: singular vectors are given up to a common sign of u_k \
                 and v_k, and <v_{k+1}, u_k> >= 0 is a choice. Without it the right side can be negative: L = 2, all \
                 widths 1, W_1 = -1 = u_1 v_1 with u_1 = -1, v_1 = 1, and W_2 = 1 give 1 = -1. B.4 makes the choice \
                 for its own proof. Made here from the last layer on (u_L = 1, then u_{L-1}, ..), it is always \
                 possible, and the display and the next line hold; with |u_k^T v_{k+1}| in the display they hold for \
                 every choice. All that follows survives.",
            )
            .on(products::WIDTHS, products::oriented)
            .rightly(part().equals(all_sigmas() * aligned(1)))
            .edited(Plant::DroppedFactor, Edit::Swap(all_sigmas() * aligned(1), aligned(1)))
            .edited(Plant::OffByOne, Edit::Swap(aligned(1), aligned(2)))
            .remarks(&["Printed for any orientations, corrected for u_L = 1 and every <v_{k+1}, u_k> >= 0."]),
        step(NEAR.on(DEEP), "corollary-1/alignment-power", "B.5, alignment in the norm", &[1553])
            .titled("Alignment in the norm of the rank-one product")
            .uses(&["corollary-1/alignment", "corollary-1/rank-one-norm"])
            .states(part().at_least(all_sigmas() * (1 - share()).power(&half)))
            .edited(Plant::WrongPower, Edit::Swap(half.clone(), &half / 2)),
        Step::new("corollary-1/bernoulli-minus", "B.5, Lemma 4 with alpha = (L-1)/2", &[1558])
            .titled("Lemma 4 applied to the alignment")
            .given(A3)
            .uses(&["lemma-4-minus", "corollary-1/equivalent-half", "corollary-1/half-of-square"])
            // With y = (L-1) x and g = ln(1 - x)/x, less 1, over y/(1 - z) (equal where y = 0):
            // (1 - z) ((g/2) E(y g/2) + 1) >= 0.
            .says(
                (1 - &x).power(&half).at_least(1 - (&l - 1) * &x),
                scalars::whole().cleared_by(1 / (&l * &x), ((1 - &z) * (&g * exp_rest(1, y * &g) + 1)).at_least(0)),
            )
            .edited(Plant::WrongConstant, Edit::Swap((&l - 1) * &x, &half * &x))
            .remarks(&["Lemma 4 asks for alpha > 0; at L = 1 both sides are 1. A constant 2 is needed for alpha < 1 \
                        only, that is L = 2 (2 ln 2 in general)."]),
        Step::new("corollary-1/equivalent-half", "B.5, hypothesis of Lemma 4", &[1564])
            .titled("The hypothesis of Lemma 4, rewritten")
            .given("norm(w*) > 0; the factor between the two differences is (norm(w*)/2)^(2/L)")
            .on(exact::NUMBERS, exact::any(LOW))
            .states(((fraction(1, 2) - &eps / &low_square) * &low_square).equals(&low_square / 2 - &eps))
            .edited(Plant::LostSquare, Edit::SwapNth(2, low_square, low.clone())),
        Step::new("corollary-1/half-of-square", "B.5, hypothesis of Lemma 4", &[])
            .quoted(1568, "which holds by")
            .titled("epsilon is below half of the squared root")
            .uses(&["corollary-1/eq-28"])
            .stated_by(small(
                eps.at_most(squared_root() / 2),
                best.power(-(2 / &l)),
                (scalars::half().pow(2) / 2).at_least((&r * &z).pow(2) * a.pow(2)),
            )),
        step(NEAR, "corollary-1/rank-one-below", "B.5, start of the triangle inequality", &[1570])
            .titled("The norm of the rank-one product from below")
            .uses(&["corollary-1/alignment-power", "corollary-1/bernoulli-minus"])
            .states((all_sigmas() * first_bracket()).at_most(part()))
            .edited(Plant::FlippedSign, Edit::FlipSign((&l - 1) * share())),
        step(LAYERS.on(NARROW), "corollary-1/triangle", "B.5, triangle inequality", &[1574])
            .titled("The triangle inequality")
            .states(part().at_most(product() + difference()))
            .edited(Plant::DroppedTerm, Edit::Drop(difference())),
        step(NEAR, "corollary-1/difference-bounded", "B.5, distance in the triangle inequality", &[1578])
            .titled("The distance of the two products")
            .uses(&["corollary-1/root-epsilon", "corollary-1/least-reciprocal", "corollary-1/by-first-inequality"])
            .states(difference().at_most(second() * all_sigmas()))
            .elsewhere(Plant::DroppedHypothesis, "without Lemma 2", |draw| near(draw, true)),
        step(NEAR, "corollary-1/combined", "B.5, after the triangle inequality", &[1584])
            .titled("The norm of the product from below")
            .uses(&["corollary-1/rank-one-below", "corollary-1/triangle", "corollary-1/difference-bounded"])
            .states((all_sigmas() * (first_bracket() - second())).at_most(product()))
            .edited(Plant::DroppedFactor, Edit::Drop(first_bracket() - second())),
        Step::new("corollary-1/bracket", "B.5, 3/4", &[1590])
            .titled("The bracket is at least 3/4")
            .given(A3)
            .uses(&["corollary-1/eq-27", "corollary-1/eq-28"])
            .stated_by(over_a3(eighths, |domain| {
                domain
                    .cleared_by(1, (eighth() - &angles).at_least(0))
                    .cleared_by(1, (eighth() - &ranks).at_least(0))
                    .cleared_by(1, (fraction(1, 4) - &angles - &ranks).at_least(0))
                    .cleared_by(1, Expr::from(0).at_least(0))
            })),
        Step::new("corollary-1/product-above-least", "B.5, before 3 (min sigma_k)^L/4", &[])
            .quoted(1594, "can be lower-bounded by the smallest one to the power")
            .about("The product of the sigma_k against the least", "every sigma_k > 0")
            .on(exact::DEPTHS, products::positive)
            .states(all_sigmas().at_least(least.power(&l)))
            .edited(Plant::FlippedSign, Edit::Swap(least.clone(), var("max sigma_j"))),
        step(NEAR, "corollary-1/least-power", "B.5, 3 (min sigma_k)^L/4", &[1596])
            .titled("The least spectral norm against the product")
            .uses(&["corollary-1/combined", "corollary-1/bracket", "corollary-1/product-above-least"])
            .states((fraction(3, 4) * least.power(&l)).at_most(product()))
            .edited(Plant::WrongConstant, Edit::Swap(fraction(3, 4), fraction(3, 2))),
    ]
}

/// The upper bound of the least spectral norm, and the second inequality.
pub fn second_inequality() -> Vec<Step> {
    let ([l, eps, best], [r, z, a]) = (printed(), coordinates());
    let [high, high_square] = exact::above();
    let (log, x) = (ln(fraction(3, 4)), &eps / upper_root());
    let g = -ln_over(-(v() * &z));
    let [over, least] = [var("over"), var("base") * var("share")];
    // A singular value is not negative, whatever the base of the power is.
    let negated = |root: Expr| {
        let least = max(&high - &eps + var("more"), 0);
        let product = fraction(3, 4) * least.power(&l) + var("rest");
        drawn(["eps", "over", "more", "rest"].map(|name| Range::from(name, 0)), [(HIGH, root), (PRODUCT, product)])
    };
    let upper_square = high_square + eps.pow(2) - 2 * &eps * &high;
    let squared = || (2 * &best).power(2 / &l);
    steps![
        Step::new(
            "corollary-1/upper-least",
            "B.5, min sigma_k from above (stated before and after its proof)",
            &[1602, 1631],
        )
        .titled("The least spectral norm from above")
        .given("(A3); norm(w_prod) < 9 norm(w*)/8 and 3 (min sigma_k)^L/4 <= norm(w_prod), so for t large enough")
        .uses(&["corollary-1/least-power", "corollary-1/converges", "corollary-1/eq-30", "corollary-1/contradicts-30"])
        // Where 3 min^L/4 <= norm(w_prod) < (9/8) norm(w*): over the last root, times L.
        .says(
            (3 * &best / 2).power(1 / &l).at_most(upper_root() - &eps),
            scalars::whole().cleared_by(&l / upper_root(), (-&log * exp_rest(1, &z * &log)).at_least(v())),
        )
        .edited(Plant::DroppedFactor, Edit::Swap(2 * &best, best.clone())),
        Step::new("corollary-1/negated-upper", "B.5, (30), first line", &[1608])
            .titled("The negation to the power L")
            .given("min sigma_k > (2 norm(w*))^(1/L) - epsilon >= 0, 3 (min sigma_k)^L/4 <= norm(W_1^T..W_L^T)")
            .uses(&["corollary-1/least-power"])
            .on(exact::DEPTHS, negated(&eps + &over))
            .states(var(PRODUCT).at_least(3 * (&high - &eps).power(&l) / 4))
            .elsewhere(Plant::DroppedHypothesis, "without (2 norm(w*))^(1/L) >= eps", negated(over))
            .remarks(&["That the base is not negative is used silently; it holds by (27)."]),
        Step::new("corollary-1/factor-upper", "B.5, (30), second line", &[1612])
            .about("2 norm(w*) taken out of the power", "norm(w*) > 0")
            .on(exact::DEPTHS, exact::any(HIGH))
            .states((3 * (&high - &eps).power(&l) / 4).equals(fraction(3, 2) * &best * (1 - &eps / &high).power(&l)))
            .edited(Plant::WrongConstant, Edit::Swap(fraction(3, 2), fraction(3, 4)))
            .edited(Plant::OffByOne, Edit::SwapNth(1, l.clone(), &l + 1)),
        Step::new("corollary-1/bernoulli-minus-l", "B.5, (30), third line: Lemma 4 with alpha = L", &[1613])
            .titled("Lemma 4 applied to the upper side")
            .given(A3)
            .uses(&["lemma-4-minus", "corollary-1/half-of-root"])
            // Less 1, over y = L x (equal at 0): g E(y g) >= -2.
            .says(
                (1 - &x).power(&l).at_least(1 - 2 * &l * &x),
                scalars::whole().cleared_by(1 / (&l * &x), (&g * exp_rest(1, v() * &g)).at_least(-2)),
            )
            .edited(Plant::OffByOne, Edit::Swap(2 * &l, 2 * (&l - 1)))
            .remarks(&["By Bernoulli's inequality 1 does in place of 2, as L >= 1."]),
        Step::new("corollary-1/eq-30", "B.5, (30)", &[1614])
            .titled("9/8 of norm(w*)")
            .uses(&[
                "corollary-1/negated-upper",
                "corollary-1/factor-upper",
                "corollary-1/bernoulli-minus-l",
                "corollary-1/eighth-of-root",
            ])
            .stated_by(small(
                (fraction(3, 2) * &best * (1 - 2 * &l * &eps / upper_root())).at_least(9 * &best / 8),
                1 / &best,
                (fraction(3, 2) * (1 - 2 * v())).at_least(fraction(9, 8)),
            )),
        Step::new("corollary-1/half-of-root", "B.5, hypothesis of Lemma 4", &[1619])
            .titled("epsilon is below half of the root")
            .uses(&["corollary-1/eq-27"])
            .stated_by(small(x.at_most(fraction(1, 2)), 1.into(), fraction(1, 2).at_least(v() * &z))),
        Step::new("corollary-1/equivalent-eighth", "B.5, condition for 9/8", &[1625])
            .titled("The condition for 9/8, rewritten")
            .given("norm(w*) > 0; the factor between the two differences is (2 norm(w*))^(1/L)/2")
            .on(exact::NUMBERS, exact::any_real(HIGH))
            .states(((fraction(1, 4) - 2 * &l * &eps / &high) * (&high / 2)).equals(&high / 8 - &l * &eps))
            .edited(Plant::WrongConstant, Edit::Swap(&high / 8, &high / 4)),
        Step::new("corollary-1/eighth-of-root", "B.5, condition for 9/8", &[])
            .quoted(1629, "also by")
            .titled("L epsilon is below an eighth of the root")
            .uses(&["corollary-1/eq-27", "corollary-1/equivalent-eighth"])
            .stated_by(small((&l * &eps).at_most(upper_root() / 8), 1 / upper_root(), fraction(1, 8).at_least(v()))),
        Step::new("corollary-1/contradicts-30", "B.5, conclusion of (30)", &[])
            .quoted(1629, "is a contradiction with the fact that")
            .about("9/8 of norm(w*) is a distance from w*", "norm(w*) >= 1, norm(w_prod) >= 9 norm(w*)/8")
            .stated_by(exact::apart(|share| Rational::new(9, 8) + 1 - share, 8)),
        Step::new("corollary-1/square-upper", "B.5, min sigma_k squared", &[1637])
            .titled("The upper bound of the least spectral norm squared")
            .given("0 <= min sigma_k <= (2 norm(w*))^(1/L) - epsilon")
            .uses(&["corollary-1/upper-least"])
            .on(exact::NUMBERS, under([], ("min sigma_k", least.clone())))
            .states(var("min sigma_k").pow(2).at_most(&upper_square))
            .edited(Plant::DroppedTerm, Edit::Drop(eps.pow(2))),
        step(LAYERS, "corollary-1/balance-above", "B.5, Lemma 2 again", &[1643])
            .titled("Every spectral norm against the least")
            .given("any layers as a point of a flow; epsilon at its least by Lemma 1")
            .uses(&["lemma-2-balance"])
            .states(every(at("sigma", var("k")).pow(2).at_most(var("min sigma_j").pow(2) + var("eps"))))
            .edited(Plant::FlippedSign, Edit::FlipSign(var("eps"))),
        Step::new("corollary-1/add-epsilon", "B.5, both together", &[1648])
            .titled("The two bounds together")
            .given("0 <= min sigma_j <= (2 norm(w*))^(1/L) - epsilon, sigma_k^2 <= min sigma_j^2 + epsilon")
            .uses(&["corollary-1/square-upper", "corollary-1/balance-above"])
            .on(exact::NUMBERS, under([Range::within("last", 0, 1)], ("sigma_k^2", least.pow(2) + &eps * var("last"))))
            .states(var("sigma_k^2").at_most(upper_square + &eps))
            .edited(Plant::DroppedTerm, Edit::Drop(eps.clone())),
        Step::new("corollary-1/second-inequality", "B.5, second inequality", &[1653])
            .titled("The second inequality of Corollary 1")
            .uses(&["corollary-1/add-epsilon", "corollary-1/equivalent-last", "corollary-1/one-between"])
            // Over epsilon (equal at 0), over the root: 2 >= (1 + epsilon)/(2 norm(w*))^(1/L).
            .stated_by(small(
                (squared() + eps.pow(2) - 2 * &eps * upper_root() + &eps).at_most(squared()),
                1 / (&eps * upper_root()),
                Expr::from(2).at_least((1 + (&r * &z).pow(2)) * &a * half()),
            )),
        Step::new("corollary-1/equivalent-last", "B.5, condition for the second inequality", &[1659])
            .titled("The condition for the second inequality, rewritten")
            .given("epsilon > 0; the factor between the two differences is epsilon")
            .on(exact::NUMBERS, exact::any(HIGH))
            .states((-(eps.pow(2) - 2 * &eps * &high + &eps)).equals(&eps * (2 * high - 1 - &eps)))
            .edited(Plant::WrongConstant, Edit::SwapNth(1, 2.into(), 1.into()))
            .remarks(&[
                "At epsilon = 0 the left inequality is 0 <= 0, and the right one holds since norm(w*) >= 1 (it is the \
                 direction from right to left that is used).",
            ]),
        Step::new("corollary-1/one-between", "B.5, last display", &[1665])
            .titled("1 is between epsilon and the root")
            .given(A3)
            .says(
                eps.at_most(1).at_most(2 * upper_root() - 1),
                scalars::whole()
                    .cleared_by(1, (1 - (r * z).pow(2)).at_least(0))
                    .cleared_by(1 / upper_root(), (2 - 2 * a * half()).at_least(0)),
            )
            .edited(Plant::DroppedFactor, Edit::Swap(2 * upper_root(), upper_root())),
    ]
}
