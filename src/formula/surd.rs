//! The reading in square roots: whether two sides that no enclosure tells apart are equal, proved in rationals.
//!
//! A scalar is a sum of `c sqrt(r) exp(e) a_1^n_1 .. a_m^n_m`, c, r, e rational, r >= 0, the a_i norms or smallest
//! singular values of exact matrices that are known to no more than their argument. It vanishes if, for each product of
//! norms and exponentials, its sum of square roots does; that is decided exactly.

use super::expr::{Expr, Fold, Node, Op};
use super::scene::{Evaluator, Scene, Value};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use crate::formula::expr::Says;
use crate::linalg::{largest_eigenvalue, rational_eigenvalue, smaller_gram, smallest_eigenvalue, solve};
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// Bits of the enclosure that suggests a rational eigenvalue.
const TOP_BITS: u32 = 256;

/// A norm: the operation, and the characteristic polynomial, without its last zeros, of a Gram matrix of trace 1; on
/// nothing else does it depend.
type Atom = (Op, Vec<Rational>);
/// Norms with their exponents, in order, and the exponent of e.
type Opaque = (Vec<(Atom, i32)>, Rational);

/// A sum of square roots times norms and exponentials.
#[derive(Clone, Debug)]
pub struct Surd(Vec<(Rational, Rational, Opaque)>);

impl From<Rational> for Surd {
    fn from(q: Rational) -> Self {
        Self::term(q, Rational::one())
    }
}

impl Surd {
    /// `sum_i c_i sqrt(r_i)` from pairs `(c_i, r_i)`.
    pub fn of(terms: impl IntoIterator<Item = (Rational, Rational)>) -> Self {
        Self(terms.into_iter().map(|(c, r)| (c, r, (Vec::new(), Rational::zero()))).collect())
    }
    fn term(c: Rational, r: Rational) -> Self {
        Self::of([(c, r)])
    }
    /// The difference.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        self.sum(other.negative())
    }
    /// For `c sqrt(r) exp(e)` against another of this form: the pairs of their squares with their signs, `|c| c r`, and
    /// of the exponents, both of which must be equal. `None` where a side is not of this form.
    pub fn parts(self, other: Self) -> Option<[(Rational, Rational); 2]> {
        let ((c, e), (d, f)) = (self.square()?, other.square()?);
        Some([(c, d), (e, f)])
    }
    /// For `c sqrt(r) exp(e)`: its square with its sign, `|c| c r`, and e.
    fn square(&self) -> Option<(Rational, Rational)> {
        match &self.0[..] {
            [] => Some((Rational::zero(), Rational::zero())),
            // Whatever the exponent of a zero is.
            [(c, r, _)] if c.is_zero() || r.is_zero() => Some((Rational::zero(), Rational::zero())),
            [(c, r, (norms, e))] => norms.is_empty().then(|| (c.abs() * c * r, e.clone())),
            _ => None,
        }
    }
    /// For `c sqrt(r)`, c > 0: c and r.
    pub(super) fn single(&self) -> Option<(Rational, Rational)> {
        let [(c, r, (norms, e))] = &self.0[..] else { return None };
        (norms.is_empty() && e.is_zero() && c.sign() > 0).then(|| (c.clone(), r.clone()))
    }
    /// Number of terms.
    pub fn terms(&self) -> usize {
        self.0.len()
    }
    fn sum(mut self, other: Self) -> Self {
        for term in other.0 {
            match self.0.iter_mut().find(|known| (&known.1, &known.2) == (&term.1, &term.2)) {
                Some(known) => known.0 += &term.0,
                None => self.0.push(term),
            }
        }
        self.0.retain(|term| !term.0.is_zero());
        self
    }
    fn negative(mut self) -> Self {
        self.0.iter_mut().for_each(|t| t.0 = -&t.0);
        self
    }
    fn times(&self, other: &Self) -> Self {
        let of = |(c, r, a): &(Rational, Rational, Opaque), (d, s, b): &(Rational, Rational, Opaque)| {
            let mut atoms = a.0.clone();
            for (atom, n) in &b.0 {
                match atoms.iter_mut().find(|known| known.0 == *atom) {
                    Some(known) => known.1 += n,
                    None => atoms.push((atom.clone(), *n)),
                }
            }
            atoms.retain(|atom| atom.1 != 0);
            atoms.sort();
            let opaque = (atoms, &a.1 + &b.1);
            match (r * s).exact_sqrt() {
                Some(root) => (c * d * root, Rational::one(), opaque),
                None => (c * d, r * s, opaque),
            }
        };
        Self(self.0.iter().flat_map(|a| other.0.iter().map(move |b| of(a, b))).collect())
    }
    /// One over a single term.
    fn reciprocal(&self) -> Option<Self> {
        let [(c, r, (atoms, exponent))] = &self.0[..] else { return None };
        if c.is_zero() || r.is_zero() {
            return None;
        }
        let atoms = atoms.iter().map(|(a, n)| (a.clone(), -n)).collect();
        Some(Self(vec![(1 / (c * r), r.clone(), (atoms, -exponent))]))
    }
    /// The square root of `c^2`, of c, or of `c^2` times even powers of norms, for one term, c >= 0.
    fn root(&self) -> Option<Self> {
        let [(c, r, (atoms, exponent))] = &self.0[..] else { return None };
        let even = atoms.iter().all(|(_, n)| n % 2 == 0);
        let atoms = atoms.iter().map(|(a, n)| (a.clone(), n / 2)).collect();
        (even && r.is_one() && c.sign() >= 0)
            .then(|| Self(vec![(Rational::one(), c.clone(), (atoms, exponent * Rational::new(1, 2)))]))
    }
    /// Its sign, where it has square roots only and an enclosure decides it.
    fn is_nonnegative(&self) -> Option<bool> {
        let of = |q: &Rational| Big::from_rational(q, TOP_BITS);
        let plain = self.0.iter().all(|(_, r, (atoms, e))| r.sign() >= 0 && atoms.is_empty() && e.is_zero());
        let sum = plain.then(|| self.0.iter().fold(Big::zero(), |s, (c, r, _)| s + of(c) * of(r).sqrt()))?;
        if self.vanishes() || sum.is_nonnegative() { Some(true) } else { (-sum).is_positive().then_some(false) }
    }
    /// Is it zero? An exact argument for yes; no is not known to be no.
    ///
    /// Square roots of rationals of which no two have a rational ratio are linearly independent over the rationals
    /// (Besicovitch 1940). So a sum vanishes if and only if it does within each class of terms whose ratio
    /// `sqrt(r_i/r_j) = sqrt(r_i r_j)/r_j` is rational. A negative r_i: false.
    pub fn vanishes(&self) -> bool {
        if self.0.is_empty() || self.0.iter().any(|(_, r, _)| r.sign() < 0) {
            return self.0.is_empty();
        }
        // Representative of a class, and the coefficient of its root.
        let mut classes: Vec<(&Opaque, &Rational, Rational)> = Vec::new();
        for (c, r, opaque) in self.0.iter().filter(|(c, r, _)| !c.is_zero() && !r.is_zero()) {
            let ratio = |to: &Rational| (r / to).exact_sqrt();
            let known = classes.iter_mut().filter(|class| class.0 == opaque);
            match known.into_iter().find_map(|(_, to, sum)| Some((ratio(to)?, sum))) {
                Some((ratio, sum)) => *sum += c * ratio,
                None => classes.push((opaque, r, c.clone())),
            }
        }
        classes.iter().all(|(_, _, sum)| sum.is_zero())
    }
}

