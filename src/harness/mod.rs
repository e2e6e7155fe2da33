//! The harness: claims, their forms, their evidence and its grade. It knows no paper.
//!
//! A [`Paper`](paper::Paper) is a list of [`Claim`]s with the audited proofs behind them. [`claim`] says what a
//! statement is and decides it, [`engine`] runs claims over their instances, [`grade`] computes how strongly each is
//! supported, [`evidence`] is what comes out. [`steps`] are the displayed steps of proofs, [`subdivision`] proves
//! scalar inequalities over boxes, [`chance`] counts trials, [`displays`] finds what a paper displays, [`formal`] what
//! Coq has proved of it. `examples/another_paper.rs` is a second paper of three lemmas.
//!
//! # The way of a run
//!
//! ```text
//! Paper -> Claim -> Form -> Statement::instances -> Statement::evaluate -> Evaluation     one instance
//!                                                                           |
//!                   ClaimEvidence <- FormEvidence  <-  counts, worst, shrunk counterexample
//! Evidence  <-  grades along the uses, what Coq proves, the audit of the proofs
//! ```
//!
//! A statement is generic over its kind of instance; a [`Form`] erases it, so that the engine holds all of a paper in
//! one list. What an instance says is one of four verdicts: *holds*, *fails*, *undecided*, *out of scope*. Only the
//! first two are claims of the harness, and each needs an enclosure that excludes the contrary or exact arithmetic.
//!
//! | what is stated | is written as | decided in |
//! | --- | --- | --- |
//! | an inequality at an instance, a formula | [`decide_formula`] on [`Symbols`] | the ladder of [`decide`] |
//! | the same, no formula | [`decide`] on a [`Comparison`] | the ladder |
//! | many inequalities at once, enclosed in f64 | [`pairs`] | f64 intervals |
//! | a scalar inequality for all parameters | [`subdivision`] | boxes |
//! | a step of a proof | [`steps`] | identities, samples, boxes |
//! | a probability | [`chance::Chance`] | exact binomial intervals |
//!
//! # What is not here
//!
//! No mathematics of networks, no file of results, no layout of a report. The harness does not search for statements,
//! and does not repair one: a corrected form is written by hand and checked like the printed one.

pub mod assumption;
pub mod chance;
pub mod claim;
pub mod displays;
pub mod engine;
mod evaluate;
pub mod evidence;
pub mod formal;
pub mod grade;
pub mod pairs;
pub mod paper;
pub mod scalars;
mod search;
mod single;
pub mod stated;
pub mod steps;
pub mod subdivision;
mod suggest;
pub mod symbols;

pub use assumption::Assumption;
pub use claim::{Claim, Comparison, Context, Evaluation, Form, Statement, decide, shorter, tagged};
pub use evidence::{Fault, Grade, Outcome, Role, Verdict};
pub use single::Replayed;
pub use stated::{Stated, Subject};
pub use symbols::{Symbols, decide_formula, holds_exactly, stated};
