//! Lemma 3 at d = 20, L = 100, s = 1, every prefix: trials per CPU second, what the time goes into, and the machine's
//! limit. `--peer` times numpy in the same run, on one core, and compares with its best method.

use flatcert::residual::stages::{Stage, run};
use flatcert::residual::{Setup, Thresholds, Verdict, decide, decide_ball, extremes_of};
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

const D: usize = 20;
const DEPTH: usize = 100;
const TRIALS: u64 = 1200;

/// Seconds on processors, of all threads, where the system tells; what the peer measures too. Else of the clock.
fn seconds(start: Instant) -> f64 {
    let spent = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path).ok()?;
        text.split(' ').next().and_then(|v| v.parse::<f64>().ok())
    };
    let tasks = std::fs::read_dir("/proc/self/task").map(|d| d.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let all: Option<Vec<f64>> = tasks.iter().map(|t| spent(t.path().join("schedstat"))).collect();
    all.filter(|t| !t.is_empty()).map_or_else(|| start.elapsed().as_secs_f64(), |t| t.iter().sum::<f64>() * 1e-9)
}

/// Best of five: other programs on the machine only add time.
fn best(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..5)
        .map(|_| {
            let before = seconds(start);
            work();
            seconds(start) - before
        })
        .fold(f64::INFINITY, f64::min)
}

/// The peer's methods, each with its trials per CPU second.
fn numpy() -> Vec<(String, f64)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/lemma3_numpy.py");
    let output = Command::new("python3")
        .args([script, "20", "100", "1", "400"])
        .envs([("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")])
        .stderr(Stdio::inherit())
        .output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    text.lines().filter_map(|l| l.split_once(' ').and_then(|(n, r)| Some((n.into(), r.parse().ok()?)))).collect()
}

/// Independent fused multiplications and additions in registers, from these starts.
struct Peak<T>([T; 10], usize);

macro_rules! peak {
    ($t:ty, $lanes:literal) => {
        impl pulp::WithSimd for Peak<$t> {
            type Output = [[$t; $lanes]; 10];
            #[inline(always)]
            fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
                let (mut sums, factor) = (self.0.map(|x| [x; $lanes]), [self.0[1]; $lanes]);
                for _ in 0..self.1 {
                    for sum in &mut sums {
                        for w in 0..$lanes {
                            sum[w] = factor[w].mul_add(sum[w], factor[w]);
                        }
                    }
                }
                sums
            }
        }
    };
}
peak!(f32, 8);
peak!(f64, 4);

/// Operations per second of one core: the limit of this program's instructions (256-bit vectors at most).
fn peaks() -> (f64, f64) {
    let (n, arch) = (40_000_000, pulp::Arch::new());
    let starts: [f64; 10] = black_box(std::array::from_fn(|i| 0.05 * i as f64));
    let single = best(|| {
        black_box(arch.dispatch(Peak(starts.map(|x| x as f32), n)));
    });
    let double = best(|| {
        black_box(arch.dispatch(Peak(starts, n)));
    });
    ((n * 160) as f64 / single, (n * 80) as f64 / double)
}

fn breakdown(setup: &Setup, total: f64) {
    let (single, double) = peaks();
    println!(
        "{{\"what\": \"machine, one core\", \"gflops_f32\": {:.1}, \"gflops_f64\": {:.1}}}",
        single * 1e-9,
        double * 1e-9
    );
    let timed = |stage| best(|| run(setup, 0..TRIALS, stage)) / TRIALS as f64;
    let (normals, products, grams) = (timed(Stage::Normals), timed(Stage::Products), timed(Stage::Grams));
    let (d, depth) = (D as f64, DEPTH as f64);
    let line = |name: &str, spent: f64, limit: String| {
        let share = spent / total;
        println!("{{\"what\": \"{name}\", \"microseconds\": {:.1}, \"share\": {share:.2}, {limit}}}", spent * 1e6);
    };
    let of_peak = |flops: f64, spent: f64, peak: f64| {
        let rate = flops * depth / spent;
        format!("\"gflops\": {:.1}, \"of_peak\": {:.2}", rate * 1e-9, rate / peak)
    };
    line("normals", normals, format!("\"nanoseconds_each\": {:.2}", normals * 1e9 / (d * d * depth)));
    line("products", products - normals, of_peak(2.0 * d.powi(3), products - normals, double));
    // Only where the bounds of the last prefix do not decide; the Gram matrices of all prefixes, for comparison.
    let all = grams - products;
    let note =
        format!("\"gram_matrices_of_all_prefixes\": {:.1}, {}", all * 1e6, of_peak(d * d * (d + 1.0), all, single));
    line("certificates, printed bounds, u = 0.2", total - products, note);
}

