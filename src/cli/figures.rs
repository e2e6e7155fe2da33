//! `flatcert figures`.
//!
//! The way of a call: `settings` merges the options with the paper's; what makes no sense, does not fit into memory
//! or would overwrite its own data is refused; the sweeps run, with every finished run kept in a file of the output
//! folder; `figures_files` makes pictures and tables from the runs; all files appear at once, and the file of
//! finished runs goes.
//!
//! A call with other settings or data is refused where the folder holds finished runs of an interrupted one: they are
//! bound to theirs.

use super::arguments::{self, Known};
use super::figures_files::{self as files, File, Results};
use super::progress::Steps;
use super::{Found, Outcome, output};
use flatcert::experiments::checkpoint::Checkpoint;
use flatcert::experiments::plan::{self, Rate};
use flatcert::experiments::sweep::{Ended, Experiment};
use flatcert::experiments::{Family, Panel, Regression, Settings, Sweep};
use flatcert::input::{Source, same_file};
use flatcert::problem::{LoadOptions, Problem, fixtures};
use flatcert::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// What `--json` prints.
#[derive(JsonSchema, Serialize)]
pub struct Account<'a> {
    /// `flatcert.figures/1`.
    schema: &'static str,
    /// The folder.
    out: String,
    /// What was asked for.
    settings: &'a Settings,
    /// The data and the paper's learning rates for them.
    data: files::DataFacts,
    /// Runs of the sweeps that are known, those of an earlier call among them.
    runs: usize,
    /// Gradient steps of the runs of this call.
    run_steps: u64,
    /// Runs that diverged.
    diverged: usize,
    /// Runs taken over from an earlier call.
    resumed: usize,
    /// Wall clock.
    seconds: f64,
    /// Ended by Ctrl-C, finished runs kept.
    interrupted: bool,
    /// What the reader should know.
    notes: Vec<String>,
    /// The files written.
    files: Vec<&'a str>,
}

/// Refuses, runs, draws, writes. What can be refused is refused before anything runs.
///
/// The number of threads and where a call was interrupted do not change the files: every run has a seed of its own.
///
/// The order at the end matters: finished runs are written before the files, so that a full disk loses no run, and
/// removed after them.
pub fn figures(a: &arguments::Figures) -> Outcome {
    let begin = Instant::now();
    let settings = settings(a)?;
    settings.validate()?;
    keep(a)?;
    let threads = super::report::threads(a.jobs)?;
    let problem = problem(a, &settings, threads)?;
    let regression = Regression::of(&problem)?;
    std::fs::create_dir_all(&a.out).map_err(|e| Error::io(&a.out, e))?;
    // Proves that the folder can be written before the runs, not after them.
    drop(files::waiting(&a.out)?);
    let checkpoint = Checkpoint::new(&a.out, &settings, &regression)?;
    let sweeps = settings.sweeps();
    let counts: Vec<usize> = sweeps.iter().map(|s| s.count() as usize).collect();
    let mut known = checkpoint.read(&counts)?;
    let resumed = known.iter().flatten().flatten().count();
    let flag = Arc::new(AtomicBool::new(false));
    super::raise_on_interrupt(flag.clone())?;
    let total = || sweeps.iter().zip(&known).flat_map(|(s, k)| s.runs().zip(k));
    let left = total().filter(|(_, k)| k.is_none()).fold(0u64, |n, (run, _)| n.saturating_add(run.rate.steps));
    let watch = Steps::new(left.saturating_add(settings.single_steps()), flag.clone());
    for (at, sweep) in sweeps.iter().enumerate() {
        watch.say(sweep.family.name());
        let before = known.clone();
        let experiment = Experiment { sweep, regression: &regression, depth: settings.depth, seed: settings.seed };
        known[at] = experiment.run(std::mem::take(&mut known[at]), &watch, &mut |done| {
            let mut all = before.clone();
            all[at] = done.to_vec();
            checkpoint.write(&all)
        })?;
    }
    let ended: Vec<Vec<Ended>> = known.iter().map(|k| k.iter().flatten().copied().collect()).collect();
    let whole = ended.iter().zip(&counts).all(|(e, n)| e.len() == *n);
    let drawn = a.data.is_none() && a.x.is_none();
    let results = Results { settings: &settings, problem: &problem, regression: &regression, drawn, ended: &ended };
    let made = if whole { results.files(&watch)? } else { None };
    watch.finish();
    let finished = made.is_some();
    let (list, mut notes) = made.unwrap_or_default();
    // Before the files: what cannot be written does not lose what was run.
    checkpoint.write(&known)?;
    if finished {
        let kept = files::write(&a.out, &list)?;
        notes.extend(kept.iter().map(|name| {
            format!("{name}: of an earlier call, and changed since: left where it is; this call did not make it")
        }));
        checkpoint.remove()?;
    }
    let account = Account {
        schema: "flatcert.figures/1",
        out: a.out.display().to_string(),
        settings: &settings,
        data: results.facts(),
        runs: ended.iter().map(Vec::len).sum(),
        run_steps: left,
        diverged: ended.iter().flatten().filter(|e| e.diverged.is_some()).count(),
        resumed,
        seconds: begin.elapsed().as_secs_f64(),
        interrupted: !finished,
        notes,
        files: list.iter().map(|f| f.name.as_str()).collect(),
    };
    if a.json {
        output::print_json(&account)?;
    } else {
        output::print(&told(&account, &list, &checkpoint, &a.out))?;
    }
    Ok(if account.interrupted { Found::Interrupted } else { Found::AsRecorded })
}

