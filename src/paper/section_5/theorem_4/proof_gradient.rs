//! The audit of B.8, first part: from the gradient to (37); what follows is in `proof_flow` and `theorem_5`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W, w, X, y, Pi | [`Scene`]: exact, square layers | |
//! | s, C~_3, and the right-hand sides of (35) | [`Bounds`], C~_3 the smallest that (35) allows; formulas over all parameters | scalars |
//! | theta_k(t) of the definition of t* | [`Paths`]: continuous, piecewise linear, `phi_k(t) U_k` with norm_F(U_k) = 1 | d x d |
//! | the radius `exp(-2 s^2 - 4 u)/64` of t* | `Paths::radius`: any positive number | scalar |
//!
//! **What the text leaves to the reader.** (33) at k = 1 and k = L has empty products, which (35) does not cover: they
//! are the identity, and `exp(-2 s^2/d - C~_3)/4 <= 1 <= 4 exp(s^2/2 + C~_3)`. "By definition of t*" the theta_k are
//! inside the ball for t < t*; at t* itself because they are continuous. The flow exists as long as the theta_k are
//! bounded.
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | first, equality | `gradient-norm` | identity; the gradient by the definition of the risk |
//! | first, inequality; Lemma 8; (33) | `gradient-lower`, `outer-gradient-lower`, `eq-33` | instances |
//! | t*, (34) | `within-t-star`, `eq-34` | instances: piecewise linear paths, scalars |
//! | (35) and its companion | `eq-35` | instances inside the ball |
//! | "by symmetry", the union bound | `symmetry`, `union-bound` | identity; instances on four atoms |
//! | (36), C_4 | `c-4`: s > 0 is missing | instances |
//! | after (36), (33), mu | `products-of-sigma-min`, `gradient-with-constants`, `mu` | instances and cone |
//! | (37) | `eq-37` | instances: any rates >= mu, and a flow in closed form |
//!
//! **Why this suffices.** (33) holds for all square layers by `norm(A v) >= sigma_min(A) norm(v)`, twice, and by
//! Lemma 8; the samples test its indices and powers. (35) is Lemma 3 with `norm(theta_k) <= norm_F(theta_k)`: the
//! step tries its bounds on layers that are moved within the ball, C~_3 being the smallest that the event allows; the
//! probability of the event is the matter of `lemma_3`. Symmetry needs only the reversal of products under
//! transposition, an identity. The constants hold over all parameters by the cone, so the instances of the same steps
//! show only that the formulas mean what is printed. (37) is Gronwall's inequality: with the rate `rho = -(ln(R -
//! R_min))' >= mu` it says that the integral of rho is at least `mu t`, which rates that are piecewise constant test.

use crate::arithmetic::{Rational, Real, Ring};
use crate::formula::{
    Edit, Expr, Table, at, at2, descent, fraction, norm, norm_f, sigma_min, square, sum, transpose, var, vars,
};
use crate::harness::evidence::{Fault, Role};
use crate::harness::steps::objects::{DOWN, Matrix, Paths, Target, UP, weights};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::{Body, Drawn, How, Margins, Pair, Plant, Sizes, Step, Tie, steps};
use crate::network::Network;
use crate::network::directions::by_definition;
use crate::paper::kit::every;
use crate::paper::section_5::scene::{any, bounded, constant, excess, inside, layers, q, turned};
use crate::paper::section_5::theorem_4::constants::{also, monomial, planted, printed, product_sigma_min, rate};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// Depth and width.
pub(crate) const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 1], &[3, 2], &[4, 1], &[3, 3]];

/// All gradients by the definition of the risk.
pub(crate) fn gradients(network: &Network<Rational>, x: &Matrix, y: &DVector<Rational>) -> Vec<Matrix> {
    let risk = |k: usize, w: &Matrix| {
        let mut layers = network.layers().to_vec();
        layers[k].clone_from(w);
        norm_squared((y - x * network.with_layers(layers).product()).iter()) / q(x.nrows() as i64)
    };
    network.layers().iter().zip(0..).map(|(w, k)| by_definition(w, |w| risk(k, w))).collect()
}

/// Any layers, head and data; the gradient by the definition of the risk.
fn by_definition_of_risk(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let network = draw.network(&vec![d; depth + 1], true);
    let (x, y) = draw.data(d + 1, d);
    let network = network.ok_or("no network")?;
    let [data, targets, n, prod] = vars(["X", "y", "n", "w_prod"]);
    Ok(weights(network.layers())
        .family("grad", gradients(&network, &x, &y))
        .vector("w", network.head())
        .vector("w_prod", &network.product())
        .vector("y", &y)
        .matrix("X", &[], x)
        .scalar("n", q(d as i64 + 1))
        .define("grad R^1(w_prod)", &[], -2 / n * (transpose(&data) * (targets - &data * prod))))
}

