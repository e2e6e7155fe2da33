//! Exact inertia of a symmetric rational matrix.
//!
//! Sylvester: congruence keeps the numbers of negative, zero and positive eigenvalues. Two routes:
//! - With V the approximate eigenvectors in f64, `V^T A V` is nearly diagonal. If it is strictly diagonally dominant,
//!   all rounding errors bounded, then it is not singular, so neither is V, and the signs of its diagonal are the
//!   inertia (Gershgorin).
//! - Otherwise, and always where there are zero eigenvalues, no rounding: fraction-free symmetric elimination (Bareiss
//!   1968), each step with a nonzero diagonal pivot; where the whole remaining diagonal is zero, adding one row and
//!   column to another (a congruence) makes the diagonal entry `2 a_ij`, not zero. So zero eigenvalues are counted,
//!   which no enclosure can do. Cost: n^3/6 operations on integers whose size grows linearly with the step.
//!
//! Why two routes: the integers of an exact elimination grow with every step, doubles do not, and a matrix without an
//! eigenvalue near zero needs no more than doubles. The first route is a proof where it answers; where it does not,
//! nothing is lost but its time.
//!
//! Everything that is exact about a spectrum comes from here: a rational number is an eigenvalue, or the largest one,
//! or has so many above it, by the inertia of `A - c I`. Characteristic polynomials are not formed.

use super::{approximate_eigen, largest_eigenvalue, smallest_eigenvalue};
use crate::arithmetic::{Big, Field, Rational};
use nalgebra::{DMatrix, DVector};
use num_traits::Zero;
use rug::Integer;
use std::cmp::Ordering;

/// Numbers of eigenvalues by sign.
///
/// The three add up to the dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inertia {
    /// Eigenvalues below zero.
    pub negative: usize,
    /// Eigenvalues equal to zero.
    pub zero: usize,
    /// Eigenvalues above zero.
    pub positive: usize,
}

impl Inertia {
    /// The largest eigenvalue against zero. For the inertia of `A - c B`, B positive definite: the largest eigenvalue
    /// of `A v = mu B v` against c.
    ///
    /// `Less`: all eigenvalues are negative (also for the empty matrix); `Equal`: zero is the largest; `Greater`:
    /// there is a positive one.
    pub fn largest(&self) -> Ordering {
        match (self.positive, self.zero) {
            (0, 0) => Ordering::Less,
            (0, _) => Ordering::Equal,
            _ => Ordering::Greater,
        }
    }
    /// The smallest eigenvalue against zero.
    ///
    /// `Greater`: all are positive; `Equal`: zero is the smallest.
    pub fn smallest(&self) -> Ordering {
        Self { negative: self.positive, positive: self.negative, ..*self }.largest().reverse()
    }
}

/// Inertia of the symmetric matrix whose lower triangle is given. Panics, like the operators of `nalgebra`, if it is
/// not square.
///
/// The answer is exact by either route, and always comes.
pub fn inertia(a: &DMatrix<Rational>) -> Inertia {
    assert!(a.is_square(), "inertia of a matrix that is not square");
    dominant_inertia(a).unwrap_or_else(|| exact_inertia(a))
}

/// Inertia of `A - c I`: how many eigenvalues of the symmetric A are below, at and above c.
///
/// Panics if A is not square, as [`inertia`] does.
///
/// ```
/// use flatcert::arithmetic::Rational;
/// use flatcert::linalg::{count_above, inertia_at};
/// use flatcert::nalgebra::DMatrix;
/// // Eigenvalues 1 and 3, against 3: one below, one there, none above, exactly.
/// let a = DMatrix::from_row_slice(2, 2, &[2, 1, 1, 2]).map(Rational::from);
/// let at = inertia_at(&a, &Rational::from(3));
/// assert_eq!((at.negative, at.zero, at.positive), (1, 1, 0));
/// assert_eq!(count_above(&a, &Rational::from(2)), 1);
/// ```
pub fn inertia_at(a: &DMatrix<Rational>, c: &Rational) -> Inertia {
    let mut shifted = a.clone();
    for i in 0..a.nrows() {
        shifted[(i, i)] -= c.clone();
    }
    inertia(&shifted)
}

/// Number of eigenvalues of the symmetric A strictly above c, exactly.
///
/// With multiplicity. See [`inertia_at`] for those at c and below.
pub fn count_above(a: &DMatrix<Rational>, c: &Rational) -> usize {
    inertia_at(a, c).positive
}

