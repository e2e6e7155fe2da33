//! A night on many machines: shards that share a folder, merges that name what is missing, the summary in the morning,
//! reports in parts. The schedulers themselves are in `cluster.sh`.

use flatcert::arithmetic::Enclosure;
use flatcert::harness::chance::{Chance, Counts, Part};
use flatcert::morning::{Before, Summary, nights_to_alarm};
use flatcert::nightly::{self, Plan, Until};
use rand_distr::{Binomial, Distribution};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A statement of microseconds.
const CHEAP: &str = "lemma-3-norm/ball4-d4-L1-s0.001-u0.0084645";

fn flatcert(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatcert"));
    command.args(args).stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = flatcert(args).output().unwrap();
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Trials and failures.
fn status(ledger: &Path) -> (u64, u64) {
    let (_, said) = run(&["nightly", "--ledger", text(ledger), "--status", "--json", "--only", CHEAP]);
    let said: Value = serde_json::from_str(&said).unwrap();
    let row = &said["status"]["statements"][0];
    (row["trials"].as_u64().unwrap(), row["failures"].as_u64().unwrap())
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    out.sort();
    out
}

#[test]
fn shards_share_a_folder_and_the_merge_names_what_is_missing() {
    let dir = TempDir::new().unwrap();
    let (folder, all) = (dir.path().join("night"), dir.path().join("all.ledger"));
    let named = format!("{}/", folder.display());
    let shard = |i: u64, trials: &str, night: &str, to: &str| {
        let part = format!("{i}/3");
        let plan = ["--trials", trials, "--batch", "64", "--only", CHEAP, "--night", night, "--counted", text(&all)];
        run(&[&["nightly", "--ledger", to, "--shard", &part][..], &plan].concat())
    };
    for i in [1, 3] {
        assert_eq!(shard(i, "960", "monday", &named).0, Some(0));
    }
    let merge = |folder: &str, night: &str| {
        run(&["merge", text(&all), folder, "--expect", "3", "--night", night, "--out", text(&all)])
    };
    let (code, said) = merge(&named, "monday");
    assert_eq!(code, Some(6), "{said}");
    assert!(
        said.contains("missing: shard 2/3 of night monday: no run of it has ended") && !said.contains("1/3"),
        "{said}"
    );
    assert_eq!(shard(2, "960", "monday", &named).0, Some(0));
    assert_eq!(merge(&named, "monday").0, Some(0));
    // Twice is once.
    let bytes = fs::read(&all).unwrap();
    assert_eq!(merge(&named, "monday").0, Some(0));
    assert_eq!(fs::read(&all).unwrap(), bytes);
    let whole = dir.path().join("whole.ledger");
    run(&["nightly", "--ledger", text(&whole), "--trials", "960", "--batch", "64", "--only", CHEAP]);
    assert_eq!((status(&all), status(&all).0), (status(&whole), 960));
    assert_eq!(status(&folder), status(&whole));
    // The next night goes on from what was counted, with another number of shards if need be; a folder keeps its own.
    let tuesday = format!("{}/", dir.path().join("tuesday").display());
    let plan = ["--trials", "1600", "--batch", "64", "--only", CHEAP, "--night", "tuesday", "--counted", text(&all)];
    for part in ["1/2", "2/2"] {
        let (code, said) = run(&[&["nightly", "--ledger", &tuesday, "--shard", part][..], &plan].concat());
        assert_eq!(code, Some(0), "{said}");
    }
    let (code, said) = shard(1, "1600", "tuesday", &tuesday);
    assert!(code == Some(2) && said.contains("begun with 2 shards, not with 3"), "{said}");
    let (code, said) = run(&["merge", text(&all), &tuesday, "--expect", "2", "--out", text(&all)]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(status(&all).0, 1600);
}

#[cfg(unix)]
#[test]
fn a_shard_that_is_told_that_its_time_is_up_goes_on_where_it_was_and_keeps_the_budget() {
    let dir = TempDir::new().unwrap();
    let (folder, all) = (dir.path().join("night"), dir.path().join("all.ledger"));
    let named = format!("{}/", folder.display());
    let budget = |time: &'static str| {
        let args = [
            "nightly", "--ledger", &named, "--budget", time, "--batch", "64", "--only", CHEAP, "--night", "n",
            "--shard",
        ];
        flatcert(&[&args[..], &["1/2"]].concat()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut first = budget("10m");
    let patience = Instant::now();
    let lines = || segments(&folder).iter().map(|p| fs::read_to_string(p).unwrap().lines().count()).sum::<usize>();
    while !folder.exists() || lines() < 20 {
        assert!(patience.elapsed() < Duration::from_secs(120), "no records");
        std::thread::sleep(Duration::from_millis(5));
    }
    // A moment of work that counts against the budget.
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("kill").args(["-TERM", &first.id().to_string()]).status().unwrap().success());
    assert_eq!(first.wait().unwrap().code(), Some(130));
    let (_, said) = run(&["merge", &named, "--expect", "2", "--out", text(&all)]);
    assert!(said.contains("shard 1/2 of night n: interrupted and not resumed"), "{said}");
    assert!(said.contains("shard 2/2 of night n: no run of it has ended"), "{said}");
    let before = status(&folder).0;
    // What is left of a quarter of a second is nothing: the shard is done, and says so.
    assert_eq!(budget("250ms").wait().unwrap().code(), Some(0));
    assert_eq!(status(&folder).0, before);
    let (_, said) = run(&["merge", &named, "--expect", "2", "--out", text(&all)]);
    assert!(!said.contains("shard 1/2"), "{said}");
}

#[test]
fn a_drill_raises_the_alarm_in_the_exit_code_and_first_in_the_summary() {
    let dir = TempDir::new().unwrap();
    let (ledger, summary) = (dir.path().join("drill.ledger"), dir.path().join("morning"));
    // Tried whatever else is chosen.
    let args = [
        "nightly",
        "--drill",
        "--ledger",
        text(&ledger),
        "--only",
        CHEAP,
        "--trials",
        "200000",
        "--summary",
        text(&summary),
    ];
    let (code, said) = run(&args);
    assert_eq!(code, Some(1), "{said}");
    let page = fs::read_to_string(dir.path().join("morning.md")).unwrap();
    let alarm = page.find("**ALARM**").expect("an alarm");
    assert!(page.lines().take(6).any(|l| l.contains("drill/falsehood")) && alarm < page.find("## ").unwrap(), "{page}");
    let json: Value = serde_json::from_str(&fs::read_to_string(dir.path().join("morning.json")).unwrap()).unwrap();
    assert_eq!((&json["schema"], &json["alarms"][0]), (&"flatcert.summary/1".into(), &"drill/falsehood".into()));
    assert_eq!((&json["new_trials"], &json["canaries_passed"]), (&400_000.into(), &4.into()));
    // The next one says what is new since then.
    let (code, _) = run(&[
        "nightly",
        "--drill",
        "--ledger",
        text(&ledger),
        "--only",
        CHEAP,
        "--status",
        "--summary",
        text(&summary),
    ]);
    assert_eq!(code, Some(1));
    let json: Value = serde_json::from_str(&fs::read_to_string(dir.path().join("morning.json")).unwrap()).unwrap();
    assert_eq!((&json["new_trials"], &json["trials"]), (&0.into(), &400_000.into()));
    // Without the drill its trials count for nothing, and are named.
    let (code, said) = run(&["nightly", "--ledger", text(&ledger), "--status"]);
    assert!(code == Some(0) && said.contains("no statement drill/falsehood"), "{said}");
    fs::write(dir.path().join("morning.json"), "{}").unwrap();
    let (code, said) = run(&["nightly", "--ledger", text(&ledger), "--status", "--summary", text(&summary)]);
    assert!(code == Some(2) && said.contains("no summary of nights"), "{said}");
}

/// A statement whose trial fails with probability `rate`, drawn in bulk.
fn coin(key: &'static str, version: &'static str, bound: f64, rate: f64, part: Part) -> Chance {
    let trials = move |seed: u64, range: std::ops::Range<u64>| {
        let mut rng = flatcert::statistics::streams::trial_rng(seed, key, range.start);
        let n = range.end - range.start;
        Ok(Counts { failures: Binomial::new(n, rate).unwrap().sample(&mut rng), undecided: 0 })
    };
    let mut out = Chance::new(key, "lemma-6", "a coin", bound, trials).part(part).cost(1e-7);
    out.version = version;
    out
}

#[test]
fn thirty_nights_show_a_bound_that_came_out_one_per_cent_too_small() {
    // Ten statements with equality; after ten nights the bounds of two are, in a new version, 1 % below the truth.
    const REGRESSED: usize = 10;
    const TRIALS: u64 = 400_000;
    let dir = TempDir::new().unwrap();
    let (ledger, json) = (dir.path().join("ledger"), dir.path().join("morning.json"));
    let healthy = ["h/1", "h/2", "h/3", "h/4", "h/5", "h/6", "h/7", "h/8"];
    let (mut found, mut changed, mut last) = (vec![None; 2], Vec::new(), None);
    for night in 0..30 {
        let late = night >= REGRESSED;
        let (version, factor) = if late { ("2", 0.99) } else { ("1", 1.0) };
        let mut battery = vec![
            coin("canary/f", "1", 0.4, 0.5, Part::PlantedFalsehood),
            coin("canary/t", "1", 0.5, 0.5, Part::PlantedTruth),
            coin("r/half", version, 0.5 * factor, 0.5, Part::Statement),
            coin("r/tenth", version, 0.1 * factor, 0.1, Part::Statement),
        ];
        battery.extend(healthy.map(|key| coin(key, "1", 0.3, 0.3, Part::Statement)));
        // The new versions count anew: as many trials in this night as the others have.
        let news = if late { night + 1 - REGRESSED } else { night + 1 };
        for (only, nights) in [(&healthy[..], night + 1), (&["r/half", "r/tenth"], news)] {
            let plan = Plan {
                until: Until::Trials(TRIALS * nights as u64),
                seed: 5,
                batch: Some(TRIALS),
                only: only.iter().map(|key| (*key).to_string()).collect(),
                night: format!("night {night:02}"),
                ..Plan::default()
            };
            nightly::run(&battery, &ledger, &plan, &AtomicBool::new(false), &|_| {}).unwrap();
        }
        let before = Before::read(&json).unwrap();
        let summary = Summary::new(&battery, &[], &ledger, 5, before.as_ref()).unwrap();
        for (name, content) in summary.files("morning").unwrap() {
            fs::write(dir.path().join(name), content).unwrap();
        }
        for (at, key) in ["r/half", "r/tenth"].iter().enumerate() {
            if found[at].is_none() && summary.alarms.iter().any(|k| k == key) {
                found[at] = Some(night);
            }
        }
        assert!(summary.alarms.iter().all(|key| key.starts_with("r/")), "{:?}", summary.alarms);
        if night == REGRESSED {
            changed = summary.changes.clone();
        }
        last = Some(summary);
    }
    let last = last.unwrap();
    assert!(changed.iter().any(|c| c.contains("r/half: version 2, was 1")), "{changed:?}");
    assert_eq!(last.nights.len(), 30);
    assert_eq!(last.canaries_passed, 4);
    // The nights it took, the first with the regression among them.
    let took: Vec<usize> = found.iter().map(|n| n.expect("found in 30 nights") - REGRESSED + 1).collect();
    println!("found after {took:?} nights");
    assert!(took[0] <= 3 && (4..=20).contains(&took[1]), "{took:?}");
    let page = fs::read_to_string(dir.path().join("morning.md")).unwrap();
    assert!(page.contains("morning.svg") && page.contains("r/half"), "{page}");
    assert!(fs::read_to_string(dir.path().join("morning.svg")).unwrap().contains("<svg"));
}

#[test]
fn nights_that_a_regression_of_one_per_cent_takes() {
    // At the alarm of one statement, odds of 10^5: trials of a night, probability of failure, nights.
    let alarm = 1e5f64.ln();
    let nights = |p: f64, trials: u64| nights_to_alarm(p, 0.01, trials, alarm, 60).unwrap();
    let table: Vec<_> =
        [(0.5, 100_000), (0.1, 1_000_000), (0.01, 10_000_000), (1e-3, 100_000_000)].map(|(p, n)| nights(p, n)).into();
    println!("{table:?}");
    assert!(table.iter().all(|n| n.is_some_and(|n| (2..=16).contains(&n))), "{table:?}");
    assert_eq!(nights(1e-3, 1000), None);
}

#[test]
fn the_report_in_parts_is_the_report_to_the_byte() {
    let dir = TempDir::new().unwrap();
    let only = "theorem-1,lemma-5,lemma-4-minus,lemma-4-plus,product-example,lemma-3/s3-exponent";
    let (whole, parts, joined) = (dir.path().join("whole"), dir.path().join("parts"), dir.path().join("joined"));
    assert_eq!(run(&["report", "--only", only, "--out", text(&whole)]).0, Some(0));
    let part = |i: &str| run(&["report", "--only", only, "--shard", i, "--out", text(&parts)]);
    for i in ["3/3", "1/3"] {
        let (code, said) = part(i);
        assert_eq!(code, Some(0), "{said}");
    }
    let merge = || run(&["merge-reports", text(&parts), "--only", only, "--out", text(&joined)]);
    let (code, said) = merge();
    assert_eq!(code, Some(6), "{said}");
    assert_eq!(said.matches("missing: ").count(), 2, "{said}");
    assert_eq!(part("2/3").0, Some(0));
    let (code, said) = merge();
    assert_eq!(code, Some(0), "{said}");
    let mut names: Vec<String> = ["README.md", "proofs.md", "evidence.json"].map(String::from).to_vec();
    let detail = fs::read_dir(whole.join("evidence")).unwrap().map(|f| f.unwrap().path());
    let detail: Vec<_> = detail.filter(|f| f.is_file()).map(|f| f.file_name().unwrap().to_owned()).collect();
    assert!(!detail.is_empty());
    names.extend(detail.iter().map(|f| format!("evidence/{}", f.display())));
    for name in names {
        assert!(fs::read(whole.join(&name)).unwrap() == fs::read(joined.join(&name)).unwrap(), "{name} differs");
    }
    // Parts of other runs are told.
    run(&["report", "--only", only, "--seed", "5", "--shard", "2/3", "--out", text(&parts)]);
    let (code, said) = merge();
    assert!(code == Some(2) && said.contains("parts of different runs"), "{said}");
    let (code, said) = run(&["merge-reports", text(dir.path()), "--out", text(&joined)]);
    assert!(code == Some(2) && said.contains("a folder without parts"), "{said}");
}

#[test]
fn worst_instances_are_kept_and_still_hold() {
    let kept: Vec<Value> = serde_json::from_str(&fs::read_to_string("fixtures/worst.json").unwrap()).unwrap();
    assert_eq!(kept.len(), 18, "instances that were kept");
    let options = flatcert::harness::paper::Options {
        context: flatcert::harness::claim::Context::new(flatcert::harness::claim::Profile::Quick, 1),
        only: Vec::new(),
    };
    for form in kept.iter().map(|k| k["form"].as_str().unwrap()) {
        let again =
            flatcert::paper::registry::paper().unwrap().replay(&format!("{form}#worst"), &options).unwrap().instance;
        assert_eq!(again.verdict, flatcert::harness::evidence::Verdict::Holds, "{form}");
    }
    let (code, said) = run(&["replay", "lemma-3-norm/none#worst"]);
    assert!(code == Some(2) && said.contains("lemma-3-norm"), "{said}");
    // A run with another seed is as tight as the instance that was kept, at least.
    let options = flatcert::harness::paper::Options { only: vec!["rescaling".into()], ..options };
    let (evidence, _) = flatcert::paper::registry::paper().unwrap().run(&options, &|_, _, _| {}).unwrap();
    let mut compared = 0;
    for form in evidence.claims[0].forms.iter() {
        let id = format!("rescaling/{}", form.name);
        if kept.iter().any(|k| k["form"] == id.as_str()) {
            let tight = flatcert::paper::registry::paper()
                .unwrap()
                .replay(&format!("{id}#worst"), &options)
                .unwrap()
                .instance
                .ratio
                .unwrap()
                .hi();
            assert!(form.tightness.as_ref().unwrap().refuted_from <= tight, "{id}");
            assert!(!form.worst.as_ref().unwrap().values.is_null());
            compared += 1;
        }
    }
    assert_eq!(compared, 2);
}
