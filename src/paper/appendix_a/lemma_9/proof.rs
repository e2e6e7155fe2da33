//! The proof of Lemma 9 (Appendix A): products of matrices under perturbation of each factor.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_1, .., W_L | `layers` in [`scene`] | d x d |
//! | theta_k | `theta`: any, or of norm m^2/(4 M^2) in [`Known::Ball`] | d x d |
//! | M >= 1, m in (0, 1) | [`Known::Bounds`]: the tightest that the prefix products allow, a little wider | scalars |
//! | h_k, h~_k | by the products | d |
//! | empty product (k = j) | the identity | d x d |
//!
//! Sizes are `[L, d]`. The hypothesis on the prefix products holds by the choice of M and m; a sample with a singular
//! prefix product is out of scope. All displays hold as printed.
//!
//! **Equality.** For d = 1 norms are absolute values and every inequality about norms of products is an equality in
//! some cases, which no enclosure decides. There both sides are rational and compared as such. The columns of
//! theta are mixed, so that for d >= 2 the patterns of the samples meet few equalities.
//!
//! The scalar steps are over M = 1/a, a in (0, 1], and m in `[0, 1]`.
//!
//! **The steps, in the order of the text.** Numbers are lines of the text.
//!
//! | lines | what they say | checked as |
//! | --- | --- | --- |
//! | 673 | (9), norms of inner products | instances |
//! | 678, 724, 731 | M/m, 2M and the two radii | subdivision |
//! | 694 to 713 | the paths, their difference, (10) | identities in W, theta and h_0 |
//! | 720, 733, 739, 745 | (11) by recurrence: the first conclusion | instances |
//! | 727 | (12), norms of the terms | instances |
//! | 751 to 762 | the lower bound: the second conclusion | instances |
//!
//! **Why that suffices.** (10) holds for all layers of the shapes tried, and what M and m have to satisfy is proved
//! for all of them. The rest are the triangle inequality and norms of products, tried with nearly the tightest M and
//! m that the layers allow, and with theta at the boundary of the ball; for all depths the lemma is `lemma_9` of
//! `formal/`.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Range, Reduction, Says, Table, at, descent, norm, sigma_min, sum, var, vars};
use crate::harness::steps::{
    Draw, Drawn, Matrix, Missing, Other, Plant, Printed, Proof, Reason, Setting, Sizes, Step, column, other, step,
    steps,
};
use crate::linalg::norm_above;
use crate::network::perturbed::tightest;
use crate::paper::kit::every;
use num_traits::Zero;

/// Depth and width.
const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 2], &[4, 3]];

/// The same for steps with many norms.
const FEWER: Sizes = &[&[1, 1], &[2, 1], &[1, 2], &[2, 2], &[3, 2]];

/// How far the hypotheses hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Any layers, any theta_k.
    Nothing,
    /// M and m, exact, wider than the extremes at 96 bits by 2^-40, so that the hypothesis holds and no equality is
    /// left to enclosures.
    Bounds,
    /// Besides, the theta_k brought to the boundary of the ball, a little inside.
    Ball,
}

/// The symbols: L, W_k, theta_k, W~_k, h_k and h~_k, exact; M and m.
fn scene(draw: &mut Draw<'_>, known: Known) -> Drawn {
    const SINGULAR: &str = "a prefix product is singular";
    let (depth, d) = (draw.size(0), draw.size(1));
    let layers: Vec<Matrix> = (0..depth).map(|_| Matrix::identity(d, d) + draw.matrix(d, d)).collect();
    // Mixes the columns by a matrix that has no simple eigenvectors.
    let mixing =
        Matrix::from_fn(d, d, |i, j| Rational::from(i64::from(i == j)) + Rational::new(1, (i + 2 * j + 3) as i64));
    let mut theta: Vec<Matrix> = (0..depth).map(|_| draw.matrix(d, d) * &mixing).collect();
    let start = column(&draw.vector(d));
    let mut table = Table::default().scalar("L", Rational::from(depth as i64));
    if known != Known::Nothing {
        let wider = 1 + Rational::new(1, 1 << 40);
        let (low, high) = tightest(&layers, 96).ok_or(SINGULAR)?;
        let (low, high) = (low / &wider, high * wider);
        let radius = (&low / (2 * &high)).powi(2);
        for theta in theta.iter_mut().filter(|_| known == Known::Ball) {
            let size = norm_above(theta, 96).ok_or(SINGULAR)?;
            if !size.is_zero() {
                *theta = theta.map(|v| v * (&radius / &size));
            }
        }
        table = table.scalar("M", high).scalar("m", low);
    }
    let [depth, k] = vars(["L", "k"]);
    let path = |w: &'static str, h: &'static str| descent("i", &k, 1, at(w, var("i"))) * at(h, 0);
    Ok(table
        .family("W", layers)
        .family("theta", theta)
        .matrix("h", &[0], start.clone())
        .matrix("h~", &[0], start)
        .define("W~", &["k"], at("W", &k) + at("theta", &k) / depth)
        .define("h", &["k"], path("W", "h"))
        .define("h~", &["k"], path("W~", "h~")))
}

