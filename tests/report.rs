//! The report: layout as snapshots, completeness, reproducibility, and files that appear all at once.

mod support;

use flatcert::arithmetic::{Enclosure, Interval};
use flatcert::harness::evidence::{
    Evidence, Fault, FlawEvidence, Grade, Outcome, ProofEvidence, ResultEvidence, Role, RowEvidence, SampledEvidence,
    Weight,
};
use flatcert::harness::steps::inequality::TIED;
use flatcert::report::against::Changes;
use flatcert::report::{self, Folder, Run, figures, markdown, split, text};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use support::{claim, counted, evidence};

fn page(e: &Evidence, name: &str) -> String {
    let files = report::render(e).expect("renders");
    files.into_iter().find(|(n, _)| n == name).expect("this page").1
}

/// The catalogue.
fn readme(e: &Evidence) -> String {
    page(e, "claims.md")
}

/// Two renderings are the same, byte for byte; names the first line that is not.
fn same(a: &Evidence, b: &[(String, String)]) {
    let a = report::render(a).expect("renders");
    assert_eq!(a.len(), b.len());
    for ((name, left), (other, right)) in a.iter().zip(b) {
        assert_eq!(name, other);
        let differs = left.lines().zip(right.lines()).position(|(l, r)| l != r);
        assert!(left == right, "{name} differs, first in line {differs:?}");
    }
}

#[test]
fn layout() {
    insta::assert_snapshot!(readme(&evidence()));
}

/// The hand-written run with an audit of three rows.
fn audited() -> Evidence {
    let row = |line, kind: &str, id: &str, note: &str, fault| RowEvidence {
        line,
        tex: "a | b \\leqslant c".into(),
        kind: kind.into(),
        ids: if id.is_empty() { Vec::new() } else { vec![id.into()] },
        note: note.into(),
        fault,
    };
    let rows = vec![
        row(17, "claim", "theorem-2-depth", "", None),
        row(455, "step", "lemma-4-minus/first", "", None),
        row(1729, "step", "corollary-3/eq-32", "", Some(Fault::Misprint)),
        row(682, "definition", "", "h_k", None),
    ];
    let (id, title, section) = ("corollary-3".to_string(), "Corollary 3".to_string(), "B.7".to_string());
    Evidence {
        proofs: vec![ProofEvidence { id, title, section, proves: vec!["corollary-3".into()], rows }],
        ..evidence()
    }
}

#[test]
fn layout_of_the_proofs() {
    let files = report::render(&audited()).expect("renders");
    let proofs = files.into_iter().find(|(name, _)| name == "proofs.md").expect("a proofs.md").1;
    insta::assert_snapshot!(proofs);
}

#[test]
fn a_display_without_its_row_is_a_failure_of_the_harness() {
    let found = report::problems(&audited());
    for expected in ["the display of line 455 ", "no display begins in line 17", "no display begins in line 1729"] {
        let there = found.iter().any(|p| p.starts_with(expected));
        assert_eq!(there, expected != "the display of line 455 ", "{expected:?} in {found:?}");
    }
    assert!(found.iter().any(|p| p.contains("is neither a step nor has a reason")), "{found:?}");
    let mut twice = audited();
    let again = twice.proofs[0].rows[3].clone();
    twice.proofs[0].rows.push(again);
    assert!(report::problems(&twice).iter().any(|p| p == "the display of line 682 is listed 2 times"));
    let mut gone = audited();
    gone.claims.retain(|c| c.id != "corollary-3/eq-32");
    assert!(report::problems(&gone).iter().any(|p| p == "line 1729: corollary-3/eq-32 is not a claim of this run"));
}

#[test]
fn layout_of_a_run_that_went_wrong() {
    let mut e = evidence();
    e.claims[0].forms[0].outcome = Outcome::Undecided;
    e.claims[0].forms[0].undecided = 1;
    e.claims[0].forms[0].reasons = vec!["margin [-1e-30, 1e-30] at 512 bits".into()];
    e.claims[0].grade = None;
    e.claims[3].forms.truncate(1);
    e.figures.clear();
    let text = readme(&e);
    let summary = text.split("## Claims").next().expect("a summary");
    insta::assert_snapshot!(summary);
    assert!(text.contains("No claim of this run drew a figure."));
}

fn proofs_of(e: &Evidence) -> String {
    let files = report::render(e).expect("renders");
    files.into_iter().find(|(name, _)| name == "proofs.md").expect("a proofs.md").1
}

