//! The proofs in Coq: `formal/audit.json`, which `make prove` writes, fits the sources; planted frauds are rejected;
//! every statement has been mutated and evaluated on the instances of its numerical claim.
//! Only the frauds need Coq, and say so when it is missing.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn formal() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("formal")
}

fn audit() -> Value {
    let text = fs::read_to_string(formal().join("audit.json")).expect("formal/audit.json");
    serde_json::from_str(&text).expect("formal/audit.json is JSON")
}

/// FNV-1a on 64 bits, as `formal/prove.py` computes it.
fn fnv(bytes: &[u8]) -> String {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// What is wrong with the audit, as far as the sources alone can tell.
fn disagreements(audit: &Value, folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let project = fs::read_to_string(folder.join("_CoqProject")).expect("_CoqProject");
    let files: BTreeSet<&str> = project.lines().filter(|line| line.ends_with(".v")).collect();
    let sources = audit["sources"].as_object().expect("sources");
    let audited: BTreeSet<&str> = sources.keys().map(String::as_str).collect();
    for file in files.symmetric_difference(&audited) {
        found.push(format!("{file}: in one of _CoqProject and audit.json"));
    }
    for (file, hash) in sources {
        match fs::read(folder.join(file)) {
            Ok(bytes) if *hash == fnv(&bytes) => {}
            Ok(_) => found.push(format!("{file}: it changed after the audit")),
            Err(error) => found.push(format!("{file}: {error}")),
        }
    }
    for theorem in audit["theorems"].as_array().expect("theorems") {
        let (name, file) = (theorem["theorem"].as_str().unwrap(), theorem["file"].as_str().unwrap());
        let line = theorem["line"].as_u64().unwrap() as usize;
        let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
        if text.lines().nth(line - 1) != Some(&format!("Theorem {name} : Statements.{name}.")) {
            found.push(format!("{file}:{line}: the theorem {name} is not there"));
        }
    }
    found
}

/// How many statements are proved: one that is lost is seen here.
const THEOREMS: usize = 61;

#[test]
fn the_audit_fits_the_sources() {
    let audit = audit();
    assert_eq!(disagreements(&audit, &formal()), Vec::<String>::new(), "run `make prove` and commit formal/audit.json");
    assert_eq!(audit["theorems"].as_array().unwrap().len(), THEOREMS);
}

#[test]
fn every_assumption_has_its_reason() {
    let text = fs::read_to_string(formal().join("axioms.json")).unwrap();
    let allowed: Value = serde_json::from_str(&text).unwrap();
    for theorem in audit()["theorems"].as_array().unwrap() {
        for axiom in theorem["assumptions"].as_array().unwrap() {
            let reason = allowed[axiom.as_str().unwrap()].as_str();
            assert!(reason.is_some_and(|reason| !reason.is_empty()), "{}: {axiom}", theorem["theorem"]);
        }
    }
}

#[test]
fn every_stated_result_names_its_theorems() {
    let text = fs::read_to_string(formal().join("results.json")).unwrap();
    let results: Value = serde_json::from_str(&text).unwrap();
    let audit = audit();
    let proved: BTreeSet<&str> =
        audit["theorems"].as_array().unwrap().iter().map(|theorem| theorem["theorem"].as_str().unwrap()).collect();
    assert_eq!(results.as_array().unwrap().len(), 30);
    for result in results.as_array().unwrap() {
        let theorems: Vec<&str> =
            result["theorems"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let missing: Vec<&&str> = theorems.iter().filter(|name| !proved.contains(*name)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", result["claim"]);
        let negation = theorems.iter().any(|name| name.ends_with("_printed_false"));
        let status = match (theorems.is_empty(), negation) {
            (true, _) => "not proved",
            (false, true) => "disproved as printed",
            (false, false) => "proved",
        };
        assert_eq!(result["status"], status, "{}", result["claim"]);
    }
}

#[test]
fn what_is_proved_is_a_claim_of_the_catalogue() {
    let paper = flatcert::paper::registry::paper().unwrap();
    let claims: BTreeSet<String> = paper.catalogue().into_iter().map(|e| e.id).collect();
    assert_eq!(paper.formal.len(), 169);
    for (claim, formal) in &paper.formal {
        assert!(claims.contains(claim), "{claim} is a claim");
        assert!(!formal.proved.is_empty() || !formal.disproved.is_empty(), "{claim}");
    }
}

#[test]
fn every_scalar_step_is_audited() {
    let text = fs::read_to_string(formal().join("scalar_steps.json")).unwrap();
    let listed: Value = serde_json::from_str(&text).unwrap();
    let audit = audit();
    let audited = audit["scalar"]["steps"].as_object().expect("scalar steps");
    assert_eq!(listed.as_object().unwrap().keys().collect::<Vec<_>>(), audited.keys().collect::<Vec<_>>());
    for (claim, forms) in listed.as_object().unwrap() {
        for (form, name) in forms.as_object().unwrap() {
            let theorem = name.as_str().unwrap().rsplit('.').next().unwrap();
            let printed = audited[claim][form].as_str().unwrap_or_default();
            assert!(printed.contains(theorem), "{claim} {form}: {printed}");
        }
    }
}

fn json(file: &str) -> Value {
    let text = fs::read_to_string(formal().join(file)).unwrap_or_else(|error| panic!("formal/{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("formal/{file}: {error}"))
}

#[test]
fn lines_have_at_most_100_characters() {
    let project = fs::read_to_string(formal().join("_CoqProject")).expect("_CoqProject");
    let mut found = Vec::new();
    for file in project.lines().filter(|line| line.ends_with(".v")) {
        let text = fs::read_to_string(formal().join(file)).expect(file);
        let long = text.lines().enumerate().filter(|(_, line)| line.chars().count() > 100);
        found.extend(long.map(|(at, _)| format!("{file}:{}", at + 1)));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_statement_has_mutants_and_every_survivor_a_reason() {
    let mutants = json("mutants.json");
    let audit = audit();
    let theorems = audit["theorems"].as_array().unwrap();
    let (mut few, mut killed, mut total) = (Vec::new(), 0, 0);
    assert_eq!(theorems.len(), mutants.as_object().unwrap().len(), "`make prove-mutants` has to run again");
    for theorem in theorems {
        let name = theorem["theorem"].as_str().unwrap();
        let entry = &mutants[name];
        let survivors = entry["survivors"].as_object().unwrap_or_else(|| panic!("mutants.json: no {name}"));
        assert!(survivors.values().all(|reason| reason.as_str().is_some_and(|reason| !reason.is_empty())), "{name}");
        let count = entry["mutants"].as_u64().unwrap();
        assert_eq!(count, entry["killed"].as_u64().unwrap() + survivors.len() as u64, "{name}");
        (killed, total) = (killed + entry["killed"].as_u64().unwrap(), total + count);
        if count < 5 {
            few.push(name);
        }
    }
    assert!(few.is_empty(), "statements with fewer than five mutants: {few:?}");
    assert!(killed * 10 >= total * 8, "{killed} of {total} mutants killed");
}

/// Instances of each form on which the statement and the claim are compared, where the claim has so many.
const INSTANCES: u64 = 100;

/// Claims whose statements take seconds for each instance, flows and whole Hessians: all instances of a quick run.
const SLOW: [&str; 5] = ["variational", "theorem-3", "corollary-1", "corollary-2", "corollary-3"];

#[test]
fn every_stated_result_is_evaluated_on_the_instances_of_its_claim() {
    let instances = json("instances.json");
    let (evaluated, parts) = (instances["evaluated"].as_object().unwrap(), instances["parts"].as_object().unwrap());
    for result in json("results.json").as_array().unwrap() {
        let claim = result["claim"].as_str().unwrap();
        let named = parts.get(claim).map(|part| part["forms"].as_array().unwrap().as_slice()).unwrap_or_default();
        for form in named {
            assert!(evaluated.contains_key(form.as_str().unwrap()), "{claim}: {form}");
        }
        let own = evaluated.keys().filter(|form| form.split('/').next() == Some(claim)).count();
        assert!(own + named.len() > 0, "{claim} is not evaluated");
    }
    assert!(parts.values().all(|part| part["what"].as_str().is_some_and(|what| !what.is_empty())), "{parts:?}");
    for (form, found) in evaluated {
        let (same, of) = (found["the same"].as_u64().unwrap(), found["of"].as_u64().unwrap());
        let out = found["out of scope here and there"].as_u64().unwrap_or(0);
        let left = found.get("not compared").map(|reasons| reasons.as_object().unwrap());
        let left: u64 = left.into_iter().flatten().map(|(_, count)| count.as_u64().unwrap()).sum();
        assert!(same > 0 && same + out + left == of, "{form}: {found}");
        let slow = SLOW.contains(&form.split('/').next().unwrap());
        let all = found["more"] == false && (slow || found["profile"] == "standard");
        assert!(same == INSTANCES || (same < INSTANCES && all), "{form}: {found}");
    }
}

#[test]
fn the_evaluator_of_the_statements_agrees_with_the_claims() {
    if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("python3 is missing: the statements were not evaluated");
        return;
    }
    let forms = [
        "theorem-2-depth/corrected", "rescaling/corrected", "lemma-8/lower", "lemma-9/printed-sigma",
        "corollary-3/printed-upper", "theorem-4-in-scope/limit", "lemma-3-in-scope/norm",
    ];
    let mut command = Command::new("python3");
    command.arg(formal().join("instances.py")).arg(env!("CARGO_BIN_EXE_flatcert"));
    let output = command.args(["--count", "2", "--only"]).args(forms).output().expect("python3");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for form in forms {
        assert!(text.contains(&format!("{form}: 2 of ")), "{form}: {text}");
    }
}

/// How many wrong constants are planted in the evaluated statements: one that is lost is seen here.
const WRONG: usize = 17;

#[test]
fn a_wrong_constant_in_a_statement_is_seen_on_the_instances() {
    if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("python3 is missing: no wrong constants were planted");
        return;
    }
    let mut command = Command::new("python3");
    command.arg(formal().join("selftest/wrong.py")).arg(env!("CARGO_BIN_EXE_flatcert"));
    let output = command.output().expect("python3");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.lines().filter(|line| line.starts_with("seen: ")).count(), WRONG, "{text}");
}

#[test]
fn a_changed_source_and_a_moved_theorem_are_noticed() {
    let mut audit = audit();
    let first = audit["theorems"][0]["line"].as_u64().unwrap();
    audit["theorems"][0]["line"] = Value::from(first + 1);
    let (file, hash) = audit["sources"].as_object_mut().unwrap().iter_mut().next().unwrap();
    let file = file.clone();
    *hash = Value::from("0000000000000000");
    let found = disagreements(&audit, &formal());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with(&format!("{file}: it changed")), "{found:?}");
    assert!(found[1].contains("is not there"), "{found:?}");
}

/// How many frauds are planted: one that is lost is seen here.
const FRAUDS: usize = 20;

#[test]
fn planted_frauds_are_rejected() {
    let present = |tool: &str| Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !present("coqc") || !present("python3") {
        eprintln!("coqc or python3 is missing: the frauds were not planted (make prove installs Coq)");
        return;
    }
    let output = Command::new("python3").arg(formal().join("selftest/frauds.py")).output().expect("python3");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.lines().filter(|line| line.starts_with("rejected: ")).count(), FRAUDS, "{text}");
}
