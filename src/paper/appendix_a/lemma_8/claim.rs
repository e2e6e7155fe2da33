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
use crate::formula::{Expr, Reading, Says, Table, Value, norm, var};
use crate::harness::{
    Claim, Context, Evaluation, Form, Grade, Statement, Symbols, decide_formula, holds_exactly, shorter, stated,
};
use crate::linalg::solve;
use crate::paper::kit::instances;
use crate::paper::kit::instances::{NetworkInstance, enclose};
use crate::problem::draw::{small_matrix, stream};
use crate::problem::norm_squared;
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Raw data and a regressor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RawData {
    x: Vec<Vec<Rational>>,
    y: Vec<Rational>,
    w: Vec<Rational>,
}

struct Identity {
    /// Control: the square dropped, as in the second line of the paper's proof (a misprint there).
    unsquared: bool,
}

impl Statement for Identity {
    type Instance = RawData;

    fn instances(&self, context: &Context) -> Vec<RawData> {
        let shapes = [(1, 1), (2, 1), (3, 2), (5, 3), (8, 4), (7, 5)];
        // Three points per shape bring the bound below 2^-100: the degree of w* grows with the number of columns.
        (0..shapes.len() * 3)
            .map(|i| {
                let (n, d) = shapes[if i < 2 * shapes.len() { i / 2 } else { i - 2 * shapes.len() }];
                let rng = &mut stream(context.seed, 0x68_0000 + i as u64);
                let mut integers = |count: usize| -> Vec<Rational> {
                    (0..count).map(|_| Rational::from_i64(rng.random::<i64>())).collect()
                };
                RawData { x: (0..n).map(|_| integers(d)).collect(), y: integers(n), w: integers(d) }
            })
            .collect()
    }
    fn describe(&self, i: &RawData) -> String {
        format!("n = {}, d = {}", i.y.len(), i.w.len())
    }
    fn evaluate(&self, i: &RawData, _strength: &Rational) -> Evaluation {
        let (n, d) = (i.y.len(), i.w.len());
        if n == 0 || d == 0 || i.x.len() != n || i.x.iter().any(|r| r.len() != d) {
            return Evaluation::out_of_scope("shapes of X, y and w do not agree");
        }
        let variable = |q: &Rational| q.clone().as_variable();
        let x = DMatrix::from_row_iterator(n, d, i.x.iter().flatten().map(variable));
        let column = |v: &[Rational]| DVector::from_iterator(v.len(), v.iter().map(variable));
        let (y, w) = (column(&i.y), column(&i.w));
        let right = x.transpose() * &y;
        let Ok(w_star) = solve(&(x.transpose() * &x), &DMatrix::from_column_slice(d, 1, right.as_slice())) else {
            return Evaluation::out_of_scope("X^T X is singular: (A1) does not hold");
        };
        let w_star = DVector::from_column_slice(w_star.as_slice());
        let mean = |v: DVector<Rational>| norm_squared(v.iter()) / Rational::from_i64(n as i64);
        let (risk, r_min) = (mean(&y - &x * &w), mean(&y - &x * &w_star));
        let quadratic = mean(&x * (&w_star - &w));
        let (left, right) = if self.unsquared {
            // norm(y - X w*) without its square: irrational in general, so compare squares of (R^L - quadratic) n =
            // norm.
            let norm = (risk - quadratic) * Rational::from_i64(n as i64);
            (norm.powi(2), r_min * Rational::from_i64(n as i64))
        } else {
            (risk, r_min + quadratic)
        };
        Evaluation::identity(self.describe(i), [(&left, &right)])
    }
    fn simpler(&self, _i: &RawData) -> Vec<RawData> {
        if _i.y.len() == 2 && _i.w.len() == 1 && _i.y[0] == Rational::from(2) {
            return Vec::new();
        }
        let q = |v: i64| Rational::from(v);
        vec![RawData { x: vec![vec![q(1)], vec![q(0)]], y: vec![q(2), q(3)], w: vec![q(0)] }]
    }
}

/// One of the two bounds, with lambda or Lambda.
struct Bounds(Says);

/// 4 times an eigenvalue times `R^L - R_min`.
fn bound(eigenvalue: &'static str) -> Expr {
    4 * var(eigenvalue) * var("(R^L - R_min)")
}

/// norm(grad R^1(w_prod))^2.
fn gradient() -> Expr {
    norm(var("grad R^1(w_prod)")).pow(2)
}

struct Sides<'a> {
    instance: &'a NetworkInstance,
    /// R - R_min and the gradient of R^1.
    excess: Rational,
    gradient: DVector<Rational>,
}

impl<'a> Sides<'a> {
    fn of(instance: &'a NetworkInstance) -> Option<Self> {
        let m = instance.problem.exact_moments()?;
        let product = instance.network.product();
        let excess = m.risk(&product) - m.risk(instance.problem.w_star_exact()?);
        Some(Self { instance, excess, gradient: m.risk_gradient(&product) })
    }
}

