//! Standard output: flushed, and a reader that goes away is no error.
//!
//! Files are written whole or not at all: beside their name first, then renamed. A path is tried before the work, not
//! after it.

use super::Stop;
use flatcert::Error;
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Writes and flushes.
///
/// # Errors
/// `Stop::Closed` where the reader has closed the pipe, `Stop::Failed` for any other refusal of the system.
pub fn print(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Err(Stop::Closed),
        Err(e) => Err(Stop::Failed(Error::input("standard output", e.to_string()))),
    }
}

/// One JSON object.
///
/// Indented, with a line end behind it.
///
/// # Errors
/// As `print`; a value that is no JSON: a bug.
pub fn print_json(value: &impl Serialize) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Error::internal(format!("JSON: {e}")))?;
    print(&(text + "\n"))
}

/// Writes a file beside its name, then renames it: what was there stays until the new one is whole.
///
/// # Errors
/// The operating system refused.
pub fn replace(path: &Path, text: &str) -> flatcert::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let io = |e| Error::io(path, e);
    let mut file = tempfile::Builder::new().prefix(".flatcert-").tempfile_in(folder).map_err(io)?;
    file.write_all(text.as_bytes()).map_err(io)?;
    readable_by_all(file.as_file()).map_err(io)?;
    file.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

/// Temporary files are private; what is handed over is not.
///
/// Read and write for the owner, read for all others; nothing where the system has no such modes.
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Tries the folder of `path` with a temporary file, which is removed at once; a file at `path` is not touched.
///
/// # Errors
/// The folder does not exist or takes no files, or the path is a folder.
pub fn writable(option: &str, path: &Path) -> flatcert::Result<()> {
    if path.is_dir() {
        return Err(Error::input(format!("{option} {}", path.display()), "is a folder"));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(".flatcert-").tempfile_in(folder).map_err(|e| {
        // The error itself names the temporary file.
        let why = match e.kind() {
            std::io::ErrorKind::NotFound => "its folder does not exist".to_string(),
            kind => format!("cannot be written: {kind}"),
        };
        Error::input(format!("{option} {}", path.display()), why)
    })?;
    Ok(())
}
