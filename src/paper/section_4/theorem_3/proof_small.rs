//! B.4, small spectral norm and conclusion: w_prod stays away from zero, so the upper layers are not small where W_1
//! is; then the inequality.
//!
//! | paper | here |
//! | --- | --- |
//! | R_0, R^L(W(1)), R^L(W(t)) for t >= 1 | `Data::at_zero`, [`Fit::at_one`], the risk of the network |
//! | min((R_0 - R^L(W(1)))/(4 Lambda norm(w*)), norm(w*)) | [`Fit::floor_squared`], squared |
//! | sqrt(mu_1) | [`mu_1`] is its square |
//!
//! Sizes are `[kind, d_0, .., d_L]` for networks with data. A network W(t), t >= 1, is any with
//! `R^L(W) <= R^L(W(1)) < R_0`, equality at t = 1. Norms enter by their squares, so that all is exact but epsilon. C is
//! any number above sqrt(2 epsilon) L: both cases occur.

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::network::Network;
use crate::paper::section_4::scenes::{Scene, Value, Vector, at_least};
use crate::paper::section_4::theorem_3::proof_first::{WIDTHS, directional, network_and_data, risk};
use crate::paper::section_4::theorem_3::proof_large::sharper;
use crate::paper::section_4::theorem_3::scenes::{Data, FITS, Fit, threshold};
use crate::problem::{Moments, norm_squared};
use num_traits::{One, Zero};

/// The pairs that a step makes of a network with data.
fn on_fit(draw: &mut Draw<'_>, pairs: impl FnOnce(&Fit) -> Vec<Pair>) -> Margins {
    match Fit::draw(draw) {
        Err(why) => Margins::OutOfScope(why),
        Ok(fit) => Margins::All(pairs(&fit)),
    }
}

fn square(v: &Vector) -> Rational {
    norm_squared(v.iter())
}

/// `norm(grad R^1(w)) <= 2 Lambda norm(w* - w) <= 2 Lambda (norm(w*) + norm(w))`.
fn slope(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let data = Data::draw(draw, d, |w| w);
    let w = draw.vector(d);
    let distance = square(&(&data.w_star - &w));
    let two = Rational::from(if how.plants(Plant::DroppedFactor) { 1 } else { 2 });
    let factor = (two * &data.largest).powi(2);
    let first = Pair::exact(&(factor * &distance), &square(&data.moments.risk_gradient(&w)), bits);
    let (p, q) = (square(&data.w_star), square(&w));
    let sign = Rational::from(if how.plants(Plant::FlippedSign) { -1 } else { 1 });
    let tie = Tie::Roots(vec![(Rational::one(), p.clone()), (sign, q.clone()), (Rational::from(-1), distance.clone())]);
    let root = |q: Rational| Value::of(q, bits).root();
    let sum = if how.plants(Plant::FlippedSign) { root(p).minus(root(q)) } else { root(p).plus(root(q)) };
    Margins::All(vec![first, at_least(sum, root(distance)).or_exactly(tie)])
}

/// A point of the ball of radius norm(w*): a rotation of w*, times a number in [-1, 1].
fn in_ball(draw: &mut Draw<'_>, w_star: &Vector) -> Vector {
    let (turn, sign, part) = (draw.rotation(w_star.len()), draw.number(), draw.share());
    let part = if sign.sign() < 0 { -part } else { part };
    (turn * w_star).map(|v| v * &part)
}

/// `|R^1(a) - R^1(b)| <= 4 Lambda norm(w*) norm(a - b)` on the ball, squared.
fn lipschitz(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let data = Data::draw(draw, d, |w| w);
    let (mut a, mut b) = (in_ball(draw, &data.w_star), in_ball(draw, &data.w_star));
    if how.plants(Plant::DroppedHypothesis) {
        (a, b) = (a * Rational::from(4), b * Rational::from(4));
    }
    let four = Rational::from(if how.plants(Plant::WrongConstant) { 2 } else { 4 });
    let constant = (four * &data.largest).powi(2) * square(&data.w_star);
    let change = data.moments.risk(&a) - data.moments.risk(&b);
    Pair::exact(&(constant * square(&(a - b))), &change.powi(2), bits).into()
}

