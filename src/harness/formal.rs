//! What Coq's kernel proves of the claims, by four files of a folder `formal/`.
//!
//! | file | written by | says |
//! | --- | --- | --- |
//! | `Statements.v` | hand | the statements, one definition each |
//! | `audit.json` | `make prove` | theorems that were compared with their statements, with their axioms |
//! | `results.json` | hand | which theorems are behind which claim, and where a statement differs from the paper's |
//! | `scalar_steps.json` | hand | which theorem proves or refutes which form of a step |
//!
//! Nothing is proved or compiled here: the files are read, and joined by names. That the audit is of the sources as
//! they stand is held by `tests/formal.rs`. A theorem whose name ends with `_printed_false` refutes its claim as
//! printed; any other proves it. Of a step the theorem of the form `false` refutes it.

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

/// `audit.json`, as far as it is read.
#[derive(Deserialize)]
struct Audit {
    /// Theorems of stated results.
    theorems: Vec<Theorem>,
    /// Keys are the names of source files; the values are not used.
    sources: BTreeMap<String, String>,
    /// What holds of all steps together.
    scalar: Scalar,
}

/// The part of the audit about steps.
#[derive(Deserialize)]
struct Scalar {
    /// Axioms that the proofs of steps rest on.
    assumptions: Vec<String>,
}

/// One entry of `results.json`.
#[derive(Deserialize)]
struct Stated {
    /// Id of the claim.
    claim: String,
    /// Names of theorems of the audit.
    theorems: Vec<String>,
    /// Where the formal statement differs from the paper's.
    #[serde(default)]
    note: String,
}

/// # Errors
/// A text that is not what the file should be.
fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("formal/{file}: {e}")))
}

/// The line of `Statements.v` where a statement begins.
///
/// # Errors
/// No line begins with its definition.
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
/// A claim that is listed without a theorem has no entry.
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
