//! The audit of the proofs as the reader sees it: `proofs.md`, display by display, and its totals in the report.
//!
//! A row of the audit is a display or a sentence of the text; a step is a claim. The two are not one to one: a step
//! may stand behind several displays, a display may be a definition and have no step. [`Audit`] joins them in three
//! ways: by proof and line (`proofs`, the tables of `proofs.md`), by verdict (`map`, the squares of `map.md`), and by
//! error (`findings`, by weight). All counts that the pages give of the proofs are made here.
//!
//! **What makes the audit complete.** The displays are counted mechanically in the text (`harness::displays`) and
//! kept with the sources; [`problems`] compares their lines with the rows: each display has one row, and each row a
//! display. So no display can be passed over in silence, whatever the list of steps says.
//!
//! **Errors are counted once.** A step that only carries an earlier error on has the fault [`Fault::Inherited`]: it
//! is shown, linked to the step where the error was made (`root`), and not counted among the errors. What the
//! extraction of the text may have lost counts neither way.

use super::text;
use super::typeset::{first, running, typeset};
use crate::harness::evidence::{ClaimEvidence, Evidence, Fault, Outcome, ProofEvidence, Role, RowEvidence, Weight};
use crate::harness::steps::how::Plant;
use crate::paper::registry;
use crate::report::findings::{self, Finding, Link, finding, is_finding, refuted_as_printed, worst};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is laid out.
#[derive(Debug, Serialize)]
pub struct Audit {
    /// Whether this run has any step at all.
    present: bool,
    /// Rows of displays, whatever their kind.
    displays: usize,
    /// Rows of running text.
    sentences: usize,
    /// Steps of this run.
    steps: usize,
    /// Those with no printed form that is refuted.
    hold: usize,
    /// Those refuted by an error of their own. With `inherited` and `artefacts` they are the rest of the steps.
    fail: usize,
    /// Not as printed only because an earlier step is not.
    inherited: usize,
    /// Not as printed, possibly because the extraction of the text lost a symbol: counted neither way.
    artefacts: usize,
    /// Rows by kind: steps, and each reason for being none.
    kinds: Vec<Count>,
    /// Findings by kind of error; a remark is one.
    faults: Vec<Count>,
    /// Steps by grade.
    grades: Vec<Count>,
    /// By kind of error, in the order of [`Plant::ALL`]; kinds that were not planted in this run are there with 0.
    planted: Vec<Planted>,
    /// In the order of the evidence; of a run of a part one table of its steps.
    proofs: Vec<ProofView>,
    /// Steps that do not hold as printed, or of which something is to be said.
    findings: Vec<StepFinding>,
    /// Of steps that have any.
    remarks: Vec<StepRemarks>,
    /// The paper's displays, line by line.
    map: Vec<MapPart>,
    /// The colours, with the number of displays of each.
    legend: Vec<Legend>,
}

/// The displays of one proof on the map.
#[derive(Debug, Serialize)]
struct MapPart {
    title: String,
    /// Place in the paper.
    section: String,
    /// By line.
    rows: Vec<MapRow>,
}

/// A display on the map.
#[derive(Debug, Serialize)]
struct MapRow {
    line: u32,
    /// The display's LaTeX, for a cell.
    tex: String,
    /// A square of a colour, and the same in words.
    square: &'static str,
    /// For who does not see the colour.
    verdict: String,
    /// The first step or claim that checks it; empty where none does.
    id: String,
    /// Where that stands; empty where there is none in the run.
    href: String,
}

/// How many displays have a colour.
#[derive(Debug, Serialize)]
struct Legend {
    /// The colour.
    square: &'static str,
    means: &'static str,
    /// Displays that have it.
    count: usize,
}

/// What a reader should know of a step.
#[derive(Debug, Serialize)]
struct StepRemarks {
    id: String,
    place: String,
    /// As the step's author wrote them.
    remarks: Vec<String>,
}

/// So many of a name.
#[derive(Debug, Serialize)]
struct Count {
    name: String,
    count: usize,
}

/// Errors of a kind that were planted in copies of steps.
#[derive(Debug, Serialize)]
struct Planted {
    /// The name without `planted-`, hyphens as spaces.
    kind: String,
    /// Controls of that name.
    planted: usize,
    /// Those that were refuted.
    caught: usize,
}

