//! The heart: one file per stated result. (The frame: under construction.)

pub mod evidence;

use crate::error::Result;
use evidence::{Evidence, InstanceEvidence};

/// How deep a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Under a minute on two cores.
    Quick,
    /// A few minutes.
    Standard,
    /// As long as a night.
    Nightly,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Depth.
    pub profile: Profile,
    /// Seed of every generated instance.
    pub seed: u64,
    /// Claim ids; empty for all.
    pub only: Vec<String>,
}

/// Catalogue entry for `flatcert list`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// The id.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// Place in the paper.
    pub place: String,
    /// Recorded outcome per form: `(form name, role, expected, statement)`.
    pub forms: Vec<(String, evidence::Role, evidence::Outcome, String)>,
}

/// The catalogue, in order.
pub fn catalogue() -> Vec<Entry> {
    Vec::new()
}

/// Runs claims. `progress(claim, done, total)` is called from many threads as instances finish; the evidence does not depend
/// on the number of threads. Timings are returned apart, seconds per claim, because they are not reproducible.
///
/// # Errors
/// An unknown claim id (the nearest ones are named).
pub fn run(
    _options: &Options,
    _progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<(Evidence, Vec<(String, f64)>)> {
    unimplemented!("replaced by the frame")
}

/// All instances of one claim's forms, verbose (`flatcert check`).
///
/// # Errors
/// As [`run`].
pub fn check(_id: &str, _options: &Options) -> Result<Vec<InstanceEvidence>> {
    unimplemented!("replaced by the frame")
}

/// A form (default: the standing one) with its right-hand side scaled by `factor` (exact): refuted, or how close?
///
/// # Errors
/// As [`run`]; a claim without a scalable form.
pub fn probe(
    _id: &str,
    _form: Option<&str>,
    _change: ProbeChange,
    _options: &Options,
) -> Result<evidence::FormEvidence> {
    unimplemented!("replaced by the frame")
}

/// What `flatcert probe` changes.
#[derive(Clone, Debug)]
pub enum ProbeChange {
    /// Multiply the strength by this factor (above 1: strengthened, below 1: weakened).
    Factor(crate::arithmetic::Rational),
    /// Put this constant in place of the printed one.
    Constant(crate::arithmetic::Rational),
}

/// One instance again, from its id `claim/form#index`, or from a counterexample file.
///
/// # Errors
/// An id that names nothing; a file that is not a counterexample.
pub fn replay(_id: &str, _options: &Options) -> Result<InstanceEvidence> {
    unimplemented!("replaced by the frame")
}
