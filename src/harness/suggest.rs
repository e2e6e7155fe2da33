//! What somebody may have meant who names a claim that there is none of: a slip of the pen, a number of the paper
//! ("theorem 2", "eq. (40)", "lemma3"), a word of a title.
//!
//! The order of the readings is that of how certain they are: the number of an equation; a line of the text; the name
//! of a result or of its proof, however it is spelled; a word of a title, unless an id is very like what was typed;
//! the nearest ids. The first that applies is what is said. Nothing is decided by it: it is the second half of an
//! error message.

use super::claim::Claim;
use super::evidence::ResultEvidence;
use super::paper::Paper;
use super::steps::step::Step;

/// Ids that are named at most.
const MOST: usize = 6;

/// Likeness from which a word is taken for another with a slip of the pen.
///
/// From 0, nothing in common, to 1, equal.
const LIKE: f64 = 0.75;

/// Letters and digits of a name, without the spelling of its kind: "Thm. 2" and "theorem-2" are the same.
fn squeezed(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    for (short, long) in [("thm", "theorem"), ("cor", "corollary"), ("lem", "lemma"), ("ass", "assumption")] {
        if let Some(rest) = plain.strip_prefix(short)
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return format!("{long}{rest}");
        }
    }
    // A slip of the pen in the kind: "corolary 4".
    let digits = plain.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (kind, number) = plain.split_at(digits);
    let meant = KINDS.into_iter().find(|k| *k != kind && strsim::jaro_winkler(k, kind) > 0.9);
    meant.map_or(plain.clone(), |meant| format!("{meant}{number}"))
}

/// What the results of a paper are called.
const KINDS: [&str; 5] = ["theorem", "corollary", "lemma", "proposition", "assumption"];

/// The line of the text: "line 867".
fn line(name: &str) -> Option<u32> {
    let plain = squeezed(name);
    ["lines", "line", "l"].iter().find_map(|p| plain.strip_prefix(p)).and_then(|number| number.parse().ok())
}

/// The number of an equation: "eq. 40", "(40)", "equation 40", "40".
fn equation(name: &str) -> Option<String> {
    let plain = squeezed(name);
    let number = ["equations", "equation", "eqs", "eqn", "eq"].iter().find_map(|p| plain.strip_prefix(p));
    let number = number.unwrap_or(&plain);
    (!number.is_empty() && number.chars().all(|c| c.is_ascii_digit())).then(|| number.to_string())
}

