//! The reading in powers: the order of two sides that are products of rational powers, in rationals.
//!
//! A side is `prod_i q_i^{e_i} prod_j norm(A_j)^{f_j}`, q_i > 0 and e_i, f_j rational, or zero; a sum counts as one
//! number where it comes to one square root. Both sides are raised to the common denominator of the exponents. Norms of
//! the same matrix cancel; where one is left, the order is that of the largest eigenvalue of a power of its Gram matrix
//! and a rational number, which an inertia decides.
//!
//! This reading orders what [`super::in_roots`] can only prove equal, and it takes roots of any order:
//! `2^(1/3) 4^(1/3)` against 2. It exists because near equality an enclosure needs more and more bits, and at
//! equality no number of them is enough.
//!
//! # Why the order is exact
//!
//! Let Q be the quotient of the sides, both positive, and D the common denominator of its exponents. `x -> x^D`
//! increases on x > 0, so Q compares with 1 as `Q^D` does, and that is a quotient of rationals times whole powers of
//! norms. With no norm left, two rationals are compared. With one, `norm(A)^n` against `b = below/above` is `mu^n`
//! against `b^2`, where mu is the largest eigenvalue of the Gram matrix G; `mu^n` is the largest eigenvalue of `G^n`,
//! and the inertia of `G^n - b^2 I` (Sylvester) says whether it is below, at or above `b^2`. For n < 0 both sides are
//! inverted, and the order with them. With two different norms left nothing is said.
//!
//! The cost is at most 256 products of matrices of rationals and one inertia, O(d^3) each for a Gram matrix d x d; an
//! exponent n multiplies the number of bits by about n.

use super::expr::{Expr, Fold, Node, Op};
use super::scene::{Evaluator, Scene, Value};
use super::surd::extremes;
use crate::arithmetic::{Rational, Ring};
use crate::formula::expr::Says;
use crate::linalg::{inertia_at, smaller_gram};
use nalgebra::DMatrix;
use num_traits::{One, Zero};
use std::cmp::Ordering;

/// A Gram matrix, exact.
type Matrix = DMatrix<Rational>;

/// Bases with their exponents; norms by the smaller of the Gram matrices, whose largest eigenvalue is their square.
///
/// The value is the product of `q^e` over the factors and of `mu(G)^(e/2)` over the norms, mu the largest eigenvalue;
/// 0 where `zero` is set, whatever the lists hold. All bases are nonnegative, and no Gram matrix is in the list
/// twice.
#[derive(Clone, Default)]
struct Monomial {
    /// A factor is zero, to a positive power.
    zero: bool,
    /// Pairs of a base q and its exponent.
    factors: Vec<(Rational, Rational)>,
    /// Pairs of a Gram matrix and the exponent of the norm.
    norms: Vec<(Matrix, Rational)>,
}

/// The largest exponent to which a number is raised, of those that are tried.
///
/// It bounds the exponents after they are brought to integers by their common denominator; a larger one gives no
/// order.
const LARGEST: i64 = 256;

impl Monomial {
    /// The number q to the power 1; `None` for q < 0, of which no real power is read here.
    fn number(q: &Rational) -> Option<Self> {
        (q.sign() >= 0).then(|| Self { zero: q.is_zero(), factors: vec![(q.clone(), 1.into())], norms: Vec::new() })
    }
    /// The product: factors are put side by side, exponents of equal Gram matrices are added.
    fn times(mut self, other: Self) -> Self {
        self.zero |= other.zero;
        self.factors.extend(other.factors);
        for (gram, exponent) in other.norms {
            match self.norms.iter_mut().find(|n| n.0 == gram) {
                Some(known) => known.1 += exponent,
                None => self.norms.push((gram, exponent)),
            }
        }
        self.norms.retain(|n| !n.1.is_zero());
        self
    }
    /// The power k of it: all exponents times k. `None` where zero is divided by, and for zero to the power 0.
    fn power(mut self, k: &Rational) -> Option<Self> {
        if self.zero && k.sign() <= 0 {
            return None;
        }
        self.factors.iter_mut().for_each(|f| f.1 *= k);
        self.norms.iter_mut().for_each(|n| n.1 *= k);
        Some(self)
    }
    /// The order of self to other: by zeros first, then as the module says. `None` where two different norms are
    /// left, or an exponent exceeds [`LARGEST`].
    fn order(&self, other: &Self) -> Option<Ordering> {
        if self.zero || other.zero {
            return Some(other.zero.cmp(&self.zero));
        }
        let quotient = self.clone().times(other.clone().power(&Rational::from(-1))?);
        let exponents = quotient.factors.iter().map(|f| &f.1).chain(quotient.norms.iter().map(|n| &n.1));
        let common = exponents.fold(rug::Integer::from(1), |d, e| d.lcm(e.as_rug().denom()));
        let common = Rational::from(common.to_i64()?);
        let whole = |e: &Rational| (e * &common).as_rug().numer().to_i64().filter(|n| n.abs() <= LARGEST);
        let (mut above, mut below) = (Rational::one(), Rational::one());
        for (q, e) in &quotient.factors {
            let n = whole(e)?;
            let side = if n > 0 { &mut above } else { &mut below };
            *side *= q.powi(n.unsigned_abs() as u32);
        }
        match &quotient.norms[..] {
            [] => Some(above.cmp(&below)),
            [(gram, e)] => {
                let n = whole(e)?;
                let power = (0..n.abs()).fold(Matrix::identity(gram.nrows(), gram.nrows()), |p, _| p * gram);
                // Squares: the norm is the root of the eigenvalue.
                let (above, below) = (above.powi(2), below.powi(2));
                let bound = if n > 0 { below / above } else { above / below };
                let largest = inertia_at(&power, &bound).largest();
                Some(if n > 0 { largest } else { largest.reverse() })
            }
            _ => None,
        }
    }
}

