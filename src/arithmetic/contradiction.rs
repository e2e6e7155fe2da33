//! Contradictory enclosures: two bounds of one number that exclude each other are a proof of a bug in flatcert, never a
//! fact about the input.
//!
//! Where a function can fail it returns the error ([`Interval::meet`](super::Interval::meet)). Where it has no error to
//! return, in the middle of a formula, the contradiction is recorded here and the whole line goes on; whoever prints a
//! result asks first.
//!
//! Inclusion says that every computed set contains the exact number. Two disjoint sets for one number therefore
//! refute the code, or what it trusts, whatever the data are. The meeting points are
//! [`Interval::meet`](super::Interval::meet), [`Enclosure::between`](super::Enclosure::between), and bounds that were
//! proved apart.
//!
//! The record is per process and keeps the first finding only: later ones may be its consequences. It never
//! influences a value that is computed; the whole line that goes on is a valid, useless enclosure, on which every
//! check stays undecided.

use crate::error::{Error, Result};
use std::fmt::Debug;
use std::sync::OnceLock;

/// What the first contradiction was, in words; unset while there is none.
static FIRST: OnceLock<String> = OnceLock::new();

/// Keeps the first contradiction of this process.
pub(super) fn record(one: &impl Debug, other: &impl Debug) {
    FIRST.get_or_init(|| format!("the bounds {one:?} and {other:?} of one number contradict each other"));
}

/// `Ok` says that none was met so far. The program asks after its command has run and exits as for a bug if one was
/// recorded. A library caller may ask at any time: the record is shared by all threads and is never cleared.
///
/// # Errors
/// The first contradiction between two bounds of one number that was met in this process: a bug.
pub fn no_contradiction() -> Result<()> {
    FIRST.get().map_or(Ok(()), |what| Err(Error::internal(what.clone())))
}
