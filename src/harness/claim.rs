//! The frame: what a statement is, and how its forms are evaluated, decided, shrunk and replayed.
//!
//! A [`Claim`] is a list of [`Form`]s: the statement as printed, as corrected, sharpened forms, and controls that must
//! be refuted. A form wraps a [`Statement`], which generates instances over the stated domain and evaluates one of them
//! to a verdict. A verdict comes from the ladder of [`decide`]: f64 intervals, then MPFR at 128, 256, 512 bits, then
//! exact rationals where the statement offers them. Nothing is decided by an epsilon.

use crate::arithmetic::{Big, Enclosure, Interval, Rational};
use crate::error::{Error, Result};
use crate::formula::Reading;
use crate::harness::evidence::{Grade, Outcome, Role, SampledEvidence, Verdict};
use num_traits::One;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

/// How deep a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// About a minute on two cores.
    Quick,
    /// Ten minutes on two cores.
    Standard,
    /// Three quarters of an hour on two cores.
    Nightly,
}

/// What a run gives to every statement.
#[derive(Clone, Debug)]
pub struct Context {
    /// Depth of the run.
    pub profile: Profile,
    /// Seed of every generated instance.
    pub seed: u64,
    lists: Lists,
}

/// Lists of instances by name, made once in a run and shared by all forms that ask for them; and the first that could
/// not be made.
#[derive(Clone, Default)]
struct Lists(Arc<Mutex<Made>>);

/// What the lists were made into so far, and the first error.
#[derive(Default)]
struct Made {
    lists: BTreeMap<String, Arc<dyn Any + Send + Sync>>,
    refused: Option<Error>,
}

impl fmt::Debug for Lists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lists")
    }
}

impl Context {
    /// A run that has made nothing yet.
    pub fn new(profile: Profile, seed: u64) -> Self {
        Self { profile, seed, lists: Lists::default() }
    }
    /// The list of this name, made at the first call. Where it cannot be made it is empty, and the form that asked for
    /// it ends the run with the reason.
    pub fn once<T: Send + Sync + 'static>(
        &self,
        name: impl Into<String>,
        make: impl FnOnce() -> Result<Vec<T>>,
    ) -> Arc<Vec<T>> {
        let name = name.into();
        let known = self.lists.0.lock().ok().and_then(|m| m.lists.get(&name).cloned());
        if let Some(list) = known.and_then(|l| l.downcast::<Vec<T>>().ok()) {
            return list;
        }
        // No lock is held while it is made: making a list may ask for another.
        let made = make();
        let Ok(mut all) = self.lists.0.lock() else { return Arc::default() };
        match made {
            // Another thread may have made it meanwhile: all of a run read the same list.
            Ok(list) => {
                let first = all.lists.entry(name).or_insert_with(|| Arc::new(list)).clone();
                first.downcast().unwrap_or_default()
            }
            Err(e) => {
                all.refused.get_or_insert(e);
                Arc::default()
            }
        }
    }
    /// Were all lists made?
    ///
    /// # Errors
    /// The first that could not be.
    fn made(&self) -> Result<()> {
        let died = |_| Error::internal("a thread died while it made instances");
        self.lists.0.lock().map_err(died)?.refused.take().map_or(Ok(()), Err)
    }
    /// Picks a size by profile.
    pub fn size(&self, quick: usize, standard: usize, nightly: usize) -> usize {
        match self.profile {
            Profile::Quick => quick,
            Profile::Standard => standard,
            Profile::Nightly => nightly,
        }
    }
}

/// A random point at which an identity was evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomPoint {
    /// The identity that it is a point of: independent points of one shape multiply their probabilities.
    pub shape: String,
    /// log2 of the probability that a false identity of this shape holds here: of `degree / 2^63` (Schwartz and
    /// Zippel), for numbers drawn from 2^63 integers or more.
    pub error_log2: f64,
}

impl RandomPoint {
    /// Bits of the sample set.
    const SAMPLE_BITS: f64 = 63.0;

    /// For sides of whose differences the numerators have at most this degree in the numbers drawn.
    fn new(shape: impl Into<String>, degree: u64) -> Self {
        Self { shape: shape.into(), error_log2: ((degree.max(1) as f64).log2() - Self::SAMPLE_BITS).min(0.0) }
    }
    /// So many independent points, evaluated together.
    #[must_use]
    pub fn repeated(mut self, points: usize) -> Self {
        self.error_log2 *= points as f64;
        self
    }
}

