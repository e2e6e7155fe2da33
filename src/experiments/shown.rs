//! Figures 1c, 1d, 3c, 3d: a draw that does what the figure's caption says, and for what share of draws it does.
//!
//! A draw is that of the data and of the start; of the start alone where the data are given, or large. Draw 0 is that
//! of the other figures.
//!
//! The paper shows one randomly chosen run each. A single run can be picked to show anything, so here the rule is
//! fixed beforehand: the first of [`DRAWS`] draws that does what the caption says, with the number of draws that do.
//! All are judged by the same number of steps, at most [`JUDGED`], and the one that is shown is then run for as long
//! as the caller wants.

use super::edge::{Located, Trajectory, from_start, locate, single_seed};
use super::{Family, Regression};
use crate::descent::Watch;
use crate::error::Result;
use crate::problem::Problem;
use std::num::NonZeroU64;

/// Draws among which the share is counted.
pub const DRAWS: u64 = 20;

/// Steps, at most, after which a draw is judged: those of the paper.
pub const JUDGED: u64 = 400;

/// What the caption says of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caption {
    /// "The network does not enter edge of stability": the sharpness stays at or below 2/eta.
    Stays,
    /// "The network enters edge of stability": the sharpness is above 2/eta at some step and passes it ten times at
    /// least, and R - R_min ends at less than half of what it was when it first did.
    Enters,
}

impl Caption {
    /// Whether this run does. One that diverges does neither.
    pub fn fits(self, run: &Trajectory, at: &Located) -> bool {
        run.diverged.is_none()
            && match self {
                Self::Stays => at.entered.is_none(),
                Self::Enters => at.enters(),
            }
    }
}

/// What is run.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Data of draw 0.
    pub problem: &'a Problem,
    /// The same in doubles.
    pub regression: &'a Regression,
    /// Whether other draws have data of their own, n x d as in Appendix C.
    pub drawn: bool,
    /// Of the starts.
    pub family: Family,
    /// L.
    pub depth: usize,
    /// eta.
    pub rate: f64,
    /// Scale of the start.
    pub scale: f64,
    /// Steps of the run that is shown.
    pub steps: u64,
    /// Of the data and the starts.
    pub seed: u64,
    /// What the run has to do.
    pub caption: Caption,
}

/// A run that is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The number of its draw.
    pub draw: u64,
    /// Of [`DRAWS`] draws, those that do what the caption says; if none does, draw 0 is shown.
    pub fitting: u64,
    /// Its data.
    pub problem: Problem,
    /// The run, every step recorded.
    pub run: Trajectory,
    /// How it stands to 2/eta; `None` where the start itself is out of bounds.
    pub located: Option<Located>,
}

impl Wanted<'_> {
    /// The data of a draw: those of draw 0 where other draws have none of their own, or where X has more than a
    /// million entries.
    ///
    /// # Errors
    /// Those of drawing the data.
    fn problem(&self, draw: u64) -> Result<Problem> {
        /// Entries of X beyond which the data are not drawn again.
        const LARGE: usize = 1_000_000;
        let (n, d) = (self.problem.samples(), self.problem.dimension());
        let again = draw > 0 && self.drawn && n.saturating_mul(d) <= LARGE;
        if again { Problem::appendix_c(n, d, self.seed.wrapping_add(draw)) } else { Ok(self.problem.clone()) }
    }
    /// `None` if `watch` stopped it.
    ///
    /// With every step recorded.
    ///
    /// # Errors
    /// Those of the grid; w* = 0.
    fn run(&self, problem: &Problem, draw: u64, steps: u64, watch: &dyn Watch) -> Result<Option<Trajectory>> {
        let own;
        let regression = if draw == 0 {
            self.regression
        } else {
            own = Regression::of(problem)?;
            &own
        };
        let start = single_seed(self.seed, self.family, self.scale, draw);
        let length = (steps, NonZeroU64::MIN);
        let runs = from_start(regression, self.family, self.depth, self.scale, &[self.rate], length, (start, watch))?;
        Ok(runs.into_iter().next())
    }
    /// Steps that [`Wanted::shown`] takes at most.
    pub fn run_steps(steps: u64) -> u64 {
        steps.saturating_add(DRAWS * steps.min(JUDGED))
    }
    /// The first of [`DRAWS`] draws that does what the caption says, and how many do; `None` if `watch` stopped it.
    ///
    /// # Errors
    /// Those of the grid and of drawing the data.
    pub fn shown(&self, watch: &dyn Watch) -> Result<Option<Shown>> {
        let mut fitting = Vec::new();
        for draw in 0..DRAWS {
            let problem = self.problem(draw)?;
            let Some(run) = self.run(&problem, draw, self.steps.min(JUDGED), watch)? else { return Ok(None) };
            if locate(&run.records, run.rate).is_some_and(|at| self.caption.fits(&run, &at)) {
                fitting.push(draw);
            }
        }
        let draw = fitting.first().copied().unwrap_or(0);
        let problem = self.problem(draw)?;
        let Some(run) = self.run(&problem, draw, self.steps, watch)? else { return Ok(None) };
        let located = locate(&run.records, run.rate);
        Ok(Some(Shown { draw, fitting: fitting.len() as u64, problem, run, located }))
    }
}
