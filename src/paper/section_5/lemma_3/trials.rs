//! Lemma 3, tried: how often do random products leave the bounds, and how often may they?
//!
//! | paper | code | shape |
//! | --- | --- | --- |
//! | L, d, s, u | `Setting` | scalars |
//! | `8 exp(-d u^2/(32 s^2))` | `stated_bound` | p0 |
//! | `4 exp(s^2/2 + u)`, `exp(-2 s^2/d - u)/4` | `bounds` with factor 4; 2 at theta = 0 (M_{s,u}, m_{s,u}) | thresholds |
//! | `exp(-2 s^2 - 4 u)/64` | `radius` | of the ball of the theta_k |
//!
//! **A trial** draws N_1 .. N_L and passes if the bound holds for every prefix and *every* theta in the ball, decided
//! with error bounds ([`crate::residual`]). With probability p0 at most, either bound may fail; each claim is about one
//! of them.
//!
//! **Inside the constants.** Settings of `lemma-3-constants` (`all-scales`): d >= 4, 64.5 s^2 + 8.4 s <= u <= 0.65
//! sqrt(L). What counting reaches of p0 there, the claims' remarks say.
//!
//! **Outside** them the printed bound may fail, and does. (i) Few layers: at L = 1, d = 4, s = 1/2, u = 4.9, the matrix
//! I + N/4 is within exp(-2/d s^2 - u)/4 of a singular one with probability 7e-5, while p0 = 5e-5, and the excess grows
//! with u: the density of sigma_min at 0 does not know of u. A condition like `u <= C_4 L^(1/4)` cannot be dropped.
//! (ii) Wide and rough: for d to infinity sigma_min of the product falls like `exp(-s^2/2)`, the printed bound like
//! `exp(-u)/4` with a failure probability of `exp(-d u^2/(32 s^2))`: without `u >= C_3`, C_3 of order s^2 at least, it
//! is false (d = 50, L = 50, s = 3: violated in 29 of 30 trials where p0 = 0.24). So a term of order s^2 in C_3 is
//! needed; whether it has to be as large as 64.5 s^2, against the s^2/2 of this example, is open.
//!
//! For fixed d and L the density of sigma_min at 0 beats `exp(-d u^2/(32 s^2))` at large u in any case (d = 1, L = 10,
//! s = 1, u = 40): some upper limit on u is needed at every depth.

use super::constants::stated_exponent;
use crate::arithmetic::{Big, Enclosure, Field, Interval, Rational, Real, Ring};
use crate::error::{Error, Result};
use crate::formula::Reading;
use crate::harness::chance::{Chance, Counts, Part, assess};
use crate::harness::{Claim, Comparison, Context, Evaluation, Form, Grade, Role, Statement, decide, tagged};
use crate::paper::section_5::explicit::float;
use crate::residual::{self, Setup, Side};
use crate::statistics::tails::normal_log_tail;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// L, d, s, u, the number of trials of a report, and their seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Setting {
    /// L.
    pub depth: usize,
    /// d.
    pub width: usize,
    /// The scale, >= 0.
    pub s: Rational,
    /// u >= 0 of the statement.
    pub u: Rational,
    /// Fixed before any is run: the exact interval needs that.
    pub trials: u64,
    /// Of the run.
    pub seed: u64,
}

/// The id of the claim about one of the two bounds.
fn claim_of(side: Side) -> &'static str {
    if side == Side::Norm { "lemma-3-norm" } else { "lemma-3-sigma-min" }
}

/// `ln(factor exp(s^2/2 + u))` and `-ln(exp(-2 s^2/d - u)/factor)`; the paper's thresholds have the factor 4, and 2 at
/// theta = 0.
pub fn bounds<E: Enclosure>(s2: &E, width: &E, u: &E, factor: &E) -> (E, E) {
    let two = E::from_i64(2);
    let slack = factor.ln() + u;
    (&slack + s2 / &two, slack + two * s2 / width)
}

/// `exp(-2 s^2 - 4 u)/64`.
pub fn radius<E: Enclosure>(s2: &E, u: &E) -> E {
    (-(E::from_i64(2) * s2 + E::from_i64(4) * u)).exp() / E::from_i64(64)
}

/// `64.5 s^2 + 8.4 s`.
fn certified_u(s: &Rational) -> Rational {
    Rational::new(129, 2) * s.powi(2) + Rational::new(42, 5) * s
}

