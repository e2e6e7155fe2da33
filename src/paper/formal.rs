//! What Coq's kernel proves of the claims.
//!
//! Three files of `formal/` say it, and `tests/formal.rs` holds them against the sources: `results.json` names the
//! theorems behind each stated result, `scalar_steps.json` those behind steps of proofs, `audit.json` is what
//! `make prove` wrote after it had compared every theorem with its statement in `Statements.v` and listed the axioms.

use crate::error::{Error, Result};
use crate::harness::evidence::{Formal, Theorem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

const STATEMENTS: &str = include_str!("../../formal/Statements.v");
const AUDIT: &str = include_str!("../../formal/audit.json");
const RESULTS: &str = include_str!("../../formal/results.json");
const STEPS: &str = include_str!("../../formal/scalar_steps.json");

#[derive(Deserialize)]
struct Audit {
    theorems: Vec<Theorem>,
    sources: BTreeMap<String, String>,
    scalar: Scalar,
}

#[derive(Deserialize)]
struct Scalar {
    assumptions: Vec<String>,
}

#[derive(Deserialize)]
struct Stated {
    claim: String,
    theorems: Vec<String>,
    #[serde(default)]
    note: String,
}

fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("formal/{file}: {e}")))
}

/// The line of `formal/Statements.v` where a statement begins.
fn line_of_statement(name: &str) -> Result<u32> {
    let begins = |line: &str| {
        let rest = line.strip_prefix("Definition ").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == ':'))
    };
    let at = STATEMENTS.lines().position(begins);
    let at = at.ok_or_else(|| Error::internal(format!("formal/Statements.v does not state {name}")))?;
    Ok(at as u32 + 1)
}

/// What is proved, by claim: stated results and steps of proofs.
///
/// # Errors
/// The files of `formal/` contradict each other: a bug of the build.
pub fn settled() -> Result<BTreeMap<String, Formal>> {
    let audit: Audit = read("audit.json", AUDIT)?;
    let mut out = BTreeMap::new();
    for stated in read::<Vec<Stated>>("results.json", RESULTS)? {
        let mut formal = Formal { differs: stated.note, ..Formal::default() };
        for name in &stated.theorems {
            let theorem = audit.theorems.iter().find(|t| t.theorem == *name);
            let theorem = theorem.ok_or_else(|| Error::internal(format!("formal/audit.json has no theorem {name}")))?;
            let list = if name.ends_with("_printed_false") { &mut formal.disproved } else { &mut formal.proved };
            list.push(Theorem { stated: Some(line_of_statement(name)?), ..theorem.clone() });
        }
        // What is listed without a theorem is not proved.
        if !stated.theorems.is_empty() {
            out.insert(stated.claim, formal);
        }
    }
    for (step, forms) in read::<BTreeMap<String, BTreeMap<String, String>>>("scalar_steps.json", STEPS)? {
        let mut formal = Formal::default();
        for (form, name) in forms {
            let (module, theorem) = name.rsplit_once('.').unwrap_or(("", &name));
            let file = audit.sources.keys().find(|f| f.ends_with(&format!("/{module}.v")));
            let file = file.ok_or_else(|| Error::internal(format!("formal/scalar_steps.json: no file of {name}")))?;
            let assumptions = audit.scalar.assumptions.clone();
            let list = if form == "false" { &mut formal.disproved } else { &mut formal.proved };
            list.push(Theorem { theorem: theorem.into(), file: file.clone(), line: None, stated: None, assumptions });
        }
        out.insert(step, formal);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proved_is_a_claim_of_the_catalogue() {
        let claims: Vec<String> =
            crate::paper::registry::paper().unwrap().catalogue().into_iter().map(|e| e.id).collect();
        let settled = settled().unwrap();
        assert_eq!(settled.len(), 169);
        for (claim, formal) in settled {
            assert!(claims.contains(&claim), "{claim} is a claim");
            assert!(!formal.proved.is_empty() || !formal.disproved.is_empty(), "{claim}");
        }
    }
}
