//! Scalar formulas as lists of instructions: fast evaluation in enclosures of any precision.
//!
//! Equal sub-expressions are evaluated once; what contains no variable is evaluated once per precision.
//!
//! # The way of a formula through it
//!
//! [`Tape::new`] walks over the tree once. The largest parts without a variable come first and are evaluated when a
//! [`Reader`] is made for a precision; the rest is evaluated at each box. A slot is the value of a variable or of an
//! instruction, and an instruction refers only to slots before it, so one pass in order computes the result: one
//! operation in the arithmetic for each distinct sub-expression.
//!
//! # What the result means
//!
//! By the inclusion property of the operations the set returned contains the value of the formula at every point of
//! the box at which it has one. A root or a logarithm of a set that reaches below zero is that of its part where it
//! is defined; an operation that is undefined otherwise gives the whole line. Later operations may narrow that (the
//! exponential of the whole line is not negative), so the result says nothing of points at which the formula has no
//! value. It can be too wide, and a subdivision then goes on; it does not exclude a true value. The same variable in
//! two places is two independent variables to the arithmetic: the usual overestimation, which vanishes with the width
//! of the box.
//!
//! A condition of a case that the box does not decide makes the result the hull of both values.

use super::expr::{Expr, Node, Op};
use super::functions::{entire, exp_rest, ln_over};
use crate::arithmetic::{Enclosure, Rational};
use crate::formula::Text;
use crate::formula::expr::{Relation, Says};
use std::collections::HashMap;

/// A formula compiled: a list of instructions over slots.
///
/// It is independent of the precision; [`Tape::with_bits`] prepares it for one.
pub struct Tape {
    /// Number of variables, which is the number of sets that a box must have.
    variables: usize,
    /// Instructions, each after those that it refers to; those without a variable first.
    code: Vec<Instruction>,
    /// Instructions before this one contain no variable.
    constants: usize,
    /// Where the value of the formula is.
    result: Slot,
}

/// The value of a variable or of an instruction.
#[derive(Clone, Copy)]
enum Slot {
    /// By its place in the list of variables.
    Variable(usize),
    /// By its place in the list of instructions.
    Code(usize),
}

/// Its arguments are slots.
enum Instruction {
    /// A constant, rounded outward to the precision of the reader.
    Number(Rational),
    /// An operation on one number.
    One(Op, Slot),
    /// An operation on two numbers.
    Two(Op, Slot, Slot),
    /// A rational power.
    ///
    /// The base x, num and den of `x^(num/den)`, den > 0: apart from a real power, because an exact exponent allows
    /// zero as a base and needs no logarithm.
    Root(Slot, i64, u32),
    /// `(differences that must not be negative (strictly: be positive), value there, value elsewhere)`.
    Cases(Vec<(Slot, bool)>, Slot, Slot),
}

