//! What several results share: indices of formulas; and what stands in the rooms below, under its old name.

use crate::formula::{Says, var};

pub(crate) use crate::figure as series;
pub use crate::instances;

/// For every layer: all k from 1 to L.
pub(crate) fn every(says: Says) -> Says {
    says.each("k", 1, var("L"))
}
