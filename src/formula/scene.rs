//! The reading in numbers: a scene supplies the symbols, in any arithmetic.

use super::expr::{Expr, Fold, Node, Op};
use super::normal::rest_written_out;
use super::tape::{binary, unary};
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::formula::expr::{Relation, Says};
use crate::linalg::{largest_singular_value, smallest_singular_value};
use nalgebra::{DMatrix, DVector, Scalar};
use num_traits::{One, Zero};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What a symbol or an expression stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<T> {
    /// A number.
    Scalar(T),
    /// A matrix; a vector is a matrix of one column.
    Matrix(DMatrix<T>),
    /// The product of no matrices: the identity of whatever size.
    Unit,
}

/// Supplies the values of symbols.
pub trait Scene<T> {
    /// The value of the symbol with these indices; `None` where it has none.
    fn get(&self, name: &str, indices: &[i64]) -> Option<Value<T>>;
    /// The formula of a symbol that is printed by its name and evaluated by its definition.
    fn definition(&self, _name: &str, _indices: &[i64]) -> Option<Expr> {
        None
    }
}

/// The values of the symbols of one name, by their indices.
type Family<T> = Vec<(Vec<i64>, Value<T>)>;

/// A scene of symbols given one by one.
#[derive(Clone)]
pub struct Table<T> {
    values: HashMap<String, Family<T>>,
    definitions: HashMap<&'static str, (Vec<&'static str>, Expr)>,
    enclosed: HashMap<&'static str, ByBits>,
}

/// A real number at any precision.
type ByBits = Arc<dyn Fn(u32) -> Big + Send + Sync>;

impl<T: fmt::Debug> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let enclosed: Vec<_> = self.enclosed.keys().collect();
        f.debug_tuple("Table").field(&self.values).field(&self.definitions).field(&enclosed).finish()
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { values: HashMap::new(), definitions: HashMap::new(), enclosed: HashMap::new() }
    }
}

impl<T> Table<T> {
    fn known(&self, name: &str, indices: &[i64]) -> Option<&Value<T>> {
        self.values.get(name)?.iter().find(|(at, _)| at == indices).map(|(_, value)| value)
    }
    fn with(mut self, name: &str, indices: &[i64], value: Value<T>) -> Self {
        let known = self.values.entry(name.into()).or_default();
        known.retain(|(at, _)| at != indices);
        known.push((indices.to_vec(), value));
        self
    }
    /// With a number of this name.
    #[must_use]
    pub fn scalar(self, name: &str, value: T) -> Self {
        self.with(name, &[], Value::Scalar(value))
    }
    /// With a matrix of this name and these indices.
    #[must_use]
    pub fn matrix(self, name: &str, indices: &[i64], value: DMatrix<T>) -> Self {
        self.with(name, indices, Value::Matrix(value))
    }
    /// With a vector of this name.
    #[must_use]
    pub fn vector(self, name: &str, value: &DVector<T>) -> Self
    where
        T: Scalar,
    {
        self.matrix(name, &[], DMatrix::from_column_slice(value.len(), 1, value.as_slice()))
    }
    /// With matrices of this name, the index from 1 on.
    #[must_use]
    pub fn family(self, name: &str, values: impl IntoIterator<Item = DMatrix<T>>) -> Self {
        values.into_iter().zip(1..).fold(self, |table, (m, k)| table.matrix(name, &[k], m))
    }
    /// With a symbol, printed by its name, that stands for a formula of its indices.
    #[must_use]
    pub fn define(mut self, name: &'static str, indices: &[&'static str], formula: impl Into<Expr>) -> Self {
        self.definitions.insert(name, (indices.to_vec(), formula.into()));
        self
    }
}

