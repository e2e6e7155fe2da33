//! The audit of B.5: Corollary 1.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "corollary-1",
        title: "Corollary 1",
        section: "B.5",
        proves: &["corollary-1"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
