//! Gradient flow (Section 4): what is observed along it, and the certified tube.

pub mod observables;
pub mod tube;
