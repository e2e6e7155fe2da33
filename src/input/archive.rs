//! Files that hold named arrays: `.npz`, `.safetensors` and the index of its shards, read one array at a time.
//!
//! The way of an array: `open` recognises the format by the first bytes, `Container::open` reads the list of names,
//! `Container::read_as` finds the bytes of one name, checks that as many are there as its header claims, and hands a
//! reader of them to `decode`. So no claim of a header is believed before the bytes have been seen.
//!
//! Why not the libraries' own readers of whole files: `safetensors` wants all bytes in memory and passes over keys
//! given twice and tied tensors, and a zip member may inflate to any size. The libraries parse the two directories;
//! what the entries are is decided here.
//!
//! | guard | against | where |
//! | --- | --- | --- |
//! | no two members of one name, none that share bytes | an archive that means different things to different readers; a short file of many large arrays | `open_npz` |
//! | a deflated member is inflated once into nothing, within a budget | a false size; a decompression bomb | `measure` |
//! | reading on to the end of a member | a wrong checksum, which the library compares there | `read_as` |
//! | all shards named by the index, each with the tensors that the index gives it | a model of which a part is missing, or comes from another | `open_shards` |

use super::decode::{self, Layout, damaged, decode};
use super::shards::refuse_part;
use super::tensors::{Fault, object};
use super::{Array, foreign, npy, show, show_names, tensors};
use crate::error::{Error, Result};
use safetensors::tensor::Metadata;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// What all arrays of an archive together may inflate to: whichever is larger, this many bytes ...
const INFLATED: u64 = 1 << 30;
/// ... or this multiple of the file's length. Trained weights hardly compress; deflate's limit is about 1000.
const INFLATION: u64 = 64;

/// An open `.npz` or `.safetensors` file, or an index with all its shards open.
///
/// The files stay open, and arrays are read from them on demand. Inflated bytes stay counted when an array is
/// refused.
#[derive(Debug)]
pub struct Container {
    /// The file.
    path: PathBuf,
    /// The file, fit for messages.
    place: String,
    /// The names of the arrays, as [`Container::names`] gives them.
    names: Vec<String>,
    /// What is open behind the names.
    kind: Kind,
}

/// What a container reads from, by format.
#[derive(Debug)]
enum Kind {
    /// A zip archive: the bytes of the file, and what is left of the limit on inflated bytes.
    Npz { archive: Box<ZipArchive<BufReader<File>>>, length: u64, budget: u64 },
    /// A `.safetensors` file: its parsed header, where its data start, and the keys of its metadata that are not
    /// understood.
    Safetensors { file: BufReader<File>, metadata: Metadata, start: u64, unknown: Vec<String> },
    /// An index: every shard as a container of its own, and for each name, in their order, which shard holds it.
    Shards { shards: Vec<Container>, place_of: Vec<usize> },
}

/// What the first bytes of a file say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A single array of NumPy.
    Npy,
    /// A zip archive, whatever its members are.
    Npz,
    /// A length and behind it a JSON object, see `tensors::recognise`.
    Safetensors,
    /// Text that begins as a JSON object does.
    Json,
    /// Anything else: a text table, or a file that is refused.
    Other,
}

/// Opens a regular file: its reader, its length, and its format by content.
///
/// The fourth value is the first 16 bytes, or all of a shorter file, by which formats of other programs are
/// recognised; the reader stands at the first byte again.
///
/// # Errors
/// The file cannot be opened or read (an error of the file system); it is a folder, a pipe or a device; it is empty.
pub(super) fn open(path: &Path) -> Result<(BufReader<File>, u64, Format, Vec<u8>)> {
    // Asked before it is opened: the opening of a pipe waits for who writes to it.
    let metadata = path.metadata().map_err(|e| Error::io(path, e))?;
    if !metadata.is_file() {
        return Err(Error::input(path.display().to_string(), "not a regular file"));
    }
    let length = metadata.len();
    if length == 0 {
        return Err(Error::input(path.display().to_string(), "the file is empty"));
    }
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut start = Vec::with_capacity(16);
    reader.by_ref().take(16).read_to_end(&mut start).map_err(|e| Error::io(path, e))?;
    reader.seek(SeekFrom::Start(0)).map_err(|e| Error::io(path, e))?;
    let format = if start.starts_with(npy::MAGIC) {
        Format::Npy
    } else if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        Format::Npz
    } else if tensors::recognise(&start, length) {
        Format::Safetensors
    } else if start.trim_ascii_start().starts_with(b"{") {
        Format::Json
    } else {
        Format::Other
    };
    Ok((reader, length, format, start))
}

