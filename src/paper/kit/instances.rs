//! Instances of Section 3: exact global minimisers over the whole domain of Theorem 2.
//!
//! Data: white, prescribed spectra up to kappa = 1e12, small integers, the paper's Appendix C, the real data sets,
//! norm(w*) from 1e-3 to 1e3, w* = 0. Networks: depth 1 to 32, square, wide, tapering and width-1 layers, heads of norm
//! 1e-2 to 1e2, layers unbalanced by up to 2^12, generic or of rank one. Every network is rational and implements w*
//! exactly, so the hypothesis "W minimises R^L" is checked by an equality of rationals, not by a tolerance.

use crate::arithmetic::{Enclosure, Field, Rational, Ring, short};
use crate::error::Result;
use crate::harness::claim::{Context, shorter, tagged};
use crate::linalg::{extreme_eigenvalue_of, to_rows};
use crate::network::{Network, minimiser};
use crate::problem::draw::{small_matrix, stream, unit_vector};
use crate::problem::{Moments, Problem, dot, fixtures, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// Data and a network, exact; the network need not be a minimiser (see [`NetworkInstance::is_minimiser`]).
#[derive(Clone, Debug)]
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
    pub fn w_star_norm_squared(&self) -> Rational {
        self.problem.w_star_exact().map_or_else(Rational::zero, |w| norm_squared(w.iter()))
    }
    /// norm_F(W_k)^2 for each layer.
    pub fn layer_norms_squared(&self) -> Vec<Rational> {
        self.network.layers().iter().map(|w| norm_squared(w.iter())).collect()
    }
    /// The Rayleigh quotients `q = w*^T Sigma w* / norm(w*)^2` and `r = norm(Sigma w*)^2 / w*^T Sigma w*`; `None` if
    /// w* = 0.
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
    pub fn extreme_eigenvalue_at_w_star(&self, largest: bool) -> Option<Rational> {
        let (w, m) = (self.problem.w_star_exact()?, self.problem.exact_moments()?);
        extreme_eigenvalue_of(&m.sigma, w, largest)
    }
    /// The symbols that the bounds of its sharpness share: L, lambda, Lambda, norm(w), norm(w*), q and r.
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
            _ => return None,
        })
    }
    /// Network in an enclosure arithmetic.
    pub fn network_in<E: Enclosure>(&self, bits: u32) -> Network<E> {
        self.network.map(|q| E::from_rational(q, bits))
    }
    /// One line.
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
    pub fn tags(&self) -> Vec<String> {
        let widths = self.network.widths();
        let depth = self.depth();
        let head = self.head_norm_squared();
        let kappa = self.problem.lambda_max().hi() / self.problem.lambda().lo();
        let norms: Vec<f64> = self.layer_norms_squared().iter().map(Rational::to_f64).collect();
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
    pub fn tags_of_zero(&self, zero: usize) -> Vec<String> {
        let (first, last) = (zero == 1, zero == self.depth());
        tagged([(first, "first layer zero"), (last, "last layer zero"), (!first && !last, "a middle layer zero")])
    }
}

/// Names of the real data sets.
const REAL: [&str; 3] = ["longley", "diabetes", "hald"];

/// `c` if Sigma = c I exactly.
pub fn white_level(problem: &Problem) -> Option<Rational> {
    let sigma = &problem.exact_moments()?.sigma;
    let c = sigma[(0, 0)].clone();
    let white = DMatrix::from_diagonal_element(sigma.nrows(), sigma.nrows(), c.clone());
    (*sigma == white).then_some(c)
}

#[derive(Serialize, Deserialize)]
struct Plain {
    data: String,
    samples: usize,
    sigma: Vec<Vec<Rational>>,
    cross: Vec<Rational>,
    power: Rational,
    network: Network<Rational>,
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

impl<'de> Deserialize<'de> for NetworkInstance {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let p = Plain::deserialize(d)?;
        let n = p.cross.len();
        if p.sigma.len() != n || p.sigma.iter().any(|r| r.len() != n) {
            return Err(D::Error::custom(format!("sigma must be {n} x {n}, as long as cross")));
        }
        if p.network.widths()[0] != n {
            return Err(D::Error::custom(format!("W1 must have {n} columns")));
        }
        let sigma = DMatrix::from_row_iterator(n, n, p.sigma.into_iter().flatten());
        let moments = Moments { sigma, cross: DVector::from_vec(p.cross), power: p.power };
        let problem = Problem::from_moments(&p.data, p.samples, moments).map_err(D::Error::custom)?;
        Ok(Self::new(Arc::new(problem), p.network, p.kind))
    }
}

/// Streams of this file under a seed.
const DATA: u64 = 0x69_0001;
const NETWORKS: u64 = 0x69_0002;

