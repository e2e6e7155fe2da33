//! `flatcert flow` as a user runs it.

use flatcert::network::{Network, initialise};
use nalgebra::{DMatrix, DVector};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Data of three columns, a network of depth 4 with a last layer of zeros.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new() -> Self {
        let case = Self { folder: TempDir::new().expect("a folder") };
        let rows = 12;
        let entry = |i: usize, j: usize| ((i * (2 * j + 3) + j * j) % 7) as f64 - 3.0 + 0.1 * (i as f64) * (j as f64);
        let line = |i: usize| (0..3).map(|j| entry(i, j).to_string()).collect::<Vec<_>>().join(",");
        let x: String = (0..rows).map(|i| line(i) + "\n").collect();
        let y: String = (0..rows).map(|i| format!("{}\n", 1.5 * entry(i, 0) - entry(i, 2) + 0.3)).collect();
        fs::write(case.path("x.csv"), x).expect("written");
        fs::write(case.path("y.csv"), y).expect("written");
        case.weights(0.0005, 4);
        case
    }
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    fn weights(&self, scale: f64, zero: usize) -> Network<f64> {
        let net = initialise::small_scale(&[3, 3, 3, 3, 1], DVector::from_element(1, 1.0), scale, zero, 3).expect("ok");
        net.save(&self.path("net.npz")).expect("saved");
        net
    }
    fn command(&self, more: &[&str]) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_flatcert"));
        // No lines of progress, however slow the machine.
        c.current_dir(self.folder.path()).env("FLATCERT_PROGRESS_SECONDS", "1e6");
        c.args(["flow", "--x", "x.csv", "--y", "y.csv", "--weights", "net.npz"]).args(more);
        c
    }
    fn run(&self, more: &[&str]) -> Output {
        self.command(more).output().expect("the binary runs")
    }
    fn json(&self, more: &[&str]) -> Value {
        let done = self.run(&[more, &["--json"]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        assert_eq!(text(&done.stderr), "");
        serde_json::from_slice(&done.stdout).expect("one JSON object")
    }
    /// Exit code 2, one line that says each of `words`, nothing on standard output.
    fn refused(&self, more: &[&str], words: &[&str]) {
        let done = self.run(more);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{more:?}: {said}");
        assert!(done.stdout.is_empty());
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with("flatcert: ") && words.iter().all(|w| said.contains(w)), "{more:?}: {said}");
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn hypothesis<'a>(v: &'a Value, id: &str) -> &'a Value {
    let all = v["hypotheses"].as_array().expect("a list");
    all.iter().find(|h| h["id"] == id).expect("there")
}

fn claim<'a>(v: &'a Value, id: &str) -> &'a Value {
    v["claims"].as_array().expect("a list").iter().find(|c| c["id"] == id).expect("there")
}

#[test]
fn flows_to_the_gap_and_says_what_holds() {
    let case = Case::new();
    let v = case.json(&["--save", "out.npz"]);
    assert_eq!(v["schema"], "flatcert.flow/2");
    assert_eq!(v["stopped"], "gap");
    assert_eq!(v["final"]["schema"], "flatcert.inspect/2");
    assert_eq!(v["data"], v["final"]["data"]);
    assert!(v["excess_risk"]["end"].as_f64().expect("a number") <= 1e-20);
    assert!(v["final"]["excess_risk"]["hi"].as_f64().expect("a number") <= 1e-19);
    assert!(v["time"].as_f64().expect("a number") > 1e4, "{}", v["time"]);
    for id in ["A1", "A2", "A3"] {
        assert_eq!(hypothesis(&v, id)["outcome"], "Holds", "{id}");
    }
    for id in ["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment", "corollary-1", "corollary-3"] {
        assert_eq!((&claim(&v, id)["outcome"], &claim(&v, id)["grade"]), (&"Holds".into(), &"Computed".into()), "{id}");
    }
    assert!(v["invariants"]["lemma_1_drift"].as_f64().expect("a number") < 1e-8);
    let saved = Network::load(&case.path("out.npz"), None).expect("it reads back");
    assert_eq!(saved.widths(), [3, 3, 3, 3, 1]);
    case.json(&["--save", "out.safetensors", "--gap", "1e-6"]);
    let tensors = Network::load(&case.path("out.safetensors"), None).expect("it reads back");
    assert_eq!(tensors.widths(), saved.widths());
    // Going on from what was saved: already there.
    fs::rename(case.path("out.npz"), case.path("net.npz")).expect("renamed");
    let again = case.json(&["--gap", "1e-19"]);
    assert_eq!((&again["steps"], &again["stopped"]), (&0.into(), &"gap".into()));
}

