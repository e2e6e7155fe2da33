//! Speed and memory of reading text tables: `cargo bench --bench tables`.
//!
//! 500,000 x 10 doubles, written as pandas, as NumPy's `savetxt`, with three decimals, and with 24: megabytes of text
//! per second, and the most memory at any moment in units of the doubles.

use flatcert::input::{Source, read};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::io::{BufWriter, Write};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

const ROWS: usize = 500_000;
const COLUMNS: usize = 10;

type Print = fn(f64) -> String;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("table.csv");
    let kinds: [(&str, &str, Print); 4] = [
        ("17 digits, commas", ",", |v| v.to_string()),
        ("19 digits, blanks", " ", |v| format!("{v:.18e}")),
        ("three decimals, commas", ",", |v| format!("{v:.3}")),
        ("24 decimals, blanks", " ", |v| format!("{v:.24}")),
    ];
    for (name, separator, print) in kinds {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut out = BufWriter::new(std::fs::File::create(&path)?);
        for _ in 0..ROWS {
            let row: Vec<String> = (0..COLUMNS).map(|_| print(StandardNormal.sample(&mut rng))).collect();
            writeln!(out, "{}", row.join(separator))?;
        }
        drop(out);
        let bytes = std::fs::metadata(&path)?.len() as f64;
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let begin = Instant::now();
            let array = read(&Source::parse(&path), &[])?;
            best = best.min(begin.elapsed().as_secs_f64());
            assert_eq!(array.shape, [ROWS, COLUMNS]);
        }
        println!("{name}: {:.0} MB/s", bytes / best / 1e6);
    }
    let doubles = (8 * ROWS * COLUMNS) as f64;
    println!("at most {:.2} times the memory of the doubles", ALLOCATOR.max_allocated() as f64 / doubles);
    Ok(())
}
