//! Readers for arrays made elsewhere: `.npy`, `.npz`, `.safetensors` and text tables.
//!
//! What a file is, is decided by its first bytes; the extension only words the refusal. Every refusal is one line that
//! names the file, the array in it, the row and the column, what was found and what was expected. What a file leaves
//! open is decided where that is certain, and told ([`Dialect`]), or refused with the option that decides
//! ([`TableOptions`]).
//!
//! | accepted | refused |
//! | --- | --- |
//! | f64, f32, f16, bf16, integers; either byte order; C and Fortran order | complex, boolean, string, date, long double |
//! | one or two dimensions | none, three and more; empty; pickled objects, structured types |
//! | tables separated by `,` `;` tabs or blanks, comments (`# text`) | ragged rows, `#N/A` and other fields that are no numbers, an unnamed index, a quote that nothing closes, or that may hide rows |
//! | stored or deflated npz members | encrypted ones, decompression bombs |
//! | safetensors, or the index of their shards | tied tensors, keys given twice, one shard of several, 8-bit integers |
//!
//! **Exactness.** A finite double is an exact rational; a field such as `0.1` is kept as the decimal it is (1/10), and
//! a 64-bit integer beyond 2^53 as the integer it is: see [`Values`]. NaN and infinities are refused.
//!
//! **Memory.** A table takes at most 26 bytes for each number of up to 19 digits while it is read, and 18 afterwards; 4
//! more if some have up to 28 digits; 8 in all, in the end, if all are doubles. Nothing is allocated from a size that a
//! header claims before as many bytes have been seen to be there, and memory that is not to be had is refused like
//! other bad input.
//!
//! **Naming an array in a file.** `data.npz:X` and `data.safetensors:X` name an array, `data.csv:price` a column.
//!
//! **The way of a file.**
//!
//! | module | part |
//! | --- | --- |
//! | `source` | a path, with an array or a column in it; X and y together |
//! | `archive`, `npy`, `tensors`, `shards` | formats that begin with a header: what it claims, checked against the bytes |
//! | `decode` | bytes to numbers, by a layout that was checked |
//! | `dialect`, `lines`, `table` | text: what separates its fields, its records, its first line and its columns |
//! | `decimal` | one field of text to a number |
//! | `values` | the entries of an array, whatever they came from |
//! | `foreign` | other programs' formats: their names, and a line that converts them |
//! | `files`, `separators` | paths compared as files; delimiters and decimal marks by name |
//!
//! **What is not done here.** No data are repaired: rows with missing values are not left out, and categories are not
//! coded. Shapes that must fit one another are checked by [`problem`](crate::problem) and
//! [`network`](crate::network).

mod archive;
mod decimal;
mod decode;
mod dialect;
mod files;
mod foreign;
mod lines;
mod npy;
mod separators;
mod shards;
mod source;
mod table;
mod tensors;
mod values;

pub(crate) use archive::Stacked;
pub use archive::{Container, shards};
pub use dialect::{Dialect, Header, TableOptions};
pub use files::{refuse_overwriting, same_file};
pub use separators::{Delimiter, Mark};
pub(crate) use source::read_sized;
pub use source::{Source, read, read_pair};
pub use table::parse_table;
pub use values::{Decimals, Values};

use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};

/// An array as it was read.
///
/// Invariant, which every reader keeps: `values` has as many entries as the product of `shape`, column after column,
/// and `names`, where they are there, has one for each column. `table` is there if and only if a text table was read.
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
    /// How a text table was read.
    pub table: Option<Dialect>,
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
    /// `row_too` is for heads and biases; a row given as y is refused.
    ///
    /// # Errors
    /// Any other shape.
    pub fn vector_length(&self, row_too: bool) -> Result<usize> {
        match self.shape[..] {
            [n] | [n, 1] => Ok(n),
            [1, n] if row_too => Ok(n),
            [1, _] => Err(self.refuse("expected a vector: one dimension, or one column (a row? transpose it)")),
            _ => Err(self.refuse("expected a vector: one dimension, or one column")),
        }
    }

    /// The first column whose entries are all those of the vector `y`, by name or by number: in a table, its number in
    /// the file.
    ///
    /// Entries are compared by their nearest doubles. It finds a target left among the inputs, which makes every risk
    /// zero. `None` where shapes do not allow the question, too.
    pub fn column_equal_to(&self, y: &Self) -> Option<String> {
        let (Ok((rows, columns)), Ok(length)) = (self.matrix_shape(), y.vector_length(false)) else { return None };
        let same = |j: &usize| self.values.nearest()[j * rows..(j + 1) * rows] == *y.values.nearest();
        let j = (0..columns).find(|j| length == rows && same(j))?;
        let number = self.table.as_ref().and_then(|t| t.columns.get(j)).unwrap_or(&j);
        Some(self.names.as_ref().map_or(number.to_string(), |n| format!("'{}'", show(&n[j]))))
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

    /// The entries, if all are doubles.
    ///
    /// # Errors
    /// A decimal or an integer that is no double, even if only one entry is: weights are taken as doubles exactly or
    /// refused.
    fn into_floats(self) -> Result<Vec<f64>> {
        match self.values {
            Values::Float(v) => Ok(v),
            Values::Decimal(_) => Err(Error::input(self.place, "an entry is not a double: weights must be doubles")),
        }
    }

    /// The refusal of a shape, which is shown as NumPy prints it.
    fn refuse(&self, expected: &str) -> Error {
        Error::input(&self.place, format!("the shape is {}; {expected}", show_shape(&self.shape)))
    }
}

/// The refusal of data that do not fit into memory.
///
/// `bytes` is what the step that failed had asked for.
fn no_memory(place: &str, bytes: usize) -> Error {
    Error::input(place, format!("too large: {bytes} bytes of memory are not to be had"))
}

/// Refuses work on the data at `place` for which `bytes` of memory are not to be had.
///
/// Nothing is kept: the memory is asked for and given back, so that a refusal comes before the work in place of an
/// abort within it. Where the system promises memory that it has not, the refusal does not come.
///
/// # Errors
/// So it is.
pub(crate) fn reserve(place: &str, bytes: usize) -> Result<()> {
    Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| no_memory(place, bytes))
}

/// A shape as NumPy prints it.
fn show_shape<T: std::fmt::Display>(shape: &[T]) -> String {
    let inner: Vec<String> = shape.iter().map(T::to_string).collect();
    if inner.len() == 1 { format!("({},)", inner[0]) } else { format!("({})", inner.join(", ")) }
}

/// Text from a file, or from a library that parsed one, fit for a message: one line, no control characters, not
/// endless.
///
/// Runs of white space become one blank; what is not printable is escaped, quotes and backslashes are not. Of more
/// than 120 characters the first 120 are shown, and three points.
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
///
/// At most twelve, and how many more there are.
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
/// For readers of other rooms that let `npyz` parse the array: the header's length, nesting, type and shape are then
/// within the bounds of `npy`. The data behind it are not looked at.
///
/// # Errors
/// In words, what is wrong with it.
pub(crate) fn check_npy(bytes: &[u8]) -> Result<(), String> {
    npy::header(bytes).map(|_| ())
}
