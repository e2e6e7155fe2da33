//! Runs forms over their instances and computes what the evidence says: counts, tightness, coverage, status.

use super::evidence::{
    ClaimEvidence, Counterexample, Coverage, Evidence, FormEvidence, Grade, InstanceEvidence, Outcome, Role,
    SampledEvidence, Tightness, Verdict,
};
use super::frame::{Claim, Context, Evaluation, Form, Prepared};
use super::{Options, ProbeChange, everything, figures, proofs};
use crate::arithmetic::{Enclosure, Interval, Rational};
use crate::error::{Error, Result};
use crate::nightly::Shard;
use num_traits::{One, Zero};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Counterexamples kept in the repository: exact values, tried before any search.
const STORED: &str = include_str!("../../fixtures/counterexamples.json");

/// Instances that were the worst of a form in some run, in exact values: every later run tries them first.
const WORST: &str = include_str!("../../fixtures/worst.json");

/// What the repository keeps.
#[derive(Default)]
struct Stored {
    counterexamples: Vec<Counterexample>,
    worst: Vec<Counterexample>,
}

/// What [`Grade::Identity`] promises: the log2 of the probability that a false identity passes is at most this.
const IDENTITY_LOG2: f64 = -100.0;

/// Reasons quoted in the evidence per form; the rest is counted.
const REASONS: usize = 4;

fn stored() -> Result<Stored> {
    let read =
        |text, name| serde_json::from_str(text).map_err(|e| Error::internal(format!("fixtures/{name}.json: {e}")));
    Ok(Stored { counterexamples: read(STORED, "counterexamples")?, worst: read(WORST, "worst")? })
}

fn context(options: &Options) -> Context {
    Context { profile: options.profile, seed: options.seed }
}

/// The claims that `only` names, in the catalogue's order.
fn select(only: &[String]) -> Result<Vec<Claim>> {
    let all = everything();
    for id in only {
        find(&all, id)?;
    }
    Ok(all.into_iter().filter(|c| only.is_empty() || only.iter().any(|id| id == c.id)).collect())
}

fn find<'a>(claims: &'a [Claim], id: &str) -> Result<&'a Claim> {
    claims.iter().find(|c| c.id == id).ok_or_else(|| {
        let mut near: Vec<(f64, &str)> = claims.iter().map(|c| (strsim::jaro_winkler(id, c.id), c.id)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let names: Vec<&str> = near.iter().take(3).map(|n| n.1).collect();
        Error::usage(format!("unknown claim '{id}': the nearest are {}", names.join(", ")))
    })
}

fn find_form<'a>(claim: &'a Claim, name: &str) -> Result<&'a Form> {
    claim.forms.iter().find(|f| f.name == name).ok_or_else(|| {
        let names: Vec<&str> = claim.forms.iter().map(|f| f.name).collect();
        Error::usage(format!("claim '{}' has no form '{name}': it has {}", claim.id, names.join(", ")))
    })
}

