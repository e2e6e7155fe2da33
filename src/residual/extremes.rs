//! Enclosures of the extreme values themselves, for a whole curve of thresholds at once.
//!
//! One walk through the prefixes, eight trials side by side, estimates both singular values of every prefix (inverse
//! iteration with the factorisation of the prefix, from the vector of the last one) and certifies a bound a few per
//! cent beside the last estimate: a *level*. Prefixes whose level stays beyond the best estimate cannot hold the
//! extreme value; the others are kept. At the end they are asked again in double precision, the best first: a singular
//! vector proves what is attained there, and every other one is certified against it. Where doubles cannot,
//! multiprecision intervals do.
//!
//! **What is proved.** Of the profile: each prefix's level (a lower bound of its signed value, see [`Side`]), hence
//! their minimum; and one attained value, hence an upper bound of the minimum. Estimates only choose levels and
//! candidates: a poor one costs another factorisation or a wider enclosure. In signed values both extremes are
//! minima, so that one search serves both.
//!
//! **Cost.** O(L d^3), and no prefix is carried over unmeasured; memory is a copy of eight products for each prefix
//! that is still a candidate.

use super::bounds::{Batch, Bounds, Growth, Single, WIDTH, Wide};
use super::exact;
use super::trial::Setup;
use crate::error::{Error, Result};
use crate::linalg::approximate_eigen;
use crate::residual::types::{Enclosed, Extremes, Profile, Side};
use nalgebra::DMatrix;
use rayon::prelude::*;
use std::array::from_fn;
use std::ops::Range;
use std::rc::Rc;

/// Relative distance between what is attained and what is certified.
const SLACK: f64 = 2e-10;
/// Relative distance between the last estimate and the level: the singular values move by about s/sqrt(L d) from prefix
/// to prefix.
const BAND: f64 = 0.05;
/// The same where the first level was too close.
const WIDE: f64 = 0.25;
/// Relative error of an estimate in single precision, as a rule; only speed depends on it.
const ESTIMATE: f64 = 1e-3;
/// Enclosures of larger relative width are not worth having: the trial is tried in multiprecision intervals.
const BROAD: f64 = 0.25;

/// Rigorous enclosures of both extreme values, of relative width about 4e-10 unless P_k is ill conditioned (beyond 1e5,
/// say). Where doubles leave more than 1/4 (`BROAD`), multiprecision intervals enclose them, at a hundred to a thousand
/// times the cost. An error where the products overflow.
///
/// ```
/// use flatcert::residual::{Setup, extremes};
/// // The products `P_k = (I + s N_k/sqrt(L d)) .. (I + s N_1/sqrt(L d))` of Lemma 3: d = 8, L = 10, s = 1/2.
/// let setup = Setup::new(8, 10, 0.5, 7, "example")?;
/// let found = extremes(&setup, 0)?;
/// assert!(found.norm.lo > 1.0 && found.norm.hi - found.norm.lo < 1e-8);
/// assert!(0.0 < found.sigma_min.lo && found.sigma_min.hi < 1.0);
/// # Ok::<(), flatcert::Error>(())
/// ```
///
/// # Errors
/// A product leaves the range of doubles, or its singular values are not enclosed by intervals either.
pub fn extremes(setup: &Setup, trial: u64) -> Result<Extremes> {
    profile(setup, trial).map(|p| p.extremes)
}

/// [`extremes`] of the trials of a range, in order; none depends on its company.
pub fn extremes_of(setup: &Setup, trials: Range<u64>) -> Vec<Result<Extremes>> {
    let all: Vec<u64> = trials.collect();
    profiles(setup, &all).into_iter().map(|p| p.map(|p| p.extremes)).collect()
}

/// The profile of one trial.
pub(super) fn profile(setup: &Setup, trial: u64) -> Result<Profile> {
    let none = || Err(Error::internal("one trial has one profile"));
    profiles(setup, &[trial]).pop().unwrap_or_else(none)
}

