//! The audit of Appendix A: Lemma 5.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-5",
        title: "Lemma 5",
        section: "Appendix A",
        proves: &["lemma-5"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
