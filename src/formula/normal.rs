//! A normal form: fractions of sums of monomials whose exponents are again such sums.
//!
//! `2401 w y^4 z^3/10^4`, `2^(-2 z) alpha^(-2)`, `exp(s^2/2 + u)` and sums of them, over another such sum. It decides
//! identities between rational functions, powers and exponentials by exact algebra: two formulas with equal fractions
//! are equal wherever both have a value and the variables are positive. It is part of what has to be trusted; the tests
//! compare it with values at points.
//!
//! What is not taken apart (logarithms, smaller ones, roots of sums) is an atom: equal to itself only.
//!
//! # The way of a formula through it
//!
//! [`Normal::of`] goes from the leaves up. A number or a symbol is a sum of one monomial. Sums, differences,
//! products, quotients and integer powers are carried out on fractions; real powers, roots, exponentials and
//! logarithms are taken apart by the rules
//!
//! ```text
//! (c v_1^k_1 .. v_m^k_m)^k = c^k v_1^(k k_1) .. v_m^(k k_m)      c > 0, c^k over the primes of c
//! exp(a + k ln v)          = exp(a) v^k                          v a number, or a symbol without index
//! ln(c v_1^k_1 .. / f)     = ln c + k_1 ln v_1 + .. - ln f       ln c over the primes of c
//! ln(m + r)                = ln m + ln(1 + r/m)                  m the first monomial with a positive coefficient
//! ```
//!
//! each of which is an identity where the v_i, and what stands under a logarithm, are positive. Where no rule applies
//! the operation becomes an atom, with its arguments in normal form. [`super::Reduction`] sees to the positivity: it
//! refuses a statement with a variable under a root, a real power or a logarithm that is not known to be nonnegative.
//!
//! # What equality means
//!
//! `a == b` says that the numerator of `a - b` is the empty sum after all products are multiplied out: the two
//! formulas are then equal. The other direction holds for rational functions, since a polynomial with a coefficient
//! that is not zero is not the zero function. It need not hold otherwise: `sqrt(1 + y)^2` becomes a power of e whose
//! exponent is the atom `ln(1 + y)`, which is not the form of `1 + y`. Such a miss leaves a true identity unproved;
//! it does not prove a false one.
//!
//! Nothing is cancelled beyond a factor that is a monomial or that divides the numerator up to a monomial: there is
//! no greatest common divisor of polynomials here, and equality, decided by cross products, needs none. Identities
//! with many variables and high degrees are better decided at random points (`degree`), because products are
//! multiplied out.

use super::expr::{Expr, Node, Op, exp, fraction, sqrt};
use crate::arithmetic::Rational;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// Atoms (variables, primes, `e = exp(1)`, functions that are not taken apart) with their exponents.
///
/// The empty map is the number 1. No exponent is the empty sum: [`product`] removes those that cancel. An exponent of
/// a prime has its constant part in `[0, 1)`, the whole part being in the coefficient; [`product`] restores this for
/// the atoms of its right factor. What [`Sum::inverse`], [`Sum::power`] and [`exponential`] make on the way may break
/// it, and is always multiplied by something as the right factor.
type Monomial = BTreeMap<Expr, Sum>;

/// A sum of monomials with rational coefficients; none is zero.
///
/// The empty sum is 0, and is the only form of 0: `Sum::term` and `Sum::add` drop zero coefficients. An order of the
/// maps that is total and does not depend on how a sum was formed makes equal sums equal as data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Sum(BTreeMap<Monomial, Rational>);

/// The base of exponentials.
fn e() -> Expr {
    exp(1)
}

