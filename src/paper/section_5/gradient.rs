//! The two gradient bounds of Section 5, (33) and (39) of B.8, and those of the multivariate extension (Theorem 5).
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | Pi_{L:k+1} = W_L .. W_{k+1}, Pi_{k-1:1} = W_{k-1} .. W_1 | `after`, `before` (identity where empty) | d x d |
//! | norm_F(grad_k R^L)^2 | `gradient` | scalar, exact |
//! | R(W) - R_min | `excess` | scalar, exact |
//! | norm(w)^2 | `head` (1 in Theorem 5) | scalar, exact |
//! | lambda, Lambda | extreme eigenvalues of `sigma`, enclosed | scalars |
//! | X, Y of Theorem 5 | `x`, `y` | n x d |
//!
//! **Why.** `grad_k = Pi_{L:k+1}^T G Pi_{k-1:1}^T`, with `G = w g^T`, `g = 2 Sigma (w_prod - w*)` (univariate), or
//! `G = 2 E Sigma`, `E = Pi - P*` (multivariate; `P*^T = (X^T X)^-1 X^T Y`). For any matrices
//! `sigma_min(A) sigma_min(B) norm_F(G) <= norm_F(A G B) <= norm_2(A) norm_2(B) norm_F(G)` (A, B square), and
//! `norm_F(G)^2 = 4 tr(E Sigma^2 E^T)` lies between 4 lambda and 4 Lambda times `tr(E Sigma E^T) = R - R_min`, by Lemma
//! 8 row by row.
//!
//! **Oracle.** In the multivariate case the gradient comes from the definition of the risk alone (`by_definition`).
//! R_min is the risk at P*, from the normal equations.
//!
//! **The way of the data.** A claim is decided at the first, the last and a middle layer of each drawn network.
//! `Parts` are the exact symbols at one layer, `bound` the right-hand side as a formula; `decide_formula` raises the
//! precision until the enclosures of both sides part. Both constants 4 are attained, so equality occurs and no
//! enclosure decides it: `Parts` then compares the sides as sums of square roots of rationals, exactly.

use crate::arithmetic::{Enclosure, Rational};
use crate::error::Result;
use crate::formula::{Expr, Reading, Says, Scene, Table, Value, fraction, in_roots, norm, sigma_min, var};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, shorter, tagged};
use crate::harness::symbols::{Symbols, decide_formula, stated};
use crate::instances::{NetworkInstance, diagonal_problem, enclose};
use crate::linalg::{from_rows, largest_eigenvalue, smallest_eigenvalue, solve, to_rows};
use crate::network::Network;
use crate::network::directions::by_definition;
use crate::network::initialise::residual_exact;
use crate::network::products::product;
use crate::problem::draw::{small_matrix, stream, unit_vector};
use crate::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Exact matrices.
type Matrix = DMatrix<Rational>;
/// A matrix by its rows, as instances are stored.
type Rows = Vec<Vec<Rational>>;

/// Regression on d targets by a network without a head.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Multivariate {
    /// X, n x d.
    x: Rows,
    /// Y, n x d.
    y: Rows,
    /// W_1 .. W_L, d x d.
    layers: Vec<Rows>,
}

/// A network with its data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Case {
    /// One target, a fixed head.
    Univariate(NetworkInstance),
    /// d targets, no head.
    Multivariate(Multivariate),
}

/// One layer of a network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AtLayer {
    /// The network with its data.
    case: Case,
    /// k, from 1.
    layer: usize,
    /// How it was drawn, in words: the coverage classes are read off it.
    kind: String,
}

/// Everything the bounds at one layer speak of, exact; lambda and Lambda are those of the symbol Sigma.
struct Parts(Table<Rational>);

