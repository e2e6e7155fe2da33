//! Weights to `.npz`, for later commands and for NumPy.

use super::Network;
use crate::error::{Error, Result};
use nalgebra::DMatrix;
use npyz::WriterBuilder;
use std::io::{BufWriter, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

impl Network<f64> {
    /// Writes `W1, ..., WL` (each d_k x d_{k-1}) and `head` to an `.npz` that [`Network::load`] and `numpy.load` read back bit for bit.
    ///
    /// # Errors
    /// As [`save_matrices`].
    pub fn save(&self, path: &Path) -> Result<()> {
        let layers = self.layers().iter().enumerate().map(|(k, w)| (format!("W{}", k + 1), w));
        write(path, |zip, options| {
            write_matrices(zip, options, layers)?;
            zip.start_file("head.npy", options)?;
            let head = DMatrix::from_column_slice(self.head().len(), 1, self.head().as_slice());
            write_array(zip, &[self.head().len() as u64], &head)
        })
    }
}

/// Writes named matrices to an `.npz`.
///
/// # Errors
/// The folder does not exist or cannot be written; the disk is full.
pub fn save_matrices<'a>(path: &Path, named: impl IntoIterator<Item = (String, &'a DMatrix<f64>)>) -> Result<()> {
    write(path, |zip, options| write_matrices(zip, options, named))
}

type Archive<'a> = ZipWriter<BufWriter<&'a mut tempfile::NamedTempFile>>;

/// The file is written beside its final name and renamed when it is complete: a failure leaves nothing behind, and an older file as it was.
fn write(path: &Path, content: impl FnOnce(&mut Archive, SimpleFileOptions) -> std::io::Result<()>) -> Result<()> {
    let io = |e: std::io::Error| Error::io(path, e);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = temporary(folder).map_err(io)?;
    let mut zip = ZipWriter::new(BufWriter::new(&mut file));
    // Trained weights do not compress. The date is fixed: the same weights are the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    let written = content(&mut zip, options).and_then(|()| zip.finish()?.flush());
    written.map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

fn write_matrices<'a>(
    zip: &mut Archive,
    options: SimpleFileOptions,
    named: impl IntoIterator<Item = (String, &'a DMatrix<f64>)>,
) -> std::io::Result<()> {
    for (name, m) in named {
        // 2^31 bytes and more need the long form of the archive's sizes.
        zip.start_file(format!("{name}.npy"), options.large_file(m.len() > 1 << 27))?;
        write_array(&mut *zip, &[m.nrows() as u64, m.ncols() as u64], m)?;
    }
    Ok(())
}

/// Column-major storage is NumPy's Fortran order: no copy.
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
