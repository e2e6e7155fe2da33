//! Memory for one evaluation of the vector field.

use super::Layout;
use crate::arithmetic::Ring;

/// What the sweeps leave behind; one for each thread that evaluates.
///
/// Made by [`Field::workspace`](super::Field::workspace), which writes the head into the tail of `backward`;
/// evaluations read it there and leave it. Before the first of them the other entries are zero.
#[derive(Clone, Debug)]
pub struct Workspace<T> {
    /// b_0, ..., b_L, one after the other.
    pub(crate) backward: Vec<T>,
    /// a_1, ..., a_L, one after the other.
    pub(crate) forward: Vec<T>,
    /// e, of length d_0.
    pub(crate) offset: Vec<T>,
    /// `e^T Sigma e`.
    pub(crate) excess_risk: T,
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
    ///
    /// Since `grad_k = b_k a_k^T`, its Frobenius norm is a product of two norms, and no gradient is read. `layout`
    /// must be that of the field.
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
    /// backward, forward, offset and the excess risk, to be written by an evaluation.
    pub(super) fn split(&mut self) -> (&mut [T], &mut [T], &mut [T], &mut T) {
        (&mut self.backward, &mut self.forward, &mut self.offset, &mut self.excess_risk)
    }
}
