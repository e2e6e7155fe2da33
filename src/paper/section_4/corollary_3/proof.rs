//! The proof of Corollary 3 (B.7): the sharpness of the minimiser that the flow from small initialisation finds.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W = W^SI | [`Limit`]: layers with known sigma_k, w* = w_prod, and sigma_k <= (2 norm(w*))^(1/L), which Corollary 1 gives in the limit | d_k x d_{k-1} |
//! | W~ = W + xi D | dual numbers: their second part is the coefficient of xi | |
//! | norm(W~_k - W_k) | `Limit::sizes`, known: D_k = U diag(..) V^T | scalars |
//! | Delta_k, grad R^1(w~_prod) | of order xi: `Limit::changes`, `Limit::slope` are the coefficients | |
//! | S(W), S_min | enclosures of `sharpness_at_minimiser`, `depth_bound` | |
//!
//! All displays hold as printed, if their remainders are read as relative to the distance of W~ from W. **Finding (line
//! 1758).** They are printed as powers of xi, the radius of the ball over which (31) takes the supremum; divided by a
//! squared distance that may be much smaller they are not O(xi). Nothing else changes: the remainders are polynomials
//! in W~ - W without terms of degree 0 and 1.
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
//! **Words.** The sums over k inside bounds of `norm(Delta_k)` use the index that is free on the left-hand side.
//! "Subadditivity" of the operator norm is used with its submultiplicativity. In (31) the limit of suprema is the
//! operator norm of the Hessian, which is S because the Hessian is positive semi-definite at a minimiser (claim
//! `variational`); elsewhere it may be larger.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Range, Reduction, ln, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, column, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::step::{Body, Missing, Other, Proof, Reason, Step, other};
use crate::hessian::{assemble, depth_bound};
use crate::linalg::{largest_eigenvalue, largest_singular_value, smallest_eigenvalue};
use crate::paper::section_4::corollary_2::proof::{Matrix, Vector, factors, product, risk_gradient};
use crate::paper::section_4::corollary_3::proof_limit::{Free, Limit, part};
use crate::problem::{Moments, norm_squared};
use num_traits::{One, Zero};

/// `[L, d, h, n]`: widths d, h, .., h, 1, and n observations.
const SIZES: Sizes = &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[3, 1, 1, 1], &[1, 2, 1, 2], &[2, 2, 2, 2], &[3, 2, 2, 3]];

/// The same without white data, and with a deeper network: X^T X has different eigenvalues only for d >= 2.
const COLOURED: Sizes = &[&[1, 2, 1, 2], &[2, 2, 2, 2], &[3, 2, 1, 2], &[4, 3, 2, 3]];

/// For the enclosures of whole Hessians.
const HESSIANS: Sizes = &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[3, 1, 1, 1], &[1, 2, 1, 2], &[2, 2, 2, 2], &[3, 2, 1, 2]];

/// For the identities.
const FREE: Sizes = &[&[1, 1, 1, 1], &[1, 3, 1, 2], &[2, 2, 3, 2], &[3, 2, 1, 3], &[4, 2, 2, 2]];

const SHAPES: Exact = Exact::OutOfScope("the layers do not chain");

/// `Delta_k = -W_{k+1}^T..W_L^T grad R^1(w~_prod)^T W_1^T..W_{k-1}^T + O(xi^2)`.
fn delta(draw: &mut Draw<'_>, how: How) -> Exact {
    let s = Free::draw(draw);
    let Some((values, first, slope)) = s.changes() else { return SHAPES };
    let mut sides = Vec::new();
    for k in 1..=s.layers.len() {
        let factors = factors(&s.layers, &slope, k, how);
        let printed = match chain(&factors.iter().collect::<Vec<_>>()) {
            Ok(p) => p,
            Err(what) => return Exact::DoesNotChain(what),
        };
        let printed = if how.plants(Plant::FlippedSign) { printed } else { -printed };
        let zero = Matrix::zeros(values[k - 1].nrows(), values[k - 1].ncols());
        sides.push((values[k - 1].clone(), zero));
        sides.push((first[k - 1].clone(), printed));
    }
    Exact::Sides(sides)
}

