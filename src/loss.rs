//! A loss as another program writes it, from what is certified of R.
//!
//! `loss(W) = c R(W) + (a / 2) norm(W)^2`, where `R = norm(y - X w_prod)^2 / n`, c is 1 (the mean of the squares), 1/2
//! (half of it) or n (their sum), and a is the weight decay of an optimiser that adds `a W` to the gradient (the head
//! is fixed and does not decay).
//!
//! | of the loss | from R |
//! | --- | --- |
//! | value | `c R + (a / 2) N` with `N = sum_k norm_F(W_k)^2` |
//! | gradient | `c G + a W`, of squared norm `c^2 norm(G)^2 + 2 a c L r + a^2 N` with the radial slope r |
//! | Hessian | `c H + a I`: every eigenvalue times c, plus a, the eigenvectors the same |
//!
//! The product is linear in each layer, so that `<G_k, W_k> = grad R^1(w_prod)^T w_prod = r` for every k (Euler).
//!
//! Everything is computed in intervals from enclosures of R's quantities, so what is certified of R stays certified
//! of the loss; no eigenvalue problem is solved again. One use of R's spectrum is indirect: `c H + a I` has as many
//! eigenvalues above t as H has above `(t - a) / c`, a threshold that is enclosed, since it need not be a double.

use crate::arithmetic::{Enclosure, Interval, Real, Ring};
use crate::error::{Error, Result};
use crate::hessian::{Above, NetworkEnclosures, Sharpness};
use schemars::JsonSchema;
use serde::Serialize;

/// What is done with the squares of the residuals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Their mean: R itself.
    #[default]
    Mean,
    /// Half their mean.
    Half,
    /// Their sum.
    Sum,
}

/// A loss.
///
/// The default is R itself: the mean, without weight decay. [`Loss::validate`] tests a decay that comes from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// c.
    pub scale: Scale,
    /// a, finite and not negative.
    pub weight_decay: f64,
}

/// What is certified of a loss at a network.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
#[non_exhaustive]
pub struct OfLoss {
    /// `mean`, `half` or `sum`.
    pub scale: Scale,
    /// c.
    pub factor: f64,
    /// a.
    pub weight_decay: f64,
    /// c R + (a / 2) N.
    pub value: Interval,
    /// norm(c G + a W).
    pub gradient_norm: Interval,
    /// Largest eigenvalue of the Hessian: c S + a.
    pub sharpness: Interval,
    /// Smallest eigenvalue, where that of R is known.
    pub hessian_min: Option<Interval>,
}

impl Loss {
    /// Whether it is R.
    pub fn is_ours(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the loss makes sense.
    ///
    /// # Errors
    /// A weight decay that is negative or no finite number.
    pub fn validate(&self) -> Result<()> {
        if self.weight_decay.is_finite() && self.weight_decay >= 0.0 {
            return Ok(());
        }
        Err(Error::usage(format!("weight decay {}: expected a finite number, 0 or more", self.weight_decay)))
    }

    /// c, for n observations: exact, since n is below 2^53.
    ///
    /// 1, 1/2 or n.
    pub fn factor(&self, samples: usize) -> f64 {
        match self.scale {
            Scale::Mean => 1.0,
            Scale::Half => 0.5,
            Scale::Sum => samples as f64,
        }
    }

    /// An eigenvalue of its Hessian from one of that of R.
    ///
    /// `c mu + a`. As c > 0 the order is kept: the largest comes from the largest.
    pub fn eigenvalue(&self, samples: usize, of_r: Interval) -> Interval {
        Interval::point(self.factor(samples)) * of_r + Interval::point(self.weight_decay)
    }

    /// An enclosure of the threshold for R that is `threshold` for the loss.
    ///
    /// `(t - a) / c`, with c > 0; a single point where that is exact.
    pub fn threshold_of_r(&self, samples: usize, threshold: f64) -> Interval {
        if self.is_ours() {
            return Interval::point(threshold);
        }
        (Interval::point(threshold) - Interval::point(self.weight_decay)) / Interval::point(self.factor(samples))
    }

    /// The number of eigenvalues of its Hessian above `threshold`, by that of the Hessian of R.
    ///
    /// The exact threshold t of R lies between the ends of its enclosure, and the number of eigenvalues above t falls
    /// with t: at most as many as above the lower end, at least as many as above the upper end. One count suffices
    /// where the ends agree.
    ///
    /// # Errors
    /// Those of `of_r`.
    pub fn above(&self, samples: usize, threshold: f64, of_r: impl Fn(f64) -> Result<Above>) -> Result<Above> {
        let t = self.threshold_of_r(samples, threshold);
        let low = of_r(t.lo())?;
        if t.width() == 0.0 {
            return Ok(low);
        }
        Ok(Above { least: of_r(t.hi())?.least, most: low.most })
    }

    /// What is certified of it, from what is certified of R; `None` where it is R.
    ///
    /// The squared norm of the gradient is cut at zero before its root: near a minimum of the loss the three terms
    /// cancel, and its lower end may be negative. Without weight decay the norm is `c norm(G)`, without that
    /// cancellation.
    pub fn of(&self, samples: usize, near: &NetworkEnclosures, sharpness: &Sharpness) -> Option<OfLoss> {
        if self.is_ours() {
            return None;
        }
        let factor = self.factor(samples);
        let (c, a) = (Interval::point(factor), Interval::point(self.weight_decay));
        let squares = near.layer_norms.iter().fold(Interval::from_i64(0), |s, n| s + n.powi(2));
        let depth = Interval::from_i64(near.layer_norms.len() as i64);
        let gradient_norm = if self.weight_decay == 0.0 {
            c * near.gradient_norm
        } else {
            let mixed = Interval::from_i64(2) * a * c * depth * near.radial_slope;
            let square = (c * near.gradient_norm).powi(2) + mixed + a.powi(2) * squares;
            square.max(&Interval::from_i64(0)).sqrt()
        };
        let half = Interval::point(0.5);
        Some(OfLoss {
            scale: self.scale,
            factor,
            weight_decay: self.weight_decay,
            value: c * near.risk + half * a * squares,
            gradient_norm,
            sharpness: self.eigenvalue(samples, sharpness.value),
            hessian_min: sharpness.smallest.map(|v| self.eigenvalue(samples, v)),
        })
    }
}
