//! `nightly` and `merge`.
//!
//! A night is run by `flatcert::nightly`, its ledger kept by `flatcert::statistics::ledger`, and the summary of the
//! morning made by `flatcert::morning`; here are the options, the words and the exit codes.

use super::progress::Line;
use super::{Found, Outcome, arguments, output};
use flatcert::arithmetic::decimal::number;
use flatcert::harness::chance::{Chance, Part};
use flatcert::input::refuse_overwriting;
use flatcert::morning::Summary;
use flatcert::nightly::plan::wanted;
use flatcert::nightly::{self, Night, Plan, Progress, Status, Until};
use flatcert::paper::battery::battery;
use flatcert::report::folder;
use flatcert::statistics::ledger;
use flatcert::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A night, or what the ledger says.
///
/// The summary before is read first, since the file is overwritten at the end, and also so that one that cannot be
/// read is refused before the night and not after it. A summary is written after a void or an interrupted night, too.
///
/// # Errors
/// A name in `--only` that no statement has; a summary that would be written over the ledger; a ledger or summary
/// that is refused; what stops the trials themselves.
pub fn nightly(a: &arguments::Nightly) -> Outcome {
    let mut battery = battery();
    if a.drill {
        battery.push(planted());
    }
    known(&battery, &a.only)?;
    for file in a.summary.iter().flat_map(|f| ["json", "md", "svg"].map(|extension| with(f, extension))) {
        refuse_overwriting("--summary", &file, &[("--ledger", &a.ledger)])?;
    }
    // A drill that is not tried would raise no alarm, and say that all is well.
    let drill = (a.drill && !a.only.is_empty()).then(|| DRILL.to_string());
    let only: Vec<String> = a.only.iter().cloned().chain(drill).collect();
    let before = a.summary.as_deref().map(|f| flatcert::morning::Before::read(&with(f, "json"))).transpose()?.flatten();
    let found = if a.status { status(a, &battery, &only)? } else { tonight(a, &battery, &only)? };
    if let Some(f) = &a.summary {
        let summary = Summary::new(&battery, &only, &a.ledger, a.seed, before.as_ref())?;
        let stem = f.file_name().map(|n| n.to_string_lossy().into_owned());
        let stem =
            stem.ok_or_else(|| Error::usage(format!("--summary {}: expected the name of a file", f.display())))?;
        for (name, content) in summary.files(&stem)? {
            folder::replace(&f.with_file_name(name), &content)?;
        }
    }
    Ok(found)
}

/// `F.json` of `F`, whatever dots F has.
///
/// The extension is appended, where `Path::with_extension` would replace what follows a dot in F.
fn with(f: &Path, extension: &str) -> PathBuf {
    let mut name = f.as_os_str().to_os_string();
    name.push(format!(".{extension}"));
    PathBuf::from(name)
}

/// The claim of the statement that a drill adds.
const DRILL: &str = "drill";

/// What a drill must find: it says 0.48 of the canary that fails with probability 1/2.
///
/// It runs the trials of that canary under another name.
fn planted() -> Chance {
    let canary = battery().into_iter().find(|c| c.part == Part::PlantedFalsehood);
    let trials = move |seed, range| match &canary {
        Some(canary) => canary.run(seed, range),
        None => Err(Error::internal("a battery without a planted falsehood")),
    };
    Chance::new(
        "drill/falsehood",
        DRILL,
        "a falsehood, planted to see the alarm: P <= 0.48 where P = 1/2",
        0.48,
        trials,
    )
    .cost(1e-6)
}

