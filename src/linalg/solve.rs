//! Exact solution of linear systems over a field with decidable zero.

use crate::arithmetic::Rational;
use nalgebra::DMatrix;
use num_traits::Zero;

/// The unique X with `A X = B`, exactly; `Err(column)` names the first column of A that depends on those before it.
pub fn solve(a: &DMatrix<Rational>, b: &DMatrix<Rational>) -> Result<DMatrix<Rational>, usize> {
    let n = a.nrows();
    let (mut a, mut b) = (a.clone(), b.clone());
    for p in 0..n {
        let row = (p..n).filter(|&i| !a[(i, p)].is_zero()).min_by_key(|&i| a[(i, p)].bits()).ok_or(p)?;
        a.swap_rows(p, row);
        b.swap_rows(p, row);
        let pivot = a[(p, p)].clone();
        for i in 0..n {
            if i == p || a[(i, p)].is_zero() {
                continue;
            }
            let factor = a[(i, p)].clone() / pivot.clone();
            for j in p..n {
                let v = a[(p, j)].clone() * factor.clone();
                a[(i, j)] -= v;
            }
            for j in 0..b.ncols() {
                let v = b[(p, j)].clone() * factor.clone();
                b[(i, j)] -= v;
            }
        }
    }
    Ok(DMatrix::from_fn(n, b.ncols(), |i, j| b[(i, j)].clone() / a[(i, i)].clone()))
}