#[test]
fn the_grade_of_a_partial_run_says_what_it_leaves_out() {
    let mut e = evidence();
    e.claims[0].unchecked = vec!["gradient/first".into()];
    e.claims[1].unchecked = vec!["theorem-9".into()];
    let text = readme(&e);
    let row = |id: &str| text.lines().find(|l| l.starts_with(&format!("| [{id}]"))).expect("a row").to_string();
    assert!(row("gradient").contains("| Identity, without its proof steps |"), "{}", row("gradient"));
    assert!(row("lemma-4-minus").contains("| Domain, without the results it uses |"), "{}", row("lemma-4-minus"));
    assert!(row("corollary-3").contains("| Instance |"), "{}", row("corollary-3"));
    // One computation: what `check` prints is the same string.
    assert_eq!(report::text::claim_grade(&e.claims[0]), "Identity, without its proof steps");
}

#[test]
fn ids_that_differ_by_a_slash_have_nodes_of_their_own() {
    let mut e = evidence();
    e.claims.push(claim("corollary-3-eq-32", flatcert::harness::evidence::Grade::Instance, &["corollary-3/eq-32"]));
    let graph = report::graph::svg(&e);
    let nodes: Vec<&str> = graph.lines().filter(|l| l.starts_with("<a ") && l.contains("eq-32</text>")).collect();
    assert_eq!(nodes.len(), 1, "steps are not drawn: {nodes:?}");
    e.claims.push(claim("corollary-3-eq32", flatcert::harness::evidence::Grade::Instance, &["corollary-3-eq-32"]));
    let graph = report::graph::svg(&e);
    let boxes: Vec<&str> =
        graph.lines().filter(|l| l.contains(">corollary-3-eq-32<") || l.contains(">corollary-3-eq32<")).collect();
    assert!(boxes.len() == 2 && boxes[0] != boxes[1], "two ids, one box: {boxes:?}");
    assert!(graph.contains("href=\"../claims.md#corollary-3-eq-32\""), "{graph}");
}

#[test]
fn the_graph_draws_results_with_words_and_the_same_bytes_each_time() {
    let e = with_results(flaw(None));
    let graph = report::graph::svg(&e);
    assert_eq!(graph.matches("<rect").count(), 2, "the ground, and one result: {graph}");
    assert!(graph.contains("href=\"../results/theorem-2-depth.md\"") && graph.contains(">not as printed<"), "{graph}");
    let whole = split::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports")).expect("evidence");
    let once = report::graph::svg(&whole);
    assert_eq!(once.matches("<a ").count(), whole.results.len());
    assert!((0..5).all(|_| report::graph::svg(&whole) == once), "the layout is not the same each time");
    let arrows = report::graph::dependencies(&whole);
    assert!(arrows["theorem-4"].contains("lemma-3-sigma-min") && arrows["corollary-3"].contains("theorem-2-depth"));
    assert!(!arrows["lemma-3-norm"].contains("theorem-4"));
}

/// Headings, heads of tables with the number of their rows, pictures, what is folded: what a change of layout changes.
fn shape(page: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let lines: Vec<&str> = page.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        if line.starts_with("| --- ") {
            let rows = lines[i + 1..].iter().take_while(|l| l.starts_with('|')).count();
            out.push(format!("{} ({rows} rows)", lines[i - 1]));
        } else if line.starts_with('#') || line.starts_with("![") || line.starts_with("<details>") {
            out.push(line.to_string());
        } else if line.starts_with("- ") && out.last().is_none_or(|l| l != "- ..") {
            out.push("- ..".into());
        }
    }
    out.join("\n")
}

/// The audited run with a page for the result that is refuted, which one step proves.
fn whole() -> Evidence {
    let mut e = audited();
    e.results = with_results(flaw(None)).results;
    e.proofs[0].proves = vec!["theorem-2-depth".into()];
    let result = e.claims.iter_mut().find(|c| c.id == "theorem-2-depth").expect("a claim");
    result.uses.push("corollary-3/eq-32".into());
    e
}

#[test]
fn each_kind_of_page_has_its_shape() {
    let files = report::render(&whole()).expect("renders");
    let pages: Vec<String> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".md"))
        .map(|(name, text)| format!("== {name}\n{}", shape(text)))
        .collect();
    insta::assert_snapshot!(pages.join("\n\n"));
}

