//! Statements about chance, "the event fails with probability at most p0", and the battery of all of them that
//! `flatcert nightly` tries.
//!
//! A [`Chance`] runs numbered trials under a seed. Trial `t` of the statement `key` draws from the stream (seed, key,
//! t) of [`crate::statistics::streams`] and from nothing else, so that any trial can be replayed alone and shards can
//! be merged. A trial passes, fails, or could not be decided; what it found is certain (an enclosure or exact
//! arithmetic decides it).
//!
//! Two canaries belong to every battery: a planted falsehood, which a night must catch, and a planted truth, which it
//! must not. Both go through the same machinery as the statements.
//!
//! # What a verdict risks
//!
//! For n trials fixed beforehand, f of them failures and u undecided, the exact (Clopper-Pearson) interval has the
//! ends
//!
//! ```text
//! lo: P(X >= f) <= alpha/2 under lo,        X binomial (n, lo),   undecided trials counted as passes;
//! hi: P(X <= f + u) <= alpha/2 under hi,    undecided trials counted as failures.
//! ```
//!
//! Whatever the true probability p is and whatever the undecided trials were, `lo <= p <= hi` with probability at
//! least 1 - alpha. So *holds* (`hi <= p0`) is wrong with probability at most alpha/2, and so is *fails* (`lo > p0`).
//! The number of trials must not depend on what was found; for looking at the count after each trial there are
//! e-processes, whose values are given beside the interval ([`crate::statistics::eprocess`]).
//!
//! How hard it was tried is said by `exposed`: the smallest true probability at which these trials would have refuted
//! the statement in 95 of 100 runs. A bound p0 near 0 is not refuted by few trials, whatever the truth.

use crate::arithmetic::{Interval, Rational};
use crate::error::{Error, Result};
use crate::harness::claim::Evaluation;
use crate::harness::evidence::{SampledEvidence, Verdict};
use crate::statistics::{binomial, eprocess};
use rayon::prelude::*;
use std::ops::Range;

/// The part a statement plays in the battery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Stated or implied by the paper, or by a corrected form: refuting it is an alarm.
    Statement,
    /// Outside the hypotheses, where the printed bound is known to fail: not refuting it in the long run would be the
    /// surprise.
    KnownFalse,
    /// A falsehood that a night must catch.
    PlantedFalsehood,
    /// A truth with equality, p0 the exact probability, that a night must not refute.
    PlantedTruth,
}

impl Part {
    /// Planted, to test the night and not the paper.
    pub fn is_canary(self) -> bool {
        matches!(self, Self::PlantedFalsehood | Self::PlantedTruth)
    }
}

/// What a batch of trials found.
///
/// The other trials passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Trials that failed.
    pub failures: u64,
    /// Trials that could not be decided.
    pub undecided: u64,
}

/// Runs the trials `range` under a seed.
///
/// A closure of the seed and the numbers of the trials.
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
    /// What runs them.
    trials: Trials,
}