impl Container {
    /// Opens a file and reads the list of its arrays.
    ///
    /// Nothing of the arrays themselves is read. A `.safetensors` file whose name says that it is one of several is
    /// refused, since the rest of the model is elsewhere; so the index of the shards is opened in its place, and
    /// opens them all.
    ///
    /// # Errors
    /// No such file; neither format; damaged or truncated; no arrays in it.
    pub fn open(path: &Path) -> Result<Self> {
        let place = show(&path.display().to_string());
        let (mut file, length, format, start) = open(path)?;
        let refuse = |problem: String| Error::input(place.clone(), problem);
        match format {
            Format::Npz => Self::open_npz(path, place.clone(), file, length),
            Format::Safetensors => {
                refuse_part(path)?;
                let header = tensors::header(&mut file, length).map_err(refuse)?;
                let names = header.tensors.offset_keys();
                if names.is_empty() {
                    return Err(refuse("the file holds no tensors".to_string()));
                }
                let (metadata, start, unknown) = (header.tensors, header.start, header.unknown);
                Ok(Self { path: path.into(), place, names, kind: Kind::Safetensors { file, metadata, start, unknown } })
            }
            Format::Json => {
                let (shards, names) = open_shards(path, file)?;
                let (names, place_of) = names.into_iter().unzip();
                Ok(Self { path: path.into(), place, names, kind: Kind::Shards { shards, place_of } })
            }
            Format::Npy => Err(refuse("a single NPY array; expected named arrays (.npz or .safetensors)".to_string())),
            Format::Other => Err(refuse(
                foreign::refusal(path, &start).unwrap_or_else(|| "not an NPZ and not a safetensors file".to_string()),
            )),
        }
    }

    /// Opens one shard of several, which alone would be refused.
    ///
    /// # Errors
    /// No such file; another format; a header that `tensors::header` refuses.
    pub(super) fn open_shard(path: &Path) -> Result<Self> {
        let place = show(&path.display().to_string());
        let (mut file, length, format, _) = open(path)?;
        if format != Format::Safetensors {
            return Err(Error::input(place, "not a safetensors file, as the index of shards says"));
        }
        let header = tensors::header(&mut file, length).map_err(|what| Error::input(place.clone(), what))?;
        let (names, metadata) = (header.tensors.offset_keys(), header.tensors);
        let kind = Kind::Safetensors { file, metadata, start: header.start, unknown: header.unknown };
        Ok(Self { path: path.into(), place, names, kind })
    }

    /// Keys of a safetensors file's metadata that mean nothing to flatcert: whoever reads without naming arrays refuses
    /// them.
    pub fn unknown_metadata(&self) -> Vec<String> {
        match &self.kind {
            Kind::Npz { .. } => Vec::new(),
            Kind::Safetensors { unknown, .. } => unknown.clone(),
            Kind::Shards { shards, .. } => shards.iter().flat_map(Self::unknown_metadata).collect(),
        }
    }

    /// Refuses metadata that are not understood.
    ///
    /// # Errors
    /// There are some.
    pub(crate) fn refuse_unknown_metadata(&self) -> Result<()> {
        match self.unknown_metadata() {
            unknown if unknown.is_empty() => Ok(()),
            unknown => Err(Error::input(self.place.clone(), tensors::not_understood(&unknown))),
        }
    }

