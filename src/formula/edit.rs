//! Planted errors: edits of a formula, explicit or generated. The formula that is printed is untouched by them.
//!
//! A check that cannot fail proves nothing, so every step of a proof carries statements that are false and must be
//! refuted. An [`Edit`] plants one error where the author of the step asks for it; [`mutants`] makes all errors of a
//! list of kinds, for tests of the instrument itself.
//!
//! An edit says how often it must fit. One that fits nowhere would leave the statement true, and a control that is
//! true is not refuted: the mistake is told at once, in words, and not as a puzzling verdict.

use super::expr::{Expr, Node, Op};
use crate::arithmetic::Rational;
use crate::formula::expr::{Relation, Says};
use num_traits::Zero;

/// A change of a statement, addressed by a pattern. Unless said otherwise it must fit at exactly one place.
///
/// Places are found by equality of trees: `a + b` does not contain `b + a`. The search goes from the top, and does
/// not look inside of an expression that was replaced.
#[derive(Clone, Debug)]
pub enum Edit {
    /// One expression in place of another.
    Swap(Expr, Expr),
    /// The same at every place; there must be one.
    SwapAll(Expr, Expr),
    /// The same at the place of this number, from the left, the first being 0.
    SwapNth(usize, Expr, Expr),
    /// A term or factor left out: `a + e`, `a - e`, `a e`, `a/e` become a.
    Drop(Expr),
    /// `a + e` becomes `a - e` and the other way round; `-e` becomes e.
    FlipSign(Expr),
    /// The link of this number turned round.
    Turn(usize),
    /// The link of this number made strict.
    Strict(usize),
}

impl Edit {
    /// The statement with the error in it.
    ///
    /// Members of the chain, ends of ranges and joined statements are all searched. [`Edit::Turn`] and
    /// [`Edit::Strict`] address links of the statement's own chain; they do not reach joined statements, and do not
    /// fit an equality or, for the second, a relation that is strict already.
    ///
    /// # Errors
    /// Says at how many places the edit fits, where this is not what it asks for.
    pub fn apply(&self, says: &Says) -> Result<Says, String> {
        let mut hits = 0;
        let mut rewritten = |f: &mut dyn FnMut(&Expr) -> Option<Expr>| {
            says.map(&mut |e| e.rewrite(&mut |x| f(x).inspect(|_| hits += 1)))
        };
        let out = match self {
            Self::Swap(what, by) | Self::SwapAll(what, by) => rewritten(&mut |x| (x == what).then(|| by.clone())),
            Self::SwapNth(nth, what, by) => {
                let mut seen = 0;
                rewritten(&mut |x| {
                    seen += usize::from(x == what);
                    (x == what && seen == nth + 1).then(|| by.clone())
                })
            }
            Self::Drop(what) => rewritten(&mut |x| dropped(x, what)),
            Self::FlipSign(what) => rewritten(&mut |x| flipped(x, what)),
            Self::Turn(link) => {
                let mut out = says.clone();
                if let Some((relation, _)) = out.rest.get_mut(*link) {
                    hits = usize::from(*relation != relation.turned());
                    *relation = relation.turned();
                }
                out
            }
            Self::Strict(link) => {
                let mut out = says.clone();
                if let Some((relation, _)) = out.rest.get_mut(*link) {
                    hits = usize::from(matches!(relation, Relation::AtLeast | Relation::AtMost));
                    *relation = if *relation == Relation::AtLeast { Relation::Above } else { Relation::Below };
                }
                out
            }
        };
        let fits = if matches!(self, Self::SwapAll(..)) { hits > 0 } else { hits == 1 };
        if fits { Ok(out) } else { Err(format!("{self:?} fits at {hits} places of {}", super::Text.says(says))) }
    }
}

/// The node x without its argument `what`; `None` where it has none. A dropped minuend leaves the opposite, a dropped
/// dividend one over the divisor.
fn dropped(x: &Expr, what: &Expr) -> Option<Expr> {
    let Node::Op(op, arguments) = x.node() else { return None };
    match (op, &arguments[..]) {
        (Op::Add | Op::Sub | Op::Mul | Op::Div, [a, b]) if b == what => Some(a.clone()),
        (Op::Add | Op::Mul, [a, b]) if a == what => Some(b.clone()),
        (Op::Sub, [a, b]) if a == what => Some(-b),
        (Op::Div, [a, b]) if a == what => Some(1 / b),
        _ => None,
    }
}

