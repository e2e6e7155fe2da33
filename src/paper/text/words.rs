//! The audit of what Sections 1, 3 and 4 state in their running text. Symbols: `sections` and `minimiser`.
//!
//! **Findings.**
//! - "sharpness at initialization can be made arbitrarily small" (Section 1): for L >= 3 only. `S(c W) <= K c^(L-2)`
//!   for c in (0, 1], with `K = 2 Lambda L rho^(2L-2) + 2 Lambda (L-1) rho^(L-2) (rho^L + norm(w*))`, rho = max(1, max
//!   norm_F(W_k)): along a unit direction V the second derivative of the risk is `2 w'^T Sigma w' + grad R^1 . w''`
//!   with `norm(w') <= sqrt(L) rho^(L-1)`, `norm(w'') <= (L-1) rho^(L-2)`. For L = 2 the Hessian at zero weights is
//!   `(V_1, V_2) -> -4 (Sigma w*)^T V_1^T V_2^T`, of largest eigenvalue 2 norm(Sigma w*) >= S_min/2; for L = 1 it is 2
//!   Lambda whatever W is.
//! - "an initialization of the weight matrices with i.i.d. Gaussian entries of small variance" (Section 1): satisfies
//!   (A2) with probability at most 1/2 (step `sections/gaussian-initialisation`).
//! - "take any minimizer .. S(W^C) -> infinity" (Section 3), and the example of (A2) (Section 4): for w* != 0.

use crate::arithmetic::{Big, Enclosure, Rational, Real, Ring};
use crate::formula::{Edit, Expr, Range, Reduction, Table, at, fraction, norm, norm_f, sqrt, square, sum, var, vars};
use crate::harness::Fault;
use crate::harness::steps::{
    Body, DIMENSIONS, Draw, Drawn, How, Margins, Matrix, Pair, Plant, Sizes, Step, Tie, big, column, scalar, steps,
};
use crate::harness::steps::{inequality::TIE_BITS, sample::of};
use crate::hessian::assemble;
use crate::instances::no_head;
use crate::linalg::{inertia_at, largest_eigenvalue, largest_singular_value};
use crate::network::Network;
use crate::paper::section_3::minimiser::{Scene, WIDTHS, gradient, product, squares};
use crate::paper::section_3::theorem_2::scene::{before, percent, symbols};
use crate::paper::text::section_2::{Free, HEADLESS, chain};
use crate::problem::{Moments, dot, norm_squared};
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// A network without head, its mirror image with W_1 negated, zero weights: their risks R, R~, R_0.
fn risks(draw: &mut Draw<'_>) -> Drawn {
    let f = Free::draw(draw, false);
    let mut mirrored = f.layers.clone();
    mirrored[0] = -&mirrored[0];
    let [here, there, start] = [&f.layers, &mirrored, &constant(&f.layers, 0)].map(|w| f.risk_of(w));
    Ok(Table::default()
        .scalar("R^L(W)", here)
        .scalar("R^L(W~)", there)
        .scalar("R_0", start)
        .scalar("R_min", f.least())
        .scalar("lambda", f.lambda.clone())
        .scalar("Lambda", f.largest.clone())
        .scalar("n", Rational::from(f.y.len() as i64))
        .vector("w_prod", &f.product())
        .vector("w*", &f.w_star)
        .matrix("X", &[], f.x))
}

/// Layers of the same shapes with equal entries.
fn constant(layers: &[Matrix], entry: i64) -> Vec<Matrix> {
    layers.iter().map(|w| w.map(|_| Rational::from(entry))).collect()
}

/// Depths 1, 2, 3 and 4, few parameters.
const SMALL: Sizes = &[&[1, 1], &[1, 1, 1], &[2, 1, 1], &[1, 1, 1, 1], &[1, 2, 1, 1], &[1, 1, 1, 1, 1]];

