//! From a scalar inequality over an unbounded domain to one over a box, every part of it checked.
//!
//! Let D be the difference of a link (greater side less lesser side) in the printed variables v, subject to hypotheses.
//! A reduction gives coordinates `c = f(v)` with closed ranges, the inverse `v = g(c)`, a positive factor P and the
//! reduced difference F. It is right if
//!
//! 1. `f(g(c)) = c` and `g(f(v)) = v`: the coordinates are what they are said to be;
//! 2. the hypotheses imply that `f(v)` lies in the box;
//! 3. `P > 0` on the domain;
//! 4. `P(g(c)) D(g(c)) = F(c)`.
//!
//! A printed variable that is no function of the coordinates stays as it is, and cancels in 4.
//!
//! Then `F >= 0` on the box proves `D >= 0` on the domain. 1 and 4 are identities, decided by [`Normal`]; 2 and 3 are
//! read off its coefficients and hypotheses. Where P has no value on the domain (both sides are equal there, and were
//! divided by zero) the step rests on the continuity of D. The box is closed: its faces at which v is infinite are
//! limits of the domain, and nothing is said of the printed formula there.
//!
//! # Why these four make a proof
//!
//! Let v be a point of the domain and `c = f(v)`. By 2, c lies in the box, so `F(c) >= 0` where that is proved. By 1,
//! `g(c) = v`, and by 4 `P(v) D(v) = F(c) >= 0`; by 3, P(v) > 0, so `D(v) >= 0`. A point of the box that is the
//! picture of no v costs nothing but difficulty: F is proved there too. With `logarithms`, D is
//! `ln(greater) - ln(lesser)`, and the logarithm increases.
//!
//! # What is read off, and what is not tried
//!
//! 2 and 3 use rules on the normal form that are sound and incomplete. A difference is not negative if its monomials
//! with a negative coefficient are paired with others that dominate them; one monomial dominates another if their
//! ratio is the exponential of something with a sign, or a positive power of a ratio that a hypothesis bounds by 1,
//! or a product of two such. What these rules do not see is refused, and the statement is then undecided, not false.
//! Equalities and strict relations have no reduction: on a closed box neither is proved by subdivision.
//!
//! The error planted in a formula is refuted by the printed formula at a point and needs no reduction, only the
//! domain ([`Reduction::check_domain`]).

use super::expr::{Expr, Node, Op};
use super::normal::Normal;
use super::says::Range;
use super::{Text, ln, var};
use crate::arithmetic::Rational;
use crate::formula::expr::{Relation, Says};
use num_traits::One;

/// A coordinate of the box.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinate {
    /// Its name and its range, closed and bounded.
    pub range: Range,
    /// What it is in the printed variables.
    pub formula: Expr,
}

/// How one link of a chain is reduced.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// P, in the printed variables.
    pub factor: Expr,
    /// `greater >= lesser` in the coordinates; their difference is F.
    pub reduced: Says,
    /// Both sides are positive, and it is their logarithms that are compared.
    pub logarithms: bool,
}

/// A domain and what brings a statement on it to a box.
///
/// Built by [`Reduction::on`] and the methods after it; [`Reduction::check`] holds it against a statement. The
/// default has no link, and checks no statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reduction {
    /// The printed variables with their ranges.
    pub ranges: Vec<Range>,
    /// Further hypotheses.
    pub given: Vec<Says>,
    /// The box.
    pub coordinates: Vec<Coordinate>,
    /// The printed variables in the coordinates.
    pub inverse: Vec<(Expr, Expr)>,
    /// One for each link of the statement.
    pub links: Vec<Link>,
}

impl Reduction {
    /// On the domain of these variables.
    ///
    /// Ranges are hypotheses like those of `Reduction::given`, and besides say which variables are nonnegative.
    pub fn on(ranges: impl IntoIterator<Item = Range>) -> Self {
        Self { ranges: ranges.into_iter().collect(), ..Self::default() }
    }
    /// With a hypothesis.
    #[must_use]
    pub fn given(mut self, hypothesis: Says) -> Self {
        self.given.push(hypothesis);
        self
    }
    /// With a coordinate.
    ///
    /// The range must have both ends, the lower one not negative; `formula` is in the printed variables.
    #[must_use]
    pub fn coordinate(mut self, range: Range, formula: impl Into<Expr>) -> Self {
        self.coordinates.push(Coordinate { range, formula: formula.into() });
        self
    }
    /// With a printed variable in the coordinates.
    ///
    /// A printed variable without an inverse stays in the formulas as it is; the identity of the link must then hold
    /// with it.
    #[must_use]
    pub fn inverse(mut self, variable: &Expr, formula: impl Into<Expr>) -> Self {
        self.inverse.push((variable.clone(), formula.into()));
        self
    }
    /// The next link, times a positive factor, is the reduced statement.
    ///
    /// Links are given in the order of the statement's, with those of statements joined to it at the end.
    #[must_use]
    pub fn cleared_by(mut self, factor: impl Into<Expr>, reduced: Says) -> Self {
        self.links.push(Link { factor: factor.into(), reduced, logarithms: false });
        self
    }
    /// The next link, between exponentials, in logarithms and times a positive factor, is the reduced statement.
    ///
    /// `D = ln(greater) - ln(lesser)`; the normal form takes logarithms of products and of exponentials apart.
    #[must_use]
    pub fn exponents_cleared_by(mut self, factor: impl Into<Expr>, reduced: Says) -> Self {
        self.links.push(Link { factor: factor.into(), reduced, logarithms: true });
        self
    }

