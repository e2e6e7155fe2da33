//! Enclosures of the extreme values themselves, for a whole curve of thresholds at once.
//!
//! One walk through the prefixes, eight trials side by side, estimates both singular values of every prefix (inverse iteration with the factorisation of the prefix, from
//! the vector of the last one) and certifies a bound a few per cent beside the last estimate: a *level*. Prefixes whose level stays beyond the
//! best estimate cannot hold the extreme value; the others are kept. At the end they are asked again in double precision, the best first: a singular vector proves
//! what is attained there, and every other one is certified against it. Where doubles cannot, multiprecision intervals do.

use super::bounds::{Batch, Bounds, Growth, Single, WIDTH, stretch};
use super::exact;
use super::trial::Setup;
use crate::arithmetic::upward::div;
use crate::error::{Error, Result};
use crate::linalg::approximate_eigen;
use nalgebra::DMatrix;
use rayon::prelude::*;
use std::array::from_fn;
use std::ops::Range;

/// Relative distance between what is attained and what is certified.
const SLACK: f64 = 2e-10;
/// Relative distance between the last estimate and the level: the singular values move by about s/sqrt(L d) from prefix to prefix.
const BAND: f64 = 0.05;
/// Relative error of an estimate in single precision, as a rule; only speed depends on it.
const ESTIMATE: f64 = 1e-3;

/// Bounds of one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Enclosed {
    /// At most the number.
    pub lo: f64,
    /// At least the number.
    pub hi: f64,
}

/// The extreme values of one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// max_k norm(P_k).
    pub norm: Enclosed,
    /// min_k sigma_min(P_k).
    pub sigma_min: Enclosed,
}

/// What is certified of a trial.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub extremes: Extremes,
    /// For each prefix a lower bound of sigma_min and an upper bound of the norm.
    pub prefixes: Vec<(f64, f64)>,
    /// Both estimated: they decide nothing.
    pub estimates: Vec<(f64, f64)>,
}

/// Rigorous enclosures of both extreme values, of relative width about 4e-10 unless P_k is close to singular. An error where the products
/// overflow.
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
    let start = || (Batch::<WIDTH>::new(setup, &[]), Single::new(setup.d()));
    let groups: Vec<Vec<Result<Profile>>> = trials
        .par_chunks(WIDTH)
        .map_init(start, |(batch, single), group| {
            batch.restart(setup, group);
            let found = walk(setup, batch, single);
            group.iter().zip(found).map(|(&trial, found)| found.map_or_else(|| hard(setup, trial), Ok)).collect()
        })
        .collect();
    groups.into_iter().flatten().collect()
}

/// Where doubles do not suffice.
fn hard(setup: &Setup, trial: u64) -> Result<Profile> {
    let found = exact::extremes(setup, trial);
    found.ok_or_else(|| Error::usage(format!("Lemma 3, trial {trial}: a product overflows")))
}

/// The two extremes. Both are minima of a signed value: sigma_min, and minus the norm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Low,
    High,
}

impl Side {
    pub fn signed(self, x: f64) -> f64 {
        if self == Self::Low { x } else { -x }
    }
    /// Is the signed value of the exact product at least `level` for certain?
    pub fn certify(self, single: &mut Single, level: f64, b: &Bounds) -> bool {
        match self {
            Self::Low => single.lower(level, b),
            Self::High => single.upper(-level, b),
        }
    }
    /// An upper bound of the signed value, by the singular vector.
    pub fn attained(self, product: &DMatrix<f64>, vectors: &DMatrix<f64>, b: &Bounds) -> f64 {
        let column = if self == Self::Low { 0 } else { vectors.ncols() - 1 };
        let (image, length) = stretch(product, vectors.column(column).as_slice(), b);
        match self {
            Self::Low => div(image.1, length.0),
            Self::High => -(image.0 / length.1).next_down().max(0.0),
        }
    }
}

/// A prefix that may hold the extreme value.
struct Candidate {
    at: usize,
    estimate: f64,
    product: DMatrix<f64>,
    b: Bounds,
}

/// One extreme of one lane, in signed values.
struct Search {
    side: Side,
    /// Of the last prefix: not finite if there is none.
    estimate: f64,
    /// The least estimate.
    best: f64,
    /// What is certified of each prefix.
    levels: Vec<f64>,
    estimates: Vec<f64>,
    candidates: Vec<Candidate>,
}

impl Search {
    fn new(side: Side) -> Self {
        let (levels, estimates, candidates) = (Vec::new(), Vec::new(), Vec::new());
        Self { side, estimate: f64::NAN, best: f64::INFINITY, levels, estimates, candidates }
    }

    /// The level to try next.
    fn level(&self, b: &Bounds) -> Option<(f64, Bounds)> {
        let blur = b.blur();
        let square = (self.estimate * self.estimate - self.side.signed(blur)).max(0.25 * self.estimate * self.estimate);
        let level = self.side.signed(square.sqrt());
        self.estimate.is_finite().then_some((level - level.abs() * BAND, *b))
    }

    /// The last prefix has this level.
    fn record(&mut self, level: f64, b: &Bounds, product: impl FnOnce() -> DMatrix<f64>) {
        self.levels.push(level);
        self.estimates.push(self.estimate);
        self.best = self.best.min(self.estimate + ESTIMATE * self.estimate.abs());
        if level >= self.best {
            return;
        }
        let (best, levels) = (self.best, &self.levels);
        self.candidates.retain(|c| levels[c.at] < best);
        self.candidates.push(Candidate { at: levels.len() - 1, estimate: self.estimate, product: product(), b: *b });
    }