/// `S(c W) <= K c`, or `K c^(L-2)`, c = 1/(1 + |v|).
fn initial_sharpness(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let f = Free::draw(draw, false);
    let c = 1 / (1 + 64 * draw.nonnegative());
    let depth = f.layers.len();
    if depth <= 2 && !how.printed() {
        return Margins::OutOfScope("L <= 2");
    }
    let scaled = f.layers.iter().map(|w| w.map(|v| v * &c)).collect();
    let Ok(network) = Network::new(scaled, f.head.clone()) else { return Margins::OutOfScope("no network") };
    let data = Moments::new(&f.x, &f.y);
    let hessian = assemble(&network, &data);
    let sharpness = largest_eigenvalue(&hessian.map(|q| of(&q, bits)));
    let largest = squares(&f.layers).into_iter().fold(Rational::one(), Ord::max);
    // K = 2 Lambda (l rho^(2l-2) + (l - 1) rho^(l-2) (rho^l + norm(w*))): the square of its one irrational term.
    let l = depth as u32;
    let square = if l == 1 { Rational::zero() } else { largest.powi(l - 2) * norm_squared(f.w_star.iter()) };
    let rest = Rational::from(2 * i64::from(l) - 1) * largest.powi(l - 1);
    let [twice, many] = [2 * f.largest, Rational::from(i64::from(l) - 1)];
    let k = of(&twice, bits) * (of(&rest, bits) + of(&many, bits) * of(&square, bits).sqrt());
    let power = match how {
        How::Printed => 1,
        _ if how.plants(Plant::OffByOne) => depth as u32,
        _ => depth as u32 - 2,
    };
    let scale = c.powi(power);
    let pair = Pair::new(k * of(&scale, bits), sharpness);
    // A rational bound is compared with the eigenvalue by inertia.
    let tie = square.exact_sqrt().filter(|_| bits >= TIE_BITS).map(|root| {
        let bound = twice * (rest + many * root) * scale;
        Tie::AtMost(inertia_at(&hessian, &bound))
    });
    pair.or_exactly(tie).into()
}

/// A minimiser W without head, and V, one with two layers rescaled where `rescaled`; L = 1, or not.
fn stronger(draw: &mut Draw<'_>, rescaled: bool, shallow: bool) -> Drawn {
    let scene = headless(draw);
    let target = scene.target();
    if target.is_zero() || (scene.depth() == 1) != shallow {
        return Err("w* = 0, or L = 1");
    }
    let mut layers = scene.layers.clone();
    if rescaled && layers.len() > 1 {
        let c = 2 * scene.length() * (1 + norm_squared(layers[1].iter())) * (1 + 1 / &target);
        layers[0] = layers[0].map(|v| v * &c);
        layers[1] = layers[1].map(|v| v / &c);
    }
    Ok(symbols(&scene).family("V", layers))
}

/// A minimiser with head 1.
fn headless(draw: &mut Draw<'_>) -> Scene {
    let mut scene = Scene::spectral(draw);
    let last = scene.layers.len() - 1;
    // The head goes into the last layer.
    scene.layers[last] = column(&scene.head).transpose() * &scene.layers[last];
    scene.head = no_head();
    scene
}

/// S(W^C) >= 1000 for a large C. `S(W^C) >= 2 lambda norm(b_2)^2 norm_F(C W_1)^2/d` with `b_2 = W_3^T .. W_L^T w`: if
/// b_2 and W_1 are not zero, which w* != 0 implies, some C is large enough; else no S(W^C) with C >= 1 is above S(W).
fn arbitrarily_large(draw: &mut Draw<'_>, some: bool, grown: bool) -> Drawn {
    let mut scene = Scene::spectral(draw);
    if scene.depth() < 2 || some && scene.target().is_zero() {
        return Err("L = 1, or w* = 0");
    }
    let grows = norm_squared(scene.after(2).iter()) * norm_squared(scene.layers[0].iter());
    let d = Rational::from(scene.w_star.len() as i64);
    if !grows.is_zero() && grown {
        // C^2 >= C >= 1000 d/(2 lambda grows).
        let c = 1 + 500 * d / (&scene.lambda * grows);
        scene.layers[0] = scene.layers[0].map(|v| v * &c);
        scene.layers[1] = scene.layers[1].map(|v| v / &c);
    }
    Ok(symbols(&scene))
}

