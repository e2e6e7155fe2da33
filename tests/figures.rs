//! `flatcert figures` as a user runs it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A grid that takes no time.
const SMALL: [&str; 12] =
    ["--n", "20", "--d", "3", "--depth", "4", "--steps", "300", "--repetitions", "4", "--trajectory-steps", "60"];

fn command(folder: &TempDir, more: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_flatcert"));
    // No lines of progress, however slow the machine.
    c.current_dir(folder.path()).env("FLATCERT_PROGRESS_SECONDS", "1e6").arg("figures").args(more);
    c
}

fn run(folder: &TempDir, more: &[&str]) -> Output {
    command(folder, more).output().expect("the binary runs")
}

fn json(folder: &TempDir, more: &[&str]) -> Value {
    let done = run(folder, &[more, &["--json"]].concat());
    assert_eq!((done.status.code(), text(&done.stderr)), (Some(0), String::new()));
    serde_json::from_slice(&done.stdout).expect("one JSON object")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Names and contents of a folder's files.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let name = |p: &PathBuf| p.file_name().expect("a name").to_string_lossy().into_owned();
    entries.map(|p| (name(&p), fs::read(&p).expect("a file"))).collect()
}

/// Rows of a table, each by column.
fn table(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(name)).expect("a table");
    reader.deserialize().map(|r| r.expect("a row")).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

#[test]
fn every_figure_has_a_picture_a_table_and_its_numbers() {
    let folder = TempDir::new().expect("a folder");
    let v = json(&folder, &[&SMALL[..], &["--out", "out"]].concat());
    let out = folder.path().join("out");
    let mut expected: Vec<String> = Vec::new();
    for id in ["1a", "1b", "1c", "1c-scale-0.35", "1d", "1d-scale-0.35", "2", "3a", "3b", "3c", "3d", "4"] {
        expected.extend(["csv", "json", "svg"].map(|e| format!("figure-{id}.{e}")));
    }
    expected.extend(["runs-gaussian.csv".to_string(), "runs-residual.csv".to_string()]);
    let mut all = [&expected[..], &["manifest.json".to_string()]].concat();
    all.sort_unstable();
    expected.sort_unstable();
    assert_eq!(files(&out).into_keys().collect::<Vec<_>>(), all);
    assert_eq!(v["schema"], "flatcert.figures/1");
    assert_eq!((v["runs"].as_u64(), v["interrupted"].as_bool()), (Some(400), Some(false)));
    assert_eq!(v["files"].as_array().map(Vec::len), Some(expected.len()));
    let data = &v["data"];
    let of = |name: &str| data[name].as_f64().expect("a number");
    assert!((of("two_over_s_min") * of("s_min") - 2.0).abs() < 1e-12 && of("lambda") < of("Lambda"));
    assert!(of("two_over_s_star") <= of("two_over_2lq") && of("two_over_2lq") <= of("two_over_s_min"));
    for name in expected.iter().filter(|n| n.ends_with(".json")) {
        assert_ne!(name, "manifest.json");
        let figure: Value = serde_json::from_slice(&fs::read(out.join(name)).expect("a file")).expect("JSON");
        assert_eq!(figure["schema"], "flatcert.figure/2");
        assert!(figure["figure"]["panels"][0]["series"].as_array().is_some_and(|s| !s.is_empty()), "{name}");
        let svg = fs::read_to_string(out.join(name.replace("json", "svg"))).expect("a picture");
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{name}");
    }
}

