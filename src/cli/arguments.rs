//! What can be typed, and the help texts.
//!
//! The types here are read by clap's derive: their doc comments are the help that users read, and are written for
//! them, one sentence without a full stop for an option. What a type means to the program is said where it is used.
//! Items that are no arguments (values, parsers) are documented as elsewhere.
//!
//! A value parser refuses what makes no sense in itself, and clap names the option; what depends on several options
//! or on files, or is checked by the library anyway, is refused by the command.

pub use super::arguments_nights::{Completions, Man, Merge, Nightly, Schema};
use super::files::{Data, Files, Nets, Stored, Tables};
use super::values::*;
use clap::{Args, Parser, Subcommand, ValueEnum};
use flatcert::arithmetic::Rational;
use flatcert::harness::claim::{Context, Profile};
use flatcert::harness::paper::Options;
use flatcert::nightly::Shard;
use std::path::PathBuf;

/// Checks the results of "Deep linear networks for regression are implicitly regularized towards flat minima"
/// (Marion and Chizat), and certifies the sharpness of your own deep linear network.
#[derive(Debug, Parser)]
#[command(name = "flatcert", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// What `flatcert --help` says below the options.
const EXAMPLES: &str = "\
Examples:
  flatcert report                                   check every claim, write reports/README.md
  flatcert list                                     what is checked, and where it is in the paper
  flatcert check theorem-2-depth                    one claim, its instances by class, the worst first
  flatcert probe theorem-1 --factor 1.01            is Theorem 1 true with a bound 1 % larger?
  flatcert inspect --x X.npy --y y.npy --weights net.npz     your own network
  flatcert flow --x X.npy --y y.npy --weights net.npz        its gradient flow
  flatcert figures --out figures                    the paper's experiments
  flatcert nightly --ledger night.ledger --budget 1h         an hour of fresh random trials

Exit codes: 0 every claim has its recorded outcome; 1 some claim has not; 2 bad input or usage;
3 a bug in flatcert; 4 to 6 see nightly and merge; 7 see report --against; 130 interrupted, after printing and
saving what is known so far.";

/// The commands. The line in the list of commands is an attribute: a doc comment here would hide that of the arguments
/// from --help.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(about = "Check every claim and write the report")]
    Report(Report),
    #[command(about = "List the claims, or the stated results with the verdicts in words")]
    List(List),
    #[command(about = "Check one or more claims and show their instances by class, the worst first")]
    Check(Check),
    #[command(about = "Strengthen or weaken a claim: is it still true on every instance, and how close is it?")]
    Probe(Probe),
    #[command(about = "Certified sharpness, bounds and standing of a network that you trained")]
    Inspect(Inspect),
    #[command(about = "Gradient flow from the weights of your own network")]
    Flow(Flow),
    #[command(about = "The paper's Figures 1 to 4 regenerated, with the data beside them")]
    Figures(Figures),
    #[command(about = "Evaluate one instance or trial again, from its id or from a counterexample file; verify the \
                 certificate of a flow")]
    Replay(Replay),
    #[command(about = "Try the statements about chance on fresh trials, counted in a ledger, night after night")]
    Nightly(Nightly),
    #[command(about = "The report as a book: static HTML with search, a map of the paper, and formulas")]
    Book(Book),
    #[command(about = "Join the ledgers of shards into one")]
    Merge(Merge),
    #[command(about = "Join the parts that `report --shard` wrote into one report")]
    MergeReports(MergeReports),
    #[command(about = "Print the JSON Schema of what a command prints or writes")]
    Schema(Schema),
    #[command(about = "Print a completion script for a shell")]
    Completions(Completions),
    #[command(about = "Print the man page, or write one for each command into a folder")]
    Man(Man),
}

/// How deep a run goes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Depth {
    /// About a minute on two cores
    Quick,
    /// Ten minutes on two cores
    Standard,
    /// Three quarters of an hour on two cores
    Nightly,
}

