//! Counts of one test and the trials they come from.
//!
//! The ranges of counted trials of a key are disjoint, and touching ones are joined: `add` keeps that, and the
//! guarantee that no trial counts twice rests on it. A night that goes through the trials in order has one range,
//! however long it runs.

use super::record::Batch;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a ledger holds on one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Trials counted.
    pub trials: u64,
    /// Failures among them.
    pub failures: u64,
    /// Undecided among them.
    pub undecided: u64,
    /// First trial to end, touching ranges joined.
    ranges: BTreeMap<u64, u64>,
}

impl Totals {
    /// The trials counted, ascending, touching ranges joined.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        self.ranges.iter().map(|(first, end)| *first..*end).collect()
    }

    /// The number after the last trial counted.
    pub fn next_trial(&self) -> u64 {
        self.ranges.last_key_value().map_or(0, |(_, end)| *end)
    }

    /// Which trials of a batch were counted before, if any were.
    ///
    /// Ranges are disjoint and sorted, so that only the last one that begins before the batch ends can overlap it.
    /// O(log r) for r ranges.
    pub(super) fn counted_before(&self, batch: &Batch) -> Option<String> {
        let (first, end) = (batch.first, batch.end());
        let (other, until) = self.ranges.range(..end).next_back().filter(|(_, until)| **until > first)?;
        Some(format!(
            "trials {first} to {} of {} overlap trials {other} to {} counted before",
            end - 1,
            batch.key,
            until - 1
        ))
    }

    /// Adds a batch, or says which of its trials were counted before.
    pub(super) fn add(&mut self, batch: &Batch) -> Result<(), String> {
        if let Some(reason) = self.counted_before(batch) {
            return Err(reason);
        }
        let (mut first, mut end) = (batch.first, batch.end());
        if let Some((before, until)) = self.ranges.range(..first).next_back().map(|(a, b)| (*a, *b))
            && until == first
        {
            self.ranges.remove(&before);
            first = before;
        }
        if let Some(until) = self.ranges.remove(&end) {
            end = until;
        }
        self.ranges.insert(first, end);
        // Ranges are disjoint parts of 0..2^64 - 1: no sum overflows.
        self.trials += batch.count;
        self.failures += batch.failures;
        self.undecided += batch.undecided;
        Ok(())
    }
}
