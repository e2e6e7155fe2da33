//! The statements of the text and of Appendix C about the experiments, over many draws of the data and not one.
//!
//! | file | claim |
//! | --- | --- |
//! | `critical_rate` | `critical-rate` |
//! | `small_scale_plateau`, `edge_plateau` | `small-scale-plateau`, `edge-plateau` |
//! | `no_edge`, `edge` | `no-edge`, `edge` |
//! | `above_threshold`, `sharpening` | `above-threshold`, `sharpening` |
//! | `divergence`, `residual_scale` | `divergence`, `residual-scale` |
//!
//! **A trial** draws its own data (Appendix C: n = 50, d = 5 unless a [`Setup`] says otherwise), its own start, and
//! whatever the setup leaves to chance, from the stream (seed, name of the setup, number of the trial), and runs
//! gradient descent in doubles. So trials are independent, and "the event fails with probability at most p0" is decided
//! by an exact binomial interval, as for every sampled claim ([`chance`](crate::harness::chance)). The probability is
//! over data *and* starts.
//!
//! **Conditions** ("where the run did not diverge"): only the trials that meet them count. **Come to a minimiser**
//! means `norm(w_prod - w*)^2 <= 1e-6` after the last step. Sharpness is the estimate of [`descent`](crate::descent),
//! good to 1e-6 and better, against thresholds of per cents.
//!
//! **What p0 says.** A sentence of the paper has no probability. Where it tells what was seen on the paper's own data
//! (one run, one figure), it is quoted, and the share of draws that show the same is reported; no share refutes it.
//! Where it is put as what happens in general, p0 = 1/2 asks for most draws; where it is put as a law, p0 is a few per
//! cent: what the number of trials can show.

use crate::arithmetic::Rational;
use crate::descent::{Data, Grid, Options, Outcome, Run, Sharpness, descend};
use crate::error::{Error, Result};
use crate::experiments::beyond::CONVERGED;
use crate::experiments::edge::{Located, locate};
use crate::experiments::{Family, Regression};
use crate::harness::chance::{Counts, counted};
use crate::harness::claim::{Context, Evaluation, Form, Statement};
use crate::harness::evidence::{Grade, Role};
use crate::statistics::streams::trial_rng;
use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use std::sync::{Arc, OnceLock};

/// Which bound on the sharpness a learning rate is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// S_min = 2 L lambda.
    Printed,
    /// 2 L q, q the Rayleigh quotient of Sigma at w*.
    Quotient,
    /// S*, the least sharpness of any minimiser.
    Flattest,
}

/// A learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Eta {
    /// This one.
    Fixed(f64),
    /// A multiple of 2/S, S by the rule; its logarithm is uniform between those of the ends.
    Times {
        /// S.
        rule: Rule,
        /// Smallest multiple.
        from: f64,
        /// Largest multiple.
        to: f64,
    },
}

/// Runs at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// The rate.
    pub eta: Eta,
    /// Gradient steps.
    pub steps: u64,
    /// The sharpness every so many steps; `None`: at both ends.
    pub every: Option<NonZeroU64>,
}

impl Chosen {
    /// A rate whose sharpness is seen at both ends.
    pub const fn fixed(eta: f64, steps: u64) -> Self {
        Self { eta: Eta::Fixed(eta), steps, every: None }
    }
    /// A drawn rate whose sharpness is seen at both ends.
    pub const fn times(rule: Rule, from: f64, to: f64, steps: u64) -> Self {
        Self { eta: Eta::Times { rule, from, to }, steps, every: None }
    }
    /// With the sharpness every so many steps.
    pub const fn every(mut self, steps: u64) -> Self {
        self.every = NonZeroU64::new(steps);
        self
    }
}

/// Scales of the starts of a trial, all with the same normals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scales {
    /// One, uniform between these.
    Within(f64, f64),
    /// Each of these.
    Each(Vec<f64>),
}

/// What the trials of a statement are: all that is needed to try them again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Setup {
    /// Of its streams.
    pub name: String,
    /// Of the starts.
    pub family: Family,
    /// L.
    pub depth: usize,
    /// n.
    pub samples: usize,
    /// d.
    pub dimension: usize,
    /// Scales.
    pub scales: Scales,
    /// Rates.
    pub rates: Vec<Chosen>,
    /// How many trials.
    pub trials: u64,
    /// Of the trials.
    pub seed: u64,
    /// The trials, once they have run: shared by the forms of a run that ask about the same setup.
    #[serde(skip)]
    seen: Arc<OnceLock<Arc<Vec<Trial>>>>,
}