/// A table of `proofs.md`.
#[derive(Debug, Serialize)]
struct ProofView {
    /// What the ids of its steps begin with.
    id: String,
    title: String,
    section: String,
    /// Stated results that rest on it.
    proves: Vec<Link>,
    /// In the order of the text.
    rows: Vec<Row>,
}

/// A row of that table; the columns are text, a dash where there is nothing to say.
#[derive(Debug, Serialize)]
struct Row {
    /// A dash for a step whose line is not known, in a run of a part.
    line: String,
    /// The row of a display, to which the map leads.
    anchor: bool,
    /// Anchors of the steps without a finding that come first here.
    first_of: Vec<String>,
    /// The step's statement, or the display's LaTeX.
    what: String,
    /// What the display defines or assumes.
    note: String,
    /// The steps or claims that check it.
    by: Vec<Checked>,
    /// Why it is no step; empty for a step.
    why: String,
    /// The severest outcome of the printed forms of those that check it.
    printed: String,
    /// The same of the corrected forms.
    standing: String,
    /// The weakest of those that check it.
    grade: String,
    /// The kind of error, empty without one.
    fault: String,
}

/// A step or a claim that checks a display.
#[derive(Debug, Serialize)]
struct Checked {
    id: String,
    /// Seen from `proofs.md`.
    href: String,
}

/// A finding about a step: what every finding has, and its place in the audit.
#[derive(Debug, Serialize)]
struct StepFinding {
    /// What refutes it, what mends it, what rests on it.
    finding: Finding,
    /// The kind of error in words, `remark` where there is none.
    fault: String,
    /// How much it matters: `B`, `C`, `D`, `inherited` or `remark`.
    weight: &'static str,
    /// The line of the text, and the paper's words there.
    line: u32,
    quote: String,
    /// What is wrong, in one sentence.
    first: String,
    /// Steps that only carry this error on; of such a step the one where it was made.
    carried: Vec<String>,
    root: Option<String>,
}

/// Weight A is that of a stated result: no fault of a step has it.
fn weight(fault: Option<&Fault>) -> &'static str {
    match fault {
        None => "remark",
        Some(Fault::Inherited) => "inherited",
        Some(f) => match f.weight() {
            Weight::A | Weight::B => "B",
            Weight::C => "C",
            Weight::D => "D",
        },
    }
}

/// LaTeX of the paper inside a table, where a bare pipe would end the cell.
fn cell(tex: &str) -> String {
    let tidy = tidy(tex).replace(r"\|", r"\Vert ").replace('|', r"\vert ");
    if tidy.is_empty() { tidy } else { format!("${tidy}$") }
}

/// A display as one formula: the extraction left dollars and escapes of markdown in some, wrote ends of lines as two
/// letters, and displays of several lines were cut at their ends, with which a backslash or a bracket may have gone.
///
/// In this order: escapes and tags go; `\n` becomes a space; what stands between dollars and is words, without any
/// sign of a formula, becomes upright text; what was cut at the ends (a last backslash, `\bigg`, a first `n`, the
/// backslash of `\leq` or `\geq`) is mended. The evidence keeps the extraction as it is.
fn tidy(tex: &str) -> String {
    let mut out = tex.replace(r"\$", "").replace(r"\_", "_").replace("<sub>", "").replace("</sub>", "");
    while let Some(at) = end_of_line(&out) {
        out.replace_range(at..at + 2, " ");
    }
    let word = |w: &str| w.len() > 2 && w.chars().all(char::is_alphabetic);
    let said = |part: &str| part.split_whitespace().any(word) && !part.contains(['_', '^', '|', '=', '\\']);
    let parts = out.split('$').map(|p| if said(p) { format!(r"\text{{{p}}}") } else { p.to_string() });
    let out: String = if out.contains('$') { parts.collect() } else { out };
    let out = out.trim().trim_end_matches('\\');
    let out = out.strip_suffix(r"\bigg").unwrap_or(out);
    let out = if out.starts_with(r"n \") || out.starts_with("n <") { &out[2..] } else { out };
    let sign = if ["le", "ge"].iter().any(|s| out.starts_with(s)) { r"\" } else { "" };
    format!("{sign}{out}")
}

/// Where the letters `\n` stand, and no command such as `\nabla`.
fn end_of_line(tex: &str) -> Option<usize> {
    tex.match_indices(r"\n").map(|(at, _)| at).find(|at| !tex[at + 2..].starts_with(|c: char| c.is_alphabetic()))
}

/// A kind of error in words.
pub fn fault(f: Fault) -> &'static str {
    match f {
        Fault::Misprint => "misprint that the next line repairs",
        Fault::Constant => "wrong constant",
        Fault::Hypothesis => "missing hypothesis",
        Fault::False => "false statement",
        Fault::Extraction => "possibly an artefact of the text extraction",
        Fault::Slip => "misprint that is put right further on",
        Fault::Gap => "gap in the argument",
        Fault::Reading => "wording that holds in one reading only",
        Fault::Inherited => "inherited from an earlier step",
    }
}

/// The reason, by the row's kind; empty for a step.
fn why_no_step(kind: &str) -> &'static str {
    match kind {
        "definition" => "definition",
        "assumption" => "assumption",
        "repeated" => "repeated",
        "part" => "part of another display",
        "claim" => "stated result",
        "text" => "running text",
        _ => "",
    }
}

