//! Gradient flow: what Section 4 observes along it.

pub mod observables;
