//! Gradient flow for d targets and no head (Theorem 5): `R(W) - R_min = tr(E Sigma E^T)`, `E = W_L .. W_1 - P*`.
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | Sigma, P* (`P*^T = (X^T X)^-1 X^T Y`) | `sigma`, `target` | d x d |
//! | W_1, .., W_L | blocks of the flat state, in the [`Layout`] of a network | d x d |
//! | Pi_{k-1:1} | `before` | d x d |
//! | `Pi_{L:k+1}^T G`, `G = 2 E Sigma` | `carried` | d x d |
//!
//! `grad_k = Pi_{L:k+1}^T G Pi_{k-1:1}^T` by two sweeps of 3 L products. The risk enters through E alone, so that the
//! gradient keeps its relative accuracy near a minimiser. The integrator is that of [`super::gradient_flow`], without
//! the implicit method: a flow that turns out stiff ends as such.
//!
//! P* is the matrix of the optimal regressor: `R(W) = norm(Y - X Pi^T)_F^2 / n` with `Pi = W_L .. W_1`, so the excess
//! is that of `E = Pi - P*`. The field is written here and not in [`super::field`] because the sweeps carry matrices,
//! not vectors: O(L d^3) an evaluation against O(L d^2).

use super::dormand_prince::{Stepper, System, Tolerances, norm};
use super::drive::{Ended, Visit, drive};
use super::gradient_flow::{FlowOptions, limits};
use super::layout::Layout;
use crate::error::{Error, Result};
use crate::network::Network;
use nalgebra::{DMatrix, DMatrixView};
use std::ops::{ControlFlow, Range};

/// The data: second moments and the optimum.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Sigma, d x d.
    ///
    /// It must be symmetric, which is not checked.
    pub sigma: DMatrix<f64>,
    /// P*, d x d.
    pub optimum: DMatrix<f64>,
}

/// Seen after every accepted step.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// t.
    pub time: f64,
    /// R - R_min.
    pub excess_risk: f64,
    /// Norm of the whole gradient.
    pub gradient_norm: f64,
    /// The parameters.
    pub state: &'a [f64],
}

/// The field `-grad R`.
struct Descent<'a> {
    /// Sigma and P*.
    data: &'a Targets,
    /// Of L layers, d x d.
    layout: Layout,
    /// Rows and columns of every layer.
    d: usize,
    /// Pi_{0:1} = I, .., Pi_{L:1}.
    ///
    /// They serve both sweeps: `W_k Pi_{k-1:1}` up, `grad_k = carried Pi_{k-1:1}^T` down, and then
    /// `carried <- W_k^T carried`.
    before: Vec<DMatrix<f64>>,
    /// `tr(E Sigma E^T)` at the last point that was evaluated; infinite before the first.
    excess: f64,
}

impl<'a> Descent<'a> {
    /// # Errors
    /// Sigma or a layer of another shape than the optimum, or an optimum that is not square.
    fn new(data: &'a Targets, start: &Network<f64>) -> Result<Self> {
        let d = data.optimum.nrows();
        let square = |m: &DMatrix<f64>| m.shape() == (d, d);
        if !square(&data.optimum) || !square(&data.sigma) || !start.layers().iter().all(square) {
            return Err(Error::input("layers", format!("expected matrices {d} x {d}, like Sigma and the optimum")));
        }
        let before = vec![DMatrix::identity(d, d); start.depth() + 1];
        Ok(Self { data, layout: Layout::of(start), d, before, excess: f64::INFINITY })
    }
}

impl System<f64> for Descent<'_> {
    fn blocks(&self) -> &[Range<usize>] {
        self.layout.blocks()
    }
    fn rate(&mut self, y: &[f64], out: &mut [f64]) {
        let d = self.d;
        let layer = |block: &Range<usize>| DMatrixView::from_slice(&y[block.clone()], d, d);
        for (k, block) in self.layout.blocks().iter().enumerate() {
            let (done, next) = self.before.split_at_mut(k + 1);
            layer(block).mul_to(&done[k], &mut next[0]);
        }
        let depth = self.layout.depth();
        let error = &self.before[depth] - &self.data.optimum;
        let half = &error * &self.data.sigma;
        self.excess = half.dot(&error);
        let mut carried = half * 2.0;
        for (k, block) in self.layout.blocks().iter().enumerate().rev() {
            let gradient = &carried * self.before[k].transpose();
            for (o, g) in out[block.clone()].iter_mut().zip(gradient.iter()) {
                *o = -g;
            }
            carried = layer(block).tr_mul(&carried);
        }
    }
    fn level(&self) -> f64 {
        self.excess
    }
}

