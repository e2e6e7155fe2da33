//! From files or arrays to a [`Problem`].

use super::ladder::{self, Treatment};
use super::{Problem, label};
use crate::error::{Error, Result};
use crate::input::{Array, TableOptions, Values, read_pair, reserve};
use nalgebra::{DMatrix, DVector};
use std::path::Path;

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
                "X has n = {rows} rows and d = {columns} columns: with n < d some column depends on the others (Assumption (A1)), \
                 such as {}",
                label(rows, x.names.as_deref())
            );
            return Err(Error::input(x.place, what));
        }
        Ok(Self { place: x.place, rows, columns, x: x.values, y: y.values, names: x.names })
    }
}

impl Problem {
    /// From files: `.npy`, `.npz`, `.csv` or `.safetensors`, see [`crate::input`].
    ///
    /// X is n x d; y has n entries (or is n x 1). In an archive the arrays called `X` or `x` and `y` or `Y` are taken,
    /// or the only one, or the one named as `FILE:NAME`; X and y may be the same file. For a csv file with both, y is
    /// `FILE:COLUMN` and X the other columns. Decimals of a csv file and doubles are taken exactly.
    ///
    /// # Errors
    /// Everything [`crate::input`] refuses; y of the wrong length; n < d or X rank-deficient (Assumption (A1)), naming
    /// columns; a constant column that was to be standardised.
    pub fn load(x: &Path, y: &Path, options: &LoadOptions) -> Result<Self> {
        let (x_array, y_array) = read_pair(x, y, &options.tables)?;
        let stem = || x.file_stem().map_or_else(|| "data".to_string(), |s| s.to_string_lossy().into_owned());
        let name = options.name.clone().unwrap_or_else(stem);
        Self::from_arrays(x_array, y_array, &LoadOptions { name: Some(name), ..options.clone() })
    }

    /// From arrays that [`read_pair`] read.
    ///
    /// # Errors
    /// As [`Problem::load`].
    pub fn from_arrays(x: Array, y: Array, options: &LoadOptions) -> Result<Self> {
        Self::from_data(Data::new(x, y)?, options)
    }

    /// From doubles, taken exactly.
    ///
    /// # Errors
    /// As [`Problem::load`]; NaN or infinity.
    pub fn from_f64(name: &str, x: &DMatrix<f64>, y: &DVector<f64>) -> Result<Self> {
        if let Some(at) = x.iter().chain(y.iter()).position(|v| !v.is_finite()) {
            let where_ = if at < x.len() {
                format!("X, row {}, column {}", at % x.nrows(), at / x.nrows())
            } else {
                format!("y, row {}", at - x.len())
            };
            return Err(Error::input(name, format!("{where_} (counted from 0) is not a finite number")));
        }
        let array = |what: &str, shape: Vec<usize>, values: &[f64]| Array {
            place: format!("{name}: {what}"),
            shape,
            values: Values::Float(values.to_vec()),
            names: None,
            table: None,
        };
        if x.is_empty() {
            return Err(Error::input(name, "X is empty"));
        }
        let x = array("X", vec![x.nrows(), x.ncols()], x.as_slice());
        let y = array("y", vec![y.len()], y.as_slice());
        Self::from_data(Data::new(x, y)?, &LoadOptions { name: Some(name.to_string()), ..LoadOptions::default() })
    }

    pub(super) fn from_data(data: Data, options: &LoadOptions) -> Result<Self> {
        let place = data.place.clone();
        // Decimals are brought to one denominator a column: an integer and its parts.
        let each = if matches!((&data.x, &data.y), (Values::Float(_), Values::Float(_))) { 0 } else { 16 };
        reserve(&place, data.rows.saturating_mul(data.columns + 1).saturating_mul(each))?;
        Ok(ladder::from_data(data, Treatment::of(options))?.renamed(options.name.clone().unwrap_or(place)))
    }
}
