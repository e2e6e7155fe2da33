//! Files compared as files, whatever their paths look like: `./data.csv`, a link, another spelling on a disk that
//! ignores case.
//!
//! Two uses: X and y of one table are recognised as one file, and a file to be written is refused where it is one
//! that is read. Where the system says nothing of a path or of its folder, two different paths count as two files.

use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// Whether two paths lead to one file: to the same place of the disk, or, where nothing is there yet, to the same name
/// in one folder.
///
/// Two hard links are one file. Two paths with one folder, its links resolved, and one name are one file, whether it
/// exists or not.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a == b || identity(a).is_some_and(|id| identity(b) == Some(id)) || place(a).is_some_and(|p| place(b) == Some(p))
}

/// Refuses a file to be written, named by `option`, that is one of those read.
///
/// The comparison is made when it is called: it does not lock anything.
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
///
/// `None` where nothing is there, or the system does not say. Links are followed.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|m| (m.dev(), m.ino()))
}

/// The path with all links resolved; `None` where nothing is there. Without device numbers two hard links stay two
/// files.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// The true folder and the name in it.
///
/// `None` where the folder does not exist, or the path ends in `..`.
fn place(path: &Path) -> Option<(PathBuf, std::ffi::OsString)> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some((folder.canonicalize().ok()?, path.file_name()?.to_os_string()))
}
