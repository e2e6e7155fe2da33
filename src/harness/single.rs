//! One claim, one form or one instance at a time: `check`, `probe`, `replay`.
//!
//! These take the same instances, strengths and decisions as a whole run: an id `claim/form#index` names the same
//! instance under the same seed and profile.

use super::claim::Form;
use super::evaluate::{evidence_of, run_form};
use super::evidence::{Counterexample, FormEvidence, InstanceEvidence, Outcome, Role, Verdict};
use super::paper::{Kept, Options, Paper, ProbeChange};
use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use num_traits::{One, Zero};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

/// One instance evaluated again, and what it is an instance of.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Replayed {
    /// What came out.
    pub instance: InstanceEvidence,
    /// The statement as a formula.
    pub statement: String,
    /// The part that the form plays in its claim.
    pub role: Role,
    /// The recorded outcome of the form.
    pub expected: Outcome,
}

impl Replayed {
    /// With what the form says of itself.
    fn new(form: &Form, instance: InstanceEvidence) -> Self {
        Self { instance, statement: form.statement.clone(), role: form.role, expected: form.expected }
    }
}

impl Paper {
    /// Every form recorded as refuted (controls, and printed forms that do not hold), without the stored
    /// counterexamples: do the generated instances, or climbing from the worst of them, find one on their own? This
    /// tests the generator, not the paper, and ends with the first counterexample of each form.
    ///
    /// # Errors
    /// As [`Paper::run`].
    pub fn controls_found_by_search(&self, options: &Options) -> Result<Vec<(String, bool)>> {
        let context = &options.context;
        let mut out = Vec::new();
        for claim in self.select(&options.only)? {
            for form in claim.forms.iter().filter(|f| f.expected == Outcome::Refuted) {
                let list = form.prepare(context)?;
                let strength = &form.strength;
                let fails = |at: &usize| list.evaluate(*at, strength).verdict == Verdict::Fails;
                let found = (0..list.len()).into_par_iter().find_any(fails).is_some() || {
                    let all = run_form(claim, form, strength, context, list.as_ref(), Kept::default(), &|_, _| {})?;
                    all.outcome == Outcome::Refuted
                };
                out.push((format!("{}/{}", claim.id, form.name), found));
            }
        }
        Ok(out)
    }

    /// All instances of one claim's forms, verbose (`flatcert check`).
    ///
    /// Nothing is summed up, shrunk or searched.
    ///
    /// # Errors
    /// As [`Paper::run`].
    pub fn check(&self, id: &str, options: &Options) -> Result<Vec<InstanceEvidence>> {
        let claim = self.find(id)?;
        let context = &options.context;
        let mut out = Vec::new();
        for form in &claim.forms {
            let list = form.prepare(context)?;
            let row = |at| {
                let e = list.evaluate(at, &form.strength);
                evidence_of(format!("{}/{}#{at}", claim.id, form.name), list.as_ref(), at, &e)
            };
            out.extend((0..list.len()).into_par_iter().map(row).collect::<Vec<_>>());
        }
        Ok(out)
    }

