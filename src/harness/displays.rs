//! The displays of a paper, counted mechanically in its text.
//!
//! The text is the paper as extracted to markdown with LaTeX. A display is what stands between two lines that begin
//! with `$$`, or a line outside of them that is formulas only (a line of a longer display that the extraction tore
//! off). Nothing here knows what a display says.

use super::paper::Display;

/// All displays of a text, in order.
pub fn extract(text: &str) -> Vec<Display> {
    let mut out: Vec<Display> = Vec::new();
    let mut open: Option<Display> = None;
    for (at, line) in text.lines().enumerate() {
        let line_number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let trimmed = line.trim();
        match open.as_mut() {
            Some(display) => match trimmed.split_once("$$") {
                Some((rest, _)) => {
                    append(&mut display.tex, rest);
                    out.extend(open.take());
                }
                None => append(&mut display.tex, trimmed),
            },
            None => {
                if let Some(rest) = trimmed.strip_prefix("$$") {
                    match rest.split_once("$$") {
                        Some((whole, _)) => out.push(Display { line: line_number, tex: whole.trim().into() }),
                        None => open = Some(Display { line: line_number, tex: rest.trim().into() }),
                    }
                } else if formulas_only(trimmed) {
                    out.push(Display { line: line_number, tex: trimmed.trim_matches(['$', ' ', '\\']).into() });
                }
            }
        }
    }
    out.extend(open);
    out
}

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
