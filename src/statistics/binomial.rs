//! Exact binomial bounds. Every end is moved outwards until the binomial tail at it is on the right side, the
//! error of the computed tail included. For that error `TAIL_SLACK` is allowed, a thousand times what was measured
//! against exact tails; it is not proved, and rests on `exp` and `ln` of the platform.
//!
//! With X binomial (n, p), the bounds are those of Clopper and Pearson (1934): the upper one is the p at which `P(X
//! <= f) = alpha`, the lower one the p at which `P(X >= f) = alpha`. Both tails are monotone in p, so that each set
//! `{p : tail <= alpha}` is an interval that reaches to an end of `[0, 1]`, and bisection finds its other end. A
//! point is accepted only if `tail (1 + TAIL_SLACK) <= alpha` was computed at it; the search thus returns a point on
//! the safe side wherever it stops, and how far it went costs width, not coverage.
//!
//! The tails are not computed from the incomplete beta function: of the sum that defines the tail all terms are
//! positive and the ratio of neighbours is a quotient of integers times the odds, so that the relative error is that
//! of one term, Loader's, and of the roundings of the sum.

use crate::error::{Error, Result};
use std::f64::consts::PI;

/// The relative error allowed to a computed tail. The saddle-point form is good to 1e-12 for up to 1e12 trials.
///
/// The bounds are thereby those of the level `alpha / (1 + 1e-9)`.
const TAIL_SLACK: f64 = 1e-9;

/// ln(k!) - (k + 1/2) ln k + k - ln(2 pi) / 2 for k >= 1: what Stirling's formula leaves out.
///
/// Below 16 the factorial is multiplied out: it is below 2^53, hence exact. From 16 on the five terms of the
/// asymptotic series are taken, whose error is below the first term left out, `691/360360 k^-11 < 1.1e-16`.
fn stirling_remainder(k: f64) -> f64 {
    if k < 16.0 {
        let log_factorial: f64 = (2..=k as u64).map(|i| i as f64).product::<f64>().ln();
        return log_factorial - (k + 0.5) * k.ln() + k - 0.5 * (2.0 * PI).ln();
    }
    let s = 1.0 / (k * k);
    (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)))) / k
}

/// (1 + u) ln(1 + u) - u for u > -1, without cancellation near 0.
///
/// This is the divergence of Poisson laws up to a factor: `x ln(x/m) + m - x = m deviance(x/m - 1)`. It is at least
/// 0, with equality at u = 0 only, where the logarithm and u cancel to second order; the series takes over for `|u| <
/// 0.1`, and its first term left out is below `0.1^24 / 552`.
fn deviance(u: f64) -> f64 {
    if u.abs() >= 0.1 {
        return (1.0 + u) * u.ln_1p() - u;
    }
    // sum over j >= 2 of (-u)^j / (j (j - 1))
    let (mut power, mut sum) = (u * u, 0.0);
    for j in 2..24 {
        let j = f64::from(j);
        sum += power / (j * (j - 1.0));
        power *= -u;
    }
    sum
}

/// ln P(X = k) for X binomial (n, p), 0 < p < 1, k <= n: Loader's saddle-point form, whose error does not grow with n.
///
/// With q = 1 - p and d(u) = (1 + u) ln(1 + u) - u:
///
/// ```text
/// ln P(X = k) = s(n) - s(k) - s(n - k) - n p d(k/(n p) - 1) - n q d((n - k)/(n q) - 1) - ln(2 pi k (n - k)/n) / 2
/// ```
///
/// where s is the remainder of Stirling's formula (C. Loader, "Fast and accurate computation of binomial
/// probabilities", 2000). Logarithms of factorials, of size n ln n, would lose the digits of their sum; here no term
/// is large unless the result is. The excess `k - n p` is formed by one fused operation, so that it is rounded once.
pub fn log_probability(n: u64, k: u64, p: f64) -> f64 {
    if k == 0 {
        return n as f64 * (-p).ln_1p();
    }
    if k == n {
        return n as f64 * p.ln();
    }
    let (total, hits, misses) = (n as f64, k as f64, (n - k) as f64);
    let excess = (-total).mul_add(p, hits);
    let (expected_hits, expected_misses) = (total * p, total * (1.0 - p));
    let remainder = stirling_remainder(total) - stirling_remainder(hits) - stirling_remainder(misses);
    let divergence = expected_hits * deviance(excess / expected_hits)
        + expected_misses * deviance((-excess / expected_misses).max(-1.0 + f64::EPSILON));
    remainder - divergence - 0.5 * (2.0 * PI * hits * (misses / total)).ln()
}

