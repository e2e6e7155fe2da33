//! The files of `flatcert figures`: pictures, their numbers as CSV and JSON, and every run.
//!
//! | file | content |
//! | --- | --- |
//! | `figure-1a.svg`, `.json`, `.csv` and so on | a picture of a sweep, what is drawn in it, and a line for each rate and scale |
//! | `figure-1c.svg` and so on, with `-scale-..` for further scales | one run, every step of it in the CSV |
//! | `runs-gaussian.csv`, `runs-residual.csv` | every run of a sweep, in the order of rates, scales and repetitions |
//! | `beyond-*.svg`, `.csv` | critical rates against depth and width; gradient descent against the flow |
//! | `manifest.json` | the names of the files, each with the SHA-256 of its content |
//!
//! The manifest is how a later call knows which files are its own to remove: only those that it lists and nobody has
//! changed.
//!
//! Numbers in tables are doubles, each as the shortest decimal that reads as it, and what is not finite is an empty
//! field. The sharpness at the end of a single run is certified, and stands in the notes.

use super::progress::Steps;
use flatcert::arithmetic::Interval;
use flatcert::arithmetic::decimal::{enclosure, number};
use flatcert::descent::Watch as _;
use flatcert::experiments::beyond::{self, Critical, Limit};
use flatcert::experiments::edge::{Located, Trajectory};
use flatcert::experiments::figures::{self as pictures, Swept};
use flatcert::experiments::shown::{self, Shown, Wanted};
use flatcert::experiments::summary::{self, Band, Cell};
use flatcert::experiments::sweep::Ended;
use flatcert::experiments::{Family, Panel, Regression, Settings, Sweep, start_seed};
use flatcert::harness::evidence::FigureData;
use flatcert::hessian::{Options, sharpness};
use flatcert::problem::{Problem, norm_squared};
use flatcert::report::figures::svg;
use flatcert::report::split::{FIGURE, FigureFile};
use flatcert::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use tempfile::TempDir;

/// The fields of a line of a table after those that name its cell.
type Line<'a> = &'a dyn Fn(&Cell) -> Vec<String>;

/// A file of the folder.
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    content: String,
}

/// A folder inside the folder, where files wait until all are there.
///
/// It is removed when it is dropped.
///
/// # Errors
/// The folder cannot be written.
pub fn waiting(folder: &Path) -> Result<TempDir> {
    tempfile::Builder::new().prefix(".flatcert-").tempdir_in(folder).map_err(|e| Error::io(folder, e))
}

/// Name of the list of the files that calls like this one wrote, each with the SHA-256 of its content.
pub const MANIFEST: &str = "manifest.json";

#[derive(Default, JsonSchema, Serialize, Deserialize)]
struct Manifest {
    schema: String,
    files: BTreeMap<String, String>,
}

/// SHA-256 in lower-case hexadecimal.
fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|b| format!("{b:02x}")).collect()
}

impl Manifest {
    /// The format of the list; a list of another one is not ours, and nothing is removed because of it.
    const SCHEMA: &str = "flatcert.manifest/1";

    /// What an earlier call wrote; nothing where there is no list of ours.
    fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
        serde_json::from_str(&text).ok().filter(|m: &Self| m.schema == Self::SCHEMA).unwrap_or_default()
    }
    /// Writes the list under another name and renames it.
    ///
    /// # Errors
    /// The operating system refused.
    fn write(&self, folder: &Path) -> Result<()> {
        let at = folder.join(MANIFEST);
        let text = serde_json::to_string_pretty(self).map_err(|e| Error::internal(format!("JSON: {e}")))?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| Error::io(&at, e))?;
        file.write_all((text + "\n").as_bytes()).map_err(|e| Error::io(&at, e))?;
        file.persist(&at).map_err(|e| Error::io(&at, e.error))?;
        Ok(())
    }
}

