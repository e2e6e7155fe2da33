//! The night: statements about chance, tried on fresh numbered trials until the time is up, counted in a ledger that
//! outlives it.
//!
//! - [`plan`] says which trials are done, by whom: the trials of a statement are cut into *blocks* of a size that its
//!   cost alone determines; shard i of n does the blocks whose number is i - 1 modulo n. Shards of one plan, merged,
//!   hold the trials of the whole plan and no others.
//! - [`run`] opens the ledger, tries the canaries, then gives every statement the same share of the time, by the clock.
//!   A batch, one record, ends with its block, with the night, or after some seconds; what it left of the block is done
//!   next.
//! - [`morning`](crate::morning) is what a maintainer reads after it: what is new, what has changed.
//! - [`summary`] is what the ledger says: verdicts, exact intervals, e-values against the budget of false alarms, and
//!   what could not have been seen.
//!
//! **Canaries** come first. Their trials are not recorded: they are about tonight's machinery, not about the paper.
//! They are numbered from the nanosecond at which the night begins, so that no two nights share one, a night after a
//! void one least of all. Every planted falsehood must be refuted at odds of a million to one, no planted truth may be;
//! else the night is void, and nothing is recorded. A sound machine has a void night a few times in a million.
//!
//! **False alarms.** The life of a ledger has a budget of [`ALPHA`], cut into [`SLOTS`] equal shares, one for each
//! statement and version that it ever counted. A statement raises the alarm when its e-value reaches one over its
//! share. By Ville's inequality a true statement ever does so, in any number of nights and looks, with probability at
//! most its share. Where a night is cut into shards, each looks at what was known and at its own trials only: as many
//! histories as shards and nights. They spend a second share, in the parts of [`crate::statistics::budget::early`].
//!
//! **What is kept apart.** How many trials a night does depends on the clock and on the machine; what a trial finds
//! depends on seed, key and number only. So two nights of different length agree wherever both have tried, and the
//! counts are no function of the speed of the machine. The decision to stop looks at the clock and never at the
//! counts; and even if it did, the e-values would be valid, which is what they are for.
//!
//! **Locks.** The workers share one [`Mutex`] around the ledger and the lists of what is to do. It is held for the
//! choice of a stretch and for a record with its sync, never while trials run.

pub(crate) mod code;
pub mod plan;
pub mod summary;

pub(crate) use code::commit;
pub use plan::{Plan, Shard, Until};
pub use summary::{Canary, Night, Row, Status, Verdict};

use crate::error::{Error, Result};
use crate::harness::chance::{Chance, Counts, Part};
use crate::statistics::ledger::{self, Attempt, Batch, End, Holdings, Ledger, Origin, Versions};
use crate::statistics::{budget::Budget, eprocess};
use plan::Todo;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use summary::Look;

/// Probability that a ledger ever raises an alarm about a true statement, in all its life.
pub const ALPHA: f64 = 0.01;

/// Statements, in all their versions, that share it.
pub const SLOTS: usize = 1000;

/// A canary is caught, or wrongly refuted, at odds of one over this.
///
/// Under a planted truth the e-value reaches 1e6 with probability at most 1e-6 (Ville); that, and a falsehood that
/// escapes, is what makes a sound night void.
pub const CANARY_ALPHA: f64 = 1e-6;

/// Trials that a planted falsehood has to be refuted; a third of them do as a rule. Those of the battery escape with
/// probability 1e-15 at most: with 2^15 trials one of them would escape one night in sixteen.
pub const FALSEHOOD_TRIALS: u64 = 1 << 17;

/// Trials in which a planted truth must not be refuted.
const TRUTH_TRIALS: u64 = 1 << 16;

/// Trials of a canary between two looks at its e-value.
///
/// Looking often costs no validity, since the e-value may be looked at after every trial; it only ends a refuted
/// canary sooner.
const CANARY_LOOK: u64 = 1 << 13;

/// Seconds of trials between two looks at the clock.
///
/// A step of trials is sized to take about this long, or a quarter of a batch if that is less: looking costs little
/// even where a trial takes microseconds.
const LOOK: f64 = 0.03;

