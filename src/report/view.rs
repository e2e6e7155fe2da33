//! What the templates are given: counts, states and links computed from the evidence. Nothing here is typed in.
//!
//! A view is what serde hands to a template: fields are words, numbers as text, lists, and flags on which a template
//! branches. The templates are strict (an unknown name is an error), and reach every field by its name: a field that
//! is renamed here is renamed there. The claims of the view are the stated ones; the steps of proofs, whose ids
//! contain a slash, are in [`Audit`].

use super::dossier::{self, Dossier};
use super::proofs::{self, Audit};
use super::statistics::Statistics;
use super::text;
use crate::arithmetic::{Enclosure, decimal};
use crate::harness::evidence::{ClaimEvidence, Evidence, FormEvidence, Outcome, Role, Verdict};
use crate::harness::steps::inequality::TIED;
use crate::report::findings::{Finding, Link, finding, is_finding, printed, worst};
use crate::report::form::{Figure, FormView, FormalView, form_view};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The whole report, ready to be laid out.
#[derive(Debug, Serialize)]
pub struct View {
    /// Of flatcert, as the evidence has it.
    version: String,
    /// `quick`, `standard` or `nightly`.
    profile: String,
    /// Of the run: with it and the profile every row can be run again.
    seed: u64,
    /// Stated claims all of whose forms came out as recorded, controls included.
    recorded: usize,
    /// What is wrong with the run itself: [`problems`]. If there is any, the first page begins with it.
    pub(super) problems: Vec<String>,
    /// The first page and the pages of the stated results.
    pub(super) dossier: Dossier,
    /// One line for each form that did not come out as recorded: [`unexpected`].
    unexpected: Vec<String>,
    /// Sums over the stated claims.
    totals: Totals,
    /// In the catalogue's order.
    claims: Vec<ClaimView>,
    /// Those of the stated claims that do not hold as printed, or of which something is to be said.
    findings: Vec<Finding>,
    /// All of the run, in its order.
    figures: Vec<Figure>,
    /// What was counted, steps included.
    statistics: Statistics,
    /// The proofs, display by display.
    audit: Audit,
    /// Classes that must not be missed, of the form that stands.
    coverage: Vec<CoverageRow>,
}

/// The lines of the summary. Instances, controls and outcomes are those of the stated claims; ties are counted in the
/// steps as well.
#[derive(Debug, Serialize)]
struct Totals {
    /// Outcomes of the printed forms with their counts, as `3 refuted, 12 verified`: of each claim the worst, by
    /// `worst` in `findings`.
    printed: String,
    /// The same of the corrected forms.
    corrected: String,
    /// The same of sharpened forms and conjectures; a claim that has both counts twice.
    beyond: String,
    /// Forms that must be refuted.
    controls: usize,
    /// Those of them that were.
    controls_refuted: usize,
    /// Claims that Coq proves, and those that it refutes as printed.
    proved: usize,
    /// Of which some theorem says that the printed form is false.
    disproved: usize,
    /// Claims by grade, the strongest first; those without a grade last.
    grades: String,
    /// Instances decided at a tie by an exact argument, of the statements and of the steps.
    ties: usize,
    /// Instances of all forms but controls that hold, fail or are undecided.
    in_scope: usize,
    /// Instances of the same forms that violate a hypothesis.
    out_of_scope: usize,
    /// Those in scope that no precision decided.
    undecided: usize,
    /// Of the verified forms that stand for their claims, the one whose margin has the smallest lower end; `None` if
    /// none has a margin.
    closest: Option<Closest>,
}

/// The instance with the least slack of the whole run.
#[derive(Debug, Serialize)]
struct Closest {
    /// Of the claim.
    id: String,
    /// Of its section in `claims.md`.
    anchor: String,
    /// The form that stands.
    form: String,
    /// The enclosure of the normalised margin, with both ends.
    margin: String,
    /// The instance; empty where the run did not say.
    at: String,
}

