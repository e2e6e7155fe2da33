//! What the figures are made from: settings, the runs that follow from them, and what is refused before anything
//! starts.
//!
//! [`Settings`] are the whole of what the files depend on besides the data. They are checked by
//! [`Settings::validate`] before a run starts, and the memory that they need is estimated beforehand
//! ([`Settings::bytes`]) and held against what is free ([`fits`]).

use super::Family;
use super::shown::{Caption, Wanted};
use crate::descent::{Data, Grid, Options, Outcome, Run, Start};
use crate::error::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A picture of the paper, or one beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize)]
pub enum Panel {
    /// Distance after training, Gaussian.
    F1a,
    /// Sharpness before and after, Gaussian.
    F1b,
    /// A run that stays below 2/eta, Gaussian.
    F1c,
    /// A run at the edge of stability, Gaussian.
    F1d,
    /// Probability of divergence, Gaussian.
    F2,
    /// As 1a, residual.
    F3a,
    /// As 1b, residual.
    F3b,
    /// As 1c, residual.
    F3c,
    /// As 1d, residual.
    F3d,
    /// As 2, residual.
    F4,
    /// Depth, width, the edge located, the flow as the limit of descent.
    Beyond,
}

impl Panel {
    /// The pictures of the paper, in its order.
    pub const PAPER: [Self; 10] =
        [Self::F1a, Self::F1b, Self::F1c, Self::F1d, Self::F2, Self::F3a, Self::F3b, Self::F3c, Self::F3d, Self::F4];

    /// Its number in the paper.
    pub fn name(self) -> &'static str {
        match self {
            Self::F1a => "1a",
            Self::F1b => "1b",
            Self::F1c => "1c",
            Self::F1d => "1d",
            Self::F2 => "2",
            Self::F3a => "3a",
            Self::F3b => "3b",
            Self::F3c => "3c",
            Self::F3d => "3d",
            Self::F4 => "4",
            Self::Beyond => "beyond",
        }
    }
    /// The panels that a name stands for: `1` and `3` are all of theirs.
    ///
    /// # Errors
    /// No such figure; the names that there are.
    pub fn parse(name: &str) -> Result<Vec<Self>> {
        let all = || Self::PAPER.into_iter().chain([Self::Beyond]);
        let exact: Vec<Self> = all().filter(|p| p.name() == name).collect();
        let part = |p: &Self| matches!(name, "1" | "3") && p.name().starts_with(name);
        let found = if exact.is_empty() { all().filter(part).collect() } else { exact };
        if found.is_empty() {
            let names: Vec<&str> = all().map(Self::name).collect();
            return Err(Error::usage(format!("no figure '{name}': there are {}", names.join(", "))));
        }
        Ok(found)
    }
    /// Which initialisation it shows.
    pub fn family(self) -> Family {
        match self {
            Self::F3a | Self::F3b | Self::F3c | Self::F3d | Self::F4 => Family::Residual,
            _ => Family::Gaussian,
        }
    }
    /// Drawn from the sweep over rates and scales.
    pub fn is_sweep(self) -> bool {
        matches!(self, Self::F1a | Self::F1b | Self::F2 | Self::F3a | Self::F3b | Self::F4)
    }
    /// What the paper's caption says of the run of a panel that shows one.
    pub fn caption(self) -> Option<Caption> {
        match self {
            Self::F1c | Self::F3c => Some(Caption::Stays),
            Self::F1d | Self::F3d => Some(Caption::Enters),
            _ => None,
        }
    }
    /// The learning rate, in the paper, of a panel that shows one run.
    pub fn rate(self) -> Option<f64> {
        match self {
            Self::F1c | Self::F3c => Some(0.02),
            Self::F1d | Self::F3d => Some(0.1),
            _ => None,
        }
    }
    /// The scales at which a panel shows one run: 0.3 and 0.35 (the text and the published runs), s = 0.5.
    pub fn scales(self) -> &'static [f64] {
        match self {
            Self::F1c | Self::F1d => &[0.3, 0.35],
            Self::F3c | Self::F3d => &[0.5],
            _ => &[],
        }
    }
}

/// A learning rate of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Rate {
    /// eta.
    pub eta: f64,
    /// Gradient steps.
    pub steps: u64,
    /// Independent starts at each scale.
    pub repetitions: u64,
}

/// All rates at all scales from one family of starts.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Sweep {
    /// The starts.
    pub family: Family,
    /// Scales of the initialisation.
    pub scales: Vec<f64>,
    /// Learning rates.
    pub rates: Vec<Rate>,
}

/// `count` numbers from `from` to `to`, evenly spaced, both ends exact.
pub fn linspace(from: f64, to: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|i| if i + 1 == count && i > 0 { to } else { from + (to - from) * i as f64 / last }).collect()
}

