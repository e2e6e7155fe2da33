//! `flatcert report`.
//!
//! A report is either made in one piece (`report`), or by shards, each of which writes a part (`one_part`), and
//! joined (`merge`). Both ways give the same evidence: what depends on all claims together, the grades for one, is
//! computed when they are joined. Numbers are rounded for print before they are written to a part, so that the file
//! does not change them.

use super::arguments::{self, Run};
use super::progress::Progress;
use super::{Found, Outcome, output};
use flatcert::harness::evidence::{ClaimEvidence, Evidence};
use flatcert::nightly::{self, Shard};
use flatcert::paper::battery::battery;
use flatcert::paper::registry::paper;
use flatcert::report::against::{self, Changes};
use flatcert::report::part::{self, Part};
use flatcert::report::{self, Folder, folder, split};
use flatcert::{Error, Result};
use std::path::Path;
use std::time::Instant;

/// Checks, writes the folder, says in a few lines what came out.
///
/// The ledger, the older report and the folder are opened before the run. Where the run fails, a folder that was made
/// for it is removed again; an older report stays as it was until all new files are there.
///
/// # Errors
/// A ledger or an older report that cannot be read; a folder that cannot be written, or is not a report's; a claim of
/// no such name.
pub fn report(a: &arguments::Report) -> Outcome {
    if let Some(shard) = a.shard {
        return one_part(a, shard);
    }
    // Refused before the run, not after it.
    let nights = nights(a.ledger.as_deref())?;
    let old = a.against.as_deref().map(split::read).transpose()?;
    let folder = open(&a.out, a.ledger.as_deref())?;
    let start = Instant::now();
    let threads = threads(a.run.jobs)?;
    let (evidence, timings) = run(&a.run, a.only.clone())?;
    let evidence = report::rounded(&evidence);
    let mut files = report::render_rounded(&evidence)?;
    let seconds = start.elapsed().as_secs_f64();
    let run = report::Run { nights, ..report::Run::new(&evidence, folder.previous(), timings, seconds, threads) };
    files.extend(run.files()?);
    let moved = moved(old.as_ref(), a.against.as_deref(), &evidence, &mut files);
    folder.commit(&files)?;
    let said = say(&a.out, &evidence, start.elapsed().as_secs_f64())?;
    compared(said, &a.out, moved.as_ref())
}

/// The folder of a report, which does not hold the ledger under one of the report's names.
///
/// # Errors
/// It holds it so; it cannot be written, or is not a report's.
fn open(out: &Path, ledger: Option<&Path>) -> Result<Folder> {
    let folder = Folder::open(out)?;
    ledger.map_or(Ok(()), |ledger| folder.keep("--ledger", ledger))?;
    Ok(folder)
}

/// What moved since an older report, if one was named: its page goes to the files.
fn moved(
    old: Option<&Evidence>,
    path: Option<&Path>,
    evidence: &Evidence,
    files: &mut Vec<(String, String)>,
) -> Option<Changes> {
    let changes = Changes::between(old?, evidence);
    files.push((against::PAGE.into(), changes.markdown(&path?.display().to_string())));
    Some(changes)
}

/// Says what moved; that is an exit code of its own, where every claim has its recorded outcome.
///
/// Twelve lines of each kind are printed; the page has all.
fn compared(said: Found, out: &Path, changes: Option<&Changes>) -> Outcome {
    /// Lines of each kind on a terminal.
    const MOST: usize = 12;
    let Some(changes) = changes else { return Ok(said) };
    output::print(&format!(
        "\nsince then (all of it in {}):\n{}",
        out.join(against::PAGE).display(),
        changes.told(MOST)
    ))?;
    Ok(if changes.is_empty() || !matches!(said, Found::AsRecorded) { said } else { Found::Moved })
}

/// What a ledger says so far, under the usual seed; `None` where none was named.
///
/// # Errors
/// It cannot be read, or is a ledger of another seed.
fn nights(ledger: Option<&Path>) -> Result<Option<nightly::Status>> {
    let status = |path| nightly::status(&battery(), &[], path, super::values::SEED);
    Ok(ledger.map(status).transpose()?.map(|n| n.0))
}

/// The claims of one shard, for [`merge`]. Its exit code says whether they came out as recorded.
///
/// The claims are those whose numbers in the catalogue are the shard's. Grades are not in yet, so only the outcomes
/// are compared with what is recorded.
///
/// # Errors
/// The folder cannot be made or written; a claim of no such name.
fn one_part(a: &arguments::Report, shard: Shard) -> Outcome {
    let _made = folder::Made::new(&a.out)?;
    let (start, threads) = (Instant::now(), threads(a.run.jobs)?);
    let progress = Progress::new();
    let tick = |claim: &str, done, total| progress.tick(claim, done, total);
    let made = paper()?.run_part(&a.run.options(a.only.clone()), &|unit| shard.has(unit), &tick);
    progress.finish();
    let (evidence, timings) = made?;
    let part = Part::new(shard.to_string(), &evidence, timings, start.elapsed().as_secs_f64(), threads);
    let path = a.out.join(part.file_name());
    // A shard that shares the folder, and made it, has taken it away again if it failed before this one was done.
    let _again = folder::Made::new(&a.out)?;
    folder::replace(&path, &part.json()?)?;
    let unexpected: String = report::unexpected(&evidence).iter().map(|u| format!("{u}\n")).collect();
    output::print(&format!(
        "{unexpected}{} claims ({:.1} s): {}\n",
        evidence.claims.len(),
        part.seconds,
        path.display()
    ))?;
    Ok(if evidence.claims.iter().all(ClaimEvidence::as_recorded) { Found::AsRecorded } else { Found::Differs })
}

