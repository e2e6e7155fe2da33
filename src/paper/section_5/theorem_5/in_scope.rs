//! Theorem 5 inside its hypotheses: as Theorem 4, with d targets and no head.

use crate::harness::claim::Claim;
use crate::paper::section_5::theorem_4::in_scope::{Starts, forms};

/// `theorem-5-in-scope`.
pub fn claim() -> Claim {
    Claim {
        id: "theorem-5-in-scope",
        title: "Theorem 5 inside its hypotheses, constants fixed by s",
        place: "Theorem 5, B.8",
        hypotheses: "(A1), d targets, no head (norm(w) = 1); C_1 to C_5 as for theorem-4-in-scope; s = 1/10 and 1/4, \
                     d = 4",
        uses: &["theorem-4-in-scope", "theorem-5-flow"],
        forms: forms(Starts::Targets).into(),
        finding: None,
        remarks: &["The trials of theorem-4-in-scope count for d targets too: what a trial proves is about both."],
    }
}
