//! Progress on standard error: a bar on a terminal; off it nothing for short runs, and then a line every ten seconds.
//!
//! Standard output is for results, so that it can be read by machines while this goes on. A bar is drawn by
//! `indicatif`; lines say the seconds since the beginning.
//!
//! | type | of | implements |
//! | --- | --- | --- |
//! | `Line` | anything: the bar or the lines themselves | |
//! | `Progress` | claims | |
//! | `Steps` | gradient descent | `descent::Watch` |
//! | `Certifying` | tubes | `flow::tube::Watch` |

use flatcert::descent::Watch;
use flatcert::flow::tube;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Seconds between two lines off a terminal; the environment variable of [`VARIABLE`] sets another number.
const EVERY: f64 = 10.0;
/// Name of the environment variable; a value that is no positive number is passed over.
const VARIABLE: &str = "FLATCERT_PROGRESS_SECONDS";

/// A bar on a terminal, lines off it.
pub struct Line {
    /// The bar, hidden off a terminal.
    bar: ProgressBar,
    /// When the work began.
    begin: Instant,
    /// Time between two lines.
    every: Duration,
    /// Until when nothing is said, in milliseconds from the beginning.
    next: AtomicU64,
}

impl Line {
    /// `template` and `total` as indicatif has them.
    ///
    /// A template that indicatif cannot read leaves its own style.
    pub fn new(total: Option<u64>, template: &str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(total, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        let asked = std::env::var(VARIABLE).ok().and_then(|v| v.parse::<f64>().ok()).filter(|s| *s > 0.0);
        let every = Duration::try_from_secs_f64(asked.unwrap_or(EVERY)).unwrap_or(Duration::from_secs_f64(EVERY));
        Self { bar, begin: Instant::now(), every, next: AtomicU64::new(every.as_millis() as u64) }
    }
    /// The bar; it is hidden off a terminal.
    pub fn bar(&self) -> &ProgressBar {
        &self.bar
    }
    /// Off a terminal: whether the next line is due. Of many threads that ask, one is told so.
    ///
    /// `next` is moved on by an atomic exchange, which one of the threads that see it due wins.
    pub fn due(&self) -> bool {
        if !self.bar.is_hidden() {
            return false;
        }
        let (now, next) = (self.begin.elapsed().as_millis() as u64, self.next.load(Ordering::Relaxed));
        let after = now + self.every.as_millis() as u64;
        now >= next && self.next.compare_exchange(next, after, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
    /// A line off a terminal, if one is due.
    pub fn say(&self, what: impl FnOnce() -> String) {
        if self.due() {
            self.print(&what());
        }
    }
    /// A line with the seconds so far.
    fn print(&self, what: &str) {
        // Whoever no longer reads standard error does not end the work.
        let _ = writeln!(std::io::stderr(), "flatcert: {:.0} s: {what}", self.begin.elapsed().as_secs_f64());
    }
    /// Clears the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// One bar for all claims: instances done of instances known.
pub struct Progress {
    /// Where it is shown.
    line: Line,
    /// Of each claim that has reported, the instances done and those known.
    claims: Mutex<BTreeMap<String, (usize, usize)>>,
}

impl Progress {
    /// Nothing is done yet.
    pub fn new() -> Self {
        Self { line: Line::new(Some(0), "{elapsed:>4} [{bar:40}] {pos}/{len} {msg}"), claims: Mutex::default() }
    }

    /// `done` of `total` instances of `claim`; called from many threads.
    ///
    /// Claims that have not begun are not counted yet: the total grows while the run goes on.
    pub fn tick(&self, claim: &str, done: usize, total: usize) {
        let Ok(mut claims) = self.claims.lock() else { return };
        let entry = claims.entry(claim.to_string()).or_default();
        // Threads report out of order.
        *entry = (entry.0.max(done), total);
        let sum = || claims.values().fold((0, 0), |s, c| (s.0 + c.0, s.1 + c.1));
        if !self.line.bar().is_hidden() {
            let (done, total) = sum();
            self.line.bar().set_length(total as u64);
            self.line.bar().set_position(done as u64);
            self.line.bar().set_message(claim.to_string());
        }
        self.line.say(|| {
            let (done, total) = sum();
            format!("{done} of {total} instances so far, {claim}")
        });
    }

    /// Clears the line.
    pub fn finish(&self) {
        self.line.finish();
    }
}

/// One bar for gradient descent: run-steps done, their rate, the time left; and the flag that stops the work.
pub struct Steps {
    /// Where it is shown.
    line: Line,
    /// Run-steps done.
    done: AtomicU64,
    /// Run-steps to be done in all.
    total: AtomicU64,
    /// Raised by Ctrl-C.
    stop: Arc<AtomicBool>,
}

impl Steps {
    /// `total` run-steps, `stop` raised by whoever wants an end.
    pub fn new(total: u64, stop: Arc<AtomicBool>) -> Self {
        let template = "{elapsed:>4} [{bar:40}] {percent:>3} %  {per_sec} (run-steps)  {eta} left  {msg}";
        let line = Line::new(Some(total), template);
        Self { line, done: AtomicU64::new(0), total: AtomicU64::new(total), stop }
    }
    /// So many run-steps more are to be done.
    pub fn more(&self, run_steps: u64) {
        self.total.fetch_add(run_steps, Ordering::Relaxed);
        self.line.bar().inc_length(run_steps);
    }
    /// Says what is under way.
    pub fn say(&self, what: &str) {
        self.line.bar().set_message(what.to_string());
    }
    /// Clears the line.
    pub fn finish(&self) {
        self.line.finish();
    }
}

impl Watch for Steps {
    fn advanced(&self, run_steps: u64) {
        let done = self.done.fetch_add(run_steps, Ordering::Relaxed).saturating_add(run_steps);
        if !self.line.bar().is_hidden() {
            self.line.bar().inc(run_steps);
        }
        self.line.say(|| {
            let total = self.total.load(Ordering::Relaxed).max(1);
            format!("{:.0} % of {total:.1e} run-steps", 100.0 * done as f64 / total as f64, total = total as f64)
        });
    }
    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// A certification under way: pieces done, and the flag or the time that ends it.
pub struct Certifying {
    /// Where it is shown.
    line: Line,
    /// Raised by Ctrl-C.
    stop: Arc<AtomicBool>,
    /// When the budget of time ends, if there is one.
    until: Option<Instant>,
}

impl Certifying {
    /// `stop` raised by whoever wants an end; `until` when the budget of time ends.
    pub fn new(stop: Arc<AtomicBool>, until: Option<Instant>) -> Self {
        let line = Line::new(None, "{elapsed:>4} certifying: {msg}");
        line.bar().enable_steady_tick(Duration::from_millis(200));
        Self { line, stop, until }
    }
    /// Clears the line.
    pub fn finish(&self) {
        self.line.finish();
    }
    /// The cause that is Ctrl-C.
    pub const INTERRUPTED: &'static str = "interrupted";
    /// Why it was ended, for a reader.
    ///
    /// Asked after the certification was stopped. Where both have happened, Ctrl-C is the cause.
    pub fn cause(&self) -> &'static str {
        if self.stop.load(Ordering::Relaxed) {
            Self::INTERRUPTED
        } else {
            "the time budget is spent; --time-budget raises it"
        }
    }
}

impl tube::Watch for Certifying {
    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.until.is_some_and(|t| Instant::now() >= t)
    }
    fn advanced(&self, what: &str, done: usize, total: Option<usize>) {
        let words = || match total {
            Some(total) => format!("{done} of {total} pieces {what}"),
            None => format!("{done} pieces {what}"),
        };
        if !self.line.bar().is_hidden() && done.is_multiple_of(16) {
            self.line.bar().set_message(words());
        }
        self.line.say(|| format!("certifying: {}", words()));
    }
}