/// M and m for any theta.
fn prefixes(draw: &mut Draw<'_>) -> Drawn {
    scene(draw, Known::Bounds)
}

/// L, M, m, k, j.
fn symbols() -> [Expr; 5] {
    vars(["L", "M", "m", "k", "j"])
}
/// h_k.
fn h(k: impl Into<Expr>) -> Expr {
    at("h", k)
}
/// h~_k.
fn tilde(k: impl Into<Expr>) -> Expr {
    at("h~", k)
}
/// `W_from .. W_to`.
fn layers(from: &Expr, to: impl Into<Expr>) -> Expr {
    descent("i", from, to, at("W", var("i")))
}
/// h~_k - h_k.
fn apart(k: &Expr) -> Expr {
    tilde(k) - h(k)
}
/// `(1/L) sum_{j <= k} norm(W_k .. W_{j+1}) norm(theta_j) norm(h~_{j-1})`.
fn sum_of_norms() -> Expr {
    let [depth, _, _, k, j] = symbols();
    let term = norm(layers(&k, &j + 1)) * norm(at("theta", &j)) * norm(tilde(&j - 1));
    1 / depth * sum("j", 1, k, term)
}
/// M from `most^-1` on, and m: in a = 1/M.
fn constants(most: i64) -> Reduction {
    let [_, high, low, ..] = symbols();
    Reduction::on([Range::from("M", Rational::new(1, most)), Range::half_open("m", 0, 1)])
        .coordinate(Range::within("a", 0, most), 1 / &high)
        .coordinate(Range::within("m", 0, 1), low)
        .inverse(&high, 1 / var("a"))
}
/// With M >= 1/4 planted.
fn scalar(step: Step<Missing>, says: Says, factor: Expr, reduced: Says) -> Step<Printed> {
    let domain = |most| constants(most).cleared_by(factor.clone(), reduced.clone());
    step.says(says, domain(1)).elsewhere(Plant::DroppedHypothesis, domain(4))
}

/// Hypotheses, definitions and the displays of the statement.
const OTHERS: &[Other] = &[
    other(645, Reason::Assumption("the prefix products have norm at most M")),
    other(651, Reason::Assumption("the prefix products have smallest singular value at least m")),
    other(657, Reason::Claims(&["lemma-9"])),
    other(662, Reason::Claims(&["lemma-9"])),
    other(682, Reason::Definition("the activations h_k")),
    other(688, Reason::Definition("h~_k")),
];

/// The hypotheses of the Lemma.
const BALL: Setting = Setting::new("the hypotheses of Lemma 9: M, m, and theta of norm m^2/(4 M^2)", SIZES, |draw| {
    scene(draw, Known::Ball)
});
/// What needs none of them.
const ANYTHING: Setting = Setting::new("any layers, theta, h_0", SIZES, |draw| scene(draw, Known::Nothing));

