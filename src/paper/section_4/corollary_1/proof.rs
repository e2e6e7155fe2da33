//! The proof of Corollary 1 (B.5): every spectral norm ends between `(norm(w*)/2)^(1/L)` and `(2 norm(w*))^(1/L)`.
//!
//! What is evaluated has its symbols in three files: [`proof_scalars`](super::proof_scalars) (scalar inequalities, over
//! the whole domain of (A3)), [`exact`] (equivalences, powers, squares in exact rationals), [`products`] (matrices with
//! exact singular value decompositions).
//!
//! **The argument, as checked.** (A3) gives (26)-(28). w_prod converges to w*, so from some time on norm(w_prod) is
//! between 3/4 and 9/8 of norm(w*). The first number gives (29) and with Lemma 2 the first inequality. Then every
//! sigma_k is at least `low = (norm(w*)/2)^(1/L)`, the layers are near rank one and aligned, and
//! `3 (min sigma_k)^L/4 <= norm(w_prod)`; the second number gives `min sigma_k <= (2 norm(w*))^(1/L) - epsilon`, and
//! with Lemma 2 the second inequality.
//!
//! **Findings**, none of which touches the Corollary: steps `largest-over-two`, `telescoping` with the two lines after
//! it, `rank-one-norm`.
//!
//! **Used silently, and true**: the remarks of `eq-27`, of the steps that apply Lemma 4, of `negated-upper` and of
//! `equivalent-last`. epsilon = 0 is possible at L = 1 only (W_1(0) = 0; for L >= 2 all layers would be zero, and the
//! gradient with them, against (A2)).
//!
//! **The steps, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 1396 to 1414 | (26) to (28) | subdivision |
//! | 1418, 1424 | w_prod converges to w* | flows in closed form; instances |
//! | 1430 to 1481 | (29), by contradiction | scalars by subdivision, equivalences as identities, else instances |
//! | 1483 to 1493 | squared, with Lemma 2: the first inequality | instances; `by-26` by subdivision |
//! | 1495 to 1536 | the distance of the product from that of rank-one layers | instances; 1526 an identity |
//! | 1542 to 1568 | alignment, and Lemma 4 applied to it | instances; Lemma 4 by subdivision; an identity |
//! | 1570 to 1596 | the norm of the product from below | instances; the bracket 3/4 by subdivision |
//! | 1602 to 1631 | (30), by contradiction | as (29) |
//! | 1637 to 1665 | squared, with Lemma 2: the second inequality | instances, subdivision, identity (1659) |
//!
//! **Why that suffices.** What (A3) implies of L, epsilon and norm(w*) is proved over the whole of its domain, for
//! every real L >= 1, so that no depth is left between the depths tried. An equivalence is an identity of differences
//! with a positive factor, which makes both sides true together. Steps about matrices are the triangle inequality,
//! norms of products and Lemma 2, tried on layers that come near to equality; `corollary_1` of `formal/` proves the
//! whole for every flow.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Range, at, exp_rest, fraction, ln, ln_over, norm, sqrt, square, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::{Body, Plant, Proof, Step, step, steps};
use crate::paper::kit::every;
use crate::paper::section_4::corollary_1::proof_exact::{LOW, drawn};
use crate::paper::section_4::corollary_1::proof_products::LAYERS;
use crate::paper::section_4::corollary_1::proof_scalars::{
    A3, coordinates, double, half, norm_at_least, over_a3, printed, root, small, squared_root, u, upper_root, whole,
};
use crate::paper::section_4::corollary_1::{proof_exact as exact, proof_products as products, proof_second as second};

