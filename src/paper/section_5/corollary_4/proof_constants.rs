//! The audit of B.10, third part: from (54) to the constant C of Corollary 4.
//!
//! | paper | here |
//! | --- | --- |
//! | W(0), w*, R(0) - R_min | [`Scene`] with any w*, or one near the product |
//! | C_3 of the hypothesis | the smallest that the initial risk allows, `(R(0) - R_min) Lambda/(lambda^2 norm(w)^2)`: the steps use the hypothesis, not (36) |
//! | `sqrt(C_3)`, C' over all parameters | [`Monomial`] |
//!
//! **Findings.**
//! - *C depends on d.* C' has `exp(-2 s^2/d)`, so that `C := 2^9 exp(2 s^2 + 4 C~_3) C'^-2` depends on s and d, where
//!   Corollary 4 has "C > 0 depending only on s". C' increases in d and is positive at d = C~_2, so that C with C~_2 in
//!   place of d is a bound for all d >= C~_2, and depends on s only.
//! - *2^8, then 2^9*: the last display has 2^8, the constant that concludes 2^9. True, with a factor 2 to spare.
//! - *w != 0* is used: for w = 0 the hypothesis gives w* = 0, S_min = 0 for L >= 2, and there is no quotient.
//! - `C~_2 <= d` is not needed where it is quoted: `2 s^2 >= 2 s^2/d` alone gives the strict inequality.
//! - *The detour by C_3 is not needed*: (53) holds at the limit too, where
//!   `norm(w*) = norm(W_1^T .. W_L^T w) >= exp(-2 s^2/d - C~_3)/4 norm(w)`. So
//!   `C = 2^12 exp(2 s^2 + 4 s^2/C~_2 + 6 C~_3)` will do, whatever C_3 is. (With C_3 corrected, sqrt(C_3) only gets
//!   smaller and C' larger: the printed C stands.)

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::harness::evidence::Fault;
use crate::harness::evidence::Role;
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, big, of};
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::linalg::smallest_singular_value;
use crate::paper::section_5::corollary_4::proof_bounds::sharpness_of;
use crate::paper::section_5::corollary_4::proof_outer::SIZES;
use crate::paper::section_5::scene::{
    Bounds, Scene, Target, Vector, also, layer, norm_below, planted, printed, product, q, sigma_below,
};
use crate::paper::section_5::theorem_4::constants::{
    Monomial, at_most, equal, printed_risk_constant, product_sigma_min, risk_constant,
};
use crate::problem::{dot, norm_squared};
use num_traits::Zero;

/// The two identities of Lemma 8 at w_prod(0); the last row of X is zero, so that y - X w* can be anything there.
fn excess(draw: &mut Draw<'_>, how: How) -> Exact {
    let (depth, d) = (draw.size(0), draw.size(1));
    let network = draw.network(&vec![d; depth + 1], true);
    let (mut x, w_star) = (draw.matrix(d + 2, d), draw.vector(d));
    let residual = draw.number();
    let Some(network) = network else { return Exact::OutOfScope("no network") };
    if !how.plants(Plant::DroppedHypothesis) {
        x.row_mut(d + 1).fill(Rational::zero());
    }
    let mut y = &x * &w_star;
    y[d + 1] += residual;
    let n = q(d as i64 + 2);
    let risk = |w: &Vector| norm_squared((&y - &x * w).iter()) / &n;
    let start = network.product();
    let sign = if how.plants(Plant::FlippedSign) { q(-1) } else { q(1) };
    let difference = &start - w_star.map(|v| v * &sign);
    let left = risk(&start) - risk(&w_star);
    let middle = norm_squared((&x * &difference).iter()) / &n;
    let right = dot(&difference, &(x.transpose() * (&x * &difference))) / n;
    Exact::Sides(vec![(scalar(left), scalar(middle.clone())), (scalar(middle), scalar(right))])
}

