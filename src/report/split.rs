//! The evidence on disk: `evidence.json` is an index, and the detail of each result lies in a file of its own.
//!
//! | file | schema | what it holds |
//! | --- | --- | --- |
//! | `evidence.json` | `flatcert.evidence/2` ([`Index`]) | the run, what became of each stated claim, the other files |
//! | `evidence/ID.json` | `flatcert.claim/1` ([`ClaimFile`]) | a stated claim |
//! | `evidence/proofs/ID.json` | `flatcert.proof/1` ([`ProofFile`]) | the steps of a proof, and its displays in order |
//! | `evidence/figures/ID.json` | `flatcert.figure/2` ([`FigureFile`]) | the numbers of a figure |
//!
//! A change of one result is a change of one file. [`read`] puts them together again.
//!
//! The types of this module are the schemas in `docs/schemas`: a field that is added is a change of the format. Each
//! file names its schema and version, so that a file of another version is refused with both names instead of being
//! misread.

use crate::error::{Error, Result};
use crate::harness::evidence::{
    ClaimEvidence, EVIDENCE, Evidence, FigureData, Grade, Outcome, ProofEvidence, ResultEvidence,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Name of the index in the folder of a report.
pub const INDEX: &str = "evidence.json";

/// The schema of a stated claim's file.
const CLAIM: &str = "flatcert.claim/1";
/// The schema of a proof's file.
const PROOF: &str = "flatcert.proof/1";
/// The schema of a figure's numbers: version 1 had one pair of axes.
pub const FIGURE: &str = "flatcert.figure/2";

/// What `evidence.json` holds.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Index {
    /// `flatcert.evidence/2`.
    pub schema: String,
    /// Version of flatcert.
    pub version: String,
    /// `quick`, `standard` or `nightly`.
    pub profile: String,
    /// The seed of every generated instance.
    pub seed: u64,
    /// The stated claims, in the catalogue's order.
    pub claims: Vec<Entry>,
    /// The steps of proofs, in the catalogue's order.
    pub proofs: Vec<Steps>,
    /// The files of the figures.
    pub figures: Vec<String>,
    /// The stated results for the reader (a run of everything).
    pub results: Vec<ResultEvidence>,
}

/// A stated claim.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The catalogue's id.
    pub id: String,
    /// What the run found of each form.
    pub outcomes: BTreeMap<String, Outcome>,
    /// The weakest grade along everything that it uses.
    pub grade: Option<Grade>,
    /// The file with the rest.
    pub file: String,
}

/// The steps of a proof.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Steps {
    /// What their ids begin with.
    pub id: String,
    /// How many there are.
    pub steps: usize,
    /// Those of them that came out as recorded.
    pub as_recorded: usize,
    /// The file with the rest.
    pub file: String,
}

/// A stated claim.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClaimFile {
    /// `flatcert.claim/1`.
    pub schema: String,
    /// What the run found.
    pub claim: ClaimEvidence,
}

/// The steps of a proof.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProofFile {
    /// `flatcert.proof/1`.
    pub schema: String,
    /// Its displays in order (a run of everything).
    pub proof: Option<ProofEvidence>,
    /// What the run found of each step.
    pub steps: Vec<ClaimEvidence>,
}

/// The numbers of a figure.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FigureFile {
    /// `flatcert.figure/2`.
    pub schema: String,
    /// The data, where `flatcert figures` drew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// The settings, where `flatcert figures` drew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Value>,
    /// The figure.
    pub figure: FigureData,
}

