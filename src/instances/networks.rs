//! Data and a network, exact: what statements about networks are tried on.
//!
//! The hypothesis "W minimises R^L" is `w_prod = w*`, as Sigma is invertible. Both sides are rational, so it is
//! decided once, when the instance is made, and kept with it: statements read [`NetworkInstance::is_minimiser`] and
//! take no tolerance. On disk an instance is its moments, its layers and its head as fractions; reading it decides
//! the hypothesis anew.

use crate::arithmetic::{Enclosure, Field, Rational, short};
use crate::formula::{Reading, Value};
use crate::harness::{Symbols, tagged};
use crate::hessian::{assemble, sharpness_at_minimiser};
use crate::linalg::{extreme_eigenvalue_of, largest_eigenvalue, to_rows};
use crate::network::Network;
use crate::problem::{Moments, Problem, dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

/// Data and a network, exact; the network need not be a minimiser (see [`NetworkInstance::is_minimiser`]).
///
/// Invariant: `is_minimiser` is what [`NetworkInstance::new`] found for these data and this network.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Plain")]
pub struct NetworkInstance {
    /// The data.
    pub problem: Arc<Problem>,
    /// The network.
    pub network: Arc<Network<Rational>>,
    /// How it was made, for descriptions.
    pub kind: String,
    /// Whether `w_prod = w*`, decided exactly when it was made.
    pub is_minimiser: bool,
}

impl NetworkInstance {
    /// Checks the hypothesis and keeps its answer.
    ///
    /// False for data without an exact w*: what is not decided is not assumed.
    pub fn new(problem: Arc<Problem>, network: Network<Rational>, kind: impl Into<String>) -> Self {
        let is_minimiser = problem.w_star_exact() == Some(&network.product());
        Self { problem, network: Arc::new(network), kind: kind.into(), is_minimiser }
    }
    /// Depth L.
    pub fn depth(&self) -> usize {
        self.network.depth()
    }
    /// norm(w)^2.
    pub fn head_norm_squared(&self) -> Rational {
        norm_squared(self.network.head().iter())
    }
    /// norm(w*)^2 (of w_prod, the same for a minimiser).
    ///
    /// Zero for data without an exact w*.
    pub fn w_star_norm_squared(&self) -> Rational {
        self.problem.w_star_exact().map_or_else(Rational::zero, |w| norm_squared(w.iter()))
    }
    /// The Rayleigh quotients `q = w*^T Sigma w* / norm(w*)^2` and `r = norm(Sigma w*)^2 / w*^T Sigma w*`; `None` if
    /// w* = 0.
    ///
    /// Also `None` for data without exact moments. Both lie in `[lambda, Lambda]`, and `q <= r` by the inequality of
    /// Cauchy and Schwarz: `(w*^T Sigma w*)^2 <= norm(w*)^2 norm(Sigma w*)^2`.
    pub fn rayleigh(&self) -> Option<(Rational, Rational)> {
        let (w, m) = (self.problem.w_star_exact()?, self.problem.exact_moments()?);
        let sw = &m.sigma * w;
        let wsw = dot(w, &sw);
        (!wsw.is_zero()).then(|| (&wsw / norm_squared(w.iter()), norm_squared(sw.iter()) / &wsw))
    }
    /// `c` if Sigma = c I exactly.
    pub fn white(&self) -> Option<Rational> {
        white_level(&self.problem)
    }
    /// The rational eigenvalue of Sigma that w* belongs to, if w* is an eigenvector and, by exact inertia, of the
    /// smallest (`largest` false) or largest eigenvalue. White data: both. These are the data on which the bounds of
    /// Section 3 can be attained.
    ///
    /// `None` too for data without exact moments.
    pub fn extreme_eigenvalue_at_w_star(&self, largest: bool) -> Option<Rational> {
        let (w, m) = (self.problem.w_star_exact()?, self.problem.exact_moments()?);
        extreme_eigenvalue_of(&m.sigma, w, largest)
    }
    /// The numbers that the bounds of its sharpness share: L, lambda, Lambda, norm(w), norm(w*), q and r; and S(W).
    ///
    /// `None` for another name, and for q and r where w* = 0. Numbers that are rational are enclosed at `bits`,
    /// lambda and Lambda as well as the data's own enclosures tell them. S(W) is the largest eigenvalue of a d x d
    /// matrix at a minimiser, of the whole Hessian, p x p, elsewhere.
    pub(crate) fn symbol<E: Enclosure>(&self, name: &str, bits: u32) -> Option<E> {
        let norm = |squared: Rational| enclose::<E>(&squared, bits).sqrt();
        Some(match name {
            "L" => E::from_i64(self.depth() as i64),
            "lambda" => E::from_interval(&self.problem.lambda(), bits),
            "Lambda" => E::from_interval(&self.problem.lambda_max(), bits),
            "norm(w)" => norm(self.head_norm_squared()),
            "norm(w*)" => norm(self.w_star_norm_squared()),
            "q" => enclose(&self.rayleigh()?.0, bits),
            "r" => enclose(&self.rayleigh()?.1, bits),
            "S(W)" => {
                let (network, data) = (self.network_in::<E>(bits), self.problem.moments::<E>(bits));
                if self.is_minimiser {
                    sharpness_at_minimiser(&network, &data)
                } else {
                    largest_eigenvalue(&assemble(&network, &data))
                }
            }
            _ => return None,
        })
    }
    /// Network in an enclosure arithmetic.
    pub fn network_in<E: Enclosure>(&self, bits: u32) -> Network<E> {
        self.network.map(|q| E::from_rational(q, bits))
    }
    /// One line.
    ///
    /// Data, shape, head, how it was made; of more than eight widths the first four and the last two.
    pub fn describe(&self) -> String {
        let widths: Vec<String> = self.network.widths().iter().map(ToString::to_string).collect();
        let widths = if widths.len() > 8 {
            format!("{},..,{}", widths[..4].join(","), widths[widths.len() - 2..].join(","))
        } else {
            widths.join(",")
        };
        let (name, depth, head) = (self.problem.name(), self.depth(), short(&self.head_norm_squared()));
        format!("{name}, L={depth}, widths {widths}, norm(w)^2={head}, {}", self.kind)
    }
    /// Coverage classes.
    ///
    /// A statement may require that some of its instances are in a class. kappa and norms are in doubles: a class is
    /// no hypothesis.
    pub fn tags(&self) -> Vec<String> {
        let widths = self.network.widths();
        let depth = self.depth();
        let head = self.head_norm_squared();
        let kappa = self.problem.lambda_max().hi() / self.problem.lambda().lo();
        let norms: Vec<f64> = self.network.layers().iter().map(|w| norm_squared(w.iter()).to_f64()).collect();
        let spread = norms.iter().copied().fold(0.0, f64::max) / norms.iter().copied().fold(f64::INFINITY, f64::min);
        tagged([
            (depth == 1, "L = 1"),
            (depth >= 8, "L >= 8"),
            (depth >= 16, "L >= 16"),
            (widths[1..depth.max(1)].contains(&1), "a hidden layer of width 1"),
            (widths[1..].iter().any(|&m| m > widths[0]), "wider than d"),
            (head < Rational::one(), "norm(w) < 1"),
            (head > Rational::one(), "norm(w) > 1"),
            (head <= Rational::new(1, 100), "norm(w) <= 1/10"),
            (head >= Rational::from(100), "norm(w) >= 10"),
            (kappa >= 1e6, "kappa >= 1e6"),
            (self.white().is_some(), "white data"),
            (self.problem.samples() > 0 && REAL.contains(&self.problem.name()), "real data"),
            (spread >= 1e6, "layer norms unbalanced by 1e3"),
            (self.kind.contains("rank one"), "rank-one layers"),
        ])
    }
    /// The layers that are zero, counted from 1.
    pub fn zero_layers(&self) -> Vec<usize> {
        (1..=self.depth()).filter(|k| self.network.layers()[k - 1].iter().all(Zero::is_zero)).collect()
    }
    /// Coverage classes by the place of the zero layer `zero`.
    ///
    /// `zero` counts from 1; the first layer of a network of depth 1 is its last too.
    pub fn tags_of_zero(&self, zero: usize) -> Vec<String> {
        let (first, last) = (zero == 1, zero == self.depth());
        tagged([(first, "first layer zero"), (last, "last layer zero"), (!first && !last, "a middle layer zero")])
    }
}

/// [`NetworkInstance::symbol`] and the layers `W_k`.
impl Symbols for NetworkInstance {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        if let ("W", [k]) = (name, indices) {
            let layer = self.network.layers().get(usize::try_from(*k).ok()?.checked_sub(1)?)?;
            return Some(Value::Matrix(layer.map(|q| enclose(&q, bits))));
        }
        self.symbol(name, bits).map(Value::Scalar)
    }
}

