//! The proof of Lemma 6 (Appendix A): the laws of `norm(N h)^2/norm(h)^2` and `h^T N h/norm(h)^2`.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | h | `h` | d |
//! | N, independent standard normal entries | a matrix of numbers in the algebraic displays; in those about laws, its entries as the basis in which linear forms have coefficients | d x d |
//! | (N h)_i, h^T N h | linear forms in N; [`laws`] reads them off by applying them to the d^2 unit matrices | d x d each |
//!
//! **Laws.** A linear form `sum c_jl N_jl` of independent standard normal variables is N(0, sum c_jl^2), and two such
//! forms are jointly Gaussian with covariance `sum c_jl c'_jl`: classical, and taken as given. So every statement about
//! a law is an identity between coefficients, checked here for all h. What the lemma concludes (both laws, also against
//! draws) is claim `lemma-6`.
//!
//! **Finding.** h = 0 is not excluded, and then neither Y_1 nor Y_2 is defined. B.9 divides by `norm(h_k)` of
//! activations, which are not zero with probability one.
//!
//! **The steps, in the order of the text.** Lines 523, 529, 535: (N h)_i, Y_1 and Y_2 written out, identities in N
//! and h. Lines 527, 533, 539, 541: covariances, linearity and the variance, identities of coefficients. Line 508,
//! the statement itself: instances, refuted for h = 0. With the two classical facts above nothing is left: both laws
//! are read off coefficients that are known for every h of the dimensions tried.

use crate::arithmetic::Rational;
use crate::formula::{Edit, Expr, Table, at, at2, norm, sum, transpose, var, vars};
use crate::harness::steps::{
    Draw, Drawn, InScene, Matrix, Other, Plant, Proof, Reason, Setting, Sizes, Step, Vector, other, scalar, step, steps,
};
use crate::harness::{Fault, Grade};
use num_traits::Zero;

/// d.
const SIZES: Sizes = &[&[1], &[2], &[3], &[5]];

/// d, where two rows are needed.
const PLURAL: Sizes = &[&[2], &[3], &[5]];

/// With the entries of a matrix by their indices.
fn with_entries(table: Table<Rational>, name: &str, m: &Matrix) -> Table<Rational> {
    let indices = (0..m.nrows()).flat_map(|i| (0..m.ncols()).map(move |j| (i, j)));
    indices.fold(table, |t, (i, j)| t.matrix(name, &[i as i64 + 1, j as i64 + 1], scalar(m[(i, j)].clone())))
}

/// d, h and its entries.
fn vector(h: &Vector) -> Table<Rational> {
    let d = Rational::from(h.len() as i64);
    Table::default().scalar("d", d).vector("h", h).family("h", h.iter().cloned().map(scalar))
}
/// Any h, zero included.
fn any(draw: &mut Draw<'_>) -> Drawn {
    Ok(vector(&draw.vector(draw.size(0))))
}
/// The same where h is not zero.
fn not_zero(table: Table<Rational>, h: &Vector) -> Drawn {
    if h.iter().all(Zero::is_zero) { Err("h = 0") } else { Ok(table) }
}
/// The corrected hypothesis.
fn nonzero(draw: &mut Draw<'_>) -> Drawn {
    let h = draw.vector(draw.size(0));
    not_zero(vector(&h), &h)
}

/// Matrices of numbers N and M with the entries of N and of N h.
fn matrices(draw: &mut Draw<'_>) -> Drawn {
    let d = draw.size(0);
    let (n, h) = (draw.matrix(d, d), draw.vector(d));
    let m = draw.matrix(d, d);
    let table = with_entries(vector(&h), "N", &n).family("(N h)", (&n * &h).iter().cloned().map(scalar));
    not_zero(table.matrix("N", &[], n).matrix("M", &[], m), &h)
}

