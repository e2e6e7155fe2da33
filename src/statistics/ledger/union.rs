//! The union of ledgers, each trial once, in memory that does not grow with them: an external merge sort.
//!
//! Sorted by statement, version, first trial, and longest first, a batch is kept if it begins at or after the end of
//! the one kept before it. Whether it is depends on the trials that were tried and not on what they found, so nothing
//! is selected; and not on who names the ledgers in which order. Touching batches of one night and one program become
//! one record: a ledger of a thousand shards is then as short as that of one machine.
//!
//! **Why the kept batches are all that is needed.** In the order of first trials a batch that begins before the end
//! of what is kept lies within it, and repeats it, or reaches beyond it. One that reaches beyond is left out whole:
//! its counts cannot be split, and the trials that this loses are drawn again by the next night. Two batches of the
//! same trials are compared, since the draws of a trial are the same on every machine: different counts mean that a
//! machine computes wrongly, and end the union.
//!
//! **Cost.** For N batches O(N log N) comparisons, 56 N bytes of disk in the folder for temporary files, one chunk of
//! rows, and one row and a buffer of each spilled run, in memory; besides, each statement and origin once.

use super::record::{Attempt, Batch, Origin, timestamp};
use super::scan::{Item, Refused, lines};
use super::{open, refuse_special};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Batches sorted in memory at once: 112 MiB of them.
const CHUNK: usize = 1 << 21;

/// No time.
const NEVER: i64 = i64::MIN;

/// A batch in 56 bytes; names and origins are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    /// Number of its statement and version.
    name: u32,
    /// Number of its night and program.
    origin: u32,
    /// Number of its first trial.
    first: u64,
    /// Trials, at least 1.
    count: u64,
    /// Failures among them.
    failures: u64,
    /// Undecided among them.
    undecided: u64,
    /// Milliseconds since 1970.
    began: i64,
    /// Likewise; both are [`NEVER`] where the record has no origin.
    ended: i64,
}

/// Of a row on the disk: two numbers of four bytes and six of eight, little-endian.
const BYTES: usize = 56;

impl Row {
    /// The number after the last trial; `Batch::problem` has excluded an overflow.
    fn end(&self) -> u64 {
        self.first + self.count
    }

    /// Within one statement; `origin` is left to the caller.
    fn order(&self) -> (u64, Reverse<u64>, u64, u64, i64, i64) {
        (self.first, Reverse(self.count), self.failures, self.undecided, self.began, self.ended)
    }

    /// For the disk.
    fn bytes(&self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        out[..4].copy_from_slice(&self.name.to_le_bytes());
        out[4..8].copy_from_slice(&self.origin.to_le_bytes());
        let words = [self.first, self.count, self.failures, self.undecided, self.began as u64, self.ended as u64];
        for (to, word) in out[8..].chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    /// The inverse of `bytes`.
    fn read(bytes: &[u8; BYTES]) -> Self {
        let half = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default());
        let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
        Self {
            name: half(0),
            origin: half(4),
            first: word(8),
            count: word(16),
            failures: word(24),
            undecided: word(32),
            began: word(40) as i64,
            ended: word(48) as i64,
        }
    }
}

/// Numbers for values, in the order in which they came; their order as values is [`Numbers::ranks`].
#[derive(Debug, Default)]
struct Numbers<T> {
    /// By number.
    values: Vec<T>,
    /// The number of each value.
    known: HashMap<T, u32>,
}

impl<T: Clone + Ord + std::hash::Hash> Numbers<T> {
    /// The number of a value, a new one if it has none.
    fn of(&mut self, value: &T) -> u32 {
        if let Some(number) = self.known.get(value) {
            return *number;
        }
        let number = self.values.len() as u32;
        self.values.push(value.clone());
        self.known.insert(value.clone(), number);
        number
    }

    /// For each number the place of its value in sorted order. A value that comes later shifts ranks and keeps the
    /// order of those before it, so that a run that was sorted by earlier ranks is sorted by the final ones too.
    fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.values.len() as u32).collect();
        order.sort_by(|a, b| self.values[*a as usize].cmp(&self.values[*b as usize]));
        let mut ranks = vec![0; order.len()];
        for (rank, number) in (0..).zip(order) {
            ranks[number as usize] = rank;
        }
        ranks
    }
}

