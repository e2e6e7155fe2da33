//! Events: the first time that a quantity crosses a level, as a bracket found on the continuous extension.

use super::drive::{Time, Visit};
use crate::arithmetic::Nearest;
use serde::Serialize;

/// A crossing, somewhere between two times.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Crossing {
    /// Before it, on the continuous extension.
    pub after: Time,
    /// After it, or at it.
    pub by: Time,
    /// From above to below.
    pub falling: bool,
}

/// Watches one quantity for the first crossing of one level; to be asked at every visit of [`super::drive::drive`].
///
/// A quantity that crosses and comes back within one step is not seen, as with every sign test; nor is a crossing in a
/// step at one of whose ends the quantity is not a number. Its error is that of the continuous extension, of order 4.
#[derive(Clone, Debug)]
pub struct Watch {
    /// What the quantity is held against.
    level: f64,
    /// The quantity less the level at the start of the next step; `None` before the first.
    start: Option<f64>,
    /// The first crossing, which stays.
    found: Option<Crossing>,
}

/// Halvings of a step: beyond these the two times agree to double precision.
const HALVINGS: usize = 52;

impl Watch {
    /// For this level.
    pub fn new(level: f64) -> Self {
        Self { level, start: None, found: None }
    }
    /// The first crossing, once there was one.
    pub fn found(&self) -> Option<Crossing> {
        self.found
    }
    /// Looks at one accepted step; `quantity` is evaluated at its end, and some fifty times where it crosses.
    ///
    /// It must be asked at every step, since the quantity at its start is that at the end of the step before. The
    /// bisection is in the share theta of the step.
    pub fn look<P: Nearest>(&mut self, visit: &mut Visit<'_, P>, mut quantity: impl FnMut(&[P]) -> f64) {
        if self.found.is_some() {
            return;
        }
        let start = self.start.unwrap_or_else(|| quantity(visit.start()) - self.level);
        let end = quantity(visit.end()) - self.level;
        self.start = Some(end);
        let crossed = |v: f64| if start > 0.0 { v <= 0.0 } else { v >= 0.0 };
        // On the level from the start is not a crossing of it.
        if start == 0.0 || start.is_nan() || !crossed(end) {
            return;
        }
        let mut scratch = visit.start().to_vec();
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            visit.interpolate(middle, &mut scratch);
            if crossed(quantity(&scratch) - self.level) { high = middle } else { low = middle }
        }
        let at = |theta: f64| visit.time.plus(theta * visit.step);
        self.found = Some(Crossing { after: at(low), by: at(high), falling: start > 0.0 });
    }
}
