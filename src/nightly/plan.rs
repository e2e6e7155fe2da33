//! Which trials a night does: blocks, shards, and where the ledger leaves off.
//!
//! The units of a plan, from small to large: a *trial* has a number; a *block* is a range of numbers whose size is
//! the plan's or depends on the statement's declared cost only, so that shards on different machines agree on it
//! without talking; a *batch* is what one record counts, a part of a block that ends by the clock; a *stretch* is
//! what a worker takes at once: a block (1024 of them where nobody else divides the trials), or the part of it that
//! is not counted, or what a batch left of it.

use crate::error::{Error, Result};
use crate::harness::chance::Chance;
use crate::statistics::ledger::Totals;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Seconds of a block, by the declared cost.
const BLOCK: f64 = 0.5;

/// Seconds of a batch in all but very long nights: what a kill may lose, for each thread.
const BATCH: f64 = 2.0;

/// Seconds of a batch below which the record costs more than the trials.
const SHORTEST: f64 = 0.01;

/// Batches of each thread in the longest nights: some megabytes of ledger for a year of them.
const BATCHES: f64 = 5000.0;

/// Blocks of a stretch of trials that no other shard or plan divides: some minutes for one thread.
///
/// Where nobody else divides the trials, long stretches make few records; holes left by earlier nights are filled
/// first, since trials are given out in the order of their numbers.
const STRETCH: u64 = 1024;

/// Times that each statement's turn comes in a short night.
///
/// With fewer turns the statement that comes last would have its share cut by the end of the night.
const TURNS: f64 = 4.0;

/// A part of the blocks: shard i of n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 0; shown from 1.
    index: u64,
    /// At least 1.
    count: u64,
}

impl Shard {
    /// Everything: shard 1 of 1.
    pub const ALL: Self = Self { index: 0, count: 1 };

    /// i and n, from 1.
    pub fn part(self) -> (u64, u64) {
        (self.index + 1, self.count)
    }

    /// Whether the unit of this number, from 0, is this shard's.
    pub fn has(self, unit: usize) -> bool {
        unit as u64 % self.count == self.index
    }
}

impl FromStr for Shard {
    type Err = Error;

    fn from_str(s: &str) -> Result<Self> {
        let bad = || Error::usage(format!("a shard '{s}': expected i/n with 1 <= i <= n <= 65536, as in 2/3"));
        let (i, n) = s.split_once('/').ok_or_else(bad)?;
        let (i, n): (u64, u64) = (i.trim().parse().map_err(|_| bad())?, n.trim().parse().map_err(|_| bad())?);
        if (1..=n).contains(&i) && n <= 65_536 { Ok(Self { index: i - 1, count: n }) } else { Err(bad()) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.count)
    }
}

/// When a night ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// After this time.
    Budget(Duration),
    /// When the trials 0 .. N of every statement are counted: those of this shard's blocks.
    Trials(u64),
}

/// A night's orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// When it ends.
    pub until: Until,
    /// Which blocks it does.
    pub shard: Shard,
    /// Threads.
    pub jobs: usize,
    /// Of the ledger.
    pub seed: u64,
    /// Trials of a block; by cost if not given. Shards must agree.
    pub batch: Option<u64>,
    /// Claims or keys of the statements to try; all if empty.
    pub only: Vec<String>,
    /// Label of the night: its shards have the same, and so has a run that goes on where another was cut off.
    pub night: String,
    /// With a ledger that is a folder: another ledger, only read, whose trials are counted and not done again.
    pub counted: Option<PathBuf>,
}

impl Default for Plan {
    /// An hour of everything on one thread, named by the second in which it begins.
    fn default() -> Self {
        Self {
            until: Until::Budget(super::DEFAULT),
            shard: Shard::ALL,
            jobs: 1,
            seed: 0,
            batch: None,
            only: Vec::new(),
            night: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            counted: None,
        }
    }
}

/// Is this statement, or its claim, among those named? All are if none is.
pub fn wanted(only: &[String], chance: &Chance) -> bool {
    only.is_empty() || only.iter().any(|name| *name == chance.key || name == chance.claim)
}

impl Plan {
    /// Trials of a block: a power of two that takes about half a second by the statement's own cost, on any machine the
    /// same number.
    ///
    /// `BLOCK` seconds over the cost, between 1 and 2^22, rounded down to a power of two; at least 1 if the plan says
    /// a number itself.
    pub fn block(&self, chance: &Chance) -> u64 {
        let trials = (BLOCK / chance.cost).clamp(1.0, (1 << 22) as f64) as u64;
        self.batch.unwrap_or(1 << trials.ilog2()).max(1)
    }

    /// Seconds after which a batch is recorded whether its block is done or not. Costs are estimates, and a night keeps
    /// its time.
    ///
    /// For a night of T seconds, J threads and s statements: a quarter of a statement's share, `T J / (4 s)`, but no
    /// more than two seconds or, in a long night, T/5000, and no less than a hundredth of a second. A plan of trials
    /// has batches of two seconds.
    pub(super) fn batch_seconds(&self, statements: usize) -> f64 {
        let Until::Budget(night) = self.until else { return BATCH };
        let night = night.as_secs_f64();
        let turn = night * self.jobs as f64 / (TURNS * statements.max(1) as f64);
        turn.min(BATCH.max(night / BATCHES)).max(SHORTEST)
    }
}

/// The trials of one statement that are this shard's, neither counted nor given out, in stretches that end with a block
/// at the latest.
#[derive(Debug)]
pub(super) struct Todo {
    /// Counted at the start of the night: sorted, disjoint.
    counted: Vec<Range<u64>>,
    /// Handed back, or left of a stretch.
    left: Vec<Range<u64>>,
    /// No fresh stretch begins before it.
    next: u64,
    /// The number after the last trial to do.
    end: u64,
    /// Trials of a stretch that is not cut by what is counted.
    block: u64,
    /// Whose blocks are taken.
    shard: Shard,
    /// About so many trials to do, if the plan says.
    planned: Option<u64>,
}

