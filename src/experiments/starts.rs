//! Where runs start: the two initialisations of the paper, and a seed for each run.

use crate::error::Result;
use crate::network::{Network, initialise};
use crate::statistics::streams::trial_rng;
use nalgebra::DVector;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which initialisation, and so which architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Figures 1 and 2: layers d x d and the last 1 x d, entries N(0, scale^2), head (1).
    Gaussian,
    /// Figures 3 and 4: layers d x d, `I + s/sqrt(L d) N_k`, a fixed isotropic head of unit norm, drawn for each run.
    Residual,
}

impl Family {
    /// Its name in files and keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Residual => "residual",
        }
    }
    /// d_0, ..., d_L.
    pub fn widths(self, d: usize, depth: usize) -> Vec<usize> {
        let mut out = vec![d; depth + 1];
        if self == Self::Gaussian {
            out[depth] = 1;
        }
        out
    }
    /// Number of parameters p; saturates.
    pub fn parameters(self, d: u128, depth: u128) -> u128 {
        let square = d.saturating_mul(d);
        match self {
            Self::Gaussian => square.saturating_mul(depth.saturating_sub(1)).saturating_add(d),
            Self::Residual => square.saturating_mul(depth),
        }
    }
    /// The initial weights at a scale (the paper's s for the residual family): the same seed is the same normals, and
    /// the same head.
    ///
    /// # Errors
    /// Depth or d zero; a scale that is negative or not finite.
    pub fn start(self, d: usize, depth: usize, scale: f64, seed: u64) -> Result<Network<f64>> {
        match self {
            Self::Gaussian => initialise::gaussian(&self.widths(d, depth), DVector::from_element(1, 1.0), scale, seed),
            Self::Residual => initialise::residual(depth, initialise::unit_head(d, seed), scale, seed),
        }
    }
}

/// The seed of a run's start: the first number of its stream, which `key` and `number` alone choose under a seed.
///
/// A run that is added or left out therefore changes no other run's start.
pub fn start_seed(seed: u64, key: &str, number: u64) -> u64 {
    trial_rng(seed, key, number).random()
}