/// Both sides of every link, at all values of the indices, in the order of [`super::sides`]; `None` where a side has no
/// such form.
///
/// # Errors
/// Where an index has no value.
pub fn in_roots(says: &Says, scene: &dyn Scene<Rational>) -> Result<Vec<Option<(Surd, Surd)>>, String> {
    let mut out = Vec::new();
    Evaluator::new(scene, 64).each_link(says, &says.each, &mut |this, a, _, b| {
        out.push(this.surd(a).and_then(|a| Some((a, this.surd(b)?))));
        Ok(())
    })?;
    Ok(out)
}

impl Evaluator<'_, Rational> {
    pub(super) fn surd(&mut self, e: &Expr) -> Option<Surd> {
        match self.value(e) {
            Ok(Value::Scalar(q)) => return Some(q.into()),
            // The product of nothing: among numbers, 1.
            Ok(Value::Unit) => return Some(Rational::one().into()),
            _ => {}
        }
        match e.node() {
            Node::Symbol(name, v) => {
                let at = v.iter().map(|i| self.integer(i)).collect::<Result<Vec<_>, _>>().ok()?;
                let formula = self.scene.definition(name, &at)?;
                self.surd(&formula)
            }
            Node::Fold(Fold::Max | Fold::Min, ..) => None,
            Node::Fold(fold, index, [first, last, term]) => {
                let (first, last) = (self.integer(first).ok()?, self.integer(last).ok()?);
                let sum = *fold == Fold::Sum;
                let mut out = Surd::from(if sum { Rational::zero() } else { Rational::one() });
                for i in first.min(last)..=last.max(first) {
                    self.indices.push((index, i));
                    let one = self.surd(term);
                    self.indices.pop();
                    out = if sum { out.sum(one?) } else { out.times(&one?) };
                }
                // Where a product may run downwards, and a sum may be empty, nothing is said.
                (first <= last).then_some(out)
            }
            Node::Op(op, v) => self.surd_of(*op, v),
            Node::Number(_) | Node::Cases(..) => None,
        }
    }
    fn surd_of(&mut self, op: Op, v: &[Expr]) -> Option<Surd> {
        match (op, v) {
            (Op::Add, [a, b]) => Some(self.surd(a)?.sum(self.surd(b)?)),
            (Op::Sub, [a, b]) => Some(self.surd(a)?.sum(self.surd(b)?.negative())),
            (Op::Neg, [a]) => Some(self.surd(a)?.negative()),
            (Op::Mul, [a, b]) => Some(self.surd(a)?.times(&self.surd(b)?)),
            (Op::Div, [a, b]) => Some(self.surd(a)?.times(&self.surd(b)?.reciprocal()?)),
            (Op::Sqrt, [a]) => self.surd(a)?.root(),
            (Op::Power(n), [a]) => {
                let a = self.surd(a)?;
                let a = if n < 0 { a.reciprocal()? } else { a };
                Some((0..n.unsigned_abs()).fold(Rational::one().into(), |p: Surd, _| p.times(&a)))
            }
            (Op::RealPower, [a, k]) => match self.ratio(k)? {
                (n, 1) => self.surd_of(Op::Power(i32::try_from(n).ok()?), std::slice::from_ref(a)),
                (n, 2) => {
                    let root = self.surd(a)?.root()?;
                    let root = if n < 0 { root.reciprocal()? } else { root };
                    Some((0..n.unsigned_abs()).fold(Rational::one().into(), |p: Surd, _| p.times(&root)))
                }
                _ => None,
            },
            (Op::Max | Op::Min, [a, b]) => {
                let (a, b) = (self.surd(a)?, self.surd(b)?);
                let first = a.clone().less(b.clone()).is_nonnegative()? == (op == Op::Max);
                Some(if first { a } else { b })
            }
            (Op::Exp, [a]) => {
                let Ok(Value::Scalar(exponent)) = self.value(a) else { return None };
                Some(Surd(vec![(Rational::one(), Rational::one(), (Vec::new(), exponent))]))
            }
            (Op::Norm | Op::SigmaMin, [a]) => {
                let Ok(Value::Matrix(m)) = self.value(a) else { return None };
                Some(norm(op, &m))
            }
            _ => None,
        }
    }
}

