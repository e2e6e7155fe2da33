//! The first page of the report and a page for each stated result: what a reader sees before anything else.
//!
//! The words of a result are those of [`ResultEvidence`]; every verdict, grade, count and link is computed from the
//! run.

use super::findings::{href, refuted_as_printed};
use super::form::{Figure, FormView, FormalView, form_view};
use super::typeset::{running, typeset};
use super::{graph, text};
use crate::harness::evidence::{
    ClaimEvidence, Evidence, Fault, FlawEvidence, Formal, Grade, Outcome, ResultEvidence, Role, Weight,
};
use crate::harness::paper::sound;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    /// What each of them is called.
    names: BTreeMap<String, String>,
    false_as_printed: Vec<ResultView>,
    inherited: Vec<ResultView>,
    with_remark: Vec<ResultView>,
    /// Results whose words allow another reading than the one that is true.
    in_one_reading: Vec<ResultView>,
    /// Stated results that Coq proves, as printed or as corrected; those that it does not.
    proved: usize,
    /// Of these, those that are proved as printed, and those that are proved in a corrected form.
    unchanged: usize,
    corrected: usize,
    not_proved: Vec<ResultView>,
    observed: Vec<Observed>,
    figures: Vec<Figure>,
    /// The claim that shows how a row is run again: one that is false as printed, where there is one.
    example: String,
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
    reading: Option<String>,
    why: String,
    formal: FormalView,
    checked: Vec<Checked>,
    /// Claims of their own about the same result, each by the form it stands on.
    besides: Vec<Besides>,
    controls: usize,
    /// `flatcert probe` can strengthen it.
    probed: bool,
    controls_refuted: usize,
    counterexample: Option<Counterexample>,
    /// Every step of its proof, in the order of the text.
    steps: Vec<StepLink>,
    steps_sound: usize,
    /// Steps of its own proof with a wrong constant or a gap.
    wrong_steps: usize,
    rests_on: Vec<Named>,
    dependents: Vec<Named>,
    remarks: Vec<String>,
    figures: Vec<Figure>,
}

