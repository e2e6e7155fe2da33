//! The grade of a claim: the weakest along everything that its proof uses, or what a proof assistant says.
//!
//! Grades are ordered from the strongest to the weakest, so the weakest of several is their maximum. A claim has no
//! grade where something that it stands on, or that its proof uses, did not come out as it should: a missing grade is
//! not a weak one.
//!
//! A claim that Coq proves is *Proved* by itself, and what its proof in the paper uses does not weaken it, because
//! the formal proof rests on the axioms that are listed and on nothing else. Its forms must stand all the same: a
//! theorem says nothing about the instrument that evaluates the statement, and the two must agree.

use super::evidence::{ClaimEvidence, FormEvidence, Formal, Grade, Outcome, Role};
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// A claim's grade is the weakest along everything its proof uses; none where a step does not stand. What was left out
/// of the run (`--only`) neither supports nor weakens; it is named.
///
/// The uses are followed to their end, each id once, so that cycles do no harm; the grade of a used claim counts by
/// its own evidence, and what it uses is followed in its turn, unless it is proved.
pub(super) fn transitively(claims: &mut [ClaimEvidence]) {
    let own: BTreeMap<String, (Option<Grade>, Vec<String>)> =
        claims.iter().map(|c| (c.id.clone(), (own_grade(c), rests_on(c)))).collect();
    for claim in claims.iter_mut() {
        let mut weakest = own[&claim.id].0;
        let mut queue = rests_on(claim);
        let mut seen = vec![claim.id.clone()];
        while let Some(id) = queue.pop() {
            if seen.contains(&id) {
                continue;
            }
            let Some((grade, uses)) = own.get(&id) else {
                claim.unchecked.push(id.clone());
                seen.push(id);
                continue;
            };
            weakest = match (weakest, grade) {
                (Some(a), Some(b)) => Some(a.max(*b)),
                _ => None,
            };
            queue.extend(uses.iter().cloned());
            seen.push(id);
        }
        claim.unchecked.sort();
        claim.grade = weakest;
    }
}

/// Adds what Coq proves, which must agree with what the run found.
///
/// A claim that Coq refutes as printed, and whose printed form was refuted or left undecided here, is consistent; so
/// is one that Coq proves in its corrected form while the printed one falls.
///
/// # Errors
/// A form that a theorem refutes was verified, or one that stands was refuted: a contradiction.
pub(super) fn settle(claims: &mut [ClaimEvidence], settled: &BTreeMap<String, Formal>) -> Result<()> {
    for claim in claims {
        let Some(formal) = settled.get(&claim.id) else { continue };
        let printed = claim.forms.iter().find(|f| f.role == Role::Printed);
        let against = !formal.disproved.is_empty() && printed.is_some_and(|f| f.outcome == Outcome::Verified);
        let fallen = !formal.proved.is_empty() && claim.standing().is_some_and(|f| f.outcome == Outcome::Refuted);
        if against || fallen {
            return Err(Error::internal(format!("{}: Coq proves what this run refutes, or the reverse", claim.id)));
        }
        claim.formal = Some(formal.clone());
    }
    Ok(())
}

/// What a claim's grade rests on besides itself: nothing where Coq proves it.
fn rests_on(claim: &ClaimEvidence) -> Vec<String> {
    if claim.is_proved() { Vec::new() } else { claim.uses.clone() }
}

/// The weakest grade among the forms that the claim stands on: as printed and as corrected where there are such, else
/// the sharpened ones; printed forms that are recorded as refuted do not count. `None` unless every one of them is
/// verified. The strongest where Coq proves the claim.
fn own_grade(claim: &ClaimEvidence) -> Option<Grade> {
    let found = found_grade(claim);
    if claim.is_proved() { found.map(|_| Grade::Proved) } else { found }
}

/// The grade by the forms alone. Controls are not among what a claim stands on, forms besides neither. A form whose
/// outcome is not the recorded one takes the grade away.
fn found_grade(claim: &ClaimEvidence) -> Option<Grade> {
    let of_paper = |f: &&FormEvidence| matches!(f.role, Role::Printed | Role::Corrected);
    let paper = claim.forms.iter().any(|f| of_paper(&f));
    claim
        .forms
        .iter()
        .filter(|f| if paper { of_paper(f) } else { f.role != Role::Control })
        .filter(|f| !f.besides)
        .filter(|f| matches!(f.expected, Outcome::Verified | Outcome::Observed))
        .map(|f| (f.outcome == f.expected).then_some(f.grade))
        .reduce(|a, b| Some(a?.max(b?)))
        .flatten()
}
