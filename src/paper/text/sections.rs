//! Sections 1 to 5, display by display.

use crate::harness::steps::{Other, Proof, Reason, other};
use crate::paper::text::{residual, section_2, words};

/// Displays of these sections that are no steps, by the line at which they begin: a definition, or what the claims
/// check that are named.
pub(crate) const OTHERS: &[Other] = &[
    other(14, Reason::Definition("the problem that gradient descent is said to solve (cited, used in no proof)")),
    other(44, Reason::Claims(&["theorem-1"])),
    other(75, Reason::Definition("residual initialisation (2)")),
    other(87, Reason::Claims(&["theorem-4"])),
    other(102, Reason::Definition("the network (3)")),
    other(121, Reason::Definition("gradient flow (4)")),
    other(128, Reason::Claims(&["gradient"])),
    other(135, Reason::Claims(&["gradient"])),
    other(155, Reason::Claims(&["theorem-2-norms"])),
    other(161, Reason::Claims(&["theorem-2-depth"])),
    other(168, Reason::Claims(&["variational"])),
    other(175, Reason::Claims(&["rescaling"])),
    other(199, Reason::Claims(&["lemma-1"])),
    other(205, Reason::Definition("epsilon")),
    other(214, Reason::Claims(&["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment"])),
    other(229, Reason::Claims(&["theorem-3"])),
    other(260, Reason::Claims(&["corollary-1"])),
    other(274, Reason::Claims(&["corollary-3"])),
    other(284, Reason::Definition("theta_k")),
    other(294, Reason::Claims(&["theorem-4"])),
    other(301, Reason::Claims(&["theorem-4", "lemma-3-norm", "lemma-3-sigma-min"])),
    other(306, Reason::Claims(&["theorem-4"])),
    other(316, Reason::Claims(&["theorem-4-gradient"])),
    other(321, Reason::Claims(&["theorem-4-gradient"])),
    other(327, Reason::Definition("the first time t* at which some theta_k leaves its ball")),
    other(335, Reason::Claims(&["lemma-3-constants"])),
    other(342, Reason::Claims(&["lemma-3-norm", "lemma-3-sigma-min"])),
    other(348, Reason::Claims(&["lemma-3-norm"])),
    other(354, Reason::Claims(&["lemma-3-sigma-min"])),
    other(366, Reason::Claims(&["corollary-4-lower", "corollary-4-upper", "corollary-4-constants"])),
];

/// The audit.
pub fn proof() -> Proof {
    let parts = [section_2::displays(), section_2::section_2(), words::steps(), residual::steps()];
    Proof {
        id: "sections",
        title: "The text of Sections 1 to 5",
        section: "Sections 1 to 5",
        proves: &[],
        steps: parts.into_iter().flatten().collect(),
        others: OTHERS,
    }
}
