//! Evaluates a form over its instances: counts, tightness, coverage, and the outcome that follows from them.
//!
//! # From verdicts to an outcome
//!
//! Every instance is evaluated, on all threads; the counts do not depend on their number. The outcome is then, in
//! this order:
//!
//! 1. *Refuted*, if an instance fails: one of the list, one stored from an earlier run, the worst of an earlier run,
//!    or one that climbing reached.
//! 2. *Vacuous*, if no instance is in scope.
//! 3. *Undecided*, if an instance is, if the coverage asked for is missed, or if an identity was seen at too few
//!    points for its grade.
//! 4. *Observed* for a sentence about single draws, else *verified*.
//!
//! So a run that checks nothing cannot be green, and one undecided instance is enough to lose the outcome *verified*.
//! Of the recorded outcome only *observed* is looked at here; a control is done with its stored counterexample, where
//! that still fails.

use super::claim::{Claim, Context, Evaluation, Form, Prepared};
use super::evidence::{
    Counterexample, Coverage, FormEvidence, Grade, InstanceEvidence, Outcome, Role, SampledEvidence, Tightness, Verdict,
};
use super::paper::Kept;
use super::search;
use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What [`Grade::Identity`] promises: the log2 of the probability that a false identity passes is at most this.
///
/// Three points of one shape reach it for degrees up to 2^29: `3 (29 - 63) = -102`.
const IDENTITY_LOG2: f64 = -100.0;

/// A normalised margin within which an instance strains a statement.
///
/// It serves the figures of the report: a statement tried far from equality only is tried weakly.
const NEAR: f64 = 0.1;

/// Reasons quoted in the evidence per form; the rest is counted.
const REASONS: usize = 4;

/// The instance at this place of a list with its verdict, as plain data; its exact values are left out.
pub(super) fn evidence_of(id: String, list: &dyn Prepared, at: usize, e: &Evaluation) -> InstanceEvidence {
    InstanceEvidence {
        id,
        description: list.describe(at),
        verdict: e.verdict,
        margin: e.margin,
        ratio: e.ratio,
        sides: e.sides,
        arithmetic: e.arithmetic.clone(),
        reason: e.reason.clone(),
        tags: list.tags(at),
        values: None,
    }
}

/// Evaluates one form at a strength over all its instances.
///
/// The order of the work: the stored counterexample, which for a control is the end of it; the instances kept as the
/// worst of earlier runs; the list; a climb from the instance with the least slack, in 12, 40 or 200 rounds by the
/// profile; then the counterexample that is told, the stored one before one that is shrunk from the list, and that
/// before one found otherwise. The instance that holds with the least slack of all is kept for later runs.
///
/// A kept instance that was decided once and is not now makes a verified outcome undecided: something got worse.
///
/// # Errors
/// A stored instance that this form cannot read.
pub(super) fn run_form(
    claim: &Claim,
    form: &Form,
    strength: &Rational,
    context: &Context,
    list: &dyn Prepared,
    stored: Kept<'_>,
    tick: &(dyn Fn(usize, Duration) + Sync),
) -> Result<FormEvidence> {
    let key = format!("{}/{}", claim.id, form.name);
    let from_store = replay_stored(form, &key, strength, stored)?;
    let kept = replay_worst(form, &key, strength, stored)?;
    if let (Role::Control, Some((counterexample, sampled))) = (form.role, &from_store) {
        tick(list.len(), Duration::ZERO);
        let mut out = empty(form);
        out.fails = 1;
        out.outcome = Outcome::Refuted;
        out.smallest_margin = counterexample.margin;
        out.counterexample = Some(counterexample.clone());
        out.sampled.extend(sampled.clone());
        return Ok(out);
    }
    let from_store = from_store.map(|s| s.0);
    let evaluations: Vec<Evaluation> = (0..list.len())
        .into_par_iter()
        .map(|at| {
            let start = Instant::now();
            let e = list.evaluate(at, strength);
            tick(1, start.elapsed());
            e
        })
        .collect();
    let mut out = summarise(form, &key, list, &evaluations);
    let start = worst(&evaluations);
    let climbed = start.and_then(|at| {
        let rounds = context.size(12, 40, 200);
        Some((at, search::climb(list, at, &evaluations[at], strength, rounds)?))
    });
    if let Some((at, found)) = &climbed {
        absorb(&mut out, &key, format!("found by climbing from {key}#{at}: {}", found.0.description), found);
    }
    for found in &kept {
        absorb(&mut out, &key, format!("{key}#worst: {}", found.0.description), found);
        // It was decided when it was kept.
        if found.1.verdict == Verdict::Undecided {
            out.undecided += 1;
            out.reasons.push(format!("{key}#worst is undecided: {}", found.0.description));
            if out.outcome == Outcome::Verified {
                out.outcome = Outcome::Undecided;
            }
        }
    }
    let kept_as = |at, e: &Evaluation| Counterexample { margin: None, ..search::told(list, at, e, "found") };
    let of_list = start.map(|at| (kept_as(at, &evaluations[at]), evaluations[at].clone()));
    // Of those that are as bad as each other, the one that is kept stays.
    let all = kept.into_iter().chain(of_list).chain(climbed.map(|c| c.1));
    let ranked = all.filter_map(|(c, e)| slack(&e).map(|s| (c, s)));
    out.worst = ranked.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(c, _)| Counterexample { form: key.clone(), ..c });
    if out.fails > 0 || from_store.is_some() {
        out.outcome = Outcome::Refuted;
        let climbed = out.counterexample.take();
        out.counterexample = from_store.or_else(|| smallest(list, &evaluations, strength, &key)).or(climbed);
        out.fails = out.fails.max(1);
    }
    Ok(out)
}

