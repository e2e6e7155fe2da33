//! A part of a run: the claims of one shard, on the way to the report of all.
//!
//! A run can be cut into shards: each evaluates its claims and writes one file, and `merge-reports` joins the files.
//! What needs all claims together (grades along what is used, the audit, the stated results) is made after the
//! joining (`harness::paper::Paper::join`).

use super::rounded;
use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a file of a part begins with; other schemas are refused.
const SCHEMA: &str = "flatcert.part/1";

/// What one shard found, rounded for print already: that survives its way through the file to the last digit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Set by [`Part::new`], tested by [`Part::read`].
    schema: String,
    /// `i/n`.
    pub shard: String,
    /// Seconds of each claim.
    pub timings: Vec<(String, f64)>,
    /// Seconds from start to end.
    pub seconds: f64,
    /// Threads that worked.
    pub threads: usize,
    /// The claims; grades, and what else depends on all claims together, are not in yet.
    pub evidence: Evidence,
}

impl Part {
    /// Of what a shard found.
    ///
    /// Rounding happens here and once: parts are joined as they are.
    pub fn new(shard: String, evidence: &Evidence, timings: Vec<(String, f64)>, seconds: f64, threads: usize) -> Self {
        Self { schema: SCHEMA.into(), shard, timings, seconds, threads, evidence: rounded(evidence) }
    }

    /// Its name in a folder of parts: `part-00002of00016.json`.
    ///
    /// Numbers are padded to five digits, so that parts sort by their number.
    pub fn file_name(&self) -> String {
        let (i, n) = self.shard.split_once('/').unwrap_or((&self.shard, ""));
        format!("part-{i:0>5}of{n:0>5}.json")
    }

    /// As text.
    ///
    /// # Errors
    /// None that a sound build can produce.
    pub fn json(&self) -> Result<String> {
        serde_json::to_string(self).map(|s| s + "\n").map_err(|e| Error::internal(format!("part: {e}")))
    }

    /// From a file.
    ///
    /// # Errors
    /// It cannot be read or is no part.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        let place = || path.display().to_string();
        let part: Self =
            serde_json::from_str(&text).map_err(|e| Error::input(place(), format!("no part of a report: {e}")))?;
        if part.schema != SCHEMA {
            return Err(Error::input(place(), format!("schema {}, expected {SCHEMA}", part.schema)));
        }
        Ok(part)
    }
}

/// The files named, and the parts in the folders named, in the order in which they are named.
///
/// A file is taken as it is named, whatever its name; of a folder only `part-*.json`, sorted, and not of its
/// subfolders.
///
/// # Errors
/// A folder that cannot be read, or that has no part in it.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let io = |e| Error::io(path, e);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(io)? {
            let entry = entry.map_err(io)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("part-") && name.ends_with(".json") {
                found.push(entry.path());
            }
        }
        if found.is_empty() {
            return Err(Error::input(path.display().to_string(), "a folder without parts (part-*.json)"));
        }
        found.sort();
        out.extend(found);
    }
    Ok(out)
}
