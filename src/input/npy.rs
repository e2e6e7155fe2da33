//! NumPy's `.npy`: what NumPy reads, and nothing that a hostile header merely claims.
//!
//! The header of an `.npy` is a Python dictionary as text. It is parsed here, by a small parser of the literals that
//! NumPy writes, so that limits and messages are those of this room; `check_npy` lends the same check to the reader
//! of certificates, which then hands the bytes to `npyz`.
//!
//! Limits: 10 000 characters, 16 brackets within brackets, and a shape whose bytes a file can have. So a header costs
//! a bounded time and memory, whatever it claims.

use super::decode::{Element, Layout};
use super::{show, show_shape};
use std::io::Read;

/// First bytes of every `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// NumPy's own limit on the text of a header (`max_header_size` of `numpy.lib.format`).
const LONGEST_HEADER: usize = 10_000;

/// Brackets within brackets in a header: a dictionary with a tuple needs 2, structured types few more.
const DEEPEST_HEADER: usize = 16;

/// Reads the header: the layout of the array and the number of bytes before its data.
///
/// An `.npy` begins with the magic, two bytes of the version, the length of the header (two bytes in version 1, four
/// in 2 and 3, little-endian), and the header.
///
/// # Errors
/// In words: cut short, another magic or version, too long a header, and what `layout` refuses.
pub(super) fn header(mut reader: impl Read) -> Result<(Layout, u64), String> {
    let short = |_| "truncated: the file ends inside the NPY header".to_string();
    let mut start = [0u8; 8];
    reader.read_exact(&mut start).map_err(short)?;
    if !start.starts_with(MAGIC) {
        return Err("not an NPY array: it does not start with '\\x93NUMPY'".to_string());
    }
    let width = match start[6] {
        1 => 2,
        2 | 3 => 4,
        v => return Err(format!("NPY version {v}.{} is not known; expected 1.0, 2.0 or 3.0", start[7])),
    };
    let mut word = [0u8; 4];
    reader.read_exact(&mut word[..width]).map_err(short)?;
    let length = u32::from_le_bytes(word) as usize;
    if length > LONGEST_HEADER {
        return Err(format!("the NPY header claims {length} characters; more than {LONGEST_HEADER} are refused"));
    }
    let mut text = vec![0; length];
    reader.read_exact(&mut text).map_err(short)?;
    Ok((layout(&text)?, (start.len() + width + length) as u64))
}

/// The layout that a header's dictionary describes: its three keys, each once, in any order.
///
/// Padding by blanks or zero bytes may follow it, nothing else.
///
/// # Errors
/// In words: no such dictionary, a key missing, twice or unknown, a type that is refused, a shape that is no tuple of
/// whole numbers or claims more bytes than can be.
fn layout(text: &[u8]) -> Result<Layout, String> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let malformed = || "the NPY header is no dictionary of descr, fortran_order and shape".to_string();
    let whole = parser.value()?.ok_or_else(malformed)?;
    if !parser.rest().iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(malformed());
    }
    let Literal::Dictionary(entries) = whole else { return Err(malformed()) };
    let entry = |name: &str| {
        let mut found =
            entries.iter().filter(|(key, _)| *key == Literal::Text(name.to_string())).map(|(_, value)| value);
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(format!("the NPY header has no '{name}'")),
            _ => Err(format!("the NPY header has '{name}' twice")),
        }
    };
    let (descr, order, shape) = (entry("descr")?, entry("fortran_order")?, entry("shape")?);
    if entries.len() > 3 {
        return Err("the NPY header has other keys than descr, fortran_order and shape".to_string());
    }
    let (element, big_endian) = element(descr)?;
    let column_major = match order {
        Literal::Word(w) if w == "True" => true,
        Literal::Word(w) if w == "False" => false,
        _ => return Err("the NPY header's fortran_order is neither True nor False".to_string()),
    };
    let Literal::Tuple(dimensions) = shape else {
        return Err("the NPY header's shape is no tuple of whole numbers".to_string());
    };
    let dimension = |v: &Literal| match v {
        Literal::Number(n) if n.starts_with('-') => Err("the NPY header claims a negative dimension".to_string()),
        Literal::Number(n) => n.parse::<u64>().map_err(|_| "the NPY header claims an impossible shape".to_string()),
        _ => Err("the NPY header's shape is no tuple of whole numbers".to_string()),
    };
    let shape: Vec<u64> = dimensions.iter().map(dimension).collect::<Result<_, _>>()?;
    if shape.iter().try_fold(1u64, |product, &d| product.checked_mul(d.max(1))).is_none() {
        return Err(format!("the header claims the impossible shape {}", show_shape(&shape)));
    }
    Layout::new(element, big_endian, column_major, &shape)
}