/// Lines 673 to 713.
fn products() -> Vec<Step> {
    let [depth, high, low, k, j] = symbols();
    let least = || sigma_min(layers(&j, 1));
    let theta = || at("theta", &k) / &depth;
    let (before, summand) = (&k - 1, |share: Expr, to: Expr| sum("j", 1, &k, layers(&k, to) * share * tilde(&j - 1)));
    let share = || at("theta", &j) / &depth;
    steps![
        Step::new("lemma-9/eq-9", "Lemma 9, proof, (9)", &[673])
            .titled("Norms of inner products of layers")
            .given("every prefix product has norm at most M and smallest singular value at least m > 0; M >= 1, m < 1",)
            .on(FEWER, prefixes)
            .states(every(
                norm(layers(&k, &j + 1))
                    .at_most(norm(layers(&k, &j + 1) * layers(&j, 1)) / least())
                    .equals(norm(layers(&k, 1)) / least())
                    .at_most(&high / &low)
                    .each("j", 1, &k),
            ))
            .edited(Plant::DroppedFactor, Edit::Drop(low.clone())),
        Step::new("lemma-9/empty-product", "Lemma 9, proof, after (9)", &[])
            .quoted(678, "which has an operator norm of")
            .about("The empty product", "M >= 1, m in (0, 1); a = 1/M")
            .stated_by(|step| {
                let says = Expr::from(1).at_most(&high / &low);
                scalar(step, says, &low / &high, Expr::from(1).at_least(var("a") * &low))
            }),
        step(ANYTHING, "lemma-9/path", "Lemma 9, proof", &[694])
            .about("One layer of the path", "any layers, h_0; h_k = W_k .. W_1 h_0")
            .states(every(h(&k).equals(at("W", &k) * h(&before))))
            .edited(Plant::OffByOne, Edit::Swap(h(&before), h(&k))),
        step(ANYTHING, "lemma-9/moved-path", "Lemma 9, proof", &[700])
            .about("One layer of the perturbed path, as a product", "any layers, theta, h_0; h~_k = W~_k .. W~_1 h~_0")
            .states(every(tilde(&k).equals((at("W", &k) + theta()) * tilde(&before))))
            .edited(Plant::DroppedFactor, Edit::Drop(depth.clone())),
        step(ANYTHING, "lemma-9/recursion", "Lemma 9, proof, before (10)", &[706])
            .titled("One layer of the perturbed path")
            .uses(&["lemma-9/path", "lemma-9/moved-path"])
            .states(every(apart(&k).equals(theta() * tilde(&before) + at("W", &k) * (tilde(&before) - h(&before)))))
            .edited(Plant::DroppedFactor, Edit::Drop(depth.clone()))
            .edited(Plant::OffByOne, Edit::Swap(theta() * tilde(&before), theta() * h(&before))),
        step(ANYTHING, "lemma-9/eq-10", "Lemma 9, proof, (10)", &[713])
            .titled("The recursion unrolled")
            .uses(&["lemma-9/recursion"])
            .states(every(apart(&k).equals(summand(share(), &j + 1))))
            .edited(Plant::DroppedFactor, Edit::Drop(depth.clone()))
            .edited(Plant::OffByOne, Edit::Swap(&j + 1, j.clone())),
    ]
}

