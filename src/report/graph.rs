//! The dependencies between results as a mermaid graph, coloured by grade.

use super::text;
use crate::harness::evidence::{Evidence, Grade};
use crate::report::findings::refuted_as_printed;
use std::collections::{BTreeMap, BTreeSet};

// One colour for each grade, strong to weak from dark to light; readable on light and dark pages.
const CLASSES: [(&str, &str); 8] = [
    ("Proved", "fill:#0b3d20,color:#ffffff"),
    ("Identity", "fill:#1b6e3c,color:#ffffff"),
    ("Domain", "fill:#2f8f83,color:#ffffff"),
    ("Instance", "fill:#2a6fb0,color:#ffffff"),
    ("Computed", "fill:#b08a2a,color:#ffffff"),
    ("Sampled", "fill:#d9a441,color:#000000"),
    ("none", "fill:#8c2f39,color:#ffffff"),
    ("absent", "fill:#e0e0e0,color:#000000,stroke-dasharray:4"),
];

/// The text between the mermaid fences. An arrow leads from a result to what uses it; a red rim marks a result that
/// does not hold as printed; grey means that it was not part of this run.
pub fn mermaid(evidence: &Evidence) -> String {
    let mut nodes: BTreeMap<&str, (String, bool)> = BTreeMap::new();
    let mut edges = Vec::new();
    // Of the steps of the proofs only those that do not hold as printed are shown: the others are many and green.
    let hidden: BTreeSet<&str> =
        evidence.claims.iter().filter(|c| c.is_step() && !refuted_as_printed(c)).map(|c| c.id.as_str()).collect();
    let left_out = |id: &str| hidden.contains(id);
    for claim in evidence.claims.iter().filter(|c| !left_out(&c.id)) {
        let class = claim.grade.map_or("none", |g: Grade| text::grade(g));
        nodes.insert(&claim.id, (class.to_string(), refuted_as_printed(claim)));
    }
    for claim in evidence.claims.iter().filter(|c| !left_out(&c.id)) {
        for used in claim.uses.iter().filter(|u| !left_out(u)) {
            nodes.entry(used).or_insert(("absent".into(), false));
            edges.push(format!("  {} --> {}\n", node(used), node(&claim.id)));
        }
    }
    let mut out = String::from("graph LR\n");
    for (id, (class, refuted)) in &nodes {
        out.push_str(&format!("  {}[\"{}\"]:::{class}\n", node(id), id.replace('"', "'")));
        if *refuted {
            out.push_str(&format!("  style {} stroke:#d62828,stroke-width:4px\n", node(id)));
        }
    }
    edges.sort();
    edges.dedup();
    out.extend(edges);
    for (class, style) in CLASSES {
        out.push_str(&format!("  classDef {class} {style}\n"));
    }
    out
}

/// An identifier that mermaid accepts: a word it reserves (`end`) cannot come out, thanks to the prefix.
fn node(id: &str) -> String {
    let mut out = String::from("c_");
    for c in id.chars() {
        // `a-b` and `a/b` stay apart; no id has two hyphens in a row.
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c),
            '-' => out.push('_'),
            '/' => out.push_str("__"),
            other => out.push_str(&format!("_x{:x}_", u32::from(other))),
        }
    }
    out
}
