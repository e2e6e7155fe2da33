//! Exact solution of positive definite rational systems by p-adic lifting.
//!
//! Dixon, "Exact solution of linear equations using p-adic expansions", Numerische Mathematik 40 (1982): with the
//! inverse C of A modulo a prime p, the digits `x_i = C r_i mod p`, `r_{i+1} = (r_i - A x_i) / p` are those of the
//! solution, from which its rationals are reconstructed. Cost: O(d^3) word operations once and O(d^2) per digit, where
//! elimination over the rationals pays O(d^3) operations on numbers as long as the solution.
//!
//! Nothing rests on the prime or on a bound: a candidate is returned only after `A x = b` was checked in integers.
//!
//! Why it is fast: a digit costs one product of C and one of A with a vector of words, and the number of digits
//! follows the length of the solution, not the length of the worst case. Rational reconstruction is tried after 128
//! bits and then whenever the digits have grown by half, so that a short solution ends early.
//!
//! Semidefiniteness matters for singular A only: there column j depends on those before it exactly if the Schur
//! complement of the leading j x j block vanishes at (j, j), a single number. For an indefinite A that would not
//! follow: semidefiniteness is a hypothesis, and is not tested here but by whoever is given moments and not data, where
//! a dependence was found ([`super::Problem::from_moments`]).

use crate::arithmetic::Rational;
use nalgebra::DMatrix;
use rug::{Complete, Integer};

/// Primes near 2^61, 2^62, 2^63. One that divides a leading minor is skipped; all three do so only if the product of
/// the minors has a factor near 2^186.
///
/// Below 2^63, so that two residues add up in 64 bits; a digit carries as many bits as the prime has.
const PRIMES: [u64; 3] = [(1 << 61) - 1, (1 << 62) - 57, (1 << 63) - 25];

/// What lifting found.
#[derive(Debug, PartialEq)]
pub(super) enum Solution {
    /// The unique x with `A x = b`.
    Unique(Vec<Rational>),
    /// The first column that depends on those before it, and the coefficients of that combination.
    Dependent(usize, Vec<Rational>),
}

/// Solves `A x = b` for a symmetric positive semidefinite rational A. `None` where no prime served (A is then not
/// semidefinite, or contrived): the caller has another way.
///
/// A is d x d, b has d entries. `Unique` is proved by `A x = b` together with a determinant that does not vanish
/// modulo p; `Dependent` by an exact combination of a regular leading block.
pub(super) fn solve(a: &DMatrix<Rational>, b: &[Rational]) -> Option<Solution> {
    let (rows, right) = integers(a, b);
    let d = b.len();
    for p in PRIMES {
        match first_dependent(&rows, p) {
            None => {
                if let Some(x) = lift(&rows, &right.0, d, p) {
                    let scale = Rational::from(rug::Rational::from(right.1.clone()));
                    return Some(Solution::Unique(x.into_iter().map(|v| v / scale.clone()).collect()));
                }
            }
            Some(j) => {
                if let Some(c) = dependent(&rows, j, p) {
                    return Some(Solution::Dependent(j, c));
                }
            }
        }
    }
    None
}

/// The first column of a symmetric positive semidefinite rational A that depends on those before it, and the
/// coefficients of that combination; `None` if A is regular.
///
/// Without a prime that settles it the answer is `None` too: then A is not semidefinite, or all three primes divide a
/// minor.
pub(super) fn dependence(a: &DMatrix<Rational>) -> Option<(usize, Vec<Rational>)> {
    let zero = vec![Rational::from(0); a.nrows()];
    let (rows, _) = integers(a, &zero);
    for p in PRIMES {
        // A determinant that does not vanish modulo p does not vanish.
        let j = first_dependent(&rows, p)?;
        if let Some(c) = dependent(&rows, j, p) {
            return Some((j, c));
        }
    }
    None
}

