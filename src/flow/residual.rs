//! Flows from residual layers in doubles, taken as exact: the start, its data, and optima near it or far from it.
//!
//! | symbol | code | shape |
//! | --- | --- | --- |
//! | W_k(0) = I + s / sqrt(L d) N_k | `Setting::network` | d x d |
//! | norms, sigma_min of Pi_{k:1}(0), Pi_{L:k}(0), empty ones too | [`Setting::extremes`]: M >= 1, m <= 1 | enclosed |
//! | R(W(0)) - R_min | `Setting::excess` | enclosure |
//!
//! Sigma is diagonal: the law of the N_k does not change under rotations, so this loses nothing. The target w* is the
//! product at the start plus a drawn direction of a given length (near), a drawn vector (far), or `-w` (opposite; d =
//! 1, because in more dimensions rounding leaves the line of w, along which the exact flow stays).
//!
//! With [`Setting::multivariate`] there are d targets and no head, `norm(w) = 1` in all formulas. The optimum P* is
//! the product at the start plus a drawn matrix of a given Frobenius norm (near), a drawn positive definite matrix at
//! the distance 2 from the identity (far), or `diag(-1, 1, .., 1)` (opposite: det of the product keeps its sign along
//! the flow from the identity on white data, since it stays diagonal).
//!
//! A [`Setting`] is made in two calls, the start and then its optimum, since how near an optimum has to lie may depend
//! on M and m of the start. [`Setting::extremes`] are enclosed at their first use. What is *enclosed* is what
//! hypotheses of Section 5 are about; the trajectory itself ([`Setting::integrate`]) is grade `Computed`.

use super::gradient_flow::FlowOptions;
use super::multivariate::Targets;
use super::record::{End, Record, record};
use crate::arithmetic::{Big, Enclosure, Interval, Rational, Real, Ring};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::network::initialise::{residual, unit_head};
use crate::network::products::extremes;
use crate::problem::draw::{normal_matrix, stream};
use crate::problem::{Problem, dot, norm_squared};
use nalgebra::{DMatrix, DVector};
use num_traits::One;
use std::sync::{Arc, OnceLock};

/// Where the optimum lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// In a drawn direction from the product at the start, at this squared distance.
    Near(f64),
    /// In a drawn direction, twice the norm of the head.
    Far,
    /// `w* = -w`.
    Opposite,
}

/// The exact start, and enclosures of what the hypotheses are about.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The data.
    pub problem: Arc<Problem>,
    /// W(0).
    pub network: Network<f64>,
    /// M and m, once asked for.
    extremes: OnceLock<(Interval, Interval)>,
    /// norm(w).
    pub head: Interval,
    /// R(W(0)) - R_min.
    pub excess: Interval,
    /// Sigma and P*, if there are d targets.
    pub targets: Option<Targets>,
    /// d targets, no head.
    pub multivariate: bool,
    /// norm(w) but for rounding, Lambda/lambda (Lambda = 1), and the seed of the draws.
    drawn: (f64, i64, u64),
}

