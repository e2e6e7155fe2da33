//! The paper's Figures 1 to 4 as numbers to draw, from what the experiments came to.
//!
//! A learning rate has one colour in all of them; thresholds 2/eta are dashed in the colour of their rate, bounds
//! dotted in black. Where all runs of a rate at a scale diverged there is no point.

use super::beyond::{CONVERGED, Critical, Limit};
use super::shown::{Caption, DRAWS, Shown, Wanted};
use super::summary::{Band, Cell, cells, starts};
use super::sweep::{Ended, Experiment};
use super::{Family, Panel, Rate, Regression, Settings, Sweep};
use crate::arithmetic::decimal::number;
use crate::error::Result;
use crate::figure::{self, FigureData, Series, coloured, points, series};
use crate::problem::Problem;

/// A sharpness below this is drawn here: a logarithmic axis has an end.
const FLOOR: f64 = 1e-10;

/// At this distance a run has converged: what is left is rounding, and its size says nothing.
const HIT: f64 = 1e-15;

/// Of their own rates the authors show thresholds and sharpness of those below this.
const SHOWN: f64 = 0.09;

/// The paper's learning rates.
const PAPER: [f64; 5] = [0.005, 0.02, 0.07, 0.1, 0.2];

/// Number of black in the palette.
const BLACK: u8 = 6;

/// Records of a single run that are drawn: every fifth step, as in the paper, "for readability".
const SUBSAMPLED: u64 = 5;

/// The colour of a rate: the paper's five have theirs, others take what is left, in turn. Up to seven rates differ:
/// black is that of the bounds.
fn colour(sweep: &Sweep, eta: f64) -> u8 {
    let number = |eta: f64| PAPER.iter().position(|e| *e == eta).map(|i| i as u8);
    let rates = || sweep.rates.iter().map(|r| r.eta);
    let taken: Vec<u8> = rates().filter_map(number).collect();
    let free: Vec<u8> = [7, 5, 0, 1, 2, 3, 4].into_iter().filter(|c| !taken.contains(c)).collect();
    let place = rates().filter(|e| number(*e).is_none()).position(|e| e == eta).unwrap_or_default();
    number(eta).unwrap_or_else(|| free[place % free.len()])
}

/// A line with its band in the same colour; nothing where there are no points.
fn banded(label: &str, colour: u8, points: &[(f64, Band)], floor: f64) -> Vec<Series> {
    let points: Vec<&(f64, Band)> = points.iter().filter(|p| p.1.iter().all(|v| v.is_finite())).collect();
    if points.is_empty() {
        return Vec::new();
    }
    let of = |which: usize| points.iter().map(|(x, b)| (*x, b[which].max(floor))).collect();
    let band =
        Series { y_hi: Some(points.iter().map(|(_, b)| b[2].max(floor)).collect()), ..series("", "band", of(1)) };
    vec![coloured(band, colour), coloured(series(label, "line", of(0)), colour)]
}

/// In titles, and what the scale is.
fn words(family: Family) -> (&'static str, &'static str) {
    match family {
        Family::Gaussian => ("Gaussian initialisation", "standard deviation of the initial weights"),
        Family::Residual => ("residual initialisation", "scale s of the residual initialisation"),
    }
}

/// Results of one sweep.
#[derive(Clone, Copy, Debug)]
pub struct Swept<'a> {
    /// What was run.
    pub sweep: &'a Sweep,
    /// Its runs.
    pub ended: &'a [Ended],
    /// The same by rate and scale.
    pub cells: &'a [Cell],
    /// On these data.
    pub regression: &'a Regression,
    /// L.
    pub depth: usize,
    /// Of the bootstrap.
    pub seed: u64,
}

