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
//! **The text of Theorem 5.** It prints `R = norm_2(Y - W_L .. W_1 X^T)^2 / n` with X and Y both n x d: the shapes do
//! not agree (n x d minus d x n), and the mean squared error is `norm_F(Y - X (W_L .. W_1)^T)^2 / n`, which is used
//! here. With the operator norm the bounds could not hold: that risk is not differentiable everywhere. Its assumption
//! (A4) is defined nowhere in the paper; the bounds need (A1) only, and R_min may be positive.
//!
//! **Oracle.** In the multivariate case the gradient comes from the definition of the risk alone: R is quadratic in one
//! entry of W_k, so that `(R(W + E_ij) - R(W - E_ij)) / 2` is its derivative exactly. R_min is the risk at P*, from the
//! normal equations.
//!
//! **Equality**: identity layers and white data (a residual network with s = 0): both bounds are attained, so the
//! constants 4 are the best ones.

use crate::arithmetic::{Enclosure, Rational};
use crate::error::Result;
use crate::formula::{Expr, Reading, Says, Table, Value, fraction, var};
use crate::harness::claim::{Claim, Context, Evaluation, Form, Statement, shorter, tagged};
use crate::harness::symbols::{Symbols, decide_formula, holds_exactly, stated};
use crate::linalg::{
    from_rows, inertia, largest_eigenvalue, largest_singular_value, rational_eigenvalue, smallest_eigenvalue,
    smallest_singular_value, solve, to_rows,
};
use crate::network::Network;
use crate::network::initialise::residual_exact;
use crate::paper::kit::instances::{NetworkInstance, enclose};
use crate::problem::draw::{small_matrix, stream, unit_vector};
use crate::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

type Matrix = DMatrix<Rational>;
type Rows = Vec<Vec<Rational>>;

/// Regression on d targets by a network without a head.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Multivariate {
    x: Rows,
    y: Rows,
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
    case: Case,
    /// k, from 1.
    layer: usize,
    kind: String,
}

/// Everything the bounds at one layer speak of, exact.
struct Parts {
    sigma: Matrix,
    excess: Rational,
    gradient: Rational,
    head: Rational,
    after: Matrix,
    before: Matrix,
}

/// W_j .. W_i of consecutive layers, the identity where there is none.
fn chain(layers: &[Matrix], d: usize) -> Matrix {
    layers.iter().fold(DMatrix::identity(d, d), |p, w| w * p)
}

impl Multivariate {
    fn risk(x: &Matrix, y: &Matrix, product: &Matrix) -> Rational {
        norm_squared((y - x * product.transpose()).iter()) / Rational::from(x.nrows() as i64)
    }
    fn parts(&self, k: usize) -> Option<Parts> {
        let (x, y) = (from_rows(&self.x)?, from_rows(&self.y)?);
        let layers: Vec<Matrix> = self.layers.iter().map(|r| from_rows(r)).collect::<Option<_>>()?;
        let d = x.ncols();
        let fits = x.shape() == y.shape() && layers.iter().all(|w| w.shape() == (d, d));
        if !fits || !(1..=layers.len()).contains(&k) {
            return None;
        }
        let gram = x.transpose() * &x;
        let best = solve(&gram, &(x.transpose() * &y)).ok()?.transpose();
        let (after, before) = (chain(&layers[k..], d), chain(&layers[..k - 1], d));
        let at = |w: &Matrix| Self::risk(&x, &y, &(&after * w * &before));
        let layer = &layers[k - 1];
        let moved = |i: usize, j: usize, by: i64| {
            let mut w = layer.clone();
            w[(i, j)] += Rational::from(by);
            at(&w)
        };
        let half = Rational::new(1, 2);
        let gradient = DMatrix::from_fn(d, d, |i, j| (moved(i, j, 1) - moved(i, j, -1)) * &half);
        let n = Rational::from(x.nrows() as i64);
        Some(Parts {
            sigma: gram.map(|v| v / &n),
            excess: at(layer) - Self::risk(&x, &y, &best),
            gradient: norm_squared(gradient.iter()),
            head: Rational::one(),
            after,
            before,
        })
    }
}