/// Names of the real data sets.
const REAL: [&str; 3] = ["longley", "diabetes", "hald"];

/// `c` if Sigma = c I exactly.
///
/// Exact; `None` for data without exact moments.
pub fn white_level(problem: &Problem) -> Option<Rational> {
    let sigma = &problem.exact_moments()?.sigma;
    let c = sigma[(0, 0)].clone();
    let white = DMatrix::from_diagonal_element(sigma.nrows(), sigma.nrows(), c.clone());
    (*sigma == white).then_some(c)
}

/// What is written: the moments, not X and y, since the risk depends on the data through them alone.
#[derive(Serialize, Deserialize)]
struct Plain {
    /// Name of the data.
    data: String,
    /// n.
    samples: usize,
    /// Sigma, row by row.
    sigma: Vec<Vec<Rational>>,
    /// `X^T y / n`.
    cross: Vec<Rational>,
    /// `y^T y / n`.
    power: Rational,
    /// Layers and head.
    network: Network<Rational>,
    /// How it was made.
    kind: String,
}

impl Serialize for NetworkInstance {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let m = self.problem.exact_moments().ok_or_else(|| serde::ser::Error::custom("the data are not exact"))?;
        Plain {
            data: self.problem.name().into(),
            samples: self.problem.samples(),
            sigma: to_rows(&m.sigma),
            cross: m.cross.iter().cloned().collect(),
            power: m.power.clone(),
            network: (*self.network).clone(),
            kind: self.kind.clone(),
        }
        .serialize(s)
    }
}

impl TryFrom<Plain> for NetworkInstance {
    type Error = String;

    /// In words: a Sigma of another size, a first layer that does not take d inputs, moments that no data have.
    fn try_from(p: Plain) -> Result<Self, String> {
        let n = p.cross.len();
        if p.sigma.len() != n || p.sigma.iter().any(|r| r.len() != n) {
            return Err(format!("sigma must be {n} x {n}, as long as cross"));
        }
        if p.network.widths()[0] != n {
            return Err(format!("W1 must have {n} columns"));
        }
        let sigma = DMatrix::from_row_iterator(n, n, p.sigma.into_iter().flatten());
        let moments = Moments { sigma, cross: DVector::from_vec(p.cross), power: p.power };
        let problem = Problem::from_moments(&p.data, p.samples, moments).map_err(|e| e.to_string())?;
        Ok(Self::new(Arc::new(problem), p.network, p.kind))
    }
}

/// An exact number as an enclosure.
pub fn enclose<E: Enclosure>(q: &Rational, bits: u32) -> E {
    <E as Field>::from_rational(q, bits)
}
