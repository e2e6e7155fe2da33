//! What several results share: networks drawn at and off minimisers, series of figures, indices of formulas.

use crate::formula::{Says, var};

pub mod instances;

pub(crate) use crate::figure as series;

/// For every layer: all k from 1 to L.
pub(crate) fn every(says: Says) -> Says {
    says.each("k", 1, var("L"))
}