/// What a union found besides its batches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Batches of the union, touching ones of one night and program joined.
    pub batches: usize,
    /// Batches read.
    pub read: u64,
    /// Batches found again, alike or within another, and taken once.
    pub duplicates: u64,
    /// Batches left out because some of their trials were counted and some not.
    pub overlaps: u64,
    /// Trials that are counted nowhere because of that: the next night does them again.
    pub dropped: u64,
    /// Lines left out: broken ones and incomplete ones at the end.
    pub refused: Vec<(PathBuf, Refused)>,
    /// The runs that ended.
    pub attempts: BTreeSet<Attempt>,
}

/// Ledgers read so far.
#[derive(Debug, Default)]
pub(super) struct Union {
    /// Of the first.
    pub seed: Option<u64>,
    /// What was found besides the batches.
    pub merged: Merged,
    /// Milliseconds of each night by the ledgers read as somebody's own.
    pub spent: BTreeMap<String, i64>,
    /// Statements with their versions.
    names: Numbers<(String, String)>,
    /// Nights with their programs.
    origins: Numbers<(Option<String>, Option<String>)>,
    /// Not spilled yet, in the order in which they came.
    rows: Vec<Row>,
    /// Sorted runs on the disk.
    runs: Vec<BufReader<std::fs::File>>,
    /// Rows in memory at once, where it is not [`CHUNK`].
    chunk: Option<usize>,
}

impl Union {
    /// Of ledgers of this seed; of that of the first if none is given.
    pub fn new(seed: Option<u64>) -> Self {
        Self { seed, ..Self::default() }
    }

    /// With another number of batches in memory.
    #[cfg(test)]
    fn chunk(mut self, chunk: usize) -> Self {
        self.chunk = Some(chunk);
        self
    }

    /// Reads one more.
    ///
    /// # Errors
    /// It cannot be read, is no ledger or one of another seed; the disk for temporary files is full.
    pub fn add(&mut self, path: &Path) -> Result<()> {
        refuse_special(path)?;
        self.add_from(path, BufReader::with_capacity(1 << 16, open(path)?))
    }

    /// As [`Union::add`], from anywhere.
    ///
    /// The time of a night in this ledger is that from the first beginning to the last end of its batches.
    pub fn add_from(&mut self, path: &Path, from: impl BufRead) -> Result<()> {
        let mut spans: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        let scanned = lines(path, self.seed, from, |line, item| {
            let reason = match item {
                Err(reason) => Some(reason),
                Ok(Item::Attempt(attempt)) => {
                    self.merged.attempts.insert(attempt);
                    None
                }
                Ok(Item::Batch(batch, origin)) => match self.row(batch, origin) {
                    Err(reason) => Some(reason),
                    Ok((row, night)) => {
                        if row.began != NEVER {
                            let span = spans.entry(night).or_insert((row.began, row.ended));
                            *span = (span.0.min(row.began), span.1.max(row.ended));
                        }
                        self.push(row)?;
                        None
                    }
                },
            };
            self.merged.refused.extend(reason.map(|reason| (path.to_path_buf(), Refused { line, reason })));
            Ok(())
        })?;
        if !scanned.torn.is_empty() {
            let refused = Refused { line: scanned.lines + 1, reason: "incomplete".into() };
            self.merged.refused.push((path.to_path_buf(), refused));
        }
        if scanned.seed.is_some() {
            self.seed = scanned.seed;
        }
        for (night, (began, ended)) in spans {
            *self.spent.entry(night).or_default() += ended - began;
        }
        Ok(())
    }