fn main() -> flatcert::Result<()> {
    let peers = if std::env::args().any(|a| a == "--peer") { numpy() } else { Vec::new() };
    for (name, rate) in &peers {
        println!("{{\"what\": \"numpy, {name} of every prefix\", \"per_second\": {rate:.0}}}");
    }
    let peer = peers.iter().map(|p| p.1).fold(0.0, f64::max);
    let ratio =
        |rate: f64| if peer > 0.0 { format!(", \"ratio_to_best_peer\": {:.2}", rate / peer) } else { String::new() };
    let setup = Setup::new(D, DEPTH, 1.0, 1, "lemma-3")?;
    // One thread, so that rates are per core.
    let one =
        rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|e| flatcert::Error::internal(e.to_string()))?;
    let mut failure = None;
    let mut check = |decided: flatcert::Result<Vec<_>>| decided.map_err(|e| failure = Some(e)).unwrap_or_default();
    let bounds =
        |factor: f64, u: f64| Thresholds { norm: factor * (0.5 + u).exp(), sigma_min: (-0.1 - u).exp() / factor };
    let mut total = 0.0;
    for (name, factor) in [("proof", 2.0f64), ("printed", 4.0)] {
        for u in [0.0, 0.1, 0.2, 0.5, 1.0] {
            let mut out = Vec::new();
            let time = best(|| out = one.install(|| check(decide(&setup, bounds(factor, u), 0..TRIALS))));
            let rate = TRIALS as f64 / time;
            if (factor, u) == (4.0, 0.2) {
                total = time / TRIALS as f64;
            }
            let count =
                |v| (out.iter().filter(|x| x.norm == v).count(), out.iter().filter(|x| x.sigma_min == v).count());
            let (holds, open) = (count(Verdict::Holds), count(Verdict::Undecided));
            println!(
                "{{\"what\": \"verdicts\", \"bounds\": \"{name}\", \"u\": {u}, \"per_second\": {rate:.0}, \
                 \"norm_holds\": {}, \"sigma_min_holds\": {}, \"undecided\": {}{}}}",
                holds.0,
                holds.1,
                open.0 + open.1,
                ratio(rate)
            );
        }
    }
    breakdown(&setup, total);
    let few = 240;
    let rate = few as f64 / best(|| drop(black_box(one.install(|| extremes_of(&setup, 0..few)))));
    println!("{{\"what\": \"extremes\", \"per_second\": {rate:.0}{}}}", ratio(rate));
    for u in [0.0f64, 0.5] {
        let radius = (-2.0 - 4.0 * u).exp() / 64.0;
        let time = best(|| drop(one.install(|| check(decide_ball(&setup, bounds(4.0, u), radius, 0..few)))));
        println!("{{\"what\": \"every theta of the ball\", \"u\": {u}, \"per_second\": {:.0}}}", few as f64 / time);
    }
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|e| flatcert::Error::internal(e.to_string()))?;
        let wall = (0..5)
            .map(|_| {
                let start = Instant::now();
                black_box(pool.install(|| check(decide(&setup, bounds(4.0, 0.2), 0..2 * TRIALS))));
                start.elapsed().as_secs_f64()
            })
            .fold(f64::INFINITY, f64::min);
        println!(
            "{{\"what\": \"scaling\", \"threads\": {threads}, \"per_second_of_the_clock\": {:.0}}}",
            2.0 * TRIALS as f64 / wall
        );
    }
    failure.map_or(Ok(()), Err)
}