#[test]
fn the_map_shows_every_display_once_with_a_word_beside_its_colour() {
    let e = split::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports")).expect("evidence");
    let map = page(&e, "map.md");
    let lines: Vec<&str> =
        map.split("<a id=\"line-").skip(1).filter_map(|rest| rest.split_once('"')).map(|(line, _)| line).collect();
    let displays = flatcert::paper::registry::displays().expect("the displays");
    let mut expected: Vec<String> = displays.iter().map(|d| d.line.to_string()).collect();
    let mut found: Vec<String> = lines.iter().map(|l| l.to_string()).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let row = map.lines().find(|l| l.contains("<a id=\"line-867\">")).expect("the line of the lost head");
    assert!(row.contains("🟥 wrong constant | [theorem-2/product](proofs.md#finding-theorem-2product)"), "{row}");
    assert!(map.lines().filter(|l| l.starts_with("| <a id")).all(|l| !l.contains("🟩 |") && !l.contains("⬜ |")));
}

#[test]
fn a_page_shows_a_counterexample_within_the_hypotheses_that_can_be_typed_again() {
    let stored = include_str!("../fixtures/counterexamples.json");
    let stored: Vec<serde_json::Value> = serde_json::from_str(stored).expect("counterexamples");
    for result in flatcert::paper::stated::results().into_iter().filter(|r| r.flaw.is_some()) {
        let of = |c: &&serde_json::Value| c["form"] == format!("{}/printed", result.claim);
        let values = &stored.iter().find(of).expect(&result.claim)["values"];
        let network =
            if values["minimiser"].is_object() { &values["minimiser"]["network"] } else { &values["network"] };
        let depth = network["layers"].as_array().map(Vec::len);
        // Lemma 7 is about any flow, not about a network.
        assert!(depth.is_none_or(|depth| depth >= 2), "{}: depth {depth:?}", result.claim);
    }
}

#[test]
fn a_sentence_about_single_draws_is_observed_and_never_refuted() {
    let mut e = evidence();
    let form = &mut e.claims[3].forms[0];
    (form.outcome, form.expected, form.smallest_margin) = (Outcome::Observed, Outcome::Observed, None);
    form.sampled = vec![SampledEvidence { interval: [0.2012, 0.3049], ..counted("one-run", 1000, 250, 0) }];
    assert_eq!(report::problems(&e), Vec::<String>::new());
    assert!(e.as_recorded());
    let text = readme(&e);
    let row = text.lines().find(|l| l.starts_with("| [corollary-3]")).expect("a row");
    assert!(row.contains("| seen in 75 % of draws [69, 80] |"), "{row}");
    let counted = text.lines().find(|l| l.contains("theorem-2-depth/one-run")).expect("a row of the statistics");
    assert!(counted.contains("| – | – | – | – | seen in 75 % of draws [69, 80] |"), "{counted}");
    assert!(!report::findings::refuted_as_printed(&e.claims[3]));
    e.claims[3].forms[0].sampled.clear();
    let found = report::problems(&e);
    assert!(found.iter().any(|p| p == "corollary-3/printed: called observed against its own counts"), "{found:?}");
}

/// p0 and both ends are rounded to three digits, which may make them equal or turn them.
#[test]
fn the_verdict_on_counts_is_that_of_the_numbers_before_they_are_rounded() {
    for (outcome, interval, verdict) in [
        (Outcome::Undecided, [0.01, 0.050013], "open"),
        (Outcome::Verified, [0.01, 0.050011], "holds"),
        (Outcome::Refuted, [0.050013, 0.09], "refuted"),
        (Outcome::Undecided, [0.050011, 0.09], "open"),
    ] {
        let mut e = evidence();
        let form = &mut e.claims[3].forms[0];
        form.outcome = outcome;
        form.sampled = vec![SampledEvidence { bound: 0.050012, interval, ..counted("near", 1000, 50, 0) }];
        let text = readme(&e);
        let row = text.lines().find(|l| l.contains("theorem-2-depth/near")).expect("a row of the statistics");
        assert!(row.ends_with(&format!("| {verdict} |")), "{row}");
        assert!(text.contains("misses the truth with probability at most 1e-6:"));
    }
}

#[test]
fn remarks_on_steps_are_shown() {
    let mut e = audited();
    e.claims[4].remarks = vec!["Used silently: x >= 1 | B.3.".into()];
    let text = proofs_of(&e);
    assert!(text.contains("- lemma-4-minus/first (Theorem 9, Section\\_3): Used silently"), "{text}");
}