impl Setup {
    /// On the paper's data: n = 50, d = 5, L = 10.
    pub fn new(name: &str, family: Family, scales: Scales, rates: Vec<Chosen>) -> Self {
        Self {
            name: name.into(),
            family,
            depth: 10,
            samples: 50,
            dimension: 5,
            scales,
            rates,
            trials: 0,
            seed: 0,
            seen: Arc::default(),
        }
    }
    /// With so many layers.
    #[must_use]
    pub fn layers(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }
    /// With so many trials in a quick run, four times as many in a standard one, sixteen in a night.
    #[must_use]
    pub fn tried(mut self, trials: usize, context: &Context) -> Self {
        self.trials = context.size(trials, 4 * trials, 16 * trials) as u64;
        self.seed = context.seed;
        self
    }
    fn describe(&self) -> String {
        let scales = match &self.scales {
            Scales::Within(a, b) => format!("scale in [{a}, {b}]"),
            Scales::Each(list) => {
                format!("scale {}", list.iter().map(|s| format!("{s:.3}")).collect::<Vec<_>>().join(", "))
            }
        };
        let rate = |c: &Chosen| match c.eta {
            Eta::Fixed(eta) => format!("eta = {eta}"),
            Eta::Times { rule, from, to } => format!("eta in [{from}, {to}] times 2/S ({rule:?})"),
        };
        let rates: Vec<String> = self.rates.iter().map(|c| format!("{}, {} steps", rate(c), c.steps)).collect();
        let family = self.family.name();
        format!(
            "{}: {family}, L = {}, {scales}; {}; {} draws of the data",
            self.name,
            self.depth,
            rates.join("; "),
            self.trials
        )
    }
    /// What the setting of a statement is, for a reader who knows the statement.
    fn setting(&self) -> String {
        let family = match self.family {
            Family::Gaussian => "Gaussian",
            Family::Residual => "residual",
        };
        let (low, high) = match &self.scales {
            Scales::Within(a, b) => (*a, *b),
            Scales::Each(list) => list.iter().fold((f64::INFINITY, 0.0), |(a, b), s| (s.min(a), s.max(b))),
        };
        let scale = if low == high { format!("scale {low}") } else { format!("scale {low} to {high}") };
        let eta = match self.rates.as_slice() {
            [Chosen { eta: Eta::Fixed(eta), .. }] => format!(", eta = {eta}"),
            _ => String::new(),
        };
        format!("{family}, {scale}{eta}")
    }
    fn check(&self) -> Result<()> {
        let scales = match &self.scales {
            Scales::Within(a, b) => a <= b && *a >= 0.0 && b.is_finite(),
            Scales::Each(list) => !list.is_empty() && list.iter().all(|s| *s >= 0.0 && s.is_finite()),
        };
        // More than a night of any machine asks for a mistake in a file of values.
        let sized = self.depth > 0 && self.depth <= 10_000 && self.trials <= 1 << 30 && !self.rates.is_empty();
        let rate = |c: &Chosen| match c.eta {
            Eta::Fixed(eta) => eta > 0.0 && eta.is_finite(),
            Eta::Times { from, to, .. } => from > 0.0 && from <= to && to.is_finite(),
        };
        if scales && sized && self.rates.iter().all(|c| rate(c) && c.steps > 0) {
            Ok(())
        } else {
            Err(Error::usage(
                "a setup needs scales >= 0, positive rates and steps, L from 1 to 10000, trials up to 2^30",
            ))
        }
    }
}

/// A run of a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// eta.
    pub eta: f64,
    /// Scale of its start.
    pub scale: f64,
    /// Whether it was given up.
    pub diverged: bool,
    /// `norm(w_prod - w*)^2` at the end.
    pub distance_squared: f64,
    /// Sharpness at the start.
    pub start: f64,
    /// Sharpness at the end.
    pub end: f64,
    /// How its records stand to 2/eta, where there are any between the ends.
    pub located: Option<Located>,
    /// The largest `S eta/2` of its records but the first.
    pub peak: f64,
}

