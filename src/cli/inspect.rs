//! `flatcert inspect`.
//!
//! One network is loaded, inspected and printed here; several go to `curve`, with the same options. The numbers are
//! those of `flatcert::inspect`, where the schema is documented.

use super::{Found, Outcome, arguments, curve, files, output};
use flatcert::Error;
use flatcert::arithmetic::{Interval, decimal};
use flatcert::harness::evidence::Verdict;
use flatcert::hessian::Choice;
use flatcert::inspect::{Inspection, Options, inspect_with};
use flatcert::loss::{Loss, OfLoss, Scale};
use flatcert::network::save_matrices;
use flatcert::report::text;

/// Loads, inspects, prints. A claim that fails on an exact minimiser where it should hold is exit code 1.
///
/// Only statements that stand make the exit code 1: forms as printed may fail, and are recorded as refuted.
///
/// # Errors
/// Options of several checkpoints with one, or the other way round; data or weights that are refused; a file that
/// cannot be written.
pub fn inspect(a: &arguments::Inspect) -> Outcome {
    let options = options(a);
    let (paths, many) = curve::expand(&a.weights)?;
    if let Some(list) = curve::checkpoints(a, &paths, many)? {
        curve::refuse(a)?;
        return curve::curve(a, &list, &options);
    }
    if let Some((option, _)) = [("--plot", a.plot.is_some()), ("--strict", a.strict)].iter().find(|(_, given)| *given) {
        return Err(Error::usage(format!("{option}: of several checkpoints, and --weights names one")).into());
    }
    if let Some(path) = &a.vectors {
        output::writable("--vectors", path)?;
        files::keep("--vectors", path, &a.data, &a.nets, &paths)?;
    }
    let (problem, x, y) = a.data.load()?;
    let (network, weights, intercept) = a.nets.load(&a.data, &problem, &paths[0], &options.loss)?;
    let input = files::Input { x, y, weights, intercept };
    let problem = if a.exact { problem.solved_exactly() } else { problem };
    let (found, vectors) = inspect_with(&problem, &network, &options)?;
    if let Some(path) = &a.vectors {
        let named = vectors
            .iter()
            .enumerate()
            .flat_map(|(i, v)| v.iter().enumerate().map(move |(k, layer)| (format!("V{}_W{}", i + 1, k + 1), layer)));
        save_matrices(path, named)?;
    }
    if a.json {
        output::print_json(&files::With { found: &found, input: &input })?;
    } else {
        output::print(&(files::readable(&input) + &readable(&found)))?;
    }
    let fails = |id: &str, v: Verdict| v == Verdict::Fails && !id.ends_with("/printed");
    let broken = found.claims.iter().any(|c| fails(&c.id, c.outcome));
    Ok(if broken { Found::Differs } else { Found::AsRecorded })
}

/// The options of the library: method, loss, leading eigenvalues, threshold and rate.
fn options(a: &arguments::Inspect) -> Options {
    let method = match a.method {
        arguments::Method::Auto => Choice::Auto,
        arguments::Method::RankD => Choice::RankD,
        arguments::Method::Riccati => Choice::Riccati,
        arguments::Method::Dense => Choice::Dense,
    };
    let scale = match a.loss {
        arguments::LossScale::Mean => Scale::Mean,
        arguments::LossScale::Half => Scale::Half,
        arguments::LossScale::Sum => Scale::Sum,
    };
    let loss = Loss { scale, weight_decay: a.weight_decay };
    Options { method, top: a.top.unwrap_or(0) as usize, above: a.above, eta: a.eta, loss }
}

/// The loss as the reader wrote it.
fn of_loss(l: &OfLoss) -> String {
    let e = |v: &Interval| decimal::enclosure(v);
    let least = l.hessian_min.as_ref().map_or("not computed".into(), e);
    let lines = [
        ("your loss", format!("{} R + {} norm(W)^2 / 2 = {}", l.factor, l.weight_decay, e(&l.value))),
        ("  gradient norm", e(&l.gradient_norm)),
        ("  sharpness", e(&l.sharpness)),
        ("  smallest eigenvalue", least),
    ];
    lines.iter().map(|(name, value)| format!("{name:<22}{value}\n")).collect()
}

