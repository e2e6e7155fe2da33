//! Exact networks as JSON: rows of rationals as strings, for recipes and counterexamples.
//!
//! `{"layers": [[["1/2", "-3"], ...], ...], "head": ["1"]}`, layer k as its d_k rows. Reading checks the shapes, so a
//! file that reads is a network.

use super::Network;
use crate::arithmetic::Rational;
use crate::linalg::to_rows;
use nalgebra::{DMatrix, DVector};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The form on disk: strings such as `"-3/2"`, so that no reader rounds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    /// Layer, row, entry.
    layers: Vec<Vec<Vec<Rational>>>,
    /// d_L entries.
    head: Vec<Rational>,
}

impl Serialize for Network<Rational> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Rows { layers: self.layers().iter().map(to_rows).collect(), head: self.head().iter().cloned().collect() }
            .serialize(s)
    }
}

impl<'de> Deserialize<'de> for Network<Rational> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let rows = Rows::deserialize(d)?;
        let mut layers = Vec::with_capacity(rows.layers.len());
        for (k, layer) in rows.layers.into_iter().enumerate() {
            let columns = layer.first().map_or(0, Vec::len);
            if let Some(i) = layer.iter().position(|r| r.len() != columns) {
                let what = format!("W{}: row {i} has {} entries, expected {columns}", k + 1, layer[i].len());
                return Err(D::Error::custom(what));
            }
            let height = layer.len();
            layers.push(DMatrix::from_row_iterator(height, columns, layer.into_iter().flatten()));
        }
        Self::new(layers, DVector::from_vec(rows.head)).map_err(D::Error::custom)
    }
}
