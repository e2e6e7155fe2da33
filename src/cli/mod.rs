//! Arguments, exit codes and output of the `flatcert` command.
//!
//! The program is a thin shell: a command reads its files and options, calls the library, and prints what comes back.
//! What is computed, how it is rounded and what it is called in JSON is the library's matter; what is a mistake of
//! the user's, where a line goes and which exit code ends it, is decided here.
//!
//! | file | commands |
//! | --- | --- |
//! | `arguments`, `arguments_nights` | what can be typed: the types that clap reads, and so the help |
//! | `report` | `report`, `merge-reports`; the running of claims for `check` too |
//! | `check`, `single` | `check`; `list`, `probe`, `replay` |
//! | `files` | the options about data, weights and head, shared by `inspect`, `flow`, `figures` and `replay` |
//! | `inspect`, `curve` | `inspect`, of one network and of many checkpoints |
//! | `flow`, `record`, `certified` | `flow`, its `--record`, and what a certificate proves |
//! | `figures`, `figures_files` | `figures`, and its files |
//! | `nightly` | `nightly`, `merge`; `replay` of a trial |
//! | `book`, `schema`, `shell` | `book`; `schema`; `completions` and `man` |
//! | `output`, `progress`, `values` | standard output and files; standard error; values of options |
//!
//! The way of every command: `main` parses, tries the arithmetic of the machine, runs the command, asks whether two
//! bounds of one number ever contradicted each other, and turns the outcome into an exit code. Results go to standard
//! output, progress and refusals to standard error, a refusal always on one line.
//!
//! | exit code | meaning | from |
//! | --- | --- | --- |
//! | 0 | as recorded, or done; also if the reader of the output went away | `Found::AsRecorded`, `Stop::Closed` |
//! | 1 | a claim, an instance, a flow, a certificate or a night is not as it should be | `Found::Differs` |
//! | 2 | bad input or usage, or a part of the input left out | `Stop::Failed`, `Found::LeftOut` |
//! | 3 | a bug, a panic among them | `Stop::Failed`, `main` |
//! | 4, 5, 6, 7 | void and idle nights, incomplete merges, reports that moved | the constants below |
//! | 130 | ended by Ctrl-C, with what is known printed or saved | `Found::Interrupted` |

mod arguments;
mod arguments_nights;
mod book;
mod certified;
mod check;
mod curve;
mod figures;
mod figures_files;
mod files;
mod flow;
mod inspect;
mod nightly;
mod output;
mod progress;
mod record;
mod report;
mod schema;
mod shell;
mod single;
mod values;

use arguments::{Arguments, Command};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use flatcert::Error;
use flatcert::arithmetic::{check_environment, no_contradiction};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a command found.
///
/// A command returns it where it has done its work; what kept it from its work is a `Stop`. `main` alone turns either
/// into a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Everything as recorded: exit code 0.
    AsRecorded,
    /// Some claim has not its recorded outcome: exit code 1.
    Differs,
    /// Some input was left out, and named: exit code 2.
    LeftOut,
    /// A night whose canaries failed: exit code [`VOID`].
    Void,
    /// A night that had nothing to do: exit code [`IDLE`].
    Idle,
    /// Merged, but something is missing: exit code [`INCOMPLETE`].
    Incomplete,
    /// Every claim as recorded, and something moved since the report of `--against`: exit code [`MOVED`].
    Moved,
    /// Ctrl-C ended it, after what is known so far was printed and saved: exit code [`INTERRUPTED`].
    Interrupted,
}

/// Exit code of a command that Ctrl-C ended: 128 + SIGINT, as shells have it.
const INTERRUPTED: u8 = 130;

/// Exit code of a night that means nothing, since a canary did what it must not.
const VOID: u8 = 4;
/// Exit code of a night that recorded nothing because nothing was left to do.
const IDLE: u8 = 5;
/// Exit code of a merge that took what is there and named what is missing.
const INCOMPLETE: u8 = 6;
/// Exit code of a report that is as recorded and not as the older one was.
const MOVED: u8 = 7;

/// The first Ctrl-C raises the flag; a second ends the process at once: the handler itself does, since the loop may be
/// deep in a report.
///
/// `flow`, `figures`, `nightly` and the curves of `inspect` install it, and look at the flag where they can stop; all
/// others end at the first Ctrl-C as any program does. The second ends the process with exit code 130 and without
/// saving.
///
/// # Errors
/// The handler cannot be installed, a second one for instance: a bug.
fn raise_on_interrupt(flag: Arc<AtomicBool>) -> flatcert::Result<()> {
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    })
    .map_err(|e| Error::internal(format!("signal handler: {e}")))
}