impl Seen {
    fn of(eta: f64, scale: f64, outcome: &Outcome) -> Self {
        let last = outcome.last();
        let later = outcome.records.iter().skip(1).map(|r| r.sharpness * eta / 2.0);
        Self {
            eta,
            scale,
            diverged: outcome.diverged(),
            distance_squared: last.map_or(f64::NAN, |r| r.distance_squared),
            start: outcome.first().map_or(f64::NAN, |r| r.sharpness),
            end: last.map_or(f64::NAN, |r| r.sharpness),
            located: locate(&outcome.records, eta).filter(|_| outcome.records.len() > 2),
            peak: later.fold(f64::NEG_INFINITY, f64::max),
        }
    }
    /// Came to a minimiser.
    pub fn converged(&self) -> bool {
        !self.diverged && self.distance_squared <= CONVERGED
    }
}

/// A trial: data and runs, scale by scale, in each rate by rate.
#[derive(Clone, Debug)]
pub struct Trial {
    /// S_min.
    pub printed: f64,
    /// 2 L q.
    pub quotient: f64,
    /// S*.
    pub flattest: f64,
    /// 4 Lambda/lambda S_min.
    pub upper: f64,
    /// Lambda.
    pub lambda_max: f64,
    /// Its runs.
    pub runs: Vec<Seen>,
}

/// Apart from the draws on which setups and bounds were tried out.
const STREAMS: &str = "experiments/1";

/// What is drawn before anything is run.
struct Drawn {
    regression: Regression,
    flattest: f64,
    start: u64,
    /// Scale and rate of each run, and the place of its rate in the setup.
    runs: Vec<(f64, f64, usize)>,
}

fn draw(setup: &Setup, number: u64) -> Result<Drawn> {
    let mut rng = trial_rng(setup.seed, &format!("{STREAMS}/{}", setup.name), number);
    let (data, start): (u64, u64) = (rng.random(), rng.random());
    let share: f64 = rng.random();
    let regression = Regression::draw(setup.samples, setup.dimension, data)?;
    let singular = || Error::input(&setup.name, format!("trial {number}: Sigma is singular in doubles"));
    let flattest = regression.flattest(setup.depth).ok_or_else(singular)?;
    let of = |rule: Rule| match rule {
        Rule::Printed => regression.least_sharpness(setup.depth),
        Rule::Quotient => regression.quotient_sharpness(setup.depth),
        Rule::Flattest => flattest,
    };
    let mut eta = |chosen: &Chosen| {
        let share: f64 = rng.random();
        match chosen.eta {
            Eta::Fixed(eta) => eta,
            // Six digits: the last bits of S* depend on the machine, those of a rate must not.
            Eta::Times { rule, from, to } => six(2.0 / of(rule) * from * (to / from).powf(share)),
        }
    };
    let etas: Vec<f64> = setup.rates.iter().map(&mut eta).collect();
    let scales = match &setup.scales {
        Scales::Within(a, b) => vec![a + (b - a) * share],
        Scales::Each(list) => list.clone(),
    };
    let of = |scale: f64| etas.iter().enumerate().map(move |(k, eta)| (scale, *eta, k));
    let runs = scales.iter().flat_map(|s| of(*s)).collect();
    Ok(Drawn { regression, flattest, start, runs })
}

fn six(v: f64) -> f64 {
    format!("{v:.5e}").parse().unwrap_or(v)
}

/// The trials of a setup: run once, and kept for the other forms that ask about them.
fn trials(setup: &Setup) -> Result<Arc<Vec<Trial>>> {
    setup.check()?;
    if let Some(known) = setup.seen.get() {
        return Ok(known.clone());
    }
    // Nothing is held while they run: a thread that waits for its runs may be handed another form's question about the
    // same setup. Of two that ran it at once, the first to end is kept by both.
    let made = Arc::new(run(setup)?);
    Ok(setup.seen.get_or_init(|| made).clone())
}

