//! The proof of Corollary 3 (B.7): the sharpness of the minimiser that the flow from small initialisation finds.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W = W^SI | [`Limit`]: layers with known sigma_k, w* = w_prod, and sigma_k <= (2 norm(w*))^(1/L), which Corollary 1 gives in the limit | d_k x d_{k-1} |
//! | W~ = W + xi D | dual numbers: their second part is the coefficient of xi | |
//! | norm(W~_k - W_k) | delta_k xi, known: D_k = U diag(..) V^T | scalars |
//! | Delta_k, grad R^1(w~_prod) | of order xi: Delta_k and grad R^1 in formulas are the coefficients | |
//! | S(W), S_min | enclosures of `sharpness_at_minimiser`, `depth_bound` | |
//!
//! All displays hold as printed, if their remainders are read as relative to the distance of W~ from W, not to the
//! radius xi of the ball over which (31) takes the supremum: **finding** of step `remainders`.
//!
//! **O(xi^2)**: both sides are polynomials in xi (identities), or norms of such that vanish at xi = 0 (inequalities):
//! the coefficients of xi are compared, those of xi^2 for squares, and in the display of line 1760 the limit of the
//! quotient. **Exactness**: all norms are rational or roots of rationals, the exponents have denominator L, and 2L-th
//! powers are compared, so that equality (L = 1, scalars) is decided. The bound of S^2 by
//! `4 L^2 Lambda^2 (2 norm(w*))^(4(L-1)/L)` is attained in this range, by L = 2, white data, W_1 with the singular
//! values s and s/2, and W_2 of norm s that meets only the second: there norm(w*) = s^2/2. Identities take random
//! integers for X, the layers and D, and y = X w_prod.
//!
//! Domain: minimisers with `sigma_k <= (2 norm(w*))^(1/L)`; of (A3) nothing else enters, except norm(w*) > 0 where
//! S_min is divided by. Zero layers, w* = 0 (L = 1) are among the samples.
//!
//! **Words.** "Subadditivity" of the operator norm is used with its submultiplicativity. In (31) the limit of suprema
//! is the operator norm of the Hessian, which is S because the Hessian is positive semi-definite at a minimiser (claim
//! `variational`); elsewhere it may be larger.
//!
//! **The steps, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 1699 | the lower bound is Theorem 2 | instances, cases of equality left out |
//! | 1702 | (31) at a minimiser | instances: H D exactly, eigenvalues enclosed |
//! | 1713, 1717, 1735 | Delta_k and grad R^1 to first order, rank one | identities |
//! | 1723 to 1740 | both by the norms of the layers: (32) and after | instances |
//! | 1744 to 1754 | squared, summed over the layers | instances |
//! | 1758 | the remainder, as printed and as it is | subdivision |
//! | 1760, 1766, 1770 | the bounds of S^2, S and S/S_min | instances |
//! | 1761 | powers of 2 collected | subdivision |
//!
//! **Why that suffices.** The expansions are identities of polynomials in xi, coefficient by coefficient. The
//! inequalities between coefficients are submultiplicativity, Cauchy and Schwarz, and the range of Corollary 1, tried
//! where sigma_k reaches its end. That the limit of the quotients is at most the coefficient needs the remainder to
//! be of higher order uniformly in the direction, which is the corrected form of `remainders`. `corollary_3` of
//! `formal/` is the whole, with 1.00025 in `corollary_3_sharp`.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Range, Reduction, at, ln, norm, norm_f, square, sum, transpose, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::sample::of;
use crate::harness::steps::{
    Body, Draw, How, Margins, Other, Pair, Plant, Proof, Reason, Setting, Sizes, Step, other, step, steps,
};
use crate::linalg::{largest_eigenvalue, largest_singular_value, smallest_eigenvalue};
use crate::paper::kit::every;
use crate::paper::section_4::corollary_1::proof_products::{self as products, others};
use crate::paper::section_4::corollary_2::proof::{level, rank_one};
use crate::paper::section_4::corollary_3::proof_limit::{Limit, SLOPE, free};
use crate::problem::norm_squared;
use num_traits::{One, Zero};

/// `[L, d, h, n]`: widths d, h, .., h, 1, and n observations.
const SIZES: Sizes = &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[3, 1, 1, 1], &[1, 2, 1, 2], &[2, 2, 2, 2], &[3, 2, 2, 3]];

