//! Networks of several outputs and no head at minimisers, exact, and the matrix whose largest eigenvalue is the
//! sharpness.
//!
//! Sigma is diagonal, with rational square roots r_i of its entries, so that `Sigma^(1/2) = R = diag(r_1, .., r_d)`
//! is rational and the matrix of [`Several::gram`] exact. Any layers are a minimiser of some data: the targets are
//! those of `W* = W_L .. W_1` itself. So no equation is solved here, unlike in [`families`](super::families).

use crate::arithmetic::{Rational, Ring};
use crate::harness::steps::Matrix;
use crate::harness::tagged;
use crate::linalg::{from_rows, to_rows};
use crate::problem::draw::{small_matrix, stream};
use num_traits::Zero;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Stream of this file under a seed.
const DRAWN: u64 = 0x4d_0000;

/// A network without head at a minimiser, and the data it fits.
///
/// The fields are private and unchecked, since a value may have been read from a file: [`Several::matrices`] checks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Several {
    /// W_1, .., W_L, row by row.
    layers: Vec<Vec<Vec<Rational>>>,
    /// Square roots of the eigenvalues of Sigma.
    roots: Vec<Rational>,
    /// How it was made.
    kind: String,
}

impl Several {
    /// With a word on how it was made.
    ///
    /// W_1, .., W_L and the roots r_1, .., r_d.
    pub fn new(layers: &[Matrix], roots: Vec<Rational>, kind: impl Into<String>) -> Self {
        Self { layers: layers.iter().map(to_rows).collect(), roots, kind: kind.into() }
    }
    /// The layers; `None` where they do not chain, or some width or eigenvalue is zero.
    pub fn matrices(&self) -> Option<Vec<Matrix>> {
        let mut width = self.roots.len();
        let mut out = Vec::new();
        for rows in &self.layers {
            out.push(from_rows(rows).filter(|m| m.ncols() == width)?);
            width = rows.len();
        }
        (!out.is_empty() && self.roots.iter().all(|r| r.sign() > 0)).then_some(out)
    }
    /// lambda, or Lambda.
    ///
    /// The square of the least or the largest root; zero without a root.
    pub fn eigenvalue(&self, largest: bool) -> Rational {
        let squares = self.roots.iter().map(|r| r.powi(2));
        if largest { squares.max() } else { squares.min() }.unwrap_or_else(Rational::zero)
    }
    /// `W* = W_L .. W_1` and `K = 2 sum_k (B_k B_k^T) kron (R A_k^T A_k R)`, R the diagonal of the roots, A_k and B_k
    /// the products before and after W_k: its largest eigenvalue is S.
    ///
    /// `layers` are those of [`Several::matrices`]. With outputs m = d_L, K is of size m d. At a minimiser the
    /// Hessian is `2 J^T (I (x) Sigma) J` with J the Jacobian of the product, and `2 (I (x) R) J J^T (I (x) R)` has
    /// the same eigenvalues but for zeros; the sum over the layers is J J^T written out. Exact; cost O(L (m d)^2)
    /// rational operations besides the products.
    ///
    /// # Panics
    /// `layers` is empty or does not chain from d inputs.
    pub fn gram(&self, layers: &[Matrix]) -> (Matrix, Matrix) {
        let (d, outputs) = (self.roots.len(), layers[layers.len() - 1].nrows());
        let root = Matrix::from_diagonal(&self.roots.clone().into());
        let mut after = vec![Matrix::identity(outputs, outputs)];
        for w in layers.iter().skip(1).rev() {
            after.push(&after[after.len() - 1] * w);
        }
        let mut before = Matrix::identity(d, d);
        let mut sum = Matrix::zeros(outputs * d, outputs * d);
        for (w, b) in layers.iter().zip(after.iter().rev()) {
            let a = &before * &root;
            sum += (b * b.transpose()).kronecker(&(a.transpose() * &a));
            before = w * before;
        }
        (before, sum.map(|v| 2 * v))
    }
    /// Balanced layers on white or other data, layers drawn of any widths, and those with two of them rescaled.
    ///
    /// Instance `at` of the stream: every third is balanced, all layers one diagonal matrix; of the rest three in
    /// ten, where they are deep enough, have W_1 multiplied and W_2 divided by a number up to 1000, which leaves W*
    /// as it is. Depths 1 to 8, widths 1 to 4.
    pub fn draw(seed: u64, at: usize) -> Self {
        let rng = &mut stream(seed, DRAWN + at as u64);
        let depth = [1, 2, 3, 5, 8][at % 5];
        let balanced = at.is_multiple_of(3);
        let width = |rng: &mut ChaCha8Rng| rng.random_range(1..=4);
        let widths: Vec<usize> =
            if balanced { vec![2 + at % 2; depth + 1] } else { (0..=depth).map(|_| width(rng)).collect() };
        let entry = |rng: &mut ChaCha8Rng| Rational::new(rng.random_range(1..=12), 4);
        let roots = if rng.random_bool(0.5) {
            vec![entry(rng); widths[0]]
        } else {
            (0..widths[0]).map(|_| entry(rng)).collect()
        };
        if balanced {
            let values: Vec<Rational> = (0..widths[0]).map(|_| entry(rng)).collect();
            return Self::new(&vec![Matrix::from_diagonal(&values.into()); depth], roots, "balanced");
        }
        let mut layers: Vec<Matrix> = widths.windows(2).map(|w| small_matrix(rng, w[1], w[0], 4, 4)).collect();
        let rescaled = depth > 1 && rng.random_bool(0.3);
        if rescaled {
            let c = Rational::from(rng.random_range(2..=1000_i64));
            layers[0] = layers[0].map(|v| v * &c);
            layers[1] = layers[1].map(|v| v / &c);
        }
        Self::new(&layers, roots, if rescaled { "rescaled" } else { "drawn" })
    }
    /// In words.
    pub fn describe(&self) -> String {
        let widths: Vec<String> = self.layers.iter().map(|w| w.len().to_string()).collect();
        let roots: Vec<String> = self.roots.iter().map(ToString::to_string).collect();
        let (depth, inputs, widths, roots) = (widths.len(), roots.len(), widths.join(", "), roots.join(", "));
        format!("L = {depth}, widths {inputs}, {widths}, {}; Sigma = diag({roots})^2", self.kind)
    }
    /// Coverage classes.
    pub fn tags(&self) -> Vec<String> {
        let outputs = self.layers.last().map_or(0, Vec::len);
        let white = self.roots.windows(2).all(|r| r[0] == r[1]);
        tagged([
            (outputs >= 2, "d_L >= 2"),
            (self.layers.len() >= 5, "L >= 5"),
            (self.kind == "balanced" && white, "balanced, white data"),
            (!white, "kappa > 1"),
            (self.kind == "rescaled", "rescaled"),
        ])
    }
}
