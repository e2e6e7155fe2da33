//! Curves as a user asks for them: many checkpoints, tables, pictures, what does not fit, Ctrl-C; the flow's own table.

use assert_cmd::Command;
use flatcert::network::Network;
use nalgebra::{DMatrix, DVector};
use npyz::WriterBuilder;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use tempfile::TempDir;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Data with Sigma = diag(2, 1/2) and checkpoints of one network that grows.
struct Case {
    place: TempDir,
}

fn layers(scale: f64) -> Vec<DMatrix<f64>> {
    vec![
        DMatrix::from_row_slice(2, 2, &[1.0, 0.5, -0.25, 2.0]) * scale,
        DMatrix::from_row_slice(1, 2, &[1.0, -1.0]) * scale,
    ]
}

fn net(scale: f64) -> Network<f64> {
    Network::new(layers(scale), DVector::from_element(1, 1.0)).unwrap()
}

impl Case {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("x.csv"), "2,0\n-2,0\n0,1\n0,-1\n").unwrap();
        fs::write(place.path().join("y.csv"), "1\n-2\n3\n-1\n").unwrap();
        Self { place }
    }
    /// Checkpoints at steps 0, 10, ..., not in the order of their letters.
    fn with_checkpoints(count: usize) -> Self {
        let case = Self::new();
        for k in 0..count {
            net(0.5 + 0.25 * k as f64).save(&case.path(&format!("net-{}.npz", 10 * k))).unwrap();
        }
        case
    }
    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }
    fn command(&self, command: &str, weights: &[&str], more: &[&str]) -> Command {
        let mut out = Command::new(env!("CARGO_BIN_EXE_flatcert"));
        out.current_dir(self.place.path());
        out.args([command, "--x", "x.csv", "--y", "y.csv", "--weights"]).args(weights).args(more);
        out
    }
    fn run(&self, weights: &[&str], more: &[&str]) -> Ran {
        ran(self.command("inspect", weights, more))
    }
    /// T networks in one file, with a step for each if so.
    fn stack(&self, name: &str, scales: &[f64], steps: Option<&[i64]>) {
        let mut zip = zip::ZipWriter::new(fs::File::create(self.path(name)).unwrap());
        let options = zip::write::SimpleFileOptions::default();
        let shapes = [[2u64, 2], [1, 2]];
        for (k, [rows, columns]) in shapes.into_iter().enumerate() {
            zip.start_file(format!("W{}.npy", k + 1), options).unwrap();
            let mut bytes = Vec::new();
            let mut writer = npyz::WriteOptions::new()
                .default_dtype()
                .shape(&[scales.len() as u64, rows, columns])
                .writer(&mut bytes)
                .begin_nd()
                .unwrap();
            for scale in scales {
                let w = &layers(*scale)[k];
                writer.extend(w.transpose().iter().copied()).unwrap();
            }
            writer.finish().unwrap();
            zip.write_all(&bytes).unwrap();
        }
        if let Some(steps) = steps {
            zip.start_file("steps.npy", options).unwrap();
            let mut bytes = Vec::new();
            let shape = [steps.len() as u64];
            let mut writer =
                npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd().unwrap();
            writer.extend(steps.iter().copied()).unwrap();
            writer.finish().unwrap();
            zip.write_all(&bytes).unwrap();
        }
        zip.finish().unwrap();
    }
}

