//! The book: every page, link and formula of the committed report, the search, and a folder that is written whole or
//! not at all. `make book-test` looks at it in a browser.

use assert_cmd::Command;
use flatcert::book;
use flatcert::harness::evidence::Evidence;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn committed() -> Evidence {
    flatcert::report::split::read(&root().join("reports")).expect("the committed evidence")
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value).collect()
}

#[test]
fn every_link_of_the_book_leads_somewhere_in_it() {
    let files = book::render(&committed(), Some(&root().join("formal"))).expect("the book");
    let all: BTreeSet<&str> = files.iter().map(|f| f.0.as_str()).collect();
    let pages: BTreeMap<&str, &str> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".html"))
        .map(|(name, bytes)| (name.as_str(), std::str::from_utf8(bytes).expect("UTF-8")))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<&str>> =
        pages.iter().map(|(name, html)| (*name, attributes(html, "id").into_iter().collect())).collect();
    let (mut seen, mut broken) = (0, Vec::new());
    for (name, html) in &pages {
        assert_eq!(attributes(html, "id").len(), ids[name].len(), "{name}: an id twice");
        for link in attributes(html, "href").into_iter().chain(attributes(html, "src")) {
            seen += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let mut whole: Vec<&str> = name.split('/').collect();
            whole.pop();
            path.split('/').filter(|p| !p.is_empty()).for_each(|p| match p {
                ".." => drop(whole.pop()),
                p => whole.push(p),
            });
            let target = if path.is_empty() { (*name).to_string() } else { whole.join("/") };
            let there = all.contains(target.as_str());
            let place = anchor.is_empty() || ids.get(target.as_str()).is_some_and(|ids| ids.contains(anchor));
            if !(link.starts_with("data:") || there && place) {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(pages.len() == 78 && seen > 8000, "{} pages, {seen} links", pages.len());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Where markdown is shown, a heading's text is its anchor, and the second heading of a text gets another one: a link to
/// it would lead to the first.
#[test]
fn every_anchor_of_a_page_is_one_place_and_every_link_leads_to_one() {
    let files = flatcert::report::render_rounded(&committed()).expect("renders");
    let pages: BTreeMap<&str, &str> =
        files.iter().filter(|(n, _)| n.ends_with(".md")).map(|(n, page)| (n.as_str(), page.as_str())).collect();
    let mut anchors: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, page) in &pages {
        let headings = page.lines().filter(|l| l.starts_with('#')).map(|l| l.trim_start_matches('#').trim());
        let of = |heading: &str| flatcert::report::text::anchor(&heading.replace(' ', "-"));
        let places = attributes(page, "id").into_iter().map(String::from);
        for anchor in headings.map(of).chain(places) {
            assert!(anchors.entry(name).or_default().insert(anchor.clone()), "{name}: #{anchor} is two places");
        }
    }
    let (mut seen, mut broken) = (0, Vec::new());
    for (name, page) in &pages {
        let links = page.split("](").skip(1).filter_map(|rest| Some(&rest[..rest.find([')', ' '])?]));
        for (path, anchor) in links.filter_map(|link| link.split_once('#')) {
            let path = path.trim_start_matches("../");
            let folder = if name.starts_with("results/") && !pages.contains_key(path) { "results/" } else { "" };
            let target = if path.is_empty() { (*name).to_string() } else { format!("{folder}{path}") };
            if target.ends_with(".md") {
                seen += 1;
                if !anchors.get(target.as_str()).is_some_and(|a| a.contains(anchor)) {
                    broken.push(format!("{name}: {path}#{anchor}"));
                }
            }
        }
    }
    assert!(seen > 4000, "{seen} links");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn nothing_is_asked_of_another_host_and_no_formula_is_left_as_source() {
    let mut torn = BTreeSet::new();
    for (name, bytes) in book::render(&committed(), None).expect("the book") {
        let Some(page) = name.strip_suffix(".html") else { continue };
        let html = String::from_utf8(bytes).expect("UTF-8");
        let asked: Vec<&str> = attributes(&html, "src").into_iter().chain(attributes(&html, "href")).collect();
        assert!(!asked.iter().any(|a| a.starts_with("http")), "{page}: {asked:?}");
        assert!(!html.contains("merror") && !html.contains(r"$\"), "{page}: a formula as source");
        let sources = html.split("class=\"torn\">").skip(1);
        torn.extend(sources.map(|s| format!("{page}: {}", s.split('<').next().unwrap_or(s))));
    }
    assert!(torn.is_empty(), "formulas that cannot be set: {torn:#?}");
}

#[test]
fn the_search_has_results_findings_and_lines() {
    let evidence = committed();
    let index = book::search::index(&evidence).expect("an index");
    let json = index.strip_prefix("window.BOOK = ").and_then(|j| j.strip_suffix(";\n")).expect("a script");
    let entries: Vec<BTreeMap<String, String>> = serde_json::from_str(json).expect("JSON");
    let leads = |words: &str, to: &str| {
        entries
            .iter()
            .any(|e| format!("{} {} {} {}", e["t"], e["p"], e["b"], e["s"]).contains(words) && e["u"].starts_with(to))
    };
    assert!(leads("eq. (40)", "map.html#line-"));
    assert!(leads("Corollary 4, lower bound", "results/corollary-4-lower.html"));
    assert!(leads("Line 867", "map.html#line-867"));
    assert!(leads("theorem-2/product", "proofs.html#finding-theorem-2product"));
    assert_eq!(entries.iter().filter(|e| e["k"] == "result").count(), evidence.results.len());
}

#[test]
fn only_an_older_book_is_replaced() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("book");
    let run = |report: &Path| {
        let args = ["book", report.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let done = Command::new(env!("CARGO_BIN_EXE_flatcert")).current_dir(root()).args(args).output().expect("runs");
        (done.status.code().expect("not killed"), String::from_utf8(done.stderr).expect("UTF-8"))
    };
    assert_eq!(run(&root().join("reports")), (0, String::new()));
    fs::write(out.join("stale.html"), "old").expect("written");
    assert_eq!(run(&root().join("reports")).0, 0);
    assert!(out.join("index.html").exists() && !out.join("stale.html").exists());
    #[cfg(unix)]
    {
        // Behind a link the folder that it names is replaced, and the link stays.
        let (named, link) = (place.path().join("named"), &out);
        fs::rename(&out, &named).expect("moved");
        std::os::unix::fs::symlink(&named, link).expect("linked");
        fs::write(named.join("stale.html"), "old").expect("written");
        assert_eq!(run(&root().join("reports")).0, 0);
        assert!(link.is_symlink() && named.join("index.html").exists() && !named.join("stale.html").exists());
        fs::remove_file(link).expect("removed");
        fs::rename(&named, link).expect("moved");
    }
    // No evidence: one line, and the book that was there stays.
    let (code, said) = run(place.path());
    assert!(code == 2 && said.lines().count() == 1 && said.contains("evidence.json"), "{code}: {said}");
    assert!(out.join("index.html").exists());
    fs::remove_file(out.join("book.css")).expect("removed");
    let (code, said) = run(&root().join("reports"));
    assert!(code == 2 && said.contains("is no book of flatcert"), "{code}: {said}");
    assert_eq!(fs::read_dir(place.path()).expect("listed").count(), 1, "something was left behind");
}
