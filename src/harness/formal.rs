//! What Coq's kernel proves of the claims, by four files of a folder `formal/`.

use crate::error::{Error, Result};
use crate::harness::evidence::{Formal, Theorem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The texts of the files.
pub struct Files<'a> {
    /// `Statements.v`.
    pub statements: &'a str,
    /// `audit.json`: the theorems that were compared with their statements, their axioms.
    pub audit: &'a str,
    /// `results.json`: the theorems behind each stated result.
    pub results: &'a str,
    /// `scalar_steps.json`: those behind steps of proofs.
    pub steps: &'a str,
}

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

/// The line of `Statements.v` where a statement begins.
fn line_of_statement(statements: &str, name: &str) -> Result<u32> {
    let begins = |line: &str| {
        let rest = line.strip_prefix("Definition ").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == ':'))
    };
    let at = statements.lines().position(begins);
    let at = at.ok_or_else(|| Error::internal(format!("formal/Statements.v does not state {name}")))?;
    Ok(at as u32 + 1)
}

/// What is proved, by claim: stated results and steps of proofs.
///
/// # Errors
/// The files contradict each other.
pub fn settled(files: &Files<'_>) -> Result<BTreeMap<String, Formal>> {
    let audit: Audit = read("audit.json", files.audit)?;
    let mut out = BTreeMap::new();
    for stated in read::<Vec<Stated>>("results.json", files.results)? {
        let mut formal = Formal { differs: stated.note, ..Formal::default() };
        for name in &stated.theorems {
            let theorem = audit.theorems.iter().find(|t| t.theorem == *name);
            let theorem = theorem.ok_or_else(|| Error::internal(format!("formal/audit.json has no theorem {name}")))?;
            let list = if name.ends_with("_printed_false") { &mut formal.disproved } else { &mut formal.proved };
            list.push(Theorem { stated: Some(line_of_statement(files.statements, name)?), ..theorem.clone() });
        }
        // What is listed without a theorem is not proved.
        if !stated.theorems.is_empty() {
            out.insert(stated.claim, formal);
        }
    }
    for (step, forms) in read::<BTreeMap<String, BTreeMap<String, String>>>("scalar_steps.json", files.steps)? {
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
