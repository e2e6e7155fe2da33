//! `flatcert report`.

use super::arguments::{self, Run};
use super::progress::Progress;
use super::{Found, Outcome, output};
use flatcert::claims::chance::battery;
use flatcert::claims::evidence::Evidence;
use flatcert::nightly;
use flatcert::report::{self, Folder};
use flatcert::{Error, Result, claims};
use std::time::Instant;

/// Checks, writes the folder, says in a few lines what came out.
pub fn report(a: &arguments::Report) -> Outcome {
    // Refused before the run, not after it.
    let nights = a.ledger.as_ref().map(|path| nightly::status(&battery(), &[], path, arguments::SEED));
    let nights = nights.transpose()?.map(|n| n.0);
    let folder = Folder::open(&a.out)?;
    if let Some(ledger) = &a.ledger
        && let Err(e) = folder.keep("--ledger", ledger)
    {
        folder.abandon();
        return Err(e.into());
    }
    let start = Instant::now();
    let threads = threads(a.run.jobs)?;
    let made = run(&a.run, a.only.clone()).and_then(|(evidence, timings)| {
        let mut files = report::render(&evidence)?;
        let seconds = start.elapsed().as_secs_f64();
        let run = report::Run { nights, ..report::Run::new(&evidence, folder.previous(), timings, seconds, threads) };
        files.extend(run.files()?);
        Ok((evidence, files))
    });
    match made {
        Err(e) => {
            folder.abandon();
            Err(e.into())
        }
        Ok((evidence, files)) => {
            folder.commit(&files)?;
            say(a, &evidence, start.elapsed().as_secs_f64())
        }
    }
}

fn say(a: &arguments::Report, evidence: &Evidence, seconds: f64) -> Outcome {
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
    text.push_str(&format!("report: {}\n", a.out.join("README.md").display()));
    output::print(&text)?;
    Ok(found(evidence))
}

/// As recorded, and the harness did its work.
pub fn found(evidence: &Evidence) -> Found {
    if evidence.as_recorded() && report::problems(evidence).is_empty() { Found::AsRecorded } else { Found::Differs }
}

/// Runs claims with a progress bar.
pub fn run(run: &Run, only: Vec<String>) -> Result<(Evidence, Vec<(String, f64)>)> {
    let progress = Progress::new();
    let result = claims::run(&run.options(only), &|claim, done, total| progress.tick(claim, done, total));
    progress.finish();
    result
}

/// Sets the number of worker threads; says how many there are.
pub fn threads(jobs: Option<u16>) -> Result<usize> {
    if let Some(jobs) = jobs {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs));
        pool.build_global().map_err(|e| Error::internal(format!("threads: {e}")))?;
    }
    Ok(rayon::current_num_threads())
}
