//! Approximate kernels at the precision of an enclosure: they propose factors, vectors and shifts, and decide nothing.
//!
//! Generic in [`Nearest`], so one text serves doubles and MPFR numbers. Textbook algorithms, unblocked, without
//! attention to speed: matrices here have at most some hundred rows, and MPFR numbers cost far more than their
//! traversal. No function returns an error bound; callers enclose what they use.
//!
//! Failure is `None`, or numbers that are not finite: [`Nearest::is_usable`] finds them.

use crate::arithmetic::{Enclosure, Nearest};
use nalgebra::DMatrix;

/// Row-major square matrix of plain numbers.
#[derive(Clone, Debug)]
pub(super) struct Square<P> {
    /// Number of rows and of columns.
    pub n: usize,
    /// Entry (i, j) at `i n + j`.
    pub entries: Vec<P>,
}

impl<P: Nearest> Square<P> {
    /// The matrix with the entries `f(i, j)`.
    pub fn from_fn(n: usize, mut f: impl FnMut(usize, usize) -> P) -> Self {
        let entries = (0..n * n).map(|at| f(at / n, at % n)).collect();
        Self { n, entries }
    }

    /// Entry (i, j).
    pub fn at(&self, i: usize, j: usize) -> &P {
        &self.entries[i * self.n + j]
    }

    /// Row i.
    pub fn row(&self, i: usize) -> &[P] {
        &self.entries[i * self.n..(i + 1) * self.n]
    }

    /// `A x`.
    pub fn apply(&self, x: &[P]) -> Vec<P> {
        (0..self.n).map(|i| dot(self.row(i), x)).collect()
    }

    /// Lower Cholesky factor of the symmetric matrix `shift I - A` (lower triangle of A read); `None` when a pivot is
    /// not positive.
    ///
    /// Above the diagonal the result keeps the entries of A, which the solution and the defect do not read. Cost:
    /// n^3/6 products.
    pub fn factor_shifted(&self, shift: &P) -> Option<Self> {
        let n = self.n;
        let mut r = self.clone();
        for i in 0..n {
            for j in 0..=i {
                let (head, tail) = r.entries.split_at_mut(i * n);
                let mut s = tail[j].zero_like();
                if i == j {
                    s.add(shift);
                }
                s.sub(&tail[j]);
                let other: &[P] = if j < i { &head[j * n..j * n + j + 1] } else { &[] };
                if j < i {
                    for k in 0..j {
                        s.sub_product(&tail[k], &other[k]);
                    }
                    s.div(&other[j]);
                } else {
                    for v in &tail[..i] {
                        s.sub_product(v, v);
                    }
                    if !s.is_usable() || s <= s.zero_like() {
                        return None;
                    }
                    s.root();
                }
                tail[j] = s;
            }
        }
        Some(r)
    }

    /// Solves `R R^T y = x` in place, for a lower factor R.
    ///
    /// Forward with R, backward with its transpose. Cost: n^2 products.
    pub fn solve_factored(&self, x: &mut [P]) {
        let n = self.n;
        for i in 0..n {
            let (done, rest) = x.split_at_mut(i);
            for (k, v) in done.iter().enumerate() {
                rest[0].sub_product(self.at(i, k), v);
            }
            rest[0].div(self.at(i, i));
        }
        for i in (0..n).rev() {
            let (rest, done) = x.split_at_mut(i + 1);
            for (k, v) in done.iter().enumerate() {
                rest[i].sub_product(self.at(i + 1 + k, i), v);
            }
            rest[i].div(self.at(i, i));
        }
    }

    /// Approximate inverse by Gauss-Jordan elimination with row pivoting; `None` on a zero or unusable pivot.
    ///
    /// Cost: O(n^3) products, on an n x 2n array.
    pub fn inverse(&self) -> Option<Self> {
        let n = self.n;
        let mut a: Vec<Vec<P>> = (0..n).map(|i| self.row(i).to_vec()).collect();
        for (i, row) in a.iter_mut().enumerate() {
            let zero = row[0].zero_like();
            row.extend((0..n).map(|j| if i == j { one_like(&zero) } else { zero.clone() }));
        }
        for p in 0..n {
            let size = |row: &Vec<P>| {
                let mut v = row[p].clone();
                v.positive();
                v
            };
            let best =
                (p..n).max_by(|&i, &j| size(&a[i]).partial_cmp(&size(&a[j])).unwrap_or(std::cmp::Ordering::Equal))?;
            a.swap(p, best);
            let pivot = a[p][p].clone();
            if !pivot.is_usable() || pivot == pivot.zero_like() {
                return None;
            }
            for v in &mut a[p][p..] {
                v.div(&pivot);
            }
            let row = a[p].clone();
            for (i, other) in a.iter_mut().enumerate() {
                if i != p {
                    let factor = other[p].clone();
                    for (v, r) in other[p..].iter_mut().zip(&row[p..]) {
                        v.sub_product(&factor, r);
                    }
                }
            }
        }
        let entries: Vec<P> = a.into_iter().flat_map(|row| row.into_iter().skip(n)).collect();
        entries.iter().all(P::is_usable).then_some(Self { n, entries })
    }
}

