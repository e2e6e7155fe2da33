//! `flatcert nightly` and `merge` as a user runs them: killed, interrupted, sharded, on broken ledgers and full disks;
//! canaries and alarms.

use flatcert::harness::chance::{Chance, Counts, Part};
use flatcert::nightly::{self, Plan, Until, Verdict};
use flatcert::paper::battery::battery;
use flatcert::statistics::{binomial, eprocess};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A statement of microseconds.
const CHEAP: &str = "lemma-3-norm/ball4-d4-L1-s0.001-u0.0084645";

fn flatcert(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatcert"));
    command.args(args).stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    flatcert(args).output().unwrap()
}

fn night(ledger: &Path, more: &[&str]) -> Value {
    let path = ledger.to_str().unwrap();
    let out = run(&[&["nightly", "--json", "--only", CHEAP, "--ledger", path], more].concat());
    assert!(out.status.success(), "{more:?}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn status(ledger: &Path) -> Value {
    night(ledger, &["--status"])["status"].clone()
}

fn trials(status: &Value) -> (u64, u64) {
    let row = &status["statements"][0];
    (row["trials"].as_u64().unwrap(), row["failures"].as_u64().unwrap())
}

/// The batches of a ledger without refused lines, read apart from the library.
fn batches(ledger: &Path) -> Vec<Value> {
    let text = fs::read_to_string(ledger).unwrap();
    assert!(text.ends_with('\n'), "a record is cut: {text}");
    let records = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|record| record["kind"] == "batch").collect()
}

/// Their trials.
fn recorded(ledger: &Path) -> u64 {
    batches(ledger).iter().map(|record| record["count"].as_u64().unwrap()).sum()
}

fn refused(args: &[&str], words: &[&str]) {
    let out = run(args);
    let error = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{args:?}: {error}");
    assert_eq!(error.lines().count(), 1, "{args:?}: {error}");
    assert!(out.stdout.is_empty());
    for word in words {
        assert!(error.contains(word), "{args:?}: {word:?} is not in {error:?}");
    }
}

fn folder() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("night.ledger");
    (dir, path)
}

/// A night on its way: returns when the ledger is longer than it was.
fn started(ledger: &Path, more: &[&str]) -> Child {
    let before = fs::metadata(ledger).map_or(0, |m| m.len());
    let path = ledger.to_str().unwrap();
    let mut child = flatcert(&[&["nightly", "--only", CHEAP, "--ledger", path], more].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now();
    while fs::metadata(ledger).map_or(0, |m| m.len()) <= before.max(200) {
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{ended}");
            break;
        }
        assert!(patience.elapsed() < Duration::from_secs(60), "no record in a minute");
        std::thread::sleep(Duration::from_micros(300));
    }
    child
}

#[test]
fn two_hundred_kills_lose_nothing_and_count_nothing_twice() {
    const KILLS: u64 = 200;
    let (_dir, ledger) = folder();
    let plan = ["--trials", "4000000", "--batch", "64", "--jobs", "2"];
    let (mut last, mut random, mut kept) = (0, 7_u64, Vec::new());
    for kill in 0..KILLS {
        let mut child = started(&ledger, &plan);
        // Somewhere within the next records: xorshift, any phase of a write.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(random % 2500));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whole lines stay as they are; what follows them is at most a part of one, which the next life sets aside.
        let bytes = fs::read(&ledger).unwrap();
        assert!(bytes.starts_with(&kept), "kill {kill} changed what was recorded");
        kept = bytes[..bytes.iter().rposition(|b| *b == b'\n').map_or(0, |last| last + 1)].to_vec();
        if kill % 10 == 9 {
            let (now, _) = trials(&status(&ledger));
            assert!(now > last, "kill {kill}: {last} trials, then {now}");
            assert_eq!(now % 64, 0);
            let lines = kept.iter().filter(|b| **b == b'\n').count() as u64;
            assert_eq!(now, 64 * (lines - 1), "every whole record counts, once");
            last = now;
        }
    }
    // What was recorded is whole blocks without overlap: the plan up to the next round number fills the holes and
    // equals a run never killed.
    let round = (last / 64 + 200) * 64;
    let text = round.to_string();
    let plan = ["--trials", text.as_str(), "--batch", "64"];
    let mended = night(&ledger, &plan);
    assert_eq!(mended["refused"].as_array().unwrap().len(), 0, "{}", mended["refused"]);
    let (_dir, whole) = folder();
    night(&whole, &plan);
    assert_eq!(status(&ledger), status(&whole));
    assert_eq!(trials(&status(&ledger)).0, round);
}

