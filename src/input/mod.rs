//! Readers for arrays made elsewhere: `.npy`, `.npz`, `.safetensors` and `.csv`.
//!
//! What a file is, is decided by its first bytes; the extension only words the refusal. Every refusal is one line that names the
//! file, the array in it, the row and the column, what was found and what was expected.
//!
//! | accepted | refused |
//! | --- | --- |
//! | f64, f32, f16, bf16; signed and unsigned integers; either byte order; C and Fortran order | complex, boolean, string, date, object (pickled), structured, long double |
//! | one or two dimensions | none, three and more; empty |
//! | csv with or without a header, separated by `,` `;` or tabs, `#` comments | ragged or empty rows, fields that are not numbers |
//! | stored or deflated npz members | encrypted ones, decompression bombs |
//!
//! **Exactness.** A finite double is an exact rational; a csv field such as `0.1` is kept as the decimal it is (1/10), and a 64-bit integer
//! beyond 2^53 as the integer it is: see [`Values`]. NaN and infinities are refused.
//!
//! **Hostile files.** Nothing is allocated from a size that a header claims before as many bytes have been seen to be there.
//!
//! **Naming an array in a file.** `data.npz:X` and `data.safetensors:X` name an array, `data.csv:price` a column.

mod archive;
mod decode;
mod npy;
mod source;
mod table;
mod tensors;

pub use archive::Container;
pub use source::{Source, read, read_pair};
pub use table::parse_table;

use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};

/// The entries of an array, column by column (as `nalgebra` stores a matrix).
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Every entry is a double; all are finite.
    Float(Vec<f64>),
    /// Some entry is not: decimals, integers beyond 2^53.
    Exact(Vec<Rational>),
}

/// An array as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Where it came from, for messages: file and name.
    pub place: String,
    /// One or two dimensions, none of them zero.
    pub shape: Vec<usize>,
    /// The entries.
    pub values: Values,
    /// Column names, where a csv file had a header.
    pub names: Option<Vec<String>>,
    /// It is a text table, whose columns can be picked.
    pub table: bool,
}

impl Values {
    /// Number of entries.
    pub fn len(&self) -> usize {
        match self {
            Self::Float(v) => v.len(),
            Self::Exact(v) => v.len(),
        }
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries as exact rationals.
    pub fn to_rationals(&self) -> Vec<Rational> {
        match self {
            // Finite by construction, so that none is dropped.
            Self::Float(v) => v.iter().filter_map(|&x| Rational::from_f64(x)).collect(),
            Self::Exact(v) => v.clone(),
        }
    }

    /// Removes the entries of one range and returns them.
    fn split(&mut self, range: std::ops::Range<usize>) -> Self {
        match self {
            Self::Float(v) => Self::Float(v.drain(range).collect()),
            Self::Exact(v) => Self::Exact(v.drain(range).collect()),
        }
    }
}

impl Array {
    /// Rows and columns of a two-dimensional array.
    ///
    /// # Errors
    /// Any other number of dimensions.
    pub fn matrix_shape(&self) -> Result<(usize, usize)> {
        match self.shape[..] {
            [rows, columns] => Ok((rows, columns)),
            _ => Err(self.refuse("expected two dimensions")),
        }
    }

    /// Length of a vector: one dimension, or a single column, or (with `row_too`) a single row.
    ///
    /// # Errors
    /// Any other shape.
    pub fn vector_length(&self, row_too: bool) -> Result<usize> {
        match self.shape[..] {
            [n] | [n, 1] => Ok(n),
            [1, n] if row_too => Ok(n),
            _ => Err(self.refuse("expected a vector: one dimension, or one column")),
        }
    }

    /// As a matrix of doubles, without a copy.
    ///
    /// # Errors
    /// Not two dimensions; an entry that is not a double.
    pub fn into_float_matrix(self) -> Result<DMatrix<f64>> {
        let (rows, columns) = self.matrix_shape()?;
        Ok(DMatrix::from_vec(rows, columns, self.into_floats()?))
    }

    /// As a vector of doubles, without a copy.
    ///
    /// # Errors
    /// Not a vector; an entry that is not a double.
    pub fn into_float_vector(self) -> Result<DVector<f64>> {
        self.vector_length(true)?;
        Ok(DVector::from_vec(self.into_floats()?))
    }

    /// The entries rounded to the nearest double, if that changes none of them.
    fn into_floats(self) -> Result<Vec<f64>> {
        match self.values {
            Values::Float(v) => Ok(v),
            Values::Exact(q) => q
                .iter()
                .map(|q| {
                    let v = q.to_f64();
                    (Rational::from_f64(v).as_ref() == Some(q)).then_some(v)
                })
                .collect::<Option<Vec<f64>>>()
                .ok_or_else(|| Error::input(self.place, "an entry is not a double: weights must be doubles")),
        }
    }

    fn refuse(&self, expected: &str) -> Error {
        Error::input(&self.place, format!("the shape is {}; {expected}", show_shape(&self.shape)))
    }
}

/// A shape as NumPy prints it.
fn show_shape<T: std::fmt::Display>(shape: &[T]) -> String {
    let inner: Vec<String> = shape.iter().map(T::to_string).collect();
    if inner.len() == 1 { format!("({},)", inner[0]) } else { format!("({})", inner.join(", ")) }
}

/// Text from a file, or from a library that parsed one, fit for a message: one line, no control characters, not endless.
fn show(text: &str) -> String {
    // Longer than any sensible name, short enough for a terminal line.
    const LONGEST: usize = 120;
    let words: Vec<&str> = text.split_whitespace().collect();
    let printable = |c: char| if "'\"\\".contains(c) { c.to_string() } else { c.escape_debug().to_string() };
    let line: String = words.join(" ").chars().map(printable).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// The first names of a list, for a message.
pub(crate) fn show_names<S: AsRef<str>>(names: &[S]) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> = names.iter().take(MOST).map(|n| show(n.as_ref())).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len() - MOST));
    }
    shown.join(", ")
}

/// Whether the bytes begin with the header of an `.npy` file that is safe to give to `npyz`.
///
/// # Errors
/// In words, what is wrong with it.
pub(crate) fn check_npy(bytes: &[u8]) -> Result<(), String> {
    npy::header(bytes).map(|_| ())
}