/// The profiles of these trials.
pub(super) fn profiles(setup: &Setup, trials: &[u64]) -> Vec<Result<Profile>> {
    if setup.s() == 0.0 {
        let one = Enclosed { lo: 1.0, hi: 1.0 };
        let extremes = Extremes { norm: one, sigma_min: one };
        let ones = vec![(1.0, 1.0); setup.depth()];
        let identity = Profile { extremes, prefixes: ones.clone(), estimates: ones };
        return trials.iter().map(|_| Ok(identity.clone())).collect();
    }
    let start = || (Batch::<WIDTH>::new(setup), Single::new(setup.d()));
    let groups: Vec<Vec<Result<Profile>>> = trials
        .par_chunks(WIDTH)
        .map_init(start, |(batch, single), group| {
            batch.restart(setup, group);
            let found = walk(setup, batch, single);
            let fine = |p: &Profile| p.extremes.norm.width() <= BROAD && p.extremes.sigma_min.width() <= BROAD;
            let pick =
                |(&trial, found): (&u64, Option<Profile>)| found.filter(fine).map_or_else(|| hard(setup, trial), Ok);
            group.iter().zip(found).map(pick).collect()
        })
        .collect();
    groups.into_iter().flatten().collect()
}

/// Where doubles do not suffice.
fn hard(setup: &Setup, trial: u64) -> Result<Profile> {
    let found = exact::extremes(setup, trial);
    found.ok_or_else(|| {
        Error::usage(format!("Lemma 3, trial {trial}: the singular values of a product were not enclosed"))
    })
}

/// The products of one prefix, and the vectors of both sides.
struct Snapshot {
    /// Of all lanes, by columns.
    p: Vec<[f64; WIDTH]>,
    /// Approximate singular vectors, by [`Side`].
    vectors: [Vec<[f32; WIDTH]>; 2],
}

/// A prefix that may hold the extreme value.
struct Candidate {
    /// The prefix P_{at + 1}.
    at: usize,
    /// Its signed value, estimated.
    estimate: f64,
    /// The errors of its product.
    b: Bounds,
    /// Shared by the lanes and the two sides.
    snapshot: Rc<Snapshot>,
}

/// One extreme of one lane, in signed values.
struct Search {
    /// Which extreme.
    side: Side,
    /// Of the last prefix: not finite if there is none.
    estimate: f64,
    /// The least estimate.
    best: f64,
    /// What is certified of each prefix.
    levels: Vec<f64>,
    /// The signed values, estimated.
    estimates: Vec<f64>,
    /// Prefixes whose level lies below the best estimate.
    candidates: Vec<Candidate>,
}

impl Search {
    /// Before the first prefix: no estimate, so that the first one is looked at as a whole.
    fn new(side: Side) -> Self {
        let (levels, estimates, candidates) = (Vec::new(), Vec::new(), Vec::new());
        Self { side, estimate: f64::NAN, best: f64::INFINITY, levels, estimates, candidates }
    }

    /// The level to try next.
    ///
    /// It stands `band` beside the last estimate, and farther by what single precision blurs of the square.
    fn level(&self, b: &Bounds, wide: &Wide<f32>, band: f64) -> Option<(f64, Bounds)> {
        let all = self.estimate * self.estimate;
        let level = self.side.signed((all - self.side.signed(b.blur(wide))).max(0.25 * all).sqrt());
        self.estimate.is_finite().then_some((level - level.abs() * band, *b))
    }

    /// The last prefix has this level.
    ///
    /// A prefix whose level is not below the best estimate cannot hold the minimum, and candidates that the new best
    /// estimate excludes go.
    fn record(&mut self, level: f64, b: &Bounds, snapshot: &Rc<Snapshot>) {
        self.levels.push(level);
        self.estimates.push(self.estimate);
        self.best = self.best.min(self.estimate + ESTIMATE * self.estimate.abs());
        if level >= self.best {
            return;
        }
        let (best, levels) = (self.best, &self.levels);
        self.candidates.retain(|c| levels[c.at] < best);
        let (at, snapshot) = (levels.len() - 1, Rc::clone(snapshot));
        self.candidates.push(Candidate { at, estimate: self.estimate, b: *b, snapshot });
    }

