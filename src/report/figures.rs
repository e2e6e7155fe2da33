//! Figures as SVG, drawn by `kuva` from the numbers in the evidence and from nothing else.

use crate::error::{Error, Result};
use crate::harness::evidence::{FigureData, Series};
use kuva::backend::svg::SvgBackend;
use kuva::plot::{BandPlot, ColorMap, Heatmap, LegendEntry, LegendPosition, LegendShape, LinePlot, ScatterPlot};
use kuva::render::layout::{Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::render_twin_y;
use std::sync::Arc;

// Okabe and Ito's palette, wine in place of its yellow (told apart by colour-blind readers, dark enough on white), each
// with the tint of a band of it on white.
const COLOURS: [(&str, &str); 8] = [
    ("#0072B2", "#BFDCEC"),
    ("#D55E00", "#F5D7BF"),
    ("#009E73", "#BFE7DC"),
    ("#CC79A7", "#F2DEE9"),
    ("#56B4E9", "#D5ECFA"),
    ("#E69F00", "#F9E7BF"),
    ("#444444", "#D0D0D0"),
    ("#882255", "#E1C8D5"),
];

// Kinds of cells of a map, from what is as stated to what is furthest from it.
const CELLS: [&str; 4] = ["#0072B2", "#D0D0D0", "#E69F00", "#882255"];

// Width and height of the axes with their labels, and height of one line of the legend below, in pixels.
const SIZE: (f64, f64, f64) = (720.0, 430.0, 22.0);

/// kuva starts a logarithmic axis no lower than this; what lies below is left out of the picture (never out of the
/// JSON).
pub const LOWEST_LOG: f64 = 1e-10;

/// Path of the figure inside the report's folder, with forward slashes as in a link.
pub fn file_name(figure: &FigureData) -> String {
    let stem: String = figure.id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    format!("figures/{stem}.svg")
}

/// Draws one figure.
///
/// # Errors
/// A series of unequal lengths, an unknown style, or a figure in which nothing can be shown: all are bugs of the claim
/// that made it.
pub fn svg(figure: &FigureData) -> Result<String> {
    if figure.series.iter().any(|s| s.style == "cells") {
        return cells(figure);
    }
    let bug = |what: String| Error::internal(format!("figure {}: {what}", figure.id));
    let (mut plots, mut right) = (Vec::new(), Vec::new());
    let mut legend = Vec::new();
    for (k, series) in figure.series.iter().enumerate() {
        let colour = COLOURS[series.colour.map_or(k, usize::from) % COLOURS.len()];
        // Without a name it goes with another series: the band around a line.
        if !series.label.is_empty() {
            legend.push(entry(series, colour));
        }
        // A name without points says in the legend that there are none; a threshold may lie beyond every axis.
        if (series.x.is_empty() && !series.label.is_empty()) || is_beyond(series, figure) {
            continue;
        }
        let side = if series.right.is_some() { &mut right } else { &mut plots };
        side.push(plot(series, figure, colour).map_err(|what| bug(format!("series {:?}: {what}", series.label)))?);
    }
    if plots.is_empty() {
        return Err(bug("no series on the left".into()));
    }
    let entries = legend.len();
    let mut layout = Layout::auto_from_plots(&plots)
        .with_title(label(&figure.title))
        .with_x_label(label(&figure.x_label))
        .with_y_label(label(&figure.y_label))
        .with_width(SIZE.0)
        .with_height(SIZE.1 + SIZE.2 * entries as f64)
        .with_legend_position(LegendPosition::OutsideBottomLeft)
        .with_legend_box(false)
        .with_legend_entries(legend);
    // Below a legend of its own choice of height kuva counts the last of more than ten entries out ("+2 more"): this is
    // the room that it keeps for them in the margin.
    if entries > 10 {
        let height = entries as f64 * 1.5 * f64::from(layout.body_size) + 30.0;
        layout = layout.with_legend_height(height);
    }
    if figure.x_log {
        layout =
            layout.with_log_x().with_x_tick_format(powers_of_ten(decades(figure.series.iter().flat_map(|s| &s.x))));
    }
    if figure.y_log {
        let left = figure.series.iter().filter(|s| s.right.is_none());
        let ordinates = left.flat_map(|s| s.y.iter().chain(s.y_hi.iter().flatten()));
        layout = layout.with_log_y().with_y_tick_format(powers_of_ten(decades(ordinates)));
    }
    let Some(name) = figure.series.iter().find_map(|s| s.right.as_ref()) else {
        return Ok(renumbered(&kuva::render_to_svg(plots, layout)));
    };
    layout = layout.with_y2_auto(&right).with_y2_label(label(name));
    Ok(renumbered(&SvgBackend.render_scene(&render_twin_y(plots, right, layout))))
}

/// A map: each series is a kind of cell, its points the cells of that kind; rows and columns are the ordinates and
/// abscissas that occur.
fn cells(figure: &FigureData) -> Result<String> {
    let bug = |what: &str| Error::internal(format!("figure {}: {what}", figure.id));
    let axis = |values: &mut dyn Iterator<Item = f64>| {
        let mut out: Vec<f64> = values.collect();
        out.sort_by(f64::total_cmp);
        out.dedup();
        out
    };
    let columns = axis(&mut figure.series.iter().flat_map(|s| s.x.iter().copied()));
    let rows = axis(&mut figure.series.iter().flat_map(|s| s.y.iter().copied()));
    let kinds = figure.series.len();
    if columns.is_empty() || figure.series.iter().any(|s| s.style != "cells" || s.x.len() != s.y.len()) {
        return Err(bug("a map has cells only, each with a row and a column"));
    }
    // kuva spreads the values that occur over its scale: the kinds that occur are numbered without gaps.
    let shown: Vec<usize> = (0..kinds).filter(|k| !figure.series[*k].x.is_empty()).collect();
    let mut grid = vec![vec![f64::NAN; columns.len()]; rows.len()];
    for (kind, at) in shown.iter().enumerate() {
        let series = &figure.series[*at];
        for (x, y) in series.x.iter().zip(&series.y) {
            let place = |axis: &[f64], v: f64| axis.iter().position(|w| *w == v);
            if let (Some(i), Some(j)) = (place(&rows, *y), place(&columns, *x)) {
                grid[i][j] = kind as f64;
            }
        }
    }
    if grid.iter().flatten().any(|v| v.is_nan()) {
        return Err(bug("a map with a cell of no kind"));
    }
    let scale = (shown.len() - 1).max(1) as f64;
    let colours: Vec<&str> = shown.iter().map(|k| CELLS[k % CELLS.len()]).collect();
    let map = Arc::new(move |v: f64| colours[((v * scale).round() as usize).min(colours.len() - 1)].to_string());
    let legend = figure.series.iter().enumerate().map(|(k, s)| LegendEntry {
        label: label(&s.label),
        color: CELLS[k % CELLS.len()].into(),
        shape: LegendShape::Rect,
        dasharray: None,
    });
    let text = |axis: &[f64]| axis.iter().map(|v| super::text::number(*v)).collect::<Vec<_>>();
    let plots = vec![Plot::Heatmap(Heatmap::new().with_data(grid).with_color_map(ColorMap::Custom(map)))];
    let mut layout = Layout::auto_from_plots(&plots)
        .with_title(label(&figure.title))
        .with_x_label(label(&figure.x_label))
        .with_y_label(label(&figure.y_label))
        .with_x_categories(text(&columns))
        .with_y_categories(text(&rows))
        .with_width(SIZE.0)
        .with_height(SIZE.1 + SIZE.2 * kinds as f64)
        .with_legend_position(LegendPosition::OutsideBottomLeft)
        .with_legend_box(false)
        .with_legend_entries(legend.collect());
    // The kinds have names, in the legend; a scale of their numbers says nothing.
    layout.show_colorbar = false;
    Ok(renumbered(&kuva::render_to_svg(plots, layout)))
}

/// kuva numbers its clip paths through the whole process; here from 0 in each file, so that the same figure is the same
/// bytes.
fn renumbered(svg: &str) -> String {
    const MARK: &str = "kuva-clip-";
    let mut seen: Vec<&str> = Vec::new();
    let mut parts = svg.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (id, rest) = part.split_at(digits);
        let at = seen.iter().position(|s| *s == id).unwrap_or_else(|| {
            seen.push(id);
            seen.len() - 1
        });
        out.push_str(&format!("{MARK}{at}{rest}"));
    }
    out
}

