//! The entries of an array: doubles, or decimals with the doubles nearest to them.

use super::decimal::{Decimal, Number, rounded};
use crate::arithmetic::{Interval, Rational};
use std::collections::{BTreeMap, TryReserveError};
use std::ops::Range;

/// The entries of an array, column by column (as `nalgebra` stores a matrix).
///
/// Whatever they are, [`Values::nearest`] gives doubles at once; [`Values::is_double`], [`Values::pair`] and
/// [`Values::enclosure`] say without a rational how far they are from the numbers that the file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Every entry is a double; all are finite.
    Float(Vec<f64>),
    /// Some entry is not: decimals, integers beyond 2^53.
    Decimal(Decimals),
}

/// Decimals, some of which are no doubles: 18 bytes each where they have no more than 19 digits, 22 where some have up
/// to 28.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decimals {
    nearest: Vec<f64>,
    mantissa: Vec<u64>,
    /// Twice the decimal exponent, plus 1 for a negative number; [`LONG`] where the number is in `long`.
    scale: Vec<i16>,
    /// What the mantissas have above 64 bits; nothing as long as that is zero for all.
    high: Vec<u32>,
    /// Numbers of more digits, by place.
    long: BTreeMap<usize, Rational>,
}

/// Marks an entry with more than 28 digits.
const LONG: i16 = i16::MIN;

impl Decimals {
    /// Room for `length` numbers.
    ///
    /// # Errors
    /// The memory is not there.
    pub(super) fn with_capacity(length: usize) -> Result<Self, TryReserveError> {
        let mut out = Self::default();
        out.nearest.try_reserve_exact(length)?;
        out.mantissa.try_reserve_exact(length)?;
        out.scale.try_reserve_exact(length)?;
        Ok(out)
    }

    pub(super) fn push(&mut self, number: Number) {
        let (d, high) = match number {
            Number::Short(d) => (d, 0),
            Number::Wide(d, high) => (d, high),
            Number::Long(q) => {
                let nearest = q.to_f64();
                self.long.insert(self.nearest.len(), q);
                self.push_parts(nearest, 0, LONG, 0);
                return;
            }
        };
        self.push_parts(d.nearest, d.mantissa, 2 * d.exponent + i16::from(d.negative), high);
    }

    fn push_parts(&mut self, nearest: f64, mantissa: u64, scale: i16, high: u32) {
        if high != 0 || !self.high.is_empty() {
            self.high.resize(self.nearest.len(), 0);
            self.high.push(high);
        }
        self.nearest.push(nearest);
        self.mantissa.push(mantissa);
        self.scale.push(scale);
    }

    fn set(&mut self, at: usize, d: Decimal) {
        (self.nearest[at], self.mantissa[at]) = (d.nearest, d.mantissa);
        self.scale[at] = 2 * d.exponent + i16::from(d.negative);
    }

    fn upper(&self, at: usize) -> u32 {
        self.high.get(at).copied().unwrap_or(0)
    }

    /// The number, but for what its mantissa has above 64 bits.
    fn lower(&self, at: usize) -> Option<Decimal> {
        let scale = self.scale[at];
        (scale != LONG).then(|| Decimal {
            nearest: self.nearest[at],
            mantissa: self.mantissa[at],
            exponent: scale >> 1,
            negative: scale & 1 == 1,
        })
    }

    fn short(&self, at: usize) -> Option<Decimal> {
        self.lower(at).filter(|_| self.upper(at) == 0)
    }

    fn rational(&self, at: usize) -> Rational {
        match self.lower(at) {
            Some(d) => d.to_rational(self.upper(at)),
            None => self.long.get(&at).cloned().unwrap_or_else(|| Rational::from(0)),
        }
    }

    fn remainder(&self, at: usize) -> f64 {
        match self.short(at) {
            Some(d) => d.remainder(),
            None => Rational::from_f64(self.nearest[at]).map_or(0.0, |h| rounded(&(self.rational(at) - h))),
        }
    }