/// Norm or smallest singular value: a square root where the Gram matrix has eigenvalues that are seen to be rational
/// (it is diagonal, of rank one, or 2 x 2 with a square for its discriminant); the norm also where the largest of them
/// is rational.
fn norm(op: Op, m: &DMatrix<Rational>) -> Surd {
    if m.iter().all(Zero::is_zero) {
        return Rational::zero().into();
    }
    let gram = smaller_gram(m);
    if let Some(known) = in_rationals(op, &gram) {
        return known;
    }
    let gram = block(op, gram);
    if let Some(known) = in_rationals(op, &gram) {
        return known;
    }
    let trace = gram.trace();
    let mut polynomial = characteristic(&gram.map(|v| v / &trace));
    while polynomial.last().is_some_and(Zero::is_zero) {
        polynomial.pop();
    }
    // Of two eigenvalues the least is the determinant over the largest.
    let (radicand, op, exponent) = match (op, &polynomial[..]) {
        (Op::SigmaMin, [_, determinant]) => (trace * determinant, Op::Norm, -1),
        _ => (trace, op, 1),
    };
    Surd(vec![(Rational::one(), radicand, (vec![((op, polynomial), exponent)], Rational::zero()))])
}

/// Where the eigenvalue in question is seen to be rational.
fn in_rationals(op: Op, gram: &DMatrix<Rational>) -> Option<Surd> {
    if let Some((least, largest)) = extremes(gram) {
        return Some(Surd::term(Rational::one(), if op == Op::Norm { largest } else { least }));
    }
    let singular = || solve(gram, &DMatrix::identity(gram.nrows(), gram.nrows())).is_err();
    if op == Op::SigmaMin && singular() {
        return Some(Rational::zero().into());
    }
    rational_eigenvalue(gram, op == Op::Norm, TOP_BITS).map(|q| Surd::term(Rational::one(), q))
}

