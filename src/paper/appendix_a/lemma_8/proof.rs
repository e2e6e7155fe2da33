//! The proof of Lemma 8 (Appendix A): the excess risk as a quadratic, and the gradient of R^1 between two multiples of
//! it.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X, y | [`any`], or [`Design`] | n x d, n |
//! | w* | by the normal equations, or chosen | d |
//! | W, w | [`network`] | L layers and a head |
//! | w_prod | `Network::product`, W_1^T .. W_L^T w | d |
//! | lambda, Lambda | [`Design::low`], [`Design::high`] | scalars |
//!
//! Identities are evaluated on random X, y and networks, with w* from `X^T X w* = X^T y`. For the inequalities X has
//! known singular values, `X = Q diag(s) P^T` with rational rotations, and y is X w* plus a vector orthogonal to the
//! range of X, so that lambda and Lambda are rational and every comparison is one of rationals, in squares where norms
//! stand; `w* - w_prod` is drawn in the basis of the eigenvectors of Sigma, where equality is attained. Sizes are
//! `[n, d, L, h]`, with all widths h but the first.
//!
//! **Finding (line 612).** `norm(y - X w*)_2` has lost its square (the line before and the line after have it). With
//! X = (1, 0)^T, y = (0, 2)^T, W = 0: R^L = 2, and the printed right-hand side is 1. The next line has R_min for it,
//! which is the squared norm over n: nothing depends on the slip.
//!
//! **The steps, in the order of the text.** Lines 607 to 617, the excess risk as a quadratic form: identities, in X,
//! y, the layers and the head. Lines 621 to 637, Cauchy and Schwarz and the two bounds of the gradient: instances,
//! rational on both sides in squares. The identities settle their half for all data of the shapes tried; the bounds
//! are `lambda Sigma <= Sigma^2 <= Lambda Sigma` as forms, attained along eigenvectors, which the samples meet
//! (`lemma_8_bounds` of `formal/` for all data).

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Table, dot, fraction, norm, square, transpose, var, vars};
use crate::harness::Fault;
use crate::harness::steps::Design;
use crate::harness::steps::{
    Draw, Drawn, Matrix, Other, Plant, Proof, Reason, Setting, Sizes, Step, Vector, column, other, step, steps,
};
use crate::linalg::solve;
use crate::network::Network;
use crate::problem::{self, norm_squared};
use num_traits::Zero;

/// `[n, d, L, h]`.
const SIZES: Sizes =
    &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[2, 1, 2, 1], &[2, 2, 1, 1], &[2, 2, 3, 1], &[3, 2, 2, 3], &[4, 3, 2, 2]];

/// X, y, w*, w_prod, n, R^L(W) and R_min.
fn symbols(x: &Matrix, y: &Vector, optimum: &Vector, network: &Network<Rational>) -> Table<Rational> {
    let n = Rational::from(x.nrows() as i64);
    // By the definition of the model: x -> w^T W_L .. W_1 x on every row of X.
    let risk = x.row_iter().zip(y.iter()).fold(Rational::zero(), |s, (row, y)| {
        let h = network.layers().iter().fold(row.transpose(), |h, w| w * h);
        s + (y - problem::dot(network.head(), &h)).powi(2)
    });
    Table::default()
        .matrix("X", &[], x.clone())
        .vector("y", y)
        .vector("w*", optimum)
        .vector("w_prod", &network.product())
        .scalar("R^L(W)", risk / &n)
        .scalar("R_min", norm_squared((y - x * optimum).iter()) / &n)
        .scalar("n", n)
}