    /// Names of the coordinates.
    pub fn names(&self) -> Vec<&'static str> {
        self.coordinates.iter().map(|c| c.range.name).collect()
    }
    /// A formula in the printed variables, in the coordinates.
    ///
    /// Every printed variable with an inverse is replaced, at once and not repeatedly, so a coordinate may have the
    /// name of a variable.
    pub fn in_coordinates(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |x| self.inverse.iter().find(|(v, _)| v == x).map(|(_, g)| g.clone()))
    }
    /// The hypotheses: ranges of the printed variables, then the others.
    pub fn hypotheses(&self) -> Vec<Says> {
        self.ranges.iter().flat_map(Range::says).chain(self.given.iter().cloned()).collect()
    }

    /// Is this a reduction of the statement to what is proved over the box?
    ///
    /// Yes means: `F >= 0` on the box, for every link, implies the statement on the domain (outside the points where
    /// P has no value or is zero, which are reached by continuity). It does not say that F is nonnegative; that is
    /// the task of [`crate::formula::Tape`] and a subdivision.
    ///
    /// The cost is that of a few normal forms for each coordinate and link.
    ///
    /// # Errors
    /// Says which part of it is not shown.
    pub fn check(&self, says: &Says) -> Result<(), String> {
        let links = says.links();
        if links.len() != self.links.len() || links.is_empty() {
            return Err(format!("{} links and {} reductions", links.len(), self.links.len()));
        }
        self.check_domain(says)?;
        for (link, (a, relation, b)) in self.links.iter().zip(links) {
            if relation == Relation::Equals || relation.is_strict() {
                return Err(format!("{} is not an inequality of this kind", Text.says(says)));
            }
            let (greater, lesser) = relation.order(a, b);
            self.identity(link, greater, lesser)?;
        }
        Ok(())
    }

    /// Is the box a picture of the domain, whatever is stated there of the statement's variables? Coordinates, inverse
    /// and ranges.
    ///
    /// # Errors
    /// As [`Reduction::check`].
    pub fn check_domain(&self, says: &Says) -> Result<(), String> {
        self.signs(says)?;
        self.chart()?;
        self.coordinates.iter().try_for_each(|c| self.range(c))
    }

    /// The printed variables whose range has a lower end >= 0.
    fn nonnegative(&self) -> impl Fn(&Expr) -> bool + '_ {
        |e| e.name().is_some_and(|n| self.ranges.iter().any(|r| r.name == n && r.is_nonnegative()))
    }

    /// Roots, real powers and logarithms are taken apart as if variables were positive: those under them must be.
    ///
    /// Refuses a variable under a root, a real power or a logarithm whose range does not begin at 0 or above, in the
    /// statement, the coordinates and the factors, and a coordinate without a bounded nonnegative range.
    fn signs(&self, says: &Says) -> Result<(), String> {
        let all = says.expressions().cloned().chain(self.coordinates.iter().map(|c| c.formula.clone()));
        for e in all.chain(self.links.iter().map(|l| l.factor.clone())) {
            if let Some(name) = under_a_root(&e).into_iter().find(|n| !self.nonnegative()(&var(n))) {
                return Err(format!("{name} stands under a root and is not known to be positive"));
            }
        }
        if let Some(c) = self.coordinates.iter().find(|c| !c.range.is_nonnegative() || c.range.to.is_none()) {
            return Err(format!("{} has no bounded nonnegative range", c.range.name));
        }
        Ok(())
    }

    /// `f(g(c)) = c` for every coordinate and `g(f(v)) = v` for every inverse, as identities of normal forms.
    fn chart(&self) -> Result<(), String> {
        for c in &self.coordinates {
            let back = Normal::of(&self.in_coordinates(&c.formula));
            if back != Normal::of(&var(c.range.name)) {
                return Err(format!("{} is {:?} in coordinates", c.range.name, back.expression()));
            }
        }
        for (variable, formula) in &self.inverse {
            let in_variables = formula.rewrite(&mut |x| {
                self.coordinates.iter().find(|c| x.name() == Some(c.range.name)).map(|c| c.formula.clone())
            });
            if Normal::of(&in_variables) != Normal::of(variable) {
                return Err(format!("{variable:?} is not {formula:?}"));
            }
        }
        Ok(())
    }

    /// The hypotheses imply that the coordinate is in its range.
    ///
    /// Both `f(v) - from` and `to - f(v)` must be seen not to be negative.
    fn range(&self, c: &Coordinate) -> Result<(), String> {
        let (Some(from), Some(to)) = (&c.range.from, &c.range.to) else { return Err("no range".into()) };
        for difference in [&c.formula - Expr::from(from), Expr::from(to) - &c.formula] {
            if !self.implied(&Normal::of(&difference)) {
                return Err(format!("{difference:?} >= 0 is not one of the hypotheses"));
            }
        }
        Ok(())
    }
    /// Not negative, by signs, or because the hypotheses bound one monomial by another.
    ///
    /// For greater and lesser monomials of the difference, `wanted = lesser/greater` is at most 1 if `-ln(wanted)` is
    /// seen to be nonnegative; if `wanted = q^k`, k > 0, for a ratio q that a hypothesis bounds by 1; or if
    /// `wanted = p q^k` for two such. Products of three are not tried.
    fn implied(&self, difference: &Normal) -> bool {
        let ratios = self.ratios();
        let dominates = |greater: &Normal, lesser: &Normal| {
            lesser.over(greater).is_some_and(|wanted| {
                let follows = |from: &Normal, to: &Normal| from.exponent_to(to).is_some_and(|k| self.is_positive(&k));
                let exponent = Normal::of(&-ln(wanted.expression()));
                exponent.is_nonnegative(&self.nonnegative(), &|_, _| false)
                    || ratios.iter().any(|q| follows(q, &wanted))
                    || ratios
                        .iter()
                        .any(|p| wanted.over(p).is_some_and(|rest| ratios.iter().any(|q| follows(q, &rest))))
            })
        };
        difference.is_nonnegative(&self.nonnegative(), &dominates)
    }
    /// What the hypotheses say is at most one: lesser over greater side.
    ///
    /// A hypothesis whose difference has not two terms of opposite sign gives none.
    fn ratios(&self) -> Vec<Normal> {
        let hypotheses = self.hypotheses();
        let differences = hypotheses.iter().flat_map(|h| h.links()).map(|(a, r, b)| r.order(a, b)).map(|(a, b)| a - b);
        differences.filter_map(|d| Normal::of(&d).ratio()).collect()
    }
    /// By signs alone: not the zero form, and no negative coefficient. k may vanish at a point of the domain, where
    /// `q^k = 1` is at most 1 all the same.
    fn is_positive(&self, k: &Normal) -> bool {
        !k.is_zero() && k.is_nonnegative(&self.nonnegative(), &|_, _| false)
    }
    /// Positive where it has a value and is not zero: by the signs of its parts, or as [`Reduction::implied`].
    fn factor_is_positive(&self, e: &Expr) -> bool {
        let all = |v: &[Expr]| v.iter().all(|part| self.factor_is_positive(part));
        match e.node() {
            Node::Op(Op::Power(n), _) if n % 2 == 0 => true,
            Node::Op(Op::Exp | Op::Sqrt, _) => true,
            Node::Op(Op::Ln, v) if v[0].number().is_some_and(|q| *q > Rational::one()) => true,
            Node::Op(Op::Add | Op::Mul | Op::Div | Op::Power(_), v) if all(v) => true,
            Node::Op(Op::RealPower, v) => self.factor_is_positive(&v[0]),
            _ => {
                let normal = Normal::of(e);
                !normal.is_zero() && self.implied(&normal)
            }
        }
    }

    /// Conditions 3 and 4 for one link.
    fn identity(&self, link: &Link, greater: &Expr, lesser: &Expr) -> Result<(), String> {
        if !self.factor_is_positive(&link.factor) {
            return Err(format!("{:?} is not known to be positive", link.factor));
        }
        let difference = if link.logarithms { ln(greater) - ln(lesser) } else { greater - lesser };
        let [(a, relation, b)] = link.reduced.links()[..] else { return Err("a reduced statement is one link".into()) };
        let (above, below) = relation.order(a, b);
        let (left, right) = (self.in_coordinates(&(&link.factor * difference)), above - below);
        if Normal::of(&left) == Normal::of(&right) {
            return Ok(());
        }
        Err(format!("{:?} is not {:?}", Normal::of(&left).expression(), Normal::of(&right).expression()))
    }
}

/// Names of variables under roots, real powers and logarithms.
///
/// Of a real power the exponent is searched too, of a root only what stands under it.
fn under_a_root(e: &Expr) -> Vec<&'static str> {
    match e.node() {
        Node::Op(Op::Sqrt | Op::Ln | Op::LnOver, v) => v[0].free(),
        Node::Op(Op::RealPower, v) => [v[0].free(), under_a_root(&v[1])].concat(),
        _ => e.children().into_iter().flat_map(under_a_root).collect(),
    }
}