#[test]
fn artefacts_and_what_is_inherited_are_counted_apart() {
    for (fault, words) in [
        (Fault::Constant, "1 hold as printed. 1 do not; 0 more only carry an earlier slip on, and 0 may be artefacts"),
        (Fault::Inherited, "1 hold as printed. 0 do not; 1 more only carry an earlier slip on, and 0 may be artefacts"),
        (
            Fault::Extraction,
            "1 hold as printed. 0 do not; 0 more only carry an earlier slip on, and 1 may be artefacts",
        ),
    ] {
        let mut e = audited();
        e.proofs[0].rows[2].fault = Some(fault);
        assert!(proofs_of(&e).contains(words) && readme(&e).contains(words), "{fault:?}");
    }
}

#[test]
fn equalities_decided_by_an_exact_argument_are_counted() {
    let mut e = evidence();
    e.claims[4].forms[0].arithmetic.insert(TIED.into(), 3);
    e.claims[1].forms[0].arithmetic.insert(TIED.into(), 2);
    assert!(readme(&e).contains("proved by an exact argument (rationals, squares, inertia): 5 instances"));
}

#[test]
fn the_trusted_base_names_the_products_of_matrices() {
    let text = readme(&evidence());
    let base = text.split("**Trusted base**").nth(1).and_then(|t| t.split("### Coverage").next()).expect("a section");
    for trusted in
        ["faer", "nano-gemm", "private-gemm", "nalgebra", "matrixmultiply", "linalg::ball", "problem::moments"]
    {
        assert!(base.contains(trusted), "{trusted} is trusted and not named");
    }
}

#[test]
fn the_same_evidence_gives_the_same_bytes() {
    let e = evidence();
    same(&e, &report::render(&e).expect("renders"));
    same(&e, &report::render_rounded(&report::rounded(&e)).expect("renders"));
}

#[test]
fn another_cpu_gives_the_same_report() {
    let (e, mut other) = (evidence(), evidence());
    for form in other.claims.iter_mut().flat_map(|c| &mut c.forms) {
        if let Some(m) = &mut form.smallest_margin {
            *m = Interval::new(m.lo() * (1.0 + 3e-15), m.hi() * (1.0 - 2e-15));
        }
        if let Some(t) = &mut form.tightness {
            t.refuted_from += 4e-16;
        }
    }
    for series in other.figures.iter_mut().flat_map(|f| &mut f.panels).flat_map(|p| &mut p.series) {
        series.y.iter_mut().for_each(|y| *y *= 1.0 + 4e-16);
    }
    same(&e, &report::render(&other).expect("renders"));
}

#[test]
fn nothing_but_the_json_is_needed() {
    let files = report::render(&evidence()).expect("renders");
    assert_eq!(files[0].0, split::INDEX);
    let load = |name: &str| Ok(files.iter().find(|f| f.0 == name).expect("a file that the index names").1.clone());
    let parsed = split::together(split::INDEX, &files[0].1, &load).expect("the evidence parses");
    same(&evidence(), &report::render_rounded(&parsed).expect("renders"));
    let text = &files.iter().find(|f| f.0 == "README.md").expect("a first page").1;
    assert!(!text.contains("/tmp") && !text.contains("/home") && !text.contains("UTC"), "machine or time in README.md");
}

#[test]
fn an_emptied_list_of_claims_is_refused() {
    let mut e = evidence();
    e.claims.clear();
    let refused = report::render(&e).expect_err("an empty report");
    assert!(refused.is_internal(), "{refused}");
    assert!(!e.as_recorded());
    assert_eq!(report::problems(&e), ["no claim was run"]);
}

#[test]
fn failures_of_the_harness_are_found() {
    assert_eq!(report::problems(&evidence()), Vec::<String>::new());
    type Breaks = fn(&mut Evidence);
    let broken: [(&str, Breaks); 7] = [
        ("gradient/printed: no instance in scope", |e| {
            let f = &mut e.claims[0].forms[0];
            (f.holds, f.outcome, f.expected) = (0, Outcome::Vacuous, Outcome::Vacuous);
        }),
        ("gradient: no form was checked", |e| e.claims[0].forms.clear()),
        ("gradient: no control", |e| e.claims[0].forms.retain(|f| f.role != Role::Control)),
        ("gradient: controls only", |e| e.claims[0].forms.retain(|f| f.role == Role::Control)),
        ("theorem-2-depth/printed: refuted without a counterexample", |e| e.claims[2].forms[0].counterexample = None),
        ("gradient/printed: called verified against its own counts", |e| e.claims[0].forms[0].fails = 1),
        ("gradient: two claims have this id", |e| e.claims[1].id = "gradient".into()),
    ];
    for (expected, breaks) in broken {
        let mut e = evidence();
        breaks(&mut e);
        let found = report::problems(&e);
        assert!(found.iter().any(|p| p.starts_with(expected)), "{expected:?} not in {found:?}");
    }
}

