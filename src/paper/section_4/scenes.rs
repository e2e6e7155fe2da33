//! Pairs (W(0), W) of networks that satisfy Lemma 1 exactly ([`SameGaps`]), for the proofs of Lemma 2 and Theorem 3;
//! the singular vectors of W are known exactly. B.3 uses of the flow nothing but Lemma 1, so its domain is: any two
//! networks of the same shapes with the same gaps. L, the layers with their singular values and vectors, Delta_k,
//! epsilon-bar and epsilon are symbols of [`table`].

use crate::arithmetic::Rational;
use crate::formula::{Expr, Table, at, max, norm, sum, transpose, var};
use crate::harness::steps::layers::{self, Layer, SameGaps};
use crate::harness::steps::{Draw, Drawn, scalar};
use crate::problem::norm_squared;
use num_traits::Zero;

/// The symbols of the steps of B.3: L; of each layer W, sigma, s' and s'' (its singular values after the first, zero
/// where there are none), u, v and W(0); and by their definitions Delta, epsilon-bar and epsilon.
pub(crate) fn table(pair: &SameGaps) -> Table<Rational> {
    let other = |i: usize| {
        let of = move |w: &Layer| scalar(w.others().get(i).cloned().unwrap_or_else(Rational::zero));
        pair.layers.iter().map(of)
    };
    let gap = |k: &Expr| transpose(start(k + 1)) * start(k + 1) - start(k) * transpose(start(k));
    let gaps = sum("k", 1, var("L") - 1, norm(delta(var("k"))));
    let largest = pair.start.iter().map(|w| norm_squared(w.iter())).fold(Rational::zero(), Ord::max);
    let norms = (1..=pair.depth()).map(|k| norm(start(k as i64)).pow(2));
    layers::table(&pair.layers)
        .family("W(0)", pair.start.iter().cloned())
        .family("s'", other(0))
        .family("s''", other(1))
        .define("Delta", &["k"], gap(&var("k")))
        .scalar(LARGEST, largest)
        .define(LARGEST_NORM, &[], norms.reduce(max).unwrap_or_else(|| 0.into()))
        .define("epsilon-bar", &[], var(LARGEST) + &gaps)
        .define("epsilon", &[], 3 * var(LARGEST) + 2 * gaps)
}

/// Symbols of [`table`].
pub(crate) const LARGEST: &str = "max_j norm_F(W_j(0))^2";
/// The same with operator norms: for a planted error.
pub(crate) const LARGEST_NORM: &str = "max_j norm(W_j(0))^2";
/// W_k.
pub(crate) fn w(k: impl Into<Expr>) -> Expr {
    at("W", k)
}
/// W_k(0).
pub(crate) fn start(k: impl Into<Expr>) -> Expr {
    at("W(0)", k)
}
/// sigma_k.
pub(crate) fn sigma(k: impl Into<Expr>) -> Expr {
    at("sigma", k)
}
/// Delta_k, the gap at t = 0.
pub(crate) fn delta(k: impl Into<Expr>) -> Expr {
    at("Delta", k)
}
/// A pair.
pub(crate) fn pair(draw: &mut Draw<'_>) -> Drawn {
    Ok(table(&SameGaps::draw(draw)?))
}
/// A pair of at least two layers.
pub(crate) fn deep(draw: &mut Draw<'_>) -> Drawn {
    let pair = SameGaps::draw(draw)?;
    if pair.depth() > 1 { Ok(table(&pair)) } else { Err("L = 1: no pair of layers") }
}
