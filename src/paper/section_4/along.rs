//! Statements along numerical trajectories, and at single points.

use crate::arithmetic::Rational;
use crate::error::Result;
use crate::harness::claim::{Context, Evaluation, Statement};
use crate::harness::evidence::Verdict;
use crate::harness::pairs::{judge, judge_all};
use crate::paper::section_4::hypotheses::Hypotheses;
use crate::paper::section_4::moment::{Inequality, Seen, Worded};
use crate::paper::section_4::networks::Point;
use crate::paper::section_4::trajectories::{Run, Trajectory};
use crate::paper::section_4::{networks, trajectories};

/// The times a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// t >= 0.
    Always,
    /// t >= 1.
    FromOne,
    /// The last point, which has to be close to the limit.
    End,
}

impl When {
    /// Those moments of a flow about which a statement speaks.
    pub(crate) fn of<T>(self, all: &[T], time: impl Fn(&T) -> f64) -> impl Iterator<Item = &T> {
        let first = if self == Self::End { all.len().saturating_sub(1) } else { 0 };
        all[first..].iter().filter(move |t| self != Self::FromOne || time(t) >= 1.0)
    }
}

/// Name of the arithmetic in the evidence.
pub const NUMERICAL: &str = "f64 intervals at the points of a numerical trajectory";

/// Whether a run came close to its limit.
///
/// # Errors
/// In words, what stopped it.
pub fn arrived(run: &Run) -> Result<(), String> {
    if run.converged { Ok(()) } else { Err(format!("the trajectory did not come close to its limit: {}", run.stopped)) }
}

/// The points of a run at which a statement speaks; `Err` where the run does not get there.
pub fn moments(run: &Run, when: When) -> Result<impl Iterator<Item = &trajectories::Sample>, String> {
    if when == When::End {
        arrived(run)?;
    }
    Ok(when.of(&run.samples, |s| s.time))
}

/// Name of the arithmetic where the weights are exact.
pub const AT_POINT: &str = "f64 intervals";

/// A statement about one network, whose gaps are its own: by Lemma 1 it then holds at every t of the flow through it.
/// Weights are dyadic, so that the doubles are exact.
pub struct AtPoint {
    /// Hypotheses.
    pub hypotheses: Hypotheses,
    /// The inequality, with the gaps of the same network.
    pub said: Inequality,
}

impl Worded for AtPoint {
    fn words(&self) -> String {
        self.said.text() + ", at any weights"
    }
}

impl Statement for AtPoint {
    type Instance = Point;

    fn instances(&self, context: &Context) -> Vec<Point> {
        networks::all(context).to_vec()
    }
    fn describe(&self, i: &Point) -> String {
        i.network.describe()
    }
    fn tags(&self, i: &Point) -> Vec<String> {
        networks::tags(&i.network)
    }
    fn evaluate(&self, i: &Point, strength: &Rational) -> Evaluation {
        let Some(known) = i.known() else { return Evaluation::out_of_scope("the weights are not doubles") };
        let (setting, seen) = (&known.0, &known.1);
        if let Some(refusal) = (self.hypotheses)(setting).refusal() {
            return refusal;
        }
        let out = match self.said.pairs(setting, Seen::Flow(seen)) {
            Err(why) => return Evaluation::undecided(why),
            Ok(pairs) if pairs.is_empty() => {
                let why = "the statement does not speak here, or is an equality that no enclosure decides";
                return Evaluation::out_of_scope(why);
            }
            Ok(pairs) => judge(pairs, strength, AT_POINT),
        };
        if out.verdict != Verdict::Undecided {
            return out;
        }
        let (setting, seen) = i.refined(known);
        let pairs = self.said.pairs(&setting, Seen::Flow(&seen)).unwrap_or_default();
        let mut out = judge(pairs, strength, "MPFR 128");
        if out.verdict == Verdict::Undecided {
            out.reason = Some("the margin contains zero with eigenvalues in MPFR (a case of equality?)".into());
        }
        out
    }
    fn simpler(&self, i: &Point) -> Vec<Point> {
        networks::simpler(i)
    }
    fn neighbours(&self, i: &Point) -> Vec<Point> {
        networks::neighbours(i)
    }
}

type OfRun = dyn Fn(&Trajectory, &Run, &Rational) -> Result<Evaluation, String> + Send + Sync;

/// A statement about the trajectories of a run; its hypotheses are checked before anything is integrated.
pub(crate) struct OfRuns {
    words: String,
    hypotheses: Hypotheses,
    /// Of whole trajectories only.
    whole: bool,
    evaluate: Box<OfRun>,
}

impl OfRuns {
    /// Evaluated by code, on whole trajectories.
    pub(crate) fn new(
        words: impl Into<String>,
        hypotheses: Hypotheses,
        evaluate: impl Fn(&Trajectory, &Run, &Rational) -> Result<Evaluation, String> + Send + Sync + 'static,
    ) -> Self {
        Self { words: words.into(), hypotheses, whole: true, evaluate: Box::new(evaluate) }
    }
    /// An inequality at every sampled moment.
    pub(crate) fn along(hypotheses: Hypotheses, when: When, said: Inequality) -> Self {
        let times = match when {
            When::Always => "t >= 0",
            When::FromOne => "t >= 1",
            When::End => "at the last point",
        };
        let at_moments = Self::new(format!("{}, {times}", said.text()), hypotheses, move |_, run, strength| {
            let lists = moments(run, when)?.map(|s| said.pairs(&run.setting, Seen::Flow(&s.seen)));
            Ok(judge_all(lists, strength, NUMERICAL))
        });
        Self { whole: when != When::Always, ..at_moments }
    }
}

impl Worded for OfRuns {
    fn words(&self) -> String {
        self.words.clone()
    }
}

impl Statement for OfRuns {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, self.whole)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        if let Some(refusal) = (self.hypotheses)(&i.setting()).refusal() {
            return refusal;
        }
        match i.run() {
            Err(e) => Evaluation::undecided(e),
            Ok(run) => (self.evaluate)(i, &run, strength).unwrap_or_else(Evaluation::undecided),
        }
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
}

pub(crate) fn at_end(hypotheses: Hypotheses, said: Inequality) -> OfRuns {
    OfRuns::along(hypotheses, When::End, said)
}
