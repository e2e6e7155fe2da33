//! The corpus of mutants: small falsehoods planted in the sources, one at a time, each of which the tests must notice.
//!
//! Every `*.json` file beside this one is a list of mutants `{id, file, find, replace, why, tests}`: the text `find`
//! occurs exactly once in `file` (a path from the root of the repository) and is replaced by `replace`; `why` says what
//! has become false; `tests` names the test binaries of which at least one must fail (`lib` for the unit tests). To add
//! mutants for other sources, add a file.
//!
//! `cargo test --release --test mutants` checks the corpus against the sources, so that a patch that no longer applies
//! is noticed at once. `make mutants` plants them: sources and tests are copied to a temporary folder outside the
//! repository, as a crate of the rooms that the mutants need, an unmutated control must pass, and every mutant must be
//! killed. A mutant that does not compile is an error in the corpus, not a kill. `MUTANTS=text,text` restricts the run
//! to the mutants whose id or file contains one of the texts.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Instant;
use std::{env, fs};

/// Sources that need only the kernel (arithmetic and linear algebra) are mutated in a crate of these rooms alone, which
/// compiles faster.
const KERNEL: &[&str] = &["arithmetic", "linalg"];

/// The rooms of all other mutants: the instrument, without the claims.
const INSTRUMENT: &[&str] = &[
    "arithmetic", "linalg", "statistics", "formula", "input", "figure", "problem", "network", "hessian", "residual",
    "flow", "descent", "experiments",
];

/// Seconds of processor time that a test binary gets, for a mutant may make a loop endless; the slowest binary takes a
/// tenth of this. Time on the clock would call a mutant killed because the machine was busy.
const PATIENCE: &str = "360";

/// How many mutants there are, and how many of them are of the kernel: one that is lost is seen here.
const MUTANTS: (usize, usize) = (310, 129);

/// The name of the unit tests among the test binaries.
const UNIT: &str = "lib";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutant {
    id: String,
    file: String,
    find: String,
    replace: String,
    why: String,
    tests: Vec<String>,
}

impl Mutant {
    fn is_kernel(&self) -> bool {
        KERNEL.iter().any(|room| self.file.starts_with(&format!("src/{room}/")))
            && self.tests.iter().all(|t| KERNEL.contains(&t.as_str()))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn corpus() -> Vec<Mutant> {
    let folder = root().join("tests/mutants");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|p| {
            let text = fs::read_to_string(p).unwrap();
            serde_json::from_str::<Vec<Mutant>>(&text).unwrap_or_else(|e| panic!("{}: {e}", p.display()))
        })
        .collect()
}

/// The mutated source, or what is wrong with the mutant.
fn planted(m: &Mutant) -> Result<String, String> {
    let text = fs::read_to_string(root().join(&m.file)).map_err(|e| format!("{}: {}: {e}", m.id, m.file))?;
    let count = text.matches(&m.find).count();
    if count != 1 {
        return Err(format!("{}: the text occurs {count} times in {}, not once: {:?}", m.id, m.file, m.find));
    }
    let out = text.replacen(&m.find, &m.replace, 1);
    if out == text { Err(format!("{}: changes nothing", m.id)) } else { Ok(out) }
}

/// What a room says of a room that is not among these, and would not compile without.
fn foreign(rooms: &[&str]) -> Vec<String> {
    fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() { sources(&path, out) } else { out.push(path) }
        }
    }
    let mut files = Vec::new();
    rooms.iter().for_each(|room| sources(&root().join("src").join(room), &mut files));
    let known = |name: &str| rooms.contains(&name) || ["error", "Error", "Result"].contains(&name);
    let mut out = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().map(|l| l.split("//").next().unwrap());
        let names = code.flat_map(|l| l.split("crate::").skip(1).collect::<Vec<_>>());
        let names = names.map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap());
        out.extend(names.filter(|n| !known(n)).map(|n| format!("{}: {n}", file.display())));
    }
    out
}