/// The same between w_prod and zero.
fn risk_change(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let data = Data::draw(draw, d, |w| w);
    let w = in_ball(draw, &data.w_star);
    let four = match how {
        How::Planted(Plant::WrongConstant) => Rational::from(2),
        How::Corrected => Rational::from(3),
        _ => Rational::from(4),
    };
    let regressor = if how.plants(Plant::MissingNorm) { Rational::one() } else { square(&data.w_star) };
    let bound = (four * &data.largest).powi(2) * regressor * square(&w);
    let change = data.moments.risk(&w) - data.at_zero();
    Pair::exact(&bound, &change.powi(2), bits).into()
}

/// `R^1(w_prod) = R^L(W)`: the data times the product of the layers, against the data sent through the layers.
fn risk_of_product(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some((network, x, y)) = network_and_data(draw) else { return Exact::OutOfScope("d_L = 1 is needed") };
    let residual = &y - &x * network.product();
    let n = Rational::from(if how.plants(Plant::DroppedFactor) { 1 } else { y.len() as i64 });
    let residual = if how.plants(Plant::FlippedSign) { &y + &x * network.product() } else { residual };
    Exact::Sides(vec![(scalar(square(&residual) / n), scalar(risk(network.layers(), &x, &y)))])
}

/// `d/dt R^L(W(t)) = -sum_k norm_F(grad_k)^2` along the flow.
fn decrease(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some((network, x, y)) = network_and_data(draw) else { return Exact::OutOfScope("d_L = 1 is needed") };
    let gradient = network.gradient(&Moments::new(&x, &y));
    let direction: Vec<_> = (1..=network.depth()).map(|k| -gradient.layer(k)).collect();
    let norm = match how {
        How::Planted(Plant::DroppedTerm) => norm_squared(gradient.layer(1).iter()),
        How::Planted(Plant::FlippedSign) => -gradient.norm_squared(),
        _ => gradient.norm_squared(),
    };
    Exact::Sides(vec![(scalar(directional(&network, &direction, &x, &y)), scalar(-norm))])
}

/// The decrease is strict where the gradient is not zero.
fn strict_decrease(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some((network, x, y)) = network_and_data(draw) else { return Margins::OutOfScope("d_L = 1 is needed") };
    let gradient = network.gradient(&Moments::new(&x, &y));
    let direction: Vec<_> = (1..=network.depth()).map(|k| -gradient.layer(k)).collect();
    let critical = direction.iter().all(|g| g.iter().all(Zero::is_zero));
    if critical && !how.plants(Plant::DroppedHypothesis) {
        return Margins::OutOfScope("a critical point");
    }
    Pair::exact(&-directional(&network, &direction, &x, &y), &Rational::zero(), bits).strictly().into()
}

/// `|R^1(w_prod(t)) - R_0| > R_0 - R^L(W(1)) > 0`, printed with > for t >= 1.
fn risk_gap(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let zero = f.data.at_zero();
        let change = (f.data.moments.risk(&f.product) - &zero).abs();
        let drop = &zero - &f.at_one;
        let drop = match how {
            How::Planted(Plant::FlippedSign) => zero + &f.at_one,
            How::Planted(Plant::WrongConstant) => drop * 2,
            _ => drop,
        };
        let first = Pair::exact(&change, &drop, bits);
        let strict = how.printed() || how.plants(Plant::StrictInequality);
        vec![if strict { first.strictly() } else { first }, Pair::exact(&drop, &Rational::zero(), bits).strictly()]
    })
}

/// `norm(w_prod)^2 >= min(..)^2 > 0`.
fn product_lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let floor = match how {
            How::Planted(Plant::WrongConstant) => f.floor_squared(1),
            How::Planted(Plant::FlippedSign) => square(&f.data.w_star),
            How::Corrected => f.drop_squared(2),
            _ => f.floor_squared(4),
        };
        vec![Pair::exact(&square(&f.product), &floor, bits), Pair::exact(&floor, &Rational::zero(), bits).strictly()]
    })
}

