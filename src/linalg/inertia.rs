//! Exact inertia of a symmetric rational matrix.
//!
//! Sylvester: congruence keeps the numbers of negative, zero and positive eigenvalues. The matrix is first freed of denominators
//! and factored as `L D L^T` in f64 intervals: pivots of certain sign settle a matrix without zero eigenvalues. Otherwise, no rounding:
//! fraction-free symmetric elimination (Bareiss 1968), each step with a nonzero diagonal pivot; where the whole remaining diagonal
//! is zero, adding one row and column to another (a congruence) makes the diagonal entry `2 a_ij`, not zero. So zero eigenvalues
//! are counted, which no enclosure can do. Cost: n^3/6 operations on integers whose size grows linearly with the step.

use crate::arithmetic::{Enclosure, Field, Interval, Rational, Ring};
use nalgebra::DMatrix;
use num_traits::Zero;
use rug::Integer;
use std::cmp::Ordering;

/// Numbers of eigenvalues by sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inertia {
    /// Eigenvalues below zero.
    pub negative: usize,
    /// Eigenvalues equal to zero.
    pub zero: usize,
    /// Eigenvalues above zero.
    pub positive: usize,
}

/// Inertia of the symmetric matrix whose lower triangle is given. Panics, like the operators of `nalgebra`, if it is not square.
pub fn inertia(a: &DMatrix<Rational>) -> Inertia {
    assert!(a.is_square(), "inertia of a matrix that is not square");
    enclosed_inertia(a).unwrap_or_else(|| exact_inertia(a))
}

/// Number of eigenvalues of the symmetric A strictly above c, exactly: the positive part of the inertia of `A - c I`.
pub fn count_above(a: &DMatrix<Rational>, c: &Rational) -> usize {
    let mut shifted = a.clone();
    for i in 0..a.nrows() {
        shifted[(i, i)] -= c.clone();
    }
    inertia(&shifted).positive
}

/// Number of eigenvalues of the symmetric pencil `A v = mu B v` strictly above c, exactly: the positive part of the inertia of
/// `A - c B`. `None` unless B has the shape of A and is positive definite, which is checked.
pub fn count_above_pencil(a: &DMatrix<Rational>, b: &DMatrix<Rational>, c: &Rational) -> Option<usize> {
    if a.shape() != b.shape() || inertia(b).positive != b.nrows() {
        return None;
    }
    let shifted = a.zip_map(b, |x, y| x - c.clone() * y);
    Some(inertia(&shifted).positive)
}

/// Inertia by an enclosed `L D L^T` with diagonal pivots; `None` unless every pivot has a certain sign.
fn enclosed_inertia(a: &DMatrix<Rational>) -> Option<Inertia> {
    let n = a.nrows();
    let mut m: Vec<Vec<Interval>> =
        (0..n).map(|i| (0..=i).map(|j| Interval::from_rational(&a[(i, j)], 53)).collect()).collect();
    let mut out = Inertia { negative: 0, zero: 0, positive: 0 };
    let mut live: Vec<usize> = (0..n).collect();
    let at = |i: usize, j: usize| if i >= j { (i, j) } else { (j, i) };
    while !live.is_empty() {
        let (place, &p) = live
            .iter()
            .enumerate()
            .max_by(|(_, i), (_, j)| m[**i][**i].mignitude().total_cmp(&m[**j][**j].mignitude()))?;
        let pivot = m[p][p];
        if pivot.is_positive() {
            out.positive += 1;
        } else if pivot.is_negative() {
            out.negative += 1;
        } else {
            return None;
        }
        live.remove(place);
        let column: Vec<Interval> = live
            .iter()
            .map(|&i| {
                let (r, c) = at(i, p);
                m[r][c]
            })
            .collect();
        for (s, &i) in live.iter().enumerate() {
            if column[s].is_zero() {
                continue;
            }
            let factor = column[s] / pivot;
            for (t, &j) in live[..=s].iter().enumerate() {
                // A square over the pivot, where the two factors are the same number.
                let update = if s == t { column[s].powi(2) / pivot } else { factor * column[t] };
                m[i][j] -= update;
            }
        }
    }
    Some(out)
}

/// Integers with the inertia of `a`: times the common denominator, over the common divisor, lower triangle.
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

fn exact_inertia(a: &DMatrix<Rational>) -> Inertia {
    let mut m = cleared(a);
    let mut out = Inertia { negative: 0, zero: 0, positive: 0 };
    let mut live: Vec<usize> = (0..a.nrows()).collect();
    // Every remaining entry is a minor of a matrix congruent to the first, over this pivot before last; so the sign of a step's true
    // pivot is that of the new one times that of the last, and the divisions are exact.
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
