//! Theorem 5, the multivariate case: the audit of the end of B.8, the extension to d targets.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X, Y | X of a [`Design`], any Y | n x d, n = d + 1 |
//! | W_1, .., W_L | drawn as in `scene` | d x d |
//! | R_min, lambda, Lambda | exact: the last row of Y is the residual | scalars |
//!
//! The gradient comes from the definition of the mean squared error.
//!
//! The steps, in the paper's order (B.8, "Extension to multivariate regression"; kinds of evidence as in the module
//! `section_5`):
//!
//! | display | step | established by |
//! | --- | --- | --- |
//! | R^L | `loss-of-d-targets`: Y is to be Y^T; `norm-of-the-loss`: norm_2 is to be norm_F | identity |
//! | bound of the gradient from below, from above | `d-targets-lower`, `d-targets-upper` | instances |
//! | "the same computations" | `d-targets-constants`: mu and (40) with norm(w) = 1 | instances |
//! | (A_4) | `assumption-4`: both bounds with R_min > 0 | instances |
//! | "if .. then, with probability" | `random-hypothesis` | instances, four atoms |
//! | 1 - 16 exp(-C_4 d) | `probability` | identity |
//!
//! This suffices for what the extension adds. With `grad_k = Pi_{L:k+1}^T G Pi_{k-1:1}^T`, both bounds follow from
//! `sigma_min(A) sigma_min(B) norm_F(G) <= norm_F(A G B) <= norm(A) norm(B) norm_F(G)` and from Lemma 8 row by row;
//! B.8 takes nothing else from the loss, and its other steps are those of Theorem 4 with norm(w) = 1. That the flow
//! converges is `theorem-5-flow`, with the deterministic form of Theorem 4.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Range, Table, at, norm, norm_f, sigma_min, sqrt, square, sum, transpose, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::objects::{Matrix, layer, weights};
use crate::harness::steps::{Design, Draw, Drawn, Plant, Sizes, Step, over, steps};
use crate::network::directions::by_definition;
use crate::network::products::product;
use crate::paper::kit::every;
use crate::paper::section_5::scene::{Bounds, SIZES, constant, excess, layers, q};
use crate::problem::norm_squared;
use num_traits::Zero;

/// Small depths and widths: the gradient takes 2 d^2 risks for each layer.
const SMALL: Sizes = &[&[1, 1], &[2, 1], &[2, 2]];

/// Regression on d targets by square layers without a head: the layers, and L, d, W_k, grad_k, lambda, Lambda, R,
/// R_min.
fn drawn(draw: &mut Draw<'_>) -> (Vec<Matrix>, Table<Rational>) {
    let (depth, d) = (draw.size(0), draw.size(1));
    let layers: Vec<Matrix> = (0..depth).map(|_| layer(draw, d)).collect();
    let Design { x, low: lambda, high: lambda_max, .. } = Design::above_zeros(draw, d + 1, d);
    let y = draw.matrix(d + 1, d);
    let risk = |product: Matrix| norm_squared((&y - &x * product.transpose()).iter()) / q(d as i64 + 1);
    let gradient = |k: usize| {
        let (after, before) = (product(&layers, d, depth, k), product(&layers, d, k - 1, 0));
        by_definition(&layers[k - 1], |w| risk(&after * w * &before))
    };
    let table = weights(&layers)
        .family("grad", (1..=depth).map(gradient))
        .scalar("lambda", lambda)
        .scalar("Lambda", lambda_max)
        .scalar("R", risk(product(&layers, d, depth, 0)))
        .scalar("R_min", norm_squared(y.row(d).iter()) / q(d as i64 + 1));
    (layers, table)
}