/// The same without white data, and with a deeper network: X^T X has different eigenvalues only for d >= 2.
const COLOURED: Sizes = &[&[1, 2, 1, 2], &[2, 2, 2, 2], &[3, 2, 1, 2], &[4, 3, 2, 3]];

/// For the enclosures of whole Hessians.
const HESSIANS: Sizes = &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[3, 1, 1, 1], &[1, 2, 1, 2], &[2, 2, 2, 2], &[3, 2, 1, 2]];

/// (31): the derivative of the gradient along D is H D, exactly, so that the limit of suprema is the operator norm of
/// H, the largest modulus of an eigenvalue; it is S if no eigenvalue is below -S. Planted: away from minimisers.
fn variational(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    Limit::sides(draw, how.plants(Plant::DroppedHypothesis), |limit| {
        let exact = limit.hessian();
        let hessian = exact.map(|q| of(&q, bits));
        let (top, bottom) = (largest_eigenvalue(&hessian), smallest_eigenvalue(&hessian));
        let mut pairs = vec![Pair::new(top.clone(), -bottom)];
        if how.plants(Plant::WrongConstant) {
            pairs.push(Pair::new(largest_singular_value(&hessian), top * Big::from_i64(2)));
        }
        pairs.extend(Pair::equal(&norm_squared((exact * limit.direction()).iter()), &limit.change(), bits));
        Ok(pairs)
    })
}

/// `S^2 <= 4 L^2 Lambda^2 (2 norm(w*))^(4(L-1)/L)`: for the quotient at D exactly, for its supremum by enclosure.
fn sharpness_squared(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    Limit::sides(draw, false, |limit| {
        let depth = limit.depth();
        let factor = Rational::from(i64::from(if how.plants(Plant::LostSquare) { depth } else { depth * depth }));
        let quotient = limit.squared_bound(&factor * norm_squared(limit.direction().iter()));
        // S^(2L) against the L-th power of the bound.
        let bound = of(&limit.squared_bound(factor), bits);
        Ok(vec![
            Pair::exact(&quotient, &limit.change().powi(depth), bits),
            Pair::new(bound, limit.sharpness(bits).powi(2 * depth)).or_exactly(limit.at_boundary()),
        ])
    })
}

/// K of `O(xi) <= K xi` in the printed form of the remainder: any constant serves, since the ratio has no positive
/// lower bound.
const ANY_CONSTANT: i64 = 1 << 20;

/// The remainder of the numerator over rho^2, against K xi. Printed: xi^3/rho^2 <= K xi. Corrected: rho^3/rho^2 <= xi.
/// Planted: rho^2/rho^2 <= K xi.
fn remainders(v: &[Big], how: How) -> (Big, Big) {
    let (xi, r) = (v[0].clone(), v[1].clone());
    let constant = Big::from_i64(ANY_CONSTANT);
    match how {
        How::Printed => (constant * r.powi(2), Big::one()),
        How::Planted(Plant::WrongPower) => (constant * xi, Big::one()),
        // Divided by xi.
        _ => (Big::one(), r),
    }
}

/// `S(W) <= 8 L Lambda norm(w*)^(2-2/L)`: the bound is the printed S_min with 4 Lambda in the place of lambda.
/// Planted: half a power, or Lambda/2.
fn upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    Limit::sides(draw, false, |limit| {
        let high = &limit.design.high;
        let bound = match how {
            // norm(w*)^(1-1/L): the norm replaced by its square root.
            How::Planted(Plant::WrongPower) => limit.bound_at(&(4 * high), &of(&limit.square, bits).sqrt(), bits),
            How::Planted(Plant::WrongConstant) => limit.bound(&(high / 2), bits),
            _ => limit.bound(&(4 * high), bits),
        };
        Ok(vec![Pair::new(bound, limit.sharpness(bits))])
    })
}

/// X made coloured by the sizes; S_min > 0.
fn ratio(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    Limit::sides(draw, false, |limit| {
        if limit.square.is_zero() {
            return Err("norm(w*) >= 1 by (A3): S_min > 0");
        }
        let (low, high) = (&limit.design.low, &limit.design.high);
        let four = if how.plants(Plant::DroppedFactor) { 4.into() } else { 4 * (high / low) };
        let mut pairs = vec![Pair::new(of(&four, bits) * limit.bound(low, bits), limit.sharpness(bits))];
        if !how.plants(Plant::DroppedFactor) {
            // Both are multiples of L norm(w*)^(2-2/L): 4 (Lambda/lambda) 2 lambda against 8 Lambda.
            pairs.extend(Pair::equal(&(2 * four * low), &(8 * high), bits));
        }
        Ok(pairs)
    })
}

