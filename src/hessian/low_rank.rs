//! Systems with `c I + H`, in doubles, at the cost of the small matrix that H is.
//!
//! In the coordinates of [`compressed`](super::compressed), `D_k = u_k alpha_k^T + C_k gamma_k v_k^T`, H is a symmetric
//! matrix S of size `r = sum_k (d_{k-1} + d_k - 1)`: `H = U S U^T`, and the columns of U, for layer k those of
//! `U_k = [I (x) u_k, v_k (x) C_k]`, are orthonormal. So `(c I + H)^-1 = (I - U U^T) / c + U (c I + S)^-1 U^T`, and a
//! factorisation takes O(r^3) operations, not O(p^3). Nothing here is rigorous.

use super::compressed::{assemble, completed, maps};
use crate::network::Network;
use crate::problem::Moments;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn, LU};

/// H at one point.
pub struct LowRank {
    /// U, layer by layer: it is block diagonal.
    frames: Vec<Frame>,
    /// S, r x r.
    form: DMatrix<f64>,
}

/// U_k, `d_k d_{k-1} x (d_{k-1} + d_k - 1)`, and its first row and column in U.
struct Frame {
    /// U_k.
    columns: DMatrix<f64>,
    /// Its first row (in the order of parameters) and its first column.
    at: (usize, usize),
}

/// `c I + H`, factorised.
pub struct Shifted<'a> {
    /// U.
    frames: &'a [Frame],
    /// c, not zero.
    shift: f64,
    /// Of `c I + S`.
    factors: Factors,
}

/// Factors of a symmetric matrix: Cholesky's, of half the cost, where it is positive definite.
enum Factors {
    /// `L L^T`.
    Definite(Cholesky<f64, Dyn>),
    /// With pivots, for an indefinite or singular matrix.
    Any(LU<f64, Dyn, Dyn>),
}

/// Norm and direction: for zero, some direction.
fn direction(x: &DVector<f64>) -> (f64, DVector<f64>) {
    let norm = x.norm();
    if norm > 0.0 { (norm, x / norm) } else { (0.0, DVector::from_fn(x.len(), |i, _| f64::from(u8::from(i == 0)))) }
}

impl LowRank {
    /// The Hessian of R^L.
    ///
    /// Cost: O(L^2 d^3 + r^2). `data` has the network's d_0 columns.
    pub fn new(net: &Network<f64>, data: &Moments<f64>) -> Self {
        let gradient = net.gradient(data);
        let (mut frames, mut ends, mut at) = (Vec::new(), Vec::new(), (0, 0));
        for (b, a) in gradient.left.iter().zip(&gradient.right) {
            let ((s, u), (t, v)) = (direction(b), direction(a));
            let (basis, inputs) = (completed(u.as_slice()), a.len());
            let rest = basis.columns(1, b.len() - 1);
            let mut columns = DMatrix::zeros(inputs * b.len(), inputs + rest.ncols());
            columns.columns_mut(0, inputs).copy_from(&DMatrix::identity(inputs, inputs).kronecker(&u));
            columns.columns_mut(inputs, rest.ncols()).copy_from(&v.kronecker(&rest));
            ends.push(maps(&basis, v.as_slice(), s, t));
            let next = (at.0 + columns.nrows(), at.1 + columns.ncols());
            frames.push(Frame { columns, at });
            at = next;
        }
        Self { frames, form: assemble(net.layers(), &data.sigma, ends.into_iter(), DMatrix::clone) }
    }

    /// `c I + H`.
    ///
    /// c must not be zero: [`Shifted::solve`] divides by it. Cost: O(r^3).
    pub fn shifted(&self, c: f64) -> Shifted<'_> {
        let mut matrix = self.form.clone();
        (0..matrix.nrows()).for_each(|i| matrix[(i, i)] += c);
        let factors = match matrix.clone().cholesky() {
            Some(factors) => Factors::Definite(factors),
            None => Factors::Any(matrix.lu()),
        };
        Shifted { frames: &self.frames, shift: c, factors }
    }
}

impl Shifted<'_> {
    /// `(c I + H)^-1 x`; `None` where that matrix is singular.
    ///
    /// `x` has p entries, in the order of parameters. With `y = U^T x` it is `x / c + U ((c I + S)^-1 y - y / c)`.
    pub fn solve(&self, x: &DVector<f64>) -> Option<DVector<f64>> {
        let size = self.frames.iter().map(|f| f.columns.ncols()).sum();
        let mut inside = DVector::zeros(size);
        for Frame { columns, at } in self.frames {
            let own = x.rows(at.0, columns.nrows());
            inside.rows_mut(at.1, columns.ncols()).gemv_tr(1.0, columns, &own, 0.0);
        }
        let solved = match &self.factors {
            Factors::Definite(factors) => factors.solve(&inside),
            Factors::Any(factors) => factors.solve(&inside)?,
        };
        let change = solved - inside / self.shift;
        let mut out = x / self.shift;
        for Frame { columns, at } in self.frames {
            out.rows_mut(at.0, columns.nrows()).gemv(1.0, columns, &change.rows(at.1, columns.ncols()), 1.0);
        }
        Some(out)
    }
}