/// How much room an instance that holds leaves.
///
/// The upper end of the ratio `greater/lesser`, 1 at equality; `None` unless the instance holds and its ratio is
/// bounded.
fn slack(e: &Evaluation) -> Option<f64> {
    e.ratio.filter(|r| e.verdict == Verdict::Holds && r.is_bounded()).map(|r| r.hi())
}

/// Zero against zero, where no other pair of sides has a ratio: an equality that strains nothing.
fn nothing(e: &Evaluation) -> bool {
    e.margin.is_some_and(|m| m == Interval::point(0.0)) && e.ratio.is_none_or(|r| !r.is_bounded())
}

/// The instance with the least slack among those that hold.
///
/// The first of several with the same slack, so that the choice does not depend on threads.
fn worst(evaluations: &[Evaluation]) -> Option<usize> {
    (0..evaluations.len())
        .filter_map(|at| slack(&evaluations[at]).map(|s| (at, s)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|w| w.0)
}

/// Takes over what was found besides the list, by climbing or in an earlier run: less slack, or a counterexample.
///
/// Out of scope counts for nothing.
fn absorb(out: &mut FormEvidence, key: &str, at: String, found: &(Counterexample, Evaluation)) {
    let (counterexample, e) = found;
    if e.verdict == Verdict::Fails {
        out.fails += 1;
        out.outcome = Outcome::Refuted;
        out.counterexample = Some(Counterexample { form: key.into(), margin: e.margin, ..counterexample.clone() });
    }
    if e.verdict == Verdict::OutOfScope {
        return;
    }
    if let Some(m) = e.margin
        && out.smallest_margin.is_none_or(|best| m.lo() < best.lo())
    {
        out.smallest_margin = Some(m);
        out.smallest_at = Some(at.clone());
    }
    if let (Some(r), Some(t)) = (e.ratio.filter(Interval::is_bounded), out.tightness.as_mut())
        && r.hi() < t.refuted_from
    {
        t.holds_up_to = t.holds_up_to.min(r.lo());
        t.refuted_from = r.hi();
        t.at = at;
    }
}

/// The instances of a form that were the worst of some run, evaluated again.
///
/// # Errors
/// Values that do not belong to the form's kind of instance.
fn replay_worst(
    form: &Form,
    key: &str,
    strength: &Rational,
    stored: Kept<'_>,
) -> Result<Vec<(Counterexample, Evaluation)>> {
    let again = |c: &Counterexample| {
        let list =
            form.body.restore(&c.values).map_err(|e| Error::internal(format!("fixtures/worst.json, {key}: {e}")))?;
        Ok((c.clone(), list.evaluate(0, strength)))
    };
    stored.worst.iter().filter(|c| c.form == key).map(again).collect()
}

/// The first of the stored counterexamples of this form that fails, evaluated by this run and marked as stored, with
/// what was counted where it is a statement about chance. One that holds by now is passed over: the search has to
/// find another.
///
/// # Errors
/// As [`replay_worst`].
fn replay_stored(
    form: &Form,
    key: &str,
    strength: &Rational,
    stored: Kept<'_>,
) -> Result<Option<(Counterexample, Option<SampledEvidence>)>> {
    for c in stored.counterexamples.iter().filter(|c| c.form == key) {
        let list = form
            .body
            .restore(&c.values)
            .map_err(|e| Error::internal(format!("stored counterexample of {key}: {e}")))?;
        let e = list.evaluate(0, strength);
        if e.verdict == Verdict::Fails {
            let counterexample = Counterexample { margin: e.margin, origin: "stored".into(), ..c.clone() };
            return Ok(Some((counterexample, e.sampled)));
        }
    }
    Ok(None)
}

/// Shrinks the first counterexamples found and keeps the one that is shortest to write down.
fn smallest(list: &dyn Prepared, evaluations: &[Evaluation], strength: &Rational, key: &str) -> Option<Counterexample> {
    /// Counterexamples worth shrinking.
    const TRIED: usize = 4;
    evaluations
        .iter()
        .enumerate()
        .filter(|(_, e)| e.verdict == Verdict::Fails)
        .take(TRIED)
        .map(|(at, e)| Counterexample { form: key.into(), ..search::shrink(list, at, e, strength) })
        .min_by_key(|c| c.values.to_string().len())
}

/// The evidence of a form of which nothing was evaluated: undecided.
fn empty(form: &Form) -> FormEvidence {
    FormEvidence {
        name: form.name.into(),
        role: form.role,
        statement: form.statement.clone(),
        expected: form.expected,
        outcome: Outcome::Undecided,
        grade: form.grade,
        besides: form.besides,
        probed: form.constant.is_some(),
        holds: 0,
        fails: 0,
        undecided: 0,
        out_of_scope: 0,
        smallest_margin: None,
        smallest_at: None,
        near: None,
        tightness: None,
        coverage: Vec::new(),
        arithmetic: BTreeMap::new(),
        counterexample: None,
        error_log2: None,
        boxes: None,
        sampled: Vec::new(),
        reasons: Vec::new(),
        worst: None,
    }
}

/// Counts, least margin, tightness, coverage and reasons over the list, and the outcome as the module says.
///
/// The probability with which a false identity passes is, for one shape, the product over its points, which are
/// independent; over the shapes the largest, since an identity may be false at one shape only.
fn summarise(form: &Form, key: &str, list: &dyn Prepared, evaluations: &[Evaluation]) -> FormEvidence {
    let mut out = empty(form);
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut shapes: BTreeMap<&str, f64> = BTreeMap::new();
    for (at, e) in evaluations.iter().enumerate() {
        match e.verdict {
            Verdict::Holds => out.holds += 1,
            Verdict::Fails => out.fails += 1,
            Verdict::Undecided => out.undecided += 1,
            Verdict::OutOfScope => out.out_of_scope += 1,
        }
        if let Some(reason) = &e.reason {
            *reasons.entry(reason.clone()).or_default() += 1;
        }
        if e.verdict == Verdict::OutOfScope {
            continue;
        }
        *out.arithmetic.entry(e.arithmetic.clone()).or_default() += 1;
        for tag in list.tags(at) {
            *classes.entry(tag).or_default() += 1;
        }
        if let Some(m) = e.margin
            && out.smallest_margin.is_none_or(|best| m.lo() < best.lo())
        {
            out.smallest_margin = Some(m);
            out.smallest_at = Some(format!("{key}#{at}: {}", list.describe(at)));
        }
        if let Some(m) = e.margin.filter(|_| e.verdict == Verdict::Holds) {
            *out.near.get_or_insert(0) += usize::from(m.lo() <= NEAR && !nothing(e));
        }
        if let Some(r) = e.ratio.filter(Interval::is_bounded) {
            let t = out.tightness.get_or_insert_with(|| Tightness {
                holds_up_to: f64::INFINITY,
                refuted_from: f64::INFINITY,
                at: String::new(),
            });
            t.holds_up_to = t.holds_up_to.min(r.lo());
            if r.hi() < t.refuted_from {
                t.refuted_from = r.hi();
                t.at = format!("{key}#{at}: {}", list.describe(at));
            }
        }
        if let Some(point) = &e.point {
            *shapes.entry(&point.shape).or_default() += point.error_log2;
        }
        out.sampled.extend(e.sampled.clone());
        if let Some(n) = e.boxes {
            *out.boxes.get_or_insert(0) += n;
        }
    }
    // An identity that is false for some shape passes all the points of that shape, which are independent.
    out.error_log2 = shapes.into_values().reduce(f64::max);
    out.coverage = form
        .required
        .iter()
        .map(|(class, required)| Coverage {
            class: (*class).into(),
            count: classes.get(*class).copied().unwrap_or(0),
            required: *required,
        })
        .collect();
    out.reasons = reasons
        .into_iter()
        .take(REASONS)
        .map(|(r, n)| format!("{r} ({n} {})", if n == 1 { "instance" } else { "instances" }))
        .collect();
    let covered = out.coverage.iter().all(|c| c.count >= c.required);
    // The grade promises a probability: an identity seen at too few points is not verified.
    let open = form.grade == Grade::Identity && out.fails == 0 && out.error_log2.is_none_or(|e| e > IDENTITY_LOG2);
    if open {
        let chance = out.error_log2.map_or("1".into(), |e| format!("2^({e:.1})"));
        out.reasons.push(format!("a false identity would have passed with probability up to {chance}"));
    }
    out.outcome = if out.fails > 0 {
        Outcome::Refuted
    } else if out.holds + out.undecided == 0 {
        Outcome::Vacuous
    } else if out.undecided > 0 || !covered || open {
        Outcome::Undecided
    } else if form.expected == Outcome::Observed {
        Outcome::Observed
    } else {
        Outcome::Verified
    };
    out
}