/// What every run of claims takes.
#[derive(Debug, Args)]
pub struct Run {
    /// How many instances, and how large
    #[arg(long, value_enum, default_value = "quick")]
    pub profile: Depth,
    /// Seed of every generated instance: the same seed gives the same evidence on any number of threads
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Threads [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

impl Run {
    /// The options of the library, for these claims (all if empty).
    ///
    /// Every call makes a context of its own, and so its own instances: two runs share none.
    pub fn options(&self, only: Vec<String>) -> Options {
        let profile = match self.profile {
            Depth::Quick => Profile::Quick,
            Depth::Standard => Profile::Standard,
            Depth::Nightly => Profile::Nightly,
        };
        Options { context: Context::new(profile, self.seed), only }
    }
}

/// Checks every claim and writes, into one folder: README.md (read this), evidence.json and evidence/ (the same for
/// machines: an index, and a file for each result), figures/, and run.md and run.json (time, machine, commit, what
/// changed since the report that was there).
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 every claim has its recorded outcome; 1 some claim has not; 2 bad input or usage;
7 with --against: every claim has its recorded outcome, and something moved since OLD.

Examples:
  flatcert report --out /tmp/report
  flatcert report --profile standard --seed 7
  flatcert report --only theorem-1,theorem-2-depth --out /tmp/two
  flatcert report --out new --against reports                    what moved?
  flatcert report --profile nightly --shard 2/8 --out parts      then: flatcert merge-reports parts --out reports")]
pub struct Report {
    #[command(flatten)]
    pub run: Run,
    /// Only these claims, separated by commas
    #[arg(long, value_name = "CLAIM", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Folder to write; it is created if need be, and files that are not the report's are left alone
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub out: PathBuf,
    /// A ledger of `flatcert nightly`: what it says so far goes to run.md
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Say what moved since an earlier report (its folder, or its evidence.json): verdicts, grades, constants,
    /// hypotheses, claims that came and went; all of it in changes.md
    #[arg(long, value_name = "OLD", conflicts_with = "shard")]
    pub against: Option<PathBuf>,
    /// Only each n-th claim, beginning with the i-th (the figures come after the last), written to --out as one file
    /// for `merge-reports`
    #[arg(long, value_name = "i/n", value_parser = shard, conflicts_with = "ledger")]
    pub shard: Option<Shard>,
}

/// Makes the pages of a report into a book of static HTML, to be opened from its folder or served: it asks nothing of
/// another host.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert book                                      the committed report, written to target/book
  flatcert book /tmp/report --out /tmp/book          then open /tmp/book/index.html")]
pub struct Book {
    /// Folder of a report, as `report --out` wrote it
    #[arg(value_name = "DIR", default_value = "reports")]
    pub report: PathBuf,
    /// Folder to write; only an older book is replaced
    #[arg(long, value_name = "DIR", default_value = "target/book")]
    pub out: PathBuf,
    /// Folder of the Coq sources that theorems are linked to; where it is missing they are only named
    #[arg(long, value_name = "DIR", default_value = "formal")]
    pub formal: PathBuf,
}

/// Joins the parts of one run into its report: the same bytes as `flatcert report` in one piece. With parts missing it
/// writes the report of those that are there, as `--only` would, and names what is missing.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: as `report`; 6 if parts are missing and all others have their recorded outcome.

Examples:
  flatcert report --profile nightly --shard 1/2 --out parts      elsewhere: --shard 2/2
  flatcert merge-reports parts --out reports
  flatcert merge-reports parts --out new --against reports       what moved?")]
pub struct MergeReports {
    /// Parts, or folders of them
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// The --only of the run, if it had one
    #[arg(long, value_name = "CLAIM", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Folder to write, as for `report`
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub out: PathBuf,
    /// A ledger of `flatcert nightly`: what it says so far goes to run.md
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Say what moved since an earlier report (its folder, or its evidence.json): verdicts, grades, constants,
    /// hypotheses, claims that came and went; all of it in changes.md
    #[arg(long, value_name = "OLD")]
    pub against: Option<PathBuf>,
}

/// Lists the claims: id, place in the paper, and for each form the outcome that a green run must find.
#[derive(Debug, Args)]
pub struct List {
    /// The steps of the proofs too: every display of the paper
    #[arg(long)]
    pub proofs: bool,
    /// The stated results in the order of the paper, with the recorded verdict on each in words
    #[arg(long, conflicts_with = "proofs")]
    pub results: bool,
    /// One JSON object, for machines
    #[arg(long)]
    pub json: bool,
}

/// Checks claims and counts their instances by class, the worst first: margins are `(greater - lesser) / max(|greater|,
/// |lesser|)`, rounded down where the statement holds and up where it fails.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert check theorem-1
  flatcert check lemma-4-minus lemma-5 --json")]
pub struct Check {
    /// Ids as `flatcert list` prints them
    #[arg(required = true, value_name = "CLAIM")]
    pub claims: Vec<String>,
    #[command(flatten)]
    pub run: Run,
    /// Every instance, with its margin as an enclosure
    #[arg(long)]
    pub all: bool,
    /// One JSON object with all digits, for machines
    #[arg(long)]
    pub json: bool,
}

/// Replaces the constant of a claim, or multiplies its strength, and says whether some instance refutes the new
/// statement, or how close the closest comes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert probe theorem-1 --factor 1.01       the bound of Theorem 1, one per cent larger
  flatcert probe lemma-5 --constant 3.9        with 3.9 in place of the paper's 4")]
pub struct Probe {
    /// Id as `flatcert list` prints it
    #[arg(value_name = "CLAIM")]
    pub claim: String,
    /// Form of the claim [default: the one that stands]
    #[arg(long, value_name = "NAME")]
    pub form: Option<String>,
    #[command(flatten)]
    pub change: Change,
    #[command(flatten)]
    pub run: Run,
    /// One JSON object, for machines
    #[arg(long)]
    pub json: bool,
}

/// Exactly one of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Change {
    /// Put this number in place of the claim's constant: 3, 39/10, 3.9
    #[arg(long, value_name = "C", allow_negative_numbers = true, value_parser = rational)]
    pub constant: Option<Rational>,
    /// Multiply the strength of the claim: above 1 stronger, below 1 weaker
    #[arg(long, value_name = "F", allow_negative_numbers = true, value_parser = rational)]
    pub factor: Option<Rational>,
}

/// A whole number, a fraction or a decimal, exactly.
fn rational(s: &str) -> Result<Rational, String> {
    s.parse().map_err(|_| "expected a number such as 3, 39/10 or 3.9".to_string())
}

/// Reads regression data and a trained deep linear network, and prints guaranteed enclosures of its sharpness (the
/// largest eigenvalue of the Hessian), its risk and gradient, the paper's lower bounds, and where the network stands.
///
/// The risk is `norm(y - X w)^2 / n`: no factor 1/2, no intercept (--loss, --weight-decay and --intercept say what
/// yours is).
///
/// Several checkpoints give one line for each, in the order of their steps: as CSV, or with --json as one JSON object a
/// line (schema flatcert.curve/1). The step is read from the name: the number after `step`, `iter`, `iteration` or
/// `epoch` if every name has one, else the last number that is not the same in all names; in a file of many, the array
/// `step` or `steps`. A checkpoint that does not fit is named on standard error, the rest goes on, and the exit code is
/// 2; --strict stops there. Ctrl-C keeps what is done (exit code 130).
#[derive(Debug, Args)]
#[command(after_help = "\
Data: .npy, .npz, or a text table (separated by commas, semicolons, tabs or blanks). Whether
its first line is a header is decided where it can be, and said; else the table is refused,
and --header decides.

Weights: .npz, .safetensors, or the .index.json of several. The layers are, in the order of
their numbers, W1, ..., WL (or W0, ...), none missing; or 0.weight, 2.weight, ... with any
prefix, as PyTorch names them, numbers may be missing; or what --layers says, and then other
arrays are ignored. Each is (out, in), unless --transposed. head or w in the file is the
head; without one, and without --head, the last layer must have one row. Biases must be zero.
The output says what was taken for what. Layers of three dimensions, (T, out, in), are T
checkpoints.

Examples:
  flatcert inspect --x X.npy --y y.npy --weights net.npz
  flatcert inspect --x data.csv --y data.csv:target --weights net.safetensors --standardise --json
  flatcert inspect --x X.npy --y y.npy --weights net.npz --layers 'dense_{}.kernel' --transposed
  flatcert inspect --x X.npy --y y.npy --weights net.npz --expect-risk 0.0123
  flatcert inspect --x X.npy --y y.npy --weights net.npz --eta 0.04 --top 5 --vectors leading.npz
  flatcert inspect --x X.npy --y y.npy --weights 'run/*.safetensors' --eta 0.04 --plot edge.svg > edge.csv")]
pub struct Inspect {
    #[command(flatten)]
    pub data: Data,
    /// Layers of the network: .npz, .safetensors, or the .index.json of several; or many checkpoints: several files,
    /// patterns with * and ?
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub weights: Vec<PathBuf>,
    #[command(flatten)]
    pub nets: Nets,
    /// How your loss makes one number of the squares of the residuals: count, threshold and edge speak of it
    #[arg(long, value_enum, default_value = "mean")]
    pub loss: LossScale,
    /// An optimiser's weight decay A: it adds A W to the gradient, and so A to every eigenvalue of the Hessian
    #[arg(long, value_name = "A", default_value = "0", allow_negative_numbers = true, value_parser = nonnegative)]
    pub weight_decay: f64,
    /// Draw the curve of several checkpoints here, as .svg
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Of several checkpoints: stop at the first that does not fit
    #[arg(long)]
    pub strict: bool,
    /// Solves for w* in exact rationals beyond 64 columns too, where it is otherwise enclosed
    #[arg(long)]
    pub exact: bool,
    /// The K largest eigenvalues of the Hessian, with multiplicity
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub top: Option<u32>,
    /// Write eigenvectors of the enclosed eigenvalues here, as .npz: V1_W1, ..., V1_WL, V2_W1, ... (approximate, of
    /// unit norm)
    #[arg(long, value_name = "FILE", requires = "top")]
    pub vectors: Option<PathBuf>,
    /// The certified number of eigenvalues of the Hessian above T
    #[arg(long, value_name = "T", allow_hyphen_values = true, value_parser = finite)]
    pub above: Option<f64>,
    /// A learning rate: is the sharpness certainly beyond 2 / eta, or certainly below?
    #[arg(long, value_name = "ETA", allow_negative_numbers = true, value_parser = positive)]
    pub eta: Option<f64>,
    /// How the sharpness is certified
    #[arg(long, value_enum, default_value = "auto")]
    pub method: Method,
    /// One JSON object (schema flatcert.inspect/2), for machines; of several checkpoints one on each line
    #[arg(long)]
    pub json: bool,
}

/// What is done with the squares of the residuals.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LossScale {
    /// Their mean: R itself, and PyTorch's MSELoss
    Mean,
    /// Half their mean
    Half,
    /// Their sum
    Sum,
}

