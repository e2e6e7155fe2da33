//! Certified extreme eigenvalues of large symmetric matrices of doubles, with clusters, multiplicity and any signs.
//!
//! - Lower end of the largest eigenvalue: the Rayleigh quotient of a proposed vector, evaluated in balls.
//! - Upper end: for any lower triangular L, `c I - A = L L^T + D` gives `lambda_max(A) <= c + norm_2(D)`, because L L^T
//!   is positive semidefinite. L comes from `faer`'s Cholesky factorisation and nothing is assumed of it: D is bounded
//!   a posteriori.
//!
//! Vectors come from Lanczos with full reorthogonalisation, then inverse iteration with L; they decide nothing but the
//! width. Cost: about `2 n^3 / 3` operations per certified end, besides a few dozen products of A with a vector.
//!
//! # What is proved, and by what
//!
//! - *Courant and Fischer*: `x^T A x / x^T x <= lambda_max(A)` for every x other than zero, so the proposed vector
//!   may be anything.
//! - *Weyl*: `c I - A = L L^T + D` has no eigenvalue below `-norm_2(D)`, as that of a semidefinite matrix is not
//!   negative. The factor L may be anything.
//! - *The ball*: where A is known up to a radius r in the operator norm, each end moves by at most r (Weyl again);
//!   the lower end has it through the product in balls, the upper end by addition.
//!
//! The smallest eigenvalue is minus the largest of -A: the same code with `negated`, without forming -A.
//!
//! The whole line comes out where the radius is infinite, A is not square, or n = 0. Every other outcome is a bounded
//! interval, if no bound overflows: where no factorisation succeeds, the upper end is `spread(A) + radius`. Lower and
//! upper ends that cross would be a bug, and are recorded as one (`arithmetic::no_contradiction`).

use super::ball::{BallMatrix, spread, view, view_mut};
use super::upward::{self, TINY, UNIT, gamma};
use super::{Linear, approximate_eigen};
use crate::arithmetic::{Enclosure, Interval};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::{Accum, Par};
use nalgebra::{DMatrix, DVector};
use rand::{RngExt, SeedableRng};

/// Enclosures of the two ends of a spectrum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// The smallest (signed) eigenvalue.
    pub smallest: Interval,
    /// The largest (signed) eigenvalue.
    pub largest: Interval,
}

/// Both extreme eigenvalues of the symmetric matrix enclosed by `a`.
///
/// Hypothesis: the exact matrix is symmetric. The whole line where the radius is infinite or `a` is not square.
///
/// A midpoint that is not symmetric is replaced by the ball around its symmetric part, which holds every symmetric
/// matrix of the given ball. n = 1 is read off, a zero midpoint gives `[-r, r]`.
pub fn extremes(a: &BallMatrix) -> Extremes {
    certified(a, true)
}

/// The largest eigenvalue alone, at half the cost of [`extremes`].
pub fn largest(a: &BallMatrix) -> Interval {
    certified(a, false).largest
}

/// All eigenvalues of a symmetric matrix by `faer`, ascending; approximate, so they decide nothing. `None` if it did
/// not converge.
///
/// A large matrix of small rank (a Hessian at a minimiser has rank at most d) is recognised by a random projection and
/// costs O(n^2); what is then dropped is no larger than the backward error of a full decomposition.
pub fn eigenvalues(a: &DMatrix<f64>) -> Option<Vec<f64>> {
    if !a.is_square() || a.iter().any(|v| !v.is_finite()) {
        return None;
    }
    faer::set_global_parallelism(Par::Seq);
    if let Some(values) = of_small_rank(a) {
        return Some(values);
    }
    view(a).self_adjoint_eigenvalues(faer::Side::Lower).ok()
}

/// Width of the random projection; matrices less than eight times larger go to the full decomposition.
const PROBES: usize = 64;

/// `A = Q (Q^T A Q) Q^T` up to `n u norm_F(A)`, Q spanning A times random columns: its eigenvalues and zeros are those
/// of A.
///
/// `None` for n below `8 PROBES`, and where the projection loses more than that: the rank is not small. The probes
/// are pseudo-random from a seed that depends on n alone.
fn of_small_rank(a: &DMatrix<f64>) -> Option<Vec<f64>> {
    let n = a.nrows();
    if n < 8 * PROBES {
        return None;
    }
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(n as u64);
    let probes = DMatrix::from_fn(n, PROBES, |_, _| random.random_range(-1.0..1.0));
    let q = (view(a) * view(&probes)).qr().compute_thin_Q();
    let image = view(a) * &q;
    let small = q.transpose() * &image;
    // norm_F(A - Q B Q^T)^2 <= norm_F(A - A Q Q^T)^2 + norm_F(A Q - Q B)^2, and the first is norm_F(A)^2 - norm_F(A
    // Q)^2 but without the cancellation.
    let rest = view(a) - &image * q.transpose();
    let inside = &image - &q * &small;
    if rest.norm_l2().hypot(inside.norm_l2()) > n as f64 * UNIT * view(a).norm_l2() {
        return None;
    }
    let mut values = small.self_adjoint_eigenvalues(faer::Side::Lower).ok()?;
    values.resize(n, 0.0);
    values.sort_by(f64::total_cmp);
    Some(values)
}