    /// The batch as a row, and the label of its night.
    ///
    /// # Errors
    /// Impossible counts, or times that are none: words for the list of refused lines.
    fn row(&mut self, batch: Batch, origin: Option<Origin>) -> Result<(Row, String), String> {
        if let Some(reason) = batch.problem() {
            return Err(reason);
        }
        let milliseconds = |text: &str| {
            let time = DateTime::parse_from_rfc3339(text).map_err(|_| format!("'{text}' is no time"))?;
            Ok::<i64, String>(time.timestamp_millis())
        };
        let (began, ended) = match &origin {
            None => (NEVER, NEVER),
            Some(o) => (milliseconds(&o.began)?, milliseconds(&o.ended)?),
        };
        let label = origin.as_ref().map_or(String::new(), |o| o.label().to_string());
        let (night, code) = origin.map_or((None, None), |o| (o.night, o.code));
        let Batch { key, version, first, count, failures, undecided } = batch;
        let (name, origin) = (self.names.of(&(key, version)), self.origins.of(&(night, code)));
        Ok((Row { name, origin, first, count, failures, undecided, began, ended }, label))
    }

    /// Keeps a row; spills the chunk when it is full.
    fn push(&mut self, row: Row) -> Result<()> {
        self.merged.read += 1;
        self.rows.push(row);
        if self.rows.len() >= self.chunk.unwrap_or(CHUNK) {
            self.sort();
            let run = spill(&self.rows).map_err(|e| Error::io(&std::env::temp_dir(), e))?;
            self.runs.push(run);
            self.rows.clear();
        }
        Ok(())
    }

    /// By rank of the name, then within the statement, then by rank of the origin: an order of the values, which does
    /// not depend on when they came.
    fn sort(&mut self) {
        let (names, origins) = (self.names.ranks(), self.origins.ranks());
        let key = |r: &Row| (names[r.name as usize], r.order(), origins[r.origin as usize]);
        self.rows.sort_unstable_by_key(key);
    }

    /// Hands on the batches of the union in order: those of one statement and version by first trial.
    ///
    /// The rows that are joined are of disjoint trials, so that their counts add. `kept` holds their sum and the last
    /// of them; a row that begins before the end of the sum begins after the last did, and if it ends within the sum
    /// it lies within the last, with which it is compared.
    ///
    /// # Errors
    /// Two ledgers that found different things in the same trials: a machine that computes wrongly. What `each`
    /// returns.
    pub fn finish(mut self, mut each: impl FnMut(Batch, Option<Origin>) -> Result<()>) -> Result<Merged> {
        self.sort();
        let (names, origins) = (self.names.ranks(), self.origins.ranks());
        let mut sources = Sources::new(std::mem::take(&mut self.runs), std::mem::take(&mut self.rows), names, origins)?;
        // The batch that is being joined, and the last one that went into it.
        let mut kept: Option<(Row, Row)> = None;
        while let Some(row) = sources.next()? {
            match &mut kept {
                Some((sum, last)) if sum.name == row.name && row.first < sum.end() => {
                    self.agree(last, &row)?;
                    if row.end() <= sum.end() {
                        self.merged.duplicates += 1;
                    } else {
                        self.merged.overlaps += 1;
                        self.merged.dropped += row.end() - sum.end();
                    }
                }
                Some((sum, last)) if joins(sum, &row) => {
                    sum.count += row.count;
                    sum.failures += row.failures;
                    sum.undecided += row.undecided;
                    (sum.began, sum.ended) = (sum.began.min(row.began), sum.ended.max(row.ended));
                    *last = row;
                }
                _ => {
                    if let Some((done, _)) = kept.replace((row, row)) {
                        self.merged.batches += 1;
                        let (batch, origin) = self.batch(&done);
                        each(batch, origin)?;
                    }
                }
            }
        }
        if let Some((done, _)) = kept {
            self.merged.batches += 1;
            let (batch, origin) = self.batch(&done);
            each(batch, origin)?;
        }
        Ok(self.merged)
    }

