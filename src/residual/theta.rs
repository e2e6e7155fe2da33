//! Lemma 3 over the whole ball: every theta with max_k norm(theta_k) <= r, W_k = I + s/sqrt(L d) N_k + theta_k/L.
//!
//! **Holds, for every theta** (the argument of Lemma 9, prefix by prefix): with P_k the products at theta = 0 and
//! `P_k(theta) = P_k Q_k`, `Q_k = (I + P_k^-1 theta_k P_{k-1}/L) Q_{k-1}`,
//! `norm(P_k^-1 theta_k P_{k-1}) <= x_k := r norm(P_{k-1})/sigma_min(P_k)`, so
//! `norm(P_k(theta)) <= norm(P_k) (1 + x_1/L) .. (1 + x_k/L)` and
//! `sigma_min(P_k(theta)) >= sigma_min(P_k) (1 - x_1/L) .. (1 - x_k/L)`, where every x_j <= L. Before any trial is
//! looked at closely: if norm(P_k) <= T' and sigma_min(P_k) >= b' for all k, where `x = r max(T, 1)/b`,
//! `T' = T/(1 + x/L)^L`, `b' = b/(1 - x/L)^L`, then T and b hold on the ball.
//!
//! What this leaves open is bounded prefix by prefix to first order exactly, see the module `sharp`.
//!
//! **Fails**: at theta = 0, or at a theta that an optimiser found. A product is affine in each theta_j alone, and
//! `u^T A theta_j B v` is greatest over the ball at the rank-one matrix `r a b^T` along A^T u and B v; so a sweep moves
//! each theta_j there in turn for the singular vectors u, v of the largest (or, with the other sign, the smallest)
//! singular value of P_k(theta), and sweeps are repeated until they gain nothing. Each sup over one theta_j is attained
//! at such a matrix. What was found is rounded to doubles, its norm checked, and its product evaluated with the error
//! bounds of the module `bounds`: it need not be the worst, but it is in the ball, and its singular value is enclosed.

use super::extremes::profile;
use super::sharp::sharpen;
use super::trial::Setup;
use super::verdict::decide_all;
use crate::arithmetic::upward::{add, div, mul};
use crate::error::{Error, Result};
use crate::residual::ball::Ball;
use crate::residual::types::{Decision, Enclosed, Side, Thresholds, Verdict};
use rayon::prelude::*;
use std::ops::Range;

/// The worst that theta in the ball can do to one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worst {
    /// sup over theta and k of norm(P_k(theta)): the lower end is attained by some theta of the ball.
    pub norm: Enclosed,
    /// inf over theta and k of sigma_min(P_k(theta)): the upper end is attained.
    pub sigma_min: Enclosed,
}

/// Verdicts about `norm(P_k(theta)) <= thresholds.norm` and `sigma_min(P_k(theta)) >= thresholds.sigma_min` for all k
/// and **all** theta with max_k norm(theta_k) <= radius, trial by trial. Errors: a threshold that is not a number, a
/// radius that is negative or not finite.
///
/// In this order, each for what the one before left open: the tightened thresholds at theta = 0; theta = 0 itself,
/// where a failure is one on the ball; bounds prefix by prefix, crude ones and those of `sharp`; a theta that fails,
/// found by an optimiser. [`Verdict::Undecided`] says that the worst value lies between the bound and what the
/// optimiser attained, with the threshold in between.
///
/// ```
/// use flatcert::residual::{Setup, Thresholds, Verdict, decide_ball};
/// let setup = Setup::new(4, 5, 0.25, 7, "example")?;
/// let decided = decide_ball(&setup, Thresholds { norm: 4.0, sigma_min: 0.125 }, 1e-3, 0..3)?;
/// assert!(decided.iter().all(|d| d.norm == Verdict::Holds && d.sigma_min == Verdict::Holds));
/// # Ok::<(), flatcert::Error>(())
/// ```
pub fn decide_ball(setup: &Setup, thresholds: Thresholds, radius: f64, trials: Range<u64>) -> Result<Vec<Decision>> {
    if thresholds.norm.is_nan() || thresholds.sigma_min.is_nan() {
        return Err(Error::usage("a threshold of Lemma 3 is not a number"));
    }
    check(radius)?;
    let all: Vec<u64> = trials.collect();
    let sure = Decision { norm: Verdict::Holds, sigma_min: Verdict::Holds };
    let mut out = match tightened(setup, thresholds, radius) {
        Some(tight) => decide_all(setup, tight, &all),
        None => vec![Decision::OPEN; all.len()],
    };
    let open: Vec<usize> = (0..all.len()).filter(|&i| out[i] != sure).collect();
    let rest: Vec<u64> = open.iter().map(|&i| all[i]).collect();
    let centre = decide_all(setup, thresholds, &rest);
    let found: Vec<Decision> = rest
        .par_iter()
        .zip(centre)
        .map(|(&trial, centre)| closely(setup, thresholds, radius, trial, centre))
        .collect::<Result<_>>()?;
    for (i, decision) in open.into_iter().zip(found) {
        out[i] = decision;
    }
    Ok(out)
}

