//! Files of other programs: not read, but called by their name, with a line that converts them.
//!
//! The first bytes decide where they are known; the extension only for a file whose first bytes are neither known nor
//! text, and to tell apart what looks alike (a pickle of PyTorch, an HDF5 file of MATLAB). Nothing of such a file is
//! parsed but the names of a zip archive's members: a pickle is a program, and the advice makes the user's own Python
//! read it.
//!
//! The advice is one shell command with the file's own name in it, where Python can convert; `tests/input` compares
//! the messages.

use super::show;
use std::path::Path;

/// A format that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Foreign {
    /// PyTorch's zip archive or pickle of tensors.
    Torch,
    /// HDF5, as Keras writes it, or a `.keras` archive.
    Keras,
    /// A pickled Python object.
    Pickle,
    /// MATLAB up to version 7, which SciPy reads.
    Matlab,
    /// MATLAB 7.3, which is HDF5 with MATLAB's own layout.
    Matlab73,
    /// A table of another program: its name, and the function of pandas that reads it.
    Frame(&'static str, &'static str),
    /// A compressed file: the format's name, and the command that unpacks it.
    Packed(&'static str, &'static str),
    /// The advice itself.
    Other(&'static str),
}

/// What the first bytes say. The reader keeps 16 of them, and the longest of these has 14.
const MAGIC: [(&[u8], Foreign); 11] = [
    (b"\x89HDF\r\n", Foreign::Keras),
    (b"MATLAB 5.0 MAT", Foreign::Matlab),
    (b"MATLAB 7.3 MAT", Foreign::Matlab73),
    (b"PAR1", Foreign::Frame("Parquet", "read_parquet")),
    (b"ARROW1", Foreign::Frame("Arrow", "read_feather")),
    (b"\xd0\xcf\x11\xe0", Foreign::Frame("Excel", "read_excel")),
    (b"\x1f\x8b", Foreign::Packed("gzip", "gunzip -k")),
    (b"BZh", Foreign::Packed("bzip2", "bunzip2 -k")),
    (b"\xfd7zXZ", Foreign::Packed("xz", "unxz -k")),
    (b"\x28\xb5\x2f\xfd", Foreign::Packed("zstd", "unzstd")),
    (b"RDX", Foreign::Other("an R data file: in R, write.csv(X, 'X.csv', row.names=FALSE)")),
];

/// What the name says, of a file whose first bytes are no text.
const EXTENSIONS: [(&str, Foreign); 16] = [
    ("pt", Foreign::Torch),
    ("pth", Foreign::Torch),
    ("ckpt", Foreign::Torch),
    ("bin", Foreign::Torch),
    ("h5", Foreign::Keras),
    ("hdf5", Foreign::Keras),
    ("keras", Foreign::Keras),
    ("pkl", Foreign::Pickle),
    ("pickle", Foreign::Pickle),
    ("joblib", Foreign::Pickle),
    ("mat", Foreign::Matlab),
    ("parquet", Foreign::Frame("Parquet", "read_parquet")),
    ("feather", Foreign::Frame("Feather", "read_feather")),
    ("xls", Foreign::Frame("Excel", "read_excel")),
    ("xlsx", Foreign::Frame("Excel", "read_excel")),
    ("msgpack", Foreign::Other("a Flax checkpoint: save its kernels with numpy.savez, as W1, W2, ...")),
];

/// The refusal of a file that starts with `start`, if another program's format is recognised.
///
/// A pickle of protocol 2 to 5 begins with the byte 0x80 and its number; that its file is PyTorch's is seen by the
/// name. Known first bytes win over the name. Text is refused neither for the name nor for columns called `PAR1` or
/// `RDX`, only as MATLAB's header: UTF-8 without control characters but white space, of which `start` may cut off the
/// last character.
pub(super) fn refusal(path: &Path, start: &[u8]) -> Option<String> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    let by_name = || EXTENSIONS.iter().find(|(e, _)| *e == extension).map(|(_, f)| *f);
    let pickled = matches!(start, [0x80, 2..=5, ..]);
    let text = match std::str::from_utf8(start) {
        Ok(text) => Some(text),
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&start[..e.valid_up_to()]).ok(),
        Err(_) => None,
    };
    let text = text.is_some_and(|t| t.chars().all(|c| c.is_ascii_whitespace() || !c.is_control()));
    let by_content = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, f)| *f);
    let by_content = by_content.filter(|f| !text || matches!(f, Foreign::Matlab | Foreign::Matlab73));
    let found = match (by_content, by_name()) {
        // MATLAB's newest files are HDF5.
        (Some(Foreign::Keras), Some(Foreign::Matlab)) => Foreign::Matlab73,
        (Some(found), _) => found,
        (None, Some(Foreign::Torch)) if pickled => Foreign::Torch,
        (None, _) if pickled => Foreign::Pickle,
        (None, Some(found)) if !text => found,
        _ => return None,
    };
    Some(found.advice(path))
}

/// The refusal of a zip archive with these members, if it is no NPZ but another program's file.
pub(super) fn zip_refusal(path: &Path, members: &[String]) -> Option<String> {
    let has = |end: &str| members.iter().any(|m| m.ends_with(end));
    let found = if has("data.pkl") {
        Foreign::Torch
    } else if has("model.weights.h5") {
        Foreign::Keras
    } else if has("xl/workbook.xml") {
        Foreign::Frame("Excel", "read_excel")
    } else {
        return None;
    };
    Some(found.advice(path))
}

impl Foreign {
    /// The line that names the format and says what to do. Names of the user are shown as `show` makes them fit for a
    /// message.
    fn advice(self, path: &Path) -> String {
        let (file, stem) = (show(&path.display().to_string()), path.file_stem().unwrap_or_default().to_string_lossy());
        let stem = show(&stem);
        match self {
            Self::Torch => format!(
                "a pickled PyTorch file; convert it: python -c \"import torch, safetensors.torch as s; \
                 s.save_file(torch.load('{file}', weights_only=True), '{stem}.safetensors')\""
            ),
            Self::Keras => format!(
                "an HDF5 or Keras file; convert it, and give --transposed: python -c \"import keras, numpy; \
                 numpy.savez('{stem}.npz', *[l.kernel for l in keras.saving.load_model('{file}').layers if \
                 l.weights])\" \
                 and --layers 'arr_{{}}'"
            ),
            Self::Pickle => format!(
                "a pickled Python object; convert it: python -c \"import pickle, numpy; \
                 numpy.save('{stem}.npy', numpy.asarray(pickle.load(open('{file}', 'rb')), 'f8'))\""
            ),
            Self::Matlab => format!(
                "a MATLAB file; convert it: python -c \"import scipy.io, numpy; \
                 numpy.savez('{stem}.npz', **{{k: v for k, v in scipy.io.loadmat('{file}').items() if k[0] != '_'}})\""
            ),
            Self::Matlab73 => "a MATLAB 7.3 file: in MATLAB, writematrix(X, 'X.csv')".to_string(),
            Self::Frame(name, reader) => format!(
                "not a text table but of {name}; convert it: python -c \"import pandas; \
                 pandas.{reader}('{file}').to_csv('{stem}.csv', index=False)\""
            ),
            Self::Packed(name, tool) => format!("compressed with {name}; unpack it: {tool} {file}"),
            Self::Other(advice) => advice.to_string(),
        }
    }
}
