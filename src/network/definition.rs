//! The risk from its definition, and its derivatives by dual numbers, in any exact field: what shares no line with the
//! formulas, and with what they are compared.
//!
//! | paper | here | cost |
//! | --- | --- | --- |
//! | `R^1(v) = norm(y - X v)^2 / n`, (6) | [`linear_risk`], [`risk_gradient`] | O(n d) |
//! | R^L | [`risk`] | O(n d) and the product of the layers |
//! | (5), grad_k R^L | [`gradient`] | a risk for each entry of the layer |
//! | the Hessian | [`gradient_derivative`] | a gradient for each parameter |
//!
//! Dual numbers `a + a' e`, `e^2 = 0`, carry exact first derivatives: these are derivatives of the definition itself,
//! not difference quotients. They cost an evaluation for each entry, so what is compared is small.

use super::Network;
use crate::arithmetic::{Dual, Field, Rational, Ring};
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::One;

/// `W_1^T .. W_L^T w` for any layers.
///
/// From the last to the first; d_0 entries.
pub fn product<T: Ring>(layers: &[DMatrix<T>], head: &DVector<T>) -> DVector<T> {
    layers.iter().rev().fold(head.clone(), |b, w| w.transpose() * b)
}

/// Data of which w* is the minimiser: `X = (A; A)`, `y = (A w* + r; A w* - r)`.
///
/// A is m x d; X is 2m x d and y has 2m entries. The residuals are (r; -r), so that
/// `X^T (y - X w*) = A^T r - A^T r = 0`: w* is a minimiser, the only one where A has rank d, and
/// `R_min = norm(r)^2 / m`.
pub fn data_of(
    a: &DMatrix<Rational>,
    w_star: &DVector<Rational>,
    r: &DVector<Rational>,
) -> (DMatrix<Rational>, DVector<Rational>) {
    let (m, d) = a.shape();
    let fitted = a * w_star;
    let sign = |i: usize| if i < m { r[i].clone() } else { -&r[i - m] };
    let x = DMatrix::from_fn(2 * m, d, |i, j| a[(i % m, j)].clone());
    (x, DVector::from_fn(2 * m, |i, _| &fitted[i % m] + sign(i)))
}

/// A rational in another exact field.
pub fn lift<T: Field>(q: &Rational) -> T {
    // Dual numbers over the rationals ignore the precision.
    T::from_rational(q, 0)
}

/// R^1 from its definition, `norm(y - X v)^2 / n`.
///
/// X is n x d, y has n entries, v has d.
pub fn linear_risk<T: Field>(x: &DMatrix<T>, y: &DVector<T>, v: &DVector<T>) -> T {
    let residual = y - x * v;
    norm_squared(residual.iter()) / T::from_i64(y.len() as i64)
}

/// (6), first form: `-(2/n) X^T (y - X v)`.
pub fn risk_gradient<T: Field>(x: &DMatrix<T>, y: &DVector<T>, v: &DVector<T>) -> DVector<T> {
    let minus = T::from_i64(-2) / T::from_i64(y.len() as i64);
    let residual: DVector<T> = y - x * v;
    let back: DVector<T> = x.transpose() * residual;
    back.map(|v| v * &minus)
}

/// The risk from its definition, `norm(y - X W_1^T .. W_L^T w)^2 / n`.
pub fn risk<T: Field>(x: &DMatrix<T>, y: &DVector<T>, layers: &[DMatrix<T>], head: &DVector<T>) -> T {
    linear_risk(x, y, &product(layers, head))
}

/// grad_k R^L from the definition of the risk, entry by entry, by dual numbers over T.
///
/// One entry at a time gets the derivative 1. `k` is 1-based.
///
/// # Panics
/// k is not one of 1, ..., L.
pub fn gradient<T: Field>(
    x: &DMatrix<T>,
    y: &DVector<T>,
    layers: &[DMatrix<T>],
    head: &DVector<T>,
    k: usize,
) -> DMatrix<T> {
    let (x, y, head) = (x.map(Dual::constant), y.map(Dual::constant), head.map(Dual::constant));
    let mut moved: Vec<DMatrix<Dual<T>>> = layers.iter().map(|w| w.map(Dual::constant)).collect();
    let (rows, columns) = layers[k - 1].shape();
    DMatrix::from_fn(rows, columns, |i, j| {
        moved[k - 1][(i, j)].derivative = T::one();
        let slope = risk(&x, &y, &moved, &head).derivative;
        moved[k - 1][(i, j)].derivative = T::zero();
        slope
    })
}

/// The derivative of [`Network::gradient`], in the parameter order of `hessian::assemble`: column j is that along the
/// j-th parameter.
///
/// It is p x p. The gradient (5) is differentiated, not the risk: a test that compares it with `hessian::assemble`
/// checks the second derivative, one that compares [`gradient`] with (5) the first.
pub fn gradient_derivative(net: &Network<Rational>, data: &Moments<Rational>) -> DMatrix<Rational> {
    let data = data.map(|q| Dual::constant(q.clone()));
    let still = net.map(|q| Dual::constant(q.clone()));
    let mut columns = Vec::new();
    for k in 0..net.layers().len() {
        for at in 0..net.layers()[k].len() {
            let mut layers = still.layers().to_vec();
            layers[k].as_mut_slice()[at].derivative = Rational::one();
            let gradient = still.with_layers(layers).gradient(&data);
            let slopes = |j| gradient.layer(j).iter().map(|v| v.derivative.clone()).collect::<Vec<_>>();
            columns.push(DVector::from_vec((1..=net.layers().len()).flat_map(slopes).collect()));
        }
    }
    DMatrix::from_columns(&columns)
}
