//! One stage of the recursion in doubles, with bounds of what each rounding does to the quadratic form.
//!
//! `Stage::eliminate` reads `P_{k-1}` and leaves `P_k`. In between: M_k is factorised as `C J C^T` (`Factor`), K is
//! formed, U = C^-1 K solved for, and `P_k` put together. What is eliminated is then *exactly* the form with the
//! pivot `C J C^T` in place of M_k and the coupling `C U` in place of K, because
//!
//! `-alpha^T C J C^T alpha + 2 alpha^T C U beta = -(C^T alpha - J U beta)^T J (C^T alpha - J U beta) + beta^T U^T J U
//! beta`:
//!
//! so neither factor nor solution need be accurate, and only `M_k - C J C^T`, `K - C U` and the rounding of `P_k`
//! count. Every bound is made of `gamma_n` (Higham) times a bound of the norm of the moduli (`spread`), plus what
//! underflow loses. `stage/tests.rs` forms the difference of the two forms in rationals.

use super::chain::Size;
use crate::linalg::approximate_eigen;
use crate::linalg::ball::{euclidean_norm, minus_identity, spread, view, view_mut};
use crate::linalg::dense::{cholesky_factor, defect};
use crate::linalg::upward::{self, TINY, UNIT, gamma};
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{Accum, Par};
use nalgebra::DMatrix;

/// What a stage reads: layer k, a_k and b_k as doubles, and bounds of the distance to the exact ones.
pub(super) struct Stage<'a> {
    /// W_k, d_k x d_{k-1}, exact.
    pub layer: &'a DMatrix<f64>,
    /// Bounds of its norm.
    pub size: Size,
    /// a_k, or -a_k at the other end: d_{k-1} entries.
    pub a: &'a [f64],
    /// At least the distance of `a` to the exact vector.
    pub a_error: f64,
    /// b_k, d_k entries.
    pub b: &'a [f64],
    /// At least the distance of `b` to the exact vector.
    pub b_error: f64,
}

/// What a stage adds to the inertia, and how far the form that was eliminated is from the exact one, as in the docs of
/// the folder.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// Negative pivots.
    pub negative: usize,
    /// norm(E).
    pub pivot: f64,
    /// norm(F).
    pub cross: f64,
    /// norm(Delta).
    pub value: f64,
}

/// `M = C J C^T` up to an error: C is lower triangular or full, J = diag(signs).
struct Factor {
    /// C, d_{k-1} x d_{k-1}.
    c: DMatrix<f64>,
    /// Whether C is lower triangular; else it is a scaled matrix of approximate eigenvectors, proved nonsingular.
    triangular: bool,
    /// The diagonal of J, 1 or -1: by Sylvester's law the inertia of `C J C^T`.
    signs: Vec<f64>,
    /// At least `norm(M - C J C^T)`; infinite where no factor was found.
    error: f64,
}

/// s = norm(b) and b / s, to a relative error of `gamma(n + 6)`; both zero where b vanishes.
struct Direction {
    /// s, rounded.
    norm: f64,
    /// b / s, rounded.
    unit: Vec<f64>,
    /// Bound of the distance of the b that is used to the exact one.
    error: f64,
}

/// Below this the square of a norm is no longer accurate: such a b counts as zero, with its norm as error.
const SMALLEST: f64 = 1e-140;

impl Direction {
    /// Of b, whose distance to the exact vector is at most `error`. A b that counts as zero is off by its norm too.
    fn new(b: &[f64], error: f64) -> Self {
        let norm = b.iter().map(|v| v * v).sum::<f64>().sqrt();
        if norm < SMALLEST {
            return Self { norm: 0.0, unit: vec![0.0; b.len()], error: upward::add(error, euclidean_norm(b)) };
        }
        Self { norm, unit: b.iter().map(|v| v / norm).collect(), error }
    }
}