fn every_mutant_applies() {
    for rooms in [KERNEL, INSTRUMENT] {
        assert_eq!(foreign(rooms), Vec::<String>::new(), "rooms of the mutants need others");
    }
    let corpus = corpus();
    let kernel = corpus.iter().filter(|m| m.is_kernel()).count();
    assert_eq!((corpus.len(), kernel), MUTANTS, "mutants, and mutants of the kernel");
    let ids: BTreeSet<&str> = corpus.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids.len(), corpus.len(), "two mutants share an id");
    let mut problems: Vec<String> = corpus.iter().filter_map(|m| planted(m).err()).collect();
    for m in &corpus {
        if m.tests.is_empty() || m.why.is_empty() {
            problems.push(format!("{}: no test or no reason", m.id));
        }
        for test in &m.tests {
            let (file, folder) = (format!("tests/{test}.rs"), format!("tests/{test}/main.rs"));
            if test != UNIT && !root().join(&file).exists() && !root().join(&folder).exists() {
                problems.push(format!("{}: there is no {file}", m.id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A throwaway crate outside the repository, compiled into the repository's own target folder so that the dependencies
/// are shared.
struct Nursery {
    folder: tempfile::TempDir,
}

enum Outcome {
    Passed,
    Failed,
    DoesNotCompile(String),
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Nursery {
    fn new(rooms: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("mutants").tempdir().unwrap();
        assert!(!folder.path().starts_with(root()), "the temporary folder lies inside the repository");
        let to = folder.path();
        // The manifest and the lock file unchanged but for the package's name: the same dependencies, compiled already.
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let renamed = manifest.replacen("name = \"flatcert\"", "name = \"flatcert-mutant\"", 1);
        assert_ne!(manifest, renamed);
        let manifest =
            without_targets(&renamed).replacen("[dependencies]", "[lib]\nname = \"flatcert\"\n\n[dependencies]", 1);
        // Compiling costs more than running what little runs before a mutant is killed.
        let manifest = manifest
            + "\n[workspace]\n\n[profile.release.package.flatcert-mutant]\n"
            + "opt-level = 0\ndebug = 0\ncodegen-units = 16\n";
        fs::write(to.join("Cargo.toml"), manifest).unwrap();
        let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
        fs::write(to.join("Cargo.lock"), lock.replacen("name = \"flatcert\"", "name = \"flatcert-mutant\"", 1))
            .unwrap();
        fs::create_dir_all(to.join("src")).unwrap();
        let mut lib = String::from("#![forbid(unsafe_code)]\npub mod error;\npub use error::{Error, Result};\n");
        for room in rooms {
            copy_folder(&root().join("src").join(room), &to.join("src").join(room));
            lib += &format!("pub mod {room};\n");
        }
        fs::copy(root().join("src/error.rs"), to.join("src/error.rs")).unwrap();
        fs::write(to.join("src/lib.rs"), lib).unwrap();
        // What the tests read.
        for folder in ["tests", "fixtures"] {
            copy_folder(&root().join(folder), &to.join(folder));
        }
        Self { folder }
    }

    /// Compiles one test binary.
    fn build(&self, test: &str) -> Result<PathBuf, String> {
        let (name, target) = if test == UNIT { ("flatcert", &["--lib"][..]) } else { (test, &["--test", test][..]) };
        let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["test", "--release", "--offline", "--no-run", "--message-format=json-render-diagnostics"])
            .args(target)
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", target_folder())
            .env("CARGO_INCREMENTAL", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if !built.status.success() {
            return Err(String::from_utf8_lossy(&built.stderr).into_owned());
        }
        String::from_utf8_lossy(&built.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|m| m["target"]["name"] == name)
            .find_map(|m| m["executable"].as_str().map(PathBuf::from))
            .ok_or_else(|| format!("cargo names no executable for {test}"))
    }

    /// Compiles and runs one test binary, up to its first failure.
    fn test(&self, test: &str) -> Outcome {
        let binary = match self.build(test) {
            Ok(binary) => binary,
            Err(why) => return Outcome::DoesNotCompile(why),
        };
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -t \"$1\" && exec \"$0\""])
            .arg(binary)
            .arg(PATIENCE)
            .current_dir(self.folder.path())
            // A failure is all that is asked; a smaller counterexample and a trace would cost time.
            .env("PROPTEST_MAX_SHRINK_ITERS", "0")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if line.starts_with("test ") && line.ends_with("FAILED") {
                    let _ = send.send(());
                }
            }
        });
        // A report of a failure, or the end of the output: only the second can mean that all passed.
        if receive.recv().is_err() {
            return if child.wait().unwrap().success() { Outcome::Passed } else { Outcome::Failed };
        }
        let _ = child.kill();
        let _ = child.wait();
        Outcome::Failed
    }
}

/// The repository's target folder, from where this very test was started.
fn target_folder() -> PathBuf {
    let exe = env::current_exe().unwrap();
    exe.ancestors()
        .find(|p| p.ends_with("release") || p.ends_with("debug"))
        .and_then(Path::parent)
        .unwrap()
        .to_path_buf()
}

/// Drops the tables that name binaries, benches, tests, examples and other members of the workspace, which the copy
/// does not have.
fn without_targets(manifest: &str) -> String {
    let mut out = String::new();
    let mut keep = true;
    for line in manifest.lines() {
        if line.starts_with('[') {
            keep = !["[[", "[lib]", "[workspace]"].iter().any(|t| line.starts_with(t));
        }
        if keep {
            out += line;
            out.push('\n');
        }
    }
    out
}

fn every_mutant_is_killed() {
    let only = env::var("MUTANTS").unwrap_or_default();
    let corpus = corpus();
    let is_chosen = |m: &Mutant| only.split(',').any(|text| m.id.contains(text) || m.file.contains(text));
    let chosen: Vec<&Mutant> = corpus.iter().filter(|m| is_chosen(m)).collect();
    assert!(!chosen.is_empty(), "no mutant matches '{only}'");
    let mut survivors = Vec::new();
    for rooms in [KERNEL, INSTRUMENT] {
        let here: Vec<&&Mutant> = chosen.iter().filter(|m| m.is_kernel() == (rooms == KERNEL)).collect();
        if here.is_empty() {
            continue;
        }
        let nursery = Nursery::new(rooms);
        let tests: BTreeSet<&String> = here.iter().flat_map(|m| &m.tests).collect();
        for test in tests {
            match nursery.test(test) {
                Outcome::Passed => println!("control passes {test}"),
                Outcome::Failed => panic!("the unmutated control fails {test}"),
                Outcome::DoesNotCompile(why) => panic!("the unmutated control does not compile:\n{why}"),
            }
        }
        for (at, m) in here.iter().enumerate() {
            let start = Instant::now();
            let place = nursery.folder.path().join(&m.file);
            let original = fs::read(&place).unwrap();
            fs::write(&place, planted(m).unwrap()).unwrap();
            let mut verdict = "SURVIVES".to_string();
            for test in &m.tests {
                match nursery.test(test) {
                    Outcome::Passed => continue,
                    Outcome::Failed => verdict = format!("killed by {test}"),
                    Outcome::DoesNotCompile(why) => verdict = format!("DOES NOT COMPILE\n{why}"),
                }
                break;
            }
            fs::write(&place, original).unwrap();
            println!("{:>3}/{} {:<36} {verdict} ({:.1} s)", at + 1, here.len(), m.id, start.elapsed().as_secs_f64());
            if !verdict.starts_with("killed") {
                survivors.push(format!("{}: {}", m.id, m.why));
            }
        }
    }
    assert!(survivors.is_empty(), "not killed:\n{}", survivors.join("\n"));
}

/// No harness: `cargo test` checks that the corpus fits the sources; with `--plant` (`make mutants`) every mutant is
/// planted too.
fn main() {
    every_mutant_applies();
    println!("test every_mutant_applies ... ok");
    if env::args().any(|a| a == "--plant") {
        every_mutant_is_killed();
        println!("test every_mutant_is_killed ... ok");
    }
}