/// L from `max(C~_1, (C~_3/C~_4)^power)` on.
fn admissible(power: u32) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let (c1, c3, c4) = (draw.positive(), draw.positive(), draw.positive());
        let depth = c1.max((&c3 / &c4).powi(power)) * (1 + draw.share());
        Ok(Table::default().scalar("L", depth).scalar("C~_3", c3).scalar("C~_4", c4))
    }
}

/// `W_k = I + c N_k + theta_k/L`, and the same of the transposes of N and theta in the opposite order, or of N and
/// theta themselves.
fn reversed(draw: &mut Draw<'_>, transposed: bool) -> Drawn {
    let (depth, d) = (draw.size(0), draw.size(1));
    let scale = draw.number();
    let parts: Vec<(Matrix, Matrix)> = (0..depth).map(|_| (draw.matrix(d, d), draw.matrix(d, d))).collect();
    let one = |n: &Matrix, theta: &Matrix| {
        Matrix::identity(d, d) + n.map(|v| v * &scale) + theta.map(|v| v / q(depth as i64))
    };
    let turned = |(n, t): &(Matrix, Matrix)| if transposed { one(&n.transpose(), &t.transpose()) } else { one(n, t) };
    let layers: Vec<Matrix> = parts.iter().map(|(n, t)| one(n, t)).collect();
    Ok(weights(&layers).family("V", parts.iter().rev().map(turned)))
}

/// Four atoms of two events that fail with probability at most 8 x each.
fn atoms(draw: &mut Draw<'_>) -> Drawn {
    let [both, only_a, only_b, none] = draw.probabilities()?;
    let x = (only_a + &none).max(only_b + none) / q(8);
    Ok(Table::default().scalar("P(A and B)", both).scalar("x", x))
}

/// C_4 by its formula, `C~_3^2/(factor s^2)`; zero where s = 0, which stands for all numbers.
fn c_4(factor: i64, random: bool) -> impl Fn(&mut Draw<'_>) -> Drawn {
    move |draw| {
        let s2 = if random { draw.positive() } else { draw.nonnegative() };
        let c3 = draw.positive();
        let c4 = if s2.is_zero() { Rational::zero() } else { c3.powi(2) / (q(factor) * &s2) };
        Ok(Table::default().scalar("s^2", s2).scalar("C~_3", c3).scalar("C_4", c4))
    }
}

/// theta_k at the times `t* j/4`, j = 0, .., 4, with a jump at t* or without.
fn within(draw: &mut Draw<'_>, jumps: bool) -> Drawn {
    let paths = Paths::draw(draw);
    let exit = paths.exit();
    let until = exit.clone().unwrap_or_else(|| q(3));
    let mut table = Table::default().scalar("L", q(draw.size(0) as i64)).scalar("r", paths.radius.clone());
    for j in 0..=4 {
        let t = &until * Rational::new(j, 4);
        for (k, direction) in paths.directions.iter().enumerate() {
            // Not continuous: a jump out of the ball at t*.
            let jump = jumps && exit.as_ref() == Some(&t);
            let phi = if jump { &paths.radius + &paths.jump } else { paths.at(k, &t) };
            table = table.matrix("theta", &[k as i64 + 1, j], direction.map(|v| v * &phi));
        }
    }
    Ok(table)
}

/// If t* is finite, `norm_F(theta_k(t*)) >= radius` for some k.
pub(crate) fn at_exit(draw: &mut Draw<'_>) -> Drawn {
    let paths = Paths::draw(draw);
    let t = paths.exit().ok_or("t* is infinite")?;
    let depth = paths.directions.len();
    let at_t = (0..depth).map(|k| DMatrix::from_element(1, 1, paths.at(k, &t)));
    Ok(Table::default().scalar("L", q(depth as i64)).scalar("r", paths.radius.clone()).family("theta", at_t))
}