impl Stage<'_> {
    /// Eliminates D_k at the threshold T: replaces P_{k-1} by P_k, unless this is the last stage.
    ///
    /// `value` holds P_{k-1}, symmetric, d_{k-1} x d_{k-1}, and is P_k, d_k x d_k, afterwards. `threshold` = T is not
    /// zero. An infinite bound in the result means that nothing is known of this pass.
    ///
    /// The pivot's error: s^2 is rounded, and scales P (`of_norms`); with b off by e, `(D^T b)^T P D^T b` changes by
    /// at most `(2 norm(b) e + e^2) norm(P) norm(D)^2` (`of_b`, where 2.5 s is above twice the norm); the factor has
    /// its own. For T < 0 the pivots `-T` of C in `D_k = u alpha^T + C` are positive in `(d_k - 1) d_{k-1}`
    /// dimensions. The last stage needs no value, since beta_L = 0.
    ///
    /// Cost: two products with the layer, a factorisation, a solve and a square of matrices, O(d^3).
    pub fn eliminate(&self, value: &mut DMatrix<f64>, threshold: f64, last: bool) -> Step {
        let (rows, columns) = self.layer.shape();
        let direction = Direction::new(self.b, self.b_error);
        let s = direction.norm;
        let size = spread(value);
        let scaled = &*value * (s * s);
        let factor = factor(&scaled, threshold);
        let of_norms = upward::mul(gamma(2 * rows + 12), upward::mul(upward::mul(s, s), size));
        let of_b = upward::mul(direction.error, upward::add(upward::mul(2.5, s), direction.error));
        let mut step = Step {
            negative: factor.signs.iter().filter(|v| **v < 0.0).count(),
            pivot: [of_norms, upward::mul(of_b, size), factor.error, (columns * columns) as f64 * TINY]
                .into_iter()
                .fold(0.0, upward::add),
            ..Step::default()
        };
        if threshold < 0.0 {
            step.negative += (rows - 1) * columns;
        }
        if !last {
            let (next, _) = self.advance(value, threshold, &direction, &factor, &mut step);
            *value = next;
        }
        step
    }

    /// `P_k = W P W^T + K^T M^-1 K + (norm(a)^2 / T) (I - b b^T / norm(b)^2)` with
    /// `K = norm(b) P W^T + a b^T / norm(b)`; and U, an approximation of `C^-1 K`, whose residual is in the bounds.
    ///
    /// A layer near the identity is taken as I + W' with an exact W' (`minus_identity`), so that only products with
    /// the small W' are rounded. In `step.cross` stand, in this order: the error of X in K, the rounding of K, b off,
    /// a off, the residual of the solve, underflow. In `step.value`: W times the error of X, the rounding of the two
    /// products, of the sums, of the multiple of `I - b b^T / norm(b)^2`, underflow.
    fn advance(
        &self,
        value: &DMatrix<f64>,
        t: f64,
        b: &Direction,
        factor: &Factor,
        step: &mut Step,
    ) -> (DMatrix<f64>, DMatrix<f64>) {
        let (rows, columns) = self.layer.shape();
        let size = spread(value);
        let lost = upward::mul((rows * columns) as f64, upward::mul((rows + columns) as f64, 4.0 * TINY));
        let rest = minus_identity(self.layer);
        // X = P W^T
        let w = rest.as_ref().unwrap_or(self.layer);
        let w_size = self.size.rest.unwrap_or(self.size.whole);
        let mut x = DMatrix::<f64>::zeros(columns, rows);
        matmul(view_mut(&mut x), Accum::Replace, view(value), view(w).transpose(), 1.0, Par::Seq);
        let mut x_error = upward::add(upward::mul(gamma(columns), upward::mul(size, w_size)), lost);
        if rest.is_some() {
            x += value;
            x_error = upward::add(x_error, upward::mul(UNIT, spread(&x)));
        }
        let x_size = spread(&x);
        let a_norm = euclidean_norm(self.a);
        // K and U = C^-1 K
        let s = b.norm;
        let k = DMatrix::from_fn(columns, rows, |i, j| s * x[(i, j)] + self.a[i] * b.unit[j]);
        let u = factor.solve(&k);
        let (solved, u_size) = factor.residual(&u, &k);
        let k_size = upward::add(upward::mul(s, x_size), a_norm);
        step.cross = [
            upward::mul(upward::mul(s, 1.0 + 4.0 * gamma(rows + 6)), x_error),
            upward::mul(gamma(rows + 12), k_size),
            upward::mul(b.error, upward::add(x_size, x_error)),
            self.a_error,
            solved,
            lost,
        ]
        .into_iter()
        .fold(0.0, upward::add);
        // P_k
        let mut g = DMatrix::<f64>::zeros(rows, rows);
        matmul(view_mut(&mut g), Accum::Replace, view(w), view(&x), 1.0, Par::Seq);
        factor.add_square(&u, &mut g);
        let share = self.a.iter().map(|v| v * v).sum::<f64>() / t;
        let whole = rest.is_some();
        let entry = |i: usize, j: usize| {
            let sum = 0.5 * g[(i, j)] + 0.5 * g[(j, i)];
            if whole { (0.5 * x[(i, j)] + 0.5 * x[(j, i)]) + sum } else { sum }
        };
        let mut next = DMatrix::<f64>::zeros(rows, rows);
        for j in 0..rows {
            for i in j..rows {
                let own = if i == j { 1.0 - b.unit[i] * b.unit[j] } else { -(b.unit[i] * b.unit[j]) };
                let v = entry(i, j) + share * own;
                next[(i, j)] = v;
                next[(j, i)] = v;
            }
        }
        let share_size = upward::div(upward::mul(a_norm, a_norm), t.abs());
        // The terms that a sum of doubles rounds: at most four times each.
        let summed = [if whole { x_size } else { 0.0 }, spread(&g), spread(&next)].into_iter().fold(0.0, upward::add);
        let squares = upward::mul(w_size, x_size);
        step.value = [
            upward::mul(self.size.whole, x_error),
            upward::mul(gamma(2 * columns + 2), upward::add(squares, upward::mul(u_size, u_size))),
            upward::mul(5.0 * UNIT, summed),
            upward::mul(gamma(columns + 2 * rows + 24), upward::mul(3.0, share_size)),
            upward::mul(2.0, lost),
        ]
        .into_iter()
        .fold(0.0, upward::add);
        (next, u)
    }
}