#[test]
fn missed_coverage_is_not_verified() {
    let mut e = evidence();
    let corrected = &mut e.claims[2].forms[1];
    corrected.coverage[0].count = 0;
    corrected.outcome = Outcome::Undecided;
    let lines = report::unexpected(&e);
    assert_eq!(
        lines,
        ["theorem-2-depth/corrected: recorded as verified, found undecided (required coverage missed: depth >= 8)"]
    );
    assert!(readme(&e).contains("**3, missed**"));
}

#[test]
fn a_missing_section_row_or_claim_is_refused() {
    let e = evidence();
    let good = readme(&e);
    markdown::complete(&good, &e).expect("complete");
    for cut in ["## Findings\n", "## Statistics\n", "### corollary-3\n", "| [gradient](#gradient) |"] {
        let refused = markdown::complete(&good.replacen(cut, "", 9), &e).expect_err(cut);
        assert!(refused.is_internal(), "{refused}");
    }
    let doubled = good.clone() + "\n## Figures\n";
    assert!(markdown::complete(&doubled, &e).is_err());
}

#[test]
fn files_appear_together_and_stale_figures_go() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("deep/er");
    report::write(&evidence(), &out).expect("written");
    fs::write(out.join("mine.txt"), "kept").expect("written");
    assert!(out.join("figures/rescaling.svg").exists());
    let mut next = evidence();
    next.figures[0].id = "other".into();
    report::write(&next, &out).expect("written");
    assert!(!out.join("figures/rescaling.svg").exists() && out.join("figures/other.svg").exists());
    assert!(out.join("mine.txt").exists());
    let hidden = fs::read_dir(&out)
        .expect("listed")
        .filter(|f| f.as_ref().is_ok_and(|f| f.file_name().to_string_lossy().starts_with('.')));
    assert_eq!(hidden.count(), 0, "a temporary folder was left behind");
}

#[test]
fn a_folder_that_is_not_a_report_is_left_alone() {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("README.md"), "my own project").expect("written");
    let refused = report::write(&evidence(), place.path()).expect_err("would overwrite");
    assert_eq!(refused.exit_code(), 2);
    assert_eq!(fs::read_to_string(place.path().join("README.md")).expect("still there"), "my own project");
    assert_eq!(fs::read_dir(place.path()).expect("listed").count(), 1, "something was left behind");
    let folder = Folder::open(&place.path().join("fresh")).expect("opened");
    drop(folder);
    assert!(!place.path().join("fresh").exists());
    drop(Folder::open(&place.path().join("fresh/and/deep")).expect("opened"));
    assert_eq!(fs::read_dir(place.path()).expect("listed").count(), 1, "folders were left behind");
}

#[test]
fn a_file_that_is_read_has_none_of_the_names_that_a_report_writes() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = Folder::open(place.path()).expect("opened");
    let committed = split::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports")).expect("the committed report");
    let mut files = report::render_rounded(&committed).expect("renders");
    files.extend(Run::new(&committed, None, Vec::new(), 1.0, 1).files().expect("the run"));
    let names: Vec<&str> = files.iter().map(|f| f.0.as_str()).chain([flatcert::report::against::PAGE]).collect();
    assert!(names.len() > 80 && names.contains(&"map.md") && names.contains(&"results/theorem-1.md"), "{names:?}");
    for name in names {
        let file = place.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(&file, "a ledger").expect("written");
        let refused = folder.keep("--ledger", &file).expect_err(name);
        assert!(refused.exit_code() == 2 && refused.to_string().contains("--ledger"), "{refused}");
    }
    for name in ["night.ledger", "night.json", "night.md", "results/night.ledger"] {
        folder.keep("--ledger", &place.path().join(name)).expect(name);
    }
    #[cfg(unix)]
    {
        let link = place.path().join("link");
        std::os::unix::fs::symlink(place.path().join("results/theorem-1.md"), &link).expect("linked");
        folder.keep("--ledger", &link).expect_err("a link to a page");
    }
}

