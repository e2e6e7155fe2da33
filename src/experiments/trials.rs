//! Trials: gradient descent on many draws of the data, each with a start and rates of its own.
//!
//! **A trial** draws its own data (Appendix C: n = 50, d = 5 unless a [`Setup`] says otherwise), its own start, and
//! whatever the setup leaves to chance, from the stream (seed, name of the setup, number of the trial), and runs
//! gradient descent in doubles. So trials are independent.
//!
//! **Come to a minimiser** means `norm(w_prod - w*)^2 <= 1e-6` after the last step. Sharpness is the estimate of
//! [`descent`](crate::descent), good to 1e-6 and better.
//!
//! **Reproducible.** Descent is the same bits everywhere, and so are data and starts but for the system's exp and ln
//! in the normal draws. A rate that is a multiple of 2/S is rounded to six digits: the last bits of S* depend on the
//! machine, and a rate that differed would give other runs.
//!
//! **What runs together.** All runs of a setup with the same distance of records are one grid of
//! [`descent`](crate::descent), over all trials at once.

use super::beyond::CONVERGED;
use super::edge::{Located, locate};
use super::{Family, Regression};
use crate::descent::{Data, Grid, Options, Outcome, Run, Sharpness, descend};
use crate::error::{Error, Result};
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
///
/// Clones share the trials of the first of them that runs; one whose fields differ from that one's runs its own at
/// every call, and does not keep them. A value that was read has none yet.
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
    /// The trials, once they have run, and of which fields, as they are written: shared by the forms of a run that ask
    /// about the same setup.
    #[serde(skip)]
    seen: Arc<OnceLock<(String, Arc<Vec<Trial>>)>>,
}

