//! The command as a user runs it: every subcommand, the mistakes, exit codes, one-line errors, the shape of the JSON.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use tempfile::TempDir;

/// A claim that takes next to no time.
const CHEAP: &str = "lemma-5";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run(args: &[&str]) -> Ran {
    let done = Command::new(env!("CARGO_BIN_EXE_flatcert")).args(args).output().expect("the binary runs");
    let text = |b: Vec<u8>| String::from_utf8(b).expect("UTF-8");
    Ran { code: done.status.code().expect("not killed"), out: text(done.stdout), err: text(done.stderr) }
}

/// Exit code 2, nothing on standard output, one line on standard error that says each of `words`.
fn refused(args: &[&str], words: &[&str]) {
    let r = run(args);
    assert_eq!(r.code, 2, "{args:?}: {}{}", r.out, r.err);
    assert_eq!(r.out, "", "{args:?}");
    assert_eq!(r.err.lines().count(), 1, "{args:?}: more than one line: {}", r.err);
    assert!(r.err.starts_with("flatcert: "), "{}", r.err);
    for word in words {
        assert!(r.err.contains(word), "{args:?}: {word:?} is not in {:?}", r.err);
    }
}

fn json(args: &[&str]) -> Value {
    let r = run(args);
    assert_eq!(r.code, 0, "{args:?}: {}", r.err);
    serde_json::from_str(&r.out).expect("one JSON object")
}

fn keys(v: &Value) -> Vec<&str> {
    v.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// An NPY file of format version 1.0, little-endian doubles, C order.
fn npy(shape: &[usize], values: &[f64]) -> Vec<u8> {
    assert_eq!(shape.iter().product::<usize>(), values.len());
    let dims: String = shape.iter().map(|n| format!("{n}, ")).collect();
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}", dims.trim_end());
    header.push_str(&" ".repeat(63 - (10 + header.len()) % 64));
    header.push('\n');
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.as_bytes());
    out.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    out
}

/// A safetensors file of f64 matrices.
fn safetensors(path: &Path, layers: &[(&str, [usize; 2], &[f64])]) {
    let mut header = serde_json::Map::new();
    let mut bytes: Vec<u8> = Vec::new();
    for (name, shape, values) in layers {
        let start = bytes.len();
        bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        header.insert(
            (*name).to_string(),
            serde_json::json!({"dtype": "F64", "shape": shape, "data_offsets": [start, bytes.len()]}),
        );
    }
    let mut text = Value::Object(header).to_string();
    text.push_str(&" ".repeat((8 - text.len() % 8) % 8));
    let mut file = fs::File::create(path).expect("created");
    file.write_all(&(text.len() as u64).to_le_bytes()).expect("written");
    file.write_all(text.as_bytes()).expect("written");
    file.write_all(&bytes).expect("written");
}

/// `X = 2 I` (4 x 2: two observations twice), `y = X (1, 2)`, and a network of depth 2 whose product is exactly (1, 2).
/// Sigma = 2 I, so that lambda = Lambda = 2, norm(w*)^2 = 5, R_min = 0.
fn example() -> (TempDir, Vec<String>) {
    let place = tempfile::tempdir().expect("a folder");
    let at = |name: &str| place.path().join(name);
    fs::write(at("X.npy"), npy(&[4, 2], &[2.0, 0.0, 0.0, 2.0, 2.0, 0.0, 0.0, 2.0])).expect("written");
    fs::write(at("y.npy"), npy(&[4], &[2.0, 4.0, 2.0, 4.0])).expect("written");
    let first: &[f64] = &[1.0, 0.0, 0.0, 1.0];
    safetensors(&at("net.safetensors"), &[("0.weight", [2, 2], first), ("1.weight", [1, 2], &[1.0, 2.0])]);
    let path = |name: &str| at(name).display().to_string();
    let args = ["inspect", "--x", &path("X.npy"), "--y", &path("y.npy"), "--weights", &path("net.safetensors")];
    let args = args.iter().map(|s| s.to_string()).collect();
    (place, args)
}

