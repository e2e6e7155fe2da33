//! Shards of one search, joined into one ledger.
//!
//! [`merge`] writes the union of ledgers as a ledger of its own; [`missing`] says what a night of shards still lacks.

use super::record::{End, Record, SCHEMA, encode};
use super::union::{Merged, Union};
use super::{folder, lock, open, refuse_special};
use crate::error::{Error, Result};
use crate::input::same_file;
use crate::network::temporary;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes the union of several ledgers of one seed to `out`, each trial once, sorted by key, version and first trial:
/// the same bytes in whatever order they are named. A folder stands for the ledgers in it. Of a batch that was tried
/// twice the earlier times stay. `out` is written beside its final name and renamed; it may be one of the ledgers.
///
/// A ledger that was named by itself is locked for a moment, which fails while a night writes it; the segments of a
/// folder are not, since reading them during a night is harmless. Cost: a sort of all batches, in bounded memory.
///
/// # Errors
/// No ledgers; one that cannot be read, is no ledger or, where the file system has locks, is being written; different
/// seeds; two that found different things in the same trials; `out` is open elsewhere or cannot be written.
pub fn merge(shards: &[&Path], out: &Path) -> Result<Merged> {
    refuse_special(out)?;
    let files = files(shards)?;
    // Held until the end: what is appended to `out` meanwhile would be lost. What is appended to another ledger is left
    // for the next merge.
    let held = if out.exists() {
        let file = open(out)?;
        lock(out, || file.try_lock_shared())?;
        Some(file)
    } else {
        None
    };
    let mut union = Union::new(None);
    for (path, alone) in &files {
        if *alone && !same_file(path, out) {
            let file = open(path)?;
            lock(path, || file.try_lock_shared())?;
        }
        union.add(path)?;
        if union.seed.is_none() {
            return Err(Error::input(path.display().to_string(), "a ledger without a header"));
        }
    }
    let seed = union.seed.ok_or_else(|| Error::usage("no ledgers to merge"))?;
    let merged = write(out, seed, union)?;
    drop(held);
    Ok(merged)
}

/// The ledgers, and whether each was named by itself: those in a folder have one writer for ever, and need no lock.
fn files(shards: &[&Path]) -> Result<Vec<(PathBuf, bool)>> {
    let mut out = Vec::new();
    for shard in shards {
        if shard.is_dir() {
            out.extend(folder::segments(shard)?.into_iter().map(|path| (path, false)));
        } else {
            out.push((shard.to_path_buf(), true));
        }
    }
    Ok(out)
}

/// Header, then the attempts in their order as values, then the batches as the union hands them on; synced, then
/// renamed.
fn write(out: &Path, seed: u64, union: Union) -> Result<Merged> {
    let io = |e: std::io::Error| Error::io(out, e);
    let parent = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let line = |record: &Record| encode(record).map_err(|e| Error::internal(format!("a record that is no JSON: {e}")));
    let mut file = temporary(parent).map_err(io)?;
    let mut to = BufWriter::with_capacity(1 << 20, file.as_file_mut());
    let mut put = |record: &Record| to.write_all(line(record)?.as_bytes()).map_err(io);
    put(&Record::Header { schema: SCHEMA.into(), seed })?;
    for attempt in &union.merged.attempts {
        put(&Record::Attempt { seed, attempt: attempt.clone() })?;
    }
    let merged = union.finish(|batch, origin| put(&Record::Batch { seed, batch, origin }))?;
    to.flush().map_err(io)?;
    drop(to);
    file.as_file().sync_all().map_err(io)?;
    file.persist(out).map_err(|e| io(e.error))?;
    Ok(merged)
}

/// What a night was to have and does not: shard by shard, in words. Of the night with this label; of the last one that
/// any run ended if none is given.
///
/// A shard counts by the best of its runs: done, else interrupted, else void. Runs with another number of shards are
/// not counted. An empty list says that the night is whole.
pub fn missing(merged: &Merged, night: Option<&str>, shards: u64) -> Vec<String> {
    let last = || merged.attempts.iter().last().map(|a| a.origin.label());
    let Some(night) = night.or_else(last) else {
        return vec![format!("all {shards} shards: no run has ended")];
    };
    let mut found: BTreeMap<u64, End> = BTreeMap::new();
    for attempt in merged.attempts.iter().filter(|a| a.origin.label() == night) {
        let parts = attempt.shard.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse::<u64>().ok()?)));
        if let Some((i, _)) = parts.filter(|(_, n)| *n == shards) {
            let best = found.entry(i).or_insert(attempt.end);
            *best = attempt.end.min(*best);
        }
    }
    let why = |i: u64| match found.get(&i) {
        Some(End::Done) => None,
        Some(End::Interrupted) => Some("interrupted and not resumed"),
        Some(End::Void) => Some("void: a canary did what it must not"),
        None => Some("no run of it has ended"),
    };
    (1..=shards).filter_map(|i| Some(format!("shard {i}/{shards} of night {night}: {}", why(i)?))).collect()
}