/// The inspection for reading: data and network, risk and sharpness, the loss as the user scales it, the edge, counts
/// and leading eigenvalues where asked for, then the paper's lower bounds on the sharpness of minimisers with their
/// margins. A reason that several statements share is said once.
fn readable(i: &Inspection) -> String {
    let e = |v: &Interval| decimal::enclosure(v);
    let widths: Vec<String> = i.network.widths.iter().map(ToString::to_string).collect();
    let (depth, parameters) = (i.network.depth, i.network.parameters);
    let lines = [
        ("data", format!("n = {}, d = {}", i.data.n, i.data.d)),
        ("  lambda", e(&i.data.lambda)),
        ("  Lambda", e(&i.data.lambda_max)),
        ("  norm(w*)", e(&i.data.w_star_norm)),
        ("  R_min", e(&i.data.r_min)),
        ("network", format!("L = {depth}, widths {}, {parameters} parameters", widths.join(" "))),
        ("  norm(w)", e(&i.network.head_norm)),
        ("risk", e(&i.risk)),
        ("  above R_min", e(&i.excess_risk)),
        ("  gradient norm", e(&i.gradient_norm)),
        ("  distance to w*", e(&i.distance_to_w_star)),
        ("sharpness", e(&i.sharpness)),
        ("  by", format!("{} ({})", i.method, i.choice.reason)),
        ("  smallest eigenvalue", i.hessian_min.as_ref().map_or("not computed".into(), e)),
    ];
    let mut out: String = lines.iter().map(|(name, value)| format!("{name:<22}{value}\n")).collect();
    out.extend(i.loss.as_ref().map(of_loss));
    if let Some(edge) = &i.edge {
        let near = match edge.standing {
            "beyond" => "certainly beyond",
            "below" => "certainly below",
            _ => "not decided against",
        };
        out.push_str(&format!(
            "  {:<20}{near} 2 / eta = {}: S eta / 2 in {}\n",
            "edge",
            e(&edge.threshold),
            e(&edge.ratio)
        ));
    }
    if let Some(above) = &i.above {
        let count = if above.least == above.most {
            format!("{} eigenvalues", above.least)
        } else {
            format!("between {} and {} eigenvalues", above.least, above.most)
        };
        out.push_str(&format!("  {:<20}{count} above {}\n", "count", above.threshold));
    }
    for (n, c) in i.leading.iter().flatten().enumerate() {
        let name = if n == 0 { "leading" } else { "" };
        let times = if c.multiplicity > 1 { format!(", {} times", c.multiplicity) } else { String::new() };
        out.push_str(&format!("  {name:<20}{}{times}\n", e(&c.value)));
    }
    out.push_str(&format!(
        "\n{:<26}{:<31}{:<34}this network\n",
        "lower bound, minimisers", "value", "margin of the sharpness"
    ));
    for c in &i.claims {
        let bound = i.bounds.get(&c.id).copied().flatten().map_or("–".into(), |b| e(&b));
        let margin = c.margin.as_ref().map_or("–".into(), e);
        out.push_str(&format!("  {:<24}{bound:<31}{margin:<34}{}\n", c.id, text::verdict(c.outcome)));
    }
    let mut reasons: Vec<&String> = i.claims.iter().filter_map(|c| c.reason.as_ref()).collect();
    reasons.dedup();
    for reason in reasons {
        let ids: Vec<&str> =
            i.claims.iter().filter(|c| c.reason.as_ref() == Some(reason)).map(|c| c.id.as_str()).collect();
        let whose = if ids.len() == i.claims.len() { "all".into() } else { ids.join(", ") };
        out.push_str(&format!("note, {whose}: {reason}\n"));
    }
    out.extend(i.remarks.iter().map(|r| format!("note: {r}\n")));
    out
}