impl Table<Rational> {
    /// With a real number that is known by its enclosures only, one for each number of bits: a probability.
    #[must_use]
    pub fn enclosed(mut self, name: &'static str, value: impl Fn(u32) -> Big + Send + Sync + 'static) -> Self {
        self.enclosed.insert(name, Arc::new(value));
        self
    }
    /// The rational value of a symbol, as enclosures of so many bits.
    pub fn enclose<E: Enclosure>(&self, name: &str, indices: &[i64], bits: u32) -> Option<Value<E>> {
        let of = |q: &Rational| E::from_rational(q, bits);
        Some(match self.known(name, indices)? {
            Value::Scalar(q) => Value::Scalar(of(q)),
            Value::Matrix(m) => Value::Matrix(m.map(|q| of(&q))),
            Value::Unit => Value::Unit,
        })
    }
    /// The same numbers as enclosures.
    pub fn with_bits(&self, bits: u32) -> Enclosed<'_> {
        Enclosed { exact: self, bits }
    }
}

/// A scene of exact numbers, read as enclosures of so many bits.
#[derive(Clone, Copy, Debug)]
pub struct Enclosed<'a> {
    exact: &'a Table<Rational>,
    bits: u32,
}

impl Scene<Big> for Enclosed<'_> {
    fn get(&self, name: &str, indices: &[i64]) -> Option<Value<Big>> {
        if let Some(at) = self.exact.enclosed.get(name).filter(|_| indices.is_empty()) {
            return Some(Value::Scalar(at(self.bits)));
        }
        self.exact.enclose(name, indices, self.bits)
    }
    fn definition(&self, name: &str, indices: &[i64]) -> Option<Expr> {
        self.exact.definition(name, indices)
    }
}

