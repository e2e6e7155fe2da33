//! Files compared as files, whatever their paths look like: `./data.csv`, a link, another spelling on a disk that
//! ignores case.

use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// Whether two paths lead to one file: to the same place of the disk, or, where nothing is there yet, to the same name
/// in one folder.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a == b || identity(a).is_some_and(|id| identity(b) == Some(id)) || place(a).is_some_and(|p| place(b) == Some(p))
}

/// Refuses a file to be written, named by `option`, that is one of those read.
///
/// # Errors
/// It is one of `inputs`, each an option and its path.
pub fn refuse_overwriting(option: &str, output: &Path, inputs: &[(&str, &Path)]) -> Result<()> {
    match inputs.iter().find(|(_, input)| same_file(output, input)) {
        Some((read, input)) => {
            let what = format!("is the file of {read} {}: an input is never overwritten", input.display());
            Err(Error::input(format!("{option} {}", output.display()), what))
        }
        None => Ok(()),
    }
}

/// Device and number of what is there.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|m| (m.dev(), m.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// The true folder and the name in it.
fn place(path: &Path) -> Option<(PathBuf, std::ffi::OsString)> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some((folder.canonicalize().ok()?, path.file_name()?.to_os_string()))
}