/// (26) to (28).
fn estimates() -> Vec<Step> {
    let ([l, eps, best], [r, z, a]) = (printed(), coordinates());
    let over = best.power(-(1 / &l));
    let halves = |most| {
        norm_at_least(most)
            .cleared_by((2 / &best).power(1 / &l), (1 - &a).at_least(0))
            .exponents_cleared_by(1 / ln(2), (1 - &z).at_least(0))
    };
    let roots = (8 * &l * &eps).at_most(8 * &l * sqrt(&eps));
    steps![
        Step::new("corollary-1/eq-26", "B.5, (26)", &[1396])
            .about("A root of norm(w*)/2", "norm(w*) >= 1, every real L >= 1")
            .says(root().at_least(fraction(1, 2).power(1 / &l)).at_least(fraction(1, 2)), halves(1))
            .edited(Plant::WrongConstant, Edit::SwapNth(1, fraction(1, 2), 1.into()))
            .elsewhere(Plant::DroppedHypothesis, halves(2)),
        Step::new("corollary-1/eq-27", "B.5, (27)", &[1403])
            .titled("L epsilon is small against the roots")
            .given(A3)
            .uses(&["corollary-1/eq-26"])
            .says(
                roots.at_most(fraction(1, 4)).at_most(root()).at_most(upper_root()),
                whole()
                    .cleared_by(1, (8 * &r * (1 - &r * &z)).at_least(0))
                    .cleared_by(1, (fraction(1, 4) - 8 * &r).at_least(0))
                    .cleared_by(&over, (half() - &a / 4).at_least(0))
                    .cleared_by(over, (double() - half()).at_least(0)),
            )
            .edited(Plant::WrongConstant, Edit::SwapNth(1, 8.into(), 16.into()))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .remarks(&["32 L sqrt(epsilon) <= 1 implies epsilon <= 1/1024: the hypothesis epsilon <= 1 of (A3) says \
                        nothing more."]),
        Step::new("corollary-1/quarter", "B.5, before (28)", &[1410])
            .about("(26) squared", "norm(w*) >= 1, every real L >= 1")
            .uses(&["corollary-1/eq-26"])
            .says(
                squared_root().at_least(fraction(1, 4)),
                norm_at_least(1).exponents_cleared_by(1, (2 * ln(2) * (1 - &z) - 2 * ln(&a)).at_least(0)),
            )
            .edited(Plant::WrongConstant, Edit::Swap(fraction(1, 4), fraction(1, 2))),
        Step::new("corollary-1/eq-28", "B.5, (28)", &[1414])
            .titled("L epsilon against the squared root")
            .uses(&["corollary-1/eq-27", "corollary-1/quarter"])
            .stated_by(small(
                (8 * &l * eps).at_most(squared_root()),
                best.power(-(2 / l)),
                half().pow(2).at_least(8 * r.pow(2) * z * a.pow(2)),
            ))
            .remarks(&["The extraction has the words 'so we also have' after the display that they introduce."]),
    ]
}

