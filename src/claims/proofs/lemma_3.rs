//! The audit of B.9: Lemma 3.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-3",
        title: "Lemma 3",
        section: "B.9",
        proves: &["lemma-3-norm", "lemma-3-sigma-min"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
