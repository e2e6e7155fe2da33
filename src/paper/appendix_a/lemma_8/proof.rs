//! The proof of Lemma 8 (Appendix A): the excess risk as a quadratic, and the gradient of R^1 between two multiples of
//! it.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X, y | [`Scene::x`], [`Scene::y`] | n x d, n |
//! | w* | [`Scene::optimum`]: by the normal equations, or chosen | d |
//! | W, w | [`Scene::network`] | L layers and a head |
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

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Other, Proof, Reason, Step, other};
use crate::linalg::solve;
use crate::network::Network;
use crate::problem::{dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// `[n, d, L, h]`.
const SIZES: Sizes =
    &[&[1, 1, 1, 1], &[2, 1, 1, 1], &[2, 1, 2, 1], &[2, 2, 1, 1], &[2, 2, 3, 1], &[3, 2, 2, 3], &[4, 3, 2, 2]];

type Matrix = DMatrix<Rational>;
type Vector = DVector<Rational>;

/// X with a known spectrum, and a vector that is orthogonal to its range.
pub(crate) struct Design {
    /// n x d.
    pub x: Matrix,
    /// Eigenvectors of Sigma, d x d.
    pub basis: Matrix,
    /// lambda.
    pub low: Rational,
    /// Lambda.
    pub high: Rational,
    /// Orthogonal to the range of X, n.
    rest: Vector,
}

impl Design {
    /// From n >= d >= 1.
    pub fn draw(draw: &mut Draw<'_>, n: usize, d: usize) -> Self {
        let (left, basis) = (draw.rotation(n), draw.rotation(d));
        let values: Vec<Rational> = (0..d).map(|_| draw.positive()).collect();
        let others = draw.vector(n - d);
        let diagonal = Matrix::from_fn(n, d, |i, j| if i == j { values[i].clone() } else { Rational::zero() });
        let rest = Vector::from_fn(n, |i, _| if i < d { Rational::zero() } else { others[i - d].clone() });
        let count = Rational::from(n as i64);
        let squares = || values.iter().map(|v| v.powi(2) / &count);
        Self {
            x: &left * diagonal * basis.transpose(),
            low: squares().min().unwrap_or_else(Rational::zero),
            high: squares().max().unwrap_or_else(Rational::zero),
            basis,
            rest: left * rest,
        }
    }
    /// y whose regressor is the given one.
    pub fn target(&self, optimum: &Vector) -> Vector {
        &self.x * optimum + &self.rest
    }
}

/// Data, w*, and a network.
struct Scene {
    x: Matrix,
    y: Vector,
    optimum: Vector,
    network: Network<Rational>,
}

fn widths(draw: &Draw<'_>) -> Vec<usize> {
    let (d, depth, h) = (draw.size(1), draw.size(2), draw.size(3));
    let mut out = vec![h; depth + 1];
    out[0] = d;
    out
}

impl Scene {
    /// Any data; w* by the normal equations.
    fn any(draw: &mut Draw<'_>) -> Option<Self> {
        let (n, d) = (draw.size(0), draw.size(1));
        let (x, y) = draw.data(n, d);
        let network = draw.network(&widths(draw), true)?;
        let right = x.transpose() * &y;
        let solved = solve(&(x.transpose() * &x), &Matrix::from_column_slice(d, 1, right.as_slice())).ok()?;
        Some(Self { optimum: Vector::from_column_slice(solved.as_slice()), x, y, network })
    }
    fn count(&self) -> Rational {
        Rational::from(self.x.nrows() as i64)
    }
    /// R^L by the definition of the model: x -> w^T W_L .. W_1 x on every row of X.
    fn risk(&self) -> Rational {
        let sum = self.x.row_iter().zip(self.y.iter()).fold(Rational::zero(), |s, (row, y)| {
            let h = self.network.layers().iter().fold(row.transpose(), |h, w| w * h);
            s + (y - dot(self.network.head(), &h)).powi(2)
        });
        sum / self.count()
    }
    /// `norm(v)^2/n`.
    fn mean(&self, v: &Vector) -> Rational {
        norm_squared(v.iter()) / self.count()
    }
    /// w* - w_prod.
    fn error(&self) -> Vector {
        &self.optimum - self.network.product()
    }
    /// R_min = R^1(w*).
    fn least(&self) -> Rational {
        self.mean(&(&self.y - &self.x * &self.optimum))
    }
    /// (6), first form: `-(2/n) X^T (y - X w_prod)`.
    fn gradient(&self) -> Vector {
        let factor = Rational::from(-2) / self.count();
        (self.x.transpose() * (&self.y - &self.x * self.network.product())).map(|v| &factor * v)
    }
}

const SINGULAR: Exact = Exact::OutOfScope("X^T X is singular: (A1) does not hold");

fn equal(a: Rational, b: Rational) -> Exact {
    Exact::Sides(vec![(scalar(a), scalar(b))])
}

fn by_product(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(s) = Scene::any(draw) else { return SINGULAR };
    let residual = &s.y - &s.x * s.network.product();
    let right = match how {
        How::Planted(Plant::DroppedFactor) => norm_squared(residual.iter()),
        How::Planted(Plant::FlippedSign) => s.mean(&(&s.y + &s.x * s.network.product())),
        _ => s.mean(&residual),
    };
    equal(s.risk(), right)
}

fn inserted(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(s) = Scene::any(draw) else { return SINGULAR };
    let (residual, moved) = (&s.y - &s.x * &s.optimum, &s.x * s.error());
    // The sign of X (w* - w_prod) alone would not matter: it is orthogonal to the residual.
    let residual = if how.plants(Plant::FlippedSign) { &s.y + &s.x * &s.optimum } else { residual };
    equal(s.risk(), s.mean(&(residual + moved)))
}

/// `(2/n) <y - X w*, X (w* - w_prod)>`.
fn mixed_term(s: &Scene) -> Rational {
    2 * dot(&(&s.y - &s.x * &s.optimum), &(&s.x * s.error())) / s.count()
}

/// Line 612: the squared norm of the residual, or the norm itself as printed: what it has to be equal to is then
/// compared in squares.
fn multiplied_out(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(s) = Scene::any(draw) else { return SINGULAR };
    let moved = s.mean(&(&s.x * s.error()));
    let moved = if how.plants(Plant::FlippedSign) { -moved } else { moved };
    let rest = s.risk() - moved - mixed_term(&s);
    let residual = &s.y - &s.x * &s.optimum;
    if how.printed() {
        return equal((rest * s.count()).powi(2), norm_squared(residual.iter()));
    }
    equal(rest, s.mean(&residual))
}

fn with_minimum(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(s) = Scene::any(draw) else { return SINGULAR };
    let normal = s.x.transpose() * (&s.y - &s.x * &s.optimum);
    let cross = 2 * dot(&normal, &s.error()) / s.count();
    let moved = s.mean(&(&s.x * s.error()));
    let moved = if how.plants(Plant::DroppedTerm) { Rational::zero() } else { moved };
    equal(s.risk(), s.least() + moved + cross)
}

/// The scalar product vanishes; planted: for a w* that does not satisfy the normal equations.
fn cross_term(draw: &mut Draw<'_>, how: How) -> Exact {
    let other = draw.vector(draw.size(1));
    let Some(mut s) = Scene::any(draw) else { return SINGULAR };
    if how.plants(Plant::DroppedHypothesis) {
        s.optimum = other;
    }
    equal(mixed_term(&s), Rational::zero())
}

fn quadratic_form(draw: &mut Draw<'_>, how: How) -> Exact {
    let Some(s) = Scene::any(draw) else { return SINGULAR };
    let e = s.error();
    let form = dot(&e, &(s.x.transpose() * (&s.x * &e)));
    let right = match how {
        How::Planted(Plant::DroppedFactor) => form,
        How::Planted(Plant::FlippedSign) => -form / s.count(),
        _ => form / s.count(),
    };
    equal(s.risk() - s.least(), right)
}

/// What the inequalities speak of, exactly.
struct Exactly {
    scene: Scene,
    design: Design,
    error: Vector,
    /// X^T X (w* - w_prod).
    image: Vector,
    /// R^L - R_min, by definition.
    excess: Rational,
    /// norm(grad R^1(w_prod))^2.
    slope: Rational,
}

impl Exactly {
    /// `w* = w_prod + P z`, z drawn.
    fn draw(draw: &mut Draw<'_>) -> Option<Self> {
        let (n, d) = (draw.size(0), draw.size(1));
        let design = Design::draw(draw, n, d);
        let z = draw.vector(d);
        let network = draw.network(&widths(draw), true)?;
        let optimum = network.product() + &design.basis * z;
        let scene = Scene { x: design.x.clone(), y: design.target(&optimum), optimum, network };
        let error = scene.error();
        let image = scene.x.transpose() * (&scene.x * &error);
        let excess = scene.risk() - scene.least();
        let slope = norm_squared(scene.gradient().iter());
        Some(Self { scene, design, error, image, excess, slope })
    }
}

const SHAPES: Margins = Margins::OutOfScope("the layers do not chain");

/// Compared in squares: both sides are not negative.
fn cauchy_schwarz(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(e) = Exactly::draw(draw) else { return SHAPES };
    let length = if how.plants(Plant::MissingNorm) { Rational::one() } else { norm_squared(e.error.iter()) };
    let right = length * norm_squared(e.image.iter()) / e.scene.count().powi(2);
    Pair::exact(&right, &e.excess.powi(2), bits).into()
}

/// In squares; planted: Lambda in place of lambda, the constant doubled.
fn gradient_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(e) = Exactly::draw(draw) else { return SHAPES };
    let four = Rational::from(4);
    let middle = &four * norm_squared(e.image.iter()) / e.scene.count().powi(2);
    let low = match how {
        How::Planted(Plant::WrongConstant) => 2 * &e.design.low,
        How::Planted(Plant::OffByOne) => e.design.high.clone(),
        _ => e.design.low.clone(),
    };
    let right = four * low.powi(2) * norm_squared(e.error.iter());
    let mut pairs = Pair::equal(&e.slope, &middle, bits).to_vec();
    pairs.push(Pair::exact(&middle, &right, bits));
    Margins::All(pairs)
}

