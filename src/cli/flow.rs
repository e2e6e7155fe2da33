//! `flatcert flow`. What is certified about a flow (a tube) joins between `follow` and the printing in [`flow`].

use super::{Found, Outcome, arguments, output};
use flatcert::flow::{FlowOptions, Progress};
use flatcert::follow::{Account, follow};
use flatcert::network::Network;
use flatcert::problem::{LoadOptions, Problem};
use flatcert::report::text;
use flatcert::{Error, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Loads, integrates, saves, prints. Mistakes that can be seen before the integration are refused before it.
pub fn flow(a: &arguments::Flow) -> Outcome {
    let flag = Arc::new(AtomicBool::new(false));
    let options = options(a, flag.clone())?;
    options.validate()?;
    let loading = LoadOptions { standardise: a.standardise, ..LoadOptions::default() };
    let problem = Problem::load(&a.x, &a.y, &loading)?;
    let start = Network::load(&a.weights, a.head.as_deref())?;
    if let Some(path) = &a.save {
        writable(path)?;
    }
    // A second Ctrl-C ends the process at once: the handler itself does, since the loop may be deep in a report.
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(super::INTERRUPTED));
        }
    })
    .map_err(|e| Error::internal(format!("signal handler: {e}")))?;
    let line = Line::new();
    let result = follow(&problem, &start, &options, &mut |p| line.tick(p));
    line.bar.finish_and_clear();
    let (trajectory, account) = result?;
    if let Some(path) = &a.save {
        trajectory.final_network.save(path)?;
    }
    if a.json {
        output::print_json(&account)?;
    } else {
        output::print(&readable(&account, a.save.as_deref()))?;
    }
    Ok(if account.stopped == "interrupted" { Found::Interrupted } else { Found::AsRecorded })
}

fn options(a: &arguments::Flow, flag: Arc<AtomicBool>) -> Result<FlowOptions> {
    let wall_clock = a.time_budget.map(|s| {
        let bad = || Error::usage(format!("--time-budget {s}: expected a positive number of seconds"));
        if s > 0.0 { Duration::try_from_secs_f64(s).map_err(|_| bad()) } else { Err(bad()) }
    });
    Ok(FlowOptions {
        rtol: a.rtol,
        atol: a.atol,
        gap: Some(a.gap),
        t_end: a.t_end,
        max_steps: a.max_steps,
        // Whoever raises the budget of steps has decided to wait for them.
        patience: (a.max_steps as f64 / 50.0).max(FlowOptions::default().patience),
        wall_clock: wall_clock.transpose()?,
        interrupt: Some(flag),
        ..FlowOptions::default()
    })
}

/// # Errors
/// The folder does not exist or takes no files, or the path is a folder.
fn writable(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Error::input(format!("--save {}", path.display()), "is a folder"));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".flatcert-")
        .tempfile_in(folder)
        .map_err(|e| Error::input(format!("--save {}", path.display()), format!("cannot be written: {e}")))?;
    Ok(())
}

/// One line on a terminal: time, R - R_min, step.
struct Line {
    bar: ProgressBar,
}

impl Line {
    fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{elapsed:>4} {msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }
    fn tick(&self, p: &Progress<'_>) -> ControlFlow<()> {
        // Formatting costs more than a step of a small network.
        if !self.bar.is_hidden() && p.statistics.steps.is_multiple_of(64) {
            let (t, gap, h, n) = (p.time.high, p.excess_risk, p.step, p.statistics.steps);
            self.bar.set_message(format!("t = {t:.4e}   R - R_min = {gap:.3e}   step {h:.2e}   ({n} steps)"));
        }
        ControlFlow::Continue(())
    }
}

fn readable(a: &Account, saved: Option<&Path>) -> String {
    let e = text::enclosure;
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
    out.push_str(&format!("\n{:<26}{:<30}at the end\n", "Section 4", "margin"));
    for c in &a.claims {
        let margin = c.margin.as_ref().map_or("–".into(), e);
        let why = c.reason.as_ref().map_or(String::new(), |r| format!(", {r}"));
        out.push_str(&format!("  {:<24}{margin:<30}{}{why}\n", c.id, text::verdict(c.outcome)));
    }
    out.extend(a.remarks.iter().map(|r| format!("note: {r}\n")));
    out.extend(saved.map(|p| format!("weights: {}\n", p.display())));
    out
}
