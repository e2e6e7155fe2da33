//! Finished runs of an interrupted command, in a file beside its output, bound to the settings that they belong to.
//!
//! One JSON object to a line: first schema, version and settings, then the runs that have ended. Written under another
//! name and renamed.
//!
//! The header is compared as text: a file of another version, of other settings or of data that differ in one bit is
//! refused, not adapted, since its numbers would belong to another figure. Results are doubles written so that they
//! are read back as the same doubles; a NaN is written as null.

use super::Regression;
use super::sweep::Ended;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the file in the output folder.
const NAME: &str = "unfinished.checkpoint";

/// Name of the format, in the header.
const SCHEMA: &str = "flatcert.figures.checkpoint/1";

/// A run that has ended, as a line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Which sweep, from 0.
    sweep: usize,
    /// Which of its runs, in the order of [`Sweep::runs`](super::Sweep::runs).
    run: usize,
    /// What it came to.
    ended: Ended,
}

/// The checkpoint of some settings in a folder.
#[derive(Debug)]
pub struct Checkpoint {
    /// Of the file.
    path: PathBuf,
    /// Its first line.
    header: String,
}

/// Results by sweep and run.
pub type Known = Vec<Vec<Option<Ended>>>;

impl Checkpoint {
    /// For these settings on these data. Nothing is read or written.
    ///
    /// # Errors
    /// Settings that are no JSON: a bug.
    pub fn new(folder: &Path, settings: &impl Serialize, data: &Regression) -> Result<Self> {
        let bits: Vec<String> =
            data.sigma().iter().chain(data.w_star()).map(|v| format!("{:016x}", v.to_bits())).collect();
        let header = serde_json::json!({
            "schema": SCHEMA,
            "version": env!("CARGO_PKG_VERSION"),
            "settings": settings,
            "data": bits.concat(),
        });
        Ok(Self { path: folder.join(NAME), header: header.to_string() })
    }
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
    /// The finished runs of `sweeps` sweeps of so many runs; none where there is no file.
    ///
    /// # Errors
    /// A file of other settings, or that is damaged: it is left as it is. The operating system refused.
    pub fn read(&self, sweeps: &[usize]) -> Result<Known> {
        let mut known: Known = sweeps.iter().map(|n| vec![None; *n]).collect();
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(known),
            Err(e) => return Err(Error::io(&self.path, e)),
        };
        let place = self.path.display().to_string();
        let mut lines = text.lines();
        if lines.next() != Some(self.header.as_str()) {
            let what = "finished runs of other settings or data: give the options of the interrupted call, or another \
                        --out, or remove the file";
            return Err(Error::input(place, what));
        }
        for (at, line) in lines.enumerate() {
            let damaged = || Error::input(&place, format!("line {}: damaged; remove the file to start again", at + 2));
            let line: Line = serde_json::from_str(line).map_err(|_| damaged())?;
            *known.get_mut(line.sweep).and_then(|s| s.get_mut(line.run)).ok_or_else(damaged)? = Some(line.ended);
        }
        Ok(known)
    }
    /// Writes what has ended.
    ///
    /// All of it each time: an interruption while it is written leaves the file that was there.
    ///
    /// # Errors
    /// The operating system refused.
    pub fn write(&self, known: &Known) -> Result<()> {
        let io = |e: std::io::Error| Error::io(&self.path, e);
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = crate::network::temporary(folder).map_err(io)?;
        let mut out = std::io::BufWriter::new(&mut file);
        writeln!(out, "{}", self.header).map_err(io)?;
        for (sweep, runs) in known.iter().enumerate() {
            for (run, ended) in runs.iter().enumerate() {
                let Some(ended) = *ended else { continue };
                let line = serde_json::to_string(&Line { sweep, run, ended });
                writeln!(out, "{}", line.map_err(|e| Error::internal(format!("checkpoint: {e}")))?).map_err(io)?;
            }
        }
        out.flush().map_err(io)?;
        drop(out);
        file.persist(&self.path).map_err(|e| io(e.error))?;
        Ok(())
    }
    /// Removes the file, if there is one.
    ///
    /// # Errors
    /// The operating system refused.
    pub fn remove(&self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&self.path, e)),
            _ => Ok(()),
        }
    }
}
