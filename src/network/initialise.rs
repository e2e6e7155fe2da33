//! Initial weights from a seed: the paper's schemes, as doubles and as rationals.
//!
//! | paper | here |
//! | --- | --- |
//! | independent Gaussian entries | [`gaussian`], [`gaussian_exact`] |
//! | one layer zero, the others Gaussian: the example after (A2) | [`small_scale`], [`small_scale_exact`] |
//! | `W_k = I + s / sqrt(L d) N_k`, (2) | [`residual`], [`residual_exact`] |
//! | head of norm 1 | [`unit_head`], [`unit_head_exact`] |
//!
//! The exact twins draw other numbers (uniform, not normal) from the same streams: they are rational starts of the
//! same kind, not roundings of the same start. Normal draws take `exp` and `ln` from the system's library, which may
//! decide a last digit; the rational ones do not.
//!
//! One ChaCha8 stream per layer, numbered by the layer, so that layer k of a deeper network is layer k of a shallower
//! one with the same widths. Entries are drawn row by row.

use super::Network;
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use crate::problem::draw::{normal_matrix, small_matrix, stream, unit_vector};
use nalgebra::{DMatrix, DVector};

/// First stream of this file under a seed; W_k draws from `LAYERS + k - 1`.
///
/// Its numbers do not meet those of heads.
const LAYERS: u64 = 0x77_0000_0000;
/// The stream of heads.
const HEAD: u64 = 0x68_0000_0001;

/// Rational stand-ins for a standard normal number: k / 4 with k uniform in `-7..=7`, whose variance 56/48 is near 1.
const RATIONAL_BOUND: i64 = 7;
/// Entries are k over this.
const RATIONAL_DENOMINATOR: i64 = 4;

/// Independent Gaussian entries of standard deviation `scale` (a standard deviation, not a variance).
///
/// # Errors
/// Fewer than two widths, a width of zero, a head of the wrong size, a scale that is negative or not finite.
pub fn gaussian(widths: &[usize], head: DVector<f64>, scale: f64, seed: u64) -> Result<Network<f64>> {
    check(widths, scale)?;
    let layers = widths.windows(2).enumerate();
    let layers = layers.map(|(k, w)| normal_matrix(&mut layer_stream(seed, k), w[1], w[0]) * scale).collect();
    Network::new(layers, head)
}

/// The example after Assumption (A2): layer `zero` (1-based) is zero, the others are Gaussian of standard deviation
/// `scale`.
///
/// The other layers are those of [`gaussian`] with the same arguments.
///
/// # Errors
/// As [`gaussian`]; no such layer.
pub fn small_scale(widths: &[usize], head: DVector<f64>, scale: f64, zero: usize, seed: u64) -> Result<Network<f64>> {
    let network = gaussian(widths, head, scale, seed)?;
    let layers = with_zero(network.layers().to_vec(), zero)?;
    Ok(network.with_layers(layers))
}

/// The residual initialisation, equation (2): `W_k = I + s / sqrt(L d) N_k`, all layers d x d with d the size of the
/// head.
///
/// # Errors
/// L = 0, an empty head, s negative or not finite.
pub fn residual(depth: usize, head: DVector<f64>, s: f64, seed: u64) -> Result<Network<f64>> {
    let d = head.len();
    check(&vec![d; depth + 1], s)?;
    let factor = s / ((depth * d) as f64).sqrt();
    let layer = |k: usize| DMatrix::identity(d, d) + normal_matrix(&mut layer_stream(seed, k), d, d) * factor;
    Network::new((0..depth).map(layer).collect(), head)
}

/// An isotropic head of unit norm (up to rounding), as in Appendix C.
///
/// d entries. A normal vector divided by its norm is uniform on the sphere.
pub fn unit_head(d: usize, seed: u64) -> DVector<f64> {
    let v = normal_matrix(&mut stream(seed, HEAD), d, 1);
    let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    DVector::from_iterator(d, v.iter().map(|x| x / norm))
}

/// A drawn rational head of norm exactly 1.
///
/// Not uniform on the sphere, but with no preferred axis; see [`unit_vector`].
pub fn unit_head_exact(d: usize, seed: u64) -> DVector<Rational> {
    unit_vector(&mut stream(seed, HEAD), d)
}

