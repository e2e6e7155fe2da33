//! The verdicts about one trial, and their proof.
//!
//! Computed products satisfy `P^_k = W_k P^_{k-1} + Delta_k`, P^_0 = I. With sigma = s/sqrt(L d) and E^ the rounded sigma N_k, `|E^ - sigma N_k| <= gamma_5 |sigma N_k|`
//! (square root, quotient, product, conversion), so by the bounds of the kernel
//! `norm_F(Delta_k) <= delta_k := u F_k + gamma_{d+8} norm_F(E^) F_{k-1} + underflow`, where F_k >= norm_F(P^_k).
//!
//! **Linear, not exponential, growth.** By induction `P^_k - P_k = sum_{j<=k} W_k .. W_{j+1} Delta_j = Delta_k + sum_{j<k} P_k P_j^-1 Delta_j`: if s_j > 0 is a certified
//! lower bound of sigma_min(P_j) and `S = sum_{j<k} delta_j / s_j < 1`, then e = norm(P^_k - P_k) satisfies `e <= norm(P_k) S + delta_k`
//! and `norm(P_k) <= norm(P^_k) + e`, hence `e <= e_k := (norm(P^_k) S + delta_k) / (1 - S)`. A product of norm bounds of the W_j would grow like
//! `(1 + norm(sigma N))^L` instead, beyond use at L = 100. Every step therefore certifies a *level* s_k for sigma_min(P_k): the threshold
//! itself as long as it holds, half of the estimate after that.
//!
//! **Certificates.** With G the computed Gram matrix, `norm(G - P^' P^) <= gamma_{d+2} F^2`; the diagonal of the shifted matrix is rounded once more:
//! - a Cholesky factorisation of G - c I that succeeds proves `sigma_min(P^)^2 >= c - 4 gamma_{d+5} (F^2 + c)`;
//! - of C I - G: `norm(P^)^2 <= C + 4 gamma_{d+5} (F^2 + d C)`; and without one, `norm(P^)^2 <= norm_F(G) + gamma_{d+2} F^2`;
//! - failure is proved by a vector v, an approximate singular vector: `norm(P^ v) +- (gamma_d F + e_k) norm(v)` against the threshold times norm(v).
//!
//! **Two formats.** The products are always in double precision. Gram matrix and factorisation are tried in single precision, eight
//! trials side by side: u, gamma and F in the certificates are then those of single precision. What this leaves open is drawn
//! again and decided in double precision, four side by side. Between 1e-8 and 1e8, which F_k is required to stay in, the slack of the margins (about
//! `2 gamma_d F^2`) covers the underflow of all products, at most d^3 times the smallest positive number.

use super::kernel::{Advance, Factor, Lanes, Scalar, Sums};
use super::trial::{Draws, Setup};
use crate::arithmetic::upward::{add, div, gamma, mul, of_sum, sqrt};
use crate::error::{Error, Result};
use crate::linalg::approximate_eigen;
use nalgebra::DMatrix;
use std::array::from_fn;
use std::ops::Range;

/// What was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// For every prefix.
    Holds,
    /// Not for every prefix.
    Fails,
    /// Nothing: the threshold is closer to the extreme value than the rounding errors allow to tell.
    Undecided,
}

/// The numbers to compare with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// `norm(P_k) <= norm`.
    pub norm: f64,
    /// `sigma_min(P_k) >= sigma_min`.
    pub sigma_min: f64,
}

/// The two verdicts about one trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Does `norm(P_k) <= norm` hold for all k?
    pub norm: Verdict,
    /// Does `sigma_min(P_k) >= sigma_min` hold for all k?
    pub sigma_min: Verdict,
}

impl Decision {
    const OPEN: Self = Self { norm: Verdict::Undecided, sigma_min: Verdict::Undecided };
    fn is_open(self) -> bool {
        self.norm == Verdict::Undecided || self.sigma_min == Verdict::Undecided
    }
    /// What either of two runs proved about the same trial.
    fn or(self, other: Self) -> Self {
        let pick = |a: Verdict, b| if a == Verdict::Undecided { b } else { a };
        Self { norm: pick(self.norm, other.norm), sigma_min: pick(self.sigma_min, other.sigma_min) }
    }
}