/// An approximate Cholesky factor of a positive definite matrix of enclosures, at their precision: it proposes
/// solutions.
#[derive(Debug)]
pub(crate) struct Factor<P>(Square<P>);

impl<P: Nearest> Factor<P> {
    /// `None` where a pivot is not positive.
    ///
    /// Factors the midpoints, as the matrix `0 I - (-A)`; `None` for an empty matrix too.
    pub(crate) fn new<E: Enclosure<Point = P>>(a: &DMatrix<E>) -> Option<Self> {
        let minus = Square::from_fn(a.nrows(), |i, j| (-a[(i, j)].clone()).point());
        let zero = minus.entries.first()?.zero_like();
        minus.factor_shifted(&zero).map(Self)
    }

    /// Replaces x by the approximate solution y of `A y = x`.
    ///
    /// x has as many entries as A has rows. Meant for iterative refinement, which an enclosed residual then judges.
    pub(crate) fn solve(&self, x: &mut [P]) {
        self.0.solve_factored(x);
    }
}

/// Approximate `R^-1 Q^T` for the matrix `A = Q R` with these columns, at least as many rows as columns, by rows;
/// `None` on a zero or unusable pivot.
///
/// Gram-Schmidt with every projection taken twice makes Q orthogonal to working precision, and X = R^-1 is solved from
/// `X R = I`, row by row: so `X Q^T A - I` is of the size of the unit roundoff times the condition number, not of its
/// square.
///
/// A has m rows and n columns; the result has n rows of m numbers. Cost: O(m n^2) products.
pub(super) fn pseudo_inverse<P: Nearest>(columns: Vec<Vec<P>>) -> Option<Vec<Vec<P>>> {
    let mut q = columns;
    let n = q.len();
    let zero = q.first()?.first()?.zero_like();
    // Columns of R.
    let mut r: Vec<Vec<P>> = Vec::with_capacity(n);
    for j in 0..n {
        let mut parts = vec![zero.clone(); j + 1];
        let (known, rest) = q.split_at_mut(j);
        let column = &mut rest[0];
        for _ in 0..2 {
            for (i, unit) in known.iter().enumerate() {
                let part = dot(unit, column);
                for (v, u) in column.iter_mut().zip(unit) {
                    v.sub_product(&part, u);
                }
                parts[i].add(&part);
            }
        }
        let mut norm = dot(column, column);
        norm.root();
        if !norm.is_usable() || norm <= zero {
            return None;
        }
        for v in column.iter_mut() {
            v.div(&norm);
        }
        parts[j] = norm;
        r.push(parts);
    }
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let mut x = vec![zero.clone(); n];
        for j in i..n {
            let mut v = if i == j { one_like(&zero) } else { zero.clone() };
            for k in i..j {
                v.sub_product(&x[k], &r[j][k]);
            }
            v.div(&r[j][j]);
            x[j] = v;
        }
        let row: Vec<P> = (0..q[0].len())
            .map(|m| {
                let mut sum = zero.clone();
                for k in i..n {
                    sum.add_product(&x[k], &q[k][m]);
                }
                sum
            })
            .collect();
        if !row.iter().all(P::is_usable) {
            return None;
        }
        out.push(row);
    }
    Some(out)
}

/// The number 1 at the precision of `x`.
pub(super) fn one_like<P: Nearest>(x: &P) -> P {
    let mut one = x.zero_like();
    one.add(&P::from_f64(1.0, 53));
    one
}

/// Inner product.
///
/// At the precision of the first entry of a; zero of nothing.
pub(super) fn dot<P: Nearest>(a: &[P], b: &[P]) -> P {
    let Some(first) = a.first() else { return P::from_f64(0.0, 53) };
    let mut sum = first.zero_like();
    for (x, y) in a.iter().zip(b) {
        sum.add_product(x, y);
    }
    sum
}

/// Largest absolute value.
///
/// `None` of nothing. A NaN is passed over unless it comes first.
pub(super) fn magnitude<'a, P: Nearest + 'a>(v: impl IntoIterator<Item = &'a P>) -> Option<P> {
    v.into_iter()
        .map(|x| {
            let mut x = x.clone();
            x.positive();
            x
        })
        .reduce(|a, b| if b > a { b } else { a })
}
