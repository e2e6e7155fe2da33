//! Numbers and exact values as a reader sees them.
//!
//! All words for outcomes, verdicts, roles and grades are here, so that the report, `flatcert check` and the pages of
//! the book use the same ones. Enclosures are printed by `arithmetic::decimal`, outward; numbers that were rounded
//! before (`rounding`) come out as they are.
//!
//! Escaping is by place: [`prose`] for a paragraph or a cell, [`code`] for a span, [`code_cell`] for a span in a
//! cell. What is to be typeset goes through `typeset` instead, which escapes by itself.

use super::rounding::{ratio_down, ratio_up};
use crate::arithmetic::decimal::{DIGITS, enclosure, number, outward, written};
use crate::arithmetic::{Enclosure, Interval};
use crate::harness::evidence::{
    ClaimEvidence, FormEvidence, Grade, Outcome, Role, SampledEvidence, Tightness, Verdict,
};
use serde_json::Value;

/// The end of a margin that matters: the lower one if the statement holds, the upper one if it fails.
///
/// A dash without a margin; both ends where the outcome is neither, since neither end then says it all. Eight
/// significant digits, outward.
pub fn margin(outcome: Outcome, m: Option<&Interval>) -> String {
    let m = m.map(|m| outward(m, DIGITS));
    match (outcome, m) {
        (_, None) => "–".into(),
        (Outcome::Verified, Some(m)) => format!("≥ {}", number(written(m.lo(), false))),
        (Outcome::Refuted, Some(m)) => format!("≤ {}", number(written(m.hi(), true))),
        (_, Some(m)) => enclosure(&m),
    }
}

/// The margin of the form's worst instance.
pub fn form_margin(form: &FormEvidence) -> String {
    margin(form.outcome, form.smallest_margin.as_ref())
}

/// How much of what was tried says something: the share of the instances that are within a tenth of equality.
///
/// A domain proof covers everything, so the number of boxes is told; an identity has no margin, and every point
/// counts; else as [`FormEvidence::strained`] has it. A dash where margins say nothing of it.
pub fn power(form: &FormEvidence) -> String {
    match (form.strained(), form.boxes, form.error_log2) {
        (_, Some(boxes), _) if form.grade == Grade::Domain => format!("the whole domain, in {boxes} boxes"),
        (Some((near, all)), ..) => format!("{near} of {all}"),
        (.., Some(_)) => "all: an identity".into(),
        _ => "–".into(),
    }
}

/// A factor close to one as one plus or minus its deviation.
///
/// `1.000000000001` is told as `1 + 1e-12`: the deviation is what a reader looks for.
pub fn factor(r: f64) -> String {
    // 1e-3: below it a plain decimal hides the deviation behind nines or zeros.
    match r - 1.0 {
        d if d == 0.0 || d.abs() >= 1e-3 || !r.is_finite() => number(r),
        d if d > 0.0 => format!("1 + {}", number(short(d))),
        d => format!("1 − {}", number(short(-d))),
    }
}

/// Removes the rounding error of the subtraction `r - 1`.
fn short(deviation: f64) -> f64 {
    format!("{deviation:.2e}").parse().unwrap_or(deviation)
}

/// The two factors of a tightness, rounded outward: the first survives, more than the second is refuted.
///
/// Texts, for a reader and not for arithmetic.
pub fn factors(t: &Tightness) -> (String, String) {
    (factor(ratio_down(t.holds_up_to)), factor(ratio_up(t.refuted_from)))
}

/// How much stronger the statement of a form may be made, or, where it fails, how much weaker it has to be.
///
/// The statement is `greater >= f lesser` with f = 1. If it holds, factors above 1 strengthen it: the first number
/// survives every instance, the second is refuted by one. If it is refuted, factors below 1 weaken it, and the first
/// number repairs it on these instances; below 1e-6 it counts as none. `None` for a form without ratios.
pub fn room(form: &FormEvidence) -> Option<String> {
    let t = form.tightness.as_ref()?;
    let (holds, fails) = factors(t);
    Some(match (form.outcome == Outcome::Refuted, t.holds_up_to > 1e-6) {
        (true, false) => "no constant factor repairs it".into(),
        (true, true) => format!("stands with a factor {holds} on the right, not with {fails}"),
        (false, _) if holds == fails => "equality is attained: no room".into(),
        (false, _) => format!("survives a factor {holds}, not {fails}"),
    })
}

