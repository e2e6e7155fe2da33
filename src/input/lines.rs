//! The records of a text table, one after another in the same memory.
//!
//! A line without quotes is split where it lies; one with quotes goes through `csv_core`, with as many of the lines
//! below it as its quotes enclose. Lines end with `\n`, `\r\n` or `\r`.
//!
//! Why not `csv` for all of it: a table of numbers rarely has quotes, and splitting it in place needs no second copy
//! of the line. Why `csv_core` for the rest: quotes may hold delimiters, line ends and doubled quotes, and that is
//! not written anew here.
//!
//! Memory: the bytes of one record and the places of its fields, whatever the length of the file.
//!
//! Invariant: `fields` are ranges of `bytes`, those of the last record that `next` gave; after the end of the file
//! they are empty. Numbers of lines count ends of lines, so a record of several lines has the number of its first.

use super::decode::damaged;
use crate::input::separators::{Delimiter, Mark};
use csv_core::ReadRecordResult;
use memchr::{memchr, memchr2};
use std::io::{BufRead, ErrorKind};
use std::ops::Range;

/// Reads records; [`Lines::fields`] are those of the last one.
pub(super) struct Lines<R> {
    /// What is read from; it is never sought.
    input: R,
    /// The delimiter; `None` in a table of one column.
    delimiter: Option<Delimiter>,
    /// What separates fields; in a table of one column nothing should, and what usually does is looked for all the
    /// same.
    separator: u8,
    /// Fields of the last record of a table; before one is read, of the first line that does not begin with `#`.
    width: Option<usize>,
    /// The last line read was ended by `\r`: a `\n` that follows belongs to it.
    after_return: bool,
    /// Lines read.
    read: u64,
    /// The first line of the record, from 1.
    line: u64,
    /// The text of the record: as in the file, or without its quotes by `csv_core`, fields end to end.
    bytes: Vec<u8>,
    /// Where in `bytes` the fields are, in order.
    fields: Vec<Range<usize>>,
    /// Whether the first line of the record has a quote.
    quoted: bool,
    /// The last blank line that was skipped.
    blank: Option<u64>,
    /// Quotes that may hide rows are refused.
    strict: bool,
}

impl<R: BufRead> Lines<R> {
    /// `width`: fields of a row; a line that begins with `#` and has as many may be one. `None`: every such line is a
    /// comment.
    pub(super) fn new(input: R, delimiter: Option<Delimiter>, mark: Mark, width: Option<usize>) -> Self {
        let usual = if mark == Mark::Comma { Delimiter::Semicolon } else { Delimiter::Comma };
        Self {
            input,
            delimiter,
            separator: delimiter.unwrap_or(usual).byte(),
            width,
            after_return: false,
            read: 0,
            line: 0,
            bytes: Vec::new(),
            fields: Vec::new(),
            quoted: false,
            blank: None,
            strict: false,
        }
    }

    /// Refuses quotes that may hide rows, as a table must be read; a sample by a wrong delimiter has many such.
    pub(super) fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Reads the next record that is neither blank nor a comment.
    ///
    /// `false` is the end of the file. A byte order mark before the first line is passed over.
    ///
    /// # Errors
    /// The file cannot be read to its end, or ends inside a quote, or quotes may hide rows ([`Quotes`]), or a line is
    /// blank among the rows of a table of one column, where it may stand for a missing value.
    pub(super) fn next(&mut self) -> Result<bool, String> {
        let rows = !self.fields.is_empty();
        loop {
            self.bytes.clear();
            if !self.append_line()? {
                self.fields.clear();
                return Ok(false);
            }
            self.line = self.read;
            if self.line == 1 && self.bytes.starts_with(b"\xef\xbb\xbf") {
                self.bytes.drain(..3);
            }
            self.quoted = memchr(b'"', &self.bytes).is_some();
            self.split();
            if self.is_comment() {
                continue;
            }
            if self.quoted {
                self.split_quoted(!rows)?;
            }
            if self.is_blank() {
                self.blank = Some(self.line);
                continue;
            }
            let blank = self.blank.take();
            if let (Some(line), true, None) = (blank, rows, self.delimiter) {
                return Err(format!(
                    "line {line} is empty, and rows follow: a missing value? Fill it in, or leave the line out"
                ));
            }
            if self.strict {
                // Of a line longer than the sample the width was not known, and R's header has one field less.
                self.width = Some(self.fields.len());
            }
            return Ok(true);
        }
    }

    /// The fields of the record, without blanks around them. Separated by blanks, empty ones are none.
    pub(super) fn fields(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.fields.iter().map(|r| &self.bytes[r.clone()])
    }