#[test]
fn what_changed_is_said() {
    let (before, mut after) = (evidence(), evidence());
    after.claims[2].forms[1].outcome = Outcome::Refuted;
    after.claims.remove(0);
    after.claims.push(claim("rescaling", Grade::Instance, &[]));
    after.claims[1].forms[1].grade = Grade::Computed;
    after.claims[1].hypotheses = "(A1), (A2)".into();
    after.claims[1].grade = None;
    if let Some(t) = &mut after.claims[1].forms[1].tightness {
        t.refuted_from = 1.5;
    }
    after.claims[2].uses.push("rescaling".into());
    after.profile = "nightly".into();
    let (before, after) = (report::rounded(&before), report::rounded(&after));
    let changes = Changes::between(&before, &after);
    insta::assert_snapshot!("what_moved", changes.markdown("reports"));
    assert!(changes.told(1).contains("  ... and 1 more\n"), "{}", changes.told(1));
    let run = Run::new(&after, Some(&before), vec![("rescaling".into(), 1.25)], 2.5, 2);
    let files = run.files().expect("files");
    assert!(files[1].1.contains("| rescaling | 1.25 |") && files[1].1.contains("was verified"));
    let same = Changes::between(&before, &before);
    assert!(same.is_empty() && same.told(9).starts_with("nothing moved"), "{}", same.told(9));
}

#[test]
fn nothing_moved_between_the_committed_report_and_itself() {
    let evidence = split::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports")).expect("evidence");
    let same = Changes::between(&evidence, &evidence);
    assert!(same.is_empty(), "{}", same.told(9));
}

#[test]
fn a_figure_that_cannot_be_drawn_is_a_bug() {
    let mut e = evidence();
    e.figures[0].panels[0].series[0].y.pop();
    assert!(report::render(&e).expect_err("lists of different lengths").is_internal());
    let mut e = evidence();
    e.figures[0].panels[0].series[1].style = "wavy".into();
    assert!(report::render(&e).expect_err("unknown style").to_string().contains("wavy"));
}

/// For a person to look at: the report of the hand-written run under `target/tmp/report`.
#[test]
fn written_for_the_eye() {
    let out = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    report::write(&evidence(), &out).expect("written");
    assert!(out.join("README.md").exists());
}

#[test]
fn a_map_shows_every_cell_once_and_names_its_kinds() {
    let mut e = evidence();
    let cells = |label: &str, xy: &[(f64, f64)]| flatcert::harness::evidence::Series {
        label: label.into(),
        style: "cells".into(),
        x: xy.iter().map(|p| p.0).collect(),
        y: xy.iter().map(|p| p.1).collect(),
        ..Default::default()
    };
    e.figures[0].panels[0].series = vec![
        cells("holds", &[(1.0, 0.5), (1.0, 0.1)]),
        cells("open", &[]),
        cells("violated", &[(2.0, 0.5), (2.0, 0.1)]),
    ];
    (e.figures[0].panels[0].x_log, e.figures[0].panels[0].y_log) = (false, false);
    let files = report::render(&e).expect("renders");
    let svg = &files.iter().find(|f| f.0.ends_with(".svg")).expect("a figure").1;
    for (colour, cells) in [("#0072B2", 2), ("#E69F00", 2)] {
        // Once more in the legend.
        assert_eq!(svg.to_uppercase().matches(&colour.to_uppercase()).count(), cells + 1, "{colour}");
    }
    assert!(svg.contains(">holds<") && svg.contains(">open<") && svg.contains(">0.5<"), "labels");
    // A cell of no kind, and a curve among cells, are bugs of the claim.
    e.figures[0].panels[0].series[0].x.pop();
    assert!(report::render(&e).is_err());
    e.figures[0].panels[0].series[0].y.pop();
    assert!(report::render(&e).expect_err("a hole").to_string().contains("no kind"));
}

/// The run of [`evidence`] with a page for the result that is refuted as printed.
fn with_results(flaw: Option<FlawEvidence>) -> Evidence {
    let result = ResultEvidence {
        claim: "theorem-2-depth".into(),
        name: "Theorem 2".into(),
        line: 162,
        says: r"$S \ge S_{\min}$".into(),
        flaw,
        reading: None,
        why: "telescoping".into(),
    };
    Evidence { results: vec![result], ..evidence() }
}