impl Tape {
    /// Compiles `e`, a scalar formula in these variables.
    ///
    /// The free variables are collected at every node on the way down to the parts without one, so the cost is at
    /// most the number of nodes times the depth of the tree, and a look-up for each node.
    ///
    /// # Errors
    /// Names a symbol that is none of the variables, or an operation on vectors, a sum, or a condition with an index.
    pub fn new(e: &Expr, variables: &[&'static str]) -> Result<Self, String> {
        let mut out = Self { variables: variables.len(), code: Vec::new(), constants: 0, result: Slot::Code(0) };
        let mut seen = HashMap::new();
        out.emit_constants(e, &mut seen)?;
        out.constants = out.code.len();
        seen.extend(variables.iter().enumerate().map(|(i, name)| (super::var(name), Slot::Variable(i))));
        out.result = out.emit(e, &mut seen)?;
        Ok(out)
    }

    /// Emits the largest parts without a variable.
    fn emit_constants(&mut self, e: &Expr, seen: &mut HashMap<Expr, Slot>) -> Result<(), String> {
        if e.free().is_empty() {
            return self.emit(e, seen).map(drop);
        }
        e.children().into_iter().try_for_each(|child| self.emit_constants(child, seen))
    }

    /// Appends an instruction; the slot of its value.
    fn push(&mut self, i: Instruction) -> Slot {
        self.code.push(i);
        Slot::Code(self.code.len() - 1)
    }

    /// The slot of a sub-expression, with instructions appended for what is not known of it yet. Cases are nested
    /// from the last to the first.
    fn emit(&mut self, e: &Expr, seen: &mut HashMap<Expr, Slot>) -> Result<Slot, String> {
        if let Some(slot) = seen.get(e) {
            return Ok(*slot);
        }
        let slot = match e.node() {
            Node::Number(q) => self.push(Instruction::Number(q.clone())),
            Node::Op(Op::RealPower, v) if v[1].number().and_then(small_ratio).is_some() => {
                let (num, den) = v[1].number().and_then(small_ratio).ok_or("no ratio")?;
                let base = self.emit(&v[0], seen)?;
                self.push(Instruction::Root(base, num, den))
            }
            Node::Op(op, v) => {
                let arguments = v.iter().map(|a| self.emit(a, seen)).collect::<Result<Vec<_>, _>>()?;
                let vector = matches!(op, Op::Transpose | Op::Norm | Op::SigmaMin | Op::Square | Op::Dot);
                match arguments[..] {
                    [a] if !vector => self.push(Instruction::One(*op, a)),
                    [a, b] if !vector => self.push(Instruction::Two(*op, a, b)),
                    _ => return Err(format!("{e:?} is not a scalar formula")),
                }
            }
            Node::Cases(list, last) => {
                let mut otherwise = self.emit(last, seen)?;
                for (condition, value) in list.iter().rev() {
                    let value = self.emit(value, seen)?;
                    let condition = self.conditions(condition, seen)?;
                    otherwise = self.push(Instruction::Cases(condition, value, otherwise));
                }
                otherwise
            }
            Node::Symbol(..) | Node::Fold(..) => return Err(format!("{e:?} is not a variable of the formula")),
        };
        seen.insert(e.clone(), slot);
        Ok(slot)
    }

    /// A condition as differences, greater less lesser, and whether they must be positive; all of them must hold.
    /// An equality is two of them, one of each sign.
    ///
    /// # Errors
    /// A condition with an index of its own; what has no instruction.
    fn conditions(&mut self, says: &Says, seen: &mut HashMap<Expr, Slot>) -> Result<Vec<(Slot, bool)>, String> {
        if says.has_index() {
            return Err(format!("the condition {} has an index", Text.says(says)));
        }
        let mut out = Vec::new();
        for (a, relation, b) in says.links() {
            let (greater, lesser) = relation.order(a, b);
            out.push((self.emit(&(greater - lesser), seen)?, relation.is_strict()));
            if relation == Relation::Equals {
                out.push((self.emit(&(lesser - greater), seen)?, false));
            }
        }
        Ok(out)
    }

    /// Ready to be evaluated with `bits` of precision.
    ///
    /// Evaluates the constants: the part of the work that boxes share.
    pub fn with_bits<E: Enclosure>(&self, bits: u32) -> Reader<'_, E> {
        let mut reader = Reader { tape: self, bits, constants: Vec::new() };
        for instruction in &self.code[..self.constants] {
            let value = reader.step(instruction, &[], &[]);
            reader.constants.push(value);
        }
        reader
    }
}

/// Numerator and denominator, where both are small.
///
/// In 64 bits, and 32 for the denominator: what [`crate::arithmetic::Real::pow_ratio`] takes.
fn small_ratio(q: &Rational) -> Option<(i64, u32)> {
    Some((q.as_rug().numer().to_i64()?, q.as_rug().denom().to_u32()?))
}

