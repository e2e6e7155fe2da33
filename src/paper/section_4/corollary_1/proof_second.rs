//! The steps of B.5 from the rank-one approximation on: the second inequality of Corollary 1. What was found is said in
//! [`crate::paper::section_4::corollary_1::proof`].
//!
//! The order is that of the text; what each step evaluates is in [`scalars`], [`exact`] and [`products`]. The sums over
//! k are compared term by term where the text compares them so; the chain from the telescoping sum to
//! `L sqrt(epsilon)/(norm(w*)/2)^(1/L) prod sigma_j` is one step per line.

use crate::harness::evidence::Fault;
use crate::harness::steps::equality::Exact;
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::Margins;
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::paper::section_4::corollary_1::proof_exact as exact;
use crate::paper::section_4::corollary_1::proof_products as products;
use crate::paper::section_4::corollary_1::proof_scalars as scalars;

/// Hypotheses of the scalar inequalities.
pub const A3: &str = "(A3): norm(w*) >= 1, 32 L sqrt(epsilon) <= 1; every real L >= 1";
/// Hypotheses of what holds for any layers.
pub const LAYERS: &str = "any layers, d_L = 1; first singular vectors of any orientation";
/// Hypotheses near the limit.
pub const NEAR: &str = "(A3), what Lemma 2 says of rank and alignment, sigma_k >= (norm(w*)/2)^(1/L); orientations \
                        with u_L = 1, <v_{k+1}, u_k> >= 0";

/// An identity in exact rationals.
pub fn identity(sizes: Sizes, sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes, sides }
}
/// An inequality on instances.
pub fn instances(sizes: Sizes, sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes, sides }
}

