//! What the search of the book finds: the stated results, the claims, the steps of the proofs and the paper's lines.
//!
//! The search itself is MiniSearch, in the reader's browser; here is its index, an entry for each result, claim and
//! line. Equations are found as a reader calls them (`eq. (40)`), formulas by their LaTeX and by their characters.

use crate::error::{Error, Result};
use crate::harness::evidence::{ClaimEvidence, Evidence, RowEvidence};
use crate::report::findings::is_finding;
use crate::report::text;
use crate::report::unicode::plain;
use serde::Serialize;
use std::collections::BTreeMap;

/// An entry of the index. The names are short because they are repeated some thousand times.
#[derive(Debug, Serialize)]
struct Entry {
    /// Title.
    t: String,
    /// Place in the paper.
    p: String,
    /// What is said: searched, and shown in part.
    b: String,
    /// What is searched only: ids, and formulas as they are typed.
    s: String,
    /// Page and anchor.
    u: String,
    /// What it is.
    k: &'static str,
}

/// Numbers of equations in words: `\tag{40}` is what a reader calls eq. (40).
///
/// Both `eq. (n)` and `equation n`, for each number, with a blank behind.
fn numbers(tex: &str) -> String {
    let tags = tex.split(r"\tag{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(n, _)| n);
    tags.map(|n| format!("eq. ({n}) equation {n} ")).collect()
}

/// `(40)` in a place is an equation, too.
///
/// Digits in brackets are numbers of equations; other words in brackets are not.
fn place(p: &str) -> String {
    let inside = p.split('(').skip(1).filter_map(|rest| rest.split_once(')')).map(|(n, _)| n);
    let numbers = inside.filter(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    let named: Vec<String> = numbers.map(|n| format!("eq. ({n})")).collect();
    if named.is_empty() { p.into() } else { format!("{p}; {}", named.join(", ")) }
}

/// The statement of the first form.
fn printed(claim: &ClaimEvidence) -> &str {
    claim.forms.first().map_or("", |f| f.statement.as_str())
}

/// The entry of a line of the paper: its title from the step that says it, or from its note, and its anchor in the
/// map.
fn row(row: &RowEvidence, claims: &BTreeMap<&str, &ClaimEvidence>) -> Entry {
    let step = row.ids.first().and_then(|id| claims.get(id.as_str()));
    let title = step.map_or(row.note.clone(), |c| c.title.clone());
    Entry {
        t: format!("Line {}{}", row.line, if title.is_empty() { String::new() } else { format!(": {title}") }),
        p: step.map_or(String::new(), |c| place(&c.place)),
        b: step.map_or(String::new(), |c| plain(printed(c))),
        s: format!("{}{} {}", numbers(&row.tex), row.ids.join(" "), step.map_or("", |c| printed(c))),
        u: format!("map.html#line-{}", row.line),
        k: if row.kind == "text" { "sentence" } else { "display" },
    }
}

/// The index as a script, which a page opened from a file may load, too.
///
/// In this order: the stated results; claims that are none of them, and of the steps those with a finding; every line
/// of a proof that has a number. A step without a finding is found by its line.
///
/// # Errors
/// Evidence that is no JSON: a bug.
pub fn index(evidence: &Evidence) -> Result<String> {
    let claims: BTreeMap<&str, &ClaimEvidence> = evidence.claims.iter().map(|c| (c.id.as_str(), c)).collect();
    let results = evidence.results.iter().map(|r| Entry {
        t: r.name.replace('$', ""),
        p: format!("line {}", r.line),
        b: claims.get(r.claim.as_str()).map_or(String::new(), |c| plain(&c.title)),
        s: r.claim.clone(),
        u: format!("results/{}.html", r.claim),
        k: "result",
    });
    let named = |c: &ClaimEvidence| evidence.results.iter().any(|r| r.claim == c.id);
    let claim = |c: &ClaimEvidence| Entry {
        t: c.title.clone(),
        p: place(&c.place),
        b: plain(c.finding.as_deref().unwrap_or(printed(c))),
        s: format!("{} {} {}", c.id, printed(c), c.finding.as_deref().unwrap_or("")),
        u: match (c.is_step(), is_finding(c)) {
            (true, true) => format!("proofs.html#finding-{}", text::anchor(&c.id)),
            (true, false) => "proofs.html".into(),
            (false, _) => format!("claims.html#{}", text::anchor(&c.id)),
        },
        k: match (c.is_step(), is_finding(c)) {
            (_, true) => "finding",
            (true, false) => "step",
            (false, false) => "claim",
        },
    };
    // A step without a finding is found by its line.
    let listed = evidence.claims.iter().filter(|c| !named(c) && (!c.is_step() || is_finding(c)));
    let lines = evidence.proofs.iter().flat_map(|p| &p.rows).filter(|r| r.line > 0);
    let entries: Vec<Entry> = results.chain(listed.map(claim)).chain(lines.map(|r| row(r, &claims))).collect();
    let json = serde_json::to_string(&entries).map_err(|e| Error::internal(format!("the index: {e}")))?;
    Ok(format!("window.BOOK = {json};\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_found_by_their_number() {
        assert_eq!(numbers(r"a = b \tag{40}"), "eq. (40) equation 40 ");
        assert_eq!(place("B.8, (40)"), "B.8, (40); eq. (40)");
        assert_eq!(place("Theorem 1 (first part)"), "Theorem 1 (first part)");
    }
}
