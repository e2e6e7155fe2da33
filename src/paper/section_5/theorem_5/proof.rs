//! The audit of the end of B.8: the extension to d targets, and Theorem 5.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X, Y | `Targets::x`, `Targets::y`, n = d + 1 | n x d |
//! | W_1, .., W_L | `Targets::layers`, drawn as in `residual_scene` | d x d |
//! | R_min, lambda, Lambda | exact: `X = (D Q^T; 0)`, the last row of Y is the residual | scalars |
//!
//! The gradient comes from the definition of the mean squared error, entry by entry: the risk is quadratic in each.
//!
//! **Findings.**
//! - *Shapes of the loss.* `Y - W_L .. W_1 X^T` subtracts a d x n from an n x d matrix. It should be
//!   `Y^T - W_L .. W_1 X^T` (or `Y - X (W_L .. W_1)^T`). For n = d the printed form chains and is another number.
//! - *Norm of the loss.* `norm(.)_2` of a matrix is the operator norm in this paper (Section 2); the mean squared
//!   error, which the sentence announces, is `norm_F(.)^2/n`. With the operator norm the risk is not differentiable
//!   where the largest singular value is double, so that (4) is not defined there.
//! - *A random hypothesis.* `R(0) - R_min <= C_3 lambda^2/Lambda` depends on the N_k, as in Theorem 4. "If .., then
//!   with probability at least 1 - 16 exp(-C_4 d)" cannot be read as a conditional probability: B.8 bounds the
//!   probability of an event E that does not depend on w*, and says nothing of E given the hypothesis H. If w* is
//!   farther from 0 than any product on E can be (for Theorem 4:
//!   `norm(w*) > (4 exp(s^2/2 + C~_3) + sqrt(C_3)) norm(w)`), H is possible for s > 0 but excludes E. What is proved is
//!   that `H and not the conclusion` has probability at most 16 exp(-C_4 d).
//! - *(A4)* is assumed and defined nowhere. The bounds on the gradient hold under (A1) alone, with R_min > 0 too, and
//!   nothing else enters.

use crate::arithmetic::{Rational, Ring};
use crate::formula::{Edit, Expr, Range, Table, at, norm, norm_f, sigma_min, sqrt, square, sum, transpose, var, vars};
use crate::harness::evidence::Fault;
use crate::harness::steps::how::{Plant, Sizes};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::scene::{Drawn, over};
use crate::harness::steps::step::Step;
use crate::paper::section_5::scene::{Bounds, Matrix, constant, every, excess, layer, layers, product, q, weights};
use crate::problem::norm_squared;
use num_traits::Zero;

/// Depth and width.
const SIZES: Sizes = &[&[1, 1], &[1, 2], &[2, 1], &[2, 2], &[3, 1], &[3, 2]];
const SMALL: Sizes = &[&[1, 1], &[2, 1], &[2, 2]];

/// Regression on d targets by square layers without a head.
struct Targets {
    layers: Vec<Matrix>,
    x: Matrix,
    y: Matrix,
    lambda: Rational,
    lambda_max: Rational,
    r_min: Rational,
}

impl Targets {
    fn draw(draw: &mut Draw<'_>) -> Option<Self> {
        let (depth, d) = (draw.size(0), draw.size(1));
        let layers = (0..depth).map(|_| layer(draw, d)).collect();
        let roots: Vec<Rational> = (0..d).map(|_| 1 + draw.nonnegative()).collect();
        let rotation = draw.rotation(d);
        let y = draw.matrix(d + 1, d);
        let n = q(d as i64 + 1);
        let entry = |i: usize, j: usize| match roots.get(i) {
            Some(r) => r * &rotation[(j, i)],
            None => Rational::zero(),
        };
        let x = Matrix::from_fn(d + 1, d, entry);
        let r_min = norm_squared(y.row(d).iter()) / &n;
        let eigenvalues = || roots.iter().map(|r| r.powi(2) / &n);
        let (lambda, lambda_max) = (eigenvalues().min()?, eigenvalues().max()?);
        Some(Self { layers, x, y, lambda, lambda_max, r_min })
    }
    /// `(1/n) sum_i norm(y_i - W_L .. W_1 x_i)^2`.
    fn risk(&self, product: &Matrix) -> Rational {
        norm_squared((&self.y - &self.x * product.transpose()).iter()) / q(self.x.nrows() as i64)
    }
    /// By the definition of the risk, which is quadratic in each entry.
    fn gradient(&self, k: usize) -> Matrix {
        let d = self.x.ncols();
        let (after, before) = (product(&self.layers, d, self.layers.len(), k), product(&self.layers, d, k - 1, 0));
        let moved = |i: usize, j: usize, by: i64| {
            let mut w = self.layers[k - 1].clone();
            w[(i, j)] += q(by);
            self.risk(&(&after * w * &before))
        };
        Matrix::from_fn(d, d, |i, j| (moved(i, j, 1) - moved(i, j, -1)) / q(2))
    }
    /// L, d, W_k, grad_k, lambda, Lambda, R, R_min.
    fn table(&self) -> Table<Rational> {
        let depth = self.layers.len();
        weights(&self.layers)
            .family("grad", (1..=depth).map(|k| self.gradient(k)))
            .scalar("lambda", self.lambda.clone())
            .scalar("Lambda", self.lambda_max.clone())
            .scalar("R", self.risk(&product(&self.layers, self.x.ncols(), depth, 0)))
            .scalar("R_min", self.r_min.clone())
    }
}

