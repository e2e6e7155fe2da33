//! The first page of the report and a page for each stated result: what a reader sees before anything else.
//!
//! The words of a result are those of [`ResultEvidence`]; every verdict, grade, count and link is computed from the
//! run.
//!
//! | page | what it is given |
//! | --- | --- |
//! | `README.md` | the whole [`View`](super::view::View), of which the dossier is a part |
//! | `results/ID.md` | one `ResultView` |
//! | `findings.md`, `map.md`, `experiments.md` | the view again |
//!
//! A result's verdict has three sources that must agree: the flaw that its author wrote down, the run, which refuted
//! the printed form or did not, and Coq, which proves one form or another. Where flaw and run disagree the run has a
//! problem (`problems`), and the first page says so before its verdict.
//!
//! A run of a part has no stated results, and hence none of these pages but the first, which then lists the claims
//! that were run.

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
///
/// By their ids, in this order; one that the run does not have is left out.
const STORY: [&str; 4] = ["theorem-2-head", "flow-alignment", "lemma-3-failures", "figure-1d"];

/// Everything that the pages need.
#[derive(Debug, Serialize)]
pub(super) struct Dossier {
    /// In the order in which they are stated.
    results: Vec<ResultView>,
    /// Every result stands in this run, as printed or as corrected.
    ///
    /// Results whose claim the run lacks count as not standing.
    all_stand: bool,
    /// Results that are true although a constant or an argument of their proof is wrong as printed.
    in_spite: Vec<ResultView>,
    /// The claims that have a page.
    named: Vec<String>,
    /// What each of them is called.
    names: BTreeMap<String, String>,
    /// Of weight A, with an error of their own.
    false_as_printed: Vec<ResultView>,
    /// Of weight A by the error of another result.
    inherited: Vec<ResultView>,
    /// With a flaw of a lesser weight: a hypothesis or a symbol is missing.
    with_remark: Vec<ResultView>,
    /// Results whose words allow another reading than the one that is true.
    in_one_reading: Vec<ResultView>,
    /// Stated results that Coq proves, as printed or as corrected.
    proved: usize,
    /// Those of `proved` that have no flaw.
    unchanged: usize,
    /// Those of `proved` that have a flaw: what is proved is a corrected form.
    corrected: usize,
    /// No theorem of Coq proves them in any form.
    not_proved: Vec<ResultView>,
    /// The paper's sentences about its experiments.
    observed: Vec<Observed>,
    /// Those of [`STORY`].
    figures: Vec<Figure>,
    /// The claim that shows how a row is run again: one that is false as printed, where there is one.
    example: String,
}

/// A sentence about single draws.
#[derive(Debug, Serialize)]
struct Observed {
    /// Its id.
    claim: String,
    /// Of its section in `claims.md`.
    anchor: String,
    /// The sentence, and what was looked for.
    statement: String,
    /// The share of draws, setting by setting.
    seen: String,
}

/// A stated result, ready to be laid out.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ResultView {
    /// The claim, which is also the name of its page.
    pub claim: String,
    /// In the paper.
    name: String,
    /// In words, its formulas typeset; `says`, `why`, and what fails and is repaired of the flaw are LaTeX as they
    /// were written.
    title: String,
    /// Of the text at which it stands.
    line: u32,
    /// The paper's sentence.
    says: String,
    /// Of the claim.
    hypotheses: String,
    /// A few words: true, false as printed, not decided.
    verdict: String,
    /// Proved in Coq, in which form; else the grade.
    strength: String,
    /// With what the run left out of it.
    grade: String,
    /// What is wrong with it; `None` where nothing is.
    flaw: Option<FlawView>,
    /// The reading in which it is meant, where the words allow another.
    reading: Option<String>,
    /// Why what stands is true.
    why: String,
    /// Its theorems; both lists are empty where Coq has none.
    formal: FormalView,
    /// Its forms but the controls.
    checked: Vec<Checked>,
    /// Claims of their own about the same result, each by the form it stands on.
    besides: Vec<Besides>,
    /// Nearby false statements that were tried.
    controls: usize,
    /// `flatcert probe` can strengthen it.
    probed: bool,
    /// Those of them that were refuted.
    controls_refuted: usize,
    /// To the first printed form that has one.
    counterexample: Option<Counterexample>,
    /// Every step of its proof, in the order of the text.
    steps: Vec<StepLink>,
    /// Those that hold as printed and need no remark.
    steps_sound: usize,
    /// Steps of its own proof with a wrong constant or a gap.
    wrong_steps: usize,
    /// As the arrows of the graph, before those that others imply are left out.
    rests_on: Vec<Named>,
    /// The same arrows from their other end.
    dependents: Vec<Named>,
    /// Of the claim: limits of what was checked, garbled symbols.
    remarks: Vec<String>,
    /// Whose id begins with the claim's, and those of `story_of`.
    figures: Vec<Figure>,
}