    /// A batch within another cannot have found more than it.
    ///
    /// Only containment is checked: outer and inner share the trials of the inner one, whose failures, undecided
    /// trials and passes are each at most those of the outer, and the same if they are the same trials.
    ///
    /// # Errors
    /// One of the counts is larger: names the statement and both counts.
    fn agree(&self, outer: &Row, inner: &Row) -> Result<()> {
        let within = outer.first <= inner.first && inner.end() <= outer.end();
        let more = |a: u64, b: u64| if outer.count == inner.count { a != b } else { a > b };
        let passes = |r: &Row| r.count - r.failures - r.undecided;
        if within
            && (more(inner.failures, outer.failures)
                || more(inner.undecided, outer.undecided)
                || more(passes(inner), passes(outer)))
        {
            let (key, version) = &self.names.values[inner.name as usize];
            let says = |r: &Row| {
                format!(
                    "{} failures and {} undecided in trials {} to {}",
                    r.failures,
                    r.undecided,
                    r.first,
                    r.end() - 1
                )
            };
            return Err(Error::input(
                format!("{key}@{version}"),
                format!(
                    "{} in one ledger, {} in another: one of the machines computes wrongly",
                    says(outer),
                    says(inner)
                ),
            ));
        }
        Ok(())
    }

    /// The row with its names.
    fn batch(&self, row: &Row) -> (Batch, Option<Origin>) {
        let (key, version) = self.names.values[row.name as usize].clone();
        let Row { first, count, failures, undecided, .. } = *row;
        let (night, code) = self.origins.values[row.origin as usize].clone();
        let text = |t: i64| DateTime::<Utc>::from_timestamp_millis(t).map(timestamp).unwrap_or_default();
        let origin =
            (row.began != NEVER).then(|| Origin { began: text(row.began), ended: text(row.ended), night, code });
        (Batch { key, version, first, count, failures, undecided }, origin)
    }
}

/// Touching, of one statement, one night and one program.
fn joins(a: &Row, b: &Row) -> bool {
    (a.name, a.origin, a.end(), a.began == NEVER) == (b.name, b.origin, b.first, b.began == NEVER)
}

/// A sorted run on the disk, ready to be read; it is gone when it is closed.
fn spill(rows: &[Row]) -> std::io::Result<BufReader<std::fs::File>> {
    let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
    for row in rows {
        file.write_all(&row.bytes())?;
    }
    let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(BufReader::with_capacity(1 << 16, file))
}

/// What rows are compared by: rank of the name, order in it, rank of the origin.
type Key = (u32, (u64, Reverse<u64>, u64, u64, i64, i64), u32);

