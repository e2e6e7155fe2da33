//! `list`, `probe`, `replay`: one claim or one instance at a time.
//!
//! `replay` takes an id and finds out what it names, in this order: a range or several ids, a trial of a statement
//! about chance, the certificate of a flow (a zip archive), an instance, a counterexample file.

use super::arguments::{List, Probe, Replay};
use super::check::form_lines;
use super::files::given;
use super::report::threads;
use super::{Found, Outcome, certified, output};
use flatcert::Error;
use flatcert::arithmetic::decimal;
use flatcert::certify::certification;
use flatcert::flow::tube::Certificate;
use flatcert::harness::Replayed;
use flatcert::harness::evidence::{FormEvidence, Outcome as RecordedOutcome, Verdict};
use flatcert::harness::paper::{ProbeChange, Recorded};
use flatcert::input::read_pair;
use flatcert::network::Network;
use flatcert::paper::registry::paper;
use flatcert::problem::{LoadOptions, Problem};
use flatcert::report::{text, view};
use serde_json::{Value, json};
use std::path::Path;

/// The catalogue.
///
/// Nothing is evaluated. Steps of proofs have a `/` in their id, and are listed with `--proofs` only.
pub fn list(a: &List) -> Outcome {
    let paper = paper()?;
    if a.results {
        return results(a, &paper.recorded());
    }
    let mut catalogue = paper.catalogue();
    catalogue.retain(|e| a.proofs || !e.id.contains('/'));
    if a.json {
        output::print_json(&json!({"schema": "flatcert.list/1", "claims": catalogue}))?;
        return Ok(Found::AsRecorded);
    }
    let width = catalogue.iter().map(|e| e.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for e in &catalogue {
        out.push_str(&format!("{:width$}  {}: {}\n", e.id, e.place, e.title));
        for (name, role, expected, statement) in &e.forms {
            let kind = if name == text::role(*role) { String::new() } else { format!(" ({})", text::role(*role)) };
            out.push_str(&format!("{:width$}    {name}{kind}, {}: {statement}\n", "", text::outcome(*expected)));
        }
    }
    output::print(&out)?;
    Ok(Found::AsRecorded)
}

/// The stated results in the paper's order, with the recorded verdict on each.
///
/// A verdict is what is recorded, in words; `report` finds out whether a run agrees.
fn results(a: &List, recorded: &[Recorded]) -> Outcome {
    if a.json {
        output::print_json(&json!({"schema": "flatcert.list/1", "results": recorded}))?;
        return Ok(Found::AsRecorded);
    }
    let width = |f: fn(&Recorded) -> &str| recorded.iter().map(|r| f(r).chars().count()).max().unwrap_or(0);
    let (names, ids) = (width(|r| &r.name), width(|r| &r.claim));
    let mut out = String::new();
    for r in recorded {
        let by = match (r.proved, r.weight) {
            (true, None) => " (proved by Coq)",
            (true, Some(_)) => " (corrected form proved by Coq)",
            (false, _) => "",
        };
        out.push_str(&format!("{:names$}  {:ids$}  line {:>4}  {}{by}\n", r.name, r.claim, r.line, r.verdict));
    }
    out.push_str("\nAs recorded; flatcert report finds whether it is so, flatcert check CLAIM shows one of them.\n");
    output::print(&out)?;
    Ok(Found::AsRecorded)
}

/// A claim with another constant.
///
/// The exit code is 0 whatever comes out: a probe has no recorded outcome.
///
/// # Errors
/// A claim or form of no such name, or without a constant; a constant or factor that is not positive.
pub fn probe(a: &Probe) -> Outcome {
    threads(a.run.jobs)?;
    let (change, words) = match (&a.change.constant, &a.change.factor) {
        (Some(c), _) => (ProbeChange::Constant(c.clone()), format!("with constant {c}")),
        (None, Some(f)) => (ProbeChange::Factor(f.clone()), format!("strengthened by the factor {f}")),
        (None, None) => return Err(Error::usage("give --constant or --factor").into()),
    };
    let form = paper()?.probe(&a.claim, a.form.as_deref(), &change, &a.run.options(vec![a.claim.clone()]))?;
    if a.json {
        output::print_json(&json!({"schema": "flatcert.probe/1", "claim": a.claim, "change": words, "form": form}))?;
    } else {
        let closest = form.smallest_at.as_ref().map_or(String::new(), |at| format!("    closest instance: {at}\n"));
        let found = text::outcome(form.outcome).to_uppercase();
        let head = format!("{} {words}: {found}\n", a.claim);
        output::print(&(head + &probe_lines(&form) + &closest))?;
    }
    Ok(Found::AsRecorded)
}

/// As [`form_lines`], without a recorded outcome: a probe has none.
///
/// The outcome recorded is that of the unchanged constant, which says nothing about the changed one.
fn probe_lines(form: &FormEvidence) -> String {
    let lines = form_lines(form);
    lines.replacen(&format!(" (recorded: {})", text::outcome(form.expected)), "", 1)
}

/// One instance again.
///
/// # Errors
/// Options without what they are about; an id that names nothing; a file that is neither certificate nor
/// counterexample.
pub fn replay(a: &Replay) -> Outcome {
    threads(a.run.jobs)?;
    if let Some(option) = idle(a) {
        return Err(Error::usage(option).into());
    }
    if !a.more.is_empty() || a.id.rsplit_once('#').is_some_and(|(_, at)| at.contains("..")) {
        return replay_ranges(a);
    }
    if let Some(found) = super::nightly::replay(&a.id, a.run.seed, a.json)? {
        return Ok(found);
    }
    if !a.id.contains('#') && !Path::new(&a.id).exists() {
        let what = "no such file, and not an instance's id (claim/form#index)";
        return Err(Error::input(a.id.clone(), what).into());
    }
    if is_certificate(Path::new(&a.id)) {
        return certificate(a);
    }
    let replayed = paper()?.replay(&a.id, &a.run.options(Vec::new()))?;
    if a.json {
        output::print_json(&as_json(&replayed))?;
    } else {
        output::print(&told(&replayed))?;
    }
    Ok(if replay_as_recorded(&a.id, &replayed) { Found::AsRecorded } else { Found::Differs })
}

/// The instance as JSON, with the statement and the outcome that is recorded of its form.
fn as_json(r: &Replayed) -> Value {
    json!({
        "schema": "flatcert.replay/1", "instance": r.instance, "statement": r.statement, "role": r.role,
        "expected": r.expected,
    })
}

/// `claim/form#a..b` (a to b - 1), `claim/form#a..` (a to the last) or `claim/form#a`, taken apart.
///
/// `None` where numbers are missing or out of range.
fn range(id: &str) -> Option<(&str, usize, Option<usize>)> {
    let (key, at) = id.rsplit_once('#')?;
    let (first, end) = match at.split_once("..") {
        None => (at.parse().ok()?, Some(at.parse::<usize>().ok()?.checked_add(1)?)),
        Some((first, "")) => (first.parse().ok()?, None),
        Some((first, end)) => (first.parse().ok()?, Some(end.parse().ok()?)),
    };
    Some((key, first, end))
}

/// Instances one after the other, each as soon as it is evaluated; lists that several forms share are built once.
///
/// All ids are looked up before the first instance is evaluated.
///
/// # Errors
/// An id that is no instance or range; a form of no such name; a range without an instance.
fn replay_ranges(a: &Replay) -> Outcome {
    let (paper, options) = (paper()?, a.run.options(Vec::new()));
    let part = |id: &String| {
        let what = "an instance is claim/form#index, a range of them claim/form#a..b";
        let (key, first, end) = range(id).ok_or_else(|| Error::usage(format!("'{id}': {what}")))?;
        paper.replay_range(key, first, end, &options)
    };
    let parts = std::iter::once(&a.id).chain(&a.more).map(part).collect::<flatcert::Result<Vec<_>>>()?;
    let mut found = Found::AsRecorded;
    for replayed in parts.into_iter().flatten() {
        output::print(&if a.json { format!("{}\n", as_json(&replayed)) } else { told(&replayed) })?;
        if !replay_as_recorded(&replayed.instance.id, &replayed) {
            found = Found::Differs;
        }
    }
    Ok(found)
}

/// The statement, with its numbers put in, and the instance.
///
/// The sides are printed as enclosures between the statement's own sign, so that a reader sees by what it was
/// decided.
fn told(r: &Replayed) -> String {
    let i = &r.instance;
    let mut out = format!("{}\n", view::instance_line(i));
    out.push_str(&format!("  {}: {}\n", text::role(r.role), r.statement));
    if let Some([greater, lesser]) = &i.sides {
        let holds = match i.verdict {
            Verdict::Holds => "true",
            Verdict::Fails => "false",
            Verdict::Undecided => "not decided",
            Verdict::OutOfScope => "out of scope",
        };
        let (greater, lesser) = (decimal::enclosure(greater), decimal::enclosure(lesser));
        out.push_str(&format!("  in numbers: {}: {holds}\n", compared(&r.statement, &greater, &lesser)));
    }
    let values = i.values.as_ref().map_or(String::new(), text::values);
    out.extend(values.lines().map(|l| format!("  {l}\n")));
    out
}

/// Both sides in the order in which the statement has them.
///
/// The evidence has the greater side first, a statement may say `a <= b`. The first sign in the text decides.
fn compared(statement: &str, greater: &str, lesser: &str) -> String {
    let first = |sign: &str| statement.find(sign).unwrap_or(usize::MAX);
    let sides = [(" <= ", false), (" < ", false), (" >= ", true), (" > ", true)];
    match sides.iter().filter(|s| statement.contains(s.0)).min_by_key(|s| first(s.0)) {
        Some((sign, false)) => format!("{lesser}{sign}{greater}"),
        Some((sign, true)) => format!("{greater}{sign}{lesser}"),
        None => format!("{greater} >= {lesser}"),
    }
}

/// An option about input, where there is none that it could be about.
fn idle(a: &Replay) -> Option<String> {
    let (x, weights) = (a.x.is_some(), a.weights.is_some());
    let without_certificate = given(&[("--x", x), ("--weights", weights)]).or(a.tables.given()).or(a.stored.given());
    match without_certificate {
        Some(option) if !is_certificate(Path::new(&a.id)) => {
            Some(format!("{option} goes with the file of a certificate, and '{}' is none", a.id))
        }
        _ => (a.tables.given().filter(|_| !x).map(|o| format!("{o} goes with --x and --y")))
            .or_else(|| a.stored.given().filter(|_| !weights).map(|o| format!("{o} goes with --weights"))),
    }
}

/// Certificates are zip archives.
///
/// The first four bytes of a zip archive that is not empty. An `.npz` passes too, and is refused as no certificate
/// when it is read.
fn is_certificate(path: &Path) -> bool {
    use std::io::Read;
    let mut magic = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut magic));
    read.is_ok() && magic == *b"PK\x03\x04"
}

