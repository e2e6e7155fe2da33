//! Families of data and of exact global minimisers.
//!
//! Data: white, prescribed spectra up to kappa = 1e12, small integers, the paper's Appendix C, the real data sets,
//! norm(w*) from 1e-3 to 1e3, w* = 0. Networks: depth 1 to 32, square, wide, tapering and width-1 layers, heads of norm
//! 1e-2 to 1e2, layers unbalanced by up to 2^12, generic or of rank one. Every network is rational and implements w*
//! exactly, so the hypothesis "W minimises R^L" is checked by an equality of rationals, not by a tolerance.
//!
//! **How a minimiser is found.** Either one layer is solved for, so that the product is w* exactly, the others being
//! drawn; or all layers are of rank one along a chain of rational unit vectors, which end in w* and in the head, and
//! only their factors are chosen ([`minimiser`]). The first way covers generic minimisers, the second those near the
//! cases of equality of Theorem 2.
//!
//! **What a run has** is its seed's and its profile's: the cases of equality, then 260, 2500 or 25000 drawn ones.
//! Instance i depends on the seed and i alone, so that a longer run begins with the instances of a shorter one.

use super::networks::NetworkInstance;
use crate::arithmetic::{Big, Rational, Ring};
use crate::error::Result;
use crate::harness::{Context, shorter};
use crate::hessian::flattest::least;
use crate::network::{Network, minimiser};
use crate::problem::draw::{small_matrix, stream, unit_vector};
use crate::problem::{Problem, fixtures};
use nalgebra::{DMatrix, DVector};
use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::sync::Arc;

/// Streams of this file under a seed.
const DATA: u64 = 0x69_0001;
/// Instance i draws from `NETWORKS + i`.
const NETWORKS: u64 = 0x69_0002;

/// The data of a run.
///
/// In this order: white data of d = 1, 2, 3 and 5; prescribed condition numbers from 1 to 1e12; w* of norm 1e-3, 1e3
/// and zero; integers; Appendix C; the real data sets.
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

/// d_0 = d, .., d_L by the pattern, 0 to 5.
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

/// Instance `i` of the stream: the problems in turn, the rest drawn.
///
/// `None` where no minimiser of this shape was found. Where a drawn layer is solved for and w* is out of its reach,
/// as it may be above a bottleneck, the default options are tried, which solve for the first. For data of more than
/// six inputs depth is at most 8.
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
///
/// Six depths, three heads. With norm(w*) = 1 and unit vectors f_k between the layers, `W_k = 2^-e f_k f_{k-1}^T` and
/// `w = 2^(e L) f_L`: the product is `2^(e L) 2^(-e L) f_0 = w*`.
///
/// # Errors
/// None for the numbers listed here.
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

/// Weights and head any 64-bit integers.
///
/// # Errors
/// A width of 0, or no layer.
pub(crate) fn integer_network(widths: &[usize], rng: &mut ChaCha8Rng) -> Result<Network<Rational>> {
    let mut integer = || Rational::from(rng.random::<i64>());
    let layers = widths.windows(2).map(|w| DMatrix::from_fn(w[1], w[0], |_, _| integer())).collect();
    Network::new(layers, DVector::from_fn(widths[widths.len() - 1], |_, _| integer()))
}

/// X, n x d, by rows, and y: any 64-bit integers.
pub(crate) fn integer_data(n: usize, d: usize, rng: &mut ChaCha8Rng) -> (Vec<Vec<Rational>>, Vec<Rational>) {
    let mut integer = || Rational::from(rng.random::<i64>());
    let x = (0..n).map(|_| (0..d).map(|_| integer()).collect()).collect();
    (x, (0..n).map(|_| integer()).collect())
}

/// Simpler minimisers than a given one, simplest first: scalars, then fewer layers of width 1.
pub fn simpler(instance: &NetworkInstance) -> Vec<NetworkInstance> {
    shorter(instance, (1..=instance.depth()).flat_map(scalar_minimisers))
}

/// Minimisers near a given one: two neighbouring layers rescaled against each other.
///
/// The product does not change, so that they are minimisers still: the search for the least slack climbs through
/// them. Thirty-six at most.
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
    let heads = [Rational::one(), Rational::new(1, 2), Rational::from(2), Rational::new(1, 10), Rational::from(10)];
    let of = |head: Rational| {
        let mut layers = vec![Rational::one(); depth];
        layers[0] = 1 / &head;
        scalars(layers, head, "scalar")
    };
    heads.into_iter().filter_map(of).collect()
}

/// A network of width 1 on the smallest data.
///
/// A minimiser exactly where the product of all layers and the head is 1. `None` without a layer.
pub fn scalars(layers: Vec<Rational>, head: Rational, kind: &str) -> Option<NetworkInstance> {
    let layers = layers.into_iter().map(|q| DMatrix::from_element(1, 1, q)).collect();
    let network = Network::new(layers, DVector::from_element(1, head)).ok()?;
    Some(NetworkInstance::new(scalar_problem()?, network, kind))
}

/// The smallest data: d = 1, X = y = 1, so Sigma = 1, w* = 1, R_min = 0.
pub fn scalar_problem() -> Option<Arc<Problem>> {
    Problem::white(&Rational::one(), &no_head(), &Rational::zero()).ok().map(|p| Arc::new(p.renamed("d=1, X=y=1")))
}

/// Data with a diagonal covariance and R_min = 0.
///
/// d = 2.
///
/// # Errors
/// An eigenvalue that is not positive.
pub fn diagonal_problem(name: &str, spectrum: [i64; 2], w_star: [i64; 2]) -> Result<Arc<Problem>> {
    let of = |v: [i64; 2]| DVector::from_iterator(2, v.into_iter().map(Rational::from));
    let sigma = DMatrix::from_diagonal(&of(spectrum));
    Ok(Arc::new(Problem::with_covariance(name, sigma, &of(w_star), &Rational::zero())?))
}

/// A rational rank-one aligned network with beta_1 near the t of the least sharpness and equal ratios
/// beta_k/beta_{k-1}, for the data, head and depth of an instance: the factors of the layers are close to the optimal
/// ones.
///
/// `None` where the least sharpness was not found, a factor is not a finite double, or no rank-one network has these
/// widths and this head. The factors are rounded, so that its sharpness is near the least one and not below it; that
/// the network is a minimiser is exact.
pub fn flattest(i: &NetworkInstance) -> Option<NetworkInstance> {
    let head = i.head_norm_squared();
    let depth = i.depth();
    let (_, t) = least::<Big>(&i.problem, &head, depth, 128)?;
    // Unit vectors between the layers: beta_k = c_L^2 norm(w)^4 c_{L-1}^2 .. c_{k+1}^2, so every ratio is 1/c^2 and the
    // last layer takes the rest.
    let ratio = (head.to_f64() / t.to_f64()).powf(1.0 / (depth as f64 - 1.0).max(1.0));
    let middle = Rational::from_f64(1.0 / ratio.sqrt())?;
    let last = Rational::from_f64(1.0 / (ratio.sqrt() * head.to_f64().sqrt()))?;
    let mut upper = vec![middle; depth.saturating_sub(1)];
    if let Some(end) = upper.last_mut() {
        *end = last;
    }
    let widths = i.network.widths();
    let network = minimiser::rank_one(&i.problem, &widths, i.network.head(), 7, Some(&upper)).ok()?;
    Some(NetworkInstance::new(i.problem.clone(), network, "rank one, at the optimal t"))
}
