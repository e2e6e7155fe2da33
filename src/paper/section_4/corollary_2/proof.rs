//! The proof of Corollary 2 (B.6): the flow from small initialisation converges.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L with sigma_k known | [`layers::network`]: `U diag(values) V^T`, U and V rational rotations; d_L = 1, w = 1 as in Section 4 | d_k x d_{k-1} |
//! | X, y, Lambda | [`Design`](crate::harness::steps::Design) | |
//! | norm(w*) | a number with 2 norm(w*) a little above max sigma_k^L: the range of Corollary 1, upper side | scalar |
//! | nabla_k R^L | by partial derivatives of the risk (dual numbers), or by (5) | d_k x d_{k-1} |
//! | R^L(W(t)), t >= 1 | [`decay`]: flows in closed form, L = 1 and two scalar layers | scalar |
//!
//! All displays hold. Norms of vectors and of the layers are rational or square roots of rationals, and the exponents
//! have denominator L: cases of equality are decided exactly.
//!
//! **Flows in closed form.** L = 1: the error has the components `z_i e^(-2 lambda_i t)`, mu = 4 lambda. Two scalar
//! layers, equal at the start, product p, X^T X/n = s: `dp/dt = 4 s p (w* - p)`, so
//! `p(t) = w*/(1 + (w*/p(0) - 1) e^(-4 s w* t))`, and `sum_k norm(grad_k)^2 = 8 s p (R - R_min)`; (A2) is p(0) in (0, 2
//! w*], and mu = 8 s min(p(1), w*) for t >= 1.
//!
//! **Words.** Lemma 7 is used with the square in its hypothesis, which is what Theorem 3 states (see
//! `lemma-7/hypothesis`). "Subadditivity of the operator norm" is its submultiplicativity.
//!
//! **The steps, in the order of the text.** Line 1673, the decay of the risk: flows in closed form, for which Theorem
//! 3 is known with its best mu. Line 1679, (5) with w = 1: identity. Lines 1685 to 1693, the gradient by the norms of
//! the layers, by Corollary 1 and by Lemma 8: instances, cases of equality decided exactly. Line 1694, the square
//! root of the decay: instances. Line 1697, the bound is integrable: an identity of the first coefficients of a
//! primitive.
//!
//! **Why that suffices.** Decay for every flow is Lemma 7 applied to Theorem 3, of which the closed forms test the
//! rate and the start t = 1. The inequalities are submultiplicativity and monotone powers. That a gradient with an
//! integrable norm makes the weights converge is the completeness of R^p, for which no step is needed; `corollary_2`
//! of `formal/` has it all.

use crate::arithmetic::{Big, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Table, at, exp, norm, sqrt, transpose, var};
use crate::harness::steps::Design;
use crate::harness::steps::layers::{self, with_gradient};
use crate::harness::steps::sample::of;
use crate::harness::steps::{
    Body, Draw, Drawn, How, Margins, Pair, Plant, Proof, Setting, Sizes, Step, Tie, scalar, step, steps,
};
use crate::network::initialise;
use crate::paper::kit::every;
use crate::paper::section_4::corollary_1::proof_products::{others, product};
use crate::paper::section_4::theorem_3::scenes::with_partials;
use crate::problem::Moments;
use num_traits::{One, Zero};

/// `[L, d, h, n]`: widths d, h, .., h, 1, and n observations.
const SIZES: Sizes = &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[2, 2, 1, 2], &[1, 3, 1, 4], &[3, 2, 3, 2], &[4, 2, 2, 2]];

/// All parameters are drawn.
const SCALARS: Sizes = &[&[1]];

/// Dimensions of the flows with L = 1.
const FLOWS: Sizes = &[&[1], &[2], &[3]];

/// d, h, .., h, 1.
pub(crate) fn widths(draw: &Draw<'_>) -> Vec<usize> {
    initialise::widths(draw.size(1), draw.size(2), draw.size(0))
}

/// Where a draw has no network: never.
pub(crate) const NO_CHAIN: &str = "the layers do not chain";

/// Layers with grad R^1(w_prod) and the gradient by partial derivatives of the risk.
fn gradients(draw: &mut Draw<'_>) -> Drawn {
    let network = draw.network(&widths(draw), false);
    let (x, y) = draw.data(draw.size(3), draw.size(1));
    Ok(with_partials(&network.ok_or(NO_CHAIN)?, &x, &y))
}

/// One moment t >= T: layers with known singular values, w*, the gradient by (5).
fn moment(draw: &mut Draw<'_>) -> Drawn {
    let depth = draw.size(0);
    let tops: Vec<Rational> = (0..depth).map(|_| draw.nonnegative()).collect();
    let network = layers::network(draw, &widths(draw), &tops);
    let design = Design::draw(draw, draw.size(3), draw.size(1));
    // 2 norm(w*) >= sigma_k^L, hardly more where the slack drawn is zero.
    let (slack, direction) = (draw.nonnegative(), draw.unit_vector(draw.size(1)));
    let largest = tops.iter().max().cloned().unwrap_or_else(Rational::zero).powi(depth as u32);
    let optimum = direction * (largest / 2 * (1 + Rational::new(1, 1 << 20) + slack));
    let data = Moments::new(&design.x, &design.target(&optimum));
    Ok(with_gradient(Table::default(), &network.ok_or(NO_CHAIN)?, &data)
        .scalar("Lambda", design.high)
        .family("sigma", tops.into_iter().map(scalar))
        .vector("w*", &optimum)
        .scalar("R_min", data.risk(&optimum)))
}

