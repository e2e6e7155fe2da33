//! Exact global minimisers: rational networks with `w_prod = w*`, so that the gradient is exactly zero.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | b_k = W_{k+1}^T ... W_L^T w | `b` | d_k |
//! | A = W_{k-1} ... W_1 | `before` | d_{k-1} x d_0 |
//! | w_prod = A^T W_k^T b_k | [`Network::product`] | d_0 |
//!
//! All layers but one are chosen, the last one is solved for: `W_k^T b_k = u` with `A^T u = w*` is met by
//! `W_k = G + b_k (u - G^T b_k)^T / norm(b_k)^2` for any G, which is how far W_k is from being determined. For k = 1, A
//! is the identity and every choice with `b_1 != 0` works.
//!
//! How many there are: the solutions W_k are those of `W_k^T b_k = u`, d_{k-1} equations for `d_k d_{k-1}` unknowns;
//! the correction `b_k (u - G^T b_k)^T / norm(b_k)^2` is the one of least Frobenius norm that takes G to a solution.
//! A minimiser in rationals has a Hessian in rationals, whose inertia is exact: that is why networks on which
//! theorems are tried are made here and not trained.
//!
//! Layers may be multiplied by rationals c_1, ..., c_L with product 1 (Section 3): the product stays w*, the layers get
//! unbalanced.

use super::Network;
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use crate::problem::draw::{small_matrix, stream, unit_vector};
use crate::problem::{Problem, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use rand::Rng;
use rand::seq::SliceRandom;

/// Streams of this file under a seed: layers, unbalancing, rank-one directions.
///
/// They are kept apart so that an option that uses one leaves the draws of the others alone.
const LAYERS: u64 = 0x6d_0001;
/// Which layers are multiplied and which divided.
const UNBALANCE: u64 = 0x6d_0002;
/// The u_k.
const RANK_ONE: u64 = 0x6d_0003;

/// Draws after which a degenerate choice (`b_k = 0`, `w*` out of reach) is reported and not tried again. A layer
/// annihilates b_k with probability at most 1/3, so that only a choice that cannot work runs out of draws.
const DRAWS: usize = 64;

/// How [`random`] chooses a minimiser.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Entries are `k / denominator` with k uniform in `-bound..=bound` (at least 1).
    pub bound: i64,
    /// The denominator; `None` takes the integer for which an entry has a standard deviation of about
    /// `1 / sqrt(d_{k-1})`.
    pub denominator: Option<i64>,
    /// Scale the layers by powers of two, product 1, so that their Frobenius norms agree within a factor of about 2.
    pub balanced: bool,
    /// Multiply half the layers (drawn) by this and divide as many others by it; 1 leaves them alone. Not zero.
    pub unbalance: Rational,
    /// The layer that is solved for, 1-based.
    pub solve: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { bound: 4, denominator: None, balanced: true, unbalance: Rational::from(1), solve: 1 }
    }
}

/// The minimiser with the given `W_2, ..., W_L` whose first layer is `G + b_1 (w* - G^T b_1)^T / norm(b_1)^2`.
///
/// `free` is G, d_1 x d; the zero matrix gives a rank-one W_1. L = 1 is an empty `upper`.
///
/// # Errors
/// The data have no exact w*; layers or head that do not chain; `b_1 = 0`, so that no W_1 reaches w*.
pub fn solve_first_layer(
    problem: &Problem,
    upper: &[DMatrix<Rational>],
    head: &DVector<Rational>,
    free: DMatrix<Rational>,
) -> Result<Network<Rational>> {
    let mut layers = vec![free];
    layers.extend_from_slice(upper);
    solve_layer(problem, Network::new(layers, head.clone())?, 1)
}