/// The verdict on one instance, with what led to it.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Starts undecided; leaves that state on positive evidence only.
    pub verdict: Verdict,
    /// Normalised margin.
    pub margin: Option<Interval>,
    /// `greater / lesser` of the statement as it stands (strength 1).
    pub ratio: Option<Interval>,
    /// The greater side, and the lesser times the strength: of several inequalities, of the tightest.
    pub sides: Option<[Interval; 2]>,
    /// The arithmetic that decided.
    pub arithmetic: String,
    /// Why it is undecided or out of scope.
    pub reason: Option<String>,
    /// Identities: the random point.
    pub point: Option<RandomPoint>,
    /// Domain proofs: boxes visited.
    pub boxes: Option<usize>,
    /// Sampled statements: what was counted.
    pub sampled: Option<SampledEvidence>,
}

impl Evaluation {
    /// Undecided, for a reason.
    pub fn undecided(reason: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Undecided,
            margin: None,
            ratio: None,
            sides: None,
            arithmetic: "none".into(),
            reason: Some(reason.into()),
            point: None,
            boxes: None,
            sampled: None,
        }
    }
    /// Outside the hypotheses, for a reason.
    pub fn out_of_scope(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::OutOfScope, ..Self::undecided(reason) }
    }
    /// Decided exactly: holds or fails.
    pub fn exact(holds: bool) -> Self {
        let verdict = if holds { Verdict::Holds } else { Verdict::Fails };
        Self { verdict, arithmetic: EXACT.into(), reason: None, ..Self::undecided("") }
    }
    /// An identity at a random point whose numbers are variables ([`Rational::as_variable`]): the two sides of each
    /// pair. Their degrees come with them. What a side reads off the value of a variable (a floor) counts as a constant
    /// there; so the degree that the bits of the sides show is a bound from below.
    pub fn identity<'a>(
        shape: impl Into<String>,
        sides: impl IntoIterator<Item = (&'a Rational, &'a Rational)>,
    ) -> Self {
        let (mut holds, mut degree) = (true, 0);
        for (a, b) in sides {
            holds &= a == b;
            degree = degree.max(degree_of_difference(a.degrees(), b.degrees()));
            let (a, b) = (bits(a), bits(b));
            degree = degree.max(degree_of_difference(a, b) / RandomPoint::SAMPLE_BITS as u64);
        }
        Self { point: Some(RandomPoint::new(shape, degree)), ..Self::exact(holds) }
    }
    /// Decided by a given arithmetic.
    pub fn decided(holds: bool, arithmetic: &str) -> Self {
        Self { arithmetic: arithmetic.into(), ..Self::exact(holds) }
    }
}

/// Degree, or number of bits, of the numerator `p s - r q` of `p/q - r/s`, from those of p, q and r, s.
fn degree_of_difference((p, q): (u64, u64), (r, s): (u64, u64)) -> u64 {
    p.saturating_add(s).max(r.saturating_add(q))
}

/// Bits of numerator and denominator.
fn bits(q: &Rational) -> (u64, u64) {
    let q = q.as_rug();
    (q.numer().significant_bits().into(), q.denom().significant_bits().into())
}

/// Name of exact rational arithmetic in the evidence.
pub const EXACT: &str = "exact rationals";

/// A statement "greater >= strength * lesser" about one instance, in any enclosure arithmetic.
pub trait Comparison {
    /// Enclosures of both sides at `bits` of precision.
    fn sides<E: Enclosure + Reading>(&self, bits: u32) -> (E, E);
    /// Exact decision of `greater >= strength * lesser` for the cases of equality, which no enclosure can decide;
    /// `None` where the sides are not comparable in rationals.
    fn exactly(&self, _strength: &Rational) -> Option<bool> {
        None
    }
}

/// Two numbers that are enclosed already: the greater and the lesser.
impl Comparison for (Big, Big) {
    fn sides<E: Enclosure + Reading>(&self, bits: u32) -> (E, E) {
        (E::from_big(&self.0, bits), E::from_big(&self.1, bits))
    }
}

/// What one rung of the ladder says of two sides.
struct Attempt {
    verdict: Verdict,
    margin: Interval,
    ratio: Interval,
    sides: [Interval; 2],
}

