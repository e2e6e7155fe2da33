//! A stated inequality that is a formula: decided in any arithmetic in which its symbols are enclosed at an instance.
//!
//! # The way of a statement
//!
//! [`decide_formula`] reads both sides of the one link of a formula at each rung of the ladder of [`decide`]: the
//! symbols are asked for enclosures at that precision, the formula is evaluated on them, and the difference of the
//! sides decides. Where no rung up to 128 bits decides, [`Symbols::exactly`] may: a reason that is exact and known to
//! whoever encloses the symbols, such as that both sides are the same number.
//!
//! A type gives the values of its symbols in *any* arithmetic, since the ladder goes from f64 intervals to MPFR. An
//! eigenvalue, a point of a flow or a probability is enclosed here as well as a number.

use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::formula::{Reading, Relation, Says, Scene, Sides, Table, Text, Value, sides};
use crate::harness::claim::{Comparison, Evaluation, Form, Statement, decide};
use crate::harness::evidence::Verdict;
use std::cell::OnceCell;

/// What the symbols of a formula stand for at one instance.
///
/// A value may be a scalar or a matrix. Its enclosure must contain the exact value at every precision; narrower at
/// higher ones is what lets the ladder end.
pub trait Symbols {
    /// The value of a symbol with these indices, enclosed with so many bits; `None` where it has none.
    ///
    /// A symbol without a value at some precision leaves the rung undecided.
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>>;
    /// As [`Comparison::exactly`]: is it true for a reason that no enclosure shows?
    fn exactly(&self, _says: &Says, _strength: &Rational) -> Option<bool> {
        None
    }
}

/// Exact numbers: where no enclosure tells the sides apart they decide in rationals.
impl Symbols for Table<Rational> {
    fn value<E: Enclosure + Reading>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        self.enclose(name, indices, bits)
    }
    fn exactly(&self, says: &Says, strength: &Rational) -> Option<bool> {
        holds_exactly(says, self, strength)
    }
}

/// The symbols of an instance as a scene at one precision.
struct WithBits<'a, S> {
    /// What encloses them.
    symbols: &'a S,
    /// The precision asked for.
    bits: u32,
}

impl<E: Enclosure + Reading, S: Symbols> Scene<E> for WithBits<'_, S> {
    fn get(&self, name: &str, indices: &[i64]) -> Option<Value<E>> {
        self.symbols.value(name, indices, self.bits)
    }
}

/// A formula at an instance, as a comparison of two sides.
struct Said<'a, S> {
    /// One inequality, weak.
    says: &'a Says,
    /// What encloses its symbols.
    symbols: &'a S,
    /// Why it has no sides.
    refused: OnceCell<String>,
}

/// The greater side and the lesser of one weak inequality.
///
/// # Errors
/// More or fewer than one link at all values of the indices; an equality or a strict relation; a side without a
/// value, or one that is no number.
fn ordered<T>(mut all: Vec<Sides<T>>) -> Result<(T, T), String> {
    let (1, Some((a, relation, b))) = (all.len(), all.pop()) else { return Err("not one inequality".into()) };
    match (a?, b?, relation) {
        (Value::Scalar(a), Value::Scalar(b), Relation::AtLeast | Relation::AtMost) => Ok(relation.order(a, b)),
        (Value::Scalar(_), Value::Scalar(_), _) => Err(format!("{relation:?} is not a weak inequality")),
        _ => Err(format!("{relation:?} between what is no number")),
    }
}

impl<S: Symbols> Said<'_, S> {
    /// The greater side and the lesser.
    ///
    /// # Errors
    /// As [`ordered`]; an index without a value.
    fn both<E: Enclosure + Reading>(&self, bits: u32) -> Result<(E, E), String> {
        ordered(sides(self.says, &WithBits { symbols: self.symbols, bits }, bits)?)
    }
}

impl<S: Symbols> Comparison for Said<'_, S> {
    fn sides<E: Enclosure + Reading>(&self, bits: u32) -> (E, E) {
        self.both(bits).unwrap_or_else(|why| {
            self.refused.get_or_init(|| why);
            let any = || E::from_interval(&Interval::ENTIRE, bits);
            (any(), any())
        })
    }
    fn exactly(&self, strength: &Rational) -> Option<bool> {
        self.symbols.exactly(self.says, strength)
    }
}