    /// The number of the first line of the record, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Appends the next line, without its end.
    ///
    /// `false` where the file has ended and nothing was appended. It ends a line at `\r` too, and remembers that a
    /// `\n` behind it, perhaps in the next buffer, belongs to it.
    ///
    /// # Errors
    /// The file cannot be read, in words; an interrupted read is repeated.
    fn append_line(&mut self) -> Result<bool, String> {
        let mut begun = false;
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => return Err(damaged(&e)),
            };
            let skip = usize::from(self.after_return && buffer.first() == Some(&b'\n'));
            if !buffer.is_empty() {
                self.after_return = false;
            }
            let rest = &buffer[skip..];
            begun |= !rest.is_empty();
            if let Some(end) = memchr2(b'\n', b'\r', rest) {
                self.bytes.extend_from_slice(&rest[..end]);
                self.after_return = rest[end] == b'\r';
                self.input.consume(skip + end + 1);
                self.read += 1;
                return Ok(true);
            }
            self.bytes.extend_from_slice(rest);
            let taken = buffer.len();
            self.input.consume(taken);
            if taken == 0 {
                self.read += u64::from(begun);
                return Ok(begun);
            }
        }
    }

    /// Splits a line without quotes where it lies. Separated by blanks, any run of them is one delimiter and none
    /// stands at the ends; with another delimiter two of them enclose an empty field.
    fn split(&mut self) {
        self.fields.clear();
        let bytes = &self.bytes;
        if self.delimiter == Some(Delimiter::Blank) {
            let mut start = None;
            for (at, byte) in bytes.iter().chain(b" ").enumerate() {
                match (byte.is_ascii_whitespace(), start) {
                    (true, Some(from)) => {
                        self.fields.push(from..at);
                        start = None;
                    }
                    (false, None) => start = Some(at),
                    _ => {}
                }
            }
            return;
        }
        let mut start = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == self.separator {
                self.fields.push(trimmed(bytes, start..at));
                start = at + 1;
            }
        }
        self.fields.push(trimmed(bytes, start..bytes.len()));
    }

    /// Splits a line with quotes, to which lines are appended while a quote is open.
    ///
    /// The buffers double when they are full. `top`: it may be a header, and R's has one field less than a row.
    ///
    /// # Errors
    /// Those of reading the lines that belong to it; the file ends inside a quote, which would take all rows below for
    /// one field; what [`Quotes`] refuses.
    fn split_quoted(&mut self, top: bool) -> Result<(), String> {
        let mut quotes = Quotes::new(self.delimiter, self.separator);
        let behind = |line: u64| {
            format!(
                "line {line}: text follows the closing quote of a field; expected a delimiter (double a quote within)"
            )
        };
        let checked = quotes.line(&self.bytes);
        if self.strict {
            checked.map_err(|()| behind(self.line))?;
        }
        let mut reader = csv_core::ReaderBuilder::new().delimiter(self.separator).build();
        let (mut out, mut ends) = (vec![0; self.bytes.len() + 1], vec![0; self.bytes.len() + 2]);
        let (mut from, mut written, mut ended) = (0, 0, 0);
        self.bytes.push(b'\n');
        loop {
            let input = &self.bytes[from..];
            let (state, used, put, fields) = reader.read_record(input, &mut out[written..], &mut ends[ended..]);
            (from, written, ended) = (from + used, written + put, ended + fields);
            match state {
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull => out.resize(2 * out.len(), 0),
                ReadRecordResult::OutputEndsFull => ends.resize(2 * ends.len(), 0),
                ReadRecordResult::InputEmpty => {
                    let start = self.bytes.len();
                    if !self.append_line()? {
                        return Err(format!("line {} opens a quote that no line below closes", self.line));
                    }
                    if self.strict && quotes.line(&self.bytes[start..]).is_err() {
                        return Err(format!("{}; line {} begins the record", behind(self.read), self.line));
                    }
                    self.bytes.push(b'\n');
                }
            }
        }
        out.truncate(written);
        self.bytes = out;
        self.fields.clear();
        let mut start = 0;
        for &end in &ends[..ended] {
            let field = trimmed(&self.bytes, start..end);
            start = end;
            if self.delimiter != Some(Delimiter::Blank) || !field.is_empty() {
                self.fields.push(field);
            }
        }
        let width = self.fields.len();
        match quotes.hidden(width, top).filter(|_| self.strict) {
            None => Ok(()),
            Some(below) => Err(format!(
                "line {} leaves a quote open, and line {} has as many fields as a row: a quote too many?",
                self.line,
                self.line + below as u64
            )),
        }
    }

    /// Nothing but blanks; `""` is an empty field.
    fn is_blank(&self) -> bool {
        !self.quoted && (self.fields.is_empty() || self.fields.len() == 1 && self.fields[0].is_empty())
    }

    /// `# text`, as NumPy writes its headers and footers, or `#text` with another number of fields than a row has.
    /// `#N/A,1.5` in a table of two columns is a row.
    ///
    /// Asked of a line as it stands in the file, split as if it had no quotes: a quote in a comment opens nothing, and
    /// a field that is quoted begins no comment.
    fn is_comment(&self) -> bool {
        match self.fields.first().map_or(&[][..], |f| &self.bytes[f.start..]) {
            [b'#', b' ' | b'\t' | b'#', ..] | [b'#'] => true,
            [b'#', ..] => {
                let plain = self.fields.len();
                let fields = if self.quoted {
                    Quotes::new(self.delimiter, self.separator).line(&self.bytes).unwrap_or(plain)
                } else {
                    plain
                };
                self.width.is_none_or(|w| w != fields)
            }
            _ => false,
        }
    }
}

