//! Deep linear networks `x -> w^T W_L ... W_1 x` (equation (3)): product, risk, gradient, Hessian-vector product.
//!
//! | paper | here | shape |
//! | --- | --- | --- |
//! | W_k, k = 1..L | `layers[k - 1]` | d_k x d_{k-1} |
//! | w | `head` | d_L |
//! | w_prod | [`Network::product`] | d_0 |
//! | W_{k+1}^T ... W_L^T w | [`Network::backward`]`[k]`, called b_k | d_k |
//! | W_{k-1} ... W_1 v | [`Network::forward`]`[k - 1]` | d_{k-1} |
//! | grad_k R^L, equation (5) | [`Gradient`], `b_k a_k^T` | d_k x d_{k-1} |
//!
//! Every formula is generic over the ring, so that the same lines give exact rationals, enclosures, dual numbers and
//! f64. A fully-connected network of the paper has d_L = 1 and w = (1).

pub mod definition;
pub(crate) mod directions;
mod exchange;
pub mod initialise;
mod load;
pub mod minimiser;
mod names;
#[doc(hidden)]
pub mod perturbed;
pub mod products;
mod save;
mod stack;

pub use load::{Loaded, WeightOptions};
pub(crate) use save::temporary;
pub use save::{SaveFormat, save_matrices};
pub use stack::Stack;

use crate::arithmetic::Ring;
use crate::error::{Error, Result};
use crate::problem::{Moments, norm_squared};
use nalgebra::{DMatrix, DVector};

/// Layers and fixed head of a deep linear network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<T: Ring> {
    layers: Vec<DMatrix<T>>,
    head: DVector<T>,
}

/// The gradient (5) as its rank-one factors: layer k is `left[k-1] right[k-1]^T`, never formed unless asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<T: Ring> {
    /// b_k = W_{k+1}^T ... W_L^T w.
    pub left: Vec<DVector<T>>,
    /// a_k = W_{k-1} ... W_1 grad R^1(w_prod).
    pub right: Vec<DVector<T>>,
}

impl<T: Ring> Gradient<T> {
    /// The matrix of layer `k` (1-based).
    pub fn layer(&self, k: usize) -> DMatrix<T> {
        &self.left[k - 1] * self.right[k - 1].transpose()
    }
    /// Sum over layers of the squared Frobenius norms.
    pub fn norm_squared(&self) -> T {
        self.left
            .iter()
            .zip(&self.right)
            .fold(T::zero(), |s, (b, a)| s + norm_squared(b.iter()) * norm_squared(a.iter()))
    }
}

impl<T: Ring> Network<T> {
    /// From W_1, ..., W_L and the head w.
    ///
    /// # Errors
    /// No layer; an empty layer; two layers that do not chain (which two, which sizes); a head of the wrong size.
    pub fn new(layers: Vec<DMatrix<T>>, head: DVector<T>) -> Result<Self> {
        if layers.is_empty() {
            return Err(Error::input("network", "no layers: expected W1, ..., WL"));
        }
        for (k, w) in layers.iter().enumerate() {
            if w.is_empty() {
                return Err(Error::input(format!("W{}", k + 1), "the layer is empty"));
            }
        }
        for (k, pair) in layers.windows(2).enumerate() {
            if pair[0].nrows() != pair[1].ncols() {
                let what = format!(
                    "W{} is {} x {} and W{} is {} x {}: the columns of W{} must be the {} rows of W{}",
                    k + 1,
                    pair[0].nrows(),
                    pair[0].ncols(),
                    k + 2,
                    pair[1].nrows(),
                    pair[1].ncols(),
                    k + 2,
                    pair[0].nrows(),
                    k + 1
                );
                return Err(Error::input("network", what));
            }
        }
        let out = layers[layers.len() - 1].nrows();
        if head.len() != out {
            let what = format!("the head has {} entries, the last layer has {out} rows", head.len());
            return Err(Error::input("head", what));
        }
        Ok(Self { layers, head })
    }