/// P(X = k) (1 + r_1 + r_1 r_2 + ...) with the ratios of neighbouring probabilities, all below 1 and falling away from
/// the mode.
///
/// `ratio(step)` is the quotient of the terms `step + 1` and `step`, `None` after the last. With the ratios falling
/// and r the last one, what is left out is at most `term (r + r^2 + ...) = term r / (1 - r)`: the sum stops when that
/// is below 1e-17 of it. The ratios fall by about 1/(n p (1-p)) from term to term, so that the number of terms is of
/// the order of the standard deviation of X.
fn sum_from(n: u64, k: u64, p: f64, ratio: impl Fn(u64) -> Option<f64>) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 0.. {
        let Some(r) = ratio(step) else { break };
        term *= r;
        sum += term;
        if r < 1.0 && term * r <= 1e-17 * sum * (1.0 - r) {
            break;
        }
    }
    log_probability(n, k, p).exp() * sum
}

/// P(X <= k) for X binomial (n, p), 0 <= p <= 1.
///
/// On the far side of the mean it is one minus the other tail: the ratios of neighbouring terms would exceed 1 there,
/// and the other tail is the smaller one.
pub fn lower_tail(n: u64, k: u64, p: f64) -> f64 {
    if k >= n || p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return 0.0;
    }
    if k as f64 > n as f64 * p { (1.0 - tail_above(n, k + 1, p)).max(0.0) } else { tail_below(n, k, p) }
}

/// P(X >= k) for X binomial (n, p), 0 <= p <= 1.
///
/// The mirror image of [`lower_tail`]: summed where k is at the mean or above, else one minus the lower tail.
pub fn upper_tail(n: u64, k: u64, p: f64) -> f64 {
    if k == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 || k > n {
        return 0.0;
    }
    if (k as f64) < n as f64 * p { (1.0 - tail_below(n, k - 1, p)).max(0.0) } else { tail_above(n, k, p) }
}

/// P(X <= k), terms from k down to 0: `P(k-j-1)/P(k-j) = (k-j)/(n-k+j+1) (1-p)/p`, below 1 for `k <= n p`.
fn tail_below(n: u64, k: u64, p: f64) -> f64 {
    let odds = (1.0 - p) / p;
    sum_from(n, k, p, |step| (step < k).then(|| (k - step) as f64 / (n - k + step + 1) as f64 * odds))
}

/// P(X >= k), terms from k up to n: `P(k+j+1)/P(k+j) = (n-k-j)/(k+j+1) p/(1-p)`, below 1 for `k >= n p`.
fn tail_above(n: u64, k: u64, p: f64) -> f64 {
    let odds = p / (1.0 - p);
    sum_from(n, k, p, |step| (step < n - k).then(|| (n - k - step) as f64 / (k + step + 1) as f64 * odds))
}

/// The counts and the level are possible.
///
/// # Errors
/// More failures than trials; a level outside (0, 1), NaN included. `name` is what the message calls it.
fn check(trials: u64, failures: u64, level: f64, name: &str) -> Result<()> {
    if failures > trials {
        return Err(Error::usage(format!("{failures} failures in {trials} trials")));
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::usage(format!("{name} is {level}, expected a number strictly between 0 and 1")));
    }
    Ok(())
}

