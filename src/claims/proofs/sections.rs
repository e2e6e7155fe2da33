//! The audit of Sections 1 to 5: The text of Sections 1 to 5.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "sections",
        title: "The text of Sections 1 to 5",
        section: "Sections 1 to 5",
        proves: &[],
        steps: Vec::new(),
        others: OTHERS,
    }
}