/// norm(w_prod(0) - w*)^2.
fn distance(scene: &Scene) -> Rational {
    norm_squared((scene.network.product() - &scene.w_star).iter())
}

/// `R(0) - R_min >= lambda norm(w_prod(0) - w*)^2`.
fn excess_lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let eigenvalue = if how.plants(Plant::MissingNorm) { &scene.lambda_max } else { &scene.lambda };
    Pair::exact(&scene.excess(), &(eigenvalue * distance(&scene)), bits).into()
}

/// `sqrt(R(0) - R_min) >= sqrt(lambda) norm(w_prod(0) - w*)`.
fn roots(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let power = if how.plants(Plant::LostSquare) { 2 } else { 1 };
    Pair::exact(&scene.excess(), &(scene.lambda.powi(power) * distance(&scene)), bits).into()
}

/// `norm(w*) >= norm(w_prod(0)) - norm(w_prod(0) - w*)`.
fn triangle(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let start = scene.network.product();
    let norm = |square: Rational| of(&square, bits).sqrt();
    let (star, at_start) = (norm_squared(scene.w_star.iter()), norm_squared(start.iter()));
    let sign = q(if how.plants(Plant::FlippedSign) { -1 } else { 1 });
    let away = distance(&scene);
    let right = norm(at_start.clone()) - of(&sign, bits) * norm(away.clone());
    let tie = Tie::Roots(vec![(q(1), star.clone()), (q(-1), at_start), (sign, away)]);
    Pair::new(norm(star), right).or_exactly(tie).into()
}

/// `norm(w_prod(0) - w*) <= sqrt((R(0) - R_min)/lambda)`, squared; w_prod(0) is `W_1(0)^T .. W_L(0)^T w`.
fn with_risk(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let by_factors = scene.network.layers().iter().rev().fold(scene.network.head().clone(), |v, w| w.transpose() * v);
    let below = if how.plants(Plant::DroppedFactor) { q(1) } else { scene.lambda.clone() };
    let (one, other) = (norm_squared(by_factors.iter()), norm_squared(scene.network.product().iter()));
    Margins::All(vec![
        Pair::exact(&one, &other, bits),
        Pair::exact(&other, &one, bits),
        Pair::exact(&(scene.excess() / below), &distance(&scene), bits),
    ])
}

/// `norm(W_1(0)^T .. W_L(0)^T w) >= sigma_min(W_L(0) .. W_1(0)) norm(w)`, squared.
fn with_sigma_min(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(scene) = Scene::draw(draw, Target::Any) else { return Margins::OutOfScope("no network") };
    let whole = product(scene.network.layers(), scene.width(), scene.depth(), 0);
    let sigma = if how.plants(Plant::MissingNorm) { norm_below(&whole) } else { sigma_below(&whole) };
    let Some(sigma) = sigma else { return Margins::OutOfScope("unbounded") };
    let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
    Pair::exact(&norm_squared(scene.network.product().iter()), &(sigma.powi(power) * scene.head()), bits).into()
}

/// C_3 with which the hypothesis on the initial risk is an equality.
fn smallest_c_3(scene: &Scene, power: u32) -> Option<Rational> {
    let head = scene.head();
    (!head.is_zero()).then(|| scene.excess() * &scene.lambda_max / (scene.lambda.powi(power) * head))
}

/// (53) and the hypothesis on the initial risk put in.
fn with_hypothesis(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw, Target::Any);
    let s2 = q(4) * draw.nonnegative();
    let Some(scene) = scene else { return Margins::OutOfScope("no network") };
    let power = if how.plants(Plant::WrongPower) { 1 } else { 2 };
    let Some(c3) = smallest_c_3(&scene, power) else { return Margins::OutOfScope("w = 0") };
    let Some(bounds) = Bounds::around(&scene, s2) else { return Margins::OutOfScope("singular") };
    let whole = product(scene.network.layers(), scene.width(), scene.depth(), 0);
    let ratio = &scene.lambda / &scene.lambda_max;
    let sign = if how.plants(Plant::FlippedSign) { 1 } else { -1 };
    Margins::All(vec![
        Pair::new(smallest_singular_value(&big(&whole, bits)), bounds.value(-2, q(0), 2 * sign, sign, bits)),
        Pair::exact(&(c3 * ratio * scene.head()), &(scene.excess() / &scene.lambda), bits),
    ])
}

