//! Statements about what is seen in training, over many draws of the data and not one: each is put to the trials of
//! some [`Setup`]s ([`experiments::trials`](crate::experiments::trials)).
//!
//! **The probability** is over data *and* starts, and "the event fails with probability at most p0" is decided by an
//! exact binomial interval, as for every sampled claim ([`chance`](crate::harness::chance)).
//!
//! **Conditions** ("where the run did not diverge"): only the trials that meet them count. Sharpness is good to 1e-6
//! and better, against thresholds of per cents.
//!
//! **What p0 says.** A sentence of a paper has no probability. Where it tells what was seen on the paper's own data
//! (one run, one figure), it is quoted, and the share of draws that show the same is reported; no share refutes it.
//! Where it is put as what happens in general, p0 = 1/2 asks for most draws; where it is put as a law, p0 is a few per
//! cent: what the number of trials can show.

use crate::arithmetic::Rational;
use crate::error::Error;
use crate::experiments::trials::{Setup, Trial};
use crate::harness::chance::{Counts, counted};
use crate::harness::{Context, Evaluation, Form, Grade, Role, Statement};

/// "The event fails with probability at most `bound`", over the trials of some setups.
pub(crate) struct Counted {
    /// `claim/form`.
    key: &'static str,
    /// p0.
    bound: f64,
    /// The setups of a quick run.
    setups: fn() -> Vec<Setup>,
    /// Whether the event failed in a trial; `None` where the trial does not meet the condition.
    failed: fn(&Trial) -> Option<bool>,
    /// In words: what is seen in a draw, but for a share of at most `bound`.
    words: &'static str,
    /// What is asked for is the share of draws in which it is seen, whatever it is.
    observed: bool,
}

/// Of what a form counts: the fields of [`Counted`] say more.
pub(crate) fn count(
    key: &'static str,
    bound: f64,
    setups: fn() -> Vec<Setup>,
    failed: fn(&Trial) -> Option<bool>,
) -> Counted {
    Counted { key, bound, setups, failed, words: "", observed: false }
}

impl Counted {
    /// In words: what is seen in a draw.
    pub fn that(self, words: &'static str) -> Self {
        Self { words, ..self }
    }
    /// The part of the key behind the slash, or all of it without one.
    fn name(&self) -> &'static str {
        self.key.split_once('/').map_or(self.key, |(_, form)| form)
    }
    /// The words with the share that is asked for, in per cent; the rounding removes the last bits of `1 - bound`.
    fn statement(&self) -> String {
        let share = 100.0 * (1.0 - self.bound);
        format!("{}: in {} % of the draws at least", self.words, (share * 1e6).round() / 1e6)
    }
    /// A form that counting is expected to support.
    pub fn holds(self, role: Role) -> Form {
        Form::holds(self.name(), role, Grade::Sampled, self.statement(), self)
    }
    /// A form that must be refuted.
    pub fn control(self) -> Form {
        Form::control(self.name(), self.statement(), self).graded(Grade::Sampled)
    }
    /// A sentence of the paper about single draws: the share of draws in which it is seen.
    pub fn observed(self, quote: &str) -> Form {
        Form::observed(self.name(), format!("\"{quote}\": {}", self.words), Self { observed: true, ..self })
    }
}

/// Width of an interval from which on it says nothing of a share: those of these statements are 0.31 wide at most.
const WIDEST: f64 = 0.4;

/// Holds where the share is known well enough: no share contradicts the sentence.
///
/// An interval wider than [`WIDEST`] leaves it undecided; an evaluation that counted nothing stays as it is.
fn seen(counted: Evaluation) -> Evaluation {
    let Some([lo, hi]) = counted.sampled.as_ref().map(|s| s.interval) else { return counted };
    let out = if hi - lo <= WIDEST {
        Evaluation::decided(true, "counting")
    } else {
        Evaluation::undecided(format!("the share is known to lie in [{:.2}, {:.2}] only", 1.0 - hi, 1.0 - lo))
    };
    Evaluation { sampled: counted.sampled, ..out }
}

/// One setup is one instance, whatever the number of its trials: it is evaluated to the verdict of an exact interval.
impl Statement for Counted {
    type Instance = Setup;

    /// Four times as many trials in a standard run, sixteen times as many in a night; forms that ask about the same
    /// setup share its trials.
    fn instances(&self, context: &Context) -> Vec<Setup> {
        let times = context.size(1, 4, 16) as u64;
        let shared = |mut setup: Setup| {
            (setup.trials, setup.seed) = (times * setup.trials, context.seed);
            let key = serde_json::to_string(&setup).map_err(|e| Error::internal(format!("setup: {e}")));
            let list = key.map(|key| context.once(key, || Ok(vec![setup.clone()])));
            list.ok().and_then(|list| list.first().cloned()).unwrap_or(setup)
        };
        (self.setups)().into_iter().map(shared).collect()
    }
    fn describe(&self, i: &Setup) -> String {
        i.describe()
    }
    fn tags(&self, i: &Setup) -> Vec<String> {
        vec![i.family.name().into()]
    }
    fn evaluate(&self, i: &Setup, strength: &Rational) -> Evaluation {
        let trials = match i.trials() {
            Ok(trials) => trials,
            Err(e) => return Evaluation::undecided(e.to_string()),
        };
        let verdicts: Vec<bool> = trials.iter().filter_map(self.failed).collect();
        if verdicts.is_empty() {
            return Evaluation::out_of_scope("no trial meets the condition");
        }
        let failures = verdicts.iter().filter(|f| **f).count() as u64;
        let key = format!("{} ({})", self.key, i.name);
        let counts = Counts { failures, undecided: 0 };
        let mut found = counted((&key, self.words, self.bound), strength, verdicts.len() as u64, counts);
        if let Some(sampled) = &mut found.sampled {
            sampled.setting = i.setting();
        }
        if self.observed { seen(found) } else { found }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::Family;
    use crate::experiments::trials::{Chosen, Scales};
    use crate::harness::claim::Profile;
    use std::sync::Arc;

    fn setups() -> Vec<Setup> {
        let rates = [Chosen::fixed(0.05, 30), Chosen::fixed(0.2, 30)];
        let mut setup = Setup::new("test", Family::Gaussian, Scales::Within(0.3, 0.9), rates, 6);
        setup.depth = 4;
        vec![setup]
    }
    fn small(t: &Trial) -> Option<bool> {
        (t.runs[0].scale < 0.6).then_some(false)
    }

    #[test]
    fn conditions_leave_trials_out_of_the_count_and_forms_share_them() {
        let context = Context::new(Profile::Quick, 1);
        let form = || count("test/form", 0.5, setups, small);
        let [one, again] = [0, 1].map(|_| form().instances(&context).remove(0));
        let trials = one.trials().unwrap();
        assert!(Arc::ptr_eq(&trials, &again.trials().unwrap()), "two forms of one run");
        let e = form().evaluate(&one, &Rational::from(1));
        let met = trials.iter().filter(|t| small(t).is_some()).count() as u64;
        assert_eq!(e.sampled.map(|s| (s.trials, s.failures)), (met > 0).then_some((met, 0)));
    }
}