/// A row of the table of claims, and a section of `claims.md`. Counts, margin, power and tightness are those of the
/// standing form, 0 or a dash where the claim has controls only.
#[derive(Debug, Serialize)]
struct ClaimView {
    /// In the catalogue.
    id: String,
    /// Of its section.
    anchor: String,
    /// In words, formulas in ASCII; so are place and hypotheses, which the templates typeset.
    title: String,
    /// In the paper.
    place: String,
    /// Empty where there are none to state.
    hypotheses: String,
    /// The stated claims that its proof uses.
    uses: Vec<Link>,
    /// Steps of its proof that it rests on.
    steps: usize,
    /// The worst outcome of its printed forms, or the share of draws in which its sentence is seen; a dash without a
    /// printed form.
    printed: String,
    /// Role and outcome of the form that stands, a dash where that is the printed one.
    standing: String,
    /// With what the run left out of it, in words.
    grade: String,
    /// What Coq proves of it.
    formal: Option<FormalView>,
    /// Of the standing form: holds, fails and undecided together.
    in_scope: usize,
    /// Instances outside the hypotheses.
    out_of_scope: usize,
    /// Instances that no precision decided.
    undecided: usize,
    /// The end that matters, over the worst instance.
    margin: String,
    /// How many instances are within a tenth of equality, or why that is no question.
    power: String,
    /// `a / b`: the factor that survives, and the one above which it is refuted.
    tightness: String,
    /// `refuted/all`.
    controls: String,
    /// All its forms came out as recorded.
    recorded: bool,
    /// There is a section about it in the findings.
    finding: bool,
    /// Controls included, in the order of the evidence.
    forms: Vec<FormView>,
    /// For the reader.
    remarks: Vec<String>,
}

/// A class of instances of a form that stands.
#[derive(Debug, Serialize)]
struct CoverageRow {
    /// Of the claim; steps have rows too.
    id: String,
    /// Of its section, where it has one.
    anchor: String,
    /// The form that stands.
    form: String,
    /// In words, such as `depth >= 8`.
    class: String,
    /// Instances in scope that belong to it.
    count: usize,
    /// All instances in scope.
    in_scope: usize,
    /// The least number that counts as covered.
    required: usize,
    /// Fewer than required: the form is then not verified, whatever its instances say.
    missed: bool,
}

/// What is wrong with the run itself, whatever its verdicts: a check that ran nothing, a refutation without its
/// counterexample. Any of these is a failure of the harness.
///
/// Tested is consistency and not truth. A claim has a unique id, a form that states something and a control. A form
/// checked something (an instance in scope or a box of a subdivision); a refutation has its counterexample; the
/// outcome agrees with the counts: verified means no failure, none undecided and no class missed, vacuous means
/// nothing in scope, observed means no failure, none undecided, and trials that were counted. To these come the
/// problems of the audit and of the stated results. The list is empty for a sound run; the program's exit code
/// depends on that.
pub fn problems(evidence: &Evidence) -> Vec<String> {
    let mut out = Vec::new();
    if evidence.claims.is_empty() {
        out.push("no claim was run".to_string());
    }
    let mut seen = BTreeSet::new();
    for claim in &evidence.claims {
        let id = &claim.id;
        if !seen.insert(id) {
            out.push(format!("{id}: two claims have this id"));
        }
        if claim.forms.is_empty() {
            out.push(format!("{id}: no form was checked"));
        } else if claim.standing().is_none() {
            out.push(format!("{id}: controls only, no statement"));
        }
        if !claim.forms.is_empty() && !claim.forms.iter().any(|f| f.role == Role::Control) {
            out.push(format!("{id}: no control: a check that cannot fail proves nothing"));
        }
        for form in &claim.forms {
            let name = format!("{id}/{}", form.name);
            if form.in_scope() == 0 && form.boxes.unwrap_or(0) == 0 {
                out.push(format!("{name}: no instance in scope: nothing was checked"));
            }
            if form.outcome == Outcome::Refuted && form.counterexample.is_none() {
                out.push(format!("{name}: refuted without a counterexample"));
            }
            let consistent = match form.outcome {
                Outcome::Verified => form.fails == 0 && form.undecided == 0 && missed(form).is_empty(),
                Outcome::Vacuous => form.in_scope() == 0,
                Outcome::Observed => form.fails == 0 && form.undecided == 0 && !form.sampled.is_empty(),
                Outcome::Refuted | Outcome::Undecided => true,
            };
            if !consistent {
                out.push(format!("{name}: called {} against its own counts", text::outcome(form.outcome)));
            }
        }
    }
    out.extend(proofs::problems(evidence));
    out.extend(dossier::problems(evidence));
    out
}