/// (37): a risk that falls at a rate `rho(t) >= mu` (piecewise constant, else any) up to t*, and the flow of two scalar
/// layers from the identity in closed form.
fn eq_37(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let mu = draw.positive();
    let pieces: Vec<(Rational, Rational)> = (0..3).map(|_| (draw.nonnegative(), draw.nonnegative())).collect();
    // The data sigma and head w of the scalar flow, the ratio r = w*/w in [1/4, 5/4], and its time.
    let (sigma, head, ratio) = (draw.positive(), draw.positive(), draw.share() + Rational::new(1, 4));
    let time = draw.nonnegative();
    let mut pairs = Vec::new();
    let (mut t, mut fallen) = (Rational::zero(), Rational::zero());
    for (length, more) in pieces {
        // After t* the rate may be anything from 0 on.
        let rate = if how.plants(Plant::DroppedHypothesis) { more } else { &mu + more };
        t += &length;
        fallen += length * rate;
        let claimed = if how.plants(Plant::WrongConstant) { q(2) } else { q(1) };
        // exp(-fallen) <= exp(-mu t).
        pairs.push(Pair::exact(&fallen, &(claimed * &mu * &t), bits));
    }
    // z = x^2: z' = -4 sigma w^2 z (z - r), z(0) = 1.
    let exponent = q(-4) * &sigma * head.powi(2) * &ratio * &time;
    let (r, one) = (of(&ratio, bits), of(&Rational::one(), bits));
    // z - r = -r (r - 1) E/(1 + (r - 1) E) with E = exp(exponent): no difference of nearly equal numbers.
    let behind = (&r - &one) * of(&exponent, bits).exp();
    let off = &r * &behind / (&one + &behind);
    // mu of the text for L = 2, s = 0, C~_3 = 0: 2^-6 sigma w^2 2.
    let fall = -of(&(q(2) * sigma * head.powi(2) / q(64) * &time), bits);
    // One value: at a start at the minimum (zero), and at t = 0 (the start).
    let equal = Tie::where_zero((ratio - Rational::one()) * time);
    pairs.push(Pair::new((one - r).powi(2) * fall.exp(), off.powi(2)).or_exactly(equal));
    Margins::All(pairs)
}

/// Where (35) and its companion enter: with layers for which these are tight.
const BOUNDED: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[3, 1, DOWN], &[3, 2, DOWN], &[3, 1, UP]];

/// From (5) to (33).
pub(crate) fn gradient_steps() -> Vec<Step> {
    let [depth, k, w, outer, low] = vars(["L", "k", "w", "grad R^1(w_prod)", "lambda"]);
    let (after, before) = (|| turned(&k + 1, &depth), || turned(1, &k - 1));
    let (gradient, least) = (square(at("grad", &k)), |e: Expr| sigma_min(e).pow(2));
    let later = least(layers(&depth, &k + 1));
    steps![
        Step::new("theorem-4/gradient-norm", "B.8, the first display: equality", &[1774])
            .titled("The gradient as a matrix of rank one")
            .given("any square layers, head, data; the gradient by the definition of the risk")
            .uses(&["gradient"])
            .on(SIZES, by_definition_of_risk)
            .states(every(gradient.equals(square(after() * &w) * square(transpose(&outer) * before()))))
            .edited(Plant::OffByOne, Edit::Swap(&k - 1, k.clone()))
            .edited(Plant::DroppedFactor, Edit::Swap(outer.clone(), &outer / 2)),
        Step::new("theorem-4/gradient-lower", "B.8, the first display: inequality", &[])
            .quoted(1775, "\\geq \\sigma_{\\min}^2 (W_{k+1}^\\top \\dots W_L^\\top)")
            .titled("The factors of the gradient from below")
            .given("square layers: for factors that are not square sigma_min would have to be that of the transpose")
            .uses(&["theorem-4/gradient-norm"])
            .on(SIZES, any)
            .states(every(gradient.at_least(least(after()) * square(&w) * least(before()) * square(&outer))))
            .edited(Plant::MissingNorm, Edit::Swap(sigma_min(after()), norm(after())))
            .edited(Plant::LostSquare, Edit::Swap(least(before()), sigma_min(before()))),
        Step::new("theorem-4/outer-gradient-lower", "B.8, Lemma 8", &[1780])
            .about("Lemma 8 at w_prod", "(A1)")
            .uses(&["lemma-8"])
            .on(SIZES, any)
            .states(square(&outer).at_least(4 * &low * excess()))
            .edited(Plant::MissingNorm, Edit::Swap(low.clone(), var("Lambda")))
            .stronger(Plant::WrongConstant, q(2)),
        Step::new("theorem-4/eq-33", "B.8, (33)", &[1793])
            .about("The gradient from below", "(A1), square layers; empty products are the identity")
            .uses(&["theorem-4/gradient-lower", "theorem-4/outer-gradient-lower", "theorem-4-gradient"])
            .on(SIZES, any)
            .states(every(gradient.at_least(4 * &low * square(&w) * later * least(layers(&k - 1, 1)) * excess())))
            .edited(Plant::OffByOne, Edit::Swap(&k + 1, k.clone()))
            .edited(Plant::DroppedFactor, Edit::Drop(square(&w))),
    ]
}

