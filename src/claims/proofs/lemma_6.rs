//! The audit of Appendix A: Lemma 6.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-6",
        title: "Lemma 6",
        section: "Appendix A",
        proves: &["lemma-6"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
