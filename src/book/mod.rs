//! The report as a book: the pages of [`crate::report`] as static HTML, with navigation in the paper's order, search
//! over results, steps and lines, and formulas as MathML. Nothing is asked of another host: style, search and the
//! font of the formulas lie beside the pages.
//!
//! - `html` turns a page's markdown into HTML; [`search`] lists what the search finds; [`sources`] shows the Coq
//!   files that the pages refer to, with their lines numbered.
//!
//! **The way of a page.** `report` makes the markdown of all pages from the evidence, and from nothing else;
//! `html::body` turns each into HTML, and notes on the way which Coq files it links to; those become pages too; the
//! frame puts navigation around each; the index of the search is a script beside them. So the book says what the
//! report says.
//!
//! **Why static.** A book is opened from a folder as well as from a server, and without a network. The search runs in
//! the reader's browser over an index that is a script, since a page from a file may load scripts and no JSON;
//! formulas are MathML, which browsers draw themselves.
//!
//! **What it does not do.** It evaluates nothing and changes no verdict. Where the paper's text is torn, a formula
//! that cannot be read is shown as its source, and is no error.

mod content;
mod html;
pub mod search;
pub mod sources;

use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use crate::report;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// A page's frame, and what lies beside the pages. The search is MiniSearch, the font STIX Two Math; their licences
/// are written with them.
const FRAME: &str = include_str!("assets/page.html");
/// Files that are the same in every book: their names in it, and their bytes, which the program carries.
const ASSETS: [(&str, &[u8]); 6] = [
    ("book.css", include_bytes!("assets/book.css")),
    ("book.js", include_bytes!("assets/book.js")),
    ("minisearch.js", include_bytes!("assets/minisearch.js")),
    ("minisearch-LICENSE.txt", include_bytes!("assets/minisearch-LICENSE.txt")),
    ("stix-two-math.woff2", include_bytes!("assets/stix-two-math.woff2")),
    ("stix-two-math-LICENSE.txt", include_bytes!("assets/stix-two-math-LICENSE.txt")),
];

/// Pages before the results, and after them: file in the report, and name in the list of contents.
const BEFORE: [(&str, &str); 3] =
    [("README.md", "The verdict"), ("findings.md", "Findings by weight"), ("map.md", "Map")];
/// Pages behind the results.
const AFTER: [(&str, &str); 3] =
    [("proofs.md", "The proofs"), ("experiments.md", "The experiments"), ("claims.md", "The catalogue")];

/// A file of the book: its path inside the folder, and its bytes.
pub type File = (String, Vec<u8>);

/// A line of the list of contents.
#[derive(Debug, Serialize)]
struct Entry {
    /// Page of the report, such as `results/theorem-1.md`.
    #[serde(skip)]
    page: String,
    /// The page of the book, from its root.
    href: String,
    /// What the list calls it, without the signs of mathematics.
    name: String,
    /// The heading under which the list has it.
    part: &'static str,
}

/// What the frame of a page is given.
#[derive(Serialize)]
struct Frame<'a> {
    /// The way to the root of the book: nothing, or `../`.
    root: String,
    /// Title of the page, without markup.
    title: &'a str,
    /// The page itself, as HTML.
    body: &'a str,
    /// The list of contents, the same on every page.
    contents: &'a [Entry],
    /// This page, from the root of the book: the frame marks it in the list.
    here: &'a str,
    /// The entry before it in the list; none for the first, and for pages that are not in the list.
    before: Option<&'a Entry>,
    /// The entry after it.
    after: Option<&'a Entry>,
    /// Version of flatcert that made the evidence.
    version: &'a str,
}

/// The list of contents: what the report comes to, the results in the paper's order, the details. A report of some
/// claims only lacks pages; their entries are taken out afterwards.
fn contents(evidence: &Evidence) -> Vec<Entry> {
    let entry = |page: &str, name: &str, part| Entry {
        page: page.into(),
        href: html::target(page),
        name: name.replace('$', ""),
        part,
    };
    let results = evidence.results.iter().map(|r| entry(&format!("results/{}.md", r.claim), &r.name, "The results"));
    let before = BEFORE.iter().map(|(page, name)| entry(page, name, "What it comes to"));
    before.chain(results).chain(AFTER.iter().map(|(page, name)| entry(page, name, "In detail"))).collect()
}

