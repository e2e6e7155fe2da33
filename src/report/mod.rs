//! The report: the evidence (`evidence.json` and the files it names), and pages and figures rendered from it and from
//! nothing else.
//!
//! - [`view`] computes counts, states and links from the evidence; [`markdown`] lays them out by templates, which hold
//!   every word and no number; [`figures`] draws; [`graph`] draws what rests on what; [`text`] prints numbers.
//! - [`rounding`] rounds outward, so that what is committed does not depend on the CPU.
//! - [`folder`] puts the files in place all at once; [`run`] keeps what is not reproducible (time, machine, commit)
//!   apart.
//! - [`split`] lays the evidence out in files and reads it; [`against`] says what moved since another run.
//! - [`part`] is a part of a run, as `report --shard` writes it for `merge-reports`.
//! - [`proofs`] is the audit of the proofs, display by display.
//! - [`dossier`] is the first page and a page for each stated result; [`typeset`] sets the formulas of statements,
//!   `unicode` those of captions.
//! - [`statistics`] is the section on what was counted.

pub mod against;
pub mod dossier;
pub mod figures;
pub mod findings;
pub mod folder;
pub mod form;
pub mod graph;
pub mod markdown;
pub mod part;
pub mod proofs;
pub mod rounding;
pub mod run;
pub mod split;
pub mod statistics;
pub mod text;
pub mod typeset;
pub mod unicode;
pub mod view;

pub use folder::Folder;
pub use rounding::rounded;
pub use run::Run;
pub use view::{problems, unexpected};

use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use std::path::Path;

/// The reproducible files of a report, from evidence with all its digits: [`rounded`], then [`render_rounded`].
///
/// # Errors
/// As [`render_rounded`].
pub fn render(evidence: &Evidence) -> Result<Vec<(String, String)>> {
    render_rounded(&rounded(evidence))
}

/// The reproducible files of a report: path inside the folder (forward slashes) and content.
///
/// The evidence, rounded already, is serialised first; everything else is made from the parsed text.
///
/// # Errors
/// No claim at all, a section or figure that cannot be made: bugs of flatcert.
pub fn render_rounded(evidence: &Evidence) -> Result<Vec<(String, String)>> {
    if evidence.claims.is_empty() {
        return Err(Error::internal("no claim was run: a report without claims proves nothing"));
    }
    let mut files = split::files(evidence)?;
    let missing = |name: &str| Error::internal(format!("the evidence has no {name}"));
    let load = |name: &str| files.iter().find(|f| f.0 == name).map(|f| f.1.clone()).ok_or_else(|| missing(name));
    let parsed = split::together(split::INDEX, &load(split::INDEX)?, &load)?;
    files.extend(markdown::render(&parsed)?);
    for figure in &parsed.figures {
        files.push((figures::file_name(figure), figures::svg(figure)?));
    }
    files.push((graph::FILE.into(), graph::svg(&parsed)));
    Ok(files)
}

/// Writes the reproducible files into `out_dir`, all or none.
///
/// # Errors
/// As [`render`]; a folder that cannot be written.
pub fn write(evidence: &Evidence, out_dir: &Path) -> Result<()> {
    Folder::open(out_dir)?.commit(&render(evidence)?)
}
