//! Bytes to numbers: every element type that holds real numbers, either byte order, either storage order.

use super::decimal::Decimal;
use super::{Values, no_memory, show_shape};
use crate::error::{Error, Result};
use std::io::Read;

/// The type of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Half,
    BrainHalf,
    Single,
    Double,
    /// Bytes, signed.
    Integer(usize, bool),
}

impl Element {
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) element: Element,
    pub(super) big_endian: bool,
    pub(super) column_major: bool,
    pub(super) shape: Vec<usize>,
}

impl Layout {
    /// Checks the shape: one to three dimensions, not empty, and a number of bytes that a file can have.
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

    pub(super) fn bytes(&self) -> u64 {
        self.shape.iter().fold(self.element.size() as u64, |n, &d| n * d as u64)
    }

    /// Refuses unless exactly the claimed bytes are there.
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

/// Reads the array. The caller has seen [`Layout::bytes`] bytes to be there: this allocates as much.
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

fn zeros(length: usize) -> std::result::Result<Vec<f64>, std::collections::TryReserveError> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(length)?;
    zeros.resize(length, 0.0);
    Ok(zeros)
}

/// Hands every entry to `take` with its number in the file.
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

fn not_finite(v: f64, i: usize, j: usize, dimensions: usize) -> String {
    let at = if dimensions == 1 { format!("entry {i}") } else { format!("row {i}, column {j}") };
    format!("{at} (counted from 0) is {v}; expected finite numbers")
}

enum Number {
    Float(f64),
    /// An integer that is not a double.
    Large(Decimal),
}

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