/// Writes all files under other names, then renames each; none if a folder is in the way of one. Files of an earlier
/// call that are not among them are removed, unless somebody has changed them since: those are named.
///
/// The order: everything is written into a folder beside; the manifest names the old and the new files together; each
/// file is renamed into place; old files that are unchanged are removed; the manifest names the new ones. A call that
/// is killed in between leaves files that the next one knows.
///
/// Returned are the names of old files that were changed since, and are left.
///
/// # Errors
/// The operating system refused.
pub fn write(folder: &Path, list: &[File]) -> Result<Vec<String>> {
    if let Some(file) = list.iter().find(|f| folder.join(&f.name).is_dir()) {
        let what = "a folder is in the way of a file of this name; what was computed is kept beside it";
        return Err(Error::input(folder.join(&file.name).display().to_string(), what));
    }
    let waiting = waiting(folder)?;
    for file in list {
        let at = waiting.path().join(&file.name);
        std::fs::write(&at, &file.content).map_err(|e| Error::io(&at, e))?;
    }
    let earlier = Manifest::read(folder).files;
    let ours = || list.iter().map(|f| (f.name.clone(), digest(f.content.as_bytes())));
    // Both lists until the end: a call that is killed between leaves nothing that the next does not know.
    let both = earlier.clone().into_iter().chain(ours()).collect();
    Manifest { schema: Manifest::SCHEMA.into(), files: both }.write(folder)?;
    for file in list {
        let to = folder.join(&file.name);
        std::fs::rename(waiting.path().join(&file.name), &to).map_err(|e| Error::io(&to, e))?;
    }
    let mut kept = Vec::new();
    for (name, sum) in earlier.iter().filter(|(name, _)| !list.iter().any(|f| f.name == **name)) {
        // A name from a file is not trusted to stay in the folder.
        let plain = Path::new(name).file_name().is_some_and(|f| f == name.as_str());
        let at = folder.join(name);
        match std::fs::read(&at) {
            Ok(content) if plain && digest(&content) == *sum => {
                std::fs::remove_file(&at).map_err(|e| Error::io(&at, e))?
            }
            Ok(_) if plain => kept.push(name.clone()),
            _ => {}
        }
    }
    Manifest { schema: Manifest::SCHEMA.into(), files: ours().collect() }.write(folder)?;
    Ok(kept)
}

/// The data and the paper's learning rates for them.
#[derive(JsonSchema, Serialize)]
pub struct DataFacts {
    /// What they are called.
    name: String,
    /// Observations.
    n: usize,
    /// Inputs.
    d: usize,
    /// Layers L.
    depth: usize,
    /// Smallest eigenvalue of Sigma.
    lambda: f64,
    /// Largest eigenvalue of Sigma.
    #[serde(rename = "Lambda")]
    lambda_max: f64,
    /// The lower bound of Theorem 1.
    s_min: f64,
    /// The upper bound of Corollary 3.
    s_upper: f64,
    /// The paper's largest learning rate.
    two_over_s_min: f64,
    /// With the quotient q of Sigma at w* in place of lambda.
    two_over_2lq: f64,
    /// Sharpness of the flattest minimiser; null where Sigma is singular.
    s_star: Option<f64>,
    /// The rate beyond which no minimiser is stable.
    two_over_s_star: Option<f64>,
}

impl DataFacts {
    /// In a line or two.
    ///
    /// Learning rates to four decimals, the moments to five digits: for reading, no enclosures.
    pub fn told(&self) -> String {
        let star = self.two_over_s_star.map_or("–".into(), |v| format!("{v:.4}"));
        format!(
            "data: {}, n = {}, d = {}, L = {}; lambda = {:.4e}, Lambda = {:.4e}\n2/S_min = {:.4}, 2/(2 L q) = {:.4}, \
             2/S* = {star}\n",
            self.name, self.n, self.d, self.depth, self.lambda, self.lambda_max, self.two_over_s_min, self.two_over_2lq
        )
    }
}

/// Everything that the files are made from.
pub struct Results<'a> {
    /// What was asked for.
    pub settings: &'a Settings,
    /// The data.
    pub problem: &'a Problem,
    /// The same in doubles.
    pub regression: &'a Regression,
    /// Whether the data are drawn, as in Appendix C.
    pub drawn: bool,
    /// Of each sweep of [`Settings::sweeps`].
    pub ended: &'a [Vec<Ended>],
}