impl Paper {
    /// What is said of a claim that there is none of: the ids that may be meant.
    pub(super) fn suggestion(&self, typed: &str) -> String {
        let stated = || self.stated.iter();
        if let Some(number) = equation(typed) {
            let tagged = format!("({number})");
            let named = format!("eq-{number}");
            let own = |c: &&Claim| {
                let step = c.id.rsplit('/').next().unwrap_or(c.id);
                c.place.contains(&tagged) || step == named || step.starts_with(&format!("{named}-"))
            };
            let found: Vec<&str> = self.claims().filter(own).map(|c| c.id).collect();
            if !found.is_empty() {
                return format!("equation ({number}) is checked by {}", listed(&found));
            }
            return format!("no claim or step names equation ({number}) (flatcert list --proofs)");
        }
        if let Some(line) = line(typed) {
            let here = |s: &&Step| s.lines.contains(&line) || s.quote.is_some_and(|(l, _)| l == line);
            let steps = || self.proofs.iter().flat_map(|p| &p.steps);
            let found: Vec<&str> = steps().filter(here).map(|s| s.claim.id).collect();
            if !found.is_empty() {
                return format!("line {line} is checked by {}", listed(&found));
            }
            let nearest = steps().flat_map(|s| s.lines).min_by_key(|l| l.abs_diff(line));
            let there = nearest.map_or(String::new(), |l| format!(", the nearest is that of line {l}"));
            return format!("no step has a display of line {line}{there} (flatcert list --proofs)");
        }
        let wanted = squeezed(typed);
        let begins = |c: &&Claim| {
            let id = squeezed(c.id);
            let rest = id.strip_prefix(&wanted);
            // "theorem 1" is not the beginning of "theorem 10", nor "lem" a name.
            let numbered = wanted.ends_with(|c: char| c.is_ascii_digit());
            rest.is_some_and(|r| r.is_empty() || (numbered && !r.starts_with(|c: char| c.is_ascii_digit())))
        };
        // The results of the paper first, then what is checked besides.
        let named = |r: &&ResultEvidence| squeezed(&r.name).starts_with(&wanted) || squeezed(&r.claim) == wanted;
        let mut whole: Vec<&str> = self.results.iter().filter(named).map(|r| &*r.claim).collect();
        if whole.is_empty() {
            whole = stated().filter(begins).map(|c| c.id).collect();
        }
        let steps = self.claims().filter(|c| c.id.contains('/')).filter(|c| {
            let proof = c.id.split('/').next().unwrap_or_default();
            squeezed(proof) == wanted
        });
        let steps = steps.count();
        if !wanted.is_empty() && (!whole.is_empty() || steps > 0) {
            let there = if whole.is_empty() { String::new() } else { format!("try {}", listed(&whole)) };
            let also = if steps == 0 {
                String::new()
            } else {
                let proof = self.proofs.iter().find(|p| squeezed(p.id) == wanted).map_or("", |p| p.id);
                let or = if there.is_empty() { "try " } else { ", or " };
                format!("{or}one of the {steps} steps of its proof, {proof}/..")
            };
            return format!("{there}{also} (flatcert list --proofs)");
        }
        let mut near: Vec<(f64, &str)> = self.claims().map(|c| (likeness(typed, c.id), c.id)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let word = |c: &&Claim| wanted.len() > 3 && squeezed(&format!("{} {}", c.title, c.id)).contains(&wanted);
        let titled: Vec<&str> = self.claims().filter(word).map(|c| c.id).collect();
        if !titled.is_empty() && near.first().is_none_or(|n| n.0 < LIKE) {
            return format!("of this name there is {}", listed(&titled));
        }
        let names: Vec<&str> = near.iter().take(3).map(|n| n.1).collect();
        format!("the nearest are {}", names.join(", "))
    }
}

/// How alike two ids are, from 0 to 1: of a step its own name counts as much as the whole.
///
/// The larger of the normalised Damerau-Levenshtein similarity, which counts slips, and 0.95 times the Jaro-Winkler
/// similarity, which favours a common beginning.
fn likeness(typed: &str, id: &str) -> f64 {
    let of = |a: &str, b: &str| strsim::normalized_damerau_levenshtein(a, b).max(0.95 * strsim::jaro_winkler(a, b));
    let typed = typed.to_lowercase();
    let own = match (typed.rsplit_once('/'), id.rsplit_once('/')) {
        (Some((p, a)), Some((q, b))) => 0.5 * of(p, q) + 0.5 * of(a, b),
        (None, Some((_, b))) => 0.9 * of(&typed, b),
        _ => 0.0,
    };
    of(&typed, id).max(own)
}

/// At most [`MOST`] ids, and how many there are besides.
fn listed(ids: &[&str]) -> String {
    let more = ids.len().saturating_sub(MOST);
    let shown = ids.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_equations_are_read_however_they_are_written() {
        for name in ["eq. 40", "(40)", "Equation (40)", "eq40", "40", "eqn.(40)"] {
            assert_eq!(equation(name).as_deref(), Some("40"), "{name}");
        }
        for name in ["lemma 3", "eq", "theorem-4/eq-40", ""] {
            assert_eq!(equation(name), None, "{name}");
        }
    }

    #[test]
    fn lines_are_read_however_they_are_written() {
        for (name, number) in [("line 867", Some(867)), ("l. 867", Some(867)), ("lemma 3", None), ("867", None)] {
            assert_eq!(line(name), number, "{name}");
        }
    }

    #[test]
    fn kinds_are_spelled_out() {
        assert_eq!(squeezed("Thm. 2"), "theorem2");
        assert_eq!(squeezed("lemma3"), squeezed("Lemma 3"));
        assert_eq!(squeezed("cor 3"), "corollary3");
        assert_eq!(squeezed("corolary-4-lower"), "corollary4lower");
        assert_eq!(squeezed("theorm 2"), "theorem2");
        // A word that begins alike is left alone.
        assert_eq!(squeezed("core"), "core");
    }
}
