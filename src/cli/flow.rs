//! `flatcert flow`.
//!
//! The order of a call: refuse what can be refused without the flow; integrate (`follow`), with `--record` certifying
//! the sharpness on the way; save the last weights; print; then certify, which may take longer; print that. So a
//! first Ctrl-C never loses the numerical result, and the certificate is about the start and not about the numerical
//! trajectory, whose errors do not matter to it.
//!
//! | ended by | exit code |
//! | --- | --- |
//! | gap, time, a critical point, or a budget that was given | 0 |
//! | a flow that crawls or leaves the range of doubles, or the usual number of steps; a certificate that was wanted and not made | 1 |
//! | Ctrl-C, in the integration or in the certification | 130 |

use super::curve::Format;
use super::progress::{Certifying, Line};
use super::record::Recorder;
use super::{Found, Outcome, arguments, certified, files, output};
use flatcert::arithmetic::{Rational, decimal};
use flatcert::certify::{Certification, certification};
use flatcert::flow::{FlowOptions, Progress, Stop, tube};
use flatcert::follow::{Account, follow};
use flatcert::input::refuse_overwriting;
use flatcert::network::{Network, SaveFormat};
use flatcert::problem::Problem;
use flatcert::report::text;
use flatcert::{Error, Result};
use num_traits::Zero;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Loads, integrates, saves, prints. Mistakes that can be seen before the integration are refused before it.
///
/// A file that cannot be recorded ends the integration: `failed` carries its error out of the callback. With `--json`
/// one object is printed at the end, certificate included, else two parts.
pub fn flow(a: &arguments::Flow) -> Outcome {
    let begin = Instant::now();
    let flag = Arc::new(AtomicBool::new(false));
    let options = options(a, flag.clone())?;
    options.validate()?;
    outputs(a)?;
    let (problem, start, input) = a.files.load()?;
    if a.certified || a.certificate.is_some() {
        certifiable(a, &problem)?;
    }
    super::raise_on_interrupt(flag.clone())?;
    let line = Line::new(None, "{elapsed:>4} {msg}");
    let mut recorder = a.record.as_deref().map(|path| Recorder::new(a, path, &problem, &start)).transpose()?;
    let mut failed = None;
    let result = follow(&problem, &start, &options, &mut |p| {
        tick(&line, p);
        match recorder.as_mut().map_or(Ok(()), |r| r.step(p)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(e) => {
                failed = Some(e);
                ControlFlow::Break(())
            }
        }
    });
    line.finish();
    let (trajectory, mut account) = result?;
    if let Some(e) = failed {
        return Err(e.into());
    }
    if let Some(recorder) = recorder {
        recorder.end(&trajectory)?;
    }
    if let Some(path) = &a.save {
        trajectory.final_network.save(path)?;
    }
    // What the flow found is out before the certification, which may take longer than anybody waits.
    if !a.json {
        output::print(&(files::readable(&input) + &readable(&account, a.save.as_deref())))?;
    }
    let mut interrupted = trajectory.stopped == Stop::Interrupted;
    let wanted = (a.certified || a.certificate.is_some()) && !interrupted;
    if wanted {
        let watch = Certifying::new(flag, options.wall_clock.map(|w| begin + w));
        let made = certify(a, &problem, &start, &watch);
        watch.finish();
        let why = match made {
            Ok(found) => {
                account.certified = Some(found);
                None
            }
            Err(e) if e.is_stopped() => {
                interrupted = watch.cause() == Certifying::INTERRUPTED;
                Some(watch.cause().to_string())
            }
            Err(e) if e.is_input() => Some(e.to_string()),
            Err(e) => return Err(e.into()),
        };
        account.remarks.extend(why.map(|w| format!("not certified: {w}")));
        if !a.json {
            let proved = account.certified.as_ref().map(|c| format!("\n{}", certified::readable(c)));
            let not = account.remarks.last().map(|r| format!("note: {r}\n"));
            output::print(&proved.or(not).unwrap_or_default())?;
        }
    }
    if a.json {
        output::print_json(&files::With { found: &account, input: &input })?;
    }
    let crawled = trajectory.stopped.is_failure() || (trajectory.stopped == Stop::Steps && a.max_steps.is_none());
    if crawled {
        eprintln!("flatcert: the flow did not arrive: {}", account.reason);
    }
    Ok(match (interrupted, crawled || (wanted && account.certified.is_none())) {
        (true, _) => Found::Interrupted,
        (_, true) => Found::Differs,
        _ => Found::AsRecorded,
    })
}

/// The file of a certificate holds its data as exact second moments, from which it is verified; a certificate that is
/// only printed needs none.
///
/// # Errors
/// A file is asked for and the data have no exact moments.
fn certifiable(a: &arguments::Flow, problem: &Problem) -> Result<()> {
    if a.certificate.is_some() && problem.exact_moments().is_none() {
        let what = "the file of a certificate needs exact second moments, and these data are too large or \
                    standardised; use --certified";
        return Err(Error::input("--certificate", what));
    }
    Ok(())
}

