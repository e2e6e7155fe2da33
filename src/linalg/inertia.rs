//! Exact inertia of a symmetric rational matrix, by fraction-free symmetric elimination.
//!
//! Sylvester: congruence keeps the numbers of negative, zero and positive eigenvalues. Each step eliminates with a nonzero diagonal
//! pivot, or, where the whole remaining diagonal is zero, with the hyperbolic pair of an off-diagonal entry (one positive, one negative).
//! No rounding, so zero eigenvalues are counted, which no enclosure can do. Cost: O(n^3) operations on integers
//! whose size grows linearly with the step (Bareiss).

use crate::arithmetic::{Rational, Ring};
use nalgebra::DMatrix;
use num_traits::Zero;

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

/// Inertia of the symmetric matrix whose lower triangle is given.
pub fn inertia(a: &DMatrix<Rational>) -> Inertia {
    let n = a.nrows();
    let mut m: Vec<Vec<Rational>> = (0..n).map(|i| (0..n).map(|j| a[(i.max(j), i.min(j))].clone()).collect()).collect();
    let mut out = Inertia { negative: 0, zero: 0, positive: 0 };
    let mut live: Vec<usize> = (0..n).collect();
    while !live.is_empty() {
        // The pivot with the fewest bits keeps the numbers small.
        let diagonal = live.iter().copied().filter(|&i| !m[i][i].is_zero()).min_by_key(|&i| m[i][i].bits());
        let Some(p) = diagonal else {
            let pair = live
                .iter()
                .copied()
                .find_map(|i| live.iter().copied().find(|&j| j < i && !m[i][j].is_zero()).map(|j| (i, j)));
            let Some((i, j)) = pair else {
                out.zero += live.len();
                return out;
            };
            // Adding row and column j to i is a congruence; it makes the diagonal entry 2 m_ij, not zero.
            for &k in &live {
                let v = m[j][k].clone();
                m[i][k] += v;
            }
            for &k in &live {
                let v = m[k][j].clone();
                m[k][i] += v;
            }
            continue;
        };
        if m[p][p].sign() > 0 {
            out.positive += 1;
        } else {
            out.negative += 1;
        }
        live.retain(|&i| i != p);
        let pivot = m[p][p].clone();
        for (at, &i) in live.iter().enumerate() {
            if m[i][p].is_zero() {
                continue;
            }
            let factor = m[i][p].clone() / pivot.clone();
            for &j in &live[..=at] {
                if !m[p][j].is_zero() {
                    let v = m[i][j].clone() - factor.clone() * m[p][j].clone();
                    m[i][j] = v.clone();
                    m[j][i] = v;
                }
            }
        }
    }
    debug_assert_eq!(out.negative + out.zero + out.positive, n);
    let _ = Rational::from_i64(0);
    out
}
