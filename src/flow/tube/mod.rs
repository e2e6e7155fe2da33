//! The certified tube: a neighbourhood of a numerical trajectory in which the true gradient flow provably runs, from
//! its start to a time T, and a ball that provably contains its limit.
//!
//! # What a certificate is
//!
//! A list of [`Piece`]s: polynomials `x(tau)`, tau in [-1, 1], that stand for the flow over a time `2 half` each, with
//! a claimed radius. The verifier ([`verify`]) trusts nothing of whoever made them. It bounds on each piece
//!
//! - the **defect** `delta(tau) = x'(tau) - half f(x(tau))`, `f = -grad R^L`, in Taylor models: for all tau at once;
//! - the **exponent** `m`, so that an error `e` grows at most by `e^m`, from the Hessian at a few points of the piece
//!   and a bound of its third derivative in a ball around them;
//! - the jump from the end of the piece before,
//!
//! and concludes that the true orbit stays within `e^m (r + delta)` of the polynomial, if it was within `r` at its
//! start.
//!
//! # Two clocks
//!
//! With the plain clock ([`Clock::Time`]) the error `e = y - x` of the true solution y obeys
//! `norm(e)' <= -lambda_min(H) norm(e) + norm(delta)`. Leaving a saddle of order L this loses everything: a
//! perturbation of size s at the start is a shift in time, and grows like the speed, by `(1/1e-3)^(L-1)`. That is no
//! uncertainty about *where* the flow goes, only about when. So near the saddle the true solution is watched by another
//! clock, `s' = half norm(f(x)) / norm(f(y))`: it then solves `y' = half norm(f(x)) F(y)` with `F = f / norm(f)`, the
//! flow by arc length, whose Jacobian is `-(I - u u^T) H / norm(f)`, `u = F`. Its symmetric part has no growth along
//! the flow, whatever the order of the saddle ([`Clock::Length`]):
//!
//! `norm(e)' <= half (norm(f(x)) / norm(f(xi))) lambda_max(sym(-(I - u u^T) H)(xi)) norm(e) + norm(delta)`, xi between
//! x and y.
//!
//! What is left is of the order of the growth of the weights themselves, a few powers of ten, so that doubles suffice
//! whatever the scale of the initialisation. The true time is then known as an enclosure: `norm(f(y))` is within
//! `norm(H) r` of `norm(f(x))`.
//!
//! # The limit
//!
//! In a ball B(x, rho) in which `norm(b_1) >= beta > 0`, `b_1 = W_2^T .. W_L^T w`, the Polyak-Lojasiewicz inequality
//! `norm(grad R^L)^2 >= mu (R^L - R_min)` holds with `mu = 4 lambda beta^2` ((20) and Lemma 8), so that a trajectory
//! that starts within r of x travels at most `2 sqrt((R^L - R_min) / mu)` more. If that ends inside the ball, the limit
//! exists and lies in it, and `R^L - R_min` falls at least like `exp(-mu t)`.
//!
//! # The way of the data
//!
//! [`build()`] integrates in doubles (polynomials without radii), chooses clock and cuts of each piece, propagates
//! the error and writes down the radii: a [`Certificate`]. [`Certificate::save`] and [`Certificate::load`] carry it
//! as a file. [`verify()`] starts again from the certificate and nothing else, and returns a [`Tube`]: the bounds of
//! each piece, true times, the [`Limit`]. [`segments`] encloses along the verified tube what Section 4 speaks of,
//! without gaps in time, the last segment being the ball around the limit.
//!
//! Why a polynomial is checked after the fact, and no interval method integrates step by step: such a method wraps
//! the set of possible states anew in every step, in all p coordinates, and thousands of steps are needed. Here a
//! single number, the radius, is carried along, with one defect for a piece and one exponent for each part of it. What
//! is not done: nothing is claimed of gradient descent, nor where Sigma is not proved positive definite.

mod bound;
mod build;
mod file;
mod observe;
mod verify;

pub use bound::{Bounds, Setting, Stage};
pub use build::{Options, build, build_watched, certify};
pub use file::Subject;
pub use verify::{Limit, Segment, Tube, entry, limit_from, segments, segments_watched, verify, verify_watched};

use crate::arithmetic::Rational;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::problem::Problem;
use nalgebra::DMatrix;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Somebody who follows a long certification, and may end it. Called from many threads.
pub trait Watch: Sync {
    /// Whether the work shall end.
    fn stop(&self) -> bool {
        false
    }
    /// So many pieces are integrated, bounded, verified or observed; of how many, where that is known.
    fn advanced(&self, _what: &str, _done: usize, _total: Option<usize>) {}
}

/// Nobody.
impl Watch for () {}