/// Verdicts about the trials of a range, in order.
pub fn decide(setup: &Setup, thresholds: Thresholds, trials: Range<u64>) -> Result<Vec<Decision>> {
    if thresholds.norm.is_nan() || thresholds.sigma_min.is_nan() {
        return Err(Error::usage("a threshold of Lemma 3 is not a number"));
    }
    let all: Vec<u64> = trials.collect();
    if setup.s() == 0.0 {
        let compare = |holds| if holds { Verdict::Holds } else { Verdict::Fails };
        let identity =
            Decision { norm: compare(thresholds.norm >= 1.0), sigma_min: compare(thresholds.sigma_min <= 1.0) };
        return Ok(vec![identity; all.len()]);
    }
    let mut out = run::<f32, 8>(setup, thresholds, &all);
    let open: Vec<usize> = (0..all.len()).filter(|&i| out[i].is_open()).collect();
    let again: Vec<u64> = open.iter().map(|&i| all[i]).collect();
    for (&i, decision) in open.iter().zip(run::<f64, 4>(setup, thresholds, &again)) {
        out[i] = out[i].or(decision);
    }
    Ok(out)
}

pub(super) fn run<T: Scalar, const W: usize>(setup: &Setup, thresholds: Thresholds, trials: &[u64]) -> Vec<Decision> {
    let mut lanes = Lanes::<T, W>::new(setup.d());
    trials.chunks(W).flat_map(|group| batch(setup, thresholds, group, &mut lanes)).collect()
}

/// The state of one lane.
pub(super) struct Course {
    pub(super) draws: Draws,
    decision: Decision,
    /// What sigma_min is certified to exceed at each step.
    pub(super) level: f64,
    /// S of the module's documentation.
    sum: f64,
    /// Bound of `norm_F` of the last product.
    frobenius: f64,
    /// Neither decided nor stuck.
    alive: bool,
}

/// The error bounds of one lane at one prefix.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// `norm_F` of the computed product is at most this.
    frobenius: f64,
    /// Its norm as well.
    pub(super) norm: f64,
    /// delta_k.
    step: f64,
    /// e_k.
    pub(super) error: f64,
}

pub(super) fn bounds<T: Scalar, const W: usize>(
    d: usize,
    sums: &Sums<T, W>,
    w: usize,
    course: &Course,
) -> Option<Bounds> {
    let (wide, double) = (Wide::<T>::new(d), Wide::<f64>::new(d));
    let frobenius = sqrt(wide.of_sum(sums.trace[w].wide()));
    let e = sqrt(double.of_sum(sums.e[w]));
    let gram = sqrt(wide.of_sum(sums.gram[w].wide()));
    let norm = sqrt(add(gram, mul(wide.gamma(d + 2), mul(frobenius, frobenius)))).min(frobenius);
    let lost = mul(4.0 * (d * d) as f64 * f64::MIN_POSITIVE, add(1.0, course.frobenius));
    let step = add(add(mul(f64::UNIT, frobenius), mul(mul(double.gamma(d + 8), e), course.frobenius)), lost);
    let left = (1.0 - course.sum).next_down();
    let error = div(add(mul(norm, course.sum), step), left);
    // Between these the slack of the margins covers every underflow, and nothing overflows.
    (error.is_finite() && (1e-8..1e8).contains(&frobenius)).then_some(Bounds { frobenius, norm, step, error })
}

/// `gamma_n` for the unit roundoff of T.
pub(super) struct Wide<T> {
    d: usize,
    format: std::marker::PhantomData<T>,
}