/// Runs the night: a number of trials if one is given, else a length of time, an hour without `--budget`.
///
/// # Errors
/// As `flatcert::nightly::run`.
fn tonight(a: &arguments::Nightly, battery: &[Chance], only: &[String]) -> Outcome {
    let stop = Arc::new(AtomicBool::new(false));
    super::raise_on_interrupt(stop.clone())?;
    let until = match (a.trials, a.budget) {
        (Some(n), _) => Until::Trials(n),
        (None, budget) => Until::Budget(budget.unwrap_or(nightly::DEFAULT)),
    };
    let jobs = a.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let default = Plan::default();
    let plan = Plan {
        until,
        shard: a.shard,
        jobs,
        seed: a.seed,
        batch: a.batch,
        only: only.to_vec(),
        night: a.night.clone().unwrap_or(default.night),
        counted: a.counted.clone(),
    };
    let line = Line::new(Some(1000), "{elapsed:>4} [{bar:30}] {percent} %, {eta} left, {wide_msg}");
    let night = nightly::run(battery, &a.ledger, &plan, &stop, &|p: Progress<'_>| {
        let words = || format!("{} trials, {:.0}/s, {}", p.trials, p.rate, p.key);
        if !line.bar().is_hidden() {
            line.bar().set_position((p.share * 1000.0) as u64);
            line.bar().set_message(words());
        }
        line.say(|| format!("{:.0} %, {}", 100.0 * p.share, words()));
    });
    line.finish();
    let night = night?;
    if a.json {
        output::print_json(&night)?;
    } else {
        output::print(&told(&night))?;
    }
    Ok(found(&night))
}

/// What the exit code says. A void night means nothing, and so is no alarm.
fn found(night: &Night) -> Found {
    match night {
        n if n.interrupted => Found::Interrupted,
        n if n.void => Found::Void,
        n if !n.alarms.is_empty() => Found::Differs,
        n if n.idle => Found::Idle,
        _ => Found::AsRecorded,
    }
}

/// Refuses names of nothing.
///
/// A name is that of a statement or of its claim; canaries are always tried and cannot be named.
///
/// # Errors
/// The name, and the claims that have statements.
fn known(battery: &[Chance], only: &[String]) -> Result<()> {
    for name in only {
        let statements = || battery.iter().filter(|c| !c.part.is_canary());
        if !statements().any(|c| wanted(std::slice::from_ref(name), c)) {
            let mut claims: Vec<&str> = statements().map(|c| c.claim).collect();
            claims.sort_unstable();
            claims.dedup();
            let known = claims.join(", ");
            return Err(Error::usage(format!("--only {name}: no statement about chance; there are some of {known}")));
        }
    }
    Ok(())
}

/// What `--status --json` prints: what a ledger holds, no trial added.
#[derive(JsonSchema, Serialize)]
pub struct Standing<'a> {
    schema: &'static str,
    /// Of the ledger.
    seed: u64,
    /// Lines of the ledger that do not count, and why.
    refused: &'a [(usize, String)],
    /// Keys of the statements whose alarm is on.
    alarms: Vec<String>,
    /// All nights together.
    status: &'a Status,
}

/// What the ledger holds, without a trial.
///
/// # Errors
/// A ledger that cannot be read, or is one of another seed.
fn status(a: &arguments::Nightly, battery: &[Chance], only: &[String]) -> Outcome {
    let (status, refused) = nightly::status(battery, only, &a.ledger, a.seed)?;
    if a.json {
        let (schema, alarms) = ("flatcert.nightly/1", status.alarms());
        output::print_json(&Standing { schema, seed: a.seed, refused: &refused, alarms, status: &status })?;
    } else {
        output::print(&(lines_refused(&refused) + &table(&status)))?;
    }
    Ok(if status.alarms().is_empty() { Found::AsRecorded } else { Found::Differs })
}

/// A night for reading: what of the ledger does not count, the canaries, and, unless it is void, what was done and
/// the table of all statements.
fn told(night: &Night) -> String {
    let mut out = String::new();
    if night.torn > 0 {
        out.push_str(&format!(
            "an incomplete last line of {} bytes was set aside; its trials are done again\n",
            night.torn
        ));
    }
    out.push_str(&lines_refused(&night.refused));
    for c in &night.canaries {
        let must = if c.must_be_refuted { "planted falsehood, must be refuted" } else { "planted truth, must not" };
        let verdict = if c.as_it_must { "as it must" } else { "NOT AS IT MUST" };
        out.push_str(&format!(
            "{:32} {} of {} trials failed, log10_e = {}: {verdict} ({must})\n",
            c.key,
            c.failures,
            c.trials,
            short(c.log10_e)
        ));
    }
    if night.void {
        out.push_str(
            "VOID: a canary did what it must not. No trial of this night was recorded, and nothing it found \
                      would mean anything.\n",
        );
        return out;
    }
    let end = if night.interrupted { ", interrupted" } else { "" };
    out.push_str(&format!(
        "shard {}: {} trials in {} batches, {:.0} s{end}\n\n",
        night.shard, night.trials, night.batches, night.seconds
    ));
    if night.idle {
        out.push_str(
            "IDLE: this shard has no trials to do that are not counted yet, or no time for one. Nothing was \
                      recorded.\n\n",
        );
    }
    out + &table(&night.status)
}

