//! One opaque error: a line that says what is wrong and where, and predicates instead of public variants.
//!
//! Why opaque: callers ask whose fault it is ([`Error::is_input`], [`Error::is_io`], [`Error::is_stopped`],
//! [`Error::is_internal`]), not which of many variants they hold; so a new cause is no change of the interface. The
//! text is one line, for people.
//!
//! | kind | made by | exit code |
//! | --- | --- | --- |
//! | bad input | [`Error::input`], [`Error::usage`] | 2 |
//! | the operating system refused | [`Error::io`] | 2 |
//! | ended from outside | [`Error::stopped`] | 2 |
//! | a bug in flatcert | [`Error::internal`] | 3 |

use std::path::Path;

/// Result of everything in this crate that can be refused.
///
/// The error is [`Error`] unless a function names another.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in one line. Bad input and a bug in flatcert are different things: see [`Error::is_internal`].
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What is told apart, and what is printed.
    kind: Kind,
}

/// Private: a variant carries what its line says.
#[derive(Debug, thiserror::Error)]
enum Kind {
    /// Data, a file's content or an array: where, and what was found against what was expected.
    #[error("{place}: {problem}")]
    Input { place: String, problem: String },
    /// An argument or a combination of options.
    #[error("{0}")]
    Usage(String),
    /// A file that cannot be opened, read or written, with the system's own words.
    #[error("{place}: {source}")]
    Io { place: String, source: std::io::Error },
    /// An interruption or a spent budget.
    #[error("{0}")]
    Stopped(String),
    /// A contradiction; the line asks for a report.
    #[error("internal error, please report it: {0}")]
    Internal(String),
}

impl Error {
    /// Bad input: `place` names file, array, row; `problem` says what was found and what was expected.
    pub fn input(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { kind: Kind::Input { place: place.into(), problem: problem.into() } }
    }
    /// A command line or an argument that makes no sense.
    pub fn usage(problem: impl Into<String>) -> Self {
        Self { kind: Kind::Usage(problem.into()) }
    }
    /// The operating system refused.
    pub fn io(path: &Path, source: std::io::Error) -> Self {
        Self { kind: Kind::Io { place: path.display().to_string(), source } }
    }
    /// Somebody wanted an end: a flag was raised, or a budget of time is spent.
    pub fn stopped(what: impl Into<String>) -> Self {
        Self { kind: Kind::Stopped(what.into()) }
    }
    /// A contradiction that only a bug in flatcert can produce.
    ///
    /// Two disjoint enclosures of one number, for instance. Never for something that input alone can cause.
    pub fn internal(problem: impl Into<String>) -> Self {
        Self { kind: Kind::Internal(problem.into()) }
    }
    /// The same error, its place prefixed (an array inside a file, say).
    ///
    /// Only bad input has a place to prefix; every other error is returned as it is.
    pub fn within(self, outer: &str) -> Self {
        match self.kind {
            Kind::Input { place, problem } => {
                let place = if place.is_empty() { outer.to_string() } else { format!("{outer}: {place}") };
                Self { kind: Kind::Input { place, problem } }
            }
            _ => self,
        }
    }
    /// The user's input or command line is at fault.
    pub fn is_input(&self) -> bool {
        matches!(self.kind, Kind::Input { .. } | Kind::Usage(_))
    }
    /// The file system is at fault.
    pub fn is_io(&self) -> bool {
        matches!(self.kind, Kind::Io { .. })
    }
    /// Nobody is at fault: the work was ended from outside.
    pub fn is_stopped(&self) -> bool {
        matches!(self.kind, Kind::Stopped(_))
    }
    /// flatcert is at fault.
    pub fn is_internal(&self) -> bool {
        matches!(self.kind, Kind::Internal(_))
    }
    /// Process exit code: 2 for input, usage and files, 3 for a bug.
    ///
    /// The program has further codes for results that are no errors.
    pub fn exit_code(&self) -> u8 {
        if self.is_internal() { 3 } else { 2 }
    }
}
