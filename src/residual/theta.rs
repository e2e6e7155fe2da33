//! Lemma 3 over the whole ball: every theta with max_k norm(theta_k) <= r, W_k = I + s/sqrt(L d) N_k + theta_k/L.
//!
//! **Holds, for every theta** (the argument of Lemma 9, prefix by prefix): with P_k the products at theta = 0 and `P_k(theta) = P_k Q_k`, `Q_k = (I + P_k^-1 theta_k P_{k-1}/L) Q_{k-1}`,
//! `norm(P_k^-1 theta_k P_{k-1}) <= x_k := r norm(P_{k-1})/sigma_min(P_k)`, so `norm(P_k(theta)) <= norm(P_k) (1 + x_1/L) .. (1 + x_k/L)` and
//! `sigma_min(P_k(theta)) >= sigma_min(P_k) (1 - x_1/L) .. (1 - x_k/L)`, where every x_j <= L. Before any trial is looked at closely: if norm(P_k) <= T' and sigma_min(P_k) >=
//! b' for all k, where `x = r max(T, 1)/b`, `T' = T/(1 + x/L)^L`, `b' = b/(1 - x/L)^L`, then T and b hold on the ball.
//!
//! What this leaves open is bounded prefix by prefix to first order exactly, see the module `sharp`.
//!
//! **Fails**: at theta = 0, or at a theta that an optimiser found. A product is affine in each theta_j alone, and `u^T A theta_j B v` is greatest over the ball at the
//! rank-one matrix `r a b^T` along A^T u and B v; so a sweep moves each theta_j there in turn for the singular vectors u, v of the largest (or, with the other sign, the smallest)
//! singular value of P_k(theta), and sweeps are repeated until they gain nothing. Each sup over one theta_j is attained at such a matrix. What was found is rounded to doubles,
//! its norm checked, and its product evaluated with the error bounds of the module `bounds`: it need not be the worst, but it is in the ball, and its singular value is enclosed.

use super::bounds::{Growth, Single};
use super::extremes::{Enclosed, Profile, Side, profile};
use super::kernel::{Advance, Lanes};
use super::sharp::sharpen;
use super::trial::Setup;
use super::verdict::{Decision, Thresholds, Verdict, decide_all};
use crate::arithmetic::upward::{add, div, gamma, mul, of_sum, sqrt};
use crate::error::{Error, Result};
use crate::linalg::approximate_eigen;
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;
use std::ops::Range;

/// Prefixes tried for each extreme: those where it is largest at theta = 0.
const PREFIXES: usize = 4;
/// Sweeps; three to five reach the relative gain below.
const SWEEPS: usize = 12;
/// A relative gain that ends the sweeps.
const GAIN: f64 = 1e-9;
/// The smallest singular value is not driven below this share of itself: products that vanish leave the range of the error bounds.
const FLOOR: f64 = 1e-6;

/// The worst that theta in the ball can do to one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worst {
    /// sup over theta and k of norm(P_k(theta)): the lower end is attained by some theta of the ball.
    pub norm: Enclosed,
    /// inf over theta and k of sigma_min(P_k(theta)): the upper end is attained.
    pub sigma_min: Enclosed,
}

/// Verdicts about `norm(P_k(theta)) <= thresholds.norm` and `sigma_min(P_k(theta)) >= thresholds.sigma_min` for all k and **all** theta with max_k
/// norm(theta_k) <= radius, trial by trial. Errors: a threshold that is not a number, a radius that is negative or not finite.
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

/// Enclosures of the worst values over the ball. Errors: as [`extremes`](super::extremes()), or a radius that is negative or not finite.
pub fn worst_theta(setup: &Setup, trial: u64, radius: f64) -> Result<Worst> {
    check(radius)?;
    let profile = profile(setup, trial)?;
    let mut ball = Ball::new(setup, radius, &profile);
    let layers = layers(setup, trial);
    let attained = |side| ball.attained(&layers, side, f64::NEG_INFINITY);
    let (least, most) = (attained(Side::Low), -attained(Side::High));
    sharpen(&mut ball, &layers, |ball, k| (ball.prefixes[k].0 < least, ball.prefixes[k].1 > most));
    let (norm, sigma_min) = ball.bounds();
    Ok(Worst { norm: Enclosed { lo: most, hi: norm }, sigma_min: Enclosed { lo: sigma_min, hi: least } })
}

fn check(radius: f64) -> Result<()> {
    if radius.is_finite() && radius >= 0.0 {
        return Ok(());
    }
    Err(Error::usage(format!("the ball of Lemma 3 needs a finite radius >= 0, got {radius}")))
}