impl Swept<'_> {
    /// The points of a rate: scale and band, where there is one.
    fn of(&self, eta: f64, f: impl Fn(&Cell) -> Option<Band>) -> Vec<(f64, Band)> {
        let cells = self.cells.iter().filter(|c| c.rate.eta == eta);
        cells.filter_map(|c| f(c).map(|band| (c.scale, band))).collect()
    }
    /// A rate in a legend.
    fn eta(&self, eta: f64) -> String {
        format!("η = {}", number(eta))
    }
    /// What is drawn of a rate; an entry of the legend says so where nothing is, since every run diverged.
    fn banded(&self, eta: f64, what: &str, points: &[(f64, Band)], floor: f64) -> Vec<Series> {
        let (label, colour) = (format!("{what}{}", self.eta(eta)), colour(self.sweep, eta));
        let drawn = banded(&label, colour, points, floor);
        let nothing = || coloured(series(&format!("{label}: every run diverged"), "line", Vec::new()), colour);
        if drawn.is_empty() { vec![nothing()] } else { drawn }
    }
    /// A horizontal line from the least to the largest scale.
    fn level(&self, label: &str, style: &str, value: f64) -> Series {
        let ends =
            self.sweep.scales.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), s| (a.min(*s), b.max(*s)));
        series(label, style, vec![(ends.0, value), (ends.1, value)])
    }
    /// Figures 1a to 4 that show a sweep; `None` for the others, and where every run diverged and nothing is left to
    /// show.
    pub fn picture(&self, panel: Panel) -> Option<FigureData> {
        let figure = match panel {
            Panel::F1a | Panel::F3a => self.distance(panel),
            Panel::F1b | Panel::F3b => self.sharpness(panel),
            Panel::F2 | Panel::F4 => self.divergence(panel),
            _ => return None,
        };
        Some(figure).filter(|f| f.panels.iter().flat_map(|p| &p.series).any(|s| !s.x.is_empty()))
    }
    /// One panel against the scale; `y` is the ordinate's name and whether it is logarithmic.
    fn figure(&self, panel: Panel, title: &str, caption: String, y: (&str, bool), series: Vec<Series>) -> FigureData {
        let (name, abscissa) = words(self.sweep.family);
        let title = format!("Figure {}: {title}, {name}", panel.name());
        let panels = figure::Panel::new((abscissa, y.0), (false, y.1), series);
        panels.figure(format!("figure-{}", panel.name()), title, caption)
    }
    /// Figures 1a and 3a, in powers of ten; scales with a cell whose mean is at [`HIT`] or below are
    /// marked, each once.
    fn distance(&self, panel: Panel) -> FigureData {
        let rates = self.sweep.rates.iter();
        let mut lines: Vec<Series> = rates
            .flat_map(|r| {
                let points = self.of(r.eta, |c| c.distance.map(|b| b.map(|v| v.max(HIT).log10())));
                self.banded(r.eta, "", &points, f64::NEG_INFINITY)
            })
            .collect();
        let hit = |c: &&Cell| c.distance.is_some_and(|b| b[0] <= HIT);
        let mut converged: Vec<(f64, f64)> = self.cells.iter().filter(hit).map(|c| (c.scale, HIT.log10())).collect();
        converged.sort_by(|a, b| a.0.total_cmp(&b.0));
        converged.dedup();
        if !converged.is_empty() {
            lines.push(coloured(points("converged for some rate: 1e-15 or less", converged), BLACK));
        }
        let steps = self.sweep.rates.iter().map(|r| format!("{} at {}", r.steps, number(r.eta)));
        let steps = steps.collect::<Vec<_>>().join(", ");
        let ended = self.ended.iter().filter(|e| e.diverged.is_none());
        let (all, hits) = ended.fold((0, 0), |(n, k), e| (n + 1, k + usize::from(e.distance_squared <= HIT)));
        let caption = format!(
            "Mean of ‖w_prod − w*‖² after training, over the runs that did not diverge, and its 95 % bootstrap band \
             (1000 resamples, as seaborn draws it), in powers of ten. At most 1e-15 is rounding: it is drawn as 1e-15, \
             and such a cell is marked as converged; {hits} of the {all} runs are. Gradient steps by rate: {steps}. \
             The authors' program divides the distance by d. 2/S_min = {:.4}.",
            2.0 / self.regression.least_sharpness(self.depth)
        );
        self.figure(panel, "distance after training", caption, ("log₁₀ of ‖w_prod − w*‖²", false), lines)
    }
    /// Figures 1b and 3b. Of the paper's own rates those below [`SHOWN`] are drawn, of others all.
    fn sharpness(&self, panel: Panel) -> FigureData {
        let mut all = banded("at initialisation", BLACK, &starts(self.sweep, self.ended, self.seed), FLOOR);
        let rates = || self.sweep.rates.iter().map(|r| r.eta);
        let own = !rates().eq(PAPER);
        let shown: Vec<f64> = rates().filter(|e| own || *e < SHOWN).collect();
        for eta in &shown {
            let colour = colour(self.sweep, *eta);
            all.extend(self.banded(*eta, "trained, ", &self.of(*eta, |c| c.end), FLOOR));
            // 2/eta is beyond the doubles where eta is below 1.2e-308.
            if (2.0 / eta).is_finite() {
                all.push(coloured(self.level(&format!("2/η = {}", short(2.0 / eta)), "dashed", 2.0 / eta), colour));
            }
        }
        let lower = self.regression.least_sharpness(self.depth);
        let mut bounds = vec![(format!("S_min = {} (Theorem 1)", short(lower)), lower)];
        if self.sweep.family == Family::Gaussian {
            let upper = self.regression.upper_sharpness(self.depth);
            bounds.push((format!("4 κ S_min = {} (Corollary 3)", short(upper)), upper));
        }
        // Singular data have no lower bound to draw.
        let drawn = bounds.iter().filter(|b| b.1 > FLOOR && b.1.is_finite());
        all.extend(drawn.map(|(label, v)| coloured(self.level(label, "dotted", *v), BLACK)));
        let which = if own { "" } else { "; rates below 0.09, as in the paper" };
        let caption = format!(
            "Mean sharpness of the starts and after training (of the runs that did not diverge), with 95 % bootstrap \
             bands{which}. Dashed: 2/η, in the colour of its rate. Dotted: the bounds of the theory."
        );
        self.figure(panel, "sharpness", caption, ("sharpness", true), all)
    }
    /// Figures 2 and 4: shares, of every rate.
    fn divergence(&self, panel: Panel) -> FigureData {
        let line = |r: &Rate| {
            let points = self.of(r.eta, |c| Some([c.share(); 3])).into_iter().map(|p| (p.0, p.1[0])).collect();
            coloured(series(&self.eta(r.eta), "line", points), colour(self.sweep, r.eta))
        };
        let widest = self.cells.iter().map(|c| c.divergence[1] - c.divergence[0]).fold(0.0, f64::max);
        let caption = format!(
            "Share of the runs that diverged. The exact (Clopper-Pearson) 95 % intervals of the probabilities are up \
             to {widest:.2} wide."
        );
        let lines = self.sweep.rates.iter().map(line).collect();
        self.figure(panel, "divergence", caption, ("probability of divergence", false), lines)
    }
}

