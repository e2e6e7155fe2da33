//! Scalar formulas as lists of instructions: fast evaluation in enclosures of any precision.
//!
//! Equal sub-expressions are evaluated once; what contains no variable is evaluated once per precision.

use super::expr::{Expr, Node, Op};
use super::functions::{entire, exp_rest, ln_over};
use crate::arithmetic::{Enclosure, Rational};
use crate::formula::expr::Says;
use std::collections::HashMap;

/// A formula compiled: a list of instructions over slots.
pub struct Tape {
    variables: usize,
    code: Vec<Instruction>,
    /// Instructions before this one contain no variable.
    constants: usize,
    result: Slot,
}

/// The value of a variable or of an instruction.
#[derive(Clone, Copy)]
enum Slot {
    Variable(usize),
    Code(usize),
}

enum Instruction {
    Number(Rational),
    One(Op, Slot),
    Two(Op, Slot, Slot),
    /// A rational power.
    Root(Slot, i64, u32),
    /// `(differences that must not be negative (strictly: be positive), value there, value elsewhere)`.
    Cases(Vec<(Slot, bool)>, Slot, Slot),
}

impl Tape {
    /// Compiles `e`, a scalar formula in these variables.
    ///
    /// # Errors
    /// Names a symbol that is none of the variables, or an operation on vectors, or a sum.
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

    fn push(&mut self, i: Instruction) -> Slot {
        self.code.push(i);
        Slot::Code(self.code.len() - 1)
    }

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

    fn conditions(&mut self, says: &Says, seen: &mut HashMap<Expr, Slot>) -> Result<Vec<(Slot, bool)>, String> {
        let links = says.links().into_iter().map(|(a, r, b)| (r.order(a, b), r.is_strict()));
        links.map(|((a, b), strict)| Ok((self.emit(&(a - b), seen)?, strict))).collect()
    }

    /// Ready to be evaluated with `bits` of precision.
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
fn small_ratio(q: &Rational) -> Option<(i64, u32)> {
    Some((q.as_rug().numer().to_i64()?, q.as_rug().denom().to_u32()?))
}

/// A tape at one precision.
pub struct Reader<'a, E> {
    tape: &'a Tape,
    bits: u32,
    constants: Vec<E>,
}

impl<E: Enclosure> Reader<'_, E> {
    /// An enclosure of the values of the formula on the box; the whole line where it has none. `at` has one set per
    /// variable.
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

    fn slot<'a>(&'a self, slot: Slot, at: &'a [E], slots: &'a [E]) -> &'a E {
        match slot {
            Slot::Variable(i) => &at[i],
            Slot::Code(i) => self.constants.get(i).unwrap_or_else(|| &slots[i - self.tape.constants]),
        }
    }

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