#[test]
fn shards_merged_equal_one_run() {
    let (dir, whole) = folder();
    let plan = ["--trials", "1000", "--batch", "70"];
    night(&whole, &plan);
    let parts: Vec<PathBuf> = (1..=3).map(|i| dir.path().join(format!("part{i}"))).collect();
    for (i, part) in parts.iter().enumerate() {
        night(part, &[&plan[..], &["--shard", &format!("{}/3", i + 1)]].concat());
    }
    let merged = dir.path().join("merged");
    let names: Vec<&str> = [&parts[2], &parts[0], &parts[1], &merged].iter().map(|p| p.to_str().unwrap()).collect();
    let out = run(&["merge", names[0], names[1], names[2], "--out", names[3]]);
    assert!(out.status.success());
    assert!(String::from_utf8_lossy(&out.stdout).contains("15 batches of 3 ledgers"));
    let (both, one) = (status(&merged), status(&whole));
    assert_eq!(both["statements"], one["statements"]);
    assert_eq!(trials(&both).0, 1000);
    // Shards look on their own, and pay for it with a second share of the budget.
    let spent = |status: &Value| status["spent"].as_f64().unwrap();
    assert!((spent(&both) - 2.0 * spent(&one)).abs() < 1e-12);
    // A merged ledger is a ledger: the next night goes on from it.
    assert_eq!(night(&merged, &["--trials", "1100", "--batch", "70"])["batches"], 2);
    refused(&["merge", "--out", names[3]], &["SHARD"].map(|_| "LEDGER"));
    refused(&["merge", "nowhere", "--out", names[3]], &["nowhere"]);
}

