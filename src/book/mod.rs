//! The report as a book: the pages of [`crate::report`] as static HTML, with navigation in the paper's order, search
//! over results, steps and lines, and formulas as MathML. Nothing is asked of another host: style, search and the
//! font of the formulas lie beside the pages.
//!
//! - `html` turns a page's markdown into HTML; [`search`] lists what the search finds; [`sources`] shows the Coq
//!   files that the pages refer to, with their lines numbered.

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
    href: String,
    name: String,
    part: &'static str,
}

/// What the frame of a page is given.
#[derive(Serialize)]
struct Frame<'a> {
    /// The way to the root of the book: nothing, or `../`.
    root: String,
    title: &'a str,
    body: &'a str,
    contents: &'a [Entry],
    here: &'a str,
    before: Option<&'a Entry>,
    after: Option<&'a Entry>,
    version: &'a str,
}

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
/// # Errors
/// As [`render`]; a folder at `out` that is no book, which is left as it is; the operating system refused.
pub fn write(evidence: &Evidence, formal: Option<&Path>, out: &Path) -> Result<()> {
    let files = render(evidence, formal)?;
    let io = |path: &Path, e| Error::io(path, e);
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let empty = fs::read_dir(out).is_ok_and(|mut d| d.next().is_none());
    if out.exists() && !empty && !(out.join("book.css").exists() && out.join("minisearch.js").exists()) {
        return Err(Error::input(out.display().to_string(), "is no book of flatcert, left as it is"));
    }
    fs::create_dir_all(parent).map_err(|e| io(parent, e))?;
    let waiting = tempfile::Builder::new().prefix(".flatcert-").tempdir_in(parent).map_err(|e| io(parent, e))?;
    let new = waiting.path().join("book");
    for (name, bytes) in &files {
        let at = new.join(name);
        fs::create_dir_all(at.parent().unwrap_or(&new)).map_err(|e| io(&at, e))?;
        fs::write(&at, bytes).map_err(|e| io(&at, e))?;
    }
    if out.exists() {
        fs::rename(out, waiting.path().join("old")).map_err(|e| io(out, e))?;
    }
    fs::rename(&new, out).map_err(|e| io(out, e))
}