    /// A form (default: the standing one) with its right-hand side scaled: refuted, or how close?
    ///
    /// The strength of the form is multiplied by a factor: the one given, or for a constant c in place of the printed
    /// c_0 `c/c_0` where a larger constant is the stronger statement, `c_0/c` where it is the weaker. Stored
    /// counterexamples and worst instances are not tried, so the answer is about the instances of this run. The form
    /// that is probed by default is the first of corrected, printed, sharpened, conjecture that has a constant.
    ///
    /// # Errors
    /// As [`Paper::run`]; a claim without a form that has a constant; a factor that is not positive.
    pub fn probe(&self, id: &str, form: Option<&str>, change: &ProbeChange, options: &Options) -> Result<FormEvidence> {
        let claim = self.find(id)?;
        let form = match form {
            Some(name) => claim.form(name)?,
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
        let context = &options.context;
        let list = form.prepare(context)?;
        run_form(claim, form, &(&form.strength * factor), context, list.as_ref(), Kept::default(), &|_, _| {})
    }

    /// One instance again, from its id `claim/form#index` (`claim/form#stored`: the stored counterexample), or from a
    /// counterexample file.
    ///
    /// # Errors
    /// An id that names nothing; a file that is not a counterexample.
    pub fn replay(&self, id: &str, options: &Options) -> Result<Replayed> {
        let path = std::path::Path::new(id);
        if path.is_file() {
            let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
            let c: Counterexample = serde_json::from_str(&text).map_err(|e| {
                Error::input(id, format!("not a counterexample file (form, description, values, ..): {e}"))
            })?;
            return self.replay_values(&c).map_err(|e| e.within(id));
        }
        let malformed = || Error::usage(format!("'{id}' is neither a file nor an id like theorem-1/printed#3"));
        let (key, at) = id.rsplit_once('#').unwrap_or((id, "stored"));
        let (claim, form) = key.rsplit_once('/').ok_or_else(malformed)?;
        self.find(claim)?.form(form)?;
        if let "stored" | "worst" = at {
            let stored = at == "stored";
            let (of, what) =
                if stored { (&self.counterexamples, "counterexample") } else { (&self.worst, "worst instance") };
            let c = of.iter().rfind(|c| c.form == key);
            let c = c.ok_or_else(|| Error::usage(format!("no {what} of {key} is stored")))?;
            return self.replay_values(c);
        }
        let at: usize = at.parse().map_err(|_| malformed())?;
        let mut one = self.replay_range(key, at, at.checked_add(1), options)?;
        one.next().ok_or_else(|| Error::internal(format!("{key}#{at} is in the list and is not evaluated")))
    }

    /// The instances `first` to `end - 1` of the form `claim/form` (to the last without an end), one by one: their list
    /// is built once.
    ///
    /// # Errors
    /// As [`Paper::run`]; a range without an instance, or past the last.
    pub fn replay_range<'a>(
        &'a self,
        key: &str,
        first: usize,
        end: Option<usize>,
        options: &Options,
    ) -> Result<impl Iterator<Item = Replayed> + use<'a>> {
        let malformed = || Error::usage(format!("'{key}' is not the name of a form, like theorem-1/printed"));
        let (claim, form) = key.rsplit_once('/').ok_or_else(malformed)?;
        let form = self.find(claim)?.form(form)?;
        let list = form.prepare(&options.context)?;
        let (key, count) = (key.to_string(), list.len());
        let last = end.unwrap_or(count);
        if !(first < last && last <= count) {
            let asked = match end {
                Some(end) if first.checked_add(1) == Some(end) => first.to_string(),
                Some(end) => format!("{first}..{end}"),
                None => format!("{first}.."),
            };
            return Err(Error::usage(format!("{key} has instances 0 to {}, not {asked}", count.saturating_sub(1))));
        }
        let one = move |at: usize| {
            let e = list.evaluate(at, &form.strength);
            let instance = evidence_of(format!("{key}#{at}"), list.as_ref(), at, &e);
            Replayed::new(form, InstanceEvidence { values: Some(list.values(at)), ..instance })
        };
        Ok((first..last).map(one))
    }

    /// Evaluated at the strength of the form, or at 1 where that is 0.
    ///
    /// # Errors
    /// A claim or form that there is none of; values that are no instance of the form.
    fn replay_values(&self, c: &Counterexample) -> Result<Replayed> {
        let (claim, form) = c.form.rsplit_once('/').unwrap_or((&c.form, "printed"));
        let form = self.find(claim)?.form(form)?;
        let list = form.body.restore(&c.values).map_err(|e| Error::input("values", e))?;
        let strength = if form.strength.is_zero() { Rational::one() } else { form.strength.clone() };
        let e = list.evaluate(0, &strength);
        let values = Some(list.values(0));
        let instance = evidence_of(format!("{}#stored", c.form), list.as_ref(), 0, &e);
        Ok(Replayed::new(form, InstanceEvidence { values, ..instance }))
    }
}