/// What a certification returns whose watch wanted an end: [`Error::is_stopped`] holds of it.
fn stopped() -> Error {
    Error::stopped("the certification was ended before it was complete")
}

/// `work` on every item, on all threads, until the watch wants an end.
///
/// The results come in the order of the items. Before each item the watch is asked whether to stop, after each it
/// hears the number done, which counts items in the order in which they finish.
///
/// # Errors
/// One of the errors of `work`, not necessarily that of the first item; that of a stop.
fn check<T: Sync, U: Send>(
    watch: &dyn Watch,
    what: &str,
    items: &[T],
    work: impl Fn(&T) -> Result<U> + Sync,
) -> Result<Vec<U>> {
    let done = AtomicUsize::new(0);
    let one = |item| {
        if watch.stop() {
            return Err(stopped());
        }
        let out = work(item)?;
        watch.advanced(what, done.fetch_add(1, Ordering::Relaxed) + 1, Some(items.len()));
        Ok(out)
    };
    items.par_iter().map(one).collect()
}

/// By which clock the true solution is compared with a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Its own time.
    Time,
    /// Arc length: errors along the flow do not grow.
    Length,
}

/// A polynomial piece of a trajectory, with what is claimed about it.
///
/// Invariants, which [`Setting::bounds`] checks and every verdict relies on: `half > 0` and finite, `radius >= 0`,
/// `cuts` from 1 to 4096, at least two coefficients, all of length p and finite. That neighbouring pieces meet is not
/// required: the jump between them enters the error.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Half the time that the piece stands for.
    pub half: f64,
    /// The clock of the comparison.
    pub clock: Clock,
    /// Number of equal parts of [-1, 1], on each of which the exponent is bounded from the Hessians at its two ends.
    pub cuts: usize,
    /// Claimed: the true orbit is within this distance (Euclidean, of all weights) of x(tau), for every tau.
    pub radius: f64,
    /// Claimed: within this distance at tau = 1.
    pub exit: f64,
    /// `x(tau) = sum_k coefficients[k] tau^k`, each of length p: layer after layer, each column by column.
    pub coefficients: Vec<Vec<f64>>,
}

impl Piece {
    /// At least so many coefficients, each of p finite numbers.
    ///
    /// # Errors
    /// What was expected.
    fn check(&self, least: usize, p: usize) -> Result<()> {
        let fits = |c: &Vec<f64>| c.len() == p && c.iter().all(|v| v.is_finite());
        if self.coefficients.len() < least || !self.coefficients.iter().all(fits) {
            let what = format!("expected at least {least} coefficients of {p} finite numbers each");
            return Err(Error::input("piece", what));
        }
        Ok(())
    }
}

/// A trajectory with claimed radii, and what it is a trajectory of.
///
/// What is claimed is that a flow of this problem from this start runs in the union of the balls of `radius` around
/// the polynomials, passes within `exit` of the end of each, and converges to a point within `limit_radius`. The
/// head's entries must be doubles, which [`verify()`] checks: the polynomials' network carries them without error.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The data.
    pub problem: Problem,
    /// The exact weights at t = 0, and the head.
    pub start: Network<Rational>,
    /// From t = 0 on; none where the start itself is so near its limit that one ball contains the whole orbit.
    pub pieces: Vec<Piece>,
    /// Claimed: the limit of the flow exists and is within this distance of the end of the last piece (without one: of
    /// the start), rounded to doubles.
    pub limit_radius: f64,
}

/// Builds a tube and verifies it from its certificate: its segments, and the limit. On threads of its own: a thread of
/// the pool that waits inside for the pool's other work could be given work that waits for this very tube.
///
/// # Errors
/// Why no tube could be closed.
///
/// Besides, that the builder panicked or that no threads could be had, as an internal error.
pub fn prove(problem: &Problem, start: &Network<Rational>) -> Result<(Vec<Segment>, Limit)> {
    let prove = || {
        let certificate = build(problem, start, &Options::default())?;
        let verified = verify(&certificate)?;
        Ok((segments(&certificate, &verified)?, verified.limit))
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(rayon::current_num_threads()).build();
    let pool = pool.map_err(|e| Error::internal(e.to_string()))?;
    let died = |_| Err(Error::internal("the builder of the tube panicked"));
    std::thread::scope(|s| s.spawn(|| pool.install(prove)).join()).unwrap_or_else(died)
}

/// Weights in the order of parameters (layer after layer, each column by column) as layers of the given shapes.
fn layers<T: nalgebra::Scalar>(widths: &[usize], entries: impl IntoIterator<Item = T>) -> Vec<DMatrix<T>> {
    let mut entries = entries.into_iter();
    widths.windows(2).map(|d| DMatrix::from_iterator(d[1], d[0], entries.by_ref().take(d[0] * d[1]))).collect()
}
