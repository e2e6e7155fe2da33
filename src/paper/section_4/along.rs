//! Statements along numerical trajectories, and at single points.
//!
//! **From a statement to a verdict.** `at_point` and `along` take hypotheses ([`Hypotheses`]) and an [`Inequality`]
//! and give its words and a [`Stated`]. At an instance the hypotheses are asked first: where they fail, or the
//! instance is of another kind, it is out of scope; where they are not decided, nothing is. Only then is a trajectory
//! integrated. The pairs of all moments are judged together: a form holds at an instance if every pair holds with
//! certainty at every moment at which it speaks.
//!
//! **What a numerical trajectory can show.** Everything said of a point is enclosed, with the weights of the point
//! taken as exact. That the point lies near the true flow is an error estimate of the integrator, not a proof; hence
//! the grade `Computed`, which the claims set, and a form along certified tubes beside it.

use crate::arithmetic::Rational;
use crate::flow::thinned::Sample;
use crate::harness::Stated;
use crate::harness::claim::Evaluation;
use crate::harness::evidence::Verdict;
use crate::harness::pairs::{judge, judge_all};
use crate::paper::section_4::hypotheses::Hypotheses;
use crate::paper::section_4::moment::{Inequality, Seen};
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
    ///
    /// `FromOne` asks the function for the time of each moment, `End` takes the last moment, `Always` all of them.
    pub(crate) fn of<T>(self, all: &[T], time: impl Fn(&T) -> f64) -> impl Iterator<Item = &T> {
        let first = if self == Self::End { all.len().saturating_sub(1) } else { 0 };
        all[first..].iter().filter(move |t| self != Self::FromOne || time(t) >= 1.0)
    }
}

/// A statement with its words.
pub(crate) type Told<I> = (String, Stated<I>);

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
///
/// # Errors
/// In words: for [`When::End`], a run that did not come close to its limit; its last point says nothing about the
/// limit.
pub fn moments(run: &Run, when: When) -> Result<impl Iterator<Item = &Sample>, String> {
    if when == When::End {
        arrived(run)?;
    }
    Ok(when.of(&run.samples, |s| s.time))
}

/// A statement about one network, whose gaps are its own: by Lemma 1 it then holds at every t of the flow through it.
/// Weights are dyadic, so that the doubles are exact.
///
/// Doubles first; where a margin contains zero, the eigenvalues are found once more in MPFR and the zeros of rank-one
/// layers are put in exactly ([`Point::refined`]). What is open after that stays undecided. A network at which the
/// statement gives no pair is out of scope: an equality that it leaves out, or a depth at which it does not speak.
pub(crate) fn at_point(hypotheses: Hypotheses, said: Inequality) -> Told<Point> {
    let words = said.text() + ", at any weights";
    let evaluate = move |i: &Point, strength: &Rational| {
        let Some(known) = i.known() else { return Evaluation::out_of_scope("the weights are not doubles") };
        let (setting, seen) = (&known.0, &known.1);
        if let Some(refusal) = hypotheses(setting).refusal() {
            return refusal;
        }
        let out = match said.pairs(setting, Seen::Flow(seen)) {
            Err(why) => return Evaluation::undecided(why),
            Ok(pairs) if pairs.is_empty() => {
                let why = "the statement does not speak here, or is an equality that no enclosure decides";
                return Evaluation::out_of_scope(why);
            }
            Ok(pairs) => judge(pairs, strength, "f64 intervals"),
        };
        if out.verdict != Verdict::Undecided {
            return out;
        }
        let (setting, seen) = i.refined(known);
        let pairs = said.pairs(&setting, Seen::Flow(&seen)).unwrap_or_default();
        let mut out = judge(pairs, strength, "MPFR 128");
        if out.verdict == Verdict::Undecided {
            out.reason = Some("the margin contains zero with eigenvalues in MPFR (a case of equality?)".into());
        }
        out
    };
    (words, Stated::new(|context| networks::all(context).to_vec(), evaluate))
}

/// A statement about runs, by code, with its words; its hypotheses are checked before anything is integrated.
///
/// `whole`: only trajectories that are followed to their limit are tried.
fn of(
    whole: bool,
    words: String,
    hypotheses: Hypotheses,
    evaluate: impl Fn(&Trajectory, &Run, &Rational) -> Result<Evaluation, String> + Send + Sync + 'static,
) -> Told<Trajectory> {
    let of_run = move |i: &Trajectory, strength: &Rational| {
        let decide = || i.run().and_then(|run| evaluate(i, &run, strength)).unwrap_or_else(Evaluation::undecided);
        hypotheses(&i.setting()).refusal().unwrap_or_else(decide)
    };
    (words, Stated::new(move |context| trajectories::of(context, whole), of_run))
}

/// Of whole trajectories, by code.
pub(crate) fn of_runs(
    words: impl Into<String>,
    hypotheses: Hypotheses,
    evaluate: impl Fn(&Trajectory, &Run, &Rational) -> Result<Evaluation, String> + Send + Sync + 'static,
) -> Told<Trajectory> {
    of(true, words.into(), hypotheses, evaluate)
}

/// An inequality at every sampled moment; of whole trajectories unless it is about all times.
pub(crate) fn along(hypotheses: Hypotheses, when: When, said: Inequality) -> Told<Trajectory> {
    let times = match when {
        When::Always => "t >= 0",
        When::FromOne => "t >= 1",
        When::End => "at the last point",
    };
    of(when != When::Always, format!("{}, {times}", said.text()), hypotheses, move |_, run, strength| {
        let lists = moments(run, when)?.map(|s| said.pairs(&run.setting, Seen::Flow(&s.seen)));
        Ok(judge_all(lists, strength, NUMERICAL))
    })
}

/// [`along()`] at the last point, of trajectories that came close to their limit.
pub(crate) fn at_end(hypotheses: Hypotheses, said: Inequality) -> Told<Trajectory> {
    along(hypotheses, When::End, said)
}
