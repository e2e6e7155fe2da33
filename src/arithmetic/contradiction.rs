//! Contradictory enclosures: two bounds of one number that exclude each other are a proof of a bug in flatcert, never a
//! fact about the input.
//!
//! Where a function can fail it returns the error ([`Interval::meet`](super::Interval::meet)). Where it has no error to
//! return, in the middle of a formula, the contradiction is recorded here and the whole line goes on; whoever prints a
//! result asks first.

use crate::error::{Error, Result};
use std::fmt::Debug;
use std::sync::OnceLock;

static FIRST: OnceLock<String> = OnceLock::new();

/// Keeps the first contradiction of this process.
pub(super) fn record(one: &impl Debug, other: &impl Debug) {
    FIRST.get_or_init(|| format!("the bounds {one:?} and {other:?} of one number contradict each other"));
}

/// # Errors
/// The first contradiction between two bounds of one number that was met in this process: a bug.
pub fn no_contradiction() -> Result<()> {
    FIRST.get().map_or(Ok(()), |what| Err(Error::internal(what.clone())))
}
