//! The proof of Lemma 6 (Appendix A): the laws of `norm(N h)^2/norm(h)^2` and `h^T N h/norm(h)^2`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | h | `h` | d |
//! | N, independent standard normal entries | a matrix of numbers in the algebraic displays; in those about laws, its entries as the basis in which linear forms have coefficients | d x d |
//! | (N h)_i, h^T N h | linear forms in N; [`coefficients`] reads them off by applying them to the d^2 unit matrices | d x d each |
//!
//! **Laws.** A linear form `sum c_jl N_jl` of independent standard normal variables is N(0, sum c_jl^2), and two such
//! forms are jointly Gaussian with covariance `sum c_jl c'_jl`: classical, and taken as given. So every statement about
//! a law is an identity between coefficients, checked here for all h. What the lemma concludes (both laws, also against
//! draws) is claim `lemma-6`.
//!
//! **Finding.** h = 0 is not excluded, and then neither Y_1 nor Y_2 is defined. B.9 divides by `norm(h_k)` of
//! activations, which are not zero with probability one.

use crate::arithmetic::{Rational, Ring};
use crate::harness::evidence::Fault;
use crate::harness::steps::equality::{Exact, column, scalar};
use crate::harness::steps::how::{How, Plant, Sizes};
use crate::harness::steps::inequality::{Margins, Pair};
use crate::harness::steps::sample::Draw;
use crate::harness::steps::step::{Body, Other, Proof, Reason, Step, other};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};

/// d.
const SIZES: Sizes = &[&[1], &[2], &[3], &[5]];

/// d, where two rows are needed.
const PLURAL: Sizes = &[&[2], &[3], &[5]];

type Matrix = DMatrix<Rational>;
type Vector = DVector<Rational>;

/// `norm(h)^2` is not zero.
fn defined(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let h = draw.vector(draw.size(0));
    let square = norm_squared(h.iter());
    if !how.printed() && square.is_zero() {
        return Margins::OutOfScope("h = 0");
    }
    let divisor = if how.plants(Plant::MissingNorm) { h[0].powi(2) } else { square };
    Pair::exact(&divisor, &Rational::zero(), bits).strictly().into()
}

/// Coefficients of a linear form in N.
fn coefficients(d: usize, form: impl Fn(&Matrix) -> Rational) -> Matrix {
    Matrix::from_fn(d, d, |j, l| {
        let mut unit = Matrix::zeros(d, d);
        unit[(j, l)] = Rational::one();
        form(&unit)
    })
}

/// Those of (N h)_i, i counted from 0.
fn entry(h: &Vector, i: usize) -> Matrix {
    coefficients(h.len(), |n| (n * h)[i].clone())
}

/// Covariance of two linear forms.
fn covariance(a: &Matrix, b: &Matrix) -> Rational {
    a.iter().zip(b.iter()).fold(Rational::zero(), |s, (x, y)| s + x * y)
}

fn equal(a: Rational, b: Rational) -> (Matrix, Matrix) {
    (scalar(a), scalar(b))
}

fn product_entries(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let (n, h) = (draw.matrix(d, d), draw.vector(d));
    let at = |i: usize, j: usize| if how.plants(Plant::OffByOne) { n[(j, i)].clone() } else { n[(i, j)].clone() };
    let sum = |i: usize| (0..d).fold(Rational::zero(), |s, j| s + at(i, j) * &h[j]);
    Exact::Sides(vec![(column(&(&n * &h)), column(&Vector::from_fn(d, |i, _| sum(i))))])
}

fn entry_law(draw: &mut Draw<'_>, how: How) -> Exact {
    let h = draw.vector(draw.size(0));
    let square = norm_squared(h.iter());
    let of = |i: usize| {
        let form = entry(&h, i);
        let variance = covariance(&form, &form);
        // A variance norm(h), compared in squares.
        if how.plants(Plant::LostSquare) {
            equal(variance.powi(2), square.clone())
        } else {
            equal(variance, square.clone())
        }
    };
    Exact::Sides((0..h.len()).map(of).collect())
}

/// Covariances of different entries; planted: N symmetric, so that N_jl and N_lj are one variable.
fn independent(draw: &mut Draw<'_>, how: How) -> Exact {
    let h = draw.vector(draw.size(0));
    let mut sides = Vec::new();
    for i in 0..h.len() {
        for k in 0..i {
            let (a, b) = (entry(&h, i), entry(&h, k));
            let b = if how.plants(Plant::DroppedHypothesis) { &b + b.transpose() } else { b };
            sides.push(equal(covariance(&a, &b), Rational::zero()));
        }
    }
    Exact::Sides(sides)
}

