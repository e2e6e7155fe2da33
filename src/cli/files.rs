//! The files that commands read: data, weights, head, and how they are written where the user says so.

use clap::{Args, ValueEnum};
use flatcert::arithmetic::{Enclosure, Interval, Rational};
use flatcert::hessian;
use flatcert::input::{Array, Delimiter, Dialect, Mark, TableOptions, read_pair, refuse_overwriting};
use flatcert::network::{Loaded, Network, WeightOptions};
use flatcert::problem::{LoadOptions, Problem};
use flatcert::{Error, Result};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// How text tables are written; what is not said is decided from the file, or the file is refused.
#[derive(Debug, Args)]
pub struct Tables {
    /// Whether the first line of text tables is a header [default: decided, and said]
    #[arg(long, value_enum, value_name = "yes|no")]
    pub header: Option<Answer>,
    /// What separates the fields of text tables: , ; tab blank [default: decided, and said]
    #[arg(long, value_name = "D", value_parser = delimiter)]
    pub delimiter: Option<Delimiter>,
    /// Decimal mark of text tables: . or , [default: .]
    #[arg(long, value_name = "M", value_parser = mark)]
    pub decimal: Option<Mark>,
    /// Leave out the first column of text tables, an index without a name
    #[arg(long)]
    pub drop_index: bool,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    Yes,
    No,
}

fn delimiter(s: &str) -> Result<Delimiter, String> {
    match s {
        "," | "comma" => Ok(Delimiter::Comma),
        ";" | "semicolon" => Ok(Delimiter::Semicolon),
        "\t" | "\\t" | "tab" => Ok(Delimiter::Tab),
        " " | "blank" => Ok(Delimiter::Blank),
        _ => Err("expected , ; tab or blank".to_string()),
    }
}

fn mark(s: &str) -> Result<Mark, String> {
    match s {
        "." | "point" => Ok(Mark::Point),
        "," | "comma" => Ok(Mark::Comma),
        _ => Err("expected . or ,".to_string()),
    }
}

impl Tables {
    /// The options of the library.
    pub fn options(&self) -> TableOptions {
        TableOptions {
            header: self.header.map(|a| a == Answer::Yes),
            delimiter: self.delimiter,
            decimal: self.decimal,
            drop_index: self.drop_index,
        }
    }

    /// The first option that is given.
    pub fn given(&self) -> Option<&'static str> {
        given(&[
            ("--header", self.header.is_some()),
            ("--delimiter", self.delimiter.is_some()),
            ("--decimal", self.decimal.is_some()),
            ("--drop-index", self.drop_index),
        ])
    }

    /// # Errors
    /// An option is given that concerns text tables, and none was read.
    pub fn refuse_idle(&self, read: &[Option<&Dialect>]) -> Result<()> {
        match self.given().filter(|_| read.iter().all(Option::is_none)) {
            Some(option) => Err(Error::usage(format!("{option}: none of the data files is a text table"))),
            None => Ok(()),
        }
    }
}

/// How weights are stored.
#[derive(Debug, Args)]
pub struct Stored {
    /// Arrays that are the layers, W_1 first: fc1.weight,fc2.weight,out.weight; or a pattern with {} for a number:
    /// block{}.weight
    #[arg(long, value_name = "NAMES")]
    pub layers: Option<String>,
    /// The arrays of the weights are (in, out), as Keras and Flax store them
    #[arg(long)]
    pub transposed: bool,
    /// The arrays of the weights are the A_k of residual layers x + A_k x
    #[arg(long)]
    pub residual: bool,
}

