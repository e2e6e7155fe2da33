//! A normal form: fractions of sums of monomials whose exponents are again such sums.
//!
//! `2401 w y^4 z^3/10^4`, `2^(-2 z) alpha^(-2)`, `exp(s^2/2 + u)` and sums of them, over another such sum. It decides
//! identities between rational functions, powers and exponentials by exact algebra: two formulas with equal fractions
//! are equal wherever both have a value and the variables are positive. It is part of what has to be trusted; the tests
//! compare it with values at points.
//!
//! What is not taken apart (logarithms, smaller ones, roots of sums) is an atom: equal to itself only.

use super::expr::{Expr, Node, Op, exp, fraction, sqrt};
use crate::arithmetic::Rational;
use num_traits::{One, Zero};
use std::collections::BTreeMap;

/// Atoms (variables, primes, `e = exp(1)`, functions that are not taken apart) with their exponents.
type Monomial = BTreeMap<Expr, Sum>;

/// A sum of monomials with rational coefficients; none is zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Sum(BTreeMap<Monomial, Rational>);

/// The base of exponentials.
fn e() -> Expr {
    exp(1)
}

impl Sum {
    fn constant(c: impl Into<Rational>) -> Self {
        Self::term(Monomial::new(), c.into())
    }
    fn term(m: Monomial, c: Rational) -> Self {
        Self(if c.is_zero() { BTreeMap::new() } else { [(m, c)].into() })
    }
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
    fn monomial(&self) -> Option<(&Monomial, &Rational)> {
        (self.0.len() == 1).then(|| self.0.first_key_value()).flatten()
    }
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
    fn inverse(&self) -> Option<Self> {
        let (m, c) = self.monomial()?;
        let opposite = |k: &Self| k.mul(&Self::constant(-1));
        Some(Self::term(m.iter().map(|(v, k)| (v.clone(), opposite(k))).collect(), 1 / c))
    }
    /// The monomial m with `self = m other`.
    fn multiple_of(&self, other: &Self) -> Option<Self> {
        let (m, c) = other.0.first_key_value().filter(|_| self.0.len() == other.0.len())?;
        let inverse = Self::term(m.clone(), c.clone()).inverse()?;
        let candidates = self.0.iter().map(|(n, d)| Self::term(n.clone(), d.clone()).mul(&inverse));
        candidates.into_iter().find(|candidate| candidate.mul(other) == *self)
    }
    /// No coefficient is negative, and no atom but those of `nonnegative`, primes and e.
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

fn integer(q: &Rational) -> Option<i64> {
    q.as_rug().is_integer().then(|| q.as_rug().numer().to_i64()).flatten()
}

/// Prime factors with their multiplicities; what is left without a factor up to 1000 counts as a prime.
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
#[derive(Clone, Debug)]
pub struct Normal {
    above: Sum,
    /// Factors below, none a monomial.
    below: Vec<Sum>,
}

impl PartialEq for Normal {
    fn eq(&self, o: &Self) -> bool {
        self.add(o, -1).is_zero()
    }
}

fn product_of<'a>(factors: impl IntoIterator<Item = &'a Sum>) -> Sum {
    factors.into_iter().fold(Sum::constant(1), |p, f| p.mul(f))
}

impl Normal {
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
    fn add(&self, o: &Self, factor: i64) -> Self {
        let (own, others) = (Self::without(&self.below, &o.below), Self::without(&o.below, &self.below));
        let above = self.above.mul(&product_of(&others)).add(&o.above.mul(&product_of(&own)), factor);
        self.below.iter().chain(&others).fold(Self::whole(above), Self::divided)
    }
    fn mul(&self, o: &Self) -> Self {
        // Factors above that stand below the other.
        let first = o.below.iter().fold(Self::whole(self.above.clone()), Self::divided);
        let second = self.below.iter().fold(Self::whole(o.above.clone()), Self::divided);
        let above = first.above.mul(&second.above);
        first.below.iter().chain(&second.below).fold(Self::whole(above), Self::divided)
    }
    fn inverse(&self) -> Option<Self> {
        (!self.above.0.is_empty()).then(|| Self::whole(product_of(&self.below)).divided(&self.above))
    }
    fn sum(&self) -> Option<&Sum> {
        self.below.is_empty().then_some(&self.above)
    }
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
    pub fn is_zero(&self) -> bool {
        self.above.0.is_empty()
    }
    /// Certainly not negative where it has a value: above and below, each monomial with a negative coefficient is
    /// paired with another that `dominates` it (greater, lesser), and of atoms there are numbers, even powers, and
    /// those that `nonnegative` accepts.
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
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        Some(self.mul(&other.inverse()?))
    }
    /// The lesser over the greater, where this is a difference `greater - lesser` of two monomials with positive
    /// coefficients.
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
    pub fn exponent_to(&self, other: &Self) -> Option<Self> {
        Some(Self::whole(self.sum()?.logarithm(other.sum()?)?))
    }
    /// As a formula again.
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
pub(super) fn rest_written_out(n: u32, v: &Expr) -> Expr {
    let mut factorial = 1;
    let mut above = exp(v);
    for k in 0..n as i32 {
        factorial *= i64::from(k.max(1));
        above = above - v.pow(k) * fraction(1, factorial);
    }
    above / v.pow(n as i32)
}
