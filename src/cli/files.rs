//! The files that commands read: data, weights, head, and how they are written where the user says so.
//!
//! The options are types of clap (`Tables`, `Stored`, `Data`, `Nets`, `Files`), flattened into the commands that take
//! them; here they become options of the library, and the files are read. What was read is told in the same words by
//! all commands: as lines (`readable`), or as the field `input` of the JSON (`With`).
//!
//! What an option cannot mean is refused: one about text tables where no text table was read, one about weights where
//! none were (`refuse_idle`, `given`).

use clap::{Args, ValueEnum};
use flatcert::arithmetic::{Enclosure, Interval, Rational, decimal};
use flatcert::input::{Array, Delimiter, Dialect, Mark, TableOptions, read_pair, refuse_overwriting, shards};
use flatcert::loss::{Loss, Scale};
use flatcert::network::{Loaded, Network, WeightOptions};
use flatcert::problem::{LoadOptions, Problem};
use flatcert::{Error, Result, hessian};
use schemars::JsonSchema;
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

/// A delimiter, as itself or by its name; a tab may be written as `\t`.
fn delimiter(s: &str) -> Result<Delimiter, String> {
    match s {
        "," | "comma" => Ok(Delimiter::Comma),
        ";" | "semicolon" => Ok(Delimiter::Semicolon),
        "\t" | "\\t" | "tab" => Ok(Delimiter::Tab),
        " " | "blank" => Ok(Delimiter::Blank),
        _ => Err("expected , ; tab or blank".to_string()),
    }
}

/// A decimal mark, as itself or by its name.
fn mark(s: &str) -> Result<Mark, String> {
    match s {
        "." | "point" => Ok(Mark::Point),
        "," | "comma" => Ok(Mark::Comma),
        _ => Err("expected . or ,".to_string()),
    }
}

impl Tables {
    /// The options of the library.
    ///
    /// What is not given stays undecided, for the reader of tables to find.
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

    /// Whoever gives such an option expects that it changed something.
    ///
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
        WeightOptions { layers: self.layers.clone(), transposed, residual, last_bias: false, tables }
    }
}

/// Regression data.
#[derive(Debug, Args)]
pub struct Data {
    /// Inputs, one row for each observation (n x d)
    #[arg(long, value_name = "X")]
    pub x: PathBuf,
    /// Targets (n); FILE:COLUMN is a column of a csv file, and X its other columns if they are the same file
    #[arg(long, value_name = "Y")]
    pub y: PathBuf,
    /// Columns of X to mean 0 and variance 1, y to mean 0; `--standardise=xy`: y to variance 1 too
    #[arg(long, value_enum, value_name = "x|xy", num_args = 0..=1, require_equals = true, default_missing_value = "x")]
    pub standardise: Option<Standardise>,
    /// Columns of X and y to mean 0: the regression with the best intercept. A bias of the last layer is accepted then,
    /// if the columns of X had mean 0 already
    #[arg(long)]
    pub intercept: bool,
    #[command(flatten)]
    pub tables: Tables,
}

/// What is brought to variance 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Standardise {
    X,
    Xy,
}

/// How networks are read.
#[derive(Debug, Args)]
pub struct Nets {
    /// Fixed head w (d_L) [default: (1)]
    #[arg(long, value_name = "FILE")]
    pub head: Option<PathBuf>,
    #[command(flatten)]
    pub stored: Stored,
    /// The risk that your own program computes: refuse if it is not that of these files
    ///
    /// They agree if they differ by no more than a unit of the last digit given, one millionth of R, or 1e-12
    /// norm(y)^2/n, whichever is most. With `--loss` it is that loss, without weight decay.
    #[arg(long, value_name = "R", value_parser = stated_risk, allow_negative_numbers = true)]
    pub expect_risk: Option<Stated>,
}

/// Data and a network.
#[derive(Debug, Args)]
pub struct Files {
    #[command(flatten)]
    pub data: Data,
    /// Layers of the network: .npz, .safetensors, or the .index.json of several
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    #[command(flatten)]
    pub nets: Nets,
}