/// Ways to certify the extreme eigenvalues.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Method {
    /// The cheapest that is good enough; the output says which, and why
    Auto,
    /// A d x d matrix and Weyl's bound: sharp near minimisers only
    RankD,
    /// The backward Riccati recursion: any point, any depth
    Riccati,
    /// The whole Hessian, p x p
    Dense,
}

/// A double that is neither an infinity nor NaN.
fn finite(s: &str) -> Result<f64, String> {
    s.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| "expected a finite number".to_string())
}

/// A double of 0 or more.
fn nonnegative(s: &str) -> Result<f64, String> {
    finite(s).ok().filter(|v| *v >= 0.0).ok_or_else(|| "expected a number, 0 or more".to_string())
}

/// A double above 0.
fn positive(s: &str) -> Result<f64, String> {
    finite(s).ok().filter(|v| *v > 0.0).ok_or_else(|| "expected a positive number".to_string())
}

/// Integrates the gradient flow of the risk from your network's weights (Dormand-Prince 5(4), error control relative to
/// each layer), says which assumptions of Section 4 hold at that start, and what its statements come to at the end.
///
/// Ctrl-C ends the integration, or the certification after it: what is known so far is saved and printed, with exit
/// code 130. A second one ends at once. Off a terminal a long run says every ten seconds on standard error how far it
/// is.
#[derive(Debug, Args)]
#[command(after_help = "\
Files as for `flatcert inspect`.