/// What is printed without `--json`: the data, and then either where the finished runs are kept, or how many ran, at
/// what speed, the notes and the number of files.
fn told(a: &Account<'_>, list: &[File], checkpoint: &Checkpoint, out: &Path) -> String {
    let mut text = a.data.told();
    if a.interrupted {
        let kept = checkpoint.path().display();
        text.push_str(&format!("interrupted: {} runs are kept in {kept}; the same call goes on from there\n", a.runs));
        return text;
    }
    let (again, rate) = (a.resumed, a.run_steps as f64 / a.seconds);
    let resumed = if again > 0 { format!(", {again} of them from an interrupted call") } else { String::new() };
    text.push_str(&format!("{} runs{resumed}, {} of them diverged; {:.1} s", a.runs, a.diverged, a.seconds));
    text.push_str(&if a.run_steps > 0 { format!(", {rate:.2e} run-steps per second\n") } else { "\n".into() });
    text.extend(a.notes.iter().map(|n| format!("{n}\n")));
    text.push_str(&format!("{} files in {}\n", list.len(), out.display()));
    text
}

/// The settings of the paper with the options of this call in their place.
///
/// Scales are sorted, since curves are drawn over them; panels are put in their order, each once.
///
/// # Errors
/// A figure of no such name; lists of steps or repetitions of another length than the rates; a rate given twice.
fn settings(a: &arguments::Figures) -> Result<Settings> {
    let mut panels: Vec<Panel> = Vec::new();
    for name in &a.only {
        panels.extend(Panel::parse(name)?);
    }
    panels.sort_unstable();
    panels.dedup();
    let paper = Settings::paper(a.seed);
    let sweep = |base: Sweep, scales: &[f64]| -> Result<Sweep> {
        let mut scales = if scales.is_empty() { base.scales.clone() } else { scales.to_vec() };
        // In order, as curves over them are drawn.
        scales.sort_by(f64::total_cmp);
        Ok(Sweep { rates: rates(a, &base)?, scales, family: base.family })
    };
    let own = [(Family::Gaussian, !a.scales.is_empty()), (Family::Residual, !a.residual_scales.is_empty())];
    Ok(Settings {
        depth: a.depth,
        gaussian: sweep(paper.gaussian, &a.scales)?,
        residual: sweep(paper.residual, &a.residual_scales)?,
        trajectory: a.trajectory_steps,
        panels: if panels.is_empty() { paper.panels } else { panels },
        own_rates: !a.rates.is_empty(),
        own_scales: own.iter().filter(|o| o.1).map(|o| o.0).collect(),
        ..Settings::paper(a.seed)
    })
}