/// The diagonal block that has the eigenvalue in question, where the entries fall into blocks and enclosures tell it:
/// the others do not matter to it.
fn block(op: Op, gram: DMatrix<Rational>) -> DMatrix<Rational> {
    let n = gram.nrows();
    let mut of: Vec<usize> = (0..n).collect();
    for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).filter(|at| !gram[*at].is_zero()) {
        let (from, to) = (of[i].max(of[j]), of[i].min(of[j]));
        of.iter_mut().filter(|b| **b == from).for_each(|b| *b = to);
    }
    let part = |name: usize| {
        let rows: Vec<usize> = (0..n).filter(|i| of[*i] == name).collect();
        DMatrix::from_fn(rows.len(), rows.len(), |i, j| gram[(rows[i], rows[j])].clone())
    };
    let blocks: Vec<DMatrix<Rational>> = (0..n).filter(|i| of[*i] == *i).map(part).collect();
    let size = |b: &DMatrix<Rational>| {
        let b = b.map(|v| Interval::from_rational(&v, 53));
        if op == Op::Norm { largest_eigenvalue(&b) } else { -smallest_eigenvalue(&b) }
    };
    let sizes: Vec<Interval> = blocks.iter().map(size).collect();
    let first = |i: usize| sizes.iter().enumerate().all(|(j, s)| i == j || s.hi() < sizes[i].lo());
    (0..sizes.len()).find(|i| first(*i)).map_or_else(|| gram.clone(), |i| blocks[i].clone())
}

/// The coefficients of `det(x I - A)` after the first, from that of the highest power on (Faddeev, LeVerrier).
fn characteristic(a: &DMatrix<Rational>) -> Vec<Rational> {
    let n = a.nrows();
    let mut power = DMatrix::identity(n, n);
    let step = |k: usize| {
        let next = a * &power;
        let c = -next.trace() / Rational::from(k as i64);
        power = next + DMatrix::from_diagonal_element(n, n, c.clone());
        c
    };
    (1..=n).map(step).collect()
}

