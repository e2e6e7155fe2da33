//! The quantities of Section 4 that the gradient flow conserves, and what Assumption (A3) asks of them.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_{k+1}^T W_{k+1} - W_k W_k^T (Lemma 1) | [`balance`] | d_k x d_k, k = 1..L-1 |
//! | D = sum_k norm_2 of it (part of epsilon) | [`imbalance`] | scalar |
//! | epsilon (before Lemma 2) | [`epsilon`] | scalar |
//! | epsilon-bar (Appendix B.3) | [`epsilon_bar`] | scalar |
//!
//! All of them are functions of the initial weights alone.

use crate::arithmetic::{Enclosure, Real, Ring};
use crate::linalg::largest_singular_value;
use crate::network::Network;
use crate::problem::norm_squared;
use nalgebra::DMatrix;

/// The matrices `W_{k+1}^T W_{k+1} - W_k W_k^T`, k = 1..L-1, that Lemma 1 says are constant along the flow.
pub fn balance<T: Ring>(network: &Network<T>) -> Vec<DMatrix<T>> {
    network.layers().windows(2).map(|w| w[1].tr_mul(&w[1]) - &w[0] * w[0].transpose()).collect()
}

/// `max_k norm_F(B_k - C_k)` over two lists of balance matrices: how far Lemma 1 was missed. Zero when L = 1.
pub fn drift(start: &[DMatrix<f64>], now: &[DMatrix<f64>]) -> f64 {
    // NaN must not look like no drift: `f64::max` would drop it.
    start.iter().zip(now).map(|(b, c)| (b - c).norm()).fold(0.0, |m, v| if v <= m { m } else { v })
}

/// `D = sum_{k<L} norm_2(W_k W_k^T - W_{k+1}^T W_{k+1})`, zero exactly when the layers are balanced.
pub fn imbalance<E: Enclosure>(network: &Network<E>) -> E {
    balance(network).iter().fold(E::zero(), |s, b| s + largest_singular_value(b))
}

/// `epsilon = 3 max_k norm_F(W_k)^2 + 2 D`, as defined before Lemma 2.
pub fn epsilon<E: Enclosure>(network: &Network<E>) -> E {
    epsilon_of(&largest_square(network), &imbalance(network))
}

/// epsilon from `max_k norm_F(W_k)^2` and D.
pub fn epsilon_of<E: Enclosure>(largest_square: &E, imbalance: &E) -> E {
    E::from_i64(3) * largest_square.clone() + E::from_i64(2) * imbalance.clone()
}

/// `epsilon-bar = max_k norm_F(W_k)^2 + D`, the smaller quantity with which the proof of Lemma 2 works.
pub fn epsilon_bar<E: Enclosure>(network: &Network<E>) -> E {
    epsilon_bar_of(&largest_square(network), &imbalance(network))
}

/// epsilon-bar from `max_k norm_F(W_k)^2` and D.
pub fn epsilon_bar_of<E: Enclosure>(largest_square: &E, imbalance: &E) -> E {
    largest_square.clone() + imbalance.clone()
}

fn largest_square<E: Enclosure>(network: &Network<E>) -> E {
    let squares = network.layers().iter().map(|w| norm_squared(w.iter()));
    squares.reduce(|a, b| a.max(&b)).unwrap_or_else(E::zero)
}

/// The three parts of Assumption (A3), each as a margin `right - left` that must not be negative:
/// `1 - epsilon`, `norm(w*) - 1`, `1 - 32 L sqrt(epsilon)`.
pub fn assumption_3<E: Enclosure>(epsilon: &E, w_star_norm: &E, depth: usize) -> [E; 3] {
    let steep = E::from_i64(32) * E::from_i64(depth as i64) * Real::sqrt(epsilon);
    [E::one() - epsilon.clone(), w_star_norm.clone() - E::one(), E::one() - steep]
}
