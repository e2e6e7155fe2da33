//! The example after Assumption (A2): one layer zero, the others Gaussian.
//!
//! | paper | code |
//! | --- | --- |
//! | R^L(W(0)) = R_0 | `network.risk == power`: the product contains the zero factor |
//! | grad_z R^L(W(0)) = W_{z+1}^T .. W_L^T (-2 Sigma w*)^T W_1^T .. W_{z-1}^T | `gradient.layer(z)` |
//!
//! Every entry of grad_z is a polynomial in the entries of the other layers. A polynomial that is not zero at one
//! rational point is not the zero polynomial, and a nonzero polynomial vanishes on a null set only: one exact witness
//! per shape and position settles "almost surely" for any law of the others with a density, so nothing needs to be
//! sampled. The witness exists for every depth, position and width (a bottleneck of width 1 too) as soon as X^T y != 0,
//! that is w* != 0; for w* = 0 the example is wrong (the finding).
//!
//! **Why one witness suffices.** Fix the data, the shapes and the place z of the zero layer. `grad_z R^L(W(0))` is a
//! matrix of polynomials in the entries of the other layers; the set where all vanish is either everything or of
//! measure zero. One rational point at which an entry is not zero excludes the first, so that the set has probability
//! zero under any law with a density, the Gaussian among them. A point at which the gradient vanishes shows nothing
//! by itself: the control and the finding need the argument that every term of the polynomial has a zero factor.

use crate::arithmetic::Rational;
use crate::error::Result;
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, shorter};
use crate::harness::evidence::{Grade, Role};
use crate::instances::{self, NetworkInstance, no_head};
use crate::network::Network;
use crate::network::initialise::{fully_connected, widths};
use crate::problem::{Problem, fixtures, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use std::sync::Arc;

/// The example of the text with so many zero layers. Of one it is decided whether it satisfies (A2) almost surely.
struct Example {
    /// One; two for a control.
    zeros: usize,
    /// Corrected: w* != 0.
    corrected: bool,
}

impl Statement for Example {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        make(context, self.zeros).unwrap_or_default()
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        let mut out = i.tags();
        out.extend(i.zero_layers().first().map(|zero| i.tags_of_zero(*zero)).unwrap_or_default());
        out
    }
    fn evaluate(&self, i: &NetworkInstance, _strength: &Rational) -> Evaluation {
        let zeros = i.zero_layers();
        if zeros.len() != self.zeros || !(i.network.head().len() == 1 && i.network.head()[0].is_one()) {
            return Evaluation::out_of_scope("not the example: zero layers, or a head that is not (1)");
        }
        let Some(data) = i.problem.exact_moments() else {
            return Evaluation::out_of_scope("the data are not exact");
        };
        if self.corrected && i.w_star_norm_squared().is_zero() {
            return Evaluation::out_of_scope("w* = 0");
        }
        // A product with a zero factor, at every choice of the others; the equality is checked all the same.
        if i.network.risk(data) != data.power {
            return Evaluation::exact(false);
        }
        let moves = |network: &Network<Rational>| {
            let gradient = network.gradient(data);
            zeros.iter().any(|z| !norm_squared(gradient.layer(*z).iter()).is_zero())
        };
        if moves(&i.network) {
            return Evaluation::exact(true);
        }
        // No witness here. For w* = 0, or with a second zero layer, every term of the polynomial has a zero factor: it
        // is the zero polynomial.
        if i.w_star_norm_squared().is_zero() || self.zeros == 2 {
            return Evaluation::exact(false);
        }
        // Else the drawn point may be a root: rank-deficient layers are not rare among small rationals. Any other point
        // will do.
        let found = (1..=WITNESSES).any(|shift| moves(&shifted(&i.network, &zeros, shift)));
        if found { Evaluation::exact(true) } else { Evaluation::undecided("no witness among the points tried") }
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        let mut out = Vec::new();
        let none = DVector::from_element(1, Rational::zero());
        let zero = Problem::white(&Rational::one(), &none, &Rational::zero()).ok().map(|p| p.renamed("d=1, X=1, y=0"));
        for problem in [zero.map(Arc::new), instances::scalar_problem()].into_iter().flatten() {
            for depth in 1..=2 {
                let layer = |k| DMatrix::from_element(1, 1, Rational::from(i64::from(k > 0 && self.zeros == 1)));
                let network = Network::new((0..depth).map(layer).collect(), no_head());
                out.extend(network.ok().map(|n| NetworkInstance::new(problem.clone(), n, "W_1 = 0")));
            }
        }
        shorter(i, out)
    }
}

