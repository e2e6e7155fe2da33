//! The report: the evidence (`evidence.json` and the files it names), and pages and figures rendered from it and from
//! nothing else.
//!
//! - [`view`] computes counts, states and links from the evidence; [`markdown`] lays them out by templates, which hold
//!   the sentences and no number of the run; [`figures`] draws; [`graph`] draws what rests on what; [`text`] prints
//!   numbers.
//! - [`rounding`] rounds outward, so that what is committed does not depend on the CPU.
//! - [`folder`] puts the files in place all at once; [`run`] keeps what is not reproducible (time, machine, commit)
//!   apart.
//! - [`split`] lays the evidence out in files and reads it; [`against`] says what moved since another run.
//! - [`part`] is a part of a run, as `report --shard` writes it for `merge-reports`.
//! - [`proofs`] is the audit of the proofs, display by display.
//! - [`dossier`] is the first page and a page for each stated result; [`typeset`] sets the formulas of statements,
//!   `unicode` those of captions.
//! - [`statistics`] is the section on what was counted.
//!
//! **The way of the data.**
//!
//! | stage | from | to |
//! | --- | --- | --- |
//! | [`rounded`] | evidence with all digits | evidence with ends of three digits, the same on every CPU |
//! | [`split`] | that | `evidence.json` and the files of `evidence/`, as text |
//! | [`split::together`] | that text, parsed again | the evidence from which everything below is made |
//! | [`view`], [`dossier`], [`proofs`], [`statistics`] | evidence | serialisable structs: words, counts, links, LaTeX |
//! | [`markdown`] | those structs and the templates | pages |
//! | [`figures`], [`graph`] | the figures' numbers; claims and what they use | SVG |
//! | [`Folder`] | all of these | files in place |
//!
//! **Why through the text.** What the pages say is made from the JSON that is committed beside them, parsed, and not
//! from the values in memory: a number that does not survive its way through the file cannot be on a page, and
//! whoever has the files alone can make the same pages.
//!
//! **What it does not do.** Nothing here evaluates a claim, sets an outcome or computes a grade: those are read. What
//! it adds is a check of the run against itself ([`problems`]), of what was found against what is recorded
//! ([`unexpected`]), and of the pages for being complete ([`markdown::complete`]); each of them makes a run red.

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
/// The order of the list is: evidence, pages, figures, the picture of what rests on what. Times, machine and commit
/// are not among them ([`Run::files`]), so that two runs of one seed give the same bytes.
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
/// Rounding twice would move every end twice ([`rounded`]): a caller that needs the rounded evidence for other
/// purposes too, as `report --against` does, rounds once and calls this.
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
/// What the folder holds beside the files of a report is left alone.
///
/// # Errors
/// As [`render`]; a folder that cannot be written.
pub fn write(evidence: &Evidence, out_dir: &Path) -> Result<()> {
    Folder::open(out_dir)?.commit(&render(evidence)?)
}
