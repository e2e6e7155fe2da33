//! The verdicts about one trial.
//!
//! | outcome | what was proved |
//! | --- | --- |
//! | `Holds` | for every k <= L, by a certificate for P_k, by the bounds carried over from P_{k-1}, or by intervals |
//! | `Fails` | at some k, by a vector with `norm(P_k v) > T norm(v)` or `norm(P_k v) < b norm(v)`, or by intervals |
//! | `Undecided` | nothing |
//!
//! Verdicts about norm and sigma_min are found together, because the error bounds of the next prefix need a lower
//! bound of sigma_min(P_k) in any case.
//!
//! Where the bounds of the last prefix, carried over, decide the next, its product is not even looked at. Else it needs
//! two certificates, see the module `bounds`: sigma_min(P_k) at least the lane's *level* (the threshold itself as long
//! as it holds, half of the estimate after that), and norm(P_k) at most its threshold. Both are tried eight trials at a
//! time in single precision; where that does not prove them, for the one trial in double precision; where that does not
//! either, a singular vector is asked for a proof of failure. What remains is as close to a tie, or as ill conditioned,
//! as doubles can bear, and goes to multiprecision intervals. [`Verdict::Undecided`] is what these cannot tell at 256
//! bits.

use super::bounds::{Batch, Bounds, Growth, Single, WIDTH, Wide, stretch};
use super::exact;
use super::trial::Setup;
use crate::arithmetic::upward::{add, mul};
use crate::error::{Error, Result};
use crate::linalg::approximate_eigen;
use crate::residual::types::{Decision, Thresholds, Verdict};
use nalgebra::DMatrix;
use rayon::prelude::*;
use std::array::from_fn;
use std::ops::Range;

/// Verdicts about the trials of a range, in order; a trial's verdict does not depend on the range. Errors: a threshold
/// that is not a number.
///
/// Whether `norm(P_k) <= thresholds.norm` and `sigma_min(P_k) >= thresholds.sigma_min` for k = 1, ..., L, for each
/// trial. Cost: O(L d^3) a trial, eight trials side by side: the products in double precision, Gram matrices and
/// factorisations in single. A trial that goes to multiprecision intervals costs far more.
///
/// ```
/// use flatcert::residual::{Setup, Thresholds, Verdict, decide, extremes};
/// let setup = Setup::new(8, 10, 0.5, 7, "example")?;
/// // Against the trial's own extremes, enclosed: above the norm and above sigma_min.
/// let own = extremes(&setup, 0)?;
/// let decided = decide(&setup, Thresholds { norm: own.norm.hi, sigma_min: own.sigma_min.hi * 1.01 }, 0..1)?;
/// assert_eq!((decided[0].norm, decided[0].sigma_min), (Verdict::Holds, Verdict::Fails));
/// # Ok::<(), flatcert::Error>(())
/// ```
pub fn decide(setup: &Setup, thresholds: Thresholds, trials: Range<u64>) -> Result<Vec<Decision>> {
    if thresholds.norm.is_nan() || thresholds.sigma_min.is_nan() {
        return Err(Error::usage("a threshold of Lemma 3 is not a number"));
    }
    let all: Vec<u64> = trials.collect();
    Ok(decide_all(setup, thresholds, &all))
}

/// [`decide`] for a list of trials.
///
/// With s = 0 every W_k is the identity, and both numbers are 1. A group of eight is one task; what is reused from
/// group to group are buffers.
pub(super) fn decide_all(setup: &Setup, thresholds: Thresholds, all: &[u64]) -> Vec<Decision> {
    if setup.s() == 0.0 {
        let compare = |holds| if holds { Verdict::Holds } else { Verdict::Fails };
        let identity =
            Decision { norm: compare(thresholds.norm >= 1.0), sigma_min: compare(thresholds.sigma_min <= 1.0) };
        return vec![identity; all.len()];
    }
    let start = || (Batch::<WIDTH>::new(setup), Single::new(setup.d()));
    let groups: Vec<Vec<Decision>> = all
        .par_chunks(WIDTH)
        .map_init(start, |(batch, single), group| {
            batch.restart(setup, group);
            walk(setup, thresholds, group, batch, single)
        })
        .collect();
    groups.into_iter().flatten().collect()
}

/// One lane.
struct Lane {
    /// What is proved so far: `Fails`, or `Holds` for a trivial threshold.
    decision: Decision,
    /// What sigma_min must exceed at each prefix.
    level: f64,
    /// At most the last sigma_min.
    floor: f64,
    /// At least the last norm.
    ceiling: f64,
    /// The rounding errors of its products.
    growth: Growth,
    /// Neither decided nor stuck.
    alive: bool,
}