/// Covariances of the linear forms (N h)_i, and the variance of `h^T N h/norm(h)^2`, from their coefficients, which
/// the d^2 unit matrices read off. Of a symmetric N the entries N_jl and N_lj are one variable.
fn laws(draw: &mut Draw<'_>, symmetric: bool) -> Drawn {
    let d = draw.size(0);
    let h = draw.vector(d);
    let unit = |at| Matrix::from_fn(d, d, |j, l| Rational::from(i64::from((j, l) == at)));
    let coefficients = |form: &dyn Fn(&Matrix) -> Rational| Matrix::from_fn(d, d, |j, l| form(&unit((j, l))));
    let covariance = |a: &Matrix, b: &Matrix| a.iter().zip(b.iter()).fold(Rational::zero(), |s, (x, y)| s + x * y);
    let forms: Vec<Matrix> = (0..d).map(|i| coefficients(&|n| (n * &h)[i].clone())).collect();
    let other = |m: &Matrix| if symmetric { m + m.transpose() } else { m.clone() };
    let cov = Matrix::from_fn(d, d, |i, k| covariance(&forms[i], &other(&forms[k])));
    let quadratic = coefficients(&|n| (h.transpose() * n * &h)[(0, 0)].clone());
    let table = with_entries(vector(&h), "Cov", &cov)
        .matrix("Cov(N h)", &[], cov)
        .matrix("I", &[], Matrix::identity(d, d))
        .scalar("Var(h^T N h)", covariance(&quadratic, &quadratic));
    not_zero(table, &h)
}

/// The display of the statement.
const OTHERS: &[Other] = &[other(514, Reason::Claims(&["lemma-6"]))];

/// Numbers in the place of the entries of N.
const MATRICES: Setting = Setting::new("h is not zero", SIZES, matrices);
/// The entries of N as a basis: covariances in the place of numbers.
const LAWS: Setting = Setting::new("h is not zero", SIZES, |draw| laws(draw, false));

/// A step of equalities, those of norms decided by their squares.
fn identity(setting: Setting, id: &'static str, lines: &'static [u32]) -> Step<InScene> {
    step(setting, id, "Lemma 6, proof", lines).graded(Grade::Identity)
}

/// Y_1.
fn first() -> Vec<Step> {
    let [i, j, k, d, h] = vars(["i", "j", "k", "d", "h"]);
    let size = norm(&h).pow(2);
    let image = norm(var("N") * &h).pow(2);
    let symmetric = |draw: &mut Draw<'_>| laws(draw, true);
    let squares = |first: i64| sum("i", first, &d, at("(N h)", &i).pow(2));
    steps![
        Step::new("lemma-6/defined", "Lemma 6, statement", &[508])
            .quoted(506, "Let  $h \\in \\mathbb{R}^d$")
            .about("Y_1 and Y_2 are defined", "as printed: every h in R^d; corrected: h not zero")
            .on(SIZES, any)
            .misstates(
                size.above(0),
                Fault::Hypothesis,
                "h = 0 is not excluded; there norm(h)^2 = 0 and neither variable is defined. Smallest counterexample: \
                 d = 1, h = 0. B.9 uses the lemma at activations of a network of invertible layers (with probability \
                 one) from a start that is not zero: nothing changes.",
            )
            .on(SIZES, nonzero)
            .rightly(size.above(0))
            .edited(Plant::MissingNorm, Edit::Swap(size.clone(), at("h", 1).pow(2)))
            .remarks(&["Y_1 and Y_2 are divided by norm(h)^2."]),
        identity(MATRICES, "lemma-6/entries", &[523])
            .about("The entries of N h", "any N and h")
            .states(at("(N h)", &i).equals(sum("j", 1, &d, at2("N", &i, &j) * at("h", &j))).each("i", 1, &d))
            .edited(Plant::OffByOne, Edit::Swap(at2("N", &i, &j), at2("N", &j, &i))),
        identity(LAWS, "lemma-6/entry-law", &[])
            .quoted(527, "follows a  $\\mathcal{N}(0,||h||^2)$  distribution")
            .about("The variance of an entry", "independent standard normal entries; any h")
            .states(at2("Cov", &i, &i).equals(size.clone()).each("i", 1, &d))
            .edited(Plant::LostSquare, Edit::Swap(size.clone(), norm(&h)))
            .remarks(&["Cov_{i,k} is the covariance of (N h)_i and (N h)_k, linear forms in N: so (N h)_i is N(0, \
                        norm(h)^2)."]),
        Step::new("lemma-6/entries-independent", "Lemma 6, proof", &[])
            .quoted(527, "are independent. Thus")
            .about("The entries are independent", "independent standard normal entries; any h; d >= 2")
            .on(PLURAL, |draw| laws(draw, false))
            .states(at2("Cov", &i, &k).equals(0).each("k", 1, &i - 1).each("i", 2, &d))
            .elsewhere(
                Plant::DroppedHypothesis,
                "for a symmetric Gaussian N, whose rows are not independent",
                symmetric
            )
            .remarks(&["Cov_{i,k} is the covariance of (N h)_i and (N h)_k, which are jointly Gaussian."]),
        identity(MATRICES, "lemma-6/first-variable", &[529])
            .titled("Y_1 as a sum of squares")
            .uses(&["lemma-6/entries"])
            .states((&image / &size).equals(1 / &size * squares(1)))
            .edited(Plant::DroppedFactor, Edit::Drop(1 / &size))
            .edited(Plant::OffByOne, Edit::Swap(squares(1), squares(2))),
        identity(LAWS, "lemma-6/chi-square", &[])
            .quoted(533, "follows a  $\\chi^2(d)$  distribution")
            .titled("Y_1 is a sum of d squares of independent standard normal variables")
            .uses(&["lemma-6/entry-law", "lemma-6/entries-independent", "lemma-6/first-variable"])
            .states(
                (var("Cov(N h)") / &size)
                    .equals(var("I"))
                    .and((sum("i", 1, &d, at2("Cov", &i, &i)) / &size).equals(&d)),
            )
            .edited(Plant::WrongPower, Edit::Swap(var("Cov(N h)") / &size, var("Cov(N h)") / size.pow(2)))
            .edited(Plant::OffByOne, Edit::SwapNth(1, d.clone(), &d + 1))
            .remarks(&["Cov(N h/norm(h)) = I, and E Y_1 = d, the degrees of freedom."]),
    ]
}

