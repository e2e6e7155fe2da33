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
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, chain, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::{Draw, of};
use crate::harness::steps::step::{Body, Step};
use crate::harness::steps::tie::Tie;
use crate::paper::section_5::scene::{Bounds, Matrix, layer, norm_above, norm_below, product, q, sigma_below};
use crate::problem::norm_squared;
use num_traits::{One, Zero};

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
    /// norm_F(grad_k)^2, Pi_{L:k+1}, Pi_{k-1:1}.
    fn at(&self, k: usize) -> (Rational, Matrix, Matrix) {
        let d = self.x.ncols();
        let (after, before) = (product(&self.layers, d, self.layers.len(), k), product(&self.layers, d, k - 1, 0));
        let moved = |i: usize, j: usize, by: i64| {
            let mut w = self.layers[k - 1].clone();
            w[(i, j)] += q(by);
            self.risk(&(&after * w * &before))
        };
        let gradient = Matrix::from_fn(d, d, |i, j| (moved(i, j, 1) - moved(i, j, -1)) / q(2));
        (norm_squared(gradient.iter()), after, before)
    }
    fn excess(&self) -> Rational {
        self.risk(&product(&self.layers, self.x.ncols(), self.layers.len(), 0)) - &self.r_min
    }
}

/// `norm_F(grad_k)^2 >= 4 lambda sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 (R - R_min)`.
fn lower(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(t) = Targets::draw(draw) else { return Margins::OutOfScope("no data") };
    let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
    let common = q(4) * &t.lambda * t.excess();
    let mut pairs = Vec::new();
    for k in 1..=t.layers.len() {
        let (gradient, after, before) = t.at(k);
        let after = if how.plants(Plant::MissingNorm) { norm_below(&after) } else { sigma_below(&after) };
        let (Some(after), Some(before)) = (after, sigma_below(&before)) else {
            return Margins::OutOfScope("the singular values are unbounded");
        };
        pairs.push(Pair::exact(&gradient, &(&common * after.powi(2) * before.powi(power)), bits));
    }
    Margins::All(pairs)
}

/// `norm_F(grad_k)^2 <= 4 Lambda norm(Pi_{L:k+1})^2 norm(Pi_{k-1:1})^2 (R - R_min)`.
fn upper(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(t) = Targets::draw(draw) else { return Margins::OutOfScope("no data") };
    let eigenvalue = if how.plants(Plant::MissingNorm) { &t.lambda } else { &t.lambda_max };
    let common = q(4) * eigenvalue * t.excess();
    let mut pairs = Vec::new();
    for k in 1..=t.layers.len() {
        let (gradient, after, before) = t.at(k);
        let (Some(after), Some(before)) = (norm_above(&after), norm_above(&before)) else {
            return Margins::OutOfScope("the singular values are unbounded");
        };
        pairs.push(Pair::exact(&(&common * after.powi(2) * before.powi(2)), &gradient, bits));
    }
    Margins::All(pairs)
}

/// Both bounds under (A1) alone, R_min > 0 included.
fn without_a_4(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(t) = Targets::draw(draw) else { return Margins::OutOfScope("no data") };
    // Interpolation, which (A4) may have asked for, is left out on purpose.
    if t.r_min.is_zero() {
        return Margins::OutOfScope("R_min = 0");
    }
    // Planted: R_min taken to be 0.
    let excess = if how.plants(Plant::DroppedTerm) { t.excess() + &t.r_min } else { t.excess() };
    let mut pairs = Vec::new();
    for k in 1..=t.layers.len() {
        let (gradient, after, before) = t.at(k);
        let (Some(high), Some(low)) =
            (norm_above(&after).zip(norm_above(&before)), sigma_below(&after).zip(sigma_below(&before)))
        else {
            return Margins::OutOfScope("the singular values are unbounded");
        };
        let bound =
            |eigenvalue: &Rational, (a, b): (Rational, Rational)| q(4) * eigenvalue * a.powi(2) * b.powi(2) * &excess;
        pairs.push(Pair::exact(&gradient, &bound(&t.lambda, low), bits));
        pairs.push(Pair::exact(&bound(&t.lambda_max, high), &gradient, bits));
    }
    Margins::All(pairs)
}

