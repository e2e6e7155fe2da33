//! Statements: quantified chains of relations, conjunctions of them, and the ranges of variables.
//!
//! A range is a hypothesis on one variable, printed with the statement and used in three ways: a scene draws numbers
//! from it, a [`super::Reduction`] reads signs off it, and the box of a proof by subdivision has closed ranges as its
//! sides.

use crate::arithmetic::Rational;
use crate::formula::expr::Says;

/// A variable with its range: closed at both ends unless `open`; an end may be missing.
///
/// With neither end the variable is any real number; `open` matters only where there is a lower end, and the upper
/// end always belongs to the range.
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
    ///
    /// An empty range, a > b, is not refused.
    pub fn within(name: &'static str, a: impl Into<Rational>, b: impl Into<Rational>) -> Self {
        Self { to: Some(b.into()), ..Self::from(name, a) }
    }
    /// `a < name <= b`.
    pub fn half_open(name: &'static str, a: impl Into<Rational>, b: impl Into<Rational>) -> Self {
        Self { open: true, ..Self::within(name, a, b) }
    }
    /// No value is negative.
    ///
    /// False where there is no lower end.
    pub fn is_nonnegative(&self) -> bool {
        self.from.as_ref().is_some_and(|a| a.sign() >= 0)
    }
    /// The range as statements: one for each end, strict for a lower end that is left out.
    ///
    /// No statement at all where both ends are missing.
    pub fn says(&self) -> Vec<Says> {
        let v = super::var(self.name);
        let lower = self.from.iter().map(|a| if self.open { v.above(a) } else { v.at_least(a) });
        let upper = self.to.iter().map(|b| v.at_most(b));
        lower.chain(upper).collect()
    }
}
