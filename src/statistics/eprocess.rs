//! Evidence that may be looked at after every trial: e-processes, mixtures of likelihood ratios against fixed
//! alternatives.
//!
//! For each alternative q > p0 the ratio `(q/p0)^f ((1-q)/(1-p0))^(n-f)` after f failures in n trials is a martingale
//! under p0 and a supermartingale under every p <= p0, conditionally on the past; so is their average. By Ville's
//! inequality it ever reaches 1/alpha with probability at most alpha. It depends on the totals only: counts of nights
//! and of shards are added. A trial that could not be decided is a pass for [`log_e_value`] and a failure for
//! [`log_support`]: either is then valid whatever the truth was.
//!
//! **Why the ratio is a martingale.** Under p a trial multiplies it by q/p0 with probability p and by (1-q)/(1-p0)
//! otherwise; the mean of the factor is `1 + (p - p0)(q - p0)/(p0 (1 - p0))`, which is 1 at p = p0 and at most 1 for
//! p <= p0 < q. The same line with q < p1 <= p gives [`log_support`].
//!
//! **Why a mixture.** The ratio that grows fastest bets on the true p, which nobody knows. The average over K
//! alternatives is at least 1/K of the best of them: it loses ln K in the exponent against the one that knew, and
//! stays a supermartingale. Weights that depend on the data would not.
//!
//! **Rounding.** A computed value is to lie below the true one: every term gives up 64 units of rounding of the size
//! of its products before the terms are added, and so does the sum, of size 1. The number of trials enters as a
//! double, exact up to 2^53.

use crate::error::{Error, Result};

/// Log2 of the smallest excess that is bet on, relative to p0. A bet on an excess loses against a true one of less than
/// half of it, in any number of trials.
///
/// For small p0, u and v the mean logarithm of the factor of a bet on p0 (1 + u) under p0 (1 + v) is about `p0 (u v -
/// u^2/2)`, positive for v > u/2 only. The smallest bet here is u = 1/256: a true excess below 1/512 grows no
/// evidence.
const SMALLEST_EXCESS: i32 = -8;
/// No ledger has the trials to tell smaller probabilities apart: alternatives start here.
const SMALLEST_ALTERNATIVE: f64 = 1e-14;
/// Rounding allowed to each logarithm, relative: subtracted, so that a computed e-value is never above the true one.
///
/// A term is the sum of two products, each of a count with a logarithm. 64 units are an allowance for the logarithms
/// of the platform and not a proof, as for the tails of `binomial`.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// One alternative: what a failure and what a pass add to the log of its likelihood ratio.
///
/// `failure` is `ln(q/p0)`, `pass` is `ln((1-q)/(1-p0))`. One of them may be `-inf`: a bet that excludes what then
/// happens is lost for ever, and counts 0 in the mixture.
#[derive(Clone, Copy)]
struct Bet {
    /// Added for each failure.
    failure: f64,
    /// Added for each pass.
    pass: f64,
}

/// `ln (1/K) sum_k exp(f failure_k + (n - f) pass_k)` for K bets, by the largest term, so that nothing overflows: log
/// e-values of any size are ordinary numbers. 0 for no trials or no bets. If every bet is lost it is `-inf`, an
/// e-value of 0.
fn log_mixture(bets: &[Bet], n: u64, f: u64) -> f64 {
    if n == 0 || bets.is_empty() {
        return 0.0;
    }
    let (failures, passes) = (f as f64, (n - f) as f64);
    let terms: Vec<f64> = bets
        .iter()
        .map(|bet| {
            // A count of 0 makes an infinite bet void instead of NaN.
            let a = if f == 0 { 0.0 } else { failures * bet.failure };
            let b = if f == n { 0.0 } else { passes * bet.pass };
            if a.is_infinite() { a } else { a + b - ROUNDING * (a.abs() + b.abs()) }
        })
        .collect();
    let top = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if top.is_infinite() {
        return top;
    }
    let sum: f64 = terms.iter().map(|term| (term - top).exp()).sum();
    top + (sum / bets.len() as f64).ln() - ROUNDING
}

/// The counts and the probability are possible; a probability above 1 passes, and the callers say what it means.
///
/// # Errors
/// More failures than trials; a negative probability or NaN.
fn check(n: u64, f: u64, p: f64) -> Result<()> {
    if f > n {
        return Err(Error::usage(format!("{f} failures in {n} trials")));
    }
    if p.is_nan() || p < 0.0 {
        return Err(Error::usage(format!("a failure probability of {p}")));
    }
    Ok(())
}

