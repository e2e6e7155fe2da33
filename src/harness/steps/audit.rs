//! The audit of the proofs: every display of the paper, in its order, is a step that is checked, or has its reason for
//! being none.
//!
//! A step is a claim like any other (`flatcert check theorem-2/eq-17`), with a printed form, a corrected one where the
//! printed form fails, and planted errors that must be refuted; a stated result uses all the steps of its proof, so
//! that its grade is never above that of the weakest step.
//!
//! The audit has no opinion on the truth of a row: it joins lines of the text to ids, and the evidence of an id is
//! its claim's. That every display is in some proof's list, once, is held by a test and not here.

use super::step::{Proof, Reason, Step};
use crate::harness::evidence::{ProofEvidence, RowEvidence};
use crate::harness::paper::Display;

/// Ids of the steps that a stated result rests on.
///
/// All steps of every proof that proves the result, less those that serve other results only.
pub(crate) fn steps_of(result: &str, proofs: &[Proof]) -> Vec<String> {
    let serving = |s: &&Step| s.serves.is_none_or(|list| list.contains(&result));
    let of = |p: &Proof| p.steps.iter().filter(serving).map(|s| s.claim.id.to_string()).collect::<Vec<_>>();
    proofs.iter().filter(|p| p.proves.contains(&result)).flat_map(of).collect()
}

/// Kind, ids and note of a display that is no step.
fn reason(r: Reason) -> (&'static str, Vec<String>, String) {
    let ids = |list: &[&str]| list.iter().map(ToString::to_string).collect();
    match r {
        Reason::Definition(what) => ("definition", Vec::new(), what.into()),
        Reason::Assumption(what) => ("assumption", Vec::new(), what.into()),
        Reason::Repeats(id) => ("repeated", ids(&[id]), String::new()),
        Reason::Claims(list) => ("claim", ids(list), String::new()),
        Reason::Part(line) => ("part", Vec::new(), format!("goes on with the display of line {line}")),
    }
}

/// The rows of the audit: every display, and every step of running text, in the order of the text.
///
/// A step with several displays gives a row for each; one in running text a row with its words. A display whose line
/// is not among those of the text gets an empty LaTeX.
pub fn rows(proofs: &[Proof], displays: &[Display]) -> Vec<ProofEvidence> {
    let of = |line: u32| displays.iter().find(|d| d.line == line).map_or_else(String::new, |d| d.tex.clone());
    let mut out = Vec::new();
    for p in proofs {
        let mut rows = Vec::new();
        for s in &p.steps {
            let displays = s.lines.iter().map(|line| (*line, of(*line), "step"));
            for (line, tex, kind) in displays.chain(s.quote.map(|(line, words)| (line, words.into(), "text"))) {
                let (kind, ids, note) = (kind.into(), vec![s.claim.id.into()], String::new());
                rows.push(RowEvidence { line, tex, kind, ids, note, fault: s.fault });
            }
        }
        for o in p.others {
            let (kind, ids, note) = reason(o.reason);
            rows.push(RowEvidence { line: o.line, tex: of(o.line), kind: kind.into(), ids, note, fault: None });
        }
        rows.sort_by_key(|r| r.line);
        out.push(ProofEvidence {
            id: p.id.into(),
            title: p.title.into(),
            section: p.section.into(),
            proves: p.proves.iter().map(ToString::to_string).collect(),
            rows,
        });
    }
    out
}
