//! Weights trained elsewhere: `.npz`, `.safetensors`, or the index of several `.safetensors`.
//!
//! **Which arrays are the layers.** In the order of the numbers in their names,
//! - `W1, ..., WL` (or `W0, ...`), none of them missing; or
//! - `0.weight, 2.weight, ...`, as PyTorch calls the layers of a `Sequential`, with any prefix: numbers may be
//!   missing, since Dropout and activations are numbered too; or
//! - what [`WeightOptions::layers`] says: `fc1.weight,fc2.weight,out.weight` names them in order, `block{}.kernel` is a
//!   pattern with a number.
//!
//! **The way of the data.** The container lists its arrays; `names` sorts them into layers, head, biases and what
//! plays no part; each layer is read, turned if the options say so, compared with the one before, and put in its
//! place; biases are read and must be zero; the head comes from where it is; [`Network::new`] has the last word on
//! shapes. Nothing is guessed in silence: an array whose part is not clear is an error that lists all arrays and
//! names the option that decides.
//!
//! **Why biases are refused.** The paper's network is linear, and a bias makes it affine. The one exception is the
//! last layer's where the data are centred: `w^T (W x + b)` differs from `w^T W x` by a constant, which is the
//! intercept.
//!
//! Each array is (out, in) unless `transposed`. `head` or `w` in the file is the head. Biases must be zero. Any other
//! array is refused, or ignored where `layers` is given. [`Loaded`] says what was taken for what.

use super::Network;
use super::names::{Sorted, sort};
use crate::error::{Error, Result};
use crate::input::{Array, Container, Source, TableOptions, read_sized, show_names};
use nalgebra::{DMatrix, DVector};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// How weights are stored, where the user says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeightOptions {
    /// The layers' names, separated by commas, or a pattern with `{}` for a number.
    pub layers: Option<String>,
    /// Each array is (in, out), as Keras and Flax store kernels.
    pub transposed: bool,
    /// Each array is the A_k of a residual layer `x + A_k x`.
    pub residual: bool,
    /// The bias of the last layer may be what it is: the data are centred, so that it is the intercept.
    pub last_bias: bool,
    /// How a head in a text table is written.
    pub tables: TableOptions,
}

/// What was taken for what.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct Loaded {
    /// The file.
    pub file: String,
    /// The arrays that are W_1, ..., W_L, in this order.
    pub layers: Vec<String>,
    /// Where the head is from: `(1)`, an array of the file, or a file of its own.
    pub head: String,
    /// Arrays, and keys of the file's metadata, that play no part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// Biases, all zero.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zero_biases: Vec<String>,
    /// The bias of the last layer, where it is not zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_bias: Option<Vec<f64>>,
    /// The arrays were transposed.
    pub transposed: bool,
    /// The arrays are the A_k of `W_k = I + A_k`.
    pub residual: bool,
    /// Diagonal entries `1 + a` that had to be rounded to a double.
    #[serde(skip_serializing_if = "is_zero")]
    pub rounded: usize,
}