/// `sqrt(lambda/Lambda) <= 1`.
fn ratio(at: &[Big], how: How) -> (Big, Big) {
    let one = of(&q(1), 96);
    if how.plants(Plant::FlippedSign) { (at[0].sqrt(), one) } else { (one, at[0].sqrt()) }
}

/// `norm(w*) >= C' norm(w)`, `C' = exp(-2 s^2/d - C~_3)/4 - sqrt(C_3)` at the start.
fn from_below(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (depth, d) = (draw.size(0), draw.size(1));
    // Eighths, so that (53) is tight.
    let layers = (0..depth).map(|_| layer(draw, d).map(|v| v / q(8))).collect();
    let scene = Scene::with_layers(draw, layers, Target::Near);
    let s2 = draw.nonnegative();
    let s2_is_zero = s2.is_zero();
    let Some(scene) = scene else { return Margins::OutOfScope("no network") };
    let Some(c3) = smallest_c_3(&scene, 2) else { return Margins::OutOfScope("w = 0") };
    let Some(bounds) = Bounds::around(&scene, s2) else { return Margins::OutOfScope("singular") };
    let whole = bounds.sigma_min(bits);
    let c = &whole - of(&c3, bits).sqrt();
    if !c.is_positive() {
        return Margins::OutOfScope("the initial risk is too large: C' is not positive");
    }
    let dropped = how.plants(Plant::DroppedTerm);
    let c = if dropped { whole } else { c };
    let right = c.powi(2) * of(&scene.head(), bits);
    let star = norm_squared(scene.w_star.iter());
    // Without exponentials (s = C~_3 = 0): norm(w*) - norm(w)/4 + sqrt(C_3) norm(w).
    let plain = s2_is_zero && bounds.c3.is_zero() && !dropped;
    let tie = plain.then(|| {
        let quarter = Rational::new(-1, 4);
        Tie::Roots(vec![(q(1), star.clone()), (quarter, scene.head()), (q(1), c3 * scene.head())])
    });
    Pair::new(of(&star, bits), right).or_exactly(tie).into()
}

/// `S(W) <= 2^9 exp(2 s^2 + 4 C~_3) C'^-2 L Lambda norm(w*)^2` for every C' > 0 up to `exp(-2 s^2/d - C~_3)/4`.
fn by_target(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = Scene::draw(draw, Target::Product);
    let (s2, share) = (draw.nonnegative(), q(1) - draw.share());
    let Some(scene) = scene else { return Margins::OutOfScope("no network") };
    let Some(bounds) = Bounds::around(&scene, s2) else { return Margins::OutOfScope("singular") };
    if share.is_zero() || scene.head().is_zero() {
        return Margins::OutOfScope("C' = 0 or w = 0");
    }
    let square = (bounds.sigma_min(bits) * of(&share, bits)).powi(2);
    let units = q(scene.depth() as i64) * &scene.lambda_max * norm_squared(scene.w_star.iter());
    let factor = bounds.value(9, q(2), 0, 4, bits) * of(&units, bits);
    let bound = if how.plants(Plant::WrongPower) { factor * square } else { factor / square };
    Pair::new(bound, sharpness_of(&scene, bits)).into()
}

