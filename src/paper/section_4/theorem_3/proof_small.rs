//! B.4, small spectral norm and conclusion: w_prod stays away from zero, so the upper layers are not small where W_1
//! is; then the inequality.
//!
//! Sizes are `[kind, d_0, .., d_L]` for networks with data; symbols are those of [`fit`]. A network W(t), t >= 1, is
//! any with `R^L(W) <= R^L(W(1)) < R_0`, equality at t = 1. C is any number above sqrt(2 epsilon) L: both cases occur.

use crate::arithmetic::{Dual, Field, Rational};
use crate::formula::{Edit, Expr, Table, abs, at, max, min, norm, sqrt, square, sum, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::layers::{SameGaps, Vector, with_gradient};
use crate::harness::steps::{Draw, Drawn, Plant, Setting, Sizes, Step, step, steps};
use crate::network::directions::moved;
use crate::paper::section_4::scenes::{sigma, table};
use crate::paper::section_4::theorem_3::scenes::{Data, FITS, WIDTHS, fit, layers_from, root};
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;

/// The derivative of the risk along the flow.
const FALL: &str = "d/dt R^L(W(t))";

/// Data and a vector w.
fn any_vector(draw: &mut Draw<'_>) -> Drawn {
    let (data, table) = data(draw);
    let w = draw.vector(data.w_star.len());
    Ok(table.vector("w", &w).vector("grad R^1(w)", &data.moments.risk_gradient(&w)))
}

/// Any data.
fn data(draw: &mut Draw<'_>) -> (Data, Table<Rational>) {
    let data = Data::draw(draw, draw.size(0), |w| w);
    let table = data.table(Table::default());
    (data, table)
}

/// A point of the ball of radius norm(w*): a rotation of w*, times a number in [-1, 1].
fn in_ball(draw: &mut Draw<'_>, w_star: &Vector) -> Vector {
    let (turn, sign, part) = (draw.rotation(w_star.len()), draw.number(), draw.share());
    let part = if sign.sign() < 0 { -part } else { part };
    (turn * w_star).map(|v| v * &part)
}

/// Data with two vectors in the ball times a number.
fn two(draw: &mut Draw<'_>, times: i64) -> Drawn {
    let (data, table) = data(draw);
    let [a, b] = [(), ()].map(|()| in_ball(draw, &data.w_star) * Rational::from(times));
    let risk = |w| data.moments.risk(w);
    Ok(table.vector("a", &a).vector("b", &b).scalar("R^1(a)", risk(&a)).scalar("R^1(b)", risk(&b)))
}

/// Data with w_prod in the ball.
fn one(draw: &mut Draw<'_>) -> Drawn {
    let (data, table) = data(draw);
    let w = in_ball(draw, &data.w_star);
    Ok(table.vector("w_prod", &w).scalar("R^1(w_prod)", data.moments.risk(&w)))
}

/// `norm(y - X W_1^T .. W_L^T)^2 / n`, from the definition.
fn risk<T: Field>(layers: &[DMatrix<T>], x: &DMatrix<T>, y: &DVector<T>) -> T {
    let outputs = layers.iter().fold(x.transpose(), |h, w| w * h);
    let residual = y - outputs.transpose().column(0);
    norm_squared(residual.iter()) / T::from_i64(y.len() as i64)
}

/// Any network with data, and the derivative of its risk along the flow.
fn flowing(draw: &mut Draw<'_>) -> Drawn {
    let (network, x, y) = draw.network_and_data()?;
    let data = Moments::new(&x, &y);
    let gradient = network.gradient(&data);
    let along: Vec<_> = (1..=network.depth()).map(|k| -gradient.layer(k)).collect();
    let moved = moved(&network, &along).ok_or("the layers do not chain")?;
    let fall = risk(moved.layers(), &x.map(Dual::constant), &y.map(Dual::constant)).derivative;
    Ok(with_gradient(Table::default(), &network, &data)
        .scalar("n", Rational::from(y.len() as i64))
        .scalar("R^L(W)", risk(network.layers(), &x, &y))
        .scalar(FALL, fall)
        .vector("y", &y)
        .matrix("X", &[], x))
}

/// Networks with `R^L <= R_0`, where w* = 0 unless it is kept.
fn without_regressor(draw: &mut Draw<'_>, kept: bool) -> Drawn {
    let network = SameGaps::draw(draw).ok().and_then(|pair| pair.network());
    let data = Data::draw(draw, draw.size(1), |w| if kept { w } else { w * Rational::zero() });
    let network = network.ok_or("not a network")?;
    if network.risk(&data.moments) > data.at_zero() {
        return Err("the risk is above R_0");
    }
    Ok(with_gradient(Table::default(), &network, &data.moments))
}

/// Any pair, with w_prod.
fn product(draw: &mut Draw<'_>) -> Drawn {
    let pair = SameGaps::draw(draw)?;
    Ok(table(&pair).vector("w_prod", &pair.network().ok_or("not a network")?.product()))
}
/// In the whole proof.
fn whole(draw: &mut Draw<'_>) -> Drawn {
    let [large, small] = cases();
    Ok(fit(draw, false)?.define("mu_1", &[], min(large, small).pow(2)))
}

/// Dimensions for the steps about the data alone.
const DATA: Sizes = &[&[1], &[2], &[3]];
/// Networks at which a zero product is likely.
const ZEROS: Sizes = &[&[0, 1, 1], &[0, 1, 1, 1], &[0, 2, 2, 1], &[0, 2, 1, 2, 1]];
/// The first assumption alone.
const A1: &str = "(A1)";
/// What the steps about t >= 1 use of the flow: the order of three risks.
const FROM_ONE: &str = "(A1), (A2), t >= 1, used as R^L(W(t)) <= R^L(W(1)) < R_0, with equality at t = 1";
/// The hypotheses of the conclusion.
const ALL: &str = "(A1), (A2), t >= 1, used as R^L(W(t)) <= R^L(W(1)) < R_0; W(t) and W(0) satisfy Lemma 1; any C > \
                   sqrt(2 epsilon) L; L >= 1";

/// `sum_k norm_F(grad_k)^2`.
fn all() -> Expr {
    sum("k", 1, var("L"), square(at("grad", var("k"))))
}
/// `R_0 - R^L(W(1))`.
fn drop() -> Expr {
    var("R_0") - var("R^L(W(1))")
}
/// `number Lambda norm(w*)`.
fn slope(number: i64) -> Expr {
    number * var("Lambda") * norm(var("w*"))
}
/// `min((R_0 - R^L(W(1)))/(number Lambda norm(w*)), norm(w*))`.
fn floor(number: i64) -> Expr {
    min(drop() / slope(number), norm(var("w*")))
}
/// What sqrt(mu_1) is the smaller of: `(C - sqrt(2 epsilon) L)^(L-1)`, `min(..)/C`.
fn cases() -> [Expr; 2] {
    let depth = var("L");
    [(var("C") - root() * &depth).power(depth - 1), floor(4) / var("C")]
}

/// Networks with data in either case, with mu_1.
const WHOLE: Setting = Setting::new(
    "as in theorem-3/conclusion; mu_1 is the square of the minimum there, mu = 4 mu_1 lambda",
    FITS,
    whole,
);

/// Lines 1318 to 1338: what the risk does with norm(w_prod), and with t.
fn data_steps() -> Vec<Step> {
    let [w, star, high, now, zero] = vars(["w", "w*", "Lambda", "w_prod", "R_0"]);
    let apart = 2 * &high * norm(&star - &w);
    let change = abs(var("R^1(w_prod)") - zero);
    let residual = |output: Expr| square(output) / var("n");
    let [minus, plus] = [var("y") - var("X") * &now, var("y") + var("X") * &now];
    steps![
        Step::new("theorem-3/slope", "Theorem 3, proof, small spectral norm, first display", &[1318])
            .titled("The gradient of the regression problem")
            .given(A1)
            .uses(&["gradient"])
            .on(DATA, any_vector)
            .states(norm(var("grad R^1(w)")).at_most(&apart).at_most(2 * &high * (norm(&star) + norm(&w))))
            .edited(Plant::DroppedFactor, Edit::Swap(apart, &high * norm(&star - &w)))
            .edited(Plant::FlippedSign, Edit::FlipSign(norm(&w))),
        Step::new("theorem-3/lipschitz", "Theorem 3, proof, small spectral norm, text", &[])
            .quoted(1322, "-Lipschitz. Let us use this property")
            .about("The risk is Lipschitz on a ball", "(A1); norm(a), norm(b) <= norm(w*)")
            .uses(&["theorem-3/slope"])
            .on(DATA, |draw| two(draw, 1))
            .states(abs(var("R^1(a)") - var("R^1(b)")).at_most(slope(4) * norm(var("a") - var("b"))))
            .edited(Plant::WrongConstant, Edit::Swap(slope(4), slope(2)))
            .elsewhere(Plant::DroppedHypothesis, "on the ball of radius 4 norm(w*)", |draw| two(draw, 4)),
        Step::new("theorem-3/risk-change", "Theorem 3, proof, small spectral norm, second display", &[1324])
            .about("The change of the risk by norm(w_prod)", "(A1), norm(w_prod) <= norm(w*)")
            .uses(&["theorem-3/lipschitz"])
            .on(DATA, one)
            .states(change.at_most(slope(4) * norm(&now)))
            .edited(Plant::WrongConstant, Edit::Swap(slope(4), slope(2)))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&star)))
            .sharpened("three", change.at_most(slope(3) * norm(&now)))
            .remarks(&[
                "3 serves: |w^T Sigma w - 2 w^T Sigma w*| <= Lambda norm(w) (norm(w) + 2 norm(w*)), attained at w = \
                 -w*."
            ]),
        Step::new(
            "theorem-3/risk-of-product",
            "Theorem 3, proof, small spectral norm, third display, first line",
            &[1328],
        )
        .titled("The risk of the network and of its product")
        .given("any data and network, d_L = 1; R^L(W) from the layers one by one")
        .on(WIDTHS, flowing)
        .states(residual(minus.clone()).equals(var("R^L(W)")))
        .edited(Plant::DroppedFactor, Edit::Swap(residual(minus.clone()), square(&minus)))
        .edited(Plant::FlippedSign, Edit::Swap(minus, plus)),
        Step::new(
            "theorem-3/risk-decreases",
            "Theorem 3, proof, small spectral norm, third display, second line",
            &[1332],
        )
        .titled("The risk decreases along the flow")
        .given("any data and network, d_L = 1; so R^L(W(t)) <= R^L(W(1)) for t >= 1")
        .uses(&["gradient"])
        .on(WIDTHS, flowing)
        .states(var(FALL).equals(-all()))
        .edited(Plant::DroppedTerm, Edit::Swap(all(), square(at("grad", 1))))
        .edited(Plant::FlippedSign, Edit::FlipSign(all())),
        Step::new(
            "theorem-3/risk-decreases-strictly",
            "Theorem 3, proof, small spectral norm, third display, third line",
            &[1333],
        )
        .about("At the start the decrease is strict", "grad R^L(W(0)) != 0, by (A2); so R^L(W(1)) < R^L(W(0))")
        .uses(&["theorem-3/risk-decreases"])
        .on(WIDTHS, flowing)
        .when(all().above(0))
        .states(var(FALL).below(0))
        .unconditionally(),
        step(WHOLE, "theorem-3/risk-gap", "Theorem 3, proof, small spectral norm, fourth display", &[1338])
            .titled("The risk stays away from R_0")
            .given("(A1), (A2), t >= 1, used as R^1(w_prod) = R^L(W(t)) <= R^L(W(1)) < R_0, with equality at t = 1")
            .uses(&["theorem-3/risk-of-product", "theorem-3/risk-decreases", "theorem-3/risk-decreases-strictly"])
            .misstates(
                change.above(drop()).above(0),
                Fault::Extraction,
                "A strict inequality: at t = 1 both sides are the same number, R_0 - R^L(W(1)), since R^1(w_prod(1)) = \
                 R^L(W(1)) < R_0; so for every flow with (A2), for instance L = 1, Sigma = 1, w* = 1, W(0) = 0. For t \
                 > 1 it is strict. The display before has <= in its second line, which gives >=. Perhaps >= before the \
                 extraction, else a slip; what follows uses >= only.",
            )
            .rightly(change.at_least(drop()).above(0))
            .edited(Plant::WrongConstant, Edit::Swap(drop(), 2 * drop()))
            .edited(Plant::FlippedSign, Edit::FlipSign(var("R^L(W(1))"))),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let [star, now, low, c] = vars(["w*", "w_prod", "lambda", "C"]);
    let (upper, slope_now) = (norm(layers_from(2)), square(var("grad R^1(w_prod)")));
    let excess = var("R^L(W)") - var("R_min");
    let [large, quotient] = cases();
    let (smaller, larger) = (min(&large, &quotient), max(&large, &quotient));
    let (mu_1, larger_square) = (var("mu_1"), larger.pow(2));
    let mut out = data_steps();
    out.extend(steps![
        step(WHOLE, "theorem-3/product-lower", "Theorem 3, proof, small spectral norm, fifth display", &[1344])
            .titled("w_prod stays away from zero")
            .given(FROM_ONE)
            .uses(&["theorem-3/risk-change", "theorem-3/risk-gap", "theorem-3/regressor"])
            .states(norm(&now).at_least(floor(4)).above(0))
            .edited(Plant::WrongConstant, Edit::Swap(floor(4), floor(1)))
            .edited(Plant::FlippedSign, Edit::Swap(floor(4), norm(&star)))
            .sharpened("two", norm(&now).at_least(drop() / slope(2)).above(0))
            .remarks(&[
                "2 serves, without the minimum: R_0 - R(w) = 2 w^T Sigma w* - w^T Sigma w <= 2 Lambda norm(w) norm(w*)."
            ]),
        Step::new("theorem-3/regressor", "Theorem 3, proof, small spectral norm, text", &[])
            .quoted(1348, "is also a consequence of Assumption")
            .about("(A2) implies w* != 0", "(A1), w* = 0, R^L(W(0)) <= R_0; so (A2) excludes w* = 0")
            .on(ZEROS, |draw| without_regressor(draw, false))
            .states(all().at_most(0))
            .elsewhere(Plant::DroppedHypothesis, "for any w*", |draw| without_regressor(draw, true)),
        Step::new("theorem-3/product-upper", "Theorem 3, proof, small spectral norm, sixth display", &[1352])
            .about("w_prod by the upper layers and sigma_1", "any network, L >= 1; sigma_1 = norm_2(W_1)")
            .on(FITS, product)
            .states(norm(&now).at_most(&upper * sigma(1)))
            .edited(Plant::DroppedFactor, Edit::Drop(sigma(1)))
            .edited(Plant::StrictInequality, Edit::Strict(0)),
        Step::new("theorem-3/eq-25", "Theorem 3, proof, (25)", &[1358, 1363])
            .titled("The product of the upper layers is bounded below where sigma_1 is small")
            .given("(A1), (A2), t >= 1, used as R^L(W(t)) <= R^L(W(1)) < R_0; sigma_1 <= C")
            .uses(&["theorem-3/product-lower", "theorem-3/product-upper"])
            .on(FITS, |draw| fit(draw, true))
            .states(upper.at_least(floor(4) / sigma(1)).at_least(&quotient))
            .edited(Plant::DroppedFactor, Edit::Drop(c.clone()))
            .edited(Plant::WrongPower, Edit::Swap(c.clone(), c.pow(2)))
            .edited(Plant::FlippedSign, Edit::SwapAll(floor(4), norm(&star))),
        step(WHOLE, "theorem-3/conclusion", "Theorem 3, proof, conclusion, first display", &[1370])
            .quoted(1374, "by the proof above")
            .titled("Both cases together")
            .given(ALL)
            .uses(&["theorem-3/eq-24", "theorem-3/eq-25"])
            .states(upper.at_least(&smaller).above(0))
            .edited(Plant::FlippedSign, Edit::Swap(smaller, larger))
            .edited(Plant::WrongPower, Edit::Swap(quotient, floor(4) * &c)),
        step(WHOLE, "theorem-3/first-layer", "Theorem 3, proof, conclusion, second display", &[1377])
            .titled("The gradient of the first layer from below")
            .uses(&["theorem-3/eq-20", "theorem-3/conclusion"])
            .states(square(at("grad", 1)).at_least(&mu_1 * &slope_now))
            .edited(Plant::FlippedSign, Edit::Swap(mu_1.clone(), larger_square.clone()))
            .edited(Plant::LostSquare, Edit::Swap(mu_1.clone(), sqrt(&mu_1))),
        step(WHOLE, "theorem-3/lemma-8", "Theorem 3, proof, conclusion, third display", &[1383])
            .titled("Lemma 8, as it is used")
            .given(A1)
            .uses(&["lemma-8", "theorem-3/risk-of-product"])
            .states(slope_now.at_least(4 * &low * &excess))
            .edited(Plant::WrongConstant, Edit::Swap(4.into(), 8.into()))
            .edited(Plant::WrongPower, Edit::Swap(low.clone(), low.pow(2))),
        step(WHOLE, "theorem-3/all-layers", "Theorem 3, proof, last display", &[1389])
            .titled("The Polyak-Lojasiewicz inequality")
            .uses(&["theorem-3/first-layer", "theorem-3/lemma-8"])
            .states(all().at_least(square(at("grad", 1))).at_least(4 * &mu_1 * low * excess))
            .edited(Plant::StrictInequality, Edit::Strict(0))
            .edited(Plant::FlippedSign, Edit::Swap(mu_1, larger_square)),
    ]);
    out
}
