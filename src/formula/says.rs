//! Statements: quantified chains of relations, conjunctions of them, and the ranges of variables.

use super::expr::Expr;
use crate::arithmetic::Rational;

/// A relation between neighbours of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `=`
    Equals,
    /// `>`
    Above,
    /// `<`
    Below,
}

impl Relation {
    /// Turned round; an equality stays.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::AtLeast => Self::AtMost,
            Self::AtMost => Self::AtLeast,
            Self::Above => Self::Below,
            Self::Below => Self::Above,
            Self::Equals => Self::Equals,
        }
    }
    /// Equality of both sides is excluded.
    pub fn is_strict(self) -> bool {
        matches!(self, Self::Above | Self::Below)
    }
    /// `(greater, lesser)`; those of an equality in the order of the chain.
    pub fn order<T>(self, left: T, right: T) -> (T, T) {
        match self {
            Self::AtLeast | Self::Above | Self::Equals => (left, right),
            Self::AtMost | Self::Below => (right, left),
        }
    }
}

/// An index with its first and last value.
pub type Index = (&'static str, Expr, Expr);

/// For all indices in their ranges, a chain of relations: `a <= b <= c, 1 <= k <= L`; perhaps and another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Says {
    /// Indices, the outermost first.
    pub each: Vec<Index>,
    /// The first member of the chain.
    pub first: Expr,
    /// The others, each with its relation to the one before.
    pub rest: Vec<(Relation, Expr)>,
    /// Other statements that hold too, each with its own indices.
    pub and: Vec<Says>,
}

impl From<&Expr> for Says {
    fn from(first: &Expr) -> Self {
        Self { each: Vec::new(), first: first.clone(), rest: Vec::new(), and: Vec::new() }
    }
}

impl Says {
    pub(super) fn then(mut self, relation: Relation, e: impl Into<Expr>) -> Self {
        self.rest.push((relation, e.into()));
        self
    }
    /// `.. >= e`.
    #[must_use]
    pub fn at_least(self, e: impl Into<Expr>) -> Self {
        self.then(Relation::AtLeast, e)
    }
    /// `.. <= e`.
    #[must_use]
    pub fn at_most(self, e: impl Into<Expr>) -> Self {
        self.then(Relation::AtMost, e)
    }
    /// `.. = e`.
    #[must_use]
    pub fn equals(self, e: impl Into<Expr>) -> Self {
        self.then(Relation::Equals, e)
    }
    /// For all values of the index from first to last; the last one given is the outermost.
    #[must_use]
    pub fn each(mut self, index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>) -> Self {
        self.each.insert(0, (index, first.into(), last.into()));
        self
    }
    /// And that.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.and.push(other);
        self
    }
    /// Neighbours in the chain, those of the statements joined to it after its own.
    pub fn links(&self) -> Vec<(&Expr, Relation, &Expr)> {
        let mut left = &self.first;
        let mut out: Vec<_> = self.rest.iter().map(|(r, e)| (std::mem::replace(&mut left, e), *r, e)).collect();
        out.extend(self.and.iter().flat_map(Self::links));
        out
    }
    /// All expressions in it, from the left: ends of ranges, members, those of the statements joined to it.
    pub fn expressions(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        let ends = self.each.iter().flat_map(|(_, a, b)| [a, b]);
        let members = std::iter::once(&self.first).chain(self.rest.iter().map(|(_, e)| e));
        Box::new(ends.chain(members).chain(self.and.iter().flat_map(Self::expressions)))
    }
    /// Every expression mapped.
    #[must_use]
    pub fn map(&self, f: &mut dyn FnMut(&Expr) -> Expr) -> Self {
        Self {
            each: self.each.iter().map(|(i, a, b)| (*i, f(a), f(b))).collect(),
            first: f(&self.first),
            rest: self.rest.iter().map(|(r, e)| (*r, f(e))).collect(),
            and: self.and.iter().map(|s| s.map(f)).collect(),
        }
    }
    /// `by` in every place of `what`.
    #[must_use]
    pub fn put(&self, what: &Expr, by: &Expr) -> Self {
        self.map(&mut |e| e.put(what, by))
    }
}

/// A variable with its range: closed at both ends unless `open`; an end may be missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The variable.
    pub name: &'static str,
    /// Its lower end.
    pub from: Option<Rational>,
    /// Its upper end.
    pub to: Option<Rational>,
    /// The lower end is left out.
    pub open: bool,
}

impl Range {
    /// Any real number.
    pub fn any(name: &'static str) -> Self {
        Self { name, from: None, to: None, open: false }
    }
    /// `name > 0`.
    pub fn positive(name: &'static str) -> Self {
        Self { open: true, ..Self::from(name, 0) }
    }
    /// `name >= a`.
    pub fn from(name: &'static str, a: impl Into<Rational>) -> Self {
        Self { from: Some(a.into()), ..Self::any(name) }
    }
    /// `a <= name <= b`.
    pub fn within(name: &'static str, a: impl Into<Rational>, b: impl Into<Rational>) -> Self {
        Self { to: Some(b.into()), ..Self::from(name, a) }
    }
    /// `a < name <= b`.
    pub fn half_open(name: &'static str, a: impl Into<Rational>, b: impl Into<Rational>) -> Self {
        Self { open: true, ..Self::within(name, a, b) }
    }
    /// No value is negative.
    pub fn is_nonnegative(&self) -> bool {
        self.from.as_ref().is_some_and(|a| a.sign() >= 0)
    }
    /// The range as statements: its ends, zero as a lower end left out.
    pub fn says(&self) -> Vec<Says> {
        let v = super::var(self.name);
        let lower = self.from.iter().map(|a| if self.open { v.above(a) } else { v.at_least(a) });
        let upper = self.to.iter().map(|b| v.at_most(b));
        lower.chain(upper).collect()
    }
}
