//! The vector field `-grad R^L` of equation (4) on flat slices, by the two sweeps of equations (5) and (6).
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | b_k = W_{k+1}^T ... W_L^T w | [`Workspace::backward`] | d_k, k = 0..L |
//! | a_k = W_{k-1} ... W_1 grad R^1(w_prod) | [`Workspace::forward`] | d_{k-1}, k = 1..L |
//! | e = w_prod - w* | [`Workspace::offset`] | d_0 |
//! | R^L - R_min = e^T Sigma e | [`Workspace::excess_risk`] | scalar |
//!
//! The risk enters through e alone: `grad R^1(w_prod) = 2 Sigma e` by the normal equations, so that gradient and excess risk keep
//! their relative accuracy when both are tiny, which `Sigma w_prod - X^T y / n` and `R - R_min` do not.
//! No evaluation allocates. Cost: three passes over the parameters.

use super::Layout;
use super::kernels;
use crate::arithmetic::Ring;
use crate::error::{Error, Result};
use crate::network::Network;
use nalgebra::{DMatrix, DVector};

/// The gradient flow's vector field for one problem and one shape of networks.
#[derive(Clone, Debug)]
pub struct Field<T: Ring> {
    layout: Layout,
    head: DVector<T>,
    /// d x d, column-major.
    sigma: Vec<T>,
    w_star: Vec<T>,
    /// d_0 = ... = d_{L-1}, or 0 where they differ: selects a kernel with that width built in.
    pub(super) uniform: usize,
}

/// What the sweeps leave behind; one for each thread that evaluates.
#[derive(Clone, Debug)]
pub struct Workspace<T> {
    /// b_0, ..., b_L, one after the other.
    backward: Vec<T>,
    /// a_1, ..., a_L, one after the other.
    forward: Vec<T>,
    offset: Vec<T>,
    excess_risk: T,
}

impl<T: Ring> Field<T> {
    /// The field of this problem's second moments, for networks of the shape and the head of `network`.
    ///
    /// # Errors
    /// The first layer does not take d inputs.
    pub fn new(sigma: &DMatrix<T>, w_star: &DVector<T>, network: &Network<T>) -> Result<Self> {
        let layout = Layout::of(network);
        let (d, d_0) = (w_star.len(), layout.widths()[0]);
        if d != d_0 {
            return Err(Error::input("W1", format!("{d_0} columns, but the data have d = {d}")));
        }
        let same = layout.widths()[..layout.depth()].iter().all(|w| *w == d_0);
        let uniform = if same { d_0 } else { 0 };
        Ok(Self {
            layout,
            head: network.head().clone(),
            sigma: sigma.iter().cloned().collect(),
            w_star: w_star.iter().cloned().collect(),
            uniform,
        })
    }
    /// Where the layers lie in the flat vectors.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }
    /// The fixed head w.
    pub fn head(&self) -> &DVector<T> {
        &self.head
    }
    /// Room for one evaluation at a time.
    pub fn workspace(&self) -> Workspace<T> {
        let widths = self.layout.widths();
        let total: usize = widths.iter().sum();
        let mut backward = vec![T::zero(); total];
        let tail = total - self.head.len();
        backward[tail..].clone_from_slice(self.head.as_slice());
        Workspace {
            backward,
            forward: vec![T::zero(); tail],
            offset: vec![T::zero(); widths[0]],
            excess_risk: T::zero(),
        }
    }
    /// `out = -grad R^L(parameters)`; both of length p.
    ///
    /// A network of doubles has a faster path to the same numbers up to rounding: [`Field::evaluate_fast`].
    pub fn evaluate(&self, parameters: &[T], out: &mut [T], space: &mut Workspace<T>) {
        kernels::evaluate(&self.parts(), parameters, out, space);
    }
    pub(super) fn parts(&self) -> kernels::Parts<'_, T> {
        kernels::Parts { layout: &self.layout, sigma: &self.sigma, w_star: &self.w_star }
    }
}

impl<T: Ring> Workspace<T> {
    /// b_0 = w_prod, b_1, ..., b_L = w, one after the other.
    pub fn backward(&self) -> &[T] {
        &self.backward
    }
    /// a_1 = grad R^1(w_prod), ..., a_L, one after the other.
    pub fn forward(&self) -> &[T] {
        &self.forward
    }
    /// e = w_prod - w*.
    pub fn offset(&self) -> &[T] {
        &self.offset
    }
    /// R^L - R_min at the last point that was evaluated.
    pub fn excess_risk(&self) -> &T {
        &self.excess_risk
    }
    /// Squared norm of the whole gradient at the last point: `sum_k norm(b_k)^2 norm(a_k)^2`.
    pub fn gradient_norm_squared(&self, layout: &Layout) -> T {
        let widths = layout.widths();
        let (mut b, mut a, mut sum) = (widths[0], 0, T::zero());
        for w in widths.windows(2) {
            let square = |v: &[T]| v.iter().fold(T::zero(), |s, x| s + x.clone() * x.clone());
            sum += square(&self.backward[b..b + w[1]]) * square(&self.forward[a..a + w[0]]);
            b += w[1];
            a += w[0];
        }
        sum
    }
    pub(super) fn split(&mut self) -> (&mut [T], &mut [T], &mut [T], &mut T) {
        (&mut self.backward, &mut self.forward, &mut self.offset, &mut self.excess_risk)
    }
}
