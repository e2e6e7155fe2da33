//! Gradient descent in batches: nanoseconds per run and step, the share of the machine's limit, and the whole of
//! Figures 1 to 4 of the paper.
//!
//! `--peer` times a compiled JAX program on the same problem in the same run (`python3` must find jax: put a virtual
//! environment first in the path) and gives the ratios. Prints JSON lines.

use flatcert::descent::{Data, Grid, Options, Run, Sharpness, descend, flops};
use flatcert::network::{Network, initialise};
use flatcert::problem::Problem;
use nalgebra::DVector;
use serde_json::json;
use std::hint::black_box;
use std::num::NonZeroU64;
use std::process::{Command, Stdio};
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Learning rate, steps, repetitions of Figures 1 and 2 (Appendix C); those of Figures 3 and 4 have 4000 steps and 20
/// repetitions.
const RATES: [(f64, u64, usize); 5] =
    [(0.005, 40_000, 20), (0.02, 10_000, 20), (0.07, 4000, 20), (0.1, 4000, 20), (0.2, 2000, 80)];
/// The authors' own loop on the same grid, the whole extrapolated from 20,000 of its steps on a server core: minutes.
const AUTHORS_MINUTES: f64 = 71.0;

/// Seconds of the clock and of processors, of the repetition that took least of both.
fn best(repetitions: usize, mut work: impl FnMut() -> Outcome<()>) -> Outcome<(f64, f64)> {
    let mut least = (f64::INFINITY, f64::INFINITY);
    for _ in 0..repetitions {
        let (clock, before) = (Instant::now(), processor_seconds());
        work()?;
        least.0 = least.0.min(clock.elapsed().as_secs_f64());
        least.1 = least.1.min(processor_seconds() - before);
    }
    Ok(least)
}

/// Seconds on processors so far, of all threads that live, where the system tells; else 0.
fn processor_seconds() -> f64 {
    let spent = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path).ok()?;
        text.split(' ').next().and_then(|v| v.parse::<f64>().ok())
    };
    let tasks = std::fs::read_dir("/proc/self/task").map(|d| d.flatten().collect::<Vec<_>>()).unwrap_or_default();
    tasks.iter().filter_map(|t| spent(t.path().join("schedstat"))).sum::<f64>() * 1e-9
}

/// Independent fused multiplications and additions in registers.
struct Peak(u64);

impl pulp::WithSimd for Peak {
    type Output = f64;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, s: S) -> f64 {
        let factor = s.splat_f64s(black_box(0.5));
        let mut sums = [factor; 12];
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = s.splat_f64s(black_box(i as f64));
        }
        for _ in 0..self.0 {
            for sum in &mut sums {
                *sum = s.mul_add_f64s(factor, *sum, factor);
            }
        }
        sums.iter().map(|x| s.reduce_sum_f64s(*x)).sum::<f64>() + S::F64_LANES as f64
    }
}

/// Floating-point operations per second of one core with the vectors that the engine uses (256 bits).
fn peak() -> Outcome<f64> {
    let turns = 20_000_000;
    let (seconds, _) = best(5, || {
        black_box(pulp::Arch::new().dispatch(Peak(turns)));
        Ok(())
    })?;
    let lanes = if cfg!(target_arch = "x86_64") { 4 } else { 2 };
    Ok((turns * 12 * lanes * 2) as f64 / seconds)
}

fn pool(threads: usize) -> Outcome<rayon::ThreadPool> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(threads).build()?)
}

/// Square layers of width d, then a last row.
fn row_widths(d: usize, depth: usize) -> Vec<usize> {
    let mut widths = vec![d; depth + 1];
    widths[depth] = 1;
    widths
}

fn one() -> DVector<f64> {
    DVector::from_element(1, 1.0)
}

/// Seconds per run and step, of the clock and of processors.
fn per_step(pool: &rayon::ThreadPool, widths: &[usize], runs: usize, steps: u64, scale: f64) -> Outcome<(f64, f64)> {
    let data = [Data::of(&Problem::appendix_c(50.max(2 * widths[0]), widths[0], 1)?)?];
    let runs = vec![Run { data: 0, rate: 0.02, steps }; runs];
    let start = |i: usize| {
        let spread = 1.0 + 0.8 * i as f64 / runs.len() as f64;
        initialise::gaussian(widths, one(), scale * spread, i as u64)
    };
    let grid = Grid::new(widths, &data, &runs, &start)?;
    let options = Options { keep: false, ..Options::default() };
    let (wall, processors) = best(5, || {
        let ended = pool.install(|| descend(&grid, &options, &()))?;
        let diverged = ended.iter().flatten().filter(|o| o.diverged()).count();
        if diverged > 0 { Err(format!("{diverged} runs of the benchmark diverge").into()) } else { Ok(()) }
    })?;
    Ok((wall / grid.run_steps() as f64, processors / grid.run_steps() as f64))
}