impl Setup {
    /// On the paper's data: n = 50, d = 5, L = 10; of seed 0.
    pub fn new(
        name: impl Into<String>,
        family: Family,
        scales: Scales,
        rates: impl Into<Vec<Chosen>>,
        trials: u64,
    ) -> Self {
        let (depth, samples, dimension) = (10, 50, 5);
        let (name, rates) = (name.into(), rates.into());
        Self { name, family, depth, samples, dimension, scales, rates, trials, seed: 0, seen: Arc::default() }
    }
    /// In one line, with all that was chosen.
    pub fn describe(&self) -> String {
        let scales = match &self.scales {
            Scales::Within(a, b) => format!("scale in [{a}, {b}]"),
            Scales::Each(list) => {
                format!("scale {}", list.iter().map(|s| format!("{s:.3}")).collect::<Vec<_>>().join(", "))
            }
        };
        let rate = |c: &Chosen| match c.eta {
            Eta::Fixed(eta) => format!("eta = {eta}, {} steps", c.steps),
            Eta::Times { rule, from, to } => {
                format!("eta in [{from}, {to}] times 2/S ({rule:?}), {} steps", c.steps)
            }
        };
        let rates = self.rates.iter().map(rate).collect::<Vec<_>>().join("; ");
        let Self { name, depth, trials, .. } = self;
        format!("{name}: {}, L = {depth}, {scales}; {rates}; {trials} draws of the data", self.family.name())
    }
    /// For a reader who knows the statement that it is tried for.
    pub fn setting(&self) -> String {
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
    /// # Errors
    /// What the message lists: scales, rates, steps, depth or number of trials out of range.
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
    /// Its trials: run once, and kept for whoever else asks this value or a clone of it.
    ///
    /// The trials come in the order of their numbers; trial t is the same whatever the number of trials.
    ///
    /// # Errors
    /// A setup that nothing can be drawn for; what stops descent.
    pub fn trials(&self) -> Result<Arc<Vec<Trial>>> {
        self.check()?;
        let key = serde_json::to_string(self).map_err(|e| Error::internal(e.to_string()))?;
        if let Some((_, known)) = self.seen.get().filter(|(of, _)| *of == key) {
            return Ok(known.clone());
        }
        // Nothing is held while they run: a thread that waits for its runs may be handed another question about the
        // same setup. Of two that ran it at once, the first to end is kept by both.
        let made = Arc::new(run(self)?);
        let (of, kept) = self.seen.get_or_init(|| (key.clone(), made.clone()));
        Ok(if *of == key { kept.clone() } else { made })
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
    /// Numbers that a diverged run does not have are NaN; its `peak` is over the records that it has. Without a
    /// second record `peak` is minus infinity.
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
    /// Came to a minimiser whose sharpness is in this range, but for the error of its estimate: 1e-6, with room.
    pub fn ends_within(&self, lo: f64, hi: f64) -> bool {
        self.converged() && self.end >= lo * (1.0 - 1e-5) && self.end <= hi * (1.0 + 1e-5)
    }
    /// `S eta/2` at the start.
    pub fn scaled_start(&self) -> f64 {
        self.start * self.eta / 2.0
    }
    /// `S eta/2` at the end.
    pub fn scaled_end(&self) -> f64 {
        self.end * self.eta / 2.0
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
    /// The data.
    regression: Regression,
    /// S*.
    flattest: f64,
    /// Seed of the start.
    start: u64,
    /// Scale and rate of each run, and the place of its rate in the setup.
    runs: Vec<(f64, f64, usize)>,
}

/// From the trial's stream, in this order: the seed of the data, that of the start, the share that places the scale,
/// and one share for each rate (drawn for fixed rates too, so that a rate that is made fixed leaves the others as
/// they are).
///
/// # Errors
/// n < d or a singular draw of the data; a Sigma that is singular in doubles.
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

/// Rounded to six digits.
fn six(v: f64) -> f64 {
    format!("{v:.5e}").parse().unwrap_or(v)
}

/// Draws all trials, runs them as one grid for each distance of records, and puts the runs back into the order of the
/// trials: scale by scale, in each rate by rate.
///
/// # Errors
/// Those of `draw` and of [`descend`].
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

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> Setup {
        let rates = vec![Chosen::fixed(0.05, 30), Chosen::times(Rule::Flattest, 0.5, 0.9, 40).every(5)];
        let scales = Scales::Each(vec![0.3, 0.5]);
        Setup { depth: 4, seed: 3, ..Setup::new("test", Family::Gaussian, scales, rates, 6) }
    }

    #[test]
    fn trials_do_not_depend_on_each_other_and_are_kept() {
        let one = setup();
        let all = one.trials().unwrap();
        let fewer = Setup { trials: 2, ..setup() }.trials().unwrap();
        assert_eq!(format!("{:?}", &all[..2]), format!("{fewer:?}"));
        assert!(Arc::ptr_eq(&all, &one.clone().trials().unwrap()) && !Arc::ptr_eq(&all, &setup().trials().unwrap()));
        assert_ne!(all[0].runs[0], all[1].runs[0]);
        let changed = Setup { trials: 2, ..one.clone() };
        assert_eq!((changed.trials().unwrap().len(), one.trials().unwrap().len()), (2, 6));
    }

    #[test]
    fn runs_stand_scale_by_scale_and_rate_by_rate() {
        let all = setup().trials().unwrap();
        let runs = &all[0].runs;
        let of: Vec<(f64, bool)> = runs.iter().map(|r| (r.scale, r.eta == 0.05)).collect();
        assert_eq!(of, [(0.3, true), (0.3, false), (0.5, true), (0.5, false)]);
        let share = runs[1].eta * all[0].flattest / 2.0;
        assert!((0.5 - 1e-5..=0.9 + 1e-5).contains(&share) && runs[1].eta == runs[3].eta);
        assert!(runs[0].located.is_none() && runs[1].located.is_some());
        assert!(runs[0].start < runs[2].start, "the same normals, larger");
    }

    #[test]
    fn setups_of_which_nothing_can_be_drawn_are_refused() {
        assert!(Setup { rates: Vec::new(), ..setup() }.trials().is_err());
        assert!(Setup { scales: Scales::Within(1.0, 0.5), ..setup() }.trials().is_err());
    }
}
