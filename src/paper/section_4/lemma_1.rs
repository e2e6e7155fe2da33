//! Lemma 1: what the gradient flow conserves.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | G_k = grad_k R^L, dW_k/dt = -G_k | `gradient.layer(k)` | d_k x d_{k-1} |
//! | W_{k+1}^T W_{k+1} - W_k W_k^T | `flow::invariants::balance` | d_k x d_k |
//!
//! Along the flow the derivative of the gap is `-(G_{k+1}^T W_{k+1} + W_{k+1}^T G_{k+1}) + G_k W_k^T + W_k G_k^T`. It
//! vanishes for every network if and only if the gap is conserved along every trajectory. That is a polynomial identity
//! in the entries of X, y, the layers and the head: checked in exact rationals at random 64-bit integers. It holds for
//! any head and widths, wider than the paper states (d_L = 1).
//!
//! **Why the identity is the Lemma.** The derivative of the gap along the flow is a polynomial in the weights and the
//! data. If it is the zero polynomial, the gap has derivative zero at every t at which the flow exists, which is
//! Lemma 1; if it is not, some start moves it. A random point decides which of the two it is but for the probability
//! of Schwartz and Zippel: two points for each shape bring it below 2^-100. Nothing is integrated for this form. The
//! form `drift` integrates, and is evidence about the integrator more than about the Lemma.

use crate::arithmetic::{Interval, Rational};
use crate::flow::thinned::follow;
use crate::harness::claim::{Claim, Context, Evaluation, Form, shorter, tagged};
use crate::harness::evidence::Grade;
use crate::harness::pairs::{Pair, judge};
use crate::harness::{Stated, Subject};
use crate::instances::{integer_data, integer_network};
use crate::network::Network;
use crate::paper::section_4::trajectories::{self, Trajectory};
use crate::problem::Moments;
use crate::problem::draw::stream;
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use serde::{Deserialize, Serialize};

/// Exact entries.
type Matrix = DMatrix<Rational>;

/// Data and a network, exact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// X, row by row: n x d.
    x: Vec<Vec<Rational>>,
    /// y: n.
    y: Vec<Rational>,
    /// Layers and head, of any output width.
    network: Network<Rational>,
}

/// Two layers with the gradient in them.
struct Two<'a> {
    /// The lower layer W_k, d_k x d_{k-1}.
    low: &'a Matrix,
    /// The upper layer: W_{k+1} for neighbours.
    high: &'a Matrix,
    /// grad_k R^L at it, of its shape.
    of_low: Matrix,
    /// The gradient at the upper one.
    of_high: Matrix,
}

/// `d/dt (a^T a)` for `da/dt = v`.
///
/// `a^T v + v^T a`, exact. The gradient stands for v here where the flow has its opposite: both sides of an equation
/// change sign together.
fn rate(a: &Matrix, v: &Matrix) -> Matrix {
    let half = a.transpose() * v;
    &half + half.transpose()
}

/// `d/dt` of `high^T high` and of `low low^T`, along the gradient.
fn grams(two: &Two<'_>) -> (Matrix, Matrix) {
    (rate(two.high, &two.of_high), rate(&two.low.transpose(), &two.of_low.transpose()))
}

