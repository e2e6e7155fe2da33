//! Equations (5) and (6): the gradient of the risk by layer and by product, and `X^T y = X^T X w*`.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | grad_k R^L = W_{k+1}^T .. W_L^T w grad R^1(w_prod)^T W_1^T .. W_{k-1}^T | `by_layers` | d_k x d_{k-1} |
//! | grad R^1(w_prod) = -(2/n) X^T (y - X w_prod) = -(2/n) X^T X (w* - w_prod) | `of_product` | d |
//!
//! The oracle differentiates the risk from its definition `norm(y - X W_1^T .. W_L^T w)^2 / n` with dual numbers:
//! exact, and it shares no line with the formulas. Of (5) the derivative along a direction D, `R^L'`, is compared with
//! `sum_k <D_k, grad_k R^L>`. All entries are random 64-bit integers, so each check is a Schwartz-Zippel test of a
//! polynomial identity.
//!
//! **Why the derivative along one direction suffices.** (5) says what the gradient is; `R^L'(D) = sum_k <D_k, grad_k
//! R^L>` for every D is equivalent to it, and is one polynomial identity in the entries of D, W, w, X and y. At a
//! random D a wrong entry of any grad_k shows, but for the probability of Schwartz and Zippel.

use crate::arithmetic::{Dual, Rational};
use crate::formula::{Expr, Says, Scene, Table, Value, at, descent, dot, sides, sum, transpose, var};
use crate::harness::steps::equality::column;
use crate::harness::{Claim, Context, Evaluation, Form, Grade, Statement, shorter};
use crate::instances::{integer_data, integer_network};
use crate::linalg::solve;
use crate::network::Network;
use crate::paper::section_3::minimiser::{linear_risk, product};
use crate::paper::section_3::theorem_2::scene::{after, before};
use crate::problem::Moments;
use crate::problem::draw::stream;
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use serde::{Deserialize, Serialize};

/// Data, a network and a direction of differentiation (layers of the same shapes), all exact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Differentiation {
    /// X, row by row: n x d.
    x: Vec<Vec<Rational>>,
    /// y: n.
    y: Vec<Rational>,
    /// Layers and head.
    network: Network<Rational>,
    /// D_1, .., D_L in the place of layers; its head is not used.
    direction: Network<Rational>,
}

impl Differentiation {
    /// The shapes of X, y, the network and the direction agree. An instance that was stored may break this; it is out
    /// of scope then.
    fn valid(&self) -> bool {
        let d = self.network.widths()[0];
        self.x.len() == self.y.len()
            && !self.x.is_empty()
            && self.x.iter().all(|r| r.len() == d)
            && self.direction.widths() == self.network.widths()
    }
    /// W, w, D, X, y, n, L; w*, unless X^T X is singular; `R^L'` and `grad R^1(w_prod)` by dual numbers; the gradient
    /// of [`Network::gradient`] by layers, `G`.
    fn table(&self) -> Table<Rational> {
        let variable = |q: &Rational| q.clone().as_variable();
        let (n, d) = (self.y.len(), self.network.widths()[0]);
        let x = DMatrix::from_row_iterator(n, d, self.x.iter().flatten().map(variable));
        let y = DVector::from_iterator(n, self.y.iter().map(variable));
        let (network, direction) = (self.network.map(variable), self.direction.map(variable));
        let at_product = network.product();
        let (dual_x, dual_y) = (x.map(Dual::constant), y.map(Dual::constant));
        let pairs = network.layers().iter().zip(direction.layers());
        let moved: Vec<DMatrix<Dual<Rational>>> = pairs.map(|(w, v)| w.zip_map(v, Dual::new)).collect();
        let moved = product(&moved, &network.head().map(Dual::constant));
        let along = |j: usize| {
            let mut v = at_product.map(Dual::constant);
            v[j].derivative = Rational::one();
            linear_risk(&dual_x, &dual_y, &v).derivative
        };
        let sweeps = network.gradient(&Moments::new(&x, &y));
        let w_star = solve(&(x.transpose() * &x), &(x.transpose() * column(&y)));
        let table = Table::default()
            .scalar("n", Rational::from(n as i64))
            .scalar("L", Rational::from(network.depth() as i64))
            .scalar("R^L'", linear_risk(&dual_x, &dual_y, &moved).derivative)
            .vector("grad R^1(w_prod)", &DVector::from_fn(d, |j, _| along(j)))
            .family("G", (1..=network.depth()).map(|k| sweeps.layer(k)))
            .family("W", network.layers().iter().cloned())
            .family("D", direction.layers().iter().cloned())
            .vector("w", network.head())
            .vector("w_prod", &at_product)
            .vector("y", &y)
            .matrix("X", &[], x);
        w_star.into_iter().fold(table, |table, w_star| table.matrix("w*", &[], w_star))
    }
}

/// An identity.
struct Gradient(Says);

/// `factor X^T (y - X w_prod)`; the factor of (6) is -2/n.
fn of_product(factor: Expr) -> Expr {
    factor * transpose(var("X")) * (var("y") - var("X") * var("w_prod"))
}
/// -2/n.
fn factor() -> Expr {
    -2 / var("n")
}
/// (5) as printed, with these factors to the right of the gradient; against the derivative along D.
fn by_layers(right: Expr) -> Says {
    along(after("W", var("k")) * transpose(of_product(factor())) * right)
}
/// `R^L' = sum_k <D_k, .._k>`.
fn along(layer: Expr) -> Says {
    sum("k", 1, var("L"), dot(at("D", var("k")), layer)).equals(var("R^L'"))
}

impl Statement for Gradient {
    type Instance = Differentiation;

