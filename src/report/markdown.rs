//! `README.md` from the parsed `evidence.json`, by the templates beside this file.

use super::text;
use super::view::View;
use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

const TEMPLATES: [(&str, &str); 12] = [
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
    "Summary",
    "Claims",
    "Findings",
    "Proofs",
    "Dependencies",
    "Figures",
    "Statistics",
    "What the grades promise",
    "How to re-run a row",
    "Claim by claim",
];

/// Renders the report: `README.md` and `proofs.md`.
///
/// # Errors
/// A template that cannot be rendered, or a report in which a section, a claim or a step is missing: bugs of flatcert.
pub fn render(evidence: &Evidence) -> Result<(String, String)> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.add_filter("prose", |s: String| text::prose(&s));
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
    let (report, proofs) = (page("report.md")?, page("proofs.md")?);
    complete(&report, evidence)?;
    for step in evidence.claims.iter().filter(|c| c.is_step()) {
        if !proofs.contains(&step.id) {
            return Err(Error::internal(format!("proofs.md lacks the row of {}", step.id)));
        }
    }
    Ok((report, proofs))
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

/// Every section is there, once and in order, and every claim has its row, its section and its command.
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
