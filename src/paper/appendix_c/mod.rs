//! Appendices C and D: the displays of the experiments.

pub mod proof;