/// Lines of a ledger that do not count, each with its reason.
fn lines_refused(refused: &[(usize, String)]) -> String {
    refused.iter().map(|(line, reason)| format!("line {line} does not count: {reason}\n")).collect()
}

/// To one digit behind the point: log10 of an e-value.
fn short(x: f64) -> String {
    format!("{x:.1}")
}

/// All statements with their counts, interval, bound, e-values and verdict, then the alarms and the budget.
///
/// Columns: `log10_e` is the evidence against the statement, `log10_alarm` where its alarm begins, `log10_support`
/// the evidence for it, `exposed` the smallest probability of failure that would have been seen by now.
fn table(status: &Status) -> String {
    let width = status.statements.iter().map(|r| r.counted.key.len()).max().unwrap_or(0);
    let mut out = format!(
        "{:width$} {:>12} {:>9} {:>21} {:>8} {:>7} {:>11} {:>13} {:>9}  verdict\n",
        "key", "trials", "failures", "interval (99 %)", "bound", "log10_e", "log10_alarm", "log10_support", "exposed"
    );
    for r in &status.statements {
        let c = &r.counted;
        let open = if c.undecided > 0 { format!("+{}", c.undecided) } else { String::new() };
        out.push_str(&format!(
            "{:width$} {:>12} {:>9} {:>21} {:>8} {:>7} {:>11} {:>13} {:>9}  {}\n",
            c.key,
            c.trials,
            format!("{}{open}", c.failures),
            format!("[{:.2e}, {:.2e}]", c.interval[0], c.interval[1]),
            format!("{:.1e}", c.bound),
            short(c.log10_e),
            short(r.log10_alarm),
            short(c.log10_support),
            format!("{:.1e}", c.exposed),
            r.verdict.words()
        ));
    }
    let alarms = status.alarms();
    let alarmed = if alarms.is_empty() { "alarms: none".to_string() } else { format!("alarms: {}", alarms.join(", ")) };
    out.push_str(&format!(
        "\n{alarmed}; budget of false alarms for the life of this ledger {}: {:.1e} spent, {:.1e} left\n",
        number(status.alpha),
        status.spent,
        status.left
    ));
    out
}

/// Joins ledgers.
///
/// With `--expect`, ledgers that are not there are passed over: they are those of shards that have not ended. Without
/// it every path must be there.
///
/// # Errors
/// Ledgers that found different things in the same trials, or of different seeds; the file cannot be written.
pub fn merge(a: &arguments::Merge) -> Outcome {
    let there = |path: &&Path| a.expect.is_none() || path.exists();
    let shards: Vec<&Path> = a.shards.iter().map(PathBuf::as_path).filter(there).collect();
    let merged = ledger::merge(&shards, &a.out)?;
    let missing = a.expect.map_or_else(Vec::new, |n| ledger::missing(&merged, a.night.as_deref(), n));
    let found = if missing.is_empty() { Found::AsRecorded } else { Found::Incomplete };
    if a.json {
        let refused: Vec<_> = merged
            .refused
            .iter()
            .map(|(p, r)| json!({"file": p.display().to_string(), "line": r.line, "reason": r.reason}))
            .collect();
        output::print_json(&json!({
            "schema": "flatcert.merge/1", "out": a.out.display().to_string(), "read": merged.read,
            "batches": merged.batches,
            "duplicates": merged.duplicates, "overlaps": merged.overlaps, "dropped": merged.dropped,
            "left_out": refused, "missing": missing,
        }))?;
        return Ok(found);
    }
    let mut out = String::new();
    for (path, r) in &merged.refused {
        out.push_str(&format!("{}, line {} is left out: {}\n", path.display(), r.line, r.reason));
    }
    if merged.overlaps > 0 {
        out.push_str(&format!(
            "{} batches are left out because some of their trials are counted and some are not; {} trials are to be \
             done again\n",
            merged.overlaps, merged.dropped
        ));
    }
    out.push_str(&format!(
        "{}: {} batches of {} ledgers, {} of them found twice and taken once, in {} records\n",
        a.out.display(),
        merged.read,
        shards.len(),
        merged.duplicates,
        merged.batches
    ));
    out.extend(missing.iter().map(|m| format!("missing: {m}\n")));
    output::print(&out)?;
    Ok(found)
}

