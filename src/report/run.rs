//! What is not reproducible about a run (time, machine, commit, what changed), kept apart from the report: `run.md`,
//! `run.json`.
//!
//! These files are written into the report's folder and not committed: a committed report is the same from every
//! machine.

use super::against::Changes;
use super::text;
use crate::arithmetic::decimal;
use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use crate::nightly::Status;
use serde::Serialize;

/// Its files in the folder of a report.
pub(super) const FILES: [&str; 2] = ["run.json", "run.md"];

/// One run on one machine.
///
/// Serialised as it is: `run.json` has the fields of this type.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// `flatcert.run/1`.
    pub schema: &'static str,
    /// When it ended, UTC.
    pub date: String,
    /// The commit of the working folder, with `+` if files differ from it; `None` outside a repository.
    pub commit: Option<String>,
    /// Processor, operating system, architecture.
    pub machine: String,
    /// Threads that worked.
    pub threads: usize,
    /// Seconds from start to end.
    pub seconds: f64,
    /// Seconds of each claim.
    pub claims: Vec<(String, f64)>,
    /// What moved since the report that was in the folder; `None` if there was none.
    pub changes: Option<Vec<String>>,
    /// What a ledger says about the statements about chance, if one was named.
    pub nights: Option<Status>,
}

impl Run {
    /// Collects machine, commit and date; `previous` is the evidence that the folder held before.
    ///
    /// Git is asked for the commit of the current folder, `/proc/cpuinfo` for the processor; neither failing is an
    /// error. `evidence` and `previous` are rounded alike, so that what moved is not the noise of a CPU.
    pub fn new(
        evidence: &Evidence,
        previous: Option<&Evidence>,
        claims: Vec<(String, f64)>,
        seconds: f64,
        threads: usize,
    ) -> Self {
        Self {
            schema: "flatcert.run/1",
            date: chrono::Utc::now().format("%Y-%m-%d %H:%M:%S UTC").to_string(),
            commit: crate::nightly::commit(std::path::Path::new(".")),
            machine: machine(),
            threads,
            seconds,
            claims,
            changes: previous.map(|p| Changes::between(p, evidence).lines().map(String::from).collect()),
            nights: None,
        }
    }

    /// `run.json` and `run.md`.
    ///
    /// # Errors
    /// None that a sound build can produce.
    pub fn files(&self) -> Result<Vec<(String, String)>> {
        let json = serde_json::to_string_pretty(self).map_err(|e| Error::internal(format!("run.json: {e}")))?;
        Ok(FILES.map(String::from).into_iter().zip([json + "\n", self.markdown()]).collect())
    }

    /// The page: date, commit, machine, threads, seconds; what moved; the nights, if a ledger was named; seconds by
    /// claim.
    fn markdown(&self) -> String {
        let commit = self.commit.as_deref().unwrap_or("not in a repository");
        let mut out = format!(
            "# The run behind this report\n\n- {}\n- commit {commit}\n- {}\n- {} threads, {:.1} s in all\n\n## \
             Changes since the report that was here before\n\n",
            self.date, self.machine, self.threads, self.seconds
        );
        match &self.changes {
            None => out.push_str("There was none.\n"),
            Some(list) if list.is_empty() => out.push_str("Nothing moved.\n"),
            Some(list) => out.extend(list.iter().map(|c| format!("- {}\n", text::prose(c)))),
        }
        if let Some(status) = &self.nights {
            out.push_str(&nights(status));
        }
        out.push_str("\n## Seconds per claim\n\n| claim | s |\n| --- | --- |\n");
        out.extend(self.claims.iter().map(|(id, s)| format!("| {id} | {s:.2} |\n")));
        out
    }
}

/// The nights of a ledger: fresh trials of the statements about chance, all nights together.
///
/// The e-values of this table may be looked at at any time; the intervals hold for one look.
fn nights(status: &Status) -> String {
    let mut out = format!(
        "\n## The nights so far\n\nBudget of false alarms for the life of the ledger {}: {:.1e} spent, {:.1e} left; \
         {} alarms. Every night that is counted here passed its canaries.\n\n\
         | statement | trials | failures | 99 % interval | p0 | log10 e against | log10 e for | would have seen | \
         verdict |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        decimal::number(status.alpha),
        status.spent,
        status.left,
        status.alarms().len()
    );
    for row in &status.statements {
        let c = &row.counted;
        out.push_str(&format!(
            "| {} | {} | {} | [{:.2e}, {:.2e}] | {:.2e} | {:.1} | {:.1} | {:.1e} | {} |\n",
            text::code_cell(&c.key),
            c.trials,
            c.failures,
            c.interval[0],
            c.interval[1],
            c.bound,
            c.log10_e,
            c.log10_support,
            c.exposed,
            row.verdict.words()
        ));
    }
    out
}

/// `model name` of the first processor on Linux; elsewhere the processor is unknown.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find(|l| l.starts_with("model name")).and_then(|l| l.split(": ").nth(1));
    format!("{}, {} {}", model.unwrap_or("unknown processor"), std::env::consts::OS, std::env::consts::ARCH)
}