fn run(setup: &Setup) -> Result<Vec<Trial>> {
    let drawn: Vec<Drawn> = (0..setup.trials).into_par_iter().map(|t| draw(setup, t)).collect::<Result<_>>()?;
    let data: Vec<Data> = drawn.iter().map(|d| d.regression.data().clone()).collect();
    let all: Vec<(usize, f64, f64, usize)> =
        drawn.iter().enumerate().flat_map(|(t, d)| d.runs.iter().map(move |r| (t, r.0, r.1, r.2))).collect();
    let mut seen: Vec<Option<Seen>> = vec![None; all.len()];
    let mut kinds: Vec<Option<NonZeroU64>> = setup.rates.iter().map(|c| c.every).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for every in kinds {
        let chosen: Vec<usize> = (0..all.len()).filter(|i| setup.rates[all[*i].3].every == every).collect();
        let run = |i: &usize| Run { data: all[*i].0, rate: all[*i].2, steps: setup.rates[all[*i].3].steps };
        let runs: Vec<Run> = chosen.iter().map(run).collect();
        let start = |i: usize| {
            let (t, scale, ..) = all[chosen[i]];
            setup.family.start(setup.dimension, setup.depth, scale, drawn[t].start)
        };
        let widths = setup.family.widths(setup.dimension, setup.depth);
        let sharpness = if every.is_some() { Sharpness::Always } else { Sharpness::Ends };
        let options = Options { every, sharpness, keep: false, ..Options::default() };
        let outcomes = descend(&Grid::new(&widths, &data, &runs, &start)?, &options, &())?;
        for (i, outcome) in chosen.iter().zip(&outcomes) {
            seen[*i] = outcome.as_ref().map(|o| Seen::of(all[*i].2, all[*i].1, o));
        }
    }
    let mut seen = seen.into_iter().flatten();
    let trial = |d: &Drawn| Trial {
        printed: d.regression.least_sharpness(setup.depth),
        quotient: d.regression.quotient_sharpness(setup.depth),
        flattest: d.flattest,
        upper: d.regression.upper_sharpness(setup.depth),
        lambda_max: d.regression.lambda_max(),
        runs: seen.by_ref().take(d.runs.len()).collect(),
    };
    Ok(drawn.iter().map(trial).collect())
}

/// "The event fails with probability at most `bound`", over the trials of some setups.
pub(crate) struct Counted {
    /// `claim/form`.
    pub key: &'static str,
    /// In words: what is seen in a draw, but for a share of at most `bound`.
    pub words: &'static str,
    /// p0.
    pub bound: f64,
    /// The setups.
    pub setups: fn(&Context) -> Vec<Setup>,
    /// Whether the event failed in a trial; `None` where the trial does not meet the condition.
    pub failed: fn(&Setup, &Trial) -> Option<bool>,
}

impl Counted {
    /// The statement as a formula.
    pub fn statement(&self) -> String {
        let share = 100.0 * (1.0 - self.bound);
        format!("{}: in {} % of the draws at least", self.words, (share * 1e6).round() / 1e6)
    }
}

impl Statement for Counted {
    type Instance = Setup;

    fn instances(&self, context: &Context) -> Vec<Setup> {
        let shared = |setup: Setup| {
            let key = serde_json::to_string(&setup).map_err(|e| Error::internal(format!("setup: {e}")));
            let list = key.map(|key| context.once(key, || Ok(vec![setup.clone()])));
            list.ok().and_then(|list| list.first().cloned()).unwrap_or(setup)
        };
        (self.setups)(context).into_iter().map(shared).collect()
    }
    fn describe(&self, i: &Setup) -> String {
        i.describe()
    }
    fn tags(&self, i: &Setup) -> Vec<String> {
        vec![i.family.name().into()]
    }
    fn evaluate(&self, i: &Setup, strength: &Rational) -> Evaluation {
        let trials = match trials(i) {
            Ok(trials) => trials,
            Err(e) => return Evaluation::undecided(e.to_string()),
        };
        let verdicts: Vec<bool> = trials.iter().filter_map(|t| (self.failed)(i, t)).collect();
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
        found
    }
}

/// A form that counting is expected to support.
pub(crate) fn holds(name: &'static str, role: Role, c: Counted) -> Form {
    Form::holds(name, role, Grade::Sampled, c.statement(), c)
}

/// A sentence of the paper about single draws, quoted, and what is looked for in a draw: in what share of draws is it
/// seen?
struct Seeing(Counted);

/// Width of an interval from which on it says nothing of a share: those of these statements are 0.31 wide at most.
const WIDEST: f64 = 0.4;

impl Statement for Seeing {
    type Instance = Setup;