/// If w* = 0, a network with `R^L <= R_0` has no gradient.
fn regressor(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw);
    let kept = how.plants(Plant::DroppedHypothesis);
    let data = Data::draw(draw, draw.size(1), |w| if kept { w } else { w * Rational::zero() });
    let layers = |s: Scene| s.layers.into_iter().map(|l| l.matrix).collect();
    let network = scene.ok().and_then(|s| Network::new(layers(s), Vector::from_element(1, Rational::one())).ok());
    let Some(network) = network else { return Margins::OutOfScope("not a network") };
    if network.risk(&data.moments) > data.at_zero() {
        return Margins::OutOfScope("the risk is above R_0");
    }
    Pair::exact(&Rational::zero(), &network.gradient(&data.moments).norm_squared(), bits).into()
}

/// `norm(w_prod) <= norm_2(W_L .. W_2) norm_2(W_1) = norm_2(W_L .. W_2) sigma_1`, squared.
fn product_upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = match Scene::draw(draw) {
        Ok(scene) => scene,
        Err(why) => return Margins::OutOfScope(why),
    };
    let upper = crate::paper::section_4::theorem_3::scenes::upper_product(&scene.layers);
    let sigma = if how.plants(Plant::DroppedFactor) { Rational::one() } else { scene.at(1).square() };
    let product = norm_squared((&upper * &scene.at(1).matrix).iter());
    let pair = Pair::exact(&(norm_squared(upper.iter()) * sigma), &product, bits);
    if how.plants(Plant::StrictInequality) { pair.strictly() } else { pair }.into()
}

/// (25): `norm_2(W_L .. W_2) >= min(..)/sigma_1 >= min(..)/C` for sigma_1 <= C, squared.
fn eq_25(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let floor = f.floor_squared(4);
        let floor = if how.plants(Plant::FlippedSign) { square(&f.data.w_star) } else { floor };
        let first = f.scene.at(1).square();
        let c = f.scene.at(1).sigma() + &f.above;
        let below = match how {
            How::Planted(Plant::DroppedFactor) => Rational::one(),
            How::Planted(Plant::WrongPower) => c.powi(4),
            _ => c.powi(2),
        };
        let (middle, last) = (&floor / first, floor / below);
        vec![Pair::exact(&f.upper_squared(), &middle, bits), Pair::exact(&middle, &last, bits)]
    })
}

/// `mu_1 = min((C - sqrt(2 epsilon) L)^(L-1), (1/C) min(..))^2`, or what is planted in place of it: C for 1/C, the
/// larger of the two.
fn mu_1(f: &Fit, how: How, bits: u32) -> Value {
    let (depth, c) = (f.scene.depth(), f.c());
    let base = Value::of(c.clone(), bits).minus(threshold(&f.scene.constants(bits).epsilon(), depth));
    let large = base.power(2 * (depth as u32 - 1));
    let below = if how.plants(Plant::WrongPower) { 1 / c.powi(2) } else { c.powi(2) };
    let small = Value::of(f.floor_squared(4) / below, bits);
    if how.plants(Plant::FlippedSign) { large.max(small) } else { large.min(small) }
}

/// `norm_2(W_L .. W_2) >= sqrt(mu_1) > 0`, squared.
fn conclusion(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let mu = mu_1(f, how, bits);
        let zero = Value::of(Rational::zero(), bits);
        vec![at_least(Value::of(f.upper_squared(), bits), mu.clone()), at_least(mu, zero).strictly()]
    })
}

/// `norm_F(grad_1 R^L)^2 >= mu_1 norm(grad R^1(w_prod))^2`.
fn first_layer(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let mu = mu_1(f, how, bits);
        let mu = if how.plants(Plant::LostSquare) { mu.root() } else { mu };
        let gradient = norm_squared(f.network.gradient(&f.data.moments).layer(1).iter());
        let slope = square(&f.data.moments.risk_gradient(&f.product));
        vec![at_least(Value::of(gradient, bits), mu.by(slope))]
    })
}

/// `norm(grad R^1(w_prod))^2 >= 4 lambda (R^L(W) - R_min)`.
fn lemma_8(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let m = &f.data.moments;
        let excess = f.network.risk(m) - m.risk(&f.data.w_star);
        let constant = match how {
            How::Planted(Plant::WrongConstant) => 8 * &f.data.least,
            How::Planted(Plant::WrongPower) => 4 * f.data.least.powi(2),
            _ => 4 * &f.data.least,
        };
        vec![Pair::exact(&square(&m.risk_gradient(&f.product)), &(constant * excess), bits)]
    })
}

