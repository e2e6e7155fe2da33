//! What a maintainer reads in the morning: alarms first, then what the last night added, what it made visible, and what
//! changed in the program.
//!
//! A summary is compared with the one that was written before it, which is read from its JSON: "since then" needs no
//! other memory.
//!
//! The way of a summary: `Summary::new` reads the ledger and compares it with `Before`; `files` writes what it found
//! as JSON (the next summary's `Before`), as markdown and, from two nights on, as a picture.
//!
//! | word | meaning |
//! | --- | --- |
//! | e-value | evidence against "fails with probability at most p0": by Ville's inequality a true statement's ever reaches 1/a with probability at most a |
//! | alarm | the e-value reached one over the statement's share of the budget |
//! | `exposed`, "would see" | the smallest probability of failure that would have raised the alarm by now with probability 95 % |
//! | canary | a planted falsehood or truth with which a night begins; if one does what it must not, its run is void |
//!
//! It tries nothing, and takes the verdicts from `nightly::summary`.

use crate::arithmetic::decimal;
use crate::error::{Error, Result};
use crate::figure::{FigureData, Panel, Series, series};
use crate::harness::chance::Chance;
use crate::nightly::summary::{self, Look, Row, Status, Verdict};
use crate::nightly::{budget_of, chosen, code, versions};
use crate::report::{figures, text};
use crate::statistics::ledger::{self, Attempt, Holdings, Merged, Planted};
use crate::statistics::{binomial, eprocess};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::LN_10;
use std::path::Path;

/// Statements that the figure shows by name: those with the largest e-values.
const NAMED: usize = 6;

/// Log10 of the smallest e-value that the figure shows.
const LOWEST: f64 = -4.0;

/// A night in the history.
///
/// Counted are trials of the current versions of statements: those of older versions are in the ledger and not here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// Its label.
    pub night: String,
    /// Trials of current statements.
    pub trials: u64,
    /// Programs that counted.
    pub codes: Vec<String>,
    /// Log10 of the e-value against each statement after it, by key.
    ///
    /// It has an entry only from the first night on in which the statement was tried.
    pub log10_e: BTreeMap<String, f64>,
}

/// A statement, and where it stood in the summary before.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// As it stands.
    #[serde(flatten)]
    pub row: Row,
    /// Version of the statement.
    pub version: String,
    /// Trials since then.
    pub new_trials: u64,
    /// Failures since then.
    pub new_failures: u64,
    /// What would have been seen then, where it was counted then in this version: compare `exposed`.
    pub exposed_before: Option<f64>,
}

/// What is needed of the summary before.
///
/// A part of the JSON of a `Summary`, read back: the fields have the same names there, and whatever else it has is
/// passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// `flatcert.summary/1`, else it is refused.
    schema: String,
    /// When it was written, UTC.
    date: String,
    /// Version of flatcert that wrote it.
    flatcert: String,
    /// The nights that it knew.
    nights: Vec<Past>,
    /// Where every statement stood.
    statements: Vec<Stood>,
}

/// A statement in the summary before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stood {
    /// Its key.
    key: String,
    /// Its version: counts of another one are not compared.
    version: String,
    /// Trials of all nights until then.
    trials: u64,
    /// Failures among them.
    failures: u64,
    /// The smallest probability of failure that would have been seen then.
    exposed: f64,
}

/// The summary.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// `flatcert.summary/1`.
    pub schema: String,
    /// When it was written, UTC.
    pub date: String,
    /// Version of flatcert.
    pub flatcert: String,
    /// When the one before was written.
    pub since: Option<String>,
    /// Keys of the statements whose alarm is on.
    pub alarms: Vec<String>,
    /// What the last night was to have and does not.
    pub missing: Vec<String>,
    /// Canaries that did what they must not, in nights since then: their runs are void.
    pub canaries_failed: Vec<Planted>,
    /// Canaries that did as they must, since then.
    pub canaries_passed: u64,
    /// Trials since then.
    pub new_trials: u64,
    /// Trials of all nights.
    pub trials: u64,
    /// Every statement.
    pub statements: Vec<Line>,
    /// Budget of false alarms.
    pub alpha: f64,
    /// Of it, given to the statements counted so far.
    pub spent: f64,
    /// What changed: versions of statements, program, commits.
    pub changes: Vec<String>,
    /// Every night.
    pub nights: Vec<Past>,
}

/// Schema of the JSON; one that names another is refused.
const SCHEMA: &str = "flatcert.summary/1";