#[test]
fn tables_say_what_the_runs_say() {
    let folder = TempDir::new().expect("a folder");
    let more = ["--only", "1a,1b,1c,1d,2", "--rates", "0.05,0.9", "--scales", "0.3,0.9", "--out", "out"];
    let done = run(&folder, &[&SMALL[..], &more].concat());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    for words in [
        "2/S_min = ",
        "lambda = ",
        "Lambda = ",
        "16 runs",
        "figure 1d, scale 0.3, draw ",
        "figure 1d, scale 0.9, draw ",
        " of 20 draws do what the caption says: eta = 0.9",
        "sharpness at the end in [",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let out = folder.path().join("out");
    let runs = table(&out, "runs-gaussian.csv");
    assert_eq!(runs.len(), 16);
    let seeds: std::collections::BTreeSet<&String> = runs.iter().map(|r| &r["start_seed"]).collect();
    assert_eq!(seeds.len(), 16, "every run has its own start");
    let diverged = |r: &&BTreeMap<String, String>| !r["diverged_at"].is_empty();
    assert!(runs.iter().any(|r| diverged(&r)) && runs.iter().any(|r| !diverged(&r)));
    for cell in table(&out, "figure-1a.csv") {
        let same = |r: &&BTreeMap<String, String>| r["eta"] == cell["eta"] && r["scale"] == cell["scale"];
        let of: Vec<_> = runs.iter().filter(same).collect();
        let count = of.iter().filter(|r| diverged(r)).count();
        assert_eq!((of.len(), count.to_string()), (4, cell["diverged"].clone()));
        let ended: Vec<f64> = of.iter().filter(|r| !diverged(r)).map(|r| number(r, "distance_squared")).collect();
        if ended.is_empty() {
            assert_eq!(
                (cell["distance_squared"].as_str(), cell["lo"].as_str()),
                ("", ""),
                "no point where all diverged"
            );
        } else {
            let mean = ended.iter().sum::<f64>() / ended.len() as f64;
            assert!((number(&cell, "distance_squared") - mean).abs() <= 1e-12 * mean);
            assert!(number(&cell, "lo") <= mean * (1.0 + 1e-12) && number(&cell, "hi") >= mean * (1.0 - 1e-12));
            // The authors divide by d.
            assert!((number(&cell, "distance_squared_over_d") - mean / 3.0).abs() <= 1e-12 * mean);
        }
    }
    for cell in table(&out, "figure-2.csv") {
        assert_eq!(number(&cell, "probability"), number(&cell, "diverged") / 4.0);
        assert!(
            number(&cell, "lo") <= number(&cell, "probability") && number(&cell, "probability") <= number(&cell, "hi")
        );
    }
    let steps = table(&out, "figure-1c.csv");
    assert_eq!(steps.len(), 61);
    assert_eq!((number(&steps[60], "step"), number(&steps[60], "two_over_eta")), (60.0, 2.0 / 0.05));
    // The largest rate diverges: its table ends there.
    let steps = table(&out, "figure-1d.csv");
    assert!(steps.len() > 1 && steps.len() <= 61, "{}", steps.len());
    for (step, row) in steps.iter().enumerate() {
        assert_eq!((number(row, "step"), number(row, "two_over_eta")), (step as f64, 2.0 / 0.9));
    }
}

#[test]
fn a_seed_gives_the_same_files_on_any_number_of_threads_and_other_runs_do_not_matter() {
    let folder = TempDir::new().expect("a folder");
    for (jobs, out) in [("1", "one"), ("3", "three")] {
        json(&folder, &[&SMALL[..], &["--only", "1,3b,4", "--jobs", jobs, "--out", out]].concat());
    }
    assert_eq!(files(&folder.path().join("one")), files(&folder.path().join("three")));
    json(&folder, &[&SMALL[..], &["--only", "1a", "--rates", "0.07", "--out", "alone"]].concat());
    let of = |out: &str| table(&folder.path().join(out), "runs-gaussian.csv");
    let seventh: Vec<_> = of("one").into_iter().filter(|r| r["eta"] == "0.07").collect();
    assert_eq!(seventh, of("alone"));
    json(&folder, &[&SMALL[..], &["--only", "1a", "--rates", "0.07", "--seed", "2", "--out", "other"]].concat());
    assert_ne!(of("alone"), of("other"));
}

#[test]
fn real_data_in_place_of_the_gaussian() {
    let folder = TempDir::new().expect("a folder");
    let small = ["--depth", "3", "--steps", "200", "--repetitions", "2", "--rates", "0.01"];
    let v = json(&folder, &[&small[..], &["--only", "1b,2", "--data", "diabetes", "--out", "diabetes"]].concat());
    assert_eq!((v["data"]["n"].as_u64(), v["data"]["d"].as_u64()), (Some(442), Some(10)));
    // Longley's covariance is singular in doubles and large: every run diverges, and that is said.
    let v = json(&folder, &[&small[..], &["--only", "1a,1c,2", "--data", "longley", "--out", "longley"]].concat());
    assert_eq!(v["diverged"], v["runs"]);
    let notes = v["notes"].as_array().expect("notes");
    assert!(notes.iter().any(|n| n.as_str().is_some_and(|s| s.contains("figure 1a: every run diverged"))), "{notes:?}");
    assert!(files(&folder.path().join("longley")).contains_key("figure-1a.csv"));
    let x: String = (0..8).map(|i| format!("{},{}\n", i % 3, (i * i) % 5)).collect();
    let y: String = (0..8).map(|i| format!("{}\n", 2 * i)).collect();
    fs::write(folder.path().join("x.csv"), x).expect("written");
    fs::write(folder.path().join("y.csv"), y).expect("written");
    let own = ["--x", "x.csv", "--y", "y.csv", "--only", "1a", "--out", "own"];
    assert_eq!(json(&folder, &[&small[..], &own].concat())["data"]["d"], 2);
}

#[test]
fn what_makes_no_sense_is_refused_in_one_line() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("file"), "").expect("written");
    let cases: [(&[&str], &str); 21] = [
        (&["--rates", "0"], "--rates 0"),
        (&["--rates", "-0.1,0.1"], "--rates -0.1"),
        (&["--rates", "nan"], "--rates NaN"),
        (&["--rates", "0.1,0.1"], "given twice"),
        (&["--scales", "0"], "--scales 0"),
        (&["--scales", "0.3,0.4,0.3"], "--scales 0.3: given twice"),
        (&["--trajectory-steps", "10000000000"], "are free"),
        (&["--scales", "-1"], "--scales -1"),
        (&["--residual-scales", "-0.5"], "--residual-scales -0.5"),
        (&["--steps", "0"], "--steps 0"),
        (&["--steps", "1,2"], "2 numbers for 5 rates"),
        (&["--trajectory-steps", "0"], "--trajectory-steps 0"),
        (&["--repetitions", "0"], "--repetitions 0"),
        (&["--depth", "0"], "--depth 0"),
        (&["--n", "3", "--d", "5"], "n >= d >= 1"),
        (&["--only", "5"], "no figure '5': there are 1a, 1b"),
        (&["--repetitions", "1000000000000"], "PiB"),
        (&["--d", "100000000", "--n", "1000000000"], "are free"),
        (&["--depth", "1000000000000000"], "are free"),
        (&["--data", "iris"], "iris"),
        (&["--out", "file"], "file"),
    ];
    for (more, words) in cases {
        let done = run(&folder, more);
        let said = text(&done.stderr);
        assert_eq!((done.status.code(), said.lines().count()), (Some(2), 1), "{more:?}: {said}");
        assert!(said.starts_with("flatcert: ") && said.contains(words) && done.stdout.is_empty(), "{more:?}: {said}");
    }
    assert_eq!(files(folder.path()).len(), 1, "nothing was written");
}

