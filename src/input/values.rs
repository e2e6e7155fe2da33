//! The entries of an array: doubles, or decimals with the doubles nearest to them.
//!
//! A file of doubles, and a table whose every decimal is a double, is a plain vector, which costs 8 bytes for each
//! entry and becomes a matrix without a copy. Anything else keeps the decimals as the file has them, in arrays of
//! their parts, and forms exact rationals only where somebody asks for one. The order is by columns throughout, since
//! that is how `nalgebra` and the Gram matrix of the data read them.
//!
//! What is not here: no arithmetic on entries (`problem` forms the moments), no shape (`Array` has it).

use super::decimal::{Decimal, Number, rounded};
use crate::arithmetic::{Interval, Rational};
use std::collections::{BTreeMap, TryReserveError};
use std::ops::Range;

/// The entries of an array, column by column (as `nalgebra` stores a matrix).
///
/// Whatever they are, [`Values::nearest`] gives doubles at once; [`Values::is_double`], [`Values::pair`] and
/// [`Values::enclosure`] say without a rational how far they are from the numbers that the file holds.
///
/// Invariant: all entries of `Float`, and all that `nearest` gives, are finite. The readers keep it (`decode` refuses
/// NaN and infinities of arrays, `decimal::parse` those of text), and `rational` relies on it.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Every entry is a double; all are finite.
    Float(Vec<f64>),
    /// Decimals, or integers beyond 2^53. When it is read, some entry is no double; after a column or a row was taken
    /// out, all that are left may be doubles, and [`Values::is_double`] says so of each.
    Decimal(Decimals),
}

/// Decimals, some of which are no doubles: 18 bytes each where they have no more than 19 digits, 22 where some have up
/// to 28.
///
/// A struct of arrays: entry i is `(-1)^(scale & 1) (high 2^64 + mantissa) 10^(scale >> 1)`, unless `scale` is the
/// mark of a long one. The arrays `nearest`, `mantissa` and `scale` have one length, and `high` has that length or is
/// empty; every method here keeps that.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decimals {
    /// The double nearest to each entry.
    nearest: Vec<f64>,
    /// The lower 64 bits of each mantissa; 0 for an entry in `long`.
    mantissa: Vec<u64>,
    /// Twice the decimal exponent, plus 1 for a negative number; [`LONG`] where the number is in `long`.
    scale: Vec<i16>,
    /// What the mantissas have above 64 bits; nothing as long as that is zero for all.
    high: Vec<u32>,
    /// Numbers of more digits, by place.
    long: BTreeMap<usize, Rational>,
}

/// Marks an entry with more than 28 digits. No decimal has it: exponents lie between -428 and 399, so that twice the
/// exponent is far from the smallest `i16`.
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

    /// Appends a number, with its exact rational in `long` where it has more than 28 digits. The caller has reserved
    /// the room; only `high` and `long` may allocate here.
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

    /// Appends the parts of one entry. The first with upper bits fills `high` with zeros for all entries before it.
    fn push_parts(&mut self, nearest: f64, mantissa: u64, scale: i16, high: u32) {
        if high != 0 || !self.high.is_empty() {
            self.high.resize(self.nearest.len(), 0);
            self.high.push(high);
        }
        self.nearest.push(nearest);
        self.mantissa.push(mantissa);
        self.scale.push(scale);
    }

    /// Overwrites an entry by a number of up to 64 bits. Only whole numbers are written so, into arrays without
    /// `high` and `long`, which it does not touch.
    fn set(&mut self, at: usize, d: Decimal) {
        (self.nearest[at], self.mantissa[at]) = (d.nearest, d.mantissa);
        self.scale[at] = 2 * d.exponent + i16::from(d.negative);
    }

    /// The bits of a mantissa from the 65th on; none where `high` is empty.
    fn upper(&self, at: usize) -> u32 {
        self.high.get(at).copied().unwrap_or(0)
    }

    /// The number, but for what its mantissa has above 64 bits.
    ///
    /// `None` for a number in `long`.
    fn lower(&self, at: usize) -> Option<Decimal> {
        let scale = self.scale[at];
        (scale != LONG).then(|| Decimal {
            nearest: self.nearest[at],
            mantissa: self.mantissa[at],
            exponent: scale >> 1,
            negative: scale & 1 == 1,
        })
    }

    /// The number, if its mantissa has no more than 64 bits: what `Decimal::remainder` may be asked of.
    fn short(&self, at: usize) -> Option<Decimal> {
        self.lower(at).filter(|_| self.upper(at) == 0)
    }

    /// Entry `at`, exactly.
    fn rational(&self, at: usize) -> Rational {
        match self.lower(at) {
            Some(d) => d.to_rational(self.upper(at)),
            None => self.long.get(&at).cloned().unwrap_or_else(|| Rational::from(0)),
        }
    }

    /// `x - h` for the nearest double h, as `Decimal::remainder` bounds it. Numbers of more than 64 bits go through
    /// rationals, whose difference is rounded once; it is zero only if x is a double.
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
    /// The place of number `at` of a block that begins with row `start` is column `at % width`, row
    /// `start + at / width`, so entry `(at % width) rows + start + at / width` of the result.
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
    ///
    /// Cost: one move of what lies behind the range, and a walk over the long ones, whose places change with it.
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

