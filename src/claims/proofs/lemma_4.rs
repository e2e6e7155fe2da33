//! The audit of Appendix A: Lemma 4.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-4",
        title: "Lemma 4",
        section: "Appendix A",
        proves: &["lemma-4-minus", "lemma-4-plus"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
