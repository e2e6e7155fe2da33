//! From files or arrays to a [`Problem`].

use super::Problem;
use super::ladder::{self, Treatment};
use crate::error::{Error, Result};
use crate::input::{Array, Values, read_pair, reserve};
use crate::problem::data::Data;
use crate::problem::data::LoadOptions;
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