/// A tape at one precision.
///
/// Made by [`Tape::with_bits`].
pub struct Reader<'a, E> {
    /// What is evaluated.
    tape: &'a Tape,
    /// Bits of the constants.
    bits: u32,
    /// Values of the first instructions of the tape.
    constants: Vec<E>,
}

impl<E: Enclosure> Reader<'_, E> {
    /// An enclosure of the values of the formula at the points of the box at which it has one. `at` has one set per
    /// variable.
    ///
    /// An `at` of another length gives the whole line.
    pub fn evaluate(&self, at: &[E]) -> E {
        if at.len() != self.tape.variables {
            return entire();
        }
        let mut slots = Vec::with_capacity(self.tape.code.len() - self.tape.constants);
        for instruction in &self.tape.code[self.tape.constants..] {
            let value = self.step(instruction, at, &slots);
            slots.push(value);
        }
        self.slot(self.tape.result, at, &slots).clone()
    }

    /// The value that a slot refers to.
    fn slot<'a>(&'a self, slot: Slot, at: &'a [E], slots: &'a [E]) -> &'a E {
        match slot {
            Slot::Variable(i) => &at[i],
            Slot::Code(i) => self.constants.get(i).unwrap_or_else(|| &slots[i - self.tape.constants]),
        }
    }

    /// One instruction. A condition holds where every difference certainly has the sign asked for, and fails where
    /// one certainly has not; else both values count.
    fn step(&self, instruction: &Instruction, at: &[E], slots: &[E]) -> E {
        let get = |slot: &Slot| self.slot(*slot, at, slots);
        match instruction {
            Instruction::Number(q) => E::from_rational(q, self.bits),
            Instruction::One(op, a) => unary(*op, get(a)),
            Instruction::Two(op, a, b) => binary(*op, get(a), get(b)),
            Instruction::Root(a, num, den) => get(a).pow_ratio(*num, *den),
            Instruction::Cases(conditions, there, elsewhere) => {
                let holds = |(slot, strict): &(Slot, bool)| {
                    let d = get(slot);
                    if *strict { d.is_positive() } else { d.is_nonnegative() }
                };
                let fails = |(slot, strict): &(Slot, bool)| {
                    let d = -get(slot);
                    if *strict { d.is_nonnegative() } else { d.is_positive() }
                };
                if conditions.iter().all(holds) {
                    get(there).clone()
                } else if conditions.iter().any(fails) {
                    get(elsewhere).clone()
                } else {
                    get(there).hull(get(elsewhere))
                }
            }
        }
    }
}

/// An operation on one scalar.
///
/// What is no operation on one number gives the whole line. An integer power with a negative exponent of a set that
/// touches zero from above is bounded below and unbounded above.
pub(super) fn unary<E: Enclosure>(op: Op, a: &E) -> E {
    match op {
        Op::Neg => -a,
        Op::Power(n) if n >= 0 => a.powi(n.unsigned_abs()),
        // Where a factor is zero, what is positive elsewhere has no upper bound.
        Op::Power(n) if a.is_nonnegative() => a.pow_ratio(i64::from(n), 1),
        Op::Power(n) => E::one() / a.powi(n.unsigned_abs()),
        Op::Sqrt => a.sqrt(),
        Op::Abs => a.abs(),
        Op::Exp => a.exp(),
        Op::Ln => a.ln(),
        Op::ExpRest(n) => exp_rest(n, a),
        Op::LnOver => ln_over(a),
        _ => entire(),
    }
}

/// An operation on two scalars.
///
/// `a^b = exp(b ln(a))` for a >= 0; a set of bases that reaches below zero gives the whole line, as does what is no
/// operation on two numbers.
pub(super) fn binary<E: Enclosure>(op: Op, a: &E, b: &E) -> E {
    match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::RealPower if a.is_nonnegative() => (b * a.ln()).exp(),
        Op::Max => a.max(b),
        Op::Min => a.min(b),
        _ => entire(),
    }
}