/// The paper's words in a cell: a display's formula, or the sentence as it stands in the text.
fn quote(row: &RowEvidence) -> String {
    let words = row.tex.split_whitespace().collect::<Vec<_>>().join(" ");
    // Of a sentence with a formula that is quoted alone, its dollars are left in the text.
    let formula = !words.contains('$') && words.contains(['\\', '^', '_']);
    if row.kind == "text" && !formula { unlinked(&words).replace('|', r"\vert ") } else { cell(&row.tex) }
}

/// The extraction's links within the paper as their text.
fn unlinked(words: &str) -> String {
    let mut parts = words.split("](#");
    let first = parts.next().unwrap_or_default().replace('[', "");
    parts.fold(first, |out, part| out + &part.split_once(')').map_or(part, |(_, rest)| rest).replace('[', ""))
}

/// Where an error that a step only carries on was made: the nearest steps before it that have one of their own.
///
/// A search in breadth through what the step uses, each id once: the first step found with an error of weight B of
/// its own. `None` if there is none.
fn root(id: &str, claims: &BTreeMap<&str, &ClaimEvidence>, faults: &BTreeMap<&str, Fault>) -> Option<String> {
    let mut queue = std::collections::VecDeque::from([id]);
    let mut seen = BTreeSet::new();
    while let Some(at) = queue.pop_front() {
        let own = faults.get(at).is_some_and(|f| *f != Fault::Inherited && f.weight() == Weight::B);
        if own {
            return Some(at.into());
        }
        let uses = claims.get(at).into_iter().flat_map(|c| &c.uses).map(String::as_str);
        queue.extend(uses.filter(|u| seen.insert(*u)));
    }
    None
}

/// The squares: what holds, the errors from grave to slight, what is not checked.
const LEGEND: [(&str, &str); 5] = [
    ("🟩", "holds as printed"),
    ("🟥", "false, a wrong constant, or a gap"),
    ("🟧", "needs a hypothesis, or one of two readings"),
    ("🟨", "a misprint, perhaps of the extraction, or an earlier error that is carried on"),
    ("⬜", "a definition, an assumption, a repetition: nothing to check"),
];