/// What is wrong with a stated result.
#[derive(Clone, Debug, Serialize)]
struct FlawView {
    /// A letter and what it means; the template compares the letter.
    weight: &'static str,
    /// The claim whose error it inherits.
    root: Option<String>,
    /// The name of that result, empty without one.
    root_name: String,
    /// The verdict in a few words.
    words: String,
    /// What fails, with a counterexample that one can retype.
    fails: String,
    /// The corrected form.
    repaired: String,
}

/// A form and what the run found of it.
#[derive(Clone, Debug, Serialize)]
struct Checked {
    /// `printed`, `corrected`, ...
    role: &'static str,
    /// In LaTeX, for a cell of a table.
    statement: String,
    /// In a word, or the share of draws.
    outcome: String,
    /// Of the form alone.
    grade: &'static str,
    /// How hard it was tried, in words.
    power: String,
    /// How much stronger it might be, or how much weaker it has to be; empty where no factor is known.
    tightness: String,
    /// Classes that must not be missed, with the instances in each.
    classes: Vec<(String, usize)>,
}

/// A claim about the same place of the paper that is no stated result.
#[derive(Clone, Debug, Serialize)]
struct Besides {
    /// In words.
    title: String,
    /// Of its section in `claims.md`.
    anchor: String,
    /// The form that stands for it.
    form: Checked,
}

/// For the page of a result.
#[derive(Clone, Debug, Serialize)]
struct Counterexample {
    /// In words and LaTeX.
    description: String,
    /// Exact; empty where they are one line, which says no more than the description.
    values: String,
    /// What evaluates it again.
    command: Option<String>,
}

/// Another stated result.
#[derive(Clone, Debug, Serialize)]
struct Named {
    /// Its id, and the name of its page.
    claim: String,
    /// In the paper.
    name: String,
}

/// A step of its proof.
#[derive(Clone, Debug, Serialize)]
struct StepLink {
    /// Of the text: that of its first display, else of its first sentence; a dash where it has none in this run.
    line: String,
    /// `proof/step`.
    id: String,
    /// Its place in the report.
    href: String,
    /// What it says, in words.
    title: String,
    /// In words: holds, or what kind of error it has.
    verdict: String,
    /// It holds as printed, and there is nothing to say.
    sound: bool,
    /// What is wrong with it, or what a reader should know.
    remark: String,
}

/// The words of the page; `findings.md` compares their first letter.
fn weight(w: Weight) -> &'static str {
    match w {
        Weight::A => "A: the stated result is false",
        Weight::B => "B: a wrong constant or a gap, the result survives",
        Weight::C => "C: a hypothesis that is not stated",
        Weight::D => "D: a misprint",
    }
}

/// A claim or a step of the run, by its id.
fn find<'a>(evidence: &'a Evidence, id: &str) -> Option<&'a ClaimEvidence> {
    evidence.claims.iter().find(|c| c.id == id)
}

/// What the words of a result say against what the run found.
///
/// For each stated result: it is a claim of the run; it has a flaw exactly if the run refuted a printed form; an
/// inherited error is inherited from a result that has a flaw.
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
    ///
    /// Results whose claim is not part of the run are left out (`problems` names them). `example` is the first result
    /// that Coq refutes as printed, else the first of all.
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

/// Of every claim, each form that was observed.
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
///
/// With a flaw the words are those of the flaw, and if the corrected form did not stand they say so; without one they
/// depend on whether it stood, on Coq and on the reading (`harness::paper::sound`).
fn verdict(r: &ResultEvidence, claim: &ClaimEvidence) -> String {
    match (&r.flaw, stands(claim)) {
        (Some(f), true) => running(&f.words),
        (Some(f), false) => format!("{}; the corrected form did not stand in this run", running(&f.words)),
        (None, true) => sound(claim.is_proved(), r.reading.is_some()).into(),
        (None, false) => "not decided by this run".into(),
    }
}

/// How strongly what stands is supported, in words.
///
/// Words for the second column of the first page's table: a claim that has a corrected form is proved in that.
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
///
/// Counted are rows of the audit, so that a step behind two displays counts twice; inherited errors are counted where
/// they were made.
fn wrong_steps(claim: &str, evidence: &Evidence) -> usize {
    let is_false = |c: &String| {
        let flaw = evidence.results.iter().find(|r| r.claim == *c).and_then(|r| r.flaw.as_ref());
        flaw.is_some_and(|f| f.weight == Weight::A)
    };
    let own = evidence.proofs.iter().filter(|p| p.proves.iter().any(|c| c == claim) && !p.proves.iter().any(is_false));
    let wrong = |f: &Fault| *f != Fault::Inherited && f.weight() == Weight::B;
    own.flat_map(|p| &p.rows).filter(|r| r.fault.as_ref().is_some_and(wrong)).count()
}

/// The words for power are longer than those of [`text::power`]: settings of a sampled form, instances and how many
/// of them are near equality, boxes of a domain proof, else instances.
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
///
/// The place of the paper is what stands before the first comma of the result's name, `Theorem 2` say; a claim whose
/// place begins with it belongs here unless a digit follows, so that `Lemma 1` does not take `Lemma 10`.
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
///
/// Steps are what the claim uses with a slash in its id. A step without a row in the audit, in a run of a part, comes
/// first.
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

/// `None` for a result whose claim is not part of the run.
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
