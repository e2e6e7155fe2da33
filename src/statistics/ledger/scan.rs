//! Reading a ledger line by line, in memory that does not grow with it: every line is handed on, refused with its
//! reason, or torn off the end.
//!
//! A line is torn only at the end of a file: it has no newline, or it has one and its content does not decode, since
//! a file system may extend a file before it writes the blocks. The same damage elsewhere is no accident of a kill,
//! and is refused with its number.

use super::record::{Attempt, Batch, Origin, Record, SCHEMA, decode};
use super::{Totals, Versions};
use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::path::Path;

/// A line that is kept in the file and not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Line number, from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// A whole and sound line after the header.
pub(super) enum Item {
    /// With its origin, where the ledger's version recorded one.
    Batch(Batch, Option<Origin>),
    /// How a run ended.
    Attempt(Attempt),
}

/// What is left to say when all whole lines were handed on.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// None: not even the header is whole.
    pub seed: Option<u64>,
    /// Whole lines, the header among them.
    pub lines: usize,
    /// Bytes of whole lines.
    pub whole: u64,
    /// What follows them: it was being written when the writer died.
    pub torn: Vec<u8>,
}

/// The start of every header, to tell a torn one from a file that is no ledger.
fn header_start() -> String {
    format!("{{\"kind\":\"header\",\"schema\":\"{SCHEMA}\"")
}

/// Hands on every whole line after the header: `each(line, Ok)` with the batch or the end of a run that it records,
/// `each(line, Err)` with what is wrong with it, a seed other than the header's included.
///
/// # Errors
/// The file does not start with the header of a ledger; it is a ledger of another seed than `seed`; reading fails; what
/// `each` returns.
pub(super) fn lines(
    path: &Path,
    seed: Option<u64>,
    mut from: impl BufRead,
    mut each: impl FnMut(usize, Result<Item, String>) -> Result<()>,
) -> Result<Scanned> {
    let mut found = Scanned::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let io = |e| Error::io(path, e);
        if from.read_until(b'\n', &mut line).map_err(io)? == 0 {
            break;
        }
        let number = found.lines + 1;
        let Some(text) = line.strip_suffix(b"\n") else {
            found.torn = line;
            break;
        };
        let record = decode(text);
        if number == 1 {
            found.seed = Some(header(path, record, seed)?);
        } else {
            let own = found.seed;
            let item = match record {
                Ok(Record::Header { .. }) => Err("a second header".into()),
                Ok(Record::Batch { seed, .. } | Record::Attempt { seed, .. }) if Some(seed) != own => {
                    Err(format!("seed {seed}, the ledger's is {}", own.unwrap_or_default()))
                }
                Ok(Record::Batch { batch, origin, .. }) => Ok(Item::Batch(batch, origin)),
                Ok(Record::Attempt { attempt, .. }) => Ok(Item::Attempt(attempt)),
                // Blocks reach the disk in any order: the last line can be of full length and still unwritten.
                Err(_) if !text.ends_with(b"\r") && from.fill_buf().map_err(io)?.is_empty() => {
                    found.torn = line;
                    break;
                }
                Err(reason) => Err(reason),
            };
            each(number, item)?;
        }
        found.lines = number;
        found.whole += line.len() as u64;
    }
    if found.seed.is_none() {
        let (start, bytes) = (header_start(), &found.torn);
        let common = bytes.len().min(start.len());
        if bytes[..common] != start.as_bytes()[..common] || bytes.len() >= 200 {
            return Err(Error::input(path.display().to_string(), "not a ledger: no header line"));
        }
    }
    Ok(found)
}

