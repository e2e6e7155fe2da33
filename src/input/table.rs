//! Text tables: decimals kept exactly, an optional header, ragged and non-numeric rows refused by line and column.
//!
//! The way of a table: `dialect` finds delimiter and mark from a sample; `lines` gives the records; `Start` says from
//! the first two records how many columns there are, what they are called and which are kept; `Rows` parses the
//! fields of the kept columns into blocks of rows; `Rows::finish` turns the blocks into columns and judges a first
//! line of numbers.
//!
//! Why blocks: a file gives rows and the arrays want columns, whose length is known only at the end. A block of rows
//! is put into columns while it is in the cache, and given back then, so that the table is never in memory twice.
//!
//! A first line of whole numbers is a row when it is read (`First::Labels`) and may become a header later: by a
//! column asked for by name, by what stands below it, or by the number of rows that the other array has.
//!
//! | what is known | a first line of different whole numbers is |
//! | --- | --- |
//! | a column was asked for by one of them that is no column's number | a header |
//! | it counts 0, 1, 2, .. in three columns or more, and some column below has only decimals | a header |
//! | it counts from 0, or all columns below have only decimals | open: decided by the number of rows, else refused |
//! | anything else | a row |

use super::decimal::parse;
use super::dialect::{Dialect, First, Header, TableOptions, counts_from_zero, diagnose, first, sniff};
use super::lines::Lines;
use super::values::Decimals;
use super::{Array, Values, no_memory, show, show_names};
use crate::error::{Error, Result};
use crate::input::separators::{Delimiter, Mark};
use std::io::{BufRead, BufReader, Read};

/// Bytes from which delimiter and decimal mark are decided.
const SAMPLE_BYTES: usize = 1 << 18;

/// Numbers in a block of rows: its parts, 18 bytes a number and so 0.6 MB in all, stay in the cache while they are
/// put into columns.
const BLOCK: usize = 1 << 15;

/// What pandas calls an index that it reads back as a column.
const UNNAMED: &str = "Unnamed: 0";

/// Reads a table, or the column `key` (a name of the header, or a number from 0) of it.
///
/// Memory: at any moment at most 26 bytes for each number, if all have up to 19 digits, or 30, if all have up to 28.
///
/// `place` is the file for messages. The result may be undecided about its first line: see `Array::settle`.
///
/// # Errors
/// The file cannot be read; what `sniff` and `Start::new` refuse; a row of another width; a field that is no number,
/// by line and column; no rows; no such column; the memory is not there.
pub(super) fn read(file: impl Read, place: &str, key: Option<&str>, options: &TableOptions) -> Result<Array> {
    let refuse = |problem: String| Error::input(place, problem);
    let mut file = BufReader::with_capacity(SAMPLE_BYTES, file);
    let sample = file.fill_buf().map_err(|e| refuse(super::decode::damaged(&e)))?;
    // Whole lines, unless the first is longer than the sample.
    let end = sample.iter().rposition(|b| b"\r\n".contains(b)).filter(|_| sample.len() == SAMPLE_BYTES);
    let sample = &sample[..end.unwrap_or(sample.len())];
    let (delimiter, mark) = sniff(sample, options).map_err(refuse)?;
    let quoted = only_first_line_quoted(sample);
    let mut uncommented = Lines::new(sample, delimiter, mark, None);
    // A fault of the first record is told where it is read as a whole, below.
    let width = uncommented.next().unwrap_or(false).then(|| uncommented.fields().len());
    let mut lines = Lines::new(file, delimiter, mark, width).strict();
    if !lines.next().map_err(refuse)? {
        return Err(refuse("no rows of numbers".to_string()));
    }
    let (top, line): (Vec<Vec<u8>>, u64) = (lines.fields().map(<[u8]>::to_vec).collect(), lines.line());
    let mut more = lines.next().map_err(refuse)?;
    let below: Vec<&[u8]> = lines.fields().collect();
    let top: Vec<&[u8]> = top.iter().map(Vec::as_slice).collect();
    let start = Start::new(&top, line, &below, quoted, mark, options).map_err(refuse)?;
    let mut rows = Rows::new(place, &start, start.columns(key).map_err(refuse)?, mark, delimiter);
    if start.names.is_none() {
        rows.push(top.iter().copied(), start.line)?;
        rows.watch(start.labels.is_some());
    }
    while more {
        rows.push(lines.fields(), lines.line())?;
        more = lines.next().map_err(refuse)?;
    }
    rows.finish(&start, key)
}