fn univariate(i: &NetworkInstance, k: usize) -> Option<Parts> {
    let (m, w_star) = (i.problem.exact_moments()?, i.problem.w_star_exact()?);
    let (layers, d) = (i.network.layers(), w_star.len());
    let fits = layers.iter().all(|w| w.shape() == (d, d));
    if !fits || !(1..=layers.len()).contains(&k) {
        return None;
    }
    Some(Parts {
        sigma: m.sigma.clone(),
        excess: i.network.risk(m) - m.risk(w_star),
        gradient: norm_squared(i.network.gradient(m).layer(k).iter()),
        head: i.head_norm_squared(),
        after: chain(&layers[k..], d),
        before: chain(&layers[..k - 1], d),
    })
}

const GRADIENT: &str = "norm_F(grad_k)^2";
const EXCESS: &str = "(R - R_min)";
const HEAD: &str = "norm(w)^2";
/// The squares of the extreme singular values of the layers after and before the k-th.
const LEAST: [&str; 2] = ["sigma_min(Pi_{L:k+1})^2", "sigma_min(Pi_{k-1:1})^2"];
const LARGEST: [&str; 2] = ["norm(Pi_{L:k+1})^2", "norm(Pi_{k-1:1})^2"];

/// What `norm_F(grad_k)^2` is compared with: `constant eigenvalue head singular_values (R - R_min)`.
fn bound(constant: Expr, eigenvalue: &'static str, head: bool, singular_values: [&'static str; 2]) -> Expr {
    let head = head.then_some(HEAD);
    let factors = head.into_iter().chain(singular_values).chain([EXCESS]);
    factors.fold(constant * var(eigenvalue), |e, name| e * var(name))
}

impl Parts {
    /// The value of a symbol, where it is rational: Gram matrices that are diagonal or of rank one, singular factors.
    fn exact(&self, name: &str) -> Option<Rational> {
        let gram = |m: &Matrix| m.transpose() * m;
        match name {
            GRADIENT => Some(self.gradient.clone()),
            EXCESS => Some(self.excess.clone()),
            HEAD => Some(self.head.clone()),
            "lambda" | "Lambda" => extreme(&self.sigma, name == "lambda"),
            _ if name == LEAST[0] || name == LARGEST[0] => extreme(&gram(&self.after), name == LEAST[0]),
            _ if name == LEAST[1] || name == LARGEST[1] => extreme(&gram(&self.before), name == LEAST[1]),
            _ => None,
        }
    }
}

impl Symbols for Parts {
    fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
        let of = |m: &Matrix| m.map(|q| enclose::<E>(&q, bits));
        let singular = |m: &Matrix, least: bool| {
            let value = if least { smallest_singular_value(&of(m)) } else { largest_singular_value(&of(m)) };
            value.powi(2)
        };
        Some(Value::Scalar(match name {
            "lambda" => smallest_eigenvalue(&of(&self.sigma)),
            "Lambda" => largest_eigenvalue(&of(&self.sigma)),
            _ if name == LEAST[0] || name == LARGEST[0] => singular(&self.after, name == LEAST[0]),
            _ if name == LEAST[1] || name == LARGEST[1] => singular(&self.before, name == LEAST[1]),
            _ => enclose(&self.exact(name)?, bits),
        }))
    }
    /// Where the extremes are rational, or one factor of the bound is zero, whatever the others are.
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        let names: BTreeSet<&str> = says.expressions().flat_map(Expr::free).collect();
        let values: Vec<_> = names.into_iter().map(|name| (name, self.exact(name))).collect();
        let zero = values.iter().any(|(name, v)| *name != GRADIENT && v.as_ref().is_some_and(Rational::is_zero));
        let any = || zero.then(Rational::one);
        let known = values.into_iter().filter_map(|(name, v)| Some((name, v.or_else(any)?)));
        let scene = known.fold(Table::default(), |scene, (name, v)| scene.scalar(name, v));
        holds_exactly(says, &scene, strength)
    }
}

/// An extreme eigenvalue of a positive semidefinite matrix, where it is rational, with a small denominator where the
/// matrix is neither diagonal nor of rank one.
fn extreme(gram: &Matrix, smallest: bool) -> Option<Rational> {
    let d = gram.nrows();
    if smallest && inertia(gram).positive < d {
        return Some(Rational::zero());
    }
    let trace = || (0..d).fold(Rational::zero(), |s, i| s + &gram[(i, i)]);
    if !smallest && inertia(gram).positive == 1 {
        return Some(trace());
    }
    let diagonal = (0..d).all(|i| (0..d).all(|j| i == j || gram[(i, j)].is_zero()));
    let entries = (0..d).map(|i| gram[(i, i)].clone());
    if !diagonal {
        rational_eigenvalue(gram, !smallest, 128)
    } else if smallest {
        entries.min()
    } else {
        entries.max()
    }
}

