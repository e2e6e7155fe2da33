//! What several results share: indices of formulas.

use crate::formula::{Says, var};

/// For every layer: all k from 1 to L.
pub(crate) fn every(says: Says) -> Says {
    says.each("k", 1, var("L"))
}
