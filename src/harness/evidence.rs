//! What a run of the checker found: the only input of the report, and what `evidence.json` and `evidence/` hold
//! (`report/split.rs`).
//!
//! Everything here is data. Outcomes are types, never booleans from a threshold; each starts undecided and needs
//! positive evidence to leave that state.

use crate::arithmetic::{Interval, as_written};
pub use crate::figure::{FigureData, Panel, Series};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How strongly a statement is supported. Ordered from the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Grade {
    /// For all instances, by Coq's kernel, from listed hypotheses and axioms.
    Proved,
    /// A polynomial identity, checked in exact arithmetic at random integer points: false with probability below
    /// 2^-100.
    Identity,
    /// A scalar inequality proved over its whole stated domain by interval subdivision.
    Domain,
    /// Proved by enclosures or exact arithmetic for the instances listed, and for those only.
    Instance,
    /// Floating point with an error estimate.
    Computed,
    /// Statistical.
    Sampled,
}

/// What one instance says about a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Verdict {
    /// The margin is certainly not negative.
    Holds,
    /// The margin is certainly negative: a counterexample.
    Fails,
    /// The enclosure of the margin contains zero at every precision tried.
    Undecided,
    /// The instance violates a hypothesis: it says nothing.
    OutOfScope,
}

/// What all instances together say about a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Outcome {
    /// Every instance in scope holds, and there is one.
    Verified,
    /// A counterexample was found.
    Refuted,
    /// No counterexample, but some instance could not be decided or required coverage was missed.
    Undecided,
    /// No instance was in scope: nothing was checked.
    Vacuous,
    /// A sentence about single draws, which neither holds nor fails: the share of draws in which it is seen was
    /// measured.
    Observed,
}

/// The part a form plays in its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Role {
    /// The statement as the paper prints it.
    Printed,
    /// The statement with its error mended.
    Corrected,
    /// A stronger statement, believed provable; its proof is in the claim's documentation.
    Sharpened,
    /// A stronger statement with numerical support only.
    Conjecture,
    /// A nearby statement expected to be false, which the harness must refute.
    Control,
}

/// One instance, evaluated.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct InstanceEvidence {
    /// `claim/form#index`: what `flatcert replay` takes.
    pub id: String,
    /// What it is, in words.
    pub description: String,
    /// What it says.
    pub verdict: Verdict,
    /// Enclosure of the normalised margin `(greater - lesser) / max(|greater|, |lesser|)`.
    #[serde(default, deserialize_with = "as_written")]
    pub margin: Option<Interval>,
    /// Enclosure of `greater / lesser`: how much slack there is.
    #[serde(default, deserialize_with = "as_written")]
    pub ratio: Option<Interval>,
    /// The greater side and the lesser: of several inequalities, of the tightest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sides: Option<[Interval; 2]>,
    /// The arithmetic that decided: `f64 intervals`, `MPFR 128`, `exact rationals`, ...
    pub arithmetic: String,
    /// Why it is out of scope or undecided.
    pub reason: Option<String>,
    /// Coverage classes it belongs to.
    pub tags: Vec<String>,
    /// The instance in exact values (`flatcert replay` only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<serde_json::Value>,
}

/// A counterexample in exact values: enough to check the refutation by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counterexample {
    /// `claim/form`.
    pub form: String,
    /// In words.
    pub description: String,
    /// The instance: rationals as strings.
    pub values: serde_json::Value,
    /// Enclosure of the normalised margin, negative.
    #[serde(default, deserialize_with = "as_written")]
    pub margin: Option<Interval>,
    /// Where it came from: `stored` (fixtures, tried first) or `found` (this run).
    pub origin: String,
}

/// Strongest form not refuted and weakest form refuted, as factors on the statement's right-hand side.
///
/// The statement is `greater >= f lesser` with f = 1 as it stands. Every f up to `holds_up_to` survives all instances;
/// every f above `refuted_from` is refuted by the instance `at`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tightness {
    /// Lower end of the smallest ratio over instances.
    pub holds_up_to: f64,
    /// Upper end of it.
    pub refuted_from: f64,
    /// The instance where it is attained.
    pub at: String,
}

/// Share of the instances in scope that belong to a class that must not be missed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// The class, e.g. `depth >= 8`.
    pub class: String,
    /// Instances in scope that belong to it.
    pub count: usize,
    /// Required number.
    pub required: usize,
}

/// Trials of a statement "the event fails with probability at most `bound`", counted. The number of trials was fixed
/// beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SampledEvidence {
    /// Names the statement and its streams.
    pub key: String,
    /// In words and symbols.
    pub statement: String,
    /// What tells its trials from those of another setting of the same statement; empty where it has one only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub setting: String,
    /// p0.
    pub bound: f64,
    /// Trials.
    pub trials: u64,
    /// Trials that failed.
    pub failures: u64,
    /// Trials that could not be decided: failures for the upper end of the interval, passes for the lower.
    pub undecided: u64,
    /// Probability that the interval misses the true probability, and that the verdict is wrong.
    pub alpha: f64,
    /// Exact (Clopper-Pearson) interval of the failure probability at `alpha`.
    pub interval: [f64; 2],
    /// Log10 of the e-value against "at most `bound`".
    pub log10_e: f64,
    /// Log10 of the e-value against "at least `bound`".
    pub log10_support: f64,
    /// The smallest true failure probability that these trials would have refuted the statement at, with probability 95
    /// % at least.
    pub exposed: f64,
}

