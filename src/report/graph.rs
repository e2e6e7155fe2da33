//! The stated results and what each rests on, as a picture: laid out by dagre, drawn with a link at every node.
//!
//! What is drawn is the relation "its proof uses", between stated results, with the steps in between contracted
//! ([`dependencies`]) and without the arrows that a path through others implies. The layout is dagre's, in ranks from
//! left to right; the drawing is text. Positions are rounded to a tenth of a pixel.

use super::findings::refuted_as_printed;
use super::text;
use crate::harness::evidence::{ClaimEvidence, Evidence, Grade};
use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir, layout};
use std::collections::{BTreeMap, BTreeSet};

/// Its file in the report.
pub const FILE: &str = "figures/graph.svg";

/// Size of the letters of the names, in pixels.
const LETTER: f64 = 12.0;
/// About how wide a letter of their bold face is, in pixels: boxes are sized by the number of letters.
const WIDTH: f64 = 7.7;

/// Between boxes, in pixels.
const GAP: f64 = 14.0;

/// For each stated result those that its proof uses, directly or through steps and claims that are no stated results.
/// A step of the proof of another result counts as that result. Without stated results: the claims of the run.
///
/// From each result the uses are followed through claims that are not drawn; the search stops at a result, whose own
/// arrows say the rest. A step `proof/..` of another proof stands for the results that this proof proves, and is not
/// followed: only where none of them was reached directly are they added, so that a step that serves two results does
/// not draw an arrow from both if one is there already. A result never rests on itself. Cost: for each result at most
/// one visit of each claim.
pub fn dependencies(evidence: &Evidence) -> BTreeMap<&str, BTreeSet<&str>> {
    let claims: BTreeMap<&str, &ClaimEvidence> = evidence.claims.iter().map(|c| (c.id.as_str(), c)).collect();
    let nodes: BTreeSet<&str> = nodes(evidence).into_iter().map(|(c, _)| c.id.as_str()).collect();
    let proves: BTreeMap<&str, &[String]> =
        evidence.proofs.iter().map(|p| (p.id.as_str(), p.proves.as_slice())).collect();
    let mut out = BTreeMap::new();
    for id in &nodes {
        let mut queue: Vec<&str> = claims[id].uses.iter().map(String::as_str).collect();
        let (mut seen, mut found, mut elsewhere) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        while let Some(used) = queue.pop() {
            if used == *id || !seen.insert(used) {
                continue;
            }
            let of = used.split_once('/').and_then(|(proof, _)| proves.get(proof)).copied().unwrap_or_default();
            if nodes.contains(used) {
                found.insert(used);
            } else if !of.is_empty() && !of.iter().any(|p| p == id) {
                elsewhere.insert(of);
            } else if let Some(claim) = claims.get(used) {
                queue.extend(claim.uses.iter().map(String::as_str));
            }
        }
        for of in elsewhere.into_iter().filter(|of| !of.iter().any(|p| found.contains(p.as_str()))).collect::<Vec<_>>()
        {
            found.extend(of.iter().map(String::as_str).filter(|p| nodes.contains(p)));
        }
        found.remove(id);
        out.insert(*id, found);
    }
    out
}

/// The claims that are drawn, with their names.
///
/// Where there are stated results, these in their order; one whose claim was not run is left out. Dollars are taken
/// out of the names.
fn nodes(evidence: &Evidence) -> Vec<(&ClaimEvidence, String)> {
    let stated = |c: &&ClaimEvidence| !c.is_step();
    if evidence.results.is_empty() {
        return evidence.claims.iter().filter(stated).map(|c| (c, c.id.clone())).collect();
    }
    let of = |id: &str| evidence.claims.iter().find(|c| c.id == id);
    evidence.results.iter().filter_map(|r| Some((of(&r.claim)?, r.name.replace('$', "")))).collect()
}

/// Arrows that no path through others replaces.
///
/// The transitive reduction of an acyclic relation is unique: the arrow f -> t is left out if another of the results
/// that t uses reaches f. For each pair of arrows into one result a search.
fn reduced<'a>(all: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<(&'a str, &'a str)> {
    let reaches = |from: &str, to: &str| {
        let (mut queue, mut seen) = (vec![from], BTreeSet::new());
        while let Some(at) = queue.pop() {
            for next in all.get(at).into_iter().flatten() {
                if *next == to {
                    return true;
                }
                if seen.insert(*next) {
                    queue.push(next);
                }
            }
        }
        false
    };
    let of = |(to, from): (&&'a str, &BTreeSet<&'a str>)| {
        let kept = from.iter().filter(|f| !from.iter().any(|o| o != *f && reaches(o, f)));
        kept.map(|f| (*f, *to)).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).collect()
}

/// Strength in words, and the colours of the box and of its rim.
///
/// In this order: proved in Coq and not refuted as printed; proved in a corrected form; refuted as printed and
/// without a proof; else the grade. Colours are those that the section on dependencies names: green, orange, red,
/// blue.
fn strength(claim: &ClaimEvidence) -> (String, &'static str, &'static str) {
    match (claim.is_proved(), refuted_as_printed(claim)) {
        (true, false) => ("proved".into(), "#d9f2df", "#1a7f37"),
        (true, true) => ("corrected form proved".into(), "#ffe3cc", "#b35900"),
        (false, true) => ("not as printed".into(), "#ffd9d6", "#c01c28"),
        (false, false) => {
            (claim.grade.map_or("no grade".into(), |g: Grade| text::grade(g).into()), "#dceafb", "#0b57b0")
        }
    }
}