/// Points tried before a polynomial is left undecided.
const WITNESSES: i64 = 4;

/// Layers that are not zero, plus multiples of a matrix with ones on its diagonal.
fn shifted(network: &Network<Rational>, zeros: &[usize], shift: i64) -> Network<Rational> {
    let layers = network.layers().iter().enumerate().map(|(k, w)| {
        let diagonal = DMatrix::from_fn(w.nrows(), w.ncols(), |a, b| {
            Rational::from(if a == b && !zeros.contains(&(k + 1)) { 8 * shift } else { 0 })
        });
        w + diagonal
    });
    network.with_layers(layers.collect())
}

/// Eight depths up to 16, every position of the zero layer, three patterns of widths, data with w* of any direction and
/// w* = 0.
///
/// Two zero layers: layers z and z + 1. The seed of a start depends on that of the run, its depth, place and pattern.
///
/// # Errors
/// Data or layers that could not be made; the statement then has no instance, and is vacuous.
fn make(context: &Context, zeros: usize) -> Result<Vec<NetworkInstance>> {
    let mut problems: Vec<Arc<Problem>> = instances::problems(context)?;
    problems.truncate(16);
    problems.push(Arc::new(fixtures::hald()?));
    let mut out = Vec::new();
    for depth in [1, 2, 3, 4, 6, 8, 12, 16] {
        for zero in 1..=depth {
            if zeros == 2 && zero == depth {
                continue;
            }
            for pattern in 0..3 {
                let problem = &problems[(depth + 5 * zero + 7 * pattern) % problems.len()];
                let d = problem.dimension();
                let hidden = [d, 1, 2 * d][pattern];
                let seed = context.seed.wrapping_add((depth * 64 + zero * 4 + pattern) as u64);
                let network = fully_connected(&widths(d, hidden, depth), zero, seed)?;
                let mut layers = network.layers().to_vec();
                if zeros == 2 {
                    layers[zero].fill(Rational::zero());
                }
                let kind = format!("W_{zero} = 0, pattern {pattern}");
                out.push(NetworkInstance::new(problem.clone(), network.with_layers(layers), kind));
            }
        }
    }
    Ok(out)
}

/// `assumption-2`.
pub fn claim() -> Claim {
    let example = |corrected| Example { zeros: 1, corrected };
    let coverage = [
        ("L = 1", 2),
        ("L >= 8", 20),
        ("first layer zero", 10),
        ("last layer zero", 10),
        ("a middle layer zero", 20),
        ("a hidden layer of width 1", 10),
        ("real data", 2),
    ];
    let statement = "one zero layer z, the others Gaussian: R^L(W(0)) = R_0 and, almost surely, grad_z R^L(W(0)) != 0";
    Claim {
        id: "assumption-2",
        title: "The example that satisfies Assumption (A2)",
        place: "Section 4, after (A2)",
        hypotheses: "(A1); d_L = 1, w = 1; any depth, widths and position of the zero layer; corrected: w* != 0",
        uses: &["gradient"],
        forms: vec![
            Form::misprinted("printed", statement, example(false)),
            Form::holds(
                "corrected",
                Role::Corrected,
                // An exact witness settles "almost surely" for its shape and data: nothing is left to chance, nor said
                // of other shapes.
                Grade::Instance,
                format!("if w* != 0: {statement}"),
                example(true),
            )
            .requires(&coverage),
            Form::control("two-zero-layers", "the same with two zero layers", Example { zeros: 2, corrected: false }),
        ],
        finding: Some(
            "A missing hypothesis: for w* = 0 (X^T y = 0) the gradient vanishes at every network with a zero layer, so \
             the example does not satisfy (A2) (d = 1, X = 1, y = 0, L = 1, W_1 = 0). Nothing depends on it: B.4 \
             derives w* != 0 from (A2), and (A3) asks for norm(w*) >= 1.",
        ),
        remarks: &[
            "Almost surely is settled by algebra: each instance is an exact witness that a polynomial in the Gaussian \
             entries is not the zero polynomial.",
        ],
    }
}