#[derive(Clone, Debug, Serialize)]
struct FlawView {
    weight: &'static str,
    root: Option<String>,
    root_name: String,
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
struct Besides {
    title: String,
    anchor: String,
    form: Checked,
}

#[derive(Clone, Debug, Serialize)]
struct Counterexample {
    description: String,
    values: String,
    /// What evaluates it again.
    command: Option<String>,
}

/// Another stated result.
#[derive(Clone, Debug, Serialize)]
struct Named {
    claim: String,
    name: String,
}

/// A step of its proof.
#[derive(Clone, Debug, Serialize)]
struct StepLink {
    line: String,
    id: String,
    /// Its place in the report.
    href: String,
    title: String,
    /// In words: holds, or what kind of error it has.
    verdict: String,
    /// It holds as printed, and there is nothing to say.
    sound: bool,
    /// What is wrong with it, or what a reader should know.
    remark: String,
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

/// What each result rests on.
type Arrows<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl Dossier {
    /// From the evidence, and from nothing else.
    pub(super) fn new(evidence: &Evidence) -> Self {
        let arrows = graph::dependencies(evidence);
        let view = |r: &ResultEvidence| view(r, evidence, &arrows);
        let results: Vec<ResultView> = evidence.results.iter().filter_map(view).collect();
        let with = |f: fn(&FlawEvidence) -> bool| {
            let kept = evidence.results.iter().filter(|r| r.flaw.as_ref().is_some_and(f));
            kept.filter_map(view).collect::<Vec<_>>()
        };
        let formal = |r: &&ResultView| !r.formal.proved.is_empty();
        Self {
            false_as_printed: with(|f| f.weight == Weight::A && f.root.is_none()),
            inherited: with(|f| f.weight == Weight::A && f.root.is_some()),
            with_remark: with(|f| f.weight != Weight::A),
            in_one_reading: results.iter().filter(|r| r.reading.is_some()).cloned().collect(),
            proved: results.iter().filter(formal).count(),
            unchanged: results.iter().filter(formal).filter(|r| r.flaw.is_none()).count(),
            corrected: results.iter().filter(formal).filter(|r| r.flaw.is_some()).count(),
            all_stand: evidence.results.iter().all(|r| find(evidence, &r.claim).is_some_and(stands)),
            in_spite: results.iter().filter(|r| r.flaw.is_none() && r.wrong_steps > 0).cloned().collect(),
            not_proved: results.iter().filter(|r| r.formal.proved.is_empty()).cloned().collect(),
            names: results.iter().map(|r| (r.claim.clone(), r.name.clone())).collect(),
            named: results.iter().map(|r| r.claim.clone()).collect(),
            example: results
                .iter()
                .find(|r| !r.formal.disproved.is_empty())
                .or(results.first())
                .map_or(String::new(), |r| r.claim.clone()),
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
            statement: running(&f.statement),
            seen: running(&text::seen(f).unwrap_or_default()),
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
        (Some(f), true) => running(&f.words),
        (Some(f), false) => format!("{}; the corrected form did not stand in this run", running(&f.words)),
        (None, true) => sound(claim.is_proved(), r.reading.is_some()).into(),
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
    let power = match (f.strained(), f.boxes) {
        _ if f.grade == Grade::Sampled => format!("{} settings, decided by counts", f.in_scope()),
        (Some((near, all)), _) => format!("{all} instances, {near} of them within a tenth of equality"),
        (_, Some(n)) => format!("the whole domain, in {n} boxes"),
        _ => format!("{} instances", f.in_scope()),
    };
    Checked {
        role,
        statement: typeset(&f.statement).replace('|', r"\|"),
        outcome,
        grade,
        power,
        tightness: text::room(f).unwrap_or_default(),
        classes: f.coverage.iter().map(|c| (typeset(&c.class), c.count)).collect(),
    }
}

/// The claims about the same place in the paper that are no stated results: a theorem tried inside its constants, say.
fn besides(r: &ResultEvidence, evidence: &Evidence) -> Vec<Besides> {
    let place = r.name.split(',').next().unwrap_or_default();
    let here = |c: &&ClaimEvidence| {
        let rest = c.place.strip_prefix(place);
        !c.is_step() && rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    let others = evidence.claims.iter().filter(here).filter(|c| evidence.results.iter().all(|o| o.claim != c.id));
    let view = |c: &ClaimEvidence| {
        Some(Besides { title: running(&c.title), anchor: text::anchor(&c.id), form: checked(c.standing()?) })
    };
    others.filter_map(view).collect()
}

/// The steps of its proof, line by line.
fn steps(claim: &ClaimEvidence, evidence: &Evidence) -> Vec<StepLink> {
    let rows = || evidence.proofs.iter().flat_map(|p| &p.rows);
    let step = |s: &ClaimEvidence| {
        let mut here: Vec<_> = rows().filter(|r| r.ids.contains(&s.id)).collect();
        here.sort_by_key(|r| r.line);
        let fault = here.iter().find_map(|r| r.fault);
        let verdict = match (fault, refuted_as_printed(s)) {
            (Some(f), _) => super::proofs::fault(f),
            (None, true) => "does not hold as printed",
            (None, false) => "holds",
        };
        let display = here.iter().find(|r| r.kind != "text");
        let line = display.or(here.first()).map_or(0, |r| r.line);
        let remarks = s.finding.iter().chain(&s.remarks).map(|r| running(r));
        let link = StepLink {
            line: if line == 0 { "–".into() } else { line.to_string() },
            id: s.id.clone(),
            href: href(s),
            title: running(&s.title),
            verdict: verdict.into(),
            sound: s.finding.is_none() && !refuted_as_printed(s),
            remark: remarks.collect::<Vec<_>>().join(" "),
        };
        (line, link)
    };
    let mut steps: Vec<_> =
        claim.uses.iter().filter(|u| u.contains('/')).filter_map(|u| find(evidence, u)).map(step).collect();
    steps.sort_by_key(|(line, _)| *line);
    steps.into_iter().map(|(_, link)| link).collect()
}

fn view(r: &ResultEvidence, evidence: &Evidence, arrows: &Arrows) -> Option<ResultView> {
    let claim = find(evidence, &r.claim)?;
    let formal = claim.formal.as_ref();
    let controls: Vec<_> = claim.forms.iter().filter(|f| f.role == Role::Control).collect();
    let stated: Vec<_> = claim.forms.iter().filter(|f| f.role != Role::Control).collect();
    let steps = steps(claim, evidence);
    let named = |keep: &dyn Fn(&str) -> bool| {
        let kept = evidence.results.iter().filter(|o| arrows.contains_key(o.claim.as_str()) && keep(&o.claim));
        kept.map(|o| Named { claim: o.claim.clone(), name: o.name.clone() }).collect()
    };
    let counterexample = stated.iter().filter(|f| f.role == Role::Printed).find_map(|f| f.counterexample.as_ref());
    let own = |f: &&crate::harness::evidence::FigureData| f.id.starts_with(&claim.id) || story_of(&claim.id, &f.id);
    Some(ResultView {
        claim: claim.id.clone(),
        name: r.name.clone(),
        title: running(&claim.title),
        line: r.line,
        says: r.says.clone(),
        hypotheses: running(&claim.hypotheses),
        verdict: verdict(r, claim),
        strength: strength(claim, formal),
        grade: text::claim_grade(claim),
        flaw: r.flaw.as_ref().map(|f| FlawView {
            weight: weight(f.weight),
            root: f.root.clone(),
            root_name: evidence
                .results
                .iter()
                .find(|o| f.root.as_ref() == Some(&o.claim))
                .map_or(String::new(), |o| o.name.clone()),
            words: running(&f.words),
            fails: f.fails.clone(),
            repaired: f.repaired.clone(),
        }),
        reading: r.reading.clone(),
        why: r.why.clone(),
        formal: formal.map(FormalView::of).unwrap_or_default(),
        checked: stated.iter().map(|f| checked(f)).collect(),
        besides: besides(r, evidence),
        controls: controls.len(),
        probed: stated.iter().any(|f| f.probed),
        controls_refuted: controls.iter().filter(|f| f.outcome == Outcome::Refuted).count(),
        counterexample: counterexample.map(|c| Counterexample {
            description: running(&c.description),
            // A line of its own says no more than the words.
            values: Some(text::values(&c.values)).filter(|v| v.lines().count() > 1).unwrap_or_default(),
            command: super::form::again(c),
        }),
        steps_sound: steps.iter().filter(|s| s.sound).count(),
        steps,
        wrong_steps: wrong_steps(&claim.id, evidence),
        rests_on: named(&|c| arrows[claim.id.as_str()].contains(c)),
        dependents: named(&|c| arrows[c].contains(claim.id.as_str())),
        remarks: claim.remarks.iter().map(|r| running(r)).collect(),
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
        "theorem-4" => of(&["residual-draws", "residual-beyond", "lemma-3-best"]),
        "corollary-4-upper" => of(&["residual-draws"]),
        "lemma-3-norm" => of(&["lemma-3-map", "lemma-3-union"]),
        "lemma-3-sigma-min" => of(&["lemma-3-map", "lemma-3-failures", "e-values"]),
        _ => false,
    }
}