    /// Depth L.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }
    /// Widths d_0, ..., d_L.
    pub fn widths(&self) -> Vec<usize> {
        let mut out = vec![self.layers[0].ncols()];
        out.extend(self.layers.iter().map(DMatrix::nrows));
        out
    }
    /// Number of parameters p.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(DMatrix::len).sum()
    }
    /// W_1, ..., W_L.
    pub fn layers(&self) -> &[DMatrix<T>] {
        &self.layers
    }
    /// The fixed head w.
    pub fn head(&self) -> &DVector<T> {
        &self.head
    }
    /// The same network in another arithmetic.
    pub fn map<U: Ring>(&self, f: impl Fn(&T) -> U) -> Network<U> {
        Network { layers: self.layers.iter().map(|w| w.map(|v| f(&v))).collect(), head: self.head.map(|v| f(&v)) }
    }
    /// The same head, other layers of the same shapes (a perturbation, a rescaling).
    pub fn with_layers(&self, layers: Vec<DMatrix<T>>) -> Self {
        debug_assert!(layers.iter().zip(&self.layers).all(|(a, b)| a.shape() == b.shape()));
        Self { layers, head: self.head.clone() }
    }
    /// Every weight times a number.
    #[must_use]
    pub fn scaled(&self, factor: &T) -> Self {
        self.with_layers(self.layers.iter().map(|w| w.map(|v| v * factor.clone())).collect())
    }

    /// b_0 = w_prod, b_1, ..., b_L = w, with `b_{k-1} = W_k^T b_k`.
    pub fn backward(&self) -> Vec<DVector<T>> {
        let mut out = vec![self.head.clone()];
        for w in self.layers.iter().rev() {
            out.push(w.tr_mul(out.last().unwrap_or(&self.head)));
        }
        out.reverse();
        out
    }
    /// v, W_1 v, ..., W_{L-1} ... W_1 v: what each layer is fed.
    pub fn forward(&self, v: &DVector<T>) -> Vec<DVector<T>> {
        let mut out = vec![v.clone()];
        for (k, w) in self.layers[..self.depth() - 1].iter().enumerate() {
            out.push(w * &out[k]);
        }
        out
    }
    /// w_prod = W_1^T ... W_L^T w.
    pub fn product(&self) -> DVector<T> {
        self.layers.iter().rev().fold(self.head.clone(), |b, w| w.tr_mul(&b))
    }
    /// The risk R^L.
    pub fn risk(&self, data: &Moments<T>) -> T {
        data.risk(&self.product())
    }
    /// Gradient by two sweeps, equation (5): O(parameters).
    pub fn gradient(&self, data: &Moments<T>) -> Gradient<T> {
        let mut left = self.backward();
        let product = left.remove(0);
        let right = self.forward(&data.risk_gradient(&product));
        Gradient { left, right }
    }
    /// `H D` for a direction D (one matrix per layer), by differentiating the two sweeps: O(parameters).
    pub fn hessian_vector(&self, data: &Moments<T>, direction: &[DMatrix<T>]) -> Vec<DMatrix<T>> {
        let b = self.backward();
        let depth = self.depth();
        let mut db = vec![DVector::zeros(self.head.len()); depth + 1];
        for k in (1..=depth).rev() {
            db[k - 1] = direction[k - 1].tr_mul(&b[k]) + self.layers[k - 1].tr_mul(&db[k]);
        }
        let two = T::from_i64(2);
        let mut a = data.risk_gradient(&b[0]);
        let mut da = (&data.sigma * &db[0]).map(|v| two.clone() * v);
        let mut out = Vec::with_capacity(depth);
        for k in 1..=depth {
            out.push(&db[k] * a.transpose() + &b[k] * da.transpose());
            if k < depth {
                da = &direction[k - 1] * &a + &self.layers[k - 1] * &da;
                a = &self.layers[k - 1] * &a;
            }
        }
        out
    }
}
