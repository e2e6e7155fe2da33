//! Which arrays of a file are the layers, in which order: the rule of [`load`](super::load), and nothing else.
//!
//! Names are all that is looked at; shapes and entries are for whoever reads the arrays. Errors are the problem in
//! words, with all the names that were found; the caller adds the file.
//!
//! | asked for | layers | others |
//! | --- | --- | --- |
//! | nothing | `W1, ..., WL` (or from `W0`), or `0.weight, ...` of one prefix | head, biases; else an error |
//! | `a,b,c` | these, in this order | biases of these; the rest is ignored |
//! | `block{}.kernel` | all that match, by number | biases of these; the rest is ignored |

use crate::input::show_names;

/// The arrays of a file by what they are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sorted {
    /// W_1, ..., W_L.
    pub(super) layers: Vec<String>,
    /// `head` or `w`.
    pub(super) head: Option<String>,
    /// They must be zero.
    pub(super) biases: Vec<String>,
    /// They play no part.
    pub(super) ignored: Vec<String>,
}

impl Sorted {
    /// Whether `name` is the bias of W_L.
    ///
    /// By its path and number, see `is_bias_of`; `false` where there are no layers.
    pub(super) fn is_last_bias(&self, name: &str) -> bool {
        self.layers.last().is_some_and(|last| is_bias_of(name, last))
    }
}

/// Sorts the arrays called `found`; `asked` are names separated by commas, or a pattern.
///
/// # Errors
/// No layer, a gap in `W1, ..., WL`, two prefixes or two namings, one number twice, a name that is not there or is
/// there twice, two heads; without `asked`, an array that is neither layer, head nor bias.
pub(super) fn sort(found: &[String], asked: Option<&str>) -> Result<Sorted, String> {
    let layers = match asked {
        Some(asked) => named(found, asked)?,
        None => usual(found)?,
    };
    let mut sorted = Sorted { layers, head: None, biases: Vec::new(), ignored: Vec::new() };
    for name in found.iter().filter(|n| !sorted.layers.contains(n)) {
        if matches!(name.as_str(), "head" | "w") {
            if let Some(other) = sorted.head.replace(name.clone()) {
                return Err(format!("two heads, {other} and {name}"));
            }
        } else if asked.is_none() || sorted.layers.iter().any(|layer| is_bias_of(name, layer)) {
            sorted.biases.push(name.clone());
        } else {
            sorted.ignored.push(name.clone());
        }
    }
    Ok(sorted)
}

/// The layers of `--layers`.
///
/// A single name with `{}` in it is a pattern; a list of names is taken in its own order, which need not be that of
/// the file.
fn named(found: &[String], asked: &str) -> Result<Vec<String>, String> {
    let names: Vec<&str> = asked.split(',').map(str::trim).collect();
    if let [pattern] = names[..]
        && let Some((before, after)) = pattern.split_once("{}")
    {
        if after.contains("{}") {
            return Err(format!("--layers {pattern}: one {{}} stands for one number"));
        }
        let matches = |n: &String| n.strip_prefix(before).and_then(|n| n.strip_suffix(after)).and_then(number);
        return in_order(found.iter().filter_map(|n| matches(n).map(|k| (k, n.clone()))).collect())?.ok_or_else(|| {
            format!("no array is called {pattern} with a number for {{}}; found {}", show_names(found))
        });
    }
    for (k, name) in names.iter().enumerate() {
        if name.contains("{}") {
            return Err(format!("--layers {asked}: a pattern with {{}} stands alone"));
        }
        if names[..k].contains(name) {
            return Err(format!("--layers {asked}: '{name}' is there twice"));
        }
        if !found.iter().any(|n| n == name) {
            return Err(format!("no array '{}'; found {}", show_names(&[name]), show_names(found)));
        }
    }
    Ok(names.iter().map(ToString::to_string).collect())
}

/// The layers where nobody said which: W1, ..., WL or 0.weight, ...; anything else but a head and biases is refused.
///
/// `W0` or `W1` may be the first; from there on no number may be missing. PyTorch's numbers may have gaps, since
/// activations are numbered too.
fn usual(found: &[String]) -> Result<Vec<String>, String> {
    let listed = || show_names(found);
    let (mut plain, mut torch, mut prefix) = (Vec::new(), Vec::new(), None);
    for name in found {
        if let Some(k) = name.strip_prefix('W').and_then(number) {
            plain.push((k, name.clone()));
        } else if let Some((before, k)) = name.strip_suffix(".weight").and_then(torch_number) {
            if *prefix.get_or_insert(before) != before {
                let what = "layers under two prefixes: say which with --layers";
                return Err(format!("{what}; found {}", listed()));
            }
            torch.push((k, name.clone()));
        } else if !matches!(name.as_str(), "head" | "w") && !is_bias(name) {
            return Err(format!(
                "{} is no layer: expected W1, ..., WL or 0.weight, 2.weight, ... (and head): name the layers with \
                 --layers; \
                 found {}",
                show_names(&[name]),
                listed()
            ));
        }
    }
    if !plain.is_empty() && !torch.is_empty() {
        return Err(format!("layers of both namings: say which with --layers; found {}", listed()));
    }
    let numbered = |(k, _): &(u64, String)| *k;
    let first = plain.iter().map(numbered).min().unwrap_or(0).min(1);
    let mut numbers: Vec<u64> = plain.iter().map(numbered).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if let Some((k, _)) = (first..).zip(&numbers).find(|(k, found)| k != *found) {
        return Err(format!("W{k} is missing; give --layers 'W{{}}' if these are all layers; found {}", listed()));
    }
    let layers = if plain.is_empty() { torch } else { plain };
    let none = || format!("no layers: expected W1, ..., WL or 0.weight, 2.weight, ...; found {}", listed());
    in_order(layers)?.ok_or_else(none)
}

/// By number; `None` if there are none.
///
/// Two names of one number, such as `W1` and `W01`, are an error.
fn in_order(mut layers: Vec<(u64, String)>) -> Result<Option<Vec<String>>, String> {
    layers.sort();
    if let Some(pair) = layers.windows(2).find(|p| p[0].0 == p[1].0) {
        return Err(format!("{} and {} are the same layer", pair[0].1, pair[1].1));
    }
    Ok((!layers.is_empty()).then(|| layers.into_iter().map(|(_, name)| name).collect()))
}

/// Path and last part of a name such as `layers.0.bias` or `Dense_0/kernel`.
fn parts(name: &str) -> (&str, &str) {
    name.rfind(['.', '/']).map_or(("", name), |at| (&name[..at], &name[at + 1..]))
}

/// `0.bias`, `b1`, `bias1`.
fn is_bias(name: &str) -> bool {
    let (_, last) = parts(name);
    last.contains("bias") || last.strip_prefix('b').and_then(number).is_some()
}

/// Whether `name` is the bias that goes with the layer called `layer`.
fn is_bias_of(name: &str, layer: &str) -> bool {
    let ((path, last), (of, matrix)) = (parts(name), parts(layer));
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    // Two arrays of one module, or W3 and b3.
    is_bias(name) && path == of && (!path.is_empty() || digits(last) == digits(matrix))
}

/// A whole number in decimal digits; `None` for anything else, a sign included.
fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// `layers.3` is prefix `layers.` and number 3.
fn torch_number(name: &str) -> Option<(&str, u64)> {
    let start = name.rfind('.').map_or(0, |dot| dot + 1);
    number(&name[start..]).map(|k| (&name[..start], k))
}
