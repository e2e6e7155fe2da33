//! Where each layer lies in one flat vector of parameters: layer after layer, each column-major as `nalgebra` stores
//! it.

use crate::arithmetic::Ring;
use crate::error::{Error, Result};
use crate::network::Network;
use nalgebra::{DMatrix, DVector};
use std::ops::Range;

/// Widths d_0, ..., d_L and the offsets of W_1, ..., W_L in the flat vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    widths: Vec<usize>,
    blocks: Vec<Range<usize>>,
}

impl Layout {
    /// The layout of this network's parameters.
    pub fn of<T: Ring>(network: &Network<T>) -> Self {
        let widths = network.widths();
        let mut start = 0;
        let blocks = widths.windows(2).map(|w| {
            let block = start..start + w[0] * w[1];
            start = block.end;
            block
        });
        Self { blocks: blocks.collect(), widths }
    }
    /// Widths d_0, ..., d_L.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }
    /// Depth L.
    pub fn depth(&self) -> usize {
        self.blocks.len()
    }
    /// Number of parameters p.
    pub fn parameters(&self) -> usize {
        self.blocks.last().map_or(0, |b| b.end)
    }
    /// The ranges of W_1, ..., W_L.
    pub fn blocks(&self) -> &[Range<usize>] {
        &self.blocks
    }
    /// Rows d_k and columns d_{k-1} of layer k (1-based).
    pub fn shape(&self, k: usize) -> (usize, usize) {
        (self.widths[k], self.widths[k - 1])
    }
    /// All parameters in one vector of length p.
    pub fn flatten<T: Ring>(network: &Network<T>) -> Vec<T> {
        network.layers().iter().flat_map(|w| w.as_slice().iter().cloned()).collect()
    }
    /// The network whose parameters are these.
    ///
    /// # Errors
    /// Another number of parameters, or a head of another length than d_L.
    pub fn network<T: Ring>(&self, parameters: &[T], head: &DVector<T>) -> Result<Network<T>> {
        if parameters.len() != self.parameters() {
            let what = format!("{} parameters, expected {}", parameters.len(), self.parameters());
            return Err(Error::input("layout", what));
        }
        let layer = |(k, b): (usize, &Range<usize>)| {
            DMatrix::from_column_slice(self.widths[k + 1], self.widths[k], &parameters[b.clone()])
        };
        Network::new(self.blocks.iter().enumerate().map(layer).collect(), head.clone())
    }
}