fn strs(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

#[test]
fn mistakes_are_one_line_and_exit_code_2() {
    let help = run(&["--help"]).out;
    let listed = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| l.starts_with("  "));
    let listed = listed.filter(|l| !l.starts_with("   "));
    let commands: Vec<&str> = listed.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").collect();
    assert!(commands.contains(&"book") && commands.len() == 15, "{commands:?}");
    refused(&[], &[&["which command"][..], &commands].concat());
    refused(&["frobnicate"], &["frobnicate"]);
    refused(&["report", "--frobnicate"], &["--frobnicate"]);
    refused(&["report", "--profile", "huge"], &["huge", "quick", "standard", "nightly"]);
    refused(&["report", "--seed", "minus-one"], &["minus-one"]);
    refused(&["report", "--jobs", "0"], &["0"]);
    refused(&["check"], &["CLAIM"]);
    refused(&["check", "theorem-2-dept"], &["theorem-2-dept", "theorem-2-depth"]);
    refused(&["probe", CHEAP], &["--constant", "--factor"]);
    refused(&["probe", CHEAP, "--factor", "1", "--constant", "2"], &["--factor"]);
    refused(&["probe", CHEAP, "--factor", "one"], &["one", "39/10"]);
    refused(&["probe", CHEAP, "--factor", "-1"], &["positive"]);
    refused(&["probe", CHEAP, "--factor", "2", "--form", "nonesuch"], &["nonesuch", "printed"]);
    refused(&["replay", "no-such-file.json"], &["no-such-file.json"]);
    refused(&["replay", "theorem-1/printed#999999"], &["999999"]);
    refused(&["replay", "theorem-9/printed#1"], &["theorem-9", "theorem-1"]);
    for range in ["5..5", "0..999999", "999999.."] {
        refused(&["replay", &format!("lemma-5/printed#{range}")], &[range, "instances 0 to "]);
    }
    refused(&["replay", "lemma-5/printed#0..x"], &["0..x"]);
    refused(&["replay", "lemma-9/printed#x..1"], &["x..1"]);
    refused(&["replay", "not/printed#0", "lemma-5/printed#0"], &["not"]);
    refused(&["replay", "no-such-file.json", "lemma-5/printed#0"], &["no-such-file.json", "an instance is"]);
    refused(&["inspect"], &["--x", "--weights"]);
}

#[test]
fn help_and_version_are_on_standard_output() {
    for args in [&["--help"][..], &["--version"], &["report", "--help"], &["inspect", "--help"], &["probe", "--help"]] {
        let r = run(args);
        assert_eq!((r.code, r.err.as_str()), (0, ""), "{args:?}");
        assert!(r.out.contains("flatcert"), "{args:?}: {}", r.out);
    }
    let help = run(&["--help"]).out;
    for word in ["report", "list", "check", "probe", "inspect", "replay", "Examples:", "Exit codes:"] {
        assert!(help.contains(word), "{word} is not in the help");
    }
}

#[test]
fn list_names_every_claim() {
    let text = run(&["list"]);
    let list = json(&["list", "--json"]);
    assert_eq!(list["schema"], "flatcert.list/1");
    let claims = list["claims"].as_array().expect("a list");
    let paper = flatcert::paper::registry::paper().expect("a catalogue").catalogue();
    let ids = |id: &&str| !id.contains('/');
    let known: Vec<&str> = paper.iter().map(|e| e.id.as_str()).filter(ids).collect();
    assert_eq!(claims.iter().filter_map(|c| c["id"].as_str()).collect::<Vec<_>>(), known);
    for c in claims {
        let id = c["id"].as_str().expect("an id");
        assert!(text.out.contains(id), "{id} is not in the text");
        assert!(!c["forms"].as_array().expect("forms").is_empty(), "{id} has no form");
    }
}

#[test]
fn check_shows_instances_and_its_json_has_all_digits() {
    let text = run(&["check", CHEAP]);
    // Coq proves it: the grade rests on nothing that was left out.
    assert!(text.out.contains("grade with all that it uses: Proved (by Coq"), "{}", text.out);
    assert_eq!(text.code, 0, "{}{}", text.out, text.err);
    assert_eq!(text.err, "", "a progress bar in a pipe");
    // One screen; every instance is asked for.
    insta::assert_snapshot!("check_in_one_screen", text.out);
    let all = run(&["check", CHEAP, "--all"]);
    assert!(all.out.contains("lemma-5/printed#0") && all.out.contains("as recorded"), "{}", all.out);
    assert!(all.out.lines().count() > text.out.lines().count() + 40);
    let v = json(&["check", CHEAP, "--json", "--seed", "3"]);
    assert_eq!(keys(&v), ["schema", "profile", "seed", "claims", "instances"]);
    assert_eq!((v["schema"].as_str(), v["seed"].as_u64()), (Some("flatcert.check/1"), Some(3)));
    assert_eq!(v["claims"][0]["id"], CHEAP);
    assert!(v["instances"].as_array().expect("instances").len() > 3);
}