    /// The least signed value.
    fn settle(&mut self, single: &mut Single) -> Option<Enclosed> {
        let side = self.side;
        let mut found = Enclosed { lo: f64::INFINITY, hi: f64::INFINITY };
        self.candidates.sort_by(|a, b| a.estimate.total_cmp(&b.estimate));
        for Candidate { at, product, b, .. } in &self.candidates {
            if self.levels[*at] >= found.lo {
                continue;
            }
            single.load(product);
            if found.lo < f64::INFINITY && side.certify(single, found.lo, b) {
                self.levels[*at] = found.lo;
                continue;
            }
            let (_, vectors) = approximate_eigen(&(product.transpose() * product))?;
            let value = side.attained(product, &vectors, b);
            let level = widen(value, |level| side.certify(single, level, b))?;
            self.levels[*at] = level;
            found = Enclosed { lo: found.lo.min(level), hi: found.hi.min(value) };
        }
        found.lo = self.levels.iter().copied().fold(found.lo, f64::min);
        found.hi.is_finite().then_some(found)
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
    growth: Growth,
    low: Search,
    high: Search,
    alive: bool,
}

/// The profiles of one batch; `None` where doubles do not suffice.
fn walk(setup: &Setup, batch: &mut Batch<WIDTH>, single: &mut Single) -> [Option<Profile>; WIDTH] {
    let d = setup.d();
    let mut lanes: [Lane; WIDTH] = from_fn(|_| Lane {
        growth: Growth::new(d),
        low: Search::new(Side::Low),
        high: Search::new(Side::High),
        alive: true,
    });
    let mut vectors = [vec![[0f32; WIDTH]; d], vec![[0f32; WIDTH]; d]];
    for _ in 0..setup.depth() {
        let noise = batch.advance();
        let sums = batch.measure(noise);
        let found: [Option<Bounds>; WIDTH] =
            from_fn(|w| lanes[w].alive.then(|| lanes[w].growth.bounds(d, &sums, w)).flatten());
        let low: [_; WIDTH] = from_fn(|w| found[w].and_then(|b| lanes[w].low.level(&b)));
        let low_good = batch.lower(low);
        let low_square = batch.estimate(&mut vectors[0]);
        let high: [_; WIDTH] = from_fn(|w| found[w].and_then(|b| lanes[w].high.level(&b)));
        let high_good = batch.upper(high.map(|l| l.map(|(level, b)| (-level, b))));
        let high_square = batch.estimate(&mut vectors[1]);
        for (w, lane) in lanes.iter_mut().enumerate() {
            let Some(b) = found[w] else {
                lane.alive = false;
                continue;
            };
            let known = match (low[w], high[w]) {
                (Some(low), Some(high)) if low_good[w] && high_good[w] => {
                    lane.low.estimate = low_square[w].max(0.0).sqrt();
                    lane.high.estimate = -high_square[w].max(0.0).sqrt();
                    Some((low.0, high.0))
                }
                _ => lane.look(&batch.product(w), &b, single, &mut vectors, w),
            };
            let Some((low, high)) = known else {
                lane.alive = false;
                continue;
            };
            lane.low.record(low, &b, || batch.product(w));
            lane.high.record(high, &b, || batch.product(w));
            lane.growth.follow(&b, low);
        }
    }
    lanes.map(|mut lane| if lane.alive { lane.conclude(single) } else { None })
}

impl Lane {
    /// A whole decomposition, where the estimates are lost: new vectors and estimates, levels certified in double precision.
    fn look(
        &mut self,
        product: &DMatrix<f64>,
        b: &Bounds,
        single: &mut Single,
        vectors: &mut [Vec<[f32; WIDTH]>; 2],
        w: usize,
    ) -> Option<(f64, f64)> {
        let (values, found) = approximate_eigen(&(product.transpose() * product))?;
        single.load(product);
        let last = values.len() - 1;
        for (to, column) in vectors.iter_mut().zip([0, last]) {
            for (to, from) in to.iter_mut().zip(found.column(column).iter()) {
                to[w] = *from as f32;
            }
        }
        self.low.estimate = values[0].max(0.0).sqrt();
        self.high.estimate = -values[last].max(0.0).sqrt();
        let mut level = |search: &Search| {
            let level = |slack: f64| search.estimate - search.estimate.abs() * slack;
            [0.5 * BAND, 0.5].into_iter().map(level).find(|&level| search.side.certify(single, level, b))
        };
        Some((level(&self.low).filter(|&l| l > 0.0)?, level(&self.high)?))
    }

    fn conclude(&mut self, single: &mut Single) -> Option<Profile> {
        let (low, high) = (self.low.settle(single)?, self.high.settle(single)?);
        let norm = Enclosed { lo: -high.hi, hi: -high.lo };
        let pairs = |low: &[f64], high: &[f64]| low.iter().zip(high).map(|(&low, &high)| (low, -high)).collect();
        let prefixes = pairs(&self.low.levels, &self.high.levels);
        let estimates = pairs(&self.low.estimates, &self.high.estimates);
        Some(Profile { extremes: Extremes { norm, sigma_min: low }, prefixes, estimates })
    }
}