fn flaw(root: Option<&str>) -> Option<FlawEvidence> {
    let (words, fails, repaired) = ("false without the head".into(), "$w = 1/2$".into(), r"$S \ge c$".into());
    Some(FlawEvidence { weight: Weight::A, root: root.map(String::from), words, fails, repaired })
}

#[test]
fn the_words_of_a_page_are_held_against_the_run() {
    assert_eq!(report::problems(&with_results(flaw(None))), report::problems(&evidence()));
    let found = |e: &Evidence, what: &str| report::problems(e).iter().any(|p| p.contains(what));
    assert!(found(&with_results(None), "theorem-2-depth: refuted as printed, and its page finds no fault"));
    assert!(found(&with_results(flaw(Some("gradient"))), "inherits the error of gradient, which has none"));
    let mut sound = with_results(flaw(None));
    sound.results[0].claim = "gradient".into();
    assert!(found(&sound, "gradient: its page finds a fault that the run does not"));
    sound.results[0].claim = "gone".into();
    assert!(found(&sound, "gone: a stated result that is no claim of this run"));
}

#[test]
fn the_first_page_says_yes_only_where_everything_stands() {
    let first = |e: &Evidence| page(e, "README.md");
    let mut e = with_results(flaw(None));
    assert!(first(&e).contains("**Yes, with a correction.**"), "{}", first(&e));
    let corrected = e.claims.iter_mut().find(|c| c.id == "theorem-2-depth").unwrap();
    corrected.forms[1].outcome = Outcome::Undecided;
    assert!(first(&e).contains("**Not decided by this run.**"), "{}", first(&e));
    assert!(first(&e).contains("the corrected form did not stand in this run"));
    insta::assert_snapshot!("layout_of_a_result", page(&with_results(flaw(None)), "results/theorem-2-depth.md"));
}

/// The heading's anchor, as it is made where markdown is shown.
fn anchors(page: &str) -> Vec<String> {
    let headings = page
        .lines()
        .filter(|l| l.starts_with('#'))
        .map(|l| text::anchor(&l.trim_start_matches('#').trim().replace(' ', "-")));
    let named = page.split("<a id=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id.to_string());
    headings.chain(named).collect()
}

#[test]
fn every_link_of_the_committed_report_resolves() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    let files = report::render_rounded(&split::read(&root).expect("the committed evidence")).expect("renders");
    let pages: BTreeMap<&str, &str> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (mut seen, mut broken) = (0, Vec::new());
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".md")) {
        let folder = Path::new(name).parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let link = link.split(' ').next().unwrap();
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let mut target: Vec<&str> = folder.iter().map(|p| p.to_str().unwrap()).collect();
            path.split('/').filter(|p| !p.is_empty()).for_each(|p| match p {
                ".." if !target.is_empty() => drop(target.pop()),
                p => target.push(p),
            });
            let target = if path.is_empty() { name.clone() } else { target.join("/") };
            let there = match pages.get(target.as_str()) {
                Some(page) => anchor.is_empty() || anchors(page).iter().any(|a| a == anchor),
                None => root.join(&target).exists(),
            };
            seen += 1;
            if !there && !link.starts_with("http") {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(seen > 5000 && broken.is_empty(), "{seen} links:\n{}", broken.join("\n"));
}

#[test]
fn a_result_has_a_file_of_its_own() {
    let e = evidence();
    let files = split::files(&report::rounded(&e)).expect("files");
    let names: Vec<&str> = files.iter().map(|f| f.0.as_str()).collect();
    let expected = [
        "evidence.json",
        "evidence/gradient.json",
        "evidence/lemma-4-minus.json",
        "evidence/theorem-2-depth.json",
        "evidence/corollary-3.json",
        "evidence/proofs/lemma-4-minus.json",
        "evidence/proofs/corollary-3.json",
        "evidence/figures/rescaling.json",
    ];
    assert_eq!(names, expected);
    // A change of one result is a change of its file, and where its outcome moves, of one line of the index.
    let mut other = e.clone();
    other.claims[1].forms[0].holds += 1;
    other.claims[4].forms[0].holds += 1;
    let moved = split::files(&report::rounded(&other)).expect("files");
    let differ: Vec<&str> = files.iter().zip(&moved).filter(|(a, b)| a.1 != b.1).map(|(a, _)| a.0.as_str()).collect();
    assert_eq!(differ, ["evidence/lemma-4-minus.json", "evidence/proofs/lemma-4-minus.json"]);
}

#[test]
fn evidence_is_read_from_a_folder_or_its_index_and_what_is_none_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    report::write(&evidence(), place.path()).expect("written");
    let index = place.path().join("evidence.json");
    for path in [place.path(), &index] {
        let read = split::read(path).expect("read");
        assert_eq!(read.claims.len(), evidence().claims.len());
        same(&evidence(), &report::render_rounded(&read).expect("renders"));
    }
    let refused = |text: &str, words: &str| {
        fs::write(&index, text).expect("written");
        let e = split::read(place.path()).expect_err(words);
        assert!(e.is_input() && e.to_string().contains(words), "{e}");
    };
    refused(r#"{"schema": "flatcert.evidence/1", "claims": []}"#, "flatcert.evidence/1, expected flatcert.evidence/2");
    refused("{}", "no schema");
    refused("[", "no evidence of a report");
    assert!(split::read(&place.path().join("nowhere")).is_err());
}

/// The committed figures, panel by panel.
fn panels() -> Vec<(String, flatcert::harness::evidence::Panel)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    let e = split::read(&root).expect("the committed evidence");
    e.figures.into_iter().flat_map(|f| f.panels.into_iter().map(move |p| (f.id.clone(), p))).collect()
}

