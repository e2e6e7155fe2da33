//! Counts the displays in the text of the paper and keeps the list in `fixtures/displays.json`, with which the audit of
//! the proofs is compared.
//!
//! `cargo run --release --example index_displays PAPER.txt`

use flatcert::harness::displays::extract;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: index_displays PAPER.TXT")?;
    let displays = extract(&std::fs::read_to_string(path)?);
    let target = std::path::Path::new("fixtures/displays.json");
    let mut file = tempfile::NamedTempFile::new_in("fixtures")?;
    serde_json::to_writer_pretty(&mut file, &displays)?;
    std::io::Write::write_all(&mut file, b"\n")?;
    file.persist(target)?;
    println!("{} displays in {}", displays.len(), target.display());
    Ok(())
}