/// `grad R^1(w~_prod) = (2/n) X^T X (sum_k W_1^T..W_{k-1}^T (W~_k^T - W_k^T) W_{k+1}^T..W_L^T) + O(xi^2)`, and it
/// vanishes at xi = 0.
fn slope(draw: &mut Draw<'_>, how: How) -> Exact {
    let s = Free::draw(draw);
    let Some((_, slope)) = s.gradients() else { return SHAPES };
    let mut sum = Vector::zeros(s.x.ncols());
    for k in 1..=s.layers.len() {
        let direction = if how.plants(Plant::OffByOne) { &s.layers[k - 1] } else { &s.directions[k - 1] };
        let after = direction.transpose() * product(&s.layers[k..]);
        sum += s.layers[..k - 1].iter().rev().fold(after, |v, w| w.transpose() * v);
    }
    let factor = Rational::from(if how.plants(Plant::DroppedFactor) { 1 } else { 2 });
    let factor = factor / Rational::from(s.x.nrows() as i64);
    let right = (s.x.transpose() * (&s.x * sum)).map(|v| &factor * v);
    let zero = Vector::zeros(right.len());
    let value = risk_gradient(&s.x, &s.y, &product(&s.layers));
    Exact::Sides(vec![(column(&value), column(&zero)), (part(&slope), column(&right))])
}

/// `norm_F(Delta_k) = norm(W_{k+1}^T..W_L^T) norm(grad R^1(w~_prod)^T W_1^T..W_{k-1}^T) + O(xi^2)`: coefficients of xi,
/// squared.
fn rank_one(draw: &mut Draw<'_>, how: How) -> Exact {
    let s = Free::draw(draw);
    let Some((_, first, slope)) = s.changes() else { return SHAPES };
    let side = |k: usize| {
        let left = norm_squared(product(&s.layers[k..]).iter());
        let right = s.layers[..k - 1].iter().fold(slope.clone(), |a, w| w * a);
        let right = norm_squared(right.iter());
        let change = norm_squared(first[k - 1].iter());
        match how {
            How::Planted(Plant::DroppedFactor) => (scalar(change), scalar(right)),
            How::Planted(Plant::LostSquare) => (scalar(change.powi(2)), scalar(left * right)),
            _ => (scalar(change), scalar(left * right)),
        }
    };
    Exact::Sides((1..=s.layers.len()).map(side).collect())
}

/// (31): the derivative of the gradient along D is H D, exactly, so that the limit of suprema is the operator norm of
/// H, the largest modulus of an eigenvalue; it is S if no eigenvalue is below -S. Planted: away from minimisers.
fn variational(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, how.plants(Plant::DroppedHypothesis)) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let Some(network) = limit.layers.network() else { return Margins::OutOfScope("the layers do not chain") };
    let exact = assemble(&network, &Moments::new(&limit.design.x, &limit.y));
    let hessian = exact.map(|q| of(&q, bits));
    let (top, bottom) = (largest_eigenvalue(&hessian), smallest_eigenvalue(&hessian));
    let change = limit.changes.iter().fold(Rational::zero(), |s, c| s + c.clone());
    let mut pairs = vec![Pair::new(top.clone(), -bottom)];
    if how.plants(Plant::WrongConstant) {
        pairs.push(Pair::new(largest_singular_value(&hessian), top * Big::from_i64(2)));
    }
    pairs.extend(Pair::equal(&norm_squared((exact * &limit.direction).iter()), &change, bits));
    Margins::All(pairs)
}

/// Squares.
fn by_norms(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let factor = Rational::from(if how.plants(Plant::WrongConstant) { 2 } else { 1 });
    Pair::exact(&(limit.spread() / factor).powi(2), &limit.slope, bits).into()
}

/// (32): 2L-th powers.
fn eq_32(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let depth = limit.depth();
    let plain = 2 * &limit.design.high * limit.sum();
    let power = if how.plants(Plant::DroppedFactor) { 0 } else { depth - 1 };
    Pair::exact(&(plain.powi(2 * depth) * limit.level(power)), &limit.spread().powi(2 * depth), bits).into()
}

/// Squares: what is left after the rank-one equality.
fn split(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let pair = |k: usize| {
        let others = if how.plants(Plant::DroppedFactor) { Rational::one() } else { limit.layers.others(k).powi(2) };
        let slope = if how.plants(Plant::MissingNorm) { Rational::one() } else { limit.slope.clone() };
        Pair::exact(&(others * slope), &limit.changes[k - 1], bits)
    };
    Margins::All((1..=limit.changes.len()).map(pair).collect())
}