/// Minimisers of depth 2 and width 3 whose norms are large: rows w*, t u, -t u, and (1, t, t); the first bound of
/// Theorem 2 is at most delta for a large t.
fn first_bound_small(draw: &mut Draw<'_>, grown: bool) -> Drawn {
    let d = draw.size(0);
    let f = Free::with(draw, d, Vec::new(), no_head());
    let (delta, u) = (draw.positive(), draw.unit_vector(d));
    let large = 1 + 4 * &f.lambda * (1 + norm_squared(f.w_star.iter())) / &delta;
    let t = if grown { large } else { Rational::one() };
    let first = DMatrix::from_fn(3, d, |i, j| match i {
        0 => f.w_star[j].clone(),
        1 => &t * &u[j],
        _ => -&t * &u[j],
    });
    let second = DMatrix::from_row_slice(1, 3, &[Rational::one(), t.clone(), t]);
    Ok(Table::default()
        .scalar("L", Rational::from(2))
        .scalar("lambda", f.lambda.clone())
        .scalar("delta", delta)
        .family("V", [first, second])
        .vector("w", &no_head())
        .vector("w*", &f.w_star))
}

/// The example of (A2): one exact witness, for each layer z set to zero: `W_1 = (1, .., 1)^T (Sigma w*)^T`, all others
/// ones.
fn example_of_a2(draw: &mut Draw<'_>, some: bool, twice: bool) -> Drawn {
    let f = Free::draw(draw, false);
    if some && f.w_star.iter().all(Zero::is_zero) {
        return Err("w* = 0");
    }
    let image = f.x.transpose() * (&f.x * &f.w_star);
    let (mut witness, zeros) = (constant(&f.layers, 1), constant(&f.layers, 0));
    witness[0] = DMatrix::from_fn(witness[0].nrows(), image.len(), |_, j| image[j].clone());
    let (mut risks, mut slopes) = (Vec::new(), Vec::new());
    for z in 1..=f.layers.len() {
        let mut layers = witness.clone();
        layers[z - 1] = zeros[z - 1].clone();
        if twice {
            let also = z % layers.len();
            layers[also] = zeros[also].clone();
        }
        risks.push(f.risk_of(&layers));
        slopes.push(gradient(&f.x, &f.y, &layers, &f.head, z));
    }
    let table = Table::default().scalar("L", Rational::from(risks.len() as i64));
    let table = table.scalar("R_0", f.risk_of(&zeros)).family("R^L(W(0))", risks.into_iter().map(scalar));
    Ok(table.family("grad R^L(W(0))", slopes))
}

/// epsilon of Section 4 by enclosures, from its definition.
fn epsilon(layers: &[Matrix], bits: u32) -> Big {
    let largest = squares(layers).into_iter().max().unwrap_or_else(Rational::zero);
    let gaps = layers.windows(2).map(|w| &w[0] * w[0].transpose() - w[1].transpose() * &w[1]);
    let gaps = gaps.map(|g| largest_singular_value(&big(&g, bits)));
    let two = of(&Rational::from(2), bits);
    gaps.fold(of(&(3 * largest), bits), |s, g| s + &two * g)
}

/// epsilon of c W is at most delta for `c = delta/(delta + e)`, e a rational upper bound of epsilon: c <= 1 and c e <=
/// delta.
fn small_epsilon(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    const FIRST_BITS: u32 = 96;
    let f = Free::draw(draw, false);
    let delta = draw.positive();
    let Some(e) = epsilon(&f.layers, FIRST_BITS).upper_rational() else { return Margins::OutOfScope("unbounded") };
    let c = if how.plants(Plant::DroppedFactor) { Rational::one() } else { &delta / (&delta + &e) };
    let scaled: Vec<Matrix> = f.layers.iter().map(|w| w.map(|v| v * &c)).collect();
    let bound = if how.plants(Plant::WrongPower) { c.powi(3) * e } else { delta };
    Pair::new(of(&bound, bits), epsilon(&scaled, bits)).into()
}

/// Rows and columns.
const SHAPES: Sizes = &[&[1, 1], &[2, 1], &[2, 2], &[2, 3], &[3, 3]];