/// Integrates from the layers of `start` (its head plays no part); `observe` sees every accepted step and may end the
/// integration. Of the options, those about the explicit method and about when to end are used.
///
/// The network at the end carries the head of `start`. Every end, also of a flow that turned out stiff, is an
/// [`Ended`] with its reason.
///
/// # Errors
/// Options out of range; layers that are not all of the shape of the optimum; a risk that is not finite at the start.
pub fn integrate(
    data: &Targets,
    start: &Network<f64>,
    options: &FlowOptions,
    observe: &mut dyn FnMut(&Point<'_>) -> ControlFlow<()>,
) -> Result<(Ended, Network<f64>)> {
    options.validate()?;
    let mut descent = Descent::new(data, start)?;
    let mut stepper = Stepper::new(&options.tableau, Layout::flatten(start), 53, &mut descent);
    if !descent.level().is_finite() {
        return Err(Error::input("weights", "the risk at these weights is not finite in doubles"));
    }
    let tolerances = Tolerances { rtol: options.rtol, atol: options.atol };
    let mut visit = |v: &mut Visit<'_, f64>| {
        let time = v.time.plus(v.step).high;
        observe(&Point { time, excess_risk: v.level, gradient_norm: norm(v.end_rate()), state: v.end() })
    };
    let ended = drive(&mut stepper, &mut descent, tolerances, &limits(options), &mut visit);
    let network = descent.layout.network(stepper.state(), start.head())?;
    Ok((ended, network))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::initialise::{residual, unit_head};
    use crate::problem::draw::{normal_matrix, stream};

    fn data(d: usize) -> Targets {
        let sigma = DMatrix::from_fn(d, d, |i, j| if i == j { 1.0 / (1.0 + i as f64) } else { 0.1 });
        Targets { sigma, optimum: normal_matrix(&mut stream(5, 1), d, d) }
    }

    /// R is quadratic in each entry of a layer, so that `(R(W + E_ij) - R(W - E_ij)) / 2` is its derivative.
    #[test]
    fn the_field_is_minus_the_derivative_of_the_risk() {
        let (d, data) = (3, data(3));
        let start = residual(4, unit_head(d, 1), 1.0, 2).unwrap();
        let state = Layout::flatten(&start);
        let mut descent = Descent::new(&data, &start).unwrap();
        let mut out = vec![0.0; state.len()];
        descent.rate(&state, &mut out);
        let mut scratch = out.clone();
        for at in 0..state.len() {
            let mut moved = |by: f64| {
                let mut y = state.clone();
                y[at] += by;
                descent.rate(&y, &mut scratch);
                descent.level()
            };
            let derivative = 0.5 * (moved(1.0) - moved(-1.0));
            assert!((derivative + out[at]).abs() < 1e-12, "entry {at}: {derivative} against {}", out[at]);
        }
    }

    /// L = 1: `E(t) = E(0) exp(-2 Sigma t)`, on white data `E(0) exp(-2 t)`.
    #[test]
    fn one_layer_on_white_data_is_an_exponential() {
        let d = 3;
        let white = Targets { sigma: DMatrix::identity(d, d), ..data(d) };
        let start = residual(1, unit_head(d, 1), 0.0, 2).unwrap();
        let begin = (start.layers()[0].clone() - &white.optimum).norm_squared();
        let options = FlowOptions { rtol: 1e-10, atol: 1e-12, t_end: Some(1.5), gap: None, ..FlowOptions::default() };
        let (_, end) = integrate(&white, &start, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        let left = (end.layers()[0].clone() - &white.optimum).norm_squared();
        assert!((left / begin / (-6.0_f64).exp() - 1.0).abs() < 1e-8, "{left:e} of {begin:e}");
    }

    #[test]
    fn layers_of_another_shape_are_refused() {
        let start = residual(2, unit_head(2, 1), 1.0, 2).unwrap();
        assert!(integrate(&data(3), &start, &FlowOptions::default(), &mut |_| ControlFlow::Continue(())).is_err());
    }
}
