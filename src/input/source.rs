//! One array from a path that may also name an array or a column in the file.
//!
//! The way of X and y from the command line: [`Source::parse`] splits `FILE:NAME`; `read_open` opens the file and
//! sends it to the reader of its format; [`read_pair`] decides together what a table alone leaves open, as both must
//! have as many rows. A single array goes through [`read`] (nothing more is known of it) or `read_sized` (its length
//! is known).
//!
//! What is not here: that X and y fit one another is checked by `problem`, and that layers chain by `network`.

use super::archive::{Container, Format, open};
use super::decode::decode;
use super::dialect::TableOptions;
use super::files::same_file;
use super::{Array, foreign, npy, show, show_names, table};
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// A file and, after a colon, the array or column in it.
///
/// On its own it says nothing about whether the file or the array is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// The array or column asked for.
    pub key: Option<String>,
}

impl Source {
    /// Splits `file.npz:key`. A path that exists as it stands is never split.
    ///
    /// The part before the colon must exist as a file or folder, and neither part may be empty; of several such colons
    /// it is the last, so that names may have colons (`dense/kernel:0`). Else the path is taken whole, and opening it
    /// says that it does not exist.
    pub fn parse(path: &Path) -> Self {
        let whole = || Self { path: path.to_path_buf(), key: None };
        let Some(text) = path.to_str().filter(|_| !path.exists()) else { return whole() };
        let mut splits = text.rmatch_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..]));
        match splits.find(|(file, key)| !key.is_empty() && Path::new(file).exists()) {
            Some((file, key)) => Self { path: PathBuf::from(file), key: Some(key.to_string()) },
            None => whole(),
        }
    }
}

/// Reads the array that `source` names. In an archive without a key, that is its only array, or the first of `usual` in
/// it; in a csv file, the whole table, or with a key that one column.
///
/// `usual`: the names that such an array usually has, `X` and `x` for inputs. A first line that may be a header as
/// well as a row is refused, with the option that decides.
///
/// # Errors
/// No such file; an unknown format, by content; no such key; everything the table of [the module](crate::input)
/// refuses.
pub fn read(source: &Source, usual: &[&str]) -> Result<Array> {
    let mut array = read_open(source, usual, &TableOptions::default())?;
    array.settle(None)?;
    Ok(array)
}

/// As [`read`], of data that must have `rows` rows, which decides about a first line of a table that may be a header or
/// a row.
///
/// The number of rows decides if it is that of one of the two readings of the first line.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_sized(source: &Source, usual: &[&str], options: &TableOptions, rows: usize) -> Result<Array> {
    let mut array = read_open(source, usual, options)?;
    array.settle(Some(rows))?;
    Ok(array)
}

/// As [`read`], but a first line of a table that may be a header or a row is left undecided.
///
/// Here a format meets its reader: an `.npy` is read in place, an archive is opened as a [`Container`] once more, and
/// what begins as no known format is a text table, unless its first bytes or its extension say what else it was meant
/// to be.
///
/// # Errors
/// As [`read`], but for the first line of a table.
fn read_open(source: &Source, usual: &[&str], options: &TableOptions) -> Result<Array> {
    let path = &source.path;
    let place = show(&path.display().to_string());
    let refuse = |problem: String| Error::input(place.clone(), problem);
    let (mut file, length, format, start) = open(path)?;
    match format {
        Format::Npy => {
            if let Some(key) = &source.key {
                return Err(refuse(format!("an NPY file has no array '{}': it holds one array", show(key))));
            }
            let (layout, header) = npy::header(&mut file).map_err(refuse)?;
            layout.check_present(length.saturating_sub(header)).map_err(refuse)?;
            let values = decode(file, &layout, &place)?;
            Ok(Array { place: place.clone(), shape: layout.shape, values, names: None, table: None })
        }
        Format::Npz | Format::Safetensors | Format::Json => {
            let mut container = Container::open(path)?;
            let name = match &source.key {
                Some(key) => key.clone(),
                None => {
                    container.refuse_unknown_metadata()?;
                    choose(&container, usual)?
                }
            };
            container.read(&name)
        }
        Format::Other => {
            if let Some(advice) = foreign::refusal(path, &start) {
                return Err(refuse(advice));
            }
            let expected = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
            match expected.as_str() {
                "npy" => {
                    return Err(refuse(format!(
                        "not an NPY file: it does not start with '\\x93NUMPY' but {}",
                        hex(&start)
                    )));
                }
                "npz" => {
                    return Err(refuse(format!("not an NPZ file: it is not a zip archive but starts {}", hex(&start))));
                }
                "safetensors" => {
                    return Err(refuse(format!(
                        "not a safetensors file: no JSON header follows its length, it starts {}",
                        hex(&start)
                    )));
                }
                _ => {}
            }
            table::read(file, &place, source.key.as_deref(), options)
        }
    }
}