impl Before {
    /// Of a summary's JSON; nothing where none was written.
    ///
    /// Only a file that is not there counts as none: one that cannot be read is refused, and not passed over.
    ///
    /// # Errors
    /// A file that cannot be read or is no summary.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let text = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|e| Error::io(path, e))?,
        };
        let place = || path.display().to_string();
        let found: Self =
            serde_json::from_str(&text).map_err(|e| Error::input(place(), format!("no summary of nights: {e}")))?;
        if found.schema != SCHEMA {
            return Err(Error::input(place(), format!("schema {}, expected {SCHEMA}", found.schema)));
        }
        Ok(Some(found))
    }
}

impl Summary {
    /// Of a ledger, since `before`.
    ///
    /// "Since" is by time for runs (they ended after `before` was written) and by counts for trials (those of now
    /// less those of then, by key and version). `only` restricts the statements; the budget is that of the whole
    /// ledger.
    ///
    /// Cost: one reading of the ledger; for each night and statement an e-value.
    ///
    /// # Errors
    /// As [`crate::statistics::ledger::read`].
    pub fn new(battery: &[Chance], only: &[String], ledger: &Path, seed: u64, before: Option<&Before>) -> Result<Self> {
        let statements = chosen(battery, only);
        let held = ledger::read(ledger, seed, &versions(battery)?)?;
        let status = summary::status(&statements, &held, &budget_of(&held)?, Look::WHOLE)?;
        let nights = history(&statements, &held)?;
        let known: BTreeSet<&str> = before.iter().flat_map(|b| &b.nights).map(|n| n.night.as_str()).collect();
        let recent: Vec<&Attempt> =
            held.attempts.iter().filter(|a| before.is_none_or(|b| a.origin.ended > b.date)).collect();
        let canaries = || recent.iter().flat_map(|a| &a.canaries);
        let lines = lines(&statements, &status, before);
        Ok(Self {
            schema: SCHEMA.into(),
            date: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            flatcert: env!("CARGO_PKG_VERSION").into(),
            since: before.map(|b| b.date.clone()),
            alarms: status.alarms(),
            missing: missing(&held),
            canaries_failed: canaries().filter(|c| !c.as_it_must).cloned().collect(),
            canaries_passed: canaries().filter(|c| c.as_it_must).count() as u64,
            new_trials: lines.iter().map(|l| l.new_trials).sum(),
            trials: lines.iter().map(|l| l.row.counted.trials).sum(),
            statements: lines,
            alpha: status.alpha,
            spent: status.spent,
            changes: changes(&nights, &known, &statements, before),
            nights,
        })
    }

    /// Everything by machine, everything by eye, and the e-values over the nights: name and content, for files named
    /// `stem`.
    ///
    /// # Errors
    /// None that a sound build can produce.
    pub fn files(&self, stem: &str) -> Result<Vec<(String, String)>> {
        let json = serde_json::to_string_pretty(self).map_err(|e| Error::internal(format!("summary: {e}")))?;
        let figure = self.figure();
        let svg = figure.as_ref().map(figures::svg).transpose()?;
        let picture = svg.as_ref().map(|_| format!("{stem}.svg"));
        let mut out = vec![(format!("{stem}.json"), json + "\n")];
        out.push((format!("{stem}.md"), self.markdown(picture.as_deref())));
        out.extend(picture.into_iter().zip(svg));
        Ok(out)
    }

    /// The e-values over the nights, where there are two and more.
    ///
    /// The first six statements by their e-values after the last night, each from the first night on (log10 0 where
    /// it was not tried yet), cut off below at `LOWEST`. The dashed line is the lowest of the thresholds of all
    /// statements: the first alarm is not below it.
    fn figure(&self) -> Option<FigureData> {
        let last = self.nights.last().filter(|_| self.nights.len() >= 2)?;
        let mut keys: Vec<(&String, f64)> = last.log10_e.iter().map(|(key, e)| (key, *e)).collect();
        keys.sort_by(|a, b| b.1.total_cmp(&a.1));
        let course = |(key, _): &(&String, f64)| {
            let e = self.nights.iter().map(|n| n.log10_e.get(*key).copied().unwrap_or(0.0).max(LOWEST));
            series(key, "line", (1..).map(f64::from).zip(e).collect())
        };
        let mut all: Vec<Series> = keys.iter().take(NAMED).map(course).collect();
        let alarm = self.statements.iter().map(|l| l.row.log10_alarm).reduce(f64::min)?;
        all.push(series("alarm", "dashed", vec![(1.0, alarm), (self.nights.len() as f64, alarm)]));
        Some(Panel::new(("night", "log₁₀ of the e-value"), (false, false), all).figure(
            "nights",
            "Evidence against the statements, night after night",
            "Log₁₀ of the e-value against each statement; at the dashed line there is an alarm.",
        ))
    }