/// A number near one with three decimals, a very large one by its size.
pub fn plain(v: f64) -> String {
    if v.abs() < 1e4 { format!("{v:.3}") } else { format!("{v:.1e}") }
}

/// To four digits.
fn short(v: f64) -> String {
    number(format!("{v:.3e}").parse().unwrap_or(v))
}

/// What a single run does, and for what share of draws that is what the paper's caption says.
fn share(caption: Caption, shown: &Shown, drawn: bool) -> String {
    let (printed, says, claim) = match caption {
        Caption::Stays => ("does not enter", "stay at or below 2/η at every step", "no-edge"),
        Caption::Enters => {
            ("enters", "pass 2/η ten times or more within 400 steps while R − R_min falls to less than half", "edge")
        }
    };
    let what = if drawn { "of the data and the start" } else { "of the start" };
    let which = match (shown.fitting, shown.draw) {
        (0, _) => "the first is shown, which does not".to_string(),
        (_, 0) => "the first is shown".to_string(),
        (_, k) => format!("draw {k} is shown, the first that does (0 is that of the other figures)"),
    };
    format!(
        "The paper's caption: \"The network {printed} edge of stability.\" Of {DRAWS} draws {what}, {} {says} (of \
         hundreds: claim `{claim}`); {which}.",
        shown.fitting
    )
}

