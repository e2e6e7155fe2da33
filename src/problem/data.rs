//! X and y as they were read.

use super::label;
use crate::error::{Error, Result};
use crate::input::TableOptions;
use crate::input::{Array, Values};

/// X and y as they were read, shapes checked.
#[derive(Clone, Debug)]
pub(super) struct Data {
    pub(super) place: String,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) x: Values,
    pub(super) y: Values,
    pub(super) names: Option<Vec<String>>,
}

impl Data {
    pub(super) fn new(x: Array, y: Array) -> Result<Self> {
        let (rows, columns) = x.matrix_shape()?;
        let length = y.vector_length(false)?;
        if length != rows {
            let first = |a: &Array| a.table.as_ref().map(|t| (t.header.line, t.header.taken));
            let cause = match (length, first(&x), first(&y)) {
                _ if length == columns => ": X looks transposed, (d, n) in place of (n, d)".to_string(),
                (_, _, Some((line, taken))) if length == if taken { rows - 1 } else { rows + 1 } => {
                    format!(
                        ": line {line} of y was read as a {}; --header decides",
                        if taken { "header" } else { "row" }
                    )
                }
                (_, Some((line, taken)), _) if rows == if taken { length - 1 } else { length + 1 } => {
                    format!(
                        ": line {line} of X was read as a {}; --header decides",
                        if taken { "header" } else { "row" }
                    )
                }
                _ => String::new(),
            };
            let what = format!("y has {length} entries, but X ({}) has {rows} rows{cause}", x.place);
            return Err(Error::input(y.place, what));
        }
        if rows < columns {
            let what = format!(
                "X has n = {rows} rows and d = {columns} columns: with n < d some column depends on the others \
                 (Assumption (A1)), \
                 such as {}",
                label(rows, x.names.as_deref())
            );
            return Err(Error::input(x.place, what));
        }
        Ok(Self { place: x.place, rows, columns, x: x.values, y: y.values, names: x.names })
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