/// The bound on S divided by `S_min = 2 L lambda norm(w*)^(2 - 2/L)`, with `norm(w*) = r^L`.
fn quotient(draw: &mut Draw<'_>, how: How) -> Exact {
    let l = draw.size(0);
    let depth = u32::try_from(l).unwrap_or(1);
    let [r, c, exponential, lambda, lambda_max] = std::array::from_fn(|_| draw.positive());
    let factor = |two: i64| q(1 << two) * &exponential / c.powi(2);
    let s = factor(9) * q(l as i64) * &lambda_max * r.powi(2 * depth);
    let s_min = q(2 * l as i64) * &lambda * r.powi(2 * depth - 2);
    let two = if how.plants(Plant::WrongConstant) { 9 } else { 8 };
    let power = if how.plants(Plant::WrongPower) { 1 } else { 2 };
    Exact::Sides(vec![(scalar(s / s_min), scalar(factor(two) * lambda_max / lambda * r.powi(power)))])
}

/// C for a width d against C for the least width C~_2, divided by `2^9 exp(2 s^2 + 4 C~_3)`.
fn depends_on_d(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (s2, c2, c3) = (draw.nonnegative(), q(1) + draw.nonnegative(), draw.nonnegative());
    let d = &c2 * (q(1) + draw.nonnegative());
    let exp = |exponent: Rational| of(&exponent, bits).exp();
    let root = exp(q(-2) * &s2 - q(8) * &s2 / &c2 - q(10) * &c3).scale(-18);
    let prime = |d: &Rational| exp(q(-2) * &s2 / d - &c3).scale(-2) - &root;
    let (least, here) = (prime(&c2), prime(&d));
    let c = |prime: &Big| of(&q(1), bits) / prime.powi(2);
    // One expression for s = 0 and for d = C~_2.
    let tie = Tie::where_zero(s2.clone() * (d.clone() - c2.clone()));
    let above = Pair::new(c(&least), c(&here)).or_exactly(tie.clone());
    let below = Pair::new(c(&here), c(&least)).or_exactly(tie);
    let positive = Pair::new(least, Big::zero()).strictly();
    Margins::All(match how {
        How::Printed => vec![above, below],
        How::Planted(Plant::FlippedSign) => vec![below],
        _ => vec![above, positive],
    })
}

fn on(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: SIZES, sides }
}

/// `2^-18 exp(-2 s^2 - 8 s^2/C~_2 - 10 C~_3)`.
fn printed_root() -> Monomial {
    Monomial::new(-18, q(-2), 0, -8, -10)
}

fn root_of(c3: &Monomial) -> Monomial {
    c3.power(Rational::new(1, 2))
}

/// The steps, in order.
pub(crate) fn steps() -> Vec<Step> {
    let mut out = risk_steps();
    out.extend(triangle_steps());
    out.extend(root_steps());
    out.extend(constant_steps());
    out
}

fn risk_steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/excess", "B.10, Lemma 8 at the start", &[2590, 2595])
            .titled("The initial risk as a quadratic form")
            .given("X^T (y - X w*) = 0")
            .uses(&["lemma-8"])
            .by(Body::Identity { sizes: SIZES, sides: excess })
            .holds("R(0) - R_min = norm(X (w_prod(0) - w*))^2/n = (w_prod(0) - w*)^T X^T X (w_prod(0) - w*)/n")
            .planted(Plant::FlippedSign, "the same with w_prod(0) + w*")
            .planted(Plant::DroppedHypothesis, "the same for a w* that does not solve the normal equations"),
        Step::new("corollary-4/excess-lower", "B.10, Lemma 8 at the start, third line", &[2600])
            .titled("The initial risk from below")
            .given("(A1)")
            .uses(&["corollary-4/excess"])
            .by(on(excess_lower))
            .holds("R(0) - R_min >= lambda norm(w_prod(0) - w*)^2")
            .planted(Plant::MissingNorm, "the same with Lambda"),
        Step::new("corollary-4/roots", "B.10, after Lemma 8", &[2606])
            .titled("Roots of both sides")
            .given("(A1)")
            .uses(&["corollary-4/excess-lower"])
            .by(on(roots))
            .holds("sqrt(R(0) - R_min) >= sqrt(lambda) norm(w_prod(0) - w*)")
            .planted(Plant::LostSquare, "the same with lambda in place of its root"),
    ]
}