/// The order of the left side of every link to the right side, at all values of the indices, in the order of
/// [`super::sides`]; `None` where a side is no product of powers.
///
/// A `None` is no statement about the sides: a negative side, a sum of several square roots, an exponential, two
/// norms.
///
/// # Errors
/// Where an index has no value.
pub fn in_powers(says: &Says, scene: &dyn Scene<Rational>) -> Result<Vec<Option<Ordering>>, String> {
    let mut out = Vec::new();
    Evaluator::new(scene, 64).each_link(says, &says.each, &mut |this, a, _, b| {
        out.push(this.monomial(a).and_then(|a| a.order(&this.monomial(b)?)));
        Ok(())
    })?;
    Ok(out)
}

impl Evaluator<'_, Rational> {
    /// The form of a side as a product of powers, the indices of the evaluator set. A value that is a rational is
    /// taken as such; a norm by its Gram matrix, or by its eigenvalue where [`extremes`] gives it; what is neither a
    /// product, a quotient, a power nor a norm counts where [`super::in_roots`] reads it as one positive `c sqrt(r)`.
    /// A product over an index is multiplied out only where it runs upwards.
    fn monomial(&mut self, e: &Expr) -> Option<Monomial> {
        match self.value(e) {
            Ok(Value::Scalar(q)) => return Monomial::number(&q),
            Ok(Value::Unit) => return Some(Monomial::default()),
            _ => {}
        }
        let half = Rational::new(1, 2);
        match e.node() {
            Node::Symbol(name, v) => {
                let at = v.iter().map(|i| self.integer(i)).collect::<Result<Vec<_>, _>>().ok()?;
                let formula = self.scene.definition(name, &at)?;
                self.monomial(&formula)
            }
            Node::Fold(Fold::Product, index, [first, last, term]) => {
                let (first, last) = (self.integer(first).ok()?, self.integer(last).ok()?);
                let mut out = Monomial::default();
                for i in first..=last {
                    self.indices.push((index, i));
                    let one = self.monomial(term);
                    self.indices.pop();
                    out = out.times(one?);
                }
                (first <= last).then_some(out)
            }
            Node::Op(Op::Mul, v) => Some(self.monomial(&v[0])?.times(self.monomial(&v[1])?)),
            Node::Op(Op::Div, v) => Some(self.monomial(&v[0])?.times(self.monomial(&v[1])?.power(&(-1).into())?)),
            Node::Op(Op::Power(n), v) => self.monomial(&v[0])?.power(&i64::from(*n).into()),
            Node::Op(Op::Sqrt, v) => self.monomial(&v[0])?.power(&half),
            Node::Op(Op::RealPower, v) => {
                let (num, den) = self.ratio(&v[1])?;
                self.monomial(&v[0])?.power(&Rational::new(num, i64::from(den)))
            }
            Node::Op(Op::Norm, v) => {
                let Ok(Value::Matrix(m)) = self.value(&v[0]) else { return None };
                let gram = smaller_gram(&m);
                match extremes(&gram) {
                    Some((_, largest)) => Monomial::number(&largest)?.power(&half),
                    None => Some(Monomial { norms: vec![(gram, 1.into())], ..Monomial::default() }),
                }
            }
            _ => {
                let (c, r) = self.surd(e)?.single()?;
                Some(Monomial::number(&c)?.times(Monomial::number(&r)?.power(&half)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Table, norm, var};

    fn order(a: &Expr, b: impl Into<Expr>, table: &Table<Rational>) -> Option<Ordering> {
        in_powers(&a.equals(b), table).unwrap()[0]
    }

    #[test]
    fn products_of_roots_are_ordered_as_their_powers_are() {
        let root = |n: i64, k: i64| Expr::from(n).power(Expr::from(1) / k);
        let none = Table::default();
        assert_eq!(order(&(root(2, 3) * root(4, 3)), 2, &none), Some(Ordering::Equal));
        assert_eq!(order(&root(2, 3), root(3, 5), &none), Some(Ordering::Greater));
        assert_eq!(order(&(3 / root(9, 4)), root(3, 2), &none), Some(Ordering::Equal));
        assert_eq!(order(&(Expr::from(0) * root(2, 3)), root(2, 3), &none), Some(Ordering::Less));
        assert_eq!(order(&(root(2, 3) + 1), 2, &none), None);
        assert_eq!(order(&-root(2, 3), 1, &none), None);
    }

    #[test]
    fn a_norm_is_ordered_by_the_inertia_of_a_power_of_its_gram_matrix() {
        // The golden ratio g: g^2 = (3 + sqrt(5))/2 = 2.618.., g^6 = 17.94..
        let golden = DMatrix::from_row_slice(2, 2, &[1, 1, 1, 0].map(Rational::from));
        let table = Table::default().matrix("A", &[], golden);
        let size = norm(var("A"));
        let cube = |q: i64| Expr::from(q).power(Expr::from(1) / 3);
        assert_eq!(order(&size.pow(2), cube(17), &table), Some(Ordering::Greater));
        assert_eq!(order(&size.pow(2), cube(18), &table), Some(Ordering::Less));
        assert_eq!(order(&(1 / size.pow(2)), 1 / cube(18), &table), Some(Ordering::Greater));
        assert_eq!(order(&(&size * cube(5)), cube(5) * &size, &table), Some(Ordering::Equal));
    }
}