/// Classes with fewer instances than required.
fn missed(form: &FormEvidence) -> Vec<&str> {
    form.coverage.iter().filter(|c| c.count < c.required).map(|c| c.class.as_str()).collect()
}

/// The claims whose outcome is not the recorded one, in words, one line for each form.
///
/// Steps and controls are included: a control that survives is as unexpected as a theorem that fails. The words in
/// brackets are the missed classes if there are any, else the reasons that the form recorded.
pub fn unexpected(evidence: &Evidence) -> Vec<String> {
    let forms = evidence.claims.iter().flat_map(|c| c.forms.iter().map(move |f| (c, f)));
    forms
        .filter(|(_, f)| !f.as_recorded())
        .map(|(c, f)| {
            let (found, expected) = (text::outcome(f.outcome), text::outcome(f.expected));
            let missed = missed(f);
            let why = match (missed.is_empty(), f.reasons.is_empty()) {
                (false, _) => format!(" (required coverage missed: {})", missed.join(", ")),
                (true, false) => format!(" ({})", f.reasons.join("; ")),
                (true, true) => String::new(),
            };
            format!("{}/{}: recorded as {expected}, found {found}{why}", c.id, f.name)
        })
        .collect()
}

impl View {
    /// From the evidence, and from nothing else.
    pub fn new(evidence: &Evidence) -> Self {
        let stated = || evidence.claims.iter().filter(|c| !c.is_step());
        let findings = stated().filter(|c| is_finding(c)).map(|c| finding(c, evidence));
        Self {
            version: evidence.version.clone(),
            profile: evidence.profile.clone(),
            seed: evidence.seed,
            recorded: stated().filter(|c| c.as_recorded()).count(),
            problems: problems(evidence),
            dossier: Dossier::new(evidence),
            unexpected: unexpected(evidence),
            totals: totals(evidence),
            claims: stated().map(|c| claim_view(c, evidence)).collect(),
            findings: findings.collect(),
            figures: evidence.figures.iter().map(Figure::of).collect(),
            statistics: super::statistics::view(evidence),
            audit: Audit::new(evidence),
            coverage: coverage(evidence),
        }
    }
}

/// Counts of equal keys in the order of the keys, as `n name, n name`; `none` for no keys.
fn tally<K: Ord>(keys: impl Iterator<Item = K>, name: impl Fn(&K) -> String) -> String {
    let mut counts = BTreeMap::new();
    for k in keys {
        *counts.entry(k).or_insert(0usize) += 1;
    }
    let parts: Vec<String> = counts.iter().map(|(k, n)| format!("{n} {}", name(k))).collect();
    if parts.is_empty() { "none".into() } else { parts.join(", ") }
}

/// One pass for each line of the summary.
fn totals(evidence: &Evidence) -> Totals {
    // The steps of the proofs have totals of their own.
    let claims: Vec<&ClaimEvidence> = evidence.claims.iter().filter(|c| !c.is_step()).collect();
    let by_role = |roles: &'static [Role]| {
        let outcomes = claims.iter().flat_map(|c| roles.iter().filter_map(|r| worst(c, *r)));
        tally(outcomes.map(text::outcome), |name| name.to_string())
    };
    let controls = || claims.iter().flat_map(|c| &c.forms).filter(|f| f.role == Role::Control);
    let statements = || claims.iter().flat_map(|c| &c.forms).filter(|f| f.role != Role::Control);
    let standing = claims.iter().filter_map(|c| Some((c, c.standing()?)));
    let closest = standing
        .filter(|(_, f)| f.outcome == Outcome::Verified)
        .filter_map(|(c, f)| Some((c, f, f.smallest_margin?)))
        .min_by(|a, b| a.2.lo().total_cmp(&b.2.lo()));
    Totals {
        printed: by_role(&[Role::Printed]),
        corrected: by_role(&[Role::Corrected]),
        beyond: by_role(&[Role::Sharpened, Role::Conjecture]),
        controls: controls().count(),
        controls_refuted: controls().filter(|f| f.outcome == Outcome::Refuted).count(),
        proved: claims.iter().filter(|c| c.is_proved()).count(),
        disproved: claims.iter().filter(|c| c.formal.as_ref().is_some_and(|f| !f.disproved.is_empty())).count(),
        grades: tally(claims.iter().map(|c| c.grade.map_or((1, None), |g| (0, Some(g)))), |(_, g)| {
            g.map_or("without a grade".into(), |g| text::grade(g).into())
        }),
        ties: evidence.claims.iter().flat_map(|c| &c.forms).filter_map(|f| f.arithmetic.get(TIED)).sum(),
        in_scope: statements().map(FormEvidence::in_scope).sum(),
        out_of_scope: statements().map(|f| f.out_of_scope).sum(),
        undecided: statements().map(|f| f.undecided).sum(),
        closest: closest.map(|(c, f, m)| Closest {
            id: c.id.clone(),
            anchor: text::anchor(&c.id),
            form: f.name.clone(),
            margin: decimal::enclosure(&m),
            at: f.smallest_at.clone().unwrap_or_default(),
        }),
    }
}