impl Setting {
    /// W(0) for a shape (L, d), without an optimum yet: w* is the head, the excess zero. `drawn`: norm(w),
    /// Lambda/lambda, and the seed of the draws.
    ///
    /// The layers and the head are doubles from the seed; norm(w) is enclosed from them.
    ///
    /// # Errors
    /// Those of the drawing: L or d zero, s negative, a head that is not finite.
    pub fn start((depth, d): (usize, usize), s: &Rational, drawn: (f64, i64, u64), multivariate: bool) -> Result<Self> {
        let (size, condition, seed) = drawn;
        let network = residual(depth, unit_head(d, seed) * size, s.to_f64(), seed)?;
        let norm = norm_squared(network.head().map(exact).iter()).sqrt().to_interval();
        let problem = Arc::new(diagonal(d, condition, network.head())?);
        let (extremes, head) = (OnceLock::new(), if multivariate { Interval::one() } else { norm });
        Ok(Self { problem, network, extremes, head, excess: Interval::point(0.0), targets: None, multivariate, drawn })
    }
    /// With its optimum.
    ///
    /// With d targets this cannot fail.
    ///
    /// # Errors
    /// A target that is not finite.
    pub fn towards(self, aim: Aim) -> Result<Self> {
        if self.multivariate { Ok(self.with_targets(aim)) } else { self.with_target(aim) }
    }
    /// M and m, where L d^3 is small enough to enclose them.
    ///
    /// Else the whole line, which no hypothesis accepts: [`Setting::is_enclosed`] is then false.
    pub fn extremes(&self) -> (Interval, Interval) {
        *self.extremes.get_or_init(|| {
            let small = self.network.depth() * self.network.head().len().pow(3) <= ENCLOSED_WORK;
            let network = || self.network.map(|v| Interval::point(*v));
            if small { extremes(network().layers()) } else { (Interval::ENTIRE, Interval::ENTIRE) }
        })
    }
    /// Are M and m enclosed, and m away from zero?
    pub fn is_enclosed(&self) -> bool {
        let (largest, smallest) = self.extremes();
        smallest.is_positive() && largest.is_bounded()
    }
    /// The excess risk at the start is far enough above the rounding of doubles for a trajectory to mean something: it
    /// has to fall by [`FALL`] above 1e-28, per entry of E where there are d targets.
    pub fn is_resolved(&self) -> bool {
        const LEAST_EXCESS: f64 = 1e-16;
        let entries = self.targets.as_ref().map_or(1.0, |t| 4.0 * t.optimum.len() as f64);
        let size = self.head.powi(2) * Interval::point(LEAST_EXCESS * entries);
        !(self.excess - size).is_negative()
    }
    /// Has the risk fallen along this trajectory as far as it was asked to, up to rounding?
    pub fn has_converged(&self, run: &Record) -> bool {
        run.samples.last().is_some_and(|last| last.excess <= 2.0 * FALL * self.excess.hi())
    }
    /// A trajectory at this relative tolerance of a step, until the risk has fallen to [`FALL`] of its start; or, in
    /// words, what stopped the integrator before it had one.
    ///
    /// The budget of steps is `MOST_STEPS`; a trajectory that it ends is a record all the same, which
    /// [`Setting::has_converged`] tells.
    pub fn integrate(&self, rtol: f64) -> Result<Record, String> {
        let gap = Some(FALL * self.excess.lo());
        let options = FlowOptions { rtol, atol: 1e-3 * rtol, gap, max_steps: MOST_STEPS, ..FlowOptions::default() };
        record(&self.problem, self.targets.as_ref(), &self.network, &options).map_err(|e| e.to_string())
    }
    /// The limit of a trajectory with a head.
    ///
    /// # Errors
    /// In words: the flow did not converge (and why it stopped), or took no step.
    pub fn end(&self, run: &Record) -> Result<End, String> {
        if !run.samples.is_empty() && !self.has_converged(run) {
            return Err(format!("the flow did not converge: {}", run.stopped));
        }
        run.limit(&self.problem).ok_or_else(|| "no step was taken".into())
    }
    /// A drawn direction, d x `columns`, of Frobenius norm one up to rounding; the same at every call.
    fn direction(&self, columns: usize) -> DMatrix<f64> {
        let drawn = normal_matrix(&mut stream(self.drawn.2, DIRECTION), self.network.head().len(), columns);
        &drawn / drawn.norm()
    }
    /// The target is made in doubles and then taken as exact, so that the data are exactly those of w*; the excess is
    /// enclosed for them, not copied from the aim.
    fn with_target(self, aim: Aim) -> Result<Self> {
        let direction = self.direction(1).column(0).into_owned();
        let target = match aim {
            Aim::Near(excess) => self.network.product() + direction * excess.sqrt(),
            Aim::Opposite => -self.network.head(),
            Aim::Far => direction * (2.0 * self.drawn.0),
        };
        let problem = diagonal(target.len(), self.drawn.1, &target)?;
        // Far from the optimum doubles tell the excess; near it what cancels takes more digits.
        let quick = excess(&problem, self.network.map(|v| Interval::point(*v)).product(), 53);
        let close = quick.width() > 1e-12 * quick.lo().abs();
        let excess = if close {
            let carried = |b: DVector<Big>, w: &DMatrix<f64>| {
                DVector::from_fn(w.ncols(), |j, _| Big::dot(w.column(j).map(exact).iter().zip(b.iter())))
            };
            let head = self.network.head().map(exact);
            excess(&problem, self.network.layers().iter().rev().fold(head, carried), BITS).to_interval()
        } else {
            quick
        };
        Ok(Self { problem: Arc::new(problem), excess: Enclosure::max(&excess, &Interval::point(0.0)), ..self })
    }
    /// Likewise for P*: `E = W_L .. W_1 - P*` and `tr(E Sigma E^T)` at 128 bits. Sigma is rounded to doubles for the
    /// trajectory.
    fn with_targets(self, aim: Aim) -> Self {
        let d = self.network.head().len();
        let (identity, layers) = (|| DMatrix::<f64>::identity(d, d), self.network.layers());
        let optimum = match aim {
            Aim::Near(excess) => layers.iter().fold(identity(), |p, w| w * p) + self.direction(d) * excess.sqrt(),
            Aim::Opposite => {
                DMatrix::from_fn(d, d, |i, j| if i == j { 1.0 } else { 0.0 } * if i == 0 { -1.0 } else { 1.0 })
            }
            Aim::Far => {
                let gram = self.direction(d) * self.direction(d).transpose();
                identity() + &gram * (2.0 / gram.norm())
            }
        };
        let sigma = self.problem.moments::<Big>(BITS).sigma;
        let error = layers.iter().fold(identity().map(exact), |p, w| w.map(exact) * p) - optimum.map(exact);
        let scaled = &error * &sigma;
        let excess = error.iter().zip(scaled.iter()).map(|(a, b)| a * b).fold(exact(0.0), |s, v| s + v).to_interval();
        let targets = Targets { sigma: sigma.map(|v| v.midpoint().lo()), optimum };
        Self { excess: Enclosure::max(&excess, &Interval::point(0.0)), targets: Some(targets), ..self }
    }
}

