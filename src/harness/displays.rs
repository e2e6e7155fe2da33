//! The displays of a paper, counted mechanically in its text.
//!
//! The text is the paper as extracted to markdown with LaTeX. A display is what stands between two lines that begin
//! with `$$`, or a line outside of them that is formulas only (a line of a longer display that the extraction tore
//! off). Nothing here knows what a display says.
//!
//! The count is what the audit of the proofs is held against: a display that nobody lists cannot be overlooked, since
//! it was not a reader who counted. The rules for lines outside of `$$` are those of this text's extraction, and are
//! written down one by one in `formulas_only`. Another paper can give its displays by hand.

use super::paper::Display;

/// All displays of a text, in order.
///
/// Lines are counted from 1. A display that is not closed ends with the text. A line that opens and closes a display
/// is one; what stands behind the closing `$$` on its line is dropped.
pub fn extract(text: &str) -> Vec<Display> {
    let mut out: Vec<Display> = Vec::new();
    let mut open: Option<Display> = None;
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        let (mut display, rest) = match (open.take(), text.strip_prefix("$$")) {
            (Some(display), _) => (display, text),
            (None, Some(rest)) => (Display { line, tex: String::new() }, rest),
            (None, None) => {
                let alone = formulas_only(text).then(|| text.trim_matches(['$', ' ', '\\']));
                out.extend(alone.map(|tex| Display { line, tex: tex.into() }));
                continue;
            }
        };
        let (inside, closed) = rest.split_once("$$").map_or((rest, false), |(inside, _)| (inside, true));
        append(&mut display.tex, inside);
        if closed { out.push(display) } else { open = Some(display) }
    }
    out.extend(open);
    out
}

/// Lines of a display are joined by one space.
fn append(tex: &mut String, line: &str) {
    let line = line.trim();
    if !tex.is_empty() && !line.is_empty() {
        tex.push(' ');
    }
    tex.push_str(line);
}

/// A line outside `$$` that is nothing but formulas, and not just a mark of punctuation: what is left without its
/// formulas has no word.
fn formulas_only(line: &str) -> bool {
    // The extraction leaves "\n" as two letters at the beginning of some lines.
    let line = line.strip_prefix("\\n").unwrap_or(line).trim();
    // A line that begins with a relation goes on with the display above it, whatever words of explanation stand behind
    // the formula.
    let relations = ["\\$\\leqslant", "\\$\\geqslant", "= ", "$\\leq", "$\\geq", "$\\ge ", "$< "];
    if relations.iter().any(|r| line.starts_with(r)) {
        return true;
    }
    // "8L" is the one number that the extraction left before its formula.
    if !line.starts_with('$') && !line.starts_with("8L") {
        return false;
    }
    // What stands outside and inside of the dollars, in turn.
    let parts: Vec<&str> = line.split('$').collect();
    let words: String = parts.iter().step_by(2).copied().collect();
    let formulas: usize = parts.iter().skip(1).step_by(2).map(|part| part.trim().len()).sum();
    let prose = |w: &str| w.chars().filter(|c| c.is_alphabetic()).count() > 3;
    formulas > 0 && !words.split_whitespace().any(prose)
}