fn targets(draw: &mut Draw<'_>) -> Drawn {
    Ok(Targets::draw(draw).ok_or("no data")?.table())
}

/// Constants that meet (35) and its companion.
fn with_constants(draw: &mut Draw<'_>) -> Drawn {
    let targets = Targets::draw(draw);
    let s2 = q(4) * draw.nonnegative();
    let t = targets.ok_or("no data")?;
    let bounds = Bounds::of_layers(&t.layers, s2).ok_or("singular")?;
    Ok(bounds.table(t.table()))
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
    let atoms: Vec<Rational> = (0..4).map(|_| draw.nonnegative()).collect();
    let total = atoms.iter().fold(Rational::zero(), |s, v| s + v);
    if total.is_zero() {
        return Err("no atoms");
    }
    // H and E, only H, only E, none.
    let p = |i: usize| &atoms[i] / &total;
    let table = Table::default().scalar("x", (p(1) + p(3)) / q(16)).scalar("P(H)", p(0) + p(1));
    Ok(table.scalar("P(H and E)", p(0)).scalar("P(H and not E)", p(1)))
}

fn gradient_square() -> Expr {
    square(at("grad", var("k")))
}
/// `4 lambda sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 (R - R_min)`.
fn lower() -> Expr {
    let [depth, k, low] = vars(["L", "k", "lambda"]);
    4 * low * sigma_min(layers(depth, &k + 1)).pow(2) * sigma_min(layers(k - 1, 1)).pow(2) * excess()
}
/// `4 Lambda norm(Pi_{L:k+1})^2 norm(Pi_{k-1:1})^2 (R - R_min)`.
fn upper() -> Expr {
    let [depth, k, high] = vars(["L", "k", "Lambda"]);
    4 * high * norm(layers(depth, &k + 1)).pow(2) * norm(layers(k - 1, 1)).pow(2) * excess()
}

/// (A4), which Theorem 5 assumes.
fn assumption_4() -> Step {
    let mut step = Step::new("theorem-4/assumption-4", "Theorem 5, the hypotheses", &[])
        .quoted(1956, "Under Assumptions  $(A_1)$  and  $(A_4)$")
        .serves(&["theorem-5-flow"])
        .titled("An assumption that is defined nowhere")
        .given("(A1) alone, square layers, R_min > 0")
        .uses(&["theorem-5", "theorem-4/d-targets-lower", "theorem-4/d-targets-upper"])
        // Interpolation, which (A4) may have asked for, is left out on purpose.
        .on(SMALL, targets)
        .when(var("R_min").above(0))
        .states(every(lower().at_most(gradient_square()).at_most(upper())))
        .edited(Plant::DroppedTerm, Edit::SwapAll(excess(), var("R")))
        .done();
    // No form can be refuted: what (A4) says is not known.
    step.claim.finding = Some(
        "A hypothesis without a statement: the paper has (A1), (A2) and (A3), and no (A4). What the proof takes from \
         its hypotheses are the two bounds on the gradient, and these hold under (A1) alone, with R_min > 0 too. \
         Theorem 5 stands without (A4), as far as Theorem 4 does.",
    );
    step
}