impl Case {
    /// At layer k; `None` where the layers are not all d x d, or X^T X is singular.
    ///
    /// Exact: w* and R_min come from the normal equations, the gradient of a univariate network from (5), that of a
    /// multivariate one from the risk by differences that are exact for a quadratic. Cost: O(L d^3) operations in
    /// rationals, and 2 d^2 risks for the differences.
    fn parts(&self, k: usize) -> Option<Parts> {
        let layers = match self {
            Self::Univariate(i) => i.network.layers().to_vec(),
            Self::Multivariate(m) => m.layers.iter().map(|r| from_rows(r)).collect::<Option<Vec<_>>>()?,
        };
        let d = self.shape().1;
        if layers.iter().any(|w| w.shape() != (d, d)) || !(1..=layers.len()).contains(&k) {
            return None;
        }
        let (after, before) = (product(&layers, d, layers.len(), k), product(&layers, d, k - 1, 0));
        let (sigma, excess, gradient, head) = match self {
            Self::Univariate(i) => {
                let (m, w_star) = (i.problem.exact_moments()?, i.problem.w_star_exact()?);
                let excess = i.network.risk(m) - m.risk(w_star);
                (m.sigma.clone(), excess, i.network.gradient(m).layer(k), i.head_norm_squared())
            }
            Self::Multivariate(m) => {
                let (x, y) = (from_rows(&m.x)?, from_rows(&m.y)?);
                (x.shape() == y.shape()).then_some(())?;
                let n = Rational::from(x.nrows() as i64);
                let gram = x.transpose() * &x;
                let best = solve(&gram, &(x.transpose() * &y)).ok()?.transpose();
                let risk = |product: &Matrix| norm_squared((&y - &x * product.transpose()).iter()) / &n;
                let at = |w: &Matrix| risk(&(&after * w * &before));
                let excess = at(&layers[k - 1]) - risk(&best);
                (gram.map(|v| v / &n), excess, by_definition(&layers[k - 1], at), Rational::one())
            }
        };
        let table = Table::default()
            .matrix("Sigma", &[], sigma)
            .define("lambda", &[], sigma_min(var("Sigma")))
            .define("Lambda", &[], norm(var("Sigma")))
            .matrix(PRODUCTS[0], &[], after)
            .matrix(PRODUCTS[1], &[], before)
            .scalar(EXCESS, excess)
            .scalar(GRADIENT, norm_squared(gradient.iter()))
            .scalar(HEAD, head);
        Some(Parts(table))
    }
    /// L and d.
    fn shape(&self) -> (usize, usize) {
        match self {
            Self::Univariate(i) => (i.depth(), i.problem.dimension()),
            Self::Multivariate(m) => (m.layers.len(), m.x.first().map_or(0, Vec::len)),
        }
    }
}

/// `norm_F(grad_k R^L)^2`, the side that is bounded.
const GRADIENT: &str = "norm_F(grad_k)^2";
/// `R(W) - R_min`, one factor of the other side.
const EXCESS: &str = "(R - R_min)";
/// `norm(w)^2`, a factor where there is a head.
const HEAD: &str = "norm(w)^2";
/// The products of the layers after and before the k-th.
const PRODUCTS: [&str; 2] = ["Pi_{L:k+1}", "Pi_{k-1:1}"];

/// The norm of a matrix, or sigma_min.
type Measure = fn(Expr) -> Expr;

/// What `norm_F(grad_k)^2` is compared with: `constant eigenvalue head value(Pi_{L:k+1})^2 value(Pi_{k-1:1})^2
/// (R - R_min)`, with sigma_min or the norm for the value.
fn bound(constant: Expr, eigenvalue: &'static str, head: bool, value: Measure) -> Expr {
    let head = head.then(|| var(HEAD));
    let factors = head.into_iter().chain(PRODUCTS.map(|name| value(var(name)).pow(2))).chain([var(EXCESS)]);
    factors.fold(constant * var(eigenvalue), |e, factor| e * factor)
}

impl Symbols for Parts {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        let of = |m: &Matrix| m.map(|q| enclose::<E>(&q, bits));
        let extreme = name == "lambda" || name == "Lambda";
        Some(match self.0.get(if extreme { "Sigma" } else { name }, &[])? {
            Value::Matrix(m) if name == "lambda" => Value::Scalar(smallest_eigenvalue(&of(&m))),
            Value::Matrix(m) if name == "Lambda" => Value::Scalar(largest_eigenvalue(&of(&m))),
            Value::Matrix(m) => Value::Matrix(of(&m)),
            Value::Scalar(q) => Value::Scalar(enclose(&q, bits)),
            Value::Unit => Value::Unit,
        })
    }
    /// Equality, in square roots: neither side is negative, and of two zeros each is any multiple of the other.
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        let (a, b) = in_roots(says, &self.0).ok()?.pop()??;
        let zero = a.vanishes();
        ((zero || *strength <= Rational::one()) && a.less(b).vanishes()).then_some(true)
    }
}