/// Lines 720 to 745.
fn from_above() -> Vec<Step> {
    let [depth, high, low, k, _] = symbols();
    let (a, start) = (var("a"), norm(tilde(0)));
    let bound = || 2 * &high * &start;
    let terms = |to: &Expr| sum("j", 1, to, &high / &low * (&low / (2 * &high)) * 2 * &high * &start);
    steps![
        step(BALL, "lemma-9/eq-11", "Lemma 9, proof, (11)", &[720])
            .titled("The perturbed path stays within 2M")
            .uses(&["lemma-9/base-case", "lemma-9/distance", "lemma-9/triangle"])
            .states(norm(tilde(&k)).at_most(bound()).each("k", 0, &depth))
            .edited(Plant::WrongConstant, Edit::Swap(2 * &high, high.clone()))
            .elsewhere(Plant::DroppedHypothesis, "for theta outside of the ball", prefixes),
        Step::new("lemma-9/base-case", "Lemma 9, proof, after (11)", &[])
            .quoted(724, "This equation holds for  $k = 0$  since")
            .about("The start of the recurrence", "M >= 1; a = 1/M")
            .stated_by(|step| scalar(step, Expr::from(1).at_most(2 * &high), 1 / &high, Expr::from(2).at_least(&a))),
        step(ANYTHING, "lemma-9/eq-12", "Lemma 9, proof, (12)", &[727])
            .titled("Norms of the terms")
            .uses(&["lemma-9/eq-10"])
            .states(every(norm(apart(&k)).at_most(sum_of_norms())))
            .edited(Plant::DroppedFactor, Edit::Drop(norm(layers(&k, var("j") + 1)))),
        Step::new("lemma-9/wider-ball", "Lemma 9, proof, after (12)", &[])
            .quoted(731, "implies in particular that")
            .about("The ball lies in a wider one", "M >= 1, m in (0, 1); a = 1/M")
            .stated_by(|step| {
                let says = (low.pow(2) / (4 * high.pow(2))).at_most(&low / (2 * &high));
                scalar(step, says, 4 * &high / &low, Expr::from(2).at_least(&a * &low))
            }),
        step(BALL.on(FEWER), "lemma-9/distance", "Lemma 9, proof, after (12)", &[733])
            .titled("The distance of the paths")
            .uses(&["lemma-9/eq-9", "lemma-9/empty-product", "lemma-9/eq-12", "lemma-9/wider-ball"])
            .states(every(norm(apart(&k)).at_most(1 / &depth * terms(&k)).at_most(&high * &start)))
            .edited(Plant::OffByOne, Edit::Swap(terms(&k), terms(&(&k - 1)))),
        step(BALL.on(FEWER), "lemma-9/triangle", "Lemma 9, proof, after (12)", &[739])
            .titled("The step of the recurrence")
            .uses(&["lemma-9/distance"])
            .states(every(
                norm(tilde(&k))
                    .at_most(norm(h(&k)) + norm(apart(&k)))
                    .at_most(norm(layers(&k, 1)) * norm(h(0)) + &high * &start)
                    .at_most(bound()),
            ))
            .edited(Plant::DroppedTerm, Edit::Drop(norm(apart(&k))))
            .edited(Plant::WrongConstant, Edit::Swap(2 * &high, high.clone())),
        step(BALL, "lemma-9/operator-norm", "Lemma 9, proof", &[745])
            .titled("The first conclusion")
            .given("the hypotheses of Lemma 9: M, m, and theta of norm m^2/(4 M^2); W~_k = W_k + theta_k/L")
            .uses(&["lemma-9/eq-11"])
            .states(every(norm(descent("i", &k, 1, at("W~", var("i")))).at_most(2 * &high)))
            .edited(Plant::WrongConstant, Edit::Swap(2 * &high, high.clone())),
    ]
}

/// Lines 751 to 762.
fn below() -> Vec<Step> {
    let [depth, high, low, k, _] = symbols();
    let start = norm(h(0));
    let least = sigma_min(layers(&k, 1)) * &start;
    let term = &high / &low * (low.pow(2) / (4 * high.pow(2))) * 2 * &high * &start;
    steps![
        step(ANYTHING, "lemma-9/reverse-triangle", "Lemma 9, proof, lower bound", &[751])
            .titled("The triangle inequality from below")
            .states(every(norm(tilde(&k)).at_least(norm(h(&k)) - norm(apart(&k)))))
            .edited(Plant::FlippedSign, Edit::FlipSign(norm(apart(&k)))),
        step(ANYTHING.on(FEWER), "lemma-9/from-below", "Lemma 9, proof, lower bound", &[756])
            .titled("The smallest singular value, and (12)")
            .uses(&["lemma-9/eq-12"])
            .states(every((norm(h(&k)) - norm(apart(&k))).at_least(&least - sum_of_norms())))
            .edited(Plant::DroppedFactor, Edit::Drop(norm(layers(&k, var("j") + 1))))
            .edited(Plant::MissingNorm, Edit::Drop(start.clone())),
        step(BALL.on(FEWER), "lemma-9/last", "Lemma 9, proof, lower bound", &[762])
            .titled("The second conclusion")
            .uses(&["lemma-9/eq-9", "lemma-9/eq-11", "lemma-9/reverse-triangle", "lemma-9/from-below"])
            .states(every(
                norm(tilde(&k))
                    .at_least(&low * &start - 1 / &depth * sum("j", 1, &k, term))
                    .at_least(&low / 2 * &start),
            ))
            .edited(Plant::WrongConstant, Edit::Swap(&low / 2, low.clone()))
            .edited(Plant::LostSquare, Edit::Swap(low.pow(2), low)),
    ]
}

/// The audit of the proof of Lemma 9.
pub fn proof() -> Proof {
    let (steps, proves) = ([products(), from_above(), below()].into_iter().flatten().collect(), &["lemma-9"]);
    Proof { id: "lemma-9", title: "Lemma 9", section: "Appendix A", proves, steps, others: OTHERS }
}
