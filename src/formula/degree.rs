//! Degrees: of numerator and denominator in the numbers that a scene draws.
//!
//! A false identity `a = b` between rational formulas is a polynomial that is not zero: the numerator of `a - b`. Its
//! degree in the numbers drawn bounds the probability that it vanishes at a random point, and so how much a point
//! that passes is worth. The degrees here are read off the formula without a point; [`crate::arithmetic::Rational`]
//! carries the same bounds along with a value, which is what the steps of proofs use.

use super::expr::{Expr, Fold, Node, Op};

/// Degrees of numerator and denominator.
///
/// Bounds from above, before anything cancels.
pub type Degrees = (u64, u64);

/// Bounds on the degrees of numerator and denominator of `e`, a formula without roots or exponentials. `symbol` gives
/// those of a symbol, its indices as expressions; `terms` bounds the number of terms of a sum or product from first to
/// last.
///
/// A difference that is not zero vanishes at random numbers out of N with probability at most degree/N (Schwartz and
/// Zippel).
///
/// With `(a, b)` and `(c, d)` for numerators and denominators:
///
/// | formula | numerator | denominator |
/// | --- | --- | --- |
/// | `p/q + r/s`, `p/q - r/s` | `max(a + d, c + b)` | `b + d` |
/// | `p/q` times `r/s`, inner products | `a + c` | `b + d` |
/// | `(p/q)/(r/s)` | `a + d` | `b + c` |
/// | k-th power | `k a` | `k b` |
/// | sum of n terms | `a + (n - 1) b` | `n b` |
/// | product of n terms | `n a` | `n b` |
///
/// Entries of matrices have the degree of their symbol, so that a product of matrices, a sum of products of entries,
/// has the sum of the degrees as long as they are polynomials; the squared Frobenius norm has twice the degree.
/// Hypothesis: matrices have no denominators (the entries of a product of matrices with different denominators would
/// need them multiplied). Degrees that overflow 64 bits are not guarded against.
///
/// The cost is linear in the size of the tree.
///
/// # Errors
/// Names an operation that is not rational.
pub fn degree(
    e: &Expr,
    symbol: &dyn Fn(&str, &[Expr]) -> Degrees,
    terms: &dyn Fn(&Expr, &Expr) -> u64,
) -> Result<Degrees, String> {
    let of = |e: &Expr| degree(e, symbol, terms);
    match e.node() {
        Node::Number(_) => Ok((0, 0)),
        Node::Symbol(name, indices) => Ok(symbol(name, indices)),
        Node::Fold(fold, _, [first, last, term]) => {
            let ((a, b), n) = (of(term)?, terms(first, last));
            Ok(match fold {
                Fold::Product | Fold::Descent | Fold::Ascent => (a * n, b * n),
                Fold::Sum if b == 0 => (a, 0),
                Fold::Sum => (a + b * n.saturating_sub(1), b * n),
                Fold::Max | Fold::Min => return Err(format!("{e:?} is not rational")),
            })
        }
        Node::Cases(..) => Err(format!("{e:?} is not rational")),
        Node::Op(op, v) => {
            let d = v.iter().map(of).collect::<Result<Vec<_>, _>>()?;
            match (op, &d[..]) {
                (Op::Add | Op::Sub, [(a, b), (c, d)]) => Ok(((a + d).max(c + b), b + d)),
                (Op::Mul | Op::Dot, [(a, b), (c, d)]) => Ok((a + c, b + d)),
                (Op::Div, [(a, b), (c, d)]) => Ok((a + d, b + c)),
                (Op::Neg | Op::Transpose, [one]) => Ok(*one),
                (Op::Square, [(a, b)]) => Ok((2 * a, 2 * b)),
                (Op::Power(n), [(a, b)]) => {
                    let k = u64::from(n.unsigned_abs());
                    Ok(if *n < 0 { (k * b, k * a) } else { (k * a, k * b) })
                }
                _ => Err(format!("{e:?} is not rational")),
            }
        }
    }
}