fn triangle_steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/triangle", "B.10, bound on norm(w*), first line", &[2612])
            .titled("The triangle inequality")
            .given("any vectors")
            .by(on(triangle))
            .holds("norm(w*) >= norm(w_prod(0)) - norm(w_prod(0) - w*)")
            .planted(Plant::FlippedSign, "the same with + in place of -"),
        Step::new("corollary-4/with-risk", "B.10, bound on norm(w*), second line", &[2617])
            .titled("The distance by the risk")
            .given("(A1)")
            .uses(&["corollary-4/roots"])
            .by(on(with_risk))
            .holds(
                "norm(w_prod(0)) - norm(w_prod(0) - w*) >= norm(W_1(0)^T .. W_L(0)^T w) - sqrt((R(0) - \
                    R_min)/lambda)",
            )
            .planted(Plant::DroppedFactor, "the same without 1/lambda"),
        Step::new("corollary-4/with-sigma-min", "B.10, bound on norm(w*), third line", &[2622])
            .titled("The product from below")
            .given("square layers")
            .by(on(with_sigma_min))
            .holds("norm(W_1(0)^T .. W_L(0)^T w) >= sigma_min(W_L(0) .. W_1(0)) norm(w)")
            .planted(Plant::MissingNorm, "the same with the operator norm")
            .planted(Plant::LostSquare, "the same with the root of sigma_min"),
        Step::new("corollary-4/with-hypothesis", "B.10, bound on norm(w*), fourth line", &[2627])
            .titled("(53) at t = 0 and the initial risk")
            .given("(53) for k = L, t = 0; R(0) - R_min <= C_3 lambda^2 norm(w)^2/Lambda")
            .uses(&["corollary-4/eq-53", "corollary-4/with-sigma-min"])
            .by(on(with_hypothesis))
            .holds(
                "sigma_min(W_L(0) .. W_1(0)) >= exp(-2 s^2/d - C~_3)/4 and sqrt((R(0) - R_min)/lambda) <= \
                    sqrt(C_3) sqrt(lambda/Lambda) norm(w)",
            )
            .planted(Plant::FlippedSign, "the first with exp(2 s^2/d + C~_3)/4")
            .planted(Plant::WrongPower, "the second from R(0) - R_min <= C_3 lambda norm(w)^2/Lambda"),
    ]
}