/// One bound, of the networks of one kind.
struct Bounds {
    /// `norm_F(grad_k)^2` against a `bound`.
    says: Says,
    /// Which networks it is tried on: d targets, or one with a head.
    multivariate: bool,
}

impl Statement for Bounds {
    type Instance = AtLayer;

    fn instances(&self, context: &Context) -> Vec<AtLayer> {
        let mut out = Vec::new();
        for i in 0..context.size(90, 600, 6000) {
            let rng = &mut stream(context.seed, if self.multivariate { MULTIVARIATE } else { UNIVARIATE } + i as u64);
            let drawn = if self.multivariate { multivariate_case(rng, i) } else { univariate_case(rng, i) };
            let Ok((case, kind)) = drawn else { continue };
            let depth = case.shape().0;
            // First, last, and one between.
            let mut layers = vec![1, depth, depth.div_ceil(2)];
            layers.dedup();
            out.extend(layers.into_iter().map(|layer| AtLayer { case: case.clone(), layer, kind: kind.clone() }));
        }
        out
    }
    fn describe(&self, i: &AtLayer) -> String {
        let (depth, d) = i.case.shape();
        format!("L = {depth}, d = {d}, layer {}, {}", i.layer, i.kind)
    }
    fn tags(&self, i: &AtLayer) -> Vec<String> {
        let (depth, d) = i.case.shape();
        let has = |s: &str| i.kind.contains(s);
        tagged([
            (depth == 1, "L = 1"),
            (depth >= 5, "L >= 5"),
            (d == 1, "d = 1"),
            (d >= 3, "d >= 3"),
            (has("identity layers"), "identity layers"),
            (has("singular"), "singular layer"),
            (has("minimiser"), "minimiser"),
            (has("entry zero"), "head entry zero"),
            (has("norm 1/10"), "small head"),
            (has("norm 10"), "large head"),
        ])
    }
    fn evaluate(&self, i: &AtLayer, strength: &Rational) -> Evaluation {
        match i.case.parts(i.layer) {
            Some(parts) => decide_formula(&self.says, &parts, strength),
            None => Evaluation::out_of_scope("X^T X is singular, or the layers are not all d x d"),
        }
    }
    fn simpler(&self, i: &AtLayer) -> Vec<AtLayer> {
        shorter(i, small_cases(self.multivariate).unwrap_or_default())
    }
}

/// Streams of this file under a seed.
const UNIVARIATE: u64 = 0x72_0000;
/// Of networks for d targets.
const MULTIVARIATE: u64 = 0x72_8000;

/// Layers of a residual network; one in five has a singular layer. With their description.
fn layers(rng: &mut ChaCha8Rng, at: usize) -> Result<(Vec<Matrix>, String)> {
    let (depth, d) = (1 + at % 6, 1 + (at / 6) % 4);
    let q = Rational::new;
    let factor = [q(0, 1), q(1, 8), q(1, 4), q(1, 2), q(1, 1)][rng.random_range(0..5)].clone();
    let head = DVector::from_element(d, Rational::one());
    let mut layers = residual_exact(depth, head, &factor, rng.random())?.layers().to_vec();
    let mut kind = if factor.is_zero() { "identity layers".to_string() } else { format!("factor {factor}") };
    if rng.random_range(0..5) == 0 {
        layers[rng.random_range(0..depth)].row_mut(rng.random_range(0..d)).fill(Rational::zero());
        kind = format!("factor {factor}, singular layer");
    }
    Ok((layers, kind))
}

/// Exact data with this regressor: white ones with this probability, else of a drawn spectrum.
pub(crate) fn data(rng: &mut ChaCha8Rng, white: f64, w_star: &DVector<Rational>) -> Result<Arc<Problem>> {
    let q = Rational::new;
    Ok(Arc::new(if rng.random_bool(white) {
        Problem::white(&q(rng.random_range(1..=9), 4), w_star, &Rational::one())?
    } else {
        let spectrum: Vec<Rational> = w_star.iter().map(|_| q(rng.random_range(1..=40), 8)).collect();
        Problem::with_spectrum(&spectrum, w_star, &q(1, 3), rng.random())?
    }))
}