/// `sum_k norm_F(grad_k)^2 >= norm_F(grad_1)^2 >= 4 mu_1 lambda (R^L - R_min)`.
fn all_layers(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    on_fit(draw, |f| {
        let m = &f.data.moments;
        let gradient = f.network.gradient(m);
        let first = norm_squared(gradient.layer(1).iter());
        let sum = Pair::exact(&gradient.norm_squared(), &first, bits);
        let excess = f.network.risk(m) - m.risk(&f.data.w_star);
        let mu = mu_1(f, how, bits);
        let right = mu.by(4 * &f.data.least * excess);
        let sum = if how.plants(Plant::StrictInequality) { sum.strictly() } else { sum };
        vec![sum, at_least(Value::of(first, bits), right)]
    })
}

/// Dimensions for the steps about the data alone.
const DATA: Sizes = &[&[1], &[2], &[3]];
/// Networks at which a zero product is likely.
const ZEROS: Sizes = &[&[0, 1, 1], &[0, 1, 1, 1], &[0, 2, 2, 1], &[0, 2, 1, 2, 1]];
const A1: &str = "(A1)";
const FROM_ONE: &str = "(A1), (A2), t >= 1, used as R^L(W(t)) <= R^L(W(1)) < R_0, with equality at t = 1";
const ALL: &str = "(A1), (A2), t >= 1, used as R^L(W(t)) <= R^L(W(1)) < R_0; W(t) and W(0) satisfy Lemma 1; any C > \
                   sqrt(2 epsilon) L; L >= 1";