/// How far a night is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'a> {
    /// The statement whose batch was recorded last.
    pub key: &'a str,
    /// Trials recorded tonight.
    pub trials: u64,
    /// Batches recorded tonight.
    pub batches: u64,
    /// Trials recorded in a second.
    pub rate: f64,
    /// Done, of 1: of the time, or of the trials that are planned.
    pub share: f64,
}

/// Runs a night. `stop` ends it at once, the batches in flight recorded as far as they are; `progress` is called after
/// each record.
///
/// The order is: hash of the program, ledger, canaries, trials, record of the run, status. The canaries come after
/// the ledger has been opened, so that a night that cannot record fails before it computes, and before the first
/// trial is recorded. A night whose label has used up its time in earlier runs tries neither canaries nor trials. If
/// a worker fails, the others end after their batch, what is recorded stays, and no record of the run is written.
///
/// # Errors
/// A battery without canaries or with one key twice; what [`Ledger::open`] or [`Ledger::open_segment`] refuses; a full
/// or failing disk (what is recorded stays); a statement whose trials cannot be run.
pub fn run(
    battery: &[Chance],
    ledger: &Path,
    plan: &Plan,
    stop: &AtomicBool,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Night> {
    // Hashing the program is no part of the night.
    let code = code::code();
    let (start, began) = (Instant::now(), SystemTime::now());
    let statements = chosen(battery, &plan.only);
    let ledger = open(ledger, plan, &versions(battery)?)?;
    let (refused, torn) = (ledger.refused().to_vec(), ledger.torn());
    let left = rest(plan.until, ledger.spent(&plan.night));
    let canaries = if left.is_some() { canaries(battery, plan.seed, stop)? } else { Vec::new() };
    let void = canaries.iter().any(|c| !c.as_it_must);
    let mut state = State::new(ledger, code, &statements, plan);
    let mut worked = false;
    if let Some(until) = left.filter(|_| !void) {
        worked = true;
        let plan = Plan { until, ..plan.clone() };
        let shared = Mutex::new(state);
        let worker = Worker::new(&statements, &plan, stop, &shared, start, progress)?;
        std::thread::scope(|scope| {
            for _ in 0..plan.jobs.max(1) {
                scope.spawn(|| worker.work());
            }
        });
        state = shared.into_inner().map_err(|_| Error::internal("a thread of the night panicked"))?;
    }
    if let Some(e) = state.failed {
        return Err(e);
    }
    let interrupted = stop.load(Ordering::Relaxed);
    let end = match (void, interrupted) {
        (true, _) => End::Void,
        (_, true) => End::Interrupted,
        _ => End::Done,
    };
    let origin = Origin::since(began, &plan.night, &state.code);
    let planted = canaries.iter().map(Canary::recorded).collect();
    let (shard, trials) = (plan.shard.to_string(), state.trials);
    state.ledger.end(Attempt { origin: origin.clone(), shard: shard.clone(), end, trials, canaries: planted })?;
    let held = state.ledger.holdings();
    let status = summary::status(&statements, held, &budget_of(held)?, look(plan, held))?;
    Ok(Night {
        schema: "flatcert.nightly/1".into(),
        shard,
        seed: plan.seed,
        canaries,
        void,
        idle: worked && trials == 0 && !interrupted,
        alarms: status.alarms(),
        origin,
        interrupted,
        trials,
        batches: state.batches,
        seconds: start.elapsed().as_secs_f64(),
        refused: refused.into_iter().map(|r| (r.line, r.reason)).collect(),
        torn,
        status,
    })
}

/// A folder gets a segment, a file is opened and locked.
///
/// # Errors
/// What the ledger refuses; `counted` with a file.
fn open(path: &Path, plan: &Plan, versions: &Versions) -> Result<Ledger> {
    match (&plan.counted, ledger::is_folder(path)) {
        (counted, true) => Ledger::open_segment(path, plan.shard.part(), counted.as_deref(), plan.seed, versions),
        (None, false) => Ledger::open(path, plan.seed, versions),
        (Some(_), false) => {
            let what = "is a file, and a file counts its own trials only; end its name in / to make it a folder";
            Err(Error::input(path.display().to_string(), what))
        }
    }
}

/// What is left of a night of which so much was done by runs that were cut off: nothing, perhaps.
fn rest(until: Until, spent: Duration) -> Option<Until> {
    match until {
        Until::Budget(night) => Some(night.saturating_sub(spent)).filter(|t| !t.is_zero()).map(Until::Budget),
        Until::Trials(_) => Some(until),
    }
}

/// Who looks: the whole ledger, or a shard that sees its own trials only.
///
/// The number of the night is one more than the number of other nights that the ledger holds. A night that is resumed
/// after others has a larger number, and looks with a smaller part of the share.
fn look(plan: &Plan, held: &Holdings) -> Look {
    let others = held.nights.keys().filter(|label| **label != plan.night).count() as u64;
    Look { shards: plan.shard.part().1, night: others + 1 }
}

/// What a ledger says, without running anything, and lines of it that do not count.
///
/// # Errors
/// As [`crate::statistics::ledger::read`].
pub fn status(battery: &[Chance], only: &[String], ledger: &Path, seed: u64) -> Result<(Status, Vec<(usize, String)>)> {
    let statements = chosen(battery, only);
    let held = ledger::read(ledger, seed, &versions(battery)?)?;
    let status = summary::status(&statements, &held, &budget_of(&held)?, Look::WHOLE)?;
    Ok((status, held.refused.into_iter().map(|r| (r.line, r.reason)).collect()))
}

/// The statements named, canaries excepted: those are tried whatever is named.
pub(crate) fn chosen<'a>(battery: &'a [Chance], only: &[String]) -> Vec<&'a Chance> {
    battery.iter().filter(|c| !c.part.is_canary() && plan::wanted(only, c)).collect()
}

