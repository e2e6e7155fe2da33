//! Figures as SVG, drawn by `kuva` from the numbers in the evidence and from nothing else.
//!
//! A figure of one panel has the names of its curves beside it, each at the height at which its curve ends; one of
//! several panels has them once, in rows below. A setting has one colour: its band, its curve and its bound. Every
//! picture says in words what it shows ([`alternative`]), as `title` and `desc` inside the SVG.
//!
//! The drawing is a function of [`FigureData`] alone: no date, no counter of the process. What kuva does not draw
//! (names at the ends of curves, signs in rows) is added to the scene that it returns, at places that its layout
//! computes.
//!
//! What cannot be shown is left out of the picture and never of the JSON: points that are not finite, and on a
//! logarithmic axis those below [`LOWEST_LOG`]. A series of which nothing can be shown is an error, unless it is
//! empty under a name, or a level beyond the axes: those are named and not drawn.

use crate::arithmetic::decimal;
use crate::error::{Error, Result};
use crate::harness::evidence::{FigureData, Panel, Series};
use kuva::backend::svg::SvgBackend;
use kuva::plot::{BandPlot, ColorMap, Heatmap, LinePlot, ScatterPlot};
use kuva::render::color::Color;
use kuva::render::figure::Figure;
use kuva::render::layout::{ComputedLayout, Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::{Primitive, Scene, TextAnchor, render_multiple, render_twin_y};
use std::sync::Arc;

/// Okabe and Ito's palette, wine in place of its yellow (told apart by colour-blind readers, dark enough on white).
const COLOURS: [&str; 8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#444444", "#882255"];

/// Of what has a colour of its own in each panel.
const NEUTRAL: &str = "#444444";

/// Kinds of cells of a map, from what is as stated to what is furthest from it.
const CELLS: [&str; 4] = ["#0072B2", "#D0D0D0", "#E69F00", "#882255"];

/// Width and height of the axes of a single panel with their labels, in pixels.
const SIZE: (f64, f64) = (640.0, 400.0);

/// The column of names on its right: width, characters in a line, height of a line, and size of the letters.
const COLUMN: (f64, usize, f64, u32) = (210.0, 26, 15.0, 12);

/// Width and height of one of several panels, and how many there are in a row.
const CELL: (f64, f64, usize) = (340.0, 300.0, 3);

/// Labels on the axis of a single panel: more of them touch each other.
const LABELS: i32 = 12;

/// How much of what is behind it a band hides.
const OPACITY: f64 = 0.25;

/// kuva starts a logarithmic axis no lower than this; what lies below is left out of the picture (never out of the
/// JSON).
pub const LOWEST_LOG: f64 = 1e-10;

/// Path of the figure inside the report's folder, with forward slashes as in a link.
pub fn file_name(figure: &FigureData) -> String {
    let stem: String = figure.id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    format!("figures/{stem}.svg")
}

/// The figure in words, for who cannot see it: its axes, and from where to where each curve goes.
pub fn alternative(figure: &FigureData) -> String {
    let mut out = format!("{}.", figure.title);
    for panel in &figure.panels {
        let axis = |label: &str, log: bool| format!("{label}{}", if log { " (logarithmic)" } else { "" });
        let name = if panel.title.is_empty() { String::new() } else { format!("{}: ", panel.title) };
        let (x, y) = (axis(&panel.x_label, panel.x_log), axis(&panel.y_label, panel.y_log));
        out.push_str(&format!(" {name}{y} against {x}."));
        for s in panel.series.iter().filter(|s| !s.label.is_empty()) {
            out.push_str(&format!(" {}.", told(s)));
        }
    }
    out
}

/// A series in words.
fn told(s: &Series) -> String {
    let n = |v: f64| decimal::number(super::rounding::nearest(v));
    match (s.style.as_str(), s.x.as_slice(), s.y.as_slice()) {
        (_, [], _) => format!("{}: nothing to show", s.label),
        ("cells", x, _) => format!("{}: {} cells", s.label, x.len()),
        ("points", x, y) => {
            let ends = |v: &[f64]| {
                let of = |f: fn(f64, f64) -> f64| v.iter().copied().reduce(f).unwrap_or(f64::NAN);
                format!("{} to {}", n(of(f64::min)), n(of(f64::max)))
            };
            format!("{}: {} points, abscissas {}, ordinates {}", s.label, x.len(), ends(x), ends(y))
        }
        (_, [.., last], [first, ..]) if s.y.iter().all(|y| y == first) => {
            format!("{}: {} up to {}", s.label, n(*first), n(*last))
        }
        (_, [begin, .., last], [first, .., end]) => {
            format!("{}: from {} at {} to {} at {}", s.label, n(*first), n(*begin), n(*end), n(*last))
        }
        _ => format!("{}: one point", s.label),
    }
}

/// Draws one figure.
///
/// # Errors
/// A series of unequal lengths or of which nothing can be shown, an unknown style, a figure without a panel, a panel
/// without a series on the left, a map with a cell of no kind, a second ordinate in one of several panels: all are
/// bugs of the claim that made it.
pub fn svg(figure: &FigureData) -> Result<String> {
    let bug = |what: String| Error::internal(format!("figure {}: {what}", figure.id));
    let scene = match figure.panels.as_slice() {
        [] => return Err(bug("no panel".into())),
        [panel] => single(&figure.title, panel).map_err(bug)?,
        panels => several(&figure.title, panels).map_err(bug)?,
    };
    Ok(described(figure, &renumbered(&SvgBackend.render_scene(&scene))))
}

/// With its title and its description in words, which programs that read aloud look for.
fn described(figure: &FigureData, svg: &str) -> String {
    let escaped = |s: &str| s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (open, rest) = svg.split_once('>').unwrap_or((svg, ""));
    let title = escaped(&figure.title);
    let text = escaped(&format!("{} {}", figure.caption, alternative(figure)));
    format!("{open} role=\"img\"><title>{title}</title><desc>{text}</desc>{rest}")
}

/// What a panel is drawn from.
struct Drawn {
    /// On the ordinate that every panel has.
    left: Vec<Plot>,
    /// On a second ordinate.
    right: Vec<Plot>,
    /// Axes, ticks and labels, without a size.
    layout: Layout,
    /// In the order of the series.
    names: Vec<Name>,
}

/// The name of a series.
struct Name {
    /// As the evidence has it; [`wrapped`] breaks it into lines.
    label: String,
    /// As `#rrggbb`.
    colour: String,
    /// Of the series: it decides the sign before the name.
    style: String,
    /// The height at which its curve ends, and whether that is on the second ordinate; `None`: nowhere.
    at: Option<(f64, bool)>,
}

impl Drawn {
    /// Of a panel with room for so many labels below it.
    ///
    /// A series without a colour of its own has that of its place. The ends of the axes are set by [`ranges`] and not
    /// left to kuva. The legend is switched off: names stand at the curves or below.
    ///
    /// # Errors
    /// In words, for [`svg`] to name the figure: no series on the left ordinate, and what [`plot`] and [`cells`]
    /// refuse.
    fn new(panel: &Panel, labels: i32) -> std::result::Result<Self, String> {
        if panel.series.iter().any(|s| s.style == "cells") {
            return cells(panel);
        }
        let (mut left, mut right, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (k, series) in panel.series.iter().enumerate() {
            let colour = COLOURS[series.colour.map_or(k, usize::from) % COLOURS.len()];
            // A name without points says that there are none; a threshold may lie beyond every axis.
            let absent = (series.x.is_empty() && !series.label.is_empty()) || is_beyond(series, panel);
            if !series.label.is_empty() {
                let shown = |v: &&f64| v.is_finite() && !absent;
                let at = series.y.iter().rev().find(shown).map(|y| (*y, series.right.is_some()));
                let (label, style) = (series.label.clone(), series.style.clone());
                names.push(Name { label, colour: colour.into(), style, at });
            }
            if absent {
                continue;
            }
            let side = if series.right.is_some() { &mut right } else { &mut left };
            side.push(plot(series, panel, colour).map_err(|what| format!("series {:?}: {what}", series.label))?);
        }
        if left.is_empty() {
            return Err("no series on the left".into());
        }
        let mut layout = Layout::auto_from_plots(&left);
        if panel.x_log {
            let all = panel.series.iter().flat_map(|s| &s.x);
            layout = layout.with_log_x().with_x_tick_format(powers_of_ten(decades(all), labels));
        } else if let Some(step) = whole(panel) {
            layout = layout.with_x_tick_step(step);
        }
        if panel.y_log {
            let on_left = panel.series.iter().filter(|s| s.right.is_none());
            let ordinates = on_left.flat_map(|s| s.y.iter().chain(s.y_hi.iter().flatten()));
            layout = layout.with_log_y().with_y_tick_format(powers_of_ten(decades(ordinates), LABELS));
        }
        if let Some(name) = panel.series.iter().find_map(|s| s.right.as_ref()) {
            layout = layout.with_y2_auto(&right).with_y2_label(label(name));
        }
        layout.show_legend = false;
        let [x, y] = ranges(panel);
        let layout = layout.with_x_axis_min(x.0).with_x_axis_max(x.1).with_y_axis_min(y.0).with_y_axis_max(y.1);
        let layout = layout.with_x_label(label(&panel.x_label)).with_y_label(label(&panel.y_label));
        Ok(Self { left, right, layout, names })
    }
}

/// Distance of the ticks of an axis of whole numbers, such as depths; `None` for others.
///
/// An axis is of whole numbers if every abscissa is and they span between 1 and 50: the ticks are then 1, 2 or 5
/// apart, at most ten intervals of them.
fn whole(panel: &Panel) -> Option<f64> {
    // More labels than this are more than a reader needs.
    const TICKS: f64 = 10.0;
    let all = || panel.series.iter().flat_map(|s| &s.x);
    let (lo, hi) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    let short = all().all(|v| v.fract() == 0.0) && (1.0..=50.0).contains(&(hi - lo));
    short.then(|| [1.0, 2.0, 5.0].into_iter().find(|step| (hi - lo) / step <= TICKS)).flatten()
}

/// What the axes show: all that is drawn on the left ordinate, and a little more on either side: neither a point nor a
/// level lies on the frame.
///
/// Abscissas of all series, ordinates of those on the left, upper ends of bands included. The margin is 3 % of the
/// span, in the logarithm on a logarithmic axis. Where all values are equal the span is one unit, or one decade.
/// Values that are not shown do not count.
fn ranges(panel: &Panel) -> [(f64, f64); 2] {
    /// Share of the span on either side.
    const MARGIN: f64 = 0.03;
    /// No end of an axis lies beyond it: sums of ends stay finite.
    const HIGHEST: f64 = 1e307;
    let range = |values: &mut dyn Iterator<Item = f64>, log: bool| {
        let shown = values.filter(|v| v.is_finite() && (!log || *v >= LOWEST_LOG));
        let shown = shown.map(|v| if log { v.log10() } else { v });
        let (lo, hi) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
        let (lo, hi) = if lo < hi { (lo, hi) } else { (lo - 0.5, hi + 0.5) };
        let more = MARGIN * (hi - lo);
        // A margin does not lead out of the doubles.
        let raised = |v: f64| if log { 10_f64.powf(v).clamp(LOWEST_LOG, HIGHEST) } else { v.clamp(-HIGHEST, HIGHEST) };
        (raised(lo - more), raised(hi + more))
    };
    let all = || panel.series.iter();
    let left = || panel.series.iter().filter(|s| s.right.is_none());
    [
        range(&mut all().flat_map(|s| s.x.iter().copied()), panel.x_log),
        range(&mut left().flat_map(|s| s.y.iter().chain(s.y_hi.iter().flatten()).copied()), panel.y_log),
    ]
}

/// One panel, and the names of its curves in a column on the right.
///
/// Width is that of the axes and of the column of names. The height grows with the lines of names, so that they find
/// room one below the other. Each name stands at the height of its curve's last finite ordinate, on the scale of the
/// ordinate that it belongs to; a name without one stands at the lower end.
///
/// # Errors
/// As [`Drawn::new`].
fn single(title: &str, panel: &Panel) -> std::result::Result<Scene, String> {
    let Drawn { left, right, layout, names } = Drawn::new(panel, LABELS)?;
    let (width, _, line, _) = COLUMN;
    let named: Vec<(Name, Vec<String>)> =
        names.into_iter().map(|n| (wrapped(&n.label), n)).map(|(l, n)| (n, l)).collect();
    let lines: usize = named.iter().map(|(_, l)| l.len()).sum();
    // Room for all names, one below the other.
    let height = SIZE.1.max(lines as f64 * line + named.len() as f64 * GAP + 110.0);
    let layout = layout.with_title(label(title)).with_width(SIZE.0 + width).with_height(height);
    let free = ComputedLayout::from_layout(&layout);
    let layout = layout.with_force_margins(free.margin_left, free.margin_right + width);
    let computed = ComputedLayout::from_layout(&layout);
    let begin = SIZE.0 - free.margin_right + if right.is_empty() { 12.0 } else { free.margin_right };
    let (top, bottom) = (computed.margin_top, height - computed.margin_bottom);
    let mut scene = if right.is_empty() { render_multiple(left, layout) } else { render_twin_y(left, right, layout) };
    let place = |n: &Name| match n.at {
        Some((y, true)) => computed.map_y2(y),
        Some((y, false)) => computed.map_y(y),
        None => bottom,
    };
    let mut placed: Vec<(f64, Name, Vec<String>)> =
        named.into_iter().map(|(n, l)| (place(&n).clamp(top, bottom), n, l)).collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sizes: Vec<f64> = placed.iter().map(|p| p.2.len() as f64 * line).collect();
    let wanted: Vec<f64> = placed.iter().map(|p| p.0).collect();
    for (y, (_, name, lines)) in apart(&wanted, &sizes, top, bottom).into_iter().zip(&placed) {
        swatch(&mut scene, name, begin, y + 0.5 * line);
        for (k, part) in lines.iter().enumerate() {
            scene.add(text(part, begin + 24.0, y + (k as f64 + 0.75) * line));
        }
    }
    Ok(scene)
}

/// Space between two names.
const GAP: f64 = 5.0;

/// Upper ends of boxes of these heights, each as near as the others let it be to the place it wants, which is that of
/// its first line; from top to bottom in this order.
///
/// Two passes: from top to bottom each box is pushed below the one before it, then from bottom to top each is pushed
/// up to where the one after it begins. The result keeps the order and the gaps; what does not fit between `top` and
/// `bottom` goes beyond the top. `wanted` is ascending. All in pixels, downwards.
fn apart(wanted: &[f64], sizes: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let half = 0.5 * COLUMN.2;
    let mut at: Vec<f64> = wanted.iter().map(|w| (w - half).max(top - half)).collect();
    for i in 1..at.len() {
        at[i] = at[i].max(at[i - 1] + sizes[i - 1] + GAP);
    }
    // Back up from the lower end, where they went beyond it.
    let mut end = bottom + half;
    for i in (0..at.len()).rev() {
        at[i] = at[i].min(end - sizes[i]);
        end = at[i] - GAP;
    }
    at
}

/// The sign of a series before its name.
fn swatch(scene: &mut Scene, name: &Name, x: f64, y: f64) {
    let colour = Color::from(name.colour.as_str());
    match name.style.as_str() {
        "points" => scene.add(Primitive::Circle {
            cx: x + 9.0,
            cy: y,
            r: 3.5,
            fill: colour,
            fill_opacity: None,
            stroke: None,
            stroke_width: None,
        }),
        "band" | "cells" => scene.add(Primitive::Rect {
            x,
            y: y - 5.0,
            width: 18.0,
            height: 10.0,
            fill: colour,
            stroke: None,
            stroke_width: None,
            opacity: (name.style == "band").then_some(OPACITY),
        }),
        style => scene.add(Primitive::Line {
            x1: x,
            y1: y,
            x2: x + 18.0,
            y2: y,
            stroke: colour,
            stroke_width: 2.0,
            stroke_dasharray: dashes(style),
        }),
    }
}

/// The pattern of SVG's `stroke-dasharray` for a style; `None` for a solid line.
fn dashes(style: &str) -> Option<String> {
    match style {
        "dashed" => Some("4,3".into()),
        "dotted" => Some("1,3".into()),
        _ => None,
    }
}

/// A name in lines.
fn wrapped(label: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in label.split(' ') {
        match out.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMN.1 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => out.push(word.to_string()),
        }
    }
    out
}

/// Several panels, and the names of all curves once, below.
///
/// Four panels stand in two rows of two, others in rows of up to three. A name that occurs in several panels is
/// listed once, in a neutral grey if its colours differ.
///
/// # Errors
/// As [`Drawn::new`]; a second ordinate, for which the cells have no room.
fn several(title: &str, panels: &[Panel]) -> std::result::Result<Scene, String> {
    let columns = if panels.len() == 4 { 2 } else { panels.len().min(CELL.2) };
    let rows = panels.len().div_ceil(columns);
    let (mut plots, mut layouts, mut names) = (Vec::new(), Vec::new(), Vec::<Name>::new());
    for panel in panels {
        let drawn = Drawn::new(panel, LABELS / 2)?;
        if !drawn.right.is_empty() {
            return Err("a second ordinate in one of several panels".into());
        }
        for name in drawn.names {
            match names.iter_mut().find(|n| n.label == name.label) {
                // A colour for each panel: of the sign alone, none of them.
                Some(known) if known.colour != name.colour => known.colour = NEUTRAL.into(),
                Some(_) => {}
                None => names.push(name),
            }
        }
        plots.push(drawn.left);
        layouts.push(drawn.layout.with_title(label(&panel.title)).with_title_size(13).with_legend_box(false));
    }
    let figure = Figure::new(rows, columns).with_plots(plots).with_layouts(layouts).with_cell_size(CELL.0, CELL.1);
    let mut scene = figure.with_title(label(title)).with_title_size(16).render();
    below(&mut scene, &names);
    Ok(scene)
}

/// The names in rows below a picture.
///
/// The scene grows by the rows that it needs. The width of a name is estimated from its number of letters.
fn below(scene: &mut Scene, names: &[Name]) {
    let (_, _, line, size) = COLUMN;
    // The mean width of a letter, and what the sign and the space after a name take.
    let (letter, around) = (0.58 * f64::from(size), 46.0);
    let (mut x, mut y) = (line, scene.height + 0.5 * line);
    for name in names {
        let width = name.label.chars().count() as f64 * letter + around;
        if x > line && x + width > scene.width {
            (x, y) = (line, y + 1.3 * line);
        }
        swatch(scene, name, x, y);
        scene.add(text(&name.label, x + 24.0, y + 0.3 * line));
        x += width;
    }
    scene.height = y + line;
}

/// The name of a series.
fn text(content: &str, x: f64, y: f64) -> Primitive {
    Primitive::Text {
        x,
        y,
        content: label(content),
        size: COLUMN.3,
        anchor: TextAnchor::Start,
        rotate: None,
        bold: false,
        color: Some(Color::from("#222222")),
    }
}

/// A map: each series is a kind of cell, its points the cells of that kind; rows and columns are the ordinates and
/// abscissas that occur.
///
/// Kinds are coloured by their place in the list of series (`CELLS`), and named whether they occur or not. If two
/// series name one cell, the later one is drawn. Axes are categories: rows and columns stand side by side whatever
/// their distance.
///
/// # Errors
/// No cell at all, a series of another style, one whose lists differ in length, or a pair of a row and a column
/// without a cell.
fn cells(panel: &Panel) -> std::result::Result<Drawn, String> {
    let axis = |values: &mut dyn Iterator<Item = f64>| {
        let mut out: Vec<f64> = values.collect();
        out.sort_by(f64::total_cmp);
        out.dedup();
        out
    };
    let columns = axis(&mut panel.series.iter().flat_map(|s| s.x.iter().copied()));
    let rows = axis(&mut panel.series.iter().flat_map(|s| s.y.iter().copied()));
    let kinds = panel.series.len();
    if columns.is_empty() || panel.series.iter().any(|s| s.style != "cells" || s.x.len() != s.y.len()) {
        return Err("a map has cells only, each with a row and a column".into());
    }
    // kuva spreads the values that occur over its scale: the kinds that occur are numbered without gaps.
    let shown: Vec<usize> = (0..kinds).filter(|k| !panel.series[*k].x.is_empty()).collect();
    let mut grid = vec![vec![f64::NAN; columns.len()]; rows.len()];
    for (kind, at) in shown.iter().enumerate() {
        let series = &panel.series[*at];
        for (x, y) in series.x.iter().zip(&series.y) {
            let place = |axis: &[f64], v: f64| axis.iter().position(|w| *w == v);
            if let (Some(i), Some(j)) = (place(&rows, *y), place(&columns, *x)) {
                grid[i][j] = kind as f64;
            }
        }
    }
    if grid.iter().flatten().any(|v| v.is_nan()) {
        return Err("a map with a cell of no kind".into());
    }
    let scale = (shown.len() - 1).max(1) as f64;
    let colours: Vec<&str> = shown.iter().map(|k| CELLS[k % CELLS.len()]).collect();
    let map = Arc::new(move |v: f64| colours[((v * scale).round() as usize).min(colours.len() - 1)].to_string());
    let names = panel.series.iter().take(kinds).enumerate().map(|(k, s)| Name {
        label: s.label.clone(),
        colour: CELLS[k % CELLS.len()].into(),
        style: "cells".into(),
        at: None,
    });
    let text = |axis: &[f64]| axis.iter().map(|v| decimal::number(*v)).collect::<Vec<_>>();
    let left = vec![Plot::Heatmap(Heatmap::new().with_data(grid).with_color_map(ColorMap::Custom(map)))];
    let mut layout = Layout::auto_from_plots(&left)
        .with_x_label(label(&panel.x_label))
        .with_y_label(label(&panel.y_label))
        .with_x_categories(text(&columns))
        .with_y_categories(text(&rows));
    // The kinds have names; a scale of their numbers says nothing.
    (layout.show_colorbar, layout.show_legend) = (false, false);
    Ok(Drawn { left, right: Vec::new(), layout, names: names.collect() })
}

/// kuva numbers its clip paths through the whole process; here from 0 in each file, so that the same figure is the same
/// bytes.
fn renumbered(svg: &str) -> String {
    /// What kuva's names of clip paths begin with.
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

/// Powers of ten between the smallest and the largest value that a logarithmic axis shows.
fn decades<'a>(values: impl Iterator<Item = &'a f64>) -> i32 {
    let shown = values.filter(|v| v.is_finite() && **v >= LOWEST_LOG).map(|v| v.log10());
    let (lo, hi) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    if lo <= hi { (hi - lo).ceil() as i32 } else { 0 }
}

/// Ticks of a logarithmic axis: small powers of ten in full, others raised, and on long axes only every second, third,
/// ...
///
/// `decades` over `labels`, plus one, is the step: at most about `labels` exponents are written, the others have
/// ticks without a label. What is no power of ten is written as a number.
fn powers_of_ten(decades: i32, labels: i32) -> TickFormat {
    /// Raised.
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let step = decades / labels + 1;
    TickFormat::Custom(Arc::new(move |v| {
        let text = format!("{v:e}");
        let Some(exponent) = text.strip_prefix("1e") else { return decimal::number(v) };
        match exponent.parse::<i32>() {
            Ok(e) if e % step != 0 => String::new(),
            Ok(0..=2) => decimal::number(v),
            _ => {
                let raised = |c: char| c.to_digit(10).map_or('⁻', |d| DIGITS[d as usize]);
                format!("10{}", exponent.chars().map(raised).collect::<String>())
            }
        }
    }))
}

/// A level (dashed or dotted) of which no point can be drawn on this figure's axes.
fn is_beyond(series: &Series, panel: &Panel) -> bool {
    let log = panel.y_log && series.right.is_none();
    let level = matches!(series.style.as_str(), "dashed" | "dotted") && !series.y.is_empty();
    level && series.y.iter().all(|&y| !y.is_finite() || (log && y < LOWEST_LOG))
}

/// A point is drawn if all its numbers can be shown on their axes. A curve whose points are all the same is drawn as
/// a point. A band lies between `y` and `y_hi`.
///
/// # Errors
/// Lists of different lengths, nothing that can be shown, a band without `y_hi`, an unknown style.
fn plot(series: &Series, panel: &Panel, colour: &str) -> std::result::Result<Plot, String> {
    if series.x.len() != series.y.len() || series.y_hi.as_ref().is_some_and(|h| h.len() != series.y.len()) {
        return Err("its lists have different lengths".into());
    }
    let shown = |v: f64, log: bool| v.is_finite() && (!log || v >= LOWEST_LOG);
    let y_log = panel.y_log && series.right.is_none();
    let visible = |i: usize| {
        shown(series.x[i], panel.x_log)
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
            Ok(Plot::Band(BandPlot::new(x, lo, hi).with_color(colour).with_opacity(OPACITY)))
        }
        ("band", None) => Err("a band needs y_hi".into()),
        (other, _) => Err(format!("unknown style {other:?}")),
    }
}
