//! `.safetensors`: the header read with care, the data streamed, so that weights are never in memory twice.
//!
//! The header is a JSON object: for each tensor its type, shape and place, and under `__metadata__` texts by name.
//! Hugging Face writes there which framework the tensors come from (`format`, which changes nothing) and, for tensors
//! that share their memory, under the name of the one that is left out the name of the one that is kept: such a file
//! holds fewer tensors than its model has.
//!
//! Why a reader of JSON of its own: `serde_json` keeps the last of two equal keys, and a file whose header names a
//! tensor twice means different things to different readers. [`object`] visits the same text once more and refuses
//! that at any depth; the library's own parser then checks types, sizes and places.
//!
//! A tied model shares one matrix between two layers. Its Hessian is that of another parameter space, so such a file
//! is refused and not read as if both layers were free.

use super::decode::{Element, Layout};
use super::{show, show_names};
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;

/// The library's own limit on the length of a header.
const LONGEST_HEADER: u64 = 100_000_000;

/// Bytes of the length that precedes the header.
pub(super) const PREFIX: u64 = 8;

/// Where the format keeps what is no tensor.
///
/// The library reads it as metadata and never as a tensor.
const METADATA: &str = "__metadata__";

/// Do these first bytes of a file of `present` bytes look like safetensors?
///
/// Eight bytes of length, then `{`. A length is believed up to the larger of the file's own and the limit of a
/// header, so that a truncated file is still recognised, and refused as truncated.
pub(super) fn recognise(start: &[u8], present: u64) -> bool {
    let Some((length, rest)) = start.split_first_chunk::<8>() else { return false };
    rest.first() == Some(&b'{') && u64::from_le_bytes(*length) <= present.max(LONGEST_HEADER)
}

/// What the header of a file says.
#[derive(Debug)]
pub(super) struct Header {
    /// Type, shape and place of each tensor, as the library checked them: the places follow each other from 0 without
    /// gaps.
    pub(super) tensors: Metadata,
    /// Where the data start.
    pub(super) start: u64,
    /// Keys of `__metadata__` that mean nothing to us.
    pub(super) unknown: Vec<String>,
}

/// Reads the header of a file of `present` bytes.
///
/// The reader stands at the first byte of the data afterwards.
///
/// # Errors
/// In words: cut short, names given twice, unknown keys, tied tensors, types or places that do not fit the shapes, or
/// data of another length than the header claims.
pub(super) fn header(mut reader: impl Read, present: u64) -> Result<Header, String> {
    let short = |_| "truncated: the file ends inside the header".to_string();
    let mut length = [0u8; 8];
    reader.read_exact(&mut length).map_err(short)?;
    let length = u64::from_le_bytes(length);
    let rest = present.saturating_sub(PREFIX);
    if length > rest || length > LONGEST_HEADER {
        return Err(format!("truncated: the header claims {length} bytes, but {rest} are there"));
    }
    let mut text = vec![0u8; length as usize];
    reader.read_exact(&mut text).map_err(short)?;
    let unknown = check(&text)?;
    let tensors: Metadata = serde_json::from_slice(&text).map_err(|_| {
        "not a safetensors file: a tensor of its header has no known type, or a size or place that does not fit its \
         shape"
    })?;
    let (claimed, there) = (tensors.data_len() as u64, rest - length);
    if claimed != there {
        return Err(format!("the header claims {claimed} bytes of data, but {there} are there"));
    }
    Ok(Header { tensors, start: PREFIX + length, unknown })
}

