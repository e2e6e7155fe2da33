//! Formulas in Unicode: as the captions of the figures write them, in the ASCII that [`super::typeset`] reads; and that
//! ASCII in Unicode, where nothing can be typeset.
//!
//! `ascii` prepares what is then typeset, `plain` is for places where nothing can be. They are not inverse to each
//! other: `plain` leaves `-`, `*`, `<` and `>` as they are. Neither parses a formula; both go through its letters
//! once.

/// Letters and signs.
///
/// Raised and lowered digits are those that occur; `<` and `>` stand for angle brackets only from Unicode to ASCII.
const LETTERS: [(char, &str); 23] = [
    ('σ', "sigma"),
    ('θ', "theta"),
    ('λ', "lambda"),
    ('Λ', "Lambda"),
    ('κ', "kappa"),
    ('ε', "epsilon"),
    ('η', "eta"),
    ('μ', "mu"),
    ('ξ', "xi"),
    ('−', "-"),
    ('≥', ">="),
    ('≤', "<="),
    ('·', "*"),
    ('∞', "infinity"),
    ('⟨', "<"),
    ('⟩', ">"),
    ('⁰', "^0"),
    ('¹', "^1"),
    ('²', "^2"),
    ('³', "^3"),
    ('₀', "_0"),
    ('₁', "_1"),
    ('₂', "_2"),
];

/// `‖θ_k‖²` as `norm(theta_k)^2`.
///
/// Bars come in pairs, an opening and a closing one in turn. A space is put between the name of a letter and a letter
/// beside it, so that `ηS` is `eta S` and not one word. An index in brackets gets braces.
pub(super) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut norm, mut named, mut rest) = (false, false, text.chars().peekable());
    while let Some(c) = rest.next() {
        match c {
            '‖' => {
                norm = !norm;
                out.push_str(if norm { "norm(" } else { ")" });
            }
            '√' if rest.peek() == Some(&'(') => out.push_str("sqrt"),
            '√' => {
                let under = rest.next().map_or(String::new(), |c| ascii(&c.to_string()));
                out.push_str(&format!("sqrt({under})"));
            }
            // One index of two digits.
            '₀' if out.ends_with("_1") => out.push('0'),
            c => {
                let name = LETTERS.iter().find(|l| l.0 == c).map_or(c.to_string(), |l| l.1.to_string());
                // The name of a letter does not run into the next one.
                let letters = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
                let greek = name.len() > 1;
                if letters(out.chars().last()) && letters(name.chars().next()) && (greek || named) {
                    out.push(' ');
                }
                out.push_str(&name);
                named = greek;
                continue;
            }
        }
        named = false;
    }
    // v_(k+1): brackets of an index are not drawn.
    while let Some(at) = out.find("_(") {
        let Some(end) = out[at..].find(')') else { break };
        out.replace_range(at + end..=at + end, "}");
        out.replace_range(at + 1..at + 2, "{");
    }
    out
}

/// `norm(theta_k)^2 <= 1` as `‖θ_k‖² ≤ 1`, for a line of plain text such as a result of the search.
///
/// A name is translated only if it is a whole word: `sigmas` stays. A power of more than one digit stays as it is
/// written. The brackets of a norm become bars, other brackets stay; one that closes nothing stays too.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // What closes each bracket that is open.
    let mut open = Vec::new();
    while let Some(c) = rest.chars().next() {
        let word = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
        let norm = ["norm(", "norm_F(", "norm_2("].into_iter().find(|n| rest.starts_with(n));
        let sign = LETTERS.iter().find(|l| match l.1.starts_with(|c: char| c.is_ascii_alphabetic()) {
            true => l.1 == word,
            false => !matches!(l.1, "<" | ">" | "*" | "-") && !l.1.starts_with('_') && rest.starts_with(l.1),
        });
        let power = |s: &str| s.starts_with('^') && rest[s.len()..].starts_with(|c: char| c.is_ascii_digit());
        let used = match (norm, sign) {
            (Some(norm), _) => {
                open.push(norm.trim_start_matches("norm").trim_end_matches('('));
                out.push('‖');
                norm.len()
            }
            (None, Some((letter, name))) if !power(name) => {
                out.push(*letter);
                name.len()
            }
            _ if word == "sqrt" => {
                out.push('√');
                word.len()
            }
            _ if !word.is_empty() => {
                out.push_str(word);
                word.len()
            }
            _ => {
                match c {
                    '(' => open.push("("),
                    ')' => {
                        let index = open.pop().filter(|o| *o != "(");
                        out.push_str(&index.map_or(")".to_string(), |index| format!("‖{index}")));
                    }
                    _ => {}
                }
                if c != ')' {
                    out.push(c);
                }
                c.len_utf8()
            }
        };
        rest = &rest[used..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::typeset::running;

    #[test]
    fn formulas_are_plain_text() {
        let cases = [
            ("norm_F(theta_k)^2 <= 16 exp(s^2) sqrt(Lambda)", "‖θ_k‖_F² ≤ 16 exp(s²) √(Λ)"),
            ("f(norm(x) (a)) >= 2^10 - 1", "f(‖x‖ (a)) ≥ 2^10 - 1"),
            ("an unbalanced )", "an unbalanced )"),
        ];
        for (from, to) in cases {
            assert_eq!(plain(from), to);
        }
    }

    #[test]
    fn captions_are_typeset() {
        assert_eq!(ascii("ηS and ‖θ_k‖², 4 κ S_min"), "eta S and norm(theta_k)^2, 4 kappa S_min");
        assert_eq!(ascii("must a multiple"), "must a multiple");
        let cases = [
            (
                "1 − ⟨v_(k+1), u_k⟩² ≥ √L ‖w*‖",
                r"$1 - \langle v_{k + 1}, u_k \rangle^{2} \ge \sqrt{L} \lVert {w^\star} \rVert$",
            ),
            ("log₁₀ of κ", r"$\log_{10}$ of $\kappa$"),
            ("Log₁₀ of κ.", r"$\mathrm{Log}_{10}$ of $\kappa$."),
            ("η = 0.1: a run", r"$\eta = 0.1$: a run"),
        ];
        for (from, to) in cases {
            assert_eq!(running(from), to);
        }
    }
}