#[test]
fn a_claim_fits_a_screen_with_its_worst_classes_first() {
    let text = run(&["check", "theorem-2-depth"]);
    assert_eq!(text.code, 0, "{}{}", text.out, text.err);
    assert!(text.out.lines().count() <= 40, "{} lines", text.out.lines().count());
    insta::assert_snapshot!("check_by_class", text.out);
    // A step alone does not have the grade that it has with its proof.
    let alone = run(&["check", "theorem-4/eq-40"]);
    assert_eq!(alone.code, 0, "{}{}", alone.out, alone.err);
    let steps = json(&["check", "theorem-4/eq-40", "--json"]);
    let unchecked = steps["claims"][0]["unchecked"].as_array().map_or(0, Vec::len);
    let grade = alone.out.lines().find(|l| l.contains("grade with all that it uses")).expect("a grade");
    assert_eq!(unchecked > 0, grade.contains(", without "), "{grade}");
}

#[test]
fn the_stated_results_are_listed_with_their_verdicts() {
    let text = run(&["list", "--results"]);
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    insta::assert_snapshot!("stated_results", text.out);
    let list = json(&["list", "--results", "--json"]);
    assert_eq!(list["results"].as_array().map(Vec::len), Some(29));
    refused(&["list", "--results", "--proofs"], &["--results", "--proofs"]);
}

#[test]
fn an_unknown_id_names_what_may_be_meant() {
    let typed = [
        "theorem 2", "Thm. 2", "eq. 40", "(40)", "lemma3", "Lemma 3", "theorem-2/eq17", "theorem-2/telescopng",
        "telescoping", "cor 3", "Corollary 4", "eq. 999", "theorem-2-dept", "rescalling", "polyak", "",
    ];
    let said: String = typed.iter().map(|id| format!("{id:22}{}", run(&["check", id]).err)).collect();
    insta::assert_snapshot!("unknown_ids", said);
    refused(&["check", "eq. 40"], &["theorem-4/eq-40"]);
    refused(&["check", "lemma3"], &["lemma-3-sigma-min", "lemma-3-norm"]);
    refused(&["check", "theorem 2"], &["theorem-2-norms", "theorem-2-depth"]);
    refused(&["check", "theorem-2/telescopng"], &["theorem-2/telescoping"]);
    refused(&["replay", "theorem-2-dept/printed#3"], &["theorem-2-depth"]);
    refused(&["probe", "lemma 5", "--factor", "2"], &["lemma-5"]);
    refused(&["report", "--only", "theorem 1", "--out", "nowhere-new"], &["theorem-1"]);
    assert!(!Path::new("nowhere-new").exists());
}

#[test]
fn replay_puts_the_numbers_in() {
    let told = [
        run(&["replay", "theorem-2-depth/printed#stored"]),
        run(&["replay", "theorem-2-depth/corrected#2"]),
        run(&["replay", "lemma-5/printed#0"]),
        run(&["replay", "lemma-9/recursion/printed#0"]),
    ];
    let said: String = told.iter().map(|r| format!("exit code {}\n{}{}\n", r.code, r.out, r.err)).collect();
    insta::assert_snapshot!("replayed", said);
    // A refuted inequality has its greater side below its lesser.
    let v = json(&["replay", "theorem-2-depth/printed#stored", "--json"]);
    assert_eq!((v["instance"]["verdict"].as_str(), v["expected"].as_str()), (Some("Fails"), Some("Refuted")));
    let side = |k: usize, end: &str| v["instance"]["sides"][k][end].as_f64().expect("an end");
    assert!(side(0, "hi") < side(1, "lo"), "{v}");
    assert!(v["statement"].as_str().is_some_and(|s| s.contains("2 L lambda norm(w*)^(2 - 2/L)")));
}