/// The minimiser that differs from `network` in layer `k` (1-based) only.
///
/// Where several u have `A^T u = w*`, the one taken differs from `W_k^T b_k` in at most as many coordinates as A has
/// rank.
///
/// `network` need not implement w*; its layer k is the G of the module. Everything is exact. Cost: O(p) rational
/// operations and, for k > 1, the product of the layers below and a Gauss-Jordan elimination of its transpose.
///
/// # Errors
/// As [`solve_first_layer`]; no layer k; a first width that is not that of the data; w* is not in the range of
/// `W_1^T ... W_{k-1}^T`.
pub fn solve_layer(problem: &Problem, network: Network<Rational>, k: usize) -> Result<Network<Rational>> {
    if k == 0 || k > network.depth() {
        return Err(Error::usage(format!("layer {k} of a network of depth {}", network.depth())));
    }
    let w_star = exact_optimum(problem)?;
    if network.widths()[0] != w_star.len() {
        let what = format!("W1 has {} columns, the data have {} features", network.widths()[0], w_star.len());
        return Err(Error::input("network", what));
    }
    let b = network.backward().swap_remove(k);
    let square = norm_squared(b.iter());
    if square.is_zero() {
        return Err(Error::input(
            format!("W{k}"),
            "the layers above annihilate the head, so that no choice of this layer reaches w*",
        ));
    }
    let present = network.layers()[k - 1].tr_mul(&b);
    let missing = w_star - network.layers()[..k - 1].iter().rev().fold(present, |v, w| w.tr_mul(&v));
    let correction = if k == 1 {
        missing
    } else {
        let product = |p: DMatrix<Rational>, w: &DMatrix<Rational>| w * p;
        let before = network.layers()[1..k - 1].iter().fold(network.layers()[0].clone(), product);
        particular_solution(before.transpose(), missing).ok_or_else(|| {
            Error::input(
                format!("W{k}"),
                "w* is not in the range of the layers below, so that no choice of this layer reaches it",
            )
        })?
    };
    let mut layers = network.layers().to_vec();
    layers[k - 1] += &b * correction.map(|v| v / square.clone()).transpose();
    Ok(network.with_layers(layers))
}

/// A seeded minimiser of the given widths `d_0, ..., d_L` and head: the other layers drawn, one solved for, see
/// [`Options`].
///
/// Degenerate draws are drawn again from the same stream. The same arguments give the same network.
///
/// The order: draw, solve for layer `options.solve`, balance, unbalance. The last two multiply layers by rationals
/// whose product is 1, so that w_prod stays w* exactly.
///
/// # Errors
/// Widths that do not fit the data or the head; a zero head; options out of range; no usable draw.
pub fn random(
    problem: &Problem,
    widths: &[usize],
    head: &DVector<Rational>,
    seed: u64,
    options: &Options,
) -> Result<Network<Rational>> {
    check_shape(problem, widths, head)?;
    let depth = widths.len() - 1;
    if options.bound < 1 || options.denominator == Some(0) || options.unbalance.is_zero() {
        return Err(Error::usage("minimiser options: bound must be positive, denominator and unbalance not zero"));
    }
    if options.solve == 0 || options.solve > depth {
        return Err(Error::usage(format!("layer {} of a network of depth {depth}", options.solve)));
    }
    let mut rng = stream(seed, LAYERS);
    let mut refusal = None;
    for _ in 0..DRAWS {
        let layers = draw_layers(&mut rng, widths, head, options);
        match solve_layer(problem, Network::new(layers, head.clone())?, options.solve) {
            Ok(network) => {
                let network = if options.balanced { balance(&network)? } else { network };
                return rescale(&network, &factors(depth, &options.unbalance, seed));
            }
            Err(e) => refusal = Some(e),
        }
    }
    Err(refusal.unwrap_or_else(|| Error::internal("no draw was made")))
}

/// The aligned minimiser with layers of rank one: `W_1 = c_1 u_1 w*^T`, `W_k = c_k u_k u_{k-1}^T`,
/// `W_L = c_L w u_{L-1}^T`.
///
/// The u_k are drawn rational unit vectors, so that the norms are rational: c_k for 1 < k < L, `c_1 norm(w*)` and
/// `c_L norm(w)` at the ends. `upper` is c_2, ..., c_L; c_1 follows from `c_1 ... c_L norm(w)^2 = 1`. `None` balances:
/// every norm is close to the common value `(norm(w*) / norm(w))^(1/L)`, at which the lower bound of Theorem 2 is
/// smallest.
///
/// Why it is a minimiser: the unit vectors u_k cancel, `w_prod = c_1 ... c_L norm(w)^2 w*`. For L = 1 it is
/// `w w*^T / norm(w)^2`.
///
/// # Errors
/// As [`random`]; a zero factor or the wrong number of factors.
pub fn rank_one(
    problem: &Problem,
    widths: &[usize],
    head: &DVector<Rational>,
    seed: u64,
    upper: Option<&[Rational]>,
) -> Result<Network<Rational>> {
    check_shape(problem, widths, head)?;
    let w_star = exact_optimum(problem)?;
    let depth = widths.len() - 1;
    let head_square = norm_squared(head.iter());
    let upper = match upper {
        Some(given) => given.to_vec(),
        None => balanced_factors(w_star, &head_square, depth),
    };
    if upper.len() != depth - 1 || upper.iter().any(Rational::is_zero) {
        let what = format!("rank-one minimiser of depth {depth}: {} nonzero factors are needed", depth - 1);
        return Err(Error::usage(what));
    }
    let first = upper.iter().fold(Rational::from(1) / head_square, |c, v| c / v.clone());
    let mut rng = stream(seed, RANK_ONE);
    let mut right = w_star.clone();
    let mut layers = Vec::with_capacity(depth);
    for (k, c) in std::iter::once(&first).chain(&upper).enumerate() {
        let left = if k + 1 == depth { head.clone() } else { unit_vector(&mut rng, widths[k + 1]) };
        layers.push(left.map(|v| v * c.clone()) * right.transpose());
        right = left;
    }
    Network::new(layers, head.clone())
}