/// A table in the making.
struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// With this header.
    ///
    /// # Errors
    /// None that a sound build can produce; so for the others here.
    fn new(header: &[&str]) -> Result<Self> {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.row(header.iter().map(|s| (*s).to_string()))?;
        Ok(table)
    }
    /// Appends a record; `csv` quotes what needs it.
    fn row(&mut self, fields: impl Iterator<Item = String>) -> Result<()> {
        let fields: Vec<String> = fields.collect();
        self.0.write_record(&fields).map_err(|e| Error::internal(format!("csv: {e}")))
    }
    /// The table as a file of this name.
    fn file(self, name: String) -> Result<File> {
        let bytes = self.0.into_inner().map_err(|e| Error::internal(format!("csv: {e}")))?;
        let content = String::from_utf8(bytes).map_err(|e| Error::internal(format!("csv: {e}")))?;
        Ok(File { name, content })
    }
}

/// A number for a table: nothing for what is none.
fn cell(v: f64) -> String {
    if v.is_finite() { number(v) } else { String::new() }
}

/// Mean, lower and upper end of a band; three empty fields where there is none.
fn band(b: Option<Band>) -> [String; 3] {
    b.map_or_else(Default::default, |b| b.map(cell))
}

impl Results<'_> {
    /// The data in numbers.
    ///
    /// The bounds are those of Theorem 1 (`s_min`) and Corollary 3 for these data and this depth, computed in doubles
    /// by `Regression`.
    pub fn facts(&self) -> DataFacts {
        let (r, depth) = (self.regression, self.settings.depth);
        let star = r.flattest(depth);
        DataFacts {
            name: self.problem.name().into(),
            n: self.problem.samples(),
            d: r.dimension(),
            depth,
            lambda: r.lambda(),
            lambda_max: r.lambda_max(),
            s_min: r.least_sharpness(depth),
            s_upper: r.upper_sharpness(depth),
            two_over_s_min: 2.0 / r.least_sharpness(depth),
            two_over_2lq: 2.0 / r.quotient_sharpness(depth),
            s_star: star,
            two_over_s_star: star.map(|s| 2.0 / s),
        }
    }

    /// All files, and notes for the reader; `None` if `watch` stopped what remained to be run.
    ///
    /// # Errors
    /// Those of the runs; a picture that cannot be drawn: a bug.
    pub fn files(&self, watch: &Steps) -> Result<Option<(Vec<File>, Vec<String>)>> {
        let (mut list, mut notes) = (Vec::new(), Vec::new());
        for (sweep, ended) in self.settings.sweeps().into_iter().zip(self.ended) {
            self.sweep(sweep, ended, &mut list, &mut notes)?;
        }
        if self.singles(watch, &mut list, &mut notes)?.is_none() {
            return Ok(None);
        }
        if self.settings.panels.contains(&Panel::Beyond) && self.beyond(watch, &mut list, &mut notes)?.is_none() {
            return Ok(None);
        }
        Ok(Some((list, notes)))
    }

    /// SVG and JSON of a picture of the data.
    ///
    /// # Errors
    /// A picture that cannot be drawn: a bug.
    fn picture(&self, figure: &FigureData, list: &mut Vec<File>) -> Result<()> {
        self.picture_of(figure, &self.facts(), list)
    }
    /// The same with facts of other data, those of a draw for instance.
    fn picture_of(&self, figure: &FigureData, facts: &DataFacts, list: &mut Vec<File>) -> Result<()> {
        list.push(File { name: format!("{}.svg", figure.id), content: svg(figure)? });
        let value =
            |v: serde_json::Result<serde_json::Value>| v.map(Some).map_err(|e| Error::internal(format!("JSON: {e}")));
        let json = FigureFile {
            schema: FIGURE.into(),
            data: value(serde_json::to_value(facts))?,
            settings: value(serde_json::to_value(self.settings))?,
            figure: figure.clone(),
        };
        let text = serde_json::to_string_pretty(&json).map_err(|e| Error::internal(format!("JSON: {e}")))?;
        list.push(File { name: format!("{}.json", figure.id), content: text + "\n" });
        Ok(())
    }

    /// The panels that show a sweep, each as picture and table, and the table of its runs. A panel of which every run
    /// diverged is a note in place of a picture.
    fn sweep(&self, sweep: &Sweep, ended: &[Ended], list: &mut Vec<File>, notes: &mut Vec<String>) -> Result<()> {
        let (seed, depth) = (self.settings.seed, self.settings.depth);
        let cells = summary::cells(sweep, ended, seed)?;
        let swept = Swept { sweep, ended, cells: &cells, regression: self.regression, depth, seed };
        let panels = self.settings.panels.iter().filter(|p| p.is_sweep() && p.family() == sweep.family);
        for panel in panels {
            match swept.picture(*panel) {
                Some(figure) => self.picture(&figure, list)?,
                None => notes.push(format!("figure {}: every run diverged, nothing to draw", panel.name())),
            }
            list.push(self.table(*panel, &cells)?);
        }
        list.push(self.runs(sweep, ended)?);
        Ok(())
    }

    /// The table of a panel: for each cell rate, scale, runs and how many diverged, then what the panel shows, means
    /// with the ends of their bands. Figures 2 and 4 show the share of the runs that diverged, with its exact
    /// interval.
    fn table(&self, panel: Panel, cells: &[Cell]) -> Result<File> {
        let name = format!("figure-{}.csv", panel.name());
        let (d, depth) = (self.regression.dimension() as f64, self.settings.depth);
        let bounds = [self.regression.least_sharpness(depth), self.regression.upper_sharpness(depth)].map(cell);
        let head =
            |c: &Cell| [number(c.rate.eta), number(c.scale), c.rate.repetitions.to_string(), c.diverged.to_string()];
        let common = ["eta", "scale", "runs", "diverged"];
        let (columns, of): (&[&str], Line<'_>) = match panel {
            Panel::F1a | Panel::F3a => {
                (&["distance_squared", "lo", "hi", "distance_squared_over_d", "lo_over_d", "hi_over_d"], &|c| {
                    [band(c.distance), band(c.distance.map(|b| b.map(|v| v / d)))].concat()
                })
            }
            Panel::F1b | Panel::F3b => (
                &[
                    "sharpness_start", "start_lo", "start_hi", "sharpness_end", "end_lo", "end_hi", "two_over_eta",
                    "s_min", "upper_bound",
                ],
                &|c| [&band(c.start)[..], &band(c.end), &[number(2.0 / c.rate.eta)], &bounds].concat(),
            ),
            _ => (&["probability", "lo", "hi"], &|c| [&[number(c.share())], &c.divergence.map(number)[..]].concat()),
        };
        let mut table = Table::new(&[&common[..], columns].concat())?;
        for c in cells {
            table.row(head(c).into_iter().chain(of(c)))?;
        }
        table.file(name)
    }

    /// Every run of a sweep, with the seed of its start: it can be repeated alone.
    fn runs(&self, sweep: &Sweep, ended: &[Ended]) -> Result<File> {
        let mut table = Table::new(&[
            "family", "eta", "scale", "repetition", "start_seed", "steps", "diverged_at", "distance_squared",
            "distance_squared_over_d", "excess_risk", "sharpness_start", "sharpness_end",
        ])?;
        let d = self.regression.dimension() as f64;
        for (run, e) in sweep.runs().zip(ended) {
            let numbers = [e.distance_squared, e.distance_squared / d, e.excess_risk, e.start, e.end].map(cell);
            let head = [
                sweep.family.name().to_string(),
                number(run.rate.eta),
                number(run.scale),
                run.repetition.to_string(),
                run.seed(self.settings.seed).to_string(),
                run.rate.steps.to_string(),
                e.diverged.map_or(String::new(), |s| s.to_string()),
            ];
            table.row(head.into_iter().chain(numbers))?;
        }
        table.file(format!("runs-{}.csv", sweep.family.name()))
    }

    /// `None` if `watch` stopped it.
    ///
    /// Figures 1c, 1d, 3c and 3d: one run for each scale, that of the first draw which does what the caption says, or
    /// draw 0.
    fn singles(&self, watch: &Steps, list: &mut Vec<File>, notes: &mut Vec<String>) -> Result<Option<()>> {
        for panel in &self.settings.panels {
            let (Some((rate, scales)), Some(caption)) = (self.settings.single(*panel), panel.caption()) else {
                continue;
            };
            for scale in &scales {
                watch.say(panel.name());
                let wanted = Wanted {
                    problem: self.problem,
                    regression: self.regression,
                    drawn: self.drawn,
                    family: panel.family(),
                    depth: self.settings.depth,
                    rate,
                    scale: *scale,
                    steps: self.settings.trajectory,
                    seed: self.settings.seed,
                    caption,
                };
                let Some(shown) = wanted.shown(watch)?.filter(|_| !watch.stop()) else { return Ok(None) };
                self.single(*panel, &scales, *scale, &shown, list, notes)?;
            }
        }
        Ok(Some(()))
    }

    /// The files and the note of one such run. A start that is out of bounds is only a note; a run whose records show
    /// nothing has a table and no picture.
    fn single(
        &self,
        panel: Panel,
        scales: &[f64],
        scale: f64,
        shown: &Shown,
        list: &mut Vec<File>,
        notes: &mut Vec<String>,
    ) -> Result<()> {
        let name = format!("figure {}, scale {}", panel.name(), number(scale));
        let Some(located) = &shown.located else {
            notes.push(format!("{name}: the start itself is out of bounds, nothing to draw"));
            return Ok(());
        };
        let share =
            format!("draw {}; {} of {} draws do what the caption says", shown.draw, shown.fitting, shown::DRAWS);
        notes.push(format!("{name}, {share}: {}{}", said(&shown.run, located), certified(shown)?));
        let figure = pictures::single(panel, scales, shown, self.drawn);
        let id = figure.as_ref().map_or_else(|| format!("figure-{}-scale-{scale}", panel.name()), |f| f.id.clone());
        if let Some(figure) = figure {
            // The facts are those of the draw's own data.
            let regression = Regression::of(&shown.problem)?;
            let facts = Results { problem: &shown.problem, regression: &regression, ..*self }.facts();
            self.picture_of(&figure, &facts, list)?;
        }
        list.push(self.steps(&shown.run, id)?);
        Ok(())
    }

    /// Every record of a run: step, distance, excess risk, sharpness, beside 2/eta.
    fn steps(&self, run: &Trajectory, id: String) -> Result<File> {
        let mut table = Table::new(&[
            "eta", "scale", "step", "distance_squared", "distance_squared_over_d", "excess_risk", "sharpness",
            "two_over_eta",
        ])?;
        let d = self.regression.dimension() as f64;
        for r in &run.records {
            let head = [number(run.rate), number(run.scale), r.step.to_string()];
            let rest =
                [r.distance_squared, r.distance_squared / d, r.excess_risk, r.sharpness, 2.0 / run.rate].map(cell);
            table.row(head.into_iter().chain(rest))?;
        }
        table.file(format!("{id}.csv"))
    }

    /// `None` if `watch` stopped it.
    ///
    /// What goes beyond the paper: critical rates at other depths and widths, and the distance between gradient
    /// descent and the flow as eta falls.
    fn beyond(&self, watch: &Steps, list: &mut Vec<File>, notes: &mut Vec<String>) -> Result<Option<()>> {
        watch.say("depth and width");
        watch.more(beyond::run_steps(&SIZES, DRAWS));
        let seed = self.settings.seed;
        let found = beyond::critical(&SIZES, DRAWS, seed, watch)?;
        if watch.stop() {
            return Ok(None);
        }
        for figure in pictures::critical(&found) {
            self.picture(&figure, list)?;
        }
        list.push(critical_table(&found)?);
        watch.say("the flow");
        let limits = self.limits(notes)?;
        if !limits.is_empty() {
            self.picture(&pictures::limits(&limits), list)?;
            list.push(flow_table(&limits)?);
        }
        Ok(Some(()))
    }

    /// Of the families for which it can be had: time and rates are for data of the size of Appendix C, and others may
    /// diverge. Notes say so.
    ///
    /// Each compares at one time, with 2^9 steps first and seven halvings of eta.
    ///
    /// # Errors
    /// A start that cannot be drawn. A flow or a descent that does not arrive is a note.
    fn limits(&self, notes: &mut Vec<String>) -> Result<Vec<(&'static str, Limit)>> {
        let mut out = Vec::new();
        let families =
            [("Gaussian, scale 0.35", Family::Gaussian, 0.35, 4.0), ("residual, s = 0.5", Family::Residual, 0.5, 0.5)];
        for (name, family, scale, time) in families {
            let start = start_seed(self.settings.seed, &format!("figures/{}/flow", family.name()), 0);
            let network = family.start(self.regression.dimension(), self.settings.depth, scale, start)?;
            match beyond::limit(self.problem, &network, time, 1 << 9, 7) {
                Ok(limit) => out.push((name, limit)),
                Err(e) => notes.push(format!("beyond, the flow from {name}: not drawn ({e})")),
            }
        }
        Ok(out)
    }
}

