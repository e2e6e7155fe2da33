//! Lemma 8 (Appendix A): the excess risk as a quadratic, and the two-sided bound on the gradient of R^1.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | R^L(W) - R_min | `excess` | scalar |
//! | norm(grad R^1(w_prod))^2 | `gradient` | scalar |
//! | lambda, Lambda | `Problem::lambda`, `lambda_max` | enclosures |
//!
//! The identity `R^L = R_min + norm(X (w* - w_prod))^2 / n` is checked on the raw X and y, both risks from their
//! definition. Cleared of the denominator `det(X^T X)^2` of w* it is a polynomial identity of degree at most `4 d + 4`
//! in the entries of X, y and w_prod (any vector is a w_prod). The bounds are checked on exact networks that are no
//! minimisers, near and far; both are attained on white data, and along extreme eigenvectors, where they are decided in
//! rationals.

use crate::arithmetic::{Enclosure, Rational, Ring};
use crate::formula::{Reading, Says, Table, Value, norm, var};
use crate::harness::{
    Claim, Context, Evaluation, Form, Grade, Statement, Symbols, decide_formula, holds_exactly, shorter, stated,
};
use crate::instances::{NetworkInstance, Networks, diagonal_problem, minimisers, no_head};
use crate::linalg::{extreme_eigenvalue_of, from_rows, solve};
use crate::network::Network;
use crate::problem::draw::{small_matrix, stream};
use crate::problem::norm_squared;
use nalgebra::DMatrix;
use num_traits::One;
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Raw data and a regressor.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct RawData {
    /// X, row by row: n x d.
    x: Vec<Vec<Rational>>,
    /// y: n.
    y: Vec<Rational>,
    /// Any vector in the place of w_prod: d.
    w: Vec<Rational>,
}

/// The excess risk as a quadratic, both sides from their definitions.
struct Identity {
    /// Control: the square dropped, as in the second line of the paper's proof (a misprint there).
    unsquared: bool,
}

impl Statement for Identity {
    type Instance = RawData;

    fn instances(&self, context: &Context) -> Vec<RawData> {
        let shapes = [(1, 1), (2, 1), (3, 2), (5, 3), (8, 4), (7, 5)];
        // Three points per shape bring the bound below 2^-100: the degree of w* grows with the number of columns.
        let order = (0..2 * shapes.len()).map(|i| i / 2).chain(0..shapes.len());
        let of = |(stream_of, shape): (u64, usize)| {
            let ((n, d), rng) = (shapes[shape], &mut stream(context.seed, 0x68_0000 + stream_of));
            let mut integers = |count| (0..count).map(|_| Rational::from_i64(rng.random::<i64>())).collect();
            RawData { x: (0..n).map(|_| integers(d)).collect(), y: integers(n), w: integers(d) }
        };
        (0..).zip(order).map(of).collect()
    }
    fn describe(&self, i: &RawData) -> String {
        format!("n = {}, d = {}", i.y.len(), i.w.len())
    }
    fn evaluate(&self, i: &RawData, _strength: &Rational) -> Evaluation {
        let (n, d) = (i.y.len(), i.w.len());
        let Some(x) = from_rows(&i.x).filter(|x| x.shape() == (n, d)) else {
            return Evaluation::out_of_scope("shapes of X, y and w do not agree");
        };
        let x = x.map(Rational::as_variable);
        let column = |v: &[Rational]| DMatrix::from_column_slice(v.len(), 1, v).map(Rational::as_variable);
        let (y, w) = (column(&i.y), column(&i.w));
        let Ok(w_star) = solve(&(x.transpose() * &x), &(x.transpose() * &y)) else {
            return Evaluation::out_of_scope("X^T X is singular: (A1) does not hold");
        };
        let mean = |v: DMatrix<Rational>| norm_squared(v.iter()) / Rational::from_i64(n as i64);
        let (risk, r_min) = (mean(&y - &x * &w), mean(&y - &x * &w_star));
        let quadratic = mean(&x * (&w_star - &w));
        let (left, right) = if self.unsquared {
            // norm(y - X w*) is irrational in general: the squares of (R^L - quadratic) n = norm.
            let norm = (risk - quadratic) * Rational::from_i64(n as i64);
            (norm.powi(2), r_min * Rational::from_i64(n as i64))
        } else {
            (risk, r_min + quadratic)
        };
        Evaluation::identity(self.describe(i), [(&left, &right)])
    }
    fn simpler(&self, i: &RawData) -> Vec<RawData> {
        let of = |v: &[i64]| v.iter().map(|n| Rational::from(*n)).collect();
        shorter(i, [RawData { x: vec![of(&[1]), of(&[0])], y: of(&[2, 3]), w: of(&[0]) }])
    }
}

/// An instance, and what is known of it exactly.
struct Known<'a>(&'a NetworkInstance, Table<Rational>);