/// The budget of a ledger that counted these statements (`key@version`); those of shards that looked on their own as
/// well.
///
/// The names come in alphabetical order, and all shares are equal: two ledgers that counted the same statements have
/// the same budget.
///
/// # Errors
/// None with the constants of this module.
pub(crate) fn budget_of(held: &Holdings) -> Result<Budget> {
    let mut budget = Budget::equal(ALPHA, SLOTS)?;
    for name in &held.registered {
        budget.register(name);
        if held.sharded() {
            budget.register(&summary::early_name(name));
        }
    }
    Ok(budget)
}

/// The versions that count, by key; canaries have none, so that a batch of one is refused.
///
/// # Errors
/// Two statements of one key; a battery without a planted falsehood or without a planted truth.
pub(crate) fn versions(battery: &[Chance]) -> Result<Versions> {
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

/// Tries the canaries on trials of their own, each until it is refuted or its trials are used up.
///
/// The list is shorter than that of the battery if a signal came.
fn canaries(battery: &[Chance], seed: u64, stop: &AtomicBool) -> Result<Vec<Canary>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Nanoseconds fit 63 bits until the year 2262.
    let first = (now.as_nanos() & u128::from(u64::MAX >> 1)) as u64;
    let mut out = Vec::new();
    for c in battery.iter().filter(|c| c.part.is_canary()) {
        let tried = canary(c, seed, first, stop)?;
        // An interrupted canary says nothing.
        if stop.load(Ordering::Relaxed) {
            break;
        }
        out.push(tried);
    }
    Ok(out)
}

/// `CANARY_LOOK` trials at a time, until the e-value is at one over `CANARY_ALPHA` or the trials are used up.
/// Undecided trials are passes for the e-value, and are not kept.
fn canary(chance: &Chance, seed: u64, first: u64, stop: &AtomicBool) -> Result<Canary> {
    let must_be_refuted = chance.part == Part::PlantedFalsehood;
    let most = if must_be_refuted { FALSEHOOD_TRIALS } else { TRUTH_TRIALS };
    let (mut trials, mut failures, mut log_e, mut refuted) = (0, 0, 0.0, false);
    while trials < most && !refuted && !stop.load(Ordering::Relaxed) {
        failures += chance.run(seed, first + trials..first + trials + CANARY_LOOK)?.failures;
        trials += CANARY_LOOK;
        log_e = eprocess::log_e_value(trials, failures, chance.bound)?;
        refuted = log_e >= -CANARY_ALPHA.ln();
    }
    Ok(Canary {
        key: chance.key.clone(),
        statement: chance.statement.clone(),
        must_be_refuted,
        first,
        trials,
        failures,
        log10_e: log_e / std::f64::consts::LN_10,
        as_it_must: refuted == must_be_refuted,
    })
}