/// `uses` is split by the slash: stated claims are linked one by one, steps are counted and linked as a whole.
fn claim_view(claim: &ClaimEvidence, evidence: &Evidence) -> ClaimView {
    let standing = claim.standing();
    let controls: Vec<_> = claim.forms.iter().filter(|f| f.role == Role::Control).collect();
    let refuted = controls.iter().filter(|f| f.outcome == Outcome::Refuted).count();
    ClaimView {
        id: claim.id.clone(),
        anchor: text::anchor(&claim.id),
        title: claim.title.clone(),
        place: claim.place.clone(),
        hypotheses: claim.hypotheses.clone(),
        uses: claim.uses.iter().filter(|id| !id.contains('/')).map(|id| Link::to(id, evidence)).collect(),
        steps: claim.uses.iter().filter(|id| id.contains('/')).count(),
        printed: printed(claim),
        standing: match standing {
            Some(f) if f.role != Role::Printed => format!("{}: {}", text::role(f.role), text::outcome(f.outcome)),
            _ => "–".into(),
        },
        grade: text::claim_grade(claim),
        formal: claim.formal.as_ref().map(FormalView::of),
        in_scope: standing.map_or(0, FormEvidence::in_scope),
        out_of_scope: standing.map_or(0, |f| f.out_of_scope),
        undecided: standing.map_or(0, |f| f.undecided),
        margin: standing.map_or("–".into(), text::form_margin),
        power: standing.map_or("–".into(), text::power),
        tightness: standing
            .and_then(|f| f.tightness.as_ref())
            .map_or("–".into(), |t| format!("{} / {}", text::factor(t.holds_up_to), text::factor(t.refuted_from))),
        controls: format!("{refuted}/{}", controls.len()),
        recorded: claim.as_recorded(),
        finding: is_finding(claim),
        forms: claim.forms.iter().map(form_view).collect(),
        remarks: claim.remarks.clone(),
    }
}

/// Of every claim with a form that stands, steps included, in the order of the evidence.
fn coverage(evidence: &Evidence) -> Vec<CoverageRow> {
    let standing = evidence.claims.iter().filter_map(|c| Some((c, c.standing()?)));
    standing
        .flat_map(|(c, f)| {
            f.coverage.iter().map(move |k| CoverageRow {
                id: c.id.clone(),
                anchor: text::anchor(&c.id),
                form: f.name.clone(),
                class: k.class.clone(),
                count: k.count,
                in_scope: f.in_scope(),
                required: k.required,
                missed: k.count < k.required,
            })
        })
        .collect()
}

/// One instance as a line of `flatcert check`.
///
/// Columns are padded for a terminal: the id to 34 letters, the verdict to 9. An instance out of scope has no margin
/// and no arithmetic.
pub fn instance_line(i: &crate::harness::evidence::InstanceEvidence) -> String {
    let margin = i.margin.as_ref().map_or("margin –".into(), |m| format!("margin {}", decimal::enclosure(m)));
    let reason = i.reason.as_ref().map_or(String::new(), |r| format!(": {r}"));
    let verdict = text::verdict(i.verdict);
    match i.verdict {
        Verdict::OutOfScope => format!("{:<34} {verdict}{reason}  ({})", i.id, i.description),
        _ => format!("{:<34} {verdict:<9} {margin}  by {}{reason}  ({})", i.id, i.arithmetic, i.description),
    }
}
