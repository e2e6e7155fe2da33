//! What several pages show: a form of a claim, the theorems behind it, a figure.

use super::text;
use crate::arithmetic::decimal;
use crate::harness::evidence::{Counterexample, FigureData, FormEvidence, Formal, Outcome, Theorem};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct FormView {
    pub(crate) name: String,
    pub(crate) role: &'static str,
    pub(crate) statement: String,
    /// The same with its formulas in LaTeX, for a cell of a table.
    pub(crate) typeset: String,
    pub(crate) outcome: String,
    pub(crate) expected: &'static str,
    pub(crate) recorded: bool,
    pub(crate) grade: &'static str,
    pub(crate) holds: usize,
    pub(crate) fails: usize,
    pub(crate) undecided: usize,
    pub(crate) out_of_scope: usize,
    pub(crate) margin: String,
    pub(crate) at: Option<String>,
    pub(crate) tightness: Option<TightnessView>,
    pub(crate) arithmetic: Vec<(String, usize)>,
    pub(crate) error_log2: Option<String>,
    pub(crate) boxes: Option<usize>,
    pub(crate) reasons: Vec<String>,
    pub(crate) counterexample: Option<CounterexampleView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TightnessView {
    pub(crate) holds_up_to: String,
    pub(crate) refuted_from: String,
    pub(crate) at: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct CounterexampleView {
    pub(crate) description: String,
    pub(crate) values: String,
    pub(crate) margin: Option<String>,
    pub(crate) origin: String,
    /// What evaluates it again.
    pub(crate) command: Option<String>,
}

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
pub(super) fn again(c: &Counterexample) -> Option<String> {
    (c.origin == "stored").then(|| format!("flatcert replay {}#stored", c.form))
}

/// The theorems behind a claim, with their places in `formal/`.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct FormalView {
    pub(super) proved: Vec<TheoremView>,
    pub(super) disproved: Vec<TheoremView>,
    pub(super) differs: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct TheoremView {
    pub(super) name: String,
    /// Where it stands in `formal/`.
    pub(super) place: String,
    /// Where its statement stands in `formal/`, beside the paper's sentence.
    pub(super) stated: Option<String>,
}

impl FormalView {
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
    file: String,
    title: String,
    caption: String,
    /// The picture in words.
    alt: String,
}

impl Figure {
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
