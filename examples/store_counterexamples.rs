//! Keeps the counterexamples of a report in `fixtures/counterexamples.json`, where every later run tries them first.
//!
//! `cargo run --release --example store_counterexamples reports`

use flatcert::harness::evidence::Counterexample;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: store_counterexamples REPORT")?;
    let evidence = flatcert::report::split::read(std::path::Path::new(&path))?;
    let mut kept: Vec<Counterexample> =
        evidence.claims.into_iter().flat_map(|c| c.forms).filter_map(|f| f.counterexample).collect();
    for c in &mut kept {
        c.origin = "stored".into();
        // Recomputed at every replay.
        c.margin = None;
    }
    kept.sort_by(|a, b| a.form.cmp(&b.form));
    let target = std::path::Path::new("fixtures/counterexamples.json");
    let mut file = tempfile::NamedTempFile::new_in("fixtures")?;
    serde_json::to_writer_pretty(&mut file, &kept)?;
    std::io::Write::write_all(&mut file, b"\n")?;
    file.persist(target)?;
    println!("{} counterexamples in {}", kept.len(), target.display());
    Ok(())
}
