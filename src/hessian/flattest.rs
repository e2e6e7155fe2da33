//! The flattest minimisers in doubles: the minimum of the sharpness over all of them, which
//! [`minimum_sharpness`](crate::paper::beyond::minimum_sharpness) proves and encloses. Here it proposes, and serves
//! what is drawn, counted or printed.

use crate::linalg::approximate_eigen;
use nalgebra::{Cholesky, DMatrix, DVector};

/// `K(t) = 2 R^T (t I + (L-1) (norm(w)^2/t)^(1/(L-1)) w* w*^T) R`, Sigma = R R^T: S* is the minimum over t > 0 of its
/// largest eigenvalue.
pub(crate) struct Near {
    /// `R^T R`, d x d.
    pub gram: DMatrix<f64>,
    /// `R^T w*`.
    pub direction: DVector<f64>,
    /// norm(w)^2.
    pub head: f64,
    /// L, at least 2.
    pub depth: usize,
}

impl Near {
    /// K(exp(log)).
    pub fn spread(&self, log: f64) -> DMatrix<f64> {
        let (t, l) = (log.exp(), self.depth as f64);
        let weight = (l - 1.0) * (self.head / t).powf(1.0 / (l - 1.0));
        (&self.gram * t + &self.direction * self.direction.transpose() * weight) * 2.0
    }
    fn value(&self, log: f64) -> f64 {
        approximate_eigen(&self.spread(log)).map_or(f64::INFINITY, |(v, _)| v[v.len() - 1])
    }
    /// Where the largest eigenvalue of K is least: ln t, from the balanced t and kappa, in so many steps.
    pub fn optimum(&self, start: f64, kappa: f64, steps: usize) -> f64 {
        // The optimal t lies within a factor kappa of the balanced one; the bracket is wider.
        let reach = kappa.ln() + 3.0;
        golden(start.ln() - reach, start.ln() + reach, steps, |log| self.value(log))
    }
}

/// Golden section: the bracket shrinks by 0.618 at each step.
pub(crate) fn golden(mut lo: f64, mut hi: f64, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut a, mut b) = (hi - ratio * (hi - lo), lo + ratio * (hi - lo));
    let (mut fa, mut fb) = (f(a), f(b));
    for _ in 0..steps {
        if fa < fb {
            (hi, b, fb) = (b, a, fa);
            a = hi - ratio * (hi - lo);
            fa = f(a);
        } else {
            (lo, a, fa) = (a, b, fb);
            b = lo + ratio * (hi - lo);
            fb = f(b);
        }
    }
    0.5 * (lo + hi)
}

/// S*, the least sharpness of a minimiser of depth L with a head of squared norm `head`, to about ten digits. `None`
/// where Sigma (d x d) is not positive definite in doubles, or w* = 0.
pub fn flattest(sigma: &DMatrix<f64>, w_star: &DVector<f64>, head: f64, depth: usize) -> Option<f64> {
    // The minimum is flat: 1e-6 of t is 1e-12 of S*, and the bracket shrinks to that.
    const ENOUGH: usize = 36;
    let r = Cholesky::new(sigma.clone())?.unpack();
    let near = Near { gram: r.tr_mul(&r), direction: r.tr_mul(w_star), head, depth };
    let eigenvalues = approximate_eigen(&near.gram)?.0;
    let (least, most) = (*eigenvalues.first()?, *eigenvalues.last()?);
    if depth == 1 {
        return Some(2.0 * head * most);
    }
    let l = depth as f64;
    let balanced = w_star.norm().powf(2.0 - 2.0 / l) * head.powf(1.0 / l);
    let positive = balanced > 0.0 && least > 0.0;
    positive.then(|| near.value(near.optimum(balanced, most / least, ENOUGH))).filter(|v| v.is_finite())
}