/// An outcome in words.
pub fn outcome(o: Outcome) -> &'static str {
    match o {
        Outcome::Verified => "verified",
        Outcome::Refuted => "refuted",
        Outcome::Undecided => "undecided",
        Outcome::Vacuous => "nothing in scope",
        Outcome::Observed => "observed",
    }
}

/// A verdict in words.
pub fn verdict(v: Verdict) -> &'static str {
    match v {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::Undecided => "undecided",
        Verdict::OutOfScope => "out of scope",
    }
}

/// A role in words.
pub fn role(r: Role) -> &'static str {
    match r {
        Role::Printed => "printed",
        Role::Corrected => "corrected",
        Role::Sharpened => "sharpened",
        Role::Conjecture => "conjecture",
        Role::Control => "control",
    }
}

/// A grade in words.
pub fn grade(g: Grade) -> &'static str {
    match g {
        Grade::Proved => "Proved",
        Grade::Identity => "Identity",
        Grade::Domain => "Domain",
        Grade::Instance => "Instance",
        Grade::Computed => "Computed",
        Grade::Sampled => "Sampled",
    }
}

/// The grade of a claim with all that it uses: the one wording of the report, of `check` and of a partial report.
///
/// What was not part of the run is no evidence for or against it; the grade leaves it out, and the words say so.
/// `none` where something that the claim uses does not stand.
pub fn claim_grade(claim: &ClaimEvidence) -> String {
    let own = claim.grade.map_or("none", grade);
    let left_out = |steps: bool| claim.unchecked.iter().any(|id| id.contains('/') == steps);
    match (left_out(true), left_out(false)) {
        (false, false) => own.into(),
        (true, false) => format!("{own}, without its proof steps"),
        (false, true) => format!("{own}, without the results it uses"),
        (true, true) => format!("{own}, without its proof steps and the results it uses"),
    }
}

/// The share of draws in which a sentence is seen, with its exact interval.
///
/// Seen in `1 - failures/trials` of the draws; the interval is that of the failures, turned round and widened to
/// whole percents. A draw that could not be decided is in the interval as either.
pub fn share(s: &SampledEvidence) -> String {
    // Draws in which it was not seen are the failures that were counted.
    let percent = |v: f64| format!("{:.0}", 100.0 * v);
    let seen = 1.0 - s.failures as f64 / s.trials as f64;
    let (lo, hi) = ((100.0 * (1.0 - s.interval[1])).floor(), (100.0 * (1.0 - s.interval[0])).ceil());
    let setting = if s.setting.is_empty() { String::new() } else { format!("{}: ", s.setting) };
    format!("{setting}seen in {} % of draws [{lo}, {hi}]", percent(seen))
}

/// The same of a form that was observed: setting by setting.
///
/// The settings are joined by semicolons, in the order of the evidence. `None` if the form was not observed or
/// nothing was counted.
pub fn seen(form: &FormEvidence) -> Option<String> {
    let observed = form.outcome == Outcome::Observed && !form.sampled.is_empty();
    observed.then(|| form.sampled.iter().map(share).collect::<Vec<_>>().join("; "))
}