/// Paths inside the report's folder, with forward slashes, and contents. The index is the first.
///
/// Stated claims first, then proofs in the order of their first step, then figures. [`together`] is the inverse but
/// for the order of the claims: it lists the stated ones first and the steps after them, proof by proof, so that a
/// second round changes nothing.
///
/// # Errors
/// None that a sound build can produce.
pub fn files(evidence: &Evidence) -> Result<Vec<(String, String)>> {
    let mut detail = Vec::new();
    let mut claims = Vec::new();
    for claim in evidence.claims.iter().filter(|c| !c.is_step()) {
        let file = format!("evidence/{}.json", claim.id);
        detail.push((file.clone(), json(&file, &ClaimFile { schema: CLAIM.into(), claim: claim.clone() })?));
        let outcomes = claim.forms.iter().map(|f| (f.name.clone(), f.outcome)).collect();
        claims.push(Entry { id: claim.id.clone(), outcomes, grade: claim.grade, file });
    }
    let mut proofs = Vec::new();
    for id in proofs_of(evidence) {
        let file = format!("evidence/proofs/{id}.json");
        let steps: Vec<ClaimEvidence> = evidence.claims.iter().filter(|c| proof_of(c) == Some(id)).cloned().collect();
        let as_recorded = steps.iter().filter(|s| s.as_recorded()).count();
        proofs.push(Steps { id: id.into(), steps: steps.len(), as_recorded, file: file.clone() });
        let proof = evidence.proofs.iter().find(|p| p.id == id).cloned();
        detail.push((file.clone(), json(&file, &ProofFile { schema: PROOF.into(), proof, steps })?));
    }
    let mut figures = Vec::new();
    for figure in &evidence.figures {
        let file = super::figures::file_name(figure).replace(".svg", ".json");
        let file = format!("evidence/{file}");
        let content = FigureFile { schema: FIGURE.into(), data: None, settings: None, figure: figure.clone() };
        detail.push((file.clone(), json(&file, &content)?));
        figures.push(file);
    }
    let index = Index {
        schema: evidence.schema.clone(),
        version: evidence.version.clone(),
        profile: evidence.profile.clone(),
        seed: evidence.seed,
        claims,
        proofs,
        figures,
        results: evidence.results.clone(),
    };
    let mut out = vec![(INDEX.to_string(), json(INDEX, &index)?)];
    out.extend(detail);
    Ok(out)
}

/// The proof that a step belongs to: what its id begins with.
fn proof_of(claim: &ClaimEvidence) -> Option<&str> {
    claim.id.split_once('/').map(|(proof, _)| proof)
}

/// The proofs that have steps or displays, in the order of the steps.
fn proofs_of(evidence: &Evidence) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for id in evidence.claims.iter().filter_map(proof_of).chain(evidence.proofs.iter().map(|p| p.id.as_str())) {
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}

/// Indented, with a newline at the end: a change of one number is a change of one line.
///
/// # Errors
/// A value that is no JSON, a bug of flatcert; `name` is the file it was for.
fn json(name: &str, content: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(content).map(|s| s + "\n").map_err(|e| Error::internal(format!("{name}: {e}")))
}

/// The evidence of a report: its folder, or its `evidence.json`.
///
/// # Errors
/// A file that cannot be read or is none of a report, or that an older version wrote.
pub fn read(path: &Path) -> Result<Evidence> {
    let index = if path.is_dir() { path.join(INDEX) } else { path.to_path_buf() };
    let folder = index.parent().unwrap_or(Path::new("")).to_path_buf();
    let text = |at: &Path| std::fs::read_to_string(at).map_err(|e| Error::io(at, e));
    together(&index.display().to_string(), &text(&index)?, &|name| text(&folder.join(name)))
}

/// The evidence of the index with this text, its files from `load`.
///
/// `place` names the index in messages, `load` gives the text of a file by its name in the index. Read are exactly
/// the files that the index names; others in the folder are not looked at.
///
/// # Errors
/// As [`read`].
pub fn together(place: &str, index: &str, load: &dyn Fn(&str) -> Result<String>) -> Result<Evidence> {
    let index: Index = parsed(place, index, EVIDENCE)?;
    let mut out = Evidence {
        schema: index.schema,
        version: index.version,
        profile: index.profile,
        seed: index.seed,
        claims: Vec::new(),
        results: index.results,
        proofs: Vec::new(),
        figures: Vec::new(),
    };
    for entry in &index.claims {
        out.claims.push(parsed::<ClaimFile>(&entry.file, &load(&entry.file)?, CLAIM)?.claim);
    }
    for steps in &index.proofs {
        let file: ProofFile = parsed(&steps.file, &load(&steps.file)?, PROOF)?;
        out.claims.extend(file.steps);
        out.proofs.extend(file.proof);
    }
    for name in &index.figures {
        out.figures.push(parsed::<FigureFile>(name, &load(name)?, FIGURE)?.figure);
    }
    Ok(out)
}

/// One file of the schema expected.
///
/// The text is parsed twice, as a value for its schema and then as the type: the message about a wrong version comes
/// before one about a missing field.
///
/// # Errors
/// No JSON, no schema, another one than expected, or fields that do not fit: each names the file.
fn parsed<T: DeserializeOwned>(place: &str, text: &str, expected: &str) -> Result<T> {
    let unreadable = |e: serde_json::Error| Error::input(place, format!("no evidence of a report: {e}"));
    let value: Value = serde_json::from_str(text).map_err(unreadable)?;
    match value["schema"].as_str() {
        Some(schema) if schema == expected => serde_json::from_str(text).map_err(unreadable),
        Some(schema) => Err(Error::input(place, format!("schema {schema}, expected {expected}"))),
        None => Err(Error::input(place, format!("no evidence of a report: no schema, expected {expected}"))),
    }
}