/// The largest (or smallest) eigenvalue of the symmetric A, where it is a rational number that is short against `bits`:
/// an enclosure of that precision proposes it, the inertia of `A - q I` proves it.
///
/// `None` says nothing: the eigenvalue may be irrational, not positive, or too long for `bits` ([`Big::guess`]).
/// `Some` is proved. Cost: an enclosed eigenvalue and an inertia.
///
/// ```
/// use flatcert::arithmetic::Rational;
/// use flatcert::linalg::rational_eigenvalue;
/// use flatcert::nalgebra::DMatrix;
/// let a = DMatrix::from_row_slice(2, 2, &[2, 1, 1, 2]).map(Rational::from);
/// assert_eq!(rational_eigenvalue(&a, true, 128), Some(Rational::from(3)));
/// // The golden ratio is none.
/// let b = DMatrix::from_row_slice(2, 2, &[1, 1, 1, 0]).map(Rational::from);
/// assert_eq!(rational_eigenvalue(&b, true, 128), None);
/// ```
pub fn rational_eigenvalue(a: &DMatrix<Rational>, largest: bool, bits: u32) -> Option<Rational> {
    let enclosed = a.map(|v| Big::from_rational(&v, bits));
    let q = if largest { largest_eigenvalue(&enclosed) } else { smallest_eigenvalue(&enclosed) }.guess()?;
    is_extreme(a, &q, largest).then_some(q)
}

/// The largest (or smallest) eigenvalue of the symmetric A, where the exact vector v belongs to it.
///
/// The quotient `mu = (A v)_i / v_i` at the first entry of v that is not zero is tested exactly, `A v = mu v`, then
/// the inertia of `A - mu I` decides. `None` where v is zero or no eigenvector, or its eigenvalue is not the extreme
/// one.
pub fn extreme_eigenvalue_of(a: &DMatrix<Rational>, v: &DVector<Rational>, largest: bool) -> Option<Rational> {
    let at = v.iter().position(|x| !x.is_zero())?;
    let image = a * v;
    let mu = &image[at] / &v[at];
    if image != v.map(|x| x * &mu) {
        return None;
    }
    is_extreme(a, &mu, largest).then_some(mu)
}

/// Is this number the largest (or smallest) eigenvalue of the symmetric A?
///
/// It is if `A - q I` has a zero eigenvalue and none above it (below it).
fn is_extreme(a: &DMatrix<Rational>, q: &Rational, largest: bool) -> bool {
    let counts = inertia_at(a, q);
    let order = if largest { counts.largest() } else { counts.smallest() };
    order == Ordering::Equal
}

/// Number of eigenvalues of the symmetric pencil `A v = mu B v` strictly above c, exactly: the positive part of the
/// inertia of `A - c B`. `None` unless both are square, of one shape, and B is positive definite, which is checked.
///
/// With `B = R R^T` the pencil has the eigenvalues of `R^-1 A R^-T`, and `A - c B` is congruent to that matrix minus
/// c I (Sylvester). A and B are symmetric, by their lower triangles.
pub fn count_above_pencil(a: &DMatrix<Rational>, b: &DMatrix<Rational>, c: &Rational) -> Option<usize> {
    if !b.is_square() || a.shape() != b.shape() || inertia(b).positive != b.nrows() {
        return None;
    }
    let shifted = a.zip_map(b, |x, y| x - c.clone() * y);
    Some(inertia(&shifted).positive)
}

/// Absolute errors by underflow: far above what n^2 products of numbers up to 1 can lose, far below any entry that
/// matters.
const UNDERFLOW: f64 = 1e-280;

/// Inertia by strict diagonal dominance of `V^T A V`; `None` unless it is proved.
///
/// Statement: let M be A in doubles (a relative error of at most 2u in each entry), V any matrix of doubles, and C
/// the computed `V^T (M V)`. If `|c_ii|` exceeds the sum of the other moduli of its row plus a bound of the row's
/// errors for every i, then `V^T A V` is strictly diagonally dominant; it is regular, so V is, and by Gershgorin its
/// eigenvalues have the signs of its diagonal.
///
/// The largest modulus in M is limited to `1e-100 .. 1e100`, that in V to 2, so that nothing overflows and underflow
/// stays below [`UNDERFLOW`]. The row sum of `|V|^T |M| |V|` is formed as a product with the vector of ones, O(n^2).
fn dominant_inertia(a: &DMatrix<Rational>) -> Option<Inertia> {
    let n = a.nrows();
    // Truncated: within two units roundoff of the entry.
    let m = DMatrix::from_fn(n, n, |i, j| a[(i.max(j), i.min(j))].as_rug().to_f64());
    let size = m.amax();
    if n == 0 || !(1e-100..1e100).contains(&size) {
        return None;
    }
    let (_, v) = approximate_eigen(&m)?;
    if v.amax() > 2.0 {
        return None;
    }
    let c = v.tr_mul(&(&m * &v));
    // |computed - exact| <= ((1 + 2u)(1 + n u / (1 - n u))^2 - 1) |V|^T |A| |V|, whatever the order
    // of summation; the factor bounds that with room for the
    // rounding of the bound itself, whose terms are all positive.
    let factor = (4 * n + 16) as f64 * f64::EPSILON;
    let (absolute, ones) = (v.abs(), DVector::from_element(n, 1.0));
    let error = absolute.tr_mul(&(m.abs() * (&absolute * ones))) * factor;
    let mut out = Inertia { negative: 0, zero: 0, positive: 0 };
    for i in 0..n {
        let others: f64 = (0..n).filter(|&j| j != i).map(|j| c[(i, j)].abs()).sum();
        let bound = others * (1.0 + factor) + error[i] + UNDERFLOW * (1.0 + size);
        if c[(i, i)] > bound {
            out.positive += 1;
        } else if c[(i, i)] < -bound {
            out.negative += 1;
        } else {
            return None;
        }
    }
    Some(out)
}

