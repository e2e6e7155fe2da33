//! Appendices C and D: the displays of the experiments.

pub(crate) mod proof;
