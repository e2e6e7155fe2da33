//! Runs the claims and adds the worst instance of each form to `fixtures/worst.json`, where every later run tries it first. What was ever the worst stays.
//!
//! `cargo run --release --example keep_worst [quick|standard|nightly] [SEED] [CLAIM,..]`

use flatcert::harness::claim::{Context, Profile};
use flatcert::harness::evidence::Counterexample;
use flatcert::harness::paper::Options;
use flatcert::paper::registry::paper;
use std::error::Error;

/// Bytes of values above which an instance is not kept: its seed and number are in the report.
const LARGEST: usize = 4000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let profile = match arguments.first().map(String::as_str) {
        None | Some("quick") => Profile::Quick,
        Some("standard") => Profile::Standard,
        Some("nightly") => Profile::Nightly,
        Some(other) => return Err(format!("profile {other}: expected quick, standard or nightly").into()),
    };
    let seed = arguments.get(1).map_or(Ok(20_240_613), |s| s.parse())?;
    let only = arguments.get(2).map(|list| list.split(',').map(String::from).collect()).unwrap_or_default();
    let (evidence, _) = paper()?.run(&Options { context: Context::new(profile, seed), only }, &|_, _, _| {})?;
    let target = std::path::Path::new("fixtures/worst.json");
    let mut kept: Vec<Counterexample> = serde_json::from_str(&std::fs::read_to_string(target)?)?;
    let before = kept.len();
    for worst in evidence.claims.into_iter().flat_map(|c| c.forms).filter_map(|f| f.worst) {
        let new = !kept.iter().any(|k| k.form == worst.form && k.values == worst.values);
        if new && worst.values.to_string().len() <= LARGEST {
            kept.push(Counterexample { origin: "worst".into(), margin: None, ..worst });
        }
    }
    // The worst of a form, which is the last that was added, stays the last.
    kept.sort_by(|a, b| a.form.cmp(&b.form));
    let mut file = tempfile::NamedTempFile::new_in("fixtures")?;
    serde_json::to_writer_pretty(&mut file, &kept)?;
    std::io::Write::write_all(&mut file, b"\n")?;
    file.persist(target)?;
    println!("{} instances in {}, {} of them new", kept.len(), target.display(), kept.len() - before);
    Ok(())
}
