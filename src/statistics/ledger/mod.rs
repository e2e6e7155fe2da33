//! The ledger: an append-only file of counted trials, one JSON line per batch, safe against a kill at any byte.
//!
//! A batch has its counts and says when it was tried, in which night and by which code. A record is complete when its
//! newline is written. On opening, an incomplete or unwritten last line is moved to `FILE.torn`; a broken line
//! elsewhere, a batch of another version of a statement and a batch that overlaps an earlier one are refused with their
//! line numbers: kept in the file, never counted. One process writes a file at a time; where many machines share a
//! folder, each has a file of its own in it ([`is_folder`]).
//!
//! **The way of a batch.** A night calls [`Ledger::append`]; `scan::admissible` refuses what is no batch of a current
//! statement, the ranges of [`Totals`] what would count a trial twice; `record` makes a line with its checksum; the
//! line is written, synced, and only then counted in memory. Reading goes the other way: `scan` hands on lines,
//! [`Holdings`] counts them. Folders and merges go through `union`, which sorts on the disk.
//!
//! **What holds after a kill.** The lines that are complete; at most one torn line, whose trials are drawn again,
//! with the same draws (`statistics::streams`). What holds always: the counted trials of a key are a set of disjoint
//! ranges, so that no trial enters twice, and which trials are counted never depends on what they found.
//!
//! Why a text file and not a database: a line can be read, searched and copied by any tool, a folder of files needs
//! no server, and appending is the only operation.

mod folder;
mod merge;
mod record;
mod scan;
mod totals;
mod union;

pub use folder::{Part, is_folder};
pub use merge::{merge, missing};
pub use record::{Attempt, Batch, End, Origin, Planted, SCHEMA};
pub use scan::{Holdings, Night, Refused, Tally};
pub use totals::Totals;
pub use union::Merged;

use crate::error::{Error, Result};
use record::{Record, encode};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use union::Union;

/// The current version of each statement, by key. Batches of other keys and versions are not counted.
pub type Versions = BTreeMap<String, String>;

/// What a torn line needs undone; a file, except where tests break it.
trait Store: Write {
    /// Returns when what was written is on the disk.
    fn sync(&mut self) -> std::io::Result<()>;
    /// Shortens to `length` bytes and goes to the end.
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

/// A ledger open for appending: a file that is locked against other writers until it is dropped, or a segment of its
/// own in a folder.
#[derive(Debug)]
pub struct Ledger {
    /// Named in messages.
    path: PathBuf,
    /// Positioned at its end.
    file: File,
    /// In the header, and again in every record.
    seed: u64,
    /// What is current, as on opening.
    versions: Versions,
    /// What is counted: the lines read on opening and those appended since.
    held: Holdings,
    /// Milliseconds by label of the night, of the earlier runs of this part of a folder; empty for a file.
    spent: BTreeMap<String, i64>,
    /// Bytes that opening set aside.
    torn: usize,
    /// Bytes of whole lines: where a failed append is cut back to.
    length: u64,
    /// A failed append may have left part of a line behind.
    dirty: bool,
}

impl Ledger {
    /// Opens a ledger of this seed, or starts one. An incomplete last line is appended to `FILE.torn` and cut off.
    ///
    /// The whole file is read once, line by line; memory grows with what is counted (ranges of trials, nights, runs)
    /// and not with the file. The lock is taken before anything is read, and the file is cut to its whole lines
    /// before the first append.
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
        let mut held = Holdings::default();
        let scanned = scan::lines(path, Some(seed), BufReader::with_capacity(1 << 16, &mut file), |line, item| {
            held.take(line, item, versions);
            Ok(())
        })?;
        if !scanned.torn.is_empty() {
            set_aside(path, &scanned.torn)?;
        }
        let mut ledger = Self {
            path: path.to_path_buf(),
            file,
            seed,
            versions: versions.clone(),
            held,
            spent: BTreeMap::new(),
            torn: scanned.torn.len(),
            length: scanned.whole,
            dirty: true,
        };
        if scanned.seed.is_some() {
            ledger.file.cut(ledger.length).and_then(|()| ledger.file.sync()).map_err(io)?;
            ledger.dirty = false;
        } else {
            ledger.write(&Record::Header { schema: SCHEMA.into(), seed })?;
        }
        Ok(ledger)
    }

