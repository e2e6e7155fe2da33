//! Section 4: the gradient flow from a small start. Lemmas 1 and 2, Theorem 3, Corollaries 1 to 3, and what they share.

pub mod aligned;
pub mod along;
pub mod assumption_2;
pub mod certified;
pub mod corollary_1;
pub mod corollary_2;
pub mod corollary_3;
pub mod depths;
pub mod figures;
pub mod figures_tube;
pub mod hypotheses;
pub mod lemma_1;
pub mod lemma_2;
pub mod moment;
pub mod networks;
pub(crate) mod scenes;
pub mod setting;
pub mod theorem_3;
pub mod trajectories;
