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
//!
//! # Why a formula is a value
//!
//! The obvious way is a function that evaluates both sides, beside a string for the report. Then two texts must say
//! the same, and nothing holds them together: an error planted in the function is not the error that the report
//! shows, and what a proof assistant is given is a third text. Here there is one tree, and everything else is a
//! reading of it.
//!
//! # What the readings promise
//!
//! - [`evaluate`] over rationals is exact: it gives the value, or an error where the value is no rational number (the
//!   root of 2), a shape does not fit or a divisor is 0.
//! - [`evaluate`] over enclosures gives a set that contains the value; where nothing is known, the whole line.
//!   [`holds`] says yes or no only where the enclosures decide it, never yes to an equality of enclosures.
//! - [`Normal`] and [`in_roots`] prove equalities, [`in_powers`] an order; what they do not see is not decided. None
//!   of them proves that two sides differ, except by the order.
//! - A printed formula is the text of the tree that was evaluated. Only a factor 1 is left out, and the first and
//!   last factor of a product have the numbers in their indices added up.
//!
//! # Scenes
//!
//! A [`Scene`] gives the values of symbols: numbers, matrices of any shape, vectors as matrices of one column. A
//! symbol without value may have a definition, a formula that is evaluated in its place while its name is printed.
//! [`Table`] is a scene given symbol by symbol; [`Table::with_bits`] reads exact numbers as enclosures.
//! [`Value::Unit`] is the product of no matrices (`W_k .. W_{j+1}` for k = j): it takes the shape that its neighbour
//! in a product needs, its norm is 1, its squared Frobenius norm the number of its rows where a factor beside it tells
//! that, and [`holds`] refuses to compare it.
//!
//! Indices are integers: sums, differences and products of whole numbers, bound indices and symbols whose value is an
//! integer, such as the depth L. A matrix of one entry and a number are the same thing.
//!
//! The even powers of the Euclidean norm of a vector are evaluated as sums of squares, so they are exact over
//! rationals; a real power whose exponent comes to a rational is a root, an integer one a product.
//!
//! # Cost
//!
//! Reading a formula costs one operation of the arithmetic for each node and each value of the indices around it;
//! products of matrices are O(d^3) each, norms of enclosed matrices what [`crate::linalg`] takes for them. A symbol
//! that is defined by a formula is evaluated once for each list of indices. Equal sub-expressions are not shared,
//! except on a [`Tape`].

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
mod unit;

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
