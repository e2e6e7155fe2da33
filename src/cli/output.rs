//! Standard output: flushed, and a reader that goes away is no error.

use super::Stop;
use flatcert::Error;
use serde::Serialize;
use std::io::{ErrorKind, Write};

/// Writes and flushes.
pub fn print(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Err(Stop::Closed),
        Err(e) => Err(Stop::Failed(Error::input("standard output", e.to_string()))),
    }
}

/// One JSON object.
pub fn print_json(value: &impl Serialize) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Error::internal(format!("JSON: {e}")))?;
    print(&(text + "\n"))
}