/// Decides `greater >= strength * lesser` for the sides of a formula with one link, as [`decide`] does; undecided where
/// a symbol has no value.
///
/// The verdict is *holds* or *fails* only as [`decide`] finds it. An equation, a strict relation and a chain of
/// several links have no pair of sides here: enclosures do not prove the first two, and a chain has no single margin.
/// They stay undecided. The reason that is told is the first that was met, if nothing decided.
pub fn decide_formula(says: &Says, symbols: &impl Symbols, strength: &Rational) -> Evaluation {
    let said = Said { says, symbols, refused: OnceCell::new() };
    let out = decide(&said, strength);
    // A symbol may have a value from some precision on.
    match said.refused.into_inner() {
        Some(why) if out.verdict == Verdict::Undecided => Evaluation::undecided(why),
        _ => out,
    }
}

/// Does `greater >= strength * lesser` hold in a scene of rationals? `None` where a side has no value there: for
/// [`Symbols::exactly`].
///
/// `None` too where a side is no number, an index has no value, or the statement is not one weak inequality.
pub fn holds_exactly(says: &Says, scene: &dyn Scene<Rational>, strength: &Rational) -> Option<bool> {
    let (greater, lesser) = ordered(sides(says, scene, 0).ok()?).ok()?;
    Some(greater >= strength * lesser)
}

/// A form whose words are its formula; `make` is one of the constructors of [`Form`].
///
/// The words and the statement cannot differ: the text of `says` is the form's, and `says` is what `body` gets.
pub fn stated<S: Statement>(
    make: fn(&'static str, String, S) -> Form,
    name: &'static str,
    says: Says,
    body: impl FnOnce(Says) -> S,
) -> Form {
    make(name, Text.says(&says), body(says))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::var;

    struct Root;

    impl Symbols for Root {
        fn value<E: Enclosure + Reading>(&self, name: &str, _: &[i64], bits: u32) -> Option<Value<E>> {
            match name {
                "x" => Some(Value::Scalar(E::from_rational(&2.into(), bits).sqrt())),
                // Known to whom has the bits.
                "late" => (bits > 53).then(|| Value::Scalar(E::one())),
                _ => None,
            }
        }
        fn exactly(&self, says: &Says, _: &Rational) -> Option<bool> {
            Text.says(says).starts_with("x^2").then_some(true)
        }
    }

    #[test]
    fn a_formula_is_decided_at_the_precision_that_it_takes() {
        let x = var("x");
        let decided = |says: Says| decide_formula(&says, &Root, &1.into());
        let quick = decided(x.at_least(1));
        assert_eq!((quick.verdict, &*quick.arithmetic), (Verdict::Holds, "f64 intervals"));
        // x^2 = 2 is an equality, and 2^-100 above it is none.
        let close = decided((&x * &x).at_most(2 + crate::formula::Expr::from(2).pow(-100)));
        assert_eq!((close.verdict, &*close.arithmetic), (Verdict::Holds, "MPFR 128"));
        assert_eq!(decided(x.pow(2).at_least(2)).verdict, Verdict::Holds);
        assert_eq!(decided((&x * &x).at_least(2)).verdict, Verdict::Undecided);
        assert_eq!(decided(x.at_most(1)).verdict, Verdict::Fails);
        assert_eq!(decided(x.at_most(var("y"))).reason.as_deref(), Some("y has no value"));
        assert_eq!(decided(x.at_least(var("late"))).verdict, Verdict::Holds);
        assert_eq!(decided(x.equals(1)).verdict, Verdict::Undecided);
    }

    #[test]
    fn exact_numbers_decide_equality_in_rationals() {
        let scene = Table::default().scalar("x", Rational::new(1, 3));
        let decided = |says: Says, strength: Rational| decide_formula(&says, &scene, &strength);
        let equal = decided((3 * var("x")).at_least(1), 1.into());
        assert_eq!((equal.verdict, &*equal.arithmetic), (Verdict::Holds, "exact rationals"));
        assert_eq!(decided((3 * var("x")).at_least(1), Rational::new(3, 2)).verdict, Verdict::Fails);
        // What is not one weak inequality is not read as one, be it true or false.
        let chain = (3 * var("x")).at_most(0).at_least(0);
        for says in [var("x").equals(0), (3 * var("x")).equals(1), (3 * var("x")).above(1), var("x").above(0), chain] {
            assert_eq!(decided(says.clone(), 1.into()).verdict, Verdict::Undecided, "{}", Text.says(&says));
            assert_eq!(holds_exactly(&says, &scene, &1.into()), None);
        }
        assert_eq!(
            decided(crate::formula::sqrt(var("x")).pow(2).at_least(var("x")), 1.into()).verdict,
            Verdict::Undecided
        );
    }
}
