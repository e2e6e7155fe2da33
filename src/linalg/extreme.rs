//! Certified extreme eigenvalues and singular values of small matrices of enclosures.
//!
//! **Largest eigenvalue of a symmetric A.**
//! - Lower end: the Rayleigh quotient `x^T A x / x^T x`, enclosed, at an approximate eigenvector x (any x is valid), or
//!   a diagonal entry where that is larger.
//! - Upper end: for any shift c and any matrix R, with `E = c I - A - R R^T`, `largest(A) <= c + norm(E)` because
//!   `R R^T` has no negative eigenvalue (Weyl). R is an approximate Cholesky factor of `c I - A` just above the
//!   eigenvalue, and E is enclosed. Unlike an enclosed factorisation this does not grow intervals through the
//!   elimination. Gershgorin's bound stands in where no factor is found.
//!
//! The proposal starts from `faer` in f64 and is refined at the precision of the enclosure by inverse iteration from
//! above: the shift is the Rayleigh quotient plus twice its residual, so it closes in on the eigenvalue itself even
//! where that is 1e-19 of the largest entry, and a shift that cannot be factored shows that the iterate was not the top
//! eigenvector. Clusters and multiple eigenvalues cost nothing but iterations.
//!
//! Hypothesis: the exact matrix is symmetric; only the lower triangle is read. Failure (an unbounded entry, not square,
//! empty) returns the whole line, never a wrong bound. Cost: a few times n^3/3 operations.
//!
//! Why both ends are valid for every matrix of the set at once: the quotient and the defect are evaluated on the
//! enclosed entries, so they hold for each symmetric matrix whose lower triangle lies in them. The largest
//! eigenvalues of these matrices fill an interval, which the result contains.
//!
//! This is the routine for any precision and up to about 100 rows. Large matrices of doubles go to `dense`, which
//! makes the same two steps with products of `faer` and a single radius.

use super::approximate_eigen;
use super::proposal::{Square, dot, magnitude};
use crate::arithmetic::{Enclosure, Interval, Nearest};
use nalgebra::DMatrix;

/// Scale by a power of two when the largest exponent leaves this range, within which squares and f64 proposals are
/// safe.
pub(super) const SAFE_EXPONENT: i32 = 400;

/// Rounds of the refinement; each at least halves the distance to the eigenvalue, most of them square it.
const ROUNDS: usize = 60;

/// A residual within this many times the rounding error of the matrix cannot be improved much.
const SETTLED: f64 = 8.0;

/// Doublings of the distance to a shift that count as rounding errors of the factorisation; more mean an eigenvalue
/// above the shift.
const DOUBLINGS: usize = 3;

/// The answer where nothing is known.
fn entire<E: Enclosure>() -> E {
    E::from_interval(&Interval::ENTIRE, 53)
}

/// Enclosure of the largest (signed) eigenvalue.
///
/// The result encloses the largest eigenvalue of every symmetric matrix in the set. A zero matrix gives zero; a
/// diagonal one the largest entry, exactly; 2 x 2 the closed formula.
///
/// ```
/// use flatcert::arithmetic::{Enclosure, Interval};
/// use flatcert::linalg::{largest_eigenvalue, smallest_eigenvalue};
/// use flatcert::nalgebra::DMatrix;
/// // Eigenvalues 1 and 3.
/// let a = DMatrix::from_row_slice(2, 2, &[2.0, 1.0, 1.0, 2.0]).map(Interval::point);
/// let [top, bottom] = [largest_eigenvalue(&a), smallest_eigenvalue(&a)];
/// assert!(top.lo() <= 3.0 && 3.0 <= top.hi() && top.width() < 1e-12);
/// assert!(bottom.lo() <= 1.0 && 1.0 <= bottom.hi());
/// ```
pub fn largest_eigenvalue<E: Enclosure>(a: &DMatrix<E>) -> E {
    largest_of(a.nrows(), a.ncols(), |i, j| a[(i, j)].clone())
}

