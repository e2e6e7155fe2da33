//! The audit of Appendix A: Lemma 7.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-7",
        title: "Lemma 7",
        section: "Appendix A",
        proves: &["lemma-7"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
