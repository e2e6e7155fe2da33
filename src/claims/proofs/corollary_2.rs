//! The audit of B.6: Corollary 2.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "corollary-2",
        title: "Corollary 2",
        section: "B.6",
        proves: &["corollary-2"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
