//! What a ledger says about each statement, as data.

use crate::error::Result;
use crate::harness::chance::{Chance, Part};
use crate::harness::evidence::SampledEvidence;
use crate::statistics::budget::{self, Budget};
use crate::statistics::ledger::{Holdings, Origin, Planted, Totals};
use crate::statistics::{binomial, eprocess};
use schemars::JsonSchema;
use serde::Serialize;
use std::f64::consts::LN_10;

/// Confidence of the intervals, each by itself and for one look; the e-values are valid at every look.
///
/// Split equally between the two ends. Undecided trials are passes for the lower end and failures for the upper.
const INTERVAL_ALPHA: f64 = 0.01;

/// Log10 of the support from which a statement counts as supported: odds of a hundred to one.
///
/// The e-value counts against "at least p0": support of 2 and more occurs with probability at most 1/100 if the
/// failure probability is p0 or above, at any time (Ville).
const SUPPORT: f64 = 2.0;

/// What is said of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its e-value reached the alarm: it is false, or an event of probability below its share has happened.
    Alarm,
    /// Known to be false outside the hypotheses, and refuted.
    KnownFalse,
    /// Known to be false, and not refuted yet.
    KnownFalseUnseen,
    /// Odds of a hundred to one and more against a failure probability of p0 or above.
    Supported,
    /// Neither refuted nor supported.
    Open,
    /// Too rare for counting: even a failure probability ten times as large would not have been seen.
    CannotSee,
    /// No trials yet.
    Untried,
}

impl Verdict {
    /// The name that machines read, and what it means.
    pub fn words(self) -> &'static str {
        match self {
            Self::Alarm => "alarm: refuted",
            Self::KnownFalse => "known_false: refuted, as known (outside the hypotheses)",
            Self::KnownFalseUnseen => "known_false_unseen: not refuted yet",
            Self::Supported => "supported",
            Self::Open => "open: not refuted",
            Self::CannotSee => "cannot_see: not refuted; the bound is too small for so few trials",
            Self::Untried => "untried",
        }
    }
}

/// One statement.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Row {
    /// The claim it is evidence for.
    pub claim: &'static str,
    /// Counts, interval (99 %, for one look), e-values; `alpha` is its share of the false-alarm budget, `exposed` the
    /// smallest true probability of failure that would have raised the alarm by now with probability 95 %.
    #[serde(flatten)]
    pub counted: SampledEvidence,
    /// Log10 of the e-value that raises the alarm.
    pub log10_alarm: f64,
    /// What is said.
    pub verdict: Verdict,
}

/// The state of a ledger.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Status {
    /// Every statement of the battery, in its order.
    pub statements: Vec<Row>,
    /// Probability of any false alarm in the life of the ledger.
    pub alpha: f64,
    /// Given to the statements (and versions) counted so far.
    pub spent: f64,
    /// For those to come.
    pub left: f64,
}

impl Status {
    /// Keys of the statements whose alarm is on.
    pub fn alarms(&self) -> Vec<String> {
        let on = self.statements.iter().filter(|r| r.verdict == Verdict::Alarm);
        on.map(|r| r.counted.key.clone()).collect()
    }
}

/// A canary, tonight.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Canary {
    /// Its name.
    pub key: String,
    /// What it says.
    pub statement: String,
    /// A planted falsehood; else a planted truth.
    pub must_be_refuted: bool,
    /// Number of its first trial.
    pub first: u64,
    /// Trials, tonight.
    pub trials: u64,
    /// Failures among them.
    pub failures: u64,
    /// Log10 of the e-value against it.
    pub log10_e: f64,
    /// Refuted or not, as it must be.
    pub as_it_must: bool,
}

impl Canary {
    /// As the ledger keeps it.
    pub(crate) fn recorded(&self) -> Planted {
        let Self { key, trials, failures, as_it_must, .. } = self;
        Planted { key: key.clone(), trials: *trials, failures: *failures, as_it_must: *as_it_must }
    }
}

/// Who looks at the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// One: the whole ledger. Otherwise a shard of so many, which sees its own trials and those of earlier nights.
    ///
    /// Above 1 the share is that of the shards' own looks, divided by [`budget::early`].
    pub shards: u64,
    /// Number of the night, from 1.
    pub night: u64,
}

impl Look {
    /// The whole ledger.
    pub const WHOLE: Self = Self { shards: 1, night: 1 };
}