/// Checks what the library would pass over: names given twice, keys that it does not know, shared tensors. Returns the
/// keys of the metadata that mean nothing to us.
///
/// Metadata whose value is the name of a tensor in the file are how tied tensors are written, whatever their key,
/// except `format`.
///
/// # Errors
/// In words, the first of these that is found.
fn check(text: &[u8]) -> Result<Vec<String>, String> {
    let entries = object(text).map_err(|fault| match fault {
        Fault::Twice(name) => format!("the header has '{}' twice", show(&name)),
        Fault::Malformed => "not a safetensors file: its header is no JSON object".to_string(),
    })?;
    let names: BTreeSet<&str> = entries.iter().map(|(name, _)| name.as_str()).filter(|n| *n != METADATA).collect();
    let mut unknown = Vec::new();
    for (name, value) in &entries {
        let Some(fields) = value.as_object() else {
            return Err(format!("not a safetensors file: '{}' of its header is no JSON object", show(name)));
        };
        if name == METADATA {
            for (key, value) in fields {
                let kept = value.as_str().filter(|&v| names.contains(v) && key != "format");
                if let Some(kept) = kept {
                    return Err(format!(
                        "its metadata say that '{}' is '{}' (tensors that share their memory): tied layers are one \
                         matrix with \
                         another Hessian, and are refused",
                        show(key),
                        show(kept)
                    ));
                }
                if key != "format" {
                    unknown.push(key.clone());
                }
            }
        } else if let Some(key) = fields.keys().find(|k| !["dtype", "shape", "data_offsets"].contains(&k.as_str())) {
            let what = "besides dtype, shape and data_offsets, which is not known";
            return Err(format!("the header gives '{}' a '{}' {what}", show(name), show(key)));
        }
    }
    Ok(unknown)
}

/// The refusal of metadata that are not understood.
pub(super) fn not_understood(unknown: &[String]) -> String {
    format!(
        "its metadata hold {}, which is not understood: save without metadata, or name the arrays to be read",
        show_names(unknown)
    )
}

/// What is wrong with a JSON object.
pub(super) enum Fault {
    /// A name is there twice, at any depth.
    Twice(String),
    /// It is none.
    Malformed,
}

/// The entries of a JSON object, in their order.
///
/// # Errors
/// A name occurs twice in one object, at any depth; the text is no JSON, is no object, or goes on behind it.
pub(super) fn object(text: &[u8]) -> Result<Vec<(String, Value)>, Fault> {
    let mut twice = None;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let found = Once { twice: &mut twice }.deserialize(&mut reader).and_then(|v| reader.end().map(|()| v));
    match (found, twice) {
        (_, Some(name)) => Err(Fault::Twice(name)),
        (Ok(Value::Object(entries)), None) => Ok(entries.into_iter().collect()),
        _ => Err(Fault::Malformed),
    }
}

/// Any JSON value, whose objects have each name once.
///
/// It fails as soon as a name is there twice, and leaves that name in `twice`, since the error of `serde_json` holds
/// only text.
struct Once<'a> {
    /// The first name that was found twice, shared with the values inside.
    twice: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(v) = items.next_element_seed(Once { twice: &mut *self.twice })? {
            out.push(v);
        }
        Ok(Value::Array(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut out = serde_json::Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Once { twice: &mut *self.twice })?;
            if out.insert(name.clone(), value).is_some() {
                *self.twice = Some(name);
                return Err(A::Error::custom("twice"));
            }
        }
        Ok(Value::Object(out))
    }
}

/// The layout of one tensor.
///
/// Tensors are little-endian and in C order, by the format.
///
/// # Errors
/// In words: quantised integers of 8 bits, other types that hold no real numbers, a shape that `Layout::new` refuses.
pub(super) fn layout(info: &TensorInfo) -> Result<Layout, String> {
    let element = match info.dtype {
        Dtype::F64 => Element::Double,
        Dtype::F32 => Element::Single,
        Dtype::F16 => Element::Half,
        Dtype::BF16 => Element::BrainHalf,
        Dtype::I16 => Element::Integer(2, true),
        Dtype::I32 => Element::Integer(4, true),
        Dtype::I64 => Element::Integer(8, true),
        Dtype::U16 => Element::Integer(2, false),
        Dtype::U32 => Element::Integer(4, false),
        Dtype::U64 => Element::Integer(8, false),
        Dtype::I8 | Dtype::U8 => {
            let what = "integers of 8 bits are quantised numbers, whose scale is not in the tensor: save it as F32";
            return Err(format!("dtype {:?} is refused: {what}", info.dtype));
        }
        other => {
            return Err(format!("dtype {other:?} is refused; expected real numbers (F16, BF16, F32, F64, integers)"));
        }
    };
    let shape: Vec<u64> = info.shape.iter().map(|&d| d as u64).collect();
    Layout::new(element, false, false, &shape)
}
