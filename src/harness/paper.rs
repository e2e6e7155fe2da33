//! A paper as the harness sees it: claims, proofs, and what is known of them beforehand.
//!
//! Everything of a paper that the harness needs is a value of [`Paper`]; the harness has no other way to know one.
//! Stated results and steps of proofs are claims of one catalogue, the results first. What is recorded beforehand
//! (expected outcomes, stored instances, proofs in Coq, sentences for the reader) is held against a run.

use super::claim::{Claim, Context, Form};
use super::evidence::{Counterexample, FigureData, FlawEvidence, Formal, Outcome, ResultEvidence, Role, Weight};
use super::steps::step::Proof;
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A display of the paper's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Display {
    /// Line of the text at which it begins, counted from 1.
    pub line: u32,
    /// Its LaTeX, on one line.
    pub tex: String,
}

/// A stated result for the reader, by the claim that checks it, its name in the paper and the line of the text at which
/// it stands.
pub fn stated(claim: &str, name: &str, line: u32) -> ResultEvidence {
    let (says, why) = (String::new(), String::new());
    ResultEvidence { claim: claim.into(), name: name.into(), line, says, flaw: None, reading: None, why }
}

impl ResultEvidence {
    /// The paper's sentence, in LaTeX.
    #[must_use]
    pub fn says(self, tex: &str) -> Self {
        Self { says: tex.into(), ..self }
    }
    /// What is wrong with it.
    #[must_use]
    pub fn but(self, flaw: FlawEvidence) -> Self {
        Self { flaw: Some(flaw), ..self }
    }
    /// The reading in which it is meant here, where the words allow another, in LaTeX.
    #[must_use]
    pub fn in_one_reading(self, tex: &str) -> Self {
        Self { reading: Some(tex.into()), ..self }
    }
    /// Why what stands is true, in a few lines.
    #[must_use]
    pub fn because(self, tex: &str) -> Self {
        Self { why: tex.into(), ..self }
    }
}

/// What is wrong with a stated result: how much it matters, and the verdict in a few words.
pub fn wrong(weight: Weight, words: &str) -> FlawEvidence {
    FlawEvidence { weight, root: None, words: words.into(), fails: String::new(), repaired: String::new() }
}

impl FlawEvidence {
    /// The claim whose error it inherits.
    #[must_use]
    pub fn inherits(self, claim: &str) -> Self {
        Self { root: Some(claim.into()), ..self }
    }
    /// What fails, with a counterexample that one can retype, in LaTeX.
    #[must_use]
    pub fn fails(self, tex: &str) -> Self {
        Self { fails: tex.into(), ..self }
    }
    /// The corrected form, in LaTeX.
    #[must_use]
    pub fn repaired(self, tex: &str) -> Self {
        Self { repaired: tex.into(), ..self }
    }
}

/// The verdict on a result in which nothing is wrong: proved or not, in the only reading or in one.
pub(crate) fn sound(is_proved: bool, has_readings: bool) -> &'static str {
    match (is_proved, has_readings) {
        (true, true) => "true, in one reading",
        (true, false) => "true",
        (false, _) => "holds wherever it was tried",
    }
}

/// Exact values that a run tries besides what it generates.
#[derive(Clone, Copy, Default)]
pub(super) struct Kept<'a> {
    /// Tried first; a control that one of them refutes is done.
    pub counterexamples: &'a [Counterexample],
    /// Tried besides the list.
    pub worst: &'a [Counterexample],
}

/// Makes the numbers of the figures of a run.
pub type Figures = fn(&Context) -> Result<Vec<FigureData>>;

/// What the harness is given to run. Only the claims are needed.
#[derive(Default)]
pub struct Paper {
    /// The stated results, in the catalogue's order.
    pub stated: Vec<Claim>,
    /// The proofs behind them: every step is a claim as well.
    pub proofs: Vec<Proof>,
    /// Its displays, with which the proofs are audited.
    pub displays: Vec<Display>,
    /// The stated results for the reader.
    pub results: Vec<ResultEvidence>,
    /// Counterexamples in exact values, tried before any search.
    pub counterexamples: Vec<Counterexample>,
    /// Instances that were the worst of a form in some run, in exact values: every later run tries them too.
    pub worst: Vec<Counterexample>,
    /// What a proof assistant has proved, by claim.
    pub formal: BTreeMap<String, Formal>,
    /// The numbers of the figures.
    pub figures: Option<Figures>,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Depth, the seed of every generated instance, and the instances: runs with clones of one context share them, and
    /// what was proved about them.
    pub context: Context,
    /// Claim ids; empty for all.
    pub only: Vec<String>,
}

