//! The night: statements about chance, tried on fresh numbered trials until the time is up, counted in a ledger that outlives it.
//!
//! - [`plan`] says which trials are done, by whom: the trials of a statement are cut into *blocks* of a size that its cost alone determines;
//!   shard i of n does the blocks whose number is i - 1 modulo n. Shards of one plan, merged, hold the trials of the whole plan and no others.
//! - [`run`] opens the ledger, tries the canaries, then gives every statement the same share of the time; each block is one record.
//! - [`summary`] is what the ledger says: verdicts, exact intervals, e-values against the budget of false alarms, and what could not have been seen.
//!
//! **Canaries** come first and on trials of their own, which are not recorded: they are about tonight's machinery, not about the paper. Every planted falsehood must be refuted by
//! them at odds of a million to one, no planted truth may be; else the night is void, and nothing is recorded.
//!
//! **False alarms.** The life of a ledger has a budget of [`ALPHA`], cut into [`SLOTS`] equal shares, one for each statement and version that it ever counted. A statement raises the
//! alarm when its e-value reaches one over its share. By Ville's inequality a true statement ever does so, in any number of nights and looks, with probability at most its share.

pub mod plan;
pub mod summary;

pub use plan::{Plan, Shard, Until};
pub use summary::{Canary, Night, Row, Status, Verdict};

use crate::claims::chance::{Chance, Part};
use crate::error::{Error, Result};
use crate::statistics::ledger::{Batch, Ledger, Versions};
use crate::statistics::{budget::Budget, eprocess};
use plan::Cursor;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Probability that a ledger ever raises an alarm about a true statement, in all its life.
pub const ALPHA: f64 = 0.01;

/// Statements, in all their versions, that share it.
pub const SLOTS: usize = 1000;

/// A canary is caught, or wrongly refuted, at odds of one over this.
pub const CANARY_ALPHA: f64 = 1e-6;

/// Trials of a canary: twice what the smallest planted falsehood needs.
const CANARY_TRIALS: u64 = 1 << 16;

/// How far a night is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'a> {
    /// The statement whose batch was recorded last.
    pub key: &'a str,
    /// Trials recorded tonight.
    pub trials: u64,
    /// Batches recorded tonight.
    pub batches: u64,
    /// Done, of 1: of the time, or of the trials that are planned.
    pub share: f64,
}

/// Runs a night. `stop` ends it after the batches in flight; `progress` is called after each record.
///
/// # Errors
/// A battery without canaries or with one key twice; what [`Ledger::open`] refuses; a full or failing disk (what is recorded stays); a
/// statement whose trials cannot be run.
pub fn run(
    battery: &[Chance],
    ledger: &Path,
    plan: &Plan,
    stop: &AtomicBool,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Night> {
    let start = Instant::now();
    let statements = chosen(battery, &plan.only);
    let versions = versions(battery)?;
    let ledger = Ledger::open(ledger, plan.seed, &versions)?;
    let (refused, torn) = (ledger.refused().to_vec(), ledger.torn());
    let counted: u64 = ledger.totals().values().map(|t| t.trials).sum();
    let canaries = canaries(battery, plan, counted)?;
    let void = canaries.iter().any(|c| !c.as_it_must);
    let cursors = statements.iter().map(|c| Cursor::new(c, plan, ledger.totals().get(&c.key))).collect();
    let shared =
        Mutex::new(State { ledger, cursors, spent: vec![0.0; statements.len()], trials: 0, batches: 0, failed: None });
    if !void {
        let worker = Worker { statements: &statements, plan, stop, shared: &shared, start, progress };
        std::thread::scope(|scope| {
            for _ in 0..plan.jobs.max(1) {
                scope.spawn(|| worker.work());
            }
        });
    }
    let state = shared.into_inner().map_err(|_| Error::internal("a thread of the night panicked"))?;
    if let Some(e) = state.failed {
        return Err(e);
    }
    let status = summary::status(&statements, state.ledger.totals(), &budget_of(state.ledger.registered())?)?;
    Ok(Night {
        schema: "flatcert.nightly/1".into(),
        shard: plan.shard.to_string(),
        seed: plan.seed,
        canaries,
        void,
        interrupted: stop.load(Ordering::Relaxed),
        trials: state.trials,
        batches: state.batches,
        seconds: start.elapsed().as_secs_f64(),
        refused: refused.into_iter().map(|r| (r.line, r.reason)).collect(),
        torn,
        status,
    })
}

/// What a ledger says, without running anything.
///
/// # Errors
/// As [`crate::statistics::ledger::read`].
pub fn status(battery: &[Chance], only: &[String], ledger: &Path, seed: u64) -> Result<(Status, Vec<(usize, String)>)> {
    let statements = chosen(battery, only);
    let (totals, refused) = crate::statistics::ledger::read(ledger, seed, &versions(battery)?)?;
    let registered = crate::statistics::ledger::registered(ledger, seed)?;
    let status = summary::status(&statements, &totals, &budget_of(&registered)?)?;
    Ok((status, refused.into_iter().map(|r| (r.line, r.reason)).collect()))
}

fn chosen<'a>(battery: &'a [Chance], only: &[String]) -> Vec<&'a Chance> {
    battery.iter().filter(|c| !c.part.is_canary() && plan::wanted(only, c)).collect()
}