    /// Rows of `width` numbers laid end to end, in blocks of whole rows, put column by column.
    ///
    /// One array after another, each block's part given back as soon as it is copied: the peak is 26 bytes a number, 30
    /// where some have more than 19 digits.
    ///
    /// # Errors
    /// The memory is not there.
    pub(super) fn transpose(mut blocks: Vec<Self>, width: usize) -> Result<Self, TryReserveError> {
        let rows: usize = blocks.iter().map(|b| b.nearest.len() / width).sum();
        let (mut long, mut start) = (BTreeMap::new(), 0);
        for block in &mut blocks {
            let of_block = std::mem::take(&mut block.long).into_iter();
            long.extend(of_block.map(|(at, q)| (at % width * rows + start + at / width, q)));
            start += block.nearest.len() / width;
        }
        let mut high = Vec::new();
        if blocks.iter().any(|b| !b.high.is_empty()) {
            blocks.iter_mut().for_each(|b| b.high.resize(b.nearest.len(), 0));
            high = gather(&mut blocks, |b| std::mem::take(&mut b.high), rows, width)?;
        }
        Ok(Self {
            high,
            nearest: gather(&mut blocks, |b| std::mem::take(&mut b.nearest), rows, width)?,
            mantissa: gather(&mut blocks, |b| std::mem::take(&mut b.mantissa), rows, width)?,
            scale: gather(&mut blocks, |b| std::mem::take(&mut b.scale), rows, width)?,
            long,
        })
    }

    /// Removes the entries of one range and returns them.
    fn split(&mut self, range: Range<usize>) -> Self {
        let mut taken = Self::default();
        for (at, q) in std::mem::take(&mut self.long) {
            if range.contains(&at) {
                taken.long.insert(at - range.start, q);
            } else {
                self.long.insert(if at < range.start { at } else { at - range.len() }, q);
            }
        }
        taken.nearest = self.nearest.drain(range.clone()).collect();
        taken.mantissa = self.mantissa.drain(range.clone()).collect();
        taken.scale = self.scale.drain(range.clone()).collect();
        if !self.high.is_empty() {
            taken.high = self.high.drain(range).collect();
        }
        taken
    }
}

fn gather<T: Copy + Default>(
    blocks: &mut [Decimals],
    take: impl Fn(&mut Decimals) -> Vec<T>,
    rows: usize,
    width: usize,
) -> Result<Vec<T>, TryReserveError> {
    let mut out = Vec::new();
    out.try_reserve_exact(rows * width)?;
    out.resize(rows * width, T::default());
    let mut start = 0;
    for block in blocks {
        let from = take(block);
        let height = from.len() / width;
        for (j, column) in out.chunks_exact_mut(rows).enumerate() {
            for (v, row) in column[start..start + height].iter_mut().zip(from.chunks_exact(width)) {
                *v = row[j];
            }
        }
        start += height;
    }
    Ok(out)
}

fn behead<T>(column_major: &mut Vec<T>, rows: usize) {
    let mut at = 0;
    column_major.retain(|_| {
        at += 1;
        at % rows != 1 % rows
    });
}

