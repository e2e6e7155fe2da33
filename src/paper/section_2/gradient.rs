//! Equations (5) and (6): the gradient of the risk by layer and by product, and `X^T y = X^T X w*`.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | grad_k R^L = W_{k+1}^T .. W_L^T w grad R^1(w_prod)^T W_1^T .. W_{k-1}^T | `formula_5` | d_k x d_{k-1} |
//! | grad R^1(w_prod) = -(2/n) X^T (y - X w_prod) = -(2/n) X^T X (w* - w_prod) | `formula_6` | d |
//!
//! The oracle differentiates the risk from its definition `norm(y - X W_1^T .. W_L^T w)^2 / n` with dual numbers:
//! exact, and it shares no line with the formulas. All entries are random 64-bit integers, so each check is a
//! Schwartz-Zippel test of a polynomial identity.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, shorter};
use crate::harness::evidence::Grade;
use crate::linalg::solve;
use crate::network::Network;
use crate::problem::Moments;
use crate::problem::draw::stream;
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Data, a network and a direction of differentiation (layers of the same shapes), all exact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Differentiation {
    x: Vec<Vec<Rational>>,
    y: Vec<Rational>,
    network: Network<Rational>,
    direction: Network<Rational>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Five,
    FiveTwoSweeps,
    SixFirst,
    SixSecond,
    Normal,
    /// Control: 1/n in place of 2/n.
    HalfFactor,
    /// Control: the factors to the right of the gradient in reverse order.
    Reversed,
    /// Control: the sign of (6).
    Sign,
}

struct Gradient(Which);

impl Differentiation {
    fn data(&self) -> (DMatrix<Rational>, DVector<Rational>) {
        let d = self.network.widths()[0];
        let x = DMatrix::from_row_iterator(self.x.len(), d, self.x.iter().flatten().map(variable));
        (x, DVector::from_iterator(self.y.len(), self.y.iter().map(variable)))
    }
    fn valid(&self) -> bool {
        let d = self.network.widths()[0];
        self.x.len() == self.y.len()
            && !self.x.is_empty()
            && self.x.iter().all(|r| r.len() == d)
            && self.direction.widths() == self.network.widths()
    }
}

fn variable(q: &Rational) -> Rational {
    q.clone().as_variable()
}

/// The risk from its definition, over any field that contains the data.
fn risk<T: crate::arithmetic::Field>(x: &DMatrix<T>, y: &DVector<T>, product: &DVector<T>) -> T {
    let residual = y - x * product;
    crate::problem::norm_squared(residual.iter()) / T::from_i64(y.len() as i64)
}

/// (6), first form: `-(2/n) X^T (y - X w_prod)`.
fn formula_6(x: &DMatrix<Rational>, y: &DVector<Rational>, product: &DVector<Rational>) -> DVector<Rational> {
    let minus = Rational::from(-2) / Rational::from_i64(y.len() as i64);
    (x.transpose() * (y - x * product)).map(|v| v * &minus)
}