/// What a header can hold of Python's literals.
#[derive(Clone, Debug, PartialEq)]
enum Literal {
    /// A text in single or double quotes.
    Text(String),
    /// Digits with their sign; Python 2 wrote an L behind.
    Number(String),
    /// True, False, None.
    Word(String),
    /// `(a, b)`, `(a,)` or `()`.
    Tuple(Vec<Literal>),
    /// `[a, b]`, as the fields of a structured type are written.
    List(Vec<Literal>),
    /// Keys and values in the order of the text; a key may be there twice, which `layout` refuses.
    Dictionary(Vec<(Literal, Literal)>),
}

/// A recursive descent over the text of a header.
struct Parser<'a> {
    /// The whole header.
    text: &'a [u8],
    /// The next byte to be read.
    at: usize,
    /// Brackets that are open.
    depth: usize,
}

impl Parser<'_> {
    /// What is not read yet.
    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        while self.rest().first().is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.rest().first().copied()
    }

    /// Reads `byte` if it is the next one that is no blank, and says whether it was.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Reads the bytes that are wanted, up to the first that is not, as text.
    fn run(&mut self, wanted: impl Fn(u8) -> bool) -> String {
        let length = self.rest().iter().take_while(|&&b| wanted(b)).count();
        let found = String::from_utf8_lossy(&self.rest()[..length]).into_owned();
        self.at += length;
        found
    }

    /// The next literal; `None` where none is.
    ///
    /// A word is any run of letters and digits, `True` as well as `nonsense`: what it means is the caller's matter.
    ///
    /// # Errors
    /// Brackets are nested too deeply.
    fn value(&mut self) -> Result<Option<Literal>, String> {
        let Some(byte) = self.peek() else { return Ok(None) };
        match byte {
            b'\'' | b'"' => Ok(self.quoted()),
            b'-' | b'0'..=b'9' => {
                self.at += 1;
                let number = char::from(byte).to_string() + &self.run(|b| b.is_ascii_digit());
                self.at += usize::from(matches!(self.rest().first(), Some(b'L' | b'l')));
                Ok((number != "-").then_some(Literal::Number(number)))
            }
            b'(' => Ok(self.series(b')')?.map(|(items, comma)| match <[Literal; 1]>::try_from(items) {
                // One value in brackets is no tuple without a comma.
                Ok([only]) if !comma => only,
                Ok(only) => Literal::Tuple(only.into()),
                Err(items) => Literal::Tuple(items),
            })),
            b'[' => Ok(self.series(b']')?.map(|(items, _)| Literal::List(items))),
            b'{' => self.dictionary(),
            b if b.is_ascii_alphabetic() => Ok(Some(Literal::Word(self.run(|b| b.is_ascii_alphanumeric())))),
            _ => Ok(None),
        }
    }

    /// A text in quotes, without escapes: names that need one are those of fields, which are refused anyway.
    fn quoted(&mut self) -> Option<Literal> {
        let quote = *self.rest().first()?;
        self.at += 1;
        let found = self.run(|b| b != quote && b != b'\\');
        self.take(quote).then_some(Literal::Text(found))
    }

    /// Goes into a bracket.
    ///
    /// # Errors
    /// It is the seventeenth that is open.
    fn enter(&mut self) -> Result<(), String> {
        (self.at, self.depth) = (self.at + 1, self.depth + 1);
        if self.depth > DEEPEST_HEADER { Err("the NPY header nests brackets too deeply".to_string()) } else { Ok(()) }
    }

    /// Items up to the closing bracket, and whether a comma was among them.
    ///
    /// `None` where an item or a comma is missing. A comma at the end is Python's, too.
    ///
    /// # Errors
    /// Brackets are nested too deeply.
    fn series(&mut self, close: u8) -> Result<Option<(Vec<Literal>, bool)>, String> {
        self.enter()?;
        let (mut items, mut comma) = (Vec::new(), false);
        while !self.take(close) {
            if !items.is_empty() && !self.take(b',') {
                return Ok(None);
            }
            comma |= !items.is_empty();
            if self.take(close) {
                break;
            }
            let Some(item) = self.value()? else { return Ok(None) };
            items.push(item);
        }
        self.depth -= 1;
        Ok(Some((items, comma)))
    }

    /// A dictionary; `None` where a key, a colon, a value or a comma is missing.
    ///
    /// # Errors
    /// Brackets are nested too deeply.
    fn dictionary(&mut self) -> Result<Option<Literal>, String> {
        self.enter()?;
        let mut entries = Vec::new();
        while !self.take(b'}') {
            if !entries.is_empty() && !self.take(b',') {
                return Ok(None);
            }
            if self.take(b'}') {
                break;
            }
            let Some(key) = self.value()? else { return Ok(None) };
            let value = if self.take(b':') { self.value()? } else { None };
            let Some(value) = value else { return Ok(None) };
            entries.push((key, value));
        }
        self.depth -= 1;
        Ok(Some(Literal::Dictionary(entries)))
    }
}