/// The first of the options that is given.
pub fn given(options: &[(&'static str, bool)]) -> Option<&'static str> {
    options.iter().find(|(_, given)| *given).map(|(option, _)| *option)
}

impl Stored {
    /// The first option that is given.
    pub fn given(&self) -> Option<&'static str> {
        given(&[("--layers", self.layers.is_some()), ("--transposed", self.transposed), ("--residual", self.residual)])
    }

    /// The options of the library.
    pub fn options(&self, tables: TableOptions) -> WeightOptions {
        let (transposed, residual) = (self.transposed, self.residual);
        WeightOptions { layers: self.layers.clone(), transposed, residual, tables }
    }
}

/// Data and a network.
#[derive(Debug, Args)]
pub struct Files {
    /// Inputs, one row for each observation (n x d)
    #[arg(long, value_name = "X")]
    pub x: PathBuf,
    /// Targets (n); FILE:COLUMN is a column of a csv file, and X its other columns if they are the same file
    #[arg(long, value_name = "Y")]
    pub y: PathBuf,
    /// Layers of the network: .npz, .safetensors, or the .index.json of several
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// Fixed head w (d_L) [default: (1)]
    #[arg(long, value_name = "FILE")]
    pub head: Option<PathBuf>,
    /// Columns of X to mean 0 and variance 1, y to mean 0
    #[arg(long)]
    pub standardise: bool,
    #[command(flatten)]
    pub tables: Tables,
    #[command(flatten)]
    pub stored: Stored,
    /// The risk that your own program computes: refuse if it is not that of these files
    ///
    /// They agree if they differ by no more than a unit of the last digit given, one millionth of R, or 1e-12
    /// norm(y)^2/n, whichever is most.
    #[arg(long, value_name = "R", value_parser = stated_risk, allow_negative_numbers = true)]
    pub expect_risk: Option<Stated>,
}

/// A number as it was typed.
#[derive(Clone, Debug)]
pub struct Stated {
    text: String,
    value: Rational,
}

fn stated_risk(s: &str) -> Result<Stated, String> {
    let value: Rational = s.parse().map_err(|_| "expected a number such as 0.0123 or 1.2e-3".to_string())?;
    if s.contains('/') || value.sign() < 0 {
        return Err("expected a number such as 0.0123 or 1.2e-3, not negative".to_string());
    }
    Ok(Stated { text: s.to_string(), value })
}

impl Stated {
    /// One unit of the last digit.
    fn unit(&self) -> Option<Rational> {
        let (digits, exponent) = self.text.split_once(['e', 'E']).unwrap_or((&self.text, "0"));
        let fraction = digits.split_once('.').map_or(0, |(_, f)| f.len() as i32);
        format!("1e{}", exponent.parse::<i32>().ok()? - fraction).parse().ok()
    }
}

/// What was read, for the output.
#[derive(Debug, Serialize)]
pub struct Input {
    pub x: Read,
    pub y: Read,
    pub weights: Loaded,
}

/// An array of data.
#[derive(Debug, Serialize)]
pub struct Read {
    /// File and array, as in messages.
    pub from: String,
    /// How it is written, if it is a text table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Dialect>,
    /// Columns by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// What looks like a mistake, and may be none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

impl Read {
    fn new(a: &Array) -> Self {
        Self { from: a.place.clone(), table: a.table.clone(), columns: a.names.clone(), remark: None }
    }
}

impl Files {
    /// Reads both.
    ///
    /// # Errors
    /// As [`read_pair`], [`Problem::from_arrays`] and [`Network::load_with`]; a risk that is not the one expected.
    pub fn load(&self) -> Result<(Problem, Network<f64>, Input)> {
        let tables = self.tables.options();
        let (x, y) = read_pair(&self.x, &self.y, &tables)?;
        self.tables.refuse_idle(&[x.table.as_ref(), y.table.as_ref()])?;
        let (mut of_x, of_y) = (Read::new(&x), Read::new(&y));
        of_x.remark = x.column_equal_to(&y).map(|column| {
            format!("column {column} of X equals y: a target left among the inputs makes every risk zero")
        });
        let name = self.x.file_stem().map(|s| s.to_string_lossy().into_owned());
        let options = LoadOptions { standardise: self.standardise, name, tables };
        let problem = Problem::from_arrays(x, y, &options)?;
        let options = self.stored.options(tables);
        let (network, weights) = Network::load_with(&self.weights, self.head.as_deref(), &options)?;
        if let Some(stated) = &self.expect_risk {
            self.compare(&problem, &network, stated)?;
        }
        Ok((problem, network, Input { x: of_x, y: of_y, weights }))
    }

    /// Refuses a network whose risk is not the one stated.
    fn compare(&self, problem: &Problem, network: &Network<f64>, stated: &Stated) -> Result<()> {
        let risk = hessian::network_enclosures(problem, network)?.risk;
        let power = problem.enclosed_moments().power.hi();
        let of = |q: &Rational| q.to_f64();
        let allowed =
            (of(&stated.unit().unwrap_or(Rational::from(0)))).max(1e-6 * of(&stated.value)).max(1e-12 * power);
        let near = Interval::point(of(&stated.value)) + Interval::symmetric(allowed);
        if near.intersection(&risk).is_some() {
            return Ok(());
        }
        let what = format!(
            "the risk norm(y - X w)^2 / n is {}, not {}: other data, another order or layout of the layers (--transposed, \
             --residual, --layers), or a loss with another factor",
            flatcert::report::text::enclosure(&risk),
            stated.text
        );
        Err(Error::input("--expect-risk", what))
    }

    /// Refuses to write over what is read.
    ///
    /// # Errors
    /// `path` is one of the files.
    pub fn keep(&self, option: &str, path: &Path) -> Result<()> {
        let source = |p: &Path| flatcert::input::Source::parse(p).path;
        let mut read = vec![("--x", source(&self.x)), ("--y", source(&self.y)), ("--weights", self.weights.clone())];
        read.extend(self.head.as_ref().map(|p| ("--head", source(p))));
        let read: Vec<(&str, &Path)> = read.iter().map(|(o, p)| (*o, p.as_path())).collect();
        refuse_overwriting(option, path, &read)
    }
}

/// Lines for the terminal.
pub fn readable(input: &Input) -> String {
    let mut out = String::new();
    let mut line = |name: &str, text: String| out.push_str(&format!("{name:<22}{text}\n"));
    for (name, read) in [("X", &input.x), ("y", &input.y)] {
        let columns = read.columns.as_ref().map_or(String::new(), |c| format!(", columns {}", short(c)));
        line(name, format!("{}{columns}", read.from));
        if let Some(t) = &read.table {
            let by = t.delimiter.map_or("one column".to_string(), |d| format!("separated by {}", d.words()));
            let comma = if t.decimal == Mark::Comma { ", decimal commas" } else { "" };
            let is = if t.header.taken { "is the header" } else { "is a row" };
            line("", format!("{by}{comma}; line {} {is}: {}", t.header.line, t.header.why));
            if let Some(index) = &t.index_dropped {
                line("", format!("the first column '{index}' is left out"));
            }
        }
        if let Some(remark) = &read.remark {
            line("", format!("note: {remark}"));
        }
    }
    let w = &input.weights;
    let stored = match (w.transposed, w.residual) {
        (true, true) => ", each transposed and added to I",
        (true, false) => ", each transposed",
        (false, true) => ", each added to I",
        (false, false) => "",
    };
    let last = if w.layers.len() == 1 { "W1".to_string() } else { format!("W1 to W{}", w.layers.len()) };
    line("weights", w.file.clone());
    line(&format!("  {last}"), format!("{}{stored}", short(&w.layers)));
    line("  head", w.head.clone());
    for (name, list) in [("  ignored", &w.ignored), ("  biases, all zero", &w.zero_biases)] {
        if !list.is_empty() {
            line(name, short(list));
        }
    }
    if w.rounded > 0 {
        line("", format!("{} entries 1 + a of the diagonals were rounded to doubles", w.rounded));
    }
    out.push('\n');
    out
}

/// The first and the last names.
fn short(names: &[String]) -> String {
    const MOST: usize = 8;
    if names.len() <= MOST {
        return names.join(", ");
    }
    format!("{}, ..., {}", names[..MOST - 1].join(", "), names[names.len() - 1])
}

/// What was found, and what it was found from.
#[derive(Serialize)]
pub struct With<'a, T> {
    #[serde(flatten)]
    pub found: &'a T,
    pub input: &'a Input,
}