/// One form of a claim, after the run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FormEvidence {
    /// `printed`, `corrected`, ...; unique in the claim.
    pub name: String,
    /// Its part.
    pub role: Role,
    /// The statement as a formula.
    pub statement: String,
    /// The recorded outcome: what a green run must find.
    pub expected: Outcome,
    /// What this run found.
    pub outcome: Outcome,
    /// The strength of the evidence behind `outcome`.
    pub grade: Grade,
    /// Wider coverage at a lower grade than another form of the same statement: not what the claim stands on.
    #[serde(default)]
    pub besides: bool,
    /// It has a constant, which `flatcert probe` can move.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub probed: bool,
    /// Instances by verdict.
    pub holds: usize,
    /// Counterexamples.
    pub fails: usize,
    /// Undecided instances.
    pub undecided: usize,
    /// Instances outside the hypotheses.
    pub out_of_scope: usize,
    /// Smallest normalised margin over the instances in scope.
    #[serde(default, deserialize_with = "as_written")]
    pub smallest_margin: Option<Interval>,
    /// Where.
    pub smallest_at: Option<String>,
    /// Of the instances that hold with a margin, those whose margin is at most a tenth: how hard it was tried.
    #[serde(default)]
    pub near: Option<usize>,
    /// Tightness, for inequalities with a factor.
    pub tightness: Option<Tightness>,
    /// Coverage by class.
    pub coverage: Vec<Coverage>,
    /// How many instances each arithmetic decided.
    pub arithmetic: BTreeMap<String, usize>,
    /// The smallest counterexample, if refuted.
    pub counterexample: Option<Counterexample>,
    /// Identities: log2 of the Schwartz-Zippel bound on the probability that it is false.
    pub error_log2: Option<f64>,
    /// Domain proofs: boxes of the subdivision.
    pub boxes: Option<usize>,
    /// Sampled statements: what was counted, instance by instance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sampled: Vec<SampledEvidence>,
    /// The first few undecided or out-of-scope reasons.
    pub reasons: Vec<String>,
    /// The instance that holds with the least slack, in exact values: for `fixtures/worst.json`, not for the report.
    #[serde(skip)]
    pub worst: Option<Counterexample>,
}

impl FormEvidence {
    /// How many of its instances are within a tenth of equality, and of how many. `None` where margins say nothing of
    /// that: how near a count comes to what is allowed, its number of trials decides.
    pub fn strained(&self) -> Option<(usize, usize)> {
        let near = self.near.filter(|_| self.grade != Grade::Sampled && self.in_scope() > 0)?;
        Some((near, self.in_scope()))
    }
    /// Instances that count.
    pub fn in_scope(&self) -> usize {
        self.holds + self.fails + self.undecided
    }
    /// The run found what is recorded.
    pub fn as_recorded(&self) -> bool {
        self.outcome == self.expected
    }
}

/// A theorem of `formal/`, as `make prove` audited it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Theorem {
    /// Its name, and that of its statement in `formal/Statements.v`.
    pub theorem: String,
    /// File in `formal/`.
    pub file: String,
    /// Line in it, where it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Line of its statement in `formal/Statements.v`, where it is stated there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<u32>,
    /// Axioms of Coq's library that its proof rests on.
    pub assumptions: Vec<String>,
}

/// What Coq proves of a claim, for all instances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Formal {
    /// Theorems that prove it, as printed or as corrected.
    pub proved: Vec<Theorem>,
    /// Theorems that refute it as printed.
    pub disproved: Vec<Theorem>,
    /// Where the formal statement says more or less than the paper's sentence.
    pub differs: String,
}

/// One claim of the catalogue, after the run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClaimEvidence {
    /// The catalogue's id.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// Place in the paper.
    pub place: String,
    /// Ids of the claims its proof uses.
    pub uses: Vec<String>,
    /// Hypotheses in words.
    pub hypotheses: String,
    /// Forms: printed first, controls last.
    pub forms: Vec<FormEvidence>,
    /// The weakest grade along everything it uses that was part of the run, computed: `None` where something of that
    /// does not stand.
    pub grade: Option<Grade>,
    /// What it uses, itself or through others, that was no part of the run: the grade leaves it out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unchecked: Vec<String>,
    /// What Coq proves of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formal: Option<Formal>,
    /// For a statement that does not hold as printed: what kind of error, what depends on it, what survives.
    pub finding: Option<String>,
    /// Remarks for the reader (limits of what was checked, garbled symbols of the text).
    pub remarks: Vec<String>,
}

