//! The grade of a claim: the weakest along everything that its proof uses, or what a proof assistant says.

use super::evidence::{ClaimEvidence, FormEvidence, Formal, Grade, Outcome, Role};
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// A claim's grade is the weakest along everything its proof uses; none where a step does not stand. What was left out
/// of the run (`--only`) neither supports nor weakens; it is named.
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