/// (5) as printed, by multiplying the chain of matrices. `reversed` is the control.
fn formula_5(
    net: &Network<Rational>,
    gradient: &DVector<Rational>,
    k: usize,
    reversed: bool,
) -> Option<DMatrix<Rational>> {
    let layers = net.layers();
    let left = layers[k..].iter().rev().fold(net.head().clone(), |v, w| w.transpose() * v);
    let mut right = gradient.transpose();
    let before: Vec<&DMatrix<Rational>> = layers[..k - 1].iter().collect();
    let order: Vec<&DMatrix<Rational>> = if reversed { before.into_iter().rev().collect() } else { before };
    for w in order {
        if right.ncols() != w.ncols() {
            return None;
        }
        right *= w.transpose();
    }
    Some(left * right)
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
        (0..shapes.len() * 2)
            .map(|i| -> crate::error::Result<Differentiation> {
                let widths = shapes[i / 2];
                let rng = &mut stream(context.seed, 0x67_0000 + i as u64);
                let mut integer = || Rational::from_i64(rng.random::<i64>());
                let n = widths[0] + 2;
                let mut network = || {
                    let layers = widths.windows(2).map(|w| DMatrix::from_fn(w[1], w[0], |_, _| integer())).collect();
                    let head = DVector::from_fn(widths[widths.len() - 1], |_, _| integer());
                    Network::new(layers, head)
                };
                let (network, direction) = (network(), network());
                let x = (0..n).map(|_| (0..widths[0]).map(|_| integer()).collect()).collect();
                let y = (0..n).map(|_| integer()).collect();
                Ok(Differentiation { x, y, network: network?, direction: direction? })
            })
            .filter_map(crate::error::Result::ok)
            .collect()
    }
    fn describe(&self, i: &Differentiation) -> String {
        format!("n={}, widths {:?}", i.y.len(), i.network.widths())
    }
    fn evaluate(&self, i: &Differentiation, _strength: &Rational) -> Evaluation {
        if !i.valid() {
            return Evaluation::out_of_scope("shapes of X, y, network and direction do not agree");
        }
        let (x, y) = i.data();
        let network = i.network.map(variable);
        let product = network.product();
        let gradient = formula_6(&x, &y, &product);
        let d = product.len();
        let sides: Vec<(Rational, Rational)> = match self.0 {
            Which::SixFirst | Which::HalfFactor | Which::Sign => {
                let scale = match self.0 {
                    Which::HalfFactor => Rational::new(1, 2),
                    Which::Sign => Rational::from(-1),
                    _ => Rational::one(),
                };
                let (dx, dy) = (x.map(Dual::constant), y.map(Dual::constant));
                let side = |j: usize| {
                    let w = DVector::from_fn(d, |a, _| {
                        let e = if a == j { Rational::one() } else { Rational::zero() };
                        Dual::new(product[a].clone(), e)
                    });
                    (risk(&dx, &dy, &w).derivative, &gradient[j] * &scale)
                };
                (0..d).map(side).collect()
            }
            Which::SixSecond | Which::Normal => {
                let gram = x.transpose() * &x;
                let right = x.transpose() * &y;
                let Ok(w_star) = solve(&gram, &DMatrix::from_column_slice(d, 1, right.as_slice())) else {
                    return Evaluation::out_of_scope("X^T X is singular: (A1) does not hold");
                };
                let w_star = DVector::from_column_slice(w_star.as_slice());
                let (left, right) = if self.0 == Which::Normal {
                    (&gram * &w_star, right)
                } else {
                    let minus = Rational::from(-2) / Rational::from_i64(y.len() as i64);
                    ((&gram * (&w_star - &product)).map(|v| v * &minus), gradient)
                };
                left.iter().cloned().zip(right.iter().cloned()).collect()
            }
            Which::Five | Which::FiveTwoSweeps | Which::Reversed => {
                // <grad, D> by dual numbers: W_k + e D_k in the definition of the risk.
                let mut layers = Vec::new();
                let direction = i.direction.map(variable);
                for (w, v) in network.layers().iter().zip(direction.layers()) {
                    layers.push(w.zip_map(v, Dual::new));
                }
                let perturbed = Network::new(layers, network.head().map(Dual::constant)).map(|n| n.product());
                let Ok(perturbed) = perturbed else {
                    return Evaluation::undecided("the perturbed network could not be formed");
                };
                let exact = risk(&x.map(Dual::constant), &y.map(Dual::constant), &perturbed).derivative;
                let mut sum = Rational::zero();
                let sweeps = network.gradient(&Moments::new(&x, &y));
                for k in 1..=network.depth() {
                    let layer = match self.0 {
                        Which::FiveTwoSweeps => Some(sweeps.layer(k)),
                        which => formula_5(&network, &gradient, k, which == Which::Reversed),
                    };
                    let Some(layer) = layer.filter(|m| m.shape() == direction.layers()[k - 1].shape()) else {
                        return Evaluation::exact(false);
                    };
                    sum += layer.component_mul(&direction.layers()[k - 1]).iter().fold(Rational::zero(), |s, v| s + v);
                }
                vec![(sum, exact)]
            }
        };
        Evaluation::identity(self.describe(i), sides.iter().map(|(a, b)| (a, b)))
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
    let identity =
        |name, statement: &str, which| Form::printed(name, statement, Gradient(which)).graded(Grade::Identity);
    Claim {
        id: "gradient",
        title: "The gradient of the risk",
        place: "Equations (5) and (6), Section 2",
        hypotheses: "any n, depth, widths and head; the second equality of (6): (A1)",
        uses: &[],
        forms: vec![
            identity("printed", "grad_k R^L = W_{k+1}^T .. W_L^T w grad R^1(w_prod)^T W_1^T .. W_{k-1}^T", Which::Five),
            identity("two-sweeps", "the same as computed by flatcert in two sweeps", Which::FiveTwoSweeps),
            identity("equation-6", "grad R^1(w) = -(2/n) X^T (y - X w)", Which::SixFirst),
            identity("equation-6-second", "-(2/n) X^T (y - X w) = -(2/n) X^T X (w* - w)", Which::SixSecond),
            identity("normal-equations", "X^T y = X^T X w*", Which::Normal),
            Form::control("half-factor", "grad R^1(w) = -(1/n) X^T (y - X w)", Gradient(Which::HalfFactor)),
            Form::control("sign", "grad R^1(w) = +(2/n) X^T (y - X w)", Gradient(Which::Sign)),
            Form::control("reversed", "grad_k R^L with W_{k-1}^T .. W_1^T on the right", Gradient(Which::Reversed)),
        ],
        finding: None,
        remarks: &[
            "Section 2 of the text prints X^T y = X^T X w* with its exponents garbled by the extraction; it is read \
             as the normal equations.",
        ],
    }
}