/// The line after it, from (32) and Corollary 1: 2L-th powers.
fn with_level(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let depth = limit.depth();
    let power = if how.plants(Plant::WrongPower) { depth - 1 } else { 2 * (depth - 1) };
    let plain = 2 * &limit.design.high * limit.sum();
    let bound = plain.powi(2 * depth) * limit.level(power);
    let pair = |k: usize| {
        let before = limit.layers.others(k).powi(2) * &limit.slope;
        Pair::exact(&bound, &before.powi(depth), bits)
    };
    Margins::All((1..=limit.changes.len()).map(pair).collect())
}

/// L-th powers.
fn squared(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let sum = if how.plants(Plant::LostSquare) { limit.sum() } else { limit.sum().powi(2) };
    let bound = limit.squared_bound(sum);
    Margins::All(limit.changes.iter().map(|c| Pair::exact(&bound, &c.powi(limit.depth()), bits)).collect())
}

/// The common factor `4 Lambda^2 (..)` is not negative.
fn mean_of_squares(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let factor = if how.plants(Plant::DroppedFactor) { 1 } else { i64::from(limit.depth()) };
    Pair::exact(&(Rational::from(factor) * limit.sum_of_squares()), &limit.sum().powi(2), bits).into()
}

fn frobenius(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let (greater, lesser) = (limit.frobenius.clone(), limit.sum_of_squares());
    let (greater, lesser) = if how.plants(Plant::FlippedSign) { (lesser, greater) } else { (greater, lesser) };
    Pair::exact(&greater, &lesser, bits).into()
}

/// `S^2 <= 4 L^2 Lambda^2 (2 norm(w*))^(4(L-1)/L)`: for the quotient at D exactly, for its supremum by enclosure.
fn sharpness_squared(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let depth = limit.depth();
    let factor = Rational::from(i64::from(if how.plants(Plant::LostSquare) { depth } else { depth * depth }));
    let total = limit.changes.iter().fold(Rational::zero(), |s, c| s + c);
    let quotient = Pair::exact(&limit.squared_bound(&factor * &limit.frobenius), &total.powi(depth), bits);
    let Some(sharpness) = limit.sharpness(bits) else { return Margins::OutOfScope("the layers do not chain") };
    // S^(2L) against the L-th power of the bound.
    let bound = of(&limit.squared_bound(factor), bits);
    let supremum = Pair::new(bound, sharpness.powi(2 * depth)).or_exactly(limit.at_boundary());
    Margins::All(vec![quotient, supremum])
}

/// Their logarithms differ by `4 z ln 2`, z = 1/L.
fn constants(step: Step<Missing>) -> Step {
    let [depth, z, most, star] = vars(["L", "z", "Lambda", "norm(w*)"]);
    let domain = Reduction::on([Range::from("L", 1), Range::positive("Lambda"), Range::positive("norm(w*)")])
        .coordinate(Range::within("z", 0, 1), 1 / &depth)
        .inverse(&depth, 1 / &z)
        .exponents_cleared_by(1, (4 * ln(2) * z).at_least(0));
    let power = |n| Expr::from(2).pow(n);
    let scaled = |e: Expr| e * depth.pow(2) * most.pow(2);
    let left = scaled(4.into()) * (2 * &star).power(4 * (&depth - 1) / &depth);
    step.says(left.at_most(scaled(power(6)) * star.power(4 - 4 / &depth)), domain)
        .edited(Plant::WrongConstant, Edit::Swap(power(6), power(5)))
        .done()
}

/// K of `O(xi) <= K xi` in the printed form of the remainder: any constant serves, since the ratio has no positive
/// lower bound.
const ANY_CONSTANT: i64 = 1 << 20;

/// xi and r = rho/xi, rho the distance of W~ from W; the ends stand for "as small as one likes".
fn distances(_how: How) -> Vec<(Rational, Rational)> {
    let small = Rational::new(1, 1 << 32);
    vec![(small.clone(), Rational::one()), (small, Rational::one())]
}

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

fn upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let Some(sharpness) = limit.sharpness(bits) else { return Margins::OutOfScope("the layers do not chain") };
    let bound = match how {
        // norm(w*)^(1-1/L): the norm replaced by its square root.
        How::Planted(Plant::WrongPower) => {
            let root = of(&limit.square, bits);
            let high = of(&(4 * &limit.design.high), bits);
            depth_bound(&high, &root.sqrt(), None, limit.depth() as usize)
        }
        How::Planted(Plant::WrongConstant) => limit.multiple(1, bits),
        _ => limit.multiple(8, bits),
    };
    Pair::new(bound, sharpness).into()
}