/// A display on the map.
///
/// The kind of error decides where the audit has one; else a refuted printed form, by the weight of the stated result
/// that it belongs to; else whether every printed form was verified; else the reason for being no step. The link
/// leads to the page of a result, to the row of a step, or to the section of a finding.
fn map_row(
    r: &RowEvidence,
    results: &BTreeMap<&str, Option<Weight>>,
    claims: &BTreeMap<&str, &ClaimEvidence>,
) -> MapRow {
    let of: Vec<&ClaimEvidence> = r.ids.iter().filter_map(|id| claims.get(id.as_str()).copied()).collect();
    let failing = of.iter().find(|c| refuted_as_printed(c));
    let (square, verdict) = match (r.fault, failing, of.is_empty()) {
        (Some(f), ..) => {
            let square = match f {
                Fault::Inherited => "🟨",
                f => match f.weight() {
                    Weight::A | Weight::B => "🟥",
                    Weight::C => "🟧",
                    Weight::D => "🟨",
                },
            };
            (square, fault(f).to_string())
        }
        (None, Some(c), _) => match results.get(c.id.as_str()).copied().flatten() {
            Some(Weight::C) => ("🟧", "needs a hypothesis".into()),
            Some(Weight::D) => ("🟨", "misprint".into()),
            _ => ("🟥", "does not hold as printed".into()),
        },
        (None, None, false) if of.iter().all(|c| worst(c, Role::Printed).is_none_or(|o| o == Outcome::Verified)) => {
            ("🟩", "holds".into())
        }
        (None, None, false) => ("⬜", "not decided by this run".into()),
        (None, None, true) => ("⬜", why_no_step(&r.kind).into()),
    };
    let id = r.ids.first().cloned().unwrap_or_default();
    let href = match claims.get(id.as_str()) {
        _ if id.is_empty() => String::new(),
        _ if results.contains_key(id.as_str()) => format!("results/{id}.md"),
        Some(c) if c.is_step() && !is_finding(c) => format!("proofs.md#line-{}", r.line),
        Some(c) => findings::href(c),
        None => String::new(),
    };
    MapRow { line: r.line, tex: cell(&r.tex), square, verdict, id, href }
}

/// The displays in the order of the text, under the proofs to which they belong.
///
/// Sentences are left out, and so are rows without a line; a proof without displays is not there.
fn map(proofs: &[ProofEvidence], evidence: &Evidence, claims: &BTreeMap<&str, &ClaimEvidence>) -> Vec<MapPart> {
    let flaws = evidence.results.iter().map(|r| (r.claim.as_str(), r.flaw.as_ref().map(|f| f.weight)));
    let results: BTreeMap<&str, Option<Weight>> = flaws.collect();
    let displays = |p: &ProofEvidence| {
        let mut rows: Vec<MapRow> =
            p.rows.iter().filter(|r| r.kind != "text" && r.line > 0).map(|r| map_row(r, &results, claims)).collect();
        rows.sort_by_key(|r| r.line);
        MapPart { title: p.title.clone(), section: p.section.clone(), rows }
    };
    let mut parts: Vec<MapPart> = proofs.iter().map(displays).filter(|p| !p.rows.is_empty()).collect();
    parts.sort_by_key(|p| p.rows[0].line);
    parts
}

/// In the order of the names.
fn tally(names: impl Iterator<Item = String>) -> Vec<Count> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for n in names {
        *counts.entry(n).or_default() += 1;
    }
    counts.into_iter().map(|(name, count)| Count { name, count }).collect()
}

/// What is wrong with the audit itself: a display without its row, a row twice, a step that is not in the run.
///
/// Nothing is asked of a run of a part, which has no audit. The displays compared with are those kept with the
/// sources of this program, not those of the evidence.
pub fn problems(evidence: &Evidence) -> Vec<String> {
    if evidence.proofs.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let rows = || evidence.proofs.iter().flat_map(|p| &p.rows);
    let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
    for row in rows().filter(|r| r.kind != "text") {
        *seen.entry(row.line).or_default() += 1;
    }
    match registry::displays() {
        Err(e) => out.push(e.to_string()),
        Ok(list) => {
            let known: BTreeSet<u32> = list.iter().map(|d| d.line).collect();
            for line in &known {
                match seen.get(line) {
                    None => out
                        .push(format!("the display of line {line} is neither a step nor has a reason for being none")),
                    Some(1) => {}
                    Some(n) => out.push(format!("the display of line {line} is listed {n} times")),
                }
            }
            out.extend(seen.keys().filter(|l| !known.contains(l)).map(|l| format!("no display begins in line {l}")));
        }
    }
    let ids: BTreeSet<&str> = evidence.claims.iter().map(|c| c.id.as_str()).collect();
    for row in rows() {
        let missing = row.ids.iter().filter(|id| !ids.contains(id.as_str()));
        out.extend(missing.map(|id| format!("line {}: {id} is not a claim of this run", row.line)));
    }
    out
}