/// Narrows `inside < outside` (or the other way round) on the condition and returns the last point where it holds.
///
/// `holds(inside)` is the caller's promise, and every point that replaces it was tried: the result is on the side of
/// the condition even if `holds` is not monotone. The middle is the geometric mean while the ends differ by more than
/// a factor 2, so that a bound of 1e-12 takes as many steps as one of 1/2; the search ends when the ends agree to
/// 1e-13.
fn narrow(mut inside: f64, mut outside: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let (low, high) = (inside.min(outside), inside.max(outside));
        let middle = if low > 0.0 && high > 2.0 * low { low.sqrt() * high.sqrt() } else { low + (high - low) / 2.0 };
        if middle <= low || middle >= high || high - low <= 1e-13 * high {
            break;
        }
        if holds(middle) { inside = middle } else { outside = middle }
    }
    inside
}

/// One-sided upper confidence bound: a p with P(X <= failures) <= alpha under p, the smallest up to the slack
/// of this module. 1 if all trials failed or there were none.
///
/// Without failures the equation is `(1 - p)^n = alpha`, and `p = -expm1(ln(alpha)/n)` is stepped outwards until it
/// passes. Otherwise the search starts between 1, where the tail is 0, and a thousandth of f/n, where it is almost 1.
/// Cost: some dozens of tails.
///
/// ```
/// use flatcert::statistics::binomial::upper_bound;
/// // The rule of three: no failure in n trials, at confidence 95 %.
/// let (bound, exact) = (upper_bound(1000, 0, 0.05)?, 1.0 - 0.05_f64.powf(0.001));
/// assert!(exact <= bound && bound < 3.0 / 1000.0);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// More failures than trials; `alpha` outside (0, 1).
pub fn upper_bound(trials: u64, failures: u64, alpha: f64) -> Result<f64> {
    check(trials, failures, alpha, "alpha")?;
    if failures == trials {
        return Ok(1.0);
    }
    let holds = |p: f64| lower_tail(trials, failures, p) * (1.0 + TAIL_SLACK) <= alpha;
    // No p near 1 is a double nearer than 1 itself, where the tail is 0.
    if failures == 0 {
        let mut p = (-(alpha.ln() / trials as f64).exp_m1()).min(1.0);
        while p < 1.0 && !holds(p) {
            p = (p * (1.0 + 1e-9)).next_up().min(1.0);
        }
        return Ok(p);
    }
    Ok(narrow(1.0, failures as f64 / trials as f64 * 1e-3, holds))
}

/// One-sided lower confidence bound: a p with P(X >= failures) <= alpha under p, the largest up to the slack of
/// this module. 0 without failures.
///
/// The search needs a point that passes: f/(2n) is halved until it does, at the latest at 0, which always holds.
///
/// ```
/// use flatcert::statistics::binomial::lower_bound;
/// assert_eq!(lower_bound(1000, 0, 0.05)?, 0.0);
/// // All of n trials failed: p^n = alpha.
/// let (bound, exact) = (lower_bound(10, 10, 0.05)?, 0.05_f64.powf(0.1));
/// assert!(exact * (1.0 - 1e-8) < bound && bound <= exact);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// As [`upper_bound`].
pub fn lower_bound(trials: u64, failures: u64, alpha: f64) -> Result<f64> {
    check(trials, failures, alpha, "alpha")?;
    if failures == 0 {
        return Ok(0.0);
    }
    let holds = |p: f64| upper_tail(trials, failures, p) * (1.0 + TAIL_SLACK) <= alpha;
    let mut inside = failures as f64 / trials as f64 / 2.0;
    while inside > 0.0 && !holds(inside) {
        inside /= 2.0;
    }
    Ok(narrow(inside, 1.0, holds))
}