/// `r(t)`, a share of `r(1) e^(-mu (t-1))`; a little below it, so that no equality is left to enclosures.
fn falling(draw: &mut Draw<'_>) -> Drawn {
    let (start, mu, after) = (draw.nonnegative(), draw.nonnegative(), draw.nonnegative());
    let share = draw.share() * (1 - Rational::new(1, 1 << 40));
    let now = Expr::from(share) * var("r(1)") * exp(-(var("mu") * (var("t") - 1)));
    Ok(Table::default().scalar("r(1)", start).scalar("mu", mu).scalar("t", 1 + after).define("r(t)", &[], now))
}

/// The excess risk at t >= 1 against its value at 1 times `e^(-mu (t-1))`, for the flows of the file's documentation.
fn decay(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    // Rates and times up to about 4: what is not an equality then differs by more than 2^-640.
    let moderate = |v: Rational| 4 * v + Rational::new(1, 16);
    let curvature: Vec<Rational> = (0..d).map(|_| moderate(draw.share())).collect();
    let error = draw.vector(d);
    let after = 4 * draw.share();
    let (s, optimum, start) = (draw.share() + Rational::new(1, 16), moderate(draw.share()), draw.share());
    let big = |q: &Rational| of(q, bits);
    let exponent = |rate: &Rational, time: &Rational| (-(big(rate) * big(time))).exp();
    let (one, time) = (Rational::one(), 1 + &after);
    let elapsed = if how.plants(Plant::OffByOne) { &time } else { &after };
    let faster = Rational::from(if how.plants(Plant::WrongConstant) { 2 } else { 1 });
    let tie = |parameter: Rational| how.printed().then(|| Tie::where_zero(parameter * &after));

    // L = 1: equality at t = 1, and where only the slowest components are there.
    let least = curvature.iter().min().cloned().unwrap_or_else(Rational::one);
    let components = || curvature.iter().zip(error.iter());
    let excess = |t| components().fold(Big::zero(), |sum, (c, z)| sum + big(&(c * z.powi(2))) * exponent(&(4 * c), t));
    let bound = excess(&one) * exponent(&(4 * &least * &faster), elapsed);
    let rest = components().fold(Rational::zero(), |sum, (c, z)| sum + (c - &least) * z.powi(2));
    let shallow = Pair::new(bound, excess(&time)).or_exactly(tie(rest));
    if start.is_zero() {
        return shallow.into();
    }

    // Two scalar layers: p(0) = 2 w* times a share.
    let start = 2 * &optimum * start;
    let ratio = &optimum / &start - &one;
    let rate = 4 * &s * &optimum;
    let at = |t: &Rational| big(&optimum) / (1 + big(&ratio) * exponent(&rate, t));
    // s (w* - p)^2, with w* - p = p (w*/p(0) - 1) e^(-4 s w* t).
    let excess = |t: &Rational| big(&s) * (at(t) * big(&ratio) * exponent(&rate, t)).powi(2);
    let mu = big(&(8 * &s * faster)) * if start < optimum { at(&one) } else { big(&optimum) };
    let bound = excess(&one) * (-(mu * big(elapsed))).exp();
    let deep = Pair::new(bound, excess(&time)).or_exactly(tie(ratio));
    Margins::All(vec![shallow, deep])
}

/// Coefficients that are compared.
const ORDER: i64 = 8;

/// mu, and the coefficients of `e^(-(mu/2) t)`, which tends to 0.
fn series(draw: &mut Draw<'_>) -> Drawn {
    let mu = draw.number();
    if mu.is_zero() {
        return Err("mu > 0");
    }
    let (mut c, mut table) = (Rational::one(), Table::default());
    for k in 0..=ORDER {
        table = table.matrix("c", &[k], scalar(c.clone()));
        c = c * (-&mu / 2) / (k + 1);
    }
    Ok(table.scalar("mu", mu))
}

/// The steps from line 1685 to 1693: one moment after T.
const RANGE: Setting = Setting::new(
    "t >= T: sigma_k <= (2 norm(w*))^(1/L) for all k (Corollary 1); d_L = 1, w = 1; X with rational singular values",
    SIZES,
    moment,
);