Exit codes: 0 the integration ended where it was asked to (`stopped` says why; budgets that you give count); 1 it crawls
or cannot go on, and advice is on standard error, or it could not be certified; 2 bad input or usage; 130 interrupted.

Examples:
  flatcert flow --x X.npy --y y.npy --weights net.npz --save limit.npz
  flatcert flow --x X.npy --y y.npy --weights net.npz --gap 1e-12 --time-budget 60 --json
  flatcert flow --x X.npy --y y.npy --weights net.npz --certificate run.tube && flatcert replay run.tube")]
pub struct Flow {
    #[command(flatten)]
    pub files: Files,
    /// Local error allowed in each layer, relative to its norm
    #[arg(long, value_name = "R", default_value = "1e-8", allow_negative_numbers = true)]
    pub rtol: f64,
    /// Local error allowed in each layer, relative to the norm of the largest layer
    #[arg(long, value_name = "A", default_value = "1e-10", allow_negative_numbers = true)]
    pub atol: f64,
    /// Stop where R - R_min falls to this; 0: never
    #[arg(long, value_name = "GAP", default_value = "1e-20", allow_negative_numbers = true)]
    pub gap: f64,
    /// Stop at this time
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub t_end: Option<f64>,
    /// Stop after this many steps [default: 1000000, and then the flow has not arrived: exit code 1]
    #[arg(long, value_name = "N")]
    pub max_steps: Option<u64>,
    /// Stop after this many seconds, certification included
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub time_budget: Option<f64>,
    /// Write the last weights here, as .npz or .safetensors: the extension says which
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Certify the sharpness along the flow and write the table here: .csv, or .jsonl for one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// With --record: one line for every N steps, besides the first and the last [default: 10]
    #[arg(long, value_name = "N", requires = "record", value_parser = clap::value_parser!(u64).range(1..))]
    pub record_every: Option<u64>,
    /// With --record: a learning rate; is the sharpness certainly beyond 2 / eta, or certainly below?
    #[arg(long, value_name = "ETA", requires = "record", allow_negative_numbers = true, value_parser = positive)]
    pub eta: Option<f64>,
    /// Prove where the true flow goes: a tube around the trajectory from these weights to the limit, and its sharpness
    /// as an enclosure
    #[arg(long)]
    pub certified: bool,
    /// Write the certificate here, for `flatcert replay` (implies --certified)
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// One JSON object (schema flatcert.flow/2), for machines
    #[arg(long)]
    pub json: bool,
}

