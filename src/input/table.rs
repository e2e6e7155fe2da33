//! Text tables: decimals kept exactly, an optional header, ragged and non-numeric rows refused by line and column.

use super::{Array, Values, show, show_names};
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use std::io::{BufRead, BufReader, Read};

/// Decimal exponents beyond this are refused: no double is that large or small, and `1e999999999` would take all memory.
const LARGEST_EXPONENT: i64 = 400;

/// Reads a table, or the column `key` (a name of the header, or a number from 0) of it.
pub(super) fn read(file: impl Read, place: &str, key: Option<&str>) -> Result<Array> {
    let refuse = |problem: String| Error::input(place, problem);
    let mut file = BufReader::new(file);
    let delimiter = delimiter(file.fill_buf().map_err(|e| refuse(show(&e.to_string())))?).map_err(refuse)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(file);
    let mut names: Option<Vec<String>> = None;
    let mut rows: Vec<Vec<Rational>> = Vec::new();
    let mut width = None;
    let mut first = true;
    for record in reader.records() {
        let record = record.map_err(|e| refuse(not_text(&e)))?;
        let line = record.position().map_or(0, csv::Position::line);
        if let Some(width) = width.filter(|&w| w != record.len()) {
            return Err(refuse(format!("line {line} has {} fields, expected {width}", record.len())));
        }
        width = Some(record.len());
        if std::mem::take(&mut first) && record.iter().all(|f| !is_number_word(f)) {
            names = Some(record.iter().map(str::to_string).collect());
            continue;
        }
        let row = record.iter().enumerate().map(|(j, field)| {
            let column =
                names.as_ref().map_or(format!("column {j} (counted from 0)"), |n| format!("column '{}'", show(&n[j])));
            parse(field).map_err(|what| refuse(format!("line {line}, {column}: {what}")))
        });
        rows.push(row.collect::<Result<_>>()?);
    }
    let width = width.unwrap_or(0);
    if rows.is_empty() || width == 0 {
        return Err(refuse(match names {
            Some(names) => format!("no rows of numbers; a header alone ({})", show_names(&names)),
            None => "no rows of numbers".to_string(),
        }));
    }
    let columns: Vec<usize> = match key {
        Some(key) => vec![column(key, names.as_deref(), width).map_err(refuse)?],
        None => (0..width).collect(),
    };
    let values = columns.iter().flat_map(|&j| rows.iter().map(move |r| r[j].clone())).collect();
    let names = names.map(|n| columns.iter().map(|&j| n[j].clone()).collect());
    Ok(Array {
        place: place.to_string(),
        shape: vec![rows.len(), columns.len()],
        values: Values::Exact(values),
        names,
        table: true,
    })
}

/// The index of the column called `key`, or numbered so.
pub(crate) fn column(key: &str, names: Option<&[String]>, width: usize) -> Result<usize, String> {
    if let Some(j) = names.and_then(|n| n.iter().position(|name| name == key)) {
        return Ok(j);
    }
    match (key.parse::<usize>(), names) {
        (Ok(j), _) if j < width => Ok(j),
        (_, Some(names)) => Err(format!("no column '{}'; the columns are {}", show(key), show_names(names))),
        _ => Err(format!("no column '{}'; columns 0 to {} have no names", show(key), width - 1)),
    }
}

/// The separator of the first line that is not a comment: the first of `,` `;` tab that occurs in it.
fn delimiter(start: &[u8]) -> Result<u8, String> {
    if start.contains(&0) {
        return Err("not a csv file: it holds binary data".to_string());
    }
    let line = start.split(|&b| b == b'\n').find(|l| !l.starts_with(b"#") && !l.trim_ascii().is_empty()).unwrap_or(b"");
    Ok([b',', b';', b'\t'].into_iter().find(|d| line.contains(d)).unwrap_or(b','))
}

/// Numbers, accepted or not, and empty fields: a header has none of them.
fn is_number_word(field: &str) -> bool {
    field.is_empty() || field.parse::<f64>().is_ok()
}

fn parse(field: &str) -> Result<Rational, String> {
    if field.is_empty() {
        return Err("the field is empty; expected a number".to_string());
    }
    if field.contains('/') {
        return Err(format!("'{}' is not a decimal number", show(field)));
    }
    if field.parse::<f64>().is_ok_and(|v| !v.is_finite()) {
        return Err(format!("'{}' is not a finite number", show(field)));
    }
    let exponent = field.split_once(['e', 'E']).map_or(Ok(0), |(_, e)| e.parse::<i64>());
    if exponent.is_ok_and(|e| e.abs() > LARGEST_EXPONENT) {
        return Err(format!("'{}' is beyond the range of a double", show(field)));
    }
    field.parse().map_err(|_| format!("'{}' is not a number", show(field)))
}

fn not_text(e: &csv::Error) -> String {
    match e.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("not a csv file: line {line} is not UTF-8 text")
        }
        _ => show(&e.to_string()),
    }
}

/// Reads a table that is in memory already.
///
/// # Errors
/// As [`super::read`].
pub fn parse_table(text: &str, place: &str) -> Result<Array> {
    read(text.as_bytes(), place, None)
}
