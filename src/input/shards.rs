//! Weights cut into several `.safetensors` files: `model.safetensors.index.json` says under `weight_map` which tensor
//! is in which.

use super::archive::Container;
use super::tensors::{Fault, object};
use super::{show, show_names};
use crate::error::{Error, Result};
use std::io::Read;
use std::path::Path;

/// An index has a line for each tensor: this is some millions of them.
const LONGEST_INDEX: u64 = 1 << 28;

/// The shards that an index names, open, and for each tensor's name its shard.
pub(super) type Shards = (Vec<Container>, Vec<(String, usize)>);

/// Opens all shards of the index at `path`.
///
/// # Errors
/// Not such an index; a shard is not beside it, or does not hold exactly the tensors that the index says.
pub(super) fn open(path: &Path, index: impl Read) -> Result<Shards> {
    let place = show(&path.display().to_string());
    let refuse = |problem: String| Error::input(place.clone(), problem);
    let mut text = Vec::new();
    index.take(LONGEST_INDEX).read_to_end(&mut text).map_err(|e| Error::io(path, e))?;
    let entries = object(&text).map_err(|fault| match fault {
        Fault::Twice(name) => refuse(format!("the index has '{}' twice", show(&name))),
        Fault::Malformed => refuse("not an index of safetensors: no JSON object".to_string()),
    })?;
    let map = entries.iter().find(|(name, _)| name == "weight_map").and_then(|(_, v)| v.as_object());
    let map = map.ok_or_else(|| refuse("not an index of safetensors: it has no weight_map".to_string()))?;
    if let Some((other, _)) = entries.iter().find(|(name, _)| name != "weight_map" && name != "metadata") {
        return Err(refuse(format!("the index has '{}', which is not understood", show(other))));
    }
    let mut files: Vec<&str> = Vec::new();
    let mut names = Vec::with_capacity(map.len());
    for (name, file) in map {
        let file = file.as_str().filter(|f| Path::new(f).file_name().is_some_and(|n| n == *f));
        let file = file.ok_or_else(|| refuse(format!("'{}' is in no file beside the index", show(name))))?;
        let at = files.iter().position(|f| *f == file).unwrap_or_else(|| {
            files.push(file);
            files.len() - 1
        });
        names.push((name.clone(), at));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let shards = files.iter().map(|f| Container::open_shard(&folder.join(f))).collect::<Result<Vec<_>>>()?;
    for (at, shard) in shards.iter().enumerate() {
        let of_shard = |name: &&String| map.get(name.as_str()).and_then(|f| f.as_str()) == Some(files[at]);
        if let Some(extra) = shard.names().iter().find(|n| !of_shard(n)) {
            return Err(Error::input(shard.place(), format!("'{}' is not what the index says of it", show(extra))));
        }
    }
    if let Some((name, at)) = names.iter().find(|(name, at)| !shards[*at].names().contains(name)) {
        let what = format!("no tensor '{}', which the index says is here", show(name));
        return Err(Error::input(shards[*at].place(), what));
    }
    if names.is_empty() {
        return Err(refuse("the index names no tensors".to_string()));
    }
    Ok((shards, names))
}

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