/// One of the arrays of all blocks, put column by column. `take` moves it out of a block, so that its memory is given
/// back before the next block's is read. The result is reserved before anything is copied.
///
/// # Errors
/// The memory is not there.
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

/// Removes the first entry of each column of `rows` entries. The entries are visited in order and counted from 1, so
/// the first of a column is one whose number is 1 modulo `rows`; `1 % rows` is 0 where a column has one entry only,
/// and then all go.
fn behead<T>(column_major: &mut Vec<T>, rows: usize) {
    let mut at = 0;
    column_major.retain(|_| {
        at += 1;
        at % rows != 1 % rows
    });
}

impl Values {
    /// Doubles where every decimal is one, so that data such as `1.5` are as cheap as those of an `.npy`. Cost: one
    /// remainder for each entry, until the first that is no double.
    pub(super) fn of_decimals(decimals: Decimals) -> Self {
        let exact = (0..decimals.nearest.len()).all(|i| decimals.remainder(i) == 0.0);
        if exact { Self::Float(decimals.nearest) } else { Self::Decimal(decimals) }
    }

    /// Number of entries.
    ///
    /// For an array read from a file it is the product of its shape.
    pub fn len(&self) -> usize {
        self.nearest().len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The double nearest to each entry.
    ///
    /// Rounded to nearest, in one rounding from the number that the file holds; finite. An entry 0 of a text table is
    /// +0.0, whatever its sign was; an `.npy` may hold -0.0.
    pub fn nearest(&self) -> &[f64] {
        match self {
            Self::Float(v) => v,
            Self::Decimal(d) => &d.nearest,
        }
    }

    /// Whether entry `at` is the double that [`Values::nearest`] gives.
    ///
    /// # Panics
    /// `at` is beyond the last entry; [`Values::pair`], [`Values::enclosure`] and [`Values::rational`] panic there
    /// too.
    pub fn is_double(&self, at: usize) -> bool {
        self.pair(at).1 == 0.0
    }

    /// Entry x as a sum of two doubles `(h, l)`: h is the double nearest to x, `|x - h - l| <= 2^-50 |l| + 2^-1074`,
    /// and `l = 0` if and only if `x = h`.
    ///
    /// Of doubles l is 0. Of decimals it comes from 128-bit integers where these suffice, in some nanoseconds and
    /// without memory, else from exact rationals: numbers of more than 64 bits, and those whose exponent is outside
    /// -27..=19.
    pub fn pair(&self, at: usize) -> (f64, f64) {
        match self {
            Self::Float(v) => (v[at], 0.0),
            Self::Decimal(d) => (d.nearest[at], d.remainder(at)),
        }
    }

    /// The tightest interval with double ends around entry `at`.
    ///
    /// With `(h, l)` of [`Values::pair`], x lies strictly between h and its neighbour on the side of l where l is not
    /// zero, since h is the double nearest to x; else it is h. The sign of l is that of `x - h`, as l has a relative
    /// error below one, or is the smallest double with that sign. Beyond the largest double the outer end is an
    /// infinity.
    pub fn enclosure(&self, at: usize) -> Interval {
        let (h, l) = self.pair(at);
        match l {
            l if l > 0.0 => Interval::new(h, h.next_up()),
            l if l < 0.0 => Interval::new(h.next_down(), h),
            _ => Interval::point(h),
        }
    }

    /// Entry `at`, exactly.
    ///
    /// Cost: for a decimal a power of ten and a greatest common divisor with the mantissa.
    pub fn rational(&self, at: usize) -> Rational {
        match self {
            // Finite by construction.
            Self::Float(v) => Rational::from_f64(v[at]).unwrap_or_else(|| Rational::from(0)),
            Self::Decimal(d) => d.rational(at),
        }
    }

    /// The decimals of one range over one power of ten: integers `v_i` and `t` with `x_i = v_i 10^-t`, exactly; t is
    /// the largest `-e` of an entry other than zero, 0 at least.
    ///
    /// `None` where all are doubles (`Float`), where a mantissa needs more than 64 bits, and where some `|v_i|` is
    /// not below 2^126. The Gram matrix of the data is formed from these integers, and from rationals where there are
    /// none.
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
    ///
    /// Entry by entry as [`Values::rational`], column after column.
    pub fn to_rationals(&self) -> Vec<Rational> {
        (0..self.len()).map(|at| self.rational(at)).collect()
    }

    /// Writes the finite double `v`, while an array is read from its bytes. In `Decimal` it must be a whole number of
    /// an array of integers, which `decode` sees to: a fraction would be cut off.
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
    /// The first such number of an array turns all doubles into decimals, entries not yet read as zeros; this is
    /// exact since an array of integers holds nothing else.
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
    ///
    /// For a first line that turned out to be a header of numbers. `rows` counts the rows before the removal.
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
    ///
    /// What remains keeps its kind: of `Decimal` both parts are `Decimal`, even if one of them holds only doubles.
    ///
    /// # Panics
    /// The range reaches beyond the last entry. The callers take whole columns of the array's own shape.
    pub(super) fn split(&mut self, range: Range<usize>) -> Self {
        match self {
            Self::Float(v) => Self::Float(v.drain(range).collect()),
            Self::Decimal(d) => Self::Decimal(d.split(range)),
        }
    }
}