/// Joins parts into the report of all.
///
/// Seconds are added up over the parts, threads the most that one had. Missing parts are named, and are exit code 6
/// if nothing worse has happened.
///
/// # Errors
/// A file that is no part; parts of different runs, or a claim in two of them; a folder that cannot be written.
pub fn merge(a: &arguments::MergeReports) -> Outcome {
    let nights = nights(a.ledger.as_deref())?;
    let old = a.against.as_deref().map(split::read).transpose()?;
    let paths = part::files(&a.parts)?;
    let parts = paths.iter().map(|path| Part::read(path)).collect::<Result<Vec<_>>>()?;
    let (mut timings, mut seconds, mut threads) = (Vec::new(), 0.0, 0);
    let mut found = Vec::new();
    for part in parts {
        timings.extend(part.timings);
        seconds += part.seconds;
        threads = threads.max(part.threads);
        found.push(part.evidence);
    }
    let (evidence, missing) = paper()?.join(found, &a.only)?;
    let order = |id: &str| evidence.claims.iter().position(|c| c.id == id);
    timings.sort_by_key(|(id, _)| order(id));
    let mut files = report::render_rounded(&evidence)?;
    let folder = open(&a.out, a.ledger.as_deref())?;
    paths.iter().try_for_each(|path| folder.keep("the part", path))?;
    let run = report::Run { nights, ..report::Run::new(&evidence, folder.previous(), timings, seconds, threads) };
    files.extend(run.files()?);
    let moved = moved(old.as_ref(), a.against.as_deref(), &evidence, &mut files);
    folder.commit(&files)?;
    output::print(&missing.iter().map(|m| format!("missing: {m}\n")).collect::<String>())?;
    let said = compared(say(&a.out, &evidence, seconds)?, &a.out, moved.as_ref())?;
    Ok(if missing.is_empty() || !matches!(said, Found::AsRecorded | Found::Moved) { said } else { Found::Incomplete })
}

/// What came out, in a few lines: what is wrong with the harness itself, every claim that is not as recorded, the
/// counts.
fn say(out: &Path, evidence: &Evidence, seconds: f64) -> Outcome {
    let (problems, unexpected) = (report::problems(evidence), report::unexpected(evidence));
    let mut text = String::new();
    for line in problems.iter().map(|p| format!("harness: {p}\n")).chain(unexpected.iter().map(|u| format!("{u}\n"))) {
        text.push_str(&line);
    }
    let tally = |steps: bool| {
        let these = evidence.claims.iter().filter(|c| c.is_step() == steps);
        (these.clone().filter(|c| c.as_recorded()).count(), these.count())
    };
    let ((claims, of_claims), (steps, of_steps)) = (tally(false), tally(true));
    let counted = match (of_claims, of_steps) {
        (_, 0) => format!("{claims} of {of_claims} claims have"),
        (0, _) => format!("{steps} of {of_steps} steps of proofs have"),
        _ => format!("{claims} of {of_claims} claims and {steps} of {of_steps} steps of proofs have"),
    };
    text.push_str(&format!("{counted} their recorded outcome ({seconds:.1} s)\n"));
    text.push_str(&format!("report: {}\n", out.join("README.md").display()));
    output::print(&text)?;
    Ok(found(evidence))
}

/// As recorded, and the harness did its work.
///
/// The second half matters: a run whose checks are missing or tried nothing has nothing against its claims.
pub fn found(evidence: &Evidence) -> Found {
    if evidence.as_recorded() && report::problems(evidence).is_empty() { Found::AsRecorded } else { Found::Differs }
}

/// Runs claims with a progress bar.
///
/// The bar is cleared before anything is printed. Returned with the evidence are the seconds of each claim.
///
/// # Errors
/// A claim of no such name; instances that cannot be made.
pub fn run(run: &Run, only: Vec<String>) -> Result<(Evidence, Vec<(String, f64)>)> {
    let progress = Progress::new();
    let result = paper()?.run(&run.options(only), &|claim, done, total| progress.tick(claim, done, total));
    progress.finish();
    result
}

/// Sets the number of worker threads; says how many there are.
///
/// Once in a process: the pool is global.
///
/// # Errors
/// The pool exists already: a bug.
pub fn threads(jobs: Option<u16>) -> Result<usize> {
    if let Some(jobs) = jobs {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs));
        pool.build_global().map_err(|e| Error::internal(format!("threads: {e}")))?;
    }
    Ok(rayon::current_num_threads())
}
