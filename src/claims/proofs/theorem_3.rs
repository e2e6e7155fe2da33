//! The audit of B.4: Theorem 3.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "theorem-3",
        title: "Theorem 3",
        section: "B.4",
        proves: &["theorem-3"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