#[test]
fn what_moved_since_an_older_report_is_said() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = |name: &str| place.path().join(name).display().to_string();
    let (old, new, other) = (folder("old"), folder("new"), folder("other"));
    let report =
        |only: &str, out: &str, more: &[&str]| run(&[&["report", "--only", only, "--out", out], more].concat());
    assert_eq!(report("lemma-5,lemma-4-minus", &old, &[]).code, 0);
    let same = report("lemma-5,lemma-4-minus", &new, &["--against", &old]);
    assert_eq!(same.code, 0, "{}{}", same.out, same.err);
    assert!(same.out.contains("nothing moved"), "{}", same.out);
    let page = |out: &str| fs::read_to_string(Path::new(out).join("changes.md")).expect("a page");
    assert!(page(&new).contains("Nothing: claims, verdicts"), "{}", page(&new));
    // The index of an old report does as well as its folder.
    let index = Path::new(&old).join("evidence.json").display().to_string();
    let moved = report("lemma-5,lemma-8", &other, &["--against", &index, "--seed", "3"]);
    assert_eq!(moved.code, 7, "as recorded, and something moved: {}{}", moved.out, moved.err);
    for words in ["seed 3, was 20240613", "lemma-8: new", "lemma-4-minus: gone"] {
        assert!(
            moved.out.contains(words) && page(&other).contains(&words.replace('_', "\\_")),
            "{words}: {}",
            moved.out
        );
    }
    // Without --against the page of an earlier call goes.
    assert_eq!(report("lemma-5", &other, &[]).code, 0);
    assert!(!Path::new(&other).join("changes.md").exists());
    refused(&["report", "--only", "lemma-5", "--out", &folder("x"), "--against", &folder("none")], &["none"]);
    fs::write(place.path().join("no.json"), "{}").expect("written");
    refused(&["report", "--only", "lemma-5", "--out", &folder("x"), "--against", &folder("no.json")], &["no.json"]);
    assert!(!Path::new(&folder("x")).exists(), "refused before anything is made");
}

#[test]
fn probe_refutes_what_is_too_strong_and_not_what_is_weaker() {
    let weaker = json(&["probe", CHEAP, "--factor", "1/2", "--json"]);
    assert_eq!(weaker["form"]["outcome"], "Verified");
    let stronger = json(&["probe", CHEAP, "--factor", "100", "--json"]);
    assert_eq!(stronger["form"]["outcome"], "Refuted");
    assert!(stronger["form"]["counterexample"].is_object());
    let text = run(&["probe", CHEAP, "--constant", "4"]);
    assert!(text.out.contains("VERIFIED") && !text.out.contains("recorded"), "{}", text.out);
}

#[test]
fn replay_gives_the_instance_of_check() {
    let all = json(&["check", CHEAP, "--json"]);
    let wanted = &all["instances"][1];
    let id = wanted["id"].as_str().expect("an id");
    let again = json(&["replay", id, "--json"]);
    let again = &again["instance"];
    for (field, value) in wanted.as_object().expect("an object") {
        assert_eq!(&again[field], value, "{field}");
    }
    // A range gives, a line each, what its instances give alone.
    let key = id.rsplit_once('#').expect("a number").0;
    let alone = [0, 1, 2].map(|at| json(&["replay", &format!("{key}#{at}"), "--json"]));
    let lines = run(&["replay", &format!("{key}#0..3"), "--json"]).out;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines, alone);
    let both = run(&["replay", &format!("{key}#2"), &format!("{key}#0..2"), "--json"]).out;
    let both: Vec<Value> = both.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(both, [2, 0, 1].map(|at: usize| alone[at].clone()));
    let rest = run(&["replay", &format!("{key}#1..")]).out;
    let count = all["instances"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|i| i["id"].as_str().unwrap().starts_with(&format!("{key}#")))
        .count();
    assert_eq!(rest.lines().filter(|line| line.starts_with(key)).count(), count - 1, "{rest}");
    // Replayed alone, the instance comes with its exact values.
    assert!(again["values"].is_object(), "{again}");
    assert!(run(&["replay", id]).out.contains(" = "));
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("not.json");
    fs::write(&file, "{}").expect("written");
    refused(&["replay", &file.display().to_string()], &["not.json", "counterexample"]);
}

#[test]
fn a_counterexample_of_the_report_can_be_replayed_from_its_file() {
    let v = json(&["probe", CHEAP, "--factor", "100", "--json"]);
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("counterexample.json");
    fs::write(&file, v["form"]["counterexample"].to_string()).expect("written");
    // It refutes the hundredfold statement, not the statement: as a counterexample of the latter it is not confirmed.
    let r = run(&["replay", &file.display().to_string()]);
    assert_eq!(r.code, 1, "{}{}", r.out, r.err);
    assert!(r.out.contains("holds"), "{}", r.out);
}

