//! Expressions: numbers, symbols with indices, operations, sums and products over an index, cases.
//!
//! An expression is a tree behind a reference count. Nothing is simplified when it is built: `x + x` stays a sum,
//! because it is printed as it was written, and a planted error ([`super::Edit`]) is addressed by what was written.
//! Shapes are not known here; they come with the values of a scene.
//!
//! The order of the types derived here (nodes, operations, relations) has no meaning of its own; maps and normal
//! forms need a total one.

use crate::arithmetic::Rational;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};
use std::sync::Arc;

/// A scalar, a vector or a matrix as a formula. A copy costs a reference count; equality is equality of trees.
///
/// Operators take values, references and integers on either side, so that Rust reads like the paper:
///
/// ```
/// use flatcert::formula::{Text, var, norm};
/// let (depth, w) = (var("L"), var("w*"));
/// let bound = 2 * &depth * norm(&w).power(2 - 2 / &depth);
/// assert_eq!(Text.expression(&bound), "2 L norm(w*)^(2 - 2/L)");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expr(pub(super) Arc<Node>);

/// What an expression is made of.
///
/// It is built by the functions and operators of this module; the number of arguments of an operation is not checked
/// when a node is built by hand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// An exact number.
    Number(Rational),
    /// A variable of a box, an index, or what a scene supplies: scalar, vector or matrix. Indices are expressions.
    Symbol(&'static str, Vec<Expr>),
    /// An operation on its arguments.
    Op(Op, Vec<Expr>),
    /// Over an index: its name, first value, last value, term. Sums and products of nothing are 0 and the identity. A
    /// product runs in the order of its index, downwards where the first value is the larger (`W_k .. W_{j+1}`).
    Fold(Fold, &'static str, [Expr; 3]),
    /// The first expression whose condition holds, else the last.
    Cases(Vec<(Says, Expr)>, Expr),
}

/// A sum, a product or an extreme over an index.
///
/// Both ends are included. The index is bound in the term only, not in its own ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fold {
    /// Upwards.
    Sum,
    /// Upwards, or downwards from the larger to the smaller.
    Product,
    /// A product downwards, `W_k .. W_{j+1}`; the identity where first < last.
    Descent,
    /// A product upwards, `W_{k+1}^T .. W_L^T`; the identity where first > last.
    Ascent,
    /// The largest of the terms, of which there is one at least.
    Max,
    /// The smallest of them.
    Min,
}

/// An operation. The number of arguments is one but where said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// Two arguments.
    Add,
    /// Two arguments.
    Sub,
    /// Two arguments, scalars or matrices; the order is that of matrices.
    Mul,
    /// Two arguments, the second a scalar.
    Div,
    /// Opposite.
    Neg,
    /// An integer power; `x^0 = 1`.
    Power(i32),
    /// A real power, two arguments, of what is positive.
    RealPower,
    /// Square root of what is not negative.
    Sqrt,
    /// Absolute value.
    Abs,
    /// Exponential.
    Exp,
    /// Natural logarithm.
    Ln,
    /// `(exp(v) - sum_{k < n} v^k/k!)/v^n = sum_k v^k/(k+n)!`: increasing, 1/n! at 0.
    ExpRest(u32),
    /// `ln(1 + x)/x` for x > -1: decreasing, 1 at 0.
    LnOver,
    /// The larger of two.
    Max,
    /// The smaller of two.
    Min,
    /// Transpose.
    Transpose,
    /// Euclidean norm of a vector, operator norm of a matrix.
    Norm,
    /// Smallest singular value.
    SigmaMin,
    /// Squared Frobenius norm: sum of the squares of the entries.
    Square,
    /// Inner product of two vectors, or of two matrices by entries.
    Dot,
}

impl From<Node> for Expr {
    fn from(node: Node) -> Self {
        Self(Arc::new(node))
    }
}
impl From<Rational> for Expr {
    fn from(q: Rational) -> Self {
        Node::Number(q).into()
    }
}
impl From<&Rational> for Expr {
    fn from(q: &Rational) -> Self {
        q.clone().into()
    }
}
impl From<i64> for Expr {
    fn from(n: i64) -> Self {
        Rational::from(n).into()
    }
}
impl From<&Self> for Expr {
    fn from(e: &Self) -> Self {
        e.clone()
    }
}

