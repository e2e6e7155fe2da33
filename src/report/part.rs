//! A part of a run: the claims of one shard, on the way to the report of all.

use super::rounded;
use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const SCHEMA: &str = "flatcert.part/1";

/// What one shard found, rounded for print already: that survives its way through the file to the last digit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
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
    pub fn new(shard: String, evidence: &Evidence, timings: Vec<(String, f64)>, seconds: f64, threads: usize) -> Self {
        Self { schema: SCHEMA.into(), shard, timings, seconds, threads, evidence: rounded(evidence) }
    }

    /// Its name in a folder of parts: `part-00002of00016.json`.
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

/// The files named, and those in the folders named, in order of their names.
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