#[test]
fn a_second_writer_and_another_seed_are_refused() {
    let (_dir, ledger) = folder();
    let mut child = started(&ledger, &["--budget", "1m", "--batch", "64"]);
    let path = ledger.to_str().unwrap();
    refused(&["nightly", "--ledger", path, "--budget", "1s"], &["another process has this ledger open"]);
    // Looking is allowed.
    assert!(trials(&status(&ledger)).0 >= 64);
    child.kill().unwrap();
    child.wait().unwrap();
    refused(&["nightly", "--ledger", path, "--budget", "1s", "--seed", "5"], &["seed"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_night_with_everything_recorded() {
    let (_dir, ledger) = folder();
    let mut child = started(&ledger, &["--budget", "1m", "--batch", "64"]);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(trials(&status(&ledger)).0, recorded(&ledger));
}

#[test]
fn a_night_that_is_ended_within_its_first_batches_records_them_as_far_as_they_are() {
    // The trials they left are those of the next night.
    let (_dir, ledger) = folder();
    let stop = std::sync::Arc::new(AtomicBool::new(false));
    let seen = stop.clone();
    let trials = move |_: u64, range: std::ops::Range<u64>| {
        seen.store(range.start.is_multiple_of(7) || seen.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(Counts::default())
    };
    let battery = [
        coin("canary/f", 0.4, 0.5, Part::PlantedFalsehood),
        coin("canary/t", 0.5, 0.5, Part::PlantedTruth),
        Chance::new("s/1", "lemma-6", "stops the night", 0.5, trials).cost(1e-6),
    ];
    let until = Until::Budget(Duration::from_secs(36_000));
    let plan = Plan { until, batch: None, ..plan(0) };
    let found = nightly::run(&battery, &ledger, &plan, &stop, &|_| {}).unwrap();
    assert!(found.interrupted && !found.idle && found.trials > 0 && found.batches <= 2, "{found:?}");
    assert_eq!(found.trials, recorded(&ledger));
}

#[test]
fn a_shard_with_nothing_to_do_says_so_and_is_not_green() {
    let (_dir, ledger) = folder();
    let path = ledger.to_str().unwrap();
    let plan = ["nightly", "--only", CHEAP, "--ledger", path, "--trials", "64", "--batch", "64", "--shard"];
    // One block is not two: the second shard has none.
    let second = run(&[&plan[..], &["2/2"]].concat());
    let said = String::from_utf8_lossy(&second.stdout).to_string();
    assert_eq!(second.status.code(), Some(5), "{said}");
    assert!(said.contains("IDLE: this shard has no trials to do"), "{said}");
    assert_eq!(run(&[&plan[..], &["1/2"]].concat()).status.code(), Some(0));
    // Done again, it has nothing to do either.
    let again = run(&[&plan[..], &["1/2", "--json"]].concat());
    assert_eq!(again.status.code(), Some(5));
    let said: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&said["idle"], &said["void"], &said["alarms"]), (&true.into(), &false.into(), &Value::Array(vec![])));
}

#[test]
fn records_say_when_they_were_tried_and_merged_ones_keep_the_earlier_time() {
    let (dir, ledger) = folder();
    let plan = ["--trials", "256", "--batch", "64"];
    let night = night(&ledger, &plan);
    let (began, ended) = (night["began"].as_str().unwrap(), night["ended"].as_str().unwrap());
    let spans = |path: &Path| -> Vec<(String, String)> {
        let text = |r: &Value, name: &str| r[name].as_str().unwrap().to_string();
        batches(path).iter().map(|r| (text(r, "began"), text(r, "ended"))).collect()
    };
    let first = spans(&ledger);
    assert_eq!(first.len(), 4);
    for (from, to) in &first {
        assert!(began <= from.as_str() && from <= to && to.as_str() <= ended && to.ends_with('Z'), "{from} {to}");
    }
    // The same trials, later: the same counts at other times, taken once.
    let again = dir.path().join("again");
    self::night(&again, &plan);
    assert!(spans(&again)[0].0 > first[0].0);
    let merged = |a: &Path, b: &Path, out: &str| {
        let out = dir.path().join(out);
        let done = run(&["merge", a.to_str().unwrap(), b.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert!(String::from_utf8_lossy(&done.stdout).contains("4 of them found twice"), "{done:?}");
        out
    };
    let (one, other) = (merged(&ledger, &again, "one"), merged(&again, &ledger, "other"));
    assert_eq!(fs::read(&one).unwrap(), fs::read(&other).unwrap());
    // Touching batches of one night and program are one record.
    let (began, ended) = (first.iter().map(|s| &s.0).min(), first.iter().map(|s| &s.1).max());
    assert_eq!(spans(&one), [(began.unwrap().clone(), ended.unwrap().clone())]);
    let record = &batches(&one)[0];
    assert_eq!((&record["count"], &record["night"]), (&256.into(), &night["night"]));
    assert!(record["code"].as_str().unwrap().starts_with(concat!(env!("CARGO_PKG_VERSION"), " ")), "{record}");
    // A ledger of an earlier version has no times, and counts.
    let text = fs::read_to_string(&ledger).unwrap();
    let old: Vec<String> = text
        .lines()
        .filter(|line| !line.contains("\"kind\":\"attempt\""))
        .map(|line| match line.find(",\"began\"") {
            None => line.to_string(),
            Some(at) => {
                let body = format!("{}}}", &line[..at]);
                format!("{},\"crc32\":\"{:08x}\"}}", &body[..body.len() - 1], crc32fast::hash(body.as_bytes()))
            }
        })
        .collect();
    fs::write(&ledger, old.join("\n") + "\n").unwrap();
    assert_eq!(trials(&status(&ledger)).0, 256);
}

#[test]
fn line_ends_of_other_systems_are_named() {
    let (_dir, ledger) = folder();
    night(&ledger, &["--trials", "128", "--batch", "64"]);
    let text = fs::read_to_string(&ledger).unwrap();
    let path = ledger.to_str().unwrap();
    fs::write(&ledger, text.replace('\n', "\r\n")).unwrap();
    refused(&["nightly", "--ledger", path, "--status"], &["line 1", "CR LF", "autocrlf"]);
    // One such line, at the end: it is named and stays.
    let lines: Vec<&str> = text.lines().collect();
    fs::write(&ledger, format!("{}\n{}\n{}\r\n", lines[0], lines[1], lines[2])).unwrap();
    let found = night(&ledger, &["--status"]);
    assert!(found["refused"].to_string().contains("CR LF"), "{found}");
    assert_eq!(trials(&found["status"]).0, 64);
}

#[test]
fn machines_and_people_read_the_same_names() {
    let (_dir, ledger) = folder();
    let row = night(&ledger, &["--trials", "64", "--batch", "64"])["status"]["statements"][0].clone();
    let out = run(&["nightly", "--only", CHEAP, "--ledger", ledger.to_str().unwrap(), "--status"]);
    let said = String::from_utf8_lossy(&out.stdout).to_string();
    let head = said.lines().find(|l| l.starts_with("key ")).expect("a table");
    for name in head.replace("(99 %)", "").split_whitespace() {
        assert!(!row[name].is_null(), "{name} of {head}");
    }
    let verdict = row["verdict"].as_str().unwrap();
    assert!(said.contains(&format!("  {verdict}")) && said.contains("\nalarms: none; "), "{said}");
}

#[test]
fn broken_and_foreign_lines_are_named_and_the_rest_counts() {
    let (_dir, ledger) = folder();
    night(&ledger, &["--trials", "320", "--batch", "64"]);
    let text = fs::read_to_string(&ledger).unwrap();
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    assert_eq!(lines.len(), 7, "a header, five batches, and how it ended");
    lines[2] = lines[2].replace("\"failures\":0", "\"failures\":9");
    let foreign = lines[4].replace("\"version\":\"1\"", "\"version\":\"0\"");
    let body = &foreign[..foreign.rfind(",\"crc32\"").unwrap()];
    let sum = crc32fast::hash(format!("{body}}}").as_bytes());
    lines[4] = format!("{body},\"crc32\":\"{sum:08x}\"}}");
    // The last line is torn.
    let torn = lines[5][..lines[5].len() / 2].to_string();
    let kept = lines[..5].join("\n");
    fs::write(&ledger, format!("{kept}\n{torn}")).unwrap();
    let out = run(&["nightly", "--ledger", ledger.to_str().unwrap(), "--status"]);
    let said = String::from_utf8_lossy(&out.stdout).to_string();
    assert!(said.contains("line 3 does not count: the checksum does not fit"), "{said}");
    assert!(said.contains("line 5 does not count: version 0 of"), "{said}");
    assert_eq!(trials(&status(&ledger)).0, 128);
    // Their trials are done again, the torn line is set aside, the broken ones stay where they are.
    let again = night(&ledger, &["--trials", "320", "--batch", "64"]);
    assert_eq!(again["batches"], 3);
    assert_eq!(again["torn"].as_u64().unwrap() as usize, torn.len());
    assert_eq!(trials(&again["status"]).0, 320);
    assert!(fs::read_to_string(&ledger).unwrap().starts_with(&kept));
    // Two versions of the statement were counted in this ledger: two shares are spent.
    assert!((again["status"]["spent"].as_f64().unwrap() - 2e-5).abs() < 1e-9);
}

#[test]
fn bad_input() {
    let (dir, ledger) = folder();
    let at = ledger.to_str().unwrap();
    let counted = ["nightly", "--ledger", at, "--counted", "x", "--budget", "1s"];
    refused(&counted, &["end its name in /"]);
    refused(&["merge", dir.path().to_str().unwrap(), "--out", at], &["no ledgers"]);
    refused(&["nightly", "--ledger", "/nowhere/at/all.ledger"], &["/nowhere/at/all.ledger"]);
    refused(&["nightly", "--ledger", at, "--status"], &[at]);
    for (option, value, word) in [
        ("--budget", "0s", "positive"),
        ("--budget", "soon", "20m"),
        ("--shard", "0/2", "1 <= i <= n"),
        ("--shard", "3/2", "1 <= i <= n"),
        ("--shard", "x", "2/3"),
        ("--trials", "0", "0"),
        ("--batch", "0", "0"),
        ("--jobs", "0", "0"),
        ("--only", "theorem-1", "lemma-3-norm"),
    ] {
        refused(&["nightly", "--ledger", at, option, value], &[option, word]);
    }
    // No parser's own diagnosis.
    let said = run(&["nightly", "--ledger", at, "--budget", "1e400h"]);
    assert!(!String::from_utf8_lossy(&said.stderr).contains("unit"), "{said:?}");
    refused(&["nightly", "--ledger", at, "--budget", "1s", "--trials", "5"], &["--trials"]);
    fs::write(&ledger, "not a ledger\n").unwrap();
    refused(&["nightly", "--ledger", at, "--budget", "1s"], &["not the header of a ledger"]);
    assert_eq!(fs::read_to_string(&ledger).unwrap(), "not a ledger\n");
    let (named, stem) = (dir.path().join("night.md"), dir.path().join("night"));
    fs::copy(&ledger, &named).unwrap();
    let (named, stem) = (named.to_str().unwrap(), stem.to_str().unwrap());
    refused(
        &["nightly", "--ledger", named, "--summary", stem, "--status"],
        &["--summary", "night.md", "never overwritten"],
    );
    assert_eq!(fs::read_to_string(named).unwrap(), "not a ledger\n");
    refused(&["replay", "canary/planted-truth#x"], &["canary/planted-truth#17"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_and_a_read_only_ledger_lose_nothing() {
    let (_dir, ledger) = folder();
    let at = ledger.to_str().unwrap();
    // The shell limits the size of files to two blocks of 512 bytes: the disk is full after some records.
    let binary = env!("CARGO_BIN_EXE_flatcert");
    let script = format!(
        "trap '' XFSZ; ulimit -f 2; exec '{binary}' nightly --ledger '{at}' --only {CHEAP} --trials 6400 --batch 64 \
         --jobs 1"
    );
    let out = Command::new("sh").args(["-c", &script]).output().unwrap();
    let error = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{error}");
    assert!(error.contains("was not recorded"), "{error}");
    let text = fs::read_to_string(&ledger).unwrap();
    assert!(text.ends_with('\n') && text.lines().count() > 2, "{text}");
    assert_eq!(trials(&status(&ledger)).0, recorded(&ledger));
    assert_eq!(trials(&night(&ledger, &["--trials", "6400", "--batch", "64"])["status"]).0, 6400);

    let mut rights = fs::metadata(&ledger).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&ledger, rights).unwrap();
    // For root no file is read-only.
    if fs::OpenOptions::new().append(true).open(&ledger).is_err() {
        refused(&["nightly", "--ledger", at, "--budget", "1s"], &[at]);
    }
    assert_eq!(trials(&status(&ledger)).0, 6400);
}

/// A statement whose trial t fails when a hash of t is below `rate`.
fn coin(key: &'static str, bound: f64, rate: f64, part: Part) -> Chance {
    let failed = move |t: u64| {
        let mixed = t.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed >> 11) as f64) < rate * 2f64.powi(53)
    };
    let trials = move |_: u64, range: std::ops::Range<u64>| {
        Ok(Counts { failures: range.filter(|t| failed(*t)).count() as u64, undecided: 0 })
    };
    Chance::new(key, "lemma-6", "a coin", bound, trials).part(part).cost(1e-8)
}

fn plan(trials: u64) -> Plan {
    Plan { until: Until::Trials(trials), jobs: 2, seed: 1, batch: Some(1000), ..Plan::default() }
}

fn tried(battery: &[Chance], ledger: &Path) -> nightly::Night {
    nightly::run(battery, ledger, &plan(20_000), &AtomicBool::new(false), &|_| {}).unwrap()
}

#[test]
fn a_night_whose_canaries_fail_is_void_and_records_nothing() {
    let (_dir, ledger) = folder();
    let falsehood = || coin("canary/f", 0.4, 0.5, Part::PlantedFalsehood);
    let truth = || coin("canary/t", 0.5, 0.5, Part::PlantedTruth);
    let claim = || coin("claim/one", 0.6, 0.5, Part::Statement);
    let blind = tried(&[coin("canary/f", 0.6, 0.5, Part::PlantedFalsehood), truth(), claim()], &ledger);
    assert!(blind.void && blind.trials == 0);
    assert_eq!(blind.status.statements[0].verdict, Verdict::Untried);
    let nervous = tried(&[falsehood(), coin("canary/t", 0.4, 0.5, Part::PlantedTruth), claim()], &ledger);
    assert!(nervous.void && nervous.trials == 0);
    let good = tried(&[falsehood(), truth(), claim()], &ledger);
    assert!(!good.void && good.trials == 20_000);
    assert_eq!(good.status.statements[0].verdict, Verdict::Supported);
    // No canaries, no night.
    let none = nightly::run(&[claim()], &ledger, &plan(10), &AtomicBool::new(false), &|_| {});
    assert!(none.unwrap_err().to_string().contains("canaries"));
}

#[test]
fn a_void_night_is_not_the_next_night_s_fate() {
    let planted = || battery().into_iter().filter(|c| c.part.is_canary()).collect::<Vec<_>>();
    for c in planted().iter().filter(|c| c.part == Part::PlantedFalsehood) {
        // P(N > 0) and P(N > 1) + P(N > 3).
        let truth = match c.key.as_str() {
            "canary/planted-falsehood" => 0.5,
            "canary/lemma-3-falsehood" => 0.160_005,
            other => panic!("how often does {other} fail?"),
        };
        let caught = |n, f| Ok(eprocess::log_e_value(n, f, c.bound)? >= -nightly::CANARY_ALPHA.ln());
        let escapes = |n| {
            let least = binomial::least(n, |f| caught(n, f)).unwrap().unwrap();
            binomial::lower_tail(n, least - 1, truth)
        };
        assert!(escapes(nightly::FALSEHOOD_TRIALS) < 1e-15, "{}", c.key);
        // Why there are so many: one night in sixteen.
        assert!(truth != 0.5 || escapes(1 << 15) > 0.05, "{}", c.key);
    }
    let (_dir, ledger) = folder();
    let nights = [tried(&planted(), &ledger), tried(&planted(), &ledger)];
    for (a, b) in nights[0].canaries.iter().zip(&nights[1].canaries) {
        assert!(!nights[0].void && a.key == b.key);
        assert!(a.first + a.trials <= b.first, "{} and {} trials from {} and {}", a.trials, b.trials, a.first, b.first);
    }
    // Interrupted at once: not void, and nothing tried.
    let plan = Plan { until: Until::Budget(Duration::from_secs(60)), ..plan(0) };
    let none = nightly::run(&planted(), &ledger, &plan, &AtomicBool::new(true), &|_| {}).unwrap();
    assert!(none.interrupted && !none.void && none.trials == 0 && none.canaries.is_empty());
}

/// A statement whose trials take a hundred thousand times what it declares.
fn slow(key: &'static str, trial: Duration) -> Chance {
    let trials = move |_: u64, range: std::ops::Range<u64>| {
        range.for_each(|_| std::thread::sleep(trial));
        Ok(Counts::default())
    };
    Chance::new(key, "lemma-6", "slow", 0.5, trials).cost(trial.as_secs_f64() * 1e-5)
}

#[test]
fn every_statement_has_its_turn_and_a_night_ends() {
    let canaries =
        || [coin("canary/f", 0.4, 0.5, Part::PlantedFalsehood), coin("canary/t", 0.5, 0.5, Part::PlantedTruth)];
    let night = |statements: Vec<Chance>, ledger: &Path, milliseconds, jobs| {
        let until = Until::Budget(Duration::from_millis(milliseconds));
        let plan = Plan { until, batch: None, jobs, ..plan(0) };
        let battery: Vec<Chance> = canaries().into_iter().chain(statements).collect();
        nightly::run(&battery, ledger, &plan, &AtomicBool::new(false), &|_| {}).unwrap()
    };
    let keys = ["s/1", "s/2", "s/3", "s/4", "s/5"];
    // One thread, and a night without an end of its own: whoever has had a turn waits until all others have.
    let (_dir, ledger) = folder();
    let statements = keys.map(|k| slow(k, Duration::from_millis(1)));
    let battery: Vec<Chance> = canaries().into_iter().chain(statements).collect();
    let until = Until::Budget(Duration::from_secs(600));
    let orders = Plan { until, batch: None, jobs: 1, ..plan(0) };
    let (stop, turns) = (AtomicBool::new(false), std::sync::Mutex::new(Vec::new()));
    let found = nightly::run(&battery, &ledger, &orders, &stop, &|p| {
        let mut turns = turns.lock().unwrap();
        turns.push(p.key.to_string());
        stop.store(turns.len() >= 10, Ordering::Relaxed);
    })
    .unwrap();
    let turns = turns.into_inner().unwrap();
    for round in turns.chunks_exact(5) {
        let mut round = round.to_vec();
        round.sort();
        assert_eq!(round, keys, "{turns:?}");
    }
    assert_eq!((turns.len(), found.trials), (10, recorded(&ledger)));
    // Without anybody's help a night ends.
    let (_dir, ledger) = folder();
    let found = night(keys.map(|k| slow(k, Duration::from_millis(1))).into(), &ledger, 600, 2);
    assert!(found.seconds >= 0.6 && found.trials > 0 && !found.interrupted);
    // One statement keeps both threads busy, each in a stretch of its own: the night is stopped when both have recorded.
    let (_dir, ledger) = folder();
    let battery: Vec<Chance> = canaries().into_iter().chain([slow("s/1", Duration::from_millis(1))]).collect();
    let orders = Plan { until, batch: None, jobs: 2, ..plan(0) };
    // Read while it is written: what has no end of line yet is left out.
    let stretches = || {
        let text = fs::read_to_string(&ledger).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let records = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let own = records.filter(|r| r["kind"] == "batch" && r["key"] == "s/1");
        own.map(|r| r["first"].as_u64().unwrap() >= 1 << 32).collect::<BTreeSet<_>>()
    };
    let stop = AtomicBool::new(false);
    nightly::run(&battery, &ledger, &orders, &stop, &|_| stop.store(stretches().len() == 2, Ordering::Relaxed))
        .unwrap();
    assert_eq!(stretches().len(), 2);
    // A plan of trials is done to the last one, though its block takes longer than a batch may.
    let (_dir, ledger) = folder();
    let plan = Plan { until: Until::Trials(500), batch: None, jobs: 1, ..plan(0) };
    let battery: Vec<Chance> = canaries().into_iter().chain([slow("s/1", Duration::from_millis(5))]).collect();
    let found = nightly::run(&battery, &ledger, &plan, &AtomicBool::new(false), &|_| {}).unwrap();
    assert!(found.trials == 500 && found.batches >= 2, "{} in {} batches", found.trials, found.batches);
    // A night with time for one or two trials begins with those that had least in the nights before.
    let (_dir, ledger) = folder();
    let mut tried = Vec::new();
    for _ in 0..30 {
        let statements = keys.map(|k| slow(k, Duration::from_millis(80))).into();
        let found = night(statements, &ledger, 100, 1);
        tried = found.status.statements.iter().map(|r| r.counted.trials).collect();
        if tried.iter().all(|n| *n > 0) {
            break;
        }
    }
    assert!(tried.iter().all(|n| (1..=3).contains(n)), "{tried:?}");
}

#[test]
fn verdicts_of_a_night() {
    let (_dir, ledger) = folder();
    let battery = [
        coin("canary/f", 0.4, 0.5, Part::PlantedFalsehood),
        coin("canary/t", 0.5, 0.5, Part::PlantedTruth),
        coin("claim/false", 0.45, 0.5, Part::Statement),
        coin("claim/true", 0.5, 0.45, Part::Statement),
        coin("claim/equal", 0.5, 0.5, Part::Statement),
        coin("claim/rare", 1e-9, 0.0, Part::Statement),
        coin("claim/known", 0.1, 0.5, Part::KnownFalse),
    ];
    let found = tried(&battery, &ledger);
    let verdicts: Vec<Verdict> = found.status.statements.iter().map(|r| r.verdict).collect();
    use Verdict::{Alarm, CannotSee, KnownFalse, Open, Supported};
    assert_eq!(verdicts, [Alarm, Supported, Open, CannotSee, KnownFalse]);
    assert_eq!(found.status.alarms().len(), 1);
    let equal = &found.status.statements[2].counted;
    assert!(0.5 < equal.exposed && equal.exposed < 0.55, "{}", equal.exposed);
    assert!((found.status.spent - 5e-5).abs() < 1e-9 && (found.status.left - 0.00995).abs() < 1e-9);
    // What the trials would have seen, they see: a coin of that bias raises the alarm.
    let biased = coin("claim/equal", 0.5, equal.exposed + 0.01, Part::Statement);
    let (_dir, other) = folder();
    let [f, t, ..] = battery;
    assert_eq!(tried(&[f, t, biased], &other).status.statements[0].verdict, Alarm);
}

#[test]
fn a_trial_is_replayed_alone() {
    let mut failed = 0;
    for trial in 0..20 {
        let out = run(&["replay", &format!("canary/planted-truth#{trial}"), "--json"]);
        assert!(out.status.success());
        let said: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(said["trial"], trial);
        failed += u32::from(said["found"] == "failed");
    }
    assert!((3..=17).contains(&failed), "{failed} of 20 coins");
}

/// A report that reads a ledger never writes over it, by whatever name it has.
#[test]
fn a_report_does_not_overwrite_the_ledger_that_it_reads() {
    let (dir, ledger) = folder();
    night(&ledger, &["--trials", "64", "--batch", "64"]);
    let out = dir.path().join("reports");
    ["figures", "results"].iter().for_each(|below| fs::create_dir_all(out.join(below)).unwrap());
    let text = |p: &Path| p.to_str().unwrap().to_string();
    let report = ["report", "--only", "lemma-5", "--out", &text(&out), "--ledger"];
    let parts = text(&dir.path().join("parts"));
    assert!(run(&["report", "--only", "lemma-5", "--shard", "1/1", "--out", &parts]).status.success());
    let merge = [&["merge-reports", parts.as_str()][..], &report[1..]].concat();
    let bytes = fs::read(&ledger).unwrap();
    let pages = ["claims.md", "findings.md", "map.md", "experiments.md", "results/theorem-1.md"];
    for name in ["evidence.json", "run.md", "run.json", "changes.md", "figures/one.svg"].into_iter().chain(pages) {
        let place = out.join(name);
        fs::copy(&ledger, &place).unwrap();
        let link = dir.path().join("link.ledger");
        fs::hard_link(&place, &link).unwrap();
        let round = out.join("../reports").join(name);
        for path in [place.clone(), round, link.clone()] {
            if path == link && name.contains('/') {
                // Another name than a figure's or a page's: only the one of that name is written.
                continue;
            }
            for command in [&report[..], &merge] {
                refused(&[command, &[&text(&path)]].concat(), &["--out", "--ledger", "never overwritten"]);
            }
            assert_eq!(fs::read(&place).unwrap(), bytes, "{name}");
        }
        fs::remove_file(link).unwrap();
        fs::remove_file(place).unwrap();
    }
    // A merge overwrites no part either.
    let part = out.join("run.json");
    fs::copy(dir.path().join("parts/part-00001of00001.json"), &part).unwrap();
    refused(&["merge-reports", &text(&part), "--only", "lemma-5", "--out", &text(&out)], &["run.json", "the part"]);
    fs::remove_file(part).unwrap();
    for command in [&merge[..], &report] {
        let done = run(&[command, &[&text(&ledger)]].concat());
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    assert!(fs::read_to_string(out.join("run.md")).unwrap().contains("| 64 |"));
    assert_eq!(fs::read(&ledger).unwrap(), bytes);
}
