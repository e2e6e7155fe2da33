//! `list`, `check`, `probe`, `replay`: one claim or one instance at a time.

use super::arguments::{Check, List, Probe, Replay};
use super::files::given;
use super::report::{found, run, threads};
use super::{Found, Outcome, certified, output};
use flatcert::Error;
use flatcert::certify::certification;
use flatcert::flow::tube::Certificate;
use flatcert::harness::evidence::{ClaimEvidence, FormEvidence, InstanceEvidence, Outcome as Recorded, Verdict};
use flatcert::harness::paper::{Paper, ProbeChange};
use flatcert::input::read_pair;
use flatcert::network::Network;
use flatcert::paper::registry::paper;
use flatcert::problem::{LoadOptions, Problem};
use flatcert::report::{text, view};
use serde_json::json;
use std::path::Path;

/// The catalogue.
pub fn list(a: &List) -> Outcome {
    let mut catalogue = paper()?.catalogue();
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

/// Claims with all their instances.
pub fn check(a: &Check) -> Outcome {
    threads(a.run.jobs)?;
    let (evidence, _) = run(&a.run, a.claims.clone())?;
    let options = a.run.options(a.claims.clone());
    let mut all = Vec::new();
    let paper = paper()?;
    for claim in &evidence.claims {
        let instances = paper.check(&claim.id, &options)?;
        if a.json {
            all.extend(instances);
        } else {
            output::print(&describe(claim, &instances))?;
        }
    }
    if a.json {
        output::print_json(&json!({
            "schema": "flatcert.check/1", "profile": evidence.profile, "seed": evidence.seed,
            "claims": evidence.claims, "instances": all,
        }))?;
    }
    Ok(found(&evidence))
}

fn describe(claim: &ClaimEvidence, instances: &[InstanceEvidence]) -> String {
    let mut out = format!("{}: {} ({})\n", claim.id, claim.title, claim.place);
    for form in &claim.forms {
        out.push_str(&form_lines(form));
        let prefix = format!("{}/{}#", claim.id, form.name);
        for i in instances.iter().filter(|i| i.id.starts_with(&prefix)) {
            out.push_str(&format!("    {}\n", view::instance_line(i)));
        }
    }
    let recorded = if claim.as_recorded() { "as recorded" } else { "NOT AS RECORDED" };
    out.push_str(&format!("  {recorded}; grade with all that it uses: {}\n", text::claim_grade(claim)));
    out
}

fn form_lines(form: &FormEvidence) -> String {
    let (found, recorded) = (text::outcome(form.outcome), text::outcome(form.expected));
    let mut out = format!("  {} ({}): {}\n", form.name, text::role(form.role), form.statement);
    out.push_str(&format!(
        "    {found} (recorded: {recorded}), grade {}: {} hold, {} fail, {} undecided, {} out of scope; smallest \
         margin {}\n",
        text::grade(form.grade),
        form.holds,
        form.fails,
        form.undecided,
        form.out_of_scope,
        text::form_margin(form)
    ));
    if let Some(t) = &form.tightness {
        let (survives, refuted) = text::factors(t);
        out.push_str(&format!(
            "    strengthened by {survives} it survives, by more than {refuted} it is refuted, at {}\n",
            t.at
        ));
    }
    if let Some(c) = &form.counterexample {
        out.push_str(&format!("    counterexample ({}): {}\n", c.origin, c.description));
        out.extend(text::values(&c.values).lines().map(|l| format!("      {l}\n")));
    }
    out
}

/// A claim with another constant.
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
fn probe_lines(form: &FormEvidence) -> String {
    let lines = form_lines(form);
    lines.replacen(&format!(" (recorded: {})", text::outcome(form.expected)), "", 1)
}

/// One instance again.
pub fn replay(a: &Replay) -> Outcome {
    threads(a.run.jobs)?;
    if let Some(option) = idle(a) {
        return Err(Error::usage(option).into());
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
    let paper = paper()?;
    let instance = paper.replay(&a.id, &a.run.options(Vec::new()))?;
    if a.json {
        output::print_json(&json!({"schema": "flatcert.replay/1", "instance": instance}))?;
    } else {
        let values = instance.values.as_ref().map_or(String::new(), text::values);
        let values: String = values.lines().map(|l| format!("  {l}\n")).collect();
        output::print(&format!("{}\n{values}", view::instance_line(&instance)))?;
    }
    Ok(if replay_as_recorded(&paper, &a.id, &instance) { Found::AsRecorded } else { Found::Differs })
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
fn is_certificate(path: &Path) -> bool {
    use std::io::Read;
    let mut magic = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut magic));
    read.is_ok() && magic == *b"PK\x03\x04"
}

/// A certificate of a flow, verified from the file alone. One that does not prove what it claims is exit code 1.
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
fn replay_as_recorded(paper: &Paper, id: &str, instance: &InstanceEvidence) -> bool {
    if Path::new(id).exists() {
        return instance.verdict == Verdict::Fails;
    }
    let form = id.split('#').next().unwrap_or(id);
    let expected = paper.catalogue().into_iter().find_map(|e| {
        let prefix = format!("{}/", e.id);
        let name = form.strip_prefix(&prefix)?.to_string();
        e.forms.into_iter().find(|f| f.0 == name).map(|f| f.2)
    });
    expected != Some(Recorded::Verified) || matches!(instance.verdict, Verdict::Holds | Verdict::OutOfScope)
}