/// Catalogue entry for `flatcert list`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// The id.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// Place in the paper.
    pub place: String,
    /// Recorded outcome per form: `(form name, role, expected, statement)`.
    pub forms: Vec<(String, Role, Outcome, String)>,
}

/// A stated result for `flatcert list --results`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Recorded {
    /// Its name in the paper.
    pub name: String,
    /// The claim that checks it.
    pub claim: String,
    /// Line of the text at which it stands.
    pub line: u32,
    /// The recorded verdict in words.
    pub verdict: String,
    /// How much what is wrong with it matters.
    pub weight: Option<Weight>,
    /// Coq proves it, as printed or as corrected.
    pub proved: bool,
}

/// What `flatcert probe` changes.
#[derive(Clone, Debug)]
pub enum ProbeChange {
    /// Multiply the strength by this factor (above 1: strengthened, below 1: weakened).
    Factor(Rational),
    /// Put this constant in place of the printed one.
    Constant(Rational),
}

impl Paper {
    /// The stored instances of all forms.
    pub(super) fn kept(&self) -> Kept<'_> {
        Kept { counterexamples: &self.counterexamples, worst: &self.worst }
    }
    /// The stated results, then the steps of their proofs.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.stated.iter().chain(self.proofs.iter().flat_map(|p| &p.steps).map(|s| &s.claim))
    }
    /// The catalogue, in order.
    pub fn catalogue(&self) -> Vec<Entry> {
        let entry = |c: &Claim| Entry {
            id: c.id.into(),
            title: c.title.into(),
            place: c.place.into(),
            forms: c.forms.iter().map(|f| (f.name.into(), f.role, f.expected, f.statement.clone())).collect(),
        };
        self.claims().map(entry).collect()
    }
    /// The stated results in the order of the paper, with what is recorded of them.
    ///
    /// The verdict is the flaw's words where one is recorded, else a sentence that depends on whether Coq proves the
    /// claim and on its readings. No run is needed.
    pub fn recorded(&self) -> Vec<Recorded> {
        let of = |r: &ResultEvidence| {
            let proved = self.formal.get(&r.claim).is_some_and(|f| !f.proved.is_empty());
            let verdict = r.flaw.as_ref().map_or(sound(proved, r.reading.is_some()), |f| &f.words);
            Recorded {
                name: r.name.replace('$', ""),
                claim: r.claim.clone(),
                line: r.line,
                verdict: verdict.into(),
                weight: r.flaw.as_ref().map(|f| f.weight),
                proved,
            }
        };
        self.results.iter().map(of).collect()
    }
    /// The claims that `only` names (all, where it is empty), in the catalogue's order.
    ///
    /// # Errors
    /// An id that no claim has.
    pub(super) fn select(&self, only: &[String]) -> Result<Vec<&Claim>> {
        for id in only {
            self.find(id)?;
        }
        Ok(self.claims().filter(|c| only.is_empty() || only.iter().any(|id| id == c.id)).collect())
    }
    /// # Errors
    /// No claim has this id: the message names those that may be meant.
    pub(super) fn find(&self, id: &str) -> Result<&Claim> {
        let unknown = || Error::usage(format!("unknown claim '{id}': {}", self.suggestion(id)));
        self.claims().find(|c| c.id == id).ok_or_else(unknown)
    }
}

impl Claim {
    /// The form of this name.
    ///
    /// # Errors
    /// The claim has none of this name: the message lists its forms.
    pub(super) fn form(&self, name: &str) -> Result<&Form> {
        self.forms.iter().find(|f| f.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.forms.iter().map(|f| f.name).collect();
            Error::usage(format!("claim '{}' has no form '{name}': it has {}", self.id, names.join(", ")))
        })
    }
}
