//! From files or arrays to a [`Problem`].
//!
//! Three ways in: files ([`Problem::load`]), arrays that were read already ([`Problem::from_arrays`]), and the
//! caller's doubles in memory, by columns or by rows. Doubles in memory are not copied, only read: a column is found
//! by its stride.

use super::Problem;
use super::ladder::{self, Treatment};
use crate::error::{Error, Result};
use crate::input::{Array, read_pair, reserve};
use crate::problem::data::{Data, Entries, LoadOptions};
use nalgebra::{DMatrix, DVector};
use std::path::Path;

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
        Self::from_columns(name, x.shape(), x.as_slice(), y.as_slice())
    }

    /// From X (n x d) stored column by column and y (n): taken exactly and read where they are, without a copy.
    ///
    /// # Errors
    /// As [`Problem::load`]; NaN or infinity; an X that is not n x d.
    pub fn from_columns(name: &str, shape: (usize, usize), x: &[f64], y: &[f64]) -> Result<Self> {
        Self::of_doubles(name, shape, (x, false), y)
    }

    /// From X (n x d) stored row by row, as NumPy does, and y (n): taken exactly and read where they are, without a
    /// copy.
    ///
    /// # Errors
    /// As [`Problem::load`]; NaN or infinity; an X that is not n x d.
    pub fn from_rows(name: &str, shape: (usize, usize), x: &[f64], y: &[f64]) -> Result<Self> {
        Self::of_doubles(name, shape, (x, true), y)
    }

    /// Every number is looked at once, so that a NaN is named by its row and column. No option of [`LoadOptions`] but
    /// the name applies.
    fn of_doubles(name: &str, (n, d): (usize, usize), (x, by_rows): (&[f64], bool), y: &[f64]) -> Result<Self> {
        if n.checked_mul(d) != Some(x.len()) {
            return Err(Error::input(name, format!("X has {} entries, which is not {n} x {d}", x.len())));
        }
        let infinite = |v: &[f64]| v.iter().position(|v| !v.is_finite());
        let refused = |at: String| Error::input(name, format!("{at} (counted from 0) is not a finite number"));
        if let Some((row, column)) = infinite(x).map(|at| if by_rows { (at / d, at % d) } else { (at % n, at / n) }) {
            return Err(refused(format!("X, row {row}, column {column}")));
        }
        if let Some(at) = infinite(y) {
            return Err(refused(format!("y, row {at}")));
        }
        if x.is_empty() {
            return Err(Error::input(name, "X is empty"));
        }
        let x = if by_rows { Entries::Rows(x) } else { Entries::Columns(x) };
        let data = Data::of_doubles(name, (n, d), x, y)?;
        Self::from_data(data, &LoadOptions { name: Some(name.to_string()), ..LoadOptions::default() })
    }

    /// Memory for decimals (16 bytes each) is asked for first, and refused as bad input where it is not to be had.
    /// The name is that of the options, else the place.
    pub(super) fn from_data(data: Data<'_>, options: &LoadOptions) -> Result<Self> {
        let place = data.place.clone();
        // Decimals are brought to one denominator a column: an integer and its parts.
        let each = if data.x.are_doubles() && data.y.are_doubles() { 0 } else { 16 };
        reserve(&place, data.rows.saturating_mul(data.columns + 1).saturating_mul(each))?;
        Ok(ladder::from_data(data, Treatment::of(options))?.renamed(options.name.clone().unwrap_or(place)))
    }
}