/// Log of the e-value against "the failure probability is at most `p0`", after `f` failures in `n` trials.
///
/// The alternatives, of equal weight: `p0 (1 + 2^k)` for k >= -8, from 1e-14 on, and `p0 + t (1 - p0)` for t = 1/4,
/// 1/2, 15/16. 0 if `p0 >= 1` (nothing can be refuted) or `n` is 0. A `p0` below 1e-300, 0 included, is tested as
/// 1e-300, which is weaker.
///
/// An undecided trial is a pass here: leave it out of `f` and keep it in `n`. Moving a trial from failure to pass
/// lowers every ratio, so that the value is at most the one for the truth. By Ville's inequality the value ever
/// reaches ln(1/alpha) with probability at most alpha under any p <= p0, whatever the rule of stopping; p may depend
/// on the past as long as it stays at most p0. The excesses 2^k cover small p0 in steps of a factor 2, the three
/// fractions t a p0 for which doubling has no room. There are fewer than a hundred alternatives.
///
/// ```
/// use flatcert::statistics::eprocess::log_e_value;
/// // 40 failures in 100 trials: strong evidence against "at most 10 %", none against "at most 50 %".
/// assert!(log_e_value(100, 40, 0.1)? > 20.0_f64.ln());
/// assert!(log_e_value(100, 40, 0.5)? < 0.0);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// `f > n`; `p0` negative or NaN.
pub fn log_e_value(n: u64, f: u64, p0: f64) -> Result<f64> {
    check(n, f, p0)?;
    if p0 >= 1.0 {
        return Ok(0.0);
    }
    let p0 = p0.max(1e-300);
    // With q = p0 (1 + u) = p0 + t (1 - p0): failures multiply by 1 + u, passes by 1 - t.
    let relative = (SMALLEST_EXCESS..).map(|k| f64::powi(2.0, k)).map(|u| (u, p0 / (1.0 - p0) * u));
    let mut bets: Vec<Bet> = relative
        .take_while(|(_, t)| *t <= 0.9375)
        .filter(|(u, _)| p0 * (1.0 + u) >= SMALLEST_ALTERNATIVE)
        .map(|(u, t)| Bet { failure: u.ln_1p(), pass: (-t).ln_1p() })
        .collect();
    for t in [0.25, 0.5, 0.9375] {
        bets.push(Bet { failure: (t * (1.0 - p0) / p0).ln_1p(), pass: (-t).ln_1p() });
    }
    Ok(log_mixture(&bets, n, f))
}

/// Log of the e-value against "the failure probability is at least `p1`", after `f` failures in `n` trials: evidence
/// for the claim.
///
/// The alternatives, of equal weight: `p1 (1 - s)` for s = 1/16, 1/8, 1/4, 1/2, 1 - 2^-2, 1 - 2^-4, 1 - 2^-8, and 1. 0
/// if `p1` or `n` is 0. A `p1` of 1 or more is tested as the double below 1, which is weaker.
///
/// An undecided trial is a failure here: add it to `f`. The alternatives lie below p1, the last is 0: while no
/// failure occurs it is the best bet, at the first it is lost, and the other seven remain. A value of ln 100 says
/// that either the failure probability is below p1 or an event of probability 1/100 has happened.
///
/// ```
/// use flatcert::statistics::eprocess::log_support;
/// // No failure in 100 trials: evidence for "less than 10 %", little for "less than 1 %".
/// assert!(log_support(100, 0, 0.1)? > 20.0_f64.ln());
/// assert!(log_support(100, 0, 0.01)? < 1.0);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// `f > n`; `p1` negative or NaN.
pub fn log_support(n: u64, f: u64, p1: f64) -> Result<f64> {
    check(n, f, p1)?;
    if p1 == 0.0 {
        return Ok(0.0);
    }
    let p1 = p1.min(1.0f64.next_down());
    let bets = [0.0625, 0.125, 0.25, 0.5, 0.75, 0.9375, 0.99609375, 1.0f64]
        .map(|s| Bet { failure: (-s).ln_1p(), pass: (p1 / (1.0 - p1) * s).ln_1p() });
    Ok(log_mixture(&bets, n, f))
}