/// The type of the elements and whether they are big-endian.
///
/// NumPy writes the order as the first character of `descr`: `<` little-endian, `>` big-endian, `=` that of the
/// machine, `|` none. The code behind it is the kind and the size in bytes; the one-letter codes and names of NumPy
/// are read too.
///
/// # Errors
/// In words, with the type as the file has it: what is no real number, or none that is the same on every machine.
fn element(descr: &Literal) -> Result<(Element, bool), String> {
    let descr = match descr {
        Literal::Text(descr) => descr,
        Literal::List(_) if mentions_object(descr) => return Err(PICKLED.to_string()),
        Literal::List(_) | Literal::Tuple(_) => {
            return Err("a structured array is refused: save one array of real numbers".to_string());
        }
        _ => return Err("the NPY header's descr is no type".to_string()),
    };
    let (big_endian, code) = match descr.split_at_checked(1) {
        Some((">" | "!", code)) => (true, code),
        Some(("<", code)) => (false, code),
        // The machine's own order.
        Some(("=" | "|", code)) => (cfg!(target_endian = "big"), code),
        _ => (cfg!(target_endian = "big"), descr.as_str()),
    };
    let refuse = |what: &str| {
        let shown = show(descr);
        Err(format!("{what} (dtype '{shown}'); expected real numbers (f2, f4, f8, i1..i8, u1..u8): X.astype('f8')"))
    };
    let element = match code {
        "f2" | "e" | "float16" => Element::Half,
        "f4" | "f" | "float32" => Element::Single,
        "f8" | "d" | "float64" | "float" => Element::Double,
        "i1" | "b" | "int8" => Element::Integer(1, true),
        "i2" | "h" | "int16" => Element::Integer(2, true),
        "i4" | "i" | "int32" => Element::Integer(4, true),
        "i8" | "q" | "int64" => Element::Integer(8, true),
        "u1" | "B" | "uint8" => Element::Integer(1, false),
        "u2" | "H" | "uint16" => Element::Integer(2, false),
        "u4" | "I" | "uint32" => Element::Integer(4, false),
        "u8" | "Q" | "uint64" => Element::Integer(8, false),
        "f12" | "f16" | "g" | "longdouble" => return refuse("long doubles are not portable"),
        "b1" | "?" | "bool" => return refuse("truth values are not numbers, though booleans can be made 0 and 1"),
        "O" | "O8" | "O4" | "object" => return Err(PICKLED.to_string()),
        _ => match code.as_bytes().first() {
            Some(b'c' | b'F' | b'D' | b'G') => return refuse("complex numbers are refused"),
            Some(b'S' | b'U' | b'a' | b's') => return refuse("strings are refused"),
            Some(b'M' | b'm') => return refuse("dates are refused"),
            Some(b'V') => return refuse("raw data are refused"),
            _ => return refuse("the type of the elements is not known"),
        },
    };
    Ok((element, big_endian))
}

/// The refusal of arrays of Python objects, whose data are a pickle.
const PICKLED: &str = "pickled Python objects (dtype 'O') are refused: save an array of numbers, X.astype('f8')";

/// Whether a structured type has a field of Python objects.
///
/// It looks at types within types, so that a structured array with an object in it is refused as pickled.
fn mentions_object(v: &Literal) -> bool {
    match v {
        Literal::Text(t) => t.trim_start_matches(['|', '<', '>', '=']).starts_with('O'),
        Literal::List(items) | Literal::Tuple(items) => items.iter().any(mentions_object),
        _ => false,
    }
}
