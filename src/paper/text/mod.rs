//! The displays and sentences of Sections 1 to 5 that belong to no proof.
//!
//! They are steps like those of a proof, gathered in one audit with the id `sections` that proves no result. So a
//! sentence of the introduction that the theorems do not support is found like an error of a proof, and a display
//! that a claim checks already is listed with it.

pub(crate) mod residual;
pub(crate) mod section_2;
pub(crate) mod sections;
pub(crate) mod words;
