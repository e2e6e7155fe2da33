//! A trial: what is drawn, from which stream.

use crate::error::{Error, Result};
use rand::Rng;
use rand::RngExt;
use rand_distr::StandardNormal;
use rand_pcg::Pcg64Mcg;

/// The random product of Lemma 3 at theta = 0, and the seed of its trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    d: usize,
    depth: usize,
    scale: f64,
    s: f64,
    seed: u64,
    claim: u64,
}

impl Setup {
    /// Matrices d x d, `depth` of them, of strength s; `claim` separates the streams of different claims under one seed.
    pub fn new(d: usize, depth: usize, s: f64, seed: u64, claim: u64) -> Result<Self> {
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
        // Three roundings at most: the square root, the quotient, and none in L d.
        let scale = s / (depth as f64 * d as f64).sqrt();
        Ok(Self { d, depth, scale, s, seed, claim })
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
    pub fn draws(&self, trial: u64) -> Draws {
        Draws { rng: trial_rng(self.seed, self.claim, trial) }
    }
}

/// The stream of standard normal doubles of one trial.
#[derive(Clone, Debug)]
pub struct Draws {
    rng: Pcg64Mcg,
}

impl Draws {
    /// The next one.
    #[inline]
    pub fn next_normal(&mut self) -> f64 {
        self.rng.sample(StandardNormal)
    }
}

/// The generator of one trial: its state is a hash of seed, claim and trial.
fn trial_rng(seed: u64, claim: u64, trial: u64) -> Pcg64Mcg {
    let a = mix(seed.wrapping_add(mix(claim ^ 0x9e37_79b9_7f4a_7c15)));
    let b = mix(a ^ mix(trial.wrapping_add(0x9e37_79b9_7f4a_7c15)));
    let c = mix(b.wrapping_add(0x9e37_79b9_7f4a_7c15));
    let mut rng = Pcg64Mcg::new((u128::from(b) << 64) | u128::from(c));
    rng.next_u64();
    rng
}

/// The finaliser of SplitMix64: a bijection of 64 bits.
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