fn lower_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(e) = Exactly::draw(draw) else { return SHAPES };
    let (two, low) = (Rational::from(2), e.design.low.clone());
    let first = 1 / (&two * &low);
    let first = if how.plants(Plant::WrongConstant) { first / &two } else { first };
    // norm(grad)/(2 lambda) times norm(grad)/2.
    let middle = first * &e.slope / two;
    let right = &e.slope / (4 * low);
    let mut pairs = vec![Pair::exact(&middle, &e.excess, bits)];
    if !how.plants(Plant::WrongConstant) {
        pairs.extend(Pair::equal(&middle, &right, bits));
    }
    Margins::All(pairs)
}

fn upper_bound(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let Some(e) = Exactly::draw(draw) else { return SHAPES };
    let (n, four) = (e.scene.count(), Rational::from(4));
    let gram = e.scene.x.transpose() * &e.scene.x;
    let first = &four / n.powi(2) * norm_squared(e.image.iter());
    let second = &four / n.powi(2) * dot(&e.error, &(&gram * (&gram * &e.error)));
    let high = match how {
        How::Planted(Plant::WrongConstant) => &e.design.high / 2,
        How::Planted(Plant::OffByOne) => e.design.low.clone(),
        _ => e.design.high.clone(),
    };
    let third = &four * &high / n * dot(&e.error, &(&gram * &e.error));
    let last = four * high * &e.excess;
    let mut pairs = Pair::equal(&e.slope, &first, bits).to_vec();
    pairs.extend(Pair::equal(&first, &second, bits));
    pairs.push(Pair::exact(&third, &second, bits));
    pairs.extend(Pair::equal(&third, &last, bits));
    Margins::All(pairs)
}