/// Pairs that are equal if the quantity is conserved, of layers at this distance from each other; none where the shapes
/// do not allow to form it.
fn sides(i: &Field, apart: usize, of: fn(&Two<'_>) -> (Matrix, Matrix)) -> Vec<(Matrix, Matrix)> {
    let d = i.network.widths()[0];
    let variable = |q: &Rational| q.clone().as_variable();
    let x = DMatrix::from_row_iterator(i.x.len(), d, i.x.iter().flatten().map(variable));
    let y = DVector::from_iterator(i.y.len(), i.y.iter().map(variable));
    let network = i.network.map(variable);
    let gradient = network.gradient(&Moments::new(&x, &y));
    let layers = network.layers();
    let two = |k: usize| {
        let (low, high) = (&layers[k - 1], &layers[k - 1 + apart]);
        of(&Two { low, high, of_low: gradient.layer(k), of_high: gradient.layer(k + apart) })
    };
    (1..=layers.len().saturating_sub(apart)).map(two).filter(|(a, b)| a.shape() == b.shape()).collect()
}

/// Points at which the identities are tried: two per shape bring their bound below 2^-100.
fn fields(context: &Context) -> Vec<Field> {
    let shapes: [&[usize]; 10] = [
        &[2, 2, 1],
        &[3, 1, 1],
        &[1, 1, 1],
        &[2, 5, 1],
        &[4, 3, 2, 1],
        &[2, 2, 2, 2],
        &[3, 1, 4, 3],
        &[1, 1, 1, 1, 1, 1],
        &[3, 4, 1, 2, 3, 2],
        &[2, 3, 2, 3, 2, 3, 2, 3, 1],
    ];
    let field = |i: usize| {
        let widths = shapes[i / 2];
        let rng = &mut stream(context.seed, 0x6c_0000 + i as u64);
        let network = integer_network(widths, rng).ok()?;
        let (x, y) = integer_data(widths[0] + 1, widths[0], rng);
        Some(Field { x, y, network })
    };
    (0..shapes.len() * 2).filter_map(field).collect()
}

impl Subject for Field {
    fn describe(&self) -> String {
        format!("n={}, widths {:?}", self.y.len(), self.network.widths())
    }
    fn tags(&self) -> Vec<String> {
        let widths = self.network.widths();
        let depth = widths.len() - 1;
        tagged([
            (widths[depth] == 1, "d_L = 1"),
            (widths[depth] > 1, "d_L > 1, any head"),
            (widths[1..depth].contains(&1), "a hidden layer of width 1"),
            (depth >= 8, "L >= 8"),
        ])
    }
    fn simpler(&self) -> Vec<Self> {
        let mut out = Vec::new();
        for (d, depth) in [(1, 2), (1, 3), (2, 2), (2, 3)] {
            for w in [1, 2] {
                let layer = |k: usize| DMatrix::from_fn(d, d, |a, b| Rational::from(((a + 2 * b + k * w) % 3) as i64));
                let network = Network::new((1..=depth).map(layer).collect(), DVector::from_element(d, Rational::one()));
                let Ok(network) = network else { continue };
                let x = (0..d).map(|a| (0..d).map(|b| Rational::from(i64::from(a == b))).collect()).collect();
                out.push(Self { x, y: vec![Rational::one(); d], network });
            }
        }
        shorter(self, out)
    }
}

/// The two sides of what is conserved are equal.
fn identity(apart: usize, of: fn(&Two<'_>) -> (Matrix, Matrix)) -> Stated<Field> {
    Stated::new(fields, move |i: &Field, _| {
        let d = i.network.widths()[0];
        if i.x.len() != i.y.len() || i.x.is_empty() || i.x.iter().any(|r| r.len() != d) {
            return Evaluation::out_of_scope("shapes of X, y and the network do not agree");
        }
        let sides = sides(i, apart, of);
        if sides.is_empty() {
            return Evaluation::out_of_scope("no pair of layers of shapes that can be compared");
        }
        Evaluation::identity(i.describe(), sides.iter().flat_map(|(a, b)| a.iter().zip(b.iter())))
    })
}

/// Tolerances compared.
///
/// Relative tolerances of the integrator.
const LOOSE: f64 = 1e-5;
/// The tighter of the two.
const TIGHT: f64 = 1e-9;

/// Rounding of the gaps themselves, relative, which no tolerance can lower.
const ROUNDING: f64 = 1e-13;

/// The drift of a numerical trajectory, at two tolerances: the share of the loose drift that the tight one may reach.
///
/// Passes where `tight <= share loose`; the allowance does not fall below [`ROUNDING`], because a loose run may
/// happen to conserve the gaps to the last digits, and the tight one cannot do better than they are computed.
fn drift(share: f64) -> Stated<Trajectory> {
    let evaluate = move |i: &Trajectory, strength: &Rational| {
        if i.start.depth() == 1 {
            return Evaluation::out_of_scope("L = 1 has no pair of layers");
        }
        if i.start.zero_layers().len() == i.start.depth() {
            return Evaluation::out_of_scope("W = 0: the flow stands still");
        }
        let start = i.start.network.map(Rational::to_f64);
        let of = |tolerance| follow(&i.start.problem, &start, tolerance, 50_000).map(|f| f.relative_drift());
        match (of(LOOSE), of(TIGHT)) {
            (Ok(loose), Ok(tight)) => {
                let allowed = Interval::point(share * loose.max(ROUNDING / share.max(ROUNDING)));
                judge([Pair::new(allowed, Interval::point(tight))], strength, "f64 along two numerical trajectories")
            }
            (Err(e), _) | (_, Err(e)) => Evaluation::undecided(e.to_string()),
        }
    };
    Stated::new(|c| trajectories::of(c, true).into_iter().step_by(c.size(3, 3, 2)).collect(), evaluate)
}

/// `lemma-1`.
pub fn claim() -> Claim {
    let control = |name, statement: &str, sides| Form::control(name, statement, identity(1, sides));
    Claim {
        id: "lemma-1",
        title: "What the gradient flow conserves",
        place: "Lemma 1, Section 4",
        hypotheses: "any data, L >= 2, widths and head",
        uses: &["gradient"],
        forms: vec![
            Form::printed(
                "printed",
                "d/dt (W_{k+1}^T W_{k+1} - W_k W_k^T) = 0 along dW_k/dt = -grad_k R^L",
                identity(1, grams),
            )
            .graded(Grade::Identity)
            .requires(&[
                ("d_L = 1", 6),
                ("d_L > 1, any head", 6),
                ("a hidden layer of width 1", 4),
                ("L >= 8", 2),
            ]),
            Form::printed(
                "traces",
                "d/dt (norm_F(W_{k+1})^2 - norm_F(W_k)^2) = 0, as B.3 uses it",
                identity(1, |two| {
                    let (high, low) = grams(two);
                    (DMatrix::from_element(1, 1, high.trace()), DMatrix::from_element(1, 1, low.trace()))
                }),
            )
            .graded(Grade::Identity),
            Form::sharpened(
                "drift",
                "the drift of the gaps along a numerical trajectory falls at least hundredfold when the tolerance \
                 falls from 1e-5 to 1e-9",
                drift(0.01),
            )
            .graded(Grade::Computed)
            .requires(&[("L >= 8", 2)]),
            control("transposed", "d/dt (W_{k+1} W_{k+1}^T - W_k^T W_k) = 0", |two| {
                (rate(&two.high.transpose(), &two.of_high.transpose()), rate(two.low, &two.of_low))
            }),
            control("sum", "d/dt (W_{k+1}^T W_{k+1} + W_k W_k^T) = 0", |two| {
                let (high, low) = grams(two);
                (high, -low)
            }),
            Form::control("not-adjacent", "d/dt (W_{k+2}^T W_{k+2} - W_k W_k^T) = 0", identity(2, grams)),
            control("descent", "a step of gradient descent (rate 1/8) conserves the gaps", |two| {
                let moved = |w: &Matrix, g: &Matrix| w - g.map(|v| v * Rational::new(1, 8));
                let (a, b) = (moved(two.high, &two.of_high), moved(two.low, &two.of_low));
                (
                    a.transpose() * &a - two.high.transpose() * two.high,
                    &b * b.transpose() - two.low * two.low.transpose(),
                )
            }),
            Form::control(
                "no-drift",
                "a numerical trajectory conserves the gaps to a share of 1e-9 of the loose drift",
                drift(1e-9),
            ),
        ],
        finding: None,
        remarks: &["The identity is one on the vector field; integrated over time it is the Lemma, for every t at \
                    which the flow exists."],
    }
}
