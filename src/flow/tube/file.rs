//! A certificate as a file: a zip archive with `certificate.json` (data and start as exact rationals, the claims) and
//! `coefficients.npy` (one row of p doubles per coefficient, piece after piece), which NumPy reads too.
//!
//! Coefficients are binary, since they are nearly all of the content and doubles; what a reader checks by eye is
//! JSON. Rationals are written exactly, so that a loaded certificate is the saved one. The date inside the archive is
//! fixed and the order of the fields is that of the types: equal certificates of one version are equal files.

use super::{Certificate, Clock, Piece};
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use crate::linalg::to_rows;
use crate::network::Network;
use crate::problem::{Moments, Problem};
use nalgebra::{DMatrix, DVector};
use npyz::WriterBuilder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Name of the format, in the file and in error messages.
const SCHEMA: &str = "flatcert.tube/1";
/// Name of the part with the data, the start and the claims.
const HEADER: &str = "certificate.json";
/// Name of the part with the coefficients.
const NUMBERS: &str = "coefficients.npy";
/// A header larger than this is not ours.
const LARGEST_HEADER: u64 = 1 << 28;

/// NumPy's own limit, and the fixed part before it.
///
/// More than this and the announced numbers is not read: a file cannot ask for more memory than its claims do.
const LONGEST_NPY_HEADER: u64 = 10_016;

/// What a certificate proves something about, by content.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Subject {
    /// Name of the data.
    pub data: String,
    /// Observations.
    pub n: usize,
    /// Input dimension.
    pub d: usize,
    /// d_0, ..., d_L.
    pub widths: Vec<usize>,
    /// SHA-256 of n and the exact moments, as the file of a certificate writes them; null for data without exact
    /// moments.
    pub data_sha256: Option<String>,
    /// SHA-256 of the exact weights and the head, likewise.
    pub start_sha256: String,
}

/// SHA-256 of the content as JSON, in hexadecimal digits.
fn sha256(content: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(content).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect())
}

/// The part [`HEADER`]; a field that is not listed is refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    /// [`SCHEMA`].
    schema: String,
    /// Of the program that wrote it; not read.
    version: String,
    /// Name of the data.
    data: String,
    /// n.
    samples: usize,
    /// Sigma, d rows of d.
    sigma: Vec<Vec<Rational>>,
    /// `X^T y / n`, length d.
    cross: Vec<Rational>,
    /// `y^T y / n`.
    power: Rational,
    /// W(0) and w.
    start: Network<Rational>,
    /// As in [`Certificate`].
    limit_radius: f64,
    /// In the order in which the flow runs through them.
    pieces: Vec<Claim>,
}

/// A [`Piece`] without its coefficients, and how many rows of [`NUMBERS`] they are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    /// As in [`Piece`], like the next four.
    half: f64,
    clock: Clock,
    cuts: usize,
    radius: f64,
    exit: f64,
    /// Number of coefficients.
    coefficients: usize,
}

impl Certificate {
    /// What it is about.
    ///
    /// # Errors
    /// Never, for a certificate that was built or loaded.
    pub fn subject(&self) -> Result<Subject> {
        let (n, d) = (self.problem.samples(), self.problem.dimension());
        let of = |m: &Moments<Rational>| sha256(&(n, to_rows(&m.sigma), m.cross.as_slice(), &m.power));
        Ok(Subject {
            data: self.problem.name().into(),
            n,
            d,
            widths: self.start.widths(),
            data_sha256: self.problem.exact_moments().map(of).transpose()?,
            start_sha256: sha256(&self.start)?,
        })
    }

    /// The first thing in which these data differ from the certificate's, in words; `None` if they are the same.
    pub fn other_data(&self, problem: &Problem) -> Option<String> {
        let differ = |what: &str, mine: &dyn std::fmt::Display, theirs: &dyn std::fmt::Display| {
            Some(format!("{what} is {mine} in the certificate and {theirs} in the files"))
        };
        let (n, d) = (self.problem.samples(), self.problem.dimension());
        if d != problem.dimension() {
            return differ("d", &d, &problem.dimension());
        }
        if n != problem.samples() {
            return differ("n", &n, &problem.samples());
        }
        let (Some(mine), Some(theirs)) = (self.problem.exact_moments(), problem.exact_moments()) else {
            return Some("the files' second moments are not exact (too large, or standardised)".into());
        };
        let named = |name: &'static str, a: &[Rational], b: &[Rational]| {
            let at = a.iter().zip(b).position(|(a, b)| a != b)?;
            // As doubles two different rationals may print alike.
            differ(&format!("{name}[{at}]"), &a[at], &b[at])
        };
        named("Sigma", mine.sigma.as_slice(), theirs.sigma.as_slice())
            .or_else(|| named("X^T y / n", mine.cross.as_slice(), theirs.cross.as_slice()))
            .or_else(|| named("y^T y / n", std::slice::from_ref(&mine.power), std::slice::from_ref(&theirs.power)))
    }

    /// The same for the weights at t = 0 and the head.
    pub fn other_start(&self, network: &Network<f64>) -> Option<String> {
        let (mine, theirs) = (self.start.widths(), network.widths());
        if mine != theirs {
            return Some(format!("the widths are {mine:?} in the certificate and {theirs:?} in the files"));
        }
        let differs = |name: String, a: &[Rational], b: &[f64]| {
            let at = a.iter().zip(b).position(|(a, b)| Rational::from_f64(*b).as_ref() != Some(a))?;
            Some(format!("{name} is {:e} in the certificate and {:e} in the files", a[at].to_f64(), b[at]))
        };
        let layers = self.start.layers().iter().zip(network.layers()).enumerate();
        let mut weights = layers.filter_map(|(k, (a, b))| differs(format!("W{}", k + 1), a.as_slice(), b.as_slice()));
        weights.next().or_else(|| differs("the head".into(), self.start.head().as_slice(), network.head().as_slice()))
    }

    /// Writes the file beside its final name and renames it when it is complete.
    ///
    /// # Errors
    /// Data without exact moments (standardised, or too large for them); the folder does not exist or cannot be
    /// written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let io = |e: std::io::Error| Error::io(path, e);
        let moments = self.problem.exact_moments().ok_or_else(|| {
            Error::input(
                self.problem.name(),
                "the file of a certificate needs exact second moments: these data are standardised, or too large for \
                 them",
            )
        })?;
        let header = Header {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            data: self.problem.name().into(),
            samples: self.problem.samples(),
            sigma: to_rows(&moments.sigma),
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

    /// The archive with these two parts. More than 2^27 doubles, a gibibyte, are announced as a large file, as the
    /// format asks.
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
    /// Shapes are checked here (d of Sigma and cross, rows and columns of the coefficients), and
    /// [`Problem::from_moments`] refuses moments that no data have. Claims are not checked. A header beyond 2^28
    /// bytes is cut off there and then does not parse.
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
        let mut numbers: Vec<f64> = Vec::new();
        // Without a piece there is nothing to read.
        if rows > 0 {
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
            numbers = array.into_vec().map_err(|e| bad(format!("{NUMBERS}: {e}")))?;
        }
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