/// Largest and, if `both`, smallest eigenvalue; without `both` the latter is the whole line. The cases without work
/// come first, then proposals, then one certificate for each end.
fn certified(a: &BallMatrix, both: bool) -> Extremes {
    let n = a.rows();
    let unknown = Extremes { smallest: Interval::ENTIRE, largest: Interval::ENTIRE };
    if n == 0 || n != a.columns() || !a.radius().is_finite() {
        return unknown;
    }
    if n == 1 {
        return Extremes { smallest: a.entry(0, 0), largest: a.entry(0, 0) };
    }
    if !is_symmetric(a.mid()) {
        return certified(&a.symmetrised(), both);
    }
    let norm = spread(a.mid());
    if norm == 0.0 {
        let zero = Interval::symmetric(a.radius());
        return Extremes { smallest: zero, largest: zero };
    }
    let (low, high) = proposals(a.mid(), norm, both);
    let problem = Problem { a, norm };
    let largest = problem.largest(high, false);
    let smallest = if both { -problem.largest(low, true) } else { Interval::ENTIRE };
    Extremes { smallest, largest }
}

/// Entry by entry, exactly. A must be square.
fn is_symmetric(a: &DMatrix<f64>) -> bool {
    // In tiles: a column and a row of a large matrix do not share cache lines.
    let (n, tile) = (a.nrows(), 32);
    (0..n).step_by(tile).all(|i0| {
        (0..=i0)
            .step_by(tile)
            .all(|j0| (j0..(j0 + tile).min(n)).all(|j| (i0..(i0 + tile).min(n)).all(|i| a[(i, j)] == a[(j, i)])))
    })
}

/// An approximate eigenvector and a guess of how far its quotient is from the eigenvalue.
struct Proposal {
    /// Of any length but zero: the quotient divides by its square.
    vector: DVector<f64>,
    /// Not a bound; it says at which distance the first factorisation is tried.
    error: f64,
}

/// The matrix whose largest eigenvalue is sought, with what is known of its size.
struct Problem<'a> {
    /// n x n, with a symmetric midpoint and a finite radius.
    a: &'a BallMatrix<'a>,
    /// An upper bound of `norm_2(|mid|)`, not zero.
    norm: f64,
}

impl Problem<'_> {
    /// `x^T A x / x^T x` for every A in the ball, enclosed; of -A with `negated`. By Courant and Fischer its lower
    /// end is a lower bound of the largest eigenvalue. Cost: one product of A with a vector.
    fn quotient(&self, x: &DVector<f64>, negated: bool) -> Interval {
        let column = DMatrix::from_column_slice(x.len(), 1, x.as_slice());
        let x = BallMatrix::exact(&column);
        let value = x.transposed_product(&self.a.product(&x)).entry(0, 0) / x.transposed_product(&x).entry(0, 0);
        if negated { -value } else { value }
    }

    /// The largest eigenvalue of A, or of -A.
    ///
    /// The shift c starts at the quotient plus a gap. A factorisation that fails shows that c is too low (or too
    /// close), and the gap grows sixteenfold; one that succeeds gives an upper bound by [`defect`], and a factor by
    /// which three steps of inverse iteration improve the vector. With the better vector c moves close to its
    /// quotient again. It ends with a success whose gap is within sixteen times the rounding error of a
    /// factorisation, where c reaches the bound that is known already, or after 16 factorisations.
    fn largest(&self, proposal: Proposal, negated: bool) -> Interval {
        let n = self.a.rows();
        // Cholesky succeeds in floating point once the smallest eigenvalue exceeds a small multiple of this.
        let floor = upward::mul(gamma(n + 4), self.norm).max(f64::MIN_POSITIVE);
        let mut upper = upward::add(self.norm, self.a.radius());
        let mut lower = -upper;
        let mut best = f64::NEG_INFINITY;
        let improve = |x: &DVector<f64>, lower: &mut f64, best: &mut f64| {
            let q = self.quotient(x, negated);
            *lower = lower.max(q.lo());
            *best = best.max(q.mid());
        };
        improve(&proposal.vector, &mut lower, &mut best);
        let mut x = proposal.vector;
        let mut gap = floor.max(proposal.error);
        // Each failure is one factorisation; 16^16 takes the gap from roundoff past the norm.
        let mut failures = 0;
        while failures < 16 {
            let c = best + gap;
            if c >= upper {
                break;
            }
            let Some(factor) = self.factor(c, negated) else {
                failures += 1;
                gap *= 16.0;
                continue;
            };
            upper = upper.min(upward::add(upward::add(c, defect(self.a.mid(), &factor, c, negated)), self.a.radius()));
            if gap <= 16.0 * floor {
                break;
            }
            for _ in 0..3 {
                inverse_iteration(&factor, &mut x);
            }
            improve(&x, &mut lower, &mut best);
            // The quotient is now good to roundoff, or at least much better: try close to it, once per factorisation.
            gap = if failures == 0 { floor } else { (gap / 256.0).max(floor) };
            failures += 1;
        }
        Interval::proved(lower, upper)
    }

    /// The proposed factor of `c I - mid`, or of `c I + mid`.
    fn factor(&self, c: f64, negated: bool) -> Option<DMatrix<f64>> {
        cholesky_factor(self.a.mid(), c, negated)
    }
}

