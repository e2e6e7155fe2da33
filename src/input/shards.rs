//! Weights cut into several `.safetensors` files, by their names.
//!
//! A model of many layers is often saved as `model-00001-of-00002.safetensors` and so on, with an index beside them.
//! One of the parts, read alone, would pass for a smaller network; it is refused by its name, and the index is read
//! by `archive`.

use super::{show, show_names};
use crate::error::{Error, Result};
use std::path::Path;

/// Refuses a file that its name says is one of several.
///
/// A name such as `model-00001-of-00001.safetensors` says that the file is whole, and is accepted.
///
/// # Errors
/// The name says that there are two parts or more; the message names the index that belongs to it.
pub(super) fn refuse_part(path: &Path) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((first, part, of)) = part(&name) else { return Ok(()) };
    if of < 2 {
        return Ok(());
    }
    let index = show_names(&[format!("{first}.safetensors.index.json")]);
    let what = format!("shard {part} of {of}: give the index of all shards ({index}) in its place");
    Err(Error::input(show(&path.display().to_string()), what))
}

/// `model-00001-of-00002.safetensors` is part 1 of 2 of `model`.
///
/// `None` where the name is not of this form.
fn part(name: &str) -> Option<(&str, u64, u64)> {
    let (rest, of) = name.strip_suffix(".safetensors")?.rsplit_once("-of-")?;
    let (first, part) = rest.rsplit_once('-')?;
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u64>().ok()).flatten();
    Some((first, number(part)?, number(of)?))
}