/// Reads X and y. Where both are one csv file (by whatever paths) and y names a column of it, X is all the other
/// columns.
///
/// The way of two arrays: read both with what is open left open; let the one whose number of rows is known decide for
/// the other; refuse what is still open. In an archive, `X` or `x` and `y` or `Y` are the names looked for.
///
/// # Errors
/// As [`read`]; a csv file given twice without a column for y; X and y are the same array; the first line of a table
/// may be a header as well as a row, and neither the options nor the other array's length decide it.
pub fn read_pair(x: &Path, y: &Path, options: &TableOptions) -> Result<(Array, Array)> {
    let (x, mut y) = (Source::parse(x), Source::parse(y));
    let same = same_file(&x.path, &y.path);
    if same {
        // So that the places of both can be compared.
        y.path.clone_from(&x.path);
    }
    if same && x.key.is_none() {
        let table = read_open(&x, &["X", "x"], options)?;
        if table.table.is_some() {
            return split_table(table, &y);
        }
        let target = read_open(&y, &["y", "Y"], options)?;
        return distinct(table, target);
    }
    let (mut inputs, mut target) = (read_open(&x, &["X", "x"], options)?, read_open(&y, &["y", "Y"], options)?);
    if same {
        inputs.settle_as(&target);
        target.settle_as(&inputs);
    }
    let rows = |a: &Array| (!a.is_undecided()).then(|| a.shape[0]);
    let (of_inputs, of_target) = (rows(&inputs), rows(&target));
    inputs.settle(of_target)?;
    target.settle(of_inputs)?;
    if same { distinct(inputs, target) } else { Ok((inputs, target)) }
}

/// Refuses one array given as X and as y.
///
/// Compared are the place (the file by one path, and in an archive the array) and in a table the numbers of the
/// columns: one column may be named by its name and by its number, and two may have one name.
///
/// # Errors
/// Both are equal.
fn distinct(x: Array, y: Array) -> Result<(Array, Array)> {
    let columns = |a: &Array| a.table.as_ref().map(|t| t.columns.clone());
    let same = x.place == y.place && columns(&x) == columns(&y);
    if same { Err(Error::input(y.place, "X and y are the same array")) } else { Ok((x, y)) }
}

/// The column of y taken out of the table that has all columns.
///
/// The column is moved out, not copied; both arrays keep how the table was read.
///
/// # Errors
/// No column is named; there is none of this name or number; the first line is still open; it is the only column.
fn split_table(mut table: Array, y: &Source) -> Result<(Array, Array)> {
    let place = table.place.clone();
    let refuse = |problem: String| Error::input(place.clone(), problem);
    let Some(key) = &y.key else {
        let what =
            "X and y are one csv file: name the column of y as FILE:COLUMN (a name of its header, or a number from 0)";
        return Err(refuse(what.to_string()));
    };
    table.settle_for(key)?;
    let (rows, columns) = table.matrix_shape()?;
    let numbers = table.table.as_ref().map_or(&[][..], |t| &t.columns);
    let j = table::column(key, table.names.as_deref(), numbers).map_err(refuse)?;
    if columns == 1 {
        return Err(refuse("only the column of y is there; expected columns of X too".to_string()));
    }
    let values = table.values.split(j * rows..(j + 1) * rows);
    let names = table.names.as_mut().map(|n| vec![n.remove(j)]);
    table.shape = vec![rows, columns - 1];
    let mut dialect = table.table.clone();
    if let (Some(x), Some(y)) = (&mut table.table, &mut dialect) {
        y.columns = vec![x.columns.remove(j)];
    }
    let target = Array { place: table.place.clone(), shape: vec![rows, 1], values, names, table: dialect };
    Ok((table, target))
}

/// The name to read where none was given: the only array, or the only one of the usual names that is there.
///
/// # Errors
/// None of them is there, or several; the message lists what is.
fn choose(container: &Container, usual: &[&str]) -> Result<String> {
    let names = container.names();
    if let [only] = names {
        return Ok(only.clone());
    }
    let known: Vec<&str> = usual.iter().copied().filter(|u| names.iter().any(|n| n == u)).collect();
    let what = match known[..] {
        [one] => return Ok(one.to_string()),
        [] => format!("none of its arrays is called {}; it holds {}", usual.join(" or "), show_names(names)),
        _ => format!("it holds arrays called {}", known.join(" and ")),
    };
    Err(Error::input(container.place(), what + ": name one as FILE:NAME"))
}

/// The first six bytes, for the message about a file that is not what its extension says.
fn hex(start: &[u8]) -> String {
    start.iter().take(6).map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ")
}