/// For serde: a count of zero is not written.
fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Network<f64> {
    /// Reads weights stored in the usual way; see [`Network::load_with`].
    ///
    /// # Errors
    /// As [`Network::load_with`].
    pub fn load(weights: &Path, head: Option<&Path>) -> Result<Self> {
        Self::load_with(weights, head, &WeightOptions::default()).map(|(network, _)| network)
    }

    /// Reads weights, and the head from `head` (`.npy` and the like), or from the file itself, or `w = (1)` where d_L =
    /// 1.
    ///
    /// Arrays are read one at a time straight into their place: peak memory is the weights and one buffer.
    ///
    /// # Errors
    /// Everything [`crate::input`] refuses; arrays that are no layers (all that were found are listed); biases that are
    /// not zero; layers that do not chain, or that are not square and said to be residual; a head of the wrong size,
    /// missing where d_L > 1, zero, or given twice with different entries.
    pub fn load_with(weights: &Path, head: Option<&Path>, options: &WeightOptions) -> Result<(Self, Loaded)> {
        let mut container = Container::open(weights)?;
        let place = container.place().to_string();
        let refuse = |problem: String| Error::input(place.clone(), problem);
        let sorted = sort(container.names(), options.layers.as_deref()).map_err(refuse)?;
        if options.layers.is_none() {
            container.refuse_unknown_metadata()?;
        }
        let (layers, rounded) = read_layers(&mut container, &sorted.layers, options)?;
        let outputs = layers.last().map_or(0, DMatrix::nrows);
        let mut last_bias = None;
        for name in &sorted.biases {
            let bias = container.read(name)?;
            if bias.values.nearest().iter().all(|&v| v == 0.0) {
                continue;
            }
            if !sorted.is_last_bias(name) {
                let what = "is a bias, and not zero: the model is linear, w^T W_L ... W_1 x; train without biases \
                            (bias=False)";
                return Err(refuse(format!("{} {what}", show_names(&[name]))));
            }
            if !options.last_bias {
                let what = "is a bias, and not zero: train without biases (bias=False); that of the last layer is the \
                            intercept of centred \
                            data (--intercept)";
                return Err(refuse(format!("{} {what}", show_names(&[name]))));
            }
            if bias.vector_length(true)? != outputs {
                let what = format!("{} entries; the last layer has {outputs} rows", bias.values.len());
                return Err(Error::input(bias.place, what));
            }
            last_bias = Some(bias.into_float_vector()?.as_slice().to_vec());
        }
        let (head, from) = read_head(&mut container, head, &sorted, outputs, options)?;
        let network = Self::new(layers, head).map_err(|e| e.within(&place))?;
        let zero_biases =
            sorted.biases.iter().filter(|n| last_bias.is_none() || !sorted.is_last_bias(n)).cloned().collect();
        let Sorted { layers, mut ignored, .. } = sorted;
        ignored.extend(container.unknown_metadata().iter().map(|key| format!("metadata '{key}'")));
        let (transposed, residual) = (options.transposed, options.residual);
        let told =
            Loaded { file: place, layers, head: from, ignored, zero_biases, last_bias, transposed, residual, rounded };
        Ok((network, told))
    }
}

/// The matrices W_1, ..., W_L, and how many of their entries were rounded.
///
/// `rounded` is not zero for residual layers only. Errors are those of [`Network::load_with`] that concern layers.
fn read_layers(
    container: &mut Container,
    names: &[String],
    options: &WeightOptions,
) -> Result<(Vec<DMatrix<f64>>, usize)> {
    let place = container.place().to_string();
    let read = |(_, name): (usize, &str)| {
        let array = container.read(name)?;
        array.matrix_shape()?;
        array.into_float_matrix()
    };
    chain(&place, names, read, options)
}

/// The layers that `read` gives, by number and name, turned as the options say.
///
/// `read` is asked for layers 1, ..., L in this order. `place` is the file, for messages; those about two layers that
/// do not chain name the arrays, and the option `transposed` where that would make them chain. The second result
/// counts the diagonal entries that `residual` rounded.
///
/// # Errors
/// Those of `read`; layers that do not chain; residual ones that are not square.
pub(super) fn chain(
    place: &str,
    names: &[String],
    mut read: impl FnMut((usize, &str)) -> Result<DMatrix<f64>>,
    options: &WeightOptions,
) -> Result<(Vec<DMatrix<f64>>, usize)> {
    let mut layers: Vec<DMatrix<f64>> = Vec::with_capacity(names.len());
    let mut rounded = 0;
    for (k, name) in names.iter().enumerate() {
        let mut w = read((k, name))?;
        if options.transposed {
            w = w.transpose();
        }
        let (rows, columns) = w.shape();
        // Said with the file's own names, which the check of the network does not know.
        if let Some(before) = layers.last().filter(|w| w.nrows() != columns) {
            let previous = &names[k - 1];
            let hint = match (before.ncols() == rows, options.transposed) {
                (true, false) => " (stored as (in, out)? give --transposed)",
                (true, true) => " (stored as (out, in)? leave --transposed away)",
                _ => "",
            };
            let what = format!(
                "{previous} is {} x {} and {name} is {rows} x {columns}: the columns of {name} must be the {} rows of \
                 {previous}{hint}",
                before.nrows(),
                before.ncols(),
                before.nrows()
            );
            return Err(Error::input(place, what));
        }
        if options.residual {
            rounded += add_identity(&mut w).ok_or_else(|| {
                let what = format!("{name} is {rows} x {columns}: a residual layer x + A x is square");
                Error::input(place, what)
            })?;
        }
        layers.push(w);
    }
    Ok((layers, rounded))
}