impl Setting {
    /// With the seed 0, which a run replaces by its own.
    pub fn new(depth: usize, width: usize, s: Rational, u: Rational, trials: u64) -> Self {
        Self { depth, width, s, u, trials, seed: 0 }
    }
    /// u from the stated probability: `u^2 = 32 s^2/d z2`, so that p0 = 8 exp(-z2), rounded to a short rational.
    pub fn at(depth: usize, width: usize, s: Rational, z2: f64, trials: u64) -> Self {
        let u = (32.0 * z2 / width as f64).sqrt() * s.to_f64();
        Self::new(depth, width, s, Rational::new((u * 1000.0).round() as i64, 1000), trials)
    }
    /// s^2, enclosed.
    fn s2(&self) -> Interval {
        float(&self.s).powi(2)
    }
    /// d, as an interval.
    fn width(&self) -> Interval {
        Interval::from_i64(self.width as i64)
    }
    /// p0, rounded up; 0 for s = 0.
    pub fn stated_bound(&self) -> f64 {
        if self.s.sign() == 0 {
            return 0.0;
        }
        let exponent = stated_exponent(&self.s2(), &self.width(), &float(&self.u));
        (8 * (-exponent).exp()).hi()
    }
    /// `norm(P_k) <= .0` and `sigma_min(P_k) >= .1` for this factor, enclosed.
    pub fn thresholds(&self, factor: &Rational) -> (Interval, Interval) {
        let (norm, least) = bounds(&self.s2(), &self.width(), &float(&self.u), &float(factor));
        (norm.exp(), (-least).exp())
    }
    /// The parameters in one line.
    fn describe(&self) -> String {
        format!("d = {}, L = {}, s = {}, u = {}", self.width, self.depth, self.s, self.u)
    }
    /// Sixteen over p0, times `deeper`: no failure among so many decides.
    ///
    /// With n trials and no failure the upper end of the exact interval at `harness::chance::ALPHA` is about
    /// `ln(2/ALPHA)/n = 14.5/n`, which 16/p0 trials bring below p0; for p0 < 1e-7 there are as many as for 1e-7.
    pub fn enough(self, deeper: u64) -> Self {
        Self { trials: deeper * (16.0 / self.stated_bound().max(1e-7)).ceil() as u64, ..self }
    }
    /// Inside `all-scales` of `lemma-3-constants`, decided exactly.
    pub fn inside(&self) -> bool {
        let most = Rational::new(169, 400) * Rational::from(self.depth as i64);
        self.width >= 4 && self.u >= certified_u(&self.s) && self.u.powi(2) <= most
    }
}

/// The event of a trial: factor 4 with every theta of the ball, else at theta = 0; a control has no u in its threshold.
#[derive(Clone, Copy)]
pub(super) struct Event {
    /// Which bound: of the norms, or of sigma_min.
    side: Side,
    /// 4 in Lemma 3, 2 in the event of its proof, 1 in a control.
    factor: i64,
    /// For all theta of the ball at once, or at theta = 0.
    every_theta: bool,
    /// A control, whose threshold has no u.
    without_u: bool,
}

