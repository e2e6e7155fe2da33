//! Matrices of rationals: as rows, their Gram matrix, whether their rank is one.

use crate::arithmetic::{Rational, Ring};
use nalgebra::DMatrix;

/// The rows of a matrix.
pub(crate) fn to_rows(m: &DMatrix<Rational>) -> Vec<Vec<Rational>> {
    m.row_iter().map(|r| r.iter().cloned().collect()).collect()
}

/// The matrix of these rows; `None` where they are of different lengths, or where there is no entry.
///
/// The inverse of [`to_rows`].
pub(crate) fn from_rows(rows: &[Vec<Rational>]) -> Option<DMatrix<Rational>> {
    let columns = rows.first().map_or(0, Vec::len);
    let fits = columns > 0 && rows.iter().all(|r| r.len() == columns);
    fits.then(|| DMatrix::from_row_iterator(rows.len(), columns, rows.iter().flatten().cloned()))
}

/// `A A^T` or `A^T A`, the smaller; the second where A is square.
///
/// Its nonzero eigenvalues are the squared nonzero singular values of A, on either side.
pub(crate) fn smaller_gram(a: &DMatrix<Rational>) -> DMatrix<Rational> {
    if a.nrows() < a.ncols() { a * a.transpose() } else { a.transpose() * a }
}

/// Rank at most one: a Gram matrix of rank one has the square of its trace equal to its squared Frobenius norm.
///
/// With eigenvalues `s_i >= 0` of the Gram matrix, `(sum s_i)^2 = sum s_i^2` holds if and only if at most one is not
/// zero. Exact; a zero matrix counts.
pub(crate) fn rank_at_most_one(a: &DMatrix<Rational>) -> bool {
    let gram = smaller_gram(a);
    gram.dot(&gram) == gram.trace().powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows go in and come out; ranks zero, one and two are told apart; the smaller Gram matrix is the smaller one.
    #[test]
    fn rows_and_ranks_are_those_of_the_matrix() {
        let rows = |m: &[&[i64]]| m.iter().map(|r| r.iter().map(|v| Rational::from(*v)).collect()).collect::<Vec<_>>();
        let read = |m: &[&[i64]]| from_rows(&rows(m));
        let one = read(&[&[1, 2, 3], &[-2, -4, -6]]).unwrap();
        assert_eq!((one[(0, 2)].clone(), to_rows(&one)), (Rational::from(3), rows(&[&[1, 2, 3], &[-2, -4, -6]])));
        assert!(read(&[]).is_none() && read(&[&[]]).is_none() && read(&[&[1, 2], &[1]]).is_none());
        assert!(rank_at_most_one(&one) && rank_at_most_one(&one.transpose()));
        assert!(rank_at_most_one(&read(&[&[0, 0]]).unwrap()));
        assert!(!rank_at_most_one(&read(&[&[1, 2, 3], &[-2, -4, -5]]).unwrap()));
        assert_eq!((smaller_gram(&one).shape(), smaller_gram(&one.transpose()).shape()), ((2, 2), (2, 2)));
    }
}