/// A number as it was typed.
///
/// The digits matter: they say to which place the user's program printed the risk.
#[derive(Clone, Debug)]
pub struct Stated {
    /// As typed.
    text: String,
    /// The number, exactly.
    value: Rational,
}

/// A decimal of 0 or more; a fraction has no last digit, and is refused.
fn stated_risk(s: &str) -> Result<Stated, String> {
    let value: Rational = s.parse().map_err(|_| "expected a number such as 0.0123 or 1.2e-3".to_string())?;
    if s.contains('/') || value.sign() < 0 {
        return Err("expected a number such as 0.0123 or 1.2e-3, not negative".to_string());
    }
    Ok(Stated { text: s.to_string(), value })
}

impl Stated {
    /// One unit of the last digit.
    ///
    /// `None` where the exponent is no plain whole number; the other two allowances of `compare` hold then.
    fn unit(&self) -> Option<Rational> {
        let (digits, exponent) = self.text.split_once(['e', 'E']).unwrap_or((&self.text, "0"));
        let fraction = digits.split_once('.').map_or(0, |(_, f)| f.len() as i32);
        format!("1e{}", exponent.parse::<i32>().ok()? - fraction).parse().ok()
    }
}

/// What was read, for the output.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Input {
    pub x: Read,
    pub y: Read,
    pub weights: Loaded,
    /// A bias of the last layer, beside the best one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intercept: Option<Intercept>,
}

/// A bias of the last layer of a network for centred data: risk and Hessian are those at the best one, and its own
/// direction is an eigenvector.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Intercept {
    /// Its part `w^T b` of the output.
    pub output: Interval,
    /// The best one: mean of y less `w_prod^T` mean of X; null where the data are standardised.
    pub best: Option<Interval>,
    /// Eigenvalue of the Hessian of R in its direction: 2 norm(w)^2.
    pub curvature: Interval,
    /// The largest mean of a column of X, as a share of its root mean square.
    pub mean_share: f64,
}

/// An array of data.
#[derive(Debug, JsonSchema, Serialize)]
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
    /// What is known of an array once it is read, without its entries; no remark yet.
    fn new(a: &Array) -> Self {
        Self { from: a.place.clone(), table: a.table.clone(), columns: a.names.clone(), remark: None }
    }
}

/// Means of columns below this share of their root mean square are the rounding of a program that centred them, in
/// single precision at worst.
const CENTRED: f64 = 1e-6;

impl Data {
    /// Reads and prepares X and y.
    ///
    /// X and y are read together, since one may decide how the other's first line is read. A column of X that equals
    /// y is remarked on: it is no error, but makes every risk zero.
    ///
    /// # Errors
    /// As [`read_pair`] and [`Problem::from_arrays`].
    pub fn load(&self) -> Result<(Problem, Read, Read)> {
        let tables = self.tables.options();
        let (x, y) = read_pair(&self.x, &self.y, &tables)?;
        self.tables.refuse_idle(&[x.table.as_ref(), y.table.as_ref()])?;
        let (mut of_x, of_y) = (Read::new(&x), Read::new(&y));
        of_x.remark = x.column_equal_to(&y).map(|column| {
            format!("column {column} of X equals y: a target left among the inputs makes every risk zero")
        });
        let name = self.x.file_stem().map(|s| s.to_string_lossy().into_owned());
        let standardise_y = self.standardise == Some(Standardise::Xy);
        let options = LoadOptions {
            standardise: self.standardise.is_some(),
            standardise_y,
            intercept: self.intercept,
            name,
            tables,
        };
        Ok((Problem::from_arrays(x, y, &options)?, of_x, of_y))
    }

    /// Whether the data are centred here.
    ///
    /// By `--intercept`, or by `--standardise`, which centres too. A bias of the last layer is accepted only then.
    pub fn centres(&self) -> bool {
        self.intercept || self.standardise.is_some()
    }