/// The next row of a run.
#[derive(PartialEq, Eq)]
struct Head {
    /// Of the row.
    key: Key,
    /// Where it comes from.
    run: usize,
    /// The row itself.
    row: Row,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.key, self.run).cmp(&(&other.key, other.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Sorted runs, on the disk and one in memory, read as one.
struct Sources {
    /// On the disk.
    runs: Vec<BufReader<std::fs::File>>,
    /// What was not spilled: the run after those on the disk.
    memory: std::vec::IntoIter<Row>,
    /// The next row of each run that has one; the least on top.
    heap: BinaryHeap<Reverse<Head>>,
    /// Ranks.
    names: Vec<u32>,
    /// Ranks.
    origins: Vec<u32>,
}

impl Sources {
    /// One row of every run goes to the heap.
    fn new(runs: Vec<BufReader<std::fs::File>>, rows: Vec<Row>, names: Vec<u32>, origins: Vec<u32>) -> Result<Self> {
        let mut out = Self { runs, memory: rows.into_iter(), heap: BinaryHeap::new(), names, origins };
        for run in 0..=out.runs.len() {
            out.refill(run)?;
        }
        Ok(out)
    }

    /// The least row that is left, replaced by the next of its run.
    fn next(&mut self) -> Result<Option<Row>> {
        let Some(Reverse(head)) = self.heap.pop() else { return Ok(None) };
        self.refill(head.run)?;
        Ok(Some(head.row))
    }

    /// The next row of a run, if it has one, goes to the heap.
    fn refill(&mut self, run: usize) -> Result<()> {
        let row = match self.runs.get_mut(run) {
            None => self.memory.next(),
            Some(file) => {
                let io = |e| Error::io(&std::env::temp_dir(), e);
                let mut bytes = [0; BYTES];
                if file.fill_buf().map_err(io)?.is_empty() {
                    None
                } else {
                    file.read_exact(&mut bytes).map_err(io)?;
                    Some(Row::read(&bytes))
                }
            }
        };
        if let Some(row) = row {
            let key = (self.names[row.name as usize], row.order(), self.origins[row.origin as usize]);
            self.heap.push(Reverse(Head { key, run, row }));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Record, SCHEMA, encode};
    use super::*;

    /// A ledger as text.
    fn text(batches: &[(&str, u64, u64, u64)], night: &str) -> String {
        let origin = |at: u64| Origin {
            began: format!("2026-01-01T00:00:{:02}.000Z", at % 60),
            ended: format!("2026-01-01T00:01:{:02}.000Z", at % 60),
            night: Some(night.into()),
            code: None,
        };
        let header = Record::Header { schema: SCHEMA.into(), seed: 1 };
        let records = batches.iter().map(|(key, first, count, failures)| Record::Batch {
            seed: 1,
            batch: Batch {
                key: (*key).into(),
                version: "1".into(),
                first: *first,
                count: *count,
                failures: *failures,
                undecided: 0,
            },
            origin: Some(origin(*first)),
        });
        std::iter::once(header).chain(records).map(|r| encode(&r).unwrap()).collect()
    }

    /// Key, first trial, trials, failures.
    type Row = (String, u64, u64, u64);

    fn union(texts: &[&str], chunk: usize) -> Result<(Vec<Row>, Merged)> {
        let mut union = Union::new(None).chunk(chunk);
        for t in texts {
            union.add_from(Path::new("text"), t.as_bytes())?;
        }
        let mut out = Vec::new();
        let merged = union.finish(|b, _| {
            out.push((b.key, b.first, b.count, b.failures));
            Ok(())
        })?;
        Ok((out, merged))
    }

    #[test]
    fn the_union_does_not_depend_on_what_fits_memory_or_on_the_order() {
        let a: Vec<(&str, u64, u64, u64)> = (0..50).map(|i| (["x", "y"][i as usize % 2], 20 * i, 10, i % 7)).collect();
        let b: Vec<(&str, u64, u64, u64)> =
            (0..50).rev().map(|i| (["x", "y"][i as usize % 2], 20 * i + 10, 10, i % 5)).collect();
        let (a, b) = (text(&a, "one"), text(&b, "one"));
        let (whole, merged) = union(&[&a, &b], CHUNK).unwrap();
        assert_eq!((merged.read, merged.duplicates, merged.overlaps), (100, 0, 0));
        assert!(whole.iter().all(|r| r.2 == 20) && whole.len() == 50, "touching batches are one: {whole:?}");
        for chunk in [1, 2, 3, 7, 50, 99, 100, 101] {
            assert_eq!(union(&[&b, &a], chunk).unwrap().0, whole, "{chunk}");
            let (again, merged) = union(&[&a, &b, &a], chunk).unwrap();
            assert_eq!((again, merged.duplicates), (whole.clone(), 50));
        }
    }

    #[test]
    fn a_trial_counts_once_whoever_else_tried_it_and_contradictions_are_found() {
        let one = text(&[("x", 0, 100, 5), ("x", 200, 10, 0)], "one");
        let other = text(&[("x", 60, 140, 9), ("x", 0, 60, 4), ("x", 200, 10, 0)], "two");
        let (rows, merged) = union(&[&one, &other], CHUNK).unwrap();
        assert_eq!(rows, [("x".to_string(), 0, 100, 5), ("x".to_string(), 200, 10, 0)]);
        assert_eq!((merged.duplicates, merged.overlaps, merged.dropped), (2, 1, 100));
        // What was dropped and done again fits.
        let mended = text(&[("x", 100, 100, 6)], "three");
        let (rows, _) = union(&[&mended, &other, &one], CHUNK).unwrap();
        assert_eq!(rows.iter().map(|r| r.2).sum::<u64>(), 210);
        for wrong in [("x", 0, 100, 6), ("x", 20, 30, 6)] {
            let error = union(&[&one, &text(&[wrong], "two")], CHUNK).unwrap_err().to_string();
            assert!(error.contains("x@1") && error.contains("computes wrongly"), "{error}");
        }
        // 100 trials with 5 failures hold no 97 passes and no 96.
        assert!(union(&[&one, &text(&[("x", 1, 96, 0)], "two")], CHUNK).is_err());
    }
}