/// What the workers share, behind the lock.
struct State {
    /// Where they record.
    ledger: Ledger,
    /// Of this program, for the records.
    code: String,
    /// By statement: which of its trials are left.
    todo: Vec<Todo>,
    /// Seconds by statement, tonight; a batch in flight counts as a whole one.
    spent: Vec<f64>,
    /// Recorded tonight.
    trials: u64,
    /// Recorded tonight.
    batches: u64,
    /// Seconds of the trials recorded, by their declared cost.
    done: f64,
    /// The first error of any worker; it ends all of them.
    failed: Option<Error>,
}

impl State {
    /// With nothing done tonight; what the ledger has counted is not to do.
    fn new(ledger: Ledger, code: &str, statements: &[&Chance], plan: &Plan) -> Self {
        let todo = statements.iter().map(|c| Todo::new(c, plan, ledger.totals().get(&c.key))).collect();
        let spent = vec![0.0; statements.len()];
        Self { ledger, code: code.to_string(), todo, spent, trials: 0, batches: 0, done: 0.0, failed: None }
    }
}

/// What every thread works from; only `shared` changes.
struct Worker<'a> {
    /// Those chosen, canaries excepted.
    statements: &'a [&'a Chance],
    /// With the time that is left of the night.
    plan: &'a Plan,
    /// Set by a signal.
    stop: &'a AtomicBool,
    /// Under the lock.
    shared: &'a Mutex<State>,
    /// Of the night: its time counts from here, canaries included.
    start: Instant,
    /// Seconds of the trials of earlier nights, by their declared cost.
    before: Vec<f64>,
    /// Seconds of a batch.
    patience: f64,
    /// Seconds of the trials planned, by their declared cost.
    planned: Option<f64>,
    /// Called without the lock.
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl<'a> Worker<'a> {
    /// # Errors
    /// A lock that a thread left by a panic: none has run yet.
    fn new(
        statements: &'a [&'a Chance],
        plan: &'a Plan,
        stop: &'a AtomicBool,
        shared: &'a Mutex<State>,
        start: Instant,
        progress: &'a (dyn Fn(Progress<'_>) + Sync),
    ) -> Result<Self> {
        let state = shared.lock().map_err(|_| Error::internal("a thread of the night panicked"))?;
        let seconds = |c: &Chance, trials: u64| trials as f64 * c.cost;
        let planned = state.todo.iter().zip(statements).map(|(t, c)| t.planned().map(|n| seconds(c, n))).sum();
        let earlier = |c: &&Chance| state.ledger.totals().get(&c.key).map_or(0.0, |t| seconds(c, t.trials));
        let before = statements.iter().map(earlier).collect();
        let patience = plan.batch_seconds(statements.len());
        Ok(Self { statements, plan, stop, shared, start, before, patience, planned, progress })
    }
}