/// Builds, verifies, writes the file if one is wanted.
///
/// The start is taken as the rationals that its doubles are. The certificate is verified before it is written.
///
/// # Errors
/// It cannot be built or verified; it was stopped; the file cannot be written.
fn certify(a: &arguments::Flow, problem: &Problem, start: &Network<f64>, watch: &Certifying) -> Result<Certification> {
    let finite = |v: &f64| Rational::from_f64(*v).unwrap_or_else(Rational::zero);
    let certificate = tube::build_watched(problem, &start.map(finite), &tube::Options::default(), watch)?;
    let found = certification(&certificate, watch)?;
    if let Some(path) = &a.certificate {
        certificate.save(path)?;
    }
    Ok(found)
}

/// The options of the library. A budget of steps that the user gives raises the patience with slow progress along
/// with it: 2 % of the steps, and no less than usual.
///
/// # Errors
/// A budget of time that is no positive number of seconds.
fn options(a: &arguments::Flow, flag: Arc<AtomicBool>) -> Result<FlowOptions> {
    let wall_clock = a.time_budget.map(|s| {
        let bad = || Error::usage(format!("--time-budget {s}: expected a positive number of seconds"));
        if s > 0.0 { Duration::try_from_secs_f64(s).map_err(|_| bad()) } else { Err(bad()) }
    });
    let usual = FlowOptions::default();
    Ok(FlowOptions {
        rtol: a.rtol,
        atol: a.atol,
        gap: Some(a.gap),
        t_end: a.t_end,
        max_steps: a.max_steps.unwrap_or(usual.max_steps),
        // Whoever raises the budget of steps has decided to wait for them.
        patience: a.max_steps.map_or(0.0, |n| n as f64 / 50.0).max(usual.patience),
        wall_clock: wall_clock.transpose()?,
        interrupt: Some(flag),
        ..usual
    })
}

/// Nothing is written yet: whether it can be is tried in the folder of each file.
///
/// # Errors
/// What is to be written cannot be, in a format that is known; it is a file that is read; both are one file.
fn outputs(a: &arguments::Flow) -> Result<()> {
    let written = [("--save", &a.save), ("--certificate", &a.certificate), ("--record", &a.record)];
    let written: Vec<(&str, &Path)> = written.iter().filter_map(|(o, p)| Some((*o, p.as_deref()?))).collect();
    for (k, (option, path)) in written.iter().enumerate() {
        output::writable(option, path)?;
        a.files.keep(option, path)?;
        refuse_overwriting(option, path, &written[..k])?;
    }
    if let Some(path) = &a.record {
        Format::of(path)?;
    }
    if let Some(path) = &a.save {
        SaveFormat::of(path).map_err(|e| e.within("--save"))?;
    }
    Ok(())
}

/// Time, R - R_min, step.
///
/// Every 64th step: on a terminal as a message, off it as a line if one is due.
fn tick(line: &Line, p: &Progress<'_>) {
    // Formatting, and asking the clock, costs more than a step of a small network.
    let steps = p.statistics.steps + p.statistics.implicit_steps;
    if steps.is_multiple_of(64) {
        let (t, gap, h) = (p.time.high, p.excess_risk, p.step);
        let words = || format!("t = {t:.4e}   R - R_min = {gap:.3e}   step {h:.2e}   ({steps} steps)");
        if !line.bar().is_hidden() {
            line.bar().set_message(words());
        }
        line.say(words);
    }
}

/// What the integration found, for reading: how it ended, the invariants, the assumptions, and Section 4's statements
/// at the last weights. `saved` is where they were written.
fn readable(a: &Account, saved: Option<&Path>) -> String {
    let e = decimal::enclosure;
    let maybe = |v: &Option<_>| v.as_ref().map_or("not computed".into(), e);
    let lines = [
        ("stopped", format!("{}: {}", a.stopped, a.reason)),
        ("time", format!("{:.10e}", a.time)),
        (
            "steps",
            format!(
                "{} ({} of them implicit; {} rejected for their error, {} not finite), {} evaluations",
                a.steps, a.implicit_steps, a.rejected.error, a.rejected.non_finite, a.evaluations
            ),
        ),
        ("R - R_min", format!("{:.6e} -> {:.6e}", a.excess_risk.start, a.excess_risk.end)),
        ("sharpness", e(&a.last.sharpness)),
        ("epsilon", maybe(&a.invariants.epsilon)),
        ("Lemma 1, drift", format!("{:.1e}", a.invariants.lemma_1_drift)),
    ];
    let mut out: String = lines.iter().map(|(name, value)| format!("{name:<22}{value}\n")).collect();
    for h in &a.hypotheses {
        let why = h.reason.as_ref().map_or(String::new(), |r| format!(": {r}"));
        out.push_str(&format!("{:<22}{}{why}\n", format!("assumption ({})", h.id), text::verdict(h.outcome)));
    }
    out.push_str(&format!("\n{:<26}{:<34}at the end\n", "Section 4", "margin"));
    for c in &a.claims {
        let margin = c.margin.as_ref().map_or("–".into(), e);
        let why = c.reason.as_ref().map_or(String::new(), |r| format!(", {r}"));
        out.push_str(&format!("  {:<24}{margin:<34}{}{why}\n", c.id, text::verdict(c.outcome)));
    }
    out.extend(a.remarks.iter().map(|r| format!("note: {r}\n")));
    out.extend(saved.map(|p| format!("weights: {}\n", p.display())));
    out
}