/// The distance of the product from the product of the rank-one approximations.
pub fn rank_one() -> Vec<Step> {
    vec![
        Step::new("corollary-1/rank-one-distance", "B.5, rank-one approximation", &[1495])
            .titled("The distance of a layer to its rank-one approximation")
            .given("any layers as a point of a flow; epsilon at its least by Lemma 1")
            .uses(&["lemma-2-rank-one", "corollary-1/other-squares"])
            .by(instances(products::WIDTHS, products::rank_one_distance))
            .holds("norm_F(W_k - sigma_k u_k v_k^T)^2 = norm_F(W_k)^2 - norm_2(W_k)^2 <= epsilon")
            .planted(Plant::LostSquare, "norm_F(W_k - sigma_k u_k v_k^T)^2 = norm_F(W_k)^2 - norm_2(W_k)"),
        Step::new("corollary-1/other-squares", "B.5, rank-one approximation", &[])
            .quoted(1499, "since both quantities are equal to the sum of the squared singular values of")
            .titled("Both are the sum of the other squared singular values")
            .given(LAYERS)
            .by(instances(products::WIDTHS, products::other_squares))
            .holds("norm_F(W_k - sigma_k u_k v_k^T)^2 = norm_F(W_k)^2 - norm_2(W_k)^2 = sum_{i >= 2} s_i(W_k)^2")
            .planted(Plant::OffByOne, ".. = sum_{i >= 3} s_i(W_k)^2"),
        Step::new("corollary-1/telescoping", "B.5, adding and subtracting", &[1501, 1506])
            .titled("The telescoping sum")
            .given(LAYERS)
            .by(identity(products::WIDTHS, products::telescoping_printed))
            .fails(
                "norm(W_1^T..W_L^T - sigma_1..sigma_L v_1 u_1^T..v_L u_L^T) <= sum_k norm(W_1^T..W_{k-1}^T (W_k^T - \
                 sigma_k u_k v_k^T) sigma_{k+1}..sigma_L v_{k+1} u_{k+1}^T..v_L u_L^T)",
                Fault::Slip,
                "A misprint: u_k v_k^T is d_k by d_{k-1} and cannot be subtracted from W_k^T, which is d_{k-1} by d_k. \
                 With d_L = 1 the sum has a meaning only if all widths are 1; the smallest case is L = 1, d = 2. With \
                 v_k u_k^T in its place the terms add up to the difference exactly, and the triangle inequality gives \
                 the display. The misprint is repeated in the next two lines and gone in the third (line 1522); \
                 nothing depends on it, as the norm is that of the transpose.",
            )
            .by(instances(products::NARROW, products::telescoping))
            .corrected("the same with W_k^T - sigma_k v_k u_k^T; without norms an identity")
            .planted(Plant::OffByOne, "the corrected sum from k = 2 on"),
        Step::new("corollary-1/layers-apart", "B.5, norms of the factors", &[1511])
            .titled("The norm of each term of the sum")
            .given(LAYERS)
            .uses(&["corollary-1/telescoping"])
            .by(identity(products::WIDTHS, products::rest_printed))
            .fails(
                ".. <= sum_k norm(W_1)..norm(W_{k-1}) norm(W_k^T - sigma_k u_k v_k^T) sigma_{k+1}..sigma_L",
                Fault::Slip,
                "The misprint of the line before: u_k v_k^T for v_k u_k^T; the norm is not defined unless all widths \
                 are 1. Corrected it holds term by term, since a product of unit vectors v_j u_j^T has norm at most \
                 1. Nothing depends on it.",
            )
            .by(instances(products::WIDTHS, products::layers_apart))
            .corrected("the same with W_k^T - sigma_k v_k u_k^T, for each term")
            .planted(Plant::OffByOne, "the corrected bound without sigma_{k+1}..sigma_L"),
        Step::new("corollary-1/frobenius", "B.5, Frobenius norms", &[1516])
            .titled("The Frobenius norm in place of the spectral norm")
            .given(LAYERS)
            .uses(&["corollary-1/layers-apart"])
            .by(identity(products::WIDTHS, products::rest_printed))
            .fails(
                ".. <= sum_k sigma_1..sigma_{k-1} norm_F(W_k^T - sigma_k u_k v_k^T) sigma_{k+1}..sigma_L",
                Fault::Misprint,
                "The same misprint again: u_k v_k^T for v_k u_k^T. Corrected, the Frobenius norm is that of W_k - \
                 sigma_k u_k v_k^T, which the display before the telescoping sum bounds. Nothing depends on it.",
            )
            .by(instances(products::WIDTHS, products::frobenius))
            .corrected("the same with W_k^T - sigma_k v_k u_k^T, for each term")
            .planted(Plant::MissingNorm, "the largest entry in place of the Frobenius norm"),
        Step::new("corollary-1/root-epsilon", "B.5, epsilon in the sum", &[1521])
            .titled("sqrt(epsilon) in place of the distance")
            .given(NEAR)
            .uses(&["corollary-1/frobenius", "corollary-1/rank-one-distance"])
            .by(instances(products::WIDTHS, products::root_epsilon))
            .holds(".. <= sqrt(epsilon) sum_k prod_{j != k} sigma_j, for each term")
            .planted(Plant::WrongPower, ".. <= epsilon sum_k prod_{j != k} sigma_j, for each term"),
        Step::new("corollary-1/sum-of-reciprocals", "B.5, the product taken out", &[1526])
            .titled("The product of the sigma_j taken out")
            .given("every sigma_k > 0: by the first inequality")
            .by(identity(exact::DEPTHS, products::sum_of_reciprocals))
            .holds("sqrt(epsilon) sum_k prod_{j != k} sigma_j = sqrt(epsilon) prod sigma_j sum_k 1/sigma_k")
            .planted(Plant::WrongPower, "= sqrt(epsilon) prod sigma_j sum_k 1/sigma_k^2")
            .planted(Plant::OffByOne, "= sqrt(epsilon) prod sigma_j sum_{k >= 2} 1/sigma_k"),
        Step::new("corollary-1/least-reciprocal", "B.5, the least sigma_k", &[1531])
            .titled("The sum of reciprocals against the least sigma_k")
            .given("every sigma_k > 0")
            .by(instances(exact::DEPTHS, products::least_reciprocal))
            .holds("sqrt(epsilon) prod sigma_j sum_k 1/sigma_k <= sqrt(epsilon) prod sigma_j L/min sigma_k")
            .planted(Plant::OffByOne, ".. <= sqrt(epsilon) prod sigma_j (L-1)/min sigma_k"),
        Step::new("corollary-1/by-first-inequality", "B.5, first inequality in the sum", &[1536])
            .titled("The first inequality in the sum")
            .given(NEAR)
            .uses(&["corollary-1/first-inequality"])
            .by(instances(products::WIDTHS, products::by_first_inequality))
            .holds("sqrt(epsilon) prod sigma_j L/min sigma_k <= L sqrt(epsilon)/(norm(w*)/2)^(1/L) prod sigma_j")
            .planted(Plant::WrongConstant, "the same over 2 (norm(w*)/2)^(1/L)"),
    ]
}