/// From the definition of t* to (37).
pub(crate) fn event_steps() -> Vec<Step> {
    let [depth, k, c3] = vars(["L", "k", "C~_3"]);
    let c4 = var("C_4");
    let theta = at2("theta", &k, var("j"));
    let (most, smallest) = (constant(2, (1, 2), 0, 1), constant(-2, (0, 1), -2, -1));
    let least = |e: Expr| sigma_min(e).pow(2);
    let of_four = |sign: i64| constant(-8, (0, 1), -8 * sign, -4 * sign);
    let mu = |sign: i64| constant(-6, (0, 1), -8 * sign, -4 * sign);
    let gradients = sum("k", 1, &depth, square(at("grad", &k)));
    let has_c_4 = || (32 * var("s^2") * &c4).equals(c3.pow(2)).and(c4.above(0));
    steps![
        Step::new("theorem-4/within-t-star", "B.8, after the definition of t*", &[])
            .quoted(1803, "By definition of  $t^*$ , for  $t \\leq t^*$")
            .titled("The theta_k up to t*")
            .given("continuous theta_k(t) from theta_k(0) = 0 (continuity is used at t = t* and not said)")
            .on(SIZES, |draw| within(draw, false))
            .states(every(norm(theta.clone()).at_most(norm_f(theta.clone())).at_most(var("r")).each("j", 0, 4)))
            .edited(Plant::StrictInequality, Edit::Strict(1))
            .elsewhere(Plant::DroppedHypothesis, "for paths that jump at t*", |draw| within(draw, true))
            .remarks(&["theta_{k,j} is theta_k(t* j/4); r is the radius exp(-2 s^2 - 4 u)/64."]),
        Step::new("theorem-4/eq-34", "B.8, (34)", &[1806])
            .about("u = C~_3 is admissible in Lemma 3", "L >= max(C~_1, (C~_3/C~_4)^4); C~_1, C~_3, C~_4 > 0")
            .uses(&["lemma-3-constants"])
            .on(&[&[1]], admissible(4))
            .states(c3.at_most(var("C~_4") * depth.power(fraction(1, 4))))
            .elsewhere(Plant::WrongPower, "for L >= max(C~_1, (C~_3/C~_4)^2)", admissible(2)),
        Step::new("theorem-4/eq-35", "B.8, (35) and the display after it", &[1819, 1825])
            .titled("Products of layers inside the ball of t*")
            .given("d >= 4 (inside C~_2 of Lemma 3); on the event of the proof of Lemma 3, for theta in the ball")
            .uses(&[
                "lemma-9", "lemma-3/summary-norm", "lemma-3/summary-sigma-min", "lemma-3/by-lemma-9",
                "theorem-4/within-t-star", "theorem-4/eq-34",
            ])
            .on(&[&[1, 1, 4], &[2, 2, 4], &[3, 2, 9]], inside)
            .states(every(norm(layers(&k, 1)).at_most(most)).and(every(sigma_min(layers(&k, 1)).at_least(smallest))))
            .edited(Plant::WrongConstant, Edit::Swap(Expr::from(2).pow(2), 2.into()))
            .remarks(&[
                "Both sets of bounds are closed, so they pass to the limit of the flow.",
                "The event has the constants 2 and 1/2 at theta = 0, and the products move by a share of at most \
                 e^(1/16) - 1 inside the ball (theorem-4, `deterministic`): 4 and 1/4 are generous, which decides \
                 whether (40) is true.",
            ]),
        Step::new("theorem-4/symmetry", "B.8, after (35)", &[])
            .quoted(1829, "By symmetry, the same statement holds for")
            .titled("From Pi_{k:1} to Pi_{L:k}")
            .given(
                "V_j = W_{L+1-j}^T: the transposes of independent Gaussian matrices in any order have the same \
                    law, and a transpose has the same singular values and Frobenius norm",
            )
            .on(SIZES, |draw| reversed(draw, true))
            .states(every(transpose(layers(&depth, &k)).equals(descent("i", &depth - &k + 1, 1, at("V", var("i"))))))
            .edited(Plant::OffByOne, Edit::Swap(&depth - &k + 1, &depth - &k))
            .elsewhere(Plant::DroppedHypothesis, "without transposing the layers", |draw| reversed(draw, false)),
        Step::new("theorem-4/union-bound", "B.8, the union bound", &[1832])
            .about("Both statements at once", "each fails with probability at most 8 x, x = exp(-d C~_3^2/(32 s^2))")
            .uses(&["lemma-3-constants", "theorem-4/symmetry"])
            .on(&[&[1]], atoms)
            .states(var("P(A and B)").at_least(1 - 16 * var("x")))
            .edited(Plant::WrongConstant, Edit::Swap(16.into(), 8.into())),
        Step::new("theorem-4/c-4", "B.8, (36), second display", &[1842])
            .about("C_4 of (36) (and C_5, the radius of t* at u = C~_3)", "s >= 0, as (2) has it")
            .uses(&["theorem-4/union-bound"])
            .on(&[&[1]], c_4(32, false))
            .misstates(
                has_c_4(),
                Fault::Hypothesis,
                "Missing hypothesis: s > 0. (2) allows s = 0, where C_4 = C~_3^2/(32 s^2) is not a number. \
                 Counterexample: s = 0, C~_3 = 1. The exponents of the two bounds on probabilities before (36) divide \
                 by s^2 too. Harmless: for s = 0 the layers are the identity, the event is certain, and any C_4 will \
                 do; Theorems 4 and 5 and Corollary 4 stand.",
            )
            .on(&[&[1]], c_4(32, true))
            .rightly(has_c_4())
            .elsewhere(Plant::DroppedFactor, "with C_4 = C~_3^2/s^2", c_4(1, true))
            .remarks(&["Printed for s >= 0, corrected for s > 0."]),
        Step::new("theorem-4/products-of-sigma-min", "B.8, after (36)", &[1849])
            .titled("Four factors exp(-2 s^2/d - C~_3)/4")
            .given("(35) for all Pi_{k:1} and Pi_{L:k}; empty products are the identity")
            .uses(&["theorem-4/eq-35", "theorem-4/symmetry"])
            .on(BOUNDED, |draw| Ok(bounded(draw, Target::Any)?.1))
            .states(every((least(layers(&depth, &k + 1)) * least(layers(&k - 1, 1))).at_least(of_four(1))))
            .edited(Plant::WrongConstant, Edit::Swap(Expr::from(2).pow(-8), Expr::from(2).pow(-7)))
            .edited(Plant::FlippedSign, Edit::Swap(of_four(1), of_four(-1)))
            .form(also("all-parameters", Role::Printed, &product_sigma_min().pow(4).equals(monomial(-8, 0, -8, 0, -4))))
            .form(also("empty-products", Role::Printed, &product_sigma_min().at_most(1))),
        Step::new("theorem-4/gradient-with-constants", "B.8, (33) with constants", &[1855])
            .by(Body::Apart)
            .about("4 times 2^-8", "(33) and theorem-4/products-of-sigma-min; in units of lambda norm(w)^2 (R - R_min)")
            .uses(&["theorem-4/eq-33", "theorem-4/products-of-sigma-min"])
            .form(printed(&(4 * monomial(-8, 0, -8, 0, -4)).equals(monomial(-6, 0, -8, 0, -4))))
            .form(planted(Plant::WrongPower, &monomial(-6, 0, -8, 0, -2).at_most(4 * monomial(-8, 0, -8, 0, -4)))),
        Step::new("theorem-4/mu", "B.8, the PL condition and mu", &[1861, 1868])
            .titled("The Polyak-Lojasiewicz condition up to t*")
            .given("(A1), (35) for all Pi_{k:1} and Pi_{L:k}; sum over the L layers")
            .uses(&["theorem-4/gradient-with-constants"])
            .on(BOUNDED, |draw| Ok(bounded(draw, Target::Any)?.1))
            .states(gradients.at_least(mu(1) * var("lambda") * square(var("w")) * &depth * excess()))
            .edited(Plant::FlippedSign, Edit::Swap(mu(1), mu(-1)))
            .form(also("all-parameters", Role::Printed, &rate().equals(monomial(-6, 0, -8, 0, -4))))
            .form(planted(Plant::WrongConstant, &rate().equals(monomial(-5, 0, -8, 0, -4)))),
        Step::new("theorem-4/eq-37", "B.8, (37)", &[1875])
            .titled("Exponential decay up to t*")
            .given("the PL condition on [0, t*]: Lemma 7 with the square that it lacks as printed, and up to t* only")
            .uses(&["lemma-7", "theorem-4/mu"])
            .by(Body::Instances { sizes: &[&[1]], sides: eq_37 })
            .holds("R(t) - R_min <= (R(0) - R_min) exp(-mu t) for t <= t*")
            .planted(Plant::DroppedHypothesis, "the same beyond t*")
            .planted(Plant::WrongConstant, "the same with exp(-2 mu t)"),
    ]
}
