//! NumPy's `.npy`: the header through `npyz`, guarded against what a hostile header can claim.

use super::decode::{Element, Layout};
use super::show;
use npyz::{DType, Endianness, NpyHeader, Order, TypeChar};
use std::io::Read;

/// First bytes of every `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// NumPy's own limit on the text of a header (`max_header_size` of `numpy.lib.format`).
const LONGEST_HEADER: usize = 10_000;

/// Brackets within brackets in a header: a dictionary with a tuple needs 2, structured types few more. The parser is
/// recursive, so that the depth must be limited before it runs.
const DEEPEST_HEADER: usize = 16;

/// Reads the header: the layout of the array and the number of bytes before its data.
pub(super) fn header(mut reader: impl Read) -> Result<(Layout, u64), String> {
    let short = |_| "truncated: the file ends inside the NPY header".to_string();
    let mut bytes = vec![0u8; 8];
    reader.read_exact(&mut bytes).map_err(short)?;
    if !bytes.starts_with(MAGIC) {
        return Err("not an NPY array: it does not start with '\\x93NUMPY'".to_string());
    }
    let length = match bytes[6] {
        1 => {
            let mut word = [0u8; 2];
            reader.read_exact(&mut word).map_err(short)?;
            bytes.extend_from_slice(&word);
            usize::from(u16::from_le_bytes(word))
        }
        2 | 3 => {
            let mut word = [0u8; 4];
            reader.read_exact(&mut word).map_err(short)?;
            bytes.extend_from_slice(&word);
            u32::from_le_bytes(word) as usize
        }
        v => return Err(format!("NPY version {v}.{} is not known; expected 1.0, 2.0 or 3.0", bytes[7])),
    };
    if length > LONGEST_HEADER {
        return Err(format!("the NPY header claims {length} characters; more than {LONGEST_HEADER} are refused"));
    }
    let start = bytes.len();
    bytes.resize(start + length, 0);
    reader.read_exact(&mut bytes[start..]).map_err(short)?;
    check_text(&bytes[start..])?;
    let parsed = NpyHeader::from_reader(&bytes[..])
        .map_err(|e| format!("the NPY header cannot be read: {}", show(&e.to_string())))?;
    let (element, big_endian) = element(&parsed.dtype())?;
    let layout = Layout::new(element, big_endian, parsed.order() == Order::Fortran, parsed.shape())?;
    Ok((layout, bytes.len() as u64))
}

/// Refuses a text whose integers, multiplied, leave u64 (`npyz` multiplies them unchecked) or whose brackets nest too deeply.
fn check_text(text: &[u8]) -> Result<(), String> {
    let (mut depth, mut quote, mut product, mut integer) = (0usize, None, 1u64, None::<u64>);
    for &byte in text.iter().chain(b" ") {
        match (quote, byte) {
            (Some(q), b) if b == q => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b'0'..=b'9') => {
                let digit = u64::from(byte - b'0');
                let next = integer.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit));
                integer = Some(next.ok_or("the NPY header claims an impossible shape")?);
                continue;
            }
            _ => {}
        }
        if let Some(v) = integer.take() {
            product = product.checked_mul(v.max(1)).ok_or("the NPY header claims an impossible shape")?;
        }
        if depth > DEEPEST_HEADER {
            return Err("the NPY header nests brackets too deeply".to_string());
        }
    }
    Ok(())
}

fn element(dtype: &DType) -> Result<(Element, bool), String> {
    if dtype.uses_pickled_array() {
        return Err("pickled Python objects (dtype 'O') are refused: save an array of numbers".to_string());
    }
    let DType::Plain(plain) = dtype else {
        return Err("a structured array is refused: save one array of real numbers".to_string());
    };
    let refuse =
        |what: &str| Err(format!("{what} (dtype '{plain}'); expected real numbers (f2, f4, f8, i1..i8, u1..u8)"));
    let element = match (plain.type_char(), plain.size_field()) {
        (TypeChar::Float, 2) => Element::Half,
        (TypeChar::Float, 4) => Element::Single,
        (TypeChar::Float, 8) => Element::Double,
        (TypeChar::Float, _) => return refuse("long doubles are not portable"),
        (TypeChar::Int, size @ (1 | 2 | 4 | 8)) => Element::Integer(size as usize, true),
        (TypeChar::Uint, size @ (1 | 2 | 4 | 8)) => Element::Integer(size as usize, false),
        (TypeChar::Bool, _) => return refuse("booleans are not numbers"),
        (TypeChar::Complex, _) => return refuse("complex numbers are refused"),
        (TypeChar::ByteStr | TypeChar::UnicodeStr, _) => return refuse("strings are refused"),
        (TypeChar::TimeDelta | TypeChar::DateTime, _) => return refuse("dates are refused"),
        _ => return refuse("raw data are refused"),
    };
    Ok((element, plain.endianness() == Endianness::Big))
}