/// Layer k multiplied by `factors[k - 1]`; the product of the factors must be 1, so that w_prod stays (Section 3).
///
/// # Errors
/// The wrong number of factors, or another product.
pub fn rescale(network: &Network<Rational>, factors: &[Rational]) -> Result<Network<Rational>> {
    let product = factors.iter().fold(Rational::from(1), |p, c| p * c.clone());
    if factors.len() != network.depth() || product != Rational::from(1) {
        let what = format!("rescaling needs {} factors with product 1, got product {product}", network.depth());
        return Err(Error::usage(what));
    }
    let scaled = |(w, c): (&DMatrix<Rational>, &Rational)| w.map(|v| v * c.clone());
    Ok(network.with_layers(network.layers().iter().zip(factors).map(scaled).collect()))
}

/// Powers of two, product 1, that bring the layers' Frobenius norms within a factor of about 2 of each other.
///
/// # Errors
/// None for a network made by this file.
pub fn balance(network: &Network<Rational>) -> Result<Network<Rational>> {
    let logs: Vec<f64> = network.layers().iter().map(|w| half_log2(&norm_squared(w.iter()))).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    // Rounding the running sum, not the terms, keeps the sum of the exponents at exactly zero.
    let (mut sum, mut before) = (0.0, 0i32);
    let mut factors: Vec<Rational> = Vec::with_capacity(logs.len());
    for (k, log) in logs.iter().enumerate() {
        sum += mean - log;
        let now = if k + 1 == logs.len() { 0 } else { sum.round() as i32 };
        factors.push(Rational::power_of_two(now - before));
        before = now;
    }
    rescale(network, &factors)
}

/// `log2(sqrt(q))` to a few digits, of any size; 0 for 0. Steers, decides nothing.
///
/// The bits of numerator and denominator give the size, a double the rest: so no q overflows.
fn half_log2(q: &Rational) -> f64 {
    if q.is_zero() {
        return 0.0;
    }
    let size = q.as_rug().numer().significant_bits() as i32 - q.as_rug().denom().significant_bits() as i32;
    let rest = q.clone() * Rational::power_of_two(-size);
    0.5 * (f64::from(size) + rest.to_f64().log2())
}

/// `unbalance` for half the layers and its inverse for as many, 1 for one where L is odd, in an order that the seed
/// decides: their product is 1.
fn factors(depth: usize, unbalance: &Rational, seed: u64) -> Vec<Rational> {
    let inverse = Rational::from(1) / unbalance.clone();
    let mut out: Vec<Rational> = (0..depth)
        .map(|k| match k % 2 {
            _ if k + 1 == depth && depth % 2 == 1 => Rational::from(1),
            0 => unbalance.clone(),
            _ => inverse.clone(),
        })
        .collect();
    out.shuffle(&mut stream(seed, UNBALANCE));
    out
}

/// c_2, ..., c_L, near the balanced ones: with the norms of the module's rank-one network at
/// `c = (norm(w*) / norm(w))^(1/L)`, and the last one divided by norm(w). They are rounded, c_1 is not: `rank_one`
/// solves for it.
fn balanced_factors(w_star: &DVector<Rational>, head_square: &Rational, depth: usize) -> Vec<Rational> {
    let common = (half_log2(&norm_squared(w_star.iter())) - half_log2(head_square)) / depth as f64;
    (2..=depth)
        .map(|k| {
            let log = if k == depth { common - half_log2(head_square) } else { common };
            // Ten bits: close enough to balance, and short enough to keep the exact arithmetic cheap.
            let mantissa = ((log - log.floor()).exp2() * 1024.0).round() as i64;
            Rational::new(mantissa, 1024) * Rational::power_of_two(log.floor() as i32)
        })
        .collect()
}