/// `seen` holds the steps that have an anchor already: a step that stands behind several displays is linked to the
/// first. Of several claims behind one display the severest outcome is shown, a refutation before anything else that
/// is not verified, and the weakest grade. The statement of a step replaces the display's LaTeX, since it is what was
/// checked.
fn row<'a>(r: &'a RowEvidence, claims: &BTreeMap<&str, &'a ClaimEvidence>, seen: &mut BTreeSet<&'a str>) -> Row {
    let of: Vec<&ClaimEvidence> = r.ids.iter().filter_map(|id| claims.get(id.as_str()).copied()).collect();
    let plain = of.iter().filter(|c| c.is_step() && !is_finding(c));
    let first_of = plain.filter(|c| seen.insert(&c.id)).map(|c| text::anchor(&c.id)).collect();
    let severest = |role| {
        let outcomes: Vec<Outcome> = of.iter().filter_map(|c| worst(c, role)).collect();
        let refuted = outcomes.contains(&Outcome::Refuted);
        outcomes
            .iter()
            .find(|o| if refuted { **o == Outcome::Refuted } else { **o != Outcome::Verified })
            .or(outcomes.first())
            .copied()
    };
    // The weakest of those that check it, in the words of the claims' table.
    let weakest = of.iter().max_by_key(|c| (c.grade.is_none(), c.grade));
    let step = of.first().filter(|_| r.kind == "step" || r.kind == "text");
    let statement = step.and_then(|c| c.forms.first()).map(|f| typeset(&f.statement).replace('|', r"\|"));
    let shown = severest(Role::Corrected).map(|o| format!("corrected: {}", text::outcome(o)));
    Row {
        anchor: r.kind != "text" && r.line > 0,
        first_of,
        line: if r.line == 0 { "–".into() } else { r.line.to_string() },
        what: statement.unwrap_or_else(|| cell(&r.tex)),
        note: r.note.clone(),
        by: r.ids.iter().map(|id| Checked { id: id.clone(), href: href(id, claims) }).collect(),
        why: why_no_step(&r.kind).into(),
        printed: severest(Role::Printed).map_or("–".into(), |o| text::outcome(o).into()),
        standing: shown.unwrap_or_else(|| "–".into()),
        grade: weakest.map_or("–".into(), |c| text::claim_grade(c)),
        fault: r.fault.map_or(String::new(), |f| fault(f).into()),
    }
}

/// Where a claim stands, seen from proofs.md: a step without a finding is where the reader is.
fn href(id: &str, claims: &BTreeMap<&str, &ClaimEvidence>) -> String {
    let found = claims.get(id).map_or_else(|| format!("claims.md#{}", text::anchor(id)), |c| findings::href(c));
    found.strip_prefix("proofs.md").map_or(found.clone(), String::from)
}

/// The rows of a run that has steps but not the whole audit: those steps.
///
/// One table, without lines: the rows of a display are in the evidence of a whole run only.
fn partial(evidence: &Evidence) -> Vec<ProofEvidence> {
    let steps: Vec<RowEvidence> = evidence
        .claims
        .iter()
        .filter(|c| c.is_step())
        .map(|c| RowEvidence {
            line: 0,
            tex: String::new(),
            kind: "step".into(),
            ids: vec![c.id.clone()],
            note: String::new(),
            fault: None,
        })
        .collect();
    if steps.is_empty() {
        return Vec::new();
    }
    let title = "Steps of this run".to_string();
    vec![ProofEvidence { id: "steps".into(), title, section: String::new(), proves: Vec::new(), rows: steps }]
}

/// A control that is no plant has another name and is not counted.
fn planted(steps: &[&ClaimEvidence]) -> Vec<Planted> {
    let forms = || steps.iter().flat_map(|c| &c.forms).filter(|f| f.role == Role::Control);
    let of = |kind: Plant| {
        let these: Vec<_> = forms().filter(|f| f.name == kind.name()).collect();
        let caught = these.iter().filter(|f| f.outcome == Outcome::Refuted).count();
        let name = kind.name().trim_start_matches("planted-").replace('-', " ");
        Planted { kind: name, planted: these.len(), caught }
    };
    Plant::ALL.into_iter().map(of).collect()
}

