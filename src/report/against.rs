//! What moved between two runs, in words: for the reviewer of a second version, and for a nightly job.
//!
//! Compared are the run itself, which claims and forms there are, verdicts, grades with what Coq proves, constants
//! (statements and the factors by which they survive), hypotheses, and the words of the stated results. Margins and
//! counts are not: they move with every seed.
//!
//! A claim is compared with the claim of the same id, a form with the form of the same name in it; what has no
//! counterpart came or went. The comparison is of rounded evidence: constants are compared as they are printed, so
//! that a last digit of another CPU is no change.

use super::text;
use crate::harness::evidence::{ClaimEvidence, Evidence, FormEvidence, Theorem};
use std::collections::BTreeSet;

/// Name of the page in the report's folder.
pub const PAGE: &str = "changes.md";

/// Everything that moved, by kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Headings with their lines; a kind in which nothing moved is not there.
    kinds: Vec<(&'static str, Vec<String>)>,
}

impl Changes {
    /// From one run to another, both rounded as they are printed.
    ///
    /// The kinds, in this order: the run (version, profile, seed), claims that came and went, verdicts, grades,
    /// constants, hypotheses, what the pages say. Runs of different profile or seed can be compared; the first kind
    /// says that they differ.
    pub fn between(before: &Evidence, after: &Evidence) -> Self {
        let mut out = Self { kinds: Vec::new() };
        out.add("The run", run(before, after));
        out.add("Claims that came and went", presence(before, after));
        let both: Vec<(&ClaimEvidence, &ClaimEvidence)> = pairs(&before.claims, &after.claims, |c| &c.id);
        let forms: Vec<(&ClaimEvidence, &FormEvidence, &FormEvidence)> = both
            .iter()
            .flat_map(|(a, b)| pairs(&a.forms, &b.forms, |f| &f.name).into_iter().map(|(x, y)| (*b, x, y)))
            .collect();
        out.add("Verdicts", forms.iter().flat_map(|(c, a, b)| verdicts(c, a, b)).collect());
        out.add("Grades", both.iter().flat_map(|(a, b)| grades(a, b)).collect());
        out.add("Constants", forms.iter().flat_map(|(c, a, b)| constants(c, a, b)).collect());
        out.add("Hypotheses", both.iter().flat_map(|(a, b)| hypotheses(a, b)).collect());
        out.add("What the pages say", words(before, after));
        out
    }

    /// Appends a kind, unless it is empty.
    fn add(&mut self, kind: &'static str, lines: Vec<String>) {
        if !lines.is_empty() {
            self.kinds.push((kind, lines));
        }
    }

    /// Nothing moved.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// One line for each change, in the order of their kinds.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().flat_map(|(_, lines)| lines).map(String::as_str)
    }

    /// For a terminal: at most `most` lines of each kind, and how many more there are.
    pub fn told(&self, most: usize) -> String {
        if self.is_empty() {
            return "nothing moved: claims, verdicts, grades, constants and hypotheses are the same\n".into();
        }
        let mut out = String::new();
        for (kind, lines) in &self.kinds {
            out.push_str(&format!("{kind}:\n"));
            out.extend(lines.iter().take(most).map(|l| format!("  {l}\n")));
            if lines.len() > most {
                out.push_str(&format!("  ... and {} more\n", lines.len() - most));
            }
        }
        out
    }

    /// The page `changes.md`; `old` names what the run was compared with.
    ///
    /// A page is made in any case: an empty one says that nothing moved.
    pub fn markdown(&self, old: &str) -> String {
        let mut out = format!("# What moved since {}\n", text::code(old));
        if self.is_empty() {
            out.push_str("\nNothing: claims, verdicts, grades, constants and hypotheses are the same.\n");
        }
        for (kind, lines) in &self.kinds {
            out.push_str(&format!("\n## {kind}\n\n"));
            out.extend(lines.iter().map(|l| format!("- {}\n", text::prose(l))));
        }
        out
    }
}

/// What both lists have, by key, in the order of the second.
///
/// Quadratic in the length of the lists.
fn pairs<'a, T>(before: &'a [T], after: &'a [T], key: impl Fn(&T) -> &String) -> Vec<(&'a T, &'a T)> {
    after.iter().filter_map(|b| Some((before.iter().find(|a| key(a) == key(b))?, b))).collect()
}