#[test]
fn a_setting_has_one_colour_and_names_are_words() {
    let all = panels();
    assert_eq!(all.len(), 48);
    for (id, panel) in all {
        for axis in [&panel.x_label, &panel.y_label] {
            assert!(!axis.is_empty() && !axis.contains("integrator") && !axis.contains("segment"), "{id}: {axis}");
        }
        for s in &panel.series {
            assert!(!s.label.contains('/') || s.label.contains(' '), "{id}: {} is an internal name", s.label);
        }
        // A band goes with a curve or a bound of its colour.
        for band in panel.series.iter().filter(|s| s.style == "band") {
            let with = panel.series.iter().filter(|s| s.style != "band" && s.colour == band.colour);
            assert!(band.colour.is_some() && with.count() > 0, "{id}: a band alone");
        }
        // Curves that are told apart have colours that are, up to the bound of a curve.
        let lines = panel.series.iter().filter(|s| s.style == "line" && !s.label.is_empty());
        let mut colours: Vec<Option<u8>> = lines.map(|s| s.colour).filter(Option::is_some).collect();
        let count = colours.len();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), count, "{id}: two curves of one colour");
    }
}

#[test]
fn a_picture_says_in_words_what_it_shows() {
    let e = evidence();
    let figure = &e.figures[0];
    let svg = figures::svg(figure).expect("drawn");
    assert!(svg.contains("role=\"img\"><title>Rescaling two layers</title><desc>"), "{}", &svg[..200]);
    let words = figures::alternative(figure);
    for part in ["sharpness (logarithmic) against C (logarithmic)", "lower bound of Theorem 2: from ", "25 points"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(page(&e, "claims.md").contains("![Rescaling two layers. sharpness (logarithmic)"));
    let pictures = report::render(&e).expect("renders");
    let pictures: Vec<_> = pictures.iter().filter(|f| f.0.ends_with(".svg") && !f.0.ends_with("/graph.svg")).collect();
    assert_eq!(pictures.len(), 1);
    for (id, svg) in pictures {
        // Every name is beside the curves, once (and in the words).
        let drawn = svg.split("</desc>").nth(1).expect("a picture");
        for label in ["instances", "sharpness", "certified enclosure"] {
            assert!(drawn.contains(&format!(">{label}<")), "{id}: {label}");
        }
    }
}

#[test]
fn several_panels_have_their_names_once() {
    let mut e = evidence();
    let panel = e.figures[0].panels[0].clone();
    e.figures[0].panels = vec![panel.clone().titled("left"), panel.clone().titled("middle"), panel.titled("right")];
    let svg = figures::svg(&e.figures[0]).expect("drawn");
    let drawn = svg.split("</desc>").nth(1).expect("a picture");
    assert_eq!(drawn.matches(">instances<").count(), 1, "one legend");
    for title in ["left", "middle", "right"] {
        assert_eq!(drawn.matches(&format!(">{title}<")).count(), 1, "{title}");
    }
}