/// The seed that the first line says.
///
/// # Errors
/// Another schema; another seed than the one asked for, if one is; a first line that is no header.
fn header(path: &Path, record: Result<Record, String>, seed: Option<u64>) -> Result<u64> {
    let place = path.display().to_string();
    let not =
        |reason: String| Error::input(format!("{place}, line 1"), format!("not the header of a ledger: {reason}"));
    match record {
        Ok(Record::Header { schema, .. }) if schema != SCHEMA => {
            Err(Error::input(place, format!("schema {schema}, expected {SCHEMA}")))
        }
        Ok(Record::Header { seed: own, .. }) => match seed {
            Some(asked) if asked != own => {
                Err(Error::input(place, format!("a ledger of seed {own}, not of seed {asked}")))
            }
            _ => Ok(own),
        },
        Ok(_) => Err(not("another record".into())),
        Err(reason) => Err(not(reason)),
    }
}

/// Counts of one statement in one night.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Trials.
    pub trials: u64,
    /// Failures among them.
    pub failures: u64,
    /// Undecided among them.
    pub undecided: u64,
}

/// What one night added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Night {
    /// When its first batch began; empty where no batch says so.
    pub began: String,
    /// By statement, current versions only.
    pub counts: BTreeMap<String, Tally>,
    /// The programs that counted.
    pub codes: BTreeSet<String>,
}

/// What a ledger holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Counts by key, current versions only.
    pub totals: BTreeMap<String, Totals>,
    /// `key@version` of every statement that was ever counted, those of other versions included.
    pub registered: BTreeSet<String>,
    /// Lines that are kept and not counted.
    pub refused: Vec<Refused>,
    /// The runs that ended, in the order of the file.
    pub attempts: Vec<Attempt>,
    /// What each night added, by its label.
    pub nights: BTreeMap<String, Night>,
}

impl Holdings {
    /// Takes one line.
    pub(super) fn take(&mut self, line: usize, item: Result<Item, String>, versions: &Versions) {
        let reason = match item {
            Err(reason) => Some(reason),
            Ok(Item::Attempt(attempt)) => {
                self.attempts.push(attempt);
                None
            }
            Ok(Item::Batch(batch, origin)) => self.count(&batch, origin.as_ref(), versions).err(),
        };
        self.refused.extend(reason.map(|reason| Refused { line, reason }));
    }

    /// Counts a batch of a current version; says why, if it does not count.
    ///
    /// A batch that is not counted is registered all the same: every statement in every version that the file names
    /// takes a share of the budget of false alarms.
    pub(super) fn count(&mut self, batch: &Batch, origin: Option<&Origin>, versions: &Versions) -> Result<(), String> {
        self.registered.insert(batch.name());
        if let Some(reason) = admissible(batch, versions) {
            return Err(reason);
        }
        match self.totals.get_mut(&batch.key) {
            Some(total) => total.add(batch)?,
            None => {
                let mut total = Totals::default();
                total.add(batch)?;
                self.totals.insert(batch.key.clone(), total);
            }
        }
        let night = self.nights.entry(origin.map_or("", Origin::label).to_string()).or_default();
        if let Some(origin) = origin {
            if night.began.is_empty() || origin.began < night.began {
                night.began.clone_from(&origin.began);
            }
            if let Some(code) = origin.code.as_ref().filter(|code| !night.codes.contains(*code)) {
                night.codes.insert(code.clone());
            }
        }
        let tally = night.counts.entry(batch.key.clone()).or_default();
        tally.trials += batch.count;
        tally.failures += batch.failures;
        tally.undecided += batch.undecided;
        Ok(())
    }

    /// Were any of its trials a shard's, so that shards looked for alarms on their own?
    pub fn sharded(&self) -> bool {
        self.attempts.iter().any(|a| !a.shard.ends_with("/1"))
    }
}

/// Why a batch does not count whatever else the ledger holds.
///
/// A key that is no longer in the battery, another version, impossible counts; `None` if it may count. Overlap is a
/// matter of the other batches: `Totals::add`.
pub(super) fn admissible(batch: &Batch, versions: &Versions) -> Option<String> {
    match versions.get(&batch.key) {
        None => Some(format!("no statement {}", batch.key)),
        Some(current) if *current != batch.version => {
            Some(format!("version {} of {}, the statement is now {current}", batch.version, batch.key))
        }
        Some(_) => batch.problem(),
    }
}
