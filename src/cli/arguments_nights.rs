//! The options of nights and their ledgers, of completions and man pages.
//!
//! They are apart from the other arguments for the length of the file only, and are re-exported by `arguments`; the
//! rules for their comments are the same.

use super::values::*;
use clap::Args;
use flatcert::nightly::Shard;
use std::path::PathBuf;
use std::time::Duration;

/// Tries every statement about chance ("the event fails with probability at most p0") on random trials that no night
/// has used before, each statement for the same share of the time, and counts what they found in an append-only ledger.
///
/// The evidence (e-values) may be looked at after every night: in the whole life of a ledger, true statements raise an
/// alarm with probability 1 % at most. The night begins with canaries, planted falsehoods that must be refuted and
/// planted truths that must not; if one of them fails the night is void and nothing is recorded. A night may be killed
/// at any moment: only the batches in flight (two seconds of each thread as a rule) are lost, and are done again.
/// Ctrl-C ends it at once, with everything recorded.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 no alarm; 1 an alarm; 2 bad input or usage; 4 a void night: a canary did what it must not, and nothing was
recorded; 5 an idle night: this shard had nothing to do that was not counted already; 130 interrupted, everything
recorded.

Examples:
  flatcert nightly --ledger night.ledger                        one hour on all processors
  flatcert nightly --ledger night.ledger --budget 20m --only lemma-3-sigma-min
  flatcert nightly --ledger night.ledger --status               what the ledger says so far
  flatcert nightly --ledger part2.ledger --shard 2/3 --trials 1000000
  flatcert nightly --ledger night/ --shard 2/3 --night monday --counted all.ledger      on a folder that machines share
  flatcert nightly --ledger all.ledger --status --summary morning      writes morning.md, .json and .svg
  flatcert merge part1.ledger part2.ledger part3.ledger --out night.ledger")]
pub struct Nightly {
    /// The ledger; it is created if need be. A name that ends in / is a folder that many machines may share without
    /// locks: each run writes a file of its own in it
    #[arg(long, value_name = "FILE|DIR/")]
    pub ledger: PathBuf,
    /// Length of the night: 90s, 20m, 1h, 1h 30m [default: 1h]
    #[arg(long, value_name = "TIME", conflicts_with = "trials", value_parser = duration)]
    pub budget: Option<Duration>,
    /// End when the first N trials of every statement are counted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub trials: Option<u64>,
    /// Do shard i of n: of the blocks of every statement's trials, each n-th
    #[arg(long, value_name = "i/n", default_value = "1/1", value_parser = shard)]
    pub shard: Shard,
    /// Seed of every trial, for the life of the ledger
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Threads [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Trials of a block, and of a batch at most [default: about half a second of them, by statement]; shards must
    /// agree
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    pub batch: Option<u64>,
    /// Only these claims or statements, separated by commas (the canaries are always tried)
    #[arg(long, value_name = "CLAIM", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Label of the night, the same for all its shards; a run of the same label and shard goes on where another was cut
    /// off [default: the time]
    #[arg(long, value_name = "LABEL")]
    pub night: Option<String>,
    /// With a folder: a ledger that is only read, whose trials are counted and not done again
    #[arg(long, value_name = "FILE")]
    pub counted: Option<PathBuf>,
    /// Write what a maintainer reads in the morning to F.md, F.json and F.svg: what is new since the F.json that is
    /// there
    #[arg(long, value_name = "F")]
    pub summary: Option<PathBuf>,
    /// Plant a falsehood among the statements, to see the alarm raised; for a ledger that is thrown away
    #[arg(long)]
    pub drill: bool,
    /// Try nothing: say what the ledger holds
    #[arg(long, conflicts_with_all = ["budget", "trials", "shard", "jobs", "batch", "night", "counted"])]
    pub status: bool,
    /// One JSON object (schema flatcert.nightly/1), for machines
    #[arg(long)]
    pub json: bool,
}

/// Joins the ledgers of shards: each trial once, touching batches of one night as one record. The same bytes in
/// whatever order the shards are named; broken lines are left out and named. With --expect it says which shards of the
/// night have not ended.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 all is there; 2 bad input, or two ledgers that found different things in the same trials; 6 merged, but \
shards are missing.

Examples:
  flatcert merge part1.ledger part2.ledger --out night.ledger
  flatcert merge all.ledger night/ --expect 16 --out all.ledger
  flatcert nightly --ledger night.ledger --status")]
pub struct Merge {
    /// Ledgers of one seed; a folder stands for those in it
    #[arg(required = true, value_name = "LEDGER")]
    pub shards: Vec<PathBuf>,
    /// The ledger to write; it may be one of the shards
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Shards that the night has: those that have not ended are named. Ledgers that are not there are passed over
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=65_536))]
    pub expect: Option<u64>,
    /// With --expect: label of the night [default: the last that any run ended]
    #[arg(long, value_name = "LABEL", requires = "expect")]
    pub night: Option<String>,
    /// One JSON object, for machines
    #[arg(long)]
    pub json: bool,
}

/// Prints the JSON Schema (2020-12) of what is printed with --json, or of a file of a report. Without a name it lists
/// what there is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert schema inspect
  flatcert schema --out docs/schemas")]
pub struct Schema {
    /// evidence, claim, proof, figure, inspect, flow, figures or nightly
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Folder for all of them, each under its name and version; it is created if need be
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub out: Option<PathBuf>,
}

/// Prints a script that completes commands, options and their values in a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert completions bash > ~/.local/share/bash-completion/completions/flatcert
  flatcert completions zsh > ~/.zfunc/_flatcert
  flatcert completions fish > ~/.config/fish/completions/flatcert.fish")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Prints the man page of flatcert in roff; with --out, writes that and one page for each command into a folder.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flatcert man | man -l -
  flatcert man --out ~/.local/share/man/man1")]
pub struct Man {
    /// Folder for flatcert.1, flatcert-inspect.1, ...; it is created if need be
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