/// Theorem 2 at the limit; equality where w* is an eigenvector for lambda, left out.
fn lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    Limit::sides(draw, false, |limit| {
        let (w, low, high) = (limit.network.product(), &limit.design.low, &limit.design.high);
        if low == high || &limit.data.sigma * &w == w * low.clone() {
            return Err("Sigma w* = lambda w*, or white data: equality, see claim theorem-2-depth");
        }
        let bound = limit.bound(if how.plants(Plant::WrongConstant) { high } else { low }, bits);
        Ok(vec![Pair::new(limit.sharpness(bits), bound)])
    })
}

/// The display that introduces Delta_k.
const OTHERS: &[Other] = &[other(1709, Reason::Definition("Delta_k"))];

/// What needs no range: identities.
const FREE: Setting = Setting::new(
    "d_L = 1, w = 1; any minimiser W and any direction W~ - W = xi D; coefficients of xi",
    &[&[1, 1, 1, 1], &[1, 3, 1, 2], &[2, 2, 3, 2], &[3, 2, 1, 3], &[4, 2, 2, 2]],
    free,
);
/// The steps with norms: sigma_k and delta_k are known exactly, so that equality can be decided.
const LIMIT: Setting = Setting::new(
    "a minimiser with sigma_k <= (2 norm(w*))^(1/L) for all k (Corollary 1 in the limit); rational singular values \
     sigma_k; W~ - W = xi D, delta_k = norm(D_k); coefficients of xi",
    SIZES,
    Limit::table,
);