    /// Lists the members of a zip archive that are `.npy` arrays; other members are passed over, unless they show
    /// that another program wrote the file.
    ///
    /// # Errors
    /// The archive's directory cannot be read; two members have one name; members share bytes; a name that cannot be
    /// decoded; another program's archive; no array in it.
    fn open_npz(path: &Path, place: String, file: BufReader<File>, length: u64) -> Result<Self> {
        let refuse = |problem: String| Error::input(place.clone(), problem);
        let mut archive =
            ZipArchive::new(file).map_err(|_| refuse("not a readable NPZ: damaged, or cut short".to_string()))?;
        if archive.has_duplicate_names() {
            return Err(refuse("two members of the archive have the same name".to_string()));
        }
        // Stored members that share their bytes would let a short file hold any number of large arrays.
        if archive.has_overlapping_files().map_err(|e| refuse(unreadable(&e)))? {
            return Err(refuse("members of the archive overlap".to_string()));
        }
        let members: Vec<String> = archive
            .file_names()
            .map(|name| name.map(|n| n.into_owned()).map_err(|e| refuse(unreadable(&e))))
            .collect::<Result<_>>()?;
        let names: Vec<String> =
            members.iter().filter_map(|m| npyz::npz::array_name_from_file_name(m)).map(str::to_string).collect();
        if let Some(advice) = foreign::zip_refusal(path, &members) {
            return Err(refuse(advice));
        }
        if names.is_empty() {
            return Err(refuse(format!("the archive holds no NPY array (members: {})", show_names(&members))));
        }
        let budget = INFLATED.max(length.saturating_mul(INFLATION));
        Ok(Self { path: path.into(), place, names, kind: Kind::Npz { archive: Box::new(archive), length, budget } })
    }

    /// The file, for messages.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The names of the arrays: in the file's order (npz), by offset (safetensors), in the order of an index.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads one array. All compressed arrays read from one container count against one limit on what they inflate to.
    ///
    /// # Errors
    /// No such name (the names found are listed); everything the module's table refuses.
    pub fn read(&mut self, name: &str) -> Result<Array> {
        let (place, shape, values) = self.read_as(name, |reader, layout, place| decode(reader, layout, place))?;
        Ok(Array { place, shape, values, names: None, table: None })
    }

    /// Reads one array of any number of dimensions up to three, in the file's order.
    ///
    /// # Errors
    /// As [`Container::read`]; an entry that is not a double. NaN and infinities are left to the caller.
    pub(crate) fn read_stack(&mut self, name: &str) -> Result<Stacked> {
        let read = |reader: &mut dyn Read, layout: &Layout, place: &str| {
            Ok((decode::doubles(reader, layout, place)?, layout.column_major))
        };
        let (place, shape, (values, column_major)) = self.read_as(name, read)?;
        Ok(Stacked { place, shape, values, column_major })
    }

    /// How many dimensions an array has.
    ///
    /// # Errors
    /// As [`Container::read`], as far as the header shows it.
    pub(crate) fn dimensions(&mut self, name: &str) -> Result<usize> {
        let place = self.place.clone();
        let refuse = move |problem: String| Error::input(place.clone(), problem);
        match &mut self.kind {
            Kind::Npz { archive, .. } => {
                let member = npyz::npz::file_name_from_array_name(name);
                let mut file = archive.by_name(&member).map_err(|e| refuse(unreadable(&e)))?;
                let (layout, _) = npy::header(&mut file).map_err(refuse)?;
                Ok(layout.shape.len())
            }
            Kind::Safetensors { metadata, .. } => Ok(metadata.info(name).map_or(0, |info| info.shape.len())),
            Kind::Shards { shards, place_of } => match self.names.iter().position(|n| n == name) {
                Some(i) => shards[place_of[i]].dimensions(name),
                None => Err(Error::internal("a listed tensor is missing")),
            },
        }
    }

