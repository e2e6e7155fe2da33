//! The length of the steps: PI control and a starting step, both free of the scales of state and time.
//!
//! The controller sees error norms only: for an error `e = phi h^q` (q the order) the step that meets the tolerance
//! is `h e^(-1/q)`. PI control damps that by the error before, and the safety factor leaves room for what phi does
//! meanwhile. Nothing here depends on the system.

use super::dormand_prince::{Stepper, System, Tolerances, Trial};
use crate::arithmetic::{Nearest, upward};

/// Safety factor on the step that would meet the tolerance exactly.
const SAFETY: f64 = 0.9;
/// Gain of the integral part; the proportional exponent is `1/order - 0.75 BETA` (Gustafsson; the constants of DOPRI5).
const BETA: f64 = 0.04;
/// A step never shrinks by more than this factor; it may grow tenfold, without an upper limit on its length: an escape
/// from a saddle may last 1e30 units of time.
const SHRINK: f64 = 0.2;
/// A step never grows by more than this factor.
const GROW: f64 = 10.0;
/// Errors far below the tolerance say nothing about the next one.
const LEAST_ERROR: f64 = 1e-4;
/// Nor do errors below this for the prediction (Gustafsson, "Control-theoretic techniques for stepsize selection",
/// 1994; RADAU5's value).
const PREDICTING: f64 = 1e-2;
/// A step with a stage that is not finite tells nothing but that it was too long.
const NON_FINITE: f64 = 0.1;

/// Proportional-integral control, with Gustafsson's prediction.
///
/// One value for one phase of an integration: the explicit and the implicit method have one each, since their orders
/// differ.
#[derive(Clone, Copy, Debug)]
pub struct Controller {
    /// `1/order - 0.75 BETA`.
    exponent: f64,
    /// 1/order.
    inverse_order: f64,
    /// Error of the last accepted step, at least [`LEAST_ERROR`].
    previous: f64,
    /// Length and error of the last accepted step, if there was one.
    last: Option<(f64, f64)>,
    /// Whether the last trial was: the step after a rejection does not grow.
    rejected: bool,
}

impl Controller {
    /// For an error that goes with the `order`-th power of the step.
    pub fn new(order: u32) -> Self {
        let inverse_order = 1.0 / f64::from(order);
        Self {
            exponent: inverse_order - 0.75 * BETA,
            inverse_order,
            previous: LEAST_ERROR,
            last: None,
            rejected: false,
        }
    }
    /// Length of the next step after an acceptable one of length h with this error norm.
    ///
    /// The smaller of two lengths is taken, times the safety factor: that of PI control,
    /// `h e_0^BETA / e^(1/q - 0.75 BETA)`, e_0 the error before, and Gustafsson's prediction. For the latter let
    /// `e = phi h^q` and `e_0 = phi_0 h_0^q`, and let phi go on growing by the factor `phi/phi_0` a step. The next
    /// one should have `(phi^2/phi_0) h_1^q = 1`, hence `h_1 = (h^2/h_0) (e_0/e^2)^(1/q)`. The result is from
    /// `SHRINK h` to `GROW h`, or to h after a rejection.
    pub fn accepted(&mut self, h: f64, error: f64) -> f64 {
        let mut factor = SAFETY * self.previous.powf(BETA) / error.powf(self.exponent);
        if let Some((length, before)) = self.last {
            // Where the solution blows up, as it does on leaving a saddle of order L, each step must be shorter than
            // the last by the same factor: extrapolating the error per step saves a rejection at every other step.
            factor = factor.min(SAFETY * (h / length) * (before / (error * error)).powf(self.inverse_order));
        }
        self.last = Some((h, error.max(PREDICTING)));
        // An error of zero gives an infinite factor, which the bound takes care of.
        let most = if self.rejected { 1.0 } else { GROW };
        self.previous = error.max(LEAST_ERROR);
        self.rejected = false;
        h * factor.clamp(SHRINK, most)
    }
    /// Length of the next trial after one that was not acceptable.
    ///
    /// From `SHRINK h` to `SAFETY h` for an error, a tenth of h for a trial that was not finite. The error before is
    /// left as it is.
    pub fn rejected(&mut self, h: f64, trial: Trial) -> f64 {
        self.rejected = true;
        match trial {
            Trial::Error(e) => h * (SAFETY / e.powf(self.exponent)).clamp(SHRINK, 1.0),
            Trial::NonFinite => h * NON_FINITE,
        }
    }
}

/// Length of the first step, or `None` where the field vanishes.
///
/// Hairer, Norsett and Wanner (section II.4) compare a first and a second derivative, which have different units, so
/// that their choice depends on the unit of time. Here both are taken in units of the step `h_0` that would change the
/// state by 1 per cent: with `e_i = h_0^i norm(y^(i))` in the error norm the step is
/// `h_0 (0.01 / max(e_1, e_2))^(1/order)`.
///
/// It is never longer than `h_0`, and `1e-6 h_0` where the probe is not finite. Cost: one evaluation.
pub fn starting_step<P: Nearest>(
    stepper: &mut Stepper<P>,
    tolerances: Tolerances,
    system: &mut impl System<P>,
) -> Option<f64> {
    /// The change of the state, relative to its norm, that `h_0` and the first step aim at.
    const SHARE: f64 = 0.01;
    let size = stepper.norms().iter().fold(0.0_f64, |m, v| m.max(*v));
    let rate = super::dormand_prince::norm(stepper.rate());
    if rate == 0.0 {
        return None;
    }
    let trial = if size > 0.0 { SHARE * size / rate } else { SHARE / rate };
    let (first, second) = stepper.probe(trial, tolerances, system);
    let largest = upward::larger(first, second);
    // Not finite where the probe left the range of doubles: a short step then, which may grow.
    let factor = if largest.is_finite() { (SHARE / largest).powf(1.0 / f64::from(stepper.order())) } else { 1e-6 };
    Some(trial * factor.min(1.0))
}