/// Every file of the book. `formal` is the folder of the Coq sources; without it theorems are named and not linked.
///
/// Paths have forward slashes, on any system. Files of the report that are not markdown (pictures, evidence) are in
/// the book under their own names. An undefined name in the frame is an error and no empty text.
///
/// # Errors
/// As [`report::render_rounded`]; a Coq source that cannot be read; a page that cannot be laid out, a bug.
pub fn render(evidence: &Evidence, formal: Option<&Path>) -> Result<Vec<File>> {
    let bug = |e: minijinja::Error| Error::internal(format!("the book's frame: {e:#}").replace('\n', " "));
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.add_template("page.html", FRAME).map_err(bug)?;
    let frame = env.get_template("page.html").map_err(bug)?;
    let files = report::render_rounded(evidence)?;
    let mut contents = contents(evidence);
    contents.retain(|c| files.iter().any(|(name, _)| *name == c.page));
    let mut sources = sources::Sources::new(formal);
    let mut out = Vec::new();
    let mut pages = Vec::new();
    for (name, text) in &files {
        match name.strip_suffix(".md") {
            Some(_) => pages.push((html::target(name), html::body(text, name, &files, &mut sources)?)),
            None => out.push((name.clone(), text.clone().into_bytes())),
        }
    }
    pages.extend(sources.pages()?);
    for (href, body) in pages {
        let at = contents.iter().position(|c| c.href == href);
        let beside = |step: Option<usize>| step.and_then(|i| contents.get(i));
        let page = frame.render(Serde(&Frame {
            root: "../".repeat(href.matches('/').count()),
            title: &body.title,
            body: &body.html,
            contents: &contents,
            here: &href,
            before: beside(at.and_then(|i| i.checked_sub(1))),
            after: beside(at.map(|i| i + 1)),
            version: &evidence.version,
        }));
        let page = page.map_err(bug)?.into_bytes();
        out.push((href, page));
    }
    out.push(("index.js".into(), search::index(evidence)?.into_bytes()));
    out.extend(ASSETS.iter().map(|(name, bytes)| ((*name).to_string(), bytes.to_vec())));
    Ok(out)
}

/// Writes the book into `out`, whole or not at all: into a new folder, which then takes the place of an older book.
///
/// What is at `out` is taken for a book if it holds its style sheet and its search. An empty folder is replaced too.
/// The new book is written beside it, the old one moved away, the new one into its place, and the old one removed
/// with the temporary folder. Where the new one cannot take its place, the old one is moved back.
///
/// # Errors
/// As [`render`]; a folder at `out` that is no book, which is left as it is; the operating system refused. If it
/// refuses to move the old book back too, the temporary folder stays, and the message says where.
pub fn write(evidence: &Evidence, formal: Option<&Path>, out: &Path) -> Result<()> {
    let files = render(evidence, formal)?;
    let io = |path: &Path, e| Error::io(path, e);
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let empty = fs::read_dir(out).is_ok_and(|mut d| d.next().is_none());
    if out.exists() && !empty && !(out.join("book.css").exists() && out.join("minisearch.js").exists()) {
        return Err(Error::input(out.display().to_string(), "is no book of flatcert, left as it is"));
    }
    fs::create_dir_all(parent).map_err(|e| io(parent, e))?;
    // The book takes the place of the folder that a link names, not of the link.
    let place = out.canonicalize().unwrap_or_else(|_| out.to_path_buf());
    let parent = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(parent);
    let waiting = tempfile::Builder::new().prefix(".flatcert-").tempdir_in(parent).map_err(|e| io(parent, e))?;
    let new = waiting.path().join("book");
    for (name, bytes) in &files {
        let at = new.join(name);
        fs::create_dir_all(at.parent().unwrap_or(&new)).map_err(|e| io(&at, e))?;
        fs::write(&at, bytes).map_err(|e| io(&at, e))?;
    }
    let old = waiting.path().join("old");
    replace(&place, &new, &old).map_err(|e| {
        // What could not be moved back is not removed with the temporary folder.
        if old.symlink_metadata().is_err() {
            return io(out, e);
        }
        let kept = waiting.keep().join("old");
        Error::input(out.display().to_string(), format!("{e}; the older book is {}", kept.display()))
    })
}

/// Moves what is at `out`, if anything is, to `aside`, and `new` to `out`.
///
/// # Errors
/// The operating system refused. Then what was at `out` is there again; if that was refused too, it is at `aside`.
fn replace(out: &Path, new: &Path, aside: &Path) -> std::io::Result<()> {
    let there = out.exists();
    if there {
        fs::rename(out, aside)?;
    }
    fs::rename(new, out).inspect_err(|_| {
        if there {
            let _ = fs::rename(aside, out);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_that_cannot_be_replaced_stays() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        fs::create_dir(at("out")).expect("made");
        fs::write(at("out/index.html"), "old").expect("written");
        assert!(replace(&at("out"), &at("nothing"), &at("aside")).is_err());
        assert_eq!(fs::read_to_string(at("out/index.html")).expect("still there"), "old");
        assert!(!at("aside").exists());
        assert!(replace(&at("none"), &at("nothing"), &at("aside")).is_err() && !at("none").exists());
        fs::create_dir(at("new")).expect("made");
        replace(&at("out"), &at("new"), &at("aside")).expect("replaced");
        assert!(at("aside/index.html").exists() && !at("out/index.html").exists());
    }
}
