//! `.safetensors`: the header through the library, the data streamed, so that weights are never in memory twice.

use super::decode::{Element, Layout};
use super::show;
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use std::io::Read;

/// The library's own limit on the length of a header.
const LONGEST_HEADER: u64 = 100_000_000;

/// Bytes of the length that precedes the header.
pub(super) const PREFIX: u64 = 8;

/// Do these first bytes of a file of `present` bytes look like safetensors?
pub(super) fn recognise(start: &[u8], present: u64) -> bool {
    let Some((length, rest)) = start.split_first_chunk::<8>() else { return false };
    rest.first() == Some(&b'{') && u64::from_le_bytes(*length) <= present.max(LONGEST_HEADER)
}

/// Reads the header of a file of `present` bytes: the tensors by name, and where the data start.
pub(super) fn header(mut reader: impl Read, present: u64) -> Result<(Metadata, u64), String> {
    let mut length = [0u8; 8];
    reader.read_exact(&mut length).map_err(|_| "truncated: the file ends inside the header".to_string())?;
    let length = u64::from_le_bytes(length);
    let rest = present.saturating_sub(PREFIX);
    if length > rest || length > LONGEST_HEADER {
        return Err(format!("truncated: the header claims {length} bytes, but {rest} are there"));
    }
    let mut text = vec![0u8; length as usize];
    reader.read_exact(&mut text).map_err(|_| "truncated: the file ends inside the header".to_string())?;
    let metadata: Metadata = serde_json::from_slice(&text)
        .map_err(|e| format!("not a safetensors file: its header cannot be read: {}", show(&e.to_string())))?;
    let (claimed, there) = (metadata.data_len() as u64, rest - length);
    if claimed != there {
        return Err(format!("the header claims {claimed} bytes of data, but {there} are there"));
    }
    Ok((metadata, PREFIX + length))
}

/// The layout of one tensor.
pub(super) fn layout(info: &TensorInfo) -> Result<Layout, String> {
    let element = match info.dtype {
        Dtype::F64 => Element::Double,
        Dtype::F32 => Element::Single,
        Dtype::F16 => Element::Half,
        Dtype::BF16 => Element::BrainHalf,
        Dtype::I8 => Element::Integer(1, true),
        Dtype::I16 => Element::Integer(2, true),
        Dtype::I32 => Element::Integer(4, true),
        Dtype::I64 => Element::Integer(8, true),
        Dtype::U8 => Element::Integer(1, false),
        Dtype::U16 => Element::Integer(2, false),
        Dtype::U32 => Element::Integer(4, false),
        Dtype::U64 => Element::Integer(8, false),
        other => {
            return Err(format!("dtype {other:?} is refused; expected real numbers (F16, BF16, F32, F64, integers)"));
        }
    };
    let shape: Vec<u64> = info.shape.iter().map(|&d| d as u64).collect();
    Layout::new(element, false, false, &shape)
}