impl<T: Scalar> Wide<T> {
    pub(super) fn new(d: usize) -> Self {
        Self { d, format: std::marker::PhantomData }
    }
    fn gamma(&self, n: usize) -> f64 {
        let nu = mul(n as f64, T::UNIT);
        div(nu, (1.0 - nu).next_down())
    }
    /// At least the exact sum of squares whose computed value is `sum`: no term passes through more than d^2 + 2 d + 4 roundings.
    fn of_sum(&self, sum: f64) -> f64 {
        let n = self.d * self.d + 2 * self.d + 4;
        let lost = n as f64 * T::TINY;
        add(div(sum, (1.0 - self.gamma(n)).next_down()), 2.0 * lost)
    }
    /// `4 gamma_{d+5}`.
    fn margin(&self) -> f64 {
        4.0 * self.gamma(self.d + 5)
    }
    /// A shift whose success proves that the computed product has `sigma_min >= level + error`.
    pub(super) fn lower_shift(&self, level: f64, b: &Bounds) -> f64 {
        let target = add(level, b.error);
        let top = add(mul(target, target), mul(self.margin(), mul(b.frobenius, b.frobenius)));
        div(top, (1.0 - self.margin()).next_down()) * (1.0 + 4.0 * T::UNIT)
    }
    /// A shift whose success proves that the computed product has `norm <= limit - error`; negative if there is none.
    pub(super) fn upper_shift(&self, limit: f64, b: &Bounds) -> f64 {
        let target = (limit - b.error).next_down();
        if target <= 0.0 {
            return -1.0;
        }
        let top = (target * target).next_down() - mul(self.margin(), mul(b.frobenius, b.frobenius));
        let shrink = add(1.0, mul(self.margin(), self.d as f64));
        (top.next_down() / shrink).next_down() * (1.0 - 4.0 * T::UNIT)
    }
}

fn batch<T: Scalar, const W: usize>(
    setup: &Setup,
    thresholds: Thresholds,
    trials: &[u64],
    lanes: &mut Lanes<T, W>,
) -> Vec<Decision> {
    let (d, arch) = (setup.d(), pulp::Arch::new());
    lanes.reset();
    // A level to start from where the threshold itself is none.
    let trivial = thresholds.sigma_min <= 0.0;
    let start = if trivial { 0.5 } else { thresholds.sigma_min };
    let settled = if trivial { Verdict::Holds } else { Verdict::Undecided };
    let mut courses: Vec<Course> = trials
        .iter()
        .map(|&trial| {
            let mut course = Course::new(setup, trial, start);
            course.decision.sigma_min = settled;
            course
        })
        .collect();
    for _ in 0..setup.depth() {
        if !courses.iter().any(|c| c.alive) {
            break;
        }
        for (w, course) in courses.iter_mut().enumerate().filter(|(_, c)| c.alive) {
            // A local copy, so that its state stays in registers.
            let (mut draws, scale) = (course.draws.clone(), setup.scale());
            for e in &mut lanes.e {
                e[w] = scale * draws.next_normal();
            }
            course.draws = draws;
        }
        let sums = arch.dispatch(Advance(lanes));
        let found: [Option<Bounds>; W] = from_fn(|w| courses.get(w).and_then(|c| bounds(d, &sums, w, c)));
        let wide = Wide::<T>::new(d);
        let alive = |w: usize| courses.get(w).is_some_and(|c| c.alive);
        let lower: [T; W] = from_fn(|w| match found[w] {
            Some(b) if alive(w) => T::nearest(wide.lower_shift(courses[w].level, &b)),
            _ => T::ZERO,
        });
        let lower_good = arch.dispatch(Factor(lanes, false, lower.map(|c| T::ZERO.minus(c))));
        let mut upper_good: [bool; W] = from_fn(|w| match (courses.get(w), found[w]) {
            (Some(c), Some(b)) => {
                !c.alive || c.decision.norm != Verdict::Undecided || add(b.norm, b.error) <= thresholds.norm
            }
            _ => true,
        });
        if upper_good.contains(&false) {
            let upper: [T; W] = from_fn(|w| match found[w] {
                Some(b) if !upper_good[w] => T::nearest(wide.upper_shift(thresholds.norm, &b)),
                _ => T::ZERO,
            });
            let good = arch.dispatch(Factor(lanes, true, upper));
            upper_good = from_fn(|w| upper_good[w] || good[w]);
        }
        for (w, course) in courses.iter_mut().enumerate().filter(|(_, c)| c.alive) {
            let Some(b) = found[w] else {
                course.alive = false;
                continue;
            };
            if !(lower_good[w] && upper_good[w]) {
                let product = DMatrix::from_fn(d, d, |i, j| lanes.p[j * d + i][w].wide());
                course.examine(&product, &b, thresholds, lower_good[w], upper_good[w]);
            }
            course.follow(&b);
        }
    }
    courses.iter().map(Course::conclude).collect()
}