/// Multiples of the level that are certified where possible: at norm_F(sigma N) = s sqrt(d/L) = 0.45, each lasts for
/// one prefix more.
const REACH: [f64; 4] = [1.0, 1.9, 3.5, 6.4];
/// Factorisations in a row that succeed before a higher multiple is tried again.
const PATIENCE: usize = 12;

/// Which multiple to try, for a batch.
struct Reach {
    /// Index of the multiple.
    at: usize,
    /// Factorisations in a row that succeeded.
    row: usize,
}

impl Reach {
    /// One step down after a failure, one up after `PATIENCE` successes: a high multiple saves looks at later
    /// prefixes, a failed one costs a factorisation.
    fn told(&mut self, success: bool) {
        self.row = if success { self.row + 1 } else { 0 };
        if !success {
            self.at = self.at.saturating_sub(1);
        } else if self.row >= PATIENCE {
            (self.at, self.row) = ((self.at + 1).min(REACH.len() - 1), 0);
        }
    }
}

/// One group of trials through all prefixes; it ends early when every lane is decided or stuck.
///
/// A prefix is only measured when some lane's carried bounds do not decide it, and then for all lanes at once: they
/// share the instructions.
fn walk(
    setup: &Setup,
    thresholds: Thresholds,
    trials: &[u64],
    batch: &mut Batch<WIDTH>,
    single: &mut Single,
) -> Vec<Decision> {
    // A level to start from where the threshold itself is none.
    let trivial = thresholds.sigma_min <= 0.0;
    let level = if trivial { 0.5 } else { thresholds.sigma_min };
    let mut decision = Decision::OPEN;
    if trivial {
        decision.sigma_min = Verdict::Holds;
    }
    let growth = Growth::new(setup.d());
    // P_0 = I, of which nothing is asked.
    let mut lanes: [Lane; WIDTH] =
        from_fn(|w| Lane { decision, level, floor: 1.0, ceiling: 1.0, growth, alive: w < trials.len() });
    let mut reach = Reach { at: REACH.len() - 1, row: 0 };
    for _ in 0..setup.depth() {
        if !lanes.iter().any(|l| l.alive) {
            break;
        }
        let noise = batch.advance();
        let carried: [_; WIDTH] =
            from_fn(|w| lanes[w].alive.then(|| lanes[w].carry(&batch.double, noise[w], thresholds)));
        if carried.iter().flatten().all(Option::is_some) {
            for (lane, next) in lanes.iter_mut().zip(carried) {
                if let Some(Some(next)) = next {
                    (lane.growth, lane.floor, lane.ceiling) = next;
                }
            }
            continue;
        }
        certify(batch, noise, thresholds, &mut lanes, &mut reach, single);
    }
    lanes.iter().zip(trials).map(|(lane, &trial)| lane.conclude(setup, thresholds, trial)).collect()
}

/// Certificates at this prefix.
///
/// First sigma_min at a multiple of the levels, then, for the lanes where that failed, at the level itself; then the
/// norm, where the bound of the Frobenius norm of G does not do. Lanes whose bounds are out of range are stuck; where
/// a certificate is missing, [`Lane::examine`] has the last word.
fn certify(
    batch: &mut Batch<WIDTH>,
    noise: [f64; WIDTH],
    thresholds: Thresholds,
    lanes: &mut [Lane; WIDTH],
    reach: &mut Reach,
    single: &mut Single,
) {
    let sums = batch.measure(noise);
    let found: [Option<Bounds>; WIDTH] =
        from_fn(|w| lanes[w].alive.then(|| lanes[w].growth.bounds(&batch.wide, &batch.double, &sums, w)).flatten());
    let multiple = REACH[reach.at];
    let mut lower = batch.lower(from_fn(|w| found[w].map(|b| (multiple * lanes[w].level, b))));
    let enough = (0..WIDTH).all(|w| lower[w] || found[w].is_none());
    for (lane, good) in lanes.iter_mut().zip(lower) {
        lane.floor = if good { (multiple * lane.level).next_down() } else { lane.level };
    }
    if !enough && reach.at > 0 {
        let again = batch.lower(from_fn(|w| found[w].map(|b| (lanes[w].floor, b))));
        lower = from_fn(|w| lower[w] || again[w]);
    }
    reach.told(enough);
    let mut upper: [bool; WIDTH] = from_fn(|w| match found[w] {
        Some(b) => lanes[w].decision.norm != Verdict::Undecided || b.norm() <= thresholds.norm,
        None => true,
    });
    for (lane, b) in lanes.iter_mut().zip(&found) {
        lane.ceiling = b.map_or(f64::INFINITY, |b| b.norm());
    }
    if upper.contains(&false) {
        let good = batch.upper(from_fn(|w| found[w].filter(|_| !upper[w]).map(|b| (thresholds.norm, b))));
        upper = from_fn(|w| upper[w] || good[w]);
    }
    for (w, lane) in lanes.iter_mut().enumerate().filter(|(_, l)| l.alive) {
        let Some(b) = found[w] else {
            lane.alive = false;
            continue;
        };
        if !(lower[w] && upper[w]) {
            lane.examine(&batch.product(w), &b, thresholds, (lower[w], upper[w]), single);
        }
        lane.growth.follow(&b, lane.floor);
    }
}

