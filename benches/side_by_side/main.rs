//! Our half of the side-by-side comparison: reads one problem written by `compare.py`, times, prints one JSON line.
//!
//! The folder holds raw little-endian doubles: `x`, `y`, `w1`, `w2`, .. (column-major), `head`, and `shape.txt` with
//! `n d` on the first line and the widths d_0 .. d_L on the second. Run without arguments (as `cargo bench` does) it
//! only says so.

use flatcert::arithmetic::Rational;
use flatcert::hessian::{Options, assemble_ball, sharpness};
use flatcert::linalg::dense;
use flatcert::network::Network;
use flatcert::problem::Problem;
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let [folder, what, repetitions] = arguments.as_slice() else {
        println!("usage: side_by_side FOLDER sharpness|ends|dense|values|assemble REPETITIONS (compare.py calls it)");
        return Ok(());
    };
    let (problem, net) = load(Path::new(folder))?;
    let options = Options { tight_smallest: what == "ends", ..Options::default() };
    let mut answer = serde_json::Value::Null;
    let hessian = matches!(what.as_str(), "dense" | "values").then(|| assemble_ball(&problem, &net));
    let repetitions = repetitions.parse::<usize>()?;
    let start = clock();
    for _ in 0..repetitions {
        answer = match (what.as_str(), &hessian) {
            ("dense", Some(h)) => {
                let e = dense::extremes(black_box(h));
                serde_json::json!({"value": e.largest, "smallest": e.smallest})
            }
            ("values", Some(h)) => {
                let v = dense::eigenvalues(black_box(h.mid())).ok_or("no convergence")?;
                serde_json::json!({"largest": v.last(), "smallest": v.first()})
            }
            ("assemble", _) => serde_json::json!({"radius": assemble_ball(&problem, black_box(&net)).radius()}),
            _ => {
                let s = sharpness(&problem, black_box(&net), &options)?;
                serde_json::json!({"value": s.value, "smallest": s.smallest, "method": format!("{:?}", s.method)})
            }
        };
    }
    let seconds = (clock() - start) / repetitions as f64;
    println!(
        "{}",
        serde_json::json!({"seconds": seconds, "answer": answer, "peak_bytes": peak(), "p": net.parameters()})
    );
    Ok(())
}

/// Seconds of processor time of all threads, which other loads do not inflate (Linux); elsewhere of the wall clock.
fn clock() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let of_thread = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    let spent: Option<f64> =
        std::fs::read_dir("/proc/self/task").ok().and_then(|tasks| tasks.flatten().map(of_thread).sum());
    spent.map_or_else(|| START.elapsed().as_secs_f64(), |ns| ns * 1e-9)
}

/// Largest resident size so far, where the system says it (Linux).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

fn doubles(path: &Path) -> Outcome<Vec<f64>> {
    use std::io::Read;
    // In pieces: the whole file beside the weights would double the memory that is being measured.
    let mut file = std::io::BufReader::new(std::fs::File::open(path)?);
    let length = std::fs::metadata(path)?.len() as usize / 8;
    let mut word = [0; 8];
    let mut out = Vec::with_capacity(length);
    for _ in 0..length {
        file.read_exact(&mut word)?;
        out.push(f64::from_le_bytes(word));
    }
    Ok(out)
}

fn load(folder: &Path) -> Outcome<(Problem, Network<f64>)> {
    let shape = std::fs::read_to_string(folder.join("shape.txt"))?;
    let mut lines = shape.lines().map(|l| l.split_whitespace().map(str::parse).collect::<Result<Vec<usize>, _>>());
    let (size, widths) = (lines.next().ok_or("no size")??, lines.next().ok_or("no widths")??);
    let exact = |v: &f64| Rational::from_f64(*v).ok_or("not finite");
    let x = doubles(&folder.join("x"))?.iter().map(exact).collect::<Result<Vec<_>, _>>()?;
    let y = doubles(&folder.join("y"))?.iter().map(exact).collect::<Result<Vec<_>, _>>()?;
    let problem = Problem::new("bench", &DMatrix::from_vec(size[0], size[1], x), &DVector::from_vec(y))?;
    let mut layers = Vec::new();
    for (k, w) in widths.windows(2).enumerate() {
        layers.push(DMatrix::from_vec(w[1], w[0], doubles(&folder.join(format!("w{}", k + 1)))?));
    }
    let head = DVector::from_vec(doubles(&folder.join("head"))?);
    Ok((problem, Network::new(layers, head)?))
}