fn data_steps() -> Vec<Step> {
    let on_data = |sides| Body::Instances { sizes: DATA, sides };
    let exactly = |sides| Body::Identity { sizes: WIDTHS, sides };
    vec![
        Step::new("theorem-3/slope", "Theorem 3, proof, small spectral norm, first display", &[1318])
            .titled("The gradient of the regression problem")
            .given(A1)
            .uses(&["gradient"])
            .by(on_data(slope))
            .holds("norm(grad R^1(w)) <= 2 Lambda norm(w* - w) <= 2 Lambda (norm(w*) + norm(w))")
            .planted(Plant::DroppedFactor, "norm(grad R^1(w)) <= Lambda norm(w* - w)")
            .planted(Plant::FlippedSign, "norm(w* - w) <= norm(w*) - norm(w)"),
        Step::new("theorem-3/lipschitz", "Theorem 3, proof, small spectral norm, text", &[])
            .quoted(1322, "-Lipschitz. Let us use this property")
            .titled("The risk is Lipschitz on a ball")
            .given("(A1); norm(a), norm(b) <= norm(w*)")
            .uses(&["theorem-3/slope"])
            .by(on_data(lipschitz))
            .holds("|R^1(a) - R^1(b)| <= 4 Lambda norm(w*) norm(a - b)")
            .planted(Plant::WrongConstant, "the same with 2 Lambda norm(w*)")
            .planted(Plant::DroppedHypothesis, "the same on the ball of radius 4 norm(w*)"),
        Step::new("theorem-3/risk-change", "Theorem 3, proof, small spectral norm, second display", &[1324])
            .titled("The change of the risk by norm(w_prod)")
            .given("(A1), norm(w_prod) <= norm(w*)")
            .uses(&["theorem-3/lipschitz"])
            .by(on_data(risk_change))
            .holds("|R^1(w_prod) - R_0| <= 4 Lambda norm(w*) norm(w_prod)")
            .planted(Plant::WrongConstant, "the same with 2 Lambda norm(w*)")
            .planted(Plant::MissingNorm, "the same with 4 Lambda")
            .form(sharper(
                "theorem-3/risk-change",
                "three",
                "the same with 3 Lambda norm(w*): |w^T Sigma w - 2 w^T Sigma w*| <= Lambda norm(w) (norm(w) + 2 \
                 norm(w*)); attained at w = -w*",
                DATA,
                risk_change,
            )),
        Step::new(
            "theorem-3/risk-of-product",
            "Theorem 3, proof, small spectral norm, third display, first \
                                                line",
            &[1328],
        )
        .titled("The risk of the network and of its product")
        .given("any data and network, d_L = 1")
        .by(exactly(risk_of_product))
        .holds("R^1(w_prod) = R^L(W)")
        .planted(Plant::DroppedFactor, "the same without 1/n in R^1")
        .planted(Plant::FlippedSign, "the same with y + X w_prod in R^1"),
        Step::new(
            "theorem-3/risk-decreases",
            "Theorem 3, proof, small spectral norm, third display, second \
                                               line",
            &[1332],
        )
        .titled("The risk decreases along the flow")
        .given("any data and network, d_L = 1")
        .uses(&["gradient"])
        .by(exactly(decrease))
        .holds("d/dt R^L(W(t)) = -sum_k norm_F(grad_k)^2 <= 0, so R^L(W(t)) <= R^L(W(1)) for t >= 1")
        .planted(Plant::DroppedTerm, "d/dt R^L(W(t)) = -norm_F(grad_1)^2")
        .planted(Plant::FlippedSign, "d/dt R^L(W(t)) = sum_k norm_F(grad_k)^2"),
        Step::new(
            "theorem-3/risk-decreases-strictly",
            "Theorem 3, proof, small spectral norm, third display, third \
                                                        line",
            &[1333],
        )
        .titled("At the start the decrease is strict")
        .given("grad R^L(W(0)) != 0, by (A2)")
        .uses(&["theorem-3/risk-decreases"])
        .by(Body::Instances { sizes: WIDTHS, sides: strict_decrease })
        .holds("d/dt R^L(W(t)) < 0 at t = 0, so R^L(W(1)) < R^L(W(0))")
        .planted(Plant::DroppedHypothesis, "the same where the gradient is zero"),
        Step::new("theorem-3/risk-gap", "Theorem 3, proof, small spectral norm, fourth display", &[1338])
            .titled("The risk stays away from R_0")
            .given(FROM_ONE)
            .uses(&["theorem-3/risk-of-product", "theorem-3/risk-decreases", "theorem-3/risk-decreases-strictly"])
            .by(Body::Instances { sizes: FITS, sides: risk_gap })
            .fails(
                "|R^1(w_prod(t)) - R_0| > R_0 - R^L(W(1)) > 0 for t >= 1",
                Fault::Extraction,
                "A strict inequality: at t = 1 both sides are the same number, R_0 - R^L(W(1)), since R^1(w_prod(1)) \
                 = R^L(W(1)) < R_0; so for every flow with (A2), for instance L = 1, Sigma = 1, w* = 1, W(0) = 0. For \
                 t > 1 it is \
                 strict. The display before has <= in its second line, which gives >=. Perhaps >= before the \
                 extraction, else a slip; what follows uses >= only.",
            )
            .corrected("|R^1(w_prod(t)) - R_0| >= R_0 - R^L(W(1)) > 0 for t >= 1")
            .planted(Plant::WrongConstant, "the same with 2 (R_0 - R^L(W(1)))")
            .planted(Plant::FlippedSign, "the same with R_0 + R^L(W(1))"),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    let on_fits = |sides| Body::Instances { sizes: FITS, sides };
    let mut out = data_steps();
    out.extend([
        Step::new("theorem-3/product-lower", "Theorem 3, proof, small spectral norm, fifth display", &[1344])
            .titled("w_prod stays away from zero")
            .given(FROM_ONE)
            .uses(&["theorem-3/risk-change", "theorem-3/risk-gap", "theorem-3/regressor"])
            .by(on_fits(product_lower))
            .holds("norm(w_prod(t)) >= min((R_0 - R^L(W(1)))/(4 Lambda norm(w*)), norm(w*)) > 0")
            .planted(Plant::WrongConstant, "the same with Lambda norm(w*) in place of 4 Lambda norm(w*)")
            .planted(Plant::FlippedSign, "norm(w_prod(t)) >= norm(w*)")
            .form(sharper(
                "theorem-3/product-lower",
                "two",
                "norm(w_prod(t)) >= (R_0 - R^L(W(1)))/(2 Lambda norm(w*)): R_0 - R(w) = 2 w^T Sigma w* - w^T Sigma w \
                 <= 2 Lambda norm(w) norm(w*)",
                FITS,
                product_lower,
            )),
        Step::new("theorem-3/regressor", "Theorem 3, proof, small spectral norm, text", &[])
            .quoted(1348, "is also a consequence of Assumption")
            .titled("(A2) implies w* != 0")
            .given("(A1), w* = 0, R^L(W(0)) <= R_0")
            .by(Body::Instances { sizes: ZEROS, sides: regressor })
            .holds("grad R^L(W(0)) = 0: so (A2) excludes w* = 0")
            .planted(Plant::DroppedHypothesis, "the same for any w*"),
        Step::new("theorem-3/product-upper", "Theorem 3, proof, small spectral norm, sixth display", &[1352])
            .titled("w_prod by the upper layers and sigma_1")
            .given("any network, L >= 1")
            .by(on_fits(product_upper))
            .holds("norm(w_prod) <= norm_2(W_L .. W_2) norm_2(W_1) = norm_2(W_L .. W_2) sigma_1")
            .planted(Plant::DroppedFactor, "norm(w_prod) <= norm_2(W_L .. W_2)")
            .planted(Plant::StrictInequality, "the same with < (not for d = 1)"),
        Step::new("theorem-3/eq-25", "Theorem 3, proof, (25)", &[1358, 1363])
            .titled("The product of the upper layers is bounded below where sigma_1 is small")
            .given("(A1), (A2), t >= 1, used as R^L(W(t)) <= R^L(W(1)) < R_0; sigma_1 <= C")
            .uses(&["theorem-3/product-lower", "theorem-3/product-upper"])
            .by(on_fits(eq_25))
            .holds("norm_2(W_L .. W_2) >= (1/sigma_1) min(..) >= (1/C) min(..)")
            .planted(Plant::DroppedFactor, "the same without 1/C")
            .planted(Plant::WrongPower, "the same with 1/C^2")
            .planted(Plant::FlippedSign, "the same with norm(w*) in place of the minimum"),
        Step::new("theorem-3/conclusion", "Theorem 3, proof, conclusion, first display", &[1370])
            .quoted(1374, "by the proof above")
            .titled("Both cases together")
            .given(ALL)
            .uses(&["theorem-3/eq-24", "theorem-3/eq-25"])
            .by(on_fits(conclusion))
            .holds("norm_2(W_L .. W_2) >= min((C - sqrt(2 epsilon) L)^(L-1), (1/C) min(..)) = sqrt(mu_1) > 0")
            .planted(Plant::FlippedSign, "the same with the larger of the two")
            .planted(Plant::WrongPower, "the same with C in place of 1/C"),
        Step::new("theorem-3/first-layer", "Theorem 3, proof, conclusion, second display", &[1377])
            .titled("The gradient of the first layer from below")
            .given(ALL)
            .uses(&["theorem-3/eq-20", "theorem-3/conclusion"])
            .by(on_fits(first_layer))
            .holds("norm_F(grad_1 R^L)^2 >= mu_1 norm(grad R^1(w_prod))^2")
            .planted(Plant::FlippedSign, "the same with the larger of the two numbers in mu_1")
            .planted(Plant::LostSquare, "the same with sqrt(mu_1)"),
        Step::new("theorem-3/lemma-8", "Theorem 3, proof, conclusion, third display", &[1383])
            .titled("Lemma 8, as it is used")
            .given(A1)
            .uses(&["lemma-8", "theorem-3/risk-of-product"])
            .by(on_fits(lemma_8))
            .holds("norm(grad R^1(w_prod))^2 >= 4 lambda (R^L(W) - R_min)")
            .planted(Plant::WrongConstant, "the same with 8 lambda")
            .planted(Plant::WrongPower, "the same with 4 lambda^2"),
        Step::new("theorem-3/all-layers", "Theorem 3, proof, last display", &[1389])
            .titled("The Polyak-Lojasiewicz inequality")
            .given(ALL)
            .uses(&["theorem-3/first-layer", "theorem-3/lemma-8"])
            .by(on_fits(all_layers))
            .holds("sum_k norm_F(grad_k)^2 >= norm_F(grad_1)^2 >= mu (R^L(W) - R_min), mu = 4 mu_1 lambda")
            .planted(Plant::StrictInequality, "sum_k norm_F(grad_k)^2 > norm_F(grad_1)^2 (not for L = 1)")
            .planted(Plant::FlippedSign, "the same with the larger of the two numbers in mu_1"),
    ]);
    out
}