/// Y = (y_i^T), X, W_k; sizes `[L, d, n]`; the mean squared error row by row, of y_i - W_L .. W_1 x_i.
fn rows(draw: &mut Draw<'_>) -> Drawn {
    let (depth, d, n) = (draw.size(0), draw.size(1), draw.size(2));
    let layers: Vec<Matrix> = (0..depth).map(|_| draw.matrix(d, d)).collect();
    let (x, y) = (draw.matrix(n, d), draw.matrix(n, d));
    let row = |m: &Matrix, i: usize| Matrix::from_column_slice(d, 1, m.row(i).transpose().as_slice());
    let table = weights(&layers).scalar("n", q(n as i64));
    let table = table.family("x", (0..n).map(|i| row(&x, i))).family("y", (0..n).map(|i| row(&y, i)));
    Ok(table.matrix("X", &[], x).matrix("Y", &[], y))
}

/// E, d x n, and its columns e_i.
fn residuals(draw: &mut Draw<'_>) -> Drawn {
    let (d, n) = (draw.size(0), draw.size(1));
    let e = draw.matrix(d, n);
    let columns: Vec<Matrix> = (0..n).map(|i| Matrix::from_column_slice(d, 1, e.column(i).as_slice())).collect();
    let largest = columns.iter().map(|c| norm_squared(c.iter())).max().unwrap_or_else(Rational::zero);
    let table = Table::default().scalar("n", q(n as i64)).scalar("max_i norm(e_i)^2", largest);
    Ok(table.matrix("E", &[], e).family("e", columns))
}

/// Four atoms: the hypothesis H holds or not, the event E takes place or not, with P(E) >= 1 - 16 x.
fn hypothesis_and_event(draw: &mut Draw<'_>) -> Drawn {
    let [both, only_h, _, none] = draw.probabilities()?;
    let table = Table::default().scalar("x", (&only_h + none) / q(16)).scalar("P(H)", &both + &only_h);
    Ok(table.scalar("P(H and E)", both).scalar("P(H and not E)", only_h))
}

/// `norm_F(grad_k)^2`.
fn gradient_square() -> Expr {
    square(at("grad", var("k")))
}
/// `4 lambda sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 (R - R_min)`, and the same with Lambda and norms.
fn bounds() -> [Expr; 2] {
    let [depth, k, low, high] = vars(["L", "k", "lambda", "Lambda"]);
    let (after, before) = (|| layers(&depth, &k + 1), || layers(&k - 1, 1));
    let lower = 4 * low * sigma_min(after()).pow(2) * sigma_min(before()).pow(2) * excess();
    [lower, 4 * high * norm(after()).pow(2) * norm(before()).pow(2) * excess()]
}

/// (A4), which Theorem 5 assumes.
fn assumption_4() -> Step {
    let [lower, upper] = bounds();
    let mut step: Step = Step::new("theorem-4/assumption-4", "Theorem 5, the hypotheses", &[])
        .quoted(1956, "Under Assumptions  $(A_1)$  and  $(A_4)$")
        .serves(&["theorem-5-flow"])
        .about("An assumption that is defined nowhere", "(A1) alone, square layers, R_min > 0")
        .uses(&["theorem-5", "theorem-4/d-targets-lower", "theorem-4/d-targets-upper"])
        // Interpolation, which (A4) may have asked for, is left out on purpose.
        .on(SMALL, |draw| Ok(drawn(draw).1))
        .when(var("R_min").above(0))
        .states(every(lower.at_most(gradient_square()).at_most(upper)))
        .edited(Plant::DroppedTerm, Edit::SwapAll(excess(), var("R")))
        .into();
    // No form can be refuted: what (A4) says is not known.
    step.claim.finding = Some(
        "A hypothesis without a statement: the paper has (A1), (A2) and (A3), and no (A4). What the proof takes from \
         its hypotheses are the two bounds on the gradient, and these hold under (A1) alone, with R_min > 0 too. \
         Theorem 5 stands without (A4), as far as Theorem 4 does.",
    );
    step
}