/// Waits for the line that says that so many per cent of the work are done; the rest is read by a thread.
#[cfg(unix)]
fn under_way(child: &mut std::process::Child, percent: f64) {
    let mut lines = std::io::BufReader::new(child.stderr.take().expect("piped"));
    let mut done = -1.0;
    while done < percent {
        let mut said = String::new();
        std::io::BufRead::read_line(&mut lines, &mut said).expect("a line");
        let before = said.split(" % of ").next().and_then(|part| part.split_whitespace().last());
        assert!(said.contains("run-steps"), "it ended at {done} %: {said}");
        done = before.and_then(|number| number.parse().ok()).expect("per cent of the run-steps");
    }
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
}

#[cfg(unix)]
#[test]
fn an_interrupted_call_is_taken_up_again_to_the_same_bytes() {
    let folder = TempDir::new().expect("a folder");
    // Some seconds of work in runs of some hundredths.
    let grid =
        ["--only", "1a,2", "--rates", "0.005,0.02", "--scales", "0.3,0.4", "--steps", "150000", "--repetitions", "200"];
    let kept = folder.path().join("out/unfinished.checkpoint");
    let mut resumed = 0;
    // With many threads no run may have ended at the first of these.
    for percent in [2.0, 10.0, 40.0] {
        let more = [&grid[..], &["--out", "out", "--json"]].concat();
        let mut call = command(&folder, &more);
        call.env("FLATCERT_PROGRESS_SECONDS", "0.01").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = call.spawn().expect("it starts");
        under_way(&mut child, percent);
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs").success());
        let done = child.wait_with_output().expect("it ends");
        assert_eq!(done.status.code(), Some(130));
        let v: Value = serde_json::from_slice(&done.stdout).expect("one JSON object");
        assert_eq!(v["interrupted"], true);
        assert_eq!(v["resumed"], resumed, "what was kept is not done again");
        resumed = v["runs"].as_u64().expect("a count");
        assert_eq!(fs::read_to_string(&kept).expect("a checkpoint").lines().count() as u64, resumed + 1);
        if resumed > 0 {
            break;
        }
    }
    assert!(resumed > 0 && resumed < 800);
    let other = run(&folder, &[&grid[..], &["--out", "out", "--seed", "3"]].concat());
    assert!(
        other.status.code() == Some(2) && text(&other.stderr).contains("other settings"),
        "{}",
        text(&other.stderr)
    );
    let v = json(&folder, &[&grid[..], &["--out", "out"]].concat());
    assert_eq!((v["resumed"].as_u64(), v["runs"].as_u64()), (Some(resumed), Some(800)));
    assert!(!kept.exists(), "what is finished is no longer unfinished");
    let v = json(&folder, &[&grid[..], &["--jobs", "1", "--out", "at-once"]].concat());
    assert_eq!(v["resumed"], 0);
    assert_eq!(files(&folder.path().join("out")), files(&folder.path().join("at-once")));
}