    /// Place, shape, and what `take` makes of the bytes of one array.
    ///
    /// `take` gets a reader that stands at the first byte of the array, after the layout has been compared with the
    /// bytes that are there. Of an index the call goes on to the shard that holds the name.
    ///
    /// # Errors
    /// As [`Container::read`] has them, except for three dimensions, and those of `take`.
    fn read_as<V>(
        &mut self,
        name: &str,
        take: impl Fn(&mut dyn Read, &Layout, &str) -> Result<V>,
    ) -> Result<(String, Vec<usize>, V)> {
        if !self.names.iter().any(|n| n == name) {
            let what = format!("no array '{}'; the file holds {}", show(name), show_names(&self.names));
            return Err(Error::input(self.place.clone(), what));
        }
        let place = format!("{}: {}", self.place, show(name));
        let refuse = |problem: String| Error::input(place.clone(), problem);
        let (shape, values) = match &mut self.kind {
            Kind::Npz { archive, length, budget } => {
                let member = npyz::npz::file_name_from_array_name(name);
                let present = measure(archive, &member, *length, budget).map_err(refuse)?;
                let mut file = archive.by_name(&member).map_err(|e| refuse(unreadable(&e)))?;
                let (layout, start) = npy::header(&mut file).map_err(refuse)?;
                layout.check_present(present.saturating_sub(start)).map_err(refuse)?;
                let values = take(&mut file, &layout, &place)?;
                // Reading on to the end is what makes the library compare the checksum.
                std::io::copy(&mut file, &mut std::io::sink()).map_err(|e| refuse(damaged(&e)))?;
                (layout.shape, values)
            }
            Kind::Shards { shards, place_of } => {
                let at = self.names.iter().position(|n| n == name).map(|i| place_of[i]);
                return match at {
                    Some(at) => shards[at].read_as(name, take),
                    None => Err(Error::internal("a listed tensor is missing")),
                };
            }
            Kind::Safetensors { file, metadata, start, .. } => {
                let info = metadata.info(name).ok_or_else(|| Error::internal("a listed tensor is missing"))?;
                let layout: Layout = tensors::layout(info).map_err(refuse)?;
                let (from, to) = info.data_offsets;
                layout.check_present((to - from) as u64).map_err(refuse)?;
                file.seek(SeekFrom::Start(*start + from as u64)).map_err(|e| refuse(damaged(&e)))?;
                let values = take(file, &layout, &place)?;
                (layout.shape, values)
            }
        };
        Ok((place, shape, values))
    }
}

/// An array as the file has it.
///
/// For checkpoints that lie along the first of three dimensions, and the biases and steps beside them; [`Array`] has
/// two dimensions at most.
#[derive(Clone, Debug)]
pub(crate) struct Stacked {
    /// File and name.
    pub place: String,
    /// One to three dimensions.
    pub shape: Vec<usize>,
    /// The entries in the file's order.
    pub values: Vec<f64>,
    /// Fortran order.
    pub column_major: bool,
}

/// What a zip archive's fault means to the user.
fn unreadable(e: &ZipError) -> String {
    match e {
        ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword | ZipError::CompressionMethodNotSupported(_) => {
            "a member of the archive is encrypted, or packed in a way that NumPy does not use"
        }
        _ => "the archive is damaged",
    }
    .to_string()
}

/// The true number of bytes of a member. A stored one is measured against the file; a deflated one is inflated once
/// into nothing, since its claimed size may lie, within what is left of the archive's budget.
///
/// Cost: a stored member is not read here; a deflated one is inflated twice, here and when it is read.
///
/// `length` is that of the file. A stored member cannot have more bytes than the file has behind its beginning, so
/// the least of its two claimed sizes and of that is what is there. A deflated one is read up to one byte beyond the
/// budget, which is lowered by what was found.
///
/// # Errors
/// In words: the member cannot be read, or inflates to more than the budget.
fn measure(
    archive: &mut ZipArchive<BufReader<File>>,
    member: &str,
    length: u64,
    budget: &mut u64,
) -> Result<u64, String> {
    let mut file = archive.by_name(member).map_err(|e| unreadable(&e))?;
    if file.compression() == CompressionMethod::Stored {
        let start = file.data_start().unwrap_or(length);
        return Ok(file.size().min(file.compressed_size()).min(length.saturating_sub(start)));
    }
    let present = std::io::copy(&mut (&mut file).take(*budget + 1), &mut std::io::sink()).map_err(|e| damaged(&e))?;
    if present > *budget {
        return Err(format!("a decompression bomb: {length} bytes inflate to more than {budget}"));
    }
    *budget -= present;
    Ok(present)
}