/// One target: a head of norm 1, 1/10 or 10, one in six with an entry zero; w* the product (a minimiser), within
/// small rational steps of it, or far.
fn univariate_case(rng: &mut ChaCha8Rng, at: usize) -> Result<(Case, String)> {
    let (layers, mut kind) = layers(rng, at)?;
    let d = layers[0].nrows();
    let scale = [Rational::one(), Rational::new(1, 10), Rational::from(10)][rng.random_range(0..3)].clone();
    let mut head = unit_vector(rng, d).map(|v| v * &scale);
    kind += &format!(", head of norm {scale}");
    if rng.random_range(0..6) == 0 {
        head[rng.random_range(0..d)] = Rational::zero();
        kind += ", an entry zero";
    }
    let network = Network::new(layers, head)?;
    let (w_star, near) = match rng.random_range(0..6) {
        0 => (network.product(), ", minimiser"),
        1 => (network.product() + small_matrix(rng, d, 1, 5, 1_000_000).column(0), ", near"),
        _ => (small_matrix(rng, d, 1, 6, 4).column(0).into_owned(), ", far"),
    };
    kind += near;
    let problem = data(rng, 0.4, &w_star)?;
    Ok((Case::Univariate(NetworkInstance::new(problem, network, kind.clone())), kind))
}

/// d targets: `X = (I, I)^T` (white) or drawn with n = d + 2; one Y in six makes the network an exact minimiser.
fn multivariate_case(rng: &mut ChaCha8Rng, at: usize) -> Result<(Case, String)> {
    let (layers, mut kind) = layers(rng, at)?;
    let (depth, d) = (layers.len(), layers[0].nrows());
    let white = rng.random_range(0..3) == 0;
    let x = if white {
        kind += ", white";
        DMatrix::from_fn(2 * d, d, |i, j| Rational::from(i64::from(i % d == j)))
    } else {
        small_matrix(rng, d + 2, d, 4, 2)
    };
    let y = if rng.random_range(0..6) == 0 {
        // Y = X P^T: the network is an exact minimiser with R_min = 0.
        kind += ", minimiser";
        &x * product(&layers, d, depth, 0).transpose()
    } else {
        small_matrix(rng, x.nrows(), d, 6, 4)
    };
    let layers = layers.iter().map(to_rows).collect();
    Ok((Case::Multivariate(Multivariate { x: to_rows(&x), y: to_rows(&y), layers }), kind))
}

/// Of integers.
fn diagonal(v: [i64; 2]) -> Matrix {
    DMatrix::from_diagonal(&DVector::from_vec(v.map(Rational::from).to_vec()))
}

/// Two layers with diagonal data, small integers: enough for every control.
fn small_cases(multivariate: bool) -> Result<Vec<AtLayer>> {
    let mut out = Vec::new();
    for (a, b) in [([1, 1], [1, 1]), ([1, 2], [1, 1]), ([1, 1], [1, 2]), ([2, 1], [1, 1]), ([1, 1], [2, 1])] {
        for s in [[1, 1], [1, 2]] {
            let layers = vec![diagonal(a), diagonal(b)];
            let cases: Vec<Case> = if multivariate {
                let rows: Vec<Rows> = layers.iter().map(to_rows).collect();
                let case =
                    |y| Multivariate { x: to_rows(&diagonal(s)), y: to_rows(&diagonal(y)), layers: rows.clone() };
                [[0, b[1] * a[1] * s[1]], [b[0] * a[0] * s[0], 0]].map(|y| Case::Multivariate(case(y))).into()
            } else {
                let problem = diagonal_problem("diagonal", s, [0, 0])?;
                let case = |head: [i64; 2]| {
                    let network = Network::new(layers.clone(), DVector::from_vec(head.map(Rational::from).to_vec()))?;
                    Ok(Case::Univariate(NetworkInstance::new(problem.clone(), network, "diagonal")))
                };
                [[1, 0], [0, 1], [2, 0]].into_iter().map(case).collect::<Result<_>>()?
            };
            for layer in [1, 2] {
                out.extend(cases.iter().map(|case| AtLayer { case: case.clone(), layer, kind: "diagonal".into() }));
            }
        }
    }
    Ok(out)
}

