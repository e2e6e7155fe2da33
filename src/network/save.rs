//! Weights to `.npz` or `.safetensors`, for later commands, for NumPy and for PyTorch.
//!
//! What is written is read back bit for bit: entries are 64-bit doubles in both formats, names are those that
//! [`Network::load`] takes without options. An `.npz` is a zip of `.npy` files, each with a header of its own and the
//! entries as nalgebra stores them (Fortran order); a `.safetensors` file is the length of a JSON header, the header,
//! and all entries row by row. The same weights are the same bytes: the date in an archive is fixed.

use super::Network;
use crate::error::{Error, Result};
use nalgebra::DMatrix;
use npyz::WriterBuilder;
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use std::io::{BufWriter, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How weights are written, by the extension of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveFormat {
    /// NumPy's `.npz`.
    Npz,
    /// `.safetensors`.
    Safetensors,
}

impl SaveFormat {
    /// The format that the extension of `path` asks for.
    ///
    /// # Errors
    /// Any other extension, or none.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("npz") => Ok(Self::Npz),
            Some("safetensors") => Ok(Self::Safetensors),
            _ => {
                let what = "weights are written as .npz or .safetensors: the extension says which";
                Err(Error::input(path.display().to_string(), what))
            }
        }
    }
}

impl Network<f64> {
    /// Writes `W1, ..., WL` (each d_k x d_{k-1}) and `head`, in the format of the extension, so that [`Network::load`]
    /// reads them back bit for bit.
    ///
    /// The file is written beside its final name and renamed when it is complete: a failure leaves nothing behind, and
    /// an older file as it was.
    ///
    /// # Errors
    /// Another extension; the folder does not exist or cannot be written; the disk is full.
    pub fn save(&self, path: &Path) -> Result<()> {
        let format = SaveFormat::of(path)?;
        write(path, |file| match format {
            SaveFormat::Npz => self.write_npz(file),
            SaveFormat::Safetensors => self.write_tensors(file),
        })
    }

    /// `W1.npy`, ..., `WL.npy` and `head.npy`, not compressed.
    fn write_npz(&self, out: impl Write + std::io::Seek) -> std::io::Result<()> {
        let mut zip = ZipWriter::new(out);
        let layers = self.layers().iter().enumerate().map(|(k, w)| (format!("W{}", k + 1), w));
        let options = write_matrices(&mut zip, layers)?;
        zip.start_file("head.npy", options)?;
        let head = DMatrix::from_column_slice(self.head().len(), 1, self.head().as_slice());
        write_array(&mut zip, &[self.head().len() as u64], &head)?;
        zip.finish()?.flush()
    }

    /// The length of the header, the header, padded to eight bytes, and the arrays row by row.
    fn write_tensors(&self, mut out: impl Write) -> std::io::Result<()> {
        let mut arrays: Vec<(String, Vec<usize>, &[f64])> = self
            .layers()
            .iter()
            .enumerate()
            .map(|(k, w)| (format!("W{}", k + 1), vec![w.nrows(), w.ncols()], w.as_slice()))
            .collect();
        arrays.push(("head".to_string(), vec![self.head().len()], self.head().as_slice()));
        let mut start = 0;
        let info = |(name, shape, entries): &(String, Vec<usize>, &[f64])| {
            let data_offsets = (start, start + size_of_val(*entries));
            start = data_offsets.1;
            (name.clone(), TensorInfo { dtype: Dtype::F64, shape: shape.clone(), data_offsets })
        };
        let metadata = Metadata::new(None, arrays.iter().map(info).collect()).map_err(std::io::Error::other)?;
        let mut header = serde_json::to_string(&metadata)?;
        header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
        out.write_all(&(header.len() as u64).to_le_bytes())?;
        out.write_all(header.as_bytes())?;
        for (_, shape, columns) in &arrays {
            for i in 0..shape[0] {
                for entry in columns[i..].iter().step_by(shape[0]) {
                    out.write_all(&entry.to_le_bytes())?;
                }
            }
        }
        out.flush()
    }
}

/// Writes named matrices to an `.npz`, as [`Network::save`] does.
///
/// # Errors
/// Another extension; the folder does not exist or cannot be written; the disk is full.
pub fn save_matrices<'a>(path: &Path, named: impl IntoIterator<Item = (String, &'a DMatrix<f64>)>) -> Result<()> {
    if SaveFormat::of(path).ok() != Some(SaveFormat::Npz) {
        return Err(Error::input(path.display().to_string(), "eigenvectors are written as .npz"));
    }
    write(path, |file| {
        let mut zip = ZipWriter::new(file);
        write_matrices(&mut zip, named)?;
        zip.finish()?.flush()
    })
}

/// Where the content goes: a buffer before the temporary file.
type Out<'a> = BufWriter<&'a mut tempfile::NamedTempFile>;

/// The file is written beside its final name and renamed when it is complete.
///
/// The file is flushed to the disk before it is renamed, so that a crash leaves the old file or the new one.
///
/// # Errors
/// What the system says, with the path.
fn write(path: &Path, content: impl FnOnce(Out) -> std::io::Result<()>) -> Result<()> {
    let io = |e: std::io::Error| Error::io(path, e);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = temporary(folder).map_err(io)?;
    content(BufWriter::new(&mut file)).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

/// Returns the options of an entry, for further ones.
fn write_matrices<'a>(
    zip: &mut ZipWriter<impl Write + std::io::Seek>,
    named: impl IntoIterator<Item = (String, &'a DMatrix<f64>)>,
) -> std::io::Result<SimpleFileOptions> {
    // Trained weights do not compress. The date is fixed: the same weights are the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    for (name, m) in named {
        // 2^31 bytes and more need the long form of the archive's sizes.
        zip.start_file(format!("{name}.npy"), options.large_file(m.len() > 1 << 27))?;
        write_array(&mut *zip, &[m.nrows() as u64, m.ncols() as u64], m)?;
    }
    Ok(options)
}

/// Column-major storage is NumPy's Fortran order: no copy.
///
/// `shape` is that of the array in the file, `entries` its numbers in column-major order.
fn write_array(out: impl Write, shape: &[u64], entries: &DMatrix<f64>) -> std::io::Result<()> {
    let options = npyz::WriteOptions::new().default_dtype().order(npyz::Order::Fortran).shape(shape);
    // The archive checks sums per write: eight bytes at a time would cost more than the disk.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut writer = options.writer(&mut out).begin_nd()?;
    writer.extend(entries.iter())?;
    writer.finish()?;
    out.flush()
}

/// Temporary files are private to their owner; a result has the permissions that the user's mask gives every file.
pub(crate) fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".flatcert-").tempfile_in(folder)
}