/// Approximate Cholesky factor of `c I - A` (or `c I + A`) for a symmetric A, zero above the diagonal; `None` where a
/// pivot is not positive.
///
/// Cost: `n^3 / 3` operations, on one thread. Nothing is proved by its success: [`defect`] bounds what it leaves.
pub(crate) fn cholesky_factor(a: &DMatrix<f64>, c: f64, negated: bool) -> Option<DMatrix<f64>> {
    let n = a.nrows();
    let mut l = if negated { a.clone() } else { -a };
    for i in 0..n {
        l[(i, i)] += c;
    }
    let mut memory = MemBuffer::new(cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default()));
    let stack = MemStack::new(&mut memory);
    cholesky_in_place(view_mut(&mut l), Default::default(), Par::Seq, stack, Default::default()).ok()?;
    for j in 1..n {
        l.column_mut(j).rows_mut(0, j).fill(0.0);
    }
    Some(l)
}

/// An upper bound of `norm_2(c I - A - L L^T)` (of `c I + A - L L^T` with `negated`) for a symmetric A and any lower
/// triangular L; infinite for a non-finite L.
///
/// With `P = fl(L L^T)` and `D = fl(fl(c I - A) - P)`, each rounding bounded:
///
/// ```text
/// norm_F(D) (1 + 2u) + gamma_n norm_2(|L| |L|^T) + u max |c - a_ii| + n^2 n TINY
/// ```
///
/// Why each term is there: `norm_F(D)` is what was computed, with `2u` for its last subtraction; `gamma_n |L| |L|^T`
/// bounds the rounding of the product entry by entry (Higham, section 3.1), and entrywise `|E| <= F` gives
/// `norm_2(E) <= norm_2(F)` for a nonnegative F; the shifted diagonal was rounded once; each of the n products of an
/// entry may underflow. The sum of squares runs over the lower triangle, the strict part twice.
///
/// Panels of `PANEL` columns need memory for `n PANEL` numbers, not for a second matrix. Of `L L^T` only the lower
/// triangle, by panels, is formed. Cost: about `n^3 / 3` operations, and O(n^2) for the norm of the moduli.
pub fn defect(a: &DMatrix<f64>, l: &DMatrix<f64>, c: f64, negated: bool) -> f64 {
    let n = l.nrows();
    let sign = if negated { 1.0 } else { -1.0 };
    let (mut squares, mut diagonal) = (0.0, 0.0_f64);
    let mut panel = DMatrix::<f64>::zeros(n, PANEL.min(n));
    for start in (0..n).step_by(PANEL) {
        let (rows, columns) = (n - start, PANEL.min(n - start));
        let inner = start + columns;
        let left = view(l).submatrix(start, 0, rows, inner);
        let right = view(l).submatrix(start, 0, columns, inner).transpose();
        let out = view_mut(&mut panel).submatrix_mut(0, 0, rows, columns);
        faer::linalg::matmul::matmul(out, Accum::Replace, left, right, 1.0, Par::Seq);
        for j in 0..columns {
            let shifted = c + sign * a[(start + j, start + j)];
            diagonal = diagonal.max(shifted.abs());
            let first = shifted - panel[(j, j)];
            let below = a.column(start + j);
            let mut off = [0.0; 8];
            let entries = below.as_slice()[start + j + 1..].chunks(8);
            for (x, y) in entries.zip(panel.column(j).as_slice()[j + 1..rows].chunks(8)) {
                for (lane, (x, y)) in off.iter_mut().zip(x.iter().zip(y)) {
                    let d = sign * x - y;
                    *lane += d * d;
                }
            }
            squares += first * first + 2.0 * off.iter().sum::<f64>();
        }
    }
    if !squares.is_finite() {
        return f64::INFINITY;
    }
    let norm = upward::mul(upward::sqrt(upward::of_sum(squares, n * n)), 1.0 + 4.0 * UNIT);
    let products = upward::mul(gamma(n), gram_of_moduli(l));
    let lost = upward::mul((n * n) as f64, upward::mul(n as f64, TINY));
    upward::add(upward::add(norm, products), upward::add(upward::mul(UNIT * 2.0, diagonal), lost))
}