/// Enclosure of the smallest (signed) eigenvalue: `-largest(-A)`.
pub fn smallest_eigenvalue<E: Enclosure>(a: &DMatrix<E>) -> E {
    -largest_of(a.nrows(), a.ncols(), |i, j| -a[(i, j)].clone())
}

/// The lower triangle, row by row, bounded and scaled to a safe range.
///
/// Entry (i, j), i >= j, stands at `i (i + 1) / 2 + j`.
struct Lower<E: Enclosure> {
    /// Number of rows, at least one.
    n: usize,
    /// `n (n + 1) / 2` bounded enclosures.
    entries: Vec<E>,
}

impl<E: Enclosure> Lower<E> {
    /// Entry (i, j) of the symmetric matrix, on either side of the diagonal.
    fn at(&self, i: usize, j: usize) -> &E {
        let (i, j) = if i >= j { (i, j) } else { (j, i) };
        &self.entries[i * (i + 1) / 2 + j]
    }
}

/// The largest eigenvalue of the matrix with these entries, of which those with i >= j are asked for. Scaling by
/// `2^-k` and back is exact up to the range of f64, and then outward: `lambda(2^-k A) = 2^-k lambda(A)`.
fn largest_of<E: Enclosure>(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> E) -> E {
    if rows == 0 || rows != columns {
        return entire();
    }
    let n = rows;
    let mut entries = Vec::with_capacity(n * (n + 1) / 2);
    for i in 0..n {
        entries.extend((0..=i).map(|j| entry(i, j)));
    }
    if !entries.iter().all(E::is_bounded) {
        return entire();
    }
    let Some(k) = entries.iter().filter_map(E::exponent).max() else { return E::zero() };
    let k = if k.abs() > SAFE_EXPONENT { k } else { 0 };
    if k != 0 {
        entries = entries.iter().map(|e| e.scale(-k)).collect();
    }
    let a = Lower { n, entries };
    let diagonal = (1..n).fold(a.at(0, 0).clone(), |m, i| m.max(a.at(i, i)));
    let is_diagonal = (0..n).all(|i| (0..i).all(|j| a.at(i, j).is_zero()));
    let out = if is_diagonal {
        diagonal
    } else if n == 2 {
        largest_of_two(&a)
    } else {
        certified(&a, &diagonal)
    };
    if k == 0 { out } else { out.scale(k) }
}

/// `(a + b)/2 + sqrt(((a - b)/2)^2 + c^2)`, which increases with a, b and |c|: the ends decide.
fn largest_of_two<E: Enclosure>(m: &Lower<E>) -> E {
    let formula = |a: E, b: E, c: E| {
        let half = |e: E| e.scale(-1);
        half(a.clone() + b.clone()) + (half(a - b).powi(2) + c.powi(2)).sqrt()
    };
    let (a, b, c) = (m.at(0, 0), m.at(1, 1), m.at(1, 0).abs());
    E::between(
        &formula(a.lower_end(), b.lower_end(), c.lower_end()),
        &formula(a.upper_end(), b.upper_end(), c.upper_end()),
    )
}

/// The general case, from 3 x 3 on. `diagonal` is the largest diagonal entry, a lower bound of the largest eigenvalue
/// (the Rayleigh quotient of a unit vector). Without a proposed vector, or a factor, the diagonal and Gershgorin's
/// disks give the ends.
fn certified<E: Enclosure>(a: &Lower<E>, diagonal: &E) -> E {
    let n = a.n;
    let middle: Vec<E::Point> = a.entries.iter().map(E::point).collect();
    let at = |i: usize, j: usize| if i >= j { &middle[i * (i + 1) / 2 + j] } else { &middle[j * (j + 1) / 2 + i] };
    let m = Square::from_fn(n, |i, j| at(i, j).clone());
    let bits = a.entries.iter().map(E::bits).max().unwrap_or(53);
    let (x, factored) = refine(&m, bits);
    let lower = match &x {
        Some(x) => rayleigh_quotient(a, x).max(diagonal),
        None => diagonal.clone(),
    };
    let upper = match factored {
        Some((shift, factor)) => E::from_point(&shift) + defect(a, &shift, &factor),
        None => gershgorin(a),
    };
    E::between(&lower, &upper)
}

