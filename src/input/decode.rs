//! Bytes to numbers: every element type that holds real numbers, either byte order, either storage order.
//!
//! A [`Layout`] is what a header claims, and is made by the readers of headers (`npy`, `tensors`) through
//! [`Layout::new`], which checks the shape; the readers of files then compare it with the bytes that are there
//! ([`Layout::check_present`]) before anything is allocated. Two consumers take the numbers: `decode` puts them into
//! columns and refuses what is not finite, `doubles` keeps the order of the file and leaves that to the caller.
//!
//! Every element type is read exactly: f16, bf16, f32 and f64 are doubles, integers of up to 32 bits too, and one of
//! 64 bits that is no double becomes a decimal.

use super::decimal::Decimal;
use super::{Values, no_memory, show_shape};
use crate::error::{Error, Result};
use std::io::Read;

/// The type of one element. Complex numbers, booleans, long doubles and 8-bit floats have none: they are refused by
/// name where the header is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
    Half,
    /// The upper half of an f32, as PyTorch's bfloat16 is.
    BrainHalf,
    /// IEEE 754 binary32.
    Single,
    /// IEEE 754 binary64.
    Double,
    /// Bytes, signed.
    Integer(usize, bool),
}

impl Element {
    /// Bytes of an element: 1, 2, 4 or 8.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Half | Self::BrainHalf => 2,
            Self::Single => 4,
            Self::Double => 8,
            Self::Integer(size, _) => size,
        }
    }
}

/// How the bytes of an array are to be read.
///
/// Invariants, which [`Layout::new`] keeps and the reading functions rely on: one to three dimensions, none of them
/// zero, and a product with the size of an element below 2^63.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The type of the elements.
    pub(super) element: Element,
    /// The most significant byte of an element comes first.
    pub(super) big_endian: bool,
    /// Fortran order: the first index runs fastest.
    pub(super) column_major: bool,
    /// The dimensions, in the order of the header.
    pub(super) shape: Vec<usize>,
}

impl Layout {
    /// Checks the shape: one to three dimensions, not empty, and a number of bytes that a file can have.
    ///
    /// # Errors
    /// In words, with the shape as NumPy prints it.
    pub(super) fn new(element: Element, big_endian: bool, column_major: bool, shape: &[u64]) -> Result<Self, String> {
        let shown = show_shape(shape);
        if shape.is_empty() || shape.len() > 3 {
            return Err(format!("the shape is {shown}; expected one or two dimensions"));
        }
        if shape.contains(&0) {
            return Err(format!("the array is empty: its shape is {shown}"));
        }
        let bytes = shape.iter().try_fold(element.size() as u64, |n, &d| n.checked_mul(d));
        if bytes.is_none_or(|b| b > isize::MAX as u64) {
            return Err(format!("the header claims the impossible shape {shown}"));
        }
        Ok(Self { element, big_endian, column_major, shape: shape.iter().map(|&d| d as usize).collect() })
    }

    /// Bytes that the header claims.
    pub(super) fn bytes(&self) -> u64 {
        self.shape.iter().fold(self.element.size() as u64, |n, &d| n * d as u64)
    }

    /// Refuses unless exactly the claimed bytes are there.
    ///
    /// # Errors
    /// In words: too few bytes, or bytes after the array.
    pub(super) fn check_present(&self, present: u64) -> Result<(), String> {
        let (claimed, shown) = (self.bytes(), show_shape(&self.shape));
        if present < claimed {
            return Err(format!(
                "truncated: the header claims shape {shown}, which takes {claimed} bytes, but {present} are there"
            ));
        }
        if present > claimed {
            return Err(format!("{} bytes too many after an array of shape {shown}", present - claimed));
        }
        Ok(())
    }
}

/// Reads an array of one or two dimensions, column by column in the result.
///
/// The caller has seen [`Layout::bytes`] bytes to be there. This allocates eight bytes for each entry, so at most
/// eight times as many (integers of one byte). Where some integer is no double, 18 bytes for each entry take the
/// place of those eight, and are there beside them for a moment.
///
/// Entry number k of the file is entry `(i, j)` with `(slow, fast) = (k / line, k % line)`, where `line` is the
/// length of what the file keeps together: a column in Fortran order, a row in C order. A vector is one column.
///
/// # Errors
/// Three dimensions; the memory is not there; NaN or an infinity, with its place; the file ends too early or is
/// damaged.
pub(super) fn decode(reader: impl Read, layout: &Layout, place: &str) -> Result<Values> {
    if layout.shape.len() > 2 {
        let what = format!("the shape is {}; expected one or two dimensions", show_shape(&layout.shape));
        return Err(Error::input(place, what));
    }
    let (rows, columns) = (layout.shape[0], layout.shape.get(1).copied().unwrap_or(1));
    let lacking = |_| no_memory(place, rows * columns * 8);
    let mut values = Values::Float(zeros(rows * columns).map_err(lacking)?);
    let line = if layout.column_major { rows } else { columns };
    let (mut slow, mut fast) = (0, 0);
    each(reader, layout, place, |_, number| {
        let (i, j) = if layout.column_major { (fast, slow) } else { (slow, fast) };
        fast += 1;
        if fast == line {
            (slow, fast) = (slow + 1, 0);
        }
        match number {
            Number::Float(v) if v.is_finite() => values.set(j * rows + i, v),
            Number::Float(v) => return Err(Error::input(place, not_finite(v, i, j, layout.shape.len()))),
            Number::Large(d) => values.set_whole(j * rows + i, d).map_err(lacking)?,
        }
        Ok(())
    })?;
    Ok(values)
}