    /// What is to be said of a bias of the last layer.
    ///
    /// `None` where the last layer has no bias, or the data are not centred. With standardised data the network sees
    /// columns that are centred and scaled here, not those of the file, and the best bias is not given.
    ///
    /// The derivation: with a bias b of the last layer the output is `w^T W_L .. W_1 x + w^T b`. The risk splits into
    /// that of the centred data plus `(w^T b - best)^2`, best the mean of y less `w_prod^T` mean of X. Where the
    /// columns of X have mean 0, best does not depend on the layers: at the best bias the mixed derivatives vanish,
    /// risk and Hessian in the layers are those of the centred data, and along b the second derivative is
    /// `2 norm(w)^2` in the direction w. All three numbers are enclosures.
    ///
    /// # Errors
    /// The columns of X were not centred before, so that the bias does more than the intercept of centred data.
    pub fn intercept(&self, problem: &Problem, network: &Network<f64>, told: &Loaded) -> Result<Option<Intercept>> {
        let (Some(bias), Some(means)) = (&told.last_bias, problem.means()) else { return Ok(None) };
        if self.standardise.is_none() && means.share > CENTRED {
            let what = format!(
                "the bias of the last layer is the intercept of centred data only where the columns of X have mean 0; \
                 one has a mean of \
                 {:.1e} of its root mean square: train on centred columns",
                means.share
            );
            return Err(Error::input(told.file.clone(), what));
        }
        let enclosed = network.map(|v| Interval::point(*v));
        let inner =
            |a: &[Interval], b: &[Interval]| a.iter().zip(b).fold(Interval::point(0.0), |s, (a, b)| s + *a * *b);
        let bias: Vec<Interval> = bias.iter().map(|v| Interval::point(*v)).collect();
        let head = enclosed.head().as_slice();
        let best = means.y - inner(enclosed.product().as_slice(), means.x.as_slice());
        Ok(Some(Intercept {
            output: inner(head, &bias),
            best: self.standardise.is_none().then_some(best),
            curvature: Interval::point(2.0) * inner(head, head),
            mean_share: means.share,
        }))
    }

    /// The files, each with its option.
    ///
    /// Without the array in them: paths that can be compared with what is to be written.
    pub fn read(&self) -> Vec<(&'static str, PathBuf)> {
        let source = |p: &Path| flatcert::input::Source::parse(p).path;
        vec![("--x", source(&self.x)), ("--y", source(&self.y))]
    }
}

impl Nets {
    /// The options of the library.
    pub fn options(&self, data: &Data) -> WeightOptions {
        WeightOptions { last_bias: data.centres(), ..self.stored.options(data.tables.options()) }
    }

    /// Reads one network for the data, and compares its risk with the one stated.
    ///
    /// # Errors
    /// As [`Network::load_with`] and [`Data::intercept`]; a risk that is not the one expected.
    pub fn load(
        &self,
        data: &Data,
        problem: &Problem,
        weights: &Path,
        loss: &Loss,
    ) -> Result<(Network<f64>, Loaded, Option<Intercept>)> {
        let (network, told) = Network::load_with(weights, self.head.as_deref(), &self.options(data))?;
        if let Some(stated) = &self.expect_risk {
            stated.compare(problem, &network, loss)?;
        }
        let intercept = data.intercept(problem, &network, &told)?;
        Ok((network, told, intercept))
    }

    /// The file of the head, with its option.
    pub fn read(&self) -> Option<(&'static str, PathBuf)> {
        self.head.as_ref().map(|p| ("--head", flatcert::input::Source::parse(p).path))
    }
}

