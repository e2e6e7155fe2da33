//! `flatcert book`.

use super::{Found, Outcome, arguments, output};
use flatcert::harness::evidence::Evidence;
use flatcert::{Error, Result, book};
use std::path::Path;

/// Reads the evidence of a report and writes its pages as HTML.
pub fn book(a: &arguments::Book) -> Outcome {
    let evidence = read(&a.report.join("evidence.json"))?;
    book::write(&evidence, Some(&a.formal).filter(|f| f.is_dir()).map(|f| f.as_path()), &a.out)?;
    output::print(&format!("book: {}\n", a.out.join("index.html").display()))?;
    Ok(Found::AsRecorded)
}

fn read(path: &Path) -> Result<Evidence> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
    serde_json::from_str(&text).map_err(|e| Error::input(path.display().to_string(), format!("no evidence: {e}")))
}