    /// The least signed value; this is lane w.
    ///
    /// The candidates in the order of their estimates: the first is enclosed, and each further one is first tried
    /// against the lower end that is known. `hi` is the least value that a vector attains, `lo` the least level of
    /// all prefixes. `None` where a candidate cannot be enclosed.
    fn settle(&mut self, w: usize, single: &mut Single) -> Option<Enclosed> {
        let side = self.side;
        let mut found = Enclosed { lo: f64::INFINITY, hi: f64::INFINITY };
        self.candidates.sort_by(|a, b| a.estimate.total_cmp(&b.estimate));
        for candidate in &self.candidates {
            let level = &mut self.levels[candidate.at];
            if *level >= found.lo {
                continue;
            }
            let product = candidate.product(w, single.d());
            single.load(&product);
            if found.lo < f64::INFINITY && side.certify(single, found.lo, &candidate.b) {
                *level = found.lo;
                continue;
            }
            let (lo, hi) = candidate.enclose(side, w, &product, single)?;
            *level = lo;
            found = Enclosed { lo: found.lo.min(lo), hi: found.hi.min(hi) };
        }
        found.lo = self.levels.iter().copied().fold(found.lo, f64::min);
        found.hi.is_finite().then_some(found)
    }
}

impl Candidate {
    /// The d x d product of lane w.
    fn product(&self, w: usize, d: usize) -> DMatrix<f64> {
        DMatrix::from_iterator(d, d, self.snapshot.p.iter().map(|x| x[w]))
    }

    /// Bounds of the signed value of the product, which `single` has loaded.
    ///
    /// First by the kept vector, turned towards the singular vector in double precision; where its level is not
    /// certified, by a whole decomposition with growing slack.
    fn enclose(&self, side: Side, w: usize, product: &DMatrix<f64>, single: &mut Single) -> Option<(f64, f64)> {
        let mut vector: Vec<[f64; 1]> =
            self.snapshot.vectors[side as usize].iter().map(|x| [f64::from(x[w])]).collect();
        let near = self.estimate - 2.0 * ESTIMATE * self.estimate.abs();
        if single.approach(side == Side::Norm, near, &mut vector) {
            let value = side.attained_at(product, vector.as_flattened(), &self.b);
            let level = value - value.abs() * SLACK;
            if side.certify(single, level, &self.b) {
                return Some((level, value));
            }
        }
        let (_, vectors) = approximate_eigen(&product.tr_mul(product))?;
        let value = side.attained(product, &vectors, &self.b);
        Some((widen(value, |level| side.certify(single, level, &self.b))?, value))
    }
}

/// The first level below the value, with growing slack, that is certified.
fn widen(value: f64, mut certified: impl FnMut(f64) -> bool) -> Option<f64> {
    let mut slack = SLACK;
    while slack < 1.0 {
        let level = value - value.abs() * slack;
        if certified(level) {
            return Some(level);
        }
        slack *= 8.0;
    }
    None
}

/// One trial.
struct Lane {
    /// Rounding errors of its products.
    growth: Growth,
    /// By [`Side`].
    searches: [Search; 2],
    /// Every prefix so far has its two levels.
    alive: bool,
}

/// The levels that are certified on one side, where they are, and the estimates of the squared singular values.
///
/// A second try, for all lanes, with the wider band where the first level was too close. `vectors` are improved by
/// the same factorisations.
fn certify(
    side: Side,
    batch: &mut Batch<WIDTH>,
    lanes: &[Lane; WIDTH],
    found: &[Option<Bounds>; WIDTH],
    vectors: &mut [[f32; WIDTH]],
) -> [Option<(f64, f64)>; WIDTH] {
    let wide = batch.wide;
    let level = |w: usize, band| found[w].and_then(|b| lanes[w].searches[side as usize].level(&b, &wide, band));
    let mut factor = |levels: [Option<(f64, Bounds)>; WIDTH]| match side {
        Side::SigmaMin => batch.lower(levels),
        Side::Norm => batch.upper(levels.map(|l| l.map(|(level, b)| (-level, b)))),
    };
    let mut levels: [_; WIDTH] = from_fn(|w| level(w, BAND));
    let mut good = factor(levels);
    if (0..WIDTH).any(|w| !good[w] && levels[w].is_some()) {
        levels = from_fn(|w| if good[w] { levels[w] } else { level(w, WIDE) });
        good = factor(levels);
    }
    let squares = batch.estimate(vectors);
    from_fn(|w| levels[w].filter(|_| good[w]).map(|(level, _)| (level, side.signed(squares[w].max(0.0).sqrt()))))
}

