//! The ledger: an append-only file of counted trials, one JSON line per batch, safe against a kill at any byte.
//!
//! A batch has its counts and the times at which it began and ended. A record is complete when its newline is written.
//! On opening, an incomplete or unwritten last line is moved to `FILE.torn`; a broken line elsewhere, a batch of
//! another version of a statement and a batch that overlaps an earlier one are refused with their line numbers: kept in
//! the file, never counted. One process writes at a time.

mod merge;
mod record;
mod scan;
mod totals;

pub use merge::{Merged, merge};
pub use record::{Batch, SCHEMA, Span};
pub use scan::Refused;
pub use totals::Totals;

use crate::error::{Error, Result};
use record::{Record, encode};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The current version of each statement, by key. Batches of other keys and versions are not counted.
pub type Versions = BTreeMap<String, String>;

/// What a torn line needs undone; a file, except where tests break it.
trait Store: Write {
    fn sync(&mut self) -> std::io::Result<()>;
    fn cut(&mut self, length: u64) -> std::io::Result<()>;
}

impl Store for File {
    fn sync(&mut self) -> std::io::Result<()> {
        self.sync_data()
    }
    fn cut(&mut self, length: u64) -> std::io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }
}

/// A ledger open for appending, locked against other writers until it is dropped.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    seed: u64,
    versions: Versions,
    totals: BTreeMap<String, Totals>,
    refused: Vec<Refused>,
    registered: BTreeSet<String>,
    torn: usize,
    length: u64,
    /// A failed append may have left part of a line behind.
    dirty: bool,
}

impl Ledger {
    /// Opens a ledger of this seed, or starts one. An incomplete last line is appended to `FILE.torn` and cut off.
    ///
    /// # Errors
    /// A folder or a file that cannot be read and written; a file that is no ledger; another seed; another process has
    /// it open.
    pub fn open(path: &Path, seed: u64, versions: &Versions) -> Result<Self> {
        let io = |e: std::io::Error| Error::io(path, e);
        refuse_special(path)?;
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
        lock(path, || file.try_lock())?;
        refuse_replaced(path, &file)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let found = scan::lines(path, &bytes)?;
        check_seed(path, &found, seed)?;
        let (started, whole) = (found.seed.is_some(), found.whole);
        if whole < bytes.len() {
            set_aside(path, &bytes[whole..])?;
        }
        let registered = scan::registered(&found);
        let (totals, refused) = scan::count(found, seed, versions);
        let mut ledger = Self {
            path: path.to_path_buf(),
            file,
            seed,
            versions: versions.clone(),
            totals,
            refused,
            registered,
            torn: bytes.len() - whole,
            length: whole as u64,
            dirty: true,
        };
        if started {
            ledger.file.cut(ledger.length).and_then(|()| ledger.file.sync()).map_err(io)?;
            ledger.dirty = false;
        } else {
            ledger.write(&Record::Header { schema: SCHEMA.into(), seed })?;
        }
        Ok(ledger)
    }

    /// The first trial after all that are counted for this key; 0 for a new key.
    pub fn next_trial(&self, key: &str) -> u64 {
        self.totals.get(key).map_or(0, Totals::next_trial)
    }

    /// Appends a batch, with the time it took if that is known, and waits until it is on the disk. On an error nothing
    /// is counted and the file is as it was, or will be at the next append or opening.
    ///
    /// # Errors
    /// Impossible counts, an unknown key, another version, trials that were counted before; the disk is full or
    /// failing.
    pub fn append(&mut self, batch: Batch, span: Option<Span>) -> Result<()> {
        let mut total = self.totals.get(&batch.key).cloned().unwrap_or_default();
        if let Some(reason) = scan::admissible(&batch, &self.versions).or_else(|| total.add(&batch).err()) {
            return Err(Error::usage(format!("{}: {reason}", self.path.display())));
        }
        let (key, name) = (batch.key.clone(), batch.name());
        self.write(&Record::Batch { seed: self.seed, batch, span })?;
        self.totals.insert(key, total);
        self.registered.insert(name);
        Ok(())
    }

    /// Counts by key.
    pub fn totals(&self) -> &BTreeMap<String, Totals> {
        &self.totals
    }

    /// Lines found on opening that are kept and not counted, by line number.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// `key@version` of every statement that was ever counted here, those of other versions included.
    pub fn registered(&self) -> &BTreeSet<String> {
        &self.registered
    }

    /// Bytes of an incomplete last line that opening moved to `FILE.torn`; 0 if there was none.
    pub fn torn(&self) -> usize {
        self.torn
    }

    /// The seed all trials are drawn under.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    fn write(&mut self, record: &Record) -> Result<()> {
        let line = encode(record).map_err(|e| Error::internal(format!("a record that is no JSON: {e}")))?;
        append_line(&mut self.file, &mut self.length, &mut self.dirty, line.as_bytes())
            .map_err(|e| Error::io(&self.path, e))
    }
}