/// `W = Q S P^T` and its singular values, the largest first.
fn decomposed(draw: &mut Draw<'_>) -> Drawn {
    let (m, n) = (draw.size(0), draw.size(1));
    let (q, p) = (draw.rotation(m), draw.rotation(n));
    let mut values: Vec<Rational> = (0..m.min(n)).map(|_| draw.nonnegative()).collect();
    values.sort_by(|a, b| b.cmp(a));
    let s = DMatrix::from_fn(m, n, |i, j| if i == j { values[i].clone() } else { Rational::zero() });
    let table = Table::default().scalar("r", Rational::from(values.len() as i64));
    Ok(table.matrix("W", &[], q * s * p.transpose()).family("sigma", values.into_iter().map(scalar)))
}

/// norm_2(W)^2 where it is plainly rational: the Gram matrix of rank one or diagonal.
fn norm_exactly(w: &Matrix) -> Option<Rational> {
    let gram = w * w.transpose();
    let trace = norm_squared(w.iter());
    if &gram * &gram == gram.map(|v| v * &trace) {
        return Some(trace);
    }
    let diagonal = gram.iter().enumerate().all(|(i, v)| i % (gram.nrows() + 1) == 0 || v.is_zero());
    if diagonal { gram.diagonal().iter().max().cloned() } else { None }
}

/// `max_k sigma_k >= norm(w*)^(1/L)` at minimisers without head, to the power L; and rank-one layers of equal norm t
/// reach it: the product is t^L q.
fn smallest_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let scene = headless(draw);
    let (t, q) = (draw.positive(), draw.unit_vector(scene.w_star.len()));
    let depth = scene.depth() as u32;
    let norms = scene.layers.iter().map(|w| largest_singular_value(&big(w, bits)));
    let largest = norms.reduce(|a, b| a.max(&b)).unwrap_or_else(Big::zero);
    let exactly: Option<Vec<Rational>> = scene.layers.iter().map(norm_exactly).collect();
    let tie = exactly.and_then(|n| n.into_iter().max()).map(|n| Tie::Order(n.powi(depth), scene.target()));
    let power = if how.plants(Plant::WrongPower) { depth + 1 } else { depth };
    let pair = Pair::new(largest.powi(depth).powi(1), of(&scene.target(), bits).pow_ratio(i64::from(power), 2 * depth));
    let balanced: Vec<Matrix> = chain(&scene.layers, &q, &no_head()).iter().map(|w| w.map(|v| v * &t)).collect();
    let reached = product(&balanced, &scene.head);
    let length = dot(&reached, &q);
    let level = t.powi(depth);
    Margins::All(vec![
        pair.or_exactly(tie.filter(|_| !how.plants(Plant::WrongPower))),
        Pair::exact(&length, &level, bits),
        Pair::exact(&level, &length, bits),
    ])
}

