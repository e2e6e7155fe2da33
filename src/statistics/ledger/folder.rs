//! A ledger in a folder that many machines share: each run writes a *segment* of its own, which no other ever writes,
//! so that no locks are needed, which network file systems have or have not. A segment appears by a rename, its header
//! whole. A run that was killed, or that is still alive on a node that the scheduler gave up, harms nobody: whoever
//! reads the folder takes the union of its segments, each trial once.
//!
//! A segment is named `IIIIIofNNNNN.TIME.RANDOM.ledger`: part, number of parts, the time at which it began, and
//! random letters that keep two writers of one moment apart. Parts of one folder have one number of parts: blocks are
//! dealt out by their number modulo it, and another number would deal some trials out twice.

use super::record::{Record, SCHEMA, encode};
use crate::error::{Error, Result};
use crate::network::temporary;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Ends the name of every segment.
const EXTENSION: &str = "ledger";

/// Part `index` of `count`, from 1.
pub type Part = (u64, u64);

/// `path` is a folder, or, by the slash at its end, is to be one.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// All segments of a folder, by name.
///
/// # Errors
/// It cannot be read.
pub(super) fn segments(folder: &Path) -> Result<Vec<PathBuf>> {
    let io = |e| Error::io(folder, e);
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|e| e == EXTENSION) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// The segments of one part.
///
/// Names of another form are passed over here; whoever reads the whole folder counts them too.
///
/// # Errors
/// The folder cannot be read; it was begun with another number of parts.
pub(super) fn own(folder: &Path, (index, count): Part) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in segments(folder)? {
        match part(&path) {
            Some((_, other)) if other != count => {
                let what = format!("was begun with {other} shards, not with {count}: a trial would be tried twice");
                return Err(Error::input(folder.display().to_string(), what));
            }
            Some((i, _)) if i == index => out.push(path),
            _ => {}
        }
    }
    Ok(out)
}

/// The part in a segment's name; `None` for a name of another form, such as that of a ledger that was copied here.
fn part(path: &Path) -> Option<Part> {
    let name = path.file_name()?.to_str()?;
    let (index, rest) = name.split_once("of")?;
    Some((index.parse().ok()?, rest.split('.').next()?.parse().ok()?))
}

/// A new segment with its header, for one writer.
///
/// The header is written and synced under a temporary name, then the file is renamed: a reader never sees a segment
/// without its header. Returned are the name, the open file and its length in bytes.
///
/// # Errors
/// The folder cannot be written.
pub(super) fn begin(folder: &Path, (index, count): Part, seed: u64) -> Result<(PathBuf, File, u64)> {
    let mut file = temporary(folder).map_err(|e| Error::io(folder, e))?;
    let random = file.path().file_name().map(|n| n.to_string_lossy().trim_start_matches(".flatcert-").to_string());
    let now = chrono::Utc::now().format("%Y%m%dT%H%M%S%3fZ");
    let path = folder.join(format!("{index:05}of{count:05}.{now}.{}.{EXTENSION}", random.unwrap_or_default()));
    let header = Record::Header { schema: SCHEMA.into(), seed };
    let line = encode(&header).map_err(|e| Error::internal(format!("a record that is no JSON: {e}")))?;
    let io = |e| Error::io(&path, e);
    file.write_all(line.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(io)?;
    let file = file.persist(&path).map_err(|e| io(e.error))?;
    Ok((path, file, line.len() as u64))
}

/// Makes the folder. Many may try at once.
///
/// # Errors
/// It cannot be made.
pub(super) fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))
}
