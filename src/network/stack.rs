//! Checkpoints stacked in one file: each layer an array (T, out, in), T the same in all.
//!
//! The way of the data: [`Stack::open`] reads every array once as it lies in the file, finds layers, biases and head
//! by the rules of one network, and keeps the arrays; [`Stack::network`] cuts out one checkpoint and turns it into a
//! [`Network`]. One entry that is not finite spoils its own checkpoint only. Peak memory is all checkpoints, as
//! doubles.

use super::load::{chain, read_head};
use super::names::sort;
use super::{Loaded, Network, WeightOptions};
use crate::error::{Error, Result};
use crate::input::{Container, Stacked, show_names};
use nalgebra::{DMatrix, DVector};
use std::path::Path;

/// T networks of one shape and one head, as a file holds them.
///
/// The layers are found by the names of [`Network::load_with`]; an array `step` or `steps` of T whole numbers says when
/// each was written.
///
/// Invariant, kept by [`Stack::open`]: every layer has three dimensions, the first of which is T; `steps`, where
/// there, has T entries.
#[derive(Clone, Debug)]
pub struct Stack {
    /// In the order W_1, ..., W_L.
    layers: Vec<Stacked>,
    /// One head for all checkpoints.
    head: DVector<f64>,
    /// From the array `step` or `steps`.
    steps: Option<Vec<u64>>,
    /// For each checkpoint anew: transposing, residual layers.
    options: WeightOptions,
    /// `rounded` in it is zero: it is not known before a checkpoint is asked for.
    told: Loaded,
}

/// Names of the array that says when each checkpoint was written.
const STEPS: [&str; 2] = ["step", "steps"];

impl Stack {
    /// Opens a file whose layers have three dimensions; `None` where the first of them has not.
    ///
    /// `None` also where the names are no layers: [`Network::load_with`] says what is wrong with them. Biases must be
    /// zero in every checkpoint; that of the last layer is no exception here.
    ///
    /// # Errors
    /// As [`Network::load_with`], except that entries which are no finite numbers are left to [`Stack::network`]; a
    /// layer that does not hold as many checkpoints as the first; both `step` and `steps`, or steps that are not T
    /// whole numbers.
    pub fn open(weights: &Path, head: Option<&Path>, options: &WeightOptions) -> Result<Option<Self>> {
        let mut container = Container::open(weights)?;
        let place = container.place().to_string();
        let refuse = |problem: String| Error::input(place.clone(), problem);
        let (steps, others): (Vec<String>, Vec<String>) =
            container.names().iter().cloned().partition(|n| STEPS.contains(&n.as_str()));
        // What is wrong with the names is said by whoever reads one network.
        let Ok(sorted) = sort(&others, options.layers.as_deref()) else { return Ok(None) };
        if container.dimensions(&sorted.layers[0])? != 3 {
            return Ok(None);
        }
        if options.layers.is_none() {
            container.refuse_unknown_metadata()?;
        }
        let layers: Vec<Stacked> =
            sorted.layers.iter().map(|name| container.read_stack(name)).collect::<Result<_>>()?;
        let count = layers[0].shape[0];
        if let Some(other) = layers.iter().find(|a| a.shape.len() != 3 || a.shape[0] != count) {
            let what = format!("its shape is {:?}; {} holds {count} checkpoints", other.shape, layers[0].place);
            return Err(Error::input(other.place.clone(), what));
        }
        for name in &sorted.biases {
            if container.read_stack(name)?.values.iter().any(|&v| v != 0.0) {
                let what = "is a bias, and not zero in every checkpoint: train without biases (bias=False)";
                return Err(refuse(format!("{} {what}", show_names(&[name]))));
            }
        }
        let last = &layers[layers.len() - 1].shape;
        let outputs = if options.transposed { last[2] } else { last[1] };
        let (head, from) = read_head(&mut container, head, &sorted, outputs, options)?;
        let steps = match steps.as_slice() {
            [] => None,
            [name] => Some(whole(container.read_stack(name)?, count)?),
            _ => return Err(refuse("both step and steps are there".into())),
        };
        let told = Loaded {
            file: place.clone(),
            layers: sorted.layers,
            head: from,
            ignored: sorted.ignored,
            zero_biases: sorted.biases,
            last_bias: None,
            transposed: options.transposed,
            residual: options.residual,
            rounded: 0,
        };
        Ok(Some(Self { layers, head, steps, options: options.clone(), told }))
    }

    /// T.
    pub fn count(&self) -> usize {
        self.layers[0].shape[0]
    }

    /// When checkpoint `at` was written, if the file says so.
    pub fn step(&self, at: usize) -> Option<u64> {
        self.steps.as_ref().and_then(|s| s.get(at).copied())
    }

    /// What was taken for what.
    pub fn told(&self) -> &Loaded {
        &self.told
    }

    /// Checkpoint `at`, counted from 0.
    ///
    /// # Errors
    /// It is not there; an entry is not a finite number; layers that do not chain.
    pub fn network(&self, at: usize) -> Result<Network<f64>> {
        let place = format!("{}[{at}]", self.told.file);
        if at >= self.count() {
            return Err(Error::input(place, format!("there are {} checkpoints, counted from 0", self.count())));
        }
        let read = |(k, name): (usize, &str)| {
            let w = self.layers[k].slice(at);
            match w.iter().position(|v| !v.is_finite()) {
                None => Ok(w),
                Some(bad) => {
                    let (i, j) = (bad % w.nrows(), bad / w.nrows());
                    let what =
                        format!("row {i}, column {j} (counted from 0) is {}; expected finite numbers", w[(i, j)]);
                    Err(Error::input(format!("{place}: {name}"), what))
                }
            }
        };
        let (layers, _) = chain(&place, &self.told.layers, read, &self.options)?;
        Network::new(layers, self.head.clone()).map_err(|e| e.within(&place))
    }
}

impl Stacked {
    /// The matrix number `at` along the first dimension.
    ///
    /// Entry (i, j) of it is entry (at, i, j) of the array, in the order of storage that the file has.
    fn slice(&self, at: usize) -> DMatrix<f64> {
        let (count, rows, columns) = (self.shape[0], self.shape[1], self.shape[2]);
        if self.column_major {
            DMatrix::from_fn(rows, columns, |i, j| self.values[at + count * (i + rows * j)])
        } else {
            DMatrix::from_row_slice(rows, columns, &self.values[at * rows * columns..(at + 1) * rows * columns])
        }
    }
}

/// Whole numbers from 0 on, `count` of them.
///
/// Each becomes a u64 exactly: doubles above 2^53 are refused, since they may be rounded.
///
/// # Errors
/// Another number of entries; one that is negative, not whole, or too large.
fn whole(a: Stacked, count: usize) -> Result<Vec<u64>> {
    let refuse = |what: String| Error::input(a.place.clone(), what);
    if a.values.len() != count {
        return Err(refuse(format!("{} entries; there are {count} checkpoints", a.values.len())));
    }
    let number = |v: &f64| {
        let is_whole = *v >= 0.0 && *v <= 2f64.powi(53) && v.fract() == 0.0;
        if is_whole { Ok(*v as u64) } else { Err(refuse(format!("{v} is no number of a step"))) }
    };
    a.values.iter().map(number).collect()
}
