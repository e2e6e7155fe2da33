//! `check`: a claim in one screen.
//!
//! What is shown of a claim: for each form its statement, what came out beside what is recorded, and its instances
//! counted by class with the worst of each; controls in a line, since what counts of them is that they are refuted.
//! With `--all` every instance has a line.

use super::arguments::Check;
use super::report::{found, run, threads};
use super::{Outcome, output};
use flatcert::arithmetic::{Enclosure, Interval, decimal};
use flatcert::harness::evidence::{ClaimEvidence, FormEvidence, InstanceEvidence, Role, Verdict};
use flatcert::paper::registry::paper;
use flatcert::report::{text, view};
use serde_json::json;
use std::collections::BTreeMap;

/// Claims, with their instances by class.
///
/// The claims are run for their outcomes and grades, and then all their instances are evaluated for the table. Both
/// use the same profile and seed, so the same instances. Without `--json` a claim is printed as soon as its instances
/// are there.
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
            output::print(&describe(claim, &instances, a.all))?;
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

/// The lines of one claim. `instances` are those of all its forms; each form takes those whose id begins with its
/// own.
fn describe(claim: &ClaimEvidence, instances: &[InstanceEvidence], all: bool) -> String {
    let mut out = format!("{}: {} ({})\n", claim.id, claim.title, claim.place);
    for form in &claim.forms {
        let prefix = format!("{}/{}#", claim.id, form.name);
        let own: Vec<&InstanceEvidence> = instances.iter().filter(|i| i.id.starts_with(&prefix)).collect();
        if all {
            out.push_str(&form_lines(form));
            out.extend(own.iter().map(|i| format!("    {}\n", view::instance_line(i))));
        } else if form.role == Role::Control {
            out.push_str(&control(form));
        } else {
            out.push_str(&short(form));
            out.push_str(&by_class(&own));
        }
    }
    let recorded = if claim.as_recorded() { "as recorded" } else { "NOT AS RECORDED" };
    let reach = if claim.unchecked.is_empty() { "grade with all that it uses" } else { "grade" };
    let grade = text::claim_grade(claim);
    // What this run tried does not prove it.
    let whose =
        if claim.is_proved() { " (by Coq's kernel, as make prove recorded it; not run again here)" } else { "" };
    out.push_str(&format!("  {recorded}; {reach}: {grade}{whose}\n"));
    if !all && !instances.is_empty() {
        out.push_str("  --all shows every instance, flatcert replay ID one of them\n");
    }
    out
}

/// A control in a line: what counts is that it is refuted.
fn control(form: &FormEvidence) -> String {
    let recorded = if form.as_recorded() { "as it must" } else { "NOT AS IT MUST" };
    format!("  control {}: {}, {recorded}: {}\n", form.name, text::outcome(form.outcome), form.statement)
}

/// What a form says, what came out, and the counterexample in words.
fn short(form: &FormEvidence) -> String {
    let (found, recorded) = (text::outcome(form.outcome), text::outcome(form.expected));
    let recorded = if form.as_recorded() { "as recorded".into() } else { format!("RECORDED: {recorded}") };
    let seen = text::seen(form).map_or(String::new(), |s| format!("; {s}"));
    let role = if form.name == text::role(form.role) { String::new() } else { format!(" ({})", text::role(form.role)) };
    let mut out = format!("  {}{role}: {}\n", form.name, form.statement);
    out.push_str(&format!("    {found}, {recorded}, grade {}{seen}\n", text::grade(form.grade)));
    if let Some(room) = text::room(form) {
        out.push_str(&format!("    {room}\n"));
    }
    if let Some(c) = &form.counterexample {
        out.push_str(&format!("    counterexample ({}): {}\n", c.origin, c.description));
    }
    for reason in &form.reasons {
        out.push_str(&format!("    {reason}\n"));
    }
    out
}

