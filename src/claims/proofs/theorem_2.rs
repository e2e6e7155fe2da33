//! The audit of B.1: Theorem 2.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "theorem-2",
        title: "Theorem 2",
        section: "B.1",
        proves: &["theorem-1", "theorem-2-norms", "theorem-2-depth"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
