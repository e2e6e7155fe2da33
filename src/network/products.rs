//! Products of consecutive square layers from the first on, W_k .. W_1, and up to the last, W_L .. W_k: M >= 1, the
//! largest of their norms, and m <= 1, the least of their singular values, the empty product included.
//!
//! Theorem 4 and Corollary 4 ask for M and m of a residual network, Lemma 9 for bounds of the prefixes alone. All
//! layers are d x d. With L layers these are `2 L - 1` products: `W_L .. W_1` is both a prefix and a suffix and is
//! made once. In rationals the products are exact and only their singular values are enclosed (`bounds`); in
//! enclosures, wrapping makes the products wider with each factor.

use crate::arithmetic::{Enclosure, Interval, Rational, Ring};
use crate::linalg::{largest_singular_value, norm_above, sigma_below, smallest_singular_value};
use nalgebra::DMatrix;
use num_traits::One;

/// W_1, W_2 W_1, .., W_L .. W_1.
///
/// In this order, one product of matrices each. Nothing for no layers.
pub fn prefixes<T: Ring>(layers: &[DMatrix<T>]) -> impl Iterator<Item = DMatrix<T>> {
    let d = layers.first().map_or(0, DMatrix::nrows);
    layers.iter().scan(DMatrix::identity(d, d), |product, w| {
        *product = w * &*product;
        Some(product.clone())
    })
}

/// The products, each once.
///
/// The prefixes, then W_L, W_L W_{L-1}, .., `W_L .. W_2`.
pub fn partial_products<T: Ring>(layers: &[DMatrix<T>]) -> impl Iterator<Item = DMatrix<T>> {
    let d = layers.first().map_or(0, DMatrix::nrows);
    let after = layers.iter().skip(1).rev().scan(DMatrix::identity(d, d), |product, w| {
        *product = &*product * w;
        Some(product.clone())
    });
    prefixes(layers).chain(after)
}

/// W_j .. W_{i+1}, the identity where empty.
///
/// `layers` are d x d, indices those of the paper: j from i to L.
///
/// # Panics
/// `i > j`, or j beyond the layers.
pub fn product<T: Ring>(layers: &[DMatrix<T>], d: usize, j: usize, i: usize) -> DMatrix<T> {
    layers[i..j].iter().fold(DMatrix::identity(d, d), |p, w| w * p)
}

/// M, or m.
///
/// M with `largest`, else m. The empty product makes M at least 1 and m at most 1.
pub fn extreme<E: Enclosure>(layers: &[DMatrix<E>], largest: bool) -> E {
    partial_products(layers).fold(E::one(), |out, p| {
        if largest { out.max(&largest_singular_value(&p)) } else { out.min(&smallest_singular_value(&p)) }
    })
}

/// M and m.
///
/// The products are made twice, once for each.
pub fn extremes<E: Enclosure>(layers: &[DMatrix<E>]) -> (E, E) {
    (extreme(layers, true), extreme(layers, false))
}

/// At most the least of 1 and the singular values of these products, at least the largest of 1 and their norms, by
/// enclosures with so many bits; `None` where one is singular, as far as they tell.
///
/// The pair is (lower, upper). `None` also where a norm is not bounded. Rational bounds keep what is computed with
/// them exact.
pub(crate) fn bounds(products: impl Iterator<Item = DMatrix<Rational>>, bits: u32) -> Option<(Rational, Rational)> {
    let (mut low, mut high) = (Rational::one(), Rational::one());
    for p in products {
        high = high.max(norm_above(&p, bits)?);
        low = low.min(sigma_below(&p, bits)?);
    }
    (low.sign() > 0).then_some((low, high))
}

/// M and m in doubles: their backward error is below a share of 1e-9 for products whose condition number is below 1e5,
/// as those at residual networks are.
///
/// No proof: beyond that condition number the interval of m may miss it. What must be proved goes through
/// [`extremes`].
pub fn computed_extremes(layers: &[DMatrix<f64>]) -> (Interval, Interval) {
    let (high, low) = partial_products(layers).fold((1.0_f64, 1.0_f64), |(high, low), p| {
        let values = p.singular_values();
        (high.max(values.max()), low.min(values.min()))
    });
    let around = |v: f64| Interval::point(v) * (1 + Interval::symmetric(1e-9));
    (around(high), around(low))
}
