//! The harness: claims, their forms, their evidence and its grade. It knows no paper.
//!
//! A [`Paper`](paper::Paper) is a list of [`Claim`]s with the audited proofs behind them. [`claim`] says what a
//! statement is and decides it, [`engine`] runs claims over their instances, [`grade`] computes how strongly each is
//! supported, [`evidence`] is what comes out. [`steps`] are the displayed steps of proofs, [`subdivision`] proves
//! scalar inequalities over boxes, [`chance`] counts trials, [`displays`] finds what a paper displays, [`formal`] what
//! Coq has proved of it. `examples/another_paper.rs` is a second paper of three lemmas.

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
