//! How a text table is written: what separates its fields, its decimal mark, and whether its first line is a header.
//! Decided here and nowhere else, from a sample of its lines or by [`TableOptions`]; what was decided, and why, goes to
//! the output as a [`Dialect`].
//!
//! The order of the decisions: delimiter and decimal mark from the first 2^18 bytes of the file (`sniff`); then, with
//! the fields split, what the first line is (`first`); what stays open there is decided by the lines below it or by
//! the number of rows that the data must have (`table`). Where a wrong guess would change numbers in silence, the
//! file is refused with the option that decides.
//!
//! | question | decided by | refused |
//! | --- | --- | --- |
//! | delimiter | the first of `,` `;` tab blank under which the sampled lines have equally many fields, and below the first line only numbers | decimal commas that no option announced; fractions such as `05` split from their whole part |
//! | decimal mark | the option, else a point | |
//! | header | words against numbers; quotes; labels that count the columns | words and numbers in one line; nothing but missing values |

use super::decimal::{Fault, parse};
use super::lines::Lines;
use super::{show, show_names};
use crate::input::separators::{Delimiter, Mark};
use schemars::JsonSchema;
use serde::Serialize;

/// What the user says about text tables; `None` is decided from the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// The first line is a header.
    pub header: Option<bool>,
    /// What separates fields.
    pub delimiter: Option<Delimiter>,
    /// What separates whole and fractional digits.
    pub decimal: Option<Mark>,
    /// The first column is an index, to be left out.
    pub drop_index: bool,
}

/// How a table was read.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Dialect {
    /// What separates its fields; null for a table of one column.
    pub delimiter: Option<Delimiter>,
    /// Its decimal mark.
    pub decimal: Mark,
    /// What its first line is.
    pub header: Header,
    /// The index that was left out, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_dropped: Option<String>,
    /// The columns that the array has, by their numbers in the file.
    #[serde(skip)]
    pub(super) columns: Vec<usize>,
    /// The fields of a first line of whole numbers, those of these columns, until it is taken for a header.
    #[serde(skip)]
    pub(super) labels: Option<Vec<String>>,
    /// That line could be a header as well as a row.
    #[serde(skip)]
    pub(super) undecided: bool,
}

/// What the first line is that is neither empty nor a comment.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Header {
    /// Its number, from 1.
    pub line: u64,
    /// It is a header, not a row.
    pub taken: bool,
    /// Why.
    pub why: String,
}

/// Lines that are split to find the delimiter.
const SAMPLE: usize = 64;

/// Delimiter and decimal mark, from the first lines of a table and from what the user said.
///
/// `start` is the beginning of the file, whole lines unless the first is longer. `None` for the delimiter is a table
/// of one column.
///
/// A delimiter that the user gives is believed, unless it is the decimal mark too. Without one, those readings are
/// tried that the decimal mark leaves.
///
/// # Errors
/// In words: UTF-16, binary data, a comma as both, numbers that look like decimal commas, fractions split at a comma.
pub(super) fn sniff(start: &[u8], options: &TableOptions) -> Result<(Option<Delimiter>, Mark), String> {
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err("not a csv file: it is UTF-16 text; save it as UTF-8".to_string());
    }
    if start.contains(&0) {
        return Err("not a csv file: it holds binary data".to_string());
    }
    let mark = options.decimal.unwrap_or(Mark::Point);
    let delimiter = match options.delimiter {
        Some(given) => Some(given),
        None => {
            let found = Sample::all(start).into_iter().filter(|s| s.delimiter != mark_of(mark)).collect::<Vec<_>>();
            choose(&found, mark, options)?
        }
    };
    if delimiter == Some(Delimiter::Comma) && mark == Mark::Comma {
        return Err("a comma cannot be both delimiter and decimal mark".to_string());
    }
    if delimiter == Some(Delimiter::Comma) && options.delimiter.is_none() {
        refuse_split_decimals(start)?;
    }
    Ok((delimiter, mark))
}

/// The delimiter that a decimal mark excludes.
///
/// A comma cannot separate fields and mark decimals in one table; tabs, blanks and semicolons go with either mark.
fn mark_of(mark: Mark) -> Option<Delimiter> {
    (mark == Mark::Comma).then_some(Delimiter::Comma)
}