impl Event {
    /// One bound as Lemma 3 has it.
    pub(super) const fn printed(side: Side) -> Self {
        Self { side, factor: 4, every_theta: true, without_u: false }
    }
    /// At theta = 0, which lies in the ball: what fails there fails the printed bound.
    const fn rough() -> Self {
        Self { every_theta: false, ..Self::printed(Side::SigmaMin) }
    }
    /// The event of the proof, before theta is moved.
    const fn at_zero(side: Side) -> Self {
        Self { side, factor: 2, every_theta: false, without_u: false }
    }
    /// The event as the report prints it.
    fn words(self) -> String {
        let (f, [u, lesser]) = (self.factor, if self.without_u { ["", ""] } else { [" + u", " - u"] });
        let theta = if self.every_theta { "every theta in the ball, " } else { "theta = 0, " };
        match self.side {
            Side::Norm => format!("{theta}all k: norm(P_k) <= {f} exp(s^2/2{u})"),
            Side::SigmaMin => format!("{theta}all k: sigma_min(P_k) >= exp(-2 s^2/d{lesser})/{f}"),
        }
    }
    /// The statement at a setting.
    ///
    /// The cost is an estimate for the sizes of batches; nothing is decided by it.
    ///
    /// # Errors
    /// A width, depth or scale that [`Setup`] refuses, and u < 0.
    pub(super) fn chance(self, i: &Setting) -> Result<Chance> {
        let place = if self.every_theta { "ball" } else { "zero" };
        let control = if self.without_u { "-without-u" } else { "" };
        let (d, depth, s, u) = (i.width, i.depth, i.s.to_f64(), i.u.to_f64());
        let name = format!("{}/{place}{}{control}-d{d}-L{depth}-s{s}-u{u}", claim_of(self.side), self.factor);
        // Refuses bad parameters now, not at the first trial.
        Setup::new(d, depth, s, 0, &name)?;
        if i.u.sign() < 0 {
            return Err(Error::usage(format!("Lemma 3 needs u >= 0, got {}", i.u)));
        }
        let (stream, setting) = (name.clone(), i.clone());
        let statement = format!("{}; {}", self.words(), i.describe());
        let work = depth as f64 * (d as f64).powi(2) * (d as f64 + 12.0);
        // Ill-conditioned products are decided one by one.
        let seconds = if i.s > Rational::from(2) { 4e-9 } else { 3e-10 };
        let trials = move |seed, range| self.count(&setting, seed, &stream, range);
        Ok(Chance::new(name, claim_of(self.side), statement, i.stated_bound(), trials).cost(1e-6 + seconds * work))
    }
    /// Failures and open trials of a range. A trial fails if some prefix P_k leaves the bound for certain, for some
    /// theta of the ball; it is open if the enclosures leave room for both.
    ///
    /// # Errors
    /// Those of `residual::count`.
    fn count(self, i: &Setting, seed: u64, stream: &str, range: Range<u64>) -> Result<Counts> {
        let setup = Setup::new(i.width, i.depth, i.s.to_f64(), seed, stream)?;
        let at = if self.without_u { Setting { u: Rational::zero(), ..i.clone() } } else { i.clone() };
        let ball = self.every_theta.then(|| radius(&i.s2(), &float(&i.u)));
        let thresholds = at.thresholds(&Rational::from(self.factor));
        let [failures, undecided] = residual::count(&setup, self.side, thresholds, ball, range)?;
        Ok(Counts { failures, undecided })
    }
}

/// Inside the certified constants; then its own case, and what the hypotheses exclude.
fn inside(deeper: u64) -> Vec<Setting> {
    let q = Rational::new;
    let certified = |(depth, width, s)| Setting::new(depth, width, q(1, s), certified_u(&q(1, s)), 0).enough(deeper);
    let all = [(1, 4, 1000), (10, 4, 1000), (100, 4, 1000), (1, 4, 100), (20, 4, 100), (10, 5, 1000)];
    let beyond = [(3, q(0, 1), q(1, 10)), (3, q(-1, 2), q(1, 10)), (1, q(1, 1), q(729, 10)), (0, q(1, 1), q(1, 1))];
    all.map(certified).into_iter().chain(beyond.map(|(depth, s, u)| Setting::new(depth, 4, s, u, 1))).collect()
}

/// Outside them, where s is moderate and L is not small.
fn outside(deeper: u64) -> Vec<Setting> {
    let scales = [(1, 3.0), (2, 3.0), (2, 5.0), (2, 8.0)];
    let tried = |(depth, width), (halves, z2)| {
        let i = Setting::at(depth, width, Rational::new(halves, 2), z2, 0).enough(deeper);
        Setting { trials: i.trials.max(2000 * deeper), ..i }
    };
    [(10, 5), (100, 5), (20, 20), (100, 20)].into_iter().flat_map(|shape| scales.map(|s| tried(shape, s))).collect()
}

/// One layer.
fn one_layer(deeper: u64) -> Vec<Setting> {
    vec![Setting::at(1, 4, Rational::new(1, 2), 14.0, 1_000_000 * deeper)]
}

/// s = 3 at d = 50.
fn rough(deeper: u64) -> Vec<Setting> {
    vec![Setting::at(50, 50, Rational::from(3), 3.5, 30 * deeper)]
}

/// A domain, decided exactly, and what is said of a setting that is not in it.
pub(super) type Domain = (fn(&Setting) -> bool, &'static str);

/// The domain of the form `all-scales` of `lemma-3-constants`.
const CERTIFIED: Domain = (Setting::inside, "u outside [64.5 s^2 + 8.4 s, 0.65 sqrt(L)], or d < 4");

/// An event, counted.
pub(super) struct Tried {
    /// What is counted.
    pub event: Event,
    /// Of a factor for the least number of trials that can decide.
    pub settings: fn(u64) -> Vec<Setting>,
    /// Where settings are in scope; everywhere without one.
    pub domain: Option<Domain>,
}

/// At s = 0 the products at theta = 0 are identities: `(1 + r/L)^L <= e^r` and `(1 - r/L)^L >= 1 - r` stand against the
/// thresholds.
struct NoNoise<'a>(&'a Setting, Event);