impl Todo {
    /// `totals` is what the ledger counts of the statement. In a plan of trials the number planned is the shard's
    /// part of all trials minus all that are counted: an estimate for the display of progress.
    pub fn new(chance: &Chance, plan: &Plan, totals: Option<&Totals>) -> Self {
        let counted = totals.map(Totals::ranges).unwrap_or_default();
        // Blocks are for shards, and for plans that are repeated elsewhere; a night of all trials keeps fewer, longer
        // records.
        let free = plan.shard == Shard::ALL && plan.batch.is_none() && matches!(plan.until, Until::Budget(_));
        let block = plan.block(chance) * if free { STRETCH } else { 1 };
        let (mut end, mut planned) = (u64::MAX, None);
        if let Until::Trials(n) = plan.until {
            let done: u64 = counted.iter().map(|r| r.end.min(n).saturating_sub(r.start)).sum();
            (end, planned) = (n, Some((n / plan.shard.count).saturating_sub(done)));
        }
        Self { counted, left: Vec::new(), next: 0, end, block, shard: plan.shard, planned }
    }

    /// The next stretch, once.
    pub fn take(&mut self) -> Option<Range<u64>> {
        self.left.pop().or_else(|| self.fresh())
    }

    /// The part of a stretch that was not tried after all.
    pub fn give_back(&mut self, rest: Range<u64>) {
        if !rest.is_empty() {
            self.left.push(rest);
        }
    }

    /// Trials that a plan of trials has this night do, to about a block: for the reader's patience.
    pub fn planned(&self) -> Option<u64> {
        self.planned
    }

    /// Passed over are blocks of other shards, in one step to the next own one, and ranges that are counted. A
    /// stretch ends with its block, with the plan, or where counted trials begin, whichever is first. `None` at the
    /// end of the plan or of the numbers.
    fn fresh(&mut self) -> Option<Range<u64>> {
        while self.next < self.end {
            let block = self.next / self.block;
            let ahead = (self.shard.index + self.shard.count - block % self.shard.count) % self.shard.count;
            if ahead > 0 {
                self.next = (block + ahead).checked_mul(self.block)?;
                continue;
            }
            let at = self.counted.partition_point(|r| r.end <= self.next);
            let after = self.counted.get(at);
            if let Some(r) = after.filter(|r| r.start <= self.next) {
                self.next = r.end;
                continue;
            }
            let end = (block + 1).saturating_mul(self.block).min(self.end).min(after.map_or(u64::MAX, |r| r.start));
            return Some(std::mem::replace(&mut self.next, end)..end);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::chance::Counts;

    fn ranges(until: Until, shard: &str, batch: Option<u64>, counted: &[Range<u64>], most: usize) -> Vec<Range<u64>> {
        let chance = Chance::new("a/b", "a", "nothing", 0.5, |_, _| Ok(Counts::default())).cost(0.25);
        let plan = Plan { until, shard: shard.parse().unwrap(), batch, ..Plan::default() };
        let mut todo = Todo::new(&chance, &plan, None);
        todo.counted = counted.to_vec();
        std::iter::from_fn(|| todo.take()).take(most).collect()
    }

    #[test]
    fn shards_are_disjoint_and_complete_to_the_trial() {
        let counted = [3..5, 12..25, 40..41];
        for shards in 1..5 {
            let all =
                (1..=shards).flat_map(|i| ranges(Until::Trials(47), &format!("{i}/{shards}"), Some(7), &counted, 99));
            let mut done: Vec<u64> = all.flatten().collect();
            done.sort_unstable();
            let missing: Vec<u64> = (0..47).filter(|t| !counted.iter().any(|r| r.contains(t))).collect();
            assert_eq!(done, missing, "{shards} shards");
        }
        assert_eq!(ranges(Until::Trials(10), "2/2", Some(4), &[], 9), vec![4..8; 1]);
        assert_eq!(ranges(Until::Trials(10), "1/2", None, &[], 9), [0..2, 4..6, 8..10]);
        assert_eq!(ranges(Until::Trials(10), "1/1", Some(20), &[], 9), vec![0..10; 1]);
    }

    #[test]
    fn a_night_of_all_trials_fills_holes_and_goes_on() {
        let night = Until::Budget(std::time::Duration::from_secs(9));
        assert_eq!(ranges(night, "1/1", None, &[2..5, 9..10], 4), [0..2, 5..9, 10..2048, 2048..4096]);
        assert_eq!(ranges(night, "2/3", Some(2), &[2..3, 40..41], 3), [3..4, 8..10, 14..16]);
        let far = u64::MAX - 1;
        assert_eq!(ranges(night, "1/2", Some(8), &[0..9, 9..far], 9).iter().map(|r| r.end - r.start).sum::<u64>(), 0);
    }

    #[test]
    fn what_is_handed_back_comes_again_first() {
        let chance = Chance::new("a/b", "a", "nothing", 0.5, |_, _| Ok(Counts::default()));
        let plan = Plan { until: Until::Trials(30), batch: Some(10), ..Plan::default() };
        let mut todo = Todo::new(&chance, &plan, None);
        assert_eq!((todo.planned(), todo.take()), (Some(30), Some(0..10)));
        todo.give_back(4..10);
        todo.give_back(7..7);
        let rest: Vec<_> = std::iter::from_fn(|| todo.take()).collect();
        assert_eq!(rest, [4..10, 10..20, 20..30]);
    }
}