/// Enclosures of the worst values over the ball. Errors: as [`extremes`](super::extremes()), or a radius that is
/// negative or not finite.
///
/// Sharper bounds are asked for only where the crude ones leave room beyond what an optimiser attained.
///
/// ```
/// use flatcert::residual::{Setup, extremes, worst_theta};
/// let setup = Setup::new(4, 5, 0.25, 7, "example")?;
/// let (here, worst) = (extremes(&setup, 0)?, worst_theta(&setup, 0, 1e-3)?);
/// assert!(worst.norm.hi >= here.norm.lo && worst.sigma_min.lo <= here.sigma_min.hi);
/// # Ok::<(), flatcert::Error>(())
/// ```
pub fn worst_theta(setup: &Setup, trial: u64, radius: f64) -> Result<Worst> {
    check(radius)?;
    let profile = profile(setup, trial)?;
    let mut ball = Ball::new(setup, radius, &profile);
    let layers = setup.noise(trial);
    let attained = |side| ball.attained(&layers, side, f64::NEG_INFINITY);
    let (least, most) = (attained(Side::SigmaMin), -attained(Side::Norm));
    sharpen(&mut ball, &layers, |ball, k| (ball.prefixes[k].0 < least, ball.prefixes[k].1 > most));
    let (norm, sigma_min) = ball.bounds();
    Ok(Worst { norm: Enclosed { lo: most, hi: norm }, sigma_min: Enclosed { lo: sigma_min, hi: least } })
}

/// A finite radius >= 0, or the error that says so.
fn check(radius: f64) -> Result<()> {
    if radius.is_finite() && radius >= 0.0 {
        return Ok(());
    }
    Err(Error::usage(format!("the ball of Lemma 3 needs a finite radius >= 0, got {radius}")))
}

/// T' and b' of the module's documentation.
///
/// With `sigma_min(P_j) >= b` and `norm(P_j) <= T` every x_j is at most x, and `(1 + x/L)^L`, `(1 - x/L)^L` bound the
/// factors of every prefix, for b' <= b and T' <= T. `None` where x >= L, where the threshold b is not positive, or
/// where a number is not finite: then nothing is gained that way.
fn tightened(setup: &Setup, thresholds: Thresholds, radius: f64) -> Option<Thresholds> {
    let depth = setup.depth();
    let x = div(mul(radius, thresholds.norm.max(1.0)), thresholds.sigma_min);
    let part = div(x, depth as f64);
    let rest = (1.0 - part).next_down();
    let (mut grown, mut shrunk) = (1.0, 1.0f64);
    for _ in 0..depth {
        grown = mul(grown, add(1.0, part));
        shrunk = (shrunk * rest).next_down();
    }
    let tight =
        Thresholds { norm: (thresholds.norm / grown).next_down(), sigma_min: div(thresholds.sigma_min, shrunk) };
    (rest > 0.0 && shrunk > 0.0 && tight.norm.is_finite() && tight.sigma_min.is_finite()).then_some(tight)
}

/// One trial, of which `centre` is known at theta = 0.
///
/// A failure at theta = 0 is final, since that is a theta of the ball. Else the profile gives crude bounds of each
/// prefix, `sharpen` better ones where they are needed, and the optimiser looks for a failure on the sides that are
/// still open.
fn closely(setup: &Setup, thresholds: Thresholds, radius: f64, trial: u64, centre: Decision) -> Result<Decision> {
    use Verdict::{Fails, Holds, Undecided};
    if centre.norm == Fails && centre.sigma_min == Fails {
        return Ok(centre);
    }
    let profile = profile(setup, trial)?;
    let mut ball = Ball::new(setup, radius, &profile);
    let verdict = |centre, holds| match (centre, holds) {
        (Fails, _) => Fails,
        (_, true) => Holds,
        _ => Undecided,
    };
    let judge = |ball: &Ball| {
        let (norm, sigma_min) = ball.bounds();
        Decision {
            norm: verdict(centre.norm, norm <= thresholds.norm),
            sigma_min: verdict(centre.sigma_min, sigma_min >= thresholds.sigma_min),
        }
    };
    let mut out = judge(&ball);
    if !out.is_open() {
        return Ok(out);
    }
    let layers = setup.noise(trial);
    sharpen(&mut ball, &layers, |ball, k| {
        let (low, high) = ball.prefixes[k];
        (out.sigma_min == Undecided && low < thresholds.sigma_min, out.norm == Undecided && high > thresholds.norm)
    });
    out = judge(&ball);
    if out.norm == Undecided && ball.attained(&layers, Side::Norm, -thresholds.norm) < -thresholds.norm {
        out.norm = Fails;
    }
    if out.sigma_min == Undecided && ball.attained(&layers, Side::SigmaMin, thresholds.sigma_min) < thresholds.sigma_min
    {
        out.sigma_min = Fails;
    }
    Ok(out)
}
