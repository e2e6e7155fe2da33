//! The first page of the report and a page for each stated result: what a reader sees before anything else.
//!
//! The words of a result are those of [`ResultEvidence`]; every verdict, grade, count and link is computed from the
//! run.

use super::findings::{href, refuted_as_printed};
use super::form::{Figure, FormView, FormalView, form_view};
use super::text;
use super::typeset::typeset;
use crate::harness::evidence::{
    ClaimEvidence, Evidence, Fault, FlawEvidence, Formal, Outcome, ResultEvidence, Role, Weight,
};
use serde::Serialize;

/// Figures that carry the story, on the first page.
const STORY: [&str; 4] = ["theorem-2-head", "flow-alignment", "lemma-3-failures", "figure-1d"];

/// Everything that the pages need.
#[derive(Debug, Serialize)]
pub(super) struct Dossier {
    results: Vec<ResultView>,
    /// Every result stands in this run, as printed or as corrected.
    all_stand: bool,
    /// Results that are true although a constant or an argument of their proof is wrong as printed.
    in_spite: Vec<ResultView>,
    /// The claims that have a page.
    named: Vec<String>,
    false_as_printed: Vec<ResultView>,
    inherited: Vec<ResultView>,
    with_remark: Vec<ResultView>,
    /// Stated results that Coq proves, as printed or as corrected; those that it does not.
    proved: usize,
    disproved: usize,
    not_proved: Vec<ResultView>,
    observed: Vec<Observed>,
    figures: Vec<Figure>,
}

/// A sentence about single draws.
#[derive(Debug, Serialize)]
struct Observed {
    claim: String,
    anchor: String,
    statement: String,
    seen: String,
}

/// A stated result, ready to be laid out.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ResultView {
    /// The claim, which is also the name of its page.
    pub claim: String,
    name: String,
    title: String,
    line: u32,
    says: String,
    hypotheses: String,
    verdict: String,
    strength: String,
    grade: String,
    flaw: Option<FlawView>,
    why: String,
    formal: FormalView,
    checked: Vec<Checked>,
    controls: usize,
    controls_refuted: usize,
    counterexample: Option<Counterexample>,
    steps: Vec<StepLink>,
    steps_sound: usize,
    /// Steps of its own proof with a wrong constant or a gap.
    wrong_steps: usize,
    dependents: Vec<String>,
    remarks: Vec<String>,
    figures: Vec<Figure>,
}

#[derive(Clone, Debug, Serialize)]
struct FlawView {
    weight: &'static str,
    root: Option<String>,
    words: String,
    fails: String,
    repaired: String,
}

/// A form and what the run found of it.
#[derive(Clone, Debug, Serialize)]
struct Checked {
    role: &'static str,
    statement: String,
    outcome: String,
    grade: &'static str,
    power: String,
    tightness: String,
    classes: Vec<(String, usize)>,
}

#[derive(Clone, Debug, Serialize)]
struct Counterexample {
    description: String,
    values: String,
}

/// A step of its proof that does not hold as printed.
#[derive(Clone, Debug, Serialize)]
struct StepLink {
    id: String,
    /// Its place in the report.
    href: String,
    title: String,
    finding: String,
}

fn weight(w: Weight) -> &'static str {
    match w {
        Weight::A => "A: the stated result is false",
        Weight::B => "B: a wrong constant or a gap, the result survives",
        Weight::C => "C: a hypothesis that is not stated",
        Weight::D => "D: a misprint",
    }
}

fn find<'a>(evidence: &'a Evidence, id: &str) -> Option<&'a ClaimEvidence> {
    evidence.claims.iter().find(|c| c.id == id)
}

/// What the words of a result say against what the run found.
pub(super) fn problems(evidence: &Evidence) -> Vec<String> {
    let mut out = Vec::new();
    for r in &evidence.results {
        let Some(claim) = find(evidence, &r.claim) else {
            out.push(format!("{}: a stated result that is no claim of this run", r.claim));
            continue;
        };
        match (&r.flaw, refuted_as_printed(claim)) {
            (None, true) => out.push(format!("{}: refuted as printed, and its page finds no fault", r.claim)),
            (Some(_), false) => out.push(format!("{}: its page finds a fault that the run does not", r.claim)),
            _ => {}
        }
        if let Some(root) = r.flaw.as_ref().and_then(|f| f.root.as_ref())
            && !evidence.results.iter().any(|o| o.claim == *root && o.flaw.is_some())
        {
            out.push(format!("{}: inherits the error of {root}, which has none", r.claim));
        }
    }
    out
}