/// The data of a run.
///
/// # Errors
/// None for the data listed here.
pub fn problems(context: &Context) -> Result<Vec<Arc<Problem>>> {
    let mut out = Vec::new();
    let rng = &mut stream(context.seed, DATA);
    let one = Rational::one();
    for (d, level) in [(1, 1), (2, 9), (3, 4), (5, 1)] {
        out.push(Problem::white(&Rational::new(level, 9), &unit_vector(rng, d), &one)?);
    }
    for (d, exponent) in [(2, 0), (2, 2), (3, 1), (4, 3), (5, 6), (3, 9), (4, 12)] {
        // w* off the eigenvectors and off the cases of equality; kappa = 1 is white data with a generic w*.
        let w = small_matrix(rng, d, 1, 6, 4).column(0).into_owned() + DVector::from_element(d, Rational::new(1, 7));
        let name = format!("kappa=1e{exponent} d={d}");
        out.push(ill_conditioned(&name, 10_i64.pow(exponent), &w, context.seed)?);
    }
    for (name, scale) in
        [("small w*", Rational::new(1, 1000)), ("large w*", Rational::from(1000)), ("w*=0", Rational::zero())]
    {
        let w = unit_vector(rng, 2).map(|v| v * &scale);
        let spectrum = [Rational::from(1), Rational::from(3)];
        out.push(Problem::with_spectrum(&spectrum, &w, &one, context.seed)?.renamed(name));
    }
    out.push(Problem::small_integers(9, 3, 4, context.seed)?.renamed("integers n=9 d=3"));
    out.push(Problem::appendix_c(50, 5, context.seed)?.renamed("appendix-c n=50 d=5"));
    out.extend(fixtures::all()?);
    Ok(out.into_iter().map(Arc::new).collect())
}

/// Data of a condition number with this w*, off the eigenvectors, and R_min = 1/3.
///
/// # Errors
/// As [`Problem::ill_conditioned`].
pub(crate) fn ill_conditioned(name: &str, condition: i64, w_star: &DVector<Rational>, seed: u64) -> Result<Problem> {
    let d = w_star.len();
    let drawn = Problem::ill_conditioned(d, &Rational::from(condition), seed)?;
    let sigma = drawn.exact_moments().map_or_else(|| DMatrix::identity(d, d), |m| m.sigma.clone());
    Problem::with_covariance(name, sigma, w_star, &Rational::new(1, 3))
}

/// The head (1) of a fully-connected network.
pub(crate) fn no_head() -> DVector<Rational> {
    DVector::from_element(1, Rational::one())
}

/// Head of this length and of norm `10^exponent`, of small rationals.
fn head(length: usize, exponent: i32, rng: &mut ChaCha8Rng) -> DVector<Rational> {
    let ten = Rational::from(10).powi(exponent.unsigned_abs());
    let scale = if exponent >= 0 { ten } else { 1 / ten };
    unit_vector(rng, length).map(|v| v * &scale)
}

fn widths(d: usize, depth: usize, pattern: usize) -> Vec<usize> {
    let mut out = vec![d; depth + 1];
    match pattern {
        // Fully connected, as in Section 4.
        0 => out[depth] = 1,
        // Residual: all d.
        1 => {}
        // Bottleneck of width 1 in the middle.
        2 => out[depth.div_ceil(2)] = 1,
        // Wider than the input.
        3 => out[1..].fill(2 * d),
        // Tapering to 1.
        4 => (1..=depth).for_each(|k| out[k] = (d * (depth - k) / depth).max(1)),
        // All hidden layers of width 1, wide output.
        _ => {
            out[1..].fill(1);
            out[depth] = 3;
        }
    }
    out
}

/// The minimisers of a run.
pub fn minimisers(context: &Context) -> Arc<Vec<NetworkInstance>> {
    context.once("minimisers", || {
        let problems = problems(context)?;
        let mut out = equality_cases()?;
        let drawn = (0..context.size(260, 2500, 25_000)).into_par_iter();
        out.par_extend(drawn.filter_map(|i| draw(context, &problems, i)));
        Ok(out)
    })
}

/// Instance `i` of the stream: problem and pattern in turn, the rest drawn.
fn draw(context: &Context, problems: &[Arc<Problem>], i: usize) -> Option<NetworkInstance> {
    let rng = &mut stream(context.seed, NETWORKS + i as u64);
    let problem = problems[i % problems.len()].clone();
    let d = problem.dimension();
    let depths: &[usize] = if d > 6 { &[1, 2, 3, 5, 8] } else { &[1, 2, 3, 4, 6, 8, 12, 16, 32] };
    let depth = depths[rng.random_range(0..depths.len())];
    let pattern = rng.random_range(0..6);
    let widths = widths(d, depth, pattern);
    let last = widths[depth];
    // Theorem 1 has no head: most networks with one output are given the head (1).
    let fully_connected = pattern == 0 || (last == 1 && rng.random_bool(0.6));
    let exponent = if fully_connected { 0 } else { rng.random_range(-2..=2) };
    let head = if fully_connected { no_head() } else { head(last, exponent, rng) };
    let seed = rng.random();
    let unbalance = [Rational::one(), Rational::one(), Rational::from(16), Rational::from(4096)];
    let unbalance = unbalance[rng.random_range(0..4)].clone();
    let rank_one = rng.random_range(0..3) == 0;
    let (network, kind) = if rank_one {
        let made = minimiser::rank_one(&problem, &widths, &head, seed, None).ok()?;
        (made, "rank one, near balanced")
    } else {
        let solve = if rng.random_bool(0.2) { rng.random_range(1..=depth) } else { 1 };
        let options = minimiser::Options { unbalance: unbalance.clone(), solve, ..Default::default() };
        let made = minimiser::random(&problem, &widths, &head, seed, &options)
            .or_else(|_| minimiser::random(&problem, &widths, &head, seed, &minimiser::Options::default()))
            .ok()?;
        (made, if unbalance.is_one() { "generic" } else { "generic, unbalanced" })
    };
    Some(NetworkInstance::new(problem, network, kind))
}