/// A certificate of a flow, verified from the file alone. One that does not prove what it claims is exit code 1.
///
/// With data or weights named, it must be about these: compared by content, before anything is verified. Everything
/// that the certificate claims is derived again from its own file, with directed rounding.
///
/// # Errors
/// A file that is no certificate; data or weights that are refused.
fn certificate(a: &Replay) -> Outcome {
    let certificate = Certificate::load(Path::new(&a.id))?;
    let tables = a.tables.options();
    let other_data = match (&a.x, &a.y) {
        (Some(x), Some(y)) => {
            let (x, y) = read_pair(x, y, &tables)?;
            a.tables.refuse_idle(&[x.table.as_ref(), y.table.as_ref()])?;
            certificate.other_data(&Problem::from_arrays(x, y, &LoadOptions { tables, ..LoadOptions::default() })?)
        }
        _ => None,
    };
    let other_start = match &a.weights {
        Some(w) => certificate.other_start(&Network::load_with(w, a.head.as_deref(), &a.stored.options(tables))?.0),
        None => None,
    };
    if let Some(other) = other_data.or(other_start) {
        eprintln!("flatcert: {}: is about something else: {other}", a.id);
        return Ok(Found::Differs);
    }
    match certification(&certificate, &()) {
        Ok(found) if a.json => output::print_json(&found)?,
        Ok(found) => output::print(&certified::readable(&found))?,
        Err(e) if e.is_input() => {
            eprintln!("flatcert: {}: refuted: {e}", a.id);
            return Ok(Found::Differs);
        }
        Err(e) => return Err(e.into()),
    }
    Ok(Found::AsRecorded)
}

/// A counterexample must fail again; an instance of a form recorded as verified must not fail or stay undecided.
///
/// Of a file, which is a counterexample, and of an id the rules differ; a form that is not recorded as verified may
/// do either.
fn replay_as_recorded(id: &str, replayed: &Replayed) -> bool {
    let verdict = replayed.instance.verdict;
    if Path::new(id).exists() {
        return verdict == Verdict::Fails;
    }
    replayed.expected != RecordedOutcome::Verified || matches!(verdict, Verdict::Holds | Verdict::OutOfScope)
}
