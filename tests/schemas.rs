//! The JSON of every command against its schema: the committed schemas are those of the types that are printed, real
//! output satisfies them, and what does not is refused.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const NAMES: [&str; 8] = ["evidence", "claim", "proof", "figure", "inspect", "flow", "figures", "nightly"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Standard output of a call that must succeed.
fn run(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatcert"));
    let done =
        command.current_dir(folder).env("FLATCERT_PROGRESS_SECONDS", "1e6").args(args).output().expect("it runs");
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON object")
}

fn schema(name: &str) -> Value {
    parsed(&run(&root(), &["schema", name]))
}

/// Everything that is wrong with an instance.
fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn sound(name: &str, instance: &Value) {
    let found = faults(&schema(name), instance);
    assert!(found.is_empty(), "{name}: {}", found.join("\n"));
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = TempDir::new().expect("a folder");
    run(folder.path(), &["schema", "--out", "made"]);
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").file_name());
        let mut names: Vec<String> = entries.map(|n| n.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    let (made, kept) = (folder.path().join("made"), root().join("docs/schemas"));
    assert_eq!(names(&made), names(&kept));
    assert_eq!(names(&made).len(), NAMES.len());
    for name in names(&made) {
        let [made, kept] = [&made, &kept].map(|f| fs::read_to_string(f.join(&name)).expect("a schema"));
        assert!(made == kept, "{name} is not that of the types: flatcert schema --out docs/schemas");
    }
}

/// How many files there are in a folder and below.
fn walk(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    entries.map(|p| if p.is_dir() { walk(&p) } else { 1 }).sum()
}

#[test]
fn every_file_of_a_report_has_its_schema() {
    let folder = TempDir::new().expect("a folder");
    run(folder.path(), &["report", "--only", "lemma-5,theorem-2/eq-18", "--out", "made"]);
    for report in [folder.path().join("made"), root().join("reports")] {
        let read = |name: &str| parsed(&fs::read_to_string(report.join(name)).expect(name));
        let index = read("evidence.json");
        let mut seen = 0;
        sound("evidence", &index);
        for (list, name) in [("claims", "claim"), ("proofs", "proof"), ("figures", "figure")] {
            let schema = schema(name);
            for entry in index[list].as_array().expect("a list") {
                let file = entry.as_str().or_else(|| entry["file"].as_str()).expect("a file");
                let found = faults(&schema, &read(file));
                assert!(found.is_empty(), "{file}: {}", found.join("\n"));
                seen += 1;
            }
        }
        let kept = walk(&report.join("evidence"));
        assert_eq!(seen, kept, "files of {}", report.display());
    }
}

/// Data of four observations and a network of depth 2 that implements their regressor.
fn example(folder: &Path) {
    fs::write(folder.join("x.csv"), "a,b\n2,0\n0,2\n2,0\n0,2\n").expect("written");
    fs::write(folder.join("y.csv"), "y\n2\n4\n2\n4\n").expect("written");
    let header = r#"{"0.weight":{"dtype":"F64","shape":[2,2],"data_offsets":[0,32]},"1.weight":{"dtype":"F64","shape":[1,2],"data_offsets":[32,48]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend([1.0_f64, 0.25, 0.0, 1.0, 1.0, 1.5].iter().flat_map(|v| v.to_le_bytes()));
    fs::write(folder.join("net.safetensors"), bytes).expect("written");
}

const FILES: [&str; 6] = ["--x", "x.csv", "--y", "y.csv", "--weights", "net.safetensors"];

#[test]
fn inspect_and_flow_print_what_their_schemas_say() {
    let folder = TempDir::new().expect("a folder");
    example(folder.path());
    let of = |head: &[&str], more: &[&str]| parsed(&run(folder.path(), &[head, &FILES, more, &["--json"]].concat()));
    sound("inspect", &of(&["inspect"], &[]));
    let more = ["--top", "2", "--above", "1", "--eta", "0.1", "--loss", "half", "--weight-decay", "0.1"];
    let all = of(&["inspect"], &more);
    sound("inspect", &all);
    for field in ["leading", "above", "edge", "loss", "input"] {
        assert!(!all[field].is_null(), "{field} is checked");
    }
    let flow = of(&["flow", "--certified"], &[]);
    assert!(flow["certified"].is_object());
    sound("flow", &flow);
    sound("flow", &of(&["flow", "--max-steps", "3"], &[]));
}

#[test]
fn figures_print_and_write_what_their_schemas_say() {
    let folder = TempDir::new().expect("a folder");
    let small = ["--n", "20", "--d", "3", "--depth", "4", "--steps", "300", "--repetitions", "2"];
    let more = ["--only", "1a,1c,2", "--trajectory-steps", "40", "--out", "out", "--json"];
    let told = parsed(&run(folder.path(), &[&["figures"], &small[..], &more].concat()));
    sound("figures", &told);
    let files: Vec<&str> = told["files"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let drawn: Vec<&&str> = files.iter().filter(|f| f.ends_with(".json")).collect();
    assert_eq!(drawn.len(), 4, "{files:?}");
    for name in drawn {
        sound("figure", &parsed(&fs::read_to_string(folder.path().join("out").join(name)).expect("a file")));
    }
}

#[test]
fn a_night_and_a_ledger_print_what_their_schema_says() {
    let folder = TempDir::new().expect("a folder");
    let night =
        ["nightly", "--ledger", "l", "--trials", "64", "--batch", "64", "--only", "lemma-3-sigma-min", "--json"];
    let night = parsed(&run(folder.path(), &night));
    assert!(night["canaries"].is_array());
    sound("nightly", &night);
    let status = parsed(&run(folder.path(), &["nightly", "--ledger", "l", "--status", "--json"]));
    assert!(status["canaries"].is_null() && status["status"].is_object());
    sound("nightly", &status);
}

#[test]
fn what_a_schema_does_not_say_is_refused() {
    let folder = TempDir::new().expect("a folder");
    example(folder.path());
    let good = parsed(&run(folder.path(), &[&["inspect"], &FILES[..], &["--json"]].concat()));
    let schema = schema("inspect");
    type Breaks = fn(&mut Value);
    let broken: [(&str, Breaks); 6] = [
        ("a field more", |v| v["surprise"] = json!(1)),
        ("a field less", |v| drop(v.as_object_mut().expect("an object").remove("risk"))),
        ("another version", |v| v["schema"] = json!("flatcert.inspect/1")),
        ("text for a number", |v| v["risk"]["lo"] = json!("0")),
        ("a field more, deep inside", |v| v["input"]["x"]["surprise"] = json!(1)),
        ("another verdict", |v| v["claims"][0]["outcome"] = json!("Maybe")),
    ];
    assert_eq!(faults(&schema, &good), Vec::<String>::new());
    for (what, breaks) in broken {
        let mut bad = good.clone();
        breaks(&mut bad);
        assert!(!faults(&schema, &bad).is_empty(), "{what} passes");
    }
}
