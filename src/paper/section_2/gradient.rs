//! Equations (5) and (6): the gradient of the risk by layer and by product, and `X^T y = X^T X w*`.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | grad_k R^L = W_{k+1}^T .. W_L^T w grad R^1(w_prod)^T W_1^T .. W_{k-1}^T | `formula_5` | d_k x d_{k-1} |
//! | grad R^1(w_prod) = -(2/n) X^T (y - X w_prod) = -(2/n) X^T X (w* - w_prod) | `risk_gradient` | d |
//!
//! The oracle differentiates the risk from its definition `norm(y - X W_1^T .. W_L^T w)^2 / n` with dual numbers:
//! exact, and it shares no line with the formulas. All entries are random 64-bit integers, so each check is a
//! Schwartz-Zippel test of a polynomial identity.

use crate::arithmetic::{Dual, Rational, Ring};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, shorter};
use crate::harness::evidence::Grade;
use crate::linalg::solve;
use crate::network::Network;
use crate::paper::section_3::minimiser::{linear_risk, risk_gradient};
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

/// What is compared; the comment says which control a variant is.
enum Gradient {
    /// (5), as printed; control: with the factors to the right of the gradient in reverse order.
    Five {
        reversed: bool,
    },
    /// (5) as flatcert computes it.
    TwoSweeps,
    /// (6), first form, times a factor; controls: 1/2 (1/n in place of 2/n), -1.
    Six(Rational),
    /// (6), second form.
    SixSecond,
    Normal,
}