/// T' and b' of the module's documentation.
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
    let layers = layers(setup, trial);
    sharpen(&mut ball, &layers, |ball, k| {
        let (low, high) = ball.prefixes[k];
        (out.sigma_min == Undecided && low < thresholds.sigma_min, out.norm == Undecided && high > thresholds.norm)
    });
    out = judge(&ball);
    if out.norm == Undecided && ball.attained(&layers, Side::High, -thresholds.norm) < -thresholds.norm {
        out.norm = Fails;
    }
    if out.sigma_min == Undecided && ball.attained(&layers, Side::Low, thresholds.sigma_min) < thresholds.sigma_min {
        out.sigma_min = Fails;
    }
    Ok(out)
}

/// s/sqrt(L d) N_k, rounded.
fn layers(setup: &Setup, trial: u64) -> Vec<DMatrix<f64>> {
    let (d, mut draws) = (setup.d(), setup.draws(trial));
    let layer = |_| DMatrix::from_row_iterator(d, d, (0..d * d).map(|_| setup.scale() * draws.next_normal()));
    (0..setup.depth()).map(layer).collect()
}

/// theta_j/L = c a b^T with unit vectors a, b.
#[derive(Clone)]
struct Kick {
    a: DVector<f64>,
    b: DVector<f64>,
    c: f64,
}

/// The ball around one trial, and bounds that hold on all of it.
pub(super) struct Ball<'a> {
    pub profile: &'a Profile,
    /// r/L, rounded down.
    pub size: f64,
    /// For each prefix a lower bound of sigma_min and an upper bound of the norm over the ball.
    pub prefixes: Vec<(f64, f64)>,
    /// The products of 1 + x_j/L, rounded up, and of 1 - x_j/L, rounded down.
    pub factors: Vec<(f64, f64)>,
}

impl<'a> Ball<'a> {
    fn new(setup: &Setup, radius: f64, profile: &'a Profile) -> Self {
        let depth = setup.depth() as f64;
        let (mut grown, mut shrunk, mut last) = (1.0, 1.0f64, 1.0);
        let (mut prefixes, mut factors) = (Vec::new(), Vec::new());
        for &(low, high) in &profile.prefixes {
            let part = div(mul(radius, last), (low * depth).next_down());
            let rest = (1.0 - part).next_down().max(0.0);
            grown = mul(grown, add(1.0, part));
            shrunk = (shrunk * rest).next_down().max(0.0);
            factors.push((grown, shrunk));
            prefixes.push(((low * shrunk).next_down().max(0.0), mul(high, grown)));
            last = high;
        }
        Self { profile, size: (radius / depth).next_down().max(0.0), prefixes, factors }
    }

    /// Upper bound of the norms and lower bound of the sigma_min.
    fn bounds(&self) -> (f64, f64) {
        let norm = self.prefixes.iter().map(|p| p.1).fold(0.0, f64::max);
        (norm, self.prefixes.iter().map(|p| p.0).fold(f64::INFINITY, f64::min))
    }