struct Bounds {
    says: Says,
    multivariate: bool,
}

impl Statement for Bounds {
    type Instance = AtLayer;

    fn instances(&self, context: &Context) -> Vec<AtLayer> {
        let mut out = Vec::new();
        for i in 0..context.size(90, 600, 6000) {
            let rng = &mut stream(context.seed, if self.multivariate { MULTIVARIATE } else { UNIVARIATE } + i as u64);
            let drawn = if self.multivariate { multivariate_case(rng, i) } else { univariate_case(rng, i) };
            let Ok((case, depth, kind)) = drawn else { continue };
            // First, last, and one between.
            let mut layers = vec![1, depth, depth.div_ceil(2)];
            layers.dedup();
            for layer in layers {
                out.push(AtLayer { case: case.clone(), layer, kind: kind.clone() });
            }
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
        let parts = match &i.case {
            Case::Univariate(n) => univariate(n, i.layer),
            Case::Multivariate(m) => m.parts(i.layer),
        };
        match parts {
            Some(parts) => decide_formula(&self.says, &parts, strength),
            None => Evaluation::out_of_scope("X^T X is singular, or the layers are not all d x d"),
        }
    }
    fn simpler(&self, i: &AtLayer) -> Vec<AtLayer> {
        shorter(i, small_cases(self.multivariate).unwrap_or_default())
    }
}

impl Case {
    fn shape(&self) -> (usize, usize) {
        match self {
            Self::Univariate(i) => (i.depth(), i.problem.dimension()),
            Self::Multivariate(m) => (m.layers.len(), m.x.first().map_or(0, Vec::len)),
        }
    }
}

/// Streams of this file under a seed.
const UNIVARIATE: u64 = 0x72_0000;
const MULTIVARIATE: u64 = 0x72_8000;

/// Layers of a residual network; every fifth has a singular layer. With their description.
fn layers(rng: &mut ChaCha8Rng, at: usize) -> Result<(Vec<Matrix>, String)> {
    let (depth, d) = (1 + at % 6, 1 + (at / 6) % 4);
    let factor = [Rational::zero(), Rational::new(1, 8), Rational::new(1, 4), Rational::new(1, 2), Rational::one()]
        [rng.random_range(0..5)]
    .clone();
    let head = DVector::from_element(d, Rational::one());
    let mut layers = residual_exact(depth, head, &factor, rng.random())?.layers().to_vec();
    let mut kind = if factor.is_zero() { "identity layers".to_string() } else { format!("factor {factor}") };
    if rng.random_range(0..5) == 0 {
        layers[rng.random_range(0..depth)].row_mut(rng.random_range(0..d)).fill(Rational::zero());
        kind = format!("factor {factor}, singular layer");
    }
    Ok((layers, kind))
}

fn univariate_case(rng: &mut ChaCha8Rng, at: usize) -> Result<(Case, usize, String)> {
    let (layers, mut kind) = layers(rng, at)?;
    let (depth, d) = (layers.len(), layers[0].nrows());
    let (scale, name) = [(Rational::one(), "1"), (Rational::new(1, 10), "1/10"), (Rational::from(10), "10")]
        [rng.random_range(0..3)]
    .clone();
    let mut head = unit_vector(rng, d).map(|v| v * &scale);
    kind += &format!(", head of norm {name}");
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
    let problem = if rng.random_bool(0.4) {
        Problem::white(&Rational::new(rng.random_range(1..=9), 4), &w_star, &Rational::one())?
    } else {
        let spectrum: Vec<Rational> = (0..d).map(|_| Rational::new(rng.random_range(1..=40), 8)).collect();
        Problem::with_spectrum(&spectrum, &w_star, &Rational::new(1, 3), rng.random())?
    };
    Ok((Case::Univariate(NetworkInstance::new(Arc::new(problem), network, kind.clone())), depth, kind))
}

fn multivariate_case(rng: &mut ChaCha8Rng, at: usize) -> Result<(Case, usize, String)> {
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
        &x * chain(&layers, d).transpose()
    } else {
        small_matrix(rng, x.nrows(), d, 6, 4)
    };
    let layers = layers.iter().map(to_rows).collect();
    Ok((Case::Multivariate(Multivariate { x: to_rows(&x), y: to_rows(&y), layers }), depth, kind))
}