/// Y_2.
fn second() -> Vec<Step> {
    let [i, j, d, h, n] = vars(["i", "j", "d", "h", "N"]);
    let size = norm(&h).pow(2);
    let of = |m: Expr| transpose(&h) * m * &h / &size;
    let double = |term: Expr| sum("i", 1, &d, sum("j", 1, &d, term));
    let both = &n + var("M");
    steps![
        identity(MATRICES, "lemma-6/second-variable", &[535])
            .titled("Y_2 as a double sum")
            .states(of(n.clone()).equals(1 / &size * double(at2("N", &i, &j) * at("h", &i) * at("h", &j))))
            .edited(Plant::OffByOne, Edit::Swap(at("h", &i), at("h", &j)))
            .edited(Plant::DroppedFactor, Edit::Drop(1 / &size)),
        identity(MATRICES, "lemma-6/centred", &[])
            .quoted(539, "follows a centered Gaussian distribution")
            .titled("Y_2 is centred Gaussian")
            .states(of(both.clone()).equals(of(n.clone()) + of(var("M"))).and(of(-&n).equals(-of(n.clone()))))
            .edited(Plant::WrongPower, Edit::Swap(both.clone(), both.pow(2)))
            .remarks(&["Linear in N, and odd: Gaussian and centred."]),
        identity(LAWS, "lemma-6/variance", &[541])
            .quoted(517, "$Y_2 \\sim \\mathcal{N}(0, 1)$")
            .titled("The variance of Y_2")
            .uses(&["lemma-6/second-variable"])
            .states(
                (var("Var(h^T N h)") / norm(&h).pow(4))
                    .equals(1 / norm(&h).pow(4) * double(at("h", &i).pow(2) * at("h", &j).pow(2)))
                    .equals(1),
            )
            .edited(Plant::WrongPower, Edit::SwapNth(1, norm(&h).pow(4), size)),
    ]
}

/// The audit of the proof of Lemma 6.
pub fn proof() -> Proof {
    let (steps, proves) = ([first(), second()].into_iter().flatten().collect(), &["lemma-6"]);
    Proof { id: "lemma-6", title: "Lemma 6", section: "Appendix A", proves, steps, others: OTHERS }
}
