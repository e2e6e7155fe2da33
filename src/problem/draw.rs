//! Seeded draws shared by data and networks: one documented stream per purpose, so that any instance can be replayed
//! alone.
//!
//! Generator: ChaCha8 with `seed_from_u64(seed)` and `set_stream(stream)`. Streams with different numbers are
//! independent and do not depend on how much was drawn from another.
//!
//! A stream belongs to a purpose, by a constant beside the code that draws. Rational draws have small numerators and
//! a fixed denominator, so that exact arithmetic on them stays short.

use crate::arithmetic::Rational;
use crate::linalg::sphere::stereographic;
use nalgebra::{DMatrix, DVector};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// The generator of `stream` under `seed`.
pub fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// A matrix of independent standard normal doubles, drawn row by row.
///
/// One call of the generator's normal distribution for each entry; the last digits may depend on the system's exp and
/// ln.
pub fn normal_matrix(rng: &mut impl Rng, rows: usize, columns: usize) -> DMatrix<f64> {
    let entries: Vec<f64> = (0..rows * columns).map(|_| rng.sample(StandardNormal)).collect();
    DMatrix::from_row_slice(rows, columns, &entries)
}

/// A matrix of `k / denominator` with k uniform in `-bound..=bound`, drawn row by row. `denominator` must not be 0.
///
/// Repeated values are likely, so singular matrices occur: callers that need a regular one test it. Panics if `bound`
/// is negative.
pub fn small_matrix(
    rng: &mut impl Rng,
    rows: usize,
    columns: usize,
    bound: i64,
    denominator: i64,
) -> DMatrix<Rational> {
    let entries: Vec<Rational> =
        (0..rows * columns).map(|_| Rational::new(rng.random_range(-bound..=bound), denominator)).collect();
    DMatrix::from_row_slice(rows, columns, &entries)
}

/// A rational vector of Euclidean norm exactly 1: the stereographic image `(2 t, |t|^2 - 1) / (|t|^2 + 1)` of a small
/// rational t, its coordinates then rotated so that no axis is special. A sign for `length` 1.
///
/// t has entries in `{-2, -3/2, .., 2}`. Empty for `length` 0.
pub fn unit_vector(rng: &mut impl Rng, length: usize) -> DVector<Rational> {
    if length <= 1 {
        let sign = if rng.random_bool(0.5) { 1 } else { -1 };
        return DVector::from_element(length, Rational::from(sign));
    }
    let t = small_matrix(rng, length - 1, 1, 4, 2);
    let point = stereographic(t.as_slice());
    let shift = rng.random_range(0..length);
    let image = |i: usize| if i < t.len() { point[i + 1].clone() } else { -&point[0] };
    DVector::from_fn(length, |i, _| image((i + shift) % length))
}