#[test]
fn what_cannot_be_written_does_not_lose_what_was_run() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    fs::create_dir_all(out.join("figure-4.svg")).expect("a folder in the way");
    let call = [&SMALL[..], &["--only", "1a,4", "--out", "out"]].concat();
    let done = run(&folder, &call);
    assert_eq!((done.status.code(), text(&done.stdout)), (Some(2), String::new()));
    assert!(text(&done.stderr).contains("figure-4.svg: a folder is in the way"), "{}", text(&done.stderr));
    let names = fs::read_dir(&out).expect("a folder").map(|e| e.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|n| n.to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["figure-4.svg", "unfinished.checkpoint"], "nothing half-written, the runs kept");
    fs::remove_dir(out.join("figure-4.svg")).expect("an empty folder");
    let v = json(&folder, &call);
    assert_eq!(v["resumed"], v["runs"]);
    let whole = TempDir::new().expect("a folder");
    json(&whole, &call);
    assert!(files(&out) == files(&whole.path().join("out")), "the same bytes as in one go");
}

#[cfg(unix)]
#[test]
fn single_runs_stop_when_they_are_interrupted() {
    let folder = TempDir::new().expect("a folder");
    let mut child = command(&folder, &["--only", "1c", "--trajectory-steps", "2000000", "--out", "out"])
        .env("FLATCERT_PROGRESS_SECONDS", "0.01")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    under_way(&mut child, 0.0);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let out = folder.path().join("out");
    assert_eq!(files(&out).into_keys().collect::<Vec<_>>(), ["unfinished.checkpoint"]);
}