/// The first lines, split by one delimiter: a reading of the file that may fit.
struct Sample {
    /// The delimiter of the reading; never `None` here, but of the type of what is chosen.
    delimiter: Option<Delimiter>,
    /// At most `SAMPLE` lines, each the bytes of its fields, without comments and blank lines.
    lines: Vec<Vec<Vec<u8>>>,
}

impl Sample {
    /// Splits up to `SAMPLE` lines. A line that cannot be read ends the sample; the table itself will refuse it.
    fn new(start: &[u8], delimiter: Delimiter) -> Self {
        let mut records = Lines::new(start, Some(delimiter), Mark::Point, None);
        let mut lines = Vec::new();
        while lines.len() < SAMPLE && records.next() == Ok(true) {
            lines.push(records.fields().map(<[u8]>::to_vec).collect());
        }
        Self { delimiter: Some(delimiter), lines }
    }

    /// Every reading, in the order in which they are preferred.
    fn all(start: &[u8]) -> Vec<Self> {
        Delimiter::ALL.iter().map(|&d| Self::new(start, d)).collect()
    }

    /// The lines below a possible header.
    ///
    /// Of a single line, that line: then it is judged as a row.
    fn rows(&self) -> &[Vec<Vec<u8>>] {
        if self.lines.len() > 1 { &self.lines[1..] } else { &self.lines }
    }

    /// Several columns of numbers, or of words for missing ones.
    ///
    /// The first line may have one field less, as R writes it, and its fields may be words; every other line has the
    /// width of the second and no field that is a word. Missing values fit, so that the table is refused for them and
    /// not for its delimiter.
    fn works(&self, mark: Mark) -> bool {
        let width = self.rows().first().map_or(0, Vec::len);
        let number = |f: &Vec<u8>| !matches!(parse(f, mark == Mark::Comma), Err(Fault::Word));
        // R leaves out the name of row names; a first line with another delimiter is none of its headers.
        let plain = |f: &Vec<u8>| !f.iter().any(|b| b",;\t".contains(b));
        let top = self.lines.first().is_some_and(|t| t.len() == width || t.len() + 1 == width && t.iter().all(plain));
        width > 1 && top && self.rows().iter().all(|r| r.len() == width && r.iter().all(number))
    }

    /// Lines with as many fields as the first, where it has several.
    ///
    /// It ranks readings of which none fits.
    fn consistent(&self) -> usize {
        let width = self.lines.first().map_or(0, Vec::len);
        if width < 2 { 0 } else { self.lines.iter().filter(|l| l.len() == width).count() }
    }
}

/// The delimiter of the first reading that fits; `None` where every line below the first is one field under all of
/// them.
///
/// Where no reading makes numbers of all fields, the table will be refused. Then the reading under which most lines
/// have as many fields as the first words the refusal, the earlier one of two that are equal.
///
/// # Errors
/// In words: only with decimal commas a reading fits, and no option said which mark it is.
fn choose(samples: &[Sample], mark: Mark, options: &TableOptions) -> Result<Option<Delimiter>, String> {
    if let Some(found) = samples.iter().find(|s| s.works(mark)) {
        return Ok(found.delimiter);
    }
    if samples.iter().all(|s| s.rows().iter().all(|r| r.len() < 2)) {
        return Ok(None);
    }
    let commas = |s: &&Sample| s.delimiter != Some(Delimiter::Comma) && s.works(Mark::Comma);
    if let Some(found) = samples.iter().find(commas).filter(|_| options.decimal.is_none()) {
        let field = found.rows().iter().flatten().find(|f| f.contains(&b',')).map(|f| text(f));
        return Err(format!(
            "'{}' looks like a number with a decimal comma: give --decimal , to read it so",
            field.unwrap_or_default()
        ));
    }
    // No reading makes numbers of every field: the one with the most lines of equal length words the refusal.
    Ok(samples.iter().rev().max_by_key(|s| s.consistent()).and_then(|s| s.delimiter))
}