/// The coefficients with which column j is a combination of those before it; `None` if it is none, or p divides a
/// minor.
///
/// `rows` are those of A times one integer each, which changes neither the solution of the leading block nor the test
/// of row j.
fn dependent(rows: &[Vec<Integer>], j: usize, p: u64) -> Option<Vec<Rational>> {
    let column: Vec<Integer> = rows[..j].iter().map(|r| r[j].clone()).collect();
    let c = lift(rows, &column, j, p)?;
    // In a semidefinite matrix column j depends on those before it exactly if its Schur complement vanishes.
    let terms = c.iter().zip(&rows[j]).map(|(c, v)| c.clone() * Rational::from(rug::Rational::from(v)));
    let sum = terms.fold(Rational::from(0), |s, t| s + t);
    (sum == Rational::from(rug::Rational::from(&rows[j][j]))).then_some(c)
}

/// Rows of A and of b times one positive integer per row, and b times one more (returned beside it), all integers.
///
/// With `D A x = s D b` in integers (D the row scales, s the common denominator of b), the solution is x times s: the
/// caller divides.
fn integers(a: &DMatrix<Rational>, b: &[Rational]) -> (Vec<Vec<Integer>>, (Vec<Integer>, Integer)) {
    let mut common = Integer::from(1);
    b.iter().for_each(|q| common.lcm_mut(q.as_rug().denom()));
    let mut right = Vec::with_capacity(b.len());
    let mut rows = Vec::with_capacity(b.len());
    for (row, q) in a.row_iter().zip(b) {
        let mut scale = Integer::from(1);
        row.iter().for_each(|v| scale.lcm_mut(v.as_rug().denom()));
        let over = |v: &Rational, by: &Integer| (by / v.as_rug().denom()).complete() * v.as_rug().numer();
        rows.push(row.iter().map(|v| over(v, &scale)).collect());
        right.push(over(q, &common) * &scale);
    }
    (rows, (right, common))
}

/// The residue in `0..p`, of a negative number too.
fn modulo(v: &Integer, p: u64) -> u64 {
    v.modulo_ref(&Integer::from(p)).complete().to_u64_wrapping()
}

/// `a b mod p`, by a 128-bit product.
fn multiply(a: u64, b: u64, p: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(p)) as u64
}

/// `a - b mod p`, for residues.
fn subtract(a: u64, b: u64, p: u64) -> u64 {
    if a >= b { a - b } else { a + (p - b) }
}

/// The first leading principal minor of the matrix that vanishes modulo p, as the index of its last column.
///
/// `None`: no leading minor vanishes modulo p, so A is regular. `Some`: it may be singular, or p divides a minor.
fn first_dependent(rows: &[Vec<Integer>], p: u64) -> Option<usize> {
    eliminate(rows, rows.len(), p).err()
}

/// The inverse modulo p of the leading `d x d` block; `Err(j)` if the minor that ends at column j vanishes.
///
/// Gauss and Jordan on the block beside the identity, without exchanging rows: pivots are quotients of consecutive
/// leading minors. Cost: O(d^3) products of words.
fn eliminate(rows: &[Vec<Integer>], d: usize, p: u64) -> Result<Vec<Vec<u64>>, usize> {
    let mut m: Vec<Vec<u64>> = (0..d)
        .map(|i| (0..2 * d).map(|j| if j < d { modulo(&rows[i][j], p) } else { u64::from(j - d == i) }).collect())
        .collect();
    for k in 0..d {
        let inverse = Integer::from(m[k][k]).invert(&Integer::from(p)).map_err(|_| k)?.to_u64_wrapping();
        let mut pivot = std::mem::take(&mut m[k]);
        pivot[k..].iter_mut().for_each(|v| *v = multiply(*v, inverse, p));
        for row in m.iter_mut().filter(|r| !r.is_empty() && r[k] != 0) {
            let factor = row[k];
            for (v, w) in row[k..].iter_mut().zip(&pivot[k..]) {
                *v = subtract(*v, multiply(factor, *w, p), p);
            }
        }
        m[k] = pivot;
    }
    Ok(m.into_iter().map(|row| row[d..].to_vec()).collect())
}