/// Where in a record the next byte stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// At the start of a field.
    Start,
    /// In a field without quotes; a quote there is a character like others.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a closing quote, or in the middle of a doubled one.
    Closed,
}

/// What the quotes of a record enclose, line by line.
///
/// A quote that nobody meant to open a field pairs with the next one, and the rows between would be lost in silence.
/// Such a pair shows itself: text follows the closing quote; or, if the open quote is read as a character, a line has
/// as many fields as a row that lies between the two, or that has a delimiter there, or that ends what a row begins.
/// Text of several lines that shows none of these is a field.
struct Quotes {
    /// The delimiter.
    separator: u8,
    /// Any run of blanks is one delimiter.
    blank: bool,
    /// Behind the bytes seen so far.
    place: Place,
    /// Of each line: its fields, and whether it begins between quotes and ends there, or only behind a delimiter.
    /// Delimiters count in a quoted field that
    /// holds a line end, and in no other.
    lines: Vec<(usize, bool)>,
}

impl Quotes {
    /// At the start of a record.
    fn new(delimiter: Option<Delimiter>, separator: u8) -> Self {
        let blank = delimiter == Some(Delimiter::Blank);
        Self { separator, blank, place: Place::Start, lines: Vec::new() }
    }

    /// Takes the next line, without its end, and counts its fields.
    ///
    /// # Errors
    /// Text follows a closing quote; blanks do not count as such behind a field of one line.
    fn line(&mut self, text: &[u8]) -> Result<usize, ()> {
        // `whole`: of a line that begins between quotes, more than one field lies there, or all of it.
        let mut whole = self.place == Place::Quoted;
        // `opened`: the fields up to the quoted one that began on this line.
        let (mut fields, mut gap, mut opened) = (usize::from(!self.blank), true, None);
        for &byte in text {
            let separates = byte == self.separator || self.blank && byte.is_ascii_whitespace();
            fields += usize::from(if self.blank { gap && !separates } else { separates });
            gap = separates;
            self.place = match self.place {
                Place::Start if byte == b'"' => {
                    opened = Some(fields);
                    Place::Quoted
                }
                Place::Start | Place::Plain if byte == self.separator => Place::Start,
                Place::Start | Place::Plain => Place::Plain,
                Place::Quoted if byte == b'"' => Place::Closed,
                Place::Closed if byte == b'"' => Place::Quoted,
                Place::Quoted => Place::Quoted,
                Place::Closed if byte == self.separator => {
                    whole &= opened.is_some() || fields > 1 + usize::from(!self.blank);
                    fields = opened.take().map_or(fields, |n: usize| n + usize::from(!self.blank));
                    Place::Start
                }
                Place::Closed if byte.is_ascii_whitespace() && opened.is_some() => Place::Closed,
                Place::Closed => return Err(()),
            };
        }
        if self.place == Place::Closed {
            whole &= opened.is_some() || fields > 1;
            fields = opened.unwrap_or(fields);
        }
        self.lines.push((fields, whole));
        Ok(fields)
    }

    /// The first line below the first that may be a row of `width` fields; counted from the first. `top`: a line before
    /// the last may have one more, as below R's header.
    fn hidden(&self, width: usize, top: bool) -> Option<usize> {
        let first = self.lines.first().is_some_and(|&(fields, _)| fields == width);
        let last = self.lines.len().saturating_sub(1);
        let mut below = self.lines.iter().copied().enumerate().skip(1);
        let row = |at, fields| fields == width || top && at < last && fields == width + 1;
        below.find(|&(at, (fields, whole))| row(at, fields) && (whole || first)).map(|(at, _)| at)
    }
}

/// The range without the blanks at its ends.
fn trimmed(bytes: &[u8], mut range: Range<usize>) -> Range<usize> {
    while range.start < range.end && bytes[range.start].is_ascii_whitespace() {
        range.start += 1;
    }
    while range.start < range.end && bytes[range.end - 1].is_ascii_whitespace() {
        range.end -= 1;
    }
    range
}