#[test]
fn report_writes_a_folder_and_is_the_same_on_any_number_of_threads() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = |name: &str| place.path().join(name).display().to_string();
    let mut texts = Vec::new();
    for jobs in ["1", "3"] {
        let out = folder(jobs);
        let r = run(&["report", "--only", "lemma-5,lemma-4-minus", "--out", &out, "--jobs", jobs]);
        assert_eq!((r.code, r.err.as_str()), (0, ""), "{}", r.out);
        assert!(r.out.contains("2 of 2 claims have their recorded outcome"), "{}", r.out);
        let file = |name: &str| fs::read_to_string(Path::new(&out).join(name)).expect(name);
        texts.push((file("evidence.json"), file("README.md")));
        let run_json: Value = serde_json::from_str(&file("run.json")).expect("run.json parses");
        assert_eq!(run_json["threads"].as_u64(), jobs.parse().ok());
        assert_eq!(run_json["changes"], Value::Null);
    }
    assert_eq!(texts[0], texts[1]);
    let again = run(&["report", "--only", "lemma-5", "--out", &folder("1")]);
    assert_eq!(again.code, 0);
    let notes = fs::read_to_string(place.path().join("1/run.md")).expect("run.md");
    assert!(notes.contains("lemma-4-minus: gone"), "{notes}");
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_at_once_with_nothing_left() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("file");
    fs::write(&file, "in the way").expect("written");
    refused(&["report", "--out", &file.display().to_string()], &["file"]);
    refused(&["report", "--out", &file.join("below").display().to_string()], &["below"]);
    let fresh = place.path().join("fresh");
    for shard in [&[][..], &["--shard", "1/2"]] {
        let args = ["report", "--only", "theorem-2-dept", "--out", &fresh.display().to_string()];
        refused(&[&args[..], shard].concat(), &["theorem-2-depth"]);
    }
    assert!(!fresh.exists(), "half-written");
    assert_eq!(fs::read_to_string(&file).expect("still there"), "in the way");
}

#[test]
fn inspect_certifies_an_exact_minimiser() {
    let (_place, mut args) = example();
    let text = run(&strs(&args));
    assert_eq!(text.code, 0, "{}{}", text.out, text.err);
    for word in ["sharpness", "norm(w*)", "theorem-2-depth", "holds"] {
        assert!(text.out.contains(word), "{word} is not in {}", text.out);
    }
    args.push("--json".into());
    let v = json(&strs(&args));
    assert_eq!(v["schema"], "flatcert.inspect/2");
    assert_eq!(keys(&v["data"]), ["n", "d", "lambda", "Lambda", "w_star_norm", "w_star", "r_min"]);
    assert_eq!(keys(&v["network"]), ["depth", "widths", "parameters", "head_norm"]);
    let wanted = [
        "schema", "data", "network", "risk", "excess_risk", "gradient_norm", "distance_to_w_star", "sharpness",
        "method", "relative_width", "hessian_min", "choice", "bounds", "claims", "remarks", "input",
    ];
    assert_eq!(keys(&v), wanted);
    assert_eq!(keys(&v["input"]), ["x", "y", "weights"]);
    assert_eq!(v["input"]["weights"]["layers"], serde_json::json!(["0.weight", "1.weight"]));
    assert_eq!(v["network"]["widths"], serde_json::json!([2, 2, 1]));
    let point = |x: f64| serde_json::json!({"lo": x, "hi": x});
    assert_eq!(v["data"]["w_star"], serde_json::json!([point(1.0), point(2.0)]));
    // w_prod = w*, proved: exactly what they are.
    for name in ["excess_risk", "gradient_norm", "distance_to_w_star"] {
        assert_eq!(v[name], point(0.0), "{name}");
    }
    assert!(v["relative_width"].as_f64().expect("a width") < 1e-9 && v["method"].is_string());
    let contains = |e: &Value, x: f64| {
        let (lo, hi) = (e["lo"].as_f64().expect("lo"), e["hi"].as_f64().expect("hi"));
        assert!(lo <= x && x <= hi && hi - lo <= 1e-9 * x.abs().max(1e-3), "{x} against [{lo}, {hi}]");
    };
    contains(&v["data"]["lambda"], 2.0);
    contains(&v["data"]["w_star_norm"], 5f64.sqrt());
    contains(&v["network"]["head_norm"], 1.0);
    contains(&v["excess_risk"], 0.0);
    // J J^T = norm(b_1)^2 I + W_1^T W_1 = 6 I, so that S = 2 * 2 * 6; the bound is 2 L lambda norm(w*)^(2-2/L).
    contains(&v["sharpness"], 24.0);
    contains(&v["bounds"]["theorem-2-depth"], 8.0 * 5f64.sqrt());
    contains(&v["bounds"]["theorem-1"], 8.0 * 5f64.sqrt());
    for c in v["claims"].as_array().expect("claims") {
        assert_eq!(keys(c), ["id", "outcome", "grade", "margin", "reason"]);
        assert_eq!((c["outcome"].as_str(), c["grade"].as_str()), (Some("Holds"), Some("Instance")), "{c}");
    }
}