/// See [`super::run`].
pub(super) fn run(
    options: &Options,
    progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<(Evidence, Vec<(String, f64)>)> {
    let (mut evidence, timings) = part(options, Shard::ALL, progress)?;
    complete(&mut evidence, options.only.is_empty())?;
    Ok((evidence, timings))
}

/// See [`super::run_part`].
pub(super) fn part(
    options: &Options,
    shard: Shard,
    progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<(Evidence, Vec<(String, f64)>)> {
    let context = context(options);
    let claims = select(&options.only)?;
    let all = claims.len();
    let claims: Vec<Claim> = claims.into_iter().enumerate().filter(|(unit, _)| shard.has(*unit)).map(|c| c.1).collect();
    let stored = stored()?;
    let audit = proofs::all();
    let one = |claim: &Claim| run_claim(claim, &context, &stored, &audit, progress);
    // The stated results share lists of instances, made once under a lock, so they run one after the other, each on all threads. The steps of the proofs share
    // nothing and are many and small: they run side by side.
    let (steps, stated): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(|c| is_step(c));
    let mut done = stated.into_iter().map(one).collect::<Result<Vec<_>>>()?;
    done.extend(steps.into_par_iter().map(one).collect::<Result<Vec<_>>>()?);
    let (out, timings): (Vec<ClaimEvidence>, Vec<(String, f64)>) = done.into_iter().unzip();
    // The figures are a unit of their own, after all claims.
    let figures = if options.only.is_empty() && shard.has(all) { figures::all(&context)? } else { Vec::new() };
    let evidence = Evidence {
        schema: "flatcert.evidence/1".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        profile: format!("{:?}", options.profile).to_lowercase(),
        seed: options.seed,
        claims: out,
        proofs: Vec::new(),
        figures,
    };
    Ok((evidence, timings))
}

/// Adds what depends on all claims together: what Coq proves, the grades, the audit of the proofs where everything was run.
fn complete(evidence: &mut Evidence, everything: bool) -> Result<()> {
    settle(&mut evidence.claims)?;
    grade_transitively(&mut evidence.claims);
    if everything {
        evidence.proofs = proofs::audit()?;
    }
    Ok(())
}

/// See [`super::join`].
pub(super) fn join(parts: Vec<Evidence>, only: &[String]) -> Result<(Evidence, Vec<String>)> {
    let mut claims: BTreeMap<String, ClaimEvidence> = BTreeMap::new();
    let mut whole: Option<Evidence> = None;
    for mut part in parts {
        for claim in std::mem::take(&mut part.claims) {
            let id = claim.id.clone();
            if claims.insert(id.clone(), claim).is_some() {
                return Err(Error::usage(format!("claim {id} is in two parts")));
            }
        }
        match &mut whole {
            None => whole = Some(part),
            Some(first) => {
                let run = |e: &Evidence| (e.schema.clone(), e.version.clone(), e.profile.clone(), e.seed);
                if run(first) != run(&part) {
                    let (a, b) = (run(first), run(&part));
                    return Err(Error::usage(format!("parts of different runs: {a:?} and {b:?}")));
                }
                if first.figures.is_empty() {
                    first.figures = part.figures;
                }
            }
        }
    }
    let mut out = whole.ok_or_else(|| Error::usage("no parts to merge"))?;
    let mut missing = Vec::new();
    for claim in select(only)? {
        match claims.remove(claim.id) {
            Some(found) => out.claims.push(found),
            None => missing.push(claim.id.to_string()),
        }
    }
    if let Some(id) = claims.keys().next() {
        return Err(Error::usage(format!(
            "claim {id} of a part is none of this run: parts of another version, or other --only"
        )));
    }
    if only.is_empty() && out.figures.is_empty() {
        missing.push("the figures".into());
    }
    complete(&mut out, only.is_empty() && missing.is_empty())?;
    Ok((out, missing))
}

fn is_step(claim: &Claim) -> bool {
    claim.id.contains('/')
}

/// All forms of one claim, and the seconds it took.
fn run_claim(
    claim: &Claim,
    context: &Context,
    stored: &Stored,
    audit: &[proofs::Proof],
    progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> Result<(ClaimEvidence, (String, f64))> {
    let start = Instant::now();
    // A step is done in an instant, and its instances come from a search that is not worth doing twice only to count them.
    let total: usize = if is_step(claim) { 0 } else { claim.forms.iter().map(|f| f.body.count(context)).sum() };
    let done = AtomicUsize::new(0);
    let tick = |n: usize| {
        let now = done.fetch_add(n, Ordering::Relaxed) + n;
        if total > 0 {
            progress(claim.id, now.min(total), total);
        }
    };
    let forms = claim
        .forms
        .iter()
        .map(|form| run_form(claim, form, &form.strength, context, stored, &tick))
        .collect::<Result<Vec<_>>>()?;
    progress(claim.id, total, total);
    let evidence = ClaimEvidence {
        id: claim.id.into(),
        title: claim.title.into(),
        place: claim.place.into(),
        uses: claim.uses.iter().map(|u| (*u).to_string()).chain(proofs::steps_of(claim.id, audit)).collect(),
        hypotheses: claim.hypotheses.into(),
        forms,
        grade: None,
        unchecked: Vec::new(),
        formal: None,
        finding: claim.finding.map(String::from),
        remarks: claim.remarks.iter().map(|r| (*r).to_string()).collect(),
    };
    Ok((evidence, (claim.id.to_string(), start.elapsed().as_secs_f64())))
}

/// A claim's grade is the weakest along everything its proof uses; none where a step does not stand. What was left out of the run (`--only`) neither supports nor weakens; it is named.
fn grade_transitively(claims: &mut [ClaimEvidence]) {
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
fn settle(claims: &mut [ClaimEvidence]) -> Result<()> {
    let mut settled = super::formal::settled()?;
    for claim in claims {
        let Some(formal) = settled.remove(&claim.id) else { continue };
        let printed = claim.forms.iter().find(|f| f.role == Role::Printed);
        let against = !formal.disproved.is_empty() && printed.is_some_and(|f| f.outcome == Outcome::Verified);
        let fallen = !formal.proved.is_empty() && claim.standing().is_some_and(|f| f.outcome == Outcome::Refuted);
        if against || fallen {
            return Err(Error::internal(format!("{}: Coq proves what this run refutes, or the reverse", claim.id)));
        }
        claim.formal = Some(formal);
    }
    Ok(())
}

/// What a claim's grade rests on besides itself: nothing where Coq proves it.
fn rests_on(claim: &ClaimEvidence) -> Vec<String> {
    if claim.is_proved() { Vec::new() } else { claim.uses.clone() }
}

/// The weakest grade among the forms that the claim stands on: as printed and as corrected where there are such, else the sharpened
/// ones; printed forms that are recorded as refuted do not count. `None` unless every one of them is verified. The strongest where Coq proves the claim.
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

fn evidence_of(id: String, list: &dyn Prepared, at: usize, e: &Evaluation) -> InstanceEvidence {
    InstanceEvidence {
        id,
        description: list.describe(at),
        verdict: e.verdict,
        margin: e.margin,
        ratio: e.ratio,
        arithmetic: e.arithmetic.clone(),
        reason: e.reason.clone(),
        tags: list.tags(at),
        values: None,
    }
}

/// Evaluates one form at a strength over all its instances.
fn run_form(
    claim: &Claim,
    form: &Form,
    strength: &Rational,
    context: &Context,
    stored: &Stored,
    tick: &(dyn Fn(usize) + Sync),
) -> Result<FormEvidence> {
    let key = format!("{}/{}", claim.id, form.name);
    let from_store = replay_stored(form, &key, strength, stored)?;
    let kept = replay_worst(form, &key, strength, stored)?;
    let list = form.body.prepare(context);
    if let (Role::Control, Some((counterexample, sampled))) = (form.role, &from_store) {
        tick(list.len());
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
            let e = list.evaluate(at, strength);
            tick(1);
            e
        })
        .collect();
    let mut out = summarise(form, &key, list.as_ref(), &evaluations);
    let start = worst(&evaluations);
    let climbed = start.and_then(|at| Some((at, list.climb(at, strength, context.size(12, 40, 200))?)));
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
    let of_list = start.map(|at| (instance(list.as_ref(), at, &key), evaluations[at].clone()));
    // Of those that are as bad as each other, the one that is kept stays.
    let all = kept.into_iter().chain(of_list).chain(climbed.map(|c| c.1));
    let ranked = all.filter_map(|(c, e)| slack(&e).map(|s| (c, s)));
    out.worst = ranked.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(c, _)| Counterexample { form: key.clone(), ..c });
    if out.fails > 0 || from_store.is_some() {
        out.outcome = Outcome::Refuted;
        let climbed = out.counterexample.take();
        out.counterexample = from_store.or_else(|| smallest(list.as_ref(), &evaluations, strength, &key)).or(climbed);
        out.fails = out.fails.max(1);
    }
    Ok(out)
}

/// How much room an instance that holds leaves.
fn slack(e: &Evaluation) -> Option<f64> {
    e.ratio.filter(|r| e.verdict == Verdict::Holds && r.is_bounded()).map(|r| r.hi())
}

/// The instance with the least slack among those that hold.
fn worst(evaluations: &[Evaluation]) -> Option<usize> {
    (0..evaluations.len())
        .filter_map(|at| slack(&evaluations[at]).map(|s| (at, s)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|w| w.0)
}

/// An instance of a list, to keep.
fn instance(list: &dyn Prepared, at: usize, key: &str) -> Counterexample {
    Counterexample {
        form: key.into(),
        description: list.describe(at),
        values: list.values(at),
        margin: None,
        origin: "found".into(),
    }
}

/// Takes over what was found besides the list, by climbing or in an earlier run: less slack, or a counterexample.
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
fn replay_worst(
    form: &Form,
    key: &str,
    strength: &Rational,
    stored: &Stored,
) -> Result<Vec<(Counterexample, Evaluation)>> {
    let again = |c: &Counterexample| {
        let list =
            form.body.restore(&c.values).map_err(|e| Error::internal(format!("fixtures/worst.json, {key}: {e}")))?;
        Ok((c.clone(), list.evaluate(0, strength)))
    };
    stored.worst.iter().filter(|c| c.form == key).map(again).collect()
}

fn replay_stored(
    form: &Form,
    key: &str,
    strength: &Rational,
    stored: &Stored,
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
        .map(|(at, _)| {
            let (values, description, e) = list.shrink(at, strength);
            Counterexample { form: key.into(), description, values, margin: e.margin, origin: "found".into() }
        })
        .min_by_key(|c| c.values.to_string().len())
}

fn empty(form: &Form) -> FormEvidence {
    FormEvidence {
        name: form.name.into(),
        role: form.role,
        statement: form.statement.clone(),
        expected: form.expected,
        outcome: Outcome::Undecided,
        grade: form.grade,
        besides: form.besides,
        holds: 0,
        fails: 0,
        undecided: 0,
        out_of_scope: 0,
        smallest_margin: None,
        smallest_at: None,
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
    out.reasons = reasons.into_iter().take(REASONS).map(|(r, n)| format!("{n} x {r}")).collect();
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

/// See [`super::controls_found_by_search`].
pub(super) fn controls_found_by_search(options: &Options) -> Result<Vec<(String, bool)>> {
    let context = context(options);
    let mut out = Vec::new();
    for claim in select(&options.only)? {
        for form in claim.forms.iter().filter(|f| f.expected == Outcome::Refuted) {
            let found = run_form(&claim, form, &form.strength, &context, &Stored::default(), &|_| {})?;
            out.push((format!("{}/{}", claim.id, form.name), found.outcome == Outcome::Refuted));
        }
    }
    Ok(out)
}

/// See [`super::check`].
pub(super) fn check(id: &str, options: &Options) -> Result<Vec<InstanceEvidence>> {
    let claims = everything();
    let claim = find(&claims, id)?;
    let context = context(options);
    let mut out = Vec::new();
    for form in &claim.forms {
        let list = form.body.prepare(&context);
        let rows: Vec<InstanceEvidence> = (0..list.len())
            .into_par_iter()
            .map(|at| {
                let e = list.evaluate(at, &form.strength);
                evidence_of(format!("{}/{}#{at}", claim.id, form.name), list.as_ref(), at, &e)
            })
            .collect();
        out.extend(rows);
    }
    Ok(out)
}

/// See [`super::probe`].
pub(super) fn probe(id: &str, form: Option<&str>, change: &ProbeChange, options: &Options) -> Result<FormEvidence> {
    let claims = everything();
    let claim = find(&claims, id)?;
    let form = match form {
        Some(name) => find_form(claim, name)?,
        None => [Role::Corrected, Role::Printed, Role::Sharpened, Role::Conjecture]
            .into_iter()
            .find_map(|role| claim.forms.iter().find(|f| f.role == role && f.constant.is_some()))
            .ok_or_else(|| Error::usage(format!("claim '{id}' has no form with a constant to probe")))?,
    };
    let Some((constant, larger_is_stronger)) = form.constant.clone() else {
        return Err(Error::usage(format!("form '{}' of claim '{id}' has no constant to probe", form.name)));
    };
    let factor = match change {
        ProbeChange::Factor(f) => f.clone(),
        ProbeChange::Constant(c) if c.is_zero() => Rational::zero(),
        ProbeChange::Constant(c) if larger_is_stronger => c / constant,
        ProbeChange::Constant(c) => constant / c,
    };
    if factor.sign() <= 0 {
        return Err(Error::usage("the factor or constant of a probe must be positive"));
    }
    run_form(claim, form, &(&form.strength * factor), &context(options), &Stored::default(), &|_| {})
}

/// See [`super::replay`].
pub(super) fn replay(id: &str, options: &Options) -> Result<InstanceEvidence> {
    let claims = everything();
    let path = std::path::Path::new(id);
    if path.is_file() {
        let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
        let c: Counterexample = serde_json::from_str(&text)
            .map_err(|e| Error::input(id, format!("not a counterexample file (form, description, values, ..): {e}")))?;
        return replay_values(&claims, &c).map_err(|e| e.within(id));
    }
    let malformed = || Error::usage(format!("'{id}' is neither a file nor an id like theorem-1/printed#3"));
    let (key, at) = id.rsplit_once('#').unwrap_or((id, "stored"));
    let (claim, form) = key.rsplit_once('/').ok_or_else(malformed)?;
    let claim = find(&claims, claim)?;
    let form = find_form(claim, form)?;
    if let "stored" | "worst" = at {
        let Stored { counterexamples, worst } = stored()?;
        let (of, what) = if at == "stored" { (counterexamples, "counterexample") } else { (worst, "worst instance") };
        let c = of.iter().rfind(|c| c.form == key);
        let c = c.ok_or_else(|| Error::usage(format!("no {what} of {key} is stored")))?;
        return replay_values(&claims, c);
    }
    let at: usize = at.parse().map_err(|_| malformed())?;
    let list = form.body.prepare(&context(options));
    if at >= list.len() {
        return Err(Error::usage(format!("{key} has instances 0 to {}, not {at}", list.len().saturating_sub(1))));
    }
    let e = list.evaluate(at, &form.strength);
    Ok(InstanceEvidence { values: Some(list.values(at)), ..evidence_of(id.into(), list.as_ref(), at, &e) })
}

fn replay_values(claims: &[Claim], c: &Counterexample) -> Result<InstanceEvidence> {
    let (claim, form) = c.form.rsplit_once('/').unwrap_or((&c.form, "printed"));
    let form = find_form(find(claims, claim)?, form)?;
    let list = form.body.restore(&c.values).map_err(|e| Error::input("values", e))?;
    let strength = if form.strength.is_zero() { Rational::one() } else { form.strength.clone() };
    let e = list.evaluate(0, &strength);
    let values = Some(list.values(0));
    Ok(InstanceEvidence { values, ..evidence_of(format!("{}#stored", c.form), list.as_ref(), 0, &e) })
}
