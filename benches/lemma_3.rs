//! Lemma 3 at d = 20, L = 100, s = 1: verdicts about all prefixes per CPU second; `--peer` times numpy in the same run, on one core.

use flatcert::residual::{Setup, Thresholds, Verdict, decide, extremes};
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

const D: usize = 20;
const DEPTH: usize = 100;

/// Seconds on a processor, where the system tells; what the peer measures too. Else of the clock.
fn seconds(start: Instant) -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let spent = text.split(' ').next().and_then(|v| v.parse::<f64>().ok());
    spent.map_or_else(|| start.elapsed().as_secs_f64(), |ns| ns * 1e-9)
}

/// Best of three: other programs on the machine only add time.
fn best(mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..3)
        .map(|_| {
            let before = seconds(start);
            run();
            seconds(start) - before
        })
        .fold(f64::INFINITY, f64::min)
}

fn numpy() -> Option<f64> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/lemma3_numpy.py");
    let output = Command::new("python3")
        .args([script, "20", "100", "1", "400"])
        .envs([("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")])
        .stderr(Stdio::inherit())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn main() -> flatcert::Result<()> {
    let peer = std::env::args().any(|a| a == "--peer").then(numpy).flatten();
    if let Some(rate) = peer {
        println!("{{\"what\": \"numpy svd of every prefix\", \"per_second\": {rate:.0}}}");
    }
    let setup = Setup::new(D, DEPTH, 1.0, 1, "lemma-3")?;
    let trials = 1200u64;
    let ratio = |rate: f64| peer.map_or_else(String::new, |p| format!(", \"ratio\": {:.2}", rate / p));
    let normals = best(|| {
        for trial in 0..100 {
            let mut draws = setup.draws(trial);
            black_box((0..D * D * DEPTH).map(|_| draws.next_normal()).sum::<f64>());
        }
    });
    println!("{{\"what\": \"normals\", \"microseconds\": {:.1}}}", normals * 1e4);
    let free = Thresholds { norm: f64::INFINITY, sigma_min: 0.0 };
    let mut failure = None;
    let mut timed = |thresholds| {
        let mut out = Vec::new();
        let seconds = best(|| match decide(&setup, thresholds, 0..trials) {
            Ok(found) => out = found,
            Err(e) => failure = Some(e),
        });
        (trials as f64 / seconds, out)
    };
    let (rate, _) = timed(free);
    println!("{{\"what\": \"draws and products\", \"microseconds\": {:.1}}}", 1e6 / rate);
    for (name, factor) in [("proof", 2.0f64), ("printed", 4.0)] {
        for u in [0.0, 0.1, 0.2, 0.5, 1.0] {
            let thresholds = Thresholds { norm: factor * (0.5f64 + u).exp(), sigma_min: (-0.1f64 - u).exp() / factor };
            let (rate, out) = timed(thresholds);
            let count =
                |v| (out.iter().filter(|x| x.norm == v).count(), out.iter().filter(|x| x.sigma_min == v).count());
            let (holds, open) = (count(Verdict::Holds), count(Verdict::Undecided));
            println!(
                "{{\"what\": \"verdicts\", \"bounds\": \"{name}\", \"u\": {u}, \"per_second\": {rate:.0}, \"norm_holds\": {}, \"sigma_min_holds\": {}, \"undecided\": {}{}}}",
                holds.0,
                holds.1,
                open.0 + open.1,
                ratio(rate)
            );
        }
    }
    let few = 50u64;
    let seconds = best(|| {
        for trial in 0..few {
            black_box(extremes(&setup, trial).ok());
        }
    });
    let rate = few as f64 / seconds;
    println!("{{\"what\": \"extremes\", \"per_second\": {rate:.0}{}}}", ratio(rate));
    failure.map_or(Ok(()), Err)
}