/// An index has a line for each tensor: this is some millions of them.
///
/// The longest text of an index that is read; of a longer one the rest is cut off, which leaves no JSON object unless
/// only blanks followed.
const LONGEST_INDEX: u64 = 1 << 28;

/// The shards that an index names, open, and for each tensor's name its shard.
type Shards = (Vec<Container>, Vec<(String, usize)>);

/// The files that an index of shards names: they are read where the index is. Empty for any other file, and for an
/// index that [`Container::open`] refuses.
pub fn shards(path: &Path) -> Vec<PathBuf> {
    let Ok((file, _, Format::Json, _)) = open(path) else { return Vec::new() };
    open_shards(path, file).map_or(Vec::new(), |(shards, _)| shards.into_iter().map(|s| s.path).collect())
}

/// Opens all shards of the index at `path`.
///
/// An index is the JSON object that Hugging Face writes: `weight_map` gives for each tensor the file that holds it,
/// and `metadata` is passed over. A file must be named without a folder, so that it lies beside the index.
///
/// # Errors
/// Not such an index; a shard is not beside it, or does not hold exactly the tensors that the index says.
fn open_shards(path: &Path, index: impl Read) -> Result<Shards> {
    let place = show(&path.display().to_string());
    let refuse = |problem: String| Error::input(place.clone(), problem);
    let mut text = Vec::new();
    index.take(LONGEST_INDEX).read_to_end(&mut text).map_err(|e| Error::io(path, e))?;
    let entries = object(&text).map_err(|fault| match fault {
        Fault::Twice(name) => refuse(format!("the index has '{}' twice", show(&name))),
        Fault::Malformed => refuse("not an index of safetensors: no JSON object".to_string()),
    })?;
    let map = entries.iter().find(|(name, _)| name == "weight_map").and_then(|(_, v)| v.as_object());
    let map = map.ok_or_else(|| refuse("not an index of safetensors: it has no weight_map".to_string()))?;
    if let Some((other, _)) = entries.iter().find(|(name, _)| name != "weight_map" && name != "metadata") {
        return Err(refuse(format!("the index has '{}', which is not understood", show(other))));
    }
    let mut files: Vec<&str> = Vec::new();
    let mut names = Vec::with_capacity(map.len());
    for (name, file) in map {
        let file = file.as_str().filter(|f| Path::new(f).file_name().is_some_and(|n| n == *f));
        let file = file.ok_or_else(|| refuse(format!("'{}' is in no file beside the index", show(name))))?;
        let at = files.iter().position(|f| *f == file).unwrap_or_else(|| {
            files.push(file);
            files.len() - 1
        });
        names.push((name.clone(), at));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let shards = files.iter().map(|f| Container::open_shard(&folder.join(f))).collect::<Result<Vec<_>>>()?;
    for (at, shard) in shards.iter().enumerate() {
        let of_shard = |name: &&String| map.get(name.as_str()).and_then(|f| f.as_str()) == Some(files[at]);
        if let Some(extra) = shard.names().iter().find(|n| !of_shard(n)) {
            return Err(Error::input(shard.place(), format!("'{}' is not what the index says of it", show(extra))));
        }
    }
    if let Some((name, at)) = names.iter().find(|(name, at)| !shards[*at].names().contains(name)) {
        let what = format!("no tensor '{}', which the index says is here", show(name));
        return Err(Error::input(shards[*at].place(), what));
    }
    if names.is_empty() {
        return Err(refuse("the index names no tensors".to_string()));
    }
    Ok((shards, names))
}