/// The fraction `num / den`.
///
/// # Panics
/// For `den = 0`.
pub fn fraction(num: i64, den: i64) -> Expr {
    Rational::new(num, den).into()
}
/// A variable, an index, or a symbol without an index.
pub fn var(name: &'static str) -> Expr {
    Node::Symbol(name, Vec::new()).into()
}
/// A symbol with an index: `W_k`.
pub fn at(name: &'static str, index: impl Into<Expr>) -> Expr {
    Node::Symbol(name, vec![index.into()]).into()
}
/// A symbol with two indices: `D_{k,m}`.
pub fn at2(name: &'static str, first: impl Into<Expr>, second: impl Into<Expr>) -> Expr {
    Node::Symbol(name, vec![first.into(), second.into()]).into()
}
/// Variables by their names.
pub fn vars<const N: usize>(names: [&'static str; N]) -> [Expr; N] {
    names.map(var)
}
/// An operation on arguments of any number.
pub(super) fn op(op: Op, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Node::Op(op, arguments.into_iter().collect()).into()
}
/// The sum of `term` over `index` from `first` to `last`.
pub fn sum(index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>, term: impl Into<Expr>) -> Expr {
    Node::Fold(Fold::Sum, index, [first.into(), last.into(), term.into()]).into()
}
/// The product of `term` over `index` from `first` (on the left) to `last`.
///
/// For first > last it runs downwards, so it is never empty; [`descent`] and [`ascent`] are products that may be
/// empty.
pub fn product(index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>, term: impl Into<Expr>) -> Expr {
    Node::Fold(Fold::Product, index, [first.into(), last.into(), term.into()]).into()
}
/// The product of `term` downwards over `index` from `first` (on the left): `W_k .. W_{j+1}`, the identity for k = j.
pub fn descent(index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>, term: impl Into<Expr>) -> Expr {
    Node::Fold(Fold::Descent, index, [first.into(), last.into(), term.into()]).into()
}
/// The product of `term` upwards over `index` from `first` (on the left), the identity for first > last.
pub fn ascent(index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>, term: impl Into<Expr>) -> Expr {
    Node::Fold(Fold::Ascent, index, [first.into(), last.into(), term.into()]).into()
}
/// The largest `term` over `index` from `first` to `last`.
///
/// Its range must not be empty: [`super::evaluate`] refuses an extreme of nothing.
pub fn max_over(index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>, term: impl Into<Expr>) -> Expr {
    Node::Fold(Fold::Max, index, [first.into(), last.into(), term.into()]).into()
}
/// The smallest `term` over `index` from `first` to `last`.
pub fn min_over(index: &'static str, first: impl Into<Expr>, last: impl Into<Expr>, term: impl Into<Expr>) -> Expr {
    Node::Fold(Fold::Min, index, [first.into(), last.into(), term.into()]).into()
}
/// `value` where `condition` holds, `otherwise` elsewhere.
///
/// A condition that enclosures do not decide gives the hull of both values in [`super::Tape`], and an error in
/// [`super::evaluate`].
pub fn cases(condition: Says, value: impl Into<Expr>, otherwise: impl Into<Expr>) -> Expr {
    Node::Cases(vec![(condition, value.into())], otherwise.into()).into()
}

macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident $op:expr;)*) => { $(
        $(#[$doc])*
        pub fn $name(e: impl Into<Expr>) -> Expr {
            op($op, [e.into()])
        }
    )* };
}
unary! {
    /// Square root.
    sqrt Op::Sqrt;
    /// Absolute value.
    abs Op::Abs;
    /// Exponential.
    exp Op::Exp;
    /// Natural logarithm.
    ln Op::Ln;
    /// `ln(1 + x)/x`, continued by 1 at 0.
    ln_over Op::LnOver;
    /// Euclidean norm of a vector, operator norm of a matrix.
    norm Op::Norm;
    /// Smallest singular value.
    sigma_min Op::SigmaMin;
    /// Squared Frobenius norm.
    square Op::Square;
    /// Transpose.
    transpose Op::Transpose;
}
/// Frobenius norm.
pub fn norm_f(e: impl Into<Expr>) -> Expr {
    sqrt(square(e))
}
/// Inner product.
pub fn dot(a: impl Into<Expr>, b: impl Into<Expr>) -> Expr {
    op(Op::Dot, [a.into(), b.into()])
}
/// The larger of two.
pub fn max(a: impl Into<Expr>, b: impl Into<Expr>) -> Expr {
    op(Op::Max, [a.into(), b.into()])
}
/// The smaller of two.
pub fn min(a: impl Into<Expr>, b: impl Into<Expr>) -> Expr {
    op(Op::Min, [a.into(), b.into()])
}
/// `(exp(v) - sum_{k < n} v^k/k!)/v^n`, continued by 1/n! at 0.
///
/// The remainder of the exponential series over its leading power: what the paper's estimates of `exp(v) - 1` and
/// `exp(v) - 1 - v` are about. Printed by its definition, evaluated without cancellation.
pub fn exp_rest(n: u32, v: impl Into<Expr>) -> Expr {
    op(Op::ExpRest(n), [v.into()])
}