/// Figures 1c, 1d, 3c, 3d: distance on the left, sharpness and 2/eta on the right. `None` where the run has no records
/// that can be shown.
pub fn single(panel: Panel, scales: &[f64], shown_run: &Shown, drawn: bool) -> Option<FigureData> {
    let (run, located) = (&shown_run.run, shown_run.located?);
    let share = share(panel.caption()?, shown_run, drawn);
    let suffix = if scales.first() == Some(&run.scale) { String::new() } else { format!("-scale-{}", run.scale) };
    let shown = || run.records.iter().filter(|r| r.step % SUBSAMPLED == 0);
    let along = |f: &dyn Fn(&crate::descent::Record) -> f64| -> Vec<(f64, f64)> {
        shown().map(|r| (r.step as f64, f(r))).filter(|p| p.1.is_finite()).collect()
    };
    let (distance, sharpness) = (along(&|r| r.distance_squared.max(HIT)), along(&|r| r.sharpness));
    if distance.is_empty() || sharpness.is_empty() {
        return None;
    }
    let end = shown().next_back()?.step as f64;
    let clipped = if distance.iter().any(|p| p.1 <= HIT) {
        format!(" At most {HIT:e} is rounding: the run has converged, and is drawn there.")
    } else {
        String::new()
    };
    let right = |mut s: Series| {
        s.right = Some("sharpness".into());
        s
    };
    let level = 2.0 / run.rate;
    let how = match located.entered {
        None => "The sharpness stays below 2/η.".to_string(),
        Some(step) => format!(
            "The sharpness is above 2/η first at step {step}, at {} of {} steps; over the last quarter S η/2 has mean \
             {} and amplitude {}.",
            located.above,
            run.records.len(),
            plain(located.mean),
            plain(located.amplitude)
        ),
    };
    let diverged = run.diverged.map_or(String::new(), |step| format!(" It diverges at step {step}."));
    let curves = [
        Some(coloured(series("‖w_prod − w*‖² (left)", "line", distance), 0)),
        Some(coloured(right(series("sharpness (right)", "line", sharpness)), 1)),
        level.is_finite().then(|| {
            let label = format!("2/η = {} (right)", short(level));
            coloured(right(series(&label, "dashed", vec![(0.0, level), (end, level)])), BLACK)
        }),
    ];
    let axes = ("gradient steps", "‖w_prod − w*‖²");
    let panels = figure::Panel::new(axes, (false, true), curves.into_iter().flatten().collect());
    let (name, (family, _)) = (panel.name(), words(panel.family()));
    let title = format!("Figure {name}: η = {}, scale {}, {family}", number(run.rate), number(run.scale));
    let since = if located.entered.is_some() { "at that step" } else { "at the start" };
    let fall = format!("At the end R − R_min is {:.1e} of what it was {since}.", located.fall);
    let caption = format!("One run, every fifth step. {how} {fall}{diverged}{clipped} {share}");
    Some(panels.figure(format!("figure-{name}{suffix}"), title, caption))
}

/// Critical rates and final sharpness against depth (at the width of most) and against width (at the depth of most).
///
/// Two pictures for each: points of single draws and medians. `found` is in the order of [`super::beyond::critical`],
/// so that draws of one size are neighbours. A direction without a draw has no picture.
pub fn critical(found: &[Critical]) -> Vec<FigureData> {
    let mut out = Vec::new();
    for (axis, label, fixed) in [("depth", "L", "d = 5, n = 50"), ("width", "d", "L = 10, n = 10 d")] {
        let by_depth = axis == "depth";
        let at = |c: &&Critical| if by_depth { c.dimension == 5 } else { c.depth == 10 };
        let chosen: Vec<&Critical> = found.iter().filter(at).collect();
        let x = |c: &Critical| if by_depth { c.depth as f64 } else { c.dimension as f64 };
        let medians = |f: &dyn Fn(&Critical) -> f64| -> Vec<(f64, f64)> {
            let parts = chosen.chunk_by(|a, b| x(a) == x(b));
            parts.map(|p| (x(p[0]), median(p.iter().map(|c| f(c)).collect()))).collect()
        };
        let spread = |f: &dyn Fn(&Critical) -> f64| chosen.iter().map(|c| (x(c), f(c))).filter(|p| p.1 > 0.0).collect();
        if chosen.is_empty() {
            continue;
        }
        let base = |id: &str, title: String, caption: String, y: &str, series: Vec<Series>| {
            let panel = figure::Panel::new((label, y), (true, true), series);
            panel.figure(format!("beyond-{id}-{axis}"), title, caption)
        };
        out.push(base(
            "critical",
            format!("The critical rate against the {axis}, over 2/S*"),
            format!(
                "For each draw of the data the largest rate tried (steps of 0.05 of 2/S*) at and below which the run \
                 comes to norm(w_prod - w*)^2 <= {CONVERGED:e} within 4000 steps, over 2/S*; and the paper's rule over \
                 2/S*. Residual starts, s = 0.25, {fixed}."
            ),
            "rate / (2/S*)",
            vec![
                coloured(points("critical rate of a draw", spread(&|c| c.critical / c.flattest)), 0),
                coloured(points("2/S_min of a draw, the paper's rule", spread(&|c| c.printed / c.flattest)), 1),
                coloured(series("2/S_min, median", "dashed", medians(&|c| c.printed / c.flattest)), 1),
                coloured(series("2/(2 L q), median", "dotted", medians(&|c| c.quotient / c.flattest)), 2),
            ],
        ));
        let reached = [medians(&|c| c.sharpness[0]), medians(&|c| c.sharpness[1])];
        let two =
            |m: &Vec<(f64, f64)>| [m.first(), m.last()].map(|p| p.map_or("–".into(), |p| format!("{:.2}", p.1)));
        let ends: Vec<String> = reached.iter().flat_map(two).collect();
        out.push(base(
            "sharpness",
            format!("Sharpness after training against the {axis}"),
            format!(
                "At eta = 1/S*, half of the critical rate; residual starts, s = 0.25, {fixed}. The median of S/S_min \
                 goes from {} to {}, that of S/S* from {} to {}, from the first {label} to the last.",
                ends[0], ends[1], ends[2], ends[3]
            ),
            "ratio",
            vec![
                coloured(points("S / S_min", spread(&|c| c.sharpness[0])), BLACK),
                coloured(points("S / S*", spread(&|c| c.sharpness[1])), 2),
            ],
        ));
    }
    out
}

