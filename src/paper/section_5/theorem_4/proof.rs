//! The proof in B.8, display by display.
//!
//! Lines 1774 to 1971 of the text. A display is a step of one of the four parts, or stands in `OTHERS` with the
//! reason why it is none.

use crate::harness::steps::step::{Other, Proof, Reason, other};
use crate::paper::section_5::theorem_4::proof_flow;
use crate::paper::section_5::theorem_4::proof_gradient::{event_steps, gradient_steps};
use crate::paper::section_5::theorem_5;

/// Displays of B.8 that assert nothing of their own, or what another claim checks.
pub(crate) const OTHERS: &[Other] = &[
    other(1786, Reason::Definition("Pi_{L:k}, Pi_{k:1}")),
    other(1799, Reason::Definition("t*; u is C~_3 later")),
    other(1812, Reason::Claims(&["lemma-3-constants"])),
    other(1934, Reason::Definition("the multivariate network")),
    other(1971, Reason::Claims(&["theorem-5-flow"])),
];

/// The audit.
pub fn proof() -> Proof {
    let steps = [gradient_steps(), event_steps(), proof_flow::steps(), theorem_5::steps()];
    Proof {
        id: "theorem-4",
        title: "Theorem 4, and Theorem 5",
        section: "B.8",
        proves: &["theorem-4", "theorem-5-flow"],
        steps: steps.into_iter().flatten().collect(),
        others: OTHERS,
    }
}