impl Dossier {
    /// From the evidence, and from nothing else.
    pub(super) fn new(evidence: &Evidence) -> Self {
        let results: Vec<ResultView> = evidence.results.iter().filter_map(|r| view(r, evidence)).collect();
        let with = |f: fn(&FlawEvidence) -> bool| {
            let kept = evidence.results.iter().filter(|r| r.flaw.as_ref().is_some_and(f));
            kept.filter_map(|r| view(r, evidence)).collect::<Vec<_>>()
        };
        let formal = |r: &&ResultView| !r.formal.proved.is_empty();
        Self {
            false_as_printed: with(|f| f.weight == Weight::A && f.root.is_none()),
            inherited: with(|f| f.weight == Weight::A && f.root.is_some()),
            with_remark: with(|f| f.weight != Weight::A),
            proved: results.iter().filter(formal).count(),
            disproved: results.iter().filter(|r| !r.formal.disproved.is_empty()).count(),
            all_stand: evidence.results.iter().all(|r| find(evidence, &r.claim).is_some_and(stands)),
            in_spite: results.iter().filter(|r| r.flaw.is_none() && r.wrong_steps > 0).cloned().collect(),
            not_proved: results.iter().filter(|r| r.formal.proved.is_empty()).cloned().collect(),
            named: results.iter().map(|r| r.claim.clone()).collect(),
            results,
            observed: observed(evidence),
            figures: STORY
                .iter()
                .filter_map(|id| evidence.figures.iter().find(|f| f.id == *id))
                .map(Figure::of)
                .collect(),
        }
    }

    /// The results.
    pub(super) fn results(&self) -> &[ResultView] {
        &self.results
    }
}

fn observed(evidence: &Evidence) -> Vec<Observed> {
    let forms = evidence.claims.iter().flat_map(|c| c.forms.iter().map(move |f| (c, f)));
    forms
        .filter(|(_, f)| f.outcome == Outcome::Observed)
        .map(|(c, f)| Observed {
            claim: c.id.clone(),
            anchor: text::anchor(&c.id),
            statement: text::prose(&f.statement),
            seen: text::seen(f).unwrap_or_default(),
        })
        .collect()
}

/// The form that stands for the claim was verified.
fn stands(claim: &ClaimEvidence) -> bool {
    claim.standing().is_some_and(|f| f.outcome == Outcome::Verified)
}

/// The verdict in words, from the flaw, from Coq and from the run.
fn verdict(r: &ResultEvidence, claim: &ClaimEvidence) -> String {
    match (&r.flaw, stands(claim)) {
        (Some(f), true) => f.words.clone(),
        (Some(f), false) => format!("{}; the corrected form did not stand in this run", f.words),
        (None, true) if claim.is_proved() => "true".into(),
        (None, true) => "holds wherever it was tried".into(),
        (None, false) => "not decided by this run".into(),
    }
}

/// How strongly what stands is supported, in words.
fn strength(claim: &ClaimEvidence, formal: Option<&Formal>) -> String {
    let corrected = claim.forms.iter().any(|f| f.role == Role::Corrected);
    let what = if corrected { "the corrected form proved in Coq" } else { "proved in Coq" };
    match formal {
        Some(f) if !f.proved.is_empty() && !f.disproved.is_empty() => {
            format!("{what}, and the printed one disproved")
        }
        Some(f) if !f.proved.is_empty() => what.into(),
        _ => format!("{} (not proved in Coq)", text::claim_grade(claim)),
    }
}

/// Steps with a wrong constant or a gap in the proofs of this result. Those of a proof that also serves a result which
/// is false are told of that one: with w = 1, as in Theorem 1, the head that Theorem 2 lost is no loss.
fn wrong_steps(claim: &str, evidence: &Evidence) -> usize {
    let is_false = |c: &String| {
        let flaw = evidence.results.iter().find(|r| r.claim == *c).and_then(|r| r.flaw.as_ref());
        flaw.is_some_and(|f| f.weight == Weight::A)
    };
    let own = evidence.proofs.iter().filter(|p| p.proves.iter().any(|c| c == claim) && !p.proves.iter().any(is_false));
    let wrong = |f: &Fault| *f != Fault::Inherited && f.weight() == Weight::B;
    own.flat_map(|p| &p.rows).filter(|r| r.fault.as_ref().is_some_and(wrong)).count()
}

