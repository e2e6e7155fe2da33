//! The vector field `-grad R^L` of equation (4) on flat slices, by the two sweeps of equations (5) and (6).
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | b_k = W_{k+1}^T ... W_L^T w | [`Workspace::backward`] | d_k, k = 0..L |
//! | a_k = W_{k-1} ... W_1 grad R^1(w_prod) | [`Workspace::forward`] | d_{k-1}, k = 1..L |
//! | e = w_prod - w* | [`Workspace::offset`] | d_0 |
//! | R^L - R_min = e^T Sigma e | [`Workspace::excess_risk`] | scalar |
//!
//! The risk enters through e alone: `grad R^1(w_prod) = 2 Sigma e` by the normal equations, so that gradient and excess
//! risk keep their relative accuracy when both are tiny, which `Sigma w_prod - X^T y / n` and `R - R_min` do not. No
//! evaluation allocates. Cost: three passes over the parameters.

use super::{Layout, kernels};
use crate::arithmetic::Ring;
use crate::error::{Error, Result};
use crate::flow::workspace::Workspace;
use crate::network::Network;
use nalgebra::{DMatrix, DVector};

/// The gradient flow's vector field for one problem and one shape of networks.
#[derive(Clone, Debug)]
pub struct Field<T: Ring> {
    /// Shape of the networks.
    layout: Layout,
    /// w, of length d_L.
    head: DVector<T>,
    /// d x d, column-major.
    sigma: Vec<T>,
    /// w*, of length d.
    w_star: Vec<T>,
    /// d_0 = ... = d_{L-1}, or 0 where they differ: selects a kernel with that width built in.
    pub(super) uniform: usize,
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
    ///
    /// `space` must be this field's; afterwards it holds the sweeps and the excess risk at these parameters.
    pub fn evaluate(&self, parameters: &[T], out: &mut [T], space: &mut Workspace<T>) {
        kernels::evaluate(&self.parts(), parameters, out, space);
    }
    /// What a kernel reads besides the parameters; the head it finds in the workspace.
    pub(super) fn parts(&self) -> kernels::Parts<'_, T> {
        kernels::Parts { layout: &self.layout, sigma: &self.sigma, w_star: &self.w_star }
    }
}