impl Stated {
    /// Refuses a network whose loss is not the one stated.
    ///
    /// The risk is enclosed, and compared with an interval around the number stated. Its half-width is the largest
    /// of: a unit of the last digit typed; one millionth of the number, which allows for single precision;
    /// `1e-12 norm(y)^2/n` in the loss's scale, which allows for the rounding of residuals that are small against y.
    /// This proves nothing about the network: it finds other data and other layouts, which change the risk by far
    /// more as a rule.
    ///
    /// # Errors
    /// The two do not meet. The message names what the cause may be.
    fn compare(&self, problem: &Problem, network: &Network<f64>, loss: &Loss) -> Result<()> {
        let factor = Interval::point(loss.factor(problem.samples()));
        let risk = factor * hessian::network_enclosures(problem, network)?.risk;
        let power = (factor * problem.enclosed_moments().power).hi();
        let of = |q: &Rational| q.to_f64();
        let allowed = (of(&self.unit().unwrap_or(Rational::from(0)))).max(1e-6 * of(&self.value)).max(1e-12 * power);
        let near = Interval::point(of(&self.value)) + Interval::symmetric(allowed);
        if near.intersection(&risk).is_some() {
            return Ok(());
        }
        let formula = match loss.scale {
            Scale::Mean => "the risk norm(y - X w)^2 / n",
            Scale::Half => "the loss norm(y - X w)^2 / (2 n)",
            Scale::Sum => "the loss norm(y - X w)^2",
        };
        let what = format!(
            "{formula} is {}, not {}: other data, another order or layout of the layers (--transposed, --residual, \
             --layers), or a loss with \
             another factor (--loss)",
            decimal::enclosure(&risk),
            self.text
        );
        Err(Error::input("--expect-risk", what))
    }
}

impl Files {
    /// Reads both.
    ///
    /// For commands whose loss is R itself.
    ///
    /// # Errors
    /// As [`Data::load`] and [`Nets::load`].
    pub fn load(&self) -> Result<(Problem, Network<f64>, Input)> {
        let (problem, x, y) = self.data.load()?;
        let (network, weights, intercept) = self.nets.load(&self.data, &problem, &self.weights, &Loss::default())?;
        Ok((problem, network, Input { x, y, weights, intercept }))
    }

    /// Refuses to write over what is read.
    ///
    /// # Errors
    /// `path` is one of the files.
    pub fn keep(&self, option: &str, path: &Path) -> Result<()> {
        keep(option, path, &self.data, &self.nets, std::slice::from_ref(&self.weights))
    }
}

/// Refuses to write over what is read.
///
/// A head that is an array in the file of the weights is no file of its own. The data, the weights and the head are
/// compared as files, whatever their paths look like; with an index its shards are read.
///
/// # Errors
/// `path` is one of the files.
pub fn keep(option: &str, path: &Path, data: &Data, nets: &Nets, weights: &[PathBuf]) -> Result<()> {
    let mut read = data.read();
    read.extend(weights.iter().map(|p| ("--weights", p.clone())));
    read.extend(nets.read());
    let shards = read.iter().flat_map(|(option, path)| shards(path).into_iter().map(move |shard| (*option, shard)));
    let shards: Vec<_> = shards.collect();
    read.extend(shards);
    let read: Vec<(&str, &Path)> = read.iter().map(|(o, p)| (*o, p.as_path())).collect();
    refuse_overwriting(option, path, &read)
}

/// Lines for the terminal.
///
/// One block, the same for all commands: X and y with how their tables were read, then the weights, the head, what
/// was ignored, and the last bias.
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
    if let Some(i) = &input.intercept {
        let best = i.best.as_ref().map_or(String::new(), |b| format!("; the best one is {}", decimal::enclosure(b)));
        line(
            "  last bias",
            format!(
                "{} of the output{best}: risk and Hessian are those at the best one",
                decimal::enclosure(&i.output)
            ),
        );
        line("", format!("its own direction has the eigenvalue {}", decimal::enclosure(&i.curvature)));
    }
    if w.rounded > 0 {
        line("", format!("{} entries 1 + a of the diagonals were rounded to doubles", w.rounded));
    }
    out.push('\n');
    out
}

/// The first and the last names.
///
/// Up to eight as they are, else the first seven and the last.
fn short(names: &[String]) -> String {
    const MOST: usize = 8;
    if names.len() <= MOST {
        return names.join(", ");
    }
    format!("{}, ..., {}", names[..MOST - 1].join(", "), names[names.len() - 1])
}

/// What was found, and what it was found from.
#[derive(JsonSchema, Serialize)]
pub struct With<'a, T> {
    #[serde(flatten)]
    pub found: &'a T,
    pub input: &'a Input,
}
