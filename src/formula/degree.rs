//! Degrees: of numerator and denominator in the numbers that a scene draws.

use super::expr::{Expr, Fold, Node, Op};

/// Degrees of numerator and denominator.
pub type Degrees = (u64, u64);

/// Bounds on the degrees of numerator and denominator of `e`, a formula without roots or exponentials. `symbol` gives
/// those of a symbol, its indices as expressions; `terms` bounds the number of terms of a sum or product from first to
/// last.
///
/// A difference that is not zero vanishes at random numbers out of N with probability at most degree/N (Schwartz and
/// Zippel).
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