impl Values {
    /// Doubles where every decimal is one.
    pub(super) fn of_decimals(decimals: Decimals) -> Self {
        let exact = (0..decimals.nearest.len()).all(|i| decimals.remainder(i) == 0.0);
        if exact { Self::Float(decimals.nearest) } else { Self::Decimal(decimals) }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.nearest().len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The double nearest to each entry.
    pub fn nearest(&self) -> &[f64] {
        match self {
            Self::Float(v) => v,
            Self::Decimal(d) => &d.nearest,
        }
    }

    /// Whether entry `at` is the double that [`Values::nearest`] gives.
    pub fn is_double(&self, at: usize) -> bool {
        self.pair(at).1 == 0.0
    }

    /// Entry x as a sum of two doubles `(h, l)`: h is the double nearest to x, and `|x - h - l| <= 2^-50 |l| +
    /// 2^-1074`; `l = 0` if and only if `x = h`. Takes some nanoseconds and no memory.
    pub fn pair(&self, at: usize) -> (f64, f64) {
        match self {
            Self::Float(v) => (v[at], 0.0),
            Self::Decimal(d) => (d.nearest[at], d.remainder(at)),
        }
    }

    /// The tightest interval with double ends around entry `at`.
    pub fn enclosure(&self, at: usize) -> Interval {
        let (h, l) = self.pair(at);
        match l {
            l if l > 0.0 => Interval::new(h, h.next_up()),
            l if l < 0.0 => Interval::new(h.next_down(), h),
            _ => Interval::point(h),
        }
    }

    /// Entry `at`, exactly.
    pub fn rational(&self, at: usize) -> Rational {
        match self {
            // Finite by construction.
            Self::Float(v) => Rational::from_f64(v[at]).unwrap_or_else(|| Rational::from(0)),
            Self::Decimal(d) => d.rational(at),
        }
    }

    /// The decimals of one range over one power of ten: integers and its exponent. `None` where one of them is not
    /// below 2^126, or all are doubles.
    pub(crate) fn over_ten(&self, range: Range<usize>) -> Option<(Vec<i128>, u32)> {
        let Self::Decimal(d) = self else { return None };
        let short: Option<Vec<Decimal>> = range.map(|at| d.short(at)).collect();
        let short = short?;
        let tens =
            short.iter().filter(|d| d.mantissa != 0).map(|d| -i32::from(d.exponent)).max().unwrap_or(0).max(0) as u32;
        let whole = |d: &Decimal| {
            if d.mantissa == 0 {
                return Some(0);
            }
            let raised = u32::try_from(i32::from(d.exponent) + tens as i32).ok()?;
            let v = i128::from(d.mantissa).checked_mul(10i128.checked_pow(raised)?).filter(|v| *v < 1 << 126)?;
            Some(if d.negative { -v } else { v })
        };
        Some((short.iter().map(whole).collect::<Option<_>>()?, tens))
    }

    /// The entries as exact rationals, some 60 bytes each: where a pair of doubles will do, see [`Values::pair`].
    pub fn to_rationals(&self) -> Vec<Rational> {
        (0..self.len()).map(|at| self.rational(at)).collect()
    }

    pub(super) fn set(&mut self, at: usize, v: f64) {
        match self {
            Self::Float(values) => values[at] = v,
            // Once one entry is no double, all are read as whole numbers.
            Self::Decimal(values) => {
                if let Some(d) = Decimal::whole(v as i128) {
                    values.set(at, d);
                }
            }
        }
    }

    /// Writes a whole number that is no double; all entries before it are whole numbers of 64 bits.
    ///
    /// # Errors
    /// The memory is not there.
    pub(super) fn set_whole(&mut self, at: usize, d: Decimal) -> Result<(), TryReserveError> {
        if let Self::Float(values) = self {
            let mut decimals = Decimals::with_capacity(values.len())?;
            for whole in values.iter().filter_map(|&v| Decimal::whole(v as i128)) {
                decimals.push(Number::Short(whole));
            }
            *self = Self::Decimal(decimals);
        }
        if let Self::Decimal(values) = self {
            values.set(at, d);
        }
        Ok(())
    }

    /// Takes the first of `rows` rows out of every column.
    pub(super) fn drop_first_row(&mut self, rows: usize) {
        match self {
            Self::Float(v) => behead(v, rows),
            Self::Decimal(d) => {
                behead(&mut d.nearest, rows);
                behead(&mut d.mantissa, rows);
                behead(&mut d.scale, rows);
                behead(&mut d.high, rows);
                let kept = std::mem::take(&mut d.long).into_iter().filter(|(at, _)| !at.is_multiple_of(rows));
                d.long = kept.map(|(at, q)| (at - at / rows - 1, q)).collect();
            }
        }
    }

    /// Removes the entries of one range and returns them.
    pub(super) fn split(&mut self, range: Range<usize>) -> Self {
        match self {
            Self::Float(v) => Self::Float(v.drain(range).collect()),
            Self::Decimal(d) => Self::Decimal(d.split(range)),
        }
    }
}