impl Differentiation {
    fn at(&self) -> At {
        let (n, d) = (self.y.len(), self.network.widths()[0]);
        let x = DMatrix::from_row_iterator(n, d, self.x.iter().flatten().map(variable));
        At { x, y: DVector::from_iterator(n, self.y.iter().map(variable)), network: self.network.map(variable) }
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

/// Both sides, entry by entry; or the verdict where there are none.
type Sides = Result<Vec<(Rational, Rational)>, Evaluation>;

/// What an identity is about: X, y and the network, in variables.
struct At {
    x: DMatrix<Rational>,
    y: DVector<Rational>,
    network: Network<Rational>,
}

impl At {
    /// (6), first form.
    fn formula_6(&self) -> DVector<Rational> {
        risk_gradient(&self.x, &self.y, &self.network.product())
    }
    /// The derivative of R^1 along each axis, and (6) times a factor.
    fn six(&self, factor: &Rational) -> Sides {
        let (x, y) = (self.x.map(Dual::constant), self.y.map(Dual::constant));
        let (product, gradient) = (self.network.product().map(Dual::constant), self.formula_6());
        let side = |j: usize| {
            let mut w = product.clone();
            w[j].derivative = Rational::one();
            (linear_risk(&x, &y, &w).derivative, &gradient[j] * factor)
        };
        Ok((0..product.len()).map(side).collect())
    }
    /// The normal equations; or the second form of (6) against the first.
    fn normal(&self, equations: bool) -> Sides {
        let (gram, right) = (self.x.transpose() * &self.x, self.x.transpose() * &self.y);
        let Ok(w_star) = solve(&gram, &DMatrix::from_column_slice(right.len(), 1, right.as_slice())) else {
            return Err(Evaluation::out_of_scope("X^T X is singular: (A1) does not hold"));
        };
        let w_star = DVector::from_column_slice(w_star.as_slice());
        let (left, right) = if equations {
            (&gram * &w_star, right)
        } else {
            let minus = Rational::from(-2) / Rational::from_i64(self.y.len() as i64);
            ((&gram * (&w_star - self.network.product())).map(|v| v * &minus), self.formula_6())
        };
        Ok(left.iter().cloned().zip(right.iter().cloned()).collect())
    }
    /// The sum over the layers of <grad_k, D_k>, and <grad, D> by dual numbers, W_k + e D_k in the definition of the
    /// risk.
    fn five(&self, direction: &Network<Rational>, layer: impl Fn(usize) -> Option<DMatrix<Rational>>) -> Sides {
        let direction = direction.map(variable);
        let pairs = self.network.layers().iter().zip(direction.layers());
        let moved = pairs.map(|(w, v)| w.zip_map(v, Dual::new)).collect();
        let moved = Network::new(moved, self.network.head().map(Dual::constant)).map(|n| n.product());
        let moved = moved.map_err(|_| Evaluation::undecided("the perturbed network could not be formed"))?;
        let exact = linear_risk(&self.x.map(Dual::constant), &self.y.map(Dual::constant), &moved).derivative;
        let mut sum = Rational::zero();
        for (k, along) in (1..).zip(direction.layers()) {
            let layer = layer(k).filter(|m| m.shape() == along.shape()).ok_or_else(|| Evaluation::exact(false))?;
            sum += layer.component_mul(along).iter().fold(Rational::zero(), |s, v| s + v);
        }
        Ok(vec![(sum, exact)])
    }
    /// (5) as printed, by multiplying the chain of matrices. `reversed` is the control.
    fn formula_5(&self, gradient: &DVector<Rational>, k: usize, reversed: bool) -> Option<DMatrix<Rational>> {
        let layers = self.network.layers();
        let left = layers[k..].iter().rev().fold(self.network.head().clone(), |v, w| w.transpose() * v);
        let mut right = gradient.transpose();
        for at in 0..k - 1 {
            let w = &layers[if reversed { k - 2 - at } else { at }];
            if right.ncols() != w.ncols() {
                return None;
            }
            right *= w.transpose();
        }
        Some(left * right)
    }
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
        let at = i.at();
        let sides = match self {
            Self::Six(factor) => at.six(factor),
            Self::SixSecond => at.normal(false),
            Self::Normal => at.normal(true),
            Self::TwoSweeps => {
                let sweeps = at.network.gradient(&Moments::new(&at.x, &at.y));
                at.five(&i.direction, |k| Some(sweeps.layer(k)))
            }
            Self::Five { reversed } => {
                let gradient = at.formula_6();
                at.five(&i.direction, |k| at.formula_5(&gradient, k, *reversed))
            }
        };
        sides.map_or_else(
            |verdict| verdict,
            |sides| Evaluation::identity(self.describe(i), sides.iter().map(|(a, b)| (a, b))),
        )
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
    let identity = |name, statement: &str, which| Form::printed(name, statement, which).graded(Grade::Identity);
    Claim {
        id: "gradient",
        title: "The gradient of the risk",
        place: "Equations (5) and (6), Section 2",
        hypotheses: "any n, depth, widths and head; the second equality of (6): (A1)",
        uses: &[],
        forms: vec![
            identity(
                "printed",
                "grad_k R^L = W_{k+1}^T .. W_L^T w grad R^1(w_prod)^T W_1^T .. W_{k-1}^T",
                Gradient::Five { reversed: false },
            ),
            identity("two-sweeps", "the same as computed by flatcert in two sweeps", Gradient::TwoSweeps),
            identity("equation-6", "grad R^1(w) = -(2/n) X^T (y - X w)", Gradient::Six(Rational::one())),
            identity("equation-6-second", "-(2/n) X^T (y - X w) = -(2/n) X^T X (w* - w)", Gradient::SixSecond),
            identity("normal-equations", "X^T y = X^T X w*", Gradient::Normal),
            Form::control("half-factor", "grad R^1(w) = -(1/n) X^T (y - X w)", Gradient::Six(Rational::new(1, 2))),
            Form::control("sign", "grad R^1(w) = +(2/n) X^T (y - X w)", Gradient::Six(Rational::from(-1))),
            Form::control(
                "reversed",
                "grad_k R^L with W_{k-1}^T .. W_1^T on the right",
                Gradient::Five { reversed: true },
            ),
        ],
        finding: None,
        remarks: &[
            "Section 2 of the text prints X^T y = X^T X w* with its exponents garbled by the extraction; it is read \
             as the normal equations.",
        ],
    }
}
