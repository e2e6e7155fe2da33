//! The audit of B.8: Theorem 4, and Theorem 5.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "theorem-4",
        title: "Theorem 4, and Theorem 5",
        section: "B.8",
        proves: &["theorem-4", "theorem-5-flow"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
