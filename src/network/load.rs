//! Weights trained elsewhere: `.npz` and `.safetensors`.
//!
//! Layers are called `W1, ..., WL`, or as PyTorch's `state_dict` calls those of a `Sequential` of bias-free `Linear` modules: `0.weight`,
//! `1.weight`, ... or `layers.0.weight`, ..., any prefix, counted from 0 or 1. Each array is (out, in). An array called `head` or `w` in the
//! file is the head. A gap in the numbers is refused (a layer is missing, or an activation sat there), and so is everything else in
//! the file: a forgotten bias would silently change the model.

use super::Network;
use crate::error::{Error, Result};
use crate::input::{Array, Container, Source, read, show_names};
use nalgebra::{DMatrix, DVector};
use std::path::Path;

impl Network<f64> {
    /// Reads weights, and the head from `head` (`.npy` and the like), or from the file itself, or `w = (1)` where d_L = 1.
    ///
    /// Arrays are read one at a time straight into their place: peak memory is the weights and one buffer.
    ///
    /// # Errors
    /// Everything [`crate::input`] refuses; names that are not of the patterns above (all that were found are listed); biases; a layer
    /// missing from W1, ..., WL; layers that do not chain; a head of the wrong size, missing where d_L > 1, or zero.
    pub fn load(weights: &Path, head: Option<&Path>) -> Result<Self> {
        let mut container = Container::open(weights)?;
        let place = container.place().to_string();
        let refuse = |problem: String| Error::input(place.clone(), problem);
        let Sorted { layers: names, head: inner } = sort(container.names()).map_err(refuse)?;
        let mut layers: Vec<DMatrix<f64>> = Vec::with_capacity(names.len());
        for name in &names {
            let array = container.read(name)?;
            let (rows, columns) = array.matrix_shape()?;
            // Said with the file's own names, which the check of the network does not know.
            if let Some(before) = layers.last().filter(|w| w.nrows() != columns) {
                let previous = &names[layers.len() - 1];
                return Err(refuse(format!(
                    "{previous} is {} x {} and {name} is {rows} x {columns}: the columns of {name} must be the {} rows of {previous}",
                    before.nrows(),
                    before.ncols(),
                    before.nrows()
                )));
            }
            layers.push(array.into_float_matrix()?);
        }
        let outputs = layers.last().map_or(0, |w: &DMatrix<f64>| w.nrows());
        let head = match (head, inner) {
            (Some(path), _) => vector(read(&Source::parse(path), &["head", "w"])?, outputs)?,
            (None, Some(name)) => vector(container.read(&name)?, outputs)?,
            (None, None) if outputs == 1 => DVector::from_element(1, 1.0),
            (None, None) => {
                let what = format!(
                    "the last layer has {outputs} rows: give the fixed head w of {outputs} entries with --head"
                );
                return Err(refuse(what));
            }
        };
        Self::new(layers, head).map_err(|e| e.within(&place))
    }
}

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

struct Sorted {
    layers: Vec<String>,
    head: Option<String>,
}

/// Puts the layers' names in numeric order.
fn sort(found: &[String]) -> Result<Sorted, String> {
    let mut head = None;
    let mut plain: Vec<(u64, String)> = Vec::new();
    let mut torch: Vec<(u64, String)> = Vec::new();
    let mut prefix: Option<&str> = None;
    let listed = || show_names(found);
    for name in found {
        if matches!(name.as_str(), "head" | "w") {
            if let Some(other) = head.replace(name.clone()) {
                return Err(format!("two heads, {other} and {name}"));
            }
        } else if let Some(k) = name.strip_prefix('W').and_then(number) {
            plain.push((k, name.clone()));
        } else if let Some((before, k)) = name.strip_suffix(".weight").and_then(torch_number) {
            if *prefix.get_or_insert(before) != before {
                return Err(format!("layers under two prefixes; found {}", listed()));
            }
            torch.push((k, name.clone()));
        } else if name.rsplit('.').next().is_some_and(|last| last.contains("bias")) {
            return Err(format!(
                "{} is a bias: the model is linear, w^T W_L ... W_1 x, without biases (bias=False)",
                show_names(&[name])
            ));
        } else {
            return Err(format!(
                "{} is no layer: expected W1, ..., WL or 0.weight, 1.weight, ... (and head); found {}",
                show_names(&[name]),
                listed()
            ));
        }
    }
    let numbered_from_one = torch.is_empty();
    let mut layers = match (plain.is_empty(), torch.is_empty()) {
        (false, true) => plain,
        (true, false) => torch,
        (true, true) => return Err(format!("no layers: expected W1, ..., WL or 0.weight, ...; found {}", listed())),
        (false, false) => return Err(format!("layers of both namings; found {}", listed())),
    };
    layers.sort();
    if let Some(pair) = layers.windows(2).find(|p| p[0].0 == p[1].0) {
        return Err(format!("{} and {} are the same layer", pair[0].1, pair[1].1));
    }
    let first = if numbered_from_one { 1 } else { layers[0].0.min(1) };
    let name = |k: u64| if numbered_from_one { format!("W{k}") } else { format!("{}{k}.weight", prefix.unwrap_or("")) };
    if let Some((k, _)) = (first..).zip(&layers).find(|(k, (found, _))| k != found) {
        let activation =
            if numbered_from_one { "" } else { " (an activation in its place would make the model nonlinear)" };
        return Err(format!("{} is missing{activation}; found {}", show_names(&[name(k)]), listed()));
    }
    Ok(Sorted { layers: layers.into_iter().map(|(_, name)| name).collect(), head })
}

fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// `layers.3` is prefix `layers.` and number 3.
fn torch_number(name: &str) -> Option<(&str, u64)> {
    let start = name.rfind('.').map_or(0, |dot| dot + 1);
    number(&name[start..]).map(|k| (&name[..start], k))
}