/// Decimal commas split at the comma leave fractions such as `05` behind, which nobody writes as a whole number.
///
/// A column of decimal commas splits at them into two columns of whole numbers, `1,05` into 1 and `05`. If no field
/// below the first line has a point or an exponent, and some whole number begins with a zero, the commas may be
/// either.
///
/// # Errors
/// In words, with the first such field.
fn refuse_split_decimals(start: &[u8]) -> Result<(), String> {
    let sample = Sample::new(start, Delimiter::Comma);
    let fields = || sample.rows().iter().flatten();
    if fields().any(|f| f.iter().any(|b| matches!(b, b'.' | b'e' | b'E'))) {
        return Ok(());
    }
    let padded = |f: &&Vec<u8>| f.len() > 1 && f[0] == b'0' && f.iter().all(u8::is_ascii_digit);
    match fields().find(padded) {
        None => Ok(()),
        Some(f) => Err(format!(
            "'{}' begins with a zero: the commas may be decimal marks (1,05); give --decimal , or --delimiter ,",
            text(f)
        )),
    }
}

/// A field as it is shown in a message.
fn text(field: &[u8]) -> String {
    show(&String::from_utf8_lossy(field))
}

/// What the first line says by itself.
pub(super) enum First {
    /// It is a header, and why.
    Header(String),
    /// It is a row, and why.
    Row(String),
    /// Whole numbers: a header if those below are not.
    Labels,
}

/// Judges the first line of a table. `quoted`: its fields are quoted, and those of the next line are not.
///
/// `fields` are those of the first line that is neither blank nor a comment, `line` its number from 1, `asked` the
/// option.
///
/// In this order: what the user said; an empty first field above labels, as pandas writes an index; no number at all,
/// so names; numbers without a word among them. Of the last, quotes on this line alone make it a header, whole
/// numbers that are all different leave it open, and all others are a row.
///
/// # Errors
/// In words: text that is not UTF-8; nothing but missing values; words beside numbers.
pub(super) fn first(
    fields: &[&[u8]],
    line: u64,
    quoted: bool,
    mark: Mark,
    asked: Option<bool>,
) -> Result<First, String> {
    match asked {
        Some(true) => return Ok(First::Header("--header yes".to_string())),
        Some(false) => return Ok(First::Row("--header no".to_string())),
        None => {}
    }
    // What pandas writes above an index and columns without names.
    if fields.len() > 1 && fields[0].is_empty() && are_labels(&fields[1..]) {
        return Ok(First::Header("its first field is empty, and the others number columns".to_string()));
    }
    if fields.iter().any(|f| std::str::from_utf8(f).is_err()) {
        return Err(format!("not a csv file: line {line} is not UTF-8 text"));
    }
    let found: Vec<_> = fields.iter().map(|f| parse(f, mark == Mark::Comma)).collect();
    let numbers = found.iter().filter(|f| matches!(f, Ok(_) | Err(Fault::Range | Fault::Long))).count();
    let word = found.iter().position(|f| matches!(f, Err(Fault::Word)));
    match (numbers, word) {
        (0, Some(_)) => Ok(First::Header("none of its fields is a number".to_string())),
        (0, None) => Err(format!(
            "line {line} holds nothing but missing values ({}): give --header yes if it is a header, or leave it out",
            show_names(&fields.iter().map(|f| text(f)).collect::<Vec<_>>())
        )),
        (_, Some(j)) => Err(format!(
            "line {line}, column {j} (counted from 0): '{}' is not a number, and other fields of the line are; \
             give --header yes if it is a header",
            text(fields[j])
        )),
        _ if quoted => Ok(First::Header("its fields are quoted, those of the next line are not".to_string())),
        _ if are_labels(fields) => Ok(First::Labels),
        _ => Ok(First::Row("its fields are numbers".to_string())),
    }
}

/// Whole numbers, all different, as one writes them to number things.
///
/// No sign, no point, no zero in front of other digits.
fn are_labels(fields: &[&[u8]]) -> bool {
    let plain = |f: &[u8]| f.iter().all(u8::is_ascii_digit) && (f.len() == 1 || f.first() != Some(&b'0'));
    let mut sorted: Vec<&[u8]> = fields.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() == fields.len() && fields.iter().all(|f| !f.is_empty() && plain(f))
}