/// The PL condition with mu, and (40) with 32, at t = 0: both as for one target, with norm(w) = 1.
fn same_computations(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let targets = Targets::draw(draw);
    let s2 = q(4) * draw.nonnegative();
    let Some(t) = targets else { return Margins::OutOfScope("no data") };
    let Some(bounds) = Bounds::of_layers(&t.layers, s2) else { return Margins::OutOfScope("singular") };
    let sign = if how.plants(Plant::FlippedSign) { -1 } else { 1 };
    let (excess, depth) = (t.excess(), t.layers.len());
    let gradients: Vec<Rational> = (1..=depth).map(|k| t.at(k).0).collect();
    let total = gradients.iter().fold(Rational::zero(), |s, v| s + v);
    let mu = bounds.value(-6, q(0), -8 * sign, -4 * sign, bits);
    let least = mu * of(&(t.lambda.clone() * q(depth as i64) * excess.clone()), bits);
    let most = bounds.value(10, q(2 * sign), 0, 4 * sign, bits) * of(&(t.lambda_max.clone() * excess.clone()), bits);
    // At a minimiser the bounds are zero, and the gradients compare with zero.
    let zero =
        |greater: &Rational, lesser: &Rational| excess.is_zero().then(|| Tie::Order(greater.clone(), lesser.clone()));
    let upper = gradients.iter().map(|g| Pair::new(most.clone(), of(g, bits)).or_exactly(zero(&excess, g)));
    Margins::All(upper.chain([Pair::new(of(&total, bits), least).or_exactly(zero(&total, &excess))]).collect())
}

/// `(1/n) norm_F(Y - W_L .. W_1 X^T)^2` against the mean squared error, row by row; sizes `[L, d, n]`.
fn shapes(draw: &mut Draw<'_>, how: How) -> Exact {
    let (depth, d, n) = (draw.size(0), draw.size(1), draw.size(2));
    let layers: Vec<Matrix> = (0..depth).map(|_| draw.matrix(d, d)).collect();
    let (x, y) = (draw.matrix(n, d), draw.matrix(n, d));
    let transposed = x.transpose();
    let factors: Vec<&Matrix> = layers.iter().rev().chain([&transposed]).collect();
    let fitted = match chain(&factors) {
        Ok(fitted) => fitted,
        Err(what) => return Exact::DoesNotChain(what),
    };
    let targets = if how.printed() { y.clone() } else { y.transpose() };
    if targets.shape() != fitted.shape() {
        return Exact::DoesNotChain(format!("Y is {n} x {d}, W_L .. W_1 X^T is {d} x {n}"));
    }
    let divisor = if how.plants(Plant::DroppedFactor) { Rational::one() } else { q(n as i64) };
    let printed = norm_squared((targets - fitted).iter()) / divisor;
    let product = product(&layers, d, depth, 0);
    let row = |i: usize| {
        let sign = if how.plants(Plant::FlippedSign) { -Rational::one() } else { Rational::one() };
        let fitted = &product * x.row(i).transpose();
        norm_squared((y.row(i).transpose() - fitted.map(|v| v * &sign)).iter())
    };
    let mean = (0..n).fold(Rational::zero(), |s, i| s + row(i)) / q(n as i64);
    Exact::Sides(vec![(scalar(printed), scalar(mean))])
}

/// The square of the norm of the residuals E (d x n) against the sum of the squared errors: the operator norm as
/// printed, the Frobenius norm corrected.
fn norm_of_the_loss(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let (d, n) = (draw.size(0), draw.size(1));
    let e = draw.matrix(d, n);
    let errors = (0..n).fold(Rational::zero(), |s, i| s + norm_squared(e.column(i).iter()));
    let Some(operator) = norm_above(&e) else { return Margins::OutOfScope("unbounded") };
    let square = if how.printed() {
        operator.powi(2)
    } else if how.plants(Plant::MissingNorm) {
        // The largest column alone.
        e.column_iter().map(|c| norm_squared(c.iter())).max().unwrap_or_else(Rational::zero)
    } else {
        (&e * e.transpose()).trace()
    };
    let below = Pair::exact(&square, &errors, bits);
    if how.printed() { below.into() } else { Margins::All(vec![below, Pair::exact(&errors, &square, bits)]) }
}

/// Four atoms: the hypothesis H holds or not, the event E takes place or not, with P(E) >= 1 - 16 x.
fn random_hypothesis(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let atoms: Vec<Rational> = (0..4).map(|_| draw.nonnegative()).collect();
    let total = atoms.iter().fold(Rational::zero(), |s, v| s + v);
    if total.is_zero() {
        return Margins::OutOfScope("no atoms");
    }
    // H and E, only H, only E, none.
    let p = |i: usize| &atoms[i] / &total;
    let x = (p(1) + p(3)) / q(16);
    let least = 1 - q(16) * &x;
    if how.printed() {
        // P(E | H) >= 1 - 16 x, times P(H).
        return Pair::exact(&p(0), &(least * (p(0) + p(1))), bits).into();
    }
    let factor = if how.plants(Plant::WrongConstant) { 8 } else { 16 };
    Pair::exact(&(q(factor) * x), &p(1), bits).into()
}