/// Sentences of Section 1 on small initialisation: each is refuted as it stands, and has a reading that holds.
fn introduction() -> Vec<Step> {
    let [risk, mirrored, start, least, n] = vars(["R^L(W)", "R^L(W~)", "R_0", "R_min", "n"]);
    let excess = &risk + &mirrored - 2 * &start;
    let spread = square(var("X") * var("w_prod")) / n;
    steps![
        Step::new("sections/risk-to-zero", "Section 1, small-scale initialization", &[])
            .quoted(
                66,
                "empirical risk to zero, then characterize the structure of the minimizer found by gradient flow",
            )
            .about("Where the risk converges to", "(A1); w = 1")
            .uses(&["theorem-3"])
            .on(HEADLESS, risks)
            .misstates(
                least.at_most(0),
                Fault::Reading,
                "\"Convergence of the empirical risk to zero\" is loose: what the risk converges to is R_min, positive \
                 unless y is in the range of X: n = 2, X = (1, 1)^T, y = (1, -1): R_min = 1. Section 4 says it right: \
                 R - R_min tends to zero.",
            )
            .rightly(risk.at_least(&least))
            .edited(Plant::FlippedSign, Edit::Turn(0))
            .remarks(&["Printed: the infimum of R^L, to which it converges, is zero. It is R^L - R_min that does."]),
        Step::new("sections/gaussian-initialisation", "Section 1, small-scale initialization", &[])
            .quoted(64, "with i.i.d. Gaussian entries of small variance")
            .titled("Gaussian layers and Assumption (A2)")
            .given(
                "(A1); d_L = 1, w = 1; all layers drawn from a law that is symmetric in W_1; w_prod != 0, which has \
                 probability 1",
            )
            .uses(&["assumption-2"])
            .on(HEADLESS, risks)
            .when(square(var("w_prod")).above(0))
            .misstates(
                risk.at_most(&start).and(mirrored.at_most(&start)),
                Fault::Reading,
                "Line 64 announces \"layers with i.i.d. Gaussian entries of small variance\"; line 68 adds mild \
                 requirements, met for instance by one zero layer. They are not met by the setting as announced: all \
                 layers Gaussian satisfies (A2), which Theorem 3 and Corollaries 1 to 3 need, with probability at most \
                 1/2: v = w_prod becomes -v when W_1 is negated, which keeps the law, and R^1(v) + R^1(-v) = 2 R_0 + 2 \
                 v^T Sigma v > 2 R_0, so at most one of the two is at most R_0. Smallest case: L = 1, d = 1, X = y = \
                 1, W_1 = -1 (risk 4, R_0 = 1). The stated results are not touched: they assume (A2), and the example \
                 of Section 4 (one layer zero) satisfies it. Not covered are half of the draws of the introduction at \
                 least, and of the runs of Figure 1 in the mean (Appendix C: all layers Gaussian), unless R^L falls \
                 below R_0 on the way and the results are applied from there, with the epsilon of that time.",
            )
            .rightly(excess.equals(2 * &spread).and(excess.above(0)))
            .edited(Plant::WrongConstant, Edit::Swap(2 * &spread, spread))
            .remarks(&["W~ is the mirror image of W, with W_1 negated: at most one of the two satisfies (A2)."]),
        Step::new("sections/initial-sharpness", "Section 1, small-scale initialization", &[])
            .quoted(70, "sharpness at initialization can be made arbitrarily small")
            .titled("The sharpness of small weights")
            .given("(A1); d_L = 1, w = 1; any W; c in (0, 1]; K as in the documentation of the file")
            .by(Body::Instances { sizes: SMALL, sides: initial_sharpness })
            .fails(
                "S(c W) tends to zero with c, for every depth: S(c W) <= K c",
                Fault::Hypothesis,
                "For L = 2 the Hessian at zero weights has the largest eigenvalue 2 norm(Sigma w*), at least S_min/2 \
                 (d = 1, X = y = 1: S = 2 at W = 0, and S_min = 4); for L = 1 the sharpness is 2 Lambda whatever the \
                 weights are. For L >= 3 it is at most K c^(L-2). Nothing depends on it; that small-scale \
                 initialisation shows sharpening during training is right for L >= 3.",
            )
            .corrected("for L >= 3 and 0 < c <= 1: S(c W) <= K c^(L-2)")
            .planted(Plant::OffByOne, "for L >= 3: S(c W) <= K c^L"),
    ]
}