/// One line in one write, on the disk when this returns; on failure the store is cut back to `length`, now or before
/// the next line.
fn append_line(store: &mut impl Store, length: &mut u64, dirty: &mut bool, line: &[u8]) -> std::io::Result<()> {
    if *dirty {
        store.cut(*length)?;
        *dirty = false;
    }
    if let Err(e) = store.write_all(line).and_then(|()| store.sync()) {
        *dirty = store.cut(*length).is_err();
        let left = if *dirty { "; part of a line may be left, to be cut off on opening" } else { "" };
        return Err(std::io::Error::new(e.kind(), format!("the batch was not recorded: {e}{left}")));
    }
    *length += line.len() as u64;
    Ok(())
}

/// What a ledger holds, without locking or changing it: counts by key and refused lines. An incomplete last line is
/// passed over.
///
/// # Errors
/// A file that cannot be read or is no ledger; another seed.
pub fn read(path: &Path, seed: u64, versions: &Versions) -> Result<(BTreeMap<String, Totals>, Vec<Refused>)> {
    refuse_special(path)?;
    let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
    let found = scan::lines(path, &bytes)?;
    check_seed(path, &found, seed)?;
    Ok(scan::count(found, seed, versions))
}

/// As [`Ledger::registered`], without locking.
///
/// # Errors
/// As [`read`].
pub fn registered(path: &Path, seed: u64) -> Result<BTreeSet<String>> {
    refuse_special(path)?;
    let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
    let found = scan::lines(path, &bytes)?;
    check_seed(path, &found, seed)?;
    Ok(scan::registered(&found))
}

fn check_seed(path: &Path, found: &scan::Lines, seed: u64) -> Result<()> {
    match found.seed {
        Some(other) if other != seed => {
            Err(Error::input(path.display().to_string(), format!("a ledger of seed {other}, not of seed {seed}")))
        }
        _ => Ok(()),
    }
}

/// A merge may have renamed another file over this one between its opening and its locking: appends would be lost.
fn refuse_replaced(path: &Path, file: &File) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let io = |e: std::io::Error| Error::io(path, e);
        let (ours, named) = (file.metadata().map_err(io)?, std::fs::metadata(path).map_err(io)?);
        if (ours.dev(), ours.ino()) != (named.dev(), named.ino()) {
            return Err(Error::input(path.display().to_string(), "another process has just replaced this ledger"));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, file);
    Ok(())
}

/// Devices and pipes never end, folders have no lines.
fn refuse_special(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            Err(Error::input(path.display().to_string(), "not a regular file, so no ledger"))
        }
        _ => Ok(()),
    }
}

/// A lock that is held is tried again for a moment: a process that this one has just started holds copies of all open
/// files until its own program begins.
fn lock(path: &Path, mut attempt: impl FnMut() -> Result<(), TryLockError>) -> Result<()> {
    const ATTEMPTS: u32 = 20;
    for _ in 0..ATTEMPTS {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(TryLockError::Error(e)) => return Err(Error::io(path, e)),
        }
    }
    Err(Error::input(path.display().to_string(), "another process has this ledger open"))
}

/// Keeps a torn line for inspection: its trials will be drawn again.
fn set_aside(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_os_string();
    name.push(".torn");
    let aside = PathBuf::from(name);
    let io = |e: std::io::Error| Error::io(&aside, e);
    let mut file = OpenOptions::new().append(true).create(true).open(&aside).map_err(io)?;
    let mut line = bytes.to_vec();
    if line.last() != Some(&b'\n') {
        line.push(b'\n');
    }
    file.write_all(&line).and_then(|()| file.sync_data()).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error as IoError, ErrorKind};

    /// A disk of so many bytes, which may refuse to give any back.
    struct Disk {
        bytes: Vec<u8>,
        room: usize,
        stuck: bool,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let n = bytes.len().min(self.room - self.bytes.len());
            if n == 0 {
                return Err(IoError::from(ErrorKind::StorageFull));
            }
            self.bytes.extend_from_slice(&bytes[..n]);
            Ok(n)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Store for Disk {
        fn sync(&mut self) -> std::io::Result<()> {
            Ok(())
        }
        fn cut(&mut self, length: u64) -> std::io::Result<()> {
            if self.stuck {
                return Err(IoError::from(ErrorKind::Other));
            }
            self.bytes.truncate(length as usize);
            Ok(())
        }
    }

    #[test]
    fn full_disk_leaves_no_part_of_a_line() {
        for stuck in [false, true] {
            let mut disk = Disk { bytes: Vec::new(), room: 20, stuck };
            let (mut length, mut dirty) = (0, false);
            append_line(&mut disk, &mut length, &mut dirty, b"0123456789\n").unwrap();
            let error = append_line(&mut disk, &mut length, &mut dirty, b"abcdefghij\n").unwrap_err();
            assert_eq!((error.kind(), dirty), (ErrorKind::StorageFull, stuck));
            assert_eq!(error.to_string().contains("part of a line"), stuck, "{error}");
            (disk.stuck, disk.room) = (false, 22);
            append_line(&mut disk, &mut length, &mut dirty, b"ABCDEFGHIJ\n").unwrap();
            assert_eq!(disk.bytes, b"0123456789\nABCDEFGHIJ\n");
        }
    }
}