/// Enclosed Rayleigh quotient `x^T A x / x^T x`.
///
/// As `sum_i x_i (2 sum_{j<i} a_ij x_j + a_ii x_i)`: each entry of the triangle is used once. The whole line where x
/// is zero or not finite.
fn rayleigh_quotient<E: Enclosure>(a: &Lower<E>, x: &[E::Point]) -> E {
    let x: Vec<E> = x.iter().map(E::from_point).collect();
    let (mut quadratic, mut norm) = (E::zero(), E::zero());
    for (i, v) in x.iter().enumerate() {
        let mut off = E::zero();
        for (j, u) in x[..i].iter().enumerate() {
            off.add_product(a.at(i, j), u);
        }
        let mut row = off.scale(1);
        row.add_product(a.at(i, i), v);
        quadratic.add_product(&row, v);
        norm += v.powi(2);
    }
    quadratic / norm
}

/// Upper bound, as an enclosure, of the operator norm of `c I - A - R R^T`: the largest absolute row sum of the
/// enclosed entries.
///
/// A symmetric matrix has no eigenvalue whose modulus exceeds its largest absolute row sum. R is exact here: its
/// entries are numbers, and only the products are rounded outward. Cost: n^3/6 enclosed products.
fn defect<E: Enclosure>(a: &Lower<E>, shift: &E::Point, factor: &Square<E::Point>) -> E {
    let n = a.n;
    let r: Vec<E> = factor.entries.iter().map(E::from_point).collect();
    let shift = E::from_point(shift);
    let mut sums = vec![E::zero(); n];
    for i in 0..n {
        for j in 0..=i {
            let mut e = -a.at(i, j).clone();
            if i == j {
                e += shift.clone();
            }
            for k in 0..=j {
                e.sub_product(&r[i * n + k], &r[j * n + k]);
            }
            let size = e.abs();
            if i != j {
                sums[j] += size.clone();
            }
            sums[i] += size;
        }
    }
    largest_entry(sums)
}

/// Gershgorin's bound: no eigenvalue lies above the largest `a_ii + sum |a_ij|`.
fn gershgorin<E: Enclosure>(a: &Lower<E>) -> E {
    let row =
        |i: usize| (0..a.n).fold(E::zero(), |s, j| if i == j { s + a.at(i, i).clone() } else { s + a.at(i, j).abs() });
    largest_entry((0..a.n).map(row).collect())
}

/// The maximum of enclosed numbers, as an enclosure; the whole line of none.
fn largest_entry<E: Enclosure>(values: Vec<E>) -> E {
    values.into_iter().reduce(|m, v| m.max(&v)).unwrap_or_else(entire)
}

/// A shift with the Cholesky factor of `shift I - M`.
type Factored<P> = Option<(P, Square<P>)>;

