//! The pages from the parsed `evidence.json`, by the templates beside this file.
//!
//! The templates hold the sentences and the layout, the views what changes from run to run. Five filters are given to
//! them: `prose` and `code`, `code_cell` escape, `running` and `typeset` set formulas. Undefined names are errors,
//! and blocks leave no lines of their own.
//!
//! Pages are complete or not written: sections, rows of claims and rows of steps are looked for in what was rendered
//! ([`complete`]), so that a template that lost a loop is found by the run and not by a reader.

use super::dossier::ResultView;
use super::text;
use super::typeset::{running, typeset};
use super::view::View;
use crate::error::{Error, Result};
use crate::harness::evidence::{Evidence, ResultEvidence};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

/// Name and source, compiled into the program.
const TEMPLATES: [(&str, &str); 17] = [
    ("dossier.md", include_str!("templates/dossier.md")),
    ("result.md", include_str!("templates/result.md")),
    ("weights.md", include_str!("templates/weights.md")),
    ("map.md", include_str!("templates/map.md")),
    ("experiments.md", include_str!("templates/experiments.md")),
    ("report.md", include_str!("templates/report.md")),
    ("summary.md", include_str!("templates/summary.md")),
    ("table.md", include_str!("templates/table.md")),
    ("findings.md", include_str!("templates/findings.md")),
    ("audit.md", include_str!("templates/audit.md")),
    ("proofs.md", include_str!("templates/proofs.md")),
    ("graph.md", include_str!("templates/graph.md")),
    ("figures.md", include_str!("templates/figures.md")),
    ("statistics.md", include_str!("templates/statistics.md")),
    ("grades.md", include_str!("templates/grades.md")),
    ("rerun.md", include_str!("templates/rerun.md")),
    ("claims.md", include_str!("templates/claims.md")),
];

/// The sections of a report, in order: one that is missing is a failure of the harness.
pub const SECTIONS: [&str; 10] = [
    "Summary", "Claims", "Findings", "Proofs", "Dependencies", "Figures", "Statistics", "What the grades promise",
    "How to re-run a row", "Claim by claim",
];

/// The pages at the top of a report's folder.
///
/// Those behind the third only a run of everything has.
pub(super) const TOP: [&str; 6] = ["README.md", "claims.md", "proofs.md", "findings.md", "map.md", "experiments.md"];

/// The longest first page, in bytes: what two minutes read.
const FIRST_PAGE: usize = 20 * 1024;

/// Renders the report: path inside its folder, and content. `README.md` is the first page.
///
/// Pages of single results, findings by weight, the map and the experiments need the stated results, and so a run of
/// everything. The limit on the first page is waived where the run has problems, which are listed there.
///
/// # Errors
/// A template that cannot be rendered, a first page that is too long, or a report in which a section, a claim or a step
/// is missing: bugs of flatcert.
pub fn render(evidence: &Evidence) -> Result<Vec<(String, String)>> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.add_filter("prose", |s: String| text::prose(&s));
    env.add_filter("running", |s: String| running(&s));
    env.add_filter("typeset", |s: String| typeset(&s));
    env.add_filter("code", |s: String| text::code(&s));
    env.add_filter("code_cell", |s: String| text::code_cell(&s));
    let bug = |e: minijinja::Error| Error::internal(format!("report template: {e:#}").replace('\n', " "));
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(bug)?);
    for (name, source) in TEMPLATES {
        env.add_template(name, source).map_err(bug)?;
    }
    let view = View::new(evidence);
    let page = |name: &str| -> Result<String> {
        let rendered = env.get_template(name).and_then(|t| t.render(Serde(&view))).map_err(bug)?;
        Ok(single_blank_lines(&rendered))
    };
    let (claims, proofs, first) = (page("report.md")?, page("proofs.md")?, page("dossier.md")?);
    complete(&claims, evidence)?;
    for step in evidence.claims.iter().filter(|c| c.is_step()) {
        if !proofs.contains(&step.id) {
            return Err(Error::internal(format!("proofs.md lacks the row of {}", step.id)));
        }
    }
    if first.len() > FIRST_PAGE && view.problems.is_empty() {
        return Err(Error::internal(format!(
            "the first page has {} bytes: two minutes read {FIRST_PAGE}",
            first.len()
        )));
    }
    let mut files: Vec<_> = TOP.map(String::from).into_iter().zip([first, claims, proofs]).collect();
    if !evidence.results.is_empty() {
        for (name, template) in TOP[3..].iter().zip(["weights.md", "map.md", "experiments.md"]) {
            files.push((name.to_string(), page(template)?));
        }
        let template = env.get_template("result.md").map_err(bug)?;
        for result in view.dossier.results() {
            let rendered = template.render(Serde(&Page { r: result })).map_err(bug)?;
            files.push((format!("results/{}.md", result.claim), single_blank_lines(&rendered)));
        }
    }
    Ok(files)
}

/// The pages that only a run of everything has.
///
/// What a later run without them has to remove.
pub(super) fn pages(evidence: &Evidence) -> Vec<String> {
    if evidence.results.is_empty() {
        return Vec::new();
    }
    let of = |r: &ResultEvidence| format!("results/{}.md", r.claim);
    evidence.results.iter().map(of).chain(TOP[3..].iter().map(|name| name.to_string())).collect()
}

/// What the page of a stated result is given.
#[derive(Serialize)]
struct Page<'a> {
    /// The templates' name for it.
    r: &'a ResultView,
}

/// Runs of blank lines, which templates leave behind, become one (not inside fenced blocks, which have none).
fn single_blank_lines(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut blank = true;
    for line in s.lines().map(str::trim_end) {
        if !(line.is_empty() && blank) {
            out.push_str(line);
            out.push('\n');
        }
        blank = line.is_empty();
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// Every section is there, once and in order, and every stated claim has a row and its section.
///
/// The headings of the second level must be [`SECTIONS`]; of each stated claim the beginning of a row is looked for,
/// of the table of claims or of that of commands, which begin alike, and its heading of the third level.
///
/// # Errors
/// Names what is missing.
pub fn complete(markdown: &str, evidence: &Evidence) -> Result<()> {
    let headings: Vec<&str> = markdown.lines().filter_map(|l| l.strip_prefix("## ")).collect();
    if headings != SECTIONS {
        let missing: Vec<&str> = SECTIONS.into_iter().filter(|s| !headings.contains(s)).collect();
        let what = if missing.is_empty() { format!("out of order: {headings:?}") } else { missing.join(", ") };
        return Err(Error::internal(format!("the report lacks a section or has one twice: {what}")));
    }
    for claim in evidence.claims.iter().filter(|c| !c.is_step()) {
        let row = format!("| [{}](#{}) |", claim.id, text::anchor(&claim.id));
        let section = format!("### {}", claim.id);
        let has = |wanted: &str| markdown.lines().any(|l| l == wanted);
        if !markdown.contains(&row) || !has(&section) {
            return Err(Error::internal(format!("the report lacks the row or the section of {}", claim.id)));
        }
    }
    Ok(())
}