/// Factor of `T I - A`, whatever its signs: by Cholesky where it is definite of the sign of T, else by its approximate
/// eigenvectors.
///
/// A symmetric n x n. Cholesky's factor of `|T| I - A` or `|T| I + A` has J = sign(T) I, and its residual is measured
/// (`defect`). Else, with approximate eigenpairs (nu, v) of the pivot, the columns of C are `|nu|^(1/2) v`: the
/// residual is measured again, and C is nonsingular because V is and no nu is zero. Where one of these fails: an
/// infinite error.
fn factor(a: &DMatrix<f64>, t: f64) -> Factor {
    let n = a.nrows();
    if let Some(c) = cholesky_factor(a, t.abs(), t < 0.0) {
        let error = defect(a, &c, t.abs(), t < 0.0);
        return Factor { c, triangular: true, signs: vec![t.signum(); n], error };
    }
    let unknown = || Factor { c: DMatrix::identity(n, n), triangular: true, signs: vec![1.0; n], error: f64::INFINITY };
    let mut pivot = -a;
    for i in 0..n {
        pivot[(i, i)] += t;
    }
    let rounding = upward::mul(UNIT, spread(&pivot));
    let Some((values, vectors)) = approximate_eigen(&pivot) else { return unknown() };
    if !nonsingular(&vectors) || values.contains(&0.0) {
        return unknown();
    }
    let mut c = vectors;
    for (j, v) in values.iter().enumerate() {
        c.column_mut(j).scale_mut(v.abs().sqrt());
    }
    let signs: Vec<f64> = values.iter().map(|v| v.signum()).collect();
    let signed = DMatrix::from_fn(n, n, |i, j| c[(i, j)] * signs[j]);
    let mut rest = pivot.clone();
    matmul(view_mut(&mut rest), Accum::Add, view(&signed), view(&c).transpose(), -1.0, Par::Seq);
    let c_size = spread(&c);
    let computed = upward::mul(gamma(n + 2), upward::add(spread(&pivot), upward::mul(c_size, c_size)));
    let lost = upward::mul((n * n) as f64, n as f64 * TINY);
    let error = [rounding, euclidean_norm(rest.as_slice()), computed, lost].into_iter().fold(0.0, upward::add);
    Factor { c, triangular: false, signs, error }
}