/// For the content of an element and for an attribute in double quotes.
fn escaped(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// The picture. An arrow leads from a result to what uses it.
///
/// Results without any arrow stand in a row below the others. Each box is a link, to the page of its result or, in a
/// run of a part, to its section in `claims.md`; links are relative to the folder of figures.
pub fn svg(evidence: &Evidence) -> String {
    let nodes = nodes(evidence);
    let mut graph = Graph::with_options(GraphOptions { directed: true, multigraph: false, compound: false });
    let words = |claim: &ClaimEvidence, name: &str| strength(claim).0.chars().count().max(name.chars().count());
    let all = dependencies(evidence);
    let edges = reduced(&all);
    // What rests on nothing, and nothing on it, stands in a row below: an arrow behind it would seem to begin there.
    let linked = |id: &str| edges.iter().any(|(from, to)| *from == id || *to == id);
    let size = |claim: &ClaimEvidence, name: &str| (words(claim, name) as f64 * WIDTH + 14.0, 3.2 * LETTER);
    for (claim, name) in nodes.iter().filter(|(c, _)| linked(&c.id)) {
        let (width, height) = size(claim, name);
        graph.set_node(claim.id.clone(), Some(NodeLabel { width, height, ..NodeLabel::default() }));
    }
    for (from, to) in &edges {
        graph.set_edge(*from, *to, Some(EdgeLabel::default()), None);
    }
    let options = LayoutOptions { rankdir: RankDir::LR, nodesep: GAP, ranksep: 30.0, ..LayoutOptions::default() };
    layout(&mut graph, Some(options));
    let (mut drawn, mut width, mut height) = (String::new(), 0.0f64, 0.0f64);
    for (from, to) in &edges {
        let Some(edge) = graph.edge(from, to, None) else { continue };
        let points: Vec<String> = edge.points.iter().map(|p| format!("{:.1} {:.1}", p.x, p.y)).collect();
        drawn.push_str(&format!("<path class=\"arrow\" d=\"M{}\" marker-end=\"url(#head)\"/>\n", points.join(" L")));
    }
    let mut placed = Vec::new();
    for (claim, name) in nodes.iter().filter(|(c, _)| linked(&c.id)) {
        let Some(node) = graph.node(&claim.id) else { continue };
        let (x, y) = (node.x.unwrap_or(0.0), node.y.unwrap_or(0.0));
        (width, height) = (width.max(x + node.width / 2.0), height.max(y + node.height / 2.0));
        placed.push((claim, name, x, y));
    }
    let (mut x, row) = (0.0, if placed.is_empty() { 0.0 } else { height + GAP });
    for (claim, name) in nodes.iter().filter(|(c, _)| !linked(&c.id)) {
        let (w, h) = size(claim, name);
        placed.push((claim, name, x + w / 2.0, row + h / 2.0));
        (width, height) = (width.max(x + w), row + h);
        x += w + GAP;
    }
    for (claim, name, x, y) in placed {
        let (w, h) = size(claim, name);
        let (said, fill, rim) = strength(claim);
        let page = if evidence.results.is_empty() {
            format!("../claims.md#{}", text::anchor(&claim.id))
        } else {
            format!("../results/{}.md", claim.id)
        };
        drawn.push_str(&format!(
            "<a href=\"{page}\"><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"6\" \
             fill=\"{fill}\" \
             stroke=\"{rim}\"/><text x=\"{x:.1}\" y=\"{:.1}\" class=\"name\">{}</text><text x=\"{x:.1}\" y=\"{:.1}\" \
             class=\"said\">{said}</text></a>\n",
            x - w / 2.0,
            y - h / 2.0,
            w,
            h,
            y - 0.25 * LETTER,
            escaped(name),
            y + LETTER,
        ));
    }
    let (w, h) = (width + 12.0, height + 12.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-6 -6 {w:.0} {h:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" \
         role=\"group\" aria-label=\"The stated results; an arrow leads from a result to what uses it\">\n<style>.name \
         {{ font: 600 {LETTER}px sans-serif }} .said {{ font: {:.0}px sans-serif }} .name, .said {{ text-anchor: \
         middle; \
         fill: #1b1f24 }} .arrow {{ fill: none; stroke: #57606a; stroke-width: 1.3 }}</style>\n<defs><marker \
         id=\"head\" \
         viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path \
         d=\"M0 0 L8 4 L0 8 z\" fill=\"#57606a\"/></marker></defs>\n<rect x=\"-6\" y=\"-6\" width=\"100%\" \
         height=\"100%\" \
         fill=\"#ffffff\"/>\n{drawn}</svg>\n",
        LETTER - 2.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_a_path_replaces_is_not_drawn() {
        let all =
            BTreeMap::from([("a", BTreeSet::new()), ("b", BTreeSet::from(["a"])), ("c", BTreeSet::from(["a", "b"]))]);
        assert_eq!(reduced(&all), [("a", "b"), ("b", "c")]);
    }
}