impl Sweep {
    /// The table of Appendix C (80 repetitions at eta = 0.2 are those of the authors' program).
    pub fn paper(family: Family) -> Self {
        let rate = |eta, steps, repetitions| Rate { eta, steps, repetitions };
        match family {
            Family::Gaussian => Self {
                family,
                scales: linspace(0.25, 0.6, 10),
                rates: vec![
                    rate(0.005, 40_000, 20),
                    rate(0.02, 10_000, 20),
                    rate(0.07, 4_000, 20),
                    rate(0.1, 4_000, 20),
                    rate(0.2, 2_000, 80),
                ],
            },
            Family::Residual => Self {
                family,
                scales: linspace(0.0, 1.7, 10),
                rates: [0.005, 0.02, 0.07, 0.1, 0.2].map(|eta| rate(eta, 4_000, 20)).to_vec(),
            },
        }
    }
    /// Number of runs.
    pub fn count(&self) -> u128 {
        let repetitions: u128 = self.rates.iter().map(|r| u128::from(r.repetitions)).sum();
        repetitions * self.scales.len() as u128
    }
    /// The runs: rate by rate, scale by scale, repetition by repetition.
    pub fn runs(&self) -> impl Iterator<Item = Planned> + '_ {
        let cells = self.rates.iter().flat_map(|r| self.scales.iter().map(move |s| (*r, *s)));
        let family = self.family;
        cells.flat_map(move |(rate, scale)| {
            (0..rate.repetitions).map(move |repetition| Planned { family, rate, scale, repetition })
        })
    }
}

/// One run of a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    /// Whose start.
    pub family: Family,
    /// Learning rate and steps.
    pub rate: Rate,
    /// Scale of the start.
    pub scale: f64,
    /// Number of the start.
    pub repetition: u64,
}

impl Planned {
    /// The seed of its start, which depends on family, rate, scale and repetition, and not on what else is run.
    pub fn seed(&self, seed: u64) -> u64 {
        let key = format!("figures/{}/eta={}/scale={}", self.family.name(), self.rate.eta, self.scale);
        super::start_seed(seed, &key, self.repetition)
    }
}

/// Everything that the files depend on, but the data.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Settings {
    /// Of the data, where they are drawn, and of every start.
    pub seed: u64,
    /// L.
    pub depth: usize,
    /// Figures 1 and 2.
    pub gaussian: Sweep,
    /// Figures 3 and 4.
    pub residual: Sweep,
    /// Steps of Figures 1c, 1d, 3c, 3d.
    pub trajectory: u64,
    /// Which figures, in order.
    pub panels: Vec<Panel>,
    /// The rates are the caller's own, and the single runs are at the smallest (c) and the largest (d) of them.
    pub own_rates: bool,
    /// The scales of these families are the caller's own, and the single runs are at all of them.
    pub own_scales: Vec<Family>,
}

/// Bytes of a run besides its outcome: plan, result, line of a file.
const BYTES_OF_RUN: u128 = 400;

/// What a step of a single run becomes: its record, a row of its table, and points of its picture (measured: 320).
const BYTES_OF_STEP: u128 = 400;