/// Depths and widths of the sweeps beyond the paper.
const SIZES: [(usize, usize); 9] = [(5, 5), (10, 2), (10, 5), (10, 10), (10, 20), (10, 50), (20, 5), (50, 5), (100, 5)];

/// Data drawn for each.
const DRAWS: u64 = 12;

/// The sharpness at the end of a run, enclosed; nothing where it diverged, or where y was scaled and these are not the
/// weights of the problem as given.
///
/// The sharpness is certified at the last weights, whose entries are doubles; the data are taken exactly. Where y was
/// divided by norm(w*), the run is that of other data than the problem has. Whether it was is read from norm(w*) of
/// the problem: 1 up to 1e-12 means that the division changed rounding only.
fn certified(shown: &Shown) -> Result<String> {
    let (problem, run) = (&shown.problem, &shown.run);
    let unit = (norm_squared(problem.w_star::<Interval>(53).iter()).mid() - 1.0).abs() < 1e-12;
    let Some(network) = run.network.as_ref().filter(|_| unit && run.diverged.is_none()) else {
        return Ok(String::new());
    };
    let value = sharpness(problem, network, &Options::default())?.value;
    Ok(format!("; sharpness at the end in {}", enclosure(&value)))
}

/// What one run does at 2/eta, in words.
///
/// Where the sharpness never passes 2/eta it says that alone; else when, how often, and what the oscillation comes
/// to. The fall of `R - R_min` is counted from there, or from the start.
fn said(run: &Trajectory, at: &Located) -> String {
    let eta = number(run.rate);
    let how = match at.entered {
        None => format!("eta = {eta}: the sharpness stays below 2/eta"),
        Some(step) => format!(
            "eta = {eta}: above 2/eta first at step {step}, at {} of {} steps, {} crossings; at the end S eta/2 = {} \
             on average, amplitude {}",
            at.above,
            run.records.len(),
            at.crossings,
            pictures::plain(at.mean),
            pictures::plain(at.amplitude)
        ),
    };
    let diverged = run.diverged.map_or(String::new(), |s| format!("; diverges at step {s}"));
    let since = if at.entered.is_some() { "at that step" } else { "at the start" };
    format!("{how}; R - R_min ends at {:.1e} of what it was {since}{diverged}", at.fall)
}

