//! Polynomials in independent standard normal variables, and their means, exact.
//!
//! They have two uses: Lemma 6 is checked by the moments of such polynomials, and a step in the proof of Lemma 3's
//! bound on the norm compares a bound with `E norm(e + c g)^(2p)`. Exact means leave no sampling error, so that such
//! a check is a comparison of rationals. The polynomials are of low degree, and a map from exponents to coefficients
//! multiplies them; no system for symbolic algebra is needed.

use crate::arithmetic::{Rational, Ring};
use num_traits::{One, Zero};
use std::collections::{BTreeMap, btree_map};

/// Polynomial in the entries of a matrix N, independent and standard normal: coefficients by exponents, row by row.
///
/// A key lists d^2 exponents. Terms of coefficient 0 may remain after a sum; they add nothing to a mean.
pub(crate) struct Polynomial(BTreeMap<Vec<u32>, Rational>);

impl IntoIterator for Polynomial {
    type Item = (Vec<u32>, Rational);
    type IntoIter = btree_map::IntoIter<Vec<u32>, Rational>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<(Vec<u32>, Rational)> for Polynomial {
    fn from_iter<I: IntoIterator<Item = (Vec<u32>, Rational)>>(terms: I) -> Self {
        let mut out = BTreeMap::new();
        for (power, c) in terms {
            *out.entry(power).or_insert_with(Rational::zero) += c;
        }
        Self(out)
    }
}

impl Polynomial {
    /// `sum_ij c_ij N_ij`, N d x d.
    pub fn linear(d: usize, c: impl Fn(usize, usize) -> Rational) -> Self {
        let power = |at: usize| (0..d * d).map(|i| u32::from(i == at)).collect();
        (0..d * d).map(|at| (power(at), c(at / d, at % d))).collect()
    }
    /// The product.
    ///
    /// Cost: the product of the numbers of terms. Like powers are added by the collection.
    pub fn times(&self, other: &Self) -> Self {
        let add = |a: &[u32], b: &[u32]| a.iter().zip(b).map(|(x, y)| x + y).collect();
        self.0.iter().flat_map(|(a, c)| other.0.iter().map(move |(b, e)| (add(a, b), c * e))).collect()
    }
    /// `E self`, by `E prod N_ij^power_ij = prod (power_ij - 1)!!`, zero if a power is odd.
    ///
    /// By independence the mean of a monomial is the product of the moments of its factors.
    pub fn mean(&self) -> Rational {
        self.0.iter().fold(Rational::zero(), |s, (power, c)| s + power.iter().fold(c.clone(), |c, p| c * moment(*p)))
    }
    /// `E self other`.
    pub fn mean_with(&self, other: &Self) -> Rational {
        self.times(other).mean()
    }
}

/// `E Z^power` of a standard normal variable Z.
///
/// `(power - 1)!!` for an even power, 1 for power 0, and 0 for an odd one, by symmetry.
fn moment(power: u32) -> Rational {
    if !power.is_multiple_of(2) {
        return Rational::zero();
    }
    (1..i64::from(power)).step_by(2).fold(Rational::one(), |product, k| product * k)
}

/// `E norm(e + c g)^(2p)` for a unit vector e and a standard normal g in R^d: `norm(e + c g)^2` is
/// `(1 + c g_1)^2 + c^2 chi^2(d - 1)`, by the moments of both.
///
/// With `g_1` the component along e, the binomial theorem separates two independent factors:
///
/// ```text
/// sum_j (p over j) E (1 + c g_1)^(2j) c^(2(p-j)) E chi^2(d-1)^(p-j)
/// E (1 + c g_1)^(2j) = sum_i (2j over 2i) c^(2i) (2i-1)!!,   E chi^2(m)^r = m (m+2) .. (m+2r-2)
/// ```
///
/// Each sum is finite and rational in c. For d = 1 the second factor is 1 at r = 0 and 0 otherwise, as it must be.
/// Cost: O(p^3) rational operations.
pub(crate) fn shifted_moment(c: &Rational, d: i64, p: u32) -> Rational {
    let binomial =
        |n: u32, k: u32| (0..k).fold(Rational::one(), |b, i| b * Rational::new(i64::from(n - i), i64::from(i + 1)));
    let line = |j: u32| {
        let term = |i| binomial(2 * j, 2 * i) * c.powi(2 * i) * moment(2 * i);
        (0..=j).fold(Rational::zero(), |s, i| s + term(i))
    };
    let chi = |r: u32| (0..r).fold(Rational::one(), |b, i| b * Rational::from(d - 1 + 2 * i64::from(i)));
    (0..=p).fold(Rational::zero(), |s, j| s + binomial(p, j) * line(j) * c.powi(2 * (p - j)) * chi(p - j))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_a_standard_normal_variable() {
        for (power, value) in [1, 0, 1, 0, 3, 0, 15, 0, 105].into_iter().enumerate() {
            assert_eq!(moment(power as u32), Rational::from(value));
        }
        // 35!! is the first that 64 bits do not hold.
        assert_eq!(moment(36), moment(34) * 35);
        assert_eq!(Polynomial([(vec![36, 2], Rational::new(1, 3))].into()).mean(), moment(36) / 3);
    }
}
