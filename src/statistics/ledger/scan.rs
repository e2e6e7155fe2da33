//! Reading a ledger: every line is counted, refused with its reason, or torn off the end.

use super::record::{Batch, Record, SCHEMA, Span, decode};
use super::{Totals, Versions};
use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A line that is kept in the file and not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Line number, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// Whole lines of a file and what was cut off after them.
pub(super) struct Lines {
    pub seed: Option<u64>,
    /// Line number and batch, with the seed it was drawn under.
    pub batches: Vec<(usize, u64, Batch)>,
    /// When they were tried, batch by batch.
    pub spans: Vec<Option<Span>>,
    pub refused: Vec<Refused>,
    /// Bytes of whole lines; what follows was being written when the writer died.
    pub whole: usize,
}

/// The start of every header, to tell a torn one from a file that is no ledger.
fn header_start() -> String {
    format!("{{\"kind\":\"header\",\"schema\":\"{SCHEMA}\"")
}

/// Splits a file into records.
///
/// # Errors
/// The file does not start with the header of a ledger.
pub(super) fn lines(path: &Path, bytes: &[u8]) -> Result<Lines> {
    let mut found = Lines { seed: None, batches: Vec::new(), spans: Vec::new(), refused: Vec::new(), whole: 0 };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let place = path.display().to_string();
    if whole == 0 {
        let start = header_start();
        let common = bytes.len().min(start.len());
        if bytes[..common] == start.as_bytes()[..common] && bytes.len() < 200 {
            return Ok(found);
        }
        return Err(Error::input(place, "not a ledger: no header line"));
    }
    let mut offset = 0;
    for (index, line) in bytes[..whole].split_inclusive(|byte| *byte == b'\n').enumerate() {
        offset += line.len();
        let number = index + 1;
        match decode(&line[..line.len() - 1]) {
            Ok(Record::Header { schema, seed }) if number == 1 => {
                if schema != SCHEMA {
                    return Err(Error::input(place, format!("schema {schema}, expected {SCHEMA}")));
                }
                found.seed = Some(seed);
            }
            Err(reason) if number == 1 => {
                return Err(Error::input(format!("{place}, line 1"), format!("not the header of a ledger: {reason}")));
            }
            Ok(Record::Batch { .. }) if number == 1 => {
                return Err(Error::input(format!("{place}, line 1"), "not the header of a ledger: a batch"));
            }
            Ok(Record::Header { .. }) => {
                found.refused.push(Refused { line: number, reason: "a second header".into() });
            }
            Ok(Record::Batch { seed, batch, span }) => {
                found.batches.push((number, seed, batch));
                found.spans.push(span);
            }
            // Blocks reach the disk in any order: the last line can be of full length and still unwritten.
            Err(_) if offset == bytes.len() && !line.ends_with(b"\r\n") => return Ok(found),
            Err(reason) => found.refused.push(Refused { line: number, reason }),
        }
        found.whole = offset;
    }
    Ok(found)
}

/// Every statement and version that has an intact batch.
pub(super) fn registered(found: &Lines) -> BTreeSet<String> {
    found.batches.iter().map(|(_, _, batch)| batch.name()).collect()
}

/// Counts the batches of current versions; refuses the others, and whatever would be counted twice.
pub(super) fn count(found: Lines, seed: u64, versions: &Versions) -> (BTreeMap<String, Totals>, Vec<Refused>) {
    let mut totals: BTreeMap<String, Totals> = BTreeMap::new();
    let mut refused = found.refused;
    for (line, drawn, batch) in found.batches {
        let reason = if drawn != seed {
            Some(format!("seed {drawn}, the ledger's is {seed}"))
        } else {
            admissible(&batch, versions).or_else(|| totals.entry(batch.key.clone()).or_default().add(&batch).err())
        };
        if let Some(reason) = reason {
            refused.push(Refused { line, reason });
        }
    }
    totals.retain(|_, total| total.trials > 0);
    refused.sort_by_key(|refusal| refusal.line);
    (totals, refused)
}

/// Why a batch does not count whatever else the ledger holds.
pub(super) fn admissible(batch: &Batch, versions: &Versions) -> Option<String> {
    match versions.get(&batch.key) {
        None => Some(format!("no statement {}", batch.key)),
        Some(current) if *current != batch.version => {
            Some(format!("version {} of {}, the statement is now {current}", batch.version, batch.key))
        }
        Some(_) => batch.problem(),
    }
}