fn root_steps() -> Vec<Step> {
    let half = |c: i64| Monomial::new(0, q(0), -c, 0, 0);
    vec![
        Step::new("corollary-4/least-width", "B.10, after C_3", &[])
            .by(Body::Apart)
            .quoted(2637, "\\tilde{C}_2 \\leqslant d$  by [\\(34\\)]")
            .titled("C~_2 <= d")
            .given("(34): d >= C~_2 >= 1, s >= 0")
            .uses(&["theorem-4/eq-34"])
            .form(printed(
                "exp(-8 s^2/C~_2) <= exp(-8 s^2/d)",
                at_most(Monomial::new(0, q(0), 0, -8, 0), half(8), false),
            ))
            .form(planted(
                Plant::FlippedSign,
                "exp(-8 s^2/d) <= exp(-8 s^2/C~_2)",
                at_most(half(8), Monomial::new(0, q(0), 0, -8, 0), false),
            ))
            .remarks(&["Not needed for the next display: -2 s^2 <= -2 s^2/d for d >= 1 gives it."]),
        Step::new("corollary-4/root-of-c-3", "B.10, sqrt(C_3)", &[2639])
            .titled("sqrt(C_3) below exp(-2 s^2/d - C~_3)/4")
            .given("s >= 0, d >= C~_2 >= 1, C~_3 >= 0, 0 < lambda <= Lambda; C_3 as in (36)")
            .uses(&["theorem-4/eq-36", "corollary-4/least-width"])
            .by(Body::Domain { variables: &["lambda/Lambda"], domain: |_| vec![(q(0), q(1))], sides: ratio })
            .holds("sqrt(C_3) sqrt(lambda/Lambda) <= sqrt(C_3)")
            .form(also(
                "equality",
                Role::Printed,
                "sqrt(C_3) = 2^-18 exp(-2 s^2 - 8 s^2/C~_2 - 10 C~_3)",
                equal(root_of(&printed_risk_constant()), printed_root()),
            ))
            .form(also(
                "strict",
                Role::Printed,
                "2^-18 exp(-2 s^2 - 8 s^2/C~_2 - 10 C~_3) < exp(-2 s^2/d - C~_3)/4",
                at_most(printed_root(), product_sigma_min(), true),
            ))
            .form(also(
                "with-corrected-c-3",
                Role::Sharpened,
                "sqrt(C_3) < exp(-2 s^2/d - C~_3)/4 with C_3 = 2^-38 exp(-6 s^2 - 16 s^2/C~_2 - 20 C~_3)",
                at_most(root_of(&risk_constant()), product_sigma_min(), true),
            ))
            .planted(Plant::FlippedSign, "sqrt(C_3) sqrt(lambda/Lambda) >= sqrt(C_3)")
            .form(planted(
                Plant::LostSquare,
                "the root of C_3 without that of 2^-36",
                equal(Monomial::new(-36, q(-2), 0, -8, -10), root_of(&printed_risk_constant())),
            )),
        Step::new("corollary-4/c-prime", "B.10, C'", &[2645])
            .by(Body::Apart)
            .titled("C' is positive")
            .given("s >= 0, d >= C~_2 >= 1, C~_3 >= 0; C_3 as in (36)")
            .uses(&["corollary-4/root-of-c-3", "corollary-4-constants"])
            .form(printed(
                "C' = exp(-2 s^2/d - C~_3)/4 - sqrt(C_3) > 0",
                at_most(root_of(&printed_risk_constant()), product_sigma_min(), true),
            ))
            .form(also(
                "margin",
                Role::Sharpened,
                "sqrt(C_3) <= 2^-16 exp(-2 s^2/d - C~_3)/4, so that C' > 0.99998 exp(-2 s^2/d - C~_3)/4",
                at_most(
                    Monomial::power_of_two(16).times(&root_of(&printed_risk_constant())),
                    product_sigma_min(),
                    false,
                ),
            ))
            .form(planted(
                Plant::WrongConstant,
                "C' > 0 with 2^-4 in place of 2^-36 in C_3",
                at_most(root_of(&Monomial::new(-4, q(-4), 0, -16, -20)), product_sigma_min(), true),
            )),
    ]
}