impl<'a> Known<'a> {
    /// R - R_min, the gradient of R^1, and lambda or Lambda where `w_prod - w*` is an eigenvector whose eigenvalue is
    /// rational and, by exact inertia, the extreme one (white data: always): the cases of equality.
    fn of(instance: &'a NetworkInstance) -> Option<Self> {
        let (m, w_star) = (instance.problem.exact_moments()?, instance.problem.w_star_exact()?);
        let product = instance.network.product();
        let exact = Table::default()
            .scalar("(R^L - R_min)", m.risk(&product) - m.risk(w_star))
            .vector("grad R^1(w_prod)", &m.risk_gradient(&product));
        let extremes = [("lambda", false), ("Lambda", true)]
            .map(|(name, largest)| extreme_eigenvalue_of(&m.sigma, &(&product - w_star), largest).map(|mu| (name, mu)));
        Some(Self(instance, extremes.into_iter().flatten().fold(exact, |t, (name, mu)| t.scalar(name, mu))))
    }
}

impl Symbols for Known<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        self.0.value(name, indices, bits).or_else(|| self.1.enclose(name, indices, bits))
    }
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        holds_exactly(says, &self.1, strength)
    }
}

/// One of the two bounds, with lambda or Lambda.
///
/// The networks are moved off their minimisers. Undecided where the data are not rational: the risk and its gradient
/// are compared exactly.
fn bounds(says: Says) -> Networks {
    let evaluate = move |i: &NetworkInstance, strength: &Rational| match Known::of(i) {
        Some(known) => decide_formula(&says, &known, strength),
        None => Evaluation::undecided("the data are not exact"),
    };
    // d = 2, Sigma = diag(1, 2), w* = 0, product along one axis or the other.
    let along = |axis| {
        let problem = diagonal_problem("diag(1,2)", [1, 2], [0, 0]).ok()?;
        let layer = DMatrix::from_fn(1, 2, |_, j| Rational::from(i64::from(j == axis)));
        let network = Network::new(vec![layer], no_head()).ok()?;
        Some(NetworkInstance::new(problem, network, "one layer along an axis"))
    };
    Networks::new(moved, evaluate).simpler(move |i| shorter(i, (0..2).filter_map(along)))
}

/// Exact networks near (1e-6) and far from minimisers: every third minimiser of the run, its first layer moved.
fn moved(context: &Context) -> Vec<NetworkInstance> {
    let moved = |(at, i): (usize, &NetworkInstance)| {
        let rng = &mut stream(context.seed, 0x68_1000 + at as u64);
        let (scale, kind) = match at % 2 {
            0 => (Rational::one(), "far from a minimiser"),
            _ => (Rational::new(1, 1_000_000), "1e-6 from a minimiser"),
        };
        let mut layers = i.network.layers().to_vec();
        let (rows, columns) = layers[0].shape();
        layers[0] += small_matrix(rng, rows, columns, 3, 2).map(|v| v * &scale);
        NetworkInstance::new(i.problem.clone(), i.network.with_layers(layers), kind)
    };
    minimisers(context).iter().enumerate().step_by(3).map(moved).collect()
}

/// `lemma-8`.
pub fn claim() -> Claim {
    let coverage = [("real data", 5), ("kappa >= 1e6", 5), ("L >= 8", 5), ("L = 1", 5), ("white data", 5)];
    let gradient = norm(var("grad R^1(w_prod)")).pow(2);
    let below = |eigenvalue| (4 * var(eigenvalue) * var("(R^L - R_min)")).at_most(&gradient);
    let above = |eigenvalue| gradient.at_most(4 * var(eigenvalue) * var("(R^L - R_min)"));
    let printed = |name, says, larger| {
        stated(Form::printed, name, says, bounds).with_constant(Rational::from(4), larger).requires(&coverage)
    };
    Claim {
        id: "lemma-8",
        title: "Excess risk and gradient of the regression problem",
        place: "Lemma 8",
        hypotheses: "(A1), any network",
        uses: &["gradient"],
        forms: vec![
            Form::printed("printed", "R^L(W) = R_min + norm(X (w* - w_prod))^2 / n", Identity { unsquared: false })
                .graded(Grade::Identity),
            printed("lower", below("lambda"), true),
            printed("upper", above("Lambda"), false),
            Form::control(
                "unsquared",
                "R^L = norm(y - X w*) / n + norm(X (w* - w_prod))^2 / n (the square lost, as in one line of the proof)",
                Identity { unsquared: true },
            ),
            stated(Form::control, "lower-with-Lambda", below("Lambda"), bounds),
            stated(Form::control, "upper-with-lambda", above("lambda"), bounds),
        ],
        finding: None,
        remarks: &["The constants 4 are attained on white data: they are the best ones."],
    }
}