/// `W_{k+1}^T .. W_L^T g^T W_1^T .. W_{k-1}^T`, and its first product.
pub(crate) fn rank_one(g: &Expr) -> [Expr; 2] {
    let after = product(var("k") + 1, var("L"));
    [&after * transpose(g) * product(1, var("k") - 1), after]
}
/// `(2 norm(w*))^(times (L-1)/L)`.
pub(crate) fn level(times: i64) -> Expr {
    let less = var("L") - 1;
    let exponent = if times == 1 { less } else { times * less };
    (2 * norm(var("w*"))).power(exponent / var("L"))
}
/// The audit of the proof of Corollary 2.
pub fn proof() -> Proof {
    let (grad, slope, mu) = (at("grad", var("k")), var("grad R^1(w_prod)"), var("mu"));
    let [printed, after] = rank_one(&slope);
    let excess = var("R^L(W)") - var("R_min");
    Proof {
        id: "corollary-2",
        title: "Corollary 2",
        section: "B.6",
        proves: &["corollary-2"],
        steps: steps![
            Step::new("corollary-2/decay", "B.6, first display", &[1673])
                .titled("Exponential convergence of the risk from t = 1 on")
                .given(
                    "(A1), (A2), t >= 1: flows in closed form, L = 1 and two equal scalar layers, mu the best constant \
                     of Theorem 3 there",
                )
                .uses(&["theorem-3", "lemma-7"])
                .by(Body::Instances { sizes: FLOWS, sides: decay })
                .holds("R^L(W(t)) - R_min <= (R^L(W(1)) - R_min) exp(-mu (t-1))")
                .planted(Plant::OffByOne, "R^L(W(t)) - R_min <= (R^L(W(1)) - R_min) exp(-mu t)")
                .planted(Plant::WrongConstant, "the same with 2 mu"),
            Step::new("corollary-2/gradient", "B.6, second display", &[1679])
                .about("The gradient (5) with w = 1", "d_L = 1, w = 1; any layers and data")
                .uses(&["gradient"])
                .on(SIZES, gradients)
                .states(every(grad.equals(&printed)))
                .edited(Plant::FlippedSign, Edit::Swap(printed.clone(), -printed))
                .edited(Plant::OffByOne, Edit::Swap(after, product(var("k"), var("L")))),
            step(RANGE, "corollary-2/product-of-norms", "B.6, before Corollary 1 is used", &[])
                .quoted(1685, "\\|\\nabla_k R^L(\\mathcal{W}(t))\\|_2 \\leqslant \\|W_{k+1}(t)\\|_2")
                .about("The norm of a product", "d_L = 1, w = 1; layers and X with rational singular values")
                .uses(&["corollary-2/gradient"])
                .states(every(norm(&grad).at_most(others() * norm(&slope))))
                .edited(Plant::DroppedFactor, Edit::Drop(others()))
                .edited(Plant::MissingNorm, Edit::Drop(norm(&slope)))
                .remarks(&[
                    "The text says subadditivity of the operator norm; it is submultiplicative, which is what is used."
                ]),
            step(RANGE, "corollary-2/by-corollary-1", "B.6, third display", &[1687])
                .titled("The norms of the layers bounded")
                .uses(&["corollary-2/product-of-norms", "corollary-1"])
                .states(every(norm(&grad).at_most(level(1) * norm(&slope))))
                .edited(Plant::WrongPower, Edit::Swap(var("L") - 1, 1.into())),
            step(RANGE, "corollary-2/by-lemma-8", "B.6, fourth display, first line", &[1693])
                .titled("The gradient of R^1 bounded by the risk")
                .uses(&["corollary-2/by-corollary-1", "lemma-8"])
                .states(every(norm(&grad).at_most(2 * level(1) * sqrt(var("Lambda")) * sqrt(&excess))))
                .edited(Plant::DroppedFactor, Edit::Swap(2 * level(1), level(1)))
                .edited(Plant::LostSquare, Edit::Swap(sqrt(&excess), excess)),
            Step::new("corollary-2/square-root", "B.6, fourth display, second line", &[])
                .quoted(1694, "e^{-\\frac{\\mu}{2}(t-1)}")
                .titled("The square root of the decay")
                .given("t >= 1; r(t) = R^L(W(t)) - R_min is a share of r(1) exp(-mu (t-1))")
                .uses(&["corollary-2/decay", "corollary-2/by-lemma-8"])
                .on(SCALARS, falling)
                .states(sqrt(var("r(t)")).at_most(sqrt(var("r(1)")) * exp(-(&mu / 2) * (var("t") - 1))))
                .edited(Plant::DroppedFactor, Edit::Swap(&mu / 2, mu.clone())),
            Step::new("corollary-2/integrable", "B.6, last sentence", &[])
                .quoted(1697, "This implies convergence of")
                .titled("The norm of the gradient is integrable")
                .given(
                    "mu not zero; c_k the coefficients of exp(-(mu/2) t): -(2/mu) exp(-(mu/2) t) is a primitive, so \
                     the path from t on is at most 2/mu times the bound at t",
                )
                .uses(&["corollary-2/square-root"])
                .on(SCALARS, series)
                .states((var("k") * (-(2 / &mu)) * at("c", var("k"))).equals(at("c", var("k") - 1)).each("k", 1, ORDER))
                .edited(Plant::WrongConstant, Edit::Swap(2 / &mu, 1 / &mu))
                .edited(Plant::FlippedSign, Edit::FlipSign(2 / &mu))
                .remarks(&["The limit is a minimiser because the risk is continuous and tends to R_min."]),
        ],
        others: &[],
    }
}