/// Solves with the leading `d x d` block.
///
/// The invariant of the loop: `b - A x = modulus rest` in integers, so the division by p is exact. `None` where the
/// block is singular modulo p, or no candidate solved the system within the digits that Cramer's rule allows.
fn lift(rows: &[Vec<Integer>], b: &[Integer], d: usize, p: u64) -> Option<Vec<Rational>> {
    let inverse = eliminate(rows, d, p).ok()?;
    // Cramer and Hadamard: numerators and denominators have at most this many bits, so twice as many digits suffice.
    let width = |v: &Integer| v.significant_bits() as usize;
    let longest: usize = rows[..d].iter().map(|r| r[..d].iter().map(width).max().unwrap_or(0) + 32).sum();
    let enough = 2 * (longest + b.iter().map(width).max().unwrap_or(0)) + 128;
    let mut rest = b.to_vec();
    let mut x = vec![Integer::new(); d];
    let mut modulus = Integer::from(1);
    let mut next_attempt = 128;
    loop {
        let low: Vec<u64> = rest.iter().map(|r| modulo(r, p)).collect();
        let digit: Vec<u64> = inverse.iter().map(|row| dot(row, &low, p)).collect();
        for (i, r) in rest.iter_mut().enumerate() {
            for (a, &v) in rows[i].iter().zip(&digit) {
                *r -= a * v;
            }
            r.div_exact_mut(&Integer::from(p));
        }
        for (x, &v) in x.iter_mut().zip(&digit) {
            *x += (&modulus * v).complete();
        }
        modulus *= p;
        let bits = modulus.significant_bits() as usize;
        if bits >= next_attempt {
            if let Some(found) = reconstruct(&x, &modulus).filter(|v| solves(rows, b, v)) {
                return Some(
                    found.0.into_iter().map(|n| Rational::from(rug::Rational::from((n, found.1.clone())))).collect(),
                );
            }
            if bits > enough {
                return None;
            }
            // Growing by half wastes at most half of the digits, and few reconstructions.
            next_attempt = bits + bits / 2;
        }
    }
}

/// Modulo p.
fn dot(a: &[u64], b: &[u64], p: u64) -> u64 {
    a.iter().zip(b).fold(0, |s, (&x, &y)| {
        let term = multiply(x, y, p);
        // p is below 2^63, so that the sum of two residues does not overflow.
        if s + term >= p { s + term - p } else { s + term }
    })
}

/// Numerators over one denominator, at most `sqrt(m / 2)`, that agree with x modulo m; `None` where no such denominator
/// is found. The size of the numerators is not tested.
///
/// A candidate, not a proof. An entry that has become small under the denominator so far adds nothing to it.
fn reconstruct(x: &[Integer], m: &Integer) -> Option<(Vec<Integer>, Integer)> {
    let bound = (m / 2u32).complete().sqrt();
    let half = (m / 2u32).complete();
    let mut denominator = Integer::from(1);
    // Once for the denominator: most entries of a solution share one, the determinant.
    for v in x {
        let v = (v * &denominator).complete().modulo(m);
        let balanced = if v > half { (&v - m).complete() } else { v.clone() };
        if balanced.cmp_abs(&bound).is_gt() {
            denominator *= denominator_of(v, m, &bound)?;
        }
        if denominator > bound {
            return None;
        }
    }
    let numerator = |v: &Integer| {
        let v = (v * &denominator).complete().modulo(m);
        if v > half { v - m } else { v }
    };
    Some((x.iter().map(numerator).collect(), denominator))
}