impl Chance {
    /// A statement; `trials(seed, range)` counts what the trials of the range found.
    ///
    /// Part [`Part::Statement`], version 1, a tenth of a millisecond for each trial, until said otherwise.
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

/// Probability that the verdict of [`assess`] is wrong, for each statement: a report of a thousand of them errs once in
/// a thousand seeds.
pub const ALPHA: f64 = 1e-6;

/// Seconds of trials between two looks at the work that is left.
///
/// A chunk has as many trials as take this time by the stated cost, from one to a million.
const CHUNK: f64 = 0.02;

/// A verdict from a number of trials fixed beforehand: the statement holds where the exact interval at [`ALPHA`] lies
/// below `bound / strength`, fails where it lies above, and is undecided where it contains it. The margin is that of
/// the bound over the probability, as an interval.
///
/// The strength divides the bound: at 2 the statement says that the probability is at most half of what is printed.
/// Trials that cannot be run leave it undecided, with their error as the reason.
pub fn assess(chance: &Chance, strength: &Rational, seed: u64, trials: u64) -> Evaluation {
    match count(chance, seed, trials) {
        Ok(counts) => counted((&chance.key, &chance.statement, chance.bound), strength, trials, counts),
        Err(e) => Evaluation::undecided(e.to_string()),
    }
}

/// The verdict of [`assess`] from trials that were counted elsewhere, for a statement of this key, these words and this
/// bound.
///
/// Where only trials that meet a condition count, their number is random; given it, the failures among them are
/// binomial all the same.
pub fn counted(statement: (&str, &str, f64), strength: &Rational, trials: u64, counts: Counts) -> Evaluation {
    match sampled(statement, strength, trials, counts) {
        Ok(evidence) => judged(evidence),
        Err(e) => Evaluation::undecided(e.to_string()),
    }
}

/// All trials 0 to `trials - 1`, in chunks on all threads. The sum of the chunks does not depend on their order, nor
/// on how trials are cut into chunks, since each draws from a stream of its own.
///
/// # Errors
/// Those of a trial.
fn count(chance: &Chance, seed: u64, trials: u64) -> Result<Counts> {
    let chunk = (CHUNK / chance.cost).clamp(1.0, 1e6) as u64;
    let parts: Vec<Counts> = (0..trials.div_ceil(chunk))
        .into_par_iter()
        .map(|k| chance.run(seed, k * chunk..((k + 1) * chunk).min(trials)))
        .collect::<Result<_>>()?;
    Ok(parts.iter().fold(Counts::default(), |sum, c| Counts {
        failures: sum.failures + c.failures,
        undecided: sum.undecided + c.undecided,
    }))
}

/// The interval, the e-values and the power for these counts. Power: with k the least number of failures that
/// refutes, the probability at which k - 1 failures or fewer have probability at most 5 %; 1 where not even all
/// trials failing would refute.
///
/// # Errors
/// A bound that is not positive, or no number; more failures than trials.
fn sampled(
    (key, statement, bound): (&str, &str, f64),
    strength: &Rational,
    trials: u64,
    counts: Counts,
) -> Result<SampledEvidence> {
    let Counts { failures, undecided } = counts;
    let bound = bound / strength.to_f64();
    if bound.is_nan() || bound <= 0.0 {
        return Err(Error::usage(format!("{key}: counting cannot show that a probability is {bound}")));
    }
    let refutes = |f: u64| Ok::<bool, Error>(binomial::lower_bound(trials, f, ALPHA / 2.0)? > bound);
    let least = binomial::least(trials, refutes)?;
    Ok(SampledEvidence {
        key: key.into(),
        statement: statement.into(),
        setting: String::new(),
        bound,
        trials,
        failures,
        undecided,
        alpha: ALPHA,
        interval: [
            binomial::lower_bound(trials, failures, ALPHA / 2.0)?,
            binomial::upper_bound(trials, failures + undecided, ALPHA / 2.0)?,
        ],
        log10_e: eprocess::log_e_value(trials, failures, bound)? / std::f64::consts::LN_10,
        log10_support: eprocess::log_support(trials, failures + undecided, bound)? / std::f64::consts::LN_10,
        exposed: least.map_or(Ok(1.0), |least| binomial::power(trials, least - 1, 0.05))?,
    })
}

/// The verdict that the interval gives. The margin `(p0 - p)/max(p0, p)` decreases in p, so its ends come from the
/// ends of the interval in the opposite order. The ratio `p0/p` is told only where p is known not to be 0.
fn judged(evidence: SampledEvidence) -> Evaluation {
    let ([lo, hi], bound) = (evidence.interval, evidence.bound);
    let margin = |p: f64| (bound - p) / bound.max(p);
    let verdict = if hi <= bound {
        Verdict::Holds
    } else if lo > bound {
        Verdict::Fails
    } else {
        Verdict::Undecided
    };
    let open = format!(
        "{} failures in {} trials: the probability is between {lo:.2e} and {hi:.2e}, p0 = {bound:.2e}",
        evidence.failures, evidence.trials
    );
    Evaluation {
        verdict,
        margin: Some(Interval::new(margin(hi), margin(lo))),
        ratio: (lo > 0.0).then(|| Interval::new(bound / hi, bound / lo)),
        arithmetic: "exact binomial interval".into(),
        reason: (verdict == Verdict::Undecided).then_some(open),
        sampled: Some(evidence),
        ..Evaluation::undecided("")
    }
}