#[test]
fn inspect_says_where_a_network_stands_that_is_no_minimiser() {
    let (place, mut args) = example();
    let net = place.path().join("net.safetensors");
    safetensors(&net, &[("0.weight", [2, 2], &[1.0, 0.0, 0.0, 1.0]), ("1.weight", [1, 2], &[1.0, 2.001])]);
    args.push("--json".into());
    let v = json(&strs(&args));
    for c in v["claims"].as_array().expect("claims") {
        assert_eq!(c["outcome"], "OutOfScope", "{c}");
        assert!(c["reason"].as_str().expect("a reason").contains("distance to w*"), "{c}");
        assert!(c["margin"]["lo"].is_number(), "{c}");
    }
}

/// Every enclosure that is wider than a thousandth of its size is remarked upon, by name.
#[test]
fn inspect_says_why_an_enclosure_is_wide() {
    let (place, mut args) = example();
    args.push("--json".into());
    let mut wide = 0;
    for last in [2.0, 2.0 + 1e-14, 2.5] {
        let net = place.path().join("net.safetensors");
        safetensors(&net, &[("0.weight", [2, 2], &[1.0, 0.0, 0.0, 1.0]), ("1.weight", [1, 2], &[1.0, last])]);
        let v = json(&strs(&args));
        let remarks: Vec<&str> = v["remarks"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let mut look = |name: &str, e: &Value| {
            let (Some(lo), Some(hi)) = (e["lo"].as_f64(), e["hi"].as_f64()) else { return };
            if hi - lo > 1e-3 * lo.abs().max(hi.abs()) {
                wide += 1;
                assert!(remarks.iter().any(|r| r.starts_with(&format!("{name}: "))), "{name}: {e} of {remarks:?}");
            }
        };
        for name in ["lambda", "Lambda", "w_star_norm", "r_min"] {
            look(name, &v["data"][name]);
        }
        for name in ["risk", "excess_risk", "gradient_norm", "distance_to_w_star", "sharpness", "hessian_min"] {
            look(name, &v[name]);
        }
        for c in v["claims"].as_array().expect("claims") {
            look(&format!("{}, margin", c["id"].as_str().expect("an id")), &c["margin"]);
        }
    }
    assert!(wide > 0);
}

#[test]
fn a_value_outside_of_the_doubles_is_said_to_be_that() {
    for (unit, cause) in [("1e-170", "below the range of doubles"), ("1e160", "beyond the range of doubles")] {
        let place = tempfile::tempdir().expect("a folder");
        let path = |name: &str| place.path().join(name).to_str().expect("a name").to_string();
        fs::write(path("x.csv"), format!("x\n{unit}\n")).expect("written");
        fs::write(path("y.csv"), format!("y\n3{unit}\n")).expect("written");
        safetensors(Path::new(&path("net.safetensors")), &[("0.weight", [1, 1], &[2.0]), ("1.weight", [1, 1], &[1.0])]);
        let files = [path("x.csv"), path("y.csv"), path("net.safetensors")];
        let v = json(&["inspect", "--x", &files[0], "--y", &files[1], "--weights", &files[2], "--json"]);
        let remarks: Vec<&str> = v["remarks"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        for name in ["lambda", "Lambda", "sharpness"] {
            let of = |r: &&str| r.starts_with(&format!("{name}: "));
            let remark = remarks.iter().find(|r| of(r)).unwrap_or_else(|| panic!("{name} at {unit}: {remarks:?}"));
            assert!(remark.contains(cause), "{unit}: {remark}");
        }
    }
}

#[test]
fn inspect_refuses_bad_input_with_one_line() {
    let (place, args) = example();
    let args = strs(&args);
    let with = |at: usize, value: &str, words: &[&str]| {
        let mut changed = args.clone();
        changed[at] = value;
        refused(&changed, words);
    };
    let write = |name: &str, bytes: &[u8]| {
        let path = place.path().join(name);
        fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    with(2, "nowhere/X.npy", &["nowhere/X.npy"]);
    with(6, "nowhere/net.npz", &["nowhere/net.npz"]);
    with(2, &write("text.npy", b"hello"), &["text.npy"]);
    let whole = npy(&[4, 2], &[1.0; 8]);
    with(2, &write("cut.npy", &whole[..whole.len() - 9]), &["cut.npy"]);
    with(2, &write("nan.npy", &npy(&[2, 2], &[1.0, 2.0, f64::NAN, 4.0])), &["nan.npy", "row", "column"]);
    with(2, &write("flat.npy", &npy(&[4, 2], &[1.0; 8])), &["(A1)"]);
    with(2, &write("wide.npy", &npy(&[1, 2], &[1.0, 2.0])), &["4", "1"]);
    with(4, &write("short.npy", &npy(&[3], &[1.0; 3])), &["3", "4"]);
    let bad = place.path().join("bad.safetensors");
    let chain = |layers: &[(&str, [usize; 2], &[f64])], words: &[&str]| {
        safetensors(&bad, layers);
        with(6, &bad.display().to_string(), words);
    };
    chain(&[("W1", [1, 2], &[1.0, 2.0]), ("W2", [1, 2], &[1.0, 2.0])], &["W1", "W2", "1 x 2"]);
    chain(&[("W1", [2, 2], &[1.0; 4]), ("W3", [1, 2], &[1.0; 2])], &["W2"]);
    chain(&[("W1", [2, 2], &[1.0; 4])], &["head"]);
    chain(&[("W1", [1, 3], &[1.0; 3])], &["W1", "3", "2"]);
}

/// A table of 13 rows, y = 2 a - b + c / 100, under a first line.
fn table(first: &str) -> String {
    let row = |i: usize| {
        let (a, b, c) = ((i * i % 7) as f64 + 0.5, (i % 5) as f64 - 1.25, (3 * i % 11) as f64 + 0.75);
        format!("{a},{b},{c},{}\n", 2.0 * a - b + c / 100.0)
    };
    format!("{first}\n") + &(0..13).map(row).collect::<String>()
}

/// A folder with `data.csv` and a network of three inputs, and the arguments to inspect it with these in place of the
/// data's.
fn tabulated(first: &str) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("data.csv"), table(first)).expect("written");
    safetensors(&place.path().join("net.safetensors"), &[("0.weight", [1, 3], &[2.0, -1.0, 0.01])]);
    place
}

fn inspect_in(place: &TempDir, x: &str, y: &str, more: &[&str]) -> Ran {
    let path = |name: &str| place.path().join(name).display().to_string();
    let (x, y, net) = (path(x), path(y), path("net.safetensors"));
    run(&[&["inspect", "--x", &x, "--y", &y, "--weights", &net], more].concat())
}

fn said(r: &Ran, code: i32, words: &[&str]) {
    assert_eq!((r.code, r.err.lines().count()), (code, usize::from(code != 0)), "{}{}", r.out, r.err);
    for word in words {
        assert!(r.out.contains(word) || r.err.contains(word), "{word:?} is not in {}{}", r.out, r.err);
    }
}

#[test]
fn inspect_says_what_it_took_for_the_header_and_options_decide() {
    let place = tabulated("0,1,2,3");
    let r = inspect_in(&place, "data.csv", "data.csv:3", &[]);
    said(
        &r,
        0,
        &["n = 13, d = 3", "line 1 is the header: it counts the columns from 0", "separated by commas", "0.weight"],
    );
    let r = inspect_in(&place, "data.csv", "data.csv:3", &["--json", "--header", "no"]);
    let v: Value = serde_json::from_str(&r.out).expect("JSON");
    assert_eq!(
        (v["data"]["n"].as_u64(), &v["input"]["x"]["table"]["header"]["taken"]),
        (Some(14), &Value::Bool(false))
    );
    let place = tabulated("1990,1991,1992,1993");
    let r = inspect_in(&place, "data.csv", "data.csv:3", &[]);
    said(&r, 2, &["data.csv: line 1 (1990, 1991, 1992, 1993)", "--header yes or --header no"]);
    let v: Value =
        serde_json::from_str(&inspect_in(&place, "data.csv", "data.csv:1993", &["--json"]).out).expect("JSON");
    assert_eq!(v["input"]["x"]["columns"], serde_json::json!(["1990", "1991", "1992"]));
    said(&inspect_in(&place, "data.csv", "data.csv:3", &["--header", "perhaps"]), 2, &["perhaps"]);
    said(&inspect_in(&place, "data.csv", "data.csv:3", &["--delimiter", "x"]), 2, &[", ; tab or blank"]);
    said(&inspect_in(&place, "data.csv", "data.csv:1993", &["--decimal", ","]), 2, &["data.csv"]);
    let (_place, mut args) = example();
    args.extend(["--header".into(), "yes".into()]);
    refused(&strs(&args), &["--header", "none of the data files is a text table"]);
}

#[test]
fn two_columns_of_one_table_are_two_arrays() {
    let place = tabulated("0.5,-1.25,0.75,1");
    safetensors(&place.path().join("net.safetensors"), &[("0.weight", [1, 1], &[2.0])]);
    said(&inspect_in(&place, "data.csv:0", "./data.csv:3", &[]), 0, &["n = 14, d = 1"]);
    said(&inspect_in(&place, "data.csv:3", "./data.csv:3", &[]), 2, &["X and y are the same array"]);
    fs::write(place.path().join("one.csv"), "10,20\n").expect("written");
    said(&inspect_in(&place, "one.csv:20", "data.csv:3", &[]), 2, &["one.csv: no rows", "a header alone (10, 20)"]);
}

#[test]
fn the_target_does_not_stay_among_the_inputs_whatever_the_path() {
    let place = tabulated("a,b,c,target");
    for (x, y) in [("data.csv", "./data.csv:target"), ("./data.csv", "data.csv:target"), ("data.csv", "data.csv:3")] {
        said(&inspect_in(&place, x, y, &[]), 0, &["n = 13, d = 3", "columns a, b, c"]);
    }
    // A copy cannot be known for one; what it looks like is said.
    fs::copy(place.path().join("data.csv"), place.path().join("copy.csv")).expect("copied");
    let without_c = |line: &str| {
        line.split(',').enumerate().filter(|(j, _)| *j != 2).map(|(_, f)| f.to_string()).collect::<Vec<_>>().join(",")
    };
    let three: Vec<String> = table("a,b,c,target").lines().map(without_c).collect();
    fs::write(place.path().join("three.csv"), three.join("\n")).expect("written");
    safetensors(&place.path().join("net.safetensors"), &[("0.weight", [1, 3], &[0.0, 0.0, 1.0])]);
    said(&inspect_in(&place, "three.csv", "copy.csv:target", &[]), 0, &["column 'target' of X equals y"]);
}

#[test]
fn an_expected_risk_is_that_of_these_files_or_refused() {
    let place = tabulated("a,b,c,target");
    safetensors(&place.path().join("net.safetensors"), &[("0.weight", [1, 3], &[1.0, -1.0, 0.01])]);
    let v: Value =
        serde_json::from_str(&inspect_in(&place, "data.csv", "data.csv:target", &["--json"]).out).expect("JSON");
    let risk = v["risk"]["lo"].as_f64().expect("a number");
    let with = |r: String| inspect_in(&place, "data.csv", "data.csv:target", &["--expect-risk", &r]);
    for near in [format!("{risk}"), format!("{risk:.2}"), format!("{risk:.3e}"), format!("{:e}", risk * (1.0 + 9e-7))] {
        said(&with(near), 0, &["sharpness"]);
    }
    for (far, more) in
        [(format!("{}", risk / 2.0), "another factor"), (format!("{:e}", risk * (1.0 + 2e-6)), "--transposed")]
    {
        said(&with(far.clone()), 2, &["--expect-risk", &far, &format!("{risk:.3}")[..4], more]);
    }
    for nonsense in ["-1", "1/3", "much", "nan"] {
        said(&with(nonsense.into()), 2, &["--expect-risk"]);
    }
    // A risk of zero, as floating point computes it.
    safetensors(&place.path().join("net.safetensors"), &[("0.weight", [1, 3], &[2.0, -1.0, 0.01])]);
    said(&with("3.2e-32".into()), 0, &["sharpness"]);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_is_not_there_is_one_line() {
    let (place, args) = example();
    // A sparse file of 4 GB of zeros, as its header says.
    let rows = 1_usize << 28;
    let mut header = npy(&[1, 2], &[0.0, 0.0]);
    header.truncate(128);
    let text = String::from_utf8(header.split_off(10)).expect("ASCII").replace("(1, 2,)", &format!("({rows}, 2,)"));
    header.extend(format!("{:<117}\n", text.trim_end()).as_bytes());
    let path = place.path().join("large.npy");
    let file = fs::File::create(&path).expect("created");
    (&file).write_all(&header).expect("written");
    file.set_len(128 + 16 * rows as u64).expect("sparse");
    let shell = format!(
        "ulimit -v 2000000; exec {} inspect --x {} --y {} --weights {}",
        env!("CARGO_BIN_EXE_flatcert"),
        path.display(),
        args[4],
        args[6]
    );
    let done = Command::new("sh").args(["-c", &shell]).output().expect("a shell");
    let err = String::from_utf8(done.stderr).expect("UTF-8");
    assert_eq!((done.status.code(), err.lines().count()), (Some(2), 1), "{err}");
    assert!(err.contains("large.npy") && err.contains("bytes of memory"), "{err}");
}

#[test]
fn a_closed_pipe_is_not_a_panic() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_flatcert"))
        .args(["list", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("starts");
    // Closes the reading end before anything, or after very little, was read.
    drop(child.stdout.take());
    let status = child.wait().expect("ends");
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("read");
    assert_eq!(err, "");
    assert!(status.success(), "{status}");
}
