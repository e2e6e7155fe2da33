//! What several pages show: a form of a claim, the theorems behind it, a figure.
//!
//! A view of evidence for a template: words in place of enums, numbers as text, formulas in LaTeX. Two pages that
//! show the same form show it from the same value.

use super::text;
use crate::arithmetic::decimal;
use crate::harness::evidence::{Counterexample, FigureData, FormEvidence, Formal, Outcome, Theorem};
use serde::Serialize;

/// A form of a claim, with what the run found of it.
#[derive(Debug, Serialize)]
pub(crate) struct FormView {
    /// Unique in its claim.
    pub(crate) name: String,
    /// `printed`, `corrected`, `sharpened`, `conjecture` or `control`.
    pub(crate) role: &'static str,
    /// The catalogue's ASCII.
    pub(crate) statement: String,
    /// The same with its formulas in LaTeX, for a cell of a table.
    pub(crate) typeset: String,
    /// In a word; of an observed form the share of draws, setting by setting.
    pub(crate) outcome: String,
    /// The outcome that is recorded.
    pub(crate) expected: &'static str,
    /// That is the one found.
    pub(crate) recorded: bool,
    /// Of this form alone, whatever the claim uses.
    pub(crate) grade: &'static str,
    /// Instances whose margin is certainly not negative.
    pub(crate) holds: usize,
    /// Instances whose margin is certainly negative.
    pub(crate) fails: usize,
    /// Instances in scope that no precision decided.
    pub(crate) undecided: usize,
    /// Instances that violate a hypothesis.
    pub(crate) out_of_scope: usize,
    /// The end that matters of the smallest one.
    pub(crate) margin: String,
    /// The instance that has it.
    pub(crate) at: Option<String>,
    /// For inequalities with a factor.
    pub(crate) tightness: Option<TightnessView>,
    /// How many instances each arithmetic decided.
    pub(crate) arithmetic: Vec<(String, usize)>,
    /// For identities: log2 of the bound on the probability that a false one passes.
    pub(crate) error_log2: Option<String>,
    /// For domain proofs: parts of the subdivision.
    pub(crate) boxes: Option<usize>,
    /// The first few reasons why instances were undecided or out of scope.
    pub(crate) reasons: Vec<String>,
    /// The smallest, if it is refuted.
    pub(crate) counterexample: Option<CounterexampleView>,
}

/// The statement is `greater >= f lesser`.
#[derive(Debug, Serialize)]
pub(crate) struct TightnessView {
    /// Every f up to this survives all instances.
    pub(crate) holds_up_to: String,
    /// Every f above this is refuted.
    pub(crate) refuted_from: String,
    /// By this instance.
    pub(crate) at: String,
}

/// An instance that refutes, for a page.
#[derive(Debug, Serialize)]
pub(crate) struct CounterexampleView {
    /// In words and ASCII.
    pub(crate) description: String,
    /// Exact, in lines of `name = value`.
    pub(crate) values: String,
    /// Its upper end, which is negative.
    pub(crate) margin: Option<String>,
    /// `stored` or `found`.
    pub(crate) origin: String,
    /// What evaluates it again.
    pub(crate) command: Option<String>,
}

/// A bar in the LaTeX is escaped: the cell of a table would end there.
pub(crate) fn form_view(form: &FormEvidence) -> FormView {
    FormView {
        name: form.name.clone(),
        role: text::role(form.role),
        statement: form.statement.clone(),
        typeset: super::typeset::typeset(&form.statement).replace('|', r"\|"),
        outcome: text::seen(form).unwrap_or_else(|| text::outcome(form.outcome).into()),
        expected: text::outcome(form.expected),
        recorded: form.as_recorded(),
        grade: text::grade(form.grade),
        holds: form.holds,
        fails: form.fails,
        undecided: form.undecided,
        out_of_scope: form.out_of_scope,
        margin: text::form_margin(form),
        at: form.smallest_at.clone(),
        tightness: form.tightness.as_ref().map(|t| TightnessView {
            holds_up_to: text::factor(t.holds_up_to),
            refuted_from: text::factor(t.refuted_from),
            at: t.at.clone(),
        }),
        arithmetic: form.arithmetic.iter().map(|(k, n)| (k.clone(), *n)).collect(),
        error_log2: form.error_log2.map(decimal::number),
        boxes: form.boxes,
        reasons: form.reasons.clone(),
        counterexample: form.counterexample.as_ref().map(|c| CounterexampleView {
            description: c.description.clone(),
            values: text::values(&c.values),
            margin: c.margin.as_ref().map(|m| text::margin(Outcome::Refuted, Some(m))),
            origin: c.origin.clone(),
            command: again(c),
        }),
    }
}

/// What evaluates a counterexample again.
///
/// `flatcert replay FORM#stored` for one that is stored with the sources; `None` for one that this run found.
pub(super) fn again(c: &Counterexample) -> Option<String> {
    (c.origin == "stored").then(|| format!("flatcert replay {}#stored", c.form))
}

/// The theorems behind a claim, with their places in `formal/`.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct FormalView {
    /// That it is true, as printed or as corrected.
    pub(super) proved: Vec<TheoremView>,
    /// That it is false as printed.
    pub(super) disproved: Vec<TheoremView>,
    /// Where the formal statement says more or less than the paper's sentence; may be empty.
    pub(super) differs: String,
}

/// A theorem that Coq has checked.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct TheoremView {
    /// In Coq, and of its statement in `Statements.v`.
    pub(super) name: String,
    /// Where it stands in `formal/`.
    pub(super) place: String,
    /// Where its statement stands in `formal/`, beside the paper's sentence.
    pub(super) stated: Option<String>,
}

impl FormalView {
    /// Places are `FILE#LLINE`, which a viewer of the repository opens at that line; without a line where none was
    /// recorded.
    pub(super) fn of(formal: &Formal) -> Self {
        let line = |t: &Theorem| t.line.map_or(String::new(), |line| format!("#L{line}"));
        let view = |t: &Theorem| TheoremView {
            name: t.theorem.clone(),
            place: t.file.clone() + &line(t),
            stated: t.stated.map(|line| format!("Statements.v#L{line}")),
        };
        Self {
            proved: formal.proved.iter().map(view).collect(),
            disproved: formal.disproved.iter().map(view).collect(),
            differs: formal.differs.clone(),
        }
    }
}

/// A figure, with its file in the report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    /// Path inside the report's folder.
    file: String,
    /// Its formulas may be in Unicode, as in the caption.
    title: String,
    /// What a reader should see in it.
    caption: String,
    /// The picture in words.
    alt: String,
}

impl Figure {
    /// Brackets and ends of lines become spaces in the words, which stand where markdown has the text of an image.
    pub(super) fn of(f: &FigureData) -> Self {
        let plain = |s: String| s.replace(['[', ']', '\n'], " ");
        Self {
            file: super::figures::file_name(f),
            title: f.title.clone(),
            caption: f.caption.clone(),
            alt: plain(super::figures::alternative(f)),
        }
    }
}
