//! What the report says of statements that do not hold as printed.
//!
//! A finding is a claim that does not hold as printed, or of which its author has something to say. Each is shown
//! with what refutes it, what mends it, and the stated results that rest on it with whether they stand.

use super::text;
use crate::harness::evidence::{ClaimEvidence, Evidence, FormEvidence, Outcome, Role};
use crate::report::form::{FormView, FormalView, form_view};
use serde::Serialize;
use std::collections::BTreeSet;

/// A claim that is referred to.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    /// Of the claim.
    pub(crate) id: String,
    /// Of its section in `claims.md`.
    pub(crate) anchor: String,
    /// It is part of this run: else there is no section, and the id is shown without a link.
    pub(crate) reported: bool,
}

impl Link {
    /// To the claim of this id, whether the run has it or not.
    pub(super) fn to(id: &str, evidence: &Evidence) -> Self {
        Self { id: id.into(), anchor: text::anchor(id), reported: evidence.claims.iter().any(|c| c.id == id) }
    }
}

/// A claim that does not hold as printed, or needs a remark.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// Of the claim.
    pub(crate) id: String,
    /// `finding-` before it is the anchor of this section.
    pub(crate) anchor: String,
    /// In the paper.
    pub(crate) place: String,
    /// In words.
    pub(crate) title: String,
    /// Its printed forms that are refuted.
    pub(crate) refuted: Vec<FormView>,
    /// What the claim's author says of it.
    pub(crate) text: Option<String>,
    /// Its corrected forms, whatever the run found of them.
    pub(crate) mended: Vec<FormView>,
    /// What Coq proves of it.
    pub(crate) formal: FormalView,
    /// The stated results that rest on it.
    pub(crate) stated: Vec<Dependent>,
}

/// A stated result whose proof uses a finding, directly or through others.
#[derive(Debug, Serialize)]
pub(crate) struct Dependent {
    /// Of the claim.
    pub(crate) id: String,
    /// Of its section.
    pub(crate) anchor: String,
    /// That section, seen from beside `claims.md`.
    pub(crate) href: String,
    /// Its standing form is verified, and so is everything it uses.
    pub(crate) stands: bool,
    /// The same in words, with role and grade.
    pub(crate) survives: String,
}

/// The worst outcome among the forms of a role; `None` if there is none.
///
/// From good to bad: verified, observed, vacuous, undecided, refuted. A sentence that was measured is no failure; a
/// check of nothing is worse than a measurement.
pub(super) fn worst(claim: &ClaimEvidence, role: Role) -> Option<Outcome> {
    let severity = |o: &Outcome| match o {
        Outcome::Verified => 0,
        Outcome::Observed => 1,
        Outcome::Vacuous => 2,
        Outcome::Undecided => 3,
        Outcome::Refuted => 4,
    };
    claim.forms.iter().filter(|f| f.role == role).map(|f| f.outcome).max_by_key(severity)
}

/// A claim of which some printed form is refuted.
///
/// One refuted form is enough.
pub fn refuted_as_printed(claim: &ClaimEvidence) -> bool {
    worst(claim, Role::Printed) == Some(Outcome::Refuted)
}

/// A claim that does not hold as printed, or of which something is to be said.
pub fn is_finding(claim: &ClaimEvidence) -> bool {
    claim.finding.is_some() || refuted_as_printed(claim)
}

/// The forms keep the order of the evidence; controls are in neither list.
pub(super) fn finding(claim: &ClaimEvidence, evidence: &Evidence) -> Finding {
    let forms = |keep: fn(&FormEvidence) -> bool| claim.forms.iter().filter(|f| keep(f)).map(form_view).collect();
    Finding {
        id: claim.id.clone(),
        anchor: text::anchor(&claim.id),
        place: claim.place.clone(),
        title: claim.title.clone(),
        refuted: forms(|f| f.role == Role::Printed && f.outcome == Outcome::Refuted),
        text: claim.finding.clone(),
        mended: forms(|f| f.role == Role::Corrected),
        formal: claim.formal.as_ref().map(FormalView::of).unwrap_or_default(),
        stated: dependents(&claim.id, evidence).into_iter().filter(|c| !c.is_step()).map(dependent).collect(),
    }
}

/// Every claim whose proof uses `id`, directly or through others.
///
/// The least set that contains `id` and every claim that uses one of its members, found by passes over all claims
/// until one adds nothing: at most as many passes as claims. `id` itself is left out.
pub(crate) fn dependents<'a>(id: &str, evidence: &'a Evidence) -> Vec<&'a ClaimEvidence> {
    let mut reached = BTreeSet::from([id.to_string()]);
    loop {
        let before = reached.len();
        for c in &evidence.claims {
            if c.uses.iter().any(|u| reached.contains(u)) {
                reached.insert(c.id.clone());
            }
        }
        if reached.len() == before {
            break;
        }
    }
    evidence.claims.iter().filter(|c| c.id != id && reached.contains(&c.id)).collect()
}

/// The form was checked and not refuted.
///
/// An observed sentence counts: it was measured and refutes nothing.
pub(crate) fn stands(form: &FormEvidence) -> bool {
    matches!(form.outcome, Outcome::Verified | Outcome::Observed)
}

/// The printed forms in a word; of a sentence about single draws the share that shows it.
///
/// A dash for a claim without a printed form.
pub(crate) fn printed(claim: &ClaimEvidence) -> String {
    let Some(outcome) = worst(claim, Role::Printed) else { return "–".into() };
    let seen = || claim.forms.iter().filter(|f| f.role == Role::Printed).find_map(text::seen);
    let seen = if outcome == Outcome::Observed { seen() } else { None };
    seen.unwrap_or_else(|| text::outcome(outcome).into())
}

/// It stands if its standing form does and it has a grade: without one, something that it uses does not stand.
pub(crate) fn dependent(claim: &ClaimEvidence) -> Dependent {
    let survives = match (claim.standing(), claim.grade) {
        (Some(f), Some(_)) if stands(f) => {
            format!("stands ({}, grade {})", text::role(f.role), text::claim_grade(claim))
        }
        (Some(f), _) => format!("does not stand here ({}: {})", text::role(f.role), text::outcome(f.outcome)),
        (None, _) => "not checked".into(),
    };
    let stands = claim.grade.is_some() && claim.standing().is_some_and(stands);
    Dependent { id: claim.id.clone(), anchor: text::anchor(&claim.id), href: href(claim), stands, survives }
}

/// Where a claim stands in the report. A step has an anchor only where it has a finding; else its row in proofs.md is
/// meant.
pub(super) fn href(claim: &ClaimEvidence) -> String {
    let anchor = text::anchor(&claim.id);
    match (claim.is_step(), is_finding(claim)) {
        (false, _) => format!("claims.md#{anchor}"),
        (true, true) => format!("proofs.md#finding-{anchor}"),
        (true, false) => format!("proofs.md#step-{anchor}"),
    }
}