/// The upper one of two in the middle; NaN of nothing.
fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v.get(v.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Distance between gradient descent and the flow, against eta.
///
/// One colour for each pair of data and start, with the line of order 1 through its last point.
pub fn limits(found: &[(&str, Limit)]) -> FigureData {
    let mut all = Vec::new();
    for (k, (label, limit)) in found.iter().enumerate() {
        let order = limit.orders().last().copied().unwrap_or(f64::NAN);
        let label = format!("{label}, t = {}: last order {order:.3}", limit.time);
        all.push(coloured(points(&label, limit.distances.clone()), k as u8));
        if let (Some(first), Some(last)) = (limit.distances.first(), limit.distances.last()) {
            let line = vec![(first.0, last.1 * first.0 / last.0), *last];
            all.push(coloured(series("", "dotted", line), k as u8));
        }
    }
    figure::Panel::new(("η", "distance"), (true, true), all).figure(
        "beyond-flow",
        "Gradient descent against the gradient flow",
        "‖W_{t/η} − W(t)‖, all weights together, from the same start; the flow by Dormand and Prince with tolerance \
         1e-12. Dotted: order 1.",
    )
}

/// The paper's figures on the data of this seed, with few repetitions: those of the report.
///
/// # Errors
/// Only if a setting of this file is refused.
pub(crate) fn all(seed: u64) -> Result<Vec<FigureData>> {
    const REPETITIONS: u64 = 20;
    let problem = &Problem::appendix_c(50, 5, seed)?;
    let regression = &Regression::of(problem)?;
    let settings = Settings::paper(seed);
    let (seed, depth, steps) = (settings.seed, settings.depth, settings.trajectory);
    let mut out = Vec::new();
    for whole in [settings.gaussian, settings.residual] {
        let rates = whole.rates.iter().map(|r| Rate { repetitions: r.repetitions.min(REPETITIONS), ..*r }).collect();
        let sweep = &Sweep { rates, ..whole };
        let runs = Experiment { sweep, regression, depth, seed }.run(Vec::new(), &(), &mut |_| Ok(()))?;
        let ended: Vec<Ended> = runs.into_iter().flatten().collect();
        let cells = cells(sweep, &ended, seed)?;
        let swept = Swept { sweep, ended: &ended, cells: &cells, regression, depth, seed };
        let (family, drawn) = (sweep.family, true);
        let panels = || Panel::PAPER.into_iter().filter(|p| p.family() == family);
        out.extend(panels().filter_map(|p| swept.picture(p)));
        for panel in panels() {
            if let (Some(rate), Some(&scale), Some(caption)) = (panel.rate(), panel.scales().first(), panel.caption()) {
                let wanted = Wanted { problem, regression, drawn, family, depth, rate, scale, steps, seed, caption };
                out.extend(wanted.shown(&())?.and_then(|shown| single(panel, panel.scales(), &shown, drawn)));
            }
        }
    }
    Ok(out)
}
