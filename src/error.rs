//! One opaque error: a line that says what is wrong and where, and predicates instead of public variants.

use std::path::Path;

/// Result of everything in this crate that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in one line. Bad input and a bug in flatcert are different things: see [`Error::is_internal`].
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    kind: Kind,
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("{place}: {problem}")]
    Input { place: String, problem: String },
    #[error("{0}")]
    Usage(String),
    #[error("{place}: {source}")]
    Io { place: String, source: std::io::Error },
    #[error("{0}")]
    Stopped(String),
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
    pub fn internal(problem: impl Into<String>) -> Self {
        Self { kind: Kind::Internal(problem.into()) }
    }
    /// The same error, its place prefixed (an array inside a file, say).
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
    pub fn exit_code(&self) -> u8 {
        if self.is_internal() { 3 } else { 2 }
    }
}
