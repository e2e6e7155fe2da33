//! Statistics of a randomised search that never ends: replayable streams of trials, exact binomial intervals, evidence
//! that stays valid however often it is looked at, a false-alarm budget for a lifetime, and the append-only ledger all
//! of it is counted from; tails of distributions; moments of normal variables.

pub mod binomial;
pub mod bootstrap;
pub mod budget;
pub mod eprocess;
pub(crate) mod gaussian;
pub mod laws;
pub mod ledger;
pub mod streams;
pub mod tails;