impl Lane {
    /// The next growth, floor and ceiling without a look at the product, if these decide the next prefix.
    ///
    /// `sigma_min(P_k) >= sigma_min(P_{k-1}) (1 - norm(sigma N_k))` and
    /// `norm(P_k) <= norm(P_{k-1}) (1 + norm(sigma N_k))`; `noise` is the sum of the squares of the rounded sigma
    /// N_k. A quarter of the level is enough where sigma_min is decided: the error bounds then only need something
    /// positive to divide by.
    fn carry(&self, wide: &Wide<f64>, noise: f64, thresholds: Thresholds) -> Option<(Growth, f64, f64)> {
        let (b, norm) = self.growth.carried(wide, noise);
        let floor = (self.floor * (1.0 - norm).next_down()).next_down();
        let ceiling = mul(self.ceiling, add(1.0, norm));
        // Where the verdict about sigma_min is known, the level only bounds rounding errors.
        let needed = if self.decision.sigma_min == Verdict::Undecided { self.level } else { 0.25 * self.level };
        let low = floor >= needed && floor > 0.0;
        let high = self.decision.norm != Verdict::Undecided || ceiling <= thresholds.norm;
        let mut growth = self.growth;
        growth.follow(&b, floor);
        (low && high && growth.in_range()).then_some((growth, floor, ceiling))
    }

    /// Where a certificate in single precision is missing: one in double precision, a proof of failure, another level;
    /// otherwise the lane is stuck.
    ///
    /// `lower` and `upper` say which of the two is certified. With failure proved on one side the lane lives on for
    /// the other, for sigma_min at a new level of half of its estimate.
    fn examine(
        &mut self,
        product: &DMatrix<f64>,
        b: &Bounds,
        thresholds: Thresholds,
        (lower, upper): (bool, bool),
        single: &mut Single,
    ) {
        single.load(product);
        let upper = upper || single.upper(thresholds.norm, b);
        let lower = lower || single.lower(self.level, b);
        if lower && upper {
            return;
        }
        self.alive = false;
        let Some((values, vectors)) = approximate_eigen(&(product.transpose() * product)) else { return };
        if !upper {
            let (image, length) = stretch(product, vectors.column(values.len() - 1).as_slice(), b);
            if image.0 <= mul(thresholds.norm, length.1) {
                return;
            }
            self.decision.norm = Verdict::Fails;
        }
        if !lower {
            if self.decision.sigma_min == Verdict::Undecided {
                let (image, length) = stretch(product, vectors.column(0).as_slice(), b);
                if image.1 >= (thresholds.sigma_min * length.0).next_down() {
                    return;
                }
                self.decision.sigma_min = Verdict::Fails;
            }
            if self.decision.norm == Verdict::Undecided {
                let level = 0.5 * values[0].max(0.0).sqrt();
                if !(level > 0.0 && single.lower(level, b)) {
                    return;
                }
                (self.level, self.floor) = (level, level);
            }
        }
        self.alive = self.decision.is_open();
    }

    /// The verdicts at the end: a lane that came through holds what did not fail.
    ///
    /// A stuck lane goes to multiprecision intervals, with what it has proved.
    fn conclude(&self, setup: &Setup, thresholds: Thresholds, trial: u64) -> Decision {
        if self.alive {
            return self.decision.or(Decision { norm: Verdict::Holds, sigma_min: Verdict::Holds });
        }
        if !self.decision.is_open() {
            return self.decision;
        }
        exact::decide(setup, thresholds, trial, self.decision)
    }
}