#[test]
fn a_call_leaves_no_files_of_an_earlier_one_beside_its_own() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let small = [&SMALL[..], &["--scales", "0.3", "--rates", "0.05", "--out", "out"]].concat();
    json(&folder, &[&small[..], &["--only", "1a,1c,2"]].concat());
    fs::write(out.join("notes.txt"), "mine").expect("written");
    fs::write(out.join("figure-1c.csv"), "changed by hand").expect("written");
    let v = json(&folder, &[&small[..], &["--only", "2"]].concat());
    let names: Vec<String> = files(&out).into_keys().collect();
    let own = ["figure-2.csv", "figure-2.json", "figure-2.svg"];
    assert_eq!(names, [&["figure-1c.csv"], &own[..], &["manifest.json", "notes.txt", "runs-gaussian.csv"]].concat());
    assert!(v["notes"].to_string().contains("figure-1c.csv: of an earlier call, and changed since"), "{}", v["notes"]);
    // What is no longer in the list is nobody's: the next call leaves it.
    json(&folder, &[&small[..], &["--only", "2"]].concat());
    assert_eq!(files(&out).into_keys().collect::<Vec<_>>(), names);
    // A list that names files elsewhere removes nothing.
    fs::write(folder.path().join("elsewhere"), "").expect("written");
    let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let list = format!("{{\"schema\":\"flatcert.manifest/1\",\"files\":{{\"../elsewhere\":\"{sum}\"}}}}");
    fs::write(out.join("manifest.json"), list).expect("written");
    json(&folder, &[&small[..], &["--only", "2"]].concat());
    assert!(folder.path().join("elsewhere").exists());
}

fn figure(folder: &Path, id: &str) -> Value {
    let bytes = fs::read(folder.join(format!("figure-{id}.json"))).expect("a file");
    serde_json::from_slice::<Value>(&bytes).expect("JSON")["figure"].clone()
}

fn labels(figure: &Value) -> Vec<String> {
    let series = figure["panels"][0]["series"].as_array().expect("a list");
    series.iter().map(|s| s["label"].as_str().expect("a label").to_string()).filter(|l| !l.is_empty()).collect()
}

#[test]
fn rates_at_the_ends_of_the_doubles_are_drawn_or_said() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    for rate in ["1e-308", "5e-324", "1e308", "1e-300,0.1", "1e100"] {
        let v = json(&folder, &[&SMALL[..], &["--only", "1,2,3", "--rates", rate, "--out", "out"]].concat());
        assert!(v["files"].as_array().is_some_and(|f| f.len() > 4), "{rate}");
        let notes = v["notes"].to_string();
        assert!(!notes.contains("00000000") && !notes.contains("was there"), "{notes}");
        let pictures = files(&out).into_iter().filter(|(name, _)| name.ends_with(".svg"));
        for (name, bytes) in pictures {
            assert!(!String::from_utf8_lossy(&bytes).contains(&"0".repeat(20)), "{rate}: {name}");
        }
    }
    for scale in ["1e-300", "1e300"] {
        json(&folder, &[&SMALL[..], &["--only", "1,2", "--scales", scale, "--rates", "0.1", "--out", "out"]].concat());
    }
    assert!(out.join("figure-2.csv").exists());
}

#[test]
fn the_legend_names_every_rate_and_every_threshold() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let rates = "0.001,0.002,0.003,0.004,0.005,0.006,0.007,0.008,0.009,0.05,9";
    json(&folder, &[&SMALL[..], &["--only", "1a,1b,2", "--rates", rates, "--out", "out"]].concat());
    let svg = |id: &str| fs::read_to_string(out.join(format!("figure-{id}.svg"))).expect("a picture");
    for id in ["1a", "1b", "2"] {
        let (figure, picture) = (figure(&out, id), svg(id));
        // In the picture itself, not only in its description; a long name has several lines.
        let drawn = picture.split("</desc>").nth(1).expect("a picture");
        for label in labels(&figure) {
            assert!(label.split(' ').all(|word| drawn.contains(word)), "{id}: {label}");
        }
    }
    // Seven rates have seven colours, whichever of the paper's are among them.
    for rates in ["0.001,0.002,0.003,0.004,0.006,0.007,0.008", "0.002,0.005,0.02,0.03,0.1,0.15,0.2"] {
        json(&folder, &[&SMALL[..], &["--only", "1a", "--rates", rates, "--out", "seven"]].concat());
        let drawn = figure(&folder.path().join("seven"), "1a");
        let lines = drawn["panels"][0]["series"].as_array().expect("a list").iter();
        let of_rates = lines.filter(|s| s["label"].as_str().is_some_and(|l| l.starts_with("η = ")));
        let colours: Vec<u64> = of_rates.filter_map(|s| s["colour"].as_u64()).collect();
        assert_eq!((colours.len(), colours.iter().collect::<std::collections::BTreeSet<_>>().len()), (7, 7));
    }
    let distance = labels(&figure(&out, "1a"));
    for rate in rates.split(',') {
        assert!(
            distance.iter().any(|l| *l == format!("η = {rate}") || *l == format!("η = {rate}: every run diverged")),
            "{rate}: {distance:?}"
        );
    }
    assert!(distance.contains(&"η = 9: every run diverged".to_string()), "{distance:?}");
    let sharpness = labels(&figure(&out, "1b"));
    for label in ["2/η = 40", "2/η = 2000", "2/η = 0.2222", "trained, η = 9: every run diverged"] {
        assert!(sharpness.contains(&label.to_string()), "{label}: {sharpness:?}");
    }
}