fn first_variable(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let (n, h) = (draw.matrix(d, d), draw.vector(d));
    let square = norm_squared(h.iter());
    if square.is_zero() {
        return Exact::OutOfScope("h = 0");
    }
    let image = &n * &h;
    let from = usize::from(how.plants(Plant::OffByOne));
    let sum = (from..d).fold(Rational::zero(), |s, i| {
        let entry = (0..d).fold(Rational::zero(), |s, j| s + &n[(i, j)] * &h[j]);
        s + entry.powi(2)
    });
    let over = if how.plants(Plant::DroppedFactor) { Rational::one() } else { square.clone() };
    Exact::Sides(vec![equal(norm_squared(image.iter()) / square, sum / over)])
}

/// The covariance matrix of N h/norm(h) is I, so Y_1 is a sum of d squares of independent standard normal variables;
/// its mean is d.
fn chi_square(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let h = draw.vector(d);
    let square = norm_squared(h.iter());
    if square.is_zero() {
        return Exact::OutOfScope("h = 0");
    }
    let over = if how.plants(Plant::WrongPower) { square.powi(2) } else { square };
    let forms: Vec<Matrix> = (0..d).map(|i| entry(&h, i)).collect();
    let matrix = Matrix::from_fn(d, d, |i, k| covariance(&forms[i], &forms[k]) / &over);
    let degrees = if how.plants(Plant::OffByOne) { d + 1 } else { d };
    let mean = equal(matrix.trace(), Rational::from(degrees as i64));
    Exact::Sides(vec![(matrix, Matrix::identity(d, d)), mean])
}

fn second_variable(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let (n, h) = (draw.matrix(d, d), draw.vector(d));
    let square = norm_squared(h.iter());
    if square.is_zero() {
        return Exact::OutOfScope("h = 0");
    }
    let form = (h.transpose() * &n * &h)[(0, 0)].clone();
    let mut sum = Rational::zero();
    for i in 0..d {
        for j in 0..d {
            let first = if how.plants(Plant::OffByOne) { &h[j] } else { &h[i] };
            sum += &n[(i, j)] * first * &h[j];
        }
    }
    let over = if how.plants(Plant::DroppedFactor) { Rational::one() } else { square.clone() };
    Exact::Sides(vec![equal(form / square, sum / over)])
}

/// Y_2 is linear in N and odd, so it is Gaussian and centred.
fn centred(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let (n, m, h) = (draw.matrix(d, d), draw.matrix(d, d), draw.vector(d));
    let square = norm_squared(h.iter());
    if square.is_zero() {
        return Exact::OutOfScope("h = 0");
    }
    let value = |n: &Matrix| {
        let n = if how.plants(Plant::WrongPower) { n * n } else { n.clone() };
        &(h.transpose() * n * &h)[(0, 0)] / &square
    };
    let zero = Matrix::zeros(d, d);
    Exact::Sides(vec![equal(value(&(&n + &m)), value(&n) + value(&m)), equal(value(&(&zero - &n)), -value(&n))])
}

fn variance(draw: &mut Draw<'_>, how: How) -> Exact {
    let d = draw.size(0);
    let h = draw.vector(d);
    let square = norm_squared(h.iter());
    if square.is_zero() {
        return Exact::OutOfScope("h = 0");
    }
    let form = coefficients(d, |n| &(h.transpose() * n * &h)[(0, 0)] / &square);
    let mut sum = Rational::zero();
    for i in 0..d {
        for j in 0..d {
            sum += h[i].powi(2) * h[j].powi(2);
        }
    }
    let over = if how.plants(Plant::WrongPower) { square } else { square.powi(2) };
    let displayed = sum / over;
    Exact::Sides(vec![equal(covariance(&form, &form), displayed.clone()), equal(displayed, Rational::one())])
}

const OTHERS: &[Other] = &[other(514, Reason::Claims(&["lemma-6"]))];

const NOT_ZERO: &str = "h is not zero";