/// kuva reads a dollar sign as the start of a formula.
fn label(s: &str) -> String {
    s.replace('$', "\\$")
}

fn entry(series: &Series, (strong, tint): (&str, &str)) -> LegendEntry {
    let (colour, shape, dashes) = match series.style.as_str() {
        "band" => (tint, LegendShape::Rect, None),
        "points" => (strong, LegendShape::Circle, None),
        "dashed" => (strong, LegendShape::Line, Some("4,3".to_string())),
        "dotted" => (strong, LegendShape::Line, Some("1,3".to_string())),
        _ => (strong, LegendShape::Line, None),
    };
    LegendEntry { label: label(&series.label), color: colour.into(), shape, dasharray: dashes }
}

/// Powers of ten between the smallest and the largest value that a logarithmic axis shows.
fn decades<'a>(values: impl Iterator<Item = &'a f64>) -> i32 {
    let shown = values.filter(|v| v.is_finite() && **v >= LOWEST_LOG).map(|v| v.log10());
    let (lo, hi) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    if lo <= hi { (hi - lo).ceil() as i32 } else { 0 }
}

/// Ticks of a logarithmic axis: small powers of ten in full, others raised, and on long axes only every second, third,
/// ...
fn powers_of_ten(decades: i32) -> TickFormat {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    // More labels than this touch each other.
    const LABELS: i32 = 12;
    let step = decades / LABELS + 1;
    TickFormat::Custom(Arc::new(move |v| {
        let text = format!("{v:e}");
        let Some(exponent) = text.strip_prefix("1e") else { return super::text::number(v) };
        match exponent.parse::<i32>() {
            Ok(e) if e % step != 0 => String::new(),
            Ok(0..=2) => super::text::number(v),
            _ => {
                let raised = |c: char| c.to_digit(10).map_or('⁻', |d| DIGITS[d as usize]);
                format!("10{}", exponent.chars().map(raised).collect::<String>())
            }
        }
    }))
}