fn constant_steps() -> Vec<Step> {
    vec![
        Step::new("corollary-4/from-below", "B.10, after C'", &[])
            .quoted(2649, "we therefore obtain that  $||w^*||_2 \\geqslant C'||w||_2$")
            .titled("The optimum from below")
            .given("the hypothesis on the initial risk with a C_3 for which C' > 0; w != 0")
            .uses(&[
                "corollary-4/with-hypothesis",
                "corollary-4/with-risk",
                "corollary-4/triangle",
                "corollary-4/c-prime",
            ])
            .by(on(from_below))
            .holds("norm(w*) >= C' norm(w)")
            .planted(Plant::DroppedTerm, "the same without sqrt(C_3) in C'")
            .remarks(&[
                "At the limit norm(w*) = norm(W_1^T .. W_L^T w) >= exp(-2 s^2/d - C~_3)/4 norm(w) by (53): C_3 \
                        need not enter.",
            ]),
        Step::new("corollary-4/by-target", "B.10, S by norm(w*)", &[2651])
            .titled("The sharpness by the optimum")
            .given("W a minimiser with the bounds on products, norm(w*) >= C' norm(w), C' > 0")
            .uses(&["corollary-4/eq-54", "corollary-4/from-below"])
            .by(on(by_target))
            .holds("S(W) <= 2^9 exp(2 s^2 + 4 C~_3) C'^-2 L Lambda norm(w*)^2")
            .planted(Plant::WrongPower, "the same with C'^2"),
        Step::new("corollary-4/quotient", "B.10, the last display", &[2657])
            .titled("Divided by S_min")
            .given("S_min = 2 L lambda norm(w*)^(2 - 2/L), w* != 0 (so w != 0, which is not stated)")
            .uses(&["corollary-4/by-target"])
            .by(Body::Identity { sizes: &[&[1], &[2], &[3], &[7]], sides: quotient })
            .holds(
                "2^9 exp(2 s^2 + 4 C~_3) C'^-2 L Lambda norm(w*)^2/S_min = 2^8 exp(2 s^2 + 4 C~_3) C'^-2 \
                    (Lambda/lambda) norm(w*)^(2/L)",
            )
            .planted(Plant::WrongConstant, "the same with 2^9 on the right")
            .planted(Plant::WrongPower, "the same with norm(w*)^(1/L)")
            .remarks(&[
                "For w = 0 the hypothesis of Theorem 4 gives w* = 0: S_min = 0 for L >= 2, and the quotient is \
                        not defined.",
            ]),
        Step::new("corollary-4/conclusion", "B.10, the end", &[])
            .by(Body::Apart)
            .quoted(2661, "which concludes the proof by setting")
            .titled("2^9 for 2^8")
            .given("s >= 0, C~_3 >= 0; in units of C'^-2 (Lambda/lambda) norm(w*)^(2/L)")
            .uses(&["corollary-4/quotient"])
            .form(printed(
                "2^8 exp(2 s^2 + 4 C~_3) <= 2^9 exp(2 s^2 + 4 C~_3)",
                at_most(Monomial::new(8, q(2), 0, 0, 4), Monomial::new(9, q(2), 0, 0, 4), false),
            ))
            .form(planted(
                Plant::WrongConstant,
                "2^8 exp(2 s^2 + 4 C~_3) <= 2^7 exp(2 s^2 + 4 C~_3)",
                at_most(Monomial::new(8, q(2), 0, 0, 4), Monomial::new(7, q(2), 0, 0, 4), false),
            ))
            .remarks(&[
                "2^9 is twice what the display before it gives: a slip without consequence.",
                "The lower bound of Corollary 4 is not treated in B.10: it is Theorem 2, with what is said of it \
                 there (corollary-4-lower).",
            ]),
        Step::new("corollary-4/c-depends-on-d", "B.10, the end", &[])
            .quoted(2661, "C := 2^9 \\exp(2s^2 + 4\\tilde{C}_3)(C')^{-2}")
            .titled("C is said to depend on s only")
            .given("s >= 0, d >= C~_2 >= 1, C~_3 >= 0; C_3 as in (36)")
            .uses(&["corollary-4/c-prime", "corollary-4/conclusion"])
            .by(Body::Instances { sizes: &[&[1]], sides: depends_on_d })
            .fails(
                "C is the same for all d >= C~_2",
                Fault::Constant,
                "Quantifiers: Corollary 4 has a C that depends on s only, but C' contains exp(-2 s^2/d). Smallest \
                 case: s = 1, C~_2 = 1, C~_3 = 0, d = 1 against d = 2. C decreases in d: with C~_2 in place of d it \
                 is a bound for all widths, finite because C' > 0 at d = C~_2, and depends on s only. Corollary 4 \
                 stands with that C.",
            )
            .corrected("C for any d >= C~_2 is at most C with C~_2 in place of d, which is finite")
            .planted(Plant::FlippedSign, "C for any d >= C~_2 is at least that"),
    ]
}