const OTHERS: &[Other] = &[other(595, Reason::Claims(&["lemma-8"])), other(601, Reason::Claims(&["lemma-8"]))];

const ANY: &str = "(A1); any X, y and network; w* from the normal equations";

fn identity(sides: fn(&mut Draw<'_>, How) -> Exact) -> Body {
    Body::Identity { sizes: SIZES, sides }
}

fn identities() -> Vec<Step> {
    vec![
        Step::new("lemma-8/risk", "Lemma 8, proof", &[607])
            .titled("The risk by the product of the layers")
            .given(ANY)
            .by(identity(by_product))
            .holds("R^L(W) = (1/n) norm(y - X w_prod)^2, R^L the mean of (y_i - w^T W_L .. W_1 x_i)^2")
            .planted(Plant::DroppedFactor, "R^L(W) = norm(y - X w_prod)^2")
            .planted(Plant::FlippedSign, "R^L(W) = (1/n) norm(y + X w_prod)^2"),
        Step::new("lemma-8/inserted", "Lemma 8, proof", &[611])
            .titled("X w* subtracted and added")
            .given(ANY)
            .by(identity(inserted))
            .holds("R^L(W) = (1/n) norm(y - X w* + X (w* - w_prod))^2")
            .planted(Plant::FlippedSign, "R^L(W) = (1/n) norm(y + X w* + X (w* - w_prod))^2"),
        Step::new("lemma-8/multiplied-out", "Lemma 8, proof", &[612])
            .titled("The square multiplied out")
            .given(ANY)
            .by(identity(multiplied_out))
            .fails(
                "R^L(W) = (1/n) norm(y - X w*) + (1/n) norm(X (w* - w_prod))^2 + (2/n) <y - X w*, X (w* - w_prod)>",
                Fault::Extraction,
                "The square of the first norm is lost, by the authors or by the text extraction: multiplying out \
                 norm(a + b)^2 gives norm(a)^2. Counterexample: X = (1, 0)^T, y = (0, 2)^T, W = 0, where R^L = 2 and \
                 the printed right-hand side is 1. The next line has R_min = norm(y - X w*)^2/n in its place: nothing \
                 depends on it.",
            )
            .corrected("the same with (1/n) norm(y - X w*)^2")
            .planted(Plant::FlippedSign, "the same with -(1/n) norm(X (w* - w_prod))^2"),
        Step::new("lemma-8/with-minimum", "Lemma 8, proof", &[613])
            .titled("R_min, and the scalar product turned round")
            .given(ANY)
            .by(identity(with_minimum))
            .holds("R^L(W) = R_min + (1/n) norm(X (w* - w_prod))^2 + (2/n) <X^T (y - X w*), w* - w_prod>")
            .planted(Plant::DroppedTerm, "R^L(W) = R_min + (2/n) <X^T (y - X w*), w* - w_prod>"),
        Step::new("lemma-8/cross-term", "Lemma 8, proof", &[])
            .quoted(615, "where the scalar product is equal to zero")
            .titled("The normal equations")
            .given(ANY)
            .by(identity(cross_term))
            .holds("<y - X w*, X (w* - w_prod)> = 0")
            .planted(Plant::DroppedHypothesis, "the same for any vector in place of w*"),
        Step::new("lemma-8/quadratic-form", "Lemma 8, proof", &[617])
            .titled("The excess risk as a quadratic form")
            .given(ANY)
            .uses(&["lemma-8/with-minimum", "lemma-8/cross-term"])
            .by(identity(quadratic_form))
            .holds("R^L(W) - R_min = (1/n) (w* - w_prod)^T X^T X (w* - w_prod)")
            .planted(Plant::DroppedFactor, "R^L(W) - R_min = (w* - w_prod)^T X^T X (w* - w_prod)")
            .planted(Plant::FlippedSign, "R^L(W) - R_min = -(1/n) (w* - w_prod)^T X^T X (w* - w_prod)"),
    ]
}

const SPECTRUM: &str = "(A1); X with rational singular values, any network and any w*";

fn instances(sides: fn(&mut Draw<'_>, How, u32) -> Margins) -> Body {
    Body::Instances { sizes: SIZES, sides }
}

fn inequalities() -> Vec<Step> {
    vec![
        Step::new("lemma-8/cauchy-schwarz", "Lemma 8, proof", &[621])
            .titled("Cauchy-Schwarz")
            .given(SPECTRUM)
            .uses(&["lemma-8/quadratic-form"])
            .by(instances(cauchy_schwarz))
            .holds("R^L(W) - R_min <= (1/n) norm(w* - w_prod) norm(X^T X (w* - w_prod))")
            .planted(Plant::MissingNorm, "R^L(W) - R_min <= (1/n) norm(X^T X (w* - w_prod))"),
        Step::new("lemma-8/gradient-norm", "Lemma 8, proof", &[625])
            .titled("The norm of the gradient from below")
            .given(SPECTRUM)
            .uses(&["gradient"])
            .by(instances(gradient_norm))
            .holds("norm(grad R^1(w_prod)) = (2/n) norm(X^T X (w* - w_prod)) >= 2 lambda norm(w* - w_prod)")
            .planted(Plant::WrongConstant, "norm(grad R^1(w_prod)) >= 4 lambda norm(w* - w_prod)")
            .planted(Plant::OffByOne, "norm(grad R^1(w_prod)) >= 2 Lambda norm(w* - w_prod)"),
        Step::new("lemma-8/lower-bound", "Lemma 8, proof", &[631])
            .titled("The lower bound on the gradient")
            .given(SPECTRUM)
            .uses(&["lemma-8/cauchy-schwarz", "lemma-8/gradient-norm"])
            .by(instances(lower_bound))
            .holds(
                "R^L(W) - R_min <= (1/(2 lambda)) norm(grad R^1) (1/2) norm(grad R^1) = (1/(4 lambda)) norm(grad \
                    R^1)^2",
            )
            .planted(Plant::WrongConstant, "R^L(W) - R_min <= (1/(8 lambda)) norm(grad R^1)^2"),
        Step::new("lemma-8/upper-bound", "Lemma 8, proof", &[637])
            .titled("The upper bound on the gradient")
            .given(SPECTRUM)
            .uses(&["lemma-8/quadratic-form"])
            .by(instances(upper_bound))
            .holds(
                "norm(grad R^1)^2 = (4/n^2) norm(X^T X e)^2 = (4/n^2) e^T X^T X X^T X e <= (4 Lambda/n) e^T X^T X \
                    e = 4 Lambda (R^L(W) - R_min), e = w* - w_prod",
            )
            .planted(Plant::WrongConstant, "norm(grad R^1)^2 <= 2 Lambda (R^L(W) - R_min)")
            .planted(Plant::OffByOne, "norm(grad R^1)^2 <= 4 lambda (R^L(W) - R_min)"),
    ]
}

/// The audit of the proof of Lemma 8.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-8",
        title: "Lemma 8",
        section: "Appendix A",
        proves: &["lemma-8"],
        steps: identities().into_iter().chain(inequalities()).collect(),
        others: OTHERS,
    }
}