/// [`gaussian`] in exact arithmetic: entries `scale k / 4` with k uniform in `-7..=7`.
///
/// # Errors
/// As [`gaussian`].
pub fn gaussian_exact(
    widths: &[usize],
    head: DVector<Rational>,
    scale: &Rational,
    seed: u64,
) -> Result<Network<Rational>> {
    check(widths, scale.to_f64())?;
    let draw = |(k, w): (usize, &[usize])| exact_matrix(seed, k, w[1], w[0]).map(|v| v * scale.clone());
    Network::new(widths.windows(2).enumerate().map(draw).collect(), head)
}

/// [`small_scale`] in exact arithmetic.
///
/// # Errors
/// As [`small_scale`].
pub fn small_scale_exact(
    widths: &[usize],
    head: DVector<Rational>,
    scale: &Rational,
    zero: usize,
    seed: u64,
) -> Result<Network<Rational>> {
    let network = gaussian_exact(widths, head, scale, seed)?;
    let layers = with_zero(network.layers().to_vec(), zero)?;
    Ok(network.with_layers(layers))
}

/// The layers of [`gaussian_exact`] at scale 1, with the head (1); the layer `zero` among them is zero (0: none).
///
/// # Errors
/// As [`small_scale`].
pub fn fully_connected(widths: &[usize], zero: usize, seed: u64) -> Result<Network<Rational>> {
    let (head, one) = (DVector::from_element(1, Rational::from(1)), Rational::from(1));
    match zero {
        0 => gaussian_exact(widths, head, &one, seed),
        k => small_scale_exact(widths, head, &one, k, seed),
    }
}

/// d, all hidden layers of one width, 1.
///
/// `depth + 1` numbers: d_0 = d, then `depth - 1` times `hidden`, then d_L = 1.
pub fn widths(d: usize, hidden: usize, depth: usize) -> Vec<usize> {
    let mut out = vec![hidden; depth + 1];
    (out[0], out[depth]) = (d, 1);
    out
}

/// [`residual`] in exact arithmetic: `W_k = I + factor N_k`, `factor` a rational in place of `s / sqrt(L d)`.
///
/// # Errors
/// As [`residual`].
pub fn residual_exact(
    depth: usize,
    head: DVector<Rational>,
    factor: &Rational,
    seed: u64,
) -> Result<Network<Rational>> {
    let d = head.len();
    check(&vec![d; depth + 1], factor.to_f64())?;
    let layer = |k: usize| DMatrix::identity(d, d) + exact_matrix(seed, k, d, d).map(|v| v * factor.clone());
    Network::new((0..depth).map(layer).collect(), head)
}

/// The generator of layer k, here counted from 0.
fn layer_stream(seed: u64, k: usize) -> rand_chacha::ChaCha8Rng {
    stream(seed, LAYERS + k as u64)
}

/// The rational stand-in for N_{k+1}.
fn exact_matrix(seed: u64, k: usize, rows: usize, columns: usize) -> DMatrix<Rational> {
    small_matrix(&mut layer_stream(seed, k), rows, columns, RATIONAL_BOUND, RATIONAL_DENOMINATOR)
}

/// The layers with number `zero`, counted from 1, set to zero; an error that names it where there is none.
fn with_zero<T: crate::arithmetic::Ring>(mut layers: Vec<DMatrix<T>>, zero: usize) -> Result<Vec<DMatrix<T>>> {
    let depth = layers.len();
    match zero.checked_sub(1).and_then(|k| layers.get_mut(k)) {
        Some(layer) => {
            layer.fill(T::zero());
            Ok(layers)
        }
        None => Err(Error::usage(format!("layer {zero} is to be zero, the network has layers 1 to {depth}"))),
    }
}

/// The errors of [`gaussian`] but that of the head, which the network's own check finds.
fn check(widths: &[usize], scale: f64) -> Result<()> {
    if widths.len() < 2 || widths.contains(&0) {
        return Err(Error::usage(format!("widths {widths:?}: at least two, none of them zero, are needed")));
    }
    if !(scale >= 0.0 && scale.is_finite()) {
        return Err(Error::usage(format!("the initialisation scale {scale} is not a finite number >= 0")));
    }
    Ok(())
}
