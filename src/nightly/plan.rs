//! Which trials a night does: blocks, shards, and where the ledger leaves off.

use crate::claims::chance::Chance;
use crate::error::{Error, Result};
use crate::statistics::ledger::Totals;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

/// Seconds of a batch: what a kill may lose, for each thread.
const BATCH: f64 = 0.5;

/// A part of the blocks: shard i of n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    /// Everything: shard 1 of 1.
    pub const ALL: Self = Self { index: 0, count: 1 };

    /// From 0.
    pub fn index(&self) -> u64 {
        self.index
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
    /// After this time, and the batches in flight then.
    Budget(Duration),
    /// When the trials 0 .. N of every statement are counted, rounded up to whole blocks.
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
}

/// Is this statement, or its claim, among those named? All are if none is.
pub fn wanted(only: &[String], chance: &Chance) -> bool {
    only.is_empty() || only.iter().any(|name| *name == chance.key || name == chance.claim)
}

impl Plan {
    /// Trials of a block: a power of two that takes about half a second by the statement's own cost, on any machine the same number.
    pub fn block(&self, chance: &Chance) -> u64 {
        let trials = (BATCH / chance.cost).clamp(1.0, (1 << 22) as f64) as u64;
        self.batch.unwrap_or(1 << trials.ilog2()).max(1)
    }
}

/// Walks the blocks of one statement that are this shard's and not counted yet.
#[derive(Debug)]
pub(super) struct Cursor {
    /// Counted at the start of the night: sorted, disjoint.
    counted: Vec<Range<u64>>,
    block: u64,
    next: u64,
    stride: u64,
    end: Option<u64>,
}

impl Cursor {
    pub fn new(chance: &Chance, plan: &Plan, totals: Option<&Totals>) -> Self {
        let end = match plan.until {
            Until::Budget(_) => None,
            Until::Trials(n) => Some(n),
        };
        let counted = totals.map(Totals::ranges).unwrap_or_default();
        Self { counted, block: plan.block(chance), next: plan.shard.index, stride: plan.shard.count, end }
    }

    /// The next block, once.
    pub fn take(&mut self) -> Option<Range<u64>> {
        loop {
            let first = self.next.checked_mul(self.block)?;
            let end = first.checked_add(self.block)?;
            if self.end.is_some_and(|limit| first >= limit) {
                return None;
            }
            self.next += self.stride;
            let at = self.counted.partition_point(|r| r.end <= first);
            if self.counted.get(at).is_none_or(|r| r.start >= end) {
                return Some(first..end);
            }
        }
    }

    /// Of the trials planned, the part given out.
    pub fn done(&self) -> f64 {
        self.end.map_or(0.0, |end| (self.next as f64 * self.block as f64 / end.max(1) as f64).min(1.0))
    }
}
