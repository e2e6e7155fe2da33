//! The audit of Appendices C and D: The experiments.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "appendix-c",
        title: "The experiments",
        section: "Appendices C and D",
        proves: &[],
        steps: Vec::new(),
        others: OTHERS,
    }
}