/// One rung: the verdict by the enclosure of `greater - strength lesser`, its share of the larger side, and the ratio
/// of the sides, the whole line unless lesser is certainly positive.
fn attempt<E: Enclosure>((greater, lesser): (E, E), strength: &Rational, bits: u32) -> Attempt {
    let scaled = if strength.is_one() { lesser.clone() } else { &lesser * E::from_rational(strength, bits) };
    let difference = &greater - &scaled;
    let size = greater.abs().max(&scaled.abs());
    let margin = if difference.is_zero() { Interval::point(0.0) } else { (&difference / size).to_interval() };
    let verdict = if difference.is_nonnegative() {
        Verdict::Holds
    } else if difference.is_negative() {
        Verdict::Fails
    } else {
        Verdict::Undecided
    };
    let sides = [greater.to_interval(), scaled.to_interval()];
    let ratio = if lesser.is_positive() { (greater / lesser).to_interval() } else { Interval::ENTIRE };
    Attempt { verdict, margin, ratio, sides }
}

/// Decides `greater >= strength * lesser`, raising the precision until the enclosure of the margin leaves zero.
pub fn decide(c: &impl Comparison, strength: &Rational) -> Evaluation {
    climb(strength, &|bits| c.sides::<Interval>(bits), &|bits| c.sides::<Big>(bits), &|| c.exactly(strength))
}

/// The ladder, compiled once for all statements.
fn climb(
    strength: &Rational,
    quick: &dyn Fn(u32) -> (Interval, Interval),
    precise: &dyn Fn(u32) -> (Big, Big),
    exactly: &dyn Fn() -> Option<bool>,
) -> Evaluation {
    let big = |bits| attempt(precise(bits), strength, bits);
    let rungs: [(&str, &dyn Fn() -> Attempt); 4] = [
        ("f64 intervals", &|| attempt(quick(53), strength, 53)),
        ("MPFR 128", &|| big(128)),
        ("MPFR 256", &|| big(256)),
        ("MPFR 512", &|| big(512)),
    ];
    let mut last = None;
    for (at, (name, rung)) in rungs.iter().enumerate() {
        // A case of equality stays undecided at every precision: ask for the exact answer after the second rung.
        if at == 2
            && let Some(holds) = exactly()
        {
            return exactly_decided(holds, strength, last);
        }
        let a = rung();
        if a.verdict != Verdict::Undecided {
            return Evaluation {
                verdict: a.verdict,
                margin: Some(a.margin),
                ratio: Some(a.ratio),
                sides: Some(a.sides),
                arithmetic: (*name).to_string(),
                reason: None,
                ..Evaluation::undecided("")
            };
        }
        last = Some(a);
    }
    let sides = last.as_ref().map(|a| a.sides);
    let (margin, ratio) = last.map_or((None, None), |a| (Some(a.margin), Some(a.ratio)));
    let width = margin.map_or(f64::INFINITY, |m| m.width());
    Evaluation {
        margin,
        ratio,
        sides,
        ..Evaluation::undecided(format!(
            "the margin contains zero at 512 bits (width {width:.1e}) and has no exact form"
        ))
    }
}

/// The verdict by the exact answer, with the figures of the last rung.
fn exactly_decided(holds: bool, strength: &Rational, last: Option<Attempt>) -> Evaluation {
    // The exact answer sharpens the enclosure on the side that it decides.
    let clip = |i: Interval, at: f64| {
        if holds {
            Interval::new(i.lo().max(at), i.hi().max(at))
        } else {
            Interval::new(i.lo().min(at), i.hi().min(at))
        }
    };
    let sides = last.as_ref().map(|a| a.sides);
    let (margin, ratio) =
        last.map_or((None, None), |a| (Some(clip(a.margin, 0.0)), Some(clip(a.ratio, strength.to_f64()))));
    Evaluation { margin, ratio, sides, ..Evaluation::exact(holds) }
}

/// A statement over a family of instances.
pub trait Statement: Send + Sync + 'static {
    /// One instance in exact values, so that a counterexample can be stored and checked by hand.
    type Instance: Serialize + DeserializeOwned + Clone + Send + Sync;
    /// The instances of a run: over the whole stated domain, its boundary, and somewhat beyond it.
    fn instances(&self, context: &Context) -> Vec<Self::Instance>;
    /// In words, one line.
    fn describe(&self, instance: &Self::Instance) -> String;
    /// Coverage classes it belongs to.
    fn tags(&self, _instance: &Self::Instance) -> Vec<String> {
        Vec::new()
    }
    /// The verdict at a strength (1: as it stands).
    fn evaluate(&self, instance: &Self::Instance, strength: &Rational) -> Evaluation;
    /// Simpler neighbours of an instance, the simplest first; a counterexample is replaced by the first that is still
    /// one.
    fn simpler(&self, _instance: &Self::Instance) -> Vec<Self::Instance> {
        Vec::new()
    }
    /// Nearby instances inside the same hypotheses, for hill climbing towards the least slack.
    fn neighbours(&self, _instance: &Self::Instance) -> Vec<Self::Instance> {
        Vec::new()
    }
}