/// The profiles of one batch; `None` where doubles do not suffice.
fn walk(setup: &Setup, batch: &mut Batch<WIDTH>, single: &mut Single) -> [Option<Profile>; WIDTH] {
    let d = setup.d();
    let searches = || [Search::new(Side::SigmaMin), Search::new(Side::Norm)];
    let mut lanes: [Lane; WIDTH] = from_fn(|_| Lane { growth: Growth::new(d), searches: searches(), alive: true });
    let mut vectors = [vec![[0f32; WIDTH]; d], vec![[0f32; WIDTH]; d]];
    for _ in 0..setup.depth() {
        let noise = batch.advance();
        let sums = batch.measure(noise);
        let found: [Option<Bounds>; WIDTH] =
            from_fn(|w| lanes[w].alive.then(|| lanes[w].growth.bounds(&batch.wide, &batch.double, &sums, w)).flatten());
        let low = certify(Side::SigmaMin, batch, &lanes, &found, &mut vectors[0]);
        let high = certify(Side::Norm, batch, &lanes, &found, &mut vectors[1]);
        let mut levels = [None; WIDTH];
        for (w, lane) in lanes.iter_mut().enumerate() {
            let Some(b) = &found[w] else { continue };
            levels[w] = match (low[w], high[w]) {
                (Some(low), Some(high)) => {
                    (lane.searches[0].estimate, lane.searches[1].estimate) = (low.1, high.1);
                    Some([low.0, high.0])
                }
                _ => lane.look(&batch.product(w), b, single, &mut vectors, w),
            };
        }
        let snapshot = Rc::new(Snapshot { p: batch.lanes.p.clone(), vectors: vectors.clone() });
        for (w, lane) in lanes.iter_mut().enumerate() {
            let (Some(b), Some(levels)) = (&found[w], levels[w]) else {
                lane.alive = false;
                continue;
            };
            for (search, level) in lane.searches.iter_mut().zip(levels) {
                search.record(level, b, &snapshot);
            }
            lane.growth.follow(b, levels[0]);
        }
    }
    from_fn(|w| if lanes[w].alive { lanes[w].conclude(w, single) } else { None })
}

impl Lane {
    /// A whole decomposition, where the estimates are lost: new vectors and estimates, levels certified in double
    /// precision.
    fn look(
        &mut self,
        product: &DMatrix<f64>,
        b: &Bounds,
        single: &mut Single,
        vectors: &mut [Vec<[f32; WIDTH]>; 2],
        w: usize,
    ) -> Option<[f64; 2]> {
        let (values, found) = approximate_eigen(&product.tr_mul(product))?;
        single.load(product);
        let last = values.len() - 1;
        for (to, column) in vectors.iter_mut().zip([0, last]) {
            for (to, from) in to.iter_mut().zip(found.column(column).iter()) {
                to[w] = *from as f32;
            }
        }
        self.searches[0].estimate = values[0].max(0.0).sqrt();
        self.searches[1].estimate = -values[last].max(0.0).sqrt();
        let mut level = |search: &Search| {
            let level = |slack: f64| search.estimate - search.estimate.abs() * slack;
            [0.5 * BAND, 0.5].into_iter().map(level).find(|&level| search.side.certify(single, level, b))
        };
        Some([level(&self.searches[0]).filter(|&l| l > 0.0)?, level(&self.searches[1])?])
    }

    /// The profile: both extremes, and for each prefix the levels and the estimates.
    fn conclude(&mut self, w: usize, single: &mut Single) -> Option<Profile> {
        let [low, high] = &mut self.searches;
        let (sigma_min, negative) = (low.settle(w, single)?, high.settle(w, single)?);
        let norm = Enclosed { lo: -negative.hi, hi: -negative.lo };
        let pairs = |low: &[f64], high: &[f64]| low.iter().zip(high).map(|(&low, &high)| (low, -high)).collect();
        let prefixes = pairs(&low.levels, &high.levels);
        let estimates = pairs(&low.estimates, &high.estimates);
        Some(Profile { extremes: Extremes { norm, sigma_min }, prefixes, estimates })
    }
}