/// W_1, ..., W_L, drawn from the last to the first; one above the solved layer that would annihilate b_k is drawn
/// again.
fn draw_layers(
    rng: &mut impl Rng,
    widths: &[usize],
    head: &DVector<Rational>,
    options: &Options,
) -> Vec<DMatrix<Rational>> {
    let mut b = head.clone();
    let mut layers = Vec::with_capacity(widths.len() - 1);
    for k in (1..widths.len()).rev() {
        let mut layer = draw_layer(rng, widths[k], widths[k - 1], options);
        if k > options.solve {
            for _ in 0..DRAWS {
                if !layer.tr_mul(&b).iter().all(Rational::is_zero) {
                    break;
                }
                layer = draw_layer(rng, widths[k], widths[k - 1], options);
            }
            b = layer.tr_mul(&b);
        }
        layers.push(layer);
    }
    layers.reverse();
    layers
}

/// d_k x d_{k-1}, entries `k / denominator`; the denominator makes their standard deviation about
/// `1 / sqrt(d_{k-1})`, unless one is given.
fn draw_layer(rng: &mut impl Rng, rows: usize, columns: usize, options: &Options) -> DMatrix<Rational> {
    // A uniform integer in -m..=m has variance m (m + 1) / 3.
    let spread = (options.bound as f64 * (options.bound as f64 + 1.0) / 3.0).sqrt();
    let fitting = (spread * (columns as f64).sqrt()).round().max(1.0) as i64;
    small_matrix(rng, rows, columns, options.bound, options.denominator.unwrap_or(fitting))
}

/// w*, or the error that says why it is not exact.
fn exact_optimum(problem: &Problem) -> Result<&DVector<Rational>> {
    problem.w_star_exact().ok_or_else(|| {
        Error::input(
            problem.name(),
            "no exact w*, so no exact minimiser: the data are standardised, or too large for exact moments",
        )
    })
}

/// Widths d_0, ..., d_L that begin with the data's d and end with the head's size, and a head that is not zero.
fn check_shape(problem: &Problem, widths: &[usize], head: &DVector<Rational>) -> Result<()> {
    if widths.len() < 2 || widths.contains(&0) {
        return Err(Error::usage(format!("widths {widths:?}: at least two, none of them zero, are needed")));
    }
    if widths[0] != problem.dimension() {
        let what = format!("the first width is {}, the data have {} features", widths[0], problem.dimension());
        return Err(Error::usage(what));
    }
    if widths[widths.len() - 1] != head.len() {
        let what = format!("the head has {} entries, the last width is {}", head.len(), widths[widths.len() - 1]);
        return Err(Error::input("head", what));
    }
    if head.iter().all(Rational::is_zero) {
        return Err(Error::input("head", "w = 0: the network is zero whatever its layers"));
    }
    Ok(())
}

/// Some x with `a x = b` (free coordinates zero), or `None` if b is not in the range of a. Gauss-Jordan, exact.
///
/// The pivot is the entry of fewest bits, which keeps the rationals short. O(rows columns rank) operations; x has at
/// most as many entries other than zero as a has rank.
fn particular_solution(mut a: DMatrix<Rational>, mut b: DVector<Rational>) -> Option<DVector<Rational>> {
    let (rows, columns) = a.shape();
    let mut pivots = Vec::new();
    for j in 0..columns {
        let top = pivots.len();
        let Some(p) = (top..rows).filter(|&i| !a[(i, j)].is_zero()).min_by_key(|&i| a[(i, j)].bits()) else {
            continue;
        };
        a.swap_rows(top, p);
        b.swap_rows(top, p);
        for i in (0..rows).filter(|&i| i != top) {
            if a[(i, j)].is_zero() {
                continue;
            }
            let factor = a[(i, j)].clone() / a[(top, j)].clone();
            for l in j..columns {
                let v = a[(top, l)].clone() * factor.clone();
                a[(i, l)] -= v;
            }
            let v = b[top].clone() * factor;
            b[i] -= v;
        }
        pivots.push(j);
    }
    if b.iter().skip(pivots.len()).any(|v| !v.is_zero()) {
        return None;
    }
    let mut x = DVector::zeros(columns);
    for (i, &j) in pivots.iter().enumerate() {
        x[j] = b[i].clone() / a[(i, j)].clone();
    }
    Some(x)
}
