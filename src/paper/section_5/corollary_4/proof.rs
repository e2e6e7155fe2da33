//! The proof in B.10, display by display.

use crate::harness::steps::step::{Other, Proof, Reason, other};
use crate::paper::section_5::corollary_4::{
    proof_bounds as corollary_4_bounds, proof_constants as corollary_4_constants, proof_outer,
};

pub(crate) const OTHERS: &[Other] = &[other(2633, Reason::Repeats("theorem-4/eq-36"))];

/// The audit.
pub fn proof() -> Proof {
    let mut steps = proof_outer::steps();
    steps.extend(corollary_4_bounds::steps());
    steps.extend(corollary_4_constants::steps());
    Proof {
        id: "corollary-4",
        title: "Corollary 4",
        section: "B.10",
        proves: &["corollary-4-upper"],
        steps,
        others: OTHERS,
    }
}