#[test]
fn what_has_converged_is_marked() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let more =
        ["--only", "3a", "--rates", "0.05,0.04", "--residual-scales", "0,0.5,1", "--steps", "4000", "--out", "out"];
    json(&folder, &[&["--n", "20", "--d", "3", "--depth", "4", "--repetitions", "4"], &more[..]].concat());
    let figure = figure(&out, "3a");
    let series = figure["panels"][0]["series"].as_array().expect("a list");
    let lowest = series.iter().flat_map(|s| s["y"].as_array().expect("a list")).filter_map(Value::as_f64);
    assert_eq!(lowest.fold(f64::INFINITY, f64::min), -15.0);
    let marked =
        series.iter().find(|s| s["label"].as_str().is_some_and(|l| l.starts_with("converged"))).expect("marks");
    // Once, at how many rates it may be.
    assert_eq!(marked["x"], serde_json::json!([0.0, 0.5, 1.0]));
    assert!(figure["caption"].as_str().expect("a caption").contains("24 of the 24 runs are"), "{}", figure["caption"]);
    // The table keeps what was computed.
    assert!(table(&out, "figure-3a.csv").iter().all(|r| number(r, "distance_squared") < 1e-20));
}

#[test]
fn single_runs_do_what_the_caption_says_or_it_says_that_none_does() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    json(&folder, &["--only", "1c,1d,3d", "--out", "out"]);
    for (id, crosses) in [("1c", false), ("1d", true), ("1d-scale-0.35", true), ("3d", true)] {
        let steps = table(&out, &format!("figure-{id}.csv"));
        let above: Vec<bool> = steps.iter().map(|r| number(r, "sharpness") > number(r, "two_over_eta")).collect();
        let crossings = above.windows(2).filter(|w| w[0] != w[1]).count();
        assert_eq!(crossings >= 10, crosses, "{id}: {crossings} crossings");
        assert!(crosses || !above.contains(&true));
        let caption = figure(&out, id)["caption"].as_str().expect("a caption").to_string();
        assert!(caption.contains("Of 20 draws of the data and the start, ") && !caption.contains(", 0 "), "{caption}");
    }
    // With a rate at which nothing reaches 2/eta, none does, and that is said.
    json(&folder, &[&SMALL[..], &["--only", "1d", "--rates", "1e-6", "--scales", "0.3", "--out", "slow"]].concat());
    let caption = figure(&folder.path().join("slow"), "1d")["caption"].as_str().expect("a caption").to_string();
    assert!(caption.contains("start, 0 pass") && caption.contains("which does not"), "{caption}");
}

#[test]
fn the_order_of_the_scales_does_not_matter() {
    let folder = TempDir::new().expect("a folder");
    for (scales, out) in [("0.5,0.3,0.4", "a"), ("0.3,0.4,0.5", "b")] {
        json(&folder, &[&SMALL[..], &["--only", "1a,1b,2", "--scales", scales, "--out", out]].concat());
    }
    assert!(files(&folder.path().join("a")) == files(&folder.path().join("b")));
}

#[test]
fn the_flow_of_data_that_it_does_not_fit_is_left_out_with_a_note() {
    let folder = TempDir::new().expect("a folder");
    let v = json(&folder, &["--only", "1a,beyond", "--data", "hald", "--repetitions", "2", "--out", "out"]);
    let notes = v["notes"].to_string();
    assert!(notes.contains("the flow from Gaussian, scale 0.35: not drawn"), "{notes}");
    assert!(files(&folder.path().join("out")).contains_key("figure-1a.svg"));
}