/// Why a command stopped early.
#[derive(Debug)]
enum Stop {
    /// Whoever read the output closed the pipe: not a failure.
    Closed,
    /// Bad input or usage (exit code 2), or a bug (3): one line either way.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

/// What every command returns.
type Outcome = Result<Found, Stop>;

/// Parses the command line, runs the command, turns what came out into an exit code.
///
/// A panic of the command is caught, and the hook has said it in one line: exit code 3, as for other bugs. The
/// arithmetic is tried before the command (rules of IEEE 754, directed rounding of MPFR), and contradictions between
/// bounds that met anywhere in the process are asked for after it, so that a result that rests on either is not taken
/// for one; what the command has printed by then stays printed.
pub fn main() -> ExitCode {
    // A panic is a bug of flatcert: one line, and the exit code for bugs.
    std::panic::set_hook(Box::new(|info| eprintln!("flatcert: internal error, please report it: {}", one_line(info))));
    let arguments = match Arguments::try_parse() {
        Ok(a) => a,
        Err(e) => return refused(&e),
    };
    let outcome = std::panic::catch_unwind(|| {
        check_environment()?;
        let found = run(&arguments.command)?;
        no_contradiction()?;
        Ok(found)
    });
    match outcome {
        Ok(Ok(Found::AsRecorded) | Err(Stop::Closed)) => ExitCode::SUCCESS,
        Ok(Ok(Found::Differs)) => ExitCode::from(1),
        Ok(Ok(Found::LeftOut)) => ExitCode::from(2),
        Ok(Ok(Found::Void)) => ExitCode::from(VOID),
        Ok(Ok(Found::Idle)) => ExitCode::from(IDLE),
        Ok(Ok(Found::Incomplete)) => ExitCode::from(INCOMPLETE),
        Ok(Ok(Found::Moved)) => ExitCode::from(MOVED),
        Ok(Ok(Found::Interrupted)) => ExitCode::from(INTERRUPTED),
        Ok(Err(Stop::Failed(e))) => {
            eprintln!("flatcert: {}", one_line(&e));
            ExitCode::from(e.exit_code())
        }
        Err(_) => ExitCode::from(3),
    }
}

/// Text on one line, for standard error: line ends become blanks.
fn one_line(what: &dyn std::fmt::Display) -> String {
    what.to_string().split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Calls the command.
fn run(command: &Command) -> Outcome {
    match command {
        Command::Report(a) => report::report(a),
        Command::List(a) => single::list(a),
        Command::Check(a) => check::check(a),
        Command::Probe(a) => single::probe(a),
        Command::Inspect(a) => inspect::inspect(a),
        Command::Flow(a) => flow::flow(a),
        Command::Figures(a) => figures::figures(a),
        Command::Replay(a) => single::replay(a),
        Command::Nightly(a) => nightly::nightly(a),
        Command::Book(a) => book::book(a),
        Command::Merge(a) => nightly::merge(a),
        Command::MergeReports(a) => report::merge(a),
        Command::Schema(a) => schema::schema(a),
        Command::Completions(a) => shell::completions(a),
        Command::Man(a) => shell::man(a),
    }
}

/// Help and version go to standard output with exit code 0; a mistake is one line on standard error with exit code 2.
///
/// Of clap's rendering the lines before the usage are kept, and joined by semicolons.
fn refused(e: &clap::Error) -> ExitCode {
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match output::print(&e.render().to_string()) {
            Ok(()) | Err(Stop::Closed) => ExitCode::SUCCESS,
            Err(Stop::Failed(_)) => ExitCode::from(2),
        },
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let all = Arguments::command();
            let names: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
            eprintln!("flatcert: which command of {}? (flatcert --help explains)", names.join(", "));
            ExitCode::from(2)
        }
        _ => {
            let text = e.render().to_string();
            let said = text.lines().take_while(|l| !l.starts_with("Usage:") && !l.starts_with("For more"));
            let words: Vec<&str> =
                said.map(|l| l.trim().trim_start_matches("error: ")).filter(|l| !l.is_empty()).collect();
            eprintln!("flatcert: {} (--help explains)", words.join("; ").replace(":; ", ": "));
            ExitCode::from(2)
        }
    }
}