/// The budget of a ledger that counted these statements (`key@version`).
fn budget_of(registered: &std::collections::BTreeSet<String>) -> Result<Budget> {
    let mut budget = Budget::equal(ALPHA, SLOTS)?;
    for name in registered {
        budget.register(name);
    }
    Ok(budget)
}

fn versions(battery: &[Chance]) -> Result<Versions> {
    let mut out = Versions::new();
    for c in battery {
        if out.insert(c.key.clone(), c.version.to_string()).is_some() {
            return Err(Error::internal(format!("two statements have the key {}", c.key)));
        }
    }
    for part in [Part::PlantedFalsehood, Part::PlantedTruth] {
        if !battery.iter().any(|c| c.part == part) {
            return Err(Error::internal("a battery without canaries: nothing it finds would mean anything"));
        }
    }
    out.retain(|key, _| battery.iter().any(|c| c.key == *key && !c.part.is_canary()));
    Ok(out)
}

/// Canaries on trials of their own: other ones each night, because the ledger has grown.
fn canaries(battery: &[Chance], plan: &Plan, counted: u64) -> Result<Vec<Canary>> {
    let first = counted.wrapping_add(plan.shard.index() << 48) & (u64::MAX >> 1);
    let mut out = Vec::new();
    for c in battery.iter().filter(|c| c.part.is_canary()) {
        let counts = c.run(plan.seed, first..first + CANARY_TRIALS)?;
        let log_e = eprocess::log_e_value(CANARY_TRIALS, counts.failures, c.bound)?;
        let refuted = log_e >= -CANARY_ALPHA.ln();
        out.push(Canary {
            key: c.key.clone(),
            statement: c.statement.clone(),
            must_be_refuted: c.part == Part::PlantedFalsehood,
            trials: CANARY_TRIALS,
            failures: counts.failures,
            log10_e: log_e / std::f64::consts::LN_10,
            as_it_must: refuted == (c.part == Part::PlantedFalsehood),
        });
    }
    Ok(out)
}

struct State {
    ledger: Ledger,
    cursors: Vec<Cursor>,
    /// Seconds by statement, tonight; batches in flight by their estimate.
    spent: Vec<f64>,
    trials: u64,
    batches: u64,
    failed: Option<Error>,
}

struct Worker<'a> {
    statements: &'a [&'a Chance],
    plan: &'a Plan,
    stop: &'a AtomicBool,
    shared: &'a Mutex<State>,
    start: Instant,
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Worker<'_> {
    fn work(&self) {
        while let Some((at, range, estimate)) = self.next() {
            let before = Instant::now();
            let found = self.statements[at].run(self.plan.seed, range.clone());
            let Ok(mut state) = self.shared.lock() else { return };
            state.spent[at] += before.elapsed().as_secs_f64() - estimate;
            let chance = self.statements[at];
            let recorded = found.and_then(|counts| {
                state.ledger.append(Batch {
                    key: chance.key.clone(),
                    version: chance.version.to_string(),
                    first: range.start,
                    count: range.end - range.start,
                    failures: counts.failures,
                    undecided: counts.undecided,
                })
            });
            if let Err(e) = recorded {
                state.failed.get_or_insert(e);
                return;
            }
            state.trials += range.end - range.start;
            state.batches += 1;
            let share = match self.plan.until {
                Until::Budget(limit) => self.start.elapsed().as_secs_f64() / limit.as_secs_f64(),
                Until::Trials(_) => {
                    let done: f64 = state.cursors.iter().map(Cursor::done).sum();
                    done / state.cursors.len().max(1) as f64
                }
            };
            let (trials, batches) = (state.trials, state.batches);
            drop(state);
            (self.progress)(Progress { key: &chance.key, trials, batches, share: share.min(1.0) });
        }
    }

    /// The next block of the statement that had the least time, unless the night is over.
    fn next(&self) -> Option<(usize, std::ops::Range<u64>, f64)> {
        let over = matches!(self.plan.until, Until::Budget(limit) if self.start.elapsed() >= limit);
        if over || self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let mut state = self.shared.lock().ok()?;
        if state.failed.is_some() {
            return None;
        }
        let mut order: Vec<usize> = (0..self.statements.len()).collect();
        order.sort_by(|a, b| state.spent[*a].total_cmp(&state.spent[*b]));
        for at in order {
            if let Some(range) = state.cursors[at].take() {
                let estimate = (range.end - range.start) as f64 * self.statements[at].cost;
                state.spent[at] += estimate;
                return Some((at, range, estimate));
            }
        }
        None
    }
}

/// The default length of a night.
pub const DEFAULT: Duration = Duration::from_secs(3600);