impl Comparison for NoNoise<'_> {
    fn sides<E: Enclosure + Reading>(&self, bits: u32) -> (E, E) {
        let Self(setting, event) = self;
        let u = E::from_rational(&setting.u, bits);
        let r = if event.every_theta { radius(&E::zero(), &u) } else { E::zero() };
        let width = E::from_i64(setting.width as i64);
        let (norm, least) = bounds(&E::zero(), &width, &u, &E::from_i64(event.factor));
        match event.side {
            Side::Norm => (norm, r),
            Side::SigmaMin => ((E::one() - r).ln(), -least),
        }
    }
}

impl Statement for Tried {
    type Instance = Setting;

    fn instances(&self, context: &Context) -> Vec<Setting> {
        let settings = (self.settings)(context.size(1, 4, 16) as u64);
        settings.into_iter().map(|i| Setting { seed: context.seed, ..i }).collect()
    }
    fn describe(&self, i: &Setting) -> String {
        format!("{}; p0 = {:.2e}, {} trials", i.describe(), i.stated_bound(), i.trials)
    }
    fn tags(&self, i: &Setting) -> Vec<String> {
        tagged([
            (i.depth >= 100, "L >= 100"),
            (i.depth == 1, "L = 1"),
            (i.s.sign() == 0, "s = 0"),
            (i.width >= 20, "d >= 20"),
        ])
    }
    fn evaluate(&self, i: &Setting, strength: &Rational) -> Evaluation {
        if i.depth == 0 || i.width == 0 || i.s.sign() < 0 || i.u.sign() < 0 {
            return Evaluation::out_of_scope("needs L, d >= 1 and s, u >= 0");
        }
        if i.s.sign() == 0 {
            // The sides are logarithms: their ratio is no tightness.
            return Evaluation { ratio: None, ..decide(&NoNoise(i, self.event), strength) };
        }
        if let Some((_, why)) = self.domain.filter(|(contains, _)| !contains(i)) {
            return Evaluation::out_of_scope(why);
        }
        if i.stated_bound() >= 1.0 {
            return Evaluation::out_of_scope("the stated probability is not positive: it says nothing");
        }
        match self.event.chance(i) {
            Ok(chance) => assess(&chance, strength, i.seed, i.trials),
            Err(e) => Evaluation::undecided(e.to_string()),
        }
    }
}

/// The statements that a night tries: inside the constants, outside them, and those known to be false there.
pub fn chances() -> Vec<Chance> {
    let mut out = Vec::new();
    let mut try_all = |event: Event, part: Part, settings: Vec<Setting>| {
        out.extend(settings.iter().filter_map(|i| event.chance(i).ok()).map(|c| c.part(part)));
    };
    let meant = |i: &Setting| i.s.sign() > 0 && i.depth > 0 && i.inside();
    for side in [Side::Norm, Side::SigmaMin] {
        try_all(Event::printed(side), Part::Statement, inside(1).into_iter().filter(meant).collect());
        try_all(Event::printed(side), Part::Statement, outside(1));
    }
    try_all(Event::printed(Side::SigmaMin), Part::KnownFalse, one_layer(1));
    try_all(Event::rough(), Part::KnownFalse, rough(1));
    out.extend(canaries());
    out
}

/// Through the kernel of this file: d = L = s = 1, where `norm(P_1) = |1 + N|` exceeds 2 with probability
/// `P(N > 1) + P(N > 3)`.
fn canaries() -> Vec<Chance> {
    let tail = |z: i64| normal_log_tail(&Big::from_rational(&Rational::from(z), 96)).exp();
    let exact = (tail(1) + tail(3)).to_interval().hi();
    let of = |name: &str, bound: f64, part| {
        let key = format!("canary/lemma-3-{name}");
        let stream = key.clone();
        let statement = format!("P(|1 + N| > 2) <= {bound:.4}; the probability is {exact:.4}");
        let trials = move |seed, range: Range<u64>| {
            let setup = Setup::new(1, 1, 1.0, seed, &stream)?;
            let thresholds = (Interval::point(2.0), Interval::point(0.0));
            let [failures, undecided] = residual::count(&setup, Side::Norm, thresholds, None, range)?;
            Ok(Counts { failures, undecided })
        };
        Chance::new(key, "lemma-3-norm", statement, bound, trials).part(part).cost(1e-6)
    };
    vec![of("falsehood", 0.145, Part::PlantedFalsehood), of("truth", exact, Part::PlantedTruth)]
}

/// The statement of a printed form, and where it is tried.
fn printed_words(side: Side, of: &str) -> String {
    format!("P(not: {}) <= 8 exp(-d u^2/(32 s^2)), {of}", Event::printed(side).words())
}