/// Streams of this file under a seed.
const DIRECTION: u64 = 0x35_0001;

/// Products of at most this size (L d^3) are enclosed; larger ones take longer than their trajectories.
const ENCLOSED_WORK: usize = 60_000;

/// The risk has converged when it has fallen to this share of its start.
pub const FALL: f64 = 1e-12;

/// Steps of a trajectory; the ones that converge take at most a few hundred.
const MOST_STEPS: u64 = 4_000;

/// Bits of the excess risk at the start.
const BITS: u32 = 128;

/// The double, exact.
fn exact(v: f64) -> Big {
    Big::from_f64(v, BITS)
}

/// White or evenly spread diagonal data, Lambda = 1, with this optimum, rounded.
///
/// Entry i, from 0, is `1 - q + q/kappa` with `q = i/(d - 1)`: from Lambda = 1 to lambda = 1/kappa in equal steps;
/// for d = 1 it is 1. R_min is 1/4.
///
/// # Errors
/// A target that is not finite.
fn diagonal(d: usize, condition: i64, w_star: &DVector<f64>) -> Result<Problem> {
    let exact = |v: &f64| Rational::from_f64(*v).ok_or_else(|| Error::internal("a target that is not finite"));
    let w_star = DVector::from_vec(w_star.iter().map(exact).collect::<Result<Vec<_>>>()?);
    let least = Rational::new(1, condition);
    let value = |i: usize| {
        let share = Rational::new(i as i64, (d - 1).max(1) as i64);
        1 - &share + share * &least
    };
    let sigma = DMatrix::from_diagonal(&DVector::from_fn(d, |i, _| value(i)));
    Problem::with_covariance(&format!("diagonal d={d} kappa={condition}"), sigma, &w_star, &Rational::new(1, 4))
}

/// R - R_min at this product.
fn excess<E: Enclosure>(problem: &Problem, product: DVector<E>, bits: u32) -> E {
    let offset = product - problem.w_star::<E>(bits);
    dot(&offset, &(&problem.moments::<E>(bits).sigma * &offset))
}
