//! The Coq sources that the pages refer to, each a page with numbered lines.
//!
//! Only files that some page links to become pages: `link` notes them, `pages` makes them afterwards.

use super::content::{Body, escaped};
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which files of the folder of proofs are linked.
#[derive(Debug)]
pub struct Sources {
    /// The folder of the sources, if there is one.
    folder: Option<PathBuf>,
    /// Files that were linked, each once, by their path in the folder.
    linked: BTreeSet<String>,
}

impl Sources {
    /// Of this folder; of none, nothing is linked.
    pub fn new(folder: Option<&Path>) -> Self {
        Self { folder: folder.map(Path::to_path_buf), linked: BTreeSet::new() }
    }

    /// The page of a file, from the root of the book, if the folder holds it.
    pub fn link(&mut self, file: &str) -> Option<String> {
        let there = self.folder.as_ref().is_some_and(|f| f.join(file).is_file());
        there.then(|| {
            self.linked.insert(file.into());
            page(file)
        })
    }

    /// A page for every file that was linked.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn pages(&self) -> Result<Vec<(String, Body)>> {
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        self.linked.iter().map(|file| Ok((page(file), shown(file, &folder.join(file))?))).collect()
    }
}

/// Where the page of a file is, from the root of the book.
fn page(file: &str) -> String {
    format!("formal/{file}.html")
}

/// A file as text in HTML, each line with the anchor `L` and its number, as links to lines have it.
///
/// # Errors
/// The file cannot be read, or is no UTF-8.
fn shown(file: &str, path: &Path) -> Result<Body> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
    let lines = text.lines().enumerate();
    let code: String = lines.map(|(i, l)| format!("<span id=\"L{}\">{}</span>\n", i + 1, escaped(l))).collect();
    let title = format!("formal/{file}");
    Ok(Body {
        html: format!("<h1>{}</h1>\n<pre class=\"source\" tabindex=\"0\">{code}</pre>\n", escaped(&title)),
        title,
    })
}
