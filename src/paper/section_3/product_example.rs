//! Section 3, the one-dimensional example: `f(x_1, .., x_L) = prod x_k` has sharpness `L - 1` at `(1, .., 1)`.
//!
//! The Hessian at ones is found by exact second derivatives of the product ([`Dual`] over [`Dual`]), not from a
//! formula. Two polynomial identities in x then settle the largest eigenvalue:
//! `(L-1) norm(x)^2 - x^T H x = sum_{i<j} (x_i - x_j)^2`, so no eigenvalue exceeds L - 1, and
//! `H (1, .., 1) = (L-1) (1, .., 1)`, so it is one.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement};
use crate::harness::evidence::Grade;
use crate::linalg::inertia_at;
use crate::problem::draw::stream;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// A depth and the points at which the quadratic identity is evaluated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ones {
    /// L.
    pub depth: usize,
    /// Integer points, length L each.
    pub points: Vec<Vec<i64>>,
}

/// The largest eigenvalue is this function of L; a control needs a few depths and an inertia only.
struct Product {
    /// What the largest eigenvalue is said to be, of L.
    claimed: fn(i64) -> i64,
    /// Decided by the inertia of `H - claimed I` alone, on a few depths.
    control: bool,
}

/// The Hessian of the product at ones, by exact differentiation.
///
/// Entry (i, j) is the coefficient of `e_1 e_2` of the product with coordinate i moved by e_1 and j by e_2.
fn hessian(depth: usize) -> DMatrix<Rational> {
    type D = Dual<Dual<Rational>>;
    DMatrix::from_fn(depth, depth, |i, j| {
        let coordinate = |k: usize| -> D {
            let unit = |on: bool| if on { Rational::one() } else { Rational::zero() };
            Dual::new(Dual::new(Rational::one(), unit(k == i)), Dual::new(unit(k == j), Rational::zero()))
        };
        // The coordinates by which no derivative is taken are constants: 1.
        let varies = |k: &usize| *k == i || *k == j;
        (0..depth).filter(varies).fold(D::one(), |p, k| p * coordinate(k)).derivative.derivative
    })
}

impl Statement for Product {
    type Instance = Ones;

    fn instances(&self, context: &Context) -> Vec<Ones> {
        let depths = if self.control { vec![2, 3, 5] } else { (1..=64).collect() };
        let draw = |depth: usize| {
            let rng = &mut stream(context.seed, 0x70_0000 + depth as u64);
            let points = (0..2).map(|_| (0..depth).map(|_| rng.random::<i64>()).collect()).collect();
            Ones { depth, points }
        };
        depths.into_iter().map(draw).collect()
    }
    fn describe(&self, i: &Ones) -> String {
        format!("L = {}", i.depth)
    }
    fn evaluate(&self, i: &Ones, _strength: &Rational) -> Evaluation {
        if i.points.iter().any(|p| p.len() != i.depth) || i.depth == 0 {
            return Evaluation::out_of_scope("a point must have L coordinates, L >= 1");
        }
        let h = hessian(i.depth);
        let claimed = Rational::from_i64((self.claimed)(i.depth as i64));
        if self.control {
            return Evaluation::exact(inertia_at(&h, &claimed).largest().is_eq());
        }
        let ones = DVector::from_element(i.depth, Rational::one());
        if &h * &ones != ones.map(|v| v * &claimed) {
            return Evaluation::exact(false);
        }
        let sides = i.points.iter().map(|p| {
            let x = DVector::from_iterator(i.depth, p.iter().map(|&v| Rational::from_i64(v).as_variable()));
            let norm = x.iter().fold(Rational::zero(), |s, v| s + v.powi(2));
            let form = crate::problem::dot(&x, &(&h * &x));
            let pairs = (0..i.depth).flat_map(|a| (0..a).map(move |b| (a, b)));
            let squares = pairs.fold(Rational::zero(), |s, (a, b)| s + (&x[a] - &x[b]).powi(2));
            (&claimed * norm - form, squares)
        });
        let sides: Vec<(Rational, Rational)> = sides.collect();
        let mut out = Evaluation::identity(self.describe(i), sides.iter().map(|(a, b)| (a, b)));
        out.point = out.point.map(|p| p.repeated(i.points.len()));
        out
    }
}

/// `product-example`.
pub fn claim() -> Claim {
    Claim {
        id: "product-example",
        title: "The sharpness of x_1 ... x_L at ones is L - 1",
        place: "Section 3, end",
        hypotheses: "L >= 1 (checked for L = 1..64)",
        forms: vec![
            Form::printed(
                "printed",
                "the largest eigenvalue of the Hessian of prod x_k at (1,..,1) is L - 1",
                Product { claimed: |l| l - 1, control: false },
            )
            .graded(Grade::Identity),
            Form::control("depth", "it is L", Product { claimed: |l| l, control: true }),
            Form::control("one", "it is 1 for every L", Product { claimed: |_| 1, control: true }),
        ],
        remarks: &["One identity per depth. The smallest eigenvalue is -1: ones is not a minimiser of the product."],
        ..Claim::default()
    }
}