#[test]
fn readable_without_a_terminal() {
    let case = Case::new();
    let done = case.run(&["--standardise"]);
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(text(&done.stderr), "", "no progress in a pipe");
    for word in ["stopped", "R - R_min", "sharpness", "assumption (A3)", "corollary-3"] {
        assert!(text(&done.stdout).contains(word), "{word}: {}", text(&done.stdout));
    }
}

#[test]
fn says_what_is_not_claimed() {
    let case = Case::new();
    // Too large for (A3).
    case.weights(0.5, 4);
    let v = case.json(&[]);
    assert_eq!(hypothesis(&v, "A3")["outcome"], "Fails");
    assert_eq!(claim(&v, "corollary-3")["outcome"], "OutOfScope");
    assert_eq!(claim(&v, "lemma-2-balance")["outcome"], "Holds");
    // The gradient vanishes: two layers are zero.
    let net = case.weights(0.5, 4);
    let mut layers = net.layers().to_vec();
    layers[1] *= 0.0;
    net.with_layers(layers).save(&case.path("net.npz")).expect("saved");
    let v = case.json(&[]);
    assert_eq!((&v["stopped"], &v["steps"]), (&"vanished-gradient".into(), &0.into()));
    let why = hypothesis(&v, "A2")["reason"].as_str().expect("a reason").to_string();
    assert!(why.contains("gradient vanishes"), "{why}");
    assert!(v["remarks"][0].as_str().expect("a line").contains("Theorem 3"), "{}", v["remarks"]);
    // R(0) > R_0.
    let layers = net.layers().iter().map(|w| w.map(|_| 1.0)).collect();
    net.with_layers(layers).save(&case.path("net.npz")).expect("saved");
    let v = case.json(&["--gap", "1e-6"]);
    assert!(hypothesis(&v, "A2")["reason"].as_str().expect("a reason").contains("R_0"));
    assert_eq!((&claim(&v, "corollary-1")["outcome"], &v["stopped"]), (&"OutOfScope".into(), &"gap".into()));
}

#[test]
fn budgets_state_what_is_known() {
    let case = Case::new();
    for (more, stopped) in
        [(["--time-budget", "1e-9"], "time-budget"), (["--max-steps", "3"], "max-steps"), (["--t-end", "7"], "t-end")]
    {
        let v = case.json(&more);
        assert_eq!(v["stopped"], stopped);
        let remarks = v["remarks"].to_string();
        assert!(remarks.contains("known so far: R - R_min"), "{remarks}");
    }
}

