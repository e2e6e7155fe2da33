//! `flatcert flow --record`: the certified sharpness along the flow.
//!
//! Each line is an `inspect` of the weights at a step: an enclosure of the sharpness at doubles, which lie near the
//! true flow but not on it. `--certified` says what the true flow does.
//!
//! The table is kept as text until the end and written at once: an integration that fails leaves no half of it.

use super::arguments::Flow;
use super::curve::{Format, Table};
use super::output;
use flatcert::Result;
use flatcert::curve::{Place, Point};
use flatcert::flow::{Progress, Trajectory};
use flatcert::inspect::{Options, inspect_with};
use flatcert::network::Network;
use flatcert::problem::Problem;
use std::path::Path;

/// Steps between two lines.
const EVERY: u64 = 10;

/// The table in the making.
pub struct Recorder<'a> {
    /// The file to write.
    path: &'a Path,
    /// The data.
    problem: &'a Problem,
    /// What is asked of every line.
    asked: Options,
    /// Steps between two lines.
    every: u64,
    /// The writer of lines, with its header.
    table: Table,
    /// The lines so far.
    text: String,
    /// The step of the last line.
    last: Option<u64>,
}

impl<'a> Recorder<'a> {
    /// With the start as its first line.
    ///
    /// # Errors
    /// Those of the inspection; an extension that is none of a table.
    pub fn new(a: &Flow, path: &'a Path, problem: &'a Problem, start: &Network<f64>) -> Result<Self> {
        let asked = Options { eta: a.eta, ..Options::default() };
        let (every, table) = (a.record_every.unwrap_or(EVERY), Table::new(Format::of(path)?));
        let mut out = Self { path, problem, asked, every, table, text: String::new(), last: None };
        out.line(0, 0.0, start)?;
        Ok(out)
    }

    /// Certifies a network and appends its line.
    fn line(&mut self, step: u64, time: f64, network: &Network<f64>) -> Result<()> {
        let (found, _) = inspect_with(self.problem, network, &self.asked)?;
        let place = Place { step: Some(step), time: Some(time), ..Place::default() };
        self.text += &self.table.line(&Point::new(place, found))?;
        self.last = Some(step);
        Ok(())
    }

    /// After an accepted step.
    ///
    /// Steps of both methods of the integrator count.
    ///
    /// # Errors
    /// Those of the inspection.
    pub fn step(&mut self, p: &Progress<'_>) -> Result<()> {
        let steps = p.statistics.steps + p.statistics.implicit_steps;
        if steps.is_multiple_of(self.every) { self.line(steps, p.time.high, &p.network()?) } else { Ok(()) }
    }

    /// The last weights, and the file.
    ///
    /// The last weights always have a line, and one only.
    ///
    /// # Errors
    /// Those of the inspection; the file cannot be written.
    pub fn end(mut self, t: &Trajectory) -> Result<()> {
        let steps = t.statistics.steps + t.statistics.implicit_steps;
        if self.last != Some(steps) {
            self.line(steps, t.time.high, &t.final_network)?;
        }
        output::replace(self.path, &self.text)
    }
}