/// Printed inside the constants; the same at theta = 0; a conjecture outside them; a control.
fn forms(side: Side) -> Vec<Form> {
    let tried = |event, settings: fn(u64) -> Vec<Setting>, domain| Tried { event, settings, domain };
    let printed = Event::printed(side);
    let within = printed_words(side, "inside the certified constants");
    vec![
        Form::printed("printed", within, tried(printed, inside, Some(CERTIFIED))).graded(Grade::Sampled).requires(&[
            ("L >= 100", 1),
            ("L = 1", 1),
            ("s = 0", 1),
        ]),
        Form::printed(
            "theta-zero",
            format!("the event of the proof, with 2 for 4: {}", Event::at_zero(side).words()),
            tried(Event::at_zero(side), inside, Some(CERTIFIED)),
        )
        .graded(Grade::Sampled)
        .besides(),
        Form::holds(
            "moderate-scale",
            Role::Conjecture,
            Grade::Sampled,
            printed_words(
                side,
                "outside the constants, at the settings tried: s = 1/2 and 1, d = 5 and 20, L from 10 to 100, p0 from \
                 2.6e-3",
            ),
            tried(printed, outside, None),
        )
        .requires(&[("L >= 100", 1), ("d >= 20", 1)]),
        Form::control(
            "without-u",
            "the same bound on the probability with u = 0 in the threshold and 1 in place of 4, theta = 0",
            tried(
                Event { side, factor: 1, every_theta: false, without_u: true },
                |deeper| vec![Setting::at(20, 10, Rational::one(), 4.0, 200 * deeper)],
                None,
            ),
        )
        .graded(Grade::Sampled),
    ]
}

/// Of both bounds.
const HYPOTHESES: &str = "d >= C_2, u in [C_3, C_4 sqrt(L)] with the constants that `lemma-3-constants` certifies; N_k \
                          with independent standard normal entries";

/// `lemma-3-norm`.
pub fn norm() -> Claim {
    Claim {
        id: "lemma-3-norm",
        title: "The norms of products of residual layers",
        place: "Lemma 3, first bound",
        hypotheses: HYPOTHESES,
        uses: &["lemma-3-constants", "lemma-9"],
        forms: forms(Side::Norm),
        finding: None,
        remarks: &[
            "Inside the constants p0 is at most 8 exp(-2.2 d). Trials decide for d = 4 and 5; for d = 20 it is below \
             1e-18, which no counting reaches: there the proof alone speaks. Where they decide, s is 1/100 or less, \
             and a failure needs norm(N) above 150: these counts test the machinery more than the lemma. At s = 1 the \
             lemma needs 9140 layers, and allows a norm of 1e29.",
            "The norms were never seen to break the printed bound, at any s up to 3 (the figure); sigma_min does.",
        ],
    }
}

/// `lemma-3-sigma-min`.
pub fn sigma_min() -> Claim {
    let control = |name, without: &str, event, settings: fn(u64) -> Vec<Setting>| {
        let (words, body) = (printed_words(Side::SigmaMin, without), Tried { event, settings, domain: None });
        Form::control(name, words, body).graded(Grade::Sampled)
    };
    let (printed, shallow) =
        (Event::printed(Side::SigmaMin), "without the condition on L: L = 1, d = 4, s = 1/2, u = 5.3");
    let wide = "without u >= C_3: L = 50, d = 50, s = 3, u = 4.49, theta = 0";
    let mut forms = forms(Side::SigmaMin);
    forms.push(control("one-layer", shallow, printed, one_layer));
    forms.push(control("rough", wide, Event::rough(), rough));
    Claim {
        id: "lemma-3-sigma-min",
        title: "The smallest singular values of products of residual layers",
        place: "Lemma 3, second bound",
        hypotheses: HYPOTHESES,
        uses: &["lemma-3-constants", "lemma-9"],
        forms,
        finding: None,
        remarks: &[
            "Both conditions are needed: at L = 1 the density of sigma_min at 0 is what counts (control one-layer), \
             and for wide networks with s = 3 the bound is violated in 29 of 30 trials where it allows a share of 0.24 \
             (control rough).",
            "Inside the constants p0 is at most 8 exp(-2.2 d). Trials decide for d = 4 and 5; for d = 20 it is below \
             1e-18, which no counting reaches: there the proof alone speaks. Where they decide, s is 1/100 or less, \
             and a failure needs norm(N) above 150: these counts test the machinery more than the lemma.",
        ],
    }
}