    /// Begins a segment of a part in a folder, which is made if need be. Counted are the earlier segments of this part
    /// and what `counted` holds, which is only read.
    ///
    /// Segments of other parts are not read: a shard counts what it did itself and what `counted` says, so that
    /// shards need not wait for each other.
    ///
    /// # Errors
    /// As [`Ledger::open`]; the folder was begun with another number of parts; segments that found different things in
    /// the same trials.
    pub fn open_segment(
        folder: &Path,
        part: Part,
        counted: Option<&Path>,
        seed: u64,
        versions: &Versions,
    ) -> Result<Self> {
        folder::make(folder)?;
        let mut union = Union::new(Some(seed));
        for path in folder::own(folder, part)? {
            union.add(&path)?;
        }
        let spent = union.spent.clone();
        if let Some(path) = counted.filter(|path| path.exists()) {
            union.add(path)?;
        }
        let held = hold(union, versions)?;
        let (path, file, length) = folder::begin(folder, part, seed)?;
        Ok(Self { path, file, seed, versions: versions.clone(), held, spent, torn: 0, length, dirty: false })
    }

    /// The first trial after all that are counted for this key; 0 for a new key.
    pub fn next_trial(&self, key: &str) -> u64 {
        self.held.totals.get(key).map_or(0, Totals::next_trial)
    }

    /// Appends a batch, with its origin if that is known, and waits until it is on the disk. On an error nothing is
    /// counted and the file is as it was, or will be at the next append or opening.
    ///
    /// The order matters: a batch that is counted and not on the disk would be lost by a kill and missing in every
    /// later look.
    ///
    /// # Errors
    /// Impossible counts, an unknown key, another version, trials that were counted before; the disk is full or
    /// failing.
    pub fn append(&mut self, batch: Batch, origin: Option<Origin>) -> Result<()> {
        let known = self.held.totals.get(&batch.key);
        if let Some(reason) =
            scan::admissible(&batch, &self.versions).or_else(|| known.and_then(|t| t.counted_before(&batch)))
        {
            return Err(Error::usage(format!("{}: {reason}", self.path.display())));
        }
        self.write(&Record::Batch { seed: self.seed, batch: batch.clone(), origin: origin.clone() })?;
        self.held
            .count(&batch, origin.as_ref(), &self.versions)
            .map_err(|reason| Error::internal(format!("recorded and not counted: {reason}")))
    }

    /// Appends how a run ended.
    ///
    /// # Errors
    /// The disk is full or failing.
    pub fn end(&mut self, attempt: Attempt) -> Result<()> {
        self.write(&Record::Attempt { seed: self.seed, attempt: attempt.clone() })?;
        self.held.attempts.push(attempt);
        Ok(())
    }

    /// Counts by key.
    pub fn totals(&self) -> &BTreeMap<String, Totals> {
        &self.held.totals
    }

    /// Lines found on opening that are kept and not counted, by line number.
    pub fn refused(&self) -> &[Refused] {
        &self.held.refused
    }

    /// `key@version` of every statement that was ever counted here, those of other versions included.
    pub fn registered(&self) -> &BTreeSet<String> {
        &self.held.registered
    }

    /// All that it holds.
    pub fn holdings(&self) -> &Holdings {
        &self.held
    }

    /// How long earlier runs of this part worked on the night of this label.
    ///
    /// The sum over runs of the time from the first trial of the night to the last one recorded, since a killed run
    /// has no record of its end. Always zero for a ledger that is a file.
    pub fn spent(&self, night: &str) -> std::time::Duration {
        let milliseconds = self.spent.get(night).copied().unwrap_or(0);
        std::time::Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
    }

    /// Bytes of an incomplete last line that opening moved to `FILE.torn`; 0 if there was none.
    pub fn torn(&self) -> usize {
        self.torn
    }