/// Sentences around Theorem 2; minimisers are constructed so that what they say can be seen.
fn section_3() -> Vec<Step> {
    let [l, lambda] = vars(["L", "lambda"]);
    let size = |power: Expr| norm(var("w*")).power(power);
    let first_bound = 2 * &lambda * size(2 - 1 / &l) * sum("k", 1, &l, 1 / norm_f(at("V", var("k"))));
    let s_min = 2 * &l * &lambda * size(2 - 2 / &l);
    steps![
        Step::new("sections/strictly-stronger", "Section 3, before Theorem 2", &[])
            .quoted(151, "is a strictly stronger statement than Theorem")
            .about("Theorem 2 against Theorem 1", "(A1), w* != 0, L >= 2, no head (d_L = 1, w = 1), W a minimiser")
            .uses(&["theorem-1", "theorem-2-norms", "theorem-2-depth"])
            .on(WIDTHS, |draw| stronger(draw, true, false))
            .states(first_bound.above(s_min.clone()).and(var("S(W)").at_least(s_min)))
            .elsewhere(Plant::FlippedSign, "for every minimiser V", |draw| stronger(draw, false, false))
            .elsewhere(Plant::DroppedHypothesis, "for L = 1, where both are 2 lambda", |draw| {
                stronger(draw, true, true)
            })
            .remarks(&[
                "The second bound of Theorem 2 is S_min, the bound of Theorem 1, and the first exceeds it at the \
                 minimiser V = (C W_1, W_2/C, ..), C large.",
                "With a head of norm below 1, which Theorem 2 adds to Theorem 1, both bounds fail as printed (claims \
                 `theorem-2-norms`, `theorem-2-depth`).",
                "Theorem 1 does not ask for (A1). Where X^T X is singular it says S >= 0, true at minimisers, but not \
                 a case of Theorem 2.",
            ]),
        Step::new("sections/arbitrarily-large", "Section 3, after (7)", &[])
            .quoted(173, "take any minimizer")
            .about("Minimisers of arbitrarily large sharpness", "(A1), L >= 2, W any minimiser")
            .uses(&["rescaling"])
            .on(WIDTHS, |draw| arbitrarily_large(draw, false, true))
            .misstates(
                var("S(W)").at_least(1000),
                Fault::Hypothesis,
                "For w* = 0 the displayed bound is zero, or divides by norm_F(W_2) = 0, and W = 0 has S(W^C) = S(W) = \
                 0 for every C (L = 2, d = 1, y = 0). With w* != 0 (then w != 0, no layer is zero) it holds for every \
                 head. For w* = 0 and w != 0 there are minimisers of any sharpness all the same (W_1 = 0, the others \
                 large): the conclusion survives, not for any W.",
            )
            .on(WIDTHS, |draw| arbitrarily_large(draw, true, true))
            .rightly(var("S(W)").at_least(1000))
            .elsewhere(Plant::DroppedFactor, "with C = 1", |draw| arbitrarily_large(draw, true, false))
            .remarks(&["W is W^C with C large enough; printed whatever the minimiser, corrected for w* != 0."]),
        Step::new("sections/first-bound-small", "Section 3, before the second part", &[])
            .quoted(181, "the first lower bound is arbitrarily small for minimizers")
            .about("The first bound at minimisers of large norms", "(A1); L = 2, width 3, w = 1; delta > 0")
            .on(DIMENSIONS, |draw| first_bound_small(draw, true))
            .states((before("V", &l + 1) * var("w")).equals(var("w*")).and(first_bound.at_most(var("delta"))))
            .elsewhere(Plant::DroppedFactor, "with t = 1", |draw| first_bound_small(draw, false))
            .remarks(&[
                "The first bound of Theorem 2 at the minimiser V with the rows w*, t u, -t u and (1, t, t), t large.",
                "All norms have to be large. Networks of width 1 have no such minimisers: the product of their norms \
                 is norm(w*).",
            ]),
    ]
}