/// Version, profile and seed, where they differ.
fn run(before: &Evidence, after: &Evidence) -> Vec<String> {
    let moved = |what: &str, a: &dyn std::fmt::Display, b: &dyn std::fmt::Display| {
        (a.to_string() != b.to_string()).then(|| format!("{what} {b}, was {a}"))
    };
    [
        moved("version", &before.version, &after.version),
        moved("profile", &before.profile, &after.profile),
        moved("seed", &before.seed, &after.seed),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A claim that is new with its outcomes, one that is gone with those that it had, and of the others the forms that
/// came and went.
fn presence(before: &Evidence, after: &Evidence) -> Vec<String> {
    let mut out = Vec::new();
    let outcomes = |c: &ClaimEvidence| {
        c.forms.iter().map(|f| format!("{} {}", f.name, text::outcome(f.outcome))).collect::<Vec<_>>().join(", ")
    };
    for c in &after.claims {
        match before.claims.iter().find(|o| o.id == c.id) {
            None => out.push(format!("{}: new ({}): {}", c.id, c.title, outcomes(c))),
            Some(old) => out.extend(came_and_went(old, c)),
        }
    }
    for c in before.claims.iter().filter(|c| !after.claims.iter().any(|n| n.id == c.id)) {
        out.push(format!("{}: gone ({}): was {}", c.id, c.title, outcomes(c)));
    }
    out
}

/// Of a claim that both runs have; forms are told by their names.
fn came_and_went(before: &ClaimEvidence, after: &ClaimEvidence) -> Vec<String> {
    let lacks = |c: &ClaimEvidence, f: &FormEvidence| !c.forms.iter().any(|g| g.name == f.name);
    let says = |f: &FormEvidence, word: &str| {
        let name = format!("{}/{}", after.id, f.name);
        format!("{name}: {word} form, {}: {}", text::outcome(f.outcome), f.statement)
    };
    let new = after.forms.iter().filter(|f| lacks(before, f)).map(|f| says(f, "a new"));
    new.chain(before.forms.iter().filter(|f| lacks(after, f)).map(|f| says(f, "gone is the"))).collect()
}

/// A change of what was found says whether it is what is recorded. A change of what is recorded is told too: it is a
/// decision of whoever changed the claim.
fn verdicts(claim: &ClaimEvidence, before: &FormEvidence, after: &FormEvidence) -> Vec<String> {
    let name = format!("{}/{}", claim.id, after.name);
    let mut out = Vec::new();
    if before.outcome != after.outcome {
        let recorded = if after.as_recorded() { "as recorded" } else { "not as recorded" };
        let (was, now) = (text::outcome(before.outcome), text::outcome(after.outcome));
        out.push(format!("{name} ({}): {now}, was {was}; {recorded}", claim.place));
    }
    if before.expected != after.expected {
        let (was, now) = (text::outcome(before.expected), text::outcome(after.expected));
        out.push(format!("{name}: recorded as {now}, was recorded as {was}"));
    }
    out
}

/// The claim's grade, that is the weakest along what it uses, with what was left out; then the theorems of Coq that
/// came or went. No grade ranks below every grade.
fn grades(before: &ClaimEvidence, after: &ClaimEvidence) -> Vec<String> {
    let mut out = Vec::new();
    if (before.grade, &before.unchecked) != (after.grade, &after.unchecked) {
        // A claim that does not stand has no grade, and is weaker than any that has one.
        let rank = |c: &ClaimEvidence| c.grade.map_or((1, None), |g| (0, Some(g)));
        let word = match rank(after).cmp(&rank(before)) {
            std::cmp::Ordering::Less => "stronger: ",
            std::cmp::Ordering::Greater => "weaker: ",
            std::cmp::Ordering::Equal => "",
        };
        out.push(format!("{}: {word}{}, was {}", after.id, text::claim_grade(after), text::claim_grade(before)));
    }
    let theorems = |c: &ClaimEvidence| -> BTreeSet<String> {
        let all = |list: &[Theorem], word: &str| -> Vec<String> {
            list.iter().map(|t| format!("{word} by {} of formal/{}", t.theorem, t.file)).collect()
        };
        let formal = c.formal.iter();
        formal.flat_map(|f| [all(&f.proved, "proved"), all(&f.disproved, "disproved as printed")]).flatten().collect()
    };
    let (was, now) = (theorems(before), theorems(after));
    out.extend(now.difference(&was).map(|t| format!("{}: now {t}", after.id)));
    out.extend(was.difference(&now).map(|t| format!("{}: no longer {t}", after.id)));
    out
}

/// The statement, the form's own grade where the outcome stayed the same, and the factors by which it survives, as
/// [`text::room`] words them.
fn constants(claim: &ClaimEvidence, before: &FormEvidence, after: &FormEvidence) -> Vec<String> {
    let name = format!("{}/{}", claim.id, after.name);
    let mut out = Vec::new();
    if before.statement != after.statement {
        out.push(format!("{name}: says {}; said {}", after.statement, before.statement));
    }
    if before.grade != after.grade && before.outcome == after.outcome {
        let (was, now) = (text::grade(before.grade), text::grade(after.grade));
        out.push(format!("{name}: evidence of grade {now}, was {was}"));
    }
    match (text::room(before), text::room(after)) {
        (Some(was), Some(now)) if was != now => out.push(format!("{name}: {now}; before, {was}")),
        (None, Some(now)) => out.push(format!("{name}: {now}; before, no factor was known")),
        (Some(was), None) => out.push(format!("{name}: no factor is known; before, {was}")),
        _ => {}
    }
    out
}

/// The words of the hypotheses, and the ids that a claim rests on.
fn hypotheses(before: &ClaimEvidence, after: &ClaimEvidence) -> Vec<String> {
    let mut out = Vec::new();
    if before.hypotheses != after.hypotheses {
        let shown = |h: &str| if h.is_empty() { "nothing".to_string() } else { h.to_string() };
        let (was, now) = (shown(&before.hypotheses), shown(&after.hypotheses));
        out.push(format!("{}: supposes {now}; supposed {was}", after.id));
    }
    let lacking = |list: &[String], id: &String| !list.contains(id);
    let list = |a: &ClaimEvidence, b: &ClaimEvidence| {
        a.uses.iter().filter(|id| lacking(&b.uses, id)).cloned().collect::<Vec<_>>().join(", ")
    };
    let (new, gone) = (list(after, before), list(before, after));
    if !new.is_empty() {
        out.push(format!("{}: now rests on {new}", after.id));
    }
    if !gone.is_empty() {
        out.push(format!("{}: no longer rests on {gone}", after.id));
    }
    out
}

/// What the pages say of each stated result: its flaw, the paper's sentence; and of each row of the audit the kind of
/// error.
fn words(before: &Evidence, after: &Evidence) -> Vec<String> {
    let flaw = |r: &crate::harness::evidence::ResultEvidence| r.flaw.as_ref().map(|f| f.words.clone());
    let mut out = Vec::new();
    for (a, b) in pairs(&before.results, &after.results, |r| &r.claim) {
        let shown = |words: Option<String>| words.unwrap_or("nothing is wrong with it".into());
        if flaw(a) != flaw(b) {
            out.push(format!("{}: {}; before: {}", b.name, shown(flaw(b)), shown(flaw(a))));
        }
        if a.says != b.says {
            out.push(format!("{}: the paper's sentence reads {}; it read {}", b.name, b.says, a.says));
        }
    }
    let audited = |e: &Evidence| -> Vec<(u32, String, Option<crate::harness::evidence::Fault>)> {
        let rows = e.proofs.iter().flat_map(|p| &p.rows);
        rows.filter(|r| !r.ids.is_empty()).map(|r| (r.line, r.ids.join(", "), r.fault)).collect()
    };
    let (old, new) = (audited(before), audited(after));
    for (at, (line, ids, fault)) in new.iter().enumerate() {
        // Lines move; one step may stand behind several displays: they are compared in their order.
        let nth = new[..at].iter().filter(|n| n.1 == *ids).count();
        let was = old.iter().filter(|o| o.1 == *ids).nth(nth).map(|o| o.2);
        if let Some(was) = was.filter(|was| was != fault) {
            let shown = |f: Option<crate::harness::evidence::Fault>| f.map_or("no error".into(), |f| format!("{f:?}"));
            out.push(format!("line {line} ({ids}): {}, was {}", shown(*fault), shown(was)));
        }
    }
    out
}