/// The Clopper-Pearson interval `[lower, upper]` for the failure probability: covers it with probability at least 1 -
/// alpha, whatever it is.
///
/// `alpha` is halved between the two ends (Bonferroni): each misses with probability at most alpha/2. Where undecided
/// trials occur the caller counts them as passes for the lower end and as failures for the upper, and calls the
/// one-sided bounds.
///
/// ```
/// use flatcert::statistics::binomial::interval;
/// // No failure in 100 trials: the failure probability is below 1 - (alpha/2)^(1/100), at confidence 95 %.
/// let [lower, upper] = interval(100, 0, 0.05)?;
/// let exact = 1.0 - 0.025_f64.powf(0.01);
/// assert!(lower == 0.0 && exact <= upper && upper < exact * (1.0 + 1e-8));
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// As [`upper_bound`].
pub fn interval(trials: u64, failures: u64, alpha: f64) -> Result<[f64; 2]> {
    check(trials, failures, alpha, "alpha")?;
    Ok([lower_bound(trials, failures, alpha / 2.0)?, upper_bound(trials, failures, alpha / 2.0)?])
}

/// The smallest true failure probability (up to the slack of this module, rounded up) that `trials` would have exposed,
/// by more than `allowed` failures, with probability at least 1 - beta. 1 if `allowed >= trials`: nothing would have
/// been exposed.
///
/// This is `upper_bound(trials, allowed, beta)` read the other way round: at the p where `P(X <= allowed) <= beta`,
/// more than `allowed` failures occur with probability at least 1 - beta. With `allowed + 1` the least count that
/// refutes ([`least`]), it says what a run without alarm has excluded, and what it could not have seen.
///
/// ```
/// use flatcert::statistics::binomial::power;
/// // A failure probability of 4.5 % is exposed by one failure or more in 100 trials, with probability 99 %.
/// let (exposed, exact) = (power(100, 0, 0.01)?, 1.0 - 0.01_f64.powf(0.01));
/// assert!(exact <= exposed && exposed < exact * (1.0 + 1e-8));
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// `beta` outside (0, 1).
pub fn power(trials: u64, allowed: u64, beta: f64) -> Result<f64> {
    check(trials, 0, beta, "beta")?;
    if allowed >= trials { Ok(1.0) } else { upper_bound(trials, allowed, beta) }
}

/// The least number of failures among so many trials that refutes, for a test that refutes with every larger number
/// too; `None` if not even all do.
///
/// Bisection over 0 ..= trials, in about log2(trials) calls of the test. Monotonicity is the caller's: the interval's
/// lower end and the e-value both grow with the failures.
///
/// # Errors
/// Those of the test.
pub fn least(trials: u64, refutes: impl Fn(u64) -> Result<bool>) -> Result<Option<u64>> {
    let (mut passes, mut least) = (None, trials.saturating_add(1));
    loop {
        let from = passes.map_or(0, |p: u64| p + 1);
        if from >= least {
            break;
        }
        let middle = from + (least - 1 - from) / 2;
        if refutes(middle)? { least = middle } else { passes = Some(middle) }
    }
    Ok((least <= trials).then_some(least))
}

/// The median of a sample between the order statistics `x_(r)`, `x_(n+1-r)`, which enclose the median of the law with
/// probability at least `1 - miss`, whatever the law: r is the largest with `2 P(Bin(n, 1/2) < r) <= miss`. `None` for
/// too few values.
///
/// A value is at most the median m with probability at least 1/2. `x_(r) > m` says that fewer than r of n values are,
/// which has probability at most P(Bin(n, 1/2) < r); the same holds of the other side. With an even n the median
/// shown is the lower of the two in the middle. Cost: a sort and at most n/2 tails.
pub fn median_band(mut values: Vec<f64>, miss: f64) -> Option<[f64; 3]> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let rank = (1..=n / 2).take_while(|r| 2.0 * lower_tail(n as u64, *r as u64 - 1, 0.5) <= miss).last()?;
    Some([values[rank - 1], values[(n - 1) / 2], values[n - rank]])
}