/// The steps of these lines.
pub(crate) fn steps() -> Vec<Step> {
    let [depth, d, k, n, i, y, x] = vars(["L", "d", "k", "n", "i", "Y", "x"]);
    let fitted = |y: &Expr| y - layers(&depth, 1) * transpose(var("X"));
    let (loss, turned) = (|y: &Expr| square(fitted(y)) / &n, transpose(&y));
    let [lower, upper] = bounds();
    let (after, before) = (|| layers(&depth, &k + 1), || sigma_min(layers(&k - 1, 1)));
    let mean = || sum("i", 1, &n, square(at("y", &i) - layers(&depth, 1) * at("x", &i))) / &n;
    let errors = || sum("i", 1, &n, square(at("e", &i)));
    let mu = |sign: i64| constant(-6, (0, 1), 8 * sign, 4 * sign);
    let most = constant(5, (1, 1), 0, 2) * sqrt(var("Lambda")) * sqrt(excess());
    steps![
        Step::new("theorem-4/loss-of-d-targets", "B.8, extension, the loss", &[1940])
            .serves(&["theorem-5-flow"])
            .about("Shapes of the multivariate loss", "X and Y n x d, layers d x d; the norm read as that of Frobenius")
            .on(&[&[1, 1, 1], &[1, 1, 2], &[1, 2, 2], &[2, 2, 3]], rows)
            .misstates(
                loss(&y).equals(mean()),
                Fault::Extraction,
                "The shapes do not agree: Y is n x d, W_L .. W_1 X^T is d x n. Smallest case: n = 2, d = 1. For n = d \
                 >= 2 the printed form is defined and differs from the mean squared error (Y not symmetric). It \
                 should be Y^T: a superscript, possibly lost in the extraction; no later line has Y. Nothing depends \
                 on the printed form: the bounds on the gradient are those of the mean squared error.",
            )
            .rightly(loss(&turned).equals(mean()))
            .edited(Plant::DroppedFactor, Edit::SwapNth(0, loss(&turned), square(fitted(&turned))))
            .edited(Plant::FlippedSign, Edit::FlipSign(layers(&depth, 1) * at("x", &i))),
        Step::new("theorem-4/norm-of-the-loss", "B.8, extension, before the loss", &[])
            .quoted(1938, "we now aim at minimizing the mean squared error loss")
            .serves(&["theorem-5-flow"])
            .titled("The norm in the multivariate loss")
            .given(
                "residuals E = Y^T - W_L .. W_1 X^T, any d x n matrix; norm_2 of a matrix is the operator norm \
                    (Section 2)",
            )
            .on(&[&[1, 1], &[1, 3], &[2, 1], &[2, 2], &[3, 4]], residuals)
            .misstates(
                norm(var("E")).pow(2).at_least(errors()),
                Fault::Slip,
                "Wrong norm: the operator norm, which the paper writes norm_2, is below that of Frobenius as soon as \
                 E has rank 2. Smallest case: d = n = 2, E = I: 1 against 2. The bounds on the gradient that follow \
                 are those for norm_F; with the operator norm the risk is not differentiable where the largest \
                 singular value is double.",
            )
            .rightly(square(var("E")).equals(errors()))
            .edited(Plant::MissingNorm, Edit::Swap(square(var("E")), var("max_i norm(e_i)^2"))),
        Step::new("theorem-4/d-targets-lower", "B.8, extension, first bound", &[1946])
            .serves(&["theorem-5-flow"])
            .titled("The gradient from below, d targets")
            .given(
                "(A1), square layers, the mean squared error; (A4), which Theorem 5 assumes, is defined nowhere \
                    and not used",
            )
            .uses(&["theorem-5", "lemma-8"])
            .on(SIZES, |draw| Ok(drawn(draw).1))
            .states(every(gradient_square().at_least(lower)))
            .edited(Plant::MissingNorm, Edit::Swap(sigma_min(after()), norm(after())))
            .edited(Plant::LostSquare, Edit::Swap(before().pow(2), before())),
        Step::new("theorem-4/d-targets-upper", "B.8, extension, second bound", &[1952])
            .serves(&["theorem-5-flow"])
            .about("The gradient from above, d targets", "(A1), square layers, the mean squared error")
            .uses(&["theorem-5", "lemma-8"])
            .on(SIZES, |draw| Ok(drawn(draw).1))
            .states(every(gradient_square().at_most(upper)))
            .edited(Plant::MissingNorm, Edit::Swap(var("Lambda"), var("lambda")))
            .stronger(Plant::WrongConstant, q(2)),
        Step::new("theorem-4/d-targets-constants", "B.8, extension, before Theorem 5", &[])
            .quoted(1954, "the same computations as above hold (taking")
            .serves(&["theorem-5-flow"])
            .titled("The same computations with norm(w) = 1")
            .given("(A1), (35) and its companion for all Pi_{k:1} and Pi_{L:k}; (40) with the corrected 32")
            .uses(&[
                "theorem-4/d-targets-lower", "theorem-4/d-targets-upper", "theorem-4/mu", "theorem-4/eq-40",
                "theorem-4/eq-36",
            ])
            .on(SMALL, |draw| {
                let (layers, table) = drawn(draw);
                Ok(Bounds::around(&layers, q(4) * draw.nonnegative())?.table(table))
            })
            .states(
                sum("k", 1, &depth, gradient_square())
                    .at_least(mu(-1) * var("lambda") * &depth * excess())
                    .and(every(norm_f(at("grad", &k)).at_most(most))),
            )
            .edited(Plant::FlippedSign, Edit::Swap(mu(-1), mu(1))),
        assumption_4(),
        Step::new("theorem-4/random-hypothesis", "Theorem 5, the hypotheses", &[1958])
            .serves(&["theorem-4", "theorem-5-flow", "corollary-4-upper"])
            .titled("A hypothesis that is itself random")
            .given(
                "H: R(0) - R_min <= C_3 lambda^2/Lambda, which depends on the N_k; E: the event of B.8, P(E) >= 1 \
                    - 16 exp(-C_4 d); E and H imply the conclusion",
            )
            .uses(&["theorem-4/union-bound", "theorem-4/eq-36", "sections/random-hypothesis"])
            .on(&[&[1]], hypothesis_and_event)
            .misstates(
                var("P(H and E)").at_least((1 - 16 * &x) * var("P(H)")),
                Fault::Reading,
                "Quantifiers: H is random. What B.8 proves is P(H and not E) <= 16 exp(-C_4 d): H without the \
                 conclusion is that unlikely. Read as a probability given H the statement is not proved: a bound on \
                 P(E) gives none on P(E given H) = P(E and H)/P(H), and H may even exclude E. It does for w* beyond \
                 the reach of every product on E (Theorem 4: norm(w*) > (4 exp(s^2/2 + C~_3) + sqrt(C_3)) norm(w)), \
                 where H has positive probability for s > 0. (The conclusion may hold off E; so this refutes the \
                 inference, not the conclusion.) The same holds of Theorem 4 and Corollary 4. They stand in the first \
                 reading.",
            )
            .rightly(var("P(H and not E)").at_most(16 * &x))
            .edited(Plant::WrongConstant, Edit::Swap(16.into(), 8.into()))
            .remarks(&[
                "x = exp(-C_4 d); printed: P(E given H) >= 1 - 16 x, \"if H, then, with probability at least ..\" as a \
                 conditional probability, times P(H).",
                "How unlikely H is, with numbers: sections/random-hypothesis, sections/likelihood.",
                "Theorem 5 inherits C_3 of (36) and has to be read with the corrected one, norm(w) = 1 put in.",
            ]),
        Step::new("theorem-4/probability", "Theorem 5, the probability", &[1965])
            .serves(&["theorem-5-flow"])
            .about("16 exp(-C_4 d)", "s > 0")
            .uses(&["theorem-4/union-bound", "theorem-4/c-4"])
            .on(&[&[1]], |draw| {
                let c_4 = var("C~_3").pow(2) / (32 * var("s").pow(2));
                Ok(over(["d", "s", "C~_3"].map(Range::positive))(draw)?.define("C_4", &[], c_4))
            })
            .states((var("C_4") * &d).equals(&d * var("C~_3").pow(2) / (32 * var("s").pow(2))))
            .edited(Plant::LostSquare, Edit::Swap(var("C~_3").pow(2), var("C~_3"))),
    ]
}
