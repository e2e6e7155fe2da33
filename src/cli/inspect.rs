//! `flatcert inspect`.

use super::{Found, Outcome, arguments, output};
use flatcert::arithmetic::Interval;
use flatcert::claims::evidence::Verdict;
use flatcert::inspect::{Inspection, inspect as examine};
use flatcert::network::Network;
use flatcert::problem::{LoadOptions, Problem};
use flatcert::report::text;

/// Loads, inspects, prints. A claim that fails on an exact minimiser where it should hold is exit code 1.
pub fn inspect(a: &arguments::Inspect) -> Outcome {
    let options = LoadOptions { standardise: a.standardise, ..LoadOptions::default() };
    let problem = Problem::load(&a.x, &a.y, &options)?;
    let network = Network::load(&a.weights, a.head.as_deref())?;
    let found = examine(&problem, &network)?;
    if a.json {
        output::print_json(&found)?;
    } else {
        output::print(&readable(&found))?;
    }
    let fails = |id: &str, v: Verdict| v == Verdict::Fails && !id.ends_with("/printed");
    let broken = found.claims.iter().any(|c| fails(&c.id, c.outcome));
    Ok(if broken { Found::Differs } else { Found::AsRecorded })
}

fn readable(i: &Inspection) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| out.push_str(&format!("{name:<22}{value}\n"));
    let e = |v: &Interval| text::enclosure(v);
    line("data", format!("n = {}, d = {}", i.data.n, i.data.d));
    line("  lambda", e(&i.data.lambda));
    line("  Lambda", e(&i.data.lambda_max));
    line("  norm(w*)", e(&i.data.w_star_norm));
    line("  R_min", e(&i.data.r_min));
    let widths: Vec<String> = i.network.widths.iter().map(ToString::to_string).collect();
    line(
        "network",
        format!("L = {}, widths {}, {} parameters", i.network.depth, widths.join(" "), i.network.parameters),
    );
    line("  norm(w)", e(&i.network.head_norm));
    line("risk", e(&i.risk));
    line("  above R_min", e(&i.excess_risk));
    line("  gradient norm", e(&i.gradient_norm));
    line("  distance to w*", e(&i.distance_to_w_star));
    line("sharpness", e(&i.sharpness));
    line("  smallest eigenvalue", i.hessian_min.as_ref().map_or("not computed".into(), e));
    out.push_str("\nlower bounds on the sharpness of minimisers\n");
    for c in &i.claims {
        let bound = i.bounds.get(&c.id).copied().flatten().map_or("–".into(), |b| e(&b));
        let margin = c.margin.as_ref().map_or("–".into(), e);
        out.push_str(&format!("  {:<26} {bound}\n{:29}margin {margin}\n", c.id, ""));
        let reason = c.reason.as_ref().map_or(String::new(), |r| format!(": {r}"));
        out.push_str(&format!("{:29}{}{reason}\n", "", text::verdict(c.outcome)));
    }
    for r in &i.remarks {
        out.push_str(&format!("note: {r}\n"));
    }
    out
}