/// The denominator of the fraction that is u modulo m, by the extended Euclidean algorithm stopped half way (Wang,
/// 1981).
///
/// Every remainder of the algorithm is congruent to `t u` modulo m; the first one that is at most `bound` is the
/// numerator, and `|t|` the denominator, if it is at most `bound` too.
fn denominator_of(u: Integer, m: &Integer, bound: &Integer) -> Option<Integer> {
    let (mut r0, mut r1) = (m.clone(), u);
    let (mut t0, mut t1) = (Integer::new(), Integer::from(1));
    while r1 > *bound {
        let (q, r) = r0.div_rem(r1.clone());
        r0 = r1;
        r1 = r;
        let t = t0 - q * &t1;
        t0 = t1;
        t1 = t;
    }
    let t = t1.abs();
    (t <= *bound && t > 0).then_some(t)
}

/// `A n = den b` in integers: the proof.
fn solves(rows: &[Vec<Integer>], b: &[Integer], (n, den): &(Vec<Integer>, Integer)) -> bool {
    rows.iter().zip(b).all(|(row, b)| {
        let mut sum = Integer::new();
        for (a, n) in row.iter().zip(n) {
            sum += a * n;
        }
        sum == (den * b).complete()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::draw::{small_matrix, stream};

    /// `X^T X` of a drawn X with two rows more than columns.
    fn gram(d: usize, seed: u64, bound: i64, denominator: i64) -> DMatrix<Rational> {
        let x = small_matrix(&mut stream(seed, 1), d + 2, d, bound, denominator);
        x.transpose() * x
    }

    /// Against Gauss and Jordan over the rationals, on short and long entries.
    #[test]
    fn agrees_with_elimination() {
        for (d, bound, denominator) in [(1, 5, 3), (2, 9, 7), (5, 1_000_000, 999), (12, 1 << 40, 12345)] {
            for seed in 0..5 {
                let a = gram(d, seed, bound, denominator);
                let b = small_matrix(&mut stream(seed, 2), d, 1, 1000, 77);
                let want = crate::linalg::solve(&a, &b).unwrap();
                assert_eq!(solve(&a, b.as_slice()), Some(Solution::Unique(want.as_slice().to_vec())), "{d} {seed}");
            }
        }
    }

    /// A solution that is much shorter than the bound of Cramer's rule, and the zero vector.
    #[test]
    fn small_solutions_of_large_systems_and_zero_come_out() {
        let a = gram(8, 3, 1 << 30, 1);
        for x in [small_matrix(&mut stream(1, 3), 8, 1, 2, 3), DMatrix::zeros(8, 1)] {
            assert_eq!(solve(&a, (&a * &x).as_slice()), Some(Solution::Unique(x.as_slice().to_vec())));
        }
    }

    /// Column 4 is `3/2` of column 0 minus 5 times column 2.
    #[test]
    fn dependent_columns_come_with_their_combination() {
        let mut x = small_matrix(&mut stream(5, 1), 9, 6, 50, 7);
        let combination = x.column(0) * Rational::new(3, 2) - x.column(2) * Rational::from(5);
        x.set_column(4, &combination);
        let Some(Solution::Dependent(j, c)) = solve(&(x.transpose() * &x), &vec![Rational::from(1); 6]) else {
            panic!("not found to be dependent");
        };
        let zero = Rational::from(0);
        assert_eq!((j, c), (4, vec![Rational::new(3, 2), zero.clone(), Rational::from(-5), zero]));
    }

    /// The first two primes divide a minor: the third solves. All three divide it: no answer, and no wrong one.
    #[test]
    fn a_minor_divisible_by_the_prime_is_not_a_dependence() {
        let p = |k: usize| Rational::from(rug::Rational::from(Integer::from(PRIMES[k])));
        let one = Rational::from(1);
        let a = DMatrix::from_diagonal(&nalgebra::DVector::from_vec(vec![p(0) * p(1), one.clone()]));
        let want = vec![one.clone() / (p(0) * p(1)), one.clone()];
        assert_eq!(solve(&a, &[one.clone(), one.clone()]), Some(Solution::Unique(want)));
        let all = DMatrix::from_element(1, 1, p(0) * p(1) * p(2));
        assert_eq!(solve(&all, &[one]), None);
    }
}
