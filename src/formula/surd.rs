//! The reading in square roots: whether two sides that no enclosure tells apart are equal, proved in rationals.
//!
//! A scalar is a sum of `c sqrt(r) exp(e) a_1^n_1 .. a_m^n_m`, c, r, e rational, r >= 0, the a_i norms or smallest
//! singular values of exact matrices that are known to no more than their argument. It vanishes if, for each product of
//! norms and exponentials, its sum of square roots does; that is decided exactly.
//!
//! # The way of a side
//!
//! [`in_roots`] walks over a statement with its indices set. A sub-expression whose value is rational is taken as
//! that number; any other is put together from the forms of its parts: sums, products and quotients by one term;
//! square roots of one rational term; exponentials of rational arguments; norms and smallest singular values by
//! [`norm`]. Where a part has no such form the side has none, and nothing is said of the link.
//!
//! # Why this is a proof
//!
//! [`Surd::vanishes`] answers yes only if, within every class of terms with the same product of norms and the same
//! exponent of e, the sum of square roots is zero by Besicovitch's theorem. The whole is then a sum of zeros,
//! whatever the norms and powers of e are; no independence of norms and exponentials is used. The answer no is not
//! claimed to be right: two norms may be equal for a reason that their polynomials do not show.
//!
//! An enclosure cannot do this at any precision: where both sides are equal and irrational, the difference contains
//! zero always.

use super::expr::{Expr, Fold, Node, Op};
use super::scene::{Evaluator, Scene, Value};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real};
use crate::formula::expr::Says;
use crate::linalg::{largest_eigenvalue, rational_eigenvalue, smaller_gram, smallest_eigenvalue, solve};
use nalgebra::DMatrix;
use num_traits::{One, Zero};

/// Bits of the enclosure that suggests a rational eigenvalue, and of the one that decides the sign in a maximum. The
/// eigenvalue is proved by an inertia, so that a precision that is too small loses cases and decides nothing falsely.
const TOP_BITS: u32 = 256;

/// A norm: the operation, and the characteristic polynomial, without its last zeros, of a Gram matrix of trace 1; on
/// nothing else does it depend.
///
/// The eigenvalue in question of the Gram matrix G, d x d, is `trace(G)` times the extreme root of the characteristic
/// polynomial of `G/trace(G)`: the largest one for [`Op::Norm`], the smallest for [`Op::SigmaMin`], whose G is not
/// singular where an atom is made. Zeros at the end of the list of coefficients are roots zero; dropping them changes
/// no other root, and makes the atoms of `A^T A` and `A A^T` the same, which have the same nonzero eigenvalues. The
/// division by the trace makes those of A and 2 A the same, the factor being in the radicand.
type Atom = (Op, Vec<Rational>);
/// Norms with their exponents, in order, and the exponent of e.
type Opaque = (Vec<(Atom, i32)>, Rational);