/// Columns of a panel of the a posteriori product.
const PANEL: usize = 128;

/// An upper bound of `norm_2(|L| |L|^T)` for a lower triangular L, by Collatz: `max_i (B v)_i / v_i` bounds the
/// spectral radius of a nonnegative B for every positive v; two steps of the power method make it sharp.
///
/// `B = |L| |L|^T` is symmetric and nonnegative, so its norm is its spectral radius; any of the three vectors gives a
/// bound and the least is returned. Each term of `(B v)_i` passes through two inner products of at most n terms.
/// Cost: O(n^2).
fn gram_of_moduli(l: &DMatrix<f64>) -> f64 {
    let n = l.nrows();
    let mut v = vec![1.0; n];
    let mut best = f64::INFINITY;
    // What underflows in t, n TINY at most, is multiplied by entries of L, and the quotient divides by v_i >= 1e-3.
    let size = l.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    let lost = upward::mul(upward::mul(1001.0, size), upward::mul((n * n) as f64, TINY));
    for _ in 0..3 {
        let mut w = vec![0.0; n];
        for j in 0..n {
            let column = &l.as_slice()[j * n + j..(j + 1) * n];
            let t: f64 = lanes(column, &v[j..], |x, y| x.abs() * y);
            for (w, x) in w[j..].iter_mut().zip(column) {
                *w += x.abs() * t;
            }
        }
        // No term passes through more than 2 n + 2 roundings.
        let bound = w.iter().zip(&v).fold(0.0, |m: f64, (&w, &v)| {
            let b = upward::div(upward::of_sum(w, 2 * n + 2), v);
            if b > m { b } else { m }
        });
        best = best.min(upward::add(bound, lost));
        let largest = w.iter().fold(0.0, |m: f64, &x| m.max(x));
        // Kept away from zero, so that every quotient is defined.
        v = w.iter().map(|x| (x / largest).max(1e-3)).collect();
    }
    best
}

/// `sum f(x_i, y_i)` in eight lanes.
///
/// The processor adds the lanes in parallel; bounds of the sum hold in any order. Both slices have the same length.
fn lanes(x: &[f64], y: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    let (cx, cy) = (x.chunks_exact(8), y.chunks_exact(8));
    for (s, (a, b)) in sums.iter_mut().zip(cx.remainder().iter().zip(cy.remainder())) {
        *s += f(*a, *b);
    }
    for (a, b) in cx.zip(cy) {
        for i in 0..8 {
            sums[i] += f(a[i], b[i]);
        }
    }
    sums.iter().sum()
}

/// One step: x becomes `(L L^T)^-1 x`, at length one; it stays as it was where that is zero or not finite. Cost:
/// `2 n^2` operations.
fn inverse_iteration(l: &DMatrix<f64>, x: &mut DVector<f64>) {
    let n = x.len();
    let mut y = DMatrix::from_column_slice(n, 1, x.as_slice());
    solve_lower_triangular_in_place(view(l), view_mut(&mut y), Par::Seq);
    solve_upper_triangular_in_place(view(l).transpose(), view_mut(&mut y), Par::Seq);
    let norm = y.norm();
    if norm.is_finite() && norm > 0.0 {
        x.copy_from_slice((y / norm).as_slice());
    }
}