/// Data sets that the binary carries.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Known {
    /// NIST's Longley data, 16 x 7
    Longley,
    /// Efron, Hastie, Johnstone and Tibshirani's diabetes data, 442 x 10, standardised
    Diabetes,
    /// Hald's cement data, 13 x 5
    Hald,
}

/// Runs the paper's experiments again and draws its Figures 1 to 4 (Appendix C): into one folder go, for each figure,
/// an SVG, a CSV and a JSON with what is drawn, and for each sweep a CSV with every run.
///
/// Without options these are the paper's settings: n = 50, d = 5, L = 10, its five learning rates, scales, steps and
/// repetitions. One seed gives the same files on any number of threads. Ctrl-C keeps the runs that have ended in a file
/// of the folder; the same call later goes on from there.
#[derive(Debug, Args)]
#[command(after_help = "\
Lists are separated by commas. --steps and --repetitions take one number for all rates, or one for each.

Exit codes: 0 all files written; 2 bad input or usage; 130 interrupted, finished runs kept.

Examples:
  flatcert figures --out figures
  flatcert figures --only 1a,1b --repetitions 100 --out bands
  flatcert figures --only 1 --depth 20 --rates 0.01,0.05 --steps 8000,4000 --scales 0.3,0.35,0.4
  flatcert figures --only 3 --data diabetes
  flatcert figures --only beyond")]
