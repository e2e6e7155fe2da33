//! X and y as they were read.
//!
//! Shapes are checked here, once: later code relies on n >= d >= 1 and on as many entries of y as rows of X. The
//! values are not touched, so an exact decimal stays one.

use super::label;
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use crate::input::{Array, TableOptions, Values};
use num_traits::Zero;

/// Entries of X or y.
#[derive(Clone, Debug)]
pub(super) enum Entries<'a> {
    /// From a file: one column after the other.
    Read(Values),
    /// The caller's own doubles, one column after the other.
    Columns(&'a [f64]),
    /// The caller's own doubles, one row after the other.
    Rows(&'a [f64]),
}

impl Entries<'_> {
    /// All are doubles, taken as they are.
    ///
    /// Decides how much memory is reserved.
    pub(super) fn are_doubles(&self) -> bool {
        !matches!(self, Self::Read(Values::Decimal(_)))
    }

    /// The n x d entries, one column after the other.
    ///
    /// Number `j n + i` of the result is entry (i, j). Doubles are finite, as their readers checked.
    pub(super) fn to_rationals(&self, n: usize, d: usize) -> Vec<Rational> {
        let exactly = |v: f64| Rational::from_f64(v).unwrap_or_else(Rational::zero);
        match self {
            Self::Read(values) => values.to_rationals(),
            Self::Columns(values) => values.iter().map(|v| exactly(*v)).collect(),
            Self::Rows(values) => (0..n * d).map(|at| exactly(values[at % n * d + at / n])).collect(),
        }
    }
}

/// X and y as they came, shapes checked.
#[derive(Clone, Debug)]
pub(super) struct Data<'a> {
    /// What messages call X: its file and array.
    pub(super) place: String,
    /// n.
    pub(super) rows: usize,
    /// d.
    pub(super) columns: usize,
    /// n x d.
    pub(super) x: Entries<'a>,
    /// n.
    pub(super) y: Entries<'a>,
    /// Names of the columns of X, where the file has them.
    pub(super) names: Option<Vec<String>>,
}

impl<'a> Data<'a> {
    /// From files.
    ///
    /// Where one row more or less would make the lengths agree, the message says which first line was taken for a
    /// header, or for numbers.
    ///
    /// # Errors
    /// An X that is no matrix, a y that is no vector, lengths that differ, n < d.
    pub(super) fn new(x: Array, y: Array) -> Result<Self> {
        let (rows, columns) = x.matrix_shape()?;
        let length = y.vector_length(false)?;
        let first = |a: &Array| a.table.as_ref().map(|t| (t.header.line, t.header.taken));
        let read = |name: &str, line: u64, taken: bool| {
            let what = if taken { "header" } else { "row" };
            format!(": line {line} of {name} was read as a {what}; --header decides")
        };
        let cause = match (first(&x), first(&y)) {
            (_, Some((line, taken))) if rows + usize::from(!taken) == length + usize::from(taken) => {
                read("y", line, taken)
            }
            (Some((line, taken)), _) if length + usize::from(!taken) == rows + usize::from(taken) => {
                read("X", line, taken)
            }
            _ => String::new(),
        };
        Self { place: x.place, rows, columns, x: Entries::Read(x.values), y: Entries::Read(y.values), names: x.names }
            .checked(length, y.place, cause)
    }

    /// From finite doubles of the caller's, which stay where they are.
    ///
    /// # Errors
    /// Lengths that differ, n < d.
    pub(super) fn of_doubles(
        name: &str,
        (rows, columns): (usize, usize),
        x: Entries<'a>,
        y: &'a [f64],
    ) -> Result<Self> {
        let data = Self { place: format!("{name}: X"), rows, columns, x, y: Entries::Columns(y), names: None };
        data.checked(y.len(), format!("{name}: y"), String::new())
    }

    /// As many entries of y as rows of X, and no fewer rows than columns.
    ///
    /// `cause` is appended to the message about the lengths, unless y has as many entries as X has columns: then X
    /// looks transposed.
    fn checked(self, length: usize, y: String, cause: String) -> Result<Self> {
        let (rows, columns) = (self.rows, self.columns);
        if length != rows {
            let turned = ": X looks transposed, (d, n) in place of (n, d)".to_string();
            let cause = if length == columns { turned } else { cause };
            let what = format!("y has {length} entries, but X ({}) has {rows} rows{cause}", self.place);
            return Err(Error::input(y, what));
        }
        if rows < columns {
            let what = format!(
                "X has n = {rows} rows and d = {columns} columns: with n < d some column depends on the others \
                 (Assumption (A1)), \
                 such as {}",
                label(rows, self.names.as_deref())
            );
            return Err(Error::input(self.place, what));
        }
        Ok(self)
    }
}

/// How data are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Columns of X to mean 0 and variance 1 (with n), y to mean 0.
    pub standardise: bool,
    /// And y to variance 1 (with n): it needs `standardise`.
    pub standardise_y: bool,
    /// Columns of X and y to mean 0: the regression with the best intercept, whatever the network.
    pub intercept: bool,
    /// A name for reports; `None` takes the file's stem.
    pub name: Option<String>,
    /// How text tables are written, where the user says so.
    pub tables: TableOptions,
}
