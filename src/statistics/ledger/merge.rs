//! Shards of one search, joined into one ledger.

use super::record::{Batch, Record, SCHEMA, Span, encode};
use super::{Refused, lock, refuse_special, scan};
use crate::error::{Error, Result};
use crate::input::same_file;
use crate::network::temporary;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Batches written.
    pub batches: usize,
    /// Batches found again in another shard, identical but for their times, and taken once.
    pub duplicates: usize,
    /// Lines left out: broken ones and incomplete ones at the end.
    pub refused: Vec<(PathBuf, Refused)>,
}

/// Writes the union of the batches of several ledgers of one seed to `out`, sorted by key, version and first trial: the
/// same bytes in whatever order the shards are named. Of a batch that was tried twice the earlier times stay. `out` is
/// written beside its final name and renamed; it may be one of the shards.
///
/// # Errors
/// No shards; one that cannot be read, is no ledger or is being written; different seeds; batches of one key and
/// version that overlap and are not identical; `out` is open elsewhere or cannot be written.
pub fn merge(shards: &[&Path], out: &Path) -> Result<Merged> {
    let mut merged = Merged::default();
    let mut seed: Option<(u64, &Path)> = None;
    let mut from: BTreeMap<Batch, (&Path, Option<Span>)> = BTreeMap::new();
    // Held until the end: nothing is appended to a shard while it is merged.
    let mut locked = Vec::new();
    for shard in shards {
        let io = |e: std::io::Error| Error::io(shard, e);
        refuse_special(shard)?;
        let file = File::open(shard).map_err(io)?;
        lock(shard, || file.try_lock_shared())?;
        locked.push(file);
        let bytes = std::fs::read(shard).map_err(io)?;
        let found = scan::lines(shard, &bytes)?;
        let place = || shard.display().to_string();
        let own = found.seed.ok_or_else(|| Error::input(place(), "a ledger without a header"))?;
        match seed {
            None => seed = Some((own, shard)),
            Some((other, first)) if other != own => {
                return Err(Error::input(place(), format!("seed {own}, but {} has seed {other}", first.display())));
            }
            Some(_) => {}
        }
        if found.whole < bytes.len() {
            let line = bytes[..found.whole].iter().filter(|byte| **byte == b'\n').count() + 1;
            merged.refused.push((shard.to_path_buf(), Refused { line, reason: "incomplete".into() }));
        }
        merged.refused.extend(found.refused.into_iter().map(|refusal| (shard.to_path_buf(), refusal)));
        for ((line, drawn, batch), span) in found.batches.into_iter().zip(found.spans) {
            let reason = if drawn == own { batch.problem() } else { Some(format!("seed {drawn}, not {own}")) };
            match reason {
                Some(reason) => merged.refused.push((shard.to_path_buf(), Refused { line, reason })),
                None => match from.entry(batch) {
                    Entry::Vacant(free) => drop(free.insert((shard, span))),
                    Entry::Occupied(mut taken) => {
                        merged.duplicates += 1;
                        let known = &mut taken.get_mut().1;
                        *known = match (known.take(), span) {
                            (Some(a), Some(b)) => Some(a.min(b)),
                            (a, b) => a.or(b),
                        };
                    }
                },
            }
        }
    }
    let Some((seed, _)) = seed else { return Err(Error::usage("no ledgers to merge")) };
    refuse_overlaps(&from)?;
    merged.batches = from.len();
    write(out, shards, seed, from.into_iter().map(|(batch, (_, span))| (batch, span)))?;
    Ok(merged)
}

/// Sorted by key, version and first trial, overlapping batches are neighbours.
fn refuse_overlaps(from: &BTreeMap<Batch, (&Path, Option<Span>)>) -> Result<()> {
    for ((a, (shard_a, _)), (b, (shard_b, _))) in from.iter().zip(from.iter().skip(1)) {
        if (&a.key, &a.version) == (&b.key, &b.version) && b.first < a.end() {
            return Err(Error::input(
                shard_b.display().to_string(),
                format!(
                    "{} trials of {} from {} overlap {} trials from {} in {}",
                    b.count,
                    b.key,
                    b.first,
                    a.count,
                    a.first,
                    shard_a.display()
                ),
            ));
        }
    }
    Ok(())
}

fn write(out: &Path, shards: &[&Path], seed: u64, batches: impl Iterator<Item = (Batch, Option<Span>)>) -> Result<()> {
    let io = |e: std::io::Error| Error::io(out, e);
    refuse_special(out)?;
    let same = |shard: &&Path| same_file(shard, out);
    let held = if out.exists() && !shards.iter().any(same) {
        let file = File::open(out).map_err(io)?;
        lock(out, || file.try_lock_shared())?;
        Some(file)
    } else {
        None
    };
    let folder = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = temporary(folder).map_err(io)?;
    let mut text = String::new();
    let header = Record::Header { schema: SCHEMA.into(), seed };
    for record in std::iter::once(header).chain(batches.map(|(batch, span)| Record::Batch { seed, batch, span })) {
        let line = encode(&record).map_err(|e| Error::internal(format!("a record that is no JSON: {e}")))?;
        text.push_str(&line);
    }
    file.write_all(text.as_bytes()).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(out).map_err(|e| io(e.error))?;
    drop(held);
    Ok(())
}