fn updates(pools: &[rayon::ThreadPool], peak: f64, peers: &[(String, f64, f64)]) -> Outcome<()> {
    let widths = row_widths(5, 10);
    for pool in pools {
        let threads = pool.current_num_threads();
        let (wall, processors) = per_step(pool, &widths, 208, 4000, 0.25)?;
        let rate = flops(&widths) as f64 / processors;
        println!(
            "{}",
            json!({"what": "updates only, d = 5, L = 10", "threads": threads, "ns_wall": wall * 1e9,
                "ns_processor": processors * 1e9, "flops_per_step": flops(&widths), "gflops_per_core": rate * 1e-9,
                "peak_gflops_per_core": peak * 1e-9, "of_peak": rate / peak})
        );
        for (name, peer_wall, peer_processors) in peers {
            println!(
                "{}",
                json!({"what": format!("ratio to jax, {name}"), "threads": threads, "wall": peer_wall / wall,
                    "processor": peer_processors / processors})
            );
        }
    }
    Ok(())
}

fn shapes(pool: &rayon::ThreadPool, peak: f64) -> Outcome<()> {
    let depths = [(1, 10), (2, 10), (3, 10), (4, 10), (5, 5), (5, 20), (5, 40), (5, 100), (6, 10), (8, 10), (10, 10)];
    for (d, depth) in depths.into_iter().chain([(12, 10), (20, 5), (20, 20), (50, 5), (50, 100)]) {
        let widths = row_widths(d, depth);
        let steps = (400_000_000 / (flops(&widths) * 16)).clamp(100, 40_000);
        let (_, seconds) = per_step(pool, &widths, 16, steps, 0.5 / (d as f64).sqrt())?;
        let rate = flops(&widths) as f64 / seconds;
        println!(
            "{}",
            json!({"what": "shape", "d": d, "L": depth, "ns_processor": seconds * 1e9,
                "gflops_per_core": rate * 1e-9, "of_peak": rate / peak})
        );
    }
    Ok(())
}

/// The grids of Figures 1 and 2 (nine square layers and a row) and of Figures 3 and 4 (residual, a unit head).
fn figures(every: Option<NonZeroU64>, sharpness: Sharpness) -> Outcome<()> {
    let data = [Data::of(&Problem::appendix_c(50, 5, 0)?)?];
    let head = initialise::unit_head(5, 0);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (rate, steps, repetitions) in RATES {
        for scale in 0..10 {
            first.extend(vec![(Run { data: 0, rate, steps }, 0.25 + 0.35 * f64::from(scale) / 9.0); repetitions]);
            second.extend([(Run { data: 0, rate, steps: 4000 }, 1.7 * f64::from(scale) / 9.0); 20]);
        }
    }
    let mut work = (0, 0, 0);
    let seconds = best(3, || {
        work = (0, 0, 0);
        for (residual, runs) in [(false, &first), (true, &second)] {
            let start = |i: usize| -> flatcert::Result<Network<f64>> {
                if residual {
                    initialise::residual(10, head.clone(), runs[i].1, i as u64)
                } else {
                    initialise::gaussian(&row_widths(5, 10), one(), runs[i].1, i as u64)
                }
            };
            let widths = if residual { vec![5; 11] } else { row_widths(5, 10) };
            let plain: Vec<Run> = runs.iter().map(|r| r.0).collect();
            let grid = Grid::new(&widths, &data, &plain, &start)?;
            let ended = descend(&grid, &Options { every, sharpness, ..Options::default() }, &())?;
            work.0 += grid.run_steps();
            work.1 += ended.iter().flatten().filter(|o| o.diverged()).count();
            work.2 += ended.iter().flatten().map(|o| o.records.len()).sum::<usize>();
        }
        Ok(())
    })?;
    println!(
        "{}",
        json!({"what": "Figures 1 to 4", "every": every, "sharpness": format!("{sharpness:?}"),
            "threads": rayon::current_num_threads(), "seconds": seconds.0, "processor_seconds": seconds.1,
            "run_steps": work.0, "runs": first.len() + second.len(), "diverged": work.1, "records": work.2,
            "ratio_to_the_authors_loop": 60.0 * AUTHORS_MINUTES / seconds.0})
    );
    Ok(())
}

/// The peer's forms: name, seconds of the clock and of processors per run and step.
fn jax() -> Vec<(String, f64, f64)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/descent_jax.py");
    let output = Command::new("python3").args([script, "5", "10", "200", "500"]).stderr(Stdio::inherit()).output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    let numbers = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        Some((words.first()?.to_string(), words.get(1)?.parse().ok()?, words.get(2)?.parse().ok()?))
    };
    text.lines().filter_map(numbers).collect()
}

fn main() -> Outcome<()> {
    let peers = if std::env::args().any(|a| a == "--peer") { jax() } else { Vec::new() };
    for (name, wall, processor) in &peers {
        println!("{}", json!({"what": format!("jax, {name}"), "ns_wall": wall * 1e9, "ns_processor": processor * 1e9}));
    }
    let peak = peak()?;
    // Made once: the time that a thread has spent is no longer told when it has ended.
    let pools = [pool(1)?, pool(2)?];
    updates(&pools, peak, &peers)?;
    shapes(&pools[0], peak)?;
    figures(None, Sharpness::Never)?;
    figures(None, Sharpness::Ends)?;
    figures(NonZeroU64::new(5), Sharpness::Always)
}