/// Integers with the inertia of `a`: times the common denominator, over the common divisor, lower triangle.
///
/// Both factors are positive, so inertia is kept. Row i has i + 1 entries.
fn cleared(a: &DMatrix<Rational>) -> Vec<Vec<Integer>> {
    let n = a.nrows();
    let mut denominator = Integer::from(1);
    for i in 0..n {
        for j in 0..=i {
            denominator.lcm_mut(a[(i, j)].as_rug().denom());
        }
    }
    let mut content = Integer::new();
    let mut rows = Vec::with_capacity(n);
    for i in 0..n {
        let mut row = Vec::with_capacity(i + 1);
        for j in 0..=i {
            let q = a[(i, j)].as_rug();
            let v = Integer::from(&denominator / q.denom()) * q.numer();
            content.gcd_mut(&v);
            row.push(v);
        }
        rows.push(row);
    }
    if content > 1 {
        for v in rows.iter_mut().flatten() {
            v.div_exact_mut(&content);
        }
    }
    rows
}

/// Each pass removes one row and column by a nonzero pivot, whose sign is that of an eigenvalue (Sylvester), or makes
/// a diagonal entry nonzero; where no entry is left that is not zero, the rest counts as zero eigenvalues.
fn exact_inertia(a: &DMatrix<Rational>) -> Inertia {
    let mut m = cleared(a);
    let mut out = Inertia { negative: 0, zero: 0, positive: 0 };
    let mut live: Vec<usize> = (0..a.nrows()).collect();
    // Every remaining entry is a minor of a matrix congruent to the first, over this pivot before last; so the sign of
    // a step's true pivot is that of the new one times that of the last, and the divisions are exact.
    let mut last = Integer::from(1);
    while !live.is_empty() {
        // The pivot with the fewest bits keeps the numbers small.
        let diagonal = live.iter().enumerate().filter(|(_, i)| !m[**i][**i].is_zero());
        let Some((place, &p)) = diagonal.min_by_key(|(_, i)| m[**i][**i].significant_bits()) else {
            let pair = live
                .iter()
                .enumerate()
                .find_map(|(s, &i)| live[..s].iter().copied().find(|&j| !m[i][j].is_zero()).map(|j| (i, j)));
            let Some((i, j)) = pair else {
                out.zero += live.len();
                return out;
            };
            add_to(&mut m, &live, i, j);
            continue;
        };
        live.remove(place);
        let pivot = m[p][p].clone();
        if (pivot.cmp0() == Ordering::Greater) == (last.cmp0() == Ordering::Greater) {
            out.positive += 1;
        } else {
            out.negative += 1;
        }
        let column: Vec<Integer> =
            live.iter().map(|&i| if i > p { m[i][p].clone() } else { m[p][i].clone() }).collect();
        for (s, &i) in live.iter().enumerate() {
            for (t, &j) in live[..=s].iter().enumerate() {
                let v = &mut m[i][j];
                *v *= &pivot;
                *v -= &column[s] * &column[t];
                v.div_exact_mut(&last);
            }
        }
        last = pivot;
    }
    out
}

/// The congruence that adds row and column j to row and column i > j, within the live rows.
///
/// New diagonal entry: `m_ii + 2 m_ij + m_jj`. Only the lower triangle is stored, so an entry (k, j) is read from
/// whichever side holds it.
fn add_to(m: &mut [Vec<Integer>], live: &[usize], i: usize, j: usize) {
    let cross = m[i][j].clone();
    let square = m[j][j].clone();
    for &k in live {
        if k == i {
            continue;
        }
        let v = if k > j { m[k][j].clone() } else { m[j][k].clone() };
        if k > i {
            m[k][i] += v;
        } else {
            m[i][k] += v;
        }
    }
    m[i][i] += cross * 2 + square;
}