impl Sum {
    /// The number c as a sum of at most one monomial.
    fn constant(c: impl Into<Rational>) -> Self {
        Self::term(Monomial::new(), c.into())
    }
    /// `c m`; the empty sum for c = 0.
    fn term(m: Monomial, c: Rational) -> Self {
        Self(if c.is_zero() { BTreeMap::new() } else { [(m, c)].into() })
    }
    /// The formula e itself as a monomial with exponent 1: a variable, or what is not taken apart.
    fn atom(e: &Expr) -> Self {
        Self::term([(e.clone(), Self::constant(1))].into(), Rational::one())
    }
    /// The number that it is, if it is one.
    fn value(&self) -> Option<Rational> {
        match self.monomial() {
            None => self.0.is_empty().then(Rational::zero),
            Some((m, c)) => m.is_empty().then(|| c.clone()),
        }
    }
    /// The monomial and its coefficient, where there is exactly one; `None` for 0 and for sums of several.
    fn monomial(&self) -> Option<(&Monomial, &Rational)> {
        (self.0.len() == 1).then(|| self.0.first_key_value()).flatten()
    }
    /// `self + factor o`, at one look-up for each monomial of o.
    fn add(mut self, o: &Self, factor: i64) -> Self {
        for (m, c) in &o.0 {
            let sum = self.0.entry(m.clone()).or_insert_with(Rational::zero);
            *sum += c * factor;
            if sum.is_zero() {
                self.0.remove(m);
            }
        }
        self
    }
    /// The product, multiplied out: p q products of monomials for sums of p and q monomials.
    fn mul(&self, o: &Self) -> Self {
        let mut out = Self::default();
        for (a, c) in &self.0 {
            for (b, d) in &o.0 {
                let (m, factor) = product(a, b);
                out = out.add(&Self::term(m, c * d * factor), 1);
            }
        }
        out
    }
    /// A nonnegative integer power of any sum; any power of a monomial with a positive coefficient.
    ///
    /// A power of a sum is multiplied out by k products. For a monomial the exponents are multiplied by k, and the
    /// coefficient is written over its primes, so that `4^(1/2)` and `2` are one form. `None` for a real power of a
    /// sum of several terms, or of a coefficient that is negative or zero: the caller makes an atom of it, or takes
    /// logarithms.
    fn power(&self, k: &Self) -> Option<Self> {
        if let Some(n) = k.value().as_ref().and_then(integer)
            && let Ok(n) = u32::try_from(n)
        {
            return Some((0..n).fold(Self::constant(1), |p, _| p.mul(self)));
        }
        let (m, c) = self.monomial().filter(|(_, c)| c.sign() > 0)?;
        let raised = |v: &Expr, j: &Self| Self::term([(v.clone(), j.mul(k))].into(), Rational::one());
        let mut out = m.iter().fold(Self::constant(1), |p, (v, j)| p.mul(&raised(v, j)));
        for (part, sign) in [(c.as_rug().numer(), 1), (c.as_rug().denom(), -1)] {
            for (prime, times) in primes(part) {
                out = out.mul(&raised(&Expr::from(prime), &Self::constant(sign * times)));
            }
        }
        Some(out)
    }
    /// One over a single monomial; `None` for 0 and for a sum of several.
    fn inverse(&self) -> Option<Self> {
        let (m, c) = self.monomial()?;
        let opposite = |k: &Self| k.mul(&Self::constant(-1));
        Some(Self::term(m.iter().map(|(v, k)| (v.clone(), opposite(k))).collect(), 1 / c))
    }
    /// The monomial m with `self = m other`.
    ///
    /// Candidates are the monomials of self over the first monomial of other, each tried by a product with all of
    /// other: p candidates, p^2 products of monomials. `None` where the numbers of monomials differ, which shows that
    /// there is none.
    fn multiple_of(&self, other: &Self) -> Option<Self> {
        let (m, c) = other.0.first_key_value().filter(|_| self.0.len() == other.0.len())?;
        let inverse = Self::term(m.clone(), c.clone()).inverse()?;
        let candidates = self.0.iter().map(|(n, d)| Self::term(n.clone(), d.clone()).mul(&inverse));
        candidates.into_iter().find(|candidate| candidate.mul(other) == *self)
    }
    /// No coefficient is negative, and no atom but those of `nonnegative`, primes and e.
    ///
    /// An even whole power of an atom is not negative whatever the atom is. The sum is then not negative wherever it
    /// has a value: each of its monomials is a product of nonnegative factors.
    fn is_nonnegative(&self, nonnegative: &dyn Fn(&Expr) -> bool) -> bool {
        let fine = |(v, k): (&Expr, &Self)| {
            v.number().is_some()
                || *v == e()
                || nonnegative(v)
                || k.value().as_ref().and_then(integer).is_some_and(|n| n % 2 == 0)
        };
        self.0.iter().all(|(m, c)| c.sign() > 0 && m.iter().all(fine))
    }
    /// The k with `self^k = o`, both monomials.
    ///
    /// k is read off one atom (the quotient of its exponents in o and in self), then `self^k = o` is checked for all
    /// of them. Where self is a number and no atom, only k = 1 is tried.
    fn logarithm(&self, o: &Self) -> Option<Self> {
        let ((m, c), (n, _)) = (self.monomial()?, o.monomial()?);
        let k = match m.iter().next() {
            Some((v, j)) => n.get(v)?.mul(&j.inverse()?),
            None if !c.is_one() => Self::constant(1),
            None => return None,
        };
        (self.power(&k)? == *o).then_some(k)
    }
    /// As a formula again.
    fn expression(&self) -> Expr {
        let term = |(m, c): (&Monomial, &Rational)| {
            let factors = m.iter().map(|(v, k)| raised(v, k)).reduce(|a, b| a * b);
            match factors {
                None => Expr::from(c),
                Some(m) if c.is_one() => m,
                Some(m) => Expr::from(c) * m,
            }
        };
        self.0.iter().map(term).reduce(|a, b| a + b).unwrap_or_else(|| 0.into())
    }
}

