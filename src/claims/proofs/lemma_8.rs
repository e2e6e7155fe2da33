//! The audit of Appendix A: Lemma 8.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-8",
        title: "Lemma 8",
        section: "Appendix A",
        proves: &["lemma-8"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