impl Audit {
    /// From the evidence, and from nothing else.
    ///
    /// Faults and places are taken from the first id of a row, which is the step's own. `carried` is the inverse of
    /// `root`: an error has one list of those that carry it on.
    pub fn new(evidence: &Evidence) -> Self {
        let claims: BTreeMap<&str, &ClaimEvidence> = evidence.claims.iter().map(|c| (c.id.as_str(), c)).collect();
        let steps: Vec<&ClaimEvidence> = evidence.claims.iter().filter(|c| c.is_step()).collect();
        let proofs = if evidence.proofs.is_empty() { partial(evidence) } else { evidence.proofs.clone() };
        let rows = || proofs.iter().flat_map(|p| &p.rows);
        let faults: BTreeMap<&str, Fault> = rows().filter_map(|r| Some((r.ids.first()?.as_str(), r.fault?))).collect();
        let refuted = |kind: &dyn Fn(Option<Fault>) -> bool| {
            let of = |c: &&&ClaimEvidence| refuted_as_printed(c) && kind(faults.get(c.id.as_str()).copied());
            steps.iter().filter(of).count()
        };
        let link = |id: &String| Link::to(id, evidence);
        let place = |id: &str| rows().find(|r| r.fault.is_some() && r.ids.first().is_some_and(|i| i == id));
        let roots: BTreeMap<&str, String> = faults
            .iter()
            .filter(|(_, f)| **f == Fault::Inherited)
            .filter_map(|(id, _)| Some((*id, root(id, &claims, &faults)?)))
            .collect();
        let map = map(&proofs, evidence, &claims);
        let legend = LEGEND.into_iter().map(|(square, means)| {
            let count = map.iter().flat_map(|p| &p.rows).filter(|r| r.square == square).count();
            Legend { square, means, count }
        });
        let findings: Vec<StepFinding> = steps
            .iter()
            .filter(|c| is_finding(c))
            .map(|c| StepFinding {
                finding: finding(c, evidence),
                fault: faults.get(c.id.as_str()).map_or("remark", |f| fault(*f)).into(),
                weight: weight(faults.get(c.id.as_str())),
                line: place(&c.id).map_or(0, |r| r.line),
                quote: place(&c.id).map_or(String::new(), quote),
                first: c.finding.as_deref().map_or(String::new(), |f| running(first(f))),
                carried: roots.iter().filter(|(_, r)| **r == c.id).map(|(id, _)| (*id).to_string()).collect(),
                root: roots.get(c.id.as_str()).cloned(),
            })
            .collect();
        let mut seen = BTreeSet::new();
        Self {
            legend: legend.collect(),
            present: !steps.is_empty(),
            displays: rows().filter(|r| r.kind != "text").count(),
            sentences: rows().filter(|r| r.kind == "text").count(),
            steps: steps.len(),
            hold: steps.iter().filter(|c| !refuted_as_printed(c)).count(),
            fail: refuted(&|f| !matches!(f, Some(Fault::Inherited | Fault::Extraction))),
            inherited: refuted(&|f| f == Some(Fault::Inherited)),
            artefacts: refuted(&|f| f == Some(Fault::Extraction)),
            kinds: tally(
                rows().map(|r| if r.kind == "step" { "step".into() } else { why_no_step(&r.kind).to_string() }),
            ),
            faults: tally(findings.iter().map(|f| f.fault.clone())),
            grades: tally(
                steps.iter().map(|c| c.grade.map_or("without a grade".into(), |g| text::grade(g).to_string())),
            ),
            planted: planted(&steps),
            proofs: proofs
                .iter()
                .map(|p| ProofView {
                    id: p.id.clone(),
                    title: p.title.clone(),
                    section: p.section.clone(),
                    proves: p.proves.iter().map(link).collect(),
                    rows: p.rows.iter().map(|r| row(r, &claims, &mut seen)).collect(),
                })
                .collect(),
            findings,
            map,
            remarks: steps
                .iter()
                .filter(|c| !c.remarks.is_empty())
                .map(|c| StepRemarks { id: c.id.clone(), place: c.place.clone(), remarks: c.remarks.clone() })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn what_the_extraction_left_is_tidied() {
        let cases = [
            (r"geq a_k - ||x||_2.$  (23)", r"\geq a_k - ||x||_2.  (23)"),
            (r"n $\leq R_{0}$ . (by Assumption (A<sub>2</sub>))", r"\leq R_{0}\text{ . (by Assumption (A2))}"),
            (r"a \n= \nabla b,\", r"a  = \nabla b,"),
            (r"leqslant W\_k\$.", r"\leqslant W_k."),
            (r"\bigg(a\bigg", r"\bigg(a"),
        ];
        for (from, to) in cases {
            assert_eq!(tidy(from), to);
        }
    }
}
