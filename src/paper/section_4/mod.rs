//! Section 4: the gradient flow from a small start. Lemmas 1 and 2, Theorem 3, Corollaries 1 to 3, and what they share.
//!
//! The way of the data: a start (exact data, exact weights) becomes a [`setting::Setting`] with what Lemma 1
//! conserves; what is seen of the flow from it is one of
//!
//! - the points of a numerical trajectory ([`trajectories`], [`along`]): wide coverage, grade `Computed`, since the
//!   distance of a point to the true flow is not enclosed;
//! - the segments of a certified tube ([`certified`]): proved of the true flow at every time, for a few starts;
//! - single networks ([`networks`]): a bound in terms of the gaps alone that holds at every network holds at every t
//!   of every flow, because the gaps do not move;
//! - flows in closed form ([`aligned`]), of any depth, among which the worst is searched.
//!
//! An inequality is the same value wherever it is evaluated ([`moment::Inequality`]), so that a form along
//! trajectories and one along tubes say the same; only Theorem 3 and Corollary 2 over tubes have code of their own.
//! The folders hold the results; each has its `claim`, what it states, and the steps of its proof in B.2 to B.7.

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