/// X made coloured by the sizes; S_min > 0.
fn ratio(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let Some(sharpness) = limit.sharpness(bits) else { return Margins::OutOfScope("the layers do not chain") };
    if limit.square.is_zero() {
        return Margins::OutOfScope("norm(w*) >= 1 by (A3): S_min > 0");
    }
    let condition = &limit.design.high / &limit.design.low;
    let condition = if how.plants(Plant::DroppedFactor) { Rational::one() } else { condition };
    let four = Rational::from(4) * condition;
    let product = of(&four, bits) * limit.least(bits);
    // Both are multiples of L norm(w*)^(2-2/L): 4 (Lambda/lambda) 2 lambda against 8 Lambda.
    let (left, right) =
        (four * Rational::from(2) * limit.design.low.clone(), Rational::from(8) * limit.design.high.clone());
    let mut pairs = vec![Pair::new(product, sharpness)];
    if !how.plants(Plant::DroppedFactor) {
        pairs.extend(Pair::equal(&left, &right, bits));
    }
    Margins::All(pairs)
}

/// Theorem 2 at the limit; equality where w* is an eigenvector for lambda, left out.
fn lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let limit = match Limit::draw(draw, false) {
        Ok(s) => s,
        Err(out) => return out,
    };
    let w = product(&limit.layers.matrices);
    let image = limit.design.x.transpose() * (&limit.design.x * &w);
    let factor = &limit.design.low * Rational::from(limit.y.len() as i64);
    if limit.design.low == limit.design.high || image == w.map(|v| &factor * v) {
        return Margins::OutOfScope("Sigma w* = lambda w*, or white data: equality, see claim theorem-2-depth");
    }
    let Some(sharpness) = limit.sharpness(bits) else { return Margins::OutOfScope("the layers do not chain") };
    let bound = if how.plants(Plant::WrongConstant) { limit.multiple(2, bits) } else { limit.least(bits) };
    Pair::new(sharpness, bound).into()
}

const OTHERS: &[Other] = &[other(1709, Reason::Definition("Delta_k"))];

const MINIMISER: &str = "d_L = 1, w = 1; any minimiser W and any direction W~ - W = xi D; coefficients of xi";
const RANGE: &str =
    "a minimiser with sigma_k <= (2 norm(w*))^(1/L) for all k (Corollary 1 in the limit); rational singular values";

fn instances(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: SIZES, sides }
}

fn identity(sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes: FREE, sides }
}