/// The node x with the sign before `what` flipped; `None` where there is none. The first term of a sum has no sign of
/// its own.
fn flipped(x: &Expr, what: &Expr) -> Option<Expr> {
    let Node::Op(op, arguments) = x.node() else { return None };
    match (op, &arguments[..]) {
        (Op::Add, [a, b]) if b == what => Some(a - b),
        (Op::Sub, [a, b]) if b == what => Some(a + b),
        (Op::Neg, [a]) if a == what => Some(a.clone()),
        _ => None,
    }
}

/// Every statement with one error, and its kind in words: a term or factor dropped, a sign flipped, a constant doubled
/// or halved, a power lowered, an index or a range moved, a relation turned. Some of them may be true: whoever plants
/// them keeps those that change the truth.
///
/// Each has exactly one error. Ranges of the statement's own indices are not moved, conditions of cases are treated
/// like other expressions. The number of mutants is linear in the size of the formula, and each is a copy that shares
/// all but the path to its error.
pub fn mutants(says: &Says) -> Vec<(&'static str, Says)> {
    let mut out: Vec<_> =
        of_expression(&says.first).into_iter().map(|(kind, first)| (kind, Says { first, ..says.clone() })).collect();
    for link in 0..says.rest.len() {
        for (kind, e) in of_expression(&says.rest[link].1) {
            let mut mutant = says.clone();
            mutant.rest[link].1 = e;
            out.push((kind, mutant));
        }
        out.extend(Edit::Turn(link).apply(says).ok().map(|s| ("relation turned", s)));
    }
    for joined in 0..says.and.len() {
        for (kind, s) in mutants(&says.and[joined]) {
            let mut mutant = says.clone();
            mutant.and[joined] = s;
            out.push((kind, mutant));
        }
    }
    out
}

/// Errors in one expression: at its root, then in each of its parts, which takes the place of the part in a copy.
/// Inside an index of a symbol, and in the ends of a fold, nothing further is planted.
fn of_expression(e: &Expr) -> Vec<(&'static str, Expr)> {
    let mut out = at_root(e);
    let from = match e.node() {
        // Inside of an index the moves of the root are enough; so are they for the ends of a range.
        Node::Symbol(..) => return out,
        Node::Fold(..) => 2,
        _ => 0,
    };
    let children: Vec<Expr> = e.children().into_iter().cloned().collect();
    for (at, child) in children.iter().enumerate().skip(from) {
        for (kind, part) in of_expression(child) {
            let mut place = 0;
            out.push((
                kind,
                e.map(&mut |child| {
                    place += 1;
                    if place == at + 1 { part.clone() } else { child.clone() }
                }),
            ));
        }
    }
    out
}

/// Errors at the root of an expression, by its kind: a number is doubled and halved, a symbol with one index is moved
/// by one both ways, an operation loses an argument or a sign, a fold begins or ends one earlier or later.
fn at_root(e: &Expr) -> Vec<(&'static str, Expr)> {
    match e.node() {
        Node::Number(q) if !q.is_zero() => {
            vec![("constant doubled", Expr::from(q * 2)), ("constant halved", Expr::from(q * Rational::new(1, 2)))]
        }
        Node::Symbol(name, indices) if indices.len() == 1 => {
            let moved = |to: Expr| Node::Symbol(name, vec![to]).into();
            vec![("index moved", moved(&indices[0] + 1)), ("index moved", moved(&indices[0] - 1))]
        }
        Node::Op(op, arguments) => match (op, &arguments[..]) {
            (Op::Add, [a, b]) => {
                vec![("term dropped", a.clone()), ("term dropped", b.clone()), ("sign flipped", a - b)]
            }
            (Op::Sub, [a, b]) => vec![("term dropped", a.clone()), ("sign flipped", a + b)],
            (Op::Mul, [a, b]) => vec![("factor dropped", a.clone()), ("factor dropped", b.clone())],
            (Op::Div, [a, _]) => vec![("divisor dropped", a.clone())],
            (Op::Neg, [a]) => vec![("sign flipped", a.clone())],
            (Op::Power(2), [a]) => vec![("square lost", a.clone())],
            (Op::Power(n), [a]) => vec![("power lowered", a.pow(n - 1))],
            (Op::Transpose, [a]) => vec![("transpose dropped", a.clone())],
            _ => Vec::new(),
        },
        Node::Fold(fold, index, [first, last, term]) => {
            let again = |a: Expr, b: Expr| Node::Fold(*fold, index, [a, b, term.clone()]).into();
            vec![
                ("range moved", again(first + 1, last.clone())),
                ("range moved", again(first - 1, last.clone())),
                ("range moved", again(first.clone(), last + 1)),
                ("range moved", again(first.clone(), last - 1)),
            ]
        }
        _ => Vec::new(),
    }
}
