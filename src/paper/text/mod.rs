//! The displays and sentences of Sections 1 to 5 that belong to no proof.

pub mod residual;
pub mod section_2;
pub mod sections;
pub mod words;
