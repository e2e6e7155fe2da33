//! Runs claims and gathers what the evidence says of them.
//!
//! # The way of a run
//!
//! 1. The claims are selected and split into stated results and steps of proofs.
//! 2. The instances of the stated results are made first, one claim after the other, because claims share lists
//!    ([`Context::once`]) that use all threads while they are made.
//! 3. Stated results are evaluated side by side, then steps, each of which makes its instances when its turn comes.
//! 4. What Coq proves is joined, then grades are computed along the uses, over all claims.
//!
//! A run in parts ([`Paper::run_part`], [`Paper::join`]) does 1 to 3 for each part and 4 once: a grade needs all
//! claims. Parts of one seed and profile give the evidence of a single run, because instances depend on the seed and
//! their place in a list, and not on what else is run.

use super::claim::{Claim, Context, Form, Prepared};
use super::evaluate::run_form;
use super::evidence::{ClaimEvidence, EVIDENCE, Evidence, FormEvidence};
use super::grade;
use super::paper::{Options, Paper};
use super::steps::audit;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A claim, and the instances of its forms.
struct Ready<'a> {
    /// What is run.
    claim: &'a Claim,
    /// One list for each form, in their order.
    lists: Vec<Box<dyn Prepared>>,
    /// What it took to make them.
    seconds: f64,
}

/// Called as `(claim, done, total)` from many threads.
pub type Progress<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

impl Paper {
    /// Runs claims; the evidence does not depend on the number of threads. Timings are returned apart, because they are
    /// not reproducible: the seconds that a claim's evaluations took, added up over the threads.
    ///
    /// # Errors
    /// An unknown claim id (the nearest ones are named); instances that cannot be made; a proof assistant that
    /// contradicts the run.
    pub fn run(&self, options: &Options, progress: Progress<'_>) -> Result<(Evidence, Vec<(String, f64)>)> {
        let (mut evidence, timings) = self.run_part(options, &|_| true, progress)?;
        self.complete(&mut evidence, options.only.is_empty())?;
        Ok((evidence, timings))
    }

    /// As [`Paper::run`], of a part of the claims: those of whose numbers in the catalogue `has` is true, the figures
    /// after the last. What depends on all claims together, the grades for one, is left to [`Paper::join`].
    ///
    /// # Errors
    /// As [`Paper::run`].
    pub fn run_part(
        &self,
        options: &Options,
        has: &dyn Fn(usize) -> bool,
        progress: Progress<'_>,
    ) -> Result<(Evidence, Vec<(String, f64)>)> {
        let context = &options.context;
        let selected = self.select(&options.only)?;
        let all = selected.len();
        let selected = selected.into_iter().enumerate().filter(|(unit, _)| has(*unit)).map(|c| c.1);
        let (steps, stated): (Vec<&Claim>, Vec<&Claim>) = selected.partition(|c| is_step(c));
        // Lists that several claims share are made here, on all threads, before anything is evaluated.
        let stated = stated.into_iter().map(|c| ready(c, context)).collect::<Result<Vec<_>>>()?;
        let mut done =
            stated.into_par_iter().map(|r| self.run_claim(&r, context, progress)).collect::<Result<Vec<_>>>()?;
        let step = |c: &Claim| ready(c, context).and_then(|r| self.run_claim(&r, context, progress));
        done.extend(steps.into_par_iter().map(step).collect::<Result<Vec<_>>>()?);
        let (claims, timings): (Vec<ClaimEvidence>, Vec<(String, f64)>) = done.into_iter().unzip();
        let drawn = self.figures.filter(|_| options.only.is_empty() && has(all));
        let evidence = Evidence {
            schema: EVIDENCE.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            profile: format!("{:?}", context.profile).to_lowercase(),
            seed: context.seed,
            claims,
            results: Vec::new(),
            proofs: Vec::new(),
            figures: drawn.map_or(Ok(Vec::new()), |f| f(context))?,
        };
        Ok((evidence, timings))
    }

    /// Adds what depends on all claims together: what Coq proves, the grades, and where everything was run the stated
    /// results and the audit of the proofs.
    ///
    /// # Errors
    /// A theorem that contradicts what was found ([`grade::settle`]).
    fn complete(&self, evidence: &mut Evidence, everything: bool) -> Result<()> {
        grade::settle(&mut evidence.claims, &self.formal)?;
        grade::transitively(&mut evidence.claims);
        if everything {
            evidence.results = self.results.clone();
            evidence.proofs = audit::rows(&self.proofs, &self.displays);
        }
        Ok(())
    }

    /// The parts of one run as one, the claims in the catalogue's order, and what of the run no part has. `only` as in
    /// the run.
    ///
    /// # Errors
    /// No parts; parts of different runs; a claim that is in two of them.
    pub fn join(&self, parts: Vec<Evidence>, only: &[String]) -> Result<(Evidence, Vec<String>)> {
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
        for claim in self.select(only)? {
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
        self.complete(&mut out, only.is_empty() && missing.is_empty())?;
        Ok((out, missing))
    }

    /// All forms of one claim, and the seconds they took.
    ///
    /// The seconds are those of making the lists and of all evaluations, summed over threads. A claim's evidence
    /// names as uses what it lists and the steps of its proofs.
    fn run_claim(
        &self,
        r: &Ready<'_>,
        context: &Context,
        progress: Progress<'_>,
    ) -> Result<(ClaimEvidence, (String, f64))> {
        let claim = r.claim;
        // A step is done in an instant: it is not worth a line of its own.
        let total = if is_step(claim) { 0 } else { r.lists.iter().map(|l| l.len()).sum() };
        let (done, spent) = (AtomicUsize::new(0), AtomicU64::new(0));
        let tick = |n: usize, time: Duration| {
            let now = done.fetch_add(n, Ordering::Relaxed) + n;
            spent.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
            if total > 0 {
                progress(claim.id, now.min(total), total);
            }
        };
        let form = |(form, list): (&Form, &dyn Prepared)| {
            run_form(claim, form, &form.strength, context, list, self.kept(), &tick)
        };
        let forms = claim
            .forms
            .iter()
            .zip(r.lists.iter().map(AsRef::as_ref))
            .map(form)
            .collect::<Result<Vec<FormEvidence>>>()?;
        progress(claim.id, total, total);
        let evidence = ClaimEvidence {
            id: claim.id.into(),
            title: claim.title.into(),
            place: claim.place.into(),
            uses: claim.uses.iter().map(|u| (*u).to_string()).chain(audit::steps_of(claim.id, &self.proofs)).collect(),
            hypotheses: claim.hypotheses.into(),
            forms,
            grade: None,
            unchecked: Vec::new(),
            formal: None,
            finding: claim.finding.map(String::from),
            remarks: claim.remarks.iter().map(|r| (*r).to_string()).collect(),
        };
        Ok((evidence, (claim.id.to_string(), r.seconds + spent.into_inner() as f64 * 1e-9)))
    }
}

/// The instances of all forms of a claim.
///
/// # Errors
/// A list that cannot be made.
fn ready<'a>(claim: &'a Claim, context: &Context) -> Result<Ready<'a>> {
    let start = Instant::now();
    let lists = claim.forms.iter().map(|f| f.prepare(context)).collect::<Result<_>>()?;
    Ok(Ready { claim, lists, seconds: start.elapsed().as_secs_f64() })
}

/// Ids of steps have the proof's id in front, separated by a slash.
fn is_step(claim: &Claim) -> bool {
    claim.id.contains('/')
}