impl Worker<'_> {
    /// Takes a stretch, tries it, records it, until there is none or the night is over. On taking a stretch the
    /// statement is charged a whole batch; afterwards the charge is replaced by the time it took, so that threads
    /// that choose meanwhile do not all choose the same statement.
    fn work(&self) {
        while let Some((at, range)) = self.next() {
            let (before, began) = (Instant::now(), SystemTime::now());
            let found = self.batch(at, range.clone());
            let Ok(mut state) = self.shared.lock() else { return };
            state.spent[at] += before.elapsed().as_secs_f64() - self.patience;
            let recorded = found.and_then(|(end, counts)| {
                state.todo[at].give_back(end..range.end);
                self.record(&mut state, at, range.start..end, counts, began)
            });
            if let Err(e) = recorded {
                state.failed.get_or_insert(e);
                return;
            }
            let (trials, batches) = (state.trials, state.batches);
            let (seconds, done) = (self.start.elapsed().as_secs_f64(), state.done);
            drop(state);
            let share = match (self.plan.until, self.planned) {
                (Until::Budget(limit), _) => seconds / limit.as_secs_f64(),
                (_, planned) => done / planned.unwrap_or(done).max(f64::MIN_POSITIVE),
            };
            let (key, rate) = (self.statements[at].key.as_str(), trials as f64 / seconds);
            (self.progress)(Progress { key, trials, batches, rate, share: share.min(1.0) });
        }
    }

    /// Tries the trials of a stretch until the batch has had its time or the night is over, at least one of them: where
    /// it ended and what it found. Where it ends depends on the clock alone, and the rest of the stretch is done later:
    /// nothing is selected.
    ///
    /// The number of trials between two looks grows by a factor of at most 16 from step to step, so that a quick
    /// first trial does not start an hour of trials without a look.
    fn batch(&self, at: usize, range: Range<u64>) -> Result<(u64, Counts)> {
        let (chance, start) = (self.statements[at], Instant::now());
        let (mut end, mut sum) = (range.start, Counts::default());
        // A declared cost may be wrong by any factor: the first look comes after one trial.
        let mut step = 1;
        while end < range.end {
            let (from, before) = (end, Instant::now());
            end = range.end.min(from.saturating_add(step));
            let found = chance.run(self.plan.seed, from..end)?;
            sum.failures += found.failures;
            sum.undecided += found.undecided;
            if self.over() || start.elapsed().as_secs_f64() >= self.patience {
                break;
            }
            let look = LOOK.min(self.patience / 4.0);
            let faster = look / before.elapsed().as_secs_f64().max(1e-9);
            // Few trials say little about the time of many: growth is quick, and bounded.
            step = (step as f64 * faster.min(16.0)).clamp(1.0, 1e12) as u64;
        }
        Ok((end, sum))
    }

    /// Appends the batch and counts it.
    ///
    /// # Errors
    /// What [`Ledger::append`] refuses; a full or failing disk.
    fn record(&self, state: &mut State, at: usize, range: Range<u64>, counts: Counts, began: SystemTime) -> Result<()> {
        let (chance, count) = (self.statements[at], range.end - range.start);
        let batch = Batch {
            key: chance.key.clone(),
            version: chance.version.to_string(),
            first: range.start,
            count,
            failures: counts.failures,
            undecided: counts.undecided,
        };
        let origin = Origin::since(began, &self.plan.night, &state.code);
        state.ledger.append(batch, Some(origin))?;
        state.trials += count;
        state.batches += 1;
        state.done += count as f64 * chance.cost;
        Ok(())
    }

    /// The time is up or a signal came. A plan of trials ends by its trials only.
    fn over(&self) -> bool {
        let late = matches!(self.plan.until, Until::Budget(limit) if self.start.elapsed() >= limit);
        late || self.stop.load(Ordering::Relaxed)
    }

    /// A stretch of the statement that had the least time tonight, in earlier nights where that is equal, unless the
    /// night is over.
    fn next(&self) -> Option<(usize, Range<u64>)> {
        if self.over() {
            return None;
        }
        let mut state = self.shared.lock().ok()?;
        if state.failed.is_some() {
            return None;
        }
        let mut order: Vec<usize> = (0..self.statements.len()).collect();
        let time = |at: usize| (state.spent[at], self.before[at]);
        order.sort_by(|a, b| {
            let ((a, before_a), (b, before_b)) = (time(*a), time(*b));
            a.total_cmp(&b).then(before_a.total_cmp(&before_b))
        });
        for at in order {
            if let Some(range) = state.todo[at].take() {
                state.spent[at] += self.patience;
                return Some((at, range));
            }
        }
        None
    }
}

/// The default length of a night.
pub const DEFAULT: Duration = Duration::from_secs(3600);
