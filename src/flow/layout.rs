//! Where each layer lies in one flat vector of parameters: layer after layer, each column-major as `nalgebra` stores
//! it.
//!
//! Section 3 identifies the parameters with a vector of length `p = sum_k d_k d_{k-1}`; this is the identification
//! that integrators, fields and files of certificates share. Blocks are contiguous and in the order of the layers, so
//! that a layer is a slice and its gradient one too.

use crate::arithmetic::Ring;
use crate::error::{Error, Result};
use crate::network::Network;
use nalgebra::{DMatrix, DVector};
use std::ops::Range;

/// Widths d_0, ..., d_L and the offsets of W_1, ..., W_L in the flat vector.
///
/// Invariant, from [`Layout::of`]: `blocks[k - 1]` has `d_k d_{k-1}` entries and begins where the block before ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// d_0, .., d_L.
    widths: Vec<usize>,
    /// Where W_1, .., W_L lie.
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
    ///
    /// # Panics
    /// k = 0 or k > L.
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
