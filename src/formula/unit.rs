//! The size of the product of no matrices.
//!
//! Its operator norm and its smallest singular value are 1 whatever its size; its squared Frobenius norm is its number
//! of rows. A product `W_first .. W_last` that is empty has the size that lets it stand between its neighbours, the
//! factors that would come next at either end.

use super::expr::{Expr, Fold, Node, Op};
use super::scene::{Evaluator, Reading, Value};

impl<T: Reading> Evaluator<'_, T> {
    /// The squared Frobenius norm of an expression whose value is [`Value::Unit`].
    ///
    /// # Errors
    /// Where no neighbour has a value.
    pub(super) fn square_of_unit(&mut self, e: &Expr) -> Result<Value<T>, String> {
        let rows = self.rows_of_unit(e).ok_or_else(|| format!("the product of no matrices {e:?} has no size"))?;
        Ok(Value::Scalar(T::from_i64(rows as i64)))
    }

    /// The number of rows, and of columns, of such an expression, where a neighbour tells it.
    fn rows_of_unit(&mut self, e: &Expr) -> Option<usize> {
        match e.node() {
            Node::Op(Op::Transpose | Op::Mul, v) => v.iter().find_map(|e| self.rows_of_unit(e)),
            Node::Op(Op::Power(_) | Op::RealPower, v) => self.rows_of_unit(&v[0]),
            Node::Symbol(name, v) => {
                let at = v.iter().map(|i| self.integer(i)).collect::<Result<Vec<_>, _>>().ok()?;
                let formula = self.scene.definition(name, &at)?;
                self.rows_of_unit(&formula)
            }
            Node::Fold(fold @ (Fold::Product | Fold::Descent | Fold::Ascent), index, [first, last, term]) => {
                let step = if *fold == Fold::Descent { 1 } else { -1 };
                let (left, right) = (self.integer(first).ok()? + step, self.integer(last).ok()? - step);
                let mut shape = |i: i64| {
                    self.indices.push((index, i));
                    let value = self.value(term);
                    self.indices.pop();
                    match value.ok()? {
                        Value::Scalar(_) => Some((1, 1)),
                        Value::Matrix(m) => Some(m.shape()),
                        Value::Unit => None,
                    }
                };
                shape(right).map(|s| s.0).or_else(|| shape(left).map(|s| s.1))
            }
            _ => None,
        }
    }
}
