//! Where double precision cannot tell: one trial in multiprecision intervals.
//!
//! The exact products are enclosed entry by entry. A prefix is first asked in double precision, around the rounded enclosure (its error is then that of one
//! rounding, not of a whole product), and only then by enclosures of its singular values. Cost: L d^3 interval products, about 0.2 s for d = 20, L = 100, and up to
//! about ten times that for each prefix with enclosed singular values; trials that need it are rare.

use super::bounds::{Bounds, Single};
use super::extremes::{Enclosed, Extremes, Profile};
use super::trial::{Draws, Setup};
use super::verdict::{Decision, Thresholds, Verdict};
use crate::arithmetic::{Big, Enclosure, Real};
use crate::linalg::{largest_singular_value, smallest_singular_value};
use nalgebra::DMatrix;
use num_traits::One;

/// Precisions in turn: the products of a hundred residual layers lose about 2^50 to the wrapping of intervals at d = 20.
const BITS: [u32; 2] = [128, 256];

/// The exact prefix products of a trial, enclosed.
struct Products {
    d: usize,
    bits: u32,
    scale: Big,
    draws: Draws,
    product: DMatrix<Big>,
}

impl Products {
    fn new(setup: &Setup, trial: u64, bits: u32) -> Self {
        let d = setup.d();
        let big = |x: f64| Big::from_f64(x, bits);
        // L d is an integer below 2^53.
        let scale = big(setup.s()) / big((d * setup.depth()) as f64).sqrt();
        let product = DMatrix::from_fn(d, d, |i, j| big(f64::from(u8::from(i == j))));
        Self { d, bits, scale, draws: setup.draws(trial), product }
    }

    /// P_k from P_{k-1}.
    fn advance(&mut self) {
        let d = self.d;
        let mut layer = Vec::with_capacity(d * d);
        for i in 0..d {
            for j in 0..d {
                let noise = self.scale.clone() * Big::from_f64(self.draws.next_normal(), self.bits);
                layer.push(if i == j { Big::one() + noise } else { noise });
            }
        }
        let old = &self.product;
        let next = |i: usize, j: usize| Big::dot(layer[i * d..(i + 1) * d].iter().zip(old.column(j).iter()));
        self.product = DMatrix::from_fn(d, d, next);
    }

    /// The product rounded to doubles, and its error; `None` where out of range.
    fn rounded(&self) -> Option<(DMatrix<f64>, Bounds)> {
        let rounded = self.product.map(|e| e.to_interval().mid());
        let error = self.product.zip_map(&rounded, |e, m| {
            let i = e.to_interval();
            (i.hi() - m).next_up().max((m - i.lo()).next_up())
        });
        let b = Bounds::around(&rounded, &error)?;
        Some((rounded, b))
    }
}

/// What intervals prove beyond what is `known`.
pub(super) fn decide(setup: &Setup, thresholds: Thresholds, trial: u64, known: Decision) -> Decision {
    let mut known = known;
    for bits in BITS {
        known = known.or(at(setup, thresholds, trial, known, bits));
        if !known.is_open() {
            break;
        }
    }
    known
}

fn at(setup: &Setup, thresholds: Thresholds, trial: u64, known: Decision, bits: u32) -> Decision {
    let mut products = Products::new(setup, trial, bits);
    let mut single = Single::new(setup.d());
    // Holds as long as every prefix did.
    let mut all = Decision { norm: Verdict::Holds, sigma_min: Verdict::Holds };
    let limit = |x: f64| Big::from_f64(x, bits);
    for _ in 0..setup.depth() {
        products.advance();
        let b = products.rounded();
        if let Some((p, _)) = &b {
            single.load(p);
        }
        if known.norm == Verdict::Undecided && all.norm != Verdict::Fails {
            let quick =
                thresholds.norm == f64::INFINITY || b.as_ref().is_some_and(|(_, b)| single.upper(thresholds.norm, b));
            if !quick {
                let slack = || limit(thresholds.norm) - largest_singular_value(&products.product);
                all.norm = worse(all.norm, of(&slack()));
            }
        }
        if known.sigma_min == Verdict::Undecided && all.sigma_min != Verdict::Fails {
            let quick = b.as_ref().is_some_and(|(_, b)| single.lower(thresholds.sigma_min, b));
            if !quick {
                let slack = || smallest_singular_value(&products.product) - limit(thresholds.sigma_min);
                all.sigma_min = worse(all.sigma_min, of(&slack()));
            }
        }
        let settled = |known: Verdict, now: Verdict| known != Verdict::Undecided || now == Verdict::Fails;
        if settled(known.norm, all.norm) && settled(known.sigma_min, all.sigma_min) {
            break;
        }
    }
    all
}

/// The verdict of one prefix.
fn of(slack: &Big) -> Verdict {
    if slack.is_nonnegative() {
        Verdict::Holds
    } else if slack.is_negative() {
        Verdict::Fails
    } else {
        Verdict::Undecided
    }
}

/// The verdict of two prefixes together.
fn worse(a: Verdict, b: Verdict) -> Verdict {
    match (a, b) {
        (Verdict::Fails, _) | (_, Verdict::Fails) => Verdict::Fails,
        (Verdict::Holds, Verdict::Holds) => Verdict::Holds,
        _ => Verdict::Undecided,
    }
}

/// The profile of a trial; `None` if a product overflows.
pub(super) fn extremes(setup: &Setup, trial: u64) -> Option<Profile> {
    let mut products = Products::new(setup, trial, BITS[1]);
    let mut norm = Enclosed { lo: 0.0, hi: 0.0 };
    let mut sigma_min = Enclosed { lo: f64::INFINITY, hi: f64::INFINITY };
    let (mut prefixes, mut estimates) = (Vec::new(), Vec::new());
    for _ in 0..setup.depth() {
        products.advance();
        let (top, bottom) = (largest_singular_value(&products.product), smallest_singular_value(&products.product));
        if !(top.is_bounded() && bottom.is_bounded()) {
            return None;
        }
        norm = Enclosed { lo: norm.lo.max(top.lo()), hi: norm.hi.max(top.hi()) };
        sigma_min = Enclosed { lo: sigma_min.lo.min(bottom.lo()), hi: sigma_min.hi.min(bottom.hi()) };
        prefixes.push((bottom.lo().max(0.0), top.hi()));
        estimates.push((bottom.to_interval().mid(), top.to_interval().mid()));
    }
    Some(Profile { extremes: Extremes { norm, sigma_min }, prefixes, estimates })
}