/// Reads doubles in the order in which the file has them, whatever the shape; NaN and infinities are left to the
/// caller.
///
/// Cost: eight bytes for each entry; the first index of the shape is the slowest one, unless the layout is Fortran's.
///
/// # Errors
/// An integer beyond 2^53 that is no double; the memory is not there; the file ends too early or is damaged.
pub(super) fn doubles(reader: impl Read, layout: &Layout, place: &str) -> Result<Vec<f64>> {
    let length = layout.shape.iter().product::<usize>();
    let mut values = zeros(length).map_err(|_| no_memory(place, length * 8))?;
    each(reader, layout, place, |at, number| match number {
        Number::Float(v) => {
            values[at] = v;
            Ok(())
        }
        Number::Large(_) => Err(Error::input(place, "an entry is not a double: weights must be doubles")),
    })?;
    Ok(values)
}

/// `length` zeros, or the refusal of the memory in place of an abort.
fn zeros(length: usize) -> std::result::Result<Vec<f64>, std::collections::TryReserveError> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(length)?;
    zeros.resize(length, 0.0);
    Ok(zeros)
}

/// Hands every entry to `take` with its number in the file.
///
/// The bytes go through a buffer of 64 KiB, so that an array is never in memory as bytes and as numbers at once.
///
/// # Errors
/// Those of `take`, and of reading; the first ends it.
fn each(
    mut reader: impl Read,
    layout: &Layout,
    place: &str,
    mut take: impl FnMut(usize, Number) -> Result<()>,
) -> Result<()> {
    let (size, length) = (layout.element.size(), layout.shape.iter().product::<usize>());
    // A whole number of elements of every size; large enough that reading it costs nothing.
    let mut buffer = vec![0u8; 1 << 16];
    let mut done = 0;
    while done < length {
        let count = (buffer.len() / size).min(length - done);
        let chunk = &mut buffer[..count * size];
        reader.read_exact(chunk).map_err(|e| Error::input(place, damaged(&e)))?;
        for (at, bytes) in (done..).zip(chunk.chunks_exact(size)) {
            take(at, number(bytes, layout))?;
        }
        done += count;
    }
    Ok(())
}

/// What an I/O error inside an array means to the user.
pub(super) fn damaged(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::UnexpectedEof => "truncated: the file ends inside the array".to_string(),
        // The checksum of a member, or its compressed data.
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput | std::io::ErrorKind::Other => {
            "the file is damaged".to_string()
        }
        kind => format!("the file cannot be read: {kind}"),
    }
}

/// Where an entry is that is not finite, and what it is. `i` and `j` count rows and columns from 0.
fn not_finite(v: f64, i: usize, j: usize, dimensions: usize) -> String {
    let at = if dimensions == 1 { format!("entry {i}") } else { format!("row {i}, column {j}") };
    format!("{at} (counted from 0) is {v}; expected finite numbers")
}

/// An element as it is read.
enum Number {
    /// A double, NaN and infinities among them.
    Float(f64),
    /// An integer that is not a double.
    Large(Decimal),
}

/// The element of these bytes, as many as its type has. They are put into the lower bytes of a word, in the order of
/// a little-endian machine, and each type takes its bits from there.
///
/// An integer is tried as a double and back: where that loses something, it is a decimal. `as` saturates nowhere
/// here, since a double near a 64-bit integer is far inside the range of `i128`.
fn number(bytes: &[u8], layout: &Layout) -> Number {
    let mut word = [0u8; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    if layout.big_endian {
        word[..bytes.len()].reverse();
    }
    let word = u64::from_le_bytes(word);
    Number::Float(match layout.element {
        Element::Double => f64::from_bits(word),
        Element::Single => f64::from(f32::from_bits(word as u32)),
        Element::BrainHalf => f64::from(f32::from_bits((word as u32) << 16)),
        Element::Half => half(word as u16),
        Element::Integer(size, signed) => {
            let unused = 64 - 8 * size as u32;
            // The sign is extended by shifting up and arithmetically down.
            let wide = if signed { i128::from(((word << unused) as i64) >> unused) } else { i128::from(word) };
            let nearest = wide as f64;
            if nearest as i128 != wide {
                return Decimal::whole(wide).map_or(Number::Float(nearest), Number::Large);
            }
            nearest
        }
    })
}

/// IEEE 754 binary16: exact, since a double holds each of its values.
///
/// With exponent bits e and fraction bits f: `f 2^-24` for e = 0 (subnormal), `(1024 + f) 2^(e - 25)` for 1 to 30,
/// infinity or NaN for 31. The integers have at most 11 bits and the powers of two are normal, so no product rounds.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = ((bits >> 10) & 31, f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if bits & 1023 == 0 => f64::INFINITY,
        31 => f64::NAN,
        e => (1024.0 + fraction) * 2f64.powi(i32::from(e) - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}
