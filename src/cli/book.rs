//! `flatcert book`.

use super::{Found, Outcome, arguments, output};
use flatcert::book;
use flatcert::report::split;

/// Reads the evidence of a report and writes its pages as HTML.
///
/// A report is read as `report` wrote it; a folder of Coq sources that does not exist is no error, and theorems are
/// named without links then.
pub fn book(a: &arguments::Book) -> Outcome {
    let evidence = split::read(&a.report)?;
    book::write(&evidence, Some(&a.formal).filter(|f| f.is_dir()).map(|f| f.as_path()), &a.out)?;
    output::print(&format!("book: {}\n", a.out.join("index.html").display()))?;
    Ok(Found::AsRecorded)
}