    fn instances(&self, context: &Context) -> Vec<Setup> {
        self.0.instances(context)
    }
    fn describe(&self, i: &Setup) -> String {
        self.0.describe(i)
    }
    fn tags(&self, i: &Setup) -> Vec<String> {
        self.0.tags(i)
    }
    /// Holds where the share is known well enough: no share contradicts the sentence.
    fn evaluate(&self, i: &Setup, strength: &Rational) -> Evaluation {
        let counted = self.0.evaluate(i, strength);
        let Some([lo, hi]) = counted.sampled.as_ref().map(|s| s.interval) else { return counted };
        if hi - lo <= WIDEST {
            Evaluation { sampled: counted.sampled, ..Evaluation::decided(true, "counting") }
        } else {
            let why = format!("the share is known to lie in [{:.2}, {:.2}] only", 1.0 - hi, 1.0 - lo);
            Evaluation { sampled: counted.sampled, ..Evaluation::undecided(why) }
        }
    }
}

/// A sentence about single draws: the share of draws in which it is seen.
pub(crate) fn observed(name: &'static str, quote: &str, c: Counted) -> Form {
    let statement = format!("\"{quote}\": {}", c.words);
    Form::observed(name, statement, Seeing(c))
}

/// A form that must be refuted.
pub(crate) fn control(name: &'static str, c: Counted) -> Form {
    Form::control(name, c.statement(), c).graded(Grade::Sampled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::claim::Profile;

    fn setup() -> Setup {
        let rates = vec![Chosen::fixed(0.05, 30), Chosen::times(Rule::Flattest, 0.5, 0.9, 40).every(5)];
        let scales = Scales::Each(vec![0.3, 0.5]);
        Setup { depth: 4, trials: 6, seed: 3, ..Setup::new("test", Family::Gaussian, scales, rates) }
    }

    #[test]
    fn trials_do_not_depend_on_each_other_and_are_kept() {
        let context = Context::new(Profile::Quick, 1);
        let [one, again] = [0, 1].map(|_| {
            let form = Counted { key: "", words: "", bound: 0.5, setups: |_| vec![setup()], failed: |_, _| None };
            form.instances(&context).remove(0)
        });
        let all = trials(&one).unwrap();
        let fewer = trials(&Setup { trials: 2, ..setup() }).unwrap();
        assert_eq!(format!("{:?}", &all[..2]), format!("{fewer:?}"));
        assert!(Arc::ptr_eq(&all, &trials(&again).unwrap()), "two forms of one run");
        assert!(!Arc::ptr_eq(&all, &trials(&setup()).unwrap()), "another run");
        assert_ne!(all[0].runs[0], all[1].runs[0]);
    }

    #[test]
    fn runs_stand_scale_by_scale_and_rate_by_rate() {
        let all = trials(&setup()).unwrap();
        let runs = &all[0].runs;
        let of: Vec<(f64, bool)> = runs.iter().map(|r| (r.scale, r.eta == 0.05)).collect();
        assert_eq!(of, [(0.3, true), (0.3, false), (0.5, true), (0.5, false)]);
        let share = runs[1].eta * all[0].flattest / 2.0;
        assert!((0.5 - 1e-5..=0.9 + 1e-5).contains(&share) && runs[1].eta == runs[3].eta);
        assert!(runs[0].located.is_none() && runs[1].located.is_some());
        assert!(runs[0].start < runs[2].start, "the same normals, larger");
    }

    #[test]
    fn conditions_leave_trials_out_of_the_count() {
        let counted = Counted {
            key: "test/form",
            words: "eta is large",
            bound: 0.5,
            setups: |_| vec![setup()],
            failed: |_, t| (t.runs[1].eta > t.runs[0].eta).then_some(false),
        };
        let e = counted.evaluate(&setup(), &Rational::from(1));
        let met = trials(&setup()).unwrap().iter().filter(|t| t.runs[1].eta > t.runs[0].eta).count() as u64;
        assert_eq!(e.sampled.map(|s| (s.trials, s.failures)), (met > 0).then_some((met, 0)));
        assert!(trials(&Setup { rates: Vec::new(), ..setup() }).is_err());
        assert!(trials(&Setup { scales: Scales::Within(1.0, 0.5), ..setup() }).is_err());
    }
}
