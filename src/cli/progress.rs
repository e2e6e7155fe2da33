//! A progress bar on a terminal, nothing in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Mutex;

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
