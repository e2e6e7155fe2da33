//! Merges the ledgers of many shards, and says what it takes: `cargo run --release --example ledger_scale -- SHARDS RECORDS [FOLDER]`.
//!
//! Each shard has its own blocks of each of 40 statements, cut into records as the clock of a night cuts them, some of them tried by two. The ledgers are
//! written first, 300 bytes a record; the merge is what is measured.

use flatcert::statistics::ledger;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Statements.
const KEYS: u64 = 40;
/// Records of a block.
const PIECES: u64 = 3;
/// Trials of a record.
const COUNT: u64 = 64;

fn main() -> flatcert::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| arguments.get(at).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (shards, records) = (number(0, 100), number(1, 10_000));
    let folder = arguments.get(2).map_or_else(std::env::temp_dir, PathBuf::from).join("flatcert-ledger-scale");
    let io = |e| flatcert::Error::io(&folder, e);
    std::fs::create_dir_all(&folder).map_err(io)?;
    let mut paths = Vec::new();
    for shard in 0..shards {
        let path = folder.join(format!("{shard:05}.ledger"));
        write(&path, shard, shards, records).map_err(io)?;
        paths.push(path);
    }
    let bytes: u64 = paths.iter().filter_map(|p| p.metadata().ok()).map(|m| m.len()).sum();
    let names: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let start = Instant::now();
    let merged = ledger::merge(&names, &folder.join("merged"))?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{shards} ledgers, {} records, {:.1} GB: {seconds:.1} s, {:.2} us a record; {} records of the union; at most {} MiB of memory",
        merged.read,
        bytes as f64 / 1e9,
        seconds * 1e6 / merged.read as f64,
        merged.batches,
        peak() / 1024
    );
    std::fs::remove_dir_all(&folder).map_err(io)
}

/// The ledger of one shard.
fn write(path: &Path, shard: u64, shards: u64, records: u64) -> std::io::Result<()> {
    let mut to = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut line =
        |body: String| writeln!(to, "{body},\"crc32\":\"{:08x}\"}}", crc32fast::hash(format!("{body}}}").as_bytes()));
    line(format!("{{\"kind\":\"header\",\"schema\":\"{}\",\"seed\":1", ledger::SCHEMA))?;
    for r in 0..records {
        let (key, step) = (r % KEYS, r / KEYS);
        let (round, piece) = (step / PIECES, step % PIECES);
        // Every hundredth block is that of the neighbour, tried twice.
        let owner = if round % 100 == 99 { (shard + 1) % shards } else { shard };
        let first = ((round * shards + owner) * PIECES + piece) * COUNT;
        let (hour, minute, second) = (step / 3600 % 24, step / 60 % 60, step % 60);
        let time = format!("2026-01-01T{hour:02}:{minute:02}:{second:02}");
        line(format!(
            "{{\"kind\":\"batch\",\"seed\":1,\"key\":\"lemma-3-norm/ball4-d20-L100-s1-u{key}\",\"version\":\"1\",\"first\":{first},\"count\":{COUNT},\
             \"failures\":{},\"undecided\":0,\"began\":\"{time}.000Z\",\"ended\":\"{time}.900Z\",\"night\":\"2026-01-01\",\"code\":\"0.1.0 c1ad73812ab4 9f3e0a11c07d\"",
            first / COUNT % 7
        ))?;
    }
    to.flush()
}

/// The most memory this process ever had, in KiB, where the system says so.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
