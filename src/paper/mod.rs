//! The paper, by its own numbering: a folder for each result, with its statement, its claim, the scene of its proof,
//! and the steps.
//!
//! What a section shares stands beside its results; [`kit`] is shared by several sections; [`text`] holds the displays
//! that belong to no proof. The registry ([`registry::paper`]) lists them all.

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