/// Widths d, h, .., h and a head.
fn network(draw: &mut Draw<'_>) -> Result<Network<Rational>, &'static str> {
    let mut widths = vec![draw.size(3); draw.size(2) + 1];
    widths[0] = draw.size(1);
    draw.network(&widths, true).ok_or("the layers do not chain")
}

/// Any data; w* by the normal equations.
fn any(draw: &mut Draw<'_>) -> Drawn {
    let (x, y) = draw.data(draw.size(0), draw.size(1));
    let network = network(draw)?;
    let solved = solve(&(x.transpose() * &x), &column(&(x.transpose() * &y)));
    let optimum = solved.map_err(|_| "X^T X is singular: (A1) does not hold")?;
    Ok(symbols(&x, &y, &optimum.column(0).into_owned(), &network))
}

/// A vector that does not satisfy the normal equations in place of w*.
fn any_vector(draw: &mut Draw<'_>) -> Drawn {
    let other = draw.vector(draw.size(1));
    Ok(any(draw)?.vector("w*", &other))
}

/// `w* = w_prod + P z`, z drawn; lambda, Lambda and the gradient besides, by the first form of (6):
/// `-(2/n) X^T (y - X w_prod)`.
fn spectrum(draw: &mut Draw<'_>) -> Drawn {
    let (n, d) = (draw.size(0), draw.size(1));
    let design = Design::draw(draw, n, d);
    let z = draw.vector(d);
    let network = network(draw)?;
    let optimum = network.product() + &design.basis * z;
    let (x, y) = (&design.x, design.target(&optimum));
    let gradient = (x.transpose() * (&y - x * network.product())).map(|v| Rational::new(-2, n as i64) * v);
    Ok(symbols(x, &y, &optimum, &network)
        .vector("grad R^1(w_prod)", &gradient)
        .scalar("lambda", design.low)
        .scalar("Lambda", design.high))
}

/// X, y, w*, n and R^L(W).
fn data() -> [Expr; 5] {
    vars(["X", "y", "w*", "n", "R^L(W)"])
}
/// y - X w*, w* - w_prod.
fn parts() -> (Expr, Expr) {
    let [x, y, star, ..] = data();
    (y - x * &star, star - var("w_prod"))
}
/// R^L(W) - R_min.
fn excess() -> Expr {
    var("R^L(W)") - var("R_min")
}
/// X^T X (w* - w_prod).
fn image() -> Expr {
    transpose(var("X")) * var("X") * parts().1
}

/// The displays of the statement.
const OTHERS: &[Other] = &[other(595, Reason::Claims(&["lemma-8"])), other(601, Reason::Claims(&["lemma-8"]))];

/// Where w* is solved for.
const ANY: Setting = Setting::new("(A1); any X, y and network; w* from the normal equations", SIZES, any);

/// Lines 607 to 617.
fn identities() -> Vec<Step> {
    let [x, y, star, n, risk] = data();
    let ((residual, error), prod, least) = (parts(), var("w_prod"), var("R_min"));
    let (moved, mixed) = (square(&x * &error) / &n, 2 * dot(&residual, &x * &error) / &n);
    let form = transpose(&error) * transpose(&x) * &x * &error / &n;
    steps![
        step(ANY, "lemma-8/risk", "Lemma 8, proof", &[607])
            .titled("The risk by the product of the layers")
            .given("(A1); any X, y and network; R^L(W) the mean of (y_i - w^T W_L .. W_1 x_i)^2")
            .states(risk.equals(square(&y - &x * &prod) / &n))
            .edited(Plant::DroppedFactor, Edit::Drop(n.clone()))
            .edited(Plant::FlippedSign, Edit::FlipSign(&x * &prod)),
        step(ANY, "lemma-8/inserted", "Lemma 8, proof", &[611])
            .titled("X w* subtracted and added")
            .states(risk.equals(square(&residual + &x * &error) / &n))
            // The sign of X (w* - w_prod) alone would not matter: it is orthogonal to the residual.
            .edited(Plant::FlippedSign, Edit::FlipSign(&x * &star)),
        step(ANY, "lemma-8/multiplied-out", "Lemma 8, proof", &[612])
            .titled("The square multiplied out")
            .misstates(
                risk.equals(norm(&residual) / &n + &moved + &mixed),
                Fault::Extraction,
                "The square of the first norm is lost, by the authors or by the text extraction: multiplying out \
                 norm(a + b)^2 gives norm(a)^2. Counterexample: X = (1, 0)^T, y = (0, 2)^T, W = 0, where R^L = 2 and \
                 the printed right-hand side is 1. The next line has R_min = norm(y - X w*)^2/n in its place: nothing \
                 depends on it.",
            )
            .rightly(risk.equals(square(&residual) / &n + &moved + &mixed))
            .edited(Plant::FlippedSign, Edit::FlipSign(moved.clone())),
        step(ANY, "lemma-8/with-minimum", "Lemma 8, proof", &[613])
            .titled("R_min, and the scalar product turned round")
            .states(risk.equals(&least + &moved + 2 * dot(transpose(&x) * &residual, &error) / &n))
            .edited(Plant::DroppedTerm, Edit::Drop(moved)),
        step(ANY, "lemma-8/cross-term", "Lemma 8, proof", &[])
            .quoted(615, "where the scalar product is equal to zero")
            .titled("The normal equations")
            .states(dot(&residual, &x * &error).equals(0))
            .elsewhere(Plant::DroppedHypothesis, "for any vector in place of w*", any_vector),
        step(ANY, "lemma-8/quadratic-form", "Lemma 8, proof", &[617])
            .titled("The excess risk as a quadratic form")
            .uses(&["lemma-8/with-minimum", "lemma-8/cross-term"])
            .states(excess().equals(&form))
            .edited(Plant::DroppedFactor, Edit::Drop(n))
            .edited(Plant::FlippedSign, Edit::Swap(form.clone(), -form)),
    ]
}

/// Where lambda and Lambda are known.
const SPECTRUM: Setting =
    Setting::new("(A1); X with rational singular values, any network and any w*", SIZES, spectrum);

/// Lines 621 to 637.
fn inequalities() -> Vec<Step> {
    let [x, _, _, n, _] = data();
    let (_, error) = parts();
    let [low, high, gradient] = vars(["lambda", "Lambda", "grad R^1(w_prod)"]);
    let gram = || transpose(&x) * &x;
    steps![
        step(SPECTRUM, "lemma-8/cauchy-schwarz", "Lemma 8, proof", &[621])
            .titled("Cauchy-Schwarz")
            .uses(&["lemma-8/quadratic-form"])
            .states(excess().at_most(norm(&error) * norm(image()) / &n))
            .edited(Plant::MissingNorm, Edit::Drop(norm(&error))),
        step(SPECTRUM, "lemma-8/gradient-norm", "Lemma 8, proof", &[625])
            .titled("The norm of the gradient from below")
            .uses(&["gradient"])
            .states(norm(&gradient).equals(2 / &n * norm(image())).at_least(2 * &low * norm(&error)))
            .edited(Plant::WrongConstant, Edit::Swap(2 * &low, 4 * &low))
            .edited(Plant::OffByOne, Edit::Swap(low.clone(), high.clone())),
        step(SPECTRUM, "lemma-8/lower-bound", "Lemma 8, proof", &[631])
            .titled("The lower bound on the gradient")
            .uses(&["lemma-8/cauchy-schwarz", "lemma-8/gradient-norm"])
            .states(
                excess()
                    .at_most(1 / (2 * &low) * norm(&gradient) * fraction(1, 2) * norm(&gradient))
                    .equals(1 / (4 * &low) * norm(&gradient).pow(2)),
            )
            .edited(Plant::WrongConstant, Edit::SwapAll(low.clone(), 2 * &low)),
        step(SPECTRUM, "lemma-8/upper-bound", "Lemma 8, proof", &[637])
            .titled("The upper bound on the gradient")
            .uses(&["lemma-8/quadratic-form"])
            .states(
                square(&gradient)
                    .equals(4 / n.pow(2) * square(image()))
                    .equals(4 / n.pow(2) * (transpose(&error) * gram() * gram() * &error))
                    .at_most(4 * &high / &n * (transpose(&error) * gram() * &error))
                    .equals(4 * &high * excess()),
            )
            .edited(Plant::WrongConstant, Edit::SwapAll(high.clone(), &high / 2))
            .edited(Plant::OffByOne, Edit::SwapAll(high, low)),
    ]
}

/// The audit of the proof of Lemma 8.
pub fn proof() -> Proof {
    let (steps, proves) = ([identities(), inequalities()].into_iter().flatten().collect(), &["lemma-8"]);
    Proof { id: "lemma-8", title: "Lemma 8", section: "Appendix A", proves, steps, others: OTHERS }
}