/// Every field of the first line is quoted, and no byte of the second.
///
/// Lines that begin with `#` are passed over. It counts quotes against separators of every kind, so a name with a
/// blank or a delimiter in it makes the answer no.
fn only_first_line_quoted(sample: &[u8]) -> bool {
    let sample = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample);
    let mut lines =
        sample.split(|b| b"\r\n".contains(b)).map(<[u8]>::trim_ascii).filter(|l| !l.is_empty() && l[0] != b'#');
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let quotes = |l: &[u8]| l.iter().filter(|&&b| b == b'"').count();
    let separators = |l: &[u8]| l.iter().filter(|b| b",;\t ".contains(b)).count();
    first.starts_with(b"\"") && quotes(first) == 2 * (separators(first) + 1) && quotes(second) == 0
}

/// What the first two records say.
struct Start {
    /// The number of the first line.
    line: u64,
    /// Fields of a row.
    width: usize,
    /// The header.
    names: Option<Vec<String>>,
    /// Why the first line is a header or a row.
    why: String,
    /// The fields of a first line that may be a header of numbers.
    labels: Option<Vec<String>>,
    /// The first column has no name; the name it has in place of one.
    index: Option<String>,
    /// Columns to leave out at the left.
    skipped: usize,
}

impl Start {
    /// From the fields of the first record, which begins on `line`, and of the next one.
    ///
    /// `below` is empty where there is one record only, `quoted` as `only_first_line_quoted` found it.
    ///
    /// # Errors
    /// In words: a line `sep=`, text that is not UTF-8, what [`first`] refuses, a line that begins with %, or an index
    /// to be dropped whose column has a name.
    fn new(
        top: &[&[u8]],
        line: u64,
        below: &[&[u8]],
        quoted: bool,
        mark: Mark,
        options: &TableOptions,
    ) -> Result<Self, String> {
        if top.first().and_then(|f| f.get(..4)).is_some_and(|f| f.eq_ignore_ascii_case(b"sep=")) {
            return Err(format!("line {line} is an instruction to a spreadsheet (sep=): leave it out"));
        }
        let text = || top.iter().map(|f| String::from_utf8(f.to_vec())).collect::<Result<Vec<_>, _>>();
        let text = || text().map_err(|_| format!("not a csv file: line {line} is not UTF-8 text"));
        let mut start =
            Self { line, width: top.len(), names: None, why: String::new(), labels: None, index: None, skipped: 0 };
        match first(top, line, quoted, mark, options.header)? {
            First::Row(why) => start.why = why,
            First::Labels => start.labels = Some(text()?),
            First::Header(why) => {
                start.why = why;
                let mut names = text()?;
                // R leaves out the name of the column of row names; an empty last field is a separator too many.
                if below.len() == names.len() + 1 && below.last().is_some_and(|f| !f.is_empty()) {
                    if names[0].starts_with('%') {
                        return Err(format!("line {line} begins with %: comments begin with #"));
                    }
                    names.insert(0, String::new());
                }
                // `#x,y`: a name behind the sign of a comment.
                if let Some(name) = names[0].strip_prefix('#').map(str::trim).filter(|n| !n.is_empty()) {
                    names[0] = name.to_string();
                }
                start.width = names.len();
                let nameless = names.len() > 1 && (names[0].is_empty() || names[0] == UNNAMED);
                start.index = nameless.then(|| names[0].clone());
                start.names = Some(names);
            }
        }
        if options.drop_index && start.width > 1 {
            match (&start.index, &start.names) {
                (None, Some(names)) => {
                    return Err(format!("--drop-index: the first column is called '{}'", show(&names[0])));
                }
                _ => start.skipped = 1,
            }
        }
        Ok(start)
    }