/// The alignment, and the lower bound of the norm of the product.
pub fn below() -> Vec<Step> {
    vec![
        Step::new("corollary-1/alignment", "B.5, alignment", &[1542])
            .titled("Alignment of neighbouring layers")
            .given(
                "any layers as a point of a flow, epsilon at its least by Lemma 1; sigma_{k+1} >= \
                    (norm(w*)/2)^(1/L) > 0",
            )
            .uses(&["lemma-2-alignment", "corollary-1/first-inequality"])
            .by(instances(products::DEEP, products::alignment))
            .holds("<v_{k+1}, u_k>^2 >= 1 - epsilon/sigma_{k+1}^2 >= 1 - epsilon/(norm(w*)/2)^(2/L)")
            .planted(Plant::LostSquare, "1 - epsilon/sigma_{k+1}^2 >= 1 - epsilon/(norm(w*)/2)^(1/L)"),
        Step::new("corollary-1/rank-one-norm", "B.5, norm of the rank-one product", &[1548])
            .quoted(1546, "Since  $u_L = 1$ , we deduce that")
            .titled("The norm of the product of rank-one layers")
            .given(LAYERS)
            .by(instances(products::WIDTHS, products::rank_one_norm))
            .fails(
                "norm(sigma_1..sigma_L v_1 u_1^T..v_L u_L^T) = prod sigma_k norm(v_1) prod_{k < L} u_k^T v_{k+1}",
                Fault::Hypothesis,
                "A hypothesis is missing, or absolute values: singular vectors are given up to a common sign of u_k \
                 and v_k, and <v_{k+1}, u_k> >= 0 is a choice. Without it the right side can be negative: L = 2, all \
                 widths 1, W_1 = -1 = u_1 v_1 with u_1 = -1, v_1 = 1, and W_2 = 1 give 1 = -1. B.4 makes the choice \
                 for its own proof. Made here from the last layer on (u_L = 1, then u_{L-1}, ..), it is always \
                 possible, and the display and the next line hold; with |u_k^T v_{k+1}| in the display they hold for \
                 every choice. All that follows survives.",
            )
            .corrected("the same if the orientations are chosen with u_L = 1 and every <v_{k+1}, u_k> >= 0")
            .planted(Plant::DroppedFactor, "= norm(v_1) prod_{k < L} u_k^T v_{k+1}")
            .planted(Plant::OffByOne, "= prod sigma_k norm(v_1) prod_{2 <= k < L} u_k^T v_{k+1}"),
        Step::new("corollary-1/alignment-power", "B.5, alignment in the norm", &[1553])
            .titled("Alignment in the norm of the rank-one product")
            .given(NEAR)
            .uses(&["corollary-1/alignment", "corollary-1/rank-one-norm"])
            .by(instances(products::DEEP, products::alignment_power))
            .holds(
                "norm(sigma_1..sigma_L v_1 u_1^T..v_L u_L^T) >= prod sigma_k (1 - \
                    epsilon/(norm(w*)/2)^(2/L))^((L-1)/2)",
            )
            .planted(Plant::WrongPower, "the same to the power (L-1)/4"),
        Step::new("corollary-1/bernoulli-minus", "B.5, Lemma 4 with alpha = (L-1)/2", &[1558])
            .titled("Lemma 4 applied to the alignment")
            .given(A3)
            .uses(&["lemma-4-minus", "corollary-1/equivalent-half", "corollary-1/half-of-square"])
            .stated_by(scalars::bernoulli_minus)
            .remarks(&["Lemma 4 asks for alpha > 0; at L = 1 both sides are 1. A constant 2 is needed for alpha < 1 \
                        only, that is L = 2 (2 ln 2 in general)."]),
        Step::new("corollary-1/equivalent-half", "B.5, hypothesis of Lemma 4", &[1564])
            .titled("The hypothesis of Lemma 4, rewritten")
            .given("norm(w*) > 0; the factor between the two differences is (norm(w*)/2)^(2/L)")
            .stated_by(exact::equivalent_half),
        Step::new("corollary-1/half-of-square", "B.5, hypothesis of Lemma 4", &[])
            .quoted(1568, "which holds by")
            .titled("epsilon is below half of the squared root")
            .given(A3)
            .uses(&["corollary-1/eq-28"])
            .stated_by(scalars::half_of_square),
        Step::new("corollary-1/rank-one-below", "B.5, start of the triangle inequality", &[1570])
            .titled("The norm of the rank-one product from below")
            .given(NEAR)
            .uses(&["corollary-1/alignment-power", "corollary-1/bernoulli-minus"])
            .by(instances(products::WIDTHS, products::rank_one_below))
            .holds("prod sigma_k (1 - (L-1) epsilon/(norm(w*)/2)^(2/L)) <= norm(sigma_1..sigma_L v_1 u_1^T..v_L u_L^T)")
            .planted(Plant::FlippedSign, "prod sigma_k (1 + (L-1) epsilon/(norm(w*)/2)^(2/L)) <= .."),
        Step::new("corollary-1/triangle", "B.5, triangle inequality", &[1574])
            .titled("The triangle inequality")
            .given(LAYERS)
            .by(instances(products::NARROW, products::triangle))
            .holds("norm(rank-one product) <= norm(W_1^T..W_L^T) + norm(W_1^T..W_L^T - rank-one product)")
            .planted(Plant::DroppedTerm, "norm(rank-one product) <= norm(W_1^T..W_L^T)"),
        Step::new("corollary-1/difference-bounded", "B.5, distance in the triangle inequality", &[1578])
            .titled("The distance of the two products")
            .given(NEAR)
            .uses(&["corollary-1/root-epsilon", "corollary-1/least-reciprocal", "corollary-1/by-first-inequality"])
            .by(instances(products::WIDTHS, products::difference_bounded))
            .holds("norm(W_1^T..W_L^T - rank-one product) <= L sqrt(epsilon)/(norm(w*)/2)^(1/L) prod sigma_k")
            .planted(Plant::DroppedHypothesis, "the same without Lemma 2"),
        Step::new("corollary-1/combined", "B.5, after the triangle inequality", &[1584])
            .titled("The norm of the product from below")
            .given(NEAR)
            .uses(&["corollary-1/rank-one-below", "corollary-1/triangle", "corollary-1/difference-bounded"])
            .by(instances(products::WIDTHS, products::combined))
            .holds(
                "prod sigma_k (1 - (L-1) epsilon/(norm(w*)/2)^(2/L) - L sqrt(epsilon)/(norm(w*)/2)^(1/L)) <= \
                    norm(W_1^T..W_L^T)",
            )
            .planted(Plant::DroppedFactor, "prod sigma_k <= norm(W_1^T..W_L^T)"),
        Step::new("corollary-1/bracket", "B.5, 3/4", &[1590])
            .titled("The bracket is at least 3/4")
            .given(A3)
            .uses(&["corollary-1/eq-27", "corollary-1/eq-28"])
            .stated_by(scalars::bracket),
        Step::new("corollary-1/product-above-least", "B.5, before 3 (min sigma_k)^L/4", &[])
            .quoted(1594, "can be lower-bounded by the smallest one to the power")
            .titled("The product of the sigma_k against the least")
            .given("every sigma_k > 0")
            .by(instances(exact::DEPTHS, products::product_above_least))
            .holds("prod sigma_k >= (min sigma_k)^L")
            .planted(Plant::FlippedSign, "prod sigma_k >= (max sigma_k)^L"),
        Step::new("corollary-1/least-power", "B.5, 3 (min sigma_k)^L/4", &[1596])
            .titled("The least spectral norm against the product")
            .given(NEAR)
            .uses(&["corollary-1/combined", "corollary-1/bracket", "corollary-1/product-above-least"])
            .by(instances(products::WIDTHS, products::least_power))
            .holds("3 (min sigma_k)^L/4 <= norm(W_1^T..W_L^T)")
            .planted(Plant::WrongConstant, "3 (min sigma_k)^L/2 <= norm(W_1^T..W_L^T)"),
    ]
}