/// The exponents: `C_4 d` with C_4 of (36), and `d C~_3^2/(32 s^2)`.
fn exponents(draw: &mut Draw<'_>, how: How) -> Exact {
    let (d, s, c3) = (draw.positive(), draw.positive(), draw.positive());
    let power = if how.plants(Plant::LostSquare) { 1 } else { 2 };
    let c4 = c3.powi(power) / (q(32) * s.powi(2));
    Exact::Sides(vec![(scalar(c4 * &d), scalar(d * c3.powi(2) / (q(32) * s.powi(2))))])
}

/// (A4), which Theorem 5 assumes.
fn assumption_4() -> Step {
    let mut step = Step::new("theorem-4/assumption-4", "Theorem 5, the hypotheses", &[])
        .quoted(1956, "Under Assumptions  $(A_1)$  and  $(A_4)$")
        .serves(&["theorem-5-flow"])
        .titled("An assumption that is defined nowhere")
        .given("(A1), square layers, R_min > 0")
        .uses(&["theorem-5", "theorem-4/d-targets-lower", "theorem-4/d-targets-upper"])
        .by(Body::Instances { sizes: SMALL, sides: without_a_4 })
        .holds(
            "under (A1) alone, 4 lambda sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 (R - R_min) <= \
                norm_F(grad_k)^2 <= 4 Lambda norm(Pi_{L:k+1})^2 norm(Pi_{k-1:1})^2 (R - R_min)",
        )
        .planted(Plant::DroppedTerm, "the same with R in place of R - R_min");
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
    vec![
        Step::new("theorem-4/loss-of-d-targets", "B.8, extension, the loss", &[1940])
            .serves(&["theorem-5-flow"])
            .titled("Shapes of the multivariate loss")
            .given("X and Y n x d, layers d x d; the norm read as that of Frobenius")
            .by(Body::Identity { sizes: &[&[1, 1, 1], &[1, 1, 2], &[1, 2, 2], &[2, 2, 3]], sides: shapes })
            .fails(
                "R^L(W) = (1/n) norm(Y - W_L .. W_1 X^T)^2 is the mean squared error",
                Fault::Extraction,
                "The shapes do not agree: Y is n x d, W_L .. W_1 X^T is d x n. Smallest case: n = 2, d = 1. For n = d \
                 >= 2 the printed form is defined and differs from the mean squared error (Y not symmetric). It \
                 should be Y^T: a superscript, possibly lost in the extraction; no later line has Y. Nothing depends \
                 on the printed form: the bounds on the gradient are those of the mean squared error.",
            )
            .corrected("the same with Y^T")
            .planted(Plant::DroppedFactor, "the same with Y^T, without 1/n")
            .planted(Plant::FlippedSign, "the same with Y^T, errors y_i + W_L .. W_1 x_i"),
        Step::new("theorem-4/norm-of-the-loss", "B.8, extension, before the loss", &[])
            .quoted(1938, "we now aim at minimizing the mean squared error loss")
            .serves(&["theorem-5-flow"])
            .titled("The norm in the multivariate loss")
            .given(
                "residuals E = Y^T - W_L .. W_1 X^T, any d x n matrix; norm_2 of a matrix is the operator norm \
                    (Section 2)",
            )
            .by(Body::Instances { sizes: &[&[1, 1], &[1, 3], &[2, 1], &[2, 2], &[3, 4]], sides: norm_of_the_loss })
            .fails(
                "norm_2(E)^2 >= sum of squared errors (so that norm_2(E)^2/n is the mean squared error)",
                Fault::Slip,
                "Wrong norm: the operator norm, which the paper writes norm_2, is below that of Frobenius as soon as \
                 E has rank 2. Smallest case: d = n = 2, E = I: 1 against 2. The bounds on the gradient that follow \
                 are those for norm_F; with the operator norm the risk is not differentiable where the largest \
                 singular value is double.",
            )
            .corrected("norm_F(E)^2 = sum of squared errors")
            .planted(Plant::MissingNorm, "the largest squared error = sum of squared errors"),
        Step::new("theorem-4/d-targets-lower", "B.8, extension, first bound", &[1946])
            .serves(&["theorem-5-flow"])
            .titled("The gradient from below, d targets")
            .given(
                "(A1), square layers, the mean squared error; (A4), which Theorem 5 assumes, is defined nowhere \
                    and not used",
            )
            .uses(&["theorem-5", "lemma-8"])
            .by(Body::Instances { sizes: SIZES, sides: lower })
            .holds("norm_F(grad_k)^2 >= 4 lambda sigma_min(Pi_{L:k+1})^2 sigma_min(Pi_{k-1:1})^2 (R - R_min)")
            .planted(Plant::MissingNorm, "the same with the operator norm of Pi_{L:k+1}")
            .planted(Plant::LostSquare, "the same with sigma_min(Pi_{k-1:1}) not squared"),
        Step::new("theorem-4/d-targets-upper", "B.8, extension, second bound", &[1952])
            .serves(&["theorem-5-flow"])
            .titled("The gradient from above, d targets")
            .given("(A1), square layers, the mean squared error")
            .uses(&["theorem-5", "lemma-8"])
            .by(Body::Instances { sizes: SIZES, sides: upper })
            .holds("norm_F(grad_k)^2 <= 4 Lambda norm(Pi_{L:k+1})^2 norm(Pi_{k-1:1})^2 (R - R_min)")
            .planted(Plant::MissingNorm, "the same with lambda in place of Lambda")
            .stronger(Plant::WrongConstant, "the same with 2", q(2)),
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
            .by(Body::Instances { sizes: SMALL, sides: same_computations })
            .holds(
                "sum_k norm_F(grad_k)^2 >= 2^-6 exp(-8 s^2/d - 4 C~_3) lambda L (R - R_min) and norm_F(grad_k) <= \
                    32 exp(s^2 + 2 C~_3) sqrt(Lambda) sqrt(R - R_min)",
            )
            .planted(Plant::FlippedSign, "the same with the signs of both exponents turned"),
        assumption_4(),
        Step::new("theorem-4/random-hypothesis", "Theorem 5, the hypotheses", &[1958])
            .serves(&["theorem-5-flow"])
            .titled("A hypothesis that is itself random")
            .given(
                "H: R(0) - R_min <= C_3 lambda^2/Lambda, which depends on the N_k; E: the event of B.8, P(E) >= 1 \
                    - 16 exp(-C_4 d); E and H imply the conclusion",
            )
            .uses(&["theorem-4/union-bound", "theorem-4/eq-36", "sections/random-hypothesis"])
            .by(Body::Instances { sizes: &[&[1]], sides: random_hypothesis })
            .fails(
                "P(E given H) >= 1 - 16 exp(-C_4 d): \"if H, then, with probability at least ..\" as a conditional \
                 probability",
                Fault::Reading,
                "Quantifiers: H is random. What B.8 proves is P(H and not E) <= 16 exp(-C_4 d): H without the \
                 conclusion is that unlikely. Read as a probability given H the statement is not proved: a bound on \
                 P(E) gives none on P(E given H) = P(E and H)/P(H), and H may even exclude E. It does for w* beyond \
                 the reach of every product on E (Theorem 4: norm(w*) > (4 exp(s^2/2 + C~_3) + sqrt(C_3)) norm(w)), \
                 where H has positive probability for s > 0. (The conclusion may hold off E; so this refutes the \
                 inference, not the conclusion.) The same holds of Theorem 4 and Corollary 4. They stand in the first \
                 reading.",
            )
            .corrected("P(H and not E) <= 16 exp(-C_4 d)")
            .planted(Plant::WrongConstant, "P(H and not E) <= 8 exp(-C_4 d)")
            .remarks(&[
                "How unlikely H is, with numbers: sections/random-hypothesis, sections/likelihood.",
                "Theorem 5 inherits C_3 of (36) and has to be read with the corrected one, norm(w) = 1 put in.",
            ]),
        Step::new("theorem-4/probability", "Theorem 5, the probability", &[1965])
            .serves(&["theorem-5-flow"])
            .titled("16 exp(-C_4 d)")
            .given("s > 0")
            .uses(&["theorem-4/union-bound", "theorem-4/c-4"])
            .by(Body::Identity { sizes: &[&[1]], sides: exponents })
            .holds("C_4 d = d C~_3^2/(32 s^2)")
            .planted(Plant::LostSquare, "C_4 = C~_3/(32 s^2)"),
    ]
}