/// Sentences on (A2), epsilon, Lemma 2, Theorem 3, (A3) and Corollary 2.
fn section_4() -> Vec<Step> {
    let (sigma, last) = (|i: Expr| at("sigma", i), var("r"));
    let others = |power| sum("i", 2, &last, sigma(var("i")).pow(power));
    let [r, l, eps, depth] = vars(["r", "l", "eps", "L"]);
    let example = || {
        let slope = square(at("grad R^L(W(0))", var("z"))).above(0).each("z", 1, &depth);
        at("R^L(W(0))", var("z")).equals(var("R_0")).each("z", 1, &depth).and(slope)
    };
    steps![
        Step::new("sections/example-of-a2", "Section 4, after (A2)", &[])
            .quoted(
                193,
                "It is satisfied for instance if one of the weight matrices  $W_k$  is equal to zero at initialization \
                 while the others have i.i.d. Gaussian entries",
            )
            .about("The example that satisfies (A2)", "(A1); d_L = 1, w = 1; one layer zero, the others with a density")
            .uses(&["assumption-2"])
            .on(HEADLESS, |draw| example_of_a2(draw, false, false))
            .misstates(
                example(),
                Fault::Hypothesis,
                "For w* = 0 the polynomial is zero: d = 1, X = 1, y = 0, L = 1. Needs w* != 0, which (A2) implies. See \
                 `assumption-2`.",
            )
            .on(HEADLESS, |draw| example_of_a2(draw, true, false))
            .rightly(example())
            .elsewhere(Plant::DroppedHypothesis, "with two zero layers", |draw| example_of_a2(draw, true, true))
            .remarks(&[
                "For each zero layer z: almost surely the gradient is not zero, as it is a polynomial of the other \
                 layers that is not zero at a witness, W_1 = (1, .., 1)^T (X^T X w*)^T, the others ones.",
                "In this example sigma_z(0) = 0: the third line of Lemma 2 divides by zero at t = 0 and k + 1 = z. The \
                 claim `lemma-2-alignment` has both sides times sigma_{k+1}^2.",
            ]),
        Step::new("sections/small-epsilon", "Section 4, before Lemma 2", &[])
            .quoted(209, "can be made arbitrarily small by scaling down")
            .about("epsilon scales like the square of the weights", "any weights; delta > 0; e >= epsilon(W)")
            .by(Body::Instances { sizes: HEADLESS, sides: small_epsilon })
            .holds("epsilon(c W) <= delta for c = delta/(delta + e)")
            .planted(Plant::WrongPower, "epsilon(c W) <= c^3 e")
            .planted(Plant::DroppedFactor, "epsilon(W) <= delta"),
        Step::new("sections/tail", "Section 4, after Lemma 2", &[])
            .quoted(221, "bounds the sum of the squared singular values")
            .about("What the first line of Lemma 2 bounds", "W = Q S P^T with orthogonal Q, P")
            .on(SHAPES, decomposed)
            .states((square(var("W")) - sigma(1.into()).pow(2)).equals(others(2)))
            .edited(Plant::LostSquare, Edit::Swap(others(2), others(1)))
            .remarks(&["The text calls the first line of Lemma 2 an identity: it is an inequality."]),
        Step::new("sections/product-converges", "Section 4, after Theorem 3", &[])
            .quoted(252, "and thus that")
            .about("Convergence of the risk is convergence of the product", "(A1), any network")
            .uses(&["lemma-8", "theorem-3"])
            .on(HEADLESS, risks)
            .states((var("R^L(W)") - var("R_min")).at_least(var("lambda") * norm(var("w_prod") - var("w*")).pow(2)))
            .edited(Plant::WrongConstant, Edit::Swap(var("lambda"), var("Lambda")))
            .stronger(Plant::DroppedFactor, percent()),
        Step::new("sections/order-of-epsilon", "Section 4, after (A3)", &[])
            .quoted(256, "\\varepsilon = \\mathcal{O}(1/L^2)")
            .about("What (A3) asks of epsilon", "32 L sqrt(eps) <= 1; every real L >= 1")
            .says(
                eps.at_most(1 / (1024 * depth.pow(2))),
                Reduction::on([Range::from("L", 1), Range::positive("eps")])
                    .given((32 * &depth * sqrt(&eps)).at_most(1))
                    .coordinate(Range::within("r", 0, Rational::new(1, 32)), &depth * sqrt(&eps))
                    .coordinate(Range::within("l", 0, 1), 1 / &depth)
                    .inverse(&eps, (&r * &l).pow(2))
                    .inverse(&depth, 1 / &l)
                    .cleared_by(depth.pow(2), fraction(1, 1024).at_least(r.pow(2))),
            )
            .edited(Plant::WrongPower, Edit::Swap(depth.pow(2), depth.pow(3)))
            .remarks(&["So epsilon <= 1/1024: the first condition of (A3), epsilon <= 1, follows from the third."]),
        Step::new("sections/smallest-norm", "Section 4, after Corollary 2", &[])
            .quoted(270, "which is the smallest norm possible to minimi")
            .about("The smallest common norm of the layers of a minimiser", "d_L = 1, w = 1; W a minimiser")
            .by(Body::Instances { sizes: WIDTHS, sides: smallest_norm })
            .holds(
                "max_k norm_2(W_k) >= norm(w*)^(1/L), to the power L; rank-one layers of norm t reach norm(w*) = t^L",
            )
            .planted(Plant::WrongPower, "the same with norm(w*)^((L+1)/L)")
            .remarks(&["With a head it is (norm(w*)/norm(w))^(1/L): Section 5 says the same of residual networks \
                        (after Corollary 4)."]),
    ]
}

/// The steps, in the order of the text.
pub(crate) fn steps() -> Vec<Step> {
    [introduction(), section_3(), section_4()].into_iter().flatten().collect()
}