fn first() -> Vec<Step> {
    vec![
        Step::new("lemma-6/defined", "Lemma 6, statement", &[508])
            .quoted(506, "Let  $h \\in \\mathbb{R}^d$")
            .titled("Y_1 and Y_2 are defined")
            .given("as printed: every h in R^d; corrected: h not zero")
            .by(Body::Instances { sizes: SIZES, sides: defined })
            .fails(
                "for every h in R^d: norm(h)^2 > 0, by which Y_1 and Y_2 are divided",
                Fault::Hypothesis,
                "h = 0 is not excluded; there norm(h)^2 = 0 and neither variable is defined. Smallest counterexample: \
                 d = 1, h = 0. B.9 uses the lemma at activations of a network of invertible layers (with probability \
                 one) from a start that is not zero: nothing changes.",
            )
            .corrected("norm(h)^2 > 0 for every h that is not zero")
            .planted(Plant::MissingNorm, "h_1^2 > 0 for every h that is not zero"),
        Step::new("lemma-6/entries", "Lemma 6, proof", &[523])
            .titled("The entries of N h")
            .given("any N and h")
            .by(Body::Identity { sizes: SIZES, sides: product_entries })
            .holds("(N h)_i = sum_j N_ij h_j")
            .planted(Plant::OffByOne, "(N h)_i = sum_j N_ji h_j"),
        Step::new("lemma-6/entry-law", "Lemma 6, proof", &[])
            .quoted(527, "follows a  $\\mathcal{N}(0,||h||^2)$  distribution")
            .titled("The variance of an entry")
            .given("independent standard normal entries; any h")
            .by(Body::Identity { sizes: SIZES, sides: entry_law })
            .holds("(N h)_i is a linear form in N of variance norm(h)^2, so N(0, norm(h)^2)")
            .planted(Plant::LostSquare, "(N h)_i has variance norm(h)"),
        Step::new("lemma-6/entries-independent", "Lemma 6, proof", &[])
            .quoted(527, "are independent. Thus")
            .titled("The entries are independent")
            .given("independent standard normal entries; any h; d >= 2")
            .by(Body::Identity { sizes: PLURAL, sides: independent })
            .holds("Cov((N h)_i, (N h)_k) = 0 for i != k; jointly Gaussian, so independent")
            .planted(Plant::DroppedHypothesis, "the same for a symmetric Gaussian N, whose rows are not independent"),
        Step::new("lemma-6/first-variable", "Lemma 6, proof", &[529])
            .titled("Y_1 as a sum of squares")
            .given(NOT_ZERO)
            .uses(&["lemma-6/entries"])
            .by(Body::Identity { sizes: SIZES, sides: first_variable })
            .holds("norm(N h)^2/norm(h)^2 = (1/norm(h)^2) sum_i (N h)_i^2")
            .planted(Plant::DroppedFactor, "norm(N h)^2/norm(h)^2 = sum_i (N h)_i^2")
            .planted(Plant::OffByOne, "norm(N h)^2/norm(h)^2 = (1/norm(h)^2) sum_{i >= 2} (N h)_i^2"),
        Step::new("lemma-6/chi-square", "Lemma 6, proof", &[])
            .quoted(533, "follows a  $\\chi^2(d)$  distribution")
            .titled("Y_1 is a sum of d squares of independent standard normal variables")
            .given(NOT_ZERO)
            .uses(&["lemma-6/entry-law", "lemma-6/entries-independent", "lemma-6/first-variable"])
            .by(Body::Identity { sizes: SIZES, sides: chi_square })
            .holds("Cov(N h/norm(h)) = I, and E Y_1 = d, the degrees of freedom")
            .planted(Plant::WrongPower, "Cov(N h/norm(h)^2) = I")
            .planted(Plant::OffByOne, "the degrees of freedom are d + 1"),
    ]
}

fn second() -> Vec<Step> {
    vec![
        Step::new("lemma-6/second-variable", "Lemma 6, proof", &[535])
            .titled("Y_2 as a double sum")
            .given(NOT_ZERO)
            .by(Body::Identity { sizes: SIZES, sides: second_variable })
            .holds("h^T N h/norm(h)^2 = (1/norm(h)^2) sum_ij N_ij h_i h_j")
            .planted(Plant::OffByOne, "h^T N h/norm(h)^2 = (1/norm(h)^2) sum_ij N_ij h_j h_j")
            .planted(Plant::DroppedFactor, "h^T N h/norm(h)^2 = sum_ij N_ij h_i h_j"),
        Step::new("lemma-6/centred", "Lemma 6, proof", &[])
            .quoted(539, "follows a centered Gaussian distribution")
            .titled("Y_2 is centred Gaussian")
            .given(NOT_ZERO)
            .by(Body::Identity { sizes: SIZES, sides: centred })
            .holds("h^T N h/norm(h)^2 is linear in N, and changes its sign with N")
            .planted(Plant::WrongPower, "h^T N^2 h/norm(h)^2 is linear in N"),
        Step::new("lemma-6/variance", "Lemma 6, proof", &[541])
            .quoted(517, "$Y_2 \\sim \\mathcal{N}(0, 1)$")
            .titled("The variance of Y_2")
            .given(NOT_ZERO)
            .uses(&["lemma-6/second-variable"])
            .by(Body::Identity { sizes: SIZES, sides: variance })
            .holds("Var(Y_2) = (1/norm(h)^4) sum_ij h_i^2 h_j^2 = 1")
            .planted(Plant::WrongPower, "Var(Y_2) = (1/norm(h)^2) sum_ij h_i^2 h_j^2 = 1"),
    ]
}

/// The audit of the proof of Lemma 6.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-6",
        title: "Lemma 6",
        section: "Appendix A",
        proves: &["lemma-6"],
        steps: first().into_iter().chain(second()).collect(),
        others: OTHERS,
    }
}