/// Proposals for the smallest and the largest eigenvalue, for the smallest a worse one if it is not asked for.
///
/// The proposals of a full decomposition claim the error zero: the first gap is then the rounding error of a
/// factorisation.
fn proposals(a: &DMatrix<f64>, norm: f64, both: bool) -> (Proposal, Proposal) {
    let n = a.nrows();
    if n <= DIRECT
        && let Some((_, vectors)) = approximate_eigen(a)
    {
        let column = |j: usize| Proposal { vector: vectors.column(j).into_owned(), error: 0.0 };
        return (column(0), column(n - 1));
    }
    lanczos(a, norm, both)
}

/// Up to this size a full decomposition costs no more than a Krylov space.
const DIRECT: usize = 64;
/// Longest Krylov space; what it leaves undecided the widening gap and inverse iteration take care of.
const KRYLOV: usize = 96;

/// Lanczos with full reorthogonalisation, from a fixed pseudo-random start.
///
/// Every eighth step asks whether the Ritz pairs that are wanted have settled to roundoff; the space ends there, or
/// where the new direction vanishes (it is invariant), or at [`KRYLOV`]. Where not even the small eigenproblem is
/// solved, the start vector is proposed with an error as large as the norm.
///
/// Cost: one product with A for each step, and O(n m) operations for orthogonalising step m twice.
fn lanczos(a: &DMatrix<f64>, norm: f64, both: bool) -> (Proposal, Proposal) {
    let n = a.nrows();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(n as u64);
    let start = DVector::from_fn(n, |_, _| random.random_range(-1.0..1.0));
    let steps = KRYLOV.min(n);
    let mut basis = DMatrix::<f64>::zeros(n, steps);
    basis.set_column(0, &(&start / start.norm()));
    let (mut alpha, mut beta) = (Vec::new(), Vec::new());
    let tiny = gamma(n) * norm;
    for m in 1..=steps {
        let mut y = DMatrix::<f64>::zeros(n, 1);
        let q = view(&basis).subcols(m - 1, 1);
        faer::linalg::matmul::matmul(view_mut(&mut y), Accum::Replace, view(a), q, 1.0, Par::Seq);
        alpha.push(basis.column(m - 1).dot(&y.column(0)));
        // Twice is enough (Kahan, Parlett).
        for _ in 0..2 {
            let known = view(&basis).subcols(0, m);
            let mut h = DMatrix::<f64>::zeros(m, 1);
            faer::linalg::matmul::matmul(view_mut(&mut h), Accum::Replace, known.transpose(), view(&y), 1.0, Par::Seq);
            faer::linalg::matmul::matmul(view_mut(&mut y), Accum::Add, known, view(&h), -1.0, Par::Seq);
        }
        let residual = y.norm();
        let last = m == steps || residual <= tiny;
        if !last {
            basis.set_column(m, &(y.column(0) / residual));
        }
        if last || m % 8 == 0 {
            let ritz = ritz_pairs(&alpha, &beta, residual);
            if let Some((low, high)) = ritz {
                if last || (high.1 <= tiny && (low.1 <= tiny || !both)) {
                    let vector = |s: &DVector<f64>| basis.columns(0, m) * s;
                    let proposal = |p: &(DVector<f64>, f64)| Proposal { vector: vector(&p.0), error: 4.0 * p.1 };
                    return (proposal(&low), proposal(&high));
                }
            } else if last {
                break;
            }
        }
        beta.push(residual);
    }
    (Proposal { vector: start.clone(), error: norm }, Proposal { vector: start, error: norm })
}

/// Coordinates of the two extreme Ritz vectors, each with an estimate of its eigenvalue's error: the residual, or its
/// square over the gap to the next Ritz value, whichever is smaller.
type RitzPair = (DVector<f64>, f64);
/// Of the tridiagonal matrix with the diagonal alpha (m entries) and the off-diagonal beta (m - 1): smallest, then
/// largest. The residual of the Ritz vector `V s` is `residual |s_m|`.
fn ritz_pairs(alpha: &[f64], beta: &[f64], residual: f64) -> Option<(RitzPair, RitzPair)> {
    let m = alpha.len();
    let t = DMatrix::from_fn(m, m, |i, j| match i.abs_diff(j) {
        0 => alpha[i],
        1 => beta[i.min(j)],
        _ => 0.0,
    });
    let (values, vectors) = approximate_eigen(&t)?;
    let pair = |i: usize, next: usize| {
        let r = residual * vectors[(m - 1, i)].abs();
        let distance = (values[next] - values[i]).abs();
        let error = if distance > 0.0 { r.min(r * r / distance) } else { r };
        (vectors.column(i).into_owned(), error)
    };
    Some((pair(0, 1.min(m - 1)), pair(m - 1, m.saturating_sub(2))))
}