/// The least and the largest eigenvalue of a positive semidefinite matrix.
pub(super) fn extremes(gram: &DMatrix<Rational>) -> Option<(Rational, Rational)> {
    let diagonal: Vec<Rational> = gram.diagonal().iter().cloned().collect();
    if *gram == DMatrix::from_diagonal(&gram.diagonal()) {
        return Some((diagonal.iter().min()?.clone(), diagonal.iter().max()?.clone()));
    }
    let trace = diagonal.iter().fold(Rational::zero(), |s, v| s + v);
    if gram * gram == gram.map(|v| &v * &trace) {
        return Some((Rational::zero(), trace));
    }
    let [a, b] = &diagonal[..] else { return None };
    let root = ((a - b) * (a - b) + 4 * (&gram[(0, 1)] * &gram[(0, 1)])).exact_sqrt()?;
    Some(((&trace - &root) / 2, (trace + root) / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{Table, exp, max, min, norm, sigma_min, sqrt, var};

    fn matrix(entries: [i64; 4]) -> DMatrix<Rational> {
        DMatrix::from_row_slice(2, 2, &entries.map(Rational::from))
    }
    /// The difference of the sides is seen to be zero.
    fn equal(a: &Expr, b: impl Into<Expr>, table: &Table<Rational>) -> bool {
        let links = in_roots(&a.equals(b), table).unwrap();
        links.into_iter().all(|sides| sides.is_some_and(|(a, b)| a.less(b).vanishes()))
    }

    #[test]
    fn equal_sides_are_seen_to_be_equal_and_no_others() {
        let two = || sqrt(Expr::from(2));
        let none = Table::default();
        assert!(equal(&(two() * sqrt(Expr::from(8))), 4, &none));
        assert!(equal(&(two() + sqrt(Expr::from(8))), sqrt(Expr::from(18)), &none));
        assert!(!equal(&(two() + sqrt(Expr::from(3))), sqrt(Expr::from(10)), &none));
        assert!(equal(&(1 / two()), two() / 2, &none));
        assert!(equal(&(exp(Expr::from(1)) * exp(Expr::from(2))), exp(Expr::from(3)), &none));
        assert!(equal(&max(two(), 1), two(), &none) && equal(&min(two(), sqrt(Expr::from(3))), two(), &none));
        assert!(equal(&(1 + two()).power(2), 3 + 2 * two(), &none) && !equal(&max(two(), 1), 1, &none));
        assert!(equal(&sqrt(exp(Expr::from(1)) * 4), 2 * exp(Expr::from(1) / 2), &none));
        assert!(!equal(&exp(Expr::from(1)), 3, &none));
    }

    #[test]
    fn norms_are_taken_apart_where_the_gram_matrix_allows_it() {
        let of = |entries| Table::default().matrix("A", &[], matrix(entries));
        let (size, least) = (norm(var("A")), sigma_min(var("A")));
        // Diagonal, of rank one, a rotation by 3/5 and 4/5, with singular values 3 and 1; golden ratio.
        assert!(equal(&size, 3, &of([2, 0, 0, -3])) && equal(&least, 2, &of([2, 0, 0, -3])));
        assert!(equal(&size, sqrt(Expr::from(50)), &of([1, 2, 3, 6])) && equal(&least, 0, &of([1, 2, 3, 6])));
        assert!(equal(&size, 5, &of([3, -4, 4, 3])) && equal(&least, 5, &of([3, -4, 4, 3])));
        assert!(equal(&size, 3, &of([2, 1, 1, 2])) && equal(&least, 1, &of([2, 1, 1, 2])));
        let golden = of([1, 1, 1, 0]);
        assert!(equal(&(2 * &size), &size + &size, &golden) && !equal(&size, &least, &golden));
        assert!(equal(&norm(2 * var("A")), 2 * &size, &golden));
        assert!(equal(&(&size * &least), 1, &golden) && equal(&(1 / &least), &size, &golden));
        assert!(equal(&sqrt(&size * &size), &size, &golden));
        // The norm does not change with a rotation, a sign, the transpose; with another entry it does.
        let both = |b| golden.clone().matrix("B", &[], matrix(b));
        for same in [[0, 1, 1, 1], [1, -1, -1, 0], [-1, -1, 1, 0]] {
            assert!(equal(&norm(var("A")), norm(var("B")), &both(same)), "{same:?}");
        }
        assert!(!equal(&norm(var("A")), norm(var("B")), &both([1, 1, 1, 1])));
        // In blocks: what has another eigenvalue does not matter, wherever its rows stand.
        let blocks = |c: i64, entries: [usize; 4]| {
            let mut m = DMatrix::from_element(3, 3, Rational::zero());
            entries.iter().zip([1, 1, 1, 0]).for_each(|(at, v)| m[*at] = v.into());
            m[if entries[0] == 0 { 8 } else { 0 }] = Rational::new(1, c);
            m
        };
        let two = Table::default().matrix("A", &[], blocks(2, [0, 1, 3, 4])).matrix("B", &[], blocks(3, [8, 5, 7, 4]));
        assert!(
            equal(&norm(var("A")), norm(var("B")), &two) && !equal(&sigma_min(var("A")), sigma_min(var("B")), &two)
        );
        assert!(equal(&sigma_min(var("A")), Expr::from(1) / 2, &two));
        assert!(equal(&sigma_min(var("B")), Expr::from(1) / 3, &two));
        let large = two.clone().matrix("A", &[], blocks(1, [0, 1, 3, 4]));
        assert!(equal(&norm(var("A")), norm(var("B")), &large) && !equal(&sigma_min(var("A")), 1, &large));
        // Eigenvalues 9, 1 and 1, which are rational though no block shows it.
        let sheared = DMatrix::from_fn(3, 3, |i, j| Rational::new(if i == j { 5 } else { 2 }, 3));
        let of = Table::default().matrix("A", &[], sheared);
        assert!(equal(&size, 3, &of) && equal(&least, 1, &of) && !equal(&size, 2, &of));
        // 2 I + u u^T turned, u = (1, 2, 2): the norm is 11, and 11 only.
        let turned = |e: i64| [3, 2, 2, 2, 6, 4, 2, 4, 6 + e].map(Rational::from);
        let of_three = |e| Table::default().matrix("A", &[], DMatrix::from_row_slice(3, 3, &turned(e)));
        assert!(equal(&size, 11, &of_three(0)) && !equal(&size, 11, &of_three(1)));
        let [one, two, three] = [1, 2, 3].map(Rational::from);
        let diagonal = DMatrix::from_diagonal(&nalgebra::DVector::from_vec(vec![one, two, three]));
        assert_eq!(characteristic(&diagonal), [-6, 11, -6].map(Rational::from));
    }

    #[test]
    fn what_has_no_such_form_is_not_decided() {
        let sides = in_roots(&sqrt(1 + sqrt(Expr::from(2))).equals(2), &Table::default()).unwrap();
        assert!(sides[0].is_none());
        assert!(!Surd::of([(Rational::one(), Rational::from(-1))]).vanishes());
        assert!(Surd::of([]).vanishes());
    }
}
