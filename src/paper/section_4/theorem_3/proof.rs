//! The proof in B.4, display by display.

use crate::harness::steps::step::{Other, Proof, Reason, other};
use crate::paper::section_4::theorem_3::proof_first::first_steps;
use crate::paper::section_4::theorem_3::{
    proof_chain as theorem_3_chain, proof_large as theorem_3_large, proof_small as theorem_3_small,
};

pub(crate) const OTHERS: &[Other] = &[
    other(1183, Reason::Assumption("(21): the case of a large spectral norm, C fixed")),
    other(1221, Reason::Definition("x_1 = v_2, x_{k+1} = W_{k+1} x_k")),
    other(1280, Reason::Repeats("theorem-3/product-norm")),
    other(1334, Reason::Assumption("(A2): R^L(W(0)) <= R_0")),
];

/// The audit.
pub fn proof() -> Proof {
    let mut steps = first_steps();
    steps.extend(theorem_3_large::steps());
    steps.extend(theorem_3_chain::steps());
    steps.extend(theorem_3_small::steps());
    Proof { id: "theorem-3", title: "Theorem 3", section: "B.4", proves: &["theorem-3"], steps, others: OTHERS }
}