/// Cases of equality in Theorem 2 (corrected): white data, rank-one aligned layers of equal norm, any depth and head
/// `2^e`.
fn equality_cases() -> Result<Vec<NetworkInstance>> {
    let mut out = Vec::new();
    let pythagoras = [Rational::new(3, 5), Rational::new(4, 5)];
    for depth in [1_usize, 2, 3, 5, 8, 16] {
        for exponent in [0_i32, 1, -1] {
            // norm(w) = 2^(e L), norm(w*) = 1: every layer has the norm 2^-e.
            let norm = Rational::power_of_two(-exponent);
            let head_norm = Rational::power_of_two(exponent * depth as i32);
            let w_star = DVector::from_column_slice(&pythagoras);
            let level = Rational::new(1, 4);
            let problem = Arc::new(Problem::white(&level, &w_star, &Rational::one())?);
            // Unit vectors between the layers, w* and its mirror image in turn.
            let unit = |k: usize| DVector::from_fn(2, |i, _| pythagoras[(k + i) % 2].clone());
            let layers = (1..=depth).map(|k| (unit(k) * unit(k - 1).transpose()).map(|v| v * &norm)).collect();
            let head = unit(depth).map(|v| v * &head_norm);
            out.push(NetworkInstance::new(problem, Network::new(layers, head)?, "rank one, balanced, equality"));
        }
    }
    Ok(out)
}

/// Simpler minimisers than a given one, simplest first: scalars, then fewer layers of width 1.
pub fn simpler(instance: &NetworkInstance) -> Vec<NetworkInstance> {
    shorter(instance, (1..=instance.depth()).flat_map(scalar_minimisers))
}

/// Minimisers near a given one: two neighbouring layers rescaled against each other.
pub fn neighbours(instance: &NetworkInstance) -> Vec<NetworkInstance> {
    /// Pairs of layers tried; deeper networks have more, which are alike.
    const PAIRS: usize = 6;
    let mut out = Vec::new();
    for k in 0..instance.depth().saturating_sub(1).min(PAIRS) {
        for (n, d) in [(2, 1), (1, 2), (9, 8), (8, 9), (65, 64), (64, 65)] {
            let mut factors = vec![Rational::one(); instance.depth()];
            factors[k] = Rational::new(n, d);
            factors[k + 1] = Rational::new(d, n);
            if let Ok(network) = minimiser::rescale(&instance.network, &factors) {
                out.push(NetworkInstance::new(instance.problem.clone(), network, instance.kind.clone()));
            }
        }
    }
    out
}

/// Minimisers of depth L with d = 1 and all widths 1: `W_1 = 1/w`, the other layers 1, for heads w = 1, 1/2, 2,
/// 1/10, 10.
pub fn scalar_minimisers(depth: usize) -> Vec<NetworkInstance> {
    let scalar = |q: Rational| DMatrix::from_element(1, 1, q);
    [Rational::one(), Rational::new(1, 2), Rational::from(2), Rational::new(1, 10), Rational::from(10)]
        .into_iter()
        .filter_map(|head| {
            let mut layers = vec![scalar(Rational::one()); depth];
            layers[0] = scalar(1 / &head);
            let network = Network::new(layers, DVector::from_element(1, head)).ok()?;
            Some(NetworkInstance::new(scalar_problem()?, network, "scalar"))
        })
        .collect()
}

/// The smallest data: d = 1, X = y = 1, so Sigma = 1, w* = 1, R_min = 0.
pub fn scalar_problem() -> Option<Arc<Problem>> {
    Problem::white(&Rational::one(), &no_head(), &Rational::zero()).ok().map(|p| Arc::new(p.renamed("d=1, X=y=1")))
}

/// Data with a diagonal covariance and R_min = 0.
pub fn diagonal_problem(name: &str, spectrum: [i64; 2], w_star: [i64; 2]) -> Result<Arc<Problem>> {
    let of = |v: [i64; 2]| DVector::from_iterator(2, v.into_iter().map(Rational::from));
    let sigma = DMatrix::from_diagonal(&of(spectrum));
    Ok(Arc::new(Problem::with_covariance(name, sigma, &of(w_star), &Rational::zero())?))
}

/// An exact number as an enclosure.
pub fn enclose<E: Enclosure>(q: &Rational, bits: u32) -> E {
    <E as Field>::from_rational(q, bits)
}