/// `v^k` as a formula: an exponential for the base e, an integer power, a power of a square root where 2 k is an
/// integer, else a real power.
fn raised(v: &Expr, k: &Sum) -> Expr {
    if *v == e() {
        return exp(k.expression());
    }
    let whole = |n: i64| k.value().map(|k| k * n).as_ref().and_then(integer).and_then(|k| i32::try_from(k).ok());
    let to = |v: Expr, k: i32| if k == 1 { v } else { v.pow(k) };
    match (whole(1), whole(2)) {
        (Some(k), _) => to(v.clone(), k),
        (_, Some(k)) => to(sqrt(v), k),
        _ => v.power(k.expression()),
    }
}

/// The product of two monomials; whole powers of a prime go to the coefficient.
///
/// The result is the pair (m, c) with `a b = c m`. For a prime p with the exponent `k + s`, k rational and s without
/// constant part, `floor(k)` goes to the coefficient as `p^floor(k)`; so `2^(3/2)` is `2 2^(1/2)`, and
/// `2^(1/2) 2^(1/2)` has no atom left.
fn product(a: &Monomial, b: &Monomial) -> (Monomial, Rational) {
    let (mut m, mut factor) = (a.clone(), Rational::one());
    for (v, k) in b {
        let mut sum = m.remove(v).unwrap_or_default().add(k, 1);
        if let Some(prime) = v.number()
            && let Some(c) = sum.0.get(&Monomial::new())
            && let Some(n) = c.as_rug().clone().floor().numer().to_i32()
        {
            let power = crate::arithmetic::Ring::powi(prime, n.unsigned_abs());
            factor = if n >= 0 { factor * power } else { factor / power };
            sum = sum.add(&Sum::constant(i64::from(n)), -1);
        }
        if !sum.0.is_empty() {
            m.insert(v.clone(), sum);
        }
    }
    (m, factor)
}

/// The integer that q is; `None` where it is none or exceeds 64 bits.
fn integer(q: &Rational) -> Option<i64> {
    q.as_rug().is_integer().then(|| q.as_rug().numer().to_i64()).flatten()
}

/// Prime factors with their multiplicities; what is left without a factor up to 1000 counts as a prime.
///
/// n is positive at both callers. A remainder that is composite is one atom for itself: two formulas may then not be
/// seen to be equal, which proves nothing false.
fn primes(n: &rug::Integer) -> Vec<(Rational, i64)> {
    let (mut rest, mut out) = (n.clone(), Vec::new());
    for p in (2_u32..=1000).map(rug::Integer::from) {
        let times = rest.remove_factor_mut(&p);
        if times > 0 {
            out.push((Rational::from(rug::Rational::from(p)), i64::from(times)));
        }
    }
    if rest > 1 {
        out.push((Rational::from(rug::Rational::from(rest)), 1));
    }
    out
}

/// A fraction of a sum and a product of sums: the normal form of a formula. Equality is that of cross products.
///
/// The value is `above / (f_1 .. f_m)` for the factors f_i below. Factors are not multiplied out, so that common ones
/// cancel when fractions are added. `Normal::divided` keeps monomials out of them.
#[derive(Clone, Debug)]
pub struct Normal {
    /// The numerator; empty for 0.
    above: Sum,
    /// Factors below, none a monomial.
    below: Vec<Sum>,
}

impl PartialEq for Normal {
    fn eq(&self, o: &Self) -> bool {
        self.add(o, -1).is_zero()
    }
}

/// The factors multiplied out, 1 where there is none.
fn product_of<'a>(factors: impl IntoIterator<Item = &'a Sum>) -> Sum {
    factors.into_iter().fold(Sum::constant(1), |p, f| p.mul(f))
}

