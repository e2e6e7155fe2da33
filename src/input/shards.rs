//! Weights cut into several `.safetensors` files, by their names.

use super::{show, show_names};
use crate::error::{Error, Result};
use std::path::Path;

/// Refuses a file that its name says is one of several.
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
fn part(name: &str) -> Option<(&str, u64, u64)> {
    let (rest, of) = name.strip_suffix(".safetensors")?.rsplit_once("-of-")?;
    let (first, part) = rest.rsplit_once('-')?;
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u64>().ok()).flatten();
    Some((first, number(part)?, number(of)?))
}