    /// The summary by eye: the alarm or its absence in bold, void runs, missing shards, a table of counts, what
    /// changed, the picture if there is one, and all statements.
    fn markdown(&self, picture: Option<&str>) -> String {
        let mut out = "# The night\n\n".to_string();
        if self.alarms.is_empty() {
            out.push_str("**No alarm.**");
        } else {
            out.push_str(
                "**ALARM**: refuted, or an event of probability below its share of the budget has happened:\n\n",
            );
        }
        for c in self.statements.iter().filter(|l| l.row.verdict == Verdict::Alarm).map(|l| &l.row.counted) {
            out.push_str(&format!(
                "- {}: {} failures in {} trials, p0 = {}, log10 e = {:.1}. {}\n",
                text::code_cell(&c.key),
                c.failures,
                c.trials,
                decimal::number(c.bound),
                c.log10_e,
                text::prose(&c.statement)
            ));
        }
        if !self.canaries_failed.is_empty() {
            let names: BTreeSet<&str> = self.canaries_failed.iter().map(|c| c.key.as_str()).collect();
            let names: Vec<&str> = names.into_iter().collect();
            out.push_str(&format!("\n\n**VOID** runs: a canary did what it must not ({}).", names.join(", ")));
        }
        if !self.missing.is_empty() {
            out.push_str("\n\n**Incomplete**:\n\n");
            out.extend(self.missing.iter().map(|m| format!("- {m}\n")));
        }
        let since = self.since.as_deref().map_or("all nights".into(), |date| format!("since {date}"));
        let last = self.nights.last().map_or("none", |n| n.night.as_str());
        out.push_str(&format!(
            "\n\n| | |\n| --- | --- |\n| last night | {last} |\n| trials, {since} | {} |\n| trials, {} nights | {} \
             |\n| canaries, {since} | {} as they must, {} not |\n| budget of false alarms | {} for the life of the \
             ledger, {:.1e} given out |\n",
            self.new_trials,
            self.nights.len(),
            self.trials,
            self.canaries_passed,
            self.canaries_failed.len(),
            decimal::number(self.alpha),
            self.spent
        ));
        out.push_str("\n## What changed\n\n");
        match self.changes.as_slice() {
            [] => out.push_str("Nothing: the same program, the same statements.\n"),
            list => out.extend(list.iter().map(|c| format!("- {}\n", text::prose(c)))),
        }
        if let Some(picture) = picture {
            out.push_str(&format!(
                "\n## Evidence over the nights\n\n![log10 of the e-values over the nights; an alarm \
                                   at the dashed line; what lies below {LOWEST} is drawn there]({picture})\n"
            ));
        }
        out + &self.table()
    }

    /// The table of statements, those with the largest e-values first.
    fn table(&self) -> String {
        let mut out = "\n## Statements\n\nWould see: the smallest probability of failure that would have raised the \
                       alarm by now with probability 95 %, and what it was.\n\n| statement | new trials | new \
                       failures | trials | failures | p0 | log10 e | would see | was | verdict |\n| --- | --- | --- | \
                       --- | --- | --- | --- | --- | --- | --- |\n"
            .to_string();
        let mut order: Vec<&Line> = self.statements.iter().collect();
        order.sort_by(|a, b| b.row.counted.log10_e.total_cmp(&a.row.counted.log10_e));
        for l in order {
            let c = &l.row.counted;
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {:.2e} | {:.1} | {:.1e} | {} | {} |\n",
                text::code_cell(&c.key),
                l.new_trials,
                l.new_failures,
                c.trials,
                c.failures,
                c.bound,
                c.log10_e,
                c.exposed,
                l.exposed_before.map_or("–".into(), |e| format!("{e:.1e}")),
                l.row.verdict.words()
            ));
        }
        out
    }
}

/// Each statement beside where it stood before. One of another version then, or none, stood at zero. Counts are
/// subtracted without going below zero, since a ledger may be another one than then.
fn lines(statements: &[&Chance], status: &Status, before: Option<&Before>) -> Vec<Line> {
    let stood = |c: &Chance| before?.statements.iter().find(|s| s.key == c.key && s.version == c.version);
    let line = |(c, row): (&&Chance, &Row)| {
        let (was, now) = (stood(c), &row.counted);
        Line {
            row: row.clone(),
            version: c.version.into(),
            new_trials: now.trials.saturating_sub(was.map_or(0, |w| w.trials)),
            new_failures: now.failures.saturating_sub(was.map_or(0, |w| w.failures)),
            exposed_before: was.map(|w| w.exposed),
        }
    };
    statements.iter().zip(&status.statements).map(line).collect()
}