/// A level (dashed or dotted) of which no point can be drawn on this figure's axes.
fn is_beyond(series: &Series, figure: &FigureData) -> bool {
    let log = figure.y_log && series.right.is_none();
    let level = matches!(series.style.as_str(), "dashed" | "dotted") && !series.y.is_empty();
    level && series.y.iter().all(|&y| !y.is_finite() || (log && y < LOWEST_LOG))
}

fn plot(series: &Series, figure: &FigureData, (colour, _): (&str, &str)) -> std::result::Result<Plot, String> {
    if series.x.len() != series.y.len() || series.y_hi.as_ref().is_some_and(|h| h.len() != series.y.len()) {
        return Err("its lists have different lengths".into());
    }
    let shown = |v: f64, log: bool| v.is_finite() && (!log || v >= LOWEST_LOG);
    let y_log = figure.y_log && series.right.is_none();
    let visible = |i: usize| {
        shown(series.x[i], figure.x_log)
            && shown(series.y[i], y_log)
            && series.y_hi.as_ref().is_none_or(|h| shown(h[i], y_log))
    };
    let kept: Vec<usize> = (0..series.x.len()).filter(|&i| visible(i)).collect();
    if kept.is_empty() {
        return Err("nothing of it can be shown".into());
    }
    let points: Vec<(f64, f64)> = kept.iter().map(|&i| (series.x[i], series.y[i])).collect();
    let line = || LinePlot::new().with_data(points.clone()).with_color(colour);
    match (series.style.as_str(), &series.y_hi) {
        // A line of one point is none.
        ("line" | "dashed" | "dotted", _) if points.iter().all(|p| *p == points[0]) => {
            Ok(ScatterPlot::new().with_data(points).with_color(colour).with_size(4.0).into())
        }
        ("line", _) => Ok(line().with_stroke_width(2.0).into()),
        ("dashed", _) => Ok(line().with_stroke_width(1.5).with_dashed().into()),
        ("dotted", _) => Ok(line().with_stroke_width(1.5).with_dotted().into()),
        ("points", _) => Ok(ScatterPlot::new().with_data(points).with_color(colour).with_size(3.0).into()),
        ("band", Some(hi)) => {
            let (x, lo): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
            let hi: Vec<f64> = kept.iter().map(|&i| hi[i]).collect();
            Ok(Plot::Band(BandPlot::new(x, lo, hi).with_color(colour).with_opacity(0.25)))
        }
        ("band", None) => Err("a band needs y_hi".into()),
        (other, _) => Err(format!("unknown style {other:?}")),
    }
}