/// Two layers with diagonal data, small integers: enough for every control.
fn small_cases(multivariate: bool) -> Result<Vec<AtLayer>> {
    let q = |v: i64| Rational::from(v);
    let diagonal = |a: i64, b: i64| DMatrix::from_diagonal(&DVector::from_vec(vec![q(a), q(b)]));
    let mut out = Vec::new();
    for (first, second) in [((1, 1), (1, 1)), ((1, 2), (1, 1)), ((1, 1), (1, 2)), ((2, 1), (1, 1)), ((1, 1), (2, 1))] {
        for spectrum in [[1, 1], [1, 2]] {
            let layers = vec![diagonal(first.0, first.1), diagonal(second.0, second.1)];
            for layer in [1, 2] {
                let kind = "diagonal".to_string();
                if multivariate {
                    let x = diagonal(spectrum[0], spectrum[1]);
                    for y in
                        [diagonal(0, second.1 * first.1 * spectrum[1]), diagonal(second.0 * first.0 * spectrum[0], 0)]
                    {
                        let layers = layers.iter().map(to_rows).collect();
                        let case = Case::Multivariate(Multivariate { x: to_rows(&x), y: to_rows(&y), layers });
                        out.push(AtLayer { case, layer, kind: kind.clone() });
                    }
                    continue;
                }
                for head in [[1, 0], [0, 1], [2, 0]] {
                    let network = Network::new(layers.clone(), DVector::from_vec(head.map(q).to_vec()))?;
                    let problem = crate::paper::kit::instances::diagonal_problem("diagonal", spectrum, [0, 0])?;
                    let case = Case::Univariate(NetworkInstance::new(problem, network, kind.clone()));
                    out.push(AtLayer { case, layer, kind: kind.clone() });
                }
            }
        }
    }
    Ok(out)
}

fn forms(multivariate: bool) -> Vec<Form> {
    let body = |says| Bounds { says, multivariate };
    let mut coverage = vec![("L = 1", 5), ("L >= 5", 20), ("d = 1", 5), ("d >= 3", 20), ("minimiser", 5)];
    coverage.extend([("identity layers", 5), ("singular layer", 5)]);
    if !multivariate {
        coverage.extend([("small head", 20), ("large head", 20), ("head entry zero", 5)]);
    }
    let bound = |constant: Expr, eigenvalue, values| bound(constant, eigenvalue, !multivariate, values);
    let (four, gradient) = (|| Expr::from(4), var(GRADIENT));
    let lower = gradient.at_least(bound(four(), "lambda", LEAST));
    let upper = gradient.at_most(bound(four(), "Lambda", LARGEST));
    let control = |name, says| stated(Form::control, name, says, body);
    let mut out = vec![
        stated(Form::printed, "lower", lower, body).with_constant(Rational::from(4), true).requires(&coverage),
        stated(Form::printed, "upper", upper, body).with_constant(Rational::from(4), false).requires(&coverage),
        control("lower-4.1", gradient.at_least(bound(fraction(41, 10), "lambda", LEAST))),
        control("upper-3.9", gradient.at_most(bound(fraction(39, 10), "Lambda", LARGEST))),
        control("lower-Lambda", gradient.at_least(bound(four(), "Lambda", LEAST))),
        control("lower-norms", gradient.at_least(bound(four(), "lambda", LARGEST))),
        control("upper-lambda", gradient.at_most(bound(four(), "lambda", LARGEST))),
        control("upper-sigma", gradient.at_most(bound(four(), "Lambda", LEAST))),
    ];
    if !multivariate {
        out.push(control("lower-headless", gradient.at_least(self::bound(four(), "lambda", false, LEAST))));
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
    fn a_guess_is_an_eigenvalue_only_if_it_is_proved() {
        let q = Rational::new;
        // A rotation by 3/5 and 4/5 of a diagonal matrix.
        let turned = |a: Rational, b: Rational| {
            let turn = Matrix::from_row_slice(2, 2, &[q(3, 5), q(-4, 5), q(4, 5), q(3, 5)]);
            &turn * Matrix::from_diagonal(&DVector::from_vec(vec![a, b])) * turn.transpose()
        };
        let gram = turned(q(7, 8), q(2, 1));
        assert_eq!((extreme(&gram, true), extreme(&gram, false)), (Some(q(7, 8)), Some(q(2, 1))));
        // Within 128 bits of 1 and of 2, and neither.
        let off = || Rational::one().times_power_of_two(-200);
        let gram = turned(1 + off(), 2 - off());
        assert_eq!((extreme(&gram, true), extreme(&gram, false)), (None, None));
    }
}