    /// The seed all trials are drawn under.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A record as one line, through `append_line`.
    ///
    /// # Errors
    /// A record that is no JSON, a bug of flatcert; the disk is full or failing.
    fn write(&mut self, record: &Record) -> Result<()> {
        let line = encode(record).map_err(|e| Error::internal(format!("a record that is no JSON: {e}")))?;
        append_line(&mut self.file, &mut self.length, &mut self.dirty, line.as_bytes())
            .map_err(|e| Error::io(&self.path, e))
    }
}

/// One line in one write, on the disk when this returns; on failure the store is cut back to `length`, now or before
/// the next line.
///
/// `dirty` says that a cut failed and part of a line may stand after `length`; the next call cuts first, and appends
/// nothing if that fails again.
///
/// # Errors
/// What writing, syncing or cutting says. In every case nothing is counted.
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

/// What a ledger, a file or a folder, holds, without locking or changing it. An incomplete last line is passed over.
///
/// Of a folder every segment is read and each trial taken once: the result does not depend on the order of their
/// names.
///
/// # Errors
/// A file that cannot be read or is no ledger; another seed; segments that found different things in the same trials.
pub fn read(path: &Path, seed: u64, versions: &Versions) -> Result<Holdings> {
    if path.is_dir() {
        let mut union = Union::new(Some(seed));
        for segment in folder::segments(path)? {
            union.add(&segment)?;
        }
        return hold(union, versions);
    }
    refuse_special(path)?;
    let mut held = Holdings::default();
    scan::lines(path, Some(seed), BufReader::with_capacity(1 << 16, open(path)?), |line, item| {
        held.take(line, item, versions);
        Ok(())
    })?;
    Ok(held)
}

/// Counts a union. Lines that do not count are named with their file.
///
/// The refused lines of all segments come first, an incomplete last line excepted, which a live writer may still be
/// writing. Batches of other versions follow with their trials, summed by reason, under the line number 0.
fn hold(union: Union, versions: &Versions) -> Result<Holdings> {
    let mut held = Holdings::default();
    let mut stale: BTreeMap<String, u64> = BTreeMap::new();
    let merged = union.finish(|batch, origin| {
        if let Err(reason) = held.count(&batch, origin.as_ref(), versions) {
            *stale.entry(reason).or_default() += batch.count;
        }
        Ok(())
    })?;
    let broken = merged.refused.into_iter().filter(|(_, r)| r.reason != "incomplete");
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    held.refused = broken
        .map(|(path, r)| Refused { line: r.line, reason: format!("{}: {}", name(&path), r.reason) })
        .chain(
            stale
                .into_iter()
                .map(|(reason, trials)| Refused { line: 0, reason: format!("{reason} ({trials} trials)") }),
        )
        .collect();
    held.attempts = merged.attempts.into_iter().collect();
    Ok(held)
}

/// For reading.
fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|e| Error::io(path, e))
}

/// A merge may have renamed another file over this one between its opening and its locking: appends would be lost.
///
/// Compared are device and inode of the open file and of the name.
///
/// # Errors
/// They differ, or one of them cannot be asked. Elsewhere than on Unix nothing is compared.
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
///
/// # Errors
/// The lock is still held after the last try; the file system has none, and the message names the way out; any other
/// refusal.
fn lock(path: &Path, mut attempt: impl FnMut() -> Result<(), TryLockError>) -> Result<()> {
    /// Tries, ten milliseconds apart.
    const ATTEMPTS: u32 = 20;
    /// ENOLCK of Linux: a network file system without its lock service.
    const NO_LOCKS: i32 = 37;
    for _ in 0..ATTEMPTS {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(10)),
            Err(TryLockError::Error(e))
                if e.kind() == std::io::ErrorKind::Unsupported || e.raw_os_error() == Some(NO_LOCKS) =>
            {
                let what =
                    "this file system has no locks; name a folder, FOLDER/, in which each run has a file of its own";
                return Err(Error::input(path.display().to_string(), what));
            }
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