/// What the shards' own looks at a statement are registered as.
///
/// A second share of the same budget: the name differs from `key@version` and so never meets a statement's.
pub(crate) fn early_name(name: &str) -> String {
    format!("{name}, shards")
}

/// A night, and the ledger after it.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Night {
    /// `flatcert.nightly/1`.
    pub schema: String,
    /// `i/n`.
    pub shard: String,
    /// Of the ledger.
    pub seed: u64,
    /// Before anything else.
    pub canaries: Vec<Canary>,
    /// A canary did what it must not: no trial was recorded.
    pub void: bool,
    /// Not void, not interrupted, and nothing recorded: this shard has no trials to do that are not counted, or no time
    /// for one.
    pub idle: bool,
    /// Keys of the statements whose alarm is on after this night: those of the nights before among them.
    pub alarms: Vec<String>,
    /// When it began and ended, in which night, by which code.
    #[serde(flatten)]
    pub origin: Origin,
    /// Ended by Ctrl-C or a scheduler's SIGTERM, the batches in flight recorded as far as they were.
    pub interrupted: bool,
    /// Recorded tonight.
    pub trials: u64,
    /// Recorded tonight.
    pub batches: u64,
    /// Wall clock.
    pub seconds: f64,
    /// Lines of the ledger that do not count, and why.
    pub refused: Vec<(usize, String)>,
    /// Bytes of an incomplete last line that were set aside.
    pub torn: usize,
    /// All nights together.
    pub status: Status,
}

/// From the counts of a ledger.
///
/// # Errors
/// A statement whose p0 is no probability.
pub(crate) fn status(statements: &[&Chance], held: &Holdings, budget: &Budget, look: Look) -> Result<Status> {
    let none = Totals::default();
    let rows = statements.iter().map(|c| row(c, held.totals.get(&c.key).unwrap_or(&none), budget, look));
    Ok(Status {
        statements: rows.collect::<Result<_>>()?,
        alpha: budget.alpha(),
        spent: budget.spent(),
        left: budget.left(),
    })
}

/// With n trials, f failures and u undecided ones, the e-value counts f failures; the support and the upper end of
/// the interval count f and u together. `exposed` asks for the least f whose e-value would be at the alarm after n
/// trials, and for the failure probability that reaches it with probability 95 %; with none it is 1. The verdicts are
/// tried in their order here: no trials; a part that is known to be false; the alarm; support; a power so small that
/// not even 10 p0 would have shown; open. A statement that has not been counted yet is shown the share that it would
/// get next.
///
/// # Errors
/// A p0 that is negative or NaN.
fn row(chance: &Chance, totals: &Totals, budget: &Budget, look: Look) -> Result<Row> {
    let (n, f, open, p0) = (totals.trials, totals.failures, totals.undecided, chance.bound);
    let name = format!("{}@{}", chance.key, chance.version);
    let share = |name: &str| budget.share(name).unwrap_or_else(|| budget.next_share());
    let alpha = match look.shards {
        1 => share(&name),
        shards => budget::early(share(&early_name(&name)), shards, look.night),
    };
    let alarm = -alpha.ln();
    let log_e = eprocess::log_e_value(n, f, p0)?;
    let least = binomial::least(n, |f| Ok(eprocess::log_e_value(n, f, p0)? >= alarm))?;
    let counted = SampledEvidence {
        key: chance.key.clone(),
        statement: chance.statement.clone(),
        setting: String::new(),
        bound: p0,
        trials: n,
        failures: f,
        undecided: open,
        alpha,
        interval: [
            binomial::lower_bound(n, f, INTERVAL_ALPHA / 2.0)?,
            binomial::upper_bound(n, f + open, INTERVAL_ALPHA / 2.0)?,
        ],
        log10_e: log_e / LN_10,
        log10_support: eprocess::log_support(n, f + open, p0)? / LN_10,
        exposed: least.map_or(Ok(1.0), |least| binomial::power(n, least - 1, 0.05))?,
    };
    let verdict = match chance.part {
        _ if n == 0 => Verdict::Untried,
        Part::KnownFalse if log_e >= alarm => Verdict::KnownFalse,
        Part::KnownFalse => Verdict::KnownFalseUnseen,
        _ if log_e >= alarm => Verdict::Alarm,
        _ if counted.log10_support >= SUPPORT => Verdict::Supported,
        _ if counted.exposed > 10.0 * p0 => Verdict::CannotSee,
        _ => Verdict::Open,
    };
    Ok(Row { claim: chance.claim, counted, log10_alarm: alarm / LN_10, verdict })
}
