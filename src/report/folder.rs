//! The output folder: opened before the work starts, filled at the end, all files or none.
//!
//! A run may take an hour, and its report replaces one that somebody may be reading. So the folder is tried first,
//! the files wait in a temporary folder *inside* it (a rename within one file system is atomic, one across two is a
//! copy), and they are moved when all are written. A failure before that leaves the old report as it was; a kill
//! between two renames leaves files of both, each of them whole.

use crate::error::{Error, Result};
use crate::harness::evidence::Evidence;
use crate::input::refuse_overwriting;
use crate::network::temporary;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Writes a file beside its final name and renames it: nobody sees half of it.
///
/// It is synced before the rename: after a crash the name has the old content or the new. The permissions are those
/// of the user's mask.
///
/// # Errors
/// The operating system refused.
pub fn replace(path: &Path, content: &str) -> Result<()> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let io = |e| Error::io(path, e);
    let mut file = temporary(parent).map_err(io)?;
    file.write_all(content.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(io)?;
    file.persist(path).map(drop).map_err(|e| io(e.error))
}

/// A folder that can be written, with a temporary folder inside it where the files wait.
///
/// Dropped before [`Folder::commit`], it leaves nothing behind: folders that [`Folder::open`] made go again.
#[derive(Debug)]
pub struct Folder {
    /// As it was named.
    path: PathBuf,
    /// Removed when this value is dropped.
    waiting: TempDir,
    /// Read before anything is overwritten: for what moved, and for what is stale.
    previous: Option<Evidence>,
    /// Behind `waiting`, since fields are dropped in their order: a folder that holds anything is not removed.
    _made: Made,
}

/// Folders that were made, the innermost first: removed when this value is dropped, if they are empty.
#[derive(Debug)]
pub struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder and those that lead to it, where they are missing.
    ///
    /// # Errors
    /// The operating system refused; then none is left that was made.
    pub fn new(path: &Path) -> Result<Self> {
        let missing = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists());
        let made = Self(missing.map(Path::to_path_buf).collect());
        fs::create_dir_all(path).map_err(|e| Error::io(path, e))?;
        Ok(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in &self.0 {
            // Fails, as it should, where the folder holds anything by now.
            let _ = fs::remove_dir(path);
        }
    }
}

impl Folder {
    /// Creates the folder if need be and proves that it can be written, before an hour of work is spent.
    ///
    /// A folder with a `README.md` and no `evidence.json` is somebody else's work and is refused. An `evidence.json`
    /// that cannot be read, of an older version say, is no error: there is then no run before.
    ///
    /// # Errors
    /// It cannot be created or written; it holds a README.md that is not flatcert's.
    pub fn open(path: &Path) -> Result<Self> {
        let _made = Made::new(path)?;
        let waiting = tempfile::Builder::new().prefix(".flatcert-").tempdir_in(path).map_err(|e| Error::io(path, e))?;
        if path.join("README.md").exists() && !path.join("evidence.json").exists() {
            let what = "holds a README.md but no evidence.json: not a report's folder, left as it is";
            return Err(Error::input(path.display().to_string(), what));
        }
        Ok(Self { path: path.to_path_buf(), waiting, previous: super::split::read(path).ok(), _made })
    }

    /// The evidence of the run before, where there is one that can be read.
    pub fn previous(&self) -> Option<&Evidence> {
        self.previous.as_ref()
    }

    /// Refuses a file read, named by `option`, that the report may write or remove: one of its names in this folder.
    ///
    /// The option is named in the message. The comparison is by file and not by name, so that a link to the folder
    /// or a symbolic link to the file does not deceive it. In the folders of a report every name with their extension
    /// is one of its names; a hard link of another name to a file there is let pass, and keeps its content, since
    /// files are replaced by renaming.
    ///
    /// # Errors
    /// It is one.
    pub fn keep(&self, option: &str, file: &Path) -> Result<()> {
        /// The folders inside of the folder, and the extension of the files in them.
        const BELOW: [(&str, &str); 5] = [
            ("results", "md"),
            ("figures", "svg"),
            ("evidence", "json"),
            ("evidence/proofs", "json"),
            ("evidence/figures", "json"),
        ];
        let top =
            super::markdown::TOP.iter().chain(&super::run::FILES).chain([&super::split::INDEX, &super::against::PAGE]);
        let true_name = file.canonicalize().ok();
        let named = [Some(file), true_name.as_deref()].into_iter().flatten().filter_map(Path::file_name).map(Path::new);
        let below = named.flat_map(|name| {
            let fits = BELOW.iter().filter(|(_, extension)| name.extension().is_some_and(|e| e == *extension));
            fits.map(move |(folder, _)| Path::new(folder).join(name))
        });
        for name in top.map(PathBuf::from).chain(below) {
            refuse_overwriting("--out", &self.path.join(name), &[(option, file)])?;
        }
        Ok(())
    }

    /// Where the files go.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes every file into the temporary folder, then moves each into place, and removes figures and pages of the
    /// run before that this one does not have.
    ///
    /// What is stale is known from the evidence of the run before: its figures, the files of `evidence/`, its pages,
    /// and the page of what moved. Only these names are removed; files that no run has written stay.
    ///
    /// # Errors
    /// The operating system refused.
    pub fn commit(self, files: &[(String, String)]) -> Result<()> {
        for (name, content) in files {
            let at = self.waiting.path().join(name);
            if let Some(parent) = at.parent() {
                fs::create_dir_all(parent).map_err(|e| Error::io(parent, e))?;
            }
            fs::write(&at, content).map_err(|e| Error::io(&at, e))?;
        }
        let figures = self.previous.iter().flat_map(|e| &e.figures).map(super::figures::file_name);
        let detail = self.previous.iter().flat_map(|e| super::split::files(e).unwrap_or_default()).map(|f| f.0);
        let stale = figures.chain(detail).chain(self.previous.iter().flat_map(super::markdown::pages));
        let stale = stale.chain([super::against::PAGE.to_string()]);
        for name in stale.filter(|n| !files.iter().any(|(f, _)| f == n)) {
            let _ = fs::remove_file(self.path.join(name));
        }
        for (name, _) in files {
            let to = self.path.join(name);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).map_err(|e| Error::io(parent, e))?;
            }
            fs::rename(self.waiting.path().join(name), &to).map_err(|e| Error::io(&to, e))?;
        }
        Ok(())
    }
}
