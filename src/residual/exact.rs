//! Where double precision cannot tell: one trial in multiprecision intervals.
//!
//! The exact products are enclosed entry by entry. A prefix is first asked in double precision, around the rounded
//! enclosure (its error is then that of one rounding, not of a whole product), and only then by enclosures of its
//! singular values. Cost: L d^3 interval products, and some d^3 more for each prefix whose singular values are
//! enclosed; trials that need it are rare.
//!
//! Rigour rests on MPFR enclosures alone: the noise is `s / sqrt(L d)` enclosed, times the exact doubles drawn; there
//! is no bound of rounding errors to derive. The price is wrapping: the width of the entries grows with each product,
//! which is what the second precision is for. Where 256 bits do not decide, extreme value and threshold agree in all
//! of them but those that wrapping took.

use super::bounds::{Bounds, Single};
use super::trial::{Draws, Setup};
use crate::arithmetic::{Big, Enclosure, Real};
use crate::linalg::{approximate_eigen, largest_singular_value, smallest_singular_value};
use crate::residual::types::{Decision, Enclosed, Extremes, Profile, Side, Thresholds, Verdict};
use nalgebra::DMatrix;
use num_traits::One;

/// Precisions in turn: the products of a hundred residual layers lose about 2^50 to the wrapping of intervals at
/// d = 20.
const BITS: [u32; 2] = [128, 256];

/// The exact prefix products of a trial, enclosed.
struct Products {
    /// Dimension.
    d: usize,
    /// Precision of every enclosure.
    bits: u32,
    /// `s / sqrt(L d)`, enclosed.
    scale: Big,
    /// The trial's normals, from the next layer on.
    draws: Draws,
    /// P_k, d x d.
    product: DMatrix<Big>,
}

impl Products {
    /// At P_0 = I.
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

/// One precision: prefix by prefix, each first in double precision around the rounded enclosure, then by an enclosure
/// of its singular value. It stops once each of the two is known or has failed. What is `known` is not asked again:
/// its entry in the result means nothing, and `or` keeps the known one.
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

/// How far from the least estimate a prefix has to be for a certificate in double precision, relatively; others are
/// enclosed.
const CLEAR: f64 = 1e-3;

/// One side of the profile, in signed values.
struct Half {
    /// Which extreme.
    side: Side,
    /// By ordinary doubles.
    estimates: Vec<f64>,
    /// The least of them.
    least: f64,
    /// What is certified of the prefixes so far.
    levels: Vec<f64>,
    /// The minimum over the prefixes so far.
    found: Enclosed,
}

impl Half {
    /// Before the first prefix.
    fn new(side: Side, estimates: Vec<f64>) -> Self {
        let least = estimates.iter().copied().fold(f64::INFINITY, f64::min);
        let found = Enclosed { lo: f64::INFINITY, hi: f64::INFINITY };
        Self { side, estimates, least, levels: Vec::new(), found }
    }

    /// The next prefix.
    ///
    /// A prefix that is clear of the least estimate needs a level only, others are enclosed. `None` where an
    /// enclosure has an infinite end.
    fn add(&mut self, products: &Products, rounded: Option<&Bounds>, single: &mut Single) -> Option<()> {
        let estimate = self.estimates[self.levels.len()];
        let clear = self.least + CLEAR * self.least.abs();
        // The better level first.
        let levels = [estimate - 0.02 * estimate.abs(), 0.5 * (self.least + clear)];
        let certified = rounded
            .filter(|_| estimate > clear)
            .and_then(|b| levels.into_iter().find(|&l| l >= levels[1] && self.side.certify(single, l, b)));
        let level = match certified {
            Some(level) => level,
            None => {
                let value = match self.side {
                    Side::SigmaMin => smallest_singular_value(&products.product),
                    Side::Norm => -largest_singular_value(&products.product),
                };
                if !value.is_bounded() {
                    return None;
                }
                self.found.hi = self.found.hi.min(value.hi());
                value.lo()
            }
        };
        self.found.lo = self.found.lo.min(level);
        self.levels.push(level);
        Some(())
    }
}

/// The profile of a trial; `None` if a product leaves the range of doubles, or its singular values are not found.
pub(super) fn extremes(setup: &Setup, trial: u64) -> Option<Profile> {
    let (low, high) = estimates(setup, trial)?.into_iter().unzip();
    let (mut low, mut high) = (Half::new(Side::SigmaMin, low), Half::new(Side::Norm, high));
    let mut products = Products::new(setup, trial, BITS[1]);
    let mut single = Single::new(setup.d());
    for _ in 0..setup.depth() {
        products.advance();
        let rounded = products.rounded();
        if let Some((p, _)) = &rounded {
            single.load(p);
        }
        for half in [&mut low, &mut high] {
            half.add(&products, rounded.as_ref().map(|r| &r.1), &mut single)?;
        }
    }
    let pairs = |low: &[f64], high: &[f64]| low.iter().zip(high).map(|(&low, &high)| (low.max(0.0), -high)).collect();
    let (prefixes, estimates) = (pairs(&low.levels, &high.levels), pairs(&low.estimates, &high.estimates));
    let norm = Enclosed { lo: -high.found.hi, hi: -high.found.lo };
    let sigma_min = Enclosed { lo: low.found.lo.max(0.0), hi: low.found.hi };
    (norm.lo.is_finite() && sigma_min.hi.is_finite()).then_some(Profile {
        extremes: Extremes { norm, sigma_min },
        prefixes,
        estimates,
    })
}

/// sigma_min and minus the norm of every prefix, by ordinary doubles.
fn estimates(setup: &Setup, trial: u64) -> Option<Vec<(f64, f64)>> {
    let d = setup.d();
    let mut product = DMatrix::<f64>::identity(d, d);
    let next = |layer| {
        product += layer * &product;
        let (_, vectors) = approximate_eigen(&product.tr_mul(&product))?;
        let stretch = |i: usize| (&product * vectors.column(i)).norm();
        Some((stretch(0), -stretch(d - 1)))
    };
    setup.noise(trial).into_iter().map(next).collect()
}