/// The upper bound of the least spectral norm, and the second inequality.
pub fn second_inequality() -> Vec<Step> {
    vec![
        Step::new(
            "corollary-1/upper-least",
            "B.5, min sigma_k from above (stated before and after its \
                                              proof)",
            &[1602, 1631],
        )
        .titled("The least spectral norm from above")
        .given("(A3); norm(w_prod) < 9 norm(w*)/8 and 3 (min sigma_k)^L/4 <= norm(w_prod), so for t large enough")
        .uses(&["corollary-1/least-power", "corollary-1/converges", "corollary-1/eq-30", "corollary-1/contradicts-30"])
        .stated_by(scalars::upper_least),
        Step::new("corollary-1/negated-upper", "B.5, (30), first line", &[1608])
            .titled("The negation to the power L")
            .given("min sigma_k > (2 norm(w*))^(1/L) - epsilon >= 0, 3 (min sigma_k)^L/4 <= norm(W_1^T..W_L^T)")
            .uses(&["corollary-1/least-power"])
            .stated_by(exact::negated_upper)
            .remarks(&["That the base is not negative is used silently; it holds by (27)."]),
        Step::new("corollary-1/factor-upper", "B.5, (30), second line", &[1612])
            .titled("2 norm(w*) taken out of the power")
            .given("norm(w*) > 0")
            .stated_by(exact::factor_upper),
        Step::new("corollary-1/bernoulli-minus-l", "B.5, (30), third line: Lemma 4 with alpha = L", &[1613])
            .titled("Lemma 4 applied to the upper side")
            .given(A3)
            .uses(&["lemma-4-minus", "corollary-1/half-of-root"])
            .stated_by(scalars::bernoulli_minus_l)
            .remarks(&["By Bernoulli's inequality 1 does in place of 2, as L >= 1."]),
        Step::new("corollary-1/eq-30", "B.5, (30)", &[1614])
            .titled("9/8 of norm(w*)")
            .given(A3)
            .uses(&[
                "corollary-1/negated-upper",
                "corollary-1/factor-upper",
                "corollary-1/bernoulli-minus-l",
                "corollary-1/eighth-of-root",
            ])
            .stated_by(scalars::nine_eighths),
        Step::new("corollary-1/half-of-root", "B.5, hypothesis of Lemma 4", &[1619])
            .titled("epsilon is below half of the root")
            .given(A3)
            .uses(&["corollary-1/eq-27"])
            .stated_by(scalars::half_of_root),
        Step::new("corollary-1/equivalent-eighth", "B.5, condition for 9/8", &[1625])
            .titled("The condition for 9/8, rewritten")
            .given("norm(w*) > 0; the factor between the two differences is (2 norm(w*))^(1/L)/2")
            .stated_by(exact::equivalent_eighth),
        Step::new("corollary-1/eighth-of-root", "B.5, condition for 9/8", &[])
            .quoted(1629, "also by")
            .titled("L epsilon is below an eighth of the root")
            .given(A3)
            .uses(&["corollary-1/eq-27", "corollary-1/equivalent-eighth"])
            .stated_by(scalars::eighth_of_root),
        Step::new("corollary-1/contradicts-30", "B.5, conclusion of (30)", &[])
            .quoted(1629, "is a contradiction with the fact that")
            .titled("9/8 of norm(w*) is a distance from w*")
            .given("norm(w*) >= 1, norm(w_prod) >= 9 norm(w*)/8")
            .stated_by(exact::apart_above),
        Step::new("corollary-1/square-upper", "B.5, min sigma_k squared", &[1637])
            .titled("The upper bound of the least spectral norm squared")
            .given("0 <= min sigma_k <= (2 norm(w*))^(1/L) - epsilon")
            .uses(&["corollary-1/upper-least"])
            .stated_by(exact::square_upper),
        Step::new("corollary-1/balance-above", "B.5, Lemma 2 again", &[1643])
            .titled("Every spectral norm against the least")
            .given("any layers as a point of a flow; epsilon at its least by Lemma 1")
            .uses(&["lemma-2-balance"])
            .by(instances(products::WIDTHS, products::balance_above))
            .holds("sigma_k^2 <= min sigma_j^2 + epsilon")
            .planted(Plant::FlippedSign, "sigma_k^2 <= min sigma_j^2 - epsilon"),
        Step::new("corollary-1/add-epsilon", "B.5, both together", &[1648])
            .titled("The two bounds together")
            .given("0 <= min sigma_j <= (2 norm(w*))^(1/L) - epsilon, sigma_k^2 <= min sigma_j^2 + epsilon")
            .uses(&["corollary-1/square-upper", "corollary-1/balance-above"])
            .stated_by(exact::add_epsilon),
        Step::new("corollary-1/second-inequality", "B.5, second inequality", &[1653])
            .titled("The second inequality of Corollary 1")
            .given(A3)
            .uses(&["corollary-1/add-epsilon", "corollary-1/equivalent-last", "corollary-1/one-between"])
            .stated_by(scalars::second_inequality),
        Step::new("corollary-1/equivalent-last", "B.5, condition for the second inequality", &[1659])
            .titled("The condition for the second inequality, rewritten")
            .given("epsilon > 0; the factor between the two differences is epsilon")
            .stated_by(exact::equivalent_last)
            .remarks(&[
                "At epsilon = 0 the left inequality is 0 <= 0, and the right one holds since norm(w*) >= 1 (it \
                        is the direction from right to left that is used).",
            ]),
        Step::new("corollary-1/one-between", "B.5, last display", &[1665])
            .titled("1 is between epsilon and the root")
            .given(A3)
            .stated_by(scalars::one_between),
    ]
}