impl Settings {
    /// The paper's, for all its figures.
    pub fn paper(seed: u64) -> Self {
        Self {
            seed,
            depth: 10,
            gaussian: Sweep::paper(Family::Gaussian),
            residual: Sweep::paper(Family::Residual),
            trajectory: 400,
            panels: Panel::PAPER.to_vec(),
            own_rates: false,
            own_scales: Vec::new(),
        }
    }
    /// The sweeps that some panel needs.
    pub fn sweeps(&self) -> Vec<&Sweep> {
        [&self.gaussian, &self.residual].into_iter().filter(|s| self.needs(s.family)).collect()
    }
    /// Rate and scales of the single runs of a panel that shows such runs.
    pub fn single(&self, panel: Panel) -> Option<(f64, Vec<f64>)> {
        let sweep = if panel.family() == Family::Gaussian { &self.gaussian } else { &self.residual };
        let rates = || sweep.rates.iter().map(|r| r.eta);
        let own = match panel.caption()? {
            Caption::Stays => rates().reduce(f64::min),
            Caption::Enters => rates().reduce(f64::max),
        };
        let rate = panel.rate().filter(|_| !self.own_rates).or(own)?;
        let own_scales = self.own_scales.contains(&sweep.family);
        Some((rate, if own_scales { sweep.scales.clone() } else { panel.scales().to_vec() }))
    }
    /// Whether a panel that shows a sweep of this family is asked for.
    fn needs(&self, family: Family) -> bool {
        self.panels.iter().any(|p| p.is_sweep() && p.family() == family)
    }
    /// Refuses what makes no sense, before anything starts.
    ///
    /// # Errors
    /// No figure; no depth; no rates or scales; a rate that is not positive; a scale that is negative, or zero where it
    /// is a standard deviation; no steps; no repetitions.
    pub fn validate(&self) -> Result<()> {
        let refuse = |what: String| Err(Error::usage(what));
        if self.panels.is_empty() {
            return refuse("no figure is asked for".into());
        }
        if self.depth == 0 {
            return refuse("--depth 0: a network has at least one layer".into());
        }
        if self.trajectory == 0 {
            return refuse("--trajectory-steps 0: at least one step is needed".into());
        }
        for sweep in [&self.gaussian, &self.residual] {
            let least = if sweep.family == Family::Gaussian { "positive" } else { "at least 0" };
            let option = if sweep.family == Family::Gaussian { "--scales" } else { "--residual-scales" };
            if sweep.scales.is_empty() || sweep.rates.is_empty() {
                return refuse(format!("{option}, --rates: at least one of each is needed"));
            }
            // The residual scale 0 is the identity; the Gaussian scale 0 is the saddle, which is never left.
            let allowed = |s: &f64| s.is_finite() && (*s > 0.0 || (*s == 0.0 && sweep.family == Family::Residual));
            if let Some(s) = sweep.scales.iter().find(|s| !allowed(s)) {
                return refuse(format!("{option} {s}: expected numbers that are finite and {least}"));
            }
            if let Some(pair) = sweep.scales.windows(2).find(|w| w[0] == w[1]) {
                return refuse(format!("{option} {}: given twice", pair[0]));
            }
            for rate in &sweep.rates {
                if !(rate.eta > 0.0 && rate.eta.is_finite()) {
                    return refuse(format!("--rates {}: expected positive finite numbers", rate.eta));
                }
                if rate.steps == 0 {
                    return refuse("--steps 0: at least one step is needed".into());
                }
                if rate.repetitions == 0 {
                    return refuse("--repetitions 0: at least one is needed".into());
                }
            }
        }
        Ok(())
    }
    /// Steps of the single runs of Figures 1c, 1d, 3c and 3d that are asked for.
    pub fn single_steps(&self) -> u64 {
        let runs =
            self.panels.iter().filter_map(|p| self.single(*p)).map(|(_, scales)| scales.len() as u64).sum::<u64>();
        runs.saturating_mul(Wanted::run_steps(self.trajectory))
    }
    /// Bytes that the runs of the sweeps, and the records and files of the single runs, take with `threads` threads,
    /// before any of it is allocated. Saturates.
    pub fn bytes(&self, d: usize, threads: usize) -> u64 {
        let sweeps = self.sweeps();
        let outcome =
            (size_of::<Option<Outcome>>() + 2 * size_of::<crate::descent::Record>() + size_of::<Run>()) as u128;
        let runs = sweeps.iter().map(|s| s.count() * (outcome + BYTES_OF_RUN));
        let families = [Family::Gaussian, Family::Residual];
        let largest = families.map(|f| f.parameters(d as u128, self.depth as u128)).into_iter().max().unwrap_or(0);
        // A start as it is drawn, beside the runs under way.
        let starts = largest.saturating_mul(8 * threads as u128);
        // Beyond this not even the list of widths is made to count the rest.
        let countable = largest < 1 << 26;
        let working = if countable { u128::from(self.working(d, threads)) } else { largest.saturating_mul(64) };
        let singles = u128::from(self.single_steps()) * BYTES_OF_STEP;
        let total = runs.sum::<u128>().saturating_add(starts).saturating_add(working).saturating_add(singles);
        u64::try_from(total).unwrap_or(u64::MAX)
    }
    /// Working memory of the larger of the two families, counted by [`Grid::bytes`] on a grid without runs.
    fn working(&self, d: usize, threads: usize) -> u64 {
        let start: &Start<'_> = &|_| Err(Error::internal("no run is started to count bytes"));
        let of = |family: Family| {
            let widths = family.widths(d, self.depth);
            Grid::new(&widths, &[] as &[Data], &[], start).map_or(u64::MAX, |g| g.bytes(&options(), threads))
        };
        of(Family::Gaussian).max(of(Family::Residual))
    }
}

/// How the runs of a sweep are run: sharpness at both ends, final weights not kept.
pub fn options() -> Options {
    Options { sharpness: crate::descent::Sharpness::Ends, keep: false, ..Options::default() }
}

/// Bytes that the machine says are free, where it says so; else 4 GiB.
pub fn memory() -> u64 {
    const UNKNOWN: u64 = 4 << 30;
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.map_or(UNKNOWN, |k| k.saturating_mul(1024))
}

/// Refuses a plan that needs more than four fifths of `available` bytes.
///
/// # Errors
/// It does: how much, and how much there is.
pub fn fits(bytes: u64, available: u64) -> Result<()> {
    if bytes > available / 5 * 4 {
        let what =
            format!("this grid needs {}, {} are free: fewer runs or smaller networks", size(bytes), size(available));
        return Err(Error::usage(what));
    }
    Ok(())
}

/// Bytes in words.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        (value, unit) = (value / 1024.0, unit + 1);
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}
