//! The audit of Appendices C and D: the experiments and further related work.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | X | of known singular values: `corollary_1_products::data` | n x d, n = d + 1 |
//! | w_0* | a positive number times a unit vector, so that its norm is rational | d |
//! | `y_0 = X w_true + zeta` | `X w_0*` plus a residual orthogonal to the range of X: every y_0 is of this form | n |
//!
//! There is no display here. Two sentences assert something that the paper's other pages rest on: that the data of the
//! experiments have a regressor of unit norm, and that the setting has a single optimal regressor. Everything else is a
//! choice of the experiments or a description of a plot: nothing to prove.
//!
//! **Seen in passing, no claims.** The table of learning rates (0.005, 0.02, 0.07, 0.1, 0.2) gives 20 repetitions for
//! the first four and nothing for the last: a number that the extraction may have lost. "The largest eigenvalue of the
//! Hessian is computed by a power iteration": a power iteration tends to the eigenvalue of largest modulus; at a
//! minimiser the Hessian is positive semidefinite and that is S, but away from one it need not be. For
//! `R = (1 - w_1 w_2)^2` at `w_1 = w_2 = 0` (L = 2, d = 1) the Hessian has eigenvalues 2 and -2, and the iteration does
//! not settle. So the values plotted "at initialisation" for the smallest scales need care; no statement of the paper
//! uses them.
//!
//! Both steps are instances in exact rationals. The first tests the normal equations of the scaled target, and the
//! norm of its regressor; the second is the strict convexity of R^1, which full rank gives: `R(w) - R_min = norm(X (w
//! - w*))^2/n` is positive unless X (w - w*) = 0.

use crate::arithmetic::{Rational, Ring};
use crate::harness::steps::{Body, DIMENSIONS, Draw, How, Margins, Pair, Plant, Proof, Step, column};
use crate::paper::section_4::corollary_1::proof_products as products;
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// `y = y_0/norm(w_0*)` has the regressor `w* = w_0*/norm(w_0*)`: `X^T y = X^T X w*`, and norm(w*) = 1.
fn unit_norm(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let (x, _, normal) = products::data(draw, d);
    let (norm, direction) = (1 + draw.positive(), column(&draw.unit_vector(d)));
    let residual = draw.number();
    let w_0 = direction.map(|v| v * &norm);
    let y_0 = &x * &w_0 + normal.map(|v| v * &residual);
    let by = if how.plants(Plant::DroppedFactor) { Rational::one() } else { norm.clone() };
    let y = y_0.map(|v| v / &by);
    let w_star = w_0.map(|v| v / &norm);
    let gap = x.transpose() * (y - &x * &w_star);
    let square = norm_squared(w_star.iter());
    let orthogonal = Pair::exact(&Rational::zero(), &norm_squared(gap.iter()), bits);
    Margins::All([orthogonal].into_iter().chain(Pair::equal(&square, &Rational::one(), bits)).collect())
}

/// `R(w) > R_min` for every w but w*; planted: X of deficient rank.
fn single_regressor(draw: &mut Draw<'_>, how: How, bits: u32) -> Margins {
    let d = draw.size(0);
    let (x, _, normal) = products::data(draw, d);
    let (w_star, other) = (draw.matrix(d, 1), draw.matrix(d, 1));
    let residual = draw.number();
    // Without full rank: the first column is zero.
    let full = !how.plants(Plant::DroppedHypothesis);
    let x = DMatrix::from_fn(d + 1, d, |i, j| if full || j > 0 { x[(i, j)].clone() } else { Rational::zero() });
    if w_star == other {
        return Margins::OutOfScope("w = w*");
    }
    let y = &x * &w_star + normal.map(|v| v * &residual);
    let n = Rational::from(d as i64 + 1);
    let risk = norm_squared((y - &x * &other).iter()) / &n;
    Pair::exact(&risk, &(residual.powi(2) / n), bits).strictly().into()
}

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "appendix-c",
        title: "The experiments",
        section: "Appendices C and D",
        proves: &[],
        steps: vec![
            Step::new("appendix-c/unit-norm", "Appendix C, setup", &[])
                .quoted(2671, "This simplifies the expressions of our bounds by having")
                .about("The regressor of the scaled target", "X of full rank, w_0* not zero")
                .by(Body::Instances { sizes: DIMENSIONS, sides: unit_norm })
                .holds("w* = w_0*/norm(w_0*) is the optimal regressor of y = y_0/norm(w_0*) on X, and norm(w*) = 1")
                .planted(Plant::DroppedFactor, "w_0*/norm(w_0*) is the optimal regressor of y_0 on X"),
            Step::new("appendix-c/single-regressor", "Appendix D, deep matrix factorisation", &[])
                .quoted(2730, "where there is a single optimal regressor")
                .about("A single optimal regressor", "X of full rank, n > d; w not w*")
                .by(Body::Instances { sizes: DIMENSIONS, sides: single_regressor })
                .holds("R(w) > R_min for w other than w*")
                .planted(Plant::DroppedHypothesis, "the same for X of deficient rank"),
        ],
        others: &[],
    }
}