/// 0, 1, ..., in order: what pandas calls columns that have no names.
pub(super) fn counts_from_zero<S: AsRef<[u8]>>(fields: &[S]) -> bool {
    fields.iter().enumerate().all(|(j, f)| f.as_ref() == j.to_string().as_bytes())
}

/// What a field that is no number may have been meant to be.
///
/// `last` is the delimiter where the field is the last of several on its line: an empty one may be a delimiter too
/// many. Each message says how to change the file or which option reads it; where no cause is found, it says only
/// that the field is no number.
pub(super) fn diagnose(field: &[u8], fault: Fault, mark: Mark, last: Option<Delimiter>) -> String {
    let shown = text(field);
    match fault {
        Fault::Empty => match last {
            Some(d) if d != Delimiter::Blank => {
                format!(
                    "the field is empty; expected a number (a '{}' at the end of the line?)",
                    char::from(d.byte()).escape_default()
                )
            }
            _ => "the field is empty; expected a number".to_string(),
        },
        Fault::NotFinite => format!("'{shown}' is not a finite number: leave such rows out, or fill them in"),
        Fault::Range => format!("'{shown}' is beyond the range of a double"),
        Fault::Long => format!("'{shown}' has digits beyond the 5000th decimal place; expected fewer"),
        Fault::Word => {
            let cause = cause(field, mark);
            if cause.is_empty() { format!("'{shown}' is not a number") } else { format!("'{shown}' is {cause}") }
        }
    }
}

/// What the field was probably meant to be, as the end of "it is ..": empty where nothing fits.
///
/// Tried in this order: bytes that are no UTF-8; truth values; separators of thousands and the other decimal mark;
/// another delimiter; exponents as Fortran writes them; dates and times; fractions; a typographic minus sign. Groups
/// of three digits mean separators of thousands; where one comma and no point leave both readings possible, the
/// message names both.
fn cause(field: &[u8], mark: Mark) -> String {
    let unsigned = field.strip_prefix(b"-").unwrap_or(field);
    let only = |more: &[u8]| unsigned.iter().all(|b| b.is_ascii_digit() || more.contains(b));
    let Ok(text) = std::str::from_utf8(unsigned) else { return "not UTF-8 text".to_string() };
    if !unsigned.iter().any(u8::is_ascii_digit) {
        return match text.to_ascii_lowercase().as_str() {
            "true" | "false" => "not a number: write 0 or 1 for truth values".to_string(),
            _ => String::new(),
        };
    }
    let (own, other) = if mark == Mark::Point { ('.', ',') } else { (',', '.') };
    if only(b".,") || only(b"., '_") || only("\u{a0}\u{202f}., ".as_bytes()) {
        let groups: Vec<&str> = text.split([other, ' ', '\'', '_', '\u{a0}', '\u{202f}']).collect();
        let grouped = groups[1..].iter().all(|g| g.split(own).next().is_some_and(|d| d.len() == 3));
        return match (groups.len(), grouped, mark) {
            (2, true, Mark::Point) if text.contains(',') && !text.contains('.') => {
                "not a number: write it without a thousands separator, or give --decimal , if it is a decimal comma"
                    .into()
            }
            (n, true, _) if n > 1 => "not a number: write it without thousands separators".into(),
            (_, _, Mark::Point) if text.contains(',') => {
                "not a number: give --decimal , if it has a decimal comma".into()
            }
            (_, _, Mark::Comma) if text.contains('.') => {
                "not a number: --decimal , was given, and it has a point".into()
            }
            _ => String::new(),
        };
    }
    if only(b".,;\t ") {
        return "not a number: it holds another delimiter than the first lines".to_string();
    }
    // `1.5D-3`, and `1.5-300`, as Fortran writes three digits.
    if only(b".+-dD") && (text.contains(['d', 'D']) || text.contains('.') && text.matches(['+', '-']).count() == 1) {
        return "not a number: write its exponent with e".to_string();
    }
    if only(b"-/:.TZ ") && text.matches(['-', '/', ':', '.']).count() >= 2 {
        return "not a number: write dates and times as numbers, in one unit".to_string();
    }
    if field.contains(&b'/') {
        return "not a decimal number".to_string();
    }
    if field.starts_with("\u{2212}".as_bytes()) {
        return "not a number: its minus sign is a typographic one".to_string();
    }
    String::new()
}
