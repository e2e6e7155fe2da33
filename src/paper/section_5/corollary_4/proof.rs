//! The proof in B.10, display by display.

use crate::harness::steps::step::{Other, Proof, Reason, other};
use crate::paper::section_5::corollary_4::{proof_bounds, proof_constants, proof_outer};

/// C_3 is displayed once more, as (36) has it.
pub(crate) const OTHERS: &[Other] = &[other(2633, Reason::Repeats("theorem-4/eq-36"))];

/// The audit.
pub fn proof() -> Proof {
    let steps = [proof_outer::steps(), proof_bounds::steps(), proof_constants::steps()];
    Proof {
        id: "corollary-4",
        title: "Corollary 4",
        section: "B.10",
        proves: &["corollary-4-upper"],
        steps: steps.into_iter().flatten().collect(),
        others: OTHERS,
    }
}