/// Every critical rate that was found, draw by draw, beside three candidates for it: `2/S_min`, the same with the
/// quotient of Sigma at w* in place of lambda, and `2/S*`.
fn critical_table(found: &[Critical]) -> Result<File> {
    let mut table = Table::new(&[
        "depth", "width", "draw", "two_over_s_min", "two_over_2lq", "two_over_s_star", "critical_rate",
        "s_end_over_s_min", "s_end_over_s_star",
    ])?;
    for c in found {
        let head = [c.depth.to_string(), c.dimension.to_string(), c.draw.to_string()];
        let rest = [c.printed, c.quotient, c.flattest, c.critical, c.sharpness[0], c.sharpness[1]].map(cell);
        table.row(head.into_iter().chain(rest))?;
    }
    table.file("beyond-critical.csv".into())
}

/// Distances from the flow, and the observed order, which the largest eta has not.
fn flow_table(found: &[(&str, Limit)]) -> Result<File> {
    let mut table = Table::new(&["start", "time", "eta", "distance", "order"])?;
    for (name, limit) in found {
        let orders = std::iter::once(f64::NAN).chain(limit.orders());
        for ((eta, distance), order) in limit.distances.iter().zip(orders) {
            let rest = [limit.time, *eta, *distance, order].map(cell);
            table.row(std::iter::once((*name).to_string()).chain(rest))?;
        }
    }
    table.file("beyond-flow.csv".into())
}