/// The steps, in order.
pub(crate) fn steps() -> Vec<Step> {
    let [depth, d, k, n, i, y, x] = vars(["L", "d", "k", "n", "i", "Y", "x"]);
    let fitted = |y: &Expr| y - layers(&depth, 1) * transpose(var("X"));
    let loss = |y: &Expr| square(fitted(y)) / &n;
    let mean = || sum("i", 1, &n, square(at("y", &i) - layers(&depth, 1) * at("x", &i))) / &n;
    let errors = || sum("i", 1, &n, square(at("e", &i)));
    let (mu, most) =
        (|sign: i64| constant(-6, (0, 1), 8 * sign, 4 * sign), |sign: i64| constant(5, (sign, 1), 0, 2 * sign));
    vec![
        Step::new("theorem-4/loss-of-d-targets", "B.8, extension, the loss", &[1940])
            .serves(&["theorem-5-flow"])
            .titled("Shapes of the multivariate loss")
            .given("X and Y n x d, layers d x d; the norm read as that of Frobenius")
            .on(&[&[1, 1, 1], &[1, 1, 2], &[1, 2, 2], &[2, 2, 3]], rows)
            .misstates(
                loss(&y).equals(mean()),
                Fault::Extraction,
                "The shapes do not agree: Y is n x d, W_L .. W_1 X^T is d x n. Smallest case: n = 2, d = 1. For n = d \
                 >= 2 the printed form is defined and differs from the mean squared error (Y not symmetric). It \
                 should be Y^T: a superscript, possibly lost in the extraction; no later line has Y. Nothing depends \
                 on the printed form: the bounds on the gradient are those of the mean squared error.",
            )
            .rightly(loss(&transpose(&y)).equals(mean()))
            .edited(
                Plant::DroppedFactor,
                Edit::SwapNth(0, square(fitted(&transpose(&y))) / &n, square(fitted(&transpose(&y)))),
            )
            .edited(Plant::FlippedSign, Edit::FlipSign(layers(&depth, 1) * at("x", &i)))
            .done(),
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
            .edited(Plant::MissingNorm, Edit::Swap(square(var("E")), var("max_i norm(e_i)^2")))
            .done(),
        Step::new("theorem-4/d-targets-lower", "B.8, extension, first bound", &[1946])
            .serves(&["theorem-5-flow"])
            .titled("The gradient from below, d targets")
            .given(
                "(A1), square layers, the mean squared error; (A4), which Theorem 5 assumes, is defined nowhere \
                    and not used",
            )
            .uses(&["theorem-5", "lemma-8"])
            .on(SIZES, targets)
            .states(every(gradient_square().at_least(lower())))
            .edited(Plant::MissingNorm, Edit::Swap(sigma_min(layers(&depth, &k + 1)), norm(layers(&depth, &k + 1))))
            .edited(Plant::LostSquare, Edit::Swap(sigma_min(layers(&k - 1, 1)).pow(2), sigma_min(layers(&k - 1, 1))))
            .done(),
        Step::new("theorem-4/d-targets-upper", "B.8, extension, second bound", &[1952])
            .serves(&["theorem-5-flow"])
            .titled("The gradient from above, d targets")
            .given("(A1), square layers, the mean squared error")
            .uses(&["theorem-5", "lemma-8"])
            .on(SIZES, targets)
            .states(every(gradient_square().at_most(upper())))
            .edited(Plant::MissingNorm, Edit::Swap(var("Lambda"), var("lambda")))
            .stronger(Plant::WrongConstant, q(2))
            .done(),
        Step::new("theorem-4/d-targets-constants", "B.8, extension, before Theorem 5", &[])
            .quoted(1954, "the same computations as above hold (taking")
            .serves(&["theorem-5-flow"])
            .titled("The same computations with norm(w) = 1")
            .given("(A1), (35) and its companion for all Pi_{k:1} and Pi_{L:k}; (40) with the corrected 32")
            .uses(&[
                "theorem-4/d-targets-lower",
                "theorem-4/d-targets-upper",
                "theorem-4/mu",
                "theorem-4/eq-40",
                "theorem-4/eq-36",
            ])
            .on(SMALL, with_constants)
            .states(
                sum("k", 1, &depth, gradient_square())
                    .at_least(mu(-1) * var("lambda") * &depth * excess())
                    .and(every(norm_f(at("grad", &k)).at_most(most(1) * sqrt(var("Lambda")) * sqrt(excess())))),
            )
            .edited(Plant::FlippedSign, Edit::Swap(mu(-1), mu(1)))
            .done(),
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
            ])
            .done(),
        Step::new("theorem-4/probability", "Theorem 5, the probability", &[1965])
            .serves(&["theorem-5-flow"])
            .titled("16 exp(-C_4 d)")
            .given("s > 0")
            .uses(&["theorem-4/union-bound", "theorem-4/c-4"])
            .on(&[&[1]], |draw| {
                let c_4 = var("C~_3").pow(2) / (32 * var("s").pow(2));
                Ok(over(["d", "s", "C~_3"].map(Range::positive))(draw)?.define("C_4", &[], c_4))
            })
            .states((var("C_4") * &d).equals(&d * var("C~_3").pow(2) / (32 * var("s").pow(2))))
            .edited(Plant::LostSquare, Edit::Swap(var("C~_3").pow(2), var("C~_3")))
            .done(),
    ]
}