impl Normal {
    /// A numerator over nothing.
    fn whole(above: Sum) -> Self {
        Self { above, below: Vec::new() }
    }
    /// A factor below: a monomial goes above, one that divides what is above leaves a monomial there.
    fn divided(mut self, factor: &Sum) -> Self {
        if let Some(inverse) = factor.inverse() {
            self.above = self.above.mul(&inverse);
        } else if let Some(m) = self.above.multiple_of(factor) {
            self.above = m;
        } else {
            self.below.push(factor.clone());
        }
        self
    }
    /// The factors of `all` that are left when those of `known` are taken out, as often as they occur.
    ///
    /// Equality of factors is that of sums as data; two factors that differ by a constant are different here, which
    /// only leaves a larger denominator.
    fn without(all: &[Sum], known: &[Sum]) -> Vec<Sum> {
        let mut known = known.to_vec();
        let left = all.iter().filter(|f| match known.iter().position(|k| k == *f) {
            Some(at) => {
                known.swap_remove(at);
                false
            }
            None => true,
        });
        left.cloned().collect()
    }
    /// `self + factor o` over the least common multiple of the lists of factors: the factors that both have are taken
    /// once.
    fn add(&self, o: &Self, factor: i64) -> Self {
        let (own, others) = (Self::without(&self.below, &o.below), Self::without(&o.below, &self.below));
        let above = self.above.mul(&product_of(&others)).add(&o.above.mul(&product_of(&own)), factor);
        self.below.iter().chain(&others).fold(Self::whole(above), Self::divided)
    }
    /// Each numerator is divided by the other's factors first, where it is a multiple of one by a monomial; so
    /// `(1 + x) (y/(1 + x))` has no factor left below.
    fn mul(&self, o: &Self) -> Self {
        // Factors above that stand below the other.
        let first = o.below.iter().fold(Self::whole(self.above.clone()), Self::divided);
        let second = self.below.iter().fold(Self::whole(o.above.clone()), Self::divided);
        let above = first.above.mul(&second.above);
        first.below.iter().chain(&second.below).fold(Self::whole(above), Self::divided)
    }
    /// One over the fraction: the factors below are multiplied out and go above. `None` for 0.
    fn inverse(&self) -> Option<Self> {
        (!self.above.0.is_empty()).then(|| Self::whole(product_of(&self.below)).divided(&self.above))
    }
    /// The numerator, where nothing stands below.
    fn sum(&self) -> Option<&Sum> {
        self.below.is_empty().then_some(&self.above)
    }
    /// `self^k` by three rules in turn: repeated products for a whole number k that fits 32 bits; the rule for
    /// monomials where nothing stands below; else `exp(k ln(self))`. `None` where k is a fraction with a sum below, 0
    /// is raised to a negative power, or the last rule does not apply.
    fn power(&self, k: &Self) -> Option<Self> {
        let k = k.sum()?;
        if let Some(n) = k.value().as_ref().and_then(integer).and_then(|n| i32::try_from(n).ok()) {
            let base = if n < 0 { self.inverse()? } else { self.clone() };
            return Some((0..n.unsigned_abs()).fold(Self::whole(Sum::constant(1)), |p, _| p.mul(&base)));
        }
        if let Some(above) = self.above.power(k)
            && self.below.is_empty()
        {
            return Some(Self::whole(above));
        }
        exponential(&logarithm(self)?.mul(&Self::whole(k.clone())))
    }
    /// The normal form of a formula.
    ///
    /// Every symbol must stand for a number: products commute here, so the form of a formula with matrices means
    /// nothing. Sub-expressions that the rules of the module do not reach (folds, cases, symbols with indices) are
    /// atoms: equal to themselves only. `ln(exp(a))` is a, for any a. [`super::exp_rest`] and [`super::ln_over`] are
    /// replaced by their definitions.
    ///
    /// The cost is that of multiplying out; an integer power n of a sum of p monomials has up to
    /// `(n + p - 1)!/(n! (p - 1)!)` of them.
    pub fn of(formula: &Expr) -> Self {
        let atom = || Self::whole(Sum::atom(formula));
        match formula.node() {
            Node::Number(q) => Self::whole(Sum::constant(q.clone())),
            Node::Op(op, v) => {
                let n: Vec<Self> = v.iter().map(Self::of).collect();
                let half = Self::whole(Sum::constant(Rational::new(1, 2)));
                let made = match (op, &n[..]) {
                    (Op::Add, [a, b]) => Some(a.add(b, 1)),
                    (Op::Sub, [a, b]) => Some(a.add(b, -1)),
                    (Op::Neg, [a]) => Some(Self::whole(Sum::default()).add(a, -1)),
                    (Op::Mul, [a, b]) => Some(a.mul(b)),
                    (Op::Div, [a, b]) => b.inverse().map(|b| a.mul(&b)),
                    (Op::Power(k), [a]) => a.power(&Self::whole(Sum::constant(i64::from(*k)))),
                    (Op::Sqrt, [a]) => a.power(&half),
                    (Op::RealPower, [a, k]) => a.power(k),
                    (Op::Exp, [a]) => exponential(a),
                    (Op::Ln, [a]) => match v[0].node() {
                        Node::Op(Op::Exp, inner) => Some(Self::of(&inner[0])),
                        _ => logarithm(a),
                    },
                    (Op::ExpRest(k), [_]) => Some(Self::of(&rest_written_out(*k, &v[0]))),
                    (Op::LnOver, [_]) => Some(Self::of(&(super::ln(1 + &v[0]) / &v[0]))),
                    _ => None,
                };
                made.unwrap_or_else(|| Self::rebuilt(*op, &n))
            }
            _ => atom(),
        }
    }
    /// An operation that is not taken apart, on arguments in normal form, so that equal arguments give equal atoms.
    fn rebuilt(op: Op, arguments: &[Self]) -> Self {
        Self::whole(Sum::atom(&super::expr::op(op, arguments.iter().map(Self::expression))))
    }
    /// Zero.
    ///
    /// True means that the formula vanishes wherever it has a value. False is no proof of the contrary (see the
    /// module).
    pub fn is_zero(&self) -> bool {
        self.above.0.is_empty()
    }
    /// Certainly not negative where it has a value: above and below, each monomial with a negative coefficient is
    /// paired with another that `dominates` it (greater, lesser), and of atoms there are numbers, even powers, and
    /// those that `nonnegative` accepts.
    ///
    /// `nonnegative` speaks of atoms. `dominates` is asked with the absolute values of both monomials and must say
    /// yes only where the first is at least the second; each positive monomial is spent on one negative one at most,
    /// in the order in which they are found. The sum is then a sum of differences that are not negative and of
    /// monomials that are not, so it is not negative; so is the quotient of such sums. False says nothing.
    pub fn is_nonnegative(
        &self,
        nonnegative: &dyn Fn(&Expr) -> bool,
        dominates: &dyn Fn(&Self, &Self) -> bool,
    ) -> bool {
        std::iter::once(&self.above).chain(&self.below).all(|sum| {
            let term = |(m, c): (&Monomial, &Rational)| Sum::term(m.clone(), c.abs());
            let (mut positive, negative): (Vec<_>, Vec<_>) = sum.0.iter().partition(|(_, c)| c.sign() > 0);
            let paired = negative.into_iter().all(|lesser| {
                let lesser = Self::whole(term(lesser));
                let found = positive.iter().position(|greater| dominates(&Self::whole(term(*greater)), &lesser));
                found.map(|at| positive.swap_remove(at)).is_some()
            });
            paired && positive.into_iter().all(|(m, c)| Sum::term(m.clone(), c.clone()).is_nonnegative(nonnegative))
        })
    }
    /// The quotient.
    ///
    /// `None` where other is 0.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        Some(self.mul(&other.inverse()?))
    }
    /// The lesser over the greater, where this is a difference `greater - lesser` of two monomials with positive
    /// coefficients.
    ///
    /// Only the numerator is looked at. A hypothesis `greater - lesser >= 0` over a positive denominator gives
    /// `ratio <= 1`; [`super::Reduction`] reads its hypotheses this way.
    pub fn ratio(&self) -> Option<Self> {
        let [(m, c), (n, d)] = self.above.0.iter().collect::<Vec<_>>()[..] else { return None };
        let (greater, lesser) = match (c.sign(), d.sign()) {
            (1, -1) => (Sum::term(m.clone(), c.clone()), Sum::term(n.clone(), -d)),
            (-1, 1) => (Sum::term(n.clone(), d.clone()), Sum::term(m.clone(), -c)),
            _ => return None,
        };
        Some(Self::whole(lesser.mul(&greater.inverse()?)))
    }
    /// The exponent k with `self^k = other`, both monomials.
    ///
    /// `None` where a side has a sum below, is no monomial, or there is no such exponent among those tried.
    pub fn exponent_to(&self, other: &Self) -> Option<Self> {
        Some(Self::whole(self.sum()?.logarithm(other.sum()?)?))
    }
    /// As a formula again.
    ///
    /// It has the value of the formula that the normal form was made of, wherever both have one and variables are
    /// positive.
    pub fn expression(&self) -> Expr {
        match self.sum() {
            Some(sum) => sum.expression(),
            None => {
                let below = self.below.iter().map(Sum::expression).reduce(|a, b| a * b);
                self.above.expression() / below.unwrap_or_else(|| 1.into())
            }
        }
    }
}