macro_rules! operators {
    ($($trait:ident $method:ident)*) => { $(
        impl<B: Into<Expr>> $trait<B> for Expr {
            type Output = Expr;
            fn $method(self, b: B) -> Expr {
                op(Op::$trait, [self, b.into()])
            }
        }
        impl<B: Into<Expr>> $trait<B> for &Expr {
            type Output = Expr;
            fn $method(self, b: B) -> Expr {
                op(Op::$trait, [self.clone(), b.into()])
            }
        }
        impl $trait<Expr> for i64 {
            type Output = Expr;
            fn $method(self, b: Expr) -> Expr {
                op(Op::$trait, [self.into(), b])
            }
        }
        impl $trait<&Expr> for i64 {
            type Output = Expr;
            fn $method(self, b: &Expr) -> Expr {
                op(Op::$trait, [self.into(), b.clone()])
            }
        }
    )* };
}
operators!(Add add Sub sub Mul mul Div div);

impl Neg for Expr {
    type Output = Self;
    fn neg(self) -> Self {
        op(Op::Neg, [self])
    }
}
impl Neg for &Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        op(Op::Neg, [self.clone()])
    }
}

impl Expr {
    /// An integer power.
    ///
    /// `x^0 = 1` for every x; a negative power of 0 has no value.
    #[must_use]
    pub fn pow(&self, n: i32) -> Self {
        op(Op::Power(n), [self.clone()])
    }
    /// A real power, of what is positive.
    ///
    /// `norm(w*)^(2 - 2/L)` is one. Where the exponent comes to a rational the power is exact or a root, and 0 to a
    /// positive exponent is 0; where it comes to an integer the base may be negative ([`super::evaluate`]).
    #[must_use]
    pub fn power(&self, exponent: impl Into<Self>) -> Self {
        op(Op::RealPower, [self.clone(), exponent.into()])
    }
    /// `self >= other`.
    pub fn at_least(&self, other: impl Into<Self>) -> Says {
        Says::from(self).then(Relation::AtLeast, other)
    }
    /// `self <= other`.
    pub fn at_most(&self, other: impl Into<Self>) -> Says {
        Says::from(self).then(Relation::AtMost, other)
    }
    /// `self = other`.
    pub fn equals(&self, other: impl Into<Self>) -> Says {
        Says::from(self).then(Relation::Equals, other)
    }
    /// `self > other`.
    pub fn above(&self, other: impl Into<Self>) -> Says {
        Says::from(self).then(Relation::Above, other)
    }
    /// `self < other`.
    pub fn below(&self, other: impl Into<Self>) -> Says {
        Says::from(self).then(Relation::Below, other)
    }
    /// The node.
    pub fn node(&self) -> &Node {
        &self.0
    }
    /// The name of a symbol without index.
    pub fn name(&self) -> Option<&'static str> {
        match self.node() {
            Node::Symbol(name, indices) if indices.is_empty() => Some(name),
            _ => None,
        }
    }
    /// The number, where it is one.
    pub fn number(&self) -> Option<&Rational> {
        match self.node() {
            Node::Number(q) => Some(q),
            _ => None,
        }
    }
    /// Sub-expressions, from the left; those of the conditions of cases included.
    pub fn children(&self) -> Vec<&Self> {
        match self.node() {
            Node::Number(_) => Vec::new(),
            Node::Symbol(_, v) | Node::Op(_, v) => v.iter().collect(),
            Node::Fold(_, _, v) => v.iter().collect(),
            Node::Cases(list, last) => {
                list.iter().flat_map(|(c, e)| c.expressions().chain([e])).chain([last]).collect()
            }
        }
    }
    /// The same node with its children mapped.
    #[must_use]
    pub fn map(&self, f: &mut dyn FnMut(&Self) -> Self) -> Self {
        match self.node() {
            Node::Number(_) => self.clone(),
            Node::Symbol(name, v) => Node::Symbol(name, v.iter().map(f).collect()).into(),
            Node::Op(o, v) => Node::Op(*o, v.iter().map(f).collect()).into(),
            Node::Fold(fold, index, v) => Node::Fold(*fold, index, v.each_ref().map(f)).into(),
            Node::Cases(list, last) => {
                let list = list.iter().map(|(c, e)| (c.map(f), f(e))).collect();
                Node::Cases(list, f(last)).into()
            }
        }
    }
    /// Top down: where `f` gives an expression, it takes the place of the node; elsewhere the children are rewritten.
    ///
    /// What `f` gives is not searched again.
    #[must_use]
    pub fn rewrite(&self, f: &mut dyn FnMut(&Self) -> Option<Self>) -> Self {
        f(self).unwrap_or_else(|| self.map(&mut |child| child.rewrite(f)))
    }
    /// `by` in every place of `what`.
    ///
    /// Indices that folds bind are not renamed: an expression `by` that contains the name of one is captured.
    #[must_use]
    pub fn put(&self, what: &Self, by: &Self) -> Self {
        self.rewrite(&mut |e| (e == what).then(|| by.clone()))
    }
    /// Names of the symbols without index, but for the indices that folds bind.
    ///
    /// Sorted, each once. Names with indices (`W_k`) are not listed; the names in their indices are.
    pub fn free(&self) -> Vec<&'static str> {
        let mut out = match self.node() {
            Node::Symbol(name, v) if v.is_empty() => vec![*name],
            Node::Fold(_, index, [first, last, term]) => {
                let mut inner = term.free();
                inner.retain(|n| n != index);
                [first.free(), last.free(), inner].concat()
            }
            _ => self.children().into_iter().flat_map(Self::free).collect(),
        };
        out.sort_unstable();
        out.dedup();
        out
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::Text.expression(self))
    }
}

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
    ///
    /// `greater >= lesser` is the form to which all readings bring an inequality.
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
///
/// A chain `a <= b <= c` says both links. The ends of an inner range may depend on outer indices. With an empty range
/// it says nothing, which [`super::holds`] refuses to count as true.
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
    /// The chain with one more member.
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
    /// `.. > e`.
    #[must_use]
    pub fn above(self, e: impl Into<Expr>) -> Self {
        self.then(Relation::Above, e)
    }
    /// For all values of the index from first to last; the last one given is the outermost.
    ///
    /// It binds in the statement's own chain and in the statements joined to it: those are read within its ranges,
    /// each with its own indices besides.
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
    /// Is it stated for the values of an index, or one of the statements joined to it?
    pub(super) fn has_index(&self) -> bool {
        !self.each.is_empty() || self.and.iter().any(Self::has_index)
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
