//! One record, one line: the record as JSON, a CRC-32 of exactly those bytes as its last field.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::time::SystemTime;

/// The format this crate writes and reads.
pub const SCHEMA: &str = "flatcert.ledger/1";

/// Trials `first .. first + count` of one test, counted.
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

/// When a batch was tried, as RFC 3339 in UTC with milliseconds: such times sort as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Before its first trial.
    pub began: String,
    /// After its last.
    pub ended: String,
}

impl Span {
    /// From then until now.
    pub fn since(began: SystemTime) -> Self {
        let text = |t: SystemTime| DateTime::<Utc>::from(t).to_rfc3339_opts(SecondsFormat::Millis, true);
        Self { began: text(began), ended: text(SystemTime::now()) }
    }
}

/// A line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Record {
    Header {
        schema: String,
        seed: u64,
    },
    Batch {
        seed: u64,
        #[serde(flatten)]
        batch: Batch,
        /// Ledgers of earlier versions do not have it.
        #[serde(flatten)]
        span: Option<Span>,
    },
}

const FIELD: &str = ",\"crc32\":\"";

/// The line of a record, newline included.
pub(super) fn encode(record: &Record) -> serde_json::Result<String> {
    let mut line = serde_json::to_string(record)?;
    let sum = crc32fast::hash(line.as_bytes());
    line.pop();
    line.push_str(&format!("{FIELD}{sum:08x}\"}}\n"));
    Ok(line)
}

/// The record of a line without its newline, or what is wrong with it.
pub(super) fn decode(line: &[u8]) -> Result<Record, String> {
    let text = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_string())?;
    if text.ends_with('\r') {
        return Err("the line ends in CR LF, as editors and git's autocrlf leave it; in a ledger it ends in LF".into());
    }
    let (body, tail) = text.rsplit_once(FIELD).ok_or("no checksum")?;
    let body = format!("{body}}}");
    let sum = crc32fast::hash(body.as_bytes());
    if tail != format!("{sum:08x}\"}}") {
        return Err(format!("the checksum does not fit, expected {sum:08x}"));
    }
    serde_json::from_str(&body).map_err(|e| format!("not a record: {e}"))
}