/// `exp(a) = e^a`, where `exp(k ln(v)) = v^k` for a symbol or a prime v.
///
/// The terms `c k .. ln(v)` of a, with ln(v) to the power 1, become powers of v whose exponent is the rest of the
/// term; the other terms stay together in one power of e. `None` where a sum stands below in a: the exponential is
/// then an atom.
fn exponential(a: &Normal) -> Option<Normal> {
    let (mut rest, mut out) = (Sum::default(), Sum::constant(1));
    for (m, c) in &a.sum()?.0 {
        let base = m.iter().find_map(|(v, k)| match v.node() {
            Node::Op(Op::Ln, of) if k.value().is_some_and(|k| k.is_one()) && of[0].children().is_empty() => {
                Some((v, &of[0]))
            }
            _ => None,
        });
        match base {
            Some((log, v)) => {
                let mut others = m.clone();
                others.remove(log);
                out = out.mul(&Sum::term([(v.clone(), Sum::term(others, c.clone()))].into(), Rational::one()));
            }
            None => rest = rest.add(&Sum::term(m.clone(), c.clone()), 1),
        }
    }
    let m = if rest.0.is_empty() { Monomial::new() } else { [(e(), rest)].into() };
    Some(Normal::whole(out.mul(&Sum::term(m, Rational::one()))))
}