impl Symbols for Sides<'_> {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        Some(Value::Scalar(match name {
            "(R^L - R_min)" => enclose(&self.excess, bits),
            "grad R^1(w_prod)" => {
                let gradient = self.gradient.map(|q| enclose::<E>(&q, bits));
                return Some(Value::Matrix(DMatrix::from_column_slice(gradient.len(), 1, gradient.as_slice())));
            }
            _ => self.instance.symbol(name, bits)?,
        }))
    }
    /// Equality: `w_prod - w*` is an eigenvector whose eigenvalue mu is rational, and exact inertia shows that mu is
    /// the extreme one (white data: always).
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        let problem = &self.instance.problem;
        let m = problem.exact_moments()?;
        let error = self.instance.network.product() - problem.w_star_exact()?;
        let excess = self.excess.clone();
        let scene = Table::default().scalar("(R^L - R_min)", excess).vector("grad R^1(w_prod)", &self.gradient);
        let extreme = |largest| instances::eigenvalue(&m.sigma, &error, largest);
        let scene = extreme(false).into_iter().fold(scene, |scene, mu| scene.scalar("lambda", mu));
        let scene = extreme(true).into_iter().fold(scene, |scene, mu| scene.scalar("Lambda", mu));
        holds_exactly(says, &scene, strength)
    }
}

impl Statement for Bounds {
    type Instance = NetworkInstance;

    fn instances(&self, context: &Context) -> Vec<NetworkInstance> {
        perturbed(context)
    }
    fn describe(&self, i: &NetworkInstance) -> String {
        i.describe()
    }
    fn tags(&self, i: &NetworkInstance) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &NetworkInstance, strength: &Rational) -> Evaluation {
        match Sides::of(i) {
            Some(sides) => decide_formula(&self.0, &sides, strength),
            None => Evaluation::undecided("the data are not exact"),
        }
    }
    fn simpler(&self, i: &NetworkInstance) -> Vec<NetworkInstance> {
        // d = 2, Sigma = diag(1, 2), w* = 0, product along one axis or the other.
        let q = |v: i64| Rational::from(v);
        let mut out = Vec::new();
        for axis in 0..2 {
            let layer = DMatrix::from_fn(1, 2, |_, j| q(i64::from(j == axis)));
            let problem = instances::diagonal_problem("diag(1,2)", [1, 2], [0, 0]);
            let network = crate::network::Network::new(vec![layer], DVector::from_vec(vec![q(1)]));
            if let (Ok(p), Ok(n)) = (problem, network) {
                out.push(NetworkInstance::new(p, n, "one layer along an axis"));
            }
        }
        shorter(i, out)
    }
}

/// Exact networks near (1e-6) and far from minimisers: every third minimiser of the run, its first layer moved.
pub(crate) fn perturbed(context: &Context) -> Vec<NetworkInstance> {
    let list = instances::minimisers(context);
    list.iter()
        .enumerate()
        .filter(|(at, _)| at % 3 == 0)
        .map(|(at, i)| {
            let rng = &mut stream(context.seed, 0x68_1000 + at as u64);
            let scale = if at % 2 == 0 { Rational::one() } else { Rational::new(1, 1_000_000) };
            let mut layers = i.network.layers().to_vec();
            let (rows, columns) = layers[0].shape();
            layers[0] += small_matrix(rng, rows, columns, 3, 2).map(|v| v * &scale);
            let kind = if at % 2 == 0 { "far from a minimiser" } else { "1e-6 from a minimiser" };
            NetworkInstance::new(i.problem.clone(), i.network.with_layers(layers), kind)
        })
        .collect()
}

/// `lemma-8`.
pub fn claim() -> Claim {
    let coverage = [("real data", 5), ("kappa >= 1e6", 5), ("L >= 8", 5), ("L = 1", 5), ("white data", 5)];
    Claim {
        id: "lemma-8",
        title: "Excess risk and gradient of the regression problem",
        place: "Lemma 8",
        hypotheses: "(A1), any network",
        uses: &["gradient"],
        forms: vec![
            Form::printed("printed", "R^L(W) = R_min + norm(X (w* - w_prod))^2 / n", Identity { unsquared: false })
                .graded(Grade::Identity),
            stated(Form::printed, "lower", bound("lambda").at_most(gradient()), Bounds)
                .with_constant(Rational::from(4), true)
                .requires(&coverage),
            stated(Form::printed, "upper", gradient().at_most(bound("Lambda")), Bounds)
                .with_constant(Rational::from(4), false)
                .requires(&coverage),
            Form::control(
                "unsquared",
                "R^L = norm(y - X w*) / n + norm(X (w* - w_prod))^2 / n (the square lost, as in one line of the proof)",
                Identity { unsquared: true },
            ),
            stated(Form::control, "lower-with-Lambda", bound("Lambda").at_most(gradient()), Bounds),
            stated(Form::control, "upper-with-lambda", gradient().at_most(bound("lambda")), Bounds),
        ],
        finding: None,
        remarks: &["The constants 4 are attained on white data: they are the best ones."],
    }
}