/// A sum of square roots times norms and exponentials.
///
/// Each term is `(c, r, (norms, e))`, of value `c sqrt(r) exp(e)` times the norms to their integer powers. A zero
/// term may stand in the list; [`Surd::vanishes`] skips it.
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
    /// `c sqrt(r)`.
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
    ///
    /// `|c| c r` is a strictly increasing function of `c sqrt(r)`, so two such numbers are equal where these are;
    /// with equal e so are the sides. An identity with roots is evaluated by these two pairs of rationals, whose
    /// degrees in the numbers drawn come with them.
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
    ///
    /// `None` for a sum of several terms, one with norms or exponentials, or one that is not positive:
    /// [`super::in_powers`] takes such a number as a product of powers.
    pub(super) fn single(&self) -> Option<(Rational, Rational)> {
        let [(c, r, (norms, e))] = &self.0[..] else { return None };
        (norms.is_empty() && e.is_zero() && c.sign() > 0).then(|| (c.clone(), r.clone()))
    }
    /// Number of terms.
    pub fn terms(&self) -> usize {
        self.0.len()
    }
    /// Terms with equal r and equal norms and exponential are added; those that cancel go.
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
    /// The opposite.
    fn negative(mut self) -> Self {
        self.0.iter_mut().for_each(|t| t.0 = -&t.0);
        self
    }
    /// All products of two terms. Roots multiply by `sqrt(r) sqrt(s) = sqrt(r s)`, r, s >= 0, which goes to the
    /// coefficient where it is rational; powers of equal norms are added, and those to the power 0 go; exponents of e
    /// are added.
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
    ///
    /// `1/(c sqrt(r)) = sqrt(r)/(c r)`, the powers of norms and of e with the opposite sign. `None` for a sum of
    /// several terms, and for zero. The norms of a term are not zero: [`norm`] gives the number 0 for those that are.
    fn reciprocal(&self) -> Option<Self> {
        let [(c, r, (atoms, exponent))] = &self.0[..] else { return None };
        if c.is_zero() || r.is_zero() {
            return None;
        }
        let atoms = atoms.iter().map(|(a, n)| (a.clone(), -n)).collect();
        Some(Self(vec![(1 / (c * r), r.clone(), (atoms, -exponent))]))
    }
    /// The square root of `c^2`, of c, or of `c^2` times even powers of norms, for one term, c >= 0.
    ///
    /// `sqrt(c n^(2 m) exp(e)) = sqrt(c) n^m exp(e/2)` for norms n >= 0. `None` where the term has a root already, an
    /// odd power of a norm, or c < 0.
    fn root(&self) -> Option<Self> {
        let [(c, r, (atoms, exponent))] = &self.0[..] else { return None };
        let even = atoms.iter().all(|(_, n)| n % 2 == 0);
        let atoms = atoms.iter().map(|(a, n)| (a.clone(), n / 2)).collect();
        (even && r.is_one() && c.sign() >= 0)
            .then(|| Self(vec![(Rational::one(), c.clone(), (atoms, exponent * Rational::new(1, 2)))]))
    }
    /// Its sign, where it has square roots only and an enclosure decides it.
    ///
    /// Exactly where the sum vanishes, else by an enclosure of 256 bits; `None` where that contains zero, or where
    /// norms or exponentials occur.
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
    ///
    /// The cost is one exact square root for each pair of a term and a class at most, so quadratic in the number of
    /// terms.
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
    /// The form of a sub-expression, the indices of the evaluator set. `None` where it has none: an extreme over an
    /// index, cases, a fold that runs downwards over more than one index, a symbol without a value or a definition.
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
    /// The form of an operation from those of its arguments. A real power is read for exponents n and n/2. A maximum
    /// is one of its two arguments, once the sign of their difference is known.
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

/// Norm or smallest singular value of m as one term: a square root where the Gram matrix has eigenvalues that are
/// seen to be rational (it is diagonal, of rank one, or 2 x 2 with a square for its discriminant), or where the
/// extreme eigenvalue in question is rational; else an atom.
///
/// Of the smaller Gram matrix G, d x d, the steps are, in order: the zero matrix; [`in_rationals`] on G; [`block`],
/// the diagonal block that has the eigenvalue; [`in_rationals`] on it; the atom by [`characteristic`]. With two
/// nonzero eigenvalues the least is `det/largest`, so that `sigma_min(A) norm(A)` comes out rational up to a square
/// root. The cost is d products of d x d matrices of rationals.
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
///
/// In this order: the cases of [`extremes`]; 0 for the smallest singular value of a singular G; an eigenvalue that an
/// enclosure proposes and the inertia of `G - q I` proves. `None` is no proof that it is irrational.
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
///
/// Two indices are in one block where an entry that is not zero joins them, directly or through others; so a
/// permutation makes G block diagonal, and its eigenvalues are those of the blocks. The block i is chosen if the f64
/// enclosure of its extreme eigenvalue lies strictly beyond those of all others. Where enclosures overlap, G is
/// returned as it is: the atom is then that of the whole matrix.
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
///
/// The recursion is `M_0 = I, c_k = -trace(A M_{k-1})/k, M_k = A M_{k-1} + c_k I` for k = 1, .., n: n products of n x
/// n matrices, exact, with divisions by k only.
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
///
/// Three cases, each decided on the entries: diagonal; `G^2 = trace(G) G`, whose eigenvalues satisfy
/// `x^2 = trace(G) x` and sum to the trace, so that one is the trace and the others are 0; 2 x 2 with
/// `(a - b)^2 + 4 c^2` the square of a rational, for the eigenvalues `(a + b -+ root)/2`. `None` otherwise, and for a
/// matrix of no rows.
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

    /// The 2 x 2 matrix with these entries, row by row.
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
