//! `flatcert inspect` of many checkpoints: a line for each, and the picture.
//!
//! The way of a curve: `expand` turns the values of `--weights` into files, `checkpoints` into a list of networks in
//! the order of their steps, and `curve` certifies them on all processors and prints each as soon as those before it
//! are printed. `inspect` comes here where `--weights` names several files, a pattern, or a file of many checkpoints.
//!
//! A checkpoint that does not fit is named on standard error and left out: a run of a thousand files is not worth
//! nothing because of one. What is left out makes the exit code 2.

use super::progress::Line;
use super::{Found, Outcome, Stop, arguments, files, output};
use flatcert::curve::{self, Checkpoint, Given, Place, Point, Source, certify, picture, steps};
use flatcert::inspect::Options;
use flatcert::network::{Network, Stack};
use flatcert::report::figures::svg;
use flatcert::{Error, Result};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A header, then one line for each point.
    Csv,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// By the extension of a file.
    ///
    /// # Errors
    /// Another one, or none.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("jsonl" | "ndjson") => Ok(Self::Json),
            _ => Err(Error::input(path.display().to_string(), "a table is .csv or .jsonl: the extension says which")),
        }
    }
}

/// Lines of a table; CSV has a header before the first.
pub struct Table {
    /// How lines are written.
    format: Format,
    /// Whether a line was written, and so the header.
    begun: bool,
}

impl Table {
    /// Nothing is written yet.
    pub fn new(format: Format) -> Self {
        Self { format, begun: false }
    }

    /// The text of a point.
    ///
    /// # Errors
    /// Never: a bug.
    pub fn line(&mut self, p: &Point) -> Result<String> {
        let begun = std::mem::replace(&mut self.begun, true);
        match self.format {
            Format::Json => {
                let text = serde_json::to_string(p).map_err(|e| Error::internal(format!("JSON: {e}")))?;
                Ok(text + "\n")
            }
            Format::Csv if begun => curve::table::row(p),
            Format::Csv => Ok(curve::table::header(p)? + &curve::table::row(p)?),
        }
    }
}

/// The files of `--weights`, patterns expanded, and whether there was a pattern: it stands for many files even where it
/// matches one.
///
/// A path with `*`, `?` or `[` is a pattern only if no file has it as its name. The files of a pattern are in the
/// order of `glob`; `checkpoints` puts all in the order of their steps.
///
/// # Errors
/// A pattern that is none, or that no file matches.
pub fn expand(given: &[PathBuf]) -> Result<(Vec<PathBuf>, bool)> {
    let (mut out, mut patterns) = (Vec::new(), false);
    for path in given {
        let text = path.display().to_string();
        let is_pattern = text.contains(['*', '?', '[']) && !path.exists();
        if !is_pattern {
            out.push(path.clone());
            continue;
        }
        patterns = true;
        let refuse = |what: String| Error::input(format!("--weights {text}"), what);
        let found = glob::glob(&text).map_err(|e| refuse(format!("no pattern: {e}")))?;
        let before = out.len();
        for path in found {
            out.push(path.map_err(|e| refuse(e.to_string()))?);
        }
        if out.len() == before {
            return Err(refuse("no file is called so".into()));
        }
    }
    Ok((out, patterns))
}

/// The checkpoints of these files, by their steps; `None` for one file with one network that no pattern named.
///
/// `many`: a pattern was given. A single file is a list of checkpoints if its layers have three dimensions, a stack.
/// Steps are read from the names of all files together, or from the array `step` of a stack; without steps the order
/// is that of the files.
///
/// # Errors
/// The only file is a stack that cannot be read.
pub fn checkpoints(a: &arguments::Inspect, paths: &[PathBuf], many: bool) -> Result<Option<Vec<Checkpoint>>> {
    if let [path] = paths {
        // A pattern's only file may be one that is left out, and named, later.
        let stack = match Stack::open(path, a.nets.head.as_deref(), &a.nets.options(&a.data)) {
            Err(_) if many => None,
            found => found?,
        };
        if let Some(stack) = stack {
            let (file, stack) = (path.display().to_string(), Arc::new(stack));
            let place = |at: usize| Place { file: file.clone(), at: Some(at), step: stack.step(at), time: None };
            let slice = |at: usize| Checkpoint { place: place(at), source: Source::Slice(stack.clone(), at) };
            let mut out: Vec<Checkpoint> = (0..stack.count()).map(slice).collect();
            out.sort_by_key(|c| c.place.step);
            return Ok(Some(out));
        }
        if !many {
            return Ok(None);
        }
    }
    let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    let found = steps(&names);
    let mut out: Vec<Checkpoint> = names
        .into_iter()
        .zip(paths)
        .enumerate()
        .map(|(k, (file, path))| Checkpoint {
            place: Place { file, step: found.as_ref().map(|s| s[k]), ..Place::default() },
            source: Source::File(path.clone()),
        })
        .collect();
    // Of one step each keeps its place in the list.
    out.sort_by_key(|c| c.place.step);
    Ok(Some(out))
}

/// Refuses what only one network has.
///
/// Vectors and an expected risk belong to one network; leading eigenvalues have no column in the CSV.
///
/// # Errors
/// As named.
pub fn refuse(a: &arguments::Inspect) -> Result<()> {
    let given = [("--vectors", a.vectors.is_some()), ("--expect-risk", a.nets.expect_risk.is_some())];
    if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
        return Err(Error::usage(format!("{option}: of one network, and --weights names several")));
    }
    if a.top.is_some() && !a.json {
        return Err(Error::usage("--top: the table has no columns for leading eigenvalues; give --json"));
    }
    Ok(())
}