/// The logarithm: the sum of those of the factors, each an atom but that of e. Of a sum the first positive term is a
/// factor, the logarithm of the rest an atom.
///
/// With `sum = c m + r`, c > 0: `ln(sum) = ln(c m) + ln(sum/(c m))`, and the second logarithm is an atom on the
/// quotient in normal form. Which monomial comes first depends on the order of the sum only, so equal sums have equal
/// logarithms. `None` where no coefficient is positive.
fn logarithm(a: &Normal) -> Option<Normal> {
    let of = |sum: &Sum| -> Option<Normal> {
        let (m, c) = sum.0.iter().find(|(_, c)| c.sign() > 0)?;
        let mut out = of_monomial(m, c);
        if sum.0.len() > 1 {
            let rest = sum.mul(&Sum::term(m.clone(), c.clone()).inverse()?).expression();
            out = out.add(&Normal::whole(Sum::atom(&super::expr::op(Op::Ln, [rest]))), 1);
        }
        Some(out)
    };
    a.below.iter().try_fold(of(&a.above)?, |sum, f| Some(sum.add(&of(f)?, -1)))
}

/// `ln(c m) = sum_i k_i ln(v_i) + sum_p n_p ln(p)` for m the product of the `v_i^k_i` and c > 0 the product of the
/// primes `p^n_p`, denominators with a negative n_p.
fn of_monomial(m: &Monomial, c: &Rational) -> Normal {
    let mut out = Normal::whole(Sum::default());
    let mut take = |v: &Expr, k: &Sum| {
        let log = match v.node() {
            _ if *v == e() => Normal::whole(Sum::constant(1)),
            // The exponential of a fraction is an atom.
            Node::Op(Op::Exp, of) => Normal::of(&of[0]),
            _ => Normal::whole(Sum::atom(&super::expr::op(Op::Ln, [v.clone()]))),
        };
        out = out.add(&log.mul(&Normal::whole(k.clone())), 1);
    };
    m.iter().for_each(|(v, k)| take(v, k));
    for (part, sign) in [(c.as_rug().numer(), 1), (c.as_rug().denom(), -1)] {
        primes(part).into_iter().for_each(|(prime, times)| take(&prime.into(), &Sum::constant(sign * times)));
    }
    out
}

/// `(exp(v) - sum_{k < n} v^k/k!)/v^n`.
///
/// Written out as a formula: the exponential less n terms, over `v^n`. The printed form of [`super::exp_rest`];
/// without a value at v = 0 for n > 0.
pub(super) fn rest_written_out(n: u32, v: &Expr) -> Expr {
    let mut factorial = 1;
    let mut above = exp(v);
    for k in 0..n as i32 {
        factorial *= i64::from(k.max(1));
        above = above - v.pow(k) * fraction(1, factorial);
    }
    above / v.pow(n as i32)
}