pub struct Figures {
    /// Folder to write; it is created if need be
    #[arg(long, value_name = "DIR", default_value = "figures")]
    pub out: PathBuf,
    /// Only these: 1a, 1b, 1c, 1d, 2, 3a, 3b, 3c, 3d, 4; 1 and 3 for all of theirs; beyond [default: all of the paper]
    #[arg(long, value_name = "FIGURE", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Seed of the data and of every start
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Threads [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Observations of the Gaussian data
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub n: usize,
    /// Inputs, and width of the layers, of the Gaussian data
    #[arg(long, value_name = "D", default_value_t = 5)]
    pub d: usize,
    /// Layers L
    #[arg(long, value_name = "L", default_value_t = 10)]
    pub depth: usize,
    /// Learning rates; Figures 1c and 3c show the smallest, 1d and 3d the largest [default: 0.005,0.02,0.07,0.1,0.2;
    /// 0.02 and 0.1]
    #[arg(long, value_name = "ETA", value_delimiter = ',', allow_hyphen_values = true)]
    pub rates: Vec<f64>,
    /// Standard deviations of the Gaussian starts; Figures 1c and 1d show all that are given [default: 10 from 0.25 to
    /// 0.6; 0.3 and 0.35]
    #[arg(long, value_name = "SCALE", value_delimiter = ',', allow_hyphen_values = true)]
    pub scales: Vec<f64>,
    /// Scales s of the residual starts; Figures 3c and 3d show all that are given [default: 10 from 0 to 1.7; 0.5]
    #[arg(long, value_name = "S", value_delimiter = ',', allow_hyphen_values = true)]
    pub residual_scales: Vec<f64>,
    /// Gradient steps [default: those of the paper's table; 4000 for other rates]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub steps: Vec<u64>,
    /// Starts at each rate and scale [default: 20; 80 at eta = 0.2, Gaussian]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub repetitions: Vec<u64>,
    /// Steps of Figures 1c, 1d, 3c, 3d
    #[arg(long, value_name = "N", default_value_t = 400)]
    pub trajectory_steps: u64,
    /// These data in place of the Gaussian, y divided by norm(w*)
    #[arg(long, value_enum, conflicts_with_all = ["x", "y", "n", "d"])]
    pub data: Option<Known>,
    /// Your inputs in place of the Gaussian (n x d), y divided by norm(w*)
    #[arg(long, value_name = "X", requires = "y", conflicts_with_all = ["n", "d"])]
    pub x: Option<PathBuf>,
    /// Your targets (n)
    #[arg(long, value_name = "Y", requires = "x")]
    pub y: Option<PathBuf>,
    /// Columns of X to mean 0 and variance 1, y to mean 0
    #[arg(long, requires = "x")]
    pub standardise: bool,
    #[command(flatten)]
    pub tables: Tables,
    /// One JSON object (schema flatcert.figures/1), for machines
    #[arg(long)]
    pub json: bool,
}

/// Evaluates one instance again: by the id that the report or `check` printed, with the profile and seed of that run,
/// or from a counterexample file. The certificate of a flow (`flow --certificate`) is verified from the file alone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert replay 'theorem-2-depth/printed#3'
  flatcert replay 'theorem-2-depth/printed#0..100' --json      one object a line; #0.. for all
  flatcert replay fixtures/counterexamples/theorem-2-depth.json
  flatcert replay canary/planted-truth#17      one trial of a statement about chance
  flatcert replay run.tube --x X.npy --y y.npy --weights net.npz   is it about these data and this start?")]
pub struct Replay {
    /// `claim/form#index`, `claim/form#a..b` (a to b - 1), `statement#trial`, or the path of a counterexample file or
    /// certificate
    #[arg(value_name = "ID|FILE")]
    pub id: String,
    /// Further instances of claims
    #[arg(value_name = "ID")]
    pub more: Vec<String>,
    /// With a certificate: the inputs it must be about
    #[arg(long, value_name = "X", requires = "y")]
    pub x: Option<PathBuf>,
    /// With a certificate: the targets it must be about
    #[arg(long, value_name = "Y", requires = "x")]
    pub y: Option<PathBuf>,
    /// With a certificate: the weights at t = 0 it must be about
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// With --weights: the fixed head [default: (1)]
    #[arg(long, value_name = "FILE", requires = "weights")]
    pub head: Option<PathBuf>,
    #[command(flatten)]
    pub tables: Tables,
    #[command(flatten)]
    pub stored: Stored,
    #[command(flatten)]
    pub run: Run,
    /// One JSON object, for machines; of a range or several ids one for each instance, a line each
    #[arg(long)]
    pub json: bool,
}