/// Certifies all, prints a line for each, draws.
///
/// What can be refused is refused before the first certification. Then the order on standard error is: what was taken
/// for what, once; what is left out, as it comes; a summary. `--strict` ends at the first that does not fit, with its
/// error; Ctrl-C lets those under way end, prints them, and is exit code 130. The picture is drawn of what is there
/// then, too.
///
/// # Errors
/// Data that are refused; a file that cannot be written; a bug in a certification; with `--strict` the first
/// checkpoint that does not fit.
pub fn curve(a: &arguments::Inspect, list: &[Checkpoint], asked: &Options) -> Outcome {
    if let Some(path) = &a.plot {
        let mut read: Vec<PathBuf> = list.iter().map(|c| PathBuf::from(&c.place.file)).collect();
        read.dedup();
        output::writable("--plot", path)?;
        files::keep("--plot", path, &a.data, &a.nets, &read)?;
        if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("svg")) {
            return Err(Error::input(format!("--plot {}", path.display()), "a picture is .svg").into());
        }
    }
    let (problem, x, y) = a.data.load()?;
    let problem = if a.exact { problem.solved_exactly() } else { problem };
    let weights = a.nets.options(&a.data);
    announce(a, list, &problem, x, y)?;
    let stop = Arc::new(AtomicBool::new(false));
    super::raise_on_interrupt(stop.clone())?;
    let line = Line::new(Some(list.len() as u64), "{elapsed:>4} [{bar:40}] {pos}/{len}  {eta} left");
    let mut table = Table::new(if a.json { Format::Json } else { Format::Csv });
    let (mut points, mut left_out, mut ended) = (Vec::new(), 0, None);
    let given = Given { problem: &problem, head: a.nets.head.as_deref(), weights: &weights, asked };
    let advanced = |done: usize| {
        line.bar().set_position(done as u64);
        line.say(|| format!("{done} of {} checkpoints", list.len()));
    };
    certify(&given, list, &stop, advanced, |_, found| {
        let printed = match found {
            Ok(point) => {
                let printed = table.line(&point).map_err(Stop::from);
                points.push(point);
                printed.and_then(|text| line.bar().suspend(|| output::print(&text)))
            }
            Err(e) if e.is_internal() || a.strict => Err(e.into()),
            Err(e) => {
                left_out += 1;
                line.bar().suspend(|| eprintln!("flatcert: left out: {}", super::one_line(&e)));
                Ok(())
            }
        };
        match printed {
            Ok(()) => ControlFlow::Continue(()),
            Err(e) => {
                ended = Some(e);
                ControlFlow::Break(())
            }
        }
    })?;
    line.finish();
    if let Some(path) = &a.plot {
        draw(path, &points)?;
    }
    if let Some(e) = ended {
        return Err(e);
    }
    let interrupted = stop.load(Ordering::Relaxed);
    eprintln!("flatcert: {}", summary(&points, left_out, list.len()));
    Ok(match (interrupted, left_out) {
        (true, _) => Found::Interrupted,
        (false, 0) => Found::AsRecorded,
        (false, _) => Found::LeftOut,
    })
}

/// On standard error, once: what was taken for what in the first checkpoint, which stands for all.
///
/// Nothing is said where no checkpoint can be read: each is named as left out then.
///
/// # Errors
/// The bias of the last layer is not the intercept of the data.
fn announce(
    a: &arguments::Inspect,
    list: &[Checkpoint],
    problem: &flatcert::problem::Problem,
    x: files::Read,
    y: files::Read,
) -> Result<()> {
    let weights = list.iter().find_map(|c| match &c.source {
        Source::Slice(stack, _) => Some((None, stack.told().clone())),
        Source::File(path) => {
            let (network, told) = Network::load_with(path, a.nets.head.as_deref(), &a.nets.options(&a.data)).ok()?;
            Some((Some(network), told))
        }
    });
    let Some((network, weights)) = weights else { return Ok(()) };
    let intercept = match &network {
        Some(network) => a.data.intercept(problem, network, &weights)?,
        None => None,
    };
    eprint!("{}", files::readable(&files::Input { x, y, weights, intercept }));
    Ok(())
}

/// Writes the curve as SVG; without a finite sharpness it says so and writes nothing.
///
/// # Errors
/// The picture cannot be made, a bug, or not written.
fn draw(path: &Path, points: &[Point]) -> Result<()> {
    match picture(points) {
        Some(figure) => output::replace(path, &svg(&figure)?),
        None => {
            eprintln!("flatcert: --plot: no finite sharpness, nothing to draw");
            Ok(())
        }
    }
}

/// How many were certified and left out, and, where `--eta` was given, how many are certainly on which side of
/// `2 / eta`.
fn summary(points: &[Point], left_out: usize, all: usize) -> String {
    let mut out = format!("{} of {all} checkpoints certified", points.len());
    if left_out > 0 {
        out += &format!(", {left_out} left out");
    }
    let count =
        |standing: &str| points.iter().filter(|p| p.edge.as_ref().is_some_and(|e| e.standing == standing)).count();
    if points.iter().any(|p| p.edge.is_some()) {
        let (beyond, below, within) = (count("beyond"), count("below"), count("within"));
        out += &format!("; {beyond} certainly beyond 2 / eta, {below} certainly below, {within} not decided");
    }
    out
}
