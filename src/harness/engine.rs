//! Runs claims and gathers what the evidence says of them.

use super::claim::{Claim, Context, Form, Prepared};
use super::evaluate::run_form;
use super::evidence::{ClaimEvidence, Evidence, FormEvidence};
use super::grade;
use super::paper::{Options, Paper, Stated};
use super::steps::audit;
use crate::error::Result;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A claim, and the instances of its forms.
struct Ready<'a> {
    claim: &'a Claim,
    lists: Vec<Box<dyn Prepared + 'a>>,
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
        let context = options.context();
        let (steps, stated): (Vec<&Claim>, Vec<&Claim>) =
            self.select(&options.only)?.into_iter().partition(|c| is_step(c));
        // Lists that several claims share are made here, on all threads, before anything is evaluated.
        let stated = stated.into_iter().map(|c| ready(c, &context)).collect::<Result<Vec<_>>>()?;
        let mut done =
            stated.into_par_iter().map(|r| self.run_claim(&r, &context, progress)).collect::<Result<Vec<_>>>()?;
        let step = |c: &Claim| ready(c, &context).and_then(|r| self.run_claim(&r, &context, progress));
        done.extend(steps.into_par_iter().map(step).collect::<Result<Vec<_>>>()?);
        let (mut claims, timings): (Vec<ClaimEvidence>, Vec<(String, f64)>) = done.into_iter().unzip();
        grade::settle(&mut claims, &self.formal)?;
        grade::transitively(&mut claims);
        let whole = options.only.is_empty();
        let figures = self.figures.filter(|_| whole).map_or(Ok(Vec::new()), |f| f(&context))?;
        let evidence = Evidence {
            schema: "flatcert.evidence/1".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            profile: format!("{:?}", options.profile).to_lowercase(),
            seed: options.seed,
            claims,
            results: if whole { self.results.iter().map(Stated::evidence).collect() } else { Vec::new() },
            proofs: if whole { audit::rows(&self.proofs, &self.displays) } else { Vec::new() },
            figures,
        };
        Ok((evidence, timings))
    }

    /// All forms of one claim, and the seconds they took.
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
            run_form(claim, form, &form.strength, context, list, &self.counterexamples, &tick)
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

fn ready<'a>(claim: &'a Claim, context: &Context) -> Result<Ready<'a>> {
    let start = Instant::now();
    let lists = claim.forms.iter().map(|f| f.body.prepare(context)).collect();
    context.made()?;
    Ok(Ready { claim, lists, seconds: start.elapsed().as_secs_f64() })
}

fn is_step(claim: &Claim) -> bool {
    claim.id.contains('/')
}