fn ran(mut command: Command) -> Ran {
    let done = command.output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    Ran { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn ends(v: &Value) -> (f64, f64) {
    (v["lo"].as_f64().unwrap(), v["hi"].as_f64().unwrap())
}

/// Columns by name.
fn csv(out: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_reader(out.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_pattern_gives_a_line_for_each_in_the_order_of_steps_as_each_alone() {
    let case = Case::with_checkpoints(12);
    let eta = "0.1";
    let done = case.run(&["net-*.npz"], &["--eta", eta, "--json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let found = lines(&done.out);
    let steps: Vec<u64> = found.iter().map(|v| v["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, (0..12).map(|k| 10 * k).collect::<Vec<_>>());
    for v in &found {
        assert_eq!(v["schema"], "flatcert.curve/1");
        let alone = case.run(&[v["file"].as_str().unwrap()], &["--eta", eta, "--json"]);
        let alone: Value = serde_json::from_str(&alone.out).unwrap();
        for field in ["risk", "excess_risk", "gradient_norm", "distance_to_w_star", "sharpness", "hessian_min", "edge"]
        {
            assert_eq!(v[field], alone[field], "{field}");
        }
        assert_eq!(v["lower_bound"], alone["bounds"]["theorem-2-depth"]);
    }
    let standings: Vec<&str> = found.iter().map(|v| v["edge"]["standing"].as_str().unwrap()).collect();
    assert!(standings.contains(&"below") && standings.contains(&"beyond"), "{standings:?}");
    let beyond = standings.iter().filter(|s| **s == "beyond").count();
    assert!(done.err.contains(&format!("12 of 12 checkpoints certified; {beyond} certainly beyond")), "{}", done.err);
    assert!(done.err.contains("net-0.npz"), "what was taken for what: {}", done.err);
    // A pattern stands for many files even where it matches one.
    let one = case.run(&["net-0*.npz"], &["--eta", eta, "--json"]);
    let (one, all) = (lines(&one.out), lines(&done.out));
    assert_eq!((one.len(), &one[0]["sharpness"]), (1, &all[0]["sharpness"]));
    // The shell may have expanded the pattern, and the table says the same.
    let names: Vec<String> = (0..12).map(|k| format!("net-{}.npz", 10 * k)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = csv(&case.run(&names, &["--eta", eta]).out);
    assert_eq!(table.len(), 12);
    for (row, v) in table.iter().zip(&found) {
        assert_eq!(row["step"], v["step"].to_string());
        assert_eq!(row["edge"], v["edge"]["standing"].as_str().unwrap());
        let (lo, hi) = ends(&v["sharpness"]);
        assert_eq!(row["sharpness_lo"].parse::<f64>().unwrap(), lo);
        assert_eq!(row["sharpness_hi"].parse::<f64>().unwrap(), hi);
        assert!(row["risk_lo"].parse::<f64>().unwrap() <= row["risk_hi"].parse::<f64>().unwrap());
    }
}

#[test]
fn a_stack_is_its_slices_in_either_order_of_storage() {
    let case = Case::new();
    let scales = [0.5, 1.0, 1.5];
    case.stack("all.npz", &scales, Some(&[0, 7, 30]));
    let found = lines(&case.run(&["all.npz"], &["--json"]).out);
    assert_eq!(found.iter().map(|v| v["step"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 7, 30]);
    for (at, (v, scale)) in found.iter().zip(scales).enumerate() {
        net(scale).save(&case.path("one.npz")).unwrap();
        let alone: Value = serde_json::from_str(&case.run(&["one.npz"], &["--json"]).out).unwrap();
        assert_eq!(v["at"], at);
        assert_eq!((&v["sharpness"], &v["risk"]), (&alone["sharpness"], &alone["risk"]));
    }
    // In the order of the steps, wherever they are stored.
    case.stack("mixed.npz", &scales, Some(&[30, 0, 7]));
    let mixed = lines(&case.run(&["mixed.npz"], &["--json"]).out);
    let places = mixed.iter().map(|v| (v["step"].as_u64().unwrap(), v["at"].as_u64().unwrap())).collect::<Vec<_>>();
    assert_eq!(places, [(0, 1), (7, 2), (30, 0)]);
    // Without steps they are null.
    case.stack("bare.npz", &scales, None);
    assert!(lines(&case.run(&["bare.npz"], &["--json"]).out).iter().all(|v| v["step"].is_null()));
    // A stack is no start of a flow, and steps that do not fit are refused.
    let flow = ran(case.command("flow", &["all.npz"], &[]));
    assert!(flow.code == 2 && flow.err.lines().count() == 1, "{}", flow.err);
    case.stack("short.npz", &scales, Some(&[0, 7]));
    let short = case.run(&["short.npz"], &[]);
    assert!(short.code == 2 && short.err.contains("2 entries; there are 3 checkpoints"), "{}", short.err);
    // A picture is SVG and says so; where its folder is missing, that is the line.
    for (plot, why) in [("g.png", "a picture is .svg"), ("nowhere/g.svg", "its folder does not exist")] {
        let refused = case.run(&["all.npz"], &["--plot", plot]);
        assert!(refused.code == 2 && refused.err.trim_end().ends_with(why), "{}", refused.err);
        assert_eq!(refused.err.lines().count(), 1, "{}", refused.err);
    }
}

#[test]
fn what_does_not_fit_is_named_and_the_rest_goes_on() {
    let case = Case::with_checkpoints(4);
    fs::write(case.path("net-15.npz"), "rubbish").unwrap();
    let wrong = vec![DMatrix::from_row_slice(1, 3, &[1.0, 2.0, 3.0])];
    Network::new(wrong, DVector::from_element(1, 1.0)).unwrap().save(&case.path("net-25.npz")).unwrap();
    let done = case.run(&["net-*.npz"], &["--json"]);
    assert_eq!(done.code, 2);
    assert_eq!(lines(&done.out).len(), 4);
    let named: Vec<&str> = done.err.lines().filter(|l| l.contains("left out:")).collect();
    assert_eq!(named.len(), 2, "{}", done.err);
    assert!(named[0].contains("net-15.npz") && named[1].contains("net-25.npz") && named[1].contains("3 columns"));
    assert!(done.err.contains("4 of 6 checkpoints certified, 2 left out"));
    let strict = case.run(&["net-*.npz"], &["--json", "--strict"]);
    assert_eq!(strict.code, 2);
    let steps: Vec<u64> = lines(&strict.out).iter().map(|v| v["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, [0, 10], "{}", strict.err);
    // A checkpoint of a stack that diverged is one that does not fit.
    case.stack("all.npz", &[1.0, f64::NAN, 2.0], None);
    let done = case.run(&["all.npz"], &["--json"]);
    assert_eq!((done.code, lines(&done.out).len()), (2, 2));
    assert!(done.err.contains("all.npz[1]") && done.err.contains("NaN"), "{}", done.err);
}

#[test]
fn the_picture_shows_the_edge_and_is_one_file_or_none() {
    let case = Case::with_checkpoints(6);
    let done = case.run(&["net-*.npz"], &["--eta", "0.1", "--plot", "edge.svg"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let svg = fs::read_to_string(case.path("edge.svg")).unwrap();
    for word in [
        "certified enclosure", "2 / eta, eta = 0.1", "lower bound", "risk", "certainly beyond", "certainly below",
        ">step<",
    ] {
        assert!(svg.contains(word), "{word}");
    }
    // What is read is never written over, and nothing is left behind.
    let before = fs::read(case.path("net-0.npz")).unwrap();
    let refused = case.run(&["net-*.npz"], &["--plot", "net-0.npz"]);
    assert!(refused.code == 2 && refused.err.contains("never overwritten"), "{}", refused.err);
    assert_eq!(fs::read(case.path("net-0.npz")).unwrap(), before);
    let refused = case.run(&["net-*.npz"], &["--plot", "none/edge.svg"]);
    assert!(refused.code == 2 && refused.out.is_empty(), "{}", refused.err);
    let hidden =
        fs::read_dir(case.place.path()).unwrap().any(|e| e.unwrap().file_name().to_string_lossy().starts_with('.'));
    assert!(!hidden);
}

#[test]
fn what_belongs_to_one_network_is_refused_for_many_and_the_other_way_round() {
    let case = Case::with_checkpoints(2);
    for more in [&["--top", "1", "--json", "--vectors", "v.npz"][..], &["--expect-risk", "1"], &["--top", "1"]] {
        let done = case.run(&["net-*.npz"], more);
        assert!(done.code == 2 && done.err.lines().count() == 1 && done.out.is_empty(), "{more:?}: {}", done.err);
    }
    for more in [&["--plot", "p.svg"][..], &["--strict"]] {
        let done = case.run(&["net-0.npz"], more);
        assert!(done.code == 2 && done.err.contains("several checkpoints"), "{}", done.err);
    }
    let done = case.run(&["nothing-*.npz"], &[]);
    assert!(done.code == 2 && done.err.contains("nothing-*.npz"), "{}", done.err);
    let top = lines(&case.run(&["net-*.npz"], &["--top", "2", "--above", "1", "--json"]).out);
    assert!(top.iter().all(|v| v["leading"].is_array() && v["above"]["least"].is_u64()));
}

#[cfg(unix)]
#[test]
fn interrupted_it_keeps_what_is_done() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command as Child, Stdio};
    let case = Case::new();
    // Enough work that the first line is out long before the last.
    let scales: Vec<f64> = (0..60_000).map(|k| 0.5 + 1e-5 * k as f64).collect();
    case.stack("all.npz", &scales, None);
    let mut child = Child::new(env!("CARGO_BIN_EXE_flatcert"))
        .current_dir(case.place.path())
        .args(["inspect", "--x", "x.csv", "--y", "y.csv", "--weights", "all.npz", "--json", "--plot", "edge.svg"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut read = vec![out.next().unwrap().unwrap()];
    let sent = Child::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    read.extend(out.map(Result::unwrap));
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(130));
    assert!(read.len() < scales.len());
    for line in &read {
        assert!(serde_json::from_str::<Value>(line).unwrap()["sharpness"]["lo"].is_f64());
    }
    assert!(
        String::from_utf8(done.stderr).unwrap().contains(&format!("{} of 60000 checkpoints certified", read.len()))
    );
    assert!(fs::read_to_string(case.path("edge.svg")).unwrap().contains("<svg"));
}

#[test]
fn the_flow_records_the_same_table() {
    let case = Case::with_checkpoints(1);
    let run = |more: &[&str]| ran(case.command("flow", &["net-0.npz"], more));
    let done =
        run(&["--t-end", "0.5", "--record", "along.jsonl", "--record-every", "2", "--eta", "0.5", "--save", "end.npz"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let found = lines(&fs::read_to_string(case.path("along.jsonl")).unwrap());
    assert!(found.len() > 2);
    let times: Vec<f64> = found.iter().map(|v| v["time"].as_f64().unwrap()).collect();
    assert!(times[0] == 0.0 && times.windows(2).all(|t| t[0] < t[1]) && times[times.len() - 1] == 0.5);
    let inspect =
        |file: &str| -> Value { serde_json::from_str(&case.run(&[file], &["--eta", "0.5", "--json"]).out).unwrap() };
    for (v, alone) in [(&found[0], inspect("net-0.npz")), (&found[found.len() - 1], inspect("end.npz"))] {
        for field in ["sharpness", "risk", "edge"] {
            assert_eq!(v[field], alone[field]);
        }
    }
    assert_eq!(run(&["--t-end", "0.5", "--record", "along.csv"]).code, 0);
    let table = csv(&fs::read_to_string(case.path("along.csv")).unwrap());
    assert!(table.len() >= 2 && table[0]["time"] == "0" && table[0].contains_key("sharpness_hi"));
    for (file, word) in
        [("along.txt", "extension"), ("net-0.npz", "never overwritten"), ("none/a.csv", "its folder does not exist")]
    {
        let done = run(&["--t-end", "0.5", "--record", file]);
        assert!(done.code == 2 && done.err.contains(word) && done.out.is_empty(), "{file}: {}", done.err);
    }
}
