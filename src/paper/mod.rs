//! The paper, by its own numbering: a folder for each result, with its statement, its claim, the scene of its proof,
//! and the steps.
//!
//! What a section shares stands beside its results; [`kit`] is shared by several sections; [`text`] holds the displays
//! that belong to no proof. The registry ([`registry::paper`]) lists them all.
//!
//! **How a display is checked, and what that shows.** [`crate::harness::steps`] knows three ways; the grade of a step
//! says which one it was, and the head of a proof file lists its displays with it.
//!
//! - *Identity*: all links are equalities of rational functions of what is drawn. Both sides are evaluated in exact
//!   rationals at random 63-bit integers; a false identity survives with probability below 2^-100. It then holds for
//!   all values of these shapes.
//! - *Domain*: an inequality of numbers, over everything that the proof allows. Where that is no box, a reduction
//!   brings it to one, and is itself checked; interval subdivision then proves it for all parameters, real depths
//!   among them.
//! - *Instance*: an inequality of vectors and matrices, by enclosures or in rationals, on degenerate, sparse and
//!   badly scaled samples and along a descent to the least slack. It holds for those samples. Where the display
//!   applies a textbook inequality (of the triangle, of Cauchy and Schwarz, of norms of products) the inequality is
//!   not in doubt, and the samples, with planted errors that they must refute, test whether it is applied with the
//!   right index, factor and power.
//!
//! No number of instances proves a theorem. What is proved for all networks and flows is in `formal/`, and
//! [`registry`] joins the two: where they contradict each other a run ends with an error.

pub mod appendix_a;
pub mod appendix_c;
pub mod battery;
pub mod beyond;
pub mod figures;
pub mod kit;
pub mod registry;
pub mod section_1;
pub mod section_2;
pub mod section_3;
pub mod section_4;
pub mod section_5;
pub mod stated;
pub mod text;