/// The rates asked for, each with the steps and repetitions asked for, or those of the paper.
///
/// A rate of the paper keeps its steps and repetitions unless others are given; any other has 4000 steps and 20
/// repetitions. One number stands for all rates.
///
/// # Errors
/// A list of neither one number nor one for each rate; a rate given twice.
fn rates(a: &arguments::Figures, base: &Sweep) -> Result<Vec<Rate>> {
    let etas = if a.rates.is_empty() { base.rates.iter().map(|r| r.eta).collect() } else { a.rates.clone() };
    let pick = |option: &str, given: &[u64], at: usize, usual: u64| match given.len() {
        0 => Ok(usual),
        1 => Ok(given[0]),
        n if n == etas.len() => Ok(given[at]),
        n => Err(Error::usage(format!("{option}: {n} numbers for {} rates; give one, or one for each", etas.len()))),
    };
    let of = |(at, eta): (usize, &f64)| {
        let known = base.rates.iter().find(|r| r.eta == *eta);
        let usual = known.map_or((4_000, 20), |r| (r.steps, r.repetitions));
        let (steps, repetitions) =
            (pick("--steps", &a.steps, at, usual.0)?, pick("--repetitions", &a.repetitions, at, usual.1)?);
        Ok(Rate { eta: *eta, steps, repetitions })
    };
    let found: Vec<Rate> = etas.iter().enumerate().map(of).collect::<Result<_>>()?;
    for (at, rate) in found.iter().enumerate() {
        if found[..at].iter().any(|r| r.eta == rate.eta) {
            return Err(Error::usage(format!("--rates {}: given twice", rate.eta)));
        }
    }
    Ok(found)
}

/// Refuses data that are in the folder to be written, under an extension of what is written there.
///
/// The folder of the output is compared as a folder, whatever its path looks like. Files of other extensions are
/// safe: the only one that is written is `unfinished.checkpoint`, and one of other content is refused before the runs.
///
/// # Errors
/// Such data, with their option.
fn keep(a: &arguments::Figures) -> Result<()> {
    for (option, path) in [("--x", &a.x), ("--y", &a.y)] {
        let Some(path) = path.as_ref().map(|p| Source::parse(p).path) else { continue };
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let written =
            ["svg", "csv", "json"].iter().any(|e| path.extension().is_some_and(|x| x.eq_ignore_ascii_case(e)));
        if written && same_file(folder, &a.out) {
            let what = format!("is in the folder of --out {}, whose files are written: move it", a.out.display());
            return Err(Error::input(format!("{option} {}", path.display()), what));
        }
    }
    Ok(())
}

/// The data; a plan that does not fit is refused before they are drawn.
///
/// Of data that are read the size is known only then; they are asked about afterwards, before anything runs.
///
/// # Errors
/// Data that are refused; table options without a text table; `n < d` or `d = 0`; more memory than there is.
fn problem(a: &arguments::Figures, settings: &Settings, threads: usize) -> Result<Problem> {
    let fits = |d: usize, data: u64| plan::fits(settings.bytes(d, threads).saturating_add(data), plan::memory());
    if a.x.is_none() {
        a.tables.refuse_idle(&[])?;
    }
    let problem = match (a.data, &a.x, &a.y) {
        (Some(Known::Longley), ..) => fixtures::longley()?,
        (Some(Known::Diabetes), ..) => fixtures::diabetes_standardised()?,
        (Some(Known::Hald), ..) => fixtures::hald()?,
        (None, Some(x), Some(y)) => {
            let (standardise, tables) = (a.standardise, a.tables.options());
            Problem::load(x, y, &LoadOptions { standardise, tables, ..LoadOptions::default() })?
        }
        _ => {
            if a.n < a.d || a.d == 0 {
                return Err(Error::usage(format!("--n {} --d {}: n >= d >= 1 is needed (Assumption (A1))", a.n, a.d)));
            }
            // A double and its copies, and what exact arithmetic makes of it.
            const BYTES: u64 = 128;
            fits(a.d, (a.n as u64).saturating_mul(a.d as u64).saturating_mul(BYTES))?;
            return Problem::appendix_c(a.n, a.d, settings.seed);
        }
    };
    fits(problem.dimension(), 0)?;
    Ok(problem)
}