    /// The columns to keep.
    ///
    /// # Errors
    /// No such column; without a key, an index without a name that no option drops.
    fn columns(&self, key: Option<&str>) -> Result<Vec<usize>, String> {
        match key {
            Some(key) => {
                let (names, all) =
                    (self.names.as_deref().or(self.labels.as_deref()), (0..self.width).collect::<Vec<_>>());
                Ok(vec![column(key, names, &all)?])
            }
            None if self.index.is_some() && self.skipped == 0 => Err(format!(
                "line {}: the first column has no name, as an index has that pandas or R wrote: write the table \
                 without it \
                 (index=False, row.names=FALSE), give it a name, or leave it out with --drop-index",
                self.line
            )),
            None => Ok((self.skipped..self.width).collect()),
        }
    }
}

/// The rows read so far.
///
/// Invariant: `blocks` hold `rows` rows of the kept columns, end to end; every block but the last is full.
struct Rows<'a> {
    /// The file, for messages.
    place: &'a str,
    /// Names of all columns, where there is a header.
    names: Option<&'a [String]>,
    /// The columns that are kept, ascending, by their number in the file.
    columns: Vec<usize>,
    /// Fields that every record must have.
    width: usize,
    /// The decimal mark.
    mark: Mark,
    /// The delimiter, for the Dialect and for advice about an empty last field.
    delimiter: Option<Delimiter>,
    /// The rows read so far, in blocks.
    blocks: Vec<Decimals>,
    /// Rows of a full block: as many as have `BLOCK` numbers, one at least.
    rows_per_block: usize,
    /// Rows read.
    rows: usize,
    /// By kept column, while that matters: every field below the first line has a decimal mark or an exponent.
    decimal: Option<Vec<bool>>,
}

impl<'a> Rows<'a> {
    /// Nothing is read yet, and nothing allocated.
    fn new(place: &'a str, start: &'a Start, columns: Vec<usize>, mark: Mark, delimiter: Option<Delimiter>) -> Self {
        let rows_per_block = (BLOCK / columns.len().max(1)).max(1);
        let names = start.names.as_deref();
        let (width, blocks) = (start.width, Vec::new());
        Self { place, names, columns, width, mark, delimiter, blocks, rows_per_block, rows: 0, decimal: None }
    }

    /// From here on, looks whether fields are written as decimals.
    fn watch(&mut self, wanted: bool) {
        self.decimal = wanted.then(|| vec![true; self.columns.len()]);
    }

