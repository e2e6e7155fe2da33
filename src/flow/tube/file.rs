//! A certificate as a file: a zip archive with `certificate.json` (data and start as exact rationals, the claims) and
//! `coefficients.npy` (one row of p doubles per coefficient, piece after piece), which NumPy reads too.

use super::{Certificate, Clock, Piece};
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use npyz::WriterBuilder;
use serde::{Deserialize, Serialize};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Name of the format, in the file and in error messages.
const SCHEMA: &str = "flatcert.tube/1";
const HEADER: &str = "certificate.json";
const NUMBERS: &str = "coefficients.npy";
/// A header larger than this is not ours.
const LARGEST_HEADER: u64 = 1 << 28;

/// NumPy's own limit, and the fixed part before it.
const LONGEST_NPY_HEADER: u64 = 10_016;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    schema: String,
    version: String,
    data: String,
    samples: usize,
    sigma: Vec<Vec<Rational>>,
    cross: Vec<Rational>,
    power: Rational,
    start: Network<Rational>,
    limit_radius: f64,
    pieces: Vec<Claim>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    half: f64,
    clock: Clock,
    cuts: usize,
    radius: f64,
    exit: f64,
    coefficients: usize,
}

impl Certificate {
    /// Writes the file beside its final name and renames it when it is complete.
    ///
    /// # Errors
    /// Data without exact moments (too large for them); the folder does not exist or cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let io = |e: std::io::Error| Error::io(path, e);
        let moments = self.problem.exact_moments().ok_or_else(|| {
            Error::input(
                self.problem.name(),
                "a certificate needs exact second moments, and these data are too large for them",
            )
        })?;
        let header = Header {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            data: self.problem.name().into(),
            samples: self.problem.samples(),
            sigma: moments.sigma.row_iter().map(|r| r.iter().cloned().collect()).collect(),
            cross: moments.cross.iter().cloned().collect(),
            power: moments.power.clone(),
            start: self.start.clone(),
            limit_radius: self.limit_radius,
            pieces: self
                .pieces
                .iter()
                .map(|p| Claim {
                    half: p.half,
                    clock: p.clock,
                    cuts: p.cuts,
                    radius: p.radius,
                    exit: p.exit,
                    coefficients: p.coefficients.len(),
                })
                .collect(),
        };
        let text = serde_json::to_string(&header).map_err(|e| Error::internal(e.to_string()))?;
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut file = crate::network::temporary(folder).map_err(io)?;
        self.write(&text, BufWriter::new(&mut file)).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        file.persist(path).map_err(|e| io(e.error))?;
        Ok(())
    }

    fn write(&self, header: &str, out: impl Write + std::io::Seek) -> std::io::Result<()> {
        let mut zip = ZipWriter::new(out);
        // The date is fixed: the same certificate is the same bytes.
        let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
        zip.start_file(HEADER, options)?;
        zip.write_all(header.as_bytes())?;
        let rows: usize = self.pieces.iter().map(|p| p.coefficients.len()).sum();
        let columns = self.start.parameters();
        zip.start_file(NUMBERS, options.large_file(rows.saturating_mul(columns) > 1 << 27))?;
        let mut out = BufWriter::with_capacity(1 << 16, zip);
        {
            let shape = [rows as u64, columns as u64];
            let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut out).begin_nd()?;
            for row in self.pieces.iter().flat_map(|p| &p.coefficients) {
                writer.extend(row.iter())?;
            }
            writer.finish()?;
        }
        out.into_inner().map_err(|e| e.into_error())?.finish()?.flush()
    }

    /// Reads a file written by [`Certificate::save`]. Nothing is believed: [`verify`](super::verify) decides.
    ///
    /// # Errors
    /// Not such a file; a part of it that does not fit the others (which).
    pub fn load(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        let bad = |what: String| Error::input(place.clone(), what);
        let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| bad(format!("not a certificate: {e}")))?;
        let mut text = String::new();
        zip.by_name(HEADER)
            .map_err(|e| bad(format!("{HEADER}: {e}")))?
            .take(LARGEST_HEADER)
            .read_to_string(&mut text)
            .map_err(|e| bad(format!("{HEADER}: {e}")))?;
        let header: Header = serde_json::from_str(&text).map_err(|e| bad(format!("{HEADER}: {e}")))?;
        if header.schema != SCHEMA {
            return Err(bad(format!("schema '{}', expected '{SCHEMA}'", header.schema)));
        }
        let d = header.cross.len();
        if header.sigma.len() != d || header.sigma.iter().any(|r| r.len() != d) {
            return Err(bad(format!("sigma must be {d} x {d}, as long as cross")));
        }
        let columns = header.start.parameters();
        let rows = header.pieces.iter().try_fold(0_usize, |s, p| s.checked_add(p.coefficients));
        let rows = rows.ok_or_else(|| bad("too many coefficients".into()))?;
        let limit = rows
            .checked_mul(columns)
            .and_then(|n| n.checked_mul(8))
            .ok_or_else(|| bad("too many coefficients".into()))?;
        let mut bytes = Vec::new();
        zip.by_name(NUMBERS)
            .map_err(|e| bad(format!("{NUMBERS}: {e}")))?
            .take(limit as u64 + LONGEST_NPY_HEADER)
            .read_to_end(&mut bytes)
            .map_err(|e| bad(format!("{NUMBERS}: {e}")))?;
        crate::input::check_npy(&bytes).map_err(|e| bad(format!("{NUMBERS}: {e}")))?;
        let array = npyz::NpyFile::new(&bytes[..]).map_err(|e| bad(format!("{NUMBERS}: {e}")))?;
        if array.shape() != [rows as u64, columns as u64] || array.order() != npyz::Order::C {
            return Err(bad(format!("{NUMBERS}: shape {:?}, expected [{rows}, {columns}] by rows", array.shape())));
        }
        let numbers: Vec<f64> = array.into_vec().map_err(|e| bad(format!("{NUMBERS}: {e}")))?;
        let mut row = numbers.chunks_exact(columns.max(1)).map(<[f64]>::to_vec);
        let pieces = header
            .pieces
            .into_iter()
            .map(|p| Piece {
                half: p.half,
                clock: p.clock,
                cuts: p.cuts,
                radius: p.radius,
                exit: p.exit,
                coefficients: row.by_ref().take(p.coefficients).collect(),
            })
            .collect();
        let moments = Moments {
            sigma: DMatrix::from_row_iterator(d, d, header.sigma.into_iter().flatten()),
            cross: DVector::from_vec(header.cross),
            power: header.power,
        };
        let problem = Problem::from_moments(&header.data, header.samples, moments).map_err(|e| e.within(&place))?;
        Ok(Self { problem, start: header.start, pieces, limit_radius: header.limit_radius })
    }
}