/// Whether a matrix is proved nonsingular by `norm(V^T V - I) < 1`.
///
/// Then `V^T V` has only positive eigenvalues. The computed norm is raised by what the product and the subtraction of
/// I round.
fn nonsingular(v: &DMatrix<f64>) -> bool {
    let n = v.nrows();
    let mut gram = DMatrix::<f64>::zeros(n, n);
    matmul(view_mut(&mut gram), Accum::Replace, view(v).transpose(), view(v), 1.0, Par::Seq);
    for i in 0..n {
        gram[(i, i)] -= 1.0;
    }
    let size = spread(v);
    let rounding = upward::mul(gamma(n + 2), upward::mul(size, size));
    upward::add(upward::mul(spread(&gram), 1.0 + 4.0 * UNIT), upward::add(rounding, 4.0 * UNIT)) < 1.0
}

impl Factor {
    /// An approximation of `C^-1 K`.
    ///
    /// Nothing is assumed of it: `Factor::residual` measures `K - C U`.
    fn solve(&self, k: &DMatrix<f64>) -> DMatrix<f64> {
        if self.triangular {
            let mut u = k.clone();
            solve_lower_triangular_in_place(view(&self.c), view_mut(&mut u), Par::Seq);
            return u;
        }
        // C = V diag(r) with V orthogonal up to rounding: C^-1 = diag(r)^-2 C^T.
        let mut u = DMatrix::<f64>::zeros(k.nrows(), k.ncols());
        matmul(view_mut(&mut u), Accum::Replace, view(&self.c).transpose(), view(k), 1.0, Par::Seq);
        for (i, column) in self.c.column_iter().enumerate() {
            u.row_mut(i).unscale_mut(column.norm_squared());
        }
        u
    }

    /// Upper bounds of `norm(K - C U)` and of `norm(|U|)`, whatever U is.
    ///
    /// Infinite for the first where an entry is not finite.
    fn residual(&self, u: &DMatrix<f64>, k: &DMatrix<f64>) -> (f64, f64) {
        let n = self.c.nrows();
        let mut rest = k.clone();
        matmul(view_mut(&mut rest), Accum::Add, view(&self.c), view(u), -1.0, Par::Seq);
        let (c_size, u_size) = (spread(&self.c), spread(u));
        let rounding = upward::mul(gamma(n + 2), upward::add(spread(k), upward::mul(c_size, u_size)));
        let lost = upward::mul(k.len() as f64, n as f64 * TINY);
        let bound = upward::add(upward::add(euclidean_norm(rest.as_slice()), rounding), lost);
        (if rest.iter().all(|v| v.is_finite()) { bound } else { f64::INFINITY }, u_size)
    }

    /// Adds `U^T J U`.
    fn add_square(&self, u: &DMatrix<f64>, out: &mut DMatrix<f64>) {
        let first = self.signs[0];
        if self.signs.iter().all(|s| *s == first) {
            matmul(view_mut(out), Accum::Add, view(u).transpose(), view(u), first, Par::Seq);
            return;
        }
        let signed = DMatrix::from_fn(u.nrows(), u.ncols(), |i, j| self.signs[i] * u[(i, j)]);
        matmul(view_mut(out), Accum::Add, view(u).transpose(), view(&signed), 1.0, Par::Seq);
    }
}

#[cfg(test)]
mod tests;