impl<T: Clone> Scene<T> for Table<T> {
    fn get(&self, name: &str, indices: &[i64]) -> Option<Value<T>> {
        self.known(name, indices).cloned()
    }
    fn definition(&self, name: &str, indices: &[i64]) -> Option<Expr> {
        let (names, formula) = self.definitions.get(name)?;
        let put = |e: Expr, (name, at): (&&'static str, &i64)| e.put(&super::var(name), &(*at).into());
        (names.len() == indices.len()).then(|| names.iter().zip(indices).fold(formula.clone(), put))
    }
}

/// An arithmetic in which formulas are read.
pub trait Reading: Field {
    /// An operation on one number.
    ///
    /// # Errors
    /// Where the result is not a number of this arithmetic (the root of 2 among rationals) or is undefined.
    fn unary(op: Op, a: &Self) -> Result<Self, String>;
    /// An operation on two numbers.
    ///
    /// # Errors
    /// As [`Reading::unary`].
    fn binary(op: Op, a: &Self, b: &Self) -> Result<Self, String>;
    /// Operator norm, or smallest singular value.
    ///
    /// # Errors
    /// As [`Reading::unary`].
    fn singular_value(a: &DMatrix<Self>, largest: bool) -> Result<Self, String>;
    /// `a^(num/den)`, a >= 0 and den > 1; `None` where it is not a number of this arithmetic.
    fn root(a: &Self, num: i64, den: u32) -> Option<Self>;
    /// Numerator and denominator, where both are known and small.
    fn ratio(a: &Self) -> Option<(i64, u32)>;
    /// Does the relation hold? `None` where enclosures do not decide it; they never decide that numbers are equal.
    fn compare(a: &Self, relation: Relation, b: &Self) -> Option<bool>;
}

impl Reading for Rational {
    fn unary(op: Op, a: &Self) -> Result<Self, String> {
        let irrational = || format!("{op:?} of {a} is not rational");
        match op {
            Op::Neg => Ok(-a),
            Op::Power(n) if n < 0 && a.is_zero() => Err("a division by zero".into()),
            Op::Power(n) if n < 0 => Ok(1 / a.powi(n.unsigned_abs())),
            Op::Power(n) => Ok(a.powi(n.unsigned_abs())),
            Op::Abs => Ok(a.abs()),
            Op::Sqrt => a.exact_sqrt().ok_or_else(irrational),
            Op::Exp | Op::LnOver if a.is_zero() => Ok(Self::one()),
            Op::Ln if a.is_one() => Ok(Self::zero()),
            Op::ExpRest(n) if a.is_zero() => Ok(1 / (1..=i64::from(n)).fold(Self::one(), |p, k| p * k)),
            _ => Err(irrational()),
        }
    }
    fn binary(op: Op, a: &Self, b: &Self) -> Result<Self, String> {
        match op {
            Op::Add => Ok(a + b),
            Op::Sub => Ok(a - b),
            Op::Mul => Ok(a * b),
            Op::Div if b.is_zero() => Err("a division by zero".into()),
            Op::Div => Ok(a / b),
            Op::Max => Ok(a.clone().max(b.clone())),
            Op::Min => Ok(a.clone().min(b.clone())),
            Op::RealPower => match Self::ratio(b) {
                Some((num, 1)) => i32::try_from(num).ok().and_then(|n| Self::unary(Op::Power(n), a).ok()),
                Some((num, den)) => Self::root(a, num, den),
                None => None,
            }
            .ok_or_else(|| format!("{a}^({b}) is not rational")),
            _ => Err(format!("{op:?} of two numbers")),
        }
    }
    fn singular_value(a: &DMatrix<Self>, largest: bool) -> Result<Self, String> {
        if a.nrows().min(a.ncols()) == 1 || a.iter().all(Zero::is_zero) {
            let squared = a.iter().fold(Self::zero(), |s, v| s + v * v);
            return squared.exact_sqrt().ok_or_else(|| "the norm is not rational".into());
        }
        Err(format!("the {} singular value is not known to be rational", if largest { "largest" } else { "smallest" }))
    }
    fn root(a: &Self, num: i64, den: u32) -> Option<Self> {
        if a.is_zero() {
            return (num > 0).then(Self::zero);
        }
        Self::unary(Op::Power(i32::try_from(num).ok()?), &a.exact_root(den)?).ok()
    }
    fn ratio(a: &Self) -> Option<(i64, u32)> {
        Some((a.as_rug().numer().to_i64()?, a.as_rug().denom().to_u32()?))
    }
    fn compare(a: &Self, relation: Relation, b: &Self) -> Option<bool> {
        Some(match relation {
            Relation::AtLeast => a >= b,
            Relation::AtMost => a <= b,
            Relation::Equals => a == b,
            Relation::Above => a > b,
            Relation::Below => a < b,
        })
    }
}

/// Enclosures: every operation has a value, perhaps the whole line.
macro_rules! enclosures {
    ($($t:ty)*) => { $(
        impl Reading for $t {
            fn unary(op: Op, a: &Self) -> Result<Self, String> {
                Ok(unary(op, a))
            }
            fn binary(op: Op, a: &Self, b: &Self) -> Result<Self, String> {
                Ok(binary(op, a, b))
            }
            fn singular_value(a: &DMatrix<Self>, largest: bool) -> Result<Self, String> {
                Ok(if largest { largest_singular_value(a) } else { smallest_singular_value(a) })
            }
            fn root(a: &Self, num: i64, den: u32) -> Option<Self> {
                Some(a.pow_ratio(num, den))
            }
            fn ratio(a: &Self) -> Option<(i64, u32)> {
                let a = a.to_interval();
                let whole = a.lo() == a.hi() && a.lo().fract() == 0.0 && a.lo().abs() < f64::from(i32::MAX);
                whole.then_some((a.lo() as i64, 1))
            }
            fn compare(a: &Self, relation: Relation, b: &Self) -> Option<bool> {
                let (greater, lesser) = relation.order(a, b);
                let difference = greater - lesser;
                let opposite = -&difference;
                match relation {
                    Relation::Equals => (difference.is_positive() || opposite.is_positive()).then_some(false),
                    Relation::AtLeast | Relation::AtMost if difference.is_nonnegative() => Some(true),
                    Relation::AtLeast | Relation::AtMost => opposite.is_positive().then_some(false),
                    Relation::Above | Relation::Below if difference.is_positive() => Some(true),
                    Relation::Above | Relation::Below => opposite.is_nonnegative().then_some(false),
                }
            }
        }
    )* };
}
enclosures!(Interval Big);

/// The value of an expression in a scene, with `bits` of precision for constants.
///
/// # Errors
/// Names the symbol that has no value, the shapes that do not fit, the operation that has no result.
pub fn evaluate<T: Reading>(e: &Expr, scene: &dyn Scene<T>, bits: u32) -> Result<Value<T>, String> {
    Evaluator::new(scene, bits).value(e)
}

/// Both sides of one link at one value of the indices, and its relation.
pub type Sides<T> = (Result<Value<T>, String>, Relation, Result<Value<T>, String>);

/// Both sides of every link, at all values of the indices, in the order of the statement.
///
/// # Errors
/// Where an index has no value.
pub fn sides<T: Reading>(says: &Says, scene: &dyn Scene<T>, bits: u32) -> Result<Vec<Sides<T>>, String> {
    let mut out = Vec::new();
    Evaluator::new(scene, bits).each_link(says, &says.each, &mut |this, a, relation, b| {
        out.push((this.value(a), relation, this.value(b)));
        Ok(())
    })?;
    Ok(out)
}

/// Does the statement hold in the scene, for every value of its indices? `None` where enclosures do not decide it.
///
/// # Errors
/// As [`evaluate`]; also where a statement has no instance at all.
pub fn holds<T: Reading>(says: &Says, scene: &dyn Scene<T>, bits: u32) -> Result<Option<bool>, String> {
    let mut evaluator = Evaluator::new(scene, bits);
    let (verdict, instances) = evaluator.says(says, &says.each)?;
    if instances == 0 { Err("no index is in its range".into()) } else { Ok(verdict) }
}

/// Reads formulas at one precision; `indices` holds those that are bound around, the innermost last.
pub(super) struct Evaluator<'a, T> {
    pub scene: &'a dyn Scene<T>,
    bits: u32,
    pub indices: Vec<(&'static str, i64)>,
    /// Symbols that stand for formulas.
    known: HashMap<(&'static str, Vec<i64>), Value<T>>,
}

/// What is done with a link, at every value of the indices.
type Visit<'v, 'a, T> = dyn FnMut(&mut Evaluator<'a, T>, &Expr, Relation, &Expr) -> Result<(), String> + 'v;

impl<'a, T: Reading> Evaluator<'a, T> {
    pub fn new(scene: &'a dyn Scene<T>, bits: u32) -> Self {
        Self { scene, bits, indices: Vec::new(), known: HashMap::new() }
    }
    fn says(&mut self, says: &Says, each: &[super::Index]) -> Result<(Option<bool>, usize), String> {
        let mut out = (Some(true), 0);
        self.each_link(says, each, &mut |this, a, relation, b| {
            out = both(out, (this.link(a, relation, b)?, 1));
            Ok(())
        })?;
        Ok(out)
    }
    /// Every link of the statement, at all values of its indices.
    pub fn each_link(
        &mut self,
        says: &Says,
        each: &[super::Index],
        visit: &mut Visit<'_, 'a, T>,
    ) -> Result<(), String> {
        if let [(index, first, last), rest @ ..] = each {
            let (first, last) = (self.integer(first)?, self.integer(last)?);
            for i in first..=last {
                self.indices.push((index, i));
                let one = self.each_link(says, rest, visit);
                self.indices.pop();
                one?;
            }
            return Ok(());
        }
        let own = Says { and: Vec::new(), ..says.clone() };
        for (a, relation, b) in own.links() {
            visit(self, a, relation, b)?;
        }
        says.and.iter().try_for_each(|other| self.each_link(other, &other.each, visit))
    }
    fn link(&mut self, a: &Expr, relation: Relation, b: &Expr) -> Result<Option<bool>, String> {
        match (self.value(a)?, self.value(b)?) {
            (Value::Scalar(a), Value::Scalar(b)) => Ok(T::compare(&a, relation, &b)),
            (Value::Matrix(a), Value::Matrix(b)) if relation == Relation::Equals => {
                if a.shape() != b.shape() {
                    return Err(format!("{:?} = {:?}", a.shape(), b.shape()));
                }
                let entries = a.iter().zip(b.iter()).map(|(a, b)| (T::compare(a, relation, b), 1));
                Ok(entries.fold((Some(true), 0), both).0)
            }
            _ => Err(format!("{a:?} and {b:?} cannot be compared")),
        }
    }
    pub fn integer(&mut self, e: &Expr) -> Result<i64, String> {
        match e.node() {
            Node::Number(q) if q.as_rug().is_integer() => {
                q.as_rug().numer().to_i64().ok_or_else(|| format!("{q} as an index"))
            }
            Node::Symbol(name, v) if v.is_empty() => match self.indices.iter().rev().find(|i| i.0 == *name) {
                Some(index) => Ok(index.1),
                None => self.integer_symbol(name),
            },
            Node::Op(op @ (Op::Add | Op::Sub | Op::Mul), v) => {
                let (a, b) = (self.integer(&v[0])?, self.integer(&v[1])?);
                match op {
                    Op::Add => a.checked_add(b),
                    Op::Sub => a.checked_sub(b),
                    _ => a.checked_mul(b),
                }
                .ok_or_else(|| format!("{e:?} is too large an index"))
            }
            _ => Err(format!("{e:?} is not an index")),
        }
    }
    /// A symbol of the scene whose value is an integer: the depth.
    fn integer_symbol(&self, name: &'static str) -> Result<i64, String> {
        let Some(Value::Scalar(value)) = self.scene.get(name, &[]) else { return Err(format!("{name} has no value")) };
        match T::ratio(&value) {
            Some((n, 1)) => Ok(n),
            _ => Err(format!("{name} is not an index")),
        }
    }
    /// Numerator and denominator of an exponent that is a rational, exactly.
    pub fn ratio(&mut self, e: &Expr) -> Option<(i64, u32)> {
        if let Node::Op(op @ (Op::Add | Op::Sub | Op::Mul | Op::Div), v) = e.node() {
            let [(a, b), (c, d)] = [self.ratio(&v[0])?, self.ratio(&v[1])?];
            let [a, c] = [Rational::new(a, i64::from(b)), Rational::new(c, i64::from(d))];
            return Rational::ratio(&Rational::binary(*op, &a, &c).ok()?);
        }
        match (e.node(), self.value(e)) {
            (Node::Number(q), _) => Rational::ratio(q),
            (_, Ok(Value::Scalar(value))) => T::ratio(&value),
            _ => None,
        }
    }
    fn power(&self, base: &Value<T>, (num, den): (i64, u32)) -> Result<Value<T>, String> {
        let whole = i32::try_from(num).map_err(|_| "too large an exponent")?;
        match base {
            Value::Unit => Ok(Value::Unit),
            _ if den == 1 => self.operation(Op::Power(whole), std::slice::from_ref(base)),
            Value::Scalar(a) => {
                T::root(a, num, den).map(Value::Scalar).ok_or_else(|| format!("its power {num}/{den} is not rational"))
            }
            Value::Matrix(_) => Err("a root of a matrix".into()),
        }
    }
    pub fn value(&mut self, e: &Expr) -> Result<Value<T>, String> {
        match e.node() {
            Node::Number(q) => Ok(Value::Scalar(T::from_rational(q, self.bits))),
            Node::Symbol(name, v) if v.is_empty() && self.indices.iter().any(|i| i.0 == *name) => {
                Ok(Value::Scalar(T::from_i64(self.integer(e)?)))
            }
            Node::Symbol(name, v) => {
                let at = v.iter().map(|i| self.integer(i)).collect::<Result<Vec<_>, _>>()?;
                if let Some(value) = self.scene.get(name, &at) {
                    // A matrix of one entry is a number, as is a product that comes to one.
                    return Ok(match value {
                        Value::Matrix(m) if m.shape() == (1, 1) => Value::Scalar(m[(0, 0)].clone()),
                        other => other,
                    });
                }
                if let Some(value) = self.known.get(&(*name, at.clone())) {
                    return Ok(value.clone());
                }
                let definition = self.scene.definition(name, &at).ok_or_else(|| format!("{e:?} has no value"))?;
                let value = self.value(&definition)?;
                self.known.insert((name, at), value.clone());
                Ok(value)
            }
            // The square of the norm of a vector is a sum of squares.
            Node::Op(Op::Power(n), v) if n % 2 == 0 => match v[0].node() {
                Node::Op(Op::Norm, inner) => match self.value(&inner[0])? {
                    Value::Matrix(m) if m.nrows().min(m.ncols()) == 1 => {
                        let squared = m.iter().fold(T::zero(), |s, x| s + x * x);
                        T::unary(Op::Power(n / 2), &squared).map(Value::Scalar)
                    }
                    other => {
                        let norm = self.operation(Op::Norm, &[other]).map_err(|why| format!("{e:?}: {why}"))?;
                        self.operation(Op::Power(*n), &[norm])
                    }
                },
                _ => {
                    let base = self.value(&v[0])?;
                    self.operation(Op::Power(*n), &[base]).map_err(|why| format!("{e:?}: {why}"))
                }
            },
            Node::Op(Op::RealPower, v) => {
                let base = self.value(&v[0])?;
                let power = match self.ratio(&v[1]) {
                    Some(ratio) => self.power(&base, ratio),
                    None => self.value(&v[1]).and_then(|k| self.operation(Op::RealPower, &[base, k])),
                };
                power.map_err(|why| format!("{e:?}: {why}"))
            }
            // That the divisor is zero is told before what the dividend lacks.
            Node::Op(Op::Div, v) => {
                let below = self.value(&v[1])?;
                let told = |why: String| format!("{e:?}: {why}");
                if let Value::Scalar(b) = &below {
                    T::binary(Op::Div, &T::one(), b).map_err(told)?;
                }
                let above = self.value(&v[0])?;
                self.operation(Op::Div, &[above, below]).map_err(told)
            }
            Node::Op(op, v) => {
                let arguments = v.iter().map(|a| self.value(a)).collect::<Result<Vec<_>, _>>()?;
                match (&arguments[..], *op) {
                    ([Value::Scalar(_)], Op::ExpRest(n)) => match self.operation(*op, &arguments) {
                        Err(_) => self.value(&rest_written_out(n, &v[0])),
                        fine => fine,
                    },
                    ([Value::Unit], Op::Square) => self.square_of_unit(&v[0]),
                    _ => self.operation(*op, &arguments),
                }
                .map_err(|why| format!("{e:?}: {why}"))
            }
            Node::Fold(fold, index, [first, last, term]) => self.fold(*fold, index, first, last, term),
            Node::Cases(list, last) => {
                for (condition, value) in list {
                    match self.says(condition, &condition.each)?.0 {
                        Some(true) => return self.value(value),
                        Some(false) => {}
                        None => return Err(format!("{e:?}: the case is not decided")),
                    }
                }
                self.value(last)
            }
        }
    }
    fn fold(
        &mut self,
        fold: Fold,
        index: &'static str,
        first: &Expr,
        last: &Expr,
        term: &Expr,
    ) -> Result<Value<T>, String> {
        let (first, last) = (self.integer(first)?, self.integer(last)?);
        // A product runs downwards from the larger to the smaller.
        let downwards = fold == Fold::Descent || fold == Fold::Product && first > last;
        let range: Vec<i64> = if downwards { (last..=first).rev().collect() } else { (first..=last).collect() };
        let operation = match fold {
            Fold::Sum => Op::Add,
            Fold::Max => Op::Max,
            Fold::Min => Op::Min,
            Fold::Product | Fold::Descent | Fold::Ascent => Op::Mul,
        };
        let mut out: Option<Value<T>> = None;
        for i in range {
            self.indices.push((index, i));
            let value = self.value(term);
            self.indices.pop();
            let value = value?;
            out = Some(match out {
                None => value,
                Some(so_far) => self.operation(operation, &[so_far, value])?,
            });
        }
        match (out, fold) {
            (Some(out), _) => Ok(out),
            (None, Fold::Sum) => Ok(Value::Scalar(T::zero())),
            (None, Fold::Max | Fold::Min) => Err(format!("an extreme of no {term:?}")),
            (None, _) => Ok(Value::Unit),
        }
    }
    fn operation(&self, op: Op, v: &[Value<T>]) -> Result<Value<T>, String> {
        use Value::{Matrix, Scalar, Unit};
        let scalar = |r: Result<T, String>| r.map(Scalar);
        match (op, v) {
            (Op::Norm | Op::SigmaMin | Op::Abs, [Unit]) => Ok(Scalar(T::one())),
            (Op::Transpose, [Unit]) => Ok(Unit),
            (Op::Mul, [Unit, x] | [x, Unit]) | (Op::Div, [x, Unit]) => Ok(x.clone()),
            (Op::Norm | Op::SigmaMin, [Scalar(a)]) => scalar(T::unary(Op::Abs, a)),
            (Op::Square, [Scalar(a)]) => Ok(Scalar(a * a)),
            (Op::Transpose, [Scalar(a)]) => Ok(Scalar(a.clone())),
            (Op::Dot, [Scalar(a), Scalar(b)]) => Ok(Scalar(a * b)),
            (_, [Scalar(a)]) => scalar(T::unary(op, a)),
            (_, [Scalar(a), Scalar(b)]) => scalar(T::binary(op, a, b)),
            (Op::Neg, [Matrix(a)]) => Ok(Matrix(-a.clone())),
            (Op::Transpose, [Matrix(a)]) => Ok(Matrix(a.transpose())),
            (Op::Square, [Matrix(a)]) => Ok(Scalar(a.iter().fold(T::zero(), |s, x| s + x * x))),
            (Op::Norm, [Matrix(a)]) if a.ncols() == 1 => {
                scalar(T::unary(Op::Sqrt, &a.iter().fold(T::zero(), |s, x| s + x * x)))
            }
            (Op::Norm, [Matrix(a)]) => scalar(T::singular_value(a, true)),
            (Op::SigmaMin, [Matrix(a)]) => scalar(T::singular_value(a, false)),
            (Op::Power(n), [Matrix(a)]) if n >= 0 && a.is_square() => {
                let one = DMatrix::identity(a.nrows(), a.nrows());
                Ok(Matrix((0..n).fold(one, |p, _| p * a)))
            }
            (Op::Mul, [Scalar(s), Matrix(a)] | [Matrix(a), Scalar(s)]) => Ok(Matrix(a.map(|x| x * s))),
            (Op::Div, [Matrix(a), Scalar(s)]) => {
                let divided = a.iter().map(|x| T::binary(Op::Div, x, s)).collect::<Result<Vec<_>, _>>()?;
                Ok(Matrix(DMatrix::from_vec(a.nrows(), a.ncols(), divided)))
            }
            (Op::Add | Op::Sub | Op::Dot, [Matrix(a), Matrix(b)]) if a.shape() == b.shape() => Ok(match op {
                Op::Add => Matrix(a + b),
                Op::Sub => Matrix(a - b),
                _ => Scalar(a.iter().zip(b.iter()).fold(T::zero(), |s, (x, y)| s + x * y)),
            }),
            (Op::Mul, [Matrix(a), Matrix(b)]) if a.ncols() == b.nrows() => {
                let c = a * b;
                Ok(if c.shape() == (1, 1) { Scalar(c[(0, 0)].clone()) } else { Matrix(c) })
            }
            (Op::Add | Op::Sub | Op::Mul | Op::Dot, [Matrix(a), Matrix(b)]) => {
                Err(format!("shapes {:?} and {:?}", a.shape(), b.shape()))
            }
            _ => Err(format!("{op:?} does not apply")),
        }
    }
}

fn both(a: (Option<bool>, usize), b: (Option<bool>, usize)) -> (Option<bool>, usize) {
    let verdict = match (a.0, b.0) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    (verdict, a.1 + b.1)
}
