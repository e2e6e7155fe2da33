//! The audit of the proofs: every display of the paper, in its order, is a step that is checked, or has its reason for being none.
//!
//! One file per proof, named as the paper numbers them. A step is a claim like any other (`flatcert check theorem-2/eq-17`), with a printed form, a
//! corrected one where the printed form fails, and planted errors that must be refuted; a stated result uses all the steps of its proof, so that its grade is
//! never above that of the weakest step. [`displays`] counts the displays mechanically; a test compares.

mod appendix_c;
mod corollary_1;
mod corollary_1_exact;
mod corollary_1_products;
mod corollary_1_scalars;
mod corollary_1_second;
mod corollary_2;
mod corollary_3;
mod corollary_3_limit;
mod corollary_4;
mod corollary_4_bounds;
mod corollary_4_constants;
pub mod displays;
mod domain;
mod equality;
mod formula;
mod inequality;
mod lemma_2;
mod lemma_2_first;
mod lemma_2_scenes;
mod lemma_2_third;
mod lemma_3;
mod lemma_3_conclusion;
mod lemma_3_failure;
mod lemma_3_net;
mod lemma_3_norm;
mod lemma_3_scalars;
mod lemma_3_sigma_min;
mod lemma_3_union;
mod lemma_4;
mod lemma_5;
mod lemma_6;
mod lemma_7;
mod lemma_8;
mod lemma_9;
mod minimiser;
mod residual_scene;
mod sample;
mod sections;
mod sections_residual;
mod sections_text;
mod step;
#[cfg(test)]
mod tests;
mod theorem_2;
mod theorem_2_bounds;
mod theorem_3;
mod theorem_3_chain;
mod theorem_3_large;
mod theorem_3_scenes;
mod theorem_3_small;
mod theorem_4;
mod theorem_4_flow;
mod theorem_5;
mod tie;

pub use inequality::TIED;
pub use sample::{Draw, Sample};
pub use step::{Fault, How, Other, Plant, Proof, Reason, Step};

use super::evidence::{ProofEvidence, RowEvidence};
use super::frame::Claim;
use crate::error::Result;

/// The proofs, in the paper's order.
pub(super) fn all() -> Vec<Proof> {
    vec![
        sections::proof(),
        lemma_4::proof(),
        lemma_5::proof(),
        lemma_6::proof(),
        lemma_7::proof(),
        lemma_8::proof(),
        lemma_9::proof(),
        theorem_2::proof(),
        lemma_2::proof(),
        theorem_3::proof(),
        corollary_1::proof(),
        corollary_2::proof(),
        corollary_3::proof(),
        theorem_4::proof(),
        lemma_3::proof(),
        corollary_4::proof(),
        appendix_c::proof(),
    ]
}

/// Every step as a claim, in order.
pub(super) fn claims() -> Vec<Claim> {
    all().into_iter().flat_map(|p| p.steps).map(|s| s.claim).collect()
}

/// Ids of the steps that a stated result rests on.
pub(super) fn steps_of(result: &str, proofs: &[Proof]) -> Vec<String> {
    let serving = |s: &&Step| s.serves.is_none_or(|list| list.contains(&result));
    let of = |p: &Proof| p.steps.iter().filter(serving).map(|s| s.claim.id.to_string()).collect::<Vec<_>>();
    proofs.iter().filter(|p| p.proves.contains(&result)).flat_map(of).collect()
}

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
/// # Errors
/// A damaged list of displays: a bug of flatcert.
pub fn audit() -> Result<Vec<ProofEvidence>> {
    let tex = displays::recorded()?;
    let of = |line: u32| tex.iter().find(|d| d.line == line).map_or_else(String::new, |d| d.tex.clone());
    let mut out = Vec::new();
    for p in all() {
        let mut rows = Vec::new();
        for s in &p.steps {
            for line in s.lines {
                rows.push(RowEvidence {
                    line: *line,
                    tex: of(*line),
                    kind: "step".into(),
                    ids: vec![s.claim.id.into()],
                    note: String::new(),
                    fault: s.fault,
                });
            }
            if let Some((line, words)) = s.quote {
                rows.push(RowEvidence {
                    line,
                    tex: words.into(),
                    kind: "text".into(),
                    ids: vec![s.claim.id.into()],
                    note: String::new(),
                    fault: s.fault,
                });
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
    Ok(out)
}
