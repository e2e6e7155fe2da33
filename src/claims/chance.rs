//! Statements about chance, "the event fails with probability at most p0", and the battery of all of them that `flatcert nightly` tries.
//!
//! A [`Chance`] runs numbered trials under a seed. Trial `t` of the statement `key` draws from the stream (seed, key, t) of
//! [`crate::statistics::streams`] and from nothing else, so that any trial can be replayed alone and shards can be merged.
//! A trial passes, fails, or could not be decided; what it found is certain (an enclosure or exact arithmetic decides it).
//!
//! Two canaries belong to every battery: a planted falsehood, which a night must catch, and a planted truth, which it must not. Both go
//! through the same machinery as the statements.

use crate::error::Result;
use std::ops::Range;

/// The part a statement plays in the battery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Stated or implied by the paper, or by a corrected form: refuting it is an alarm.
    Statement,
    /// Outside the hypotheses, where the printed bound is known to fail: not refuting it in the long run would be the surprise.
    KnownFalse,
    /// A falsehood that a night must catch.
    PlantedFalsehood,
    /// A truth with equality, p0 the exact probability, that a night must not refute.
    PlantedTruth,
}

/// What a batch of trials found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Trials that failed.
    pub failures: u64,
    /// Trials that could not be decided.
    pub undecided: u64,
}

/// Runs the trials `range` under a seed.
type Trials = Box<dyn Fn(u64, Range<u64>) -> Result<Counts> + Send + Sync>;

/// "The event fails with probability at most `bound`."
pub struct Chance {
    /// `claim/setting`: the key of its trials in a ledger, and the name of their streams.
    pub key: String,
    /// Changed when the event, the bound or the draws change: trials of another version are another statement's.
    pub version: &'static str,
    /// The claim of the catalogue that it is evidence for.
    pub claim: &'static str,
    /// The statement in words and symbols.
    pub statement: String,
    /// p0, rounded up.
    pub bound: f64,
    /// Its part.
    pub part: Part,
    /// Roughly the seconds of processor time of a trial: batches are sized by it.
    pub cost: f64,
    trials: Trials,
}

impl Chance {
    /// A statement; `trials(seed, range)` counts what the trials of the range found.
    pub fn new(
        key: impl Into<String>,
        claim: &'static str,
        statement: impl Into<String>,
        bound: f64,
        trials: impl Fn(u64, Range<u64>) -> Result<Counts> + Send + Sync + 'static,
    ) -> Self {
        Self {
            key: key.into(),
            version: "1",
            claim,
            statement: statement.into(),
            bound,
            part: Part::Statement,
            cost: 1e-4,
            trials: Box::new(trials),
        }
    }
    /// With another part.
    #[must_use]
    pub fn part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }
    /// With the cost of a trial, in seconds.
    #[must_use]
    pub fn cost(mut self, seconds: f64) -> Self {
        self.cost = seconds;
        self
    }
    /// Counts what the trials of the range find, on the calling thread.
    ///
    /// # Errors
    /// What stops the trials themselves.
    pub fn run(&self, seed: u64, range: Range<u64>) -> Result<Counts> {
        (self.trials)(seed, range)
    }
}

/// Every statement about chance, and the canaries, in a fixed order.
pub fn battery() -> Vec<Chance> {
    super::lemma_6::chances()
}
