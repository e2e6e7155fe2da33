//! The audit of B.7: Corollary 3.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "corollary-3",
        title: "Corollary 3",
        section: "B.7",
        proves: &["corollary-3"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