impl ClaimEvidence {
    /// Coq proves it, as printed or as corrected.
    pub fn is_proved(&self) -> bool {
        self.formal.as_ref().is_some_and(|f| !f.proved.is_empty())
    }
    /// A step of a proof, not a stated result.
    pub fn is_step(&self) -> bool {
        self.id.contains('/')
    }
    /// Every form, controls included, came out as recorded.
    pub fn as_recorded(&self) -> bool {
        !self.forms.is_empty() && self.forms.iter().all(FormEvidence::as_recorded)
    }
    /// The form that stands for the claim: the corrected one where there is one, else the printed one.
    pub fn standing(&self) -> Option<&FormEvidence> {
        let of = |role| self.forms.iter().find(move |f| f.role == role && !f.besides);
        of(Role::Corrected)
            .or_else(|| of(Role::Printed))
            .or_else(|| of(Role::Sharpened))
            .or_else(|| of(Role::Conjecture))
    }
}

/// What kind of error a step has that does not hold as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Fault {
    /// A slip of the pen: the next line is right.
    Misprint,
    /// A constant, factor or power is wrong, and what follows inherits it or has to be recomputed.
    Constant,
    /// True under a hypothesis that is not stated.
    Hypothesis,
    /// False, and not mended by a constant or a hypothesis that the proof has.
    False,
    /// Possibly a symbol lost when the text was extracted.
    Extraction,
    /// A slip of the pen that is repeated, or put right further on only.
    Slip,
    /// What is printed is true, or not decided by this; the argument given for it is not valid.
    Gap,
    /// Words or quantifiers that are true in one reading and not in another.
    Reading,
    /// The error of an earlier step, carried on.
    Inherited,
}

/// One row of the audit of the proofs: a display of the paper, or a statement in running text.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RowEvidence {
    /// Line of the text at which it begins.
    pub line: u32,
    /// Its LaTeX (words, for running text).
    pub tex: String,
    /// `step`, `text` (a step in running text), or why it is none: `claim` (the catalogue checks it), `definition`,
    /// `assumption`, `repeated`, `part`.
    pub kind: String,
    /// Steps or claims that check it.
    pub ids: Vec<String>,
    /// What it defines or assumes.
    pub note: String,
    /// The kind of error, where it does not hold as printed.
    pub fault: Option<Fault>,
}

/// The audit of one proof.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProofEvidence {
    /// Prefix of its steps' ids.
    pub id: String,
    /// What is proved.
    pub title: String,
    /// Place in the paper.
    pub section: String,
    /// Stated results that rest on it.
    pub proves: Vec<String>,
    /// Its displays in order.
    pub rows: Vec<RowEvidence>,
}

/// How much an error matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Weight {
    /// A stated result is false.
    A,
    /// A constant is wrong or an argument has a gap; the result survives.
    B,
    /// A hypothesis is not stated, or words are true in one reading and not in another.
    C,
    /// A misprint, possibly an artefact of the extraction of the text.
    D,
}

impl Fault {
    /// How much it matters, where it is an error of a step of a proof.
    pub fn weight(self) -> Weight {
        match self {
            Self::Constant | Self::False | Self::Gap | Self::Inherited => Weight::B,
            Self::Hypothesis | Self::Reading => Weight::C,
            Self::Misprint | Self::Extraction | Self::Slip => Weight::D,
        }
    }
}

/// What is wrong with a stated result, in words and LaTeX.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FlawEvidence {
    /// How much it matters.
    pub weight: Weight,
    /// The claim whose error it inherits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The verdict in a few words.
    pub words: String,
    /// What fails, with a counterexample that one can retype.
    pub fails: String,
    /// The corrected form.
    pub repaired: String,
}

/// A stated result for the reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResultEvidence {
    /// The claim that checks it.
    pub claim: String,
    /// Its name in the paper.
    pub name: String,
    /// Line of the text at which it stands.
    pub line: u32,
    /// The paper's sentence, in LaTeX.
    pub says: String,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaw: Option<FlawEvidence>,
    /// The reading in which it is meant here, where the words allow another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Why what stands is true, in a few lines.
    pub why: String,
}

/// The schema of a run: version 1 held everything in one file, and figures of one panel.
pub const EVIDENCE: &str = "flatcert.evidence/2";

/// A whole run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// [`EVIDENCE`].
    pub schema: String,
    /// Version of flatcert.
    pub version: String,
    /// `quick`, `standard` or `nightly`.
    pub profile: String,
    /// The seed of every generated instance.
    pub seed: u64,
    /// The claims, in the catalogue's order; the steps of the proofs behind them.
    pub claims: Vec<ClaimEvidence>,
    /// The stated results for the reader (a run of everything).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultEvidence>,
    /// The audit of the proofs, display by display (a run of everything).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<ProofEvidence>,
    /// The figures' numbers.
    pub figures: Vec<FigureData>,
}

impl Evidence {
    /// Every claim has its recorded outcome (an empty list of claims has not).
    pub fn as_recorded(&self) -> bool {
        !self.claims.is_empty() && self.claims.iter().all(ClaimEvidence::as_recorded)
    }
}