/// The link target that markdown viewers give to a heading which consists of `id` alone.
///
/// Lower case, without whatever is neither alphanumeric nor a hyphen or an underscore: `lemma-3/eq-44` becomes
/// `lemma-3eq-44`. A finding has `finding-` before it, a step `step-`.
pub fn anchor(id: &str) -> String {
    id.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Longest exact number printed in a readable block; the file beside it always has all digits.
const LONGEST: usize = 48;
/// Longest side of a matrix printed in a readable block.
const LARGEST: usize = 12;

/// What the fields of a stored instance are called in the paper.
///
/// A key that is not listed is printed as it is.
const NAMES: [(&str, &str); 7] = [
    ("samples", "n"),
    ("sigma", "X^T X/n"),
    ("cross", "X^T y/n"),
    ("power", "y^T y/n"),
    ("head", "w"),
    ("layers", "W"),
    ("factor", "C"),
];

/// Exact values as lines of `name = value`: vectors in parentheses, matrices row by row, equal matrices once.
///
/// Numbers stay exact, but for those of more than 48 characters, and matrices are cut after twelve rows and columns
/// with a note of how many there are: a page is for reading, `evidence/` has the rest.
pub fn values(v: &Value) -> String {
    field("value", v)
}

/// The fields of an object, those of a network and its data by the paper's names.
///
/// An object is of the paper if it has a `sigma`, `layers` or a `minimiser`; the keys of others are printed as they
/// are.
fn fields(of: &serde_json::Map<String, Value>) -> String {
    let paper = ["sigma", "layers", "minimiser"].iter().any(|k| of.contains_key(*k));
    let name = |k: &str| NAMES.iter().find(|n| paper && n.0 == k).map_or(k.to_string(), |n| n.1.into());
    of.iter().map(|(k, v)| field(&name(k), v)).collect()
}

/// Arrays of matrices are numbered from 1, runs of equal ones as `W[1..3]`; an array of arrays of scalars is a
/// matrix; any other array a vector; objects are flattened into their fields.
fn field(name: &str, v: &Value) -> String {
    match v {
        Value::Array(items) if !items.is_empty() && items.iter().all(is_matrix) => {
            let mut runs: Vec<(usize, usize)> = Vec::new();
            for k in 0..items.len() {
                match runs.last_mut() {
                    Some((from, to)) if items[*from] == items[k] => *to = k,
                    _ => runs.push((k, k)),
                }
            }
            let place =
                |from, to| if from == to { format!("{}", from + 1) } else { format!("{}..{}", from + 1, to + 1) };
            runs.iter().map(|(from, to)| field(&format!("{name}[{}]", place(*from, *to)), &items[*from])).collect()
        }
        Value::Array(_) if is_matrix(v) => matrix(name, v),
        Value::Array(items) => format!("{name} = ({})\n", list(items).join(", ")),
        Value::Object(inner) => fields(inner),
        scalar => format!("{name} = {}\n", cell(scalar)),
    }
}

/// A list of one row or more, each a list of scalars; rows may differ in length.
fn is_matrix(v: &Value) -> bool {
    let entry = |e: &Value| !e.is_array() && !e.is_object();
    let row = |r: &Value| matches!(r, Value::Array(x) if x.iter().all(entry));
    matches!(v, Value::Array(rows) if !rows.is_empty() && rows.iter().all(row))
}

/// The first twelve entries, and how many there are if there are more.
fn list(items: &[Value]) -> Vec<String> {
    let mut out: Vec<String> = items.iter().take(LARGEST).map(cell).collect();
    if items.len() > LARGEST {
        out.push(format!("... {} in all", items.len()));
    }
    out
}

/// Columns are aligned to the right; rows after the first are indented to the first bracket.
fn matrix(name: &str, v: &Value) -> String {
    let Value::Array(rows) = v else { return String::new() };
    let cells: Vec<Vec<String>> =
        rows.iter().take(LARGEST).map(|r| r.as_array().map(|r| list(r)).unwrap_or_default()).collect();
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
    let width = |j: usize| cells.iter().filter_map(|r| r.get(j)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let indent = " ".repeat(name.chars().count() + 3);
    let mut out = String::new();
    for (i, row) in cells.iter().enumerate() {
        let padded: Vec<String> = row.iter().zip(&widths).map(|(c, w)| format!("{c:>w$}")).collect();
        let start = if i == 0 { format!("{name} = ") } else { indent.clone() };
        out.push_str(&format!("{start}[{}]\n", padded.join("  ")));
    }
    if rows.len() > LARGEST {
        out.push_str(&format!("{indent}... {} rows in all\n", rows.len()));
    }
    out
}

/// Strings without their quotes. A rational that is too long is given by its nearest double and its length.
fn cell(v: &Value) -> String {
    let text = match v {
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    match text.parse::<crate::arithmetic::Rational>() {
        Ok(q) => format!("about {} ({} digits in evidence/)", q.to_f64(), text.len()),
        Err(_) => text,
    }
}

/// Text for a markdown paragraph: what markdown would swallow is escaped, code between backticks is left alone.
///
/// Escaped are the characters that begin emphasis, links, HTML, cells, headings and code. Where the backticks are not
/// in pairs none of them is code. Ends of lines become spaces.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut code = false;
    for c in text.chars() {
        match c {
            '`' if paired => code = !code,
            '*' | '_' | '<' | '[' | ']' | '|' | '`' | '\\' | '~' | '#' if !code => out.push('\\'),
            '\n' => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Text as a code span that survives backticks.
///
/// A backtick inside becomes an apostrophe.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('\n', " "))
}

/// A code span inside a table, where a bare pipe would end the cell.
pub fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn exact_values_are_readable() {
        let v = json!({"L": 2, "w_star": ["1/2", "-3"], "W": [[["1", "0"], ["10/3", "2"]], [["7", "1"]]], "note": "x"});
        let expected = "L = 2\nw_star = (1/2, -3)\nW[1] = [   1  0]\n       [10/3  2]\nW[2] = [7  1]\nnote = x\n";
        assert_eq!(values(&v), expected);
        let network = json!({"cross": ["1"], "network": {"layers": [[["1"]], [["1"]], [["2"]]], "head": ["1/2"]}});
        assert_eq!(values(&network), "cross = (1)\nW[1..2] = [1]\nW[3] = [2]\nw = (1/2)\n");
        assert_eq!(values(&json!({"minimiser": {"head": "1/2"}, "factor": "2"})), "head = 1/2\nC = 2\n");
        let long = json!({"q": format!("1{}/3", "0".repeat(60))});
        assert!(values(&long).contains("digits in evidence/"));
    }

    #[test]
    fn markdown_is_escaped_outside_code() {
        assert_eq!(prose("norm(w*)_2 | a<b"), "norm(w\\*)\\_2 \\| a\\<b");
        assert_eq!(prose("see `w*_k` and *"), "see `w*_k` and \\*");
        assert_eq!(code("|x| >= `y`"), "`|x| >= 'y'`");
        assert_eq!(code_cell("|x|"), "`\\|x\\|`");
    }

    #[test]
    fn numbers_and_factors() {
        assert_eq!(number(0.251), "0.251");
        assert_eq!(number(1e-12), "1e-12");
        assert_eq!(factor(1.0), "1");
        assert_eq!(factor(1.0 + 1e-12), "1 + 1e-12");
        assert_eq!(factor(1.0 - 1.23e-5), "1 − 1.23e-5");
        assert_eq!(factor(1.25), "1.25");
        assert_eq!(anchor("lemma-3/eq-44"), "lemma-3eq-44");
    }

    #[test]
    fn the_end_that_matters() {
        // 1/8 and 1/4: doubles that are short decimals.
        let m = Interval::new(0.125, 0.25);
        assert_eq!(margin(Outcome::Verified, Some(&m)), "≥ 0.125");
        assert_eq!(margin(Outcome::Refuted, Some(&-m)), "≤ -0.125");
        assert_eq!(margin(Outcome::Undecided, Some(&m)), "[0.125, 0.25]");
        // The double 0.2 lies above the decimal.
        assert_eq!(enclosure(&Interval::new(0.125, 0.2)), "[0.125, 0.20000001]");
        assert_eq!(margin(Outcome::Verified, None), "–");
    }
}