/// The classes that an instance belongs to, for [`Statement::tags`].
pub fn tagged<S: Into<String>, const N: usize>(classes: [(bool, S); N]) -> Vec<String> {
    classes.into_iter().filter(|c| c.0).map(|c| c.1.into()).collect()
}

/// Those that are shorter to write down than an instance, the shortest first, for [`Statement::simpler`].
pub fn shorter<T: Serialize>(than: &T, candidates: impl IntoIterator<Item = T>) -> Vec<T> {
    let length = |t: &T| serde_json::to_string(t).map_or(usize::MAX, |s| s.len());
    let limit = length(than);
    let mut out: Vec<T> = candidates.into_iter().filter(|c| length(c) < limit).collect();
    out.sort_by_key(length);
    out
}

/// One form of a claim.
pub struct Form {
    /// `printed`, `corrected`, ...; unique in the claim.
    pub name: &'static str,
    /// Its part.
    pub role: Role,
    /// The statement as a formula.
    pub statement: String,
    /// The recorded outcome.
    pub expected: Outcome,
    /// The grade of the evidence if it is verified.
    pub grade: Grade,
    /// The factor at which it is evaluated (controls strengthen or weaken another statement).
    pub strength: Rational,
    /// The printed constant that `probe --constant` replaces, and whether a larger constant makes the statement
    /// stronger.
    pub constant: Option<(Rational, bool)>,
    /// Coverage that the instances in scope must reach.
    pub required: Vec<(&'static str, usize)>,
    /// Evidence besides: wider coverage at a lower grade than another form of the same statement, so not what the claim
    /// stands on.
    pub besides: bool,
    /// The statement, its kind of instance erased.
    pub(crate) body: Box<dyn Erased>,
}

impl Form {
    /// A form expected to be verified.
    pub fn holds<S: Statement>(
        name: &'static str,
        role: Role,
        grade: Grade,
        statement: impl Into<String>,
        body: S,
    ) -> Self {
        Self {
            name,
            role,
            statement: statement.into(),
            expected: Outcome::Verified,
            grade,
            strength: Rational::one(),
            constant: None,
            required: Vec::new(),
            besides: false,
            body: Box::new(Wrapped(Arc::new(body))),
        }
    }
    /// The statement as printed, expected to be verified on instances ([`Form::graded`] where the evidence is another).
    pub fn printed<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self::holds(name, Role::Printed, Grade::Instance, statement, body)
    }
    /// A corrected form, likewise.
    pub fn corrected<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self::holds(name, Role::Corrected, Grade::Instance, statement, body)
    }
    /// A sharper form, likewise.
    pub fn sharpened<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self::holds(name, Role::Sharpened, Grade::Instance, statement, body)
    }
    /// A conjecture of ours, likewise.
    pub fn conjecture<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self::holds(name, Role::Conjecture, Grade::Instance, statement, body)
    }
    /// The statement as printed, expected to be refuted.
    pub fn misprinted<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self::fails(name, Role::Printed, statement, body)
    }
    /// A form expected to be refuted by a counterexample.
    pub fn fails<S: Statement>(name: &'static str, role: Role, statement: impl Into<String>, body: S) -> Self {
        Self { expected: Outcome::Refuted, ..Self::holds(name, role, Grade::Instance, statement, body) }
    }
    /// A sentence about single draws: the share of draws in which it is seen is measured ([`Outcome::Observed`]).
    pub fn observed<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self { expected: Outcome::Observed, ..Self::holds(name, Role::Printed, Grade::Sampled, statement, body) }
    }
    /// A control: must be refuted.
    pub fn control<S: Statement>(name: &'static str, statement: impl Into<String>, body: S) -> Self {
        Self::fails(name, Role::Control, statement, body)
    }
    /// With more words after the formula: a range, what follows.
    #[must_use]
    pub fn also(mut self, words: &str) -> Self {
        self.statement += &format!(", {words}");
        self
    }
    /// With the hypotheses in words, where they are not those of the claim.
    #[must_use]
    pub fn under(self, hypotheses: &str) -> Self {
        self.also(&format!("under {hypotheses}"))
    }
    /// At another strength than 1.
    #[must_use]
    pub fn at(mut self, strength: Rational) -> Self {
        self.strength = strength;
        self
    }
    /// Verified, or refuted, with other evidence than instances.
    #[must_use]
    pub fn graded(mut self, grade: Grade) -> Self {
        self.grade = grade;
        self
    }
    /// With coverage that must be reached.
    #[must_use]
    pub fn requires(mut self, classes: &[(&'static str, usize)]) -> Self {
        self.required = classes.to_vec();
        self
    }
    /// Wider coverage at a lower grade: another form of the same statement is what the claim stands on.
    #[must_use]
    pub fn besides(mut self) -> Self {
        self.besides = true;
        self
    }
    /// With the printed constant, for `probe`.
    #[must_use]
    pub fn with_constant(mut self, constant: Rational, larger_is_stronger: bool) -> Self {
        self.constant = Some((constant, larger_is_stronger));
        self
    }
}

impl Form {
    /// Its instances in this run.
    ///
    /// # Errors
    /// A list of instances that could not be made.
    pub(super) fn prepare(&self, context: &Context) -> Result<Box<dyn Prepared>> {
        let list = self.body.prepare(context);
        context.made()?;
        Ok(list)
    }
}

/// One claim of the catalogue.
#[derive(Default)]
pub struct Claim {
    /// The catalogue's id.
    pub id: &'static str,
    /// Title in words.
    pub title: &'static str,
    /// Place in the paper.
    pub place: &'static str,
    /// Hypotheses in words.
    pub hypotheses: &'static str,
    /// Claims its proof uses.
    pub uses: &'static [&'static str],
    /// Its forms.
    pub forms: Vec<Form>,
    /// For a statement that does not hold as printed: kind of error, what depends on it, what survives.
    pub finding: Option<&'static str>,
    /// Remarks.
    pub remarks: &'static [&'static str],
}

