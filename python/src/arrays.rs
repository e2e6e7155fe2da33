//! NumPy arrays to the instrument's own matrices and back: one copy each, straight into place.

use nalgebra::{DMatrix, DVector};
use numpy::{
    IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Of any memory order, to column-major.
pub fn matrix(a: &PyReadonlyArray2<'_, f64>) -> DMatrix<f64> {
    let [rows, columns] = [a.shape()[0], a.shape()[1]];
    match a.as_slice() {
        Ok(entries) if a.is_c_contiguous() => DMatrix::from_row_slice(rows, columns, entries),
        _ => DMatrix::from_iterator(rows, columns, a.as_array().t().iter().copied()),
    }
}

/// Of any stride.
pub fn vector(a: &PyReadonlyArray1<'_, f64>) -> DVector<f64> {
    DVector::from_iterator(a.len(), a.as_array().iter().copied())
}

/// Finite layers, each (out, in); kernels of the other orientation are turned round.
pub fn matrices(layers: &[PyReadonlyArray2<'_, f64>], transposed: bool) -> PyResult<Vec<DMatrix<f64>>> {
    let turned = |w: DMatrix<f64>| if transposed { w.transpose() } else { w };
    let made: Vec<DMatrix<f64>> = layers.iter().map(|w| turned(matrix(w))).collect();
    for (k, w) in made.iter().enumerate() {
        if let Some(at) = w.iter().position(|v| !v.is_finite()) {
            let (row, column) = (at % w.nrows(), at / w.nrows());
            let what = format!("W{}, row {row}, column {column} (counted from 0) is not a finite number", k + 1);
            return Err(PyValueError::new_err(what));
        }
    }
    Ok(made)
}

/// The head w, or (1) for one output.
///
/// # Errors
/// No head where d_L > 1, an entry that is not finite, w = 0.
pub fn head(given: Option<&PyReadonlyArray1<'_, f64>>, layers: &[DMatrix<f64>]) -> PyResult<DVector<f64>> {
    let outputs = layers.last().map_or(0, DMatrix::nrows);
    let refuse = |what: String| Err(PyValueError::new_err(what));
    match given {
        Some(w) => {
            let w = vector(w);
            if w.iter().any(|v| !v.is_finite()) {
                return refuse("head: an entry is not a finite number".to_string());
            }
            if w.iter().all(|&v| v == 0.0) {
                return refuse("head: w = 0: the network is zero whatever its layers".to_string());
            }
            Ok(w)
        }
        None if outputs == 1 => Ok(DVector::from_element(1, 1.0)),
        None if outputs == 0 => refuse("layers: no layers: expected W1, ..., WL".to_string()),
        None => refuse(format!("head: the last layer has {outputs} rows: give the fixed head w of {outputs} entries")),
    }
}

/// A new C-contiguous array.
pub fn to_numpy<'py>(py: Python<'py>, w: &DMatrix<f64>) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let rows: Vec<f64> = w.row_iter().flat_map(|r| r.iter().copied().collect::<Vec<_>>()).collect();
    let flat: Bound<'py, PyArray1<f64>> = rows.into_pyarray(py);
    flat.reshape([w.nrows(), w.ncols()])
}
