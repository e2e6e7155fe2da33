//! The step of a checkpoint, from the name of its file.
//!
//! Names of checkpoints follow the habits of whoever trained: `step_200.npz`, `epoch=3-step=600.npz`,
//! `run2/0400/model.npz`. All names are read together, because a number that is the same in all of them (a width, a
//! seed, a run) is not the step. What is found is offered as an abscissa; where nothing is found, the place in the
//! list serves.

/// Words that say what the number after them is, the most telling first.
///
/// `step` counts before `epoch` where a name has both.
const WORDS: [&str; 4] = ["step", "iter", "iteration", "epoch"];

/// A number in a name, and the letters before it.
struct Number {
    /// In lower case, without a plural s; empty where no letter stands before the number.
    word: String,
    /// The digits as a number.
    value: u64,
}

/// The steps of files that belong together: of the first of `step`, `iter`, `iteration`, `epoch` (or a plural) that
/// stands before a number in every name, the last such number; else the last number that is not the same in all names.
/// `None` where there is none.
///
/// As many numbers as names, in their order. One name alone gives its last number. Numbers are counted from the end
/// of a name, so folders before a file may differ in depth.
pub fn steps(names: &[String]) -> Option<Vec<u64>> {
    let all: Vec<Vec<Number>> = names.iter().map(|n| numbers(n)).collect();
    for word in WORDS {
        let named = |list: &Vec<Number>| list.iter().rev().find(|n| n.word == word).map(|n| n.value);
        if let Some(found) = all.iter().map(named).collect::<Option<Vec<u64>>>() {
            return (!found.is_empty()).then_some(found);
        }
    }
    let least = all.iter().map(Vec::len).min()?;
    (1..=least)
        .map(|back| all.iter().map(|list| list[list.len() - back].value).collect::<Vec<u64>>())
        .find(|values| names.len() == 1 || values.iter().any(|v| *v != values[0]))
}

/// All runs of digits of a name, from left to right, but those that do not fit 64 bits.
fn numbers(name: &str) -> Vec<Number> {
    let bytes = name.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        // A number that no word holds is no step.
        if let Ok(value) = name[at..at + length].parse() {
            out.push(Number { word: word_before(&name[..at]), value });
        }
        at += length;
    }
    out
}

/// The letters that end `text` once separators at its end are taken off, in lower case and in the singular.
///
/// Separators are `-`, `_`, `=`, `.`, `:` and blanks.
fn word_before(text: &str) -> String {
    let text = text.trim_end_matches(['-', '_', '=', '.', ' ', ':']);
    let start = text
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    text[start..].to_ascii_lowercase().trim_end_matches('s').to_string()
}

#[cfg(test)]
mod tests {
    use super::steps;

    /// The steps of these names.
    fn of(names: &[&str]) -> Option<Vec<u64>> {
        steps(&names.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn the_number_that_counts_is_found() {
        assert_eq!(of(&["ck/net-000.npz", "ck/net-10.npz", "ck/net-9.npz"]), Some(vec![0, 10, 9]));
        assert_eq!(of(&["run3/step_20-seed_1.npz", "run3/step_40-seed_1.npz"]), Some(vec![20, 40]));
        assert_eq!(of(&["epoch=1-step=200-loss=0.53.npz", "epoch=2-step=400-loss=0.49.npz"]), Some(vec![200, 400]));
        assert_eq!(of(&["c/100/model.safetensors", "c/200/model.safetensors"]), Some(vec![100, 200]));
        assert_eq!(of(&["a7-d64.npz", "a8-d64.npz"]), Some(vec![7, 8]), "the last number is the same in both");
        assert_eq!(of(&["net5.npz"]), Some(vec![5]));
        assert_eq!(of(&["start.npz", "net5.npz"]), None);
        assert_eq!(of(&["net99999999999999999999999.npz"]), None);
        assert_eq!(of(&["Größe-3.npz", "Größe-4.npz"]), Some(vec![3, 4]));
        assert_eq!(of(&[]), None);
    }
}