    /// Appends a record, which begins on `line`. Fields of columns that are not kept are not parsed: whatever stands
    /// there is accepted.
    ///
    /// # Errors
    /// Another number of fields; a field that is no number, named by line and column; the memory of a block is not
    /// there.
    fn push<'f>(&mut self, fields: impl ExactSizeIterator<Item = &'f [u8]>, line: u64) -> Result<()> {
        let found = fields.len();
        if found != self.width {
            let (fields, width) = (if found == 1 { "field" } else { "fields" }, self.width);
            return Err(Error::input(self.place, format!("line {line} has {found} {fields}, expected {width}")));
        }
        if self.rows.is_multiple_of(self.rows_per_block) {
            let size = self.rows_per_block * self.columns.len();
            self.blocks.push(Decimals::with_capacity(size).map_err(|_| no_memory(self.place, size * 18))?);
        }
        let Some(block) = self.blocks.last_mut() else { return Err(Error::internal("a row without a block")) };
        let mut wanted = self.columns.iter().copied().enumerate().peekable();
        for (j, field) in fields.enumerate() {
            let Some((to, _)) = wanted.next_if(|&(_, w)| w == j) else { continue };
            match parse(field, self.mark == Mark::Comma) {
                Ok(number) => block.push(number),
                Err(fault) => {
                    let last = self.delimiter.filter(|_| j + 1 == self.width && j > 0);
                    let what = diagnose(field, fault, self.mark, last);
                    let column = self
                        .names
                        .map_or(format!("column {j} (counted from 0)"), |n| format!("column '{}'", show(&n[j])));
                    return Err(Error::input(self.place, format!("line {line}, {column}: {what}")));
                }
            }
            if let Some(decimal) = &mut self.decimal {
                decimal[to] &= field.iter().any(|b| matches!(b, b'.' | b',' | b'e' | b'E'));
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// The array of all rows.
    ///
    /// # Errors
    /// There are none, or only a line that `key` makes a header; the memory is not there.
    fn finish(self, start: &Start, key: Option<&str>) -> Result<Array> {
        let place = self.place;
        let number = |k: &str| k.parse().is_ok_and(|j: usize| j < start.width);
        let asked = key.filter(|k| start.labels.is_some() && !number(k));
        if self.rows == usize::from(asked.is_some()) {
            let names = start.names.as_deref().or(start.labels.as_deref());
            return Err(header_alone(place, names.unwrap_or_default()));
        }
        let Self { columns, rows, blocks, decimal, .. } = self;
        let kept = columns.len();
        let values = Decimals::transpose(blocks, kept).map_err(|_| no_memory(place, rows * kept * 18))?;
        let pick = |names: &[String]| columns.iter().map(|&j| names[j].clone()).collect::<Vec<String>>();
        let dropped = start.skipped > 0 && key.is_none();
        let mut array = Array {
            place: place.to_string(),
            shape: vec![rows, kept],
            values: Values::of_decimals(values),
            names: start.names.as_deref().map(pick),
            table: Some(Dialect {
                delimiter: self.delimiter,
                decimal: self.mark,
                header: Header { line: start.line, taken: start.names.is_some(), why: start.why.clone() },
                index_dropped: dropped.then(|| start.index.clone().unwrap_or_default()),
                labels: start.labels.as_deref().map(pick),
                undecided: false,
                columns,
            }),
        };
        if let Some(labels) = &start.labels {
            judge_labels(&mut array, labels, &decimal.unwrap_or_default(), asked);
        }
        Ok(array)
    }
}

/// The refusal of a table of one line that is a header.
fn header_alone(place: &str, names: &[String]) -> Error {
    Error::input(place, format!("no rows of numbers; a header alone ({})", show_names(names)))
}

/// Decides, where that is possible, whether a first line of whole numbers is a header. `labels` are its fields;
/// `decimal` says which of the columns read hold nothing but decimals below it; `asked` is a column asked for by name,
/// and then there are rows below.
///
/// The table of [the module](self) in code. Where nothing stands below it, the first line is a row.
fn judge_labels(array: &mut Array, labels: &[String], decimal: &[bool], asked: Option<&str>) {
    let below = array.shape[0] > 1;
    let decimals = |all: bool| below && if all { decimal.iter().all(|&d| d) } else { decimal.contains(&true) };
    let counts = counts_from_zero(labels);
    if let Some(name) = asked {
        array.take_header(format!("a column called '{}' was asked for", show(name)));
    } else if counts && labels.len() > 2 && decimals(false) {
        // With one or two columns, 0 and 0,1 begin many a table: time and state at the start.
        array.take_header("it counts the columns from 0, and decimals follow".to_string());
    } else if below && (counts || decimals(true)) {
        if let Some(table) = &mut array.table {
            table.undecided = true;
        }
    } else if let Some(table) = &mut array.table {
        table.header.why = "its fields are numbers".to_string();
    }
}

impl Array {
    /// The first row was a header, of the labels.
    ///
    /// Called where there are labels and a row below them, and once at most: there is no second header.
    fn take_header(&mut self, why: String) {
        let Some(table) = &mut self.table else { return };
        self.names = table.labels.take();
        (table.header.taken, table.header.why, table.undecided) = (true, why, false);
        self.values.drop_first_row(self.shape[0]);
        self.shape[0] -= 1;
    }

    /// Decides what is left open about the first line of a table, given the number of `rows` that the data must have.
    ///
    /// Without a number of rows, or with one that neither reading gives, an open line is refused.
    ///
    /// # Errors
    /// It may be a header as well as a row.
    pub(super) fn settle(&mut self, rows: Option<usize>) -> Result<()> {
        let Some(table) = self.table.as_mut().filter(|t| t.undecided) else { return Ok(()) };
        match rows {
            Some(rows) if rows + 1 == self.shape[0] => {
                self.take_header(format!("the {rows} lines below it are as many as there must be"));
                Ok(())
            }
            Some(rows) if rows == self.shape[0] => {
                table.header.why = format!("with it there are {rows} rows, as many as there must be");
                table.undecided = false;
                Ok(())
            }
            _ => {
                let what = format!(
                    "line {} ({}) may be a header or the first row: give --header yes or --header no",
                    table.header.line,
                    show_names(table.labels.as_deref().unwrap_or_default())
                );
                Err(Error::input(&self.place, what))
            }
        }
    }

    /// The same where y is the column `key` of the table itself: a name that is no number of a column is one of a
    /// header.
    ///
    /// # Errors
    /// As `Array::settle`, where the key does not decide; the header would be all there is.
    pub(super) fn settle_for(&mut self, key: &str) -> Result<()> {
        let Some(table) = &self.table else { return Ok(()) };
        let number = key.parse().is_ok_and(|j: usize| table.columns.contains(&j));
        match &table.labels {
            Some(labels) if !number && labels.iter().any(|l| l == key) => {
                if self.shape[0] == 1 {
                    return Err(header_alone(&self.place, labels));
                }
                self.take_header(format!("a column called '{}' was asked for", show(key)));
                Ok(())
            }
            _ => self.settle(None),
        }
    }

    /// The same where `other` comes from the same table: what is a header there is one here.
    pub(super) fn settle_as(&mut self, other: &Self) {
        let header = other.table.as_ref().is_some_and(|t| t.header.taken);
        // `other` has a row below the header, and so has this array.
        if header && self.table.as_ref().is_some_and(|t| t.labels.is_some()) {
            self.take_header("it is one for the other column".to_string());
        }
    }

    /// Whether the first line of a table may be a header as well as a row.
    pub(super) fn is_undecided(&self) -> bool {
        self.table.as_ref().is_some_and(|t| t.undecided)
    }
}

/// Which of the columns with these `numbers` in the file, and perhaps these names, is called `key` or numbered so: its
/// index among them.
///
/// A name wins over a number where both mean one column; where they mean two, the key is refused.
///
/// # Errors
/// In words: two columns of that name, a name that is another column's number, none such.
pub(super) fn column(key: &str, names: Option<&[String]>, numbers: &[usize]) -> Result<usize, String> {
    let by_number = key.parse::<usize>().ok().and_then(|n| numbers.iter().position(|&m| m == n));
    let mut named = names.unwrap_or_default().iter().enumerate().filter(|(_, name)| *name == key).map(|(j, _)| j);
    match (named.next(), named.next(), by_number, names) {
        (Some(_), Some(_), _, _) => Err(format!("two columns are called '{}'", show(key))),
        (Some(j), None, Some(i), _) if i != j => Err(format!(
            "'{key}' is the name of column {} (counted from 0) and the number of another: rename one",
            numbers[j]
        )),
        (Some(j), ..) | (None, _, Some(j), _) => Ok(j),
        (None, _, None, Some(names)) => {
            Err(format!("no column '{}'; the columns are {}", show(key), show_names(names)))
        }
        _ => {
            let (first, last) = (numbers.first().unwrap_or(&0), numbers.last().unwrap_or(&0));
            Err(format!("no column '{}'; columns {first} to {last} have no names", show(key)))
        }
    }
}

/// Reads a table that is in memory already.
///
/// The data sets that the program carries are read so.
///
/// # Errors
/// As [`super::read`].
pub fn parse_table(text: &str, place: &str) -> Result<Array> {
    let mut array = read(text.as_bytes(), place, None, &TableOptions::default())?;
    array.settle(None)?;
    Ok(array)
}