/// The two bounds, which must hold with every class covered, and controls: constants 4.1 and 3.9 in place of 4,
/// lambda and Lambda exchanged, norms and sigma_min exchanged, the head left out.
fn forms(multivariate: bool) -> Vec<Form> {
    let body = |says| Bounds { says, multivariate };
    let mut coverage = vec![("L = 1", 5), ("L >= 5", 20), ("d = 1", 5), ("d >= 3", 20), ("minimiser", 5)];
    coverage.extend([("identity layers", 5), ("singular layer", 5)]);
    if !multivariate {
        coverage.extend([("small head", 20), ("large head", 20), ("head entry zero", 5)]);
    }
    let bound = |constant, eigenvalue, value| bound(constant, eigenvalue, !multivariate, value);
    let (four, gradient) = (|| Expr::from(4), var(GRADIENT));
    let (norms, least): (Measure, Measure) = (norm, sigma_min);
    let lower = gradient.at_least(bound(four(), "lambda", least));
    let upper = gradient.at_most(bound(four(), "Lambda", norms));
    let control = |name, says| stated(Form::control, name, says, body);
    let mut out = vec![
        stated(Form::printed, "lower", lower, body).with_constant(Rational::from(4), true).requires(&coverage),
        stated(Form::printed, "upper", upper, body).with_constant(Rational::from(4), false).requires(&coverage),
        control("lower-4.1", gradient.at_least(bound(fraction(41, 10), "lambda", least))),
        control("upper-3.9", gradient.at_most(bound(fraction(39, 10), "Lambda", norms))),
        control("lower-Lambda", gradient.at_least(bound(four(), "Lambda", least))),
        control("lower-norms", gradient.at_least(bound(four(), "lambda", norms))),
        control("upper-lambda", gradient.at_most(bound(four(), "lambda", norms))),
        control("upper-sigma", gradient.at_most(bound(four(), "Lambda", least))),
    ];
    if !multivariate {
        out.push(control("lower-headless", gradient.at_least(self::bound(four(), "lambda", false, least))));
    }
    out
}

/// `theorem-4-gradient`.
pub fn gradient() -> Claim {
    Claim {
        id: "theorem-4-gradient",
        title: "Gradient of a residual network between multiples of the excess risk",
        place: "Section 5; (33) and (39) in B.8",
        hypotheses: "(A1), all layers d x d, any head",
        uses: &["gradient", "lemma-8"],
        forms: forms(false),
        finding: None,
        remarks: &["Both constants 4 are attained: identity layers and white data."],
    }
}

/// `theorem-5`: its gradient bounds.
pub fn multivariate() -> Claim {
    Claim {
        id: "theorem-5",
        title: "Gradient bounds of the multivariate extension",
        place: "Theorem 5, B.8 (the two bounds that its proof adds to that of Theorem 4)",
        hypotheses: "(A1), all layers d x d, no head",
        uses: &["theorem-4-gradient"],
        forms: forms(true),
        finding: None,
        remarks: &[
            "The text prints norm_2(Y - W_L..W_1 X^T)^2 / n with X and Y both n x d: the shapes do not agree; read as \
             norm_F(Y - X (W_L..W_1)^T)^2 / n.",
            "Theorem 5 assumes (A4), which the paper does not define; the gradient bounds need (A1) only.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_equalities_and_zeros_tie_at_any_strength() {
        let diagonal = |v| to_rows(&diagonal(v));
        let says = var(GRADIENT).at_least(bound(4.into(), "lambda", false, sigma_min));
        // X = I, W_1 = I: grad_1 = W_2 (W_2 - Y), and lambda = 1/2.
        let tie = |last, y, strength: i64| {
            let layers = vec![diagonal([1, 1]), diagonal(last)];
            let case = Case::Multivariate(Multivariate { x: diagonal([1, 1]), y: diagonal(y), layers });
            case.parts(1).unwrap().exactly(&says, &Rational::new(strength, 2))
        };
        assert_eq!([1, 2, 3].map(|s| tie([1, 1], [0, 1], s)), [Some(true), Some(true), None]);
        assert_eq!(tie([1, 2], [1, 0], 2), None, "not equal");
        assert_eq!([1, 2, 3].map(|s| tie([1, 0], [1, 1], s)), [Some(true); 3], "zero, and zero times an excess");
    }
}
