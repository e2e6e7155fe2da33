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
//!
//! **What is where.** Here the two sweeps (backward for b_k, forward for what each layer is fed) and what they give.
//! `definition` computes the same numbers without them, as an independent oracle; `minimiser` solves for exact
//! minimisers, `initialise` draws the paper's starts; `load`, `save` and `stack` move weights between files and this
//! type, `exchange` writes exact ones as JSON; `products` and `perturbed` serve residual networks (Section 5, Lemma 9),
//! `directions` the steps of proofs that hold to first order.
//!
//! No matrix of d_L x d_0 entries and no product of layers is formed by the sweeps: everything costs O(p), the number
//! of weights, times the cost of an operation of the ring.

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
///
/// Invariant, kept by [`Network::new`] and by every function that makes one from another: at least one layer, no
/// empty layer, `layers[k]` has as many columns as `layers[k - 1]` has rows, the head has as many entries as the last
/// layer has rows. The sweeps rely on it. The entries may be anything, NaN included where T has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<T: Ring> {
    /// W_1, ..., W_L.
    layers: Vec<DMatrix<T>>,
    /// w, fixed: no derivative is taken along it.
    head: DVector<T>,
}

/// The gradient (5) as its rank-one factors: layer k is `left[k-1] right[k-1]^T`, never formed unless asked for.
///
/// Both lists have L entries. `norm_F(b_k a_k^T)^2 = norm(b_k)^2 norm(a_k)^2`, so that norms too need no matrix.
/// There is no factor 1/2 in the risk, hence `grad R^1(v) = 2 (Sigma v - X^T y / n)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<T: Ring> {
    /// b_k = W_{k+1}^T ... W_L^T w.
    pub left: Vec<DVector<T>>,
    /// a_k = W_{k-1} ... W_1 grad R^1(w_prod).
    pub right: Vec<DVector<T>>,
}

impl<T: Ring> Gradient<T> {
    /// The matrix of layer `k` (1-based).
    ///
    /// d_k x d_{k-1}.
    ///
    /// # Panics
    /// `k` is not one of 1, ..., L.
    pub fn layer(&self, k: usize) -> DMatrix<T> {
        &self.left[k - 1] * self.right[k - 1].transpose()
    }
    /// Sum over layers of the squared Frobenius norms.
    ///
    /// It is `norm(grad R^L)^2 = sum_k norm_F(grad_k R^L)^2`. O(sum d_k).
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
    /// Entries are not looked at: a zero layer, a zero head or a NaN is no error here.
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
    ///
    /// `L + 1` numbers; d_0 is the dimension of the data.
    pub fn widths(&self) -> Vec<usize> {
        let mut out = vec![self.layers[0].ncols()];
        out.extend(self.layers.iter().map(DMatrix::nrows));
        out
    }
    /// Number of parameters p.
    ///
    /// `sum_k d_k d_{k-1}`; the head is not counted.
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
    ///
    /// Shapes stay. Whether f rounds is f's affair: `Rational::from_f64` and `Big::from_f64` at 53 bits or more are
    /// exact.
    pub fn map<U: Ring>(&self, f: impl Fn(&T) -> U) -> Network<U> {
        Network { layers: self.layers.iter().map(|w| w.map(|v| f(&v))).collect(), head: self.head.map(|v| f(&v)) }
    }
    /// The same head, other layers of the same shapes (a perturbation, a rescaling).
    ///
    /// # Panics
    /// In debug builds, where a shape differs.
    pub fn with_layers(&self, layers: Vec<DMatrix<T>>) -> Self {
        debug_assert!(layers.iter().zip(&self.layers).all(|(a, b)| a.shape() == b.shape()));
        Self { layers, head: self.head.clone() }
    }
    /// Every weight times a number.
    ///
    /// The head stays, so that w_prod is multiplied by `factor^L`.
    #[must_use]
    pub fn scaled(&self, factor: &T) -> Self {
        self.with_layers(self.layers.iter().map(|w| w.map(|v| v * factor.clone())).collect())
    }

    /// b_0 = w_prod, b_1, ..., b_L = w, with `b_{k-1} = W_k^T b_k`.
    ///
    /// `L + 1` vectors; b_k has d_k entries. `w_prod = A_k^T b_{k-1}` for every k, with `A_k = W_{k-1} ... W_1`.
    pub fn backward(&self) -> Vec<DVector<T>> {
        let mut out = vec![self.head.clone()];
        for w in self.layers.iter().rev() {
            out.push(w.tr_mul(out.last().unwrap_or(&self.head)));
        }
        out.reverse();
        out
    }
    /// v, W_1 v, ..., W_{L-1} ... W_1 v: what each layer is fed.
    ///
    /// L vectors; entry k - 1 has d_{k-1} entries. The last layer is not applied. For v = grad R^1(w_prod) they are
    /// the a_k of the gradient.
    ///
    /// # Panics
    /// v has not d_0 entries, for L > 1.
    pub fn forward(&self, v: &DVector<T>) -> Vec<DVector<T>> {
        let mut out = vec![v.clone()];
        for (k, w) in self.layers[..self.depth() - 1].iter().enumerate() {
            out.push(w * &out[k]);
        }
        out
    }
    /// w_prod = W_1^T ... W_L^T w.
    ///
    /// d_0 entries: `w_prod^T x` is the network's output at x.
    pub fn product(&self) -> DVector<T> {
        self.layers.iter().rev().fold(self.head.clone(), |b, w| w.tr_mul(&b))
    }
    /// The risk R^L.
    ///
    /// `norm(y - X w_prod)^2 / n`, from the moments alone.
    ///
    /// # Panics
    /// As [`Network::gradient`].
    pub fn risk(&self, data: &Moments<T>) -> T {
        data.risk(&self.product())
    }
    /// Gradient by two sweeps, equation (5): O(parameters).
    ///
    /// Layer k is `grad_k R^L = b_k (W_{k-1} ... W_1 grad R^1(w_prod))^T`.
    ///
    /// # Panics
    /// Sigma is not d_0 x d_0: the caller compares the widths with the data first.
    pub fn gradient(&self, data: &Moments<T>) -> Gradient<T> {
        let mut left = self.backward();
        let product = left.remove(0);
        let right = self.forward(&data.risk_gradient(&product));
        Gradient { left, right }
    }
    /// `H D` for a direction D (one matrix per layer), by differentiating the two sweeps: O(parameters).
    ///
    /// With beta_k the derivative of b_k along D (`beta_L = 0`, `beta_{k-1} = D_k^T b_k + W_k^T beta_k`) and
    /// `alpha_k` that of a_k (`alpha_1 = 2 Sigma beta_0`, `alpha_{k+1} = D_k a_k + W_k alpha_k`), the product rule on
    /// b_k a_k^T gives `(H D)_k = beta_k a_k^T + b_k alpha_k^T`. No difference quotient, and no Hessian.
    ///
    /// # Panics
    /// `direction` has fewer than L matrices or one of another shape.
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
