//! Our half of the comparison of gradient flows (`compare.py` calls it), and the cost of one evaluation against the
//! number of parameters.
//!
//! `run FOLDER RTOL ATOL GAP REPETITIONS` integrates from `FOLDER/{x.npy, y.npy, net.npz}` and prints one JSON line.
//! `scaling FILE` times the vector field from a hundred to ten million parameters, prints a table and draws it as SVG.
//! Without arguments (as `cargo bench` does) it only says so.

use flatcert::flow::{Field, FlowOptions, Layout, integrate};
use flatcert::hessian::sharpness;
use flatcert::network::{Network, initialise};
use flatcert::problem::{LoadOptions, Problem};
use kuva::plot::ScatterPlot;
use kuva::render::layout::Layout as Page;
use kuva::render::plots::Plot;
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", folder, rtol, atol, gap, repetitions] => {
            let options = FlowOptions {
                rtol: rtol.parse()?,
                atol: atol.parse()?,
                gap: Some(gap.parse()?),
                ..FlowOptions::default()
            };
            run(Path::new(folder), &options, repetitions.parse()?)
        }
        ["scaling", file] => scaling(Path::new(file)),
        _ => {
            println!("usage: flow_side_by_side run FOLDER RTOL ATOL GAP REPETITIONS | scaling FILE.svg");
            Ok(())
        }
    }
}

fn run(folder: &Path, options: &FlowOptions, repetitions: usize) -> Outcome<()> {
    let problem = Problem::load(&folder.join("x.npy"), &folder.join("y.npy"), &LoadOptions::default())?;
    let start = Network::load(&folder.join("net.npz"), None)?;
    let mut seconds = Vec::with_capacity(repetitions);
    let go = || integrate(&problem, black_box(&start), options, &mut |_| ControlFlow::Continue(()));
    let trajectory = go()?;
    for _ in 0..repetitions {
        let clock = Instant::now();
        black_box(go()?);
        seconds.push(clock.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let found = sharpness(&problem, &trajectory.final_network, &Default::default())?;
    println!(
        "{}",
        serde_json::json!({
            "median": seconds[seconds.len() / 2], "least": seconds[0], "t": trajectory.time.high, "sharpness": found.value,
            "steps": trajectory.statistics.steps, "rejected": trajectory.statistics.rejected_error,
            "evaluations": trajectory.statistics.evaluations, "drift": trajectory.balance_drift,
        })
    );
    Ok(())
}

/// Square layers of width d and a last row, depth 10: p = 9 d^2 + d.
fn scaling(file: &Path) -> Outcome<()> {
    let depth = 10;
    let mut points = Vec::new();
    println!("| d | parameters | ns per evaluation | ns per parameter |\n|---|---|---|---|");
    for d in [3, 5, 10, 18, 33, 58, 105, 188, 333, 594, 1054] {
        let mut widths = vec![d; depth + 1];
        widths[depth] = 1;
        let scale = 1.0 / (d as f64).sqrt();
        let net = initialise::gaussian(&widths, DVector::from_element(1, 1.0), scale, 1)?;
        let field = Field::new(&DMatrix::identity(d, d), &DVector::from_element(d, scale), &net)?;
        let (parameters, mut space) = (Layout::flatten(&net), field.workspace());
        drop(net);
        let mut out = vec![0.0; parameters.len()];
        let repetitions = (20_000_000 / parameters.len()).clamp(3, 100_000);
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let clock = Instant::now();
            for _ in 0..repetitions {
                field.evaluate_fast(black_box(&parameters), &mut out, &mut space);
                black_box(&out);
            }
            best = best.min(clock.elapsed().as_secs_f64() / repetitions as f64);
        }
        let p = parameters.len() as f64;
        println!("| {d} | {p} | {:.0} | {:.3} |", best * 1e9, best * 1e9 / p);
        points.push((p.log10(), (best * 1e9).log10()));
    }
    let (last, before) = (points[points.len() - 1], points[points.len() - 5]);
    println!("slope over the last two decades: {:.3}", (last.1 - before.1) / (last.0 - before.0));
    let plots: Vec<Plot> = vec![ScatterPlot::new().with_data(points).with_color("steelblue").with_size(5.0).into()];
    let page = Page::auto_from_plots(&plots)
        .with_title("One evaluation of the gradient flow's field")
        .with_x_label("log10 of the number of parameters")
        .with_y_label("log10 of nanoseconds");
    std::fs::write(file, kuva::render_to_svg(plots, page))?;
    Ok(())
}
