//! The audit of B.2 and B.3: Lemmas 1 and 2.

use super::step::{Other, Proof};

const OTHERS: &[Other] = &[];

/// The audit.
pub fn proof() -> Proof {
    Proof {
        id: "lemma-2",
        title: "Lemmas 1 and 2",
        section: "B.2 and B.3",
        proves: &["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment"],
        steps: Vec::new(),
        others: OTHERS,
    }
}