/// The nights in the order in which they began, with the e-values after each.
///
/// The sums run over the nights in their order, so the e-value of a night is that of all trials until then. Nights
/// whose batches do not say when they began come first.
///
/// # Errors
/// As `eprocess::log_e_value`.
fn history(statements: &[&Chance], held: &Holdings) -> Result<Vec<Past>> {
    let mut order: Vec<(&String, &ledger::Night)> = held.nights.iter().collect();
    order.sort_by_key(|(label, night)| (&night.began, *label));
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut out = Vec::new();
    for (label, night) in order {
        let mut log10_e = BTreeMap::new();
        for c in statements {
            let sum = sums.entry(c.key.as_str()).or_default();
            if let Some(tally) = night.counts.get(&c.key) {
                *sum = (sum.0 + tally.trials, sum.1 + tally.failures);
            }
            if sum.0 > 0 {
                log10_e.insert(c.key.clone(), eprocess::log_e_value(sum.0, sum.1, c.bound)? / LN_10);
            }
        }
        let trials = night.counts.values().map(|t| t.trials).sum();
        out.push(Past { night: label.clone(), trials, codes: night.codes.iter().cloned().collect(), log10_e });
    }
    Ok(out)
}

/// What the last night that any run ended was to have and does not, by the number of shards that its own runs name.
///
/// Nothing where no run has ended, or where the last one names no number of shards.
fn missing(held: &Holdings) -> Vec<String> {
    let last = held.attempts.iter().max_by(|a, b| a.origin.began.cmp(&b.origin.began));
    let Some((last, shards)) = last.and_then(|a| Some((a, a.shard.split_once('/')?.1.parse().ok()?))) else {
        return Vec::new();
    };
    let attempts = held.attempts.iter().cloned().collect();
    ledger::missing(&Merged { attempts, ..Merged::default() }, Some(last.origin.label()), shards)
}

/// In words: another version of flatcert; statements that are new, have another version, or are gone; and, between
/// two nights of which the later is not in the summary before, other programs, with the titles of the commits between
/// them where the repository at hand has both.
fn changes(nights: &[Past], known: &BTreeSet<&str>, statements: &[&Chance], before: Option<&Before>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(b) = before.filter(|b| b.flatcert != env!("CARGO_PKG_VERSION")) {
        out.push(format!("flatcert {}, was {}", env!("CARGO_PKG_VERSION"), b.flatcert));
    }
    for c in statements {
        let was = before.and_then(|b| b.statements.iter().find(|s| s.key == c.key));
        match (before, was) {
            (Some(_), None) => out.push(format!("{}: a new statement, version {}", c.key, c.version)),
            (_, Some(was)) if was.version != c.version => {
                out.push(format!("{}: version {}, was {}; its trials count anew", c.key, c.version, was.version));
            }
            _ => {}
        }
    }
    for s in before.iter().flat_map(|b| &b.statements).filter(|s| statements.iter().all(|c| c.key != s.key)) {
        out.push(format!("{}: gone", s.key));
    }
    for pair in nights.windows(2).filter(|pair| !known.contains(pair[1].night.as_str())) {
        let (old, new) = (&pair[0], &pair[1]);
        if old.codes == new.codes {
            continue;
        }
        out.push(format!("night {}: program {}, was {}", new.night, new.codes.join(" and "), old.codes.join(" and ")));
        if let (Some(from), Some(to)) = (old.codes.last(), new.codes.last()) {
            out.extend(code::between(from, to).into_iter().flatten().map(|commit| format!("commit {commit}")));
        }
    }
    out
}

/// Nights until a statement whose bound is too small by `share` of the true probability raises the alarm with
/// probability 95 %, at so many trials a night; `None` if `most` nights do not suffice.
///
/// The bound is `p0 = (1 - share) probability`. After n trials the alarm is raised by the failures of which the
/// e-value is at least `alarm` (a natural logarithm), so by `least` of them or more; a true probability p escapes
/// with `P(X < least)`, X binomial (n, p). The first number of nights at which that is 5 % or less is returned. The
/// alarm is looked at after the last of them only, so the answer errs to the side of too many.
///
/// # Errors
/// A `p0` that is negative or NaN.
pub fn nights_to_alarm(probability: f64, share: f64, trials: u64, alarm: f64, most: u64) -> Result<Option<u64>> {
    let bound = probability * (1.0 - share);
    let seen = |nights: u64| {
        let n = nights * trials;
        let least = binomial::least(n, |f| Ok(eprocess::log_e_value(n, f, bound)? >= alarm))?;
        let escapes =
            least.map_or(1.0, |least| if least == 0 { 0.0 } else { binomial::lower_tail(n, least - 1, probability) });
        Ok::<bool, Error>(escapes <= 0.05)
    };
    for nights in 1..=most {
        if seen(nights)? {
            return Ok(Some(nights));
        }
    }
    Ok(None)
}