fn first_order() -> Vec<Step> {
    vec![
        Step::new("corollary-3/lower", "B.7, first sentence", &[])
            .quoted(1699, "The lower bound unfolds directly from Theorem")
            .titled("The lower bound")
            .given("a minimiser in the range of Corollary 1; Sigma w* != lambda w*")
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
        Step::new("corollary-3/delta", "B.7, after (31)", &[1713])
            .titled("The change of the gradient to first order")
            .given(MINIMISER)
            .uses(&["gradient"])
            .by(identity(delta))
            .holds("Delta_k = -W_{k+1}^T..W_L^T grad R^1(w~_prod)^T W_1^T..W_{k-1}^T + O(xi^2)")
            .planted(Plant::FlippedSign, "Delta_k = W_{k+1}^T..W_L^T grad R^1(w~_prod)^T W_1^T..W_{k-1}^T + O(xi^2)")
            .planted(Plant::OffByOne, "Delta_k = -W_k^T..W_L^T grad R^1(w~_prod)^T W_1^T..W_{k-1}^T + O(xi^2)"),
        Step::new("corollary-3/slope", "B.7, after (31)", &[1717])
            .titled("The gradient of R^1 to first order")
            .given(MINIMISER)
            .by(identity(slope))
            .holds(
                "grad R^1(w~_prod) = (2/n) X^T X (sum_k W_1^T..W_{k-1}^T (W~_k^T - W_k^T) W_{k+1}^T..W_L^T) + \
                    O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "the same with 1/n")
            .planted(Plant::OffByOne, "the same with W_k^T in place of W~_k^T - W_k^T"),
        Step::new("corollary-3/slope-by-norms", "B.7, before (32)", &[1723])
            .titled("The gradient of R^1 by norms")
            .given(RANGE)
            .uses(&["corollary-3/slope"])
            .by(instances(by_norms))
            .holds(
                "norm(grad R^1(w~_prod)) <= 2 Lambda sum_k norm(W_1)..norm(W_{k-1}) norm(W~_k - W_k) \
                    norm(W_{k+1})..norm(W_L) + O(xi^2)",
            )
            .planted(Plant::WrongConstant, "the same with Lambda in place of 2 Lambda"),
        Step::new("corollary-3/eq-32", "B.7, (32)", &[1728])
            .titled("The norms of the layers bounded")
            .given(RANGE)
            .uses(&["corollary-3/slope-by-norms", "corollary-1"])
            .by(instances(eq_32))
            .holds(
                "2 Lambda sum_k prod_{j != k} norm(W_j) norm(W~_k - W_k) <= 2 Lambda (2 norm(w*))^((L-1)/L) sum_k \
                    norm(W_k - W~_k)",
            )
            .planted(Plant::DroppedFactor, "the same without (2 norm(w*))^((L-1)/L)"),
        Step::new("corollary-3/rank-one", "B.7, after (32)", &[1735])
            .titled("The Frobenius norm of a matrix of rank one")
            .given(MINIMISER)
            .uses(&["corollary-3/delta"])
            .by(identity(rank_one))
            .holds("norm_F(Delta_k) = norm(W_{k+1}^T..W_L^T) norm(grad R^1(w~_prod)^T W_1^T..W_{k-1}^T) + O(xi^2)")
            .planted(Plant::DroppedFactor, "norm_F(Delta_k) = norm(grad R^1(w~_prod)^T W_1^T..W_{k-1}^T) + O(xi^2)")
            .planted(
                Plant::LostSquare,
                "norm_F(Delta_k)^2 = norm(W_{k+1}^T..W_L^T) norm(grad R^1(w~_prod)^T \
                                         W_1^T..W_{k-1}^T)",
            ),
    ]
}

fn bounds() -> Vec<Step> {
    vec![
        Step::new("corollary-3/split", "B.7, after (32)", &[1739])
            .titled("The change of the gradient by norms")
            .given(RANGE)
            .uses(&["corollary-3/rank-one"])
            .by(instances(split))
            .holds(
                "norm_F(Delta_k) <= norm(W_{k+1})..norm(W_L) norm(grad R^1(w~_prod)) norm(W_1)..norm(W_{k-1}) + \
                    O(xi^2)",
            )
            .planted(Plant::DroppedFactor, "norm_F(Delta_k) <= norm(grad R^1(w~_prod)) + O(xi^2)")
            .planted(Plant::MissingNorm, "the same without norm(grad R^1(w~_prod))"),
        Step::new("corollary-3/with-level", "B.7, after (32)", &[1740])
            .titled("The change of the gradient by the level of Corollary 1")
            .given(RANGE)
            .uses(&["corollary-3/split", "corollary-3/eq-32", "corollary-1"])
            .by(instances(with_level))
            .holds(
                "prod_{j != k} norm(W_j) norm(grad R^1(w~_prod)) <= 2 Lambda (2 norm(w*))^(2(L-1)/L) sum_j \
                    norm(W_j - W~_j) + O(xi^2)",
            )
            .planted(Plant::WrongPower, "the same with (2 norm(w*))^((L-1)/L)")
            .remarks(&["The sum on the right runs over the index that is free on the left."]),
        Step::new("corollary-3/squared", "B.7, squares", &[1744])
            .titled("Squared")
            .given(RANGE)
            .uses(&["corollary-3/with-level"])
            .by(instances(squared))
            .holds("norm_F(Delta_k)^2 <= 4 Lambda^2 (2 norm(w*))^(4(L-1)/L) (sum_j norm(W_j - W~_j))^2 + O(xi^3)")
            .planted(Plant::LostSquare, "the same with sum_j norm(W_j - W~_j)"),
        Step::new("corollary-3/mean-of-squares", "B.7, squares", &[1749])
            .titled("Cauchy-Schwarz for the sum")
            .given(RANGE)
            .by(instances(mean_of_squares))
            .holds("(sum_k norm(W_k - W~_k))^2 <= L sum_k norm(W_k - W~_k)^2, times 4 Lambda^2 (2 norm(w*))^(4(L-1)/L)")
            .planted(Plant::DroppedFactor, "(sum_k norm(W_k - W~_k))^2 <= sum_k norm(W_k - W~_k)^2"),
        Step::new("corollary-3/frobenius", "B.7, squares", &[1754])
            .titled("The operator norm is at most the Frobenius norm")
            .given(RANGE)
            .by(instances(frobenius))
            .holds("sum_k norm(W_k - W~_k)^2 <= sum_k norm_F(W_k - W~_k)^2, times 4 L Lambda^2 (2 norm(w*))^(4(L-1)/L)")
            .planted(Plant::FlippedSign, "sum_k norm(W_k - W~_k)^2 >= sum_k norm_F(W_k - W~_k)^2"),
        Step::new("corollary-3/remainders", "B.7, by (31)", &[])
            .quoted(1758, "Thus, by  $(31)$ ,")
            .titled("The remainder over the squared distance")
            .given(
                "numerator <= A D + O(xi^3) (printed), <= A D + O(rho^3) (corrected), where rho = max_k norm(W~_k \
                    - W_k) <= xi and D, the sum of the squared distances, is at least rho^2; xi and rho/xi from 2^-32 \
                    to 1, constants 1 and K = 2^20",
            )
            .uses(&["corollary-3/squared"])
            .by(Body::Domain { variables: &["xi", "rho/xi"], domain: distances, sides: remainders })
            .fails(
                "xi^3/rho^2 <= K xi for every rho <= xi: the quotient of (31) is at most A + O(xi)",
                Fault::Gap,
                "The displays before and after are true; the step between them is not valid as the remainder is \
                 written. O is taken as xi tends to 0, but the supremum in (31) runs over all W~ with norm(W~_k - \
                 W_k) <= xi for each k, also over those much closer to W: O(xi^3) over sum_k norm(W~_k - W_k)^2 is \
                 then not O(xi). Smallest counterexample: remainder xi^3, rho = xi^2, where the quotient is 1/xi. The \
                 remainders are O(rho^3), rho = max_k norm(W~_k - W_k) <= xi: Delta_k is a polynomial in W~ - W that \
                 vanishes at 0, so what its linear part leaves is of degree 2 and more (steps corollary-3/delta, \
                 corollary-3/slope). With this the display, and all constants, stand.",
            )
            .corrected("rho^3/rho^2 <= xi for every rho <= xi")
            .planted(Plant::WrongPower, "rho^2/rho^2 <= K xi: a remainder of second order"),
        Step::new("corollary-3/sharpness-squared", "B.7, by (31)", &[1760])
            .titled("The square of the sharpness")
            .given(RANGE)
            .uses(&[
                "corollary-3/eq-31",
                "corollary-3/squared",
                "corollary-3/mean-of-squares",
                "corollary-3/frobenius",
                "corollary-3/remainders",
            ])
            .by(instances(sharpness_squared))
            .holds("S(W)^2 <= 4 L^2 Lambda^2 (2 norm(w*))^(4(L-1)/L)")
            .planted(Plant::LostSquare, "S(W)^2 <= 4 L Lambda^2 (2 norm(w*))^(4(L-1)/L)"),
        Step::new("corollary-3/constants", "B.7, by (31)", &[])
            .quoted(1761, "2^6 L^2 \\Lambda^2")
            .titled("The powers of 2 collected")
            .given("every real L >= 1, Lambda > 0, norm(w*) > 0")
            .stated_by(constants),
        Step::new("corollary-3/upper", "B.7, last display", &[1766])
            .titled("The sharpness")
            .given(RANGE)
            .uses(&["corollary-3/sharpness-squared", "corollary-3/constants"])
            .by(instances(upper))
            .holds("S(W) <= 8 L Lambda norm(w*)^(2-2/L)")
            .planted(Plant::WrongPower, "S(W) <= 8 L Lambda norm(w*)^(1-1/L)")
            .planted(Plant::WrongConstant, "S(W) <= L Lambda norm(w*)^(2-2/L)"),
        Step::new("corollary-3/ratio", "B.7, last sentence", &[])
            .quoted(1770, "which concludes the proof by definition of")
            .titled("Over S_min")
            .given("the same with norm(w*) > 0")
            .uses(&["corollary-3/upper"])
            .by(Body::Instances { sizes: COLOURED, sides: ratio })
            .holds("8 L Lambda norm(w*)^(2-2/L) = 4 (Lambda/lambda) S_min, so S(W) <= 4 (Lambda/lambda) S_min")
            .planted(Plant::DroppedFactor, "S(W) <= 4 S_min"),
    ]
}

/// The audit of the proof of Corollary 3.
pub fn proof() -> Proof {
    Proof {
        id: "corollary-3",
        title: "Corollary 3",
        section: "B.7",
        proves: &["corollary-3"],
        steps: first_order().into_iter().chain(bounds()).collect(),
        others: OTHERS,
    }
}
