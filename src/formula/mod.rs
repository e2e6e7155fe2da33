//! A formula is a value: one expression that is printed, evaluated, falsified and given to a proof assistant.
//!
//! | reading | by | of what |
//! | --- | --- | --- |
//! | exact rationals | [`evaluate`] over a [`Scene`] of rationals | identities, instances |
//! | enclosures ([`crate::arithmetic::Interval`], [`crate::arithmetic::Big`]) | [`evaluate`]; [`Tape`] for scalar formulas on boxes | inequalities |
//! | words | [`Text`], [`Latex`], [`Coq`] | everything; Coq: scalar formulas |
//! | exact algebra | [`Normal`] | identities between rational functions, powers and exponentials |
//! | sums of square roots, norms left as they are | [`in_roots`] | cases of equality |
//! | products of powers | [`in_powers`] | inequalities near equality |
//! | degree | [`degree`] | how improbable it is that a false identity holds at random points |
//!
//! A statement is a quantified chain of relations, [`Says`]. A planted error is an [`Edit`] of it, or one of its
//! [`mutants`]. A scalar inequality over an unbounded domain is brought to a box by a [`Reduction`], each part of which
//! is checked: coordinates and their inverse, their ranges by the hypotheses, a positive factor, and the reduced form
//! as an identity.
//!
//! ```
//! use flatcert::arithmetic::Rational;
//! use flatcert::formula::{Latex, Range, Reduction, Text, fraction, sqrt, var};
//! let (depth, l) = (var("L"), var("l"));
//! let says = (&depth / 2 + 1 - 2 * sqrt(&depth)).at_least(0);
//! assert_eq!(Text.says(&says), "L/2 + 1 - 2 sqrt(L) >= 0");
//! assert_eq!(Latex.says(&says), "\\frac{L}{2} + 1 - 2 \\sqrt{L} \\geq 0");
//! // On L >= 12, divided by L, in l = 1/L.
//! let reduction = |half: i64| {
//!     Reduction::on([Range::from("L", 12)])
//!         .coordinate(Range::within("l", 0, Rational::new(1, 12)), 1 / &depth)
//!         .inverse(&depth, 1 / &l)
//!         .cleared_by(1 / &depth, (fraction(1, half) + &l - 2 * sqrt(&l)).at_least(0))
//! };
//! assert!(reduction(2).check(&says).is_ok());
//! assert!(reduction(3).check(&says).is_err());
//! ```
//!
//! This room knows arithmetic and linear algebra only: no claim, no paper.

mod degree;
mod edit;
mod expr;
pub(crate) mod functions;
mod normal;
mod powers;
mod print;
mod reduction;
mod says;
mod scene;
mod surd;
mod tape;
#[cfg(test)]
mod tests;

pub use degree::{Degrees, degree};
pub use edit::{Edit, mutants};
pub use expr::{
    Expr, Fold, Index, Node, Op, Relation, Says, abs, ascent, at, at2, cases, descent, dot, exp, exp_rest, fraction,
    ln, ln_over, max, max_over, min, min_over, norm, norm_f, product, sigma_min, sqrt, square, sum, transpose, var,
    vars,
};
pub use normal::Normal;
pub use powers::in_powers;
pub use print::Style::{self, Coq, Latex, Text};
pub use reduction::{Coordinate, Link, Reduction};
pub use says::Range;
pub use scene::{Enclosed, Reading, Scene, Sides, Table, Value, evaluate, holds, sides};
pub use surd::{Surd, in_roots};
pub use tape::{Reader, Tape};