/// One trial of a statement about chance, if the id (`key#trial`) names one.
///
/// `None` leaves the id to the claims. A trial may fail: that is no contradiction to a statement about probability,
/// so the exit code is 0 whatever it found.
///
/// # Errors
/// What stands behind `#` is no number of a trial.
pub fn replay(id: &str, seed: u64, as_json: bool) -> std::result::Result<Option<Found>, super::Stop> {
    let Some((key, trial)) = id.rsplit_once('#') else { return Ok(None) };
    let Some(chance) = battery().into_iter().find(|c| c.key == key) else { return Ok(None) };
    let trial = trial.parse::<u64>().ok().filter(|t| *t < u64::MAX);
    let trial = trial.ok_or_else(|| Error::usage(format!("'{id}': a trial of {key} has a number, as in {key}#17")))?;
    let counts = chance.run(seed, trial..trial + 1)?;
    let found = match (counts.failures, counts.undecided) {
        (0, 0) => "passed",
        (0, _) => "undecided",
        _ => "failed",
    };
    if as_json {
        output::print_json(&json!({
            "schema": "flatcert.trial/1", "key": key, "version": chance.version, "seed": seed, "trial": trial,
            "statement": chance.statement, "bound": chance.bound, "found": found,
        }))?;
    } else {
        let p0 = number(chance.bound);
        output::print(&format!(
            "{key}, trial {trial}, seed {seed}: {found}\n  fails with probability at most {p0}: {}\n",
            chance.statement
        ))?;
    }
    Ok(Some(Found::AsRecorded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flatcert::harness::chance::{Counts, Part};

    fn coin(key: &'static str, bound: f64, part: Part) -> Chance {
        let failures = |range: std::ops::Range<u64>| range.filter(|t| t % 2 == 0).count() as u64;
        Chance::new(key, "lemma-6", "a coin", bound, move |_, r| Ok(Counts { failures: failures(r), undecided: 0 }))
            .part(part)
    }

    #[test]
    fn alarms_void_and_idle_nights_are_told_apart() {
        let night = |falsehood: f64, claim: f64, trials: u64| {
            let folder = tempfile::tempdir().unwrap();
            let battery = [
                coin("canary/f", falsehood, Part::PlantedFalsehood),
                coin("canary/t", 0.5, Part::PlantedTruth),
                coin("claim/one", claim, Part::Statement),
            ];
            let shard = "2/2".parse().unwrap();
            let until = Until::Trials(trials);
            let plan = Plan { until, shard, seed: 1, batch: Some(4000), ..Plan::default() };
            let path = folder.path().join("night.ledger");
            nightly::run(&battery, &path, &plan, &AtomicBool::new(false), &|_| {}).unwrap()
        };
        let (void, alarm) = (night(0.6, 0.4, 8000), night(0.4, 0.4, 8000));
        assert!(void.void && void.alarms.is_empty());
        assert_eq!((found(&void), found(&alarm)), (Found::Void, Found::Differs));
        assert_eq!(alarm.alarms, ["claim/one"]);
        assert!(told(&alarm).contains("\nalarms: claim/one; ") && told(&alarm).contains("alarm: refuted"));
        let idle = night(0.4, 0.4, 4000);
        assert_eq!((found(&idle), idle.trials), (Found::Idle, 0));
        assert!(told(&idle).contains("IDLE") && told(&void).contains("VOID"));
        assert_eq!(found(&night(0.4, 0.6, 8000)), Found::AsRecorded);
    }
}