    fn instances(&self, context: &Context) -> Vec<Differentiation> {
        // Depths, hidden widths, inputs, outputs: bottlenecks, wide layers, more and fewer outputs than inputs.
        let shapes: [&[usize]; 11] = [
            &[1, 1],
            &[3, 1],
            &[3, 2],
            &[2, 2, 2],
            &[3, 1, 3],
            &[2, 5, 1],
            &[4, 3, 2, 1],
            &[2, 2, 2, 2, 2],
            &[1, 1, 1, 1, 1, 1],
            &[3, 4, 1, 2, 3, 2],
            &[2, 3, 2, 3, 2, 3, 2, 3, 1],
        ];
        // Two points per shape bring the bound below 2^-100.
        let of = |i: usize| {
            let widths = shapes[i / 2];
            let rng = &mut stream(context.seed, 0x67_0000 + i as u64);
            let mut network = || integer_network(widths, rng).ok();
            let (network, direction) = (network()?, network()?);
            let (x, y) = integer_data(widths[0] + 2, widths[0], rng);
            Some(Differentiation { x, y, network, direction })
        };
        (0..shapes.len() * 2).filter_map(of).collect()
    }
    fn describe(&self, i: &Differentiation) -> String {
        format!("n={}, widths {:?}", i.y.len(), i.network.widths())
    }
    fn evaluate(&self, i: &Differentiation, _strength: &Rational) -> Evaluation {
        if !i.valid() {
            return Evaluation::out_of_scope("shapes of X, y, network and direction do not agree");
        }
        let table = i.table();
        let needs_w_star = self.0.expressions().any(|e| e.free().contains(&"w*"));
        if needs_w_star && table.get("w*", &[]).is_none() {
            return Evaluation::out_of_scope("X^T X is singular: (A1) does not hold");
        }
        let entries = |value: Value<Rational>| match value {
            Value::Scalar(q) => vec![q],
            Value::Matrix(m) => m.iter().cloned().collect(),
            Value::Unit => Vec::new(),
        };
        let (Ok(both), shape) = (sides::<Rational>(&self.0, &table, 0), self.describe(i)) else {
            return Evaluation::undecided("an index has no value");
        };
        let pairs = both.into_iter().map(|(a, _, b)| Ok::<_, String>((entries(a?), entries(b?))));
        match pairs.collect::<Result<Vec<_>, _>>() {
            Ok(all) if all.iter().all(|(a, b)| a.len() == b.len()) => {
                Evaluation::identity(shape, all.iter().flat_map(|(a, b)| a.iter().zip(b)))
            }
            // A product does not chain, or comes to another shape.
            _ => Evaluation::exact(false),
        }
    }
    fn simpler(&self, i: &Differentiation) -> Vec<Differentiation> {
        // The smallest networks with entries 0, 1, 2: enough for every control.
        let mut out = Vec::new();
        for depth in 1..=3 {
            for d in 1..=2 {
                let square = |shift: usize| {
                    let layer =
                        |k: usize| DMatrix::from_fn(d, d, |a, b| Rational::from(((a + 2 * b + k + shift) % 3) as i64));
                    Network::new((0..depth).map(layer).collect(), DVector::from_element(d, Rational::one()))
                };
                let (Ok(network), Ok(direction)) = (square(1), square(2)) else { continue };
                let x = (0..d).map(|a| (0..d).map(|b| Rational::from(i64::from(a == b))).collect()).collect();
                let y = vec![Rational::one(); d];
                out.push(Differentiation { x, y, network, direction });
            }
        }
        shorter(i, out)
    }
}

/// `gradient`.
pub fn claim() -> Claim {
    let identity = |name, statement: &str, says| Form::printed(name, statement, Gradient(says)).graded(Grade::Identity);
    let control = |name, statement: &str, says| Form::control(name, statement, Gradient(says));
    let (slope, (x, y)) = (var("grad R^1(w_prod)"), (var("X"), var("y")));
    let gram = || transpose(&x) * &x;
    let reversed = descent("j", var("k") - 1, 1, transpose(at("W", var("j"))));
    Claim {
        id: "gradient",
        title: "The gradient of the risk",
        place: "Equations (5) and (6), Section 2",
        hypotheses: "any n, depth, widths and head; the second equality of (6): (A1)",
        forms: vec![
            identity(
                "printed",
                "grad_k R^L = W_{k+1}^T .. W_L^T w grad R^1(w_prod)^T W_1^T .. W_{k-1}^T",
                by_layers(before("W", var("k"))),
            ),
            identity("two-sweeps", "the same as computed by flatcert in two sweeps", along(at("G", var("k")))),
            identity("equation-6", "grad R^1(w) = -(2/n) X^T (y - X w)", slope.equals(of_product(factor()))),
            identity(
                "equation-6-second",
                "-(2/n) X^T (y - X w) = -(2/n) X^T X (w* - w)",
                of_product(factor()).equals(factor() * (gram() * (var("w*") - var("w_prod")))),
            ),
            identity("normal-equations", "X^T y = X^T X w*", (transpose(&x) * y).equals(gram() * var("w*"))),
            control("half-factor", "grad R^1(w) = -(1/n) X^T (y - X w)", slope.equals(of_product(-1 / var("n")))),
            control("sign", "grad R^1(w) = +(2/n) X^T (y - X w)", slope.equals(of_product(2 / var("n")))),
            control("reversed", "grad_k R^L with W_{k-1}^T .. W_1^T on the right", by_layers(reversed)),
        ],
        remarks: &[
            "Section 2 of the text prints X^T y = X^T X w* with its exponents garbled by the extraction; it is read as \
             the normal equations.",
        ],
        ..Claim::default()
    }
}
