//! One record, one line: the record as JSON, a CRC-32 of exactly those bytes as its last field.
//!
//! A line is JSON so that people and other programs can read it; the checksum covers the bytes and not the values, so
//! that a reader need not agree on how numbers are printed. CRC-32 finds damage; it is no signature, and whoever may
//! write the file may write any counts.

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::SystemTime;

/// The format this crate writes and reads.
pub const SCHEMA: &str = "flatcert.ledger/1";

/// Trials `first .. first + count` of one test, counted.
///
/// `Batch::problem` says which values are impossible; a batch of such values is neither written nor counted. Sorting
/// by the fields in this order puts the batches of a statement in the order of their trials.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Batch {
    /// Which claim and test.
    pub key: String,
    /// The version of the statement that was tested.
    pub version: String,
    /// Number of the first trial.
    pub first: u64,
    /// How many trials, at least 1.
    pub count: u64,
    /// How many of them failed.
    pub failures: u64,
    /// How many of them could not be decided.
    pub undecided: u64,
}

impl Batch {
    /// The number after the last trial.
    pub fn end(&self) -> u64 {
        self.first.saturating_add(self.count)
    }

    /// `key@version`.
    pub(super) fn name(&self) -> String {
        format!("{}@{}", self.key, self.version)
    }

    /// What makes the counts impossible, if anything does.
    ///
    /// Counts of no trials, trials beyond 2^64, and more failures and undecided trials together than trials.
    pub(super) fn problem(&self) -> Option<String> {
        if self.count == 0 {
            return Some("a batch without trials".into());
        }
        if self.first.checked_add(self.count).is_none() {
            return Some(format!("trials {} and {} more: beyond 2^64", self.first, self.count));
        }
        if self.failures.checked_add(self.undecided).is_none_or(|sum| sum > self.count) {
            return Some(format!(
                "{} failures and {} undecided in {} trials",
                self.failures, self.undecided, self.count
            ));
        }
        None
    }
}

/// When a batch was tried, in which night and by which code. Times are RFC 3339 in UTC with milliseconds: such times
/// sort as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize)]
pub struct Origin {
    /// Before its first trial.
    pub began: String,
    /// After its last.
    pub ended: String,
    /// Label of the night, the same for all shards of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub night: Option<String>,
    /// Version, commit and hash of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Origin {
    /// From then until now.
    pub fn since(began: SystemTime, night: &str, code: &str) -> Self {
        let text = |t: SystemTime| timestamp(DateTime::<Utc>::from(t));
        let (night, code) = (Some(night.to_string()), Some(code.to_string()));
        Self { began: text(began), ended: text(SystemTime::now()), night, code }
    }

    /// The label of the night; the day it ended where an earlier version of flatcert gave none.
    pub fn label(&self) -> &str {
        self.night.as_deref().unwrap_or_else(|| self.ended.get(..10).unwrap_or(&self.ended))
    }
}

/// As the records have it.
pub(super) fn timestamp(t: DateTime<Utc>) -> String {
    t.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// How a run of `nightly` ended. One that was killed has left no record of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// As planned: its time was up, or its trials are counted.
    Done,
    /// By a signal, everything recorded.
    Interrupted,
    /// A canary did what it must not.
    Void,
}

/// A canary, as it came out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Planted {
    /// Its name.
    pub key: String,
    /// Trials.
    pub trials: u64,
    /// Failures among them.
    pub failures: u64,
    /// Refuted or not, as it must be.
    pub as_it_must: bool,
}

/// One run of `nightly`: a whole night, a shard of one, or what a signal left of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attempt {
    /// When, in which night, by which code.
    #[serde(flatten)]
    pub origin: Origin,
    /// `i/n`.
    pub shard: String,
    /// How it ended.
    pub end: End,
    /// Trials recorded.
    pub trials: u64,
    /// Its canaries.
    pub canaries: Vec<Planted>,
}

/// A line of a ledger, to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Record {
    /// The first line, and only that.
    Header {
        /// [`SCHEMA`].
        schema: String,
        /// Of all draws.
        seed: u64,
    },
    /// Counted trials.
    Batch {
        seed: u64,
        #[serde(flatten)]
        batch: Batch,
        /// Ledgers of earlier versions do not have it.
        #[serde(flatten)]
        origin: Option<Origin>,
    },
    /// How a run ended.
    Attempt {
        seed: u64,
        #[serde(flatten)]
        attempt: Attempt,
    },
}

/// A batch as most lines have it: flat, so that a line is read in one pass and its text is borrowed.
///
/// The origin is there if both times are; a batch of an earlier version has none. `Record`, whose tag and flattened
/// fields serde reads through a buffer, remains the definition: `From` maps this onto it.
#[derive(Deserialize)]
struct Flat<'a> {
    seed: u64,
    #[serde(borrow)]
    key: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    version: std::borrow::Cow<'a, str>,
    first: u64,
    count: u64,
    failures: u64,
    undecided: u64,
    began: Option<String>,
    ended: Option<String>,
    night: Option<String>,
    code: Option<String>,
}

impl From<Flat<'_>> for Record {
    fn from(f: Flat<'_>) -> Self {
        let origin = match (f.began, f.ended) {
            (Some(began), Some(ended)) => Some(Origin { began, ended, night: f.night, code: f.code }),
            _ => None,
        };
        let batch = Batch {
            key: f.key.into_owned(),
            version: f.version.into_owned(),
            first: f.first,
            count: f.count,
            failures: f.failures,
            undecided: f.undecided,
        };
        Self::Batch { seed: f.seed, batch, origin }
    }
}

/// What stands between the record and its checksum, of eight hexadecimal digits.
const FIELD: &str = ",\"crc32\":\"";
/// How the line of a batch begins.
const BATCH: &str = "{\"kind\":\"batch\",";

/// The line of a record, newline included.
///
/// The sum is that of the record as JSON, closing brace included; the field is then inserted before that brace.
pub(super) fn encode(record: &Record) -> serde_json::Result<String> {
    let mut line = serde_json::to_string(record)?;
    let sum = crc32fast::hash(line.as_bytes());
    line.pop();
    line.push_str(&format!("{FIELD}{sum:08x}\"}}\n"));
    Ok(line)
}

/// The record of a line without its newline, or what is wrong with it.
///
/// The body before the last [`FIELD`], with the brace that the insertion moved, must have the sum of the tail, and
/// nothing may follow it. A line that was edited by hand fails here.
///
/// # Errors
/// Words for the list of refused lines: not UTF-8, CR LF, no checksum, one that does not fit, no record.
pub(super) fn decode(line: &[u8]) -> Result<Record, String> {
    let text = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_string())?;
    if text.ends_with('\r') {
        return Err("the line ends in CR LF, as editors and git's autocrlf leave it; in a ledger it ends in LF".into());
    }
    let (body, tail) = text.rsplit_once(FIELD).ok_or("no checksum")?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(body.as_bytes());
    hasher.update(b"}");
    let sum = hasher.finalize();
    if tail != format!("{sum:08x}\"}}") {
        return Err(format!("the checksum does not fit, expected {sum:08x}"));
    }
    // The checksum itself is a field that no record asks for.
    let record = if text.starts_with(BATCH) {
        serde_json::from_str::<Flat<'_>>(text).map(Record::from)
    } else {
        serde_json::from_str(text)
    };
    record.map_err(|e| format!("not a record: {e}"))
}