/// `I + A` in place of A; the number of entries that were rounded, `None` if A is not square.
///
/// `1 + a` is rounded to a double; the error of the sum is computed exactly, so that the count is.
fn add_identity(a: &mut DMatrix<f64>) -> Option<usize> {
    if !a.is_square() {
        return None;
    }
    let mut rounded = 0;
    for i in 0..a.nrows() {
        let (entry, sum) = (a[(i, i)], 1.0 + a[(i, i)]);
        // The exact error of the sum (Knuth).
        let part = sum - 1.0;
        rounded += usize::from((1.0 - (sum - part)) + (entry - part) != 0.0);
        a[(i, i)] = sum;
    }
    Some(rounded)
}

/// The head and where it is from.
///
/// `given` is the file of `--head`, if any, and goes before the array of the container; both may be there if they
/// agree. Without either, the head is (1) where the last layer has one row.
///
/// # Errors
/// Two heads that differ; no head for more than one row; what `vector` refuses.
pub(super) fn read_head(
    container: &mut Container,
    given: Option<&Path>,
    sorted: &Sorted,
    outputs: usize,
    options: &WeightOptions,
) -> Result<(DVector<f64>, String)> {
    let inner = match &sorted.head {
        Some(name) => Some((vector(container.read(name)?, outputs)?, name)),
        None => None,
    };
    let given = match given {
        Some(path) => {
            let array = read_sized(&Source::parse(path), &["head", "w"], &options.tables, outputs)?;
            Some((vector(array, outputs)?, path))
        }
        None => None,
    };
    match (given, inner) {
        (Some((given, path)), Some((inner, name))) if given != inner => {
            let what =
                format!("--head {} differs from the array {name} of the file: which is the head?", path.display());
            Err(Error::input(container.place(), what))
        }
        (Some((given, path)), _) => Ok((given, path.display().to_string())),
        (None, Some((inner, name))) => Ok((inner, format!("array {name}"))),
        (None, None) if outputs == 1 => Ok((DVector::from_element(1, 1.0), "(1)".to_string())),
        (None, None) => {
            let hint = if options.transposed { "" } else { ", or --transposed if the arrays are (in, out)" };
            let what = format!(
                "the last layer has {outputs} rows: give the fixed head w of {outputs} entries with --head{hint}"
            );
            Err(Error::input(container.place(), what))
        }
    }
}

/// The array as a head of `outputs` entries.
///
/// # Errors
/// Another length; an entry that is not a finite double; all entries zero.
fn vector(array: Array, outputs: usize) -> Result<DVector<f64>> {
    let (place, length) = (array.place.clone(), array.vector_length(true)?);
    if length != outputs {
        return Err(Error::input(place, format!("the head has {length} entries, the last layer has {outputs} rows")));
    }
    let head = array.into_float_vector()?;
    if head.iter().all(|&v| v == 0.0) {
        return Err(Error::input(place, "w = 0: the network is zero whatever its layers"));
    }
    Ok(head)
}