/// Approximate top eigenvector of M, and the least shift found that makes `shift I - M` factor.
///
/// Either part is `None` where it was not found: the decomposition in doubles failed, or no shift factored. Inverse
/// iteration with `(shift I - M)^-1` amplifies the part of x that belongs to an eigenvalue by one over its distance
/// from the shift; a shift above all eigenvalues is nearest to the top one.
///
/// A round costs a factorisation (n^3/6 products) for each shift that is tried, two solutions, and one product with
/// M.
fn refine<P: Nearest>(m: &Square<P>, bits: u32) -> (Option<Vec<P>>, Factored<P>) {
    let n = m.n;
    let Some(size) = magnitude(&m.entries) else { return (None, None) };
    let low = DMatrix::from_fn(n, n, |i, j| m.at(i, j).to_f64());
    let Some((_, vectors)) = approximate_eigen(&low) else { return (None, None) };
    let mut x: Vec<P> = vectors.column(n - 1).iter().map(|v| P::from_f64(*v, bits)).collect();

    // Rounding error of a factorisation: n times the unit roundoff times the size.
    let mut unit = size.clone();
    unit.mul(&P::from_f64(n as f64, bits));
    unit.scale(1 - bits as i32);
    let times = |v: &P, f: f64| {
        let mut v = v.clone();
        v.mul(&P::from_f64(f, bits));
        v
    };
    let settled = times(&unit, SETTLED);
    let mut best: Factored<P> = None;
    for round in 0..ROUNDS {
        let (quotient, residual) = quotient_and_residual(m, &x);
        if !quotient.is_usable() || !residual.is_usable() {
            break;
        }
        let done = residual <= settled;
        let mut gap = times(&residual, if done { 1.0 } else { 2.0 });
        gap.add(&unit);
        // After three doublings a shift must factor if x is the top eigenvector; from there on it is not, and the
        // distance grows until some shift does factor.
        let mut raised = 0;
        let mut found = None;
        while found.is_none() && raised < bits as usize {
            let mut shift = quotient.clone();
            shift.add(&gap);
            found = m.factor_shifted(&shift).map(|factor| (shift, factor));
            if found.is_none() {
                raised += 1;
                gap = times(&gap, if raised <= DOUBLINGS { 2.0 } else { 64.0 });
            }
        }
        let Some((shift, factor)) = found else { break };
        let is_better = best.as_ref().is_none_or(|(s, _)| shift < *s);
        let is_top = raised <= DOUBLINGS;
        if is_better {
            best = Some((shift, factor.clone()));
        }
        if done && is_top {
            break;
        }
        if !is_top && round < 4 {
            // x was an eigenvector below the top: give it a part in every direction.
            disturb(&mut x, bits);
        }
        for _ in 0..2 {
            factor.solve_factored(&mut x);
            normalise(&mut x);
        }
    }
    (Some(x), best)
}

/// Approximate eigenvector of the largest eigenvalue of a symmetric matrix.
pub(super) fn top_vector<P: Nearest>(m: &Square<P>, bits: u32) -> Option<Vec<P>> {
    refine(m, bits).0
}

/// Rayleigh quotient, and the norm of `M x - quotient x` over that of x.
///
/// For a symmetric M some eigenvalue lies within the residual of the quotient. Not usable (NaN) for x = 0.
fn quotient_and_residual<P: Nearest>(m: &Square<P>, x: &[P]) -> (P, P) {
    let mut image = m.apply(x);
    let norm = dot(x, x);
    let mut quotient = dot(&image, x);
    quotient.div(&norm);
    for (y, v) in image.iter_mut().zip(x) {
        y.sub_product(&quotient, v);
    }
    let mut residual = dot(&image, &image);
    residual.div(&norm);
    residual.root();
    (quotient, residual)
}

/// Divides by the largest modulus; a zero vector becomes NaN, which the next quotient finds.
fn normalise<P: Nearest>(x: &mut [P]) {
    if let Some(size) = magnitude(x.iter()) {
        for v in x {
            v.div(&size);
        }
    }
}

/// Adds one part in 256 of a fixed irregular vector.
fn disturb<P: Nearest>(x: &mut [P], bits: u32) {
    normalise(x);
    for (i, v) in x.iter_mut().enumerate() {
        // Fractional parts of multiples of the golden ratio: no symmetry of a matrix makes this vector orthogonal to an
        // eigenspace.
        let part = ((i + 1) as f64 * 0.618_033_988_749_894_9).fract() - 0.3;
        v.add(&P::from_f64(part / 256.0, bits));
    }
}
