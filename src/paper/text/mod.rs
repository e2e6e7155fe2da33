//! The displays and sentences of Sections 1 to 5 that belong to no proof.

pub(crate) mod residual;
pub(crate) mod section_2;
pub(crate) mod sections;
pub(crate) mod words;