fn checked(f: &crate::harness::evidence::FormEvidence) -> Checked {
    let FormView { outcome, role, grade, .. } = form_view(f);
    let power = match (f.near, f.boxes) {
        (Some(near), _) if f.in_scope() > 0 => {
            format!("{} instances, {near} of them within a tenth of equality", f.in_scope())
        }
        (_, Some(n)) => format!("the whole domain, in {n} boxes"),
        _ => format!("{} instances", f.in_scope()),
    };
    let tightness = f.tightness.as_ref().map(text::factors);
    Checked {
        role,
        statement: typeset(&f.statement).replace('|', r"\|"),
        outcome,
        grade,
        power,
        tightness: tightness.map_or_else(String::new, |(a, b)| format!("survives a factor {a}, not {b}")),
        classes: f.coverage.iter().map(|c| (typeset(&c.class), c.count)).collect(),
    }
}

fn view(r: &ResultEvidence, evidence: &Evidence) -> Option<ResultView> {
    let claim = find(evidence, &r.claim)?;
    let formal = claim.formal.as_ref();
    let controls: Vec<_> = claim.forms.iter().filter(|f| f.role == Role::Control).collect();
    let stated: Vec<_> = claim.forms.iter().filter(|f| f.role != Role::Control).collect();
    let steps: Vec<&ClaimEvidence> =
        claim.uses.iter().filter(|u| u.contains('/')).filter_map(|u| find(evidence, u)).collect();
    let wrong = |s: &&&ClaimEvidence| refuted_as_printed(s) || s.finding.is_some();
    let step = |s: &&ClaimEvidence| StepLink {
        id: s.id.clone(),
        href: href(s),
        title: text::prose(&s.title),
        finding: text::prose(s.finding.as_deref().unwrap_or("")),
    };
    let dependents = evidence.claims.iter().filter(|c| !c.is_step() && c.uses.contains(&claim.id));
    let counterexample = stated.iter().filter(|f| f.role == Role::Printed).find_map(|f| f.counterexample.as_ref());
    let own = |f: &&crate::harness::evidence::FigureData| f.id.starts_with(&claim.id) || story_of(&claim.id, &f.id);
    Some(ResultView {
        claim: claim.id.clone(),
        name: r.name.clone(),
        title: text::prose(&claim.title),
        line: r.line,
        says: r.says.clone(),
        hypotheses: typeset(&claim.hypotheses),
        verdict: verdict(r, claim),
        strength: strength(claim, formal),
        grade: text::claim_grade(claim),
        flaw: r.flaw.as_ref().map(|f| FlawView {
            weight: weight(f.weight),
            root: f.root.clone(),
            words: f.words.clone(),
            fails: f.fails.clone(),
            repaired: f.repaired.clone(),
        }),
        why: r.why.clone(),
        formal: formal.map(FormalView::of).unwrap_or_default(),
        checked: stated.iter().map(|f| checked(f)).collect(),
        controls: controls.len(),
        controls_refuted: controls.iter().filter(|f| f.outcome == Outcome::Refuted).count(),
        counterexample: counterexample
            .map(|c| Counterexample { description: text::prose(&c.description), values: text::values(&c.values) }),
        steps_sound: steps.iter().filter(|s| !wrong(s)).count(),
        steps: steps.iter().filter(wrong).map(step).collect(),
        wrong_steps: wrong_steps(&claim.id, evidence),
        dependents: dependents.map(|c| c.id.clone()).collect(),
        remarks: claim.remarks.iter().map(|r| text::prose(r)).collect(),
        figures: evidence.figures.iter().filter(own).map(Figure::of).collect(),
    })
}

/// Figures that belong to a result and do not carry its name.
fn story_of(claim: &str, figure: &str) -> bool {
    let of = |prefixes: &[&str]| prefixes.iter().any(|p| figure.starts_with(p));
    match claim {
        "theorem-2-depth" => of(&["theorem-2"]),
        "lemma-2-rank-one" => of(&["tube-lemma-2"]),
        "lemma-2-alignment" => of(&["flow-alignment"]),
        "corollary-1" | "corollary-2" => of(&["flow-course", "tube-course"]),
        "corollary-3" => of(&["flow-course"]),
        "theorem-4" => of(&["residual-draws", "residual-beyond"]),
        "corollary-4-upper" => of(&["residual-draws"]),
        "lemma-3-norm" => of(&["lemma-3-map", "lemma-3-union"]),
        "lemma-3-sigma-min" => of(&["lemma-3-map", "lemma-3-failures", "e-values"]),
        _ => false,
    }
}