    /// The least signed value that is attained in the ball as far as found: sought until it is below `enough`, and rounded up.
    fn attained(&self, layers: &[DMatrix<f64>], side: Side, enough: f64) -> f64 {
        let centre = &self.profile.extremes;
        let mut best = if side == Side::Low { centre.sigma_min.hi } else { -centre.norm.lo };
        // The estimate of each prefix, moved by the crude bound of what theta can do there.
        let reach = |k: usize| {
            let ((low, high), (grown, shrunk)) = (self.profile.estimates[k], self.factors[k]);
            if side == Side::Low { low * shrunk } else { -high * grown }
        };
        let certain = |k: usize| if side == Side::Low { self.prefixes[k].0 } else { -self.prefixes[k].1 };
        let mut order: Vec<(f64, usize)> = (0..layers.len()).map(|k| (reach(k), k)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let useful = |&&(_, k): &&(f64, usize)| certain(k) < best && (certain(k) < enough || enough.is_infinite());
        let few: Vec<usize> = order.iter().filter(useful).take(PREFIXES).map(|&(_, k)| k).collect();
        for k in few {
            if best < enough || certain(k) >= best {
                continue;
            }
            let found = optimise(&layers[..=k], side, self.size).and_then(|kicks| self.evaluate(layers, &kicks, side));
            best = best.min(found.unwrap_or(best));
        }
        best
    }

    /// An upper bound of the signed value at theta, rounded to doubles; `None` if theta is not certainly in the ball or its products are lost in errors.
    fn evaluate(&self, layers: &[DMatrix<f64>], kicks: &[Kick], side: Side) -> Option<f64> {
        let d = layers.first()?.nrows();
        let (mut lanes, mut single, arch) = (Lanes::<f64, 1>::new(d), Single::new(d), pulp::Arch::new());
        let mut growth = Growth::new(d);
        let product = |lanes: &Lanes<f64, 1>| DMatrix::from_iterator(d, d, lanes.p.iter().map(|x| x[0]));
        for (j, (layer, kick)) in layers.iter().zip(kicks).enumerate() {
            let moved = layer + &kick.a * kick.b.transpose() * kick.c;
            if distance(&moved, layer) > self.size {
                return None;
            }
            for (to, from) in lanes.e.iter_mut().zip(moved.transpose().iter()) {
                *to = [*from];
            }
            let sums = arch.dispatch(Advance(&mut lanes));
            let b = growth.bounds(d, &sums, 0)?;
            if j + 1 == kicks.len() {
                let product = product(&lanes);
                let (_, vectors) = approximate_eigen(&(product.transpose() * &product))?;
                return Some(side.attained(&product, &vectors, &b));
            }
            let mut level = self.prefixes[j].0;
            if level <= 0.0 {
                let product = product(&lanes);
                let (values, _) = approximate_eigen(&(product.transpose() * &product))?;
                level = 0.5 * values[0].max(0.0).sqrt();
                single.load(&product);
                if !(level > 0.0 && single.lower(level, &b)) {
                    return None;
                }
            }
            growth.follow(&b, level);
        }
        None
    }
}

/// At least the norm of `moved - s/sqrt(L d) N`, `layer` being the latter rounded (within gamma_5 of itself, entrywise).
fn distance(moved: &DMatrix<f64>, layer: &DMatrix<f64>) -> f64 {
    let length = |squares: f64| sqrt(of_sum(squares, moved.len()));
    // A difference of doubles is rounded once.
    let apart = mul(length(moved.iter().zip(layer.iter()).map(|(a, b)| (a - b) * (a - b)).sum()), 1.0 + f64::EPSILON);
    add(apart, mul(gamma(6), length(layer.iter().map(|v| v * v).sum())))
}

/// A theta that makes the signed value of the last prefix small; `None` if nothing is gained.
fn optimise(layers: &[DMatrix<f64>], side: Side, size: f64) -> Option<Vec<Kick>> {
    let d = layers.first()?.nrows();
    // Room for the roundings that `distance` counts.
    let sizes: Vec<f64> =
        layers.iter().map(|e| (size * (1.0 - 1e-12) - 4.0 * gamma(8) * (1.0 + e.norm())).max(0.0)).collect();
    let none = Kick { a: DVector::zeros(d), b: DVector::zeros(d), c: 0.0 };
    let mut kicks = vec![none; layers.len()];
    let (mut value, mut u, mut v) = pair(layers, &kicks, side)?;
    let floor = FLOOR * value;
    let mut best = None;
    for _ in 0..SWEEPS {
        // Row vectors u^T W_k .. W_{j+1}.
        let mut left = vec![u; layers.len()];
        for j in (1..layers.len()).rev() {
            let (y, kick) = (&left[j], &kicks[j]);
            left[j - 1] = y + layers[j].tr_mul(y) + &kick.b * (kick.c * kick.a.dot(y));
        }
        let mut x = v;
        for (j, layer) in layers.iter().enumerate() {
            let (y, length) = (&left[j], x.norm());
            let mut next = &x + layer * &x;
            let (current, slope) = (y.dot(&next), y.norm() * length);
            if slope > 0.0 {
                let c = match side {
                    Side::High => sizes[j].copysign(current),
                    Side::Low => -((current - floor) / slope).clamp(0.0, sizes[j]),
                };
                kicks[j] = Kick { a: y / y.norm(), b: &x / length, c };
                next.axpy(c * length, &kicks[j].a, 1.0);
            }
            x = next;
        }
        let (found, next_u, next_v) = pair(layers, &kicks, side)?;
        if found >= value - GAIN * value.abs() {
            if found < value {
                best = Some(kicks);
            }
            break;
        }
        (value, u, v) = (found, next_u, next_v);
        best = Some(kicks.clone());
    }
    best
}

/// The signed value of the last prefix and its singular vectors, approximately.
fn pair(layers: &[DMatrix<f64>], kicks: &[Kick], side: Side) -> Option<(f64, DVector<f64>, DVector<f64>)> {
    let d = layers.first()?.nrows();
    let mut product = DMatrix::identity(d, d);
    for (layer, kick) in layers.iter().zip(kicks) {
        let row = product.tr_mul(&kick.b);
        let mut next = &product + layer * &product;
        next.ger(kick.c, &kick.a, &row, 1.0);
        product = next;
    }
    let (_, vectors) = approximate_eigen(&product.tr_mul(&product))?;
    let v = vectors.column(if side == Side::Low { 0 } else { d - 1 }).into_owned();
    let image = &product * &v;
    let value = image.norm();
    (value > 0.0).then(|| (side.signed(value), image / value, v))
}
