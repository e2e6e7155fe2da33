//! The audit of B.10: Corollary 4.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "corollary-4",
        title: "Corollary 4",
        section: "B.10",
        proves: &["corollary-4-upper"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