/// The risk, (29), and the first inequality.
fn first_inequality() -> Vec<Step> {
    let ([l, eps, best], [r, z, a]) = (printed(), coordinates());
    let [n, largest, most, half_norm] = vars(["n", "max sigma_j", "max sigma_k", "norm(w*)/2"]);
    let [low, inverse, low_square] = exact::below();
    let (log, h, over) = (ln(fraction(3, 2)), ln_over(u() * &z), best.power(-(1 / &l)));
    let (bound, x) = (&low + &eps, &eps * (2 / &best).power(1 / &l));
    let mut halved = norm_at_least(1).exponents_cleared_by(1, (ln(2) * (1 - &z) - ln(&a)).at_least(0));
    halved.ranges.push(Range::positive("eps"));
    let gap = || var("w*") - var("w_prod");
    let (misfit, below) = (|| square(var("X") * gap()), || var("lambda") * square(gap()));
    let size = || norm(var("w_prod"));
    steps![
        Step::new("corollary-1/converges", "B.5, before the first display on the risk", &[1419])
            .quoted(1418, "This also implies the (exponential) convergence of")
            .titled("w_prod converges exponentially")
            .given("t >= 1; flows in closed form: L = 1, diagonal covariance; L = 2, equal scalar layers")
            .uses(&["theorem-3", "lemma-7", "corollary-1/risk-gap"])
            .by(Body::Instances { sizes: &[&[1, 1], &[1, 2], &[1, 3], &[2, 1]], sides: exact::converges })
            .holds("norm(w_prod(t) - w*)^2 <= (R(1) - R_min) e^(-mu (t-1))/lambda")
            .planted(Plant::DroppedFactor, "norm(w_prod(t) - w*)^2 <= (R(1) - R_min) e^(-mu (t-1))")
            .planted(Plant::WrongConstant, "norm(w_prod(t) - w*)^2 <= (R(1) - R_min) e^(-2 mu (t-1))/lambda")
            .remarks(&["The display of line 1419 is the word w_prod of this sentence, set apart by the extraction."]),
        Step::new("corollary-1/risk-gap", "B.5, excess risk", &[1424])
            .about("The excess risk bounds the distance to w*", "(A1); any network with d_L = 1, any residual")
            .uses(&["lemma-8"])
            .on(products::NETWORKS, products::regression)
            .states((var("R") - var("R_min")).equals(misfit() / &n).at_least(below()))
            .edited(Plant::DroppedFactor, Edit::Drop(n))
            .edited(Plant::WrongConstant, Edit::Swap(var("lambda"), var("Lambda"))),
        step(LAYERS, "corollary-1/product-norm", "B.5, norm of the product", &[1430])
            .titled("The product against the largest spectral norm")
            .states(size().equals(norm(products::whole())).at_most(products::all_sigmas()).at_most(largest.power(&l)))
            .edited(Plant::OffByOne, Edit::Swap(largest.power(&l), largest.power(&l - 1)))
            .edited(Plant::FlippedSign, Edit::Swap(largest.clone(), var("min sigma_j")))
            .remarks(&["sigma_k is norm(W_k)."]),
        Step::new("corollary-1/eq-29", "B.5, (29)", &[1437])
            .titled("The largest spectral norm from below")
            .given("(A3); norm(w_prod) > 3 norm(w*)/4 and norm(w_prod) <= (max sigma_k)^L, so for t large enough")
            .uses(&[
                "corollary-1/product-norm", "corollary-1/converges", "corollary-1/three-quarters",
                "corollary-1/contradicts-29",
            ])
            // Over the last root, less 1, times L.
            .says(
                (3 * &best / 4).power(1 / &l).at_least(root() + &eps),
                whole().cleared_by(&l * (2 / &best).power(1 / &l), (&log * exp_rest(1, &z * &log)).at_least(u())),
            )
            .edited(Plant::DroppedFactor, Edit::Drop(2.into()))
            .remarks(&["The extraction has norm(w*) without the index 2 here and under the last bound of the \
                        telescoping sum."]),
        step(LAYERS, "corollary-1/largest-over-two", "B.5, first line after 'If it were not the case'", &[1444])
            .titled("The product against the largest spectral norm, again")
            .uses(&["corollary-1/product-norm"])
            .misstates(
                size().at_most((&largest / 2).power(&l)),
                Fault::Extraction,
                "The 2 does not belong there. By the display before (29) the bound is (max sigma_k)^L, and it is \
                 attained: L = 1, W_1 = 1 gives 1 <= 1/2. The next line holds with either and goes on from the right \
                 one, so nothing depends on it. The fraction may have been read into the line by the extraction, from \
                 the norm(w*)/2 below it: the text sets the limits of this max above and below it, as a display does \
                 and a numerator does not. If the paper prints it, it is a misprint.",
            )
            .rightly(size().at_most(largest.power(&l)))
            .edited(Plant::OffByOne, Edit::Swap(l.clone(), &l + 1)),
        Step::new("corollary-1/negated-29", "B.5, (29) negated", &[1449])
            .about("The negation of (29) to the power L", "max sigma_k < (norm(w*)/2)^(1/L) + epsilon")
            .on(
                exact::DEPTHS,
                drawn(
                    [Range::positive(LOW), Range::from("eps", 0), Range::within("share", 0, 1)],
                    [("max sigma_k", &bound * var("share"))],
                ),
            )
            .states((&most / 2).power(&l).at_most(bound.power(&l)).and(most.power(&l).at_most(bound.power(&l))))
            .edited(Plant::DroppedTerm, Edit::SwapAll(bound.power(&l), half_norm.clone())),
        Step::new("corollary-1/factor-lower", "B.5, the root taken out", &[1454])
            .about("norm(w*)/2 taken out of the power", "norm(w*) > 0")
            .on(exact::DEPTHS, exact::any(LOW))
            .states(bound.power(&l).equals(&half_norm * (1 + &eps * &inverse).power(&l)))
            .edited(Plant::DroppedFactor, Edit::Drop(half_norm))
            .edited(Plant::WrongPower, Edit::Swap(inverse.clone(), low.clone())),
        Step::new("corollary-1/bernoulli-plus", "B.5, Lemma 4 with alpha = L", &[1459])
            .titled("Lemma 4 applied to the power")
            .given(A3)
            .uses(&["lemma-4-plus", "corollary-1/equivalent-once", "corollary-1/small-once"])
            // Less 1, over L x (equal at x = 0): h E(u h) <= 2. One difference, no ratio: to bracket the best constant,
            // a little above 1, takes boxes without number.
            .says(
                (1 + &x).power(&l).at_most(1 + 2 * &l * &x),
                whole().cleared_by(1 / (&l * x), (2 - &h * exp_rest(1, u() * &h)).at_least(0)),
            )
            .edited(Plant::WrongConstant, Edit::Swap(2 * &l, l.clone()))
            .remarks(&["Lemma 4 asks for x > 0; at epsilon = 0 (possible at L = 1) both sides are 1."]),
        Step::new("corollary-1/equivalent-once", "B.5, hypothesis of Lemma 4", &[1465])
            .titled("The hypothesis of Lemma 4, rewritten")
            .given("norm(w*) > 0; the factor between the two differences is (norm(w*)/2)^(1/L)")
            .on(exact::NUMBERS, exact::any_real(LOW))
            .states(((1 - &l * &eps * &inverse) * &low).equals(&low - &l * &eps))
            .edited(Plant::WrongPower, Edit::SwapNth(1, low.clone(), low_square.clone())),
        Step::new("corollary-1/small-once", "B.5, hypothesis of Lemma 4", &[])
            .quoted(1469, "which holds by")
            .titled("L epsilon is below the root")
            .uses(&["corollary-1/eq-27"])
            .stated_by(small((&l * &eps).at_most(root()), over.clone(), half().at_least(r.pow(2) * &z * &a))),
        Step::new("corollary-1/three-quarters", "B.5, end of the chain", &[1471])
            .about("The product would stay below 3/4 of norm(w*)", "(A3); max sigma_k < (norm(w*)/2)^(1/L) + epsilon")
            .uses(&[
                "corollary-1/largest-over-two", "corollary-1/negated-29", "corollary-1/factor-lower",
                "corollary-1/bernoulli-plus", "corollary-1/equivalent-four", "corollary-1/small-four",
            ])
            // The logarithms, u h(x) <= ln(3/2).
            .stated_by(over_a3((root() + &eps).power(&l).at_most(3 * &best / 4), |domain| {
                domain.exponents_cleared_by(1, log.at_least(u() * &h))
            })),
        Step::new("corollary-1/equivalent-four", "B.5, condition for 3/4", &[1477])
            .titled("The condition for 3/4, rewritten")
            .given("norm(w*) > 0; the factor between the two differences is 2 (norm(w*)/2)^(1/L)")
            .on(exact::NUMBERS, exact::any_real(LOW))
            .states(((fraction(3, 2) - (1 + 2 * &l * &eps * inverse)) * (2 * &low)).equals(&low - 4 * &l * &eps))
            .edited(Plant::WrongConstant, Edit::Swap(4.into(), 2.into())),
        Step::new("corollary-1/small-four", "B.5, condition for 3/4", &[])
            .quoted(1481, "which also holds by")
            .titled("4 L epsilon is below the root")
            .uses(&["corollary-1/eq-27"])
            .stated_by(small((4 * &l * &eps).at_most(root()), over, half().at_least(4 * r.pow(2) * &z * &a))),
        Step::new("corollary-1/contradicts-29", "B.5, conclusion of (29)", &[])
            .quoted(1481, "contradicts the fact that")
            .about("3/4 of norm(w*) is a distance from w*", "norm(w*) >= 1, norm(w_prod) <= 3 norm(w*)/4")
            .stated_by(exact::apart(|share| Rational::new(3, 4) * share, 4)),
        Step::new("corollary-1/square-29", "B.5, (29) squared", &[1483])
            .about("(29) squared", "max sigma_k >= (norm(w*)/2)^(1/L) + epsilon, (norm(w*)/2)^(1/L) >= 1/2")
            .uses(&["corollary-1/eq-29", "corollary-1/by-26"])
            .on(
                exact::NUMBERS,
                drawn(
                    [Range::from(LOW, Rational::new(1, 2)), Range::from("eps", 0), Range::from("more", 0)],
                    [("max sigma_k", bound + var("more"))],
                ),
            )
            .states(most.pow(2).at_least(&low_square + 2 * &eps * low).at_least(&low_square + &eps))
            .edited(Plant::WrongConstant, Edit::SwapNth(1, eps.clone(), 2 * &eps)),
        Step::new("corollary-1/by-26", "B.5, (29) squared", &[])
            .quoted(1487, "where the last inequality holds by")
            .about("(26) in the square", "norm(w*) >= 1, every real L >= 1, epsilon >= 0")
            .uses(&["corollary-1/eq-26"])
            .says((2 * &eps * root()).at_least(&eps), halved)
            .edited(Plant::DroppedFactor, Edit::Swap(2 * &eps, eps.clone())),
        step(LAYERS, "corollary-1/balance-below", "B.5, Lemma 2", &[1489])
            .titled("Every spectral norm against the largest")
            .given("any layers as a point of a flow; epsilon at its least by Lemma 1")
            .uses(&["lemma-2-balance"])
            .states(every(at("sigma", var("k")).pow(2).at_least(largest.pow(2) - &eps)))
            .edited(Plant::DroppedTerm, Edit::Drop(eps.clone())),
        Step::new("corollary-1/first-inequality", "B.5, first inequality", &[])
            .quoted(1493, "This brings the first inequality of the Corollary.")
            .titled("The first inequality of Corollary 1")
            .given("max sigma_j^2 >= (norm(w*)/2)^(2/L) + epsilon, sigma_k^2 >= max sigma_j^2 - epsilon")
            .uses(&["corollary-1/square-29", "corollary-1/balance-below"])
            .on(
                exact::NUMBERS,
                drawn(
                    [LOW, "eps", "above max", "above sigma"].map(|name| Range::from(name, 0)),
                    [("sigma_k^2", &low_square + var("above max") + var("above sigma"))],
                ),
            )
            .states(var("sigma_k^2").at_least(&low_square))
            .edited(Plant::WrongConstant, Edit::Swap(low_square.clone(), low_square + &eps)),
    ]
}

/// The audit.
pub fn proof() -> Proof {
    let mut steps = estimates();
    steps.extend(first_inequality());
    steps.extend(second::rank_one());
    steps.extend(second::below());
    steps.extend(second::second_inequality());
    Proof { id: "corollary-1", title: "Corollary 1", section: "B.5", proves: &["corollary-1"], steps, others: &[] }
}