/// The instances of one class, counted.
#[derive(Default)]
struct Class<'a> {
    /// Instances that hold.
    holds: usize,
    /// Instances that fail.
    fails: usize,
    /// Instances that stayed undecided.
    undecided: usize,
    /// Instances outside the hypotheses.
    out_of_scope: usize,
    /// Of the instances in scope the first by `rank`.
    worst: Option<&'a InstanceEvidence>,
}

impl<'a> Class<'a> {
    /// Counts an instance, which is the worst if no earlier one comes before it.
    fn add(&mut self, i: &'a InstanceEvidence) {
        match i.verdict {
            Verdict::Holds => self.holds += 1,
            Verdict::Fails => self.fails += 1,
            Verdict::Undecided => self.undecided += 1,
            Verdict::OutOfScope => self.out_of_scope += 1,
        }
        if i.verdict != Verdict::OutOfScope && self.worst.is_none_or(|w| rank(i) < rank(w)) {
            self.worst = Some(i);
        }
    }
    /// The rank of the worst; after all others where nothing is in scope.
    fn rank(&self) -> (u8, f64) {
        self.worst.map_or((3, f64::INFINITY), rank)
    }
}

/// Failures first, then what is undecided, then by margin.
///
/// Margins are compared by their lower ends, an instance without a margin comes last of its verdict.
fn rank(i: &InstanceEvidence) -> (u8, f64) {
    let verdict = match i.verdict {
        Verdict::Fails => 0,
        Verdict::Undecided => 1,
        Verdict::Holds => 2,
        Verdict::OutOfScope => 3,
    };
    (verdict, i.margin.as_ref().map_or(f64::INFINITY, |m| m.lo()))
}

/// A table of the classes of instances, the worst first. An instance may be in several classes, and every one is in the
/// first.
///
/// Classes are the tags of the instances. Four are shown besides the first, those with the worst instances.
fn by_class(instances: &[&InstanceEvidence]) -> String {
    /// Classes that are shown: a claim fits a screen.
    const MOST: usize = 4;
    if instances.is_empty() {
        return String::new();
    }
    let mut all = Class::default();
    let mut classes: BTreeMap<&str, Class<'_>> = BTreeMap::new();
    for &i in instances {
        all.add(i);
        for tag in &i.tags {
            classes.entry(tag).or_default().add(i);
        }
    }
    let mut rows: Vec<(&str, Class<'_>)> = classes.into_iter().collect();
    rows.sort_by(|a, b| a.1.rank().partial_cmp(&b.1.rank()).unwrap_or(std::cmp::Ordering::Equal));
    let left_out = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    rows.insert(0, ("all", all));
    let width = rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0).max(5);
    let mut out = format!("    {:width$}  hold  fail  open  out of scope  least margin, where\n", "class");
    for (name, c) in &rows {
        let worst = c.worst.map_or("–".to_string(), |w| {
            let margin = w.margin.as_ref().map_or("–".into(), |m| decimal::number(end(w.verdict, m)));
            let at = w.id.rsplit_once('#').map_or("", |(_, at)| at);
            format!("{margin}, #{at}")
        });
        let (h, f, u, o) = (c.holds, c.fails, c.undecided, c.out_of_scope);
        out.push_str(&format!("    {name:width$}  {h:>4}  {f:>4}  {u:>4}  {o:>12}  {worst}\n"));
    }
    if left_out > 0 {
        out.push_str(&format!("    and {left_out} classes with more room\n"));
    }
    out
}

/// The end of a margin that matters, to three digits: the lower one where it holds, the upper one where it fails.
///
/// Rounded outward: a margin that is shown as the least is not larger than what was proved, and one that refutes not
/// smaller.
fn end(verdict: Verdict, m: &Interval) -> f64 {
    use flatcert::report::rounding::{down, up};
    if verdict == Verdict::Fails { up(m.hi()) } else { down(m.lo()) }
}

/// Everything about a form.
///
/// For `check --all` and `probe`.
pub fn form_lines(form: &FormEvidence) -> String {
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