impl Course {
    pub(super) fn new(setup: &Setup, trial: u64, level: f64) -> Self {
        let draws = setup.draws(trial);
        Self { draws, decision: Decision::OPEN, level, sum: 0.0, frobenius: sqrt(setup.d() as f64), alive: true }
    }

    /// To the next prefix, the level being certified at this one.
    pub(super) fn follow(&mut self, b: &Bounds) {
        self.sum = add(self.sum, div(b.step, self.level));
        self.frobenius = b.frobenius;
    }

    /// Where a certificate of this step is missing: a proof of failure, or another level; otherwise the lane is stuck.
    fn examine(&mut self, product: &DMatrix<f64>, b: &Bounds, thresholds: Thresholds, lower: bool, upper: bool) {
        self.alive = false;
        let Some((values, vectors)) = approximate_eigen(&(product.transpose() * product)) else { return };
        let d = values.len();
        if !upper {
            let column = vectors.column(d - 1);
            let (image, length) = stretch(product, column.as_slice(), b);
            if image.0 <= mul(thresholds.norm, length.1) {
                return;
            }
            self.decision.norm = Verdict::Fails;
        }
        if !lower {
            if self.decision.sigma_min == Verdict::Undecided {
                let column = vectors.column(0);
                let (image, length) = stretch(product, column.as_slice(), b);
                if image.1 >= (thresholds.sigma_min * length.0).next_down() {
                    return;
                }
                self.decision.sigma_min = Verdict::Fails;
            }
            if self.decision.norm == Verdict::Undecided {
                let level = 0.5 * values[0].max(0.0).sqrt();
                if !(level > 0.0 && certified(product, level, b)) {
                    return;
                }
                self.level = level;
            }
        }
        self.alive = self.decision.is_open();
    }

    /// The verdicts at the end: a lane that came through holds what did not fail.
    fn conclude(&self) -> Decision {
        if !self.alive {
            return self.decision;
        }
        self.decision.or(Decision { norm: Verdict::Holds, sigma_min: Verdict::Holds })
    }
}

/// Bounds `(lower, upper)` of `norm(P v)` for the exact product, and of `norm(v)`.
pub(super) fn stretch(product: &DMatrix<f64>, v: &[f64], b: &Bounds) -> ((f64, f64), (f64, f64)) {
    let d = v.len();
    let length = |x: &[f64]| {
        let sum: f64 = x.iter().map(|v| v * v).sum();
        let high = sqrt(of_sum(sum, d));
        // The exact sum is at least this far below: each of the d products and sums is off by a factor of at most 1 + u.
        let low = (sum * (1.0 - 2.0 * gamma(d + 2)) - d as f64 * f64::MIN_POSITIVE).max(0.0).sqrt();
        (low.next_down().max(0.0), high)
    };
    let v_length = length(v);
    let mut image = vec![0.0; d];
    for (column, x) in product.column_iter().zip(v) {
        for (y, p) in image.iter_mut().zip(column.iter()) {
            *y += p * x;
        }
    }
    let lost = d as f64 * d as f64 * f64::MIN_POSITIVE;
    let off = add(mul(add(mul(gamma(d + 1), b.frobenius), b.error), v_length.1), lost);
    let image = length(&image);
    (((image.0 - off).next_down(), add(image.1, off)), v_length)
}

/// Does a factorisation in double precision prove `sigma_min >= level` for the exact product?
fn certified(product: &DMatrix<f64>, level: f64, b: &Bounds) -> bool {
    let d = product.nrows();
    let mut one = Lanes::<f64, 1>::new(d);
    for (to, from) in one.p.iter_mut().zip(product.iter()) {
        *to = [*from];
    }
    one.e.fill([0.0]);
    pulp::Arch::new().dispatch(Advance(&mut one));
    let shift = Wide::<f64>::new(d).lower_shift(level, b);
    shift.is_finite() && pulp::Arch::new().dispatch(Factor(&mut one, false, [-shift]))[0]
}