/// A statement with its instance type erased, so that the engine can hold them all.
pub(crate) trait Erased: Send + Sync {
    fn prepare(&self, context: &Context) -> Box<dyn Prepared>;
    /// The list of the one instance with these values; or why they are none.
    fn restore(&self, values: &Value) -> std::result::Result<Box<dyn Prepared>, String>;
}

/// A list of instances ready to be evaluated.
pub(crate) trait Prepared: Send + Sync {
    /// Number of instances; `at` counts them from 0.
    fn len(&self) -> usize;
    fn describe(&self, at: usize) -> String;
    fn tags(&self, at: usize) -> Vec<String>;
    fn evaluate(&self, at: usize, strength: &Rational) -> Evaluation;
    /// The instance in exact values, as it is stored.
    fn values(&self, at: usize) -> Value;
    /// See [`Statement::neighbours`].
    fn neighbours(&self, at: usize) -> Box<dyn Prepared>;
    /// See [`Statement::simpler`].
    fn simpler(&self, at: usize) -> Box<dyn Prepared>;
}

/// A statement, shared by the lists of its instances.
struct Wrapped<S>(Arc<S>);

impl<S: Statement> Wrapped<S> {
    fn list(&self, instances: Vec<S::Instance>) -> Box<dyn Prepared> {
        Box::new(List { statement: Self(self.0.clone()), instances })
    }
}

/// Instances of one statement.
struct List<S: Statement> {
    statement: Wrapped<S>,
    instances: Vec<S::Instance>,
}

impl<S: Statement> Erased for Wrapped<S> {
    fn prepare(&self, context: &Context) -> Box<dyn Prepared> {
        self.list(self.0.instances(context))
    }
    fn restore(&self, values: &Value) -> std::result::Result<Box<dyn Prepared>, String> {
        Ok(self.list(vec![serde_json::from_value(values.clone()).map_err(|e| e.to_string())?]))
    }
}

impl<S: Statement> Prepared for List<S> {
    fn len(&self) -> usize {
        self.instances.len()
    }
    fn describe(&self, at: usize) -> String {
        self.statement.0.describe(&self.instances[at])
    }
    fn tags(&self, at: usize) -> Vec<String> {
        self.statement.0.tags(&self.instances[at])
    }
    fn evaluate(&self, at: usize, strength: &Rational) -> Evaluation {
        self.statement.0.evaluate(&self.instances[at], strength)
    }
    fn values(&self, at: usize) -> Value {
        serde_json::to_value(&self.instances[at]).unwrap_or(Value::Null)
    }
    fn neighbours(&self, at: usize) -> Box<dyn Prepared> {
        self.statement.list(self.statement.0.neighbours(&self.instances[at]))
    }
    fn simpler(&self, at: usize) -> Box<dyn Prepared> {
        self.statement.list(self.statement.0.simpler(&self.instances[at]))
    }
}