/// The audit of the proof of Corollary 3.
pub fn proof() -> Proof {
    let (k, depth) = (var("k"), var("L"));
    let total = |term: Expr| sum("k", 1, var("L"), term);
    // The coefficients of xi in grad R^1(w~_prod) and in Delta_k.
    let (slope, delta) = (var(SLOPE), at("Delta", &k));
    let (twice, distance) = (2 * var("Lambda"), at("delta", &k));
    let distances = total(distance.clone());
    // 2 Lambda sum_k norm(D_k) prod_{j != k} norm(W_j).
    let spread = &twice * total(others() * &distance);
    let turned = |name, k: &Expr| transpose(at(name, k));
    let [printed, after] = rank_one(&slope);
    let before = products::product(1, &k - 1);
    let along = total(&before * turned("D", &k) * &after);
    let norms = square(&after) * square(transpose(&slope) * before);
    let squares = total(distance.pow(2));
    let product = others() * norm(&slope);
    let squared = 4 * var("Lambda").pow(2) * level(4) * distances.pow(2);
    let [z, most, star] = vars(["z", "Lambda", "norm(w*)"]);
    let domain = Reduction::on([Range::from("L", 1), Range::positive("Lambda"), Range::positive("norm(w*)")])
        .coordinate(Range::within("z", 0, 1), 1 / &depth)
        .inverse(&depth, 1 / &z)
        .exponents_cleared_by(1, (4 * ln(2) * z).at_least(0));
    let power = |n| Expr::from(2).pow(n);
    let scaled = |e: Expr| e * depth.pow(2) * most.pow(2);
    // xi and r = rho/xi, rho the distance of W~ from W; the ends stand for "as small as one likes".
    let radii = |_| vec![(Rational::new(1, 1 << 32), Rational::one()); 2];
    let constants = (scaled(4.into()) * (2 * &star).power(4 * (&depth - 1) / &depth))
        .at_most(scaled(power(6)) * star.power(4 - 4 / &depth));
    let steps = steps![
        Step::new("corollary-3/lower", "B.7, first sentence", &[])
            .quoted(1699, "The lower bound unfolds directly from Theorem")
            .about("The lower bound", "a minimiser in the range of Corollary 1; Sigma w* != lambda w*")
            .uses(&["theorem-2-depth", "corollary-2"])
            .by(Body::Instances { sizes: COLOURED, sides: lower })
            .holds("S(W) >= S_min = 2 L lambda norm(w*)^(2-2/L)")
            .planted(Plant::WrongConstant, "S(W) >= 2 L Lambda norm(w*)^(2-2/L)"),
        Step::new("corollary-3/eq-31", "B.7, (31)", &[1702])
            .titled("The variational form of the sharpness at the limit")
            .given("a minimiser: the limit of suprema is the operator norm of the Hessian")
            .uses(&["variational"])
            .by(Body::Instances { sizes: HESSIANS, sides: variational })
            .holds("S(W) = lim sup norm(grad R^L(W) - grad R^L(W~))/norm(W - W~)")
            .planted(Plant::DroppedHypothesis, "the same where W is no minimiser")
            .planted(Plant::WrongConstant, "2 S(W) is the limit"),
        step(FREE, "corollary-3/delta", "B.7, after (31)", &[1713])
            .titled("The change of the gradient to first order")
            .uses(&["gradient"])
            .states(every(square(at("grad", &k)).equals(0)).and(every(delta.equals(-&printed))))
            .edited(Plant::FlippedSign, Edit::FlipSign(printed))
            .edited(Plant::OffByOne, Edit::Swap(after.clone(), products::product(&k, &depth))),
        step(FREE, "corollary-3/slope", "B.7, after (31)", &[1717])
            .titled("The gradient of R^1 to first order")
            .states(
                slope
                    .equals(2 / var("n") * transpose(var("X")) * var("X") * along)
                    .and(square(var("grad R^1(w_prod)")).equals(0)),
            )
            .edited(Plant::DroppedFactor, Edit::Swap(2 / var("n"), 1 / var("n")))
            .edited(Plant::OffByOne, Edit::Swap(turned("D", &k), turned("W", &k))),
        step(LIMIT, "corollary-3/slope-by-norms", "B.7, before (32)", &[1723])
            .titled("The gradient of R^1 by norms")
            .uses(&["corollary-3/slope"])
            .states(norm(&slope).at_most(&spread))
            .edited(Plant::WrongConstant, Edit::Swap(twice.clone(), var("Lambda"))),
        step(LIMIT, "corollary-3/eq-32", "B.7, (32)", &[1728])
            .titled("The norms of the layers bounded")
            .uses(&["corollary-3/slope-by-norms", "corollary-1"])
            .states(spread.at_most(&twice * level(1) * &distances))
            .edited(Plant::DroppedFactor, Edit::Drop(level(1))),
        step(FREE, "corollary-3/rank-one", "B.7, after (32)", &[1735])
            .titled("The Frobenius norm of a matrix of rank one")
            .uses(&["corollary-3/delta"])
            .states(every(square(&delta).equals(&norms)))
            .edited(Plant::DroppedFactor, Edit::Drop(square(after)))
            .edited(Plant::LostSquare, Edit::Swap(square(&delta), square(&delta).pow(2))),
        step(LIMIT, "corollary-3/split", "B.7, after (32)", &[1739])
            .titled("The change of the gradient by norms")
            .uses(&["corollary-3/rank-one"])
            .states(every(norm_f(&delta).at_most(&product)))
            .edited(Plant::DroppedFactor, Edit::Drop(others()))
            .edited(Plant::MissingNorm, Edit::Drop(norm(slope))),
        step(LIMIT, "corollary-3/with-level", "B.7, after (32)", &[1740])
            .titled("The change of the gradient by the level of Corollary 1")
            .uses(&["corollary-3/split", "corollary-3/eq-32", "corollary-1"])
            .states(every(product.at_most(twice * level(2) * &distances)))
            .edited(Plant::WrongPower, Edit::Swap(level(2), level(1)))
            .remarks(&["The sum on the right runs over the index that is free on the left."]),
        step(LIMIT, "corollary-3/squared", "B.7, squares", &[1744])
            .titled("Squared")
            .uses(&["corollary-3/with-level"])
            .states(every(square(delta).at_most(squared)))
            .edited(Plant::LostSquare, Edit::Swap(distances.pow(2), distances.clone())),
        step(LIMIT, "corollary-3/mean-of-squares", "B.7, squares", &[1749])
            .titled("Cauchy-Schwarz for the sum")
            .states(distances.pow(2).at_most(var("L") * &squares))
            .edited(Plant::DroppedFactor, Edit::Drop(var("L")))
            .remarks(&["Both sides are multiplied by 4 Lambda^2 (2 norm(w*))^(4(L-1)/L), which is not negative."]),
        step(LIMIT, "corollary-3/frobenius", "B.7, squares", &[1754])
            .titled("The operator norm is at most the Frobenius norm")
            .states(squares.at_most(total(square(at("D", var("k"))))))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .remarks(&["Both sides are multiplied by 4 L Lambda^2 (2 norm(w*))^(4(L-1)/L), which is not negative."]),
        Step::new("corollary-3/remainders", "B.7, by (31)", &[])
            .quoted(1758, "Thus, by  $(31)$ ,")
            .titled("The remainder over the squared distance")
            .given(
                "numerator <= A D + O(xi^3) (printed), <= A D + O(rho^3) (corrected), where rho = max_k norm(W~_k - \
                 W_k) <= xi and D, the sum of the squared distances, is at least rho^2; xi and rho/xi from 2^-32 to 1, \
                 constants 1 and K = 2^20",
            )
            .uses(&["corollary-3/squared"])
            .by(Body::Domain { variables: &["xi", "rho/xi"], domain: radii, sides: remainders })
            .fails(
                "xi^3/rho^2 <= K xi for every rho <= xi: the quotient of (31) is at most A + O(xi)",
                Fault::Gap,
                "The displays before and after are true; the step between them is not valid as the remainder is \
                 written. O is taken as xi tends to 0, but the supremum in (31) runs over all W~ with norm(W~_k - W_k) \
                 <= xi for each k, also over those much closer to W: O(xi^3) over sum_k norm(W~_k - W_k)^2 is then not \
                 O(xi). Smallest counterexample: remainder xi^3, rho = xi^2, where the quotient is 1/xi. The \
                 remainders are O(rho^3), rho = max_k norm(W~_k - W_k) <= xi: Delta_k is a polynomial in W~ - W that \
                 vanishes at 0, so what its linear part leaves is of degree 2 and more (steps corollary-3/delta, \
                 corollary-3/slope). With this the display, and all constants, stand.",
            )
            .corrected("rho^3/rho^2 <= xi for every rho <= xi")
            .planted(Plant::WrongPower, "rho^2/rho^2 <= K xi: a remainder of second order"),
        step(LIMIT, "corollary-3/sharpness-squared", "B.7, by (31)", &[1760])
            .titled("The square of the sharpness")
            .uses(&[
                "corollary-3/eq-31", "corollary-3/squared", "corollary-3/mean-of-squares", "corollary-3/frobenius",
                "corollary-3/remainders",
            ])
            .by(Body::Instances { sizes: SIZES, sides: sharpness_squared })
            .holds("S(W)^2 <= 4 L^2 Lambda^2 (2 norm(w*))^(4(L-1)/L)")
            .planted(Plant::LostSquare, "S(W)^2 <= 4 L Lambda^2 (2 norm(w*))^(4(L-1)/L)"),
        Step::new("corollary-3/constants", "B.7, by (31)", &[])
            .quoted(1761, "2^6 L^2 \\Lambda^2")
            .about("The powers of 2 collected", "every real L >= 1, Lambda > 0, norm(w*) > 0")
            // Their logarithms differ by 4 z ln 2, z = 1/L.
            .says(constants, domain)
            .edited(Plant::WrongConstant, Edit::Swap(power(6), power(5))),
        step(LIMIT, "corollary-3/upper", "B.7, last display", &[1766])
            .titled("The sharpness")
            .uses(&["corollary-3/sharpness-squared", "corollary-3/constants"])
            .by(Body::Instances { sizes: SIZES, sides: upper })
            .holds("S(W) <= 8 L Lambda norm(w*)^(2-2/L)")
            .planted(Plant::WrongPower, "S(W) <= 8 L Lambda norm(w*)^(1-1/L)")
            .planted(Plant::WrongConstant, "S(W) <= L Lambda norm(w*)^(2-2/L)"),
        Step::new("corollary-3/ratio", "B.7, last sentence", &[])
            .quoted(1770, "which concludes the proof by definition of")
            .about("Over S_min", "the same with norm(w*) > 0")
            .uses(&["corollary-3/upper"])
            .by(Body::Instances { sizes: COLOURED, sides: ratio })
            .holds("8 L Lambda norm(w*)^(2-2/L) = 4 (Lambda/lambda) S_min, so S(W) <= 4 (Lambda/lambda) S_min")
            .planted(Plant::DroppedFactor, "S(W) <= 4 S_min"),
    ];
    Proof { id: "corollary-3", title: "Corollary 3", section: "B.7", proves: &["corollary-3"], steps, others: OTHERS }
}
