//! A progress bar on a terminal, nothing in a pipe.

use flatcert::descent::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// One bar for all claims: instances done of instances known.
pub struct Progress {
    bar: ProgressBar,
    claims: Mutex<BTreeMap<String, (usize, usize)>>,
}

impl Progress {
    /// Draws on standard error if that is a terminal.
    pub fn new() -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{elapsed:>4} [{bar:40}] {pos}/{len} {msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, claims: Mutex::new(BTreeMap::new()) }
    }

    /// `done` of `total` instances of `claim`; called from many threads.
    pub fn tick(&self, claim: &str, done: usize, total: usize) {
        if self.bar.is_hidden() {
            return;
        }
        let Ok(mut claims) = self.claims.lock() else { return };
        let entry = claims.entry(claim.to_string()).or_default();
        // Threads report out of order.
        *entry = (entry.0.max(done), total);
        let (done, total) = claims.values().fold((0, 0), |s, c| (s.0 + c.0, s.1 + c.1));
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(claim.to_string());
    }

    /// Clears the line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// One bar for gradient descent: run-steps done, their rate, the time left; and the flag that stops the work.
pub struct Steps {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Steps {
    /// Draws on standard error if that is a terminal; `total` run-steps, `stop` raised by whoever wants an end.
    pub fn new(total: u64, stop: Arc<AtomicBool>) -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        let template = "{elapsed:>4} [{bar:40}] {percent:>3} %  {per_sec} (run-steps)  {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, stop }
    }
    /// So many run-steps more are to be done.
    pub fn more(&self, run_steps: u64) {
        self.bar.inc_length(run_steps);
    }
    /// Says what is under way.
    pub fn say(&self, what: &str) {
        self.bar.set_message(what.to_string());
    }
    /// Clears the line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Steps {
    fn advanced(&self, run_steps: u64) {
        if !self.bar.is_hidden() {
            self.bar.inc(run_steps);
        }
    }
    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
