//! A trial: what is drawn, from which stream.

use super::normals::{Streams, TABLE};
use crate::error::{Error, Result};
use crate::statistics::streams::Trials;
use nalgebra::DMatrix;

/// The random product of Lemma 3 at theta = 0, and the seed of its trials.
///
/// Invariant, kept by [`Setup::new`]: `1 <= d <= 2^12`, `1 <= L <= 2^24`, s finite and not negative. So L d is an
/// integer that a double holds exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Dimension.
    d: usize,
    /// L.
    depth: usize,
    /// `s / sqrt(L d)`, rounded.
    scale: f64,
    /// The paper's s: the standard deviation of a layer's noise is `s / sqrt(L d)`.
    s: f64,
    /// The seed and the name, from which each trial's stream follows.
    trials: Trials,
}

impl Setup {
    /// Matrices d x d, `depth` of them, of strength s; `claim` names the streams, see
    /// [`streams`](crate::statistics::streams).
    ///
    /// # Errors
    /// d = 0 or L = 0; d above 2^12 or L above 2^24; s negative or not finite.
    pub fn new(d: usize, depth: usize, s: f64, seed: u64, claim: &str) -> Result<Self> {
        if d == 0 || depth == 0 {
            return Err(Error::usage(format!("Lemma 3 needs d >= 1 and L >= 1, got d = {d}, L = {depth}")));
        }
        if d > 1 << 12 || depth > 1 << 24 {
            return Err(Error::usage(format!(
                "Lemma 3: d = {d}, L = {depth} is more than a product by doubles can bear"
            )));
        }
        if !(s.is_finite() && s >= 0.0) {
            return Err(Error::usage(format!("Lemma 3 needs a finite s >= 0, got {s}")));
        }
        // Two roundings: the square root and the quotient; L d is exact.
        let scale = s / (depth as f64 * d as f64).sqrt();
        Ok(Self { d, depth, scale, s, trials: Trials::new(seed, claim) })
    }
    /// Dimension.
    pub fn d(&self) -> usize {
        self.d
    }
    /// L.
    pub fn depth(&self) -> usize {
        self.depth
    }
    /// s.
    pub fn s(&self) -> f64 {
        self.s
    }
    /// `s / sqrt(L d)`, off by at most `gamma_2` relatively.
    pub fn scale(&self) -> f64 {
        self.scale
    }
    /// N_1, N_2, .. of one trial, row by row: equal to what every verdict about this trial is about.
    ///
    /// Row by row: entry (i, j) of N_k is number `(k - 1) d^2 + i d + j` of the stream. Two calls give the same
    /// numbers.
    pub fn draws(&self, trial: u64) -> Draws {
        Draws { streams: self.streams([trial]) }
    }
    /// s/sqrt(L d) N_k of one trial, rounded.
    ///
    /// L matrices, d x d, each entry off by at most `gamma_5` relatively.
    pub(super) fn noise(&self, trial: u64) -> Vec<DMatrix<f64>> {
        let (d, mut draws) = (self.d, self.draws(trial));
        let layer = |_| DMatrix::from_row_iterator(d, d, (0..d * d).map(|_| self.scale * draws.next_normal()));
        (0..self.depth).map(layer).collect()
    }
    /// The same of W trials side by side.
    pub(super) fn streams<const W: usize>(&self, trials: [u64; W]) -> Streams<W> {
        Streams::new(&self.trials, trials)
    }
}

/// The stream of standard normal doubles of one trial.
#[derive(Clone, Debug)]
pub struct Draws {
    /// One lane.
    streams: Streams<1>,
}

impl Draws {
    /// The next one.
    #[inline]
    pub fn next_normal(&mut self) -> f64 {
        let mut out = [[0.0]];
        self.streams.fill(&TABLE, 1.0, &mut out);
        out[0][0]
    }
}
