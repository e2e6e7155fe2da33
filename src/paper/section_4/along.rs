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

/// A statement at every sampled moment of the trajectories of a run.
pub struct Along {
    /// Hypotheses.
    pub hypotheses: Hypotheses,
    /// Times.
    pub when: When,
    /// The inequality.
    pub said: Inequality,
}

impl Worded for Along {
    fn words(&self) -> String {
        let times = match self.when {
            When::Always => "t >= 0",
            When::FromOne => "t >= 1",
            When::End => "at the last point",
        };
        format!("{}, {times}", self.said.text())
    }
}

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

impl Statement for Along {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, self.when != When::Always)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        evaluate_run(i, self.hypotheses, |run| {
            let samples = moments(run, self.when)?;
            let lists = samples.map(|s| self.said.pairs(&run.setting, Seen::Flow(&s.seen)));
            Ok(judge_all(lists, strength, NUMERICAL))
        })
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
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

/// Checks the hypotheses before anything is integrated, then evaluates.
pub fn evaluate_run(
    i: &Trajectory,
    hypotheses: Hypotheses,
    of: impl Fn(&Run) -> Result<Evaluation, String>,
) -> Evaluation {
    if let Some(refusal) = hypotheses(&i.setting()).refusal() {
        return refusal;
    }
    match i.run() {
        Err(e) => Evaluation::undecided(e),
        Ok(run) => of(&run).unwrap_or_else(Evaluation::undecided),
    }
}

type OfRun = dyn Fn(&Trajectory, &Run, &Rational) -> Result<Evaluation, String> + Send + Sync;

/// A statement that code evaluates on the runs of whole trajectories.
pub(crate) struct OfRuns {
    hypotheses: Hypotheses,
    evaluate: Box<OfRun>,
}

impl OfRuns {
    pub(crate) fn new(
        hypotheses: Hypotheses,
        evaluate: impl Fn(&Trajectory, &Run, &Rational) -> Result<Evaluation, String> + Send + Sync + 'static,
    ) -> Self {
        Self { hypotheses, evaluate: Box::new(evaluate) }
    }
}

impl Statement for OfRuns {
    type Instance = Trajectory;

    fn instances(&self, context: &Context) -> Vec<Trajectory> {
        trajectories::of(context, true)
    }
    fn describe(&self, i: &Trajectory) -> String {
        i.describe()
    }
    fn tags(&self, i: &Trajectory) -> Vec<String> {
        i.tags()
    }
    fn evaluate(&self, i: &Trajectory, strength: &Rational) -> Evaluation {
        evaluate_run(i, self.hypotheses, |run| (self.evaluate)(i, run, strength))
    }
    fn simpler(&self, i: &Trajectory) -> Vec<Trajectory> {
        trajectories::simpler(i)
    }
}

pub(crate) fn at_end(hypotheses: Hypotheses, said: Inequality) -> Along {
    Along { hypotheses, when: When::End, said }
}