#[test]
fn mistakes_are_one_line() {
    let case = Case::new();
    case.refused(&["--rtol", "1"], &["--rtol", "1e-1"]);
    case.refused(&["--rtol", "nan"], &["--rtol"]);
    case.refused(&["--atol", "-1"], &["--atol"]);
    case.refused(&["--gap", "-1"], &["--gap"]);
    case.refused(&["--t-end", "inf"], &["--t-end"]);
    case.refused(&["--max-steps", "0"], &["--max-steps"]);
    case.refused(&["--time-budget", "-3"], &["--time-budget"]);
    case.refused(&["--save", "nowhere/out.npz"], &["--save", "nowhere"]);
    case.refused(&["--save", "."], &["--save", "folder"]);
    case.refused(&["--save", "out.npy"], &["--save", "out.npy", ".npz or .safetensors"]);
    case.refused(&["--save", "out"], &["--save", ".npz or .safetensors"]);
    case.refused(&["--save", "./net.npz"], &["--save", "--weights", "never overwritten"]);
    // With an index its shards are read.
    case.weights(0.0005, 4).save(&case.path("shard.safetensors")).expect("saved");
    let names = flatcert::input::Container::open(&case.path("shard.safetensors")).expect("opened").names().to_vec();
    let map: serde_json::Map<String, Value> = names.into_iter().map(|n| (n, "shard.safetensors".into())).collect();
    fs::write(case.path("net.npz"), serde_json::json!({ "weight_map": map }).to_string()).expect("written");
    case.refused(&["--save", "./shard.safetensors"], &["--save", "--weights", "shard.safetensors", "overwritten"]);
    case.weights(0.0005, 4);
    case.refused(&["--certificate", "./x.csv"], &["--certificate", "--x", "never overwritten"]);
    case.refused(&["--certificate", "out.npz", "--save", "./out.npz"], &["--save", "--certificate"]);
    let net = case.weights(0.5, 1);
    let mut layers = net.layers().to_vec();
    layers[2][(0, 1)] = f64::INFINITY;
    net.with_layers(layers).save(&case.path("net.npz")).expect("saved");
    case.refused(&[], &["W3"]);
    let narrow = Network::new(vec![DMatrix::from_element(1, 2, 1.0)], DVector::from_element(1, 1.0)).expect("ok");
    narrow.save(&case.path("net.npz")).expect("saved");
    case.refused(&[], &["W1", "d = 3"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_usable_result() {
    let case = Case::new();
    // Columns of very different sizes: far more steps than anybody waits for, asked for in earnest.
    let x = fs::read_to_string(case.path("x.csv")).expect("written");
    let tiny = |l: &str| l.rsplit_once(',').map(|(rest, last)| format!("{rest},{last}e-5\n")).expect("three columns");
    fs::write(case.path("x.csv"), x.lines().map(tiny).collect::<String>()).expect("written");
    // More parameters than the implicit method takes.
    let wide = initialise::small_scale(&[3, 20, 20, 20, 1], DVector::from_element(1, 1.0), 0.1, 4, 3).expect("ok");
    wide.save(&case.path("net.npz")).expect("saved");
    let more = ["--max-steps", "1000000000000000000", "--save", "out.npz", "--json"];
    let mut child = spawned(&mut case.command(&more));
    // Off a terminal a line now and then says how far it is: the flow is under way.
    let said = line_of(child.stderr.take().expect("piped"));
    assert!(said.contains("R - R_min = ") && said.contains("steps)"), "{said}");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let done = child.wait_with_output().expect("it ends");
    assert_eq!(done.status.code(), Some(130), "{}", text(&done.stderr));
    let v: Value = serde_json::from_slice(&done.stdout).expect("one JSON object");
    assert_eq!(v["stopped"], "interrupted");
    saved(&case.path("out.npz"));
}

/// Says every 20 milliseconds how far it is.
#[cfg(unix)]
fn spawned(command: &mut Command) -> std::process::Child {
    let command = command.env("FLATCERT_PROGRESS_SECONDS", "0.02");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// Its first line; the rest is read by a thread until it ends.
#[cfg(unix)]
fn line_of(stream: impl std::io::Read + Send + 'static) -> String {
    use std::io::BufRead;
    let mut lines = std::io::BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).expect("a line");
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    first
}

#[cfg(unix)]
#[test]
fn an_interrupted_certification_leaves_what_the_flow_found() {
    let case = Case::new();
    // Some seconds of certification.
    let deep = initialise::small_scale(&[3, 6, 6, 6, 6, 6, 1], DVector::from_element(1, 1.0), 0.005, 6, 3).expect("ok");
    deep.save(&case.path("net.npz")).expect("saved");
    let mut child = spawned(&mut case.command(&["--certified", "--save", "out.npz"]));
    let mut said = String::new();
    let mut lines = std::io::BufReader::new(child.stderr.take().expect("piped"));
    while !said.contains("certifying: ") {
        said.clear();
        std::io::BufRead::read_line(&mut lines, &mut said).expect("a line");
        assert!(!said.is_empty(), "it ended before it was interrupted");
    }
    assert!(case.path("out.npz").exists(), "saved before the certification");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs").success());
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    let done = child.wait_with_output().expect("it ends");
    assert_eq!(done.status.code(), Some(130));
    let found = text(&done.stdout);
    assert!(
        found.contains("stopped               gap") && found.ends_with("note: not certified: interrupted\n"),
        "{found}"
    );
}

#[test]
fn the_time_budget_reaches_the_certification() {
    let case = Case::new();
    let done = case.run(&["--certified", "--time-budget", "1e-9", "--save", "out.npz"]);
    assert_eq!(done.status.code(), Some(1));
    let found = text(&done.stdout);
    assert!(found.contains("stopped               time-budget"), "{found}");
    assert!(found.contains("not certified: the time budget is spent; --time-budget raises it"), "{found}");
    assert!(case.path("out.npz").exists());
}

impl Case {
    /// Two or three columns and targets of these values, and a network of these layers.
    fn of(x: &str, y: &str, layers: Vec<DMatrix<f64>>) -> Self {
        let case = Self { folder: TempDir::new().expect("a folder") };
        fs::write(case.path("x.csv"), x).expect("written");
        fs::write(case.path("y.csv"), y).expect("written");
        case.layers(layers);
        case
    }
    fn layers(&self, layers: Vec<DMatrix<f64>>) {
        let net = Network::new(layers, DVector::from_element(1, 1.0)).expect("ok");
        net.save(&self.path("net.npz")).expect("saved");
    }
}

#[test]
fn a_network_with_a_head_is_outside_of_section_4_in_every_line() {
    let eye = |v: f64| DMatrix::from_diagonal_element(2, 2, v);
    let case = Case::of("1,0\n0,2\n1,1\n", "2\n1\n3\n", vec![DMatrix::zeros(1, 2)]);
    let net = Network::new(vec![eye(0.1), eye(0.2)], DVector::from_vec(vec![1.0, 2.0])).expect("ok");
    net.save(&case.path("net.npz")).expect("saved");
    let v = case.json(&["--certified"]);
    assert_eq!(hypothesis(&v, "A1")["outcome"], "Holds");
    for id in ["A2", "A3"] {
        assert_eq!(hypothesis(&v, id)["outcome"], "OutOfScope", "{id}");
    }
    for list in [&v["claims"], &v["certified"]["claims"]] {
        for claim in list.as_array().expect("a list") {
            assert_eq!(claim["outcome"], "OutOfScope", "{claim}");
        }
    }
    assert_eq!(v["remarks"].as_array().map(Vec::len), Some(0), "{}", v["remarks"]);
}

#[test]
fn statements_about_the_limit_are_judged_there() {
    // S at the last weights is below S_min by 5e-11 of it, at the limit above by 3e-14.
    let scalar = |v: f64| DMatrix::from_element(1, 1, v);
    let case = Case::of("1\n", "2\n", vec![scalar(1e-3), scalar(0.0)]);
    let v = case.json(&[]);
    let flat = claim(&v, "corollary-3");
    assert_eq!(flat["outcome"], "Undecided", "{flat}");
    assert!(flat["reason"].as_str().expect("a reason").starts_with("the limit is within "), "{flat}");
    assert!(flat["margin"]["hi"].as_f64().expect("a number") > 0.0 && flat["margin"]["lo"].as_f64() > Some(-1e-9));
    assert_eq!(claim(&v, "corollary-1")["outcome"], "Holds");
}

#[test]
fn columns_in_other_units_are_no_crawl() {
    let units = [1e-4, 1.0, 1e4];
    let entry = |i: usize, j: usize| ((i * (2 * j + 3) + j * j) % 7) as f64 - 3.0 + 0.1 * (i as f64) * (j as f64);
    let line = |i: usize| (0..3).map(|j| format!("{:e}", units[j] * entry(i, j))).collect::<Vec<_>>().join(",");
    let x: String = (0..12).map(|i| line(i) + "\n").collect();
    let y: String = (0..12).map(|i| format!("{}\n", 1.5 * entry(i, 0) - entry(i, 2) + 0.3)).collect();
    for widths in [&[3, 1][..], &[3, 2, 1], &[3, 3, 1], &[3, 3, 3, 1]] {
        let net = initialise::small_scale(widths, DVector::from_element(1, 1.0), 0.1, 1, 3).expect("ok");
        let case = Case::of(&x, &y, net.layers().to_vec());
        let v = case.json(&[]);
        assert_eq!(v["stopped"], "gap", "{widths:?}: {}", v["reason"]);
        assert!(
            v["implicit_steps"].as_u64() > Some(0) && v["steps"].as_u64() < Some(50_000),
            "{widths:?}: {}",
            v["steps"]
        );
    }
}

#[test]
fn a_crawl_is_an_error_with_advice() {
    let case = Case::new();
    let x = fs::read_to_string(case.path("x.csv")).expect("written");
    let tiny = |l: &str| l.rsplit_once(',').map(|(rest, last)| format!("{rest},{last}e-5\n")).expect("three columns");
    fs::write(case.path("x.csv"), x.lines().map(tiny).collect::<String>()).expect("written");
    // More parameters than the implicit method takes.
    let wide = initialise::small_scale(&[3, 20, 20, 1], DVector::from_element(1, 1.0), 0.1, 3, 3).expect("ok");
    wide.save(&case.path("net.npz")).expect("saved");
    let done = case.run(&["--json"]);
    let said = text(&done.stderr);
    assert_eq!((done.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("did not arrive") && said.contains("--standardise"), "{said}");
    let v: Value = serde_json::from_slice(&done.stdout).expect("what is known so far");
    assert_eq!(v["stopped"], "stiff");
}

#[test]
fn a_trained_network_is_certified_from_where_it_is() {
    let case = Case::new();
    case.weights(0.1, 4);
    case.json(&["--gap", "1e-26", "--save", "out.npz"]);
    fs::rename(case.path("out.npz"), case.path("net.npz")).expect("renamed");
    let v = case.json(&["--certificate", "run.tube"]);
    let c = &v["certified"];
    assert_eq!(c["pieces"], 0, "{c}");
    let number = |v: &Value| v.as_f64().expect("a number");
    // How far the flow goes from here, the sharpness here and there, and Lemma 2 and Theorem 3 at every t.
    assert!(number(&c["travelled"]["hi"]) < 1e-9 && number(&c["limit_radius"]) < 1e-9, "{c}");
    assert!((number(&c["initial_sharpness"]["lo"]) - number(&c["sharpness"]["hi"])).abs() < 1e-6);
    for id in ["lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment", "theorem-3"] {
        assert_eq!(claim(c, id)["outcome"], "Holds", "{id}: {c}");
    }
    let mut replay = Command::new(env!("CARGO_BIN_EXE_flatcert"));
    let again = replay.current_dir(case.folder.path()).args(["replay", "run.tube"]).output().expect("runs");
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert!(text(&again.stdout).contains("one ball around the start contains the whole orbit"));
}

#[test]
fn a_network_is_certified_however_far_it_is_trained() {
    for gap in ["1e-6", "1e-12", "1e-16", "1e-20"] {
        let case = Case::new();
        case.weights(0.1, 4);
        case.json(&["--gap", gap, "--save", "out.npz"]);
        fs::rename(case.path("out.npz"), case.path("net.npz")).expect("renamed");
        let v = case.json(&["--certified"]);
        let c = &v["certified"];
        assert!(c["pieces"].as_u64() < Some(60), "from {gap}: {v}");
        assert_eq!(claim(c, "theorem-3")["outcome"], "Holds", "from {gap}: {c}");
    }
}

#[test]
fn targets_without_a_signal_end_soon() {
    // y is orthogonal to both columns: w* = 0.
    let x = "1,1\n1,-1\n1,1\n1,-1\n";
    let y = "1\n1\n-1\n-1\n";
    let unbalanced = || vec![DMatrix::from_row_slice(1, 2, &[0.5, 0.25]), DMatrix::from_element(1, 1, 2.0)];
    let case = Case::of(x, y, unbalanced());
    let v = case.json(&["--certified"]);
    assert!(v["certified"]["pieces"].as_u64() < Some(2000), "{}", v["certified"]);
    assert!(v["certified"]["sharpness"]["hi"].as_f64() > Some(0.0));
    // Balanced layers come to the saddle itself, ever more slowly: that is said, and soon.
    case.layers(vec![DMatrix::from_element(1, 2, 0.5), DMatrix::from_element(1, 1, 0.5_f64.sqrt())]);
    let done = case.run(&["--certified", "--gap", "1e-8"]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stdout));
    assert!(text(&done.stdout).contains("not certified: tube: "), "{}", text(&done.stdout));
    // The first layer survives, the second comes to zero: there is no ball, and no radius is named.
    let case = Case::of(
        "1,0\n0,2\n",
        "0\n0\n",
        vec![DMatrix::from_row_slice(2, 2, &[0.5, 0.0, 0.0, 0.3]), DMatrix::from_row_slice(1, 2, &[0.1, 0.2])],
    );
    let done = case.run(&["--certified"]);
    let said = text(&done.stdout);
    assert!(said.contains("not certified: tube: where the trajectory ends") && !said.contains("inf"), "{said}");
}

#[test]
fn a_lower_bound_is_equality_only_where_it_is_one() {
    // Sigma w* = lambda w*, yet Lambda > L lambda: S(W^SI) = 2 S_min.
    let start = || vec![DMatrix::from_row_slice(2, 2, &[1e-4, 5e-5, -2e-5, 1e-4]), DMatrix::zeros(1, 2)];
    let case = Case::of("1,0\n0,2\n", "2\n0\n", start());
    let v = case.json(&["--certified"]);
    let lower = claim(&v["certified"], "corollary-3/lower");
    assert_eq!(lower["outcome"], "Holds", "{lower}");
    assert!(lower["margin"]["lo"].as_f64() > Some(0.49), "{lower}");
    // Lambda <= L lambda: equality up to the second order of the start.
    let case = Case::of("1,0\n0,1.25\n", "2\n0\n", start());
    let v = case.json(&["--certified"]);
    let lower = claim(&v["certified"], "corollary-3/lower");
    let reason = lower["reason"].as_str().unwrap_or_default();
    assert!(lower["outcome"] == "Undecided" && reason.contains("Lambda <= L lambda"), "{lower}");
}

#[cfg(unix)]
fn saved(path: &Path) {
    assert_eq!(Network::load(path, None).expect("it reads back").depth(), 4);
}

#[test]
fn a_certified_flow_is_proved_saved_and_replayed() {
    let case = Case::new();
    case.weights(0.02, 4);
    let v = case.json(&["--certificate", "run.tube"]);
    let c = &v["certified"];
    assert_eq!(c["schema"], "flatcert.certified/1");
    let (lo, hi) = (c["ratio"]["lo"].as_f64().expect("a number"), c["ratio"]["hi"].as_f64().expect("a number"));
    assert!(1.0 <= lo && hi - lo < 1e-6, "{c}");
    let of = |id: &str| claim(c, id)["outcome"].as_str().expect("a word").to_string();
    for id in ["assumption-2", "lemma-2-rank-one", "lemma-2-balance", "lemma-2-alignment", "theorem-3"] {
        assert_eq!(of(id), "Holds", "{id}: {c}");
    }
    // The numerical sharpness of the last weights is near the proved one.
    let last = v["final"]["sharpness"]["lo"].as_f64().expect("a number");
    let proved = c["sharpness"]["hi"].as_f64().expect("a number");
    assert!((last - proved).abs() < 1e-6 * proved);
    let replay = |name: &str| {
        let mut c = Command::new(env!("CARGO_BIN_EXE_flatcert"));
        c.current_dir(case.folder.path()).args(["replay", name, "--json"]).output().expect("the binary runs")
    };
    let again = replay("run.tube");
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let again: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    assert_eq!(&again, c);
    // It names what it is about, and compares.
    let about = &again["about"];
    assert_eq!((&about["n"], &about["d"], about["widths"].to_string()), (&12.into(), &3.into(), "[3,3,3,3,1]".into()));
    for sum in ["data_sha256", "start_sha256"] {
        assert_eq!(about[sum].as_str().map(str::len), Some(64), "{about}");
    }
    let compared = |more: &[&str]| {
        let mut c = Command::new(env!("CARGO_BIN_EXE_flatcert"));
        c.current_dir(case.folder.path()).args(["replay", "run.tube"]).args(more).output().expect("the binary runs")
    };
    let own = ["--x", "x.csv", "--y", "y.csv", "--weights", "net.npz"];
    assert_eq!(compared(&own).status.code(), Some(0));
    let x = fs::read_to_string(case.path("x.csv")).expect("written");
    fs::write(case.path("other.csv"), x.replacen('-', "", 1)).expect("written");
    // Options about input that is not there are refused, not ignored.
    let idle = |args: &[&str], needle: &str| {
        let mut c = Command::new(env!("CARGO_BIN_EXE_flatcert"));
        let done = c.current_dir(case.folder.path()).arg("replay").args(args).output().expect("the binary runs");
        let said = text(&done.stderr);
        assert_eq!((done.status.code(), done.stdout.len(), said.lines().count()), (Some(2), 0, 1), "{args:?}: {said}");
        assert!(said.contains(needle), "{args:?}: {said:?}");
    };
    idle(&["run.tube", "--header", "yes"], "--header goes with --x and --y");
    idle(&["run.tube", "--transposed"], "--transposed goes with --weights");
    let trial = "canary/planted-truth#17";
    for more in
        [["--x", "x.csv", "--y", "y.csv"].as_slice(), &["--weights", "net.npz"], &["--decimal", ","], &["--residual"]]
    {
        idle(&[&[trial], more].concat(), "goes with the file of a certificate");
        idle(&[&["theorem-1/printed#1"], more].concat(), "goes with the file of a certificate");
    }
    fs::copy(case.path("x.csv"), case.path("headed.csv")).expect("copied");
    assert_eq!(compared(&["--x", "headed.csv", "--y", "y.csv", "--header", "no"]).status.code(), Some(0));
    let other = compared(&["--x", "other.csv", "--y", "y.csv"]);
    assert_eq!((other.status.code(), other.stdout.len()), (Some(1), 0));
    assert!(text(&other.stderr).contains("is about something else: Sigma["), "{}", text(&other.stderr));
    case.weights(0.0201, 4);
    let other = compared(&own);
    assert_eq!(other.status.code(), Some(1));
    assert!(text(&other.stderr).contains("is about something else: W1 is"), "{}", text(&other.stderr));
    // A damaged file is bad input; one that is no archive is not taken for a certificate.
    let bytes = fs::read(case.path("run.tube")).expect("read");
    fs::write(case.path("half.tube"), &bytes[..bytes.len() / 2]).expect("written");
    let half = replay("half.tube");
    assert_eq!(half.status.code(), Some(2));
    assert!(text(&half.stderr).contains("half.tube") && text(&half.stderr).lines().count() == 1);
}

#[test]
fn a_certificate_whose_claims_do_not_follow_is_refuted() {
    let case = Case::new();
    case.weights(0.02, 1);
    case.json(&["--certificate", "run.tube"]);
    let mut c = flatcert::flow::tube::Certificate::load(&case.path("run.tube")).expect("loads");
    c.pieces[3].radius *= 0.5;
    c.save(&case.path("bad.tube")).expect("saved");
    let mut replay = Command::new(env!("CARGO_BIN_EXE_flatcert"));
    let done = replay.current_dir(case.folder.path()).args(["replay", "bad.tube"]).output().expect("runs");
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("refuted: piece 3"), "{}", text(&done.stderr));
    assert!(done.stdout.is_empty());
}

#[test]
fn what_cannot_be_certified_is_refused_or_said() {
    let case = Case::new();
    case.refused(&["--certificate", "nowhere/run.tube"], &["--certificate", "nowhere"]);
    case.refused(&["--certificate", "run.tube", "--standardise"], &["--certificate", "exact second moments"]);
    case.weights(0.0, 1);
    let done = case.run(&["--certified"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stdout).contains("not certified: tube: the gradient vanishes"), "{}", text(&done.stdout));
}

#[test]
fn statements_about_the_limit_wait_for_it() {
    let case = Case::new();
    let v = case.json(&["--max-steps", "20"]);
    for id in ["corollary-1", "corollary-3"] {
        assert_eq!(claim(&v, id)["outcome"], "Undecided", "{v}");
        assert!(claim(&v, id)["reason"].as_str().expect("a reason").contains("not near it yet"));
    }
    assert_eq!(claim(&v, "lemma-2-balance")["outcome"], "Holds");
}
